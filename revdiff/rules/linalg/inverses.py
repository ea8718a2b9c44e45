"""Inverses and pseudo-inverses, and powers of matrices.

Imports rules of arrays and the other tools of this package.
"""

from __future__ import annotations

from operator import index
from typing import Any

import numpy as np

from revdiff.arrays.numpy_protocol import stands_for
from revdiff.core.revdiff import init_diff, primal, shape_of
from revdiff.functions.of_arrays import rule
from revdiff.rules.complex import conjugate
from revdiff.rules.linalg.degeneracy import rounding
from revdiff.rules.linalg.matrices import Rule, adjoint, hermitian_part
from revdiff.rules.products import transposed
from revdiff.rules.shape import gather

_UNSET: Any = np._NoValue  # NumPy's own, because None says something else


@rule(np.linalg.inv)
def inv(a: Any, /) -> Rule:
    """Return B = A⁻¹.     Ā = -Bᵀ B̄ Bᵀ.

    From A B = I:  dB = -B dA B,  so  ⟨B̄, dB⟩ = ⟨-Bᵀ B̄ Bᵀ, dA⟩.
    """
    b = np.linalg.inv(a)

    def inv_pullback(b_bar: Any) -> Any:
        bt = transposed(b)
        return -np.matmul(np.matmul(bt, b_bar), bt)

    return b, inv_pullback


@stands_for(np.linalg.tensorinv)
def tensorinv(a: Any, /, ind: int = 2) -> Any:
    """Return the inverse of a tensor that maps the axes from ``ind`` on to those before."""
    shape = shape_of(a)
    if ind <= 0:
        msg = f"tensorinv: ind must be positive; met {ind}"
        raise ValueError(msg)
    rows = int(np.prod(shape[:ind]))
    return np.reshape(np.linalg.inv(np.reshape(a, (rows, -1))), shape[ind:] + shape[:ind])


@stands_for(np.linalg.matrix_power)
def matrix_power(a: Any, n: int, /) -> Any:
    """Return Aⁿ for a whole number n, by repeated squaring, of A⁻¹ where n is negative. A⁰ is the constant I."""
    power, n = gather(a), index(n)
    if n <= 0:
        power = np.linalg.matrix_power(primal(power), 0) if n == 0 else np.linalg.inv(power)
    result, n = None, abs(n)
    while n:
        if n % 2:
            result = power if result is None else np.matmul(result, power)
        n //= 2
        power = np.matmul(power, power) if n else power
    return power if result is None else result


@stands_for(np.linalg.pinv)
def pinv(a: Any, /, rcond: Any = None, hermitian: bool = False, *, rtol: Any = _UNSET) -> Any:
    """Return the pseudo-inverse P of A.     Ā = -Pᵀ P̄ Pᵀ + conj((I - A P) P̄ᵀ P Pᴴ + Pᴴ P P̄ᵀ (I - P A)).

    The derivative is that among matrices of the same rank, where P is smooth (G. Golub, V. Pereyra, *The
    differentiation of pseudo-inverses*, 1973). Where ``rcond`` cuts off singular values that are not zero, it
    is that of the sum of vᵢ uᵢᴴ/sᵢ over those that are kept. Of a Hermitian matrix one triangle is read, and
    the cotangent is Hermitian.
    """
    if rcond is not None and rtol is not _UNSET:
        msg = "`rtol` and `rcond` can't be both set."
        raise ValueError(msg)
    if rcond is None:
        a = gather(a)
        rcond = 1e-15 if rtol is _UNSET else rtol
        rcond = max(a.shape[-2:]) * np.finfo(a.dtype).eps if rcond is None else rcond
    return _pinv(hermitian_part(a) if hermitian else a, rcond=rcond, hermitian=hermitian)


@rule()
def _pinv(a: Any, /, rcond: Any, hermitian: bool = False) -> Rule:
    p = np.linalg.pinv(a, rcond, hermitian)

    def pinv_pullback(p_bar: Any) -> Any:
        return pulled_back_from_pinv(a, p, rcond, p_bar)

    return p, pinv_pullback


def pulled_back_from_pinv(a: Any, p: Any, rcond: Any, p_bar: Any) -> Any:
    """Return the cotangent of A from that of its pseudo-inverse P."""
    s = np.linalg.svd(primal(a), compute_uv=False)
    largest = np.max(s, axis=-1, keepdims=True, initial=0)
    if np.any((s <= np.asarray(rcond)[..., None] * largest) & (s > rounding(s, max(a.shape[-2:])))):
        return _truncated(init_diff(a), rcond).backprop(p_bar)
    g = transposed(p_bar)
    left = np.matmul(g - np.matmul(a, np.matmul(p, g)), np.matmul(p, adjoint(p)))
    right = np.matmul(np.matmul(adjoint(p), p), g - np.matmul(np.matmul(g, p), a))
    return conjugate(left + right) - np.matmul(np.matmul(transposed(p), p_bar), transposed(p))


def _truncated(a: Any, rcond: Any) -> Any:
    """Return the pseudo-inverse by its singular values, where those that are cut off are not zero."""
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    plain = primal(s)
    is_kept = plain > np.asarray(rcond)[..., None] * np.max(plain, axis=-1, keepdims=True)
    inverse = np.where(is_kept, 1 / np.where(is_kept, s, 1), 0)
    return np.matmul(adjoint(vh) * inverse[..., None, :], adjoint(u))
