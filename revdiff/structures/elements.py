"""What the descriptors of vectors and streams share: one descriptor serves all elements.

Imports `auto` and the descriptor protocol.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from revdiff.structures.auto import auto_arg, auto_val
from revdiff.structures.protocol import Argument, Value


@dataclass(frozen=True, repr=False)
class ElementsArg:
    """An argument whose elements have one descriptor; by default the elements say what they are."""

    part: Argument = auto_arg
    name: ClassVar[str]

    def __call__(self, part: Argument | None = None, /) -> Self:
        """Return the descriptor with this one for the elements."""
        return self if part is None else type(self)(part)

    def __repr__(self) -> str:
        return self.name if self.part is auto_arg else f"{self.name}({self.part!r})"


@dataclass(frozen=True, repr=False)
class ElementsVal:
    """A value whose elements have one descriptor; by default the elements say what they are."""

    part: Value = auto_val
    name: ClassVar[str]

    def __call__(self, part: Value | None = None, /) -> Self:
        """Return the descriptor with this one for the elements."""
        return self if part is None else type(self)(part)

    def __repr__(self) -> str:
        return self.name if self.part is auto_val else f"{self.name}({self.part!r})"
