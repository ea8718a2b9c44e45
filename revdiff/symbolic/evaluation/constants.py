"""The constants of an expression, as numbers of the kind that its arguments are.

Imports SymPy and the number systems. Exact arguments keep exact constants: 1/3 is SymPy's 1/3 beside
a symbol, Fraction(1, 3) beside an int, and 1/3 rounded to the precision of all others.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import sympy

from revdiff.core.cotangents import one_like
from revdiff.core.errors import UnsupportedValueError
from revdiff.core.revdiff import primal
from revdiff.symbolic.matrices.matrix import Matrix
from revdiff.systems import SYSTEMS, require_number

Constants = tuple[Any, ...]


def converted(constants: Constants, kind: str, sample: Any, known: dict[Any, Constants]) -> Constants:
    """Return SymPy's constants as numbers of this kind, or beside the sample. ``known`` keeps those of each kind.

    The kind is that of `kind_of`, or ``fractions`` where whole numbers are to be Fractions too, so
    that dividing by them is exact.
    """
    convert, precision = _CONVERTERS.get(kind, (None, None))
    if convert is None:
        return tuple(_of_its_own(c, sample) for c in constants)
    key = kind if precision is None else (kind, precision())
    if key not in known:
        known[key] = tuple(bool(c) if c.is_Boolean else convert(c) for c in constants)
    return known[key]


def kind_of(args: Iterable[Any]) -> tuple[str, Any]:
    """Return the number system of the arguments, and one of them; ``exact`` for integers and fractions.

    >>> kind_of([1, Fraction(1, 2)])[0], kind_of([1, 0.5])[0], kind_of([1, 0.5, sympy.pi])[0]
    ('exact', 'math', 'sympy')
    """
    best, sample, rank, exact = "math", 0, -1, True
    for x in _plain_numbers(args):
        require_number(x, "the argument")
        system: Any = SYSTEMS.find(type(x))
        exact = exact and isinstance(x, int | Fraction)
        if system.rank > rank:
            best, sample, rank = system.name, x, system.rank
    return ("exact" if exact else best), sample


def common_dtype(values: Iterable[Any]) -> Any:
    """Return the dtype in which NumPy computes with all of these numbers and arrays together."""
    plain = [primal(v) for v in values]
    return np.result_type(*(v if isinstance(v, int | float | complex) else np.asarray(v).dtype for v in plain))


def precision_of(args: Iterable[Any]) -> Any:
    """Return the dtype of a function's values that are no whole numbers, at these numbers and arrays.

    >>> precision_of([np.ones(3, np.float32), 0.5]), precision_of([np.arange(3)])
    (dtype('float32'), dtype('float64'))
    """
    return np.result_type(common_dtype(args), np.float16)


def _plain_numbers(args: Iterable[Any]) -> Iterable[Any]:
    for x in map(primal, args):
        if isinstance(x, np.ndarray):
            yield from _plain_numbers(x.flat) if x.dtype == object else [x.dtype.type(0)]
        elif isinstance(x, Matrix | sympy.MatrixBase):
            yield from _plain_numbers(x)
        else:
            yield x


def _parts(c: Any, digits: int = 30) -> tuple[Any, Any]:
    """Return the real and the imaginary part of a constant, to so many digits."""
    value = c.evalf(digits)
    real, imaginary = value.as_real_imag()
    if value is sympy.zoo or not (real.is_Number and imaginary.is_Number):
        msg = f"the constant {c} in the expression has no numerical value"
        raise UnsupportedValueError(msg)
    return real, imaginary


def as_float(c: Any) -> Any:
    """Return a Python number: whole ones as int."""
    if c.is_Integer:
        return int(c)
    if c.is_Rational:
        return c.p / c.q
    real, imaginary = _parts(c)
    return float(real) if imaginary == 0 else complex(real, imaginary)


def _as_int_or_fraction(c: Any) -> Any:
    return int(c) if c.is_Integer else _as_fraction(c)


def _as_fraction(c: Any) -> Any:
    return Fraction(int(c.p), int(c.q)) if c.is_Rational else as_float(c)


def as_mpf(c: Any) -> Any:
    """Return a number of mpmath, to its precision."""
    if c.is_Integer:
        return int(c)
    if c.is_Rational:
        return mpmath.mpf(int(c.p)) / int(c.q)
    real, imaginary = (mpmath.mpf(part if part.is_finite else float(part)) for part in _parts(c, mpmath.mp.dps + 10))
    return +real if imaginary == 0 else mpmath.mpc(real, imaginary)


def as_decimal(c: Any) -> Any:
    """Return a Decimal, to the precision of the context."""
    if c.is_Integer:
        return int(c)
    if c.is_Rational:
        return Decimal(int(c.p)) / int(c.q)
    real, imaginary = _parts(c, decimal.getcontext().prec + 10)
    if imaginary != 0:
        msg = f"the constant {c} in the expression is complex, and Decimal is not"
        raise UnsupportedValueError(msg)
    return +Decimal(str(real if real.is_finite else float(real)))


def _of_its_own(c: Any, x: Any) -> Any:
    """Return a constant beside a number x of a system that a user has registered."""
    if c.is_Rational and not c.is_Integer:
        return one_like(x) * int(c.p) / int(c.q)
    return bool(c) if c.is_Boolean else as_float(c)


# fmt: off
_CONVERTERS: dict[str, tuple[Callable[[Any], Any], Callable[[], int] | None]] = {
    "exact":     (_as_int_or_fraction, None),
    "fractions": (_as_fraction,        None),
    "math":      (as_float,           None),
    "cmath":     (as_float,           None),
    "numpy":     (as_float,           None),
    "decimal":   (as_decimal,         lambda: decimal.getcontext().prec),
    "mpmath":    (as_mpf,             lambda: mpmath.mp.prec),
    "sympy":     (lambda c: c,         None),
}
# fmt: on
