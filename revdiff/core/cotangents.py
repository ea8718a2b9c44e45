"""The additive monoid of cotangents: zero, one, add, and structures that fill up slot by slot.

Imports the type registry, structures and errors. Structures are summed part by part; a new kind of
value that is no structure enters with `register_monoid`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Hashable, Mapping
from copy import copy
from typing import Any, NamedTuple, final

import numpy as np

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
    if type(a) is Masked and type(b) is Masked:
        return Masked(add(a.value, b.value), a.mask | b.mask)
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
        if key in own and type(sent) is np.ndarray and sent.shape == before.shape and sent.dtype == before.dtype:
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

    def whole(self) -> Any:
        """Return the structure, with zeros in the slots that nothing reached."""
        assembled = self._assemble({slot: whole(cotangent) for slot, cotangent in self._slots.items()})
        return assembled if self._whole is None else add(assembled, self._whole)


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

    `where` leaves the branch that it did not take *absent*: an elementwise rule multiplies only where
    something is present, so the infinite slope of √x at 0 does not meet a zero there and become NaN.
    """

    __slots__ = ("mask", "value")

    def __init__(self, value: Any, mask: Any) -> None:
        self.value = value
        self.mask = mask


def whole(cotangent: Any) -> Any:
    """Return a cotangent without the forms that it takes only inside a sweep."""
    kind = type(cotangent)
    return cotangent.whole() if kind is Slots else cotangent.value if kind is Masked else cotangent


UNFINISHED = frozenset({Slots, Masked})
"""Forms that a cotangent takes only inside a sweep."""


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
