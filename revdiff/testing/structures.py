"""Laws of what is made of parts: it comes apart, goes together again, and so do its cotangents.

Imports the core, spaces, places and the comparison.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

import numpy as np

from revdiff.core.cotangents import zero_like
from revdiff.core.errors import UnknownTypeError, describe_form
from revdiff.core.parts import join, split, structure_of
from revdiff.core.revdiff import init_diff, primal
from revdiff.core.structure import MAPS, Structure, leaves, map_leaves
from revdiff.optimize.places import coordinates, is_point, tangent
from revdiff.spaces import cotangent_type
from revdiff.testing.comparison import broken, equal, require_same
from revdiff.testing.numbers import Draw, family, times
from revdiff.testing.places import moved, places, random_cotangent, random_tangents, rebuilt, scale, structure_in

BUILD = "build puts every part in its place, parts(build(x, p)) = p"
REBUILD = "a value is built again of its parts, build(x, parts(x)) = x"
UNCHANGED = "build makes a new value and leaves x as it is"
GET = "get reads a part, get(x, k) = parts(x)[k]"
SPREAD = "spread undoes cotangent, spread(x, cotangent(x, p̄)) = p̄"
PROJECTION = "to_tangent is a projection, PPv = Pv"
ORTHOGONAL = "to_tangent is orthogonal, ⟨Pv, w⟩ = ⟨v, Pw⟩"
SPLIT = "split hands out the values of the parts"
IDENTITY = "join undoes split, and the way back through both is the identity, x̄ = ȳ"
FORM = "a cotangent has the form of zero_like(x)"
KIND = "zero_like(x) is of the type that cotangent_type names"
CONSTANTS = "what is constant in a structure is carried along"


def check_structure(x: Any, draw: Draw, rtol: float, path: str = "x") -> None:
    """Check the laws of all the structures in x, the inner ones first."""
    if is_point(x):
        _check_build(x, structure_of(x), draw, rtol, path)
        _check_projection(x, draw, rtol, path)
    structure = structure_in(x)
    if structure is None:
        return
    parts = dict(structure.parts(x))
    for key, part in parts.items():
        check_structure(part, draw, rtol, path + structure.step(x, key))
    _check_build(x, structure, draw, rtol, path)
    for key in structure.keys.values():
        if key in parts:
            step = path + structure.step(x, key)
            require_same(GET, step, ("get(x, k)", structure.get(x, key)), ("parts(x)[k]", parts[key]))
    p_bar = {key: random_cotangent(part, draw) for key, part in parts.items()}
    spread = structure.spread(x, structure.cotangent(x, p_bar))
    _require_same_parts(SPREAD, x, structure, path, ("p̄", p_bar), ("spread(x, cotangent(x, p̄))", dict(spread)), rtol)


def _check_build(x: Any, structure: Structure, draw: Draw, rtol: float, path: str) -> None:
    before = {key: _copied(part) for key, part in structure.parts(x).items()}
    other = {key: _elsewhere(part, draw) for key, part in before.items()}
    built = structure.build(x, other)
    if type(built) is not type(x):
        raise broken(BUILD, path, ("x", x), ("build(x, p)", built))
    found = ("parts(build(x, p))", dict(structure.parts(built)))
    _require_same_parts(BUILD, x, structure, path, ("p", other), found, rtol)
    after = ("x afterwards", dict(structure.parts(x)))
    _require_same_parts(UNCHANGED, x, structure, path, ("x", before), after)
    again = structure.build(x, structure.parts(x))
    require_same(REBUILD, path, ("x", x), ("build(x, parts(x))", again), rtol)
    require_constants(x, again, path)


def _check_projection(x: Any, draw: Draw, rtol: float, path: str) -> None:
    v, w = draw.like(coordinates(x)), draw.like(coordinates(x))
    v_there, w_there = tangent(x, v), tangent(x, w)
    require_same(PROJECTION, path, ("Pv", v_there), ("PPv", tangent(x, v_there)), rtol, scale(v))
    sides = ("⟨Pv, w⟩", times(v_there, w)), ("⟨v, Pw⟩", times(v, w_there))
    require_same(ORTHOGONAL, path, *sides, rtol, np.size(v) * scale(v, w))


def _require_same_parts(
    law: str, x: Any, structure: Structure, path: str, left: tuple[str, Any], right: tuple[str, Any], rtol: float = 0.0
) -> None:
    if left[1].keys() != right[1].keys():
        raise broken(law, path, (f"parts in {left[0]}", list(left[1])), (f"parts in {right[0]}", list(right[1])))
    for key, part in left[1].items():
        sides = (left[0], part), (right[0], right[1][key])
        require_same(law, path + structure.step(x, key), *sides, rtol, scale(part))


def _elsewhere(part: Any, draw: Draw) -> Any:
    there = places(part)
    tangents = random_tangents(there, draw)
    return rebuilt(part, [moved(place.value, v, 1) for place, v in zip(there, tangents, strict=True)])


def _copied(part: Any) -> Any:
    return part.copy() if isinstance(part, np.ndarray) else part


def check_split(x: Any, draw: Draw, rtol: float) -> None:
    """Check that split and join, which go between one RevDiff of a structure and many, undo each other."""
    apart = split(init_diff(x))
    require_same(SPLIT, "x", ("x", x), ("split(x)", map_leaves(primal, apart)))
    if any(MAPS.find(type(leaf)) is not None for leaf in leaves(x)):
        return
    joined = join(apart)
    y_bar = random_cotangent(x, draw)
    require_same(IDENTITY, "x", ("x", x), ("join(split(x))", primal(joined)))
    require_same(IDENTITY, "x", ("ȳ", y_bar), ("x̄", joined.backprop(y_bar)), rtol, scale(y_bar))


def check_cotangent(x: Any, x_bar: Any, zero: Any) -> None:
    """Check that a cotangent of x looks like its zero, and holds the same constants as x."""
    require_form(x_bar, zero)
    require_constants(x, x_bar, "x")


def check_zero(x: Any) -> None:
    """Check that the zero of x is of the type that was registered, and that constants are carried along."""
    zero = zero_like(x)
    require_constants(x, zero, "x")
    try:
        kind = cotangent_type(type(x))
    except UnknownTypeError:
        return
    if isinstance(kind, type) and not isinstance(zero, kind):
        raise broken(KIND, "x", (f"cotangent_type({type(x).__name__})", kind), ("zero_like(x)", zero))


def require_form(x_bar: Any, zero: Any, path: str = "x") -> None:
    """Raise `LawError` unless x̄ is made of the same classes, shapes and dtypes as a zero is."""
    needed, met = dict(_forms(zero, path)), dict(_forms(x_bar, path))
    for place in {**needed, **met}:
        if place not in needed or place not in met:
            raise broken(FORM, place, ("zero_like(x)", _Shown(needed.get(place))), ("x̄", _Shown(met.get(place))))
        if not _fits(needed[place][0], met[place][0]):
            raise broken(FORM, place, ("zero_like(x)", _Shown(needed[place])), ("x̄", _Shown(met[place])))


def _fits(needed: Any, met: Any) -> bool:
    """Tell whether two forms are equal. Numbers of any kind may stand for objects in an array."""
    both_numbers = isinstance(needed, tuple) and isinstance(met, tuple)
    return bool(needed == met or (both_numbers and needed == (met[0], np.dtype(object))))


def _forms(x: Any, path: str) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """Walk the places in a cotangent, with what must be equal about two cotangents of one value."""
    structure = structure_in(x)
    if structure is not None:
        yield path, (type(x), x)
        for key, part in structure.parts(x).items():
            yield from _forms(part, path + structure.step(x, key))
    elif family(x):
        yield path, ((np.shape(x), x.dtype if np.shape(x) else None), x)
    else:
        yield path, (type(x), x)


class _Shown:
    """A value in an error message of which the form counts."""

    def __init__(self, formed: tuple[Any, Any] | None) -> None:
        self._formed = formed

    def __repr__(self) -> str:
        return "nothing" if self._formed is None else describe_form(self._formed[1])


def require_constants(x: Any, other: Any, path: str) -> None:
    """Raise `LawError` unless what is constant in x is the same in another value or cotangent of its type."""
    structure = structure_in(x)
    if structure is None or type(other) is not type(x):
        return
    parts, others = structure.parts(x), structure.parts(other)
    for key, constant in _entries(x, structure):
        step = path + structure.step(x, key)
        if key in parts:
            require_constants(constant, others.get(key), step)
            continue
        carried = dict(_entries(other, structure)).get(key, "nothing")
        if carried is not constant and not equal(carried, constant):
            raise broken(CONSTANTS, step, ("x", constant), ("carried along", carried))


def _entries(x: Any, structure: Structure) -> Iterator[tuple[Any, Any]]:
    """Walk all that x holds under a key: what varies, and what is constant."""
    if isinstance(x, dict):
        yield from x.items()
    elif isinstance(x, tuple | list | deque):
        yield from enumerate(x)
    else:
        yield from ((key, structure.get(x, key)) for key in structure.keys.values() if hasattr(x, key))
