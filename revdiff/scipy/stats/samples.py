"""What is computed from samples: moments, means, scores, correlation, entropy, and density estimates.

Imports rules of arrays and SciPy's names. All are written with functions that have rules. Samples with NaN in them have no
derivative under a ``nan_policy`` other than "propagate".
"""

from __future__ import annotations

import math
from typing import Any, final

import numpy as np
from scipy import stats

from revdiff.arrays.numpy_protocol import holds_revdiff, plain
from revdiff.core.revdiff import primal, shape_of
from revdiff.rules.selection import where
from revdiff.rules.shape import gather
from revdiff.rules.statistics import average
from revdiff.scipy._namesakes import namesake, refuse
from revdiff.scipy.special import entr, logsumexp, rel_entr

Axis = int | None


def moment(
    a: Any, order: Any = 1, axis: Axis = 0, nan_policy: str = "propagate", *, center: Any = None, keepdims: bool = False
) -> Any:
    """Return the central moment of an order, mean (a - μ)ᵏ; or about ``center``. Of several orders, along a new first axis."""
    if not holds_revdiff((a, center)):
        about: dict[str, Any] = {} if center is None else {"center": center}  # since SciPy 1.13
        return stats.moment(a, order, axis, nan_policy, keepdims=keepdims, **about)
    if nan_policy != "propagate":
        refuse(f"scipy.stats.moment with nan_policy={nan_policy!r}")
    if np.ndim(order):
        return np.stack([moment(a, k, axis, center=center, keepdims=keepdims) for k in np.asarray(order).tolist()])
    a = gather(a)
    if order == 1 and center is None:
        return 0.0 * np.mean(a, axis=axis, keepdims=keepdims)
    d = a - (np.mean(a, axis=axis, keepdims=True) if center is None else center)
    return np.mean(d**order, axis=axis, keepdims=keepdims)


def _standardised(a: Any, order: int, axis: Axis, keepdims: bool) -> tuple[Any, Any]:
    """Return the mean of ((a - μ)/σ)ᵏ, and how many numbers it is of."""
    d = a - np.mean(a, axis=axis, keepdims=True)
    variance = np.mean(d * d, axis=axis, keepdims=keepdims)
    return np.mean(d**order, axis=axis, keepdims=keepdims) / variance ** (order / 2), _count(a, axis)


def _count(a: Any, axis: Axis) -> int:
    return math.prod(shape_of(a)) if axis is None else shape_of(a)[axis]


@namesake(stats.skew)
def skew(a: Any, /, axis: Axis = 0, bias: bool = True, *, keepdims: bool = False) -> Any:
    """Return the skewness, mean (a - μ)³ / σ³; without bias, times √(n (n - 1))/(n - 2)."""
    g, n = _standardised(a, 3, axis, keepdims)
    return g if bias or n < 3 else g * (math.sqrt(n * (n - 1)) / (n - 2))


@namesake(stats.kurtosis)
def kurtosis(a: Any, /, axis: Axis = 0, fisher: bool = True, bias: bool = True, *, keepdims: bool = False) -> Any:
    """Return the kurtosis, mean (a - μ)⁴ / σ⁴, minus 3 as Fisher defines it."""
    g, n = _standardised(a, 4, axis, keepdims)
    if not bias and n > 3:
        g = ((n * n - 1) * g - 3 * (n - 1) ** 2) / ((n - 2) * (n - 3)) + 3
    return g - 3.0 if fisher else g


@namesake(stats.sem)
def sem(a: Any, /, axis: Axis = 0, ddof: int = 1, *, keepdims: bool = False) -> Any:
    """Return the standard error of the mean, s/√n."""
    return np.std(a, axis=axis, ddof=ddof, keepdims=keepdims) / math.sqrt(_count(a, axis))


@namesake(stats.variation)
def variation(a: Any, /, axis: Axis = 0, ddof: int = 0, *, keepdims: bool = False) -> Any:
    """Return the coefficient of variation, σ/μ."""
    return np.std(a, axis=axis, ddof=ddof, keepdims=keepdims) / np.mean(a, axis=axis, keepdims=keepdims)


@namesake(stats.gmean)
def gmean(a: Any, weights: Any, /, axis: Axis = 0, *, keepdims: bool = False) -> Any:
    """Return the geometric mean, exp of the mean of ln a."""
    return np.exp(average(np.log(a), axis, weights, keepdims=keepdims))


@namesake(stats.hmean)
def hmean(a: Any, weights: Any, /, axis: Axis = 0, *, keepdims: bool = False) -> Any:
    """Return the harmonic mean, 1 / mean of 1/a."""
    return 1.0 / average(1.0 / a, axis, weights, keepdims=keepdims)


@namesake(stats.pmean)
def pmean(a: Any, weights: Any, /, p: float = 1, axis: Axis = 0, *, keepdims: bool = False) -> Any:
    """Return the power mean, (mean of aᵖ)^(1/p); for p = 0 the geometric mean. p is constant."""
    if p == 0:
        return gmean(a, axis, weights=weights, keepdims=keepdims)
    return average(a ** float(p), axis, weights, keepdims=keepdims) ** (1.0 / p)


@namesake(stats.zscore)
def zscore(a: Any, /, axis: Axis = 0, ddof: int = 0) -> Any:
    """Return (a - μ)/σ."""
    return zmap(a, a, axis, ddof)


