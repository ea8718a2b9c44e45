"""B-splines: values, derivatives, integrals, and the splines that interpolate.

Imports rules of NumPy's functions and the banded equations. Between which knots a place lies is constant. Values are
computed by de Boor's recurrence, d ← (1 - α) dⱼ₋₁ + α dⱼ with α = (x - tⱼ)/(tⱼ₊ₘ - tⱼ): they have derivatives by places,
coefficients and knots.
"""

from __future__ import annotations

from functools import partial
from operator import index
from typing import Any, final

import numpy as np
import scipy.interpolate

from revdiff.arrays.numpy_protocol import holds_revdiff, plain
from revdiff.core.revdiff import primal, shape_of
from revdiff.rules.indexing import add_at
from revdiff.rules.shape import gather
from revdiff.scipy._namesakes import called_as, refuse
from revdiff.scipy.interpolate.piecewise import in_place_of_axis, over_periods, spread
from revdiff.scipy.linalg.banded import solve_banded


@final
class BSpline:
    """The spline Σ cⱼ Bⱼ of degree k, with knots t and coefficients c.

    >>> from revdiff import grad
    >>> t = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0])
    >>> grad(lambda c: BSpline(t, c, 2)(0.5))(np.zeros(3))       # Bernstein's polynomials
    array([0.25, 0.5 , 0.25])
    """

    __slots__ = ("axis", "c", "extrapolate", "k", "t")

    def __init__(self, t: Any, c: Any, k: int, extrapolate: Any = True, axis: int = 0) -> None:
        its = scipy.interpolate.BSpline(primal(gather(t)), primal(gather(c)), k, extrapolate, axis)  # for its errors
        self.t, self.c = gather(t), np.moveaxis(gather(c), axis, 0)
        self.k, self.extrapolate, self.axis = its.k, its.extrapolate, its.axis

    @classmethod
    def construct_fast(cls, t: Any, c: Any, k: int, extrapolate: Any = True, axis: int = 0) -> BSpline:
        """Return the spline of coefficients that are in order, without looking at them."""
        self = object.__new__(cls)
        self.t, self.c, self.k, self.extrapolate, self.axis = t, c, k, extrapolate, axis
        return self

    @property
    def tck(self) -> tuple[Any, Any, int]:
        """The knots, the coefficients and the degree."""
        return self.t, self.c, self.k

    def _count(self) -> int:
        return int(shape_of(self.t)[0] - self.k - 1)

    def __call__(self, x: Any, nu: int = 0, extrapolate: Any = None) -> Any:
        """Return the values, or those of the derivative of order nu, at x."""
        extrapolate = self.extrapolate if extrapolate is None else extrapolate
        if not holds_revdiff((x, self.t, self.c)):
            nu = min(nu, self.k + 1)  # beyond that, SciPy 1.11 reads what is not its own
            return self._scipys()(x, nu, extrapolate)
        if nu:
            return self.derivative(nu)(x, extrapolate=extrapolate)
        x, (first, last) = gather(x), self._ends()
        if extrapolate == "periodic":
            x = first + np.mod(x - first, last - first)
        places, axes = np.asarray(primal(x)), len(shape_of(self.c)) - 1
        y = self._recurrence(x, axes)
        if not extrapolate:
            y = np.where(spread((places < primal(first)) | (places > primal(last)), axes), np.nan, y)
        return in_place_of_axis(y, self.axis, places.ndim)

    def _scipys(self) -> Any:
        return scipy.interpolate.BSpline.construct_fast(self.t, self.c, self.k, self.extrapolate, self.axis)

    def _ends(self) -> tuple[Any, Any]:
        return self.t[self.k], self.t[self._count()]

    def _recurrence(self, x: Any, axes: int) -> Any:
        """Return the values at x by de Boor's recurrence."""
        t, k, i = self.t, self.k, _interval(x, self.t, self.k, self._count())
        d = [self.c[i - k + j] for j in range(k + 1)]
        for r in range(1, k + 1):
            for j in range(k, r - 1, -1):
                low, high = t[i - k + j], t[i + 1 + j - r]
                share = spread((x - low) / (high - low), axes)
                d[j] = (1 - share) * d[j - 1] + share * d[j]
        return d[k] + 0.0 * spread(x, axes)

    def derivative(self, nu: int = 1) -> BSpline:
        """Return the derivative of order nu, of degree k - nu: k (cⱼ₊₁ - cⱼ)/(tⱼ₊ₖ₊₁ - tⱼ₊₁)."""
        t, c, k = self.t, self.c[: self._count()], self.k
        for _ in range(nu):
            if not k:
                return BSpline.construct_fast(t, 0.0 * c, 0, self.extrapolate, self.axis)
            width = t[k + 1 : -1] - t[1 : -k - 1]
            is_empty = primal(width) == 0
            slope = np.where(is_empty, 0.0, k / np.where(is_empty, 1.0, width))
            c = np.diff(c, axis=0) * np.reshape(slope, (-1,) + (1,) * (len(shape_of(c)) - 1))
            t, k = t[1:-1], k - 1
        return BSpline.construct_fast(t, c, k, self.extrapolate, self.axis)

    def antiderivative(self, nu: int = 1) -> BSpline:
        """Return the integral of order nu, of degree k + nu: the running sums of cⱼ (tⱼ₊ₖ₊₁ - tⱼ)/(k + 1)."""
        t, c, k = self.t, self.c[: self._count()], self.k
        for _ in range(nu):
            width = np.reshape((t[k + 1 :] - t[: -k - 1]) / (k + 1), (-1,) + (1,) * (len(shape_of(c)) - 1))
            sums = np.cumsum(c * width, axis=0)
            c = np.concatenate([0.0 * sums[:1], sums], axis=0)
            t, k = np.concatenate([t[:1], t, t[-1:]]), k + 1
        extrapolate = False if self.extrapolate == "periodic" else self.extrapolate
        return BSpline.construct_fast(t, c, k, extrapolate, self.axis)

    def integrate(self, a: Any, b: Any, extrapolate: Any = None) -> Any:
        """Return the integral from a to b; of a spline that does not extrapolate, over the part where it is defined."""
        extrapolate = self.extrapolate if extrapolate is None else extrapolate
        if not holds_revdiff((a, b, self.t, self.c)):
            return self._scipys().integrate(a, b, extrapolate)
        whole, (first, last) = partial(self.antiderivative(), extrapolate=True), self._ends()
        if extrapolate == "periodic":
            up_to = over_periods(whole, first, last)
            return up_to(b) - up_to(a)
        if not extrapolate:
            a, b = np.clip(a, first, last), np.clip(b, first, last)
        return whole(b) - whole(a)


