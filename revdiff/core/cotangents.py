"""The additive monoid of cotangents: zero, one, add, and structures that fill up slot by slot.

Imports the type registry, structures and errors. Structures are summed part by part; a new kind of
value that is no structure enters with `register_monoid`.
"""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable, Hashable, Mapping
from copy import copy
from typing import Any, NamedTuple, final

import numpy as np

from revdiff.core.capture import own
from revdiff.core.errors import MismatchError, RevDiffError, UnknownTypeError
from revdiff.core.registry import TypeRegistry
from revdiff.core.structure import LEAVES, STRUCTURES, Structure, over_parts, varies


class Monoid(NamedTuple):
    """What a kind of value needs so that its cotangents can be summed.

    ``zero(x)`` and ``one(x)`` are the zero and the one of the space in which x lies; ``add`` is
    commutative and associative, and zero is neutral.
    """

    zero: Callable[[Any], Any]
    one: Callable[[Any], Any]
    add: Callable[[Any, Any], Any] = operator.add


MONOIDS: TypeRegistry[Monoid] = TypeRegistry()

ZERO: Any = object()
"""The symbolic zero: what a local pullback returns where nothing at all goes back."""


def register_monoid(
    kind: type,
    /,
    *,
    zero: Callable[[Any], Any],
    one: Callable[[Any], Any],
    add: Callable[[Any, Any], Any] = operator.add,
) -> None:
    """Let values of ``kind`` have a zero, a one and a sum (``a + b`` unless told otherwise)."""
    MONOIDS.register(kind, Monoid(zero, one, add))
    if LEAVES.find(kind) is None:
        LEAVES.register(kind, lambda x: True)


def zero_like(x: Any, /) -> Any:
    """Return the zero cotangent of x: same structure, shape and dtype.

    Integers keep their exact zero; integer arrays have float64 cotangents. What is constant in a
    structure, a name say, is carried along.

    >>> zero_like((1.5, {"rate": 2, "name": "Adam"}))
    (0.0, {'rate': 0, 'name': 'Adam'})
    """
    if type(x) is float:
        return 0.0
    monoid = MONOIDS.find(type(x))
    return _like(x, zero_like, 0) if monoid is None else monoid.zero(x)


def one_like(x: Any, /) -> Any:
    """Return the one of the space in which x lies: the seed of `simple_derivative`.

    >>> one_like((1.5, (2, 3j)))
    (1.0, (1, (1+0j)))
    """
    if type(x) is float:
        return 1.0
    monoid = MONOIDS.find(type(x))
    return _like(x, one_like, 1) if monoid is None else monoid.one(x)


def _like(x: Any, of_part: Callable[[Any], Any], n: int) -> Any:
    structure = STRUCTURES.find(type(x))
    if structure is None:
        if LEAVES.find(type(x)) is None and varies(x):
            what = "what has a cotangent"
            raise UnknownTypeError.of(x, what)
        return type(x)(n) if varies(x) else x
    return structure.cotangent(x, over_parts(of_part, x, structure))


def add(a: Any, b: Any, /) -> Any:
    """Return the sum of two cotangents of one space, structure by structure.

    What a list, a dictionary or an optional value lacks counts as zero: the sum is as long as the
    longer one, has the entries of both, and None + b = b. Raises `MismatchError` where two tuples
    or records do not belong together.

    >>> add((1.0, [2.0, 3.0]), (10.0, [20.0]))
    (11.0, [22.0, 3.0])
    >>> add({"w": 1.0, "b": None}, {"w": 10.0, "b": 2.0})
    {'w': 11.0, 'b': 2.0}
    """
    if type(a) is Ledger or type(b) is Ledger:
        return a.received(b) if type(a) is Ledger else b.received(a)
    if type(a) is Outer or type(b) is Outer:
        return a.received(b) if type(a) is Outer else b.received(a)
    if type(a) is Masked and type(b) is Masked:
        return masked(add(a.value, b.value), a.mask | b.mask, a.firm | b.firm)
    if type(a) is Masked or type(b) is Masked:
        return add(whole(a), whole(b))
    if type(a) is Slots:
        return a.merged(b)
    if type(b) is Slots:
        return b.merged(a)
    if a is None or b is None:
        return b if a is None else a
    monoid = MONOIDS.find(type(a))
    if monoid is not None:
        return monoid.add(a, b)
    structure = STRUCTURES.find(type(a))
    return a + b if structure is None else _add_parts(structure, a, b)


