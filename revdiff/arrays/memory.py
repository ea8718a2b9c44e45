"""Arrays that a function writes into: ``out[i] = r`` with NumPy's meaning, views and in-place operators included.

Imports the core and broadcasting. A RevDiff is a value and does not change; what changes is which value a name
holds. A write makes a new value, whose way back knows what was written and what it took the place of, and
gives it to the array that was written to and to all of its views. Numbers are written in place where nothing else
holds them, so that filling an array of n elements costs O(n):

    y[i] = v        v̄ = ȳ[i],    and of the y before it, ȳ without its i
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from copy import copy
from types import EllipsisType, NoneType
from typing import Any, final
from weakref import ref

import numpy as np

from revdiff.arrays.broadcasting import With, fit_for
from revdiff.core.collecting import Place
from revdiff.core.errors import AssignmentError, MixedLayersError
from revdiff.core.graph import NOWHERE, Node, next_number
from revdiff.core.lifting import bare
from revdiff.core.revdiff import OPERATORS, RevDiff, made, primal
from revdiff.core.structure import OUTERMOST
from revdiff.core.written import Overwritten, Written

Step = Callable[[Any], Any]


@final
class Memory:
    """The numbers of one array, the ways back from them, and the RevDiffs that show them: the array and its views.

    A view is what a few steps make of the array, each an index, a reshaping or a permutation of axes; so where a
    view's elements lie in the array is what the same steps make of the elements' numbers.
    """

    __slots__ = ("_buffer", "_nodes", "_numbered", "_shown", "written")

    def __init__(self, array: RevDiff) -> None:
        self._buffer: Any = made(array.value, array._node, array._scale)  # of layers still, until the first write
        self._nodes: dict[int, Node] = {}
        self._numbered: Any = None
        self._shown: list[tuple[ref[RevDiff], tuple[Step, ...]]] = []
        self.written = False
        self.show(array, ())

    def show(self, r: RevDiff, steps: tuple[Step, ...]) -> None:
        """Let a RevDiff follow what is written: the array itself, or what the steps make of it."""
        r._memory = self, steps
        self._shown.append((ref(r), steps))

    def write(self, steps: tuple[Step, ...], index: Any, value: Any) -> None:
        """Write a value into the array, or into the view that the steps make of it."""
        if type(self._buffer) is RevDiff:
            self._buffer, self._nodes = _layers(self._buffer)
        self._require_writable(steps)
        index = OPERATORS["index"](index)
        if steps or not is_basic(index):
            index, value = self._once_each(steps, index, value)
        value, ways = _layers(value)
        tags = {*ways, *self._nodes}
        if len(tags) > 1 and min(tags) < 0:
            raise MixedLayersError.hand_made()
        _require_room(self._buffer, value, bool(ways))
        fit = fit_for(value, self._buffer[index])
        if not self._is_alone():
            self._buffer = copy(self._buffer)
        self._buffer[index] = value
        self.written = True
        before = {} if _is_everything(index) else self._nodes
        self._nodes = {}
        for tag in {*ways, *before}:
            step: list[Any] = [next_number(), tag]
            if tag in ways:
                step += ways[tag], Written(index, self._buffer.shape, fit)
            if tag in before:
                step += before[tag], Overwritten(index, self._buffer.shape)
            self._nodes[tag] = tuple(step)
        self._show_all()

    def _require_writable(self, steps: tuple[Step, ...]) -> None:
        """Raise `AssignmentError` for a view that NumPy makes read-only, and for the real parts of complex numbers."""
        shown = self.layout(steps)
        if shown.dtype != self._buffer.dtype:
            msg = (
                "this is the real or the imaginary part of another array, and only all of it can be written at once.\n"
                "  Write all of the part, y.real = v;  or whole numbers:  y[i] = v + 1j * y[i].imag."
            )
            raise AssignmentError(msg)
        if not shown.flags.writeable:
            raise AssignmentError.of_view()

    def layout(self, steps: tuple[Step, ...]) -> Any:
        """Return the part of the array that the steps lead to, where it lies."""
        return _after(steps, primal(self._buffer))

    def _once_each(self, steps: tuple[Step, ...], index: Any, value: Any) -> tuple[Any, Any]:
        """Return the index in the whole array, every element named once, and the value that belongs to it.

        Of an element that is named twice the last value counts, as it does in NumPy.
        """
        if self._numbered is None:
            self._numbered = np.arange(self._buffer.size).reshape(self._buffer.shape)
        numbers = _after(steps, self._numbered)[index]
        if not self._buffer.ndim:
            if not np.size(numbers):
                return np.zeros((), bool), value
            return ..., np.broadcast_to(value, np.shape(numbers)).reshape(-1)[-1]
        if not is_basic(index):
            distinct, last = np.unique(np.ravel(numbers)[::-1], return_index=True)
            if len(distinct) < np.size(numbers):
                value = np.broadcast_to(value, np.shape(numbers)).reshape(-1)[np.size(numbers) - 1 - last]
                numbers = distinct
        return np.unravel_index(numbers, self._buffer.shape), value

    def _is_alone(self) -> bool:
        """Say whether nothing else holds the numbers: no pullback, no view, no other name.

        Whatever needs them later holds a reference; Python counts these.
        """
        array: Any = self._shown[0][0]()
        holder = array
        while type(holder) is RevDiff and type(holder.value) is RevDiff:
            if sys.getrefcount(holder.value) > _ONE:
                return False
            holder = holder.value
        # Without a name for the plain value, which would be one more who holds it.
        if type(self._buffer) is not np.ndarray and sys.getrefcount(primal(self._buffer)) > _ONE:
            return False
        return sys.getrefcount(self._buffer) <= _ONE + (array is not None) and _is_sole(primal(self._buffer))

    def _show_all(self) -> None:
        """Give everyone who shows the array its new value and way back."""
        shown = self._shown
        self._shown = [shown[0]]
        now: Any = self._buffer
        for tag in sorted(self._nodes, key=abs):
            now = made(now, self._nodes[tag])
        if type(now) is not RevDiff:
            now = made(now, NOWHERE)
        for holder in shown:
            r, steps = holder[0](), holder[1]
            if r is None:
                continue
            fresh = now
            if steps:
                self._shown.append(holder)
                now._memory = None
                fresh = _after(steps, now)
                fresh.value = _detached(fresh.value)
            r.value, r._node, r._scale = fresh.value, fresh._node, fresh._scale


def viewed(x: Any, y: Any, function: Callable[..., Any], *args: Any) -> Any:
    """Return y = function(x, *args), which follows what is written into x if NumPy makes a view of the value of x."""
    if type(y) is not RevDiff:
        return y
    shown, source = primal(y), primal(x)
    if not type(shown) is type(source) is np.ndarray or not _is_part(shown, source):
        return y
    held: Any = getattr(x, "_memory", ())
    if held == ():
        views = int(shown is not source and shown.base is source.base)
        if _is_argument(x._node):
            x._memory = y._memory = None  # nobody writes into an argument, nor into a view of one
            return y
        if not _is_sole(source, views):
            return y
        Memory(x)
        held = x._memory
    if held is None:
        y._memory = None
        return y
    memory, steps = held
    step = With(function, *args)
    if memory.written:
        y.value = _detached(y.value)
        if steps and not _is_part(step(source := memory.layout(steps)), source):
            return y
    memory.show(y, (*steps, step))
    return y


def mirrored(x: RevDiff, y: RevDiff, function: Callable[..., Any], *args: Any) -> bool:
    """Let what is written into y = function(x, *args), a copy of elements of x, be written into x, and the other way round.

    Return False if nobody may write into x.
    """
    try:
        memory, steps = _memory_of(x)
    except AssignmentError:
        return False
    if not memory.layout(steps).flags.writeable:
        return False
    memory.show(y, (*steps, With(function, *args)))
    return True


def layout_of(x: Any) -> Any:
    """Return an array that lies in memory as x does in NumPy, where a view has no numbers of its own."""
    held = getattr(x, "_memory", None) if type(x) is RevDiff else None
    return primal(x) if held is None else held[0].layout(held[1])


def _is_sole(array: Any, views: int = 0) -> bool:
    """Say whether an array has its numbers for itself, but for so many views of it.

    Many functions of NumPy return a reshaping of an array that nobody else holds.
    """
    base = array.base
    if base is None:
        return True
    return type(base) is np.ndarray and sys.getrefcount(base) <= _ONE + 1 + views


def _is_part(shown: Any, source: Any) -> bool:
    base = shown.base
    if type(base) is not np.ndarray:  # of strides that somebody set
        base = getattr(base, "base", None)
    return shown is source or (base is not None and (base is source or base is source.base))


def assign(y: RevDiff, index: Any, value: Any, /) -> None:
    """Write y[index] = value, seen by all views of y, and by the array that y is a view of.

    Raises `AssignmentError` where NumPy would change an argument of the function, or an array of which nobody
    knows who else sees it.
    """
    memory, steps = _memory_of(y)
    memory.write(steps, index, OPERATORS["gather"](value))


def update(y: RevDiff, result: Any, /) -> RevDiff:
    """Let y be the result, as ``y += x`` does: an array changes in place, a number makes way for another."""
    plain = primal(y)
    if type(plain) is not np.ndarray and not (type(plain) in OUTERMOST and plain.ndim):
        return result  # type: ignore[no-any-return]
    assign(y, ..., result)
    return y


def _memory_of(y: RevDiff) -> tuple[Memory, tuple[Step, ...]]:
    held: Any = getattr(y, "_memory", None)
    if held is None:
        array = primal(y)
        if not isinstance(array, np.ndarray):
            raise AssignmentError.of_value(array)
        if _is_argument(y._node):
            raise AssignmentError.of_argument()
        if not array.flags.writeable or not _is_sole(array):
            raise AssignmentError.of_view()
        Memory(y)
        held = y._memory
    return held  # type: ignore[no-any-return]


def _is_argument(node: Node) -> bool:
    """Say whether this is the way back from a variable itself, or from a part of it."""
    while len(node) == 4 and type(node[3]) is Place:
        node = node[2]
    return len(node) == 3 and node is not NOWHERE


def _layers(x: Any) -> tuple[Any, dict[int, Node]]:
    """Return the plain value under x, and the way back of each of its layers by the tag."""
    nodes: dict[int, Node] = {}
    x = bare(x)
    while type(x) is RevDiff:
        node = x._node
        if node[1]:
            nodes[node[1]] = node if x._scale == 1.0 else (next_number(), node[1], node, x._scale)
        x = bare(x.value)
    return x, nodes


def _after(steps: tuple[Step, ...], x: Any) -> Any:
    for step in steps:
        x = step(x)
    return x


def _detached(value: Any) -> Any:
    """Return the value with numbers of its own."""
    return made(_detached(value.value), value._node, value._scale) if type(value) is RevDiff else np.array(value)


def _is_everything(index: Any) -> bool:
    parts = index if type(index) is tuple else (index,)
    return all(part is ... or (type(part) is slice and part == slice(None)) for part in parts)


ALWAYS_BASIC = frozenset({int, slice, NoneType, EllipsisType})
"""The types of which NumPy's views are made, whatever else stands beside them in the index."""


def is_basic(index: Any) -> bool:
    """Say whether an index is one that NumPy makes a view of: it names every element at most once."""
    if type(index) is not tuple:
        index = tuple(index) if isinstance(index, tuple) else (index,)
    return ALWAYS_BASIC.issuperset(map(type, index)) or all(
        isinstance(part, int | np.integer | slice | NoneType | EllipsisType) and not isinstance(part, bool)
        for part in index
    )


def _require_room(array: Any, value: Any, varies: bool) -> None:
    """Raise unless numbers of the value's kind can stand in the array without loss."""
    kinds = "biufc"
    new = np.asarray(value).dtype.kind
    if array.dtype.kind not in "fc" and varies:
        raise AssignmentError.of_whole_numbers(array.dtype)
    if new not in kinds or (kinds.index(new) > kinds.index(array.dtype.kind) and new == "c"):
        raise AssignmentError.of_kind(np.asarray(value).dtype, array.dtype)


def _count_of_one() -> int:
    holder = made(np.zeros(1), NOWHERE)
    return sys.getrefcount(holder.value)


_ONE = _count_of_one()
"""What Python counts for an object that one attribute holds."""

OPERATORS["setitem"] = assign
OPERATORS["update"] = update
