"""Segments of the graph: what a function recorded, between its results and the older nodes at which it hangs.

Imports the graph, RevDiff and lifting. A segment has no end of its own. Copied with other ends it carries cotangents to them,
and nothing behind them is visited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from revdiff.core.graph import Node
from revdiff.core.lifting import bare
from revdiff.core.revdiff import RevDiff

Nodes = dict[int, Node]
"""Nodes by their numbers."""


def layers_of(y: Any) -> list[RevDiff]:
    """Return y and the RevDiffs under it, one for each derivative that it carries, the innermost derivative first."""
    found = []
    y = bare(y)
    while type(y) is RevDiff:
        if y._node[1]:
            found.append(y)
        y = bare(y.value)
    return found


def segment(starts: Iterable[Node], is_end: Callable[[Node], bool]) -> tuple[Nodes, Nodes]:
    """Return the nodes that are met on the ways back from these, and the ends, behind which nobody looks."""
    inside: Nodes = {}
    ends: Nodes = {}
    waiting = list(starts)
    while waiting:
        node = waiting.pop()
        if node[0] in inside or node[0] in ends:
            continue
        if is_end(node):
            ends[node[0]] = node
        else:
            inside[node[0]] = node
            waiting += node[2::2]
    return inside, ends


def with_ends(inside: Nodes, ends: Nodes) -> Nodes:
    """Return copies of the nodes of a segment that lead to these ends, with the ends among them."""
    copies = dict(ends)
    for number in sorted(inside):
        _, tag, *ways = inside[number]
        ways[::2] = [copies[parent[0]] for parent in ways[::2]]
        copies[number] = (number, tag, *ways)
    return copies
