"""`x.at[i].set(v)`: the verbs as methods of a place, for RevDiffs and, as `at(x)[i].set(v)`, for everything.

Imports the core, paths, verbs, and the rules of maxima, minima and shape.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, ClassVar, final

import numpy as np

from revdiff.core.errors import MismatchError
from revdiff.core.parts import is_structure, parts
from revdiff.core.revdiff import primal
from revdiff.paths.errors import followed
from revdiff.paths.items import Item
from revdiff.paths.rebuilding import with_parts
from revdiff.paths.steps import changed
from revdiff.paths.syntax import Path
from revdiff.paths.verbs import over, replace, view
from revdiff.rules.selection import maximum, minimum
from revdiff.rules.shape import gather


@final
class At:
    """A place in a structure or an array: what `at` returns, and the attribute ``at`` of a RevDiff.

    It grows as a `Path` does, with fields, items, ``each`` and the others, or by a whole path, ``x.at[p]``. A field that is
    called like a method here is ``.field("set")``.

    Arithmetic is done number by number where the target is a structure, with one number for all of them or
    with a structure of the same form.

    >>> model = {"layers": [{"rate": 0.5}, {"rate": 0.1}], "name": "net"}
    >>> at(model)["layers"].each["rate"].multiply(10.0)
    {'layers': [{'rate': 5.0}, {'rate': 1.0}], 'name': 'net'}
    """

    __slots__ = ("_path", "_x")

    __iter__: ClassVar[None] = None
    __contains__: ClassVar[None] = None

    def __init__(self, x: Any, p: Path, /) -> None:
        self._x = x
        self._path = p

    def __getitem__(self, index: Any) -> At:
        return At(self._x, self._path / index if isinstance(index, Path) else self._path[index])

    def __getattr__(self, name: str) -> Any:
        grown: Any = getattr(self._path, name)
        return At(self._x, grown) if isinstance(grown, Path) else lambda *args: At(self._x, grown(*args))

    def get(self) -> Any:
        """Return what is there: `view`."""
        return view(self._path, self._x)

    def set(self, value: Any, /) -> Any:
        """Return x with this value there: `replace`."""
        return replace(self._path, self._x, value)

    def apply(self, f: Callable[[Any], Any], /) -> Any:
        """Return x with f applied to what is there: `over`."""
        return over(self._path, self._x, f)

    def add(self, value: Any, /) -> Any:
        """Return x with this value added there.

        An index of an array that names an element several times adds to it several times.
        """
        *before, last = self._path._steps or (None,)
        if not isinstance(last, Item):
            return self._combined(operator.add, value)

        def added(x: Any) -> Any:
            if isinstance(primal(x), np.ndarray):
                return last.added(x, value)
            return last.over(x, lambda target: _number_by_number(operator.add, target, value))

        with followed(self._path):
            return changed(before, self._x, added)

    def subtract(self, value: Any, /) -> Any:
        """Return x with this value subtracted there."""
        return self.add(_number_by_number(operator.mul, value, -1))

    def multiply(self, value: Any, /) -> Any:
        """Return x with what is there multiplied by this value."""
        return self._combined(operator.mul, value)

    def divide(self, value: Any, /) -> Any:
        """Return x with what is there divided by this value."""
        return self._combined(operator.truediv, value)

    def power(self, value: Any, /) -> Any:
        """Return x with what is there raised to this power."""
        return self._combined(operator.pow, value)

    def min(self, value: Any, /) -> Any:
        """Return x with the smaller of what is there and this value."""
        return self._combined(minimum, value)

    def max(self, value: Any, /) -> Any:
        """Return x with the larger of what is there and this value."""
        return self._combined(maximum, value)

    def _combined(self, function: Callable[[Any, Any], Any], value: Any) -> Any:
        return over(self._path, self._x, lambda target: _number_by_number(function, target, value))

    def __repr__(self) -> str:
        return f"At({self._x!r}, {self._path!r})"


def at(x: Any, /) -> At:
    """Return the place x itself, from which fields and items lead into it; nothing is written in place.

    A RevDiff has it as an attribute: ``r.at[1:3].set(v)`` is ``at(r)[1:3].set(v)``, as JAX's arrays have it.

    >>> import numpy as np
    >>> at(np.zeros(4))[1:3].set(7.0)
    array([0., 7., 7., 0.])
    >>> at({"layers": [{"b": 1.0}, {"b": 2.0}]})["layers"].each["b"].multiply(10.0)
    {'layers': [{'b': 10.0}, {'b': 20.0}]}
    >>> from revdiff import grad
    >>> grad(lambda x: (x.at[[0, 0, 2]].add(x[1]) ** 2).sum())(np.array([1.0, 2.0, 3.0]))  # (x + 2y)² + y² + (z + y)²
    array([10., 34., 10.])
    """
    return At(x, Path())


def _number_by_number(function: Callable[[Any, Any], Any], x: Any, value: Any) -> Any:
    """Return function(n, value) for the numbers n in x; with those of ``value``, if it is a structure as well."""
    if not is_structure(x):
        return function(x, _array(value) if isinstance(primal(x), np.ndarray) else value)
    targets = parts(x)
    values = parts(value) if is_structure(value) else dict.fromkeys(targets, value)
    if values.keys() != targets.keys():
        raise MismatchError.of(primal(value), primal(x), "the operand")
    return with_parts(x, {key: _number_by_number(function, part, values[key]) for key, part in targets.items()})


def _array(value: Any) -> Any:
    return gather(np.array(value)) if isinstance(value, list | tuple) else value
