"""Every error that a mistake raises, read from its text: what was met, and what to write instead."""

from __future__ import annotations

import cmath
import functools
import math
import traceback
from array import array as machine_array
from itertools import product

import numpy as np
import pytest
import sympy

import revdiff
from revdiff import (
    ArgnumsError,
    ArgumentError,
    ConversionError,
    InfiniteError,
    LawError,
    MismatchError,
    MissingRuleError,
    MixedLayersError,
    MutatedArrayError,
    ParseError,
    PathError,
    PullbackError,
    ResultError,
    RevDiffError,
    StreamEndedError,
    UnhashableError,
    UnsupportedValueError,
    args_derivative,
    grad,
    hessian,
    hvp,
    init_diff,
    jacobian,
    jvp,
    nth_derivative,
    partial_derivative,
    scalar_arg_derivative,
    simple_derivative,
    simple_value_and_derivative,
    value_and_grad,
    value_grad_hessian,
    vjp,
)

# ---------------------------------------------------------------------- the classes


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (ConversionError, TypeError),
        (UnhashableError, TypeError),
        (MixedLayersError, TypeError),
        (PullbackError, TypeError),
        (MissingRuleError, TypeError),
        (UnsupportedValueError, TypeError),
        (ResultError, TypeError),
        (ArgumentError, TypeError),
        (ArgnumsError, ValueError),
        (MutatedArrayError, RuntimeError),
        (ParseError, ValueError),
        (LawError, AssertionError),
        (MismatchError, TypeError),
        (InfiniteError, OverflowError),
        (StreamEndedError, ValueError),
        (PathError, LookupError),
    ],
)
def test_every_error_is_a_revdiff_error_and_the_built_in_one_that_a_caller_expects(error, builtin):
    assert issubclass(error, RevDiffError)
    assert issubclass(error, builtin)


# ---------------------------------------------------------------------- conversions that would drop a derivative

VARIABLES = [
    pytest.param(lambda: init_diff(1.0), id="float"),
    pytest.param(lambda: init_diff(2), id="int"),
    pytest.param(lambda: init_diff(np.float64(1.0)), id="float64"),
    pytest.param(lambda: init_diff(np.array([1.0, 2.0])), id="array"),
    pytest.param(lambda: init_diff(np.array(1.0)), id="0-d array"),
    pytest.param(lambda: init_diff(init_diff(1.0)), id="nested"),
    pytest.param(lambda: init_diff(sympy.Symbol("x")), id="SymPy"),
    pytest.param(lambda: revdiff.const_diff(1.0), id="constant"),
]


def assign(target, index, value):
    target[index] = value


CONVERSIONS = [
    pytest.param(float, "float()", id="float"),
    pytest.param(int, "int()", id="int"),
    pytest.param(complex, "complex()", id="complex"),
    pytest.param(math.sin, "math.sin(r)", id="math.sin"),
    pytest.param(math.sqrt, "math.sin(r)", id="math.sqrt"),
    pytest.param(math.isnan, "revdiff.primal(r)", id="math.isnan"),
    pytest.param(lambda r: math.hypot(r, 1.0), "revdiff.primal(r)", id="math.hypot"),
    pytest.param(lambda r: math.fsum([r, r]), "revdiff.primal(r)", id="math.fsum"),
    pytest.param(lambda r: math.pow(r, 2), "revdiff.primal(r)", id="math.pow"),
    pytest.param(cmath.sin, "complex()", id="cmath.sin"),
    pytest.param(range, "index", id="range"),
    pytest.param(lambda r: [10, 20][r], "index", id="list index"),
    pytest.param(lambda r: machine_array("d", [r]), "revdiff.primal(r)", id="array.array"),
    pytest.param(lambda r: "%f" % r, "revdiff.primal(r)", id="percent formatting"),  # noqa: UP031
    pytest.param(lambda r: np.asarray(r, dtype=float), "revdiff.primal(r)", id="np.asarray"),
    pytest.param(lambda r: np.array([r, r], dtype=float), "revdiff.primal(r)", id="np.array with dtype"),
    pytest.param(lambda r: np.array([[r]], dtype=np.float32), "revdiff.primal(r)", id="np.array 2-d"),
    pytest.param(lambda r: assign(np.zeros(3), 0, r), "revdiff.primal(r)", id="z[0] = r"),
    pytest.param(lambda r: assign(np.zeros((2, 2)), (0, 1), r), "revdiff.primal(r)", id="z[0, 1] = r"),
    pytest.param(lambda r: assign(np.zeros(3), slice(None), r), "revdiff.primal(r)", id="z[:] = r"),
    pytest.param(lambda r: np.zeros(3).fill(r), "revdiff.primal(r)", id="fill"),
    pytest.param(lambda r: np.array([r, r]).astype(float), "revdiff.primal(r)", id="astype"),
    pytest.param(np.float64, "revdiff.primal(r)", id="np.float64"),
    pytest.param(lambda r: np.zeros(2).__iadd__(r), "a = a + r instead of a += r", id="a += r"),
    pytest.param(lambda r: np.multiply(np.ones(2), r, out=np.zeros(2)), "leave out= away", id="out="),
    pytest.param(lambda r: np.sin(r, out=np.zeros(2)), "leave out= away", id="np.sin out="),
    pytest.param(
        sympy.sympify,
        "revdiff.primal(r)",
        id="sympify",
        marks=pytest.mark.skipif(sympy.__version__.startswith("1.12"), reason="SymPy 1.12 has an error of its own"),
    ),
]


