"""The steps of a path. Each finds its targets in a structure, and puts others in their place.

Imports the core, the rule of indexing and shapes. Of a target a step knows the key as well, by which two
paths can be compared. A step takes what is plain, a tree of RevDiffs, or one RevDiff, and so is made of
functions that do: parts, indexing, and what users bring.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import index as whole_number
from typing import Any, Protocol, final

import numpy as np

from revdiff.broadcasting import broadcast_to
from revdiff.core.errors import ArgumentError, InfiniteError, describe
from revdiff.core.parts import is_structure, part, parts, structure_of
from revdiff.core.revdiff import primal
from revdiff.core.structure import MAPS
from revdiff.paths.errors import PathError, failing_at
from revdiff.paths.places import HERE, Cells
from revdiff.paths.rebuilding import closed_like, elements_of, opened, with_parts
from revdiff.rules.indexing import getitem, put
from revdiff.rules.shape import stack

Function = Callable[[Any], Any]


class Step(Protocol):
    """A step of a path: where it leads in a structure, and how the structure is put together again."""

    def reach(self, x: Any, /) -> Iterator[tuple[Any, Any]]:
        """Return the targets in x, each with its key."""

    def over(self, x: Any, f: Function, /) -> Any:
        """Return x with f applied to each target."""


def reached(steps: Sequence[Step], x: Any, i: int = 0) -> Iterator[Any]:
    """Return the targets in x behind all the steps from the i-th on."""
    if i == len(steps):
        yield x
        return
    with failing_at(i):
        for _, target in steps[i].reach(x):
            yield from reached(steps, target, i + 1)


def changed(steps: Sequence[Step], x: Any, f: Function, i: int = 0) -> Any:
    """Return x with f applied to each target behind all the steps from the i-th on."""
    if i == len(steps):
        return f(x)
    with failing_at(i):
        return steps[i].over(x, lambda target: changed(steps, target, f, i + 1))


@final
@dataclass(frozen=True, slots=True)
class Field:
    """The field of a record: a dataclass, a named tuple, an attrs class, or one that was registered with names."""

    name: str

    def reach(self, x: Any, /) -> Iterator[tuple[Any, Any]]:
        """Return the one field."""
        key = self._key(x)
        yield key, part(x, key)

    def over(self, x: Any, f: Function, /) -> Any:
        """Return the record with another value in that field."""
        key = self._key(x)
        return with_parts(x, {key: f(part(x, key))})

    def _key(self, x: Any) -> Any:
        plain = primal(x)
        keys = structure_of(x).keys if is_structure(x) else {}
        if self.name not in keys:
            raise PathError(f"{describe(plain)} has no field {self.name!r}; {_what_there_is(plain)}")
        if not hasattr(plain, self.name):
            raise PathError(f"the field {self.name!r} of this {type(plain).__name__} has no value")
        return keys[self.name]

    def __str__(self) -> str:
        return f".{self.name}" if _is_attribute(self.name) else f".field({_quoted(self.name)})"


@final
@dataclass(frozen=True, slots=True)
class Item:
    """What stands in brackets: an element, a slice, an entry, elements of an array with NumPy's kinds of index."""

    index: Any = field(compare=False)
    identity: Hashable

    @classmethod
    def of(cls, index: Any) -> Item:
        """Return the step for an index, of which nobody can change an array afterwards."""
        index = _kept(index)
        return cls(index, _identity(index))

    def reach(self, x: Any, /) -> Iterator[tuple[Any, Any]]:
        """Return what is there, as one target."""
        plain = primal(x)
        if isinstance(plain, np.ndarray):
            yield Cells(plain.shape, self.index), self._of_array(getitem, x)
        elif MAPS.find(type(plain)) is not None:
            yield self.identity, self._of_stream(opened(x))
        elif isinstance(self.index, slice):
            keys = self._slice_of(plain)
            kind = tuple if isinstance(plain, tuple) else list
            yield Cells((len(plain),), self.index), kind(part(x, key) for key in keys)
        else:
            key = self._key(plain)
            yield key, part(x, key)

    def over(self, x: Any, f: Function, /) -> Any:
        """Return a copy of x with something else there."""
        ((key, target),) = self.reach(x)
        value, plain = f(target), primal(x)
        if isinstance(plain, np.ndarray):
            return self._of_array(put, x, value)
        if MAPS.find(type(plain)) is not None:
            return self._in_stream(opened(x), value)
        if isinstance(self.index, slice):
            keys = self._slice_of(plain)
            return with_parts(x, dict(zip(keys, elements_of(value, len(keys)), strict=True)))
        return with_parts(x, {key: value})

    def _key(self, plain: Any) -> Any:
        if isinstance(plain, dict):
            return self._entry_of(plain)
        if not is_structure(plain):
            raise PathError(f"{describe(plain)} has nothing in brackets; {_what_there_is(plain)}")
        ordered = isinstance(plain, tuple | list | deque)
        names = _names(plain)
        if isinstance(self.index, str):
            if self.index not in names:
                raise PathError(f"{describe(plain)} has no field {self.index!r}; {_what_there_is(plain)}")
            return names[self.index]
        if not ordered and hasattr(plain, "__getitem__"):
            raise PathError(f"{describe(plain)} makes its elements itself; {_what_there_is(plain)}")
        try:
            i = whole_number(self.index)
        except TypeError:
            raise PathError(f"{_quoted(self.index)} is no index of {describe(plain)}") from None
        keys = range(len(plain)) if ordered else list(names.values())
        if not -len(keys) <= i < len(keys):
            raise PathError(f"index {i} is out of range for {describe(plain)} of {len(keys)}")
        return keys[i]

    def _entry_of(self, plain: dict[Any, Any]) -> Any:
        try:
            there = self.index in plain
        except TypeError:
            there = False
        if not there:
            raise PathError(f"{describe(plain)} has no entry {_quoted(self.index)}; {_what_there_is(plain)}")
        return self.index

    def _slice_of(self, plain: Any) -> range:
        if not isinstance(plain, tuple | list | deque):
            raise PathError(f"{describe(plain)} has no slices; {_what_there_is(plain)}")
        return range(len(plain))[self.index]

    def _of_array(self, function: Callable[..., Any], x: Any, *value: Any) -> Any:
        try:
            return function(x, self.index, *value)
        except (IndexError, ArgumentError) as error:
            raise PathError(str(error)) from error

    def _of_stream(self, stream: Any) -> Any:
        try:
            return stream[self.index]
        except ArgumentError as error:
            raise PathError(str(error)) from error

    def _in_stream(self, stream: Any, value: Any) -> Any:
        """Return a stream that begins with other elements and goes on as it was."""
        if isinstance(self.index, slice):
            if self.index.stop is None:
                raise PathError(f"a slice of {describe(stream)} that has no end cannot be replaced; its elements: .each")
            indices = range(self.index.stop)[self.index]
            values = dict(zip(indices, elements_of(value, len(indices)), strict=True))
        else:
            values = {self.index: value}
        n = max(values, default=-1) + 1
        first = [values.get(i, element) for i, element in enumerate(stream.take(n))]
        return reduce(lambda rest, element: rest.cons(element), reversed(first), stream.drop(n))

    def __str__(self) -> str:
        if isinstance(self.index, tuple) and self.index:
            return f"[{', '.join(map(_quoted, self.index))}{',' if len(self.index) == 1 else ''}]"
        return f"[{_quoted(self.index)}]"


