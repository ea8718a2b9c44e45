"""Draw the pictures of the gallery: graphs of expressions and computations, and figures of derivatives.

    python examples/gallery.py [directory]

Needs ``pip install "revdiff[examples]"``. No window is opened.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import sympy

import revdiff as rd

INK, MUTED = "#2d3748", "#a0aec0"
BLUE, ORANGE = "#2b6cb0", "#c05621"
ORDERS = ["#1a365d", "#2b6cb0", "#38a169", "#d69e2e", "#c05621"]
PRIMES = ["", "′", "″", "‴", "⁗"]

x = sympy.Symbol("x")
f, g, h = (rd.symbolic_func(name) for name in "fgh")


def composition(x: Any) -> Any:
    """Return g(f(x))."""
    return g(f(x))


def chain(x: Any) -> Any:
    """Return g(f(h(x)))."""
    return g(f(h(x)))


def bell(x: Any) -> Any:
    """Return exp(-x²/2)."""
    return rd.exp(-x * x / 2)


def orders() -> Any:
    """Draw a bell curve and its derivatives, each above its own axis."""
    from matplotlib.figure import Figure

    xs = np.linspace(-5, 5, 501)
    figure = Figure(figsize=(7, 4.6), layout="constrained")
    axes = figure.subplots(5, 1, sharex=True)
    for n, ax in enumerate(axes):
        ys = rd.nth_derivative(bell, n)(xs)
        ax.axhline(0, color=MUTED, lw=0.8)
        ax.plot(xs, ys, color=ORDERS[n], lw=2)
        ax.fill_between(xs, ys, color=ORDERS[n], alpha=0.15)
        ax.set_ylabel(f"f{PRIMES[n]}", rotation=0, labelpad=14, color=ORDERS[n], fontsize=13)
        ax.set_yticks([])
        ax.spines[["top", "right", "left", "bottom"]].set_visible(False)
        ax.tick_params(length=0)
    axes[0].set_title("exp(−x²/2) and its derivatives")
    axes[-1].set_xlabel("x")
    return figure


def valley(x: Any) -> Any:
    """Return Rosenbrock's function, whose level sets are bent valleys."""
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def hessian_map(n: int = 8) -> Any:
    """Draw the Hessian of Rosenbrock's function in n variables: only neighbours have to do with each other."""
    from matplotlib.figure import Figure

    matrix = rd.hessian(valley)(np.linspace(-1.2, 1.2, n))
    most = np.abs(matrix).max()
    figure = Figure(figsize=(5.2, 4.4), layout="constrained")
    ax = figure.subplots()
    image = ax.imshow(matrix, cmap="RdBu_r", vmin=-most, vmax=most)
    for (i, j), entry in np.ndenumerate(matrix):
        if entry:
            color = "white" if abs(entry) > 0.6 * most else INK
            ax.text(j, i, f"{entry:.0f}".replace("-", "−"), ha="center", va="center", fontsize=8, color=color)
    names = [f"x{i}".translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")) for i in range(n)]
    ax.set_xticks(range(n), names)
    ax.set_yticks(range(n), names)
    ax.tick_params(length=0)
    ax.set_title("the Hessian of Rosenbrock's function")
    figure.colorbar(image, ax=ax, shrink=0.85)
    return figure


def neighbours(s: Any) -> Any:
    """Return s₀ s₁ + s₁ s₂ + … + s₁₁ s₁₂, of a stream without end."""
    return sum(s[n] * s[n + 1] for n in range(12))


def stream_stems(shown: int = 18) -> Any:
    """Draw a stream, and the gradient by all of its terms: from the fourteenth on it is zero."""
    from matplotlib.figure import Figure

    stream = rd.Stream.tabulate(lambda n: float(np.sin(0.6 * n)))
    gradient = rd.grad(neighbours)(stream)
    figure = Figure(figsize=(7, 3.6), layout="constrained")
    for ax, items, color, title in zip(
        figure.subplots(2, 1, sharex=True),
        (stream.take(shown), gradient.take(shown)),
        (BLUE, ORANGE),
        ("a stream s", "the gradient of s₀s₁ + s₁s₂ + … + s₁₁s₁₂"),
        strict=True,
    ):
        stems = ax.stem(range(shown), items, basefmt=" ")
        stems.markerline.set(color=color, markersize=6)
        stems.stemlines.set(color=color, linewidth=1.6)
        ax.axhline(0, color=MUTED, lw=0.8)
        ax.set_title(title, color=color, loc="left")
        ax.spines[["top", "right", "bottom"]].set_visible(False)
        ax.set_xticks(range(0, shown, 2))
    return figure


PICTURES: dict[str, Callable[[], Any]] = {
    "composition": lambda: rd.expression_graph(composition(x)),
    "first-derivative": lambda: rd.expression_graph(rd.nth_derivative(composition, 1)(x)),
    "second-derivative": lambda: rd.expression_graph(rd.nth_derivative(composition, 2)(x)),
    "way-back": lambda: rd.computation_graph(chain, x),
    "way-back-in-numbers": lambda: rd.computation_graph(lambda x, y: rd.sin(x * y) + x**2, 1.0, 2.0),
    "two-ways-back": lambda: rd.computation_graph(composition, x, order=2),
    "orders": orders,
    "hessian": hessian_map,
    "stream": stream_stems,
}


def main(directory: str = "gallery") -> None:
    """Write every picture to a directory, as SVG."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    place = Path(directory)
    place.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context({"svg.hashsalt": "revdiff"}):
        for name, draw in PICTURES.items():
            picture = draw()
            if isinstance(picture, Figure):
                picture.savefig(place / f"{name}.svg", metadata={"Date": None})
            else:
                picture.save(place / f"{name}.svg")
    print(f"wrote {len(PICTURES)} pictures to {place}")


if __name__ == "__main__":
    from running import run

    run(lambda: main(*sys.argv[1:2]))
