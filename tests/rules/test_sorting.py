"""Sorting: permutations along any axis; equal elements share evenly; the unique ones."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import revdiff
from revdiff import grad, hessian, init_diff, jacobian, simple_derivative, vjp
from revdiff.rules.sorting import msort
from tests.oracles import assert_array_rule, assert_same_array

nan = math.nan
X = np.random.default_rng(0).permutation(24).reshape(2, 3, 4) / 16 + 0.5
AXES = [0, 1, -1, None]
NAMES_SINCE_NUMPY_2 = [
    name for name in ("unique_all", "unique_counts", "unique_inverse", "unique_values") if hasattr(np, name)
]


@pytest.mark.parametrize("axis", AXES)
def test_sort_is_numpys_and_all_derivatives_agree_with_central_differences(axis):
    assert_array_rule(lambda x: np.sort(x, axis=axis), X)
    assert_array_rule(lambda x: np.sort(x, axis, kind="heapsort"), X, order=1)


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("kth", [0, 1, -1, [0, 2]])
def test_partition_is_numpys_and_all_derivatives_agree_with_central_differences(axis, kth):
    if axis == 0 and np.max(kth) > 1:
        kth = [0, 1]
    assert_array_rule(lambda x: np.partition(x, kth, axis=axis), X, wide=np.float64, order=2)


def test_msort_sorts_along_the_first_axis():
    """Its name was np.msort before NumPy 2."""
    x, weights = np.array([[3.0, -1.0], [2.0, 5.0]]), np.array([[1.0, 2.0], [3.0, 4.0]])
    assert grad(lambda x: np.sum(weights * msort(x)))(x).tolist() == [[3.0, 2.0], [1.0, 4.0]]


def test_sort_of_complex_numbers():
    z = X * np.exp(7j * X)
    assert_array_rule(lambda z: np.sort(z, axis=1), z)
    assert_array_rule(np.sort_complex, z, order=2)
    assert_array_rule(np.sort_complex, X, order=2)


# ----------------------------------------------------------------------------------------- ties


def mean_over_permutations(x):
    """Return the mean of the matrices of all permutations that sort x."""
    n = len(x)
    sorting = [p for p in permutations(range(n)) if all(x[p[i]] <= x[p[i + 1]] for i in range(n - 1))]
    return np.mean([np.eye(n)[list(p)] for p in sorting], axis=0)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=5))
def test_where_elements_are_equal_the_derivative_is_the_mean_of_all_permutations_that_sort(numbers):
    x = np.array(numbers, float)
    expected = mean_over_permutations(x)
    np.testing.assert_allclose(jacobian(np.sort)(x), expected, rtol=1e-15)
    np.testing.assert_allclose(jacobian(lambda x: np.partition(x, range(len(x))))(x), expected, rtol=1e-15)
    np.testing.assert_allclose(grad(lambda x: np.sort(x)[-1])(x), grad(np.max)(x), rtol=1e-15)


def test_ties_share_row_by_row():
    x = np.array([[1.0, 1.0], [1.0, 2.0]])
    _, pullback = vjp(np.sort, x)
    assert pullback(np.array([[10.0, 20.0], [30.0, 40.0]])).tolist() == [[15, 15], [30, 40]]
    _, pullback = vjp(lambda x: np.sort(x, axis=0), x)
    assert pullback(np.array([[10.0, 20.0], [30.0, 40.0]])).tolist() == [[20, 20], [20, 40]]


def test_the_value_of_equal_elements_is_untouched_and_second_derivatives_share_too():
    x = np.full(7, 0.1)
    assert vjp(np.sort, x)[0].tolist() == x.tolist()
    np.testing.assert_allclose(hessian(lambda x: np.sort(x)[0] ** 2)(np.ones(2)), np.full((2, 2), 0.5))


def test_nan_comes_last_and_is_equal_to_nan():
    x = np.array([nan, 2.0, nan, 1.0])
    assert jacobian(np.sort)(x).tolist() == [[0, 0, 0, 1], [0, 1, 0, 0], [0.5, 0, 0.5, 0], [0.5, 0, 0.5, 0]]


def test_objects_are_sorted_as_they_are():
    x = np.array([Fraction(3), Fraction(1, 2), Fraction(3)], object)
    _, pullback = vjp(np.sort, x)
    assert pullback(np.array([Fraction(1), Fraction(2), Fraction(4)], object)).tolist() == [3, 1, 3]
    assert simple_derivative(lambda x: np.sort([x * x, x, 3.0])[0])(0.5) == 1.0


# --------------------------------------------------------------------------------------- unique


def test_unique_elements_stand_for_all_that_are_equal():
    x = np.array([[3.0, 1.0], [2.0, 1.0]])
    value, pullback = vjp(np.unique, x)
    assert value.tolist() == [1, 2, 3]
    assert pullback(np.array([10.0, 20.0, 30.0])).tolist() == [[30, 5], [20, 5]]
    assert_array_rule(np.unique, X)
    np.testing.assert_allclose(hessian(lambda x: np.sum(np.unique(x) ** 2))(np.ones(2)), np.full((2, 2), 0.5))


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_unique_slices(axis):
    assert_array_rule(lambda x: np.unique(x, axis=axis), X, order=2)
    x = np.array([[1.0, 2.0], [0.0, 3.0], [1.0, 2.0]])
    value, pullback = vjp(lambda x: np.unique(x, axis=0), x)
    assert value.tolist() == [[0, 3], [1, 2]]
    assert pullback(np.array([[1.0, 2.0], [10.0, 20.0]])).tolist() == [[5, 10], [1, 2], [5, 10]]


def test_what_else_unique_returns_is_constant():
    x = np.array([3.0, 1.0, nan, 1.0, nan])
    wanted = {"return_index": True, "return_inverse": True, "return_counts": True}
    for options in (wanted, wanted | {"equal_nan": False}, {"return_counts": True}):
        values, *constants = np.unique(init_diff(x), **options)
        expected, *expected_constants = np.unique(x, **options)
        np.testing.assert_array_equal(values.value, expected)
        assert all(map(np.array_equal, constants, expected_constants))
        assert len(constants) == len(expected_constants)


@pytest.mark.parametrize("name", NAMES_SINCE_NUMPY_2)
def test_unique_elements_by_name(name):
    f = getattr(np, name)  # np.unique_all, np.unique_counts, np.unique_inverse, np.unique_values
    x = np.array([3.0, 1.0, 2.0, 1.0])

    def values(x):
        result = f(x)
        return getattr(result, "values", result)

    assert sorted(values(x)) == vjp(values, x)[0].tolist() == [1, 2, 3]
    assert vjp(values, x)[1](np.array([10.0, 20.0, 30.0])).tolist() == [30, 5, 20, 5]
    assert type(f(init_diff(x))).__name__ == ("RevDiff" if name == "unique_values" else type(f(x)).__name__)


# ---------------------------------------------------------------------------- options, constants


def test_sort_takes_numpys_options_and_refuses_others_by_name():
    if np.lib.NumpyVersion(np.__version__) >= "2.0.0":
        assert_array_rule(lambda x: np.sort(x, stable=True), X, order=1)
    assert_same_array(vjp(lambda x: np.sort(a=x, axis=0), X)[0], np.sort(X, axis=0))
    with pytest.raises(revdiff.MissingRuleError, match=r"no derivative rule for numpy\.sort with order="):
        np.sort(init_diff(X), order="x")
    with pytest.raises(np.exceptions.AxisError):
        np.sort(init_diff(X), axis=3)
    with pytest.raises(np.exceptions.AxisError):
        np.sort(init_diff(np.array(1.0)))
    assert vjp(np.sort, np.zeros((2, 0)))[1](np.zeros((2, 0))).shape == (2, 0)


@pytest.mark.parametrize(("method", "args"), [("sort", ()), ("sort", (0,)), ("partition", (1,)), ("partition", (1, 0))])
def test_sorting_in_place_is_sorting(method, args):
    def in_place(x):
        y = x * 1
        getattr(y, method)(*args)
        return y

    function = getattr(np, method)
    x_bar = np.random.default_rng(1).normal(size=X.shape)
    value, pullback = vjp(in_place, X)
    expected, of_function = vjp(lambda x: function(x, *(args or (-1,))), X)
    np.testing.assert_array_equal(value, expected)
    np.testing.assert_array_equal(pullback(x_bar), of_function(x_bar))


def test_places_and_counts_are_constant():
    x = np.array([3.0, 0.0, 2.0])
    r = init_diff(init_diff(x))
    assert np.argsort(r).tolist() == r.argsort().tolist() == [1, 2, 0]
    assert np.argpartition(r, 0)[0] == r.argpartition(0)[0] == 1
    assert np.argmax(r) == r.argmax() == np.nanargmax(r) == 0
    assert np.argmin(r) == r.argmin() == np.nanargmin(r) == 1
    assert np.lexsort([r, r]).tolist() == [1, 2, 0]
    assert np.searchsorted(np.sort(r), 1.0) == np.sort(r).searchsorted(1.0) == 1
    assert np.searchsorted(np.array([1.0, 5.0]), r).tolist() == [1, 0, 1]
    assert np.digitize(r, [1.0, 2.5]).tolist() == [2, 0, 1]
    assert np.nonzero(r)[0].tolist() == r.nonzero()[0].tolist() == np.flatnonzero(r).tolist() == [0, 2]
    assert np.argwhere(r).tolist() == [[0], [2]]
    assert np.count_nonzero(r) == 2
