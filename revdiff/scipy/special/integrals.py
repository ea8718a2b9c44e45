"""Exponential, trigonometric and logarithmic integrals.

Imports the maker of elementwise rules. Their derivatives are the integrands, each in the form that is smooth at 0.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from revdiff.core.revdiff import primal
from revdiff.rules.selection import where
from revdiff.scipy.special.elementwise import elementwise, several
from revdiff.scipy.special.hypergeometric import hyp1f1, hyp2f1

exp1 = elementwise("exp1", z=lambda z, y: -np.exp(-z) / z)
expi = elementwise("expi", x=lambda x, y: np.exp(x) / x)


def _expn_slope(n: Any, x: Any, y: Any) -> Any:
    """Return -Eₙ₋₁(x), of which the last, E₋₁, is e⁻ˣ(1 + x)/x²."""
    return -where(n == 0, np.exp(-x) * (1 + x) / (x * x), expn(n - (n > 0), x))


expn = elementwise("expn", n=None, x=_expn_slope)
exprel = elementwise("exprel", x=lambda x, y: hyp1f1(2, 3, x) / 2)


def _sinhc(z: Any) -> Any:
    return np.sinc(1j * z / math.pi) if np.iscomplexobj(primal(z)) else (exprel(z) + exprel(-z)) / 2


sici = elementwise("sici", x=several(lambda x, y: np.sinc(x / math.pi), lambda x, y: np.cos(x) / x))
shichi = elementwise("shichi", x=several(lambda x, y: _sinhc(x), lambda x, y: np.cosh(x) / x))
spence = elementwise("spence", z=lambda z, y: -hyp2f1(1, 1, 2, 1 - z))
