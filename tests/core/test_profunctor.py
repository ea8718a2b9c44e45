"""RevDiff as a costrong profunctor: the laws of dimap, unfirst and unsecond, and what they are for."""

from __future__ import annotations

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import revdiff
import revdiff.core.profunctor
from revdiff import (
    ArgumentError,
    MixedLayersError,
    PullbackError,
    RevDiff,
    const_diff,
    grad,
    init_diff,
    nth_derivative,
    simple_derivative,
)
from tests.exact import fractions, polynomials

x, c = sympy.symbols("x c")


def step(value, derivative):
    """A function of a RevDiff: its value and its derivative, joined by dimap."""
    return lambda r: r.dimap(lambda ct: ct * derivative(r.value), value)


sine = step(revdiff.sin, revdiff.cos)


# ---------------------------------------------------------------------- dimap


def test_dimap_joins_a_step_to_both_ends():
    r = init_diff(x).dimap(lambda ct: ct * sympy.cos(x), sympy.sin)
    assert r.value == sympy.sin(x)
    assert r.backprop(c) == c * sympy.cos(x)


def test_the_way_back_runs_once_for_each_cotangent_and_not_before():
    sent = []
    r = init_diff(3.0).dimap(lambda ct: sent.append(ct) or ct * 6.0, lambda v: v * v)
    assert sent == []
    assert (r * r + r).backprop(1.0) == 6.0 * (2 * 9.0 + 1)
    assert sent == [19.0]


@pytest.mark.parametrize("order", range(5))
def test_a_step_made_by_dimap_is_right_to_every_order(order):
    f = lambda r: sine(r) * r
    assert nth_derivative(f, order)(init_diff(x)).value.equals(sympy.diff(sympy.sin(x) * x, x, order))


def test_on_a_revdiff_of_two_layers_the_function_sees_the_layer_below():
    outer = init_diff(2.0)
    seen = []
    r = init_diff(outer).dimap(lambda ct: ct * 3 * outer**2, lambda v: seen.append(v) or v**3)
    assert seen == [outer]
    assert type(r.value) is RevDiff
    assert r.backprop(1.0).value == 12.0
    assert r.backprop(1.0).backprop(1.0) == 6 * 2.0


def test_a_variable_of_an_outer_derivative_keeps_its_way():
    inner = lambda a: simple_derivative(lambda b: sine(a) * sine(b))(1.0)
    assert simple_derivative(inner)(0.5) == pytest.approx(np.cos(0.5) * np.cos(1.0))


def test_the_step_of_a_constant_is_a_constant():
    r = const_diff(3.0).dimap(lambda ct: ct * 6.0, lambda v: v * v)
    assert (r.value, r.backprop(1.0)) == (9.0, 0.0)
    assert (r * init_diff(2.0)).backprop(1.0) == 9.0


def test_arrays_and_tuples_pass_through():
    r = init_diff((2.0, np.array([1.0, 2.0]))).dimap(
        lambda ct: ((ct * np.array([1.0, 2.0])).sum(), ct * 2.0), lambda pair: pair[0] * pair[1]
    )
    np.testing.assert_array_equal(r.value, [2, 4])
    first, second = r.backprop(np.array([1.0, 10.0]))
    assert first == 21.0
    np.testing.assert_array_equal(second, [2, 20])


def test_the_way_back_may_be_turned_round_on_purpose():
    reversed_ = lambda r: r.dimap(lambda ct: -ct, lambda v: v)
    assert grad(lambda x: x * x + reversed_(x))(3.0) == 2 * 3.0 - 1.0


# ---------------------------------------------------------------------- laws


def same(r, s, ct):
    return r.value == s.value and r.backprop(ct) == s.backprop(ct)


def identity(x):
    return x


def swap(pair):
    return pair[1], pair[0]


# Exact, and wrong as derivatives: the laws do not ask for more.
anything = polynomials()


@st.composite
def pairs(draw):
    """A RevDiff of a pair, whose cotangent is a pair, made of a variable by any two functions."""
    f, g, h, k = draw(anything), draw(anything), draw(anything), draw(anything)
    return init_diff(draw(fractions)).dimap(lambda ct: h(ct[0]) + ct[0] * k(ct[1]), lambda v: (f(v), g(v)))


@given(fractions, anything, fractions)
def test_dimap_of_two_identities_changes_nothing(v, f, ct):
    r = init_diff(v).dimap(f, f)
    assert same(r.dimap(identity, identity), r, ct)


@given(fractions, anything, anything, anything, anything, fractions)
def test_two_dimaps_are_the_dimap_of_the_compositions(v, f, g, h, k, ct):
    r = init_diff(v)
    assert same(r.dimap(f, g).dimap(h, k), r.dimap(lambda c: f(h(c)), lambda v: k(g(v))), ct)


@given(pairs(), fractions)
def test_unfirst_is_unsecond_of_the_pair_exchanged(r, ct):
    assert same(r.unfirst(), r.dimap(swap, swap).unsecond(), ct)
    assert same(r.unsecond(), r.dimap(swap, swap).unfirst(), ct)


