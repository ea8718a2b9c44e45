"""A NumPy array, kept whole.

Imports the core, the number systems, shapes and the descriptor protocol.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

import numpy as np

from revdiff.arrays.broadcasting import fit_for
from revdiff.core.errors import ArgumentError, describe
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.rules.shape import gather
from revdiff.structures.auto import auto_arg, auto_val
from revdiff.structures.protocol import Pull, WithoutParts, misfit
from revdiff.structures.rows import rows
from revdiff.systems import is_masked, require_number

WAYS_OUT: dict[str, str] = {
    "b": "write x.astype(float)",
    "m": "write x / np.timedelta64(1, 's')",
    "M": "write (x - start) / np.timedelta64(1, 's')",
    "V": "give its fields one by one, x['name']",
    "S": "text is no number",
    "U": "text is no number",
    "T": "text is no number",
}
"""What to do with an array that is no array of numbers, by the kind of its dtype."""


def _way_out(x: np.ndarray[Any, Any]) -> str:
    """Return what to write instead of an array that is no plain array of numbers, and nothing for one that is."""
    if is_masked(x):
        return "write x.filled(0.0)"
    if isinstance(x, np.matrix):
        return "write np.asarray(x)"
    return "" if x.dtype.kind in "fciuO" else WAYS_OUT[x.dtype.kind]


@final
class ArrayArg(WithoutParts):
    """An array as one argument.

        value      x, of any shape
        cotangent  x̄, of the same shape
        pairing    Σ x̄ᵢ xᵢ

    Raises `ArgumentError` for what is no array, and for one that has no derivative: of text, of dates, a masked array.

    >>> from revdiff import custom_arg_derivative
    >>> custom_arg_derivative(array_arg, lambda x: x @ x)(np.array([1.0, 2.0]))
    array([2., 4.])
    """

    name = "array_arg"

    def split(self, x: RevDiff, /) -> RevDiff:
        """Return x itself, after a look at its dtype."""
        value = primal(x)
        if not isinstance(value, np.ndarray):
            raise misfit(self, "a NumPy array", value)
        if way_out := _way_out(value):
            msg = f"{describe(value)} has no derivative; {way_out}"
            raise ArgumentError(msg)
        return x


@final
class ArrayVal(WithoutParts):
    """An array of values: its derivative is the Jacobian.

        value       y, of any shape
        derivative  ∂yᵢ/∂xⱼ, of shape ``(*shape of the value, *shape of the argument)``
        cotangent   ȳ, of the shape of y

    Raises `ArgumentError` for what is no array, and for a cotangent of another shape; `UnsupportedValueError` for an array
    that holds no numbers.

    >>> from revdiff import custom_val_derivative
    >>> custom_val_derivative(array_val, lambda x: x**2)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """

    name = "array_val"

    def derivatives(self, y: Any, pull: Pull, /) -> Any:
        """Return the Jacobian, a row for each element of y."""
        value = primal(y)
        if not isinstance(value, np.ndarray):
            raise misfit(self, "a NumPy array", value)
        require_number(value, "what the function returns")
        return rows(y, pull)

    def seeds(self, y: Any, y_bar: Any, /) -> Iterator[tuple[Any, Any]]:
        """Pair y with ȳ, which has its shape."""
        y_bar = gather(np.array(y_bar) if isinstance(y_bar, list | tuple) else y_bar)
        plain = primal(y_bar)
        require_number(plain, "the cotangent of an array")
        if isinstance(plain, np.ndarray) and (way_out := _way_out(plain)):
            msg = f"{describe(plain)} is no cotangent of an array; {way_out}"
            raise ArgumentError(msg)
        if shape_of(y_bar) != shape_of(y):
            msg = f"the cotangent of an array has its shape {shape_of(y)}; met {shape_of(y_bar)}"
            raise ArgumentError(msg)
        fit = fit_for(y, y_bar)
        yield y, y_bar if fit is None else fit(y_bar)


array_arg = ArrayArg()
array_val = ArrayVal()
auto_arg.register(np.ndarray, array_arg)
auto_val.register(np.ndarray, array_val)
