"""Functions of numpy.linalg that share their names with other functions of NumPy, and take fewer arguments.

Imports products, contractions, shapes and NumPy's protocol.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.arrays.names import of_numpy
from revdiff.arrays.numpy_protocol import stands_for
from revdiff.core.revdiff import shape_of
from revdiff.rules import contractions, products
from revdiff.rules.shape import gather


@stands_for(*of_numpy("linalg.trace"))
def trace(x: Any, /, *, offset: int = 0) -> Any:
    """Return the sums along diagonals of matrices.     x̄ = ȳ on those diagonals and 0 elsewhere."""
    return np.trace(x, offset, -2, -1)


@stands_for(*of_numpy("linalg.diagonal"))
def diagonal(x: Any, /, *, offset: int = 0) -> Any:
    """Return diagonals of matrices.     x̄ = ȳ on those diagonals and 0 elsewhere."""
    return np.diagonal(x, offset, -2, -1)


@stands_for(*of_numpy("linalg.outer"))
def outer(a: Any, b: Any, /) -> Any:
    """Return the matrix of the products aᵢ bⱼ of two vectors."""
    a, b = gather(a), gather(b)
    shapes = shape_of(a), shape_of(b)
    if any(len(shape) != 1 for shape in shapes):
        msg = f"numpy.linalg.outer takes two vectors; met shapes {shapes[0]} and {shapes[1]}. Or write numpy.outer"
        raise ValueError(msg)
    return products.outer(a, b)


@stands_for(*of_numpy("linalg.cross"))
def cross(a: Any, b: Any, /, *, axis: int = -1) -> Any:
    """Return the cross products of vectors of three components.     ā = b × c̄,  b̄ = c̄ × a."""
    a, b = gather(a), gather(b)
    lengths = [shape_of(x)[axis] for x in (a, b)]
    if lengths != [3, 3]:
        msg = f"numpy.linalg.cross takes vectors of three components; met {lengths[0]} and {lengths[1]}"
        raise ValueError(msg)
    return contractions.cross(a, b, axis=axis)
