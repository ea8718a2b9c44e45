"""Value numbering: when two evaluations of a primitive are the same one.

Imports the number systems. A value that came out of a trace is known by the number of its event. A constant is known by
its type and its value: 1, 1.0 and True are three constants, 0.0 and -0.0 two. What may change, or is not known, has no
key, and what has no key is evaluated every time.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from decimal import Decimal, getcontext
from fractions import Fraction
from hashlib import blake2b
from types import EllipsisType, NoneType
from typing import Any

import numpy as np

from revdiff.core.registry import TypeRegistry
from revdiff.systems import mpmath, system_of


class Unkeyed(Exception):  # noqa: N818
    """Something may change, or nobody knows when two of its kind are equal."""


KEYS: TypeRegistry[Callable[[Any], Hashable]] = TypeRegistry()
"""What tells two constants of one type apart."""


def key_of(constant: Any) -> Hashable:
    """Return what a constant has in common with its equals, and with nothing else. Raises `Unkeyed`.

    >>> key_of(1.0) == key_of(1.0), key_of(1.0) == key_of(1), key_of(0.0) == key_of(-0.0)
    (True, False, False)
    """
    kind = type(constant)
    find = KEYS.find(kind)
    if find is None:
        raise Unkeyed
    return kind, find(constant)


def context_of(operands: Sequence[Any]) -> Hashable:
    """Return what a result depends on beside the operands: the precision that was set for their kind of number."""
    systems = {system_of(x) for x in operands}
    found: list[Hashable] = []
    if "decimal" in systems:
        context = getcontext()
        found += context.prec, context.rounding
    if "mpmath" in systems:
        found.append(mpmath.mp.prec)
    return tuple(found)


def _of_array(array: np.ndarray[Any, Any]) -> Hashable:
    if array.dtype.hasobject:
        raise Unkeyed
    numbers = blake2b(np.ascontiguousarray(array).data if array.size else b"", digest_size=16).digest()
    return array.dtype.str, array.shape, array.strides, numbers


def _of_parts(parts: Any) -> Hashable:
    return tuple(map(key_of, parts))


_kinds: tuple[type, ...] = (int, str, bytes, NoneType, EllipsisType, type, np.dtype)
for _kind in _kinds:
    KEYS.register(_kind, lambda constant: constant)
KEYS.register(float, float.hex)
KEYS.register(complex, lambda z: (z.real.hex(), z.imag.hex()))
KEYS.register(Fraction, lambda q: (q.numerator, q.denominator))
KEYS.register(Decimal, str)
KEYS.register(slice, lambda s: (key_of(s.start), key_of(s.stop), key_of(s.step)))
KEYS.register(tuple, _of_parts)
KEYS.register(list, _of_parts)
KEYS.register(np.generic, lambda n: (n.dtype.str, n.tobytes()))
KEYS.register(np.ndarray, _of_array)


def _register_mpmath() -> None:
    KEYS.register(mpmath.mpf, lambda x: x._mpf_)
    KEYS.register(mpmath.mpc, lambda z: z._mpc_)


def _register_sympy() -> None:
    import sympy

    KEYS.register(sympy.Basic, lambda e: (e, *((n._prec, str(n)) for n in sorted(e.atoms(sympy.Float), key=str))))


KEYS.register_lazily("mpmath", _register_mpmath)
KEYS.register_lazily("sympy", _register_sympy)
