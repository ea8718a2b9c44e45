"""Sums, products, integrals, derivatives and substitutions in expressions."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
import sympy
from sympy import Abs, Derivative, Heaviside, Integral, Max, Piecewise, Product, Subs, Sum, floor, sign

from revdiff import ConvergenceError, grad, hessian, jacobian, nth_derivative
from revdiff.core.errors import ArgumentError, UnsupportedValueError
from revdiff.symbolic import from_sympy, symbolic_func

x, y, t, i, j, m, n = sympy.symbols("x y t i j m n")
f = symbolic_func("f")

SERIES = Sum(x**i / sympy.factorial(i), (i, 0, n))


def value(expr, **at):
    """Return SymPy's own value of an expression, with exact arguments. It integrates numerically too, by mpmath."""
    expr = expr.subs({sympy.Symbol(name): sympy.nsimplify(v) for name, v in at.items()})
    return float((expr if expr.has(Integral) else expr.doit()).evalf(20))


# Sums and products


@pytest.mark.parametrize("order", range(4))
def test_a_sum_and_its_derivatives(order):
    ours = nth_derivative(lambda v: from_sympy(SERIES, (x, n))(v, 8), order)(0.5)
    assert ours == pytest.approx(value(SERIES.subs(n, 8).doit().diff(x, order), x=0.5), rel=1e-14)


@pytest.mark.parametrize(
    "limit", [8, 8.0, np.int64(8), sympy.Integer(8), mpmath.mpf(8)], ids=lambda v: type(v).__name__
)
def test_a_limit_is_a_whole_number_of_any_kind(limit):
    assert from_sympy(SERIES, (x, n))(0.5, limit) == pytest.approx(value(SERIES, x=0.5, n=8))


def test_sums_of_arrays_exact_numbers_and_precise_ones():
    harmonic = from_sympy(Sum(x / i, (i, 1, n)), (x, n))
    np.testing.assert_allclose(harmonic(np.array([1.0, 2.0]), 4), [25 / 12, 25 / 6])
    assert harmonic(1, 4) == sympy.Rational(25, 12)
    with mpmath.workdps(40):
        assert abs(harmonic(mpmath.mpf(1), 4) - mpmath.mpf(25) / 12) < mpmath.mpf(10) ** -39
    assert harmonic(x, 4) == 25 * x / 12


@pytest.mark.parametrize(("first", "last"), [(1, 0), (1, -1), (1, -3), (3, 1), (-2, 2), (5, 5)])
def test_a_range_that_runs_backwards_is_taken_away(first, last):
    for kind in (Sum, Product):
        e = kind(i**2 + x, (i, m, n))
        ours = from_sympy(e, (x, m, n))
        assert ours(0.5, first, last) == pytest.approx(value(e, x=0.5, m=first, n=last))
        slope = e.subs({m: first, n: last}).doit().diff(x)
        assert grad(ours)(0.5, first, last) == pytest.approx(value(slope, x=0.5))


def test_a_sum_of_sums_whose_limit_is_the_outer_variable():
    e = Sum(x**i * j, (i, 1, j), (j, 1, n))
    assert from_sympy(e, (x, n))(2.0, 3) == value(e, x=2, n=3)


def test_a_sum_with_symbolic_limits_stays_one_and_so_does_its_derivative():
    function = from_sympy(Sum(sympy.sin(i * x), (i, 1, n)), (x, n))
    assert function(x, n) == Sum(sympy.sin(i * x), (i, 1, n))
    assert grad(function)(x, n) == Sum(i * sympy.cos(i * x), (i, 1, n))
    product = from_sympy(Product(x + i, (i, 1, n)), (x, n))
    slope = grad(product)(x, n)
    assert slope.subs({n: 3, x: 2}).doit() == sympy.expand((x + 1) * (x + 2) * (x + 3)).diff(x).subs(x, 2)
    second = nth_derivative(lambda v: product(v, n), 2)(x)
    assert second.subs({n: 3, x: 2}).doit() == sympy.expand((x + 1) * (x + 2) * (x + 3)).diff(x, 2).subs(x, 2)


