"""How wide a text is, and how it is made to fit: lines that are broken and shortened.

Imports nothing. A picture is laid out before anybody knows the font it will be shown in. The widths are
those of Helvetica, which Arial and Liberation Sans share; other fonts are fitted into them.
"""

from __future__ import annotations

import re
from unicodedata import combining, east_asian_width

FAMILY = "Helvetica, Arial, 'Liberation Sans', sans-serif"
ELLIPSIS = "…"

_ASCII = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,  # the blank to /
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,  # 0 to ?
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,  # @ to O
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,  # P to _
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,  # ` to o
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,  # p to ~
)  # fmt: skip
_WIDTHS = {chr(32 + i): width for i, width in enumerate(_ASCII)}
_WIDTHS |= {"·": 278, "…": 1000, "∞": 713, "′": 188, "″": 354, "‴": 520, "⁗": 663, "π": 690, "∂": 494}
_WIDTHS |= dict.fromkeys("−×", 584) | dict.fromkeys("±÷≈√≤≥≠", 549)
_WIDTHS |= dict.fromkeys("¹²³", 333) | dict.fromkeys("⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", 390) | {"⁻": 480}


def width_of(text: str, size: float) -> float:
    """Return the width of one line of text in a font of this size.

    >>> width_of("f(x)", 10.0)
    14.44
    """
    return sum(map(_width, text)) * size / 1000


def _width(character: str) -> int:
    if combining(character):
        return 0
    other = 1000 if east_asian_width(character) in "WF" else 580
    return _WIDTHS.get(character, other)


def lines_of(text: str, room: int, most: int) -> tuple[str, ...]:
    """Break a text into lines of so many characters, and at most so many lines: what does not fit ends in dots.

    >>> lines_of("f″(x)·g′(f(x)) + f′(x)²·g″(f(x))", room=18, most=2)
    ('f″(x)·g′(f(x))', '+ f′(x)²·g″(f(x))')
    >>> lines_of("a + b + c + d", room=5, most=2)
    ('a + b', '+ c…')
    """
    text = " ".join(text.split())
    for breaks in _BREAKS:
        lines, is_whole = _filled(re.split(breaks, text), room, most)
        if is_whole:
            break
    return lines


_TERMS = r"(?<= )(?=[+−<>=≤≥≠|&-] )|(?<=, )"
_BREAKS = _TERMS, rf"{_TERMS}|(?<=[·/ ])", rf"{_TERMS}|(?<=[·/ (])", ""
"""Where a line may end, as long as that is enough: between terms and arguments, after a factor or word, after an opening
parenthesis, anywhere."""


def _filled(pieces: list[str], room: int, most: int) -> tuple[tuple[str, ...], bool]:
    """Fill lines with pieces, and tell whether all of them went in."""
    lines = [""]
    for piece in pieces:
        if len((lines[-1] + piece).rstrip()) <= room:
            lines[-1] += piece
        elif len(lines) < most and len(piece) <= room:
            lines.append(piece)
        else:
            lines[-1] = (lines[-1] + piece)[: room - 1].rstrip("+−·/ ") + ELLIPSIS
            return tuple(line.strip() for line in lines), False
    return tuple(line.strip() for line in lines), True


def shortened(text: str, room: int) -> str:
    """Return the text in one line, its middle left out where it is long.

    >>> shortened("0123456789", 6)
    '012…89'
    """
    text = " ".join(text.split())
    if len(text) <= room:
        return text
    end = (room - 1) // 2
    return text[: room - 1 - end] + ELLIPSIS + text[len(text) - end :]
