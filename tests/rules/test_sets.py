"""Sets of numbers: which elements two arrays have, together, in common, or alone."""

from __future__ import annotations

import numpy as np
import pytest

from revdiff import grad, init_diff, primal, vjp
from tests.oracles import assert_array_rule, assert_same_array

A = np.array([[3.5, 1.0], [2.25, 1.0]])
B = np.array([1.0, 7.0, 3.5, 5.0])
SETS = {
    "union1d": np.union1d,
    "intersect1d": np.intersect1d,
    "setxor1d": np.setxor1d,
    "setdiff1d": np.setdiff1d,
    "setdiff1d in the order of a": lambda a, b: np.setdiff1d(a, b[2:], assume_unique=True),
}


@pytest.mark.parametrize("f", SETS.values(), ids=SETS)
def test_every_set_is_numpys_and_where_all_are_different_its_derivatives_agree_with_central_differences(f):
    assert_same_array(vjp(f, A, B)[0], f(A, B))
    assert_same_array(primal(f(A, init_diff(B))), f(A, B))
    if f is not np.intersect1d:
        assert_array_rule(f, A + np.arange(4.0).reshape(2, 2) / 8, B + 10, order=2)


def test_equal_elements_share_their_cotangent():
    def common(a, b):
        return np.sum(np.intersect1d(a, b) * np.array([1.0, 10.0]))

    a_bar, b_bar = grad(common, (0, 1))(A, B)
    np.testing.assert_allclose(a_bar, [[5, 1 / 3], [0, 1 / 3]])
    np.testing.assert_allclose(b_bar, [1 / 3, 0, 5, 0])
    assert grad(lambda a: np.sum(np.union1d(a, B)))(A).sum() == 1 / 2 + 2 / 3 + 1


def test_the_places_of_what_is_common():
    ours, numpys = np.intersect1d(init_diff(A), B, return_indices=True), np.intersect1d(A, B, return_indices=True)
    assert_same_array(ours[0].value, numpys[0])
    assert [i.tolist() for i in ours[1:]] == [i.tolist() for i in numpys[1:]]


def test_what_is_in_a_set_is_asked_of_the_values():
    assert np.isin(init_diff(A), init_diff(B)).tolist() == np.isin(A, B).tolist()
    assert np.isin(A, init_diff(B), invert=True).tolist() == np.isin(A, B, invert=True).tolist()
