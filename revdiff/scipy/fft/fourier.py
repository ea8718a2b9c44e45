"""Fourier transforms along one axis, two or several, and shifts of their spectra.

Imports rules of arrays and the rules of NumPy's transforms, which say what each of these pulls back by.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import scipy.fft as _scipy

from revdiff.core.revdiff import RevDiff, shape_of
from revdiff.functions.of_arrays import rule
from revdiff.rules import fft as of_numpy
from revdiff.rules.fft import multiplicities, of_length, places
from revdiff.rules.shape import gather

Numbers = int | Sequence[int] | None


def _linear(of_scipy: Any, back: Callable[..., Any]) -> Callable[..., Any]:
    """Make the rule of a Fourier transform along axes. ``back`` is given the lengths of the operand as well."""

    def transform(x: Any, /, s: Any, axes: Any, norm: Any, workers: Any, plan: Any = None) -> tuple[Any, Any]:
        function = transformed if type(x) is RevDiff else of_scipy
        y = function(x, s, axes, norm, workers=workers, plan=plan)
        lengths = [shape_of(x)[axis] for axis in axes]

        def x_pullback(y_bar: Any) -> Any:
            return back(y_bar, lengths, axes, norm, workers)

        return y, x_pullback

    transform.__name__ = of_scipy.__name__  # in errors
    transformed = rule(linear=True)(transform)
    return transformed


def _fftn_back(y_bar: Any, _: list[int], axes: Any, norm: Any, workers: Any) -> Any:
    return _fftn(y_bar, None, axes, norm, workers)


def _ifftn_back(y_bar: Any, _: list[int], axes: Any, norm: Any, workers: Any) -> Any:
    return _ifftn(y_bar, None, axes, norm, workers)


def _rfftn_back(y_bar: Any, lengths: list[int], axes: Any, norm: Any, workers: Any) -> Any:
    return _hfftn(_shared(y_bar, lengths, axes), lengths, axes, norm, workers)


def _ihfftn_back(y_bar: Any, lengths: list[int], axes: Any, norm: Any, workers: Any) -> Any:
    return _irfftn(_shared(y_bar, lengths, axes), lengths, axes, norm, workers)


def _hfftn_back(y_bar: Any, _: list[int], axes: Any, norm: Any, workers: Any) -> Any:
    return _counted(_rfftn(y_bar, None, axes, norm, workers), y_bar, axes)


def _irfftn_back(y_bar: Any, _: list[int], axes: Any, norm: Any, workers: Any) -> Any:
    return _counted(_ihfftn(y_bar, None, axes, norm, workers), y_bar, axes)


def _shared(half: Any, lengths: list[int], axes: Any) -> Any:
    return half / multiplicities(half, lengths[-1], axes[-1])


def _counted(half: Any, whole: Any, axes: Any) -> Any:
    return half * multiplicities(half, shape_of(whole)[axes[-1]], axes[-1])


_fftn = _linear(_scipy.fftn, _fftn_back)
_ifftn = _linear(_scipy.ifftn, _ifftn_back)
_rfftn = _linear(_scipy.rfftn, _rfftn_back)
_ihfftn = _linear(_scipy.ihfftn, _ihfftn_back)
_hfftn = _linear(_scipy.hfftn, _hfftn_back)
_irfftn = _linear(_scipy.irfftn, _irfftn_back)


def resized(x: Any, s: Any, axes: Any, of_half: bool) -> tuple[Any, Any, list[int]]:
    """Return x cut and filled up to the lengths along axes, of half a spectrum to half of the last; the lengths, the axes."""
    along: list[Any] = places(x, _listed(s), _listed(axes))
    lengths, axes = [n for n, _ in along], [axis for _, axis in along]
    cut = [*lengths[:-1], lengths[-1] // 2 + 1] if of_half and s is not None else lengths
    for n, axis in zip(cut, axes, strict=True):
        x = of_length(x, n, axis)
    return x, None if s is None else lengths, axes


def _listed(numbers: Numbers) -> list[int] | None:
    return None if numbers is None else np.atleast_1d(numbers).tolist()


def _along_axis(of_scipy: Any, transform: Callable[..., Any], says: str) -> Callable[..., Any]:
    """Make the public function of a transform along one axis."""
    of_half = transform in (_hfftn, _irfftn)

    def along_axis(
        x: Any, n: int | None = None, axis: int = -1, norm: Any = None,
        overwrite_x: bool = False, workers: int | None = None, *, plan: Any = None,
    ) -> Any:  # fmt: skip
        x = gather(x)
        if type(x) is not RevDiff:
            return of_scipy(x, n, axis, norm, overwrite_x, workers, plan=plan)
        return transform(*resized(x, n, axis, of_half), norm, workers, plan)

    return named(along_axis, of_scipy, says)


def _along_axes(of_scipy: Any, transform: Callable[..., Any], says: str) -> Callable[..., Any]:
    """Make the public function of a transform along several axes."""
    of_half = transform in (_hfftn, _irfftn)

    def along_axes(
        x: Any, s: Numbers = None, axes: Numbers = None, norm: Any = None,
        overwrite_x: bool = False, workers: int | None = None, *, plan: Any = None,
    ) -> Any:  # fmt: skip
        x = gather(x)
        if type(x) is not RevDiff:
            return of_scipy(x, s, axes, norm, overwrite_x, workers, plan=plan)
        return transform(*resized(x, s, axes, of_half), norm, workers, plan)

    return named(along_axes, of_scipy, says)


def _along_two(of_scipy: Any, along_axes: Callable[..., Any]) -> Callable[..., Any]:
    """Make the public function of a transform along two axes, the last ones by default."""

    def along_two(
        x: Any, s: Numbers = None, axes: Numbers = (-2, -1), norm: Any = None,
        overwrite_x: bool = False, workers: int | None = None, *, plan: Any = None,
    ) -> Any:  # fmt: skip
        return along_axes(x, s, axes, norm, overwrite_x, workers, plan=plan)

    return named(along_two, of_scipy, f"{along_axes.__doc__} Here the axes are the last two by default.")


def named(function: Callable[..., Any], of_scipy: Any, says: str) -> Callable[..., Any]:
    """Return the function under the name of SciPy's, with a docstring."""
    function.__name__ = function.__qualname__ = of_scipy.__name__
    function.__doc__ = says
    return function


