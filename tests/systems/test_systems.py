"""Number systems: every kind of value is differentiated in its own arithmetic, and new kinds can enter."""

from __future__ import annotations

import decimal
import math
import operator
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy

import revdiff
from revdiff import grad, hessian, nth_derivative, simple_derivative
from revdiff.systems import exact, is_complex, pi_of, require_number, system_of
from tests.oracles import assert_close

# --------------------------------------------------------------------- each in its own arithmetic


def rational(x):
    return (x**3 - 2 * x) / (1 + x * x) - 3 / x


EXACT = {order: sympy.diff(rational(sympy.Symbol("x")), sympy.Symbol("x"), order).subs("x", 3) for order in range(4)}


@pytest.mark.parametrize("order", EXACT)
@pytest.mark.parametrize(
    "three",
    [
        3.0, 3, Fraction(3), Decimal(3), 3 + 0j, mpmath.mpf(3), mpmath.mpc(3), sympy.Integer(3),
        np.float16(3), np.float32(3), np.float64(3), np.longdouble(3), np.complex64(3), np.complex128(3), np.int64(3),
    ],
    ids=lambda x: type(x).__name__,
)  # fmt: skip
def test_a_rational_function_of_every_kind_of_number(three, order):
    derivative = nth_derivative(rational, order)(three)
    relative = (
        2e-2 if isinstance(three, np.float16) else 1e-5 if isinstance(three, np.float32 | np.complex64) else 1e-13
    )
    assert_close(complex(derivative), complex(EXACT[order]), relative)
    if not isinstance(three, int | np.int64 | sympy.Integer):
        assert type(derivative) is type(three if order else rational(three))  # NumPy 1 widens single numbers


@pytest.mark.parametrize("order", EXACT)
def test_fractions_and_sympys_numbers_are_exact(order):
    assert nth_derivative(rational, order)(Fraction(3)) == Fraction(EXACT[order].p, EXACT[order].q)
    assert nth_derivative(rational, order)(sympy.Integer(3)) == EXACT[order]


@pytest.mark.parametrize("order", EXACT)
def test_decimals_keep_the_digits_of_their_context(order):
    with decimal.localcontext(prec=60):
        derivative = nth_derivative(rational, order)(Decimal(3))
        assert abs(derivative - Decimal(int(EXACT[order].p)) / Decimal(int(EXACT[order].q))) < Decimal("1e-56")


@pytest.mark.parametrize("order", [0, 1, 2, 3])
@pytest.mark.parametrize(
    ("f", "oracle"),
    [
        (revdiff.sqrt, mpmath.sqrt),
        (revdiff.exp, mpmath.exp),
        (revdiff.log, mpmath.log),
        (revdiff.log2, lambda x: mpmath.log(x, 2)),
        (revdiff.log10, mpmath.log10),
        (revdiff.exp2, lambda x: mpmath.mpf(2) ** x),
        (revdiff.sigmoid, lambda x: 1 / (1 + mpmath.exp(-x))),
        (revdiff.softplus, lambda x: mpmath.log(1 + mpmath.exp(x))),
        (lambda x: revdiff.hypot(x, Decimal(2)), lambda x: mpmath.hypot(x, 2)),
        (lambda x: revdiff.logaddexp(x, 2 * x), lambda x: mpmath.log(mpmath.exp(x) + mpmath.exp(2 * x))),
        (lambda x: x ** Decimal("1.5"), lambda x: x ** mpmath.mpf("1.5")),
        (lambda x: Decimal(2) ** x, lambda x: mpmath.mpf(2) ** x),
        (lambda x: x**x, lambda x: x**x),
        (lambda x: abs(-x) * revdiff.sign(x), lambda x: x),
        (lambda x: revdiff.maximum(x, Decimal(0)) * revdiff.reciprocal(x), lambda x: mpmath.mpf(1)),
    ],
)
def test_decimals_have_every_function_that_can_be_made_of_sqrt_exp_and_log(f, oracle, order):
    with decimal.localcontext(prec=50), mpmath.workdps(80):
        derivative = nth_derivative(f, order)(Decimal("0.75"))
        assert isinstance(derivative, Decimal) or derivative == 0
        expected = mpmath.diff(oracle, mpmath.mpf("0.75"), order)
        assert abs(mpmath.mpf(str(derivative)) - expected) < mpmath.mpf(10) ** -43


