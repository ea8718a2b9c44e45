"""Profunctor optics: a differentiable function as a step of anything with a front and a back."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from revdiff import (
    ArgumentError,
    MixedLayersError,
    RevDiff,
    const_diff,
    exp,
    init_diff,
    jacobian,
    nth_derivative,
    simple_derivative,
    sin,
    sqrt,
    square,
)
from revdiff.optics import Costrong, Store, from_profunctor, to_profunctor
from tests.exact import fractions, polynomials

x, c = sympy.symbols("x c")


@dataclass(frozen=True)
class Watched:
    """A profunctor around another one, which notes the cotangents that pass on the way back."""

    inner: Costrong
    passed: list = field(default_factory=list)

    def dimap(self, before, after):
        def noting(ct):
            sent = before(ct)
            self.passed.append(sent)
            return sent

        return Watched(self.inner.dimap(noting, after), self.passed)

    def unsecond(self):
        return Watched(self.inner.unsecond(), self.passed)


START = {"RevDiff": init_diff, "Store": lambda x: Store(x, lambda ct: ct), "Watched": lambda x: Watched(init_diff(x))}

every_profunctor = pytest.mark.parametrize("start", START.values(), ids=list(START))


def open_(p):
    return open_(p.inner) if type(p) is Watched else (p.value, p.backprop)


# ---------------------------------------------------------------------- what it does


@every_profunctor
def test_a_step_is_the_function_and_its_pullback(start):
    value, back = open_(to_profunctor(sin)(start(x)))
    assert value == sympy.sin(x)
    assert back(c) == c * sympy.cos(x)


@every_profunctor
def test_structures_and_arrays_pass_through(start):
    value, back = open_(to_profunctor(lambda p: (p[0] * p[1], p[0].sum()))(start((np.array([2.0, 3.0]), 5.0))))
    np.testing.assert_array_equal(value[0], [10, 15])
    assert value[1] == 5.0
    first, second = back((np.array([1.0, 10.0]), 100.0))
    np.testing.assert_array_equal(first, [105, 150])
    assert second == 32.0


def test_on_a_revdiff_it_is_the_function():
    step = to_profunctor(lambda x: x * exp(x))
    for order in range(4):
        assert nth_derivative(step, order)(init_diff(x)).value.equals(sympy.diff(x * sympy.exp(x), x, order))
    assert simple_derivative(lambda x: step(x) * x)(2.0) == pytest.approx((2 * 2 + 2**2) * math.exp(2.0))


def test_a_step_evaluates_the_function_once_and_at_once():
    evaluations = []
    y = to_profunctor(lambda x: evaluations.append(x) or x * x)(init_diff(3.0))
    assert (y.value, y.backprop(1.0), y.backprop(10.0)) == (9.0, 6.0, 60.0)
    assert len(evaluations) == 1


def test_watching_finds_the_step_at_which_a_cotangent_is_lost():
    steps = [to_profunctor(f) for f in (square, sqrt, exp)]
    p = start = Watched(init_diff(0.0))
    for step in steps:
        p = step(p)
    assert math.isnan(p.inner.backprop(1.0))
    assert start.passed[:2] == [1.0, math.inf]
    assert math.isnan(start.passed[2])


def test_the_way_back_may_lead_to_something_else_than_a_cotangent():
    weight, rate = 4.0, 0.1
    loss = to_profunctor(lambda w: (w - 3.0) ** 2)(Store(weight, lambda w_bar: weight - rate * w_bar))
    assert loss.value == 1.0
    assert loss.backprop(1.0) == pytest.approx(4.0 - 0.1 * 2 * (4.0 - 3.0))


def test_a_function_written_on_the_fields_of_a_revdiff_becomes_one_of_plain_values():
    def sine(r):
        return RevDiff(sin(r.value), r.backprop @ (lambda ct: ct * (1 - sin(r.value) ** 2) ** 0.5))

    f = from_profunctor(sine)
    assert f(x) == sympy.sin(x)
    assert simple_derivative(f)(0.5) == pytest.approx(math.cos(0.5))


def test_an_optic_sees_a_tuple_as_a_whole():
    swap = from_profunctor(lambda p: p.dimap(lambda ct: ct[::-1], lambda pair: pair[::-1]))
    assert swap((2.0, 3.0)) == (3.0, 2.0)
    assert jacobian(swap)((2.0, 3.0)) == ((0.0, 1.0), (1.0, 0.0))


def test_the_value_is_the_callers_to_write_to():
    a = np.zeros(1000)
    from_profunctor(lambda p: p)(a)[:] = 1.0
    assert not a.any()


# ---------------------------------------------------------------------- laws


@every_profunctor
@given(f=polynomials(), g=polynomials(), x=fractions, c=fractions)
def test_first_f_and_then_g_is_the_optic_of_g_after_the_optic_of_f(start, f, g, x, c):
    value, back = open_(to_profunctor(lambda x: g(f(x)))(start(x)))
    value_by_steps, back_by_steps = open_(to_profunctor(g)(to_profunctor(f)(start(x))))
    assert value == value_by_steps == g(f(x))
    assert back(c) == back_by_steps(c)


@every_profunctor
@given(x=fractions, c=fractions)
def test_the_optic_of_the_identity_is_the_identity(start, x, c):
    value, back = open_(to_profunctor(lambda x: x)(start(x)))
    assert (value, back(c)) == (x, c)


def test_composition_is_the_chain_rule():
    composed = from_profunctor(lambda p: to_profunctor(exp)(to_profunctor(sin)(to_profunctor(square)(p))))
    formula = sympy.exp(sympy.sin(x**2))
    assert composed(x) == formula
    for order in (1, 2, 3):
        assert nth_derivative(composed, order)(x).equals(sympy.diff(formula, x, order))


@given(polynomials(), st.lists(fractions, min_size=1, max_size=3), fractions)
def test_an_optic_goes_with_every_change_at_the_far_end(f, ends, c):
    """What is done to the end of the way back may be done before the step or after it."""
    x = ends[0]
    step = to_profunctor(f)
    before = step(Store(x, lambda ct: ct).map(lambda x_bar: (x_bar, ends)))
    after = step(Store(x, lambda ct: ct)).map(lambda x_bar: (x_bar, ends))
    assert (before.value, before.backprop(c)) == (after.value, after.backprop(c))


# ---------------------------------------------------------------------- errors


def test_a_number_is_no_profunctor():
    with pytest.raises(
        ArgumentError,
        match=r"methods dimap and unsecond; met a float\.\n  For a function of plain values:  from_profunctor\(optic\)",
    ):
        to_profunctor(sin)(0.0)


def test_an_optic_that_leads_to_another_variable_is_refused():
    def plainly_back(p):
        return RevDiff(p.value, lambda ct: p.backprop(ct + 0.0))

    with pytest.raises(MixedLayersError, match=r"reads RevDiff\(v, x\.backprop @"):
        simple_derivative(from_profunctor(plainly_back))(2.0)
    with pytest.raises(MixedLayersError, match="not among its arguments"):
        simple_derivative(from_profunctor(lambda p: init_diff(p.value)))(2.0)


def test_a_constant_optic_has_the_derivative_zero():
    for optic in (lambda p: const_diff((1.0, 2.0)), lambda p: (1.0, 2.0)):
        f = from_profunctor(optic)
        assert f((3.0, 4.0)) == (1.0, 2.0)
        assert jacobian(f)((3.0, 4.0)) == ((0.0, 0.0), (0.0, 0.0))
