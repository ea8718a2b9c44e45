"""Entries in rows and columns: where they stand, and how they are put in another order. Nothing is computed with them.

Imports the core.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from operator import index
from typing import Any, NoReturn

import numpy as np

from revdiff.core.errors import ArgumentError


class Grid(ABC):
    """Entries in rows and columns, with the methods of SymPy's matrices that only move them."""

    __slots__ = ("_entries", "cols", "kind", "rows")

    def __init__(self, rows: int, cols: int, entries: Iterable[Any], kind: type) -> None:
        self.rows = rows
        self.cols = cols
        self._entries = tuple(entries)
        self.kind = kind

    @abstractmethod
    def _like(self, rows: int, cols: int, entries: Iterable[Any]) -> Any:
        """Return a matrix of this kind with other entries."""

    @abstractmethod
    def _joinable(self, other: Any, along: str) -> Any:
        """Return what is to be joined to this, as a matrix with as many rows, or columns."""

    @property
    def shape(self) -> tuple[int, int]:
        """Return the numbers of rows and columns."""
        return self.rows, self.cols

    @property
    def is_square(self) -> bool:
        """Tell whether there are as many rows as columns."""
        return self.rows == self.cols

    def flat(self) -> list[Any]:
        """Return the entries row by row."""
        return list(self._entries)

    def tolist(self) -> list[list[Any]]:
        """Return the rows."""
        return [list(self._entries[i * self.cols : (i + 1) * self.cols]) for i in range(self.rows)]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        array = np.empty(self.shape, object)
        for place, entry in zip(np.ndindex(self.shape), self._entries, strict=True):
            array[place] = entry
        return array if dtype is None else array.astype(dtype)

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, tuple):
            return list(self._entries[key]) if isinstance(key, slice) else self._entries[_place(key, len(self))]
        i, j = key
        rows, cols = _places(i, self.rows), _places(j, self.cols)
        if isinstance(rows, int) and isinstance(cols, int):
            return self._entries[rows * self.cols + cols]
        rows, cols = ([k] if isinstance(k, int) else k for k in (rows, cols))
        return self._like(len(rows), len(cols), [self._entries[a * self.cols + b] for a in rows for b in cols])

    def __setitem__(self, key: Any, value: Any) -> NoReturn:
        msg = "the entries of a matrix of variables are not assigned to: make another one, revdiff.matrix(rows)"
        raise ArgumentError(msg)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def row(self, i: int) -> Any:
        """Return a row, as a matrix."""
        return self[i, :]

    def col(self, j: int) -> Any:
        """Return a column, as a matrix."""
        return self[:, j]

    def diagonal(self) -> Any:
        """Return the diagonal, as a row."""
        n = min(self.shape)
        return self._like(1, n, [self[i, i] for i in range(n)])

    def reshape(self, rows: int, cols: int) -> Any:
        """Return the entries, row by row, in another shape."""
        return self._like(rows, cols, self._entries)

    def vec(self) -> Any:
        """Return the columns below each other."""
        return self._like(len(self), 1, self._by_columns())

    @property
    def T(self) -> Any:  # noqa: N802
        """Return the transpose."""
        return self._like(self.cols, self.rows, self._by_columns())

    def transpose(self) -> Any:
        """Return the transpose."""
        return self.T

    def _by_columns(self) -> list[Any]:
        return [self[i, j] for j in range(self.cols) for i in range(self.rows)]

    def row_join(self, other: Any) -> Any:
        """Return both matrices beside each other."""
        right = self._joinable(other, "rows")
        lines = [[*mine, *theirs] for mine, theirs in zip(self.tolist(), right.tolist(), strict=True)]
        return self._like(self.rows, self.cols + right.cols, [e for line in lines for e in line])

    def col_join(self, other: Any) -> Any:
        """Return the other matrix below this one."""
        below = self._joinable(other, "cols")
        return self._like(self.rows + below.rows, self.cols, [*self._entries, *below])

    def applyfunc(self, function: Callable[[Any], Any]) -> Any:
        """Apply a function to each entry."""
        return self._like(self.rows, self.cols, map(function, self._entries))


def _place(k: Any, n: int) -> int:
    i: int = index(k)
    if not -n <= i < n:
        msg = f"index {i} is out of range: there are {n}"
        raise IndexError(msg)
    return i % n


def _places(key: Any, n: int) -> int | list[int]:
    if isinstance(key, slice):
        return list(range(n)[key])
    return [_place(k, n) for k in key] if isinstance(key, list | tuple) else _place(key, n)
