"""Quantiles: median, quantile, percentile, and the same without NaN.

Imports rules for arrays, reductions and indexing. A quantile is a weighted mean of one or two elements, and
its derivative is their weights; all other elements are absent from the cotangent. Equal elements share evenly, as in
`sort`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, final

import numpy as np

from revdiff.arrays.numpy_protocol import stands_for
from revdiff.core.cotangents import ZERO
from revdiff.core.errors import MissingRuleError
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.functions.of_arrays import only, rule
from revdiff.rules.indexing import add_at
from revdiff.rules.reductions import Axis, Spreading, axes_of, beside, is_nan, same
from revdiff.rules.shape import reshape

SLOPES: dict[str, Callable[[Any], Any]] = {
    "linear": lambda n: n - 1,
    "interpolated_inverted_cdf": lambda n: n,
    "hazen": lambda n: n,
    "weibull": lambda n: n + 1,
    "median_unbiased": lambda n: n + 1 / 3,
    "normal_unbiased": lambda n: n + 1 / 4,
}
"""How fast the rank of the quantile q of n elements grows with q. By all the other methods it stays, and jumps."""


def _median(numpy_function: Any, says: str) -> None:
    """Make the rule of a median."""

    @rule(numpy_function)
    def median(
        a: Any, /, axis: Axis = None, *, overwrite_input: bool = False, keepdims: bool = False
    ) -> tuple[Any, Any]:
        y = numpy_function(a, axis=axis, keepdims=keepdims)

        def a_pullback(y_bar: Any) -> Any:
            rows = _Rows(primal(a), axis)
            count = rows.numbers
            ranks = np.stack([np.maximum(count - 1, 0) // 2, count // 2])
            if numpy_function is np.median:  # one NaN makes the median NaN
                ranks = np.where(count < rows.length, rows.length - 1, ranks)
            halves = np.stack([reshape(y_bar, -1) / 2] * 2)
            return rows.from_ranks(ranks, halves, np.ones(ranks.shape, bool))

        return y, Spreading(a_pullback, a, axis)

    median.__name__ = median.__qualname__ = numpy_function.__name__
    median.__doc__ = f"Return the median {says}, the mean of the two in the middle where there are two."


def _quantile(numpy_function: Any, of_ranks: Any, hundred: int, says: str) -> None:
    """Make the rule of the quantile q, or the percentile 100 q; ``of_ranks`` is the same function of numbers alone."""

    def quantile(
        a: Any,
        q: Any,
        /,
        axis: Axis = None,
        *,
        overwrite_input: bool = False,
        method: str = "linear",
        keepdims: bool = False,
        weights: Any = None,
    ) -> Any:
        return of_elements(a, q, axis, method, keepdims, primal(weights))

    @rule()
    def of_elements(a: Any, q: Any, /, axis: Axis, method: str, keepdims: bool, weights: Any) -> tuple[Any, Any, Any]:
        if numpy_function is not of_ranks and np.ndim(primal(q)) > 1 and axis is not None:
            name = f"numpy.{numpy_function.__name__} along an axis, of a q of several axes"
            raise MissingRuleError.of(name, " NumPy mixes up the axes of such results; write q.ravel() for q.")
        options = {} if weights is None else {"weights": weights}
        y = numpy_function(a, q, axis=axis, method=method, keepdims=keepdims, **options)

        def neighbours() -> tuple[_Rows, Any, Any, Any]:
            """Return the ranks between which the quantiles lie, where between them, and how fast that grows with q."""
            rows = _Rows(primal(a), axis)
            count = np.maximum(rows.numbers, 1)
            ordered = None if weights is None else rows.in_order(beside(weights, a, axis))
            rank = _ranks(of_ranks, count, primal(a), primal(q), method, ordered)
            if numpy_function is of_ranks:  # one NaN makes the quantile NaN
                rank = np.where(count < rows.length, rows.length - 1, rank)
                count = np.full_like(count, rows.length)
            lower = np.clip(np.floor(rank), 0, np.maximum(count - 2, 0)).astype(np.intp)
            moves = (method == "linear") | ((rank > 0) & (rank < count - 1))
            slope = np.where(moves, SLOPES[method](count) if method in SLOPES else 0.0, 0.0)
            return rows, np.stack([lower, np.minimum(lower + 1, count - 1)]), rank - lower, slope / hundred

        is_empty = not (np.size(primal(a)) and np.size(primal(q)))

        def a_pullback(y_bar: Any) -> Any:
            if is_empty:
                return ZERO
            rows, ranks, fraction, slope = neighbours()
            taken = np.stack([fraction < 1, fraction > 0])
            if type(q) is RevDiff:
                fraction = fraction + slope * (reshape(q, (-1, 1)) - np.reshape(primal(q), (-1, 1)))
                taken = np.ones(taken.shape, bool)
            parts = reshape(y_bar, slope.shape) * np.stack([1 - fraction, fraction])
            return rows.from_ranks(ranks, parts, taken)

        def q_pullback(y_bar: Any) -> Any:
            if is_empty:
                return ZERO
            _, ranks, _, slope = neighbours()
            lower, upper = _elements(a, axis, ranks)
            return reshape(np.sum(reshape(y_bar, slope.shape) * slope * (upper - lower), axis=1), shape_of(q))

        return y, a_pullback, q_pullback

    quantile.__name__ = quantile.__qualname__ = numpy_function.__name__
    quantile.__doc__ = f"""Return {says}: between the elements of two ranks, by one of NumPy's methods.

    y = (1 - γ) aᵢ + γ aⱼ    ⇒    āᵢ = (1 - γ) ȳ,  āⱼ = γ ȳ,  q̄ = Σ ȳ (aⱼ - aᵢ) dγ/dq

    By a method that jumps from element to element, q̄ is 0. Where a method bends, the slope in q is that from there
    on. Weights are constants.
    """
    stands_for(numpy_function)(quantile)


@rule()
def _elements(a: Any, /, axis: Axis, ranks: Any) -> tuple[Any, Any]:
    """Return the elements of some ranks, a column for each row of elements."""
    rows = _Rows(primal(a), axis)
    y = _elements(a, axis, ranks) if type(a) is RevDiff else rows.at(ranks)

    def a_pullback(y_bar: Any) -> Any:
        return rows.from_ranks(ranks, y_bar, np.ones(ranks.shape, bool))

    return y, a_pullback


@final
class _Rows:
    """The elements of a plain array in rows, one for each result of a reduction. By rank, NaN comes last."""

    def __init__(self, a: Any, axis: Axis) -> None:
        self.shape, axes = np.shape(a), axes_of(a, axis)
        kept = [i for i in range(len(self.shape)) if i not in axes]
        self.length = math.prod(self.shape[i] for i in axes)
        size = math.prod(self.shape[i] for i in kept)
        self._places = np.arange(math.prod(self.shape)).reshape(self.shape).transpose(*kept, *axes)
        self._places = self._places.reshape(size, self.length)
        self._values = np.ravel(a)[self._places]

    @property
    def numbers(self) -> Any:
        """How many elements of each row are not NaN."""
        return self.length - is_nan(self._values).sum(1)

    def at(self, ranks: Any) -> Any:
        """Return the elements that have some ranks in their rows."""
        if not self.length:
            return np.empty(ranks.shape)
        return np.partition(self._values, np.unique(ranks), axis=1)[np.arange(len(self._values)), ranks]

    def in_order(self, weights: Any) -> Any:
        """Return weights in the order of the elements."""
        rows = np.broadcast_to(weights, self.shape).ravel()[self._places]
        return np.take_along_axis(rows, np.argsort(self._values, axis=1), 1)

    def from_ranks(self, ranks: Any, cotangents: Any, taken: Any) -> Any:
        """Return the cotangent of the array. Equal elements share; what no rank took that was taken is absent."""
        whole: Any = np.zeros(math.prod(self.shape), np.asarray(primal(cotangents)).dtype)
        reached = np.zeros(whole.size, bool)
        if self.length:
            places, sources, counts = self._holders(self.at(ranks), taken)
            whole = add_at(whole, places, reshape(cotangents, -1)[sources] / counts)
            reached[places] = True
        return only(reached.reshape(self.shape), reshape(whole, self.shape))

    def _holders(self, values: Any, taken: Any) -> tuple[Any, Any, Any]:
        """Return the places of the elements that are equal to values, the numbers of these, and how many share each."""
        places, sources, counts = [], [], []
        numbers = np.arange(values.size).reshape(values.shape)
        by_rank = (x.reshape(math.prod(x.shape[:-1]), x.shape[-1]) for x in (values, numbers, taken))
        for value, number, is_taken in zip(*by_rank, strict=True):
            hits = same(self._values, value[:, None]) & is_taken[:, None]
            row, _ = np.nonzero(hits)
            places.append(self._places[hits])
            sources.append(number[row])
            counts.append(hits.sum(1)[row])
        return np.concatenate(places), np.concatenate(sources), np.concatenate(counts)


def _ranks(of_ranks: Any, count: Any, a: Any, q: Any, method: str, weights: Any) -> Any:
    """Return the ranks of the quantiles q, a row for each; a column for each row of elements, with its own count."""
    rank = np.empty((np.size(q), count.size))
    if weights is not None:
        for row, (n, w) in enumerate(zip(count, weights, strict=True)):
            rank[:, row] = np.ravel(of_ranks(_numbers(n, a), q, method=method, weights=w[:n]))
        return rank
    for n in np.unique(count):
        rank[:, count == n] = np.reshape(of_ranks(_numbers(n, a), q, method=method), (-1, 1))
    return rank


def _numbers(n: int, a: Any) -> Any:
    """Return the numbers below n in the dtype of a, in which NumPy computes with q, if that holds them exactly."""
    dtype = np.asarray(a).dtype
    return np.arange(n, dtype=dtype if dtype.kind == "f" and n < 1 / np.finfo(dtype).eps else np.float64)


_median(np.median, "of the elements along the given axes")
_median(np.nanmedian, "of what is not NaN")
_quantile(np.quantile, np.quantile, 1, "the quantiles q, from 0 to 1, of the elements along the given axes")
_quantile(np.nanquantile, np.quantile, 1, "the quantiles q, from 0 to 1, of what is not NaN")
_quantile(np.percentile, np.percentile, 100, "the percentiles q, from 0 to 100, of the elements along the given axes")
_quantile(np.nanpercentile, np.percentile, 100, "the percentiles q, from 0 to 100, of what is not NaN")
