"""Cost of reading structures: every part once, and k times, as structures grow.

Reading all n parts k times must cost n·k, in the first derivative and in the second, and the
gradient by a stream must cost what was read of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, make_dataclass, replace
from functools import cache
from typing import Any

import numpy as np

import revdiff
from benchmarks.report import Report, thousands, times
from benchmarks.timing import Options, Thunk, interleaved, progress


@dataclass(frozen=True, slots=True)
class Reading:
    """A way to read a structure of n parts: f reads all of them k times."""

    name: str
    sizes: tuple[int, ...]
    structure: Callable[[int], Any]
    f: Callable[[Any, int, int], Any]
    slope: Callable[[Any], Any]
    """From the gradient, one number that tells whether it is right: 2k at x = 1."""


@cache
def record_class(n: int) -> type:
    """Return a dataclass of n arrays."""
    return make_dataclass(f"Record{n}", [(f"a{i}", np.ndarray) for i in range(n)])


def squares(parts: Callable[[Any], Any]) -> Callable[[Any, int, int], Any]:
    """Return the function that sums the squares of the parts, k times over."""

    def f(x: Any, n: int, k: int) -> Any:
        total = 0.0
        for _ in range(k):
            for part in parts(x):
                total = total + part * part
        return total

    return f


def by_index(x: Any, n: int, k: int) -> Any:
    """Sum the squares of x[0], …, x[n - 1], k times over."""
    total = 0.0
    for _ in range(k):
        for i in range(n):
            total = total + x[i] * x[i]
    return total


def of_fields(record: Any, n: int, k: int) -> Any:
    """Sum the squares of the elements of all fields, k times over."""
    total = 0.0
    for _ in range(k):
        for i in range(n):
            field = getattr(record, f"a{i}")
            total = total + (field * field).sum()
    return total


def readings() -> list[Reading]:
    """Return what is measured."""
    ones = lambda n: [1.0] * n
    stream = lambda n: revdiff.Stream.repeat(1.0)
    first = lambda gradient: gradient[0]
    return [
        Reading("list, iterated", (1_000, 10_000, 100_000), ones, squares(iter), first),
        Reading("list, by index", (1_000, 10_000, 100_000), ones, by_index, first),
        Reading("dict", (1_000, 10_000, 100_000), lambda n: dict.fromkeys(range(n), 1.0), squares(dict.values), first),
        Reading(
            "record of 100×100 arrays", (100, 300, 1_000),
            lambda n: record_class(n)(*[np.ones((100, 100)) for _ in range(n)]),
            of_fields, lambda gradient: gradient.a0[0, 0],
        ),
        Reading("stream", (100, 1_000, 10_000), stream, by_index, first),
    ]  # fmt: skip


def tasks(reading: Reading, n: int, k: int) -> dict[str, Thunk]:
    """Return what is timed: the gradient, and the derivative of the gradient along the structure itself."""
    x = reading.structure(n)
    f = lambda x: reading.f(x, n, k)
    gradient = revdiff.grad(f)
    return {"1": lambda: gradient(x), "2": lambda: revdiff.hvp(f, x, x)}


def run(options: Options) -> Report:
    """Measure the time per part read."""
    report = Report(
        "Structures",
        "Microseconds per part read, derivative included, where a function squares every one of n parts k times.",
        columns=["structure", "order", "k", "n from", "to", "first", "last", "last/first"],
    )
    options = replace(options, rounds=(options.rounds + 1) // 2)
    for reading in readings():
        sizes = reading.sizes[:-1] if options.quick else reading.sizes
        for k in (1, 5):
            progress(f"structures, {reading.name}, k = {k}")
            every = {n: tasks(reading, n, k) for n in sizes}
            if not np.isclose(float(reading.slope(every[sizes[0]]["1"]())), 2.0 * k):
                report.fail(f"{reading.name}: finds another derivative")
                continue
            for order in ("1", "2"):
                found = interleaved({str(n): every[n][order] for n in (sizes[0], sizes[-1])}, options)
                first, last = (found[str(n)].median / (n * k) for n in (sizes[0], sizes[-1]))
                report.rows.append([
                    reading.name, order, str(k), thousands(sizes[0]), thousands(sizes[-1]),
                    f"{first * 1e6:.2f}", f"{last * 1e6:.2f}", times(last / first),
                ])  # fmt: skip
    return report
