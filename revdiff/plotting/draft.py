"""A graph in the making: nodes under keys of their own, each arc once, and not more of them than anybody can read.

Imports the errors and graphs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import final

from revdiff.core.errors import ArgumentError, describe
from revdiff.plotting.errors import PlotError
from revdiff.plotting.graph import Graph
from revdiff.plotting.nodes import Arc, Direction, Node

MAX_NODES = 500
"""So many nodes has the largest picture that is drawn unless somebody asks for more."""


@final
class Draft:
    """Collects nodes and arcs. Raises `PlotError` where there are more nodes than there may be."""

    def __init__(self, max_nodes: object) -> None:
        if type(max_nodes) is not int or max_nodes < 1:
            met = max_nodes if type(max_nodes) is int else describe(max_nodes)
            msg = f"max_nodes is a whole number from 1; met {met}"
            raise ArgumentError(msg)
        self._max_nodes = max_nodes
        self._arcs: dict[Arc, None] = {}
        self.nodes: dict[str, Node] = {}

    def add(self, node: Node) -> str:
        """Add a node under a key that no other has, and return the key."""
        if len(self.nodes) == self._max_nodes:
            msg = (
                f"this would be a picture of more than {self._max_nodes} nodes, which nobody can read.\n"
                "  Draw a part of it, or a simplified form:  revdiff.simplify(x)\n"
                "  To draw it all the same:                  max_nodes=…"
            )
            raise PlotError(msg)
        key, number = node.key, 1
        while key in self.nodes:
            number += 1
            key = f"{node.key} ({number})"
        self.nodes[key] = replace(node, key=key)
        return key

    def join(self, arc: Arc) -> None:
        """Add an arc between two nodes, if it is not there yet."""
        self._arcs[arc] = None

    def graph(self, title: str, *, direction: Direction = "down", latex: str = "") -> Graph:
        """Return what was collected."""
        return Graph(tuple(self.nodes.values()), tuple(self._arcs), title, direction, latex)
