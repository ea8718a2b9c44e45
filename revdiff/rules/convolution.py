"""Convolution and correlation of sequences.

Imports rules of arrays, shapes and NumPy's protocol.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.arrays.numpy_protocol import stands_for
from revdiff.core.revdiff import primal, shape_of
from revdiff.functions.of_arrays import rule
from revdiff.rules.complex import conjugate
from revdiff.rules.shape import atleast_1d, gather


@stands_for(np.convolve)
def convolve(a: Any, v: Any, /, mode: str = "full") -> Any:
    """Return yₖ = Σᵢ aᵢ vₖ₋ᵢ: all of it, or with "same" and "valid" the middle.     ā = ȳ ∗ reversed v, and v̄ likewise.

    From ⟨ȳ, dy⟩ = Σₖᵢ ȳₖ daᵢ vₖ₋ᵢ:  āᵢ = Σₖ ȳₖ vₖ₋ᵢ.
    """
    return _convolved(*atleast_1d(a, v), mode)


@rule()
def _convolved(a: Any, v: Any, /, mode: Any) -> tuple[Any, ...]:
    y = np.convolve(a, v, mode)
    before, behind = _left_out(min(len(a), len(v)), mode)

    def beside(other: Any, y_bar: Any) -> Any:
        return np.convolve(np.pad(y_bar, (before, behind)), other[::-1], "valid")

    def a_pullback(y_bar: Any) -> Any:
        return beside(v, y_bar)

    def v_pullback(y_bar: Any) -> Any:
        return beside(a, y_bar)

    return y, a_pullback, v_pullback


def _left_out(shorter: int, mode: str) -> tuple[int, int]:
    """Return how many elements of the full convolution a mode leaves out on each side."""
    both = {"full": 0, "same": shorter - 1, "valid": 2 * (shorter - 1)}[mode]
    return both // 2, both - both // 2


@stands_for(np.correlate)
def correlate(a: Any, v: Any, /, mode: str = "valid") -> Any:
    """Return yₖ = Σᵢ aᵢ₊ₖ conj(vᵢ), the convolution of a with v conjugated and reversed."""
    a, v = gather(a), gather(v)
    if not shape_of(a) or not shape_of(v):
        msg = f"numpy.correlate takes two sequences; met shapes {shape_of(a)} and {shape_of(v)}"
        raise ValueError(msg)
    m, n = len(primal(a)), len(primal(v))
    if mode == "same" and m < n:  # here NumPy's middle is one to the right if it cannot be exact
        return convolve(a, conjugate(v)[::-1])[m // 2 : m // 2 + n]
    return convolve(a, conjugate(v)[::-1], mode)
