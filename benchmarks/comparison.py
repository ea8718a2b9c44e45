"""Run cases on every library: check the derivatives first, then time them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import inf
from typing import Any

from benchmarks.libraries import Library, Primal, load
from benchmarks.oracle import same
from benchmarks.report import Goal, Report, duration, times
from benchmarks.timing import COLLECTOR, Options, Thunk, Times, collector, interleaved, progress

GOALS = {"torch": 4.0, "autograd": 10.0}
"""How many times faster revdiff is to be on Python floats."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A derivative that every library is asked for.

    task        from a library to a function without arguments that finds the derivative
    expected    the derivative, found without any of the libraries
    functions   the module with the sin, cos, … of the plain function
    left_out    libraries that would need minutes, or that lack what is asked
    goals       for each peer, how many times faster than it revdiff is to be
    """

    name: str
    task: Callable[[Library], Thunk]
    expected: Callable[[], Any]
    functions: str = "math"
    left_out: frozenset[str] = frozenset()
    goals: dict[str, float]


def compare(report: Report, cases: Iterable[Case], options: Options) -> Report:
    """Fill a report with a line for each case and each setting of the collector.

    Goals are held against the worse of the two settings.
    """
    libraries, missing = load(options.peers)
    report.notes += missing
    report.failed = "revdiff" not in libraries
    peers = [name for name in libraries if name != "revdiff"]
    report.columns = [
        "workload", "collector", "primal", *[f"{name}/primal" for name in libraries], *[f"{name}/revdiff" for name in peers],
    ]  # fmt: skip
    for case in cases:
        progress(case.name)
        contestants = {"primal": case.task(Primal(case.functions)), **checked(case, libraries, report)}
        faster = dict.fromkeys(case.goals, inf)
        for setting in COLLECTOR:
            with collector(setting):
                found = interleaved(contestants, options)
            report.rows.append(line(case, setting, found, libraries, peers))
            for peer in faster.keys() & found.keys() if "revdiff" in found else ():
                faster[peer] = min(faster[peer], found[peer].over(found["revdiff"]))
        report.goals += [
            Goal(f"{case.name}: faster than {peer}", ratio, at_least=case.goals[peer])
            for peer, ratio in faster.items()
            if ratio < inf
        ]
    if any("—" in row for row in report.rows):
        report.notes.append("— stands where a library was left out")
    return report


def checked(case: Case, libraries: dict[str, Library], report: Report) -> dict[str, Thunk]:
    """Return the contestants that find the right derivative, and report on the others."""
    expected = case.expected()
    right: dict[str, Thunk] = {}
    for name, library in libraries.items():
        if name in case.left_out:
            continue
        try:
            thunk = case.task(library)
            found = thunk()
        except Exception as error:
            complaint = f"{case.name}: {name} raised {type(error).__name__}: {str(error).partition(chr(10))[0]}"
        else:
            if same(found, expected):
                right[name] = thunk
                continue
            complaint = f"{case.name}: {name} finds another derivative"
        report.fail(complaint)
    return right


def line(
    case: Case, setting: str, found: dict[str, Times], libraries: Iterable[str], peers: Iterable[str]
) -> list[str]:
    """Return a line of the table."""

    def ratio(name: str, to: str) -> str:
        return times(found[name].over(found[to])) if name in found and to in found else "—"

    return [
        case.name,
        setting,
        duration(found["primal"].median),
        *[ratio(name, "primal") for name in libraries],
        *[ratio(name, "revdiff") for name in peers],
    ]
