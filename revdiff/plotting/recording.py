"""What is recorded for the graph of a computation: the events of a trace, and what they were for.

Imports the operators and traced values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from typing import Any, NamedTuple
from unicodedata import normalize

from revdiff.core.revdiff import primal
from revdiff.core.structure import STRUCTURES
from revdiff.derivatives.gradients import grad
from revdiff.derivatives.operators import args_derivative, scalar_arg_derivative, simple_derivative
from revdiff.plotting.wording import typeset
from revdiff.systems import is_number
from revdiff.tracing.events import Event
from revdiff.tracing.names import names_of, own_name
from revdiff.tracing.structures import traced
from revdiff.tracing.trace import Trace


class Record(NamedTuple):
    """What was recorded: the events, for which derivative each of them was needed, the values, and the derivatives."""

    events: Sequence[Event]
    passes: Sequence[int]
    values: list[tuple[str, Any]]
    derivatives: list[tuple[str, Any]]


def recorded(f: Callable[..., Any], args: tuple[Any, ...], order: int) -> Record:
    """Evaluate a derivative and record it. Those of lower order come first: what they need too is theirs."""
    names = [own_name(x) or name for x, name in zip(args, names_of(f, len(args)), strict=True)]
    y = next((name for name in ("y", "z", "w", "v", "u") if name not in names), "value")
    lengths: list[int] = []
    values: list[Any] = []
    for n in range(order + 1):
        trace = Trace()
        put_in = [traced(x, name, trace=trace) for x, name in zip(args, names, strict=True)]
        result = _derivative(_observed(f, values), n, args, values)(*put_in)
        lengths.append(len(trace))
    # An event belongs to the first derivative that needs it.
    passes = [sum(length <= event.number for length in lengths) for event in trace.events]
    derivatives: list[tuple[str, Any]] = []
    if order:
        parts = [result] if len(args) == 1 else result
        for name, part in zip(_derivative_names(y, names, order), parts, strict=True):
            derivatives += _leaves(part, name)
    return Record(trace.events, passes, list(_leaves(values[-1], y)), derivatives)


def _observed(f: Callable[..., Any], values: list[Any]) -> Callable[..., Any]:
    """Return f, which also notes its value."""

    def observed(*args: Any) -> Any:
        value = f(*args)
        values.append(value)
        return value

    return observed


def _derivative(f: Callable[..., Any], order: int, args: tuple[Any, ...], values: list[Any]) -> Callable[..., Any]:
    if order == 0:
        return f
    if len(args) == 1 and is_number(args[0]):
        is_plain = STRUCTURES.find(type(primal(values[0]))) is None
        return reduce(lambda g, _: simple_derivative(g) if is_plain else scalar_arg_derivative(g), range(order), f)
    if order == 1:
        return grad(f, argnums=0 if len(args) == 1 else tuple(range(len(args))))
    return reduce(lambda g, _: args_derivative(g), range(order), f)


def _derivative_names(y: str, names: list[str], order: int) -> list[str]:
    if order == 1:
        return [barred(name) if len(name) == 1 else f"∂{y}/∂{name}" for name in names]
    power = str(order).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    if len(names) == 1:
        return [typeset(y + "'" * order) if order <= 3 else f"d{power}{y}/d{names[0]}{power}"]
    return [f"∂{power}{y}/∂{name}" for name in names]


def barred(name: str) -> str:
    """Return x̄ for x."""
    return normalize("NFC", f"{name[0]}\u0304{name[1:]}")


def _leaves(x: Any, name: str) -> Iterator[tuple[str, Any]]:
    structure = STRUCTURES.find(type(x))
    if structure is None:
        yield name, x
        return
    for key, part in structure.parts(x).items():
        yield from _leaves(part, name + structure.step(x, key))
