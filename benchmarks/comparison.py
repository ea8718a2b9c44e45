"""Run cases on every library: check the derivatives first, then time them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import geometric_mean
from typing import Any, TypeAlias

from benchmarks.libraries import Library, Primal, load
from benchmarks.oracle import confirmed, same
from benchmarks.report import Report, duration, times
from benchmarks.timing import COLLECTOR, Options, Thunk, Times, collector, interleaved, progress

Ratios: TypeAlias = dict[tuple[str, str], float]
"""How many times as long as another a contestant takes, by both names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A derivative that every library is asked for.

    task        from a library to a function without arguments that finds the derivative
    expected    the derivative, found without any of the libraries
    functions   the module with the sin, cos, … of the plain function
    manual      value and derivative as one writes them by hand, without arguments
    left_out    libraries that would need minutes, or that lack what is asked
    """

    name: str
    task: Callable[[Library], Thunk]
    expected: Callable[[], Any]
    functions: str = "math"
    manual: Thunk | None = None
    left_out: frozenset[str] = frozenset()


def gradient(
    name: str,
    function: Callable[[Library], Callable[[Any], Any]],
    at: Any,
    by_hand: Callable[[], tuple[Any, Any]],
    *left_out: str,
    expected: Callable[[], Any] | None = None,
) -> Case:
    """Return the case of a gradient; ``by_hand`` returns the value and the gradient as one writes them by hand.

    That gradient is the expected one, once it has been confirmed, if no other is given.
    """
    return Case(
        name=name,
        task=lambda library: library.gradient(function(library), at),
        expected=expected or (lambda: confirmed(by_hand()[1], function(Primal()), at)),
        manual=by_hand,
        left_out=frozenset(left_out),
    )


def part(
    title: str,
    says: str,
    cases: Callable[[Options], Iterable[Case]],
    *,
    settings: Sequence[str] = COLLECTOR[:1],
    mean: str | None = None,
) -> Callable[[Options], Report]:
    """Return a part of the benchmarks: a line for each case and each setting of the collector.

    With ``mean`` a last line of this name has the geometric means of the others.
    """
    return lambda options: _compare(Report(title, says), list(cases(options)), options, settings, mean)


def _compare(
    report: Report, cases: Sequence[Case], options: Options, settings: Sequence[str], mean: str | None
) -> Report:
    libraries, missing = load(options.peers)
    report.notes += missing
    report.failed = "revdiff" not in libraries
    by_hand = ["manual"] if any(case.manual for case in cases) else []
    peers = [name for name in libraries if name != "revdiff"]
    shown = [
        *[(name, "primal") for name in ("revdiff", *by_hand, *peers)],
        *[("revdiff", "manual") for _ in by_hand],
        *[("revdiff", peer) for peer in peers],
    ]
    with_setting = len(settings) > 1
    report.columns = ["workload", *["collector"] * with_setting, "primal", *[f"{one}/{other}" for one, other in shown]]
    lines: list[Ratios] = []
    for case in cases:
        progress(case.name)
        contestants = {"primal": case.task(Primal(case.functions)), **checked(case, libraries, report)}
        for setting in settings:
            with collector(setting):
                found = interleaved(contestants, options)
            lines.append(ratios(found, shown))
            where = [setting] * with_setting
            report.rows.append([case.name, *where, duration(found["primal"].median), *cells(lines[-1], shown)])
    if mean is not None and lines:
        means = {
            pair: geometric_mean([line[pair] for line in lines])
            for pair in shown
            if all(pair in line for line in lines)
        }
        report.rows.append([mean, *[""] * (1 + with_setting), *cells(means, shown)])
    if any("—" in row for row in report.rows):
        report.notes.append("— stands where a library was left out")
    return report


def checked(case: Case, libraries: dict[str, Library], report: Report) -> dict[str, Thunk]:
    """Return the contestants that find the right derivative, and report on the others."""
    try:
        expected = case.expected()
    except ArithmeticError as error:
        report.fail(f"{case.name}: {error}")
        return {}
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
    return right if case.manual is None else {**right, "manual": case.manual}


def ratios(found: dict[str, Times], shown: Iterable[tuple[str, str]]) -> Ratios:
    """Return those of the ratios that there are."""
    return {(one, other): found[one].over(found[other]) for one, other in shown if one in found and other in found}


def cells(line: Ratios, shown: Iterable[tuple[str, str]]) -> list[str]:
    """Set the ratios of a line."""
    return [times(line[pair]) if pair in line else "—" for pair in shown]
