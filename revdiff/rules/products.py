"""Products of matrices and vectors.

Imports lifting, broadcasting, shapes and NumPy's protocol.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.broadcasting import fit_for
from revdiff.core.capture import check, keep, watch
from revdiff.core.lifting import lift
from revdiff.core.revdiff import OPERATORS, RevDiff, primal
from revdiff.numpy_protocol import method, stands_for
from revdiff.rules.complex import conjugate
from revdiff.rules.reductions import sum_
from revdiff.rules.shape import gather, reshape, swapaxes, transpose


@stands_for(np.matmul)
def matmul(a: Any, b: Any, /) -> Any:
    """Return the matrix product a @ b, over leading axes for stacks of matrices.     ā = c̄ bᵀ,  b̄ = aᵀ c̄.

    From dc = da b + a db:  ⟨c̄, dc⟩ = ⟨c̄ bᵀ, da⟩ + ⟨aᵀ c̄, db⟩.  A vector on the left is a row, one on
    the right a column.

    >>> from revdiff import grad
    >>> grad(lambda w: np.array([1.0, 2.0]) @ w @ np.array([3.0, 5.0]))(np.eye(2))
    array([[ 3.,  5.],
           [ 6., 10.]])
    """
    a, b = (_operand(x) for x in (a, b))
    shape_a, shape_b = np.shape(primal(a)), np.shape(primal(b))
    if not shape_a or not shape_b:
        msg = f"matmul needs arrays of at least one dimension; met shapes {shape_a} and {shape_b}. Use * for numbers"
        raise ValueError(msg)
    rows = a if len(shape_a) > 1 else reshape(a, (1, *shape_a))
    columns = b if len(shape_b) > 1 else reshape(b, (*shape_b, 1))
    c = _of_matrices(rows, columns)
    shape = np.shape(primal(c))
    outer = shape[:-2] + (shape[-2:-1] if len(shape_a) > 1 else ()) + (shape[-1:] if len(shape_b) > 1 else ())
    return reshape(c, outer)[()] if outer != shape else c


def _operand(x: Any) -> Any:
    x = gather(x)
    return x if isinstance(x, np.ndarray | RevDiff) else np.asarray(x)


def _of_matrices(a: Any, b: Any) -> Any:
    constants = [*watch(a), *watch(b)]

    def body(a: Any, b: Any) -> tuple[Any, Any, Any]:
        plain = primal(a) is a and primal(b) is b
        c = np.matmul(a, b) if plain else _of_matrices(a, b)
        fit_a, fit_b = fit_for(a, c), fit_for(b, c)

        def a_pullback(c_bar: Any) -> Any:
            check(constants)
            a_bar = _of_matrices(c_bar, swapaxes(b, -1, -2))
            return a_bar if fit_a is None else fit_a(a_bar)

        def b_pullback(c_bar: Any) -> Any:
            check(constants)
            b_bar = _of_matrices(swapaxes(a, -1, -2), c_bar)
            return b_bar if fit_b is None else fit_b(b_bar)

        return c, a_pullback, b_pullback

    return lift(body, keep(a), keep(b))


@stands_for(np.dot)
def dot(a: Any, b: Any, /) -> Any:
    """Return the product of numbers, or of vectors and matrices as `matmul` has it."""
    shape_a, shape_b = np.shape(primal(a)), np.shape(primal(b))
    if not shape_a or not shape_b:
        return a * b
    if len(shape_a) > 2 or len(shape_b) > 2:
        msg = f"dot of arrays of shapes {shape_a} and {shape_b} has no rule; write numpy.matmul"
        raise ValueError(msg)
    return matmul(a, b)


@stands_for(np.inner)
def inner(a: Any, b: Any, /) -> Any:
    """Return the products of the vectors in the last axes of a and b, of each with each."""
    if not np.ndim(primal(a)) or not np.ndim(primal(b)):
        return a * b
    last = np.shape(primal(a))[-1]
    shape = np.shape(primal(a))[:-1] + np.shape(primal(b))[:-1]
    return reshape(matmul(reshape(a, (-1, last)), transpose(reshape(b, (-1, last)))), shape)[()]


@stands_for(np.outer)
def outer(a: Any, b: Any, /) -> Any:
    """Return the matrix of the products aᵢ bⱼ of all elements of a with all elements of b."""
    return reshape(a, (-1, 1)) * reshape(b, (1, -1))


@stands_for(np.vdot)
def vdot(a: Any, b: Any, /) -> Any:
    """Return Σᵢ conj(aᵢ) bᵢ over all elements."""
    return sum_(conjugate(reshape(a, -1)) * reshape(b, -1))


def vecdot(a: Any, b: Any, /) -> Any:
    """Return Σᵢ conj(aᵢ) bᵢ over the last axis.

    >>> vecdot(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([10.0, 1.0]))
    array([12., 34.])
    """
    return sum_(conjugate(a) * b, axis=-1)


def matvec(a: Any, x: Any, /) -> Any:
    """Return the product of matrices in the last two axes of a and vectors in the last of x."""
    return matmul(a, x[..., None])[..., 0]


def vecmat(x: Any, a: Any, /) -> Any:
    """Return the product of conjugated vectors in the last axis of x and matrices in the last two of a."""
    return matmul(conjugate(x)[..., None, :], a)[..., 0, :]


for _function in (vecdot, matvec, vecmat):
    if hasattr(np, _function.__name__):  # since NumPy 2
        stands_for(getattr(np, _function.__name__))(_function)
method("dot", dot)
OPERATORS["matmul"] = matmul
