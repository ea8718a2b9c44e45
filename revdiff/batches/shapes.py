"""Shape: the samples of a batch along other axes, and what a batch says about itself.

Imports `batch`. Axes are counted in a sample; in the array of the batch they stand one further on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from revdiff.arrays.names import of_numpy
from revdiff.batches.batch import Batch, axis_of, flat, raised, wrapped
from revdiff.batches.calls import batched
from revdiff.core.revdiff import shape_of


def shifted(axis: Any, ndim: int) -> Any:
    """Return axes of a sample of so many dimensions as axes of the batch; None where a sample has no such axis."""
    if isinstance(axis, tuple | list):
        axes = tuple(shifted(i, ndim) for i in axis)
        return None if None in axes else axes
    return int(axis) % ndim + 1 if isinstance(axis, int | np.integer) and -ndim <= axis < ndim else None


def summed_axes(axes: Any, m: int, n: int) -> tuple[list[int], list[int]]:
    """Return the axes of two operands that `numpy.tensordot` sums over, pair by pair, as numbers from 0."""
    of_a, of_b = axes if isinstance(axes, Sequence | np.ndarray) else (range(m - axes, m), range(axes))
    return _places(of_a, m), _places(of_b, n)


def _places(axes: Any, ndim: int) -> list[int]:
    return [int(i) % ndim for i in ([axes] if np.ndim(axes) == 0 else axes)]


def along(x: Batch, axis: Any, function: Callable[[Any, Any], Any]) -> Any:
    """Return what a function makes of all samples, given their array and some axes of theirs in it."""
    place = shifted(axis, x.ndim)
    return NotImplemented if place is None else wrapped(function(x.array, place), x.axis)


def _reshaping(function: Any) -> None:
    """Serve a function that only changes the shape: what it makes of a view of one number shows the new one."""

    @batched(function)
    def reshaping(x: Batch, *how: Any, order: str = "C", **options: Any) -> Any:
        if order != "C" or "C" in how or "F" in how:
            return NotImplemented
        shape = function(np.broadcast_to(0.0, x.shape), *how, **options).shape
        return Batch(x.array.reshape((x.axis.length, *shape)), x.axis)


def _turning(function: Any) -> None:
    """Serve a function that permutes axes: an array with axes of lengths 0, 1, 2, … shows where they go."""

    @batched(function)
    def turning(x: Batch, *how: Any, **options: Any) -> Any:
        order = function(np.empty(range(x.ndim)), *how, **options).shape
        return Batch(x.array.transpose((0, *[i + 1 for i in order])), x.axis)


def _asking(function: Any) -> None:
    """Serve a question about shapes and dtypes, of which the answer is that of a sample."""

    @batched(function, operands=9)
    def asking(*args: Any, **options: Any) -> Any:
        return function(
            *[np.broadcast_to(np.zeros((), x.dtype), x.shape) if type(x) is Batch else x for x in args], **options
        )


@batched(np.broadcast_to)
def broadcast_to(array: Batch, shape: Any) -> Any:
    """Repeat each sample until it has this shape."""
    shape = np.broadcast_shapes(shape)
    if len(shape) < array.ndim:
        return NotImplemented
    return Batch(np.broadcast_to(raised(array, len(shape)), (array.axis.length, *shape)), array.axis)


@batched(np.broadcast_arrays, operands=64)
def broadcast_arrays(*args: Any) -> Any:
    """Repeat samples until all have one shape, and what is no batch for each of them."""
    axis, shape = axis_of(args), np.broadcast_shapes(*[x.shape if type(x) is Batch else shape_of(x) for x in args])
    whole = (axis.length, *shape)
    return tuple(
        np.broadcast_to(x, shape) if type(x) is Batch else Batch(np.broadcast_to(x, whole), axis) for x in args
    )


@batched(np.flip)
def flip(m: Batch, axis: Any = None) -> Any:
    """Turn each sample round along axes, all of them by default."""
    return along(m, range_of(m) if axis is None else axis, np.flip)


@batched(np.roll)
def roll(a: Batch, shift: Any, axis: Any = None) -> Any:
    """Move the elements of each sample along axes."""
    if axis is None:
        return Batch(np.roll(flat(a), shift, 1).reshape(a.array.shape), a.axis)
    return along(a, axis, lambda array, axes: np.roll(array, shift, axes))


@batched(np.rot90)
def rot90(m: Batch, k: int = 1, axes: Any = (0, 1)) -> Any:
    """Turn each sample by so many right angles."""
    return along(m, tuple(axes), lambda array, axes: np.rot90(array, k, axes))


@batched(np.repeat)
def repeat(a: Batch, repeats: Any, axis: int | None = None) -> Any:
    """Repeat the elements of each sample along one axis."""
    if axis is None:
        return Batch(np.repeat(flat(a), repeats, axis=1), a.axis)
    return along(a, axis, lambda array, place: np.repeat(array, repeats, axis=place))


@batched(np.diff)
def diff(a: Batch, n: int = 1, axis: int = -1) -> Any:
    """Return the differences of neighbours along one axis of each sample."""
    return along(a, axis, lambda array, place: np.diff(array, n, axis=place))


@batched(np.trace)
def trace(a: Batch, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """Return the sums along the diagonals of each sample."""
    return along(a, (axis1, axis2), lambda array, places: np.trace(array, offset, *places))


@batched(np.diagonal)
def diagonal(a: Batch, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """Return the diagonals of each sample."""
    return along(a, (axis1, axis2), lambda array, places: np.diagonal(array, offset, *places))


def range_of(x: Batch) -> tuple[int, ...]:
    """Return all axes of a sample."""
    return tuple(range(x.ndim))


batched(np.shape)(lambda a: a.shape)
batched(np.ndim)(lambda a: a.ndim)
for _function in of_numpy("reshape ravel squeeze expand_dims atleast_1d atleast_2d atleast_3d"):
    _reshaping(_function)
for _function in of_numpy("transpose permute_dims swapaxes moveaxis rollaxis matrix_transpose"):
    _turning(_function)
for _function in of_numpy("size result_type can_cast common_type iscomplexobj isrealobj"):
    _asking(_function)
