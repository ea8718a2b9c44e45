"""Orthogonal polynomials and Legendre functions, by their argument; degree and parameters are constant.

Imports the maker of elementwise rules. The derivative of a polynomial of one family is one of a lower degree of the same
or of another family.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.rules.selection import where
from revdiff.scipy.special.elementwise import elementwise


def _lower(n: Any) -> Any:
    """Return n - 1, and 0 for 0, where a factor of 0 makes up for it."""
    return n - (n != 0)


def _whole(n: Any) -> Any:
    """Return whole numbers as such: derivatives are given floats."""
    return np.asarray(n).astype(int)[()]


def _derived_gegenbauer(n: Any, alpha: Any, x: Any, *_: Any) -> Any:
    """Return d/dx of a Gegenbauer polynomial, 2α Cₙ₋₁ of α + 1."""
    return 2 * alpha * (n != 0) * eval_gegenbauer(_lower(n), alpha + 1, x)


def _derived_legendre(n: Any, x: Any, *_: Any) -> Any:
    """Return d/dx of a Legendre polynomial, the Gegenbauer polynomial with α = ½. Pₙ is P₋₁₋ₙ."""
    return _derived_gegenbauer(where(n < 0, -1 - n, n), 0.5, x)


def _derived_chebyu(n: Any, x: Any, *_: Any) -> Any:
    """Return d/dx of a Chebyshev polynomial of the second kind, which is the one with α = 1. Uₙ is -U₋₂₋ₙ."""
    return where(n < 0, -1, 1) * _derived_gegenbauer(where(n < 0, -2 - n, n), 1.0, x)


def _derived_jacobi(n: Any, alpha: Any, beta: Any, x: Any, *_: Any) -> Any:
    """Return d/dx of a Jacobi polynomial, (n + α + β + 1)/2 Pₙ₋₁ of α + 1 and β + 1."""
    return (n != 0) * (n + alpha + beta + 1) / 2 * eval_jacobi(_lower(n), alpha + 1, beta + 1, x)


eval_jacobi = elementwise("eval_jacobi", n=None, alpha=None, beta=None, x=_derived_jacobi)
eval_gegenbauer = elementwise("eval_gegenbauer", n=None, alpha=None, x=_derived_gegenbauer)
eval_legendre = elementwise("eval_legendre", n=None, x=_derived_legendre)
eval_chebyt = elementwise("eval_chebyt", n=None, x=lambda n, x, y: n * eval_chebyu(_lower(n), x))
eval_chebyu = elementwise("eval_chebyu", n=None, x=_derived_chebyu)
eval_chebyc = elementwise("eval_chebyc", n=None, x=lambda n, x, y: n * eval_chebys(_lower(n), x))
eval_chebys = elementwise("eval_chebys", n=None, x=lambda n, x, y: _derived_chebyu(n, x / 2) / 2)
eval_genlaguerre = elementwise(
    "eval_genlaguerre",
    n=None,
    alpha=None,
    x=lambda n, alpha, x, y: -1 * (n != 0) * eval_genlaguerre(_lower(n), alpha + 1, x),
)
eval_laguerre = elementwise(
    "eval_laguerre", n=None, x=lambda n, x, y: -1 * (n != 0) * eval_genlaguerre(_lower(n), 1.0, x)
)
eval_hermite = elementwise("eval_hermite", n=None, x=lambda n, x, y: 2 * n * eval_hermite(_lower(_whole(n)), x))
eval_hermitenorm = elementwise("eval_hermitenorm", n=None, x=lambda n, x, y: n * eval_hermitenorm(_lower(_whole(n)), x))

# The shifted ones are those of 2x - 1.
eval_sh_legendre = elementwise("eval_sh_legendre", n=None, x=lambda n, x, y: 2 * _derived_legendre(n, 2 * x - 1))
eval_sh_chebyt = elementwise("eval_sh_chebyt", n=None, x=lambda n, x, y: 2 * n * eval_sh_chebyu(_lower(n), x))
eval_sh_chebyu = elementwise("eval_sh_chebyu", n=None, x=lambda n, x, y: 2 * _derived_chebyu(n, 2 * x - 1))
eval_sh_jacobi = elementwise(
    "eval_sh_jacobi", n=None, p=None, q=None, x=lambda n, p, q, x, y: n * eval_sh_jacobi(_lower(n), p + 2, q + 1, x)
)


def _lpmv_slope(m: Any, v: Any, x: Any, y: Any) -> Any:
    """Return (v x Pᵥᵐ - (v + m) Pᵥ₋₁ᵐ)/(x² - 1)."""
    return (v * x * y - (v + m) * lpmv(m, v - 1, x)) / ((x - 1) * (x + 1))


lpmv = elementwise("lpmv", m=None, v=None, x=_lpmv_slope)


def assoc_laguerre(x: Any, n: Any, k: Any = 0.0) -> Any:
    """Return the generalized Laguerre polynomial of degree n and of parameter k at x.

    >>> from revdiff import grad
    >>> grad(assoc_laguerre)(3.0, 2)    # L₂′ = x - 2
    1.0
    """
    return eval_genlaguerre(n, k, x)
