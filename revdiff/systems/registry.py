"""Number systems: where the functions of a kind of value come from.

Imports the core. A polymorphic function asks here for the implementation that suits the type of its argument: `math`
for floats, `numpy` for arrays, SymPy for expressions. The set is open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from revdiff.core.errors import UnsupportedValueError
from revdiff.core.registry import TypeRegistry


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
