"""The error of a picture that cannot be drawn.

Imports the errors of the core.
"""

from __future__ import annotations

from typing import final

from revdiff.core.errors import RevDiffError


@final
class PlotError(RevDiffError, ValueError):
    """A picture cannot be drawn: it is too large, or what would draw it is not installed."""

    @classmethod
    def missing(cls, what: str, needs: str, install: str, instead: str = "") -> PlotError:
        """Return the error for a program or a library that is not installed."""
        otherwise = f"\n  Without it:  {instead}" if instead else ""
        return cls(f"{what} needs {needs}, which is not installed.\n  To install it:  {install}{otherwise}")
