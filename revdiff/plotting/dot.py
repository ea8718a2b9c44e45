"""Pictures as text for Graphviz, in its language DOT.

Imports the graphs of expressions, shapes and the style.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from revdiff.plotting.expressions import expression_graph
from revdiff.plotting.graph import Arc, Graph, Node
from revdiff.plotting.layout import lines_in
from revdiff.plotting.shapes import color_of, paints
from revdiff.plotting.style import PALETTES


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
    return "\n".join(["digraph {", *(f"  {line}" for line in _lines(graph)), "}"])


def _lines(graph: Graph) -> Iterator[str]:
    yield f"rankdir={'LR' if graph.direction == 'right' else 'TB'}"
    font = 'fontname="Helvetica,Arial,sans-serif"'
    yield f'node [shape=box style="rounded,filled" {font} fontsize=14]'
    yield f"edge [{font} fontsize=11]"
    if graph.title:
        yield f"tooltip={_quoted(graph.title)}"
    yield from map(_node, graph.nodes)
    yield from (_arc(arc, graph) for arc in graph.arcs)


def _node(node: Node) -> str:
    line, fill, is_bold = paints(node)
    label = "\n".join([*lines_in(node), *([node.note] if node.note else [])])
    attributes = [f"label={_quoted(label)}", f'color="{_color(line)}"', f'fillcolor="{_color(fill)}"']
    if node.kind == "input":
        attributes.append("shape=ellipse")
    if node.kind == "slope":
        attributes.append('style="rounded,filled,dashed"')
    if is_bold:
        attributes.append("penwidth=2")
    attributes.append(f"tooltip={_quoted(node.text or node.label)}")
    return f"{_quoted(node.key)} [{' '.join(attributes)}]"


def _arc(arc: Arc, graph: Graph) -> str:
    color = _color(color_of(arc.phase, graph[arc.source], graph[arc.target]))
    attributes = [f'color="{color}" fontcolor="{color}"']
    if arc.label:
        attributes.insert(0, f"label={_quoted(arc.label)}")
    if arc.phase == "backward":
        attributes.append("style=dashed")
    return f"{_quoted(arc.source)} -> {_quoted(arc.target)} [{' '.join(attributes)}]"


def _color(name: str) -> str:
    return str(getattr(PALETTES["light"], name))


def _quoted(text: str) -> str:
    """Quote a text, so that none of its characters has a meaning for Graphviz."""
    for character, written in ("\\", "\\\\"), ('"', '\\"'), ("&", "&amp;"), ("\n", "\\n"), ("\0", "\ufffd"):
        text = text.replace(character, written)
    return f'"{text}"'
