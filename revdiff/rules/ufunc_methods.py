"""The methods of NumPy's elementwise functions: reduce, accumulate, outer, reduceat; and what a call may be told.

Imports the rules of reductions and cumulations. `np.add.reduce` is a sum. Where a function has no such rule of its own,
elements are combined one after the other, by the rule of the function, in linear time.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from revdiff.arrays.memory import is_basic
from revdiff.arrays.numpy_protocol import METHODS, UFUNCS, missing_options, plain
from revdiff.core.errors import ConversionError
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.functions.of_arrays import only, rule
from revdiff.rules.cumulations import cumprod, cumsum, cumulated_max, cumulated_min
from revdiff.rules.indexing import add_at
from revdiff.rules.reductions import (
    Axis,
    axes_of,
    extreme,
    in_columns,
    mask_from,
    max_,
    min_,
    options_of,
    prod,
    same,
    spread,
    sum_,
)
from revdiff.rules.shape import along, gather, require_floating, reshape


def reduce(
    ufunc: np.ufunc,
    array: Any,
    /,
    axis: Axis = 0,
    dtype: Any = None,
    keepdims: bool = False,
    initial: Any = None,
    where: Any = True,
) -> Any:
    """Return f(… f(f(a₀, a₁), a₂) …, aₙ) along an axis, the first by default."""
    a, where = _converted(gather(array), dtype, f"{ufunc.__name__}.reduce"), mask_from(where)
    of_elements = REDUCTIONS.get(ufunc)
    if of_elements is not None:
        return of_elements(a, axis, keepdims=keepdims, initial=initial, where=where)
    options = options_of(a, "reduce", keepdims=keepdims, initial=primal(initial), where=where)
    with np.errstate(all="ignore"):
        met = ufunc.reduce(primal(a), axis=axis, **options)  # it raises what NumPy raises
    total, taken = initial, None
    if where is not True:
        total = ufunc.identity if initial is None else initial
        taken = _in_turn(np.broadcast_to(where, shape_of(a)), axis)
        a = np.where(where, a, 1)  # what is not taken is absent from the cotangent, and warns of nothing
    elements = _in_turn(a, axis)
    for i, element in enumerate(elements):
        combined = element if total is None else UFUNCS[ufunc](total, element)
        total = combined if taken is None else np.where(taken[i], combined, total)
    if not elements:
        return met if initial is None else np.broadcast_to(initial, np.shape(met))
    return total if shape_of(total) == np.shape(met) else reshape(total, np.shape(met))


def _in_turn(a: Any, axis: Axis) -> list[Any]:
    """Return what stands one after the other along some axes, each with the axes that are left."""
    columns = in_columns(a, axes_of(a, axis))
    return [columns[i] for i in range(shape_of(columns)[0])]


def accumulate(ufunc: np.ufunc, array: Any, /, axis: int = 0, dtype: Any = None) -> Any:
    """Return a₀, f(a₀, a₁), f(f(a₀, a₁), a₂), … along an axis, the first by default."""
    a = _converted(gather(array), dtype, f"{ufunc.__name__}.accumulate")
    with np.errstate(all="ignore"):
        met = ufunc.accumulate(primal(a), axis=axis)  # it raises what NumPy raises
    of_elements = CUMULATIONS.get(ufunc)
    if of_elements is not None:
        return of_elements(a, axis)
    parts: list[Any] = []
    for element in _in_turn(a, axis):
        parts.append(UFUNCS[ufunc](parts[-1], element) if parts else element)
    return _stacked(parts, axis, met)


def reduceat(ufunc: np.ufunc, array: Any, indices: Any, /, axis: int = 0, dtype: Any = None) -> Any:
    """Return the reductions of a[i:j] for neighbouring indices i, j, and of a[i:] for the last; a[i] where i ≥ j."""
    a, indices = _converted(gather(array), dtype, f"{ufunc.__name__}.reduceat"), np.asarray(plain(indices))
    with np.errstate(all="ignore"):
        met = ufunc.reduceat(primal(a), indices, axis=axis)  # it raises what NumPy raises
    bounds = [int(i) for i in (*indices, shape_of(a)[axis])]
    parts = [
        reduce(ufunc, along(a, slice(i, j), axis), axis) if i < j else along(a, i, axis) for i, j in pairwise(bounds)
    ]
    return _stacked(parts, axis, met)


def _stacked(parts: list[Any], axis: int, met: Any) -> Any:
    """Return results along an axis, in the order of memory that NumPy's result has."""
    return np.copy(np.stack(parts, axis), "F" if met.flags.fnc else "K") if parts else met


