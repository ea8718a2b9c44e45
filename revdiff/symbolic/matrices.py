"""Matrices that compute as SymPy's do, with entries of any kind: RevDiffs too, which SymPy's own cannot hold.

Imports SymPy, the core, and the rules that are needed for their formulas. A function of one of SymPy's matrices receives
a `Matrix` of RevDiffs, and writes ``M * M``, ``M.T`` and ``M.det()`` as ever. What has no RevDiff in it any more, the
gradient, is a matrix of SymPy's again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import cache, reduce
from operator import add, index, mul
from typing import Any, NoReturn, final

import mpmath
import numpy as np
import sympy

from revdiff.core.cotangents import one_like, zero_like
from revdiff.core.errors import ArgumentError, describe, listed
from revdiff.core.parts import split
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.primitives import primitive
from revdiff.rules.complex import absolute, conjugate
from revdiff.rules.elementary import sqrt
from revdiff.systems import is_number

_EXACT = (sympy.Expr, int, Fraction)
_NUMBERS = (*_EXACT, float, complex, np.generic, mpmath.mpf, mpmath.mpc)


def matrix(*entries: Any) -> Any:
    """Return the matrix with these entries: SymPy's, or a matrix of RevDiffs that computes as SymPy's do.

    The entries are given as to ``sympy.Matrix``: as rows, as one column, or as the numbers of rows and columns with a
    list or a function of both indices. An array and another matrix will do too.

    >>> from revdiff import cos, jacobian, sin
    >>> rotation = lambda t: matrix([[cos(t), -sin(t)], [sin(t), cos(t)]])
    >>> jacobian(rotation)(sympy.Symbol("t"))
    Matrix([
    [-sin(t), -cos(t)],
    [ cos(t), -sin(t)]])

    Floats stay floats:

    >>> matrix([[0.5, 1.0], [2.0, 3.0]]).det()
    -0.5
    """
    if len(entries) == 3:
        rows, cols, of = entries
        flat = [of(i, j) for i in range(rows) for j in range(cols)] if callable(of) else list(of)
        return of_size(index(rows), index(cols), flat)
    if len(entries) != 1:
        msg = f"matrix takes rows, or the numbers of rows and columns and the entries; it was given {len(entries)} arguments"
        raise ArgumentError(msg)
    (given,) = entries
    if is_matrix(primal(given)):
        return split(given)
    shape = shape_of(given) if isinstance(primal(given), np.ndarray) else None
    if not (isinstance(given, list | tuple) or (shape is not None and len(shape) in (1, 2))):
        msg = f"matrix takes the rows of a matrix; met {describe(primal(given))}"
        raise ArgumentError(msg)
    lines = [list(line) if isinstance(line, list | tuple) or shape_of(line) else [line] for line in given]
    if len({len(line) for line in lines}) > 1:
        msg = f"the rows of a matrix are of one length; these have {listed(len(line) for line in lines)} entries"
        raise ArgumentError(msg)
    return of_size(len(lines), len(lines[0]) if lines else 0, [e for line in lines for e in line])


def of_size(rows: int, cols: int, entries: list[Any], kind: type = sympy.Matrix) -> Any:
    """Return a matrix of SymPy's, of this kind, where the entries are SymPy's or exact, and a `Matrix` where they are not."""
    if len(entries) != rows * cols:
        msg = f"a matrix of {rows} rows and {cols} columns has {rows * cols} entries; met {len(entries)}"
        raise ArgumentError(msg)
    if all(isinstance(e, _NUMBERS) and not isinstance(e, sympy.MatrixBase) for e in entries) and (
        any(isinstance(e, sympy.Expr) for e in entries) or all(isinstance(e, _EXACT) for e in entries)
    ):
        return kind(rows, cols, entries)
    return Matrix(rows, cols, entries, kind)


@final
class Matrix:
    """A matrix with entries of any kind, which computes as SymPy's matrices do: ``*`` is the matrix product.

    Functions receive it in place of one of SymPy's, and `matrix` makes it. It has the arithmetic, the indices and these
    methods and attributes of SymPy's: ``shape``, ``rows``, ``cols``, ``T``, ``H``, ``transpose``, ``conjugate``, ``trace``,
    ``det``, ``inv``, ``adjugate``, ``LUsolve``, ``solve``, ``dot``, ``cross``, ``norm``, ``applyfunc``,
    ``multiply_elementwise``, ``row``, ``col``, ``row_join``, ``col_join``, ``diagonal``, ``reshape``, ``vec``, ``tolist``,
    ``flat``, ``is_square``.
    """

    __slots__ = ("_entries", "cols", "kind", "rows")

    __array_ufunc__ = None  # NumPy's arrays leave mixed operations to us
    _op_priority = 1001.0  # and so do SymPy's expressions and matrices

    def __init__(self, rows: int, cols: int, entries: Iterable[Any], kind: type) -> None:
        self.rows = rows
        self.cols = cols
        self._entries = tuple(entries)
        self.kind = kind

    def _like(self, rows: int, cols: int, entries: Iterable[Any]) -> Any:
        return of_size(rows, cols, list(entries), self.kind)

    # Entries

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
        return split(self.T).reshape(len(self), 1)

    def row_join(self, other: Any) -> Any:
        """Return both matrices beside each other."""
        return self._joined(other).T

    def col_join(self, other: Any) -> Any:
        """Return the other matrix below this one."""
        below = _matrix_of(other)
        if below is None or below.cols != self.cols:
            raise _misfit(self, other, "be joined")
        return self._like(self.rows + below.rows, self.cols, [*self._entries, *below])

    def _joined(self, other: Any) -> Any:
        beside = _matrix_of(other)
        if beside is None or beside.rows != self.rows:
            raise _misfit(self, other, "be joined")
        return matrix(self.T).col_join(beside.T)

    # Arithmetic

    def applyfunc(self, function: Callable[[Any], Any]) -> Any:
        """Apply a function to each entry."""
        return self._like(self.rows, self.cols, map(function, self._entries))

    def _entrywise(self, operation: Callable[[Any, Any], Any], other: Any, verb: str) -> Any:
        beside = _matrix_of(other)
        if beside is None:
            return NotImplemented
        if beside.shape != self.shape:
            raise _misfit(self, other, verb)
        return self._like(self.rows, self.cols, map(operation, self._entries, beside))

    def __add__(self, other: Any) -> Any:
        return self._entrywise(add, other, "be added")

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self._entrywise(lambda a, b: a - b, other, "be subtracted")

    def __rsub__(self, other: Any) -> Any:
        return self._entrywise(lambda a, b: b - a, other, "be subtracted")

    def multiply_elementwise(self, other: Any) -> Any:
        """Multiply entry by entry."""
        return self._entrywise(mul, other, "be multiplied entry by entry")

    def __neg__(self) -> Any:
        return self.applyfunc(lambda e: -e)

    def __pos__(self) -> Matrix:
        return self

    def __mul__(self, other: Any) -> Any:
        return self.applyfunc(lambda e: e * other) if _is_scalar(other) else self.__matmul__(other)

    def __rmul__(self, other: Any) -> Any:
        return self.applyfunc(lambda e: other * e) if _is_scalar(other) else self.__rmatmul__(other)

    def __matmul__(self, other: Any) -> Any:
        return NotImplemented if (right := _matrix_of(other)) is None else _product(self, right, self.kind)

    def __rmatmul__(self, other: Any) -> Any:
        return NotImplemented if (left := _matrix_of(other)) is None else _product(left, self, self.kind)

    def __truediv__(self, other: Any) -> Any:
        return self.applyfunc(lambda e: e / other) if _is_scalar(other) else NotImplemented

    def __pow__(self, n: Any) -> Any:
        self._require_square("a power")
        n = index(n)
        base = self if n >= 0 else self.inv()
        if n == 0:
            return self._like(self.rows, self.cols, _unit(self))
        return reduce(mul, [base] * abs(n))

    def __eq__(self, other: object) -> bool:
        beside = _matrix_of(other)
        return (
            beside is not None and beside.shape == self.shape and all(a == b for a, b in zip(self, beside, strict=True))
        )

    __hash__ = None  # type: ignore[assignment]

    # Linear algebra

    @property
    def T(self) -> Any:  # noqa: N802
        """Return the transpose."""
        return self._like(self.cols, self.rows, [self[i, j] for j in range(self.cols) for i in range(self.rows)])

    def transpose(self) -> Any:
        """Return the transpose."""
        return self.T

    def conjugate(self) -> Any:
        """Return the complex conjugate."""
        return self.applyfunc(conjugate)

    C = property(conjugate)

    @property
    def H(self) -> Any:  # noqa: N802
        """Return the conjugate transpose."""
        return matrix(self.T).conjugate()

    def trace(self) -> Any:
        """Return Σ Mᵢᵢ."""
        self._require_square("a trace")
        return _sum([self[i, i] for i in range(self.rows)])

    def det(self, method: str = "") -> Any:
        """Return the determinant, by expansion along the rows: n·2ⁿ products."""
        self._require_square("a determinant")
        return _determinant(self.tolist())

    def adjugate(self) -> Any:
        """Return the transposed matrix of the cofactors, adj M = det(M) M⁻¹."""
        self._require_square("an adjugate")
        n, rows = self.rows, self.tolist()

        def cofactor(i: int, j: int) -> Any:
            minor = [row[:j] + row[j + 1 :] for k, row in enumerate(rows) if k != i]
            return (-1) ** (i + j) * _determinant(minor) if minor else one_like(primal(self[0, 0]))

        return self._like(n, n, [cofactor(j, i) for i in range(n) for j in range(n)])

    def inv(self, method: str = "") -> Any:
        """Return the inverse X, with M̄ = -Xᵀ X̄ Xᵀ."""
        self._require_square("an inverse")
        if any(type(e) is RevDiff for e in self._entries):
            return _inverse(self)
        return self.adjugate() / self.det() if self.rows else self

    def LUsolve(self, b: Any) -> Any:  # noqa: N802
        """Return x with M x = b."""
        return self.inv() * b

    solve = LUsolve

    def dot(self, other: Any) -> Any:
        """Return Σ aᵢ bᵢ of two vectors."""
        entries = list(other)
        if 1 not in self.shape or len(entries) != len(self):
            raise _misfit(self, other, "have a dot product")
        return _sum(list(map(mul, self._entries, entries)))

    def cross(self, other: Any) -> Any:
        """Return the vector product of two vectors of three entries."""
        if len(self) != 3 or len(other) != 3:
            raise _misfit(self, other, "have a vector product")
        (a, b, c), (x, y, z) = self, other
        return self._like(self.rows, self.cols, [b * z - c * y, c * x - a * z, a * y - b * x])

    def norm(self) -> Any:
        """Return √Σ |Mᵢⱼ|²."""
        return sqrt(_sum([absolute(e) ** 2 for e in self._entries]))

    def _require_square(self, what: str) -> None:
        if not self.is_square:
            msg = f"only a square matrix has {what}; this one has {self.rows} rows and {self.cols} columns"
            raise ArgumentError(msg)

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):
            msg = "one of SymPy's own methods met a matrix of variables; call the method of the matrix of variables instead"
            raise AttributeError(msg, name=name, obj=self)
        has = listed(name for name in dir(type(self)) if not name.startswith("_"))
        msg = f"a matrix of variables has no attribute {name!r}; it has {has}"
        raise AttributeError(msg, name=name, obj=self)

    def __repr__(self) -> str:
        return f"Matrix({self.tolist()!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Matrix, (self.rows, self.cols, self._entries, self.kind)


@primitive
def _inverse(m: Any) -> tuple[Any, Callable[[Any], Any]]:
    x = m.inv()
    return x, lambda ct: -(x.T * ct * x.T)


def _determinant(rows: list[list[Any]]) -> Any:
    """Return Σ ±aᵢ det(minor), along the first row. A minor is known by its columns, and computed once."""
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


def _product(a: Any, b: Any, kind: type) -> Any:
    if a.cols != b.rows:
        raise _misfit(a, b, "be multiplied")
    entries = [_sum([a[i, k] * b[k, j] for k in range(a.cols)]) for i in range(a.rows) for j in range(b.cols)]
    return of_size(a.rows, b.cols, entries, kind)


def _unit(m: Matrix) -> list[Any]:
    return [(one_like if i == j else zero_like)(primal(m[i, j])) for i in range(m.rows) for j in range(m.cols)]


def _sum(terms: list[Any]) -> Any:
    return reduce(add, terms) if terms else 0


def is_matrix(x: Any) -> bool:
    """Tell whether x is a matrix of SymPy's or ours."""
    return isinstance(x, Matrix | sympy.MatrixBase)


def _is_scalar(x: Any) -> bool:
    plain = primal(x)
    return is_number(plain) and not np.shape(plain)


def _matrix_of(x: Any) -> Any:
    """Return x as a matrix, or None."""
    if is_matrix(primal(x)):
        return split(x)
    return matrix(x) if isinstance(primal(x), np.ndarray) and len(shape_of(x)) == 2 else None


def _misfit(a: Any, b: Any, verb: str) -> ArgumentError:
    sizes = [f"{len(x)} entries" if not hasattr(x, "rows") else f"{x.rows} rows and {x.cols} columns" for x in (a, b)]
    return ArgumentError(f"a matrix of {sizes[0]} and one of {sizes[1]} cannot {verb}")


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
