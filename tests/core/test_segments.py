"""Segments of the graph: where they end, and where copies of them lead."""

from __future__ import annotations

import pytest

from revdiff import const_diff, init_diff, sin
from revdiff.core.collecting import Place
from revdiff.core.graph import next_number
from revdiff.core.segments import layers_of, segment, with_ends
from revdiff.core.sweep import sweep


class Collected:
    """The end that keeps what arrives."""

    def arrive(self, cotangents):
        return cotangents

    def zero(self):
        return {}


def made_between(x):
    """Return a value, when the work on it began, and the two older values that it is made of."""
    xs = init_diff((x, 5.0))
    old = sin(xs[0]), xs[1] * xs[0]
    since = next_number()
    return old[0] * old[1] * old[1], since, old


def test_a_segment_ends_at_what_is_older():
    y, since, old = made_between(2.0)
    inside, ends = segment([y._node], lambda node: node[0] < since)
    assert all(number > since for number in inside)
    assert set(ends) == {a._node[0] for a in old}


def test_a_copy_with_other_ends_carries_cotangents_to_them_and_no_further():
    y, since, (a, b) = made_between(2.0)
    inside, ends = segment([y._node], lambda node: node[0] < since)
    collected = Collected()
    others = {i: (i, node[1], (0, node[1], collected), Place(dict, i)) for i, node in ends.items()}
    arrived = sweep([(with_ends(inside, others)[y._node[0]], y._scale)])
    # y = a b², and of a float that came along one way the scale waits in the value itself
    assert arrived[a._node[0]] == pytest.approx(b.value**2 * a._scale)
    assert arrived[b._node[0]] == pytest.approx(2 * a.value * b.value * b._scale)


def test_layers_are_those_of_derivatives_and_not_of_constants():
    inner = init_diff(2.0)
    outer = init_diff(const_diff(inner))
    found = layers_of(const_diff(outer))
    assert len(found) == 2
    assert found[0] is outer
    assert found[1] is inner
    assert layers_of(const_diff(3.0)) == layers_of(3.0) == []
