"""Pullbacks: linear maps from the cotangent of a value back to the cotangent of a variable.

Imports errors and cotangents. A pullback is a graph of nodes, and applying it is one sweep over
that graph. A node is a plain tuple, because tuples are what Python makes, frees and walks fastest:

    (number, tag, parent, local, parent, local, …)      a step back, by one local map per parent
    (number, tag, end)                                  the variable, where the way back ends

``number`` counts up with creation, so parents have smaller numbers than their children. ``tag`` is
the number of the variable: pullbacks of one tag lead to one variable, and of two tags the larger
one belongs to the derivative that was asked for last, the inner one. A ``local`` map is None
(identity), a float (multiplication by it) or a function.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from operator import neg
from typing import Any, Protocol, TypeAlias, final

import numpy as np

from revdiff.core.capture import check, own, watch
from revdiff.core.cotangents import ZERO, Masked, Parts, add, whole, zero_like
from revdiff.core.errors import MixedLayersError, PullbackError, describe

Node: TypeAlias = tuple[Any, ...]
Local: TypeAlias = Callable[[Any], Any] | float | None

next_number = count(1).__next__


class End(Protocol):
    """Where a way back ends."""

    def arrive(self, cotangent: Any) -> Any:
        """Take the summed cotangent and return that of the variable."""


@final
class Variable:
    """The end of the way back: a variable that hands out the cotangent that reached it.

    A caller's arrays are remembered by their fingerprints: local maps may need their numbers again.
    """

    __slots__ = ("_fingerprints", "_value", "tag")

    def __init__(self, value: Any, tag: int | None) -> None:
        self._value = value
        self._fingerprints = watch(value)
        self.tag = tag

    def arrive(self, cotangent: Any) -> Any:
        """Return the cotangent, for the caller to keep, after a look at what it is.

        A local pullback that reads the variable instead of its value leaves this derivative's own
        layer on the cotangent. The derivative is over, and the layer comes off.
        """
        if type(cotangent) is float and type(self._value) is float:
            return cotangent
        while getattr(cotangent, "_node", NOWHERE)[1] == self.tag:
            cotangent = cotangent.value
        if isinstance(cotangent, np.generic) and type(self._value) is float:
            cotangent = cotangent.item()
        _require_fit(self._value, cotangent)
        check(self._fingerprints)
        return own(cotangent)

    def __reduce__(self) -> tuple[Any, ...]:
        return Variable, (self._value, None)


def _require_fit(value: Any, cotangent: Any) -> None:
    """Raise `PullbackError` if this cannot be a cotangent of the value: another structure or shape, or no number."""
    value, cotangent = _plain(value), _plain(cotangent)
    if isinstance(value, tuple):
        if not isinstance(cotangent, tuple) or len(cotangent) != len(value):
            raise PullbackError.misfit(describe(cotangent), f"a tuple of {len(value)}")
        for part, part_bar in zip(value, cotangent, strict=True):
            _require_fit(part, part_bar)
    elif isinstance(value, np.ndarray):
        if np.shape(cotangent) != value.shape:
            met = f"of shape {np.shape(cotangent)}"
            raise PullbackError.misfit(met, f"of shape {value.shape}")
    elif isinstance(value, float | int | complex | np.generic) and (
        isinstance(cotangent, str | list | tuple | dict) or np.shape(cotangent) != ()
    ):
        raise PullbackError.misfit(describe(cotangent), f"a number, like {value!r}")


def _plain(x: Any) -> Any:
    while hasattr(x, "_node"):
        x = x.value
    return x


@final
class Nowhere:
    """The end of the way back from a constant: whatever arrives becomes zero."""

    __slots__ = ()

    def arrive(self, cotangent: Any) -> Any:
        """Return zero."""
        return zero_like(cotangent)


@final
class HandMade:
    """The end of the way back at a plain function that somebody wrote as a pullback."""

    __slots__ = ("_function",)

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self._function = function

    def arrive(self, cotangent: Any) -> Any:
        """Return what the function makes of the cotangent."""
        return self._function(cotangent)


NOWHERE: Node = (0, 0, Nowhere())
"""The node of constants. Its tag 0 is below every other."""


def variable_node(value: Any) -> Node:
    """Return a new variable, with a tag that no other has or will have."""
    number = next_number()
    return (number, number, Variable(value, number))


def hand_made_node(function: Callable[[Any], Any]) -> Node:
    """Return the end for a plain function. Its tag is negative: no other layer may be mixed with it."""
    number = next_number()
    return (number, -number, HandMade(function))


def sweep(seeds: Sequence[tuple[Node, Any]]) -> Any:
    """Carry cotangents from nodes of one tag to their variable, visiting every node once.

    The nodes are found first, then visited in reverse order of creation: when a node's turn comes,
    all of its children have added what they send, because Σ bp(ctᵢ) = bp(Σ ctᵢ). Two loops, no
    recursion; the cost is one visit a node and one local map an edge, whatever the number of paths.

    Returns None where nothing reached the variable. Contributions are added in place only into
    arrays that this sweep made itself. Warnings about infinities are off: a derivative follows IEEE.
    """
    if len(seeds) == 1 and len(seeds[0][0]) == 3:
        ((node, cotangent),) = seeds
        return node[2].arrive(cotangent)
    cotangents: dict[int, Any] = {}
    found: dict[int, Node] = {}
    own: set[int] = set()
    stack: list[Node] = []
    for node, cotangent in seeds:
        _deposit(cotangents, own, node[0], cotangent)
        if node[0] not in found:
            found[node[0]] = node
            stack.append(node)
    pop, push = stack.pop, stack.append
    while stack:
        node = pop()
        for i in PARENTS[len(node)] if len(node) < MANY else range(2, len(node), 2):
            parent = node[i]
            if parent[0] not in found:
                found[parent[0]] = parent
                push(parent)
    with np.errstate(all="ignore"):
        for number in sorted(found, reverse=True):
            cotangent = cotangents.pop(number, None)
            if cotangent is None:
                continue
            node = found[number]
            masked = None
            if type(cotangent) in UNFINISHED:
                masked, cotangent = cotangent if type(cotangent) is Masked else None, whole(cotangent)
            if len(node) == 3:
                return node[2].arrive(cotangent)
            for i in PARENTS[len(node)] if len(node) < MANY else range(2, len(node), 2):
                local = node[i + 1]
                if masked is not None:
                    sent = _under_mask(local, masked)
                elif type(local) is float:
                    sent = cotangent * local
                elif local is None:
                    sent = cotangent
                else:
                    sent = local(cotangent)
                    if sent is ZERO:
                        continue
                    if sent is None:
                        raise PullbackError.forgetful()
                parent_number = node[i][0]
                held = cotangents.get(parent_number)
                if held is None:
                    cotangents[parent_number] = sent
                elif type(held) in NUMBERS and type(sent) not in UNFINISHED:
                    cotangents[parent_number] = held + sent
                else:
                    _deposit(cotangents, own, parent_number, sent)
    return None


UNFINISHED = frozenset({Parts, Masked})
"""Forms that a cotangent takes only inside a sweep."""

NUMBERS: set[type] = {float, int, complex}
"""Types whose values are added by ``+`` and never in place; RevDiff joins them."""

MANY = 16
PARENTS = [() if length == 3 else tuple(range(2, length, 2)) for length in range(MANY)]
"""Where the parents stand in a node of a given length. A node of length 3 is an end and has none."""


def _under_mask(local: Any, masked: Masked) -> Any:
    """Apply a local map to a masked cotangent: elementwise rules keep the mask, others take zeros for what is absent."""
    if local is None:
        return masked
    if hasattr(local, "masked"):
        return local.masked(masked)
    sent = masked.value * local if type(local) is float else local(masked.value)
    if local is neg:
        return Masked(sent, masked.mask)
    return Masked(sent.value, sent.mask & masked.mask) if type(sent) is Masked else sent


def _deposit(cotangents: dict[int, Any], own: set[int], number: int, sent: Any) -> None:
    """Add a contribution to what a node has received so far, in place if that array is the sweep's own."""
    held = cotangents.get(number)
    if held is None:
        cotangents[number] = sent
    elif type(held) is float:
        cotangents[number] = held + sent
    elif type(held) is np.ndarray and type(sent) not in UNFINISHED:
        if number in own and type(sent) is np.ndarray and sent.shape == held.shape and sent.dtype == held.dtype:
            np.add(held, sent, out=held)
        else:
            cotangents[number] = held + sent
            own.add(number)
    else:
        cotangents[number] = add(held, sent)


