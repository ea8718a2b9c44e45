"""Matrices in expressions: NumPy's where the entries are its numbers, and matrices that compute as SymPy's do elsewhere.

Imports SymPy, matrices and shapes. The two last axes of an array are those of the matrix, so an expression of arrays gives
a stack of matrices, as in `numpy.linalg`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import add, index
from typing import Any

import numpy as np
import sympy
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.special import OneMatrix

from revdiff.arrays.broadcasting import broadcast_to
from revdiff.core.errors import UnsupportedValueError
from revdiff.core.revdiff import primal, shape_of
from revdiff.rules.complex import conjugate
from revdiff.rules.shape import reshape, stack
from revdiff.symbolic.evaluation.bound import Reading, whole
from revdiff.symbolic.evaluation.constants import common_dtype
from revdiff.symbolic.matrices.matrix import Matrix, matrix

_EXPLICIT = (sympy.Identity, sympy.ZeroMatrix, OneMatrix, sympy.BlockMatrix)
_OF_NUMPY = (float, int, complex, np.ndarray, np.generic)


def matrix_expression(e: Any) -> Reading | None:
    """Read an expression of matrices; None for one that is none, or has no meaning here."""
    if isinstance(e, _EXPLICIT) and all(n.is_Integer for n in e.shape):
        return matrix_expression(e.as_explicit())
    if isinstance(e, sympy.MatrixBase):
        rows, cols = e.shape
        return _assembled(rows, cols), tuple(e.flat())
    if isinstance(e, MatrixElement):
        return _element, e.args
    if isinstance(e, sympy.MatPow):
        if not e.exp.is_Integer:
            msg = f"only whole powers of a matrix are evaluated; met {e}"
            raise UnsupportedValueError(msg)
        return _power(index(e.exp)), (e.base,)
    function = _MEANINGS.get(e.func.__name__)
    if function is None or e.func.__module__.partition(".")[0] != "sympy":
        return None
    return function, e.args


def _assembled(rows: int, cols: int) -> Callable[..., Any]:
    def assembled(*entries: Any) -> Any:
        if not all(isinstance(primal(e), _OF_NUMPY) and not _holds_objects(e) for e in entries):
            return matrix(rows, cols, list(entries))
        dtype = common_dtype(entries)
        if all(isinstance(e, _OF_NUMPY) and not shape_of(e) for e in entries):
            return np.array(entries, dtype).reshape(rows, cols)
        shape = np.broadcast_shapes(*map(shape_of, entries))
        alike = [np.array(e, dtype) if type(e) in (int, float, complex) else e for e in entries]
        return reshape(stack([broadcast_to(e, shape) for e in alike], axis=-1), (*shape, rows, cols))

    return assembled


def _holds_objects(x: Any) -> bool:
    dtype = getattr(primal(x), "dtype", None)
    return dtype is not None and dtype.kind == "O"


def is_like_sympy(m: Any) -> bool:
    """Tell whether m is a matrix for which ``*`` is the matrix product."""
    return isinstance(m, Matrix | sympy.MatrixBase)


def _element(m: Any, i: Any, j: Any) -> Any:
    i, j = whole(i, "indices of a matrix"), whole(j, "indices of a matrix")
    return m[i, j] if is_like_sympy(m) else m[..., i, j]


def _power(n: int) -> Callable[[Any], Any]:
    return lambda m: m**n if is_like_sympy(m) else np.linalg.matrix_power(m, n)


def _product(*factors: Any) -> Any:
    return reduce(_times, factors)


def _times(a: Any, b: Any) -> Any:
    if is_like_sympy(a) or is_like_sympy(b):
        return a * b
    return a @ b if len(shape_of(a)) > 1 and len(shape_of(b)) > 1 else _scaled(a, b)


def _scaled(a: Any, b: Any) -> Any:
    """Return a number times a matrix. An array of numbers beside it is one for each matrix of a stack."""
    a, b = (a, b) if len(shape_of(a)) < 2 else (b, a)
    return (reshape(a, (*shape_of(a), 1, 1)) if shape_of(a) else a) * b


def _transpose(m: Any) -> Any:
    return m.T if is_like_sympy(m) else np.swapaxes(m, -1, -2)


def _of_each(of_sympy: Callable[[Any], Any], of_numpy: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda m: of_sympy(m) if is_like_sympy(m) else of_numpy(m)


def _entrywise_power(m: Any, n: Any) -> Any:
    return m.applyfunc(lambda e: e**n) if is_like_sympy(m) else m**n


def _entrywise(a: Any, b: Any) -> Any:
    return a.multiply_elementwise(b) if is_like_sympy(a) else a * b


_MEANINGS: dict[str, Callable[..., Any]] = {
    "MatAdd": lambda *terms: reduce(add, terms),
    "MatMul": _product,
    "HadamardProduct": lambda *factors: reduce(_entrywise, factors),
    "HadamardPower": _entrywise_power,
    "Transpose": _transpose,
    "Adjoint": lambda m: m.H if is_like_sympy(m) else conjugate(_transpose(m)),
    "Determinant": _of_each(lambda m: m.det(), np.linalg.det),
    "Trace": _of_each(lambda m: m.trace(), lambda m: np.trace(m, axis1=-2, axis2=-1)),
}
"""Operations of matrices by the name of SymPy's class."""
