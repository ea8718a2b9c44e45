"""The worked examples of the tutorial, T1-T53, and those of the reference that repeat them. Symbols are SymPy's."""

from __future__ import annotations

from functools import reduce

import numpy as np
import pytest
import sympy

import revdiff
from revdiff import (
    FiniteSupportStream,
    Stream,
    auto_arg,
    auto_val,
    binary_symbolic_func,
    cos,
    custom_arg_derivative,
    custom_arg_val_derivative,
    custom_val_derivative,
    exp,
    init_diff,
    log,
    mk_stream_arg,
    mk_stream_val,
    mk_tuple_arg,
    mk_tuple_val,
    mk_vector_arg,
    mk_vector_val,
    nth_derivative,
    scalar_arg,
    scalar_arg_derivative,
    scalar_val,
    simple_derivative,
    sin,
    stop_diff,
    stream_arg,
    stream_arg_derivative,
    stream_val,
    stream_val_derivative,
    symbolic_func,
    tuple_arg,
    tuple_arg_derivative,
    tuple_val,
    two_args_derivative,
    two_args_derivative_over_y,
    unary_symbolic_func,
    vector_arg,
    vector_arg_derivative,
    vector_val,
    vector_val_derivative,
)
from tests.formulas import equal, text

X, Y, Z, T = sympy.symbols("x y z t")


def factors(expression):
    return {text(factor) for factor in sympy.Mul.make_args(expression)}


def terms(expression):
    return {frozenset(factors(term)) for term in sympy.Add.make_args(sympy.expand(expression))}


# ---------------------------------------------------------------------- quick start

POINTS = [-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0]


def f(x):
    return x * x


def test_T1_the_values_of_a_square():
    assert [f(x) for x in POINTS] == [9.0, 4.0, 1.0, 0.0, 1.0, 4.0, 9.0]


def test_T2_the_first_derivative_of_a_square():
    assert [simple_derivative(f)(x) for x in POINTS] == [-6.0, -4.0, -2.0, 0.0, 2.0, 4.0, 6.0]


def test_T3_the_second_derivative_of_a_square():
    assert [simple_derivative(simple_derivative(f))(x) for x in POINTS] == [2.0] * 7


def g(x):
    return log(x**2 + x**3)


def test_T4_the_value_of_a_logarithm():
    assert g(1.0) == pytest.approx(0.6931472, abs=1e-7)


def test_T5_the_derivative_of_a_logarithm():
    assert simple_derivative(g)(1.0) == 2.5


def test_T6_a_symbolic_value():
    assert sin(X**2) == sympy.sin(X**2)


def test_T7_a_symbolic_derivative():
    derivative = simple_derivative(lambda x: sin(x**2))(X)
    assert equal(derivative, 2 * X * sympy.cos(X**2))


def test_T8_a_composition_of_symbolic_functions():
    f, g = unary_symbolic_func("f"), unary_symbolic_func("g")
    assert text(g(f(X))) == "g(f(x))"


def test_T10_the_derivative_of_a_composition():
    f, g = unary_symbolic_func("f"), unary_symbolic_func("g")
    assert factors(simple_derivative(lambda x: g(f(x)))(X)) == {"f'(x)", "g'(f(x))"}


def test_T11_the_second_derivative_of_a_composition():
    f, g = unary_symbolic_func("f"), unary_symbolic_func("g")
    second = simple_derivative(simple_derivative(lambda x: g(f(x))))(X)
    assert terms(second) == {frozenset({"f''(x)", "g'(f(x))"}), frozenset({"f'(x)**2", "g''(f(x))"})}


# ---------------------------------------------------------------------- two arguments


def test_T12_a_symbolic_function_of_two_arguments():
    assert text(binary_symbolic_func("h")(X, Y)) == "h(x,y)"


def test_T13_its_two_partial_derivatives():
    h = binary_symbolic_func("h")
    assert tuple(map(text, two_args_derivative(h)(X, Y))) == ("h'_1(x,y)", "h'_2(x,y)")


def test_T14_its_four_second_partial_derivatives():
    h = binary_symbolic_func("h")
    second = two_args_derivative(two_args_derivative(h))(X, Y)
    assert tuple(tuple(map(text, row)) for row in second) == (
        ("h'_1'_1(x,y)", "h'_1'_2(x,y)"),
        ("h'_2'_1(x,y)", "h'_2'_2(x,y)"),
    )
    assert equal(second[0][1], second[1][0]), "mixed partial derivatives are equal"


