"""How pictures look: colours, and the measures that layout and drawing share.

Imports the errors. Blue leads forward and orange leads back, which all kinds of colour vision tell apart, and a backward
pass over a backward pass is purple. What leads back is dashed as well, so that it is told apart in grey.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from revdiff.core.errors import ArgumentError

Theme: TypeAlias = Literal["light", "dark"]

LABEL_SIZE, NOTE_SIZE, ARC_SIZE = 14.0, 11.5, 11.5
LABEL_LINE, NOTE_LINE = 18.0, 15.0
PAD_X, PAD_Y, MARGIN = 11.0, 7.0, 18.0
HEAD_LENGTH, HEAD_WIDTH = 9.0, 7.5
LINE, BOLD = 1.4, 2.4
DASHES = (5.0, 3.5)
WIDE, ROOM, LINES, NOTE_ROOM, ARC_ROOM = 32, 26, 2, 30, 20
"""So many characters stand in a box of one line, and in a line of a box of so many lines; in a note; and on an arc."""


class Palette(NamedTuple):
    """The colours of a theme."""

    paper: str
    ink: str
    muted: str
    forward: str
    forward_fill: str
    back: str
    back_fill: str
    again: str
    again_fill: str
    slope: str
    slope_fill: str


PALETTES: dict[Theme, Palette] = {
    "light": Palette(
        paper="#ffffff",
        ink="#1a202c",
        muted="#4a5568",
        forward="#2b6cb0",
        forward_fill="#e8f1fa",
        back="#b7500f",
        back_fill="#fdeee0",
        again="#8a3b8f",
        again_fill="#f7eaf8",
        slope="#6b7280",
        slope_fill="#f3f4f6",
    ),
    "dark": Palette(
        paper="#14181f",
        ink="#f0f4f8",
        muted="#b8c2cf",
        forward="#74b3ee",
        forward_fill="#1b3350",
        back="#f2a765",
        back_fill="#4a2c14",
        again="#dc9fe0",
        again_fill="#432046",
        slope="#a7b0bd",
        slope_fill="#2a303a",
    ),
}


def palette_of(theme: Theme) -> Palette:
    """Return the colours of a theme. Raises `ArgumentError` for one that there is not."""
    if theme not in PALETTES:
        msg = f"theme is {' or '.join(map(repr, PALETTES))}; met {theme!r}"
        raise ArgumentError(msg)
    return PALETTES[theme]
