"""Functions of any kind of number that work element by element: from their partial derivatives, and to them.

Imports lifting, the maker of local maps, broadcasting and the derivative operators.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from revdiff.arrays.broadcasting import broadcast_to
from revdiff.core.lifting import lift
from revdiff.core.revdiff import shape_of
from revdiff.derivatives.operators import simple_derivative
from revdiff.functions.slopes import Partial


def lifted(
    name: str, function: Callable[..., Any], slope: Callable[[int], Callable[..., Any]], args: tuple[Any, ...]
) -> Any:
    """Return y = f(x, …), with the local maps ȳ ↦ ȳ · ∂f/∂xᵢ(x, …) for RevDiffs among the arguments.

    ``slope(i)`` is ∂f/∂xᵢ, a function of the same arguments; ``name`` is what f is called in an error.
    """

    def body(*values: Any) -> tuple[Any, ...]:
        y = function(*values)
        kept = tuple(v.copy() if type(v) is np.ndarray else v for v in values)
        return y, *[Partial(slope(i), kept, v, y, None) for i, v in enumerate(kept)]

    body.__qualname__ = name
    return lift(body, *args)


def elementwise_partial(function: Callable[..., Any], i: int) -> Callable[..., Any]:
    """Return ∂f/∂xᵢ of a function that works element by element; numbers beside arrays are broadcast."""

    def slope(*args: Any) -> Any:
        shape = np.broadcast_shapes(*map(shape_of, args))
        x = broadcast_to(args[i], shape) if shape != shape_of(args[i]) else args[i]
        return simple_derivative(lambda x: function(*args[:i], x, *args[i + 1 :]))(x)

    return slope
