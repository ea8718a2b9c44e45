"""When two derivatives agree."""

from __future__ import annotations


class DisagreementError(Exception):
    """A derivative is not what it should be."""


def close(found: complex, expected: complex, relative: float, absolute: float = 0.0) -> bool:
    """Tell whether two numbers are equal: relative to the larger of the expected one and 1, and absolutely."""
    return abs(found - expected) <= relative * (1 + abs(expected)) + absolute
