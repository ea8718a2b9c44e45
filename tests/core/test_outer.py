"""Sums of products of columns with rows: what a matrix gets back that was applied to many vectors, one by one."""

from __future__ import annotations

import numpy as np
import pytest

from revdiff import grad, hessian, jacobian, jvp
from revdiff.core.outer import Outer

rng = np.random.default_rng(0)


@pytest.mark.parametrize("count", [1, 2, 40, 100])
@pytest.mark.parametrize("shape", [(1, 1), (3, 2), (1, 50), (20, 30)])
def test_the_sum_of_many_is_what_their_products_add_up_to(count, shape):
    columns, rows = rng.normal(size=(count, shape[0])), rng.normal(size=(count, shape[1]))
    total = Outer(columns[0], rows[0])
    for column, row in zip(columns[1:], rows[1:], strict=True):
        total = total.received(Outer(column, row))
    np.testing.assert_allclose(total.whole(), np.einsum("ki,kj->ij", columns, rows))
    whole = rng.normal(size=shape)
    np.testing.assert_allclose(total.received(whole).whole(), whole + np.einsum("ki,kj->ij", columns, rows))


def test_they_hold_no_more_than_twice_the_matrix_and_a_few_vectors():
    total = Outer(np.ones(4), np.ones(4))
    for _ in range(1000):
        total = total.received(Outer(np.ones(4), np.ones(4)))
    assert len(total._rows) <= 40
    assert total.whole().tolist() == [[1001] * 4] * 4


@pytest.mark.parametrize("apply", [lambda w, x: w @ x, lambda w, x: x @ w.T, np.dot, np.matmul])
def test_a_matrix_that_is_applied_one_by_one_has_the_gradient_of_the_batch(apply):
    w, xs = rng.normal(size=(3, 2)), rng.normal(size=(50, 2))
    one_by_one = lambda w: sum(np.sum(np.tanh(apply(w, x)) ** 2) for x in xs)
    batch = lambda w: np.sum(np.tanh(xs @ w.T) ** 2)
    np.testing.assert_allclose(grad(one_by_one)(w), grad(batch)(w))
    np.testing.assert_allclose(hessian(one_by_one)(w), hessian(batch)(w))
    v = rng.normal(size=w.shape)
    np.testing.assert_allclose(jvp(grad(one_by_one), w, v)[1], jvp(grad(batch), w, v)[1])


def test_products_and_whole_matrices_meet_in_one_gradient():
    def f(w):
        return np.sum(w @ x) + np.sum(w * w) + np.sum(2 * (y @ w)) + w[0, 1]

    w, x, y = rng.normal(size=(3, 2)), rng.normal(size=2), rng.normal(size=3)
    expected = np.outer(np.ones(3), x) + 2 * w + 2 * np.outer(y, np.ones(2))
    expected[0, 1] += 1
    np.testing.assert_allclose(grad(f)(w), expected)


@pytest.mark.parametrize("dtype", [np.float32, np.complex64, np.complex128])
def test_dtypes_are_kept(dtype):
    w, x = np.ones((3, 2), dtype), np.arange(2).astype(dtype)
    gradient = grad(lambda w: np.sum(np.abs(w @ x) ** 2))(w)
    assert gradient.dtype == dtype
    np.testing.assert_allclose(gradient, [[0, 2]] * 3)


def test_vectors_that_were_absent_stay_so():
    w = np.array([[0.0, 0.0], [1.0, 3.0]])
    f = lambda w: np.sum(np.where(w @ np.ones(2) > 0, np.sqrt(w @ np.ones(2)), 0.0))
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(grad(f)(w), [[0, 0], [0.25, 0.25]])
    np.testing.assert_allclose(jacobian(lambda w: w @ np.ones(2))(w)[1], [[0, 0], [1, 1]])
