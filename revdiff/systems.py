"""Number systems: where the functions of a kind of value come from, and numbers of that kind.

Imports the core. A polymorphic function asks here for the implementation that suits the type of
its argument: `math` for floats, `numpy` for arrays, SymPy for expressions. The set is open.
"""

from __future__ import annotations

import cmath
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from typing import Any, NamedTuple, final

import numpy as np

from revdiff.core.cotangents import one_like, register_monoid
from revdiff.core.errors import UnknownTypeError, UnsupportedValueError
from revdiff.core.registry import TypeRegistry
from revdiff.core.revdiff import primal
from revdiff.core.structure import LEAVES, STRUCTURES


class NumberSystem(NamedTuple):
    """A kind of number: its name, how it finds a function by name, and its rank in mixed operations.

    Of two values the one with the higher rank chooses the implementation.
    """

    name: str
    find: Callable[[str], Callable[..., Any] | None]
    rank: int
    around: Callable[[str, Callable[..., Any]], Callable[..., Any]] | None = None
    """For values that stand around others: (name, f) ↦ what f, the polymorphic function itself, is for them."""


SYSTEMS: TypeRegistry[NumberSystem] = TypeRegistry()

IMPLEMENTATIONS: list[dict[Any, Callable[..., Any]]] = []
"""What the polymorphic functions have found so far, by type; forgotten when a system is registered."""

USER_RANK = 100

ARRAY_RANK = USER_RANK + 1
"""An array is asked before a number of the user's own: its elements may be such numbers. What stands around arrays ranks higher."""


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


def implementation(
    name: str, columns: Mapping[str, Any], *kinds: type, itself: Callable[..., Any] | None = None
) -> Callable[..., Any]:
    """Return the function called ``name`` for arguments of these types.

    ``itself`` is the polymorphic function, if there is one, for values that stand around others.

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
    if system.around is not None:
        return system.around(name, itself or partial(_of_values, name, columns))
    entry = columns.get(system.name, name)
    function = (system.find(entry) if isinstance(entry, str) else entry) or columns.get("formula")
    if function is None:
        kind = kinds[systems.index(system)].__name__
        msg = (
            f"{name} is not available for values of type {kind}.\n"
            f"  Convert the value to a type that has it: a float, a NumPy array, an mpmath or SymPy number.\n"
            f"  To teach revdiff a {name} of {kind}:  revdiff.register_number_system"
        )
        raise UnsupportedValueError(msg)
    return function


def _of_values(name: str, columns: Mapping[str, Any], *values: Any) -> Any:
    return implementation(name, columns, *map(type, values))(*values)


def applied(name: str, function: Callable[..., Any], *values: Any) -> Any:
    """Apply a function of plain values, of which some may stand around others."""
    for kind in set(map(type, values)):
        system = SYSTEMS.find(kind)
        if system is not None and system.around is not None:
            return system.around(name, function)(*values)
    return function(*values)


def noted(name: str, y: Any, values: Sequence[Any]) -> Any:
    """Return what a function made of values, standing around it what stood around them, if that was lost on the way.

    A function of SciPy takes what it is given for plain arrays.
    """
    for part in y if isinstance(y, tuple) else (y,):
        system = SYSTEMS.find(type(part))
        if system is None or system.rank > ARRAY_RANK:
            return y
    return applied(name.strip("_"), lambda *_: y, *values)


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
