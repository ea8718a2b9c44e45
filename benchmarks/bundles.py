"""Bundle adjustment: ADBench's 2×15 Jacobians, one of many small functions after the other, or all of them at once.

A camera has a rotation vector r, a centre c, a focal length f, a principal point u and a radial distortion k; the
error of a point X with the weight w, seen at the place p, is

    w · (f · d(R(r) (X - c)) + u - p),     d(x, y, z) = (1 + k₁ρ + k₂ρ²) (x, y)/z,     ρ = (x² + y²)/z².
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np

from benchmarks.comparison import Case, part
from benchmarks.libraries import Library
from benchmarks.oracle import along
from benchmarks.report import thousands
from benchmarks.timing import Options

Observation: TypeAlias = tuple[Any, ...]
"""The rotation, centre, focal length, principal point and distortion of a camera, a point and its weight: 15 numbers."""

SEEN = (0.25, -0.5)


def observations(count: int) -> list[Observation]:
    """Return random observations."""
    rng = np.random.default_rng(0)
    each = rng.normal(0.0, 0.1, (count, 15))
    each[:, [6, 13, 14]] += 1.0, 5.0, 1.0  # the focal length, the distance of the point, its weight
    return [tuple(x) for x in each.tolist()]


def error(m: Any) -> Callable[[Observation], tuple[Any, Any]]:
    """Return the error of an observation, of numbers or of arrays of them."""
    sin, cos, sqrt = m.sin, m.cos, m.sqrt

    def f(x: Observation) -> tuple[Any, Any]:
        r1, r2, r3, c1, c2, c3, focal, u1, u2, k1, k2, x1, x2, x3, weight = x
        x1, x2, x3 = x1 - c1, x2 - c2, x3 - c3
        theta = sqrt(r1 * r1 + r2 * r2 + r3 * r3)
        cosine, sine = cos(theta), sin(theta)
        w1, w2, w3 = r1 / theta, r2 / theta, r3 / theta
        dot = (w1 * x1 + w2 * x2 + w3 * x3) * (1.0 - cosine)
        y1 = x1 * cosine + (w2 * x3 - w3 * x2) * sine + w1 * dot
        y2 = x2 * cosine + (w3 * x1 - w1 * x3) * sine + w2 * dot
        y3 = x3 * cosine + (w1 * x2 - w2 * x1) * sine + w3 * dot
        y1, y2 = y1 / y3, y2 / y3
        rho = y1 * y1 + y2 * y2
        distortion = focal * (1.0 + k1 * rho + k2 * rho * rho)
        return weight * (y1 * distortion + u1 - SEEN[0]), weight * (y2 * distortion + u2 - SEEN[1])

    return f


def in_a_loop(count: int) -> Case:
    """Return the case of the Jacobians of single observations, in fifteen floats each."""
    points = observations(count)

    def task(library: Library) -> Callable[[], Any]:
        each = [library.jacobian(error(library.functions), x) for x in points]
        return lambda: [derived() for derived in each]

    def expected() -> Any:
        columns = [[along(error(np), x, tuple(v)) for v in np.eye(15)] for x in points]
        return np.swapaxes(columns, 1, 2)

    return Case(name=f"{thousands(count)} observations in a loop", task=task, expected=expected)


def at_once(count: int) -> Case:
    """Return the case of all Jacobians at once: observations do not depend on each other, so their errors are summed."""
    rows = tuple(np.array(observations(count)).T.copy())

    def summed(m: Any) -> Callable[[Observation], tuple[Any, Any]]:
        f = error(m)
        return lambda x: tuple(e.sum() for e in f(x))

    def expected() -> Any:
        columns = [along(error(np), rows, tuple(v)) for v in np.eye(15)]
        return np.swapaxes(columns, 0, 1)

    return Case(
        name=f"{thousands(count)} observations at once",
        task=lambda library: library.jacobian(summed(library.arrays), rows),
        expected=expected,
    )


def cases(options: Options) -> Iterator[Case]:
    """List the two ways."""
    yield in_a_loop(10 if options.quick else 100)
    yield at_once(1_000)
    yield at_once(100_000)


run = part("Bundle adjustment", "The 2×15 Jacobians of the errors of observations (ADBench).", cases)
