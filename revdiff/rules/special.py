"""Special functions: error and gamma functions, sinc, and the modified Bessel functions.

Imports the function maker. Python floats use `math`; NumPy arrays use SciPy where it is installed
and otherwise the float version element by element; the digamma family comes from mpmath, which
SymPy brings along.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from revdiff.arrays.numpy_protocol import stands_for
from revdiff.core.errors import UnsupportedValueError
from revdiff.functions.elementwise import unary
from revdiff.functions.rows import FLOATS
from revdiff.functions.slopes import Overflowing
from revdiff.rules.elementary import exp, sqrt
from revdiff.systems import mpmath, pi_of, sympy


def on_arrays(name: str, at_float: Callable[[float], float], *order: int) -> Callable[[Any], Any]:
    """Return SciPy's function for arrays, or the float function applied to each element. Both keep the dtype."""

    def function(x: Any) -> Any:
        if x.dtype.char in "gG":
            msg = f"{name} is not available for arrays of {x.dtype}; take float64, or mpmath numbers for more digits"
            raise UnsupportedValueError(msg)
        try:
            from scipy import special
        except ImportError:
            values = np.array([at_float(float(element)) for element in np.ravel(x)]).reshape(np.shape(x))[()]
        else:
            values = getattr(special, name)(*order, x)
        return values.astype(x.dtype, copy=False) if x.dtype.kind == "f" else values

    return function


def _float_gamma(x: float) -> float:
    try:
        return math.gamma(x)
    except OverflowError:
        return math.inf


def _mpmath_lgamma(x: Any) -> Any:
    return mpmath.loggamma(x).real if isinstance(x, mpmath.mpf) else mpmath.loggamma(x)


def _is_positive(x: Any, y: Any) -> Any:
    return x > 0


# fmt: off
erf     = unary("erf",    lambda x, y: 2 * exp(-(x * x)) / sqrt(pi_of(x)),  "the error function 2/√π ∫₀ˣ e⁻ᵗ² dt.     x̄ = ȳ 2/√π e⁻ˣ²",
                numpy=on_arrays("erf", math.erf), at={0.0: 2 / math.sqrt(math.pi)})
erfc    = unary("erfc",   lambda x, y: -2 * exp(-(x * x)) / sqrt(pi_of(x)), "1 - erf x, exact for large x.     x̄ = -ȳ 2/√π e⁻ˣ²",
                numpy=on_arrays("erfc", math.erfc), at={0.0: -2 / math.sqrt(math.pi)})
gamma   = unary("gamma",  Overflowing(lambda x, y: y * digamma(x), where=_is_positive), "Γ(x), the gamma function.     x̄ = ȳ Γ(x) ψ(x)",
                numpy=on_arrays("gamma", _float_gamma), at={2.0: 0.4227843350984673})
lgamma  = unary("lgamma", lambda x, y: digamma(x),                          "ln |Γ(x)|.     x̄ = ȳ ψ(x)",
                numpy=on_arrays("gammaln", math.lgamma), sympy="loggamma", mpmath=_mpmath_lgamma, at={2.0: 0.4227843350984673})
# fmt: on


@cache
def _polygamma(n: int) -> Callable[[Any], Any]:
    """Return ψ⁽ⁿ⁾, whose derivative is the next of the family."""

    def at_float(x: float) -> float:
        return float(mpmath.fp.psi(n, float(x)))

    return unary(
        f"polygamma_{n}" if n else "digamma",
        lambda x, y: _polygamma(n + 1)(x),
        f"the derivative of order {n} of digamma" if n else "ψ(x) = d/dx ln Γ(x).     x̄ = ȳ ψ′(x)",
        math=at_float,
        numpy=on_arrays("polygamma", at_float, n) if n else on_arrays("digamma", at_float),
        sympy=lambda x: sympy.polygamma(n, x),
        mpmath=lambda x: mpmath.psi(n, x),
        at={} if n else {1.0: 1.6449340668482264},
    )


digamma = _polygamma(0)


def polygamma(n: int, x: Any, /) -> Any:
    """Return ψ⁽ⁿ⁾(x), the derivative of order n of digamma.     x̄ = ȳ ψ⁽ⁿ⁺¹⁾(x).  n is a whole number and constant.

    >>> from revdiff import derivative
    >>> polygamma(1, 1.0), derivative(lambda x: polygamma(0, x))(1.0)          # π²/6
    (1.6449340668482264, 1.6449340668482264)
    """
    return _polygamma(n)(x)


