"""Eigenvalues and eigenvectors."""

from __future__ import annotations

import numpy as np
import pytest

from revdiff import grad, vjp
from tests.oracles import assert_array_rule
from tests.rules.linalg.matrices import BOTH, adjoint, differences, hermitian, random

SHAPES = pytest.mark.parametrize("shape", [(3, 3), (2, 3, 3), (1, 1)])


@BOTH
@SHAPES
@pytest.mark.parametrize("triangle", ["L", "U"])
def test_eigenvalues_of_hermitian_matrices_have_all_derivatives(shape, triangle, dtype):
    assert_array_rule(
        lambda a: np.linalg.eigvalsh(hermitian(a), triangle), random(*shape, dtype=dtype), wide=np.float64
    )


@SHAPES
@pytest.mark.parametrize("triangle", ["L", "U"])
def test_eigenvectors_of_symmetric_matrices_have_all_derivatives(shape, triangle):
    assert_array_rule(lambda a: np.linalg.eigh(hermitian(a), UPLO=triangle)[1], random(*shape), wide=np.float64)


@BOTH
@SHAPES
def test_functions_of_eigenvectors_that_do_not_depend_on_phases_have_all_derivatives(shape, dtype):
    a = random(*shape, dtype=dtype)
    assert_array_rule(lambda a: np.abs(np.linalg.eigh(hermitian(a))[1]) ** 2, a, wide=np.float64)

    def exponential(a):
        w, v = np.linalg.eigh(hermitian(a))
        return v * np.exp(w)[..., None, :] @ adjoint(v)

    assert_array_rule(exponential, a, wide=np.float64)


def test_one_triangle_is_read_and_the_cotangent_is_symmetric():
    a = hermitian(random(3, 3))
    weights = random(3)
    expected = differences(lambda a: np.linalg.eigvalsh(a) @ weights, a)
    for triangle, half in (("L", np.tril(a)), ("U", np.triu(a))):
        gradient = grad(lambda a, triangle=triangle: np.linalg.eigvalsh(a, triangle) @ weights)(half)
        np.testing.assert_allclose(gradient, expected, atol=1e-9)


def test_the_derivative_of_an_eigenvalue_is_the_projection_on_its_eigenvector():
    a = hermitian(random(4, 4))
    v = np.linalg.eigh(a)[1][:, 1]
    np.testing.assert_allclose(grad(lambda a: np.linalg.eigvalsh(a)[1])(a), np.outer(v, v))


@BOTH
@SHAPES
def test_eigenvalues_of_any_matrices_have_all_derivatives(shape, dtype):
    assert_array_rule(np.linalg.eigvals, random(*shape, dtype=dtype), wide=np.float64)


@BOTH
@SHAPES
def test_eigenvectors_of_any_matrices_have_all_derivatives_in_length_and_phase_as_lapack_returns_them(shape, dtype):
    a = random(*shape, dtype=dtype) + (3 * np.diag(range(shape[-1])) if dtype is float else 0)
    assert_array_rule(lambda a: np.linalg.eig(a)[1], a, wide=np.float64)


def test_complex_eigenvectors_of_a_real_matrix_have_all_derivatives():
    a = np.array([[1.0, 2.0, 0.1], [-3.0, 0.5, 0.3], [0.2, 0.1, 4.0]])
    assert np.iscomplexobj(np.linalg.eigvals(a))
    assert_array_rule(lambda a: np.linalg.eig(a).eigenvectors, a, wide=np.float64)
    assert_array_rule(lambda a: np.linalg.eig(a).eigenvectors * np.linalg.eig(a).eigenvalues, a, wide=np.float64)


@BOTH
def test_a_function_of_eigenvalues_and_eigenvectors(dtype):
    def squared(a):
        w, v = np.linalg.eig(a)
        return np.real(v * w**2 @ np.linalg.inv(v))

    a = random(3, 3, dtype=dtype)
    np.testing.assert_allclose(squared(a), np.real(a @ a))
    assert_array_rule(squared, a, wide=np.float64)
    np.testing.assert_allclose(
        vjp(squared, a)[1](np.ones((3, 3))), vjp(lambda a: np.real(a @ a), a)[1](np.ones((3, 3)))
    )


@pytest.mark.parametrize("f", [np.linalg.eigh, np.linalg.eig], ids=lambda f: f.__name__)
def test_numpys_named_tuples_come_back(f):
    value, _ = vjp(f, np.diag([1.0, 2.0]))
    assert type(value) is type(f(np.eye(2)))
    np.testing.assert_array_equal(value.eigenvalues, [1.0, 2.0])


def test_a_result_that_nothing_came_back_to_costs_nothing(monkeypatch):
    a = hermitian(random(3, 3))
    _, pullback = vjp(lambda a: np.linalg.eigh(a)[0], a)
    products = []
    real = np.matmul
    monkeypatch.setattr(np, "matmul", lambda *args: products.append(1) or real(*args))
    pullback(np.ones(3))
    assert len(products) == 1
