"""An infinite stream: its cotangent has finite support.

Imports the core, the streams and the descriptors. A derivative by a stream is as long as what the
function read of it; the derivative of a stream of values is computed as far as it is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, final

from revdiff.core.capture import own
from revdiff.core.collecting import Place
from revdiff.core.cotangents import zero_like
from revdiff.core.errors import ArgumentError, InfiniteError, MismatchError, RevDiffError, describe
from revdiff.core.graph import NOWHERE, next_number
from revdiff.core.revdiff import RevDiff, made, primal
from revdiff.core.structure import OPENERS
from revdiff.streams.finite import FiniteSupportStream
from revdiff.streams.stream import Stream
from revdiff.structures.auto import auto_arg, auto_val
from revdiff.structures.elements import ElementsArg, ElementsVal
from revdiff.structures.protocol import Argument, Pull, Value


@final
class StreamArg(ElementsArg):
    """An infinite stream of arguments, of which a function reads finitely many.

        value      x₀, x₁, x₂, …
        cotangent  x̄₀, …, x̄ₙ, 0, 0, …, with finite support
        pairing    Σ x̄ᵢ · xᵢ, finite because x̄ is

    The function receives a Stream of RevDiffs; the cotangent ends behind the last element that it read.

    >>> from revdiff import custom_arg_derivative
    >>> custom_arg_derivative(stream_arg, lambda s: s[0] * s[2])(Stream.iterate(lambda x: x + 1.0, 1.0))
    [3.0,0.0,1.0,0.0,0.0,0.0,...
    """

    name = "stream_arg"

    def split(self, x: RevDiff, /) -> Stream[Any]:
        """Return the Stream of RevDiffs."""
        if not isinstance(primal(x), Stream):
            msg = f"{self!r} describes a Stream; the argument is {describe(primal(x))}"
            raise ArgumentError(msg)

        def element(i: int) -> Any:
            try:
                return self.part.split(_element(x, i))
            except RevDiffError as error:
                error.inside(f"[{i}]")
                raise

        return Stream.tabulate(element)


def _element(x: Any, i: int) -> Any:
    """Return one element of a Stream, a RevDiff if x is one."""
    if type(x) is not RevDiff:
        return own(x[i])  # an array in it may be changed before the way back
    node = x._node
    assembly = _FiniteAssembly(primal(x))
    return made(_element(x.value, i), NOWHERE if node[1] == 0 else (next_number(), node[1], node, Place(assembly, i)))


@final
class _FiniteAssembly:
    """Puts the cotangent of a Stream together, from the elements that something reached."""

    __slots__ = ("_stream",)

    def __init__(self, stream: Stream[Any]) -> None:
        self._stream = stream

    def __call__(self, slots: Mapping[int, Any]) -> FiniteSupportStream[Any]:
        """Return the items up to the last that was reached."""
        items = [own(slots[i]) if i in slots else zero_like(self._stream[i]) for i in range(max(slots) + 1)]
        return FiniteSupportStream(items, lambda: zero_like(self._stream.head))


@final
class StreamVal(ElementsVal):
    """An infinite stream of values: its derivative is the Stream of their derivatives, each computed when it is read.

    >>> from revdiff import custom_val_derivative
    >>> powers = lambda x: Stream.iterate(lambda y: y * x, 1.0)
    >>> custom_val_derivative(stream_val, powers)(2.0)
    [0.0,1.0,4.0,12.0,32.0,...
    """

    name = "stream_val"

    def derivatives(self, y: Any, pull: Pull, /) -> Stream[Any]:
        """Return the derivatives, element by element."""
        return _opened(y, self).map(lambda element: self.part.derivatives(element, pull))

    def seeds(self, y: Any, y_bar: Any, /) -> Iterator[tuple[Any, Any]]:
        """Pair the elements with those of ȳ, as far as it is stored."""
        y, y_bar = _opened(y, self), y_bar if type(y_bar) is not RevDiff else auto_arg.split(y_bar)
        if not isinstance(y_bar, FiniteSupportStream):
            raise MismatchError.of(y_bar, FiniteSupportStream())
        if y_bar._rest is not None:
            msg = (
                "this derivative of a stream of values would need infinitely many cotangents at once.\n"
                "  Take the elements that you need:  lambda x: f(x).take(n)"
            )
            raise InfiniteError(msg)
        for i in range(y_bar.support_length):
            yield from self.part.seeds(y[i], y_bar[i])


def _opened(y: Any, descriptor: StreamVal) -> Stream[Any]:
    if not isinstance(primal(y), Stream):
        msg = f"{descriptor!r} describes a Stream; the function returned {describe(primal(y))}"
        raise ArgumentError(msg)
    return y if type(y) is not RevDiff else stream_arg.split(y)


stream_arg = StreamArg()
stream_val = StreamVal()


def mk_stream_arg(part: Argument, /) -> StreamArg:
    """Return the descriptor of a Stream with one descriptor for all of its elements."""
    return stream_arg(part)


def mk_stream_val(part: Value, /) -> StreamVal:
    """Return the descriptor of a Stream with one descriptor for all of its elements."""
    return stream_val(part)


auto_arg.register(Stream, stream_arg)
OPENERS.register(Stream, stream_arg.split)
auto_val.register(Stream, stream_val)
