"""Learning rates that change: functions from the number of steps made to the rate of the next one.

Imports the core. Any function of a whole number will do; these are the usual ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from revdiff.core.errors import ArgumentError, describe
from revdiff.core.revdiff import primal

Schedule: TypeAlias = Callable[[int], float]
Rate: TypeAlias = float | Schedule
"""A learning rate η, or a schedule: how many steps were made ↦ η."""


def cosine_decay(rate: float, steps: int, /, *, end: float = 0.0) -> Schedule:
    """Return a schedule that goes down along a cosine, and stays at the end.

        η(t) = end + (rate - end) (1 + cos πt/steps) / 2    for t ≤ steps

    >>> eta = cosine_decay(0.1, 100)
    >>> [round(eta(t), 4) for t in (0, 25, 50, 100, 200)]
    [0.1, 0.0854, 0.05, 0.0, 0.0]
    """
    _require_steps(steps)
    return lambda step: end + (rate - end) * (1 + math.cos(math.pi * min(step / steps, 1))) / 2


def exponential_decay(rate: float, half_life: float, /) -> Schedule:
    """Return a schedule that halves the rate again and again.    η(t) = rate · 2^(-t / half_life)

    >>> eta = exponential_decay(0.1, 100)
    >>> [round(eta(t), 4) for t in (0, 100, 200)]
    [0.1, 0.05, 0.025]
    """
    _require_steps(half_life)
    return lambda step: rate * 2 ** (-step / half_life)


def warmup(steps: int, then: Rate, /) -> Schedule:
    """Return a schedule that grows from small to that of ``then`` at first.    η(t) = then(t) · min(1, (t + 1) / steps)

    >>> eta = warmup(4, 0.1)
    >>> [round(eta(t), 4) for t in (0, 1, 3, 10)]
    [0.025, 0.05, 0.1, 0.1]
    """
    _require_steps(steps)
    return lambda step: rate_at(then, step) * min(1, (step + 1) / steps)


def _require_steps(steps: float) -> None:
    if not steps > 0:
        msg = f"a schedule takes at least one step; met {steps!r}"
        raise ArgumentError(msg)


def rate_at(rate: Any, step: int) -> Any:
    """Return the rate for the next step. A NumPy number becomes Python's, which changes no precision."""
    now = rate(step) if callable(rate) else rate
    return now.item() if isinstance(now, np.generic) else now


def require_rate(rate: Any) -> None:
    """Raise `ArgumentError` unless a rate is a number ≥ 0 or a schedule."""
    if not callable(rate) and not (isinstance(primal(rate), float | int | np.floating) and primal(rate) >= 0):
        msg = f"a rate is a number that is not negative, or a function of the number of steps; met {shown(rate)}"
        raise ArgumentError(msg)


def shown(value: Any) -> str:
    """Return how an error shows a setting: numbers as they are."""
    return repr(value) if isinstance(value, float | int) else describe(value)
