"""What is in a state: its numbers, arrays, text and random generators, in a tree that JSON can hold.

Imports structures and the error. Writing walks through a state; reading walks through a state of the same form beside
the tree, which says what to make of it. So a file names no class to import and no code to run.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from revdiff.core.structure import STRUCTURES, Structure, varies
from revdiff.optimize.errors import SavedStateError

Tree: TypeAlias = list[Any]
"""[kind, content]: ["float", "0.5"], ["array", 3] for the third array, ["tuple", [["0", tree], ["1", tree]]]."""

NUMBERS: Mapping[str, type] = {kind.__name__: kind for kind in (int, float, complex, Fraction, Decimal)}
"""The numbers that are written as text, which loses no digit."""

PLAIN = ("NoneType", "bool", "str", "int", "float")
"""The kinds of which one may stand where another stood: what was None may have become a number, and 1 become 0.5."""


def tree_of(x: Any, arrays: list[Any]) -> Tree:
    """Return a state as a tree; its arrays are put into the list."""
    kind = type(x).__name__
    structure = STRUCTURES.find(type(x))
    if structure is not None:
        content = []
        for key, entry in _entries(x, structure).items():
            try:
                content.append([repr(key), tree_of(entry, arrays)])
            except SavedStateError as error:
                error.inside(structure.step(x, key))
                raise
        return [kind, content]
    if type(x) in (np.ndarray, np.memmap) or isinstance(x, np.generic):
        if x.dtype.hasobject:
            raise SavedStateError.of_value(x)
        arrays.append(np.asarray(x))
        return ["number" if isinstance(x, np.generic) else "array", len(arrays) - 1]
    if x is None or type(x) in (bool, str):
        return [kind, x]
    if kind in NUMBERS and type(x) is NUMBERS[kind]:
        return [kind, str(x)]
    if isinstance(x, Enum):
        return [kind, x.name]
    generator = _state_of(x)
    if generator is not None:
        return [kind, tree_of(generator, arrays)]
    if varies(x):
        raise SavedStateError.of_value(x)
    return [kind, _constant(x)]


def state_of(tree: Tree, like: Any, arrays: Sequence[Any]) -> Any:
    """Return the state of a tree, which has the form of ``like``. What a file does not hold, functions, is that of like."""
    kind, content = tree
    structure = STRUCTURES.find(type(like))
    if kind in PLAIN and type(like).__name__ in PLAIN:
        return NUMBERS[kind](content) if kind in NUMBERS else content
    if kind in ("array", "number"):
        return _array_of(kind, arrays[content], like)
    if kind != type(like).__name__:
        raise SavedStateError.of_form(_a(kind), like)
    if structure is not None:
        return _structure_of(kind, content, like, structure, arrays)
    if kind in NUMBERS:
        return NUMBERS[kind](content)
    if isinstance(like, Enum):
        return type(like)[content]
    generator = _state_of(like)
    if generator is not None:
        return _generator_of(like, state_of(content, generator, arrays))
    if content != _constant(like):
        raise SavedStateError.of_constant(content, like)
    return like


def _constant(x: Any) -> str | None:
    """Return how a constant is written, a date or a path say, and None for functions, which are not compared."""
    return None if callable(x) or " at 0x" in repr(x) else repr(x)


def _entries(x: Any, structure: Structure) -> dict[Any, Any]:
    """Return all that a structure holds, constants as well."""
    if isinstance(x, dict):
        return dict(x)
    if isinstance(x, tuple | list | deque):
        return dict(enumerate(x))
    there = {key: getattr(x, name) for name, key in structure.keys.items() if hasattr(x, name)}
    return {**there, **structure.parts(x)}


def _structure_of(kind: str, content: Any, like: Any, structure: Structure, arrays: Sequence[Any]) -> Any:
    entries, there = _entries(like, structure), dict(content)
    if there.keys() != set(map(repr, entries)):
        found = f"{_a(kind)} of {len(there)}: {', '.join(there) or 'nothing'}"
        raise SavedStateError.of_form(found, like)
    parts = {}
    for key, entry in entries.items():
        try:
            parts[key] = state_of(there[repr(key)], entry, arrays)
        except SavedStateError as error:
            error.inside(structure.step(like, key))
            raise
    return structure.build(like, parts)


def _array_of(kind: str, array: Any, like: Any) -> Any:
    """Return an array, or a number of NumPy's, that belongs where ``like`` stands. Integers may have become floats."""
    is_array = isinstance(like, np.ndarray)
    if is_array is not (kind == "array") or not isinstance(like, np.ndarray | np.generic | float | int):
        raise SavedStateError.of_form(_array_form(kind, array), like)
    if isinstance(like, np.ndarray | np.generic):
        became_float = like.dtype.kind in "iu" and array.dtype == np.float64
        is_text = array.dtype.kind == like.dtype.kind and array.dtype.kind in "SU"  # of any length
        if array.shape != like.shape or not (array.dtype == like.dtype or became_float or is_text):
            raise SavedStateError.of_form(_array_form(kind, array), like)
    return array if is_array else array[()]


def _array_form(kind: str, array: Any) -> str:
    return f"an array of dtype {array.dtype} and shape {array.shape}" if kind == "array" else f"a {array.dtype}"


def _state_of(x: Any) -> Any:
    """Return what a generator of random numbers has for its state, and None for anything else."""
    if isinstance(x, np.random.Generator):
        return x.bit_generator
    if isinstance(x, np.random.BitGenerator):
        return x.state
    if isinstance(x, np.random.RandomState):
        return x.get_state(legacy=False)
    return x.getstate() if isinstance(x, random.Random) else None


def _generator_of(like: Any, state: Any) -> Any:
    """Return a generator of the same kind with this state. That of ``like`` is left alone."""
    if isinstance(like, np.random.Generator):
        return type(like)(state)
    generator = type(like)()
    if isinstance(like, np.random.BitGenerator):
        generator.state = state
    elif isinstance(like, random.Random):
        generator.setstate(state)
    else:
        generator.set_state(state)
    return generator


def _a(kind: str) -> str:
    return kind if kind == "NoneType" else f"{'an' if kind[0] in 'aeiouAEIO' else 'a'} {kind}"
