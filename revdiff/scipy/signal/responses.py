"""Transfer functions: their values at frequencies, their zeros and poles, and what substitutions make of them.

Imports rules of polynomials and of NumPy's functions. A transfer function is b(s)/a(s), or k Π (s - z)/Π (s - p), or a
product of sections of order 2.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.signal

from revdiff.core.revdiff import primal, shape_of
from revdiff.rules.complex import conjugate
from revdiff.rules.shape import astype, gather
from revdiff.scipy._namesakes import namesake

_TURN = 2 * np.pi


@namesake(scipy.signal.freqz)
def freqz(
    b: Any, a: Any, worN: Any, /, whole: bool = False, fs: Any = _TURN, include_nyquist: bool = False  # noqa: N803 (SciPy's name)
) -> tuple[Any, Any]:  # fmt: skip
    """Return frequencies w, and the response h = Σ bₖ zᵏ/Σ aₖ zᵏ of a digital filter to them, z = exp(-i w).

    ``worN`` is a number of frequencies, or the frequencies themselves, by which h has derivatives too.

    >>> from revdiff import grad
    >>> grad(lambda b: np.abs(freqz(b, worN=[0.0])[1][0]))(np.array([1.0, 1.0]))
    array([1., 1.])
    """
    b, a = np.atleast_1d(b), np.atleast_1d(1.0 if a is None else a)
    w, frequencies = _on_circle(worN, whole, fs, include_nyquist)
    w = w.astype(np.result_type(primal(b).real, primal(a).real, np.float32)) if type(w) is np.ndarray else w
    z = np.exp(-1j * w)
    return frequencies, _at(b, z) / _at(a, z)


def _on_circle(w: Any, whole: bool, fs: Any, include_nyquist: bool = False) -> tuple[Any, Any]:
    """Return angular frequencies per sample, and the same in the unit of fs."""
    count = _count(w, 512)
    if count is None:
        w = np.atleast_1d(w)
        return w * (_TURN / fs), w
    w = np.linspace(0, _TURN if whole else np.pi, count, endpoint=include_nyquist and not whole)
    return w, w * (fs / _TURN)


def _count(w: Any, usual: int) -> int | None:
    """Return how many frequencies are asked for, and None where it is these that are given."""
    w = usual if w is None else primal(w)
    return int(w) if np.ndim(w) == 0 and isinstance(w, int | np.integer) else None


def _at(c: Any, z: Any) -> Any:
    """Return Σ cₖ zᵏ over the first axis of c."""
    total = c[-1]
    for k in range(shape_of(c)[0] - 2, -1, -1):
        total = total * z + c[k]
    return total + 0 * z


@namesake(scipy.signal.freqz_zpk)
def freqz_zpk(z: Any, p: Any, k: Any, worN: Any, /, whole: bool = False, fs: Any = _TURN) -> tuple[Any, Any]:  # noqa: N803
    """Return frequencies, and the response k Π (x - z)/Π (x - p) at x = exp(i w)."""
    w, frequencies = _on_circle(worN, whole, fs)
    return frequencies, _at_roots(z, p, k, np.exp(1j * w))


@namesake(scipy.signal.freqs_zpk)
def freqs_zpk(z: Any, p: Any, k: Any, worN: Any, /) -> tuple[Any, Any]:  # noqa: N803
    """Return angular frequencies, and the response k Π (x - z)/Π (x - p) of an analog filter at x = i w."""
    w = _chosen_frequencies(worN, primal(z), primal(p), "zp")
    return w, _at_roots(z, p, k, 1j * w)


def _at_roots(z: Any, p: Any, k: Any, x: Any) -> Any:
    return k * np.prod(x[..., None] - z, axis=-1) / np.prod(x[..., None] - p, axis=-1)


@namesake(scipy.signal.freqs)
def freqs(b: Any, a: Any, worN: Any, /) -> tuple[Any, Any]:  # noqa: N803
    """Return angular frequencies, and the response b(i w)/a(i w) of an analog filter."""
    w = _chosen_frequencies(worN, primal(b), primal(a), "ba")
    return w, np.polyval(b, 1j * w) / np.polyval(a, 1j * w)


def _chosen_frequencies(w: Any, above: Any, below: Any, kind: str) -> Any:
    count = _count(w, 200)
    return np.atleast_1d(w) if count is None else scipy.signal.findfreqs(above, below, count, kind=kind)


@namesake(getattr(scipy.signal, "freqz_sos", None))  # since SciPy 1.15
def freqz_sos(sos: Any, worN: Any, /, whole: bool = False, fs: Any = _TURN) -> tuple[Any, Any]:  # noqa: N803
    """Return frequencies, and the product of the responses of sections."""
    frequencies, h = None, 1.0
    for i in range(shape_of(sos)[0]):
        frequencies, factor = freqz(sos[i, :3], sos[i, 3:], worN, whole=whole, fs=fs)
        h = h * factor
    return frequencies, h


@namesake(scipy.signal.group_delay, nested="system")
def group_delay(system: Any, w: Any, /, whole: bool = False, fs: Any = _TURN) -> tuple[Any, Any]:
    """Return frequencies, and -dφ/dw of the phase φ of the response of a digital filter (b, a)."""
    b, a = (np.atleast_1d(gather(c)) for c in system)
    w, frequencies = _on_circle(w, whole, fs)
    c = np.convolve(b, conjugate(a[::-1]))
    n, z = shape_of(c)[0], np.exp(-1j * w)
    return frequencies, np.real(_at(c * np.arange(n), z) / _at(c, z)) - shape_of(a)[0] + 1


@namesake(scipy.signal.normalize)
def normalize(b: Any, a: Any, /) -> tuple[Any, Any]:
    """Return b/a₀ and a/a₀, without leading zeros."""
    a, b = trimmed(a), np.atleast_1d(b)
    is_used = np.any(np.abs(primal(b) / primal(a)[0]) > 1e-14, axis=tuple(range(np.ndim(primal(b)) - 1)))
    first = int(np.argmax(is_used)) if np.any(is_used) else len(is_used) - 1
    return b[..., first:] / a[0], a / a[0]


def _substituted(b: Any, a: Any, above: Any, below: Any) -> tuple[Any, Any]:
    """Return b(s)/a(s) for s = above/below, a ratio of polynomials, as a ratio of polynomials."""
    b, a = np.atleast_1d(b) + 0.0, np.atleast_1d(a) + 0.0
    order = max(shape_of(b)[0], shape_of(a)[0]) - 1
    powers_above, powers_below = _powers(above, order), _powers(below, order)

    def of(c: Any) -> Any:
        terms = [np.convolve(powers_above[i], powers_below[order - i]) for i in range(shape_of(c)[0])]
        length = max(shape_of(term)[0] for term in terms)
        padded = [np.pad(term, (length - shape_of(term)[0], 0)) for term in terms]
        return sum(c[-1 - i] * term for i, term in enumerate(padded))

    return normalize(of(b), of(a))  # type: ignore[no-any-return]


def _powers(p: Any, order: int) -> list[Any]:
    powers = [np.ones(1)]
    for _ in range(order):
        powers.append(np.convolve(powers[-1], p))
    return powers


@namesake(scipy.signal.bilinear)
def bilinear(b: Any, a: Any, fs: Any, /) -> tuple[Any, Any]:
    """Return the digital filter with s = 2 fs (z - 1)/(z + 1)."""
    return _substituted(trimmed(b), trimmed(a), 2.0 * fs * np.array([1.0, -1.0]), np.ones(2))


def trimmed(c: Any) -> Any:
    """Return coefficients as a vector without leading zeros."""
    c = np.atleast_1d(c)
    return c[int(np.argmax(primal(c) != 0)) :]


@namesake(scipy.signal.lp2lp)
def lp2lp(b: Any, a: Any, wo: Any, /) -> tuple[Any, Any]:
    """Return the low-pass filter of another cutoff frequency: s ↦ s/w₀."""
    return _substituted(b, a, np.array([1.0, 0.0]), np.reshape(wo, 1))


@namesake(scipy.signal.lp2hp)
def lp2hp(b: Any, a: Any, wo: Any, /) -> tuple[Any, Any]:
    """Return a high-pass filter: s ↦ w₀/s."""
    return _substituted(b, a, np.reshape(wo, 1), np.array([1.0, 0.0]))


@namesake(scipy.signal.lp2bp)
def lp2bp(b: Any, a: Any, wo: Any, bw: Any, /) -> tuple[Any, Any]:
    """Return a band-pass filter: s ↦ (s² + w₀²)/(s bw)."""
    return _substituted(b, a, _squared_plus(wo), np.array([1.0, 0.0]) * bw)


@namesake(scipy.signal.lp2bs)
def lp2bs(b: Any, a: Any, wo: Any, bw: Any, /) -> tuple[Any, Any]:
    """Return a band-stop filter: s ↦ s bw/(s² + w₀²)."""
    return _substituted(b, a, np.array([1.0, 0.0]) * bw, _squared_plus(wo))


def _squared_plus(wo: Any) -> Any:
    return np.array([1.0, 0.0, 0.0]) + np.array([0.0, 0.0, 1.0]) * wo**2


@namesake(scipy.signal.bilinear_zpk)
def bilinear_zpk(z: Any, p: Any, k: Any, fs: Any, /) -> tuple[Any, Any, Any]:
    """Return zeros, poles and gain of the digital filter with s = 2 fs (z - 1)/(z + 1)."""
    z, p, degree = _roots(z, p)
    double = 2.0 * fs
    gain = k * np.real(np.prod(double - z) / np.prod(double - p))
    zeros = _and_more((double + z) / (double - z), -np.ones(degree))
    return zeros, (double + p) / (double - p), gain


def _roots(z: Any, p: Any) -> tuple[Any, Any, int]:
    """Return zeros and poles as vectors, and how many more poles there are."""
    z, p = np.atleast_1d(z), np.atleast_1d(p)
    degree = shape_of(p)[0] - shape_of(z)[0]
    if degree < 0:
        msg = "Improper transfer function. Must have at least as many poles as zeros."
        raise ValueError(msg)
    return z, p, degree


def _and_more(roots: Any, more: Any) -> Any:
    return np.concatenate([roots, more]) if np.size(primal(more)) else roots


@namesake(scipy.signal.lp2lp_zpk)
def lp2lp_zpk(z: Any, p: Any, k: Any, wo: Any, /) -> tuple[Any, Any, Any]:
    """Return zeros, poles and gain of the low-pass filter of another cutoff frequency: s ↦ s/w₀."""
    z, p, degree = _roots(z, p)
    return wo * z, wo * p, k * wo**degree


@namesake(scipy.signal.lp2hp_zpk)
def lp2hp_zpk(z: Any, p: Any, k: Any, wo: Any, /) -> tuple[Any, Any, Any]:
    """Return zeros, poles and gain of a high-pass filter: s ↦ w₀/s."""
    z, p, degree = _roots(z, p)
    return _and_more(wo / z, np.zeros(degree)), wo / p, k * np.real(np.prod(-z) / np.prod(-p))


@namesake(scipy.signal.lp2bp_zpk)
def lp2bp_zpk(z: Any, p: Any, k: Any, wo: Any, bw: Any, /) -> tuple[Any, Any, Any]:
    """Return zeros, poles and gain of a band-pass filter: s ↦ (s² + w₀²)/(s bw)."""
    z, p, degree = _roots(z, p)
    return _and_more(_pairs(z * bw / 2, wo), np.zeros(degree)), _pairs(p * bw / 2, wo), k * bw**degree


@namesake(scipy.signal.lp2bs_zpk)
def lp2bs_zpk(z: Any, p: Any, k: Any, wo: Any, bw: Any, /) -> tuple[Any, Any, Any]:
    """Return zeros, poles and gain of a band-stop filter: s ↦ s bw/(s² + w₀²)."""
    z, p, degree = _roots(z, p)
    turned = np.concatenate([np.full(degree, 1j), np.full(degree, -1j)])
    zeros = _and_more(_pairs(bw / 2 / z, wo), turned * wo if degree else turned)
    return zeros, _pairs(bw / 2 / p, wo), k * np.real(np.prod(-z) / np.prod(-p))


def _pairs(middle: Any, wo: Any) -> Any:
    """Return m ± √(m² - w₀²), complex."""
    middle = middle + 0j if np.isrealobj(primal(middle)) else middle
    root = np.sqrt(middle**2 - wo**2)
    return np.concatenate([middle + root, middle - root])


@namesake(scipy.signal.zpk2tf)
def zpk2tf(z: Any, p: Any, k: Any, /) -> tuple[Any, Any]:
    """Return the coefficients of k Π (s - z) and Π (s - p)."""
    return k * np.atleast_1d(np.poly(z)), np.atleast_1d(np.poly(p))


@namesake(scipy.signal.tf2zpk)
def tf2zpk(b: Any, a: Any, /) -> tuple[Any, Any, Any]:
    """Return the zeros, poles and gain of b/a."""
    b, a = normalize(b, a)
    return np.roots(b), np.roots(a), b[0]


@namesake(scipy.signal.sos2tf)
def sos2tf(sos: Any, /) -> tuple[Any, Any]:
    """Return the coefficients of the product of sections."""
    b, a = np.ones(1), np.ones(1)
    for i in range(shape_of(sos)[0]):
        b, a = np.convolve(b, sos[i, :3]), np.convolve(a, sos[i, 3:])
    return b, a


@namesake(scipy.signal.sos2zpk)
def sos2zpk(sos: Any, /) -> tuple[Any, Any, Any]:
    """Return the zeros, poles and gain of the product of sections, two of each for each section."""
    zeros, poles, gain = [], [], 1.0
    for i in range(shape_of(sos)[0]):
        z, p, k = tf2zpk(sos[i, :3], sos[i, 3:])
        zeros.append(_two(z))
        poles.append(_two(p))
        gain = gain * k
    return np.concatenate(zeros), np.concatenate(poles), gain


def _two(roots: Any) -> Any:
    padded = np.pad(roots, (0, 2 - shape_of(roots)[0]))
    return astype(padded, np.complex128) if padded is not primal(padded) else padded.astype(np.complex128)
