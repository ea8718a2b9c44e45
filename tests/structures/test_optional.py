"""Values that may be absent, by themselves and inside structures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from revdiff import (
    ArgumentError,
    RevDiffError,
    array_arg,
    array_val,
    custom_arg_derivative,
    custom_arg_val_derivative,
    custom_val_derivative,
    grad,
    hessian,
    hvp,
    init_diff,
    jacobian,
    jvp,
    mk_optional_arg,
    mk_record_arg,
    mk_tuple_arg,
    optional_arg,
    optional_arg_derivative,
    optional_val,
    optional_val_derivative,
    scalar_arg,
    scalar_val,
    vector_arg,
    vjp,
)


@dataclass
class Dense:
    weight: Any
    bias: Any = None


def apply(dense, x):
    y = (dense.weight * x).sum()
    return y if dense.bias is None else y + dense.bias


@pytest.mark.parametrize("descriptor", [optional_arg, mk_optional_arg(scalar_arg)], ids=repr)
def test_a_value_that_is_present_is_differentiated(descriptor):
    f = lambda x: 1.0 if x is None else x**3
    assert custom_arg_derivative(descriptor, f)(2.0) == 12.0
    assert custom_arg_derivative(descriptor, custom_arg_derivative(descriptor, f))(2.0) == 12.0


def test_of_what_is_absent_the_derivative_is_zero_or_none():
    f = lambda x: 1.0 if x is None else x**3
    assert optional_arg_derivative(f)(None) == 0.0
    assert custom_arg_derivative(optional_arg(scalar_arg), f)(None) == 0.0
    assert custom_arg_derivative(optional_arg(vector_arg), f)(None) is None
    assert custom_arg_derivative(optional_arg(vector_arg, absent=(0.0, 0.0)), f)(None) == (0.0, 0.0)
    assert grad(f)(None) is None
    assert custom_arg_derivative(optional_arg(absent=(0.0, 0.0)), f)(None) == (0.0, 0.0)
    assert custom_arg_derivative(optional_arg(scalar_arg, absent=7.0), f)(None) == 7.0
    assert custom_arg_derivative(optional_arg(scalar_arg)(absent=7.0), f)(None) == 7.0


def test_of_a_value_that_is_present_and_not_used_the_derivative_is_its_zero():
    unused = custom_arg_derivative(optional_arg(vector_arg), lambda x: 1.0)
    np.testing.assert_array_equal(unused(np.ones(2)), np.zeros(2))


def test_descriptors_are_equal_if_what_is_absent_is_the_same_zero():
    assert optional_arg(vector_arg, absent=1.0) == optional_arg(vector_arg, absent=1.0) != optional_arg(vector_arg)
    assert optional_arg(vector_arg, absent=1.0) != optional_arg(array_arg, absent=1.0)
    assert optional_arg(vector_arg)(absent=1.0) == optional_arg(vector_arg, absent=1.0)
    assert (optional_arg == optional_val) is False
    assert hash(optional_arg(vector_arg, absent=[1.0])) == hash(optional_arg(vector_arg))


def test_a_value_that_may_be_absent():
    f = lambda x: x**2 if x > 0 else None
    assert optional_val_derivative(f)(3.0) == 6.0
    assert optional_val_derivative(f)(-3.0) is None
    assert custom_val_derivative(optional_val(scalar_val), f)(3.0) == 6.0
    assert custom_arg_val_derivative(optional_arg, optional_val, lambda x: x)(None) is None


def test_a_function_that_forgot_its_return_is_refused():
    with pytest.raises(RevDiffError, match="what the function returns must be a number of some kind; met None"):
        jacobian(lambda x: None)(1.0)
    with pytest.raises(RevDiffError, match="None"):
        grad(lambda x: None)(1.0)


def test_a_field_that_may_be_absent():
    x = np.array([10.0, 100.0])
    with_bias, without = Dense(np.array([1.0, 2.0]), 3.0), Dense(np.array([1.0, 2.0]))
    g = grad(apply)(with_bias, x)
    np.testing.assert_array_equal(g.weight, x)
    assert g.bias == 1.0
    g = grad(apply)(without, x)
    np.testing.assert_array_equal(g.weight, x)
    assert g.bias is None
    second = hessian(lambda d: apply(d, x) ** 2)(without)
    np.testing.assert_array_equal(second.weight.weight, 2 * np.outer(x, x))
    assert second.bias is second.weight.bias is None
    moved = hvp(lambda d: apply(d, x) ** 2, without, Dense(np.ones(2)))
    np.testing.assert_array_equal(moved.weight, 2 * x * x.sum())
    assert moved.bias is None
    assert init_diff(without).bias is None


def test_absent_elements_of_lists_and_dictionaries():
    f = lambda xs: sum(x**2 for x in xs if x is not None)
    assert grad(f)([1.0, None, 3.0]) == [2.0, None, 6.0]
    assert grad(lambda d: f(d.values()))({"a": None, "b": 3.0}) == {"a": None, "b": 6.0}
    assert jacobian(lambda t: [t, None, (None, t * t)])(3.0) == [1.0, None, (None, 6.0)]
    value, pullback = vjp(lambda t: [t, None, t * t], 3.0)
    assert value == [3.0, None, 9.0]
    assert pullback([1.0, None, 10.0]) == 61.0
    assert jvp(lambda t: [t, None], 3.0, 2.0) == ([3.0, None], [2.0, None])


def test_an_absent_argument_among_others():
    f = lambda a, b: a**2 if b is None else a * b
    assert grad(f, argnums=(0, 1))(3.0, None) == (6.0, None)
    assert grad(f, argnums=(0, 1))(3.0, 5.0) == (5.0, 3.0)
    assert vjp(f, 3.0, None)[1](1.0) == (6.0, None)


def test_inner_descriptors_in_structures():
    of_pair = custom_arg_derivative(mk_tuple_arg(scalar_arg, optional_arg), lambda p: p[0] * (p[1] or 7.0))
    assert of_pair((2.0, 3.0)) == (3.0, 2.0)
    assert of_pair((2.0, None)) == (7.0, None)
    of_dense = custom_arg_derivative(mk_record_arg(bias=optional_arg(vector_arg)), lambda d: d.bias[0] * d.weight)
    g = of_dense(Dense(2.0, np.array([3.0, 4.0])))
    assert g.weight == 3.0
    np.testing.assert_array_equal(g.bias, [2.0, 0.0])


def test_a_cotangent_for_what_is_absent_is_refused():
    _, pullback = vjp(lambda t: Dense(t, None), 1.0)
    assert pullback(Dense(5.0, None)) == 5.0
    with pytest.raises(RevDiffError, match="None"):
        pullback(None)
    with pytest.raises(ArgumentError, match="array_arg describes"):
        custom_arg_derivative(optional_arg(array_arg), lambda x: 1.0)(2.0)


@pytest.mark.parametrize("descriptor", [optional_val, optional_val(scalar_val), optional_val(scalar_val)()], ids=repr)
def test_a_cotangent_is_paired_with_what_is_present_and_of_what_is_absent_only_none_will_do(descriptor):
    assert list(descriptor.seeds(2.0, 10.0)) == [(2.0, 10.0)]
    assert list(descriptor.seeds(None, None)) == []
    with pytest.raises(RevDiffError, match="None is needed here; met a float"):
        list(descriptor.seeds(None, 10.0))


def test_the_inner_descriptor_says_what_a_cotangent_of_what_is_present_is():
    with pytest.raises(ArgumentError, match="the cotangent of an array has its shape"):
        list(optional_val(array_val).seeds(np.ones(2), np.ones(3)))
    with pytest.raises(ArgumentError, match="the cotangent of a number is a number"):
        list(optional_val(scalar_val).seeds(2.0, np.ones(3)))
