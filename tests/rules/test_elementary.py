"""Elementary functions: what is hard about them numerically, and the forms in which formulas come out."""

from __future__ import annotations

import cmath
import math
from decimal import Decimal
from itertools import pairwise

import mpmath
import numpy as np
import pytest
import sympy

import revdiff
from revdiff import nth_derivative, simple_derivative
from revdiff.rules.elementary import sech2
from tests.oracles import assert_close, derivatives, each
from tests.rules.tables import TABLES

inf, nan = math.inf, math.nan


# ----------------------------------------------------------------------- where numbers are difficult


@pytest.mark.parametrize("number", [float, np.float64, np.float32, np.longdouble, mpmath.mpf])
@pytest.mark.parametrize(
    ("f", "x", "slope"),
    [
        (revdiff.sqrt, 0, inf),
        (revdiff.cbrt, 0, inf),
        (revdiff.asin, 1, inf),
        (revdiff.asin, -1, inf),
        (revdiff.acos, 1, -inf),
        (revdiff.acosh, 1, inf),
    ],
)
def test_a_vertical_tangent_has_an_infinite_slope_and_no_exception(f, x, slope, number):
    assert simple_derivative(f)(number(x)) == slope


def test_the_slope_of_sqrt_at_zero_is_infinite_for_whole_numbers_fractions_and_arrays_too():
    assert simple_derivative(revdiff.sqrt)(0) == inf
    np.testing.assert_array_equal(simple_derivative(np.sqrt)(np.array([0.0, 4.0])), [inf, 0.25])
    np.testing.assert_array_equal(simple_derivative(np.sqrt)(np.array([0, 4])), [inf, 0.25])


@pytest.mark.parametrize(
    ("f", "x", "slope"),
    [
        (revdiff.tanh, 30.0, 4 * math.exp(-60)),
        (revdiff.tanh, -300.0, 4 * math.exp(-600)),
        (revdiff.tanh, 800.0, 0.0),
        (revdiff.sigmoid, -700.0, math.exp(-700)),
        (revdiff.sigmoid, 700.0, math.exp(-700)),
        (revdiff.sigmoid, -1000.0, 0.0),
        (revdiff.softplus, -700.0, math.exp(-700)),
        (revdiff.softplus, 1000.0, 1.0),
        (revdiff.expm1, -50.0, math.exp(-50)),
        (revdiff.asinh, 1e200, 1e-200),
        (revdiff.atanh, 1 - 2**-52, 2.0**51 / (1 - 2**-53)),
    ],
)
def test_slopes_are_exact_far_out_where_the_function_has_settled(f, x, slope):
    assert simple_derivative(f)(x) == pytest.approx(slope, rel=1e-12, abs=0)
    assert simple_derivative(f)(np.array([x]))[0] == pytest.approx(slope, rel=1e-12, abs=0)


@pytest.mark.parametrize("f", [revdiff.tanh, revdiff.sigmoid, revdiff.softplus, revdiff.atan, revdiff.asinh])
@pytest.mark.parametrize("x", [-1000.0, 1000.0])
@pytest.mark.parametrize("order", [2, 3, 4])
def test_higher_derivatives_far_out_are_numbers(f, x, order):
    assert abs(nth_derivative(f, order)(x)) < 1e-5
    assert (np.abs(nth_derivative(f, order)(np.array([x]))) < 1e-5).all()


def test_half_precision_squares_do_not_overflow():
    assert simple_derivative(revdiff.asinh)(np.float16(300)) == np.float16(1 / 300)
    x_bar, y_bar = revdiff.grad(np.arctan2, (0, 1))(np.float16(300), np.float16(400))
    assert (x_bar, y_bar) == pytest.approx((400 / 500**2, -300 / 500**2), rel=2e-3)


@pytest.mark.parametrize("size", [1e-170, 1e-320, 1e170])
def test_the_angle_of_very_near_and_very_far_points_has_its_slopes(size):
    y_bar, x_bar = revdiff.grad(revdiff.atan2, (0, 1))(size, size)
    expected = 0.5 / size if size > 1e-310 else inf
    assert y_bar == pytest.approx(expected, rel=1e-12, abs=0)
    assert x_bar == pytest.approx(-expected, rel=1e-12, abs=0)


def test_overflow_of_the_function_itself_is_infinity_for_arrays():
    with np.errstate(over="ignore"):
        assert simple_derivative(np.exp)(np.array([1e4])) == inf


# ---------------------------------------------------------------------------------- decimals

OF_DECIMALS = {
    "square", "reciprocal", "sqrt", "exp", "exp2", "log", "log2", "log10", "sigmoid", "softplus", "logaddexp", "logaddexp2",
    "hypot", "log_base",
}  # fmt: skip


