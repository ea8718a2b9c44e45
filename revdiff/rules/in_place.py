"""What writes into an array, or shows its bytes. A RevDiff does not change, and an array of numbers cannot take one in.

Imports indexing and shapes. Arrays of objects can: `np.full(3, r)` makes one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from revdiff.core.errors import ConversionError, MissingRuleError
from revdiff.core.revdiff import RevDiff, primal
from revdiff.numpy_protocol import method, plain, stands_for
from revdiff.rules.indexing import elements
from revdiff.rules.shape import gather

IN_PLACE = {
    "fill": "np.full_like(r, value)",
    "partition": "np.partition(r, kth)",
    "itemset": "np.where(mask, value, r)",
    "put": "np.where(mask, values, r)",
    "resize": "np.resize(r, shape)",
    "sort": "np.sort(r)",
    "setfield": "np.where(mask, values, r)",
    "setflags": "r",
}
"""The methods of arrays that change them, and what to write instead."""

BYTES = ("byteswap", "dump", "dumps", "getfield", "tobytes", "tofile", "view")
"""The methods of arrays that show their bytes."""


@stands_for(np.copyto)
def copyto(target: Any, values: Any, /, casting: Any = "same_kind", where: Any = True) -> None:
    """Write values into an array of objects."""
    np.copyto(target, _writable(values, target, "copyto"), casting, plain(where))


@stands_for(np.put)
def put(target: Any, indices: Any, values: Any, /, mode: Any = "raise") -> None:
    """Write values at indices into an array of objects."""
    np.put(target, plain(indices), _writable(values, target, "put"), mode)


@stands_for(np.putmask)
def putmask(target: Any, mask: Any, values: Any, /) -> None:
    """Write values under a mask into an array of objects."""
    np.putmask(target, plain(mask), _writable(values, target, "putmask"))


@stands_for(np.place)
def place(target: Any, mask: Any, values: Any, /) -> None:
    """Write values under a mask into an array of objects, one after the other."""
    np.place(target, plain(mask), _writable(values, target, "place"))


@stands_for(np.put_along_axis)
def put_along_axis(target: Any, indices: Any, values: Any, /, axis: int | None) -> None:
    """Write values at indices along an axis into an array of objects."""
    np.put_along_axis(target, plain(indices), _writable(values, target, "put_along_axis"), axis)


@stands_for(np.fill_diagonal)
def fill_diagonal(target: Any, value: Any, /, wrap: bool = False) -> None:
    """Write a value into the diagonal of an array of objects."""
    np.fill_diagonal(target, _writable(value, target, "fill_diagonal"), wrap)


def _writable(values: Any, target: Any, name: str) -> Any:
    """Return what NumPy can write into the target: objects, one for each element."""
    if type(target) is RevDiff:
        raise _unchangeable("numpy." + name + "(r, …)", "np.where(mask, values, r)")
    values = gather(values)
    if type(values) is not RevDiff:
        return values
    if target.dtype == object:
        return elements(values) if isinstance(primal(values), np.ndarray) else _boxed(values)
    msg = (
        f"numpy.{name} was asked to write a RevDiff into an array of numbers, which would drop its derivative.\n"
        "  Write np.where(mask, r, a); for an array that is filled with r, np.broadcast_to(r, shape)."
    )
    raise ConversionError(msg)


def _boxed(value: Any) -> Any:
    box = np.empty((), object)
    box[()] = value
    return box


def _unchangeable(met: str, instead: str) -> MissingRuleError:
    return MissingRuleError(f"{met} would change r, and a RevDiff does not change.\n  Write {instead}.")


def _refuse_change(name: str, instead: str) -> Callable[..., NoReturn]:
    def refuse(self: Any, *args: Any, **options: Any) -> NoReturn:
        raise _unchangeable("r." + name + "()", instead)

    return refuse


def _refuse_bytes(name: str) -> Callable[..., NoReturn]:
    def refuse(self: Any, *args: Any, **options: Any) -> NoReturn:
        conversion = f"{name}()"
        raise ConversionError.of(conversion)

    return refuse


for _name, _instead in IN_PLACE.items():
    method(_name, _refuse_change(_name, _instead))
for _name in BYTES:
    method(_name, _refuse_bytes(_name))
