"""SciPy's windows with derivatives by their parameters; those without parameters are constants.

Imports rules of NumPy's functions. A window that is not symmetric (``sym=False``) is one longer, without its last element.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.signal.windows

from revdiff.core.revdiff import primal, shape_of
from revdiff.scipy._namesakes import namesake, remaining


def _places(M: int, sym: bool) -> tuple[Any, int]:  # noqa: N803 (SciPy's name)
    """Return the places of a window's elements, and how many there are in the symmetric one."""
    longer = int(M) + (not sym)
    return np.arange(int(M)), longer


@namesake(scipy.signal.windows.gaussian)
def gaussian(std: Any, /, M: int, sym: bool = True) -> Any:  # noqa: N803
    """Return exp(-n²/2σ²) for n from the middle.

    >>> from revdiff import grad
    >>> round(grad(lambda std: gaussian(3, std)[0])(1.0), 6)      # n² σ⁻³ exp(-n²/2σ²)
    0.606531
    """
    n, m = _places(M, sym)
    return np.exp(-((n - (m - 1) / 2) ** 2) / (2 * std * std)) if M > 1 else np.ones(M) + 0 * std


@namesake(scipy.signal.windows.general_gaussian)
def general_gaussian(p: Any, sig: Any, /, M: int, sym: bool = True) -> Any:  # noqa: N803
    """Return exp(-|n/σ|²ᵖ/2) for n from the middle."""
    n, m = _places(M, sym)
    return np.exp(-0.5 * np.abs((n - (m - 1) / 2) / sig) ** (2 * p)) if M > 1 else np.ones(M) + 0 * sig


@namesake(scipy.signal.windows.exponential)
def exponential(center: Any, tau: Any, /, M: int, sym: bool = True) -> Any:  # noqa: N803
    """Return exp(-|n - c|/τ)."""
    n, m = _places(M, sym)
    return np.exp(-np.abs(n - ((m - 1) / 2 if center is None else center)) / tau) if M > 1 else np.ones(M) + 0 * tau


@namesake(scipy.signal.windows.kaiser)
def kaiser(beta: Any, /, M: int, sym: bool = True) -> Any:  # noqa: N803
    """Return I₀(β √(1 - x²))/I₀(β) for x from -1 to 1."""
    n, m = _places(M, sym)
    if M <= 1:
        return np.ones(M) + 0 * beta
    middle = (m - 1) / 2
    return np.i0(beta * np.sqrt(1 - ((n - middle) / middle) ** 2)) / np.i0(beta)


@namesake(scipy.signal.windows.tukey)
def tukey(alpha: Any, /, M: int, sym: bool = True) -> Any:  # noqa: N803
    """Return 1 in the middle, and half a period of a cosine in the part α/2 at each end."""
    n, m = _places(M, sym)
    if M <= 1 or primal(alpha) <= 0:
        return np.ones(M) + 0 * alpha
    if primal(alpha) >= 1:
        return scipy.signal.windows.hann(M, sym) + 0 * alpha
    from_end = np.minimum(n, m - 1 - n)
    is_inside = from_end > np.floor(primal(alpha) * (m - 1) / 2)
    return np.where(is_inside, 1.0, 0.5 * (1 + np.cos(np.pi * (2 * from_end / (m - 1) / alpha - 1))))


@namesake(scipy.signal.windows.general_cosine)
def general_cosine(a: Any, /, M: int, sym: bool = True) -> Any:  # noqa: N803
    """Return Σ aₖ cos(k x) for x from -π to π: linear in a."""
    n, m = _places(M, sym)
    count = shape_of(a)[0]
    if M <= 1:
        return np.ones(M) + 0 * a[0]
    x = -np.pi + 2 * np.pi * n / (m - 1)
    return np.matmul(np.cos(np.arange(count) * x[:, None]), a)


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
