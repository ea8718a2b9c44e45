"""Learn the hyperparameters of a Gaussian process from the marginal likelihood of the data.

    python examples/gaussian_process.py [picture.svg]

The data are noisy values of a function at a few places. How smooth it is, how large, and how noisy the values are is
learned from them: with K the covariance matrix of the data,

    log p(y) = -½ yᵀ K⁻¹ y - ½ log det K - ½ n log 2π,    K = L Lᵀ,    log det K = 2 Σ log Lᵢᵢ

is maximized by its gradient, which goes through Cholesky's factorization. Needs ``pip install "revdiff[examples]"``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

import revdiff as rd
from revdiff.optimize import minimize

BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#6b7280"


@dataclass(frozen=True)
class Kernel:
    """Logarithms of the length over which the function varies, of its standard deviation, and of that of the noise."""

    length: Any
    height: Any
    noise: Any


TRUTH, START = Kernel(*np.log([1.0, 1.5, 0.3]).tolist()), Kernel(*np.log([0.3, 1.0, 1.0]).tolist())


def covariance(kernel: Kernel, x: Any, y: Any) -> Any:
    """Return the covariances between the function at x and at y.    h² exp(-(x - y)²/2ℓ²)"""
    apart = (x[:, None] - y) / np.exp(kernel.length)
    return np.exp(2 * kernel.height) * np.exp(-0.5 * apart * apart)


def of_data(kernel: Kernel, x: Any) -> Any:
    """Return the covariances of noisy values at x."""
    return covariance(kernel, x, x) + np.exp(2 * kernel.noise) * np.eye(len(x))


def loss(kernel: Kernel, x: Any, y: Any) -> Any:
    """Return the negative logarithm of the marginal likelihood of y."""
    factor = np.linalg.cholesky(of_data(kernel, x))
    white = np.linalg.solve(factor, y)
    return 0.5 * (white @ white) + np.log(np.diagonal(factor)).sum() + 0.5 * len(x) * np.log(2 * np.pi)


def sample(n: int, seed: int = 4) -> tuple[Any, Any]:
    """Return places between 0 and 10, and noisy values of a function drawn at random."""
    random = np.random.default_rng(seed)
    x = np.sort(random.uniform(0, 10, n))
    return x, np.linalg.cholesky(of_data(TRUTH, x)) @ random.normal(size=n)


def learn(x: Any, y: Any) -> tuple[Kernel, list[Kernel]]:
    """Return the kernel under which the data are most likely, and the way there."""
    way = [START]
    best = minimize(lambda kernel: loss(kernel, x, y), START, method="BFGS", tol=1e-6, callback=way.append)
    return best.x, way


def predict(kernel: Kernel, x: Any, y: Any, at: Any) -> tuple[Any, Any]:
    """Return the mean and the standard deviation of the function at other places, given the data."""
    across = covariance(kernel, at, x)
    gain = np.linalg.solve(of_data(kernel, x), across.T).T
    return gain @ y, np.sqrt(np.exp(2 * kernel.height) - (gain * across).sum(axis=1))


def draw(x: Any, y: Any) -> Any:
    """Draw what was learned of the function, and the way over the likelihood."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[1.5, 1])
    best, way = learn(x, y)
    at = np.linspace(-1, 11, 241)
    for kernel, color, name in ((START, GREY, "at the start"), (best, BLUE, "learned")):
        mean, deviation = predict(kernel, x, y, at)
        left.fill_between(at, mean - 2 * deviation, mean + 2 * deviation, color=color, alpha=0.2, lw=0)
        left.plot(at, mean, color=color, lw=1.8, label=f"{name}: mean ± 2σ")
    left.plot(x, y, "o", color=ORANGE, mec="white", ms=6, label="data")
    left.set(xlabel="x", ylabel="f(x)", xlim=(-1, 11), ylim=(-2.8, 3.4), title="the function, given the data")
    left.legend(frameon=False, ncols=3, loc="upper center", fontsize=9, columnspacing=1, handlelength=1.5)
    lengths, noises = np.geomspace(0.15, 4, 60), np.geomspace(0.08, 2, 60)
    losses = [[loss(Kernel(np.log(a), best.height, np.log(b)), x, y) for a in lengths] for b in noises]
    excess = np.array(losses) - loss(best, x, y)
    levels = [0.5, 1, 2, 4, 8, 16, 32]
    drawn = right.contourf(lengths, noises, excess, [0, *levels], cmap="Blues_r", extend="max")
    figure.colorbar(drawn, ax=right, label="below the maximum", ticks=levels)
    right.plot(*np.exp([[k.length, k.noise] for k in way]).T, ".-", color=ORANGE, lw=1.5, ms=6, label="steps of BFGS")
    right.plot(*np.exp([TRUTH.length, TRUTH.noise]), "*", color="black", ms=11, label="truth", ls="none")
    right.set(xscale="log", yscale="log", xlabel="length ℓ", ylabel="noise σ", title="log-likelihood, and the way up")
    for axis, ticks in ((right.xaxis, [0.2, 0.5, 1, 2]), (right.yaxis, [0.1, 0.2, 0.5, 1])):
        axis.set_ticks(ticks, labels=map(str, ticks))
        axis.set_ticks([], minor=True)
    right.legend(frameon=True, loc="lower right", fontsize=9)
    left.spines[["top", "right"]].set_visible(False)
    return figure


def main() -> Any:
    """Learn, say what was found and how surely, and draw it."""
    x, y = sample(40)
    best, _ = learn(x, y)
    curvature = rd.hessian(lambda v: loss(Kernel(v[0], v[1], v[2]), x, y))(np.array(list(vars(best).values())))
    deviations = np.sqrt(np.diag(np.linalg.inv(curvature)))
    for name, deviation in zip(vars(best), deviations, strict=True):
        truth, found = np.exp(getattr(TRUTH, name)), np.exp(getattr(best, name))
        print(f"{name:7} {found:.3f}  ± {100 * deviation:.0f} %   (truth: {truth})")
    return draw(x, y)


if __name__ == "__main__":
    from running import run

    run(main, "gaussian_process.svg")