def _add_parts(structure: Structure, a: Any, b: Any) -> Any:
    tuples = isinstance(a, tuple) and isinstance(b, tuple)  # a plain one may serve for a named one
    if len(a) != len(b) if tuples else type(b) is not type(a):
        raise MismatchError.of(b, a, "the other summand")
    if type(a) is tuple and type(b) is not tuple:
        a, b = b, a
    total, others = dict(structure.parts(a)), structure.parts(b)
    for key, part in others.items():
        try:
            total[key] = add(total[key], part) if key in total else part
        except RevDiffError as error:
            error.inside(structure.step(a, key))
            raise
    if isinstance(a, dict) and not others.keys() <= a.keys():
        return structure.build({**b, **a}, total) if type(a) is dict else structure.build(_joined(a, b), total)
    return structure.build(b if isinstance(a, list) and len(b) > len(a) else a, total)


def _joined(a: Any, b: Any) -> Any:
    both = copy(b)
    both.update(a)
    return both


def deposit(held: dict[Any, Any], own: set[Any], key: Any, sent: Any) -> None:
    """Add a contribution to what has been received under a key so far, in place if that array is our own."""
    before = held.get(key)
    if before is None:
        held[key] = sent
    elif type(before) is float:
        held[key] = add(before, sent)
    elif type(before) is np.ndarray and type(sent) not in UNFINISHED:
        if key in own and type(sent) is np.ndarray and sent.dtype is before.dtype and sent.shape == before.shape:
            np.add(before, sent, out=before)
        else:
            held[key] = before + sent
            own.add(key)
    else:
        held[key] = add(before, sent)


@final
class Slots:
    """The cotangent of a structure while it is being collected: parts that were reached, the rest zero.

    Reading one field of a record of n fields contributes one slot, never n - 1 zeros. Slots belong
    to the sweep that collects them: they are filled in place, slots within slots as well, and
    ``whole`` makes a structure of them, once, at the end.
    """

    __slots__ = ("_assemble", "_own", "_slots", "_whole")

    def __init__(self, assemble: Callable[[Mapping[Any, Any]], Any], slot: Hashable, cotangent: Any) -> None:
        self._assemble = assemble
        self._slots: dict[Hashable, Any] = {slot: cotangent}
        self._own: set[Hashable] = set()
        self._whole: Any = None

    def merged(self, other: Any) -> Slots:
        """Take in another contribution to the same structure: slots of it, or the whole."""
        if type(other) is not Slots:
            self._whole = other if self._whole is None else add(self._whole, other)
            return self
        for slot, cotangent in other._slots.items():
            deposit(self._slots, self._own, slot, cotangent)
        return self if other._whole is None else self.merged(other._whole)

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

    __slots__ = ("_assemble", "key")

    def __init__(self, assemble: Callable[[Mapping[Any, Any]], Any], key: Any) -> None:
        self._assemble = assemble
        self.key = key

    def __call__(self, ct: Any) -> Slots:
        """Send the cotangent to its slot."""
        return Slots(self._assemble, self.key, ct)


@final
class Where:
    """A place in an array, for a slot. Every one counts for itself: an index may be an array, which has no hash."""

    __slots__ = ("index",)

    def __init__(self, index: Any) -> None:
        self.index = index


