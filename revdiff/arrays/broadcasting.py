"""Bringing a cotangent back to the space of the value it belongs to: shape, dtype, reality.

Imports the core and the number systems. NumPy repeats small operands; on the way back the copies are summed. A float32
operand of a float64 result has a float32 cotangent, a real operand of a complex one a real one.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any, final

import numpy as np

from revdiff.core.lifting import lift
from revdiff.core.masks import Masked
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.systems import is_complex, system_of

Shape = tuple[int, ...]

NUMPY = (np.ndarray, np.generic)
"""The types of NumPy's values."""


@final
class With:
    """The local map ct ↦ function(ct, *args). Unlike a lambda it can be pickled, and says what it does."""

    __slots__ = ("_args", "_function")

    def __init__(self, function: Callable[..., Any], *args: Any) -> None:
        self._function = function
        self._args = args

    def __call__(self, ct: Any) -> Any:
        """Apply the function."""
        return self._function(ct, *self._args)


def broadcast_to(x: Any, shape: Shape, /) -> Any:
    """Repeat x until it has this shape.     x̄ = Σ over the copies of ȳ."""
    if type(x) is not RevDiff:
        return repeated(x, shape) if type(x) in _REPEATED else np.broadcast_to(x, shape)
    return lift(lambda x: (broadcast_to(x, shape), fit_to(x)), x)


_REPEATED = frozenset({float, np.float64, np.ndarray})


def repeated(x: Any, shape: Shape) -> Any:
    """Return what `np.broadcast_to` returns, in a quarter of the time that it takes: cotangents of sums are made of this."""
    x = x if type(x) is np.ndarray else np.array(x)
    lead = len(shape) - x.ndim
    if lead < 0 or not x.flags.c_contiguous or x.dtype.kind == "O":
        return np.broadcast_to(x, shape)
    strides = [0] * lead
    for n, m, step in zip(shape[lead:], x.shape, x.strides, strict=True):
        if n != m != 1:
            return np.broadcast_to(x, shape)  # which says what is wrong
        strides.append(step if n == m else 0)
    view = np.ndarray(shape, x.dtype, x, 0, strides)
    view.flags.writeable = False
    return view


def sum_to(x: Any, shape: Shape, /) -> Any:
    """Sum x over the axes along which ``shape`` was repeated.     x̄ = ȳ, repeated."""
    if type(x) is not RevDiff:
        return _summed(x, shape)
    return lift(lambda x: (sum_to(x, shape), With(broadcast_to, shape_of(x))), x)


def cast(x: Any, dtype: Any, /) -> Any:
    """Convert an array to ``dtype``.     x̄ = ȳ, converted back."""
    if type(x) is not RevDiff:
        return x.astype(dtype)
    return lift(lambda x: (cast(x, dtype), fit_to(x)), x)


def real_part(x: Any, /) -> Any:
    """Return Re x.     x̄ = ȳ, because d Re x = Re(1·dx)."""
    if type(x) is not RevDiff:
        return x.real
    return lift(lambda x: (real_part(x), fit_to(x)), x)


def item(x: Any, /) -> Any:
    """Turn a NumPy scalar into a Python number.     x̄ = ȳ."""
    return lift(lambda x: (item(x), None), x) if type(x) is RevDiff else x.item()


