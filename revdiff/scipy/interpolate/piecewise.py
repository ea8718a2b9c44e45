"""Piecewise polynomials: their values, derivatives and integrals.

Imports rules of NumPy's functions. Between which two breakpoints a place lies is constant, all else is arithmetic: the
value has derivatives by the place, by the coefficients and by the breakpoints.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, final

import numpy as np
import scipy.interpolate

from revdiff.arrays.numpy_protocol import holds_revdiff
from revdiff.core.revdiff import primal, shape_of
from revdiff.rules.shape import gather


@final
class PPoly:
    """A piecewise polynomial Σ cⱼᵢ (x - xᵢ)ᵏ⁻ʲ for x between xᵢ and xᵢ₊₁; c is of shape (k + 1, m, …), x of length m + 1.

    >>> from revdiff import grad
    >>> p = PPoly(np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([0.0, 1.0, 2.0]))      # x, and then 1 + 2 (x - 1)
    >>> grad(p)(0.5), grad(p)(1.5)
    (1.0, 2.0)
    """

    __slots__ = ("axis", "c", "extrapolate", "x")

    def __init__(self, c: Any, x: Any, extrapolate: Any = None, axis: int = 0) -> None:
        plain = scipy.interpolate.PPoly(primal(gather(c)), primal(gather(x)), extrapolate, axis)  # for its errors
        c = gather(c)
        self.c = np.moveaxis(c, (plain.axis, plain.axis + 1), (0, 1)) if plain.axis else c
        self.x = gather(x)
        self.extrapolate = plain.extrapolate
        self.axis = plain.axis

    @classmethod
    def construct_fast(cls, c: Any, x: Any, extrapolate: Any = None, axis: int = 0) -> PPoly:
        """Return the piecewise polynomial of coefficients that are in order, without looking at them."""
        self = object.__new__(cls)
        self.c, self.x = c, x
        self.extrapolate = True if extrapolate is None else extrapolate
        self.axis = axis
        return self

    def __call__(self, x: Any, nu: int = 0, extrapolate: Any = None) -> Any:
        """Return the values, or those of the derivative of order nu, at x."""
        extrapolate = self.extrapolate if extrapolate is None else extrapolate
        if not holds_revdiff((x, self.c, self.x)):
            return self._scipys()(x, nu, extrapolate)
        if nu:
            return self.derivative(nu)(x, extrapolate=extrapolate)
        x, axes = gather(x), len(shape_of(self.c)) - 2
        if extrapolate == "periodic":
            x = self.x[0] + np.mod(x - self.x[0], self.x[-1] - self.x[0])
        places, breaks = np.asarray(primal(x)), primal(self.x)
        i = np.clip(np.searchsorted(breaks, places, "right") - 1, 0, len(breaks) - 2)
        t = spread(x - self.x[i], axes)
        y = self.c[0][i]
        for coefficient in self.c[1:]:
            y = y * t + coefficient[i]
        y = y + 0.0 * t  # which is not a number where x is none
        if not extrapolate:
            y = np.where(spread((places < breaks[0]) | (places > breaks[-1]), axes), np.nan, y)
        return in_place_of_axis(y, self.axis, places.ndim)

    def _scipys(self) -> Any:
        return scipy.interpolate.PPoly.construct_fast(self.c, self.x, self.extrapolate, self.axis)

    def derivative(self, nu: int = 1) -> PPoly:
        """Return the derivative of order nu."""
        if nu < 0:
            return self.antiderivative(-nu)
        c = self.c
        for _ in range(nu):
            powers = np.arange(shape_of(c)[0] - 1, 0, -1)
            c = c[:-1] * np.reshape(powers, (-1,) + (1,) * (len(shape_of(c)) - 1)) if len(powers) else 0.0 * c
        return PPoly.construct_fast(c, self.x, self.extrapolate, self.axis)

    def antiderivative(self, nu: int = 1) -> PPoly:
        """Return the integral of order nu, which is 0 at the first breakpoint, as its derivatives are."""
        if nu <= 0:
            return self.derivative(-nu)
        rest = len(shape_of(self.c)) - 2
        c = self.c
        widths = np.reshape(np.diff(self.x), (-1,) + (1,) * rest)
        for _ in range(nu):
            c = c / np.reshape(np.arange(shape_of(c)[0], 0, -1), (-1, 1) + (1,) * rest)
            over_pieces = 0.0 * widths
            for coefficient in c:
                over_pieces = (over_pieces + coefficient) * widths
            sums = np.cumsum(over_pieces, axis=0)
            start = np.concatenate([0.0 * sums[:1], sums[:-1]], axis=0)
            c = np.concatenate([c, start[None]], axis=0)
        extrapolate = False if self.extrapolate == "periodic" else self.extrapolate
        return PPoly.construct_fast(c, self.x, extrapolate, self.axis)

    def integrate(self, a: Any, b: Any, extrapolate: Any = None) -> Any:
        """Return the integral from a to b."""
        extrapolate = self.extrapolate if extrapolate is None else extrapolate
        if not holds_revdiff((a, b, self.c, self.x)):
            return self._scipys().integrate(a, b, extrapolate)
        whole = PPoly.construct_fast(self.c, self.x).antiderivative()
        if extrapolate == "periodic":
            up_to = over_periods(whole, self.x[0], self.x[-1])
            return up_to(b) - up_to(a)
        return whole(b, extrapolate=bool(extrapolate)) - whole(a, extrapolate=bool(extrapolate))


def over_periods(whole: Callable[[Any], Any], first: Any, last: Any) -> Callable[[Any], Any]:
    """Return the integral of a periodic function from its integral over the period between two places."""
    period, over_period = last - first, whole(last) - whole(first)

    def up_to(x: Any) -> Any:
        turns = np.floor((primal(x) - primal(first)) / primal(period))
        return turns * over_period + whole(x - turns * period)

    return up_to


def spread(x: Any, axes: int) -> Any:
    """Return x with some axes more behind its own, those of the data at each place."""
    return np.reshape(x, (*shape_of(x), *(1,) * axes)) if axes else x


def in_place_of_axis(y: Any, axis: int, dimensions: int) -> Any:
    """Return values, with the axes of the places first, with these in the place of the axis of the data."""
    return np.moveaxis(y, range(dimensions), range(axis, axis + dimensions)) if axis and dimensions else y