@final
class Assembly:
    """Puts the cotangent of one structure together, from the slots that something reached."""

    __slots__ = ("_structure", "_value")

    def __init__(self, structure: Structure, value: Any) -> None:
        self._structure = structure
        self._value = value

    def __reduce__(self) -> tuple[Any, ...]:
        return _assembly_of, (self._value,)

    def __call__(self, slots: Mapping[Any, Any]) -> Any:
        """Return the cotangent, with zeros where nothing arrived."""
        structure, cotangents = self._structure, {}
        for key, part in structure.parts(self._value).items():
            try:
                cotangents[key] = slots[key] if key in slots else zero_like(part)
            except RevDiffError as error:
                error.inside(structure.step(self._value, key))
                raise
        return structure.cotangent(self._value, cotangents)


@final
class Masked:
    """The cotangent of an array of which only the elements under a mask took part; it is zero elsewhere.

    `where` and indexing leave what they did not take *absent*: an elementwise rule multiplies only where
    something is present, so the infinite slope of √x at 0 does not meet a zero there and become NaN.

    Within the mask, what is not ``firm`` is a *faint* zero: it was sent back by a function at infinity, as 1/x is 0
    near ∞. Where that infinity is a number that overflowed, as that of e¹⁰⁰⁰, a faint zero is absent; where
    it is a pole, as that of 1/x at 0, it is a zero like any other, and 0·∞ is NaN.
    """

    __slots__ = ("firm", "mask", "value")

    def __init__(self, value: Any, mask: Any, firm: Any = None) -> None:
        self.value = value
        self.mask = mask
        self.firm = mask if firm is None else firm

    def moved(self, value: Any, move: Callable[[Any], Any]) -> Any:
        """Return a value that was made of this one, under what ``move`` makes of the masks."""
        mask = move(self.mask)
        return masked(value, mask, mask if self.firm is self.mask else move(self.firm))

    def __mul__(self, factor: float) -> Masked:
        value = self.value * factor
        return Masked(value if -np.inf < factor < np.inf else np.where(self.firm, value, 0), self.mask, self.firm)

    def __neg__(self) -> Masked:
        return Masked(-self.value, self.mask, self.firm)


def masked(value: Any, mask: Any, firm: Any = None) -> Any:
    """Return a cotangent under a mask: the value itself where all of it is present, `ZERO` where nothing is."""
    firm = mask if firm is None else firm
    if hasattr(firm, "dtype"):  # what is not of NumPy is a condition on symbols
        if np.count_nonzero(firm) == firm.size:
            return value
        if not np.count_nonzero(mask):
            return ZERO
    return Masked(value, mask, firm)


