"""Sets of numbers: the elements of two arrays, each once and sorted. Equal elements share their cotangent evenly.

Imports joining, sorting and shapes. Which elements belong to a set is decided by the values.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.arrays.names import of_numpy
from revdiff.arrays.numpy_protocol import constant, stands_for
from revdiff.core.revdiff import primal
from revdiff.rules.joining import concatenate
from revdiff.rules.shape import gather, ravel
from revdiff.rules.sorting import unique


@stands_for(np.union1d)
def union1d(a: Any, b: Any, /) -> Any:
    """Return the elements of a and of b."""
    return unique(concatenate([a, b], None))


@stands_for(np.intersect1d)
def intersect1d(a: Any, b: Any, /, assume_unique: bool = False, return_indices: bool = False) -> Any:
    """Return the elements that a and b have in common, and if asked for the places of the first of each."""
    both = union1d(a, b)
    common = both[_in(both, a) & _in(both, b)]
    if not return_indices:
        return common
    return common, *np.intersect1d(primal(gather(a)), primal(gather(b)), assume_unique, return_indices=True)[1:]


@stands_for(np.setxor1d)
def setxor1d(a: Any, b: Any, /, assume_unique: bool = False) -> Any:
    """Return the elements that are in a or in b but not in both."""
    both = union1d(a, b)
    return both[~(_in(both, a) & _in(both, b))]


@stands_for(np.setdiff1d)
def setdiff1d(a: Any, b: Any, /, assume_unique: bool = False) -> Any:
    """Return the elements of a that are not in b; with ``assume_unique``, in the order that they have in a."""
    a = ravel(gather(a)) if assume_unique else unique(a)
    return a[~_in(a, b)]


def _in(x: Any, elements: Any) -> Any:
    return np.isin(primal(x), primal(gather(elements)))


for _function in (np.isin, *of_numpy("in1d")):
    constant(_function)
