"""Cumulations: running sums, products and extremes, and the recurrence behind them."""

from __future__ import annotations

import math
import time
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import revdiff
from revdiff import grad, hessian, jacobian, vjp
from revdiff.rules.cumulations import recurrence
from tests.oracles import assert_array_rule, assert_same_array

nan, inf = math.nan, math.inf

X = np.random.default_rng(0).permutation(24).reshape(2, 3, 4) / 16 + 0.5
HOLES = np.where(np.random.default_rng(1).uniform(size=X.shape) < 0.7, X, nan)
CUMULATED = [np.cumsum, np.cumprod, np.nancumsum, np.nancumprod]
EXTREMES = [np.maximum.accumulate, np.minimum.accumulate]
BY_NAME = {"ids": lambda f: f.__name__}
since_numpy_2_1 = pytest.mark.skipif(not hasattr(np, "cumulative_sum"), reason="NumPy has these since 2.1")


@pytest.mark.parametrize("axis", [None, 0, 1, -1])
@pytest.mark.parametrize("f", CUMULATED, **BY_NAME)
def test_every_axis_is_numpys_and_all_derivatives_agree_with_central_differences(f, axis):
    assert_array_rule(lambda x: f(x, axis=axis), X)


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("f", EXTREMES, ids=["maximum", "minimum"])
def test_running_extremes_agree_with_central_differences(f, axis):
    assert_array_rule(lambda x: f(x, axis=axis), X)


@since_numpy_2_1
@pytest.mark.parametrize("options", [{"axis": 0}, {"axis": -1, "include_initial": True}])
@pytest.mark.parametrize("name", ["cumulative_sum", "cumulative_prod"])
def test_cumulations_of_the_array_standard_agree_with_central_differences(name, options):
    f = getattr(np, name)  # np.cumulative_sum, np.cumulative_prod
    assert_array_rule(lambda x: f(x, **options), X)
    assert_array_rule(lambda x: f(x, include_initial=True), X[0, 0])
    assert vjp(f, np.array(2.0))[0].shape == (1,)
    with pytest.raises(ValueError, match="an array of 3 axes has an order along each of them"):
        vjp(f, X)


@pytest.mark.parametrize("f", [np.cumsum, np.cumprod], **BY_NAME)
def test_complex_numbers(f):
    assert_array_rule(lambda z: f(z, axis=1), X * np.exp(1j * X))


@pytest.mark.parametrize("f", CUMULATED, **BY_NAME)
def test_dtype_says_in_what_to_compute(f):
    x = X.astype(np.float32)
    value, pullback = vjp(lambda x: f(x, axis=0, dtype=np.float64), x)
    assert_same_array(value, f(x, axis=0, dtype=np.float64))
    assert pullback(value).dtype == np.float32
    with pytest.raises(revdiff.ConversionError, match="would drop its derivative"):
        f(revdiff.init_diff(x), dtype=int)


# ------------------------------------------------------------------------------------- products


@given(st.lists(st.sampled_from([0, 0, 1, 2, -3]), min_size=1, max_size=5))
def test_running_products_are_right_wherever_there_are_zeros(numbers):
    x = sympy.symbols(f"x:{len(numbers)}")
    total = sum((k + 2) * sympy.prod(x[: k + 1]) for k in range(len(x)))
    at = dict(zip(x, numbers, strict=True))

    def f(a):
        return np.sum(np.arange(2, len(x) + 2) * np.cumprod(a))

    array = np.array(numbers, float)
    assert grad(f)(array).tolist() == [float(sympy.diff(total, a).subs(at)) for a in x]
    assert hessian(f)(array).tolist() == [[float(sympy.diff(total, a, b).subs(at)) for b in x] for a in x]


def test_objects_stay_exact():
    x = np.array([Fraction(1, 2), Fraction(0), Fraction(3)], object)
    assert grad(lambda x: np.sum(np.cumprod(x)))(x).tolist() == [1, 2, 0]
    assert grad(lambda x: np.sum(np.cumsum(x)))(x).tolist() == [3, 2, 1]


# ------------------------------------------------------------------------------------- extremes


def test_equal_elements_share_the_cotangent_of_a_running_extreme():
    expected = np.array(
        [
            [1, 0, 0, 0, 0],
            [1 / 2, 1 / 2, 0, 0, 0],
            [1 / 2, 1 / 2, 0, 0, 0],
            [1 / 3, 1 / 3, 0, 1 / 3, 0],
            [0, 0, 0, 0, 1],
        ]
    )
    x = np.array([2.0, 2.0, 1.0, 2.0, 3.0])
    np.testing.assert_allclose(jacobian(np.maximum.accumulate)(x), expected)
    np.testing.assert_allclose(jacobian(np.minimum.accumulate)(-x), expected)


def test_the_last_running_extreme_has_the_derivative_of_the_extreme():
    x = np.array([1.0, 3.0, 2.0, 3.0, 3.0, 0.0])
    np.testing.assert_allclose(grad(lambda x: np.maximum.accumulate(x)[-1])(x), grad(np.max)(x))


def test_running_extremes_of_nothing_and_of_one():
    for f in EXTREMES:
        assert vjp(f, np.zeros((0, 2)))[1](np.zeros((0, 2))).shape == (0, 2)
        assert vjp(f, np.zeros((2, 0)))[1](np.zeros((2, 0))).shape == (2, 0)
        assert jacobian(f)(np.array([3.0])).tolist() == [[1]]


