"""The size of a gradient, and an upper bound for it.

Imports the core, rules and places.
"""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import Any

import numpy as np

from revdiff.core.errors import ArgumentError
from revdiff.core.revdiff import primal
from revdiff.optimize.places import like, map_places, places
from revdiff.rules.complex import absolute
from revdiff.rules.elementary import sqrt


def global_norm(x: Any, /) -> Any:
    """Return the length of all numbers in x as one vector.    |x| = √Σ |xᵢ|²

    Neither large nor small numbers overflow on the way.

    >>> global_norm({"w": np.array([3.0, 0.0]), "b": 4.0})
    5.0
    """
    found = places(x)
    largest = max((float(np.max(np.abs(primal(place)), initial=0.0)) for place in found), default=0.0)
    if largest == 0 or not np.isfinite(largest):
        return largest
    squares = [(absolute(place) / largest) ** 2 for place in found]
    norm = largest * sqrt(reduce(add, map(np.sum, squares)))
    return norm.item() if isinstance(norm, np.generic) else norm


def clip_by_global_norm(grads: Any, most: float, /) -> Any:
    """Return gradients that are together no longer than ``most``: the same, or shorter ones in the same direction.

        ḡ min(1, most / |ḡ|),    |ḡ| the `global_norm`

    Raises `ArgumentError` for a gradient with NaN or an infinity in it, which has no direction.

    >>> clip_by_global_norm({"w": np.array([3.0, 0.0]), "b": 4.0}, 1.0)
    {'w': array([0.6, 0. ]), 'b': 0.8}
    """
    if not most >= 0:
        msg = f"the greatest length is a number that is not negative; met {most!r}"
        raise ArgumentError(msg)
    map_places(_require_finite, grads)
    norm = global_norm(grads)
    return map_places(lambda g: like(g, g * (most / norm)), grads) if norm > most else grads


def _require_finite(g: Any) -> Any:
    if not np.all(np.isfinite(primal(g))):
        msg = "a gradient that is not finite has no direction, and cannot be clipped"
        raise ArgumentError(msg)
    return g
