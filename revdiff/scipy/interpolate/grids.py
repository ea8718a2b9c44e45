"""Interpolation between the points of a line and of a grid.

Imports the splines and rules of NumPy's functions. Between which points a place lies is constant. On a point, the
derivative is that of the piece that SciPy takes there.
"""

from __future__ import annotations

from itertools import product
from typing import Any, final

import numpy as np
import scipy.interpolate

from revdiff.arrays.numpy_protocol import holds_revdiff, plain
from revdiff.core.revdiff import primal, shape_of
from revdiff.rules.shape import gather
from revdiff.scipy._namesakes import refuse
from revdiff.scipy.interpolate.bsplines import make_interp_spline
from revdiff.scipy.interpolate.piecewise import in_place_of_axis, spread

_DEGREES = {"slinear": 1, "quadratic": 2, "cubic": 3}


@final
class interp1d:  # noqa: N801 (SciPy's name)
    """A function through the points (x, y): "linear", of the nearest point, or the spline that `make_interp_spline` gives.

    >>> from revdiff import grad
    >>> x = np.array([0.0, 1.0, 3.0])
    >>> grad(lambda y: interp1d(x, y)(2.5))(np.array([0.0, 1.0, 5.0]))
    array([0.  , 0.25, 0.75])
    """

    __slots__ = ("_fill", "_its", "_kind", "_spline", "axis", "bounds_error", "x", "y")

    def __init__(
        self, x: Any, y: Any, kind: Any = "linear", axis: int = -1, copy: bool = True, bounds_error: Any = None,
        fill_value: Any = np.nan, assume_sorted: bool = False,
    ) -> None:  # fmt: skip
        x, y = gather(x), gather(y)
        options = {"axis": axis, "copy": copy, "bounds_error": bounds_error, "assume_sorted": assume_sorted}
        self._its = scipy.interpolate.interp1d(
            np.asarray(primal(x)), np.asarray(primal(y)), kind, fill_value=plain(fill_value), **options
        )
        self.axis = axis % len(shape_of(y))
        y = np.moveaxis(y, self.axis, 0)
        if not assume_sorted:
            order = np.argsort(primal(x), kind="mergesort")
            x, y = x[order], y[order]
        if isinstance(fill_value, str):  # before the first point nothing is previous, behind the last nothing is next
            fill_value = {"previous": (np.nan, y[-1]), "next": (y[0], np.nan)}.get(kind, fill_value)
        self.x, self.y, self._kind, self._fill = x, y, kind, fill_value
        self.bounds_error = self._its.bounds_error
        degree = kind if isinstance(kind, int) else _DEGREES.get(kind)
        self._spline = None if degree is None else make_interp_spline(x, y, degree)

    def __call__(self, x: Any) -> Any:
        """Return the values at x."""
        if not holds_revdiff((x, self.x, self.y, self._fill)):
            return self._its(x)
        x = gather(x)
        places = np.asarray(primal(x))
        y = self._at(x, places) if self._spline is None else self._spline(x)
        if not isinstance(self._fill, str):
            y = self._filled(y, places)
        return in_place_of_axis(y, self.axis, places.ndim)

    def _at(self, x: Any, places: Any) -> Any:
        points = primal(self.x)
        last = len(points) - 1
        if self._kind == "linear":
            j = np.clip(np.searchsorted(points, places), 1, last)
            low, high = self.y[j - 1], self.y[j]
            t = (x - self.x[j - 1]) / (self.x[j] - self.x[j - 1])
            return low + spread(t, len(shape_of(self.y)) - 1) * (high - low)
        middles = (points[1:] + points[:-1]) / 2
        how: dict[Any, Any] = {
            "nearest": (middles, "left", 0), "nearest-up": (middles, "right", 0), "previous": (points, "right", 1),
            "zero": (points, "right", 1), "next": (points, "left", 0),
        }  # fmt: skip
        steps, side, shift = how[self._kind]
        return self.y[np.clip(np.searchsorted(steps, places, side) - shift, 0, last)]

    def _filled(self, y: Any, places: Any) -> Any:
        points, axes = primal(self.x), len(shape_of(self.y)) - 1
        for outside, side, i in ((places < points[0], "below", 0), (places > points[-1], "above", 1)):
            if not np.any(outside):
                continue
            if self.bounds_error:
                msg = f"A value in x_new is {side} the interpolation range."
                raise ValueError(msg)
            both = isinstance(self._fill, tuple) and len(self._fill) == 2
            y = np.where(spread(outside, axes), gather(self._fill[i] if both else self._fill), y)
        return y


