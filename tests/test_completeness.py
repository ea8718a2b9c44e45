"""Nothing is merely missing: every public function of NumPy has a place, and every rule is exercised by a test.

A function has a *rule*, or is *constant*, or is *declined* with a reason; or it is *structural*: NumPy does not ask
revdiff about it, and its own code does right by RevDiffs, or meets none.
"""

from __future__ import annotations

import warnings
from functools import partial
from importlib import import_module
from inspect import isclass, isfunction, signature
from pathlib import Path

import numpy as np
import pytest

import revdiff
from revdiff import ConversionError, MissingRuleError, init_diff
from revdiff.arrays.numpy_protocol import CONSTANT, DECLINED, FUNCTIONS, NAMES, UFUNCS
from revdiff.core.revdiff import RevDiff
from revdiff.functions import elementwise
from tests.calls_of_numpy import CALLS, OF_CONSTANTS, OF_DECLINED, A
from tests.oracles import UFUNCS_OF_NUMPY, assert_array_rule
from tests.rules.tables import ROWS, TABLES

NAMESPACES = {"": np, "linalg.": np.linalg, "fft.": np.fft, "emath.": np.emath}

# ------------------------------------------------------------------------------------ the places

WORKS = "kaiser frompyfunc fft.fftfreq fft.rfftfreq"
"""NumPy does not ask: its own code calls functions that have rules."""

OF_OBJECTS = {
    "asarray_chkfinite": np.asarray_chkfinite,
    "asmatrix": np.asmatrix,
    "bmat": lambda r: np.bmat([[r, r]]),
    "require": np.require,
}
"""NumPy does not ask: the RevDiffs go into an array of objects."""

NEEDS_A_NUMBER = {
    "format_float_positional": np.format_float_positional,
    "format_float_scientific": np.format_float_scientific,
    "base_repr": np.base_repr,
    "indices": lambda r: np.indices((r,)),
}
"""NumPy does not ask, and needs a number of Python: the conversion is refused."""

ANSWERS = {"iterable": True, "isfortran": False, "isscalar": False}
"""NumPy does not ask, and the answer for an array is right."""

MEETS_NONE = {
    "is made from sizes": (
        "bartlett blackman hamming hanning diag_indices mask_indices tril_indices triu_indices binary_repr"
    ),
    "is about types and shapes": (
        "isdtype issubdtype issubsctype issctype mintypecode promote_types typename datetime_data broadcast_shapes "
        "nested_iters obj2sctype sctype2char maximum_sctype find_common_type"
    ),
    "reads bytes or text": "frombuffer fromfile fromiter fromregex fromstring from_dlpack genfromtxt load loadtxt",
    "is about NumPy itself": (
        "get_include get_printoptions set_printoptions set_string_function printoptions getbufsize setbufsize geterr "
        "seterr geterrcall seterrcall geterrobj seterrobj show_config show_runtime info lookfor source who disp "
        "deprecate deprecate_with_doc add_docstring add_newdoc add_newdoc_ufunc byte_bounds compare_chararrays "
        "recfromcsv recfromtxt safe_eval issubclass_ mat fastCopyAndTranspose get_array_wrap set_numeric_ops emath.array_function_dispatch test linalg.test fft.test"
    ),
}
"""NumPy does not ask, and no RevDiff is given to it."""

STRUCTURAL = {
    *WORKS.split(), *OF_OBJECTS, *NEEDS_A_NUMBER, *ANSWERS, *[name for row in MEETS_NONE.values() for name in row.split()]
}  # fmt: skip