# ---------------------------------------------------------------------- Siskind and Pearlmutter


def test_T15_a_derivative_over_y_of_a_product():
    assert two_args_derivative_over_y(lambda x, y: x * y)(X, Y) == X


def test_T16_the_same_at_a_literal():
    assert two_args_derivative_over_y(lambda x, y: x * y)(X, 1) == X
    assert simple_derivative(lambda y: X * y)(1) == X


def test_T17_the_outer_derivative_of_an_inner_one():
    assert simple_derivative(lambda x: simple_derivative(lambda y: x * y)(1))(X) == 1
    assert simple_derivative(lambda x: two_args_derivative_over_y(lambda x, y: x * y)(x, 1))(X) == 1


@pytest.mark.parametrize(
    "one", [1, 1.0, stop_diff(1), stop_diff(1.0)], ids=["1", "1.0", "stop_diff(1)", "stop_diff(1.0)"]
)
def test_T18_K22_perturbations_are_not_confused(one):
    assert simple_derivative(lambda x: x * simple_derivative(lambda y: x + y)(one))(2024.0) == 1.0


# ---------------------------------------------------------------------- how it works


@pytest.mark.parametrize(
    ("f", "derivative"),
    [(sin, np.cos), (lambda x: x * x, lambda x: 2 * x), (exp, np.exp)],
    ids=["sin", "square", "exp"],
)
def test_T19_a_differentiable_function_maps_the_root_to_value_and_pullback(f, derivative):
    root = init_diff(0.7)
    assert (root.value, root.backprop(5.0)) == (0.7, 5.0)
    y = f(root)
    assert y.value == f(0.7)
    assert y.backprop(1.0) == pytest.approx(derivative(0.7))


def test_T19_for_a_symbolic_function():
    f = unary_symbolic_func("f")
    root = init_diff(X)
    assert root.value == X
    assert root.backprop(sympy.Integer(1)) == 1
    assert text(f(root).value) == "f(x)"
    assert text(f(root).backprop(sympy.Integer(1))) == "f'(x)"


# ---------------------------------------------------------------------- structured types


def on_sphere(angles):
    t, p = angles
    return cos(t) * cos(p), cos(t) * sin(p), sin(t)


@pytest.mark.parametrize(
    ("arg", "val"),
    [(tuple_arg, tuple_val), (auto_arg, tuple_val), (tuple_arg, auto_val), (auto_arg, auto_val)],
    ids=["tuple, tuple", "auto, tuple", "tuple, auto", "auto, auto"],
)
def test_T20_angles_to_a_vector(arg, val):
    assert custom_arg_val_derivative(arg, val, on_sphere)((0.0, 0.0)) == ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0))


@pytest.mark.parametrize(
    "operator",
    [
        lambda f: custom_arg_val_derivative(tuple_arg, vector_val, f),
        lambda f: custom_arg_val_derivative(auto_arg, vector_val, f),
        lambda f: custom_arg_val_derivative(tuple_arg, auto_val, f),
        tuple_arg_derivative,
        vector_val_derivative,
    ],
    ids=["tuple, vector", "auto, vector", "tuple, auto", "tuple_arg_derivative", "vector_val_derivative"],
)
def test_T20_K17_angles_to_a_vector_by_five_operators(operator):
    derivative = operator(lambda angles: list(on_sphere(angles)))
    assert derivative((0.0, 0.0)) == [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0)]
    t, p = sympy.symbols("theta phi")
    by_hand = [
        (-sympy.sin(t) * sympy.cos(p), -sympy.cos(t) * sympy.sin(p)),
        (-sympy.sin(t) * sympy.sin(p), sympy.cos(t) * sympy.cos(p)),
        (sympy.cos(t), sympy.S.Zero),
    ]
    assert equal(derivative((t, p)), by_hand)


@pytest.mark.parametrize("arg", [tuple_arg, auto_arg])
def test_T20_the_vector_may_be_an_array(arg):
    derivative = custom_arg_val_derivative(arg, vector_val, lambda angles: np.array(on_sphere(angles)))
    assert derivative((0.0, 0.0)) == [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0)]


def circle(t):
    return cos(t), sin(t)


def test_T21_K20_a_pair_of_values():
    assert circle(T) == (sympy.cos(T), sympy.sin(T))
    assert circle(0.0) == (1.0, 0.0)


def test_T22_K20_its_first_derivative():
    assert scalar_arg_derivative(circle)(0.0) == (-0.0, 1.0)
    assert equal(scalar_arg_derivative(circle)(T), (-sympy.sin(T), sympy.cos(T)))


