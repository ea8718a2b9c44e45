"""Shape: the same numbers in another arrangement.

Imports lifting, broadcasting and NumPy's protocol.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from revdiff.broadcasting import Fit, With, broadcast_to, cast, fit_for
from revdiff.core.errors import ConversionError
from revdiff.core.lifting import lift
from revdiff.core.revdiff import OPERATORS, RevDiff, primal
from revdiff.core.structure import ARRAYS
from revdiff.numpy_protocol import attribute, method, stands_for


@stands_for(np.reshape)
def reshape(x: Any, /, *shape: Any) -> Any:
    """Return the elements of x in another shape, in C order.     x̄ = ȳ in the shape of x."""
    new = shape[0] if len(shape) == 1 else shape

    def body(x: Any) -> tuple[Any, Any]:
        y = np.reshape(x, new) if primal(x) is x else reshape(x, new)
        return y, With(reshape, np.shape(primal(x)))

    return lift(body, x)


@stands_for(np.transpose)
def transpose(x: Any, /, axes: Sequence[int] | None = None) -> Any:
    """Permute the axes of x, reversing them by default.     x̄ = ȳ, permuted back."""

    def body(x: Any) -> tuple[Any, Any]:
        y = np.transpose(x, axes) if primal(x) is x else transpose(x, axes)
        back = None if axes is None else [int(i) for i in np.argsort([i % len(axes) for i in axes])]
        return y, With(transpose, back)

    return lift(body, x)


@stands_for(np.swapaxes)
def swapaxes(x: Any, /, axis1: int, axis2: int) -> Any:
    """Exchange two axes of x.     x̄ = ȳ, exchanged back."""
    axes = list(range(np.ndim(primal(x))))
    axes[axis1], axes[axis2] = axes[axis2], axes[axis1]
    return transpose(x, axes)


@stands_for(np.stack)
def stack(arrays: Sequence[Any], /, axis: int = 0) -> Any:
    """Join values of one shape along a new axis.     The cotangent of each is its slice of ȳ."""
    arrays = list(map(gather, arrays))
    if not any(type(a) is RevDiff for a in arrays):
        return np.stack(arrays, axis)

    def body(*arrays: Any) -> tuple[Any, ...]:
        place = (slice(None),) * (axis if axis >= 0 else axis + 1 + np.ndim(primal(arrays[0])))
        joined = stack(arrays, axis)
        return joined, *[With(_slice, (*place, i), fit_for(a, joined)) for i, a in enumerate(arrays)]

    return lift(body, *arrays)


def _slice(ct: Any, index: tuple[Any, ...], fit: Fit | None) -> Any:
    return ct[index] if fit is None else fit(ct[index])


def gather(array: Any, /) -> Any:
    """Make one RevDiff of an object array whose elements are RevDiffs, as `np.array([r1, r2])` gives it.

    Of a unit vector it makes the array of its components.
    """
    as_array = ARRAYS.find(type(array))
    if as_array is not None:
        return as_array(array)
    if type(array) is np.ndarray and array.dtype == object and any(type(element) is RevDiff for element in array.flat):
        return reshape(stack(list(array.flat)), array.shape)
    return array


def astype(x: Any, dtype: Any, /) -> Any:
    """Return x with its numbers converted to another floating-point or complex dtype.     x̄ = ȳ, converted back."""
    if np.dtype(dtype).kind not in "fc":
        msg = (
            f"astype({np.dtype(dtype)}) of a RevDiff would drop its derivative.\n"
            "  For the numbers alone:  revdiff.primal(r).astype(...)"
        )
        raise ConversionError(msg)
    return cast(x, dtype)


def _attribute_of_value(name: str) -> Callable[[Any], Any]:
    return lambda r: getattr(primal(r), name)


OPERATORS["gather"] = gather
stands_for(np.broadcast_to)(broadcast_to)
method("reshape", reshape)
method("transpose", lambda x, *axes: transpose(x, axes[0] if len(axes) == 1 else axes or None))
method("ravel", lambda x: reshape(x, -1))
method("flatten", lambda x: reshape(x, -1))
method("astype", astype)
attribute("T", transpose)
for _name in ("shape", "ndim", "size", "dtype"):
    attribute(_name, _attribute_of_value(_name))
