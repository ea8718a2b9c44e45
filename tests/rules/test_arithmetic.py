"""Arithmetic: the operators, and powers above all."""

from __future__ import annotations

import math
import operator
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy

import revdiff
from revdiff import grad, nth_derivative, simple_derivative


def test_float_power_computes_in_double_precision_and_returns_cotangents_of_the_arguments_dtype():
    x = np.array([2.0, 3.0], np.float32)
    value, pullback = revdiff.vjp(lambda x: np.float_power(x, 2), x)
    assert value.dtype == np.float64
    assert pullback(np.ones(2)).dtype == np.float32
    np.testing.assert_array_equal(pullback(np.ones(2)), [4, 6])


@pytest.mark.parametrize(
    ("name", "in_python"),
    [
        ("add", operator.add), ("subtract", operator.sub), ("multiply", operator.mul), ("divide", operator.truediv),
        ("power", operator.pow), ("remainder", operator.mod), ("floor_divide", operator.floordiv),
    ],
)  # fmt: skip
@pytest.mark.parametrize("other", [3, 3.0, Fraction(3), np.float64(3), np.float32(3), np.array([3.0, 4.0]), 2 + 1j])
def test_an_operator_and_numpys_function_are_the_same_from_either_side(name, in_python, other):
    if isinstance(other, complex) and name in ("remainder", "floor_divide"):
        pytest.skip("complex numbers have no remainder")
    f = getattr(np, name)
    for by_numpy, by_python in [
        (lambda x: f(x, other), lambda x: in_python(x, other)),
        (lambda x: f(other, x), lambda x: in_python(other, x)),
    ]:
        value_a, back_a = revdiff.vjp(by_numpy, 2.5)
        value_b, back_b = revdiff.vjp(by_python, 2.5)
        np.testing.assert_array_equal(value_a, value_b)
        np.testing.assert_array_equal(value_b, by_python(2.5))
        y_bar = np.ones_like(value_a)[()]
        assert back_a(y_bar) == back_b(y_bar)
        assert isinstance(back_a(y_bar), float)


# ------------------------------------------------------------------------------------ powers


