"""Bayesian inference with a Hessian: what was known about O-rings on the morning of 28 January 1986.

    python examples/challenger.py [picture.svg]

In 7 of the 23 flights before the last of the Challenger, O-rings of the solid rockets were damaged (S. Dalal,
E. Fowlkes and B. Hoadley, 1989). Damage at the temperature t has the probability 1/(1 + exp(-a - b (t - 70))), and how
probable the pairs (a, b) are, given the flights, is the question. Laplace's answer is a Gaussian: its center is the
maximum of log p, and its covariance the inverse of -∂² log p. The exact answer is a sum over a grid, which two unknowns
still allow. Needs ``pip install "revdiff[examples]"``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import revdiff as rd
from revdiff.optimize import minimize

DEGREES = np.array([66, 70, 69, 68, 67, 72, 73, 70, 57, 63, 70, 78, 67, 53, 67, 75, 70, 81, 76, 79, 75, 76, 58.0])
DAMAGE = np.array([0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1.0])
MORNING = 31.0
BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#6b7280"


def surprise(line: Any, spread: Any = (10.0, 1.0)) -> Any:
    """Return -log p of a pair (a, b), up to a constant: of the flights, and of what is assumed before them."""
    z = line[0] + line[1] * (DEGREES - 70)
    before = (line[0] / spread[0]) ** 2 + (line[1] / spread[1]) ** 2
    return (np.logaddexp(0, z) - DAMAGE * z).sum() + 0.5 * before


def laplace() -> tuple[Any, Any]:
    """Return the most probable pair, and the covariance matrix of the Gaussian around it."""
    center = minimize(surprise, np.zeros(2), method="trust-exact", tol=1e-10).x
    return center, np.linalg.inv(rd.hessian(surprise)(center))


def grid(center: Any, covariance: Any, n: int = 201) -> tuple[Any, Any, Any]:
    """Return values of a and b around the center, and the exact probabilities of their pairs."""
    a, b = (m + np.sqrt(s) * np.linspace(-7, 5, n) for m, s in zip(center, np.diag(covariance), strict=True))
    z = a[:, None, None] + b[:, None] * (DEGREES - 70)
    losses = (np.logaddexp(0, z) - DAMAGE * z).sum(axis=2) + 0.5 * ((a / 10)[:, None] ** 2 + b**2)
    weights = np.exp(losses.min() - losses)
    return a, b, weights / weights.sum()


def risk(a: Any, b: Any, degrees: Any) -> Any:
    """Return the probability of damage."""
    return 1 / (1 + np.exp(-(a + b * (degrees - 70))))


def quantiles(a: Any, b: Any, weights: Any, degrees: Any, shares: Any) -> Any:
    """Return below which risk at these temperatures such shares of the probability lie."""
    found = []
    for t in degrees:
        risks = risk(a.ravel(), b.ravel(), t)
        order = np.argsort(risks)
        found.append(np.interp(shares, np.cumsum(weights.ravel()[order]), risks[order]))
    return np.array(found).T


def draw() -> Any:
    """Draw both answers, and what they say about the risk."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[1, 1.35])
    center, covariance = laplace()
    a, b, weights = grid(center, covariance)
    levels = [np.exp(-0.5 * r * r) for r in (3, 2, 1)]
    left.contourf(a, b, weights.T / weights.max(), [*levels, 1], colors=["#d4e6f1", "#8fbfdd", BLUE])
    turn = np.linspace(0, 2 * np.pi, 100)
    circle = np.linalg.cholesky(covariance) @ np.stack([np.cos(turn), np.sin(turn)])
    for r in (1, 2, 3):
        left.plot(
            *(center[:, None] + r * circle), color=ORANGE, lw=1.5, label="Laplace: 1σ, 2σ, 3σ" if r == 1 else None
        )
    left.plot(*center, "+", color="black", ms=9)
    left.fill_between([], [], [], color="#8fbfdd", label="exact, at the same densities")
    left.set(xlabel="a: log odds of damage at 70 °F", ylabel="b: log odds, per °F", title="what is known of (a, b)",
             xlim=(-4.2, 1.6), ylim=(-0.82, 0.32))  # fmt: skip
    left.legend(frameon=False, loc="upper right", fontsize=9)
    degrees = np.linspace(28, 84, 113)
    everywhere = np.broadcast_arrays(a[:, None], b)
    low, middle, high = quantiles(*everywhere, weights, degrees, [0.05, 0.5, 0.95])
    samples = np.random.default_rng(0).multivariate_normal(center, covariance, 4000).T
    bands = quantiles(*samples, np.full(4000, 1 / 4000), degrees, [0.05, 0.5, 0.95])
    right.fill_between(degrees, low, high, color=BLUE, alpha=0.25, lw=0, label="exact: median, 5 % to 95 %")
    right.plot(degrees, middle, color=BLUE, lw=2)
    for i, band in enumerate(bands):
        right.plot(degrees, band, color=ORANGE, lw=1.4, ls="--", label="Laplace: the same" if i == 0 else None)
    right.plot(DEGREES, DAMAGE, "o", color="black", alpha=0.5, ms=6, label="23 flights")
    right.axvline(MORNING, color=GREY, lw=1)
    right.text(MORNING + 0.6, 0.36, "28 January 1986,\n31 °F", color=GREY, fontsize=9)
    right.set(xlabel="temperature, °F", ylabel="probability of damage", title="what follows for the O-rings")
    right.legend(frameon=False, loc="lower left", bbox_to_anchor=(0.1, 0.04), fontsize=9)
    for ax in (left, right):
        ax.spines[["top", "right"]].set_visible(False)
    return figure


def main() -> Any:
    """Infer, say what is known, and draw it."""
    center, covariance = laplace()
    print(f"a = {center[0]:.3f} ± {covariance[0, 0] ** 0.5:.3f},  b = {center[1]:.3f} ± {covariance[1, 1] ** 0.5:.3f}")
    a, b, weights = grid(center, covariance)
    print(f"the risk at {MORNING:.0f} °F: {(weights * risk(a[:, None], b, MORNING)).sum():.3f}")
    return draw()


if __name__ == "__main__":
    from running import run

    run(main, "challenger.svg")
