"""Pictures as SVG: text that stays text, light or dark as the screen is set, and every label within its box.

Imports the graph, its layout, and the shapes, text and style of both. Every element carries its light colour itself; a
style sheet says the same in variables, which programs that show no dark pages may ignore.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from revdiff.plotting.engines import Point
from revdiff.plotting.graph import Graph, Node
from revdiff.plotting.layout import Box, Label, Layout
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
    PALETTES,
    Palette,
    Theme,
    palette_of,
)
from revdiff.plotting.text import FAMILY, width_of

_DASHED = f' stroke-dasharray="{DASHES[0]:g} {DASHES[1]:g}"'


def as_svg(graph: Graph, layout: Layout, theme: Theme | None = None) -> str:
    """Return the picture as one element ``svg``, which can be a file or stand in a page."""
    width, height = _number(layout.width), _number(layout.height)
    title = _escaped(graph.title or "A graph")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="revdiff-graph" role="img" aria-label="{title}" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="{FAMILY}" style="max-width: 100%; height: auto">',
        f"<title>{title}</title>",
        f"<desc>{_escaped(_description(graph))}</desc>",
        f"<style>{_style(theme)}</style>",
        f'<rect width="{width}" height="{height}" rx="6" fill="{_light("paper")}" class="paper"/>',
        *_curves(graph, layout),
        *(_label(label, graph) for label in layout.labels),
        *(_box(node, layout.boxes[node.key]) for node in graph.nodes),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _style(theme: Theme | None) -> str:
    rules = [f".revdiff-graph {{ {_variables(palette_of(theme or 'light'))} }}"]
    if theme is None:
        dark = _variables(palette_of("dark"))
        rules.append(f"@media (prefers-color-scheme: dark) {{ .revdiff-graph {{ {dark} }} }}")
    for name in Palette._fields:
        rules.append(f".revdiff-graph .{_class(name)} {{ fill: var(--{_class(name)}) }}")
        rules.append(f".revdiff-graph .{_class(name)}-line {{ stroke: var(--{_class(name)}) }}")
    return "\n".join(["", *rules, ""])


def _variables(palette: Palette) -> str:
    return " ".join(f"--{_class(name)}: {color};" for name, color in palette._asdict().items())


def _class(name: str) -> str:
    return name.replace("_", "-")


def _light(name: str) -> str:
    return str(getattr(PALETTES["light"], name))


def _description(graph: Graph) -> str:
    """Say in words what the picture shows, for those who do not see it, unless it is large."""
    if len(graph) > 40:
        return repr(graph)[1:-1]
    labels = {node.key: node.label for node in graph.nodes}
    return "; ".join(f"{labels[arc.source]} → {labels[arc.target]}" for arc in graph.arcs) or repr(graph)[1:-1]


def _curves(graph: Graph, layout: Layout) -> Iterator[str]:
    drawn: set[tuple[Point, ...]] = set()
    for curve in layout.curves:
        points, head = arrow(curve)
        arc = curve.arc
        color = color_of(arc.phase, graph[arc.source], graph[arc.target])
        dashes = _DASHED if arc.phase == "backward" else ""
        way = "".join(map(_path, runs(points, drawn)))
        if way:
            yield (
                f'<path d="{way}" fill="none" stroke="{_light(color)}" stroke-width="{LINE}"{dashes} '
                f'class="{color}-line"/>'
            )
        if head:
            corners = " ".join(f"{_number(x)},{_number(y)}" for x, y in head)
            yield f'<polygon points="{corners}" fill="{_light(color)}" class="{color}"/>'


def _path(points: Sequence[Point]) -> str:
    (x, y), *others = points
    pieces = [others[i : i + 3] for i in range(0, len(others), 3)]
    curves = ("C" + " ".join(f"{_number(x)} {_number(y)}" for x, y in piece) for piece in pieces)
    return f"M{_number(x)} {_number(y)}" + "".join(curves)


def _label(label: Label, graph: Graph) -> str:
    color = color_of(label.arc.phase, graph[label.arc.source])
    box = label.box
    text = _text(box.lines[0], box.x, box.y + 0.35 * ARC_SIZE, ARC_SIZE, color)
    return f"<g><title>{_escaped(label.text)}</title>{text}</g>"


def _box(node: Node, box: Box) -> str:
    line, fill, is_bold = paints(node)
    left, upper, _, _ = box.edges
    dashes = _DASHED if node.kind == "slope" else ""
    parts = [
        f'<g class="node"><title>{_escaped(node.text or node.label)}</title>'
        f'<rect x="{_number(left)}" y="{_number(upper)}" width="{_number(box.width)}" height="{_number(box.height)}" '
        f'rx="{_number(corner(node, box))}" fill="{_light(fill)}" stroke="{_light(line)}" '
        f'stroke-width="{BOLD if is_bold else LINE}"{dashes} class="{_class(fill)} {_class(line)}-line"/>'
    ]
    y = box.y - (LABEL_LINE * len(box.lines) + (NOTE_LINE if box.note else 0)) / 2
    for text in box.lines:
        parts.append(_text(text, box.x, y + 0.72 * LABEL_LINE, LABEL_SIZE, "ink"))
        y += LABEL_LINE
    if box.note:
        parts.append(_text(box.note, box.x, y + 0.72 * NOTE_LINE, NOTE_SIZE, "muted"))
    return "".join([*parts, "</g>"])


def _text(text: str, x: float, y: float, size: float, color: str) -> str:
    """Write a line that is as wide as was reckoned, in whatever font it is shown."""
    width = _number(width_of(text, size))
    return (
        f'<text x="{_number(x)}" y="{_number(y)}" font-size="{size:g}" text-anchor="middle" '
        f'textLength="{width}" lengthAdjust="spacingAndGlyphs" fill="{_light(color)}" class="{color}">'
        f"{_escaped(text)}</text>"
    )


def _escaped(text: str) -> str:
    """Write a text so that it is one in XML, which has no place for some characters."""
    return escape(re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text))


def _number(x: float) -> str:
    return f"{x:.2f}".rstrip("0").rstrip(".")
