"""Determinants, right at singular matrices too.

Imports rules of arrays and the other tools of this package.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.core.cotangents import ZERO, one_like
from revdiff.core.revdiff import init_diff, primal
from revdiff.functions.of_arrays import rule
from revdiff.rules.linalg.matrices import Rule, adjoint
from revdiff.rules.products import transposed


@rule(np.linalg.det)
def det(a: Any, /) -> Rule:
    """Return the determinant.     Ā = d̄ cof(A), the matrix of cofactors; where A is regular, that is det(A) A⁻ᵀ.

    From Jacobi's formula, d det A = tr(adj(A) dA). A determinant is a polynomial of the entries and has all
    derivatives everywhere, at singular matrices too.

    >>> from revdiff import grad
    >>> grad(np.linalg.det)(np.array([[1.0, 2.0], [2.0, 4.0]])).round(6)
    array([[ 4., -2.],
           [-2.,  1.]])
    """
    d = np.linalg.det(a)

    def det_pullback(d_bar: Any) -> Any:
        return np.expand_dims(d_bar, (-2, -1)) * _cofactors(a, d)

    return d, det_pullback


def _cofactors(a: Any, d: Any) -> Any:
    """Return the matrix of cofactors, ∂ det A / ∂A."""
    plain = primal(a)
    try:
        inverse = np.linalg.inv(plain)
    except np.linalg.LinAlgError:
        return _cofactors_by_blocks(a)
    condition = _largest_row(plain) * _largest_row(inverse)
    if np.any((condition > np.finfo(inverse.dtype).eps ** -0.5) | (primal(d) == 0)):
        return _cofactors_by_blocks(a)
    return np.expand_dims(d, (-2, -1)) * transposed(inverse if plain is a else np.linalg.inv(a))


def _largest_row(a: Any) -> Any:
    return np.max(np.sum(np.abs(a), axis=-1), axis=-1, initial=0)


def _cofactors_by_blocks(a: Any) -> Any:
    """Return the cofactors of matrices that are, or may be, nearly singular: the gradient of a stable polynomial."""
    stack = np.reshape(a, (-1, *a.shape[-2:]))
    u, s, vh = np.linalg.svd(primal(stack))
    small = np.maximum(1, np.sum(s <= np.sqrt(np.finfo(s.dtype).eps) * s[:, :1], axis=-1))
    variable = init_diff(stack)
    total = sum(
        _sum_of_determinants(variable[small == q], u[small == q], vh[small == q], q) for q in set(small.tolist())
    )
    return np.reshape(total.backprop(one_like(total.value)), a.shape)


def _sum_of_determinants(a: Any, u: Any, vh: Any, q: int) -> Any:
    """Return the sum of det(A) = det(U) det(Uᴴ A V) det(Vᴴ), where U and V are constant, and are singular vectors of A.

    The matrix in the middle is a well conditioned block, and q rows and columns close to 0. So its
    determinant is that of the block times that of the Schur complement, a polynomial of small numbers.
    """
    middle = np.matmul(np.matmul(adjoint(u), a), adjoint(vh))
    r = a.shape[-1] - q
    block, beside, below, rest = middle[:, :r, :r], middle[:, :r, r:], middle[:, r:, :r], middle[:, r:, r:]
    if r:
        rest = rest - np.matmul(below, np.linalg.solve(block, beside))
    return np.sum(np.linalg.det(u) * np.linalg.det(vh) * (np.linalg.det(block) if r else 1) * _by_traces(rest))


def _by_traces(a: Any) -> Any:
    """Return determinants without dividing by anything in them, by the recurrence of Faddeev and Le Verrier.

    It is fit for small matrices and for matrices of small numbers.
    """
    n = a.shape[-1]
    power, coefficient = a, -np.trace(a, axis1=-2, axis2=-1)
    for k in range(2, n + 1):
        power = np.matmul(a, power + coefficient[:, None, None] * np.eye(n, dtype=primal(a).dtype))
        coefficient = -np.trace(power, axis1=-2, axis2=-1) / k
    return (-1) ** n * coefficient


@rule(np.linalg.slogdet)
def slogdet(a: Any, /) -> Rule:
    """Return the sign of the determinant, and the logarithm ℓ of its modulus.     Ā = (ℓ̄ + i Im(s̄ s)) A⁻ᵀ.

    With t = tr(A⁻¹ dA):  dℓ = Re t,  and for a complex matrix  ds = i s Im t.  The sign of a real determinant
    is constant. At a singular matrix ℓ has no derivative: `numpy.linalg.LinAlgError`.
    """
    result = np.linalg.slogdet(a)

    def slogdet_pullback(sign_bar: Any, log_bar: Any) -> Any:
        factor = log_bar
        if sign_bar is not None and np.iscomplexobj(primal(a)):
            turned = 1j * np.imag(sign_bar * result[0])
            factor = turned if factor is None else factor + turned
        return ZERO if factor is None else np.expand_dims(factor, (-2, -1)) * transposed(np.linalg.inv(a))

    return result, slogdet_pullback
