"""Joining arrays along an axis, and splitting them.

Imports shapes and NumPy's protocol. The cotangent of an array that was joined with others is its slice of ȳ;
that of an array that was split is zero but for the parts that were used.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from revdiff.arrays.broadcasting import Shape
from revdiff.arrays.names import of_numpy
from revdiff.arrays.numpy_protocol import plain, stands_for
from revdiff.core.revdiff import primal, shape_of
from revdiff.rules.shape import along, atleast_1d, atleast_2d, atleast_3d, gather, joined, on_axis, ravel, reshape


@stands_for(np.concatenate)
def concatenate(arrays: Any, /, axis: int | None = 0, *, dtype: Any = None, casting: str = "same_kind") -> Any:
    """Join arrays along an axis that they have; along one axis in all with ``axis=None``.

    The cotangent of each is its slice of ȳ.
    """
    return joined(np.concatenate, arrays, _slices, axis=axis, dtype=dtype, casting=casting)


def _slices(shapes: list[Shape], axis: int | None) -> list[Any]:
    if axis is None:
        shapes, axis = [(prod(shape),) for shape in shapes], 0
    before, stop = on_axis(slice(None), axis, len(shapes[0]))[:-1], 0
    places = []
    for shape in shapes:
        start, stop = stop, stop + shape[axis]
        places.append((*before, slice(start, stop)))
    return places


@stands_for(np.vstack)
def vstack(arrays: Any, /, *, dtype: Any = None, casting: str = "same_kind") -> Any:
    """Join arrays one below the other; vectors are rows."""
    return concatenate([atleast_2d(x) for x in arrays], 0, dtype=dtype, casting=casting)


@stands_for(np.hstack)
def hstack(arrays: Any, /, *, dtype: Any = None, casting: str = "same_kind") -> Any:
    """Join arrays side by side; vectors one after the other."""
    grown = [atleast_1d(x) for x in arrays]
    return concatenate(grown, int(np.ndim(primal(grown[0])) > 1) if grown else 0, dtype=dtype, casting=casting)


@stands_for(np.dstack)
def dstack(arrays: Any, /) -> Any:
    """Join arrays along the third axis."""
    return concatenate([atleast_3d(x) for x in arrays], 2)


@stands_for(np.column_stack)
def column_stack(arrays: Any, /) -> Any:
    """Join arrays side by side; vectors are columns."""
    return concatenate([_columns(gather(x)) for x in arrays], 1)


def _columns(x: Any) -> Any:
    return x if np.ndim(primal(x)) > 1 else reshape(x, (-1, 1))


@stands_for(np.append)
def append(x: Any, values: Any, /, axis: int | None = None) -> Any:
    """Join values to the end of x along an axis; all of both along one axis by default."""
    if axis is None:
        x, values, axis = ravel(gather(x)), ravel(gather(values)), 0
    return concatenate([x, values], axis)


@stands_for(np.block)
def block(arrays: Any, /) -> Any:
    """Join nested lists of blocks: innermost lists along the last axis, lists of those along the one before it, …"""
    depth = _depth_of_nest(arrays)
    axes = max(depth, *(np.ndim(primal(x)) for x in _leaves_of_nest(arrays)))
    return _joined_nest(arrays, depth, axes)


def _depth_of_nest(nest: Any) -> int:
    if isinstance(nest, tuple):
        msg = "numpy.block takes blocks in lists; met a tuple"
        raise TypeError(msg)
    if not isinstance(nest, list):
        return 0
    depths = {_depth_of_nest(inner) for inner in nest}
    if len(depths) != 1:
        msg = f"the lists of numpy.block are nested alike; met depths {sorted(depths)}" if depths else "a list is empty"
        raise ValueError(msg)
    return 1 + depths.pop()


def _leaves_of_nest(nest: Any) -> list[Any]:
    return [leaf for inner in nest for leaf in _leaves_of_nest(inner)] if isinstance(nest, list) else [nest]


def _joined_nest(nest: Any, depth: int, axes: int) -> Any:
    if isinstance(nest, list):
        return concatenate([_joined_nest(inner, depth - 1, axes) for inner in nest], -depth)
    nest = gather(nest)
    shape = shape_of(nest)
    return reshape(nest, (1,) * (axes - len(shape)) + shape)


@stands_for(np.array_split)
def array_split(x: Any, /, indices_or_sections: Any, axis: int = 0) -> Any:
    """Split x along an axis, before each of the indices or into so many sections, the first of them longer if need be.

    x̄ is zero but for the slices of the parts that were used.
    """
    return _split(np.array_split, x, indices_or_sections, axis)


@stands_for(np.split)
def split(x: Any, /, indices_or_sections: Any, axis: int = 0) -> Any:
    """Split x along an axis, before each of the indices or into so many equal sections."""
    return _split(np.split, x, indices_or_sections, axis)


def _split(function: Any, x: Any, where: Any, axis: int) -> list[Any]:
    x = gather(x)
    parts = function(np.arange(shape_of(x)[axis]), plain(where))
    return [along(x, slice(part[0], part[-1] + 1) if part.size else slice(0), axis) for part in parts]


def _splits_along(function: Any, axis_of: Callable[[int], int], least: int) -> None:
    @stands_for(function)
    def split_along(x: Any, /, indices_or_sections: Any) -> Any:
        x = gather(x)
        axes = np.ndim(primal(x))
        if axes < least:
            msg = f"{function.__name__} only works on arrays of {least} or more dimensions"
            raise ValueError(msg)
        return split(x, indices_or_sections, axis_of(axes))


_splits_along(np.hsplit, lambda axes: int(axes > 1), 1)
_splits_along(np.vsplit, lambda axes: 0, 2)
_splits_along(np.dsplit, lambda axes: 2, 3)


@stands_for(*of_numpy("unstack"))
def unstack(x: Any, /, *, axis: int = 0) -> tuple[Any, ...]:
    """Return the slices of x along an axis.     x̄ is zero but for the slices that were used."""
    return tuple(along(x, i, axis) for i in range(shape_of(x)[axis]))
