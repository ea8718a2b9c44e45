"""The sweep: carrying cotangents back through the graph, once through every node.

Imports the graph, cotangents and errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import neg
from typing import Any

import numpy as np

from revdiff.core.capture import own
from revdiff.core.collecting import COLLECTING, deposit, release
from revdiff.core.cotangents import UNFINISHED, ZERO, finished
from revdiff.core.errors import PullbackError
from revdiff.core.graph import Node
from revdiff.core.masks import Masked
from revdiff.core.written import Ledger, Overwritten

NUMBERS: set[type] = {float, int, complex}
"""Types whose values are added by ``+`` and never in place; RevDiff joins them."""

MANY = 16
PARENTS = [() if length == 3 else tuple(range(2, length, 2)) for length in range(MANY)]
"""Where the parents stand in a node of a given length. A node of length 3 is an end and has none."""


def sweep(seeds: Sequence[tuple[Node, Any]]) -> Any:
    """Carry cotangents from nodes of one tag to their variable, visiting every node once.

    The nodes are found first, then visited in reverse order of creation: when a node's turn comes,
    all of its children have added what they send, because Σ bp(ctᵢ) = bp(Σ ctᵢ). Two loops, no
    recursion; the cost is one visit a node and one local map an edge, whatever the number of paths.

    Returns zero where nothing reached the variable, None where the variable is not known. Contributions are added in place only into
    arrays that this sweep made itself. Warnings about infinities are off: a derivative follows IEEE.
    """
    if len(seeds) == 1 and len(seeds[0][0]) == 3:
        ((node, cotangent),) = seeds
        return node[2].arrive(own(cotangent))
    cotangents: dict[int, Any] = {}
    found: dict[int, Node] = {}
    ours: set[int] = set()
    stack: list[Node] = []
    for node, cotangent in seeds:
        deposit(cotangents, ours, node[0], cotangent)
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
            node = found[number]
            if len(node) == 3:
                sent = held = masked = cotangent = None  # so that nobody holds what is released
                return node[2].arrive(release(cotangents, number)) if number in cotangents else node[2].zero()
            cotangent = cotangents.pop(number, None)
            if cotangent is None:
                continue
            masked = None
            if type(cotangent) in UNFINISHED and type(node[-1]) not in COLLECTING:
                if type(cotangent) is not Ledger or type(node[-1]) is not Overwritten:
                    cotangent = finished(cotangent)
                    masked = cotangent if type(cotangent) is Masked else None
                if cotangent is ZERO:
                    continue
            if type(node[-1]) is Overwritten and type(cotangent) is not Ledger:
                masked, cotangent = None, Ledger(cotangent, node[-1].shape)
            for i in PARENTS[len(node)] if len(node) < MANY else range(2, len(node), 2):
                local = node[i + 1]
                if type(local) is float:
                    sent = cotangent * local
                elif local is None:
                    sent = cotangent
                else:
                    sent = local(cotangent) if masked is None else _under_mask(local, masked)
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
                    deposit(cotangents, ours, parent_number, sent)
    raise AssertionError  # every way ends at a variable, the oldest node


def _under_mask(local: Any, masked: Masked) -> Any:
    """Apply a local map to a masked cotangent: elementwise rules keep the mask, others take zeros for what is absent.

    A rule that moves elements may answer with a mask of its own: of other places, which this one says nothing about.
    """
    if hasattr(local, "masked"):
        return local.masked(masked)
    return -masked if local is neg else local(masked.value)