@final
@dataclass(frozen=True, slots=True)
class Each:
    """Every part that can vary: elements, entries, fields; of an array, what it holds along its first axis."""

    def reach(self, x: Any, /) -> Iterator[tuple[Any, Any]]:
        """Return all the parts."""
        plain = primal(x)
        if isinstance(plain, np.ndarray):
            for i in range(_length(plain)):
                yield Cells(plain.shape, i), getitem(x, i)
        elif is_structure(x):
            yield from parts(x).items()
        elif MAPS.find(type(plain)) is not None:
            msg = f"{describe(plain)} has no end: its elements can be changed with over, and not be listed.\n  The first n of them:  [:n].each"
            raise InfiniteError(msg)
        else:
            raise PathError(f"{describe(plain)} has no parts to go through")

    def over(self, x: Any, f: Function, /) -> Any:
        """Return x with f applied to all its parts."""
        plain = primal(x)
        over_stream = MAPS.find(type(plain))
        if over_stream is not None:
            return over_stream(f, opened(x))
        changed = {key: f(target) for key, target in self.reach(x)}
        if not isinstance(plain, np.ndarray):
            return with_parts(x, changed)
        if not changed:
            return x
        shape = plain.shape[1:]
        rows = [row if np.shape(primal(row)) == shape else broadcast_to(row, shape) for row in changed.values()]
        return put(x, slice(None), stack(rows))

    def __str__(self) -> str:
        return ".each"


@final
@dataclass(frozen=True, slots=True)
class Prism:
    """The whole, if it is what the step asks for; nothing otherwise."""

    name: str
    holds: Callable[..., bool]
    asked: tuple[Any, ...] = ()

    def reach(self, x: Any, /) -> Iterator[tuple[Any, Any]]:
        """Return x itself, or nothing."""
        if self.holds(x, *self.asked):
            yield HERE, x

    def over(self, x: Any, f: Function, /) -> Any:
        """Return f(x), or x."""
        return f(x) if self.holds(x, *self.asked) else x

    def __str__(self) -> str:
        return f".{self.name}({', '.join(map(_named, self.asked))})" if self.asked else f".{self.name}"


