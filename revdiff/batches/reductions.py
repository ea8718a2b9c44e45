"""Reductions, cumulations and sorting of the samples of a batch.

Imports `batch` and shapes. Along axes of a sample they are reductions along axes of the whole.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from revdiff.batches.batch import Batch, wrapped
from revdiff.batches.calls import batched
from revdiff.batches.shapes import range_of, shifted


def _reducing(function: Any) -> None:
    """Serve a function that reduces along ``axis``, an axis or several, all of them for None."""

    @batched(function)
    def reducing(a: Batch, axis: Any = None, **options: Any) -> Any:
        axes = shifted(range_of(a) if axis is None else axis, a.ndim)
        if axes is None or any(np.ndim(value) for value in options.values()):
            return NotImplemented
        return wrapped(function(a.array, axis=axes, **options), a.axis)


def _reducing_with(ufunc: Any) -> None:
    """Serve ``ufunc.reduce``, along the first axis by default."""
    function = ufunc.reduce

    @batched(function)
    def reducing(a: Batch, axis: Any = 0, **options: Any) -> Any:
        axes = shifted(range_of(a) if axis is None else axis, a.ndim)
        if axes is None or any(np.ndim(value) for value in options.values()):
            return NotImplemented
        return Batch(function(a.array, axis=axes, **options), a.axis)


def _accumulating_with(ufunc: Any) -> None:
    """Serve ``ufunc.accumulate``, along the first axis by default."""
    function = ufunc.accumulate

    @batched(function)
    def accumulating(array: Batch, axis: int = 0) -> Any:
        place = shifted(axis, array.ndim)
        return NotImplemented if place is None else Batch(function(array.array, axis=place), array.axis)


def _quantile(function: Any) -> None:
    """Serve quantiles along ``axis``, all elements for None. Several at once stand in front of everything else."""

    @batched(function)
    def quantile(a: Batch, q: Any, axis: Any = None, *, method: str = "linear", keepdims: bool = False) -> Any:
        axes = shifted(range_of(a) if axis is None else axis, a.ndim)
        if axes is None or not axes:
            return NotImplemented
        found = function(a.array, q, axis=axes, method=method, keepdims=keepdims)
        return Batch(np.moveaxis(found, np.ndim(q), 0), a.axis)


def _partitioning(function: Any) -> None:
    """Serve a function that puts the k-th element of an axis in its place, by default of the last axis."""

    @batched(function)
    def partitioning(a: Batch, kth: Any, axis: int | None = -1) -> Any:
        place = shifted(axis, a.ndim)
        return NotImplemented if place is None else Batch(function(a.array, kth, axis=place), a.axis)


def _cumulating(function: Any) -> None:
    """Serve a function along one axis, which for None is that of all elements."""

    @batched(function)
    def cumulating(a: Batch, axis: int | None = None) -> Any:
        if axis is None:
            return Batch(function(a.array.reshape((a.axis.length, a.size)), axis=1), a.axis)
        place = shifted(axis, a.ndim)
        return NotImplemented if place is None else Batch(function(a.array, axis=place), a.axis)


def _sorting(function: Any) -> None:
    """Serve a function along one axis, by default the last."""

    @batched(function)
    def sorting(a: Batch, axis: int | None = -1) -> Any:
        place = shifted(axis, a.ndim)
        return NotImplemented if place is None else Batch(function(a.array, axis=place), a.axis)


@batched(np.linalg.norm)
def norm(x: Batch, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A002 (NumPy's name)
    """Return the norms of the samples, or of the vectors or matrices in them."""
    if axis is None:
        if ord is None and not keepdims:
            flat = x.array.reshape((x.axis.length, math.prod(x.shape)))
            return Batch(np.linalg.norm(flat, axis=1), x.axis)
        axis = range_of(x)
    axes = shifted(axis, x.ndim)
    if not x.ndim or axes is None:
        return NotImplemented
    axes = axes[0] if isinstance(axes, tuple) and len(axes) == 1 else axes
    return Batch(np.linalg.norm(x.array, ord, axes, keepdims), x.axis)


def _of_linalg(name: str) -> None:
    """Serve the norms of vectors or matrices, which are named apart since NumPy 2."""
    if name == "vector_norm":

        @batched(np.linalg.vector_norm)
        def vector_norm(x: Batch, *, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Any:  # noqa: A002
            if axis is not None:
                return NotImplemented if isinstance(axis, tuple) else norm(x, ord, axis, keepdims)
            return NotImplemented if keepdims else norm(np.ravel(x), ord, 0)

    if name == "matrix_norm":

        @batched(np.linalg.matrix_norm)
        def matrix_norm(x: Batch, *, keepdims: bool = False, ord: Any = "fro") -> Any:  # noqa: A002
            return norm(x, ord, (-2, -1), keepdims)


for _name in ("vector_norm", "matrix_norm"):
    if hasattr(np.linalg, _name):
        _of_linalg(_name)
for _name in (
    "sum", "prod", "mean", "std", "var", "max", "min", "amax", "amin", "any", "all", "nansum", "nanprod", "nanmean",
    "nanmax", "nanmin", "nanstd", "nanvar", "count_nonzero", "median", "nanmedian", "ptp",
):  # fmt: skip
    _reducing(getattr(np, _name))
for _ufunc in (np.add, np.multiply, np.maximum, np.minimum, np.logical_or, np.logical_and):
    _reducing_with(_ufunc)
for _ufunc in (np.add, np.multiply, np.maximum, np.minimum):
    _accumulating_with(_ufunc)
for _name in ("cumsum", "cumprod", "nancumsum", "nancumprod", "argmax", "argmin", "nanargmax", "nanargmin"):
    _cumulating(getattr(np, _name))
for _name in ("quantile", "percentile", "nanquantile", "nanpercentile"):
    _quantile(getattr(np, _name))
for _name in ("partition", "argpartition"):
    _partitioning(getattr(np, _name))
for _name in ("sort", "argsort"):
    _sorting(getattr(np, _name))
