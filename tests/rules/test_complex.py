"""Functions that are not holomorphic, and the convention for complex numbers: df = Re(z̄ dz)."""

from __future__ import annotations

import cmath
import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy

import revdiff
from revdiff import grad, nth_derivative, simple_derivative, vjp
from revdiff.rules.complex import nan_to_num, real_if_close
from tests.oracles import assert_vjp

# --------------------------------------------------------------------------- complex to anything

Z = [3 + 4j, -0.5 + 0.25j, -1 - 2j, 0.25 - 0.5j]
FUNCTIONS = {
    "absolute": np.abs,
    "sign": np.sign,
    "conjugate": np.conjugate,
    "real": np.real,
    "imag": np.imag,
    "angle": np.angle,
    "angle in degrees": lambda z: np.angle(z, deg=True),
    "square of the absolute value": lambda z: np.real(z * np.conj(z)),
    "a mixture": lambda z: np.exp(z) * np.abs(z) + 1j * np.real(z * z) - np.imag(z) * 2,
    "a real base": lambda z: 2.0**z,
    "attributes": lambda z: z.real * z.imag + z.conj(),
}


@pytest.mark.parametrize("f", FUNCTIONS.values(), ids=FUNCTIONS)
@pytest.mark.parametrize("dtype", [np.complex128, np.complex64])
def test_cotangents_agree_with_differences_in_both_directions_of_the_plane(f, dtype):
    if f is np.sign and np.lib.NumpyVersion(np.__version__) < "2.0.0":
        pytest.skip("before, the sign of a complex number was that of its real part")
    z = np.array(Z, dtype)
    for factor in (1, 1j):  # so that the random direction of assert_vjp is turned as well
        assert_vjp(lambda z, factor=factor: f(factor * z), z, relative=1e-7 if dtype == np.complex128 else 1e-5)


@pytest.mark.parametrize("f", FUNCTIONS.values(), ids=FUNCTIONS)
@pytest.mark.parametrize("kind", [complex, np.complex128, mpmath.mpc])
def test_single_complex_numbers_agree_with_arrays(f, kind):
    if kind is mpmath.mpc:
        f = {np.abs: abs, np.sign: revdiff.sign, np.conjugate: revdiff.conjugate, np.real: revdiff.real,
             np.imag: revdiff.imag, np.angle: revdiff.angle}.get(f)  # fmt: skip
        if f is None:
            pytest.skip("written with NumPy's functions")
    for z in Z:
        value, pullback = vjp(f, kind(z))
        of_array, pullback_of_array = vjp(f, np.array([z]))
        y_bar = 1.5 if np.isrealobj(of_array) else 1.5 - 0.5j
        assert complex(value) == pytest.approx(of_array[0], rel=1e-14)
        z_bar = pullback(type(value)(y_bar))
        assert complex(z_bar) == pytest.approx(pullback_of_array(np.array([y_bar]))[0], rel=1e-13)
        assert isinstance(z_bar, kind)


@pytest.mark.parametrize("f", FUNCTIONS.values(), ids=FUNCTIONS)
def test_second_derivatives_agree_with_differences_of_the_first(f):
    y_bar = np.array([0.5 - 0.25j, 1.5, -1j, 0.75])

    def gradient(z):
        value, pullback = vjp(f, z)
        return pullback(np.real(y_bar) if np.isrealobj(revdiff.primal(value)) else y_bar)

    assert_vjp(gradient, np.array(Z))


def test_the_gradient_of_a_real_function_is_the_conjugate_of_steepest_ascent():
    z = 3 + 4j
    assert grad(abs)(z) == pytest.approx((3 - 4j) / 5)
    assert grad(lambda z: (z * revdiff.conjugate(z)).real)(z) == 2 * z.conjugate()


def test_descent_with_the_conjugate_gradient_converges():
    target = np.array([1 + 2j, -3 + 0.5j])

    def distance(z):
        return np.sum(np.abs(z - target) ** 2)

    z = np.zeros(2, complex)
    for _ in range(100):
        z = z - 0.1 * np.conj(grad(distance)(z))
    np.testing.assert_allclose(z, target, atol=1e-8)


def test_a_real_argument_of_a_complex_result_has_a_real_cotangent():
    for x in (2.0, 2, Fraction(2), np.float64(2), np.float32(2), np.array([2.0]), np.array([2])):
        x_bar = grad(lambda x: np.sum(np.imag(np.exp(1j * x) * 3)))(x)
        assert not np.iscomplexobj(x_bar)
        assert np.all(abs(x_bar - 3 * math.cos(2)) < 1e-6)
    with mpmath.workdps(30):
        x_bar = grad(lambda x: revdiff.imag(revdiff.exp(mpmath.mpc(0, 1) * x)))(mpmath.mpf(2))
        assert isinstance(x_bar, mpmath.mpf)
        assert abs(x_bar - mpmath.cos(2)) < 1e-28


