"""The time of ``import revdiff`` beside that of ``import numpy``, in fresh interpreters."""

from __future__ import annotations

import subprocess
import sys
import time

from benchmarks.report import Report, duration, times
from benchmarks.timing import Options, Times, progress

TIMED = "import time; start = time.perf_counter(); import {}; print(time.perf_counter() - start)"


def fresh(statement: str) -> tuple[float, str]:
    """Run a statement in a new interpreter; return the seconds from its start to its end, and what it printed."""
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", statement], check=True, capture_output=True, text=True)
    return time.perf_counter() - start, done.stdout.strip()


def run(options: Options) -> Report:
    """Start interpreters in turn, and take medians."""
    report = Report(
        "Import",
        "Wall time of a fresh interpreter, and of the import alone by the interpreter's own clock.",
        columns=["", "whole process", "import alone"],
    )
    progress("import")
    modules = ("numpy", "revdiff")
    try:
        for module in modules:  # once untimed: bytecode is compiled and files are read
            fresh(f"import {module}")
        sympy = fresh("import sys, revdiff; print('sympy' in sys.modules)")[1]
    except subprocess.CalledProcessError as error:
        report.fail(f"{module} cannot be imported: {error.stderr.strip().splitlines()[-1]}")
        return report
    if sympy == "True":
        report.fail("import revdiff imports sympy")
    whole: dict[str, list[float]] = {module: [] for module in modules}
    alone: dict[str, list[float]] = {module: [] for module in modules}
    for _ in range(3 * options.rounds):
        for module in modules:
            seconds, printed = fresh(TIMED.format(module))
            whole[module].append(seconds)
            alone[module].append(float(printed))
    for module in modules:
        found = Times(tuple(whole[module])), Times(tuple(alone[module]))
        report.rows.append([f"import {module}", *[duration(figure.median) for figure in found]])
    ratios = [Times(tuple(figures["revdiff"])).over(Times(tuple(figures["numpy"]))) for figures in (whole, alone)]
    report.rows.append(["ratio", *map(times, ratios)])
    return report
