"""How kinds of numbers enter, and those that have entered: of Python, NumPy, decimal, mpmath and SymPy.

Imports the registry of number systems and what is asked of numbers. A package that nobody has imported is not imported
for this.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np

from revdiff.core.cotangents import register_monoid
from revdiff.core.structure import LEAVES, STRUCTURES
from revdiff.systems.numbers import is_number, mpmath, sympy
from revdiff.systems.registry import ARRAY_RANK, IMPLEMENTATIONS, SYSTEMS, USER_RANK, NumberSystem


def register_number_system(
    kind: type,
    /,
    functions: object,
    *,
    zero: Callable[[Any], Any] | None = None,
    one: Callable[[Any], Any] | None = None,
) -> None:
    """Let values of ``kind`` be differentiated.

    kind        the type; it has ordinary arithmetic (``+ - * /`` and what else the formulas need)
    functions   where its functions are: a module, a class, or a mapping from names such as ``"sin"``
    zero, one   x ↦ the zero and the one beside x; without them ``kind(0)`` and ``kind(1)``

    Rules need nothing else: revdiff knows the derivatives, the system supplies the functions in
    which they are written. A function that it lacks is an `UnsupportedValueError` when it is used.
    The documentation has a worked example, "Adding a number system".

    >>> class Mod7(int):
    ...     def __add__(self, other): return Mod7((int(self) + int(other)) % 7)
    ...     def __mul__(self, other): return Mod7((int(self) * int(other)) % 7)
    ...     __radd__, __rmul__ = __add__, __mul__
    >>> register_number_system(Mod7, {})
    >>> from revdiff import simple_derivative
    >>> int(simple_derivative(lambda x: x * x * x)(Mod7(5)))    # 3·5² = 75 = 5 modulo 7
    5
    """
    find = functions.get if isinstance(functions, Mapping) else partial(_attribute, functions)
    enter(kind, NumberSystem(kind.__name__, find, USER_RANK))
    for found in IMPLEMENTATIONS:
        found.clear()
    register_monoid(kind, zero=zero or (lambda x: kind(0)), one=one or (lambda x: kind(1)))


def _attribute(module: object, name: str) -> Any:
    return getattr(module, name, None)


def from_module(name: str, module: object, rank: int) -> NumberSystem:
    """Return the number system whose functions are those of a module."""
    return NumberSystem(name, partial(_attribute, module), rank)


def _may_vary(value: Any) -> bool:
    """Tell whether a part of a structure is no constant: an array of records holds numbers, and is refused later."""
    return is_number(value) or (isinstance(value, np.ndarray | np.generic) and value.dtype.kind == "V")


def enter(kind: type, system: NumberSystem) -> None:
    """Let values of ``kind`` be numbers: not structures, even if the type is a dataclass."""
    SYSTEMS.register(kind, system)
    LEAVES.register(kind, _may_vary)
    STRUCTURES.register(kind, None)


_MATH = from_module("math", math, 0)
enter(float, _MATH)
enter(int, _MATH)
enter(complex, from_module("cmath", cmath, 1))
enter(np.generic, from_module("numpy", np, 2))
enter(np.ndarray, from_module("numpy", np, ARRAY_RANK))


def _register_fractions() -> None:
    enter(import_module("fractions").Fraction, _MATH)


def _register_decimal() -> None:
    decimals = import_module("decimal").Decimal
    enter(decimals, from_module("decimal", decimals, 3))


def _register_mpmath() -> None:
    system = from_module("mpmath", mpmath.mp, 4)
    enter(mpmath.mpf, system)
    enter(mpmath.mpc, system)


def _register_sympy() -> None:
    enter(sympy.Basic, from_module("sympy", sympy, 5))


_LAZILY = {
    "fractions": _register_fractions,
    "decimal": _register_decimal,
    "mpmath": _register_mpmath,
    "sympy": _register_sympy,
}
for _package, _loader in _LAZILY.items():
    SYSTEMS.register_lazily(_package, _loader)
    LEAVES.register_lazily(_package, _loader)
