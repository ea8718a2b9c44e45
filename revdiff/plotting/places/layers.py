"""Places found by the library grandalf: rectangles in rows, with few crossings of the edges between them.

Imports sketches and ranks. The library is given a graph without long edges: where an edge goes past a row,
a place in the row is kept free for it. It finds the order in each row. Its places along the rows are only the first
guess; then everything moves towards what it is joined to. Curves leave and reach the rows vertically and bend between
them, so they meet no rectangle but their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias, final

from revdiff.plotting.places.ranks import downward, ranks_of
from revdiff.plotting.places.sketch import Arrangement, Point, Sketch

BESIDE, BETWEEN = 24.0, 12.0
"""The distance between two rectangles in a row, and from an edge that passes between them."""
BELOW, STEEPNESS, FARTHEST = 40.0, 0.16, 150.0
"""The distance between two rows: at least, in proportion to how far the edges lead sideways, and at most."""
ROUNDS, SWEEPS, STRAIGHT = 12, 8, 4.0
PORT = 14.0


@final
@dataclass(eq=False)
class _Item:
    """Something in a row: a rectangle, or a place where edges pass (``vertex`` is None)."""

    vertex: int | None
    row: int
    lane: int
    width: float
    height: float
    x: float = 0.0
    before: list[_Item] = field(default_factory=list)
    after: list[_Item] = field(default_factory=list)


_Row: TypeAlias = list[_Item]
_Way: TypeAlias = list[_Item]


@final
class _View:
    """What grandalf asks of a vertex: its size, and room for its place."""

    def __init__(self, item: _Item) -> None:
        self.w, self.h, self.xy = item.width, item.height, (0.0, 0.0)


def arrange(sketch: Sketch) -> Arrangement:
    """Let grandalf find the places."""
    edges, is_turned = downward(sketch)
    ranks = ranks_of(len(sketch.sizes), edges)
    rectangles = [_Item(i, ranks[i], sketch.lanes[i], *size) for i, size in enumerate(sketch.sizes)]
    ways = _ways(rectangles, edges, is_turned)
    left = 0.0
    rows: list[_Row] = [[] for _ in range(1 + max(item.row for item in rectangles))]
    for component in _ordered(rectangles, ways):
        _stack(component)
        left += _shift(component, left) + 2 * BESIDE
        for row, items in zip(rows, component, strict=False):
            row.extend(items)
    heights = _heights(rows)
    places = [(item.x, sum(heights[item.row]) / 2) for item in rectangles]
    ports = _ports(ways)
    curves = [_curve(way, heights, ends) for way, ends in zip(ways, ports, strict=True)]
    return Arrangement(
        places, [curve[::-1] if turned else curve for curve, turned in zip(curves, is_turned, strict=True)]
    )


def _ways(rectangles: list[_Item], edges: list[tuple[int, int]], is_turned: list[bool]) -> list[_Way]:
    """Return what each edge leads through. Edges with one source go together as far as they can."""
    shared: dict[tuple[int, int], list[_Item]] = {}
    ways = []
    for i, ((upper, lower), turned) in enumerate(zip(edges, is_turned, strict=True)):
        first, last = rectangles[upper], rectangles[lower]
        passed = shared.setdefault((upper, i if turned else -1), [])
        while first.row + len(passed) + 1 < last.row:
            passed.append(
                _Item(None, first.row + len(passed) + 1, max(first.lane, last.lane) if turned else first.lane, 1.0, 0.0)
            )
        way = [first, *passed[: last.row - first.row - 1], last]
        for one, other in pairwise(way):
            if other not in one.after:
                one.after.append(other)
                other.before.append(one)
        ways.append(way)
    return ways


def _ordered(rectangles: list[_Item], ways: list[_Way]) -> list[list[_Row]]:
    """Return the rows of each connected component, as grandalf orders them."""
    from grandalf.graphs import Edge, Graph, Vertex
    from grandalf.layouts import SugiyamaLayout

    items = {id(item): item for item in [*rectangles, *(item for way in ways for item in way)]}
    vertices = {key: Vertex(item) for key, item in items.items()}
    for vertex in vertices.values():
        vertex.view = _View(vertex.data)
    joints = [Edge(vertices[id(one)], vertices[id(other)]) for one in items.values() for other in one.after]
    components = []
    for component in Graph(list(vertices.values()), joints).C:
        layout = SugiyamaLayout(component)
        layout.xspace = BESIDE
        layout.init_all()
        layout.draw(ROUNDS)
        rows: list[_Row] = [[] for _ in range(1 + max(v.data.row for v in component.sV))]
        for layer in layout.layers:
            for v in layer:
                v.data.x = v.view.xy[0]
                rows[v.data.row].append(v.data)
        components.append(rows)
    return components


def _mirror(rows: Sequence[_Row]) -> None:
    """Turn left to right what stands in the rows, if then the first row has more of the order that it was given."""
    first = [item.vertex for item in rows[0] if item.vertex is not None]
    pairs = [(one, other) for i, other in enumerate(first) for one in first[:i]]
    if sum(one < other for one, other in pairs) * 2 < len(pairs):
        for row in rows:
            row.reverse()
            for item in row:
                item.x = -item.x


def _stack(rows: Sequence[_Row]) -> None:
    """Find places for each lane by itself, and put the lanes side by side."""
    lanes = sorted({item.lane for row in rows for item in row})
    left = 0.0
    for lane in lanes:
        inside = [sorted((item for item in row if item.lane == lane), key=lambda item: item.x) for row in rows]
        _mirror(inside)
        if len(lanes) > 1:
            for item in (item for row in inside for item in row):
                item.x = 0.0
        _settle(inside)
        left += _shift(inside, left) + BESIDE


def _settle(rows: Sequence[_Row]) -> None:
    """Move what stands in the rows closer to what it is joined to, keeping the order and the distances.

    Down and up again and again, each row goes to where Σ wᵢ (xᵢ - x̂ᵢ)² is least, x̂ᵢ being the mean place of the
    neighbours in the other rows. Edges that pass weigh more, which makes them straight.
    """
    for row in rows:
        _place(row, [item.x for item in row])
    down = [(row, True, False) for row in rows[1:]]
    up = [(row, False, True) for row in reversed(rows[:-1])]
    both = [(row, True, True) for row in rows]
    for row, above, below in (down + up + both) * SWEEPS:
        _place(row, [_pull(item, above, below) for item in row])


def _pull(item: _Item, above: bool, below: bool) -> float:
    """Return the mean place of the neighbours of an item."""
    others = [
        other for other in (item.before if above else []) + (item.after if below else []) if other.lane == item.lane
    ]
    weights = [_weight(item, other) for other in others]
    total = sum(weights)
    return sum(w * other.x for w, other in zip(weights, others, strict=True)) / total if total else item.x


def _weight(item: _Item, other: _Item) -> float:
    """Return how much two items want to stand in one line: passing edges do, and single ones."""
    is_passing = item.vertex is None and other.vertex is None
    is_single = len(item.before) + len(item.after) <= 2 >= len(other.before) + len(other.after)
    return STRAIGHT if is_passing or is_single else 1.0


def _place(row: _Row, targets: list[float]) -> None:
    """Place a row as near to the targets as order and distances allow: the pool-adjacent-violators algorithm."""
    offsets = [0.0] if row else []
    for one, other in pairwise(row):
        gap = BESIDE if one.vertex is not None and other.vertex is not None else BETWEEN
        offsets.append(offsets[-1] + (one.width + other.width) / 2 + gap)
    blocks: list[tuple[float, float, int]] = []
    for item, target, offset in zip(row, targets, offsets, strict=True):
        weight = STRAIGHT if item.vertex is None else 1.0
        mean, count = target - offset, 1
        while blocks and blocks[-1][0] > mean:
            before, heavy, many = blocks.pop()
            mean, weight, count = (before * heavy + mean * weight) / (heavy + weight), heavy + weight, count + many
        blocks.append((mean, weight, count))
    places = [mean for mean, _, count in blocks for _ in range(count)]
    for item, place, offset in zip(row, places, offsets, strict=True):
        item.x = place + offset


def _shift(rows: Sequence[_Row], left: float) -> float:
    """Move what stands in the rows to the right of what is there already, and return its width."""
    items = [item for row in rows for item in row]
    start = min(item.x - item.width / 2 for item in items)
    end = max(item.x + item.width / 2 for item in items)
    for item in items:
        item.x += left - start
    return end - start


def _heights(rows: Sequence[_Row]) -> list[tuple[float, float]]:
    """Return the upper and lower edge of each row."""
    found: list[tuple[float, float]] = []
    lower = 0.0
    for row in rows:
        sideways = max((abs(item.x - one.x) for item in row for one in item.before), default=0.0)
        upper = lower + (min(max(BELOW, STEEPNESS * sideways), FARTHEST) if found else 0.0)
        lower = upper + max(item.height for item in row)
        found.append((upper, lower))
    return found


def _ports(ways: list[_Way]) -> list[list[float]]:
    """Return where each edge leaves its upper and reaches its lower rectangle: side by side, in order."""
    ports = [[0.0, 0.0] for _ in ways]
    for end, beside in (0, 1), (-1, -2):
        at: dict[int, dict[int, _Item]] = defaultdict(dict)
        for way in ways:
            at[id(way[end])][id(way[beside])] = way[beside]
        place: dict[tuple[int, int], float] = {}
        for key, others in at.items():
            for i, (other, _) in enumerate(sorted(others.items(), key=lambda pair: pair[1].x)):
                place[key, other] = i - (len(others) - 1) / 2
        for way, port in zip(ways, ports, strict=True):
            item = way[end]
            step = min(PORT, 0.7 * item.width / len(at[id(item)]))
            port[end] = item.x + step * place[id(item), id(way[beside])]
    return ports


def _curve(way: _Way, heights: Sequence[tuple[float, float]], ports: Sequence[float]) -> list[Point]:
    """Return a curve that is vertical inside of each row, and bends between rows only."""
    first, *passed, last = way
    start = ports[0], sum(heights[first.row]) / 2 + first.height / 2
    end = ports[-1], sum(heights[last.row]) / 2 - last.height / 2
    stops = [start, (start[0], heights[first.row][1])]
    for item in passed:
        stops += [(item.x, y) for y in heights[item.row]]
    stops += [(end[0], heights[last.row][0]), end]
    curve = [start]
    for (x, y), (x_next, y_next) in pairwise(stops):
        if y_next - y > 1e-6:
            half = (y_next - y) / 2
            curve += [(x, y + half), (x_next, y_next - half), (x_next, y_next)]
    return curve
