"""An infinite stream: its cotangent has finite support.

Imports the core, the streams and the descriptors. A derivative by a stream is as long as what the
function read of it; the derivative of a stream of values is computed as far as it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, final

from revdiff.core.capture import own
from revdiff.core.collecting import Place
from revdiff.core.cotangents import zero_like
from revdiff.core.errors import InfiniteError, MismatchError, RevDiffError
from revdiff.core.graph import NOWHERE, Node, next_number
from revdiff.core.parts import split
from revdiff.core.revdiff import RevDiff, made, primal
from revdiff.core.structure import OPENERS
from revdiff.streams.finite import FiniteSupportStream
from revdiff.streams.stream import Stream
from revdiff.structures.auto import auto_arg, auto_val
from revdiff.structures.protocol import Argument, Pull, Value, WithPart, misfit


@final
class StreamArg(WithPart[Argument]):
    """An infinite stream of arguments, of which a function reads finitely many.

        value      x₀, x₁, x₂, …
        cotangent  x̄₀, …, x̄ₙ, 0, 0, …, with finite support
        pairing    Σ x̄ᵢ · xᵢ, finite because x̄ is

    The function receives a Stream of RevDiffs; the cotangent ends behind the last element that it read. Called with a
    descriptor, it returns the one that uses it for the elements. Raises `ArgumentError` for what is no Stream.

    >>> from revdiff import custom_arg_derivative
    >>> custom_arg_derivative(stream_arg, lambda s: s[0] * s[2])(Stream.iterate(lambda x: x + 1.0, 1.0))
    [3.0,0.0,1.0,0.0,0.0,0.0,...
    """

    name = "stream_arg"
    default = auto_arg

    def split(self, x: RevDiff, /) -> Stream[Any]:
        """Return the Stream of RevDiffs."""
        if not isinstance(primal(x), Stream):
            raise misfit(self, "a Stream", x)

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
    return made(_element(x.value, i), step(x._node, Place(_FiniteAssembly(primal(x)), i)))


def step(node: Node, local: Callable[[Any], Any]) -> Node:
    """Return the node one step further on; a constant goes on leading nowhere."""
    return NOWHERE if node[1] == 0 else (next_number(), node[1], node, local)


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
class StreamVal(WithPart[Value]):
    """An infinite stream of values.

        value       y₀, y₁, y₂, …
        derivative  ∂y₀, ∂y₁, ∂y₂, …: a Stream, each computed when it is read
        cotangent   ȳ₀, …, ȳₙ, 0, 0, …, with finite support

    Called with a descriptor, it returns the one that uses it for the elements. Raises `ArgumentError` for what is no
    Stream, and for a cotangent that has no finite support.

    >>> from revdiff import custom_val_derivative
    >>> powers = lambda x: Stream.iterate(lambda y: y * x, 1.0)
    >>> custom_val_derivative(stream_val, powers)(2.0)
    [0.0,1.0,4.0,12.0,32.0,...
    """

    name = "stream_val"
    default = auto_val

    def derivatives(self, y: Any, pull: Pull, /) -> Stream[Any]:
        """Return the derivatives, element by element."""
        return self._opened(y).map(lambda element: self.part.derivatives(element, pull))

    def seeds(self, y: Any, y_bar: Any, /) -> Iterator[tuple[Any, Any]]:
        """Pair the elements with those of ȳ, as far as it is stored."""
        y, y_bar = self._opened(y), split(y_bar)
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

    def _opened(self, y: Any) -> Stream[Any]:
        if not isinstance(primal(y), Stream):
            raise misfit(self, "a Stream", y)
        opened: Stream[Any] = split(y)
        return opened


stream_arg = StreamArg()
stream_val = StreamVal()


def mk_stream_arg(part: Argument, /) -> StreamArg:
    """Return the descriptor of a Stream with one descriptor for all of its elements.

        value      x₀, x₁, x₂, …
        cotangent  x̄₀, …, x̄ₙ, 0, 0, …, with finite support, each as ``part`` says
        pairing    Σ x̄ᵢ · xᵢ

    Raises `ArgumentError` for what is no Stream, and where ``part`` does not fit an element that is read.

    >>> from revdiff import custom_arg_derivative, scalar_arg
    >>> custom_arg_derivative(mk_stream_arg(scalar_arg), lambda s: s[1] ** 2)(Stream.tabulate(float))
    [0.0,2.0,0.0,0.0,0.0,...
    """
    return stream_arg(part)


def mk_stream_val(part: Value, /) -> StreamVal:
    """Return the descriptor of a Stream with one descriptor for all of its elements.

        value       y₀, y₁, y₂, …
        derivative  ∂y₀, ∂y₁, ∂y₂, …: a Stream, each as ``part`` says
        cotangent   ȳ₀, …, ȳₙ, 0, 0, …, with finite support

    Raises `ArgumentError` for what is no Stream, and where ``part`` does not fit an element that is read.

    >>> from revdiff import custom_val_derivative, scalar_val
    >>> custom_val_derivative(mk_stream_val(scalar_val), lambda t: Stream.tabulate(lambda i: t**i))(2.0)
    [0.0,1.0,4.0,12.0,32.0,...
    """
    return stream_val(part)


auto_arg.register(Stream, stream_arg)
OPENERS.register(Stream, stream_arg.split)
auto_val.register(Stream, stream_val)
