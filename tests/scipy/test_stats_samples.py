"""Statistics of samples, against SciPy's values and differences of them."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import scipy.stats

import revdiff
from revdiff.scipy import stats
from tests.scipy.battery import assert_derivatives

A = np.random.default_rng(3).uniform(0.5, 2.0, (4, 3))
B = np.random.default_rng(4).uniform(0.5, 2.0, (4, 3))
CASES = {
    "moment": lambda s, a: s.moment(a, 3),
    "moment of order 1": lambda s, a: s.moment(a, 1, axis=1),
    "moments about a center": lambda s, a: s.moment(a, [1, 2], center=0.3),
    "skew": lambda s, a: s.skew(a),
    "skew without bias": lambda s, a: s.skew(a, axis=None, bias=False),
    "kurtosis": lambda s, a: s.kurtosis(a),
    "kurtosis of Pearson": lambda s, a: s.kurtosis(a, axis=None, fisher=False, bias=False),
    "sem": lambda s, a: s.sem(a),
    "sem of all": lambda s, a: s.sem(a, axis=None, ddof=0),
    "variation": lambda s, a: s.variation(a, ddof=1),
    "gmean": lambda s, a: s.gmean(a, axis=1),
    "weighted gmean": lambda s, a: s.gmean(a, weights=B),
    "hmean": lambda s, a: s.hmean(a, keepdims=True),
    "pmean": lambda s, a: s.pmean(a, 3, axis=None),
    "pmean of order 0": lambda s, a: s.pmean(a, 0),
    "zscore": lambda s, a: s.zscore(a, axis=1),
    "zmap": lambda s, a: s.zmap(a, B),
    "zmap by the others": lambda s, a: s.zmap(B, a, ddof=1),
    "gzscore": lambda s, a: s.gzscore(a),
    "gstd": lambda s, a: s.gstd(a, axis=1),
    "entropy": lambda s, a: s.entropy(a),
    "relative entropy": lambda s, a: s.entropy(a, B, base=2, axis=1),
    "relative entropy of the others": lambda s, a: s.entropy(B, a),
    "pearsonr": lambda s, a: s.pearsonr(a[:, 0], a[:, 1])[0],
    "kde": lambda s, a: s.gaussian_kde(a.T)(B.T),
    "kde of points": lambda s, a: s.gaussian_kde(B.T, weights=[0.1, 0.2, 0.3, 0.4]).logpdf(a.T),
    "kde of a factor": lambda s, a: s.gaussian_kde(B.T, a[0, 0])(B.T[:, 0]),
    "kde by Silverman": lambda s, a: s.gaussian_kde(B[:, 0], "silverman").evaluate(a[0]),
    "kde of a method": lambda s, a: s.gaussian_kde(a[:, 0], lambda kde: kde.neff ** (-1 / 3))(B[0]),
    "kde of weights": lambda s, a: s.gaussian_kde(B[:, 0], weights=a[:, 0])(B[0]),
}


@pytest.mark.parametrize("name", CASES)
def test_values_are_scipys_and_all_derivatives_agree_with_differences(name):
    function = partial(CASES[name], stats)
    np.testing.assert_allclose(function(A), CASES[name](scipy.stats, A), rtol=1e-12)
    assert_derivatives(function, A, order=3)


def test_pearsonr_of_plain_numbers_is_scipys_result():
    x, y = A[:, 0], A[:, 1]
    assert stats.pearsonr(x, y) == scipy.stats.pearsonr(x, y)
    r, p = revdiff.vjp(lambda x: stats.pearsonr(x, y), x)[0]
    np.testing.assert_allclose([r, p], [*scipy.stats.pearsonr(x, y)])


def test_an_option_without_a_rule_is_named():
    with pytest.raises(revdiff.MissingRuleError, match=r"scipy.stats.skew with nan_policy='omit'. Without that option"):
        revdiff.grad(lambda a: stats.skew(a, nan_policy="omit").sum())(A)
    with pytest.raises(revdiff.MissingRuleError, match=r"scipy.stats.moment with nan_policy='omit'"):
        revdiff.grad(lambda a: stats.moment(a, 3, nan_policy="omit").sum())(A)


def test_a_kernel_density_of_plain_numbers_is_scipys():
    kde, plain = stats.gaussian_kde(A.T), scipy.stats.gaussian_kde(A.T)
    np.testing.assert_allclose(kde(B.T), plain(B.T), rtol=1e-12)
    np.testing.assert_allclose(kde.covariance, plain.covariance, rtol=1e-12)
    with pytest.raises(ValueError, match="`weights` input should be of length n"):
        stats.gaussian_kde(A.T, weights=[1.0, 2.0])
