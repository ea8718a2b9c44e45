"""Discrete Fourier transforms, along one axis and along several.

Imports rules of arrays, shapes and rearranging. The matrix of a transform, ωʲᵏ with ω = exp(-2πi/n), is symmetric. A
cotangent z̄ means df = Re(z̄ dz), without a conjugate, and so

    y = fft(a)    ⇒    ā = fft(ȳ),

with the same norm, and the inverse transform likewise. The spectrum of real numbers is Hermitian, yₙ₋ₖ = conj(yₖ), and
only the half of it up to n/2 is kept. Each of its elements but the first, and the last if n is even, stands for two.
With c = 1 for those and 2 for the others,

    y = rfft(a)   ⇒   ā = hfft(ȳ/c),        y = hfft(a)    ⇒   ā = c rfft(ȳ),
    y = ihfft(a)  ⇒   ā = irfft(ȳ/c),       y = irfft(a)   ⇒   ā = c ihfft(ȳ).

So every pullback is a transform again. Cutting the operand to a length, or filling it up with zeros, comes first, and is
a linear map of its own.

>>> from revdiff import grad
>>> grad(lambda a: np.sum(np.abs(np.fft.fft(a)) ** 2))(np.array([1.0, 2.0, 3.0]))    # Parseval: n Σ aⱼ²
array([ 6., 12., 18.])
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from revdiff.arrays.numpy_protocol import stands_for
from revdiff.core.revdiff import primal, shape_of
from revdiff.functions.of_arrays import rule
from revdiff.rules.rearranging import roll
from revdiff.rules.shape import along, gather, laid

Lengths = Sequence[int | None] | None
Axes = Sequence[int] | None


def of_length(a: Any, n: int | None, axis: int) -> Any:
    """Return a cut to a length along an axis, or filled up with zeros; None leaves it as it is.     ā = ȳ, likewise."""
    length = _length(a, axis)
    if n is None or n == length:
        return a
    if n < length:
        return along(a, slice(max(n, 0)), axis)
    widths = np.zeros((np.ndim(primal(a)), 2), int)
    widths[axis] = 0, n - length
    return np.pad(a, widths)


def _length(a: Any, axis: int) -> int:
    shape = shape_of(a)
    if not -len(shape) <= axis < len(shape):
        raise np.exceptions.AxisError(axis, len(shape))
    return shape[axis]


def multiplicities(of_half: Any, n: int, axis: int) -> Any:
    """Return how often each element of half a spectrum stands in the whole, of length n: 1, 2, …, 2, and 1 if n is even."""
    half = primal(of_half)
    counts = np.full(half.shape[axis], 2, half.real.dtype)
    counts[0] = 1
    if n % 2 == 0:
        counts[n // 2 :] = 1
    return laid(counts, axis, half.ndim)


def _of_half(transform: Any) -> Callable[..., Any]:
    """Return the way back to the real numbers of which half a spectrum was kept: a transform of ȳ/c."""
    return lambda y_bar, n, axis, norm: transform(y_bar / multiplicities(y_bar, n, axis), n, axis, norm)


def _to_half(transform: Any) -> Callable[..., Any]:
    """Return the way back to half a spectrum: c times a transform of ȳ."""

    def back(y_bar: Any, _: int, axis: int, norm: Any) -> Any:
        half = transform(y_bar, None, axis, norm)
        return multiplicities(half, shape_of(y_bar)[axis], axis) * half

    return back


def _transform(transform: Any, back: Callable[..., Any], *, from_half: bool = False) -> Callable[..., Any]:
    """Make the rule of a transform along an axis, of n numbers or of half of a spectrum of length n.

    ``back`` is the way back, given the length of the operand as well.
    """

    def transformed(a: Any, /, n: int | None, axis: int, norm: Any) -> tuple[Any, Any]:
        y = transform(a, n, axis, norm)
        length = shape_of(a)[axis]

        def a_pullback(y_bar: Any) -> Any:
            return back(y_bar, length, axis, norm)

        return y, a_pullback

    transformed.__name__ = transform.__name__  # in errors
    of_whole = rule(linear=True)(transformed)

    def of_length_n(a: Any, /, n: int | None = None, axis: int = -1, norm: Any = None) -> Any:
        return of_whole(of_length(gather(a), n // 2 + 1 if from_half and n is not None else n, axis), n, axis, norm)

    return stands_for(transform)(of_length_n)


fft = _transform(np.fft.fft, np.fft.fft)
ifft = _transform(np.fft.ifft, np.fft.ifft)
rfft = _transform(np.fft.rfft, _of_half(np.fft.hfft))
ihfft = _transform(np.fft.ihfft, _of_half(np.fft.irfft))
hfft = _transform(np.fft.hfft, _to_half(np.fft.rfft), from_half=True)
irfft = _transform(np.fft.irfft, _to_half(np.fft.ihfft), from_half=True)


@stands_for(np.fft.fftn)
def fftn(a: Any, /, s: Lengths = None, axes: Axes = None, norm: Any = None) -> Any:
    """Return the transform along several axes, all by default: along the last of them first.     ā = fftn(ȳ)."""
    return _in_turn(fft, a, reversed(places(a, s, axes)), norm)


@stands_for(np.fft.ifftn)
def ifftn(a: Any, /, s: Lengths = None, axes: Axes = None, norm: Any = None) -> Any:
    """Return the inverse transform along several axes, all by default.     ā = ifftn(ȳ)."""
    return _in_turn(ifft, a, reversed(places(a, s, axes)), norm)


@stands_for(np.fft.rfftn)
def rfftn(a: Any, /, s: Lengths = None, axes: Axes = None, norm: Any = None) -> Any:
    """Return the transform along several axes of real numbers, of which the last one keeps half."""
    *others, last = places(a, s, axes)
    return _in_turn(fft, rfft(a, *last, norm), reversed(others), norm)


@stands_for(np.fft.irfftn)
def irfftn(a: Any, /, s: Lengths = None, axes: Axes = None, norm: Any = None) -> Any:
    """Return the real numbers of which a is the transform along several axes, with half of the last one."""
    *others, (n, axis) = places(a, s, axes)
    return irfft(_in_turn(ifft, a, others, norm), None if s is None else n, axis, norm)


def _of_two_axes(numpy_function: Any, of_several: Callable[..., Any]) -> None:
    """Register a transform along two axes, the last ones by default."""

    def transformed(a: Any, /, s: Lengths = None, axes: Axes = (-2, -1), norm: Any = None) -> Any:
        return of_several(a, s, axes, norm)

    stands_for(numpy_function)(transformed)


_of_two_axes(np.fft.fft2, fftn)
_of_two_axes(np.fft.ifft2, ifftn)
_of_two_axes(np.fft.rfft2, rfftn)
_of_two_axes(np.fft.irfft2, irfftn)


def places(a: Any, s: Lengths, axes: Axes) -> list[tuple[int | None, int]]:
    """Return the length and the axis of each transform: without axes the last ones, and -1 is the length that a has."""
    shape = shape_of(gather(a))
    if axes is None:
        axes = range(-len(shape if s is None else s), 0)
    lengths = [shape[axis] for axis in axes] if s is None else s
    if len(lengths) != len(axes):
        msg = f"a transform has a length for each axis; met {len(lengths)} lengths, s=, and {len(axes)} axes"
        raise ValueError(msg)
    return [(shape[axis] if n == -1 else n, axis) for n, axis in zip(lengths, axes, strict=True)]


def _in_turn(transform: Callable[..., Any], a: Any, places: Any, norm: Any) -> Any:
    a = gather(a)
    for n, axis in places:
        a = transform(a, n, axis, norm)
    return a


@stands_for(np.fft.fftshift)
def fftshift(x: Any, /, axes: int | Axes = None) -> Any:
    """Put the frequency 0 in the middle of axes, all by default.     x̄ = ȳ, shifted back."""
    return _shifted(x, axes, lambda n: n // 2)


@stands_for(np.fft.ifftshift)
def ifftshift(x: Any, /, axes: int | Axes = None) -> Any:
    """Put the frequency 0 from the middle of axes, all by default, in front.     x̄ = ȳ, shifted back."""
    return _shifted(x, axes, lambda n: -(n // 2))


def _shifted(x: Any, axes: int | Axes, by: Callable[[int], int]) -> Any:
    x = gather(x)
    shape = shape_of(x)
    places = tuple(range(len(shape)) if axes is None else np.atleast_1d(axes).tolist())
    return roll(x, tuple(by(shape[axis]) for axis in places), places)
