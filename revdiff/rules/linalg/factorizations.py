"""Factorizations by triangles: Cholesky's, and that into a unitary and a triangular matrix.

Imports rules of arrays and the other tools of this package. Φ(X) is the lower triangle of X with half of its
diagonal.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.arrays.numpy_protocol import stands_for
from revdiff.core.cotangents import zero_like
from revdiff.core.errors import MissingRuleError
from revdiff.core.revdiff import primal, shape_of
from revdiff.functions.of_arrays import rule
from revdiff.rules.complex import conjugate
from revdiff.rules.linalg.degeneracy import DegenerateError, require_independent
from revdiff.rules.linalg.matrices import Rule, adjoint, lower_half, results_of, symmetrized
from revdiff.rules.products import transposed
from revdiff.rules.shape import gather


@stands_for(np.linalg.cholesky)
def cholesky(a: Any, /, *, upper: bool = False) -> Any:
    """Return the triangular L of A = L Lᴴ, or U = Lᴴ with ``upper=True``.     Ā = sym(L⁻ᵀ Φ(Lᵀ L̄) conj(L)⁻¹).

    From dA = E:  dL = L Φ(L⁻¹ E L⁻ᴴ)  (I. Murray, *Differentiation of the Cholesky decomposition*, 2016).
    One triangle of A is read. Its cotangent is that of a function of the Hermitian part sym(A) = (A + Aᴴ)/2,
    as that of `eigh` is.
    """
    return adjoint(_cholesky(adjoint(gather(a)))) if upper else _cholesky(a)


@rule()
def _cholesky(a: Any, /) -> Rule:
    lower = np.linalg.cholesky(a)

    def cholesky_pullback(l_bar: Any) -> Any:
        inner = lower_half(np.matmul(transposed(lower), l_bar))
        left = np.linalg.solve(transposed(lower), inner)
        return symmetrized(transposed(np.linalg.solve(adjoint(lower), transposed(left))))

    return lower, cholesky_pullback


@stands_for(np.linalg.qr)
def qr(a: Any, /, mode: str = "reduced") -> Any:
    """Return Q with orthonormal columns and the triangular R of A = Q R; R alone with ``mode="r"``.

        Ā = (Q̄ + conj(Q) (R̄ Rᵀ + Φ(Y - Yᴴ) - Qᵀ Q̄)) R⁻ᵀ,      Y = Qᵀ Q̄ - R̄ Rᵀ

    From dA = dQ R + Q dR with Qᴴ dQ skew and dR R⁻¹ triangular, real on the diagonal (S. Walter, L. Lehmann,
    *Algorithmic differentiation of linear algebra functions*, 2010). A matrix [A₁ A₂] with more columns than
    rows has the Q of its square part A₁ = Q R₁, and R = [R₁ QᴴA₂] (D. Roberts, L. Roberts, *QR and LQ
    decomposition matrix backpropagation algorithms*, 2020).

    The columns of A, or of A₁, must be linearly independent: `DegenerateError`. The columns that
    ``mode="complete"`` adds to Q are any basis of the rest, and have no derivative.
    """
    a = gather(a)
    m, n = shape_of(a)[-2:]
    if mode == "r":
        return qr(a)[1]
    if mode not in ("reduced", "complete") or (mode == "complete" and m > n):
        name = f"numpy.linalg.qr with mode={mode!r}"
        hint = " The columns that it adds to Q may be any basis." if mode == "complete" else ""
        raise MissingRuleError.of(name, f"{hint}\n  Write mode='reduced'.")
    if m >= n:
        return _qr(a)
    q, r = _qr(a[..., :m])
    return results_of(np.linalg.qr)(q, np.concatenate([r, np.matmul(adjoint(q), a[..., m:])], axis=-1))


@rule()
def _qr(a: Any, /) -> Rule:
    q, r = result = np.linalg.qr(a)

    def qr_pullback(q_bar: Any, r_bar: Any) -> Any:
        require_independent(primal(r), DegenerateError.of_columns())
        q_bar = zero_like(q) if q_bar is None else q_bar
        r_bar = zero_like(r) if r_bar is None else r_bar
        of_q, of_r = np.matmul(transposed(q), q_bar), np.matmul(r_bar, transposed(r))
        y = of_q - of_r
        inner = of_r + lower_half(y - adjoint(y)) - of_q
        return transposed(np.linalg.solve(r, transposed(q_bar + np.matmul(conjugate(q), inner))))

    return result, qr_pullback
