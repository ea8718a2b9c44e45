"""A long run of random programs: ``python -m benchmarks.soak --programs 100000 --seed 1``.

Each program is drawn, run on one kind of values and differentiated in one mode, all three at random. The derivative is
compared with one that none of our code has a part in: of programs of numbers with differences of the same program in
mpmath, at sixty digits; of programs of arrays with differences of the same program in NumPy's longest floats. A
program that disagrees is printed with its seed, and the command exits with 1.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from benchmarks.soak import arrays, numbers

Met: TypeAlias = tuple[str, str, int]
"""The kind of values, the mode, and the order of the derivative."""


def soak(programs: int, seed: int) -> tuple[Counter[Met], list[str]]:
    """Check that many programs; return how many there were of each kind, mode and order, and what disagreed."""
    met: Counter[Met] = Counter()
    wrong = []
    with np.errstate(all="ignore"):
        for k in range(programs):
            draw = random.Random(f"{seed}/{k}")
            check: Callable[[random.Random], Met] = arrays.check if draw.random() < 0.4 else numbers.check
            try:
                met[check(draw)] += 1
            except Exception as error:  # an error is a disagreement too
                wrong.append(f"seed {seed}/{k}: {type(error).__name__}: {error}")
    return met, wrong
