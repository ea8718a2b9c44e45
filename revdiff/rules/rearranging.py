"""Rearranging: functions that move the elements of an array, copy them, and leave some of them out.

Imports rules of arrays, indexing and shapes. Those that can be undone pull back by undoing; every other one is known by what it
does to the numbers of the places.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from itertools import accumulate, pairwise
from math import prod
from typing import Any, final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from revdiff.arrays.broadcasting import Shape
from revdiff.arrays.numpy_protocol import method, stands_for
from revdiff.core.collecting import Where
from revdiff.core.errors import ConversionError
from revdiff.core.masks import Masked, masked
from revdiff.core.revdiff import RevDiff, primal
from revdiff.functions.of_arrays import Moving, rule
from revdiff.rules.indexing import scatter
from revdiff.rules.shape import gather

Axes = int | tuple[int, ...] | None


@rule(np.flip, linear=True)
def flip(x: Any, /, axis: Axes = None) -> tuple[Any, ...]:
    """Reverse the order along axes, all of them by default.     x̄ = ȳ, reversed."""
    return np.flip(x, axis), Moving(np.flip, axis)


@stands_for(np.flipud)
def flipud(x: Any, /) -> Any:
    """Reverse the order along the first axis."""
    return flip(x, 0)


@stands_for(np.fliplr)
def fliplr(x: Any, /) -> Any:
    """Reverse the order along the second axis."""
    return flip(x, 1)


@rule(np.rot90, linear=True)
def rot90(x: Any, /, k: int = 1, axes: tuple[int, int] = (0, 1)) -> tuple[Any, ...]:
    """Turn x by k right angles, from the first of two axes to the second.     x̄ = ȳ, turned back."""
    return np.rot90(x, k, axes), Moving(np.rot90, -k, axes)


@rule(np.roll, linear=True)
def roll(x: Any, /, shift: int | tuple[int, ...], axis: Axes = None) -> tuple[Any, ...]:
    """Shift elements along axes; those at the end come in again at the front.     x̄ = ȳ, shifted back."""
    return np.roll(x, shift, axis), Moving(np.roll, np.negative(shift), axis)


def moved(function: Callable[..., Any], *operands: Any) -> tuple[Any, ...]:
    """Return y = f(x, …), where f moves elements, with the local pullback of each operand.

        yⱼ = x_{p(j)}    ⇒    x̄ᵢ = Σ ȳⱼ over all j with p(j) = i

    p is what f makes of the numbers of the places, 1, 2, 3, …, counted through all operands; 0 is what it fills in.
    Elements that it leaves out are absent from x̄.
    """
    values = [np.asarray(primal(x)) for x in operands]
    origins = _Origins(function, [x.shape for x in values])
    return function(*operands), *[_MovedBack(origins, i, x) for i, x in enumerate(values)]


@final
class _Origins:
    """The number of the place from which each element of y = f(x, …) comes, found when somebody asks."""

    def __init__(self, function: Callable[..., Any], shapes: list[Shape]) -> None:
        self._function = function
        self._shapes = shapes
        self.bounds = list(accumulate(map(prod, shapes), initial=1))

    @cached_property
    def places(self) -> Any:
        """Apply f to the numbers of the places."""
        numbers = [np.arange(*bounds) for bounds in pairwise(self.bounds)]
        return np.ravel(self._function(*map(np.reshape, numbers, self._shapes)))


@final
class _MovedBack:
    """The local pullback of one operand: each element of ȳ goes back to the place that it came from."""

    __slots__ = ("_bounds", "_origins", "_x")

    def __init__(self, origins: _Origins, i: int, x: Any) -> None:
        self._origins = origins
        self._bounds = origins.bounds[i : i + 2]
        self._x = x

    def __call__(self, y_bar: Any) -> Any:
        here = self._here()
        return masked(self._sent(y_bar, here), self._reached(here))

    def masked(self, y_bar: Masked) -> Any:
        """Send back what is present."""
        here = self._here()
        return y_bar.moved(self._sent(y_bar.value, here), lambda mask: self._reached(here & np.ravel(mask)))

    def _here(self) -> Any:
        start, stop = self._bounds
        return (start <= self._origins.places) & (self._origins.places < stop)

    def _sent(self, y_bar: Any, here: Any) -> Any:
        x, places = self._x, self._origins.places[here] - self._bounds[0]
        x_bar = np.reshape(scatter(np.ravel(x), {Where(places): np.ravel(y_bar)[here]}), x.shape)
        return x_bar if x.ndim else x_bar[()]

    def _reached(self, here: Any) -> Any:
        reached = np.zeros(self._x.size, bool)
        reached[self._origins.places[here] - self._bounds[0]] = True
        return reached.reshape(self._x.shape)


@rule(np.repeat, linear=True)
def repeat(x: Any, /, repeats: Any, axis: int | None = None) -> tuple[Any, ...]:
    """Repeat each element of x, or each slice along an axis.     x̄ᵢ = Σ ȳ over the copies of xᵢ."""
    return moved(partial(np.repeat, repeats=repeats, axis=axis), x)


@rule(np.tile, linear=True)
def tile(x: Any, /, reps: Any) -> tuple[Any, ...]:
    """Lay copies of x side by side.     x̄ᵢ = Σ ȳ over the copies of xᵢ."""
    return moved(partial(np.tile, reps=reps), x)


@rule(np.resize, linear=True)
def resize(x: Any, /, new_shape: Any) -> tuple[Any, ...]:
    """Return as many elements as the shape has, from the start again after the last.     x̄ᵢ = Σ ȳ over the copies."""
    return moved(partial(np.resize, new_shape=new_shape), x)


@rule(np.diag, linear=True)
def diag(x: Any, /, k: int = 0) -> tuple[Any, ...]:
    """Return diagonal k of a matrix, or the matrix with a vector there.     x̄ = the same diagonal of ȳ, or ȳ there."""
    return moved(partial(np.diag, k=k), x)


@rule(np.diagflat, linear=True)
def diagflat(x: Any, /, k: int = 0) -> tuple[Any, ...]:
    """Return the matrix with all elements of x on diagonal k.     x̄ = the same diagonal of ȳ, in the shape of x."""
    return moved(partial(np.diagflat, k=k), x)


@rule(np.diagonal, linear=True)
def diagonal(x: Any, /, offset: int = 0, axis1: int = 0, axis2: int = 1) -> tuple[Any, ...]:
    """Return the diagonals of the matrices in two axes of x.     x̄ is zero but for ȳ there."""
    return moved(partial(np.diagonal, offset=offset, axis1=axis1, axis2=axis2), x)


@rule(np.tril, linear=True)
def tril(x: Any, /, k: int = 0) -> tuple[Any, ...]:
    """Return the lower triangle of matrices, with zeros above diagonal k.     x̄ = the lower triangle of ȳ."""
    return moved(partial(np.tril, k=k), x)


@rule(np.triu, linear=True)
def triu(x: Any, /, k: int = 0) -> tuple[Any, ...]:
    """Return the upper triangle of matrices, with zeros below diagonal k.     x̄ = the upper triangle of ȳ."""
    return moved(partial(np.triu, k=k), x)


@rule(np.delete, linear=True)
def delete(x: Any, /, obj: Any, axis: int | None = None) -> tuple[Any, ...]:
    """Return x without the elements or slices that an index names.     x̄ = ȳ, with zeros where they were."""
    return moved(partial(np.delete, obj=obj, axis=axis), x)


@stands_for(np.insert)
def insert(x: Any, /, obj: Any, values: Any, axis: int | None = None) -> Any:
    """Return x with values put in before the elements that an index names.     x̄ and v̄ = ȳ where they are."""
    require_room(x, values, "numpy.insert")
    return _inserted(x, values, obj, axis)


@rule(linear=True)
def _inserted(x: Any, values: Any, /, obj: Any, axis: int | None) -> tuple[Any, ...]:
    return moved(lambda x, values: np.insert(x, obj, values, axis), x, values)


def require_room(x: Any, value: Any, what: str) -> None:
    """Raise `ConversionError` where NumPy would cut off the fractions of a RevDiff to put it among whole numbers."""
    kinds = [np.asarray(primal(gather(a))).dtype.kind for a in (x, value)]
    if type(gather(value)) is RevDiff and kinds[0] in "biu" and kinds[1] not in "biu":
        msg = (
            f"{what} would make whole numbers of the floats in a RevDiff, which would drop its derivative.\n"
            "  Give it an array of floats:  a.astype(float)"
        )
        raise ConversionError(msg)


@rule(sliding_window_view, linear=True)
def sliding_windows(x: Any, /, window_shape: Any, axis: Axes = None) -> tuple[Any, ...]:
    """Return all windows of a shape into x, in new axes at the end.     x̄ᵢ = Σ ȳ over the windows that show xᵢ."""
    return moved(partial(sliding_window_view, window_shape=window_shape, axis=axis), x)


method("repeat", repeat)
method("diagonal", diagonal)
