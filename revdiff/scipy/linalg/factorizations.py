"""Factorizations: Cholesky's, into triangles, into unitary and triangular factors, into polar factors.

Imports rules of arrays, of NumPy's matrices, and the solutions of triangular equations. Where SciPy's routine and NumPy's
may choose other signs for their factors, SciPy's are kept: they are constants.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg

from revdiff.core.cotangents import zero_like
from revdiff.core.revdiff import primal, shape_of
from revdiff.functions.of_arrays import rule
from revdiff.rules.complex import conjugate
from revdiff.rules.linalg.degeneracy import DegenerateError, rounding
from revdiff.rules.linalg.matrices import adjoint, skew
from revdiff.rules.products import transposed
from revdiff.scipy._namesakes import namesake, refuse
from revdiff.scipy.linalg.equations import solve_sylvester
from revdiff.scipy.linalg.solves import permuted, solve_triangular


@namesake(scipy.linalg.cholesky)
def cholesky(a: Any, /, lower: bool = False) -> Any:
    """Return the triangular U of A = Uᴴ U, or L = Uᴴ with ``lower=True``.     Ā = sym(L⁻ᵀ Φ(Lᵀ L̄) conj(L)⁻¹).

    That triangle of A is read. Its cotangent is that of a function of the Hermitian part of A, as for `numpy.linalg.cholesky`.
    """
    return np.linalg.cholesky(a) if lower else adjoint(np.linalg.cholesky(adjoint(a)))


@namesake(scipy.linalg.cho_factor)
def cho_factor(a: Any, /, lower: bool = False) -> tuple[Any, bool]:
    """Return a matrix with the factor of `cholesky` in one triangle and what A has in the other, and ``lower``.

    Since SciPy 1.18 there are zeros in the other.
    """
    factor = cholesky(a, lower=lower)
    in_triangle = np.tri(shape_of(a)[-1], dtype=bool)
    return np.where(in_triangle if lower else in_triangle.T, factor, a if _KEEPS_THE_OTHER_TRIANGLE else 0), lower


_KEEPS_THE_OTHER_TRIANGLE = bool(scipy.linalg.cho_factor(np.array([[2.0, 1.0], [1.0, 2.0]]))[0][1, 0])


@namesake(scipy.linalg.lu)
def lu(a: Any, /, permute_l: bool = False, p_indices: bool = False) -> tuple[Any, ...]:
    """Return P, L and U of A = P L U: a constant permutation, L with ones on its diagonal, and an upper triangle.

        P Ā = L₁⁻ᵀ (tril₋(Lᵀ L̄) + triu(Ū Uᵀ)) U₁⁻ᵀ     for a square A, where tril₋ leaves the diagonal out

    From L⁻¹ PᵀdA U⁻¹ = L⁻¹ dL + dU U⁻¹, the sum of a strictly lower and an upper triangle. Of a matrix that is not square,
    the square part in front has these factors, and the others come by L₂ = A₂ U⁻¹ or U₂ = L⁻¹ A₂.

    With ``p_indices`` the permutation is given as A = L[p] U, with ``permute_l`` the factors P L and U are.
    """
    order, lower, upper = _factors(a)
    if permute_l:
        return permuted(lower, order), upper
    return (order if p_indices else scipy.linalg.lu(primal(a))[0]), lower, upper


def _factors(a: Any) -> tuple[Any, Any, Any]:
    """Return p, L and U with A = L[p] U, of a matrix of any shape."""
    m, n = shape_of(a)[-2:]
    order = np.asarray(scipy.linalg.lu(primal(a), p_indices=True)[0])
    a = permuted(a, np.argsort(order, axis=-1))
    k = min(m, n)
    lower, upper = _lu(a[..., :k, :k])
    if m > n:
        below = transposed(solve_triangular(upper, transposed(a[..., k:, :]), trans=1))
        lower = np.concatenate([lower, below], axis=-2)
    elif n > m:
        beside = solve_triangular(lower, a[..., k:], lower=True, unit_diagonal=True)
        upper = np.concatenate([upper, beside], axis=-1)
    return order, lower, upper


@rule()
def _lu(a: Any, /) -> tuple[Any, Any]:
    """Factorize a square matrix whose rows are in the order of its pivots."""
    if primal(a) is a:
        # Equal pivots may be exchanged once more: the factors belong to the order that is there.
        order, lower, upper = scipy.linalg.lu(a, p_indices=True)
        if np.any(order != np.arange(a.shape[-1])):
            lower, upper = _without_exchanges(a)
    else:
        lower, upper = _lu(a)

    def lu_pullback(l_bar: Any, u_bar: Any) -> Any:
        l_bar = zero_like(lower) if l_bar is None else l_bar
        u_bar = zero_like(upper) if u_bar is None else u_bar
        inner = np.tril(np.matmul(transposed(lower), l_bar), -1) + np.triu(np.matmul(u_bar, transposed(upper)))
        left = solve_triangular(lower, inner, trans=1, lower=True, unit_diagonal=True)
        return transposed(solve_triangular(upper, transposed(left)))

    return (lower, upper), lu_pullback


def _without_exchanges(a: Any) -> tuple[Any, Any]:
    """Return L and U of plain matrices by elimination."""
    upper = np.array(a, np.result_type(a, np.float32))
    lower = np.zeros_like(upper) + np.eye(a.shape[-1], dtype=upper.dtype)
    for k in range(a.shape[-1] - 1):
        lower[..., k + 1 :, k] = upper[..., k + 1 :, k] / upper[..., k, k, None]
        upper[..., k + 1 :, :] -= lower[..., k + 1 :, k, None] * upper[..., k, None, :]
    return lower, np.triu(upper)


@namesake(scipy.linalg.lu_factor)
def lu_factor(a: Any, /) -> tuple[Any, Any]:
    """Return L and U of `lu` in one matrix, without the ones on the diagonal of L, and the rows that were exchanged."""
    _, lower, upper = _factors(a)
    m, n = shape_of(a)[-2:]
    k = min(m, n)
    wide = [(0, 0)] * (len(shape_of(a)) - 2)
    packed = np.pad(np.tril(lower, -1), [*wide, (0, 0), (0, n - k)]) + np.pad(upper, [*wide, (0, m - k), (0, 0)])
    return packed, scipy.linalg.lu_factor(primal(a))[1]


@namesake(scipy.linalg.qr)
def qr(a: Any, /, mode: str = "full", pivoting: bool = False) -> Any:
    """Return Q with orthonormal columns and the triangular R of A = Q R, and with ``pivoting`` of A[:, p] = Q R, and p.

    The pullback is that of `numpy.linalg.qr`. The columns that ``mode="full"`` adds to Q where A has more rows than
    columns are any basis of the rest, and have no derivative: a `MissingRuleError`.
    """
    m, n = shape_of(a)[-2:]
    if mode in ("full", "qr") and m > n:
        hint = "The columns that it adds to Q may be any basis.\n  Write mode='economic'."
        refuse(f"scipy.linalg.qr with mode={mode!r} of a matrix with more rows than columns", hint)
    q_of_scipy, *rest = scipy.linalg.qr(primal(a), mode="economic", pivoting=pivoting)
    order = rest[1:]
    q, r = np.linalg.qr(np.take_along_axis(a, order[0][..., None, :], axis=-1) if pivoting else a)
    phases = _phases(q, q_of_scipy)
    q, r = q * phases[..., None, :], r * np.conj(phases)[..., :, None]
    if mode == "r":
        r = np.pad(r, [(0, 0)] * (len(shape_of(a)) - 2) + [(0, max(0, m - n)), (0, 0)])
        return (r, *order) if pivoting or len(shape_of(a)) == 2 else r  # of a stack, SciPy gives no tuple of one
    return q, r, *order


@namesake(scipy.linalg.rq)
def rq(a: Any, /, mode: str = "full") -> Any:
    """Return the triangular R and Q with orthonormal rows of A = R Q: those of `qr`, of Aᴴ with its columns reversed.

    The rows that ``mode="full"`` adds to Q where A has more columns than rows have no derivative: a `MissingRuleError`.
    """
    m, n = shape_of(a)[-2:]
    if mode == "full" and n > m:
        hint = "The rows that it adds to Q may be any basis.\n  Write mode='economic'."
        refuse("scipy.linalg.rq with mode='full' of a matrix with more columns than rows", hint)
    q, r = np.linalg.qr(adjoint(a[..., ::-1, :]))
    q, r = adjoint(q)[..., ::-1, :], adjoint(r)[..., ::-1, ::-1]
    q_of_scipy = scipy.linalg.rq(primal(a), mode="economic")[1]
    phases = np.conj(_phases(adjoint(q), adjoint(q_of_scipy)))
    q, r = q * phases[..., :, None], r * np.conj(phases)[..., None, :]
    if mode == "r":
        return np.pad(r, [(0, 0)] * (len(shape_of(a)) - 1) + [(max(0, n - m), 0)])
    return r, q


def _phases(q: Any, like: Any) -> Any:
    """Return the numbers of modulus 1 by which columns differ from others."""
    along = np.sum(np.conj(primal(q)) * like, axis=-2)
    return np.where(along == 0, 1, along / np.where(along == 0, 1, np.abs(along)))


@namesake(scipy.linalg.polar)
def polar(a: Any, /, side: str = "right") -> tuple[Any, Any]:
    """Return U with orthonormal columns, or rows, and the positive P of A = U P, or of A = P U with ``side="left"``.

        P Y + Y P = skew(Uᴴ Ũ - P̃ P),    Ã = U (2 Y + P̃) + (I - U Uᴴ) Ũ P⁻¹,      with X̃ = conj(X̄)

    From Uᴴ dA - dAᴴ U = Ω P + P Ω for the skew Ω = Uᴴ dU, and dP = Uᴴ dA - Ω P (C. Kenney, A. Laub, *Polar
    decomposition and matrix sign function condition estimates*, 1991). A must have full rank: `DegenerateError`.
    """
    m, n = shape_of(a)[-2:]
    if side == "left":
        u, p = polar(adjoint(a))
        return adjoint(u), p
    if m >= n:
        return _polar(a)  # type: ignore[no-any-return]
    u, p = polar(a, side="left")
    return u, np.matmul(np.matmul(adjoint(u), p), u)


@rule()
def _polar(a: Any, /) -> tuple[Any, Any]:
    u, p = polar(a)

    def polar_pullback(u_bar: Any, p_bar: Any) -> Any:
        _require_full_rank(primal(a))
        u_tilde = zero_like(u) if u_bar is None else conjugate(u_bar)
        p_tilde = zero_like(p) if p_bar is None else conjugate(p_bar)
        inside = np.matmul(adjoint(u), u_tilde)
        y = solve_sylvester(p, p, skew(inside - np.matmul(p_tilde, p)))
        outside = u_tilde - np.matmul(u, inside)
        return conjugate(np.matmul(u, 2 * y + p_tilde) + adjoint(np.linalg.solve(p, adjoint(outside))))

    return (u, p), polar_pullback


def _require_full_rank(a: Any) -> None:
    s = np.linalg.svd(a, compute_uv=False)
    if np.any(s <= rounding(s, max(a.shape[-2:]))):
        msg = "scipy.linalg.polar has no derivative here: the matrix is singular, and its unitary factor jumps."
        raise DegenerateError(msg)


@namesake(scipy.linalg.orthogonal_procrustes)
def orthogonal_procrustes(a: Any, b: Any, /) -> tuple[Any, Any]:
    """Return the unitary R that minimizes |A R - B|, the polar factor of Aᴴ B, and the sum of the singular values of that."""
    product = np.matmul(adjoint(a), b)
    return polar(product)[0], np.linalg.norm(product, "nuc", (-2, -1))
