"""One number, of any number system.

Imports the core, the number systems and the descriptor protocol.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from revdiff.core.cotangents import one_like
from revdiff.core.errors import ArgumentError, describe
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.structures.protocol import Pull
from revdiff.systems import require_number


@final
class ScalarArg:
    """One argument.

        value      x
        cotangent  x̄, a number or an array like x
        pairing    x̄ · x

    >>> scalar_arg
    scalar_arg
    """

    def __call__(self) -> ScalarArg:
        """Return the descriptor itself: with and without parentheses it is the same."""
        return self

    def split(self, x: RevDiff, /) -> RevDiff:
        """Return x itself."""
        require_number(primal(x), "the argument")
        return x

    def __repr__(self) -> str:
        return "scalar_arg"


@final
class ScalarVal:
    """One value. Of an array, the elements are differentiated together: their cotangents are all one."""

    def __call__(self) -> ScalarVal:
        """Return the descriptor itself: with and without parentheses it is the same."""
        return self

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

    def __repr__(self) -> str:
        return "scalar_val"


scalar_arg = ScalarArg()
scalar_val = ScalarVal()
