"""Densities of distributions, of which the derivatives of incomplete gamma and beta functions are made.

Imports the rules. Where a product of powers would overflow, it is the exponential of a sum of logarithms; elsewhere it
is the product, which is right at the ends of the interval to every order.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from revdiff.core.revdiff import primal
from revdiff.rules.selection import where


def normal_density(x: Any) -> Any:
    """Return φ(x) = e^(-x²/2)/√(2π)."""
    return np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)


def gamma_density(a: Any, x: Any) -> Any:
    """Return xᵃ⁻¹ e⁻ˣ/Γ(a), and 0 below 0. The parameter is constant."""
    near, below = (primal(x) < 600) & (a < 100), primal(x) < 0
    product = where(near & np.logical_not(below), x, 1) ** (a - 1.0) * np.exp(-where(near, x, 1)) * special.rgamma(a)
    logarithms = (a - 1.0) * np.log(where(near | below, 1, x)) - x - special.gammaln(a)
    return where(below, 0.0, where(near, product, np.exp(logarithms)))


def beta_density(a: Any, b: Any, x: Any, u: Any) -> Any:
    """Return xᵃ⁻¹ uᵇ⁻¹/B(a, b), where u is 1 - x, exact also where x is near 1. The parameters are constant."""
    near = a + b < 500
    product = where(near, x, 1) ** (a - 1.0) * where(near, u, 1) ** (b - 1.0) / where(near, special.beta(a, b), 1)
    logarithms = (a - 1.0) * np.log(where(near, 1, x)) + (b - 1.0) * np.log(where(near, 1, u)) - special.betaln(a, b)
    return where(near, product, np.exp(logarithms))


def student_density(df: Any, t: Any) -> Any:
    """Return the density of Student's t, (1 + t²/ν)^(-(ν + 1)/2)/(√ν B(ν/2, ½))."""
    return np.exp(-(df + 1) / 2 * np.log1p(t * t / df) - special.betaln(df / 2, 0.5)) / np.sqrt(df)


def f_density(dfn: Any, dfd: Any, x: Any) -> Any:
    """Return the density of Fisher's F: that of a beta variable w = dfn x/(dfd + dfn x), times dw/dx."""
    total = dfd + dfn * x
    return beta_density(dfn / 2, dfd / 2, dfn * x / total, dfd / total) * dfn * dfd / (total * total)
