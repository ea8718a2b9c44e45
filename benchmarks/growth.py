"""Cost in proportion to the number of operations: time per step from a thousand steps to a million.

Each step is written with a second input w. With w held at a number there is one variable; with w a
variable too, ways back from both meet in every step and the backward sweep has to visit them all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from typing import Any, TypeAlias

import revdiff
from benchmarks import oracle
from benchmarks.oracle import same
from benchmarks.report import Report, thousands, times
from benchmarks.timing import COLLECTOR, Options, Thunk, collector, interleaved, progress

Step: TypeAlias = Callable[[Any, Any], Any]

LENGTHS = {1: (1_000, 10_000, 100_000, 1_000_000), 2: (1_000, 10_000)}
"""For each order of the derivative, the numbers of steps."""

CHECKED = 1_000


def steps(m: Any, sine: Callable[[Any], Any]) -> dict[str, tuple[Step, float]]:
    """Return the steps, each with the w at which values and derivatives neither explode nor die out."""
    sin, cos = m.sin, m.cos
    return {
        "y*y": (lambda y, w: y * y * 0.5 + w, 0.5),
        "y + y": (lambda y, w: (y + y) * w, 0.5),
        "sin(y)*cos(y)": (lambda y, w: sin(y) * cos(y) * w, 1.0),
        "a primitive by hand": (lambda y, w: sine(y) * cos(y) * w, 1.0),
    }


def sine(x: Any) -> Any:
    """Return sin x, as a user would write it."""
    return revdiff.RevDiff(revdiff.sin(x.value), x.backprop @ (lambda ct: ct * revdiff.cos(x.value)))


@dataclass(frozen=True, slots=True)
class Growing:
    """A step to repeat, and the derivative to take of the result.

    It starts at x = 0.5. With one variable w is a number, with two it is a variable.
    """

    name: str
    step: Step
    w: float
    variables: int
    order: int

    def chain(self, n: int, step: Step | None = None) -> Callable[[Any, Any], Any]:
        """Return the function that takes n steps from x."""
        step = step or self.step

        def f(x: Any, w: Any) -> Any:
            for _ in range(n):
                x = step(x, w)
            return x

        return f

    def task(self, n: int) -> Thunk:
        """Return what is timed."""
        f, w = self.chain(n), self.w
        if self.variables == 1:
            return partial(revdiff.nth_derivative(lambda x: f(x, w), self.order), 0.5)
        operator = revdiff.grad if self.order == 1 else revdiff.hessian
        return partial(operator(lambda p: f(p[0], p[1])), (0.5, w))

    def expected(self, n: int) -> Any:
        """Return the same from power series."""
        f, w = self.chain(n, steps(oracle, oracle.sin)[self.name][0]), self.w
        if self.variables == 1:
            return oracle.derivative(lambda x: f(x, w), 0.5, self.order)
        operator = oracle.gradient if self.order == 1 else oracle.hessian
        return operator(lambda p: f(p[0], p[1]), (0.5, w))

    def __str__(self) -> str:
        return f"{self.name}, {self.variables} variable{'s' * (self.variables > 1)}, order {self.order}"


def run(options: Options) -> Report:
    """Measure the time per step as chains grow."""
    report = Report(
        "Growth",
        "Microseconds per step of a chain of n steps, derivative included. Where the cost is linear, the ratio is near 1.",
        columns=["step", "variables", "order", "collector", *[f"n = {thousands(n)}" for n in LENGTHS[1]], "last/first"],
    )
    options = replace(options, rounds=(options.rounds + 1) // 2)  # the longest chains take seconds
    for (name, (step, w)), variables, order in product(steps(revdiff, sine).items(), (1, 2), LENGTHS):
        growing = Growing(name, step, w, variables, order)
        progress(f"growth, {growing}")
        try:
            right = same(growing.task(CHECKED)(), growing.expected(CHECKED))
        except Exception as error:
            report.fail(f"{growing}: {type(error).__name__}: {str(error).partition(chr(10))[0]}")
            continue
        if not right:
            report.fail(f"{growing}: finds another derivative")
            continue
        for setting in COLLECTOR:
            measure(report, growing, setting, options)
    return report


def measure(report: Report, growing: Growing, setting: str, options: Options) -> None:
    """Add a line to the table: the cost per step of every length, and of the longest relative to the shortest."""
    lengths = [n for n in LENGTHS[growing.order] if n <= 100_000 or not options.quick]
    with collector(setting):
        found = interleaved({str(n): growing.task(n) for n in lengths}, options)
    per_step = {n: f"{found[str(n)].median / n * 1e6:.2f}" for n in lengths}
    first, last = lengths[0], lengths[-1]
    ratio = found[str(last)].over(found[str(first)]) * first / last
    report.rows.append([
        growing.name, str(growing.variables), str(growing.order), setting,
        *[per_step.get(n, "") for n in LENGTHS[1]], times(ratio),
    ])  # fmt: skip