@pytest.mark.parametrize("make", VARIABLES)
@pytest.mark.parametrize(("convert", "says"), CONVERSIONS)
def test_a_conversion_that_would_drop_a_derivative_is_refused_with_what_to_write(convert, says, make):
    if says == "index" and isinstance(revdiff.primal(make()), int):
        pytest.skip("a whole number may be an index")
    with pytest.raises((TypeError, ValueError)) as caught:
        convert(make())
    shown = "".join(traceback.format_exception(caught.value))
    assert "ConversionError" in shown, f"what the user sees does not name the reason:\n{shown}"
    assert says in shown


@pytest.mark.parametrize(
    "n", [2, np.int64(2), np.array(2), sympy.Integer(2), init_diff(2)], ids=lambda n: type(n).__name__
)
def test_a_whole_number_may_be_an_index_or_a_count_which_no_derivative_goes_through(n):
    r = init_diff(n)
    assert [10, 20, 30][r] == 30
    assert np.arange(5.0)[r] == 2.0
    assert list(range(r)) == [0, 1]
    assert np.zeros(r).shape == (2,)
    with pytest.raises(ConversionError):
        int(r)


@pytest.mark.parametrize("convert", [float, int, complex, math.sin, cmath.exp, range])
def test_pythons_own_conversions_raise_the_conversion_error_itself(convert):
    with pytest.raises(ConversionError, match="would drop its derivative"):
        convert(init_diff(1.0))


def test_the_conversion_error_in_full():
    with pytest.raises(ConversionError) as caught:
        simple_derivative(math.sin)(1.0)
    assert str(caught.value) == (
        "float() of a RevDiff would drop its derivative.\n"
        "  In a formula:            write revdiff.sin(r), np.sin(r) or r.sin() instead of math.sin(r).\n"
        "  In an array of numbers:  keep the RevDiffs, np.array([...]) without dtype=float.\n"
        "  For the number alone:    revdiff.primal(r)."
    )


def test_the_way_out_that_the_conversion_error_shows_works():
    r = init_diff(1.0)
    assert revdiff.sin(r).backprop(1.0) == np.sin(r).backprop(1.0) == r.sin().backprop(1.0) == math.cos(1.0)
    assert np.array([r, r]).dtype == object
    assert float(revdiff.primal(r)) == 1.0


@pytest.mark.parametrize("repeated", ["ab", [1, 2], (1, 2), b"x"], ids=repr)
def test_a_revdiff_of_an_int_repeats_no_sequence(repeated):
    with pytest.raises(TypeError):
        repeated * init_diff(2)
    with pytest.raises(TypeError):
        init_diff(2) * repeated


