"""Pictures in axes of matplotlib, and as PNG and PDF: drawn as shapes, letters too, so they fit at any size.

Imports scenes, and the style and the text of them; matplotlib is imported when something is drawn. There is no window:
nothing here goes through pyplot.
"""

from __future__ import annotations

from pathlib import Path as File
from typing import Any

from revdiff.core.errors import ArgumentError, describe
from revdiff.plotting.errors import PlotError
from revdiff.plotting.scene import Scene
from revdiff.plotting.style import DASHES, LINE, Theme, palette_of
from revdiff.plotting.text import width_of

UNITS_PER_INCH, POINTS_PER_INCH = 96.0, 72.0
DOTS_PER_INCH, MOST_DOTS = 192.0, 8_000.0


def draw(scene: Scene, ax: Any, theme: Theme) -> None:
    """Draw a picture into axes, in its own units, y downwards, without distortion.

    Lines are as thick, beside the letters, as they are in the picture at its natural size.
    """
    _require_matplotlib()
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties
    from matplotlib.patches import FancyBboxPatch, PathPatch, Polygon
    from matplotlib.path import Path
    from matplotlib.textpath import TextPath
    from matplotlib.transforms import Affine2D

    if not isinstance(ax, Axes):
        msg = f"a graph is drawn into axes of matplotlib; met {describe(ax)}.\n  For a file:  graph.save('picture.png')"
        raise ArgumentError(msg)
    ax.set(xlim=(0, scene.width), ylim=(scene.height, 0), aspect="equal")
    ax.set_axis_off()
    palette = palette_of(theme)
    window = ax.get_window_extent()
    points = min(window.width / scene.width, window.height / scene.height) * POINTS_PER_INCH / ax.figure.dpi
    font = FontProperties(family="DejaVu Sans")

    def letters(text: str, size: float) -> TextPath:
        return TextPath((0, 0), text.replace("$", r"\$"), size=size, prop=font)  # "$" would begin a formula

    def stroked(width: float, *, is_dashed: bool) -> dict[str, Any]:
        style = (0, tuple(dash / width for dash in DASHES)) if is_dashed else "solid"
        return {"linewidth": width * points, "linestyle": style}

    for stroke in scene.strokes:
        color = palette[stroke.color]
        path = Path(stroke.points, [Path.MOVETO, *[Path.CURVE4] * (len(stroke.points) - 1)])
        style = stroked(LINE, is_dashed=stroke.is_dashed)
        ax.add_patch(PathPatch(path, fill=False, edgecolor=color, zorder=2, **style))
        if stroke.head:
            ax.add_patch(Polygon(stroke.head, closed=True, facecolor=color, linewidth=0, zorder=2))

    # Letters of matplotlib's own font are wider than those that the boxes were made for.
    texts = {(words.text, words.size) for tag in scene.tags for words in tag.words if _has_letters(words.text)}
    smaller = min([1.0, *(width_of(*text) / letters(*text).get_extents().width for text in texts)])
    for tag in scene.tags:
        if (frame := tag.frame) is not None:
            shape = f"round,pad=0,rounding_size={frame.radius}"
            style = stroked(frame.thickness, is_dashed=frame.is_dashed)
            style |= {"facecolor": palette[frame.fill], "edgecolor": palette[frame.line], "zorder": 3}
            ax.add_patch(FancyBboxPatch((frame.left, frame.upper), frame.width, frame.height, shape, **style))
        for words in filter(lambda words: _has_letters(words.text), tag.words):
            outline = letters(words.text, words.size * smaller)
            extents = outline.get_extents()
            upright = Affine2D().translate(-(extents.x0 + extents.x1) / 2, 0).scale(1, -1).translate(words.x, words.y)
            path = outline.transformed(upright)
            ax.add_patch(PathPatch(path, facecolor=palette[words.color], linewidth=0, zorder=4))


def save_figure(scene: Scene, path: File, theme: Theme) -> None:
    """Write a picture as PNG or PDF, in its natural size."""
    _require_matplotlib()
    from matplotlib.figure import Figure

    size = scene.width / UNITS_PER_INCH, scene.height / UNITS_PER_INCH
    figure = Figure(figsize=size)
    draw(scene, figure.add_axes((0.0, 0.0, 1.0, 1.0)), theme)
    metadata = {"CreationDate": None} if path.suffix.lower() == ".pdf" else None
    dpi = min(DOTS_PER_INCH, MOST_DOTS / max(size))
    figure.savefig(path, dpi=dpi, facecolor=palette_of(theme)["paper"], metadata=metadata)


def _has_letters(text: str) -> bool:
    """Tell whether there is anything to draw: matplotlib has no outline of nothing."""
    return any(character.isprintable() and not character.isspace() for character in text)


def _require_matplotlib() -> None:
    try:
        import matplotlib  # noqa: F401, ICN001
    except ImportError:
        what = "a picture in axes, or as PNG or PDF,"
        instead = "graph.save('picture.svg')"
        raise PlotError.missing(what, "matplotlib", 'pip install "revdiff[plot]"', instead) from None
