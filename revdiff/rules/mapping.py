"""Functions of Python applied to one vector after the other along an axis, or to one element after the other.

Imports shapes, indexing and NumPy's protocol.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from revdiff.arrays.numpy_protocol import METHODS, plain, stands_for
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.rules.indexing import elements
from revdiff.rules.shape import expand_dims, gather, moveaxis, reshape, stack


@stands_for(np.apply_along_axis)
def apply_along_axis(function: Callable[..., Any], axis: int, x: Any, /, *args: Any, **options: Any) -> Any:
    """Return what a function makes of each vector along an axis, in the place of that axis."""
    vectors = moveaxis(gather(x), axis, -1)
    lead = shape_of(vectors)[:-1]
    axis %= len(lead) + 1
    if 0 in lead:
        msg = f"there is no vector along axis {axis} in an array of shape {shape_of(x)}"
        raise ValueError(msg)
    results = stack([function(vectors[i], *args, **options) for i in np.ndindex(lead)])
    inner = shape_of(results)[1:]
    y = reshape(results, lead + inner)
    return moveaxis(y, range(len(lead), len(lead) + len(inner)), range(axis, axis + len(inner)))


@stands_for(np.apply_over_axes)
def apply_over_axes(function: Callable[[Any, int], Any], x: Any, /, axes: Any) -> Any:
    """Apply a function such as `np.sum` over one axis after the other; axes that it takes away stay, with length 1."""
    x = gather(x)
    ndim = np.ndim(primal(x))
    for axis in np.atleast_1d(plain(axes)):
        y = gather(function(x, int(axis) % ndim))
        x = y if np.ndim(primal(y)) == ndim else expand_dims(y, int(axis) % ndim)
        if np.ndim(primal(x)) != ndim:
            msg = f"the function took away more than axis {axis}"
            raise ValueError(msg)
    return x


def of_elements(function: np.ufunc, how: str, *operands: Any, **options: Any) -> Any:
    """Apply what `np.frompyfunc` made of a function of Python. Results among which there are RevDiffs become one.

    >>> from revdiff import grad
    >>> collatz = np.frompyfunc(lambda x: x / 2 if x % 2 == 0 else 3 * x + 1, 1, 1)
    >>> grad(lambda x: np.sum(collatz(x)))(np.array([6.0, 7.0]))
    array([0.5, 3. ])
    """
    boxed = [elements(x) if type(x) is RevDiff else x for x in operands]
    results = getattr(function, how)(*boxed, **options)
    return tuple(map(gather, results)) if isinstance(results, tuple) else gather(results)


METHODS["of objects"] = of_elements
