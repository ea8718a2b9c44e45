"""Statistics: variances, deviations, averages, covariances, correlations, and their weights."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

import revdiff
from revdiff import grad, hessian, init_diff, nth_derivative, simple_derivative, vjp
from tests.oracles import assert_array_rule, assert_same_array

nan = math.nan
RNG = np.random.default_rng(0)
X = RNG.permutation(24).reshape(2, 3, 4) / 16 + 0.5
W = RNG.uniform(0.2, 1.0, X.shape)
MASK = RNG.uniform(size=X.shape) < 0.7
MASK[..., :2] = True
SPREADS = [np.var, np.std, np.nanvar, np.nanstd]
AXES = [None, 0, -1, (0, 2), (-1, 1)]
BY_NAME = {"ids": lambda f: f.__name__}
since_numpy_2 = pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.0.0", reason="an option of NumPy 2")


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("f", SPREADS, **BY_NAME)
def test_every_axis_and_option_agrees_with_central_differences(f, axis):
    assert_array_rule(lambda x: f(x, axis=axis), X)
    assert_array_rule(lambda x: f(x, axis=axis, ddof=0.5, keepdims=True, where=MASK), X, order=2)


@since_numpy_2
@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("f", SPREADS, **BY_NAME)
def test_a_given_mean_has_a_cotangent_of_its_own(f, axis):
    center = np.mean(X, axis=axis, keepdims=True) + 0.25
    assert_array_rule(lambda x, c: f(x + 0 * c, axis=axis, mean=c, correction=1), X, center, order=2)
    assert_array_rule(lambda x, c: f(x + 0 * c, axis=axis, mean=c, where=MASK), X, center, order=2)


@since_numpy_2
def test_ddof_and_correction_are_one_option_of_two_names():
    assert grad(lambda x: np.var(x, correction=1))(X).tolist() == grad(lambda x: np.var(x, ddof=1))(X).tolist()
    with pytest.raises(ValueError, match="ddof= and correction= mean the same"):
        np.var(init_diff(X), ddof=1, correction=1)


def test_the_deviation_of_a_constant_has_derivative_zero():
    for f in (np.std, np.nanstd):
        assert grad(f)(np.ones(3)).tolist() == [0, 0, 0]
        assert not hessian(f)(np.ones(3)).any()
        assert grad(lambda x, f=f: np.sum(f(x, axis=1)))(np.array([[1.0, 1.0], [0.0, 2.0]])).tolist() == [
            [0, 0],
            [-0.5, 0.5],
        ]
        assert nth_derivative(lambda x, f=f: f(np.stack([x, x])), 3)(2.0) == 0.0


def test_one_value_varies_nowhere():
    for f in SPREADS:
        assert simple_derivative(f)(3.0) == 0.0
        assert grad(f)(np.array(3.0)) == 0.0
    assert vjp(lambda x: np.var(x, axis=0), np.zeros((2, 0)))[1](np.zeros(0)).shape == (2, 0)
    with pytest.warns(RuntimeWarning):
        assert math.isnan(vjp(np.var, np.zeros(0))[0])


@pytest.mark.parametrize(("f", "plain"), [(np.nanvar, np.var), (np.nanstd, np.std)])
def test_what_is_nan_is_not_taken(f, plain):
    x = np.array([[1.0, nan, 4.0, 2.0], [nan, 3.0, 5.0, nan]])
    value, pullback = vjp(lambda x: f(x, axis=1, ddof=1), x)
    assert_same_array(value, f(x, axis=1, ddof=1))
    x_bar = pullback(np.ones(2))
    for row, met in zip(x, x_bar, strict=True):
        there = ~np.isnan(row)
        np.testing.assert_allclose(met[there], grad(lambda x: plain(x, ddof=1))(row[there]))
        assert not met[~there].any()
    with np.errstate(invalid="ignore"):
        assert np.isfinite(hessian(lambda x: f(np.sqrt(x)))(np.array([-1.0, 4.0, 9.0]))).all()


def test_complex_numbers():
    z = X * np.exp(3j * X)
    for f in (np.var, np.std):
        assert_array_rule(lambda z, f=f: f(z, axis=1, ddof=1), z)
    assert_array_rule(lambda z, w: np.average(z, axis=1, weights=w), z, W, order=2)
    assert_array_rule(np.cov, z[0])
    assert_array_rule(lambda z: np.corrcoef(z) * np.array([[0, 1, 1]]), z[0], order=2)


def test_dtype_says_in_what_to_compute():
    x = X.astype(np.float32)
    for f in SPREADS:
        value, pullback = vjp(lambda x, f=f: f(x, axis=0, dtype=np.float64), x)
        assert value.dtype == np.float64
        assert pullback(value).dtype == np.float32
        with pytest.raises(revdiff.ConversionError, match=rf"{f.__name__}\(…, dtype=int64\) of a RevDiff"):
            f(init_diff(x), dtype=int)


# ------------------------------------------------------------------------------------- averages


@pytest.mark.parametrize("keepdims", [False, True])
def test_averages_agree_with_central_differences(keepdims):
    assert_array_rule(lambda x: np.average(x, axis=1, keepdims=keepdims), X, order=2)
    some = [(W[:, 0], (0, 2)), (W[0].T, (2, 1))] if np.lib.NumpyVersion(np.__version__) >= "2.0.0" else []
    for w, axis in ((W, None), (W, 1), (W, (0, -1)), (W[0, :, 0], 1), *some):
        assert_array_rule(lambda x, w, a=axis: np.average(x, axis=a, weights=w, keepdims=keepdims), X, w, order=2)


def test_the_sum_of_the_weights_comes_with_the_average():
    assert_array_rule(lambda w: np.average(X, axis=1, weights=w, returned=True)[1], W)
    assert_array_rule(lambda w: np.average(X, axis=1, weights=w, returned=True)[1], W[0, :, 0])
    mean, total = np.average(init_diff(X), axis=0, returned=True)
    assert_same_array(total, np.average(X, axis=0, returned=True)[1])
    assert_same_array(mean.value, np.average(X, axis=0))


def test_averages_of_whole_numbers_and_of_lists():
    assert grad(lambda w: np.average([1, 2, 6], weights=w))(np.array([1.0, 1.0, 2.0])).tolist() == [
        -0.6875,
        -0.4375,
        0.5625,
    ]
    assert simple_derivative(lambda t: np.average(np.array([t, 2 * t]), weights=[1, 3]))(5.0) == 1.75
    assert vjp(lambda x: np.average(x, weights=[1, 2]), np.array([1, 2]))[1](1.0).tolist() == [1 / 3, 2 / 3]


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"weights": [1.0, -1.0]}, ZeroDivisionError, "the weights sum to zero"),
        ({"weights": [[1.0, 1.0]]}, TypeError, "weights of shape (1, 2) for an array of shape (2,) need axis="),
        (
            {"weights": [1.0], "axis": 0},
            ValueError,
            "weights for axis=0 of an array of shape (2,) have shape (2,); met (1,)",
        ),
    ],
)
def test_weights_that_do_not_fit(options, error, text):
    with pytest.raises(error) as met:
        np.average(init_diff(np.ones(2)), **options)
    assert str(met.value).startswith(text)


# ---------------------------------------------------------------------------------- covariances

M, N = X[0], X[1, :2]
COVARIANCES = {
    "rows": ({}, M),
    "one row": ({}, M[0]),
    "columns": ({"rowvar": False}, M),
    "one row as columns": ({"rowvar": False}, M[0]),
    "biased": ({"bias": True}, M),
    "ddof": ({"ddof": 2}, M),
    "frequencies": ({"fweights": [1, 2, 3, 1]}, M),
    "dtype": ({"dtype": np.float64}, M),
}


@pytest.mark.parametrize(("options", "m"), COVARIANCES.values(), ids=COVARIANCES)
def test_covariances_agree_with_central_differences(options, m):
    assert_array_rule(lambda m: np.cov(m, **options), m, wide=np.float64 if "dtype" in options else np.longdouble)


def test_covariances_of_two_arrays_and_with_weights_that_have_cotangents():
    assert_array_rule(np.cov, M, N, order=2)
    assert_array_rule(lambda m, y: np.cov(m, y=y, rowvar=False, bias=True), M, X[1], order=2)
    assert_array_rule(lambda m, y: np.cov(m, y, rowvar=False), M[0], N[:1], order=2)
    for ddof in (None, 0, 2):
        assert_array_rule(lambda m, w, d=ddof: np.cov(m, aweights=w, ddof=d), M, W[0, 0], order=2)
        assert_array_rule(
            lambda m, w, d=ddof: np.cov(m, aweights=w, fweights=[1, 2, 1, 3], ddof=d), M, W[0, 0], order=2
        )


def test_correlations_agree_with_central_differences():
    off = 1 - np.eye(5)
    assert_array_rule(lambda m, y: np.corrcoef(m, y) * off, M, N, order=2)
    assert_array_rule(lambda m: np.corrcoef(m)[0, 1:], M)
    np.testing.assert_allclose(hessian(lambda m: np.corrcoef(m)[1, 1])(M), np.zeros((3, 4, 3, 4)), atol=1e-14)


def test_a_perfect_correlation_has_a_curvature_although_the_value_is_held_at_one():
    """In y = (1, 2, 3, 4 + t) against (1, 2, 3, 4): R = (5 + 1.5 t)/√(5 (5 + 3 t + 0.75 t²)), so R″(0) = -3/50."""
    x = np.arange(1.0, 5.0)
    r = lambda t: np.corrcoef(x, x + t * np.array([0.0, 0.0, 0.0, 1.0]))[0, 1]
    assert nth_derivative(r, 2)(0.0) == pytest.approx(-0.06)


def test_dtypes_and_errors_of_covariances():
    value, pullback = vjp(np.cov, M.astype(np.float32))
    assert value.dtype == np.float64
    assert pullback(value).dtype == np.float32
    r = init_diff(M)
    for call, error, text in (
        (
            lambda: np.cov(init_diff(X)),
            ValueError,
            "the variables are the rows of a matrix; met an array of shape (2, 3, 4)",
        ),
        (lambda: np.cov(r, fweights=[1.5] * 4), TypeError, "fweights says how often"),
        (lambda: np.cov(r, fweights=[-1] * 4), ValueError, "fweights cannot be negative"),
        (
            lambda: np.cov(r, aweights=[1.0]),
            RuntimeError,
            "aweights holds a number for each of 4 observations; met shape (1,)",
        ),
        (
            lambda: np.cov(r, dtype=int),
            revdiff.ConversionError,
            "cov(…, dtype=int64) of a RevDiff would drop its derivative.",
        ),
    ):
        with pytest.raises(error) as met:
            call()
        assert str(met.value).startswith(text)
    with pytest.warns(RuntimeWarning):
        assert not np.isfinite(vjp(np.cov, np.ones((2, 1)))[0]).any()


def test_objects_stay_exact():
    x = np.array([Fraction(1), Fraction(2), Fraction(6)], object)
    assert grad(np.var)(x).tolist() == [Fraction(-4, 3), Fraction(-2, 3), 2]
    assert grad(lambda x: np.average(x, weights=np.array([1, 1, 2])))(x).tolist() == [0.25, 0.25, 0.5]


# -------------------------------------------------------------------------------------- options


@pytest.mark.parametrize("name", ["std", "var"])
def test_the_method_is_the_function(name):
    f = getattr(np, name)  # np.std, np.var
    for spelling in (
        lambda x: getattr(x, name)(1, ddof=1),
        lambda x: f(a=x, axis=1, ddof=1),
        lambda x: f(x, 1, None, None, 1),
    ):
        value, pullback = vjp(spelling, X)
        np.testing.assert_array_equal(value, f(X, axis=1, ddof=1))
        np.testing.assert_array_equal(pullback(value), vjp(lambda x: f(x, axis=1, ddof=1), X)[1](value))
    assert vjp(lambda x: getattr(x, name)(), np.array([1.0, 2.0]))[0] == f([1.0, 2.0])


@pytest.mark.parametrize("f", [np.std, np.nanstd], **BY_NAME)
def test_equal_numbers_do_not_deviate_however_their_mean_is_rounded(f):
    """The mean of three times 0.1 is not 0.1, and their deviation not 0 but 1.4e-17."""
    for x in (np.full(3, 0.1), np.full((7, 2), 0.1 + 0.3j), np.full(10, 0.3, np.float32), np.full(10, 1 / 3)):
        assert not grad(lambda x: np.real(f(x)))(x).any()
        assert not grad(lambda x: np.sum(f(x, axis=0, keepdims=True)).real)(x).any()
    assert not hessian(f)(np.full(3, 0.1)).any()
    rows = grad(lambda x: f(x, axis=1).sum())(np.array([[0.1, 0.1, 0.1], [1.0, 3.0, 2.0]]))
    np.testing.assert_allclose(rows, [[0, 0, 0], [-(6**-0.5), 6**-0.5, 0]], atol=1e-15)
    mask = np.array([[True], [False], [True]])
    masked = grad(lambda x: f(x, axis=0, where=mask).sum())(np.array([[0.1, 0.1], [0.7, 0.2], [0.1, 0.3]]))
    np.testing.assert_allclose(masked, [[0, -0.5], [0, 0], [0, 0.5]], atol=1e-15)
