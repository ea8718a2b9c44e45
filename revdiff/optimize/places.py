"""Where the numbers of a structure stand, one place after the other. A point on a manifold is one place.

Imports the core and the descriptors. Optimization moves places, and not coordinates: the numbers of a unit vector do
not move one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from revdiff.core.cotangents import zero_like
from revdiff.core.errors import ArgumentError, MismatchError, RevDiffError, describe
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.core.structure import MAPS, STRUCTURES
from revdiff.structures.auto import auto_val
from revdiff.structures.manifold import PointVal
from revdiff.systems import is_complex, require_number


def is_point(x: Any) -> bool:
    """Tell whether x is a point on a manifold."""
    return isinstance(auto_val.of(x), PointVal)


def places(x: Any) -> list[Any]:
    """Return the numbers, the arrays and the points on manifolds in x, in order."""
    found: list[Any] = []

    def collected(place: Any) -> Any:
        found.append(place)
        return place

    map_places(collected, x)
    return found


def map_places(function: Callable[..., Any], x: Any, *beside: Any, cotangent: bool = False) -> Any:
    """Return x, or with ``cotangent`` a cotangent of x, with function(place, *places beside it) in each place.

    What stands beside x has the form of a cotangent of x. None stands beside every part of what it is beside.
    """
    structure = STRUCTURES.find(type(x))
    if structure is None or is_point(x):
        if MAPS.find(type(x)) is not None:
            msg = f"{describe(x)} has no end, and cannot be moved as a whole; use a list or an array."
            raise ArgumentError(msg)
        if structure is None:
            require_number(primal(x), "what is optimized")
        return function(x, *beside)
    parts = structure.parts(x)
    spread = [dict.fromkeys(parts) if other is None else structure.spread(x, other) for other in beside]
    results = {}
    for key, part in parts.items():
        try:
            results[key] = map_places(function, part, *(each[key] for each in spread), cotangent=cotangent)
        except RevDiffError as error:
            error.inside(structure.step(x, key))
            raise
    return (structure.cotangent if cotangent else structure.build)(x, results)


def ascent(x: Any, x_bar: Any) -> Any:
    """Return the direction of steepest ascent at a place: conj(x̄), as large as x, and zero where x̄ is None."""
    if x_bar is None:
        return zero(x)
    there = primal(coordinates(x))
    if shape_of(x_bar) != shape_of(there) or (is_complex(primal(x_bar)) and not is_complex(there)):
        raise MismatchError.of(primal(x_bar), there, "a gradient")
    return np.conj(x_bar) if is_complex(primal(x_bar)) else x_bar


def zero(x: Any) -> Any:
    """Return the zero of the directions in which a place can go. Integers become floats when they move."""
    value = primal(coordinates(x))
    return 0.0 if isinstance(value, int | np.integer) else zero_like(value)


def coordinates(x: Any) -> Any:
    """Return the coordinates of a point on a manifold, and any other place as it is."""
    return getattr(x, auto_val.of(x).coordinates) if is_point(x) else x  # type: ignore[attr-defined]


def tangent(x: Any, direction: Any) -> Any:
    """Return the part of a direction that leads along the manifold on which x is a point, and all of it in a flat space."""
    structure = STRUCTURES.find(type(x)) if is_point(x) else None
    return direction if structure is None else structure.cotangent(x, dict.fromkeys(structure.parts(x), direction))


def moved(x: Any, step: Any) -> Any:
    """Return the place that is reached from x by a step: x + step, and straight ahead on a manifold."""
    if not is_point(x):
        return like(x, x + step)
    if not callable(getattr(x, "moved", None)):
        kind = type(x).__name__
        msg = (
            f"{describe(x)} is a point on a manifold, and nothing says how it moves.\n"
            f"  Give {kind} a method moved(step), which returns the {kind} that a small step leads to."
        )
        raise ArgumentError(msg)
    return x.moved(step)


def like(x: Any, y: Any) -> Any:
    """Return y as a number or an array of the kind and the precision of x. What came of integers stays a float."""
    value, plain = primal(x), primal(y)
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "fc":
        if isinstance(plain, np.ndarray | np.generic) and plain.dtype != value.dtype:
            y = y.astype(value.dtype)
        return np.asarray(y) if isinstance(value, np.ndarray) and not isinstance(y, RevDiff) else y
    return plain.item() if isinstance(value, float | complex | int) and isinstance(y, np.generic) else y
