"""The structures that Python has: tuples, lists, dictionaries, named tuples, dataclasses, attrs classes.

Imports the notion of a structure, in which these are registered like any other. What is built is of the type of its
model, subclasses included, and carries over what the parts leave out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from copy import copy
from enum import Enum
from functools import cache, cached_property
from operator import attrgetter, getitem
from typing import Any

from revdiff.core.structure import (
    LEAVES,
    STRUCTURES,
    Parts,
    Structure,
    announced,
    only_floats,
    same_parts,
    varying,
)


def _item_step(x: Any, key: Any) -> str:
    return f"[{key!r}]"


def _field_step(x: Any, key: Any) -> str:
    return f".{key}"


def _sequence_parts(x: Any) -> Parts:
    return dict(enumerate(x)) if only_floats(x) else varying(enumerate(x))


def _items(x: Any, parts: Parts) -> list[Any]:
    return [parts[i] for i in range(len(x))] if len(parts) == len(x) else [parts.get(i, v) for i, v in enumerate(x)]


def _tuple(x: Any, parts: Parts) -> Any:
    if type(x) is tuple:
        return tuple(_items(x, parts))
    built = tuple.__new__(type(x), _items(x, parts))
    carry_over(x, built)
    return built


def _list(x: Any, parts: Parts) -> Any:
    if type(x) is list:
        return _items(x, parts)
    built = copy(x)
    built.clear()
    built.extend(_items(x, parts))
    return built


def _dict(x: Any, parts: Parts) -> Any:
    built = {} if type(x) is dict else copy(x)
    for key, value in x.items():
        dict.__setitem__(built, key, parts.get(key, value))
    return built


def carry_over(x: Any, built: Any) -> None:
    """Give ``built`` the attributes of x. What x has cached is left out: it was computed from the parts."""
    kind: Any = type(x)
    slots, cached = _attributes(kind)
    for name in slots:
        if hasattr(x, name):
            object.__setattr__(built, name, getattr(x, name))
    if hasattr(x, "__dict__"):
        built.__dict__.update(vars(x))
        for name in cached:
            built.__dict__.pop(name, None)


@cache
def _attributes(kind: Any) -> tuple[list[str], list[str]]:
    """Return the names of the slots of a class, and of what its instances cache."""
    slots, cached = [], []
    for base in kind.__mro__:
        own = vars(base).get("__slots__", ())
        slots += [name for name in ((own,) if isinstance(own, str) else own) if name not in ("__dict__", "__weakref__")]
        cached += [name for name, value in vars(base).items() if isinstance(value, cached_property)]
    return slots, cached


def _named_tuple(kind: type) -> Structure | None:
    names = vars(kind).get("_fields")
    if not (issubclass(kind, tuple) and names):
        return None
    keys = {name: i for i, name in enumerate(names)}
    return announced(Structure(_sequence_parts, getitem, _tuple, _tuple, same_parts, lambda x, i: f".{names[i]}", keys))


def _record(kind: type) -> Structure | None:
    """Recognize dataclasses and attrs classes: their public fields that ``__init__`` takes are the parts."""
    if "__dataclass_fields__" in vars(kind):
        from dataclasses import fields

        declared: Sequence[Any] = fields(kind)
    elif "__attrs_attrs__" in vars(kind):
        declared = vars(kind)["__attrs_attrs__"]
    else:
        return None
    every = {field.name: field.name for field in declared}
    constants = frozenset(
        field.name for field in declared if field.metadata.get("static", not field.init or field.name.startswith("_"))
    )

    names = [name for name in every if name not in constants]
    values = attrgetter(*names) if len(names) > 1 else None

    def parts(x: Any) -> Parts:
        try:
            return varying(zip(names, values(x), strict=True)) if values else _set_parts(x)
        except AttributeError:  # a field that was never set
            return _set_parts(x)

    def _set_parts(x: Any) -> Parts:
        return varying((name, getattr(x, name)) for name in names if hasattr(x, name))

    def build(x: Any, parts: Parts) -> Any:
        try:
            built = object.__new__(type(x))
            carry_over(x, built)
        except TypeError:  # a class over a built-in one, whose contents are carried over as well
            built = copy(x)
        for name, value in parts.items():
            object.__setattr__(built, name, value)
        return built

    return announced(Structure(parts, getattr, build, build, same_parts, _field_step, every, constants))


STRUCTURES.register(tuple, Structure(_sequence_parts, getitem, _tuple, _tuple, same_parts, _item_step))
for _kind in (list, deque):
    STRUCTURES.register(_kind, Structure(_sequence_parts, getitem, _list, _list, same_parts, _item_step))
STRUCTURES.register(dict, Structure(lambda x: varying(x.items()), getitem, _dict, _dict, same_parts, _item_step))
LEAVES.register_recognizer(lambda kind: (lambda x: False) if issubclass(kind, Enum) else None)
STRUCTURES.register_recognizer(_named_tuple)
STRUCTURES.register_recognizer(_record)
