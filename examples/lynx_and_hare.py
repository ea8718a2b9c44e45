"""Fit a differential equation to data through its solver: lynx and hare in Canada, 1900 to 1920.

    python examples/lynx_and_hare.py [picture.svg]

The pelts that the Hudson's Bay Company bought tell of the numbers of both animals (E. P. Odum, 1953). Lotka and
Volterra say

    u′ = (α - β v) u,    v′ = (δ u - γ) v,    u hares, v lynxes, in thousands of pelts

and the errors of the data are taken for log-normal. The six unknown numbers, four rates and the two populations at the
start, are a dataclass; the derivative goes through `solve_ivp` by the adjoint equation. Needs
``pip install "revdiff[examples]"``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

import revdiff as rd
from revdiff.optimize import minimize, ravel

YEARS = np.arange(1900.0, 1921.0)
HARES = np.array([30, 47.2, 70.2, 77.4, 36.3, 20.6, 18.1, 21.4, 22, 25.4, 27.1,
                  40.3, 57, 76.6, 52.3, 19.5, 11.2, 7.6, 14.6, 16.2, 24.7])  # fmt: skip
LYNXES = np.array([4, 6.1, 9.8, 35.2, 59.4, 41.7, 19, 13, 8.3, 9.1, 7.4,
                   8, 12.3, 19.5, 45.7, 51.1, 29.7, 15.8, 9.7, 10.1, 8.6])  # fmt: skip
BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#6b7280"


@dataclass(frozen=True)
class Ecology:
    """The logarithms of what must be positive: the rates, and the populations in 1900."""

    alpha: Any
    beta: Any
    gamma: Any
    delta: Any
    hares: Any
    lynxes: Any


START = Ecology(*np.log([0.5, 0.03, 0.8, 0.03, 30.0, 4.0]).tolist())


def populations(ecology: Ecology, years: Any, *, rtol: float = 1e-6) -> Any:
    """Return the hares and the lynxes of these years, as two rows."""
    from revdiff.scipy.integrate import solve_ivp

    alpha, beta, gamma, delta = (np.exp(x) for x in (ecology.alpha, ecology.beta, ecology.gamma, ecology.delta))

    def change(t: float, y: Any) -> Any:
        return np.stack([(alpha - beta * y[1]) * y[0], (delta * y[0] - gamma) * y[1]])

    start = np.exp(np.stack([ecology.hares, ecology.lynxes]))
    return solve_ivp(change, (years[0], years[-1]), start, t_eval=years, rtol=rtol, atol=1e-6).y


def residuals(ecology: Ecology, rtol: float = 1e-6) -> Any:
    """Return the errors of the logarithms of all numbers."""
    return np.log(populations(ecology, YEARS, rtol=rtol)) - np.log(np.stack([HARES, LYNXES]))


def fit(rtol: float = 1e-6) -> Ecology:
    """Return the most probable ecology. A gradient costs one solution backwards, however many numbers were measured."""
    return minimize(lambda ecology: (residuals(ecology, rtol) ** 2).sum(), START).x


def covariance(best: Ecology) -> Any:
    """Return how surely the six logarithms are known.    σ² (JᵀJ)⁻¹"""
    v, restore = ravel(best)
    jacobian = rd.jacobian(lambda v: residuals(restore(v)).ravel())(v)
    variance = (residuals(best) ** 2).sum() / (jacobian.shape[0] - jacobian.shape[1])
    return variance * np.linalg.inv(jacobian.T @ jacobian)


def draw(best: Ecology) -> Any:
    """Draw the data, the cycles that were fitted, and how surely they are known."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[1.7, 1])
    years = np.linspace(1900, 1920, 241)
    curves = populations(best, years)
    center, restore = ravel(best)
    random = np.random.default_rng(0)
    others = [
        populations(restore(v), years[::3], rtol=1e-4) for v in random.multivariate_normal(center, covariance(best), 20)
    ]
    for row, data, color, name in ((0, HARES, ORANGE, "hares"), (1, LYNXES, BLUE, "lynxes")):
        for other in others:
            left.plot(years[::3], other[row], color=color, lw=0.6, alpha=0.2)
        left.plot(years, curves[row], color=color, lw=2)
        left.plot(YEARS, data, "os"[row], color=color, mec="white", ms=6, label=name)
    left.set(xlabel="year", ylabel="pelts, in thousands", ylim=(0, 100), xticks=range(1900, 1921, 4),
             title="the fit, and 20 others that the data leave possible")  # fmt: skip
    left.legend(frameon=False, ncols=2, loc="upper right")
    right.plot(HARES, LYNXES, "o", color=GREY, ms=4, label="data")
    right.plot(*curves, color="black", lw=1.6, label="fit")
    right.plot(*curves[:, :1], "o", color="black", ms=6)
    right.annotate("1900", curves[:, 0], (6, -3), textcoords="offset points", va="top")
    right.set(xlabel="hares, in thousands", ylabel="lynxes, in thousands", title="one cycle takes ten years")
    right.legend(frameon=False)
    for ax in (left, right):
        ax.spines[["top", "right"]].set_visible(False)
    return figure


def main() -> Any:
    """Fit, say what was found, and draw it."""
    best = fit()
    center, deviations = ravel(best)[0], np.sqrt(np.diag(covariance(best)))
    for name, value, deviation in zip(vars(best), np.exp(center), deviations, strict=True):
        print(f"{name:7} {value:8.4f}  ± {100 * deviation:.0f} %")
    return draw(best)


if __name__ == "__main__":
    from running import run

    run(main, "lynx_and_hare.svg")
