"""Optimal control through a loop: swing a pendulum up with a motor that is too weak to lift it.

    python examples/pendulum.py [picture.svg]

The motor holds a quarter of the weight. So the pendulum has to swing to and fro, and nobody says when. The torque is
given at 31 times and linear in between, and the motion is a plain loop,

    ω ← ω + h (uᵢ - sin θ),    θ ← θ + h ω,    in units of the weight and of the time √(l/g)

Of all torques that end upright and at rest, those with the least effort ½ Σ uᵢ² are wanted. The derivatives of the
end go back through all 200 steps. Needs ``pip install "revdiff[examples]"``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.optimize import minimize

H, STRONGEST = 0.1, 0.25
MOMENTS, KNOTS = H * np.arange(200), np.linspace(0, 20, 31)
BLUE, ORANGE, GREEN, GREY = "#0072b2", "#d55e00", "#009e73", "#6b7280"


def between(knots: Any) -> Any:
    """Return the torques at all moments."""
    return np.interp(MOMENTS, KNOTS, knots)


def motion(torques: Any) -> tuple[list[Any], list[Any]]:
    """Return the angles, 0 hanging and π upright, and the angular velocities after each step."""
    angle, velocity = 0.0, 0.0
    angles, velocities = [angle], [velocity]
    for torque in torques:
        velocity = velocity + H * (torque - np.sin(angle))
        angle = angle + H * velocity
        angles.append(angle)
        velocities.append(velocity)
    return angles, velocities


def effort(torques: Any) -> Any:
    """Return ½ Σ u²."""
    return 0.5 * (torques * torques).sum()


def miss(torques: Any) -> Any:
    """Return how far from upright, and how fast, it ends."""
    angles, velocities = motion(torques)
    return np.stack([angles[-1] - np.pi, velocities[-1]])


def swing_up() -> tuple[Any, list[Any]]:
    """Return the best torques, and those after each step of the search, which begins at full strength."""
    start = STRONGEST * np.cos(KNOTS)
    search = [start]
    best = minimize(
        lambda knots: effort(between(knots)),
        start,
        bounds=(-STRONGEST, STRONGEST),
        constraints={"type": "eq", "fun": lambda knots: miss(between(knots))},
        options={"maxiter": 200},
        callback=search.append,
    )
    return between(best.x), [between(knots) for knots in search]


def energy(angle: Any, velocity: Any) -> Any:
    """Return the energy, -1 at rest and 1 upright."""
    return 0.5 * velocity * velocity - np.cos(angle)


def draw(torques: Any, search: list[Any]) -> Any:
    """Draw the motion, the torques, and the way through the plane of angles and velocities."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 3.7), layout="constrained")
    axes = figure.subplot_mosaic(
        [["angle", "plane", "miss"], ["torque", "plane", "effort"]], width_ratios=[1.35, 1.2, 0.9]
    )
    angles, velocities = (np.array(x) for x in motion(torques))
    time = H * np.arange(len(angles))
    axes["angle"].plot(time, np.degrees(angles), color=BLUE, lw=1.8)
    for upright in (-180, 180):
        axes["angle"].axhline(upright, color=GREY, lw=0.8, ls=":")
    axes["angle"].set(ylabel="angle, degrees", yticks=[-180, -90, 0, 90, 180], title="it swings up", xticklabels=[])
    axes["torque"].plot(time[:-1], torques, color=ORANGE, lw=1.8)
    for limit in (-STRONGEST, STRONGEST):
        axes["torque"].axhline(limit, color=GREY, lw=0.8, ls=":")
    axes["torque"].set(xlabel="time, √(l/g)", ylabel="torque, mgl", ylim=(-0.42, 0.42))
    grid = np.meshgrid(np.linspace(-200, 200, 101), np.linspace(-2.6, 2.6, 81))
    levels = axes["plane"].contour(grid[0], grid[1], energy(np.radians(grid[0]), grid[1]), [-0.8, -0.4, 0, 0.5, 1],
                                   colors=GREY, linewidths=[0.5, 0.5, 0.5, 0.5, 1.2], linestyles="solid")  # fmt: skip
    axes["plane"].clabel(levels, [1], fmt="energy of upright", fontsize=8)
    axes["plane"].plot(np.degrees(angles), velocities, color=BLUE, lw=1.8)
    axes["plane"].plot(0, 0, "o", color=BLUE, ms=6)
    axes["plane"].plot(np.degrees(angles[-1]), velocities[-1], "*", color=GREEN, ms=13)
    axes["plane"].set(xlabel="angle, degrees", ylabel="angular velocity, √(g/l)", xticks=[-180, -90, 0, 90, 180],
                      title="it gains energy on the way")  # fmt: skip
    axes["miss"].semilogy([np.linalg.norm(miss(u)) for u in search], color=BLUE, lw=1.8)
    axes["miss"].set(ylabel="miss", title="the search", xticklabels=[])
    axes["effort"].plot([effort(u) for u in search], color=ORANGE, lw=1.8)
    axes["effort"].set(xlabel="iteration of SLSQP", ylabel="effort ½ Σ u²")
    for ax in axes.values():
        ax.spines[["top", "right"]].set_visible(False)
    return figure


def main() -> Any:
    """Search, say where it ends, and draw it."""
    torques, search = swing_up()
    angles, velocities = motion(torques)
    print(f"after {len(search) - 1} iterations: effort {effort(torques):.4f}, "
          f"it ends at {np.degrees(angles[-1]):.6f}°, with the velocity {velocities[-1]:.1e}")  # fmt: skip
    return draw(torques, search)


if __name__ == "__main__":
    from running import run

    run(main, "pendulum.svg")
