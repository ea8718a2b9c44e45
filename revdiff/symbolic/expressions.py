"""Variables and numbers of SymPy, and `simplify`, which reaches into structures and through functions.

Imports SymPy and the core.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import wraps
from typing import Any

import mpmath
import numpy as np
import sympy

from revdiff.core.errors import ArgumentError, UnsupportedValueError, describe
from revdiff.core.revdiff import RevDiff, made
from revdiff.core.structure import MAPS, STRUCTURES, map_leaves


def variable(name: str, /) -> sympy.Symbol:
    """Return the variable of this name: a plain SymPy symbol, nothing assumed of it.

    >>> from revdiff import simple_derivative, sin
    >>> simple_derivative(lambda x: sin(x**2))(variable("x"))
    2*x*cos(x**2)
    """
    if type(name) is not str or not name.strip():
        msg = f"a variable needs a name, such as 'x'; met {describe(name)}"
        raise ArgumentError(msg)
    return sympy.Symbol(name)


def number(n: Any, /) -> sympy.Expr:
    """Return a number as the exact SymPy number that it is.

    A float is a binary fraction, and becomes that fraction; numbers of SymPy stay as they are.

    >>> number(2), number(0.75), number(Fraction(1, 3)), number(Decimal("0.1"))
    (2, 3/4, 1/3, 1/10)
    >>> number(0.1)
    3602879701896397/36028797018963968
    """
    if isinstance(n, np.generic):
        n = n.item()
    if isinstance(n, sympy.Expr) and n.is_number:
        return n
    if isinstance(n, complex | mpmath.mpc):
        return number(n.real) + number(n.imag) * sympy.I
    ratio = _ratio(n)
    if ratio is None:
        shown = n if isinstance(n, float | Decimal | mpmath.mpf) else describe(n)
        msg = f"number needs a finite number, such as 2, 0.5 or Fraction(1, 3); met {shown}"
        raise UnsupportedValueError(msg)
    return sympy.Rational(*ratio)


def _ratio(n: Any) -> tuple[int, int] | None:
    """Return the numerator and the denominator of a finite real number."""
    if isinstance(n, bool):
        return None
    if isinstance(n, mpmath.mpf) and mpmath.isfinite(n):
        mantissa, exponent = n.man_exp
        n = int(mantissa) * Fraction(2) ** exponent
    try:
        return n.as_integer_ratio()  # type: ignore[no-any-return]
    except (AttributeError, TypeError, ValueError, OverflowError):  # no number, infinite, or NaN
        return None


def simplify(x: Any, /) -> Any:
    """Simplify every SymPy expression in x.

    x may be an expression or a matrix, an array with expressions in it, a structure (a tuple, list,
    dictionary, set, record or stream) nested as you like, or a function: then the result is the function
    whose results are simplified. Other values stay as they are.

    >>> from revdiff import cos, scalar_arg_derivative, sin
    >>> t = variable("t")
    >>> simplify({"one": sin(t) ** 2 + cos(t) ** 2, "circle": [(t + t) / 2, 1.5]})
    {'one': 1, 'circle': [t, 1.5]}
    >>> simplify(scalar_arg_derivative(lambda t: (cos(t), cos(t) * sin(t))))(t)
    (-sin(t), cos(2*t))
    """
    return through(sympy.simplify, x)


def through(function: Callable[[Any], Any], x: Any) -> Any:
    """Apply a function to every SymPy expression in x, and after x where that is a function itself."""
    match x:
        case sympy.MatrixBase():
            return x.applyfunc(function)
        case sympy.Basic():
            return function(x)
        case RevDiff():
            return made(through(function, x.value), x._node, x._scale)
        case _ if STRUCTURES.find(type(x)) is not None or MAPS.find(type(x)) is not None:
            return map_leaves(lambda part: through(function, part), x)
        case set() | frozenset():
            return type(x)(through(function, part) for part in x)
        case np.ndarray() if x.dtype == object:
            return np.frompyfunc(lambda part: through(function, part), 1, 1)(x)
        case _ if callable(x):

            @wraps(x, updated=())
            def afterwards(*args: Any, **kwargs: Any) -> Any:
                return through(function, x(*args, **kwargs))

            return afterwards
    return x