def _interval(x: Any, t: Any, k: int, n: int) -> Any:
    """Return the i with tᵢ ≤ x < tᵢ₊₁; at the end of the base interval, and beyond, that of the piece there."""
    return np.clip(np.searchsorted(primal(t), np.asarray(primal(x)), "right") - 1, k, n - 1)


def _basis(x: Any, t: Any, k: int, n: int) -> tuple[Any, list[Any]]:
    """Return the index of the last of the k + 1 basis functions that are not 0 at x, and the values of all of them."""
    i = _interval(x, t, k, n)
    values = [1.0 + 0.0 * x]
    for r in range(1, k + 1):
        saved: Any = 0.0
        longer = []
        for j in range(r):
            high, low = t[i + j + 1], t[i + 1 + j - r]
            part = values[j] / (high - low)
            longer.append(saved + (high - x) * part)
            saved = (x - low) * part
        values = [*longer, saved]
    return i, values


def make_interp_spline(
    x: Any, y: Any, k: int = 3, t: Any = None, bc_type: Any = None, axis: int = 0, check_finite: bool = True
) -> BSpline:
    """Return the spline of degree k through points, by default without knots next to the ends.

    With ``bc_type`` derivatives at the ends are given: "natural", "clamped", or for each end pairs of order and value.
    """
    if not holds_revdiff((x, y, t)) and (bc_type is None or isinstance(bc_type, str) or not _holds_values(bc_type)):
        its = scipy.interpolate.make_interp_spline(x, y, k, t, bc_type, axis, check_finite)
        return BSpline.construct_fast(its.t, its.c, its.k, its.extrapolate, its.axis)
    if bc_type == "periodic":
        hint = "Write CubicSpline(bc_type='periodic')."
        refuse("scipy.interpolate.make_interp_spline with bc_type='periodic'", hint)
    x, y = gather(x), gather(y)
    its = scipy.interpolate.make_interp_spline(
        primal(x), primal(y), k, None if t is None else primal(gather(t)), _plain_ends(bc_type), axis
    )  # for its errors
    y, k = np.moveaxis(y, axis, 0) + 0.0, index(k)
    left, right = _end_conditions(bc_type)
    if t is None:
        t = _not_a_knot(x, k) if not left and not right else _repeated(x, k, k)
    t = gather(t)
    if k == 0 or (k == 1 and not left and not right):
        return BSpline.construct_fast(t, y, k, True, its.axis)
    n = shape_of(t)[0] - k - 1
    first, values = _basis(x, t, k, n)
    rows = len(left) + np.arange(shape_of(x)[0])
    bands: Any = np.zeros((2 * k + 1, n))
    for j, value in enumerate(values):
        column = first - k + j
        bands = add_at(bands, (k + rows - column, column), value)
    unit = BSpline.construct_fast(t, np.eye(n), k)
    ends = [(row, x[0], order) for row, (order, _) in enumerate(left)]
    ends += [(n - len(right) + row, x[-1], order) for row, (order, _) in enumerate(right)]
    for row, place, order in ends:
        column = np.arange(k + 1) if row < len(left) else np.arange(n - k - 1, n)
        bands = add_at(bands, (k + row - column, column), unit(place, order)[column])
    shape = shape_of(y)[1:]
    sides = [*[_row(value, shape) for _, value in left], y, *[_row(value, shape) for _, value in right]]
    side = np.concatenate(sides, axis=0)
    c = np.reshape(solve_banded((k, k), bands, np.reshape(side, (n, -1))), (n, *shape))
    return BSpline.construct_fast(t, c, k, True, its.axis)


