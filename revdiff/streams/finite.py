"""`FiniteSupportStream`: a stored prefix, and zeros after it for ever.

Imports the core, `Stream`, and what containers without an end have in common. Every operation on the whole is one of a
few, which take the stored items and the rest after them along: `_elementwise`, `_scaled`, `_zipped` and `_total`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from functools import partial, reduce
from typing import Any, ClassVar, final

import numpy as np

from revdiff.core.capture import own
from revdiff.core.errors import ArgumentError, describe
from revdiff.core.structure import CARRIERS, leaves
from revdiff.streams.endless import Element, Endless, natural, plus, shown
from revdiff.streams.once import Once
from revdiff.streams.stream import Stream
from revdiff.streams.zeros import Rest, equal, zero_beside


@final
class FiniteSupportStream(Endless[Element]):
    """An infinite sequence x₀, x₁, …, xₙ₋₁, 0, 0, 0, … of which n elements are stored.

        items    x₀, …, xₙ₋₁: the support
        zero     what comes after them, or a function of no arguments that returns it when it is first
                 needed; without it, the zero beside the first item, or 0 if there is none

    It is a vector: two are added and subtracted, and every single value acts on them. A Stream acts
    on them element by element, and pairs with them to one number.

    >>> x = FiniteSupportStream([1, 2, 3])
    >>> x + FiniteSupportStream([10, 20]), 2 * x
    ([11,22,3,0,0,0,..., [2,4,6,0,0,0,...)
    >>> x * Stream.tabulate(lambda i: i), x.convolve(Stream.tabulate(lambda i: i))
    ([0,2,6,0,0,0,..., 8)

    ``x[i]`` is an element, ``x[a:b]`` a list, ``x[a:]`` and ``x[a::k]`` have finite support again.
    ``==`` compares all the elements, so stored zeros at the end make no difference.
    """

    __slots__ = ("_items", "_rest", "_zero")

    __hash__: ClassVar[None]  # type: ignore[assignment]

    _instead = "The stored items:      .to_list()\n  The first n elements:  .take(n)"

    def __init__(self, items: Iterable[Any] = (), /, zero: Any = None) -> None:
        given = None if zero is None else Once(zero) if callable(zero) else lambda: zero
        self._hold(_listed(items), given, None)

    def _hold(self, items: tuple[Any, ...], zero: Callable[[], Any] | None, rest: Rest | None) -> None:
        self._items = items
        # Made anew each time: a zero may be an array, and somebody may write to it.
        self._zero = partial(zero_beside, items[0]) if zero is None and items else zero
        self._rest = rest

    @classmethod
    def _of(
        cls, items: tuple[Any, ...], zero: Callable[[], Any] | None, rest: Rest | None = None
    ) -> FiniteSupportStream[Any]:
        """Return the stream of these items, and a rest in place of the zeros after them. No zero is that beside the first."""
        x = object.__new__(cls)
        x._hold(items, zero, rest)
        return x

    @classmethod
    def from_items(cls, items: Iterable[Any], /, *, trim: bool = False) -> FiniteSupportStream[Any]:
        """Return the stream of these items, without zeros at their end if ``trim``.

        >>> FiniteSupportStream.from_items([0, 1, 0], trim=True).to_list()
        [0, 1]
        """
        x = cls(items)
        return x.trim() if trim else x

    @classmethod
    def from_stream(cls, stream: Stream[Any], n: int, /) -> FiniteSupportStream[Any]:
        """Return the first n elements of a Stream, and zeros after them.

        >>> FiniteSupportStream.from_stream(Stream.repeat(1.5), 2)
        [1.5,1.5,0.0,0.0,0.0,...
        """
        items = stream.take(n)
        return cls(items, zero=None if items else lambda: zero_beside(stream.head))

    @classmethod
    def empty(cls, zero: Any = 0) -> FiniteSupportStream[Any]:
        """Return the stream of zeros, of which none is stored.

        >>> FiniteSupportStream.empty(zero=0.0)
        [0.0,0.0,0.0,...
        """
        return cls((), zero)

    @classmethod
    def singleton(cls, x: Any, /, *, trim: bool = False) -> FiniteSupportStream[Any]:
        """Return x, 0, 0, 0, ….

        >>> FiniteSupportStream.singleton(42)
        [42,0,0,0,...
        """
        return cls.from_items((x,), trim=trim)

    @classmethod
    def replicate(cls, n: int, x: Any, /, *, trim: bool = False) -> FiniteSupportStream[Any]:
        """Return the stream of n times x.

        >>> FiniteSupportStream.replicate(3, 42)
        [42,42,42,0,0,0,...
        """
        return cls.from_items((x,) * natural(n, "a number of items"), trim=trim)

    @classmethod
    def basis(cls, i: int, /, one: Any = 1) -> FiniteSupportStream[Any]:
        """Return the basis vector eᵢ: one in place i, and zeros elsewhere.

        >>> FiniteSupportStream.basis(3)
        [0,0,0,1,0,0,0,...
        """
        zero = zero_beside(one)
        return cls((*(zero,) * natural(i, "a place"), one), zero=lambda: zero)

    @property
    def zero(self) -> Any:
        """The zero after the support."""
        return 0 if self._zero is None else own(self._zero())

    @property
    def support_length(self) -> int:
        """The number of stored items, zeros among them.

        >>> FiniteSupportStream([0, 1, 2, 0]).support_length
        4
        """
        return len(self._items)

    @property
    def is_null(self) -> bool:
        """Whether nothing is stored. Whether all elements are zero is ``x.trim().is_null``."""
        return not self._items

    def to_list(self) -> list[Any]:
        """Return the stored items.

        >>> FiniteSupportStream([1, 2, 0]).to_list()
        [1, 2, 0]
        """
        return list(self._items)

    def to_stream(self) -> Stream[Any]:
        """Return all the elements, zeros as well, as a Stream.

        >>> FiniteSupportStream([1, 2]).to_stream() + 10
        [11,12,10,10,10,...
        """
        return Stream.tabulate(self._element)

    def cons(self, x: Any, /, *, trim: bool = False) -> FiniteSupportStream[Any]:
        """Return x, x₀, x₁, ….

        >>> FiniteSupportStream([1, 2]).cons(42)
        [42,1,2,0,0,0,...
        """
        longer = self._of((x, *self._items), self._zero, self._rest)
        return longer.trim() if trim else longer

    def trim(self) -> FiniteSupportStream[Any]:
        """Return the stream without stored zeros at the end of the support.

        What carries a derivative is kept, and so is what cannot be told from zero.

        >>> FiniteSupportStream([0, 1, 0, 3, 0, 0]).trim().to_list()
        [0, 1, 0, 3]
        """
        n = len(self._items)
        while n and self._rest is None and not _carries(self._items[n - 1]) and self._is_zero(self._items[n - 1]):
            n -= 1
        return self if n == len(self._items) else self._of(self._items[:n], self._zero)

    def drop(self, n: int, /) -> FiniteSupportStream[Element]:
        """Return what follows the first n elements: xₙ, xₙ₊₁, ….

        >>> FiniteSupportStream([1, 2, 3]).drop(2)
        [3,0,0,0,...
        """
        beyond = natural(n, "a number of elements") - len(self._items)
        rest = self._rest if self._rest is None or beyond <= 0 else self._rest.dropped(beyond)
        return self._of(self._items[n:], self._zero, rest)

    def map(self, f: Callable[[Any], Any], /) -> FiniteSupportStream[Any]:
        """Return f(x₀), …, f(xₙ₋₁), and zeros after them, whatever f makes of a zero.

        >>> FiniteSupportStream([0, 1, 2]).map(lambda x: x + 1)
        [1,2,3,0,0,0,...
        """
        return self._elementwise(f)

    def zip_with(
        self,
        other: FiniteSupportStream[Any],
        both: Callable[[Any, Any], Any],
        /,
        left: Callable[[Any], Any] | None = None,
        right: Callable[[Any], Any] | None = None,
    ) -> FiniteSupportStream[Any]:
        """Return both(x₀, y₀), both(x₁, y₁), … up to the end of the longer support.

        ``left`` is applied to what the longer x has alone, ``right`` to what y has alone; without
        them, it is ``both``, with a zero in the place that is missing.

        >>> x, y = FiniteSupportStream([10, 20, 30]), FiniteSupportStream([1, 2])
        >>> x.zip_with(y, max), x.zip_with(y, max, left=lambda x: -x)
        ([10,20,30,0,0,0,..., [10,20,-30,0,0,0,...)
        """
        _require_finite(other)
        return self._zipped(
            other,
            both,
            left or (lambda x: both(x, other.zero)),
            right or (lambda y: both(self.zero, y)),
            lambda: both(self.zero, other.zero),
        )

    def zip(self, other: FiniteSupportStream[Any], /) -> FiniteSupportStream[Any]:
        """Return the pairs (x₀, y₀), (x₁, y₁), ….

        >>> FiniteSupportStream([1, 2]).zip(FiniteSupportStream([4]))
        [(1,4),(2,0),(0,0),(0,0),(0,0),...
        """
        return self.zip_with(other, lambda x, y: (x, y))

    def sum(self) -> Any:
        """Return Σᵢ xᵢ.

        >>> FiniteSupportStream([1, 2, 3, 0]).sum()
        6
        """
        return self._total() if self._items else self._total(self.zero)

    def convolve(self, stream: Stream[Any], /) -> Any:
        """Return Σᵢ xᵢ yᵢ, the pairing with a Stream y.

        >>> FiniteSupportStream([0, 0, 1]).convolve(Stream.tabulate(lambda i: i))
        2
        """
        return self._elementwise(operator.mul, _required_stream(stream)).sum()

    def fold_with_stream(self, both: Callable[[Any, Any], Any], stream: Stream[Any], /, start: Any = 0) -> Any:
        """Return start + both(x₀, y₀) + … + both(xₙ₋₁, yₙ₋₁) for a Stream y. Where x is zero, nothing is added.

        >>> FiniteSupportStream([1, 2]).fold_with_stream(lambda x, y: x * y, Stream.repeat(10), start=5)
        35
        """
        return self._elementwise(both, _required_stream(stream))._total(start)

    def __add__(self, other: Any, /) -> Any:
        if isinstance(other, Stream):
            return self.to_stream() + other
        return self._zipped(_summand(other), plus, _same, _same)

    def __radd__(self, other: Any, /) -> Any:
        return other + self.to_stream() if isinstance(other, Stream) else _summand(other) + self

    def __sub__(self, other: Any, /) -> Any:
        if isinstance(other, Stream):
            return self.to_stream() - other
        return self._zipped(_summand(other), operator.sub, _same, operator.neg)

    def __rsub__(self, other: Any, /) -> Any:
        return other - self.to_stream() if isinstance(other, Stream) else _summand(other) - self

    def __mul__(self, other: Any, /) -> FiniteSupportStream[Any]:
        if isinstance(other, FiniteSupportStream):
            return self.zip_with(other, operator.mul)
        if isinstance(other, Stream):
            return self._elementwise(operator.mul, other)
        return self._scaled(operator.mul, other)

    def __rmul__(self, other: Any, /) -> FiniteSupportStream[Any]:
        if isinstance(other, Stream):
            return self._elementwise(lambda x, y: y * x, other)
        return self._scaled(lambda x, c: c * x, other)

    def __truediv__(self, other: Any, /) -> FiniteSupportStream[Any]:
        if isinstance(other, FiniteSupportStream):
            return NotImplemented
        if isinstance(other, Stream):
            return self._elementwise(operator.truediv, other)
        return self._scaled(operator.truediv, other)

    def __neg__(self) -> FiniteSupportStream[Any]:
        return self._elementwise(operator.neg)

    def __eq__(self, other: object, /) -> bool:
        if not isinstance(other, FiniteSupportStream):
            return NotImplemented
        shorter, longer = sorted((self, other), key=lambda x: x.support_length)
        beyond = longer._items[shorter.support_length :]
        return all(map(equal, shorter._items, longer._items)) and all(longer._is_zero(x) for x in beyond)

    def __iter__(self) -> Iterator[Element]:
        return iter(self.to_stream())

    def __repr__(self) -> str:
        trimmed = self.trim()
        return shown(map(trimmed._element, range(trimmed.support_length + 3)))

    def __reduce__(self) -> tuple[Any, ...]:
        return FiniteSupportStream, (self._items, self.zero), (None, {"_rest": self._rest})

    def _element(self, i: int) -> Any:
        beyond = i - len(self._items)
        if beyond < 0:
            return self._items[i]
        return self.zero if self._rest is None else self._rest.element(beyond)

    def _every(self, step: int) -> FiniteSupportStream[Element]:
        if self._rest is not None:
            msg = "x[a::k] would lose the derivative by the zeros after the support.\n  Write x.to_stream()[a::k]."
            raise ArgumentError(msg)
        return self._of(self._items[::step], self._zero)

    def _zeros(self) -> FiniteSupportStream[Element]:
        return self._of((), self._zero)

    def _is_zero(self, x: Any) -> bool:
        try:
            return equal(x, self.zero)
        except Exception:  # nobody can tell: a zero that is not known, a truth that is not decided
            return False

    def _elementwise(self, function: Callable[..., Any], *streams: Stream[Any]) -> FiniteSupportStream[Any]:
        """Return function(xᵢ, yᵢ, …) for all i, with the elements of Streams; it is zero where x is."""
        n = len(self._items)
        items = tuple(map(function, self._items, *[s.take(n) for s in streams]))
        rest = None if self._rest is None else self._rest.combined(function, *[s.drop(n) for s in streams])
        return self._of(items, None if items else self._zero, rest)

    def _scaled(self, function: Callable[[Any, Any], Any], c: Any) -> FiniteSupportStream[Any]:
        """Return function(xᵢ, c) for all i; it is linear in xᵢ."""
        items = tuple(function(x, c) for x in self._items)
        rest = None if self._rest is None else self._rest.scaled(function, c)
        return self._of(items, None if items else self._zero, rest)

    def _zipped(
        self,
        other: FiniteSupportStream[Any],
        both: Callable[[Any, Any], Any],
        left: Callable[[Any], Any],
        right: Callable[[Any], Any],
        zero: Callable[[], Any] | None = None,
    ) -> FiniteSupportStream[Any]:
        """Return both(xᵢ, yᵢ) where both have an element, and left(xᵢ) or right(yᵢ) where one is longer."""
        n = max(len(self._items), len(other._items))
        x, y = self._reaching(n), other._reaching(n)
        shared = min(len(x._items), len(y._items))
        items = (*map(both, x._items, y._items), *map(left, x._items[shared:]), *map(right, y._items[shared:]))
        rest: Rest | None = None
        if x._rest is not None:
            rest = x._rest.combined(left) if y._rest is None else x._rest.combined(both, y._rest)
        elif y._rest is not None:
            rest = y._rest.combined(right)
        return self._of(items, None if items else zero or self._zero or other._zero, rest)

    def _reaching(self, n: int) -> FiniteSupportStream[Element]:
        """Return the same with elements of the rest, if there is one, among the items, until there are n."""
        missing = n - len(self._items)
        if self._rest is None or missing <= 0:
            return self
        items = (*self._items, *map(self._rest.element, range(missing)))
        return self._of(items, self._zero, self._rest.dropped(missing))

    def _total(self, *start: Any) -> Any:
        """Return start + x₀ + x₁ + …, up to the end of the items or of the rest."""
        parts = [*start, *self._items]
        if self._rest is not None:
            parts.append(self._rest.total())
        return reduce(plus, parts)


def _carries(x: Any) -> bool:
    """Tell whether there is a derivative in an element."""
    for leaf in leaves(x):
        if isinstance(leaf, FiniteSupportStream):
            if leaf._rest is not None or any(map(_carries, leaf._items)):
                return True
        elif type(leaf) in CARRIERS or (
            isinstance(leaf, np.ndarray) and leaf.dtype == object and any(map(_carries, leaf.flat))
        ):
            return True
    return False


def _same(x: Any) -> Any:
    return x


def _listed(items: Any) -> tuple[Any, ...]:
    if not hasattr(items, "__iter__"):
        msg = f"FiniteSupportStream needs its items in a list; met {describe(items)}"
        raise ArgumentError(msg)
    return tuple(items)


def _summand(x: Any) -> FiniteSupportStream[Any]:
    if not isinstance(x, FiniteSupportStream):
        msg = (
            f"a FiniteSupportStream is added to one, or to a Stream; met {describe(x)}.\n"
            "  To every element of the support:  x.map(lambda e: e + c)\n"
            "  To all the elements:              x.to_stream() + c"
        )
        raise ArgumentError(msg)
    return x


def _require_finite(x: Any) -> None:
    if not isinstance(x, FiniteSupportStream):
        msg = f"a FiniteSupportStream is zipped with one; met {describe(x)}.\n  With a Stream:  x.to_stream().zip_with(f, s)"
        raise ArgumentError(msg)


def _required_stream(x: Any) -> Stream[Any]:
    if not isinstance(x, Stream):
        msg = f"a Stream is needed beside the FiniteSupportStream; met {describe(x)}"
        raise ArgumentError(msg)
    return x
