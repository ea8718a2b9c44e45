"""Functions as lenses, and lenses as functions; as functions that return their value and their pullback."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError

import pytest
import sympy
from hypothesis import given

from revdiff import (
    ConversionError,
    PullbackError,
    RevDiff,
    add,
    cos,
    exp,
    grad,
    nth_derivative,
    simple_derivative,
    simple_value_and_derivative,
    sin,
    square,
    vjp,
)
from revdiff.optics import Lens, from_lens, from_lens_ops, to_lens, to_lens_ops
from tests.exact import fractions, polynomials

x, c = sympy.symbols("x c")


def test_K10_a_function_as_a_lens():
    lens = to_lens(sin)
    assert lens.get(x) == sympy.sin(x)
    assert lens.set(x, c) == sympy.cos(x) * c
    assert (to_lens(square) >> to_lens(sin)).get(x) == sympy.sin(x**2)


def test_K11_a_lens_as_a_function():
    sine = from_lens(Lens(sin, lambda x, c: c * cos(x)))
    assert sine(x) == sympy.sin(x)
    assert simple_derivative(sine)(x) == sympy.cos(x)


def test_lenses_in_a_row_are_the_chain_rule():
    row = to_lens(square) >> to_lens(sin) >> to_lens(exp)
    assert row.get(x) == sympy.exp(sympy.sin(x**2))
    assert sympy.simplify(row.set(x, c) - c * sympy.diff(row.get(x), x)) == 0


# ---------------------------------------------------------------------- laws that hold


@given(polynomials(), fractions, fractions, fractions, fractions)
def test_set_is_linear_in_the_cotangent(f, x, a, b, factor):
    put = lambda ct: to_lens(f).set(x, ct)
    assert put(a + b) == put(a) + put(b)
    assert put(factor * a) == factor * put(a)


@given(polynomials(), polynomials(), *[fractions] * 7)
def test_set_is_linear_for_structures_too(f, g, x, y, a0, a1, b0, b1, factor):
    lens = to_lens(lambda p: (f(p[0]) * p[1], (g(p[1]), p[0])))
    put = lambda a, b: lens.set((x, y), (a, (b, 0)))
    assert put(a0 + b0, a1 + b1) == add(put(a0, a1), put(b0, b1))
    first, second = put(a0, a1)
    assert put(factor * a0, factor * a1) == (factor * first, factor * second)


@given(polynomials(), polynomials(), polynomials(), fractions, fractions)
def test_rows_of_lenses_are_associative(f, g, h, x, c):
    left, right = (to_lens(f) >> to_lens(g)) >> to_lens(h), to_lens(f) >> (to_lens(g) >> to_lens(h))
    assert left.get(x) == right.get(x) == h(g(f(x)))
    assert left.set(x, c) == right.set(x, c)


@given(polynomials(), polynomials(), fractions, fractions)
def test_a_row_of_lenses_is_the_lens_of_the_composed_function(f, g, x, c):
    row, composed = to_lens(f) >> to_lens(g), to_lens(lambda x: g(f(x)))
    assert row.get(x) == composed.get(x)
    assert row.set(x, c) == composed.set(x, c) == c * simple_derivative(g)(f(x)) * simple_derivative(f)(x)


@given(polynomials(), fractions, fractions)
def test_the_identity_is_neutral(f, x, c):
    identity, lens = Lens(lambda x: x, lambda x, c: c), to_lens(f)
    for row in (identity >> lens, lens >> identity):
        assert row.get(x) == lens.get(x)
        assert row.set(x, c) == lens.set(x, c)


# ------------------------------------------------------------ laws that do not hold


def test_putting_back_what_one_saw_does_not_change_nothing():
    lens = to_lens(square)
    assert lens.set(3.0, lens.get(3.0)) == 2 * 3.0 * 9.0 != 3.0


def test_one_does_not_see_what_one_put():
    lens = to_lens(square)
    assert lens.get(lens.set(3.0, 1.0)) == (2 * 3.0) ** 2 != 1.0


def test_putting_twice_is_not_putting_the_second_time():
    lens = to_lens(square)
    assert lens.set(lens.set(3.0, 1.0), 1.0) == 2 * (2 * 3.0) != lens.set(3.0, 1.0) == 2 * 3.0


# ---------------------------------------------------------------------- from and to functions


def test_structures_pass_through():
    lens = to_lens(lambda p: (p[0] * p[1], p[0] + p[1]))
    assert lens.get((2.0, 3.0)) == (6.0, 5.0)
    assert lens.set((2.0, 3.0), (1.0, 10.0)) == (13.0, 12.0)
    product = from_lens(Lens(lambda p: p[0] * p[1], lambda p, c: (c * p[1], c * p[0])))
    assert grad(product)((2.0, 3.0)) == (3.0, 2.0)


def test_the_get_of_a_function_written_on_the_fields_of_a_revdiff():
    def sine(r):
        return RevDiff(math.sin(r.value), r.backprop @ (lambda ct: ct * math.cos(r.value)))

    assert (to_lens(sine).get(0.0), to_lens(sine).set(0.0, 3.0)) == (0.0, 3.0)


def test_a_derivative_that_somebody_else_knows_is_the_one_that_is_used():
    straight_through = from_lens(Lens(round, lambda x, c: c))
    assert simple_value_and_derivative(lambda x: 2 * straight_through(x))(3.7) == (8, 2)


def test_a_lens_is_frozen_and_joins_lenses_only():
    lens = to_lens(sin)
    with pytest.raises(FrozenInstanceError):
        lens.get = cos
    with pytest.raises(TypeError, match="unsupported operand"):
        lens >> sin


# ---------------------------------------------------------------------- value and pullback


def test_value_and_pullback_of_a_function():
    value, pullback = to_lens_ops(lambda x: sin(x) ** 2)(x)
    assert value == sympy.sin(x) ** 2
    assert (pullback(c) - c * sympy.sin(2 * x)).simplify() == 0


def test_one_evaluation_serves_many_cotangents():
    evaluations = []
    value, pullback = to_lens_ops(lambda x: evaluations.append(x) or x * x)(3.0)
    assert (value, [pullback(ct) for ct in (1.0, 2.0, -3.0)]) == (9.0, [6.0, 12.0, -18.0])
    assert len(evaluations) == 1


def test_a_tuple_is_one_argument():
    value, pullback = to_lens_ops(lambda p: p[0] * p[1])((2.0, 3.0))
    assert (value, pullback(10.0)) == (6.0, (30.0, 20.0))
    f = from_lens_ops(lambda p: (p[0] * p[1], lambda ct: (ct * p[1], ct * p[0])))
    assert vjp(f, (2.0, 3.0))[1](10.0) == (30.0, 20.0)


def test_a_derivative_that_works_once_says_so_the_second_time():
    sine = from_lens_ops(lambda x: (math.sin(x), lambda ct: ct * math.cos(x)))
    assert simple_value_and_derivative(sine)(0.0) == (0.0, 1.0)
    with pytest.raises(ConversionError, match="would drop its derivative"):
        nth_derivative(sine, 2)(0.0)


def test_what_returns_no_pullback_is_called_by_its_name():
    def sine(x):
        return sin(x)

    with pytest.raises(PullbackError, match=r"a primitive returns \(value, pullback\); sine returned a float"):
        from_lens_ops(sine)(0.0)
