"""Van Laarhoven forms: one function for every functor, composed like functions."""

from __future__ import annotations

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from revdiff import ArgumentError, exp, grad, nth_derivative, simple_derivative, sin, square
from revdiff.optics import Const, Functor, Identity, Many, Store, from_van_laarhoven, to_van_laarhoven
from tests.exact import fractions, polynomials

x, c = sympy.symbols("x c")


# ---------------------------------------------------------------------- what it is good for


def test_with_const_it_is_the_value_and_nothing_is_pulled_back():
    def no_way_back(h):
        return lambda x: h(x * x).map(lambda ct: pytest.fail("the pullback ran"))

    assert no_way_back(Const)(3.0) == Const(9.0)
    assert to_van_laarhoven(sin)(Const)(x) == Const(sympy.sin(x))


def test_with_identity_it_is_the_pullback():
    assert to_van_laarhoven(sin)(lambda y: Identity(c))(x) == Identity(c * sympy.cos(x))


def test_the_cotangent_may_be_made_from_the_value():
    data = np.array([1.0, 2.0, 4.0])
    model = lambda p: p[0] * np.exp(p[1] * np.arange(3.0))
    p = np.array([1.5, 0.5])
    by_form = to_van_laarhoven(model)(lambda y: Identity(y - data))(p).value
    np.testing.assert_allclose(by_form, grad(lambda p: ((model(p) - data) ** 2).sum() / 2)(p), rtol=1e-14)


def test_with_many_it_is_the_jacobian_from_one_forward_pass():
    evaluations = []

    def polar(p):
        evaluations.append(p)
        return p[0] * np.cos(p[1]), p[0] * np.sin(p[1])

    rows = to_van_laarhoven(polar)(lambda y: Many(((1, 0), (0, 1))))((x, c)).values
    assert len(evaluations) == 1
    assert rows == ((sympy.cos(c), -x * sympy.sin(c)), (sympy.sin(c), x * sympy.cos(c)))


def test_a_functor_of_ones_own_needs_a_method_map_only():
    class Named:
        def __init__(self, **cotangents):
            self.cotangents = cotangents

        def map(self, function):
            return Named(**{name: function(ct) for name, ct in self.cotangents.items()})

    assert isinstance(Named(), Functor)
    pulled = to_van_laarhoven(square)(lambda y: Named(signal=1.0, noise=0.5))(3.0)
    assert pulled.cotangents == {"signal": 6.0, "noise": 3.0}


@pytest.mark.parametrize("order", range(1, 4))
def test_it_can_be_differentiated_from_outside(order):
    pulled = lambda x: to_van_laarhoven(sin)(lambda y: Identity(y * y))(x).value
    assert nth_derivative(pulled, order)(x).equals(sympy.diff(sympy.sin(x) ** 2 * sympy.cos(x), x, order))
    assert nth_derivative(lambda x: to_van_laarhoven(sin)(Const)(x).value, order)(x).equals(
        sympy.diff(sympy.sin(x), x, order)
    )


# ---------------------------------------------------------------------- laws

HS = {
    "no cotangent": Const,
    "one": lambda y: Identity(2 * y + 1),
    "several": lambda y: Many((1, y, y * y)),
    "waiting": lambda y: Store(y, lambda ct: 3 * ct),
}


def seen(functor):
    """Return all that can be known of a functor with fractions in it."""
    return (functor.value, functor.backprop(7)) if type(functor) is Store else functor


functions_into_functors = st.sampled_from(sorted(HS)).map(HS.get)


@given(polynomials(), polynomials(), functions_into_functors, fractions)
def test_first_f_and_then_g_is_the_form_of_f_after_the_form_of_g(f, g, h, x):
    composed = to_van_laarhoven(lambda x: g(f(x)))
    assert seen(composed(h)(x)) == seen(to_van_laarhoven(f)(to_van_laarhoven(g)(h))(x))


def test_composition_is_the_chain_rule():
    vl_square, vl_sine, vl_exp = map(to_van_laarhoven, (square, sin, exp))
    through_all = lambda h: vl_square(vl_sine(vl_exp(h)))
    assert through_all(Const)(x).value == sympy.exp(sympy.sin(x**2))
    pulled = through_all(lambda y: Identity(c))(x).value
    assert (pulled - c * sympy.diff(sympy.exp(sympy.sin(x**2)), x)).equals(0)
    assert simple_derivative(from_van_laarhoven(through_all))(x).equals(sympy.diff(sympy.exp(sympy.sin(x**2)), x))


@given(functions_into_functors, fractions)
def test_the_form_of_the_identity_is_the_identity(h, x):
    assert seen(to_van_laarhoven(lambda x: x)(h)(x)) == seen(h(x))


@given(polynomials(), fractions, st.lists(fractions, min_size=1, max_size=4).map(tuple))
def test_from_one_functor_to_another_before_or_after_is_the_same(f, x, cotangents):
    vl = to_van_laarhoven(f)
    first = lambda many: Identity(many.values[0])
    singleton = lambda one: Many((one.value,))
    assert first(vl(lambda y: Many(cotangents))(x)) == vl(lambda y: first(Many(cotangents)))(x)
    assert singleton(vl(Identity)(x)) == vl(lambda y: singleton(Identity(y)))(x)


@given(functions_into_functors, polynomials(), polynomials(), fractions)
def test_the_functors_keep_identity_and_composition(h, f, g, x):
    assert seen(h(x).map(lambda ct: ct)) == seen(h(x))
    assert seen(h(x).map(g).map(f)) == seen(h(x).map(lambda ct: f(g(ct))))


# ---------------------------------------------------------------------- errors


def test_a_bare_cotangent_is_no_functor():
    with pytest.raises(
        ArgumentError, match=r"an object with a method map; it returned a float\.\n  For one cotangent:  Identity\(ct\)"
    ):
        to_van_laarhoven(sin)(lambda y: 1.0)(0.0)


def test_a_form_for_one_functor_only_is_no_form():
    with pytest.raises(
        ArgumentError, match=r"mapped; this one returned a float\.\n  Write:  lambda h: lambda x: h\(f\(x\)\)\.map"
    ):
        from_van_laarhoven(lambda h: lambda x: 2 * x)(1.0)
