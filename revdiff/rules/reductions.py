"""Reductions: sums and means over axes.

Imports lifting, broadcasting and NumPy's protocol.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.broadcasting import Fit, With, broadcast_to, fit_for
from revdiff.core.lifting import lift
from revdiff.core.revdiff import primal
from revdiff.numpy_protocol import method, stands_for
from revdiff.rules.shape import reshape

Axis = int | tuple[int, ...] | None


@stands_for(np.sum)
def sum_(x: Any, /, axis: Axis = None, *, keepdims: bool = False) -> Any:
    """Return the sum over the given axes, all of them by default.     x̄ = ȳ, repeated along them."""

    def body(x: Any) -> tuple[Any, Any]:
        total = (np.sum if primal(x) is x else sum_)(x, axis=axis, keepdims=keepdims)
        return total, With(_repeated, np.shape(primal(x)), axis, fit_for(x, total))

    return lift(body, x)


@stands_for(np.mean)
def mean(x: Any, /, axis: Axis = None, *, keepdims: bool = False) -> Any:
    """Return the mean over the given axes, all of them by default.     x̄ = ȳ/n, repeated along them."""

    def body(x: Any) -> tuple[Any, Any]:
        average = (np.mean if primal(x) is x else mean)(x, axis=axis, keepdims=keepdims)
        terms = np.size(primal(x)) // max(1, np.size(primal(average)))
        return average, With(_repeated, np.shape(primal(x)), axis, fit_for(x, average), terms)

    return lift(body, x)


def _repeated(ct: Any, shape: tuple[int, ...], axis: Axis, fit: Fit | None, terms: int = 1) -> Any:
    """Divide a cotangent by the number of terms, and repeat it along the axes that were reduced."""
    reduced = range(len(shape)) if axis is None else [i % len(shape) for i in np.atleast_1d(axis)]
    kept = tuple(1 if i in reduced else n for i, n in enumerate(shape))
    ct = broadcast_to(reshape(ct if terms == 1 else ct / terms, kept), shape)
    return ct if fit is None else fit(ct)


method("sum", sum_)
method("mean", mean)
