"""What structured values are made of: the parts that can vary, and how to put a value together again.

Imports the type registry and errors. Tuples, lists, dictionaries, dataclasses, named tuples and attrs
classes are known; a further kind of value enters with `register_structure`. Everything that walks
through structures, zero and sum, copies, checks, descriptors, does it through this module.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import (
    BuiltinFunctionType,
    EllipsisType,
    FunctionType,
    MappingProxyType,
    MethodType,
    ModuleType,
    NoneType,
)
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from revdiff.core.errors import MismatchError, RevDiffError
from revdiff.core.registry import TypeRegistry

Parts: TypeAlias = Mapping[Any, Any]


NO_NAMES: Mapping[str, Any] = MappingProxyType({})


class Structure(NamedTuple):
    """How the values of a type come apart, and go together again.

    parts(x)                the parts that can vary, by key, in order
    get(x, key)             one part, or what else x holds under that key
    build(x, parts)         a value like x with other parts: what they leave out is carried over from x
    cotangent(x, parts)     x̄, the cotangent of x, from the cotangents of its parts
    spread(x, x_bar)        the cotangents of the parts, from x̄; raises `MismatchError`
    step(x, key)            how one writes the way to a part: "[2]", ".bias"
    keys                    the keys of what is read as an attribute, by name
    constants               the keys of what never varies
    """

    parts: Callable[[Any], Parts]
    get: Callable[[Any, Any], Any]
    build: Callable[[Any, Parts], Any]
    cotangent: Callable[[Any, Parts], Any]
    spread: Callable[[Any, Any], Parts]
    step: Callable[[Any, Any], str]
    keys: Mapping[str, Any] = NO_NAMES
    constants: frozenset[Any] = frozenset()


STRUCTURES: TypeRegistry[Structure] = TypeRegistry()

STRUCTURED = STRUCTURES.met
"""The types of structures that have been met, subclasses among them: what no rule for numbers takes."""

LEAVES: TypeRegistry[Callable[[Any], bool]] = TypeRegistry()
"""For the types of numbers: does this value of it count as one? Filled by the number systems."""

CARRIERS: set[type] = set()
"""The types that carry a derivative. RevDiff is the one."""

LAYERS: dict[type, Callable[[Any, Any], Any]] = {}
"""The types that stand around a value, ``layer.value``: RevDiff, and inside of it what watches a computation.

