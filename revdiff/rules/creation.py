"""Making arrays: copies, fillings, grids, and points between two ends.

Imports rules of arrays, shapes, rearranging and powers. What NumPy makes "like" a RevDiff, ``np.zeros_like(r)`` or
``np.zeros(3, like=r)``, is a RevDiff too: a constant, until one is written into it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.arrays.broadcasting import broadcast_to
from revdiff.arrays.numpy_protocol import method, plain, stands_for
from revdiff.core.revdiff import RevDiff, const_diff, primal, shape_of
from revdiff.functions.of_arrays import rule
from revdiff.rules.arithmetic import power
from revdiff.rules.rearranging import require_room
from revdiff.rules.shape import SEVERAL, astype, broadcast_arrays, gather, laid, require_floating, reshape


@rule(np.copy, linear=True)
def copy(x: Any, /, order: Any = "K", subok: Any = False) -> tuple[Any, ...]:
    """Return a copy of x.     x̄ = ȳ."""
    return np.copy(x, order, subok), None


def _blank(numpy_function: Any) -> None:
    """Register a function that makes an array as large as another, in which RevDiffs can be written."""

    def blank(x: Any, /, *args: Any, **options: Any) -> Any:
        return _writable(numpy_function(primal(x), *args, **options))

    stands_for(numpy_function)(blank)


def _writable(array: Any) -> Any:
    """Return an array as a constant into which RevDiffs can be written. Objects can hold them as they are."""
    return const_diff(array) if array.dtype.kind in "fc" else array


def _made_like(numpy_function: Any) -> None:
    """Register a function that makes an array like=r."""

    def made_like(*args: Any, **options: Any) -> Any:
        return _writable(numpy_function(*map(plain, args), **options))

    stands_for(numpy_function)(made_like)


@stands_for(np.array)
def array(
    x: Any, /, dtype: Any = None, *, copy: bool = True, order: Any = "K", subok: bool = False, ndmin: int = 0
) -> Any:
    """Return ``np.array(x, like=r)``: numbers and RevDiffs, in lists or arrays, as one RevDiff.     x̄ᵢ = ȳᵢ."""
    x = gather(np.array(x, dtype, order=order) if type(x) is not RevDiff and not isinstance(x, list | tuple) else x)
    if type(x) is not RevDiff:
        return _writable(np.array(x, dtype, order=order, ndmin=ndmin))
    if dtype is not None and primal(x).dtype != dtype:
        x = astype(x, dtype)
    x = np.copy(x, order) if copy else x
    return x if np.ndim(x) >= ndmin else reshape(x, (1,) * (ndmin - np.ndim(x)) + shape_of(x))


@stands_for(np.asarray, np.asanyarray)
def asarray(x: Any, /, dtype: Any = None, order: Any = "K") -> Any:
    """Return ``np.asarray(x, like=r)``: the RevDiff itself where x is one of an array laid out like that.     x̄ᵢ = ȳᵢ."""
    there = primal(x)
    is_array = type(x) is RevDiff and isinstance(there, np.ndarray) and dtype in (None, there.dtype)
    keeps = is_array and {"C": there.flags.c_contiguous, "F": there.flags.f_contiguous}.get(order, True)
    return x if keeps else array(x, dtype, order=order)


@stands_for(np.ascontiguousarray)
def ascontiguousarray(x: Any, /, dtype: Any = None) -> Any:
    """Return x as an array that lies row by row in memory.     x̄ᵢ = ȳᵢ."""
    return asarray(x, dtype, "C")


@stands_for(np.asfortranarray)
def asfortranarray(x: Any, /, dtype: Any = None) -> Any:
    """Return x as an array that lies column by column in memory.     x̄ᵢ = ȳᵢ."""
    return asarray(x, dtype, "F")


@stands_for(np.full)
def full(shape: Any, fill_value: Any, /, dtype: Any = None, order: Any = "C") -> Any:
    """Return ``np.full(shape, v, like=r)``: an array in which every element is the fill value.     v̄ = Σ ȳ."""
    fill_value = gather(fill_value)
    if type(fill_value) is not RevDiff:
        return _writable(np.full(shape, fill_value, dtype, order))
    filled = np.copy(broadcast_to(fill_value, np.broadcast_shapes(shape)), order)
    return filled if dtype is None or primal(filled).dtype == dtype else astype(filled, dtype)


@stands_for(np.full_like)
def full_like(
    x: Any, /, fill_value: Any, dtype: Any = None, order: Any = "K", subok: bool = True, shape: Any = None
) -> Any:
    """Return an array like x in which every element is the fill value.     v̄ = Σ ȳ, and x is a constant."""
    like = np.full_like(primal(x), 0, dtype, order, subok, shape)
    fill_value = gather(fill_value)
    if type(fill_value) is not RevDiff:
        return _writable(np.full_like(like, fill_value))
    require_room(like, fill_value, "numpy.full_like")
    filled = np.copy(broadcast_to(fill_value, like.shape), "F" if like.flags.fnc else "C")
    return filled if primal(filled).dtype == like.dtype else astype(filled, like.dtype)


@stands_for(np.meshgrid)
def meshgrid(*axes: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy") -> Any:
    """Return the coordinates of the points of a grid, from those along each axis.     x̄ᵢ = Σ ȳ over the points with xᵢ."""
    if indexing not in ("xy", "ij"):
        msg = f"indexing is 'xy' or 'ij'; met {indexing!r}"
        raise ValueError(msg)
    order = [1, 0, *range(2, len(axes))][: len(axes)] if indexing == "xy" and len(axes) > 1 else range(len(axes))
    grids: Any = [laid(gather(x), place, len(axes)) for x, place in zip(axes, order, strict=True)]
    grids = SEVERAL(grids) if sparse else broadcast_arrays(*grids)
    return SEVERAL(np.copy(grid, "C") for grid in grids) if copy else grids


@rule(np.vander)
def vander(x: Any, /, N: int | None = None, increasing: bool = False) -> tuple[Any, ...]:  # noqa: N803
    """Return the matrix of the powers of x, row by row.     x̄ᵢ = Σⱼ ȳᵢⱼ j xᵢʲ⁻¹, from the highest power down by default."""
    y = np.vander(x, N, increasing)
    rising = slice(None, None, 1 if increasing else -1)

    def vander_pullback(y_bar: Any) -> Any:
        powers, bars = y[:, rising], y_bar[:, rising]
        return np.sum(bars[:, 1:] * np.arange(1, shape_of(y)[1]) * powers[:, :-1], axis=1)

    return y, vander_pullback


@stands_for(np.linspace)
def linspace(
    start: Any,
    stop: Any,
    /,
    num: int = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: Any = None,
    axis: int = 0,
) -> Any:
    """Return evenly spaced points yₖ = (1 - tₖ) a + tₖ b.     ā = Σ (1 - tₖ) ȳₖ,  b̄ = Σ tₖ ȳₖ."""
    start, stop, num = gather(start), gather(stop), plain(num)
    if dtype is not None:
        require_floating(dtype, f"linspace(…, dtype={np.dtype(dtype)})")
    points = _evenly(start, stop, num, endpoint, dtype, axis)
    gaps = num - 1 if endpoint else num
    return (points, (stop - start) / gaps if gaps > 0 else np.nan) if retstep else points


@rule(linear=True)
def _evenly(start: Any, stop: Any, /, num: int, endpoint: bool, dtype: Any, axis: int) -> tuple[Any, ...]:
    y = np.linspace(start, stop, num, endpoint, dtype=dtype, axis=axis)
    t = _fractions(y, num, endpoint, axis)

    def start_pullback(y_bar: Any) -> Any:
        return np.sum((1 - t) * y_bar, axis=axis)

    def stop_pullback(y_bar: Any) -> Any:
        return np.sum(t * y_bar, axis=axis)

    return y, start_pullback, stop_pullback


def _fractions(y: Any, num: int, endpoint: bool, axis: int) -> Any:
    """Return how far on the way from the start to the end each point is: tₖ = k/n, along an axis of y."""
    plain_y = primal(y)
    return laid(np.arange(num, dtype=plain_y.real.dtype) / max(1, num - 1 if endpoint else num), axis, plain_y.ndim)


@stands_for(np.logspace)
def logspace(
    start: Any, stop: Any, /, num: int = 50, endpoint: bool = True, base: Any = 10.0, dtype: Any = None, axis: int = 0
) -> Any:
    """Return points whose logarithms to a base are evenly spaced, yₖ = cˡ with l = (1 - tₖ) a + tₖ b."""
    start, stop, base = gather(start), gather(stop), gather(base)
    if np.ndim(primal(base)):
        start, stop, base = broadcast_arrays(start, stop, base)
        base = np.expand_dims(base, axis)
    points = power(base, linspace(start, stop, num, endpoint, axis=axis))
    return points if dtype is None else astype(points, dtype)


@stands_for(np.geomspace)
def geomspace(start: Any, stop: Any, /, num: int = 50, endpoint: bool = True, dtype: Any = None, axis: int = 0) -> Any:
    """Return points each of which is the same multiple of the one before it, yₖ = a¹⁻ᵗ bᵗ with t = tₖ.

    ā = Σ (1 - tₖ) ȳₖ yₖ/a,   b̄ = Σ tₖ ȳₖ yₖ/b,     because dy = y ((1 - t) da/a + t db/b)
    """
    points = _in_ratio(start, stop, plain(num), endpoint, axis)
    return points if dtype is None else astype(points, dtype)


@rule()
def _in_ratio(start: Any, stop: Any, /, num: int, endpoint: bool, axis: int) -> tuple[Any, ...]:
    y = np.geomspace(start, stop, num, endpoint, axis=axis)
    t = _fractions(y, num, endpoint, axis)
    shape = shape_of(np.sum(y, axis=axis))

    def relative(y_bar: Any, end: Any) -> Any:
        return y_bar * y / np.expand_dims(np.broadcast_to(end, shape), axis)

    def start_pullback(y_bar: Any) -> Any:
        return np.sum((1 - t) * relative(y_bar, start), axis=axis)

    def stop_pullback(y_bar: Any) -> Any:
        return np.sum(t * relative(y_bar, stop), axis=axis)

    return y, start_pullback, stop_pullback


_function: Any
for _function in (np.zeros_like, np.ones_like, np.empty_like):
    _blank(_function)
for _function in (np.zeros, np.ones, np.empty, np.eye, np.identity, np.arange, np.tri, np.fromfunction):
    _made_like(_function)
method("copy", lambda x, order="C": copy(x, order) if isinstance(primal(x), np.ndarray) else x)
