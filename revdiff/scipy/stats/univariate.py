"""The distributions of one variable, a row each.

Imports the mechanism of distributions and special functions. A formula is that of the standardised variable z, with the
shapes by SciPy's names; those of the continuous ones are followed by those of whole numbers.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from revdiff.core.revdiff import primal
from revdiff.rules.selection import where
from revdiff.scipy.special import betaln, cosm1, entr, gammaln, i0e, i1e, log_ndtr, psi, xlog1py, xlogy
from revdiff.scipy.stats.beside import Distribution
from revdiff.scipy.stats.distributions import choose, continuous, discrete

EULER = 0.5772156649015329
LOG_2 = math.log(2)
LOG_ROOT_2PI = math.log(2 * math.pi) / 2


def _log_phi(z: Any) -> Any:
    return -z * z / 2 - LOG_ROOT_2PI


def _away_from_0(z: Any, log_density: Any) -> Any:
    """Return ln f, and -inf at 0, where terms of the formula are infinite with both signs."""
    return choose(primal(z) != 0, log_density, -np.inf)


norm = continuous("norm", _log_phi, mean=0.0, var=1.0, entropy=0.5 + LOG_ROOT_2PI)
halfnorm = continuous(
    "halfnorm",
    lambda z: LOG_2 + _log_phi(z),
    mean=math.sqrt(2 / math.pi),
    var=1 - 2 / math.pi,
    entropy=math.log(math.pi / 2) / 2 + 0.5,
)
lognorm = continuous(
    "lognorm",
    lambda z, s: _away_from_0(z, _log_phi(np.log(z) / s) - np.log(s) - np.log(z)),
    mean=lambda s: np.exp(s * s / 2),
    var=lambda s: np.expm1(s * s) * np.exp(s * s),
    entropy=lambda s: 0.5 + LOG_ROOT_2PI + np.log(s),
    cdf={"s": lambda z, s: choose(primal(z) != 0, -np.exp(_log_phi(np.log(z) / s)) * np.log(z) / (s * s), 0.0)},
)


def _skew_mean(a: Any) -> Any:
    return math.sqrt(2 / math.pi) * a / np.sqrt(1 + a * a)


skewnorm = continuous(
    "skewnorm",
    lambda z, a: LOG_2 + _log_phi(z) + log_ndtr(a * z),
    mean=_skew_mean,
    var=lambda a: 1 - _skew_mean(a) ** 2,
    cdf={"a": lambda z, a: -np.exp(-z * z * (1 + a * a) / 2) / (math.pi * (1 + a * a))},
)


def _log_mass(a: Any, b: Any) -> Any:
    """Return ln(Φ(b) - Φ(a)), on the left half of the line, where no digits are lost."""
    right = primal(a) > 0
    low, high = where(right, -b, a), where(right, -a, b)
    top = log_ndtr(high)
    return top + np.log1p(-np.exp(log_ndtr(low) - top))


def _phi_over_mass(x: Any, a: Any, b: Any) -> Any:
    return np.exp(_log_phi(x) - _log_mass(a, b))


def _times_end(x: Any, density: Any) -> Any:
    """Return x f(x) at an end of the interval, which is 0 at infinity."""
    return choose(np.isfinite(primal(x)), x * density, 0.0)


def _truncated_mean(a: Any, b: Any) -> Any:
    return _phi_over_mass(a, a, b) - _phi_over_mass(b, a, b)


def _truncated_excess(a: Any, b: Any) -> Any:
    return _times_end(a, _phi_over_mass(a, a, b)) - _times_end(b, _phi_over_mass(b, a, b))


truncnorm: Distribution = continuous(
    "truncnorm",
    lambda z, a, b: _log_phi(z) - _log_mass(a, b),
    mean=_truncated_mean,
    var=lambda a, b: 1 + _truncated_excess(a, b) - _truncated_mean(a, b) ** 2,
    entropy=lambda a, b: 0.5 + LOG_ROOT_2PI + _log_mass(a, b) + _truncated_excess(a, b) / 2,
    cdf={
        "a": lambda z, a, b: -_phi_over_mass(a, a, b) * truncnorm.sf(z, a, b),
        "b": lambda z, a, b: -_phi_over_mass(b, a, b) * truncnorm.cdf(z, a, b),
    },
)
t = continuous(
    "t",
    lambda z, df: -betaln(df / 2, 0.5) - np.log(df) / 2 - (df + 1) / 2 * np.log1p(z * z / df),
    mean=lambda df: choose(primal(df) > 1, 0.0 * df, np.inf),
    var=lambda df: choose(primal(df) > 2, df / (df - 2), np.where(primal(df) > 1, np.inf, np.nan)),
    entropy=lambda df: (df + 1) / 2 * (psi((df + 1) / 2) - psi(df / 2)) + np.log(df) / 2 + betaln(df / 2, 0.5),
)
cauchy = continuous("cauchy", lambda z: -math.log(math.pi) - np.log1p(z * z), entropy=math.log(4 * math.pi))


def _gamma_entropy(a: Any) -> Any:
    return a + gammaln(a) + (1 - a) * psi(a)


gamma = continuous(
    "gamma", lambda z, a: xlogy(a - 1, z) - z - gammaln(a), mean=lambda a: a, var=lambda a: a, entropy=_gamma_entropy
)
chi2 = continuous(
    "chi2",
    lambda z, df: xlogy(df / 2 - 1, z) - z / 2 - gammaln(df / 2) - df / 2 * LOG_2,
    mean=lambda df: df,
    var=lambda df: 2 * df,
    entropy=lambda df: _gamma_entropy(df / 2) + LOG_2,
)
invgamma = continuous(
    "invgamma",
    lambda z, a: _away_from_0(z, -(a + 1) * np.log(z) - gammaln(a) - 1 / z),
    mean=lambda a: choose(primal(a) > 1, 1 / (a - 1), np.inf),
    var=lambda a: choose(primal(a) > 2, 1 / ((a - 1) ** 2 * (a - 2)), np.inf),
    entropy=lambda a: a + gammaln(a) - (a + 1) * psi(a),
)
expon = continuous("expon", lambda z: -z, mean=1.0, var=1.0, entropy=1.0)
beta = continuous(
    "beta",
    lambda z, a, b: xlogy(a - 1, z) + xlog1py(b - 1, -z) - betaln(a, b),
    mean=lambda a, b: a / (a + b),
    var=lambda a, b: a * b / ((a + b) ** 2 * (a + b + 1)),
    entropy=lambda a, b: betaln(a, b) - (a - 1) * psi(a) - (b - 1) * psi(b) + (a + b - 2) * psi(a + b),
)
f = continuous(
    "f",
    lambda z, dfn, dfd: (
        dfn / 2 * np.log(dfn)
        + dfd / 2 * np.log(dfd)
        + xlogy(dfn / 2 - 1, z)
        - (dfn + dfd) / 2 * np.log(dfd + dfn * z)
        - betaln(dfn / 2, dfd / 2)
    ),
    mean=lambda dfn, dfd: choose(primal(dfd + 0 * dfn) > 2, dfd / (dfd - 2), np.inf),
    var=lambda dfn, dfd: choose(
        primal(dfd + 0 * dfn) > 4, 2 * dfd**2 * (dfn + dfd - 2) / (dfn * (dfd - 2) ** 2 * (dfd - 4)), np.inf
    ),
    entropy=lambda dfn, dfd: (
        np.log(dfd)
        - np.log(dfn)
        + betaln(dfn / 2, dfd / 2)
        + (1 - dfn / 2) * psi(dfn / 2)
        - (1 + dfd / 2) * psi(dfd / 2)
        + (dfn + dfd) / 2 * psi((dfn + dfd) / 2)
    ),
)
uniform = continuous("uniform", lambda z: 0.0 * z, mean=0.5, var=1 / 12, entropy=0.0)
laplace = continuous("laplace", lambda z: -abs(z) - LOG_2, mean=0.0, var=2.0, entropy=LOG_2 + 1)
logistic = continuous("logistic", lambda z: z - 2 * np.logaddexp(z, 0.0), mean=0.0, var=math.pi**2 / 3, entropy=2.0)
weibull_min = continuous(
    "weibull_min",
    lambda z, c: np.log(c) + xlogy(c - 1, z) - z**c,
    mean=lambda c: np.exp(gammaln(1 + 1 / c)),
    var=lambda c: np.exp(gammaln(1 + 2 / c)) - np.exp(2 * gammaln(1 + 1 / c)),
    entropy=lambda c: EULER + 1 - EULER / c - np.log(c),
    cdf={"c": lambda z, c: np.exp(-(z**c)) * xlogy(z**c, z)},
)
rayleigh = continuous(
    "rayleigh",
    lambda z: np.log(z) - z * z / 2,
    mean=math.sqrt(math.pi / 2),
    var=2 - math.pi / 2,
    entropy=EULER / 2 + 1 - LOG_2 / 2,
)
pareto = continuous(
    "pareto",
    lambda z, b: np.log(b) - (b + 1) * np.log(z),
    mean=lambda b: choose(primal(b) > 1, b / (b - 1), np.inf),
    var=lambda b: choose(primal(b) > 2, b / ((b - 2) * (b - 1) ** 2), np.inf),
    entropy=lambda b: 1 + 1 / b - np.log(b),
    cdf={"b": lambda z, b: z**-b * np.log(z)},
)
gumbel_r = continuous("gumbel_r", lambda z: -z - np.exp(-z), mean=EULER, var=math.pi**2 / 6, entropy=EULER + 1)
gumbel_l = continuous("gumbel_l", lambda z: z - np.exp(z), mean=-EULER, var=math.pi**2 / 6, entropy=EULER + 1)
vonmises = continuous(
    "vonmises",
    lambda z, kappa: kappa * cosm1(z) - math.log(2 * math.pi) - np.log(i0e(kappa)),
    entropy=lambda kappa: math.log(2 * math.pi) + np.log(i0e(kappa)) + kappa * (1 - i1e(kappa) / i0e(kappa)),
)


def _choices(n: Any, k: Any) -> Any:
    """Return ln of the number of ways to choose k of n."""
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)


poisson = discrete(
    "poisson",
    lambda k, mu: xlogy(k, mu) - gammaln(k + 1) - mu,
    mean=lambda mu: mu,
    var=lambda mu: mu,
    cdf={"mu": lambda k, mu: -np.exp(xlogy(k, mu) - gammaln(k + 1) - mu)},
)
binom = discrete(
    "binom",
    lambda k, n, p: _choices(n, k) + xlogy(k, p) + xlog1py(n - k, -p),
    whole=frozenset({"n"}),
    mean=lambda n, p: n * p,
    var=lambda n, p: n * p * (1 - p),
    cdf={"p": lambda k, n, p: -(n - k) * np.exp(_choices(n, k) + xlogy(k, p) + xlog1py(n - k - 1, -p))},
)
bernoulli = discrete(
    "bernoulli",
    lambda k, p: xlogy(k, p) + xlog1py(1 - k, -p),
    mean=lambda p: p,
    var=lambda p: p * (1 - p),
    entropy=lambda p: entr(p) + entr(1 - p),
    cdf={"p": lambda k, p: 0.0 * p - 1.0},
)
nbinom = discrete(
    "nbinom",
    lambda k, n, p: gammaln(n + k) - gammaln(k + 1) - gammaln(n) + n * np.log(p) + xlog1py(k, -p),
    mean=lambda n, p: n * (1 - p) / p,
    var=lambda n, p: n * (1 - p) / (p * p),
    cdf={"p": lambda k, n, p: np.exp(xlogy(n - 1, p) + xlog1py(k, -p) - betaln(n, k + 1))},
)
geom = discrete(
    "geom",
    lambda k, p: np.log(p) + xlog1py(k - 1, -p),
    mean=lambda p: 1 / p,
    var=lambda p: (1 - p) / (p * p),
    entropy=lambda p: -np.log(p) - np.log1p(-p) * (1 - p) / p,
    cdf={"p": lambda k, p: k * np.exp(xlog1py(k - 1, -p))},
)
