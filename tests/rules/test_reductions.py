"""Reductions: sums and means."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import sympy

import revdiff
from revdiff import grad, nth_derivative, simple_derivative, vjp
from tests.oracles import assert_vjp

FUNCTIONS = [np.sum, np.mean, lambda x, **options: x.sum(**options), lambda x, **options: x.mean(**options)]
IDS = ["numpy.sum", "numpy.mean", "r.sum", "r.mean"]
AXES = [None, 0, 1, -1, (0, 2), (-1, 0), (), (0, 1, 2)]


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("f", FUNCTIONS, ids=IDS)
def test_every_axis_agrees_with_numpy_and_with_central_differences(f, axis, keepdims):
    x = np.arange(24.0).reshape(2, 3, 4) / 8

    def squared(x):
        return f(x * x, axis=axis, keepdims=keepdims)

    value, _ = vjp(squared, x)
    expected = (np.mean if "mean" in IDS[FUNCTIONS.index(f)] else np.sum)(x * x, axis=axis, keepdims=keepdims)
    np.testing.assert_array_equal(value, expected)
    assert_vjp(squared, x)
    assert_vjp(grad(lambda x: np.sum(squared(x) ** 2)), x)


@pytest.mark.parametrize("f", FUNCTIONS, ids=IDS)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.longdouble, np.complex64, np.int32, np.uint8])
def test_dtypes_are_kept_and_whole_numbers_have_float_cotangents(f, dtype):
    x = np.array([[1, 0], [1, 1]], dtype)
    value, pullback = vjp(lambda x: f(x, axis=0), x)
    assert value.dtype == f(x, axis=0).dtype
    x_bar = pullback(np.ones_like(value, dtype=float if value.dtype.kind == "i" else None))
    assert x_bar.dtype == (x.dtype if x.dtype.kind in "fc" else np.float64)
    assert x_bar.shape == x.shape


@pytest.mark.parametrize("f", FUNCTIONS, ids=IDS)
def test_the_shapes_of_small_things(f):
    assert grad(f)(np.array(3.0)) == 1.0
    assert grad(f)(np.array(3.0)).shape == ()
    assert grad(f)(np.array([3.0])).tolist() == [1]
    assert vjp(lambda x: f(x, axis=0), np.zeros((2, 0)))[1](np.zeros(0)).shape == (2, 0)


def test_the_sum_of_nothing_is_zero():
    value, pullback = vjp(np.sum, np.zeros((0, 3)))
    assert value == 0
    assert pullback(1.0).shape == (0, 3)


def test_a_number_is_its_own_sum():
    for f in (np.sum, np.mean):
        assert simple_derivative(f)(2.0) == 1.0
        assert nth_derivative(lambda x, f=f: f(x * x), 2)(2.0) == 2.0


def test_half_precision_means_do_not_overflow():
    x = np.full(1000, 1000, np.float16)
    value, pullback = vjp(np.mean, x)
    assert value == 1000
    assert pullback(np.float16(1))[0] == np.float16(0.001)


def test_arrays_of_objects_stay_exact():
    for one in (Fraction(1), Decimal(1), sympy.Integer(1)):
        x = np.array([one, 2 * one], object)
        gradient = grad(lambda x: np.sum(x * x))(x)
        assert gradient.tolist() == [2 * one, 4 * one]
        assert all(isinstance(g, type(one)) for g in gradient if not isinstance(g, sympy.Basic))
    assert grad(np.mean)(np.array([Fraction(1), Fraction(2)], object)).tolist() == [Fraction(1, 2)] * 2


def test_a_list_of_revdiffs_is_summed_like_an_array():
    assert simple_derivative(lambda x: np.sum([x, x * x, 3.0]))(2.0) == 5.0


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda r: np.sum(r, where=np.array([True, False])), "no derivative rule for numpy.sum with where=."),
        (lambda r: np.sum(r, initial=1.0), "no derivative rule for numpy.sum with initial=."),
        (lambda r: np.mean(r, dtype=np.float32), "no derivative rule for numpy.mean with dtype=."),
        (lambda r: np.sum(r, out=np.zeros(())), "no derivative rule for numpy.sum with out=."),
    ],
)
def test_an_option_without_a_rule_is_an_error_and_never_ignored(call, text):
    with pytest.raises(revdiff.MissingRuleError) as error:
        call(revdiff.init_diff(np.ones(2)))
    assert str(error.value).startswith(text)


def test_options_that_say_nothing_are_accepted():
    assert grad(lambda x: np.sum(x, axis=None, dtype=None, out=None))(np.ones(2)).tolist() == [1, 1]