@pytest.mark.parametrize(
    "use",
    [
        pytest.param(hash, id="hash"),
        pytest.param(lambda r: {r: 1}, id="dict key"),
        pytest.param({"a": 1}.get, id="dict lookup"),
        pytest.param(lambda r: {r}, id="set"),
        pytest.param(lambda r: r in {1.0, 2.0}, id="in a set"),
        pytest.param(functools.lru_cache(lambda x: x * x), id="lru_cache"),
        pytest.param(functools.cache(lambda x: x * x), id="cache"),
        pytest.param(lambda r: hash((1, (r,))), id="hash of a tuple"),
    ],
)
@pytest.mark.parametrize("make", VARIABLES)
def test_hashing_is_refused_with_the_reason(use, make):
    with pytest.raises(
        UnhashableError,
        match=r"cannot be hashed: two of them may have equal values and different derivatives(.|\n)*revdiff.primal",
    ):
        use(make())


# ---------------------------------------------------------------------- results that are no numbers

NO_NUMBERS = [
    pytest.param("text", r"'text' \(a str\)", id="str"),
    pytest.param(None, "None", id="None"),
    pytest.param([1.0, 2.0], "a list", id="list"),
    pytest.param({"a": 1.0}, "a dict", id="dict"),
    pytest.param(True, r"True \(a bool\)", id="bool"),
    pytest.param(np.True_, "bool", id="NumPy bool"),
    pytest.param(np.array([True]), "bool|shape", id="array of bool"),
    pytest.param(np.array(["a"]), "str|<U1|shape", id="array of str"),
    pytest.param(object(), "an object", id="object"),
    pytest.param(len, "builtin_function", id="function"),
    pytest.param(b"x", "bytes", id="bytes"),
    pytest.param(sympy.Symbol("q") > 0, "StrictGreaterThan|inequality|relation|truth|bool", id="SymPy relation"),
    pytest.param(sympy.true, "BooleanTrue|truth|bool", id="SymPy true"),
]


@pytest.mark.parametrize(("result", "says"), NO_NUMBERS)
@pytest.mark.parametrize(
    ("name", "operator"),
    [
        ("simple_derivative", simple_derivative),
        ("simple_value_and_derivative", simple_value_and_derivative),
        ("grad", grad),
        ("value_and_grad", value_and_grad),
        ("hessian", hessian),
        ("value_grad_hessian", value_grad_hessian),
    ],
    ids=["simple_derivative", "simple_value_and_derivative", "grad", "value_and_grad", "hessian", "value_grad_hessian"],
)
def test_a_function_that_returns_no_number_is_refused_by_name(name, operator, result, says):
    with pytest.raises(
        RevDiffError, match=rf"(?s){name} needs a function that returns one (real )?number; it returned.*({says})"
    ):
        operator(lambda x: result)(1.0)


# Lists and dictionaries of numbers are structures.
@pytest.mark.parametrize(("result", "says"), [case for case in NO_NUMBERS if case.id not in ("list", "dict")])
@pytest.mark.parametrize(
    "operator",
    [
        pytest.param(lambda f: scalar_arg_derivative(f)(1.0), id="scalar_arg_derivative"),
        pytest.param(lambda f: jacobian(f)(1.0), id="jacobian"),
        pytest.param(lambda f: args_derivative(f)(1.0), id="args_derivative"),
        pytest.param(lambda f: vjp(f, 1.0)[1](1.0), id="vjp"),
        pytest.param(lambda f: jvp(f, 1.0, 1.0), id="jvp"),
        pytest.param(lambda f: hvp(f, 1.0, 1.0), id="hvp"),
        pytest.param(lambda f: partial_derivative(f, 0)(1.0), id="partial_derivative"),
        pytest.param(lambda f: revdiff.derivative_op(f, 1.0)(1.0), id="derivative_op"),
        pytest.param(lambda f: revdiff.gradient(f)(1.0), id="gradient"),
    ],
)
def test_operators_of_structures_refuse_what_they_do_not_know(operator, result, says):
    with pytest.raises(RevDiffError):
        operator(lambda x: result)


