"""SymPy's expressions as functions of every kind of number."""

from __future__ import annotations

import cmath
import decimal
import math
import pickle
import sys
from fractions import Fraction
from threading import Thread

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy.codegen import cfunctions

from revdiff import grad, hessian, jacobian, nth_derivative, register_number_system, simple_derivative
from revdiff.core.errors import ArgumentError, UnsupportedValueError
from revdiff.symbolic import binary_symbolic_func, from_sympy, symbolic_func

x, y, z = sympy.symbols("x y z")
THIRD = sympy.Rational(1, 3)

# fmt: off
EXPRESSIONS = [
    sympy.Integer(5), x, -x, x + y, x - y, -x - y, x * y, x / y, 1 / x, -1 / (x * y), x - 2 * y + THIRD, 2 * x / 3,
    x**2, x**-2, x**3 / y**2, sympy.sqrt(x), 1 / sympy.sqrt(x), x**sympy.Rational(2, 3), x**-sympy.Rational(2, 3),
    x**1.5, x**y, x**-y, 2**x, sympy.E**x, (x + y) ** 5, sympy.sqrt(x + 1) / y,
    sympy.pi * x, sympy.sqrt(2) * x + sympy.log(3), sympy.EulerGamma + x, sympy.sin(1) * x, x + sympy.zeta(3),
    sympy.exp(x), sympy.log(x), sympy.log(x, 2), sympy.exp(-x**2 / 2) / sympy.sqrt(2 * sympy.pi),
    sympy.sin(x), sympy.cos(x), sympy.tan(x), sympy.asin(x / 3), sympy.acos(x / 3), sympy.atan(x), sympy.atan2(y, x),
    sympy.sec(x), sympy.csc(x), sympy.cot(x), sympy.asec(3 / x), sympy.acsc(3 / x), sympy.acot(x),
    sympy.sinh(x), sympy.cosh(x), sympy.tanh(x), sympy.asinh(x), sympy.acosh(x + 1), sympy.atanh(x / 3),
    sympy.sech(x), sympy.csch(x), sympy.coth(x), sympy.asech(x / 3), sympy.acsch(x), sympy.acoth(x + 1),
    sympy.gamma(x), sympy.loggamma(x), sympy.digamma(x), sympy.polygamma(2, x), sympy.factorial(x),
    sympy.erf(x), sympy.erfc(x), sympy.sinc(x), sympy.sinc(sympy.pi * x),
    sympy.Abs(x - 2), sympy.sign(x - 2), sympy.Max(x, y, 1), sympy.Min(x, y, 2), sympy.Heaviside(x - 1),
    sympy.Heaviside(x - 1, 0), sympy.floor(3 * x), sympy.ceiling(3 * x), sympy.frac(3 * x), sympy.Mod(x, y),
    cfunctions.expm1(x), cfunctions.log1p(x), cfunctions.exp2(x), cfunctions.log2(x), cfunctions.log10(x),
    cfunctions.hypot(x, y), cfunctions.Sqrt(x), cfunctions.Cbrt(x),
    sympy.Piecewise((x**2, x > y), (y, True)), sympy.Piecewise((1, sympy.Eq(x, y)), (2, sympy.Ne(x, 0)), (3, True)),
    sympy.Piecewise((x, (x > 5) | (y > 5)), (y, (x > 0) & ~(y > 1)), (0, True)),
    sympy.Max(x, y) * sympy.Min(x, y) + sympy.Abs(x * y),
]
# fmt: on


def exact(expr, *values, digits=40):
    expr = expr.replace(cfunctions.Sqrt, sympy.sqrt).replace(cfunctions.Cbrt, sympy.cbrt)
    return expr.subs(dict(zip((x, y, z), map(sympy.Rational, values), strict=False))).doit().evalf(digits)


each_expression = pytest.mark.parametrize("expr", EXPRESSIONS, ids=str)


# Kinds of numbers


@each_expression
def test_on_floats(expr):
    expected = exact(expr, "1.25", "0.75")
    assert from_sympy(expr, (x, y))(1.25, 0.75) == pytest.approx(float(expected), rel=1e-13)