@pytest.mark.parametrize("case", ["T23", "T24"])
def test_T23_T24_its_second_derivative(case):
    second = scalar_arg_derivative(scalar_arg_derivative(circle))(T)
    assert equal(second, (-sympy.cos(T), -sympy.sin(T)))
    if case == "T24":
        assert second == (-sympy.cos(T), -sympy.sin(T)), "SymPy folds the ones and zeros by itself"


def test_T25_a_helper_with_descriptors_on_both_sides():
    derivative = lambda f: custom_arg_val_derivative(scalar_arg, tuple_val(scalar_val, scalar_val), f)
    assert equal(derivative(circle)(T), (-sympy.sin(T), sympy.cos(T)))


def test_T26_the_third_derivative_at_zero():
    third = scalar_arg_derivative(scalar_arg_derivative(scalar_arg_derivative(circle)))
    assert third(0.0) == (0.0, -1.0)


def test_T27_T28_derivatives_of_exp():
    assert simple_derivative(exp)(T) == sympy.exp(T)
    assert nth_derivative(exp, 2)(T) == sympy.exp(T)


def test_T29_the_third_derivative():
    third = scalar_arg_derivative(scalar_arg_derivative(scalar_arg_derivative(circle)))
    assert equal(third(T), (sympy.sin(T), -sympy.cos(T)))


# ---------------------------------------------------------------------- structured values: vectors and streams

V = [symbolic_func(name) for name in ("v_x", "v_y", "v_z")]
V_PRIMES = ["v_x'(t)", "v_y'(t)", "v_z'(t)"]
S_PRIMES = ["s_0'(t)", "s_1'(t)", "s_2'(t)", "s_3'(t)", "s_4'(t)"]

LISTS_AND_ARRAYS = pytest.mark.parametrize("vector", [list, np.array], ids=["list", "array"])


def texts(expressions):
    return [text(expression) for expression in expressions]


def v(t):
    return [component(t) for component in V]


def s(t):
    return Stream.tabulate(lambda n: symbolic_func(f"s_{n}")(t))


def v_and_s(t):
    return v(t), s(t)


@LISTS_AND_ARRAYS
def test_T30_K19_K34_a_vector_of_values(vector):
    assert texts(vector(v(T))) == ["v_x(t)", "v_y(t)", "v_z(t)"]


@LISTS_AND_ARRAYS
@pytest.mark.parametrize(
    "derivative",
    [
        scalar_arg_derivative,
        vector_val_derivative,
        lambda f: custom_arg_derivative(scalar_arg, f),
        lambda f: custom_val_derivative(vector_val, f),
        lambda f: custom_arg_val_derivative(scalar_arg, vector_val, f),
    ],
    ids=["scalar_arg_derivative", "vector_val_derivative", "scalar_arg", "vector_val", "scalar_arg, vector_val"],
)
def test_T31_K19_K34_its_derivative(derivative, vector):
    result = derivative(lambda t: vector(v(t)))(T)
    assert isinstance(result, list if vector is list else np.ndarray)
    assert texts(result) == V_PRIMES


def test_T32_K37_a_stream_of_values():
    assert texts(s(T).take(5)) == ["s_0(t)", "s_1(t)", "s_2(t)", "s_3(t)", "s_4(t)"]


@pytest.mark.parametrize(
    "derivative",
    [
        scalar_arg_derivative,
        stream_val_derivative,
        lambda f: custom_val_derivative(stream_val, f),
        lambda f: custom_arg_val_derivative(scalar_arg, stream_val, f),
    ],
    ids=["scalar_arg_derivative", "stream_val_derivative", "stream_val", "scalar_arg, stream_val"],
)
def test_T33_K37_the_stream_of_its_derivatives(derivative):
    result = derivative(s)(T)
    assert isinstance(result, Stream)
    assert texts(result.take(5)) == S_PRIMES
    assert text(result[100]) == "s_100'(t)"


def test_T33_only_what_is_read_is_differentiated():
    read = []

    def element(n, t):
        read.append(n)
        return t**n

    powers = scalar_arg_derivative(lambda t: Stream.tabulate(lambda n: element(n, t)))(T)
    assert equal(powers[3], 3 * T**2)
    assert equal(powers[2], 2 * T)
    assert sorted(read) == [2, 3]


