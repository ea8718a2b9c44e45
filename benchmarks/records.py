"""Records of arrays: every field read once, and five times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmarks.comparison import Case, part
from benchmarks.libraries import Library
from benchmarks.oracle import confirmed
from benchmarks.structures import record_class
from benchmarks.timing import Options

FIELDS, SIDE = 100, 100


def squares(times: int, read: Callable[[Any, int], Any]) -> Callable[[Any], Any]:
    """Return the sum of the squares of all elements of all fields, ``times`` times over."""

    def f(x: Any) -> Any:
        total = 0.0
        for _ in range(times):
            for i in range(FIELDS):
                field = read(x, i)
                total = total + (field * field).sum()
        return total

    return f


def by_name(x: Any, i: int) -> Any:
    """Return a field of a record."""
    return getattr(x, f"a{i}")


def by_place(x: Any, i: int) -> Any:
    """Return an item of a tuple."""
    return x[i]


def by_hand(x: tuple[Any, ...], times: int) -> tuple[Any, tuple[Any, ...]]:
    """Return value and gradient, adding up what each read contributes."""
    total, x_bar = 0.0, [2.0 * field for field in x]
    for again in range(times):
        for i, field in enumerate(x):
            total += (field * field).sum()
            if again:
                x_bar[i] += 2.0 * field
    return total, tuple(x_bar)


def read_times(times: int) -> Case:
    """Return the case of a record for revdiff, and a tuple for peers that have none."""
    rng = np.random.default_rng(0)
    fields = tuple(rng.standard_normal((SIDE, SIDE)) for _ in range(FIELDS))

    def task(library: Library) -> Callable[[], Any]:
        if library.name == "revdiff":
            return library.gradient(squares(times, by_name), record_class(FIELDS)(*fields))
        return library.gradient(squares(times, by_place), fields)

    return Case(
        name=f"{FIELDS} fields of {SIDE}×{SIDE}, each read {'once' if times == 1 else f'{times} times'}",
        task=task,
        expected=lambda: confirmed(by_hand(fields, times)[1], squares(times, by_place), fields),
        manual=lambda: by_hand(fields, times),
    )


def cases(_options: Options) -> Iterator[Case]:
    """List the workloads of this part."""
    yield read_times(1)
    yield read_times(5)


run = part(
    "Records",
    "The gradient of the sum of squares, for a record of arrays; a tuple of arrays for the peers.",
    cases,
)
