"""What the names in a typed formula mean in SymPy, and how large its numbers may grow.

Imports SymPy and the limits. SymPy evaluates as it builds: ``9**9**9``, ``gamma(10**9)`` and
``exp(10**9*log(2))`` would start to compute a number that fills the memory. So each operation that
makes large numbers out of small ones looks at its arguments first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from math import comb, inf
from typing import Any, final

import sympy

from revdiff.symbolic.scan import MAX_DIGITS

MAX_EXPONENT = 10_000
MAX_GAMMA = 400
MAX_TERMS = 1000

_SMALL_TERMS = 30
_SMALL_SIZE = 100
_JUMPS = (sympy.Abs, sympy.sign, sympy.Min, sympy.Max)


class Unreadable(Exception):
    """What cannot be computed, and what to write instead; the reader adds the place in the text."""

    def __init__(self, met: str, instead: str) -> None:
        super().__init__(met)
        self.instead = instead


@final
@dataclass(frozen=True, slots=True)
class Function:
    """A function that a formula may call: what it makes of its arguments, and how many those may be."""

    build: Callable[..., sympy.Expr]
    fewest: int = 1
    most: int = 1

    @property
    def takes(self) -> str:
        """Say how many arguments the function takes.

        >>> Function(sympy.sin).takes, FUNCTIONS["log"].takes, FUNCTIONS["max"].takes
        ('1 argument', '1 or 2 arguments', '2 or more arguments')
        """
        if self.fewest == self.most:
            return "1 argument" if self.most == 1 else f"{self.most} arguments"
        return f"{self.fewest} or {'more' if self.most > 9 else self.most} arguments"


def power(x: sympy.Expr, n: sympy.Expr, /) -> sympy.Expr:
    """Return xⁿ, unless that is a number, or has a coefficient, of more than 1000 digits.

    >>> x = sympy.Symbol("x")
    >>> power(x, sympy.Integer(3)), power(2 * x, sympy.Integer(3)), power(sympy.Integer(8), sympy.Rational(1, 3))
    (x**3, 8*x**3, 2)
    """
    if x.is_zero and n.is_number and n.is_negative:
        met = "this divides by zero"
        raise Unreadable(met, "Write a divisor that is not zero.")
    if n.is_number:
        size = _size(n)
        if size > MAX_EXPONENT:
            met = "this exponent is too large"
            raise Unreadable(met, f"Exponents may be numbers up to {MAX_EXPONENT}.")
        if n.is_Rational and any(_digits(factor) * size > MAX_DIGITS for factor in sympy.Mul.make_args(x)):
            raise _too_many_digits()
        if x.is_number and _terms(x, size) > MAX_TERMS:
            met = "this power of a constant is too large"
            raise Unreadable(met, "Write the constant as a decimal: 1.618 instead of (1 + sqrt(5))/2.")
    elif x.is_Rational or n.has(sympy.log):
        coefficients = [term.as_coeff_Mul()[0] for term in sympy.Add.make_args(n)]
        if any(abs(c) > MAX_EXPONENT for c in coefficients):
            met = "the numbers in this exponent are too large"
            raise Unreadable(met, f"They may go up to {MAX_EXPONENT}.")
    result = sympy.Pow(x, n)
    if any(_size(exponent) > MAX_EXPONENT for exponent in _exponents(result)):
        met = "this exponent is too large"
        raise Unreadable(met, f"Exponents may be numbers up to {MAX_EXPONENT}.")
    return result


def quotient(x: sympy.Expr, y: sympy.Expr, /) -> sympy.Expr:
    """Return x/y."""
    return sympy.Mul(x, power(y, sympy.Integer(-1)))


def _exponents(x: sympy.Expr) -> list[sympy.Expr]:
    return [f.exp for f in sympy.Mul.make_args(x) if f.is_Pow and f.base != sympy.E and f.exp.is_number]


def _digits(x: sympy.Expr) -> float:
    """Return about how many digits there are in a number, or in the number whose power x is."""
    base, exponent = x.as_base_exp()
    if not (base.is_Rational and exponent.is_Rational):
        return 0
    return (base.p.bit_length() + base.q.bit_length() - 2) * 0.30103 * float(abs(exponent))


def _size(x: sympy.Expr) -> float:
    """Return |x| for a constant x; inf where it is too large for a float or cannot be found."""
    try:
        return max(abs(float(part)) for part in x.evalf(5).as_real_imag())
    except (ArithmeticError, TypeError, ValueError):
        return inf


def _terms(x: sympy.Expr, n: float = 1) -> int:
    """Return about how many terms the constant x has, raised to the power n and multiplied out."""
    if x.is_Add:
        count = sum(map(_terms, x.args))
    elif x.is_Mul:
        count = 1
        for factor in x.args:
            count *= _terms(factor)
    elif x.is_Pow and x.exp.is_Rational:
        count = _terms(x.base, _size(x.exp))
    else:
        count = 1
    return min(comb(int(n) + count - 1, count - 1), 10**9) if n > 1 else count


def _is_simple(x: sympy.Expr) -> bool:
    """Tell whether SymPy's own rewriting of f(x), which may expand a constant x, is sure to be quick."""
    size = len(list(islice(sympy.preorder_traversal(x), _SMALL_SIZE)))
    return size < _SMALL_SIZE and _terms(x) <= _SMALL_TERMS


def _function(f: Any, *, limit: float = inf) -> Callable[..., sympy.Expr]:
    """Return f for formulas: constants beyond the limit are refused, complicated arguments left as they are."""

    def build(*args: sympy.Expr) -> sympy.Expr:
        if limit < inf and any(a.is_number and _size(a) > limit for a in args):
            met = "this number is too large"
            raise Unreadable(met, f"Here numbers may go up to {limit:g}.")
        return f(*args, evaluate=all(map(_is_simple, args)))

    return build


def _of_gamma_family(f: Any) -> Callable[..., sympy.Expr]:
    function = _function(f, limit=1e6)

    def build(*args: sympy.Expr) -> sympy.Expr:
        if args[-1].is_Rational and abs(args[-1]) > MAX_GAMMA:
            met = "this whole number or fraction is too large"
            raise Unreadable(met, f"It may go up to {MAX_GAMMA}. With a decimal point, 1000.0, the result is a decimal.")
        return function(*args)

    return build


def _too_many_digits() -> Unreadable:
    return Unreadable(
        f"this number has more than {MAX_DIGITS} digits",
        "Write a decimal, such as 2.0 instead of 2, or a smaller number.",
    )


_ln = _function(sympy.log)
_e_to_the = _function(sympy.exp, limit=MAX_EXPONENT)


def _exp(x: sympy.Expr) -> sympy.Expr:
    power(sympy.E, x)
    return _e_to_the(x)
