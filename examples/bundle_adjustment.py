"""Bundle adjustment: where were the cameras, and what did they see? Least squares with a sparse Jacobian.

    python examples/bundle_adjustment.py [picture.svg]

A camera has 11 numbers (rotation, center, focal length, principal point, distortion), a point of the scene 3, and each
observation of a point by a camera a weight w, by which wrong matches are told from right ones. Minimized is

    Σ |w e|² + (1 - w²)²,    e the error of the observation in units of what is allowed

An observation depends on 15 of the thousands of unknowns. So its Jacobian is a block of 2×15, and the blocks of all
observations come from two backward passes: one for each coordinate in the picture. Needs
``pip install "revdiff[examples]"``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

import revdiff as rd
from revdiff.optimize import ravel

ALLOWED, NOISE = 3.0, 0.5  # pixels
BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#9ca3af"


@dataclass(frozen=True)
class Scene:
    cameras: np.ndarray  # (…, 11)
    points: np.ndarray  # (…, 3)
    weights: np.ndarray  # one for each observation


@dataclass(frozen=True)
class Observations:
    camera: np.ndarray  # which camera
    point: np.ndarray  # saw which point
    seen: np.ndarray  # at which place of its picture, in pixels


def turned(r: Any, x: Any) -> Any:
    """Return vectors after rotations about r by |r|: Rodrigues' formula."""
    angle = np.sqrt((r * r).sum(axis=1, keepdims=True))
    axis = r / angle
    along = (axis * x).sum(axis=1, keepdims=True) * axis
    return along + np.cos(angle) * (x - along) + np.sin(angle) * np.cross(axis, x)


def project(camera: Any, point: Any) -> Any:
    """Return where cameras see points, row by row."""
    x = turned(camera[:, :3], point - camera[:, 3:6])
    flat = x[:, :2] / x[:, 2:]
    square = (flat * flat).sum(axis=1, keepdims=True)
    distortion = 1 + camera[:, 9:10] * square + camera[:, 10:11] * square * square
    return camera[:, 6:7] * distortion * flat + camera[:, 7:9]


def error(camera: Any, point: Any, weight: Any, seen: Any) -> Any:
    """Return the weighted error of each observation."""
    return weight[:, None] * (project(camera, point) - seen) / ALLOWED


def residuals_and_jacobian(scene: Scene, data: Observations) -> tuple[Any, Any]:
    """Return all residuals, and their Jacobian as a sparse matrix: 2×15 blocks, and a diagonal for the weights."""
    from scipy import sparse

    rows = scene.cameras[data.camera], scene.points[data.point], scene.weights
    e, pullback = rd.vjp(lambda *rows: error(*rows, data.seen), *rows)
    n, cameras, points = len(e), scene.cameras.size, scene.points.size
    number = np.arange(n)
    unknowns = np.hstack([11 * data.camera[:, None] + np.arange(11), cameras + 3 * data.point[:, None] + np.arange(3),
                          (cameras + points + number)[:, None]])  # fmt: skip
    blocks = []
    for k in range(2):
        of_camera, of_point, of_weight = pullback(np.broadcast_to(np.eye(2)[k], e.shape))
        values = np.hstack([of_camera, of_point, of_weight[:, None]])
        places = np.repeat(number, 15), unknowns.ravel()
        blocks.append(sparse.csr_array((values.ravel(), places), shape=(n, cameras + points + n)))
    weights = sparse.csr_array((-2 * scene.weights, (number, unknowns[:, -1])), shape=blocks[0].shape)
    return np.concatenate([e[:, 0], e[:, 1], 1 - scene.weights**2]), sparse.vstack([*blocks, weights]).tocsr()


def adjust(scene: Scene, data: Observations, steps: int = 20) -> tuple[Scene, list[float]]:
    """Return the scene after so many steps of Levenberg and Marquardt, and the cost before each and at the end."""
    from scipy import sparse

    damping, (r, jacobian) = 1e-3, residuals_and_jacobian(scene, data)
    costs = [float(r @ r)]
    for _ in range(steps):
        unknowns, restore = ravel(scene)
        square = jacobian.T @ jacobian
        damped = square + damping * sparse.diags(square.diagonal() + 1e-9)
        tried = restore(unknowns - sparse.linalg.spsolve(damped.tocsc(), jacobian.T @ r))
        tried_r, tried_jacobian = residuals_and_jacobian(tried, data)
        if better := bool(tried_r @ tried_r < costs[-1]):
            scene, r, jacobian = tried, tried_r, tried_jacobian
        damping *= 0.3 if better else 5
        costs.append(float(r @ r))
    return scene, costs


