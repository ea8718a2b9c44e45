"""Distributions of vectors and matrices, against SciPy's values and differences of them."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import scipy.stats

import revdiff
from revdiff.scipy import stats
from tests.scipy.battery import SCIPY, assert_derivatives

rng = np.random.default_rng(5)
ROOT = rng.normal(size=(3, 3))
COV = ROOT @ ROOT.T + np.eye(3)
MEAN = rng.normal(size=3)
X = rng.normal(size=(4, 3))
SIMPLEX = rng.dirichlet([2.0, 3.0, 1.5], size=4).T
ALPHA = np.array([1.4, 2.5, 0.8])
P = np.array([0.2, 0.5, 0.3])
COUNTS = np.array([[1, 2, 3], [6, 0, 0], [0, 5, 1]])
WISHARTS = np.stack([np.linalg.inv(COV + i * np.eye(3)) for i in range(2)], -1)

# A function with SciPy's under the same name, and its arguments.
CASES = {
    "normal": (lambda s, x, m, c: s.multivariate_normal.logpdf(x, m, sym(c)), (X, MEAN, COV)),
    "normal density": (lambda s, x, m, c: s.multivariate_normal.pdf(x, mean=m, cov=sym(c)), (X, MEAN, COV)),
    "normal at a point": (lambda s, x, m, c: s.multivariate_normal(m, sym(c)).logpdf(x), (X[0], MEAN, COV)),
    "normal in a batch": (lambda s, x: s.multivariate_normal.logpdf(x, MEAN, COV), (np.stack([X, X + 1]),)),
    "normal with variances": (lambda s, x, v: s.multivariate_normal.logpdf(x, MEAN, v), (X, np.array([0.5, 1.0, 2.0]))),
    "normal with one variance": (lambda s, x, v: s.multivariate_normal.logpdf(x, MEAN, v), (X, 1.7)),
    "normal of one variable": (
        lambda s, x, m, v: s.multivariate_normal.logpdf(x, m, v),
        (np.array([0.1, 2.0]), 0.3, 1.7),
    ),
    "normal at a number": (lambda s, x, v: s.multivariate_normal.logpdf(x, 0.3, v), (0.7, 1.7)),
    "normal without mean": (lambda s, x, c: s.multivariate_normal.logpdf(x, cov=sym(c)), (X, COV)),
    "normal entropy": (lambda s, c: s.multivariate_normal.entropy(MEAN, sym(c)), (COV,)),
    "t": (lambda s, x, m, c, df: s.multivariate_t.logpdf(x, m, sym(c), df), (X, MEAN, COV, 3.5)),
    "t density": (lambda s, x, m: s.multivariate_t.pdf(x, m, COV, df=3), (X, MEAN)),
    "dirichlet": (lambda s, x, a: s.dirichlet.logpdf(closed(x), a), (SIMPLEX, ALPHA)),
    "dirichlet density": (lambda s, a: s.dirichlet.pdf(SIMPLEX[:, 0], a), (ALPHA,)),
    "dirichlet by coordinates": (lambda s, x, a: s.dirichlet.logpdf(x, a), (SIMPLEX[:-1], ALPHA)),
    "dirichlet entropy": (lambda s, a: s.dirichlet.entropy(a), (ALPHA,)),
    "dirichlet mean": (lambda s, a: s.dirichlet.mean(a), (ALPHA,)),
    "dirichlet variance": (lambda s, a: s.dirichlet.var(a), (ALPHA,)),
    "multinomial": (lambda s, p: s.multinomial.logpmf(COUNTS, 6, sums_to_one(p)), (P,)),
    "multinomial mass": (lambda s, p: s.multinomial(6, sums_to_one(p)).pmf(COUNTS[0]), (P,)),
    "wishart": (lambda s, x, df, v: s.wishart.logpdf((x + np.swapaxes(x, 0, 1)) / 2, df, sym(v)), (WISHARTS, 4.5, COV)),
    "wishart of numbers": (lambda s, x, v: s.wishart.logpdf(x, 4.5, v), (np.array([0.7, 1.9]), 1.3)),
    "wishart of diagonals": (lambda s, x, v: s.wishart.logpdf(x, 4.5, v), (np.array([0.7, 1.9]), np.array([1.3, 0.8]))),
    "wishart density": (lambda s, df: s.wishart.pdf(WISHARTS[..., 0], df, COV), (4.5,)),
}


def sym(c):
    return (c + np.swapaxes(c, -1, -2)) / 2


if SCIPY >= (1, 12):  # before, an error in SciPy
    CASES["t of infinite df"] = (lambda s, x, m: s.multivariate_t.logpdf(x, m, COV, df=np.inf), (X, MEAN))


def closed(x):
    return np.concatenate([x[:-1], 1 - np.sum(x[:-1], 0, keepdims=True)])


def sums_to_one(p):
    return np.concatenate([p[:-1], 1 - np.sum(p[:-1], keepdims=True)])


@pytest.mark.parametrize("name", CASES)
def test_values_are_scipys_and_derivatives_agree_with_differences(name):
    function, args = CASES[name]
    np.testing.assert_array_equal(function(stats, *args), function(scipy.stats, *args))
    assert_derivatives(partial(function, stats), *args, order=3)


def test_the_cotangent_of_a_covariance_matrix_is_symmetric():
    of_cov = revdiff.grad(lambda c: stats.multivariate_normal.logpdf(X[0], MEAN, c))(COV)
    np.testing.assert_allclose(of_cov, of_cov.T, rtol=1e-12)


def test_counts_that_do_not_sum_to_n_are_impossible():
    value, pullback = revdiff.vjp(lambda p: stats.multinomial.logpmf([[1, 2, 3], [1, 1, 1]], 6, p), P)
    assert value[1] == -np.inf
    assert pullback(np.array([0.0, 1.0])).tolist() == [0.0, 0.0, 0.0]


def test_scipys_errors_are_raised_with_revdiffs_too():
    for call in (
        lambda s, x: s.multivariate_normal.logpdf(x, MEAN, -COV),
        lambda s, x: s.multivariate_normal.logpdf(x, MEAN[:2], COV),
        lambda s, x: s.dirichlet.logpdf(x, ALPHA),
    ):
        with pytest.raises(ValueError) as plain:  # noqa: PT011 - the message is compared
            call(scipy.stats, X[0])
        with pytest.raises(ValueError) as ours:  # noqa: PT011
            revdiff.grad(lambda x, call=call: call(stats, x))(X[0])
        assert str(plain.value) == str(ours.value)


def test_what_has_no_rule_says_what_has():
    with pytest.raises(
        revdiff.MissingRuleError, match=r"multivariate_normal.cdf. There are rules for logpdf, pdf, entropy"
    ):
        revdiff.grad(lambda x: stats.multivariate_normal.cdf(x, MEAN, COV))(X[0])
    with pytest.raises(revdiff.MissingRuleError, match=r"multivariate_normal with allow_singular=True"):
        revdiff.grad(lambda x: stats.multivariate_normal.logpdf(x, MEAN, COV, allow_singular=True))(X[0])
    with pytest.raises(revdiff.MissingRuleError, match=r"with a CovViaDiagonal as cov. Give the matrix"):
        revdiff.grad(
            lambda x: stats.multivariate_normal.logpdf(x, MEAN, scipy.stats.Covariance.from_diagonal([1.0, 2.0, 3.0]))
        )(X[0])


def test_random_matrices_and_vectors_are_scipys():
    assert stats.multivariate_normal(MEAN, COV).rvs(random_state=0).shape == (3,)
