"""Learning rates that change: functions from the number of steps made to the rate of the next one.

Imports errors. Any function of a whole number will do; these are the usual ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

from revdiff.core.errors import ArgumentError

Schedule: TypeAlias = Callable[[int], float]


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


def warmup(steps: int, then: float | Schedule, /) -> Schedule:
    """Return a schedule that grows from small to that of ``then`` at first.    η(t) = then(t) · min(1, (t + 1) / steps)

    >>> eta = warmup(4, 0.1)
    >>> [round(eta(t), 4) for t in (0, 1, 3, 10)]
    [0.025, 0.05, 0.1, 0.1]
    """
    _require_steps(steps)
    return lambda step: (then(step) if callable(then) else then) * min(1, (step + 1) / steps)


def _require_steps(steps: float) -> None:
    if not steps > 0:
        msg = f"a schedule takes at least one step; met {steps!r}"
        raise ArgumentError(msg)