def test_a_sum_with_symbolic_limits_of_an_array_is_an_array_of_sums():
    kept = from_sympy(Sum(x**i, (i, 1, n)), (x, n))
    of = lambda v: Sum(v**i, (i, 1, n))
    assert kept(np.array([x, y], object), n).tolist() == [of(x), of(y)]
    slopes = grad(lambda v: kept(v, n).sum())(np.array([x, y], object))
    assert [s.subs(n, 3).doit().expand() for s in slopes] == [of(v).subs(n, 3).doit().diff(v).expand() for v in (x, y)]


def test_the_variable_of_a_sum_is_not_confused_with_an_argument():
    function = from_sympy(Sum(x * i, (i, 1, n)), (x, n))
    assert function(i, n).subs(n, 3).doit() == 6 * i
    assert from_sympy(Integral(x * t, (t, 0, 1)), x)(t).doit() == t / 2


# Integrals

GAUSS = Integral(sympy.exp(-(t**2)) * sympy.sin(x * t), (t, 0, y))


@pytest.mark.parametrize("order", range(4))
def test_an_integral_with_a_variable_limit(order):
    e = Integral(sympy.sin(t) * sympy.exp(-(t**2)), (t, 0, x))
    expected = e.diff(x, order) if order else e
    assert nth_derivative(from_sympy(e, x), order)(0.7) == pytest.approx(value(expected, x=0.7), rel=1e-12)


def test_leibniz_in_both_limits_and_under_the_integral():
    e = Integral(sympy.sin(x * t) / (1 + t), (t, x, x * y))
    function = from_sympy(e, (x, y))
    at = {"x": 0.5, "y": 3}
    assert grad(function, (0, 1))(0.5, 3.0) == pytest.approx([value(e.diff(v), **at) for v in (x, y)], rel=1e-11)
    second = hessian(function, (0, 1))(0.5, 3.0)
    expected = [[value(e.diff(v, w), **at) for w in (x, y)] for v in (x, y)]
    np.testing.assert_allclose(second, expected, rtol=1e-11)


def test_an_integral_of_symbols_stays_one():
    function = from_sympy(GAUSS, (x, y))
    assert function(x, y) == GAUSS
    by_x, by_y = grad(function, (0, 1))(x, y)
    assert by_x == GAUSS.diff(x)
    assert by_y == sympy.exp(-(y**2)) * sympy.sin(x * y)


def test_integrals_of_arrays_and_of_precise_numbers():
    function = from_sympy(GAUSS, (x, y))
    xs, ys = np.array([[0.5], [1.0]]), np.array([0.5, 1.0, 2.0])
    expected = [[value(GAUSS, x=a, y=b) for b in ys] for a in xs[:, 0]]
    np.testing.assert_allclose(function(xs, ys), expected, rtol=1e-12)
    slopes = grad(lambda xs: function(xs, ys).sum())(xs)
    expected = [[sum(value(GAUSS.diff(x), x=a, y=b) for b in ys)] for a in xs[:, 0]]
    np.testing.assert_allclose(slopes, expected, rtol=1e-12)
    assert function(np.zeros((0, 2)), 1.0).shape == (0, 2)
    assert function(np.array([x, 2 * y]), y).tolist() == [function(x, y), function(2 * y, y)]
    with mpmath.workdps(30):
        precise = function(mpmath.mpf(1), mpmath.mpf("0.5"))
        expected = mpmath.quad(lambda t: mpmath.exp(-(t**2)) * mpmath.sin(t), [0, 0.25, 0.5])
        assert abs(precise - expected) < mpmath.mpf(10) ** -27


