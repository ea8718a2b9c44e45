"""Functions of NumPy that work element by element and are no ufuncs: where, clip, real, round, copies.

Imports `batch` and shapes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.batches.batch import Batch, batched, elementwise


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


def _same_shape(function: Any) -> None:
    """Serve a function of one array whose result has its shape."""

    @batched(function)
    def same_shape(x: Batch) -> Batch:
        return Batch(function(x.array), x.axis)


for _name in (
    "real", "imag", "angle", "copy", "zeros_like", "ones_like", "nan_to_num", "sinc", "i0", "fix", "round", "around",
    "iscomplex", "isreal", "isposinf", "isneginf",
):  # fmt: skip
    _same_shape(getattr(np, _name))
