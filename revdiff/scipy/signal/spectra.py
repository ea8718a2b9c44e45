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
from revdiff.rules.indexing import add_at
from revdiff.scipy._namesakes import namesake
from revdiff.scipy.signal.filters import detrend as detrended
from revdiff.scipy.signal.filters import precision_of


@namesake(scipy.signal.welch)
def welch(
    x: Any,
    /,
    fs: Any = 1.0,
    window: Any = "hann",
    nperseg: Any = None,
    noverlap: Any = None,
    nfft: Any = None,
    detrend: Any = "constant",
    return_onesided: bool = True,
    scaling: str = "density",
    axis: int = -1,
    average: str = "mean",
) -> tuple[Any, Any]:
    """Return frequencies, and the mean power at each of them over overlapping segments of x."""
    frequencies, power = csd(
        x, x, fs, window, nperseg, noverlap, nfft, detrend, return_onesided, scaling, axis, average
    )
    return frequencies, np.real(power)


@namesake(scipy.signal.periodogram)
def periodogram(
    x: Any,
    /,
    fs: Any = 1.0,
    window: Any = "boxcar",
    nfft: Any = None,
    detrend: Any = "constant",
    return_onesided: bool = True,
    scaling: str = "density",
    axis: int = -1,
) -> tuple[Any, Any]:
    """Return frequencies, and the power of x at each of them."""
    n = shape_of(x)[axis]
    if nfft is not None and nfft < n:
        x = np.moveaxis(np.moveaxis(x, axis, -1)[..., :nfft], -1, axis)
        n, nfft = nfft, None
    window = "boxcar" if window is None else window
    return welch(x, fs, window, n, 0, nfft, detrend, return_onesided, scaling, axis)  # type: ignore[no-any-return]


@namesake(scipy.signal.csd)
def csd(
    x: Any,
    y: Any,
    /,
    fs: Any = 1.0,
    window: Any = "hann",
    nperseg: Any = None,
    noverlap: Any = None,
    nfft: Any = None,
    detrend: Any = "constant",
    return_onesided: bool = True,
    scaling: str = "density",
    axis: int = -1,
    average: str = "mean",
) -> tuple[Any, Any]:
    """Return frequencies, and the mean of conj(X) Y of the spectra of x and y over overlapping segments."""
    x, y = np.moveaxis(x, axis, -1), np.moveaxis(y, axis, -1)
    n = max(shape_of(x)[-1], shape_of(y)[-1])
    x, y = (np.pad(u, [(0, 0)] * (len(shape_of(u)) - 1) + [(0, n - shape_of(u)[-1])]) for u in (x, y))
    how = _Segments(n, window, nperseg, noverlap, nfft, fs, scaling)
    one_sided = return_onesided and not np.iscomplexobj(primal(x)) and not np.iscomplexobj(primal(y))
    left = how.spectra(x, detrend, one_sided)
    power = conjugate(left) * (left if y is x else how.spectra(y, detrend, one_sided)) * how.scale
    power = power * how.doubled(one_sided, power)
    power = np.median(np.real(power), axis=-2) if average == "median" else np.mean(power, axis=-2)
    if average == "median":
        power = power / _bias_of_median(how.count) + 0j
    return how.frequencies(one_sided), np.moveaxis(power, -1, axis)