@final
class Ledger:
    """The cotangent of an array that was written to, while the writes are undone from the last to the first.

    Each write takes what came back to the elements that it had written, and leaves nothing there for the writes
    before it. All that happens in one array, which belongs to this sweep: a write costs what it wrote, not the
    whole. ``present`` and ``firm`` are the masks of a `Masked`, one and the same where nothing is faint; None means all.
    """

    __slots__ = ("_array", "_firm", "_present")

    def __init__(self, cotangent: Any, shape: tuple[int, ...]) -> None:
        self._array = np.copy(_spread(whole(cotangent), shape))
        self._present: Any = None
        self._firm: Any = None
        if type(cotangent) is Masked:
            self._present = self._firm = np.array(_spread(cotangent.mask, shape))
            if cotangent.firm is not cotangent.mask:
                self._firm = np.array(_spread(cotangent.firm, shape))

    def take(self, index: Any) -> Any:
        """Return what came back to some elements."""
        taken = np.positive(self._array[index])  # a new array or number, where an index may give a view
        return taken if self._present is None else self._masked(taken, lambda mask: np.array(mask[index]))

    def clear(self, index: Any) -> Ledger:
        """Leave nothing there."""
        if self._present is None:
            self._present = self._firm = np.ones(self._array.shape, bool)
        self._array[index] = 0
        self._present[index] = self._firm[index] = False
        return self

    def received(self, sent: Any) -> Ledger:
        """Take in another contribution: parts of it, or the whole."""
        if type(sent) is Ledger:
            sent = sent.finished()
        if sent is ZERO:
            return self
        if type(sent) is Slots:
            for place, cotangent in sent._slots.items():
                self._receive_at(place.index, finished(cotangent))  # type: ignore[attr-defined]
            return self if sent._whole is None else self.received(sent._whole)
        self._array = self._array + whole(sent)
        if self._present is None or type(sent) is not Masked:
            self._present = self._firm = None
            return self
        is_faint = self._firm is not self._present or sent.firm is not sent.mask
        firm = self._firm | sent.firm if is_faint else None
        self._present = self._present | sent.mask
        self._firm = firm if is_faint else self._present
        return self

    def _receive_at(self, index: Any, sent: Any) -> None:
        if sent is ZERO:
            return
        cotangent = whole(sent)
        if type(self._array) is np.ndarray is not type(cotangent) and hasattr(cotangent, "__array_function__"):
            self._array = np.array(self._array, like=cotangent)  # of a kind that can hold the other
        np.add.at(self._array, index, cotangent)
        if self._present is None:
            return
        if type(sent) is not Masked:
            self._present[index] = self._firm[index] = True
            return
        if self._firm is self._present and sent.firm is not sent.mask:
            self._firm = self._present.copy()
        np.logical_or.at(self._present, index, sent.mask)
        if self._firm is not self._present:
            np.logical_or.at(self._firm, index, sent.firm)

    def whole(self) -> Any:
        """Return the cotangent of what was there before all writes, with zeros where nothing came back."""
        return self._array

    def finished(self) -> Any:
        """Return the cotangent of what was there before all writes, and which elements it reached."""
        return self._array if self._present is None else self._masked(self._array, np.asarray)

    def _masked(self, value: Any, part: Callable[[Any], Any]) -> Any:
        present = part(self._present)
        return masked(value, present, present if self._firm is self._present else part(self._firm))


@final
class Outer:
    """The cotangent of a matrix as a sum of products of a column with a row, Σ u vᵀ, that are not multiplied out yet.

    A matrix that is applied to many vectors, one by one, gets one such product from each. Together they are one
    product of two matrices, which costs a fraction of writing and adding them all.
    """

    __slots__ = ("_columns", "_rows", "_total", "dtype", "shape")

    def __init__(self, column: Any, row: Any) -> None:
        self._columns = [column]
        self._rows = [row]
        self._total: Any = None
        self.shape = (*column.shape, *row.shape)
        self.dtype = column.dtype if column.dtype is row.dtype else np.result_type(column, row)

    def received(self, sent: Any) -> Outer:
        """Take in more products, or a whole matrix."""
        if type(sent) is not Outer:
            self._total = whole(sent) if self._total is None else self._total + whole(sent)
            return self
        self._columns += sent._columns
        self._rows += sent._rows
        m, n = self.shape
        if len(self._rows) > 32 and len(self._rows) * (m + n) > 2 * m * n:  # the vectors take more room than the matrix
            self._total = self.finished()
            self._columns.clear()
            self._rows.clear()
        return self if sent._total is None else self.received(sent._total)

    def finished(self) -> Any:
        """Return the matrix."""
        if not self._rows:
            return self._total
        if len(self._rows) == 1:  # BLAS writes the products in half the time that broadcasting takes
            product = np.dot(self._columns[0][:, None], self._rows[0][None])
        else:
            product = np.stack(self._columns, axis=1) @ np.stack(self._rows)
        return product if self._total is None else self._total + product


