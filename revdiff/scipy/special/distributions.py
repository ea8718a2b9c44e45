"""Distribution functions and their inverses, under the names of the Cephes library and of CDFLIB.

Imports the maker of elementwise rules, and other special functions. The derivative of a distribution function by its
argument is the density; by a parameter there often is none that has a formula. An inverse has the reciprocal one.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from revdiff.core.revdiff import primal
from revdiff.rules.selection import where
from revdiff.scipy.special.bessel import ive
from revdiff.scipy.special.densities import beta_density, f_density, gamma_density, normal_density, student_density
from revdiff.scipy.special.elementwise import Slope, declined, elementwise, inverse, slope_of
from revdiff.scipy.special.error_functions import ndtri
from revdiff.scipy.special.hypergeometric import hyp0f1, hyp1f1, hyperu
from revdiff.scipy.special.logarithms import box_slope


# Counts. In k, SciPy rounds down; n is a whole number.
def _binomial(k: Any, n: Any, p: Any, *_: Any) -> Any:
    """Return ∂/∂p of the binomial distribution function I₁₋ₚ(n - k, k + 1), which is 1 at k = n."""
    k = np.floor(primal(k))
    last = k >= n
    return where(last, 0.0, -beta_density(where(last, 1, n - k), where(last, 1, k + 1), 1 - p, p))


def _negative_binomial(k: Any, n: Any, p: Any, *_: Any) -> Any:
    """Return ∂/∂p of the negative binomial distribution function Iₚ(n, k + 1)."""
    return beta_density(n, np.floor(primal(k)) + 1, p, 1 - p)


bdtr = elementwise("bdtr", k=0, n=None, p=_binomial)
bdtrc = elementwise("bdtrc", k=0, n=None, p=lambda k, n, p, y: -_binomial(k, n, p))
bdtri = elementwise("bdtri", k=0, n=None, y=lambda k, n, y, p: 1 / _binomial(k, n, p))
nbdtr = elementwise("nbdtr", k=0, n=None, p=_negative_binomial)
nbdtrc = elementwise("nbdtrc", k=0, n=None, p=lambda k, n, p, y: -_negative_binomial(k, n, p))
nbdtri = elementwise("nbdtri", k=0, n=None, y=lambda k, n, y, p: 1 / _negative_binomial(k, n, p))
pdtr = elementwise("pdtr", k=0, m=lambda k, m, y: -gamma_density(np.floor(k) + 1, m))
pdtrc = elementwise("pdtrc", k=0, m=lambda k, m, y: gamma_density(np.floor(k) + 1, m))
pdtri = elementwise("pdtri", k=0, y=lambda k, y, m: -1 / gamma_density(np.floor(k) + 1, m))


# Continuous distributions of one argument.
def _chi_square(v: Any, x: Any, *_: Any) -> Any:
    return gamma_density(v / 2, x / 2) / 2


chdtr = elementwise("chdtr", v=None, x=_chi_square)
chdtrc = elementwise("chdtrc", v=None, x=lambda v, x, y: -_chi_square(v, x))
chdtri = elementwise("chdtri", v=None, p=lambda v, p, x: -1 / _chi_square(v, x))
fdtr = elementwise("fdtr", dfn=None, dfd=None, x=lambda dfn, dfd, x, y: f_density(dfn, dfd, x))
fdtrc = elementwise("fdtrc", dfn=None, dfd=None, x=lambda dfn, dfd, x, y: -f_density(dfn, dfd, x))
fdtri = elementwise("fdtri", dfn=None, dfd=None, p=lambda dfn, dfd, p, x: 1 / f_density(dfn, dfd, x))
stdtr = elementwise("stdtr", df=None, t=lambda df, t, y: student_density(df, t))
stdtrit = elementwise("stdtrit", df=None, p=lambda df, p, t: 1 / student_density(df, t))
gdtr = elementwise(
    "gdtr", a=lambda a, b, x, y: x * gamma_density(b, a * x), b=None, x=lambda a, b, x, y: a * gamma_density(b, a * x)
)
gdtrc = elementwise(
    "gdtrc",
    a=lambda a, b, x, y: -x * gamma_density(b, a * x),
    b=None,
    x=lambda a, b, x, y: -a * gamma_density(b, a * x),
)
gdtria = elementwise(
    "gdtria", p=lambda p, b, x, a: 1 / (x * gamma_density(b, a * x)), b=None, x=lambda p, b, x, a: -a / x
)
gdtrix = elementwise(
    "gdtrix", a=lambda a, b, p, x: -x / a, b=None, p=lambda a, b, p, x: 1 / (a * gamma_density(b, a * x))
)
nrdtrimn = elementwise(
    "nrdtrimn",
    p=lambda p, std, x, y: -std / normal_density(ndtri(p)),
    std=lambda p, std, x, y: -ndtri(p),
    x=lambda p, std, x, y: 1 + 0 * x,
)
nrdtrisd = elementwise(
    "nrdtrisd",
    mn=lambda mn, p, x, y: -1 / ndtri(p),
    p=lambda mn, p, x, y: -y / (ndtri(p) * normal_density(ndtri(p))),
    x=lambda mn, p, x, y: 1 / ndtri(p),
)


# Noncentral distributions, mixtures of central ones with Poisson weights.
def _noncentral_chi_square(x: Any, df: Any, nc: Any, *_: Any) -> Any:
    """Return the density e^(-λ/2) ₀F₁(; k/2; λx/4) times the central one; of large λx with Bessel's I, which does not overflow."""
    large = primal(nc * x) > 400
    u, root = where(large, x / where(large, nc, 1), 1), np.sqrt(where(large, nc * x, 1))
    by_bessel = np.exp(root - (x + nc) / 2) * u ** (df / 4 - 0.5) * ive(df / 2 - 1, root) / 2
    by_series = np.exp(-nc / 2) * hyp0f1(df / 2, where(large, 0, nc * x) / 4) * _chi_square(df, where(large, 1, x))
    return where(large, by_bessel, by_series)


