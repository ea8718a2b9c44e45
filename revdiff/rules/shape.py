"""Shape: the same numbers in another arrangement.

Imports lifting, broadcasting and NumPy's protocol.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from revdiff.broadcasting import broadcast_to
from revdiff.core.lifting import lift
from revdiff.core.revdiff import RevDiff, primal
from revdiff.numpy_protocol import attribute, method, stands_for


@stands_for(np.reshape)
def reshape(x: Any, /, *shape: Any) -> Any:
    """Return the elements of x in another shape, in C order.     x̄ = ȳ in the shape of x."""
    new = shape[0] if len(shape) == 1 else shape

    def body(x: Any) -> tuple[Any, Any]:
        old = np.shape(primal(x))
        return (np.reshape(x, new) if primal(x) is x else reshape(x, new)), lambda ct: reshape(ct, old)

    return lift(body, x)


@stands_for(np.transpose)
def transpose(x: Any, /, axes: Sequence[int] | None = None) -> Any:
    """Permute the axes of x, reversing them by default.     x̄ = ȳ, permuted back."""

    def body(x: Any) -> tuple[Any, Any]:
        back = None if axes is None else [int(i) for i in np.argsort(axes)]
        return (np.transpose(x, axes) if primal(x) is x else transpose(x, axes)), lambda ct: transpose(ct, back)

    return lift(body, x)


@stands_for(np.stack)
def stack(arrays: Sequence[Any], /, axis: int = 0) -> Any:
    """Join values of one shape along a new axis.     The cotangent of each is its slice of ȳ."""
    arrays = list(arrays)
    if not any(type(a) is RevDiff for a in arrays):
        return np.stack(arrays, axis)

    def body(*arrays: Any) -> tuple[Any, ...]:
        place = (slice(None),) * (axis if axis >= 0 else axis + 1 + np.ndim(primal(arrays[0])))
        return stack(arrays, axis), *[_taking((*place, i)) for i in range(len(arrays))]

    return lift(body, *arrays)


def _taking(index: tuple[Any, ...]) -> Any:
    return lambda ct: ct[index]


stands_for(np.broadcast_to)(broadcast_to)
method("reshape", reshape)
method("transpose", lambda x, *axes: transpose(x, axes[0] if len(axes) == 1 else axes or None))
method("ravel", lambda x: reshape(x, -1))
method("flatten", lambda x: reshape(x, -1))
attribute("T", transpose)
for _name in ("shape", "ndim", "size", "dtype"):
    attribute(_name, lambda r, name=_name: getattr(primal(r), name))
