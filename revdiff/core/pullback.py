"""Pullbacks: linear maps from the cotangent of a value back to the cotangent of a variable.

Imports the graph, the sweep and errors. A pullback is a node of the graph and a factor; applying it
is one sweep.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, final

from revdiff.core.cotangents import zero_like
from revdiff.core.errors import MixedLayersError, PullbackError, describe
from revdiff.core.graph import NOWHERE, Node, Nowhere, Variable, edge, hand_made_node, next_number
from revdiff.core.sweep import sweep


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
