"""How large the numbers and constants of a typed formula may grow.

Imports SymPy and the limits of a formula's form. SymPy computes while it builds: ``9**9**9``,
``gamma(10**9)`` and ``exp(10**9*log(2))`` would start on a number that fills the memory. So each
operation that makes large numbers out of small ones looks at its arguments first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from math import comb, lcm, log10
from typing import Any

import sympy
from sympy import Expr

from revdiff.symbolic.text.scan import MAX_DIGITS

MAX_EXPONENT = 10_000
MAX_GAMMA = 400
MAX_TERMS = 1000
MAX_DIGITS_UNDER_ROOT = 20_000

_SIMPLE_TERMS = 30
_SIMPLE_SIZE = 100


class FormulaError(Exception):
    """What cannot be computed, and what to write instead. The reader adds where, and makes it a `ParseError`."""

    def __init__(self, *, met: str, instead: str) -> None:
        super().__init__(met)
        self.instead = instead


def power(x: Expr, n: Expr, /) -> Expr:
    """Return xⁿ, unless numbers in it are too large.

    >>> x = sympy.Symbol("x")
    >>> power(x, sympy.Integer(3)), power(2 * x, sympy.Integer(3)), power(sympy.Integer(8), sympy.Rational(1, 3))
    (x**3, 8*x**3, 2)
    """
    if x.is_zero and n.is_number and n.is_negative:
        raise FormulaError(met="division by zero", instead="Write a divisor that is not zero.")
    if n.is_number:
        _check_constant_power(x, n)
    elif x.is_Rational or n.has(sympy.log):
        _check_exponents(term.as_coeff_Mul()[0] for term in sympy.Add.make_args(n))
    for term in sympy.Add.make_args(n):  # SymPy turns exp(n*log(2)) into 2**n
        _check_roots((log.args[0], term.as_coeff_Mul()[0]) for log in term.atoms(sympy.log))
    result = bounded(sympy.exp)(n) if x == sympy.E else sympy.Pow(x, n)
    _check_exponents(f.exp for f in sympy.Mul.make_args(result) if f.is_Pow and f.exp.is_number)
    return result


def product(*factors: Expr) -> Expr:
    """Return the product of all factors, unless the roots of numbers in it are too high."""
    _check_roots(part.as_base_exp() for factor in factors for part in sympy.Mul.make_args(factor))
    return sympy.Mul(*factors)


def quotient(x: Expr, y: Expr, /) -> Expr:
    """Return x/y."""
    return product(x, power(y, sympy.Integer(-1)))


def _check_constant_power(x: Expr, n: Expr) -> None:
    """Refuse xⁿ for a constant n where the result, or a coefficient in it, would be too long to write out."""
    _check_exponents([n])
    powers = [factor.as_base_exp() for factor in sympy.Mul.make_args(x)]
    size = size_of(n)
    if not n.has(sympy.Float) and any(_digits(base) * size_of(e) * size > MAX_DIGITS for base, e in powers):
        met = f"a number of more than {MAX_DIGITS} digits"
        raise FormulaError(met=met, instead="Write a smaller power, or a decimal such as 2.0 in place of 2.")
    _check_roots((base, e * n) for base, e in powers)
    if x.is_number and _terms(x, size) > MAX_TERMS:
        instead = "Write the constant as a decimal: 1.618 instead of (1 + sqrt(5))/2."
        raise FormulaError(met="the power of this constant is too complicated", instead=instead)


def _check_roots(powers: Iterable[tuple[Expr, Expr]]) -> None:
    """Refuse roots that SymPy would put under one root sign: √2 ∛3 is ⁶√(2³ 3²), and so on with long numbers."""
    root, digits = 1, 0.0
    for base, n in powers:
        if base.is_Rational and n.is_Rational and not n.is_Integer:
            root = lcm(root, n.q)
            digits += _digits(base)
    if root * digits > MAX_DIGITS_UNDER_ROOT:
        met = "roots of numbers that are too high, or of numbers that are too long"
        raise FormulaError(met=met, instead="Write decimals, such as 2.0 in place of 2.")


def _check_exponents(exponents: Iterable[Expr]) -> None:
    if any(not size_of(n) <= MAX_EXPONENT for n in exponents):
        instead = f"Numbers in exponents may go up to {MAX_EXPONENT}."
        raise FormulaError(met="the exponent is too large", instead=instead)


def size_of(x: Expr) -> float:
    """Return |x| for a constant x, roughly: 0 or inf outside the range of floats. Raises `TypeError` where SymPy cannot find it.

    >>> size_of(sympy.sqrt(2)), size_of(sympy.exp(1000)), size_of(sympy.exp(-1000))
    (1.4142..., inf, 0.0)
    """
    return max(abs(float(part)) for part in x.evalf(5).as_real_imag())


def _digits(x: Expr) -> float:
    """Return about how many digits there are in a rational number; 0 for other expressions."""
    if not x.is_Rational:
        return 0
    return float((x.p.bit_length() + x.q.bit_length() - 2) * log10(2))


def _terms(x: Expr, n: float = 1) -> int:
    """Return about how many terms the constant xⁿ has when it is multiplied out.

    A sum of t terms to the power n has (n + t - 1 choose t - 1) of them.
    """
    count = 1
    if x.is_Add:
        count = sum(map(_terms, x.args))
    elif x.is_Mul:
        for factor in x.args:
            count = min(count * _terms(factor), MAX_TERMS + 1)
    elif x.is_Pow and x.exp.is_Rational:
        count = _terms(x.base, size_of(x.exp))
    if n > 1 < count:
        count = comb(int(n) + min(count, MAX_TERMS) - 1, int(n))
    return min(count, MAX_TERMS + 1)


def _is_simple(x: Expr) -> bool:
    """Tell whether SymPy is sure to be quick when it rewrites f(x), for which it may expand constants in x."""
    parts = list(islice(sympy.preorder_traversal(x), _SIMPLE_SIZE))
    return len(parts) < _SIMPLE_SIZE and all(
        _terms(part) <= _SIMPLE_TERMS for part in parts if (part.is_Mul or part.is_Pow) and part.is_number
    )


def bounded(f: Any) -> Callable[..., Expr]:
    """Return f for formulas, which is not rewritten where that may take long."""

    def build(*args: Expr) -> Expr:
        return f(*args, evaluate=all(map(_is_simple, args)))

    return build


def bounded_gamma(f: Any) -> Callable[..., Expr]:
    """Return f, which makes long numbers of whole numbers and fractions, for formulas."""
    function = bounded(f)

    def build(*args: Expr) -> Expr:
        if args[-1].is_Rational and abs(args[-1]) > MAX_GAMMA:
            instead = f"It may go up to {MAX_GAMMA}. As a decimal, such as 1000.0, it gives a decimal."
            raise FormulaError(met="the argument is too large", instead=instead)
        return function(*args)

    return build
