"""Peak memory of a gradient beside that of value and gradient written by hand.

Python's own account, `tracemalloc`, which NumPy keeps too; of the peers only autograd computes with NumPy's arrays.
"""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator

from benchmarks import networks, records
from benchmarks.comparison import Case, checked
from benchmarks.libraries import load
from benchmarks.report import Report, times
from benchmarks.timing import Options, Thunk, progress


def peak(thunk: Thunk) -> int:
    """Return the most bytes that were allocated at one moment while ``thunk`` ran, its result included."""
    thunk()
    gc.collect()
    tracemalloc.start()
    try:
        result = thunk()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        del result


def cases(options: Options) -> Iterator[Case]:
    """List the workloads: those of networks but the long loop, and records."""
    yield from (case for case in networks.cases(options) if "one by one" not in case.name)
    yield from records.cases(options)


def run(options: Options) -> Report:
    """Measure peaks."""
    report = Report(
        "Memory",
        "The most memory in use at one moment, the gradient included, relative to value and gradient written by hand.",
    )
    libraries, _ = load(tuple(peer for peer in options.peers if peer == "autograd"))
    report.failed = "revdiff" not in libraries
    report.columns = ["workload", "manual", *[f"{name}/manual" for name in libraries]]
    for case in cases(options):
        progress(f"memory, {case.name}")
        peaks = {name: peak(thunk) for name, thunk in checked(case, libraries, report).items()}
        if "manual" not in peaks:
            continue
        report.rows.append(
            [
                case.name,
                f"{peaks['manual'] / 1e6:.2f} MB",
                *[times(peaks[name] / peaks["manual"]) if name in peaks else "—" for name in libraries],
            ]
        )
    return report
