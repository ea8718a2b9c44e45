"""Interleaved rounds, medians, and the cyclic collector in two settings."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import repeat
from statistics import median
from typing import TypeAlias

Thunk: TypeAlias = Callable[[], object]

COLLECTOR = ("on", "frozen")
"""As a user has it; and with everything imported so far exempt from its passes."""

SLOW = 4.0
"""What takes longer, in seconds, is run only once instead of once in every round."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for."""

    rounds: int
    seconds: float
    quick: bool
    peers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds per call, one number for each round."""

    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median over the rounds."""
        return median(self.rounds)

    def over(self, other: Times) -> float:
        """Return how many times as long as ``other`` this takes.

        The quotients are taken round by round, so that a machine that is slower in one round than
        in the next does not matter; what was run only once is compared by medians.
        """
        if len(self.rounds) != len(other.rounds):
            return self.median / other.median
        return median(a / b for a, b in zip(self.rounds, other.rounds, strict=True))


def interleaved(thunks: Mapping[str, Thunk], options: Options) -> dict[str, Times]:
    """Time all contestants in turn, round after round; each begins a round as often as the others.

    A sample lasts ``options.seconds`` at least, long enough to hold its share of full collections:
    the median of shorter ones would leave them out.
    """
    numbers: dict[str, int] = {}
    first: dict[str, float] = {}
    for name, thunk in thunks.items():
        numbers[name], first[name] = calibrated(thunk, options.seconds)
    names = list(thunks)
    samples: dict[str, list[float]] = {name: [first[name]] if first[name] > SLOW else [] for name in names}
    repeated = [name for name in names if first[name] <= SLOW]
    for number in range(options.rounds):
        turn = number % len(repeated) if repeated else 0
        for name in repeated[turn:] + repeated[:turn]:
            samples[name].append(sample(thunks[name], numbers[name]))
    return {name: Times(tuple(samples[name])) for name in names}


def calibrated(thunk: Thunk, seconds: float) -> tuple[int, float]:
    """Return how often to call ``thunk`` for a sample of ``seconds``, and the seconds of one call."""
    number = 1
    while (one := sample(thunk, number)) * number < seconds / 4:
        number *= 4
    return max(1, round(seconds / one)), one


def sample(thunk: Thunk, number: int) -> float:
    """Return the seconds of one call, averaged over ``number`` calls.

    Seconds of processor time, of all threads together: another program that is running at the same
    time takes less away from it, and a library that starts threads gains nothing.
    """
    start = time.process_time()
    for _ in repeat(None, number):
        thunk()
    return (time.process_time() - start) / number


@contextmanager
def collector(setting: str) -> Iterator[None]:
    """Have the collector on, or on with everything that exists now frozen."""
    gc.collect()
    if setting == "frozen":
        gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def progress(text: str) -> None:
    """Say on stderr what is being measured."""
    print(f"  … {text}", file=sys.stderr, flush=True)
