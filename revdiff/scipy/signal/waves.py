"""Waves by their frequencies: chirps, pulses, saws.

Imports rules of NumPy's functions. Which way a frequency takes is constant.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.signal

from revdiff.core.revdiff import primal
from revdiff.scipy._namesakes import namesake


@namesake(scipy.signal.chirp)
def chirp(
    t: Any, f0: Any, t1: Any, f1: Any, phi: Any, /, method: str = "linear", vertex_zero: bool = True,
    complex: bool = False,  # noqa: A002 (SciPy's name)
) -> Any:  # fmt: skip
    """Return a wave whose frequency goes from f₀ at time 0 to f₁ at t₁."""
    phase = 2 * np.pi * _cycles(t, f0, t1, f1, method, vertex_zero) + np.deg2rad(phi)
    return np.exp(1j * phase) if complex else np.cos(phase)


def _cycles(t: Any, f0: Any, t1: Any, f1: Any, method: str, vertex_zero: bool) -> Any:
    """Return the integral of the frequency up to t."""
    if method in ("linear", "lin", "li"):
        return f0 * t + (f1 - f0) / t1 * t**2 / 2
    if method in ("quadratic", "quad", "q"):
        rate = (f1 - f0) / t1**2
        return f0 * t + rate * t**3 / 3 if vertex_zero else f1 * t + rate * ((t1 - t) ** 3 - t1**3) / 3
    if primal(f0) * primal(f1) <= 0:
        msg = "For a logarithmic or hyperbolic chirp, f0 and f1 must be nonzero and have the same sign."
        raise ValueError(msg)
    if method in ("logarithmic", "log", "lo"):
        growth = np.log(f1 / f0)
        return f0 * t1 * t / t1 if primal(f0) == primal(f1) else t1 * f0 / growth * np.expm1(growth * t / t1)
    if method in ("hyperbolic", "hyp"):
        pole = f1 * t1 / (f1 - f0)
        return -pole * f0 * np.log(np.abs(1 - t / pole))
    msg = f"method must be 'linear', 'quadratic', 'logarithmic', or 'hyperbolic', but a value of {method!r} was given."
    raise ValueError(msg)


@namesake(scipy.signal.gausspulse)
def gausspulse(
    t: Any, fc: Any, bw: Any, bwr: Any, /, tpr: float = -60, retquad: bool = False, retenv: bool = False
) -> Any:
    """Return a wave of frequency fc in a Gaussian envelope, whose spectrum has a relative width bw at the level bwr."""
    a = -((np.pi * fc * bw) ** 2) / (4 * np.log(10.0) * bwr / 20)
    if isinstance(t, str):
        return np.sqrt(-np.log(10.0 ** (tpr / 20)) / a)
    envelope = np.exp(-a * t * t)
    in_phase = envelope * np.cos(2 * np.pi * fc * t)
    results = [in_phase]
    if retquad:
        results.append(envelope * np.sin(2 * np.pi * fc * t))
    if retenv:
        results.append(envelope)
    return tuple(results) if len(results) > 1 else in_phase


@namesake(scipy.signal.sawtooth)
def sawtooth(t: Any, width: Any, /) -> Any:
    """Return a wave that rises from -1 to 1 in the part ``width`` of its period 2π, and falls in the rest."""
    turn = np.mod(t, 2 * np.pi)
    plain = primal(width)
    is_rising = primal(turn) < plain * 2 * np.pi
    rising = turn / (np.pi * np.where(is_rising, width, 1)) - 1
    falling = (np.pi * (width + 1) - turn) / (np.pi * (1 - np.where(is_rising, 0, width)))
    return np.where((plain < 0) | (plain > 1), np.nan, np.where(is_rising, rising, falling))


@namesake(scipy.signal.sweep_poly)
def sweep_poly(t: Any, poly: Any, phi: Any, /) -> Any:
    """Return a wave whose frequency is a polynomial of the time."""
    coefficients = poly.coeffs if isinstance(poly, np.poly1d) else poly
    return np.cos(2 * np.pi * np.polyval(np.polyint(coefficients), t) + phi * np.pi / 180)
