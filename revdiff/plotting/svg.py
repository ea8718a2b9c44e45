"""Pictures as SVG: text that stays text, light or dark as the screen is set, and every label within its box.

Imports scenes, and the style and the text of them. Every element carries its light colour itself; a style sheet says the
same in variables, which programs that show no dark pages may ignore.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from revdiff.plotting.places.sketch import Point
from revdiff.plotting.scene import Frame, Scene, Stroke, Tag, Words
from revdiff.plotting.style import DASHES, LINE, PALETTES, Theme, palette_of
from revdiff.plotting.text import FAMILY, width_of

_LIGHT = PALETTES["light"]


def as_svg(scene: Scene, title: str, description: str, theme: Theme | None) -> str:
    """Return the picture as one element ``svg``, which can be a file or stand in a page."""
    width, height = _number(scene.width), _number(scene.height)
    title = _escaped(title)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="revdiff-graph" role="img" aria-label="{title}" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="{FAMILY}" style="max-width: 100%; height: auto">',
        f"<title>{title}</title>",
        f"<desc>{_escaped(description)}</desc>",
        f"<style>{_style(theme)}</style>",
        f'<rect width="{width}" height="{height}" rx="6" fill="{_LIGHT["paper"]}" class="paper"/>',
        *(element for stroke in scene.strokes for element in _stroke(stroke)),
        *map(_tag, scene.tags),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _style(theme: Theme | None) -> str:
    rules = [f".revdiff-graph {{ {_variables(palette_of(theme or 'light'))} }}"]
    if theme is None:
        dark = _variables(palette_of("dark"))
        rules.append(f"@media (prefers-color-scheme: dark) {{ .revdiff-graph {{ {dark} }} }}")
    for name in _LIGHT:
        rules.append(f".revdiff-graph .{name} {{ fill: var(--{name}) }}")
        rules.append(f".revdiff-graph .{name}-line {{ stroke: var(--{name}) }}")
    return "\n".join(["", *rules, ""])


def _variables(palette: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {color};" for name, color in palette.items())


def _stroke(stroke: Stroke) -> Iterator[str]:
    color = stroke.color
    yield (
        f'<path d="{_path(stroke.points)}" fill="none" stroke="{_LIGHT[color]}" stroke-width="{LINE}"'
        f'{_dashes(stroke.is_dashed)} class="{color}-line"/>'
    )
    if stroke.head:
        corners = " ".join(f"{_number(x)},{_number(y)}" for x, y in stroke.head)
        yield f'<polygon points="{corners}" fill="{_LIGHT[color]}" class="{color}"/>'


def _path(points: Sequence[Point]) -> str:
    (x, y), *others = points
    pieces = [others[i : i + 3] for i in range(0, len(others), 3)]
    curves = ("C" + " ".join(f"{_number(x)} {_number(y)}" for x, y in piece) for piece in pieces)
    return f"M{_number(x)} {_number(y)}" + "".join(curves)


def _tag(tag: Tag) -> str:
    start = f'<g class="node">{_title(tag)}{_frame(tag.frame)}' if tag.frame else f"<g>{_title(tag)}"
    return "".join([start, *map(_text, tag.words), "</g>"])


def _title(tag: Tag) -> str:
    return f"<title>{_escaped(tag.tooltip)}</title>"


def _frame(frame: Frame) -> str:
    return (
        f'<rect x="{_number(frame.left)}" y="{_number(frame.upper)}" '
        f'width="{_number(frame.width)}" height="{_number(frame.height)}" rx="{_number(frame.radius)}" '
        f'fill="{_LIGHT[frame.fill]}" stroke="{_LIGHT[frame.line]}" stroke-width="{frame.thickness}"'
        f'{_dashes(frame.is_dashed)} class="{frame.fill} {frame.line}-line"/>'
    )


def _dashes(is_dashed: bool) -> str:
    return f' stroke-dasharray="{DASHES[0]:g} {DASHES[1]:g}"' if is_dashed else ""


def _text(words: Words) -> str:
    """Write a line that is as wide as was reckoned, in whatever font it is shown."""
    return (
        f'<text x="{_number(words.x)}" y="{_number(words.y)}" font-size="{words.size:g}" text-anchor="middle" '
        f'textLength="{_number(width_of(words.text, words.size))}" lengthAdjust="spacingAndGlyphs" '
        f'fill="{_LIGHT[words.color]}" class="{words.color}">{_escaped(words.text)}</text>'
    )


def _escaped(text: str) -> str:
    """Write a text so that it is one in XML, which has no place for some characters."""
    return escape(re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text))


def _number(x: float) -> str:
    return f"{x:.2f}".rstrip("0").rstrip(".")