@final
class Fit:
    """The local map that brings a cotangent back to the space of one operand.

    ``shape`` and ``dtype`` are those of the operand; its dtype is `float` or `complex` for a number of
    Python, and None where the numbers are objects, which stay as they are but for their reality.
    """

    __slots__ = ("_dtype", "_is_real", "_shape")

    def __init__(self, shape: Shape, dtype: Any, is_real: bool) -> None:
        self._shape = shape
        self._dtype = dtype
        self._is_real = is_real

    def __call__(self, ct: Any) -> Any:
        """Sum the copies, then take the real part, then convert."""
        if type(ct) is np.ndarray and ct.dtype is self._dtype:
            if ct.shape == self._shape:
                return ct
            if ct.ndim >= len(self._shape):
                return _summed(ct, self._shape)
        plain = primal(ct)
        if not isinstance(plain, np.ndarray | np.generic):
            if self._shape:
                ct = broadcast_to(ct, self._shape)
            if is_complex(plain):
                return real_part(ct) if self._is_real else ct
            return ct + 0j if self._dtype is complex else ct
        if plain.shape != self._shape:
            ct = sum_to(ct, self._shape) if plain.ndim >= len(self._shape) else broadcast_to(ct, self._shape)
        if self._is_real and plain.dtype.kind == "c":
            ct = real_part(ct)
        plain = primal(ct)
        if self._is_real and is_complex(plain):
            ct = plain = real_part(ct)  # the sum of an array of objects is a number of Python
        if self._dtype is None or not isinstance(plain, np.ndarray | np.generic) or plain.dtype.kind == "O":
            return ct
        if isinstance(self._dtype, type):
            return item(ct) + 0j if self._dtype is complex else item(ct)
        return ct if plain.dtype == self._dtype else cast(ct, self._dtype)

    def masked(self, ct: Masked) -> Any:
        """Fit what is present: a sum of copies is absent where all of them are."""
        return ct.moved(self(ct.value), self._fitted_mask)

    def _fitted_mask(self, mask: Any) -> Any:
        if not isinstance(mask, NUMPY) or mask.shape == self._shape:
            return mask
        return _summed(mask, self._shape) > 0 if mask.ndim >= len(self._shape) else np.broadcast_to(mask, self._shape)


def fit_for(x: Any, y: Any) -> Fit | None:
    """Return the map from the space of a result y to that of the operand x, None where they are one."""
    while type(x) is RevDiff and type(y) is RevDiff:
        x, y = x.value, y.value
    kind = type(x)
    if kind is type(y) and (kind is float or (kind is np.ndarray and x.shape == y.shape and x.dtype is y.dtype)):
        return None
    px, py = primal(x), primal(y)
    if type(px) is type(py) and (not isinstance(px, NUMPY) or (px.shape == py.shape and px.dtype == py.dtype)):
        return None
    return fit_to(px)


def fit_for_numbers(x: Any, y: Any) -> Fit | None:
    """Return the map from the space of a result y to that of the operand x, None where a change of shape is enough."""
    px, py = primal(x), primal(y)
    if type(px) is np.ndarray and isinstance(py, NUMPY) and px.dtype is py.dtype and px.dtype.kind in "fc":
        return None
    return fit_for(x, y)


def are_of_one_space(x: Any, y: Any, z: Any) -> bool:
    """Tell, quickly, whether three arrays are of one shape and one dtype, so that no cotangent needs fitting."""
    return (
        type(x) is np.ndarray is type(y) is type(z) and x.shape == y.shape == z.shape and x.dtype is y.dtype is z.dtype
    )


def fit_to(x: Any) -> Fit:
    """Return the map to the space of the operand x, from that of any result."""
    x = primal(x)
    if isinstance(x, NUMPY):
        code = x.dtype.kind
        dtype = x.dtype if code in "fc" else None if code == "O" else np.dtype(np.float64)
        return Fit(x.shape, dtype, code in "fiub")
    if is_complex(x):
        return Fit((), complex, is_real=False)
    return Fit((), float if isinstance(x, float | int) else None, is_real=system_of(x) != "sympy")


def _summed(x: Any, shape: Shape) -> Any:
    lead = x.ndim - len(shape)
    axes = (*range(lead), *[i for i, n in enumerate(shape, lead) if n == 1 and x.shape[i] != 1])
    if type(x) is not np.ndarray or x.dtype.kind not in "fc":
        return x.sum(axis=axes, keepdims=True).reshape(shape)[()]
    total = _summed_by_rows(x, axes) if axes and x.dtype in _OF_BLAS and x.flags.c_contiguous else None
    total = np.add.reduce(x, axis=axes) if total is None else total
    return total if total.shape == shape else total.reshape(shape)


_OF_BLAS = frozenset({np.dtype(np.float64), np.dtype(np.float32)})


def _summed_by_rows(x: Any, axes: Shape) -> Any:
    """Return the sum over neighbouring axes that are not the last, as a product with ones: several times as fast.

    None for other axes.
    """
    first, last = axes[0], axes[-1]
    rows, columns = prod(x.shape[first : last + 1]), prod(x.shape[last + 1 :])
    if last - first >= len(axes) or columns < 2 or rows < 2:
        return None
    ones = np.empty(rows, x.dtype)
    ones.fill(1)
    return ones @ (x.reshape(-1, rows, columns) if first else x.reshape(rows, columns))
