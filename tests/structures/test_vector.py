"""Vectors: elements that are handed out one by one."""

from __future__ import annotations

import numpy as np
import pytest
import sympy

from revdiff import (
    ArgumentError,
    RevDiff,
    array_arg,
    array_val,
    auto_arg,
    custom_arg_derivative,
    custom_arg_val_derivative,
    init_diff,
    primal,
    scalar_val,
    vector_arg,
    vector_arg_derivative,
    vector_val,
    vector_val_derivative,
)


def norm2(v):
    return sum(v * v) if isinstance(v, np.ndarray) else sum(e * e for e in v)


@pytest.mark.parametrize("make", [np.array, list, tuple], ids=["array", "list", "tuple"])
def test_the_elements_are_revdiffs_of_numbers(make):
    met = []

    def f(v):
        met.extend(v)
        return norm2(v)

    gradient = vector_arg_derivative(f)(make([1.0, 2.0, 3.0]))
    assert [type(e) for e in met] == [RevDiff] * 3
    assert [e.value for e in met] == [1.0, 2.0, 3.0]
    assert type(gradient) is type(make([1.0]))
    assert list(gradient) == [2.0, 4.0, 6.0]


def test_every_order_agrees_with_sympy():
    x, y = sympy.symbols("x y")
    f = lambda v: v[0] ** 3 * v[1] + v[1] ** 2
    expr = f((x, y))
    derivative, expected = f, expr
    for order in (1, 2, 3):
        derivative = vector_arg_derivative(derivative)
        expected = sympy.derive_by_array(expected, (x, y)) if order > 1 else sympy.Array([expr.diff(x), expr.diff(y)])
        at = derivative(np.array([2.0, 3.0]))
        assert at.shape == (2,) * order
        np.testing.assert_allclose(at.ravel(), [float(e.subs({x: 2, y: 3})) for e in sympy.flatten(expected)])


def test_dtype_and_shape_are_those_of_the_argument():
    x = np.arange(6, dtype=np.float32).reshape(2, 3)
    gradient = vector_arg_derivative(lambda v: v[1, 2] * v[0, 1])(x)
    assert gradient.dtype == np.float32
    np.testing.assert_array_equal(gradient, [[0, 5, 0], [0, 0, 1]])
    assert vector_arg_derivative(lambda v: 1.0)(np.zeros(0)).shape == (0,)


def test_values_are_stacked_if_they_are_numbers_and_listed_if_not():
    curve = vector_val_derivative(lambda t: np.array([t, t**2]))(3.0)
    assert isinstance(curve, np.ndarray)
    np.testing.assert_array_equal(curve, [1.0, 6.0])
    f = lambda p: np.array([p[0] * p[1], p[0]])
    assert vector_val_derivative(f)((2.0, 3.0)) == [(3.0, 2.0), (1.0, 0.0)]
    assert vector_val_derivative(lambda t: [t, (t**2,)])(3.0) == [1.0, (6.0,)]
    assert vector_val_derivative(lambda x: x[:0])(np.ones(2)).shape == (0, 2)
    np.testing.assert_array_equal(
        custom_arg_val_derivative(vector_arg, vector_val, lambda v: v * v)(np.array([1.0, 2.0])),
        custom_arg_val_derivative(auto_arg, array_val, lambda v: v * v)(np.array([1.0, 2.0])),
    )


def paired(descriptor, y, y_bar):
    """What a cotangent is paired with, as (value, cotangent)."""
    return [(primal(part), part_bar) for part, part_bar in descriptor.seeds(y, y_bar)]


def test_a_cotangent_of_a_vector_is_paired_element_by_element():
    y, y_bar = np.array([2.0, 3.0]), np.array([10.0, 20.0])
    assert paired(vector_val(scalar_val), init_diff(y), y_bar) == [(2.0, 10.0), (3.0, 20.0)]
    assert paired(vector_val, np.array([2.0, 3.0], object), y_bar) == [(2.0, 10.0), (3.0, 20.0)]
    assert paired(vector_val(scalar_val), [2.0, 3.0], [10.0, 20.0]) == [(2.0, 10.0), (3.0, 20.0)]
    ((whole, whole_bar),) = paired(vector_val, init_diff(y), y_bar)
    np.testing.assert_array_equal(whole, y)
    np.testing.assert_array_equal(whole_bar, y_bar)


def test_the_cotangent_of_a_vector_has_its_shape():
    with pytest.raises(ArgumentError, match=r"the cotangent of a vector has its shape \(2,\); met \(3,\)"):
        paired(vector_val(scalar_val), init_diff(np.ones(2)), np.ones(3))


def test_an_error_in_an_element_says_which():
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    with pytest.raises(ArgumentError, match=r"(?s)array_arg describes a NumPy array.*\[0, 0\]"):
        custom_arg_derivative(vector_arg(array_arg), lambda v: 1.0)(x)
