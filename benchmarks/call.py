"""Plain evaluation: what a differentiable function costs when no derivative is wanted."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

import revdiff
from benchmarks.overhead import scalar_chain
from benchmarks.report import Report, duration, thousands, times
from benchmarks.timing import Options, collector, interleaved, progress

WORKLOADS: tuple[tuple[str, Any, Any, int], ...] = (
    ("float", 1e-3, math, 1),
    ("float", 1e-3, math, 10),
    ("float", 1e-3, math, 100),
    ("float", 1e-3, math, 1_000),
    ("array of 16", np.linspace(0.5e-3, 1.5e-3, 16), np, 1_000),
    ("array of 10 000", np.linspace(0.5e-3, 1.5e-3, 10_000), np, 10),
)
"""On what, where, with which functions in the plain version, and how many steps."""


def run(options: Options) -> Report:
    """Compare ``revdiff.call(f)`` with f, and f on revdiff's functions with f on Python's or NumPy's."""
    report = Report(
        "Plain evaluation",
        "n steps of scalar_chain without a derivative. f uses revdiff.sin, plain f math.sin or numpy.sin.",
        columns=["argument", "n", "f", "call(f)", "call(f) - f", "call(f)/f", "f/plain f"],
    )
    # Small differences need more rounds, and these are short.
    options = replace(options, rounds=4 * options.rounds, seconds=options.seconds / 4)
    for what, x, functions, n in WORKLOADS:
        progress(f"call, {what}, n = {n}")
        f, plain = scalar_chain(revdiff, n), scalar_chain(functions, n)
        called = revdiff.call(f)
        if not np.array_equal(called(x), f(x)) or not np.array_equal(f(x), plain(x)):
            report.fail(f"{what}, n = {n}: call(f), f and plain f do not return the same")
            continue
        with collector("on"):
            found = interleaved({"f": partial(f, x), "call": partial(called, x), "plain": partial(plain, x)}, options)
        one, by_call = found["f"], found["call"]
        report.rows.append([
            what, thousands(n), duration(one.median), duration(by_call.median),
            duration(by_call.median - one.median), times(by_call.over(one)), times(one.over(found["plain"])),
        ])  # fmt: skip
    return report
