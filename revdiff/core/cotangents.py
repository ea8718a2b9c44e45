"""The additive monoid of cotangents: zero, one, add, and structures that fill up slot by slot.

Imports the type registry. A new kind of value enters with `register_monoid`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Hashable, Mapping
from typing import Any, NamedTuple, final

import numpy as np

from revdiff.core.registry import TypeRegistry


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


def zero_like(x: Any, /) -> Any:
    """Return the zero cotangent of x: same structure, shape and dtype.

    Integers keep their exact zero; integer arrays have float64 cotangents.

    >>> zero_like((1.5, (2, 3j)))
    (0.0, (0, 0j))
    """
    monoid = MONOIDS.find(type(x))
    return type(x)(0) if monoid is None else monoid.zero(x)


def one_like(x: Any, /) -> Any:
    """Return the one of the space in which x lies: the seed of `simple_derivative`.

    >>> one_like((1.5, (2, 3j)))
    (1.0, (1, (1+0j)))
    """
    monoid = MONOIDS.find(type(x))
    return type(x)(1) if monoid is None else monoid.one(x)


def add(a: Any, b: Any, /) -> Any:
    """Return the sum of two cotangents of one space, structure by structure.

    >>> add((1.0, (2.0, 3.0)), (10.0, (20.0, 30.0)))
    (11.0, (22.0, 33.0))
    """
    if type(a) is Masked and type(b) is Masked:
        return Masked(add(a.value, b.value), a.mask | b.mask)
    if type(a) is Masked or type(b) is Masked:
        return add(whole(a), whole(b))
    if type(a) is Parts:
        return a.merged(b)
    if type(b) is Parts:
        return b.merged(a)
    monoid = MONOIDS.find(type(a))
    return a + b if monoid is None else monoid.add(a, b)


@final
class Parts:
    """The cotangent of a structure while it is being collected: slots that were reached, the rest zero.

    Reading one field of a record of n fields contributes one slot, never n - 1 zeros. A Parts
    belongs to the sweep that collects it: it is filled in place, and ``whole`` makes it a structure.
    """

    __slots__ = ("_assemble", "_slots", "_whole")

    def __init__(self, assemble: Callable[[Mapping[Any, Any]], Any], slot: Hashable, cotangent: Any) -> None:
        self._assemble = assemble
        self._slots: dict[Hashable, Any] = {slot: cotangent}
        self._whole: Any = None

    def merged(self, other: Any) -> Parts:
        """Take in another contribution to the same structure: slots of it, or the whole."""
        if type(other) is not Parts:
            self._whole = other if self._whole is None else add(self._whole, other)
            return self
        slots = self._slots
        for slot, cotangent in other._slots.items():
            slots[slot] = add(slots[slot], cotangent) if slot in slots else cotangent
        return self if other._whole is None else self.merged(other._whole)

    def whole(self) -> Any:
        """Return the structure, with zeros in the slots that nothing reached."""
        assembled = self._assemble(self._slots)
        return assembled if self._whole is None else add(assembled, self._whole)


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
    return cotangent.whole() if kind is Parts else cotangent.value if kind is Masked else cotangent


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
register_monoid(
    tuple,
    zero=lambda x: tuple(map(zero_like, x)),
    one=lambda x: tuple(map(one_like, x)),
    add=lambda a, b: tuple(map(add, a, b)),
)
MONOIDS.register_lazily("sympy", _register_sympy)