@final
class RegularGridInterpolator:
    """A function through the values at the points of a grid, which are the products of points on each axis.

    "linear" is linear between neighbours along each axis, "nearest" the value at the nearest point. Other methods have
    no derivative here: a `MissingRuleError`.

    >>> from revdiff import grad
    >>> grid = RegularGridInterpolator(([0.0, 1.0], [0.0, 2.0]), np.array([[0.0, 2.0], [1.0, 5.0]]))
    >>> grad(lambda x: grid(x)[0])(np.array([0.5, 1.0]))
    array([2. , 1.5])
    """

    __slots__ = ("_its", "bounds_error", "fill_value", "grid", "method", "values")

    def __init__(
        self, points: Any, values: Any, method: str = "linear", bounds_error: bool = True, fill_value: Any = np.nan, **options: Any
    ) -> None:  # fmt: skip
        grid, values = [gather(p) for p in points], gather(values)
        plain_grid = tuple(np.asarray(primal(p)) for p in grid)
        self._its = scipy.interpolate.RegularGridInterpolator(
            plain_grid, np.asarray(primal(values)), method, bounds_error, primal(fill_value), **options
        )
        for i, p in enumerate(plain_grid):  # descending points are turned round
            if len(p) > 1 and p[1] < p[0]:
                grid[i], values = grid[i][::-1], np.flip(values, i)
        self.grid, self.values, self.method = tuple(grid), values, method
        self.bounds_error, self.fill_value = bounds_error, fill_value

    def __call__(self, xi: Any, method: Any = None, **options: Any) -> Any:
        """Return the values at the places whose coordinates are in the last axis of xi."""
        if not holds_revdiff((xi, self.grid, self.values, self.fill_value)):
            return self._its(xi, method, **options)
        method = self.method if method is None else method
        if method not in ("linear", "nearest"):
            refuse(f"scipy.interpolate.RegularGridInterpolator with method={method!r}", "Write method='linear'.")
        dimensions = len(self.grid)
        xi = self._joined(xi)
        if shape_of(xi)[-1:] != (dimensions,):
            met = shape_of(xi)[-1] if shape_of(xi) else "no axis"
            msg = f"The requested sample points xi have dimension {met} but this RegularGridInterpolator has dimension {dimensions}"
            raise ValueError(msg)
        xi = xi if len(shape_of(xi)) > 1 else xi[None]
        places = np.asarray(primal(xi))
        outside = np.zeros(places.shape[:-1], bool)
        below, shares = [], []
        for i, p in enumerate(self.grid):
            points, at = primal(p), places[..., i]
            outside |= (at < points[0]) | (at > points[-1])
            j = np.clip(np.searchsorted(points, at) - 1, 0, max(len(points) - 2, 0))
            k = np.minimum(j + 1, len(points) - 1)
            below.append((j, k))
            shares.append((xi[..., i] - p[j]) / np.where(j == k, 1, p[k] - p[j]))
        if self.bounds_error and np.any(outside):
            msg = "One of the requested xi is out of bounds"
            raise ValueError(msg)
        y = self._nearest(below, shares) if method == "nearest" else self._linear(below, shares)
        if self.fill_value is None or self.bounds_error:
            return y
        return np.where(spread(outside, len(shape_of(self.values)) - dimensions), self.fill_value, y)

    def _joined(self, xi: Any) -> Any:
        """Return places with their coordinates in the last axis, of a tuple of arrays for the coordinates too."""
        if isinstance(xi, tuple):
            return np.stack(np.broadcast_arrays(*map(gather, xi)), axis=-1)
        xi = gather(xi)
        return xi[..., None] if len(self.grid) == 1 and len(shape_of(xi)) < 2 and shape_of(xi)[-1:] != (1,) else xi

    def _nearest(self, below: Any, shares: Any) -> Any:
        return self.values[
            tuple(np.where(primal(share) <= 0.5, j, k) for (j, k), share in zip(below, shares, strict=True))
        ]

    def _linear(self, below: Any, shares: Any) -> Any:
        axes = len(shape_of(self.values)) - len(self.grid)
        y: Any = 0.0
        for corner in product((0, 1), repeat=len(self.grid)):
            weight: Any = 1.0
            for upper, share in zip(corner, shares, strict=True):
                weight = weight * (share if upper else 1 - share)
            y = y + self.values[tuple(pair[upper] for pair, upper in zip(below, corner, strict=True))] * spread(
                weight, axes
            )
        return y


def interpn(
    points: Any, values: Any, xi: Any, method: str = "linear", bounds_error: bool = True, fill_value: Any = np.nan
) -> Any:
    """Return the values at xi of the `RegularGridInterpolator` of a grid."""
    if not holds_revdiff((tuple(points), values, xi, fill_value)):
        return scipy.interpolate.interpn(points, values, xi, method, bounds_error, fill_value)
    y = RegularGridInterpolator(points, values, method, bounds_error, fill_value)(xi)
    places = shape_of(np.broadcast_arrays(*map(gather, xi))[0]) if isinstance(xi, tuple) else shape_of(gather(xi))[:-1]
    return np.reshape(y, (*places, *shape_of(gather(values))[len(tuple(points)) :])) if places else y
