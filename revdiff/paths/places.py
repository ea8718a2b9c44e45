"""Where the targets of paths are, and whether two paths lead to the same place.

Imports nothing of revdiff. A place is the list of the keys that lead to it, with negative indices, names for numbers,
and slices of slices brought to one form. What a lens of one's own looks at cannot be seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from typing import Any, NamedTuple, TypeAlias

import numpy as np

Place: TypeAlias = tuple[Any, ...]

HERE: Any = object()
"""The key of a target that is the structure itself: a prism lets it pass, or does not."""


class Cells(NamedTuple):
    """The key of elements of an array, or of a slice of a sequence."""

    shape: tuple[int, ...]
    index: Any


class Together(NamedTuple):
    """The key of a product: several paths from one structure."""

    paths: Sequence[Sequence[Any]]
    x: Any


def places(steps: Sequence[Any], x: Any, place: Place = ()) -> Iterator[Place]:
    """Return the places of all the targets of a path in x."""
    if not steps:
        yield place
        return
    for key, target in steps[0].reach(x):
        for further in _extended(place, key):
            yield from places(steps[1:], target, further)


def _extended(place: Place, key: Any) -> Iterator[Place]:
    if key is HERE:
        yield place
    elif isinstance(key, Together):
        for steps in key.paths:
            yield from places(steps, key.x, place)
    elif place and isinstance(place[-1], np.ndarray) and isinstance(key, int | Cells):
        yield (*place[:-1], place[-1][key.index if isinstance(key, Cells) else key])
    elif isinstance(key, Cells):
        yield (*place, np.arange(prod(key.shape)).reshape(key.shape)[key.index])
    else:
        yield (*place, key)


def overlap(paths: Sequence[Sequence[Any]], x: Any) -> tuple[int, int] | None:
    """Return the numbers of two of these paths that have a place in x in common, None if no two have."""
    reached = [list(places(steps, x)) for steps in paths]
    for j, second in enumerate(reached):
        for i, first in enumerate(reached[:j]):
            if any(_one_in_the_other(a, b) for a, b in product(first, second)):
                return i, j
    return None


def _one_in_the_other(a: Place, b: Place) -> bool:
    return all(_meet(k, m) for k, m in zip(a, b, strict=False))


def _meet(k: Any, m: Any) -> bool:
    cells = int | np.integer | np.ndarray
    if isinstance(k, cells) and isinstance(m, cells):
        return bool(np.isin(k, m).any())
    return not isinstance(k, np.ndarray) and not isinstance(m, np.ndarray) and bool(k == m)
