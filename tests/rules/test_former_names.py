"""Names that NumPy had before version 2."""

from __future__ import annotations

import numpy as np
import pytest

from revdiff import grad, init_diff
from revdiff.rules.former_names import asfarray, msort

X = np.array([[3.0, -1.0], [2.0, 5.0]])


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    "name", ["product", "cumproduct", "msort", "asfarray", "alltrue", "sometrue", "round_", "in1d"]
)
def test_a_former_name_means_what_it_meant(name):
    f = getattr(np, name, None)
    if f is None:
        pytest.skip("the installed NumPy does not have the name any more")
    args = (X[0],) if name == "in1d" else ()
    actual, expected = f(init_diff(X), *args), f(X, *args)
    np.testing.assert_array_equal(getattr(actual, "value", actual), expected)


def test_sorted_along_the_first_axis():
    weights = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert grad(lambda x: np.sum(weights * msort(x)))(X).tolist() == [[3.0, 2.0], [1.0, 4.0]]


def test_floating_point_numbers():
    assert asfarray(init_diff(X)).value.dtype == np.float64
    assert asfarray(init_diff(np.array([1, 2]))).value.dtype == np.float64
    assert asfarray(init_diff(X), np.float32).value.dtype == np.float32
    assert asfarray(init_diff(X), int).value.dtype == np.float64
