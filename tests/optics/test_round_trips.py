"""Every form holds the whole function: from a function to a form and back, and from a form to a function and back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np
import pytest
import sympy

import revdiff
from revdiff import grad, hessian, init_diff, jacobian, jvp, nth_derivative, simple_derivative, vjp
from revdiff.optics import (
    Const,
    Identity,
    Lens,
    Many,
    Store,
    from_lens,
    from_lens_ops,
    from_profunctor,
    from_van_laarhoven,
    to_lens,
    to_lens_ops,
    to_profunctor,
    to_van_laarhoven,
)
from tests.oracles import assert_close, assert_digits, assert_order, assert_symbolic, derivatives, row

x, y, c, d = sympy.symbols("x y c d")

FORMS = {
    "lens": (to_lens, from_lens),
    "value and pullback": (to_lens_ops, from_lens_ops),
    "Van Laarhoven": (to_van_laarhoven, from_van_laarhoven),
    "profunctor": (to_profunctor, from_profunctor),
}


def there_and_back(name):
    to_form, from_form = FORMS[name]
    return lambda f: from_form(to_form(f))


ROUND = {name: there_and_back(name) for name in FORMS}
ROUND["all, one after the other"] = lambda f: reduce(lambda g, name: there_and_back(name)(g), FORMS, f)

each_way = pytest.mark.parametrize("again", ROUND.values(), ids=list(ROUND))

FUNCTIONS = [
    (revdiff.sin, sympy.sin, (-2.0, 0.5)),
    (revdiff.log, sympy.log, (0.25, 3.0)),
    (lambda x: x * x * revdiff.exp(-x), lambda x: x * x * sympy.exp(-x), (-0.5, 1.5)),
    (lambda x: x / (1 + x**4) - revdiff.sqrt(x), lambda x: x / (1 + x**4) - sympy.sqrt(x), (0.5, 2.0)),
    (lambda x: 3 * x + 1, lambda x: 3 * x + 1, (1.0,)),
]


def rows(again):
    return [row(again(f), oracle, *points, name=str(i)) for i, (f, oracle, points) in enumerate(FUNCTIONS)]


# ---------------------------------------------------------------------- functions


@each_way
@pytest.mark.parametrize("order", range(1, 5))
def test_numbers_and_formulas_are_right_to_every_order(again, order):
    for function in rows(again):
        assert_order(function, order)
        assert_symbolic(function, order)


@each_way
def test_numbers_of_fifty_digits_keep_all_of_them(again):
    for function in rows(again):
        assert_digits(function, 2)


@each_way
def test_the_value_is_that_of_the_function(again):
    for (f, oracle, (point, *_)), function in zip(FUNCTIONS, rows(again), strict=True):
        assert again(f)(point) == f(point)
        assert type(again(f)(point)) is float
        assert again(f)(x).equals(oracle(x))
        np.testing.assert_array_equal(again(f)(np.array([point, point])), [f(point), f(point)])
        assert_close(again(f)(point), derivatives(function, (point,), (1,), 0)[0])


@each_way
@pytest.mark.parametrize("order", range(1, 4))
def test_arrays_are_differentiated_element_by_element(again, order):
    for (f, _, points), function in zip(FUNCTIONS, rows(again), strict=True):
        of_array = nth_derivative(again(f), order)(np.array(points))
        assert of_array.shape == (len(points),)
        for actual, point in zip(of_array, points, strict=True):
            assert_close(float(actual), derivatives(function, (point,), (1,), order)[0])


@each_way
def test_functions_of_arrays_have_gradients_hessians_and_directional_derivatives(again):
    f = again(lambda a: (a**3).sum() * a[0])
    a = np.array([1.0, 2.0])
    np.testing.assert_array_equal(grad(f)(a), [1 + 8 + 3, 12])
    np.testing.assert_array_equal(hessian(f)(a), [[3 + 3 + 6, 12], [12, 12]])
    value, slope = jvp(again(lambda a: a**3), a, np.array([1.0, 10.0]))
    np.testing.assert_array_equal(value, [1, 8])
    np.testing.assert_array_equal(slope, [3, 120])


def pair_to_pair(p):
    return p[0] ** 2 * p[1], revdiff.sin(p[0]) + p[1] ** 3


@each_way
def test_tuples_go_in_and_come_out(again):
    f = again(pair_to_pair)
    assert f((x, y)) == (x**2 * y, sympy.sin(x) + y**3)
    assert f((2.0, 3.0)) == pair_to_pair((2.0, 3.0))
    formulas = sympy.Matrix(pair_to_pair((x, y)))
    for i, derived in enumerate(jacobian(f)((x, y))):
        assert all((derived[j] - formulas[i].diff(by)).equals(0) for j, by in enumerate((x, y)))
    for i, derived in enumerate(jacobian(jacobian(f))((x, y))):
        for j, k in np.ndindex(2, 2):
            assert (derived[j][k] - formulas[i].diff((x, y)[j], (x, y)[k])).equals(0)


@each_way
def test_tuples_in_tuples_keep_their_structure(again):
    f = again(lambda p: ((p[0] * p[1][0], p[1][1]), (p[0],)))
    value, pullback = vjp(f, (2.0, (3.0, np.array([5.0, 7.0]))))
    assert value[0][0] == 6.0
    assert value[1] == (2.0,)
    first, (second, third) = pullback(((1.0, np.array([10.0, 20.0])), (100.0,)))
    assert (first, second) == (103.0, 2.0)
    np.testing.assert_array_equal(third, [10.0, 20.0])


@dataclass(frozen=True)
class Line:
    slope: float
    start: float


@each_way
def test_records_and_dictionaries_are_structures_too(again):
    f = again(lambda p: {"at": p["line"].slope * p["x"] + p["line"].start, "name": p["name"]})
    value, pullback = vjp(f, {"line": Line(2.0, 3.0), "x": 5.0, "name": "a"})
    assert value == {"at": 13.0, "name": "a"}
    x_bar = pullback({"at": 10.0, "name": "a"})
    assert (x_bar["line"], x_bar["x"]) == (Line(50.0, 10.0), 20.0)


@each_way
def test_what_has_no_numbers_in_it_passes_through(again):
    assert again(lambda p: 7.0)(()) == 7.0
    assert again(lambda p: p)(()) == ()


@each_way
def test_a_function_that_does_not_use_its_argument_has_the_derivative_zero(again):
    assert simple_derivative(again(lambda x: 7.0))(2.0) == 0.0
    assert grad(again(lambda p: 7.0))((2.0, (3.0,))) == (0.0, (0.0,))
    np.testing.assert_array_equal(grad(again(lambda a: 7.0))(np.ones(3)), np.zeros(3))


@each_way
def test_a_variable_of_an_outer_derivative_is_a_constant_of_the_inner_one(again):
    inner = lambda x: simple_derivative(again(lambda y: x * x * y))(1.0)
    assert simple_derivative(lambda x: x * inner(x))(5.0) == 3 * 5.0**2
    assert simple_derivative(lambda x: x * simple_derivative(again(lambda y: x + y))(1.0))(2024.0) == 1.0


@each_way
def test_a_variable_that_is_used_and_is_no_argument_is_refused(again):
    def with_hidden(x):
        return again(lambda z: z * x)(x)

    with pytest.raises(revdiff.MixedLayersError, match="Make it an argument"):
        simple_derivative(with_hidden)(3.0)


@pytest.mark.parametrize("name", [name for name in FORMS if name != "lens"])
def test_an_error_calls_a_function_by_its_own_name_in_other_forms_too(name):
    def with_hidden(x):
        def outer(z):
            return z * x

        return there_and_back(name)(outer)(x)

    with pytest.raises(revdiff.MixedLayersError, match="the body of outer uses"):
        simple_derivative(with_hidden)(3.0)


# ---------------------------------------------------------------------- forms


# Each form of x ↦ x² + 1/x, with x̄ = (2x - 1/x²) ȳ, as one writes it by hand.
def value(x):
    return x * x + 1 / x


def slope(x):
    return 2 * x - 1 / (x * x)


def by_hand(x):
    return value(x), lambda ct: ct * slope(x)


def van_laarhoven(h):
    return lambda x: h(value(x)).map(lambda ct: ct * slope(x))


def optic(p):
    return p.dimap(lambda noted: noted[1] * slope(noted[0]), lambda x: (x, value(x))).unsecond()


BY_HAND = {
    "lens": Lens(value, lambda x, ct: ct * slope(x)),
    "value and pullback": by_hand,
    "Van Laarhoven": van_laarhoven,
    "profunctor": optic,
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("order", range(1, 4))
def test_a_form_written_by_hand_is_a_differentiable_function(name, order):
    f = FORMS[name][1](BY_HAND[name])
    assert f(x).equals(x**2 + 1 / x)
    assert_order(row(f, lambda x: x**2 + 1 / x, 0.5, -2.0, name=name), order)
    assert nth_derivative(f, order)(x).equals(sympy.diff(x**2 + 1 / x, x, order))


def test_a_lens_comes_back_as_the_same_lens():
    before = BY_HAND["lens"]
    after = to_lens(from_lens(before))
    assert after.get(x) == before.get(x)
    assert (after.set(x, c) - before.set(x, c)).equals(0)
    assert simple_derivative(lambda x: after.set(x, 2.0))(4.0) == simple_derivative(lambda x: before.set(x, 2.0))(4.0)


def test_value_and_pullback_come_back():
    (value_before, back_before), (value_after, back_after) = by_hand(x), to_lens_ops(from_lens_ops(by_hand))(x)
    assert value_after == value_before
    assert (back_after(c) - back_before(c)).equals(0)


@pytest.mark.parametrize(
    "h",
    [Const, lambda y: Identity(c), lambda y: Identity(y - c), lambda y: Many((1, c, y)), lambda y: Many(())],
    ids=["no cotangent", "one", "one made from the value", "three", "none of many"],
)
def test_a_van_laarhoven_form_comes_back_for_every_functor(h):
    before, after = van_laarhoven(h)(x), to_van_laarhoven(from_van_laarhoven(van_laarhoven))(h)(x)
    assert type(after) is type(before)
    if type(before) is Many:
        assert len(after.values) == len(before.values)
        assert all((a - b).equals(0) for a, b in zip(after.values, before.values, strict=True))
    else:
        assert (after.value - before.value).equals(0)


@pytest.mark.parametrize("start", [init_diff, lambda x: Store(x, lambda ct: ct)], ids=["RevDiff", "Store"])
def test_a_profunctor_optic_comes_back_for_every_profunctor(start):
    before, after = optic(start(x)), to_profunctor(from_profunctor(optic))(start(x))
    assert type(after) is type(before)
    assert after.value == before.value
    assert (after.backprop(c) - before.backprop(c)).equals(0)
