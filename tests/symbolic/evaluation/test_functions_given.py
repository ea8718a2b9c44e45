"""Expressions of functions that are known by name, where it is said what they are."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy

import revdiff as rd
from revdiff import grad, nth_derivative
from revdiff.core.errors import ArgumentError, UnsupportedValueError
from revdiff.symbolic import from_sympy, symbolic_func

x, y, t = sympy.symbols("x y t")
f, g, h = symbolic_func("f"), symbolic_func("g"), symbolic_func("h", 2)
F, G, H = map(sympy.Function, "fgh")

SINE = [rd.sin, sympy.sin, sympy.Lambda(t, sympy.sin(t)), lambda v: 2 * rd.sin(v / 2) * rd.cos(v / 2)]


@pytest.mark.parametrize("sine", SINE, ids=["revdiff's", "SymPy's", "a Lambda", "of Python"])
@pytest.mark.parametrize("key", ["f", f, F], ids=["name", "symbolic function", "function of SymPy"])
def test_a_derivative_of_an_unknown_function_in_an_expression(sine, key):
    expr = f.derivative()(x) * g.derivative()(f(x))
    function = from_sympy(expr, x, functions={key: sine, "g": rd.exp})
    assert function(0.5) == pytest.approx(math.cos(0.5) * math.exp(math.sin(0.5)))
    assert sympy.simplify(function(x) - sympy.cos(x) * sympy.exp(sympy.sin(x))) == 0
    np.testing.assert_allclose(function(np.array([0.5])), [math.cos(0.5) * math.exp(math.sin(0.5))])


@pytest.mark.parametrize("order", range(4))
def test_its_derivatives(order):
    function = from_sympy(g.derivative()(f(x)) * x, x, functions={f: rd.sin, g: lambda v: v**4})
    expected = (4 * sympy.sin(x) ** 3 * x).diff(x, order) if order else 4 * sympy.sin(x) ** 3 * x
    assert nth_derivative(function, order)(0.5) == pytest.approx(float(expected.subs(x, 0.5)))


def test_mixed_derivatives_at_compound_arguments():
    expr = h.derivative(1).derivative(2).derivative(2)(x**2, x * y)
    function = from_sympy(expr, (x, y), functions={h: lambda a, b: a**3 * b**2})
    assert sympy.expand(function(x, y)) == 6 * x**4
    assert grad(function)(2.0, 3.0) == 24 * 2.0**3


def test_sympys_derivatives_are_read_too():
    expr = sympy.diff(G(F(x)), x, 2) + H(x**2, sympy.sin(y)).diff(x)
    function = from_sympy(expr, (x, y), functions={"f": sympy.sin, "g": sympy.exp, "h": lambda a, b: a * b})
    expected = sympy.exp(sympy.sin(x)).diff(x, 2) + (x**2 * sympy.sin(y)).diff(x)
    assert function(0.5, 0.25) == pytest.approx(float(expected.subs({x: 0.5, y: 0.25})))
    assert sympy.expand(function(x, y) - expected) == 0


def test_a_symbolic_function_that_is_not_given_stays_symbolic():
    function = from_sympy(f.derivative()(x) * g(x), x, functions={f: rd.sin})
    assert function(x) == sympy.cos(x) * g(x)


def test_a_function_of_sympy_may_be_replaced():
    assert from_sympy(sympy.factorial2(x), x, functions={"factorial2": lambda v: v**2})(3.0) == 9.0
    assert from_sympy(sympy.besselj(x, y), (x, y), functions={sympy.besselj: lambda n, v: n * v})(2.0, 3.0) == 6.0
    assert from_sympy(sympy.zeta(3) * x, x, functions={"zeta": lambda v: v})(2.0) == 6.0


def test_an_array_beside_a_number():
    function = from_sympy(h.derivative(1)(x, y), (x, y), functions={h: lambda a, b: a**2 * b})
    np.testing.assert_allclose(function(3.0, np.array([1.0, 2.0])), [6.0, 12.0])


@pytest.mark.parametrize(
    ("functions", "error", "says"),
    [
        ({"f": 3}, ArgumentError, r"^functions= says that f is an int, which is no function$"),
        ({"f'": rd.sin}, ArgumentError, r"^functions= says by name what functions are"),
        ({3: rd.sin}, ArgumentError, r"met an int for a name$"),
        ({"g": rd.sin}, UnsupportedValueError, r"^f is a function without a definition"),
    ],
)
def test_what_cannot_be_done_is_said(functions, error, says):
    with pytest.raises(error, match=says):
        from_sympy(F(x), x, functions=functions)
