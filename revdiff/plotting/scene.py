"""A picture as shapes, which every renderer draws in its own way: curves with arrowheads, frames, and lines of text.

Imports the layout and the style.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import hypot
from typing import NamedTuple

from revdiff.plotting.layout import Box, Curve, Label, Layout
from revdiff.plotting.nodes import Node
from revdiff.plotting.places.sketch import Point
from revdiff.plotting.style import BOLD, HEAD_LENGTH, HEAD_WIDTH, LABEL, LINE, NOTE, color_of, paints


class Stroke(NamedTuple):
    """A curve of cubic pieces, and the corners of an arrowhead, if there is one."""

    points: Sequence[Point]
    head: Sequence[Point]
    color: str
    is_dashed: bool


class Frame(NamedTuple):
    """A rectangle with round corners, drawn with a line of this thickness."""

    left: float
    upper: float
    width: float
    height: float
    radius: float
    line: str
    fill: str
    thickness: float
    is_dashed: bool


class Words(NamedTuple):
    """A line of text around x, upon y."""

    text: str
    x: float
    y: float
    size: float
    color: str


class Tag(NamedTuple):
    """What stands together, in a frame or without one, and what is shown when one points at it."""

    tooltip: str
    words: Sequence[Words]
    frame: Frame | None = None


class Scene(NamedTuple):
    """All shapes, the lowest first, in units of 1/96 inch from the upper left corner. Colours are names."""

    width: float
    height: float
    strokes: Sequence[Stroke]
    tags: Sequence[Tag]


def scene_of(nodes: Sequence[Node], layout: Layout) -> Scene:
    """Return the shapes of nodes, and of the arcs between them."""
    by_key = {node.key: node for node in nodes}
    drawn: set[tuple[Point, ...]] = set()
    strokes = [_stroke(curve, by_key, drawn) for curve in layout.curves]
    tags = [_label(label, by_key[label.arc.source]) for label in layout.labels]
    tags += [_node(node, layout.boxes[node.key]) for node in nodes]
    return Scene(layout.width, layout.height, strokes, tags)


def _stroke(curve: Curve, nodes: Mapping[str, Node], drawn: set[tuple[Point, ...]]) -> Stroke:
    points, head = _arrow(curve)
    arc = curve.arc
    color = color_of(arc.phase, nodes[arc.source], nodes[arc.target])
    while tuple(points[:4]) in drawn:  # arcs of one source go together at first, and there one line is enough
        points = points[3:]
    drawn.update(tuple(points[i : i + 4]) for i in range(0, len(points) - 1, 3))
    return Stroke(points, head, color, arc.phase == "backward")


def _label(label: Label, source: Node) -> Tag:
    box = label.box
    color = color_of(label.arc.phase, source)
    return Tag(label.arc.label, [Words(box.lines[0], box.x, box.y + 0.35 * NOTE.size, NOTE.size, color)])


def _node(node: Node, box: Box) -> Tag:
    words = []
    texts = [*((line, LABEL, "ink") for line in box.lines), *([(box.note, NOTE, "muted")] if box.note else [])]
    y = box.y - sum(font.line for _, font, _ in texts) / 2
    for text, font, color in texts:
        words.append(Words(text, box.x, y + 0.72 * font.line, font.size, color))
        y += font.line
    left, upper, _, _ = box.edges
    thickness = BOLD if node.kind == "result" else LINE
    frame = Frame(
        left, upper, box.width, box.height, _corner(node, box), *paints(node), thickness, node.kind == "slope"
    )
    return Tag(node.text or node.label, words, frame)


def _corner(node: Node, box: Box) -> float:
    """Return the radius of the corners: inputs are round, and what leads back is rounder than what leads forward."""
    if node.kind == "input":
        return min(13.0, box.width / 2, box.height / 2)
    return 10.0 if node.phase == "backward" and node.kind != "slope" else 4.0


def _arrow(curve: Curve) -> tuple[list[Point], list[Point]]:
    """Return the points of a curve that makes room for its head, and the corners of the head, if it has one."""
    points = list(curve.points)
    if not curve.has_head:
        return points, []
    tip = points[-1]
    away = next(p for p in reversed(points[:-1]) if hypot(p[0] - tip[0], p[1] - tip[1]) > 0.5)
    length = hypot(away[0] - tip[0], away[1] - tip[1])
    ux, uy = (tip[0] - away[0]) / length, (tip[1] - away[1]) / length
    base = tip[0] - HEAD_LENGTH * ux, tip[1] - HEAD_LENGTH * uy
    wing = HEAD_WIDTH / 2
    head = [tip, (base[0] - wing * uy, base[1] + wing * ux), (base[0] + wing * uy, base[1] - wing * ux)]
    # The line ends inside of the head, so that no gap shows between the two.
    end = tip[0] - 0.8 * HEAD_LENGTH * ux, tip[1] - 0.8 * HEAD_LENGTH * uy
    shift = end[0] - tip[0], end[1] - tip[1]
    return [*points[:-2], (points[-2][0] + shift[0], points[-2][1] + shift[1]), end], head
