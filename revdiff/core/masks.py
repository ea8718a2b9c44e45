"""Cotangents of which a part is absent.

Imports the monoid of cotangents.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, final

import numpy as np

from revdiff.core.cotangents import UNFINISHED, ZERO, add, whole, zero_like
from revdiff.core.structure import OUTERMOST


@final
class Masked:
    """The cotangent of an array of which only the elements under a mask took part; it is zero elsewhere.

    `where` and indexing leave what they did not take *absent*: an elementwise rule multiplies only where
    something is present, so the infinite slope of √x at 0 does not meet a zero there and become NaN.

    Within the mask, what is not ``firm`` is a *faint* zero: it was sent back by a function at infinity, as 1/x is 0
    near ∞. Where that infinity is a number that overflowed, as that of e¹⁰⁰⁰, a faint zero is absent; where
    it is a pole, as that of 1/x at 0, it is a zero like any other, and 0·∞ is NaN.
    """

    __slots__ = ("firm", "mask", "value")

    def __init__(self, value: Any, mask: Any, firm: Any = None) -> None:
        self.value = value
        self.mask = mask
        self.firm = mask if firm is None else firm

    def moved(self, value: Any, move: Callable[[Any], Any]) -> Any:
        """Return a value that was made of this one, under what ``move`` makes of the masks."""
        mask = move(self.mask)
        return masked(value, mask, mask if self.firm is self.mask else move(self.firm))

    def received(self, other: Any) -> Any:
        """Take in another contribution: what either has is present."""
        if type(other) is not Masked:
            return add(self.value, whole(other))
        return masked(add(self.value, other.value), self.mask | other.mask, self.firm | other.firm)

    def finished(self) -> Masked:
        """Return the cotangent, masked as it is."""
        return self

    def whole(self) -> Any:
        """Return the cotangent with zeros for what is absent."""
        return self.value

    def __mul__(self, factor: Any) -> Any:
        value = self.value * factor
        if type(factor) is np.ndarray:
            zero = zero_like(value) if value.dtype == object else 0
            return masked(np.where(self.firm, value, zero), self.mask, self.firm)
        return Masked(value if -np.inf < factor < np.inf else np.where(self.firm, value, 0), self.mask, self.firm)

    def __neg__(self) -> Masked:
        return Masked(-self.value, self.mask, self.firm)


def masked(value: Any, mask: Any, firm: Any = None) -> Any:
    """Return a cotangent under a mask: the value itself where all of it is present, `ZERO` where nothing is."""
    firm = mask if firm is None else firm
    if type(firm) in OUTERMOST:  # of samples: zeros stand for what is absent in some of them
        return value
    if hasattr(firm, "dtype"):  # what is not of NumPy is a condition on symbols
        if np.count_nonzero(firm) == firm.size:
            return value
        if not np.count_nonzero(mask):
            return ZERO
    return Masked(value, mask, firm)


UNFINISHED[Masked] = 2
