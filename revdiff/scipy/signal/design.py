"""Filters by their cutoff frequencies, and the parameters of their windows.

Imports rules of NumPy's functions, and the transfer functions of this package. How many coefficients there are, which
kind of filter it is and how far it ripples are constants.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import scipy.signal

from revdiff.core.revdiff import primal
from revdiff.scipy._namesakes import namesake, refuse
from revdiff.scipy.signal.responses import bilinear_zpk, lp2bp_zpk, lp2bs_zpk, lp2hp_zpk, lp2lp_zpk, zpk2tf


@namesake(scipy.signal.iirfilter)
def iirfilter(
    wn: Any, /, N: int, rp: Any = None, rs: Any = None, btype: str = "band", analog: bool = False, ftype: str = "butter",  # noqa: N803 (SciPy's name)
    output: str = "ba", fs: Any = None,
) -> Any:  # fmt: skip
    """Return the filter of a kind and an order with the cutoff frequencies ``Wn``, one or two, by which it has derivatives.

    The zeros and poles of the low-pass prototype are constants; the filter is what substitutions make of them.

    >>> from revdiff import jacobian
    >>> jacobian(lambda w: butter(1, w, analog=True)[1])(3.0)        # of s + w
    array([0., 1.])
    """
    if output == "sos":
        hint = "Its sections pair zeros and poles by choice. Write output='ba' or 'zpk'."
        refuse("scipy.signal.iirfilter with output='sos'", hint)
    prototype, *needed = _PROTOTYPES[ftype.lower()]
    z, p, k = prototype(N, *[{"rp": rp, "rs": rs}[name] for name in needed])
    w = wn if fs is None else wn / (fs / 2)
    if np.any(primal(w) <= 0) or (not analog and np.any(primal(w) >= 1)):
        msg = "Digital filter critical frequencies must be 0 < Wn < 1, or 0 < Wn < fs/2; analog ones greater than 0."
        raise ValueError(msg)
    warped = w if analog else 4.0 * np.tan(np.pi * w / 2.0)
    kind = _KINDS[btype.lower()]
    if kind in ("low", "high"):
        cutoff = np.reshape(warped, ())
        z, p, k = lp2lp_zpk(z, p, k, cutoff) if kind == "low" else lp2hp_zpk(z, p, k, cutoff)
    else:
        width, middle = warped[1] - warped[0], np.sqrt(warped[0] * warped[1])
        z, p, k = (lp2bp_zpk if kind == "band" else lp2bs_zpk)(z, p, k, middle, width)
    if not analog:
        z, p, k = bilinear_zpk(z, p, k, 2.0)
    return (z, p, k) if output == "zpk" else zpk2tf(z, p, k)


def _by_name(rows: dict[str, Any]) -> dict[str, Any]:
    return {name: row for names, row in rows.items() for name in names.split()}


_KINDS = _by_name(
    {
        "lowpass low lp l": "low", "highpass high hp h": "high", "bandpass band pass bp": "band",
        "bandstop bands stop bs": "stop",
    }
)  # fmt: skip
_PROTOTYPES = _by_name(
    {
        "butter butterworth": (scipy.signal.buttap,),
        "cheby1 chebyshevi": (scipy.signal.cheb1ap, "rp"),
        "cheby2 chebyshevii": (scipy.signal.cheb2ap, "rs"),
        "ellip elliptic cauer": (scipy.signal.ellipap, "rp", "rs"),
        "bessel bessel_phase": (scipy.signal.besselap,),
        "bessel_delay": (partial(scipy.signal.besselap, norm="delay"),),
        "bessel_mag": (partial(scipy.signal.besselap, norm="mag"),),
    }
)
"""What gives zeros, poles and gain of a low-pass filter with cutoff frequency 1, from its order and from how it ripples."""

_LOW_PASS: dict[str, Any] = {"btype": "low"}


@namesake(scipy.signal.butter)
def butter(wn: Any, /, **how: Any) -> Any:
    """Return the Butterworth filter of an order with the cutoff frequencies ``Wn``."""
    return iirfilter(Wn=wn, ftype="butter", **_LOW_PASS | how)


@namesake(scipy.signal.cheby1)
def cheby1(wn: Any, /, **how: Any) -> Any:
    """Return Chebyshev's filter of the first kind, of an order and a ripple, with the cutoff frequencies ``Wn``."""
    return iirfilter(Wn=wn, ftype="cheby1", **_LOW_PASS | how)


@namesake(scipy.signal.cheby2)
def cheby2(wn: Any, /, **how: Any) -> Any:
    """Return Chebyshev's filter of the second kind, of an order and an attenuation, with the cutoff frequencies ``Wn``."""
    return iirfilter(Wn=wn, ftype="cheby2", **_LOW_PASS | how)


@namesake(scipy.signal.ellip)
def ellip(wn: Any, /, **how: Any) -> Any:
    """Return the elliptic filter of an order, a ripple and an attenuation, with the cutoff frequencies ``Wn``."""
    return iirfilter(Wn=wn, ftype="ellip", **_LOW_PASS | how)


@namesake(scipy.signal.bessel)
def bessel(wn: Any, /, norm: str = "phase", **how: Any) -> Any:
    """Return the Bessel filter of an order with the cutoff frequencies ``Wn``."""
    return iirfilter(Wn=wn, ftype=f"bessel_{norm}", **_LOW_PASS | how)


@namesake(scipy.signal.firwin)
def firwin(
    cutoff: Any, /, numtaps: int, window: Any = "hamming", pass_zero: Any = True, scale: bool = True, fs: Any = None
) -> Any:
    """Return a filter of ``numtaps`` coefficients: the sum of r sinc(r m) - l sinc(l m) over passbands l…r, in a window."""
    plain = np.atleast_1d(primal(cutoff))
    passes_zero = pass_zero in ("bandstop", "lowpass") if isinstance(pass_zero, str) else bool(pass_zero)
    reaches_end = (len(plain) % 2 == 0) == passes_zero
    scipy.signal.firwin(numtaps, plain, window=window, pass_zero=pass_zero, fs=fs)  # for its errors
    edges = np.atleast_1d(cutoff) / (1.0 if fs is None else 0.5 * fs)
    edges = np.concatenate([np.zeros(int(passes_zero)), edges, np.ones(int(reaches_end))])
    m = np.arange(numtaps) - 0.5 * (numtaps - 1)
    h = sum(
        right * np.sinc(right * m) - left * np.sinc(left * m)
        for left, right in zip(edges[::2], edges[1::2], strict=True)
    )
    h = h * scipy.signal.get_window(window, numtaps, fftbins=False)
    if not scale:
        return h
    left, right = edges[0], edges[1]
    middle = 0.0 if primal(left) == 0 else 1.0 if primal(right) == 1 else 0.5 * (left + right)
    return h / np.sum(h * np.cos(np.pi * m * middle))


@namesake(scipy.signal.kaiser_beta)
def kaiser_beta(a: Any, /) -> Any:
    """Return the parameter of the Kaiser window for an attenuation in decibels."""
    plain = primal(a)
    above = np.where(plain > 21, a - 21, 1.0)
    slow = np.where(plain > 21, 0.5842 * above**0.4 + 0.07886 * above, 0.0)
    return np.where(plain > 50, 0.1102 * (a - 8.7), slow)


@namesake(scipy.signal.kaiser_atten)
def kaiser_atten(width: Any, /, numtaps: int) -> Any:
    """Return the attenuation in decibels of a filter with a transition of a width, in a Kaiser window: linear in width."""
    return 2.285 * (numtaps - 1) * np.pi * width + 7.95
