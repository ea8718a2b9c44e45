"""A tuple of values, each with a descriptor of its own.

Imports the core and the descriptor protocol.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, final

from revdiff.core.cotangents import Parts, zero_like
from revdiff.core.errors import ArgumentError, describe
from revdiff.core.graph import edge, next_number
from revdiff.core.revdiff import RevDiff, made
from revdiff.structures.auto import auto_arg, auto_val
from revdiff.structures.protocol import Argument, Pull, Value


@final
class TupleSlots:
    """The places of one tuple: what reaches a place goes there alone, and no zeros are added to the others."""

    __slots__ = ("_values",)

    def __init__(self, values: tuple[Any, ...]) -> None:
        self._values = values

    def assemble(self, slots: Mapping[int, Any]) -> tuple[Any, ...]:
        """Return the cotangent of the tuple, with zeros where nothing arrived."""
        return tuple(slots[i] if i in slots else zero_like(value) for i, value in enumerate(self._values))

    def place(self, i: int) -> Callable[[Any], Parts]:
        """Return the local pullback of taking out the value in place i."""
        return partial(Parts, self.assemble, i)


def components(x: RevDiff) -> tuple[RevDiff, ...]:
    """Return the RevDiffs of the values in a RevDiff of a tuple.     x̄ = (0, …, ȳᵢ, …, 0)."""
    slots = TupleSlots(x.value)
    tag = x._node[1]
    return tuple(
        made(value, (next_number(), tag, *edge(x._node, x._scale, slots.place(i)))) for i, value in enumerate(x.value)
    )


@final
@dataclass(frozen=True)
class TupleArg:
    """A tuple of arguments.

        value      (x, y, …)
        cotangent  (x̄, ȳ, …)
        pairing    x̄ · x + ȳ · y + …

    Without descriptors of its own for the places, the values say what they are.

    >>> tuple_arg, tuple_arg(auto_arg, tuple_arg)
    (tuple_arg, tuple_arg(auto_arg, tuple_arg))
    """

    parts: tuple[Argument, ...] | None = None

    def __call__(self, *parts: Argument) -> TupleArg:
        """Return the descriptor with these descriptors for the places."""
        return TupleArg(parts) if parts else self

    def split(self, x: RevDiff, /) -> tuple[Any, ...]:
        """Return a tuple of RevDiffs."""
        if not isinstance(x.value, tuple):
            msg = f"{self!r} describes a tuple; the argument is {describe(x.value)}"
            raise ArgumentError(msg)
        parts = _for_each(self, self.parts, auto_arg, x.value)
        return tuple(part.split(component) for part, component in zip(parts, components(x), strict=True))

    def __repr__(self) -> str:
        return _shown("tuple_arg", self.parts)


@final
@dataclass(frozen=True)
class TupleVal:
    """A tuple of values: its derivative is the tuple of their derivatives."""

    parts: tuple[Value, ...] | None = None

    def __call__(self, *parts: Value) -> TupleVal:
        """Return the descriptor with these descriptors for the places."""
        return TupleVal(parts) if parts else self

    def derivatives(self, y: Any, pull: Pull, /) -> tuple[Any, ...]:
        """Return the derivatives, place by place."""
        return tuple(part.derivatives(value, pull) for part, value in self._places(y))

    def seeds(self, y: Any, y_bar: Any, /) -> Iterator[tuple[Any, Any]]:
        """Pair place with place."""
        if not isinstance(y_bar, tuple) or len(y_bar) != len(y):
            msg = f"the cotangent of a tuple of {len(y)} values is a tuple of as many; met {describe(y_bar)}"
            raise ArgumentError(msg)
        for (part, value), value_bar in zip(self._places(y), y_bar, strict=True):
            yield from part.seeds(value, value_bar)

    def map(self, y: Any, function: Callable[[Any], Any], /) -> tuple[Any, ...]:
        """Apply a function place by place. A named tuple keeps its type."""
        mapped = [part.map(value, function) for part, value in self._places(y)]
        return type(y)(*mapped) if hasattr(y, "_fields") else tuple(mapped)

    def _places(self, y: Any) -> Iterator[tuple[Value, Any]]:
        if not isinstance(y, tuple):
            msg = f"{self!r} describes a tuple; the function returned {describe(y)}"
            raise ArgumentError(msg)
        return zip(_for_each(self, self.parts, auto_val, y), y, strict=True)

    def __repr__(self) -> str:
        return _shown("tuple_val", self.parts)


def _for_each(descriptor: object, parts: tuple[Any, ...] | None, default: Any, values: tuple[Any, ...]) -> Any:
    if parts is None:
        return [default] * len(values)
    if len(parts) != len(values):
        msg = f"{descriptor!r} describes {len(parts)} values; met a tuple of {len(values)}"
        raise ArgumentError(msg)
    return parts


def _shown(name: str, parts: tuple[Any, ...] | None) -> str:
    return name if parts is None else f"{name}({', '.join(map(repr, parts))})"


tuple_arg = TupleArg()
tuple_val = TupleVal()


def mk_tuple_arg(*parts: Argument) -> TupleArg:
    """Return the descriptor of a tuple with these descriptors for its places."""
    return TupleArg(parts)


def mk_tuple_val(*parts: Value) -> TupleVal:
    """Return the descriptor of a tuple with these descriptors for its places."""
    return TupleVal(parts)


auto_arg.register(tuple, tuple_arg)
auto_val.register(tuple, tuple_val)
