"""Functions as lenses, and lenses as functions."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
import sympy

from revdiff import RevDiff, cos, exp, grad, nth_derivative, simple_derivative, simple_value_and_derivative, sin, square
from revdiff.optics import Lens, from_lens, to_lens

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
    grouped = to_lens(square) >> (to_lens(sin) >> to_lens(exp))
    assert sympy.simplify(row.set(x, c) - grouped.set(x, c)) == 0


def test_the_identity_is_neutral():
    identity, sine = Lens(lambda x: x, lambda x, c: c), to_lens(sin)
    for row in (identity >> sine, sine >> identity):
        assert row.get(0.5) == sine.get(0.5)
        assert row.set(0.5, 2.0) == sine.set(0.5, 2.0)


@pytest.mark.parametrize("f", [sin, exp, lambda x: x * x * exp(-x)], ids=["sin", "exp", "x² e⁻ˣ"])
@pytest.mark.parametrize("order", range(5))
def test_there_and_back(f, order):
    again = from_lens(to_lens(f))
    assert nth_derivative(again, order)(0.7) == pytest.approx(nth_derivative(f, order)(0.7), rel=1e-13)


def test_structures_pass_through():
    lens = to_lens(lambda p: (p[0] * p[1], p[0] + p[1]))
    assert lens.get((2.0, 3.0)) == (6.0, 5.0)
    assert lens.set((2.0, 3.0), (1.0, 10.0)) == (13.0, 12.0)
    product = from_lens(Lens(lambda p: p[0] * p[1], lambda p, c: (c * p[1], c * p[0])))
    assert grad(product)((2.0, 3.0)) == (3.0, 2.0)


def test_arrays_pass_through():
    lens = to_lens(lambda a: (a**2).sum())
    assert lens.get(np.array([1.0, 2.0])) == 5.0
    np.testing.assert_array_equal(lens.set(np.array([1.0, 2.0]), 10.0), [20.0, 40.0])


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
