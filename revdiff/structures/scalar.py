"""One number, of any number system.

Imports the core, the number systems and the descriptor protocol.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from revdiff.core.cotangents import one_like
from revdiff.core.errors import ArgumentError, describe
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.structures.protocol import Pull, WithoutParts
from revdiff.systems import require_number


@final
class ScalarArg(WithoutParts):
    """One argument.

        value      x
        cotangent  x̄, a number or an array like x
        pairing    x̄ · x

    Raises `UnsupportedValueError` for what is no number.

    >>> from revdiff import custom_arg_derivative
    >>> custom_arg_derivative(scalar_arg, lambda x: x**3)(2.0)
    12.0
    """

    name = "scalar_arg"

    def split(self, x: RevDiff, /) -> RevDiff:
        """Return x itself."""
        require_number(primal(x), "the argument")
        return x


@final
class ScalarVal(WithoutParts):
    """One value. Of an array, the elements are differentiated together: their cotangents are all one.

        value       y
        derivative  what 1 is carried back to: f′(x)ᵀ 1
        cotangent   ȳ, a number or an array like y

    Raises `UnsupportedValueError` for what is no number, and `ArgumentError` for a cotangent of another shape.

    >>> import numpy as np
    >>> from revdiff import custom_val_derivative
    >>> custom_val_derivative(scalar_val, lambda x: x**3)(np.array([1.0, 2.0]))
    array([ 3., 12.])
    """

    name = "scalar_val"

    def derivatives(self, y: Any, pull: Pull, /) -> Any:
        """Return the cotangent that *one* is carried back to."""
        require_number(primal(y), "what the function returns")
        return pull(y, one_like(y))

    def seeds(self, y: Any, y_bar: Any, /) -> Iterator[tuple[Any, Any]]:
        """Pair y with ȳ."""
        require_number(primal(y), "what the function returns")
        require_number(primal(y_bar), "the cotangent of a number")
        if shape_of(y_bar) != shape_of(y):
            msg = f"the cotangent of a number is a number; met {describe(primal(y_bar))}"
            raise ArgumentError(msg)
        yield y, y_bar


scalar_arg = ScalarArg()
scalar_val = ScalarVal()
