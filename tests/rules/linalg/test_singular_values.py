"""Singular values and singular vectors."""

from __future__ import annotations

import numpy as np
import pytest

from revdiff import grad, vjp
from tests.oracles import assert_array_rule
from tests.rules.linalg.matrices import BOTH, SINCE_2, adjoint, hermitian, random

SHAPES = pytest.mark.parametrize("shape", [(3, 3), (4, 2), (2, 4), (2, 3, 2), (1, 1)])
FORMS = pytest.mark.parametrize("full", [False, True], ids=["reduced", "full"])


@BOTH
@SHAPES
def test_singular_values_have_all_derivatives(shape, dtype):
    assert_array_rule(lambda a: np.linalg.svd(a, compute_uv=False), random(*shape, dtype=dtype), wide=np.float64)


@SINCE_2
def test_svdvals_are_the_singular_values():
    assert_array_rule(np.linalg.svdvals, random(3, 2), wide=np.float64)


@FORMS
@SHAPES
def test_singular_vectors_of_real_matrices_have_all_derivatives(shape, full):
    k = min(shape[-2:])
    a = random(*shape)
    assert_array_rule(lambda a: np.linalg.svd(a, full)[0][..., :k], a, wide=np.float64)
    assert_array_rule(lambda a: np.linalg.svd(a, full)[2][..., :k, :], a, wide=np.float64)


@FORMS
@BOTH
@SHAPES
def test_functions_of_singular_vectors_that_do_not_depend_on_phases_have_all_derivatives(shape, full, dtype):
    k = min(shape[-2:])

    def moduli(a):
        return np.abs(np.linalg.svd(a, full).U[..., :k]) ** 2

    def unitary_part(a):
        u, _, vh = np.linalg.svd(a, full)
        return u[..., :k] @ vh[..., :k, :]

    def exponential(a):
        u, s, vh = np.linalg.svd(a, full_matrices=full)
        return u[..., :k] * np.exp(s)[..., None, :] @ vh[..., :k, :]

    for f in (moduli, unitary_part, exponential):
        assert_array_rule(f, random(*shape, dtype=dtype), wide=np.float64, order=2)


@BOTH
@pytest.mark.parametrize("shape", [(4, 2), (2, 4), (2, 3, 2)])
def test_projections_on_the_rest_of_the_space_have_all_derivatives(shape, dtype):
    k = min(shape[-2:])

    def on_rest(a):
        u, _, vh = np.linalg.svd(a)
        left, right = u[..., k:], adjoint(vh[..., k:, :])
        return left @ adjoint(left) if a.shape[-2] > k else right @ adjoint(right)

    assert_array_rule(on_rest, random(*shape, dtype=dtype), wide=np.float64)


@BOTH
def test_a_hermitian_matrix_has_its_singular_values_from_its_eigenvalues(dtype):
    def f(a):
        u, s, vh = np.linalg.svd(hermitian(a), hermitian=True)
        return u * np.sin(s) @ vh

    a = random(3, 3, dtype=dtype)
    assert min(np.linalg.eigvalsh(hermitian(a))) < 0
    assert_array_rule(f, a, wide=np.float64)
    assert_array_rule(lambda a: np.linalg.svd(hermitian(a), hermitian=True, compute_uv=False), a, wide=np.float64)


def test_the_product_of_the_factors_is_the_matrix():
    a, weights = random(3, 2), random(3, 2)

    def rebuilt(a):
        u, s, vh = np.linalg.svd(a, full_matrices=False)
        return np.sum(weights * (u * s @ vh))

    np.testing.assert_allclose(grad(rebuilt)(a), weights)


@pytest.mark.parametrize("options", [{}, {"full_matrices": False}, {"hermitian": True}])
def test_numpys_named_tuple_comes_back(options):
    value, _ = vjp(lambda a: np.linalg.svd(a, **options), np.diag([3.0, 2.0]))
    assert type(value) is type(np.linalg.svd(np.eye(2)))
    np.testing.assert_array_equal(value.S, [3.0, 2.0])
