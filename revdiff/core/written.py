"""The way back through arrays that were written into.

Imports cotangents, masked ones and those that are collected.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, final

import numpy as np

from revdiff.core.collecting import Slots
from revdiff.core.cotangents import UNFINISHED, ZERO, finished, whole
from revdiff.core.masks import Masked, masked


@final
class Ledger:
    """The cotangent of an array that was written to, while the writes are undone from the last to the first.

    Each write takes what came back to the elements that it had written, and leaves nothing there for the writes
    before it. All that happens in one array, which belongs to this sweep: a write costs what it wrote, not the
    whole. ``present`` and ``firm`` are the masks of a `Masked`, one and the same where nothing is faint; None means all.
    """

    __slots__ = ("_array", "_firm", "_present")

    def __init__(self, cotangent: Any, shape: tuple[int, ...]) -> None:
        self._array = np.copy(_spread(whole(cotangent), shape))
        self._present: Any = None
        self._firm: Any = None
        if type(cotangent) is Masked:
            self._present = self._firm = np.array(_spread(cotangent.mask, shape))
            if cotangent.firm is not cotangent.mask:
                self._firm = np.array(_spread(cotangent.firm, shape))

    def take(self, index: Any) -> Any:
        """Return what came back to some elements."""
        taken = np.positive(self._array[index])  # a new array or number, where an index may give a view
        return taken if self._present is None else self._masked(taken, lambda mask: np.array(mask[index]))

    def clear(self, index: Any) -> Ledger:
        """Leave nothing there."""
        if self._present is None:
            self._present = self._firm = np.ones(self._array.shape, bool)
        self._array[index] = 0
        self._present[index] = self._firm[index] = False
        return self

    def received(self, sent: Any) -> Ledger:
        """Take in another contribution: parts of it, or the whole."""
        if type(sent) is Ledger:
            sent = sent.finished()
        if sent is ZERO:
            return self
        if type(sent) is Slots:
            for place, cotangent in sent._slots.items():
                self._receive_at(place.index, finished(cotangent))  # type: ignore[attr-defined]
            return self if sent._whole is None else self.received(sent._whole)
        self._array = self._array + whole(sent)
        if self._present is None or type(sent) is not Masked:
            self._present = self._firm = None
            return self
        is_faint = self._firm is not self._present or sent.firm is not sent.mask
        firm = self._firm | sent.firm if is_faint else None
        self._present = self._present | sent.mask
        self._firm = firm if is_faint else self._present
        return self

    def _receive_at(self, index: Any, sent: Any) -> None:
        if sent is ZERO:
            return
        cotangent = whole(sent)
        if type(self._array) is np.ndarray is not type(cotangent) and hasattr(cotangent, "__array_function__"):
            self._array = np.array(self._array, like=cotangent)  # of a kind that can hold the other
        np.add.at(self._array, index, cotangent)
        if self._present is None:
            return
        if type(sent) is not Masked:
            self._present[index] = self._firm[index] = True
            return
        if self._firm is self._present and sent.firm is not sent.mask:
            self._firm = self._present.copy()
        np.logical_or.at(self._present, index, sent.mask)
        if self._firm is not self._present:
            np.logical_or.at(self._firm, index, sent.firm)

    def whole(self) -> Any:
        """Return the cotangent of what was there before all writes, with zeros where nothing came back."""
        return self._array

    def finished(self) -> Any:
        """Return the cotangent of what was there before all writes, and which elements it reached."""
        return self._array if self._present is None else self._masked(self._array, np.asarray)

    def _masked(self, value: Any, part: Callable[[Any], Any]) -> Any:
        present = part(self._present)
        return masked(value, present, present if self._firm is self._present else part(self._firm))


@final
class Written:
    """The local pullback of writing into an array, for what was written: the cotangent of its elements, fitted."""

    __slots__ = ("_fit", "_index", "_shape")

    def __init__(self, index: Any, shape: tuple[int, ...], fit: Callable[[Any], Any] | None) -> None:
        self._index = index
        self._shape = shape
        self._fit = fit

    def __call__(self, ct: Any) -> Any:
        """Take the cotangent from its place."""
        return self._fitted(ct.take(self._index) if type(ct) is Ledger else self._there(ct))

    def masked(self, ct: Masked) -> Any:
        """Take the cotangent and its mask."""
        return self._fitted(ct.moved(self._there(ct.value), lambda mask: np.asarray(self._there(mask))))

    def _there(self, x: Any) -> Any:
        return _spread(x, self._shape)[self._index]

    def _fitted(self, sent: Any) -> Any:
        if self._fit is None or sent is ZERO:
            return sent
        if type(sent) is not Masked:
            return self._fit(sent)
        fitted = self._fit(sent.value)
        return Masked(fitted, sent.mask, sent.firm) if getattr(fitted, "shape", ()) == sent.mask.shape else fitted


@final
class Overwritten:
    """The local pullback of writing into an array, for what was there before: nothing comes back to it."""

    __slots__ = ("_index", "shape")

    def __init__(self, index: Any, shape: tuple[int, ...]) -> None:
        self._index = index
        self.shape = shape

    def __call__(self, ct: Ledger) -> Ledger:
        """Clear the place."""
        return ct.clear(self._index)


def _spread(ct: Any, shape: tuple[int, ...]) -> Any:
    """Return a cotangent in the shape of its array: one number may stand for a cotangent that is everywhere the same."""
    return ct if getattr(ct, "shape", None) == shape else np.broadcast_to(ct, shape)


UNFINISHED[Ledger] = 0
