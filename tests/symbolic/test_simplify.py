"""Variables, exact numbers, and simplification through structures and functions."""

from __future__ import annotations

import decimal
from collections import namedtuple
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy

from revdiff import cos, exp, grad, init_diff, scalar_arg_derivative, simple_derivative, sin
from revdiff.core.errors import ArgumentError, UnsupportedValueError
from revdiff.symbolic import number, simplify, symbolic_func, variable

t = variable("t")
ONE = sympy.sin(t) ** 2 + sympy.cos(t) ** 2

Pair = namedtuple("Pair", "first second")


def test_a_variable_is_a_plain_symbol():
    assert variable("x") == sympy.Symbol("x")
    assert variable("x").assumptions0 == {"commutative": True}


@pytest.mark.parametrize("name", ["", "  ", None, 1, sympy.Symbol("x")], ids=repr)
def test_a_variable_needs_a_name(name):
    with pytest.raises(ArgumentError, match="a variable needs a name"):
        variable(name)


@pytest.mark.parametrize(
    ("given", "exact"),
    [
        (2, sympy.Integer(2)),
        (-7, sympy.Integer(-7)),
        (10**40, sympy.Integer(10**40)),
        (0.75, sympy.Rational(3, 4)),
        (0.1, sympy.Rational(3602879701896397, 36028797018963968)),
        (Fraction(1, 3), sympy.Rational(1, 3)),
        (decimal.Decimal("0.1"), sympy.Rational(1, 10)),
        (np.int8(3), sympy.Integer(3)),
        (np.float32(0.5), sympy.Rational(1, 2)),
        (mpmath.mpf("0.1"), sympy.Rational(3602879701896397, 36028797018963968)),
        (mpmath.mpf(0), sympy.Integer(0)),
        (2 + 0.5j, 2 + sympy.I / 2),
        (mpmath.mpc(1, 2), 1 + 2 * sympy.I),
        (sympy.pi, sympy.pi),
        (sympy.Float(0.5), sympy.Float(0.5)),
    ],
    ids=repr,
)
def test_a_number_is_exact(given, exact):
    assert number(given) == exact
    assert type(number(given)) is type(exact)


@pytest.mark.parametrize(
    "given", ["1", True, None, [1], t, float("inf"), float("nan"), decimal.Decimal("nan"), mpmath.inf], ids=repr
)
def test_what_is_no_finite_number_is_refused(given):
    with pytest.raises(UnsupportedValueError, match="number needs a finite number"):
        number(given)


def test_simplify_an_expression():
    assert simplify(ONE) == 1


@pytest.mark.parametrize(
    ("structure", "simplified"),
    [
        ((ONE, 2.5), (1, 2.5)),
        ([ONE, [ONE, (ONE,)]], [1, [1, (1,)]]),
        ({"a": ONE, "b": {"c": [ONE]}}, {"a": 1, "b": {"c": [1]}}),
        (Pair(ONE, "text"), Pair(1, "text")),
        (sympy.Matrix([[ONE, t], [t, ONE]]), sympy.Matrix([[1, t], [t, 1]])),
        (sympy.Eq(ONE, t), sympy.Eq(t, 1)),
        ({ONE, t}, {1, t}),
        (None, None),
        (1.5, 1.5),
        ("text", "text"),
    ],
    ids=lambda s: type(s).__name__,
)
def test_simplify_goes_through_structures(structure, simplified):
    result = simplify(structure)
    assert result == simplified
    assert type(result) is type(simplified)


def test_simplify_goes_through_arrays():
    result = simplify(np.array([[ONE, t], [1.5, (ONE,)]], object)[:, :1])
    assert result.shape == (2, 1)
    assert list(result[:, 0]) == [1, 1.5]
    numbers = np.array([1.0, 2.0])
    assert simplify(numbers) is numbers


def test_simplify_of_a_function_simplifies_its_results():
    def circle(t):
        """Walk along a circle."""
        return cos(t), sin(t) * ONE

    simple = simplify(circle)
    assert simple(t) == (sympy.cos(t), sympy.sin(t))
    assert simple.__name__ == "circle"
    assert simple.__doc__ == "Walk along a circle."


def test_T22_T23_T29_simplified_derivatives_of_a_circle():
    circle = lambda t: (cos(t), sin(t))
    first = scalar_arg_derivative(circle)
    assert simplify(first)(t) == (-sympy.sin(t), sympy.cos(t))
    assert simplify(scalar_arg_derivative(first))(t) == (-sympy.cos(t), -sympy.sin(t))
    assert simplify(scalar_arg_derivative(scalar_arg_derivative(first)))(t) == (sympy.sin(t), -sympy.cos(t))


def test_a_simplified_function_can_be_differentiated():
    f = simplify(lambda t: sin(t) ** 2 + cos(t) ** 2 + exp(t))
    assert simplify(simple_derivative(f))(t) == sympy.exp(t)
    assert simplify(grad(grad(f)))(t) == sympy.exp(t)
    assert simplify(init_diff(ONE)).value == 1


def test_a_symbolic_function_is_a_function():
    f = symbolic_func("f")
    assert simplify(f)(ONE) == f(1)
    assert simplify(f(ONE)) == f(1)
