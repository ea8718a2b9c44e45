"""Where the time of a derivative goes: by primitive, forward and backward, and what is left for revdiff and Python.

Imports the arguments of operators and traces. matplotlib is imported when a picture is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from math import inf
from time import perf_counter
from typing import Any, final

from revdiff.core.capture import own
from revdiff.derivatives.arguments import require_function
from revdiff.tracing.events import Event
from revdiff.tracing.trace import Trace

SECOND = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))
BYTE = ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"), (1, "B"))

RUNS = 5
"""The fastest of so many runs counts: what disturbs a run only makes it slower."""


REST = "revdiff and Python"
"""What the time is called that no primitive took."""


@final
@dataclass(frozen=True, slots=True)
class Row:
    """What one primitive took in one direction: how often it was evaluated, its time, the memory of its results."""

    name: str
    phase: str
    calls: int
    seconds: float
    nbytes: int


@final
@dataclass(frozen=True)
class Profile:
    """Where the time of a call went.

    rows      for each primitive and direction its name, phase, calls, seconds and nbytes, the slowest first
    total     the seconds of the whole call without a trace
    value     what the call returned

    >>> from revdiff import profile, sin
    >>> p = profile(lambda x: sin(x) + sin(2 * x))(0.5)
    >>> sorted((row.name, row.calls) for row in p.rows), p.total > 0
    ([('*', 1), ('+', 1), ('sin', 2)], True)
    """

    rows: tuple[Row, ...]
    total: float
    value: Any

    @property
    def itself(self) -> float:
        """The seconds that are no primitive's: those of revdiff, and of Python between the primitives."""
        return max(0.0, round(self.total - sum(row.seconds for row in self.rows), 12))  # no clock knows picoseconds

    def seconds(self, phase: str) -> float:
        """Return the time of the primitives in one direction, "forward" or "backward"."""
        return sum(row.seconds for row in self.rows if row.phase == phase)

    def __str__(self) -> str:
        head = ("primitive", "direction", "calls", "time", "share", "memory")
        body = [
            (row.name, row.phase, str(row.calls), _measured(row.seconds, SECOND), self._share(row.seconds),
             _measured(row.nbytes, BYTE))
            for row in self.rows
        ]  # fmt: skip
        body.append((REST, "", "", _measured(self.itself, SECOND), self._share(self.itself), ""))
        body.append(("total", "", "", _measured(self.total, SECOND), "", ""))
        widths = [max(map(len, column)) for column in zip(head, *body, strict=True)]
        return "\n".join(_line(cells, widths) for cells in (head, *body))

    def _share(self, seconds: float) -> str:
        return f"{100 * seconds / self.total:.0f} %" if self.total else ""

    def plot(self, ax: Any = None) -> Any:
        """Draw the time as bars one above the other, the whole below, its directions, then the primitives, and return the axes.

        With matplotlib's current axes if none are given.
        """
        if ax is None:
            import matplotlib.pyplot as plt

            ax = plt.gca()
        colours = {"forward": "#4c8bb8", "backward": "#c96f4a", "": "#9a9a9a"}
        start = 0.0
        for phase, called in (("forward", "forward"), ("backward", "backward"), ("", REST)):
            seconds = self.seconds(phase) if phase else self.itself
            _bar(ax, 1, start, seconds, called, colours[phase], self.total)
            left = start
            for row in self.rows:
                if row.phase == phase:
                    _bar(ax, 2, left, row.seconds, row.name, colours[phase], self.total)
                    left += row.seconds
            start += seconds
        _bar(ax, 0, 0.0, max(start, self.total), f"total {_measured(self.total, SECOND)}", "#d8d8d8", self.total)
        ax.set_yticks([])
        ax.set_xlabel("seconds")
        ax.set_xlim(0.0, max(start, self.total) or 1.0)
        return ax


def profile(f: Callable[..., Any], /) -> Callable[..., Profile]:
    """Return the function that calls f and says where the time went.

    ``f`` is a function, ``grad(loss)`` perhaps. It is called several times, on copies of the arguments: without a trace, for
    the time of the whole, and with one, for the times of its primitives. What is left over is the time of revdiff, and of
    Python between the primitives. Where the primitives alone took longer than the whole, which is then slower with a trace,
    their times are shortened in proportion. So the times of a table add up to the total.

    >>> import numpy as np
    >>> from revdiff import grad
    >>> w, data = np.ones((50, 50)), np.ones((1000, 50))
    >>> p = profile(grad(lambda w: np.tanh(data @ w).sum()))(w)
    >>> sorted({(row.name, row.calls) for row in p.rows if row.phase == "forward"})
    [('matmul', 1), ('sum', 1), ('tanh', 1)]
    >>> p.value.shape
    (50, 50)
    """
    require_function("profile", f)

    @wraps(f)
    def profiled(*args: Any, **kwargs: Any) -> Profile:
        total, value = inf, None
        for _ in range(RUNS):
            own_args, own_kwargs = own(args), own(kwargs)
            start = perf_counter()
            value = f(*own_args, **own_kwargs)
            total = min(total, perf_counter() - start)
        runs = [_rows(f, args, kwargs) for _ in range(RUNS)]
        fastest = {key: min((rows[key] for rows in runs if key in rows), key=_seconds) for rows in runs for key in rows}
        scale = min(1.0, total / (sum(map(_seconds, fastest.values())) or inf))
        rows = (replace(row, seconds=scale * row.seconds) for row in fastest.values())
        return Profile(tuple(sorted(rows, key=_seconds, reverse=True)), total, value)

    return profiled


def _rows(f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[tuple[str, str], Row]:
    """Return what a run took, by primitive and direction. Nothing is shared: it is the run that it is without a trace."""
    trace = Trace(share=False)
    trace.call(f, *args, **kwargs)
    found: dict[tuple[str, str], list[Event]] = {}
    for event in trace.events:
        if event.phase != "input":
            found.setdefault((event.name, event.phase), []).append(event)
    return {
        key: Row(*key, len(each), sum(event.seconds for event in each), sum(event.nbytes for event in each))
        for key, each in found.items()
    }


def _seconds(row: Row) -> float:
    return row.seconds


def _measured(amount: float, units: tuple[tuple[float, str], ...]) -> str:
    """Return an amount in the unit in which it is at least 1, with three digits.

    >>> _measured(0.00123, SECOND), _measured(2048, BYTE), _measured(0, BYTE)
    ('1.23 ms', '2 KiB', '0 B')
    """
    size, unit = next((pair for pair in units if amount >= 0.9995 * pair[0]), units[-1])  # 0.9996 is written 1
    return f"{amount / size:.3g} {unit}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    names = (cell.ljust(width) for cell, width in zip(cells[:2], widths[:2], strict=True))
    numbers = (cell.rjust(width) for cell, width in zip(cells[2:], widths[2:], strict=True))
    return "  ".join((*names, *numbers)).rstrip()


def _bar(ax: Any, level: int, start: float, seconds: float, text: str, colour: str, total: float) -> None:
    ax.barh(level, seconds, left=start, height=0.9, color=colour, edgecolor="white")
    if total and seconds > 0.008 * len(text) * total:
        ax.text(start + seconds / 2, level, text, ha="center", va="center", fontsize=8, clip_on=True)
