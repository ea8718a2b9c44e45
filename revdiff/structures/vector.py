"""A vector whose elements are handed out one by one.

Imports the core, indexing and the descriptors. `array_arg` keeps an array whole, which is faster; `vector_arg` suits
functions that are written for numbers, and elements that are structures themselves.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, final

import numpy as np

from revdiff.core.errors import ArgumentError, RevDiffError
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.rules.indexing import elements
from revdiff.structures.array import array_val
from revdiff.structures.auto import auto_arg, auto_val
from revdiff.structures.protocol import Argument, Pull, Value, WithPart, misfit
from revdiff.structures.rows import stacked
from revdiff.structures.sequence import sequence_arg, sequence_val

_SEQUENCES = (list, tuple, deque)


@final
class VectorArg(WithPart[Argument]):
    """A vector of arguments, as an array of RevDiffs or a sequence of them.

        value      x₀, x₁, …: an array of any shape, or a list
        cotangent  x̄₀, x̄₁, …: the same
        pairing    Σ x̄ᵢ · xᵢ

    Called with a descriptor, it returns the one that uses it for the elements. Raises `ArgumentError` for what is neither
    an array nor a sequence.

    >>> from revdiff import custom_arg_derivative
    >>> custom_arg_derivative(vector_arg, lambda v: v[0] * v[1] + v[2])(np.array([2.0, 3.0, 5.0]))
    array([3., 2., 1.])
    """

    name = "vector_arg"
    default = auto_arg

    def split(self, x: RevDiff, /) -> Any:
        """Return an array of objects, or a sequence, with a RevDiff for every element."""
        value = primal(x)
        if isinstance(value, _SEQUENCES):
            return sequence_arg(self.part).split(x)
        if not isinstance(value, np.ndarray):
            raise misfit(self, "an array or a sequence", value)
        return _each(self.part.split, elements(x))


@final
class VectorVal(WithPart[Value]):
    """A vector of values: its derivative is the vector of their derivatives.

        value       y₀, y₁, …: an array of any shape, or a list
        derivative  ∂y₀, ∂y₁, …: stacked into one array where they are numbers or arrays, else a list
        cotangent   ȳ₀, ȳ₁, …: like y

    Called with a descriptor, it returns the one that uses it for the elements. Raises `ArgumentError` for what is neither
    an array nor a sequence, and for a cotangent of another shape.

    >>> from revdiff import custom_val_derivative
    >>> custom_val_derivative(vector_val, lambda p: np.array([p[0] * p[1], p[0]]))((2.0, 3.0))
    [(3.0, 2.0), (1.0, 0.0)]
    """

    name = "vector_val"
    default = auto_val

    def derivatives(self, y: Any, pull: Pull, /) -> Any:
        """Return the derivatives, element by element."""
        value = primal(y)
        if isinstance(value, _SEQUENCES):
            return sequence_val(self.part).derivatives(y, pull)
        if not isinstance(value, np.ndarray):
            raise misfit(self, "an array or a sequence", value)
        rows = _each(lambda element: self.part.derivatives(element, pull), elements(y))
        return stacked(list(rows.flat), value.shape) if value.size else array_val.derivatives(y, pull)

    def seeds(self, y: Any, y_bar: Any, /) -> Iterator[tuple[Any, Any]]:
        """Pair element with element."""
        value = primal(y)
        if isinstance(value, _SEQUENCES):
            yield from sequence_val(self.part).seeds(y, y_bar)
            return
        if not isinstance(value, np.ndarray):
            raise misfit(self, "an array or a sequence", value)
        if self.part is auto_val and value.dtype != object:
            yield from array_val.seeds(y, y_bar)
            return
        if shape_of(y_bar) != value.shape:
            msg = f"the cotangent of a vector has its shape {value.shape}; met {shape_of(y_bar)}"
            raise ArgumentError(msg)
        of_y, of_y_bar = elements(y), elements(y_bar)
        for index in np.ndindex(value.shape):
            yield from self.part.seeds(of_y[index], of_y_bar[index])


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
    """Return the descriptor of a vector with one descriptor for all of its elements.

        value      x₀, x₁, …: an array of any shape, or a list
        cotangent  x̄₀, x̄₁, …: the same, each as ``part`` says
        pairing    Σ x̄ᵢ · xᵢ

    Raises `ArgumentError` for what is neither an array nor a sequence, and where ``part`` does not fit an element.

    >>> from revdiff import custom_arg_derivative, scalar_arg
    >>> custom_arg_derivative(mk_vector_arg(scalar_arg), lambda v: v[0] * v[1])([2.0, 3.0])
    [3.0, 2.0]
    """
    return vector_arg(part)


def mk_vector_val(part: Value, /) -> VectorVal:
    """Return the descriptor of a vector with one descriptor for all of its elements.

        value       y₀, y₁, …: an array of any shape, or a list
        derivative  ∂y₀, ∂y₁, …: each as ``part`` says, stacked where they are numbers or arrays
        cotangent   ȳ₀, ȳ₁, …: like y

    Raises `ArgumentError` for what is neither an array nor a sequence, and where ``part`` does not fit an element.

    >>> from revdiff import custom_val_derivative, scalar_val
    >>> custom_val_derivative(mk_vector_val(scalar_val), lambda t: np.array([t, t**2]))(3.0)
    array([1., 6.])
    """
    return vector_val(part)
