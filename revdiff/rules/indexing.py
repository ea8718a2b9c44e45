"""Indexing: x[i], and its adjoint, which puts a cotangent back where it was taken from.

Imports lifting and cotangents.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.core.cotangents import zero_like
from revdiff.core.errors import ArgumentError, describe
from revdiff.core.lifting import lift
from revdiff.core.revdiff import OPERATORS, RevDiff, primal


def getitem(x: Any, index: Any, /) -> Any:
    """Return x[index], with every kind of index that NumPy knows.     x̄ is zero but for x̄[index] = ȳ."""
    index = _plain(index)

    def body(x: Any) -> tuple[Any, Any]:
        if not isinstance(primal(x), np.ndarray):
            msg = f"this RevDiff holds {describe(primal(x))}, which cannot be indexed"
            raise ArgumentError(msg)
        return x[index], lambda ct: scatter(ct, index, primal(x))

    return lift(body, x)


def scatter(y: Any, index: Any, like: Any, /) -> Any:
    """Return an array as large as ``like`` that is zero but for y at ``index``, added where indices repeat.

    ȳ = x̄[index].
    """

    def body(y: Any) -> tuple[Any, Any]:
        if primal(y) is not y:
            return scatter(y, index, like), lambda ct: ct[index]
        full = zero_like(like)
        np.add.at(full, index, y)
        return full, lambda ct: ct[index]

    return lift(body, y)


def _plain(index: Any) -> Any:
    if type(index) is tuple:
        return tuple(map(_plain, index))
    if type(index) is RevDiff:
        index = primal(index)
        if isinstance(index, float):
            msg = "an index must be a whole number; this RevDiff holds a float"
            raise ArgumentError(msg)
    return index


OPERATORS["getitem"] = getitem
