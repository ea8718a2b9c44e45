"""The matrix of second derivatives of Rosenbrock's function."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.comparison import Case, compare
from benchmarks.report import Report
from benchmarks.timing import Options

N = 50
START = np.linspace(-1.2, 1.0, N)


def of_array(x: Any) -> Any:
    """Return Σ 100 (xᵢ₊₁ - xᵢ²)² + (1 - xᵢ)², in whole-array operations."""
    a, b = x[:-1], x[1:]
    return (100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2).sum()


def of_tuple(x: Any) -> Any:
    """Return the same, number by number."""
    total = 0.0
    for a, b in pairwise(x):
        total = total + 100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2
    return total


def expected() -> Any:
    """Return the Hessian as it is found on paper: three diagonals."""
    a, b = START[:-1], START[1:]
    diagonal = np.append(1200 * a**2 - 400 * b + 2, 0.0) + np.append(0.0, np.full(N - 1, 200.0))
    return np.diag(diagonal) + np.diag(-400 * a, 1) + np.diag(-400 * a, -1)


def cases() -> Iterator[Case]:
    """List the two ways to write it."""
    yield Case(
        name=f"Hessian of Rosenbrock's function, array of {N}",
        task=lambda library: library.hessian(of_array, START),
        expected=expected,
        functions="numpy",
        goals={"torch": 1.0},
    )
    yield Case(
        name=f"Hessian of Rosenbrock's function, tuple of {N} floats",
        task=lambda library: library.hessian(of_tuple, tuple(START.tolist())),
        expected=expected,
        left_out=frozenset({"torch", "autograd", "jax"}),
        goals={},
    )


def run(options: Options) -> Report:
    """Measure Hessians beside the peers."""
    says = "torch is given vectorize=True, its faster way. Matrices of tuples are asked of revdiff alone."
    return compare(Report("Hessian", says), cases(), options)