def _chi_square_in_nc(x: Any, df: Any, nc: Any, *_: Any) -> Any:
    """Return ∂/∂λ of the distribution function, minus the density with two more degrees of freedom."""
    return -_noncentral_chi_square(x, df + 2, nc)


_CHI_SQUARE: dict[str, Slope] = {"x": _noncentral_chi_square, "df": None, "nc": _chi_square_in_nc}
chndtr = elementwise("chndtr", **_CHI_SQUARE)
chndtrix = inverse("chndtrix", "x", **_CHI_SQUARE)
chndtrinc = inverse("chndtrinc", "nc", **_CHI_SQUARE)


def _noncentral_f(dfn: Any, dfd: Any, nc: Any, f: Any, *_: Any) -> Any:
    """Return the density e^(-λ/2) ₁F₁((n + d)/2; n/2; λw/2), w = n f/(d + n f), times the central one."""
    w = dfn * f / (dfd + dfn * f)
    return np.exp(-nc / 2) * hyp1f1((dfn + dfd) / 2, dfn / 2, nc * w / 2) * f_density(dfn, dfd, f)


def _f_in_nc(dfn: Any, dfd: Any, nc: Any, f: Any, *_: Any) -> Any:
    """Return ∂/∂λ of the distribution function Σ e^(-λ/2) (λ/2)ʲ/j! I_w(a + j, b), which is half the sum of differences.

    I_w(a + 1, b) - I_w(a, b) = -wᵃ (1 - w)ᵇ/(a B(a, b)).
    """
    w, a, b = dfn * f / (dfd + dfn * f), dfn / 2, dfd / 2
    difference = beta_density(a + 1, b + 1, w, dfd / (dfd + dfn * f)) * b / ((a + b) * (a + b + 1))
    return -np.exp(-nc / 2) * hyp1f1(a + b, a + 1, nc * w / 2) * difference / 2


_F: dict[str, Slope] = {"dfn": None, "dfd": None, "nc": _f_in_nc, "f": _noncentral_f}
ncfdtr = elementwise("ncfdtr", **_F)
ncfdtri = inverse("ncfdtri", "f", **_F)
ncfdtrinc = inverse("ncfdtrinc", "nc", **_F)


def _tilted(df: Any, q: Any) -> Any:
    """Return ∫ uᵛ⁻¹ e^(-u²/2 + qu) du over u > 0, divided by its value at q = 0."""
    ratio = _gamma_ratio(df)
    right = where(primal(q) < 0, 0, q)
    z = right * right / 2
    rising = hyp1f1(df / 2, 0.5, z) + math.sqrt(2) * ratio * right * hyp1f1((df + 1) / 2, 1.5, z)
    left = where(primal(q) < 0, q, 1)
    falling = np.exp(special.gammaln((df + 1) / 2)) / math.sqrt(math.pi) * hyperu(df / 2, 0.5, left * left / 2)
    return where(primal(q) < 0, falling, rising)


def _gamma_ratio(df: Any) -> Any:
    return np.exp(special.gammaln((df + 1) / 2) - special.gammaln(df / 2))


def _noncentral_t(df: Any, nc: Any, t: Any, *_: Any) -> Any:
    """Return the density of (Z + μ)/√(V/ν): an integral over w = √(V/ν) of w φ(tw - μ)."""
    root = np.sqrt(df + t * t)
    central = math.sqrt(2) * _gamma_ratio(df) * np.exp(-df / 2 * np.log1p(t * t / df)) / root
    return normal_density(nc) * central * _tilted(df + 1, t * nc / root)


