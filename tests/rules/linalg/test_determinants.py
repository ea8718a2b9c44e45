"""Determinants, at regular and at singular matrices."""

from __future__ import annotations

import numpy as np
import pytest
import sympy

from revdiff import grad, jvp, nth_derivative, vjp
from tests.oracles import assert_array_rule
from tests.rules.linalg.matrices import BOTH, random, regular


@BOTH
@pytest.mark.parametrize("shape", [(3, 3), (2, 3, 3), (1, 1), (2, 2, 4, 4)])
def test_determinants_have_all_derivatives(shape, dtype):
    assert_array_rule(np.linalg.det, random(*shape, dtype=dtype), wide=np.float64)


@BOTH
@pytest.mark.parametrize("shape", [(3, 3), (2, 3, 3), (1, 1)])
@pytest.mark.parametrize("part", [0, 1], ids=["sign", "logarithm"])
def test_signs_and_logarithms_of_determinants_have_all_derivatives(shape, part, dtype):
    assert_array_rule(lambda a: np.linalg.slogdet(a)[part], regular(*shape, dtype=dtype), wide=np.float64)


def test_both_parts_of_a_logarithm_give_the_determinant():
    a = random(3, 3, dtype=complex)
    assert_array_rule(lambda a: np.linalg.slogdet(a).sign * np.exp(np.linalg.slogdet(a).logabsdet), a, wide=np.float64)


SINGULAR = {
    "rank 3": np.array([[1, 2, 3, 4], [2, 4, 6, 8], [0, 1, 1, 0], [5, 0, 1, 1]]),
    "rank 2": np.array([[1, 2, 3, 4], [2, 4, 6, 8], [0, 1, 1, 0], [1, 3, 4, 4]]),
    "rank 1": np.outer([1, 2, 0, -1], [3, 1, 2, 0]),
    "rank 0": np.zeros((4, 4), int),
    "not diagonalizable": np.eye(4, k=1, dtype=int),
    "regular": np.array([[1, 2, 3, 4], [2, 4, 6, 9], [0, 1, 1, 0], [5, 0, 1, 1]]),
}


@pytest.mark.parametrize("name", SINGULAR)
def test_determinants_of_singular_matrices_have_the_derivatives_of_the_polynomial(name):
    a, v = SINGULAR[name], np.array([[1, 0, 2, -1], [3, 1, 1, 2], [0, -2, 1, 1], [2, 1, 0, 3]])
    t = sympy.Symbol("t")
    polynomial = sympy.Poly((sympy.Matrix(a) + t * sympy.Matrix(v)).det(method="berkowitz"), t)
    for order in range(1, 5):
        actual = nth_derivative(lambda t: np.linalg.det(a + t * v), order)(0.0)
        assert actual == pytest.approx(float(polynomial.diff((t, order)).eval(0)), rel=1e-10, abs=1e-10)
    minors = [[sympy.Matrix(a).cofactor(i, j) for j in range(4)] for i in range(4)]
    np.testing.assert_allclose(grad(np.linalg.det)(a.astype(float)), np.array(minors, float), rtol=1e-10, atol=1e-10)


def test_a_complex_singular_matrix_has_its_cofactors():
    a = random(3, 2, dtype=complex) @ random(2, 3, dtype=complex)
    _, pullback = vjp(np.linalg.det, a)
    minors = [
        [np.linalg.det(np.delete(np.delete(a, i, 0), j, 1)) * (-1) ** (i + j) for j in range(3)] for i in range(3)
    ]
    np.testing.assert_allclose(pullback(1j), 1j * np.array(minors), rtol=1e-10)


def test_singular_and_regular_matrices_may_stand_in_one_stack():
    stack = np.stack([SINGULAR[name].astype(float) for name in SINGULAR]).reshape(2, 3, 4, 4)
    _, pullback = vjp(np.linalg.det, stack)
    weights = np.arange(6.0).reshape(2, 3)
    expected = [w * grad(np.linalg.det)(a) for w, a in zip(weights.ravel(), stack.reshape(6, 4, 4), strict=True)]
    np.testing.assert_allclose(pullback(weights).reshape(6, 4, 4), expected, atol=1e-10)


@pytest.mark.parametrize("size", [1e-200, 1e-14, 1e14, 1e100])
def test_small_and_large_determinants_keep_their_digits(size):
    a = size * np.array([[1.0, 2.0], [3.0, 4.0]])
    np.testing.assert_allclose(grad(np.linalg.det)(a), size * np.array([[4.0, -3.0], [-2.0, 1.0]]), rtol=1e-10)


def test_a_nearly_singular_matrix_has_exact_cofactors():
    a = np.array([[1.0, 2.0], [2.0, 4.0 + 1e-12]])
    np.testing.assert_allclose(grad(np.linalg.det)(a), [[4.0 + 1e-12, -2.0], [-2.0, 1.0]], rtol=1e-14)


def test_a_tangent_at_a_singular_matrix():
    assert jvp(np.linalg.det, np.diag([0.0, 2.0, 3.0]), np.eye(3))[1] == pytest.approx(6.0)


def test_the_logarithm_of_the_determinant_of_a_singular_matrix_has_no_derivative():
    with pytest.raises(np.linalg.LinAlgError, match="Singular"):
        grad(lambda a: np.linalg.slogdet(a)[1])(np.ones((2, 2)))


def test_the_determinant_of_nothing_is_one():
    value, pullback = vjp(np.linalg.det, np.zeros((0, 0)))
    assert value == 1.0
    assert pullback(1.0).shape == (0, 0)


def test_numpys_named_tuple_comes_back():
    assert type(vjp(np.linalg.slogdet, np.eye(2))[0]) is type(np.linalg.slogdet(np.eye(2)))


def test_the_gradient_at_a_singular_matrix_keeps_its_dtype():
    assert grad(np.linalg.det)(np.ones((2, 2), np.float32)).dtype == np.float32
