"""What an engine is asked, and what it answers.

Imports nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

Point: TypeAlias = tuple[float, float]


class Sketch(NamedTuple):
    """Rectangles, by width and height, and edges from one to another.

    backward   for each edge, whether it leads upwards
    lanes      for each rectangle, how far to the right it belongs: within its row, after those of lower lanes
    """

    sizes: Sequence[tuple[float, float]]
    edges: Sequence[tuple[int, int]]
    backward: Sequence[bool]
    lanes: Sequence[int]


class Arrangement(NamedTuple):
    """The centres of the rectangles, and for each edge a curve: a point, and three for each cubic piece."""

    places: Sequence[Point]
    ways: Sequence[Sequence[Point]]
