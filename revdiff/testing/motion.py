"""How a value moves: numbers and arrays, points on manifolds, and kinds that have registered it.

Imports the core, the numbers, and what optimization knows of points on manifolds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from revdiff.core.registry import TypeRegistry
from revdiff.core.structure import STRUCTURES
from revdiff.optimize.places import coordinates, is_point, tangent
from revdiff.testing.numbers import Draw, times, wide


class Motion(NamedTuple):
    """How values of a kind move that are not made of parts.

    tangent(x, draw)      a random tangent v at x
    moved(x, v, t)        where x is after it has moved by t along v; t is a number, or a RevDiff of 0
    cotangent(x, draw)    a random cotangent x̄
    pairing(x, x̄, v)      ⟨x̄, v⟩
    read(x)               some of what is in x: finitely many numbers, arrays or structures
    straight              whether x moves along a straight line, x + t v
    """

    tangent: Callable[[Any, Draw], Any]
    moved: Callable[[Any, Any, Any], Any]
    cotangent: Callable[[Any, Draw], Any]
    pairing: Callable[[Any, Any, Any], Any]
    read: Callable[[Any], Iterable[Any]]
    straight: bool = True


MOTIONS: TypeRegistry[Motion] = TypeRegistry()


def register_motion(
    kind: type,
    /,
    *,
    tangent: Callable[[Any, Draw], Any],
    moved: Callable[[Any, Any, Any], Any],
    cotangent: Callable[[Any, Draw], Any],
    pairing: Callable[[Any, Any, Any], Any],
    read: Callable[[Any], Iterable[Any]],
    straight: bool = False,
) -> None:
    """Let the checks know how values of ``kind`` move. Numbers, structures, points of manifolds and streams do already.

    tangent     (x, draw) ↦ a random tangent v at x; ``draw.like(a)`` is a random number or array like a
    moved       (x, v, t) ↦ where x is after it has moved by t along v; t is a number, or a RevDiff of 0
    cotangent   (x, draw) ↦ a random cotangent x̄
    pairing     (x, x̄, v) ↦ ⟨x̄, v⟩
    read        x ↦ some of what is in x, finitely many numbers, arrays or structures; as many for every x
    straight    whether ``moved`` is x + t v, so that a polynomial of x is one of t
    """
    MOTIONS.register(kind, Motion(tangent, moved, cotangent, pairing, read, straight))


def motion_of(x: Any) -> Motion | None:
    """Return how x moves as a whole; None if it is a number, or made of parts that move."""
    return MOTIONS.find(type(x)) or (POINT if is_point(x) else None)


def _at(x: Any, there: Any) -> Any:
    """Return the point that has these coordinates."""
    structure: Any = STRUCTURES.find(type(x))
    return structure.build(x, dict.fromkeys(structure.parts(x), there))


NUMBER = Motion(
    tangent=lambda x, draw: draw.step(x),
    moved=lambda x, v, t: x + v * t,
    cotangent=lambda x, draw: draw.like(x),
    pairing=lambda x, x_bar, v: times(wide(x_bar), wide(v)),
    read=lambda x: (x,),
)

POINT = Motion(
    tangent=lambda x, draw: tangent(x, draw.like(coordinates(x))),
    moved=lambda x, v, t: _at(x, coordinates(x) + v * t),
    cotangent=lambda x, draw: tangent(x, draw.like(coordinates(x))),
    pairing=lambda x, x_bar, v: times(x_bar, v),
    read=lambda x: (coordinates(x),),
    straight=False,
)
"""A point on a manifold moves along a tangent, through the space around it."""
