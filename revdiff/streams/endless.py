"""What containers without an end have in common: indices and slices, what they refuse, and how they are shown.

Imports the core.
"""

from __future__ import annotations

import operator
from abc import abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Generic, NoReturn, TypeVar

import numpy as np

from revdiff.core.cotangents import add
from revdiff.core.errors import ArgumentError, InfiniteError, describe

Element = TypeVar("Element")
Self = TypeVar("Self", bound="Endless[Any]")


class Endless(Generic[Element]):
    """A sequence x₀, x₁, x₂, … that goes on for ever.

    What would have to reach the end is an `InfiniteError`, and no loop without an end: Python asks
    for a length before it makes a list, and finds that there is none.
    """

    __slots__ = ()

    __array_ufunc__: ClassVar[None] = None  # NumPy's: its numbers and arrays leave mixed operations to us
    _iterable: ClassVar[bool] = False  # SymPy's: what is iterable it would read to the end

    _instead: ClassVar[str] = "The first n elements:  .take(n)"

    @property
    def head(self) -> Element:
        """The first element, x₀."""
        return self[0]  # type: ignore[no-any-return]

    @property
    def tail(self: Self) -> Self:
        """What follows the first element: x₁, x₂, …."""
        return self.drop(1)

    @abstractmethod
    def drop(self: Self, n: int, /) -> Self:
        """Return what follows the first n elements: xₙ, xₙ₊₁, …."""

    def take(self, n: int, /) -> list[Element]:
        """Return the first n elements in a list."""
        return self[: natural(n, "a number of elements")]  # type: ignore[no-any-return]

    @abstractmethod
    def _element(self, i: int) -> Any:
        """Return xᵢ."""

    @abstractmethod
    def _every(self: Self, step: int) -> Self:
        """Return x₀, xₖ, x₂ₖ, … for a step k > 1."""

    @abstractmethod
    def _zeros(self: Self) -> Self:
        """Return the container of the zeros beside its elements: its own zero, where it is an element."""

    def __getitem__(self, index: Any, /) -> Any:
        """Return xᵢ for an index i, a list for a slice with an end, and else a container without an end."""
        if not isinstance(index, slice):
            return self._element(natural(index, "an index"))
        start = 0 if index.start is None else natural(index.start, "the start of a slice")
        step = 1 if index.step is None else natural(index.step, "the step of a slice", least=1)
        if index.stop is not None:
            return [self._element(i) for i in range(start, natural(index.stop, "the end of a slice"), step)]
        return self.drop(start) if step == 1 else self.drop(start)._every(step)

    def __bool__(self) -> bool:
        return True

    def __len__(self) -> int:  # noqa: PLE0303
        self._refuse("has no length, and there is no list of all of it")

    def __contains__(self, x: Any, /) -> bool:
        self._refuse("cannot be searched to the end")

    def _refuse(self, does: str) -> NoReturn:
        msg = f"a {type(self).__name__} has no end: it {does}.\n  {self._instead}"
        raise InfiniteError(msg)


def natural(n: Any, what: str, least: int = 0) -> int:
    """Return n as an int, or raise `ArgumentError` if it is no whole number or too small."""
    if not hasattr(type(n), "__index__"):
        msg = f"{what} is a whole number; met {describe(n)}"
        raise ArgumentError(msg)
    number = operator.index(n)
    if number < least:
        msg = f"{what} is {least} or more, because there is no end to count from; met {number}"
        raise ArgumentError(msg)
    return number


def plus(x: Any, y: Any) -> Any:
    """Return x + y, tuples and other structures place by place."""
    return x + y if isinstance(x, bool) else add(x, y)


def shown(elements: Iterable[Any]) -> str:
    """Return the elements between an opening bracket and three dots, up to the first that cannot be computed.

    >>> shown([0, (1, 4), 0.5])
    '[0,(1,4),0.5,...'
    """
    return "[" + "".join(f"{text}," for text in _until_an_error(map(_text, elements))) + "..."


def _until_an_error(texts: Iterator[str]) -> Iterator[str]:
    try:
        yield from texts
    except Exception:
        return


def _text(x: Any) -> str:
    """Return an element as text: numbers of every kind as numbers, containers without blanks."""
    if isinstance(x, tuple):
        return f"({','.join(map(_text, x))}{',' * (len(x) == 1)})"
    if isinstance(x, list):
        return f"[{','.join(map(_text, x))}]"
    if isinstance(x, np.ndarray):
        return "".join(np.array2string(x, separator=",").split())
    return repr(x) if isinstance(x, str) else str(x)
