"""The additive monoid of cotangents: zero, one, add.

Imports the type registry, structures and errors. Structures are summed part by part; a new kind of
value that is no structure enters with `register_monoid`.
"""

from __future__ import annotations

import operator
from collections import deque
from collections.abc import Callable
from copy import copy
from typing import Any, NamedTuple

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

UNFINISHED: dict[type, int] = {}
"""Forms that a cotangent takes only inside a sweep. Of two, the one with the smaller number takes in the other.

They have ``received(other)``, ``finished()`` and ``whole()``: see `whole` and `finished`.
"""


def register_monoid(
    kind: type,
    /,
    *,
    zero: Callable[[Any], Any],
    one: Callable[[Any], Any],
    add: Callable[[Any, Any], Any] = operator.add,
) -> None:
    """Let values of ``kind`` have a zero, a one and a sum (``a + b`` unless told otherwise).

    zero, one   x ↦ the zero and the one of the space in which x lies
    add         (a, b) ↦ a + b, commutative and associative, with zero as its neutral element

    >>> class Length(float):
    ...     def __add__(self, other): return Length(float(self) + other)
    ...     def __repr__(self): return f"{float(self)} m"
    >>> register_monoid(Length, zero=lambda x: Length(0), one=lambda x: Length(1))
    >>> zero_like([Length(5), 2.0]), add(Length(1), Length(2))
    ([0.0 m, 0.0], 3.0 m)
    """
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
    if type(x) is np.float64:
        return np.float64(0.0)
    monoid = MONOIDS.find(type(x))
    return _like(x, zero_like, 0) if monoid is None else monoid.zero(x)


def one_like(x: Any, /) -> Any:
    """Return the one of the space in which x lies: the seed of `simple_derivative`.

    >>> one_like((1.5, (2, 3j)))
    (1.0, (1, (1+0j)))
    """
    if type(x) is float:
        return 1.0
    if type(x) is np.float64:
        return np.float64(1.0)
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
    of_a, of_b = UNFINISHED.get(type(a)), UNFINISHED.get(type(b))
    if of_a is not None and (of_b is None or of_a <= of_b):
        return a.received(b)
    if of_b is not None:
        return b.received(a)
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
    return structure.build(b if isinstance(a, list | deque) and len(b) > len(a) else a, total)


def _joined(a: Any, b: Any) -> Any:
    both = copy(b)
    both.update(a)
    return both


def whole(cotangent: Any) -> Any:
    """Return a cotangent without the forms that it takes only inside a sweep."""
    return cotangent.whole() if type(cotangent) in UNFINISHED else cotangent


def finished(cotangent: Any) -> Any:
    """Return a cotangent that is no longer collected. Of an array it may be masked still."""
    return cotangent.finished() if type(cotangent) in UNFINISHED else cotangent


def _zeros(x: Any) -> Any:
    return np.zeros(x.shape, _cotangent_dtype(x.dtype)) if x.dtype.kind != "O" else _each(zero_like, x)


def _ones(x: Any) -> Any:
    return np.ones(x.shape, _cotangent_dtype(x.dtype)) if x.dtype.kind != "O" else _each(one_like, x)


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
