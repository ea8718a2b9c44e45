"""Norms of vectors and of matrices, and condition numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest

import revdiff
from revdiff import grad, hessian, simple_derivative, vjp
from tests.oracles import assert_array_rule
from tests.rules.linalg.matrices import BOTH, SINCE_2, random, regular

ORDERS = [None, 2, 1, 0, np.inf, -np.inf, 3, 2.5, 0.5, -1]
MATRIX_ORDERS = [None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf]


@BOTH
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("p", ORDERS)
def test_norms_of_vectors_have_all_derivatives(p, keepdims, dtype):
    assert_array_rule(lambda x: np.linalg.norm(x, p, keepdims=keepdims), random(4, dtype=dtype))
    for axis in (1, -3):
        x = random(2, 3, 2, dtype=dtype)
        assert_array_rule(lambda x, axis=axis: np.linalg.norm(x, p, axis, keepdims), x, order=2)


@BOTH
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("p", MATRIX_ORDERS)
def test_norms_of_matrices_have_all_derivatives(p, keepdims, dtype):
    a = random(3, 3, dtype=dtype)
    assert_array_rule(lambda a: np.linalg.norm(a, p, keepdims=keepdims), a, wide=np.float64)
    for axis in ((2, 0), (-2, -1)):
        a = random(2, 3, 3, dtype=dtype)
        assert_array_rule(lambda a, axis=axis: np.linalg.norm(a, p, axis, keepdims), a, wide=np.float64, order=2)


@BOTH
@pytest.mark.parametrize("keepdims", [False, True])
def test_without_an_order_all_elements_are_one_vector(keepdims, dtype):
    assert_array_rule(lambda x: np.linalg.norm(x, keepdims=keepdims), random(2, 2, 3, dtype=dtype))


@SINCE_2
@BOTH
@pytest.mark.parametrize("axis", [None, 0, -1, (0, -1), (2, 1)])
@pytest.mark.parametrize("p", [2, 1, 3, np.inf])
def test_vector_norms_along_any_axes(p, axis, dtype):
    x = random(2, 3, 2, dtype=dtype)
    for keepdims in (False, True):
        assert_array_rule(lambda x, k=keepdims: np.linalg.vector_norm(x, axis=axis, ord=p, keepdims=k), x, order=2)


@SINCE_2
@pytest.mark.parametrize("p", MATRIX_ORDERS[1:])
def test_matrix_norms_of_stacks(p):
    a = random(2, 3, 2)
    assert_array_rule(lambda a: np.linalg.matrix_norm(a, ord=p), a, wide=np.float64, order=2)
    assert_array_rule(lambda a: np.linalg.matrix_norm(a, ord=p, keepdims=True), a, wide=np.float64, order=1)


@pytest.mark.parametrize("p", ORDERS)
def test_the_norm_of_the_zero_vector_has_derivative_zero(p):
    with np.errstate(divide="ignore"):
        np.testing.assert_array_equal(grad(lambda x: np.linalg.norm(x, p))(np.zeros(3)), np.zeros(3))
        np.testing.assert_array_equal(grad(lambda x: np.linalg.norm(x, p) ** 2)(np.zeros(3)), np.zeros(3))
    assert not np.any(grad(np.linalg.norm)(np.zeros(3, complex)))


@pytest.mark.parametrize("p", MATRIX_ORDERS)
def test_the_norm_of_the_zero_matrix_has_derivative_zero(p):
    np.testing.assert_array_equal(grad(lambda a: np.linalg.norm(a, p))(np.zeros((2, 3))), np.zeros((2, 3)))


def test_a_row_of_zeros_does_not_disturb_the_others():
    x = np.array([[0.0, 0.0], [3.0, 4.0]])
    np.testing.assert_array_equal(grad(lambda x: np.linalg.norm(x, axis=1).sum())(x), [[0, 0], [0.6, 0.8]])
    second = hessian(lambda x: np.linalg.norm(x, axis=1).sum())(x)
    assert not np.any(second[0])
    np.testing.assert_allclose(second[1, :, 1], (np.eye(2) - np.outer(x[1], x[1]) / 25) / 5)


@pytest.mark.parametrize(("p", "expected"), [(3, 0.0), (1, 0.0), (0.5, 0.0)])
def test_an_element_that_is_zero_contributes_nothing(p, expected):
    gradient = grad(lambda x: np.linalg.norm(x, p))(np.array([0.0, 1.0, 2.0]))
    assert gradient[0] == expected
    assert np.all(np.isfinite(gradient))


def test_elements_that_are_the_largest_together_share_the_cotangent():
    x = np.array([-1.0, 1.0, 0.5])
    np.testing.assert_array_equal(grad(lambda x: np.linalg.norm(x, np.inf))(x), [-0.5, 0.5, 0])
    np.testing.assert_array_equal(grad(lambda x: np.linalg.norm(x, -np.inf))(x), [0, 0, 1])
    np.testing.assert_allclose(grad(lambda a: np.linalg.norm(a, 2))(np.eye(2)), np.eye(2) / 2)
    np.testing.assert_allclose(grad(lambda a: np.linalg.norm(a, -2))(np.eye(2)), np.eye(2) / 2)


def test_the_nuclear_norm_of_a_singular_matrix_has_its_smallest_subgradient():
    a = np.outer([1.0, 2.0], [2.0, 1.0])
    np.testing.assert_allclose(grad(lambda a: np.linalg.norm(a, "nuc"))(a), a / np.linalg.norm(a), atol=1e-12)


@BOTH
@pytest.mark.parametrize("p", [None, 2, -2, *(pytest.param(p, marks=SINCE_2) for p in ("fro", 1, -1, np.inf, -np.inf))])
@pytest.mark.parametrize("shape", [(3, 3), (2, 3, 3)])
def test_condition_numbers_have_all_derivatives(p, shape, dtype):
    assert_array_rule(lambda a: np.linalg.cond(a, p), regular(*shape, dtype=dtype), wide=np.float64, order=2)


def test_condition_numbers_of_matrices_with_corners():
    np.testing.assert_allclose(grad(np.linalg.cond)(np.eye(2)), np.zeros((2, 2)), atol=1e-15)
    assert_array_rule(np.linalg.cond, random(3, 2), wide=np.float64, order=2)
    assert vjp(np.linalg.cond, np.zeros((2, 2)))[0] == np.linalg.cond(np.zeros((2, 2))) == math.inf
    with pytest.raises(np.linalg.LinAlgError, match="Singular"):
        vjp(lambda a: np.linalg.cond(a, 1), np.ones((2, 2)))


def test_the_norm_of_nothing_is_zero():
    for p in (None, 1, np.inf):
        value, pullback = vjp(lambda x, p=p: np.linalg.norm(x, p), np.zeros(0))
        assert value == 0
        assert pullback(1.0).shape == (0,)


def test_a_number_and_a_list_have_norms():
    assert grad(np.linalg.norm)(-2.0) == -1.0
    assert simple_derivative(lambda x: np.linalg.norm([x, 3.0]))(4.0) == 0.8


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda r: np.linalg.norm(r, "fro", axis=0), "Invalid norm order 'fro' for vectors"),
        (lambda r: np.linalg.norm(r, 7), "Invalid norm order for matrices"),
        (lambda r: np.linalg.norm(r, axis=(0, 0)), "Duplicate axes"),
        (lambda r: np.linalg.norm(r, axis=(0, 1, 0)), r"along one axis or two; met axis=\(0, 1, 0\)"),
    ],
)
def test_a_norm_that_numpy_does_not_have_is_an_error(call, text):
    with pytest.raises(ValueError, match=text):
        call(revdiff.init_diff(np.ones((2, 2))))


@pytest.mark.parametrize("ord", [None, 1, 2, 3, np.inf, -np.inf])
def test_norms_of_whole_numbers_are_floats(ord):  # noqa: A002
    x = np.array([3, -4])
    value, pullback = vjp(lambda x: np.linalg.norm(x, ord), x)
    assert value.dtype == np.float64
    assert value == np.linalg.norm(x, ord)
    assert pullback(1.0).dtype == np.float64