def test_a_complex_argument_of_a_real_result_has_a_complex_cotangent():
    assert grad(revdiff.real)(1 + 2j) == 1
    assert isinstance(grad(revdiff.real)(1 + 2j), complex)
    assert grad(lambda z: np.sum(z.real))(np.array([1 + 2j])).dtype == complex
    assert grad(lambda z: np.sum(z.imag))(np.array([1 + 2j], np.complex64)).dtype == np.complex64


# -------------------------------------------------------------------------------- single points


@pytest.mark.parametrize("zero", [0.0, 0, -0.0, Fraction(0), np.float32(0), np.zeros(2), mpmath.mpf(0), 0j], ids=repr)
def test_K25_the_absolute_value_has_slope_zero_at_zero(zero):
    assert np.all(grad(lambda x: np.sum(abs(x)))(zero) == 0)
    assert np.all(nth_derivative(lambda x: x + abs(x), 2)(zero) == 0)


def test_the_absolute_value_has_slope_zero_at_a_complex_zero_and_at_infinity_one():
    assert grad(lambda z: np.sum(abs(z)))(np.array([0j, 1j])).tolist() == [0, -1j]
    assert simple_derivative(abs)(math.inf) == 1.0
    assert simple_derivative(abs)(-math.inf) == -1.0


def test_fabs_and_absolute_agree_but_for_whole_numbers():
    x = np.array([-2.0, 3.0])
    for f in (np.abs, np.absolute, np.fabs, revdiff.abs, revdiff.fabs, abs):
        assert simple_derivative(f)(x).tolist() == [-1, 1]
        assert simple_derivative(f)(-2.0) == -1
    assert isinstance(revdiff.fabs(-2), float)
    assert isinstance(revdiff.abs(-2), int)
    assert vjp(np.fabs, np.array([-2]))[0].dtype == float


def test_the_angle_of_real_numbers_is_constant():
    assert simple_derivative(np.angle)(-2.0) == 0
    assert np.angle(revdiff.init_diff(-2.0)).value == math.pi
    assert np.angle(revdiff.init_diff(1j), deg=True).value == 90
    assert simple_derivative(np.angle)(np.array([1.0, -1.0])).tolist() == [0, 0]


def test_the_angle_at_the_origin_has_slope_zero():
    assert grad(revdiff.angle)(0j) == 0


def test_sign_of_a_complex_number_is_its_direction():
    assert revdiff.sign(3 + 4j) == pytest.approx(0.6 + 0.8j)
    assert revdiff.sign(0j) == 0
    np.testing.assert_allclose(revdiff.sign(np.array([3 + 4j, 0])), [0.6 + 0.8j, 0])
    assert abs(revdiff.sign(cmath.rect(5, 1)) - cmath.rect(1, 1)) < 1e-15


# --------------------------------------------------------------- numbers that are not, or not quite


def test_nan_to_num_sends_nothing_to_what_it_replaced():
    x = np.array([1.5, np.nan, np.inf, -np.inf])
    value, pullback = vjp(lambda x: np.nan_to_num(x, nan=-1.0, posinf=9.0, neginf=-9.0), x)
    assert value.tolist() == [1.5, -1, 9, -9]
    assert pullback(np.ones(4)).tolist() == [1, 0, 0, 0]
    assert simple_derivative(lambda x: np.nan_to_num(x) ** 2)(math.nan) == 0.0
    assert simple_derivative(lambda x: nan_to_num(x) ** 2)(3.0) == 6.0
    assert vjp(nan_to_num, np.float32([1, np.nan]))[1](np.float32([1, 1])).dtype == np.float32


def test_real_if_close_takes_the_real_part_only_if_all_the_rest_is_rounding():
    nearly, truly = np.array([1 + 1e-15j, 2]), np.array([1 + 1e-3j, 2])
    assert vjp(np.real_if_close, nearly)[0].dtype == float
    assert vjp(np.real_if_close, nearly)[1](np.ones(2)).tolist() == [1, 1]
    assert vjp(np.real_if_close, truly)[0].dtype == complex
    assert simple_derivative(real_if_close)(2.0) == 1.0
    assert vjp(lambda z: np.real_if_close(z, tol=1e13), truly)[0].dtype == float


# ---------------------------------------------------------------------------------- conversions


def test_parts_of_symbols():
    x, z = sympy.Symbol("x", real=True), sympy.Symbol("z")
    assert simple_derivative(revdiff.imag)(x) == 0
    assert simple_derivative(revdiff.real)(x) == 1
    assert simple_derivative(revdiff.conjugate)(x) == 1
    assert simple_derivative(revdiff.imag)(z) == -sympy.I
    assert revdiff.real(z) == sympy.re(z)
    assert revdiff.imag(z) == sympy.im(z)