@LISTS_AND_ARRAYS
def test_T34_T35_the_derivative_of_a_vector_and_a_stream(vector):
    of_v, of_s = scalar_arg_derivative(lambda t: (vector(v(t)), s(t)))(T)
    assert texts(of_v) == V_PRIMES
    assert texts(of_s.take(5)) == S_PRIMES


def test_T36_descriptors_for_a_pair_of_values():
    derivative = custom_arg_val_derivative(scalar_arg, tuple_val, circle)(T)
    assert equal(derivative, (-sympy.sin(T), sympy.cos(T)))


def test_T37_descriptors_for_a_vector_of_values():
    derivative = custom_arg_val_derivative(scalar_arg, vector_val, lambda t: np.array([cos(t), sin(t), t * t]))
    np.testing.assert_allclose(derivative(0.5), [-np.sin(0.5), np.cos(0.5), 1.0], rtol=1e-15)


@pytest.mark.parametrize(
    "val",
    [mk_tuple_val(mk_vector_val(scalar_val), mk_stream_val(scalar_val)), tuple_val(vector_val(), stream_val())],
    ids=["mk_tuple_val", "tuple_val"],
)
def test_T38_descriptors_for_a_vector_and_a_stream(val):
    of_v, of_s = custom_arg_val_derivative(scalar_arg, val, v_and_s)(T)
    assert texts(of_v) == V_PRIMES
    assert texts(of_s.take(5)) == S_PRIMES


# ---------------------------------------------------------------------- structured arguments

SYMBOLS = Stream.tabulate(lambda n: sympy.Symbol(f"s_{n}"))
NATURALS = Stream.tabulate(float)


def norm2(vector):
    return reduce(lambda total, x: total + x**2, vector, 0)


def sum4(stream):
    s0, s1, s2, s3 = stream.take(4)
    return s0 + (s1 + (s2 + s3))


def of_both(pair):
    vector, stream = pair
    return norm2(vector) + sum4(stream)


@LISTS_AND_ARRAYS
@pytest.mark.parametrize(
    "derivative",
    [vector_arg_derivative, lambda f: custom_arg_val_derivative(vector_arg, scalar_val, f)],
    ids=["vector_arg_derivative", "vector_arg, scalar_val"],
)
def test_T39_the_gradient_of_a_squared_norm(derivative, vector):
    assert equal(derivative(norm2)(vector([X, Y, Z])), vector([2 * X, 2 * Y, 2 * Z]))


@LISTS_AND_ARRAYS
def test_T40_the_same_at_numbers(vector):
    gradient = vector_arg_derivative(norm2)(vector([1.0, 2.0, 3.0]))
    assert type(gradient) is type(vector([]))
    assert list(gradient) == [2.0, 4.0, 6.0]


def test_T41_the_sum_of_the_first_four_elements():
    assert equal(sum4(SYMBOLS), sum(sympy.symbols("s_:4")))


@pytest.mark.parametrize(
    "derivative",
    [
        stream_arg_derivative,
        lambda f: custom_arg_derivative(stream_arg, f),
        lambda f: custom_arg_val_derivative(stream_arg, scalar_val, f),
    ],
    ids=["stream_arg_derivative", "stream_arg", "stream_arg, scalar_val"],
)
def test_T42_K38_its_gradient_has_finite_support(derivative):
    assert str(derivative(sum4)(SYMBOLS)) == "[1,1,1,1,0,0,0,..."
    numeric = derivative(sum4)(NATURALS)
    assert isinstance(numeric, FiniteSupportStream)
    assert str(numeric) == "[1.0,1.0,1.0,1.0,0.0,0.0,0.0,..."


@LISTS_AND_ARRAYS
@pytest.mark.parametrize(
    "derivative",
    [
        tuple_arg_derivative,
        lambda f: custom_arg_derivative(tuple_arg(vector_arg(), stream_arg()), f),
        lambda f: custom_arg_val_derivative(tuple_arg(vector_arg, stream_arg), scalar_val, f),
    ],
    ids=["tuple_arg_derivative", "tuple_arg(vector_arg(), stream_arg())", "tuple_arg(...), scalar_val"],
)
def test_T43_T44_the_gradient_by_a_vector_and_a_stream(derivative, vector):
    by_v, by_s = derivative(of_both)((vector([X, Y, Z]), SYMBOLS))
    assert equal(by_v, vector([2 * X, 2 * Y, 2 * Z]))
    assert str(by_s) == "[1,1,1,1,0,0,0,..."


