"""Linear equations: with full, triangular, factorized, Toeplitz and circulant matrices; inverses and least squares.

Imports rules of arrays, of NumPy's matrices, and the special matrices of this package. Where only a part of a matrix is
read, a triangle of a symmetric one or the bands, the other entries have the cotangent 0 or, of a symmetric or Hermitian
matrix, the cotangent is that of a function of its symmetric or Hermitian part, and symmetric or Hermitian itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.linalg

from revdiff.core.revdiff import primal, shape_of
from revdiff.functions.of_arrays import rule
from revdiff.rules.complex import conjugate
from revdiff.rules.linalg.matrices import Rule, adjoint, hermitian_part
from revdiff.rules.products import transposed
from revdiff.rules.shape import astype, gather
from revdiff.scipy._namesakes import namesake
from revdiff.scipy.linalg.special_matrices import circulant, toeplitz


def columns(x: Any, b: Any) -> Any:
    """Return solutions for the right side b, or what is formed like them, as matrices: if b is a vector, of one column."""
    return x[..., None] if np.ndim(primal(b)) == 1 else x


def stripped(x: Any, b: Any) -> Any:
    """Return solutions without the axis that `columns` gave them."""
    return x[..., 0] if np.ndim(primal(b)) == 1 else x


@namesake(scipy.linalg.solve)
def solve(a: Any, b: Any, /, lower: bool = False, assume_a: Any = None, transposed: bool = False) -> Any:
    """Return the solution of A X = B, for a vector or a matrix B.     B̄ = A⁻ᵀ X̄,  Ā = -B̄ Xᵀ.

    ``assume_a`` says which entries of A are read, or that A is symmetric: see above. Without it all are.

    >>> from revdiff import grad
    >>> a, b = np.array([[4.0, 0.0], [2.0, 1.0]]), np.array([4.0, 3.0])
    >>> grad(lambda a: solve(a, b, lower=True, assume_a="pos").sum())(a @ a.T)
    array([[-0.046875,  0.15625 ],
           [ 0.15625 , -0.5     ]])
    """
    assumed = _ALIASES.get(assume_a, assume_a)
    a = _PARTS[assumed](a, lower) if assumed in _PARTS else a
    return _solve(_transposed(a) if transposed else a, b)


_ALIASES = {
    "sym": "symmetric", "her": "hermitian", "pos": "hermitian", "positive definite": "hermitian",
}  # fmt: skip


def _transposed(a: Any) -> Any:
    if np.iscomplexobj(primal(a)):
        msg = "scipy.linalg.solve can currently not solve a^T x = b or a^H x = b for complex matrices."
        raise NotImplementedError(msg)
    return transposed(a)


@rule()
def _symmetric_part(a: Any, /) -> Rule:
    """Return the symmetric matrix of which a holds the lower triangle.     ā = (h̄ + h̄ᵀ)/2."""

    def part_pullback(h_bar: Any) -> Any:
        return (h_bar + transposed(h_bar)) / 2

    below = np.tril(a, -1)
    return np.tril(a) + transposed(below), part_pullback


def _of_triangle(part: Any, turned: Any) -> Any:
    """Return a function of a matrix and of which of its triangles is read."""
    return lambda a, lower: part(a if lower else turned(a))


_PARTS = {
    "symmetric": _of_triangle(_symmetric_part, transposed),
    "hermitian": _of_triangle(hermitian_part, adjoint),
    "upper triangular": lambda a, lower: np.triu(a),
    "lower triangular": lambda a, lower: np.tril(a),
    "diagonal": lambda a, lower: np.tril(np.triu(a)),
    "tridiagonal": lambda a, lower: np.tril(np.triu(a, -1), 1),
}


def solution(
    x: Any, b: Any, back: Callable[[Any], Any], of_entries: Callable[[Any, Any], Any]
) -> tuple[Any, Callable[[Any], Any], Callable[[Any], Any]]:
    """Return the solution X of A(θ) X = B, and the pullbacks of θ and B:   B̄ = A⁻ᵀ X̄,   θ̄ = -Σ B̄ᵢₖ Xⱼₖ ∂Aᵢⱼ/∂θ.

    ``back`` solves with Aᵀ, and ``of_entries`` gives the sum for B̄ and X, which are matrices.
    """

    def b_bar_of(x_bar: Any) -> Any:
        return back(columns(x_bar, b))

    def entries_pullback(x_bar: Any) -> Any:
        return -of_entries(b_bar_of(x_bar), columns(x, b))

    def b_pullback(x_bar: Any) -> Any:
        return stripped(b_bar_of(x_bar), b)

    return x, entries_pullback, b_pullback


def _outer(left: Any, right: Any) -> Any:
    return np.matmul(left, transposed(right))


@rule()
def _solve(a: Any, b: Any, /) -> tuple[Any, ...]:
    return solution(solve(a, b), b, lambda x_bar: solve(transposed(a), x_bar), _outer)


@namesake(scipy.linalg.solve_triangular)
def solve_triangular(a: Any, b: Any, /, trans: Any = 0, lower: bool = False, unit_diagonal: bool = False) -> Any:
    """Return the solution of A X = B, Aᵀ X = B or Aᴴ X = B, as ``trans`` says, for a triangular A.

        B̄ = A⁻ᵀ X̄,   Ā = -B̄ Xᵀ in the triangle that is read;   of Aᵀ X = B:  B̄ = A⁻¹ X̄,   Ā = -X B̄ᵀ

    With ``unit_diagonal`` the diagonal is not read.
    """
    if trans in (2, "C"):
        a, trans = conjugate(a), 1
    return _triangular(a, b, trans=trans in (1, "T"), lower=bool(lower), unit_diagonal=bool(unit_diagonal))


@rule()
def _triangular(a: Any, b: Any, /, trans: bool, lower: bool, unit_diagonal: bool) -> tuple[Any, ...]:
    options: dict[str, Any] = {"lower": lower, "unit_diagonal": unit_diagonal}
    x, shift = solve_triangular(a, b, trans=int(trans), **options), int(unit_diagonal)

    def of_entries(left: Any, right: Any) -> Any:
        product = _outer(right, left) if trans else _outer(left, right)
        return np.tril(product, -shift) if lower else np.triu(product, shift)

    return solution(x, b, lambda x_bar: solve_triangular(a, x_bar, trans=int(not trans), **options), of_entries)


@namesake(scipy.linalg.cho_solve, nested="c_and_lower")
def cho_solve(c_and_lower: Any, b: Any, /) -> Any:
    """Return the solution of A X = B from the factor of A that `cho_factor` gives, and which triangle it is."""
    c, lower = c_and_lower
    if primal(lower):
        return solve_triangular(c, solve_triangular(c, b, lower=True), trans="C", lower=True)
    return solve_triangular(c, solve_triangular(c, b, trans="C"))


@namesake(scipy.linalg.lu_solve, nested="lu_and_piv")
def lu_solve(lu_and_piv: Any, b: Any, /, trans: int = 0) -> Any:
    """Return the solution of A X = B, Aᵀ X = B or Aᴴ X = B from what `lu_factor` gives: A = P L U."""
    lu, pivots = lu_and_piv
    order = rows_of(np.asarray(primal(pivots)), shape_of(lu)[-1])
    right = columns(b, b)
    if trans:
        between = solve_triangular(
            lu, solve_triangular(lu, right, trans=trans), trans=trans, lower=True, unit_diagonal=True
        )
        return stripped(permuted(between, np.argsort(order, axis=-1)), b)
    x = solve_triangular(lu, solve_triangular(lu, permuted(right, order), lower=True, unit_diagonal=True))
    return stripped(x, b)


def rows_of(pivots: Any, n: int) -> Any:
    """Return the order of the rows after the exchanges of row i with row pivots[i], one after the other."""
    orders = np.tile(np.arange(n), (*pivots.shape[:-1], 1))
    for order, exchanges in zip(orders.reshape(-1, n), pivots.reshape(-1, pivots.shape[-1]), strict=True):
        for i, j in enumerate(exchanges):
            order[[i, j]] = order[[j, i]]
    return orders


def permuted(a: Any, order: Any) -> Any:
    """Return matrices with their rows in another order, one for each matrix."""
    if np.ndim(order) == 1:
        return a[..., order, :]
    lead = np.broadcast_shapes(np.shape(order)[:-1], shape_of(a)[:-2])
    a = np.broadcast_to(a, (*lead, *shape_of(a)[-2:]))
    return np.take_along_axis(a, np.broadcast_to(order, (*lead, np.shape(order)[-1]))[..., None], axis=-2)


@namesake(scipy.linalg.inv)
def inv(a: Any, /, assume_a: Any = None, lower: bool = False) -> Any:
    """Return B = A⁻¹.     Ā = -Bᵀ B̄ Bᵀ.  ``assume_a`` says which entries are read, as for `solve`."""
    assumed = _ALIASES.get(assume_a, assume_a)
    return np.linalg.inv(_PARTS[assumed](a, lower) if assumed in _PARTS and "diagonal" not in assumed else a)


@namesake(scipy.linalg.det)
def det(a: Any, /) -> Any:
    """Return the determinant, in double precision.     Ā = d̄ cof(A), the matrix of cofactors, at singular matrices too."""
    return np.linalg.det(astype(a, np.complex128 if np.iscomplexobj(primal(a)) else np.float64))


@namesake(scipy.linalg.pinv)
def pinv(a: Any, /, atol: Any = None, rtol: Any = None, return_rank: bool = False) -> Any:
    """Return the pseudo-inverse P. Singular values up to ``atol + rtol max(s)`` count as 0.

    The derivative is that among matrices of the same rank, as for `numpy.linalg.pinv`. The rank is constant.
    """
    p = np.linalg.pinv(a, _relative_cutoff(a, atol, rtol))
    return (p, scipy.linalg.pinv(primal(a), atol=atol, rtol=rtol, return_rank=True)[1]) if return_rank else p


@namesake(scipy.linalg.pinvh)
def pinvh(a: Any, /, atol: Any = None, rtol: Any = None, lower: bool = True, return_rank: bool = False) -> Any:
    """Return the pseudo-inverse of a Hermitian matrix, of which one triangle is read; its cotangent is Hermitian."""
    h = hermitian_part(a if lower else adjoint(a))
    p = np.linalg.pinv(h, _relative_cutoff(h, atol, rtol))
    return (p, scipy.linalg.pinvh(primal(a), atol, rtol, lower, return_rank=True)[1]) if return_rank else p


def _relative_cutoff(a: Any, atol: Any, rtol: Any) -> Any:
    """Return the bound of singular values that count as 0, relative to the largest."""
    plain = primal(a)
    if rtol is None:
        of_floats = plain.dtype if plain.dtype.kind in "fc" else np.float64
        rtol = max(plain.shape[-2:]) * np.finfo(of_floats).eps if not atol else 0.0
    largest = np.linalg.norm(plain, 2, (-2, -1))
    return rtol + (atol or 0.0) / np.where(largest == 0, 1, largest)


@namesake(scipy.linalg.lstsq)
def lstsq(a: Any, b: Any, /, cond: Any = None, lapack_driver: Any = None) -> Any:
    """Return the shortest X that minimizes |A X - B|, the squares of what remains, the rank, and the singular values.

    The pullbacks are those of `numpy.linalg.lstsq`: the derivative is that among matrices of the same rank. With
    ``lapack_driver="gelsy"`` there are no singular values, but None.
    """
    cond = np.finfo(np.result_type(primal(a), primal(b), np.float32)).eps if cond is None else cond
    x, residuals, rank, s = np.linalg.lstsq(a, b, rcond=cond)
    remains = np.reshape(residuals, shape_of(b)[1:]) if np.size(primal(residuals)) else residuals
    return x, remains, rank, None if lapack_driver == "gelsy" else s


@namesake(scipy.linalg.solve_toeplitz, nested="c_or_cr")
def solve_toeplitz(c_or_cr: Any, b: Any, /) -> Any:
    """Return the solution of T X = B for the Toeplitz matrix with the column c and the row r, conj(c) by default.

    B̄ = T⁻ᵀ X̄, and the entries of -B̄ Xᵀ on each diagonal, summed, are the cotangent of its element.
    """
    c, r = column_and_row(c_or_cr)
    return _toeplitz_solution(c, r, b)


@rule()
def _toeplitz_solution(c: Any, r: Any, b: Any, /) -> tuple[Any, ...]:
    x = solve_toeplitz((c, r), b)
    n = shape_of(c)[0]

    def b_pullback(x_bar: Any) -> Any:
        # The transposed matrix has r for its column and c for its row, but its first element is that of c.
        return solve_toeplitz((np.concatenate([c[:1], r[1:]]), c), x_bar)

    def diagonals(x_bar: Any, below: bool) -> Any:
        left, right = np.reshape(b_pullback(x_bar), (n, -1)), np.reshape(x, (n, -1))
        if not below:
            left, right = right, left
        return -np.stack([np.sum(left[k:] * right[: n - k]) for k in range(n)])

    def c_pullback(x_bar: Any) -> Any:
        return diagonals(x_bar, below=True)

    def r_pullback(x_bar: Any) -> Any:
        return np.where(np.arange(n) == 0, 0, diagonals(x_bar, below=False))

    return x, c_pullback, r_pullback, b_pullback


@namesake(scipy.linalg.matmul_toeplitz, nested="c_or_cr")
def matmul_toeplitz(c_or_cr: Any, x: Any, /) -> Any:
    """Return the product of a Toeplitz matrix with a vector or a matrix."""
    return np.matmul(toeplitz(*column_and_row(c_or_cr)), x)


def column_and_row(c_or_cr: Any) -> tuple[Any, Any]:
    """Return the column and the row of a Toeplitz matrix: the row is conj(c) if there is none."""
    if isinstance(c_or_cr, tuple):
        c, r = c_or_cr
        return np.ravel(gather(c)), np.ravel(gather(r))
    c = np.ravel(gather(c_or_cr))
    return c, conjugate(c)


@namesake(scipy.linalg.solve_circulant)
def solve_circulant(c: Any, b: Any, /) -> Any:
    """Return the solution of C X = B for the circulant matrix with the column c."""
    return solve(circulant(c), b)
