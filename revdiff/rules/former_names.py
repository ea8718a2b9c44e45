"""Names that NumPy had before version 2, or for a while after it, and that meant what another name means.

Imports reductions, cumulations and sorting. Where the installed NumPy still has such a name, it warns as ever.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from revdiff.arrays.numpy_protocol import constant, stands_for
from revdiff.rules.cumulations import cumprod
from revdiff.rules.reductions import prod
from revdiff.rules.shape import astype, gather
from revdiff.rules.sorting import sort


def msort(a: Any, /) -> Any:
    """Return the elements in order along the first axis."""
    return sort(a, 0)


def asfarray(a: Any, /, dtype: Any = np.float64) -> Any:
    """Return an array of a floating-point dtype."""
    return astype(gather(a), dtype if np.dtype(dtype).kind in "fc" else np.float64)


FORMER: dict[str, Callable[..., Any]] = {
    "product": prod,
    "cumproduct": cumprod,
    "msort": msort,
    "asfarray": asfarray,
}
"""The former names of functions that have a rule."""

for _name, _function in FORMER.items():
    if hasattr(np, _name):
        stands_for(getattr(np, _name))(_function)
for _name in ("alltrue", "sometrue", "round_", "in1d"):
    if hasattr(np, _name):
        constant(getattr(np, _name))
