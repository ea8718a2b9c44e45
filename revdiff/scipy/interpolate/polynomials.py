"""Polynomials through points, and sums of radial functions.

Imports rules of NumPy's functions. Newton's form of the polynomial, with divided differences, is smooth at the points as
well, where the barycentric form is 0/0.
"""

from __future__ import annotations

from itertools import combinations_with_replacement
from math import factorial
from typing import Any, final

import numpy as np
import scipy.interpolate

from revdiff.arrays.numpy_protocol import holds_revdiff
from revdiff.core.revdiff import primal, shape_of
from revdiff.rules.shape import gather
from revdiff.scipy._namesakes import refuse
from revdiff.scipy.interpolate.piecewise import in_place_of_axis, spread


@final
class _Polynomial:
    """The polynomial through the points (xi, yi), by its divided differences."""

    __slots__ = ("_differences", "_its", "axis", "xi", "yi")

    def __init__(self, scipy_class: Any, xi: Any, yi: Any, axis: int) -> None:
        xi, yi = gather(xi), gather(yi)
        self._its = scipy_class(np.asarray(primal(xi)), np.asarray(primal(yi)), axis)
        self.axis = axis % len(shape_of(yi))
        self.xi, self.yi = xi, np.moveaxis(yi, self.axis, 0)
        self._differences: list[Any] | None = None

    def __call__(self, x: Any) -> Any:
        """Return the values at x."""
        return self._its(x) if not holds_revdiff((x, self.xi, self.yi)) else self.derivatives(x, 1)[0]

    def derivative(self, x: Any, der: int = 1) -> Any:
        """Return the derivative of an order at x."""
        if not holds_revdiff((x, self.xi, self.yi)):
            return self._its.derivative(x, der)
        return self.derivatives(x, der + 1)[der]

    def derivatives(self, x: Any, der: Any = None) -> Any:
        """Return the value and the derivatives at x, ``der`` numbers, or all that are not 0."""
        if not holds_revdiff((x, self.xi, self.yi)):
            return self._its.derivatives(x, der)
        x, count = gather(x), shape_of(self.xi)[0] if der is None else int(der)
        axes = len(shape_of(self.yi)) - 1
        taylor: list[Any] = [0.0] * count
        for i, difference in reversed(list(enumerate(self._newton()))):
            step = spread(x - self.xi[i], axes)
            for m in range(count - 1, 0, -1):
                taylor[m] = taylor[m] * step + taylor[m - 1]
            taylor[0] = taylor[0] * step + difference
        results = [factorial(m) * t + 0 * taylor[0] for m, t in enumerate(taylor)]
        return np.stack([in_place_of_axis(y, self.axis, np.ndim(primal(x))) for y in results])

    def _newton(self) -> list[Any]:
        if self._differences is None:
            points = np.asarray(primal(self.xi))
            if len(np.unique(points)) < len(points):
                hint = "Write CubicHermiteSpline for slopes that are given."
                refuse("scipy.interpolate.KroghInterpolator with points that are repeated", hint)
            column, xi = self.yi, self.xi
            self._differences = [column[0]]
            for order in range(1, len(points)):
                width = np.reshape(xi[order:] - xi[:-order], (-1,) + (1,) * (len(shape_of(self.yi)) - 1))
                column = np.diff(column, axis=0) / width
                self._differences.append(column[0])
        return self._differences


def BarycentricInterpolator(xi: Any, yi: Any, axis: int = 0) -> Any:  # noqa: N802 (SciPy's name)
    """Return the polynomial through points.

    >>> from revdiff import grad
    >>> p = BarycentricInterpolator(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 4.0]))
    >>> grad(p)(3.0)
    6.0
    """
    return _Polynomial(scipy.interpolate.BarycentricInterpolator, xi, yi, axis)


def KroghInterpolator(xi: Any, yi: Any, axis: int = 0) -> Any:  # noqa: N802 (SciPy's name)
    """Return the polynomial through points, which must be distinct."""
    return _Polynomial(scipy.interpolate.KroghInterpolator, xi, yi, axis)


def barycentric_interpolate(xi: Any, yi: Any, x: Any, axis: int = 0, *, der: Any = 0) -> Any:
    """Return the values at x, or those of derivatives, of the polynomial through points."""
    return _values(BarycentricInterpolator(xi, yi, axis), x, der)


def krogh_interpolate(xi: Any, yi: Any, x: Any, der: Any = 0, axis: int = 0) -> Any:
    """Return the values at x, or those of derivatives, of the polynomial through points."""
    return _values(KroghInterpolator(xi, yi, axis), x, der)


def _values(p: Any, x: Any, der: Any) -> Any:
    if np.ndim(der) == 0:
        return p(x) if der == 0 else p.derivative(x, der)
    return p.derivatives(x, int(np.max(der)) + 1)[np.asarray(der)]


