"""Quantiles: which elements they are made of, by every method of NumPy, and how they move with q."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

import revdiff
from revdiff import grad, hessian, init_diff, jacobian, simple_derivative, vjp
from tests.oracles import assert_array_rule

nan, inf = math.nan, math.inf
X = np.random.default_rng(0).permutation(24).reshape(2, 3, 4) / 16 + 0.5
HOLES = np.where(np.random.default_rng(1).uniform(size=X.shape) < 0.8, X, nan)
METHODS = [
    "inverted_cdf", "averaged_inverted_cdf", "closest_observation", "interpolated_inverted_cdf", "hazen", "weibull",
    "linear", "median_unbiased", "normal_unbiased", "lower", "higher", "midpoint", "nearest",
]  # fmt: skip
FRACTILES = [np.quantile, np.percentile, np.nanquantile, np.nanpercentile]
BY_NAME = {"ids": lambda f: f.__name__}


def scaled(f, q):
    """Return the second argument of f for the quantile q."""
    return np.multiply(q, 100.0) if "percentile" in f.__name__ else np.array(q)[()]


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 2), (2, 0, 1)])
@pytest.mark.parametrize("f", [np.median, np.nanmedian], **BY_NAME)
def test_medians_agree_with_central_differences(f, axis, keepdims):
    assert_array_rule(lambda x: f(x, axis=axis, keepdims=keepdims), X, order=3 if axis is None else 2)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("f", FRACTILES, **BY_NAME)
def test_quantiles_agree_with_central_differences_by_every_method(f, method):
    q = scaled(f, [0.03, 0.36, 0.72, 0.99])
    assert_array_rule(lambda x, q: f(x, q, method=method), X[0, 0], q, order=3 if method == "linear" else 2)
    assert_array_rule(lambda x: f(x, scaled(f, [0.0, 0.5, 1.0]), method=method), X[0, 0], order=1)


@pytest.mark.parametrize("shape", [(), (2,), (2, 2)])
@pytest.mark.parametrize("axis", [None, 0, -1, (0, -1)])
@pytest.mark.parametrize("keepdims", [False, True])
def test_quantiles_of_every_shape_along_every_axis(shape, axis, keepdims):
    q = np.reshape([0.21, 0.37, 0.68, 0.86][: math.prod(shape)], shape)[()]
    assert_array_rule(lambda x, q: np.quantile(x, q, axis=axis, keepdims=keepdims), X, q, order=2)
    if len(shape) < 2 or axis is None:
        assert_array_rule(lambda x, q: np.nanpercentile(x, q, axis=axis, keepdims=keepdims), X, 100 * q, order=2)


def test_what_numpy_mixes_up_is_refused():
    """With a q of several axes, np.nanquantile along some axes has the axes of its result in another order."""
    for f in (np.nanquantile, np.nanpercentile):
        with pytest.raises(
            revdiff.MissingRuleError, match=r"NumPy mixes up the axes of such results; write q\.ravel\(\)"
        ):
            f(init_diff(X), np.full((1, 2), 0.5), axis=(0, 1))


@pytest.mark.parametrize("axis", [None, 1])
@pytest.mark.parametrize("f", [np.nanmedian, *FRACTILES[2:]], **BY_NAME)
def test_nan_is_left_out(f, axis):
    args = () if f is np.nanmedian else (scaled(f, 0.4),)
    J = jacobian(lambda x: f(x, *args, axis=axis))(HOLES)
    assert not J[..., np.isnan(HOLES)].any()
    for i in zip(*np.nonzero(~np.isnan(HOLES)), strict=True):
        h = np.zeros(X.shape)
        h[i] = 1e-6
        slope = (f(HOLES + h, *args, axis=axis) - f(HOLES - h, *args, axis=axis)) / 2e-6
        np.testing.assert_allclose(J[(..., *i)], slope, atol=1e-8)


def test_one_nan_makes_the_others_nan_and_is_what_they_depend_on():
    x = np.array([3.0, nan, 1.0])
    for f in (np.median, lambda x: np.quantile(x, 0.3), lambda x: np.percentile(x, 90)):
        value, pullback = vjp(f, x)
        assert math.isnan(value)
        assert pullback(1.0).tolist() == [0, 1, 0]


def test_nothing_but_nan():
    with pytest.warns(RuntimeWarning, match="All-NaN"):
        value, pullback = vjp(lambda x: np.nanmedian(x, axis=1), np.array([[nan, nan], [2.0, nan]]))
    assert pullback(np.ones(2)).tolist() == [[0.5, 0.5], [1.0, 0.0]]
    assert value[1] == 2.0


# --------------------------------------------------------------------------------- conventions


def test_equal_elements_share_evenly():
    assert grad(np.median)(np.array([2.0, 2.0, 1.0, 9.0])).tolist() == [0.5, 0.5, 0, 0]
    np.testing.assert_allclose(grad(np.median)(np.full(3, 7.0)), [1 / 3] * 3)
    x = np.array([1.0, 4.0, 4.0, 4.0, 5.0])
    np.testing.assert_allclose(grad(lambda x: np.quantile(x, 0.5))(x), [0, 1 / 3, 1 / 3, 1 / 3, 0])
    for q, f in ((0, np.min), (1, np.max)):
        np.testing.assert_allclose(grad(lambda x, q=q: np.quantile(x, q))(x[[1, 3, 2]]), grad(f)(x[[1, 3, 2]]))


def test_an_infinite_slope_of_what_is_not_taken_is_never_asked_for():
    x = np.array([0.0, 4.0, 9.0])
    for f in (np.median, lambda x: np.quantile(x, 0.5), lambda x: np.nanpercentile(x, 50.0)):
        assert grad(lambda x, f=f: f(np.sqrt(x)))(x).tolist() == [0, 0.25, 0]
        assert hessian(lambda x, f=f: f(np.sqrt(x)))(x)[1].tolist() == [0, -1 / 32, 0]


def test_the_slope_in_q_is_the_one_from_there_on_and_at_the_end_the_one_before():
    x = np.array([0.0, 1.0, 4.0])
    assert [simple_derivative(lambda q: np.quantile(x, q))(q) for q in (0.0, 0.5, 1.0)] == [2, 6, 6]
    assert simple_derivative(lambda q: np.quantile(x, q, method="lower"))(0.3) == 0
    assert simple_derivative(lambda q: np.quantile(x, q, method="hazen"))(0.01) == 0


def test_the_slope_in_q_is_linear_in_the_elements():
    slope = lambda x: simple_derivative(lambda q: np.quantile(x, q))(0.7)
    assert grad(slope)(np.array([0.0, 1.0, 4.0])).tolist() == [0, -2, 2]


def test_objects_stay_exact():
    x = np.array([Fraction(1, 3), Fraction(3), Fraction(2), Fraction(1)], object)
    assert grad(np.median)(x).tolist() == [0, 0, Fraction(1, 2), Fraction(1, 2)]
    assert simple_derivative(lambda t: np.median([t, t * t, 10.0]))(3.0) == 6.0


# ------------------------------------------------------------------------------ weights, options


@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.0.0", reason="NumPy has weights since 2.0")
@pytest.mark.parametrize("f", FRACTILES, **BY_NAME)
def test_weights_say_which_element_it_is(f):
    w = np.random.default_rng(3).uniform(0.1, 1, X.shape)
    q = scaled(f, [0.1, 0.5, 0.8])
    some = [] if "nan" in f.__name__ else [(w[0, :, 0], 1), (w[:, 0], (0, 2)), (w[0].T, (2, 1))]
    for weights, axis in ((w, None), (w, 1), *some):
        assert_array_rule(lambda x, a=axis, w=weights: f(x, q, axis=a, weights=w, method="inverted_cdf"), X, order=2)
    assert not grad(lambda w: np.sum(f(X + 0 * w, q, weights=w, method="inverted_cdf")))(w).any()


@pytest.mark.parametrize("f", [np.median, np.nanmedian, *FRACTILES], **BY_NAME)
def test_options_and_small_things(f):
    args = () if "median" in f.__name__ else (scaled(f, 0.5),)
    names = {"a": X} | ({"q": args[0]} if args else {})
    assert vjp(lambda x: f(**(names | {"a": x})), X)[0] == f(X, *args)
    assert vjp(lambda x: f(x, *args, 1, None, True), X)[0].shape == (2, 4)
    assert grad(lambda x: f(x, *args))(2.0) == 1.0
    assert grad(lambda x: f(x, *args))(np.array(2.0)) == 1.0
    assert vjp(lambda x: f(x, *args, axis=0), np.zeros((2, 0)))[1](np.zeros(0)).shape == (2, 0)
    x = X.copy()
    vjp(lambda x: f(x, *args, overwrite_input=True), x)
    assert (x == X).all()


def test_medians_of_nothing_are_nan():
    with pytest.warns(RuntimeWarning, match="Mean of empty slice|invalid value"):
        value, pullback = vjp(np.median, np.zeros(0))
    assert math.isnan(value)
    assert pullback(1.0).shape == (0,)


def test_lists_of_revdiffs_as_quantiles():
    x = np.array([0.0, 1.0, 4.0])
    assert simple_derivative(lambda q: np.sum(np.quantile(init_like(x, q), [q, 0.5])))(0.2) == 2.0


def init_like(x, q):
    """Return x as a RevDiff beside q, for NumPy does not look into lists."""
    return x + 0 * q


@pytest.mark.filterwarnings("ignore:All-NaN slice|Mean of empty slice:RuntimeWarning")
@pytest.mark.parametrize("f", [np.quantile, np.percentile, np.nanquantile, np.nanpercentile])
def test_no_quantiles_and_quantiles_of_nothing_have_empty_cotangents_or_zeros(f):
    x = np.arange(6.0).reshape(2, 3)
    value, pullback = vjp(lambda x, q: f(x, q, axis=1), x, np.zeros(0))
    assert value.shape == (0, 2)
    x_bar, q_bar = pullback(np.zeros((0, 2)))
    assert (x_bar == np.zeros((2, 3))).all()
    assert q_bar.shape == (0,)
    if "nan" in f.__name__:
        value, pullback = vjp(lambda x: f(x, 0.3), np.zeros((2, 0)))
        assert np.isnan(value)
        assert pullback(np.ones_like(value)).shape == (2, 0)
