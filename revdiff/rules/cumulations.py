"""Cumulations: sums, products and extremes of the elements up to each one.

Imports rules for arrays and reductions. Their cotangents cumulate from the other end.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from typing import Any

import numpy as np

from revdiff.arrays.names import of_numpy
from revdiff.arrays.numpy_protocol import method_of, stands_for
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.functions.of_arrays import Moving, only, rule
from revdiff.rules.indexing import add_at
from revdiff.rules.reductions import is_nan, options_of, same
from revdiff.rules.shape import reshape


@stands_for(np.cumsum)
def cumsum(a: Any, /, axis: int | None = None, dtype: Any = None) -> Any:
    """Return the sums yᵢ = a₀ + … + aᵢ along an axis, of all elements by default.     āᵢ = Σ_{j≥i} ȳⱼ."""
    a, axis = _along(a, axis)
    return _cumsum(a, axis, dtype)


@rule(linear=True)
def _cumsum(a: Any, /, axis: int, dtype: Any) -> tuple[Any, Any]:
    return np.cumsum(a, axis=axis, **options_of(a, "cumsum", dtype=dtype)), Moving(_from_end, axis)


def _from_end(y_bar: Any, axis: int) -> Any:
    cumulate = np.logical_or.accumulate if primal(y_bar).dtype == bool else np.cumsum
    return np.flip(cumulate(np.flip(y_bar, axis), axis=axis), axis)


@stands_for(np.cumprod, *of_numpy("cumproduct"))
def cumprod(a: Any, /, axis: int | None = None, dtype: Any = None) -> Any:
    """Return the products yᵢ = a₀ ⋯ aᵢ along an axis, of all elements by default.     āᵢ = yᵢ₋₁ gᵢ,  gᵢ = ȳᵢ + aᵢ₊₁ gᵢ₊₁.

    g is the whole cotangent of yᵢ: what comes from outside, and what comes from yᵢ₊₁ = aᵢ₊₁ yᵢ. Nothing is divided,
    so zeros do no harm, to any order.

    >>> from revdiff import grad
    >>> grad(lambda a: np.sum(np.cumprod(a)))(np.array([2.0, 0.0, 3.0]))    # of a₀ + a₀a₁ + a₀a₁a₂
    array([1., 8., 0.])
    """
    a, axis = _along(a, axis)
    return np.moveaxis(_cumprod_of_first(np.moveaxis(a, axis, 0), dtype), 0, axis)


@rule()
def _cumprod_of_first(a: Any, /, dtype: Any) -> tuple[Any, Any]:
    y = np.cumprod(a, axis=0, **options_of(a, "cumprod", dtype=dtype))

    def a_pullback(y_bar: Any) -> Any:
        g = recurrence(a[:0:-1], y_bar[::-1])[::-1]
        return np.concatenate([g[:1], g[1:] * y[:-1]])

    return y, a_pullback


@rule()
def recurrence(c: Any, b: Any, /) -> tuple[Any, Any, Any]:
    """Return y with y₀ = b₀ and yᵢ₊₁ = bᵢ₊₁ + cᵢ yᵢ along the first axis.     b̄ᵢ = ȳᵢ + cᵢ b̄ᵢ₊₁,  c̄ᵢ = b̄ᵢ₊₁ yᵢ.

    So the way back is a recurrence from the other end. A truth value for cᵢ says whether to go on or to begin anew.
    """
    y = recurrence(c, b) if type(c) is RevDiff or type(b) is RevDiff else _by_steps(c, b)

    def b_pullback(y_bar: Any) -> Any:
        return recurrence(c[::-1], y_bar[::-1])[::-1]

    def c_pullback(y_bar: Any) -> Any:
        return b_pullback(y_bar)[1:] * y[:-1]

    return y, c_pullback, b_pullback


def _by_steps(c: Any, b: Any) -> Any:
    goes_on = c.dtype == bool
    if b.ndim == 1 and b.dtype == np.float64 and c.dtype in (np.float64, np.bool_):
        numbers = b.tolist()  # Python's floats are faster one by one
        steps: Any = zip(c.tolist(), numbers[1:], strict=False)
        step = (lambda y, cb: cb[1] + y if cb[0] else cb[1]) if goes_on else (lambda y, cb: cb[1] + cb[0] * y)
        return np.array(list(accumulate(steps, step, initial=numbers[0])) if numbers else numbers)
    y = np.array(b, b.dtype if goes_on else np.result_type(b, c))
    for i in range(1, len(y)):
        y[i] += np.where(c[i - 1], y[i - 1], 0) if goes_on else c[i - 1] * y[i - 1]
    return y


@stands_for(np.nancumsum)
def nancumsum(a: Any, /, axis: int | None = None, dtype: Any = None) -> Any:
    """Return the cumulated sums with 0 for NaN; a NaN is not taken."""
    return cumsum(np.where(is_nan(primal(a)), 0, a), axis, dtype)


@stands_for(np.nancumprod)
def nancumprod(a: Any, /, axis: int | None = None, dtype: Any = None) -> Any:
    """Return the cumulated products with 1 for NaN; a NaN is not taken."""
    return cumprod(np.where(is_nan(primal(a)), 1, a), axis, dtype)


@stands_for(*of_numpy("cumulative_sum"))
def cumulative_sum(x: Any, /, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False) -> Any:
    """Return the cumulated sums along an axis, which an array of several axes must name; with 0 before them if asked."""
    return _from_start(cumsum, 0, x, axis, dtype, include_initial)


@stands_for(*of_numpy("cumulative_prod"))
def cumulative_prod(x: Any, /, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False) -> Any:
    """Return the cumulated products along an axis, which an array of several axes must name; with 1 before them if asked."""
    return _from_start(cumprod, 1, x, axis, dtype, include_initial)


def _from_start(cumulate: Any, start: int, x: Any, axis: int | None, dtype: Any, include_initial: bool) -> Any:
    ndim = np.ndim(primal(x))
    if axis is None and ndim > 1:
        msg = f"an array of {ndim} axes has an order along each of them: say along which, with axis="
        raise ValueError(msg)
    axis = axis or 0
    y = cumulate(x, axis, dtype)
    if not include_initial:
        return y
    shape = list(shape_of(y))
    shape[axis] = 1
    return np.concatenate([np.full(shape, start, primal(y).dtype), y], axis)


def _cumulated_extreme(numpy_accumulate: Any) -> Callable[..., Any]:
    """Make the rule of the largest, or the smallest, element so far along the first axis.

    A *hit* is an element that is yᵢ in its own place i, and the elements equal to yᵢ share its cotangent. While y
    stays the same, hits may join, and their number k grows. So a hit has Σⱼ ȳⱼ/kⱼ, over the j from its own place until
    y changes: what comes before the next hit, and then what the next hit has, if y has not changed by then.
    """

    @rule()
    def cumulated(a: Any, /) -> tuple[Any, Any]:
        y = cumulated(a) if type(a) is RevDiff else numpy_accumulate(a)

        def a_pullback(y_bar: Any) -> Any:
            columns, of_y = (np.moveaxis(primal(v), 0, -1) for v in (a, y))
            hits = same(columns, of_y)
            goes_on = np.zeros(hits.shape, bool)
            goes_on[..., 1:] = same(of_y[..., 1:], of_y[..., :-1])
            joins, last_hit = goes_on.ravel()[hits.ravel()], np.cumsum(hits) - 1
            count = recurrence(joins[1:], np.ones(joins.size))
            shares = reshape(np.moveaxis(y_bar, 0, -1), -1) / count[last_hit]
            before_next = add_at(np.zeros(count.size, primal(shares).dtype), last_hit, shares)
            of_hits = recurrence(joins[:0:-1], before_next[::-1])[::-1] if joins.any() else before_next
            a_bar = np.moveaxis(reshape(of_hits[last_hit], hits.shape), -1, 0)
            return only(np.moveaxis(hits, -1, 0), a_bar)

        return y, a_pullback

    return cumulated


cumulated_max = _cumulated_extreme(np.maximum.accumulate)
cumulated_min = _cumulated_extreme(np.minimum.accumulate)


def _along(a: Any, axis: int | None) -> tuple[Any, int]:
    """Return an array and an axis of it: for None, all the elements and the first."""
    return (reshape(a, -1), axis or 0) if axis is None or not np.ndim(primal(a)) else (a, axis)


for _function in (np.cumsum, np.cumprod):
    method_of(_function)
