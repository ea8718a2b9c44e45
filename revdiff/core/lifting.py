"""Lifting: from a function of plain values to a function of RevDiffs, one layer at a time.

Imports RevDiff and pullbacks. Of several RevDiffs, those with the largest tag are the variables of
the derivative that was asked for last; all others are constants of it and keep their own layers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from revdiff.core.errors import BatchError, MixedLayersError, UnsupportedValueError
from revdiff.core.graph import NOWHERE, Local, edge, next_number
from revdiff.core.revdiff import RevDiff, made
from revdiff.core.structure import OUTERMOST, STRUCTURED


def top_tag(args: Sequence[Any]) -> int | None:
    """Return the tag that differentiates: None without any RevDiff, 0 where all are constants.

    Raises `BatchError` for RevDiffs beside what has to be outside of them.
    """
    top: int | None = None
    outermost: Any = None
    for a in args:
        if type(a) is RevDiff:
            tag = bare(a)._node[1] if a._node[1] == 0 and type(a.value) is RevDiff else a._node[1]
            if top is None or top == 0:
                top = tag
            elif tag not in (top, 0):
                if tag < 0 or top < 0:
                    raise MixedLayersError.hand_made()
                top = max(top, tag)
        elif type(a) in OUTERMOST:
            outermost = a
    if top is not None and outermost is not None:
        raise BatchError.beside(args[0])
    return top


def bare(a: Any) -> Any:
    """Return what stands under the wrappings of `const_diff`: a plain value, or a RevDiff with a layer of its own."""
    while type(a) is RevDiff and a._node[1] == 0 and type(a.value) is RevDiff:
        a = a.value
    return a


def below(a: Any, tag: int) -> Any:
    """Return a without the layer ``tag``, and without the wrapping of a constant.

    A RevDiff of other layers is handed on as a new one: an array that is written into later is not the one that was met.
    """
    a = bare(a)
    if type(a) is not RevDiff or (type(a.value) is float and a._node[1] not in (tag, 0)):
        return a
    return a.value if a._node[1] in (tag, 0) else made(a.value, a._node, a._scale)


def lift(body: Callable[..., tuple[Any, ...]], *args: Any) -> Any:
    """Apply a rule: ``body(*values)`` returns the result and one local pullback for each argument.

    The values are one layer lower and may be RevDiffs themselves, so a rule is written with
    functions that have rules. A local pullback may be None, the identity. Rules are for numbers and
    arrays: a RevDiff of a structure is refused.
    """
    for a in args:
        if type(a) is RevDiff and type(a.value) in STRUCTURED:
            raise UnsupportedValueError.of_structure(body.__qualname__.partition(".")[0].strip("_"), a.value)
    return lift_any(body, *args)


def lift_any(body: Callable[..., tuple[Any, ...]], *args: Any) -> Any:
    """Apply a rule for any kind of value, structures among them."""
    if len(args) == 1:
        return _lift_one(body, bare(args[0]))
    top, values = _of_one_layer(args)
    if not top:
        top = top_tag(args)
        if top is None:
            return body(*args)[0]
        args = tuple(map(bare, args))
        values = [below(a, top) for a in args]
    value, *local_pullbacks = body(*values)
    if top == 0:
        return made(value, NOWHERE)
    parts: list[Any] = [next_number(), top]
    for a, local in zip(args, local_pullbacks, strict=True):
        if type(a) is RevDiff and a._node[1] == top:
            parts += edge(a._node, a._scale, local)
    return made(value, tuple(parts))


def _of_one_layer(args: Sequence[Any]) -> tuple[int | None, list[Any]]:
    """Return the tag and the values of arguments that are all RevDiffs of one variable, as most are; else 0."""
    values: list[Any] = []
    tag = 0
    for a in args:
        if type(a) is not RevDiff or tag not in (0, a._node[1]):
            return 0, values
        tag = a._node[1]
        values.append(a.value)
    return max(tag, 0), values


def _lift_one(body: Callable[[Any], tuple[Any, Any]], x: Any) -> Any:
    """Apply a rule of one argument, as most are: there is no layer to choose."""
    if type(x) is not RevDiff:
        return body(x)[0]
    return step_from(x, *body(x.value))


def step_from(x: RevDiff, y: Any, local: Local) -> RevDiff:
    """Return y = f(x), whose way back is one step from that of x."""
    node = x._node
    return made(y, (next_number(), node[1], *edge(node, x._scale, local)) if node[1] else NOWHERE)
