"""Checkpoints: a function whose steps are forgotten, and made again on the way back.

Imports the core and calls. The graph of a function hangs at nodes that were there before it was
called: those of its arguments, and of whatever else it has read. A checkpoint keeps these nodes and the arguments.

    forward     y = f(x), and the graph between x and y is dropped
    backward    y = f(x) again, ȳ is carried through the new graph to the nodes it hangs at, and that is dropped too

What f has read is found in the graph, so a RevDiff that f closes over needs no care. The way back through a checkpoint is
itself one, for the derivatives outside this one.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from functools import wraps
from operator import itemgetter
from typing import Any, NoReturn, final

from revdiff.checkpoints.calls import Call, are_same, opened, sample_of
from revdiff.core.cotangents import ZERO
from revdiff.core.errors import MixedLayersError, ResultError, describe
from revdiff.core.graph import Node, next_number
from revdiff.core.masks import Masked
from revdiff.core.revdiff import RevDiff, made, primal
from revdiff.core.segments import layers_of, segment, with_ends
from revdiff.core.structure import leaves, map_leaves
from revdiff.core.sweep import sweep


def checkpoint(f: Callable[..., Any], /) -> Callable[..., Any]:
    """Return f, with its steps computed again on the way back instead of kept: less memory, more time.

        n steps                 n values are kept, f runs once
        in √n checkpoints       2√n values are kept, f runs twice

    Arguments and results may be structures. What f closes over has its derivative too, every order and `jvp` go through,
    and checkpoints may stand within checkpoints. f must give the same for the same arguments: random numbers, say a mask
    for dropout, are arguments of it. Raises `ResultError` where it does not, and `MutatedArrayError` where an argument
    was changed in between.

    >>> import numpy as np
    >>> from revdiff import grad
    >>> @checkpoint
    ... def orbit(x, rate):
    ...     for _ in range(10):
    ...         x = rate * x * (1 - x)
    ...     return x
    >>> def after_1000_steps(x, rate):
    ...     for _ in range(100):
    ...         x = orbit(x, rate)
    ...     return x.sum()
    >>> x, slope = after_1000_steps(np.array([0.3]), 2.5), grad(after_1000_steps, argnums=1)(np.array([0.3]), 2.5)
    >>> round(x, 9), round(slope, 9)                    # 1 - 1/rate, and 1/rate²
    (np.float64(0.6), 0.16)
    """

    @wraps(f)
    def checkpointed(*args: Any, **options: Any) -> Any:
        call = Call(f, args, options)
        start = next_number()
        y = opened(f(*args, **options))
        return _with_short_ways(y, start, call)

    return checkpointed


def _with_short_ways(y: Any, start: int, call: Call) -> Any:
    """Return y with all that was recorded since ``start`` replaced by one step, in every layer."""
    results = list(leaves(y))
    recorded: dict[int, list[Node]] = {}
    for leaf in results:
        for layer in layers_of(leaf):
            if layer._node[0] > start:
                recorded.setdefault(layer._node[1], []).append(layer._node)
    if not recorded:
        return y
    steps = {tag: _step(tag, _ends(nodes, start), call, results) for tag, nodes in recorded.items()}
    places = iter(range(len(results)))
    return map_leaves(lambda leaf: _shortened(leaf, next(places), start, steps), y)


def _shortened(leaf: Any, place: int, start: int, steps: dict[int, Node]) -> Any:
    if type(leaf) is not RevDiff:
        return leaf
    node, scale = leaf._node, leaf._scale
    if node[1] and node[0] > start:
        node, scale = (next_number(), node[1], steps[node[1]], _Seed(place)), 1.0
    return made(_shortened(leaf.value, place, start, steps), node, scale)


def _ends(nodes: Iterable[Node], start: int) -> list[Node]:
    """Return the nodes that are older than ``start`` at which the graph of these nodes hangs."""

    def is_end(node: Node) -> bool:
        if node[0] >= start and len(node) == 3:
            raise MixedLayersError.leaked()
        return node[0] < start  # type: ignore[no-any-return]

    return list(segment(nodes, is_end)[1].values())


def _step(tag: int, ends: list[Node], call: Call, results: list[Any]) -> Node:
    """Return the node that carries the cotangents of all results back to the ends."""
    ways: list[Any] = []
    for i, end in enumerate(ends):
        ways += end, itemgetter(i)
    fork = (next_number(), tag, *ways)
    return (next_number(), tag, fork, _Rerun(call, tag, [end[0] for end in ends], list(map(sample_of, results))))


@final
class _Seeds:
    """The cotangents of some results of a call, by their places."""

    __slots__ = ("at",)

    def __init__(self, at: dict[int, Any]) -> None:
        self.at = at

    def __add__(self, other: _Seeds) -> _Seeds:
        return _Seeds(self.at | other.at)


@final
class _Seed:
    """The local pullback of one of several results."""

    __slots__ = ("_place",)

    def __init__(self, place: int) -> None:
        self._place = place

    def __call__(self, ct: Any) -> _Seeds:
        """Say to which result the cotangent belongs."""
        return _Seeds({self._place: ct})

    masked = __call__


@final
class _Rerun:
    """The local pullback of a call: from the cotangents of its results to those of the nodes at which its graph hangs."""

    __slots__ = ("_call", "_ends", "_samples", "_tag")

    def __init__(self, call: Call, tag: int, ends: list[int], samples: list[Any]) -> None:
        self._call = call
        self._tag = tag
        self._ends = ends
        self._samples = samples

    def __call__(self, seeds: _Seeds) -> list[Any]:
        """Run the function again, and carry the cotangents back."""
        before, after = _masks(seeds.at), dict[int, Masked]()
        carried = checkpoint(lambda cts: self._carried(cts, before, after))
        reached = carried(_values(seeds.at))
        return [_under(after.get(i), reached[i]) if i in reached else ZERO for i in range(len(self._ends))]

    def _carried(self, cts: dict[int, Any], before: dict[int, Masked], after: dict[int, Masked]) -> dict[int, Any]:
        """Return the cotangents that arrive at the ends, by number; enter the masks that they have into ``after``."""
        results = self._results(cts)
        arrived: dict[int, Any] = {}
        copies = self._between([results[place]._node for place in cts], arrived)
        ways = []
        for place, ct in cts.items():
            scale = results[place]._scale
            seed = _under(before.get(place), ct if scale == 1.0 else ct * scale)
            ways.append((copies[results[place]._node[0]], seed))
        sweep(ways)
        after.update(_masks(arrived))
        return _values(arrived)

    def _results(self, asked: Container[int]) -> list[Any]:
        """Return the results of the second run in this layer, after a look at whether they are the same as before."""
        results = self._call.again(self._tag)
        if len(results) != len(self._samples):
            self._refuse(f"{len(self._samples)} values and then {len(results)}")
        found = []
        for place, (leaf, sample) in enumerate(zip(results, self._samples, strict=True)):
            layer = next((layer for layer in layers_of(leaf) if layer._node[1] == self._tag), None)
            if place in asked and not are_same(sample, sample_of(leaf)):
                self._refuse(f"{describe(primal(leaf))} with other numbers")
            if place in asked and layer is None:
                self._refuse("what carries no derivative")
            found.append(layer)
        return found

    def _between(self, nodes: list[Node], arrived: dict[int, Any]) -> dict[int, Node]:
        """Return copies, by number, of these nodes and of what lies between them and the ends. There ``arrived`` is filled."""
        sink = (0, self._tag, _SINK)
        ends = {number: (number, self._tag, sink, _Arrival(i, arrived)) for i, number in enumerate(self._ends)}

        def is_end(node: Node) -> bool:
            if node[0] not in ends and len(node) == 3:
                self._refuse("what depends on other variables")
            return node[0] in ends

        inside, _ = segment(nodes, is_end)
        return with_ends(inside, ends)

    def _refuse(self, met: str) -> NoReturn:
        msg = (
            f"checkpoint needs a function that gives the same when it runs again; {self._call.name} returned {met}.\n"
            "  Random numbers:                     draw them outside, and make them arguments.\n"
            "  A variable that changes in a loop:  make it an argument, or write lambda x, w=w: …"
        )
        raise ResultError(msg)


def _values(cts: dict[int, Any]) -> dict[int, Any]:
    """Return cotangents without their masks."""
    return {place: ct.value if type(ct) is Masked else ct for place, ct in cts.items()}


def _masks(cts: dict[int, Any]) -> dict[int, Masked]:
    """Return the masks of those cotangents that have one, with nothing under them: a value would be kept with it."""
    return {place: Masked(None, ct.mask, ct.firm) for place, ct in cts.items() if type(ct) is Masked}


def _under(mask: Masked | None, value: Any) -> Any:
    return value if mask is None else Masked(value, mask.mask, mask.firm)


@final
class _Arrival:
    """The local pullback of a node at which the graph hangs: the cotangent stays here."""

    __slots__ = ("_arrived", "_i")

    def __init__(self, i: int, arrived: dict[int, Any]) -> None:
        self._i = i
        self._arrived = arrived

    def __call__(self, ct: Any) -> Any:
        """Keep the cotangent."""
        self._arrived[self._i] = ct
        return ZERO

    masked = __call__


@final
class _Sink:
    """The end behind the arrivals, which nothing reaches."""

    __slots__ = ()

    def arrive(self, cotangent: Any) -> None:
        """Take nothing."""

    def zero(self) -> None:
        """Return None."""


_SINK = _Sink()