@namesake(stats.zmap)
def zmap(scores: Any, compare: Any, /, axis: Axis = 0, ddof: int = 0) -> Any:
    """Return (scores - μ)/σ, where μ and σ are those of ``compare``."""
    mean = np.mean(compare, axis=axis, keepdims=True)
    return (scores - mean) / np.std(compare, axis=axis, ddof=ddof, keepdims=True)


@namesake(stats.gzscore)
def gzscore(a: Any, /, axis: Axis = 0, ddof: int = 0) -> Any:
    """Return the z-scores of ln a."""
    return zscore(np.log(a), axis=axis, ddof=ddof)


@namesake(stats.gstd)
def gstd(a: Any, /, axis: Axis = 0, ddof: int = 1) -> Any:
    """Return the geometric standard deviation, exp of that of ln a."""
    return np.exp(np.std(np.log(a), axis=axis, ddof=ddof))


@namesake(stats.entropy)
def entropy(pk: Any, qk: Any, /, base: float | None = None, axis: Axis = 0, *, keepdims: bool = False) -> Any:
    """Return -Σ p ln p of normalised p, or Σ p ln(p/q), in units of ``base``.

    >>> from revdiff import grad
    >>> import numpy as np
    >>> grad(entropy)(np.array([1.0, 1.0, 2.0])).round(4)
    array([ 0.0866,  0.0866, -0.0866])
    """
    p = pk / np.sum(pk, axis=axis, keepdims=True)
    if qk is None:
        total = np.sum(entr(p), axis=axis, keepdims=keepdims)
    else:
        total = np.sum(rel_entr(p, qk / np.sum(qk, axis=axis, keepdims=True)), axis=axis, keepdims=keepdims)
    return total if base is None else total / math.log(base)


def pearsonr(x: Any, y: Any, **options: Any) -> Any:
    """Return SciPy's result, of which the ``statistic``, the correlation of x and y, has derivatives.

    The p-value is constant, and the result is a pair of both where one of x and y is a RevDiff.

    >>> from revdiff import grad
    >>> import numpy as np
    >>> grad(lambda x: pearsonr(x, np.array([1.0, 2.0, 4.0]))[0])(np.array([1.0, 2.0, 3.0])).round(4)
    array([ 0.0546, -0.1091,  0.0546])
    """
    result = stats.pearsonr(plain(gather(x)), plain(gather(y)), **options)
    if not holds_revdiff((x, y)):
        return result
    axis = options.get("axis", 0)
    x, y = (gather(v) - np.mean(gather(v), axis=axis, keepdims=True) for v in (x, y))
    r = np.sum(x * y, axis=axis) / np.sqrt(np.sum(x * x, axis=axis) * np.sum(y * y, axis=axis))
    return r, result.pvalue


@final
class gaussian_kde:  # noqa: N801 - SciPy's name
    """An estimate of a density by a sum of Gaussians, one at each point, as `scipy.stats.gaussian_kde`.

        f(x) = Σ wᵢ N(x; xᵢ, h² C)

    C is the covariance of the data and h the factor of ``bw_method``. It has derivatives by the points x, by the data and
    by the weights.

    >>> from revdiff import grad
    >>> import numpy as np
    >>> kde = gaussian_kde(np.array([-1.0, 1.0]))
    >>> grad(lambda x: kde(x)[0])(np.array([0.0]))
    array([0.])
    """

    def __init__(self, dataset: Any, bw_method: Any = None, weights: Any = None) -> None:
        self.dataset = np.atleast_2d(gather(dataset))
        count = self.dataset.shape[1]
        self.weights = np.full(count, 1.0 / count) if weights is None else gather(weights) / np.sum(gather(weights))
        if callable(bw_method):
            self.factor = bw_method(self)
        elif bw_method in (None, "scott"):
            self.factor = self.neff ** (-1.0 / (self.dataset.shape[0] + 4))
        elif bw_method == "silverman":
            self.factor = (self.neff * (self.dataset.shape[0] + 2.0) / 4.0) ** (-1.0 / (self.dataset.shape[0] + 4))
        else:
            self.factor = gather(bw_method)
        stats.gaussian_kde(plain(self.dataset), primal(self.factor), plain(self.weights))  # SciPy's errors
        centred = self.dataset - np.sum(self.dataset * self.weights, axis=1, keepdims=True)
        unbiased = 1 - np.sum(self.weights**2)
        self.covariance = (centred * self.weights) @ centred.T / unbiased * self.factor**2

    @property
    def neff(self) -> Any:
        """The number of points that count, 1/Σw²."""
        return 1.0 / np.sum(self.weights**2)

    def logpdf(self, x: Any) -> Any:
        """Return ln f at each of the points, the columns of x."""
        points = np.atleast_2d(gather(x))
        dim, count = self.dataset.shape
        if points.shape[0] != dim and points.shape[0] == 1 and points.shape[1] == dim:
            points = np.reshape(points, (dim, 1))
        differences = points[:, :, None] - self.dataset[:, None, :]
        flat = np.reshape(differences, (dim, -1))
        squares = np.reshape(np.sum(flat * np.linalg.solve(self.covariance, flat), axis=0), (-1, count))
        log_norm = (dim * math.log(2 * math.pi) + np.linalg.slogdet(self.covariance)[1]) / 2
        positive = np.asarray(primal(self.weights) > 0)
        log_weights = where(positive, np.log(where(positive, self.weights, 1.0)), -np.inf)
        return logsumexp(log_weights - squares / 2, axis=1) - log_norm

    def evaluate(self, points: Any) -> Any:
        """Return f at each of the points, the columns of ``points``."""
        return np.exp(self.logpdf(points))

    __call__ = pdf = evaluate