def invent(cameras: int = 12, points: int = 240, wrong: float = 0.05, seed: int = 0) -> tuple[Any, ...]:
    """Return a scene, a poor guess at it, what was observed, and which observations are of the wrong point."""
    from scipy.spatial.transform import Rotation

    random = np.random.default_rng(seed)
    t, around = np.linspace(0, 6 * np.pi, points), 2 * np.pi * np.arange(cameras) / cameras + 0.2
    radius = 2 + 0.2 * np.cos(9 * t)
    helix = np.stack([np.cos(t) * radius, np.sin(t) * radius, t / 6 - np.pi / 2], axis=1)
    centers = np.stack([6 * np.cos(around), 6 * np.sin(around), np.sin(2 * around)], axis=1)
    ahead = -centers / np.linalg.norm(centers, axis=1, keepdims=True)
    right = np.cross(ahead, [0, 0, 1.0])
    right /= np.linalg.norm(right, axis=1, keepdims=True)
    turns = Rotation.from_matrix(np.stack([right, np.cross(ahead, right), ahead], axis=1))
    truth = np.hstack([turns.as_rotvec(), centers, np.tile([600.0, 0.0, 0.0, -0.05, 0.01], (cameras, 1))])
    camera, point = np.argwhere(random.random((cameras, points)) < 0.75).T
    is_wrong = random.random(camera.size) < wrong
    actually = np.where(is_wrong, random.integers(0, points, camera.size), point)
    seen = project(truth[camera], helix[actually]) + NOISE * random.normal(size=(camera.size, 2))
    spread = np.repeat([0.02, 0.1, 10.0, 2.0, 0.01], [3, 3, 1, 2, 2])
    guess = truth + spread * random.normal(size=truth.shape), helix + 0.2 * random.normal(size=helix.shape)
    start = Scene(*guess, np.ones(camera.size))
    return Scene(truth, helix, 1.0 - is_wrong), start, Observations(camera, point, seen), is_wrong


def aligned(points: Any, others: Any) -> Any:
    """Return points moved, turned and scaled to lie near others: no picture tells where, which way and how large."""
    a, b = points - points.mean(axis=0), others - others.mean(axis=0)
    u, stretch, v = np.linalg.svd(a.T @ b)
    return a @ u @ v * (stretch.sum() / (a * a).sum()) + others.mean(axis=0)


def draw(truth: Scene, guess: Scene, data: Observations, is_wrong: Any, best: Scene) -> Any:
    """Draw the scene from above, the Jacobian, and the weights."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 3.7), layout="constrained")
    left, middle, right = figure.subplots(1, 3)
    left.plot(*truth.points[:, :2].T, color="black", lw=0.8, label="truth", zorder=3)
    for scene, color, size, name in ((guess, ORANGE, 2.5, "first guess"), (best, BLUE, 2.5, "adjusted")):
        left.plot(*aligned(scene.points, truth.points)[:, :2].T, "o", color=color, ms=size, label=name)
    for center in truth.cameras[:, 3:5]:
        left.annotate("", 0.82 * center, center, arrowprops={"arrowstyle": "-|>", "color": GREY, "lw": 1.5})
    left.plot(*truth.cameras[:, 3:5].T, "s", color=GREY, ms=5, label="cameras")
    left.set(aspect="equal", xlabel="x, meters", ylabel="y, meters", title="the scene from above",
             xlim=(-7, 7), ylim=(-7, 10.5), xticks=[-5, 0, 5])  # fmt: skip
    left.legend(frameon=False, fontsize=9, loc="upper center", ncols=2)
    jacobian = residuals_and_jacobian(guess, data)[1]
    middle.spy(jacobian, markersize=0.25, color=BLUE, aspect="auto", rasterized=True)
    share = jacobian.nnz / np.prod(jacobian.shape)
    middle.set(xlabel="unknowns: cameras, points, weights", ylabel="residuals: x, y, weights",
               title=f"the Jacobian: {share:.1%} are not zero")  # fmt: skip
    middle.xaxis.set_ticks_position("bottom")
    weights, names = np.abs(best.weights), ["right matches", "wrong ones"]
    bins = np.linspace(0, 1.05, 43)
    right.hist([weights[~is_wrong], weights[is_wrong]], bins, stacked=True, color=[BLUE, ORANGE], label=names)
    right.set(yscale="log", xlabel="weight |w|", ylabel="observations", title="who is to be believed")
    right.legend(frameon=False, loc="upper center", fontsize=9)
    for ax in (left, right):
        ax.spines[["top", "right"]].set_visible(False)
    return figure


def main() -> Any:
    """Adjust, say how well it fits, and draw it."""
    truth, guess, data, is_wrong = invent()
    best, _ = adjust(guess, data)
    for name, scene in (("first guess", guess), ("adjusted", best)):
        away = aligned(scene.points, truth.points) - truth.points
        errors = project(scene.cameras[data.camera], scene.points[data.point]) - data.seen
        print(f"{name:12} points {np.sqrt((away**2).sum(axis=1).mean()):.4f} m off, "
              f"pictures {np.sqrt((errors[~is_wrong] ** 2).mean()):.2f} pixels")  # fmt: skip
    return draw(truth, guess, data, is_wrong, best)


if __name__ == "__main__":
    from running import run

    run(main, "bundle_adjustment.svg")
