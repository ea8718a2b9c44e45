"""What each part of an expression is: a function, and what it is applied to.

Imports SymPy, and the meanings of its functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, final

import sympy
from sympy.core.function import AppliedUndef

from revdiff.core.errors import UnsupportedValueError
from revdiff.symbolic.evaluation.bound import Compile, Make, Reading, derivative, integral, substitution, sum_or_product
from revdiff.symbolic.evaluation.linear_algebra import matrix_expression
from revdiff.symbolic.evaluation.meanings import FOLDED, MEANINGS
from revdiff.symbolic.evaluation.special import place, special_function
from revdiff.symbolic.functions import SymbolicFunc
from revdiff.symbolic.lifted import elementwise_partial
from revdiff.symbolic.notation import from_sympy_derivative

VARIABLES = (sympy.Symbol, sympy.MatrixSymbol)

_BINDING: tuple[tuple[Any, Callable[[Any, Compile], Reading]], ...] = (
    ((sympy.Sum, sympy.Product), sum_or_product),
    (sympy.Integral, integral),
    (sympy.Derivative, derivative),
    (sympy.Subs, substitution),
)
"""How expressions with a variable of their own are read."""


@final
class Reader:
    """Reads expressions, given what the functions in them are that are known by name, and how formulas become functions."""

    def __init__(self, functions: Mapping[str, Any], make: Make) -> None:
        self._functions = functions
        self._make = make
        self._known: dict[Any, tuple[Any, tuple[Any, ...]]] = {}

    def apart(self, e: Any) -> tuple[Any, tuple[Any, ...]]:
        """Return the operands of an expression, none for a leaf; and the function, where the table of functions has none."""
        if isinstance(e, VARIABLES) or e.is_Number:
            return None, ()
        if isinstance(e, sympy.Piecewise):
            return None, tuple(part for pair in e.args for part in pair.args)
        if (e.is_Add or e.is_Mul or e.is_Pow) and not e.is_Matrix:
            return None, e.args
        name = e.func.__name__
        if _is_of_sympy(e) and (name in MEANINGS or name in FOLDED) and name not in self._functions:
            return None, e.args
        if e not in self._known:
            self._known[e] = self._reading(e) or (None, ())
        return self._known[e]

    def _reading(self, e: Any) -> Reading | None:
        """Return the function that is applied in e, and to what; None for a constant and for what is not known."""
        name = e.func.__name__
        if isinstance(e, AppliedUndef) or name in self._functions:
            return self._unknown(e)
        if self._functions and isinstance(e, sympy.Derivative | sympy.Subs) and e.has(AppliedUndef):
            return _same, (from_sympy_derivative(e),)
        for kinds, read in _BINDING:
            if isinstance(e, kinds):
                return read(e, lambda expr, args: self._make(expr, args, self._functions))
        of_matrices = matrix_expression(e)
        if of_matrices is not None:
            return of_matrices
        if isinstance(e, sympy.Function) and _is_of_sympy(e) and not e.is_number:
            return _special(e, self._make)
        return None

    def has_a_value(self, e: Any) -> bool:
        """Tell whether SymPy can compute e, of which all operands are constants."""
        return not (isinstance(e, sympy.MatrixExpr) or e.has(AppliedUndef) or e.func.__name__ in self._functions)

    def _unknown(self, e: Any) -> Reading | None:
        """Return what a function known by its name is, where that has been said; a symbolic function is itself."""
        is_symbolic = isinstance(e.func, SymbolicFunc)
        name = e.func.name if is_symbolic else e.func.__name__
        if name not in self._functions:
            return (e.func, e.args) if is_symbolic else None
        function = self._functions[name]
        for i in e.func.indices if is_symbolic else ():
            function = elementwise_partial(function, i - 1)
        return function, e.args


def _special(e: Any, make: Make) -> Reading:
    """Read a function that revdiff has not, of its varying arguments; or of the symbols in them, where one is a tuple."""
    varying = [arg for arg in e.args if arg.free_symbols]
    if not all(isinstance(arg, sympy.Expr) for arg in varying):
        symbols = tuple(sorted(e.free_symbols, key=sympy.default_sort_key))
        places = tuple(map(place, range(len(symbols))))
        return special_function(e.xreplace(dict(zip(symbols, places, strict=True))), places, make), symbols
    numbered = iter(range(len(varying)))
    template = e.func(*(place(next(numbered)) if arg.free_symbols else arg for arg in e.args))
    return special_function(template, tuple(map(place, range(len(varying)))), make), tuple(varying)


def _same(x: Any) -> Any:
    return x


def _is_of_sympy(e: Any) -> bool:
    return str(e.func.__module__).partition(".")[0] == "sympy"


def constant(e: Any) -> Any:
    """Return a leaf that is no variable, if it is a constant."""
    if e.is_Boolean or (e.is_number and not e.free_symbols):
        return e
    name = e.func.__name__
    if isinstance(e, AppliedUndef):
        what = f"{name} is a function without a definition"
        instead = (
            f"from_sympy(expr, args, functions={{{name!r}: …}}) says what it is,\n"
            f"            and revdiff.from_sympy_derivative(expr) makes revdiff.symbolic_func({name!r}, {len(e.args)}) of it"
        )
    else:
        what = f"revdiff has no function for SymPy's {name}"
        instead = (
            "expr.doit(), expr.rewrite(sympy.exp) or expr.replace(…) may express it by functions that revdiff has,\n"
            f"            and from_sympy(expr, args, functions={{{name!r}: f}}) takes a function f of yours for it"
        )
    msg = f"{what}, which is in the expression.\n  Instead:  {instead}"
    raise UnsupportedValueError(msg)
