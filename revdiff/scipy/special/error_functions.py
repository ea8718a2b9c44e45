"""The error function and its relatives, the normal distribution, and integrals of Gaussians and chirps.

Imports the maker of elementwise rules, and the polymorphic error functions.
"""

from __future__ import annotations

import cmath
import math
from typing import Any

import numpy as np

from revdiff.core.revdiff import primal
from revdiff.rules import special as rules
from revdiff.rules.selection import where
from revdiff.scipy.special.densities import normal_density
from revdiff.scipy.special.elementwise import borrowed, elementwise, several

TWO_OVER_ROOT_PI = 2 / math.sqrt(math.pi)

erf = borrowed("erf", rules.erf)
erfc = borrowed("erfc", rules.erfc)
erfi = elementwise("erfi", z=lambda z, y: TWO_OVER_ROOT_PI * np.exp(z * z))
erfinv = elementwise("erfinv", y=lambda y, x: np.exp(x * x) / TWO_OVER_ROOT_PI)
erfcinv = elementwise("erfcinv", y=lambda y, x: -np.exp(x * x) / TWO_OVER_ROOT_PI)


def _far(x: Any) -> Any:
    """Tell where the asymptotic series below are exact, and the usual formulas would cancel."""
    return ~np.iscomplex(primal(x)) & (abs(primal(x)) > 7)


def _tail(x: Any, sign: int) -> Any:
    """Return Σ (2k + 1)!! s^k/(2x²)ᵏ, to which the asymptotic series of erfcx′ and of Dawson's F′ come down."""
    q = sign / (2 * x * x)
    total = 0 * x + 1
    for k in range(25, 0, -1):
        total = 1 + (2 * k + 1) * q * total
    return total


def _erfcx_slope(x: Any, y: Any) -> Any:
    """Return 2xy - 2/√π. Far to the right, where the two cancel, it is -Σ (-1)ᵏ (2k + 1)!!/(2x²)ᵏ / (√π x²)."""
    far = _far(x) & (primal(x).real > 0)
    z = where(far, x, 9.0)
    return where(far, -TWO_OVER_ROOT_PI / 2 * _tail(z, -1) / (z * z), 2 * x * y - TWO_OVER_ROOT_PI)


def _dawsn_slope(x: Any, y: Any) -> Any:
    """Return 1 - 2xy. Far out, where the two cancel, it is -Σ (2k + 1)!!/(2x²)ᵏ / (2x²)."""
    far = _far(x)
    z = where(far, x, 9.0)
    return where(far, -0.5 * _tail(z, 1) / (z * z), 1 - 2 * x * y)


erfcx = elementwise("erfcx", x=_erfcx_slope)
dawsn = elementwise("dawsn", x=_dawsn_slope)
wofz = elementwise("wofz", z=lambda z, y: TWO_OVER_ROOT_PI * 1j - 2 * z * y)


def _mills(x: Any) -> Any:
    """Return Φ(x)/φ(x), exact also far to the left."""
    return math.sqrt(math.pi / 2) * erfcx(-x / math.sqrt(2))


ndtr = elementwise("ndtr", x=lambda x, y: normal_density(x))
log_ndtr = elementwise("log_ndtr", x=lambda x, y: 1 / _mills(x))
ndtri = elementwise("ndtri", y=lambda y, x: 1 / normal_density(x))
ndtri_exp = elementwise("ndtri_exp", y=lambda y, x: _mills(x))
owens_t = elementwise(
    "owens_t",
    h=lambda h, a, y: -normal_density(h) * erf(a * h / math.sqrt(2)) / 2,
    a=lambda h, a, y: np.exp(-h * h * (1 + a * a) / 2) / (2 * math.pi * (1 + a * a)),
)


def _voigt(weigh: Any) -> Any:
    """Make a derivative of Re w(z)/(σ√(2π)), z = (x + iγ)/(σ√2), from what to take of w and w′."""

    def slope(x: Any, sigma: Any, gamma: Any, y: Any) -> Any:
        z = (x + 1j * gamma) / (sigma * math.sqrt(2))
        w = wofz(z)
        return np.real(weigh(z, w, TWO_OVER_ROOT_PI * 1j - 2 * z * w)) / (sigma * sigma * math.sqrt(2 * math.pi))

    return slope


voigt_profile = elementwise(
    "voigt_profile",
    x=_voigt(lambda z, w, w_prime: w_prime / math.sqrt(2)),
    sigma=_voigt(lambda z, w, w_prime: -w - z * w_prime),
    gamma=_voigt(lambda z, w, w_prime: 1j * w_prime / math.sqrt(2)),
)
fresnel = elementwise(
    "fresnel", z=several(lambda z, y: np.sin(math.pi / 2 * z * z), lambda z, y: np.cos(math.pi / 2 * z * z))
)


def _modified_fresnel(sign: int) -> Any:
    """Make the derivatives of F(x) = ∫ₓ^∞ e^(±it²) dt and of K(x) = e^(∓i(x² + π/4)) F(x)/√π."""
    i, phase = sign * 1j, cmath.exp(-sign * 0.25j * math.pi) / math.sqrt(math.pi)
    return several(lambda x, y: -np.exp(i * x * x), lambda x, y: -2 * i * x * y[1] - phase)


modfresnelp = elementwise("modfresnelp", x=_modified_fresnel(1))
modfresnelm = elementwise("modfresnelm", x=_modified_fresnel(-1))
