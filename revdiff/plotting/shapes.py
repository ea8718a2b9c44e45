"""What the renderers of pictures have in common: arrowheads, the corners of boxes, and which colour is for what.

Imports the graph, its layout and the style.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import hypot

from revdiff.plotting.engines import Point
from revdiff.plotting.graph import Node, Phase
from revdiff.plotting.layout import Box, Curve
from revdiff.plotting.style import HEAD_LENGTH, HEAD_WIDTH


def arrow(curve: Curve) -> tuple[list[Point], list[Point]]:
    """Return the points of a curve that makes room for its head, and the corners of the head, if it has one."""
    points = list(curve.points)
    if not curve.has_head:
        return points, []
    tip = points[-1]
    away = next((p for p in reversed(points[:-1]) if hypot(p[0] - tip[0], p[1] - tip[1]) > 0.5), None)
    if away is None:
        return points, []
    length = hypot(away[0] - tip[0], away[1] - tip[1])
    ux, uy = (tip[0] - away[0]) / length, (tip[1] - away[1]) / length
    base = tip[0] - HEAD_LENGTH * ux, tip[1] - HEAD_LENGTH * uy
    wing = HEAD_WIDTH / 2
    head = [tip, (base[0] - wing * uy, base[1] + wing * ux), (base[0] + wing * uy, base[1] - wing * ux)]
    # The line ends inside of the head, so that no gap shows between the two.
    end = tip[0] - 0.8 * HEAD_LENGTH * ux, tip[1] - 0.8 * HEAD_LENGTH * uy
    shift = end[0] - tip[0], end[1] - tip[1]
    return [*points[:-2], _moved(points[-2], shift), end], head


def _moved(point: Point, by: Point) -> Point:
    return point[0] + by[0], point[1] + by[1]


def corner(node: Node, box: Box) -> float:
    """Return the radius of the corners: inputs are round, and what leads back is rounder than what leads forward."""
    if node.kind == "input":
        return min(13.0, box.width / 2, box.height / 2)
    return 10.0 if node.phase == "backward" and node.kind != "slope" else 4.0


def paints(node: Node) -> tuple[str, str, bool]:
    """Return the names of the colours of the border and of the inside of a box, and whether the border is bold."""
    line = color_of(node.phase, node)
    is_plain = node.kind == "input" and node.phase == "forward"
    return line, "paper" if is_plain else f"{line}_fill", node.kind == "result"


def color_of(phase: Phase, source: Node, target: Node | None = None) -> str:
    """Return the name of the colour of an arc; a local derivative is apart from both ways."""
    if source.kind == "slope" or (target is not None and target.kind == "slope"):
        return "slope"
    if phase == "forward":
        return "forward"
    return "again" if source.depth > 1 else "back"


def runs(points: Sequence[Point], drawn: set[tuple[Point, ...]]) -> Iterator[list[Point]]:
    """Yield the parts of a curve that no other curve has drawn: where arcs go together, one line is enough."""
    run = [points[0]]
    for i in range(1, len(points), 3):
        piece = tuple(points[i - 1 : i + 3])
        if piece in drawn:
            if len(run) > 1:
                yield run
            run = [piece[-1]]
        else:
            drawn.add(piece)
            run += piece[1:]
    if len(run) > 1:
        yield run
