"""Inverses and pseudo-inverses, and powers of matrices."""

from __future__ import annotations

import numpy as np
import pytest

import revdiff
from revdiff import grad, hessian, vjp
from tests.oracles import assert_array_rule
from tests.rules.linalg.matrices import BOTH, SINCE_2, hermitian, random, regular


@BOTH
@pytest.mark.parametrize("shape", [(3, 3), (2, 3, 3), (1, 1)])
def test_inverses_have_all_derivatives(shape, dtype):
    assert_array_rule(np.linalg.inv, regular(*shape, dtype=dtype), wide=np.float64)


def test_the_derivative_of_an_inverse_is_that_of_the_reciprocal():
    np.testing.assert_allclose(grad(lambda a: np.linalg.inv(a)[0, 0])(np.array([[2.0]])), [[-0.25]])


@BOTH
@pytest.mark.parametrize("n", [-3, -2, -1, 0, 1, 2, 3, 5, 8])
def test_powers_of_matrices_have_all_derivatives(n, dtype):
    assert_array_rule(lambda a: np.linalg.matrix_power(a, n), regular(2, 2, 2, dtype=dtype), wide=np.float64)


def test_the_zeroth_power_is_constant_and_a_power_is_a_whole_number():
    np.testing.assert_array_equal(
        grad(lambda a: np.linalg.matrix_power(a, 0).sum() + a[0, 0])(np.ones((2, 2))), [[1, 0], [0, 0]]
    )
    with pytest.raises(TypeError, match="integer"):
        np.linalg.matrix_power(revdiff.init_diff(np.eye(2)), 0.5)


@BOTH
@pytest.mark.parametrize("shape", [(3, 3), (4, 2), (2, 4), (2, 3, 2)])
def test_pseudo_inverses_have_all_derivatives(shape, dtype):
    assert_array_rule(np.linalg.pinv, random(*shape, dtype=dtype), wide=np.float64)


@BOTH
@pytest.mark.parametrize(
    "options",
    [{}, {"rcond": 1e-10}, pytest.param({"rtol": 1e-10}, marks=SINCE_2), pytest.param({"rtol": None}, marks=SINCE_2)],
)
def test_a_pseudo_inverse_is_differentiated_among_matrices_of_its_rank(options, dtype):
    a, b = random(4, 2, dtype=dtype), random(2, 3, dtype=dtype)
    assert_array_rule(lambda a, b: np.linalg.pinv(a @ b, **options), a, b, wide=np.float64, order=2)


@BOTH
@pytest.mark.parametrize("shape", [(4, 3), (2, 3, 4)])
def test_a_pseudo_inverse_that_cuts_off_singular_values_which_are_not_zero(shape, dtype):
    a = random(*shape, dtype=dtype)
    s = np.linalg.svd(a, compute_uv=False)
    rcond = (s[..., 1] + s[..., 2]) / 2 / s[..., 0]
    assert_array_rule(lambda a: np.linalg.pinv(a, rcond), a, wide=np.float64, order=2)


def test_a_pseudo_inverse_of_equal_singular_values_has_second_derivatives():
    of_pinv, of_inv = (hessian(lambda a, f=f: f(a)[0].sum())(np.eye(2)) for f in (np.linalg.pinv, np.linalg.inv))
    np.testing.assert_allclose(of_pinv, of_inv, atol=1e-12)


@BOTH
def test_the_pseudo_inverse_of_a_hermitian_matrix_is_that_of_its_lower_triangle(dtype):
    a = random(3, 3, dtype=dtype)
    assert_array_rule(lambda a: np.linalg.pinv(hermitian(a), hermitian=True), a, wide=np.float64)
    lower = np.tril(hermitian(a))
    value, pullback = vjp(lambda a: np.linalg.pinv(a, hermitian=True), lower)
    np.testing.assert_allclose(value, np.linalg.inv(hermitian(a)))
    x_bar = pullback(np.ones_like(value))
    np.testing.assert_allclose(x_bar, np.conj(x_bar.T))


@SINCE_2
def test_one_of_two_tolerances_is_given():
    with pytest.raises(ValueError, match="can't be both set"):
        np.linalg.pinv(revdiff.init_diff(np.eye(2)), 0.1, rtol=0.1)


@BOTH
@pytest.mark.parametrize(("shape", "ind"), [((2, 3, 6), 2), ((6, 2, 3), 1)])
def test_inverses_of_tensors_have_all_derivatives(shape, ind, dtype):
    assert_array_rule(lambda a: np.linalg.tensorinv(a, ind), random(*shape, dtype=dtype), wide=np.float64, order=2)


def test_the_axes_of_a_tensor_that_is_inverted_are_counted_from_one():
    with pytest.raises(ValueError, match="ind must be positive; met 0"):
        np.linalg.tensorinv(revdiff.init_diff(np.eye(2)), ind=0)
