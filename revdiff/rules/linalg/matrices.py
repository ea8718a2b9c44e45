"""Matrices and their parts, for the rules of this package: adjoints, triangles, diagonals.

Imports rules of arrays, products and conjugates. All of them work on stacks of matrices.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from revdiff.core.revdiff import shape_of
from revdiff.functions.of_arrays import rule
from revdiff.rules.complex import conjugate
from revdiff.rules.products import transposed

Rule = tuple[Any, Callable[..., Any]]


@cache
def results_of(numpy_function: Any) -> Any:
    """Return the class of the named tuples that a function of matrices returns."""
    return type(numpy_function(np.eye(1)))


def adjoint(a: Any) -> Any:
    """Return aᴴ, the conjugate of the transpose."""
    return conjugate(transposed(a))


def skew(a: Any) -> Any:
    """Return (a - aᴴ)/2."""
    return (a - adjoint(a)) / 2


def symmetrized(a: Any) -> Any:
    """Return (a + aᴴ)/2."""
    return (a + adjoint(a)) / 2


def on_diagonal(n: int) -> Any:
    """Return the mask of the diagonal of n × n matrices."""
    return np.eye(n, dtype=bool)


def with_diagonal(a: Any, d: Any) -> Any:
    """Return a with d on its diagonal."""
    return np.where(on_diagonal(shape_of(d)[-1]), d[..., None, :], a)


def lower_half(a: Any) -> Any:
    """Return Φ(a): the lower triangle, with half of the diagonal."""
    return np.tril(a) - np.where(on_diagonal(shape_of(a)[-1]), a / 2, 0)


@rule()
def hermitian_part(a: Any, /) -> Rule:
    """Return the Hermitian matrix of which a holds the lower triangle.     ā = (h̄ + h̄ᴴ)/2."""
    below = np.tril(a, -1)
    return below + adjoint(below) + np.where(on_diagonal(shape_of(a)[-1]), np.real(a), 0), symmetrized
