"""Functions that jump: signs, rounding, remainders, steps. Between the jumps their derivatives are simple.

Imports the function maker and NumPy's protocol. At a jump the derivative is the one beside it: 0
for `sign` and `floor`, and nothing infinite.
"""

from __future__ import annotations

import math
from operator import floordiv, mod
from typing import Any

import numpy as np

from revdiff.core.revdiff import OPERATORS, primal
from revdiff.functions import FLOATS, binary, unary
from revdiff.numpy_protocol import constant, stands_for
from revdiff.rules.selection import where


def _sympy(name: str) -> Any:
    def function(*args: Any) -> Any:
        import sympy

        return getattr(sympy, name)(*args)

    return function


def _sign(x: Any) -> Any:
    return type(x)((x > 0) - (x < 0)) if x == x else x


def _sympy_trunc(x: Any) -> Any:
    import sympy

    return sympy.sign(x) * sympy.floor(sympy.Abs(x))


def _heaviside(x: Any, at_zero: Any) -> Any:
    return at_zero if x == 0 else type(x)(x > 0)


def _nan_or_int(function: Any) -> Any:
    """Let floor and the like keep floats floats, as NumPy does, so that infinities and NaN pass through."""

    def rounded(x: Any) -> Any:
        return float(function(x)) if isinstance(x, float) and math.isfinite(x) else x if isinstance(x, float) else function(x)

    return rounded


# fmt: off
sign      = unary("sign",      None, "-1, 0 or 1, as x is negative, zero or positive", math=_sign, formula=_sign)
floor     = unary("floor",     None, "the largest whole number below x",    math=_nan_or_int(math.floor), formula=math.floor)
ceil      = unary("ceil",      None, "the smallest whole number above x",   math=_nan_or_int(math.ceil), sympy="ceiling", formula=math.ceil)
trunc     = unary("trunc",     None, "x without its fraction",              math=_nan_or_int(math.trunc), sympy=_sympy_trunc, formula=math.trunc)
rint      = unary("rint",      None, "the whole number nearest to x",       math=_nan_or_int(round), mpmath="nint", formula=round)

heaviside = binary("heaviside", None, lambda x, y, z: where(x == 0, 1, 0),  "0 below zero, 1 above zero, y at zero",
                   math=_heaviside, sympy="Heaviside", formula=_heaviside)
copysign  = binary("copysign",  lambda x, y, z: _flip(x, y), None,          "x with the sign of y",
                   sympy=lambda x, y: _sympy("Abs")(x) * _sympy("sign")(y))
remainder = binary("remainder", 1, lambda x, y, z: -floor(x / y),           "x - y ⌊x/y⌋, what % gives",
                   always=mod)
fmod      = binary("fmod",      1, lambda x, y, z: -trunc(x / y),           "x - y trunc(x/y), with the sign of x",
                   sympy=lambda x, y: x - y * _sympy_trunc(x / y), formula=lambda x, y: x - y * math.trunc(x / y))
floor_divide = binary("floor_divide", None, None,                           "⌊x/y⌋, what // gives", always=floordiv)
# fmt: on


def _flip(x: Any, y: Any) -> Any:
    return copysign(sign(x), sign(x) * y)


OPERATORS["mod"] = remainder
OPERATORS["floordiv"] = floor_divide
FLOATS.update(_flip=_flip)


@stands_for(np.divmod)
def divmod_(x: Any, y: Any, /) -> tuple[Any, Any]:
    """Return (⌊x/y⌋, x - y⌊x/y⌋)."""
    return floor_divide(x, y), remainder(x, y)


@stands_for(np.modf)
def modf(x: Any, /) -> tuple[Any, Any]:
    """Return the fraction of x, with derivative 1, and the rest."""
    whole = trunc(x)
    return x - whole, whole


@stands_for(np.frexp)
def frexp(x: Any, /) -> tuple[Any, Any]:
    """Return the mantissa m and the exponent e of x = m·2ᵉ, with dm/dx = 2⁻ᵉ."""
    _, exponent = np.frexp(primal(x))
    return ldexp(x, -exponent), exponent


@stands_for(np.ldexp)
def ldexp(x: Any, exponent: Any, /) -> Any:
    """Return x·2ᵉ. The exponent is a whole number and constant."""
    return x * np.ldexp(1.0, primal(exponent))


for _function in (
    np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal,
    np.logical_and, np.logical_or, np.logical_xor, np.logical_not,
    np.isnan, np.isinf, np.isfinite, np.signbit, np.spacing,
    np.shape, np.ndim, np.size, np.round, np.around, np.argmax, np.argmin, np.argsort,
    np.zeros_like, np.ones_like, np.allclose, np.isclose, np.array_equal, np.iscomplexobj, np.isrealobj, np.fix,
):  # fmt: skip
    constant(_function)
