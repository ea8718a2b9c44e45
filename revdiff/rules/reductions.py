"""Reductions: sums and means over axes.

Imports lifting, broadcasting and NumPy's protocol.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.broadcasting import broadcast_to, fit_for
from revdiff.core.lifting import lift
from revdiff.core.revdiff import primal
from revdiff.numpy_protocol import method, stands_for
from revdiff.rules.shape import reshape

Axis = int | tuple[int, ...] | None


@stands_for(np.sum)
def sum_(x: Any, /, axis: Axis = None, *, keepdims: bool = False) -> Any:
    """Return the sum over the given axes, all of them by default.     x̄ = ȳ, repeated along them."""
    shape = np.shape(primal(x))
    kept = np.sum(np.empty(shape, bool), axis=axis, keepdims=True).shape

    def body(x: Any) -> tuple[Any, Any]:
        plain = primal(x) is x
        total = np.sum(x, axis=axis, keepdims=keepdims) if plain else sum_(x, axis=axis, keepdims=keepdims)
        return total, lambda ct: _dtype_of(x, broadcast_to(reshape(ct, kept), shape))

    return lift(body, x)


def _dtype_of(x: Any, ct: Any) -> Any:
    fit = fit_for(x, ct)
    return ct if fit is None else fit(ct)


@stands_for(np.mean)
def mean(x: Any, /, axis: Axis = None, *, keepdims: bool = False) -> Any:
    """Return the mean over the given axes: the sum divided by the number of terms."""
    total = sum_(x, axis=axis, keepdims=keepdims)
    terms = np.size(primal(x)) // max(1, np.size(primal(total)))
    return total / terms


method("sum", sum_)
method("mean", mean)
