"""Signals seen otherwise, by linear maps: analytic signals, resampling, the transform along a spiral and of a band.

Imports rules of arrays and of NumPy's functions, transforms among them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.signal

from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.functions.of_arrays import rule
from revdiff.rules.fft import multiplicities
from revdiff.scipy._namesakes import namesake
from revdiff.scipy.signal.filters import precision_of


@namesake(scipy.signal.hilbert)
def hilbert(x: Any, /, N: Any = None, axis: int = -1) -> Any:  # noqa: N803 (SciPy's name)
    """Return the analytic signal x + i Hx: the spectrum without its negative frequencies, doubled.

    >>> from revdiff import grad
    >>> x = np.array([1.0, -2.0, 1.0])
    >>> grad(lambda x: np.sum(np.abs(hilbert(x)) ** 2))(x).round(6)      # Hx is as large as x
    array([ 4., -8.,  4.])
    """
    _require_real(x)
    n = shape_of(x)[axis] if N is None else N
    half = np.fft.rfft(np.moveaxis(x, axis, -1), n)
    return np.moveaxis(np.fft.ifft(half * multiplicities(half, n, -1), n), -1, axis)


def _require_real(x: Any) -> None:
    if np.iscomplexobj(primal(x)):
        msg = "x must be real."
        raise ValueError(msg)


@namesake(scipy.signal.hilbert2)
def hilbert2(x: Any, /, N: Any = None) -> Any:  # noqa: N803
    """Return the analytic signal of a matrix along both of its axes: its spectrum, multiplied by constants."""
    _require_real(x)
    shape = shape_of(x)[-2:] if N is None else tuple(np.broadcast_to(N, 2))
    impulse = np.zeros(shape)
    impulse[0, 0] = 1  # whose spectrum is 1 everywhere
    weights = np.fft.fft2(scipy.signal.hilbert2(impulse)).real
    spectrum = np.fft.fft2(x, shape)
    return np.fft.ifft2(spectrum * weights.astype(precision_of(spectrum)))


@namesake(scipy.signal.resample)
def resample(x: Any, /, num: int, t: Any = None, axis: int = 0, window: Any = None, domain: str = "time") -> Any:
    """Return ``num`` elements of the periodic function through x, by its spectrum, cut or filled up: linear in x.

    A frequency of half the smaller rate has no partner: cutting adds the two that become one, filling halves it.
    """
    n = shape_of(x)[axis]
    spectrum = np.moveaxis(x, axis, -1) if domain == "freq" else np.fft.fft(np.moveaxis(x, axis, -1))
    if window is not None:
        impulse = np.where(np.arange(n) == 0, 1 + 0j, 0)
        spectrum = spectrum * np.fft.fft(scipy.signal.resample(impulse, n, window=window))
    frequency = np.fft.fftfreq(num, 1 / num).round().astype(int)
    distance, shorter = 2 * abs(frequency), min(n, num)
    new = spectrum[..., frequency % n] * (distance <= shorter)
    if n != num and shorter % 2 == 0:
        mirrored = spectrum[..., -frequency % n] if num < n else -new / 2
        new = new + mirrored * (distance == shorter)
    y = np.moveaxis(np.fft.ifft(new) * (num / n), -1, axis)
    y = np.real(y) if domain == "time" and not np.iscomplexobj(primal(x)) else y
    return y if t is None else (y, t[0] + (t[1] - t[0]) * n / num * np.arange(num))


@namesake(scipy.signal.czt)
def czt(x: Any, /, m: Any = None, w: Any = None, a: Any = 1 + 0j, axis: int = -1) -> Any:
    """Return Σ xₙ zₖ⁻ⁿ at the points zₖ = a w⁻ᵏ of a spiral.     x̄ₙ = a⁻ⁿ Σ ȳₖ wᵏⁿ, a transform of the same kind."""
    x = np.moveaxis(x, axis, -1)
    count = shape_of(x)[-1] if m is None else int(m)
    return np.moveaxis(_czt(x, m=count, w=np.exp(-2j * np.pi / count) if w is None else w, a=a), -1, axis)


@rule(linear=True)
def _czt(x: Any, /, m: int, w: Any, a: Any) -> Any:
    n = shape_of(x)[-1]

    def czt_pullback(y_bar: Any) -> Any:
        return _czt(y_bar, m=n, w=w, a=1 + 0j) * (1.0 * a) ** -np.arange(n)

    return (scipy.signal.czt(x, m, w, a) if type(x) is not RevDiff else _czt(x, m=m, w=w, a=a)), czt_pullback


@namesake(scipy.signal.czt_points)
def czt_points(w: Any, a: Any, /, m: int) -> Any:
    """Return the points a w⁻ᵏ of a spiral."""
    k = np.arange(m)
    return a * (np.exp(2j * np.pi * k / m) if w is None else (1.0 * w) ** -k)


@namesake(scipy.signal.zoom_fft)
def zoom_fft(x: Any, /, fn: Any, m: Any = None, fs: Any = 2, endpoint: bool = False, axis: int = -1) -> Any:
    """Return the Fourier transform at m frequencies of a band."""
    low, high = (0.0, *np.atleast_1d(fn))[-2:]
    count = shape_of(x)[axis] if m is None else int(m)
    step = (high - low) / (count - 1 if endpoint else count)
    return czt(x, count, np.exp(-2j * np.pi * step / fs), np.exp(2j * np.pi * low / fs), axis=axis)
