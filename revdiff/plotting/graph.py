"""A picture: nodes and arcs that draw themselves, into a notebook, a file, or axes of matplotlib.

Imports the errors, nodes, the layout and the renderers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, final

from revdiff.core.errors import ArgumentError
from revdiff.plotting.axes import draw, save_figure
from revdiff.plotting.dot import as_dot
from revdiff.plotting.errors import PlotError
from revdiff.plotting.layout import lay_out
from revdiff.plotting.nodes import Arc, Direction, Node
from revdiff.plotting.places.engines import Engine
from revdiff.plotting.scene import Scene, scene_of
from revdiff.plotting.style import Theme
from revdiff.plotting.svg import as_svg

MOST_WORDS = 40
"""Of so many nodes at most an SVG says in words what leads where."""

_ENDINGS = (".svg", ".png", ".pdf", ".dot")


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
    direction: Direction = "down"
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
        return f"<{self._size()}>"

    def _size(self) -> str:
        return f"Graph of {_counted(len(self.nodes), 'node')} and {_counted(len(self.arcs), 'arc')}"

    def _words(self) -> str:
        """Say what the picture shows, for those who do not see it, unless it is large."""
        if not self.arcs or len(self) > MOST_WORDS:
            return self._size()
        return "; ".join(f"{self[arc.source].label} → {self[arc.target].label}" for arc in self.arcs)

    def _scene(self, engine: Engine | None) -> Scene:
        return scene_of(self.nodes, lay_out(self.nodes, self.arcs, self.direction, engine))

    def to_svg(self, *, engine: Engine | None = None, theme: Theme | None = None) -> str:
        """Return the picture as SVG.

        engine   "graphviz" or "grandalf": who finds the places; by default Graphviz where it is installed
        theme    "light" or "dark"; by default as whoever looks at it has set the screen

        Raises `PlotError` where the engine is not installed.

        >>> print(Graph([Node("x", "x")]).to_svg()[:23])
        <svg xmlns="http://www.
        """
        return as_svg(self._scene(engine), self.title or "A graph", self._words(), theme)

    def draw(self, ax: Any, /, *, engine: Engine | None = None, theme: Theme = "light") -> None:
        """Draw the picture into axes of matplotlib, which get its proportions."""
        draw(self._scene(engine), ax, theme)

    def save(self, path: str | Path, /, *, engine: Engine | None = None, theme: Theme | None = None) -> None:
        """Write the picture to a file: .svg, .png, .pdf, or .dot for Graphviz.

        Raises `PlotError` for a file of another kind, or where what draws it is not installed.
        """
        path = Path(path)
        match ending_of(path):
            case ".svg":
                path.write_text(self.to_svg(engine=engine, theme=theme), encoding="utf-8")
            case ".dot":
                path.write_text(as_dot(self.nodes, self.arcs, self.direction, self.title) + "\n", encoding="utf-8")
            case _:
                save_figure(self._scene(engine), path, theme or "light")

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


def ending_of(path: Path) -> str:
    """Return the ending of a file, in small letters. Raises `PlotError` where it says nothing about how to draw."""
    ending = path.suffix.lower()
    if ending not in _ENDINGS:
        met = f"a file that ends in {path.suffix!r}" if ending else f"{path.name!r}, which has no ending"
        msg = f"the ending of a file says how to draw: {', '.join(_ENDINGS)}; met {met}"
        raise PlotError(msg)
    return ending


def _counted(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
