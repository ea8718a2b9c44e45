"""Functions of Python applied to one vector after the other along an axis, or to one element after the other."""

from __future__ import annotations

import numpy as np
import pytest

from revdiff import ConversionError, grad, init_diff, jacobian, simple_derivative, vjp
from tests.oracles import assert_array_rule, assert_vjp

X = np.sin(np.arange(24.0) * 1.3).reshape(2, 3, 4)

MAPPINGS = {
    "to numbers": lambda x: np.apply_along_axis(lambda v: v @ v, 1, x),
    "to vectors": lambda x: np.apply_along_axis(lambda v: v[1:] * v[0], 0, x.transpose(1, 0, 2)),
    "to vectors along the last axis": lambda x: np.apply_along_axis(np.cumsum, -1, x),
    "to matrices": lambda x: np.apply_along_axis(np.diag, 1, x),
    "to matrices in front": lambda x: np.apply_along_axis(lambda v: np.outer(v, v), 0, x),
    "to lists": lambda x: np.apply_along_axis(lambda v: [v[0] * v[1], 2.0 * v[2]], 2, x),
    "with further arguments": lambda x: np.apply_along_axis(lambda v, k, *, n: k * v**n, 1, x, 3.0, n=2),
    "of a vector": lambda x: np.apply_along_axis(lambda v: v * np.sum(v), 0, x[0, 0]),
    "over axes": lambda x: np.apply_over_axes(np.sum, x * x, [0, -1]),
    "over one axis": lambda x: np.apply_over_axes(np.mean, x, 1),
    "over axes that stay": lambda x: np.apply_over_axes(np.cumsum, x, (0, 2)),
}


@pytest.mark.parametrize("f", MAPPINGS.values(), ids=MAPPINGS)
def test_every_mapping_is_numpys_and_all_its_derivatives_agree_with_central_differences(f):
    assert_array_rule(f, X)


def test_a_function_may_return_constants_and_close_over_revdiffs():
    assert np.apply_along_axis(lambda v: 3.0, 0, init_diff(X)).tolist() == np.full((3, 4), 3.0).tolist()
    assert_vjp(lambda x, k: np.apply_along_axis(lambda v: k * v, 1, x), X, np.array(2.0))
    assert np.apply_along_axis(np.argmax, 1, init_diff(X)).tolist() == np.argmax(X, 1).tolist()


def test_where_there_is_no_vector_nothing_can_be_mapped():
    with pytest.raises(ValueError, match=r"no vector along axis 0 in an array of shape \(2, 0\)"):
        vjp(lambda x: np.apply_along_axis(np.sum, 0, x), np.ones((2, 0)))
    with pytest.raises(ValueError, match="the function took away more than axis 0"):
        np.apply_over_axes(lambda x, axis: np.sum(x), init_diff(X), [0])
    with pytest.raises(np.exceptions.AxisError):
        np.apply_along_axis(np.sum, 3, init_diff(X))


VECTORIZED = {
    "of one": np.vectorize(lambda a: a**2 if a > 0 else np.exp(a)),
    "of two": lambda x: np.vectorize(lambda a, b: a * b if a > 0 else a / (2 + b))(x, x[::-1]),
    "with core axes": np.vectorize(lambda v: v * np.sum(v), signature="(n)->(n)"),
    "to numbers": np.vectorize(lambda v: v @ v, signature="(n)->()"),
    "to matrices": lambda x: np.vectorize(np.outer, signature="(m),(n)->(m,n)")(x[0], x[1]),
    "with an argument left out": lambda x: np.vectorize(lambda a, v: a * v[1], excluded=[1])(x, x[0, 0]),
    "with an argument by name": lambda x: np.vectorize(lambda a, b: a * b)(a=x, b=x[0, 0]),
    "with two results": lambda x: np.add(*np.vectorize(lambda a: (a * a, 3 * a))(x)),
}


@pytest.mark.parametrize("f", VECTORIZED.values(), ids=VECTORIZED)
def test_a_vectorized_function_makes_an_array_of_objects_and_all_its_derivatives_are_there(f):
    x = X + 0.05  # at 0 some of them jump
    weights = np.cos(np.arange(f(x).size) * 0.7).reshape(f(x).shape)
    assert_array_rule(lambda x: np.sum(weights * f(x)), x, wide=float)


def collatz(x):
    return x / 2 if x % 2 == 0 else 3 * x + 1


def test_a_function_of_python_objects_is_applied_to_every_element():
    f = np.frompyfunc(lambda x, y: x**2 * y if x > 2 else x + y, 2, 1)
    x, y = np.array([1.0, 3.0]), np.array([[5.0], [7.0]])
    value, pullback = vjp(f, x, y)
    assert value.tolist() == [[6, 45], [8, 63]]
    x_bar, y_bar = pullback(np.ones((2, 2)))
    assert x_bar.tolist() == [2.0, 2 * 3 * 5 + 2 * 3 * 7]
    assert y_bar.tolist() == [[1.0 + 9.0], [1.0 + 9.0]]
    assert jacobian(jacobian(lambda x: f(x, 5.0)))(x)[1, 1, 1] == 10.0
    assert simple_derivative(lambda x: f(x, 5.0))(3.0) == 30.0


def test_a_function_of_python_objects_may_have_several_results_and_results_without_derivatives():
    g = np.frompyfunc(lambda x: (x * x, x > 2), 1, 2)
    squares, large = g(init_diff(np.array([1.0, 3.0])))
    assert squares.value.tolist() == [1.0, 9.0]
    assert large.tolist() == [False, True]
    product = np.frompyfunc(lambda x, y: x * y, 2, 1)
    assert grad(product.reduce)(np.array([2.0, 3.0, 4.0])).tolist() == [12.0, 8.0, 6.0]
    assert grad(lambda x: product.accumulate(x)[1])(np.array([2.0, 3.0, 4.0])).tolist() == [3.0, 2.0, 0.0]


def test_a_vectorized_function_with_a_floating_point_result_type_does_not_drop_the_derivative():
    with pytest.raises(ValueError, match="setting an array element") as error:
        np.vectorize(collatz, otypes=[float])(init_diff(np.array([1.0, 2.0])))
    assert isinstance(error.value.__cause__, ConversionError)
