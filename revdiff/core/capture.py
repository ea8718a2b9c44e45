"""Arrays that belong to the caller, before and after: what goes in must not change, what comes out may be written to.

Imports errors. A backward pass that reads an array which was changed after the forward pass would
give a wrong derivative in silence. So small arrays are copied, and of large ones a few dozen
entries, spread over the whole, are remembered and compared. A change that misses every one of them
is not noticed.
"""

from __future__ import annotations

from typing import Any, final

import numpy as np

from revdiff.core.errors import MutatedArrayError

SMALL = 4096
"""Arrays of up to this many bytes are copied."""

SAMPLES = 64
"""About so many entries of a larger array are compared."""


def keep(value: Any) -> Any:
    """Return a copy of a small array, and any other value as it is; tuples place by place."""
    if type(value) is np.ndarray:
        return value.copy() if value.nbytes <= SMALL else value
    return tuple(map(keep, value)) if type(value) is tuple else value


def watch(value: Any) -> list[Fingerprint]:
    """Return the fingerprints of the arrays in a value: of the value itself, or of those in a tuple."""
    if type(value) is np.ndarray:
        return [Fingerprint(value)] if value.nbytes > SMALL else []
    return [mark for part in value for mark in watch(part)] if type(value) is tuple else []


def check(marks: list[Fingerprint]) -> None:
    """Raise `MutatedArrayError` if one of these arrays was changed."""
    for mark in marks:
        mark.check()


def own(value: Any) -> Any:
    """Return a value that the caller may write to: no seed, no view, no array that a pullback needs again."""
    if type(value) is np.ndarray:
        return value.copy()
    return tuple(map(own, value)) if type(value) is tuple else value


@final
class Fingerprint:
    """A few dozen entries of an array, to notice later that it was changed."""

    __slots__ = ("_array", "_sample")

    def __init__(self, array: np.ndarray[Any, Any]) -> None:
        self._array = array
        self._sample = _sample(array)

    def check(self) -> None:
        """Raise `MutatedArrayError` if the sampled entries have changed."""
        if _sample(self._array) != self._sample:
            raise MutatedArrayError


def _sample(array: np.ndarray[Any, Any]) -> bytes:
    if array.size <= SAMPLES:
        return array.tobytes()
    along_each = max(2, round(float(SAMPLES) ** (1 / array.ndim)))
    return array[tuple(slice(None, None, -(-n // along_each)) for n in array.shape)].tobytes()
