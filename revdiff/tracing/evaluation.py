"""Evaluating one primitive on traced values: look whether it was evaluated before, else do it, and note it.

Imports the core, the number systems, keys and the trace. A value is known by what it carries, and its type by `TRACED`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from copy import copy
from time import perf_counter
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np

from revdiff.core.capture import shows_one_of
from revdiff.systems import is_number
from revdiff.tracing.keys import KEYS, Unkeyed, context_of, key_of
from revdiff.tracing.trace import CONSTANT, DEPTH, Source, Trace

TRACED: set[type] = set()
"""The type of the values that carry a trace. `Traced` is the one, and enters itself."""

NONE: Mapping[str, Any] = {}


class Carrier(Protocol):
    """A value with the trace in which it is noted, where it came from there, and the derivative that it was made in."""

    value: Any
    traced_by: Trace
    source: Source
    scope: int


C = TypeVar("C", bound=Carrier)


class Primitive(NamedTuple):
    """What is evaluated: a name, and a function of plain values. ``whole_numbers``: may its result be a Python int?"""

    name: str
    function: Callable[..., Any]
    whole_numbers: bool = True


def evaluate(
    primitive: Primitive, args: tuple[Any, ...], kwargs: Mapping[str, Any] = NONE, *, identity: Hashable = ...
) -> Any:
    """Return what a primitive makes of values of which some are traced.

    ``identity`` tells it from other primitives when results are shared: the function itself, unless told otherwise. None says
    that it may give another result the next time.
    """
    operands = list(_operands((*args, *kwargs.values()) if kwargs else args))
    newest = max(filter(_is_traced, operands), key=_serial)
    trace, scope = newest.traced_by, newest.scope
    values: list[Any] = []
    sources: list[Source] = []
    for x in operands:
        if type(x) in TRACED:
            scope = max(scope, x.scope)
            values.append(x.value)
            sources.append(_source_in(trace, x))
        else:
            values.append(x)
            sources.append(CONSTANT)
    key = None
    is_lasting = not trace.gave_away or not any(isinstance(value, np.ndarray) for value in values)
    if identity is not None and is_lasting and (trace.share or (trace.share is None and (scope or DEPTH.get()))):
        key = _key(primitive.function if identity is ... else identity, args, kwargs, trace, scope, values)
        found = None if key is None else trace.found(key)
        if found is not None:
            return _wrapped(_handed_out_again(found[0]), newest, found[1], scope)
    plain_args = tuple(map(plain, args))
    plain_kwargs = {name: plain(value) for name, value in kwargs.items()} if kwargs else NONE
    start = perf_counter()
    result = primitive.function(*plain_args, **plain_kwargs)
    seconds = perf_counter() - start
    if not _goes_on(result, values, primitive.whole_numbers):
        if result is None:  # it has written into an array, the first if it is one of NumPy's functions
            trace.forget()
            if isinstance(values[0], np.ndarray) and _is_traced(operands[0]):
                number = trace.note(primitive.name, values, sources, values[0], seconds)
                operands[0].source = Source(number) if operands[0].traced_by is trace else operands[0].source
        return result
    number = trace.note(primitive.name, values, sources, result, seconds)
    made = _wrapped(result, newest, number, scope)
    if key is not None and not shows_one_of(values, result):
        trace.remember(key, result, number, made)
    return made


def write(primitive: Primitive, target: Carrier, args: Sequence[Any], kwargs: Mapping[str, Any] = NONE) -> None:
    """Evaluate a primitive that writes into the array of ``target``, which is a result of it from then on."""
    operands = list(_operands((*args, *[value for name, value in kwargs.items() if name != "out"])))
    trace = target.traced_by
    values = tuple(map(plain, operands))
    sources = [_source_in(trace, x) if _is_traced(x) else CONSTANT for x in operands]
    start = perf_counter()
    primitive.function(*map(plain, args), **{name: plain(value) for name, value in kwargs.items()})
    seconds = perf_counter() - start
    trace.forget()
    target.source = Source(trace.note(primitive.name, values, sources, target.value, seconds))


def plain(x: Any) -> Any:
    """Return a value, or what stands in a list or tuple, without its traces."""
    if _is_traced(x):
        return x.value
    if type(x) in (list, tuple):
        return type(x)(map(plain, x)) if any(map(holds_traced, x)) else x
    return x


def _is_traced(x: Any) -> bool:
    return type(x) in TRACED


def holds_traced(x: Any) -> bool:
    """Tell whether x is traced, or a list or tuple with something traced in it."""
    return any(map(holds_traced, x)) if type(x) in (list, tuple) else _is_traced(x)


def _operands(args: Sequence[Any]) -> Iterator[Any]:
    """Walk the arguments; lists and tuples of traced values one by one."""
    for x in args:
        if type(x) in (list, tuple) and holds_traced(x):
            yield from _operands(x)
        else:
            yield x


def _serial(x: Carrier) -> int:
    return x.traced_by.serial


def _source_in(trace: Trace, x: Carrier) -> Source:
    """Return where a value came from as the trace sees it: a value of another trace is an input."""
    if x.traced_by is trace or x.source.number is None:
        return x.source
    return Source(trace.number_of(x.traced_by.name_of(x.source.number), x.value, x.traced_by, x.source))


def like(traced: C, value: Any, source: Source, scope: int | None = None) -> C:
    """Return a value of the same trace."""
    new: C = object.__new__(type(traced))
    new.value = value
    new.traced_by = traced.traced_by
    new.source = source
    new.scope = traced.scope if scope is None else scope
    return new


def _wrapped(result: Any, newest: Carrier, number: int | None, scope: int) -> Any:
    """Return a result with its trace, or each of several results."""
    if not isinstance(result, tuple | list):
        return like(newest, result, Source(number), scope)
    return _together(
        result,
        [like(newest, part, Source(number, i), scope) if is_number(part) else part for i, part in enumerate(result)],
    )


def _together(result: Any, parts: list[Any]) -> Any:
    """Return parts as a list or tuple of the kind that the result is, named or not."""
    return type(result)(*parts) if hasattr(result, "_fields") else type(result)(parts)


def _goes_on(result: Any, values: Sequence[Any], whole_numbers: bool) -> bool:
    """Tell whether a result is a number that goes on, and not one that decides: a truth value, a shape, a place."""
    if isinstance(result, tuple | list):
        return bool(result) and any(_goes_on(part, values, whole_numbers) for part in result)
    if isinstance(result, np.ndarray | np.generic):
        kind = result.dtype.kind
        return kind in "fcO" or (kind in "iu" and not any(_is_of_floats(x) for x in values))
    return is_number(result) and (whole_numbers or not isinstance(result, int))


def _is_of_floats(x: Any) -> bool:
    return isinstance(x, float | complex) or getattr(getattr(x, "dtype", None), "kind", "") in ("f", "c")


def _handed_out_again(result: Any) -> Any:
    """Return a result that was handed out before. An array may be written into, so this is another one."""
    if isinstance(result, np.ndarray):
        return result.copy("K")
    if isinstance(result, tuple | list):
        return _together(result, [_handed_out_again(part) for part in result])
    return result if KEYS.find(type(result)) is not None else copy(result)


def _key(
    identity: Hashable, args: Sequence[Any], kwargs: Mapping[str, Any], trace: Trace, scope: int, values: Sequence[Any]
) -> Hashable | None:
    """Return what this evaluation has in common with those that give the same result, None if that is not known."""
    try:
        parts = tuple(_part_of_key(x, trace) for x in args)
        options = tuple((name, _part_of_key(x, trace)) for name, x in kwargs.items()) if kwargs else ()
    except Unkeyed:
        return None
    return identity, parts, options, 0 if trace.share else scope, context_of(values)


def _part_of_key(x: Any, trace: Trace) -> Hashable:
    if not _is_traced(x):
        if type(x) in (list, tuple) and holds_traced(x):
            return type(x), tuple(_part_of_key(part, trace) for part in x)
        return key_of(x)
    source = _source_in(trace, x)
    return key_of(x.value) if source.number is None else source