@given(pairs(), anything, anything, fractions)
def test_what_is_done_to_the_place_that_stays_may_be_done_before_or_after(r, f, g, ct):
    on_first = r.dimap(lambda c: (f(c[0]), c[1]), lambda v: (g(v[0]), v[1]))
    on_second = r.dimap(lambda c: (c[0], f(c[1])), lambda v: (v[0], g(v[1])))
    assert same(on_first.unfirst(), r.unfirst().dimap(f, g), ct)
    assert same(on_second.unsecond(), r.unsecond().dimap(f, g), ct)


@given(pairs(), anything, fractions)
def test_what_is_done_to_the_note_may_be_done_when_it_is_left_or_when_it_is_found(r, f, ct):
    assert same(
        r.dimap(lambda c: (c[0], f(c[1])), identity).unfirst(),
        r.dimap(identity, lambda v: (v[0], f(v[1]))).unfirst(),
        ct,
    )
    assert same(
        r.dimap(lambda c: (f(c[0]), c[1]), identity).unsecond(),
        r.dimap(identity, lambda v: (f(v[0]), v[1])).unsecond(),
        ct,
    )


@given(fractions, anything, anything, fractions)
def test_an_empty_note_changes_nothing(v, f, g, ct):
    r = init_diff(v).dimap(f, g)
    assert same(r.dimap(lambda c: c[0], lambda v: (v, ())).unfirst(), r, ct)
    assert same(r.dimap(lambda c: c[1], lambda v: ((), v)).unsecond(), r, ct)


@given(pairs(), anything, fractions)
def test_two_notes_are_one_note_of_a_pair(r, f, ct):
    nested = r.dimap(lambda c: (c[0][0], c[0][1] * c[1]), lambda v: (v, f(v[0])))
    flat = nested.dimap(lambda c: ((c[0], c[1][0]), c[1][1]), lambda v: (v[0][0], (v[0][1], v[1])))
    assert same(nested.unfirst().unfirst(), flat.unfirst(), ct)


# ---------------------------------------------------------------------- notes


def test_the_note_may_be_anything():
    r = init_diff(3.0).dimap(lambda noted: noted[0]["slope"] * noted[1], lambda v: ({"slope": 2 * v}, v * v))
    assert (r.unsecond().value, r.unsecond().backprop(10.0)) == (9.0, 60.0)


@pytest.mark.parametrize("order", range(4))
def test_a_note_of_the_argument_is_right_to_every_order(order):
    tangent = lambda r: r.dimap(
        lambda noted: noted[1] * (1 + noted[0] * noted[0]), lambda v: (revdiff.tan(v), revdiff.tan(v))
    ).unsecond()
    assert nth_derivative(tangent, order)(init_diff(x)).value.equals(sympy.diff(sympy.tan(x), x, order))


def test_it_is_not_the_projection_of_a_pair():
    r = init_diff((2.0, 3.0))
    assert r.unfirst().value == r[0].value == 2.0
    assert r[0].backprop(10.0) == (10.0, 0.0)
    assert r.unfirst().backprop(10.0) == (10.0, 3.0)
    assert r.unsecond().backprop(10.0) == (2.0, 10.0)


def test_a_pair_two_layers_down_has_places_that_are_revdiffs():
    outer = init_diff((2.0, 3.0))
    first = init_diff(outer).unfirst()
    assert type(first.value) is RevDiff
    assert first.value.backprop(10.0) == (10.0, 0.0)
    ct, note = first.backprop(1.0)
    assert ct == 1.0
    assert note.backprop(10.0) == (0.0, 10.0)


# ---------------------------------------------------------------------- errors


def test_dimap_says_which_of_its_functions_is_none():
    with pytest.raises(ArgumentError, match=r"dimap takes two functions; before is a float\.\n  Write:  r\.dimap"):
        init_diff(1.0).dimap(2.0, identity)
    with pytest.raises(ArgumentError, match="dimap takes two functions; after is None"):
        init_diff(1.0).dimap(identity, None)


def test_the_pullback_of_another_variable_is_no_step():
    with pytest.raises(PullbackError, match="needs a function of the cotangent; met a Pullback"):
        init_diff(1.0).dimap(init_diff(2.0).backprop, identity)


def test_a_way_back_that_returns_nothing_says_so():
    with pytest.raises(PullbackError, match="was its `return` forgotten"):
        init_diff(1.0).dimap(lambda ct: None, identity).backprop(1.0)


def test_a_value_that_still_holds_its_own_layer_is_refused():
    r = init_diff(1.0)
    with pytest.raises(MixedLayersError, match="must lie below the layer of its pullback"):
        r.dimap(identity, lambda v: v * r)


@pytest.mark.parametrize(
    ("value", "met"),
    [
        (1.0, "a float"),
        (np.ones(2), "an array of dtype float64"),
        ((1.0, 2.0, 3.0), "a tuple of 3"),
        ((), "a tuple of 0"),
    ],
)
def test_what_is_no_pair_has_no_places(value, met):
    for method in ("unfirst", "unsecond"):
        with pytest.raises(ArgumentError, match=f"{method} takes a RevDiff of a pair; its value is {met}$"):
            getattr(init_diff(value), method)()
