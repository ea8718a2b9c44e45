"""A nested view of events: one result, what it was computed from, what that was computed from, ….

Imports display and events. Neither making nor printing it is recursive, and what is used twice is one tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import final

from revdiff.core.errors import ArgumentError
from revdiff.tracing.display import shown
from revdiff.tracing.events import Event

DEEPEST = 40
"""So many levels are printed."""


@final
@dataclass(frozen=True, eq=False)
class Tree:
    """An event, and the trees of what its arguments came from. Constants have none.

    What is used twice is the same object twice. In print it has its branches the first time, and "…" afterwards; there is
    a "…" at the deepest level as well.
    """

    event: Event
    branches: tuple[Tree, ...] = field(repr=False)

    def __str__(self) -> str:
        written: list[str] = []
        seen: set[int] = set()
        stack: list[tuple[Tree, str, str]] = [(self, "", "")]
        while stack:
            tree, before, below = stack.pop()
            is_known = bool(tree.branches) and (tree.event.number in seen or len(below) == 3 * DEEPEST)
            seen.add(tree.event.number)
            written.append(f"{before}{tree.event.name} = {shown(tree.event.result)}{' …' if is_known else ''}")
            branches = () if is_known else tree.branches
            for i, branch in reversed(list(enumerate(branches))):
                is_last = i == len(branches) - 1
                stack.append((branch, below + ("└─ " if is_last else "├─ "), below + ("   " if is_last else "│  ")))
        return "\n".join(written)


def tree_of(events: Sequence[Event], number: int) -> Tree:
    """Return the tree of one event. Parents come before their children, so one pass is enough."""
    if not -len(events) <= number < len(events):
        msg = f"there is no event {number}: the trace has {len(events)}"
        raise ArgumentError(msg)
    last = number % len(events)
    needed = {last}
    for event in reversed(events[: last + 1]):
        if event.number in needed:
            needed.update(parent for parent in event.parents if parent is not None)
    trees: dict[int, Tree] = {}
    for event in events[: last + 1]:
        if event.number in needed:
            trees[event.number] = Tree(event, tuple(trees[parent] for parent in event.parents if parent is not None))
    return trees[last]
