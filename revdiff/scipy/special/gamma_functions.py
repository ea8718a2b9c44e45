"""Gamma and beta functions, whole and incomplete, and what counts with them: factorials, binomials, combinations.

Imports the maker of elementwise rules, and the polymorphic gamma functions.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from revdiff.core.revdiff import OPERATORS, RevDiff, primal
from revdiff.rules import special as rules
from revdiff.rules.selection import where
from revdiff.scipy._namesakes import refuse
from revdiff.scipy.special.densities import beta_density, gamma_density
from revdiff.scipy.special.elementwise import borrowed, elementwise, piecewise_constant, ruled

gamma = borrowed("gamma", rules.gamma)
gammaln = borrowed("gammaln", rules.lgamma)
psi = borrowed("psi", rules.digamma)
digamma = psi
gammasgn = piecewise_constant("gammasgn")
loggamma = elementwise("loggamma", z=lambda z, y: psi(z))


def _rgamma_slope(x: Any, y: Any) -> Any:
    """Return (1/Γ)′. Left of ½ it is that of Γ(1 - x) sin(πx)/π, which is smooth where Γ has its poles."""
    left = x.real < 0.5
    mirrored = gamma(1 - where(left, x, 0)) * (
        np.cos(np.pi * x) - np.sin(np.pi * x) * psi(1 - where(left, x, 0)) / np.pi
    )
    return where(left, mirrored, -y * psi(where(left, 1, x)))


rgamma = elementwise("rgamma", x=_rgamma_slope)


def _rgamma_prime(x: Any) -> Any:
    return _rgamma_slope(x, rgamma(x))


def _poch_in_z(z: Any, m: Any, y: Any) -> Any:
    """Return ∂ Γ(z + m)/Γ(z) /∂z, at the poles of the two as well if m is a whole number."""
    whole = np.round(primal(m)) == primal(m)
    left, left_above = primal(z) < 0.5, primal(z + m) < 0.5
    both, crossed = left & left_above & whole, left & np.logical_not(left_above)
    mirrored = y * (psi(1 - where(both, z + m, 0)) - psi(1 - where(both, z, 0)))
    apart = gamma(where(crossed, z + m, 1)) * (
        rgamma(where(crossed, z, 1)) * psi(where(crossed, z + m, 1)) + _rgamma_prime(where(crossed, z, 1))
    )
    usual = y * (psi(where(crossed | both, 1, z + m)) - psi(where(crossed | both, 1, z)))
    return where(both, mirrored, where(crossed, apart, usual))


poch = elementwise("poch", z=_poch_in_z, m=lambda z, m, y: y * psi(z + m))
beta = elementwise("beta", a=lambda a, b, y: y * (psi(a) - psi(a + b)), b=lambda a, b, y: y * (psi(b) - psi(a + b)))
betaln = elementwise("betaln", a=lambda a, b, y: psi(a) - psi(a + b), b=lambda a, b, y: psi(b) - psi(a + b))


def _binom_in_n(n: Any, k: Any, y: Any) -> Any:
    """Return ∂ Γ(n + 1)/(Γ(k + 1) Γ(n - k + 1)) /∂n, also where the last Γ has a pole and the binomial is 0."""
    pole = primal(y) == 0
    m = where(pole, n, 0.0)
    both = rgamma(k + 1) * (psi(m + 1) * rgamma(n - k + 1) + _rgamma_prime(n - k + 1))
    return where(pole, gamma(m + 1) * both, y * (psi(n + 1) - psi(where(pole, 0, n - k) + 1)))


def _binom_in_k(n: Any, k: Any, y: Any) -> Any:
    """Return ∂ Γ(n + 1)/(Γ(k + 1) Γ(n - k + 1)) /∂k, also where one of the last two has a pole and the binomial is 0."""
    pole = primal(y) == 0
    of_both = _rgamma_prime(k + 1) * rgamma(n - k + 1) - rgamma(k + 1) * _rgamma_prime(n - k + 1)
    usual = y * (psi(where(pole, 0, n - k) + 1) - psi(where(pole, 0, k) + 1))
    return where(pole, gamma(where(pole, n, 0) + 1) * of_both, usual)


binom = elementwise("binom", n=_binom_in_n, k=_binom_in_k)

# Incomplete functions: their derivatives by x are densities, those by the parameters have no formula.
gammainc = elementwise("gammainc", a=None, x=lambda a, x, y: gamma_density(a, x))
gammaincc = elementwise("gammaincc", a=None, x=lambda a, x, y: -gamma_density(a, x))
gammaincinv = elementwise("gammaincinv", a=None, y=lambda a, y, x: 1 / gamma_density(a, x))
gammainccinv = elementwise("gammainccinv", a=None, y=lambda a, y, x: -1 / gamma_density(a, x))
betainc = elementwise("betainc", a=None, b=None, x=lambda a, b, x, y: beta_density(a, b, x, 1 - x))
betaincc = elementwise("betaincc", a=None, b=None, x=lambda a, b, x, y: -beta_density(a, b, x, 1 - x))
betaincinv = elementwise("betaincinv", a=None, b=None, y=lambda a, b, y, x: 1 / beta_density(a, b, x, 1 - x))
betainccinv = elementwise("betainccinv", a=None, b=None, y=lambda a, b, y, x: -1 / beta_density(a, b, x, 1 - x))


def polygamma(n: Any, x: Any) -> Any:
    """Return ψ⁽ⁿ⁾(x), the derivative of order n of digamma. n is a whole number, or an array of them, and constant.

    >>> from revdiff import grad
    >>> round(grad(lambda x: polygamma(1, x))(1.0), 6)    # -2 ζ(3)
    -2.404114
    """
    return _polygamma(n, x)


_polygamma = ruled("scipy.special.polygamma", special.polygamma, n=None, x=lambda n, x, y: polygamma(n + 1, x))


def multigammaln(a: Any, d: int) -> Any:
    """Return ln Γ_d(a), the logarithm of the multivariate gamma function: d(d - 1)/4 ln π + Σ ln Γ(a - j/2), 0 ≤ j < d.

    >>> from revdiff import grad
    >>> float(grad(multigammaln)(2.0, 1) - psi(2.0))
    0.0
    """
    d = primal(d)
    special.multigammaln(primal(OPERATORS["gather"](a)), d)  # it raises what SciPy raises
    a = OPERATORS["gather"](a)
    return d * (d - 1) * 0.25 * np.log(np.pi) + sum(gammaln(a - j / 2) for j in range(d))


def factorial(n: Any, exact: bool = False, extend: str = "zero") -> Any:
    """Return n! = Γ(n + 1), with derivative Γ(n + 1) ψ(n + 1). Below 0 it is 0, unless ``extend="complex"``.

    >>> from revdiff import grad
    >>> round(grad(factorial)(3.0), 6)    # 3! (1 + 1/2 + 1/3 - γ)
    7.536706
    """
    n = OPERATORS["gather"](n)
    if type(n) is not RevDiff:
        return special.factorial(n, exact) if extend == "zero" else special.factorial(n, exact, extend)
    _require_inexact(exact, "factorial")
    below = primal(n) < 0 if extend == "zero" else False
    return where(below, 0.0, gamma(where(below, 0, n) + 1))


def comb(N: Any, k: Any, *, exact: bool = False, repetition: bool = False) -> Any:  # noqa: N803 - SciPy's name
    """Return the number of ways to choose k of N things, Γ(N + 1)/(Γ(k + 1) Γ(N - k + 1)), and 0 where k > N.

    >>> from revdiff import grad
    >>> round(grad(comb)(4.0, 2), 6)    # 6 (1/3 + 1/4)
    3.5
    """
    n, k = OPERATORS["gather"](N), OPERATORS["gather"](k)
    if not (type(n) is RevDiff or type(k) is RevDiff):
        return special.comb(n, k, exact=exact, repetition=repetition)
    _require_inexact(exact, "comb")
    if repetition:
        return comb(n + k - 1, k)
    none = _none(n, k)
    return where(none, 0.0, binom(where(none, 1.0, n), where(none, 1.0, k)))


def perm(N: Any, k: Any, exact: bool = False) -> Any:  # noqa: N803 - SciPy's name
    """Return the number of ways to arrange k of N things, Γ(N + 1)/Γ(N - k + 1), and 0 where k > N.

    >>> from revdiff import grad
    >>> round(grad(perm)(4.0, 2), 6)    # N(N - 1)
    7.0
    """
    n, k = OPERATORS["gather"](N), OPERATORS["gather"](k)
    if not (type(n) is RevDiff or type(k) is RevDiff):
        return special.perm(n, k, exact)
    _require_inexact(exact, "perm")
    none = _none(n, k)
    return where(none, 0.0, poch(where(none, 1.0, n - k + 1), where(none, 1.0, k)))


def _none(n: Any, k: Any) -> Any:
    """Tell where there is no way to choose k of n things."""
    return (primal(k) > primal(n)) | (primal(n) < 0) | (primal(k) < 0)


def _require_inexact(exact: bool, name: str) -> None:
    if exact:
        refuse(f"scipy.special.{name} with exact=True", "Leave exact=True away.")
