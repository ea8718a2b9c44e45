"""Shape: the same numbers along other axes, and many values as one array.

Imports lifting, broadcasting, rules of arrays and NumPy's protocol.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from revdiff.arrays.broadcasting import Shape, broadcast_to, cast, fit_for_numbers
from revdiff.arrays.memory import layout_of, viewed
from revdiff.arrays.names import of_numpy
from revdiff.arrays.numpy_protocol import attribute, constant, holds_revdiff, method, stands_for
from revdiff.core.errors import ConversionError, MissingRuleError
from revdiff.core.lifting import lift, step_from
from revdiff.core.revdiff import OPERATORS, RevDiff, primal, shape_of
from revdiff.core.structure import ARRAYS
from revdiff.functions.of_arrays import Moving

SEVERAL: Any = type(np.atleast_1d(0, 0))
"""What NumPy returns several arrays in: a tuple, and before NumPy 2 a list."""


@stands_for(np.reshape)
def reshape(x: Any, /, shape: Any, order: str = "C", *, copy: bool | None = None) -> Any:
    """Return the elements of x in another shape.     x̄ = ȳ in the shape of x.

    Fortran's order is C's order of the transposes, ``reshape(x, shape, "F")`` = reshape(xᵀ, reversed shape)ᵀ.
    """
    if order == "C" and copy is None:
        if type(x) is np.ndarray:
            return x.reshape(shape)
        if type(x) is RevDiff and type(x.value) is np.ndarray and x.value.dtype.kind in "fc":
            y = step_from(x, x.value.reshape(shape), Moving(_shaped_back, x.value.shape))
            return viewed(x, y, reshape, shape)
    if order != "C" and _in_fortran_order(x, order):
        return transpose(reshape(transpose(x), np.ravel(shape)[::-1].tolist(), copy=copy))
    how: dict[str, Any] = {} if copy is None else {"copy": copy}

    def body(x: Any) -> tuple[Any, Any]:
        y = (np.reshape if type(x) is not RevDiff else reshape)(x, shape, **how)
        return y, Moving(_shaped_back, shape_of(x), fit=fit_for_numbers(x, y))

    return viewed(x, lift(body, x), reshape, shape)


def _in_fortran_order(x: Any, order: str) -> bool:
    """Tell whether an order means Fortran's: "A" follows the memory of x."""
    if order not in ("C", "F", "A"):
        msg = f"order must be one of 'C', 'F', or 'A' (got {order!r})"
        raise ValueError(msg)
    return order == "F" or (order == "A" and bool(np.asarray(layout_of(x)).flags.fnc))


def _shaped_back(ct: Any, shape: Shape) -> Any:
    return reshape(ct, shape) if shape else reshape(ct, shape)[()]


def _reshaped(function: Callable[[Any], Any], x: Any) -> Any:
    """Apply a function of NumPy that only changes the shape."""

    def body(x: Any) -> tuple[Any, Any]:
        y = function(x)
        return y, Moving(_shaped_back, shape_of(x), fit=fit_for_numbers(x, y))

    return viewed(x, lift(body, x), function)


@stands_for(np.ravel)
def ravel(x: Any, /, order: str = "C") -> Any:
    """Return the elements of x along one axis.     x̄ = ȳ in the shape of x."""
    if order == "K":
        return ravel(transpose(x, _axes_in_memory(layout_of(x))))
    if order != "C" and _in_fortran_order(x, order):
        return ravel(transpose(x))
    return _reshaped(np.ravel, x)  # unlike reshape it copies whatever has gaps


def _axes_in_memory(x: Any) -> list[int]:
    """Return the axes of an array as they lie in memory, that of the longest strides first."""
    strides = np.asarray(x).strides
    if any(step == 0 and n > 1 for step, n in zip(strides, np.shape(x), strict=True)):
        name, hint = "numpy.ravel with order='K'", " In memory, this array repeats elements; write order='C'."
        raise MissingRuleError.of(name, hint)
    return sorted(range(len(strides)), key=lambda axis: -abs(strides[axis]))


@stands_for(np.squeeze)
def squeeze(x: Any, /, axis: int | tuple[int, ...] | None = None) -> Any:
    """Leave out axes of length 1.     x̄ = ȳ in the shape of x."""
    return _reshaped(lambda x: np.squeeze(x, axis), x)


@stands_for(np.expand_dims)
def expand_dims(x: Any, /, axis: int | Sequence[int]) -> Any:
    """Put in axes of length 1.     x̄ = ȳ in the shape of x."""
    return _reshaped(lambda x: np.expand_dims(x, axis), x)


