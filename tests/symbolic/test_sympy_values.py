"""Derivatives of SymPy's values: every elementary function, Hessians, and mixtures with other numbers."""

from __future__ import annotations

import operator
from fractions import Fraction
from operator import add, mul, sub, truediv

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import revdiff as rd
from revdiff import RevDiff, grad, hessian, init_diff, nth_derivative, primal, simple_derivative

x, y, z = sympy.symbols("x y z", real=True)
a, b = sympy.symbols("a b")
HALF = sympy.Rational(1, 2)

# fmt: off
UNARY = {
    #               SymPy                                             where it is smooth
    "square":     (lambda x: x**2,                                    "0.7"),
    "reciprocal": (lambda x: 1 / x,                                   "0.7"),
    "sqrt":       (sympy.sqrt,                                        "0.7"),
    "cbrt":       (sympy.cbrt,                                        "0.7"),
    "exp":        (sympy.exp,                                         "0.7"),
    "exp2":       (lambda x: 2**x,                                    "0.7"),
    "expm1":      (lambda x: sympy.exp(x) - 1,                        "0.7"),
    "log":        (sympy.log,                                         "0.7"),
    "log2":       (lambda x: sympy.log(x, 2),                         "0.7"),
    "log10":      (lambda x: sympy.log(x, 10),                        "0.7"),
    "log1p":      (lambda x: sympy.log(1 + x),                        "0.7"),
    "sin":        (sympy.sin,                                         "0.7"),
    "cos":        (sympy.cos,                                         "0.7"),
    "tan":        (sympy.tan,                                         "0.7"),
    "asin":       (sympy.asin,                                        "0.7"),
    "acos":       (sympy.acos,                                        "0.7"),
    "atan":       (sympy.atan,                                        "0.7"),
    "sinh":       (sympy.sinh,                                        "0.7"),
    "cosh":       (sympy.cosh,                                        "0.7"),
    "tanh":       (sympy.tanh,                                        "0.7"),
    "asinh":      (sympy.asinh,                                       "0.7"),
    "acosh":      (sympy.acosh,                                       "1.7"),
    "atanh":      (sympy.atanh,                                       "0.7"),
    "sigmoid":    (lambda x: 1 / (1 + sympy.exp(-x)),                 "0.7"),
    "softplus":   (lambda x: sympy.log(1 + sympy.exp(x)),             "0.7"),
    "deg2rad":    (lambda x: x * sympy.pi / 180,                      "0.7"),
    "rad2deg":    (lambda x: x * 180 / sympy.pi,                      "0.7"),
    "erf":        (sympy.erf,                                         "0.7"),
    "erfc":       (sympy.erfc,                                        "0.7"),
    "gamma":      (sympy.gamma,                                       "1.7"),
    "lgamma":     (sympy.loggamma,                                    "1.7"),
    "digamma":    (lambda x: sympy.polygamma(0, x),                   "1.7"),
    "sinc":       (lambda x: sympy.sin(sympy.pi * x) / (sympy.pi * x), "0.7"),
    "abs":        (lambda x: sympy.Piecewise((x, x > 0), (-x, True)), "-0.7"),
    "sign":       (lambda x: sympy.Piecewise((1, x > 0), (-1, True)), "-0.7"),
    "floor":      (lambda x: sympy.Integer(-1),                       "-0.7"),
    "ceil":       (lambda x: sympy.Integer(0),                        "-0.7"),
    "trunc":      (lambda x: sympy.Integer(0),                        "-0.7"),
}
BINARY = {
    "power":      (lambda x, y: x**y,                                           "0.7", "1.3"),
    "atan2":      (sympy.atan2,                                                 "0.7", "1.3"),
    "hypot":      (lambda x, y: sympy.sqrt(x**2 + y**2),                        "0.7", "1.3"),
    "log_base":   (lambda x, y: sympy.log(y) / sympy.log(x),                    "0.7", "1.3"),
    "logaddexp":  (lambda x, y: sympy.log(sympy.exp(x) + sympy.exp(y)),         "0.7", "1.3"),
    "logaddexp2": (lambda x, y: sympy.log(2**x + 2**y, 2),                      "0.7", "1.3"),
    "maximum":    (lambda x, y: sympy.Piecewise((x, x > y), (y, True)),         "0.7", "1.3"),
    "minimum":    (lambda x, y: sympy.Piecewise((x, x < y), (y, True)),         "0.7", "1.3"),
    "fmod":       (lambda x, y: x - y,                                          "1.7", "1.3"),
    "remainder":  (lambda x, y: x + y,                                          "-0.7", "1.3"),
    "copysign":   (lambda x, y: -x,                                             "-0.7", "1.3"),
}
# fmt: on


