"""Where things stand in a picture: boxes for nodes and for the labels of arcs, and the curves between them.

Imports nodes, the measures of text and the engines. An engine is given rectangles and who is above whom, and finds
places so that nothing overlaps. The label of an arc is a rectangle among others, and the arc is interrupted
there: so it lies on its arc and on nothing else. Arcs of one source with one label have the label in common.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, final

from revdiff.plotting.nodes import Arc, Direction, Node
from revdiff.plotting.places.engines import Engine, arranged
from revdiff.plotting.places.sketch import Point, Sketch
from revdiff.plotting.style import ARC_ROOM, LABEL, LINES, MARGIN, NOTE, NOTE_ROOM, PAD_X, PAD_Y, ROOM, WIDE
from revdiff.plotting.text import lines_of, shortened, width_of


@final
@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle around (x, y), and the lines of text in it; ``note`` stands below them, smaller."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...] = ()
    note: str = ""

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """The left, upper, right and lower edge."""
        return self.x - self.width / 2, self.y - self.height / 2, self.x + self.width / 2, self.y + self.height / 2


class Label(NamedTuple):
    """The label of arcs from one source: a box without a border."""

    box: Box
    arc: Arc


class Curve(NamedTuple):
    """A curve of cubic pieces: a point, and then three for each piece. ``has_head`` if an arrow ends there."""

    points: tuple[Point, ...]
    arc: Arc
    has_head: bool


class Layout(NamedTuple):
    """All places, in units of 1/96 inch from the upper left corner."""

    width: float
    height: float
    boxes: Mapping[str, Box]
    labels: tuple[Label, ...]
    curves: tuple[Curve, ...]


def lay_out(nodes: Sequence[Node], arcs: Sequence[Arc], direction: Direction, engine: Engine | None) -> Layout:
    """Find the places of nodes, and of the arcs between them."""
    by_key = {node.key: node for node in nodes}
    boxes = [_box_of(node) for node in nodes]
    number: dict[str | tuple[str, str], int] = {node.key: i for i, node in enumerate(nodes)}
    trunks: dict[tuple[str, str], Arc] = {}
    strokes: dict[tuple[int, int], tuple[Arc, bool]] = {}
    for arc in arcs:
        source, target = number[arc.source], number[arc.target]
        text = shortened(arc.label, ARC_ROOM)
        if text:
            trunk = arc.source, arc.label
            if trunk not in trunks:
                number[trunk] = len(boxes)
                boxes.append(Box(0, 0, width_of(text, NOTE.size) + 8, NOTE.line + 2, (text,)))
                trunks[trunk] = arc
            middle = number[trunk]
            strokes.setdefault((source, middle), (arc, False))
            source = middle
        strokes.setdefault((source, target), (arc, True))
    across = direction == "right"
    # What leads back is drawn against the direction of the rest, if nothing goes forward from it again.
    folded = across and all(
        by_key[arc.source].phase == "forward" or by_key[arc.target].phase == "backward" for arc in arcs
    )
    backward = [
        folded and arc.phase == "backward" and by_key[arc.source].kind != "slope" for arc, _ in strokes.values()
    ]
    lanes = [_lane(node) for node in nodes] + [_lane(by_key[arc.source]) for arc in trunks.values()]
    sizes = [(box.height, box.width) if across else (box.width, box.height) for box in boxes]
    found = arranged(Sketch(sizes, list(strokes), backward, lanes if folded else [0] * len(boxes)), engine)
    places = [(y, x) if across else (x, y) for x, y in found.places]
    ways = [tuple((y, x) if across else (x, y) for x, y in way) for way in found.ways]
    left, upper, right, lower = _extent(boxes, places, ways)
    dx, dy = MARGIN - left, MARGIN - upper
    moved = [replace(box, x=x + dx, y=y + dy) for box, (x, y) in zip(boxes, places, strict=True)]
    curves = tuple(
        Curve(tuple((x + dx, y + dy) for x, y in way), arc, has_head)
        for way, (arc, has_head) in zip(ways, strokes.values(), strict=True)
    )
    return Layout(
        right - left + 2 * MARGIN,
        lower - upper + 2 * MARGIN,
        {node.key: box for node, box in zip(nodes, moved, strict=False)},
        tuple(Label(box, arc) for arc, box in zip(trunks.values(), moved[len(nodes) :], strict=True)),
        curves,
    )


def _lane(node: Node) -> int:
    """Return where a node of a folded picture is: what leads forward above, what leads back below, slopes between."""
    return 1 if node.kind == "slope" else 2 if node.phase == "backward" else 0


def lines_in(node: Node) -> tuple[str, ...]:
    """Return the lines of a label: one, if that is not much too long."""
    return lines_of(node.label, WIDE if len(node.label) <= WIDE else ROOM, LINES)


def _box_of(node: Node) -> Box:
    """Return a box at no place yet, large enough for its text."""
    lines = lines_in(node)
    note = shortened(node.note, NOTE_ROOM)
    width = max([width_of(line, LABEL.size) for line in lines] + [width_of(note, NOTE.size), 16.0])
    height = LABEL.line * len(lines) + (NOTE.line if note else 0)
    return Box(0, 0, width + 2 * PAD_X, height + 2 * PAD_Y, lines, note)


def _extent(boxes: list[Box], places: list[Point], ways: list[tuple[Point, ...]]) -> tuple[float, float, float, float]:
    xs = [x + side * box.width / 2 for box, (x, _) in zip(boxes, places, strict=True) for side in (-1, 1)]
    ys = [y + side * box.height / 2 for box, (_, y) in zip(boxes, places, strict=True) for side in (-1, 1)]
    xs += [x for way in ways for x, _ in way]
    ys += [y for way in ways for _, y in way]
    return min(xs), min(ys), max(xs), max(ys)
