"""What a picture shows: nodes, and arcs between them. They know nothing of places, colours or files.

Imports nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, final

Phase: TypeAlias = Literal["forward", "backward"]
Kind: TypeAlias = Literal["input", "operation", "slope", "result"]
Direction: TypeAlias = Literal["down", "right"]


@final
@dataclass(frozen=True, slots=True)
class Node:
    """A box of a picture.

    key     what arcs call it
    label   what stands in it, in one line or a few
    kind    "input", "operation", "slope" (a local derivative) or "result"
    phase   "forward", or "backward" for what the pullbacks compute
    depth   in how many backward passes it was computed, one inside of another
    note    a second line: a value, or the name of a result
    text    all that could be said, shown when one points at it
    """

    key: str
    label: str
    kind: Kind = "operation"
    phase: Phase = "forward"
    depth: int = 0
    note: str = ""
    text: str = ""


@final
@dataclass(frozen=True, slots=True)
class Arc:
    """An arrow between two boxes: what ``source`` computed goes into ``target``.

    label   what goes along it, a value or a cotangent, or as what it goes in
    """

    source: str
    target: str
    label: str = ""
    phase: Phase = "forward"
