"""Places found by Graphviz: its program dot is run, told the rectangles, and asked where they go.

Imports sketches.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Iterator

from revdiff.plotting.errors import PlotError
from revdiff.plotting.places.sketch import Arrangement, Point, Sketch

SECONDS = 60
INSTALL = "apt install graphviz, brew install graphviz, or see https://graphviz.org/download"
POINTS = 72.0
"""Graphviz measures in inches; here one of its points is one unit."""


def program() -> str | None:
    """Return the path of the program dot, or None if there is none."""
    return shutil.which("dot")


def arrange(sketch: Sketch) -> Arrangement:
    """Let Graphviz find the places."""
    path = program()
    if path is None:
        raise PlotError.missing(
            what="engine='graphviz'", needs="the program dot of Graphviz", install=INSTALL, instead="engine='grandalf'"
        )
    try:
        done = subprocess.run(
            [path, "-Tplain"],
            input="\n".join(_description(sketch)),
            capture_output=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=True,
        )
        return _read(done.stdout, sketch)
    except (OSError, subprocess.SubprocessError, LookupError, ValueError) as error:
        said = (getattr(error, "stderr", None) or str(error)).strip()
        msg = f"Graphviz could not lay out the picture: {said}\n  Without it:  engine='grandalf'"
        raise PlotError(msg) from error


def _description(sketch: Sketch) -> Iterator[str]:
    yield "digraph {"
    yield 'nodesep=0.3 ranksep=0.42 node [shape=box fixedsize=true label=""] edge [arrowhead=none]'
    for i, (width, height) in enumerate(sketch.sizes):
        yield f"n{i} [width={width / POINTS:.6f} height={height / POINTS:.6f}]"
    for (source, target), is_backward in zip(sketch.edges, sketch.backward, strict=True):
        yield f"n{target} -> n{source}" if is_backward else f"n{source} -> n{target}"
    yield "}"


def _read(plain: str, sketch: Sketch) -> Arrangement:
    """Read the format "plain", whose y grows upwards."""
    places: dict[int, Point] = {}
    ways: dict[tuple[int, int], list[Point]] = {}
    for words in map(shlex.split, plain.splitlines()):
        if words[0] == "node":
            places[int(words[1][1:])] = _point(*words[2:4])
        elif words[0] == "edge":
            tail, head, count = int(words[1][1:]), int(words[2][1:]), int(words[3])
            numbers = words[4 : 4 + 2 * count]
            ways[tail, head] = [_point(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
    curves = [
        ways[target, source][::-1] if is_backward else ways[source, target]
        for (source, target), is_backward in zip(sketch.edges, sketch.backward, strict=True)
    ]
    return Arrangement([places[i] for i in range(len(sketch.sizes))], curves)


def _point(x: str, y: str) -> Point:
    return float(x) * POINTS, -float(y) * POINTS
