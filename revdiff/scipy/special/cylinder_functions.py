"""Relatives of the Bessel functions: Airy, Kelvin and Struve functions, Wright's, and the integrals of all of them.

Imports the Bessel functions and the maker of elementwise rules. Where a function solves a differential equation of
second order, that gives the derivative of its derivative.
"""

from __future__ import annotations

import cmath
import math
from typing import Any

import numpy as np
from scipy import special

from revdiff.core.revdiff import OPERATORS, primal
from revdiff.rules.selection import where
from revdiff.scipy.special.bessel import i0, j0, jv, k0, kv, y0
from revdiff.scipy.special.elementwise import elementwise, ruled, several, stands_for

# Airy's equation is y″ = x y.
airy = elementwise(
    "airy", z=several(lambda z, y: y[1], lambda z, y: z * y[0], lambda z, y: y[3], lambda z, y: z * y[2])
)


def _root(z: Any) -> Any:
    """Return √z, and 0 where it would be imaginary and of no weight in the scale e^(-|Re ζ|) of Bi."""
    return np.sqrt(z) if np.iscomplexobj(primal(z)) else np.sqrt(where(primal(z) > 0, z, 0))


# Ai is scaled by e^ζ, and Bi by the constant e⁻ᶜ, as in the functions scaled by e^(-|z|).
_airye = ruled(
    "scipy.special.airye",
    special.airye,
    z=several(
        lambda z, y: np.sqrt(z) * y[0] + y[1],
        lambda z, y: z * y[0] + np.sqrt(z) * y[1],
        lambda z, y: y[3],
        lambda z, y: z * y[2],
    ),
)


def airye(z: Any, /, *args: Any, **options: Any) -> Any:
    """Return Ai, Ai′, Bi and Bi′, the first two scaled by e^ζ, the others by e^(-|Re ζ|), where ζ = ⅔ z^(3/2)."""
    if args or options:
        return special.airye(z, *args, **options)
    z = OPERATORS["gather"](z)
    ai, ai_prime, bi, bi_prime = _airye(z)
    if primal(z) is z:
        return ai, ai_prime, bi, bi_prime
    size = abs(np.real(z * _root(z))) * (2 / 3)
    scale = np.exp(primal(size) - size)
    return ai, ai_prime, bi * scale, bi_prime * scale


stands_for(special.airye, "airye", airye)

# Kelvin's functions are parts of J₀(c x) and K₀(c x) on two rays of the complex plane.
_RAYS = {"be": cmath.exp(0.75j * math.pi), "ke": cmath.exp(0.25j * math.pi)}


def _be_second(x: Any) -> Any:
    """Return (ber + i bei)″ = c² (J₂ - J₀)(c x)/2."""
    c = _RAYS["be"]
    return c * c * (jv(2, c * x) - jv(0, c * x)) / 2


def _ke_second(x: Any) -> Any:
    """Return (ker + i kei)″ = c² (K₂ + K₀)(c x)/2."""
    c = _RAYS["ke"]
    return c * c * (kv(2, c * x) + kv(0, c * x)) / 2


ber = elementwise("ber", x=lambda x, y: berp(x))
bei = elementwise("bei", x=lambda x, y: beip(x))
ker = elementwise("ker", x=lambda x, y: kerp(x))
kei = elementwise("kei", x=lambda x, y: keip(x))
berp = elementwise("berp", x=lambda x, y: np.real(_be_second(x)))
beip = elementwise("beip", x=lambda x, y: np.imag(_be_second(x)))
kerp = elementwise("kerp", x=lambda x, y: np.real(_ke_second(x)))
keip = elementwise("keip", x=lambda x, y: np.imag(_ke_second(x)))
kelvin = elementwise(
    "kelvin", x=several(lambda x, y: y[2], lambda x, y: y[3], lambda x, y: _be_second(x), lambda x, y: _ke_second(x))
)


def _half_power(v: Any, x: Any) -> Any:
    """Return (x/2)ᵛ/(√π Γ(v + 3/2)), what is left over in the recurrence of Struve's functions."""
    return (x / 2) ** v * special.rgamma(v + 1.5) / math.sqrt(math.pi)


def _struve_slope(v: Any, x: Any, function: Any, sign: int) -> Any:
    """Return (Hᵥ₋₁ - Hᵥ₊₁ + …)/2, or for L a sum; for v = 0 it is 2/π - H₁, without an order at which 0 is a pole."""
    usual = (function(v - (v != 0), x) + sign * function(v + 1, x) + _half_power(v, x)) / 2
    return where(primal(v) == 0, sign * function(v + 1, x) + 2 / math.pi, usual)


struve = elementwise("struve", v=None, x=lambda v, x, y: _struve_slope(v, x, struve, -1))
modstruve = elementwise("modstruve", v=None, x=lambda v, x, y: _struve_slope(v, x, modstruve, 1))
wright_bessel = elementwise("wright_bessel", a=None, b=None, x=lambda a, b, x, y: wright_bessel(a, a + b, x))
log_wright_bessel = elementwise(
    "log_wright_bessel", a=None, b=None, x=lambda a, b, x, y: np.exp(log_wright_bessel(a, a + b, x) - y)
)


def _one_less(x: Any, of_j0: Any, sign: int) -> Any:
    """Return ±(1 - f(x))/x for f = J₀ or I₀: near 0, where the two cancel, its series Σ (∓1)ᵏ⁺¹ (x/2)²ᵏ/(x k!²), k ≥ 1."""
    near = abs(primal(x)) < 1
    z = where(near, x, 0)
    q, total = z * z / 4, 0 * z
    for k in range(10, 0, -1):
        total = (1 - sign * q * total) / (k * k) if k > 1 else 1 - sign * q * total
    return where(near, z / 4 * total, sign * (1 - of_j0(x)) / where(near, 1, x))


# Integrals, of which the derivatives are the integrands.
itj0y0 = elementwise("itj0y0", x=several(lambda x, y: j0(x), lambda x, y: y0(x)))
iti0k0 = elementwise("iti0k0", x=several(lambda x, y: i0(x), lambda x, y: k0(x)))
it2j0y0 = elementwise("it2j0y0", x=several(lambda x, y: _one_less(x, j0, 1), lambda x, y: -y0(x) / x))
it2i0k0 = elementwise("it2i0k0", x=several(lambda x, y: _one_less(x, i0, -1), lambda x, y: -k0(x) / x))
itairy = elementwise(
    "itairy",
    x=several(lambda x, y: airy(x)[0], lambda x, y: airy(x)[2], lambda x, y: airy(-x)[0], lambda x, y: airy(-x)[2]),
)
itstruve0 = elementwise("itstruve0", x=lambda x, y: struve(0, x))
it2struve0 = elementwise("it2struve0", x=lambda x, y: -struve(0, x) / x)
itmodstruve0 = elementwise("itmodstruve0", x=lambda x, y: modstruve(0, x))
besselpoly = elementwise(
    "besselpoly",
    a=lambda a, lmb, nu, y: besselpoly(a, lmb + 1, nu - 1) - besselpoly(a, lmb + 1, nu + 1),
    lmb=None,
    nu=None,
)