def _at_least(function: Any) -> Callable[..., Any]:
    def at_least(*arrays: Any) -> Any:
        grown = [_reshaped(function, gather(x)) for x in arrays]
        return grown[0] if len(grown) == 1 else SEVERAL(grown)

    at_least.__name__ = function.__name__
    at_least.__doc__ = "Give arrays axes of length 1 until they have so many.     x̄ = ȳ in the shape of x."
    return stands_for(function)(at_least)


atleast_1d = _at_least(np.atleast_1d)
atleast_2d = _at_least(np.atleast_2d)
atleast_3d = _at_least(np.atleast_3d)


@stands_for(np.transpose, *of_numpy("permute_dims"))
def transpose(x: Any, /, axes: Sequence[int] | None = None) -> Any:
    """Permute the axes of x, reversing them by default.     x̄ = ȳ, permuted back."""
    if axes is None:
        if type(x) is np.ndarray:
            return x.T
        if type(x) is RevDiff and type(x.value) is np.ndarray and x.value.dtype.kind in "fc":
            return viewed(x, step_from(x, x.value.T, Moving(transpose)), transpose, None)

    def body(x: Any) -> tuple[Any, Any]:
        y = np.transpose(x, axes) if type(x) is not RevDiff else transpose(x, axes)
        back = None if axes is None else [int(i) for i in np.argsort([i % len(axes) for i in axes])]
        return y, Moving(transpose, back, fit=fit_for_numbers(x, y))

    return viewed(x, lift(body, x), transpose, axes)


def _turned(function: Callable[[Any], Any], x: Any) -> Any:
    """Permute axes as a function of NumPy does: an array with axes of lengths 0, 1, 2, … shows where they go."""
    return transpose(x, function(np.empty(range(np.ndim(primal(x))))).shape)


@stands_for(np.swapaxes)
def swapaxes(x: Any, /, axis1: int, axis2: int) -> Any:
    """Exchange two axes of x.     x̄ = ȳ, exchanged back."""
    return _turned(lambda x: np.swapaxes(x, axis1, axis2), x)


@stands_for(np.moveaxis)
def moveaxis(x: Any, /, source: int | Sequence[int], destination: int | Sequence[int]) -> Any:
    """Put axes in other places, the rest staying in order.     x̄ = ȳ, permuted back."""
    return _turned(lambda x: np.moveaxis(x, source, destination), x)


@stands_for(np.rollaxis)
def rollaxis(x: Any, /, axis: int, start: int = 0) -> Any:
    """Put an axis before another one.     x̄ = ȳ, permuted back."""
    return _turned(lambda x: np.rollaxis(x, axis, start), x)


@stands_for(*of_numpy("matrix_transpose linalg.matrix_transpose"))
def matrix_transpose(x: Any, /) -> Any:
    """Exchange the last two axes of x.     x̄ = ȳ, exchanged back."""
    if np.ndim(primal(x)) < 2:
        msg = f"a matrix has two axes at least; met an array of shape {shape_of(x)}"
        raise ValueError(msg)
    return swapaxes(x, -1, -2)


@stands_for(np.broadcast_to)
def _numpy_broadcast_to(array: Any, /, shape: Any, subok: bool = False) -> Any:
    array = gather(array)
    return viewed(array, broadcast_to(array, np.broadcast_shapes(shape)), np.broadcast_to, shape)


@stands_for(np.broadcast_arrays)
def broadcast_arrays(*arrays: Any, subok: bool = False) -> Any:
    """Repeat arrays until they have one shape.     The cotangent of each is the sum over its copies."""
    gathered = [gather(x) for x in arrays]
    shape = np.broadcast_shapes(*[shape_of(x) for x in gathered])
    return SEVERAL(viewed(x, broadcast_to(x, shape), np.broadcast_to, shape) for x in gathered)


@stands_for(np.stack)
def stack(arrays: Any, /, axis: int = 0, *, dtype: Any = None, casting: str = "same_kind") -> Any:
    """Join values of one shape along a new axis.     The cotangent of each is its slice of ȳ."""
    return joined(np.stack, arrays, _slices_of_stack, axis=axis, dtype=dtype, casting=casting)


def _slices_of_stack(shapes: list[Shape], axis: int) -> list[Any]:
    return [on_axis(i, axis, len(shapes[0]) + 1) for i in range(len(shapes))]


def on_axis(index: Any, axis: int, axes: int) -> tuple[Any, ...]:
    """Return the index that is ``index`` on one of so many axes, and everything on those before and behind it."""
    if not -axes <= axis < axes:
        raise np.exceptions.AxisError(axis, axes)
    return (*(slice(None),) * (axis % axes), index)


