"""Formulas that a person typed, read into SymPy without ever running them.

Imports the errors and SymPy. The text goes through three doors: its form is checked word by word
(`scan`), Python's parser makes a syntax tree of it, and the reader below walks that tree, knows a
handful of nodes and refuses every other. Nothing is computed but the operations and functions of
`vocabulary`, on numbers of bounded size (`bounds`) and for a bounded time (`effort`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from math import inf, isfinite
from typing import Any, final

import sympy
from sympy import Expr

from revdiff.core.errors import ArgumentError, ParseError, describe
from revdiff.symbolic.functions import symbolic_func
from revdiff.symbolic.text.bounds import FormulaError, power, product, quotient, size_of
from revdiff.symbolic.text.effort import Effort, EffortError
from revdiff.symbolic.text.scan import MAX_DIGITS, check_form, error_at, quoted
from revdiff.symbolic.text.vocabulary import CONSTANTS, DECLINED, FUNCTIONS, NO_NUMBERS

MAX_SECONDS = 2.0

_TOO_LONG = 10**MAX_DIGITS
_NOT_FINITE = frozenset((sympy.nan, sympy.zoo, sympy.oo, -sympy.oo))


def parse_expression(text: str, /, *, functions: Collection[str] = ()) -> Expr:
    """Read a formula from text.

    A formula is made of numbers, names, ``+ - * / **``, parentheses, and revdiff's functions under
    their plain names. Whole numbers stay exact and decimals are floats. A name is a
    ``sympy.Symbol``, except the constants ``pi``, ``e`` or ``E``, ``EulerGamma``, and ``I``, the
    imaginary unit.

    >>> parse_expression("log(x**2 + x**3)/3 + 0.5*sqrt(8)")
    log(x**3 + x**2)/3 + 1.0*sqrt(2)

    ``functions`` are names that may be called without being known: they are symbolic functions.

    >>> parse_expression("g(f(x))", functions=("f", "g")).diff()
    f'(x)*g'(f(x))

    The text is never run as a program, and its numbers stay small enough to be computed: it may
    come from anyone. Whatever cannot be read is a `ParseError` that says what was met, where, and
    what to write instead.

    >>> parse_expression("1 + sine(x)")
    Traceback (most recent call last):
    revdiff.core.errors.ParseError: 'sine' is no function (column 5).
      1 + sine(x)
          ^
    Did you mean sin, sinh or sinc?
    """
    if not isinstance(text, str):
        raise _not_a_text(text)
    check_form(text)
    one_line = text.translate({ord(c): " " for c in "\t\r\n"})
    try:
        with Effort(MAX_SECONDS):
            return _Reader(text, frozenset(functions)).read_whole(ast.parse(f"({one_line})", mode="eval").body)
    except ParseError:
        raise
    except (Exception, EffortError):  # a RecursionError where little of the stack is left, or an error of SymPy's
        msg = f"the formula {quoted(text)} is too complicated to be read.\nSplit it into several formulas."
        raise ParseError(msg) from None


@final
@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the syntax tree of ``text``, which stands in one more pair of parentheses there."""

    text: str
    functions: frozenset[str] = frozenset()

    def read_whole(self, node: ast.expr) -> Expr:
        """Return the expression, checked once more as a whole."""
        result = self.read(node)
        self._check(node, sympy.preorder_traversal(result))
        return result

    def read(self, node: ast.expr) -> Expr:
        """Return the expression of one node: this is the list of all that a formula may hold."""
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return sympy.Integer(value) if isinstance(value, int) else sympy.Float(value)
            case ast.Name(id=name):
                return self._name(node, name)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.read(operand)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self.read(operand)
            case ast.BinOp(op=ast.Add() | ast.Sub()):
                return self._sum(node)
            case ast.BinOp(op=ast.Mult() | ast.Div()):
                return self._product(node)
            case ast.BinOp(left=x, op=ast.Pow(), right=n):
                return self._compute(node, power, self.read(x), self.read(n), at=n)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self._call(node, name, args)
            case _:
                instead = "A formula is made of numbers, names, + - * / **, parentheses and functions."
                raise self._error(node, f"{self._words(node)} cannot stand in a formula", instead)

    def _name(self, node: ast.expr, name: str) -> Expr:
        if name in CONSTANTS:
            return CONSTANTS[name]
        if name in FUNCTIONS:
            instead = f"Write {name}(x), or give a variable of this name another one: {name}_."
            raise self._error(node, f"'{name}' is a function and needs an argument", instead)
        if name in NO_NUMBERS:
            raise self._error(node, f"'{name}' is no finite number", "Write a number, or another name for a variable.")
        return sympy.Symbol(name)

    def _call(self, node: ast.expr, name: str, args: list[ast.expr]) -> Expr:
        function = FUNCTIONS.get(name)
        if function is None and name in self.functions and args:
            return self._compute(node, symbolic_func(name, len(args)), *map(self.read, args))
        if function is None:
            raise self._error(node, f"{quoted(name)} is no function", _meant(name))
        if not function.fewest <= len(args) <= function.most:
            met = f"'{name}' takes {function.takes}; it was given {len(args) or 'none'}"
            raise self._error(node, met, f"Write {name}({', '.join('xyz'[: function.fewest])}).")
        return self._compute(node, function.build, *map(self.read, args))

    def _sum(self, node: ast.expr) -> Expr:
        operands = _operands(node, ast.Add, ast.Sub)
        terms = [-self.read(operand) if minus else self.read(operand) for operand, minus in operands]
        return self._compute(node, sympy.Add, *terms)

    def _product(self, node: ast.expr) -> Expr:
        factors: list[Expr] = []
        for operand, below in _operands(node, ast.Mult, ast.Div):
            match operand:
                case ast.UnaryOp(op=ast.USub(), operand=positive):  # so that -(x + y)*z stays in factors too
                    factors.append(sympy.Integer(-1))
                case positive:
                    pass
            x = self.read(positive)
            factors.append(self._compute(operand, quotient, sympy.Integer(1), x) if below else x)
        return self._compute(node, product, *factors)

    def _compute(self, node: ast.expr, operation: Callable[..., Expr], *args: Expr, at: ast.expr | None = None) -> Expr:
        """Return operation(*args); an error shows the words of the node, and points ``at`` a part of it."""
        try:
            result = operation(*args)
            size = size_of(result) if result.is_number and not result.is_Number else 1.0
        except FormulaError as problem:
            raise self._error(at or node, f"{self._words(node)}: {problem}", problem.instead) from None
        except EffortError:
            met = f"{self._words(node)} is too complicated: SymPy does not finish rewriting it"
            raise self._error(node, met, "Split the formula, or write its constants as decimals.") from None
        except Exception:  # SymPy's functions raise many kinds of error for arguments they cannot take
            raise self._error(node, f"{self._words(node)} cannot be computed", "Change its arguments.") from None
        self._check(node, (result, *result.args))
        if size in {0.0, inf}:
            met = f"{self._words(node)} is too {'large' if size else 'close to zero'}"
            raise self._error(node, met, "Constants reach from 5e-324 to 1.79e308.")
        return result

    def _check(self, node: ast.expr, parts: Iterable[Any]) -> None:
        """Refuse the node if a number among the parts of its expression is not finite, or too long."""
        for part in parts:
            if part in _NOT_FINITE:
                raise self._error(node, f"{self._words(node)} is not a finite number", "Change its arguments.")
            if part.is_Rational and max(abs(part.p), part.q) >= _TOO_LONG:
                met = f"{self._words(node)} makes a number of more than {MAX_DIGITS} digits"
                raise self._error(node, met, "Write decimals, such as 2.0 in place of 2.")
            if part.is_Float and not _fits(part):
                met = f"{self._words(node)} makes a decimal too large, or too close to zero"
                raise self._error(node, met, "Decimals reach from 5e-324 to 1.79e308.")

    def _words(self, node: ast.expr) -> str:
        return quoted(self.text[node.col_offset - 1 : (node.end_col_offset or 0) - 1])

    def _error(self, node: ast.expr, met: str, instead: str) -> ParseError:
        return error_at(self.text, node.col_offset - 1, met, instead)


