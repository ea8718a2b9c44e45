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
from revdiff.scipy._namesakes import named, namesake

Numbers = int | Sequence[int] | None

_BACK = {"fft": "fft", "ifft": "ifft", "rfft": "hfft", "ihfft": "irfft", "hfft": "rfft", "irfft": "ihfft"}
"""The transform that the cotangents of each go back by, but for factors where it is to half a spectrum, or of one."""

_WHERE = {
    "": (-1, "along an axis"),
    "2": ((-2, -1), "along two axes, the last by default"),
    "n": (None, "along axes, all by default"),
}
"""The axes by default of functions whose names end so."""


def _linear(name: str) -> Callable[..., Any]:
    """Make the rule of a Fourier transform along axes."""
    of_scipy, to_half, of_half = getattr(_scipy, f"{name}n"), name in ("rfft", "ihfft"), name in ("hfft", "irfft")

    def transform(x: Any, /, s: Any, axes: Any, norm: Any, workers: Any, plan: Any = None) -> tuple[Any, Any]:
        function = transformed if type(x) is RevDiff else of_scipy
        y = function(x, s, axes, norm, workers=workers, plan=plan)
        lengths = [shape_of(x)[axis] for axis in axes]

        def x_pullback(y_bar: Any) -> Any:
            back = _RULES[_BACK[name]]
            if to_half:
                return back(y_bar / multiplicities(y_bar, lengths[-1], axes[-1]), lengths, axes, norm, workers)
            x_bar = back(y_bar, None, axes, norm, workers)
            return x_bar * multiplicities(x_bar, shape_of(y_bar)[axes[-1]], axes[-1]) if of_half else x_bar

        return y, x_pullback

    transform.__name__ = of_scipy.__name__  # in errors
    transformed = rule(linear=True)(transform)
    return transformed


_RULES = {name: _linear(name) for name in _BACK}


def resized(x: Any, s: Any, axes: Any, of_half: bool = False) -> tuple[Any, Any, list[int]]:
    """Return x cut and filled up to the lengths along axes, of half a spectrum to half of the last; the lengths, the axes."""
    along: list[Any] = places(x, _listed(s), _listed(axes))
    lengths, axes = [n for n, _ in along], [axis for _, axis in along]
    cut = [*lengths[:-1], lengths[-1] // 2 + 1] if of_half and s is not None else lengths
    for n, axis in zip(cut, axes, strict=True):
        x = of_length(x, n, axis)
    return x, None if s is None else lengths, axes


def _listed(numbers: Numbers) -> list[int] | None:
    return None if numbers is None else np.atleast_1d(numbers).tolist()


def along_axes(name: str, end: str, transform: Callable[..., Any], says: str) -> Callable[..., Any]:
    """Make the public function of SciPy's name and signature from one that is given lengths and axes in one form."""
    axes, where = _WHERE[end]
    of_scipy = getattr(_scipy, name + end)

    def along(x: Any, /, **how: Any) -> Any:
        s, its_axes = how.pop("n", how.pop("s", None)), how.pop("axis", how.pop("axes", axes))
        return transform(x, s, its_axes, **how)

    along.__module__ = "revdiff.scipy.fft"
    return namesake(of_scipy)(named(along, name + end, says.format(where=where, end=end)))


def _transforms(name: str, says: str) -> list[Any]:
    """Make the functions of a transform along one axis, two and several."""
    transformed, of_half = _RULES[name], name in ("hfft", "irfft")

    def transform(x: Any, s: Any, axes: Any, norm: Any = None, workers: Any = None, plan: Any = None) -> Any:
        return transformed(*resized(x, s, axes, of_half), norm, workers, plan)

    return [along_axes(name, end, transform, says) for end in _WHERE]


fft, fft2, fftn = _transforms("fft", "Return the transform {where}.     x̄ = fft{end}(ȳ).")
ifft, ifft2, ifftn = _transforms("ifft", "Return the inverse transform {where}.     x̄ = ifft{end}(ȳ).")
rfft, rfft2, rfftn = _transforms(
    "rfft", "Return half of the transform of real numbers {where}.     x̄ = hfft{end}(ȳ/c)."
)
irfft, irfft2, irfftn = _transforms(
    "irfft", "Return real numbers of half their transform {where}.     x̄ = c ihfft{end}(ȳ)."
)
hfft, hfft2, hfftn = _transforms(
    "hfft", "Return the transform of a Hermitian signal, given by half, {where}.     x̄ = c rfft{end}(ȳ)."
)
ihfft, ihfft2, ihfftn = _transforms(
    "ihfft", "Return the inverse of `hfft{end}`, half of it, {where}.     x̄ = irfft{end}(ȳ/c)."
)


def fftshift(x: Any, axes: Numbers = None) -> Any:
    """Put the frequency 0 in the middle of axes, all by default.     x̄ = ȳ, shifted back."""
    return of_numpy.fftshift(x, axes)


def ifftshift(x: Any, axes: Numbers = None) -> Any:
    """Put the frequency 0 from the middle of axes, all by default, in front.     x̄ = ȳ, shifted back."""
    return of_numpy.ifftshift(x, axes)
