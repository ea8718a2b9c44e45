"""Sorting: sort, partition, unique. Equal elements are exchangeable, and share their cotangents evenly.

Imports rules for arrays, lifting and shapes. Sorting is a permutation, which a small change does not change; where
elements are equal, several permutations sort, and the derivative is the mean of theirs. So it depends on the order in
which elements came in no more than the result does, and ``sort(x)[-1]`` has the derivative of ``max(x)``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.arrays.broadcasting import With
from revdiff.arrays.names import of_numpy
from revdiff.arrays.numpy_protocol import constant, method_of, stands_for
from revdiff.core.lifting import lift
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.functions.of_arrays import Moving, rule
from revdiff.rules.reductions import same
from revdiff.rules.shape import reshape


@stands_for(np.sort)
def sort(a: Any, /, axis: int | None = -1, kind: Any = None, *, stable: bool | None = None) -> Any:
    """Return the elements in order along an axis, or all of them for None.     ā is ȳ in the order of a.

    Equal elements share the cotangents of their places evenly.

    >>> from revdiff import vjp
    >>> _, pullback = vjp(np.sort, np.array([3.0, 1.0, 2.0, 1.0]))
    >>> pullback(np.array([10.0, 20.0, 30.0, 40.0]))
    array([40., 15., 30., 15.])
    """
    return _sort(reshape(a, -1) if axis is None else a, axis or 0, kind, stable)


@rule()
def _sort(a: Any, /, axis: int, kind: Any, stable: bool | None) -> tuple[Any, Any]:
    how = {"kind": kind, "stable": stable}
    y = np.sort(a, axis=axis, **{key: value for key, value in how.items() if value is not None})

    return y, Moving(_from_ranks, primal(a), axis)


def _from_ranks(y_bar: Any, a: Any, axis: int) -> Any:
    """Return the cotangent of a, made of those of its elements in order along an axis."""
    rows, y_bar = np.moveaxis(a, axis, -1), np.moveaxis(y_bar, axis, -1)
    order = np.argsort(rows, axis=-1)
    ordered, ranks = np.take_along_axis(rows, order, -1), np.empty(order.shape, np.intp)
    begins = np.ones(rows.shape, bool)
    begins[..., 1:] = ~same(ordered[..., 1:], ordered[..., :-1])
    if not begins.all():
        y_bar = _shared(y_bar, begins)
    np.put_along_axis(ranks, order, np.arange(order.shape[-1]), -1)
    return np.moveaxis(np.take_along_axis(y_bar, ranks, -1), -1, axis)


def _shared(ct: Any, begins: Any) -> Any:
    """Return, in the place of each element, the mean over its group; ``begins`` marks the first of each group.

    The map is its own transpose, and so its own pullback.
    """
    return lift(lambda ct: ((_shared if type(ct) is RevDiff else _means)(ct, begins), With(_shared, begins)), ct)


def _means(ct: Any, begins: Any) -> Any:
    starts = np.flatnonzero(begins)
    counts = np.diff(starts, append=begins.size)
    sums = np.add.reduceat(ct.ravel(), starts)
    return np.repeat(sums if ct.dtype == bool else sums / counts, counts).reshape(ct.shape)


@stands_for(*of_numpy("msort"))
def msort(a: Any, /) -> Any:
    """Return the elements in order along the first axis."""
    return sort(a, 0)


@stands_for(np.partition)
def partition(a: Any, /, kth: Any, axis: int | None = -1, kind: Any = "introselect") -> Any:
    """Return the elements with the kth where sorting puts it, smaller ones before and larger ones behind.

    ā is ȳ in the order of a. Equal elements share the cotangents of their places evenly.
    """
    return _partition(reshape(a, -1) if axis is None else a, kth, axis or 0, kind)


@rule()
def _partition(a: Any, /, kth: Any, axis: int, kind: Any) -> tuple[Any, Any]:
    y = np.partition(a, kth, axis, kind)

    return y, Moving(_from_partition, primal(y), primal(a), axis)


def _from_partition(y_bar: Any, y: Any, a: Any, axis: int) -> Any:
    return _from_ranks(np.take_along_axis(y_bar, np.argsort(y, axis), axis), a, axis)


@stands_for(np.sort_complex)
def sort_complex(a: Any, /) -> Any:
    """Return the elements in order along the last axis, as complex numbers: by real, then by imaginary part."""
    return sort(a).astype(np.sort_complex(primal(a)).dtype)


@stands_for(np.unique)
def unique(
    ar: Any,
    /,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    *,
    equal_nan: bool = True,
    sorted: bool = True,  # noqa: A002 (NumPy's name)
) -> Any:
    """Return the different elements in order, or the different slices along an axis.     āᵢ = ȳₖ/n, where aᵢ is one of the n equal to yₖ.

    How many there are is constant: the derivative is right as long as what is equal stays equal. Indices, inverse
    and counts are constants.
    """
    values = _unique(ar, axis, equal_nan)
    wanted = {"return_index": return_index, "return_inverse": return_inverse, "return_counts": return_counts}
    if not any(wanted.values()):
        return values
    results: Any = np.unique(primal(ar), **wanted, axis=axis, equal_nan=equal_nan)  # type: ignore[call-overload]
    return values, *results[1:]


@rule()
def _unique(a: Any, /, axis: int | None, equal_nan: bool) -> tuple[Any, Any]:
    y, inverse, counts = np.unique(primal(a), return_inverse=True, return_counts=True, axis=axis, equal_nan=equal_nan)
    if type(a) is RevDiff:
        y = _unique(a, axis, equal_nan)

    def a_pullback(y_bar: Any) -> Any:
        along = axis or 0
        share = np.moveaxis(np.moveaxis(y_bar, along, -1) / counts, -1, along)
        return reshape(np.take(share, inverse.reshape(-1), along), shape_of(a))

    return y, a_pullback


def _named_results(numpy_function: Any) -> None:
    """Let one of NumPy's functions that return unique elements by name have the values of `unique`."""

    def unique_results(x: Any, /) -> Any:
        values, results = unique(x, equal_nan=False), numpy_function(primal(x))
        return results._replace(values=values) if hasattr(results, "_replace") else values

    stands_for(numpy_function)(unique_results)


for _function in of_numpy("unique_all unique_counts unique_inverse unique_values"):
    _named_results(_function)
for _function in (
    np.argsort, np.argmax, np.argmin, np.argpartition, np.lexsort, np.searchsorted, np.digitize,
    np.nanargmax, np.nanargmin, np.nonzero, np.flatnonzero, np.argwhere, np.count_nonzero,
):  # fmt: skip
    constant(_function)
for _function in (np.argsort, np.argmax, np.argmin, np.argpartition, np.searchsorted, np.nonzero):
    method_of(_function)
