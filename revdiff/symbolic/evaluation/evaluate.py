"""SymPy's expressions as functions of any kind of number.

Imports SymPy, the compiler and the constants.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, final

import sympy
from sympy.core.function import FunctionClass, UndefinedFunction

from revdiff.core.errors import ArgumentError, describe, listed
from revdiff.core.revdiff import primal
from revdiff.symbolic.evaluation.compile import Compiled
from revdiff.symbolic.evaluation.constants import converted, kind_of
from revdiff.symbolic.evaluation.special import place
from revdiff.symbolic.matrices.matrix import is_matrix


def from_sympy(expr: Any, args: Any, /, *, functions: Mapping[Any, Any] | None = None) -> Evaluator:
    """Make a function of a SymPy expression.

    expr       the expression, or a matrix of expressions
    args       its variables, in the order in which the function takes them: a symbol, or several. A MatrixSymbol
               stands for an array, or for a matrix.
    functions  what the functions are that are known by name: {"f": revdiff.sin}. Their derivatives follow.

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

    A Piecewise computes only the branch that is taken. Sums, products and integrals may have variable limits, and a
    Derivative is taken by revdiff.

    >>> t = sympy.Symbol("t")
    >>> grad(from_sympy(sympy.Integral(sympy.exp(x * t), (t, 0, y)), (x, y)), argnums=1)(2.0, 0.0)
    1.0
    >>> from revdiff import sin, symbolic_func
    >>> from_sympy(symbolic_func("f").derivative()(x**2), x, functions={"f": sin})(y)
    cos(y**2)

    Functions that revdiff does not have are an error that names them; so are variables that are not among the arguments.
    """
    return Evaluator(expr, args, functions or {})


@final
class Evaluator:
    """The function of an expression, what `from_sympy` returns."""

    def __init__(self, expr: Any, args: Any, functions: Mapping[Any, Any]) -> None:
        if isinstance(expr, str) or not isinstance(expr, sympy.Expr | sympy.MatrixBase | int | float | complex):
            hint = "\n  For a formula in text:  parse_expression(text)" if isinstance(expr, str) else ""
            msg = f"from_sympy makes a function of a SymPy expression; met {describe(expr)}.{hint}"
            raise ArgumentError(msg)
        self.expr = sympy.sympify(expr).as_immutable() if isinstance(expr, sympy.MatrixBase) else sympy.sympify(expr)
        self.args = _symbols(args)
        self.functions = _by_name(functions)
        self._compiled = Compiled(self.expr, self.args, self.functions, Evaluator)
        self._known: dict[Any, tuple[Any, ...]] = {}

    def __call__(self, *args: Any) -> Any:
        """Evaluate the expression at these values of its variables."""
        if len(args) != len(self.args):
            msg = f"this function takes {len(self.args)} arguments, ({listed(self.args)}); it was given {len(args)}"
            raise ArgumentError(msg)
        for symbol, value in zip(self.args, args, strict=True):
            _require_shape(symbol, primal(value))
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
        return Evaluator, (self.expr, self.args, self.functions)


def _symbols(args: Any) -> tuple[Any, ...]:
    one = isinstance(args, str | sympy.MatrixSymbol) or not isinstance(args, Iterable)
    symbols = (args,) if one else tuple(args)
    for a in symbols:
        if not isinstance(a, sympy.Symbol | sympy.MatrixSymbol):
            msg = f"the arguments of from_sympy are SymPy symbols; met {describe(a)}"
            raise ArgumentError(msg)
    if len(set(symbols)) < len(symbols):
        msg = f"from_sympy was given an argument twice: ({listed(symbols)})"
        raise ArgumentError(msg)
    return symbols


def _require_shape(symbol: Any, value: Any) -> None:
    """Raise `ArgumentError` where a matrix is given for a number, or a matrix of another shape."""
    if isinstance(symbol, sympy.Symbol):
        if is_matrix(value):
            msg = f"{symbol} is a number; met {describe(value)}.\n  For a matrix:  sympy.MatrixSymbol({symbol.name!r}, n, m)"
            raise ArgumentError(msg)
        return
    shape = tuple(getattr(value, "shape", ()))[-2:]
    if len(shape) < 2 or any(n.is_Integer and n != k for n, k in zip(symbol.shape, shape, strict=True)):
        rows, cols = symbol.shape
        met = f"one of {shape[0]} rows and {shape[1]} columns" if len(shape) == 2 else describe(value)
        msg = f"{symbol} is a matrix of {rows} rows and {cols} columns; met {met}"
        raise ArgumentError(msg)


def _dividing_exactly(x: Any) -> Any:
    """Return an int as the fraction that it is, so that quotients of it stay exact."""
    return x * Fraction(1) if type(primal(x)) is int else x


def _by_name(functions: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the functions by name, each as one that takes numbers of any kind."""
    found = {}
    for key, function in functions.items():
        name = key if isinstance(key, str) else getattr(key, "name", None) or getattr(key, "__name__", None)
        if not isinstance(name, str) or "'" in name:
            msg = f"functions= says by name what functions are, {{'f': revdiff.sin}}; met {describe(key)} for a name"
            raise ArgumentError(msg)
        if not callable(function):
            msg = f"functions= says that {name} is {describe(function)}, which is no function"
            raise ArgumentError(msg)
        found[name] = _polymorphic(function)
    return found


def _polymorphic(function: Any) -> Any:
    """Return a function of SymPy, or its Lambda, as a function of numbers of any kind."""
    if isinstance(function, sympy.Lambda):
        return from_sympy(function.expr, function.variables)
    if isinstance(function, FunctionClass) and not isinstance(function, UndefinedFunction):
        return lambda *args: from_sympy(function(*map(place, range(len(args)))), map(place, range(len(args))))(*args)
    return function