def test_simple_derivative_of_a_tuple_points_to_the_operator_for_it():
    with pytest.raises(
        ResultError, match=r"simple_derivative needs .*one number; it returned a tuple\.\n.*scalar_arg_derivative\(f\)"
    ):
        simple_derivative(lambda x: (x, x))(1.0)


def test_grad_of_a_structure_points_to_jacobian():
    with pytest.raises(ResultError, match=r"one real number; it returned a tuple\.\n.*jacobian\(f\)"):
        grad(lambda x: (x, x))(1.0)


def test_grad_of_an_array_says_its_shape_and_what_to_write():
    with pytest.raises(
        ResultError, match=r"one real number.*array.* It has shape \(3,\)\.\n +Sum it, or use jacobian\(f\)"
    ):
        grad(lambda x: x * 2.0)(np.ones(3))


@pytest.mark.parametrize(
    "z",
    [1 + 2j, np.complex128(1 + 2j), np.complex64(1 + 2j), np.array(1 + 2j), np.array(1 + 2j, np.complex64)],
    ids=["complex", "complex128", "complex64", "0-d complex128", "0-d complex64"],
)
def test_grad_of_a_complex_value_says_what_to_differentiate_instead(z):
    with pytest.raises(
        ResultError, match=r"one real number; it returned .*complex.*\n.*\.real or \.imag of it, or use vjp"
    ):
        grad(lambda z: z * z)(z)


def test_grad_of_an_mpmath_complex_value_is_refused_too():
    import mpmath

    with pytest.raises(ResultError, match="one real number"):
        grad(lambda z: z * z)(mpmath.mpc(1, 2))


@pytest.mark.parametrize("result", [1.0, (1.0,), (1.0, 2, 3), [1.0, 2], None], ids=repr)
def test_has_aux_needs_a_pair(result):
    for operator in (grad, value_and_grad):
        with pytest.raises(
            ResultError,
            match=r"has_aux=True needs a function that returns a pair \(value, auxiliary data\); it returned",
        ):
            operator(lambda x: result, has_aux=True)(1.0)


# ---------------------------------------------------------------------- arguments


@pytest.mark.parametrize("operator", [grad, value_and_grad, jacobian, hessian, value_grad_hessian])
@pytest.mark.parametrize(
    ("argnums", "says"),
    [
        (2, "argnums=2, but the function was called with 2 positional arguments"),
        (-3, "argnums=-3, but the function was called with 2 positional arguments"),
        ((0, 5), "argnums=5, but"),
        (True, r"argnums is a position, a keyword name, or a tuple of these; met True \(a bool\)"),
        ((0, False), r"met False \(a bool\)"),
        (1.0, "met a float"),
        (None, "met None"),
        ([0, 1], "met a list"),
        ((0, (1,)), "met a tuple"),
        ((0, 0), r"argnums=\(0, 0\) names an argument twice"),
        ((1, -1), r"argnums=\(1, -1\) names an argument twice"),
        (("z", "z"), "names an argument twice"),
        ("q", "argnums names the keyword argument 'q', which is not in this call; its keyword arguments are z"),
        ((0, "q"), "keyword argument 'q'"),
        ("x", "keyword argument 'x', which is not in this call"),
    ],
    ids=repr,
)
def test_wrong_argnums_are_refused_with_what_the_call_has(operator, argnums, says):
    with pytest.raises(ArgnumsError, match=says):
        operator(lambda x, y, *, z=1.0: x * y * z, argnums)(1.0, 2.0, z=3.0)


def test_a_keyword_in_a_call_without_keywords_is_refused():
    with pytest.raises(ArgnumsError, match="'z', which is not in this call, which had none by keyword"):
        grad(lambda x: x, "z")(1.0)


def test_a_call_without_arguments_is_refused():
    with pytest.raises(ArgnumsError, match="called with 0 positional arguments"):
        grad(lambda x: x)()
    with pytest.raises(ArgumentError, match=r"nothing to differentiate: give the function's arguments, vjp\(f, x, …\)"):
        vjp(lambda: 1.0)
    with pytest.raises(ArgumentError):
        jvp(lambda: 1.0, (), ())
    with pytest.raises(ArgumentError):
        hvp(lambda: 1.0, (), ())