@pytest.mark.parametrize(
    "f", [revdiff.sin, revdiff.atan, revdiff.tanh, revdiff.erf, revdiff.gamma, revdiff.cbrt, revdiff.deg2rad]
)
def test_what_decimals_lack_is_an_error_that_says_so(f):
    with pytest.raises(revdiff.UnsupportedValueError) as error:
        simple_derivative(f)(Decimal(1))
    assert str(error.value) == (
        f"{f.__name__} is not available for values of type Decimal.\n"
        "  Convert the value to a type that has it: a float, a NumPy array, an mpmath or SymPy number.\n"
        f"  To teach revdiff a {f.__name__} of Decimal:  revdiff.register_number_system"
    )


@pytest.mark.parametrize("f", [revdiff.atan2, revdiff.cbrt, revdiff.erf, revdiff.floor, revdiff.maximum])
def test_what_complex_numbers_lack_is_an_error(f):
    with pytest.raises(TypeError, match="complex"):
        f(1j, 2j) if f in (revdiff.atan2, revdiff.maximum) else f(1j)


@pytest.mark.parametrize("value", ["a", None, [1.0], {}, object()], ids=lambda x: type(x).__name__)
@pytest.mark.parametrize("f", [revdiff.sin, lambda x: revdiff.hypot(x, 1.0), lambda x: revdiff.hypot(1.0, x)])
def test_a_value_that_is_no_number_is_an_error_that_names_its_type(f, value):
    with pytest.raises(revdiff.UnsupportedValueError) as error:
        f(value)
    text = str(error.value)
    assert f" of a value of type {type(value).__name__}: revdiff knows no such number." in text
    assert "revdiff.register_number_system" in text


def test_require_number_says_what_it_met():
    with pytest.raises(revdiff.UnsupportedValueError, match=r"^the argument must be a number of some kind; met 'a'"):
        require_number("a", "the argument")
    with pytest.raises(revdiff.UnsupportedValueError, match=r"met True \(a bool\)"):
        require_number(True, "the argument")


def test_singular_points_of_decimals_follow_their_own_infinity():
    assert simple_derivative(revdiff.log)(Decimal("1e-400")) == Decimal("1e400")


def test_the_slope_of_a_root_at_a_decimal_zero_is_infinite():
    assert simple_derivative(lambda x: x ** Decimal("0.5"))(Decimal(0)) == Decimal("inf")


def test_the_slope_of_sqrt_at_a_decimal_zero_is_infinite():
    assert simple_derivative(revdiff.sqrt)(Decimal(0)) == Decimal("inf")


# --------------------------------------------------------------------------------- arrays of objects

ELEMENTWISE = [
    np.sin, np.cos, np.exp, np.exp2, np.expm1, np.log, np.log2, np.log10, np.log1p, np.sqrt, np.cbrt, np.tan, np.arcsin,
    np.arctan, np.sinh, np.cosh, np.tanh, np.arcsinh, np.arctanh, np.square, np.reciprocal, np.negative, np.positive,
    np.absolute, np.fabs, np.deg2rad, np.degrees, np.conjugate, np.sign, np.floor, np.ceil, np.trunc, np.rint,
]  # fmt: skip
ELEMENTWISE_OF_TWO = [
    np.add, np.subtract, np.multiply, np.divide, np.power, np.arctan2, np.hypot, np.maximum, np.minimum, np.fmax, np.fmin,
    np.remainder, np.fmod,
    # these NumPy does not have for objects
    revdiff.float_power, revdiff.logaddexp, revdiff.logaddexp2, revdiff.copysign, revdiff.heaviside,
]  # fmt: skip


@pytest.mark.parametrize("f", ELEMENTWISE, ids=lambda f: f.__name__)
def test_numpys_functions_of_an_array_of_revdiffs_work_element_by_element(f):
    def of_elements(x, y):
        return np.sum(f(np.array([x, y])))

    of_two = grad(of_elements, (0, 1))(0.25, 0.5)
    expected = simple_derivative(f)(np.array([0.25, 0.5]))
    np.testing.assert_allclose(of_two, expected, rtol=1e-14)


