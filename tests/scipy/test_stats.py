"""Distributions: values as SciPy's, derivatives against differences of SciPy's plain functions and against mpmath."""

from __future__ import annotations

from copy import copy

import mpmath
import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

import revdiff
from revdiff.scipy import stats
from revdiff.scipy.stats import univariate
from revdiff.scipy.stats.beside import Distribution
from tests.oracles import assert_close
from tests.scipy.battery import assert_derivatives

# The shapes, and points inside of the support.
CONTINUOUS = {
    "norm": ((), [-1.3, 0.0, 2.1]),
    "halfnorm": ((), [0.2, 1.0, 2.4]),
    "lognorm": ((0.7,), [0.3, 1.1, 4.0]),
    "skewnorm": ((1.5,), [-0.8, 0.0, 1.7]),
    "truncnorm": ((-0.7, 2.3), [-0.4, 0.0, 1.9]),
    "t": ((3.4,), [-2.0, 0.0, 0.9]),
    "cauchy": ((), [-3.0, 0.0, 0.6]),
    "gamma": ((2.3,), [0.2, 1.4, 5.0]),
    "chi2": ((3.0,), [0.3, 2.0, 6.5]),
    "invgamma": ((2.6,), [0.2, 0.9, 3.0]),
    "expon": ((), [0.1, 1.0, 4.0]),
    "beta": ((2.2, 0.8), [0.1, 0.5, 0.85]),
    "f": ((3.2, 5.5), [0.2, 1.0, 3.3]),
    "uniform": ((), [0.1, 0.4, 0.9]),
    "laplace": ((), [-1.5, 0.3, 2.2]),
    "logistic": ((), [-2.0, 0.0, 1.2]),
    "weibull_min": ((1.7,), [0.2, 0.9, 2.1]),
    "rayleigh": ((), [0.3, 1.0, 2.6]),
    "pareto": ((2.4,), [1.2, 2.0, 5.0]),
    "gumbel_r": ((), [-1.0, 0.2, 3.0]),
    "gumbel_l": ((), [-3.0, -0.2, 1.0]),
    "vonmises": ((1.3,), [-2.0, 0.0, 1.1]),
}
# The parameters, and numbers in the support.
DISCRETE = {
    "poisson": ((2.7,), [0, 2, 5]),
    "binom": ((6, 0.3), [0, 2, 5]),
    "bernoulli": ((0.3,), [0, 1, 0]),
    "nbinom": ((3.4, 0.4), [0, 2, 7]),
    "geom": ((0.35,), [1, 2, 6]),
}
# The shapes by which the distribution function has derivatives.
SLOPES = {"lognorm": "s", "skewnorm": "a", "truncnorm": "ab", "weibull_min": "c", "pareto": "b"}
# The moments without a formula.
WITHOUT = {
    "cauchy": ["mean", "var", "std"], "vonmises": ["mean", "var", "std"], "skewnorm": ["entropy"],
    "poisson": ["entropy"], "binom": ["entropy"], "nbinom": ["entropy"],
}  # fmt: skip
LOC, SCALE = 0.3, 1.4
DENSITIES = ["pdf", "logpdf"]
DISTRIBUTIONS = ["cdf", "sf", "logcdf", "logsf"]
MOMENTS = ["mean", "var", "std", "entropy"]


def of(name):
    return getattr(stats, name), getattr(scipy.stats, name)


def free(f, args, constant):
    """Return f as a function of those of its arguments that are not constant, and these."""
    places = [i for i in range(len(args)) if i not in constant]

    def of_free(*some):
        given = list(args)
        for i, x in zip(places, some, strict=True):
            given[i] = x
        return f(*given)

    return of_free, *[args[i] for i in places]


def without_slope(name):
    """Return the places behind x of the shapes by which the distribution function has no derivatives."""
    names = (of(name)[1].shapes or "").replace(",", " ").split()
    return {i for i, shape in enumerate(names, 1) if shape not in SLOPES.get(name, ())}


@pytest.mark.parametrize("method", DENSITIES)
@pytest.mark.parametrize("name", CONTINUOUS)
def test_a_density_has_all_derivatives_by_all_its_arguments(name, method):
    shapes, points = CONTINUOUS[name]
    scale = [] if name == "vonmises" else [SCALE]  # SciPy says that its scale has no effect, and divides by it
    assert_derivatives(getattr(of(name)[0], method), LOC + SCALE * np.array(points), *shapes, LOC, *scale)


