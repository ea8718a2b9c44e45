"""The parts of a RevDiff of a structure: r.bias, r["w"], r[0], and the way between one RevDiff and many.

Imports RevDiff, lifting, the graph, structures and cotangents. Taking a part out sends back that part's
cotangent and its place; no zeros are made for the others. So reading n parts k times costs n·k.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from typing import Any, final

from revdiff.core.collecting import COLLECTING, Assembly, Place, Slots
from revdiff.core.cotangents import ZERO, whole
from revdiff.core.errors import ArgumentError, describe
from revdiff.core.graph import NOWHERE, edge, next_number
from revdiff.core.lifting import below, top_tag
from revdiff.core.revdiff import OPERATORS, RevDiff, made, primal
from revdiff.core.structure import (
    MAPS,
    OPENERS,
    STRUCTURES,
    Structure,
    carried,
    leaves,
    leaves_beside,
    map_leaves,
    varies,
)


def structure_of(x: Any) -> Structure:
    """Return how the plain value under x comes apart."""
    structure = STRUCTURES.find(type(primal(x)))
    if structure is None:
        msg = f"{describe(primal(x))} has no parts"
        raise ArgumentError(msg)
    return structure


def is_structure(x: Any) -> bool:
    """Tell whether the plain value under x has parts."""
    return STRUCTURES.find(type(primal(x))) is not None


def parts(x: Any) -> dict[Any, Any]:
    """Return the parts of a structure that can vary; those of a RevDiff of a structure are RevDiffs.

    The cotangent of x is zero but for the parts that are reached: x̄ = (0, …, ȳᵢ, …, 0).
    """
    structure = structure_of(x)
    if type(x) is not RevDiff:
        return dict(structure.parts(x))
    values = parts(x.value)
    node = x._node
    if node[1] == 0:
        return {key: made(value, NOWHERE) for key, value in values.items()}
    lower = _lower(x, structure)
    assembly = Assembly(structure, lower, values if lower is x.value else None)
    return {key: made(value, (next_number(), node[1], node, Place(assembly, key))) for key, value in values.items()}


def _lower(x: RevDiff, structure: Structure) -> Any:
    """Return the structure one layer down: with its RevDiffs where its cotangent depends on the value."""
    return primal(x) if structure.cotangent is structure.build else split(x.value)


def part(x: Any, key: Any) -> Any:
    """Return one part of a structure: a RevDiff where x is one. What is constant in it comes as it is."""
    structure = structure_of(x)
    if type(x) is not RevDiff:
        return structure.get(x, key)
    plain = primal(x)
    there = structure.get(plain, key)
    if key in structure.constants or not varies(there):
        return there
    value = part(x.value, key)
    if x._node[1] == 0:
        return made(value, NOWHERE)
    return made(value, (next_number(), x._node[1], x._node, Place(Assembly(structure, _lower(x, structure)), key)))


def split(x: Any, /) -> Any:
    """Turn one RevDiff of a structure into the structure of RevDiffs, of the same classes.

    Constants of the structure, names or functions, stay what they are. `join` goes the other way.

    >>> from dataclasses import dataclass
    >>> @dataclass
    ... class Circle:
    ...     radius: float
    >>> @dataclass
    ... class Square:
    ...     side: float
    >>> def area(shape):
    ...     match split(shape):
    ...         case Circle(radius):
    ...             return 3 * radius * radius
    ...         case Square(side):
    ...             return side * side
    >>> from revdiff import init_diff
    >>> area(init_diff(Square(5.0))).backprop(1.0), area(init_diff(Circle(1.0))).backprop(1.0)
    (Square(side=10.0), Circle(radius=6.0))
    """
    if not is_structure(x):
        opener = OPENERS.find(type(primal(x))) if type(x) is RevDiff else None
        return x if opener is None else opener(x)
    return structure_of(x).build(primal(x), {key: split(value) for key, value in parts(x).items()})


def join(tree: Any, /) -> Any:
    """Turn a structure of RevDiffs into one RevDiff of the structure. Numbers in it are constants.

        ȳ spreads over the places:  x̄ᵢ = ȳ[i]

    >>> from revdiff import init_diff
    >>> x = init_diff(3.0)
    >>> pair = join({"square": x * x, "five": 5.0})
    >>> pair.value, pair.backprop({"square": 1.0, "five": 100.0})
    ({'square': 9.0, 'five': 5.0}, 6.0)
    """
    if type(tree) is RevDiff:
        return tree
    tree = map_leaves(OPERATORS["gather"], tree)  # a copy: the caller may change it before the way back
    inside = list(leaves(tree))
    top = top_tag(inside)
    if top is None:
        return tree
    refuse_carriers(tree)
    endless = next((leaf for leaf in inside if MAPS.find(type(leaf)) is not None), None)
    if endless is not None:
        msg = f"{describe(endless)} cannot be joined with other values: its elements are not known before they are read"
        raise ArgumentError(msg)
    value = map_leaves(lambda leaf: below(leaf, top), tree)
    return joined_from(value, inside, top, _Leaves(tree))


def refuse_carriers(tree: Any) -> None:
    """Raise `ArgumentError` where a field that was declared constant holds a RevDiff: its cotangent has no place."""
    structure = None if type(tree) is RevDiff else STRUCTURES.find(type(tree))
    if structure is None:
        return
    for key in carried(tree, structure) if structure.constants else ():
        msg = (
            f"field {key} of {type(tree).__name__} is constant (private, init=False or static), and holds a RevDiff.\n"
            '  If it varies:  field(metadata={"static": False})'
        )
        raise ArgumentError(msg)
    for part in structure.parts(tree).values():
        refuse_carriers(part)


def joined_from(value: Any, inside: Iterable[Any], top: int, spread: Callable[[Any], list[Any]]) -> RevDiff:
    """Return a value whose way back spreads over the RevDiffs ``inside``: ``spread(ct)`` lists their cotangents."""
    if top == 0:
        return made(value, NOWHERE)
    ways: list[Any] = []
    for i, leaf in enumerate(inside):
        if type(leaf) is RevDiff and leaf._node[1] == top:
            ways += edge(leaf._node, leaf._scale, itemgetter(i))
    fork = (next_number(), top, *ways)
    return made(value, (next_number(), top, fork, spread if type(spread) is _Leaves else _Spread(spread)))


@final
class _Leaves:
    """The local pullback of `join`: the cotangents of the leaves. Of parts that nothing reached, nothing goes back."""

    __slots__ = ("_tree",)

    def __init__(self, tree: Any) -> None:
        self._tree = tree

    def __call__(self, ct: Any) -> list[Any]:
        return list(self._walk(self._tree, ct))

    def _walk(self, tree: Any, ct: Any) -> Iterator[Any]:
        structure = STRUCTURES.find(type(tree))
        reached = ct.reached if type(ct) is Slots and structure is not None else None
        if reached is None or structure is None or structure.cotangent is not structure.build:
            ct = ct if structure is None else whole(ct)
            yield from (ZERO if part is None else part for part in leaves_beside(tree, ct))
            return
        for key, part in structure.parts(tree).items():
            yield from self._walk(part, reached[key]) if key in reached else (ZERO for _ in leaves(part))


COLLECTING.add(_Leaves)


@final
class _Spread:
    """The local pullback ct ↦ the list of the cotangents of many values, None becoming no contribution."""

    __slots__ = ("_spread",)

    def __init__(self, spread: Callable[[Any], list[Any]]) -> None:
        self._spread = spread

    def __call__(self, ct: Any) -> list[Any]:
        return [ZERO if part is None else part for part in self._spread(ct)]
