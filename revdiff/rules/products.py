"""Products of matrices and vectors.

Imports rules of arrays, NumPy's protocol, and the families of shapes, sums and conjugates. A product is
linear in each of its operands, so the cotangent of one is a product of c̄ with the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import Any, final

import numpy as np

from revdiff.arrays.broadcasting import Shape, sum_to
from revdiff.arrays.names import of_numpy
from revdiff.arrays.numpy_protocol import METHODS, UFUNCS, method, missing_options, stands_for
from revdiff.core.cotangents import whole
from revdiff.core.graph import next_number
from revdiff.core.masks import Masked
from revdiff.core.outer import Outer
from revdiff.core.revdiff import OPERATORS, RevDiff, made, primal, shape_of
from revdiff.functions.of_arrays import rule
from revdiff.functions.slopes import zero_outside
from revdiff.rules.complex import conjugate
from revdiff.rules.reductions import sum_
from revdiff.rules.shape import gather, moveaxis, reshape

_FLOAT64 = np.dtype(np.float64)

Product = tuple[Any, Callable[[Any], Any], Callable[[Any], Any]]


def _of_two_variables(a: Any, b: Any, /) -> Any:
    """Return the product of vectors or matrices of float64 that vary together, None for all others."""
    if (
        type(a) is not RevDiff
        or type(b) is not RevDiff
        or not a._node[1] == b._node[1] > 0
        or not a._scale == 1.0 == b._scale
    ):
        return None
    u, v = a.value, b.value
    if type(u) is np.ndarray is type(v) and u.dtype is _FLOAT64 is v.dtype and 0 < u.ndim < 3 > v.ndim > 0:
        to_a, to_b = _ToFactor(_to_left, u.shape, v), _ToFactor(_to_right, v.shape, u)
        return made(np.matmul(u, v), (next_number(), a._node[1], a._node, to_a, b._node, to_b))
    return None


@rule(np.matmul, *of_numpy("linalg.matmul"), quickly=_of_two_variables)
def matmul(a: Any, b: Any, /) -> Product:
    """Return the matrix product a @ b, over leading axes for stacks of matrices.     ā = c̄ bᵀ,  b̄ = aᵀ c̄.

    From dc = da b + a db:  ⟨c̄, dc⟩ = ⟨c̄ bᵀ, da⟩ + ⟨aᵀ c̄, db⟩.  A vector on the left is a row, one on
    the right a column.

    >>> from revdiff import grad
    >>> grad(lambda w: np.array([1.0, 2.0]) @ w @ np.array([3.0, 5.0]))(np.eye(2))
    array([[ 3.,  5.],
           [ 6., 10.]])
    """
    of_a, of_b = shape_of(a), shape_of(b)
    if not of_a or not of_b:
        msg = f"matmul needs arrays of at least one dimension; met shapes {of_a} and {of_b}. Use * for numbers"
        raise ValueError(msg)
    return np.matmul(a, b), _ToFactor(_to_left, of_a, b), _ToFactor(_to_right, of_b, a)


# Where one operand serves a stack of the other, one large product is formed, not the sum of many.


def _to_left(c_bar: Any, b: Any, m: int) -> Any:
    """Return ā, of m axes."""
    n = b.ndim
    if n == 1:
        return c_bar * b if m == 1 else outer_of(c_bar, b) if m == 2 else c_bar[..., None] * b
    if m > 2 or m == n == 2:
        return np.matmul(c_bar, transposed(b))
    if n == 2:
        return np.matmul(b, c_bar)
    columns = [*range(n - 2), n - 1]
    return np.tensordot(c_bar, b, (columns if m == 2 else [*range(n - 1)], columns))


def _to_right(c_bar: Any, a: Any, n: int) -> Any:
    """Return b̄, of n axes."""
    m = a.ndim
    if m == 1:
        if n == 1:
            return c_bar * a
        return outer_of(a, c_bar) if n == 2 else a[:, None] * c_bar[..., None, :]
    if n > 2 or m == n == 2:
        return np.matmul(transposed(a), c_bar)
    if m == 2:
        return np.matmul(c_bar, a)
    rows = [*range(m - 1)]
    return np.tensordot(a, c_bar, (rows, rows))


def outer_of(u: Any, v: Any) -> Any:
    """Return the products of the elements of two vectors, which a sweep multiplies out when it has collected many."""
    return Outer(u, v) if type(u) is type(v) is np.ndarray else u[:, None] * v


@final
class _ToFactor:
    """The local pullback of a factor: where a row of the product is absent, so is that row of the left one.

    Of the right one it is the columns.
    """

    __slots__ = ("_other", "_shape", "_to_factor")

    def __init__(self, to_factor: Callable[[Any, Any, int], Any], shape: Shape, other: Any) -> None:
        self._to_factor = to_factor
        self._shape = shape
        self._other = other

    def __call__(self, c_bar: Any) -> Any:
        """Multiply by the other factor."""
        return self._to_factor(c_bar, self._other, len(self._shape))

    def masked(self, c_bar: Masked) -> Any:
        """Multiply what is present by the other factor."""
        x_bar, firm = whole(self(c_bar.value)), self._lines(c_bar.firm)
        if np.all(firm):
            return x_bar
        return c_bar.moved(zero_outside(firm, x_bar), lambda mask: np.broadcast_to(self._lines(mask), self._shape))

    def _lines(self, mask: Any) -> Any:
        """Return the mask of the rows, or columns, of which something is under a mask of the product."""
        if len(self._shape) == 1:
            return np.any(mask)
        is_left = self._to_factor is _to_left
        if self._other.ndim > 1:
            mask = np.any(mask, axis=-1 if is_left else -2)
        lines = sum_to(mask, (*self._shape[:-2], self._shape[-2 if is_left else -1])) > 0
        return lines[..., None] if is_left else lines[..., None, :]


def transposed(a: Any) -> Any:
    """Return a matrix, or each of a stack of matrices, transposed."""
    return a.T if a.ndim == 2 else np.swapaxes(a, -1, -2)


@stands_for(np.dot)
def dot(a: Any, b: Any, /) -> Any:
    """Return the product of numbers, or the sum over the last axis of a and the last but one of b.

    Of vectors and matrices it is their matrix product; of larger arrays, all products of all of them.
    """
    a, b = gather(a), gather(b)
    m, n = np.ndim(primal(a)), np.ndim(primal(b))
    if not m or not n:
        return a * b
    return matmul(a, b) if m <= 2 >= n or n == 1 else np.tensordot(a, b, (-1, -2))


@stands_for(np.inner)
def inner(a: Any, b: Any, /) -> Any:
    """Return the products of the vectors in the last axes of a and b, of each with each."""
    a, b = gather(a), gather(b)
    m, n = np.ndim(primal(a)), np.ndim(primal(b))
    if not m or not n:
        return a * b
    return matmul(a, b) if n == 1 else np.tensordot(a, b, (-1, -1))


@rule(np.outer)
def outer(a: Any, b: Any, /) -> Product:
    """Return the matrix of the products aᵢ bⱼ of all elements of a and b.     ā = c̄ b,  b̄ = c̄ᵀ a."""

    def a_pullback(c_bar: Any) -> Any:
        return np.reshape(np.matmul(c_bar, np.ravel(b)), shape_of(a))

    def b_pullback(c_bar: Any) -> Any:
        return np.reshape(np.matmul(np.ravel(a), c_bar), shape_of(b))

    return np.outer(a, b), a_pullback, b_pullback


@stands_for(np.vdot)
def vdot(a: Any, b: Any, /) -> Any:
    """Return Σᵢ conj(aᵢ) bᵢ over all elements."""
    return matmul(conjugate(reshape(a, -1)), reshape(b, -1))


@stands_for(*of_numpy("vecdot linalg.vecdot"))
def vecdot(a: Any, b: Any, /, *, axis: int = -1) -> Any:
    """Return Σᵢ conj(aᵢ) bᵢ over one axis, the last by default.

    >>> vecdot(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([10.0, 1.0]))
    array([12., 34.])
    """
    a, b = gather(a), gather(b)
    if axis != -1:
        a, b = moveaxis(a, axis, -1), moveaxis(b, axis, -1)
    _require_axes("vecdot", a, b)
    if (of_a := shape_of(a))[-1] != (of_b := shape_of(b))[-1]:
        msg = f"vecdot takes vectors of one length; met shapes {of_a} and {of_b}"
        raise ValueError(msg)
    return sum_(conjugate(a) * b, axis=-1)


@stands_for(*of_numpy("matvec"))
def matvec(a: Any, x: Any, /) -> Any:
    """Return the product of matrices in the last two axes of a and vectors in the last of x."""
    a, x = gather(a), gather(x)
    _require_axes("matvec", a, x, of_a=2)
    return matmul(a, x[..., None])[..., 0]


@stands_for(*of_numpy("vecmat"))
def vecmat(x: Any, a: Any, /) -> Any:
    """Return the product of conjugated vectors in the last axis of x and matrices in the last two of a."""
    x, a = gather(x), gather(a)
    _require_axes("vecmat", x, a, of_b=2)
    return matmul(conjugate(x)[..., None, :], a)[..., 0, :]


def _require_axes(name: str, a: Any, b: Any, of_a: int = 1, of_b: int = 1) -> None:
    """Raise `ValueError` where there is no axis for the vectors, or are no two for the matrices."""
    shapes = shape_of(a), shape_of(b)
    if len(shapes[0]) < of_a or len(shapes[1]) < of_b:
        words = {1: "vectors", 2: "matrices"}
        msg = f"{name} takes {words[of_a]} and {words[of_b]}; met shapes {shapes[0]} and {shapes[1]}"
        raise ValueError(msg)


def along_axes(
    ufunc: np.ufunc,
    *operands: Any,
    axis: int | None = None,
    axes: Sequence[Any] | None = None,
    keepdims: bool = False,
    **others: Any,
) -> Any:
    """Return the products of vectors and matrices that stand in other axes than the last: ``np.vecdot(a, b, axis=0)``.

    ``axes`` lists the axes of each operand and, where they are not the last, of the result; ``axis`` is short
    for vectors in one axis of each operand, which ``keepdims`` leaves in the result.
    """
    if others:
        raise missing_options(ufunc, *others)
    if axes is None:
        axes = [] if axis is None else [axis] * ufunc.nin
    places = [(place,) if isinstance(place, int) else tuple(place) for place in axes]
    moved = [
        moveaxis(gather(x), place, range(-len(place), 0))
        for x, place in zip_longest(operands, places[: ufunc.nin], fillvalue=())
    ]
    product = UFUNCS[ufunc](*moved)
    if keepdims:
        return np.expand_dims(product, places[0] if places else -1)
    return moveaxis(product, range(-len(places[-1]), 0), places[-1]) if len(places) > ufunc.nin else product


method("dot", dot)
METHODS["along axes"] = along_axes
OPERATORS["matmul"] = matmul
