"""`Stream`: an infinite, lazy sequence that remembers what it has computed.

Imports the core, cells, and what containers without an end have in common.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, NoReturn, Protocol, final

from revdiff.core.errors import ArgumentError, StreamEndedError, describe
from revdiff.streams.cells import Cell, Counted, Delayed, Drawn, Elementwise, Source, Strided, Unfolded, no_tail
from revdiff.streams.endless import Element, Endless, natural, plus, shown
from revdiff.streams.zeros import zero_beside


class Finite(Protocol):
    """What a Stream is paired with: a `FiniteSupportStream`, as far as it has to be known here."""

    @property
    def support_length(self) -> int:
        """The number of stored items."""

    def convolve(self, stream: Stream[Any], /) -> Any:
        """Return Σᵢ xᵢ yᵢ, for a Stream y."""


def _operators(function: Callable[[Any, Any], Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return the methods for s ∘ y and x ∘ s, where the other operand is a Stream or a single value."""

    def forward(self: Stream[Any], other: Any, /) -> Any:
        if isinstance(other, Stream):
            return self.zip_with(function, other)
        return NotImplemented if isinstance(other, Endless) else self.map(lambda x: function(x, other))

    def reflected(self: Stream[Any], other: Any, /) -> Any:
        return NotImplemented if isinstance(other, Endless) else self.map(lambda x: function(other, x))

    return forward, reflected


