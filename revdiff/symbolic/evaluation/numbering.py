"""The parts of an expression, numbered: equal parts have one number, so each is computed once.

Imports SymPy and the meanings of its functions. The expression is walked once, without recursion.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import add, mul, neg, sub, truediv
from typing import Any, TypeAlias, final

import sympy
from sympy.core.function import AppliedUndef

from revdiff.core.errors import ArgumentError, UnsupportedValueError, listed
from revdiff.rules.arithmetic import power
from revdiff.rules.elementary import exp, sqrt
from revdiff.symbolic.evaluation.bound import (
    Compile,
    Reading,
    derivative,
    integral,
    substitution,
    sum_or_product,
)
from revdiff.symbolic.evaluation.linear_algebra import matrix_expression
from revdiff.symbolic.evaluation.meanings import FOLDED, MEANINGS
from revdiff.symbolic.evaluation.special import place, special_function
from revdiff.symbolic.functions import SymbolicFunc
from revdiff.symbolic.lifted import elementwise_partial
from revdiff.symbolic.notation import from_sympy_derivative

_DEEPEST_CONSTANT = 50
"""A constant is computed by SymPy unless it is nested more deeply than that."""

_ONE, _HALF = sympy.Integer(1), sympy.Rational(1, 2)

Numbers: TypeAlias = tuple[int, ...]

_VARIABLES = (sympy.Symbol, sympy.MatrixSymbol)

CHOOSE = object()
"""Stands for the function of a Piecewise, whose operands are value, condition, value, condition, …"""


@final
class Numbering:
    """The parts of an expression. A part is a function with the numbers of its operands.

    Leaves, the arguments and the constants, have no operands. A difference, a quotient and a square
    root are parts of their own, though SymPy writes them with factors -1 and powers -1 and 1/2.
    """

    def __init__(self, args: tuple[Any, ...], functions: Mapping[str, Any], compiled: Compile) -> None:
        self._functions = functions
        self._compiled = compiled
        self._readings: dict[Any, tuple[Any, tuple[Any, ...]]] = {}
        self._numbers: dict[Any, int] = {}
        self.parts: list[tuple[Any, Numbers]] = []
        self.constants: dict[int, Any] = {}  # number → SymPy's constant
        self._depths: dict[int, int] = {}  # number → how deeply a constant is nested
        self._negatives: dict[int, int] = {}  # number of -x → number of x
        self._reciprocals: dict[int, int] = {}  # number of 1/x → number of x
        self.args = {a: self._part(a) for a in args}

    def _part(self, function: Any, *operands: int) -> int:
        key = function, operands
        number = self._numbers.setdefault(key, len(self.parts))
        if number == len(self.parts):
            self.parts.append(key)
        return number

    def _constant(self, value: Any, depth: int = 0) -> int:
        number = self._part((type(value), value))
        self.constants.setdefault(number, value)
        self._depths.setdefault(number, depth)
        return number

    def visit(self, expr: Any) -> int:
        """Number an expression, its parts first, and return its number."""
        numbers: dict[int, int] = {}
        seen: list[Any] = []  # keeps everything alive whose id is in use
        stack = [(expr, *self._apart(expr))]
        while stack:
            e, function, operands = stack[-1]
            missing = [operand for operand in operands if id(operand) not in numbers]
            if missing:
                stack += [(operand, *self._apart(operand)) for operand in missing]
                continue
            stack.pop()
            if id(e) not in numbers:
                numbers[id(e)] = self._numbered(e, function, operands, [numbers[id(operand)] for operand in operands])
                seen += [e, operands]
        return numbers[id(expr)]

    def _numbered(self, e: Any, function: Any, operands: tuple[Any, ...], numbers: list[int]) -> int:
        if isinstance(e, _VARIABLES):
            return self._argument(e)
        if not operands and function is None:
            return self._constant(_constant_value(e))
        if all(number in self.constants for number in numbers) and self._has_a_value(e):
            depth = 1 + max(self._depths[number] for number in numbers)
            if depth < _DEEPEST_CONSTANT:
                return self._constant(e, depth)
        if function is not None:
            return self._part(function, *numbers)
        if e.is_Add:
            return self._sum(numbers)
        if e.is_Mul:
            return self._product(operands, numbers)
        if e.is_Pow:
            return self._power(*operands, *numbers)
        if isinstance(e, sympy.Piecewise):
            return self._part(CHOOSE, *numbers)
        name = e.func.__name__
        if name in FOLDED:
            return reduce(lambda a, b: self._part(FOLDED[name], a, b), numbers)
        if name == "sinc":  # SymPy's has no π in it
            numbers = [self._quotient(numbers[0], self._constant(sympy.pi))]
        return self._part(MEANINGS[name], *numbers)

    def _apart(self, e: Any) -> tuple[Any, tuple[Any, ...]]:
        """Return the operands of an expression, none for a leaf; and the function, where the table of functions has none."""
        if isinstance(e, _VARIABLES) or e.is_Number:
            return None, ()
        if isinstance(e, sympy.Piecewise):
            return None, tuple(part for pair in e.args for part in pair.args)
        if (e.is_Add or e.is_Mul or e.is_Pow) and not e.is_Matrix:
            return None, e.args
        name = e.func.__name__
        if _is_of_sympy(e) and (name in MEANINGS or name in FOLDED) and name not in self._functions:
            return None, e.args
        if e not in self._readings:
            self._readings[e] = self._reading(e) or (None, ())
        return self._readings[e]

    def _reading(self, e: Any) -> Reading | None:
        """Return the function that is applied in e, and to what; None for a constant and for what is not known."""
        name = e.func.__name__
        if isinstance(e, AppliedUndef) or name in self._functions:
            return self._unknown(e)
        if self._functions and isinstance(e, sympy.Derivative | sympy.Subs) and e.has(AppliedUndef):
            return _same, (from_sympy_derivative(e),)
        match e:
            case sympy.Sum() | sympy.Product():
                return sum_or_product(e, self._compiled)
            case sympy.Integral():
                return integral(e, self._compiled)
            case sympy.Derivative():
                return derivative(e, self._compiled)
            case sympy.Subs():
                return substitution(e, self._compiled)
        of_matrices = matrix_expression(e)
        if of_matrices is not None:
            return of_matrices
        if isinstance(e, sympy.Function) and _is_of_sympy(e) and not e.is_number:
            return _special(e)
        return None

    def _has_a_value(self, e: Any) -> bool:
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

    def _argument(self, symbol: Any) -> int:
        if symbol in self.args:
            return self.args[symbol]
        if str(symbol) in map(str, self.args):
            msg = (
                f"the variable {symbol} in the expression and the argument {symbol} are different symbols: "
                "their assumptions differ.\n"
                "  Take the argument from the expression:  expr.free_symbols"
            )
        else:
            msg = (
                f"the expression contains the variable {symbol}, which is not among the arguments "
                f"({listed(self.args)}).\n"
                f"  Add it:  from_sympy(expr, ({listed([*self.args, symbol])}))"
            )
        raise ArgumentError(msg)

    def _sum(self, numbers: list[int]) -> int:
        """Number x + y - z, with the first positive term in front."""
        terms = sorted(numbers, key=lambda number: number in self._negatives)
        total = terms[0]
        for number in terms[1:]:
            positive = self._negatives.get(number)
            total = self._part(add, total, number) if positive is None else self._part(sub, total, positive)
        return total

    def _product(self, factors: tuple[Any, ...], numbers: list[int]) -> int:
        """Number -x·y/(z·w): what SymPy writes with a factor -1 and powers -1."""
        above: list[int] = []
        below: list[int] = []
        is_negative = False
        for factor, number in zip(factors, numbers, strict=True):
            if factor.is_Rational:
                is_negative ^= bool(factor.p == -1)
                above += [self._constant(sympy.Integer(factor.p))] if abs(factor.p) != 1 else []
                below += [self._constant(sympy.Integer(factor.q))] if factor.q != 1 else []
            elif number in self._reciprocals:
                below.append(self._reciprocals[number])
            else:
                above.append(number)
        product = self._multiplied(above)
        if below:
            product = self._quotient(product, self._multiplied(below))
        return self._negative(product) if is_negative else product

    def _multiplied(self, numbers: list[int]) -> int:
        return reduce(lambda a, b: self._part(mul, a, b), numbers) if numbers else self._constant(_ONE)

    def _negative(self, number: int) -> int:
        negative = self._part(neg, number)
        self._negatives[negative] = number
        return negative

    def _quotient(self, above: int, below: int) -> int:
        quotient = self._part(truediv, above, below)
        if self.constants.get(above) == 1:
            self._reciprocals[quotient] = below
        return quotient

    def _power(self, base: Any, exponent: Any, x: int, n: int) -> int:
        if base == sympy.E:
            return self._part(exp, n)
        if not exponent.is_Rational:
            return self._part(power, x, n)
        if exponent.is_negative:
            positive = -exponent
            return self._quotient(self._constant(_ONE), self._power(base, positive, x, self._constant(positive)))
        if exponent == _ONE:
            return x
        return self._part(sqrt, x) if exponent == _HALF else self._part(power, x, n)


def _special(e: Any) -> Reading:
    """Read a function that revdiff has not, of its varying arguments; or of the symbols in them, where one is a tuple."""
    varying = [arg for arg in e.args if arg.free_symbols]
    if not all(isinstance(arg, sympy.Expr) for arg in varying):
        symbols = tuple(sorted(e.free_symbols, key=sympy.default_sort_key))
        places = tuple(map(place, range(len(symbols))))
        return special_function(e.xreplace(dict(zip(symbols, places, strict=True))), places), symbols
    numbered = iter(range(len(varying)))
    template = e.func(*(place(next(numbered)) if arg.free_symbols else arg for arg in e.args))
    return special_function(template, tuple(map(place, range(len(varying))))), tuple(varying)


def _same(x: Any) -> Any:
    return x


def _is_of_sympy(e: Any) -> bool:
    return str(e.func.__module__).partition(".")[0] == "sympy"


def _constant_value(e: Any) -> Any:
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
