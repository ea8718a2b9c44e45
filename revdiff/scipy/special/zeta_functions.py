"""The zeta functions of Riemann and Hurwitz.

Imports the maker of elementwise rules. SciPy has the values; the derivatives by s are those of Euler and Maclaurin's
formula, which is made of powers.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from revdiff.core.revdiff import primal
from revdiff.rules.selection import where
from revdiff.scipy.special.elementwise import behind, elementwise, ruled, slope_of
from revdiff.scipy.special.gamma_functions import gamma

_TERMS = 12
_BERNOULLI = special.bernoulli(2 * _TERMS)[2::2]


def _by_euler_and_maclaurin(s: Any, q: Any) -> Any:
    """Return ζ(s, q) = Σ (n + q)⁻ˢ, n < N, + (N + q)¹⁻ˢ/(s - 1) + (N + q)⁻ˢ/2 + Σ B₂ₖ/(2k)! s(s + 1)⋯(s + 2k - 2) (N + q)¹⁻ˢ⁻²ᵏ."""
    total: Any = 0.0
    for n in range(_TERMS):
        total = total + (n + q) ** -s
    end = _TERMS + q
    total = total + end ** (1 - s) / (s - 1) + end**-s / 2
    rising = s * end ** (-1 - s)
    for k, number in enumerate(_BERNOULLI, start=1):
        total = total + number / math.factorial(2 * k) * rising
        rising = rising * (s + 2 * k - 1) * (s + 2 * k) / (end * end)
    return total


def _riemann(s: Any) -> Any:
    """Return ζ(s), left of 0 by ζ(s) = 2ˢ πˢ⁻¹ sin(πs/2) Γ(1 - s) ζ(1 - s)."""
    left = np.real(primal(s)) < 0
    t = where(left, s, -1.0)
    mirrored = (
        (2 * math.pi) ** t / math.pi * np.sin(math.pi * t / 2) * gamma(1 - t) * _by_euler_and_maclaurin(1 - t, 1.0)
    )
    return where(left, mirrored, _by_euler_and_maclaurin(where(left, 2.0, s), 1.0))


zetac = elementwise("zetac", x=slope_of(_riemann, 0))
_riemann_zeta = ruled("scipy.special.zeta", special.zeta, x=slope_of(_riemann, 0))
_hurwitz_zeta = ruled(
    "scipy.special.zeta",
    special.zeta,
    x=slope_of(_by_euler_and_maclaurin, 0),
    q=lambda x, q, y: -x * _hurwitz_zeta(x + 1, q),
)
behind("_riemann_zeta", "zeta", _riemann_zeta)
behind("_zeta", "zeta", _hurwitz_zeta)


def zeta(x: Any, q: Any = None, out: Any = None) -> Any:
    """Return ζ(x, q) = Σ (n + q)⁻ˣ over n = 0, 1, 2, …, and Riemann's ζ(x) without q, with derivatives in both.

    >>> from revdiff import grad
    >>> round(grad(zeta)(0.0), 6)    # -ln(2π)/2
    -0.918939
    """
    if out is not None:
        return special.zeta(x, q, out)
    return _riemann_zeta(x) if q is None else _hurwitz_zeta(x, q)
