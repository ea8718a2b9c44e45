"""A RevDiff of a container behaves like the container: r["w"], r[0], r.bias, a, b = r, for v in r.

Imports the parts of a RevDiff. Everything here hands out RevDiffs of the parts; what the container's own
class defines (its ``__iter__`` or ``__getitem__``, if it is a record) comes first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import index as whole_number
from typing import Any

from revdiff.core.errors import describe
from revdiff.core.parts import is_structure, part, parts, split, structure_of
from revdiff.core.revdiff import OPERATORS, RevDiff, primal
from revdiff.core.structure import ON_NAMES, STRUCTURES, Structure

_ORDERED = (tuple, list, deque)


def item(x: RevDiff, index: Any) -> Any:
    """Return r[index]: an element, a slice, an entry of a dictionary, a field by its name or number."""
    plain = primal(x)
    if not is_structure(x):
        return split(x)[index]
    if isinstance(plain, dict):
        return part(x, index)
    keys = structure_of(x).keys if isinstance(plain, _ORDERED) else _keys(x)
    if isinstance(index, str) and index in keys:
        return part(x, keys[index])
    if not isinstance(plain, _ORDERED) and hasattr(plain, "__getitem__"):
        return split(x)[index]
    if isinstance(index, str):
        msg = f"{describe(plain)} has no field {index!r}; it has {', '.join(keys) or 'none'}"
        raise KeyError(msg)
    places = range(len(plain)) if isinstance(plain, _ORDERED) else list(keys.values())
    if isinstance(index, slice):
        return (list if isinstance(plain, list | deque) else tuple)(part(x, key) for key in places[index])
    i = whole_number(index)
    if not -len(places) <= i < len(places):
        msg = f"index {i} is out of range: this RevDiff holds {describe(plain)} with {len(places)} parts"
        raise IndexError(msg)
    return part(x, places[i])


def iterate(x: RevDiff) -> Iterator[Any]:
    """Iterate over the elements of a sequence, the keys of a dictionary, the fields of a record."""
    plain = primal(x)
    if not is_structure(x):
        return iter(split(x))
    if isinstance(plain, dict):
        return iter(plain)
    varying = parts(x)
    if isinstance(plain, _ORDERED):
        return iter([varying.get(i, constant) for i, constant in enumerate(plain)])
    if hasattr(plain, "__iter__"):
        return iter(split(x))
    structure = structure_of(x)
    return iter([varying[key] if key in varying else structure.get(plain, key) for key in _keys(x).values()])


def _keys(x: RevDiff) -> Mapping[str, Any]:
    """Return the keys of a structure by name: those of its attributes, or of its parts if it has none."""
    structure = structure_of(x)
    return structure.keys or {str(key): key for key in structure.parts(primal(x))}


def offer_names(names: Iterable[str]) -> None:
    """Let ``r.name`` read the field of that name where r holds a record that has one.

    The class gets an attribute for each name, once. (A ``__getattr__`` would make every attribute of
    every RevDiff slower.) Where RevDiff has an attribute of that name already, ``r.sum`` or ``r.T``,
    a record's field comes first, and every other value keeps what it had.
    """
    for name in names:
        if name not in _OFFERED and not (name.startswith("__") or name in RevDiff.__slots__ or name == "backprop"):
            _OFFERED.add(name)
            before = vars(RevDiff).get(name, _ABSENT)
            setattr(RevDiff, name, property(_reader(name, before), getattr(before, "fset", None)))


_OFFERED: set[str] = set()
_ABSENT = object()


def _reader(name: str, otherwise: Any) -> Callable[[RevDiff], Any]:
    def read(x: RevDiff) -> Any:
        structure: Structure | None = STRUCTURES.find(type(primal(x)))
        if structure is not None and name in structure.keys:
            return part(x, structure.keys[name])
        if otherwise is _ABSENT:
            msg = f"a RevDiff of {describe(primal(x))} has no attribute {name!r}"
            raise AttributeError(msg, name=name, obj=x)
        return otherwise.__get__(x, RevDiff) if hasattr(otherwise, "__get__") else otherwise

    return read


def _of_dict(name: str, read: Callable[..., Any]) -> None:
    def read_entries(x: RevDiff) -> Any:
        entries = primal(x)
        if not isinstance(entries, dict):
            msg = f"a RevDiff of {describe(entries)} has no attribute {name!r}"
            raise AttributeError(msg, name=name, obj=x)  # noqa: TRY004 (hasattr must work)
        return lambda *args: read(x, entries, *args)

    setattr(RevDiff, name, property(read_entries))


def _entries(x: RevDiff, entries: Any) -> dict[Any, Any]:
    return {**entries, **parts(x)}


def _get(x: RevDiff, entries: Any, key: Any, default: Any = None) -> Any:
    return part(x, key) if key in entries else default


_of_dict("keys", lambda x, entries: entries.keys())
_of_dict("values", lambda x, entries: _entries(x, entries).values())
_of_dict("items", lambda x, entries: _entries(x, entries).items())
_of_dict("get", _get)
ON_NAMES.append(offer_names)
OPERATORS.update(item=item, iterate=iterate)
