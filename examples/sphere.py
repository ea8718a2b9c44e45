"""Find the icosahedron by gradient descent on a sphere: twelve charges repel each other until they are at rest.

    python examples/sphere.py [picture.svg]

This is Thomson's problem. The argument of the energy is a list of unit vectors; its gradient is a list of tangent
vectors, and `UnitVector.moved` follows one along a great circle, so no charge ever leaves the sphere. Nothing was
told about the icosahedron. Needs ``pip install "revdiff[examples]"``.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

import revdiff as rd
from revdiff import UnitVector

CHARGES, STEPS, RATE = 12, 1000, 0.015
GOLDEN = (1 + np.sqrt(5)) / 2
ICOSAHEDRON = 3 + 30 * GOLDEN * np.sin(np.radians(72))
"""The least energy of twelve charges, 49.165253058: 30 pairs an edge apart, 30 a diagonal, 6 opposite each other."""

START, END, INK, PAPER = "#c05621", "#2b6cb0", "#2d3748", "#ffffff"
TURN, TILT = np.radians(17), np.radians(38)
RIGHT = np.array([np.cos(TURN), np.sin(TURN), 0.0])
UP = np.array([-np.sin(TURN) * np.sin(TILT), np.cos(TURN) * np.sin(TILT), np.cos(TILT)])
EYE = np.cross(RIGHT, UP)
LIGHT = (2 * EYE + 2 * UP - RIGHT) / 3


def energy(charges: list[Any]) -> Any:
    """Return Σ 1/|uᵢ - uⱼ| over all pairs."""
    u = np.stack(charges)
    i, j = np.triu_indices(len(charges), 1)
    apart = u[i] - u[j]
    return (1 / np.sqrt((apart * apart).sum(axis=1))).sum()


def crowd(n: int) -> list[UnitVector]:
    """Return n charges around the north pole, on a spiral."""
    around = 2 * np.pi * np.arange(n) / GOLDEN
    away = 0.75 * np.sqrt((np.arange(n) + 0.5) / n)
    return [UnitVector([r * np.cos(a), r * np.sin(a), 1.0]) for r, a in zip(away, around, strict=True)]


def descend(charges: list[UnitVector], steps: int, rate: float) -> tuple[list[list[UnitVector]], list[float]]:
    """Return the charges after each step against the gradient, and their energies."""
    energies, path = [], []
    for _ in range(steps + 1):
        value, gradient = rd.value_and_grad(energy)(charges)
        path.append(charges)
        energies.append(float(value))
        charges = [u.moved(-rate * slope) for u, slope in zip(charges, gradient, strict=True)]
    return path, energies


def seen(points: Any) -> tuple[Any, Any]:
    """Return where points appear in the picture, seen from far away, and how far in front they are."""
    points = np.asarray(points)
    return points @ np.stack([RIGHT, UP]).T, points @ EYE


def mixed(color: Any, share: float, other: Any = PAPER) -> Any:
    """Return a share of one color and the rest of another. They are written as #rrggbb, or mixed themselves."""
    first, second = (np.array([*bytes.fromhex(c[1:])]) / 255 if isinstance(c, str) else c for c in (color, other))
    return share * first + (1 - share) * second


def draw_ball(ax: Any) -> None:
    """Draw a sphere of glass, lit from the upper left, with its parallels and meridians."""
    from matplotlib.patches import Circle

    for t in np.linspace(0, 1, 24):
        ax.add_patch(Circle((-0.3 * t, 0.3 * t), 1 - 0.95 * t, color=mixed("#a3bfdc", 0.75 * (1 - t) ** 1.2), lw=0))
    turn = np.linspace(0, 2 * np.pi, 73)
    circle = np.stack([np.cos(turn), np.sin(turn), 0 * turn], axis=1)
    parallels = [circle * np.cos(a) + [0, 0, np.sin(a)] for a in np.radians([-60, -30, 0, 30, 60])]
    meridians = [circle @ [[0, 0, 1], [np.cos(a), np.sin(a), 0], [0, 0, 0]] for a in np.radians(range(0, 180, 30))]
    for line in parallels + meridians:
        draw_line(ax, line, INK, 0.5, 0.45, 0.2)
    ax.add_patch(Circle((0, 0), 1, fill=False, edgecolor=mixed(INK, 0.6), lw=0.9))
    ax.set(xlim=(-1.06, 1.06), ylim=(-1.06, 1.06), aspect="equal")
    ax.axis("off")


