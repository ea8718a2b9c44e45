"""The matrix of second derivatives of Rosenbrock's function, and its product with a vector."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.comparison import Case, part
from benchmarks.report import thousands
from benchmarks.timing import Options

N, LONG = 50, 1_000
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


def diagonals(x: Any) -> tuple[Any, Any]:
    """Return the main diagonal of the Hessian and the two beside it, as they are found on paper."""
    a, b = x[:-1], x[1:]
    return np.append(1200 * a**2 - 400 * b + 2, 0.0) + np.append(0.0, np.full(len(a), 200.0)), -400 * a


def expected() -> Any:
    """Return the Hessian."""
    main, beside = diagonals(START)
    return np.diag(main) + np.diag(beside, 1) + np.diag(beside, -1)


def by_hand(x: Any, v: Any) -> tuple[Any, Any]:
    """Return the function and its Hessian times a vector."""
    main, beside = diagonals(x)
    product = main * v
    product[:-1] += beside * v[1:]
    product[1:] += beside * v[:-1]
    return of_array(x), product


def cases(_options: Options) -> Iterator[Case]:
    """List the two ways to write it, and the product."""
    yield Case(
        name=f"Hessian of Rosenbrock's function, array of {N}",
        task=lambda library: library.hessian(of_array, START),
        expected=expected,
        functions="numpy",
    )
    yield Case(
        name=f"Hessian of Rosenbrock's function, tuple of {N} floats",
        task=lambda library: library.hessian(of_tuple, tuple(START.tolist())),
        expected=expected,
        left_out=frozenset({"torch", "autograd", "jax"}),
    )
    x = np.linspace(-1.2, 1.0, LONG)
    v = np.cos(np.arange(LONG))
    yield Case(
        name=f"Hessian of Rosenbrock's function times a vector, array of {thousands(LONG)}",
        task=lambda library: library.hvp(of_array, x, v),
        expected=lambda: by_hand(x, v)[1],
        functions="numpy",
        manual=lambda: by_hand(x, v),
    )


run = part(
    "Hessian", "torch is given vectorize=True, its faster way. Matrices of tuples are asked of revdiff alone.", cases
)
