"""What a trace consists of: one event for each primitive that was evaluated.

Imports nothing of revdiff.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, final

Phase: TypeAlias = Literal["input", "forward", "backward"]


@final
@dataclass(frozen=True, slots=True)
class Event:
    """One primitive that was evaluated, y = f(a, b, …), or a variable that was put in.

    number    0, 1, … in the order of the trace
    name      that of the primitive, "sin", "+", "f'"; of an input that of the variable, "x"
    args      the plain values that it was applied to; none for an input
    parents   for each of them the number of the event that gave it, None for a constant
    result    the plain value that came out
    phase     "input"; "backward" while a backward pass is running, "forward" otherwise
    depth     how many backward passes are running: 0 is forward
    seconds   the time that the primitive itself took
    nbytes    the memory that the result takes; of a view, which has none of its own, 0

    Arrays of up to 4096 bytes are copies of what they were at that moment; larger ones are held as they are.

    >>> from revdiff import sin, trace
    >>> with trace() as t:
    ...     _ = t.call(lambda x: sin(x) * 2.0, 0.0)
    >>> [(event.number, event.name, event.args, event.parents, event.result) for event in t.events]
    [(0, 'x', (), (), 0.0), (1, 'sin', (0.0,), (0,), 0.0), (2, '*', (0.0, 2.0), (1, None), 0.0)]
    """

    number: int
    name: str
    args: tuple[Any, ...]
    parents: tuple[int | None, ...]
    result: Any
    phase: Phase
    depth: int
    seconds: float
    nbytes: int