@each_expression
def test_on_arrays(expr):
    xs, ys = np.array([1.25, 0.5, 2.5]), np.array([0.75, 1.0, 2.5])
    expected = [float(exact(expr, *map(sympy.Rational, point))) for point in zip(xs, ys, strict=True)]
    result = np.broadcast_to(from_sympy(expr, (x, y))(xs, ys), 3)
    np.testing.assert_allclose(result, expected, rtol=1e-12, atol=1e-14)


@each_expression
def test_on_symbols_it_gives_the_expression_back(expr):
    again = from_sympy(expr, (x, y))(x, y)
    if again != expr:  # sec x is 1/cos x there
        assert abs(exact(again - expr, "1.25", "0.75")) < 1e-30


@each_expression
def test_its_derivatives_agree_with_sympy(expr):
    if expr.has(sympy.floor, sympy.ceiling, sympy.frac, sympy.Mod, sympy.Eq):
        pytest.skip("SymPy has no derivative of it")
    real = {v: sympy.Symbol(v.name, real=True) for v in (x, y)}
    slopes = [expr.xreplace(real).diff(real[v]).xreplace({r: v for v, r in real.items()}) for v in (x, y)]
    expected = [float(exact(slope, "1.25", "0.75")) for slope in slopes]
    assert grad(from_sympy(expr, (x, y)), argnums=(0, 1))(1.25, 0.75) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    "expr",
    [e for e in EXPRESSIONS if not e.has(sympy.Float)],
    ids=str,
)
def test_on_mpmath_numbers_to_their_precision(expr):
    with mpmath.workdps(40):
        result = from_sympy(expr, (x, y))(mpmath.mpf("1.25"), mpmath.mpf("0.75"))
        expected = exact(expr, "1.25", "0.75", digits=50)
        assert abs(mpmath.mpf(result) - mpmath.mpf(expected)) < mpmath.mpf(10) ** -37


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (x / 3 + THIRD, Fraction(2, 3)),
        (x**2 + 1, 2),
        (6 / x, 6),
        (x**-2 / 4, Fraction(1, 4)),
        (sympy.Abs(x - THIRD), Fraction(2, 3)),
        (sympy.Max(x, sympy.Rational(3, 2)), Fraction(3, 2)),
        (sympy.floor(x / 2), 0),
        (sympy.Piecewise((x / 7, x > 0), (0, True)), Fraction(1, 7)),
    ],
    ids=str,
)
def test_ints_and_fractions_stay_exact(expr, expected):
    for one in (1, Fraction(1)):
        result = from_sympy(expr, x)(one)
        assert result == expected
        assert isinstance(result, int | Fraction)
    assert type(from_sympy(expr, x)(1)) is type(expected)


def test_derivatives_at_ints_and_fractions_stay_exact():
    f = from_sympy(x**3 / 7 + 1 / x, x)
    for two in (2, Fraction(2)):
        assert [nth_derivative(f, n)(two) for n in range(4)] == [
            Fraction(23, 14),
            Fraction(41, 28),
            Fraction(55, 28),
            Fraction(27, 56),
        ]


def test_a_function_without_a_rational_value_takes_ints_too():
    assert from_sympy(sympy.sin(x) / 2, x)(1) == math.sin(1) / 2
    assert from_sympy(sympy.pi * x, x)(2) == 2 * math.pi


def test_on_decimals():
    decimals = from_sympy(x / 3 + sympy.sqrt(2) + sympy.Float("0.5"), x)(decimal.Decimal(1))
    assert abs(decimals - decimal.Decimal("2.247546895706428382135022057")) < decimal.Decimal("1e-26")
    assert from_sympy(x + sympy.Rational(1, 3), x)(decimal.Decimal(0)) == decimal.Decimal(1) / 3
    with decimal.localcontext() as context:
        context.prec = 50
        assert from_sympy(sympy.pi * x, x)(decimal.Decimal(1)) == decimal.Decimal(str(sympy.pi.evalf(50)))
    with pytest.raises(UnsupportedValueError, match="the constant I in the expression is complex"):
        from_sympy(sympy.I * x, x)(decimal.Decimal(1))


