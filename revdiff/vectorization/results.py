"""The results of a mapped function: of all samples at once, or joined of those of one sample after the other.

Imports the core, batches, shapes and axes. A result has samples where it holds a batch, and nothing that may hold one
unseen, a function or an object of some class, is handed on as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from enum import Enum
from types import EllipsisType, ModuleType, NoneType
from typing import Any

import numpy as np

from revdiff.batches.batch import Axis, Batch
from revdiff.core.errors import ArgumentError, BatchError, ResultError, describe, describe_form
from revdiff.core.parts import split
from revdiff.core.revdiff import RevDiff, const_diff, primal, shape_of
from revdiff.core.structure import MAPS, STRUCTURES
from revdiff.rules.shape import gather
from revdiff.systems import is_masked
from revdiff.vectorization.axes import Axes, is_numeric, over_leaves, parts_of

THE_RESULT = "the result"

_PLAIN = (str, bytes, NoneType, EllipsisType, Enum, type, ModuleType, np.dtype, np.ufunc)
"""What holds no batch, and is handed on as it is."""


def opened(result: Any, axis: Axis) -> Any:
    """Return a result of all samples with the arrays of its batches, which belong to the caller alone."""
    given: set[int] = set()

    def own_array(leaf: Any, _: int, where: str) -> Any:
        array = _array_of(leaf, axis, where)
        if is_numeric(array) and (type(array) is not np.ndarray or array.base is not None or id(array) in given):
            array = copy(array)
        given.add(id(array))
        return array

    return over_leaves(own_array, split(result), 0, THE_RESULT)


def _array_of(leaf: Any, axis: Axis, where: str) -> Any:
    """Return the array of a batch; of what is the same for all samples, an array of as many copies."""
    leaf = gather(leaf)
    plain = primal(leaf)
    if type(plain) is Batch and plain.axis is axis:
        if type(leaf) is RevDiff and leaf._node[1] == 0:
            return const_diff(plain.array)
        if type(leaf) is RevDiff and (leaf._node[1] != axis.number or leaf.value is not plain):
            raise BatchError.as_variable()
        return plain.array
    if type(leaf) is RevDiff and leaf._node[1] > axis.number:
        raise BatchError.as_variable()
    if not is_numeric(leaf):
        if isinstance(leaf, _PLAIN):
            return leaf
        msg = f"{where} is {describe(leaf)}, which may hold a batch"
        raise BatchError(msg)
    if is_masked(plain) or (isinstance(plain, np.ndarray) and any(type(primal(x)) is Batch for x in _objects(plain))):
        msg = f"{where} is an array of objects, some of which are batches"
        raise BatchError(msg)
    return np.broadcast_to(leaf, (axis.length, *shape_of(leaf)))


def _objects(array: np.ndarray[Any, Any]) -> Iterable[Any]:
    return array.flat if array.dtype.kind == "O" else ()


def joined(results: list[Any]) -> Any:
    """Return the results of one sample after the other, with an axis of samples in front of each array."""
    return _joined([split(result) for result in results], THE_RESULT)


def joined_of_none(result: Any) -> Any:
    """Return a result of one sample as that of no samples."""
    return over_leaves(lambda leaf, *_: leaf[:0] if is_numeric(leaf) else leaf, joined([result]), 0, THE_RESULT)


def _joined(results: list[Any], where: str) -> Any:
    """Join the results for all samples, structure by structure."""
    first = results[0]
    structure = STRUCTURES.find(type(first))
    if structure is None:
        return _stacked([gather(result) for result in results], where)
    columns = []
    for i, result in enumerate(results):
        columns.append(dict(parts_of(result, structure)) if type(result) is type(first) else {})
        if columns[i].keys() != columns[0].keys():
            raise _different(where, i, describe_form(first), describe_form(result))
    for key in structure.constants:
        values = [getattr(result, key, None) for result in results]
        if not all(_are_same(value, values[0]) for value in values):
            columns = [column | {key: value} for column, value in zip(columns, values, strict=True)]
    return structure.build(
        first,
        {key: _joined([column[key] for column in columns], where + structure.step(first, key)) for key in columns[0]},
    )


def _stacked(results: list[Any], where: str) -> Any:
    """Join numbers or arrays of one shape along an axis in front. What is no number is the same for all samples."""
    first = results[0]
    for i, result in enumerate(results):
        if is_masked(primal(result)):
            msg = (
                f"{where} is {describe(primal(result))}, and these are not joined.\n  Return r.filled(0.0), and r.mask."
            )
            raise ResultError(msg)
        if is_numeric(result) is not is_numeric(first) or (is_numeric(first) and shape_of(result) != shape_of(first)):
            raise _different(where, i, describe_form(primal(first)), describe_form(primal(result)))
        if not is_numeric(first) and not _are_same(result, first):
            raise _different(where, i, repr(first), repr(result))
    return np.stack(results) if is_numeric(first) else first


def _are_same(one: Any, other: Any) -> bool:
    """Tell whether two values that are carried along are the same, as far as anybody can know."""
    if one is other:
        return True
    if type(one) is not type(other) or MAPS.find(type(one)) is not None:
        return False
    try:
        return bool(np.all(one == other))
    except (TypeError, ValueError):  # of arrays of different shapes, and whatever else cannot be compared
        return False


def _different(where: str, i: int, first: str, other: str) -> ResultError:
    return ResultError(f"what f returns for all samples has one form; {where} is {first} for sample 0, {other} for {i}")


def placed(result: Any, out_axes: Axes) -> Any:
    """Return the result with its axis of samples where ``out_axes`` says."""

    def placed(leaf: Any, place: int, where: str) -> Any:
        if not place or not is_numeric(leaf):
            return leaf
        shape = shape_of(leaf)
        if not -len(shape) <= place < len(shape):
            msg = f"out_axes puts samples along axis {place} of {where}, which has shape {shape}"
            raise ArgumentError(msg)
        return np.moveaxis(leaf, 0, place)

    return over_leaves(placed, result, out_axes, THE_RESULT)
