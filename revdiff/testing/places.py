"""A value as a list of the places where it can vary, and how it moves there.

Imports the core and the motions. A place holds a number, an array, or a value of a kind that has registered how it
moves. Everything else is made of parts, and what is done with a value is done place by place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

from revdiff.core.errors import ArgumentError, describe
from revdiff.core.parts import split
from revdiff.core.revdiff import RevDiff, primal
from revdiff.core.structure import STRUCTURES, Parts, Structure, over_parts, varies
from revdiff.testing.endless import ENDLESS
from revdiff.testing.motion import NUMBER, Motion, motion_of
from revdiff.testing.numbers import EPSILON, Draw, epsilon, family, is_finite, largest


class Place(NamedTuple):
    """A value in a structure, and the way to it."""

    path: str
    value: Any

    @property
    def family(self) -> str:
        """The name of the numbers in it."""
        return next(map(family, numbers_in(self.value)), "")

    def counts(self, counted: Callable[[Any], bool]) -> bool:
        """Tell whether a number in it is one that counts."""
        return any(map(counted, numbers_in(self.value)))


def places(x: Any, path: str = "x") -> list[Place]:
    """Return the places in x, in order.

    Raises `ArgumentError` for a number that is not finite.

    >>> places({"w": 1.5, "name": "Adam", "layers": [2, 3j]})
    [Place(path="x['w']", value=1.5), Place(path="x['layers'][0]", value=2), Place(path="x['layers'][1]", value=3j)]
    """
    return [Place(path, value) for path, value, _ in _places(x, None, path)]


def structure_in(x: Any) -> Structure | None:
    """Return how x comes apart, if it is made of parts and does not move as a whole."""
    if motion_of(x) is not None:
        return None
    return STRUCTURES.find(type(x)) or ENDLESS.find(type(x))


def _is_place(x: Any) -> bool:
    return motion_of(x) is not None or varies(x)


def _places(x: Any, x_bar: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """Walk the places in x: the way to each, what is there, and what is there in a cotangent, if there is one."""
    structure = structure_in(x)
    if structure is not None:
        cotangents = {} if x_bar is None else structure.spread(x, x_bar)
        for key, part in structure.parts(x).items():
            yield from _places(part, cotangents.get(key), path + structure.step(x, key))
    elif _is_place(x):
        if not is_finite(x):
            msg = f"a check needs a sample value of finite numbers; met {x!r} at {path}"
            raise ArgumentError(msg)
        yield path, x, x_bar


def rebuilt(x: Any, values: Iterable[Any]) -> Any:
    """Return x with these values in its places."""
    return _with_values(x, iter(values), attrgetter("build"))


def cotangent(x: Any, cotangents: Iterable[Any]) -> Any:
    """Return x̄, the cotangent of x, from those of its places."""
    return _with_values(x, iter(cotangents), attrgetter("cotangent"))


def _with_values(x: Any, values: Iterator[Any], made_by: Callable[[Structure], Callable[[Any, Parts], Any]]) -> Any:
    structure = structure_in(x)
    if structure is None:
        return next(values) if _is_place(x) else x
    return made_by(structure)(x, over_parts(lambda part: _with_values(part, values, made_by), x, structure))


def beside(x: Any, x_bar: Any) -> list[Any]:
    """Return the cotangents of the places in x, from that of x."""
    return [part_bar for _, _, part_bar in _places(x, x_bar, "x")]


def random_tangents(there: Sequence[Place], draw: Draw) -> list[Any]:
    """Return a random tangent for each place."""
    return [_motion(place.value).tangent(place.value, draw) for place in there]


def random_cotangents(there: Sequence[Place], draw: Draw) -> list[Any]:
    """Return a random cotangent for each place."""
    return [_motion(place.value).cotangent(place.value, draw) for place in there]


def random_cotangent(x: Any, draw: Draw) -> Any:
    """Return a random cotangent of x."""
    return cotangent(x, random_cotangents(places(x), draw))


def require_varying(x: Any) -> None:
    """Raise `ArgumentError` where there is nothing in x that could vary, nor a place for it."""
    if x is not None and structure_in(x) is None and not _is_place(x):
        msg = f"there is nothing to differentiate by in {describe(x)}"
        raise ArgumentError(msg)


def moved(x: Any, v: Any, t: Any) -> Any:
    """Return the value in a place after it has moved by t along v."""
    return _motion(x).moved(x, v, t)


def pairing(x: Any, x_bar: Any, v: Any) -> Any:
    """Return ⟨x̄, v⟩ for the value x in a place."""
    return _motion(x).pairing(x, x_bar, v)


def is_straight(x: Any) -> bool:
    """Tell whether the value in a place moves along a straight line."""
    return _motion(x).straight


def numbers_in(x: Any) -> Iterator[Any]:
    """Walk the numbers and arrays in x, or in a RevDiff of x, or in a structure of RevDiffs.

    Of what has no end, a few.
    """
    opened = split(x) if type(x) is RevDiff else x
    motion, structure = motion_of(opened), structure_in(opened)
    if motion is not None:
        for part in motion.read(opened):
            yield from numbers_in(part)
    elif structure is not None:
        for part in structure.parts(opened).values():
            yield from numbers_in(part)
    elif family(opened) and varies(primal(opened)):
        yield opened


def one_by_one(numbers: Iterable[Any]) -> list[Any]:
    """Return all the numbers in some numbers and arrays."""
    return [number for part in numbers for number in (part.flat if isinstance(part, np.ndarray) else (part,))]


def scale(*values: Any) -> float:
    """Return the size of the largest number in some values."""
    return max((largest(number) for value in values for number in numbers_in(value)), default=0.0)


def tolerance(x: Any) -> float:
    """Return the relative difference that counts as none between numbers like those in x: 10⁻⁶ for doubles."""
    return float(max(map(epsilon, numbers_in(x)), default=EPSILON) ** 0.375)


def _motion(x: Any) -> Motion:
    return motion_of(x) or NUMBER
