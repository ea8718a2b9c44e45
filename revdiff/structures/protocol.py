"""What a descriptor is: how a structure and its cotangent are taken apart.

Imports the core. An argument descriptor makes a structure of RevDiffs of one RevDiff of a
structure. A value descriptor makes a structure of derivatives of a structure of RevDiffs: the
value's structure outside, the argument's cotangent inside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeAlias, runtime_checkable

from revdiff.core.revdiff import RevDiff

Pull: TypeAlias = Callable[[Any, Any], Any]
"""Carry the cotangent of one value back to the argument: ``pull(y, ȳ)`` is x̄."""


@runtime_checkable
class Argument(Protocol):
    """How one RevDiff of a structure becomes a structure of RevDiffs."""

    def split(self, x: RevDiff, /) -> Any:
        """Return the structure that the user's function receives."""


@runtime_checkable
class Value(Protocol):
    """How a structure of RevDiffs becomes a structure of derivatives."""

    def derivatives(self, y: Any, pull: Pull, /) -> Any:
        """Return the derivative of each number in y, in the structure of y."""

    def seeds(self, y: Any, y_bar: Any, /) -> Iterator[tuple[Any, Any]]:
        """Pair each number in y with its part of the cotangent ȳ."""