def test_on_complex_numbers():
    f = from_sympy(sympy.exp(sympy.I * x) * (1 + 2 * sympy.I), x)
    assert f(0.5) == pytest.approx(cmath.exp(0.5j) * (1 + 2j))
    assert f(0.5 + 0.25j) == pytest.approx(cmath.exp(0.5j - 0.25) * (1 + 2j))
    parts = from_sympy(sympy.re(x) + 2 * sympy.im(x) + sympy.conjugate(x) * sympy.arg(x), x)
    assert parts(3 + 4j) == pytest.approx(11 + (3 - 4j) * cmath.phase(3 + 4j))


def test_on_numpy_scalars_and_dtypes():
    f = from_sympy(x / 3 + sympy.pi, x)
    assert f(np.ones(2, np.float32)).dtype == np.float32
    assert f(np.array([1, 2])).dtype == np.float64
    np.testing.assert_allclose(f(np.int64(1)), 1 / 3 + math.pi)


def test_on_object_arrays():
    f = from_sympy(x**2 / 3, x)
    assert list(f(np.array([1, Fraction(1, 2)], object))) == [Fraction(1, 3), Fraction(1, 12)]
    assert list(f(np.array([y, 3], object))) == [y**2 / 3, 3]
    assert list(simple_derivative(f)(np.array([y, 3], object))) == [2 * y / 3, 2]


def test_on_a_number_system_of_the_user():
    class Dual:
        def __init__(self, a, b=0.0):
            self.a, self.b = a, b

        def __add__(self, other):
            other = other if isinstance(other, Dual) else Dual(other)
            return Dual(self.a + other.a, self.b + other.b)

        def __mul__(self, other):
            other = other if isinstance(other, Dual) else Dual(other)
            return Dual(self.a * other.a, self.a * other.b + self.b * other.a)

        def __truediv__(self, n):
            return Dual(self.a / n, self.b / n)

        __radd__, __rmul__ = __add__, __mul__

        @staticmethod
        def sin(d):
            return Dual(math.sin(d.a), math.cos(d.a) * d.b)

    register_number_system(Dual, Dual)
    result = from_sympy(sympy.sin(x) * x + x / 4 + THIRD + sympy.pi, x)(Dual(0.5, 1.0))
    assert result.a == pytest.approx(math.sin(0.5) * 0.5 + 0.125 + 1 / 3 + math.pi)
    assert result.b == pytest.approx(math.cos(0.5) * 0.5 + math.sin(0.5) + 0.25)


# Derivatives


def test_all_orders_on_floats_agree_with_sympy():
    expr = sympy.exp(sympy.sin(x)) * sympy.log(x + 2) / sympy.sqrt(x**2 + 1)
    f = from_sympy(expr, x)
    for n in range(6):
        assert nth_derivative(f, n)(0.5) == pytest.approx(float(exact(expr.diff(x, n), "0.5")), rel=1e-11)


def test_gradient_hessian_and_jacobian_on_symbols():
    expr = x**2 * sympy.sin(y) + sympy.exp(x * y)
    f = from_sympy(expr, (x, y))
    assert [sympy.expand(d - expr.diff(v)) for d, v in zip(grad(f, (0, 1))(x, y), (x, y), strict=True)] == [0, 0]
    second = sympy.Matrix(hessian(f, (0, 1))(x, y))
    assert (second - sympy.hessian(expr, (x, y))).expand() == sympy.zeros(2, 2)
    assert jacobian(lambda a, b: (f(a, b), a), (0, 1))(x, y)[1] == (1, 0)


def test_functions_known_by_name():
    f, h = symbolic_func("f"), binary_symbolic_func("h")
    expr = h.derivative(2)(x, f(y)) * sympy.sin(f(x))
    function = from_sympy(expr, (x, y))
    assert function(x, y) == expr
    assert function(2.0, y) == h.derivative(2)(2.0, f(y)) * sympy.sin(f(2.0))
    assert sympy.expand(simple_derivative(lambda t: function(t, y))(x) - expr.diff(x)) == 0


# The program


class Counted(float):
    """A number that counts the sines that are taken."""

    sines = 0

    def __add__(self, other):
        return Counted(float(self) + other)

    @staticmethod
    def sin(c):
        Counted.sines += 1
        return Counted(math.sin(c))


