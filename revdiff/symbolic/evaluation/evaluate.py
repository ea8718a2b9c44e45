"""SymPy's expressions as functions of any kind of number.

Imports SymPy, the compiler and the constants.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, final

import sympy

from revdiff.core.errors import ArgumentError, describe, listed
from revdiff.core.revdiff import primal
from revdiff.symbolic.evaluation.compile import Compiled
from revdiff.symbolic.evaluation.constants import converted, kind_of


def from_sympy(expr: Any, args: Any, /) -> Evaluator:
    """Make a function of a SymPy expression.

    expr    the expression
    args    its variables, in the order in which the function takes them: a symbol, or several

    The function takes numbers of every kind, arrays, symbols and RevDiffs, so it can be
    differentiated. Constants stay exact where the arguments are exact, which int, Fraction and
    SymPy's numbers are, and are rounded as the arguments are elsewhere.

    >>> import numpy as np
    >>> from revdiff import grad
    >>> x, y = sympy.symbols("x y")
    >>> f = from_sympy(x**2 * y / 3, (x, y))
    >>> f(2.0, 5.0), f(1, 5), f(np.array([1.0, 3.0]), 1.0), f(y, x)
    (6.666666666666667, Fraction(5, 3), array([0.33333333, 3.        ]), x*y**2/3)
    >>> grad(f, argnums=(0, 1))(2.0, 6.0)
    (8.0, 1.3333333333333333)

    A Piecewise computes only the branch that is taken. Functions that revdiff does not have are an
    error that names them; so are variables that are not among the arguments.
    """
    return Evaluator(expr, args)


@final
class Evaluator:
    """The function of an expression, what `from_sympy` returns."""

    def __init__(self, expr: Any, args: Any) -> None:
        if isinstance(expr, str) or not isinstance(expr, sympy.Expr | int | float | complex):
            hint = "\n  For a formula in text:  parse_expression(text)" if isinstance(expr, str) else ""
            msg = f"from_sympy makes a function of a SymPy expression; met {describe(expr)}.{hint}"
            raise ArgumentError(msg)
        self.expr = sympy.sympify(expr)
        self.args = _symbols(args)
        self._compiled = Compiled(self.expr, self.args)
        self._known: dict[Any, tuple[Any, ...]] = {}

    def __call__(self, *args: Any) -> Any:
        """Evaluate the expression at these values of its variables."""
        if len(args) != len(self.args):
            msg = f"this function takes {len(self.args)} arguments, ({listed(self.args)}); it was given {len(args)}"
            raise ArgumentError(msg)
        compiled = self._compiled
        kind, sample = kind_of(args)
        if kind != "exact" or not compiled.divides:
            return compiled.program(*args, *converted(compiled.constants, kind, sample, self._known))
        constants = converted(compiled.constants, "fractions", sample, self._known)
        result = compiled.program(*map(_dividing_exactly, args), *constants)
        return result.numerator if type(result) is Fraction and result.denominator == 1 else result

    def __repr__(self) -> str:
        args = self.args[0] if len(self.args) == 1 else self.args
        try:
            return f"from_sympy({self.expr}, {args})"
        except RecursionError:
            return f"<from_sympy: a function of {args}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return Evaluator, (self.expr, self.args)


def _symbols(args: Any) -> tuple[sympy.Symbol, ...]:
    symbols = tuple(args) if isinstance(args, Iterable) and not isinstance(args, str) else (args,)
    for a in symbols:
        if not isinstance(a, sympy.Symbol):
            msg = f"the arguments of from_sympy are SymPy symbols; met {describe(a)}"
            raise ArgumentError(msg)
    if len(set(symbols)) < len(symbols):
        msg = f"from_sympy was given an argument twice: ({listed(symbols)})"
        raise ArgumentError(msg)
    return symbols


def _dividing_exactly(x: Any) -> Any:
    """Return an int as the fraction that it is, so that quotients of it stay exact."""
    return x * Fraction(1) if type(primal(x)) is int else x
