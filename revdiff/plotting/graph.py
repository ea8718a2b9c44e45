"""What a picture shows: nodes, and arcs between them. It knows nothing of places, colours or files.

Imports the errors. A `Graph` draws itself when it is asked to, with the modules beside this one, which are
imported then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, final

from revdiff.core.errors import ArgumentError, describe
from revdiff.plotting.errors import PlotError

if TYPE_CHECKING:
    from revdiff.plotting.engines import Engine
    from revdiff.plotting.style import Theme

MAX_NODES = 500
"""So many nodes has the largest picture that is drawn unless somebody asks for more."""

Phase = Literal["forward", "backward"]
Kind = Literal["input", "operation", "slope", "result"]


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


@final
@dataclass(frozen=True)
class Graph:
    """A picture: nodes and the arcs between them.

    title       what it shows, in a few words
    direction   "down", or "right": forward arcs lead there
    latex       the formula that it shows, if that is one

    In a notebook it shows itself. Elsewhere it is saved, or drawn into axes of matplotlib.

    >>> graph = Graph((Node("x", "x", "input"), Node("y", "sin")), (Arc("x", "y"),))
    >>> graph
    <Graph of 2 nodes and 1 arc>
    >>> graph["y"].label, graph.sources("y"), graph.targets("x")
    ('sin', ('x',), ('y',))
    """

    nodes: Sequence[Node]
    arcs: Sequence[Arc] = ()
    title: str = ""
    direction: Literal["down", "right"] = "down"
    latex: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "nodes", tuple(self.nodes))
        object.__setattr__(self, "arcs", tuple(self.arcs))
        if not self.nodes:
            msg = "a graph has one node at least"
            raise ArgumentError(msg)
        for key, count in Counter(node.key for node in self.nodes).items():
            if count > 1:
                msg = f"every node needs a key of its own; {key!r} is that of {count}"
                raise ArgumentError(msg)
        for arc in self.arcs:
            for key in arc.source, arc.target:
                if key not in self._by_key:
                    msg = f"an arc leads from {arc.source!r} to {arc.target!r}, and there is no node {key!r}"
                    raise ArgumentError(msg)
            if arc.source == arc.target:
                msg = f"an arc leads from {arc.source!r} to itself, and a picture has no place for that"
                raise ArgumentError(msg)
        if self.direction not in ("down", "right"):
            msg = f"the direction of a graph is 'down' or 'right'; met {self.direction!r}"
            raise ArgumentError(msg)

    @cached_property
    def _by_key(self) -> Mapping[str, Node]:
        return {node.key: node for node in self.nodes}

    def __getitem__(self, key: str) -> Node:
        return self._by_key[key]

    def __len__(self) -> int:
        return len(self.nodes)

    def sources(self, key: str, /) -> tuple[str, ...]:
        """Return the keys of the nodes from which arcs lead to this one."""
        return tuple(arc.source for arc in self.arcs if arc.target == key)

    def targets(self, key: str, /) -> tuple[str, ...]:
        """Return the keys of the nodes to which arcs lead from this one."""
        return tuple(arc.target for arc in self.arcs if arc.source == key)

    def __repr__(self) -> str:
        return f"<Graph of {_counted(len(self.nodes), 'node')} and {_counted(len(self.arcs), 'arc')}>"

    def to_svg(self, *, engine: Engine | None = None, theme: Theme | None = None) -> str:
        """Return the picture as SVG.

        engine   "graphviz" or "grandalf": who finds the places; by default Graphviz where it is installed
        theme    "light" or "dark"; by default as whoever looks at it has set the screen

        Raises `PlotError` where the engine is not installed.

        >>> print(Graph([Node("x", "x")]).to_svg()[:23])
        <svg xmlns="http://www.
        """
        from revdiff.plotting.layout import lay_out
        from revdiff.plotting.svg import as_svg

        return as_svg(self, lay_out(self, engine), theme)

    def draw(self, ax: Any, /, *, engine: Engine | None = None, theme: Theme = "light") -> None:
        """Draw the picture into axes of matplotlib, which get its proportions."""
        from revdiff.plotting.axes import draw
        from revdiff.plotting.layout import lay_out

        draw(self, lay_out(self, engine), ax, theme)

    def save(self, path: str | Path, /, *, engine: Engine | None = None, theme: Theme | None = None) -> None:
        """Write the picture to a file: .svg, .png, .pdf, or .dot for Graphviz.

        Raises `PlotError` for a file of another kind, or where what draws it is not installed.
        """
        from revdiff.plotting.saving import save

        save(self, Path(path), engine, theme)

    def _repr_svg_(self) -> str | None:
        """Show the picture in a notebook, if there is something installed that can lay it out."""
        try:
            return self.to_svg()
        except PlotError:
            return None

    def _repr_latex_(self) -> str | None:
        return rf"$\displaystyle {self.latex}$" if self.latex else None

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        shown = {
            "image/svg+xml": self._repr_svg_(),
            "text/latex": self._repr_latex_(),
            "text/plain": repr(self),
        }
        return {kind: text for kind, text in shown.items() if text is not None}


def check_size(count: int, max_nodes: int) -> None:
    """Raise `PlotError` where a picture would have more nodes than it may."""
    if count > max_nodes:
        msg = (
            f"this would be a picture of more than {max_nodes} nodes, which nobody can read.\n"
            "  Draw a part of it, or a simplified form:  revdiff.simplify(x)\n"
            "  To draw it all the same:                  max_nodes=…"
        )
        raise PlotError(msg)


def checked_limit(max_nodes: object) -> int:
    """Return the largest number of nodes, if it is one."""
    if type(max_nodes) is not int or max_nodes < 1:
        met = max_nodes if type(max_nodes) is int else describe(max_nodes)
        msg = f"max_nodes is a whole number from 1; met {met}"
        raise ArgumentError(msg)
    return max_nodes


def _counted(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
