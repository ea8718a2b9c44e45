"""The derivative of functions that work element by element, and the refusal of all others."""

from __future__ import annotations

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import revdiff
from revdiff import ArgumentError, ResultError, elementwise_derivative, exp, grad, jacobian, sin

X = sympy.Symbol("x")
A = np.array([[0.5, -1.2, 2.0], [0.1, 3.0, -0.7]])

ELEMENTWISE = {
    "sin x · x": (lambda x: sin(x) * x, sympy.sin(X) * X),
    "exp": (exp, sympy.exp(X)),
    "polynomial": (lambda x: 3 * x**4 - x + 1, 3 * X**4 - X + 1),
    "a constant": (lambda x: np.ones(np.shape(x)), sympy.Integer(1)),
    "itself": (lambda x: x, X),
    "through a copy": (lambda x: np.reshape(np.ravel(x) ** 2, np.shape(x)), X**2),
}


@pytest.mark.parametrize("name", ELEMENTWISE)
@pytest.mark.parametrize("order", [1, 2, 3])
def test_each_element_has_its_own_derivative_of_every_order(name, order):
    f, formula = ELEMENTWISE[name]
    expected = np.vectorize(lambda v: float(formula.diff(X, order).subs(X, v)))(A)
    for _ in range(order):
        f = elementwise_derivative(f)
    np.testing.assert_allclose(f(A), expected, rtol=1e-12, atol=1e-14)


def test_numbers_and_empty_arrays_have_derivatives_too():
    assert elementwise_derivative(sin)(0.0) == 1.0
    assert elementwise_derivative(lambda x: x * x)(3) == 6
    assert elementwise_derivative(sin)(X) == sympy.cos(X)
    assert elementwise_derivative(sin)(np.zeros((0, 2))).shape == (0, 2)
    assert elementwise_derivative(sin)(np.array(0.0)).shape == ()


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex64, np.complex128])
def test_the_dtype_stays(dtype):
    x = np.array([0.5, 1.0, 2.0], dtype)
    met = elementwise_derivative(lambda x: sin(x) * x)(x)
    assert met.dtype == dtype
    np.testing.assert_allclose(met, np.cos(x) * x + np.sin(x), rtol=100 * np.finfo(dtype).eps)


def test_complex_values_of_real_elements_have_complex_derivatives():
    np.testing.assert_allclose(elementwise_derivative(lambda x: exp(1j * x))(A), 1j * np.exp(1j * A))


def test_infinite_slopes_are_what_they_are():
    np.testing.assert_array_equal(elementwise_derivative(np.sqrt)(np.array([0.0, 4.0])), [np.inf, 0.25])


@given(st.integers(1, 5), st.integers(0, 4), st.integers(0, 4), st.floats(0.1, 10.0))
def test_one_element_beside_the_diagonal_is_found(n, i, j, size):
    i, j = i % n, j % n
    matrix = np.diag(np.linspace(1.0, 2.0, n))
    matrix[i, j] += size
    if i == j:
        np.testing.assert_array_equal(elementwise_derivative(lambda x: matrix @ x)(np.ones(n)), np.diag(matrix))
    else:
        with pytest.raises(ResultError) as error:
            elementwise_derivative(lambda x: matrix @ x)(np.ones(n))
        assert str(error.value) == (
            "elementwise_derivative needs a function that works element by element; here other elements of the result "
            f"depend on x[{j}].\n  For all partial derivatives: jacobian(f)."
        )


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x / x.sum(),
        lambda x: x[::-1] * 1.0,
        np.cumsum,
        lambda x: x - x.mean(),
        lambda x: np.roll(x, 1) * x,
        np.sort,
    ],
)
def test_a_function_that_mixes_elements_is_refused(f):
    x = np.array([1.0, 0.5, 2.0])
    assert not np.array_equal(jacobian(f)(x), np.diag(np.diag(jacobian(f)(x))))
    with pytest.raises(ResultError, match="works element by element"):
        elementwise_derivative(f)(x)


def test_another_shape_is_refused():
    with pytest.raises(ResultError) as error:
        elementwise_derivative(np.sum)(np.ones(3))
    assert str(error.value) == (
        "elementwise_derivative needs a function that returns an array of the shape (3,) of its argument; it returned "
        "a float64 of dtype float64. It has shape ()."
    )
    with pytest.raises(ResultError, match="returns one number; it returned a tuple"):
        elementwise_derivative(lambda x: (x, x))(1.0)


@pytest.mark.parametrize(
    "x", ["text", (1.0, 2.0), None, np.array([1.0, sympy.Symbol("x")], object), np.array(["a"])], ids=repr
)
def test_what_is_no_array_of_numbers_is_refused(x):
    with pytest.raises(ArgumentError, match="takes a number, or an array of numbers; met"):
        elementwise_derivative(sin)(x)


def test_an_outer_derivative_flows_through():
    w = 0.7
    met = grad(lambda w: (elementwise_derivative(lambda x: sin(w * x))(A)).sum())(w)
    expected = sympy.diff(sympy.sin(sympy.Symbol("w") * X), X, sympy.Symbol("w"))
    at = sympy.lambdify((X, sympy.Symbol("w")), expected)
    assert met == pytest.approx(float(np.sum(at(A, w))), rel=1e-12)
    assert revdiff.elementwise_derivative is elementwise_derivative
