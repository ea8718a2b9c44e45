"""Peaks: where they are is constant, how high they are is not.

Imports rules of NumPy's functions. Heights and prominences are elements of the signal and differences of them, and
have their derivatives.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.signal

from revdiff.core.revdiff import primal
from revdiff.scipy._namesakes import namesake, refuse


@namesake(scipy.signal.find_peaks)
def find_peaks(x: Any, /, width: Any = None, **how: Any) -> tuple[Any, dict[str, Any]]:
    """Return the indices of peaks, and their properties, of which heights, thresholds and prominences have derivatives.

    Widths are found between elements, by interpolation, and have none: ``width=`` raises a `MissingRuleError`.

    >>> from revdiff import grad
    >>> grad(lambda x: find_peaks(x, height=0)[1]["peak_heights"].sum())(np.array([0.0, 2.0, 1.0, 3.0, 0.0]))
    array([0., 1., 0., 1., 0.])
    """
    if width is not None:
        refuse("scipy.signal.find_peaks with width=", "Select peaks by height, threshold, distance or prominence.")
    peaks, properties = scipy.signal.find_peaks(primal(x), **how)
    found: dict[str, Any] = dict(properties)
    if "peak_heights" in found:
        found["peak_heights"] = x[peaks]
    if "left_thresholds" in found:
        found["left_thresholds"], found["right_thresholds"] = x[peaks] - x[peaks - 1], x[peaks] - x[peaks + 1]
    if "prominences" in found:
        found["prominences"] = _prominences(x, peaks, found["left_bases"], found["right_bases"])
    return peaks, found


@namesake(scipy.signal.peak_prominences)
def peak_prominences(x: Any, /, peaks: Any, wlen: Any = None) -> tuple[Any, Any, Any]:
    """Return how far each peak stands above the higher of its bases, and where these are."""
    _, left, right = scipy.signal.peak_prominences(primal(x), peaks, wlen)
    return _prominences(x, peaks, left, right), left, right


def _prominences(x: Any, peaks: Any, left: Any, right: Any) -> Any:
    return x[peaks] - np.maximum(x[left], x[right])
