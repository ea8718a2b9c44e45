"""Histograms: sums of weights by bin, and the edges of the bins.

Imports rules for arrays, reductions and indexing. In which bin a number falls is constant between jumps. So a histogram
is linear in its weights; the numbers that are counted reach the result only through the edges, if those depend on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from revdiff.arrays.numpy_protocol import plain, stands_for
from revdiff.core.revdiff import RevDiff, primal
from revdiff.functions.of_arrays import rule
from revdiff.rules.indexing import add_at
from revdiff.rules.reductions import max_, min_
from revdiff.rules.shape import gather, laid, reshape


@stands_for(np.bincount)
def bincount(x: Any, /, weights: Any = None, minlength: int = 0) -> Any:
    """Return, for each whole number, the sum of the weights in whose places it stands in x.     w̄ᵢ = ȳ[xᵢ].

    >>> from revdiff import grad
    >>> grad(lambda w: np.bincount([0, 2, 2], w)[2] ** 2)(np.array([1.0, 3.0, 4.0]))
    array([ 0., 14., 14.])
    """
    numbers = np.asarray(plain(x))
    return np.bincount(numbers, minlength=minlength) if weights is None else _sums(weights, numbers, minlength)


@rule()
def _sums(weights: Any, /, numbers: Any, minlength: int) -> tuple[Any, Any]:
    y = np.bincount(numbers, weights, minlength)

    def weights_pullback(y_bar: Any) -> Any:
        return y_bar[numbers]

    return y, weights_pullback


@stands_for(np.histogram_bin_edges)
def histogram_bin_edges(a: Any, /, bins: Any = 10, range: Any = None, weights: Any = None) -> Any:  # noqa: A002
    """Return the edges of the bins. Between the smallest and the largest of a, or the ends of a range, they divide it evenly."""
    a = gather(a)
    return _edges(a, bins, range, np.histogram_bin_edges(primal(a), plain(bins), plain(range), plain(weights)))


def _edges(a: Any, bins: Any, ends: Any, edges: Any) -> Any:
    """Return the edges as they depend on a, on the ends of a range, or on themselves."""
    if np.ndim(primal(bins)) or isinstance(bins, list | tuple):
        return gather(bins)
    if ends is None:
        if type(a) is not RevDiff or not np.size(primal(a)):
            return edges
        ends = min_(a), max_(a)
        if primal(ends[0]) == primal(ends[1]):
            ends = ends[0] - 0.5, ends[1] + 0.5
    if not any(type(end) is RevDiff for end in ends):
        return edges
    return np.linspace(ends[0], ends[1], len(edges))


@stands_for(np.histogram)
def histogram(
    a: Any,
    /,
    bins: Any = 10,
    range: Any = None,  # noqa: A002
    density: bool | None = None,
    weights: Any = None,
) -> tuple[Any, Any]:
    """Return the sum of the weights in each bin, and the edges of the bins.     w̄ᵢ = ȳₖ, where aᵢ is in bin k.

    Without weights the numbers in each bin are counted: they are constant. With ``density`` the sums are divided by
    the width of their bin and by all weights together.

    >>> from revdiff import grad
    >>> x = np.array([0.1, 0.2, 0.9])
    >>> grad(lambda w: np.histogram(x, 2, (0.0, 1.0), weights=w)[0][0] ** 2)(np.ones(3))
    array([4., 4., 0.])
    """
    a, weights = reshape(gather(a), -1), None if weights is None else reshape(gather(weights), -1)
    counts, edges = np.histogram(primal(a), plain(bins), plain(range), weights=primal(weights))
    if weights is not None:
        counts = _weighted(weights, [primal(a)], [edges], counts.dtype)
    edges = _edges(a, bins, range, edges)
    return (counts / np.diff(edges) / np.sum(counts) if density else counts), edges


@stands_for(np.histogramdd)
def histogramdd(
    sample: Any,
    /,
    bins: Any = 10,
    range: Any = None,  # noqa: A002
    density: bool | None = None,
    weights: Any = None,
) -> tuple[Any, list[Any]]:
    """Return the sum of the weights in each bin of a space of several dimensions, and the edges along each of them.

    What `histogram` says about cotangents holds here too.
    """
    whole = isinstance(sample, np.ndarray | RevDiff)
    if whole and np.ndim(primal(sample)) == 1:
        sample = sample[:, None]
    columns = list(np.moveaxis(sample, -1, 0)) if whole else [gather(column) for column in sample]
    points = np.stack([primal(column) for column in columns], axis=-1)
    counts, along_axes = np.histogramdd(points, plain(bins), plain(range), weights=plain(weights))
    if weights is not None:
        counts = _weighted(gather(weights), list(points.T), list(along_axes), counts.dtype, border=1)
    each = list(bins) if isinstance(bins, Sequence | np.ndarray) else [bins] * len(columns)
    ends = [None] * len(columns) if range is None else list(range)
    edges = [_edges(*of_axis) for of_axis in zip(columns, each, ends, along_axes, strict=True)]
    if density:
        total = np.sum(counts)
        for axis, of_axis in enumerate(edges):
            counts = counts / laid(np.diff(of_axis), axis, len(edges))
        counts = counts / total
    return counts, edges


@stands_for(np.histogram2d)
def histogram2d(
    x: Any,
    y: Any,
    /,
    bins: Any = 10,
    range: Any = None,  # noqa: A002
    density: bool | None = None,
    weights: Any = None,
) -> tuple[Any, Any, Any]:
    """Return the sum of the weights in each bin of the plane, and the edges along x and along y.

    What `histogram` says about cotangents holds here too.
    """
    if isinstance(bins, list | tuple | np.ndarray) and len(bins) > 2:
        bins = [bins, bins]
    counts, edges = histogramdd([x, y], bins, range, density, weights)
    return counts, *edges


def _weighted(weights: Any, points: list[Any], edges: list[Any], dtype: Any, border: int = 0) -> Any:
    """Return the sums of weights by bin; a number on the last edge belongs to the last bin.

    With a border they are a part of a larger array, as NumPy's are: what is a view of them depends on that.
    """
    shape = [len(of_axis) - 1 for of_axis in edges]
    inside, places = np.ones(points[0].shape, bool), []
    for numbers, of_axis in zip(points, edges, strict=True):
        place = np.searchsorted(of_axis, numbers, side="right") - 1
        place = np.where(numbers == of_axis[-1], len(of_axis) - 2, place)
        inside &= (place >= 0) & (place < len(of_axis) - 1)
        places.append(place)
    index = tuple(place[inside] + border for place in places)
    sums = add_at(np.zeros([n + 2 * border for n in shape], dtype), index, weights[inside])
    return sums[(slice(border, -border),) * len(shape)] if border else sums
