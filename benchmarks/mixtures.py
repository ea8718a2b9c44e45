"""Gaussian mixtures: ADBench's log-likelihood, many reductions over arrays of three axes.

F. Šrajer, Z. Kukelova, A. Fitzgibbon, *A benchmark of selected algorithmic differentiation tools on some problems in
computer vision and machine learning*, 2018. The parameters of K components in d dimensions are the logarithms of
their weights α, their means μ, and the lower triangles Q of the inverse covariances, diagonals as logarithms q:

    log p = Σₙ log Σₖ exp(αₖ + Σ qₖ - ½ |Qₖ (xₙ - μₖ)|²) - N log Σₖ exp αₖ + log Wishart(Q) + constant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import lgamma, log, pi
from typing import Any, TypeAlias

import numpy as np

from benchmarks.comparison import Case, gradient, part
from benchmarks.libraries import Library
from benchmarks.report import thousands
from benchmarks.timing import Options

Parameters: TypeAlias = tuple[Any, Any, Any]
"""α, of shape (K,); μ, of shape (K, d); q and then the rest of Q by columns, of shape (K, d (d + 1) / 2)."""

GAMMA, EXTRA = 1.0, 0
"""The hyperparameters of the Wishart prior."""


def instance(n: int, d: int, k: int) -> tuple[Parameters, Any]:
    """Return random parameters and points."""
    rng = np.random.default_rng(0)
    parameters = rng.standard_normal(k), rng.random((k, d)), rng.standard_normal((k, d * (d + 1) // 2)) / d
    return parameters, rng.standard_normal((n, d))


def places(d: int) -> Any:
    """Return where the entries of Qᵀ stand among those of Q, with a zero after them."""
    where = np.full((d, d), d * (d + 1) // 2)
    where[np.diag_indices(d)] = np.arange(d)
    where[np.triu_indices(d, 1)] = np.arange(d, d * (d + 1) // 2)
    return where


def constant(n: int, d: int, k: int) -> float:
    """Return what does not depend on the parameters."""
    degrees = d + EXTRA + 1
    log_gamma = d * (d - 1) / 4 * log(pi) + sum(lgamma((degrees - i) / 2) for i in range(d))
    wishart = degrees * d * (log(GAMMA) - 0.5 * log(2)) - log_gamma
    return -n * d * 0.5 * log(2 * pi) - k * wishart


def log_likelihood(library: Library, x: Any, k: int) -> Callable[[Parameters], Any]:
    """Return the logarithm of the likelihood as a function of the parameters."""
    m, (n, d) = library.arrays, x.shape
    where, rest, none = places(d), constant(n, d, k), library.constant(np.zeros((k, 1)))
    x = library.constant(x)

    def f(parameters: Parameters) -> Any:
        alphas, means, q = parameters
        diagonals, others = m.exp(q[:, :d]), q[:, d:]
        sums = q[:, :d].sum(1)
        factors = m.concatenate([diagonals, others, none], axis=1)[:, where]
        y = (x - means[:, None]) @ factors
        exponents = (alphas + sums)[:, None] - 0.5 * (y * y).sum(2)
        wishart = 0.5 * GAMMA**2 * ((diagonals * diagonals).sum() + (others * others).sum()) - EXTRA * sums.sum()
        return m.log(m.exp(exponents).sum(0)).sum() - n * m.log(m.exp(alphas).sum()) + wishart + rest

    return f


def by_hand(parameters: Parameters, x: Any, where: Any) -> tuple[Any, Parameters]:
    """Return value and gradient as one writes them by hand."""
    alphas, means, q = parameters
    (k, d), n = means.shape, len(x)
    diagonals, others = np.exp(q[:, :d]), q[:, d:]
    sums = q[:, :d].sum(1)
    factors = np.concatenate([diagonals, others, np.zeros((k, 1))], axis=1)[:, where]
    centred = x - means[:, None]
    y = centred @ factors
    e = np.exp((alphas + sums)[:, None] - 0.5 * (y * y).sum(2))
    total, e_alphas = e.sum(0), np.exp(alphas)
    wishart = 0.5 * GAMMA**2 * ((diagonals * diagonals).sum() + (others * others).sum()) - EXTRA * sums.sum()
    value = np.log(total).sum() - n * np.log(e_alphas.sum()) + wishart + constant(n, d, k)
    e /= total
    of_points = e.sum(1)
    y *= -e[:, :, None]
    factors_bar = centred.swapaxes(1, 2) @ y
    rows, columns = np.triu_indices(d, 1)
    on_diagonal = factors_bar[:, np.arange(d), np.arange(d)] + GAMMA**2 * diagonals
    q_bar = np.concatenate(
        [on_diagonal * diagonals + of_points[:, None] - EXTRA, factors_bar[:, rows, columns] + GAMMA**2 * others],
        axis=1,
    )
    means_bar = -(y @ factors.swapaxes(1, 2)).sum(1)
    return value, (of_points - n * e_alphas / e_alphas.sum(), means_bar, q_bar)


def of_size(n: int, d: int, k: int) -> Case:
    """Return the case of n points in d dimensions and k components."""
    at, x = instance(n, d, k)
    where = places(d)
    return gradient(f"d = {d}, K = {k}", lambda m: log_likelihood(m, x, k), at, lambda: by_hand(at, x, where))


N = 1_000


def cases(options: Options) -> Iterator[Case]:
    """List the sizes."""
    for d in (2, 10) if options.quick else (2, 10, 20):
        for k in (5, 25):
            yield of_size(N, d, k)


run = part(
    "Gaussian mixtures",
    f"The gradient of the log-likelihood of {thousands(N)} points by all parameters of a Gaussian mixture (ADBench).",
    cases,
    mean="geometric mean",
)
