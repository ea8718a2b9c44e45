"""A bound on the work of SymPy, which has none of its own.

Imports nothing. SymPy rewrites expressions while it builds them, and for some short formulas that
would take hours. The bound is on the time that the processor spends in this thread, so a busy
machine changes nothing. It needs no signals, and works in every thread.
"""

from __future__ import annotations

import sys
from time import thread_time
from types import FrameType, TracebackType
from typing import Any, final

_CALLS_BETWEEN_LOOKS = 100


class EffortError(BaseException):
    """SymPy worked longer than it was given.

    Not an `Exception`: on its way out it passes through code that catches those and carries on.
    """


@final
class Effort:
    """Bounds what SymPy does in the body of a ``with`` block to so many seconds of work.

    Looks at the clock now and then when SymPy or mpmath call a function that is written in C. So one
    long operation on numbers is not interrupted; and where a profiler is at work, which listens to
    the same calls, nothing is bounded. Other moments would not do: an error that is raised in a
    callback, in a finalizer or in a generator that is being closed is printed and lost.

    >>> import sympy
    >>> x = sympy.Symbol("x")
    >>> with Effort(10.0):
    ...     x + x
    2*x
    >>> try:
    ...     with Effort(0.01):
    ...         while True:
    ...             x += x
    ... except EffortError as error:
    ...     print(error)
    more than 0.01 seconds of work
    """

    def __init__(self, seconds: float, /) -> None:
        self.seconds = seconds
        self._until = 0.0
        self._calls = 0
        self._listens = False

    def __enter__(self) -> None:
        self._listens = sys.getprofile() is None
        if self._listens:
            self._until = thread_time() + self.seconds
            sys.setprofile(self._look)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._listens:
            sys.setprofile(None)

    def _look(self, frame: FrameType, event: str, arg: Any) -> None:
        self._calls += 1
        if self._calls < _CALLS_BETWEEN_LOOKS or event != "c_call":
            return
        if frame.f_globals.get("__name__", "").startswith(("sympy.", "mpmath.")):
            self._calls = 0
            if thread_time() > self._until:
                msg = f"more than {self.seconds} seconds of work"
                raise EffortError(msg)
