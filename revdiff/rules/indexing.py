"""Indexing: x[i], its adjoint, which puts cotangents back where they were taken from, and copies with other elements.

Imports the core, broadcasting and shapes. Reading one element sends back that element's cotangent and its
place, not an array of zeros around it; the sweep collects the places and makes one array of them, so
that n reads of an array of n elements cost O(n).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, final

import numpy as np

from revdiff.arrays.broadcasting import Fit, With, fit_for, item
from revdiff.arrays.memory import ALWAYS_BASIC, is_basic, viewed
from revdiff.arrays.numpy_protocol import attribute, plain
from revdiff.batches.batch import Batch, holds_batch
from revdiff.batches.indexing import scattered
from revdiff.core.collecting import Where
from revdiff.core.cotangents import add, whole, zero_like
from revdiff.core.errors import ArgumentError, describe
from revdiff.core.graph import NOWHERE, Node, Variable, edge, next_number
from revdiff.core.lifting import bare, lift
from revdiff.core.masks import Masked, masked
from revdiff.core.parts import split
from revdiff.core.revdiff import OPERATORS, RevDiff, made, primal, shape_of
from revdiff.rules.shape import gather, reshape
from revdiff.systems import applied, require_number


def getitem(x: Any, index: Any, /) -> Any:
    """Return x[index], with every kind of index that NumPy knows.     x̄ is zero but for x̄[index] = ȳ."""
    if type(index) not in (int, slice):
        index = _plain(index)
    array = primal(x)
    if type(array) is not np.ndarray:
        if isinstance(array, np.generic):
            x = reshape(reshape(x, 1), ())
        elif not isinstance(array, np.ndarray):
            msg = f"this RevDiff holds {describe(array)}, which cannot be indexed"
            raise ArgumentError(msg)
    if type(x) is not RevDiff:
        return x[index]
    if not x._node[1]:
        x = bare(x)
    y, node, scale = x.value[index], x._node, x._scale
    if node[1]:
        parent, place = _place(x, node, index) if scale == 1.0 else (node, Where(index, _elements_of(array, node)))
        node = (
            (next_number(), node[1], parent, place)
            if scale == 1.0
            else (next_number(), node[1], *edge(node, scale, place))
        )
    y = made(y, node)
    return viewed(x, y, getitem, index) if type(primal(y)) is np.ndarray else y


def _place(x: RevDiff, node: Node, index: Any) -> tuple[Node, Where]:
    """Return where x[index] is, and in what: x[i][j] is x[i, j], one place and not a place in a place."""
    if len(node) == 4 and type(node[3]) is Where:
        outer = node[3].index
        outer = outer if type(outer) is tuple else (outer,)
        inner = index if type(index) is tuple else (index,)
        if _ONLY_NUMBERS.issuperset(map(type, outer)) and ALWAYS_BASIC.issuperset(map(type, inner)):
            return node[2], Where((*outer, *inner), node[3].assemble)
    return node, Where(index, _elements_of(primal(x), node))


_ONLY_NUMBERS = frozenset({int})


def _elements_of(array: Any, node: Node) -> _Elements:
    """Return what puts the cotangent of an array together. That of a variable is made once, for all its reads."""
    if len(node) != 3 or type(node[2]) is not Variable:
        return _Elements(array, node)
    end = node[2]
    if end.assemble is None:
        end.assemble = _Elements(array, node)
    return end.assemble  # type: ignore[no-any-return]


def elements(x: Any, /) -> Any:
    """Return the elements of an array, or the one number that x is, in an array of objects.     x̄ᵢ = ȳᵢ.

    Elements of float64 become Python floats, which compute faster than NumPy's.
    """
    if type(x) is not RevDiff:
        boxed = np.empty(x.shape, object)
        for index in np.ndindex(x.shape):
            boxed[index] = x[index] if x.dtype != np.float64 else x.item(index)
        return boxed
    if not isinstance(primal(x), np.ndarray):
        boxed = np.empty((), object)
        boxed[()] = x
        return boxed
    boxed = elements(x.value)
    node, assemble = x._node, _Elements(primal(x), x._node)
    for index in np.ndindex(boxed.shape):
        way = NOWHERE if node[1] == 0 else (next_number(), node[1], node, Where(index, assemble))
        boxed[index] = made(boxed[index], way)
    return boxed


_NUMBER = bytes(64)
"""Room for one number of any dtype: an array of zeros that has the shape of another, and does not keep that alive."""


@final
class _Elements:
    """Puts the cotangent of an array together from those of the elements that were read. The others are absent."""

    __slots__ = ("_dtype", "_kept", "_shape")

    def __init__(self, like: Any, node: Node) -> None:
        is_kept = len(node) == 3 or like.dtype.kind == "O"  # by its variable, or needed for the zeros of its objects
        self._kept = like if is_kept else None
        self._shape = like.shape
        self._dtype = like.dtype

    @property
    def _like(self) -> Any:
        """The array, or one that looks like it: the array itself is not kept alive."""
        if self._kept is not None:
            return self._kept
        return np.ndarray(self._shape, self._dtype, _NUMBER, 0, (0,) * len(self._shape))

    def __call__(self, places: Mapping[Any, Any]) -> Any:
        return scatter(self._like, places)

    def masked(self, places: Mapping[Any, Any]) -> Any:
        """Return the cotangent and the masks of what was reached."""
        # Where the index is another one for each sample, zeros stand for what is absent in some of them.
        if any(holds_batch(place.index) for place in places):
            return self({place: whole(ct) for place, ct in places.items()})
        is_faint = any(type(ct) is Masked and ct.firm is not ct.mask for ct in places.values())
        mask = self._reached(places, lambda ct: ct.mask)
        firm = self._reached(places, lambda ct: ct.firm) if is_faint else mask
        return masked(scatter(self._like, {place: whole(ct) for place, ct in places.items()}), mask, firm)

    def _reached(self, places: Mapping[Any, Any], mask_of: Callable[[Masked], Any]) -> Any:
        reached = np.zeros(self._shape, bool)
        for place, ct in places.items():
            if type(ct) is Masked:
                np.logical_or.at(reached, place.index, mask_of(ct))
            else:
                reached[place.index] = True
        return reached


def scatter(like: Any, places: Mapping[Any, Any], /) -> Any:
    """Return an array as large as ``like``, zero but for the sums of what belongs to each place.

    x̄ = Σₖ place k of ȳₖ, and so ȳₖ = x̄[placeₖ].
    """
    kinds = set(map(type, places.values()))
    if Batch in kinds:
        return scattered(like, places, scatter)
    if RevDiff in kinds:

        def body(*cotangents: Any) -> tuple[Any, ...]:
            full = scatter(like, dict(zip(places, cotangents, strict=True)))
            return full, *[_Get(place.index) for place in places]

        return lift(body, *places.values())
    return applied("scatter", partial(_scattered, like, places), *places.values())


def _scattered(like: Any, places: Iterable[Any], *cotangents: Any) -> Any:
    full = np.asarray(zero_like(like))  # the zero of an array of one object is that object's
    is_of_objects = full.dtype.kind == "O"
    for place, ct in zip(places, cotangents, strict=True):
        index = place.index
        if is_of_objects and np.ndim(full[index]) == 0:
            full[index] = add(full[index], ct)
        elif is_basic(index):
            full[index] += ct
        else:
            np.add.at(full, index, ct)
    return full


@final
class _Get:
    """The local pullback of a place: x̄[index]."""

    __slots__ = ("_index",)

    def __init__(self, index: Any) -> None:
        self._index = index

    def __call__(self, ct: Any) -> Any:
        """Take the cotangent from its place. That of an array without axes may be a number of Python."""
        return (ct if hasattr(type(primal(ct)), "__getitem__") else reshape(ct, ()))[self._index]

    def masked(self, ct: Masked) -> Any:
        """Take what is present there."""
        return ct.moved(ct.value[self._index], lambda mask: mask[self._index])


def put(x: Any, index: Any, value: Any, /) -> Any:
    """Return a copy of x with x[index] = value.     x̄ = ȳ, zero at the index;  v̄ = ȳ[index], summed where v was repeated.

    The numbers take the dtype of x, unless they are of a higher kind: whole numbers with a float among them are floats.
    Raises `ArgumentError` where an index names an element twice.

    >>> put(np.zeros(3), slice(1, None), [1.0, 2.0])
    array([0., 1., 2.])
    """
    index = _plain(index)

    def body(x: Any, value: Any) -> tuple[Any, Any, Any]:
        write = partial(_written, index=index, write=_assign)
        y = applied("put", write, x, value) if RevDiff not in (type(x), type(value)) else put(x, index, value)
        of_value = With(_taken, index, fit_for(value, primal(y)[index]))
        return y, With(_elsewhere, index, fit_for(x, y)), of_value

    return lift(body, _array(x), _array(value))


def add_at(x: Any, index: Any, value: Any, /) -> Any:
    """Return a copy of x with the value added at the index, as often as it names an element.     x̄ = ȳ, v̄ = ȳ[index].

    >>> add_at(np.zeros(3), [0, 0, 2], 1.0)
    array([2., 0., 1.])
    """
    index = _plain(index)

    def body(x: Any, value: Any) -> tuple[Any, Any, Any]:
        write = partial(_written, index=index, write=np.add.at)
        y = applied("add.at", write, x, value) if RevDiff not in (type(x), type(value)) else add_at(x, index, value)
        of_value = With(_taken, index, fit_for(value, primal(y)[index]))
        return y, fit_for(x, y), of_value

    return lift(body, _array(x), _array(value))


def _array(x: Any) -> Any:
    x = split(x) if type(x) is RevDiff else x
    return gather(np.array(x) if isinstance(x, list | tuple) else x)


def _written(x: Any, value: Any, *, index: Any, write: Callable[[Any, Any, Any], None]) -> Any:
    """Return a copy of x into which the value was written, in a dtype that holds it."""
    if not isinstance(x, np.ndarray):
        msg = f"{describe(x)} cannot be indexed"
        raise ArgumentError(msg)
    there, new = np.broadcast_to(np.False_, x.shape)[index].shape, np.asarray(value)
    if new.dtype.kind not in (x.dtype.kind, "b"):
        require_number(value, "what is put into an array")
    lead = len(there) - new.ndim
    if lead < 0 or any(n not in (1, m) for n, m in zip(new.shape, there[lead:], strict=True)):
        msg = f"a value of shape {new.shape} does not fit into a place of shape {there}"
        raise ArgumentError(msg)
    holds = x.dtype.kind in "biufcO" and np.can_cast(new.dtype, x.dtype, "same_kind")
    y = np.array(x, x.dtype if holds else np.result_type(x.dtype, new.dtype))
    write(y, index, np.broadcast_to(new, there)[()])  # ufunc.at of NumPy 2.4 reads beyond what it is left to broadcast
    return y


def _assign(y: Any, index: Any, value: Any) -> None:
    if not is_basic(index):
        named = np.arange(y.size).reshape(y.shape)[index]
        if len(np.unique(named)) < named.size:
            msg = "the index names an element twice, and only one value can stand there"
            raise ArgumentError(msg)
    y[index] = value


def _taken(ct: Any, index: Any, fit: Fit | None) -> Any:
    return ct[index] if fit is None else fit(ct[index])


def _elsewhere(ct: Any, index: Any, fit: Fit | None) -> Any:
    ct = put(ct, index, zero_like(primal(ct)[index]))
    return ct if fit is None else fit(ct)


def _plain(index: Any) -> Any:
    """Return an index that is not a RevDiff, and that nobody can change before the way back."""
    kind = type(index)
    if kind is tuple:
        return index if ALWAYS_BASIC.issuperset(map(type, index)) else tuple(map(_plain, index))
    if kind is list and not index:
        return np.array(index, np.intp)  # of floats otherwise
    if kind is RevDiff:
        index = primal(index)
        if isinstance(index, float):
            msg = "an index must be a whole number; this RevDiff holds a float"
            raise ArgumentError(msg)
    return np.array(plain(index)) if isinstance(index, np.ndarray | list) else index


def to_number(x: Any, /, *index: Any) -> Any:
    """Return an element as a number of Python: ``r.item()`` of one element, ``r.item(i)``, ``r.item(i, j)``.     x̄ᵢ = ȳ."""
    if len(index) > 1 or (index and isinstance(index[0], tuple)):
        element = x[index if len(index) > 1 else index[0]]
    elif index or np.size(primal(x)) == 1:
        element = reshape(x, -1)[index[0] if index else 0]
    else:
        msg = f"r.item() is for one element; met an array of shape {shape_of(x)}"
        raise ArgumentError(msg)
    return item(element) if isinstance(primal(element), np.generic) else element


def to_list(x: Any, /) -> Any:
    """Return nested lists of the elements, as numbers of Python.     x̄ᵢ = ȳᵢ."""
    return [to_list(part) for part in x] if np.ndim(primal(x)) else to_number(x)


def only_of(kinds: Any, name: str, function: Callable[..., Any]) -> Callable[[Any], Any]:
    """Return an attribute that RevDiffs of these types have, and others have not."""

    def read(x: Any) -> Any:
        if not isinstance(primal(x), kinds):
            msg = f"a RevDiff of {describe(primal(x))} has no attribute {name!r}"
            raise AttributeError(msg, name=name, obj=x)  # noqa: TRY004 (hasattr must work)
        return function(x)

    return read


OPERATORS["getitem"] = getitem
OPERATORS["index"] = _plain
attribute("item", only_of((np.ndarray, np.generic), "item", lambda x: partial(to_number, x)))
attribute("tolist", only_of((np.ndarray, np.generic), "tolist", lambda x: partial(to_list, x)))
