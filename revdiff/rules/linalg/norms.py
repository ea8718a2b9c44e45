"""Norms of vectors and of matrices, and condition numbers.

Imports rules of arrays, elementwise functions, and NumPy's protocol. Where a norm has a corner its derivative
is a mean of those around: 0 at the zero vector, shared equally among elements that are the largest together.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from revdiff.arrays.names import of_numpy
from revdiff.arrays.numpy_protocol import constant, stands_for
from revdiff.core.revdiff import primal, shape_of
from revdiff.functions.of_arrays import rule
from revdiff.rules.complex import conjugate, sign
from revdiff.rules.linalg.matrices import Rule
from revdiff.rules.reductions import Spreading
from revdiff.rules.shape import astype, gather

Axis = int | tuple[int, ...] | None


@stands_for(np.linalg.norm)
def norm(x: Any, /, ord: Any = None, axis: Axis = None, keepdims: bool = False) -> Any:  # noqa: A002 (NumPy's name)
    """Return the norm of a vector, of a matrix, or of those along one axis or two; ``ord`` as in NumPy.

        2, "fro", None   x̄ = n̄ conj(x)/n, and 0 where n = 0
        p                x̄ᵢ = n̄ sign(xᵢ) |xᵢ/n|ᵖ⁻¹, and 0 where n = 0; where xᵢ = 0, for p < 1, also 0
        inf, -inf        of the largest or smallest |xᵢ|, in equal parts where there are several
        0                a count, which is constant
        "nuc", 2, -2     of the sum, the largest, the smallest of a matrix's singular values

    >>> from revdiff import grad
    >>> grad(np.linalg.norm)(np.array([3.0, 4.0])), grad(np.linalg.norm)(np.zeros(2))
    (array([0.6, 0.8]), array([0., 0.]))
    """
    x = gather(x)
    if np.asarray(primal(x)).dtype.kind in "iub":
        x = astype(x, np.float64)
    dimensions = np.ndim(primal(x))
    if axis is None and (ord is None or (ord in ("f", "fro") and dimensions == 2) or (ord == 2 and dimensions == 1)):
        return _euclidean(x, axis=None, keepdims=keepdims)
    axes = tuple(range(dimensions)) if axis is None else (axis,) if not isinstance(axis, tuple) else axis
    if len(axes) == 1:
        return _of_vectors(x, ord, axes[0], keepdims)
    if len(axes) == 2:
        return _of_matrices(x, ord, axes[0] % dimensions, axes[1] % dimensions, keepdims)
    msg = f"a norm is taken along one axis or two; met axis={axes}"
    raise ValueError(msg)


def _of_vectors(x: Any, ord: Any, axis: int, keepdims: bool) -> Any:  # noqa: A002
    if ord is None or ord == 2:
        return _euclidean(x, axis=axis, keepdims=keepdims)
    if isinstance(ord, str) or ord == 0:
        return np.linalg.norm(primal(x), ord, axis, keepdims)
    if ord == 1:
        return np.sum(np.abs(x), axis, keepdims=keepdims)
    if abs(ord) == np.inf:
        return _extreme(np.abs(x), axis, ord > 0, keepdims)
    return _p_norm(x, ord=ord, axis=axis, keepdims=keepdims)


def _of_matrices(x: Any, ord: Any, row: int, column: int, keepdims: bool) -> Any:  # noqa: A002
    if ord in (None, "f", "fro"):
        return _euclidean(x, axis=(row, column), keepdims=keepdims)
    if row == column or ord not in (1, -1, 2, -2, np.inf, -np.inf, "nuc"):
        return np.linalg.norm(primal(x), ord, (row, column))  # NumPy's errors
    if ord in (2, -2, "nuc"):
        s = np.linalg.svd(np.moveaxis(x, (row, column), (-2, -1)), compute_uv=False)
        result = np.sum(s, -1) if ord == "nuc" else _extreme(s, -1, ord > 0)
    else:
        first, last = (row, column) if abs(ord) == 1 else (column, row)
        result = _extreme(np.sum(np.abs(x), first), last - (last > first), ord > 0)
    kept = [1 if i in (row, column) else n for i, n in enumerate(shape_of(x))]
    return np.reshape(result, kept) if keepdims else result


def _extreme(x: Any, axis: int, largest: bool, keepdims: bool = False) -> Any:
    """Return the largest or smallest of numbers that are not negative; of none, the largest is 0."""
    options: dict[str, Any] = {"initial": 0} if largest and not shape_of(x)[axis] else {}
    return (np.max if largest else np.min)(x, axis, keepdims=keepdims, **options)


@rule()
def _euclidean(x: Any, /, axis: Axis, keepdims: bool) -> Rule:
    n = np.linalg.norm(x, None, axis, keepdims)

    def norm_pullback(n_bar: Any) -> Any:
        length = _along(n, x, axis)
        direction = conjugate(x) / np.where(primal(length) == 0, 1, length)
        return _along(n_bar, x, axis) * np.where(primal(length) == 0, 0, direction)

    return n, Spreading(norm_pullback, x, axis)


@rule()
def _p_norm(x: Any, /, ord: float, axis: int, keepdims: bool) -> Rule:  # noqa: A002
    n = np.linalg.norm(x, ord, axis, keepdims)

    def norm_pullback(n_bar: Any) -> Any:
        length = _along(n, x, axis)
        is_corner = primal(length) == 0 if ord > 1 else (primal(length) == 0) | (primal(x) == 0)
        ratio = np.abs(np.where(is_corner, 1, x) / np.where(is_corner, 1, length))
        share = np.where(is_corner, 0, ratio ** (ord - 1))
        return _along(n_bar, x, axis) * conjugate(sign(x)) * share

    return n, Spreading(norm_pullback, x, axis)


def _along(n: Any, x: Any, axis: Axis) -> Any:
    """Return norms with the axes of x along which they were taken, of length 1."""
    dimensions = np.ndim(primal(x))
    reduced = range(dimensions) if axis is None else [i % dimensions for i in np.atleast_1d(axis)]
    return np.reshape(n, [1 if i in reduced else k for i, k in enumerate(shape_of(x))])


@stands_for(*of_numpy("linalg.vector_norm"))
def vector_norm(x: Any, /, *, axis: Axis = None, keepdims: bool = False, ord: Any = 2) -> Any:  # noqa: A002
    """Return the norm of a vector, whose elements may lie along several axes; x as a whole by default."""
    x = gather(x)
    shape = shape_of(x)
    axes = tuple(range(len(shape))) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    first = np.moveaxis(x, axes, range(len(axes)))
    rest = shape_of(first)[len(axes) :]
    result = norm(np.reshape(first, (prod(shape[i] for i in axes), *rest)), ord, 0)
    return _along(result, x, axes) if keepdims else result


@stands_for(*of_numpy("linalg.matrix_norm"))
def matrix_norm(x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Any:  # noqa: A002
    """Return the norms of the matrices in the last two axes."""
    return norm(x, ord, (-2, -1), keepdims)


@stands_for(np.linalg.cond)
def cond(x: Any, /, p: Any = None) -> Any:
    """Return the condition number ‖A‖ ‖A⁻¹‖ in the norm that p says, by default s₁/sₙ of the singular values."""
    x = gather(x)
    if p not in (None, 2, -2):
        return norm(x, p, (-2, -1)) * norm(np.linalg.inv(x), p, (-2, -1))
    s = np.linalg.svd(x, compute_uv=False)
    largest, smallest = np.max(s, -1), np.min(s, -1)
    with np.errstate(all="ignore"):
        ratio = smallest / largest if p == -2 else largest / smallest
    zero_over_zero = np.isnan(primal(ratio)) & ~np.isnan(primal(largest))
    return np.where(zero_over_zero, np.inf, ratio) if np.any(zero_over_zero) else ratio


constant(np.linalg.matrix_rank)
