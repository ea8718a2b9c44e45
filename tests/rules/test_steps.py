"""Functions that jump: signs, rounding, remainders, steps."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy

import revdiff
from revdiff import nth_derivative, simple_derivative
from revdiff.rules import steps

inf, nan = math.inf, math.nan


@pytest.mark.parametrize("x", [-1.0, 0.0, 1.0, 2.5, -0.0])
@pytest.mark.parametrize("f", [revdiff.sign, revdiff.floor, revdiff.ceil, revdiff.trunc, revdiff.rint, round])
def test_K25_at_a_jump_the_derivative_is_zero(f, x):
    assert simple_derivative(lambda x: x + f(x))(x) == 1.0
    assert simple_derivative(f)(x) == 0.0


def test_K4_formulas_of_sign_and_of_the_absolute_value():
    x = sympy.Symbol("x")
    assert simple_derivative(abs)(x) == sympy.sign(x)
    assert nth_derivative(abs, 2)(x) == 0
    assert simple_derivative(revdiff.sign)(x) == 0
    assert nth_derivative(abs, 2)(1.0) == 0.0


def test_rounding_keeps_the_kind_of_number():
    assert revdiff.floor(-1.5) == -2.0
    assert isinstance(revdiff.floor(-1.5), float)
    assert revdiff.ceil(inf) == inf
    assert math.isnan(revdiff.trunc(nan))
    assert revdiff.rint(2.5) == 2.0
    assert revdiff.rint(3.5) == 4.0
    assert revdiff.floor(Fraction(7, 2)) == 3
    assert revdiff.trunc(Fraction(-7, 2)) == -3
    assert revdiff.ceil(Decimal("2.5")) == 3
    assert revdiff.trunc(mpmath.mpf(-2.5)) == -2
    assert revdiff.floor(np.float32(2.5)).dtype == np.float32


def test_signs_of_every_kind_of_number():
    for x in (-2, -2.0, Fraction(-2), Decimal(-2), mpmath.mpf(-2), np.float32(-2), sympy.Integer(-2)):
        assert revdiff.sign(x) == -1
        assert revdiff.sign(-x) == 1
        assert revdiff.sign(0 * x) == 0
    assert math.isnan(revdiff.sign(nan))


def test_pythons_rounding_of_a_revdiff_gives_the_plain_number():
    assert simple_derivative(lambda x: x * round(x) + math.floor(x) + math.ceil(x) + math.trunc(x))(2.75) == 3


# ---------------------------------------------------------------------------------- remainders


@pytest.mark.parametrize("f", [revdiff.remainder, np.remainder, np.mod, lambda x, y: x % y])
def test_the_slope_in_the_divisor_counts_as_the_remainder_itself_does(f):
    assert pytest.approx(0.1) == 1.0 % 0.1  # 1.0 / 0.1 is 10, and yet 0.1 goes into 1.0 nine times
    assert simple_derivative(lambda y: f(1.0, y))(0.1) == -9.0
    assert simple_derivative(lambda y: f(1.0, y))(np.array([0.1])) == [-9.0]


@pytest.mark.parametrize("x", [7.5, -7.5])
def test_the_remainder_by_infinity(x):
    assert revdiff.grad(revdiff.remainder, (0, 1))(x, inf) == (1.0, -(x // inf))
    assert revdiff.grad(revdiff.fmod, (0, 1))(x, inf) == (1.0, 0.0)


def test_fmod_has_the_sign_of_the_dividend_in_every_system():
    for seven, three in ((7.0, 3.0), (mpmath.mpf(7), mpmath.mpf(3)), (Decimal(7), Decimal(3)), (np.float64(7), 3.0)):
        assert revdiff.fmod(-seven, three) == -1
        assert revdiff.fmod(seven, -three) == 1
        assert revdiff.grad(revdiff.fmod, (0, 1))(-seven, three) == (1, 2)


def test_remainders_of_fractions_are_exact():
    x, y = Fraction(22, 7), Fraction(3, 5)
    assert revdiff.grad(lambda x, y: x % y, (0, 1))(x, y) == (1, -5)


def test_remainders_of_symbols_agree_with_the_definition():
    x, y = sympy.symbols("x y", positive=True)
    x_bar, y_bar = revdiff.grad(lambda x, y: x % y, (0, 1))(x, y)
    assert x_bar == 1
    assert y_bar == -sympy.floor(x / y)


# --------------------------------------------------------------------------- modf, frexp, ldexp


def test_modf_is_exact_for_every_float():
    for x in (2.75, -2.75, -0.0, inf, -inf, 1e300):
        fraction, whole = np.modf(revdiff.init_diff(x))
        assert (fraction.value, whole) == math.modf(x)
        assert fraction.backprop(1.0) == 1.0
    assert math.isnan(np.modf(revdiff.init_diff(nan))[0].value)


def test_modf_of_fractions_is_exact():
    fraction, whole = steps.modf(Fraction(-7, 2))
    assert (fraction, whole) == (Fraction(-1, 2), -3)


@pytest.mark.parametrize("x", [0.75, -3.0, 5e-324, 1e308, 0.0])
def test_frexp_takes_the_mantissa(x):
    mantissa, exponent = np.frexp(revdiff.init_diff(x))
    assert (mantissa.value, exponent) == math.frexp(x)
    assert isinstance(mantissa.value, float)
    if x > 1e-300:
        assert mantissa.backprop(1.0) == math.ldexp(1.0, -exponent)


def test_frexp_and_ldexp_of_arrays_keep_the_dtype():
    x = np.array([0.75, 3.0, -6.0], np.float32)
    value, pullback = revdiff.vjp(lambda x: np.frexp(x)[0], x)
    assert value.dtype == pullback(np.ones(3, np.float32)).dtype == np.float32
    assert pullback(np.ones(3, np.float32)).tolist() == [1, 0.25, 0.125]
    value, pullback = revdiff.vjp(lambda x: np.ldexp(x, np.array([[1], [2]])), x)
    assert value.dtype == np.float32
    assert pullback(np.ones((2, 3), np.float32)).tolist() == [6, 6, 6]


def test_the_exponent_of_ldexp_is_a_constant():
    assert revdiff.grad(lambda n: steps.ldexp(1.0, n) + 0.0 * n)(3) == 0


# -------------------------------------------------------------------------------- single points


def test_heaviside_at_zero_has_the_slope_of_its_value_there():
    assert revdiff.grad(revdiff.heaviside, (0, 1))(0.0, 0.5) == (0.0, 1.0)
    assert revdiff.grad(revdiff.heaviside, (0, 1))(-1.0, 0.5) == (0.0, 0.0)
    at_zero = np.float32([0.5, 0.5])
    gradient = revdiff.grad(lambda h: np.sum(np.heaviside(np.float32([0, 1]), h)))(at_zero)
    assert gradient.tolist() == [1, 0]
    assert gradient.dtype == np.float32


@pytest.mark.parametrize("y", [2.0, -2.0, 0.0, -0.0, inf])
@pytest.mark.parametrize("x", [3.0, -3.0])
def test_copysign_reads_the_sign_of_zero(x, y):
    assert simple_derivative(lambda x: revdiff.copysign(x, y))(x) == math.copysign(1, x) * math.copysign(1, y)
    assert simple_derivative(lambda x: np.copysign(x, y))(np.array([x])) == math.copysign(1, x) * math.copysign(1, y)
    assert simple_derivative(lambda y: revdiff.copysign(x, y))(y) == 0.0


def test_copysign_at_zero_is_a_kink_with_slope_zero():
    assert simple_derivative(lambda x: revdiff.copysign(x, 1.0))(0.0) == 0.0


def test_nextafter_moves_with_its_argument():
    assert revdiff.grad(np.nextafter, (0, 1))(1.0, 2.0) == (1.0, 0.0)
    assert revdiff.grad(lambda x: np.sum(np.nextafter(x, 2)))(np.ones(2)).tolist() == [1, 1]


# --------------------------------------------------------------------------- what has no derivative


def test_options_of_constant_functions_may_be_revdiffs_too():
    x = revdiff.init_diff(np.array([1.0, 2.0]))
    assert np.isclose(x, 1.5, atol=x[0]).tolist() == [True, True]
    assert np.round(x * 1.234, decimals=1).tolist() == [1.2, 2.5]
    assert np.argmax(x, axis=0) == 1


@pytest.mark.parametrize("dtype", [np.int64, np.int8, np.uint8])
def test_fractions_of_whole_numbers_are_floats_and_their_gradient_is_float64(dtype):
    x = np.array([1, 2, 3], dtype)
    value, pullback = revdiff.vjp(lambda x: np.modf(x)[0], x)
    assert value.dtype == np.modf(x)[0].dtype
    assert pullback(np.ones(3)).dtype == np.float64
    assert pullback(np.ones(3)).tolist() == [1, 1, 1]
