"""Distributions of vectors and matrices.

Imports rules of linear algebra and special functions. SciPy checks the arguments. The formulas use Σ⁻¹ and det Σ, so the
cotangent of a covariance matrix is the symmetric one, which takes its elements for independent.

>>> from revdiff import grad
>>> grad(multivariate_normal.logpdf)(np.array([1.0, 2.0]), mean=np.zeros(2), cov=np.eye(2))
array([-1., -2.])
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import stats

from revdiff.arrays.numpy_protocol import plain
from revdiff.core.revdiff import primal, shape_of
from revdiff.rules.shape import gather
from revdiff.scipy._namesakes import refuse
from revdiff.scipy.special import gammaln, multigammaln, psi, xlogy
from revdiff.scipy.stats.beside import Distribution, Formula
from revdiff.scipy.stats.distributions import choose


def multivariate(name: str, **formulas: Formula) -> Distribution:
    """Make a distribution over vectors or matrices from its methods that have formulas."""
    scipys = getattr(stats, name)

    def checked(method: str) -> Formula:
        def of_arguments(*args: Any, **kwargs: Any) -> Any:
            value = getattr(scipys, method)(
                *map(plain, args), **{key: plain(x) for key, x in kwargs.items()}
            )  # SciPy's errors
            result = formulas[method](*args, **kwargs)
            if np.shape(value) == shape_of(result):
                return result
            return np.reshape(result, np.shape(value)) if np.ndim(value) else np.ravel(result)[0]

        return of_arguments

    return Distribution(name, {method: checked(method) for method in formulas})


def _log_det(a: Any) -> Any:
    return np.linalg.slogdet(a)[1]


def _square_of(x: Any, cov: Any) -> Any:
    """Return xᵀ Σ⁻¹ x for each vector x."""
    vectors = np.reshape(x, (-1, x.shape[-1]))
    squares = (vectors * np.linalg.solve(cov, vectors.T).T).sum(-1)
    return np.reshape(squares, x.shape[:-1])


def _parameters(mean: Any, cov: Any) -> tuple[Any, Any]:
    """Return mean and covariances as a vector and a matrix, for a number or None too."""
    mean, cov = gather(mean), gather(cov)
    if not isinstance(primal(cov), np.ndarray | np.generic | float | int | None):
        hint = "Give the matrix of covariances."
        refuse(f"scipy.stats.multivariate_normal with a {type(primal(cov)).__name__} as cov", hint)
    dim = max(np.size(primal(mean)), shape_of(cov)[0] if np.ndim(primal(cov)) else 1)  # None is of size 1
    mean = np.zeros(dim) if mean is None else np.reshape(mean, -1)
    cov = 1.0 if cov is None else cov
    if np.ndim(primal(cov)) < 2:
        cov = cov * np.eye(dim)
    return mean, cov


def _points(x: Any, dim: int) -> Any:
    """Return x as vectors along the last axis; of one variable, each number is one."""
    x = gather(x)
    if np.ndim(primal(x)) == 0:
        return np.reshape(x, (1, 1))
    return x[..., None] if np.ndim(primal(x)) == 1 and dim == 1 else x


def _normal_logpdf(x: Any, mean: Any = None, cov: Any = 1, allow_singular: bool = False) -> Any:
    """Return -½ (d ln 2π + ln det Σ + (x - μ)ᵀ Σ⁻¹ (x - μ))."""
    if allow_singular:
        refuse("scipy.stats.multivariate_normal with allow_singular=True")
    mean, cov = _parameters(mean, cov)
    deviation = _points(x, mean.size) - mean
    return -0.5 * (mean.size * math.log(2 * math.pi) + _log_det(cov) + _square_of(deviation, cov))


def _normal_entropy(mean: Any = None, cov: Any = 1) -> Any:
    mean, cov = _parameters(mean, cov)
    return 0.5 * (mean.size * (math.log(2 * math.pi) + 1) + _log_det(cov))


def _t_logpdf(x: Any, loc: Any = None, shape: Any = 1, df: Any = 1) -> Any:
    """Return ln Γ((ν + d)/2) - ln Γ(ν/2) - ½ (d ln νπ + ln det Σ) - (ν + d)/2 ln(1 + (x - μ)ᵀ Σ⁻¹ (x - μ)/ν)."""
    loc, shape = _parameters(loc, shape)
    df = gather(df)
    if np.isinf(primal(df)):
        return _normal_logpdf(x, loc, shape)
    dim = loc.size
    square = _square_of(_points(x, dim) - loc, shape)
    constant = gammaln((df + dim) / 2) - gammaln(df / 2) - (dim * np.log(df * math.pi) + _log_det(shape)) / 2
    return constant - (df + dim) / 2 * np.log1p(square / df)


def _dirichlet_logpdf(x: Any, alpha: Any) -> Any:
    """Return Σ (αᵢ - 1) ln xᵢ - Σ ln Γ(αᵢ) + ln Γ(Σα). Without its last coordinate, x is completed to the sum 1."""
    x, alpha = gather(x), gather(alpha)
    if x.shape[0] == alpha.size - 1:
        x = np.concatenate([x, 1 - x.sum(0, keepdims=True)])
    powers = np.reshape(alpha, (-1, *(1,) * (x.ndim - 1))) - 1
    return xlogy(powers, x).sum(0) - _log_beta(alpha)


def _log_beta(alpha: Any) -> Any:
    return gammaln(alpha).sum() - gammaln(alpha.sum())


def _dirichlet_entropy(alpha: Any) -> Any:
    alpha = gather(alpha)
    total = alpha.sum()
    return _log_beta(alpha) + (total - alpha.size) * psi(total) - ((alpha - 1) * psi(alpha)).sum()


def _dirichlet_mean(alpha: Any) -> Any:
    alpha = gather(alpha)
    return alpha / alpha.sum()


def _dirichlet_var(alpha: Any) -> Any:
    alpha = gather(alpha)
    total = alpha.sum()
    return alpha * (total - alpha) / (total * total * (total + 1))


def _multinomial_logpmf(x: Any, n: Any, p: Any) -> Any:
    """Return ln n! + Σ (xᵢ ln pᵢ - ln xᵢ!). As in SciPy the last probability is 1 minus the others. x and n are constant."""
    x, n, p = np.asarray(plain(x)), np.asarray(plain(n)), gather(p)
    p = np.concatenate([p[..., :-1], 1 - p[..., :-1].sum(-1, keepdims=True)], -1)
    possible = np.all((x >= 0) & (x == np.floor(x)), -1) & (x.sum(-1) == n)
    counts = np.where(x >= 0, x, 0)
    log_mass = gammaln(n + 1) + (xlogy(counts, p) - gammaln(counts + 1)).sum(-1)
    return choose(possible, log_mass, -np.inf)


def _wishart_logpdf(x: Any, df: Any, scale: Any) -> Any:
    """Return (ν - d - 1)/2 ln det X - ½ tr V⁻¹X - νd/2 ln 2 - ν/2 ln det V - ln Γ_d(ν/2), for matrices along the last axis."""
    x, df, scale = gather(x), gather(df), gather(scale)
    if np.ndim(primal(scale)) < 2:
        scale = np.diag(np.reshape(scale, -1))
    dim = scale.shape[0]
    if np.ndim(primal(x)) < 2:
        x = np.reshape(x, (1, 1, -1)) if dim == 1 else np.diag(x)
    matrices = np.moveaxis(np.reshape(x, (dim, dim, -1)), -1, 0)
    traces = np.trace(np.linalg.solve(scale, matrices), axis1=-2, axis2=-1)
    constant = df * dim / 2 * math.log(2) + df / 2 * _log_det(scale) + multigammaln(df / 2, dim)
    return (df - dim - 1) / 2 * _log_det(matrices) - traces / 2 - constant


def _exponential(log: Formula) -> Formula:
    return lambda *args, **kwargs: np.exp(log(*args, **kwargs))


multivariate_normal = multivariate(
    "multivariate_normal", logpdf=_normal_logpdf, pdf=_exponential(_normal_logpdf), entropy=_normal_entropy
)
multivariate_t = multivariate("multivariate_t", logpdf=_t_logpdf, pdf=_exponential(_t_logpdf))
dirichlet = multivariate(
    "dirichlet",
    logpdf=_dirichlet_logpdf,
    pdf=_exponential(_dirichlet_logpdf),
    entropy=_dirichlet_entropy,
    mean=_dirichlet_mean,
    var=_dirichlet_var,
)
multinomial = multivariate("multinomial", logpmf=_multinomial_logpmf, pmf=_exponential(_multinomial_logpmf))
wishart = multivariate("wishart", logpdf=_wishart_logpdf, pdf=_exponential(_wishart_logpdf))
