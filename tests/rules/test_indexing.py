"""Indexing: every kind of index that NumPy has, and the way back."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

import revdiff
from revdiff import grad, hessian, simple_derivative, vjp
from tests.oracles import assert_vjp

X = np.arange(24.0).reshape(2, 3, 4) / 8 + 0.5

INDICES = {
    "a whole number": 1,
    "a negative number": -1,
    "a NumPy number": np.int8(1),
    "a slice": slice(None, None, -1),
    "a pair": (0, 2),
    "a triple": (1, -1, 0),
    "slices": (slice(None), slice(1, None), slice(None, None, 2)),
    "an ellipsis": (..., 1),
    "a new axis": (None, 1),
    "a new axis at the end": (..., None),
    "nothing": (),
    "an empty slice": slice(0, 0),
    "a list": [0, 1, 0],
    "an array that repeats": np.array([0, 0, 1]),
    "two arrays": (np.array([0, 1, 1]), np.array([2, 2, 2])),
    "arrays that broadcast": (np.array([[0], [1]]), slice(None), np.array([1, 1])),
    "an array and a number": (1, np.array([0, 2, 0])),
    "a mask": X > 1.5,
    "a mask of the first axis": np.array([False, True]),
    "a mask and a slice": (slice(None), np.array([True, False, True]), slice(1, 3)),
    "an empty list": [],
    "True": True,
}


@pytest.mark.parametrize("index", INDICES.values(), ids=INDICES)
def test_every_index_reads_what_numpy_reads_and_sends_back_what_came_from_there(index):
    value, _ = vjp(lambda x: x[index], X)
    np.testing.assert_array_equal(value, X[index])
    assert_vjp(lambda x: x[index] ** 2, X)
    assert_vjp(lambda x: x[index] * np.sum(x[0]), X)


@pytest.mark.parametrize("index", INDICES.values(), ids=INDICES)
def test_every_index_differentiates_again(index):
    assert_vjp(grad(lambda x: np.sum(x[index] ** 3) + np.sum(x * x)), X)


@pytest.mark.parametrize("dtype", [np.float32, np.complex64, np.longdouble, np.int64])
@pytest.mark.parametrize("index", [[0], [0, 0], slice(1, None)], ids=str)
def test_dtypes_are_kept(dtype, index):
    x = np.array([1, 0, 1], dtype)
    value, pullback = vjp(lambda x: x[index], x)
    x_bar = pullback(np.ones_like(value, dtype=float if value.dtype.kind == "i" else None))
    assert x_bar.dtype == (x.dtype if x.dtype.kind in "fc" else np.float64)
    assert x_bar.shape == x.shape


def test_several_reads_of_one_place_add_up():
    assert grad(lambda x: x[0] * x[0] + x[1] + x[-2])(np.array([3.0, 5.0])).tolist() == [7, 1]
    assert grad(lambda x: x[0] + np.sum(x) + x[[0, 0]][1])(np.array([3.0, 5.0])).tolist() == [3, 1]


def test_the_hessian_of_neighbours():
    def neighbours(x):
        return sum(a * b for a, b in pairwise([x[i] for i in range(4)]))

    expected = np.diag(np.ones(3), 1) + np.diag(np.ones(3), -1)
    np.testing.assert_array_equal(hessian(neighbours)(np.arange(4.0)), expected)


def test_iteration_and_unpacking_read_one_by_one():
    assert grad(lambda x: sum(a * a for a in x))(np.array([1.0, 2.0])).tolist() == [2, 4]

    def product(x):
        a, b = x
        return a * b

    assert grad(product)(np.array([2.0, 3.0])).tolist() == [3, 2]


def test_an_index_may_be_computed_from_revdiffs():
    assert simple_derivative(lambda x: np.array([1.0, 2.0])[int(revdiff.primal(x))] * x)(1.0) == 2.0
    assert grad(lambda x: x[np.argmax(x)])(np.array([1.0, 5.0, 2.0])).tolist() == [0, 1, 0]
    assert grad(lambda x: np.sum(x[x > 1.5]))(np.array([1.0, 5.0, 2.0])).tolist() == [0, 1, 1]
    assert grad(lambda x: np.sum(x[np.argsort(x)[-2:]]))(np.array([1.0, 5.0, 2.0])).tolist() == [0, 1, 1]


def test_an_index_held_by_a_revdiff_counts_as_its_value():
    assert vjp(lambda i: np.array([1.0, 2.0])[revdiff.primal(i)] * i, 1)[1](1.0) == 2.0
    assert grad(lambda x, i: x[i] * i, 0)(np.array([1.0, 2.0]), 1).tolist() == [0, 1]
    assert grad(lambda x, i: x[i] * i, (0, 1))(np.array([1.0, 2.0]), 1)[1] == 2.0


def test_elements_of_an_array_of_objects():
    x = np.array([Fraction(1, 2), Fraction(1, 3)], object)
    gradient = grad(lambda x: x[0] * x[1] * x[1])(x)
    assert gradient.tolist() == [Fraction(1, 9), Fraction(1, 3)]


def test_nested_reads_reach_through():
    assert_vjp(lambda x: x[1:][0][::2] ** 2, X[0])
    assert_vjp(lambda x: x.T[1][None] * x[0, 0], X[0])


def test_a_float_is_no_index():
    with pytest.raises(revdiff.ArgumentError) as error:
        simple_derivative(lambda x: np.sum(revdiff.init_diff(np.ones(2))[x]))(1.0)
    assert str(error.value) == "an index must be a whole number; this RevDiff holds a float"


def test_a_number_cannot_be_indexed():
    with pytest.raises(revdiff.ArgumentError) as error:
        simple_derivative(lambda x: x[0])(1.0)
    assert str(error.value) == "this RevDiff holds a float, which cannot be indexed"


def test_an_index_that_is_out_of_range_is_numpys_error():
    with pytest.raises(IndexError, match="out of bounds"):
        grad(lambda x: x[5])(np.ones(3))
