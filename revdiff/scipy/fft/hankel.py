"""Hankel transforms of signals at logarithmic steps, whose matrices are symmetric: their columns are a row, moved on.

Imports rules of arrays and SciPy's names.
"""

from __future__ import annotations

from typing import Any

import scipy.fft as _scipy

from revdiff.functions.of_arrays import rule
from revdiff.scipy._namesakes import namesake


@namesake(_scipy.fht)
@rule(linear=True)
def fht(a: Any, /, dln: float, mu: float, offset: float = 0.0, bias: float = 0.0) -> tuple[Any, Any]:
    """Return the Hankel transform of a signal at logarithmic steps.     ā = fht(ȳ)."""

    def fht_pullback(y_bar: Any) -> Any:
        return fht(y_bar, dln, mu, offset, bias)

    return fht(a, dln, mu, offset, bias), fht_pullback


@namesake(_scipy.ifht)
@rule(linear=True)
def ifht(A: Any, /, dln: float, mu: float, offset: float = 0.0, bias: float = 0.0) -> tuple[Any, Any]:  # noqa: N803 (SciPy's name)
    """Return the signal at logarithmic steps of which this is the Hankel transform.     Ā = ifht(ȳ)."""

    def ifht_pullback(y_bar: Any) -> Any:
        return ifht(y_bar, dln, mu, offset, bias)

    return ifht(A, dln, mu, offset, bias), ifht_pullback
