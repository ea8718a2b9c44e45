"""How an expression is written in a picture: with x², f′ and ·, and with dots for what is too long.

Imports SymPy's printer. A subexpression that stands in many places is written out in each of them, so the text of
an expression may be exponentially longer than its graph. Nothing here prints more than it will show.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Any, final

from sympy import Basic, preorder_traversal
from sympy.printing.str import StrPrinter

from revdiff.plotting.text import ELLIPSIS, shortened

DEEPEST, LARGE = 64, 200
"""So many levels of an expression are written at most, and of so many parts is one whose terms are not put in order."""
_PRIMES = {1: "′", 2: "″", 3: "‴", 4: "⁗"}
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPT = str.maketrans("_0123456789", " ₀₁₂₃₄₅₆₇₈₉")


class _TooLongError(Exception):
    """A text would have more characters than there is room for."""


@final
class _Printer(StrPrinter):  # type: ignore[misc]
    """Prints so many levels of an expression, and dots for what is below. ``was_cut`` says whether there was any."""

    def __init__(self, levels: int, room: int, order: str | None) -> None:
        super().__init__({"order": order, "full_prec": False})
        self._levels = levels
        self._room = room
        self.was_cut = False

    def _print(self, expr: Any, **kwargs: Any) -> str:
        self._room -= 1  # every part takes one character at least
        if self._room < 0:
            raise _TooLongError
        if not isinstance(expr, Basic) or not expr.args or expr.is_symbol:
            return str(super()._print(expr, **kwargs))
        level = 0 if expr.is_Mul and expr.args[0] == -1 and len(expr.args) == 2 else 1  # a minus sign is no level
        if self._levels < level:
            self.was_cut = True
            return ELLIPSIS
        self._levels -= level
        try:
            return str(super()._print(expr, **kwargs))
        finally:
            self._levels += level


def written(expr: Any, room: int) -> tuple[str, bool]:
    """Return an expression as SymPy prints it, and whether all of it is there: at most so many characters.

    >>> import sympy
    >>> x, y = sympy.symbols("x y")
    >>> written(sympy.exp(-(x**2)) * sympy.sin(x + y), 40)
    ('exp(-x**2)*sin(x + y)', True)
    >>> written(sympy.exp(-(x**2)) * sympy.sin(x + y), 20)
    ('exp(-…)*sin(…)', False)
    >>> written(sympy.exp(-(x**2)) * sympy.sin(x + y), 12)
    ('product of 2', False)
    """
    # To put terms in order, SymPy looks at them to any depth, which takes long.
    is_large = len(list(islice(preorder_traversal(expr), LARGE))) == LARGE
    fits, too_many, text, is_whole = 0, DEEPEST, "", False
    while not is_whole and too_many - fits > 1:
        levels = min(2 * fits + 1, (fits + too_many) // 2)
        found, is_all = _printed(expr, levels, room, "none" if is_large else None)
        if len(found) > room:
            too_many = levels
        else:
            fits, text, is_whole = levels, found, is_all
    return (text, is_whole) if any(map(str.isalnum, text)) else (_summary(expr, room), False)


def _summary(expr: Any, room: int) -> str:
    """Return what an expression is, where of its outermost level nothing fits, or nothing but dots."""
    if not expr.args:
        return shortened(str(expr), room)
    if expr.is_Add or expr.is_Mul:
        return shortened(f"{'sum' if expr.is_Add else 'product'} of {len(expr.args)}", room)
    return shortened(f"{expr.func.__name__}({ELLIPSIS})", room)


def _printed(expr: Any, levels: int, room: int, order: str | None) -> tuple[str, bool]:
    """Return so many levels of an expression, or a text that is too long."""
    printer = _Printer(levels, 2 * room, order)
    try:
        text = printer.doprint(expr)
    except _TooLongError:
        return ELLIPSIS * (room + 1), False
    return re.sub(rf"(?<![\w'\)])\({ELLIPSIS}\)", ELLIPSIS, text), not printer.was_cut


def typeset(text: str) -> str:
    """Return a formula as one would write it.

    >>> typeset("2*x**2*f''(x) - h'_1'_2(x, y)/3")
    '2·x²·f″(x) − h′₁′₂(x, y)/3'
    """
    text = re.sub(r"\*\*(\d+)(?![\w.])", lambda m: m[1].translate(_SUPERSCRIPT), text)
    text = re.sub(r"\*\*\((-\d+)\)", lambda m: m[1].translate(_SUPERSCRIPT), text)
    text = re.sub(r"'_\d+", lambda m: "′" + m[0][1:].translate(_SUBSCRIPT).strip(), text)
    text = re.sub(r"(?<![\w.])pi(?!\w)", "π", text)
    text = re.sub(r"(?<=\w)'+(?=_|[^\w'\]]|$)", lambda m: _PRIMES.get(len(m[0]), "′" * len(m[0])), text)
    for plain, better in ("**", "^"), ("*", "·"), ("-", "−"):
        text = text.replace(plain, better)
    return text
