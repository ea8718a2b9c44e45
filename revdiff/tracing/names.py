"""What variables are called: symbols have names, and functions give others.

Imports nothing of revdiff.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, signature
from typing import Any


def own_name(x: Any) -> str:
    """Return what a symbol is called; nothing else has a name of its own."""
    return str(x) if getattr(x, "is_Symbol", False) else ""


def names_of(f: Callable[..., Any], n: int) -> list[str]:
    """Return what a function calls its first n arguments.

    >>> names_of(lambda a, b: a * b, 2), names_of(lambda *xs: sum(xs), 3), names_of(lambda *xs: sum(xs), 1)
    (['a', 'b'], ['x1', 'x2', 'x3'], ['x'])
    """
    try:
        parameters = list(signature(f).parameters.values())
    except (TypeError, ValueError):  # one that was written in C
        parameters = []
    by_position = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    names = [p.name for p in parameters if p.kind in by_position][:n]
    return names + ([f"x{i + 1}" for i in range(len(names), n)] if n > 1 else ["x"] * (n - len(names)))


def naming(f: Callable[..., Any]) -> Callable[[str], str]:
    """Return how the variables of a function are called, by the place at which they stand in its argument."""
    inner, keys, several = getattr(f, "chosen", (f, (0,), False))
    positions = [key for key in keys if isinstance(key, int)]
    names = names_of(inner, max(positions, default=-1) + 1)
    called = [names[key] if isinstance(key, int) else key for key in keys]
    if not several:
        return lambda place: called[0] + place
    return lambda place: called[int(place[1 : place.index("]")])] + place[place.index("]") + 1 :]
