"""What may stand beside a RevDiff in an operation: lists, arrays of objects, batches, matrices of other libraries.

Imports the core, batches and the number systems.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from revdiff.batches.batch import Batch
from revdiff.batches.calls import elementwise
from revdiff.core.errors import UnsupportedValueError, describe
from revdiff.core.revdiff import OPERATORS, RevDiff, primal
from revdiff.core.structure import ARRAYS, STRUCTURES
from revdiff.systems import is_masked

CONTAINERS: set[type] = {np.ndarray, Batch, list, tuple, str, bytes, np.matrix}
"""Types that are no operands as they are: `beside` says what they mean."""

OUTSIDE: dict[type, Callable[..., Any]] = {Batch: elementwise}
"""Containers that take RevDiffs in, and how a function is applied where one of its operands is such a container."""


def is_container(x: Any) -> bool:
    """Tell whether x is a masked array, or a container whose type is entered when it is first looked up: one of SymPy's matrices."""
    STRUCTURES.find(type(x))
    return type(x) in CONTAINERS or is_masked(x)


def beside(r: RevDiff, container: Any) -> Any:
    """Return what a container means in an operation with a RevDiff: an array of numbers, or one RevDiff.

    RevDiffs inside must not be taken for constants. A list beside an array is an array, as in NumPy. A
    container that declares ``__array_ufunc__ = None`` does the operation itself, as in NumPy too.
    """
    if getattr(container, "__array_ufunc__", ...) is None:
        return NotImplemented
    if ARRAYS.find(type(container)) is not None:
        return OPERATORS["gather"](container)
    if type(container) is np.ndarray:
        return OPERATORS["gather"](container) if container.dtype == object else container
    if isinstance(container, list | tuple) and np.ndim(primal(r)):
        return OPERATORS["gather"](np.array(container))
    kind, way = type(container).__name__, ".toarray()" if hasattr(container, "toarray") else "np.asarray(…)"
    msg = (
        f"an operation between a RevDiff of {describe(primal(r))} and {describe(container)} has no derivative.\n"
        f"  To use the {kind} as an array of numbers:  {way}"
    )
    raise UnsupportedValueError(msg)
