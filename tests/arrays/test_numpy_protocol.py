"""NumPy's two protocols: NumPy's name of a function, the method, and revdiff's name mean the same."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest
import sympy
from numpy.lib import recfunctions

import revdiff
from revdiff import RevDiff, init_diff, simple_derivative, vjp
from revdiff.arrays.numpy_protocol import DECLINED, FUNCTIONS
from tests.oracles import UFUNCS_OF_NUMPY

OF_ONE = [f for f in UFUNCS_OF_NUMPY if f.nin == 1 and f.nout == 1]
OF_TWO = [f for f in UFUNCS_OF_NUMPY if f.nin == 2 and f.nout == 1 and f.signature is None and f is not np.ldexp]
NAMES = {"absolute": "abs", "fabs": "abs", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2"}
NAMES |= {"arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh"}


def point(f):
    """Return where a function is defined and smooth."""
    return 1.25 if f is np.arccosh else 0.375


@pytest.mark.parametrize("f", OF_ONE, ids=lambda f: f.__name__)
@pytest.mark.parametrize("kind", [float, np.float64, lambda x: np.array([x, x])], ids=["float", "scalar", "array"])
def test_numpys_function_the_method_and_revdiffs_function_are_the_same(f, kind):
    x = kind(point(f))
    spellings = [f, lambda r: getattr(r, f.__name__)()]
    ours = getattr(revdiff, NAMES.get(f.__name__, f.__name__), None)
    if ours is not None:
        spellings.append(ours)
    slopes = [simple_derivative(spelling)(x) for spelling in spellings]
    values = [revdiff.simple_value_and_derivative(spelling)(x)[0] for spelling in spellings]
    for slope, value in zip(slopes, values, strict=True):
        np.testing.assert_array_equal(slope, slopes[0])
        np.testing.assert_allclose(value, f(x), rtol=1e-14)
        assert type(slope) is type(slopes[0])


@pytest.mark.parametrize("f", OF_TWO, ids=lambda f: f.__name__)
@pytest.mark.parametrize("kind", [float, np.float64, lambda x: np.array([x, x])], ids=["float", "scalar", "array"])
def test_numpys_function_of_two_the_method_and_revdiffs_function_are_the_same(f, kind):
    x, y = kind(0.375), kind(1.25)
    spellings = [f, lambda a, b: getattr(a, f.__name__)(b)]
    ours = getattr(revdiff, NAMES.get(f.__name__, f.__name__), None)
    if ours is not None and f is not np.add:  # revdiff.add adds cotangents
        spellings.append(ours)
    for spelling in spellings:
        value, pullback = vjp(spelling, x, y)
        np.testing.assert_allclose(value, f(x, y), rtol=1e-14)
        one = np.ones_like(value)[()]
        for actual, expected in zip(pullback(one), vjp(f, x, y)[1](one), strict=True):
            np.testing.assert_array_equal(actual, expected)


@pytest.mark.parametrize("f", OF_TWO, ids=lambda f: f.__name__)
def test_either_side_may_be_the_revdiff(f):
    a = np.array([1.25, 2.5])
    for mixed in (lambda r: f(r, a), lambda r: f(a, r), lambda r: f(r, 1.25), lambda r: f(np.float64(1.25), r)):
        result = mixed(init_diff(np.array([0.375, 0.75])))
        assert not isinstance(result, np.ndarray) or result.dtype != object
        if isinstance(result, RevDiff):
            assert isinstance(result.value, np.ndarray)


def test_numpys_functions_of_symbols_make_formulas():
    x = sympy.Symbol("x")
    assert simple_derivative(lambda r: np.sin(r) + np.arctan(r) * 2)(x) == sympy.cos(x) + 2 / (1 + x**2)


def test_nested_layers_go_through_numpys_functions():
    x = np.array([0.5, 1.5])
    np.testing.assert_allclose(revdiff.nth_derivative(np.sin, 3)(x), -np.cos(x))
    np.testing.assert_allclose(revdiff.nth_derivative(lambda x: np.multiply(x, np.exp(x)), 2)(x), (x + 2) * np.exp(x))


def test_constant_functions_see_the_plain_values_under_all_layers():
    r = init_diff(init_diff(np.array([1.0, -2.0])))
    assert np.less(r, 0).tolist() == [False, True]
    assert np.isfinite(r).all()
    assert np.array_equal([r, r], [r, r])


# ----------------------------------------------------------------------------------- error texts


def text_of(call):
    with pytest.raises(revdiff.RevDiffError) as error:
        call(init_diff(np.array([1.0, 2.0])))
    return error.type, str(error.value)


WAYS_OUT = (
    "\n  To write one:         @revdiff.primitive (docs: Writing a primitive)"
    "\n  To hold it constant:  pass revdiff.stop_gradient(x) instead of x."
)


def test_out_would_drop_the_derivative():
    kind, text = text_of(lambda r: np.sin(r, out=np.zeros(2)))
    assert kind is revdiff.ConversionError
    assert text == (
        "numpy.sin was asked to write a RevDiff into an array of numbers, which would drop its derivative.\n"
        "  Write a = a + r instead of a += r, and leave out= away; or make a with np.zeros_like(r)."
    )


@pytest.mark.parametrize("operator", ["+=", "-=", "*=", "/=", "**=", "//=", "%="])
def test_adding_in_place_to_a_plain_array_would_drop_the_derivative(operator):
    def in_place(r):
        exec(f"a {operator} r", {"a": np.ones(2), "r": r})

    kind, text = text_of(in_place)
    assert kind is revdiff.ConversionError
    assert "Write a = a + r instead of a += r" in text


@pytest.mark.parametrize(
    ("call", "met", "instead"),
    [
        (
            lambda r: np.sin(r, where=[True, False]),
            "numpy.sin with where=",
            "revdiff.where(condition, f(r), other) for f(r, where=condition)",
        ),
        (lambda r: np.sum(r, out=np.zeros(2)), "numpy.sum with out=", "y = f(r) for f(r, out=y)"),
        (lambda r: r.sum(out=np.zeros(2)), "numpy.sum with out=", "y = f(r) for f(r, out=y)"),
    ],
)
def test_an_option_without_a_rule_names_itself_and_the_way_around(call, met, instead):
    kind, text = text_of(call)
    assert kind is revdiff.MissingRuleError
    assert text == f"no derivative rule for {met}.\n  To do without:        {instead}.{WAYS_OUT}"


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda r: np.sin(r, signature="d->d"), "numpy.sin with signature="),
        (lambda r: recfunctions.drop_fields(r, "x"), "numpy.lib.recfunctions.drop_fields"),
    ],
)
def test_a_function_without_a_rule_is_an_error_that_names_it(call, name):
    kind, text = text_of(call)
    assert kind is revdiff.MissingRuleError
    assert text == f"no derivative rule for {name}.{WAYS_OUT}"


@pytest.mark.parametrize("f", [np.bitwise_and, np.gcd, np.busday_count, np.save], ids=lambda f: f.__name__)
def test_a_declined_function_gives_the_reason(f):
    _, text = text_of(lambda r: f("file", r) if f is np.save else f(r, r))
    assert text == f"no derivative rule for numpy.{f.__name__}. It {DECLINED[f]}.{WAYS_OUT}"


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("numpy.prod", np.prod),
        ("numpy.prod", lambda r: r.prod()),
        ("numpy.sum", lambda r: np.sum(a=r)),
        ("numpy.diff", np.diff),
        ("numpy.linalg.qr", np.linalg.qr),
        ("numpy.interp", lambda r: np.interp(r, [0.0, 1.0], [0.0, 2.0])),
        ("numpy.convolve", lambda r: np.convolve([1.0, 2.0], r)),
        ("sqrt", np.sqrt),
    ],
)
def test_a_function_of_a_structure_is_refused_under_the_name_that_was_called(name, call):
    with pytest.raises(revdiff.UnsupportedValueError) as error:
        call(init_diff([1.0, 2.0]))
    assert str(error.value).startswith(f"{name} of a RevDiff that holds a list has no derivative.\n  Take its parts")


def test_a_function_that_is_constant_or_hands_a_structure_on_is_not_refused():
    r = init_diff([1.0, 3.0, 2.0])
    assert np.argmax(r) == 1
    assert np.real(r) is r


def test_a_ufunc_that_is_not_public_is_an_error_that_names_it():
    core = "numpy._core" if np.lib.NumpyVersion(np.__version__) >= "2.0.0" else "numpy.core"
    _, text = text_of(import_module(f"{core}._multiarray_umath")._arg)
    assert text == f"no derivative rule for numpy._arg.{WAYS_OUT}"


def test_numpy_functions_are_registered_under_their_own_signature():
    for numpy_function, function in FUNCTIONS.items():
        assert callable(function)
        assert not isinstance(numpy_function, np.ufunc)
