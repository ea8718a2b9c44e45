"""Singular values and singular vectors.

Imports rules of arrays and the other tools of this package. Sources: J. Townsend, *Differentiating the
singular value decomposition*, 2016; Z.-Q. Wan, S.-X. Zhang, *Automatic differentiation for complex valued
SVD*, 2019.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.arrays.names import of_numpy
from revdiff.arrays.numpy_protocol import stands_for
from revdiff.core.cotangents import zero_like
from revdiff.core.revdiff import primal, shape_of
from revdiff.functions.of_arrays import rule
from revdiff.rules.complex import conjugate
from revdiff.rules.linalg.degeneracy import (
    DegenerateError,
    between,
    divided,
    equal,
    gaps,
    require_alike,
    require_none,
    rounding,
    size,
)
from revdiff.rules.linalg.matrices import Rule, adjoint, on_diagonal, results_of, skew, symmetrized, with_diagonal
from revdiff.rules.products import transposed

_NAMES = "singular vectors", "singular values"


@stands_for(np.linalg.svd)
def svd(a: Any, /, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False) -> Any:
    """Return the singular value decomposition A = U diag(s) Vᴴ, or s alone with ``compute_uv=False``.

        Ā = conj(U) (diag(s̄) + F ∘ skew(N - M) + H ∘ skew(N + M)) conj(W) + Ū⊥ diag(1/s) conj(W) + conj(U) diag(1/s) W̄⊥

    with W = Vᴴ, N = Uᵀ Ū, M = W̄ Wᵀ, F = 1/(sⱼ - sᵢ), H = 1/(sⱼ + sᵢ), and Ū⊥, W̄⊥ what of the cotangents lies
    outside the spaces of U and V. From dA = E and P = Uᴴ E V:  ds = Re diag(P),
    Uᴴ dU = F ∘ sym(P) + H ∘ skew(P),  Vᴴ dV = F ∘ sym(P) - H ∘ skew(P).

    Where singular values are equal, or zero, functions that do not depend on the choice of their vectors
    have a derivative; others raise `DegenerateError`. A singular value is |σ|, with a corner at 0, and like
    that of |σ| its derivative there is 0.

    >>> from revdiff import grad
    >>> def norm_of_rebuilt(a):
    ...     u, s, vh = np.linalg.svd(a)
    ...     return np.linalg.norm(u * s @ vh)
    >>> grad(norm_of_rebuilt)(2.0 * np.eye(2)).round(6)
    array([[0.707107, 0.      ],
           [0.      , 0.707107]])
    """
    if hermitian:
        return _of_hermitian(a) if compute_uv else _of_hermitian(a)[1]
    return _svd(a, full_matrices=full_matrices) if compute_uv else _svd(a, full_matrices=False)[1]


@stands_for(*of_numpy("linalg.svdvals"))
def svdvals(x: Any, /) -> Any:
    """Return the singular values.     Ā = conj(U) diag(s̄) conj(Vᴴ)."""
    return svd(x, compute_uv=False)


@rule()
def _svd(a: Any, /, full_matrices: bool) -> Rule:
    all_u, s, all_w = result = np.linalg.svd(a, full_matrices)
    m, n = shape_of(a)[-2:]
    k = min(m, n)
    is_full = full_matrices and m != n
    u, w = (all_u[..., :k], all_w[..., :k, :]) if is_full else (all_u, all_w)
    same, is_zero = equal(s, max(m, n)), primal(s) <= rounding(s, max(m, n))

    def svd_pullback(u_bar: Any, s_bar: Any, w_bar: Any) -> Any:
        u_conj, w_conj = conjugate(u), conjugate(w)
        if u_bar is None and w_bar is None:
            return np.matmul(u_conj * np.where(is_zero, 0, s_bar)[..., None, :], w_conj)
        u_bar = zero_like(all_u) if u_bar is None else u_bar
        w_bar = zero_like(all_w) if w_bar is None else w_bar
        if is_full:
            u_bar = _without_complement(all_u, u_bar, k)
            w_bar = transposed(_without_complement(transposed(all_w), transposed(w_bar), k))
        beside, names = size(u_bar, w_bar), None if s_bar is None else _NAMES
        of_u, of_w = np.matmul(transposed(u), u_bar), np.matmul(w_bar, transposed(w))
        _require_no_choice(same, is_zero, of_u, of_w, s_bar, beside)
        apart = symmetrized(divided(skew(of_u - of_w), gaps(s), same, strictly=names))
        apart = apart if s_bar is None else with_diagonal(apart, s_bar)
        both_zero = is_zero[..., None, :] & is_zero[..., :, None]
        sums = s[..., None, :] + s[..., :, None]
        inner = apart + skew(divided(skew(of_u + of_w), sums, both_zero, strictly=names))
        a_bar = np.matmul(np.matmul(u_conj, inner), w_conj)
        if m > n:
            outside = _over_values(
                u_bar - np.matmul(u_conj, of_u), s[..., None, :], is_zero[..., None, :], beside, names
            )
            a_bar = a_bar + np.matmul(outside, w_conj)
        if n > m:
            outside = _over_values(
                w_bar - np.matmul(of_w, w_conj), s[..., :, None], is_zero[..., :, None], beside, names
            )
            a_bar = a_bar + np.matmul(u_conj, outside)
        return a_bar

    return result, svd_pullback


def _require_no_choice(same: Any, is_zero: Any, of_u: Any, of_w: Any, s_bar: Any, beside: Any) -> None:
    """Raise an error if cotangents N of U, M of W, and s̄ depend on which vectors of equal values were chosen."""
    error = DegenerateError.of_vectors(*_NAMES)
    both_zero = is_zero[..., None, :] & is_zero[..., :, None]
    require_none(skew(of_u - of_w), on_diagonal(same.shape[-1]), beside, DegenerateError.of_phase(_NAMES[0]))
    require_none(skew(of_u - of_w), same, beside, error)
    require_none(skew(of_u + of_w), both_zero, beside, error)
    if s_bar is not None:
        require_none(symmetrized(of_u), between(same), beside, error)
        require_none(symmetrized(of_w), between(same), beside, error)
        require_alike(s_bar, same, error)
        require_none(s_bar[..., None], is_zero[..., None], size(s_bar[..., None]), error)


def _over_values(outside: Any, s: Any, is_zero: Any, beside: Any, names: Any) -> Any:
    """Return the part of a cotangent outside the space of the vectors, divided by the singular values."""
    require_none(outside, is_zero, beside, DegenerateError.of_vectors(*_NAMES))
    return divided(outside, s, is_zero, strictly=names)


def _without_complement(u: Any, u_bar: Any, k: int) -> Any:
    """Return the cotangent of the first k columns of a unitary matrix, the others being any basis of the rest.

    U₁ᴴ dU₂ = -(U₂ᴴ dU₁)ᴴ, and so Ū₂ asks of dU₁ what -conj(U₂) Ū₂ᴴ conj(U₁) asks of it.
    """
    first, rest = u[..., :k], u[..., k:]
    first_bar, rest_bar = u_bar[..., :k], u_bar[..., k:]
    turn = np.matmul(transposed(rest), rest_bar)
    require_none(skew(turn), True, size(u_bar), DegenerateError.of_vectors(*_NAMES))
    return first_bar - np.matmul(np.matmul(conjugate(rest), adjoint(rest_bar)), conjugate(first))


def _of_hermitian(a: Any) -> Any:
    """Return the decomposition of a Hermitian matrix, from its eigenvalues: s = |λ|, in descending order."""
    w, v = np.linalg.eigh(a)
    order = np.argsort(np.abs(primal(w)))[..., ::-1]
    w, v = np.take_along_axis(w, order, axis=-1), np.take_along_axis(v, order[..., None, :], axis=-1)
    signs = np.copysign(1, primal(w))
    return results_of(np.linalg.svd)(v, np.abs(w), adjoint(v * signs[..., None, :]))
