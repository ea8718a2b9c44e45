"""The steps of a path, and how they are followed. Each finds its targets, and puts others in their place.

Imports the core, the rules of indexing and shape. Of a target a step knows the key as well, by which two
paths can be compared. A step takes what is plain, a tree of RevDiffs, or one RevDiff, and so is made of
functions that do: parts, indexing, and what users bring. Items, which are more, have a module of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, final

import numpy as np

from revdiff.arrays.broadcasting import broadcast_to
from revdiff.core.errors import InfiniteError, describe
from revdiff.core.parts import is_structure, part, parts
from revdiff.core.revdiff import primal, shape_of
from revdiff.core.structure import MAPS
from revdiff.paths.errors import PathError, failing_at
from revdiff.paths.places import HERE, Cells
from revdiff.paths.rebuilding import closed_like, opened, with_parts
from revdiff.paths.wording import names_of, quoted
from revdiff.rules.indexing import getitem, put
from revdiff.rules.shape import stack

Function: TypeAlias = Callable[[Any], Any]


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


def only(steps: Sequence[Step], x: Any) -> Any:
    """Return the target in x if there is exactly one."""
    found = list(reached(steps, x))
    if len(found) != 1:
        raise PathError.not_one(len(found))
    return found[0]


@final
@dataclass(frozen=True, slots=True)
class Field:
    """The field of a record: a dataclass, a named tuple, an attrs class, or one that was registered with names."""

    name: str

    def reach(self, x: Any, /) -> Iterator[tuple[Any, Any]]:
        """Return the one field."""
        key = self._key(primal(x))
        yield key, part(x, key)

    def over(self, x: Any, f: Function, /) -> Any:
        """Return the record with another value in that field."""
        key = self._key(primal(x))
        return with_parts(x, {key: f(part(x, key))})

    def _key(self, plain: Any) -> Any:
        names = {} if isinstance(plain, dict) else names_of(plain)
        if self.name not in names or not hasattr(plain, self.name):
            raise PathError.no_field(plain, self.name)
        return names[self.name]

    def __str__(self) -> str:
        name = self.name
        is_attribute = name.isidentifier() and not name.startswith("_") and name not in TAKEN
        return f".{name}" if is_attribute else f".field({quoted(name)})"


TAKEN: set[str] = set()
"""The names that mean something else after a dot: what Path has of its own."""


@final
@dataclass(frozen=True, slots=True)
class Each:
    """Every part that can vary: elements, entries, fields; of an array, what it holds along its first axis."""

    def reach(self, x: Any, /) -> Iterator[tuple[Any, Any]]:
        """Return all the parts."""
        plain = primal(x)
        if MAPS.find(type(plain)) is not None:
            msg = f"{describe(plain)} has no end, so its elements cannot be listed.\n  The first n of them:  path[:n].each"
            raise InfiniteError(msg)
        if is_structure(x):
            yield from parts(x).items()
        elif isinstance(plain, np.ndarray) and plain.ndim:
            for i in range(len(plain)):
                yield Cells(plain.shape, i), getitem(x, i)
        else:
            raise PathError.no_parts(plain)

    def over(self, x: Any, f: Function, /) -> Any:
        """Return x with f applied to all its parts."""
        plain = primal(x)
        over_stream = MAPS.find(type(plain))
        if over_stream is not None:
            return over_stream(f, opened(x))
        values = {key: f(target) for key, target in self.reach(x)}
        if isinstance(plain, np.ndarray):
            return _with_rows(x, plain.shape[1:], list(values.values()))
        return with_parts(x, values)

    def __str__(self) -> str:
        return ".each"


def _with_rows(x: Any, shape: tuple[int, ...], rows: list[Any]) -> Any:
    if not rows:
        return x
    return put(x, slice(None), stack([a if shape_of(a) == shape else broadcast_to(a, shape) for a in rows]))


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


def _named(thing: Any) -> str:
    return getattr(thing, "__name__", None) or repr(thing)
