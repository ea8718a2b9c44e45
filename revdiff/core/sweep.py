"""The sweep: carrying cotangents back through the graph, once through every node.

Imports the graph, cotangents and errors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from operator import neg
from sys import getrefcount
from typing import Any

import numpy as np

from revdiff.core.capture import HELD_ONCE, own
from revdiff.core.collecting import COLLECTING, LARGE, PLACES, Slots, can_take, deposit, release
from revdiff.core.cotangents import UNFINISHED, ZERO, finished
from revdiff.core.errors import PullbackError
from revdiff.core.graph import Node
from revdiff.core.masks import Masked
from revdiff.core.written import Ledger, Overwritten

NUMBERS: set[type] = {float, int, complex}
"""Types whose values are added by ``+`` and never in place; RevDiff joins them."""

FACTORS = frozenset({float, np.ndarray})
"""The types of local maps that are multiplications by themselves."""

WATCHERS: list[Callable[[Sequence[tuple[Node, Any]]], Any]] = []
"""Who wants to know that a sweep is running: it is called in the place of `sweep`, and calls it as unwatched."""

MANY = 16
PARENTS = [() if length == 3 else tuple(range(2, length, 2)) for length in range(MANY)]
"""Where the parents stand in a node of a given length. A node of length 3 is an end and has none."""


def sweep(seeds: Sequence[tuple[Node, Any]], *, watched: bool = True) -> Any:
    """Carry cotangents from nodes of one tag to their variable, visiting every node once.

    Of the nodes that something has reached, the youngest has the next turn: all that was made from it has had its turn, and
    what that sent has been added up, because Σ bp(ctᵢ) = bp(Σ ctᵢ). One loop, no recursion; the cost is one visit a node and
    one local map an edge, whatever the number of paths.

    Returns zero where nothing reached the variable, None where the variable is not known. Arrays are added to and multiplied in place
    only if nothing else holds them. Warnings about infinities are off: a derivative follows IEEE.
    """
    if WATCHERS and watched:
        return WATCHERS[-1](seeds)
    if len(seeds) == 1 and len(seeds[0][0]) == 3:
        ((node, cotangent),) = seeds
        return node[2].arrive(own(cotangent))
    cotangents: dict[int, Any] = {}
    reached: dict[int, Node] = {}
    turns: list[int] = []  # a heap of the numbers of these nodes, negative: the youngest comes first
    for node, cotangent in seeds:
        if cotangent is None:
            continue
        if node[0] not in reached:
            reached[node[0]] = node
            heappush(turns, -node[0])
        deposit(cotangents, node[0], cotangent)
    with np.errstate(all="ignore"):
        while turns:
            number = -heappop(turns)
            node = reached.pop(number)
            length = len(node)
            if length == 3:
                sent = held = masked = cotangent = None  # so that nobody holds what is released
                return node[2].arrive(release(cotangents, number))
            cotangent = cotangents.pop(number)
            masked = None
            last = type(node[-1])
            if type(cotangent) in UNFINISHED and last not in COLLECTING and not _hands_on(node, cotangent):
                if type(cotangent) is not Ledger or last is not Overwritten:
                    cotangent = finished(cotangent)
                    masked = cotangent if type(cotangent) is Masked else None
                if cotangent is ZERO:
                    continue
            if last is Overwritten and type(cotangent) is not Ledger:
                masked, cotangent = None, Ledger(cotangent, node[-1].shape)
            for i in PARENTS[length] if length < MANY else range(2, length, 2):
                parent, local = node[i], node[i + 1]
                number = parent[0]
                held = cotangents.get(number)
                kind = type(local)
                if local is None:
                    sent = cotangent
                elif kind in FACTORS:
                    if kind is np.ndarray and local.nbytes > LARGE and i == length - 2:
                        sent = None  # it may hold the cotangent
                        is_spare = getrefcount(cotangent) <= HELD_ONCE and can_take(cotangent, local)
                        sent = np.multiply(cotangent, local, out=cotangent) if is_spare else cotangent * local
                    else:
                        sent = cotangent * local
                    if sent is ZERO:
                        continue
                elif type(held) is Slots and kind in PLACES:
                    held.take(local, cotangent)
                    continue
                else:
                    sent = local(cotangent) if masked is None else _under_mask(local, masked)
                    if sent is ZERO:
                        continue
                    if sent is None:
                        raise PullbackError.forgetful()
                if held is None:
                    cotangents[number] = sent
                    reached[number] = parent
                    heappush(turns, -number)
                elif type(held) in NUMBERS and type(sent) not in UNFINISHED:
                    cotangents[number] = held + sent
                else:
                    held = None  # so that nobody else holds what may be added to in place
                    deposit(cotangents, number, sent)
    node = seeds[0][0]
    while len(node) > 3:
        node = node[2]
    return node[2].zero()


def _hands_on(node: Node, cotangent: Any) -> bool:
    """Tell whether a step is the identity, to one parent: what is being collected goes on being collected there."""
    return type(cotangent) is Slots and len(node) == 4 and node[3] is None


def _under_mask(local: Any, masked: Masked) -> Any:
    """Apply a local map to a masked cotangent: elementwise rules keep the mask, others take zeros for what is absent.

    A rule that moves elements may answer with a mask of its own: of other places, which this one says nothing about.
    """
    if hasattr(local, "masked"):
        return local.masked(masked)
    return -masked if local is neg else local(masked.value)
