"""Sums of products of columns with rows, multiplied out together.

Imports the monoid of cotangents.
"""

from __future__ import annotations

from typing import Any, final

import numpy as np

from revdiff.core.cotangents import UNFINISHED, whole


@final
class Outer:
    """The cotangent of a matrix as a sum of products of a column with a row, Σ u vᵀ, that are not multiplied out yet.

    A matrix that is applied to many vectors, one by one, gets one such product from each. Together they are one
    product of two matrices, which costs a fraction of writing and adding them all.
    """

    __slots__ = ("_columns", "_rows", "_total", "dtype", "shape")

    def __init__(self, column: Any, row: Any) -> None:
        self._columns = [column]
        self._rows = [row]
        self._total: Any = None
        self.shape = (*column.shape, *row.shape)
        self.dtype = column.dtype if column.dtype is row.dtype else np.result_type(column, row)

    def received(self, sent: Any) -> Outer:
        """Take in more products, or a whole matrix."""
        if type(sent) is not Outer:
            self._total = whole(sent) if self._total is None else self._total + whole(sent)
            return self
        self._columns += sent._columns
        self._rows += sent._rows
        m, n = self.shape
        if len(self._rows) > 32 and len(self._rows) * (m + n) > 2 * m * n:  # the vectors take more room than the matrix
            self._total = self.finished()
            self._columns.clear()
            self._rows.clear()
        return self if sent._total is None else self.received(sent._total)

    def whole(self) -> Any:
        """Return the matrix."""
        return self.finished()

    def finished(self) -> Any:
        """Return the matrix."""
        if not self._rows:
            return self._total
        if len(self._rows) == 1:  # BLAS writes the products in half the time that broadcasting takes
            product = np.dot(self._columns[0][:, None], self._rows[0][None])
        else:
            product = np.stack(self._columns, axis=1) @ np.stack(self._rows)
        return product if self._total is None else self._total + product


UNFINISHED[Outer] = 1
