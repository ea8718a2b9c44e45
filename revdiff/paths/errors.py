"""The error of a path: which path it is, and which of its steps does not go on.

Imports the errors of the core.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, final

from revdiff.core.errors import RevDiffError


@final
class PathError(RevDiffError, LookupError):
    """A path does not lead anywhere, or does not fit what is put there. The message begins with the path."""

    path = ""
    step = -1
    """The number of the step that failed, from 0; -1 while nobody knows."""

    def __str__(self) -> str:
        message = super().__str__()
        return f"{self.path}: {message}" if self.path else message


@contextmanager
def failing_at(step: int) -> Iterator[None]:
    """Let an error that happens here say at which step it was, unless it happened further on."""
    try:
        yield
    except PathError as error:
        if error.step < 0:
            error.step = step
        raise


@contextmanager
def followed(path: Any) -> Iterator[None]:
    """Let an error that happens here name the path, and the part of it that failed if the message leaves a doubt."""
    try:
        yield
    except PathError as error:
        if not error.path:
            error.path = repr(path)
            steps = path._steps
            if 0 <= error.step < len(steps) and steps.count(steps[error.step]) > 1:
                error.inside(repr(type(path)(steps[: error.step + 1])))
        raise
