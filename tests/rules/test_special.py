"""Special functions, with and without SciPy, and what is hard about them numerically."""

from __future__ import annotations

import math
import sys

import mpmath
import numpy as np
import pytest
import sympy

import revdiff
from revdiff import nth_derivative, simple_derivative
from tests.oracles import assert_close, assert_dtype_is_kept, each
from tests.rules.tables import TABLES


@pytest.mark.parametrize(("dtype", "relative"), [(np.float16, 1e-2), (np.float32, 1e-5), (np.float64, 1e-14)])
@each(TABLES["special"])
def test_without_scipy_numpy_numbers_and_arrays_keep_their_dtype(row, dtype, relative, monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy", None)
    assert_dtype_is_kept(row, dtype, relative)


@pytest.mark.parametrize("order", [1, 2, 3])
@each(TABLES["special"])
def test_arrays_without_scipy_agree_with_floats(row, order, monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy", None)
    x = np.array(row.points).reshape(1, -1)
    actual = nth_derivative(row.function, order)(x)
    expected = [nth_derivative(row.function, order)(point) for point in x.flat]
    assert actual.shape == x.shape
    np.testing.assert_allclose(actual.ravel(), expected, rtol=1e-12, atol=1e-15)


def test_whole_numbers_have_slopes_too():
    assert_close(simple_derivative(revdiff.erf)(1), 2 * mpmath.exp(-1) / mpmath.sqrt(mpmath.pi))
    assert_close(simple_derivative(revdiff.gamma)(np.array([3]))[0], 2 * mpmath.psi(0, 3))
    assert_close(simple_derivative(revdiff.sinc)(np.array([1]))[0], -1)


def test_long_doubles_are_refused_by_name():
    with pytest.raises(revdiff.UnsupportedValueError, match=r"erf is not available for arrays of"):
        revdiff.erf(np.array([1], np.longdouble))


def test_lgamma_of_a_negative_number_is_real_in_every_system():
    for x in (-1.5, np.array([-1.5]), mpmath.mpf("-1.5")):
        assert np.all(abs(revdiff.lgamma(x) - math.lgamma(-1.5)) < 1e-14)
        assert np.all(abs(simple_derivative(revdiff.lgamma)(x) - float(mpmath.psi(0, -1.5))) < 1e-13)


def test_gamma_overflows_as_its_system_does():
    with pytest.raises(OverflowError):
        revdiff.gamma(200.0)
    assert revdiff.gamma(np.array([200.0])) == math.inf


def test_gamma_of_an_array_overflows_to_infinity_without_scipy_too(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy", None)
    assert revdiff.gamma(np.array([200.0, 3.0])).tolist() == [math.inf, 2.0]


# ---------------------------------------------------------------------------------------- sinc

AT_ZERO = [math.pi**n * math.cos(n * math.pi / 2) / (n + 1) if n % 2 == 0 else 0.0 for n in range(7)]


@pytest.mark.parametrize("order", range(7))
@pytest.mark.parametrize("zero", [0.0, 0, np.float32(0), np.zeros(2), mpmath.mpf(0), 0j], ids=repr)
def test_sinc_is_smooth_at_zero(order, zero):
    actual = nth_derivative(revdiff.sinc, order)(zero)
    tolerance = 1e-5 if isinstance(zero, np.float32) else 1e-13
    assert np.all(abs(actual - AT_ZERO[order]) <= tolerance * abs(AT_ZERO[order]))


def test_sinc_is_exact_at_sympys_zero():
    assert nth_derivative(revdiff.sinc, 2)(sympy.Integer(0)) == -(sympy.pi**2) / 3
    assert nth_derivative(revdiff.sinc, 3)(sympy.Integer(0)) == 0


@pytest.mark.parametrize("order", [1, 2, 5])
@pytest.mark.parametrize("system", ["float", "array", "mpmath", "complex"])
def test_the_two_ways_to_compute_sinc_meet(order, system):
    at = (order + 1) / math.pi
    kind = {"float": float, "array": lambda x: np.array([x]), "mpmath": mpmath.mpf, "complex": complex}[system]
    f = nth_derivative(revdiff.sinc, order)
    near, far = f(kind(at * (1 - 1e-13))), f(kind(at * (1 + 1e-13)))
    assert abs(near - far) < 1e-9


def test_sinc_far_out_keeps_its_digits():
    with mpmath.workdps(50):
        x = mpmath.mpf(1000) + mpmath.mpf(1) / 3
        expected = mpmath.diff(lambda x: mpmath.sin(mpmath.pi * x) / (mpmath.pi * x), x, 2)
        assert abs(nth_derivative(revdiff.sinc, 2)(x) - expected) < mpmath.mpf(10) ** -40


def test_complex_sinc_agrees_with_differences():
    h = 1e-5
    for z in (0.1 + 0.2j, 2.5 - 1j):
        expected = (np.sinc(z + h) - np.sinc(z - h)) / (2 * h)
        for kind in (complex, np.complex128):
            assert simple_derivative(revdiff.sinc)(kind(z)) == pytest.approx(expected, rel=1e-8)


def test_numpys_sinc_is_revdiffs():
    assert simple_derivative(np.sinc)(0.25) == simple_derivative(revdiff.sinc)(0.25)
    assert revdiff.sinc(0.25) == pytest.approx(np.sinc(0.25), rel=1e-15)


x = sympy.Symbol("x")


@pytest.mark.parametrize(
    ("f", "formula"),
    [
        (revdiff.erf, 2 * sympy.exp(-(x**2)) / sympy.sqrt(sympy.pi)),
        (revdiff.gamma, sympy.gamma(x) * sympy.polygamma(0, x)),
        (revdiff.lgamma, sympy.polygamma(0, x)),
        (revdiff.digamma, sympy.polygamma(1, x)),
        (lambda x: revdiff.polygamma(2, x), sympy.polygamma(3, x)),
    ],
)
def test_formulas_come_out_in_the_simple_form(f, formula):
    assert simple_derivative(f)(x) == formula
