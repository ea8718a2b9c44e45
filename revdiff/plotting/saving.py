"""Pictures as files, and the two functions that draw one and write it.

Imports the graph, its layout and the renderers.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from revdiff.core.errors import ArgumentError, describe
from revdiff.plotting.axes import save_figure
from revdiff.plotting.dot import to_dot
from revdiff.plotting.engines import Engine
from revdiff.plotting.errors import PlotError
from revdiff.plotting.expressions import expression_graph
from revdiff.plotting.graph import MAX_NODES, Graph
from revdiff.plotting.layout import lay_out
from revdiff.plotting.style import Theme
from revdiff.plotting.svg import as_svg


def save(graph: Graph, path: Path, engine: Engine | None, theme: Theme | None) -> None:
    """Write a graph to a file of the kind that its ending names."""
    write = writer(path)
    write(graph, path, engine, theme)


def plot_graph(graph: Any, path: str | Path | None = None, /, **options: Any) -> Graph:
    """Return a graph, which a notebook shows, and write it to a file if one is named: .svg, .png, .pdf or .dot.

    The options are those of `Graph.save`.
    """
    if not isinstance(graph, Graph):
        msg = f"plot_graph draws a Graph; met {describe(graph)}.\n  For an expression:  plot_expr(x, path)"
        raise ArgumentError(msg)
    if path is not None:
        graph.save(path, **options)
    return graph


def plot_expr(x: Any, path: str | Path | None = None, /, *, max_nodes: int = MAX_NODES, **options: Any) -> Graph:
    """Return the `expression_graph` of x, which a notebook shows, and write it to a file if one is named.

    The options are those of `Graph.save`.

    >>> import sympy
    >>> plot_expr(sympy.sin(sympy.Symbol("x")))
    <Graph of 2 nodes and 1 arc>
    """
    return plot_graph(expression_graph(x, max_nodes=max_nodes), path, **options)


Writer = Callable[[Graph, Path, "Engine | None", "Theme | None"], None]


def writer(path: Path) -> Writer:
    """Return what writes files with this ending."""
    try:
        return _WRITERS[path.suffix.lower()]
    except KeyError:
        met = f"a file that ends in {path.suffix!r}" if path.suffix else f"{path.name!r}, which has no ending"
        msg = f"the ending of a file says how to draw: {', '.join(_WRITERS)}; met {met}"
        raise PlotError(msg) from None


def _save_svg(graph: Graph, path: Path, engine: Engine | None, theme: Theme | None) -> None:
    path.write_text(as_svg(graph, lay_out(graph, engine), theme), encoding="utf-8")


def _save_figure(graph: Graph, path: Path, engine: Engine | None, theme: Theme | None) -> None:
    save_figure(graph, lay_out(graph, engine), path, theme or "light")


def _save_dot(graph: Graph, path: Path, engine: Engine | None, theme: Theme | None) -> None:
    path.write_text(to_dot(graph) + "\n", encoding="utf-8")


_WRITERS: dict[str, Writer] = {".svg": _save_svg, ".png": _save_figure, ".pdf": _save_figure, ".dot": _save_dot}
