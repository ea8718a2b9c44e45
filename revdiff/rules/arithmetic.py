"""Arithmetic: the operators of Python, and NumPy's functions of the same meaning.

Imports the function maker. Python floats never come here but for powers: `RevDiff` takes them itself.
"""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from revdiff.core.cotangents import one_like
from revdiff.core.revdiff import OPERATORS, RevDiff, primal
from revdiff.functions.elementwise import binary, unary
from revdiff.functions.rows import FLOATS
from revdiff.functions.slopes import Overflowing
from revdiff.rules.elementary import log
from revdiff.rules.selection import where
from revdiff.systems import exact


def _power(x: Any, y: Any) -> Any:
    """Return xʸ. NumPy refuses whole numbers to negative powers; revdiff takes them as floats."""
    if RevDiff not in (type(x), type(y)) and (type(y) is not int or y < 0):
        both = primal(x), primal(y)
        kinds = [a.dtype.kind for a in both if isinstance(a, np.ndarray | np.generic)]
        if kinds and all(isinstance(a, int | np.ndarray | np.generic) for a in both) and {*"iub"}.issuperset(kinds):
            return np.power(x, y, dtype=np.float64) if np.any(np.less(y, 0)) else np.power(x, y)
    return x**y


def _lowered(x: Any, y: Any) -> Any:
    """Return xʸ⁻¹; but 1 where y is the constant 0 or 1, so that 0·xʸ⁻¹ and 1·xʸ⁻¹ are right also at x = 0.

    For a square it is x itself.
    """
    if type(y) is RevDiff:
        return power(x, y - 1)
    if isinstance(primal(y), np.ndarray):
        return power(x, np.where(y == 0, 0, y - 1))
    if y in (0, 1):
        return one_like(x)
    return x if type(y) in (int, float) and y == 2 else power(x, y - 1)


def _log_of_base(x: Any, z: Any) -> Any:
    """Return ln x, as exactly as z = xʸ is known; but 0 where x is 0, where 0ʸ has no slope in y."""
    x = exact(x, z) if isinstance(x, int | float) else x
    return log(where(x == 0, 1, x))


def _base_is_not_zero(x: Any, y: Any, z: Any) -> Any:
    return x != 0


_BY_BASE = Overflowing(lambda x, y, z: y * _lowered(x, y), where=_base_is_not_zero)
_BY_EXPONENT = Overflowing(lambda x, y, z: z * _log_of_base(x, z), where=_base_is_not_zero)


# fmt: off
add      = binary("add",      1, 1,                                 "x + y",    always=operator.add)
subtract = binary("subtract", 1, -1,                                "x - y",    always=operator.sub)
multiply = binary("multiply", "y", "x",                           "x · y",    always=operator.mul, is_square=True)
divide   = binary("divide",   lambda x, y, z: exact(1, x) / y, lambda x, y, z: -z / y, "x / y", always=operator.truediv,
                  divides=True)
negative = unary("negative",  -1,                                   "-x",       always=operator.neg)
positive = unary("positive",  1,                                    "x itself", always=operator.pos)
power    = binary("power",    _BY_BASE, _BY_EXPONENT,
                  "z = xʸ.     x̄ = z̄ y xʸ⁻¹,  ȳ = z̄ z ln x;  for a constant y no logarithm is taken, and x⁰ has the derivative 0", always=_power,
                  squares=2, at={(2.0, 3.0): (12.0, 8 * math.log(2))})
float_power = binary("float_power", _BY_BASE, _BY_EXPONENT,
                     "z = xʸ, whole numbers as floats.     x̄ = z̄ y xʸ⁻¹,  ȳ = z̄ z ln x",
                     math=math.pow, formula=operator.pow, at={(2.0, 3.0): (12.0, 8 * math.log(2))})
# fmt: on

FLOATS.update(
    _lowered=lambda x, y: x ** (y - 1) if y else 1.0,
    _log_of_base=lambda x, z: math.log(x) if x else 0.0,
)
OPERATORS.update(add=add, sub=subtract, mul=multiply, truediv=divide, neg=negative, pow=power)
