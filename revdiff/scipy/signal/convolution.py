"""Convolution and correlation of arrays of any dimension.

Imports rules of arrays and conjugates. A convolution y = a ∗ v is linear in each operand. Let Ȳ be the cotangent with
zeros where a mode left elements out. Then ⟨Ȳ, da ∗ v⟩ is the sum over places of da times

    ā = Ȳ ∗ reversed v, of which the part is kept where they overlap fully (mode "valid"),    and v̄ likewise,

by the same method: directly, or by Fourier transforms.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import scipy.signal

from revdiff.core.revdiff import primal, shape_of
from revdiff.functions.of_arrays import rule
from revdiff.rules.complex import conjugate
from revdiff.scipy._namesakes import namesake

Axes = tuple[int, ...]


@namesake(scipy.signal.convolve)
def convolve(in1: Any, in2: Any, /, mode: str = "full", method: str = "auto") -> Any:
    """Return the convolution of two arrays; "same" and "valid" cut it as SciPy does.

    >>> from revdiff import grad
    >>> grad(lambda a: convolve(a, np.array([1.0, 2.0, 3.0]), mode="valid")[0])(np.zeros(4))
    array([3., 2., 1., 0.])
    """
    return _convolution(in1, in2, partial(convolve, method=method), mode, None)


@namesake(scipy.signal.fftconvolve)
def fftconvolve(in1: Any, in2: Any, /, mode: str = "full", axes: Any = None) -> Any:
    """Return the convolution along some axes, by Fourier transforms; along the others the arrays are broadcast."""
    return _convolution(in1, in2, partial(fftconvolve, axes=axes), mode, axes)


@namesake(scipy.signal.oaconvolve)
def oaconvolve(in1: Any, in2: Any, /, mode: str = "full", axes: Any = None) -> Any:
    """Return what `fftconvolve` returns, by Fourier transforms of blocks."""
    return _convolution(in1, in2, partial(oaconvolve, axes=axes), mode, axes)


def _convolution(a: Any, v: Any, method: Callable[..., Any], mode: str, axes: Any) -> Any:
    dimensions = np.ndim(primal(a))
    if not dimensions:
        return a * v
    axes = range(dimensions) if axes is None else np.atleast_1d(axes)
    return _convolved(a, v, method=method, mode=mode, axes=tuple(int(axis) % dimensions for axis in axes))


@rule()
def _convolved(a: Any, v: Any, /, method: Callable[..., Any], mode: str, axes: Axes) -> tuple[Any, ...]:
    y = method(a, v, mode=mode)
    borders = _left_out(shape_of(a), shape_of(v), shape_of(y), mode, axes)

    def beside(other: Any, y_bar: Any) -> Any:
        return method(np.pad(y_bar, borders), np.flip(other, axes), mode="valid")

    def a_pullback(y_bar: Any) -> Any:
        return beside(v, y_bar)

    def v_pullback(y_bar: Any) -> Any:
        return beside(a, y_bar)

    return y, a_pullback, v_pullback


def _left_out(a: Axes, v: Axes, y: Axes, mode: str, axes: Axes) -> list[tuple[int, int]]:
    """Return how many elements of the full convolution a mode leaves out, before and behind, along each axis."""
    borders = [(0, 0)] * len(y)
    for i in axes:
        both = a[i] + v[i] - 1 - y[i]
        before = min(a[i], v[i]) - 1 if mode == "valid" else both // 2
        borders[i] = before, both - before
    return borders


@namesake(scipy.signal.correlate)
def correlate(in1: Any, in2: Any, /, mode: str = "full", method: str = "auto") -> Any:
    """Return the convolution with the conjugated and reversed second array."""
    return convolve(in1, np.flip(conjugate(in2)), mode, method)


@namesake(scipy.signal.convolve2d)
def convolve2d(in1: Any, in2: Any, /, mode: str = "full", boundary: str = "fill", fillvalue: Any = 0) -> Any:
    """Return the convolution of two matrices, where the first goes on beyond its border as ``boundary`` says."""
    shape, other = shape_of(in1), shape_of(in2)
    if mode == "valid":
        return convolve(in1, in2, mode, "direct")
    widths = [(n - 1, n - 1) for n in other]
    filling = {"mode": _BORDERS[boundary]} if boundary in _BORDERS else {"constant_values": fillvalue}
    full = convolve(np.pad(in1, widths, **filling), in2, "valid", "direct")
    if mode == "full":
        return full
    rows, columns = (slice((n - 1) // 2, (n - 1) // 2 + m) for m, n in zip(shape, other, strict=True))
    return full[rows, columns]


_BORDERS = {"wrap": "wrap", "circular": "wrap", "symm": "symmetric", "symmetric": "symmetric"}


@namesake(scipy.signal.correlate2d)
def correlate2d(in1: Any, in2: Any, /, mode: str = "full", boundary: str = "fill", fillvalue: Any = 0) -> Any:
    """Return the convolution of matrices with the second conjugated and reversed."""
    full = convolve2d(in1, np.flip(conjugate(in2)), "valid" if mode == "valid" else "full", boundary, fillvalue)
    if mode != "same":
        return full
    rows, columns = (slice(n // 2, n // 2 + m) for m, n in zip(shape_of(in1), shape_of(in2), strict=True))
    return full[rows, columns]


@namesake(scipy.signal.upfirdn)
def upfirdn(h: Any, x: Any, /, up: int = 1, down: int = 1, axis: int = -1) -> Any:
    """Return x with ``up - 1`` zeros between its elements, convolved with h, and of that each element number k · ``down``."""
    x = np.moveaxis(x, axis, -1)
    n = shape_of(x)[-1]
    stuffed = x[..., None] * (np.arange(up) == 0)
    spread = np.reshape(stuffed, (*shape_of(x)[:-1], n * up))[..., : (n - 1) * up + 1]
    taps = np.reshape(h, (*[1] * (np.ndim(primal(x)) - 1), -1))
    return np.moveaxis(convolve(spread, taps, method="direct")[..., ::down], -1, axis)


def bordered(x: Any, before: int, behind: int, **how: Any) -> Any:
    """Return x with more elements along its last axis, zeros if it is not said how."""
    return np.pad(x, [(0, 0)] * (len(shape_of(x)) - 1) + [(before, behind)], **how)
