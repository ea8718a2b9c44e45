"""Padding: an array with a border around it.

Imports rearranging and joining. Most modes move elements into the border; the others are built axis by axis, each border
from what is inside it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from revdiff.arrays.broadcasting import Shape, broadcast_to
from revdiff.arrays.numpy_protocol import stands_for
from revdiff.core.errors import MissingRuleError
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.functions.of_arrays import rule
from revdiff.rules.joining import concatenate
from revdiff.rules.rearranging import moved, require_room
from revdiff.rules.shape import along, gather

Widths = list[tuple[int, int]]


@stands_for(np.pad)
def pad(x: Any, /, pad_width: Any, mode: str = "constant", **options: Any) -> Any:
    """Return x with a border, filled in as ``mode`` and its options say.     x̄ = ȳ inside, and what the border adds.

    The fillings "constant" and "linear_ramp" have cotangents too: their values may be RevDiffs. "empty" fills in zeros.
    """
    if mode not in _FILLINGS:
        name, hint = "numpy.pad with a function as mode=", " It writes into an array. Pad with zeros, and add to them."
        if callable(mode):
            raise MissingRuleError.of(name, hint)
        msg = f"mode {mode!r} is not supported"
        raise ValueError(msg)
    x = gather(x)
    if not shape_of(x):
        return np.copy(x)
    widths = _pairs(pad_width, np.ndim(primal(x)))
    if mode not in ("constant", "empty"):
        _require_elements(shape_of(x), widths, mode)
    padded = _FILLINGS[mode](x, widths, **options)
    return np.copy(padded, "F") if primal(x).flags.fnc and not primal(padded).flags.fnc else padded


def _require_elements(shape: Shape, widths: Widths, mode: str) -> None:
    """Raise `ValueError` where a border is to be made of an axis without elements."""
    for axis, (length, width) in enumerate(zip(shape, widths, strict=True)):
        if not length and any(width):
            msg = f"axis {axis} has no elements from which mode {mode!r} could make a border"
            raise ValueError(msg)


def _pairs(width: Any, axes: int) -> Widths:
    """Return the widths before and behind each axis."""
    if isinstance(width, dict):
        by_axis = {axis % axes: pair for axis, pair in width.items()}
        width = [np.broadcast_to(by_axis.get(axis, 0), 2) for axis in range(axes)]
    width = np.asarray(width)
    if width.dtype.kind not in "iu":
        msg = f"the widths of a border are whole numbers; met {width.dtype}"
        raise TypeError(msg)
    if np.any(width < 0):
        msg = "the widths of a border are not negative"
        raise ValueError(msg)
    return [(int(before), int(behind)) for before, behind in np.broadcast_to(width, (axes, 2))]


def _constant(x: Any, widths: Widths, *, constant_values: Any = 0) -> Any:
    require_room(x, constant_values, "numpy.pad")
    return _padded(x, constant_values, widths)


@rule(linear=True)
def _padded(x: Any, values: Any, /, widths: Widths) -> tuple[Any, ...]:
    def padded(x: Any, values: Any) -> Any:
        if type(values) is RevDiff:  # NumPy asks only x for a rule
            return _padded(x, values, widths)
        return np.pad(x, widths, constant_values=values)

    return moved(padded, x, values)


@rule(linear=True)
def _extended(x: Any, /, widths: Widths, mode: str) -> tuple[Any, ...]:
    return moved(partial(np.pad, pad_width=widths, mode=mode), x)


def _mirrored(mode: str, x: Any, widths: Widths, *, reflect_type: str = "even") -> Any:
    if reflect_type == "even":
        return _extended(x, widths, mode)
    if reflect_type != "odd":
        msg = f"reflect_type is 'even' or 'odd'; met {reflect_type!r}"
        raise ValueError(msg)
    for axis, (before, behind) in enumerate(widths):
        x = _mirrored_odd(x, axis, before, behind, mode == "symmetric")
    return x


def _mirrored_odd(x: Any, axis: int, before: int, behind: int, with_edge: bool) -> Any:
    """Extend x by what is left of the edges, mirrored at the point there: 2·edge - x, as often as it takes."""
    inside = shape_of(x)[axis]
    if inside == 1:
        return _extended(x, [(before, behind) if i == axis else (0, 0) for i in range(np.ndim(primal(x)))], "edge")
    while before or behind:
        length = shape_of(x)[axis]
        usable = length // inside * inside if with_edge else (length - 1) // (inside - 1) * (inside - 1)
        left, right = min(usable, before), min(usable, behind)
        first, skip = along(x, slice(1), axis), 0 if with_edge else 1
        last, end = along(x, slice(-1, None), axis), length - skip
        x = concatenate(
            [
                2 * first - np.flip(along(x, slice(skip, skip + left), axis), axis),
                x,
                2 * last - np.flip(along(x, slice(end - right, end), axis), axis),
            ],
            axis,
        )
        before, behind = before - left, behind - right
    return x


def _ramped(x: Any, widths: Widths, *, end_values: Any = 0) -> Any:
    ends = broadcast_to(gather(end_values), (len(widths), 2))
    for axis, (before, behind) in enumerate(widths):
        if not before and not behind:
            continue
        edges = along(x, 0, axis), along(x, -1, axis)
        dtype = primal(x).dtype
        up, down = (
            np.linspace(ends[axis, side], edges[side], width, endpoint=False, dtype=dtype, axis=axis)
            for side, width in enumerate((before, behind))
        )
        x = concatenate([up, x, np.flip(down, axis)], axis)
    return x


def _summarized(summary: Callable[..., Any], x: Any, widths: Widths, *, stat_length: Any = None) -> Any:
    shape = shape_of(x)
    lengths = [(n, n) for n in shape] if stat_length is None else _pairs(stat_length, len(shape))
    for axis, (before, behind) in enumerate(widths):
        if not before and not behind:
            continue
        left, right = (min(length, shape[axis]) for length in lengths[axis])
        first = summary(along(x, slice(left), axis), axis=axis, keepdims=True)
        last = summary(along(x, slice(shape[axis] - right, None), axis), axis=axis, keepdims=True)
        x = concatenate([np.repeat(first, before, axis), x, np.repeat(last, behind, axis)], axis)
    return x


_FILLINGS: dict[Any, Callable[..., Any]] = {
    "constant": _constant,
    "empty": partial(_constant, constant_values=0),
    "edge": partial(_extended, mode="edge"),
    "wrap": partial(_extended, mode="wrap"),
    "reflect": partial(_mirrored, "reflect"),
    "symmetric": partial(_mirrored, "symmetric"),
    "linear_ramp": _ramped,
    "maximum": partial(_summarized, np.max),
    "minimum": partial(_summarized, np.min),
    "mean": partial(_summarized, np.mean),
    "median": partial(_summarized, np.median),
}
