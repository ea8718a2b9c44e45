"""Draw what revdiff does: values flow forward, cotangents flow back, and nesting gives every order.

    python examples/way_back.py [picture.svg]

Needs ``pip install "revdiff[examples]"``. Every number and curve in the picture is computed here.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import revdiff as rd

FORWARD, BACK, INK = "#2b6cb0", "#c05621", "#2d3748"
ORDERS = ["#1a365d", "#2b6cb0", "#38a169", "#d69e2e"]


def wave(x: Any) -> Any:
    """Return a wave packet."""
    return rd.exp(-x * x / 2) * rd.sin(3 * x)


def cotangents(x: float) -> tuple[list[float], list[float]]:
    """Return the values x, x², sin x² and the cotangent that arrives at each of them from y = sin x²."""
    steps = [lambda x: x, lambda x: x * x, lambda x: rd.sin(x * x)]
    after = [lambda x: rd.sin(x * x), rd.sin, lambda y: y]
    values = [rd.call(step)(x) for step in steps]
    return values, [rd.simple_derivative(rest)(value) for rest, value in zip(after, values, strict=True)]


def draw_way_back(ax: Any, x: float) -> None:
    """Draw x → x² → sin x² with values on the way there and cotangents on the way back."""
    values, bars = cotangents(x)
    for i, (name, value, bar) in enumerate(zip(["x", "x²", "sin x²"], values, bars, strict=True)):
        ax.text(2 * i, 0, name, ha="center", va="center", fontsize=13, color=INK,
                bbox={"boxstyle": "round,pad=0.5", "facecolor": "white", "edgecolor": INK})  # fmt: skip
        ax.text(2 * i, 0.62, f"{value:.4f}", ha="center", color=FORWARD, fontsize=11)
        ax.text(2 * i, -0.76, f"{bar:.4f}", ha="center", color=BACK, fontsize=11)
    for i, (there, back) in enumerate([("square", "· 2x"), ("sin", "· cos x²")]):
        left, right = 2 * i + 0.36, 2 * i + (1.64, 1.42)[i]
        for start, end, y, color, text, lift in (
            (left, right, 0.14, FORWARD, there, 0.1), (right, left, -0.14, BACK, back, -0.3)
        ):  # fmt: skip
            ax.annotate("", (end, y), (start, y), arrowprops={"arrowstyle": "-|>", "color": color, "lw": 1.6})
            ax.text(2 * i + 0.98, y + lift, text, ha="center", color=color, fontsize=10)
    ax.text(-0.75, 0.62, "value", ha="right", color=FORWARD, fontsize=11)
    ax.text(-0.75, -0.76, "cotangent", ha="right", color=BACK, fontsize=11)
    ax.set(xlim=(-2.0, 5.0), ylim=(-1.5, 1.4), title="a value, and the way back from it")
    ax.axis("off")


def draw_orders(ax: Any) -> None:
    """Draw a wave packet and its first three derivatives."""
    xs = np.linspace(-3, 3, 400)
    for n, color in enumerate(ORDERS):
        ax.plot(xs, rd.nth_derivative(wave, n)(xs) / 3**n, color=color, lw=2.4 - 0.4 * n,
                label=["f", "f ′ / 3", "f ″ / 9", "f ‴ / 27"][n])  # fmt: skip
    ax.axhline(0, color=INK, lw=0.6)
    ax.set(title="nesting is the order", xlabel="x")
    ax.legend(frameon=False, ncols=2, loc="lower right", fontsize=9)
    ax.spines[["top", "right"]].set_visible(False)


def main() -> Any:
    """Draw both, side by side."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[1.15, 1])
    draw_way_back(left, 0.8)
    draw_orders(right)
    return figure


if __name__ == "__main__":
    from running import run

    run(main, "way_back.svg")
