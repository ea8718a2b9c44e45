"""The graph of a computation: values flow forward, cotangents flow back, and in between are the local derivatives.

Imports the core, traced values, what was recorded, and graphs. What is drawn are the events of a trace.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, final

from sympy import Basic

from revdiff.core.errors import ArgumentError, describe
from revdiff.core.revdiff import RevDiff, primal
from revdiff.plotting.draft import MAX_NODES, Draft
from revdiff.plotting.graph import Graph
from revdiff.plotting.nodes import Arc, Kind, Node, Phase
from revdiff.plotting.recording import Record, barred, recorded
from revdiff.plotting.style import ARC_ROOM
from revdiff.plotting.wording import typeset, written
from revdiff.systems import is_number
from revdiff.tracing.display import INFIX, expression, index, shown
from revdiff.tracing.events import Event
from revdiff.tracing.traced import Traced

MOST_VALUES = 60
"""A picture of up to so many nodes shows the values on its arcs."""
TEXT = 80
"""So many characters of a value appear when one points at a node."""

_SIGNS = {"*": "×", "/": "÷", "negate": "−", "matmul": "@"}


def computation_graph(
    f: Any, /, *args: Any, order: int = 1, values: bool | None = None, max_nodes: int = MAX_NODES
) -> Graph:
    """Return the graph of what is computed for the derivative of f at these arguments.

    Above, values flow forward from the arguments to y. Below, cotangents flow back, from ȳ = 1 to those of the
    arguments. Between the two are the local derivatives.

    order      which derivative: 0 for f alone, 2 for the second derivative, drawn downwards
    values     whether values and cotangents stand on the arcs; by default if there are not too many
    max_nodes  how many nodes there may be

    >>> from revdiff import sin
    >>> graph = computation_graph(lambda x: sin(x * x), 0.5)
    >>> for node in graph.nodes:
    ...     print(f"{node.label:3} {node.kind:9} {node.phase:8} from {', '.join(graph.sources(node.key))}")
    x   input     forward  from
    ×   operation forward  from x
    sin operation forward  from *
    y   result    forward  from sin
    ȳ   input     backward from
    cos slope     backward from *
    ×   operation backward from ȳ, cos
    ×   operation backward from * (2), x
    +   operation backward from * (3)
    x̄   result    backward from +

    At a symbol the values are expressions. f may take several arguments, arrays and structures of them for its first
    derivative. Raises `PlotError` if there would be more than ``max_nodes`` nodes.
    """
    draft = Draft(max_nodes)
    if type(order) is not int or order < 0:
        msg = f"order is 0, 1, 2, …; met {order if type(order) is int else describe(order)}"
        raise ArgumentError(msg)
    if not callable(f):
        msg = f"computation_graph draws what a function computes; met {describe(f)}.\n  For an expression:  expression_graph(x)"
        raise ArgumentError(msg)
    if not args:
        msg = "computation_graph needs the arguments at which the function is evaluated: computation_graph(f, 0.5)"
        raise ArgumentError(msg)
    record = recorded(f, args, order)
    shows_values = len(record.events) <= MOST_VALUES if values is None else values
    return _Drawing(draft, record, order, shows_values).graph()


@final
class _Drawing:
    """Makes nodes and arcs of events."""

    def __init__(self, draft: Draft, record: Record, order: int, shows_values: bool) -> None:
        self._draft = draft
        self._record = record
        self._order = order
        self._shows_values = shows_values
        self._keys: dict[int, str] = {}
        self._seed = ""

    def graph(self) -> Graph:
        """Return the graph: what leads forward, the values, and what leads back."""
        forward = [event for event in self._record.events if not self._record.passes[event.number]]
        for event in forward:
            self._add_event(event)
        for name, value in self._record.values:
            self._add_result(name, value, "forward")
        if self._order == 1:
            text = "the cotangent of the value: 1"
            seed = barred(self._record.values[0][0][0]) if self._record.values else "1"
            self._seed = self._draft.add(Node(seed, seed, "input", "backward", 1, text=text))
        for event in self._record.events[len(forward) :]:
            self._add_event(event)
        for name, value in self._record.derivatives:
            self._add_result(name, value, "backward")
        return self._draft.graph(self._title(), direction="right" if self._order < 2 else "down")

    def _title(self) -> str:
        inputs = [event.name for event in self._record.events if event.phase == "input"]
        which = ("the value", "the derivative", "the second derivative", "the third derivative")
        what = which[self._order] if self._order < len(which) else f"the derivative of order {self._order}"
        return f"How {what} is computed from {', '.join(inputs[:5])}{', …' if len(inputs) > 5 else ''}"

    def _add_event(self, event: Event) -> None:
        sources = list(dict.fromkeys(parent for parent in event.parents if parent is not None))
        seed = self._place_of_seed(event, sources)
        kind: Kind = "operation"
        if event.phase == "input":
            kind = "input"
        elif self._seed and seed is None and all(map(self._is_before, sources)):
            kind = "slope"
        phase: Phase = "backward" if event.phase == "backward" else "forward"
        depth = max(self._record.passes[event.number], event.depth)
        called = expression(replace(event, args=tuple(map(_named, event.args))))
        text = typeset(f"{called} = {_shortly(event.result, TEXT)}")
        node = Node(event.name, _label(event, seed), kind, phase, depth, text=text)
        self._keys[event.number] = key = self._draft.add(node)
        if seed is not None:
            self._join(self._seed, key, 1)
        for parent in sources:
            self._join(self._keys[parent], key, self._record.events[parent].result)

    def _place_of_seed(self, event: Event, sources: Sequence[int]) -> int | None:
        """Return which argument of an event is ȳ: a constant, where the way back begins."""
        if not self._seed or not all(map(self._is_before, sources)):
            return None
        constants = [i for i, parent in enumerate(event.parents) if parent is None]
        if not sources:
            return constants[0] if constants else None
        return next((i for i in constants if event.name == "*" and _is_one(event.args[i])), None)

    def _is_before(self, number: int) -> bool:
        """Tell whether an event has nothing to do with cotangents: it is of the forward pass, or a local derivative."""
        return not self._record.passes[number] or self._draft.nodes[self._keys[number]].kind == "slope"

    def _add_result(self, name: str, value: Any, phase: Phase) -> None:
        number, plain = _number(value), primal(value)
        source = self._keys[number] if number is not None else self._seed if phase == "backward" else ""
        depth = self._order if phase == "backward" else 0
        text = typeset(f"{name} = {_shortly(plain, TEXT)}")
        key = self._draft.add(
            Node(name, name, "result", phase, depth, "" if source else typeset(_shortly(plain)), text)
        )
        if source:
            self._join(source, key, plain, phase)

    def _join(self, source: str, target: str, value: Any, phase: Phase | None = None) -> None:
        label = typeset(_shortly(value)) if self._shows_values else ""
        self._draft.join(Arc(source, target, label, phase or self._draft.nodes[source].phase))


def _number(x: Any) -> int | None:
    """Return the number of the event that gave a value, under whatever layers of derivatives it is."""
    while type(x) is RevDiff:
        x = x.value
    return x.number if type(x) is Traced else None


def _is_one(x: Any) -> bool:
    return is_number(x) and not getattr(x, "shape", ()) and bool(x == 1)


def _shortly(value: Any, room: int = ARC_ROOM) -> str:
    """Write a value in few characters, an expression by its outer operations."""
    return written(value, room)[0] if isinstance(value, Basic) else shown(value)


def _named(value: Any) -> Any:
    """Return an operand, or what an expression is called where it is one: its text may be endless."""
    if not isinstance(value, Basic):
        return value
    text = _shortly(value, TEXT)
    return f"({text})" if value.is_Add or value.is_Mul else text


def _label(event: Event, seed: int | None) -> str:
    """Return what stands in the box of an event: its name, and the constants among its arguments."""
    if event.phase == "input":
        return event.name
    sign = _SIGNS.get(event.name, typeset(event.name))
    constants = ["" if parent is not None or i == seed or arg is None else shown(arg)
                 for i, (arg, parent) in enumerate(zip(event.args, event.parents, strict=False))]  # fmt: skip
    if event.name == "[]" and len(event.args) == 2:
        place = index(event.args[1])
        return "[]" if place == "()" else f"[{place}]".replace("...", "…")
    if not any(constants):
        return sign
    if (event.name in INFIX or event.name == "matmul") and len(constants) == 2:
        return f"{typeset(constants[0])} {sign} {typeset(constants[1])}".strip()
    last = max(i for i, constant in enumerate(constants) if constant)
    return typeset(f"{event.name}({', '.join(constant or '·' for constant in constants[: last + 1])})")
