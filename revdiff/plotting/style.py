"""How pictures look: the measures that layout and drawing share, and which colour is for what.

Imports the errors and nodes. Blue leads forward and orange leads back, which all kinds of colour vision tell apart, and
a backward pass over a backward pass is purple. What leads back is dashed as well, so that it is told apart in grey.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

from revdiff.core.errors import ArgumentError
from revdiff.plotting.nodes import Node, Phase

Theme: TypeAlias = Literal["light", "dark"]


class Font(NamedTuple):
    """How large letters are, and how far it is from one line to the next."""

    size: float
    line: float


LABEL, NOTE = Font(14.0, 18.0), Font(11.5, 15.0)
"""The fonts of labels, and of notes and what stands on arcs."""
PAD_X, PAD_Y, MARGIN = 11.0, 7.0, 18.0
HEAD_LENGTH, HEAD_WIDTH = 9.0, 7.5
LINE, BOLD = 1.4, 2.4
DASHES = (5.0, 3.5)
WIDE, ROOM, LINES, NOTE_ROOM, ARC_ROOM = 32, 26, 2, 30, 20
"""So many characters stand in a box of one line, and in a line of a box of so many lines; in a note; and on an arc."""

# fmt: off
_COLORS = {        # light      dark
    "paper":        ("#ffffff", "#14181f"),
    "ink":          ("#1a202c", "#f0f4f8"),
    "muted":        ("#4a5568", "#b8c2cf"),
    "forward":      ("#2b6cb0", "#74b3ee"),
    "forward-fill": ("#e8f1fa", "#1b3350"),
    "back":         ("#b7500f", "#f2a765"),
    "back-fill":    ("#fdeee0", "#4a2c14"),
    "again":        ("#8a3b8f", "#dc9fe0"),
    "again-fill":   ("#f7eaf8", "#432046"),
    "slope":        ("#6b7280", "#a7b0bd"),
    "slope-fill":   ("#f3f4f6", "#2a303a"),
}
# fmt: on
PALETTES: Mapping[Theme, Mapping[str, str]] = {
    "light": {name: light for name, (light, _) in _COLORS.items()},
    "dark": {name: dark for name, (_, dark) in _COLORS.items()},
}
"""The colours of each theme, by the names that the functions below give them."""


def palette_of(theme: Theme) -> Mapping[str, str]:
    """Return the colours of a theme. Raises `ArgumentError` for one that there is not."""
    if theme not in PALETTES:
        msg = f"theme is {' or '.join(map(repr, PALETTES))}; met {theme!r}"
        raise ArgumentError(msg)
    return PALETTES[theme]


def color_of(phase: Phase, source: Node, target: Node | None = None) -> str:
    """Return the name of the colour of an arc; a local derivative is apart from both ways."""
    if source.kind == "slope" or (target is not None and target.kind == "slope"):
        return "slope"
    if phase == "forward":
        return "forward"
    return "again" if source.depth > 1 else "back"


def paints(node: Node) -> tuple[str, str]:
    """Return the names of the colours of the border and of the inside of a box."""
    line = color_of(node.phase, node)
    is_plain = node.kind == "input" and node.phase == "forward"
    return line, "paper" if is_plain else f"{line}-fill"
