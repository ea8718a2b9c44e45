"""From an expression or a graph to a picture, in one call.

Imports graphs and those of expressions.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from revdiff.core.errors import ArgumentError, describe
from revdiff.plotting.dot import as_dot
from revdiff.plotting.draft import MAX_NODES
from revdiff.plotting.expressions import expression_graph
from revdiff.plotting.graph import Graph


def plot_graph(graph: Any, path: str | Path | None = None, /, **options: Any) -> Graph:
    """Return a graph, which a notebook shows, and write it to a file if one is named: .svg, .png, .pdf or .dot.

    The options are those of `Graph.save`.

    >>> from revdiff import computation_graph, sin
    >>> plot_graph(computation_graph(sin, 0.5))
    <Graph of 7 nodes and 6 arcs>
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


def to_dot(x: Any, /) -> str:
    """Return a graph in Graphviz' language DOT; of an expression, its `expression_graph`.

    >>> import sympy
    >>> print(to_dot(sympy.Symbol("x") ** 2))
    digraph {
      rankdir=TB
      node [shape=box style="rounded,filled" fontname="Helvetica,Arial,sans-serif" fontsize=14]
      edge [fontname="Helvetica,Arial,sans-serif" fontsize=11]
      tooltip="The graph of x²"
      "x" [label="x" color="#2b6cb0" fillcolor="#ffffff" shape=ellipse tooltip="x"]
      "x**2" [label="x²" color="#2b6cb0" fillcolor="#e8f1fa" penwidth=2 tooltip="x²"]
      "x" -> "x**2" [color="#2b6cb0" fontcolor="#2b6cb0"]
    }
    """
    graph = x if isinstance(x, Graph) else expression_graph(x)
    return as_dot(graph.nodes, graph.arcs, graph.direction, graph.title)
