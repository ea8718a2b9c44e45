"""Functions of NumPy that work element by element and are no ufuncs: where, clip, real, round, copies.

Imports `batch` and shapes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.arrays.names import of_numpy
from revdiff.batches.batch import Batch
from revdiff.batches.calls import batched, elementwise
from revdiff.core.revdiff import primal


@batched(np.where, operands=3)
def where(condition: Any, x: Any, y: Any) -> Any:
    """Choose between samples, element by element."""
    return elementwise(np.where, condition, x, y)


@batched(np.clip)
def clip(a: Batch, a_min: Any = None, a_max: Any = None) -> Any:
    """Hold the elements of each sample between bounds. None is no bound."""
    if a_min is not None:
        a = elementwise(np.maximum, a, a_min)
    return a if a_max is None else elementwise(np.minimum, a, a_max)


@batched(np.select, operands=3)
def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    """Choose for each element what stands beside the first condition that holds."""
    if not condlist or len(condlist) != len(choicelist):
        return NotImplemented
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        default = np.where(condition, choice, default)
    return default


@batched(np.isclose, operands=2)
def isclose(a: Any, b: Any, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> Any:
    """Tell of each element whether a and b are equal within a tolerance, relative to b."""
    return elementwise(lambda a, b: np.isclose(primal(a), primal(b), rtol, atol, equal_nan), a, b)


@batched(np.full_like, operands=2)
def full_like(a: Any, fill_value: Any) -> Any:
    """Return samples of the shape of a, full of one number."""
    return elementwise(np.full_like, a, fill_value) if type(a) is Batch else NotImplemented


@batched(np.empty_like)
def empty_like(prototype: Batch) -> Any:
    """Return samples of one shape, into which something is going to be written."""
    return Batch(np.zeros_like(prototype.array), prototype.axis)


@batched(np.interp)
def interp(x: Batch, xp: Any, fp: Any, left: Any = None, right: Any = None) -> Any:
    """Return the values at each element of the lines through points that all samples share."""
    return Batch(np.interp(x.array, xp, fp, left, right), x.axis)


@batched(np.digitize)
def digitize(x: Batch, bins: Any, right: bool = False) -> Any:
    """Return the number of the bin for each element."""
    return Batch(np.digitize(primal(x.array), primal(bins), right), x.axis)


def _same_shape(function: Any) -> None:
    """Serve a function of one array whose result has its shape."""

    @batched(function)
    def same_shape(x: Batch) -> Batch:
        return Batch(function(x.array), x.axis)


for _function in of_numpy(
    "real imag angle copy zeros_like ones_like nan_to_num sinc i0 fix round around iscomplex isreal isposinf isneginf"
):
    _same_shape(_function)