@final
class Pullback:
    """A linear map x̄ = bp(ȳ) from the cotangent of a value to the cotangent of the variable.

    ``bp(ct)``         apply it: one sweep, linear in the number of operations behind it
    ``bp @ local``     ct ↦ bp(local(ct)): how a primitive goes one step further back
    ``bp + bq``        ct ↦ bp(ct) + bq(ct): how a primitive of two arguments joins the ways back

    The last two only note down what to do; nothing runs until a pullback is applied.

    >>> from revdiff import RevDiff, init_diff
    >>> x = init_diff(3.0)
    >>> y = RevDiff(x.value ** 2, x.backprop @ (lambda ct: ct * 2 * x.value))
    >>> y.backprop(1.0), (y.backprop + x.backprop)(10.0)
    (6.0, 70.0)
    """

    __slots__ = ("node", "scale")

    node: Node
    scale: float

    def __init__(self, node: Node, scale: float = 1.0) -> None:
        self.node = node
        self.scale = scale

    def __call__(self, cotangent: Any, /) -> Any:
        """Carry the cotangent back to the variable."""
        if self.scale != 1.0:
            cotangent = cotangent * self.scale
        reached = sweep([(self.node, cotangent)])
        return zero_like(cotangent) if reached is None else reached

    def __matmul__(self, local: Callable[[Any], Any], /) -> Pullback:
        """Compose with the local map that comes before this one on the way back."""
        if isinstance(local, Pullback) or not callable(local):
            msg = (
                f"bp @ local needs a function of the cotangent; met {describe(local)}.\n"
                "  To multiply by a number d:  bp @ (lambda ct: ct * d)"
            )
            raise PullbackError(msg)
        return Pullback((next_number(), self.node[1], *edge(self.node, self.scale, local)))

    def __add__(self, other: Pullback, /) -> Pullback:
        """Add two maps that lead to the same variable."""
        if type(other) is not Pullback:
            return NotImplemented
        if not other.node[1]:
            return self
        if not self.node[1]:
            return other
        if self.node[1] != other.node[1]:
            raise MixedLayersError.sum_of_pullbacks()
        tag = self.node[1]
        return Pullback((
            next_number(), tag, *edge(self.node, self.scale, None), *edge(other.node, other.scale, None),
        ))  # fmt: skip

    def __repr__(self) -> str:
        if not self.node[1]:
            return "<pullback of a constant>"
        kind = "hand-made " if self.node[1] < 0 else ""
        step = "identity pullback" if len(self.node) == 3 and self.scale == 1.0 else "pullback"
        return f"<{kind}{step} to variable {abs(self.node[1])}>"

    def __copy__(self) -> Pullback:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Pullback:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _loaded, (_flat(self.node), self.scale)


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
        sent = cotangent * self._local if type(self._local) is float else self._local(cotangent)
        return sent if sent is ZERO or sent is None else sent * self._scale