def functions_of_numpy():
    """Return the public functions of NumPy, by name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # to look at some of the old names is deprecated
        named = {prefix + name: getattr(space, name) for prefix, space in NAMESPACES.items() for name in dir(space)}
    named["row_stack"] = np.vstack  # its name before NumPy 2, under which it only warns now
    of_numpy = {name: f for name, f in named.items() if callable(f) and not isclass(f)}
    return {name: f for name, f in of_numpy.items() if not name.rpartition(".")[2].startswith("_")}


def _parameters(f):
    """Return the names of the parameters of a function; one written in C does not always tell."""
    try:
        return signature(f).parameters.keys()
    except ValueError:
        return ()


PUBLIC = functions_of_numpy()
CONSTANTS = CONSTANT - NAMES.keys()
REFUSED = DECLINED.keys() - NAMES.keys()
RULED = {*UFUNCS, *FUNCTIONS} - CONSTANTS - NAMES.keys()


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_every_function_of_numpy_has_exactly_one_place(name):
    f = PUBLIC[name]
    places = {
        "ruled": f in RULED,
        "constant": f in CONSTANTS,
        "declined": f in REFUSED,
        "structural": name in STRUCTURAL,
    }
    assert sum(places.values()) == 1, f"numpy.{name} has no place in revdiff, or too many: {places}"


@pytest.mark.parametrize("name", sorted(STRUCTURAL & PUBLIC.keys()))
def test_what_numpy_asks_about_is_not_structural(name):
    assert not isinstance(PUBLIC[name], np.ufunc)
    assert not hasattr(PUBLIC[name], "_implementation")


def test_constant_functions_are_registered_and_declined_ones_are_not():
    assert all(f in UFUNCS or f in FUNCTIONS for f in CONSTANT)
    assert not any(f in UFUNCS or f in FUNCTIONS for f in DECLINED)
    assert all(DECLINED.values())


# -------------------------------------------------------------------------------- every one is called


@pytest.fixture
def asked(monkeypatch):
    """Note the functions about which NumPy asks."""
    met = set()
    for protocol in ("__array_function__", "__array_ufunc__"):
        answer = getattr(RevDiff, protocol)

        def note(self, f, *args, _answer=answer, **options):
            met.add(f)
            return _answer(self, f, *args, **options)

        monkeypatch.setattr(RevDiff, protocol, note)
    return met


def of_installed(calls):
    """Return the parameters of a test of the functions that the installed NumPy has."""
    found = [c for c in calls if c.function is not None]
    return pytest.mark.parametrize("call", found, ids=[f"{c.name}-{i}" for i, c in enumerate(found)])


FORMER = pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")


@FORMER
@of_installed(CALLS)
def test_a_function_with_a_derivative_agrees_with_central_differences_at_orders_one_and_two(call, asked):
    assert_array_rule(call, *call.operands, wide=float, order=2)
    assert call.function in asked or call.name in STRUCTURAL


@FORMER
@of_installed(OF_CONSTANTS)
def test_a_constant_function_gives_what_it_gives_of_the_values(call, asked):
    def varied(x):
        return tuple(map(varied, x)) if isinstance(x, tuple) else x if isinstance(x, str) else init_diff(x)

    expected = call.how(call.function, *call.operands)
    for which in (
        range(len(call.operands)),
        *[[i] for i, x in enumerate(call.operands) if not isinstance(x, str | tuple)],
    ):
        operands = [varied(x) if i in which else x for i, x in enumerate(call.operands)]
        actual = call.how(call.function, *operands)
        assert type(actual) is type(expected)
        assert repr(actual) == repr(expected)
    assert call.function in asked


WRITES = {c.name: c for c in CALLS if c.function in FUNCTIONS and "out" in _parameters(c.function)}


@FORMER
@pytest.mark.parametrize("call", WRITES.values(), ids=WRITES)
def test_a_function_that_could_write_into_an_array_says_that_it_does_not(call):
    with pytest.raises(MissingRuleError, match=rf"^no derivative rule for numpy\.{call.name} with out=\."):
        call.how(partial(call.function, out=np.zeros(())), *map(init_diff, call.operands))


@of_installed(OF_DECLINED)
def test_a_declined_function_says_why(call, asked):
    with pytest.raises(MissingRuleError) as error:
        call.how(call.function, init_diff(A))
    reason = f"no derivative rule for numpy.{call.function.__name__}. It {DECLINED[call.function]}.\n"
    assert str(error.value).startswith(reason)
    assert call.function in asked


@pytest.mark.parametrize(
    ("place", "calls"),
    [(RULED, CALLS), (CONSTANTS, OF_CONSTANTS), (REFUSED, OF_DECLINED)],
    ids=["ruled", "constant", "declined"],
)
def test_no_function_is_left_without_a_call(place, calls):
    assert {f.__name__ for f in place - {c.function for c in calls}} == set()


def test_no_structural_function_that_works_is_left_without_a_call():
    assert set(WORKS.split()) <= {c.name for c in CALLS}


@pytest.mark.filterwarnings("ignore:the matrix subclass")
@pytest.mark.parametrize("f", OF_OBJECTS.values(), ids=OF_OBJECTS)
def test_an_array_of_objects_holds_the_revdiffs(f):
    made = f(init_diff(A))
    assert made.dtype == object
    assert all(type(element) is RevDiff for element in made.flat)


@pytest.mark.parametrize("f", NEEDS_A_NUMBER.values(), ids=NEEDS_A_NUMBER)
def test_a_function_that_needs_a_number_of_python_does_not_drop_the_derivative(f):
    with pytest.raises(ConversionError):
        f(init_diff(1.5))


@pytest.mark.parametrize(("name", "answer"), ANSWERS.items(), ids=ANSWERS)
def test_a_question_about_a_revdiff_is_answered(name, answer):
    assert PUBLIC[name](init_diff(A)) is answer


# ------------------------------------------------------------------------------ families and their rows


@pytest.mark.parametrize(
    "family", [path.stem for path in sorted(Path(revdiff.__file__).parent.glob("rules/[a-z]*.py"))]
)
def test_every_family_of_rules_has_a_family_of_tests(family):
    assert (Path(__file__).parent / "rules" / f"test_{family}.py").exists()


RULES = [import_module(f"revdiff.rules.{family}") for family in TABLES]
TESTED = {row.name.partition("(")[0] for row in ROWS}
MADE_FROM_ROWS = sorted(
    rule.__name__
    for module in RULES
    for rule in vars(module).values()
    if isfunction(rule) and rule.__code__.co_filename == elementwise.__file__ and rule.__module__ == module.__name__
)


@pytest.mark.parametrize("name", MADE_FROM_ROWS)
def test_every_row_of_the_rules_has_a_row_in_the_tests(name):
    assert name in TESTED, f"no row for {name} in tests/rules/tables.py"


@pytest.mark.parametrize("f", UFUNCS_OF_NUMPY, ids=lambda f: f.__name__)
def test_every_ufunc_with_a_rule_is_a_method_too(f):
    assert callable(getattr(revdiff.init_diff(1.0), f.__name__))
