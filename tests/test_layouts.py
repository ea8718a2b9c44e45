"""How an array lies in memory changes no derivative, and dtypes are NumPy's: for every function of NumPy.

The expected gradient is that of a plain copy, which `tests.test_completeness` compares with differences.
"""

from __future__ import annotations

import numpy as np
import pytest

import revdiff
from tests.calls_of_numpy import CALLS, _flat
from tests.oracles import assert_cotangents_fit

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


DTYPES = (np.float16, np.float32, np.longdouble, np.complex64, int)
INTO = "full_like pad piecewise copyto put place putmask put_along_axis fill_diagonal zeros_like ones_like empty_like"
MADE = "zeros ones empty"
OTHERWISE = {
    **dict.fromkeys(INTO.split(), ((int,), "floats do not go among whole numbers")),
    **dict.fromkeys(MADE.split(), ((int, np.complex64), "they are filled with operands and are of float64")),
    **dict.fromkeys(["sum", "prod", "add", "multiply"], ((int,), "the start, a float, is one more element")),
    **dict.fromkeys(["emath"], ((np.float16, np.longdouble), "NumPy makes complex128 of them")),
    "reciprocal": ((int,), "1/n is a fraction; NumPy's is a whole number"),
    "frompyfunc": ((np.float16, np.float32), "NumPy's function is given floats of Python"),
    "i0": ((np.longdouble,), "nobody has I₁ of long doubles"),
    "cov": ((np.longdouble,), "the weights are of float64"),
    "histogram": ((np.longdouble, np.complex64), "NumPy adds up in double precision"),
    "unique_values": (DTYPES, "NumPy does not sort them"),
}
"""Of which dtypes the values are not NumPy's, and why."""

if np.lib.NumpyVersion(np.__version__) < "2.0.0":
    for _name in ("logspace", "polydiv", "histogram", "histogram_bin_edges"):
        OTHERWISE[_name] = (DTYPES, "beside NumPy's numbers, those of single precision became double")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.__name__)
@pytest.mark.parametrize("call", OF_ARRAYS, ids=NAMES)
def test_values_have_the_dtypes_of_numpy_and_cotangents_those_of_the_operands(call, dtype):
    excepted, reason = OTHERWISE.get(call.name, OTHERWISE.get(call.name.partition(".")[0], ((), "")))
    if dtype in excepted:
        pytest.skip(reason)

    def f(*xs):
        return tuple(_flat(call.how(call.function, *xs)))

    operands = [
        np.asarray(8 * x if dtype is int else x).astype(_like(dtype, x)) for x in map(np.asarray, call.operands)
    ]
    try:
        expected = f(*operands)
    except (AttributeError, TypeError, ValueError):
        pytest.skip("NumPy does not take them")
    values, pullback = revdiff.vjp(f, *operands)
    for value, y in zip(map(np.asarray, values), map(np.asarray, expected), strict=True):
        assert (value.dtype, value.shape) == (y.dtype, y.shape)
        np.testing.assert_allclose(value, y, rtol=8 * _precision(y), atol=8 * _precision(y))
    ones = tuple(np.ones(y.shape, y.dtype if y.dtype.kind in "fc" else float) for y in map(np.asarray, values))
    assert_cotangents_fit(operands, pullback(ones) if len(operands) > 1 else (pullback(ones),))


def _like(dtype, x):
    """Return a dtype, complex for complex numbers."""
    return np.result_type(dtype, np.complex64) if x.dtype.kind == "c" and dtype is not int else dtype


def _precision(y):
    return np.finfo(y.dtype).eps if y.dtype.kind in "fc" else 0


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
