"""The descriptors of a tuple: places with descriptors of their own."""

from __future__ import annotations

import numpy as np
import pytest

from revdiff import (
    ArgumentError,
    RevDiff,
    args_derivative,
    array_arg,
    array_val,
    auto_arg,
    auto_val,
    custom_arg_val_derivative,
    gradient,
    init_diff,
    mk_tuple_arg,
    scalar_arg,
    scalar_val,
    tuple_arg,
    tuple_arg_derivative,
    tuple_val,
    tuple_val_derivative,
    vjp,
)


def test_a_descriptor_of_no_places_describes_the_empty_tuple():
    assert gradient(lambda p: 1.0)(()) == ()
    assert custom_arg_val_derivative(mk_tuple_arg(), scalar_val, lambda p: 1.0)(()) == ()


def test_splitting_gives_a_tuple_of_revdiffs_of_one_variable():
    x, (y, z) = tuple_arg(scalar_arg, tuple_arg).split(init_diff((2.0, (3.0, 5.0))))
    assert all(isinstance(part, RevDiff) for part in (x, y, z))
    assert (x * y * z).backprop(1.0) == (15.0, (10.0, 6.0))


def test_nested_descriptors_agree_with_the_automatic_ones():
    f = lambda p: (p[0] * p[1][0], ((p[1][1] * p[0]).sum(),))
    x = (2.0, (3.0, np.array([1.0, 2.0])))
    explicit = custom_arg_val_derivative(
        tuple_arg(scalar_arg, tuple_arg(auto_arg, array_arg)), tuple_val(scalar_val, tuple_val(scalar_val)), f
    )(x)
    automatic = custom_arg_val_derivative(auto_arg, auto_val, f)(x)
    assert repr(explicit) == repr(automatic)
    assert explicit[0][:1] == (3.0,)
    np.testing.assert_array_equal(explicit[1][0][1][1], [2.0, 2.0])


@pytest.mark.parametrize("n", [1, 2, 50])
def test_tuples_of_any_length(n):
    x = tuple(float(i + 1) for i in range(n))

    def product(p):
        result = 1.0
        for part in p:
            result = result * part
        return result

    expected = tuple(product(x[:i] + x[i + 1 :]) for i in range(n))
    assert tuple_arg_derivative(product)(x) == pytest.approx(expected)
    assert args_derivative(lambda *p: product(p))(*x) == pytest.approx(expected)
    assert tuple_val_derivative(lambda t: tuple(t * part for part in x))(1.0) == pytest.approx(x)


def test_a_cotangent_of_a_tuple_lands_place_by_place():
    value, pullback = vjp(lambda x: (x * 2.0, (x * 3.0, x)), 1.0)
    assert value == (2.0, (3.0, 1.0))
    assert pullback((1.0, (10.0, 100.0))) == 132.0


def test_a_cotangent_may_be_one_revdiff_of_a_tuple():
    _, pullback = vjp(lambda x: (x * 2.0, (x * 3.0,)), 1.0)
    x_bar = pullback(init_diff((1.0, (10.0,))))
    assert x_bar.value == 32.0
    assert x_bar.backprop(1.0) == (2.0, (3.0,))
    with pytest.raises(ArgumentError, match="a tuple of 2 is needed here"):
        pullback(init_diff(1.0))


@pytest.mark.parametrize("wrong", [1.0, [1.0, 1.0], (1.0,), (1.0, 1.0, 1.0), None, "ab"], ids=repr)
def test_the_cotangent_of_a_tuple_must_be_a_tuple_of_as_many(wrong):
    _, pullback = vjp(lambda x: (x, x), 1.0)
    with pytest.raises(ArgumentError, match="a cotangent has the form of its value: a tuple of 2 is needed here; met"):
        pullback(wrong)


def test_the_number_of_places_must_fit():
    with pytest.raises(ArgumentError, match=r"tuple_arg\(scalar_arg, scalar_arg\) describes 2 parts; met a tuple of 3"):
        custom_arg_val_derivative(tuple_arg(scalar_arg, scalar_arg), auto_val, sum)((1.0, 2.0, 3.0))
    with pytest.raises(ArgumentError, match=r"tuple_val\(scalar_val\) describes 1 parts; met a tuple of 2"):
        custom_arg_val_derivative(auto_arg, tuple_val(scalar_val), lambda x: (x, x))(1.0)


def test_a_place_must_fit_its_descriptor():
    with pytest.raises(ArgumentError, match="array_arg describes a NumPy array; the argument is a float"):
        custom_arg_val_derivative(tuple_arg(array_arg), auto_val, lambda p: 1.0)((1.0,))
    with pytest.raises(ArgumentError, match="array_val describes a NumPy array"):
        custom_arg_val_derivative(auto_arg, tuple_val(array_val), lambda x: (x,))(1.0)