@each([row for row in TABLES["elementary"] if row.name in OF_DECIMALS])
def test_decimals_have_values_and_slopes_that_are_decimals(row):
    for point in row.points:
        numbers = [Decimal(x) for x in point]
        slopes = revdiff.grad(row.function, tuple(range(row.arity)))(*numbers)
        for order, direction, actual in (
            (0, (0,) * row.arity, row.function(*numbers)),
            *[(1, tuple(int(i == j) for j in range(row.arity)), slope) for i, slope in enumerate(slopes)],
        ):
            assert isinstance(actual, Decimal)
            assert_close(float(actual), derivatives(row, point, direction, order)[0], 1e-12)


# ---------------------------------------------------------------------------------- the origin


@pytest.mark.parametrize("f", [revdiff.hypot, np.hypot])
@pytest.mark.parametrize("zero", [0.0, np.float32(0), np.zeros(2), mpmath.mpf(0)])
def test_hypot_has_derivative_zero_at_the_origin(f, zero):
    gradients = revdiff.grad(lambda x, y: np.sum(f(x, y)), (0, 1))(zero, zero)
    assert all(np.all(gradient == 0) for gradient in gradients)


@pytest.mark.parametrize("distance", [1.0, 2.0])
def test_hypot_on_an_axis_is_the_other_coordinate(distance):
    assert revdiff.grad(revdiff.hypot, (0, 1))(-distance, 0.0) == (-1.0, 0.0)
    assert revdiff.grad(lambda x, y: np.hypot(x, y).sum(), (0, 1))(np.array([-distance]), np.zeros(1)) == ([-1], [0])


@pytest.mark.parametrize("f", [revdiff.atan2, np.arctan2])
@pytest.mark.parametrize("zero", [0.0, np.float32(0), np.zeros(2), mpmath.mpf(0)])
def test_atan2_has_derivative_zero_at_the_origin(f, zero):
    gradients = revdiff.grad(lambda x, y: np.sum(f(x, y)), (0, 1))(zero, zero)
    assert all(np.all(gradient == 0) for gradient in gradients)


def test_logaddexp_of_equal_numbers_shares_evenly_at_every_order():
    assert revdiff.grad(revdiff.logaddexp, (0, 1))(2.0, 2.0) == (0.5, 0.5)
    assert revdiff.hessian(revdiff.logaddexp, (0, 1))(2.0, 2.0) == ((0.25, -0.25), (-0.25, 0.25))
    assert revdiff.logaddexp(2.0, 2.0) == 2.0 + math.log(2)
    assert revdiff.logaddexp2(2.0, 2.0) == 3.0
    assert revdiff.logaddexp(-inf, -inf) == -inf


# --------------------------------------------------------------------------- the complex plane

HOLOMORPHIC = [
    revdiff.square, revdiff.reciprocal, revdiff.sqrt, revdiff.exp, revdiff.exp2, revdiff.expm1,
    revdiff.log, revdiff.log2, revdiff.log10, revdiff.log1p,
    revdiff.sin, revdiff.cos, revdiff.tan, revdiff.asin, revdiff.acos, revdiff.atan,
    revdiff.sinh, revdiff.cosh, revdiff.tanh, sech2, revdiff.asinh, revdiff.acosh, revdiff.atanh,
    revdiff.sigmoid, revdiff.softplus,
]  # fmt: skip
INSIDE = [0.3 + 0.2j, -0.4 + 0.1j]
QUADRANTS = [1.5 + 0.7j, -1.5 + 0.7j, -1.5 - 0.7j, 1.5 - 0.7j]
ON_THE_CUTS = [
    complex(re, im) for a in (2.0, -2.0, 0.5, -0.5) for b in (0.0, -0.0) for re, im in ((a, b), (b, a))
]  # both sides of the real and of the imaginary axis


@pytest.mark.parametrize("kind", [complex, np.complex128, lambda z: np.array([z])], ids=["complex", "scalar", "array"])
@pytest.mark.parametrize("f", HOLOMORPHIC, ids=lambda f: f.__name__)
def test_complex_derivatives_agree_with_differences_along_the_axis_also_on_either_side_of_a_cut(f, kind):
    for z in INSIDE + QUADRANTS + ON_THE_CUTS:
        along_imaginary = z.real == 0

        def moved(t, z=z, along_imaginary=along_imaginary):
            return complex(z.real, z.imag + t) if along_imaginary else complex(z.real + t, z.imag)

        h = 1e-5
        expected = (f(moved(h)) - f(moved(-h))) / (2 * h * (1j if along_imaginary else 1))
        actual = simple_derivative(f)(kind(z))
        assert np.all(np.abs(actual - expected) < 1e-7 * max(1, abs(expected))), z


@pytest.mark.parametrize("f", HOLOMORPHIC, ids=lambda f: f.__name__)
def test_complex_second_derivatives_agree_with_differences_of_the_first(f):
    df = simple_derivative(f)
    h = 1e-5
    for z in INSIDE + QUADRANTS:
        expected = (df(z + h) - df(z - h)) / (2 * h)
        assert abs(nth_derivative(f, 2)(z) - expected) < 1e-6 * max(1, abs(expected))


