"""Laws of what is made of parts: it comes apart, goes together again, and so do its cotangents.

Imports the core, spaces and the comparison.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from revdiff.core.cotangents import zero_like
from revdiff.core.errors import RevDiffError, UnknownTypeError, describe_form
from revdiff.core.parts import join, split
from revdiff.core.revdiff import init_diff
from revdiff.core.structure import STRUCTURES, Structure, varies
from revdiff.spaces import cotangent_type
from revdiff.testing.comparison import broken, difference, require_same
from revdiff.testing.numbers import Draw, family
from revdiff.testing.places import MOTIONS, moved, numbers_in, places, random_cotangent, random_tangents, rebuilt

BUILD = "build puts every part in its place, parts(build(x, p)) = p"
REBUILD = "a value is built again of its parts, build(x, parts(x)) = x"
UNCHANGED = "build makes a new value and leaves x as it is"
GET = "get reads the part, get(x, k) = parts(x)[k]"
SPREAD = "spread undoes cotangent, spread(x, cotangent(x, p̄)) = p̄"
SPLIT = "split hands out the values of the parts, split(x).value = x"
JOIN = "join undoes split, join(split(x)) = x"
IDENTITY = "the way back through join and split is the identity, x̄ = ȳ"
FORM = "the cotangent has the form of its value"
CONSTANTS = "what is constant is carried along"


def check_structure(x: Any, draw: Draw, path: str = "x") -> None:
    """Check the laws of x and of all structures in it."""
    structure = STRUCTURES.find(type(x))
    if structure is None or MOTIONS.find(type(x)) is not None:
        return
    parts = structure.parts(x)
    for key, part in parts.items():
        check_structure(part, draw, path + structure.step(x, key))
    _check_build(x, structure, draw, path)
    for key in structure.keys.values():
        if key in parts:
            require_same(GET, path + structure.step(x, key), ("get", structure.get(x, key)), ("part", parts[key]))
    p_bar = {key: random_cotangent(part, draw) for key, part in parts.items()}
    spread = dict(structure.spread(x, structure.cotangent(x, p_bar)))
    _require_same_parts(SPREAD, x, structure, path, ("p̄", p_bar), ("spread(x, cotangent(x, p̄))", spread))


def _check_build(x: Any, structure: Structure, draw: Draw, path: str) -> None:
    before = {key: _copied(part) for key, part in structure.parts(x).items()}
    other = {key: _elsewhere(part, draw) for key, part in before.items()}
    built = structure.build(x, other)
    if type(built) is not type(x):
        raise broken(BUILD, path, ("x", x), ("build(x, p)", built))
    _require_same_parts(BUILD, x, structure, path, ("p", other), ("parts(build(x, p))", dict(structure.parts(built))))
    after = dict(structure.parts(x))
    _require_same_parts(UNCHANGED, x, structure, path, ("x before", before), ("x after", after))
    again = structure.build(x, after)
    require_same(REBUILD, path, ("x", x), ("build(x, parts(x))", again))
    require_constants(x, again, path)


def _require_same_parts(
    law: str, x: Any, structure: Structure, path: str, left: tuple[str, Any], right: tuple[str, Any]
) -> None:
    for key in {**left[1], **right[1]}:
        if key not in left[1] or key not in right[1]:
            raise broken(law, path, (f"the parts of {left[0]}", list(left[1])), (right[0], list(right[1])))
        require_same(law, path + structure.step(x, key), (left[0], left[1][key]), (right[0], right[1][key]))


def _elsewhere(part: Any, draw: Draw) -> Any:
    there = places(part)
    tangents = random_tangents(there, draw)
    return rebuilt(part, [moved(place.value, v, _one(place.value)) for place, v in zip(there, tangents, strict=True)])


def _one(x: Any) -> Any:
    return 1


def _copied(part: Any) -> Any:
    return part.copy() if isinstance(part, np.ndarray) else part
