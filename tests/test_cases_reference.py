"""The worked examples of the reference, K1-K33 as far as the types exist."""

from __future__ import annotations

import math

import pytest
import sympy

import revdiff
from revdiff import (
    DifferentiableFunc,
    RevDiff,
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atanh,
    call,
    const_diff,
    cos,
    cosh,
    derivative_op,
    from_derivative,
    init_diff,
    log,
    scalar_arg,
    scalar_arg_derivative,
    scalar_val_derivative,
    sign,
    simple_derivative,
    simple_differentiable_func,
    simple_value_and_derivative,
    sin,
    sinh,
    stop_diff,
    tan,
    tanh,
    tuple_arg_derivative,
    tuple_val_derivative,
    two_args_derivative_over_y,
)

X, Y, T, C = sympy.symbols("x y t c")


def equal(a, b):
    if isinstance(b, tuple):
        return isinstance(a, tuple) and len(a) == len(b) and all(map(equal, a, b))
    return sympy.simplify(a - b) == 0


def text(expression):
    return str(expression).replace(" ", "")


def unary(name):
    from revdiff import unary_symbolic_func

    return unary_symbolic_func(name)


def sine_by_hand(x):
    return RevDiff(sin(x.value), x.backprop @ (lambda ct: ct * cos(x.value)))


def cosine_by_hand(x):
    return RevDiff(cos(x.value), x.backprop @ (lambda ct: -(ct * sin(x.value))))


def test_K1_a_rule_written_by_hand():
    y = sine_by_hand(init_diff(0.0))
    assert (y.value, y.backprop(1.0)) == (0.0, 1.0)


@pytest.mark.parametrize(
    "y", [stop_diff(sympy.Integer(2)), sympy.Integer(2), 2, 2.0], ids=["stop_diff", "number", "2", "2.0"]
)
def test_K2_a_partial_derivative_at_a_number(y):
    assert equal(two_args_derivative_over_y(lambda x, y: x * y)(X, y), X)


def test_K3_a_cube():
    assert call(lambda x: x**3)(X) == X**3
    assert simple_derivative(lambda x: x**3)(X) == 3 * X**2
    assert simple_derivative(simple_derivative(lambda x: x**3))(X) == 6 * X


def test_K4_absolute_value_and_sign():
    assert simple_derivative(abs)(sympy.Symbol("x", real=True)) == sympy.sign(sympy.Symbol("x", real=True))
    assert text(simple_derivative(abs)(X)) == "sign(x)"
    assert simple_derivative(sign)(X) == 0
    assert simple_derivative(simple_derivative(abs))(1.0) == 0.0
    assert simple_derivative(sign)(0.0) == 0.0
    assert simple_derivative(simple_derivative(abs))(X) == 0


def test_K5_a_reciprocal():
    assert simple_derivative(lambda x: 8 / x)(2.0) == -2.0
    assert equal(simple_derivative(lambda x: 8 / x)(X), -8 / X**2)


def test_K6_call():
    assert call(cosine_by_hand)(0.0) == 1.0
    assert text(call(unary("f"))(X)) == "f(x)"


def test_K7_derivative_op():
    assert derivative_op(sin, 0.0)(1.0) == 1.0
    assert {text(part) for part in sympy.Mul.make_args(derivative_op(unary("f"), X)(C))} == {"f'(x)", "c"}


@pytest.mark.parametrize("maker", [from_derivative, simple_differentiable_func])
def test_K8_a_function_from_a_pair_of_functions(maker):
    cosine = maker(math.cos, lambda x: -sin(x))
    assert cosine(0.0) == 1.0
    derivative = simple_derivative(cosine)(0.0)
    assert derivative == 0.0
    assert math.copysign(1.0, derivative) == -1.0, "-0.0, as in -sin(0)"


def test_K9_the_same_by_init_diff():
    y = from_derivative(math.cos, lambda x: -sin(x))(init_diff(0.0))
    assert (y.value, y.backprop(1.0)) == (1.0, -0.0)


def test_K10_to_lens():
    from revdiff import to_lens

    lens = to_lens(sin)
    assert lens.get(X) == sympy.sin(X)
    assert equal(lens.set(X, C), sympy.cos(X) * C)
    both = to_lens(revdiff.square) >> to_lens(sin)
    assert both.get(X) == sympy.sin(X**2)
    assert equal(both.set(X, C), 2 * X * sympy.cos(X**2) * C)


def test_K11_from_lens():
    from revdiff import Lens, from_lens

    sine = from_lens(Lens(sin, lambda x, c: c * cos(x)))
    assert call(sine)(X) == sympy.sin(X)
    assert equal(simple_derivative(sine)(X), sympy.cos(X))


def test_K12_a_differentiable_function():
    assert isinstance(cosine_by_hand, DifferentiableFunc)
    value, derivative = simple_value_and_derivative(cosine_by_hand)(0.0)
    assert (value, derivative) == (1.0, -0.0)
    assert math.copysign(1.0, derivative) == -1.0


