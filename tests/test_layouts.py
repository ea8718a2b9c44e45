"""How an array lies in memory changes no derivative, and its gradient has its dtype: for every function of NumPy.

The expected gradient is that of a plain copy, which `tests.test_completeness` compares with differences.
"""

from __future__ import annotations

import numpy as np
import pytest

import revdiff
from tests.calls_of_numpy import CALLS, _flat

LAYOUTS = {
    "in Fortran's order": np.asfortranarray,
    "backwards": lambda x: np.ascontiguousarray(x[(slice(None, None, -1),) * x.ndim])[
        (slice(None, None, -1),) * x.ndim
    ],
    "with gaps": lambda x: np.repeat(x, 2, axis=-1)[..., ::2],
    "read-only": lambda x: _read_only(x.copy()),
    "of the other order of bytes": lambda x: x.astype(x.dtype.newbyteorder("S")),
}
SMALLER = {"f": np.float32, "c": np.complex64}
OF_ARRAYS = [call for call in CALLS if call.function is not None and any(np.ndim(x) for x in call.operands)]
NAMES = [f"{call.name}-{i}" for i, call in enumerate(OF_ARRAYS)]
DEPENDS_ON_PRECISION = {"partition", "nextafter"}
"""Functions whose results are others in single precision: the order within parts, the next number."""

pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")


def _read_only(x):
    x.flags.writeable = False
    return x


def gradients(call, operands):
    """Return the gradients of a weighted sum of the results of a call, and of the sum of their squares."""

    def total(*xs):
        y = call(*xs)
        return np.sum(y * np.cos(np.arange(y.size))) + np.sum(y**2)

    return revdiff.grad(total, tuple(range(len(operands))))(*operands)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("call", OF_ARRAYS, ids=NAMES)
def test_an_array_may_lie_in_memory_as_it_likes(call, layout):
    operands = [LAYOUTS[layout](x) if np.ndim(x) else x for x in call.operands]
    for x, x_bar, expected in zip(
        operands, gradients(call, operands), gradients(call, list(call.operands)), strict=True
    ):
        assert x_bar.dtype == x.dtype
        np.testing.assert_allclose(x_bar, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("call", OF_ARRAYS, ids=NAMES)
def test_the_gradient_of_single_precision_is_of_single_precision(call):
    operands = [np.asarray(x).astype(SMALLER[np.asarray(x).dtype.kind]) for x in call.operands]
    widened = [x.astype(np.result_type(x, np.float64)) for x in operands]
    for x, x_bar, expected in zip(operands, gradients(call, operands), gradients(call, widened), strict=True):
        assert x_bar.dtype == x.dtype
        if call.name not in DEPENDS_ON_PRECISION:
            scale = 1 + np.max(np.abs(expected), initial=0)
            np.testing.assert_allclose(x_bar / scale, expected / scale, atol=1e-3)


@pytest.mark.parametrize("layout", [np.ascontiguousarray, np.asfortranarray])
@pytest.mark.parametrize("call", OF_ARRAYS, ids=NAMES)
def test_results_lie_in_memory_as_those_of_numpy_do(call, layout):
    """What is a view of an array, `y.reshape(-1)` say, depends on it; and so what is written where."""
    operands = [layout(x) if np.ndim(x) else x for x in call.operands]
    of_numpy = list(_flat(call.how(call.function, *operands)))
    of_revdiff = list(_flat(call.how(call.function, *map(revdiff.init_diff, operands))))
    for y, found in zip(of_numpy, map(revdiff.primal, of_revdiff), strict=True):
        if np.size(y) > 1:
            assert (found.flags.c_contiguous, found.flags.f_contiguous) == (y.flags.c_contiguous, y.flags.f_contiguous)
