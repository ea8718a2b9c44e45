"""Where the samples are: the axes of a structure of arrays, and what is done with each array.

Imports the core, batches and masks of NumPy's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np

from revdiff.batches.batch import Batch
from revdiff.core.errors import ArgumentError, describe
from revdiff.core.revdiff import primal
from revdiff.core.structure import LEAVES, MAPS, STRUCTURES, Structure, leaves

Axes: TypeAlias = Any
"""Where the axis of the samples is among those of each array: a number, None, or a structure of these."""

AtLeaf: TypeAlias = Callable[[Any, int, str], Any]
"""What is done with a leaf of a structure, given the number of its axis of samples, and the way to it in words."""


def axes_of_each(in_axes: Axes, args: tuple[Any, ...]) -> tuple[Axes, ...]:
    """Return the axes of each argument."""
    if type(in_axes) is not tuple:  # a named tuple is for one argument, as every record
        return (in_axes,) * len(args)
    if len(in_axes) != len(args):
        many = f"{len(args)} positional argument{'' if len(args) == 1 else 's'}"
        msg = f"in_axes has an entry for each argument; it has {len(in_axes)}, and the function was called with {many}"
        raise ArgumentError(msg)
    return in_axes


def over_leaves(function: AtLeaf, x: Any, axes: Axes, where: str) -> Any:
    """Apply a function to the leaves of a structure that have an axis, and return the structure of the results."""
    if axes is None:
        return x
    structure = STRUCTURES.find(type(x))
    if structure is not None:
        _require_as_many(axes, x, where)
        parts = {
            key: (part, _axes_of(axes, key, where + structure.step(x, key)), where + structure.step(x, key))
            for key, part in parts_of(x, structure)
        }
        return structure.build(x, {key: over_leaves(function, *part) for key, part in parts.items()})
    if isinstance(axes, bool) or not isinstance(axes, int | np.integer):
        msg = f"an axis is a whole number, None, or a structure of these; met {describe(axes)} for {where}"
        raise ArgumentError(msg)
    return function(x, int(axes), where)


def _require_as_many(axes: Axes, x: Any, where: str) -> None:
    if type(axes) in (tuple, list, dict) and isinstance(x, type(axes)) and len(axes) > len(x):
        msg = f"{len(axes)} axes were given for the {len(x)} parts of {where}"
        raise ArgumentError(msg)


def _axes_of(axes: Axes, key: Any, where: str) -> Axes:
    """Return what a structure of axes has for one part."""
    structure = STRUCTURES.find(type(axes))
    if structure is None:
        return axes
    try:
        return structure.get(axes, key)
    except (AttributeError, LookupError, TypeError):
        msg = f"the axes that were given have none for {where}"
        raise ArgumentError(msg) from None


def parts_of(x: Any, structure: Structure) -> Iterator[tuple[Any, Any]]:
    """Walk the parts of a structure, and those that have no derivative: truth values may be samples too.

    What a record keeps constant is one of its parts only where it holds a batch, since it was computed from some.
    """
    varying = structure.parts(x)
    yield from varying.items()
    keys = structure.keys.values() if structure.keys else x if isinstance(x, dict) else range(len(x))
    for key in keys:
        if key not in varying and key not in structure.constants:
            yield key, structure.get(x, key)
    for key in structure.constants:
        value = getattr(x, key, None)
        if any(type(primal(leaf)) is Batch for leaf in leaves(value)):
            yield key, value


def is_numeric(x: Any) -> bool:
    """Tell whether a leaf is a number, a truth value or an array, and not text or something else that is carried along."""
    plain = primal(x)
    if isinstance(plain, str | bytes) or MAPS.find(type(plain)) is not None:
        return False
    return isinstance(plain, np.ndarray | np.generic) or LEAVES.find(type(plain)) is not None
