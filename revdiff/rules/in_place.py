"""What writes into an array by a function, a method or an attribute: `np.put`, ``r.sort``, ``r.flat``; or shows its bytes.

Imports memory, indexing and shapes. All of them are assignments, ``r[i] = v``, in other words; so they change what an
assignment may change. An array of objects takes RevDiffs one by one, an array of numbers cannot take them at all.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

import numpy as np

from revdiff.arrays.memory import mirrored
from revdiff.arrays.numpy_protocol import attribute, method, plain, stands_for
from revdiff.core.errors import ConversionError, MissingRuleError
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.rules.indexing import elements, only_of
from revdiff.rules.shape import gather, ravel, reshape

UNCHANGEABLE = {"resize": "np.resize(r, shape)", "setfield": "r[i] = v", "setflags": "r"}
"""The methods of arrays that change more than their elements, and what to write instead."""

BYTES = ("byteswap", "dump", "dumps", "getfield", "tobytes", "tofile", "view")
"""The methods of arrays that show their bytes."""


def _writing(numpy_function: Any, place: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Let a rule write into RevDiffs, and NumPy into its arrays: the argument in a place, element by element."""

    def register(rule: Callable[..., None]) -> Callable[..., None]:
        @stands_for(numpy_function)
        @wraps(rule)
        def write(target: Any, /, *args: Any, **options: Any) -> None:
            if type(target) is RevDiff:
                rule(target, *args, **options)
                return
            given = [_boxes(a, target, rule.__name__) if i == place else plain(a) for i, a in enumerate(args, 1)]
            numpy_function(target, *given, **{name: plain(value) for name, value in options.items()})

        return write

    return register


@_writing(np.copyto, 1)
def copyto(target: Any, values: Any, /, casting: Any = "same_kind", where: Any = True) -> None:
    """Write values into an array, at the places of a mask."""
    if where is True:
        target[...] = values
        return
    there = np.broadcast_to(plain(where), target.shape)
    target[there] = np.broadcast_to(gather(values), target.shape)[there]


@_writing(np.put, 2)
def put(target: Any, indices: Any, values: Any, /, mode: Any = "raise") -> None:
    """Write values at indices into the elements along one axis, repeating them as needed."""
    numbers = np.take(np.arange(target.size), plain(indices), mode=mode).ravel()
    _write(target, numbers, _cyclic(values, numbers.size))


@_writing(np.putmask, 2)
def putmask(target: Any, mask: Any, values: Any, /) -> None:
    """Write values under a mask, each at the place where it stands, repeating them as needed."""
    numbers = np.flatnonzero(plain(mask))
    _write(target, numbers, _cyclic(values, target.size)[numbers])


@_writing(np.place, 2)
def place(target: Any, mask: Any, values: Any, /) -> None:
    """Write values under a mask, one after the other, repeating them as needed."""
    numbers = np.flatnonzero(plain(mask))
    _write(target, numbers, _cyclic(values, numbers.size))


@_writing(np.put_along_axis, 2)
def put_along_axis(target: Any, indices: Any, values: Any, /, axis: int | None) -> None:
    """Write values at indices along an axis."""
    numbers = np.arange(target.size).reshape(target.shape)
    _write(target, np.take_along_axis(numbers, plain(indices), axis), gather(values))


@_writing(np.fill_diagonal, 1)
def fill_diagonal(target: Any, value: Any, /, wrap: bool = False) -> None:
    """Write a value, or one after the other, into the diagonal."""
    diagonal = np.zeros(target.shape, bool)
    np.fill_diagonal(diagonal, True, wrap)
    numbers = np.flatnonzero(diagonal)
    _write(target, numbers, _cyclic(value, numbers.size))


def _write(target: RevDiff, numbers: Any, values: Any) -> None:
    """Write values to the elements with these numbers, counted along the rows."""
    target[np.unravel_index(numbers, target.shape)] = values


def _cyclic(values: Any, size: int) -> Any:
    """Return so many of the values, beginning again with the first after the last."""
    return np.resize(ravel(gather(values)), size)


def _boxes(values: Any, target: Any, name: str) -> Any:
    """Return what NumPy can write into the target: objects, one for each element."""
    values = gather(values)
    if type(values) is not RevDiff:
        return values
    if target.dtype == object:
        return elements(values)
    msg = (
        f"numpy.{name} was asked to write a RevDiff into an array of numbers, which would drop its derivative.\n"
        "  Make the array with room for derivatives:  np.zeros_like(r)  or  np.zeros(n, like=r)"
    )
    raise ConversionError(msg)


def _fill(r: RevDiff, value: Any) -> None:
    r[...] = value


def _sort(r: RevDiff, axis: int = -1, **how: Any) -> None:
    r[...] = np.sort(r, axis, **how)


def _partition(r: RevDiff, kth: Any, axis: int = -1, **how: Any) -> None:
    r[...] = np.partition(r, kth, axis, **how)


def _flat(r: RevDiff) -> Any:
    """Return the elements along one axis. What is written there is written into r, also where it is a copy."""
    y = reshape(r, -1)
    if not np.may_share_memory(primal(y), primal(r)) and not mirrored(r, y, reshape, -1):
        primal(y).flags.writeable = False
    return y


def _write_flat(r: RevDiff, values: Any) -> None:
    r[...] = reshape(_cyclic(values, np.size(primal(r))), shape_of(r))


def _refuse_change(name: str, instead: str) -> Callable[..., NoReturn]:
    def refuse(self: Any, *args: Any, **options: Any) -> NoReturn:
        msg = f"r.{name}() would change more of r than its elements.\n  Write {instead}."
        raise MissingRuleError(msg)

    return refuse


def _refuse_bytes(name: str) -> Callable[..., NoReturn]:
    def refuse(self: Any, *args: Any, **options: Any) -> NoReturn:
        conversion = f"{name}()"
        raise ConversionError.of(conversion)

    return refuse


attribute("flat", only_of(np.ndarray, "flat", _flat), _write_flat)
method("fill", _fill)
method("put", put)
method("sort", _sort)
method("partition", _partition)
for _name, _instead in UNCHANGEABLE.items():
    method(_name, _refuse_change(_name, _instead))
for _name in BYTES:
    method(_name, _refuse_bytes(_name))
