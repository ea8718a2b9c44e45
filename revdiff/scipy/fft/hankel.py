"""Hankel transforms of signals at logarithmic steps.

Imports rules of arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import scipy.fft as _scipy

from revdiff.core.revdiff import RevDiff
from revdiff.functions.of_arrays import rule


def _hankel(of_scipy: Any) -> Callable[..., Any]:
    """Make the rule of a Hankel transform. Its matrix has equal elements along the other diagonals: it is symmetric."""

    def transform(a: Any, /, dln: float, mu: float, offset: float, bias: float) -> tuple[Any, Any]:
        function = transformed if type(a) is RevDiff else of_scipy

        def a_pullback(y_bar: Any) -> Any:
            return transformed(y_bar, dln, mu, offset, bias)

        return function(a, dln, mu, offset, bias), a_pullback

    transform.__name__ = of_scipy.__name__  # in errors
    transformed = rule(linear=True)(transform)
    return transformed


_fht, _ifht = _hankel(_scipy.fht), _hankel(_scipy.ifht)


def fht(a: Any, dln: float, mu: float, offset: float = 0.0, bias: float = 0.0) -> Any:
    """Return the Hankel transform of a signal at logarithmic steps.     ā = fht(ȳ)."""
    return _fht(a, dln, mu, offset, bias)


def ifht(A: Any, dln: float, mu: float, offset: float = 0.0, bias: float = 0.0) -> Any:  # noqa: N803
    """Return the signal at logarithmic steps of which this is the Hankel transform.     Ā = ifht(ȳ)."""
    return _ifht(A, dln, mu, offset, bias)
