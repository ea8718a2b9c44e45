"""Functions of NumPy that are written through others.

Imports `batch` and NumPy's protocol. What revdiff has for them is made of functions that batches are served by, and
asks its operands for nothing that a batch does not have. So it serves batches too.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.arrays.names import of_numpy
from revdiff.arrays.numpy_protocol import FUNCTIONS, UFUNCS
from revdiff.batches.calls import batched


def _composed(function: Any) -> None:
    """Serve a function as it is written for RevDiffs; what that does not take goes sample by sample."""
    rule = FUNCTIONS.get(function) or UFUNCS[function]

    @batched(function, operands=9)
    def composed(*args: Any, **options: Any) -> Any:
        try:
            return rule(*args, **options)
        except Exception:  # each of the samples shows what is wrong
            return NotImplemented


@batched(np.convolve, operands=2)
def convolve(a: Any, v: Any, mode: str = "full") -> Any:
    """Return Σₖ aᵢ₋ₖ vₖ: products of the windows of a, with zeros on both sides, and v turned round."""
    m, n = np.size(a), np.size(v)
    if np.ndim(a) != 1 or np.ndim(v) != 1 or not m or not n or mode not in ("full", "same", "valid"):
        return NotImplemented
    if n > m:
        return convolve(v, a, mode)
    windows = np.arange(m + n - 1)[:, None] + np.arange(n)
    full = np.matmul(np.pad(a, n - 1)[windows], v[::-1])
    first = {"full": 0, "same": (n - 1) // 2, "valid": n - 1}[mode]
    return full[first : full.shape[0] - (0 if mode == "full" else n - 1 - first if mode == "same" else n - 1)]


@batched(np.correlate, operands=2)
def correlate(a: Any, v: Any, mode: str = "valid") -> Any:
    """Return Σₖ aᵢ₊ₖ v̄ₖ, a convolution with v turned round."""
    if np.size(v) > np.size(a):
        return NotImplemented
    return convolve(a, np.conjugate(v)[::-1], mode)


for _function in of_numpy(
    "append astype average block column_stack corrcoef cov cumulative_prod cumulative_sum dstack ediff1d hstack inner "
    "kron matvec meshgrid polyadd polyder polyint polysub polyval trapezoid trapz vdot vecdot vecmat vstack linalg.cond "
    "linalg.cross linalg.diagonal linalg.matmul linalg.multi_dot linalg.outer linalg.tensordot linalg.tensorinv "
    "linalg.tensorsolve linalg.trace linalg.vecdot"
):
    _composed(_function)
