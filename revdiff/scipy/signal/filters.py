"""Linear filters: by difference equations, and by polynomials that are fitted locally.

Imports rules of arrays, and the convolutions of this package. A filter solves a ∗ y = b ∗ x for y. With g, what comes of
ȳ by the filter 1/a run backwards, that is a reversed ∗ g = ȳ,

    x̄ₙ = Σₖ bₖ gₙ₊ₖ,       b̄ₖ = Σₙ gₙ xₙ₋ₖ,       āₖ = -Σₙ gₙ yₙ₋ₖ.

So each pullback is a filter again.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import scipy.signal

from revdiff.core.revdiff import primal, shape_of
from revdiff.functions.of_arrays import rule
from revdiff.rules.shape import astype
from revdiff.scipy._namesakes import namesake
from revdiff.scipy.linalg.special_matrices import companion
from revdiff.scipy.signal.convolution import bordered, convolve, upfirdn
from revdiff.scipy.signal.responses import trimmed


@namesake(scipy.signal.lfilter)
def lfilter(b: Any, a: Any, x: Any, zi: Any, /, axis: int = -1) -> Any:
    """Return x filtered along an axis by a₀ yₙ = Σ bₖ xₙ₋ₖ - Σ aₖ yₙ₋ₖ; from the state zi, if given, and the last state.

    The state is a sum of what earlier elements add to the next ones, and so zi is added to b ∗ x.

    >>> from revdiff import grad
    >>> impulse = np.array([1.0, 0.0, 0.0, 0.0])
    >>> grad(lambda r: lfilter([1.0], [1.0, -r], impulse)[3])(2.0)       # of r³
    12.0
    """
    b, a = np.atleast_1d(b), np.atleast_1d(a)
    x = np.moveaxis(x, axis, -1)
    if zi is None:
        return np.moveaxis(_filtered(b, a, x), -1, axis)
    state = np.moveaxis(zi, axis, -1)
    n, order = shape_of(x)[-1], max(shape_of(a)[0], shape_of(b)[0]) - 1
    state = np.broadcast_to(state, (*shape_of(x)[:-1], order))
    y = _filtered(b, a, bordered(x, 0, order)) + _filtered(a[:1], a, bordered(state, 0, n))
    # What the filter still gives for zeros, multiplied by a once more, is the state that it was left in.
    tail = np.reshape(a / a[0], (*[1] * (len(shape_of(x)) - 1), -1))
    last = convolve(y[..., n:], tail, method="direct")[..., :order] if order else y[..., n:]
    return np.moveaxis(y[..., :n], -1, axis), np.moveaxis(last, -1, axis)


@rule()
def _filtered(b: Any, a: Any, x: Any, /) -> tuple[Any, ...]:
    y = lfilter(b, a, x)

    def backwards(numerator: Any, y_bar: Any) -> Any:
        return lfilter(numerator, a, y_bar[..., ::-1])[..., ::-1]

    def x_pullback(y_bar: Any) -> Any:
        return backwards(b, y_bar)

    def b_pullback(y_bar: Any) -> Any:
        return _lagged(backwards(np.ones(1), y_bar), x, shape_of(b)[0])

    def a_pullback(y_bar: Any) -> Any:
        return -_lagged(backwards(np.ones(1), y_bar), y, shape_of(a)[0])

    return y, b_pullback, a_pullback, x_pullback


def _lagged(g: Any, x: Any, count: int) -> Any:
    """Return Σₙ gₙ xₙ₋ₖ for each lag k < count, over all axes."""
    n = shape_of(x)[-1]
    return np.stack([np.sum(g[..., k:] * x[..., : max(n - k, 0)]) for k in range(count)])


@namesake(scipy.signal.lfilter_zi)
def lfilter_zi(b: Any, a: Any, /) -> Any:
    """Return the state in which a filter stays when its input is constantly 1."""
    b, a = np.atleast_1d(b), trimmed(a)
    b, a = b / a[0], a / a[0]
    n = max(shape_of(a)[0], shape_of(b)[0])
    b, a = (np.pad(c, (0, n - shape_of(c)[0])) for c in (b, a))
    return np.linalg.solve(np.eye(n - 1, dtype=primal(a).dtype) - np.transpose(companion(a)), b[1:] - a[1:] * b[0])


@namesake(scipy.signal.lfiltic)
def lfiltic(b: Any, a: Any, y: Any, x: Any, /) -> Any:
    """Return the state of a filter after the outputs y and the inputs x, the latest first; 0 before those."""
    b, a, y = (np.atleast_1d(c) for c in (b, a, y))
    m, n = shape_of(b)[0] - 1, shape_of(a)[0] - 1
    x = np.zeros(m) if x is None else np.atleast_1d(x)

    def added(coefficients: Any, past: Any, count: int) -> list[Any]:
        past = np.pad(past, (0, max(0, count - shape_of(past)[0])))
        sums = [np.sum(coefficients[k + 1 :] * past[: count - k]) for k in range(count)]
        return sums + [0.0] * (max(m, n) - count)

    if not max(m, n):
        return np.zeros(0)
    return (np.stack(added(b, x, m)) - np.stack(added(a, y, n))) / a[0]


@namesake(scipy.signal.filtfilt)
def filtfilt(b: Any, a: Any, x: Any, /, axis: int = -1, padtype: Any = "odd", padlen: Any = None) -> Any:
    """Return x filtered forwards and then backwards, from the steady state of what it was extended by on both sides."""
    b, a = (np.atleast_1d(c) * 1.0 for c in (b, a))
    edge, extended = _extended(np.moveaxis(x, axis, -1), padtype, padlen, max(shape_of(a)[0], shape_of(b)[0]))
    zi = lfilter_zi(b, a)
    y, _ = lfilter(b, a, extended, zi=zi * extended[..., :1])
    y, _ = lfilter(b, a, y[..., ::-1], zi=zi * y[..., -1:])
    return np.moveaxis(_without_edges(y[..., ::-1], edge), -1, axis)


def _extended(x: Any, padtype: Any, padlen: Any, taps: int) -> tuple[int, Any]:
    """Return x with a border of a length along its last axis, and the length."""
    edge = 0 if padtype is None else 3 * taps if padlen is None else int(padlen)
    if shape_of(x)[-1] <= edge:
        msg = f"The length of the input vector x must be greater than padlen, which is {edge}."
        raise ValueError(msg)
    modes: dict[Any, dict[str, Any]] = {
        "even": {"mode": "reflect"},
        "odd": {"mode": "reflect", "reflect_type": "odd"},
        "constant": {"mode": "edge"},
    }
    return edge, bordered(x, edge, edge, **modes[padtype]) if edge else x


def _without_edges(y: Any, edge: int) -> Any:
    return y[..., edge : shape_of(y)[-1] - edge]


@namesake(scipy.signal.sosfilt)
def sosfilt(sos: Any, x: Any, zi: Any, /, axis: int = -1) -> Any:
    """Return x filtered by sections of order 2, one after the other; row i of sos is b₀ b₁ b₂ a₀ a₁ a₂ of section i."""
    states = []
    for i in range(shape_of(sos)[0]):
        if zi is None:
            x = lfilter(sos[i, :3], sos[i, 3:], x, axis=axis)
        else:
            x, state = lfilter(sos[i, :3], sos[i, 3:], x, axis=axis, zi=zi[i])
            states.append(state)
    return x if zi is None else (x, np.stack(states))


@namesake(scipy.signal.sosfilt_zi)
def sosfilt_zi(sos: Any, /) -> Any:
    """Return the states in which sections stay when the input of the first is constantly 1."""
    states, scale = [], 1.0
    for i in range(shape_of(sos)[0]):
        b, a = sos[i, :3], sos[i, 3:]
        states.append(scale * lfilter_zi(b, a))
        scale = scale * np.sum(b) / np.sum(a)
    return np.stack(states)


@namesake(scipy.signal.sosfiltfilt)
def sosfiltfilt(sos: Any, x: Any, /, axis: int = -1, padtype: Any = "odd", padlen: Any = None) -> Any:
    """Return what `filtfilt` returns, by sections of order 2."""
    plain = primal(sos)
    taps = 2 * len(plain) + 1 - min(int(np.sum(plain[:, 2] == 0)), int(np.sum(plain[:, 5] == 0)))
    edge, extended = _extended(np.moveaxis(x, axis, -1), padtype, padlen, taps)
    zi = np.reshape(sosfilt_zi(sos), (len(plain), *[1] * (len(shape_of(x)) - 1), 2))
    y, _ = sosfilt(sos, extended, zi=zi * extended[..., :1])
    y, _ = sosfilt(sos, y[..., ::-1], zi=zi * y[..., -1:])
    return np.moveaxis(_without_edges(y[..., ::-1], edge), -1, axis)


@namesake(scipy.signal.deconvolve)
def deconvolve(signal: Any, divisor: Any, /) -> tuple[Any, Any]:
    """Return the quotient and the remainder of two polynomials: signal = divisor ∗ quotient + remainder."""
    n, d = shape_of(signal)[0], shape_of(divisor)[0]
    if d > n:
        return np.zeros(0), signal
    impulse = np.where(np.arange(n - d + 1) == 0, 1.0, 0.0)
    quotient = lfilter(signal, divisor, impulse)
    return quotient, signal - convolve(divisor, quotient)


@namesake(scipy.signal.savgol_filter)
def savgol_filter(
    x: Any, /, window_length: int, polyorder: int, deriv: int = 0, delta: float = 1.0, axis: int = -1, mode: str = "interp",
    cval: float = 0.0,
) -> Any:  # fmt: skip
    """Return the values, or derivatives, of polynomials that fit the neighbours of each element best: linear in x."""
    x = np.moveaxis(_in_floats(x), axis, -1)
    taps = scipy.signal.savgol_coeffs(window_length, polyorder, deriv, delta).astype(primal(x).dtype)
    half = window_length // 2
    if mode == "interp" and window_length > shape_of(x)[-1]:
        msg = "If mode is 'interp', window_length must be less than or equal to the size of x."
        raise ValueError(msg)
    filling: dict[str, Any] = {"constant_values": cval} if mode == "constant" else {"mode": _BORDERS.get(mode, "edge")}
    border = 0 if mode == "interp" else half
    extended = bordered(x, border, border, **filling) if border else x
    inner = convolve(extended, np.reshape(taps, (*[1] * (len(shape_of(x)) - 1), -1)), "valid", "direct")
    if mode != "interp":
        return np.moveaxis(inner[..., -shape_of(x)[-1] :], -1, axis)
    # Near the ends the polynomial is that of the first, or the last, elements of a window's length.
    unit = np.eye(window_length, dtype=primal(x).dtype)
    ends = scipy.signal.savgol_filter(unit, window_length, polyorder, deriv, delta, axis=0)
    first = np.matmul(x[..., :window_length], ends[:half].T)
    last = np.matmul(x[..., -window_length:], ends[window_length - half :].T)
    kept = inner[..., 1 - window_length % 2 :]
    return np.moveaxis(np.concatenate([first, kept, last], axis=-1), -1, axis)


_BORDERS = {"mirror": "reflect", "nearest": "edge", "wrap": "wrap"}


def precision_of(x: Any) -> Any:
    """Return the dtype of real numbers that keep the precision of x."""
    return np.result_type(primal(x).real.dtype, np.float32)


def _in_floats(x: Any) -> Any:
    """Return x in single precision if it is, and else in double precision."""
    return x if primal(x).dtype in (np.float32, np.float64) else astype(x, np.float64)


@namesake(scipy.signal.detrend)
def detrend(data: Any, /, axis: int = -1, type: str = "linear", bp: Any = 0) -> Any:  # noqa: A002 (SciPy's name)
    """Return data less their mean, or less the straight lines that fit them best between breakpoints: linear in data."""
    if type in ("constant", "c"):
        return data - np.mean(data, axis, keepdims=True)
    x = np.moveaxis(data, axis, -1)
    n = shape_of(x)[-1]
    breaks = np.unique(np.concatenate([np.atleast_1d(bp), [0, n]]))
    if np.any(breaks > n):
        msg = "Breakpoints must be less than length of data along given axis."
        raise ValueError(msg)
    pieces = []
    for start, stop in pairwise(breaks):
        lines = np.stack([np.arange(1, stop - start + 1) / (stop - start), np.ones(stop - start)], axis=-1)
        line = np.matmul(np.linalg.pinv(lines).T, lines.T).astype(precision_of(x))
        piece = x[..., start:stop]
        pieces.append(piece - np.matmul(piece, line))
    return np.moveaxis(np.concatenate(pieces, axis=-1), -1, axis)


@namesake(scipy.signal.resample_poly)
def resample_poly(
    x: Any, /, up: int, down: int, axis: int = 0, window: Any = ("kaiser", 5.0), padtype: str = "constant"
) -> Any:
    """Return x at another rate, by a filter between ``up - 1`` zeros and every element number k · ``down``."""
    common = math.gcd(int(up), int(down))
    up, down = int(up) // common, int(down) // common
    if up == down == 1:
        return x
    n_out = -(-shape_of(x)[axis] * up // down)
    if isinstance(window, str | tuple):
        half = 10 * max(up, down)
        h = scipy.signal.firwin(2 * half + 1, 1.0 / max(up, down), window=window)
    else:
        h = np.asarray(window)
        half = (len(h) - 1) // 2
    before = down - half % down
    skipped = (half + before) // down
    behind = max(0, (n_out + skipped) * down - ((shape_of(x)[axis] - 1) * up + len(h) + before))
    h = np.pad(h * up, (before, behind)).astype(np.result_type(primal(x), np.float32))
    background = 0 if padtype == "constant" else _BACKGROUNDS[padtype](x, axis=axis, keepdims=True)
    y = np.moveaxis(upfirdn(h, x - background, up, down, axis), axis, -1)[..., skipped : skipped + n_out]
    return np.moveaxis(y, -1, axis) + background


_BACKGROUNDS: dict[str, Any] = {"mean": np.mean, "median": np.median, "minimum": np.min, "maximum": np.max}


@namesake(scipy.signal.decimate)
def decimate(x: Any, /, q: int, n: Any = None, ftype: Any = "iir", axis: int = -1, zero_phase: bool = True) -> Any:
    """Return each element number k · q after a filter has removed what is too fast for the new rate: linear in x."""
    x = np.moveaxis(x, axis, -1)
    count = -(-shape_of(x)[-1] // q)
    if ftype == "fir":
        taps = scipy.signal.firwin(20 * q + 1 if n is None else n + 1, 1.0 / q, window="hamming")
        taps = taps.astype(np.result_type(primal(x), np.float32))
        y = resample_poly(x, 1, q, axis=-1, window=taps) if zero_phase else upfirdn(taps, x, 1, q)[..., :count]
        return np.moveaxis(y, -1, axis)
    sections = scipy.signal.cheby1(8 if n is None else n, 0.05, 0.8 / q, output="sos")
    sections = sections.astype(np.result_type(primal(x), np.float32))
    return np.moveaxis((sosfiltfilt if zero_phase else sosfilt)(sections, x)[..., ::q], -1, axis)


@namesake(scipy.signal.medfilt)
def medfilt(volume: Any, /, kernel_size: Any = None) -> Any:
    """Return the medians of the neighbourhoods of all elements, with zeros outside: the derivative is that of the one chosen."""
    size = np.broadcast_to(3 if kernel_size is None else kernel_size, np.ndim(primal(volume)))
    return order_filter(volume, np.ones(size), int(np.prod(size)) // 2)


@namesake(scipy.signal.medfilt2d)
def medfilt2d(input: Any, /, kernel_size: Any = 3) -> Any:  # noqa: A002 (SciPy's name)
    """Return what `medfilt` returns of a matrix."""
    return medfilt(input, kernel_size)


@namesake(scipy.signal.order_filter)
def order_filter(a: Any, /, domain: Any, rank: int) -> Any:
    """Return of each neighbourhood, which is the mask ``domain``, the element that has the rank there, with zeros outside."""
    shape, around = shape_of(a), np.asarray(domain)
    padded = np.pad(a, [(n // 2, n // 2) for n in around.shape])
    neighbours = [
        padded[tuple(slice(i, i + n) for i, n in zip(place, shape, strict=True))] for place in np.argwhere(around)
    ]
    return np.sort(np.stack(neighbours, axis=-1), axis=-1)[..., rank]
