"""What the names in a typed formula mean in SymPy: one table.

Imports SymPy and the bounds on what it computes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import final

import sympy
from sympy import Expr

from revdiff.symbolic.text.bounds import FormulaError, bounded, bounded_gamma, power, quotient


@final
@dataclass(frozen=True, slots=True)
class Function:
    """A function that a formula may call: what it makes of its arguments, and how many those may be."""

    build: Callable[..., Expr]
    fewest: int = 1
    most: int = 1

    @property
    def takes(self) -> str:
        """Say how many arguments the function takes.

        >>> FUNCTIONS["sin"].takes, FUNCTIONS["log"].takes, FUNCTIONS["max"].takes
        ('1 argument', '1 or 2 arguments', '2 or more arguments')
        """
        if self.fewest == self.most:
            return "1 argument" if self.most == 1 else f"{self.most} arguments"
        return f"{self.fewest} or {'more' if self.most > 9 else self.most} arguments"


_ln = bounded(sympy.log)
_psi = bounded_gamma(sympy.polygamma)


def _exp(x: Expr) -> Expr:
    return power(sympy.E, x)


def _log(x: Expr, base: Expr = sympy.E) -> Expr:
    if base.is_zero:
        raise FormulaError(met="the base of a logarithm is zero", instead="Write a positive base.")
    if x.is_Rational and base.is_Rational and x > 0 < base != 1:
        return sympy.log(x, base)  # which knows that log(8, 2) is 3
    return _ln(x) if base == sympy.E else quotient(_ln(x), _ln(base))


def _cbrt(x: Expr) -> Expr:
    if x.is_Number and x.is_negative:
        return -sympy.cbrt(-x)
    return power(x, sympy.Rational(1, 3))


def _hypot(x: Expr, y: Expr) -> Expr:
    return sympy.sqrt(power(x, sympy.Integer(2)) + power(y, sympy.Integer(2)))


def _polygamma(n: Expr, x: Expr) -> Expr:
    if not (n.is_Integer and 0 <= n <= 10):
        met = "the order of polygamma must be a whole number from 0 to 10"
        raise FormulaError(met=met, instead="Write polygamma(0, x), which is digamma(x), or another order.")
    return _psi(n, x)


_one, _two = sympy.Integer(1), sympy.Integer(2)

# fmt: off
CONSTANTS: dict[str, Expr] = {
    "pi": sympy.pi,
    "e": sympy.E,  "E": sympy.E,
    "I": sympy.I,
    "EulerGamma": sympy.EulerGamma,
}

_ALIKE = ("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf", "erfc", "sign")
"""What SymPy calls as revdiff does."""

FUNCTIONS: dict[str, Function] = {
    **{name: Function(bounded(getattr(sympy, name))) for name in _ALIKE},
    # Powers and roots
    "power":      Function(power, 2, 2),
    "square":     Function(lambda x: power(x, _two)),
    "reciprocal": Function(lambda x: power(x, -_one)),
    "sqrt":       Function(lambda x: power(x, sympy.Rational(1, 2))),
    "cbrt":       Function(_cbrt),
    "hypot":      Function(_hypot, 2, 2),
    # Exponentials and logarithms
    "exp":        Function(_exp),
    "exp2":       Function(lambda x: power(_two, x)),
    "expm1":      Function(lambda x: _exp(x) - 1),
    "log":        Function(_log, 1, 2),
    "log2":       Function(lambda x: _log(x, _two)),
    "log10":      Function(lambda x: _log(x, sympy.Integer(10))),
    "log1p":      Function(lambda x: _ln(1 + x)),
    "sigmoid":    Function(lambda x: quotient(_one, 1 + _exp(-x))),
    "softplus":   Function(lambda x: _ln(1 + _exp(x))),
    "logaddexp":  Function(lambda x, y: _ln(_exp(x) + _exp(y)), 2, 2),
    "logaddexp2": Function(lambda x, y: _log(power(_two, x) + power(_two, y), _two), 2, 2),
    # Angles
    "atan2":      Function(bounded(sympy.atan2), 2, 2),
    "sinc":       Function(lambda x: bounded(sympy.sinc)(sympy.pi * x)),
    "deg2rad":    Function(lambda x: x * sympy.pi / 180),
    "rad2deg":    Function(lambda x: x * 180 / sympy.pi),
    # Special functions
    "gamma":      Function(bounded_gamma(sympy.gamma)),
    "lgamma":     Function(bounded_gamma(sympy.loggamma)),
    "digamma":    Function(lambda x: _psi(sympy.Integer(0), x)),
    "polygamma":  Function(_polygamma, 2, 2),
    # Corners
    "abs":        Function(bounded(sympy.Abs)),
    "minimum":    Function(bounded(sympy.Min), 2, 100),
    "maximum":    Function(bounded(sympy.Max), 2, 100),
}
# fmt: on

ALIASES = {
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2",
    "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh",
    "ln": "log", "pow": "power", "loggamma": "lgamma",
    "min": "minimum", "max": "maximum", "Abs": "abs", "Min": "minimum", "Max": "maximum",
}  # fmt: skip
FUNCTIONS |= {alias: FUNCTIONS[name] for alias, name in ALIASES.items()}

DECLINED = {
    "where": "A formula has no conditions. Write minimum(a, b), maximum(a, b), abs(x) or sign(x).",
    "factorial": "Write gamma(n + 1).",
    "sec": "Write 1/cos(x).",
    "csc": "Write 1/sin(x).",
    "cot": "Write 1/tan(x).",
}
"""Functions that people try, with what to write instead."""

NO_NUMBERS = frozenset(("oo", "inf", "Inf", "infinity", "nan", "NaN", "zoo"))
"""Names that are not taken for variables, because they stand for infinities in SymPy or NumPy."""