register_number_system(Counted, Counted)


def test_equal_parts_are_computed_once():
    part = sympy.sin(x + y)
    Counted.sines = 0
    from_sympy(part + part * x + part**2 / (1 + part), (x, y))(Counted(0.5), Counted(0.25))
    assert Counted.sines == 1


def test_equal_parts_are_computed_once_though_they_are_two_objects():
    twins = [sympy.sin(sympy.Add(x, 1, evaluate=False), evaluate=False) for _ in range(2)]
    twins[1] = pickle.loads(pickle.dumps(twins[1]))
    assert twins[0] is not twins[1]
    Counted.sines = 0
    from_sympy(sympy.Add(*twins, evaluate=False), x)(Counted(0.5))
    assert Counted.sines == 1


def test_a_tower_of_shared_parts_takes_no_exponential_time():
    expr = x
    for _ in range(200):
        expr = sympy.Add(sympy.Mul(expr, sympy.Rational(1, 2)), sympy.Mul(expr, THIRD, evaluate=False), evaluate=False)
    f = from_sympy(expr, x)
    assert f(1.0) == pytest.approx((5 / 6) ** 200)
    assert simple_derivative(f)(1.0) == pytest.approx((5 / 6) ** 200)


def test_twenty_thousand_nested_functions_are_no_recursion():
    expr = x
    for i in range(20_000):
        expr = sympy.sin(expr, evaluate=False) if i % 2 else sympy.Add(expr, 1, evaluate=False)
    before = sys.getrecursionlimit()
    f = from_sympy(expr, x)
    assert sys.getrecursionlimit() == before
    expected = 0.5
    for i in range(20_000):
        expected = math.sin(expected) if i % 2 else expected + 1
    assert f(0.5) == expected
    assert abs(simple_derivative(f)(0.5)) < 1
    assert repr(f) == "<from_sympy: a function of x>"


def test_a_nested_constant_is_no_recursion_either():
    expr = sympy.Integer(1)
    for i in range(5_000):
        expr = sympy.sin(expr, evaluate=False) if i % 2 else sympy.Add(expr, 1, evaluate=False)
    expected = 1.0
    for i in range(5_000):
        expected = math.sin(expected) if i % 2 else expected + 1
    assert from_sympy(sympy.Add(x, expr, evaluate=False), x)(2.0) == pytest.approx(2 + expected)


def test_constants_are_computed_to_the_last_digit():
    nearly_20 = sympy.exp(sympy.pi) - sympy.pi
    assert from_sympy(x * nearly_20, x)(1.0) == float(nearly_20.evalf(30))
    assert from_sympy(x * sympy.sqrt(2), x)(1.0) == math.sqrt(2)
    assert from_sympy(x + sympy.sin(10**20), x)(0.0) == math.sin(10**20)


def test_a_plain_quotient_is_a_division():
    third = from_sympy(x / 3, x)
    assert [third(float(n)) for n in range(1, 100)] == [n / 3 for n in range(1, 100)]


def test_infinite_constants():
    assert from_sympy(sympy.Min(x, sympy.oo), x)(2.0) == 2.0
    with pytest.raises(UnsupportedValueError, match="the constant zoo in the expression has no numerical value"):
        from_sympy(sympy.Mul(x, sympy.zoo, evaluate=False), x)(1.0)


# Conditions


PIECES = sympy.Piecewise((sympy.sqrt(x - 1), x > 1), (sympy.log(-x), x < -1), (x * y, sympy.Eq(x, y)), (y**2, True))


@pytest.mark.parametrize(
    ("point", "value", "slopes"),
    [
        ((5.0, 3.0), 2.0, (0.25, 0.0)),
        ((-math.e, 3.0), 1.0, (-1 / math.e, 0.0)),
        ((0.5, 0.5), 0.25, (0.5, 0.5)),
        ((0.0, 3.0), 9.0, (0.0, 6.0)),
    ],
)
def test_only_the_branch_that_is_taken_is_computed(point, value, slopes):
    f = from_sympy(PIECES, (x, y))
    assert f(*point) == pytest.approx(value)
    assert grad(f, (0, 1))(*point) == pytest.approx(slopes)