@pytest.mark.parametrize("f", ELEMENTWISE_OF_TWO, ids=lambda f: f.__name__)
def test_numpys_functions_of_two_arrays_of_revdiffs_work_element_by_element(f):
    def of_elements(x, y, z):
        return np.sum(f(np.array([x, y]), np.array([z, 1.25])))

    actual = grad(of_elements, (0, 1, 2))(0.5, 0.75, 2.25)
    x_bar, y_bar = grad(lambda x, y: np.sum(f(x, y)), (0, 1))(np.array([0.5, 0.75]), np.array([2.25, 1.25]))
    np.testing.assert_allclose(actual, [*x_bar, y_bar[0]], rtol=1e-14)


@pytest.mark.parametrize(
    "name", [f.__name__ for f in ELEMENTWISE if f.__name__ not in ("floor", "ceil", "trunc", "rint")]
)
@pytest.mark.parametrize("kind", [mpmath.mpf, sympy.Rational, lambda x: x], ids=["mpf", "sympy", "float"])
def test_a_revdiff_of_an_array_of_objects_computes_with_the_functions_of_its_elements(name, kind):
    f = getattr(np, name)
    x = np.empty(2, object)
    x[:] = [kind(0.25), kind(0.5)]
    gradient = simple_derivative(f)(x)
    expected = [simple_derivative(f)(element) for element in x]
    assert gradient.tolist() == expected
    assert [type(g) for g in gradient.tolist()] == [type(e) for e in expected]
    second = nth_derivative(f, 2)(x).tolist()
    for actual, element in zip(second, x, strict=True):
        assert_close(sympy.N(actual, 15), sympy.N(nth_derivative(f, 2)(element), 15), 1e-10)


def test_an_array_of_symbols_gives_an_array_of_formulas():
    a, b = sympy.symbols("a b")
    x = np.array([a, b])
    assert simple_derivative(np.sin)(x).tolist() == [sympy.cos(a), sympy.cos(b)]
    assert grad(lambda x: np.sum(x * x[::-1]))(x).tolist() == [2 * b, 2 * a]
    assert hessian(lambda x: x[0] ** 2 * np.exp(x[1]))(x).tolist() == [
        [2 * sympy.exp(b), 2 * a * sympy.exp(b)],
        [2 * a * sympy.exp(b), a**2 * sympy.exp(b)],
    ]


def test_arrays_of_fractions_stay_exact():
    x = np.array([Fraction(1, 2), Fraction(2, 3)], object)
    gradient = grad(lambda x: np.sum(x**3 / (1 + x)))(x)
    assert gradient.tolist() == [(2 * v**3 + 3 * v**2) / (1 + v) ** 2 for v in x]
    assert all(isinstance(g, Fraction) for g in gradient)


def test_mpmath_arrays_keep_their_digits():
    with mpmath.workdps(50):
        x = np.array([mpmath.mpf(1) / 3, mpmath.mpf(2)], object)
        gradient = grad(lambda x: np.sum(np.exp2(x) * np.arctan(x) + 2**x))(x)
        for actual, v in zip(gradient, x, strict=True):
            expected = mpmath.diff(lambda t: mpmath.mpf(2) ** t * (mpmath.atan(t) + 1), v)
            assert abs(actual - expected) < mpmath.mpf(10) ** -45


# ------------------------------------------------------------------- symbols, numbers, RevDiffs mixed

x, y = sympy.symbols("x y")
OPERATIONS = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]
FUNCTIONS_OF_TWO = [revdiff.atan2, revdiff.hypot, revdiff.logaddexp, revdiff.power, revdiff.maximum, revdiff.fmod]


@pytest.mark.parametrize("f", OPERATIONS + FUNCTIONS_OF_TWO, ids=lambda f: f.__name__)
@pytest.mark.parametrize("other", [2, 2.0, Fraction(2, 7), x, x + 1, sympy.pi], ids=str)
@pytest.mark.parametrize("at", [y, 3, 3.0, Fraction(3, 2)], ids=str)
def test_an_expression_a_revdiff_and_a_number_mix_in_either_order(f, other, at):
    plain = _number(other)
    for of_revdiff, of_numbers in (
        (lambda r: f(r, other), lambda t: f(t, plain)),
        (lambda r: f(other, r), lambda t: f(plain, t)),
    ):
        with mpmath.workdps(60):
            assert_close(_number(simple_derivative(of_revdiff)(at)), mpmath.diff(of_numbers, _number(at)), 1e-13, 1e-20)


