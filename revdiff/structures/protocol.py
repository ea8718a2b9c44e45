"""What a descriptor is: how a structure and its cotangent are taken apart.

Imports the core. An argument descriptor makes a structure of RevDiffs of one RevDiff of a
structure. A value descriptor makes a structure of derivatives of a structure of RevDiffs: the
value's structure outside, the argument's cotangent inside. Both are protocols; how a descriptor is
written, printed and compared is in two small classes that the library's own are made of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Generic, Protocol, Self, TypeAlias, TypeVar, runtime_checkable

from revdiff.core.errors import ArgumentError, describe
from revdiff.core.revdiff import RevDiff, primal

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


def misfit(descriptor: object, what: str, met: Any) -> ArgumentError:
    """Return the error for an argument or a value that is not what its descriptor describes."""
    whose = "the argument is" if isinstance(descriptor, Argument) else "the function returned"
    return ArgumentError(f"{descriptor!r} describes {what}; {whose} {describe(primal(met))}")


class WithoutParts:
    """A descriptor that takes none for parts: with and without parentheses it is the same."""

    name: ClassVar[str]

    def __call__(self) -> Self:
        """Return the descriptor itself."""
        return self

    def __repr__(self) -> str:
        return self.name


Descriptor = TypeVar("Descriptor")


class WithPart(Generic[Descriptor]):
    """A descriptor that takes one other: for all the elements, or for a value that is present."""

    name: ClassVar[str]
    default: ClassVar[Any]

    def __init__(self, part: Descriptor | None = None) -> None:
        self.part: Descriptor = self.default if part is None else part

    def __call__(self, part: Descriptor | None = None, /) -> Self:
        """Return the descriptor with this one inside."""
        return self if part is None else type(self)(part)

    def __eq__(self, other: object) -> bool:
        return self.part == other.part if isinstance(other, type(self)) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.name, self.part))

    def __repr__(self) -> str:
        return self.name if self.part is self.default else f"{self.name}({self.part!r})"
