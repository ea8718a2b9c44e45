"""The worked examples of backprop, B1-B47 as far as the types exist."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy

import revdiff
from revdiff import (
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atanh,
    cosh,
    exp,
    grad,
    jacobian,
    log,
    log_base,
    nth_derivative,
    primal,
    primitive,
    reciprocal,
    sign,
    simple_derivative,
    simple_value_and_derivative,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
    value_and_grad,
    vjp,
)


def test_B1_a_square():
    assert simple_derivative(lambda x: x**2 + 3)(9.0) == 18.0
    assert simple_derivative(lambda x: x**2 + 3)(9) == 18


def test_B2_a_number_and_an_array():
    value, (dx, dxs) = value_and_grad(lambda x, xs: (xs**2).sum() / x, (0, 1))(9.0, np.array([1.0, 6.0, 2.0]))
    assert value == pytest.approx(4.555555555555555, rel=1e-12)
    assert dx == pytest.approx(-0.5061728395061729, rel=1e-12)
    np.testing.assert_allclose(dxs, [0.2222222222222222, 1.3333333333333333, 0.4444444444444444], rtol=1e-12)


def test_B3_a_root():
    value, derivative = simple_value_and_derivative(lambda x: sqrt(4 * x))(9.0)
    assert value == 6.0
    assert derivative == pytest.approx(0.3333333333333333, rel=1e-12)


def test_B4_a_root_of_a_symbol():
    x = sympy.Symbol("x", positive=True)
    value, derivative = simple_value_and_derivative(lambda x: sqrt(x * 4))(x)
    assert sympy.simplify(value - sympy.sqrt(x * 4)) == 0
    assert sympy.simplify(derivative - 1 / sympy.sqrt(x)) == 0


def test_B5_a_structure_unpacked_by_a_pattern():
    def f(xyz):
        x, y, z = xyz
        return sqrt(x / y) * z

    value, gradient = value_and_grad(f)((3.0, 5.0, -2.0))
    assert value == pytest.approx(-1.5491933384829668, rel=1e-12)
    assert gradient == pytest.approx((-0.2581988897471611, 0.15491933384829668, 0.7745966692414834), rel=1e-12)
    array = grad(f)(np.array([3.0, 5.0, -2.0]))
    np.testing.assert_allclose(array, gradient, rtol=1e-12)


LOGITS = np.array([0.9, 0.2, 0.3])
TARGET = np.array([1.0, 0.0, 0.0])
EXPECTED = [-0.7314742091958236, 0.3474654731904, 0.38400873600542373]


def softmax(x):
    e = np.exp(x)
    return e / e.sum()


def cross_entropy(target, p):
    return -(target * np.log(p)).sum()


def test_B10_softmax_and_cross_entropy_squared():
    value, gradient = value_and_grad(lambda x: cross_entropy(TARGET, softmax(x)) ** 2)(LOGITS)
    np.testing.assert_allclose(gradient, EXPECTED, rtol=1e-12)
    assert math.sqrt(value) == pytest.approx(0.7155918732927511, rel=1e-12)


def test_B11_the_same_written_as_one_function():
    gradient = grad(lambda x: (-(TARGET * np.log(np.exp(x) / np.exp(x).sum())).sum()) ** 2)(LOGITS)
    np.testing.assert_allclose(gradient, EXPECTED, rtol=1e-12)


@primitive
def fused_loss(x, *, target):
    p = softmax(x)
    return cross_entropy(target, p), lambda ct: ct * (p - target)


def test_B12_the_same_with_a_fused_gradient_written_by_hand():
    gradient = grad(lambda x: fused_loss(x, target=TARGET) ** 2)(LOGITS)
    np.testing.assert_allclose(gradient, [-0.7314742091958235, 0.34746547319040005, 0.38400873600542373], rtol=1e-12)


def test_B13_a_target_that_does_not_sum_to_one():
    target = np.array([1.0, 0.5, 0.0])
    automatic = grad(lambda x: cross_entropy(target, softmax(x)))(LOGITS)
    fused = grad(lambda x: fused_loss(x, target=target))(LOGITS)
    right = target.sum() * softmax(LOGITS) - target
    np.testing.assert_allclose(automatic, right, rtol=1e-12)
    assert not np.allclose(fused, automatic)
    h = 1e-6
    numeric = [
        (cross_entropy(target, softmax(LOGITS + h * e)) - cross_entropy(target, softmax(LOGITS - h * e))) / (2 * h)
        for e in np.eye(3)
    ]
    np.testing.assert_allclose(automatic, numeric, rtol=1e-7)


@pytest.mark.parametrize(("x", "slope"), [(-2.0, -1.0), (2.0, 1.0), (0.0, 1.0)])
def test_B14_absolute_value_by_branching(x, slope):
    assert simple_derivative(lambda x: -x if x < 0 else x)(x) == slope
    assert simple_derivative(abs)(x) == (slope if x else 0.0)


def test_B15_a_primitive():
    square = primitive(lambda x: (x**2, lambda d: 2 * x * d))
    assert simple_derivative(square)(3.0) == 6.0
    sine = primitive(lambda x: (sin(x), lambda d: d * revdiff.cos(x)))
    assert simple_derivative(sine)(1.0) == pytest.approx(0.5403023058681398, rel=1e-12)


def test_B16_a_primitive_of_two_arguments():
    times = primitive(lambda x, y: (x * y, lambda d: (d * y, d * x)))
    assert value_and_grad(times, (0, 1))(3.0, 5.0) == (15.0, (5.0, 3.0))


def test_B18_one_primitive_after_another():
    times = primitive(lambda x, y: (x * y, lambda d: (d * y, d * x)))
    exponential = primitive(lambda x: (exp(x), lambda d: d * exp(x)))
    gradient = grad(lambda x, y: exponential(times(x, y)), (0, 1))(3.0, 0.1)
    assert gradient == pytest.approx((0.13498588075760032, 4.049576422728009), rel=1e-12)


def test_B19_the_sum_of_two_primitives():
    square = primitive(lambda x: (x**2, lambda d: 2 * x * d))
    sine = primitive(lambda x: (sin(x), lambda d: d * revdiff.cos(x)))
    value, derivative = simple_value_and_derivative(lambda x: square(x) + sine(x))(1.0)
    assert (value, derivative) == pytest.approx((1.8414709848078965, 2.5403023058681398), rel=1e-12)


def test_B20_pairs_and_triples():
    assert grad(lambda p: p[0] * p[1] + p[0])((3.0, 4.0)) == (5.0, 3.0)
    assert grad(lambda p: p[0] * p[1] + p[2])((3.0, 4.0, 5.0)) == (4.0, 3.0, 1.0)


def test_B30_a_straight_through_round():
    through = primitive(lambda x: (round(primal(x)), lambda d: d))
    assert simple_derivative(lambda x: 2 * through(x))(3.7) == 2.0


def test_B31_vjp():
    value, pullback = vjp(lambda x: x**2, 3.0)
    assert (value, pullback(1.0), pullback(10.0)) == (9.0, 6.0, 60.0)


@pytest.mark.parametrize(
    ("powers", "unit", "ones"),
    [
        (lambda x: (x, x**2, x**3), lambda i: tuple(float(i == j) for j in range(3)), (1.0, 1.0, 1.0)),
        (lambda x: np.stack([x, x**2, x**3]), lambda i: np.eye(3)[i], np.ones(3)),
        (lambda x: np.array([x, x**2, x**3]), lambda i: np.eye(3)[i], np.ones(3)),
    ],
    ids=["tuple", "np.stack", "np.array"],
)
def test_B32_three_powers(powers, unit, ones):
    value, pullback = vjp(powers, 2.0)
    assert [float(primal(part)) for part in value] == [2.0, 4.0, 8.0]
    assert [pullback(unit(i)) for i in range(3)] == [1.0, 4.0, 12.0]
    assert pullback(ones) == 17.0
    np.testing.assert_allclose(np.asarray(jacobian(powers)(2.0), float), [1.0, 4.0, 12.0])


def test_B34_integers_are_exact():
    assert simple_derivative(lambda x: x**3)(3) == 27
    assert isinstance(simple_derivative(lambda x: x**3)(3), int)
    assert simple_derivative(lambda x: x**3)(10**20) == 3 * 10**40


@pytest.mark.parametrize(
    ("f", "x", "expected"),
    [
        (reciprocal, 0.5, -4.0),
        (lambda x: 1 / x, 0.5, -4.0),
        (tan, 0.5, 1.2984464104095248),
        (asin, 0.5, 1.1547005383792517),
        (acos, 0.5, -1.1547005383792517),
        (atan, 0.5, 0.8),
        (sinh, 0.5, 1.1276259652063807),
        (cosh, 0.5, 0.5210953054937474),
        (tanh, 0.5, 0.7864477329659275),
        (asinh, 0.5, 0.8944271909999159),
        (atanh, 0.5, 1.3333333333333333),
        (acosh, 2.0, 0.5773502691896258),
    ],
    ids=lambda f: getattr(f, "__name__", ""),
)
def test_B46_elementary_functions(f, x, expected):
    assert simple_derivative(f)(x) == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(simple_derivative(f)(np.array([x])), [expected], rtol=1e-12)


def test_B46_a_logarithm_to_a_base():
    assert log_base(2.0, 8.0) == pytest.approx(3.0)
    assert grad(log_base, (0, 1))(2.0, 8.0) == pytest.approx((-2.1640425613334453, 0.18033688011112042), rel=1e-12)
    assert grad(lambda b, x: log(x) / log(b), (0, 1))(2.0, 8.0) == pytest.approx(
        (-2.1640425613334453, 0.18033688011112042), rel=1e-12
    )


SYSTEMS = [
    pytest.param(float, id="float"),
    pytest.param(np.float64, id="float64"),
    pytest.param(lambda x: np.array([x]), id="array"),
]


@pytest.mark.parametrize("number", SYSTEMS)
def test_B47_absolute_value_and_sign_at_the_edges(number):
    assert simple_derivative(abs)(number(0.0)) == 0.0
    assert simple_derivative(sign)(number(2.0)) == 0.0
    assert simple_derivative(sign)(number(0.0)) == 0.0


@pytest.mark.parametrize("number", SYSTEMS)
def test_B47_zero_squared_in_both_arguments_is_documented_to_be_zero(number):
    power = lambda x, y: (x**y).sum() if isinstance(primal(x), np.ndarray) else x**y
    assert grad(power, (0, 1))(number(0.0), number(2.0)) == (0.0, 0.0)


@pytest.mark.parametrize("number", SYSTEMS)
def test_B47_a_root_at_zero_follows_ieee(number):
    assert simple_derivative(sqrt)(number(0.0)) == math.inf
    assert np.isnan(simple_derivative(lambda x: sqrt(x * x))(number(0.0)))


@pytest.mark.parametrize("number", SYSTEMS)
@pytest.mark.parametrize("n", [0, 1, 2, 3, 4])
def test_B47_the_derivatives_of_a_power_at_zero_are_right_at_every_order(n, number):
    for order in range(1, 6):
        expected = math.factorial(n) if order == n else 0.0
        assert nth_derivative(lambda x: x**n, order)(number(0.0)) == expected


def test_B50_long_chains():
    def doubled(y):
        for _ in range(1000):
            y = y + y
        return y

    assert simple_derivative(doubled)(1.0) == 1.0715086071862673e301

    def grown(y):
        for _ in range(1_000_000):
            y = y * 1.0000001 + 0
        return y

    assert simple_derivative(grown)(1.0) == pytest.approx(1.1051709126143134, rel=1e-9)