_LEAST_DEGREES = {"multiquadric": 0, "linear": 0, "thin_plate_spline": 1, "cubic": 1, "quintic": 2}
_KERNELS: dict[str, Any] = {
    "linear": lambda s: -np.sqrt(s),
    "thin_plate_spline": lambda s: s * np.log(s) / 2,
    "cubic": lambda s: s * np.sqrt(s),
    "quintic": lambda s: -s * s * np.sqrt(s),
    "multiquadric": lambda s: -np.sqrt(s + 1),
    "inverse_multiquadric": lambda s: 1 / np.sqrt(s + 1),
    "inverse_quadratic": lambda s: 1 / (s + 1),
    "gaussian": lambda s: np.exp(-s),
}
_SINGULAR = {"linear", "thin_plate_spline", "cubic", "quintic"}


@final
class RBFInterpolator:
    """A sum Σ aᵢ φ(|x - yᵢ| ε) and a polynomial, through the values d at the points y, or near them.

    It is the solution of linear equations, and has derivatives by the places, points, values, ``smoothing`` and ``epsilon``.
    At a point the distance has a corner; its derivative there is 0. ``neighbors=`` is a `MissingRuleError`.
    """

    __slots__ = ("_coefficients", "_epsilon", "_its", "_kernel", "_powers", "_scale", "_shift", "d", "y")

    def __init__(
        self, y: Any, d: Any, neighbors: Any = None, smoothing: Any = 0.0, kernel: str = "thin_plate_spline",
        epsilon: Any = None, degree: Any = None,
    ) -> None:  # fmt: skip
        y, d, smoothing = gather(y), gather(d), gather(smoothing)
        self._its = scipy.interpolate.RBFInterpolator(
            np.asarray(primal(y)), np.asarray(primal(d)), neighbors, primal(smoothing), kernel, primal(epsilon), degree
        )
        self.y, self.d, self._kernel = y, d, kernel
        self._epsilon = 1.0 if epsilon is None else epsilon
        n, dimensions = shape_of(y)
        least = _LEAST_DEGREES.get(kernel, -1)
        top = max(least, 0) if degree is None else int(degree)
        # A basis of the polynomials around the middle of the points: which one is taken makes no difference.
        plain = np.asarray(primal(y), float)
        low, high = plain.min(axis=0), plain.max(axis=0)
        self._shift, self._scale = (high + low) / 2, np.where(high == low, 1.0, (high - low) / 2)
        self._powers = [
            chosen for order in range(top + 1) for chosen in combinations_with_replacement(range(dimensions), order)
        ]
        self._coefficients: Any = None
        if holds_revdiff((y, d, smoothing, epsilon)):
            if neighbors is not None:
                refuse("scipy.interpolate.RBFInterpolator with neighbors=", "Without it, all points are used.")
            self._solve(smoothing, n)
        elif neighbors is not None:
            self._kernel = ""

    def _solve(self, smoothing: Any, n: int) -> None:
        terms = self._polynomials(self.y)
        kernels = self._kernels(self.y) + np.eye(n) * smoothing
        corner = np.zeros((len(self._powers), len(self._powers)))
        matrix = np.block([[kernels, terms], [np.transpose(terms), corner]]) if self._powers else kernels
        right = np.reshape(self.d, (n, -1))
        right = np.concatenate([right, np.zeros((len(self._powers), shape_of(right)[1]))], axis=0)
        self._coefficients = np.linalg.solve(matrix, right)

    def _kernels(self, x: Any) -> Any:
        squares = np.sum((x[:, None, :] - self.y[None, :, :]) ** 2, axis=-1) * self._epsilon**2
        if self._kernel not in _SINGULAR:
            return _KERNELS[self._kernel](squares)
        is_point = primal(squares) == 0
        return np.where(is_point, 0.0, _KERNELS[self._kernel](np.where(is_point, 1.0, squares)))

    def _polynomials(self, x: Any) -> Any:
        scaled = (x - self._shift) / self._scale
        terms = []
        for chosen in self._powers:
            term = np.ones(shape_of(x)[0])
            for i in chosen:
                term = term * scaled[:, i]
            terms.append(term)
        return np.stack(terms, axis=-1) if terms else np.zeros((shape_of(x)[0], 0))

    def __call__(self, x: Any) -> Any:
        """Return the values at the places in the rows of x."""
        if self._coefficients is None and not holds_revdiff(x):
            return self._its(x)
        if not self._kernel:
            refuse("scipy.interpolate.RBFInterpolator with neighbors=", "Without it, all points are used.")
        if self._coefficients is None:
            self._solve(self._its.smoothing, shape_of(self.y)[0])
        x = gather(x)
        terms = np.concatenate([self._kernels(x), self._polynomials(x)], axis=-1)
        return np.reshape(np.matmul(terms, self._coefficients), (shape_of(x)[0], *shape_of(self.d)[1:]))
