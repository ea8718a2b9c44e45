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

from revdiff.arrays.memory import is_basic
from revdiff.batches.batch import Batch, axis_of, flat, holds_batch, ndim_of, raised, settled
from revdiff.batches.calls import applied, batched
from revdiff.batches.shapes import along, shifted
from revdiff.core.collecting import Where
from revdiff.core.errors import BatchError
from revdiff.core.revdiff import primal, shape_of

ASSIGNMENT = "an assignment"


@batched(operator.getitem, operands=2)
def getitem(x: Any, index: Any) -> Any:
    """Return the elements of each sample that an index names, which may be another for each."""
    if type(x) is not Batch or holds_batch(index):
        return _picked(x, index)
    if _is_basic(index):
        part = x.array[behind(index)]
        return Batch(part if part.ndim > 1 else part.copy(), x.axis)  # a number is no view of where it stood
    if not x.ndim:
        return NotImplemented
    return Batch(np.take(flat(x), positions(x.shape, index), axis=1), x.axis)


def _picked(x: Any, index: Any) -> Any:
    """Return what an index names that has batches of whole numbers in it.

    In NumPy the axes of indices that are arrays come where the first of these stands; in front, if they stand apart.
    Here they are in front for all samples at once, behind the hidden axis, which is an index as well.
    """
    parts = [
        np.stack(part) if isinstance(part, list) else part for part in (index if type(index) is tuple else (index,))
    ]
    if not ndim_of(x) or not all(map(_is_simple, parts)) or sum(part is ... for part in parts) > 1:
        return NotImplemented
    missing = ndim_of(x) - sum(part is not None and part is not ... for part in parts)
    here = next((i for i, part in enumerate(parts) if part is ...), len(parts))
    parts[here : here + 1] = [slice(None)] * missing
    arrays = [i for i, part in enumerate(parts) if part is not None and not isinstance(part, slice)]
    axis, ndim = axis_of(parts), max(ndim_of(parts[i]) for i in arrays)
    are_adjacent = arrays[-1] - arrays[0] == len(arrays) - 1
    for i in arrays:
        parts[i] = primal(raised(parts[i], ndim))
    if type(x) is not Batch:
        there = x[tuple(parts)]
        return Batch(np.moveaxis(there, arrays[0], 0) if are_adjacent and arrays[0] else there, axis)
    every = np.arange(axis.length).reshape((axis.length, *(1,) * ndim))
    there = x.array[(every, *parts)]
    if are_adjacent and arrays[0] and ndim:
        there = np.moveaxis(there, range(1, ndim + 1), range(arrays[0] + 1, arrays[0] + ndim + 1))
    return Batch(there, axis)


def _is_simple(part: Any) -> bool:
    """Tell whether a part of an index is a slice, a new axis, an ellipsis, a whole number, or an array or batch of these."""
    if type(part) is Batch:
        return type(primal(part.array)) is np.ndarray and part.dtype.kind in "iu"
    return _is_basic(part) or (isinstance(part, np.ndarray) and part.dtype.kind in "iu")


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
    if type(x) is not Batch or not x.ndim or x.axis.is_frozen:
        raise BatchError.of_writing(ASSIGNMENT)
    if _is_basic(index):
        return behind(index)
    named = positions(x.shape, index)
    if type(named) is Batch:
        every = np.arange(x.axis.length).reshape((x.axis.length, *(1,) * named.ndim))
        return (every, *np.unravel_index(primal(named.array), x.shape))
    return (slice(None), *np.unravel_index(named, x.shape))


def _beside(value: Any, ndim: int) -> Any:
    """Return what is written as an array with the hidden axis, or one that is the same for every sample."""
    if ndim_of(value) > ndim:
        raise BatchError.of_writing(ASSIGNMENT)
    return raised(value, ndim)


@batched(np.take, operands=2)
def take(a: Any, indices: Any, axis: int | None = None, mode: Any = "raise") -> Any:
    """Return elements of each sample by their numbers along an axis, or in the whole."""
    if type(indices) is Batch:
        if mode != "raise" or (axis is not None and not -ndim_of(a) <= axis < ndim_of(a)):
            return NotImplemented
        before = [slice(None)] * (axis % ndim_of(a) if axis is not None else 0)
        return _picked(np.ravel(a) if axis is None else a, (*before, indices))
    if axis is None:
        return Batch(np.take(flat(a), indices, axis=1, mode=mode), a.axis)
    return along(a, axis, lambda array, place: np.take(array, indices, axis=place, mode=mode))


@batched(np.take_along_axis, operands=2)
def take_along_axis(arr: Any, indices: Any, axis: int | None = -1) -> Any:
    """Return elements of each sample, at indices along an axis that differ from place to place."""
    hidden, place = axis_of((arr, indices)), shifted(axis, ndim_of(arr))
    if place is None or ndim_of(indices) != ndim_of(arr):
        return NotImplemented
    there = primal(indices.array) if type(indices) is Batch else np.asarray(primal(indices))[None]
    return Batch(np.take_along_axis(arr.array if type(arr) is Batch else arr[None], there, axis=place), hidden)


def _is_basic(index: Any) -> bool:
    """Tell whether an index is made of slices, numbers, new axes and an ellipsis, the same for every sample."""
    return not holds_batch(index) and is_basic(index)


def behind(index: Any) -> tuple[Any, ...]:
    """Return such an index of a sample as one of the batch."""
    return (slice(None), *(index if isinstance(index, tuple) else (index,)))


def positions(shape: tuple[int, ...], index: Any) -> Any:
    """Return the numbers of the elements that an index names in an array of this shape, counted in C's order.

    They are a batch, where the index has one in it.
    """
    every = np.arange(int(np.prod(shape))).reshape(shape)
    return applied(operator.getitem, (every, index), {}) if holds_batch(index) else every[index]


def scattered(like: Any, places: Mapping[Where, Any], scatter: Callable[[Any, Any], Any]) -> Any:
    """Return the batch of arrays as large as ``like``, zero but for the sums of what belongs to each place.

    ``scatter`` does the same for one array.
    """
    axis, settled_cts = settled(list(places.values()))
    places = dict(zip(places, settled_cts, strict=True))
    like = np.broadcast_to(np.zeros((), like.dtype), like.shape)
    if axis is None:
        return scatter(like, places)
    n, shape = axis.length, like.shape
    if all(_is_basic(place.index) for place in places):
        there = {Where(behind(place.index)): _expanded(ct, n) for place, ct in places.items()}
        return Batch(scatter(np.broadcast_to(like, (n, *shape)), there), axis)
    first = np.arange(n) * like.size
    there = {}
    for place, ct in places.items():
        named = positions(shape, place.index)
        starts = first.reshape((n, *(1,) * ndim_of(named)))
        there[Where(starts + (named.array if type(named) is Batch else named))] = _expanded(ct, n)
    summed = scatter(np.broadcast_to(np.zeros((), like.dtype), (n * like.size,)), there)
    return Batch(summed.reshape((n, *shape)), axis)


def _expanded(ct: Any, n: int) -> Any:
    return raised(ct, ct.ndim) if type(ct) is Batch else np.broadcast_to(ct, (n, *shape_of(ct)))
