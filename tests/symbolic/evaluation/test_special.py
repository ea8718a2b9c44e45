"""SymPy's special functions in expressions: values beside SymPy's and mpmath's, slopes beside SymPy's."""

from __future__ import annotations

import math
from decimal import Decimal

import mpmath
import numpy as np
import pytest
import sympy

from revdiff import grad, nth_derivative, simple_derivative
from revdiff.core.errors import UnsupportedValueError
from revdiff.symbolic import from_sympy

x, y = sympy.symbols("x y")
POINT = {x: sympy.Rational(3, 10), y: sympy.Rational(13, 10)}

# fmt: off
EXPRESSIONS = [
    sympy.besselj(2, x), sympy.besselj(0, x), sympy.bessely(1, x), sympy.besseli(1, x), sympy.besselk(2, x),
    sympy.besselj(y, x), sympy.hankel1(1, x), sympy.jn(2, x), sympy.yn(1, x),
    sympy.airyai(x), sympy.airybi(x), sympy.airyaiprime(x), sympy.airybiprime(x),
    sympy.LambertW(x), sympy.LambertW(x, -1), sympy.zeta(2, x), sympy.polylog(2, x), sympy.lerchphi(x, 2, y),
    sympy.erfi(x), sympy.erfinv(x), sympy.fresnels(x), sympy.fresnelc(x),
    sympy.Si(x), sympy.Ci(x), sympy.Shi(x), sympy.Chi(x), sympy.Ei(x), sympy.li(x), sympy.expint(2, x),
    sympy.beta(x, y), sympy.lowergamma(sympy.Rational(5, 2), x), sympy.uppergamma(sympy.Rational(5, 2), x),
    sympy.binomial(5, x), sympy.harmonic(x), sympy.RisingFactorial(x, 3), sympy.FallingFactorial(x, 3),
    sympy.elliptic_k(x), sympy.elliptic_e(x), sympy.elliptic_f(y, x), sympy.elliptic_pi(x, sympy.Rational(1, 3)),
    sympy.hyper((1, 2), (3,), x), sympy.hyper((1,), (sympy.Rational(1, 2),), x * y),
    sympy.legendre(sympy.Rational(5, 2), x), sympy.chebyshevt(3, x), sympy.hermite(3, x), sympy.gegenbauer(2, y, x),
]
# fmt: on

each = pytest.mark.parametrize("expr", EXPRESSIONS, ids=str)


def exact(expr):
    """Return SymPy's value, as a Python number. ``li`` and the like are real; what is left of i is rounding."""
    number = complex(expr.xreplace(POINT).evalf(20))
    return number if abs(number.imag) > 1e-15 else number.real


@each
def test_the_value_is_sympys(expr):
    assert from_sympy(expr, (x, y))(0.3, 1.3) == pytest.approx(exact(expr), rel=1e-14)


@pytest.mark.parametrize("order", [1, 3])
@each
def test_the_slopes_are_sympys(expr, order):
    function = from_sympy(expr, (x, y))
    if exact(expr) != exact(expr).real:  # of a complex function, the derivatives of both parts
        real = lambda v: function(v, 1.3).real
        h = 1e-4
        central = (real(0.3 + h) - real(0.3 - h)) / (2 * h)
        assert central == pytest.approx(exact(expr.diff(x)).real, rel=1e-6)
        return
    ours = nth_derivative(lambda v: function(v, 1.3), order)(0.3)
    assert ours == pytest.approx(exact(expr.diff(x, order)), rel=1e-11)


@each
def test_on_arrays(expr):
    function = from_sympy(expr, (x, y))
    points = np.array([[0.3], [0.4]])
    expected = [[function(v, 1.3)] for v in (0.3, 0.4)]
    np.testing.assert_allclose(function(points, 1.3), expected, rtol=1e-12)
    assert function(np.zeros((0, 2)), 1.3).shape == (0, 2)


@pytest.mark.parametrize("expr", EXPRESSIONS[::4], ids=str)
def test_on_precise_numbers_and_on_symbols(expr):
    function = from_sympy(expr, (x, y))
    assert function(x, y) == expr
    with mpmath.workdps(30):
        precise = function(mpmath.mpf(3) / 10, mpmath.mpf(13) / 10)
        expected = mpmath.mpmathify(expr.xreplace(POINT).evalf(35))
        assert abs(precise - expected) < mpmath.mpf(10) ** -27


def test_mpmath_agrees_too():
    j = from_sympy(sympy.besselj(2, x), x)
    assert j(0.75) == pytest.approx(float(mpmath.besselj(2, 0.75)), rel=1e-15)
    assert simple_derivative(j)(0.75) == pytest.approx(float(mpmath.besselj(2, 0.75, derivative=1)), rel=1e-14)
    assert nth_derivative(j, 3)(0.75) == pytest.approx(float(mpmath.besselj(2, 0.75, derivative=3)), rel=1e-13)


