"""Pictures as text for Graphviz, in its language DOT.

Imports nodes, the lines of their labels, and the style.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from revdiff.plotting.layout import lines_in
from revdiff.plotting.nodes import Arc, Direction, Node
from revdiff.plotting.style import PALETTES, color_of, paints

_LIGHT = PALETTES["light"]


def as_dot(nodes: Sequence[Node], arcs: Sequence[Arc], direction: Direction, title: str) -> str:
    """Return nodes and arcs in Graphviz' language DOT."""
    return "\n".join(["digraph {", *(f"  {line}" for line in _lines(nodes, arcs, direction, title)), "}"])


def _lines(nodes: Sequence[Node], arcs: Sequence[Arc], direction: Direction, title: str) -> Iterator[str]:
    yield f"rankdir={'LR' if direction == 'right' else 'TB'}"
    font = 'fontname="Helvetica,Arial,sans-serif"'
    yield f'node [shape=box style="rounded,filled" {font} fontsize=14]'
    yield f"edge [{font} fontsize=11]"
    if title:
        yield f"tooltip={_quoted(title)}"
    yield from map(_node, nodes)
    by_key = {node.key: node for node in nodes}
    yield from (_arc(arc, color_of(arc.phase, by_key[arc.source], by_key[arc.target])) for arc in arcs)


def _node(node: Node) -> str:
    line, fill = paints(node)
    label = "\n".join([*lines_in(node), *([node.note] if node.note else [])])
    attributes = [f"label={_quoted(label)}", f'color="{_LIGHT[line]}"', f'fillcolor="{_LIGHT[fill]}"']
    if node.kind == "input":
        attributes.append("shape=ellipse")
    if node.kind == "slope":
        attributes.append('style="rounded,filled,dashed"')
    if node.kind == "result":
        attributes.append("penwidth=2")
    attributes.append(f"tooltip={_quoted(node.text or node.label)}")
    return f"{_quoted(node.key)} [{' '.join(attributes)}]"


def _arc(arc: Arc, color: str) -> str:
    label = f"label={_quoted(arc.label)} " if arc.label else ""
    style = " style=dashed" if arc.phase == "backward" else ""
    colors = f'color="{_LIGHT[color]}" fontcolor="{_LIGHT[color]}"'
    return f"{_quoted(arc.source)} -> {_quoted(arc.target)} [{label}{colors}{style}]"


def _quoted(text: str) -> str:
    """Quote a text, so that none of its characters has a meaning for Graphviz."""
    for character, written in ("\\", "\\\\"), ('"', '\\"'), ("&", "&amp;"), ("\n", "\\n"), ("\0", "\ufffd"):
        text = text.replace(character, written)
    return f'"{text}"'
