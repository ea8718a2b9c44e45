"""The parts of an expression, numbered: equal parts have one number, so each is computed once.

Imports SymPy, and what its expressions mean. The expression is walked once, without recursion.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import add, mul, neg, sub, truediv
from typing import Any, TypeAlias, final

import sympy

from revdiff.core.errors import ArgumentError, listed
from revdiff.rules.arithmetic import power
from revdiff.rules.elementary import sqrt
from revdiff.symbolic.evaluation.bound import Make
from revdiff.symbolic.evaluation.meanings import FOLDED, MEANINGS
from revdiff.symbolic.evaluation.reading import VARIABLES, Reader, constant

_DEEPEST_CONSTANT = 50
"""A constant is computed by SymPy unless it is nested more deeply than that."""

_ONE, _HALF = sympy.Integer(1), sympy.Rational(1, 2)

Numbers: TypeAlias = tuple[int, ...]

CHOOSE = object()
"""Stands for the function of a Piecewise, whose operands are value, condition, value, condition, …"""


@final
class Numbering:
    """The parts of an expression. A part is a function with the numbers of its operands.

    Leaves, the arguments and the constants, have no operands. A difference, a quotient and a square
    root are parts of their own, though SymPy writes them with factors -1 and powers -1 and 1/2.
    """

    def __init__(self, args: tuple[Any, ...], functions: Mapping[str, Any], make: Make) -> None:
        self._reader = Reader(functions, make)
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
        stack = [(expr, *self._reader.apart(expr))]
        while stack:
            e, function, operands = stack[-1]
            missing = [operand for operand in operands if id(operand) not in numbers]
            if missing:
                stack += [(operand, *self._reader.apart(operand)) for operand in missing]
                continue
            stack.pop()
            if id(e) not in numbers:
                numbers[id(e)] = self._numbered(e, function, operands, [numbers[id(operand)] for operand in operands])
                seen += [e, operands]
        return numbers[id(expr)]

    def _numbered(self, e: Any, function: Any, operands: tuple[Any, ...], numbers: list[int]) -> int:
        if isinstance(e, VARIABLES):
            return self._argument(e)
        if not operands and function is None:
            return self._constant(constant(e))
        if all(number in self.constants for number in numbers) and self._reader.has_a_value(e):
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
        if not exponent.is_Rational:
            return self._part(power, x, n)
        if exponent.is_negative:
            positive = -exponent
            return self._quotient(self._constant(_ONE), self._power(base, positive, x, self._constant(positive)))
        if exponent == _ONE:
            return x
        return self._part(sqrt, x) if exponent == _HALF else self._part(power, x, n)