@pytest.mark.parametrize("n", [-1, 1.0, 0.5, "2", None, True, False, (1,)], ids=repr)
def test_a_wrong_order_is_refused(n):
    with pytest.raises(ArgumentError, match=r"the order of a derivative is a whole number from 0; met"):
        nth_derivative(lambda x: x * x, n)


def test_an_order_may_be_a_numpy_integer():
    assert [nth_derivative(lambda x: x * x, n)(3.0) for n in np.arange(4)] == [9.0, 6.0, 2.0, 0.0]


@pytest.mark.parametrize("i", [2, -3, 10])
def test_a_partial_derivative_over_an_argument_that_is_not_there_is_refused(i):
    with pytest.raises(ArgumentError, match=rf"there is no argument {i}: the function was called with 2"):
        partial_derivative(lambda x, y: x * y, i)(1.0, 2.0)


@pytest.mark.parametrize("i", ["x", None, 1.0, True], ids=repr)
def test_a_partial_derivative_over_no_position_is_refused(i):
    with pytest.raises(RevDiffError):
        partial_derivative(lambda x, y: x * y, i)(1.0, 2.0)


WRONG = ["text", True, {1.0}, object()]
OPERATORS = [simple_derivative, grad, jacobian, hessian, lambda f: lambda x: vjp(f, x), args_derivative]


# Lists and dictionaries of numbers are structures, and None is an absent number, for all operators but the first.
@pytest.mark.parametrize(
    ("operator", "wrong"),
    [*product(OPERATORS, WRONG), *product(OPERATORS[:1], [None, [1.0], {"a": 1.0}])],
    ids=lambda case: type(case).__name__,
)
def test_an_argument_that_is_no_number_is_refused(operator, wrong):
    with pytest.raises(RevDiffError, match=r"must be a number|has no derivative|nothing says how"):
        operator(lambda x: 1.0)(wrong)


def test_a_tuple_for_simple_derivative_is_refused():
    with pytest.raises(RevDiffError, match="the argument must be a number of some kind; met a tuple"):
        simple_derivative(lambda x: x[0])((1.0, 2.0))


A = np.ones(3)


@pytest.mark.parametrize(
    ("primals", "tangents"),
    [
        pytest.param((2.0,), (1.0, 2.0), id="too many"),
        pytest.param((2.0, 3.0), (1.0,), id="too few"),
        pytest.param((2.0,), 1.0, id="no tuple"),
        pytest.param((2.0,), [1.0], id="a list"),
        pytest.param(2.0, (1.0,), id="a tuple for a number"),
        pytest.param(2.0, "a", id="text"),
        pytest.param(2.0, None, id="None"),
        pytest.param(2.0, A, id="an array for a number"),
        pytest.param(A, 1.0, id="a number for an array"),
        pytest.param(A, np.ones(2), id="another length"),
        pytest.param(A, np.ones((3, 1)), id="another shape"),
        pytest.param((A, 2.0), (A, A), id="an array for the second"),
        pytest.param(((2.0, 3.0),), ((1.0,),), id="a shorter tuple"),
        pytest.param(((2.0, 3.0),), (1.0,), id="a number for a tuple"),
    ],
)
def test_tangents_that_do_not_fit_are_refused(primals, tangents):
    def total(*args):
        flat = [part for a in args for part in (a if isinstance(a, tuple) else (a,))]
        result = sum((part.sum() if np.ndim(revdiff.primal(part)) else part for part in flat), 0.0)
        return result * result + result

    with pytest.raises(RevDiffError):
        jvp(total, primals, tangents)
    with pytest.raises(RevDiffError):
        hvp(total, primals, tangents)
    with pytest.raises(RevDiffError):
        jvp(lambda *args: args[0] if len(args) == 1 else args, primals, tangents)


def test_the_text_about_tangents():
    with pytest.raises(ArgumentError, match="give a tangent for each argument: 2 in a tuple; met a tuple"):
        jvp(lambda x, y: x * y, (1.0, 2.0), (1.0,))
    with pytest.raises(ArgumentError, match=r"shape \(3,\); met \(2,\)"):
        jvp(lambda x: x * 2.0, A, np.ones(2))


