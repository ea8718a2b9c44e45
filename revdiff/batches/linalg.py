"""Linear algebra, triangles and Fourier transforms of the samples of a batch.

Imports `batch` and shapes. NumPy's functions of matrices take stacks of them, and a batch is a stack.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.arrays.names import of_numpy
from revdiff.batches.batch import Batch, axis_of, ndim_of, raised, wrapped
from revdiff.batches.calls import batched
from revdiff.batches.shapes import along, range_of

_TAKES_STACKS_OF_VECTORS = np.lib.NumpyVersion(np.__version__) < "2.0.0"
"""Whether `numpy.linalg.solve` takes b with one axis less than a for vectors."""


def _of_stacks(function: Any) -> None:
    """Serve a function of the matrices in the last two axes."""

    @batched(function)
    def of_stacks(a: Batch, *how: Any, **options: Any) -> Any:
        if a.ndim < 2 or any(np.ndim(value) for value in (*how, *options.values())):
            return NotImplemented
        return wrapped(function(a.array, *how, **options), a.axis)


@batched(np.linalg.solve, operands=2)
def solve(a: Any, b: Any) -> Any:
    """Return a⁻¹ b. Where one matrix serves all samples, it is factorized once."""
    m, n = ndim_of(a), ndim_of(b)
    if n == 1 or (n == m - 1 and _TAKES_STACKS_OF_VECTORS):
        return np.linalg.solve(a, b[..., None])[..., 0]
    if m < 2 or not n:
        return NotImplemented
    axis = axis_of((a, b))
    if type(a) is not Batch and m == 2 and n == 2:
        columns = np.moveaxis(b.array, 0, -1)
        solved = np.linalg.solve(a, columns.reshape((columns.shape[0], columns.shape[1] * columns.shape[2])))
        return Batch(np.moveaxis(solved.reshape(columns.shape), -1, 0), axis)
    ndim = max(m, n)
    return Batch(np.linalg.solve(_with_axes(a, ndim), _with_axes(b, ndim)), axis)


def _with_axes(x: Any, ndim: int) -> Any:
    """Return an operand with the hidden axis and so many axes behind it: what has fewer may count as vectors."""
    return raised(x, ndim) if type(x) is Batch else x[(None,) * (ndim + 1 - ndim_of(x))]


def _transform(function: Any) -> None:
    """Serve a Fourier transform along one axis."""

    @batched(function)
    def transform(a: Batch, n: int | None = None, axis: int = -1, norm: str | None = None) -> Any:
        return along(a, axis, lambda array, place: function(array, n, place, norm))


def _transform_of_many(function: Any, by_default: tuple[int, ...] | None) -> None:
    """Serve a Fourier transform along several axes."""

    @batched(function)
    def transform(a: Batch, s: Any = None, axes: Any = by_default, norm: str | None = None) -> Any:
        if axes is None:
            axes = range_of(a) if s is None else range(-len(s), 0)
        return along(a, tuple(axes), lambda array, places: function(array, s, places, norm))


for _function in of_numpy(
    "tril triu linalg.inv linalg.det linalg.slogdet linalg.cholesky linalg.eig linalg.eigh linalg.eigvals linalg.eigvalsh "
    "linalg.svd linalg.svdvals linalg.qr linalg.pinv linalg.matrix_power linalg.matrix_transpose"
):
    _of_stacks(_function)
for _function in of_numpy("fft.fft fft.ifft fft.rfft fft.irfft fft.hfft fft.ihfft"):
    _transform(_function)
for _function in of_numpy("fft.fft2 fft.ifft2 fft.rfft2 fft.irfft2"):
    _transform_of_many(_function, (-2, -1))
for _function in of_numpy("fft.fftn fft.ifftn fft.rfftn fft.irfftn"):
    _transform_of_many(_function, None)
