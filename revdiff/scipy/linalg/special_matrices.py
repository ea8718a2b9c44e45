"""Matrices that are made of fewer numbers: Toeplitz, Hankel, circulant, companion, block diagonal.

Imports the rules of NumPy's functions. Entries are copies of the operands, so the cotangent of an element is the sum of
those of its copies: it comes from indexing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg

from revdiff.core.revdiff import primal, shape_of
from revdiff.rules.complex import conjugate
from revdiff.scipy._namesakes import namesake


@namesake(scipy.linalg.toeplitz)
def toeplitz(c: Any, r: Any, /) -> Any:
    """Return the matrix Tᵢⱼ = cᵢ₋ⱼ below and on the diagonal, and rⱼ₋ᵢ above, conj(c) if there is no r.

    >>> from revdiff import jacobian
    >>> jacobian(lambda c: toeplitz(c) @ np.array([1.0, 10.0]))(np.array([3.0, 4.0]))
    array([[ 1., 10.],
           [10.,  1.]])
    """
    r = conjugate(c) if r is None else r
    m, n = shape_of(c)[-1], shape_of(r)[-1]
    lags = np.subtract.outer(np.arange(m), np.arange(n))
    return _joined(c[..., ::-1], r[..., 1:])[..., m - 1 - lags]


@namesake(scipy.linalg.hankel)
def hankel(c: Any, r: Any, /) -> Any:
    """Return the matrix Hᵢⱼ = hᵢ₊ⱼ, with c for its first column and r for its last row, 0 if there is no r."""
    c = np.ravel(c)
    r = np.zeros_like(primal(c)) if r is None else np.ravel(r)
    sums = np.add.outer(np.arange(shape_of(c)[0]), np.arange(shape_of(r)[0]))
    return _joined(c, r[1:])[sums]


@namesake(scipy.linalg.circulant)
def circulant(c: Any, /) -> Any:
    """Return the matrix Cᵢⱼ = cᵢ₋ⱼ, with indices modulo n."""
    n = shape_of(c)[-1]
    return c[..., np.subtract.outer(np.arange(n), np.arange(n)) % n]


@namesake(scipy.linalg.companion)
def companion(a: Any, /) -> Any:
    """Return the matrix whose characteristic polynomial has the coefficients a/a₀."""
    first = -a[..., 1:] / (1.0 * a[..., :1])
    n = shape_of(first)[-1]
    rest = np.broadcast_to(np.eye(n - 1, n, dtype=primal(first).dtype), (*shape_of(a)[:-1], n - 1, n))
    return np.concatenate([first[..., None, :], rest], axis=-2)


@namesake(scipy.linalg.leslie)
def leslie(f: Any, s: Any, /) -> Any:
    """Return the matrix with fecundities f in its first row and survival rates s below its diagonal."""
    below = _joined(diagonal(s), np.zeros((*shape_of(s), 1), primal(s).dtype))
    return np.concatenate([f[..., None, :], below], axis=-2)


@namesake(scipy.linalg.fiedler)
def fiedler(a: Any, /) -> Any:
    """Return the matrix |aᵢ - aⱼ|."""
    return np.abs(a[..., :, None] - a[..., None, :])


@namesake(scipy.linalg.fiedler_companion)
def fiedler_companion(a: Any, /) -> Any:
    """Return the companion matrix of a polynomial that has five diagonals."""
    if shape_of(a)[-1] <= 2:
        return companion(a)
    scaled = a / a[..., :1]
    n = shape_of(a)[-1] - 1
    # The places of each coefficient are those that SciPy gives to a number that stands for it.
    places = scipy.linalg.fiedler_companion(np.arange(1.0, n + 2))
    order = np.where(places < -1, -places - 1, 0).astype(int)
    return np.where(places < -1, -scaled[..., order], np.where(places == 1, 1.0, 0.0))


@namesake(scipy.linalg.convolution_matrix)
def convolution_matrix(a: Any, /, n: int, mode: str = "full") -> Any:
    """Return the matrix whose product with a vector of length n is its convolution with a."""
    m = shape_of(a)[-1]
    zeros = np.zeros((*shape_of(a)[:-1], n - 1), primal(a).dtype)
    full = toeplitz(np.concatenate([a, zeros], axis=-1), np.concatenate([a[..., :1], zeros], axis=-1))
    cut = {"full": 0, "same": min(m, n) - 1, "valid": 2 * (min(m, n) - 1)}[mode]
    rows = slice(cut // 2, shape_of(full)[-2] - (cut - cut // 2))
    return full[..., rows, :]


@namesake(scipy.linalg.block_diag)
def block_diag(*arrays: Any) -> Any:
    """Return the matrix with these on its diagonal, and 0 elsewhere."""
    blocks = [np.atleast_2d(a) for a in arrays]
    lead = np.broadcast_shapes(*[shape_of(block)[:-2] for block in blocks])
    width = sum(shape_of(block)[-1] for block in blocks)
    rows, before = [], 0
    for block in blocks:
        m, n = shape_of(block)[-2:]
        wide = np.broadcast_to(block, (*lead, m, n))
        rows.append(np.pad(wide, [(0, 0)] * (len(lead) + 1) + [(before, width - before - n)]))
        before += n
    return np.concatenate(rows, axis=-2)


@namesake(scipy.linalg.khatri_rao)
def khatri_rao(a: Any, b: Any, /) -> Any:
    """Return the matrix of the Kronecker products of corresponding columns."""
    product = a[..., :, None, :] * b[..., None, :, :]
    shape = shape_of(product)
    return np.reshape(product, (*shape[:-3], shape[-3] * shape[-2], shape[-1]))


@namesake(scipy.linalg.diagsvd)
def diagsvd(s: Any, /, M: int, N: int) -> Any:  # noqa: N803 (SciPy's names)
    """Return the M × N matrix with s on its diagonal."""
    n = shape_of(s)[-1]
    return np.pad(diagonal(s), [(0, 0)] * (len(shape_of(s)) - 1) + [(0, M - n), (0, N - n)])


def diagonal(x: Any) -> Any:
    """Return the square matrix with x on its diagonal, for each vector of a stack."""
    return x[..., None] * np.eye(shape_of(x)[-1], dtype=primal(x).dtype)


def _joined(first: Any, last: Any) -> Any:
    return np.concatenate([first, last], axis=-1)