@pytest.mark.parametrize("n", [0, 1, 2, 3])
@pytest.mark.parametrize("order", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("as_exponent", [int, float, np.float64, np.int64, Fraction, revdiff.const_diff])
def test_derivatives_of_a_power_at_zero_are_exact_at_every_order(n, order, as_exponent):
    expected = math.factorial(n) if n == order else 0
    actual = nth_derivative(lambda x: x ** as_exponent(n), order)(0.0)
    assert actual == expected
    of_array = nth_derivative(lambda x: np.power(x, as_exponent(n)), order)(np.zeros(2))
    assert revdiff.primal(of_array).tolist() == [expected] * 2


@pytest.mark.parametrize("order", [0, 1, 2, 3])
def test_an_array_of_exponents_is_exact_at_zero_too(order):
    n = np.array([0.0, 1.0, 2.0, 3.0])
    expected = [math.factorial(int(k)) if k == order else 0 for k in n]
    assert nth_derivative(lambda x: x**n, order)(np.zeros(4)).tolist() == expected


def test_an_exponent_that_is_a_variable_of_an_outer_derivative_counts_as_a_constant():
    mixed = simple_derivative(lambda y: simple_derivative(lambda x: x**y)(0.0))
    assert mixed(2.0) == 0.0
    assert simple_derivative(lambda y: simple_derivative(lambda x: x**y)(2.0))(3.0) == pytest.approx(
        2**2 * (1 + 3 * math.log(2))
    )


def test_zero_to_a_variable_power_has_no_slope_in_the_exponent():
    assert simple_derivative(lambda y: 0.0**y)(2.0) == 0.0
    assert simple_derivative(lambda y: 0.0**y)(0.0) == 0.0
    assert revdiff.grad(lambda x, y: x**y, (0, 1))(0.0, 0.0) == (0.0, 0.0)
    assert revdiff.grad(lambda x, y: np.sum(x**y), 1)(np.array([0.0, 2.0]), 2.0) == pytest.approx(4 * math.log(2))


def test_B47_zero_squared_in_both_arguments():
    assert revdiff.grad(lambda x, y: x**y, (0, 1))(0.0, 2.0) == (0.0, 0.0)


def test_a_constant_exponent_needs_no_logarithm_of_a_negative_base():
    assert nth_derivative(lambda x: x**3, 2)(-2.0) == -12.0
    assert simple_derivative(lambda x: x**-1.0)(-2.0) == -0.25


def test_a_variable_exponent_of_a_negative_base_has_no_real_slope():
    assert math.isnan(simple_derivative(lambda y: (-2.0) ** y)(2.0))


def test_the_slope_of_a_root_at_zero_is_infinite():
    assert simple_derivative(lambda x: x**0.5)(0.0) == math.inf
    assert simple_derivative(lambda x: x**0.5)(np.zeros(1)) == [math.inf]


def test_B34_a_whole_number_stays_exact():
    assert revdiff.simple_value_and_derivative(lambda x: x**3)(3) == (27, 27)
    assert isinstance(simple_derivative(lambda x: x**3)(3), int)
    big = 10**30 + 1
    assert simple_derivative(lambda x: x**3)(big) == 3 * big**2


def test_negative_powers_of_whole_numbers_in_arrays_are_fractions():
    x = np.array([1, 2, 4])
    assert simple_derivative(lambda x: x**-1)(x).tolist() == [-1, -0.25, -0.0625]
    assert simple_derivative(lambda x: np.power(x, -2))(x).tolist() == [-2, -0.25, -0.03125]
    assert (revdiff.power(2, np.array([-1, 1])) == [0.5, 2]).all()


def test_powers_of_whole_numbers_that_are_whole_numbers_stay_so():
    for power in (revdiff.power(2, np.array([0, 3])), revdiff.power(np.array([1, 2]), np.array([0, 3]))):
        assert power.dtype == int
    assert revdiff.power(np.array([True, False]), np.uint8(2)).dtype.kind == "u"


def test_a_constant_has_slope_zero_even_at_nan():
    assert simple_derivative(lambda x: x**0)(math.nan) == 0.0
    assert simple_derivative(lambda x: x**0)(np.array([math.nan])) == [0.0]
    powers = lambda x: np.sum(x ** np.array([0.0, 0.0, 2.0]))
    assert grad(powers)(np.array([math.nan, math.inf, 3.0])).tolist() == [0.0, 0.0, 6.0]


def test_a_power_of_fractions_is_exact():
    assert simple_derivative(lambda x: x**-2)(Fraction(2, 3)) == Fraction(-27, 4)


@pytest.mark.parametrize("zero", [Decimal(0), Fraction(0), mpmath.mpf(0), sympy.Integer(0)])
def test_the_first_power_has_slope_one_at_every_zero(zero):
    slope = simple_derivative(lambda x: x**1)(zero)
    assert slope == 1
    assert isinstance(slope, type(zero)) or isinstance(zero, sympy.Integer)


def test_complex_powers_agree_with_differences():
    z, w, h = -0.5 + 0.3j, 1.5 - 0.2j, 1e-6
    z_bar, w_bar = revdiff.vjp(operator.pow, z, w)[1](1 + 0j)
    assert z_bar == pytest.approx(((z + h) ** w - (z - h) ** w) / (2 * h))
    assert w_bar == pytest.approx((z ** (w + h) - z ** (w - h)) / (2 * h))


# --------------------------------------------------------------------------------- the simple forms

x, y, n = sympy.symbols("x y n")


@pytest.mark.parametrize(
    ("f", "order", "formula"),
    [
        (lambda x: x**3, 1, 3 * x**2),  # K3
        (lambda x: x**3, 2, 6 * x),
        (lambda x: 8 / x, 1, -8 / x**2),  # K5
        (lambda x: x * y, 1, y),  # K2, T15
        (lambda x: x**0, 1, sympy.S.Zero),  # K33
        (lambda x: x**1, 1, sympy.S.One),
        (lambda x: x**2, 1, 2 * x),
        (lambda x: x**n, 1, n * x ** (n - 1)),
        (lambda x: y**x, 1, y**x * sympy.log(y)),
        (lambda x: x - 2 * x, 1, sympy.Integer(-1)),
    ],
)
def test_formulas_come_out_in_the_simple_form(f, order, formula):
    assert nth_derivative(f, order)(x) == formula


@pytest.mark.parametrize("two", [2, revdiff.const_diff(2), revdiff.stop_diff(sympy.Integer(2)), sympy.Integer(2)])
def test_K2_a_constant_may_be_given_in_every_way(two):
    assert simple_derivative(lambda t: x * t)(two) == x
    assert revdiff.two_args_derivative_over_y(lambda x, y: x * y)(x, two) == x


def test_K5_a_number_over_x_at_a_number():
    assert simple_derivative(lambda x: 8 / x)(2.0) == -2.0


@pytest.mark.parametrize("f", [lambda x: 1 / x**-1, lambda x: 1 / np.power(x, -2.0)], ids=["1/x⁻¹", "1/x⁻²"])
def test_a_negative_power_of_zero_is_a_pole_and_no_number_that_overflowed(f):
    """Of 0·∞ at a pole nothing is known; only an infinity that a large number became makes a slope of 0."""
    with np.errstate(all="ignore"):
        slopes = grad(lambda x: np.sum(f(x)))(np.array([0.0, 4.0]))
    assert np.isnan(slopes[0])
    assert np.isfinite(slopes[1])
