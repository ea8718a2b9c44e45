"""Number systems: where the functions of a kind of value come from.

Imports the core. A polymorphic function asks here for the implementation that suits the type of
its argument: `math` for floats, `numpy` for arrays, SymPy for expressions. The set is open.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, final

import numpy as np

from revdiff.core.cotangents import register_monoid
from revdiff.core.errors import UnsupportedValueError, describe
from revdiff.core.registry import TypeRegistry


@final
@dataclass(frozen=True, slots=True)
class NumberSystem:
    """A kind of number: its name, how it finds a function by name, and its rank in mixed operations.

    Of two values the one with the higher rank chooses the implementation.
    """

    name: str
    find: Callable[[str], Callable[..., Any] | None]
    rank: int


SYSTEMS: TypeRegistry[NumberSystem] = TypeRegistry()

USER_RANK = 100


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
    if isinstance(functions, Mapping):
        find = functions.get
    else:

        def find(name: str, /) -> Any:
            return getattr(functions, name, None)

    SYSTEMS.register(kind, NumberSystem(kind.__name__, find, USER_RANK))
    register_monoid(kind, zero=zero or (lambda x: kind(0)), one=one or (lambda x: kind(1)))


def implementation(name: str, columns: Mapping[str, Any], *kinds: type) -> Callable[..., Any]:
    """Return the function called ``name`` for arguments of these types.

    ``columns`` holds, under the name of a system, what the function is called there, or the
    function itself, or None where it does not exist; under ``formula``, what serves systems that
    lack the function.
    """
    found = [SYSTEMS.find(kind) for kind in kinds]
    systems = [system for system in found if system is not None]
    if len(systems) < len(kinds):
        stranger = kinds[found.index(None)]
        msg = (
            f"{name} of a value of type {stranger.__name__}: revdiff knows no such number.\n"
            "  To teach it one:  revdiff.register_number_system (docs: Adding a number system)"
        )
        raise UnsupportedValueError(msg)
    system = max(systems, key=lambda system: system.rank)
    entry = columns.get(system.name, name)
    function = system.find(entry) if isinstance(entry, str) else entry
    if function is None:
        function = columns.get("formula")
    if function is None:
        kind = kinds[systems.index(system)]
        msg = f"{name} is not available for values of type {kind.__name__}"
        raise UnsupportedValueError(msg)
    return function  # type: ignore[no-any-return]


def require_number(value: Any, what: str) -> None:
    """Raise `UnsupportedValueError` unless value belongs to a number system."""
    if SYSTEMS.find(type(value)) is None or isinstance(value, bool):
        msg = (
            f"{what} must be a number of some kind; met {describe(value)}.\n"
            "  To teach revdiff a new kind:  revdiff.register_number_system (docs: Adding a number system)"
        )
        raise UnsupportedValueError(msg)


def _module(name: str, module: object, rank: int) -> NumberSystem:
    return NumberSystem(name, lambda function: getattr(module, function, None), rank)


_MATH = _module("math", math, 0)
SYSTEMS.register(float, _MATH)
SYSTEMS.register(int, _MATH)
SYSTEMS.register(Fraction, _MATH)
SYSTEMS.register(complex, _module("cmath", cmath, 1))
SYSTEMS.register(np.generic, _module("numpy", np, 2))
SYSTEMS.register(np.ndarray, _module("numpy", np, USER_RANK + 1))
SYSTEMS.register(Decimal, _module("decimal", Decimal, 3))


def _register_mpmath() -> None:
    import mpmath

    system = _module("mpmath", mpmath.mp, 4)
    SYSTEMS.register(mpmath.mpf, system)
    SYSTEMS.register(mpmath.mpc, system)


def _register_sympy() -> None:
    import sympy

    SYSTEMS.register(sympy.Basic, _module("sympy", sympy, 5))


SYSTEMS.register_lazily("mpmath", _register_mpmath)
SYSTEMS.register_lazily("sympy", _register_sympy)
