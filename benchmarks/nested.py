"""Derivatives of derivatives: how the cost grows with the order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from benchmarks import oracle
from benchmarks.comparison import Case, part
from benchmarks.timing import COLLECTOR, Options

X = 0.7


def formula(m: Any) -> Callable[[Any], Any]:
    """Some fourteen operations, whose derivatives of every order differ from zero."""
    sin, cos, exp = m.sin, m.cos, m.exp

    def f(x: Any) -> Any:
        return exp(sin(x) * x) + cos(x * x) * sin(2.0 * x + 1.0) - x * x * x * 0.25

    return f


def of_order(order: int) -> Case:
    """Return the case of one order."""
    return Case(
        name=f"derivative of order {order}",
        task=lambda library: library.nth_derivative(formula(library.functions), order, X),
        expected=lambda: oracle.derivative(formula(oracle), X, order),
    )


def cases(options: Options) -> Iterator[Case]:
    """List the orders."""
    return map(of_order, (1, 2, 4) if options.quick else range(1, 7))


run = part(
    "Nested derivatives",
    "The k-fold derivative of a formula of fourteen operations, by nesting the operator k times.",
    cases,
    settings=COLLECTOR,
)
