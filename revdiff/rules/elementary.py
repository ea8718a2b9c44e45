"""Elementary functions: one row a function, one table for all number systems.

Imports the maker of polymorphic functions. A row reads: name, derivative given (x, y = f(x)), what
the function is, and what it is called where its name differs. The derivatives are written with the
functions of this table, so every row can be differentiated again.
"""

from __future__ import annotations

import math
from math import pi
from typing import Any

import numpy as np

from revdiff.core.revdiff import primal
from revdiff.functions import FLOATS, binary, unary
from revdiff.rules.selection import where


def _sympy(name: str) -> Any:
    """Return SymPy's function, looked up when it is first called: importing revdiff does not import SymPy."""

    def function(*args: Any) -> Any:
        import sympy

        return getattr(sympy, name)(*args)

    return function


_exp, _log, _sqrt = _sympy("exp"), _sympy("log"), _sympy("sqrt")
LN2 = math.log(2)
LN10 = math.log(10)


def _float_sigmoid(x: float) -> float:
    if x < 0:
        e = math.exp(x)
        return e / (1 + e)
    return 1 / (1 + math.exp(-x))


def _array_sigmoid(x: Any) -> Any:
    e = np.exp(-np.abs(x))
    return np.where(x < 0, e / (1 + e), 1 / (1 + e))[()]


def _float_softplus(x: float) -> float:
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def _float_logaddexp(x: float, y: float) -> float:
    return x + LN2 if x == y else max(x, y) + math.log1p(math.exp(-abs(x - y)))


def _float_logaddexp2(x: float, y: float) -> float:
    return x + 1.0 if x == y else max(x, y) + math.log1p(2.0 ** -abs(x - y)) / LN2


# fmt: off
# Powers and roots
square     = unary("square",     lambda x, y: 2 * x,                  "x²",                 formula=lambda x: x * x)
reciprocal = unary("reciprocal", lambda x, y: -y * y,                 "1/x",                formula=lambda x: 1 / x)
sqrt       = unary("sqrt",       lambda x, y: 1 / (2 * y),            "√x, the square root")
cbrt       = unary("cbrt",       lambda x, y: 1 / (3 * y * y),        "∛x, the cube root")

# Exponentials and logarithms
exp        = unary("exp",        lambda x, y: y,                      "eˣ")
exp2       = unary("exp2",       lambda x, y: y * log(_exact(x, 2)),  "2ˣ",                 formula=lambda x: 2**x)
expm1      = unary("expm1",      lambda x, y: y + 1,                  "eˣ - 1, exact near 0", sympy=lambda x: _exp(x) - 1)
log        = unary("log",        lambda x, y: 1 / x,                  "ln x, the natural logarithm", decimal="ln")
log2       = unary("log2",       lambda x, y: 1 / (x * log(_exact(x, 2))),  "the logarithm of x to base 2",
                   cmath=lambda x: log(x) / LN2, sympy=lambda x: _log(x, 2), mpmath=lambda x: log(x) / log(_exact(x, 2)))
log10      = unary("log10",      lambda x, y: 1 / (x * log(_exact(x, 10))), "the logarithm of x to base 10",
                   sympy=lambda x: _log(x, 10))
log1p      = unary("log1p",      lambda x, y: 1 / (1 + x),            "ln(1 + x), exact near 0", sympy=lambda x: _log(1 + x))

# Trigonometric functions
sin        = unary("sin",        lambda x, y: cos(x),                 "the sine of x, in radians")
cos        = unary("cos",        lambda x, y: -sin(x),                "the cosine of x, in radians")
tan        = unary("tan",        lambda x, y: 1 + y * y,              "the tangent of x, in radians")
asin       = unary("asin",       lambda x, y: 1 / sqrt(1 - x * x),    "the inverse sine, in radians",    numpy="arcsin")
acos       = unary("acos",       lambda x, y: -1 / sqrt(1 - x * x),   "the inverse cosine, in radians",  numpy="arccos")
atan       = unary("atan",       lambda x, y: 1 / (1 + x * x),        "the inverse tangent, in radians", numpy="arctan")

