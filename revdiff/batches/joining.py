"""Joining batches and arrays along an axis, and taking them apart.

Imports `batch` and shapes. An array among batches is repeated for every sample.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.batches.batch import Axis, Batch, axis_of, ndim_of, raised
from revdiff.batches.calls import batched
from revdiff.batches.shapes import shifted
from revdiff.core.revdiff import shape_of


@batched(np.concatenate)
def concatenate(arrays: Any, /, axis: int | None = 0, *, dtype: Any = None, casting: str = "same_kind") -> Any:
    """Join the samples of each along an axis; None joins their elements."""
    hidden = _axis_in(arrays)
    if hidden is None or dtype is not None:
        return NotImplemented
    if axis is None:
        flat = [np.reshape(whole, (hidden.length, -1)) for whole in _whole(arrays, hidden)] if hidden.length else None
        return NotImplemented if flat is None else Batch(np.concatenate(flat, axis=1), hidden)
    place = shifted(axis, ndim_of(arrays[0]))
    return NotImplemented if place is None else Batch(np.concatenate(_whole(arrays, hidden), axis=place), hidden)


@batched(np.stack)
def stack(arrays: Any, axis: int = 0, *, dtype: Any = None, casting: str = "same_kind") -> Any:
    """Join the samples of each along a new axis."""
    hidden = _axis_in(arrays)
    place = None if hidden is None or dtype is not None else shifted(axis, ndim_of(arrays[0]) + 1)
    if hidden is None or place is None:
        return NotImplemented
    return Batch(np.stack(_whole(arrays, hidden), axis=place), hidden)


@batched(np.linspace, operands=2)
def linspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True, *, axis: int = 0) -> Any:
    """Return evenly spaced numbers between those of two samples, along a new axis."""
    ndim = max(ndim_of(start), ndim_of(stop))
    place = shifted(axis, ndim + 1)
    if place is None:
        return NotImplemented
    return Batch(
        np.linspace(raised(start, ndim), raised(stop, ndim), num, endpoint, axis=place), axis_of((start, stop))
    )


def _splitting(function: Any) -> None:
    """Serve a function that takes arrays apart along an axis."""

    @batched(function)
    def splitting(ary: Batch, indices_or_sections: Any, axis: int = 0) -> Any:
        place = shifted(axis, ary.ndim)
        if place is None:
            return NotImplemented
        return [Batch(part, ary.axis) for part in function(ary.array, indices_or_sections, axis=place)]


def _axis_in(arrays: Any) -> Axis | None:
    return axis_of(arrays) if isinstance(arrays, list | tuple) else None


def _whole(arrays: Any, hidden: Axis) -> list[Any]:
    return [x.array if type(x) is Batch else np.broadcast_to(x, (hidden.length, *shape_of(x))) for x in arrays]


for _function in (np.split, np.array_split):
    _splitting(_function)