def _t_in_nc(df: Any, nc: Any, t: Any, *_: Any) -> Any:
    """Return ∂/∂μ of the distribution function, minus the integral over w of φ(tw - μ)."""
    tilted = _tilted(df, t * nc / np.sqrt(df + t * t))
    return -normal_density(nc) * np.exp(-df / 2 * np.log1p(t * t / df)) * tilted


_T: dict[str, Slope] = {"df": None, "nc": _t_in_nc, "t": _noncentral_t}
nctdtr = elementwise("nctdtr", **_T)
nctdtrit = inverse("nctdtrit", "t", **_T)
nctdtrinc = inverse("nctdtrinc", "nc", **_T)


# Tukey's lambda distribution is given by its inverse, Q(p) = (pˡ - (1 - p)ˡ)/λ.
def _tukey_in_x(x: Any, lmbda: Any, y: Any) -> Any:
    inside = (primal(y) > 0) & (primal(y) < 1)
    p = where(inside, y, 0.5)
    return where(inside, 1 / (p ** (lmbda - 1) + (1 - p) ** (lmbda - 1)), 0.0)


def _tukey_in_lambda(x: Any, lmbda: Any, y: Any) -> Any:
    inside = (primal(y) > 0) & (primal(y) < 1)
    p = where(inside, y, 0.5)
    return -_tukey_in_x(x, lmbda, y) * (box_slope(np.log(p), lmbda) - box_slope(np.log1p(-p), lmbda))


tklmbda = elementwise("tklmbda", x=_tukey_in_x, lmbda=_tukey_in_lambda)


# The statistics of Kolmogorov and Smirnov.
def _kolmogorov(y: Any) -> Any:
    """Return 2 Σ (-1)ᵏ⁻¹ e^(-2k²y²); below 1 as 1 - √(2π)/y Σ e^(-(2k - 1)²π²/(8y²)). Below 0.04 it is 1."""
    small, near = where(primal(y) < 1, y, 1.0), where(primal(y) < 1, 1.0, y)
    none = primal(small) < 0.04
    small = where(none, 1.0, small)
    left = sum(np.exp(-(((2 * k - 1) * math.pi / small) ** 2) / 8) for k in range(1, 6))
    right = sum(2 * (-1) ** (k - 1) * np.exp(-2 * (k * near) ** 2) for k in range(1, 6))
    return where(none, 1.0, where(primal(y) < 1, 1 - math.sqrt(2 * math.pi) / small * left, right))


def _smirnov(n: Any, d: Any) -> Any:
    """Return d Σ C(n, v) (d + v/n)ᵛ⁻¹ (1 - d - v/n)ⁿ⁻ᵛ over 0 ≤ v ≤ n(1 - d)."""
    n, d = np.asarray(n)[..., None], np.expand_dims(d, -1)
    v = np.arange(int(np.max(n, initial=0)) + 1)
    counts = v / n < 1 - primal(d)
    share = np.where(counts, v / n, 0.0)
    rest = np.where(counts, 1 - d - share, 0.5)
    ways = np.where(counts, special.binom(n, v), 0.0)
    return np.sum(d * ways * np.where(counts, d + share, 0.5) ** (v - 1.0) * rest ** (n - 1.0 * v), axis=-1)


_kolmogorov_slope = slope_of(_kolmogorov, 0)
_smirnov_slope = slope_of(_smirnov, 1)
kolmogorov = elementwise("kolmogorov", y=_kolmogorov_slope)
kolmogi = elementwise("kolmogi", p=lambda p, y: 1 / _kolmogorov_slope(y, p))
smirnov = elementwise("smirnov", n=None, d=_smirnov_slope)
smirnovi = elementwise("smirnovi", n=None, p=lambda n, p, d: 1 / _smirnov_slope(n, d, p))

declined(
    "inverts a distribution function in one of its parameters, by which that has no derivative with a formula",
    "bdtrik bdtrin btdtria btdtrib chdtriv chndtridf fdtridfd gdtrib nbdtrik nbdtrin ncfdtridfd ncfdtridfn nctdtridf pdtrik "
    "stdtridf",
)
declined("is an old name of betainc or betaincinv, which have derivatives", "btdtr btdtri")
declined("is not in newer versions of SciPy, and has no derivative here", "sph_harm")
declined(
    "gives eigenvalues of a differential equation, of which the derivatives have no formula in terms of SciPy's functions",
    "mathieu_a mathieu_b obl_cv pro_cv",
)