def _bias_of_median(n: int) -> float:
    """Return the ratio of median and mean of n powers of noise."""
    twice = 2 * np.arange(1.0, (n - 1) // 2 + 1)
    return float(1 + np.sum(1 / (twice + 1) - 1 / twice))


@namesake(scipy.signal.coherence)
def coherence(
    x: Any,
    y: Any,
    /,
    fs: Any = 1.0,
    window: Any = "hann",
    nperseg: Any = None,
    noverlap: Any = None,
    nfft: Any = None,
    detrend: Any = "constant",
    axis: int = -1,
) -> tuple[Any, Any]:
    """Return frequencies, and |P_xy|²/(P_xx P_yy) of the power spectra of `csd`."""
    how = {"fs": fs, "window": window, "nperseg": nperseg, "noverlap": noverlap, "nfft": nfft}
    how |= {"detrend": detrend, "axis": axis}
    frequencies, of_x = welch(x, **how)
    _, of_y = welch(y, **how)
    _, of_both = csd(x, y, **how)
    return frequencies, np.abs(of_both) ** 2 / of_x / of_y


@namesake(scipy.signal.stft)
def stft(
    x: Any,
    /,
    fs: Any = 1.0,
    window: Any = "hann",
    nperseg: Any = 256,
    noverlap: Any = None,
    nfft: Any = None,
    detrend: Any = False,
    return_onesided: bool = True,
    boundary: Any = "zeros",
    padded: bool = True,
    axis: int = -1,
    scaling: str = "spectrum",
) -> tuple[Any, Any, Any]:
    """Return frequencies, times, and the Fourier transforms of overlapping segments of x."""
    x = np.moveaxis(x, axis, -1)
    how = _Segments(shape_of(x)[-1], window, nperseg, noverlap, nfft, fs, "density" if scaling == "psd" else scaling)
    wide = [(0, 0)] * (len(shape_of(x)) - 1)
    if boundary is not None:
        x = np.pad(x, [*wide, (how.length // 2, how.length // 2)], **_BOUNDARIES[boundary])
    if padded:
        missing = -(shape_of(x)[-1] - how.length) % how.step % how.length
        x = np.pad(x, [*wide, (0, missing)])
    one_sided = return_onesided and not np.iscomplexobj(primal(x))
    spectra = how.spectra(x, detrend, one_sided) * how.scale**0.5
    times = how.times(shape_of(x)[-1]) - (0 if boundary is None else how.length / 2 / fs)
    return how.frequencies(one_sided), times, _placed(spectra, axis)


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
    x: Any,
    /,
    fs: Any = 1.0,
    window: Any = ("tukey", 0.25),
    nperseg: Any = None,
    noverlap: Any = None,
    nfft: Any = None,
    detrend: Any = "constant",
    return_onesided: bool = True,
    scaling: str = "density",
    axis: int = -1,
    mode: str = "psd",
) -> tuple[Any, Any, Any]:
    """Return frequencies, times, and the powers of overlapping segments of x, or their spectra: what ``mode`` says."""
    x = np.moveaxis(x, axis, -1)
    nperseg = _Segments(shape_of(x)[-1], window, nperseg, 0, None, 1.0, scaling).length
    how = _Segments(shape_of(x)[-1], window, nperseg, nperseg // 8 if noverlap is None else noverlap, nfft, fs, scaling)
    one_sided = return_onesided and not np.iscomplexobj(primal(x))
    spectra = how.spectra(x, detrend, one_sided)
    if mode == "psd":
        result = np.real(conjugate(spectra) * spectra) * how.scale * how.doubled(one_sided, spectra)
    else:
        result = spectra * how.scale**0.5
        if mode == "magnitude":
            result = np.abs(result)
        elif mode in ("angle", "phase"):
            result = np.angle(result)
    result = _placed(result, axis)
    if mode == "phase":
        result = np.unwrap(result, axis=axis - 1 if axis < 0 else axis)
    return how.frequencies(one_sided), how.times(shape_of(x)[-1]), result


class _Segments:
    """Where overlapping segments of a signal lie, and by what they are multiplied: constants."""

    def __init__(self, n: int, window: Any, nperseg: Any, noverlap: Any, nfft: Any, fs: Any, scaling: str) -> None:
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
        self.scale = 1 / (fs * energy) if scaling == "density" else 1 / total

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
        if not one_sided:
            return 1
        weights = np.full(self.nfft // 2 + 1, 2, primal(like).real.dtype)
        weights[0] = 1
        if self.nfft % 2 == 0:
            weights[-1] = 1
        return weights

    def times(self, n: int) -> Any:
        """Return the times of the middles of the segments."""
        return np.arange(self.length / 2, n - self.length / 2 + 1, self.step) / float(self.fs)


@namesake(scipy.signal.istft)
def istft(
    zxx: Any,
    /,
    fs: Any = 1.0,
    window: Any = "hann",
    nperseg: Any = None,
    noverlap: Any = None,
    nfft: Any = None,
    input_onesided: bool = True,
    boundary: bool = True,
    time_axis: int = -1,
    freq_axis: int = -2,
    scaling: str = "spectrum",
) -> tuple[Any, Any]:
    """Return times, and the signal whose segments have these transforms: their overlapping sum over that of the windows."""
    spectra = np.moveaxis(zxx, (time_axis, freq_axis), (-2, -1))
    count, bins = shape_of(spectra)[-2:]
    whole = 2 * (bins - 1) if input_onesided else bins
    length = whole if nperseg is None else int(nperseg)
    size = (length + 1 if input_onesided and length == whole + 1 else whole) if nfft is None else int(nfft)
    how = _Segments(length, window, length, noverlap, size, fs, "density" if scaling == "psd" else scaling)
    pieces = (np.fft.irfft if input_onesided else np.fft.ifft)(spectra, size)[..., :length]
    n = length + (count - 1) * how.step
    places = how.step * np.arange(count)[:, None] + np.arange(length)
    squares = np.bincount(places.ravel(), np.tile(how.window**2, count), n).astype(precision_of(pieces))
    summed = add_at(
        np.zeros((*shape_of(pieces)[:-2], n), primal(pieces).dtype),
        (..., places),
        pieces * how.window.astype(precision_of(pieces)) / how.scale**0.5,
    )
    cut = slice(length // 2, n - length // 2) if boundary else slice(None)
    x = summed[..., cut] / np.where(squares > 1e-10, squares, 1.0)[cut]
    first, last = sorted(axis % len(shape_of(zxx)) for axis in (time_axis, freq_axis))
    position = time_axis % len(shape_of(zxx)) - (freq_axis % len(shape_of(zxx)) < time_axis % len(shape_of(zxx)))
    return np.arange(shape_of(x)[-1]) / float(fs), np.moveaxis(x, -1, position) if last > first else x


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
