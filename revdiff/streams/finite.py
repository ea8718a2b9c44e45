"""`FiniteSupportStream`: a stored prefix, and zeros after it for ever.

Imports the core, `Stream`, supports, and what containers without an end have in common.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar, final

from revdiff.core.errors import ArgumentError, describe
from revdiff.streams.endless import Element, natural, plus, shown
from revdiff.streams.once import Once
from revdiff.streams.stream import Stream
from revdiff.streams.support import Support
from revdiff.streams.zeros import Rest, equal, zero_beside


@final
class FiniteSupportStream(Support[Element]):
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

    __slots__ = ()

    __hash__: ClassVar[None]  # type: ignore[assignment]

    _instead = "The stored items:      .to_list()\n  The first n elements:  .take(n)"

    def __init__(self, items: Iterable[Any] = (), /, zero: Any = None) -> None:
        given = None if zero is None else Once(zero) if callable(zero) else lambda: zero
        super().__init__(_listed(items), given)

    @classmethod
    def _with_rest(cls, items: Iterable[Any], zero: Any, rest: Rest | None) -> FiniteSupportStream[Any]:
        """Return the stream of these items and a rest in place of the zeros after them."""
        x = cls(items, zero)
        x._rest = rest
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
        return self._trimmed()

    def drop(self, n: int, /) -> FiniteSupportStream[Element]:
        """Return what follows the first n elements: xₙ, xₙ₊₁, ….

        >>> FiniteSupportStream([1, 2, 3]).drop(2)
        [3,0,0,0,...
        """
        return self._dropped(natural(n, "a number of elements"))

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
        return shown(self._to_show())

    def __reduce__(self) -> tuple[Any, ...]:
        return FiniteSupportStream._with_rest, (self._items, self.zero, self._rest)

    def _to_show(self) -> Iterator[Any]:
        trimmed = self.trim()
        yield from map(trimmed._element, range(trimmed.support_length + 3))


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