fft = _along_axis(_scipy.fft, _fftn, "Return the transform along an axis.     x̄ = fft(ȳ).")
ifft = _along_axis(_scipy.ifft, _ifftn, "Return the inverse transform along an axis.     x̄ = ifft(ȳ).")
rfft = _along_axis(_scipy.rfft, _rfftn, "Return the transform of real numbers, half of it.     x̄ = hfft(ȳ/c).")
irfft = _along_axis(_scipy.irfft, _irfftn, "Return real numbers of half their transform.     x̄ = c ihfft(ȳ).")
hfft = _along_axis(_scipy.hfft, _hfftn, "Return the transform of a Hermitian signal, given by half.     x̄ = c rfft(ȳ).")
ihfft = _along_axis(_scipy.ihfft, _ihfftn, "Return the inverse of `hfft`, half of it.     x̄ = irfft(ȳ/c).")
fftn = _along_axes(_scipy.fftn, _fftn, "Return the transform along axes, all by default.     x̄ = fftn(ȳ).")
ifftn = _along_axes(_scipy.ifftn, _ifftn, "Return the inverse transform along axes, all by default.     x̄ = ifftn(ȳ).")
rfftn = _along_axes(_scipy.rfftn, _rfftn, "Return the transform of real numbers, half of it.     x̄ = hfftn(ȳ/c).")
irfftn = _along_axes(_scipy.irfftn, _irfftn, "Return real numbers of half their transform.     x̄ = c ihfftn(ȳ).")
hfftn = _along_axes(
    _scipy.hfftn, _hfftn, "Return the transform of a Hermitian signal, given by half.     x̄ = c rfftn(ȳ)."
)
ihfftn = _along_axes(_scipy.ihfftn, _ihfftn, "Return the inverse of `hfftn`, half of it.     x̄ = irfftn(ȳ/c).")
fft2, ifft2 = _along_two(_scipy.fft2, fftn), _along_two(_scipy.ifft2, ifftn)
rfft2, irfft2 = _along_two(_scipy.rfft2, rfftn), _along_two(_scipy.irfft2, irfftn)
hfft2, ihfft2 = _along_two(_scipy.hfft2, hfftn), _along_two(_scipy.ihfft2, ihfftn)


def fftshift(x: Any, axes: Numbers = None) -> Any:
    """Put the frequency 0 in the middle of axes, all by default.     x̄ = ȳ, shifted back."""
    return of_numpy.fftshift(x, axes)


def ifftshift(x: Any, axes: Numbers = None) -> Any:
    """Put the frequency 0 from the middle of axes, all by default, in front.     x̄ = ȳ, shifted back."""
    return of_numpy.ifftshift(x, axes)
