"""Functions that jump: signs, rounding, remainders, steps. Between the jumps their derivatives are simple.

Imports the function maker and NumPy's protocol. At a jump the derivative is the one beside it: 0
for `sign` and `floor`, and nothing infinite.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from operator import mod
from typing import Any

import numpy as np

from revdiff.arrays.names import of_numpy
from revdiff.arrays.numpy_protocol import constant, method_of, stands_for
from revdiff.core.cotangents import one_like
from revdiff.core.lifting import lift
from revdiff.core.revdiff import OPERATORS, RevDiff, primal
from revdiff.functions.elementwise import binary, unary
from revdiff.functions.rows import FLOATS
from revdiff.systems import exact, mpmath, sympy, system_of


def _sign(x: Any) -> Any:
    return type(x)((x > 0) - (x < 0)) if x == x else x


def _on_float(rounded: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Let a rounding function keep floats floats, as NumPy does, so that infinities and NaN pass through."""

    def on_number(x: Any) -> Any:
        if not isinstance(x, float):
            return rounded(x)
        return float(rounded(x)) if math.isfinite(x) else x

    return on_number


def _trunc(x: Any) -> Any:
    return floor(x) if x >= 0 else ceil(x)


def _sympy_trunc(x: Any) -> Any:
    return sympy.sign(x) * sympy.floor(sympy.Abs(x))


def _heaviside(x: Any, at_zero: Any) -> Any:
    return at_zero if x == 0 else type(x)(x > 0)


def _flip(x: Any, y: Any) -> Any:
    """Return the derivative of copysign(x, y), which is |x| or -|x|."""
    return copysign(real_sign(x), real_sign(x) * y)


def _two_to_the(n: Any, x: Any) -> Any:
    """Return 2ⁿ as a number of x's kind; inf where that is too large for a float."""
    if isinstance(n, np.ndarray | np.generic):
        n = n.astype(np.int32)  # slopes see whole numbers as floats
    return math.inf if type(n) is int and n > 1023 and isinstance(primal(x), float) else ldexp(one_like(x), n)


def _times(x: Any, y: Any, z: Any) -> Any:
    """Return how many times y was taken from x to leave the remainder z."""
    return trunc(x / y) if system_of(z) == "sympy" else rint((x - z) / y)


def _floor_divide(x: Any, y: Any) -> Any:
    """Return x // y, which mpmath's numbers lack."""
    return rint((x - x % y) / y) if "mpmath" in {system_of(x), system_of(y)} else x // y


# fmt: off
real_sign = unary("sign",      None, "-1, 0 or 1, as a real x is negative, zero or positive", formula=_sign)
floor     = unary("floor",     None, "the largest whole number up to x.     x̄ = 0",    math=_on_float(math.floor), formula=math.floor, at={2.5: 0.0})
ceil      = unary("ceil",      None, "the smallest whole number from x on.     x̄ = 0", math=_on_float(math.ceil), sympy="ceiling", formula=math.ceil, at={2.5: 0.0})
trunc     = unary("trunc",     None, "x without its fraction.     x̄ = 0",              math=_on_float(math.trunc), sympy=_sympy_trunc, formula=_trunc, at={2.5: 0.0})
rint      = unary("rint",      None, "the whole number nearest to x.     x̄ = 0",       math=_on_float(round), mpmath="nint", formula=round, at={2.4: 0.0})

heaviside = binary("heaviside", None, lambda x, y, z: 1 - sign(x) * sign(x), "0 below zero, 1 above zero, y at zero.     x̄ = 0,  ȳ = z̄ where x is 0",
                   sympy="Heaviside", formula=_heaviside, at={(0.0, 0.5): (0.0, 1.0)})
copysign  = binary("copysign",  lambda x, y, z: _flip(x, y), None,          "x with the sign of y.     x̄ = ±z̄,  ȳ = 0", decimal="copy_sign",
                   sympy=lambda x, y: sympy.Abs(x) * sympy.sign(y), formula=lambda x, y: abs(x) if y >= 0 else -abs(x), at={(2.0, -3.0): (-1.0, 0.0)})
nextafter = binary("nextafter", 1, None,                                    "the number next to x on the way to y")
ldexp     = binary("ldexp",     lambda x, n, y: _two_to_the(n, x), None, "x · 2ⁿ, for a whole number n.     x̄ = ȳ 2ⁿ",
                   formula=lambda x, n: x * exact(2, x) ** n, at={(3.0, 2): (4.0, 0)})
remainder = binary("remainder", 1, lambda x, y, z: -floor_divide(x, y),               "x - y ⌊x/y⌋, what % gives.     x̄ = z̄,  ȳ = -z̄ ⌊x/y⌋", always=mod, at={(-7.5, 2.0): (1.0, 4.0)})
fmod      = binary("fmod",      1, lambda x, y, z: -_times(x, y, z),        "x - y trunc(x/y), with the sign of x.     x̄ = z̄,  ȳ = -z̄ trunc(x/y)",
                   decimal=mod, mpmath=None, formula=lambda x, y: x - y * trunc(x / y), at={(7.5, 2.0): (1.0, -3.0)})
floor_divide = binary("floor_divide", None, None,                           "⌊x/y⌋, what // gives", always=_floor_divide)
# fmt: on

sign = real_sign  # in the rows above
OPERATORS["mod"] = remainder
OPERATORS["floordiv"] = floor_divide
FLOATS.update(_flip=_flip, _times=lambda x, y, z: round((x - z) / y), _two_to_the=_two_to_the)


@stands_for(np.divmod)
def divmod_(x: Any, y: Any, /) -> tuple[Any, Any]:
    """Return (⌊x/y⌋, x - y⌊x/y⌋)."""
    return floor_divide(x, y), remainder(x, y)


@stands_for(np.modf)
def modf(x: Any, /) -> tuple[Any, Any]:
    """Return the fraction of x, with derivative 1, and the rest, with derivative 0.

    >>> from revdiff import jacobian
    >>> modf(2.75), jacobian(modf)(2.75)
    ((0.75, 2.0), (1.0, 0.0))
    """
    if np.asarray(primal(x)).dtype.kind in "iub" and system_of(x) == "numpy":
        x = x * np.modf(primal(x))[0].dtype.type(1)
    return lift(lambda x: (_fraction(x), None), x), trunc(x)


def _fraction(x: Any) -> Any:
    if type(x) is RevDiff:
        return modf(x)[0]
    if isinstance(x, float | np.ndarray | np.generic):
        return (math if type(x) is float else np).modf(x)[0]
    return x - trunc(x)


@stands_for(np.frexp)
def frexp(x: Any, /) -> tuple[Any, Any]:
    """Return the mantissa m and the exponent n of x = m·2ⁿ, with dm/dx = 2⁻ⁿ.

    >>> from revdiff import derivative
    >>> frexp(6.0), derivative(lambda x: frexp(x)[0])(6.0)
    ((0.75, 3), 0.125)
    """
    module: Any = {"numpy": np, "mpmath": mpmath}.get(system_of(x), math)
    _, exponent = module.frexp(primal(x))
    return ldexp(x, -exponent), exponent


for _function in (
    np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal,
    np.logical_and, np.logical_or, np.logical_xor, np.logical_not,
    np.isnan, np.isinf, np.isfinite, np.signbit, np.spacing,
    np.round, np.around, np.fix, *of_numpy("round_"),
    np.allclose, np.isclose, np.array_equal, np.array_equiv, np.iscomplexobj, np.isrealobj,
    np.iscomplex, np.isreal, np.isposinf, np.isneginf,
):  # fmt: skip
    constant(_function)
method_of(np.round)