def _holds_values(bc_type: Any) -> bool:
    return any(end is not None and not isinstance(end, str) and holds_revdiff(list(map(list, end))) for end in bc_type)


def _plain_ends(bc_type: Any) -> Any:
    if bc_type is None or isinstance(bc_type, str):
        return bc_type
    return tuple(
        end if end is None or isinstance(end, str) else [plain(tuple(pair)) for pair in end] for end in bc_type
    )


def _end_conditions(bc_type: Any) -> list[list[tuple[int, Any]]]:
    """Return for each end the derivatives that are given there, as pairs of order and value."""
    both = [bc_type, bc_type] if bc_type is None or isinstance(bc_type, str) else list(bc_type)
    named: dict[Any, list[tuple[int, Any]]] = {
        None: [], "not-a-knot": [], "clamped": [(1, 0.0)], "natural": [(2, 0.0)],
    }  # fmt: skip
    return [
        named[end] if end is None or isinstance(end, str) else [(int(primal(o)), gather(v)) for o, v in end]
        for end in both
    ]


def _row(value: Any, shape: Any) -> Any:
    return np.broadcast_to(value, shape)[None]


def _not_a_knot(x: Any, k: int) -> Any:
    """Return knots at the points, or halfway between them if k is even, without those next to the ends."""
    if k == 0:
        return np.concatenate([x, x[-1:]])
    if k == 1:
        return _repeated(x, 1, 1)
    inner = x if k % 2 else (x[1:] + x[:-1]) / 2
    cut = (k + k % 2) // 2
    ends = np.concatenate([x[:1], inner[cut : shape_of(inner)[0] - cut], x[-1:]])
    return _repeated(ends, k, k)


