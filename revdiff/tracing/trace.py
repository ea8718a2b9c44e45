"""The recorder: which primitives were evaluated, on what, how often, and which of them are shared.

Imports the core, events and keys. A trace is carried by the values that it is about, so what is computed in other
threads or tasks, or later from a generator, ends up where it belongs.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from contextvars import ContextVar
from dataclasses import replace
from itertools import count
from threading import Lock
from typing import Any, Literal, NamedTuple, Self, TypeAlias, final
from weakref import WeakValueDictionary

import numpy as np

from revdiff.core.capture import keep as kept
from revdiff.core.capture import shows_one_of
from revdiff.core.errors import ArgumentError
from revdiff.core.sweep import WATCHERS, sweep
from revdiff.tracing.display import line, lines
from revdiff.tracing.events import Event, Phase
from revdiff.tracing.tree import Tree, tree_of

Keep: TypeAlias = Literal["events", "counts"]

ACTIVE: ContextVar[tuple[Trace, ...]] = ContextVar("ACTIVE", default=())
"""The traces whose blocks are open, the innermost last."""

DEPTH: ContextVar[int] = ContextVar("DEPTH", default=0)
"""How many backward passes are running."""

CALLERS: list[Callable[..., Any]] = []
"""Who applies a function to traced values, for `Trace.call`: it is given the trace, the function and its arguments."""

_next_serial = count(1).__next__


class Source(NamedTuple):
    """Where a value came from: an event, and which of its results it is. None for a constant."""

    number: int | None
    place: int | None = None
    kind: type | None = None
    """What it was made for a while: where Python's numbers raise, NumPy's go on."""


CONSTANT = Source(None)


@final
class Trace:
    """A record of the primitives that were evaluated.

    keep      "events" keeps each one; "counts" only counts them, in memory that does not grow
    share     whether a primitive that was applied to the same values before is evaluated again. None: it is not where
              a derivative asks for it, and it is where one's own code on plain values is written twice. True: it is
              never evaluated again. False: always
    echo      whether every event is written to stderr when it happens

    Inside ``with trace() as t`` every derivative is recorded.

    >>> from revdiff import Traced, sin
    >>> t = Trace()
    >>> y = sin(Traced(0.5, "x", trace=t)) * 2.0
    >>> t.counts
    Counter({'sin': 1, '*': 1})
    >>> print(t)
    input     x              = 0.5
    forward   sin(0.5)       = 0.479426
    forward   0.479426 * 2.0 = 0.958851
    """

    __slots__ = (
        "_alive", "_echo", "_events", "_imported", "_keep", "_lock", "_memo", "_next", "counts", "gave_away", "serial",
        "share",
    )  # fmt: skip

    counts: Counter[str]
    """How often each primitive was evaluated, by name."""

    def __init__(self, *, keep: Keep = "events", share: bool | None = None, echo: bool = False) -> None:
        if keep not in ("events", "counts"):
            msg = f"a trace keeps 'events' or 'counts'; met keep={keep!r}"
            raise ArgumentError(msg)
        if share not in (None, True, False):
            msg = f"share is True, False, or None for what derivatives evaluate; met share={share!r}"
            raise ArgumentError(msg)
        self.counts = Counter()
        self.share = share
        self.serial = _next_serial()
        self.gave_away = False
        self._keep = keep
        self._echo = echo
        self._events: list[Event] = []
        self._memo: dict[Hashable, tuple[Any, int | None]] = {}
        self._alive: WeakValueDictionary[Hashable, Any] = WeakValueDictionary()
        self._imported: dict[Hashable, int] = {}
        self._next = 0
        self._lock = Lock()

    @property
    def events(self) -> list[Event]:
        """The events, in order. Raises `ArgumentError` where only counts were kept."""
        if self._keep != "events":
            msg = "this trace kept counts and no events.\n  For the events:  trace(keep='events')"
            raise ArgumentError(msg)
        return list(self._events)

    def __len__(self) -> int:
        """Return the number of events, inputs among them."""
        return self._next

    def __bool__(self) -> bool:
        return True

    def __str__(self) -> str:
        """Return a line for each event; of a trace that kept none, for each name."""
        if self._keep == "events":
            return lines(self._events)
        return "\n".join(f"{n:>9} × {name}" for name, n in self.counts.most_common())

    def __repr__(self) -> str:
        return f"<trace of {self._next} event{'s' * (self._next != 1)}>"

    def tree(self, of: int = -1, /) -> Tree:
        """Return how one result came about, the last one unless told otherwise, as a nested view of the events.

        >>> from revdiff import Traced, sin
        >>> t = Trace()
        >>> x = Traced(0.5, "x", trace=t)
        >>> y = sin(x) * x
        >>> print(t.tree())
        * = 0.239713
        ├─ sin = 0.479426
        │  └─ x = 0.5
        └─ x = 0.5
        """
        return tree_of(self.events, of)

    def call(self, f: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Return f(*args, **kwargs), with everything that is evaluated on the numbers among the arguments recorded.

        >>> from revdiff import sin
        >>> t = Trace()
        >>> t.call(lambda x, y: x * sin(x) + y, 0.5, 2.0)
        2.2397127693021015
        >>> t.counts
        Counter({'sin': 1, '*': 1, '+': 1})
        """
        return CALLERS[-1](self, f, args, kwargs)

    def __enter__(self) -> Self:
        """Record every derivative that is taken in this block, in this thread or task."""
        ACTIVE.set((*ACTIVE.get(), self))
        return self

    def __exit__(self, *error: object) -> None:
        ACTIVE.set(ACTIVE.get()[:-1])

    def put_in(self, name: str, value: Any) -> int:
        """Record an input, and return the number of the event."""
        return self._record("input", 0, name, (), (), value, 0.0)

    def note(self, name: str, args: Sequence[Any], sources: Sequence[Source], result: Any, seconds: float) -> int:
        """Record that a primitive was evaluated, and return the number of the event."""
        depth = DEPTH.get()
        return self._record("backward" if depth else "forward", depth, name, args, sources, result, seconds)

    def _record(
        self,
        phase: Phase,
        depth: int,
        name: str,
        args: Sequence[Any],
        sources: Sequence[Source],
        result: Any,
        seconds: float,
    ) -> int:
        event = None
        with self._lock:
            number = self._next
            if self._keep == "events" or self._echo:
                plain = tuple(map(self._as_it_was, args, sources))
                parents = tuple(source.number for source in sources)
                nbytes = 0 if shows_one_of(args, result) else _nbytes(result)
                event = Event(number, name, plain, parents, kept(result), phase, depth, seconds, nbytes)
            if event is not None and self._keep == "events":
                self._events.append(event)
            if phase != "input":
                self.counts[name] += 1
            self._next += 1
        if event is not None and self._echo and name:
            sys.stderr.write(line(event) + "\n")
        return number

    def rename(self, number: int, name: str) -> None:
        """Give an input its name, which is not known before the function is that it is an argument of."""
        if self._keep == "events":
            self._events[number] = event = replace(self._events[number], name=name)
            if self._echo:
                sys.stderr.write(line(event) + "\n")

    def _as_it_was(self, arg: Any, source: Source) -> Any:
        """Return a value that went in as its event has it, or a constant as it is now."""
        if source.number is None or not self._events:
            return kept(arg)
        result = self._events[source.number].result
        return result if source.place is None else result[source.place]

    def found(self, key: Hashable) -> tuple[Any, int | None] | None:
        """Return what a primitive gave when it was evaluated before, and the number of that event; None if it was not."""
        if self._keep == "events" or self.share:
            return self._memo.get(key)
        held = self._alive.get(key)
        return None if held is None else (held.value, held.source.number)

    def remember(self, key: Hashable, result: Any, number: int, traced: Any) -> None:
        """Keep a result for whoever asks for it again; where only counts are kept, as long as others keep it."""
        if self._keep == "events" or self.share:
            self._memo[key] = result, number
        elif not isinstance(traced, tuple | list):
            self._alive[key] = traced

    def forget(self) -> None:
        """Forget all results: an array was written into, and what shows it is no longer what it was."""
        self._memo.clear()
        self._alive.clear()

    def give_away(self) -> None:
        """Take note that somebody has a traced array in hand, and may write into it unnoticed: arrays are shared no more."""
        self.forget()
        self.gave_away = True

    def name_of(self, number: int) -> str:
        """Return what the result of an event is called where it is an input: of an input its name."""
        return self._events[number].name if self._keep == "events" else "x"

    def number_of(self, name: str, value: Any, other: Trace, source: Source) -> int:
        """Return the number that a value of another trace has here: that of an input, the same at every use."""
        key = other.serial, source
        number = self._imported.get(key)
        if number is None:
            number = self.put_in(name, value)
            if self._keep == "events":
                self._imported[key] = number
        return number


