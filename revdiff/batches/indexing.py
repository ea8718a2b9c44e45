"""Elements and parts of the samples of a batch, and the array that contributions to parts are put in.

Imports the core and `batch`. An index of slices and numbers is one of the batch, behind a slice for the hidden axis. Any
other is applied to the positions of the elements, which then are taken from each sample: NumPy would put the hidden
axis elsewhere, if arrays of indices stand apart.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from revdiff.batches.batch import Batch, axis_of, batched, ndim_of, raised
from revdiff.batches.shapes import shifted
from revdiff.core.collecting import Where
from revdiff.core.errors import BatchError
from revdiff.core.revdiff import primal, shape_of

ASSIGNMENT = "an assignment"


@batched(operator.getitem)
def getitem(x: Batch, index: Any) -> Any:
    """Return the elements of each sample that an index names."""
    if is_basic(index):
        part = x.array[behind(index)]
        return Batch(part if part.ndim > 1 else part.copy(), x.axis)  # a number is no view of where it stood
    if not x.ndim:
        return NotImplemented
    flat = x.array.reshape((x.axis.length, x.size))
    return Batch(np.take(flat, positions(x.shape, index), axis=1), x.axis)


@batched(operator.setitem, operands=3)
def setitem(x: Any, index: Any, value: Any) -> None:
    """Write values into each sample, where an index says."""
    place = _place(x, index)
    axis_of((x, value))
    x.array[place] = _beside(value, x.array[place].ndim - 1)


@batched(np.add.at, operands=3)
def add_at(a: Any, indices: Any, b: Any) -> None:
    """Add values to elements of each sample, as often as an index names them."""
    place = _place(a, indices)
    axis_of((a, b))
    np.add.at(a.array, place, _beside(b, a.array[place].ndim - 1))


def _place(x: Any, index: Any) -> tuple[Any, ...]:
    """Return an index of a sample as one of the batch, elements as pairs of indices."""
    if type(x) is not Batch or not x.ndim:
        raise BatchError.of_writing(ASSIGNMENT)
    if is_basic(index):
        return behind(index)
    return (slice(None), *np.unravel_index(positions(x.shape, index), x.shape))


def _beside(value: Any, ndim: int) -> Any:
    """Return what is written as an array with the hidden axis, or one that is the same for every sample."""
    if ndim_of(value) > ndim:
        raise BatchError.of_writing(ASSIGNMENT)
    return raised(value, ndim)


@batched(np.take)
def take(a: Batch, indices: Any, axis: int | None = None, mode: Any = "raise") -> Any:
    """Return elements of each sample by their numbers along an axis, or in the whole."""
    array = a.array.reshape((a.axis.length, a.size)) if axis is None else a.array
    place = 1 if axis is None else shifted(axis, a.ndim)
    return NotImplemented if place is None else Batch(np.take(array, indices, axis=place, mode=mode), a.axis)


@batched(np.take_along_axis)
def take_along_axis(arr: Batch, indices: Any, axis: int | None = -1) -> Any:
    """Return elements of each sample, at indices along an axis that differ from place to place."""
    place = shifted(axis, arr.ndim)
    if place is None or np.ndim(indices) != arr.ndim:
        return NotImplemented
    return Batch(np.take_along_axis(arr.array, np.asarray(primal(indices))[None], axis=place), arr.axis)


def is_basic(index: Any) -> bool:
    """Tell whether an index is made of slices, numbers, new axes and an ellipsis."""
    parts = index if isinstance(index, tuple) else (index,)
    return all(
        part is None or part is ... or (isinstance(part, int | np.integer | slice) and not isinstance(part, bool))
        for part in parts
    )


def behind(index: Any) -> tuple[Any, ...]:
    """Return such an index of a sample as one of the batch."""
    return (slice(None), *(index if isinstance(index, tuple) else (index,)))


def positions(shape: tuple[int, ...], index: Any) -> Any:
    """Return the numbers of the elements that an index names in an array of this shape, counted in C's order."""
    return np.arange(int(np.prod(shape))).reshape(shape)[index]


def scattered(like: Any, places: Mapping[Where, Any], scatter: Callable[[Any, Any], Any]) -> Batch:
    """Return the batch of arrays as large as ``like``, zero but for the sums of what belongs to each place.

    ``scatter`` does the same for one array.
    """
    axis = axis_of([ct for ct in places.values() if type(ct) is Batch])
    n, shape = axis.length, like.shape
    if all(is_basic(place.index) for place in places):
        there = {Where(behind(place.index)): _expanded(ct, n) for place, ct in places.items()}
        return Batch(scatter(np.broadcast_to(like, (n, *shape)), there), axis)
    first = np.arange(n) * like.size
    there = {}
    for place, ct in places.items():
        named = positions(shape, place.index)
        there[Where(first.reshape((n, *(1,) * np.ndim(named))) + named)] = _expanded(ct, n)
    flat = scatter(np.broadcast_to(np.zeros((), like.dtype), (n * like.size,)), there)
    return Batch(flat.reshape((n, *shape)), axis)


def _expanded(ct: Any, n: int) -> Any:
    return raised(ct, ct.ndim) if type(ct) is Batch else np.broadcast_to(ct, (n, *shape_of(ct)))