def test_each_element_of_an_array_goes_through_its_own_branch():
    f = from_sympy(PIECES * 2 + sympy.exp(y), (x, y))
    xs, ys = np.array([5.0, -math.e, 0.5, 0.0]), np.array([3.0, 3.0, 0.5, 3.0])
    expected = [f(*point) for point in zip(xs.tolist(), ys.tolist(), strict=True)]
    np.testing.assert_allclose(f(xs, ys), expected)  # without a warning of log or sqrt
    by_x, by_y = grad(lambda x, y: f(x, y).sum(), (0, 1))(xs, ys)
    slopes = [grad(f, (0, 1))(*point) for point in zip(xs.tolist(), ys.tolist(), strict=True)]
    np.testing.assert_allclose(by_x, [s[0] for s in slopes])
    np.testing.assert_allclose(by_y, [s[1] for s in slopes])


def test_branches_broadcast():
    f = from_sympy(PIECES, (x, y))
    xs, ys = np.array([[5.0], [0.5]]), np.array([0.5, 2.0, 3.0])
    expected = [[f(a, b) for b in ys] for a in xs[:, 0]]
    np.testing.assert_allclose(f(xs, ys), expected)
    np.testing.assert_allclose(grad(lambda x: f(x, ys).sum())(xs), [[0.75], [0.5]])
    np.testing.assert_allclose(f(xs, 0.5), [[2.0], [0.25]])


def test_branches_keep_a_dtype_and_take_empty_arrays():
    f = from_sympy(sympy.Piecewise((x / 2, x > 0), (0, True)), x)
    assert f(np.array([1, -1], np.float32)).dtype == np.float32
    assert f(np.zeros((0, 3))).shape == (0, 3)
    assert grad(lambda a: f(a).sum())(np.array([1, -1], np.float32)).dtype == np.float32


def test_second_derivatives_through_branches():
    f = from_sympy(sympy.Piecewise((x**3, x > 0), (sympy.exp(x), True)), x)
    points = np.array([2.0, -1.0])
    np.testing.assert_allclose(nth_derivative(f, 2)(points), [12.0, math.exp(-1)])


UNCOVERED = sympy.Piecewise((x**2 * y, x < 1), (sympy.sqrt(x) * y, x < 2))


def test_where_no_condition_holds_the_derivative_is_no_number_either():
    f = from_sympy(UNCOVERED, (x, y))
    assert grad(f, (0, 1))(0.5, 3.0) == (3.0, 0.25)
    assert all(map(math.isnan, (f(5.0, 3.0), *grad(f, (0, 1))(5.0, 3.0), nth_derivative(lambda v: f(v, 3.0), 2)(5.0))))
    xs = np.array([0.5, 5.0], np.float32)
    assert f(xs, 3.0).dtype == np.float32
    np.testing.assert_array_equal(grad(lambda v: f(v, 3.0).sum())(xs), [3.0, np.nan])
    ys = np.array([1.0, 2.0])
    np.testing.assert_array_equal(f(5.0, ys), [np.nan, np.nan])
    np.testing.assert_array_equal(grad(lambda v: f(5.0, v).sum())(ys), [np.nan, np.nan])


def test_branches_of_an_array_of_symbols():
    f = from_sympy(UNCOVERED, (x, y))
    symbols = np.array([x, z, sympy.Rational(1, 2)], object)
    assert f(symbols, y).tolist()[:2] == [UNCOVERED, UNCOVERED.subs(x, z)]
    slopes = grad(lambda v: f(v, y).sum())(symbols)
    assert [sympy.simplify(s) for s in slopes] == [
        sympy.simplify(UNCOVERED.diff(x)), sympy.simplify(UNCOVERED.diff(x).subs(x, z)), y,
    ]  # fmt: skip
    opposite = from_sympy(sympy.Piecewise((x, ~((x > 1) | sympy.Eq(x, y))), (x**2, True)), (x, y))
    assert opposite(np.array([Fraction(1, 2), Fraction(3), Fraction(1, 3)], object), Fraction(1, 3)).tolist() == [
        Fraction(1, 2), Fraction(9), Fraction(1, 9),
    ]  # fmt: skip