def _nbytes(result: Any) -> int:
    if isinstance(result, tuple | list):
        return sum(map(_nbytes, result))
    return result.nbytes if isinstance(result, np.ndarray | np.generic) else sys.getsizeof(result)


def trace(*, keep: Keep = "events", share: bool | None = None, echo: bool = False) -> Trace:
    """Record what is evaluated in a block, without a change to the functions in it.

        with trace() as t: …    the derivatives that are taken in the block
        t.call(f, x)            a plain function

    Results are the plain values that they are without a trace. The options are those of `Trace`.

    >>> from revdiff import grad, sin
    >>> with trace() as t:
    ...     slope = grad(lambda x: sin(x) * sin(x))(0.5)
    >>> print(t)
    input     x                   = 0.5
    forward   sin(0.5)            = 0.479426
    forward   0.479426 * 0.479426 = 0.229849
    backward  1.0 * 0.479426      = 0.479426
    backward  cos(0.5)            = 0.877583
    backward  0.479426 * 0.877583 = 0.420735
    backward  0.420735 + 0.420735 = 0.841471
    """
    return Trace(keep=keep, share=share, echo=echo)


def _swept(seeds: Any) -> Any:
    token = DEPTH.set(DEPTH.get() + 1)
    try:
        return sweep(seeds, watched=False)
    finally:
        DEPTH.reset(token)


WATCHERS.append(_swept)
