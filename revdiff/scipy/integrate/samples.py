"""Integrals of functions that are known at some points: sums of values times weights.

Imports rules of arrays and SciPy's names. All are written with functions that have rules, so they are
differentiable by the values and by the points.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import integrate

from revdiff.core.revdiff import primal, shape_of
from revdiff.rules.elementary import quotient
from revdiff.scipy._namesakes import namesake


@namesake(integrate.trapezoid)
def trapezoid(y: Any, x: Any, /, dx: Any = 1.0, axis: int = -1) -> Any:
    """Return ∫ y dx by the trapezoidal rule:  Σ (xᵢ₊₁ - xᵢ) (yᵢ + yᵢ₊₁)/2.

    >>> from revdiff import grad
    >>> import numpy as np
    >>> grad(trapezoid)(np.array([1.0, 2.0, 3.0]))
    array([0.5, 1. , 0.5])
    """
    y = np.moveaxis(y, axis, -1)
    return (_widths(x, y, dx, axis) * (y[..., 1:] + y[..., :-1]) / 2.0).sum(-1)


@namesake(integrate.cumulative_trapezoid)
def cumulative_trapezoid(y: Any, x: Any, /, dx: Any = 1.0, axis: int = -1, initial: Any = None) -> Any:
    """Return ∫ y dx up to each point, by the trapezoidal rule; ``initial`` = 0 puts that in front.

    >>> from revdiff import jacobian
    >>> import numpy as np
    >>> jacobian(cumulative_trapezoid)(np.array([1.0, 2.0, 3.0]))
    array([[0.5, 0.5, 0. ],
           [0.5, 1. , 0.5]])
    """
    integrate.cumulative_trapezoid(primal(y), primal(x), primal(dx), axis, initial)  # SciPy's errors
    y = np.moveaxis(y, axis, -1)
    sums = np.cumsum(_widths(x, y, dx, axis) * (y[..., 1:] + y[..., :-1]) / 2.0, -1)
    return np.moveaxis(_after(initial, sums, added=False), -1, axis)


@namesake(integrate.simpson)
def simpson(y: Any, x: Any, /, dx: Any = 1.0, axis: int = -1) -> Any:
    """Return ∫ y dx by Simpson's rule, for an even number of points with Cartwright's correction of the last interval.

    >>> from revdiff import grad
    >>> import numpy as np
    >>> 3 * grad(simpson)(np.array([0.0, 1.0, 4.0, 9.0, 16.0]))
    array([1., 4., 2., 4., 1.])
    """
    integrate.simpson(primal(y), x=primal(x), dx=primal(dx), axis=axis)  # SciPy's errors
    y = np.moveaxis(y, axis, -1)
    count = y.shape[-1]
    h = _widths(x, y, dx, axis)
    h = np.broadcast_to(h, (count - 1,)) if np.ndim(primal(h)) == 0 else h
    if count == 2:
        return (h[..., 0] * (y[..., 0] + y[..., 1])) / 2.0
    whole = count if count % 2 else count - 1
    h0, h1 = h[..., : whole - 1 : 2], h[..., 1 : whole - 1 : 2]
    y0, y1, y2 = y[..., : whole - 2 : 2], y[..., 1 : whole - 1 : 2], y[..., 2:whole:2]
    # Points may coincide: then a quotient is 0.
    parts = y0 * (2.0 - quotient(h1, h0)) + y1 * quotient((h0 + h1) ** 2, h0 * h1) + y2 * (2.0 - quotient(h0, h1))
    total = ((h0 + h1) / 6.0 * parts).sum(-1)
    if whole == count:
        return total
    a, b = h[..., -2], h[..., -1]
    last, middle = quotient(2 * b**2 + 3 * a * b, 6 * (b + a)), quotient(b**2 + 3 * a * b, 6 * a)
    return total + last * y[..., -1] + middle * y[..., -2] - quotient(b**3, 6 * a * (a + b)) * y[..., -3]


@namesake(getattr(integrate, "cumulative_simpson", None))  # since SciPy 1.12
def cumulative_simpson(y: Any, x: Any, dx: Any, initial: Any, /, axis: int = -1) -> Any:
    """Return ∫ y dx up to each point, by Simpson's rule on each interval with a neighbour; ``initial`` is put in front."""
    integrate.cumulative_simpson(
        primal(y), x=primal(x), dx=primal(dx), axis=axis, initial=primal(initial)
    )  # SciPy's errors
    y = np.moveaxis(y, axis, -1)
    count = y.shape[-1]
    h = _widths(x, y, dx, axis)
    if x is None and np.ndim(primal(h)):
        h = np.moveaxis(np.broadcast_to(dx, (*y.shape[:-1], 1)), axis, -1)
    h = np.broadcast_to(h, (*y.shape[:-1], count - 1))
    if count < 3:
        sums = np.cumsum(h * (y[..., 1:] + y[..., :-1]) / 2.0, -1)
    else:
        ahead, behind = _intervals(y, h), _intervals(y[..., ::-1], h[..., ::-1])[..., ::-1]
        places = np.arange(count - 1)
        from_ahead = (places % 2 == 0) & (places < count - 2)
        both = [np.minimum(places, count - 3), np.maximum(places - 1, 0)]
        sums = np.cumsum(np.where(from_ahead, ahead[..., both[0]], behind[..., both[1]]), -1)
    if initial is not None:
        initial = np.moveaxis(np.broadcast_to(initial, _one_on(y.shape, axis)), axis, -1)
    return np.moveaxis(_after(initial, sums, added=True), -1, axis)


