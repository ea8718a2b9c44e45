"""Factorizations by triangles."""

from __future__ import annotations

import numpy as np
import pytest

import revdiff
from revdiff import grad, jacobian, vjp
from revdiff.rules.linalg.degeneracy import DegenerateError
from tests.oracles import assert_array_rule
from tests.rules.linalg.matrices import BOTH, SINCE_2, adjoint, hermitian, random


def positive(a):
    return a @ adjoint(a) + np.eye(a.shape[-1])


@BOTH
@pytest.mark.parametrize("shape", [(3, 3), (2, 3, 3), (1, 1)])
@pytest.mark.parametrize("options", [{}, pytest.param({"upper": True}, marks=SINCE_2)], ids=["lower", "upper"])
def test_choleskys_factors_have_all_derivatives(shape, options, dtype):
    assert_array_rule(
        lambda a: np.linalg.cholesky(positive(a), **options), random(*shape, dtype=dtype), wide=np.float64
    )


@BOTH
def test_cholesky_reads_one_triangle_and_its_cotangent_is_hermitian(dtype):
    a = positive(random(3, 3, dtype=dtype))
    value, pullback = vjp(np.linalg.cholesky, np.tril(a))
    np.testing.assert_allclose(value, np.linalg.cholesky(a))
    a_bar = pullback(random(3, 3, dtype=dtype))
    np.testing.assert_allclose(a_bar, adjoint(a_bar))
    of_whole = vjp(lambda a: np.linalg.cholesky(hermitian(a)), a)[1](random(3, 3, dtype=dtype))
    np.testing.assert_allclose(a_bar, of_whole)


def test_cholesky_of_a_number_is_its_square_root():
    np.testing.assert_allclose(grad(lambda a: np.linalg.cholesky(a)[0, 0])(np.array([[4.0]])), [[0.25]])


@BOTH
@pytest.mark.parametrize("shape", [(3, 3), (4, 2), (2, 4), (2, 3, 2), (2, 2, 3), (1, 1)])
@pytest.mark.parametrize("part", [0, 1], ids=["Q", "R"])
def test_orthogonal_and_triangular_factors_have_all_derivatives(shape, part, dtype):
    assert_array_rule(lambda a: np.linalg.qr(a)[part], random(*shape, dtype=dtype), wide=np.float64)


@BOTH
@pytest.mark.parametrize("mode", ["r", "complete"])
def test_other_modes_of_qr(mode, dtype):
    def r_of(a):
        return np.linalg.qr(a, mode) if mode == "r" else np.linalg.qr(a, mode=mode).R

    assert_array_rule(r_of, random(2, 3, dtype=dtype), wide=np.float64, order=2)
    if mode == "r":
        assert_array_rule(r_of, random(4, 2, dtype=dtype), wide=np.float64, order=2)


@BOTH
def test_a_function_of_both_factors(dtype):
    def f(a):
        q, r = np.linalg.qr(a)
        return np.sin(q) @ np.cos(r)

    assert_array_rule(f, random(4, 3, dtype=dtype), wide=np.float64)
    assert_array_rule(lambda a: np.linalg.qr(a).Q @ np.linalg.qr(a).R, random(3, 4, dtype=dtype), wide=np.float64)


def test_the_product_of_the_factors_is_the_matrix():
    a = random(3, 2)
    np.testing.assert_allclose(jacobian(lambda a: np.matmul(*np.linalg.qr(a)))(a).reshape(6, 6), np.eye(6), atol=1e-12)


@pytest.mark.parametrize("mode", ["complete", "raw"])
def test_a_mode_without_a_derivative_is_refused(mode):
    with pytest.raises(revdiff.MissingRuleError) as error:
        np.linalg.qr(revdiff.init_diff(np.ones((3, 2))), mode)
    assert str(error.value).startswith(f"no derivative rule for numpy.linalg.qr with mode='{mode}'.")
    assert "Write mode='reduced'." in str(error.value)


@pytest.mark.parametrize(
    "a", [np.ones((2, 2)), np.ones((3, 2)), np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0]]), np.zeros((2, 2))]
)
def test_columns_that_depend_on_each_other_are_an_error(a):
    with pytest.raises(DegenerateError, match="columns of the matrix depend on each other"):
        grad(lambda a: np.linalg.qr(a)[1].sum())(a)


def test_numpys_named_tuple_comes_back():
    for shape in ((2, 2), (2, 3)):
        assert type(vjp(np.linalg.qr, random(*shape))[0]) is type(np.linalg.qr(np.eye(2)))
