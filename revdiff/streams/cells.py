"""Cells: a head and a tail, each computed when it is first read, and the recipes by which they are computed.

Imports the core, and what containers without an end have in common. A recipe may need the slots of
other cells, and these of others: the 1000th Fibonacci number that of the 999th. `settle` goes down to
what is known and comes back, in a loop; the depth of Python's stack does not matter. Who holds a cell
holds what follows it and nothing before it: a recipe is let go when both slots are full.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from threading import Lock, RLock
from typing import Any, Protocol, TypeVar, final

from revdiff.core.errors import ArgumentError, InfiniteError, StreamEndedError, describe
from revdiff.streams.endless import Element, Endless
from revdiff.streams.once import Once

Self = TypeVar("Self", bound="Cell[Any]")

UNKNOWN: Any = object()

_new = object.__new__
_filling = Lock()


class Recipe(Protocol):
    """How the head and the tail of a cell are computed.

    The cells of ``needs`` have the slot in question filled when ``head`` or ``tail`` is called.
    """

    @property
    def needs(self) -> tuple[Cell[Any], ...]:
        """The cells whose heads are needed for the head, and whose tails for the tail."""

    def head(self) -> Any:
        """Return the head."""

    def tail(self, kind: type[Cell[Any]]) -> Cell[Any]:
        """Return the tail; a new cell is of this kind."""


class Cell(Endless[Element]):
    """A head, and a tail which is a cell again."""

    __slots__ = ("__weakref__", "_head", "_recipe", "_tail")

    _head: Any
    _tail: Any
    _recipe: Recipe | None

    @classmethod
    def _by(cls: type[Self], recipe: Recipe) -> Self:
        """Return a cell of which neither slot is known yet."""
        cell = _new(cls)
        cell._head = cell._tail = UNKNOWN
        cell._recipe = recipe
        return cell

    @property
    def head(self) -> Element:
        """The first element, x₀."""
        head = self._head
        return settle(self, "_head") if head is UNKNOWN else head  # type: ignore[no-any-return]

    @property
    def tail(self: Self) -> Self:
        """What follows the first element: x₁, x₂, …."""
        tail = self._tail
        return settle(self, "_tail") if tail is UNKNOWN else tail  # type: ignore[no-any-return]


def settle(cell: Cell[Any], slot: str) -> Any:
    """Fill a slot of a cell, and before it the slots that it needs, and return what is in it.

    Raises `InfiniteError` where a slot would need itself.
    """
    waiting = [cell]
    begun: set[Cell[Any]] = set()
    while waiting:
        current = waiting[-1]
        # The recipe before the slot: another thread may fill the slot and then take the recipe away.
        recipe = current._recipe
        if recipe is None or getattr(current, slot) is not UNKNOWN:
            waiting.pop()
            continue
        missing = [needed for needed in recipe.needs if getattr(needed, slot) is UNKNOWN]
        if not missing:
            _fill(current, slot, recipe.head() if slot == "_head" else recipe.tail(type(current)))
            waiting.pop()
            continue
        begun.add(current)
        if not begun.isdisjoint(missing):
            msg = "this Stream is defined by itself in a circle: an element, or where it stands, would need itself"
            raise InfiniteError(msg)
        waiting += missing
    return getattr(cell, slot)


def _fill(cell: Cell[Any], slot: str, content: Any) -> None:
    """Fill a slot, unless another thread was first."""
    with _filling:
        if getattr(cell, slot) is UNKNOWN:
            setattr(cell, slot, content)
        if cell._head is not UNKNOWN and cell._tail is not UNKNOWN:
            cell._recipe = None


@final
class Elementwise:
    """The head is a function of the heads of other streams, and the tail that of their tails."""

    __slots__ = ("_function", "needs")

    def __init__(self, function: Callable[..., Any], streams: tuple[Cell[Any], ...]) -> None:
        self._function = function
        self.needs = streams

    def head(self) -> Any:
        """Apply the function to the heads."""
        return self._function(*[stream._head for stream in self.needs])

    def tail(self, kind: type[Cell[Any]]) -> Cell[Any]:
        """Return the same function of the tails."""
        return kind._by(Elementwise(self._function, tuple([stream._tail for stream in self.needs])))


@final
class Strided:
    """The head is that of another stream, and the tail is what follows some steps behind it."""

    __slots__ = ("_step", "needs")

    def __init__(self, stream: Cell[Any], step: int) -> None:
        self.needs = (stream,)
        self._step = step

    def head(self) -> Any:
        """Return the head of the stream."""
        return self.needs[0]._head

    def tail(self, kind: type[Cell[Any]]) -> Cell[Any]:
        """Go the steps."""
        return kind._by(Strided(self.needs[0]._tail.drop(self._step - 1), self._step))


@final
class Counted:
    """The head is a function of its place, and the tail begins with the next place."""

    __slots__ = ("_function", "_i")

    needs = ()

    def __init__(self, function: Callable[[int], Any], i: int) -> None:
        self._function = function
        self._i = i

    def head(self) -> Any:
        """Apply the function to the place."""
        return self._function(self._i)

    def tail(self, kind: type[Cell[Any]]) -> Cell[Any]:
        """Return the function from the next place on."""
        return kind._by(Counted(self._function, self._i + 1))


@final
class Delayed:
    """Head and tail are those of a stream that a function returns, which is called when one of them is needed."""

    __slots__ = ("_stream",)

    def __init__(self, function: Callable[[], Any]) -> None:
        self._stream = Once(function)

    @property
    def needs(self) -> tuple[Cell[Any], ...]:
        """The stream that the function returns."""
        stream = self._stream()
        if not isinstance(stream, Cell):
            raise no_tail(stream)
        return (stream,)

    def head(self) -> Any:
        """Return the head of that stream."""
        return self._stream()._head

    def tail(self, kind: type[Cell[Any]]) -> Cell[Any]:
        """Return the tail of that stream."""
        return self._stream()._tail  # type: ignore[no-any-return]


def no_tail(met: object) -> ArgumentError:
    """Return the error for what is neither a Stream nor a function that returns one."""
    msg = f"the tail of a Stream is a Stream, or a function of no arguments that returns one; met {describe(met)}"
    return ArgumentError(msg)


@final
class Unfolded:
    """The head and the next state are made of a state by a function, and the tail is made of the next state."""

    __slots__ = ("_function", "_pair")

    needs = ()

    def __init__(self, function: Callable[[Any], tuple[Any, Any]], state: Any) -> None:
        self._function = function
        self._pair = Once(lambda: _pair_of(function, state))

    def head(self) -> Any:
        """Return the element that the function makes."""
        return self._pair()[0]

    def tail(self, kind: type[Cell[Any]]) -> Cell[Any]:
        """Return what the function makes of the next state."""
        return kind._by(Unfolded(self._function, self._pair()[1]))


def _pair_of(function: Callable[[Any], tuple[Any, Any]], state: Any) -> tuple[Any, Any]:
    pair: Any = function(state)
    if not (isinstance(pair, tuple) and len(pair) == 2):
        msg = f"unfold needs a function that returns the pair (element, next state); it returned {describe(pair)}"
        raise ArgumentError(msg)
    return pair


@final
class Source:
    """An iterator from which cells draw, one after the other."""

    def __init__(self, iterable: Any) -> None:
        if not hasattr(iterable, "__iter__"):
            msg = f"a Stream is made of something to iterate over; met {describe(iterable)}"
            raise ArgumentError(msg)
        self._iterator: Iterator[Any] = iter(iterable)
        self._count = 0
        self._failure: BaseException | None = None
        self._lock = RLock()

    def draw_into(self, drawn: list[Any]) -> None:
        """Put the next element into a list, unless there is one in it."""
        with self._lock:
            if drawn:
                return
            try:
                # One step for an interrupt: what has left the iterator is in the list.
                drawn.extend(islice(self._iterator, 1))
            except BaseException as failure:
                self._failure = failure
                raise
            if not drawn:
                msg = (
                    f"a Stream has no end, but what it was made of ended after {self._count} elements.\n"
                    "  Of finitely many items, with zeros after them:  FiniteSupportStream(items)"
                )
                raise StreamEndedError(msg) from self._failure
            self._count += 1
            self._failure = None


@final
class Drawn:
    """The head is the next element of a source, and the tail is what the source gives after it."""

    __slots__ = ("_drawn", "_source")

    needs = ()

    def __init__(self, source: Source) -> None:
        self._source = source
        self._drawn: list[Any] = []

    def head(self) -> Any:
        """Return the element that was drawn for this place."""
        self._source.draw_into(self._drawn)
        return self._drawn[0]

    def tail(self, kind: type[Cell[Any]]) -> Cell[Any]:
        """Return the cell for the next element, after the one of this place has been drawn."""
        self._source.draw_into(self._drawn)
        return kind._by(Drawn(self._source))