@cache
def _sinc(n: int) -> Callable[[Any], Any]:
    """Return the derivative of order n of sin(πx)/(πx), which is smooth at 0."""
    return unary(
        f"sinc_{n}" if n else "sinc",
        lambda x, y: _sinc(n + 1)(x),
        f"the derivative of order {n} of sinc" if n else "sin(πx)/(πx), and 1 at 0.     x̄ = ȳ (cos(πx) - y)/x",
        math=lambda x: _sinc_of_number(n, x, math.sin),
        cmath=lambda x: _sinc_of_number(n, x, cmath.sin),
        numpy=lambda x: _sinc_of_array(n, x),
        sympy=lambda x: _sinc_of_expression(n, x),
        mpmath=lambda x: _sinc_of_mpmath(n, x),
        at={} if n else {1.0: -1.0},
    )


def _sinc_away(n: int, x: Any, sin: Any) -> Any:
    """Return S = sinc⁽ⁿ⁾ by recurrence, which is stable where |πx| exceeds n.

    From x S₀ = sin(πx)/π:  x Sₙ + n Sₙ₋₁ = πⁿ⁻¹ sin(πx + nπ/2).
    """
    pi = pi_of(x)
    s = sin(pi * x) / (pi * x)
    for k in range(1, n + 1):
        s = (pi ** (k - 1) * sin(pi * x + k * pi / 2) - k * s) / x
    return s


def _sinc_near(n: int, x: Any, terms: int = 40) -> Any:
    """Return sinc⁽ⁿ⁾ by Taylor series: ∫₀¹ (πt)ⁿ cos(πxt + nπ/2) dt, term by term."""
    pi = pi_of(x)
    total, term = 0 * x, pi**n
    for k in range(terms + 4 * n):
        if (n + k) % 2 == 0:
            total = total + (-1) ** ((n + k) // 2) * term / (n + k + 1)
        term = term * (pi * x) / (k + 1)
    return total


def _is_away(n: int, x: Any) -> Any:
    return abs(x) * math.pi > n + 1


def _sinc_of_number(n: int, x: Any, sin: Any) -> Any:
    return _sinc_away(n, x, sin) if _is_away(n, x) else _sinc_near(n, x)


def _sinc_of_array(n: int, x: Any) -> Any:
    if n == 0:
        return np.sinc(x)
    x = x * 1.0
    away = _is_away(n, x)
    return np.where(away, _sinc_away(n, np.where(away, x, n + 1), np.sin), _sinc_near(n, np.where(away, 0, x)))[()]


def _sinc_of_mpmath(n: int, x: Any) -> Any:
    with mpmath.workprec(mpmath.mp.prec + 10 * (n + 1)):
        s = _sinc_away(n, x, mpmath.sin) if _is_away(n, x) else _sinc_near(n, x, mpmath.mp.prec)
    return +s


def _sinc_of_expression(n: int, x: Any) -> Any:
    if x == 0:
        return sympy.pi**n * sympy.cos(n * sympy.pi / 2) / (n + 1)
    t = sympy.Dummy("t")
    return sympy.sinc(sympy.pi * t).diff(t, n).subs(t, x)


sinc = _sinc(0)
stands_for(np.sinc)(sinc)


@cache
def _bessel_i(n: int) -> Callable[[Any], Any]:
    """Return Iₙ, with Iₙ′ = (Iₙ₋₁ + Iₙ₊₁)/2 and I₀′ = I₁. NumPy has I₀."""

    def at_float(x: float) -> float:
        return float(mpmath.fp.besseli(n, x))

    return unary(
        f"i{n}",
        lambda x, y: (_bessel_i(n - 1)(x) + _bessel_i(n + 1)(x)) / 2 if n else _bessel_i(1)(x),
        f"I{n}(x), the modified Bessel function of the first kind of order {n}",
        math=at_float,
        numpy=on_arrays("iv", at_float, n) if n else lambda x: np.i0(x)[()],
        sympy=lambda x: sympy.besseli(n, x),
        mpmath=lambda x: mpmath.besseli(n, x),
    )


i0 = _bessel_i(0)
stands_for(np.i0)(i0)
FLOATS.update(_polygamma=_polygamma, _sinc=_sinc, _bessel_i=_bessel_i)