def outer(ufunc: np.ufunc, a: Any, b: Any, /, **options: Any) -> Any:
    """Return f of each element of a with each of b: the axes of a, then those of b."""
    a, b = gather(a), gather(b)
    return call(ufunc, reshape(a, shape_of(a) + (1,) * np.ndim(primal(b))), b, **options)


def at(ufunc: np.ufunc, target: Any, indices: Any, /, *operands: Any) -> None:
    """Write f(a[i], b) into a at each index, one after the other: an element that is named twice changes twice."""
    if type(target) is not RevDiff:
        msg = (
            f"numpy.{ufunc.__name__}.at writes into its first operand, which would drop a derivative.\n"
            "  Make that with room for derivatives:  np.zeros_like(r)  or  np.zeros(n, like=r)\n"
            "  To add up by index:                   np.bincount(indices, weights=r, minlength=n)"
        )
        raise ConversionError(msg)
    function = UFUNCS[ufunc]
    indices = plain(indices)
    if is_basic(indices):
        target[indices] = function(target[indices], *operands)
        return
    shape = shape_of(target)
    numbers = np.arange(np.size(primal(target))).reshape(shape)[indices]
    distinct, which = np.unique(numbers, return_inverse=True)
    if len(distinct) == numbers.size:
        target[indices] = function(target[indices], *operands)
        return
    if ufunc in (np.add, np.subtract):
        places = np.unravel_index(distinct, shape)
        given = np.broadcast_to(operands[0], numbers.shape).reshape(-1)
        target[places] = function(
            target[places], add_at(np.zeros(len(distinct), primal(given).dtype), which.reshape(-1), given)
        )
        return
    values = [np.broadcast_to(operand, numbers.shape).reshape(-1) for operand in operands]
    for k, number in enumerate(numbers.flat):
        place = np.unravel_index(number, shape)
        target[place] = function(target[place], *[value[k] for value in values])


def out(
    ufunc: np.ufunc, how: str, name: str, inputs: Sequence[Any], /, *, out: Any, where: Any = True, **options: Any
) -> Any:
    """Compute, and write the result into another array: ``np.add(a, b, out=y)``."""
    targets = out if isinstance(out, tuple) else (out,)
    if any(target is not None and type(target) is not RevDiff for target in targets):
        msg = (
            f"{name} was asked to write a RevDiff into an array of numbers, which would drop its derivative.\n"
            "  Write a = a + r instead of a += r, and leave out= away; or make a with np.zeros_like(r)."
        )
        raise ConversionError(msg)
    if where is not True and how == "__call__":
        return _under_mask(ufunc, inputs, targets, plain(where), **options)
    if where is not True:
        options["where"] = where
    results = getattr(ufunc, how)(*inputs, **options)
    each = results if isinstance(results, tuple) else (results,)
    for target, result in zip(targets, each, strict=True):
        if target is not None:
            np.copyto(target, result)
    written = tuple(result if target is None else target for target, result in zip(targets, each, strict=True))
    return written if isinstance(results, tuple) else written[0]


def _under_mask(ufunc: np.ufunc, inputs: Sequence[Any], targets: Sequence[Any], mask: Any, **options: Any) -> Any:
    """Compute where a mask holds only: elsewhere a function may have no value, as 1/0 has none."""
    if any(target is None for target in targets):
        raise missing_options(ufunc, "where")
    shape = shape_of(targets[0])
    there = np.broadcast_to(mask, shape)
    results = ufunc(*[np.broadcast_to(gather(x), shape)[there] for x in inputs], **options)
    for target, result in zip(targets, results if isinstance(results, tuple) else (results,), strict=True):
        target[there] = result
    return targets if isinstance(results, tuple) else targets[0]