def close(ours, theirs, point, digits=25):
    """Tell whether two expressions have the same value at a point, to so many digits."""
    ours, theirs = (sympy.sympify(e).subs(point).evalf(40) for e in (ours, theirs))
    return abs(ours - theirs) <= sympy.Float(10) ** -digits * (1 + abs(theirs))


@pytest.mark.parametrize("order", range(5))
@pytest.mark.parametrize("name", UNARY)
def test_every_order_of_every_function_agrees_with_sympy(name, order):
    oracle, point = UNARY[name]
    ours = nth_derivative(getattr(rd, name), order)(x)
    assert close(ours, sympy.diff(oracle(x), x, order), {x: sympy.Rational(point)})


@pytest.mark.parametrize("name", UNARY)
def test_of_an_expression_by_the_chain_rule(name):
    oracle, point = UNARY[name]
    ours = nth_derivative(lambda t: getattr(rd, name)(t * t * t + a * t), 2)(x)
    at = {x: HALF, a: 2 * sympy.Rational(point) - sympy.Rational(1, 4)}  # x³ + a·x is the point
    assert close(ours, sympy.diff(oracle(x**3 + a * x), x, 2), at)


@pytest.mark.parametrize("name", BINARY)
def test_hessians_of_functions_of_two_arguments(name):
    oracle, *values = BINARY[name]
    point = dict(zip((x, y), map(sympy.Rational, values), strict=True))
    ours = hessian(getattr(rd, name), (0, 1))(x, y)
    theirs = sympy.hessian(oracle(x, y), (x, y))
    assert all(close(ours[i][j], theirs[i, j], point) for i in range(2) for j in range(2))
    gradient = grad(getattr(rd, name), (0, 1))(x, y)
    assert all(close(g, oracle(x, y).diff(v), point) for g, v in zip(gradient, (x, y), strict=True))


def test_a_hessian_is_a_formula():
    assert hessian(lambda p: p[0] ** 2 * p[1] + rd.exp(p[1]))((a, b)) == ((2 * b, 2 * a), (2 * a, sympy.exp(b)))


def test_derivatives_of_constants_are_zero_of_sympy():
    for order in range(1, 4):
        assert nth_derivative(lambda t: a, order)(x) is sympy.S.Zero
    assert simple_derivative(lambda t: t)(x) is sympy.S.One


def test_constants_stay_exact():
    assert simple_derivative(rd.exp2)(x) == 2**x * sympy.log(2)
    assert simple_derivative(rd.log10)(x) == 1 / (x * sympy.log(10))
    assert simple_derivative(rd.erf)(x) == 2 * sympy.exp(-(x**2)) / sympy.sqrt(sympy.pi)
    assert simple_derivative(rd.deg2rad)(x) == sympy.pi / 180


# Mixtures

OPERATIONS = [add, sub, mul, truediv, operator.pow]
OTHERS = [2, 1.5, Fraction(3, 2), a, a * b + 1, sympy.Rational(1, 3), sympy.pi]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("other", OTHERS, ids=str)
def test_a_revdiff_of_a_symbol_and_anything_else_in_either_order(operation, other):
    left = simple_derivative(lambda t: operation(t, other))(x)
    right = simple_derivative(lambda t: operation(other, t))(x)
    at = {x: sympy.Rational(3, 4), a: sympy.Rational(2, 3), b: HALF}
    digits = 14 if isinstance(other, float | Fraction) else 25  # Python makes a float of Fraction(3, 2)**x
    assert close(left, sympy.diff(operation(x, sympy.sympify(other)), x), at, digits)
    assert close(right, sympy.diff(operation(sympy.sympify(other), x), x), at, digits)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("number", [2, 2.0, Fraction(2)], ids=repr)
