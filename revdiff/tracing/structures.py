"""Traces of whole structures: values that go in, results that come out, and the derivatives in between.

Imports the core, `Differentiation` and traced values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from inspect import Parameter, signature
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
from revdiff.tracing.trace import ACTIVE, Source, Trace
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


def call_traced(trace: Trace, f: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Return f(*args, **kwargs), noted in a trace, as the plain values that it gives without one."""
    names = _names_of(f, len(args))
    ACTIVE.set((*ACTIVE.get(), trace))
    try:
        put_in = [traced(x, "" if _is_symbol(x) else name, trace=trace) for x, name in zip(args, names, strict=True)]
        named = {name: traced(x, name, trace=trace) for name, x in kwargs.items()}
        return untraced(_inside(trace, f)(*put_in, **named))
    finally:
        ACTIVE.set(ACTIVE.get()[:-1])


def _is_symbol(x: Any) -> bool:
    return bool(getattr(x, "is_Symbol", False))


def _names_of(f: Callable[..., Any], n: int) -> list[str]:
    """Return what a function calls its first n arguments."""
    try:
        parameters = list(signature(f).parameters.values())
    except (TypeError, ValueError):  # one that was written in C
        parameters = []
    by_position = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    names = [p.name for p in parameters if p.kind in by_position][:n]
    unnamed = range(len(names), n)
    return names + ([f"x{i + 1}" for i in unnamed] if n > 1 else ["x" for _ in unnamed])


def _naming(f: Callable[..., Any]) -> Callable[[str], str]:
    """Return how the variables of a function are called, by the place at which they stand in its argument."""
    inner, keys, several = getattr(f, "chosen", (f, (0,), False))
    positions = [key for key in keys if isinstance(key, int)]
    names = _names_of(inner, max(positions, default=-1) + 1)
    called = [names[key] if isinstance(key, int) else key for key in keys]
    if not several:
        return lambda place: called[0] + place
    return lambda place: called[int(place[1 : place.index("]")])] + place[place.index("]") + 1 :]


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

    def __init__(self, x: Any, trace: Trace | None) -> None:
        self._trace = x.traced_by if type(x) is Traced else trace
        self._scope = _next_scope()
        self._is_ours = False
        self._unnamed: list[tuple[int, str]] = []
        self._name_of: Callable[[str], str] | None = None
        self.variable = _named(self._put_in, x if type(x) is Traced else keep(x), "")

    def _put_in(self, value: Any, place: str) -> Any:
        if type(value) is Traced:
            return value if value.scope else like(value, value.value, value.source, self._scope)
        if self._trace is None:
            return value
        self._is_ours = True
        known = str(value) if _is_symbol(value) else self._name_of(place) if self._name_of is not None else ""
        number = self._trace.note(known, (), (), value, 0.0, put_in=True)
        if not known:
            self._unnamed.append((number, place))
        new: Traced = object.__new__(Traced)
        new.value, new.traced_by, new.source, new.scope = value, self._trace, Source(number), self._scope
        return new

    def around(self, f: Callable[..., Any]) -> Callable[..., Any]:
        """Return f as a function that is noted. It gives its variables their names."""
        if self._trace is None:
            return f
        self._name_of = _naming(f)
        for number, place in self._unnamed:
            self._trace.rename(number, self._name_of(place))
        self._unnamed.clear()
        return _inside(self._trace, f)

    def leave(self, result: Any) -> Any:
        """Return a result as plain values, unless it is for a function that is noted itself."""
        return untraced(result) if self._is_ours and self._trace not in _INSIDE.get() else result


def _watch(x: Any) -> _Watch | None:
    active = ACTIVE.get()
    return _Watch(x, active[-1] if active else None) if active or type(x) is Traced else None


WATCHERS.append(_watch)
