"""Special functions: error and gamma functions, and sinc.

Imports the function maker. Python floats use `math`; NumPy arrays use SciPy where it is installed
and otherwise the float version element by element; the digamma family comes from mpmath, which
SymPy brings along.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from math import pi
from typing import Any

import numpy as np

from revdiff.functions import FLOATS, unary
from revdiff.numpy_protocol import stands_for
from revdiff.rules.elementary import _pi, _sympy, exp, sqrt


def _array(name: str, at_float: Callable[[float], float]) -> Callable[[Any], Any]:
    """Return SciPy's function for arrays, or the float function applied to each element."""

    def function(x: Any) -> Any:
        try:
            from scipy import special
        except ImportError:
            x = np.asarray(x)
            out = np.empty(x.shape, np.result_type(x.dtype, np.float32))
            out.flat = [at_float(float(element)) for element in x.flat]
            return out[()]
        return getattr(special, name)(x)

    return function


def _float_gamma(x: float) -> float:
    try:
        return math.gamma(x)
    except OverflowError:
        return math.inf


def _float_psi(n: int) -> Callable[[float], float]:
    def psi(x: float) -> float:
        from mpmath import fp

        return fp.psi(n, float(x)) if n else fp.digamma(float(x))

    return psi


# fmt: off
erf     = unary("erf",    lambda x, y: 2 * exp(-x * x) / sqrt(_pi(x)),  "the error function 2/√π ∫₀ˣ e⁻ᵗ² dt",
                numpy=_array("erf", math.erf))
erfc    = unary("erfc",   lambda x, y: -2 * exp(-x * x) / sqrt(_pi(x)), "1 - erf x, exact for large x",
                numpy=_array("erfc", math.erfc))
gamma   = unary("gamma",  lambda x, y: y * digamma(x),                  "Γ(x), the gamma function",
                numpy=_array("gamma", _float_gamma))
lgamma  = unary("lgamma", lambda x, y: digamma(x),                      "ln |Γ(x)|",
                numpy=_array("gammaln", math.lgamma), sympy="loggamma", mpmath="loggamma")
# fmt: on


@cache
def _polygamma(n: int) -> Callable[[Any], Any]:
    """Return ψ⁽ⁿ⁾, whose derivative is the next of the family."""
    at_float = _float_psi(n)
    return unary(
        "digamma" if n == 0 else f"polygamma_{n}",
        lambda x, y: _polygamma(n + 1)(x),
        "ψ(x) = d/dx ln Γ(x)" if n == 0 else f"the derivative of order {n} of digamma",
        math=at_float,
        numpy=_array("digamma", at_float) if n == 0 else lambda x: _array_polygamma(n, at_float, x),
        sympy=lambda x: _sympy("polygamma")(n, x),
        mpmath=lambda x: _mpmath_psi(n, x),
    )


def _array_polygamma(n: int, at_float: Callable[[float], float], x: Any) -> Any:
    try:
        from scipy.special import polygamma as of_scipy
    except ImportError:
        return _array("polygamma", at_float)(x)
    return of_scipy(n, x)


def _mpmath_psi(n: int, x: Any) -> Any:
    import mpmath

    return mpmath.mp.psi(n, x)


digamma = _polygamma(0)


def polygamma(n: int, x: Any, /) -> Any:
    """Return ψ⁽ⁿ⁾(x), the derivative of order n of digamma. n is a whole number and constant."""
    return _polygamma(n)(x)


@cache
def _sinc(n: int) -> Callable[[Any], Any]:
    """Return the derivative of order n of sin(πx)/(πx), which is smooth at 0."""
    return unary(
        "sinc" if n == 0 else f"sinc_{n}",
        lambda x, y: _sinc(n + 1)(x),
        "sin(πx)/(πx), and 1 at 0" if n == 0 else f"the derivative of order {n} of sinc",
        math=lambda x: _sinc_at(n, float(x)),
        numpy=lambda x: _each(lambda element: _sinc_at(n, element), x),
        sympy=lambda x: _sympy_sinc(n, x),
        mpmath=lambda x: _mpmath_sinc(n, x),
    )


def _sinc_at(n: int, x: float) -> float:
    """Evaluate S = sinc⁽ⁿ⁾ at a float.

    From x S₀ = sin(πx)/π:  x Sₙ + n Sₙ₋₁ = πⁿ⁻¹ sin(πx + nπ/2),  stable where |πx| exceeds n. Nearer
    to 0 the Taylor series of ∫₀¹ (πt)ⁿ cos(πxt + nπ/2) dt is summed, all terms of which are small.
    """
    z = pi * x
    if abs(z) > n + 1:
        s = math.sin(z) / z
        for k in range(1, n + 1):
            s = (pi ** (k - 1) * math.sin(z + k * pi / 2) - k * s) / x
        return s
    total = 0.0
    term = pi**n
    for k in range(200):
        value = term * (0.0, 1.0, 0.0, -1.0)[(n + k + 1) % 4] / (n + k + 1)
        total += value
        term *= z / (k + 1)
        if abs(term) < 1e-18 * abs(total) and k > abs(z):
            break
    return total


def _each(at_float: Callable[[float], float], x: Any) -> Any:
    x = np.asarray(x)
    out = np.empty(x.shape, x.dtype if x.dtype.kind == "f" else np.float64)
    out.flat = [at_float(float(element)) for element in x.flat]
    return out[()]


def _sympy_sinc(n: int, x: Any) -> Any:
    import sympy

    t = sympy.Dummy("t")
    return sympy.sinc(sympy.pi * t).diff(t, n).subs(t, x)


def _mpmath_sinc(n: int, x: Any) -> Any:
    import mpmath

    return mpmath.mp.quad(lambda t: (mpmath.pi * t) ** n * mpmath.cos(mpmath.pi * x * t + n * mpmath.pi / 2), [0, 1])


sinc = _sinc(0)
stands_for(np.sinc)(sinc)
FLOATS.update(_polygamma=_polygamma, _sinc=_sinc)
