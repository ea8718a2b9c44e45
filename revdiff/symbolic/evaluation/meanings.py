"""What the functions of SymPy mean in revdiff: one row for each name.

Imports the rules. SymPy's own functions that are a formula in others, such as the secant, are that
formula; so they have a derivative without a rule of their own.
"""

# ruff: noqa: I001 - the functions stand in lines as in the table below

from __future__ import annotations

from collections.abc import Callable
from operator import and_, ge, gt, le, lt, or_
from typing import Any

import numpy as np
import sympy

from revdiff.core.errors import UnsupportedValueError, describe
from revdiff.core.revdiff import primal
from revdiff.rules.complex import absolute, angle, conjugate, imag, real, sign
from revdiff.rules.elementary import (
    acos, acosh, asin, asinh, atan, atan2, atanh, cbrt, cos, cosh, exp, exp2, expm1, hypot, log, log1p, log2, log10,
    sin, sinh, sqrt, tan, tanh,
)  # fmt: skip
from revdiff.rules.selection import maximum, minimum, where
from revdiff.rules.special import digamma, erf, erfc, gamma, lgamma, polygamma, sinc
from revdiff.rules.steps import ceil, floor, heaviside, remainder
from revdiff.systems import is_complex


def _each(condition: Callable[..., Any]) -> Callable[..., Any]:
    """Return a condition that is looked at one by one in arrays of objects, which may be symbols."""

    def looked_at(*args: Any) -> Any:
        plain = tuple(map(primal, args))
        if any(isinstance(x, np.ndarray) and x.dtype == object for x in plain):
            return np.frompyfunc(condition, len(args), 1)(*plain)
        return condition(*plain)

    return looked_at


def _ordered(compare: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """Return a comparison that refuses complex numbers. In arrays of them NumPy would compare the real parts first."""

    def compared(x: Any, y: Any) -> Any:
        if is_complex(x) or is_complex(y):
            met = describe(x if is_complex(x) else y)
            msg = f"a condition in the expression compares numbers, and complex numbers have no order; met {met}"
            raise UnsupportedValueError(msg)
        return compare(x, y)

    return _each(compared)


@_each
def _equal(x: Any, y: Any) -> Any:
    """Return whether x = y: a truth value, an array of them, or an equation of SymPy."""
    return sympy.Eq(x, y) if isinstance(x, sympy.Basic) or isinstance(y, sympy.Basic) else x == y


@_each
def _not(condition: Any) -> Any:
    return not condition if isinstance(condition, bool) else ~condition


def _log(x: Any, base: Any = None) -> Any:
    return log(x) if base is None else log(x) / log(base)


def _polygamma(n: Any, x: Any) -> Any:
    order = primal(n)
    if isinstance(order, float | np.ndarray) or order != int(order):
        msg = f"the order of polygamma must be a whole number that is written in the expression; met {describe(order)}"
        raise UnsupportedValueError(msg)
    return polygamma(int(order), x)


# fmt: off
MEANINGS: dict[str, Callable[..., Any]] = {
    # Exponentials, logarithms, and what SymPy has for writing code
    "exp": exp,           "log": _log,
    "exp2": exp2,         "log2": log2,         "log10": log10,
    "expm1": expm1,       "log1p": log1p,       "hypot": hypot,
    "Sqrt": sqrt,         "Cbrt": cbrt,
    # Trigonometric and hyperbolic functions, and their inverses
    "sin": sin,           "cos": cos,           "tan": tan,
    "asin": asin,         "acos": acos,         "atan": atan,        "atan2": atan2,
    "sinh": sinh,         "cosh": cosh,         "tanh": tanh,
    "asinh": asinh,       "acosh": acosh,       "atanh": atanh,
    "sec":   lambda x: 1 / cos(x),              "asec":  lambda x: acos(1 / x),
    "csc":   lambda x: 1 / sin(x),              "acsc":  lambda x: asin(1 / x),
    "cot":   lambda x: 1 / tan(x),              "acot":  lambda x: atan(1 / x),
    "sech":  lambda x: 1 / cosh(x),             "asech": lambda x: acosh(1 / x),
    "csch":  lambda x: 1 / sinh(x),             "acsch": lambda x: asinh(1 / x),
    "coth":  lambda x: 1 / tanh(x),             "acoth": lambda x: atanh(1 / x),
    # Special functions
    "gamma": gamma,       "loggamma": lgamma,   "factorial": lambda n: gamma(n + 1),
    "digamma": digamma,   "polygamma": _polygamma,
    "erf": erf,           "erfc": erfc,         "sinc": sinc,           "erf2": lambda x, y: erf(y) - erf(x),
    # Absolute values, steps and rounding
    "Abs": absolute,      "sign": sign,         "Heaviside": heaviside,
    "floor": floor,       "ceiling": ceil,      "frac": lambda x: x - floor(x),
    "Mod": remainder,
    # Complex numbers
    "re": real,           "im": imag,           "conjugate": conjugate,  "arg": angle,
    # Conditions
    "StrictLessThan": _ordered(lt),             "StrictGreaterThan": _ordered(gt),
    "LessThan": _ordered(le),                   "GreaterThan": _ordered(ge),
    "Equality": _equal,   "Unequality": lambda x, y: _not(_equal(x, y)),
    "Not": _not,          "ITE": where,
    # What SymPy keeps as it was written
    "UnevaluatedExpr": lambda x: x,
}
"""Functions of SymPy by name."""

FOLDED: dict[str, Callable[[Any, Any], Any]] = {
    "Max": maximum,       "Min": minimum,
    "And": and_,          "Or": or_,
}
"""Functions of SymPy that take any number of arguments, by name, with what joins two of them."""
# fmt: on
