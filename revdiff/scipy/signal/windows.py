"""SciPy's windows with derivatives by their parameters; those without parameters are constants.

Imports rules of NumPy's functions. A window that is not symmetric (``sym=False``) is one longer, without its last element.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.signal.windows

from revdiff.core.revdiff import primal, shape_of
from revdiff.scipy._namesakes import namesake, remaining


def _window(M: int, sym: bool, parameter: Any, formula: Callable[[Any, float], Any]) -> Any:  # noqa: N803 (SciPy's name)
    """Return a formula of the distances d of the elements from the middle, and of d at the end; 1 where there is no such."""
    if M <= 1:
        return np.ones(M) + 0 * parameter
    end = (int(M) - bool(sym)) / 2
    return formula(np.arange(int(M)) - end, end)


@namesake(scipy.signal.windows.gaussian)
def gaussian(std: Any, /, M: int, sym: bool = True) -> Any:  # noqa: N803
    """Return exp(-d²/2σ²) for d from the middle.

    >>> from revdiff import grad
    >>> round(grad(lambda std: gaussian(3, std)[0])(1.0), 6)      # d² σ⁻³ exp(-d²/2σ²)
    0.606531
    """
    return _window(M, sym, std, lambda d, end: np.exp(-(d**2) / (2 * std * std)))


@namesake(scipy.signal.windows.general_gaussian)
def general_gaussian(p: Any, sig: Any, /, M: int, sym: bool = True) -> Any:  # noqa: N803
    """Return exp(-|d/σ|²ᵖ/2) for d from the middle."""
    return _window(M, sym, sig, lambda d, end: np.exp(-0.5 * np.abs(d / sig) ** (2 * p)))


@namesake(scipy.signal.windows.exponential)
def exponential(center: Any, tau: Any, /, M: int, sym: bool = True) -> Any:  # noqa: N803
    """Return exp(-|n - c|/τ) for n from the first element, around the middle by default."""
    return _window(M, sym, tau, lambda d, end: np.exp(-np.abs(d if center is None else d + end - center) / tau))


@namesake(scipy.signal.windows.kaiser)
def kaiser(beta: Any, /, M: int, sym: bool = True) -> Any:  # noqa: N803
    """Return I₀(β √(1 - x²))/I₀(β) for x from -1 to 1."""
    return _window(M, sym, beta, lambda d, end: np.i0(beta * np.sqrt(1 - (d / end) ** 2)) / np.i0(beta))


@namesake(scipy.signal.windows.tukey)
def tukey(alpha: Any, /, M: int, sym: bool = True) -> Any:  # noqa: N803
    """Return 1 in the middle, and half a period of a cosine in the part α/2 at each end."""
    if not 0 < primal(alpha) < 1:
        return (np.ones(M) if primal(alpha) <= 0 else scipy.signal.windows.hann(M, sym)) + 0 * alpha

    def tapered(d: Any, end: float) -> Any:
        from_end = end - np.abs(d)
        is_inside = from_end > np.floor(primal(alpha) * end)
        return np.where(is_inside, 1.0, 0.5 * (1 + np.cos(np.pi * (from_end / end / alpha - 1))))

    return _window(M, sym, alpha, tapered)


@namesake(scipy.signal.windows.general_cosine)
def general_cosine(a: Any, /, M: int, sym: bool = True) -> Any:  # noqa: N803
    """Return Σ aₖ cos(k x) for x from -π to π: linear in a."""
    k = np.arange(shape_of(a)[0])
    return _window(M, sym, a[0], lambda d, end: np.matmul(np.cos(k * (np.pi * d / end)[:, None]), a))


@namesake(scipy.signal.windows.general_hamming)
def general_hamming(alpha: Any, /, M: int, sym: bool = True) -> Any:  # noqa: N803
    """Return α - (1 - α) cos x for x from 0 to 2π."""
    return general_cosine(M, np.stack([alpha, 1 - alpha]), sym)


CONSTANT = """
    barthann bartlett blackman blackmanharris bohman boxcar cosine flattop hamming hann lanczos nuttall
    parzen triang
"""
_REASON = "Its parameter is a constant. Windows with a derivative by theirs are gaussian, kaiser, tukey."
DECLINED = {
    "get_window": "Its parameters are constants here. Write with the functions of this module."
} | dict.fromkeys(["chebwin", "dpss", "kaiser_bessel_derived", "taylor"], _REASON)

__getattr__ = remaining(scipy.signal.windows, CONSTANT, DECLINED)
