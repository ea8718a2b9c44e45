"""Whether a cotangent belongs to a value: structure by structure, shape by shape, dtype by dtype.

Imports errors, structures and the monoid of cotangents. What reaches a variable is looked at once, here.
"""

from __future__ import annotations

from itertools import repeat
from typing import Any

import numpy as np

from revdiff.core.cotangents import zero_like
from revdiff.core.errors import MismatchError, PullbackError, describe, describe_form
from revdiff.core.structure import CARRIERS, LAYERS, MAPS, STRUCTURES, map_leaves

_NUMPY = (np.ndarray, np.generic)
_DOUBLE = np.dtype(np.float64)
_REALS = (float, int, np.floating, np.integer)


def are_alike(value: Any, cotangent: Any, tag: int | None) -> bool:
    """Tell, quickly, whether a cotangent consists of arrays and floats, just as its value does, without the layer ``tag``."""
    kind = type(value)
    if kind is not type(cotangent):
        return False
    if kind in CARRIERS:
        return cotangent._node[1] != tag and are_alike(value.value, cotangent.value, None)
    if kind is np.ndarray:
        return value.dtype is cotangent.dtype and value.shape == cotangent.shape and value.dtype.kind in "fc"
    if kind is tuple or kind is list:
        return len(value) == len(cotangent) and all(map(are_alike, value, cotangent, repeat(tag)))
    if kind is float:
        return True
    structure = STRUCTURES.find(kind)
    if structure is None or structure.cotangent is not structure.build:
        return False
    parts, cotangents = structure.parts(value), structure.parts(cotangent)
    if parts.keys() != cotangents.keys():
        return False
    return all(map(are_alike, parts.values(), map(cotangents.get, parts), repeat(tag)))


def fitted(value: Any, cotangent: Any, tag: int | None) -> Any:
    """Return a cotangent without the layer ``tag``, and with the numbers of NumPy in it in the dtypes of their places.

    Raises `PullbackError` if it cannot be a cotangent of the value.
    """
    if type(cotangent) is not np.ndarray:
        cotangent = _without_layer(cotangent, tag)
    is_of_numpy = isinstance(_plain(cotangent), np.generic) and not hasattr(cotangent, "_node")
    if is_of_numpy and type(_plain(value)) is float:
        cotangent = cotangent.item()
    elif type(cotangent) is float and isinstance(value, np.floating):
        cotangent = type(value)(cotangent)
    return cotangent if _fits(value, cotangent) else _in_its_dtype(value, cotangent)


def _without_layer(cotangent: Any, tag: int | None) -> Any:
    if STRUCTURES.find(type(cotangent)) is not None or MAPS.find(type(cotangent)) is not None:
        return map_leaves(lambda leaf: _without_layer(leaf, tag), cotangent)
    while hasattr(cotangent, "_node") and cotangent._node[1] == tag:
        cotangent = cotangent.value
    return cotangent


def _fits(value: Any, cotangent: Any) -> bool:
    """Tell whether all numbers of a cotangent have the dtype of their place.

    Raises `PullbackError` if this cannot be a cotangent of the value: another structure or shape, or no number.
    """
    if type(value) is float is type(cotangent):
        return True
    value, cotangent = _plain(value), _plain(cotangent)
    structure = STRUCTURES.find(type(value))
    if structure is not None:
        try:
            cotangents = structure.spread(value, cotangent)
        except MismatchError:
            raise PullbackError.misfit(describe_form(cotangent), describe_form(value)) from None
        fits = True
        for key, part in structure.parts(value).items():
            try:
                fits &= _fits(part, cotangents.get(key))
            except PullbackError as error:
                error.inside(structure.step(value, key))
                raise
        return fits
    if MAPS.find(type(value)) is not None:
        needed = zero_like(value)
        if type(cotangent) is not type(needed):
            raise PullbackError.misfit(describe(cotangent), describe(needed))
    elif isinstance(value, float | int | complex | np.generic | np.ndarray):
        is_number = not (
            cotangent is None or isinstance(cotangent, str) or STRUCTURES.find(type(cotangent)) is not None
        )
        if not is_number or np.shape(cotangent) != np.shape(value):
            needed = (
                f"an array of shape {value.shape}" if isinstance(value, np.ndarray) else f"a number, like {value!r}"
            )
            raise PullbackError.misfit(describe_form(cotangent), needed)
    return _dtype_of_place(value, cotangent) is None


def _dtype_of_place(value: Any, cotangent: Any) -> Any:
    """Return the dtype that the cotangent of a value of NumPy is to have, None if it has it.

    That of whole numbers is float64. NumPy forgets the order of the bytes, and before NumPy 2 a single number took the
    precision of the Python float beside it. Beside an array of objects floats became objects.
    """
    if not isinstance(value, _NUMPY) or not isinstance(cotangent, _NUMPY) or value.dtype is cotangent.dtype:
        return None
    dtype = _DOUBLE if value.dtype.kind in "iu" else value.dtype
    if cotangent.dtype.kind == "O" and dtype.kind in "fc":
        return dtype if all(isinstance(number, _REALS) for number in cotangent.flat) else None
    is_apart = dtype.kind not in "fc" or cotangent.dtype.kind not in "fc" or dtype.kind < cotangent.dtype.kind
    return None if is_apart or dtype == cotangent.dtype else dtype


def _in_its_dtype(value: Any, cotangent: Any) -> Any:
    """Return a cotangent with the numbers of NumPy in it in the dtypes of their places."""
    value, plain = _plain(value), _plain(cotangent)
    structure = STRUCTURES.find(type(value))
    if structure is None:
        dtype = _dtype_of_place(value, plain)
        return cotangent if dtype is None else cotangent.astype(dtype)
    cotangents = structure.spread(value, cotangent)
    fitted = {key: _in_its_dtype(part, cotangents[key]) for key, part in structure.parts(value).items()}
    return structure.cotangent(value, fitted)


def _plain(x: Any) -> Any:
    while type(x) in LAYERS:
        x = x.value
    return x
