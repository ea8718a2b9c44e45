"""Eigenvalues and eigenvectors.

Imports rules of arrays and the other tools of this package. F is the matrix of 1/(λⱼ - λᵢ), 0 where they
are equal. Sources: M. Giles, *An extended collection of matrix derivative results*, 2008; C. Boeddeker et
al., *On the computation of complex-valued gradients*, 2017, for complex matrices.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.arrays.numpy_protocol import stands_for
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
    require_independent,
    require_none,
    size,
)
from revdiff.rules.linalg.matrices import Rule, on_diagonal, skew, symmetrized, with_diagonal
from revdiff.rules.products import transposed

_NAMES = "eigenvectors", "eigenvalues"


@rule(np.linalg.eigh)
def eigh(a: Any, /, UPLO: Any = "L") -> Rule:  # noqa: N803 (NumPy's name)
    """Return eigenvalues and eigenvectors of a Hermitian matrix, A = V diag(λ) Vᴴ.

        Ā = conj(V) (diag(λ̄) + F ∘ skew(Vᵀ V̄)) Vᵀ,      skew(X) = (X - Xᴴ)/2

    From dA = E:  dλ = diag(Vᴴ E V),  dV = V (F ∘ Vᴴ E V).  One triangle of A is read. Its cotangent is that of a
    function of the Hermitian part (A + Aᴴ)/2, and so Hermitian itself: an entry off the diagonal has half of
    the derivative, its mirror image the other half.

    Where eigenvalues are equal, functions that do not depend on the choice of their eigenvectors have a
    derivative; others raise `DegenerateError`. Eigenvalues that meet have derivatives together, in every
    symmetric function, and by themselves only from one side; theirs are then those of NumPy's basis.

    >>> from revdiff import grad
    >>> grad(lambda a: np.linalg.eigh(a).eigenvalues.sum())(np.eye(2))
    array([[1., 0.],
           [0., 1.]])
    """
    w, v = result = np.linalg.eigh(a, UPLO)

    def eigh_pullback(w_bar: Any, v_bar: Any) -> Any:
        if v_bar is None:
            return np.matmul(conjugate(v) * w_bar[..., None, :], transposed(v))
        same, beside = equal(w, shape_of(w)[-1]), size(v_bar)
        turn = np.matmul(transposed(v), v_bar)
        error = DegenerateError.of_vectors(*_NAMES)
        require_none(skew(turn), on_diagonal(same.shape[-1]), beside, DegenerateError.of_phase(_NAMES[0]))
        require_none(skew(turn), same, beside, error)
        if w_bar is not None:
            require_none(turn, between(same), beside, error)
            require_alike(w_bar, same, error)
        inner = symmetrized(divided(skew(turn), gaps(w), same, strictly=None if w_bar is None else _NAMES))
        inner = inner if w_bar is None else with_diagonal(inner, w_bar)
        return np.matmul(np.matmul(conjugate(v), inner), transposed(v))

    return result, eigh_pullback


@stands_for(np.linalg.eigvalsh)
def eigvalsh(a: Any, /, UPLO: Any = "L") -> Any:  # noqa: N803
    """Return the eigenvalues of a Hermitian matrix.     Ā = conj(V) diag(λ̄) Vᵀ."""
    return np.linalg.eigh(a, UPLO)[0]


@rule(np.linalg.eig)
def eig(a: Any, /) -> Rule:
    """Return eigenvalues and eigenvectors of any square matrix, A V = V diag(λ).

        Ā = V⁻ᵀ (diag(λ̄) + F ∘ Vᵀ D̄) Vᵀ,      D̄ = V̄ - conj(V) Re(n) - i e Im(n)/vₖ,      n = diag(Vᵀ V̄)

    From dA = E: dλ = diag(P) with P = V⁻¹ E V, and dV = V (F ∘ P) + V diag(c). The numbers c keep each vector as
    LAPACK returns it: of length 1, and with its largest component vₖ real; e is 1 at that component.

    Equal eigenvalues are treated as by `eigh`. A defective matrix, without enough eigenvectors, raises
    `DegenerateError`.
    """
    w, v = result = np.linalg.eig(a)

    def eig_pullback(w_bar: Any, v_bar: Any) -> Any:
        require_independent(primal(v), DegenerateError.of_defective())
        if v_bar is None:
            inner = with_diagonal(0, w_bar)
        else:
            same = equal(w, shape_of(w)[-1])
            turn = np.matmul(transposed(v), _kept_as_lapack_has_it(v, v_bar))
            error = DegenerateError.of_vectors(*_NAMES)
            require_none(turn, between(same), size(v_bar), error)
            if w_bar is not None:
                require_none(w_bar[..., None], between(same), size(primal(w_bar)[..., None]), error)
            inner = divided(turn, gaps(w), same, strictly=None if w_bar is None else _NAMES)
            inner = inner if w_bar is None else with_diagonal(inner, w_bar)
        return np.linalg.solve(transposed(v), np.matmul(inner, transposed(v)))

    return result, eig_pullback


def _kept_as_lapack_has_it(v: Any, v_bar: Any) -> Any:
    """Return the cotangent of eigenvectors that may change in length and phase."""
    plain = primal(v)
    along = np.sum(v * v_bar, axis=-2, keepdims=True)
    v_bar = v_bar - conjugate(v) * np.real(along)
    if not np.iscomplexobj(plain):
        return v_bar
    largest = np.argmax(np.abs(plain) + (plain.imag == 0), axis=-2)
    is_largest = np.arange(plain.shape[-2])[:, None] == largest[..., None, :]
    return v_bar - 1j * np.where(is_largest, np.imag(along) / np.where(is_largest, np.real(v), 1), 0)


@stands_for(np.linalg.eigvals)
def eigvals(a: Any, /) -> Any:
    """Return the eigenvalues of any square matrix.     Ā = V⁻ᵀ diag(λ̄) Vᵀ."""
    return np.linalg.eig(a)[0]
