"""A value as a list of the places where it can vary, and how it moves there.

Imports the core, `auto` and the numbers. A place holds a number, an array, or a value of a kind that has registered how it
moves. Everything else is made of parts, and what is done with a value is done place by place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from revdiff.core.errors import ArgumentError, UnsupportedValueError, describe
from revdiff.core.parts import parts, split
from revdiff.core.registry import TypeRegistry
from revdiff.core.revdiff import RevDiff, primal
from revdiff.core.structure import MAPS, STRUCTURES, over_parts, varies
from revdiff.testing.numbers import EPSILON, Draw, epsilon, family, is_finite, times


class Motion(NamedTuple):
    """How values of a kind move that are neither numbers nor made of parts.

    tangent(x, draw)      a random tangent v at x
    moved(x, v, t)        where x is after it has moved by t along v; t is a number, or a RevDiff of 0
    cotangent(x, draw)    a random cotangent x̄
    pairing(x, x̄, v)      ⟨x̄, v⟩
    read(x)               some of what is in x, finitely many numbers or structures; of a RevDiff opened by `split`, too
    straight              whether x moves along a straight line, x + t v
    """

    tangent: Callable[[Any, Draw], Any]
    moved: Callable[[Any, Any, Any], Any]
    cotangent: Callable[[Any, Draw], Any]
    pairing: Callable[[Any, Any, Any], Any]
    read: Callable[[Any], Iterable[Any]]
    straight: bool = True


MOTIONS: TypeRegistry[Motion] = TypeRegistry()


def motion_of(x: Any) -> Motion | None:
    """Return how x moves, None if it is a number or made of parts."""
    return MOTIONS.find(type(x)) or (POINT if type(auto_val.of(x)) is PointVal else None)


class Place(NamedTuple):
    """A value in a structure, and the way to it."""

    path: str
    value: Any

    @property
    def family(self) -> str:
        """The name of the numbers in it."""
        return next(map(family, numbers_in(self.value)), "")


def places(x: Any, path: str = "x") -> list[Place]:
    """Return the places in x, in order.

    Raises `ArgumentError` for a number that is not finite, `UnsupportedValueError` for what does not move.

    >>> places({"w": 1.5, "name": "Adam", "layers": [2, 3j]})
    [Place(path="x['w']", value=1.5), Place(path="x['layers'][0]", value=2), Place(path="x['layers'][1]", value=3j)]
    """
    return list(_places(x, path))


def _places(x: Any, path: str) -> Iterator[Place]:
    structure = STRUCTURES.find(type(x))
    if motion_of(x) is not None:
        yield Place(path, x)
    elif structure is not None:
        for key, part in structure.parts(x).items():
            yield from _places(part, path + structure.step(x, key))
    elif MAPS.find(type(x)) is not None:
        msg = f"nothing says how {describe(x)} moves, so nothing can be checked of it; met one at {path}.\n  Say it:  revdiff.testing.register_motion"
        raise UnsupportedValueError(msg)
    elif varies(x):
        if not is_finite(x):
            msg = f"a check needs a sample value of finite numbers; met {x!r} at {path}"
            raise ArgumentError(msg)
        yield Place(path, x)


def rebuilt(x: Any, values: Iterable[Any]) -> Any:
    """Return x with these values in its places."""
    return _rebuilt(x, iter(values))


def _rebuilt(x: Any, values: Iterator[Any]) -> Any:
    structure = STRUCTURES.find(type(x))
    if motion_of(x) is not None:
        return next(values)
    if structure is not None:
        return structure.build(x, over_parts(lambda part: _rebuilt(part, values), x, structure))
    return next(values) if varies(x) else x


def cotangent(x: Any, cotangents: Iterable[Any]) -> Any:
    """Return x̄, the cotangent of x, from those of its places."""
    return _cotangent(x, iter(cotangents))


def _cotangent(x: Any, cotangents: Iterator[Any]) -> Any:
    structure = STRUCTURES.find(type(x))
    if motion_of(x) is not None:
        return next(cotangents)
    if structure is not None:
        return structure.cotangent(x, over_parts(lambda part: _cotangent(part, cotangents), x, structure))
    return next(cotangents) if varies(x) else x


def beside(x: Any, x_bar: Any) -> list[Any]:
    """Return the cotangents of the places in x, from that of x."""
    return list(_beside(x, x_bar))


def _beside(x: Any, x_bar: Any) -> Iterator[Any]:
    structure = STRUCTURES.find(type(x))
    if structure is None or motion_of(x) is not None:
        if structure is not None or varies(x):
            yield x_bar
        return
    cotangents = structure.spread(x, x_bar)
    for key, part in structure.parts(x).items():
        yield from _beside(part, cotangents[key])


def random_tangents(there: Sequence[Place], draw: Draw) -> list[Any]:
    """Return a random tangent for each place."""
    return [_motion(place.value).tangent(place.value, draw) for place in there]


def random_cotangent(x: Any, draw: Draw) -> Any:
    """Return a random cotangent of x."""
    return cotangent(x, [_motion(place.value).cotangent(place.value, draw) for place in places(x)])


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
    plain = primal(x)
    motion = motion_of(plain)
    if motion is not None:
        for part in motion.read(split(x) if type(x) is RevDiff else x):
            yield from numbers_in(part)
    elif STRUCTURES.find(type(plain)) is not None:
        for part in parts(x).values():
            yield from numbers_in(part)
    elif family(plain) and varies(plain):
        yield x


def scalars_in(x: Any) -> list[Any]:
    """Return the numbers in x one by one, those of arrays as well."""
    return [number for part in numbers_in(x) for number in (part.flat if isinstance(part, np.ndarray) else (part,))]


def tolerance(x: Any) -> float:
    """Return the relative difference that counts as none between numbers like those in x: 10⁻⁶ for doubles."""
    return float(max(map(epsilon, numbers_in(x)), default=EPSILON) ** 0.375)


def _motion(x: Any) -> Motion:
    return motion_of(x) or NUMBER


NUMBER = Motion(
    tangent=lambda x, draw: draw.step(x),
    moved=lambda x, v, t: x + v * t,
    cotangent=lambda x, draw: draw.like(x),
    pairing=lambda x, x_bar, v: times(x_bar, v),
    read=lambda x: (x,),
)


def _coordinates(x: Any) -> Any:
    return getattr(x, auto_val.of(x).coordinates)


def _random_tangent(x: Any, draw: Draw) -> Any:
    """Return a random vector of the surrounding space, projected: a tangent, and a cotangent as well."""
    return cotangent_of_parts(x, lambda part: draw.like(part))


POINT = Motion(
    tangent=_random_tangent,
    moved=lambda x, v, t: STRUCTURES.find(type(x)).build(x, {auto_val.of(x).coordinates: _coordinates(x) + v * t}),
    cotangent=_random_tangent,
    pairing=lambda x, x_bar, v: times(x_bar, v),
    read=lambda x: (_coordinates(x),),
    straight=False,
)
"""A point on a manifold: it moves in the surrounding space, along a tangent."""
