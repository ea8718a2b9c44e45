"""Spectra: the powers of a signal at its frequencies, and the transforms of its segments, one after the other.

Imports the rules of NumPy's functions, transforms among them, and filters. The transforms of segments
are linear in the signal, and the signal in them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.signal

from revdiff.core.revdiff import primal, shape_of
from revdiff.rules.complex import conjugate
from revdiff.rules.fft import multiplicities
from revdiff.rules.indexing import add_at
from revdiff.scipy._namesakes import namesake
from revdiff.scipy.signal.convolution import bordered
from revdiff.scipy.signal.filters import detrend as detrended
from revdiff.scipy.signal.filters import precision_of


@namesake(scipy.signal.welch)
def welch(x: Any, /, **how: Any) -> tuple[Any, Any]:
    """Return frequencies, and the mean power at each of them over overlapping segments of x."""
    frequencies, power = csd(x, x, **how)
    return frequencies, np.real(power)


@namesake(scipy.signal.periodogram)
def periodogram(x: Any, /, window: Any = None, nfft: Any = None, axis: int = -1, **how: Any) -> Any:
    """Return frequencies, and the power of x at each of them."""
    n = shape_of(x)[axis]
    if nfft is not None and nfft < n:
        x = np.moveaxis(np.moveaxis(x, axis, -1)[..., :nfft], -1, axis)
        n, nfft = nfft, None
    window = "boxcar" if window is None else window
    return welch(x, window=window, nperseg=n, noverlap=0, nfft=nfft, axis=axis, **how)


@namesake(scipy.signal.csd)
def csd(
    x: Any,
    y: Any,
    /,
    detrend: Any = "constant",
    return_onesided: bool = True,
    axis: int = -1,
    average: str = "mean",
    **how: Any,
) -> tuple[Any, Any]:
    """Return frequencies, and the mean of conj(X) Y of the spectra of x and y over overlapping segments."""
    of_one = y is x
    x, y = np.moveaxis(x, axis, -1), np.moveaxis(y, axis, -1)
    n = max(shape_of(x)[-1], shape_of(y)[-1])
    x, y = (bordered(u, 0, n - shape_of(u)[-1]) for u in (x, y))
    segments = _Segments(n, **how)
    one_sided = return_onesided and not np.iscomplexobj(primal(x)) and not np.iscomplexobj(primal(y))
    left = segments.spectra(x, detrend, one_sided)
    power = conjugate(left) * (left if of_one else segments.spectra(y, detrend, one_sided)) * segments.scale
    power = power * segments.doubled(one_sided, power)
    if average == "median":
        power = np.median(np.real(power), axis=-2) / _bias_of_median(segments.count) + 0j
    else:
        power = np.mean(power, axis=-2)
    return segments.frequencies(one_sided), np.moveaxis(power, -1, axis)


def _bias_of_median(n: int) -> float:
    """Return the ratio of median and mean of n powers of noise."""
    twice = 2 * np.arange(1.0, (n - 1) // 2 + 1)
    return float(1 + np.sum(1 / (twice + 1) - 1 / twice))


@namesake(scipy.signal.coherence)
def coherence(x: Any, y: Any, /, **how: Any) -> tuple[Any, Any]:
    """Return frequencies, and |P_xy|²/(P_xx P_yy) of the power spectra of `csd`."""
    frequencies, of_x = welch(x, **how)
    _, of_y = welch(y, **how)
    _, of_both = csd(x, y, **how)
    return frequencies, np.abs(of_both) ** 2 / of_x / of_y


@namesake(scipy.signal.stft)
def stft(
    x: Any, /, fs: Any = 1.0, nperseg: Any = 256, detrend: Any = False, return_onesided: bool = True,
    boundary: Any = "zeros", padded: bool = True, axis: int = -1, scaling: str = "spectrum", **how: Any,
) -> tuple[Any, Any, Any]:  # fmt: skip
    """Return frequencies, times, and the Fourier transforms of overlapping segments of x."""
    x = np.moveaxis(x, axis, -1)
    segments = _Segments(shape_of(x)[-1], fs=fs, nperseg=nperseg, scaling=scaling, **how)
    if boundary is not None:
        x = bordered(x, segments.length // 2, segments.length // 2, **_BOUNDARIES[boundary])
    if padded:
        x = bordered(x, 0, -(shape_of(x)[-1] - segments.length) % segments.step % segments.length)
    one_sided = return_onesided and not np.iscomplexobj(primal(x))
    spectra = segments.spectra(x, detrend, one_sided) * segments.scale**0.5
    times = segments.times(shape_of(x)[-1]) - (0 if boundary is None else segments.length / 2 / fs)
    return segments.frequencies(one_sided), times, _placed(spectra, axis)


def _placed(spectra: Any, axis: int) -> Any:
    """Return spectra with the times in the last axis, and the frequencies in the given one."""
    return np.moveaxis(np.moveaxis(spectra, -1, -2), -2, axis - 1 if axis < 0 else axis)


_BOUNDARIES: dict[str, dict[str, Any]] = {
    "zeros": {},
    "even": {"mode": "reflect"},
    "odd": {"mode": "reflect", "reflect_type": "odd"},
    "constant": {"mode": "edge"},
}


@namesake(scipy.signal.spectrogram)
def spectrogram(
    x: Any, /, window: Any = ("tukey", 0.25), nperseg: Any = None, noverlap: Any = None, detrend: Any = "constant",
    return_onesided: bool = True, axis: int = -1, mode: str = "psd", **how: Any,
) -> tuple[Any, Any, Any]:  # fmt: skip
    """Return frequencies, times, and the powers of overlapping segments of x, or their spectra: what ``mode`` says."""
    x = np.moveaxis(x, axis, -1)
    nperseg = _Segments(shape_of(x)[-1], window, nperseg, 0).length
    noverlap = nperseg // 8 if noverlap is None else noverlap
    segments = _Segments(shape_of(x)[-1], window, nperseg, noverlap, **how)
    one_sided = return_onesided and not np.iscomplexobj(primal(x))
    result = segments.spectra(x, detrend, one_sided)
    if mode == "psd":
        result = np.real(conjugate(result) * result) * segments.scale * segments.doubled(one_sided, result)
    else:
        result = result * segments.scale**0.5
        if mode == "magnitude":
            result = np.abs(result)
        elif mode in ("angle", "phase"):
            result = np.angle(result)
    result = _placed(result, axis)
    if mode == "phase":
        result = np.unwrap(result, axis=axis - 1 if axis < 0 else axis)
    return segments.frequencies(one_sided), segments.times(shape_of(x)[-1]), result


class _Segments:
    """Where overlapping segments of a signal lie, and by what they are multiplied: constants."""

    def __init__(
        self, n: int, window: Any = "hann", nperseg: Any = None, noverlap: Any = None, nfft: Any = None,
        fs: Any = 1.0, scaling: str = "density",
    ) -> None:  # fmt: skip
        by_name = isinstance(window, str | tuple)
        self.length = min(n, 256 if nperseg is None else int(nperseg)) if by_name else len(window)
        self.window = scipy.signal.get_window(window, self.length) if by_name else np.asarray(window)
        self.overlap = self.length // 2 if noverlap is None else int(noverlap)
        if self.overlap >= self.length:
            msg = "noverlap must be less than nperseg."
            raise ValueError(msg)
        self.step = self.length - self.overlap
        self.nfft = self.length if nfft is None else int(nfft)
        self.fs = fs
        self.count = (n - self.overlap) // self.step
        energy, total = float(np.sum(np.abs(self.window) ** 2)), abs(complex(np.sum(self.window))) ** 2
        self.scale = 1 / {"density": fs * energy, "psd": fs * energy, "spectrum": total}[scaling]

    def spectra(self, x: Any, detrend: Any, one_sided: bool) -> Any:
        """Return the transforms of the segments of x along its last axis, one after the other."""
        starts = np.arange(0, shape_of(x)[-1] - self.length + 1, self.step)
        pieces = x[..., starts[:, None] + np.arange(self.length)]
        if callable(detrend):
            pieces = detrend(pieces)
        elif detrend:
            pieces = detrended(pieces, type=detrend)
        pieces = pieces * self.window.astype(precision_of(x))
        return (np.fft.rfft if one_sided else np.fft.fft)(pieces, self.nfft)

    def frequencies(self, one_sided: bool) -> Any:
        """Return the frequencies of a spectrum."""
        return (np.fft.rfftfreq if one_sided else np.fft.fftfreq)(self.nfft, 1 / self.fs)

    def doubled(self, one_sided: bool, like: Any) -> Any:
        """Return 2 for the frequencies that stand for a pair, and 1 for the others, in the precision of spectra."""
        return multiplicities(like, self.nfft, -1) if one_sided else 1

    def times(self, n: int) -> Any:
        """Return the times of the middles of the segments."""
        return np.arange(self.length / 2, n - self.length / 2 + 1, self.step) / float(self.fs)


@namesake(scipy.signal.istft)
def istft(
    zxx: Any, /, fs: Any = 1.0, window: Any = "hann", nperseg: Any = None, noverlap: Any = None, nfft: Any = None,
    input_onesided: bool = True, boundary: bool = True, time_axis: int = -1, freq_axis: int = -2, scaling: str = "spectrum",
) -> tuple[Any, Any]:  # fmt: skip
    """Return times, and the signal whose segments have these transforms: their overlapping sum over that of the windows."""
    spectra = np.moveaxis(zxx, (time_axis, freq_axis), (-2, -1))
    count, bins = shape_of(spectra)[-2:]
    whole = 2 * (bins - 1) if input_onesided else bins
    length = whole if nperseg is None else int(nperseg)
    size = (length + 1 if input_onesided and length == whole + 1 else whole) if nfft is None else int(nfft)
    segments = _Segments(length, window, length, noverlap, size, fs, scaling)
    pieces = (np.fft.irfft if input_onesided else np.fft.ifft)(spectra, size)[..., :length]
    n = length + (count - 1) * segments.step
    places = segments.step * np.arange(count)[:, None] + np.arange(length)
    squares = np.bincount(places.ravel(), np.tile(segments.window**2, count), n).astype(precision_of(pieces))
    summed = add_at(
        np.zeros((*shape_of(pieces)[:-2], n), primal(pieces).dtype),
        (..., places),
        pieces * segments.window.astype(precision_of(pieces)) / segments.scale**0.5,
    )
    cut = slice(length // 2, n - length // 2) if boundary else slice(None)
    x = summed[..., cut] / np.where(squares > 1e-10, squares, 1.0)[cut]
    of_time, of_frequency = (axis % len(shape_of(zxx)) for axis in (time_axis, freq_axis))
    return np.arange(shape_of(x)[-1]) / float(fs), np.moveaxis(x, -1, of_time - (of_frequency < of_time))


@namesake(scipy.signal.lombscargle)
def lombscargle(x: Any, y: Any, freqs: Any, /) -> Any:
    """Return the power of y, known at the times x, at angular frequencies.

    With c and s the cosines and sines of ω (x - τ), and τ such that Σ c s = 0:  P = ((Σ y c)²/Σ c² + (Σ y s)²/Σ s²)/2.
    """
    angle = freqs[..., None] * x
    tau = np.arctan2(np.sum(np.sin(2 * angle), -1), np.sum(np.cos(2 * angle), -1)) / 2
    cosine, sine = np.cos(angle - tau[..., None]), np.sin(angle - tau[..., None])
    of_cosine = np.sum(y * cosine, -1) ** 2 / np.sum(cosine**2, -1)
    return (of_cosine + np.sum(y * sine, -1) ** 2 / np.sum(sine**2, -1)) / 2


@namesake(scipy.signal.vectorstrength)
def vectorstrength(events: Any, period: Any, /) -> tuple[Any, Any]:
    """Return the modulus and the angle of the mean of exp(2πi t/T) over events t, for each period T."""
    mean = np.mean(np.exp(2j * np.pi * events / np.atleast_1d(period)[:, None]), axis=1)
    mean = mean[0] if not shape_of(period) else mean
    return np.abs(mean), np.angle(mean)
