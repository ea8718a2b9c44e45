"""Where two values differ, and what follows from it: a law that does not hold.

Imports the core and the places.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.core.errors import LawError
from revdiff.core.structure import varies
from revdiff.testing.motion import motion_of
from revdiff.testing.numbers import agree, family
from revdiff.testing.places import structure_in

Difference = tuple[str, Any, Any]


def require_same(
    law: str, path: str, left: tuple[str, Any], right: tuple[str, Any], rtol: float = 0.0, scale: float = 0.0
) -> None:
    """Raise `LawError` unless both sides are the same value. Each is a formula and its value.

    ``scale`` is how large the terms are of which the numbers are sums: they may have cancelled.
    """
    found = difference(left[1], right[1], rtol, rtol * scale)
    if found is not None:
        step, a, b = found
        raise broken(law, path + step, (left[0], a), (right[0], b))


def broken(law: str, path: str, *sides: tuple[str, Any]) -> LawError:
    """Return the error for a law that does not hold at a place."""
    error = LawError.of(law, *sides)
    error.inside(path)
    return error


def difference(a: Any, b: Any, rtol: float = 0.0, slack: float = 0.0) -> Difference | None:
    """Return the first difference of two values: the way to it, and what stands there in each; None if there is none.

    >>> difference({"w": (1.0, 2.0)}, {"w": (1.0, 3.0)})
    ("['w'][1]", 2.0, 3.0)
    """
    motion, structure = motion_of(a), structure_in(a)
    if motion is not None and type(a) is type(b):
        return difference(tuple(motion.read(a)), tuple(motion.read(b)), rtol, slack)
    if structure is not None:
        if type(a) is not type(b):
            return "", a, b
        a_parts, b_parts = (
            {structure.step(whole, key): part for key, part in structure.parts(whole).items()} for whole in (a, b)
        )
        if a_parts.keys() != b_parts.keys():
            return "", a, b
        for step, part in a_parts.items():
            found = difference(part, b_parts[step], rtol, slack)
            if found is not None:
                return step + found[0], *found[1:]
        return None
    if family(a) and family(b):
        same_kind = getattr(a, "dtype", None) == getattr(b, "dtype", None) or np.shape(a) == ()
        return None if same_kind and agree(a, b, rtol, slack) else ("", a, b)
    if type(a) is type(b) and "__eq__" not in _defined(type(a)) and hasattr(a, "__dict__") and varies(a):
        return None if difference(vars(a), vars(b), rtol, slack) is None else ("", a, b)
    return None if a is b or equal(a, b) else ("", a, b)


def _defined(kind: type) -> set[str]:
    return {name for base in kind.__mro__[:-1] for name in vars(base)}


def equal(a: Any, b: Any) -> bool:
    """Tell whether two values of any kind are equal, arrays in all their entries."""
    try:
        return bool(np.all(a == b))
    except (TypeError, ValueError):
        return False
