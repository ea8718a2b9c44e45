"""Pictures in axes of matplotlib, and as PNG and PDF: drawn as shapes, letters too, so they fit at any size.

Imports the graph, its layout, shapes and style; matplotlib is imported when something is drawn. There is no window:
nothing here goes through pyplot.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path as File
from typing import TYPE_CHECKING, Any, final

from revdiff.core.errors import ArgumentError, describe
from revdiff.plotting.engines import Point
from revdiff.plotting.errors import PlotError
from revdiff.plotting.graph import Graph, Node
from revdiff.plotting.layout import Box, Layout
from revdiff.plotting.shapes import arrow, color_of, corner, paints, runs
from revdiff.plotting.style import (
    ARC_SIZE,
    BOLD,
    DASHES,
    LABEL_LINE,
    LABEL_SIZE,
    LINE,
    NOTE_LINE,
    NOTE_SIZE,
    Theme,
    palette_of,
)
from revdiff.plotting.text import width_of

if TYPE_CHECKING:
    from matplotlib.textpath import TextPath

UNITS_PER_INCH, POINTS_PER_INCH = 96.0, 72.0
DOTS_PER_INCH, MOST_DOTS = 192.0, 8_000.0


def draw(graph: Graph, layout: Layout, ax: Any, theme: Theme) -> None:
    """Draw a picture into axes, in its own units, y downwards, without distortion."""
    _require_matplotlib()
    from matplotlib.axes import Axes

    if not isinstance(ax, Axes):
        msg = f"a graph is drawn into axes of matplotlib; met {describe(ax)}.\n  For a file:  graph.save('picture.png')"
        raise ArgumentError(msg)
    ax.set(xlim=(0, layout.width), ylim=(layout.height, 0), aspect="equal")
    ax.set_axis_off()
    pen = _Pen(ax, layout, theme)
    drawn: set[tuple[Point, ...]] = set()
    for curve in layout.curves:
        points, head = arrow(curve)
        arc = curve.arc
        color = color_of(arc.phase, graph[arc.source], graph[arc.target])
        for run in runs(points, drawn):
            pen.line(run, color, is_dashed=arc.phase == "backward")
        if head:
            pen.polygon(head, color)
    for label in layout.labels:
        box = label.box
        pen.text(
            box.lines[0], box.x, box.y + 0.35 * ARC_SIZE, ARC_SIZE, color_of(label.arc.phase, graph[label.arc.source])
        )
    for node in graph.nodes:
        pen.node(node, layout.boxes[node.key])


def save_figure(graph: Graph, layout: Layout, path: File, theme: Theme) -> None:
    """Write a picture as PNG or PDF, in its natural size."""
    _require_matplotlib()
    from matplotlib.figure import Figure

    size = layout.width / UNITS_PER_INCH, layout.height / UNITS_PER_INCH
    figure = Figure(figsize=size)
    draw(graph, layout, figure.add_axes((0.0, 0.0, 1.0, 1.0)), theme)
    metadata = {"CreationDate": None} if path.suffix.lower() == ".pdf" else None
    dpi = min(DOTS_PER_INCH, MOST_DOTS / max(size))
    figure.savefig(path, dpi=dpi, facecolor=palette_of(theme).paper, metadata=metadata)


def _require_matplotlib() -> None:
    try:
        import matplotlib  # noqa: F401, ICN001
    except ImportError:
        what = "a picture in axes, or as PNG or PDF,"
        instead = "graph.save('picture.svg')"
        raise PlotError.missing(what, "matplotlib", 'pip install "revdiff[plot]"', instead) from None


@final
class _Pen:
    """Draws into axes. Lines are as thick, beside the letters, as they are in the picture at its natural size."""

    def __init__(self, ax: Any, layout: Layout, theme: Theme) -> None:
        self._ax = ax
        self._palette = palette_of(theme)
        window = ax.get_window_extent()
        scale = min(window.width / layout.width, window.height / layout.height)
        self._points = scale * POINTS_PER_INCH / ax.figure.dpi
        # Letters of matplotlib's own font are wider than those that the boxes were made for.
        texts = [(line, LABEL_SIZE) for box in layout.boxes.values() for line in box.lines]
        texts += [(box.note, NOTE_SIZE) for box in layout.boxes.values() if box.note]
        texts += [(label.box.lines[0], ARC_SIZE) for label in layout.labels]
        ratios = (width_of(text, size) / self._letters(text, size).get_extents().width for text, size in texts if text)
        self._smaller = min(1.0, *ratios, 1.0)

    def line(self, points: Sequence[Point], color: str, *, is_dashed: bool) -> None:
        """Draw a curve of cubic pieces."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        path = Path(points, [Path.MOVETO, *[Path.CURVE4] * (len(points) - 1)])
        self._add(PathPatch(path, fill=False, edgecolor=self._color(color), zorder=2, **self._stroke(LINE, is_dashed)))

    def polygon(self, corners: Sequence[Point], color: str) -> None:
        """Draw an arrowhead."""
        from matplotlib.patches import Polygon

        self._add(Polygon(corners, closed=True, facecolor=self._color(color), linewidth=0, zorder=2))

    def node(self, node: Node, box: Box) -> None:
        """Draw a box with what stands in it."""
        from matplotlib.patches import FancyBboxPatch

        line, fill, is_bold = paints(node)
        left, upper, _, _ = box.edges
        shape = f"round,pad=0,rounding_size={corner(node, box)}"
        style = self._stroke(BOLD if is_bold else LINE, node.kind == "slope")
        style |= {"facecolor": self._color(fill), "edgecolor": self._color(line), "zorder": 3}
        self._add(FancyBboxPatch((left, upper), box.width, box.height, shape, **style))
        y = box.y - (LABEL_LINE * len(box.lines) + (NOTE_LINE if box.note else 0)) / 2
        for text in box.lines:
            self.text(text, box.x, y + 0.72 * LABEL_LINE, LABEL_SIZE, "ink")
            y += LABEL_LINE
        if box.note:
            self.text(box.note, box.x, y + 0.72 * NOTE_LINE, NOTE_SIZE, "muted")

    def text(self, text: str, x: float, y: float, size: float, color: str) -> None:
        """Write a line of text around x, upon y."""
        from matplotlib.patches import PathPatch
        from matplotlib.transforms import Affine2D

        letters = self._letters(text, size * self._smaller)
        extents = letters.get_extents()
        upright = Affine2D().translate(-(extents.x0 + extents.x1) / 2, 0).scale(1, -1).translate(x, y)
        path = letters.transformed(upright)
        self._add(PathPatch(path, facecolor=self._color(color), linewidth=0, zorder=4))

    def _letters(self, text: str, size: float) -> TextPath:
        from matplotlib.font_manager import FontProperties
        from matplotlib.textpath import TextPath

        # "$" would begin a formula.
        return TextPath((0, 0), text.replace("$", r"\$"), size=size, prop=FontProperties(family="DejaVu Sans"))

    def _add(self, patch: Any) -> None:
        self._ax.add_patch(patch)

    def _stroke(self, width: float, is_dashed: bool) -> dict[str, Any]:
        style = (0, tuple(dash / width for dash in DASHES)) if is_dashed else "solid"
        return {"linewidth": width * self._points, "linestyle": style}

    def _color(self, name: str) -> str:
        return str(getattr(self._palette, name))