def call(
    ufunc: np.ufunc,
    *operands: Any,
    dtype: Any = None,
    casting: Any = "same_kind",
    order: str = "K",
    subok: bool = True,
    where: Any = True,
    **others: Any,
) -> Any:
    """Return f(x, …), computed in a dtype.

    Elementwise ``where=`` leaves the other elements of the result undefined, and is refused. So is every option that
    names the loops and axes of NumPy.
    """
    if where is not True or others:
        raise missing_options(ufunc, *([] if where is True else ["where"]), *others)
    if dtype is None:
        return UFUNCS[ufunc](*operands)
    with np.errstate(all="ignore"):
        met = ufunc(*map(plain, operands), dtype=dtype, casting=casting)  # it raises what NumPy raises
    kind = getattr(met, "dtype", np.dtype(object))
    drops = kind.kind != "c" and any(map(np.iscomplexobj, map(plain, operands)))
    if drops or f"{kind.char * ufunc.nin}->{kind.char}" not in ufunc.types:
        raise missing_options(ufunc, "dtype")
    return UFUNCS[ufunc](*[_converted(gather(x), kind, ufunc.__name__) for x in operands])


def _converted(x: Any, dtype: Any, name: str) -> Any:
    """Return an operand in a dtype."""
    if dtype is None:
        return x
    if np.asarray(primal(x)).dtype.kind not in "iub":
        require_floating(dtype, f"{name}(…, dtype={np.dtype(dtype)})")
    return x.astype(dtype) if hasattr(primal(x), "dtype") else reshape(x, 1).astype(dtype)[0]


def _log_sum(ufunc: np.ufunc, base: float) -> Any:
    """Make the reduction of a logarithm of sums of powers of a base, of which the weights of the elements are shares."""

    def log_sum(a: Any, /, axis: Axis, *, keepdims: bool, initial: Any, where: Any) -> Any:
        y = of_elements(a, axis, keepdims=keepdims, where=where)
        return y if initial is None else UFUNCS[ufunc](y, initial)

    @rule()
    def of_elements(a: Any, /, axis: Axis, *, keepdims: bool, where: Any) -> tuple[Any, Any]:
        y = ufunc.reduce(a, axis=axis, **options_of(a, "reduce", keepdims=keepdims, where=where))

        def a_pullback(y_bar: Any) -> Any:
            of_all = spread(y, a, axis)
            endless = np.isinf(primal(of_all))
            hits = same(primal(a), primal(of_all)) & endless & where
            ties = hits / np.maximum(hits.sum(axes_of(a, axis), keepdims=True), 1)
            shares = np.where(endless, ties, np.exp((a - np.where(endless, 0, of_all)) * np.log(base)))
            a_bar = spread(y_bar, a, axis) * shares
            return a_bar if where is True else only(np.broadcast_to(where, shape_of(a)), a_bar)

        return y, a_pullback

    return log_sum


def _along_first(cumulate: Any) -> Any:
    return lambda a, axis: np.moveaxis(cumulate(np.moveaxis(a, axis, 0)), 0, axis)


REDUCTIONS: dict[Any, Any] = {
    np.add: sum_,
    np.multiply: prod,
    np.maximum: max_,
    np.minimum: min_,
    np.fmax: extreme(np.fmax.reduce, "fmax", "the largest element that is not NaN"),
    np.fmin: extreme(np.fmin.reduce, "fmin", "the smallest element that is not NaN"),
    np.logaddexp: _log_sum(np.logaddexp, np.e),
    np.logaddexp2: _log_sum(np.logaddexp2, 2.0),
}
"""The reductions that have a rule of their own."""

CUMULATIONS: dict[Any, Any] = {
    np.add: cumsum,
    np.multiply: cumprod,
    np.maximum: _along_first(cumulated_max),
    np.minimum: _along_first(cumulated_min),
}
"""The cumulations that have a rule of their own."""

METHODS.update(__call__=call, reduce=reduce, accumulate=accumulate, reduceat=reduceat, outer=outer, at=at, out=out)