def _number(value: Any) -> Any:
    """Return what a value is where x and y are numbers, with many digits."""
    if isinstance(value, sympy.Basic):
        return sympy.N(value.subs({x: sympy.Rational(7, 4), y: sympy.Rational(5, 3)}), 60)._to_mpmath(250)
    with mpmath.workdps(60):
        return mpmath.mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else mpmath.mpf(value)


def test_a_chain_of_mixtures_keeps_both_layers():
    mixed = simple_derivative(lambda a: simple_derivative(lambda b: x * a * b * 2 + b**2 / x)(y))
    assert sympy.simplify(mixed(y) - 2 * x) == 0
    inner = simple_derivative(lambda b: x * sympy.Symbol("a") * b * 2 + b**2 / x)(y)
    assert sympy.simplify(inner - (2 * x * sympy.Symbol("a") + 2 * y / x)) == 0


def test_a_function_of_numpy_makes_formulas_of_symbols():
    assert simple_derivative(lambda t: np.exp(np.sin(t)) * x)(y) == x * sympy.exp(sympy.sin(y)) * sympy.cos(y)


@pytest.mark.parametrize(
    "two", [2, 2.0, Fraction(2), np.float64(2), mpmath.mpf(2), np.array(2.0)], ids=lambda v: type(v).__name__
)
@pytest.mark.parametrize("f", OPERATIONS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("at", [3, 3.0, Fraction(3), np.float64(3), mpmath.mpf(3)], ids=lambda v: type(v).__name__)
def test_every_pair_of_kinds_mixes_in_either_order(f, two, at):
    if {type(two), type(at)} >= {Fraction, mpmath.mpf} or (
        ({type(two), type(at)} & {np.ndarray, np.float64}) and ({type(two), type(at)} & {mpmath.mpf, Fraction})
    ):
        pytest.skip("they do not mix, or NumPy makes objects of them")
    left, right = grad(f, (0, 1))(at, two), grad(f, (0, 1))(two, at)
    expected = {
        "add": (1, 1, 1, 1), "sub": (1, -1, 1, -1), "mul": (2, 3, 3, 2), "truediv": (0.5, -0.75, 1 / 3, -2 / 9),
        "pow": (6, 9 * math.log(3), 12, 8 * math.log(2)),
    }[f.__name__]  # fmt: skip
    for actual, e in zip((*left, *right), expected, strict=True):
        assert_close(np.asarray(actual).item() if isinstance(actual, np.ndarray | np.generic) else actual, e, 1e-14)


# ---------------------------------------------------------------------------------------- new systems


def among_duals(operation):
    """Take plain numbers as series, and leave strangers to their own methods."""

    def with_numbers(self, other):
        other = Dual(other) if isinstance(other, int | float) else other
        return operation(self, other) if isinstance(other, Dual) else NotImplemented

    return with_numbers


class Dual:
    """A truncated power series a + b ε with ε² = 0: a number that is itself made to find first derivatives."""

    def __init__(self, a, b=0):
        self.a, self.b = a, b

    @among_duals
    def __add__(self, other):
        return Dual(self.a + other.a, self.b + other.b)

    @among_duals
    def __sub__(self, other):
        return Dual(self.a - other.a, self.b - other.b)

    @among_duals
    def __mul__(self, other):
        return Dual(self.a * other.a, self.a * other.b + self.b * other.a)

    @among_duals
    def __truediv__(self, other):
        return Dual(self.a / other.a, (self.b - self.a / other.a * other.b) / other.a)

    @among_duals
    def __eq__(self, other):
        return (self.a, self.b) == (other.a, other.b)

    def __pow__(self, n):
        return Dual(self.a**n, n * self.a ** (n - 1) * self.b)

    def __neg__(self):
        return Dual(-self.a, -self.b)

    __radd__, __rmul__ = __add__, __mul__
    __rsub__ = among_duals(lambda self, other: other - self)
    __rtruediv__ = among_duals(lambda self, other: other / self)
    __hash__ = None


class FunctionsOfDual:
    @staticmethod
    def exp(x):
        return Dual(math.exp(x.a), math.exp(x.a) * x.b)

    @staticmethod
    def sin(x):
        return Dual(math.sin(x.a), math.cos(x.a) * x.b)

    @staticmethod
    def cos(x):
        return Dual(math.cos(x.a), -math.sin(x.a) * x.b)


revdiff.register_number_system(Dual, FunctionsOfDual)


class Mod7(int):
    """A whole number modulo 7: exact, and with no order and no size."""

    def __new__(cls, value):
        return super().__new__(cls, int(value) % 7)

    def __add__(self, other):
        return Mod7(int(self) + int(other)) if isinstance(other, int) else NotImplemented

    def __mul__(self, other):
        return Mod7(int(self) * int(other)) if isinstance(other, int) else NotImplemented

    __radd__, __rmul__ = __add__, __mul__

    def __pow__(self, n, modulus=None):
        return Mod7(pow(int(self), int(n), 7))


revdiff.register_number_system(Mod7, {"double": lambda x: x + x})


class Interval:
    """All numbers from low to high: the derivative of a range of arguments holds all the derivatives."""

    def __init__(self, low, high=None):
        self.low, self.high = low, low if high is None else high

    def __add__(self, other):
        if isinstance(other, float | int):
            other = Interval(other)
        return Interval(self.low + other.low, self.high + other.high) if isinstance(other, Interval) else NotImplemented

    def __mul__(self, other):
        if isinstance(other, float | int):
            other = Interval(other)
        if not isinstance(other, Interval):
            return NotImplemented
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(ends), max(ends))

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return Interval(-self.high, -self.low)

    def __contains__(self, number):
        return self.low - 1e-12 <= number <= self.high + 1e-12


