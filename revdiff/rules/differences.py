"""Differences between neighbours, the derivatives that they approximate, and the trapezoidal rule.

Imports NumPy's protocol, reductions and shapes. All of these are linear in the values, and are written with
functions that have rules. So the distances between the places of the values have cotangents too.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from revdiff.arrays.names import of_numpy
from revdiff.arrays.numpy_protocol import stands_for
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.rules.reductions import Axis, axes_of, sum_
from revdiff.rules.shape import along, gather, laid, reshape


@stands_for(np.diff)
def diff(a: Any, /, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    """Return the differences yᵢ = aᵢ₊₁ - aᵢ along an axis, n times.     āᵢ = ȳᵢ₋₁ - ȳᵢ.

    What is to be put before or behind first is an array, or a number for all of the axis.
    """
    n = operator.index(n)
    if n < 0:
        msg = f"differences are taken n times, and n is 0 or more; met {n}"
        raise ValueError(msg)
    a = gather(a)
    shape = list(shape_of(a))
    if n == 0:
        return a
    if not shape:
        msg = "differences are taken along an axis, and a number has none"
        raise ValueError(msg)
    (axis,) = axes_of(a, axis)
    ends = [None if end is None else gather(end) for end in (prepend, append)]
    shape[axis] = 1
    before, behind = ([] if e is None else [np.broadcast_to(e, shape) if not np.ndim(primal(e)) else e] for e in ends)
    a = np.concatenate([*before, a, *behind], axis) if before or behind else a
    for _ in range(n):
        if primal(a).dtype == bool:
            return np.diff(primal(a), n, axis)
        a = along(a, slice(1, None), axis) - along(a, slice(None, -1), axis)
    return a


@stands_for(np.ediff1d)
def ediff1d(ary: Any, /, to_end: Any = None, to_begin: Any = None) -> Any:
    """Return the differences yᵢ = aᵢ₊₁ - aᵢ of all elements, between what is to begin and to end with."""
    a = reshape(gather(ary), -1)
    ends = [None if end is None else reshape(gather(end), -1) for end in (to_begin, to_end)]
    before, behind = ([] if end is None else [_as(end, primal(a).dtype)] for end in ends)
    return np.concatenate([*before, a[1:] - a[:-1], *behind]) if before or behind else a[1:] - a[:-1]


def _as(x: Any, dtype: Any) -> Any:
    """Return numbers in a dtype of the same kind."""
    if not np.can_cast(primal(x).dtype, dtype, "same_kind"):
        msg = f"what differences of {dtype} begin or end with must be of that kind; met {primal(x).dtype}"
        raise TypeError(msg)
    return x if primal(x).dtype == dtype or dtype.kind not in "fc" else x.astype(dtype)


@stands_for(np.gradient)
def gradient(f: Any, /, *spacings: Any, axis: Axis = None, edge_order: int = 1) -> Any:
    """Return the slopes of values on a grid: central differences inside, one-sided ones of an order at the edges.

    For each axis there is a distance between neighbours, one for all of them, or an array of coordinates. Those have
    cotangents as well.
    """
    f = gather(f)
    f = f * 1.0 if np.asarray(primal(f)).dtype.kind in "iub" else f
    axes = axes_of(f, axis)
    if len(spacings) == 1 and not np.ndim(primal(spacings[0])):
        spacings *= len(axes)
    if len(spacings) not in (0, len(axes)):
        msg = f"gradient along {len(axes)} axes takes no spacing, one, or {len(axes)}; met {len(spacings)}"
        raise TypeError(msg)
    if edge_order not in (1, 2):
        msg = f"the order of the differences at the edges, edge_order=, is 1 or 2; met {edge_order}"
        raise ValueError(msg)
    steps = [_steps(x, shape_of(f)[i]) for x, i in zip(spacings or [1.0] * len(axes), axes, strict=True)]
    order: Any = "F" if primal(f).flags.fnc else "K"
    slopes = tuple(np.copy(_slopes(f, h, i, edge_order), order) for h, i in zip(steps, axes, strict=True))
    return slopes[0] if len(slopes) == 1 else slopes


def _steps(spacing: Any, length: int) -> Any:
    """Return the distance between neighbours, or all of them in an array.

    NumPy takes evenly spaced coordinates for a distance. Those of which a derivative is asked stay what they are: if
    one of them moves, they are not evenly spaced any more.
    """
    x = gather(spacing)
    if not np.ndim(primal(x)):
        return x
    if shape_of(x) != (length,):
        msg = f"the coordinates along an axis of length {length} have shape ({length},); met {shape_of(x)}"
        raise ValueError(msg)
    h = np.diff(x * 1.0)
    return h[0] if type(h) is not RevDiff and h.size and np.all(h == h[0]) else h


def _slopes(f: Any, h: Any, axis: int, edge_order: int) -> Any:
    """Return the slopes along an axis: those of the polynomials through two or three neighbours."""
    ndim, length, dtype = np.ndim(primal(f)), shape_of(f)[axis], primal(f).dtype
    if length < edge_order + 1:
        msg = f"slopes with edge_order={edge_order} need {edge_order + 1} values along an axis; met {length}"
        raise ValueError(msg)
    even = not np.ndim(primal(h))

    def at(start: int | None, stop: int | None) -> Any:
        return along(f, slice(start, stop), axis)

    def step(start: int | None, stop: int | None) -> Any:
        return h if even else laid(h[start:stop], axis, ndim)

    if even:
        inside = (at(2, None) - at(None, -2)) / (2.0 * h)
    else:
        inside = _parabola(at(None, -2), at(1, -1), at(2, None), step(None, -1), step(1, None), 0)
    if edge_order == 1:
        first, last = (at(1, 2) - at(0, 1)) / step(0, 1), (at(-1, None) - at(-2, -1)) / step(-1, None)
    else:
        first = _parabola(at(0, 1), at(1, 2), at(2, 3), step(0, 1), step(1, 2), -1)
        last = _parabola(at(-3, -2), at(-2, -1), at(-1, None), step(-2, -1), step(-1, None), 1)
    slopes = np.concatenate([first, inside, last], axis)
    return slopes if primal(slopes).dtype == dtype else slopes.astype(dtype)


def _parabola(f0: Any, f1: Any, f2: Any, h1: Any, h2: Any, place: int) -> Any:
    """Return the slope of the parabola through three values, h1 and h2 apart: at the first (-1), second (0) or third (1)."""
    s1, s2 = (f1 - f0) / h1, (f2 - f1) / h2
    bend = (s2 - s1) / (h1 + h2)
    return s1 - bend * h1 if place < 0 else s2 + bend * h2 if place > 0 else s1 + bend * h1


@stands_for(*of_numpy("trapezoid trapz"))
def trapezoid(y: Any, x: Any = None, /, dx: Any = 1.0, axis: int = -1) -> Any:
    """Return the integral of y along an axis by the trapezoidal rule, Σ (xᵢ₊₁ - xᵢ)(yᵢ + yᵢ₊₁)/2.

    The coordinates x, or the distance dx, have cotangents too.

    >>> from revdiff import grad
    >>> grad(np.trapezoid)(np.array([1.0, 2.0, 4.0]))
    array([0.5, 1. , 0.5])
    """
    y = gather(y)
    d = dx
    if x is not None:
        x = gather(x)
        d = np.diff(x, axis=axis if np.ndim(primal(x)) > 1 else -1)
        if np.ndim(primal(d)) == 1:
            d = laid(d, axis, np.ndim(primal(y)))
    return sum_(d * (along(y, slice(1, None), axis) + along(y, slice(None, -1), axis)) / 2.0, axis)
