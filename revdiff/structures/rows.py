"""The rows of a Jacobian: all in one sweep where that can be done, and one after the other where not.

Imports the core, batches, shapes and the descriptor protocol. A sweep with a `Batch` of unit vectors for its cotangent
carries all rows back together. What a batch cannot pass, a pullback written for floats perhaps, a single row can, and
so what happens there is asked of the rows alone: they give the same result, or the error that belongs to it.

A row belongs to one element, and the others are absent from its cotangent: of √x the slope at 0 is infinite, and not
asked for by the rows of other elements. All rows at once have zeros there, so where they find a NaN the rows are asked too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from revdiff.batches.batch import MOST, Batch
from revdiff.core.cotangents import zero_like
from revdiff.core.errors import BatchError, BatchSizeError
from revdiff.core.masks import masked
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.core.structure import STRUCTURES, leaves
from revdiff.rules.shape import reshape, stack
from revdiff.structures.protocol import Pull
from revdiff.systems import is_number

FEW = 3
"""From so many rows on, one sweep with all of them is faster."""


def rows(y: Any, pull: Pull, /) -> Any:
    """Return the derivatives of all elements of an array, joined: the shape of the array, then that of the argument."""
    value = primal(y)
    if type(y) is RevDiff and value.size >= FEW and value.dtype.kind in "fciu":
        try:
            found = together(y, pull)
        except Exception:  # whatever it is, the rows know better
            return one_by_one(y, pull)
        return one_by_one(y, pull) if any(np.any(x != x) for x in leaves(found)) else found
    return one_by_one(y, pull)


def one_by_one(y: Any, pull: Pull, /) -> Any:
    """Carry back one unit vector after the other."""
    value = primal(y)
    each = []
    for index in np.ndindex(value.shape):
        seed = zero_like(value)
        seed[index] = 1
        mask = np.zeros(value.shape, bool)
        mask[index] = True
        each.append(pull(y, masked(seed, mask)))
    return joined(lambda rows: stacked(rows, value.shape), each or [pull(y, zero_like(value))])


def together(y: Any, pull: Pull, /) -> Any:
    """Carry back all unit vectors at once, or as many as there is room for.

    How many numbers the largest cotangent on the way has shows when it is met. Raises `BatchError` where a batch is
    more than the way back can carry.
    """
    from revdiff.batches.seeds import unit_vectors

    value = primal(y)
    like = zero_like(value)
    count = MOST // value.size
    if count < FEW:
        raise BatchSizeError.of(value.size)
    parts: list[Any] = []
    counts: list[int] = []
    done = 0
    while done < value.size:
        seeds = unit_vectors(like, done, min(done + count, value.size))
        try:
            parts.append(pull(y, seeds))
        except BatchSizeError as error:
            count = min(MOST // error.size, seeds.axis.length - 1)
            if count < FEW:
                raise
        else:
            counts.append(seeds.axis.length)
            done += counts[-1]
    return joined(lambda each: _of_batches(each, counts, value.shape), parts)


def _of_batches(parts: list[Any], counts: list[int], shape: tuple[int, ...]) -> Any:
    """Join the cotangents of batches of so many unit vectors."""
    first = parts[0]
    if type(first) is not Batch:
        rows = zip(parts, counts, strict=True)
        return stacked([part for part, count in rows for _ in range(_same_for_all(part, count))], shape)
    arrays = [part.array for part in parts]
    whole = np.concatenate(arrays) if len(arrays) > 1 or type(arrays[0]) is RevDiff else arrays[0].copy()
    if primal(whole).dtype.kind not in "fc":
        raise BatchError.beside(first)
    return reshape(whole, (*shape, *whole.shape[1:]))


def _same_for_all(part: Any, count: int) -> int:
    """Return the count of rows that are alike: a zero that no unit vector reached."""
    if not is_number(primal(part)) or np.asarray(primal(part)).dtype.kind not in "fciu":
        raise BatchError.beside(part)
    return count


def joined(function: Callable[[list[Any]], Any], trees: list[Any]) -> Any:
    """Return what a function makes of the leaves that structures of one form have in one place, for each place."""
    structure = STRUCTURES.find(type(trees[0]))
    if structure is None:
        return function(trees)
    columns = [structure.parts(tree) for tree in trees]
    return structure.build(trees[0], {key: joined(function, [column[key] for column in columns]) for key in columns[0]})


def stacked(each: list[Any], shape: tuple[int, ...]) -> Any:
    """Return one array of numbers or arrays, with ``shape`` in front; a list, or lists of lists, of anything else."""
    if not all(is_number(primal(row)) for row in each):
        if len(shape) < 2:
            return each
        n = len(each) // shape[0]
        return [stacked(each[i * n : (i + 1) * n], shape[1:]) for i in range(shape[0])]
    inner = shape_of(each[0])
    if 0 in shape:
        return np.zeros((*shape, *inner), getattr(primal(each[0]), "dtype", float))
    return reshape(stack(each), (*shape, *inner))