def test_single_precision_complex_stays_so():
    z = np.array([0.3 + 0.2j], np.complex64)
    for f in HOLOMORPHIC:
        assert simple_derivative(f)(z).dtype == np.complex64
        assert simple_derivative(f)(z[0]).dtype == np.complex64


def test_complex_mpmath_numbers_keep_their_digits():
    with mpmath.workdps(50):
        z = mpmath.mpc("0.3", "0.2")
        for f in HOLOMORPHIC:
            expected = mpmath.diff(f, z)
            assert abs(simple_derivative(f)(z) - expected) < mpmath.mpf(10) ** -40


# ------------------------------------------------------------------------------- worked examples


@pytest.mark.parametrize(
    ("f", "x", "value", "slope"),
    [
        (revdiff.sin, 0.0, 0.0, 1.0),
        (revdiff.cos, 0.0, 1.0, 0.0),
        (revdiff.tan, 0.0, 0.0, 1.0),
        (revdiff.asin, 0.0, 0.0, 1.0),
        (revdiff.acos, 0.0, math.pi / 2, -1.0),
        (revdiff.atan, 0.0, 0.0, 1.0),
        (revdiff.sinh, 0.0, 0.0, 1.0),
        (revdiff.cosh, 0.0, 1.0, 0.0),
        (revdiff.tanh, 0.0, 0.0, 1.0),
        (revdiff.asinh, 0.0, 0.0, 1.0),
        (revdiff.atanh, 0.0, 0.0, 1.0),
    ],
)
def test_K24_values_and_slopes_at_zero_are_exact(f, x, value, slope):
    assert revdiff.simple_value_and_derivative(f)(x) == (value, slope)


@pytest.mark.parametrize(
    ("f", "x", "slope"),
    [
        (revdiff.reciprocal, 0.5, -4),
        (revdiff.tan, 0.5, 1.2984464104095248),
        (revdiff.asin, 0.5, 1.1547005383792517),
        (revdiff.acos, 0.5, -1.1547005383792517),
        (revdiff.atan, 0.5, 0.8),
        (revdiff.sinh, 0.5, 1.1276259652063807),
        (revdiff.cosh, 0.5, 0.5210953054937474),
        (revdiff.tanh, 0.5, 0.7864477329659275),
        (revdiff.asinh, 0.5, 0.8944271909999159),
        (revdiff.atanh, 0.5, 1.3333333333333333),
        (revdiff.acosh, 2.0, 0.5773502691896258),
    ],
)
def test_B46_slopes_at_one_half(f, x, slope):
    assert simple_derivative(f)(x) == pytest.approx(slope, rel=1e-14)


def test_B46_logarithm_to_a_variable_base():
    slopes = revdiff.grad(revdiff.log_base, (0, 1))(2.0, 8.0)
    assert slopes == pytest.approx((-2.1640425613334453, 0.18033688011112042), rel=1e-14)


x = sympy.Symbol("x")


@pytest.mark.parametrize(
    ("f", "formula"),
    [
        (revdiff.log, 1 / x),  # K23
        (lambda x: revdiff.sin(x**2), 2 * x * sympy.cos(x**2)),  # T7
        (revdiff.sqrt, 1 / (2 * sympy.sqrt(x))),
        (revdiff.exp2, 2**x * sympy.log(2)),
        (revdiff.asin, 1 / sympy.sqrt(1 - x**2)),
        (revdiff.atanh, 1 / (1 - x**2)),
        (revdiff.asinh, 1 / sympy.sqrt(x**2 + 1)),
        (revdiff.tanh, 1 - sympy.tanh(x) ** 2),
        (revdiff.deg2rad, sympy.pi / 180),
        (lambda y: revdiff.atan2(y, sympy.Symbol("z")), sympy.Symbol("z") / (x**2 + sympy.Symbol("z") ** 2)),
    ],
)
def test_formulas_come_out_in_the_simple_form(f, formula):
    assert simple_derivative(f)(x) == formula


def test_cube_roots_of_negative_numbers_are_real_in_every_system():
    for minus_eight in (-8, -8.0, np.float64(-8), mpmath.mpf(-8), sympy.Integer(-8)):
        assert revdiff.cbrt(minus_eight) == -2
        assert simple_derivative(revdiff.cbrt)(minus_eight) == pytest.approx(1 / 12)


def test_angles_go_through_each_others_names():
    for f, g in pairwise([revdiff.deg2rad, np.deg2rad, np.radians]):
        assert simple_derivative(f)(90.0) == simple_derivative(g)(90.0) == math.pi / 180
    for f, g in pairwise([revdiff.rad2deg, np.rad2deg, np.degrees]):
        assert simple_derivative(f)(1.0) == simple_derivative(g)(1.0) == 180 / math.pi


def test_cmath_agrees_on_the_values():
    z = 0.3 - 1.2j
    assert revdiff.asin(z) == cmath.asin(z)
    assert_close(revdiff.log2(z), cmath.log(z) / math.log(2))
