"""Linear equations: exactly, by least squares, and of tensors.

Imports rules of arrays and the other tools of this package.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from revdiff.arrays.numpy_protocol import stands_for
from revdiff.core.cotangents import ZERO, add
from revdiff.core.revdiff import init_diff, primal, shape_of
from revdiff.functions.of_arrays import rule
from revdiff.rules.complex import conjugate
from revdiff.rules.linalg.inverses import pulled_back_from_pinv
from revdiff.rules.products import Product, transposed
from revdiff.rules.shape import gather


@rule(np.linalg.solve)
def solve(a: Any, b: Any, /) -> Product:
    """Return the solution of A X = B, for a vector or a matrix B.     B̄ = A⁻ᵀ X̄,  Ā = -B̄ Xᵀ.

    From dA X + A dX = dB:  ⟨X̄, dX⟩ = ⟨A⁻ᵀ X̄, dB - dA X⟩.

    >>> from revdiff import grad
    >>> grad(lambda b: np.linalg.solve(np.array([[2.0, 0.0], [0.0, 4.0]]), b).sum())(np.ones(2))
    array([0.5 , 0.25])
    """
    x = np.linalg.solve(a, b)
    is_vector = np.ndim(primal(x)) < np.ndim(primal(a))

    def b_bar_of(x_bar: Any) -> Any:
        if is_vector:
            return np.linalg.solve(transposed(a), x_bar[..., None])
        return np.linalg.solve(transposed(a), x_bar)

    def a_pullback(x_bar: Any) -> Any:
        return -np.matmul(b_bar_of(x_bar), x[..., None, :] if is_vector else transposed(x))

    def b_pullback(x_bar: Any) -> Any:
        return b_bar_of(x_bar)[..., 0] if is_vector else b_bar_of(x_bar)

    return x, a_pullback, b_pullback


@stands_for(np.linalg.tensorsolve)
def tensorsolve(a: Any, b: Any, /, axes: Any = None) -> Any:
    """Return the solution of the tensor equation that sums the last axes of a with those of x to give b."""
    a, b = gather(a), gather(b)
    if axes is not None:
        a = np.moveaxis(a, axes, range(-len(axes), 0))
    shape = shape_of(a)[np.ndim(primal(b)) :]
    x = np.linalg.solve(np.reshape(a, (-1, int(np.prod(shape)))), np.ravel(b))
    return np.reshape(x, shape)


@stands_for(np.linalg.lstsq)
def lstsq(a: Any, b: Any, /, rcond: float | None = None) -> tuple[Any, Any, Any, Any]:
    """Return the shortest X that minimizes |A X - B|, the squares of what remains, the rank, and the singular values.

        X̄:  B̄ = Pᵀ X̄, and P̄ = X̄ Bᵀ for the pseudo-inverse P of A
        r̄:  B̄ = 2 conj(R) r̄, Ā = -B̄ Xᵀ, because what remains, R = B - A X, is orthogonal to A

    The derivative is that among matrices of the same rank. The rank is a constant.
    """
    a = gather(a)
    if rcond is None:
        rcond = float(max(a.shape) * np.finfo(np.float64).eps)  # NumPy computes in double precision
    elif rcond < 0:
        rcond = float(np.finfo(np.float64).epsneg)  # LAPACK's
    x, residuals, s = _lstsq(a, b, rcond=rcond)
    rank = int(np.sum(primal(s) > rcond * np.max(primal(s), initial=0)))
    return x, residuals, rank, s


@rule()
def _lstsq(a: Any, b: Any, /, rcond: float) -> tuple[Any, Any, Any]:
    x, residuals, _, s = np.linalg.lstsq(a, b, rcond)
    inverse = cache(lambda: np.linalg.pinv(a, rcond))
    is_vector, has_residuals = np.ndim(primal(b)) == 1, np.size(primal(residuals)) > 0

    def columns(y: Any) -> Any:
        return y[:, None] if is_vector else y

    def of_residuals(r_bar: Any) -> Any:
        remains = columns(b - np.matmul(a, x))
        return 2 * conjugate(remains) * r_bar

    def a_pullback(x_bar: Any, r_bar: Any, s_bar: Any) -> Any:
        a_bar: Any = None
        if x_bar is not None:
            p_bar = np.matmul(columns(x_bar), transposed(columns(b)))
            a_bar = pulled_back_from_pinv(a, inverse(), rcond, p_bar)
        if r_bar is not None and has_residuals:
            a_bar = add(a_bar, -np.matmul(of_residuals(r_bar), transposed(columns(x))))
        if s_bar is not None:
            values: Any = np.linalg.svd(init_diff(a), compute_uv=False)
            a_bar = add(a_bar, values.backprop(s_bar))
        return ZERO if a_bar is None else a_bar

    def b_pullback(x_bar: Any, r_bar: Any, s_bar: Any) -> Any:
        b_bar = None if x_bar is None else np.matmul(transposed(inverse()), columns(x_bar))
        if r_bar is not None and has_residuals:
            b_bar = add(b_bar, of_residuals(r_bar))
        return ZERO if b_bar is None else np.reshape(b_bar, shape_of(b))

    return (x, residuals, s), a_pullback, b_pullback
