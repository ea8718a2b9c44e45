"""Partial derivatives as local maps: ct ↦ ct · ∂f, computed when a cotangent first comes by.

Imports the core, broadcasting and IEEE arithmetic. Where a cotangent is absent nothing is multiplied, and so no
infinite slope meets a zero there.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from operator import neg
from sys import getrefcount
from typing import Any, TypeAlias, final

import numpy as np

from revdiff.arrays.broadcasting import Fit, fit_for
from revdiff.core.capture import HELD_ONCE, Fingerprint
from revdiff.core.collecting import LARGE
from revdiff.core.cotangents import ZERO, zero_like
from revdiff.core.graph import Local
from revdiff.core.masks import Masked, masked
from revdiff.core.revdiff import OPERATORS, RevDiff, primal
from revdiff.core.structure import OUTERMOST
from revdiff.functions.ieee import NOT_IEEE, ieee, is_numpy_number, is_whole, narrowed, widened

Slope: TypeAlias = Callable[..., Any] | int | str
"""A partial derivative: a function of the arguments and the result; 1 or -1; or "x", "y", "z", one of them itself."""

PLACES = {"x": 0, "y": 1, "z": 2}
"""Where the arguments and the result stand among the values that a slope is a function of."""

SIGNS: dict[Any, Local] = {1: None, -1: neg}
"""The local maps of the slopes 1 and -1, where no cotangent has to be brought to another space."""

_UNKNOWN: Any = object()

_FLOAT64 = np.dtype(np.float64)


@final
class Overflowing:
    """The slope of a function that is infinite where its value is too large for a float: that of eˣ, but not of 1/x.

    ``where``, a function of the same values, tells such points from poles; without it there are no poles.
    """

    __slots__ = ("slope", "where")

    def __init__(self, slope: Slope, where: Callable[..., Any] | None = None) -> None:
        self.slope = slope
        self.where = where

    def __call__(self, *values: Any) -> Any:
        """Return the slope."""
        return values[PLACES[self.slope]] if isinstance(self.slope, str) else self.slope(*values)  # type: ignore[operator]


@final
class Choice:
    """The slope of a function that gives one of its arguments: 1 where that is this one, 0 where it is another.

    Where it is 0, the argument is absent from the cotangent. Where arguments tie, each has its share.
    """

    __slots__ = ("slope",)

    def __init__(self, slope: Slope) -> None:
        self.slope = slope

    def __call__(self, *values: Any) -> Any:
        """Return the share of the argument."""
        return self.slope(*values)  # type: ignore[operator]


def local_map(slope: Slope, values: tuple[Any, ...], x: Any, y: Any, guard: Fingerprint | None = None) -> Local:
    """Return the local map of one argument x of y = f(…); None for x and y where both are Python numbers."""
    if type(slope) is str:
        return Factor(values[PLACES[slope]], fit_for(x, y), guard)
    if not isinstance(slope, int):
        return Partial(slope, values, x, y, guard)
    fit = fit_for(x, y)
    if fit is None:
        return SIGNS[slope]
    return fit if slope == 1 else _Negated(fit)


def local_maps_within_a_space(dx: Slope | None, dy: Slope | None) -> tuple[Local, Local] | None:
    """Return the local maps of x and y where x, y and f(x, y) are of one space, if they are the same everywhere."""
    return (SIGNS[dx], SIGNS[dy]) if dx in SIGNS and dy in SIGNS else None


def fitted_map(local: Local, fit: Fit) -> Local:
    """Return the local map of an operand that was repeated, from that of one that was not."""
    return fit if local is None else _Negated(fit) if local is neg else Factor(local, fit)


def number_of(slope: Slope | None) -> Callable[[Any, Any], float]:
    """Return how a slope that is 1, -1 or one of the factors is, for two numbers, a number of Python."""
    if isinstance(slope, str):
        return (lambda x, y: float(x)) if PLACES[slope] == 0 else (lambda x, y: float(y))
    sign = float(slope)  # type: ignore[arg-type]
    return lambda x, y: sign


@final
class _Negated:
    """The local map ct ↦ -ct, fitted."""

    __slots__ = ("_fit",)

    def __init__(self, fit: Fit) -> None:
        self._fit = fit

    def __call__(self, cotangent: Any) -> Any:
        """Negate and fit."""
        return self._fit(-cotangent)

    def masked(self, cotangent: Masked) -> Any:
        """Negate and fit what is present."""
        return self._fit.masked(-cotangent)


@final
class Factor:
    """The local map ct ↦ ct · v of a product, fitted. Nothing is left to compute, and the product itself is not kept.

    Of a square it is ct ↦ ct · v, twice.
    """

    __slots__ = ("_fit", "_guard", "_twice", "_value")

    def __init__(
        self, value: Any, fit: Fit | None = None, guard: Fingerprint | None = None, *, twice: bool = False
    ) -> None:
        self._value = value
        self._fit = fit
        self._guard = guard
        self._twice = twice

    def __call__(self, cotangent: Any) -> Any:
        """Multiply, and bring the product to the space of the operand."""
        if self._guard is not None:
            self._guard.check()
        if self._twice:
            return self._doubled(cotangent)
        is_one = type(cotangent) is float and cotangent == 1.0 and type(self._value) is RevDiff
        sent = self._value if is_one else cotangent * self._value
        return sent if self._fit is None else self._fit(sent)

    def _doubled(self, cotangent: Any) -> Any:
        if type(cotangent) is np.ndarray and cotangent.size and not any(cotangent.strides):  # one number, repeated
            twice = 2.0 * cotangent.item(0)
            if type(twice) is float and isfinite(twice):
                return twice * self._value
        sent = cotangent * self._value
        return np.add(sent, sent, out=sent) if type(sent) is np.ndarray else sent + sent

    def masked(self, cotangent: Masked) -> Any:
        """Multiply where something is present, and nowhere else. A faint zero stays zero."""
        if self._guard is not None:
            self._guard.check()
        sent = zero_outside(cotangent.firm, cotangent.value * self._value)
        sent = sent + sent if self._twice else sent
        sent = masked(sent, cotangent.mask, cotangent.firm)
        if self._fit is None or sent is ZERO:
            return sent
        return self._fit.masked(sent) if type(sent) is Masked else self._fit(sent)


@final
class Divisor:
    """The local map ct ↦ ct / y of a quotient x/y of arrays."""

    __slots__ = ("_x", "_y")

    def __init__(self, x: Any, y: Any) -> None:
        self._x = x
        self._y = y

    def __call__(self, cotangent: Any) -> Any:
        """Divide."""
        return cotangent / self._y

    def masked(self, cotangent: Masked) -> Any:
        """Divide where something is present, and nowhere else. A faint zero stays zero but at a pole."""
        mask, firm = cotangent.mask, cotangent.firm
        if firm is not mask:
            firm = firm | (mask & (self._y == 0) & np.isfinite(self._x))
        return masked(zero_outside(firm, cotangent.value / self._y), mask, firm)


@final
class Partial:
    """The local map ct ↦ ct · ∂f. The derivative is computed when a cotangent first arrives, and kept for the next one.

    A large array is kept only when a second cotangent comes: most do not, and then the product may take its place.

    Once the derivative is known, ``_through`` are the masks, if any, of what goes through: of an argument that was chosen in
    some places, and of a function that does not change near an infinite argument. ``_poles`` is where a faint zero meets an
    infinite slope that is no overflow, or a slope that is NaN there.
    """

    __slots__ = ("_derivative", "_fit", "_guard", "_is_first", "_poles", "_slope", "_through", "_values", "_x", "_y")

    def __init__(self, slope: Any, values: Any, x: Any, y: Any, guard: Fingerprint | None) -> None:
        self._slope = slope
        self._values = values
        self._x = x
        self._y = y
        self._guard = guard
        self._derivative = _UNKNOWN
        self._is_first = True

    def __call__(self, cotangent: Any) -> Any:
        """Multiply by the derivative, and bring the product to the space of the operand."""
        derivative = self._derivative
        if derivative is _UNKNOWN:
            derivative = self._evaluated()
            if type(derivative) is np.ndarray and self._is_first and derivative.nbytes > LARGE:
                self._is_first = False
                if (
                    getrefcount(derivative) <= HELD_ONCE
                    and derivative.base is None
                    and _are_alike(derivative, cotangent)
                ):
                    sent = np.multiply(cotangent, derivative, out=derivative)
                    return self._fitted(sent if self._through is None else masked(sent, *self._through))
            self._keep(derivative)
        if type(derivative) is RevDiff and type(cotangent) is float and cotangent == 1.0:
            sent = derivative
        else:
            sent = cotangent * derivative
        if self._through is not None:
            return self._fitted(masked(sent, *self._through))
        return sent if self._fit is None else self._fit(sent)

    def masked(self, cotangent: Masked) -> Any:
        """Multiply where something is present, and nowhere else. A faint zero stays zero but at a pole."""
        if self._derivative is _UNKNOWN:
            self._keep(self._evaluated())
        mask, firm = cotangent.mask, cotangent.firm
        if firm is not mask:
            # At a pole the zero meets an infinity, and what comes of that is not faint any more.
            firm = firm | (mask & self._poles)
        sent = zero_outside(firm, cotangent.value * self._derivative)
        if self._through is not None:
            mask, firm = mask & self._through[0], firm & self._through[1]
        return self._fitted(masked(sent, mask, firm))

    def _fitted(self, sent: Any) -> Any:
        if self._fit is None or sent is ZERO:
            return sent
        return self._fit.masked(sent) if type(sent) is Masked else self._fit(sent)

    def _keep(self, derivative: Any) -> None:
        """Keep the derivative, and let go of what it was computed from.

        Of two threads that come at once, both compute it. What is let go first is read last.
        """
        self._derivative = derivative
        self._values = self._x = self._y = None

    def _evaluated(self) -> Any:
        """Return the derivative."""
        x, y, values, slope = self._x, self._y, self._values, self._slope
        if values is None:
            return self._derivative
        if self._guard is not None:
            self._guard.check()
        if type(x) is np.ndarray is type(y) and x.dtype is _FLOAT64 is y.dtype and x.shape == y.shape:
            fit, of_numpy, may_widen = None, True, len(values) > 2
        else:
            fit = None if x is None else fit_for(x, y)
            of_numpy = may_widen = is_numpy_number(y)
        wide = tuple(map(widened, values)) if may_widen and any(map(is_whole, values)) else values
        try:
            derivative = slope(*wide)
        except NOT_IEEE:
            derivative = ieee(slope, *wide)
        derivative = derivative if wide is values else narrowed(derivative, y)
        through, poles = None, False
        if type(slope) is Choice:
            taken = primal(derivative) != 0
            if type(taken) not in OUTERMOST:  # of samples, zeros stand for what is absent in some of them
                taken = np.asarray(taken, bool)
                through = None if taken.all() else (taken, taken)
        elif of_numpy and not _all_finite(x, derivative):
            through, poles = _infinities(slope, derivative, x, y, wide)
        self._fit, self._through, self._poles = fit, through, poles
        return derivative

    def __getstate__(self) -> tuple[Any, ...]:
        if self._derivative is _UNKNOWN:
            self._keep(self._evaluated())
        return self._derivative, self._fit, self._through, self._poles

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self._derivative, self._fit, self._through, self._poles = state


def _infinities(slope: Any, derivative: Any, x: Any, y: Any, values: tuple[Any, ...]) -> tuple[Any, Any]:
    """Find where the argument is infinite and the result is not, and where the slope is infinite or NaN at a pole."""
    through, poles = None, False
    infinite = np.isinf(primal(x))
    if np.count_nonzero(infinite):
        changes = ~infinite | ~np.isfinite(primal(y))
        through = (np.ones_like(changes), changes)
    overflows = slope.where if type(slope) is Overflowing else _nowhere
    if overflows is not None:
        steep = ~np.isfinite(primal(derivative))
        if np.count_nonzero(steep):
            for value in values[:-1]:
                steep = steep & np.isfinite(primal(value))
            poles = steep & np.logical_not(overflows(*map(primal, values)))
    return through, poles


def zero_outside(mask: Any, x: Any, /) -> Any:
    """Return x under a mask, and zero elsewhere."""
    if type(x) is np.ndarray is type(mask) and x.dtype.kind != "O":
        return np.where(mask, x, 0)
    if getattr(mask, "ndim", None) == 0:
        return x if mask else zero_like(primal(x))
    if type(x) is RevDiff or not hasattr(mask, "dtype"):
        return OPERATORS["where"](mask, x, 0)
    return np.where(mask, x, zero_like(x) if x.dtype.kind == "O" else 0)


def _all_finite(x: Any, slope: Any) -> bool:
    """Tell at little cost whether two arrays of one shape are finite: Σ xᵢyᵢ is so only if all of both are."""
    while type(x) is RevDiff:
        x = x.value
    while type(slope) is RevDiff:
        slope = slope.value
    if type(x) is np.float64 is type(slope):
        return isfinite(x) and isfinite(slope)
    if type(x) is not np.ndarray or type(slope) is not np.ndarray or x.shape != slope.shape:
        return False
    total = x.dot(slope) if x.ndim == 1 else np.vdot(x, slope)
    return isfinite(total if type(total) is np.float64 else abs(total))


def _are_alike(derivative: Any, cotangent: Any) -> bool:
    """Tell whether the product of two arrays can take the place of the first."""
    return (
        type(cotangent) is np.ndarray
        and cotangent.dtype is derivative.dtype
        and cotangent.shape == derivative.shape
        and derivative.dtype.kind in "fc"
    )


def _nowhere(*values: Any) -> bool:
    return False