def test_a_revdiff_of_a_number_and_an_expression_in_either_order(operation, number):
    for mixed in (operation, lambda t, e: operation(e, t)):
        ours = simple_derivative(lambda t, mixed=mixed: mixed(t, a + 1))(number)
        assert isinstance(ours, sympy.Expr)
        theirs = sympy.diff(mixed(x, a + 1), x)
        assert abs((ours - theirs.subs(x, 2)).subs(a, 3).evalf()) < 1e-12


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda f: f.__name__)
def test_an_expression_a_revdiff_and_a_number_in_one_operation(operation):
    orders = [
        lambda t, e, n: operation(operation(t, e), n),
        lambda t, e, n: operation(e, operation(n, t)),
        lambda t, e, n: operation(n, operation(e, t)),
        lambda t, e, n: operation(operation(n, t), e),
    ]
    for mixed in orders:
        ours = simple_derivative(lambda t, mixed=mixed: mixed(t, a, 2))(x)
        assert close(ours, sympy.diff(mixed(x, a, 2), x), {x: HALF, a: sympy.Rational(3, 4)})


def test_two_layers_and_an_expression():
    r, s = init_diff(x), init_diff(y)
    for mixed in (a * r * s, r * a * s, r * s * a, s * r * a, a * (s * r)):
        assert isinstance(mixed, RevDiff)
        assert sympy.expand(primal(mixed) - a * x * y) == 0
    assert simple_derivative(lambda t: t * simple_derivative(lambda s: a * t + s * t * b)(y))(x) == 2 * b * x


def test_sympys_own_functions_say_what_to_write():
    with pytest.raises(TypeError):
        sympy.sin(init_diff(x))


@pytest.mark.parametrize("name", ["atan2", "hypot", "power", "maximum", "logaddexp"])
def test_functions_of_two_arguments_mix_too(name):
    f = getattr(rd, name)
    for mixed, expected in [
        (lambda t: f(t, 2), f(x, 2)),
        (lambda t: f(2, t), f(2, x)),
        (lambda t: f(t, y), f(x, y)),
        (lambda t: f(y, t), f(y, x)),
    ]:
        slope = expected.rewrite(sympy.Piecewise).diff(x) if name == "maximum" else expected.diff(x)
        assert close(simple_derivative(mixed)(x), slope, {x: sympy.Rational(3, 4), y: HALF}, digits=14)


# Random functions, written once and applied to symbols and to RevDiffs

FUNCTIONS = ["sin", "cos", "tanh", "atan", "exp", "erf", "asinh", "softplus", "sigmoid"]


@st.composite
def programs(draw, depth=4):
    """Return a function of (module of functions, x, y) that runs on both kinds of values."""
    if depth == 0 or draw(st.integers(0, 5)) == 0:
        leaf = draw(st.sampled_from(["x", "y", sympy.Integer(2), HALF]))
        return lambda f, x, y: {"x": x, "y": y}.get(leaf, leaf)
    first = draw(programs(depth=depth - 1))
    if draw(st.booleans()):
        name = draw(st.sampled_from(FUNCTIONS))
        return lambda f, x, y: f(name)(first(f, x, y))
    second = draw(programs(depth=depth - 1))
    operation = draw(st.sampled_from([add, sub, mul]))
    return lambda f, x, y: operation(first(f, x, y), second(f, x, y))


def of_sympy(name):
    return UNARY[name][0]


def of_revdiff(name):
    return getattr(rd, name)


@given(programs(), st.lists(st.sampled_from([0, 1]), min_size=1, max_size=3))
def test_random_programs_differentiated_in_a_random_nesting(program, by):
    ours = lambda *p: program(of_revdiff, *p)
    theirs = program(of_sympy, x, y)
    for i in by:
        ours = rd.partial_derivative(ours, i)
        theirs = sympy.diff(theirs, (x, y)[i])
    assert close(ours(x, y), theirs, {x: sympy.Rational(3, 7), y: sympy.Rational(-2, 5)})
