"""Reductions, cumulations and sorting of the samples of a batch.

Imports `batch` and shapes. Along axes of a sample they are reductions along axes of the whole.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.arrays.names import of_numpy
from revdiff.batches.batch import Batch, flat
from revdiff.batches.calls import batched
from revdiff.batches.shapes import along, range_of, shifted


def _reducing(function: Any, by_default: int | None = None) -> None:
    """Serve a function that reduces along ``axis``, an axis or several, all of them for None."""

    @batched(function)
    def reducing(a: Batch, axis: Any = by_default, **options: Any) -> Any:
        if any(np.ndim(value) for value in options.values()):
            return NotImplemented
        axes = range_of(a) if axis is None else axis
        return along(a, axes, lambda array, axes: function(array, axis=axes, **options))


def _cumulating(function: Any, by_default: int | None = None) -> None:
    """Serve a function along one axis, which for None is that of all elements."""

    @batched(function)
    def cumulating(a: Batch, axis: int | None = by_default) -> Any:
        if axis is None:
            return Batch(function(flat(a), axis=1), a.axis)
        return along(a, axis, lambda array, place: function(array, axis=place))


def _partitioning(function: Any) -> None:
    """Serve a function that puts the k-th element of an axis in its place, by default of the last axis."""

    @batched(function)
    def partitioning(a: Batch, kth: Any, axis: int = -1) -> Any:
        return along(a, axis, lambda array, place: function(array, kth, axis=place))


def _quantile(function: Any) -> None:
    """Serve quantiles along ``axis``, all elements for None. Several at once stand in front of everything else."""

    @batched(function)
    def quantile(a: Batch, q: Any, axis: Any = None, *, method: str = "linear", keepdims: bool = False) -> Any:
        def in_front(array: Any, axes: Any) -> Any:
            return np.moveaxis(function(array, q, axis=axes, method=method, keepdims=keepdims), np.ndim(q), 0)

        axes = range_of(a) if axis is None else axis
        return NotImplemented if axes == () else along(a, axes, in_front)


@batched(np.linalg.norm)
def norm(x: Batch, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A002 (NumPy's name)
    """Return the norms of the samples, or of the vectors or matrices in them."""
    if axis is None:
        if ord is None and not keepdims:
            return Batch(np.linalg.norm(flat(x), axis=1), x.axis)
        axis = range_of(x)
    axes = shifted(axis, x.ndim)
    if not x.ndim or axes is None:
        return NotImplemented
    axes = axes[0] if isinstance(axes, tuple) and len(axes) == 1 else axes
    return Batch(np.linalg.norm(x.array, ord, axes, keepdims), x.axis)


@batched(*of_numpy("linalg.vector_norm"))
def vector_norm(x: Batch, *, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Any:  # noqa: A002
    """Return the norms of the samples, or of the vectors along one of their axes."""
    if axis is not None:
        return NotImplemented if isinstance(axis, tuple) else norm(x, ord, axis, keepdims)
    return NotImplemented if keepdims else norm(np.ravel(x), ord, 0)


@batched(*of_numpy("linalg.matrix_norm"))
def matrix_norm(x: Batch, *, keepdims: bool = False, ord: Any = "fro") -> Any:  # noqa: A002
    """Return the norms of the matrices in the last two axes of each sample."""
    return norm(x, ord, (-2, -1), keepdims)


for _function in of_numpy(
    "sum prod mean std var max min amax amin any all nansum nanprod nanmean nanmax nanmin nanstd nanvar count_nonzero "
    "median nanmedian ptp"
):
    _reducing(_function)
for _ufunc in (np.add, np.multiply, np.maximum, np.minimum, np.logical_or, np.logical_and):
    _reducing(_ufunc.reduce, 0)
    _reducing(_ufunc.accumulate, 0)
for _function in of_numpy("cumsum cumprod nancumsum nancumprod argmax argmin nanargmax nanargmin"):
    _cumulating(_function)
for _function in (np.sort, np.argsort):
    _cumulating(_function, -1)
for _function in (np.partition, np.argpartition):
    _partitioning(_function)
for _function in (np.quantile, np.percentile, np.nanquantile, np.nanpercentile):
    _quantile(_function)