@final
class Stream(Cell[Element]):
    """An infinite sequence x₀, x₁, x₂, …, computed as far as it is read, and each element once.

        Stream(x₀, tail)      tail: x₁, x₂, …, or a function of no arguments that returns it

    The function is called once, when something behind x₀ is first read, so a Stream may be defined
    by itself:

    >>> fibonacci = Stream(0, lambda: Stream(1, lambda: fibonacci + fibonacci.tail))
    >>> fibonacci.take(10), fibonacci[100]
    ([0, 1, 1, 2, 3, 5, 8, 13, 21, 34], 354224848179261915075)

    Arithmetic is elementwise, with a Stream or with a single value:

    >>> 1 / Stream.iterate(lambda x: 2.0 * x, 1.0)
    [1.0,0.5,0.25,0.125,0.0625,...

    ``s[i]`` is an element, ``s[a:b]`` a list, ``s[a:]`` and ``s[a::k]`` are Streams. An element that
    could not be computed is tried again when it is read again. Threads may share a Stream; the same
    element of a mapped Stream may then be computed by two of them, and the first result is kept.
    ``==`` asks whether two Streams are the same object: whether all their elements agree cannot be
    decided.
    """

    __slots__ = ("_tails",)

    _tails: list[Stream[Any]]

    def __init__(self, head: Any, tail: Stream[Any] | Callable[[], Stream[Any]], /) -> None:
        self._head = head
        self._tail = _tail_of(tail)
        self._recipe = None

    @classmethod
    def from_iterable(cls, iterable: Iterable[Any], /) -> Stream[Any]:
        """Return the Stream of what an iterable gives, drawn in order, as far as it is read.

        Where it ends, the Stream, which has no end, raises `StreamEndedError`.

        >>> import itertools
        >>> Stream.from_iterable(itertools.cycle("ab")).take(3)
        ['a', 'b', 'a']
        """
        return cls._by(Drawn(Source(iterable)))

    @classmethod
    def iterate(cls, f: Callable[[Any], Any], x: Any, /) -> Stream[Any]:
        """Return x, f(x), f(f(x)), ….

        >>> Stream.iterate(lambda x: (x + 2 / x) / 2, 1.0)[5]       # Heron's way to √2
        1.414213562373095
        """

        def step(x: Any) -> tuple[Any, Any]:
            y = f(x)
            return y, y

        return cls(x, cls._by(Unfolded(step, x)))

    @classmethod
    def repeat(cls, x: Any, /) -> Stream[Any]:
        """Return x, x, x, ….

        >>> Stream.repeat(7)
        [7,7,7,7,7,...
        """
        s = cls(x, lambda: s)
        return s

    @classmethod
    def unfold(cls, f: Callable[[Any], tuple[Any, Any]], state: Any, /) -> Stream[Any]:
        """Return the Stream of a machine: f(state) is the pair of an element and the next state.

        >>> Stream.unfold(lambda n: (n % 10, n // 10), 2024).take(5)
        [4, 2, 0, 2, 0]
        """
        return cls._by(Unfolded(f, state))

    @classmethod
    def tabulate(cls, f: Callable[[int], Any], /) -> Stream[Any]:
        """Return f(0), f(1), f(2), …, each computed for itself when it is read.

        >>> Stream.tabulate(lambda n: n * n)
        [0,1,4,9,16,...
        """
        return cls._by(Counted(f, 0))

    def cons(self, x: Any, /) -> Stream[Any]:
        """Return x, x₀, x₁, ….

        >>> Stream.repeat(0).cons(1)
        [1,0,0,0,0,...
        """
        return Stream(x, self)

    def take(self, n: int, /) -> list[Element]:
        """Return the first n elements in a list.

        >>> Stream.repeat(7).take(3)
        [7, 7, 7]
        """
        return list(islice(self, natural(n, "a number of elements")))

    def drop(self, n: int, /) -> Stream[Element]:
        """Return what follows the first n elements: xₙ, xₙ₊₁, ….

        The elements before xₙ are computed only where one comes from the other.

        >>> Stream.tabulate(lambda n: 1 / n).drop(2).head
        0.5
        """
        for _ in range(natural(n, "a number of elements")):
            self = self.tail  # noqa: PLW0642 (who walks along a stream must not hold where it began)
        return self

    def map(self, f: Callable[[Any], Any], /) -> Stream[Any]:
        """Return f(x₀), f(x₁), …, each computed for itself when it is read.

        >>> Stream.tabulate(float).map(lambda x: x / 2)
        [0.0,0.5,1.0,1.5,2.0,...
        """
        return self._by(Elementwise(f, (self,)))

    def zip_with(self, f: Callable[..., Any], /, *others: Stream[Any]) -> Stream[Any]:
        """Return f(x₀, y₀, …), f(x₁, y₁, …), …, each computed for itself when it is read.

        >>> s = Stream.tabulate(lambda n: n)
        >>> s.zip_with(max, Stream.repeat(2))
        [2,2,2,3,4,...
        """
        _require_streams(others)
        return self._by(Elementwise(f, (self, *others)))

    def zip(self, /, *others: Stream[Any]) -> Stream[Any]:
        """Return the tuples (x₀, y₀, …), (x₁, y₁, …), ….

        >>> Stream.repeat(0).zip(Stream.tabulate(lambda n: n))
        [(0,0),(0,1),(0,2),(0,3),(0,4),...
        """
        return self.zip_with(lambda *elements: elements, *others)

    def convolve(self, finite: Finite, /) -> Any:
        """Return Σᵢ yᵢ xᵢ, the pairing with a stream y of finite support.

        >>> from revdiff import FiniteSupportStream
        >>> Stream.iterate(lambda x: x / 2, 1.0).convolve(FiniteSupportStream.replicate(10, 1.0))
        1.998046875
        """
        if not hasattr(type(finite), "support_length"):
            msg = f"a Stream is paired with a FiniteSupportStream, or the sum has no end; met {describe(finite)}"
            raise ArgumentError(msg)
        return finite.convolve(self)

    __add__, __radd__ = _operators(plus)
    __sub__, __rsub__ = _operators(operator.sub)
    __mul__, __rmul__ = _operators(operator.mul)
    __truediv__, __rtruediv__ = _operators(operator.truediv)
    __pow__, __rpow__ = _operators(operator.pow)

    def __neg__(self) -> Stream[Any]:
        return self.map(operator.neg)

    def __iter__(self) -> Iterator[Element]:
        return _Elements(self)

    def _element(self, i: int) -> Any:
        """Return xᵢ, and remember the way: to read all of n elements by index takes about n steps."""
        if i == 0:
            return self.head
        tails = getattr(self, "_tails", None)
        if tails is None:
            tails = self._tails = [self.tail]
        n = len(tails)
        while n < i:
            # Idempotent, so that two threads may do it at once.
            tails[n : n + 1] = [tails[n - 1].tail]
            n += 1
        return tails[i - 1].head

    def _every(self, step: int) -> Stream[Any]:
        return self._by(Strided(self, step))

    def _zeros(self) -> Stream[Any]:
        return self.map(zero_beside)

    def __repr__(self) -> str:
        return shown(islice(self, 5))

    def __copy__(self) -> Stream[Any]:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Stream[Any]:
        return self

    def __reduce__(self) -> NoReturn:
        self._refuse("cannot be pickled")


@final
class _Elements:
    """An iterator over a Stream. It holds the stream from where it stands, not from where it began."""

    __slots__ = ("_begun", "_stream")

    def __init__(self, stream: Stream[Any]) -> None:
        self._stream = stream
        self._begun = False

    def __iter__(self) -> _Elements:
        return self

    def __next__(self) -> Any:
        try:
            stream = self._stream.tail if self._begun else self._stream
            element = stream.head
        except StopIteration as stop:
            msg = "a Stream has no end, but a function that computes its elements raised StopIteration"
            raise StreamEndedError(msg) from stop
        self._stream, self._begun = stream, True
        return element

    def __length_hint__(self) -> int:
        return len(self._stream)


def _tail_of(tail: Any) -> Stream[Any]:
    if isinstance(tail, Stream):
        return tail
    if not callable(tail):
        raise no_tail(tail)
    return Stream._by(Delayed(tail))


def _require_streams(others: tuple[Any, ...]) -> None:
    for other in others:
        if not isinstance(other, Stream):
            msg = (
                f"zip_with needs Streams beside this one; met {describe(other)}.\n"
                "  Of a single value:         Stream.repeat(x)\n"
                "  Of a FiniteSupportStream:  x.to_stream()"
            )
            raise ArgumentError(msg)
