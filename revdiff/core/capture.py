"""Arrays that belong to the caller, before and after: what goes in must not change, what comes out may be written to.

Imports errors and structures. A backward pass that reads an array which was changed after the forward pass would
give a wrong derivative in silence. So small arrays are copied, and of large ones a few dozen
entries, spread over the whole, are remembered and compared. A change that misses every one of them
is not noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from math import gcd
from sys import getrefcount
from typing import Any, final

import numpy as np

from revdiff.core.errors import MutatedArrayError
from revdiff.core.structure import LAYERS, STRUCTURES, Structure, only_floats, over_parts

SMALL = 4096
"""Arrays of up to this many bytes are copied."""


def _held_once() -> int:
    array = np.zeros(1)
    return getrefcount(array)


HELD_ONCE = _held_once()
"""What Python counts for an object that one local name holds. If it counts more, something else may need the object."""

SAMPLES = 64
"""About so many entries of a larger array are compared."""


def keep(value: Any, marks: list[Fingerprint] | None = None) -> Any:
    """Return a copy of a small array or of a RevDiff, any other leaf as it is, and a new structure for a structure.

    The fingerprints of the arrays that are not copied are added to ``marks``.
    """

    def kept(leaf: Any) -> Any:
        if type(leaf) is not np.ndarray:
            return _copy_if_of_array(leaf) if type(leaf) in LAYERS else leaf
        if leaf.nbytes <= SMALL:
            return leaf.copy("K")
        if marks is not None:
            marks.append(Fingerprint(leaf))
        return leaf

    return kept(value) if type(value) is np.ndarray else _part_by_part(kept, value)


def _copy_if_of_array(carrier: Any) -> Any:
    plain = carrier
    while type(plain) in LAYERS:
        plain = plain.value
    return copy(carrier) if type(plain) is np.ndarray else carrier


def watch(value: Any, where: str = "") -> list[Fingerprint]:
    """Return the fingerprints of the large arrays in a value."""
    if type(value) is np.ndarray:
        return [Fingerprint(value, where)] if value.nbytes > SMALL else []
    structure = STRUCTURES.find(type(value))
    if structure is None or only_floats(value):
        return []
    marks = []
    for key, part in structure.parts(value).items():
        if not (type(part) is float or (type(part) is np.ndarray and part.nbytes <= SMALL)):
            marks += watch(part, where + structure.step(value, key))
    return marks


def check(marks: list[Fingerprint], value: Any = None) -> None:
    """Raise `MutatedArrayError` if one of these arrays was changed. It says where in a value, if any, the array stands."""
    for mark in marks:
        try:
            mark.check()
        except MutatedArrayError as error:
            if not error.where:
                error.inside(mark.place_in(value) or "")
                error.inside_of("argument")
            raise


def own(value: Any) -> Any:
    """Return a value that the caller may write to: no seed, no view, no array that a pullback needs again."""
    return _part_by_part(_copy_if_array, value)


def shows_one_of(operands: Iterable[Any], result: Any) -> bool:
    """Tell whether a result may be a view of an operand: what is written into one is then seen in the other."""
    if isinstance(result, tuple | list):
        operands = list(operands)
        return any(shows_one_of(operands, part) for part in result)
    return isinstance(result, np.ndarray) and any(
        isinstance(x, np.ndarray) and np.may_share_memory(result, x) for x in operands
    )


def _copy_if_array(leaf: Any) -> Any:
    if type(leaf) in LAYERS:
        return _copy_if_of_array(leaf)
    return leaf.copy("K") if type(leaf) is np.ndarray else leaf


def _part_by_part(function: Callable[[Any], Any], value: Any) -> Any:
    structure = STRUCTURES.find(type(value))
    if structure is None:
        return function(value)
    if only_floats(value):
        return value[:]

    def of_part(part: Any) -> Any:
        kind = type(part)
        return part if kind is float else function(part) if kind is np.ndarray else _part_by_part(function, part)

    each = over_parts(of_part, value, structure)
    keys = structure.keys.values() if structure.keys else value if isinstance(value, dict) else range(_length(value))
    if len(each) < len(keys):
        for key in keys:
            constant = None if key in each else _there(structure, value, key)
            if type(constant) is np.ndarray:  # a mask, or text
                each[key] = constant.copy("K")
    return structure.build(value, each)


def _length(value: Any) -> int:
    return len(value) if hasattr(value, "__len__") else 0


def _there(structure: Structure, value: Any, key: Any) -> Any:
    try:
        return structure.get(value, key)
    except (AttributeError, LookupError):  # a field that was never set
        return None


@final
class Fingerprint:
    """A few dozen entries of an array, to notice later that it was changed."""

    __slots__ = ("_array", "_sample", "_where")

    def __init__(self, array: np.ndarray[Any, Any], where: str = "") -> None:
        self._array = array
        self._where = where
        self._sample = _sample(array)

    def check(self) -> None:
        """Raise `MutatedArrayError` if the sampled entries have changed."""
        if _sample(self._array) != self._sample:
            error = MutatedArrayError()
            if self._where:
                error.inside(f"argument{self._where}")
            raise error

    def place_in(self, value: Any) -> str | None:
        """Return the way to the array in a structure, None if it is not there."""
        if value is self._array:
            return ""
        structure = STRUCTURES.find(type(value))
        if structure is not None:
            for key, part in structure.parts(value).items():
                place = self.place_in(part)
                if place is not None:
                    return structure.step(value, key) + place
        return None


def _sample(array: np.ndarray[Any, Any]) -> bytes:
    if array.size <= SAMPLES:
        return array.tobytes()
    if array.flags.c_contiguous:
        step, columns = array.size // SAMPLES, array.shape[-1] if array.ndim > 1 else 1
        while gcd(step, columns) > 1:  # it would meet only some of the columns
            step += 1
        return array.reshape(-1)[::step].tobytes()
    along_each = max(2, round(float(SAMPLES) ** (1 / array.ndim)))
    return array[tuple([slice(None, None, -(-n // along_each)) for n in array.shape])].tobytes()