(layer, value) ↦ the same layer around another value.
"""

OUTERMOST: set[type] = set()
"""The types that no RevDiff takes for a constant: where the two meet, they are outside. Batch is the one."""

MAPS: TypeRegistry[Callable[[Callable[[Any], Any], Any], Any]] = TypeRegistry()
"""How a function is applied to the elements of containers that have no end."""

ARRAYS: TypeRegistry[Callable[[Any], Any]] = TypeRegistry()
"""The array, or the RevDiff of one, that a value stands for in formulas: the components of a unit vector."""

OPENERS: TypeRegistry[Callable[[Any], Any]] = TypeRegistry()
"""How one RevDiff of such a container becomes a container of RevDiffs. Filled by their descriptors."""

ON_NAMES: list[Callable[[Iterable[str]], None]] = []
"""Who wants to know the names of fields when a structure that has some is met for the first time."""

CONSTANT = (
    str, bytes, bytearray, bool, np.bool_, NoneType, EllipsisType, type, slice, range, ModuleType, np.dtype,
    BuiltinFunctionType, FunctionType, MethodType, np.ufunc,
)  # fmt: skip
CONSTANT_MODULES = frozenset(
    (
        "datetime",
        "functools",
        "logging",
        "operator",
        "pathlib",
        "random",
        "re",
        "revdiff",
        "threading",
        "uuid",
        "zoneinfo",
    )
)
"""What is a constant wherever it stands, and the modules whose types are."""


def register_structure(
    kind: type,
    /,
    parts: Callable[[Any], Parts],
    build: Callable[[Any, Parts], Any],
    *,
    cotangent: Callable[[Any, Parts], Any] | None = None,
    spread: Callable[[Any, Any], Parts] | None = None,
    names: tuple[str, ...] = (),
) -> None:
    """Let values of ``kind`` be differentiated part by part.

    parts       x ↦ the parts of x by name: numbers, arrays, or structures again
    build       (x, parts) ↦ a value like x with these parts; they may be RevDiffs, so it does not check them
    cotangent   (x, cotangents of the parts) ↦ x̄, where it is not built like a value of the same type
    spread      (x, x̄) ↦ the cotangents of the parts, where ``cotangent`` is given
    names       parts that are read as attributes, so that ``r.name`` works on a RevDiff of such a value

    Dataclasses, named tuples and attrs classes need no registration.

    >>> class Point:
    ...     def __init__(self, x, y): self.x, self.y = x, y
    ...     def __repr__(self): return f"Point({self.x}, {self.y})"
    >>> register_structure(Point, lambda p: {"x": p.x, "y": p.y}, lambda p, parts: Point(**parts), names=("x", "y"))
    >>> from revdiff import grad
    >>> grad(lambda p: p.x**2 * p.y)(Point(3.0, 5.0))
    Point(30.0, 9.0)
    """
    if (cotangent is None) is not (spread is None):
        msg = "give both cotangent= and spread=, or neither: one undoes what the other does"
        raise TypeError(msg)
    keys = {name: name for name in names}

    def built(x: Any, some: Parts) -> Any:
        return build(x, {**parts(x), **some})

    structure = Structure(
        parts=lambda x: varying(parts(x).items()),
        get=lambda x, key: getattr(x, key) if key in keys else parts(x)[key],
        build=built,
        cotangent=built if cotangent is None else cotangent,
        spread=spread or same_parts,
        step=lambda x, key: f".{key}" if key in keys else f"[{key!r}]",
        keys=keys,
    )
    STRUCTURES.register(kind, announced(structure))


def varies(x: Any) -> bool:
    """Tell whether x is, or may be, something to differentiate by: a number, an array, or a structure.

    Text, None, truth values, enumerations, functions, classes and their like are constants. What is
    neither counts as a number, and is refused where one is needed: it might hold some.
    """
    kind = type(x)
    if kind is float or kind in CARRIERS or (kind is np.ndarray and x.dtype.kind == "f"):
        return True
    if STRUCTURES.find(kind) is not None or MAPS.find(kind) is not None:
        return True
    leaf = LEAVES.find(kind)
    if leaf is not None:
        return leaf(x)
    if isinstance(x, set | frozenset):
        return any(map(varies, x))
    return not isinstance(x, CONSTANT) and kind.__module__.partition(".")[0] not in CONSTANT_MODULES


def only_floats(x: Any) -> bool:
    """Tell, quickly, whether x is a plain tuple or list of floats and nothing else."""
    return type(x) in _PLAIN and set(map(type, x)) <= _FLOATS


_PLAIN = frozenset({tuple, list})
_FLOATS = frozenset({float})


def leaves(x: Any) -> Iterator[Any]:
    """Walk the numbers in x, and what else stands in places where numbers may stand."""
    structure = STRUCTURES.find(type(x))
    if structure is None:
        yield x
    else:
        for part in structure.parts(x).values():
            yield from leaves(part)


def taken_apart(x: Any) -> tuple[list[Any], Callable[[Iterable[Any]], Any]]:
    """Return the leaves of x, as `leaves` does, and what builds a value like x from others, one in the place of each.

    One walk so serves for many values; and it finds the same number of leaves in each of them.

    >>> numbers, build = taken_apart(([1, 2], {"a": 3.5, "name": "b"}))
    >>> numbers, build([10, 20, 35.0])
    ([1, 2, 3.5], ([10, 20], {'a': 35.0, 'name': 'b'}))
    """
    if type(x) is tuple and CARRIERS.issuperset(map(type, x)):  # as are the arguments of most functions
        return list(x), tuple
    found: list[Any] = []
    build = _taken_apart(x, found)
    return found, lambda others: build(iter(others))


def _taken_apart(x: Any, found: list[Any]) -> Callable[[Iterator[Any]], Any]:
    structure = STRUCTURES.find(type(x))
    if structure is None:
        found.append(x)
        return next
    parts = structure.parts(x)
    builders = [_taken_apart(part, found) for part in parts.values()]
    return lambda others: structure.build(x, {key: build(others) for key, build in zip(parts, builders, strict=True)})


def over_parts(function: Callable[[Any], Any], x: Any, structure: Structure) -> dict[Any, Any]:
    """Return what a function makes of each part. An error says in which part it happened."""
    results = {}
    for key, part in structure.parts(x).items():
        try:
            results[key] = function(part)
        except RevDiffError as error:
            error.inside(structure.step(x, key))
            raise
    return results


def map_leaves(function: Callable[[Any], Any], x: Any) -> Any:
    """Apply a function to the numbers in x, and return the same structure of the results.

    Streams are mapped as far as they are read. Constants of a structure stay as they are.

    >>> map_leaves(lambda n: 2 * n, ([1, 2], {"a": 3.5, "name": "b"}))
    ([2, 4], {'a': 7.0, 'name': 'b'})
    """
    structure = STRUCTURES.find(type(x))
    if structure is not None:
        each = over_parts(lambda part: map_leaves(function, part), x, structure)
        if structure.constants:
            each |= {key: map_leaves(function, value) for key, value in carried(x, structure).items()}
        return structure.build(x, each)
    over = MAPS.find(type(x))
    return function(x) if over is None else over(lambda element: map_leaves(function, element), x)


def carried(x: Any, structure: Structure) -> dict[Any, Any]:
    """Return what carries a derivative although its field was declared constant: a field that __post_init__ computes."""
    there = {key: getattr(x, key, None) for key in structure.constants}
    return {key: value for key, value in there.items() if any(type(leaf) in CARRIERS for leaf in leaves(value))}


def leaves_beside(x: Any, x_bar: Any) -> list[Any]:
    """List the parts of a cotangent that belong to the leaves of x. None stands for a zero as large as its place."""
    structure = STRUCTURES.find(type(x))
    if structure is None:
        return [x_bar]
    parts = structure.parts(x)
    beside = dict.fromkeys(parts) if x_bar is None else structure.spread(x, x_bar)
    found: list[Any] = []
    for key, value in parts.items():
        try:
            found += leaves_beside(value, beside.get(key))
        except RevDiffError as error:
            error.inside(structure.step(x, key))
            raise
    return found


def same_parts(x: Any, x_bar: Any) -> Parts:
    """Return the parts of a cotangent that is built like x: a tuple may serve for a named tuple."""
    if not isinstance(x_bar, tuple if isinstance(x, tuple) else type(x)):
        raise MismatchError.of(x_bar, x)
    if isinstance(x, tuple | list | deque) and len(x) != len(x_bar):
        raise MismatchError.of(x_bar, x)
    if isinstance(x, dict) and set(x_bar) != set(x):
        raise MismatchError.of(x_bar, x)
    structure = STRUCTURES.find(type(x))
    return {} if structure is None else {key: structure.get(x_bar, key) for key in structure.parts(x)}


def varying(items: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    """Return the items that can vary."""
    return {
        key: value
        for key, value in items
        if (kind := type(value)) is float or (kind is np.ndarray and value.dtype.kind == "f") or varies(value)
    }


def announced(structure: Structure) -> Structure:
    """Return the structure, after telling the names of its fields to who wants to know them."""
    for tell in ON_NAMES:
        tell(structure.keys)
    return structure
