"""Traces of whole structures: values that go in, results that come out, and the derivatives in between.

Imports the core, `Differentiation` and traced values. Derivatives and traces find it in their lists of who watches and
who calls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from itertools import count
from typing import Any, final

import numpy as np

from revdiff.batches.batch import Batch
from revdiff.core.capture import keep
from revdiff.core.revdiff import RevDiff
from revdiff.core.structure import LAYERS, MAPS, STRUCTURES, map_leaves
from revdiff.structures.differentiation import WATCHERS
from revdiff.systems import is_number
from revdiff.tracing.evaluation import like
from revdiff.tracing.names import names_of, naming, own_name
from revdiff.tracing.trace import ACTIVE, CALLERS, Source, Trace
from revdiff.tracing.traced import Traced

_INSIDE: ContextVar[tuple[Trace, ...]] = ContextVar("INSIDE", default=())
"""The traces in which some function is running on traced values: what it computes stays traced until it returns."""

_next_scope = count(1).__next__


def traced(x: Any, name: str = "", /, *, trace: Trace | None = None) -> Any:
    """Return a structure with every number and array in it traced, in one and the same trace.

    Constants and RevDiffs stay what they are. Streams are traced as far as they are read.

    >>> point = traced({"a": 1.0, "b": (2.0, 3.0), "unit": "m"}, "p")
    >>> point
    {'a': Traced(1.0), 'b': (Traced(2.0), Traced(3.0)), 'unit': 'm'}
    >>> print(point["a"].traced_by)
    input     p['a']    = 1.0
    input     p['b'][0] = 2.0
    input     p['b'][1] = 3.0
    """
    active = ACTIVE.get()
    recorder = trace if trace is not None else active[-1] if active else Trace()

    def put_in(value: Any, place: str) -> Traced:
        return Traced(value, f"{name or 'x'}{place}" if name or place else "", trace=recorder)

    return _named(put_in, x, "")


def untraced(x: Any, /) -> Any:
    """Return a structure of plain values. Arrays are copies, which may be written into.

    >>> untraced([Traced(1.0), "text", (Traced(2.0) * 3,)])
    [1.0, 'text', (6.0,)]
    """
    return map_leaves(_plain, x)


def _plain(leaf: Any) -> Any:
    if type(leaf) is Traced:
        return leaf.value.copy("K") if isinstance(leaf.value, np.ndarray) else leaf.value
    if type(leaf) is Batch:
        array = _plain(leaf.array)
        return leaf if array is leaf.array else Batch(array, leaf.axis)
    if type(leaf) is RevDiff:
        value = _plain(leaf.value)
        return leaf if value is leaf.value else LAYERS[RevDiff](leaf, value)
    if type(leaf) is np.ndarray and leaf.dtype.kind == "O" and any(type(x) is Traced for x in leaf.flat):
        plain = leaf.copy("K")
        for place in np.ndindex(leaf.shape):
            plain[place] = _plain(leaf[place])
        return plain
    return leaf


def _named(put_in: Callable[[Any, str], Any], x: Any, name: str) -> Any:
    """Put the numbers of a structure in, each under the name that says where it stands: x[0], x.bias."""
    structure = STRUCTURES.find(type(x))
    if structure is not None:
        steps = {key: name + structure.step(x, key) for key in structure.parts(x)}
        return structure.build(x, {key: _named(put_in, part, steps[key]) for key, part in structure.parts(x).items()})
    over = MAPS.find(type(x))
    if over is not None:
        return over(lambda element: _named(put_in, element, name), x)
    if type(x) is Batch:
        return x if type(x.array) is RevDiff else Batch(put_in(x.array, name), x.axis)
    return put_in(x, name) if type(x) is not RevDiff and is_number(x) else x


def _call(trace: Trace, f: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Return f(*args, **kwargs), noted in a trace, as the plain values that it gives without one."""
    with trace:
        names = names_of(f, len(args))
        put_in = [traced(x, own_name(x) or name, trace=trace) for x, name in zip(args, names, strict=True)]
        named = {name: traced(x, name, trace=trace) for name, x in kwargs.items()}
        return untraced(_inside(trace, f)(*put_in, **named))


def _inside(trace: Trace, f: Callable[..., Any]) -> Callable[..., Any]:
    def watched(*args: Any, **kwargs: Any) -> Any:
        token = _INSIDE.set((*_INSIDE.get(), trace))
        try:
            return f(*args, **kwargs)
        finally:
            _INSIDE.reset(token)

    return watched


@final
class _Watch:
    """What a trace makes of one derivative: a traced variable, and plain results if the variable was plain."""

    __slots__ = ("_is_ours", "_name_of", "_scope", "_trace", "_unnamed", "variable")

    def __init__(self, x: Any, trace: Trace) -> None:
        self._trace = trace
        self._scope = _next_scope()
        self._is_ours = False
        self._unnamed: list[tuple[int, str]] = []
        self._name_of: Callable[[str], str] | None = None
        self.variable = _named(self._put_in, x if type(x) is Traced else keep(x), "")

    def _put_in(self, value: Any, place: str) -> Any:
        if type(value) is Traced:
            return value if value.scope else like(value, value.value, value.source, self._scope)
        self._is_ours = True
        known = own_name(value) or (self._name_of(place) if self._name_of is not None else "")
        number = self._trace.put_in(known, value)
        if not known:
            self._unnamed.append((number, place))
        new: Traced = object.__new__(Traced)
        new.value, new.traced_by, new.source, new.scope = value, self._trace, Source(number), self._scope
        return new

    def around(self, f: Callable[..., Any]) -> Callable[..., Any]:
        """Return f as a function that is noted. It gives its variables their names."""
        self._name_of = naming(f)
        for number, place in self._unnamed:
            self._trace.rename(number, self._name_of(place))
        self._unnamed.clear()
        return _inside(self._trace, f)

    def leave(self, result: Any) -> Any:
        """Return a result as plain values, unless it is for a function that is noted itself."""
        return untraced(result) if self._is_ours and self._trace not in _INSIDE.get() else result


def _watch(x: Any) -> _Watch | None:
    if type(x) is Traced:
        return _Watch(x, x.traced_by)
    active = ACTIVE.get()
    return _Watch(x, active[-1]) if active else None


WATCHERS.append(_watch)
CALLERS.append(_call)
