"""A Store is a RevDiff without a variable: the same methods, the same results."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given

from revdiff import init_diff
from revdiff.optics import Costrong, Functor, Store
from tests.exact import fractions, polynomials


def test_it_is_a_functor_and_a_costrong_profunctor_and_frozen():
    store = Store(1.0, lambda ct: ct)
    assert isinstance(store, Functor)
    assert isinstance(store, Costrong)
    with pytest.raises(FrozenInstanceError):
        store.value = 2.0


@given(polynomials(), fractions, fractions)
def test_mapping_it_goes_on_where_the_way_back_ends(f, y, c):
    store = Store(y, lambda ct: 2 * ct).map(f)
    assert (store.value, store.backprop(c)) == (y, f(2 * c))


@given(polynomials(), polynomials(), fractions, fractions)
def test_it_does_what_a_revdiff_does(before, after, x, c):
    for make in (
        lambda p: p.dimap(before, after),
        lambda p: p.dimap(lambda pair: pair[0] * before(pair[1]), lambda v: (after(v), v)).unfirst(),
        lambda p: p.dimap(lambda pair: before(pair[0]) * pair[1], lambda v: (v, after(v))).unsecond(),
    ):
        store, revdiff = make(Store(x, lambda ct: ct)), make(init_diff(x))
        assert store.value == revdiff.value
        assert store.backprop(c) == revdiff.backprop(c)