def _operands(
    node: ast.expr, plus: type[ast.operator], minus: type[ast.operator], inverted: bool = False
) -> Iterator[tuple[ast.expr, bool]]:
    """Yield each a, b, c, … of a + b - (c - d) …, or of a * b / (c * d) …, and whether it is taken away.

    All at once, so that a long sum is no deep tree and 1/(2*(x + y)) stays in factors, as SymPy prints it.
    """
    chain: list[tuple[ast.expr, bool]] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, (plus, minus)):
        chain.append((node.right, inverted ^ isinstance(node.op, minus)))
        node = node.left
    chain.append((node, inverted))
    for operand, taken_away in reversed(chain):
        if isinstance(operand, ast.BinOp) and isinstance(operand.op, (plus, minus)):
            yield from _operands(operand, plus, minus, taken_away)
        else:
            yield operand, taken_away


def _not_a_text(met: object) -> ArgumentError:
    return ArgumentError(f"parse_expression reads a formula from a str; it met {describe(met)}.")


def _fits(x: sympy.Float) -> bool:
    """Tell whether a decimal has a float."""
    return isfinite(float(x)) and (float(x) != 0 or bool(x.is_zero))


def _meant(name: str) -> str:
    """Say what may have been meant by a function that does not exist."""
    if name in DECLINED:
        return DECLINED[name]
    close = get_close_matches(name[:30], FUNCTIONS, n=3, cutoff=0.6)
    if close and name not in CONSTANTS:
        return f"Did you mean {' or '.join(filter(None, (', '.join(close[:-1]), close[-1])))}?"
    return f"Functions have their plain names: sin, exp, sqrt. For a product write {quoted(name)[1:-1]}*(...)."
