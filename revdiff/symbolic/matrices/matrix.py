"""`Matrix`, which computes as SymPy's matrices do, and `matrix`, which makes one.

Imports SymPy, the core, grids, determinants, and the rules that are needed for their formulas. A function of one of
SymPy's matrices receives a `Matrix` of RevDiffs, and writes ``M * M``, ``M.T`` and ``M.det()`` as ever. What has no RevDiff
in it any more, the gradient, is a matrix of SymPy's again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import reduce
from operator import add, index, mul, sub
from typing import Any, NoReturn, final

import mpmath
import numpy as np
import sympy

from revdiff.core.cotangents import one_like, zero_like
from revdiff.core.errors import ArgumentError, ConversionError, describe, listed
from revdiff.core.parts import split
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.primitives import primitive
from revdiff.rules.complex import absolute, conjugate
from revdiff.rules.elementary import sqrt
from revdiff.symbolic.matrices.determinants import cofactor, determinant
from revdiff.symbolic.matrices.grid import Grid
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
class Matrix(Grid):
    """A matrix with entries of any kind, which computes as SymPy's matrices do: ``*`` is the matrix product.

    Functions receive it in place of one of SymPy's, and `matrix` makes it. It has the arithmetic, the indices and these
    methods and attributes of SymPy's: ``shape``, ``rows``, ``cols``, ``T``, ``H``, ``transpose``, ``conjugate``, ``trace``,
    ``det``, ``inv``, ``adjugate``, ``LUsolve``, ``solve``, ``dot``, ``cross``, ``norm``, ``applyfunc``,
    ``multiply_elementwise``, ``row``, ``col``, ``row_join``, ``col_join``, ``diagonal``, ``reshape``, ``vec``, ``tolist``,
    ``flat``, ``is_square``.
    """

    __slots__ = ()

    __array_ufunc__ = None  # NumPy's arrays leave mixed operations to us
    _op_priority = 1001.0  # and so do SymPy's expressions and matrices

    def _like(self, rows: int, cols: int, entries: Iterable[Any]) -> Any:
        return of_size(rows, cols, list(entries), self.kind)

    def _joinable(self, other: Any, along: str) -> Any:
        beside = _matrix_of(other)
        if beside is None or getattr(beside, along) != getattr(self, along):
            raise _misfit(self, other, "be joined")
        return beside

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
        return self._entrywise(sub, other, "be subtracted")

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
        try:
            n = index(n)
        except TypeError as error:
            msg = f"only whole powers of a matrix are computed; met {describe(primal(n))}"
            raise ArgumentError(msg) from error
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

    def conjugate(self) -> Any:
        """Return the complex conjugate."""
        return self.applyfunc(conjugate)

    C = property(conjugate)

    @property
    def H(self) -> Any:  # noqa: N802
        """Return the conjugate transpose."""
        return self._like(self.cols, self.rows, map(conjugate, self._by_columns()))

    def trace(self) -> Any:
        """Return Σ Mᵢᵢ."""
        self._require_square("a trace")
        return _sum([self[i, i] for i in range(self.rows)])

    def det(self, method: str = "") -> Any:
        """Return the determinant, by expansion along the rows: n·2ⁿ products."""
        self._require_square("a determinant")
        return determinant(self.tolist())

    def adjugate(self) -> Any:
        """Return the transposed matrix of the cofactors, adj M = det(M) M⁻¹."""
        self._require_square("an adjugate")
        n, rows = self.rows, self.tolist()
        if n == 1:
            return self._like(1, 1, _unit(self))
        return self._like(n, n, [cofactor(rows, j, i) for i in range(n) for j in range(n)])

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

    def _sympy_(self) -> Any:
        """Return the matrix of SymPy's, which SymPy's own functions need, where there is no variable in it."""
        if any(type(e) is RevDiff for e in self._entries):
            msg = (
                "a function of SymPy's cannot compute with a matrix of variables.\n"
                "  Instead:  a method of the matrix, M.trace() for sympy.trace(M)"
            )
            raise ConversionError(msg)
        return self.kind(self.rows, self.cols, self._entries)

    def __repr__(self) -> str:
        return f"Matrix({self.tolist()!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Matrix, (self.rows, self.cols, self._entries, self.kind)


@primitive
def _inverse(m: Any) -> tuple[Any, Callable[[Any], Any]]:
    x = m.inv()
    return x, lambda ct: -(x.T * ct * x.T)


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
