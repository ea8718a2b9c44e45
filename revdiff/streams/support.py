"""A support: stored items, and what comes after them; with the few operations of which all others are made.

Imports the core, `Stream`, and what containers without an end have in common.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, reduce
from typing import Any, TypeVar

import numpy as np

from revdiff.core.capture import own
from revdiff.core.errors import ArgumentError
from revdiff.core.structure import CARRIERS, leaves
from revdiff.streams.endless import Element, Endless, plus
from revdiff.streams.stream import Stream
from revdiff.streams.zeros import Rest, equal, zero_beside

Self = TypeVar("Self", bound="Support[Any]")

_new = object.__new__


class Support(Endless[Element]):
    """Items x₀, x₁, …, xₙ₋₁, and after them one zero for ever, or the elements of a rest."""

    __slots__ = ("_items", "_rest", "_zero")

    def __init__(self, items: tuple[Any, ...], zero: Callable[[], Any] | None, rest: Rest | None = None) -> None:
        self._items = items
        # Made anew each time: a zero may be an array, and somebody may write to it.
        self._zero = partial(zero_beside, items[0]) if zero is None and items else zero
        self._rest = rest

    @classmethod
    def _of(cls: type[Self], items: tuple[Any, ...], zero: Callable[[], Any] | None, rest: Rest | None = None) -> Self:
        """Return the same kind of stream with other items; without a zero, that beside the first of them."""
        x = _new(cls)
        Support.__init__(x, items, zero, rest)
        return x

    @property
    def zero(self) -> Any:
        """The zero after the support."""
        return 0 if self._zero is None else own(self._zero())

    def _zeros(self: Self) -> Self:
        return self._of((), self._zero)

    def _element(self, i: int) -> Any:
        beyond = i - len(self._items)
        if beyond < 0:
            return self._items[i]
        return self.zero if self._rest is None else self._rest.element(beyond)

    def _every(self: Self, step: int) -> Self:
        if self._rest is not None:
            msg = "x[a::k] would lose the derivative by the zeros after the support.\n  Write x.to_stream()[a::k]."
            raise ArgumentError(msg)
        return self._of(self._items[::step], self._zero)

    def _dropped(self: Self, n: int) -> Self:
        """Return what follows the first n elements, out of the items and then out of the rest."""
        beyond = n - len(self._items)
        rest = self._rest if self._rest is None or beyond <= 0 else self._rest.dropped(beyond)
        return self._of(self._items[n:], self._zero, rest)

    def _reaching(self: Self, n: int) -> Self:
        """Return the same with elements of the rest, if there is one, among the items, until there are n."""
        missing = n - len(self._items)
        if self._rest is None or missing <= 0:
            return self
        items = (*self._items, *map(self._rest.element, range(missing)))
        return self._of(items, self._zero, self._rest.dropped(missing))

    def _trimmed(self: Self) -> Self:
        """Return the same without the zeros at the end of the items, except those in which a derivative is."""
        n = len(self._items)
        while n and self._rest is None and not _carries(self._items[n - 1]) and self._is_zero(self._items[n - 1]):
            n -= 1
        return self if n == len(self._items) else self._of(self._items[:n], self._zero)

    def _is_zero(self, x: Any) -> bool:
        try:
            return equal(x, self.zero)
        except Exception:  # nobody can tell: a zero that is not known, a truth that is not decided
            return False

    def _elementwise(self: Self, function: Callable[..., Any], *streams: Stream[Any]) -> Self:
        """Return function(xᵢ, yᵢ, …) for all i, with the elements of Streams; it is zero where x is."""
        n = len(self._items)
        items = tuple(map(function, self._items, *[s.take(n) for s in streams]))
        rest = None if self._rest is None else self._rest.combined(function, *[s.drop(n) for s in streams])
        return self._of(items, None if items else self._zero, rest)

    def _scaled(self: Self, function: Callable[[Any, Any], Any], c: Any) -> Self:
        """Return function(xᵢ, c) for all i; it is linear in xᵢ."""
        items = tuple(function(x, c) for x in self._items)
        rest = None if self._rest is None else self._rest.scaled(function, c)
        return self._of(items, None if items else self._zero, rest)

    def _zipped(
        self: Self,
        other: Self,
        both: Callable[[Any, Any], Any],
        left: Callable[[Any], Any],
        right: Callable[[Any], Any],
        zero: Callable[[], Any] | None = None,
    ) -> Self:
        """Return both(xᵢ, yᵢ) where both have an element, and left(xᵢ) or right(yᵢ) where one is longer."""
        n = max(len(self._items), len(other._items))
        x, y = self._reaching(n), other._reaching(n)
        shared = min(len(x._items), len(y._items))
        items = (
            *map(both, x._items, y._items),
            *map(left, x._items[shared:]),
            *map(right, y._items[shared:]),
        )
        rest: Rest | None = None
        if x._rest is not None:
            rest = x._rest.combined(left) if y._rest is None else x._rest.combined(both, y._rest)
        elif y._rest is not None:
            rest = y._rest.combined(right)
        return self._of(items, None if items else zero or self._zero or other._zero, rest)

    def _total(self, *start: Any) -> Any:
        """Return start + x₀ + x₁ + …, up to the end of the items or of the rest."""
        parts = [*start, *self._items]
        if self._rest is not None:
            parts.append(self._rest.total())
        return reduce(plus, parts)


def _carries(x: Any) -> bool:
    """Tell whether there is a derivative in an element."""
    for leaf in leaves(x):
        if isinstance(leaf, Support):
            if leaf._rest is not None or any(map(_carries, leaf._items)):
                return True
        elif type(leaf) in CARRIERS or (
            isinstance(leaf, np.ndarray) and leaf.dtype == object and any(map(_carries, leaf.flat))
        ):
            return True
    return False
