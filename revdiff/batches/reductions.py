"""Reductions, cumulations and sorting of the samples of a batch.

Imports `batch` and shapes. Along axes of a sample they are reductions along axes of the whole.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from revdiff.batches.batch import Batch, batched, wrapped
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


for _name in (
    "sum", "prod", "mean", "std", "var", "max", "min", "any", "all", "nansum", "nanprod", "nanmean", "nanmax",
    "nanmin", "nanstd", "nanvar", "count_nonzero",
):  # fmt: skip
    _reducing(getattr(np, _name))
for _ufunc in (np.add, np.multiply, np.maximum, np.minimum, np.logical_or, np.logical_and):
    _reducing_with(_ufunc)
for _name in ("cumsum", "cumprod", "nancumsum", "nancumprod", "argmax", "argmin"):
    _cumulating(getattr(np, _name))
for _name in ("sort", "argsort"):
    _sorting(getattr(np, _name))
