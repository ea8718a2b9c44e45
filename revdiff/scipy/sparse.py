"""Products with SciPy's sparse matrices and arrays, which are constants: ``A @ r`` and ``r @ A``.

Imports the rules. This module is imported when a derivative is taken in a program that has imported `scipy.sparse`.
"""

from __future__ import annotations

from typing import Any

from scipy import sparse

from revdiff.core.errors import MissingRuleError
from revdiff.core.revdiff import OPERATORS, RevDiff
from revdiff.functions.beside import CONTAINERS
from revdiff.functions.of_arrays import rule

MATRICES: set[type] = {thing for thing in vars(sparse).values() if isinstance(thing, type) and hasattr(thing, "tocsr")}
"""The types of SciPy's sparse matrices."""


def matmul(a: Any, b: Any, /) -> Any:
    """Return the product of a sparse matrix A and an array x, A @ x or x @ A.     x̄ = Aᵀ ȳ, or ȳ Aᵀ.

    >>> import numpy as np
    >>> from scipy.sparse import csr_array
    >>> from revdiff import grad
    >>> A = csr_array([[1.0, 0.0, 2.0], [0.0, 3.0, 0.0]])
    >>> grad(lambda x: (A @ x)[0])(np.ones(3))
    array([1., 0., 2.])
    """
    if type(a) not in MATRICES and type(b) not in MATRICES:
        return _dense(a, b)
    matrix = a if type(a) in MATRICES else b
    if matrix.ndim != 2:
        met = f"a product with a {type(matrix).__name__} of {matrix.ndim} dimension"
        raise MissingRuleError.of(met)
    return _from_left(b, matrix.copy()) if matrix is a else _from_right(a, matrix.copy())


@rule()
def _from_left(x: Any, /, matrix: Any) -> tuple[Any, Any]:
    def from_left_pullback(y_bar: Any) -> Any:
        return _from_left(y_bar, matrix.T)

    return _from_left(x, matrix) if type(x) is RevDiff else matrix @ x, from_left_pullback


@rule()
def _from_right(x: Any, /, matrix: Any) -> tuple[Any, Any]:
    def from_right_pullback(y_bar: Any) -> Any:
        return _from_right(y_bar, matrix.T)

    return _from_right(x, matrix) if type(x) is RevDiff else x @ matrix, from_right_pullback


_dense = OPERATORS["matmul"]
OPERATORS["matmul"] = matmul
CONTAINERS.update(MATRICES)
