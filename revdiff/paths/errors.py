"""The error of a path: which path it is, and which of its steps does not go on.

Imports the errors of the core.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, final

from revdiff.core.errors import ArgumentError, RevDiffError, UnsupportedValueError, describe, describe_form
from revdiff.paths.wording import what_there_is


@final
class PathError(RevDiffError, LookupError):
    """A path does not lead on in a structure, or does not fit what is put there. The message begins with the path."""

    path = ""
    step = -1
    """The number of the step that failed, from 0; -1 while nobody knows."""

    @classmethod
    def no_field(cls, plain: Any, name: str) -> PathError:
        """Return the error for a field that a value does not have."""
        return cls(f"{describe(plain)} has no field {name!r}; {what_there_is(plain)}")

    @classmethod
    def no_item(cls, plain: Any, shown: str) -> PathError:
        """Return the error for brackets that find nothing."""
        return cls(f"{describe(plain)} has nothing at {shown}; {what_there_is(plain)}")

    @classmethod
    def out_of_range(cls, plain: Any, index: int, count: int) -> PathError:
        """Return the error for an index behind the end."""
        return cls(f"index {index} is out of range for {describe(plain)} of {count}")

    @classmethod
    def own_items(cls, plain: Any) -> PathError:
        """Return the error for an item that a record computes, so that nobody knows how to put another there."""
        return cls(f"the items of {describe(plain)} are what its own class makes of its parts; {what_there_is(plain)}")

    @classmethod
    def no_parts(cls, plain: Any) -> PathError:
        """Return the error for ``each`` of a number."""
        return cls(f"{describe(plain)} has no parts for .each")

    @classmethod
    def misfit(cls, met: Any, count: int) -> PathError:
        """Return the error for what is put into several places at once, and has not that many elements."""
        return cls(f"a tuple or list of {count} values is needed here; met {describe_form(met)}")

    @classmethod
    def not_one(cls, count: int) -> PathError:
        """Return the error for a view of no target, or of many."""
        if count:
            return cls(f"there is not one target here, but {count}.\n  For all of them:  targets(path, x)")
        return cls("there is no target here.\n  For the target, or None:  preview(path, x)")

    def __str__(self) -> str:
        message = super().__str__()
        return f"{self.path}: {message}" if self.path else message


@contextmanager
def told_as_path_error() -> Iterator[None]:
    """Let what NumPy or a stream says about an index be said of the path."""
    try:
        yield
    except (IndexError, ArgumentError, UnsupportedValueError) as error:
        raise PathError(str(error)) from error


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
    """Let an error that happens here name the path, and the part of it that failed if two steps read alike."""
    try:
        yield
    except PathError as error:
        if not error.path:
            error.path = repr(path)
            failed = path._steps[: error.step + 1]
            if failed and path._steps.count(failed[-1]) > 1:
                error.inside(repr(type(path)(failed)))
        raise
