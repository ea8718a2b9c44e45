"""Functions that put the elements of each sample in other places, or some of them, or zeros between them.

Imports `batch` and shapes. What such a function makes of the numbers of the places, 0, 1, 2, …, says which element goes
where; the elements are then taken from all samples at once. What NumPy makes a view of is a copy here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from revdiff.arrays.names import of_numpy
from revdiff.batches.batch import Batch, flat
from revdiff.batches.calls import batched
from revdiff.core.capture import shows_one_of
from revdiff.core.revdiff import shape_of


def taken(x: Batch, places: Any) -> Any:
    """Return the elements of each sample at places counted in C's order, in arrays of the shape of ``places``."""
    if isinstance(places, list | tuple):
        return type(places)([taken(x, part) for part in places])
    return Batch(np.take(flat(x), places, axis=1), x.axis)


def _places(function: Callable[..., Any], x: Batch, first: int, how: Any, options: Any) -> Any:
    """Return what a function makes of the numbers of the places, which count from ``first``."""
    numbers = np.arange(first, first + x.size).reshape(x.shape)
    places = function(numbers, *how, **options)
    x.axis.is_frozen = x.axis.is_frozen or shows_one_of([numbers], places)
    return places


def _placing(function: Callable[..., Any]) -> None:
    """Serve a function whose result consists of elements of its first argument."""

    @batched(function)
    def placing(x: Batch, *how: Any, **options: Any) -> Any:
        return taken(x, _places(function, x, 0, how, options))


def _placing_among_zeros(function: Callable[..., Any]) -> None:
    """Serve a function whose result consists of elements of its argument, and of zeros."""

    @batched(function)
    def placing(x: Batch, *how: Any, **options: Any) -> Any:
        places = _places(function, x, 1, how, options)
        zero = np.zeros((x.axis.length, 1), x.dtype)
        return Batch(np.take(np.concatenate([zero, flat(x)], axis=1), places, axis=1), x.axis)


@batched(np.pad)
def pad(array: Batch, pad_width: Any, mode: Any = "constant", *, constant_values: Any = 0, **options: Any) -> Any:
    """Put a border of one number, or of elements from the inside, around each sample."""
    if mode in ("edge", "reflect", "symmetric", "wrap") and options.get("reflect_type", "even") == "even":
        return taken(array, np.pad(np.arange(array.size).reshape(array.shape), pad_width, mode))
    if mode != "constant" or options or shape_of(constant_values) or isinstance(pad_width, dict):
        return NotImplemented
    width = np.broadcast_to(pad_width, (array.ndim, 2)).tolist()
    return Batch(np.pad(array.array, [(0, 0), *width], constant_values=constant_values), array.axis)


for _function in of_numpy(
    "tile resize delete fliplr flipud hsplit vsplit dsplit unstack fft.fftshift fft.ifftshift "
    "lib.stride_tricks.sliding_window_view"
):
    _placing(_function)
for _function in (np.diag, np.diagflat):
    _placing_among_zeros(_function)