def _repeated(x: Any, before: int, behind: int) -> Any:
    """Return x with its first and its last element some times more."""
    return np.concatenate([x[:1]] * before + [x] + [x[-1:]] * behind)


def splev(x: Any, tck: Any, der: int = 0, ext: int = 0) -> Any:
    """Return the values at x, or those of a derivative, of the spline (t, c, k).

    Outside, by ``ext``: the spline goes on (0), is 0 (1), is an error (2), or is what it is at the end (3). Its
    derivatives go on with 3 too, as FITPACK's do.
    """
    if isinstance(tck, BSpline):
        return tck(x, der, extrapolate=ext == 0)
    if not holds_revdiff((x, *tck)):
        return scipy.interpolate.splev(x, tck, der, ext)
    spline, x = _spline_of(tck), gather(x)
    first, last = spline._ends()
    outside = (primal(x) < primal(first)) | (primal(x) > primal(last))
    if ext == 2 and np.any(outside):
        msg = "Error code returned by splev: 1"
        raise ValueError(msg)
    y = spline(np.clip(x, first, last) if ext == 3 and not der else x, der)
    return np.where(outside, 0, y) if ext == 1 else y


def _spline_of(tck: Any) -> BSpline:
    """Return the spline (t, c, k), whose coefficients FITPACK fills up with zeros to the number of knots."""
    t, c, k = tck
    t, c = gather(t), gather(c)
    return BSpline.construct_fast(t, c[: shape_of(t)[0] - k - 1], int(k))


@called_as(scipy.interpolate.splrep)
def splrep(x: Any, y: Any, k: int = 3, s: Any = None, **how: Any) -> Any:
    """Return (t, c, k) of the spline through points. One that only comes near them, with s > 0, has no derivative here."""
    if not holds_revdiff((x, y, s, *how.values())):
        return scipy.interpolate.splrep(x, y, k=k, s=s, **how)
    unset = (None, False, 0)
    unknown = [f"{name}=" for name, value in how.items() if name != "quiet" and not any(value is no for no in unset)]
    if s not in (None, 0) or unknown:
        hint = "Write splrep(x, y, k=k), which interpolates."
        refuse(f"scipy.interpolate.splrep with {', '.join(unknown) or 's > 0'}", hint)
    knots, c, k = make_interp_spline(x, y, k).tck
    return knots, np.pad(c, (0, k + 1)), k


def splint(a: Any, b: Any, tck: Any, full_output: int = 0) -> Any:
    """Return the integral from a to b of the spline (t, c, k), which is 0 outside."""
    if isinstance(tck, BSpline):
        return tck.integrate(a, b, extrapolate=False)
    t, c, _ = tck
    if full_output or not holds_revdiff((a, b, t, c)):
        return scipy.interpolate.splint(a, b, tck, full_output)
    return _spline_of(tck).integrate(a, b, extrapolate=False)


def splder(tck: Any, n: int = 1) -> Any:
    """Return (t, c, k) of a derivative of a spline."""
    return _mapped("splder", tck, n, BSpline.derivative, {})


def splantider(tck: Any, n: int = 1) -> Any:
    """Return (t, c, k) of an integral of a spline."""
    return _mapped("splantider", tck, n, BSpline.antiderivative, {"mode": "edge"})


def _mapped(name: str, tck: Any, n: int, method: Any, filling: dict[str, Any]) -> Any:
    if isinstance(tck, BSpline):
        return method(tck, n)
    if not holds_revdiff(tuple(tck[:2])):
        return getattr(scipy.interpolate, name)(tck, n)
    t, c, k = method(_spline_of(tck), n).tck
    return t, np.pad(c, (0, k + 1), **filling), k
