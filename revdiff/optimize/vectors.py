"""A structure as one vector of real numbers, and back: what solvers that know only vectors are given.

Imports the core, rules and places.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any, final

import numpy as np

from revdiff.core.errors import ArgumentError, describe, describe_form
from revdiff.core.parts import split
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.optimize.places import coordinates, is_point, map_places, moved, places
from revdiff.rules.complex import complex_from
from revdiff.rules.shape import gather
from revdiff.systems import is_complex

FLAT = "fciu"
"""The kinds of arrays that have real coordinates: floats, complex numbers, and integers, which become floats."""


def ravel(x: Any, /) -> tuple[Any, Callable[[Any], Any]]:
    """Return the numbers of a structure as one vector v ∈ ℝⁿ, and the function that makes the structure of a vector.

        real numbers and arrays       their elements, in order
        complex ones                  the real parts, then the imaginary parts: v̄ is then the gradient in ℝ²
        points on a manifold          a step from the point, as long as its coordinates: 0, and back by ``moved``
        text, masks, functions, …     nothing; they are carried over

    The vector is as precise as the most precise of them. On the way back each has its own dtype again, but integers
    have become floats. Both ways can be differentiated: ``hessian(lambda v: f(restore(v)))`` is the Hessian as one
    matrix.

    Raises `ArgumentError` for numbers that are not floating-point, fractions or symbols say.

    >>> weights = {"w": np.array([[1.0, 2.0]], np.float32), "b": 0.5, "name": "first"}
    >>> v, restore = ravel(weights)
    >>> v
    array([1. , 2. , 0.5])
    >>> restore(10 * v)
    {'w': array([[10., 20.]], dtype=float32), 'b': 5.0, 'name': 'first'}
    """
    x = split(x) if isinstance(x, RevDiff) else x
    found = places(x)
    dtype = np.result_type(*map(_precision, found)) if found else np.dtype(np.float64)
    flat = [_flattened(place).astype(dtype) for place in found]
    return np.concatenate(flat) if flat else np.zeros(0), Restore(x)


@final
class Restore:
    """The function from vectors to structures like one that is known."""

    __slots__ = ("_like", "size")

    def __init__(self, like: Any) -> None:
        self._like = like
        self.size = sum(map(_size, places(like)))

    def __call__(self, vector: Any, /) -> Any:
        """Return the structure. Raises `ArgumentError` unless the vector has as many elements as there are numbers."""
        v = vector if isinstance(vector, RevDiff) else gather(np.asarray(vector))
        if shape_of(v) != (self.size,):
            msg = f"a vector of shape ({self.size},) is needed here; met {describe_form(primal(v))}"
            raise ArgumentError(msg)
        start = 0

        def restored(place: Any) -> Any:
            nonlocal start
            start += (count := _size(place))
            return _restored(place, v[start - count : start])

        return map_places(restored, self._like)


def _size(place: Any) -> int:
    """Count the real coordinates of a place."""
    there = primal(coordinates(place))
    return prod(shape_of(there)) * (2 if is_complex(there) else 1)


def _precision(place: Any) -> Any:
    """Return the type of the real numbers that a place is made of."""
    value = primal(coordinates(place))
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in FLAT:
        return np.float64 if value.dtype.kind in "iu" else value.real.dtype
    if isinstance(value, float | complex | int):
        return np.float64
    msg = f"a vector is made of floating-point numbers; met {describe(value)}.\n  Convert it first:  float(…)"
    raise ArgumentError(msg)


def _flattened(place: Any) -> Any:
    if is_point(place):
        return np.zeros(_size(place))
    flat = np.reshape(place, (-1,))
    return np.concatenate([np.real(flat), np.imag(flat)]) if is_complex(primal(place)) else flat


def _restored(place: Any, v: Any) -> Any:
    """Return a place like this one with the coordinates v."""
    value = primal(coordinates(place))
    shape = np.shape(value)
    if is_complex(value):
        half = v.size // 2
        v = complex_from(v[:half], v[half:])
    if is_point(place):
        return moved(place, v.reshape(shape).astype(value.dtype))
    if isinstance(value, np.ndarray):
        kept = value.dtype if value.dtype.kind in "fc" else np.dtype(np.float64)
        v = v.reshape(shape)
        return v if isinstance(v, RevDiff) and v.dtype == kept else v.astype(kept)
    number = v[0]
    if isinstance(value, np.inexact):
        return number.astype(value.dtype)
    return number if isinstance(number, RevDiff) else number.item()
