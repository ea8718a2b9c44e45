"""Determinants and cofactors of rows of entries, without any division: whatever can be added and multiplied will do.

Imports nothing.
"""

from __future__ import annotations

from functools import cache, reduce
from typing import Any

Rows = list[list[Any]]


def determinant(rows: Rows) -> Any:
    """Return Σ ±aᵢ det(minor), along the first row. A minor is known by its columns, and computed once.

    >>> determinant([[1, 2], [3, 4]]), determinant([])
    (-2, 1)
    """
    if not rows:
        return 1

    @cache
    def minor(columns: tuple[int, ...]) -> Any:
        row = rows[len(rows) - len(columns)]
        if len(columns) == 1:
            return row[columns[0]]
        terms = [row[j] * minor(columns[:k] + columns[k + 1 :]) for k, j in enumerate(columns)]
        return reduce(lambda total, k: total - terms[k] if k % 2 else total + terms[k], range(1, len(terms)), terms[0])

    return minor(tuple(range(len(rows))))


def cofactor(rows: Rows, i: int, j: int) -> Any:
    """Return (-1)ⁱ⁺ʲ times the determinant without row i and column j.

    >>> cofactor([[1, 2], [3, 4]], 0, 1)
    -3
    """
    return (-1) ** (i + j) * determinant([row[:j] + row[j + 1 :] for k, row in enumerate(rows) if k != i])