@pytest.mark.parametrize("method", DISTRIBUTIONS)
@pytest.mark.parametrize("name", CONTINUOUS)
def test_a_distribution_function_has_the_density_as_its_derivative(name, method):
    shapes, points = CONTINUOUS[name]
    x = LOC + SCALE * np.array(points)
    args = (x[[0, 2]] if name == "laplace" else x, *shapes, LOC, SCALE)
    assert_derivatives(*free(getattr(of(name)[0], method), args, without_slope(name)))


@pytest.mark.parametrize("method", ["ppf", "isf"])
@pytest.mark.parametrize("name", CONTINUOUS)
def test_a_quantile_is_the_inverse_of_the_distribution_function(name, method):
    dist, (shapes, _), q = getattr(stats, name), CONTINUOUS[name], np.array([0.2, 0.45, 0.8])
    quantile, inverse = getattr(dist, method), {"ppf": dist.cdf, "isf": dist.sf}[method]
    assert_derivatives(*free(quantile, (q, *shapes, LOC, SCALE), range(1, 1 + len(shapes))))
    for i in {*range(len(shapes))} - {place - 1 for place in without_slope(name)}:

        def back(a, i=i):
            given = *shapes[:i], a, *shapes[i + 1 :]
            return inverse(quantile(q, *given), *given)

        np.testing.assert_allclose(revdiff.jacobian(back)(shapes[i]), 0 * q, atol=1e-9)
        np.testing.assert_allclose(revdiff.jacobian(revdiff.jacobian(back))(shapes[i]), 0 * q, atol=1e-9)


@pytest.mark.parametrize("name", [*CONTINUOUS, *DISCRETE])
def test_moments_are_scipys_and_have_derivatives_where_there_is_a_formula(name):
    dist, _ = of(name)
    shapes, _ = (CONTINUOUS | DISCRETE)[name]
    for method in MOMENTS:
        args = (*shapes, LOC) if name in DISCRETE else (*shapes, LOC, SCALE)
        if method in WITHOUT.get(name, ()):
            with pytest.raises(
                revdiff.MissingRuleError, match=f"scipy.stats.{name}.{method}. There are rules for p[dm]f"
            ):
                getattr(dist, method)(*args[:-1], revdiff.init_diff(args[-1]))
            continue
        assert_derivatives(
            *free(getattr(dist, method), args, {0} if name == "binom" else ()), step=1e-3
        )  # SciPy's are sums


@pytest.mark.parametrize("method", ["pmf", "logpmf", *DISTRIBUTIONS])
@pytest.mark.parametrize("name", DISCRETE)
def test_a_discrete_distribution_has_derivatives_by_its_parameters(name, method):
    shapes, k = DISCRETE[name]
    k = np.array([0] if name == "bernoulli" and method in ("logsf", "logcdf") else k)
    counts = {1} if name == "binom" or (name == "nbinom" and method in DISTRIBUTIONS) else set()
    assert_derivatives(*free(getattr(of(name)[0], method), (k, *shapes), {0, *counts}))


MPMATH = {
    "norm": mpmath.npdf,
    "t": lambda z, v: (
        mpmath.gamma((v + 1) / 2)
        / (mpmath.sqrt(v * mpmath.pi) * mpmath.gamma(v / 2))
        * (1 + z * z / v) ** (-(v + 1) / 2)
    ),
    "gamma": lambda z, a: z ** (a - 1) * mpmath.exp(-z) / mpmath.gamma(a),
    "beta": lambda z, a, b: z ** (a - 1) * (1 - z) ** (b - 1) / mpmath.beta(a, b),
    "f": lambda z, m, n: mpmath.sqrt((m * z) ** m * n**n / (m * z + n) ** (m + n)) / (z * mpmath.beta(m / 2, n / 2)),
    "weibull_min": lambda z, c: c * z ** (c - 1) * mpmath.exp(-(z**c)),
    "skewnorm": lambda z, a: 2 * mpmath.npdf(z) * mpmath.ncdf(a * z),
    "truncnorm": lambda z, a, b: mpmath.npdf(z) / (mpmath.ncdf(b) - mpmath.ncdf(a)),
    "vonmises": lambda z, k: mpmath.exp(k * mpmath.cos(z)) / (2 * mpmath.pi * mpmath.besseli(0, k)),
    "invgamma": lambda z, a: z ** (-a - 1) * mpmath.exp(-1 / z) / mpmath.gamma(a),
    "lognorm": lambda z, s: mpmath.npdf(mpmath.log(z) / s) / (s * z),
    "logistic": lambda z: 1 / (4 * mpmath.cosh(z / 2) ** 2),
}


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("name", MPMATH)
def test_derivatives_of_log_densities_agree_with_mpmath(name, order):
    dist, _ = of(name)
    shapes, points = CONTINUOUS[name]
    for place in range(len(shapes) + 1):
        start = [points[2], *shapes]

        def along(t, log, density, place=place, start=start):
            args = [*start[:place], start[place] + t, *start[place + 1 :]]
            return density(*args) if log is None else log(density(*args))

        actual = revdiff.nth_derivative(lambda t: along(t, None, dist.logpdf), order)(0.0)
        with mpmath.workdps(40):
            expected = mpmath.diff(lambda t: along(t, mpmath.log, MPMATH[name]), 0, order)
        assert_close(float(actual), expected, 1e-9, 1e-11)