def test_K13_a_constant():
    c = const_diff(42.0)
    assert (c.value, c.backprop(1.0)) == (42.0, 0.0)


def test_K14_simple_derivative():
    assert simple_derivative(sin)(0.0) == 1.0
    assert simple_derivative(lambda x: x**2)(X) == 2 * X
    assert text(simple_derivative(unary("f"))(X)) == "f'(x)"


def test_K15_value_and_argument_of_the_same_type():
    # The ancestor has an operator of its own for this, same_type_derivative; here it is simple_derivative.
    assert simple_derivative(sin)(0.0) == 1.0
    assert revdiff.derivative(sin)(0.0) == 1.0


def test_K16_value_and_derivative():
    assert simple_value_and_derivative(sin)(0.0) == (0.0, 1.0)
    assert tuple(map(text, simple_value_and_derivative(unary("f"))(X))) == ("f(x)", "f'(x)")


def test_K18_the_product_of_a_pair():
    product = lambda p: p[0] * p[1]
    assert scalar_val_derivative(product)((2.0, 3.0)) == (3.0, 2.0)
    assert scalar_val_derivative(product)((X, Y)) == (Y, X)


def circle(t):
    return cos(t), sin(t)


def test_K20_a_pair_of_values():
    assert circle(0.0) == (1.0, 0.0)
    assert scalar_arg_derivative(circle)(0.0) == (-0.0, 1.0)
    assert equal(scalar_arg_derivative(circle)(T), (-sympy.sin(T), sympy.cos(T)))


def test_K21_the_sum_of_a_pair():
    total = lambda p: p[0] + p[1]
    assert total((2.0, 3.0)) == 5.0
    assert total((X, Y)) == X + Y
    assert scalar_val_derivative(total)((2.0, 3.0)) == (1.0, 1.0)
    assert scalar_val_derivative(total)((X, Y)) == (1, 1)


def test_K22_perturbations_are_not_confused():
    assert simple_derivative(lambda x: x * simple_derivative(lambda y: x + y)(stop_diff(1)))(2024.0) == 1.0


def test_K23_a_logarithm():
    assert simple_derivative(log)(X) == 1 / X


@pytest.mark.parametrize(
    ("f", "value", "derivative"),
    [
        (sin, 0.0, 1.0),
        (cos, 1.0, -0.0),
        (tan, 0.0, 1.0),
        (asin, 0.0, 1.0),
        (acos, 1.5707964, -1.0),
        (atan, 0.0, 1.0),
        (sinh, 0.0, 1.0),
        (cosh, 1.0, 0.0),
        (tanh, 0.0, 1.0),
        (asinh, 0.0, 1.0),
        (atanh, 0.0, 1.0),
    ],
    ids=lambda f: getattr(f, "__name__", ""),
)
def test_K24_elementary_functions_at_zero(f, value, derivative):
    assert simple_value_and_derivative(f)(0.0) == pytest.approx((value, derivative), abs=1e-7)


def test_K24_acosh_which_has_no_value_at_zero():
    assert simple_derivative(acosh)(2.0) == pytest.approx(1 / math.sqrt(3))


@pytest.mark.parametrize(("x", "slope"), [(10.0, 1.0), (-10.0, -1.0), (0.0, 0.0)])
def test_K25_absolute_value_and_sign_at_numbers(x, slope):
    assert simple_derivative(abs)(x) == slope
    assert simple_derivative(revdiff.abs)(x) == slope
    assert simple_derivative(sign)(x) == 0.0


def test_K26_the_gradient_of_a_product():
    assert tuple_arg_derivative(lambda p: p[0] * p[1])((X, Y)) == (Y, X)


@pytest.mark.parametrize("operator", [tuple_val_derivative, scalar_arg_derivative])
def test_K30_a_pair_of_values_symbolically(operator):
    assert equal(operator(lambda t: (sin(t), cos(t)))(X), (sympy.cos(X), -sympy.sin(X)))


def test_K31_K32_triples():
    assert tuple_arg_derivative(lambda p: p[0] * p[1] * p[2])((X, Y, T)) == (Y * T, X * T, X * Y)
    norm2 = lambda p: p[0] ** 2 + p[1] ** 2 + p[2] ** 2
    assert tuple_arg_derivative(norm2)((X, Y, T)) == (2 * X, 2 * Y, 2 * T)
    assert tuple_arg_derivative(tuple_arg_derivative(norm2))((X, Y, T)) == ((2, 0, 0), (0, 2, 0), (0, 0, 2))


def test_K33_a_triple_of_powers():
    powers = lambda x: (sympy.S.One, x**1, x**2)
    assert powers(X) == (1, X, X**2)
    assert tuple_val_derivative(powers)(X) == (0, 1, 2 * X)
    assert revdiff.custom_arg_val_derivative(scalar_arg, revdiff.tuple_val, lambda x: (1, x**1, x**2))(X) == (
        0,
        1,
        2 * X,
    )