revdiff.register_number_system(
    Interval,
    {
        "exp": lambda x: Interval(math.exp(x.low), math.exp(x.high)),
        "log": lambda x: Interval(math.log(x.low), math.log(x.high)),
    },
    zero=lambda x: Interval(0.0),
    one=lambda x: Interval(1.0),
)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_a_new_system_is_differentiated_with_its_own_functions(order):
    def f(x):
        return revdiff.exp(2 * x) * revdiff.sin(x) + x**4 - 1 / x

    series = nth_derivative(f, order)(Dual(1.5, 1.0))
    assert series.a == pytest.approx(nth_derivative(f, order)(1.5), rel=1e-13)
    assert series.b == pytest.approx(nth_derivative(f, order + 1)(1.5), rel=1e-13)


def test_what_is_made_of_functions_that_a_new_system_has_works_too():
    assert simple_derivative(revdiff.sigmoid)(Dual(0.5)).a == pytest.approx(simple_derivative(revdiff.sigmoid)(0.5))
    assert simple_derivative(revdiff.square)(Dual(3)) == 6
    assert simple_derivative(revdiff.reciprocal)(Dual(2.0)) == -0.25


def test_what_a_new_system_lacks_is_an_error_that_names_it():
    with pytest.raises(revdiff.UnsupportedValueError, match=r"^tan is not available for values of type Dual\."):
        simple_derivative(revdiff.tan)(Dual(1.0))


@pytest.mark.parametrize("order", [1, 2, 3])
def test_whole_numbers_modulo_seven(order):
    derivative = nth_derivative(lambda x: x**5 + 3 * x * x, order)
    for n in range(7):
        expected = sympy.diff(x**5 + 3 * x**2, x, order).subs(x, n) % 7
        assert derivative(Mod7(n)) == expected
        assert isinstance(derivative(Mod7(n)), Mod7)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_intervals_hold_the_derivatives_at_all_their_points(order):
    def f(x):
        return revdiff.exp(x * x) * (x + 2)

    range_of_derivatives = nth_derivative(f, order)(Interval(0.25, 0.375))
    for at in (0.25, 0.3, 0.375):
        assert nth_derivative(f, order)(at) in range_of_derivatives
    assert range_of_derivatives.high - range_of_derivatives.low < 20


def test_unreached_variables_of_a_new_system_have_its_zero():
    zero = simple_derivative(lambda x: Interval(1.0))(Interval(2.0, 3.0))
    assert (zero.low, zero.high) == (0.0, 0.0)
    assert simple_derivative(lambda x: x)(Mod7(3)) == Mod7(1)