@pytest.mark.parametrize("name", CONTINUOUS)
def test_outside_of_the_support_a_density_is_zero_with_derivative_zero(name):
    dist, plain = of(name)
    shapes, points = CONTINUOUS[name]
    lower, upper = plain.support(*shapes)
    outside = [lower - 1.0] if np.isfinite(lower) else []
    outside += [upper + 1.0] if np.isfinite(upper) else []
    for x in outside:
        args = (x, *shapes, 0.0, 1.0)
        everything = tuple(range(len(args)))
        assert dist.pdf(*args) == 0
        assert dist.logpdf(*args) == -np.inf
        for method in (dist.pdf, dist.logpdf):
            assert revdiff.grad(method, everything)(*args) == (0.0,) * len(args)
            second = revdiff.hessian(lambda p, m=method, everything=everything: m(*[p[i] for i in everything]))(
                np.array(args)
            )
            np.testing.assert_array_equal(second, 0)
        for method in (dist.cdf, dist.sf):
            assert revdiff.grad(method)(*args) == 0.0
    both = np.array([*outside, points[1]])
    slopes = revdiff.grad(lambda x: np.sum(dist.pdf(x, *shapes)))(both)
    np.testing.assert_allclose(slopes[:-1], 0)
    assert slopes[-1] == revdiff.grad(dist.pdf)(points[1], *shapes)


def test_parameters_that_scipy_does_not_allow_give_nan():
    assert np.isnan(revdiff.vjp(lambda s: stats.norm.pdf(0.0, 0.0, s), -1.0)[0])
    assert np.isnan(revdiff.vjp(lambda a: stats.gamma.logpdf(1.0, a), -1.0)[0])
    assert np.isnan(revdiff.vjp(lambda mu: stats.poisson.pmf(1, mu), -1.0)[0])
    assert np.isnan(revdiff.vjp(stats.norm.cdf, np.nan)[0])
    scales = np.array([1.0, -1.0])
    np.testing.assert_allclose(
        revdiff.vjp(lambda x: stats.norm.logpdf(x, 0.0, scales), 0.3)[0], scipy.stats.norm.logpdf(0.3, 0.0, scales)
    )
    assert revdiff.grad(lambda x: stats.norm.logpdf(x, 0.0, scales)[0])(0.5) == -0.5


@pytest.mark.parametrize(
    ("name", "shape"), [("gamma", "a"), ("beta", "b"), ("t", "df"), ("chi2", "df"), ("vonmises", "kappa")]
)
def test_a_distribution_function_without_a_formula_in_a_shape_says_so(name, shape):
    dist, plain = of(name)
    shapes, points = CONTINUOUS[name]
    place = plain.shapes.split(", ").index(shape)
    with pytest.raises(
        revdiff.MissingRuleError, match=rf"no derivative rule for scipy.stats.{name}.cdf in {shape}, its argument"
    ):
        revdiff.grad(dist.cdf, place + 1)(points[0], *shapes)


def test_random_variates_are_declined_with_a_way_out():
    with pytest.raises(revdiff.MissingRuleError, match=r"scipy.stats.norm.rvs.*\n.*loc \+ scale \* dist.rvs") as error:
        revdiff.grad(stats.norm.rvs)(0.0)
    assert "@revdiff.primitive" in str(error.value)
    with pytest.raises(revdiff.MissingRuleError, match=r"There are rules for pdf, logpdf, cdf"):
        revdiff.grad(lambda loc: stats.norm.interval(0.9, loc)[0])(0.0)
    with pytest.raises(revdiff.MissingRuleError, match=r"scipy.stats.binom in n. It is a whole number"):
        revdiff.grad(lambda n: stats.binom.logpmf(2, n, 0.3))(4.0)


