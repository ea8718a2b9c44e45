"""Piecewise linear functions: interpolation between points, and angles without jumps.

Imports rules of arrays, indexing and joining.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from revdiff.arrays.numpy_protocol import plain, stands_for
from revdiff.core.revdiff import RevDiff, primal
from revdiff.functions.of_arrays import rule
from revdiff.rules.indexing import add_at
from revdiff.rules.joining import concatenate
from revdiff.rules.shape import astype, gather
from revdiff.systems import is_complex


@stands_for(np.interp)
def interp(x: Any, xp: Any, fp: Any, /, left: Any = None, right: Any = None, period: Any = None) -> Any:
    """Return the height at x of the polygon through the points (pⱼ, fⱼ); on the left and right of it, fixed heights.

    With s the slope of the line from a point j to the next one, and t = (x - pⱼ)/(pⱼ₊₁ - pⱼ) for an x between them,

        x̄ = s ȳ      f̄ⱼ = (1 - t) ȳ,   f̄ⱼ₊₁ = t ȳ      p̄ⱼ = -(1 - t) s ȳ,   p̄ⱼ₊₁ = -t s ȳ

    At a point, s is the slope on its right; at the last point, on its left. The heights outside are those of the first
    and the last point, unless ``left`` and ``right`` give others; with a ``period`` the polygon repeats itself.
    """
    x, xp, fp = _in_doubles(x), _in_doubles(xp), gather(fp)
    if period is None:
        return _on_polygon(x, xp, fp, fp[0] if left is None else left, fp[-1] if right is None else right)
    if primal(period) == 0:
        msg = "the period of numpy.interp is not 0"
        raise ValueError(msg)
    period = abs(period)
    xp = xp % period
    order = np.argsort(primal(xp))
    xp = concatenate([xp[order[-1:]] - period, xp[order], xp[order[:1]] + period])
    fp = concatenate([fp[order[-1:]], fp[order], fp[order[:1]]])
    return interp(x % period, xp, fp)


def _in_doubles(x: Any) -> Any:
    x = gather(x)
    if is_complex(primal(x)):
        msg = "the points of numpy.interp are real numbers; met complex ones"
        raise TypeError(msg)
    if type(x) is not RevDiff:
        return np.asarray(x, np.float64)
    return astype(x, np.float64) if isinstance(primal(x), np.ndarray | np.generic) else x


@rule()
def _on_polygon(x: Any, xp: Any, fp: Any, left: Any, right: Any, /) -> tuple[Any, ...]:
    if any(type(operand) is RevDiff for operand in (x, xp, fp, left, right)):  # NumPy does not look at left and right
        y = _on_polygon(x, xp, fp, left, right)
    else:
        y = np.interp(x, xp, fp, left, right)
    at, points = np.asarray(primal(x)), np.asarray(primal(xp))
    below, above = np.asarray(at < points[0]), np.asarray(at > points[-1])
    outside = below | above
    j = np.clip(np.searchsorted(points, at, "right") - 1, 0, max(0, len(points) - 2))
    k = np.minimum(j + 1, len(points) - 1)

    def slope() -> Any:
        return (fp[k] - fp[j]) / np.where(j == k, 1, xp[k] - xp[j])

    def shared(y_bar: Any) -> Any:
        """Divide a cotangent between the ends of a line."""
        y_bar = np.where(outside, 0, y_bar)
        t = np.where(outside, 0, x - xp[j]) / np.where(j == k, 1, xp[k] - xp[j])
        zeros = np.zeros(len(points), primal(y_bar).dtype)
        return add_at(add_at(zeros, j, (1 - t) * y_bar), k, t * y_bar)

    def x_pullback(y_bar: Any) -> Any:
        return np.where(outside, 0, y_bar) * slope()

    def xp_pullback(y_bar: Any) -> Any:
        return shared(-slope() * y_bar)

    def left_pullback(y_bar: Any) -> Any:
        return np.where(below, y_bar, 0)

    def right_pullback(y_bar: Any) -> Any:
        return np.where(above, y_bar, 0)

    return y, x_pullback, xp_pullback, shared, left_pullback, right_pullback


@stands_for(np.unwrap)
def unwrap(x: Any, /, discont: Any = None, axis: int = -1, *, period: Any = 2 * math.pi) -> Any:
    """Return x + kT with whole numbers k, so that neighbours along an axis differ by half a period T at most.

        x̄ = ȳ      T̄ = Σ k ȳ

    Differences smaller than ``discont`` stay.
    """
    return _unwrapped(x, period, plain(discont), axis)


@rule()
def _unwrapped(x: Any, period: Any, /, discont: Any, axis: int) -> tuple[Any, ...]:
    if type(x) is RevDiff or type(period) is RevDiff:  # NumPy does not look at the period
        y = _unwrapped(x, period, discont, axis)
    else:
        y = np.unwrap(x, discont, axis, period=period)
    turns = np.rint((primal(y) - primal(x)) / primal(period))

    def period_pullback(y_bar: Any) -> Any:
        return turns * y_bar

    return y, None, period_pullback