def test_an_infinite_cotangent_of_one_run_stays_in_it():
    x = np.array([4.0, 5.0, 0.0])
    assert grad(lambda x: np.sum(np.sqrt(np.minimum.accumulate(x))))(x).tolist() == [0.5, 0.0, inf]
    assert grad(lambda x: np.sum(np.maximum.accumulate(np.sqrt(x))))(x[::-1])[0] == inf


def test_elements_that_where_leaves_out_of_a_running_extreme_leave_out_none_of_the_others():
    x = np.array([4.0, 1.0])
    gradient = grad(lambda x: np.sum(np.where([False, True], np.maximum.accumulate(np.sqrt(x)), 0.0)))(x)
    assert gradient.tolist() == [0.25, 0.0]


def test_nan_stays_once_it_was_met():
    gradient = jacobian(np.maximum.accumulate)(np.array([1.0, nan, 2.0]))
    assert gradient.tolist() == [[1, 0, 0], [0, 1, 0], [0, 1, 0]]


# ------------------------------------------------------------------------------------------ NaN


@pytest.mark.parametrize(("f", "plain", "neutral"), [(np.nancumsum, np.cumsum, 0), (np.nancumprod, np.cumprod, 1)])
def test_what_is_nan_is_not_taken(f, plain, neutral):
    value, pullback = vjp(lambda x: f(x, axis=1), HOLES)
    assert_same_array(value, f(HOLES, axis=1))
    filled = np.where(np.isnan(HOLES), neutral, HOLES)
    expected = vjp(lambda x: plain(x, axis=1), filled)[1](value)
    np.testing.assert_array_equal(pullback(value), np.where(np.isnan(HOLES), 0, expected))
    with np.errstate(invalid="ignore"):
        assert grad(lambda x: f(np.sqrt(x))[-1])(np.array([-1.0, 4.0])).tolist() == [0, 0.25]


# ----------------------------------------------------------------------------------- recurrence


@pytest.mark.parametrize("shape", [(5,), (4, 3), (1,), (0,)])
def test_a_recurrence_agrees_with_central_differences(shape):
    rng = np.random.default_rng(2)
    c, b = rng.normal(size=(max(shape[0] - 1, 0), *shape[1:])), rng.normal(size=shape)
    assert_array_rule(recurrence, c, b)
    y = list(b)
    for i in range(1, len(b)):
        y[i] = b[i] + c[i - 1] * y[i - 1]
    np.testing.assert_allclose(recurrence(c, b), np.reshape(y, shape))


def test_a_recurrence_that_begins_anew():
    b, goes_on = np.array([1.0, 2.0, 3.0, 4.0]), np.array([True, False, True])
    assert recurrence(goes_on, b).tolist() == [1, 3, 3, 7]
    assert recurrence(goes_on, np.stack([b, b], 1))[:, 1].tolist() == [1, 3, 3, 7]
    assert_array_rule(lambda b: recurrence(goes_on, b), b)


# -------------------------------------------------------------------------------------- options


@pytest.mark.parametrize("f", [np.cumsum, np.cumprod], **BY_NAME)
def test_the_method_is_the_function(f):
    for spelling in (
        lambda x: getattr(x, f.__name__)(1),
        lambda x: getattr(x, f.__name__)(axis=1),
        lambda x: f(a=x, axis=1),
    ):
        value, pullback = vjp(spelling, X)
        np.testing.assert_array_equal(value, f(X, axis=1))
        np.testing.assert_array_equal(pullback(X), vjp(lambda x: f(x, axis=1), X)[1](X))


@pytest.mark.parametrize("f", CUMULATED, **BY_NAME)
def test_small_things(f):
    assert grad(lambda x: f(x)[0])(2.0) == 1.0
    assert grad(lambda x: f(x, axis=0)[0])(np.array(2.0)) == 1.0
    assert vjp(f, np.zeros((2, 0)))[1](np.zeros(0)).shape == (2, 0)
    assert vjp(lambda x: f(x, axis=0), np.zeros((0, 2)))[1](np.zeros((0, 2))).shape == (0, 2)
    assert revdiff.simple_derivative(lambda x: np.cumsum([x, x * x, 1.0])[1])(3.0) == 7.0
    with pytest.raises(np.exceptions.AxisError):
        vjp(lambda x: f(x, axis=1), np.ones(2))


def test_the_cost_of_second_derivatives_is_linear():
    def seconds(n):
        x = np.linspace(0.9, 1.1, n)
        start = time.process_time()
        revdiff.hvp(lambda x: np.sum(np.cumprod(x)), x, x)
        return time.process_time() - start

    seconds(10)
    assert min(seconds(40_000) for _ in range(3)) < 40 * min(seconds(4_000) for _ in range(3))


@pytest.mark.skipif(not hasattr(np, "cumulative_sum"), reason="since NumPy 2.1")
def test_sums_of_nothing_may_begin_with_their_start():
    for f, start in ((np.cumulative_sum, 0.0), (np.cumulative_prod, 1.0)):
        value, pullback = vjp(lambda x, f=f: f(x, axis=1, include_initial=True), np.zeros((3, 0), np.float32))
        assert value.tolist() == [[start]] * 3
        assert value.dtype == np.float32
        assert pullback(np.ones((3, 1))).shape == (3, 0)
