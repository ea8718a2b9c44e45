"""A value that is computed when it is first asked for, and then kept.

Imports nothing of revdiff.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import Any, final


@final
class Once:
    """A function of no arguments that is called once; whatever it held on to is let go then.

    While one thread computes, others that ask wait for it. If the function raises, the exception
    reaches who asked, and who asks next calls it again.

    >>> answer = Once(lambda: print("thinking") or 42)
    >>> answer(), answer()
    thinking
    (42, 42)
    """

    __slots__ = ("_function", "_lock", "_value")

    def __init__(self, function: Callable[[], Any], /) -> None:
        self._function: Callable[[], Any] | None = function
        self._lock = RLock()

    def __call__(self) -> Any:
        """Return the value."""
        if self._function is not None:
            with self._lock:
                if self._function is not None:
                    self._value = self._function()
                    self._function = None
        return self._value