def product(pair):
    x, y = pair
    return symbolic_func("f")(x) * symbolic_func("g")(y)


def f_(n):
    """The n-th derivative of f at x."""
    return symbolic_func("f")(X).diff(*[X] * n) if n else symbolic_func("f")(X)


def g_(n):
    """The n-th derivative of g at y."""
    return symbolic_func("g")(Y).diff(*[Y] * n) if n else symbolic_func("g")(Y)


def test_the_names_that_are_expected_of_derivatives():
    assert [text(f_(n)) for n in range(4)] == ["f(x)", "f'(x)", "f''(x)", "f'''(x)"]
    assert [text(g_(n)) for n in range(4)] == ["g(y)", "g'(y)", "g''(y)", "g'''(y)"]


def test_T45_a_function_of_a_pair():
    assert factors(product((X, Y))) == {"f(x)", "g(y)"}


@pytest.mark.parametrize(
    ("case", "derivative"),
    [
        ("T46", lambda f: custom_arg_val_derivative(tuple_arg, scalar_val, f)),
        ("T47", tuple_arg_derivative),
    ],
)
def test_T46_T47_K27_its_gradient(case, derivative):
    assert equal(derivative(product)((X, Y)), (f_(1) * g_(0), g_(1) * f_(0)))


def test_T48_K27_its_second_derivatives():
    second = tuple_arg_derivative(tuple_arg_derivative(product))((X, Y))
    assert equal(second, ((f_(2) * g_(0), g_(1) * f_(1)), (f_(1) * g_(1), g_(2) * f_(0))))


def test_T49_its_third_derivatives():
    third = tuple_arg_derivative(tuple_arg_derivative(tuple_arg_derivative(product)))((X, Y))
    expected = (
        ((f_(3) * g_(0), g_(1) * f_(2)), (f_(2) * g_(1), g_(2) * f_(1))),
        ((f_(2) * g_(1), g_(2) * f_(1)), (f_(1) * g_(2), g_(3) * f_(0))),
    )
    assert equal(third, expected)


def norm2_of_products(vector):
    return sum(x * x for x in vector)


@LISTS_AND_ARRAYS
def test_T50_the_gradient_of_a_squared_norm_again(vector):
    assert list(vector_arg_derivative(norm2_of_products)(vector([1.0, 2.0, 3.0]))) == [2.0, 4.0, 6.0]
    assert list(vector_arg_derivative(lambda v: (np.array(v) * np.array(v)).sum())(vector([1.0, 2.0, 3.0]))) == [
        2.0,
        4.0,
        6.0,
    ]


@LISTS_AND_ARRAYS
def test_T51_its_hessian(vector):
    hessian = vector_arg_derivative(vector_arg_derivative(norm2_of_products))(vector([1.0, 2.0, 3.0]))
    assert type(hessian) is type(hessian[0]) is type(vector([]))
    assert [list(row) for row in hessian] == [[2.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 2.0]]


@LISTS_AND_ARRAYS
def test_T52_its_third_derivative(vector):
    derivative = norm2_of_products
    for _ in range(3):
        derivative = vector_arg_derivative(derivative)
    third = derivative(vector([1.0, 2.0, 3.0]))
    assert np.array(third).shape == (3, 3, 3)
    assert not np.any(third)


@LISTS_AND_ARRAYS
@pytest.mark.parametrize(
    "arg",
    [
        tuple_arg(vector_arg(), stream_arg()),
        mk_tuple_arg(mk_vector_arg(scalar_arg), mk_stream_arg(scalar_arg)),
    ],
    ids=["tuple_arg", "mk_tuple_arg"],
)
def test_T53_two_ways_to_describe_a_vector_and_a_stream(arg, vector):
    by_v, by_s = custom_arg_derivative(arg, of_both)((vector([1.0, 2.0, 3.0]), NATURALS))
    assert list(by_v) == [2.0, 4.0, 6.0]
    assert str(by_s) == "[1.0,1.0,1.0,1.0,0.0,0.0,0.0,..."


def test_the_symbolic_derivatives_agree_with_sympys_own():
    f, g, h = unary_symbolic_func("f"), unary_symbolic_func("g"), binary_symbolic_func("h")
    expression = lambda x: h(f(x), g(x) * x) + f(g(x))
    for order in (1, 2):
        ours = nth_derivative(expression, order)(X)
        assert sympy.simplify(ours - sympy.diff(expression(X), X, order).doit()) == 0
    assert revdiff.primal(f(init_diff(X))) == f(X)
