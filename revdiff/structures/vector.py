"""A vector whose elements are handed out one by one.

Imports the core, indexing and the descriptors. `array_arg` keeps an array whole, which is faster; `vector_arg` suits
functions that are written for numbers, and elements that are structures themselves.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, final

import numpy as np

from revdiff.core.errors import ArgumentError, RevDiffError, describe
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.rules.indexing import elements
from revdiff.structures.array import array_val
from revdiff.structures.auto import auto_val
from revdiff.structures.elements import ElementsArg, ElementsVal
from revdiff.structures.protocol import Argument, Pull, Value
from revdiff.structures.rows import stacked
from revdiff.structures.sequence import sequence_arg, sequence_val

_SEQUENCES = (list, tuple, deque)


@final
class VectorArg(ElementsArg):
    """A vector of arguments, as an array of RevDiffs or a sequence of them.

        value      x₀, x₁, …: an array of any shape, or a list
        cotangent  x̄₀, x̄₁, …: the same
        pairing    Σ x̄ᵢ · xᵢ

    >>> from revdiff import custom_arg_derivative
    >>> custom_arg_derivative(vector_arg, lambda v: v[0] * v[1] + v[2])(np.array([2.0, 3.0, 5.0]))
    array([3., 2., 1.])
    """

    name = "vector_arg"

    def split(self, x: RevDiff, /) -> Any:
        """Return an array of objects, or a sequence, with a RevDiff for every element."""
        value = primal(x)
        if isinstance(value, _SEQUENCES):
            return sequence_arg(self.part).split(x)
        if not isinstance(value, np.ndarray):
            msg = f"{self!r} describes an array or a sequence; the argument is {describe(value)}"
            raise ArgumentError(msg)
        return _each(self.part.split, elements(x))


@final
class VectorVal(ElementsVal):
    """A vector of values: its derivative is the vector of their derivatives.

    Those of numbers and arrays are stacked into one array; of structures the vector is a list.

    >>> from revdiff import custom_val_derivative
    >>> custom_val_derivative(vector_val, lambda p: np.array([p[0] * p[1], p[0]]))((2.0, 3.0))
    [(3.0, 2.0), (1.0, 0.0)]
    """

    name = "vector_val"

    def derivatives(self, y: Any, pull: Pull, /) -> Any:
        """Return the derivatives, element by element."""
        value = primal(y)
        if isinstance(value, _SEQUENCES):
            return sequence_val(self.part).derivatives(y, pull)
        self._require_array(value)
        rows = _each(lambda element: self.part.derivatives(element, pull), elements(y))
        return stacked(list(rows.flat), value.shape) if value.size else array_val.derivatives(y, pull)

    def seeds(self, y: Any, y_bar: Any, /) -> Iterator[tuple[Any, Any]]:
        """Pair element with element."""
        value = primal(y)
        if isinstance(value, _SEQUENCES):
            yield from sequence_val(self.part).seeds(y, y_bar)
            return
        self._require_array(value)
        if self.part is auto_val and value.dtype != object:
            yield from array_val.seeds(y, y_bar)
            return
        if shape_of(y_bar) != value.shape:
            msg = f"the cotangent of a vector has its shape {value.shape}; met {shape_of(y_bar)}"
            raise ArgumentError(msg)
        for element, element_bar in zip(elements(y).flat, elements(y_bar).flat, strict=True):
            yield from self.part.seeds(element, element_bar)

    def _require_array(self, value: Any) -> None:
        if not isinstance(value, np.ndarray):
            msg = f"{self!r} describes an array or a sequence; the function returned {describe(value)}"
            raise ArgumentError(msg)


def _each(function: Callable[[Any], Any], array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the array of objects that a function makes of the elements."""
    results = np.empty(array.shape, object)
    for index in np.ndindex(array.shape):
        try:
            results[index] = function(array[index])
        except RevDiffError as error:
            error.inside(str(list(index)))
            raise
    return results


vector_arg = VectorArg()
vector_val = VectorVal()


def mk_vector_arg(part: Argument, /) -> VectorArg:
    """Return the descriptor of a vector with one descriptor for all of its elements."""
    return vector_arg(part)


def mk_vector_val(part: Value, /) -> VectorVal:
    """Return the descriptor of a vector with one descriptor for all of its elements."""
    return vector_val(part)
