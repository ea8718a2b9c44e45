"""A finite-support stream: its cotangent is an infinite stream, for it can vary where it is zero too.

Imports the core, the streams and the descriptors, that of infinite streams among them.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, final

from revdiff.core.capture import own
from revdiff.core.collecting import Place
from revdiff.core.cotangents import one_like, zero_like
from revdiff.core.errors import MismatchError, MixedLayersError, RevDiffError
from revdiff.core.graph import NOWHERE, Node, edge, next_number
from revdiff.core.lifting import below
from revdiff.core.parts import split
from revdiff.core.revdiff import RevDiff, made, primal
from revdiff.core.structure import OPENERS, leaves, map_leaves
from revdiff.streams.finite import FiniteSupportStream
from revdiff.streams.stream import Stream
from revdiff.structures.auto import auto_arg, auto_val
from revdiff.structures.differentiation import RUNNING, Differentiation
from revdiff.structures.protocol import Argument, Pull, Value, WithPart, misfit
from revdiff.structures.stream import step


@final
class FiniteSupportStreamArg(WithPart[Argument]):
    """A finite-support stream of arguments: what is stored of it, and the zeros after that.

        value      x₀, …, xₙ₋₁, 0, 0, …
        cotangent  x̄₀, x̄₁, x̄₂, …, a Stream: a function may depend on the zeros too
        pairing    Σ x̄ᵢ · xᵢ, finite because x is

    The function receives a finite-support stream of RevDiffs. Called with a descriptor, it returns the one that uses it for
    the elements. Raises `ArgumentError` for what is no FiniteSupportStream.

    >>> from revdiff import custom_arg_derivative
    >>> x = FiniteSupportStream([1.0, 2.0, 3.0])
    >>> custom_arg_derivative(finite_support_stream_arg, lambda x: x.sum())(x)
    [1.0,1.0,1.0,1.0,1.0,...
    """

    name = "finite_support_stream_arg"
    default = auto_arg

    def split(self, x: RevDiff, /) -> FiniteSupportStream[Any]:
        """Return the stream of RevDiffs, with the zeros behind the support as variables too."""
        plain = primal(x)
        if not isinstance(plain, FiniteSupportStream):
            raise misfit(self, "a FiniteSupportStream", plain)
        lower = self.split(x.value) if type(x.value) is RevDiff else x.value
        n = lower.support_length
        assembly = _InfiniteAssembly(lower)
        items = []
        for i in range(n):
            try:
                items.append(self.part.split(made(own(lower[i]), step(x._node, Place(assembly, i)))))
            except RevDiffError as error:
                error.inside(f"[{i}]")
                raise
        rest = Zeros(step(x._node, partial(_shifted, n, lower)), lower._rest, lambda: lower.zero, self.part)
        return FiniteSupportStream._of(tuple(items), lambda: lower.zero, rest)


@final
class Zeros:
    """The infinitely many zeros after the support of an argument, all of them variables.

    ``node`` takes a Stream, the cotangent of all of them; ``under`` is the same one layer down, None
    where these are plain zeros. Every operation on the stream is one step of the graph, not one for
    each zero: Σ sends back the stream ȳ, ȳ, ȳ, … for instance.
    """

    __slots__ = ("_below", "_node", "_part", "_zero")

    def __init__(self, node: Node, under: Any, zero: Callable[[], Any], part: Argument) -> None:
        Differentiation.watched = True
        self._node = node
        self._below = under
        self._zero = zero
        self._part = part

    def element(self, i: int, /) -> Any:
        """Return the i-th zero after the support."""
        assembly = _InfiniteAssembly(FiniteSupportStream((), self._zero))
        return self._part.split(made(_at(self._lower(), i), step(self._node, Place(assembly, i))))

    def dropped(self, n: int, /) -> Zeros:
        """Return what follows the first n of them.     x̄ = 0, …, 0, ȳ₀, ȳ₁, …"""
        under = None if self._below is None else self._below.dropped(n)
        local = partial(_shifted, n, FiniteSupportStream((), self._zero))
        return Zeros(step(self._node, local), under, self._zero, self._part)

    def total(self) -> Any:
        """Return the sum of all of them.     x̄ᵢ = ȳ."""
        value = self._zero() if self._below is None else self._below.total()
        return self._part.split(made(value, step(self._node, Stream.repeat)))

    def combined(self, function: Callable[..., Any], /, *others: Any) -> Zeros:
        """Return function(xᵢ, yᵢ, …) for all i.     x̄ᵢ = ∂f(xᵢ, yᵢ, …)/∂x ȳᵢ, when it is read."""
        operands: tuple[Any, ...] = (self, *others)
        if RUNNING.get() > max(operand._node[1] for operand in operands if isinstance(operand, Zeros)):
            msg = (
                "what is applied to the zeros after the support of a FiniteSupportStream may depend on the variable of "
                "an inner derivative; nothing sums its cotangents over all of them.\n"
                "  To multiply by a variable c:        c * x\n"
                "  What does not depend on it:         compute it outside of the inner function\n"
                "  For the stored elements alone:      x.take(n), or a list as the argument"
            )
            raise MixedLayersError(msg)
        return self._combined(function, *others)

    def _combined(self, function: Callable[..., Any], *others: Any) -> Zeros:
        operands: tuple[Any, ...] = (self, *others)
        top = max(operand._node[1] for operand in operands if isinstance(operand, Zeros))
        varying = [isinstance(operand, Zeros) and operand._node[1] == top for operand in operands]
        lower = [operand._lower() if varies else operand for operand, varies in zip(operands, varying, strict=True)]
        ways: list[Any] = []
        for k, operand in enumerate(operands):
            if varying[k] and top:
                ways += operand._node, partial(_pulled_back, function, lower, k)
        zero = map_leaves(primal, function(*[_at(operand, 0) for operand in lower]))
        under = None
        still = next((k for k, operand in enumerate(lower) if isinstance(operand, Zeros)), None)
        if still is not None:
            self._require_known(function, lower, top)
            rest = [*lower[:still], *lower[still + 1 :]]
            under = lower[still]._combined(lambda x, *ys: function(*ys[:still], x, *ys[still:]), *rest)
        return Zeros((next_number(), top, *ways) if top else NOWHERE, under, lambda: zero, auto_arg)

    def scaled(self, function: Callable[[Any, Any], Any], c: Any, /) -> Zeros:
        """Return function(xᵢ, c) for all i, linear in xᵢ: c xᵢ or xᵢ/c.     c̄ = ∂f(Σ xᵢ ȳᵢ, c)/∂c."""
        top = max(self._node[1], c._node[1] if type(c) is RevDiff else 0)
        mine, its = self._node[1] == top, type(c) is RevDiff and c._node[1] == top
        lower, factor = self._below if mine else self, below(c, top)
        ways: list[Any] = []
        if mine:
            ways += self._node, lambda ct: ct.map(lambda y_bar: function(y_bar, factor))
        if its and lower is not None:
            local = partial(_to_factor, function, lower, factor)
            ways += edge(c._node, c._scale, local)
        still = None if lower is None else lower.scaled(function, factor)
        return Zeros((next_number(), top, *ways) if top else NOWHERE, still, self._zero, self._part)

    @staticmethod
    def _require_known(function: Callable[..., Any], lower: list[Any], top: int) -> None:
        """Refuse a function that brings variables with it: nothing sums their cotangents over all the zeros."""
        probe = function(*[_at(operand, 0) for operand in lower])
        if any(type(leaf) is RevDiff and leaf._node[1] == top for leaf in leaves(probe)):
            msg = (
                "this higher derivative by the zeros after the support of a FiniteSupportStream is not known: "
                "what is applied to all of them uses other variables as well.\n"
                "  To multiply by a variable c:        c * x, for derivatives of the first and second order\n"
                "  For the stored elements alone:      x.take(n), or a list as the argument"
            )
            raise MixedLayersError(msg)

    def stripped(self, function: Callable[[Any], Any]) -> Zeros | None:
        """Return the zeros on the layer to which ``function`` takes an element, None if they are plain there."""
        carriers = (leaf for leaf in leaves(function(self.element(0))) if type(leaf) is RevDiff)
        node = next((leaf._node for leaf in carriers), NOWHERE)
        layer: Any = self
        while layer is not None and layer._node[1] != node[1]:
            layer = layer._below
        return layer if node[1] else None

    def whole(self) -> RevDiff:
        """Return all of them as one RevDiff."""
        return made(FiniteSupportStream((), self._zero), self._node)

    def _lower(self) -> Any:
        return Stream.tabulate(lambda i: self._zero()) if self._below is None else self._below


def _at(operand: Any, i: int) -> Any:
    return operand.element(i) if isinstance(operand, Zeros) else operand[i]


def _pulled_back(function: Callable[..., Any], operands: list[Any], k: int, ct: Stream[Any]) -> Stream[Any]:
    """Return the Stream of the cotangents of the k-th operand of a function of elements."""

    def at(i: int, y_bar: Any) -> Any:
        values = [_at(operand, i) for operand in operands]
        differentiation = Differentiation(values[k])
        y = differentiation.run(lambda x: function(*values[:k], x, *values[k + 1 :]), auto_arg)
        return differentiation.pull_structure(auto_val, y, y_bar)

    return Stream.tabulate(lambda i: i).zip_with(at, ct)


def _to_factor(function: Callable[[Any, Any], Any], x: Zeros, c: Any, ct: Stream[Any]) -> Any:
    """Return the cotangent of the factor c of all of the zeros x, which are variables of another derivative."""
    along = x._combined(operator.mul, ct).total()
    differentiation = Differentiation(c)
    y = differentiation.run(lambda c: function(along, c), auto_arg)
    return differentiation.pull_all([(y, one_like(y))])


def _shifted(n: int, like: FiniteSupportStream[Any], ct: Stream[Any]) -> Stream[Any]:
    """Return n zeros and then a cotangent."""
    return Stream.tabulate(lambda i: zero_like(like[i]) if i < n else ct[i - n])


@final
class _InfiniteAssembly:
    """Puts the cotangent of a finite-support stream together, from the elements that something reached."""

    __slots__ = ("_value",)

    def __init__(self, value: FiniteSupportStream[Any]) -> None:
        self._value = value

    def __call__(self, slots: Mapping[int, Any]) -> Stream[Any]:
        """Return all the cotangents, zeros where nothing arrived."""
        return Stream.tabulate(lambda i: slots[i] if i in slots else zero_like(self._value[i]))


@final
class FiniteSupportStreamVal(WithPart[Value]):
    """A finite-support stream of values.

        value       y₀, …, yₙ₋₁, 0, 0, …
        derivative  ∂y₀, …, ∂yₙ₋₁, 0, 0, …; a Stream where the zeros after the support depend on the argument
        cotangent   ȳ₀, ȳ₁, ȳ₂, …, a Stream

    Called with a descriptor, it returns the one that uses it for the elements. Raises `ArgumentError` for what is no
    FiniteSupportStream, and for a cotangent that is no Stream.

    >>> from revdiff import custom_val_derivative
    >>> custom_val_derivative(finite_support_stream_val, lambda t: FiniteSupportStream([t**3, t**2, t, 1.0]))(2.0)
    [12.0,4.0,1.0,0.0,0.0,0.0,...
    """

    name = "finite_support_stream_val"
    default = auto_val

    def derivatives(self, y: Any, pull: Pull, /) -> Any:
        """Return the derivatives, element by element."""
        y = self._opened(y)
        return (y if y._rest is None else y.to_stream()).map(lambda element: self.part.derivatives(element, pull))

    def seeds(self, y: Any, y_bar: Any, /) -> Iterator[tuple[Any, Any]]:
        """Pair the elements with those of ȳ, a Stream; the zeros after the support with what is left of it."""
        y, y_bar = self._opened(y), split(y_bar)
        if not isinstance(y_bar, Stream):
            raise MismatchError.of(y_bar, Stream.repeat(0.0))
        n = y.support_length
        for i in range(n):
            yield from self.part.seeds(y[i], y_bar[i])
        if y._rest is not None:
            yield y._rest.whole(), y_bar.drop(n)

    def _opened(self, y: Any) -> Any:
        if not isinstance(primal(y), FiniteSupportStream):
            raise misfit(self, "a FiniteSupportStream", y)
        return split(y)


finite_support_stream_arg = FiniteSupportStreamArg()
finite_support_stream_val = FiniteSupportStreamVal()


def mk_finite_support_stream_arg(part: Argument, /) -> FiniteSupportStreamArg:
    """Return the descriptor of a finite-support stream with one descriptor for all of its elements.

        value      x₀, …, xₙ₋₁, 0, 0, …
        cotangent  x̄₀, x̄₁, x̄₂, …, a Stream, each as ``part`` says
        pairing    Σ x̄ᵢ · xᵢ

    Raises `ArgumentError` for what is no FiniteSupportStream, and where ``part`` does not fit an element.

    >>> from revdiff import custom_arg_derivative, scalar_arg
    >>> squares = lambda x: (x * x).sum()
    >>> custom_arg_derivative(mk_finite_support_stream_arg(scalar_arg), squares)(FiniteSupportStream([1.0, 2.0]))
    [2.0,4.0,0.0,0.0,0.0,...
    """
    return finite_support_stream_arg(part)


def mk_finite_support_stream_val(part: Value, /) -> FiniteSupportStreamVal:
    """Return the descriptor of a finite-support stream with one descriptor for all of its elements.

        value       y₀, …, yₙ₋₁, 0, 0, …
        derivative  ∂y₀, …, ∂yₙ₋₁, 0, 0, …, each as ``part`` says
        cotangent   ȳ₀, ȳ₁, ȳ₂, …, a Stream

    Raises `ArgumentError` for what is no FiniteSupportStream, and where ``part`` does not fit an element.

    >>> from revdiff import custom_val_derivative, scalar_val
    >>> pair = lambda t: FiniteSupportStream([t, t**2])
    >>> custom_val_derivative(mk_finite_support_stream_val(scalar_val), pair)(3.0)
    [1.0,6.0,0.0,0.0,0.0,...
    """
    return finite_support_stream_val(part)


auto_arg.register(FiniteSupportStream, finite_support_stream_arg)
OPENERS.register(FiniteSupportStream, finite_support_stream_arg.split)
auto_val.register(FiniteSupportStream, finite_support_stream_val)