@pytest.mark.parametrize("number", [0.5 + 1j, np.array([0.5, 1.0]) + 0j, mpmath.mpc(0, 1)], ids=["one", "array", "mpc"])
def test_complex_numbers_are_not_compared(number):
    with pytest.raises(UnsupportedValueError, match=r"compares numbers, and complex numbers have no order; met an? "):
        from_sympy(UNCOVERED, (x, y))(number, 1.0)


def test_where_no_condition_holds_the_result_is_nan():
    f = from_sympy(sympy.Piecewise((x, x > 0)), x)
    assert math.isnan(f(-1.0))
    np.testing.assert_array_equal(f(np.array([1.0, -1.0])), [1.0, np.nan])


def test_conditions_on_symbols_stay_a_piecewise():
    f = from_sympy(PIECES, (x, y))
    assert f(x, y) == PIECES
    assert f(x, 3) == PIECES.subs(y, 3)
    pieces = sympy.Piecewise((1, y < 0), (x**2, x < 0), (2, True))
    assert from_sympy(pieces, (x, y))(x, 3) == pieces.subs(y, 3)
    slope = simple_derivative(lambda t: f(t, y))(x)
    second = nth_derivative(lambda t: f(t, y), 2)(x)
    for point in ({x: 5, y: 3}, {x: -2, y: 3}, {x: 0, y: 3}):
        assert sympy.simplify(slope.subs(point) - PIECES.diff(x).subs(point)) == 0
        assert sympy.simplify(second.subs(point) - PIECES.diff(x, 2).subs(point)) == 0


def test_parts_that_branches_share_with_the_rest():
    part = sympy.exp(x * y)
    inner = sympy.Piecewise((part + x, y > 1), (part * sympy.log(y), True))
    expr = part + sympy.Piecewise((inner * sympy.log(x), x > 0), (part**2, True))
    f = from_sympy(expr, (x, y))
    for point in [(2.0, 2.0), (2.0, 0.5), (-2.0, -2.0)]:
        expected = [float(e.subs({x: point[0], y: point[1]}).evalf()) for e in (expr, expr.diff(x), expr.diff(y))]
        assert [f(*point), *grad(f, (0, 1))(*point)] == pytest.approx(expected)
    xs, ys = np.array([2.0, 2.0, -2.0]), np.array([2.0, 0.5, -2.0])
    np.testing.assert_allclose(f(xs, ys), [f(*p) for p in zip(xs, ys, strict=True)])


# Random expressions

LEAVES = st.sampled_from([x, y, z, sympy.Integer(2), sympy.Rational(1, 3), sympy.pi])
GROWN = st.recursive(
    LEAVES,
    lambda e: st.one_of(
        st.tuples(e, e).map(sum),
        st.tuples(e, e).map(lambda p: p[0] * p[1]),
        st.tuples(e, e).map(lambda p: p[0] / (2 + p[1] ** 2)),
        st.tuples(e, st.integers(2, 3)).map(lambda p: p[0] ** p[1]),
        st.tuples(e, st.sampled_from([sympy.sin, sympy.cos, sympy.atan, sympy.tanh, sympy.erf])).map(
            lambda p: p[1](p[0])
        ),
        e.map(lambda a: sympy.sqrt(1 + a**2)),
        e.map(lambda a: sympy.log(2 + sympy.sin(a))),
        e.map(lambda a: sympy.exp(sympy.cos(a))),
    ),
    max_leaves=8,
)
POINT = st.tuples(*[st.fractions(-2, 2, max_denominator=8)] * 3)


@settings(max_examples=40)
@given(GROWN, POINT)
def test_random_expressions_of_several_variables(expr, point):
    symbols = (x, y, z)
    f = from_sympy(expr, symbols)
    floats = [float(v) for v in point]
    expected = [float(exact(e, *point)) for e in (expr, *(expr.diff(v) for v in symbols))]
    assume(all(abs(e) < 1e6 for e in expected))
    assert (f(*symbols) - expr).equals(0)  # SymPy multiplies a number into a sum, or leaves it
    assert f(*floats) == pytest.approx(expected[0], rel=1e-9, abs=1e-9)
    assert grad(f, (0, 1, 2))(*floats) == pytest.approx(expected[1:], rel=1e-8, abs=1e-8)
    on_symbols = [float(exact(e, *point)) for e in grad(f, (0, 1, 2))(*symbols)]
    assert on_symbols == pytest.approx(expected[1:], rel=1e-12, abs=1e-12)


