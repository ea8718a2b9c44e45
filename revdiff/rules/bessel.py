"""The modified Bessel functions Iₙ, of which NumPy has I₀.

Imports the function maker and special functions.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from revdiff.arrays.numpy_protocol import stands_for
from revdiff.functions.elementwise import FLOATS, unary
from revdiff.rules.special import on_arrays
from revdiff.systems import mpmath, sympy


@cache
def _bessel_i(n: int) -> Callable[[Any], Any]:
    """Return Iₙ, with Iₙ′ = (Iₙ₋₁ + Iₙ₊₁)/2 and I₀′ = I₁."""

    def at_float(x: float) -> float:
        return float(mpmath.fp.besseli(n, x))

    return unary(
        f"i{n}",
        lambda x, y: (_bessel_i(n - 1)(x) + _bessel_i(n + 1)(x)) / 2 if n else _bessel_i(1)(x),
        f"I{n}(x), the modified Bessel function of the first kind of order {n}",
        math=at_float,
        numpy=on_arrays("iv", at_float, n) if n else _i0_of_array,
        sympy=lambda x: sympy.besseli(n, x),
        mpmath=lambda x: mpmath.besseli(n, x),
    )


def _i0_of_array(x: Any) -> Any:
    return np.i0(x)[()]


i0 = _bessel_i(0)
stands_for(np.i0)(i0)
FLOATS["_bessel_i"] = _bessel_i
