"""Products of matrices and vectors, and contractions, of the samples of a batch with others or with arrays.

Imports `batch`. Where one array serves all samples, one large product is formed, not many small ones.
"""

from __future__ import annotations

from string import ascii_letters
from typing import Any

import numpy as np

from revdiff.batches.batch import Batch, axis_of, ndim_of, raised
from revdiff.batches.calls import batched, elementwise
from revdiff.batches.shapes import summed_axes
from revdiff.core.revdiff import shape_of


@batched(np.matmul, operands=2)
def matmul(a: Any, b: Any) -> Any:
    """Return the products of matrices, or stacks of them. A vector on the left is a row, one on the right a column."""
    axis, m, n = axis_of((a, b)), ndim_of(a), ndim_of(b)
    if not m or not n:
        return NotImplemented
    if type(b) is not Batch and n <= 2:
        if m < 3 or n == 1:
            return Batch(_rows_times(a.array, b), axis)
    elif type(a) is not Batch and n == 1 and m <= 2:
        return Batch(np.matmul(b.array, a.T), axis)
    elif type(a) is not Batch and m == 1:
        return Batch(np.matmul(a, b.array), axis)
    rows = a[None, :] if m == 1 else a
    columns = b[:, None] if n == 1 else b
    ndim = max(m, n, 2)
    product = np.matmul(raised(rows, ndim), raised(columns, ndim))
    product = product[..., 0] if n == 1 else product
    return Batch(product if m > 1 else product[..., 0] if n == 1 else product[..., 0, :], axis)


def _rows_times(a: Any, b: Any) -> Any:
    """Return a · b, where all rows in a have the same matrix or column b beside them."""
    if a.ndim == 2 or ndim_of(b) == 1:
        return np.matmul(a, b)
    return np.matmul(a.reshape((a.shape[0] * a.shape[1], a.shape[2])), b).reshape((*a.shape[:2], shape_of(b)[1]))


@batched(np.tensordot, operands=2)
def tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    """Return the sums of products over pairs of axes."""
    m, n = ndim_of(a), ndim_of(b)
    of_a, of_b = summed_axes(axes, m, n)
    if type(b) is not Batch:
        return Batch(np.tensordot(a.array, b, ([i + 1 for i in of_a], of_b)), a.axis)
    if type(a) is not Batch:
        product = np.tensordot(a, b.array, (of_a, [j + 1 for j in of_b]))
        return Batch(np.moveaxis(product, m - len(of_a), 0), b.axis)
    labels_a, labels_b = ascii_letters[:m], list(ascii_letters[m : m + n])
    for i, j in zip(of_a, of_b, strict=True):
        labels_b[j] = labels_a[i]
    rest = [label for label in (*labels_a, *labels_b) if (label in labels_a) is not (label in labels_b)]
    return np.einsum(f"{labels_a},{''.join(labels_b)}->{''.join(rest)}", a, b)


@batched(np.dot, operands=2)
def dot(a: Any, b: Any) -> Any:
    """Return the products of numbers, or the sums over the last axis of a and the last but one of b."""
    m, n = ndim_of(a), ndim_of(b)
    if not m or not n:
        return elementwise(np.multiply, a, b)
    return np.matmul(a, b) if m <= 2 >= n or n == 1 else np.tensordot(a, b, (-1, -2))


@batched(np.outer, operands=2)
def outer(a: Any, b: Any) -> Any:
    """Return the products of all elements of a and b."""
    return np.ravel(a)[:, None] * np.ravel(b)


@batched(np.einsum, operands=64)
def einsum(*operands: Any, optimize: Any = False) -> Any:
    """Return sums of products, written with labels. The hidden axis is one label more."""
    subscripts, *arrays = operands
    if not isinstance(subscripts, str) or "->" not in subscripts:
        return NotImplemented
    inputs, _, output = subscripts.replace(" ", "").partition("->")
    label = next((letter for letter in reversed(ascii_letters) if letter not in subscripts), None)
    terms = inputs.split(",")
    if label is None or len(terms) != len(arrays):
        return NotImplemented
    terms = [label + term if type(x) is Batch else term for term, x in zip(terms, arrays, strict=True)]
    wholes = [x.array if type(x) is Batch else x for x in arrays]
    return Batch(np.einsum(f"{','.join(terms)}->{label}{output}", *wholes, optimize=optimize), axis_of(arrays))


@batched(np.cross, operands=2)
def cross(a: Any, b: Any) -> Any:
    """Return the cross products of the vectors in the last axes."""
    axis, ndim = axis_of((a, b)), max(ndim_of(a), ndim_of(b))
    return Batch(np.cross(raised(a, ndim), raised(b, ndim)), axis)
