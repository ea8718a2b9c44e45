"""The worked examples of the reference, K1-K45; those that the tutorial has as well stand there."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy

import revdiff
from revdiff import (
    DifferentiableFunc,
    FiniteSupportStream,
    Lens,
    RevDiff,
    Stream,
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
    custom_arg_derivative,
    custom_arg_val_derivative,
    custom_val_derivative,
    derivative_op,
    finite_support_stream_arg_derivative,
    finite_support_stream_val,
    finite_support_stream_val_derivative,
    from_derivative,
    from_lens,
    grad,
    init_diff,
    log,
    mk_optional_arg,
    mk_optional_val,
    mk_tuple_arg,
    mk_tuple_val,
    optional_arg,
    optional_arg_derivative,
    optional_val,
    optional_val_derivative,
    scalar_arg,
    scalar_arg_derivative,
    scalar_val,
    scalar_val_derivative,
    sign,
    simple_derivative,
    simple_differentiable_func,
    simple_value_and_derivative,
    sin,
    sinh,
    stop_diff,
    stream_arg_derivative,
    symbolic_func,
    tan,
    tanh,
    to_lens,
    tuple_arg,
    tuple_arg_derivative,
    tuple_val,
    tuple_val_derivative,
    two_args_derivative_over_x,
    two_args_derivative_over_y,
    unary_symbolic_func,
    vector_arg,
    vector_arg_derivative,
)
from tests.formulas import equal, text

X, Y, T, C = sympy.symbols("x y t c")


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
    assert text(call(unary_symbolic_func("f"))(X)) == "f(x)"


def test_K7_derivative_op():
    assert derivative_op(sin, 0.0)(1.0) == 1.0
    assert {text(part) for part in sympy.Mul.make_args(derivative_op(unary_symbolic_func("f"), X)(C))} == {"f'(x)", "c"}


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
    lens = to_lens(sin)
    assert lens.get(X) == sympy.sin(X)
    assert equal(lens.set(X, C), sympy.cos(X) * C)
    both = to_lens(revdiff.square) >> to_lens(sin)
    assert both.get(X) == sympy.sin(X**2)
    assert equal(both.set(X, C), 2 * X * sympy.cos(X**2) * C)


def test_K11_from_lens():
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
    assert text(simple_derivative(unary_symbolic_func("f"))(X)) == "f'(x)"


def test_K15_value_and_argument_of_the_same_type():
    # The ancestor has an operator of its own for this, same_type_derivative; here it is simple_derivative.
    assert simple_derivative(sin)(0.0) == 1.0
    assert revdiff.derivative(sin)(0.0) == 1.0


def test_K16_value_and_derivative():
    assert simple_value_and_derivative(sin)(0.0) == (0.0, 1.0)
    assert tuple(map(text, simple_value_and_derivative(unary_symbolic_func("f"))(X))) == ("f(x)", "f'(x)")


def test_K21_the_sum_of_a_pair():
    total = lambda p: p[0] + p[1]
    assert total((2.0, 3.0)) == 5.0
    assert total((X, Y)) == X + Y
    assert scalar_val_derivative(total)((2.0, 3.0)) == (1.0, 1.0)
    assert scalar_val_derivative(total)((X, Y)) == (1, 1)


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


# ---------------------------------------------------------------------- tuples, vectors, streams, optional values


F, G = symbolic_func("f"), symbolic_func("g")
S = Stream.tabulate(lambda n: sympy.Symbol(f"s_{n}"))

LISTS_AND_ARRAYS = pytest.mark.parametrize("vector", [list, np.array], ids=["list", "array"])


def twice(operator):
    return lambda f: operator(operator(f))


@pytest.mark.parametrize(
    "operator",
    [
        scalar_val_derivative,
        tuple_arg_derivative,
        grad,
        lambda f: custom_arg_derivative(tuple_arg, f),
        lambda f: custom_arg_val_derivative(mk_tuple_arg(scalar_arg, scalar_arg), scalar_val, f),
    ],
    ids=["scalar_val_derivative", "tuple_arg_derivative", "grad", "tuple_arg", "mk_tuple_arg"],
)
def test_K18_K26_the_product_of_a_pair(operator):
    product = lambda p: p[0] * p[1]
    assert operator(product)((2.0, 3.0)) == (3.0, 2.0)
    assert operator(product)((X, Y)) == (Y, X)


def product_of_two(p):
    x, y = p
    return F(x) * G(y)


@pytest.mark.parametrize(
    ("place", "first", "second"), [(0, "f'(x)*g(y)", "f''(x)*g(y)"), (1, "f(x)*g'(y)", "f(x)*g''(y)")]
)
def test_K28_partial_derivatives_by_a_place_of_a_pair(place, first, second):
    # The ancestor has an operator for each place; here the place is taken out of the gradient.
    over = lambda f: lambda p: tuple_arg_derivative(f)(p)[place]
    assert text(over(product_of_two)((X, Y))) == first
    assert text(twice(over)(product_of_two)((X, Y))) == second


@pytest.mark.parametrize(
    ("operator", "first", "second"),
    [
        (two_args_derivative_over_x, "f'(x)*g(y)", "f''(x)*g(y)"),
        (two_args_derivative_over_y, "f(x)*g'(y)", "f(x)*g''(y)"),
    ],
    ids=["x", "y"],
)
def test_K29_partial_derivatives_by_one_of_two_arguments(operator, first, second):
    f = lambda x, y: F(x) * G(y)
    assert text(operator(f)(X, Y)) == first
    assert text(twice(operator)(f)(X, Y)) == second


def test_K30_K31_K32_K33_by_descriptors_for_every_place():
    pair = custom_arg_val_derivative(scalar_arg, mk_tuple_val(scalar_val, scalar_val), lambda t: (sin(t), cos(t)))
    assert equal(pair(X), (sympy.cos(X), -sympy.sin(X)))
    triple = mk_tuple_arg(scalar_arg, scalar_arg, scalar_arg)
    assert custom_arg_derivative(triple, lambda p: p[0] * p[1] * p[2])((X, Y, T)) == (Y * T, X * T, X * Y)
    over_triple = lambda f: custom_arg_derivative(triple, f)
    norm2 = lambda p: p[0] ** 2 + p[1] ** 2 + p[2] ** 2
    assert twice(over_triple)(norm2)((X, Y, T)) == ((2, 0, 0), (0, 2, 0), (0, 0, 2))
    three = tuple_val(scalar_val, scalar_val, scalar_val)
    assert custom_arg_val_derivative(scalar_arg, three, lambda x: (1, x**1, x**2))(X) == (0, 1, 2 * X)


@LISTS_AND_ARRAYS
def test_K35_the_gradient_of_the_sum_of_a_vector(vector):
    symbolic = vector_arg_derivative(sum)(vector([X, Y, T]))
    assert type(symbolic) is type(vector([]))
    assert list(symbolic) == [1, 1, 1]
    assert list(vector_arg_derivative(sum)(vector([2.0, 3.0, 5.0]))) == [1.0, 1.0, 1.0]


@LISTS_AND_ARRAYS
@pytest.mark.parametrize(
    "operator",
    [vector_arg_derivative, lambda f: custom_arg_derivative(vector_arg, f)],
    ids=["vector_arg_derivative", "vector_arg"],
)
def test_K36_the_squared_norm_of_a_vector(operator, vector):
    norm2 = lambda v: v[0] ** 2 + v[1] ** 2 + v[2] ** 2
    assert norm2(vector([X, Y, T])) == X**2 + Y**2 + T**2
    assert list(operator(norm2)(vector([X, Y, T]))) == [2 * X, 2 * Y, 2 * T]
    hessian = twice(operator)(norm2)(vector([X, Y, T]))
    assert [list(row) for row in hessian] == [[2, 0, 0], [0, 2, 0], [0, 0, 2]]


def sum4(stream):
    s0, s1, s2, s3 = stream.take(4)
    return s0 + (s1 + (s2 + s3))


def test_K39_the_second_derivatives_by_a_stream():
    assert str(twice(stream_arg_derivative)(sum4)(S)) == "[[0,0,0,...,[0,0,0,...,[0,0,0,...,..."


def test_K39_the_second_derivatives_of_a_sum_of_squares():
    hessian = twice(stream_arg_derivative)(lambda s: s[0] ** 2 + s[0] * s[2])(S)
    corner = [row.take(4) for row in hessian.take(4)]
    assert corner == [[2, 0, 1, 0], [0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]]


def powers(t):
    return FiniteSupportStream([t**3, t**2, t, t**0], zero=sympy.S.Zero)


@pytest.mark.parametrize(
    "operator",
    [finite_support_stream_val_derivative, lambda f: custom_val_derivative(finite_support_stream_val, f)],
    ids=["finite_support_stream_val_derivative", "finite_support_stream_val"],
)
def test_K40_a_finite_support_stream_of_values(operator):
    assert text(powers(T)) == "[t**3,t**2,t,1,0,0,0,..."
    derivative = operator(powers)(T)
    assert isinstance(derivative, FiniteSupportStream)
    assert equal(derivative.take(7), [3 * T**2, 2 * T, 1, 0, 0, 0, 0])
    assert text(derivative) == "[3*t**2,2*t,1,0,0,0,..."
    assert operator(lambda t: FiniteSupportStream([t**3, t**2, t, 1.0]))(2.0).take(6) == [12.0, 4.0, 1.0, 0.0, 0.0, 0.0]


def test_K41_the_gradient_of_the_sum_of_a_finite_support_stream():
    x = FiniteSupportStream([1.0, 2.0, 3.0])
    assert x.sum() == 6.0
    # Σ xᵢ depends on the zeros after the support as well: the gradient has no end.
    gradient = finite_support_stream_arg_derivative(lambda x: x.sum())(x)
    assert isinstance(gradient, Stream)
    assert gradient.take(7) == [1.0] * 7
    # The sum of what is stored does not.
    stored = finite_support_stream_arg_derivative(lambda x: sum(x.to_list()))(x)
    assert stored.take(5) == [1.0, 1.0, 1.0, 0.0, 0.0]


def test_K42_the_derivatives_of_a_sum_of_symbols():
    s = FiniteSupportStream(S.take(4))
    assert str(s) == "[s_0,s_1,s_2,s_3,0,0,0,..."
    assert s.sum() == sum(S.take(4))
    derivative = finite_support_stream_arg_derivative
    assert derivative(lambda x: x.sum())(s).take(7) == [1] * 7
    assert derivative(lambda x: sum(x.to_list()))(s).take(7) == [1, 1, 1, 1, 0, 0, 0]
    for total in (lambda x: x.sum(), lambda x: sum(x.to_list())):
        hessian = twice(derivative)(total)(s)
        assert [row.take(4) for row in hessian.take(7)] == [[0] * 4] * 7


def test_K42_the_second_derivatives_of_a_sum_of_squares():
    hessian = twice(finite_support_stream_arg_derivative)(lambda x: (x * x).sum())(FiniteSupportStream(S.take(2)))
    assert [row.take(4) for row in hessian.take(4)] == [[2, 0, 0, 0], [0, 2, 0, 0], [0, 0, 2, 0], [0, 0, 0, 2]]


def safe_reciprocal(x):
    return None if x == 0 else 1 / x


def test_K43_a_reciprocal_that_may_be_absent():
    assert safe_reciprocal(2.0) == 0.5
    assert safe_reciprocal(0.0) is None
    for derivative in (optional_val_derivative(safe_reciprocal), custom_val_derivative(optional_val, safe_reciprocal)):
        assert derivative(2.0) == -0.25
        assert derivative(0.0) is None
    assert custom_arg_val_derivative(scalar_arg, mk_optional_val(scalar_val), safe_reciprocal)(2.0) == -0.25


@pytest.mark.parametrize(
    "operator",
    [
        optional_arg_derivative,
        lambda f: custom_arg_derivative(optional_arg, f),
        lambda f: custom_arg_val_derivative(optional_arg(scalar_arg, absent=0.0), scalar_val, f),
    ],
    ids=["optional_arg_derivative", "optional_arg", "optional_arg(scalar_arg)"],
)
def test_K44_an_argument_that_may_be_absent(operator):
    def f(x):
        match x:
            case None:
                return 0.0
            case _:
                return x

    assert operator(f)(3.0) == 1.0
    assert operator(f)(None) == 0.0


def test_K45_the_derivative_by_what_is_absent_is_zero():
    derivative = optional_arg_derivative(lambda x: 0.0 if x is None else sin(x))
    assert derivative(0.0) == 1.0
    assert derivative(None) == 0.0


def test_K45_the_derivative_of_what_is_absent_is_absent():
    derivative = custom_arg_val_derivative(optional_arg, optional_val, lambda x: None if x is None else sin(x))
    assert derivative(0.0) == 1.0
    assert derivative(None) is None
    assert custom_arg_derivative(mk_optional_arg(scalar_arg), lambda x: 2.0 if x is None else sin(x))(0.0) == 1.0
