"""Choosing elements by their indices or by conditions, and choosing among arrays.

Imports shapes, indexing and rearranging. What was not chosen is absent from the cotangent, and contributes nothing.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from revdiff.arrays.numpy_protocol import constant, method, method_of, plain, stands_for
from revdiff.core.revdiff import primal, shape_of
from revdiff.functions.of_arrays import rule
from revdiff.rules.indexing import put
from revdiff.rules.rearranging import moved, require_room
from revdiff.rules.shape import along, atleast_1d, gather, ravel, reshape


@stands_for(np.take)
def take(x: Any, /, indices: Any, axis: int | None = None, *, mode: str = "raise") -> Any:
    """Return the elements of x with these indices, or its slices along an axis.     x̄ᵢ = Σ ȳ where i was taken.

    An index beyond the end is an error, or with ``mode="wrap"`` counts on from the start, with "clip" means the last.
    """
    x = gather(x)
    if axis is None:
        x, axis = ravel(x), 0
    indices = np.asarray(plain(indices))
    if mode == "wrap":
        indices = indices % shape_of(x)[axis]
    elif mode == "clip":
        indices = np.clip(indices, 0, shape_of(x)[axis] - 1)
    taken = along(x, indices.astype(np.intp, casting="same_kind"), axis)
    # A new array that lies in memory as NumPy's does: what is a view of it, and so writes into it, depends on that.
    return taken if primal(taken).flags.carray and primal(taken).base is None else np.copy(taken, "C")


@rule(np.take_along_axis, linear=True)
def take_along_axis(x: Any, /, indices: Any, axis: int | None = -1) -> tuple[Any, ...]:
    """Return elements by an array of indices along an axis, as `np.argsort` gives them.     x̄ᵢ = Σ ȳ where i was taken."""
    return moved(partial(np.take_along_axis, indices=indices, axis=axis), x)


@stands_for(np.compress)
def compress(condition: Any, x: Any, /, axis: int | None = None) -> Any:
    """Return the elements of x, or its slices along an axis, for which a condition holds.     x̄ = ȳ there."""
    x = gather(x)
    if axis is None:
        x, axis = ravel(x), 0
    return take(x, np.compress(plain(condition), np.arange(shape_of(x)[axis])), axis)


@stands_for(np.extract)
def extract(condition: Any, x: Any, /) -> Any:
    """Return the elements of x for which a condition holds.     x̄ = ȳ there."""
    return compress(np.ravel(plain(condition)), x)


@stands_for(np.trim_zeros)
def trim_zeros(x: Any, /, trim: str = "fb", axis: Any = None) -> Any:
    """Leave out the zeros at the front, with "f", and at the back, with "b", of all axes or some.     x̄ = ȳ inside."""
    x = gather(x)
    other = np.asarray(primal(x) != 0)
    for i in range(other.ndim) if axis is None else np.atleast_1d(axis) % other.ndim:
        filled = np.flatnonzero(np.any(other, axis=tuple({*range(other.ndim)} - {i})))
        start = filled[0] if filled.size and "f" in trim.lower() else 0
        stop = None if filled.size and "b" not in trim.lower() else filled[-1] + 1 if filled.size else 0
        x = along(x, slice(start, stop), int(i))
    return x


@stands_for(np.choose)
def choose(index: Any, choices: Any, /, *, mode: str = "raise") -> Any:
    """Return from each place the element of that array which an index there names.     c̄ₖ = ȳ where the index is k."""
    return _chosen(*choices, index=np.array(plain(index)), mode=mode)


@rule(linear=True)
def _chosen(*choices: Any, index: Any, mode: Any) -> tuple[Any, ...]:
    return moved(lambda *choices: np.choose(index, choices, mode=mode), *choices)


@stands_for(np.select)
def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    """Return from each place the element of the first array whose condition holds there.     c̄ₖ = ȳ where k was taken.

    The default is taken where no condition holds.
    """
    if len(condlist) != len(choicelist):
        msg = f"numpy.select needs an array for each condition; met {len(choicelist)} for {len(condlist)}"
        raise ValueError(msg)
    return _selected(*choicelist, default, conditions=[*plain(list(condlist)), np.True_])


@rule(linear=True)
def _selected(*choices: Any, conditions: Any) -> tuple[Any, ...]:
    return moved(lambda *choices: np.select(conditions, choices), *choices)


@stands_for(np.piecewise)
def piecewise(x: Any, /, condlist: Any, funclist: Any, *args: Any, **options: Any) -> Any:
    """Return fₖ(x) where condition k holds, for the last such k.     x̄ = fₖ′(x) ȳ there.

    A function is given only the elements for which its condition holds; a number may stand in its place. One function
    more than there are conditions is for where none of them holds, and without it the result is 0 there.
    """
    x = gather(x)
    x = reshape(atleast_1d(x), shape_of(x))
    y: Any = np.zeros_like(primal(x))
    for condition, function in zip(_conditions(x, plain(condlist), len(funclist)), funclist, strict=True):
        if condition.any():
            value = function(x[condition], *args, **options) if callable(function) else gather(function)
            require_room(x, value, "numpy.piecewise")
            y = put(y, condition, value)
    return y


def _conditions(x: Any, conditions: Any, functions: int) -> list[Any]:
    """Return an array of truth values for each function, the last for where no condition holds if that one is left."""
    single = np.isscalar(conditions) or (np.ndim(primal(x)) > 0 and not isinstance(conditions[0], list | np.ndarray))
    arrays = list(np.array([conditions] if single else conditions, bool))
    if len(arrays) not in (functions, functions - 1):
        msg = f"{len(arrays)} conditions need as many functions, or one more; met {functions}"
        raise ValueError(msg)
    return arrays if len(arrays) == functions else [*arrays, ~np.any(arrays, axis=0)]


for _function in (
    np.ix_, np.diag_indices_from, np.tril_indices_from, np.triu_indices_from, np.unravel_index, np.ravel_multi_index,
):  # fmt: skip
    constant(_function)
method_of(np.take)
method_of(np.choose)
method("compress", lambda x, condition, axis=None: compress(condition, x, axis))
