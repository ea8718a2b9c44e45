"""What an operation costs where the numbers cost nothing: long chains on Python floats and short arrays.

To add a workload, add a `Case` to `cases`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np

from benchmarks import oracle
from benchmarks.comparison import Case, part
from benchmarks.report import thousands
from benchmarks.timing import COLLECTOR, Options

Chain: TypeAlias = Callable[[Any, int], Callable[[Any], Any]]
"""From a module with sin, cos, … and a number of steps to a function."""

INPUTS = 100
MILLION = 333_334
"""Steps of three operations each."""


def scalar_chain(m: Any, n: int) -> Callable[[Any], Any]:
    """N times y = sin(y)*x + y, from y = x + 1. At x = 1/n value and derivative stay moderate."""
    sin = m.sin

    def f(x: Any) -> Any:
        y = x + 1.0
        for _ in range(n):
            y = sin(y) * x + y
        return y

    return f


def scalar_chain_many(m: Any, n: int) -> Callable[[Any], Any]:
    """N times y = sin(y)*xs[i] + y*xs[i+7]: ways back from many variables meet in every step.

    With one variable, a library may carry the derivative forward along with the value; here that
    would cost as many times more as there are variables.
    """
    sin = m.sin

    def f(xs: Any) -> Any:
        y = xs[0]
        for i in range(n):
            y = sin(y) * xs[i % INPUTS] + y * xs[(i + 7) % INPUTS]
        return y

    return f


def shared(_m: Any, n: int) -> Callable[[Any], Any]:
    """N times y = y*y*0.5 + y, with 3ⁿ paths from the result to the variable."""

    def f(x: Any) -> Any:
        y = x
        for _ in range(n):
            y = y * y * 0.5 + y
        return y

    return f


def shared_many(_m: Any, n: int) -> Callable[[Any], Any]:
    """N times y = y*y*xs[i] + y, from y = xs[0]*2/n."""

    def f(xs: Any) -> Any:
        y = xs[0] * (2.0 / n)
        for i in range(n):
            y = y * y * xs[i % INPUTS] + y
        return y

    return f


def on_numbers(name: str, chain: Chain, n: int, x: float | tuple[float, ...], *left_out: str) -> Case:
    """Return the case of a chain of n steps on one float or on a tuple of floats."""
    by_series: Callable[..., Any] = oracle.gradient if isinstance(x, tuple) else oracle.derivative
    return Case(
        name=f"{name}, n = {thousands(n)}",
        task=lambda library: library.gradient(chain(library.functions, n), x),
        expected=lambda: by_series(chain(oracle, n), x),
        left_out=frozenset(left_out),
    )


def on_array(name: str, chain: Chain, n: int, x: Any) -> Case:
    """Return the case of a chain of n steps on an array, whose result is summed."""

    def summed(m: Any) -> Callable[[Any], Any]:
        elementwise = chain(m, n)
        return lambda x: elementwise(x).sum()

    return Case(
        name=f"{name}, n = {thousands(n)}",
        task=lambda library: library.gradient(summed(library.functions), x),
        expected=lambda: oracle.derivative(chain(oracle, n), x),
        functions="numpy",
    )


def cases(options: Options) -> Iterator[Case]:
    """List the workloads of this part. The slowest libraries are spared the long ones."""
    thousand, million = 1_000, MILLION // 10 if options.quick else MILLION
    halves = (0.5,) * INPUTS  # here scalar_chain_many neither grows nor dies out, whatever its length
    yield on_numbers("scalar_chain", scalar_chain, thousand, 1 / thousand)
    yield on_numbers("scalar_chain", scalar_chain, million, 1 / million, "jax")
    yield on_numbers(f"scalar_chain, {INPUTS} inputs", scalar_chain_many, thousand, halves)
    yield on_numbers(f"scalar_chain, {INPUTS} inputs", scalar_chain_many, million, halves, "jax")
    yield on_numbers("shared", shared, thousand, 1 / thousand)
    yield on_numbers("shared", shared, million, 1 / million, "autograd", "jax")
    yield on_numbers(f"shared, {INPUTS} inputs", shared_many, thousand, halves)
    yield on_numbers(f"shared, {INPUTS} inputs", shared_many, million, halves, "autograd", "jax")
    yield on_array("scalar_chain on 16-element arrays", scalar_chain, thousand, np.linspace(0.5, 1.5, 16) / thousand)


run = part(
    "Overhead",
    "Value and gradient of long chains of cheap operations; relative to the plain function, and to revdiff.\n"
    "With one input all ways back lead to one place; with 100 inputs they part and meet in every step.",
    cases,
    settings=COLLECTOR,
)