@settings(max_examples=40)
@given(GROWN, POINT)
def test_random_hessians(expr, point):
    symbols = (x, y, z)
    floats = [float(v) for v in point]
    expected = [[float(exact(expr.diff(a, b), *point)) for b in symbols] for a in symbols]
    assume(all(abs(e) < 1e6 for row in expected for e in row))
    result = hessian(from_sympy(expr, symbols), (0, 1, 2))(*floats)
    np.testing.assert_allclose(np.array(result, float), expected, rtol=1e-7, atol=1e-7)


# Around it


def test_a_single_symbol_or_a_sequence_of_symbols():
    assert from_sympy(x**2, x)(3) == from_sympy(x**2, [x])(3) == from_sympy(x**2, (x, y))(3, 1) == 9
    assert from_sympy(2.5, x)(1.0) == 2.5
    assert from_sympy(sympy.Integer(3), ())() == 3
    assert from_sympy(x, iter([x]))(2) == 2


def test_it_shows_what_it_is_and_can_be_pickled():
    f = from_sympy(x * y, (x, y))
    assert repr(f) == "from_sympy(x*y, (x, y))"
    assert repr(from_sympy(x, x)) == "from_sympy(x, x)"
    again = pickle.loads(pickle.dumps(f))
    assert again(2, 3) == 6
    assert (f.expr, f.args) == (x * y, (x, y))


def test_threads_share_it():
    f = from_sympy(sympy.sin(x) * sympy.pi + x / 3, x)
    results = {}
    threads = [Thread(target=lambda i=i: results.update({i: simple_derivative(f)(float(i))})) for i in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {i: simple_derivative(f)(float(i)) for i in range(16)}


F = sympy.Function("F")


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        (
            lambda: from_sympy(x + y + z, x),
            ArgumentError,
            r"(?s)contains the variable [yz], which is not among the arguments \(x\).*from_sympy\(expr, \(x, [yz]\)\)",
        ),
        (lambda: from_sympy(sympy.Symbol("x", real=True), x), ArgumentError, "their assumptions differ"),
        (lambda: from_sympy(x, (x, x)), ArgumentError, r"was given an argument twice: \(x, x\)"),
        (
            lambda: from_sympy(x, "x"),
            ArgumentError,
            r"the arguments of from_sympy are SymPy symbols; met 'x' \(a str\)",
        ),
        (lambda: from_sympy(x, x + 1), ArgumentError, "met an Add"),
        (lambda: from_sympy("x + 1", x), ArgumentError, r"(?s)met 'x \+ 1' \(a str\).*parse_expression\(text\)"),
        (lambda: from_sympy(None, x), ArgumentError, "met None"),
        (lambda: from_sympy(x + y, (x, y))(1.0), ArgumentError, r"takes 2 arguments, \(x, y\); it was given 1"),
        (lambda: from_sympy(x, x)("1"), UnsupportedValueError, r"the argument must be a number of some kind; met '1'"),
        (
            lambda: from_sympy(sympy.Order(x), x),
            UnsupportedValueError,
            r"(?s)no function for SymPy's Order.*expr\.doit\(\).*functions=\{'Order': f\}",
        ),
        (
            lambda: from_sympy(F(x), x),
            UnsupportedValueError,
            r"(?s)F is a function without a definition.*functions=\{'F': …\}.*symbolic_func\('F', 1\)",
        ),
        (lambda: from_sympy(sympy.Function("sin")(x), x), UnsupportedValueError, "sin is a function without"),
        (lambda: from_sympy(F(x).diff(x), x), UnsupportedValueError, "F is a function without"),
        (lambda: from_sympy(sympy.polygamma(y, x), (x, y))(1.0, 1.5), UnsupportedValueError, "order of polygamma"),
    ],
)
def test_what_cannot_be_done_is_said(wrong, error, says):
    with pytest.raises(error, match=says):
        wrong()
