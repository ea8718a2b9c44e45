"""Collecting cotangents: structures that fill up slot by slot, and what is handed out at the end.

Imports the monoid of cotangents, captured arrays, structures and errors.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from sys import getrefcount
from typing import Any, final

import numpy as np

from revdiff.core.capture import HELD_ONCE, own
from revdiff.core.cotangents import UNFINISHED, ZERO, add, finished, whole, zero_like
from revdiff.core.errors import RevDiffError, UnknownTypeError
from revdiff.core.structure import STRUCTURES, Structure


def deposit(held: dict[Any, Any], key: Any, sent: Any) -> None:
    """Add a contribution to what has been received under a key so far, in place if nothing else holds that array."""
    before = held.get(key)
    if before is None:
        held[key] = sent
    elif type(before) is np.ndarray and type(sent) not in UNFINISHED:
        if (
            getrefcount(before) <= HELD_IN_DICT
            and type(sent) is np.ndarray
            and sent.dtype is before.dtype
            and sent.shape == before.shape
            and before.base is None
            and before.flags.writeable
        ):
            np.add(before, sent, out=before)
        elif before.nbytes > LARGE and getrefcount(sent) <= HELD_BY_CALLER and can_take(sent, before):
            held[key] = np.add(before, sent, out=sent)
        else:
            held[key] = before + sent
    else:
        held[key] = add(before, sent)


def can_take(cotangent: Any, other: np.ndarray[Any, Any]) -> bool:
    """Tell whether the sum or the product of a cotangent and an array can take its place, if nobody else holds it."""
    if type(cotangent) is not np.ndarray or other.dtype is not cotangent.dtype or other.shape != cotangent.shape:
        return False
    return cotangent.base is None and cotangent.flags.writeable


def _held_in_dict() -> int:
    held = {0: np.zeros(1)}
    array = held.get(0)
    return getrefcount(array)


HELD_IN_DICT = _held_in_dict()
"""What Python counts for an object in a dictionary that a local name holds as well."""


def _held_by_caller() -> int:
    def count(array: Any) -> int:
        return getrefcount(array)

    array = np.zeros(1)
    return count(array)


HELD_BY_CALLER = _held_by_caller()
"""What Python counts for an argument that one name of the caller holds."""

LARGE = 2**15
"""Arrays of more bytes are written and read more slowly than Python runs: from here on it matters how many there are."""


@final
class Slots:
    """The cotangent of a structure while it is being collected: parts that were reached, the rest zero.

    Reading one field of a record of n fields contributes one slot, never n - 1 zeros. Slots belong
    to the sweep that collects them: they are filled in place, slots within slots as well, and
    ``whole`` makes a structure of them, once, at the end.
    """

    __slots__ = ("_assemble", "_slots", "_whole")

    def __init__(self, assemble: Callable[[Mapping[Any, Any]], Any], slot: Hashable, cotangent: Any) -> None:
        self._assemble = assemble
        self._slots: dict[Hashable, Any] = {slot: cotangent}
        self._whole: Any = None

    def take(self, place: Place | Where, cotangent: Any) -> None:
        """Take in a contribution to one slot, as `received` does from the slots that the place would make of it."""
        slot = place if type(place) is Where else place.key
        if slot in self._slots:
            deposit(self._slots, slot, cotangent)
        else:
            self._slots[slot] = cotangent

    def received(self, other: Any) -> Slots:
        """Take in another contribution to the same structure: slots of it, or the whole."""
        if type(other) is not Slots:
            self._whole = other if self._whole is None else add(self._whole, other)
            return self
        for slot, cotangent in other._slots.items():
            deposit(self._slots, slot, cotangent)
        return self if other._whole is None else self.received(other._whole)

    @property
    def reached(self) -> Mapping[Hashable, Any] | None:
        """The slots that something reached, unless the structure was reached as a whole as well."""
        return self._slots if self._whole is None else None

    def whole(self) -> Any:
        """Return the structure, with zeros in the slots that nothing reached."""
        assembled = self._assemble({slot: whole(cotangent) for slot, cotangent in self._slots.items()})
        return assembled if self._whole is None else whole(add(assembled, self._whole))

    def released(self) -> Any:
        """Return the structure for the caller to keep."""
        slots = self._slots
        assembled = self._assemble({slot: release(slots, slot) for slot in list(slots)})
        return assembled if self._whole is None else own(whole(add(assembled, self._whole)))

    def finished(self) -> Any:
        """Return the structure, and of an array the mask of what was reached as well."""
        if not hasattr(self._assemble, "masked"):
            return self.whole()
        slots = {slot: finished(cotangent) for slot, cotangent in self._slots.items()}
        slots = {slot: cotangent for slot, cotangent in slots.items() if cotangent is not ZERO}
        assembled = self._assemble.masked(slots) if slots else ZERO
        others = ZERO if self._whole is None else finished(self._whole)
        return assembled if others is ZERO else others if assembled is ZERO else add(assembled, others)


@final
class Place:
    """The local pullback of taking a part out of a structure: its cotangent goes to its slot."""

    __slots__ = ("assemble", "key")

    def __init__(self, assemble: Callable[[Mapping[Any, Any]], Any], key: Any) -> None:
        self.assemble = assemble
        self.key = key

    def __call__(self, ct: Any) -> Slots:
        """Send the cotangent to its slot."""
        return Slots(self.assemble, self.key, ct)


@final
class Where:
    """The local pullback of taking elements out of an array, and the slot that their cotangents go to.

    Every one is a slot of its own: its index may be an array, which has no hash.
    """

    __slots__ = ("assemble", "index")

    def __init__(self, index: Any, assemble: Any = None) -> None:
        self.index = index
        self.assemble = assemble

    def __call__(self, ct: Any) -> Slots:
        """Send the cotangent to its slot."""
        return Slots(self.assemble, self, ct)


@final
class Assembly:
    """Puts the cotangent of one structure together, from the slots that something reached."""

    __slots__ = ("_parts", "_structure", "_value")

    def __init__(self, structure: Structure, value: Any, parts: Mapping[Any, Any] | None = None) -> None:
        self._structure = structure
        self._value = value
        self._parts = parts  # those of the value, where somebody has looked at them already

    def __reduce__(self) -> tuple[Any, ...]:
        return _assembly_of, (self._value,)

    def __call__(self, slots: Mapping[Any, Any]) -> Any:
        """Return the cotangent, with zeros where nothing arrived."""
        structure, cotangents = self._structure, {}
        parts = structure.parts(self._value) if self._parts is None else self._parts
        for key, part in parts.items():
            try:
                cotangents[key] = slots[key] if key in slots else zero_like(part)
            except RevDiffError as error:
                error.inside(structure.step(self._value, key))
                raise
        return structure.cotangent(self._value, cotangents)


def _assembly_of(value: Any) -> Assembly:
    structure = STRUCTURES.find(type(value))
    if structure is None:
        what = "what was pickled"
        raise UnknownTypeError.of(value, what)
    return Assembly(structure, value)


def release(held: dict[Any, Any], key: Any) -> Any:
    """Take a cotangent out, for the caller to keep and to write into: arrays that something else holds are copied.

    What else may need an array later, a pullback or a view, holds a reference, and Python counts these.
    """
    cotangent = held.pop(key)
    if type(cotangent) is Slots:
        return cotangent.released()
    if type(cotangent) in UNFINISHED:
        cotangent = whole(cotangent)
    if type(cotangent) is not np.ndarray:
        return own(cotangent)
    if getrefcount(cotangent) > HELD_ONCE or not cotangent.flags.writeable:
        return cotangent.copy()
    base = cotangent.base
    if base is None:
        return cotangent
    is_ours = type(base) is np.ndarray and getrefcount(base) <= HELD_ONCE + 1 and base.size == cotangent.size
    return cotangent if is_ours else cotangent.copy()


UNFINISHED[Slots] = 3

PLACES = frozenset({Place, Where})
"""The local pullbacks that send a cotangent to a slot."""

COLLECTING: set[type] = {Place, Where}
"""The local pullbacks that take `Slots` as they are."""
