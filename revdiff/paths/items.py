"""What stands in brackets: an element, a slice, an entry of a dictionary, elements of an array.

Imports the core, the rule of indexing and what steps are made of.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import partial, reduce
from operator import index as whole_number
from typing import Any, NamedTuple, final

import numpy as np

from revdiff.core.parts import is_structure, part
from revdiff.core.revdiff import primal
from revdiff.core.structure import MAPS
from revdiff.paths.errors import PathError, told_as_path_error
from revdiff.paths.places import Cells
from revdiff.paths.rebuilding import elements_of, opened, with_parts
from revdiff.paths.wording import SEQUENCES, names_of, quoted
from revdiff.rules.indexing import add_at, getitem, put


@final
@dataclass(frozen=True, slots=True)
class Item:
    """What is found in brackets, as one target."""

    index: Any = field(compare=False)
    identity: Hashable

    @classmethod
    def of(cls, index: Any) -> Item:
        """Return the step for an index, of which nobody can change an array afterwards."""
        index = _kept(index)
        return cls(index, _identity(index))

    def reach(self, x: Any, /) -> Iterator[tuple[Any, Any]]:
        """Return what is there."""
        with told_as_path_error():
            way = self._into(x)
            target = way.read()
        yield way.key, target

    def over(self, x: Any, f: Callable[[Any], Any], /) -> Any:
        """Return a copy of x with something else there."""
        with told_as_path_error():
            way = self._into(x)
            target = way.read()
        value = f(target)
        with told_as_path_error():
            return way.write(value)

    def added(self, x: Any, value: Any) -> Any:
        """Return an array with a value added there, to an element as often as the index names it."""
        with told_as_path_error():
            return add_at(x, self.index, value)

    def _into(self, x: Any) -> _Way:
        plain, index = primal(x), self.index
        if isinstance(plain, np.ndarray):
            return _Way(Cells(plain.shape, index), partial(getitem, x, index), partial(put, x, index))
        if MAPS.find(type(plain)) is not None:
            stream = opened(x)
            return _Way(self.identity, lambda: stream[index], lambda value: _beginning_with(stream, index, value))
        if isinstance(index, slice) and isinstance(plain, SEQUENCES):
            return _slice(x, plain, index)
        key = self._key(plain)
        return _Way(key, lambda: part(x, key), lambda value: with_parts(x, {key: value}))

    def _key(self, plain: Any) -> Any:
        index, names = self.index, names_of(plain)
        if isinstance(plain, dict):
            if not isinstance(index, Hashable) or index not in plain:
                raise PathError.no_item(plain, str(self))
            return index
        if isinstance(index, str) and index in names:
            return names[index]
        keys = range(len(plain)) if isinstance(plain, SEQUENCES) else list(names.values())
        if not is_structure(plain) or not hasattr(type(index), "__index__"):
            raise PathError.no_item(plain, str(self))
        if hasattr(plain, "__getitem__") and not isinstance(plain, SEQUENCES):
            raise PathError.own_items(plain)
        i = whole_number(index)
        if not -len(keys) <= i < len(keys):
            raise PathError.out_of_range(plain, i, len(keys))
        return keys[i]

    def __str__(self) -> str:
        if isinstance(self.index, tuple) and self.index:
            return f"[{', '.join(map(quoted, self.index))}{',' if len(self.index) == 1 else ''}]"
        return f"[{quoted(self.index)}]"


class _Way(NamedTuple):
    """Where an index leads in one container: its key, what is there, and the container with something else there."""

    key: Any
    read: Callable[[], Any]
    write: Callable[[Any], Any]


def _slice(x: Any, plain: Any, index: slice) -> _Way:
    keys = range(len(plain))[index]
    kind = tuple if isinstance(plain, tuple) else list
    return _Way(
        Cells((len(plain),), index),
        lambda: kind(part(x, key) for key in keys),
        lambda values: with_parts(x, dict(zip(keys, elements_of(values, len(keys)), strict=True))),
    )


def _beginning_with(stream: Any, index: Any, value: Any) -> Any:
    """Return a stream that begins with other elements and goes on as it was."""
    if isinstance(index, slice):
        if index.stop is None:
            msg = "what goes on for ever cannot be replaced by a list; its elements are .each"
            raise PathError(msg)
        indices = range(index.stop)[index]
        values = dict(zip(indices, elements_of(value, len(indices)), strict=True))
    else:
        values = {whole_number(index): value}
    n = max(values, default=-1) + 1
    first = [values.get(i, element) for i, element in enumerate(stream.take(n))]
    return reduce(lambda rest, element: rest.cons(element), reversed(first), stream.drop(n))


def _kept(index: Any) -> Any:
    """Return an index without RevDiffs, and with arrays that are the path's own."""
    index = primal(index)
    if type(index) is tuple:
        return tuple(map(_kept, index))
    if isinstance(index, list | np.ndarray):
        return np.array(index) if np.size(index) else np.array(index, np.intp)
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
