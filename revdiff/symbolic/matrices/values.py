"""Matrices as values: structures, of which the parts are the entries.

Imports SymPy, `Matrix`, the core, and the function maker. It is imported when one of SymPy's values is first met.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from operator import add
from typing import Any

import sympy

from revdiff.core.cotangents import MONOIDS, Monoid, one_like, zero_like
from revdiff.core.errors import MismatchError, UnsupportedValueError
from revdiff.core.structure import LEAVES, STRUCTURES, Structure
from revdiff.functions.beside import CONTAINERS, OUTSIDE
from revdiff.symbolic.matrices.matrix import Matrix, is_matrix, of_size
from revdiff.systems import SYSTEMS


def _parts(m: Any) -> dict[Any, Any]:
    return {(i, j): m[i, j] for i in range(m.rows) for j in range(m.cols)}


def _built(m: Any, parts: Mapping[Any, Any]) -> Any:
    kind = m.kind if type(m) is Matrix else type(m)
    return of_size(m.rows, m.cols, [parts[key] if key in parts else m[key] for key in _parts(m)], kind)


def _spread(m: Any, m_bar: Any) -> dict[Any, Any]:
    """Return the entries of a cotangent: SymPy's or ours, of the same shape."""
    if not is_matrix(m_bar) or m_bar.shape != m.shape:
        raise MismatchError.of(m_bar, m)
    return _parts(m_bar)


def _each(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda m: _built(m, {key: function(entry) for key, entry in _parts(m).items()})


_STRUCTURE = Structure(_parts, lambda m, key: m[key], _built, _built, _spread, lambda m, key: str(list(key)))

for _kind in (sympy.MatrixBase, Matrix):
    SYSTEMS.register(_kind, None)
    LEAVES.register(_kind, None)
    STRUCTURES.register(_kind, _STRUCTURE)
    MONOIDS.register(_kind, Monoid(_each(zero_like), _each(one_like), add))
for _registry in (SYSTEMS, LEAVES, MONOIDS):
    _registry.register(sympy.MatrixExpr, None)  # of a matrix without entries nothing is known


def _beside_numbers(function: Callable[..., Any], x: Any, y: Any) -> Any:
    """Apply a function of numbers where one operand is a matrix of SymPy's and the other a RevDiff."""
    operation = _OPERATIONS.get(function.__name__)
    if operation is None:
        raise UnsupportedValueError.of_operand(function.__name__, y if type(y) in _OF_SYMPY else x)
    return operation(_with_any_entries(x), _with_any_entries(y))


def _with_any_entries(x: Any) -> Any:
    return Matrix(x.rows, x.cols, x.flat(), type(x)) if type(x) in _OF_SYMPY else x


_OF_SYMPY = (sympy.Matrix, sympy.ImmutableMatrix, sympy.SparseMatrix, sympy.ImmutableSparseMatrix)
_OPERATIONS = {"add": operator.add, "subtract": operator.sub, "multiply": operator.mul, "divide": operator.truediv}

CONTAINERS.update((Matrix, *_OF_SYMPY))
OUTSIDE.update(dict.fromkeys(_OF_SYMPY, _beside_numbers))
