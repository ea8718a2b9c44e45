"""The graph of the way back: nodes, and the ends where it arrives.

Imports cotangents, what they have to fit, masks and captured arrays. A node is a plain tuple, because tuples are what
Python makes, frees and walks fastest:

    (number, tag, parent, local, parent, local, …)      a step back, by one local map per parent
    (number, tag, end)                                  the variable, where the way back ends

``number`` counts up with creation, so parents have smaller numbers than their children. ``tag`` is
the number of the variable: pullbacks of one tag lead to one variable, and of two tags the larger
one belongs to the derivative that was asked for last, the inner one. A ``local`` map is None
(identity), a float or an array (multiplication by it) or a function.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any, Protocol, TypeAlias, final

import numpy as np

from revdiff.core.capture import Fingerprint, check, watch
from revdiff.core.cotangents import ZERO, zero_like
from revdiff.core.fitting import are_alike, fitted
from revdiff.core.masks import Masked
from revdiff.core.structure import only_floats

Node: TypeAlias = tuple[Any, ...]
Local: TypeAlias = Callable[[Any], Any] | np.ndarray[Any, Any] | float | None

next_number = count(1).__next__


class End(Protocol):
    """Where a way back ends."""

    def arrive(self, cotangent: Any) -> Any:
        """Take the summed cotangent and return that of the variable."""

    def zero(self) -> Any:
        """Return the cotangent of the variable where nothing arrives, None if the variable is not known."""


@final
class Variable:
    """The end of the way back: a variable that hands out the cotangent that reached it.

    A caller's arrays are remembered by their fingerprints: local maps may need their numbers again.
    """

    __slots__ = ("_fingerprints", "_value", "assemble", "tag")

    def __init__(self, value: Any, tag: int | None, marks: list[Fingerprint] | None = None) -> None:
        self._value = value
        self._fingerprints = watch(value) if marks is None else marks
        self.assemble: Any = None  # what puts its cotangent together, for all who read parts of it
        self.tag = tag

    def arrive(self, cotangent: Any) -> Any:
        """Return the cotangent, after a look at what it is.

        A local pullback that reads the variable instead of its value leaves this derivative's own
        layer on the cotangent. The derivative is over, and the layer comes off.
        """
        value = self._value
        if type(cotangent) is float and type(value) is float:
            return cotangent
        if (
            type(value) is type(cotangent)
            and only_floats(value)
            and only_floats(cotangent)
            and len(value) == len(cotangent)
        ):
            return cotangent[:]
        if not are_alike(value, cotangent, self.tag):
            cotangent = fitted(value, cotangent, self.tag)
        check(self._fingerprints, value)
        return cotangent

    def zero(self) -> Any:
        """Return the zero of the variable."""
        return zero_like(self._value)

    def __reduce__(self) -> tuple[Any, ...]:
        return Variable, (self._value, None)


@final
class Nowhere:
    """The end of the way back from a constant: whatever arrives becomes zero."""

    __slots__ = ()

    def arrive(self, cotangent: Any) -> Any:
        """Return zero."""
        return zero_like(cotangent)

    def zero(self) -> None:
        """Return None."""


@final
class HandMade:
    """The end of the way back at a plain function that somebody wrote as a pullback."""

    __slots__ = ("_function",)

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self._function = function

    def arrive(self, cotangent: Any) -> Any:
        """Return what the function makes of the cotangent."""
        return self._function(cotangent)

    def zero(self) -> None:
        """Return None."""


NOWHERE: Node = (0, 0, Nowhere())
"""The node of constants. Its tag 0 is below every other."""


def variable_node(value: Any, marks: list[Fingerprint]) -> Node:
    """Return a new variable, with a tag that no other has or will have, and the marks of its large arrays."""
    number = next_number()
    return (number, number, Variable(value, number, marks))


def hand_made_node(function: Callable[[Any], Any]) -> Node:
    """Return the end for a plain function. Its tag is negative: no other layer may be mixed with it."""
    number = next_number()
    return (number, -number, HandMade(function))


def edge(parent: Node, scale: float, local: Local) -> tuple[Node, Local]:
    """Return the pair (parent, local) for a step back to ``parent`` and on by the factor ``scale``."""
    if scale == 1.0:
        return parent, local
    return parent, scale if local is None else Scaled(local, scale)


@final
class Scaled:
    """The local map ct ↦ local(ct) · scale."""

    __slots__ = ("_local", "_scale")

    def __init__(self, local: Any, scale: float) -> None:
        self._local = local
        self._scale = scale

    def __call__(self, cotangent: Any) -> Any:
        """Apply the local map and multiply."""
        sent = self._local(cotangent) if callable(self._local) else cotangent * self._local
        return sent if sent is ZERO or sent is None else sent * self._scale

    def masked(self, cotangent: Masked) -> Any:
        """Apply the local map to what is present, and multiply."""
        if not callable(self._local):
            sent = cotangent * self._local
        elif hasattr(self._local, "masked"):
            sent = self._local.masked(cotangent)
        else:
            return self(cotangent.value)
        return sent if sent is ZERO else sent * self._scale
