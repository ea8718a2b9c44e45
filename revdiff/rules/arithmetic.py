"""Arithmetic: the operators of Python, and NumPy's functions of the same meaning.

Imports the function maker. Python floats never come here but for powers: `RevDiff` takes them itself.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from revdiff.core.revdiff import OPERATORS, RevDiff, primal
from revdiff.functions import FLOATS, binary, unary
from revdiff.numpy_protocol import stands_for
from revdiff.rules.elementary import log
from revdiff.rules.selection import where


def _lowered(y: Any) -> Any:
    """Return y - 1; but 0 where y is the constant 0, so that the derivative of x⁰ is 0·x⁰ = 0, even at x = 0."""
    if type(y) is RevDiff:
        return y - 1
    if isinstance(y, np.ndarray):
        return np.where(y == 0, 0, y - 1)
    return 0 if y == 0 else y - 1


def _log_of_base(x: Any) -> Any:
    """Return ln x; but 0 where x is 0, where 0ʸ has no slope in y."""
    return log(where(x == 0, 1, x))


def _power(x: Any, y: Any) -> Any:
    if isinstance(y, np.ndarray | np.generic) and y.dtype.kind in "iu" and isinstance(x, np.ndarray | np.generic | int):
        return np.power(x, y, dtype=float) if np.any(y < 0) else np.power(x, y)
    return x**y


# fmt: off
add      = binary("add",      1, 1,                               "x + y",  always=operator.add)
subtract = binary("subtract", 1, -1,                              "x - y",  always=operator.sub)
multiply = binary("multiply", lambda x, y, z: y, lambda x, y, z: x, "x · y", always=operator.mul)
divide   = binary("divide",   lambda x, y, z: 1 / y, lambda x, y, z: -z / y, "x / y", always=operator.truediv)
negative = unary("negative",  -1,                                 "-x",     always=operator.neg)
positive = unary("positive",  1,                                  "x itself", always=operator.pos)
power    = binary("power",    lambda x, y, z: y * power(x, _lowered(y)), lambda x, y, z: z * _log_of_base(x),
                  "xʸ: for a constant y no logarithm is taken, and the derivative of x⁰ is 0 everywhere", always=_power)
# fmt: on

FLOATS.update(_lowered=_lowered, _log_of_base=_log_of_base)
OPERATORS.update(add=add, sub=subtract, mul=multiply, truediv=divide, neg=negative, pow=power)
stands_for(np.divide, np.true_divide)(divide)


@stands_for(np.float_power)
def float_power(x: Any, y: Any, /) -> Any:
    """Return xʸ in floating-point arithmetic."""
    return power(x * 1.0, y * 1.0 if type(y) is RevDiff else np.float64(y) if np.ndim(primal(y)) == 0 else y)