def test_second_derivatives_of_integrals_on_arrays():
    function = from_sympy(Integral(sympy.exp(x * t), (t, 0, y)), (x, y))
    points = np.array([0.5, 1.5])
    e = ((sympy.exp(x * y) - 1) / x).subs(y, x)
    expected = [value(e.diff(x, 2), x=v) for v in points]
    np.testing.assert_allclose(hessian(lambda v: function(v, v).sum())(points), np.diag(expected), rtol=1e-10)


def test_improper_integrals():
    gauss = from_sympy(Integral(sympy.exp(-x * t**2), (t, -sympy.oo, sympy.oo)), x)
    for order in range(3):
        expected = sympy.sqrt(sympy.pi / x).diff(x, order) if order else sympy.sqrt(sympy.pi / x)
        assert nth_derivative(gauss, order)(2.0) == pytest.approx(value(expected, x=2), rel=1e-11)
    fermi = from_sympy(Integral(x / (1 + sympy.exp(t)), (t, 0, sympy.oo)), x)
    assert fermi(1.0) == pytest.approx(math.log(2))  # where exp(t) overflows, the integrand is 0


def test_complex_integrals():
    wave = from_sympy(Integral(sympy.exp(sympy.I * t), (t, 0, x)), x)
    assert wave(1.0) == pytest.approx(-1j * (np.exp(1j) - 1))
    assert from_sympy(Integral(sympy.exp(t), (t, 0, x)), x)(1j) == pytest.approx(np.exp(1j) - 1)


def test_a_double_integral():
    e = Integral(sympy.exp(-x * t * y), (t, 0, y), (y, 0, n))
    function = from_sympy(e, (x, n))
    slopes = grad(function, (0, 1))(2.0, 1.0)
    inner = lambda y: (1 - sympy.exp(-x * y**2)) / (x * y)  # ∫ over t, from 0 to y
    once = Integral(inner(y), (y, 0, n))
    assert function(2.0, 1.0) == pytest.approx(value(once, x=2, n=1), rel=1e-10)
    assert slopes == pytest.approx([value(once.diff(x), x=2, n=1), value(inner(n), x=2, n=1)], rel=1e-10)


def test_without_scipy_mpmath_integrates(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "scipy.integrate", None)
    assert from_sympy(GAUSS, (x, y))(1.0, 0.5) == pytest.approx(value(GAUSS, x=1, y=0.5), rel=1e-12)


def test_an_integral_that_diverges_is_an_error():
    with pytest.raises(
        ConvergenceError, match=r"^the Integral from 0\.0 to 1\.0 does not converge: quadrature arrives at"
    ):
        from_sympy(Integral(1 / t, (t, 0, x)), x)(1.0)
    assert math.isnan(from_sympy(Integral(t, (t, 0, x)), x)(math.nan))


@pytest.mark.parametrize(
    ("integrand", "first", "last"),
    [
        (t**0, 0, sympy.oo), (t, sympy.oo, 1), (1 / sympy.sqrt(t), 1, sympy.oo), (t**sympy.Rational(-3, 2), 0, 1),
        (t**-2, 0, 1), (1 / t, -1, 2), (1 / t, -1, 1), (sympy.tanh(t), 0, sympy.oo), (sympy.cos(t), 0, sympy.oo),
        (t, -sympy.oo, sympy.oo), (t / (1 + t**2), -sympy.oo, sympy.oo), (t / (1 + t**2), sympy.oo, -sympy.oo),
    ],
    ids=str,
)  # fmt: skip
def test_no_limit_is_extrapolated_for_an_integral_that_has_none(integrand, first, last):
    function = from_sympy(Integral(x * integrand, (t, first, last)), x)
    for use in (function, grad(function)):
        with pytest.raises(ConvergenceError, match=r"^the Integral from \S+ to \S+ does not converge"):
            use(1.5)


@pytest.mark.parametrize(("integrand", "last"), [(t, sympy.oo), (1 / t, 1)], ids=str)
def test_nor_is_a_precise_one_estimated(integrand, last):
    with pytest.raises(ConvergenceError, match=r"^the Integral from -\S+ to \S+ does not converge"):
        from_sympy(Integral(x * integrand, (t, -last, last)), x)(mpmath.mpf(1.5))


