"""Rosenbrock's function, on which optimizers are tried, and its derivatives by hand.

Imports the shared namesakes and reductions.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import optimize

from revdiff.core.revdiff import shape_of
from revdiff.scipy._namesakes import namesake


@namesake(optimize.rosen)
def rosen(x: Any, /) -> Any:
    """Return Σ 100 (xᵢ₊₁ - xᵢ²)² + (1 - xᵢ)² over the first axis, which is 0 where all xᵢ are 1.

    >>> from revdiff import hessian
    >>> hessian(rosen)(np.array([1.0, 1.0]))
    array([[ 802., -400.],
           [-400.,  200.]])
    """
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2, axis=0)


@namesake(optimize.rosen_der)
def rosen_der(x: Any, /) -> Any:
    """Return the gradient of `rosen`:  -400 xᵢ (xᵢ₊₁ - xᵢ²) - 2 (1 - xᵢ), and 200 (xᵢ - xᵢ₋₁²) for what is after another."""
    after = 200.0 * (x[1:] - x[:-1] ** 2)
    nothing = np.zeros((1, *shape_of(x)[1:]))
    before = -2.0 * x[:-1] * after - 2 * (1 - x[:-1])
    return np.concatenate([before, nothing]) + np.concatenate([nothing, after])


@namesake(optimize.rosen_hess)
def rosen_hess(x: Any, /) -> Any:
    """Return the matrix of the second derivatives of `rosen`, which has three diagonals."""
    beside = np.diag(-400.0 * x[:-1], 1)
    nothing = np.zeros(1)
    before = np.concatenate([1200.0 * x[:-1] ** 2 - 400.0 * x[1:] + 2.0, nothing])
    after = np.concatenate([nothing, np.full(len(x) - 1, 200.0)])
    return beside + beside.T + np.diag(before + after)


@namesake(optimize.rosen_hess_prod)
def rosen_hess_prod(x: Any, p: Any, /) -> Any:
    """Return the product of that matrix with a vector p."""
    return rosen_hess(x) @ p
