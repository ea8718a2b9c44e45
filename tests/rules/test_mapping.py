"""Functions applied along an axis, to one vector after the other."""

from __future__ import annotations

import numpy as np
import pytest

from revdiff import init_diff, vjp
from tests.oracles import assert_array_rule, assert_dtypes_are_kept, assert_vjp

X = np.sin(np.arange(24.0) * 1.3).reshape(2, 3, 4)

MAPPINGS = {
    "to numbers": lambda x: np.apply_along_axis(lambda v: v @ v, 1, x),
    "to vectors": lambda x: np.apply_along_axis(lambda v: v[1:] * v[0], 0, x.transpose(1, 0, 2)),
    "to vectors along the last axis": lambda x: np.apply_along_axis(np.cumsum, -1, x),
    "to matrices": lambda x: np.apply_along_axis(np.diag, 1, x),
    "to matrices in front": lambda x: np.apply_along_axis(lambda v: np.outer(v, v), 0, x),
    "to lists": lambda x: np.apply_along_axis(lambda v: [v[0] * v[1], 2.0 * v[2]], 2, x),
    "with further arguments": lambda x: np.apply_along_axis(lambda v, k, *, n: k * v**n, 1, x, 3.0, n=2),
    "of a vector": lambda x: np.apply_along_axis(lambda v: v * np.sum(v), 0, x[0, 0]),
    "over axes": lambda x: np.apply_over_axes(np.sum, x * x, [0, -1]),
    "over one axis": lambda x: np.apply_over_axes(np.mean, x, 1),
    "over axes that stay": lambda x: np.apply_over_axes(np.cumsum, x, (0, 2)),
}


@pytest.mark.parametrize("f", MAPPINGS.values(), ids=MAPPINGS)
def test_every_mapping_is_numpys_and_all_its_derivatives_agree_with_central_differences(f):
    assert_array_rule(f, X)


@pytest.mark.parametrize("f", MAPPINGS.values(), ids=MAPPINGS)
def test_every_mapping_keeps_dtypes(f):
    assert_dtypes_are_kept(f, 9 * X, [np.float32, np.complex64])


def test_a_function_may_return_constants_and_close_over_revdiffs():
    assert np.apply_along_axis(lambda v: 3.0, 0, init_diff(X)).tolist() == np.full((3, 4), 3.0).tolist()
    assert_vjp(lambda x, k: np.apply_along_axis(lambda v: k * v, 1, x), X, np.array(2.0))
    assert np.apply_along_axis(np.argmax, 1, init_diff(X)).tolist() == np.argmax(X, 1).tolist()


def test_where_there_is_no_vector_nothing_can_be_mapped():
    with pytest.raises(ValueError, match=r"no vector along axis 0 in an array of shape \(2, 0\)"):
        vjp(lambda x: np.apply_along_axis(np.sum, 0, x), np.ones((2, 0)))
    with pytest.raises(ValueError, match="the function took away more than axis 0"):
        np.apply_over_axes(lambda x, axis: np.sum(x), init_diff(X), [0])
    with pytest.raises(np.exceptions.AxisError):
        np.apply_along_axis(np.sum, 3, init_diff(X))