def test_frozen_distributions_and_keywords_are_the_same_functions():
    f = lambda a: stats.gamma(a, scale=2.0).logpdf(3.0)
    assert revdiff.grad(f)(1.5) == revdiff.grad(stats.gamma.logpdf, 1)(3.0, 1.5, 0.0, 2.0)
    assert revdiff.grad(lambda a: stats.gamma.logpdf(3.0, a=a, scale=2.0))(1.5) == revdiff.grad(f)(1.5)
    assert repr(stats.norm(1.0, 2.0)) == "<revdiff.scipy.stats.norm> with parameters"
    assert copy(stats.norm(1.0, 2.0)).mean() == stats.norm(1.0, 2.0).mean() == 1.0
    assert stats.norm(1.0, 2.0).rvs(size=3, random_state=1).shape == (3,)
    assert revdiff.grad(lambda s: stats.norm(1.0, s).std())(2.0) == 1.0
    np.testing.assert_allclose(revdiff.grad(lambda m: stats.norm(m, 2.0).median())(1.0), 1.0)


@pytest.mark.parametrize(
    "call",
    [
        lambda d: d.logpdf(1.0), lambda d: d.logpdf(1.0, 2.0, 0.0, 1.0, 5.0), lambda d: d.logpdf(1.0, 2.0, b=1.0),
        lambda d: d.logpdf(1.0, 2.0, a=1.0), lambda d: d.logpdf(1.0, 2.0, 0.0, loc=1.0),
    ],
)  # fmt: skip
def test_calls_that_scipy_refuses_are_refused_with_revdiffs_too(call):
    with pytest.raises(TypeError):
        call(scipy.stats.gamma)
    with pytest.raises(TypeError):
        revdiff.grad(lambda x: call(Shifted(x)))(0.0)


class Shifted:
    """A distribution with a RevDiff as its first argument."""

    def __init__(self, x):
        self.x = x

    def logpdf(self, x, *args, **kwargs):
        return stats.gamma.logpdf(x + self.x, *args, **kwargs)


def test_plain_arguments_give_scipys_own_results():
    for name, (shapes, points) in {**CONTINUOUS, **DISCRETE}.items():
        dist, plain = of(name)
        methods = ["cdf", "sf", *(["pmf", "logpmf"] if name in DISCRETE else ["pdf", "logpdf"])]
        for method in methods:
            assert np.array_equal(getattr(dist, method)(points, *shapes), getattr(plain, method)(points, *shapes))
        assert dist.support(*shapes) == plain.support(*shapes)
        assert dist.shapes == plain.shapes


def test_single_precision_gives_double_results_and_single_cotangents():
    x = np.array([0.5, 1.5], np.float32)
    value, pullback = revdiff.vjp(lambda x: stats.gamma.logpdf(x, 2.0), x)
    assert value.dtype == scipy.stats.gamma.logpdf(x, 2.0).dtype
    assert pullback(np.ones(2)).dtype == np.float32


def test_lists_and_broadcasting_work():
    x = [0.5, 1.5, 2.5]
    a = np.array([[1.0], [2.0]])
    value, pullback = revdiff.vjp(lambda a: stats.gamma.logpdf(x, a, [0.0, 0.1, 0.2]), a)
    np.testing.assert_allclose(value, scipy.stats.gamma.logpdf(x, a, [0.0, 0.1, 0.2]))
    assert pullback(np.ones((2, 3))).shape == (2, 1)


def test_the_second_derivative_of_the_logistic_density_is_right_at_its_peak():
    assert abs(revdiff.nth_derivative(stats.logistic.logpdf, 2)(0.0) + 0.5) < 1e-15


def test_far_tails_keep_their_digits():
    for z in (-5.0, -30.0, -40.0):
        with mpmath.workdps(40):
            expected = mpmath.npdf(z) / mpmath.ncdf(z)
        assert_close(float(revdiff.grad(stats.norm.logcdf)(z)), expected, 1e-12)
        assert_close(float(revdiff.grad(stats.norm.logsf)(-z)), -expected, 1e-12)
    assert revdiff.grad(stats.logistic.logpdf)(800.0) == -1.0


@given(st.floats(0.1, 20), st.floats(0.1, 20))
def test_at_the_ends_of_the_support_nothing_is_nan(a, x):
    for method in (stats.gamma.pdf, stats.gamma.logpdf, stats.gamma.cdf):
        assert not np.isnan(revdiff.grad(method)(x, a))
    assert revdiff.grad(stats.gamma.logpdf)(0.0, 1.0) == -1.0
    assert revdiff.grad(stats.expon.logpdf)(0.0) == -1.0
    assert revdiff.grad(stats.beta.logpdf)(0.0, 1.0, 3.0) == -2.0


def test_every_row_is_tested():
    rows = {name for name, value in vars(univariate).items() if isinstance(value, Distribution)}
    assert rows == {*CONTINUOUS, *DISCRETE}