def test_the_error_of_a_precise_integral_counts_beside_its_size():
    large = mpmath.mpf(10) ** 25
    assert from_sympy(Integral(x * sympy.exp(t), (t, 0, 1)), x)(large) == pytest.approx(
        large * (mpmath.e - 1), rel=1e-14
    )
    assert from_sympy(Integral(x * sympy.exp(-t), (t, 0, sympy.oo)), x)(large) == pytest.approx(large, rel=1e-14)


@pytest.mark.parametrize(
    ("integrand", "first", "last", "exact"),
    [
        (t**sympy.Rational(-9, 10), 0, 1, 10), (sympy.log(t), 0, 1, -1), (t ** sympy.Rational(-3, 2), 1, sympy.oo, 2),
        (1 / (1 + t**2), -sympy.oo, sympy.oo, sympy.pi), (t * sympy.exp(-(t**2)), sympy.oo, -sympy.oo, 0),
        (sympy.exp(-t) / sympy.sqrt(t), 0, sympy.oo, sympy.sqrt(sympy.pi)), (1 / sympy.sqrt(t * (1 - t)), 0, 1, sympy.pi),
    ],
    ids=str,
)  # fmt: skip
def test_an_integrand_may_be_infinite_at_an_end(integrand, first, last, exact):
    function = from_sympy(Integral(x * integrand, (t, first, last)), x)
    assert function(1.5) == pytest.approx(1.5 * float(exact), rel=1e-9, abs=1e-12)
    assert grad(function)(1.5) == pytest.approx(float(exact), rel=1e-9, abs=1e-12)


def test_precise_integrals_of_kinks_and_waves_are_precise_or_refused():
    assert from_sympy(Integral(sympy.sin(50 * t), (t, 0, x)), x)(mpmath.mpf(10)) == pytest.approx(
        (1 - mpmath.cos(500)) / 50, rel=1e-12
    )
    assert abs(from_sympy(Integral(Abs(t - x), (t, 0, 1)), x)(mpmath.mpf("0.3")) - mpmath.mpf("0.29")) < 1e-7
    with pytest.raises(ConvergenceError):
        from_sympy(Integral(Heaviside(t - x), (t, 0, 1)), x)(mpmath.mpf("0.3"))


def test_an_integral_has_the_precision_of_its_arguments():
    function = from_sympy(Integral(sympy.exp(x * t), (t, 0, y)), (x, y))
    single = function(np.array([0.5, 1.0], np.float32), np.float32(1))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, [2 * (math.exp(0.5) - 1), math.e - 1], rtol=1e-6)
    assert function(np.array([1, 2]), 1).dtype == np.float64
    wave = from_sympy(Integral(sympy.exp(sympy.I * t), (t, 0, x)), x)
    assert wave(np.ones(2, np.float32)).dtype == np.complex64


# Derivatives and substitutions


def test_a_derivative_that_was_not_taken():
    e = Derivative(sympy.sin(x * y), x, (y, 2))
    function = from_sympy(e, (x, y))
    assert function(0.5, 2.0) == pytest.approx(value(e, x=0.5, y=2))
    assert function(x, y).equals(e.doit())
    assert grad(function, (0, 1))(0.5, 2.0) == pytest.approx([value(e.doit().diff(v), x=0.5, y=2) for v in (x, y)])


def test_a_derivative_by_a_number_beside_an_array():
    function = from_sympy(Derivative(x**2 * y, x), (x, y))
    np.testing.assert_allclose(function(3.0, np.array([1.0, 2.0])), [6.0, 12.0])
    np.testing.assert_allclose(jacobian(lambda x: function(x, np.array([1.0, 2.0])))(3.0), [2.0, 4.0])


def test_a_derivative_of_an_integral_and_of_a_maximum():
    assert from_sympy(Derivative(Integral(sympy.exp(t), (t, 0, x**2)), x), x)(1.5) == pytest.approx(3 * math.exp(2.25))
    assert from_sympy(Derivative(sympy.Max(x, x**2), x), x)(2.0) == 4.0


