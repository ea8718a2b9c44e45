"""What a function closes over: the RevDiffs that it uses without being given them, found in the graph.

Imports the core and rules of arrays. Every node of the graph has a number that counts up. What was numbered before a
function began is not the function's own work: going back from its result, the first such nodes are those of the RevDiffs
that it captured, arguments and closures alike. So integrals can be differentiated by what their integrands capture,
and nobody has to say what that is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, final

import numpy as np

from revdiff.arrays.broadcasting import fit_for
from revdiff.core.collecting import Place
from revdiff.core.cotangents import zero_like
from revdiff.core.errors import ArgumentError, describe
from revdiff.core.graph import Node, next_number
from revdiff.core.lifting import bare
from revdiff.core.revdiff import RevDiff, made, primal, shape_of
from revdiff.core.segments import Nodes, layers_of, segment, with_ends
from revdiff.core.structure import leaves, map_leaves
from revdiff.core.sweep import sweep
from revdiff.rules.shape import gather
from revdiff.systems import is_number


def at_layer(y: Any, tag: int) -> Any:
    """Return y without the layers above ``tag``: those of derivatives that were asked for later."""
    y = bare(y)
    while type(y) is RevDiff and (y._node[1] > tag or y._node[1] == 0):
        y = bare(y.value)
    return y


def has_layer(y: Any, tag: int) -> bool:
    """Tell whether y, of which higher layers were taken off, has this one."""
    return type(y) is RevDiff and y._node[1] == tag


@final
class _Arrived:
    """The end of the way back in a function: what arrived, by the numbers of the nodes where it left the function."""

    __slots__ = ()

    def arrive(self, cotangents: dict[int, Any]) -> dict[int, Any]:
        """Return them."""
        return cotangents

    def zero(self) -> dict[int, Any]:
        """Return nothing."""
        return {}


def cotangents_before(since: int, seeds: Sequence[tuple[RevDiff, Any]]) -> dict[int, Any]:
    """Carry cotangents of RevDiffs of one layer back to the nodes that are older than ``since``, and to variables.

    The nodes that are younger are copied, with the older ones as ends.
    """
    inside, captured = _captured(since, [y._node for y, _ in seeds])
    ends = {i: (i, node[1], (0, node[1], _Arrived()), Place(dict, i)) for i, node in captured.items()}
    copies = with_ends(inside, ends)
    return sweep([(copies[y._node[0]], y_bar * y._scale) for y, y_bar in seeds])  # type: ignore[no-any-return]


def _captured(since: int, starts: Iterable[Node]) -> tuple[Nodes, Nodes]:
    """Return the nodes back to those that are older than ``since``, and these, variables among them."""
    return segment(starts, lambda node: node[0] < since or len(node) == 3)


@final
class Captured:
    """Watches a function while SciPy calls it with plain numbers: what it captures, layer by layer.

    ``nodes[tag]``     the captured nodes, by number
    ``forms[tag]``     what their cotangents look like, with zeros
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.since = next_number()
        self.nodes: dict[int, Nodes] = {}
        self.forms: dict[int, dict[int, Any]] = {}

    def __call__(self, *args: Any) -> Any:
        """Return the plain value, and remember what it was made from."""
        y = gather(self.function(*args))
        for layer in layers_of(y):
            tag = layer._node[1]
            _, captured = _captured(self.since, [layer._node])
            forms = self.forms.setdefault(tag, {})
            if not captured.keys() <= forms.keys():
                self.nodes.setdefault(tag, {}).update(captured)
                arrived = cotangents_before(self.since, [(layer, np.zeros(shape_of(layer))[()])])
                for number, cotangent in arrived.items():
                    forms.setdefault(number, _zero_form(cotangent))
        return primal(y)

    def ways_back(self, tag: int) -> list[RevDiff]:
        """Return RevDiffs that lead to the captured nodes of a layer."""
        return [made(None, self.nodes[tag][number]) for number in self.forms.get(tag, {})]

    def flat(self, tag: int, cotangents: dict[int, Any]) -> Any:
        """Return the cotangents of the captured nodes of a layer as one vector, zero where there is none."""
        parts: list[Any] = [np.zeros(0)]
        forms = self.forms.get(tag, {})
        if not cotangents.keys() <= forms.keys():
            msg = (
                "the function that is integrated depends on something at some points of which it made no use where "
                "SciPy evaluated it, so its derivative cannot be trusted.\n"
                "  Integrate up to these points, and from there on:  quad(f, a, c), quad(f, c, b)."
            )
            raise ArgumentError(msg)
        for number, form in forms.items():
            parts += [np.ravel(leaf) for leaf in leaves(cotangents.get(number, form))]
        return np.concatenate(parts)

    def shaped(self, tag: int, flat: Any) -> list[Any]:
        """Return the cotangents of the captured nodes of a layer, of which this is the vector."""
        place = 0

        def leaf_like(form: Any) -> Any:
            nonlocal place
            start, place = place, place + np.size(form)
            piece = np.reshape(flat[start:place], np.shape(form))[()]
            fit = fit_for(form, piece)
            return piece if fit is None else fit(piece)

        return [map_leaves(leaf_like, form) for form in self.forms.get(tag, {}).values()]


def _zero_form(cotangent: Any) -> Any:
    """Return the zero of the space of a cotangent, whose leaves are numbers and arrays."""

    def zero(leaf: Any) -> Any:
        leaf = primal(leaf)
        if not is_number(leaf) or np.asarray(leaf).dtype.kind not in "fciu":
            msg = f"an integral cannot be differentiated by {describe(leaf)} that the integrand closes over"
            raise ArgumentError(msg)
        return zero_like(leaf)

    return map_leaves(zero, cotangent)
