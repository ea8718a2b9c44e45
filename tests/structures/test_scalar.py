"""The descriptors of one number."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy

from revdiff import (
    ArgumentError,
    UnsupportedValueError,
    custom_arg_val_derivative,
    scalar_arg,
    scalar_arg_derivative,
    scalar_val,
)


@pytest.mark.parametrize(
    "x",
    [3, 3.0, 3 + 0j, Fraction(3), Decimal(3), mpmath.mpf(3), np.float64(3), np.float32(3), sympy.Integer(3)],
    ids=lambda x: type(x).__name__,
)
def test_numbers_of_every_system_are_scalars(x):
    derivative = custom_arg_val_derivative(scalar_arg, scalar_val, lambda x: x * x)
    assert derivative(x) == 6
    assert isinstance(derivative(x), type(x))


@pytest.mark.parametrize("wrong", ["text", None, True, [1.0], {"a": 1.0}, {1.0}, object, b"x"], ids=repr)
def test_what_is_no_number_is_refused_by_name(wrong):
    with pytest.raises(
        UnsupportedValueError, match=r"the argument must be a number of some kind; met (.|\n)*register_number_system"
    ):
        scalar_arg_derivative(lambda x: 1.0)(wrong)


@pytest.mark.parametrize(
    "wrong", ["text", None, True, np.True_, [1.0], {"a": 1.0}, object()], ids=lambda w: type(w).__name__
)
def test_a_value_that_is_no_number_is_refused_by_name(wrong):
    with pytest.raises(UnsupportedValueError, match="what the function returns must be a number of some kind; met"):
        custom_arg_val_derivative(scalar_arg, scalar_val, lambda x: wrong)(2.0)


def test_the_cotangent_of_a_number_is_a_number():
    assert list(scalar_val.seeds(2.0, 10.0)) == [(2.0, 10.0)]
    for wrong in (np.ones(3), np.ones((1, 1))):
        with pytest.raises(ArgumentError, match="the cotangent of a number is a number; met an array"):
            list(scalar_val.seeds(2.0, wrong))
    with pytest.raises(UnsupportedValueError, match=r"the cotangent of a number must be a .*; met 'text' \(a str\)"):
        list(scalar_val.seeds(2.0, "text"))
    with pytest.raises(
        UnsupportedValueError, match="what the function returns must be a number of some kind; met None"
    ):
        list(scalar_val.seeds(None, 2.0))
