"""Events as a person reads them.

Imports events.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from revdiff.tracing.events import Event

INFIX = frozenset(
    {"+", "-", "*", "/", "//", "%", "**", "&", "|", "^", "<<", ">>", "+=", "-=", "*=", "/=", "//=", "%=", "**="}
)
"""The names of primitives that are written between their operands."""

WIDEST = 60
"""Expressions are aligned up to this width."""

LONGEST = 200
"""A formula is cut off after so many characters."""

FEW = 6
"""An array of up to so many numbers is written out; of a larger one, its dtype and shape are."""


def line(event: Event, width: int = 0) -> str:
    """Return one event as a line: when, what, and what came out."""
    when = event.phase + (f" {event.depth}" if event.depth > 1 else "")
    return f"{when:<9} {expression(event):<{width}} = {shown(event.result)}"


def lines(events: Iterable[Event]) -> str:
    """Return events as lines, aligned.

    >>> print(lines([Event(0, "x", (), (), 3.0, "input", 0, 0.0, 24), Event(1, "+", (3.0, 1), (0, None), 4.0, "forward", 0, 0.0, 24)]))
    input     x       = 3.0
    forward   3.0 + 1 = 4.0
    """
    events = list(events)
    width = max((len(text) for event in events if len(text := expression(event)) <= WIDEST), default=0)
    return "\n".join(line(event, width) for event in events)


def expression(event: Event) -> str:
    """Return what was evaluated, "sin(0.5)", or the name of an input."""
    if event.phase == "input":
        return event.name
    if event.name in INFIX and len(event.args) == 2:
        return f" {event.name} ".join(map(_operand, event.args))
    if event.name == "negate" and len(event.args) == 1:
        return f"-{_operand(event.args[0])}"
    if event.name == "[]" and len(event.args) == 2:
        return f"{_operand(event.args[0])}[{index(event.args[1])}]"
    return f"{event.name}({', '.join(shown(arg) for arg in event.args if arg is not None)})"


def shown(value: Any) -> str:
    """Return a value in few characters.

    >>> shown(1 / 3), shown(2.0), shown(np.ones((3, 4)))
    ('0.333333', '2.0', 'float64[3, 4]')
    """
    if isinstance(value, np.ndarray):
        if value.size <= FEW and value.ndim < 3:
            return " ".join(np.array2string(value, precision=6, separator=", ").split()).replace("[ ", "[")
        return f"{value.dtype}[{', '.join(map(str, value.shape))}]"
    if isinstance(value, float | np.floating):
        short = f"{float(value):.6g}"
        return short if any(mark in short for mark in ".enai") else f"{short}.0"
    if isinstance(value, complex | np.complexfloating):
        return f"{complex(value):.6g}"
    if isinstance(value, tuple):
        return f"({', '.join(map(shown, value))}{',' * (len(value) == 1)})"
    if isinstance(value, list):
        return f"[{', '.join(map(shown, value))}]"
    text = getattr(value, "__name__", None) or str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _operand(value: Any) -> str:
    """Return an operand between operators, in parentheses where it is made of several."""
    text = shown(value)
    is_compound = text.startswith("-") or (bool(getattr(value, "is_Add", False) or getattr(value, "is_Mul", False)))
    return f"({text})" if is_compound else text


def index(place: Any) -> str:
    """Return what stands in brackets.

    >>> index((slice(1, None), slice(None, None, 2), ..., 0))
    '1:, ::2, ..., 0'
    """
    if isinstance(place, tuple) and place:
        return ", ".join(map(index, place))
    if isinstance(place, slice):
        ends = ("" if end is None else str(end) for end in (place.start, place.stop))
        return ":".join(ends) + (f":{place.step}" if place.step is not None else "")
    return "..." if place is ... else shown(place)
