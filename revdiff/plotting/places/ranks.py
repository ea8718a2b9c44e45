"""In which row each rectangle of a picture stands.

Imports sketches.
"""

from __future__ import annotations

from revdiff.plotting.places.sketch import Sketch

Edges = list[tuple[int, int]]


def downward(sketch: Sketch) -> tuple[Edges, list[bool]]:
    """Return the edges so that all lead downwards, and which of them had to be turned around for that.

    Backward edges lead upwards; and of those that go around in a circle one has to.
    """
    is_turned = list(sketch.backward)
    edges = [(b, a) if back else (a, b) for (a, b), back in zip(sketch.edges, is_turned, strict=True)]
    leaving: list[list[int]] = [[] for _ in sketch.sizes]
    for i, (upper, _) in enumerate(edges):
        leaving[upper].append(i)
    state = [0] * len(sketch.sizes)  # 1 while a walk is below it, 2 afterwards
    for start in range(len(sketch.sizes)):
        walk = [(start, iter(leaving[start]))] if not state[start] else []
        state[start] = state[start] or 1
        while walk:
            here, others = walk[-1]
            i = next(others, -1)
            if i < 0:
                state[here] = 2
                walk.pop()
                continue
            below = edges[i][1]
            if state[below] == 1:
                edges[i], is_turned[i] = (below, here), not is_turned[i]
            elif state[below] == 0:
                state[below] = 1
                walk.append((below, iter(leaving[below])))
    return edges, is_turned


def ranks_of(count: int, edges: Edges) -> list[int]:
    """Return the row of each rectangle: below all it comes from, and near to where it goes if that saves edges.

    >>> ranks_of(4, [(0, 1), (1, 2), (2, 3), (0, 3)])
    [0, 1, 2, 3]
    """
    above: list[set[int]] = [set() for _ in range(count)]
    below: list[set[int]] = [set() for _ in range(count)]
    for upper, lower in edges:
        above[lower].add(upper)
        below[upper].add(lower)
    ranks = [0] * count
    waiting = [len(others) for others in above]
    order = [i for i in range(count) if not waiting[i]]
    for i in order:
        for lower in sorted(below[i]):
            ranks[lower] = max(ranks[lower], ranks[i] + 1)
            waiting[lower] -= 1
            if not waiting[lower]:
                order.append(lower)
    for i in reversed(order):
        if below[i] and 0 < len(above[i]) <= len(below[i]):
            ranks[i] = min(ranks[lower] for lower in below[i]) - 1
    return ranks
