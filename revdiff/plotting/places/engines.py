"""Who finds the places: Graphviz where it is installed, and the library grandalf otherwise.

Imports the errors and both engines. An engine arranges rectangles in rows, from above to below, so that no two overlap,
and leads a curve along each edge.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Literal, TypeAlias, get_args

from revdiff.core.errors import ArgumentError
from revdiff.plotting.errors import PlotError
from revdiff.plotting.places import graphviz, layers
from revdiff.plotting.places.sketch import Arrangement, Sketch

Engine: TypeAlias = Literal["graphviz", "grandalf"]


def arranged(sketch: Sketch, engine: Engine | None) -> Arrangement:
    """Arrange a sketch with this engine, or with the one there is."""
    if engine is not None and engine not in get_args(Engine):
        msg = f"engine is 'graphviz' or 'grandalf'; met {engine!r}"
        raise ArgumentError(msg)
    has_grandalf = find_spec("grandalf") is not None
    if engine == "graphviz" or (engine is None and graphviz.program()):
        try:
            return graphviz.arrange(sketch)
        except PlotError:  # a Graphviz that was never set up is no reason to draw nothing
            if engine == "graphviz" or not has_grandalf:
                raise
    if not has_grandalf:
        what = "the layout of a picture" if engine is None else "engine='grandalf'"
        needs = "the library grandalf or the program dot of Graphviz" if engine is None else "the library grandalf"
        raise PlotError.missing(what, needs, 'pip install "revdiff[plot]"', "graph.save('picture.dot')")
    return layers.arrange(sketch)
