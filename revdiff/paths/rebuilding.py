"""Structures with other parts in them: the half of a path that puts back.

Imports the core. Nothing is written in place. What comes out for one RevDiff of a structure is one RevDiff
again; where a stream is put in, whose elements nobody knows before they are read, or a RevDiff into a field that
was declared constant, it is the tree instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from revdiff.core.collecting import Assembly, Slots
from revdiff.core.lifting import lift_any
from revdiff.core.parts import join, part, parts, split, structure_of
from revdiff.core.revdiff import RevDiff, primal
from revdiff.core.structure import MAPS, STRUCTURES, Structure, carried, leaves
from revdiff.paths.errors import PathError
from revdiff.paths.wording import SEQUENCES


def with_parts(x: Any, values: Mapping[Any, Any], /) -> Any:
    """Return x with other parts under these keys.     x̄ = ȳ, zero in their places;  v̄ₖ = ȳ[k].

    The cotangents of the parts that stay go on as they are; no zeros are made for those that were replaced.
    """
    structure = structure_of(x)
    if type(x) is not RevDiff:
        return structure.build(x, {**structure.parts(x), **values})
    if not all(_can_be_in_one(structure, key, value) for key, value in values.items()):
        return structure.build(primal(x), {**parts(x), **values})

    def body(x: Any, new: Any) -> tuple[Any, ...]:
        y = with_parts(x, {key: part(new, i) for i, key in enumerate(values)})
        before, after = _base(structure, x), _base(structure, y)

        def without(ct: Any) -> Any:
            assembly = Assembly(structure, before)
            slots = Slots(assembly, _NO_PART, 0.0)
            for key, part_bar in structure.spread(after, ct).items():
                if key not in values:
                    slots.received(Slots(assembly, key, part_bar))
            return slots

        def of_new(ct: Any) -> Any:
            cotangents = structure.spread(after, ct)
            return tuple(cotangents.get(key) for key in values)

        return y, without, of_new

    return lift_any(body, x, join(tuple(values.values())))


_NO_PART = object()
"""The slot of no part. Where no part is kept, it says that there is a cotangent, of zeros, and what form it has."""


def _base(structure: Structure, x: Any) -> Any:
    """Return the point at which cotangents are taken apart: with its RevDiffs where that depends on the value."""
    return primal(x) if structure.cotangent is structure.build else opened(x)


def _can_be_in_one(structure: Structure, key: Any, value: Any) -> bool:
    """Tell whether one RevDiff of a structure can hold this value: nothing leads back from a field that is constant."""
    carries = key in structure.constants and any(type(leaf) is RevDiff for leaf in leaves(value))
    return not carries and _can_be_one(value)


def _can_be_one(tree: Any) -> bool:
    """Tell whether a tree of RevDiffs can be one RevDiff: there is no stream in it, and no constant field varies."""
    structure = STRUCTURES.find(type(tree))
    if structure is None:
        return MAPS.find(type(tree)) is None
    return not carried(tree, structure) and all(map(_can_be_one, structure.parts(tree).values()))


def opened(x: Any) -> Any:
    """Return the tree of RevDiffs for one RevDiff of a structure, and anything else as it is."""
    return split(x) if type(x) is RevDiff else x


def closed_like(x: Any, y: Any) -> Any:
    """Return y as one RevDiff where x is one."""
    return join(y) if type(x) is RevDiff and _can_be_one(y) else y


def elements_of(values: Any, count: int) -> list[Any]:
    """Return the elements of a tuple or list that holds ``count`` of them, RevDiffs if it is a RevDiff."""
    plain = primal(values)
    if not isinstance(plain, SEQUENCES) or len(plain) != count:
        raise PathError.misfit(plain, count)
    return [part(values, i) for i in range(count)]