def test_arrays_of_a_new_system_compute_element_by_element():
    values = np.array([Dual(0.5, 1.0), Dual(1.5, 1.0)], object)
    gradient = grad(lambda v: np.sum(revdiff.exp(v) * v))(values)
    for actual, at in zip(gradient, (0.5, 1.5), strict=True):
        assert actual.a == pytest.approx(math.exp(at) * (at + 1))
        assert actual.b == pytest.approx(math.exp(at) * (at + 2))


def test_a_new_system_mixes_with_numbers_in_either_order():
    for f in (lambda x: 3 * x + 1, lambda x: x * 3 + 1, lambda x: 1 - (-3) * x):
        assert simple_derivative(f)(Dual(2.0)) == 3


def test_a_module_may_supply_the_functions():
    class Real(float):
        pass

    revdiff.register_number_system(Real, math)
    assert simple_derivative(revdiff.sin)(Real(0.0)) == 1.0


def test_division_by_zero_in_a_system_without_infinity_is_that_systems_error():
    class Whole:
        def __init__(self, n):
            self.n = n

        def __mul__(self, other):
            return Whole(self.n * getattr(other, "n", other))

        __rmul__ = __mul__

        def __truediv__(self, other):
            return Whole(self.n // getattr(other, "n", other))

        def __rtruediv__(self, other):
            return Whole(other // self.n)

        def __neg__(self):
            return Whole(-self.n)

    revdiff.register_number_system(Whole, {"log": lambda x: Whole(0)})
    with pytest.raises(ZeroDivisionError):
        simple_derivative(revdiff.log)(Whole(0))


# --------------------------------------------------------------------------------- the small helpers


def test_system_of_sees_through_layers():
    assert system_of(revdiff.init_diff(revdiff.init_diff(Decimal(1)))) == "decimal"
    assert system_of("a") == ""
    assert system_of(sympy.Symbol("x")) == "sympy"
    assert system_of(mpmath.mpf(1)) == "mpmath"
    assert system_of(Fraction(1)) == system_of(1) == "math"
    assert system_of(Dual(1)) == "Dual"


def test_is_complex_knows_every_complex_type():
    assert all(map(is_complex, (1j, np.complex64(1), np.ones(2, complex), mpmath.mpc(1), revdiff.init_diff(1j))))
    assert not any(
        map(is_complex, (1.0, 1, np.float32(1), np.ones(2), mpmath.mpf(1), sympy.I, Fraction(1), Decimal(1)))
    )


def test_exact_numbers_are_of_the_kind_that_knows_more_than_floats():
    assert exact(2, 1.0) == exact(2, np.float64(1)) == 2
    assert isinstance(exact(2, Decimal(1)), Decimal)
    assert isinstance(exact(2, Fraction(1)), Fraction)
    assert isinstance(exact(2, mpmath.mpf(1)), mpmath.mpf)
    assert isinstance(exact(2, sympy.Symbol("x")), sympy.Integer)
    assert exact(2, np.ones(2, np.longdouble)).dtype == np.longdouble
    assert exact(2, np.array([Fraction(1)], object)).tolist() == [Fraction(2)]


def test_pi_has_the_digits_of_the_argument():
    assert pi_of(1.0) == math.pi
    assert pi_of(np.ones(2, np.float32)) == math.pi
    assert pi_of(sympy.Symbol("x")) is sympy.pi
    with mpmath.workdps(50):
        assert pi_of(mpmath.mpf(1)) == +mpmath.pi
    assert abs(np.sin(pi_of(np.longdouble(1)))) < 2 * np.finfo(np.longdouble).eps
    assert pi_of(np.array([sympy.Symbol("x")], object)).tolist() == [sympy.pi]


@pytest.mark.parametrize("package", ["sympy", "mpmath", "scipy"])
def test_importing_revdiff_and_differentiating_floats_imports_none_of_the_large_packages(package):
    code = (
        "import sys, numpy, revdiff\n"
        "revdiff.simple_derivative(lambda x: revdiff.sin(x) * revdiff.tanh(x) + revdiff.erf(x) + abs(x) ** 3)(1.0)\n"
        "revdiff.grad(lambda x: numpy.sum(numpy.exp2(x) * revdiff.sigmoid(x)))(numpy.ones(3))\n"
        f"sys.exit({package!r} in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-W", "error", "-c", code], check=False).returncode == 0