def is_present(x: Any) -> bool:
    """Tell whether x is not None."""
    return primal(x) is not None


def is_instance(x: Any, *kinds: type) -> bool:
    """Tell whether the plain value under x is an instance of one of these classes."""
    return isinstance(primal(x), kinds)


def meets(x: Any, predicate: Callable[[Any], Any]) -> bool:
    """Tell whether the predicate holds for x."""
    return bool(predicate(opened(x)))


@final
@dataclass(frozen=True, slots=True)
class Lens:
    """A place that two functions of the user define: get(x), and set(x, v), which is like x but that get finds v."""

    get: Callable[[Any], Any]
    set: Callable[[Any, Any], Any]

    def reach(self, x: Any, /) -> Iterator[tuple[Any, Any]]:
        """Return what ``get`` sees."""
        yield self, self.get(opened(x))

    def over(self, x: Any, f: Function, /) -> Any:
        """Return what ``set`` makes of the new value."""
        tree = opened(x)
        return closed_like(x, self.set(tree, opened(f(self.get(tree)))))

    def __str__(self) -> str:
        return f".lens({_named(self.get)}, {_named(self.set)})"


@final
@dataclass(frozen=True, slots=True)
class Iso:
    """The same value in another form, with nothing lost either way: back(there(x)) = x, there(back(y)) = y."""

    there: Callable[[Any], Any]
    back: Callable[[Any], Any]

    def reach(self, x: Any, /) -> Iterator[tuple[Any, Any]]:
        """Return x in the other form."""
        yield self, self.there(opened(x))

    def over(self, x: Any, f: Function, /) -> Any:
        """Return the new value in the form of x."""
        return closed_like(x, self.back(opened(f(self.there(opened(x))))))

    def __str__(self) -> str:
        return f".iso({_named(self.there)}, {_named(self.back)})"


def _length(array: np.ndarray[Any, Any]) -> int:
    if not array.ndim:
        raise PathError("an array of no axes has no elements to go through")
    return len(array)


def _names(plain: Any) -> Mapping[str, Any]:
    """Return the keys of a structure by name; parts without names of their own are called by their keys."""
    structure = structure_of(plain)
    if structure.keys or isinstance(plain, tuple | list | deque):
        return structure.keys
    return {str(key): key for key in structure.parts(plain)}


def _what_there_is(plain: Any) -> str:
    """Say which ways lead on."""
    if isinstance(plain, dict):
        return f"its entries are {_some([f'[{_quoted(key)}]' for key in plain])}" if plain else "it is empty"
    if not is_structure(plain):
        return "it has no parts"
    if isinstance(plain, tuple | list | deque) and not structure_of(plain).keys:
        return f"its elements are [0] to [{len(plain) - 1}]" if plain else "it is empty"
    return f"it has {_some(list(_names(plain))) or 'none'}"


def _some(names: list[str], most: int = 12) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _kept(index: Any) -> Any:
    """Return an index without RevDiffs, and with arrays that are the path's own."""
    index = primal(index)
    if type(index) is tuple:
        return tuple(map(_kept, index))
    if isinstance(index, list | np.ndarray):
        kept = np.array(index) if np.size(index) else np.array(index, np.intp)
        kept.flags.writeable = False
        return kept
    return int(index) if isinstance(index, np.integer) else index


def _identity(index: Any) -> Hashable:
    """Return what two equal indices have in common: slices and arrays have no hash, and 1 is not True here."""
    if type(index) is tuple:
        return tuple, tuple(map(_identity, index))
    if isinstance(index, slice):
        return slice, tuple(map(_identity, (index.start, index.stop, index.step)))
    if isinstance(index, np.ndarray):
        return index.dtype.str, index.shape, index.tobytes()
    return type(index), index


def _is_attribute(name: str) -> bool:
    return name.isidentifier() and not name.startswith("_") and name not in TAKEN


TAKEN: set[str] = set()
"""The names that mean something else after a dot: those of the methods of Path."""


def _quoted(index: Any) -> str:
    """Return an index as one writes it in brackets."""
    if isinstance(index, slice):
        start, stop, step = ("" if bound is None else repr(bound) for bound in (index.start, index.stop, index.step))
        return f"{start}:{stop}:{step}" if step else f"{start}:{stop}"
    if index is ...:
        return "..."
    if isinstance(index, np.ndarray):
        return repr(index.tolist())
    text = repr(index)
    return f'"{text[1:-1]}"' if type(index) is str and text[0] == "'" and '"' not in text else text


def _named(thing: Any) -> str:
    return getattr(thing, "__name__", None) or repr(thing)
