"""Cubic interpolation: splines, and curves by their slopes at the points.

Imports the piecewise polynomials and rules of NumPy's functions. A cubic between two points is known by its values and
its slopes at both. The kinds differ in the slopes: splines solve linear equations for them, so that second derivatives
agree as well; the others take means of the slopes of neighbouring lines. In all of them the data, the points and the
slopes that are given at the ends may be RevDiffs.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import scipy.interpolate

from revdiff.arrays.numpy_protocol import holds_revdiff, plain
from revdiff.core.revdiff import primal, shape_of
from revdiff.rules.shape import gather
from revdiff.scipy.interpolate.piecewise import PPoly
from revdiff.scipy.linalg.banded import solve_banded


def CubicHermiteSpline(x: Any, y: Any, dydx: Any, axis: int = 0, extrapolate: Any = None) -> PPoly:  # noqa: N802
    """Return the piecewise cubic with values y and slopes dydx at the points x."""
    its = scipy.interpolate.CubicHermiteSpline(*_plain(x, y, dydx), axis, extrapolate)
    return _curve(its, (x, y, dydx), lambda *_: np.moveaxis(gather(dydx), its.axis, 0))


def CubicSpline(x: Any, y: Any, axis: int = 0, bc_type: Any = "not-a-knot", extrapolate: Any = None) -> PPoly:  # noqa: N802
    """Return the piecewise cubic through points whose first and second derivatives are continuous.

    ``bc_type`` says what it does at the ends: "not-a-knot", "clamped", "natural", "periodic", or for each end a pair of
    the order of a derivative and its value.

    >>> from revdiff import grad
    >>> x = np.array([0.0, 1.0, 2.0, 3.0])
    >>> grad(lambda y: CubicSpline(x, y)(1.5))(x**2)       # the weights of the points
    array([-0.0625,  0.5625,  0.5625, -0.0625])
    """
    its = scipy.interpolate.CubicSpline(*_plain(x, y), axis, plain(bc_type), extrapolate)
    ends = [bc_type, bc_type] if isinstance(bc_type, str) else list(bc_type)
    is_periodic = any(isinstance(end, str) and end == "periodic" for end in ends)
    return _curve(its, (x, y, *ends), _periodic_slopes if is_periodic else partial(_spline_slopes, *map(_end, ends)))


def _end(condition: Any) -> Any:
    """Return None for "not-a-knot", or the order of a derivative and its value."""
    named = {"not-a-knot": None, "clamped": (1, 0.0), "natural": (2, 0.0)}
    return named[condition] if isinstance(condition, str) else (int(primal(condition[0])), gather(condition[1]))


def _plain(*arrays: Any) -> list[Any]:
    return [primal(gather(a)) for a in arrays]


def _curve(its: Any, given: tuple[Any, ...], slopes: Callable[..., Any]) -> PPoly:
    """Return SciPy's piecewise cubic of points x, values y, and more, with derivatives by all that was given.

    ``slopes`` gives the slopes at the points from x, from y along its first axis, and from widths and slopes of the lines.
    """
    if not holds_revdiff(given):
        return PPoly.construct_fast(its.c, its.x, its.extrapolate, its.axis)
    x, y = gather(given[0]), np.moveaxis(gather(given[1]), its.axis, 0)
    width = _along_first(np.diff(x), y)
    line = np.diff(y, axis=0) / width
    slope = slopes(x, y, width, line)
    bend = (slope[:-1] + slope[1:] - 2 * line) / width
    c = np.stack([bend / width, (line - slope[:-1]) / width - bend, slope[:-1] + 0 * line, y[:-1] + 0 * line])
    return PPoly.construct_fast(c, x, its.extrapolate, its.axis)


def _along_first(x: Any, y: Any) -> Any:
    """Return a vector as an array that is multiplied with y along its first axis."""
    return np.reshape(x, (-1,) + (1,) * (len(shape_of(y)) - 1))


def _spline_slopes(start: Any, end: Any, x: Any, y: Any, width: Any, line: Any) -> Any:
    """Return the solution of the tridiagonal equations for the slopes."""
    n, dx = shape_of(x)[0], np.diff(x)
    if n == 2:
        start, end = start or (1, line[0]), end or (1, line[0])
    if n == 3 and start is None and end is None:
        return _slopes_of_parabola(width, line)
    above, middle, below = [dx[:-1]], [2 * (dx[:-1] + dx[1:])], [dx[1:]]
    right = 3 * (width[1:] * line[:-1] + width[:-1] * line[1:])
    here, beside, value = _end_equation(start, dx, width, line)
    there, before, other = _end_equation(end, dx[::-1], width[::-1], line[::-1], -1.0)
    zero = np.zeros(1)
    bands = np.stack(
        [
            np.concatenate([zero, beside, *above]),
            np.concatenate([here, *middle, there]),
            np.concatenate([*below, before, zero]),
        ]
    )
    sides = np.concatenate([_first(value, y), right, _first(other, y)], axis=0)
    rows = np.reshape(sides, (n, -1))
    return np.reshape(solve_banded((1, 1), bands, rows), (n, *shape_of(sides)[1:]))


def _first(value: Any, y: Any) -> Any:
    """Return a value for each column of y as a row."""
    return np.broadcast_to(value, shape_of(y)[1:])[None]


def _end_equation(end: Any, dx: Any, width: Any, line: Any, sign: float = 1.0) -> tuple[Any, Any, Any]:
    """Return the equation for the slopes at an end and beside it, seen from that end: two coefficients, one right side."""
    if end is None:
        both = dx[:1] + dx[1:2]
        wide = width[0] + width[1]
        value = ((width[0] + 2 * wide) * width[1] * line[0] + width[0] ** 2 * line[1]) / wide
        return dx[1:2], both, value
    order, value = end
    if order == 1:
        return np.ones(1), np.zeros(1), value
    return 2 * dx[:1], dx[:1], 3 * line[0] * width[0] - sign * 0.5 * value * width[0] ** 2


def _slopes_of_parabola(width: Any, line: Any) -> Any:
    """Return the slopes at three points of the parabola through them."""
    bend = (line[1] - line[0]) / (width[0] + width[1])
    return np.stack([line[0] - bend * width[0], line[0] + bend * width[0], line[1] + bend * width[1]])


def _periodic_slopes(x: Any, y: Any, width: Any, line: Any) -> Any:
    """Return the solution of the cyclic equations for the slopes."""
    n, dx = shape_of(x)[0] - 1, np.diff(x)
    if n == 1:
        return 0.0 * y
    if n == 2:
        mean = np.sum(line / width, axis=0) / np.sum(1 / width, axis=0)
        return np.broadcast_to(mean, shape_of(y))
    before, eye = np.roll(dx, 1), np.eye(n)
    matrix = (
        (2 * (before + dx))[:, None] * eye + dx[:, None] * np.roll(eye, -1, 1) + before[:, None] * np.roll(eye, 1, 1)
    )
    side = 3 * (width * np.roll(line, 1, 0) + np.roll(width, 1, 0) * line)
    slopes = np.reshape(np.linalg.solve(matrix, np.reshape(side, (n, -1))), shape_of(side))
    return np.concatenate([slopes, slopes[:1]], axis=0)


def PchipInterpolator(x: Any, y: Any, axis: int = 0, extrapolate: Any = None) -> PPoly:  # noqa: N802
    """Return the piecewise cubic that rises and falls only where the data do: its slopes are harmonic means.

    Where neighbouring lines rise and fall the slope is 0, and there it has the derivative 0.
    """
    return _curve(scipy.interpolate.PchipInterpolator(*_plain(x, y), axis, extrapolate), (x, y), _pchip_slopes)


def _pchip_slopes(x: Any, y: Any, width: Any, line: Any) -> Any:
    if shape_of(x)[0] == 2:
        return np.concatenate([line, line], axis=0)
    turns = np.sign(primal(line[1:])) * np.sign(primal(line[:-1])) <= 0
    left, right = 2 * width[1:] + width[:-1], width[1:] + 2 * width[:-1]
    inner = (left + right) / (left / np.where(turns, 1, line[:-1]) + right / np.where(turns, 1, line[1:]))
    first = _pchip_end(width[:1], width[1:2], line[:1], line[1:2])
    last = _pchip_end(width[-1:], width[-2:-1], line[-1:], line[-2:-1])
    return np.concatenate([first, np.where(turns, 0, inner), last], axis=0)


def _pchip_end(width: Any, next_width: Any, line: Any, next_line: Any) -> Any:
    """Return the slope at an end, by a formula with three points that keeps the shape."""
    slope = ((2 * width + next_width) * line - width * next_line) / (width + next_width)
    s, m, n = primal(slope), primal(line), primal(next_line)
    too_steep = (np.sign(m) != np.sign(n)) & (np.abs(s) > 3 * np.abs(m))
    return np.where(np.sign(s) != np.sign(m), 0, np.where(too_steep, 3 * line, slope))


def Akima1DInterpolator(  # noqa: N802
    x: Any, y: Any, axis: int = 0, *, method: str = "akima", extrapolate: Any = None
) -> PPoly:
    """Return the piecewise cubic of Akima, whose slopes are means, with weights |differences of slopes|.

    Where these are 0, and the weight has a corner, its derivative is 0.
    """
    options = {} if method == "akima" and extrapolate is None else {"method": method, "extrapolate": extrapolate}
    its = scipy.interpolate.Akima1DInterpolator(*_plain(x, y), axis, **options)
    return _curve(its, (x, y), partial(_akima_slopes, method))


def _akima_slopes(method: str, x: Any, y: Any, width: Any, line: Any) -> Any:
    if shape_of(x)[0] == 2:
        return np.concatenate([line, line], axis=0)
    left = 2 * line[0] - line[1]
    right = 2 * line[-1] - line[-2]
    m = np.concatenate(
        [(2 * left - line[0])[None], left[None], line, right[None], (2 * right - line[-1])[None]], axis=0
    )
    weights = np.abs(np.diff(m, axis=0))
    if method == "makima":
        weights = weights + 0.5 * np.abs(m[1:] + m[:-1])
    total = weights[2:] + weights[:-2]
    plain_total = primal(total)
    is_defined = plain_total > 1e-9 * np.max(plain_total, initial=-np.inf)
    share = weights[:-2] / np.where(is_defined, total, 1)
    return np.where(is_defined, m[1:-2] + share * (m[2:-1] - m[1:-2]), 0.5 * (m[3:] + m[:-3]))


def pchip_interpolate(xi: Any, yi: Any, x: Any, der: Any = 0, axis: int = 0) -> Any:
    """Return the values at x, or those of derivatives, of the `PchipInterpolator` of points."""
    curve = PchipInterpolator(xi, yi, axis=axis)
    return curve(x, der) if np.ndim(der) == 0 else [curve(x, nu) for nu in der]