def draw_line(ax: Any, line: Any, color: Any, width: float, front: float, back: float) -> None:
    """Draw a line on the sphere, fainter where it is behind."""
    flat, depth = seen(line)
    for piece in np.split(np.arange(len(flat)), np.flatnonzero(np.diff(depth > 0)) + 1):
        near = depth[piece[0]] > 0
        ax.plot(*flat[piece[0] : piece[-1] + 2].T, color=mixed(color, front if near else back), lw=width,
                solid_capstyle="round", zorder=2.2 if near else 2.1)  # fmt: skip


def draw_charges(ax: Any, charges: list[UnitVector], color: str) -> None:
    """Draw charges, those behind the sphere pale and small."""
    for place, z in zip(*seen(charges), strict=True):
        ax.plot(*place, "o", ms=6.6 + z,
                color=mixed(color, 1.0 if z > -0.3 else 0.5), mec=PAPER, mew=0.8, zorder=5 + z)  # fmt: skip


def draw_ways(ax: Any, path: list[list[UnitVector]]) -> None:
    """Draw the way of each charge, from red to blue."""
    draw_ball(ax)
    for way in zip(*path, strict=True):
        places = np.array(way)
        gone = np.append(0.0, np.cumsum(np.linalg.norm(np.diff(places, axis=0), axis=1)))
        even = np.stack([np.interp(np.linspace(0, gone[-1], 61), gone, x) for x in places.T], axis=1)
        arc = np.array([UnitVector(place) for place in even])
        for start in range(0, 60, 3):
            draw_line(ax, arc[start : start + 4], mixed(END, start / 60, START), 2.0, 1.0, 0.4)
    draw_charges(ax, path[0], START)
    draw_charges(ax, path[-1], END)
    ax.set_title("a crowd of charges flees")


def draw_solid(ax: Any, charges: list[UnitVector]) -> None:
    """Draw the triangles between charges that are neighbours."""
    draw_ball(ax)
    u = np.array(charges)
    flat, _ = seen(u)
    near = np.linalg.norm(u[:, None] - u, axis=-1) < 1.2
    faces = [list(f) for f in combinations(range(len(u)), 3) if all(near[pair] for pair in combinations(f, 2))]
    for face in sorted(faces, key=lambda face: u[face].sum(axis=0) @ EYE):
        normal = UnitVector(u[face].sum(axis=0))
        front = normal @ EYE > 0
        ax.fill(*flat[face].T, facecolor=mixed(END, 0.55 - 0.45 * (normal @ LIGHT)), alpha=0.85 if front else 0.25,
                edgecolor=END, lw=1.3 if front else 0.6, joinstyle="round", zorder=3)  # fmt: skip
    draw_charges(ax, charges, END)
    ax.set_title("and comes to rest: an icosahedron")


def draw_energy(ax: Any, energies: list[float]) -> None:
    """Draw how the energy falls to that of the icosahedron."""
    excess = np.maximum(np.array(energies) - ICOSAHEDRON, 1e-12)
    ax.semilogy(excess, color=END, lw=2.4)
    ax.plot(0, excess[0], "o", color=START, ms=6)
    ax.plot(len(excess) - 1, excess[-1], "o", color=END, ms=6)
    ax.annotate(f"{energies[0]:.3f}", (0, excess[0]), (8, -2), textcoords="offset points", color=START, va="center")
    ax.annotate(f"{energies[-1]:.9f}", (len(excess) - 1, excess[-1]), (-8, -2), textcoords="offset points",
                color=END, ha="right", va="center")  # fmt: skip
    ax.set(title="energy above that of the icosahedron", xlabel="steps of gradient descent")
    ax.spines[["top", "right"]].set_visible(False)


def drawn(path: list[list[UnitVector]], energies: list[float]) -> Any:
    """Draw where the charges were, where they are, and their energy."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 3.8), layout="constrained")
    left, middle, right = figure.subplots(1, 3)
    draw_ways(left, path)
    draw_solid(middle, path[-1])
    draw_energy(right, energies)
    return figure


def main() -> Any:
    """Let the charges come to rest, and draw it."""
    path, energies = descend(crowd(CHARGES), STEPS, RATE)
    print(f"the energy fell from {energies[0]:.3f} to {energies[-1]:.9f}")
    return drawn(path, energies)


if __name__ == "__main__":
    from running import run

    run(main, "sphere.svg")