def _one_on(shape: tuple[int, ...], axis: int) -> tuple[int, ...]:
    """Return the shape with 1 on an axis, of which ``shape`` has the length at the end."""
    there = list(shape[:-1])
    there.insert(axis % len(shape), 1)
    return tuple(there)


def _intervals(y: Any, h: Any) -> Any:
    """Return the integral over each interval but the last of the parabola through its ends and the next point."""
    a, b = h[..., :-1], h[..., 1:]
    c, d = a / (a + b), a / b
    return a / 6 * ((3 - c) * y[..., :-2] + (3 + c * d + c) * y[..., 1:-1] - c * d * y[..., 2:])


@namesake(integrate.romb)
def romb(y: Any, /, dx: Any = 1.0, axis: int = -1, show: bool = False) -> Any:
    """Return ∫ y dx by Romberg's rule, for 2ᵏ + 1 equally spaced points.

    >>> from revdiff import grad
    >>> import numpy as np
    >>> (45 * grad(romb)(np.zeros(5))).round(9) * 0.5                                # Boole's weights
    array([ 7., 32., 12., 32.,  7.])
    """
    integrate.romb(primal(y), dx, axis, show)  # SciPy's errors, and its table
    y = np.moveaxis(y, axis, -1)
    step, width = y.shape[-1] - 1, (y.shape[-1] - 1) * np.asarray(dx, float)
    row = [(y[..., 0] + y[..., -1]) / 2.0 * width]
    while step > 1:
        halves = row[0] + width * y[..., step // 2 :: step].sum(-1)
        step, width, finer = step // 2, width / 2, [0.5 * halves]
        for j, coarse in enumerate(row, 1):
            finer.append(finer[-1] + (finer[-1] - coarse) / (4**j - 1))
        row = finer
    return row[-1]


def _widths(x: Any, y: Any, dx: Any, axis: int) -> Any:
    """Return the distances of the points along the last axis of y; a vector serves for all."""
    if x is None:
        return dx
    return np.diff(x) if np.ndim(primal(x)) == 1 else np.diff(np.moveaxis(x, axis, -1))


def _after(initial: Any, sums: Any, *, added: bool) -> Any:
    if initial is None:
        return sums
    shape = (*shape_of(sums)[:-1], 1)
    first = np.broadcast_to(initial, shape)
    return np.concatenate([first, sums + first if added else sums], -1)
