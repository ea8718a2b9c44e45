"""What a plain value is: whether it is a number, of which system, complex or not; and constants of its own kind.

Imports the core and the registry of number systems.
"""

from __future__ import annotations

import math
import sys
from importlib import import_module
from typing import Any, final

import numpy as np

from revdiff.core.cotangents import one_like
from revdiff.core.errors import UnknownTypeError
from revdiff.core.revdiff import primal
from revdiff.systems.registry import SYSTEMS


def is_masked(x: Any) -> bool:
    """Tell whether x is a masked array. If it is, somebody has imported `numpy.ma`; nobody else needs to wait for that."""
    return isinstance(x, getattr(sys.modules.get("numpy.ma"), "MaskedArray", ()))


def is_number(value: Any) -> bool:
    """Tell whether a plain value belongs to a number system. Truth values, relations and text do not.

    >>> is_number(1.5), is_number(np.zeros(2)), is_number(True), is_number(np.array(["a"]))
    (True, True, False, False)
    """
    system = SYSTEMS.find(type(value))
    if system is None or isinstance(value, bool):
        return False
    if isinstance(value, np.ndarray | np.generic):
        return value.dtype.kind in "fciuO"
    return system.name != "sympy" or isinstance(value, sympy.Expr | sympy.MatrixBase)


def require_number(value: Any, what: str) -> None:
    """Raise `UnknownTypeError` unless value belongs to a number system."""
    if not is_number(value):
        raise UnknownTypeError.of(value, what)


@final
class _Package:
    """A package that is imported when something in it is first used: `import revdiff` imports neither of the two."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)


sympy = _Package("sympy")
mpmath = _Package("mpmath")


def system_of(x: Any) -> str:
    """Return the name of the number system of the plain value under x.

    >>> from decimal import Decimal
    >>> system_of(1.0), system_of(1j), system_of(np.zeros(2)), system_of(Decimal(1))
    ('math', 'cmath', 'numpy', 'decimal')
    """
    system = SYSTEMS.find(type(primal(x)))
    return "" if system is None else system.name


def is_complex(x: Any) -> bool:
    """Tell whether the plain value under x is of a complex type. SymPy's expressions count as real.

    >>> is_complex(1j), is_complex(np.complex64(1)), is_complex(1.0)
    (True, True, False)
    """
    x = primal(x)
    if isinstance(x, float | int):
        return False
    if isinstance(x, np.ndarray | np.generic):
        return x.dtype.kind == "c"
    return isinstance(x, complex) or (system_of(x) == "mpmath" and isinstance(x, mpmath.mpc))


def exact(n: float, x: Any) -> Any:
    """Return the number n as one of x's own kind, where a function of it is then more exact than of a float.

    >>> import sympy
    >>> exact(2, 1.5), exact(2, sympy.Symbol("x")), exact(2, np.longdouble(1))
    (2, 2, np.longdouble('2.0'))
    """
    x = primal(x)
    if isinstance(x, float | int) or (isinstance(x, np.ndarray | np.generic) and not _beyond_double(x)):
        return n
    return one_like(x) * n


def pi_of(x: Any) -> Any:
    """Return π as exactly as x's own kind has it."""
    x = primal(x)
    match system_of(x):
        case "sympy":
            return sympy.pi
        case "mpmath":
            return +mpmath.pi
        case "numpy" if x.dtype.kind == "O":
            return np.frompyfunc(pi_of, 1, 1)(x)
        case "numpy" if _beyond_double(x):
            return np.arccos(np.longdouble(-1))
    return math.pi


def _beyond_double(x: Any) -> bool:
    """Tell whether the entries of an array are objects, or more exact than Python's floats."""
    return x.dtype.kind == "O" or x.dtype.char in "gG"