def test_functions_that_sympy_does_not_evaluate_by_itself():
    difference = from_sympy(sympy.erf2(x, y), (x, y))
    assert difference(0.3, 1.3) == pytest.approx(math.erf(1.3) - math.erf(0.3), rel=1e-15)
    assert grad(difference)(0.3, 1.3) == pytest.approx(-2 * math.exp(-0.09) / math.sqrt(math.pi))
    inverse = from_sympy(sympy.erfcinv(x), x)
    assert math.erfc(inverse(0.3)) == pytest.approx(0.3, rel=1e-14)
    assert simple_derivative(inverse)(0.3) == pytest.approx(-math.sqrt(math.pi) / 2 * math.exp(inverse(0.3) ** 2))


def test_the_slope_of_lamberts_function_at_zero():
    assert [nth_derivative(from_sympy(sympy.LambertW(x), x), n)(0.0) for n in range(4)] == [0.0, 1.0, -2.0, 9.0]


def test_other_kinds_of_numbers():
    j = from_sympy(sympy.besselj(0, x), x)
    assert j(1) == j(1.0)
    assert j(sympy.Integer(1)) == sympy.besselj(0, 1)
    assert abs(j(Decimal(1)) - Decimal("0.7651976865579665514497175261")) < Decimal("1e-27")
    assert j(0.5 + 0.5j) == pytest.approx(complex(mpmath.besselj(0, 0.5 + 0.5j)))
    assert j(np.array([1.0], np.float32)).dtype == np.float32
    assert list(j(np.array([x, 1], object))) == [sympy.besselj(0, x), j(1)]
    assert math.isnan(j(math.nan))
    np.testing.assert_array_equal(from_sympy(sympy.polylog(2, x), x)(np.array([0.0, np.nan])), [0.0, np.nan])


def test_a_function_that_leaves_the_real_numbers():
    assert from_sympy(sympy.LambertW(x), x)(-1.0) == pytest.approx(complex(mpmath.lambertw(-1)))
    assert from_sympy(sympy.bessely(0, x), x)(-1.0) == pytest.approx(complex(mpmath.bessely(0, -1)))


def test_without_scipy_sympy_computes_alone(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "scipy.special", None)
    np.testing.assert_allclose(
        from_sympy(sympy.besselj(0, x), x)(np.array([1.0, 2.0])), [0.7651976865579666, 0.22389077914123567]
    )


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: grad(from_sympy(sympy.besselj(x, y), (x, y)))(0.3, 1.3), r"(?s)^SymPy has no derivative of besselj by its argument 1\..*stop_gradient.*functions=\{'besselj': f\}"),
        (lambda: grad(from_sympy(sympy.polylog(x, y), (x, y)))(0.3, 0.5), r"^SymPy has no derivative of polylog by its argument 1\.\n"),
        (lambda: grad(from_sympy(sympy.legendre(y, x), (x, y)), 1)(0.3, 1.3), r"^SymPy has no derivative of legendre by its argument 1\.\n"),
        (lambda: grad(from_sympy(sympy.KroneckerDelta(y, x) + sympy.jacobi(1, 2, y, x), (x, y)), 0)(0.3, 1.3), r"^SymPy has no derivative of KroneckerDelta"),
        (lambda: from_sympy(sympy.factorial2(x), x)(0.3), r"(?s)^SymPy has no numerical value of factorial2 at 0\.3\..*functions="),
        (lambda: from_sympy(sympy.DiracDelta(x), x)(0.0), r"^SymPy has no numerical value of DiracDelta at 0\.0\."),
    ],
)  # fmt: skip
def test_what_sympy_does_not_know_is_said(wrong, says):
    with pytest.raises(UnsupportedValueError, match=says):
        wrong()


def test_an_argument_that_stands_in_two_places():
    expr = sympy.uppergamma(x, x)
    assert grad(from_sympy(expr, x))(0.3) == pytest.approx(
        float(expr.diff(x).subs(x, sympy.Rational(3, 10)).evalf(20)), rel=1e-12
    )
    beta = sympy.beta(x, x)
    assert grad(from_sympy(beta, x))(0.3) == pytest.approx(
        float(beta.diff(x).doit().subs(x, sympy.Rational(3, 10)).evalf(20)), rel=1e-12
    )
    both = sympy.hyper((x,), (2,), x)
    assert from_sympy(both, x)(0.3) == pytest.approx(float(mpmath.hyper([0.3], [2], 0.3)), rel=1e-14)
    with pytest.raises(UnsupportedValueError, match=r"^SymPy has no derivative of hyper\."):
        grad(from_sympy(both, x))(0.3)