def laid(x: Any, axis: int, axes: int) -> Any:
    """Return a vector along one of so many axes, the others being of length 1."""
    return reshape(x, [-1 if i == axis % axes else 1 for i in range(axes)])


def along(x: Any, index: Any, axis: int) -> Any:
    """Return x[…, index, …], with the index on one axis."""
    return x[on_axis(index, axis, np.ndim(primal(x)))]


def joined(function: Any, arrays: Any, slices: Callable[[list[Shape], Any], list[Any]], **how: Any) -> Any:
    """Join arrays with a function of NumPy, for which ``slices`` tells where in the result each of them is."""
    if how["dtype"] is not None:
        require_floating(how["dtype"], f"{function.__name__}(…, dtype={np.dtype(how['dtype'])})")

    def body(*arrays: Any) -> tuple[Any, ...]:
        y = joined(function, arrays, slices, **how) if RevDiff in map(type, arrays) else function(arrays, **how)
        shapes = list(map(shape_of, arrays))
        places = zip(slices(shapes, how["axis"]), shapes, arrays, strict=True)
        return y, *[Moving(_slice, place, shape, fit=fit_for_numbers(x, y)) for place, shape, x in places]

    return lift(body, *[gather(x) for x in arrays])


def _slice(ct: Any, place: Any, shape: Shape) -> Any:
    ct = ct[place]
    return ct if shape_of(ct) == shape else _shaped_back(ct, shape)


def gather(x: Any, /) -> Any:
    """Make one RevDiff of nested lists, or of an array of objects, in which RevDiffs stand among numbers.

    Of lists without a RevDiff it makes an array, as `np.array` does, and of a unit vector that of its components.
    """
    if type(x) is RevDiff:
        return x
    as_array = ARRAYS.find(type(x))
    if as_array is not None:
        return as_array(x)
    if isinstance(x, list | tuple):
        x = stack(x) if holds_revdiff(x) else np.array(x)
    if type(x) is np.ndarray and x.dtype.kind == "O" and RevDiff in map(type, x.flat):
        return reshape(stack(x.flat), x.shape)
    return x


@stands_for(*of_numpy("astype"))
def astype(
    x: Any, dtype: Any, /, order: str = "K", casting: Any = "unsafe", subok: bool = True, copy: bool = True
) -> Any:
    """Return x with its numbers converted to another floating-point or complex dtype.     x̄ = ȳ, converted back."""
    require_floating(dtype, f"astype({np.dtype(dtype)})")
    before = getattr(primal(x), "dtype", dtype)
    if not np.can_cast(before, dtype, casting):
        msg = f"Cannot cast array data from {before!r} to {np.dtype(dtype)!r} according to the rule {casting!r}"
        raise TypeError(msg)
    return x if not copy and before == np.dtype(dtype) and order == "K" else cast(x, dtype)


@stands_for(*of_numpy("asfarray"))
def asfarray(a: Any, /, dtype: Any = np.float64) -> Any:
    """Return an array of a floating-point dtype."""
    return astype(gather(a), dtype if np.dtype(dtype).kind in "fc" else np.float64)


def require_floating(dtype: Any, what: str) -> None:
    """Raise `ConversionError` unless numbers of this dtype can have derivatives."""
    if np.dtype(dtype).kind not in "fc":
        msg = f"{what} of a RevDiff would drop its derivative.\n  For the numbers alone:  revdiff.primal(r).astype(...)"
        raise ConversionError(msg)


def _attribute_of_value(name: str) -> Callable[[Any], Any]:
    return lambda r: getattr(primal(r), name)


OPERATORS["gather"] = gather
for _function in (
    np.shape, np.ndim, np.size, np.result_type, np.common_type, np.min_scalar_type, np.can_cast, np.shares_memory, np.may_share_memory,
    np.array_repr, np.array_str, np.array2string,
):  # fmt: skip
    constant(_function)
method("reshape", lambda x, *shape, **how: reshape(x, shape[0] if len(shape) == 1 else shape, **how))
method("ravel", ravel)
method("flatten", lambda x, order="C": np.copy(ravel(x, order)))
method("squeeze", squeeze)
method("transpose", lambda x, *axes: transpose(x, axes[0] if len(axes) == 1 else axes or None))
method("swapaxes", swapaxes)
method("astype", astype)
attribute("T", transpose)
attribute("mT", matrix_transpose)
for _name in ("shape", "ndim", "size", "dtype", "itemsize", "nbytes"):
    attribute(_name, _attribute_of_value(_name))
attribute("flags", lambda r: layout_of(r).flags)
