"""The worked examples of the tutorial, T1-T29. Symbolic results are SymPy expressions."""

from __future__ import annotations

import numpy as np
import pytest
import sympy

import revdiff
from revdiff import (
    auto_arg,
    auto_val,
    cos,
    custom_arg_val_derivative,
    exp,
    init_diff,
    log,
    nth_derivative,
    scalar_arg,
    scalar_arg_derivative,
    scalar_val,
    simple_derivative,
    sin,
    stop_diff,
    tuple_arg,
    tuple_val,
    two_args_derivative,
    two_args_derivative_over_y,
)

X, Y, T = sympy.symbols("x y t")


def equal(a, b):
    """Whether two expressions, or structures of them, are equal."""
    if isinstance(b, tuple):
        return isinstance(a, tuple) and len(a) == len(b) and all(map(equal, a, b))
    return sympy.simplify(a - b) == 0


def text(expression):
    """How an expression prints, without spaces."""
    return str(expression).replace(" ", "")


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


def unary(name):
    from revdiff import unary_symbolic_func

    return unary_symbolic_func(name)


def binary(name):
    from revdiff import binary_symbolic_func

    return binary_symbolic_func(name)


def test_T8_a_composition_of_symbolic_functions():
    f, g = unary("f"), unary("g")
    assert text(g(f(X))) == "g(f(x))"


def test_T10_the_derivative_of_a_composition():
    f, g = unary("f"), unary("g")
    assert factors(simple_derivative(lambda x: g(f(x)))(X)) == {"f'(x)", "g'(f(x))"}


def test_T11_the_second_derivative_of_a_composition():
    f, g = unary("f"), unary("g")
    second = simple_derivative(simple_derivative(lambda x: g(f(x))))(X)
    assert terms(second) == {frozenset({"f''(x)", "g'(f(x))"}), frozenset({"f'(x)**2", "g''(f(x))"})}


# ---------------------------------------------------------------------- two arguments


def test_T12_a_symbolic_function_of_two_arguments():
    assert text(binary("h")(X, Y)) == "h(x,y)"


def test_T13_its_two_partial_derivatives():
    h = binary("h")
    assert tuple(map(text, two_args_derivative(h)(X, Y))) == ("h'_1(x,y)", "h'_2(x,y)")


def test_T14_its_four_second_partial_derivatives():
    h = binary("h")
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


@pytest.mark.parametrize("one", [1, 1.0, stop_diff(1.0)], ids=["1", "1.0", "stop_diff(1.0)"])
def test_T18_perturbations_are_not_confused(one):
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
    f = unary("f")
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


def circle(t):
    return cos(t), sin(t)


def test_T21_a_pair_of_values():
    assert circle(T) == (sympy.cos(T), sympy.sin(T))


def test_T22_its_first_derivative():
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


def test_the_symbolic_derivatives_agree_with_sympys_own():
    f, g, h = unary("f"), unary("g"), binary("h")
    expression = lambda x: h(f(x), g(x) * x) + f(g(x))
    for order in (1, 2):
        ours = nth_derivative(expression, order)(X)
        assert sympy.simplify(ours - sympy.diff(expression(X), X, order).doit()) == 0
    assert revdiff.primal(f(init_diff(X))) == f(X)
