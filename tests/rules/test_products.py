"""Matrix products: against central differences, in every combination of dimensions."""

from __future__ import annotations

import numpy as np
import pytest

from revdiff import MutatedArrayError, grad, hessian, jacobian, vjp
from tests.oracles import assert_vjp

SHAPES = [
    ((3,), (3,)),
    ((2, 3), (3,)),
    ((3,), (3, 2)),
    ((2, 3), (3, 4)),
    ((5, 2, 3), (3, 4)),
    ((2, 3), (5, 3, 4)),
    ((5, 1, 2, 3), (4, 3, 2)),
    ((3,), (5, 3, 2)),
    ((5, 2, 3), (3,)),
    ((2, 0), (0, 3)),
    ((0, 2), (2, 3)),
]


def central_differences(f, args, which, step=1e-6):
    out = np.zeros(args[which].shape)
    for index in np.ndindex(out.shape):
        ends = []
        for sign in (1, -1):
            moved = [a.copy() for a in args]
            moved[which][index] += sign * step
            ends.append(f(*moved))
        out[index] = (ends[0] - ends[1]) / (2 * step)
    return out


@pytest.mark.parametrize("function", [np.matmul, lambda a, b: a @ b], ids=["np.matmul", "@"])
@pytest.mark.parametrize(("shape_a", "shape_b"), SHAPES)
def test_a_product_agrees_with_central_differences(function, shape_a, shape_b):
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=shape_a), rng.normal(size=shape_b)
    weights = rng.normal(size=np.shape(a @ b))

    def f(a, b):
        c = function(a, b) * weights
        return (c * c).sum()

    gradients = grad(f, (0, 1))(a, b)
    for which in (0, 1):
        expected = central_differences(f, [a, b], which)
        np.testing.assert_allclose(gradients[which], expected, rtol=1e-6, atol=1e-7)


def test_a_quadratic_form_has_the_symmetric_part_of_its_matrix_as_hessian():
    m = np.array([[1.0, 2.0], [5.0, -3.0]])
    np.testing.assert_allclose(hessian(lambda x: x @ m @ x)(np.array([0.3, 0.7])), m + m.T)
    np.testing.assert_allclose(jacobian(hessian(lambda x: (x @ m @ x) * x[0]))(np.ones(2))[0, 0, 0], 6.0)


def test_dot_is_matmul_for_vectors_and_matrices_and_a_product_for_numbers():
    a, b = np.array([1.0, 2.0]), np.array([3.0, 5.0])
    for f in (lambda x: np.dot(x, b), lambda x: x.dot(b), lambda x: np.dot(b, x)):
        np.testing.assert_array_equal(grad(f)(a), b)
    assert grad(lambda x: np.dot(x, 3.0))(2.0) == 3.0
    with pytest.raises(ValueError, match=r"write numpy\.matmul"):
        grad(lambda x: np.dot(x, x).sum())(np.ones((2, 2, 2)))


@pytest.mark.skipif(not hasattr(np, "vecmat"), reason="NumPy has these functions since 2.2")
def test_products_of_stacks_of_vectors_agree_with_central_differences():
    rng = np.random.default_rng(1)
    m, x, y = rng.normal(size=(4, 2, 3)), rng.normal(size=(4, 3)), rng.normal(size=(4, 2))
    for f, args in (
        (lambda a, b: (np.vecdot(a, b) ** 2).sum(), [x, x[0]]),
        (lambda a, b: (np.matvec(a, b) ** 2).sum(), [m, x]),
        (lambda a, b: (np.vecmat(a, b) ** 2).sum(), [y, m]),
    ):
        for which, gradient in enumerate(grad(f, (0, 1))(*args)):
            expected = central_differences(f, args, which)
            np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-7)


def test_swapped_axes_are_swapped_back():
    w = np.arange(6.0).reshape(3, 2)
    np.testing.assert_array_equal(grad(lambda x: (np.swapaxes(x, 0, 1) * w).sum())(np.ones((2, 3))), w.T)


def test_lists_are_arrays_and_numbers_are_refused():
    np.testing.assert_array_equal(grad(lambda x: [1.0, 2.0] @ x)(np.ones(2)), [1.0, 2.0])
    with pytest.raises(ValueError, match=r"at least one dimension.* Use \*"):
        grad(lambda x: x @ 2.0)(np.ones(2))


def test_dtypes_are_kept():
    a, b = np.ones((2, 3), np.float32), np.ones((3, 2))
    gradient_a, gradient_b = grad(lambda a, b: (a @ b).sum(), (0, 1))(a, b)
    assert (gradient_a.dtype, gradient_b.dtype) == (np.float32, np.float64)
    _, pullback = vjp(lambda a: a @ np.array([1j, 2.0]), np.ones((1, 2)))
    np.testing.assert_array_equal(pullback(np.array([1.0 + 0j])), [[0.0, 2.0]])


def test_a_large_constant_matrix_that_was_changed_is_noticed():
    m = np.ones((100, 100))
    _, pullback = vjp(lambda x: m @ x, np.ones(100))
    m *= 2.0
    with pytest.raises(MutatedArrayError):
        pullback(np.ones(100))


@pytest.mark.parametrize(
    ("shape_a", "shape_b"), [((3,), (3,)), ((2, 3), (3,)), ((2, 3), (4, 3)), ((2, 2, 3), (5, 3)), ((), (3,))]
)
@pytest.mark.parametrize("f", [np.inner, np.outer, np.vdot], ids=lambda f: f.__name__)
@pytest.mark.parametrize("dtype", [float, complex])
def test_inner_and_outer_products_are_numpys_and_agree_with_central_differences(f, shape_a, shape_b, dtype):
    if f is np.vdot:
        shape_b = shape_a
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=shape_a) + 0.5, rng.normal(size=shape_b)
    if dtype is complex:
        a, b = a * np.exp(1j * a), b * (1 + 0.5j)
    value, _ = vjp(f, a, b)
    np.testing.assert_allclose(value, f(a, b))
    assert_vjp(lambda a, b: f(a, b) ** 2, a, b)
    assert np.shape(value) == np.shape(f(a, b))


def test_products_of_numbers():
    assert grad(np.inner, (0, 1))(2.0, 3.0) == (3.0, 2.0)
    assert grad(lambda a, b: np.outer(a, b)[0, 0], (0, 1))(2.0, 3.0) == (3.0, 2.0)