def test_an_expression_at_a_point():
    e = Subs(Derivative(sympy.sin(t * y), t), t, x**2)
    function = from_sympy(e, (x, y))
    assert function(0.5, 2.0) == pytest.approx(value(e, x=0.5, y=2))
    assert grad(function, (0, 1))(0.5, 2.0) == pytest.approx([value(e.doit().diff(v), x=0.5, y=2) for v in (x, y)])


def test_two_variables_may_change_places():
    e = Subs(Derivative(sympy.Function("h")(x, y), x), (x, y), (y, x))
    given = from_sympy(e, (x, y), functions={"h": lambda u, v: u**2 * v**3})
    assert given(2.0, 5.0) == 2 * 5.0 * 2.0**3


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        (lambda: grad(from_sympy(SERIES, (x, n)), (0, 1))(0.5, 3.0), ArgumentError, r"(?s)^a Sum has no derivative by its limits.*stop_gradient"),
        (lambda: from_sympy(SERIES, (x, n))(0.5, 3.5), ArgumentError, r"^the limits of a Sum are whole numbers; met 3\.5$"),
        (lambda: from_sympy(SERIES, (x, n))(0.5, math.inf), ArgumentError, r"whole numbers; met inf$"),
        (lambda: from_sympy(SERIES, (x, n))(0.5, np.ones(2)), ArgumentError, r"whole numbers; met an array"),
        (lambda: from_sympy(Sum(x**i, (i, 0, sympy.oo)), x), UnsupportedValueError, r"(?s)the Sum in the expression has infinitely many terms.*expr\.doit\(\)"),
        (lambda: from_sympy(Integral(x, x), x), UnsupportedValueError, r"(?s)an? SymPy Integral that has both limits, \(t, 0, x\); met Integral\(x, x\).*expr\.doit\(\)"),
        (lambda: from_sympy(Derivative(sympy.sin(x), (x, n)), (x, n)), UnsupportedValueError, r"differentiates by symbols, a given number of times"),
    ],
)  # fmt: skip
def test_what_has_no_value_is_said(wrong, error, says):
    with pytest.raises(error, match=says):
        wrong()


def test_a_jump_that_moves_is_refused():
    for body in (Piecewise((t**2, t > x), (0, True)), Heaviside(t - x) * t, floor(t + x), sign(t * x)):
        function = from_sympy(Integral(body, (t, 0, 1)), x)
        assert isinstance(function(0.5), float)
        with pytest.raises(UnsupportedValueError, match=r"(?s)has no jump, and here one may move.*split the integral"):
            grad(function)(0.5)
    still = from_sympy(Integral(x**2 * Piecewise((t, t > y), (0, True)) * sign(x), (t, 0, 1)), (x, y))
    assert grad(still)(2.0, 0.5) == pytest.approx(4 * 0.375)


def test_a_kink_that_moves_has_one_derivative():
    function = from_sympy(Integral(Abs(t - x) + y * Max(t, x), (t, 0, 1)), (x, y))  # x² - x + 1/2 + y (1 + x²)/2
    assert grad(function, (0, 1))(0.25, 2.0) == pytest.approx((0.5 - 1 + 2 * 0.25, (1 + 0.0625) / 2))
    assert nth_derivative(lambda y: function(0.25, y), 2)(2.0) == 0.0
    with pytest.raises(UnsupportedValueError, match="has no jump, and here one may move"):
        nth_derivative(lambda x: function(x, 2.0), 2)(0.25)


def test_functions_known_by_name_inside_of_integrals():
    e = Integral(f.derivative()(t), (t, 0, x))
    assert from_sympy(e, x, functions={"f": sympy.sin})(0.5) == pytest.approx(math.sin(0.5))
    assert grad(from_sympy(e, x))(x) == f.derivative()(x)
