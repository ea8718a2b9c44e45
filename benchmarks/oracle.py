"""What every contestant must find: derivatives without any of the libraries under test.

From truncated power series, forward, by recurrences for the coefficients: pass this module to a polymorphic
function where a library's functions would stand. And from steps in the imaginary direction,

    f(x + ihv) = f(x) + ih f′(x) v + O(h²),     f′(x) v = Im f(x + ihv) / h,

which are exact to rounding, because nothing cancels however small h is: pass NumPy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from math import factorial
from typing import Any

import numpy as np

STEP = 1e-30


class Series:
    """The coefficients of x(t) = x₀ + x₁ t + … + xₙ tⁿ; each is a number or an array."""

    __slots__ = ("coefficients",)

    def __init__(self, coefficients: list[Any]) -> None:
        self.coefficients = coefficients

    def __add__(self, other: Any) -> Series:
        a = self.coefficients
        if not isinstance(other, Series):
            return Series([a[0] + other, *a[1:]])
        return Series([p + q for p, q in zip(a, other.coefficients, strict=True)])

    def __neg__(self) -> Series:
        return Series([-p for p in self.coefficients])

    def __sub__(self, other: Any) -> Series:
        return self.__add__(-other)

    def __mul__(self, other: Any) -> Series:
        a = self.coefficients
        if not isinstance(other, Series):
            return Series([p * other for p in a])
        b = other.coefficients
        return Series([sum(a[i] * b[k - i] for i in range(k + 1)) for k in range(len(a))])

    __radd__ = __add__
    __rmul__ = __mul__


def _sin_cos(x: Series) -> tuple[Series, Series]:
    """s′ = c x′ and c′ = -s x′, so  k sₖ = Σ j xⱼ cₖ₋ⱼ  and  k cₖ = -Σ j xⱼ sₖ₋ⱼ."""
    a = x.coefficients
    s, c = [np.sin(a[0])], [np.cos(a[0])]
    for k in range(1, len(a)):
        s.append(sum(j * a[j] * c[k - j] for j in range(1, k + 1)) / k)
        c.append(-sum(j * a[j] * s[k - j] for j in range(1, k + 1)) / k)
    return Series(s), Series(c)


def sin(x: Series) -> Series:
    """Return the series of sin(x(t))."""
    return _sin_cos(x)[0]


def cos(x: Series) -> Series:
    """Return the series of cos(x(t))."""
    return _sin_cos(x)[1]


def exp(x: Series) -> Series:
    """Return the series of exp(x(t)):  e′ = e x′,  so  k eₖ = Σ j xⱼ eₖ₋ⱼ."""
    a = x.coefficients
    e = [np.exp(a[0])]
    for k in range(1, len(a)):
        e.append(sum(j * a[j] * e[k - j] for j in range(1, k + 1)) / k)
    return Series(e)


def derivative(f: Callable[[Any], Any], x: Any, order: int = 1) -> Any:
    """Return the derivative of f at a number, or at each element of an array."""
    series = f(Series([x, 1.0, *[0.0] * (order - 1)]))
    return factorial(order) * series.coefficients[order]


def gradient(f: Callable[[Any], Any], x: Sequence[float]) -> Any:
    """Return the gradient of a function of a tuple of numbers: all directions at once."""
    return f(tuple(Series([value, row]) for value, row in zip(x, np.eye(len(x)), strict=True))).coefficients[1]


def hessian(f: Callable[[Any], Any], x: Sequence[float]) -> Any:
    """Return the matrix of second derivatives, from those along eᵢ + eⱼ:  D(u) = uᵀ H u.

    H[i][j] = (D(eᵢ + eⱼ) - D(eᵢ) - D(eⱼ)) / 2.
    """
    along = np.eye(len(x))[:, None] + np.eye(len(x))[None]
    mixed = 2 * f(tuple(Series([v, along[..., i], 0.0]) for i, v in enumerate(x))).coefficients[2]
    own = np.diagonal(mixed) / 4
    return (mixed - own[:, None] - own[None]) / 2


def along(f: Callable[[Any], Any], x: Any, v: Any) -> Any:
    """Return f′(x) v, for an f that NumPy can evaluate at complex numbers: the result, or each of a tuple of them."""

    def moved(x: Any, v: Any) -> Any:
        return tuple(map(moved, x, v)) if isinstance(x, tuple) else x + 1j * STEP * v

    y = f(moved(x, v))
    return tuple(part.imag / STEP for part in y) if isinstance(y, tuple) else y.imag / STEP


def confirmed(gradient: Any, f: Callable[[Any], Any], x: Any) -> Any:
    """Return the gradient of f at x after a look at it along three random directions v:  ⟨gradient, v⟩ = f′(x) v.

    Raises `ArithmeticError` where it is wrong. Of an error in a single entry every direction tells.
    """
    rng = np.random.default_rng(0)

    def random(x: Any) -> Any:
        return tuple(map(random, x)) if isinstance(x, tuple) else rng.standard_normal(np.shape(x))

    for _ in range(3):
        v = random(x)
        if not same(flat(gradient) @ flat(v), along(f, x, v)):
            msg = "the derivative by hand is wrong"
            raise ArithmeticError(msg)
    return gradient


def same(found: Any, expected: Any, tolerance: float = 1e-9) -> bool:
    """Whether two derivatives agree, relative to the largest entry of the expected one."""
    a, b = flat(found), flat(expected)
    return a.shape == b.shape and bool(np.max(np.abs(a - b)) <= tolerance * np.max(np.abs(b)))


def flat(x: Any) -> Any:
    """Return the numbers of a nested tuple, of a record, of an array, or of any library's tensor, in order."""
    if isinstance(x, tuple | list):
        return np.concatenate([flat(part) for part in x])
    if is_dataclass(x):
        return flat([getattr(x, field.name) for field in fields(x)])
    return np.ravel(np.asarray(x.detach() if hasattr(x, "detach") else x, dtype=np.float64))
