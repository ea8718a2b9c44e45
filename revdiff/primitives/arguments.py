"""What a primitive is given: which arguments vary, and what cannot stand among them.

Imports the core.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, signature
from typing import Any, TypeAlias

import numpy as np

from revdiff.core.errors import ArgumentError, BatchError, describe, listed
from revdiff.core.parts import refuse_carriers
from revdiff.core.revdiff import RevDiff
from revdiff.core.structure import MAPS, OUTERMOST, STRUCTURES, carried, leaves
from revdiff.primitives.composition import name_of

Static: TypeAlias = int | str | tuple[int | str, ...]
"""Which positional arguments are static: a position, a name, or several of them."""

_NUMBERS = frozenset({float, int, complex, np.float64})
_POSITIONAL = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


def static_positions(f: Callable[..., Any], static: Static) -> frozenset[int]:
    """Return the positions of static arguments that are given by position or by name."""
    if static == ():
        return frozenset()
    positions = set()
    which: Any
    for which in static if isinstance(static, tuple) else (static,):
        if isinstance(which, str):
            names = [name for name, p in signature(f).parameters.items() if p.kind in _POSITIONAL]
            if which not in names:
                msg = (
                    f"static names {which!r}, and {name_of(f)} has no such positional argument; it has {listed(names)}"
                )
                raise ArgumentError(msg)
            positions.add(names.index(which))
        elif isinstance(which, int) and not isinstance(which, bool) and which >= 0:
            if not _takes(f, which):
                msg = f"static names position {which}, from 0, and {name_of(f)} has no such argument"
                raise ArgumentError(msg)
            positions.add(which)
        else:
            msg = f"static is a position, a name, or a tuple of these; met {describe(which)}"
            raise ArgumentError(msg)
    return frozenset(positions)


def _takes(f: Callable[..., Any], position: int) -> bool:
    """Tell whether f has an argument in this position; of what is written in C nobody may know."""
    try:
        kinds = [p.kind for p in signature(f).parameters.values()]
    except ValueError:
        return True
    return Parameter.VAR_POSITIONAL in kinds or position < sum(kind in _POSITIONAL for kind in kinds)


def refuse_static(name: str, static: frozenset[int], args: tuple[Any, ...], options: dict[str, Any]) -> None:
    """Raise `ArgumentError` where a RevDiff stands in a place that has no cotangent."""
    for option, value in options.items():
        if _holds_revdiff(value):
            msg = (
                f"the keyword arguments of a primitive are static; {option} of {name} is a RevDiff.\n"
                "  Make it positional."
            )
            raise ArgumentError(msg)
    for i in static:
        if i < len(args) and _holds_revdiff(args[i]):
            msg = (
                f"argument {i} of {name} is static, and is a RevDiff.\n"
                "  To differentiate by it:  leave it out of static=\n"
                "  To hold it constant:     pass revdiff.stop_gradient(x) instead of x."
            )
            raise ArgumentError(msg)


def refuse_hidden(name: str, given: tuple[Any, ...], inside: list[Any]) -> None:
    """Raise `ArgumentError` where a RevDiff stands in a place that the pullback does not reach."""
    for a in given:
        refuse_carriers(a)
    for leaf in inside:
        if type(leaf) is RevDiff or is_plain(leaf):
            continue
        if _holds_revdiff(leaf):
            msg = f"a primitive takes numbers, arrays and structures of them; {name} met {describe(leaf)} of RevDiffs."
            raise ArgumentError(msg)
        if type(leaf) in OUTERMOST and type(leaf.array) is RevDiff:
            raise BatchError.beside(leaf)  # one by one, each value has the pullback that was written
        if MAPS.find(type(leaf)) is not None:
            msg = (
                f"a primitive cannot look into {describe(leaf)} for RevDiffs; {name} met one.\n"
                "  Give it the elements that it needs, f(s.take(n)), or a constant stream by keyword."
            )
            raise ArgumentError(msg)


def is_plain(x: Any) -> bool:
    """Tell, quickly, whether x is made of numbers and arrays of numbers and nothing else."""
    kind = type(x)
    if kind is np.ndarray:
        return x.dtype.kind in "fiucb"
    if kind is RevDiff or kind in _NUMBERS:
        return kind is not RevDiff
    structure = STRUCTURES.find(kind)
    return (
        structure is not None
        and all(map(is_plain, structure.parts(x).values()))
        and not (structure.constants and carried(x, structure))
    )


def holds_layer(x: Any) -> bool:
    """Tell whether a RevDiff is among the leaves of x."""
    return any(type(leaf) is RevDiff for leaf in leaves(x))


def _holds_revdiff(x: Any) -> bool:
    """Tell whether a RevDiff is among the leaves of x, or hidden in one: in a set, or in an array of objects."""
    if isinstance(x, set | frozenset) or (isinstance(x, np.ndarray) and x.dtype == object):
        return any(map(_holds_revdiff, x.flat if isinstance(x, np.ndarray) else x))
    structure = None if type(x) is RevDiff else STRUCTURES.find(type(x))
    return type(x) is RevDiff if structure is None else any(map(_holds_revdiff, structure.parts(x).values()))