# Hyperbolic functions
sinh       = unary("sinh",       lambda x, y: cosh(x),                "the hyperbolic sine")
cosh       = unary("cosh",       lambda x, y: sinh(x),                "the hyperbolic cosine")
tanh       = unary("tanh",       lambda x, y: 1 - y * y,              "the hyperbolic tangent")
asinh      = unary("asinh",      lambda x, y: 1 / sqrt(1 + x * x),    "the inverse hyperbolic sine",    numpy="arcsinh")
acosh      = unary("acosh",      lambda x, y: 1 / (sqrt(x - 1) * sqrt(x + 1)), "the inverse hyperbolic cosine", numpy="arccosh")
atanh      = unary("atanh",      lambda x, y: 1 / (1 - x * x),        "the inverse hyperbolic tangent", numpy="arctanh")

# Smooth steps
sigmoid    = unary("sigmoid",    lambda x, y: y * sigmoid(-x),        "1/(1 + e⁻ˣ), the logistic function",
                   math=_float_sigmoid, numpy=_array_sigmoid, formula=lambda x: 1 / (1 + exp(-x)))
softplus   = unary("softplus",   lambda x, y: sigmoid(x),             "ln(1 + eˣ)",
                   math=_float_softplus, numpy=lambda x: np.logaddexp(x, 0), formula=lambda x: log(1 + exp(x)))
logaddexp  = binary("logaddexp",  lambda x, y, z: sigmoid(x - y), lambda x, y, z: sigmoid(y - x), "ln(eˣ + eʸ)",
                    math=_float_logaddexp, formula=lambda x, y: log(exp(x) + exp(y)))
logaddexp2 = binary("logaddexp2", lambda x, y, z: sigmoid((x - y) * log(_exact(x, 2))),
                                  lambda x, y, z: sigmoid((y - x) * log(_exact(y, 2))), "log₂(2ˣ + 2ʸ)",
                    math=_float_logaddexp2, formula=lambda x, y: log2(2**x + 2**y))

# The plane
hypot      = binary("hypot",     lambda x, y, z: x / where(z == 0, 1, z), lambda x, y, z: y / where(z == 0, 1, z),
                    "√(x² + y²), with derivative 0 at the origin", sympy=lambda x, y: _sqrt(x * x + y * y))
atan2      = binary("atan2",     lambda y, x, z: x / _norm2(x, y),    lambda y, x, z: -y / _norm2(x, y),
                    "the angle of the point (x, y), given as atan2(y, x), with derivative 0 at the origin", numpy="arctan2")

# Angles
deg2rad    = unary("deg2rad",    lambda x, y: _pi(x) / 180,           "x degrees in radians", formula=lambda x: x * _pi(x) / 180)
rad2deg    = unary("rad2deg",    lambda x, y: 180 / _pi(x),           "x radians in degrees", formula=lambda x: x * 180 / _pi(x))
# fmt: on


def _norm2(x: Any, y: Any) -> Any:
    r = x * x + y * y
    return where(r == 0, 1, r)


def _exact(x: Any, n: int) -> Any:
    """Return the integer n as a number of x's own kind, where that is more exact than a float."""
    kind = type(primal(x))
    return kind(n) if kind.__module__.startswith(("mpmath", "decimal")) else _sympy("Integer")(n) if _is_symbolic(x) else n


def _pi(x: Any) -> Any:
    """Return π as a number of x's own kind, where that is more exact than a float."""
    if _is_symbolic(x):
        return _sympy("sympify")("pi")
    if type(primal(x)).__module__.startswith("mpmath"):
        import mpmath

        return +mpmath.mp.pi
    return pi


def _is_symbolic(x: Any) -> bool:
    return type(primal(x)).__module__.startswith("sympy")


def log_base(base: Any, x: Any, /) -> Any:
    """Return the logarithm of x to the given base, ln x / ln b.

    >>> from revdiff import grad
    >>> log_base(2.0, 8.0)
    3.0
    >>> grad(log_base, argnums=(0, 1))(2.0, 8.0)
    (-2.1640425613334453, 0.18033688011112042)
    """
    return log(x) / log(base)


FLOATS.update(_exact=lambda x, n: n, _pi=lambda x: pi, _norm2=_norm2)
