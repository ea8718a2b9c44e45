"""The batch of all unit vectors of a space: what one sweep needs to carry back all rows of a Jacobian.

Imports the families of functions that batches are served by.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.batches import composed, elementwise, indexing, joining, linalg, placing, products, reductions, shapes
from revdiff.batches.batch import Axis, Batch

FAMILIES = (composed, elementwise, indexing, joining, linalg, placing, products, reductions, shapes)


def unit_vectors(like: Any, start: int, stop: int) -> Batch:
    """Return the unit vectors from number ``start`` to before ``stop`` of the space of an array.

    >>> unit_vectors(np.zeros(3), 1, 3).array
    array([[0., 1., 0.],
           [0., 0., 1.]])
    """
    count = stop - start
    units = np.zeros((count, like.size), like.dtype)
    units[np.arange(count), np.arange(start, stop)] = 1
    return Batch(units.reshape((count, *like.shape)), Axis(count))