@pytest.mark.parametrize("wrong", ["text", None, (1.0,), [1.0], {"a": 1.0}, A], ids=lambda w: type(w).__name__)
def test_a_cotangent_of_a_number_that_is_no_number_is_refused(wrong):
    for f in (lambda x: x, lambda x: x + 1.0, lambda x: x * x, lambda x: 5.0):
        _, pullback = vjp(f, 2.0)
        with pytest.raises(RevDiffError):
            pullback(wrong)


@pytest.mark.parametrize("wrong", ["text", None, [1.0, "a", 2.0], (1.0, 1.0)], ids=repr)
def test_a_cotangent_of_an_array_that_is_no_array_is_refused(wrong):
    _, pullback = vjp(lambda x: x, A)
    with pytest.raises((RevDiffError, ValueError)):
        pullback(wrong)


@pytest.mark.parametrize("sequence", [(1.0, 2.0, 3.0), [1.0, 2.0, 3.0]], ids=repr)
def test_a_sequence_for_the_cotangent_of_an_array_is_taken_for_an_array_or_refused(sequence):
    for f in (lambda x: x, lambda x: x * 1.0, lambda x: x * x / x):
        try:
            result = vjp(f, A)[1](sequence)
        except RevDiffError:
            continue
        assert isinstance(result, np.ndarray), f"the gradient of an array came out as {result!r}"
        np.testing.assert_array_equal(result, sequence)


# ---------------------------------------------------------------------- what a system or a rule does not have


def test_an_unknown_number_is_refused_with_how_to_teach_it():
    class Strange:
        pass

    for use in (lambda: revdiff.sin(Strange()), lambda: simple_derivative(lambda x: x)(Strange())):
        with pytest.raises(UnsupportedValueError, match=r"Strange(.|\n)*revdiff\.register_number_system"):
            use()


def test_a_function_that_a_system_lacks_is_named_with_the_type():
    from decimal import Decimal

    with pytest.raises(UnsupportedValueError, match="sin is not available for values of type Decimal"):
        simple_derivative(revdiff.sin)(Decimal(2))


def test_a_numpy_function_without_a_rule_is_named_with_the_ways_out():
    with pytest.raises(
        MissingRuleError,
        match=r"no derivative rule for numpy\.packbits\.(.|\n)*@revdiff\.primitive(.|\n)*stop_gradient",
    ):
        grad(np.packbits)(0.5)


def test_an_operator_without_a_rule_is_right_or_named():
    a = np.array([1.0, 2.0])
    for f, expected in ((lambda x: x @ a, a), (lambda x: a @ x, a), (lambda x: x @ x, 2 * a)):
        try:
            result = grad(f)(a)
        except MissingRuleError as error:
            message = str(error)
            assert "matmul" in message or "@" in message
        else:
            np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize(
    "use",
    [lambda r: r << 1, lambda r: r & 1, lambda r: r | 1, lambda r: r ^ 1, lambda r: ~r, lambda r: pow(r, 2, 5)],
    ids=range(6),
)
def test_operators_of_whole_numbers_are_refused(use):
    for x in (2.0, 2):
        with pytest.raises(TypeError):
            use(init_diff(x))


def test_an_index_that_is_no_whole_number_is_refused():
    with pytest.raises(RevDiffError, match="index must be a whole number"):
        init_diff(A)[init_diff(1.0)]
    with pytest.raises(RevDiffError, match="cannot be indexed"):
        init_diff(2.0)[0]


def test_errors_of_the_users_function_pass_through_untouched():
    class MyError(Exception):
        pass

    def f(x):
        raise MyError("mine")

    for operator in (simple_derivative, grad, jacobian, hessian):
        with pytest.raises(MyError, match="mine"):
            operator(f)(1.0)


def test_after_an_error_everything_goes_on_working():
    for wrong in (math.sin, lambda x: "a", lambda x: x[0], lambda x: x + None):
        with pytest.raises(TypeError):
            simple_derivative(wrong)(1.0)
        assert simple_derivative(lambda x: x * simple_derivative(lambda y: x * y)(2.0))(3.0) == 6.0