def _flat(node: Node) -> list[tuple[Any, ...]]:
    """List the graph below ``node``, oldest first, parents as positions: pickling it needs no recursion."""
    found = {node[0]: node}
    stack = [node]
    while stack:
        for parent in stack.pop()[2::2]:
            if type(parent) is tuple and parent[0] not in found:
                found[parent[0]] = parent
                stack.append(parent)
    order = sorted(found)
    position = {number: i for i, number in enumerate(order)}
    flat = []
    for number in order:
        parts = found[number][2:]
        for local in parts[1::2]:
            if "<locals>" in getattr(local, "__qualname__", "") or "<lambda>" in getattr(local, "__qualname__", ""):
                raise PullbackError.not_picklable(local)
        flat.append(tuple(position[part[0]] if type(part) is tuple else part for part in parts))
    return flat


def _loaded(flat: list[tuple[Any, ...]], scale: float) -> Pullback:
    """Rebuild a pickled pullback.

    Its variable is a copy, in another process perhaps. So it counts as made by hand: it leads where
    it led, as does all that was pickled with it, and mixing it with other variables is an error.
    """
    nodes: list[Node] = []
    for parts in flat:
        if len(parts) > 1:
            parents = [nodes[part] if type(part) is int else part for part in parts]
            nodes.append((next_number(), nodes[0][1], *parents))
        elif type(parts[0]) is Variable:
            if parts[0].tag is None:
                parts[0].tag = -next_number()
            nodes.append((-parts[0].tag, parts[0].tag, parts[0]))
        else:
            nodes.append(NOWHERE if type(parts[0]) is Nowhere else hand_made_node(parts[0].arrive))
    return Pullback(nodes[-1], scale)