@final
class Written:
    """The local pullback of writing into an array, for what was written: the cotangent of its elements, fitted."""

    __slots__ = ("_fit", "_index", "_shape")

    def __init__(self, index: Any, shape: tuple[int, ...], fit: Callable[[Any], Any] | None) -> None:
        self._index = index
        self._shape = shape
        self._fit = fit

    def __call__(self, ct: Any) -> Any:
        """Take the cotangent from its place."""
        return self._fitted(ct.take(self._index) if type(ct) is Ledger else self._there(ct))

    def masked(self, ct: Masked) -> Any:
        """Take the cotangent and its mask."""
        return self._fitted(ct.moved(self._there(ct.value), lambda mask: np.asarray(self._there(mask))))

    def _there(self, x: Any) -> Any:
        return _spread(x, self._shape)[self._index]

    def _fitted(self, sent: Any) -> Any:
        if self._fit is None or sent is ZERO:
            return sent
        if type(sent) is not Masked:
            return self._fit(sent)
        fitted = self._fit(sent.value)
        return Masked(fitted, sent.mask, sent.firm) if getattr(fitted, "shape", ()) == sent.mask.shape else fitted


@final
class Overwritten:
    """The local pullback of writing into an array, for what was there before: nothing comes back to it."""

    __slots__ = ("_index", "shape")

    def __init__(self, index: Any, shape: tuple[int, ...]) -> None:
        self._index = index
        self.shape = shape

    def __call__(self, ct: Ledger) -> Ledger:
        """Clear the place."""
        return ct.clear(self._index)


def _spread(ct: Any, shape: tuple[int, ...]) -> Any:
    """Return a cotangent in the shape of its array: one number may stand for a cotangent that is everywhere the same."""
    return ct if getattr(ct, "shape", None) == shape else np.broadcast_to(ct, shape)


def whole(cotangent: Any) -> Any:
    """Return a cotangent without the forms that it takes only inside a sweep."""
    kind = type(cotangent)
    if kind is Outer:
        return cotangent.finished()
    return cotangent.whole() if kind is Slots or kind is Ledger else cotangent.value if kind is Masked else cotangent


def finished(cotangent: Any) -> Any:
    """Return a cotangent that is no longer collected. Of an array it may be masked still."""
    kind = type(cotangent)
    return finished(cotangent.finished()) if kind in UNFINISHED and kind is not Masked else cotangent


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
    if sys.getrefcount(cotangent) > _ONE or not cotangent.flags.writeable:
        return cotangent.copy()
    base = cotangent.base
    if base is None:
        return cotangent
    is_ours = type(base) is np.ndarray and sys.getrefcount(base) <= _ONE + 1 and base.size == cotangent.size
    return cotangent if is_ours else cotangent.copy()


def _count_of_one() -> int:
    array = np.zeros(1)
    return sys.getrefcount(array)


_ONE = _count_of_one()
"""What Python counts for an array that one local name holds."""

UNFINISHED = frozenset({Slots, Masked, Ledger, Outer})
"""Forms that a cotangent takes only inside a sweep."""

COLLECTING: set[type] = {Place}
"""The local pullbacks that take `Slots` as they are."""


def _assembly_of(value: Any) -> Assembly:
    structure = STRUCTURES.find(type(value))
    if structure is None:
        what = "what was pickled"
        raise UnknownTypeError.of(value, what)
    return Assembly(structure, value)


def _zeros(x: Any) -> Any:
    return np.zeros(x.shape, _cotangent_dtype(x.dtype)) if x.dtype != object else _each(zero_like, x)


def _ones(x: Any) -> Any:
    return np.ones(x.shape, _cotangent_dtype(x.dtype)) if x.dtype != object else _each(one_like, x)


def _cotangent_dtype(dtype: np.dtype[Any]) -> np.dtype[Any]:
    return dtype if dtype.kind in "fc" else np.dtype(np.float64)


def _each(function: Callable[[Any], Any], x: Any) -> Any:
    return np.frompyfunc(function, 1, 1)(x)


def _register_sympy() -> None:
    import sympy

    register_monoid(sympy.Basic, zero=lambda x: sympy.S.Zero, one=lambda x: sympy.S.One)


register_monoid(np.ndarray, zero=_zeros, one=_ones)
register_monoid(np.generic, zero=lambda x: _zeros(x)[()], one=lambda x: _ones(x)[()])
MONOIDS.register(bool, Monoid(lambda x: False, lambda x: True, operator.or_))
MONOIDS.register_lazily("sympy", _register_sympy)
