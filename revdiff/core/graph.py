"""The graph of the way back: nodes, and the ends where it arrives.

Imports errors, structures, cotangents and captured arrays. A node is a plain tuple, because tuples are what
Python makes, frees and walks fastest:

    (number, tag, parent, local, parent, local, …)      a step back, by one local map per parent
    (number, tag, end)                                  the variable, where the way back ends

``number`` counts up with creation, so parents have smaller numbers than their children. ``tag`` is
the number of the variable: pullbacks of one tag lead to one variable, and of two tags the larger
one belongs to the derivative that was asked for last, the inner one. A ``local`` map is None
(identity), a float or an array (multiplication by it) or a function.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count, repeat
from typing import Any, Protocol, TypeAlias, final

import numpy as np

from revdiff.core.capture import Fingerprint, check, watch
from revdiff.core.cotangents import ZERO, zero_like
from revdiff.core.errors import MismatchError, PullbackError, describe, describe_form
from revdiff.core.masks import Masked
from revdiff.core.structure import CARRIERS, LAYERS, MAPS, STRUCTURES, map_leaves, only_floats

Node: TypeAlias = tuple[Any, ...]
Local: TypeAlias = Callable[[Any], Any] | np.ndarray[Any, Any] | float | None

_NUMPY = (np.ndarray, np.generic)
_DOUBLE = np.dtype(np.float64)
_REALS = (float, int, np.floating, np.integer)

next_number = count(1).__next__


class End(Protocol):
    """Where a way back ends."""

    def arrive(self, cotangent: Any) -> Any:
        """Take the summed cotangent and return that of the variable."""

    def zero(self) -> Any:
        """Return the cotangent of the variable where nothing arrives, None if the variable is not known."""


@final
class Variable:
    """The end of the way back: a variable that hands out the cotangent that reached it.

    A caller's arrays are remembered by their fingerprints: local maps may need their numbers again.
    """

    __slots__ = ("_fingerprints", "_value", "assemble", "tag")

    def __init__(self, value: Any, tag: int | None, marks: list[Fingerprint] | None = None) -> None:
        self._value = value
        self._fingerprints = watch(value) if marks is None else marks
        self.assemble: Any = None  # what puts its cotangent together, for all who read parts of it
        self.tag = tag

    def arrive(self, cotangent: Any) -> Any:
        """Return the cotangent, after a look at what it is.

        A local pullback that reads the variable instead of its value leaves this derivative's own
        layer on the cotangent. The derivative is over, and the layer comes off.
        """
        value = self._value
        if type(cotangent) is float and type(value) is float:
            return cotangent
        if (
            type(value) is type(cotangent)
            and only_floats(value)
            and only_floats(cotangent)
            and len(value) == len(cotangent)
        ):
            return cotangent[:]
        if not _are_alike(value, cotangent, self.tag):
            cotangent = self._fitted(cotangent)
        check(self._fingerprints, value)
        return cotangent

    def _fitted(self, cotangent: Any) -> Any:
        value = self._value
        if type(cotangent) is not np.ndarray:
            cotangent = self._without_own_layer(cotangent)
        is_of_numpy = isinstance(_plain(cotangent), np.generic) and not hasattr(cotangent, "_node")
        if is_of_numpy and type(_plain(value)) is float:
            cotangent = cotangent.item()
        elif type(cotangent) is float and isinstance(value, np.floating):
            cotangent = type(value)(cotangent)
        return cotangent if _fits(value, cotangent) else _in_its_dtype(value, cotangent)

    def zero(self) -> Any:
        """Return the zero of the variable."""
        return zero_like(self._value)

    def _without_own_layer(self, cotangent: Any) -> Any:
        if STRUCTURES.find(type(cotangent)) is not None or MAPS.find(type(cotangent)) is not None:
            return map_leaves(self._without_own_layer, cotangent)
        while getattr(cotangent, "_node", NOWHERE)[1] == self.tag:
            cotangent = cotangent.value
        return cotangent

    def __reduce__(self) -> tuple[Any, ...]:
        return Variable, (self._value, None)


def _are_alike(value: Any, cotangent: Any, tag: int | None) -> bool:
    """Tell, quickly, whether a cotangent consists of arrays and floats, just as its value does, without the layer ``tag``."""
    kind = type(value)
    if kind is not type(cotangent):
        return False
    if kind in CARRIERS:
        return cotangent._node[1] != tag and _are_alike(value.value, cotangent.value, None)
    if kind is np.ndarray:
        return value.dtype is cotangent.dtype and value.shape == cotangent.shape and value.dtype.kind in "fc"
    if kind is tuple or kind is list:
        return len(value) == len(cotangent) and all(map(_are_alike, value, cotangent, repeat(tag)))
    if kind is float:
        return True
    structure = STRUCTURES.find(kind)
    if structure is None or structure.cotangent is not structure.build:
        return False
    parts, cotangents = structure.parts(value), structure.parts(cotangent)
    if parts.keys() != cotangents.keys():
        return False
    return all(map(_are_alike, parts.values(), map(cotangents.get, parts), repeat(tag)))


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
    elif isinstance(value, np.ndarray):
        if cotangent is None or isinstance(cotangent, str) or STRUCTURES.find(type(cotangent)) is not None:
            raise PullbackError.misfit(describe(cotangent), f"an array of shape {value.shape}")
        if np.shape(cotangent) != value.shape:
            met = f"of shape {np.shape(cotangent)}"
            raise PullbackError.misfit(met, f"of shape {value.shape}")
    elif isinstance(value, float | int | complex | np.generic) and (
        cotangent is None
        or STRUCTURES.find(type(cotangent)) is not None
        or isinstance(cotangent, str)
        or np.shape(cotangent) != ()
    ):
        raise PullbackError.misfit(describe(cotangent), f"a number, like {value!r}")
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
    while type(x) in LAYERS or (hasattr(x, "_node") and STRUCTURES.find(type(x)) is None):
        x = x.value
    return x


@final
class Nowhere:
    """The end of the way back from a constant: whatever arrives becomes zero."""

    __slots__ = ()

    def arrive(self, cotangent: Any) -> Any:
        """Return zero."""
        return zero_like(cotangent)

    def zero(self) -> None:
        """Return None."""


@final
class HandMade:
    """The end of the way back at a plain function that somebody wrote as a pullback."""

    __slots__ = ("_function",)

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self._function = function

    def arrive(self, cotangent: Any) -> Any:
        """Return what the function makes of the cotangent."""
        return self._function(cotangent)

    def zero(self) -> None:
        """Return None."""


NOWHERE: Node = (0, 0, Nowhere())
"""The node of constants. Its tag 0 is below every other."""


def variable_node(value: Any, marks: list[Fingerprint]) -> Node:
    """Return a new variable, with a tag that no other has or will have, and the marks of its large arrays."""
    number = next_number()
    return (number, number, Variable(value, number, marks))


def hand_made_node(function: Callable[[Any], Any]) -> Node:
    """Return the end for a plain function. Its tag is negative: no other layer may be mixed with it."""
    number = next_number()
    return (number, -number, HandMade(function))


def edge(parent: Node, scale: float, local: Local) -> tuple[Node, Local]:
    """Return the pair (parent, local) for a step back to ``parent`` and on by the factor ``scale``."""
    if scale == 1.0:
        return parent, local
    return parent, scale if local is None else Scaled(local, scale)


@final
class Scaled:
    """The local map ct ↦ local(ct) · scale."""

    __slots__ = ("_local", "_scale")

    def __init__(self, local: Any, scale: float) -> None:
        self._local = local
        self._scale = scale

    def __call__(self, cotangent: Any) -> Any:
        """Apply the local map and multiply."""
        sent = self._local(cotangent) if callable(self._local) else cotangent * self._local
        return sent if sent is ZERO or sent is None else sent * self._scale

    def masked(self, cotangent: Masked) -> Any:
        """Apply the local map to what is present, and multiply."""
        if not callable(self._local):
            sent = cotangent * self._local
        elif hasattr(self._local, "masked"):
            sent = self._local.masked(cotangent)
        else:
            return self(cotangent.value)
        return sent if sent is ZERO else sent * self._scale
