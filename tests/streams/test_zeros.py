"""The zero after a support: of every kind of element, given or found, and made when it is first needed."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy

from revdiff import UnsupportedValueError, init_diff
from revdiff.streams.finite import FiniteSupportStream
from revdiff.streams.stream import Stream
from revdiff.streams.zeros import zero_beside

fss = FiniteSupportStream
halves = Stream.iterate(lambda x: x / 2, 1.0)


@pytest.mark.parametrize(
    ("x", "zero"),
    [
        (3, 0),
        (1.5, 0.0),
        (2j, 0j),
        (True, False),
        (Fraction(1, 2), Fraction(0)),
        (np.float32(1.5), np.float32(0)),
        (np.int64(3), np.int64(0)),
        (np.True_, np.False_),
        (sympy.Symbol("x"), sympy.S.Zero),
        ((1, (2.0, False)), (0, (0.0, False))),
        ((), ()),
        (0, 0),
        (init_diff(2.5), 0.0),
    ],
)
def test_the_zero_is_that_of_the_first_item(x, zero):
    of_items = fss([x, x]).zero
    assert of_items == zero
    assert type(of_items) is type(zero)
    assert fss([x])[7] == fss([x]).tail.head == fss([x]).cons(x).drop(2).zero == fss([x])[2::3].zero == zero


@pytest.mark.parametrize("dtype", [np.float32, np.complex128, np.int32, bool])
def test_the_zero_beside_an_array_is_an_array_that_one_may_write_to(dtype):
    x = fss([np.ones((2, 3), dtype)])
    zero = x[5]
    assert (zero.shape, zero.dtype, zero.any()) == ((2, 3), dtype, False)
    zero[...] = 1
    assert not x[5].any()
    assert not x.zero.any()


def test_the_zero_beside_a_container_is_a_container_of_zeros():
    nested = fss([fss([1.5]), fss([])])
    assert type(nested[5]) is fss
    assert nested[5].head == 0.0
    assert type(nested[5].head) is float
    of_streams = fss([halves])
    assert type(of_streams[1]) is Stream
    assert of_streams[1].take(3) == [0.0, 0.0, 0.0]
    assert zero_beside((halves, fss([True])))[1].head is False


def test_a_zero_of_ones_own():
    x = fss(["a", "b"], zero="")
    assert x.take(4) == ["a", "b", "", ""]
    assert (x + fss(["c"], zero="")).to_list() == ["ac", "b"]
    assert x.tail.tail.tail.head == ""
    assert fss(["a", ""], zero="").trim().to_list() == ["a"]
    assert fss([], zero=1.0).zero == 1.0
    assert fss.empty(0.0).cons(1).zero == 0.0


def test_a_zero_may_be_obtained_when_it_is_first_needed():
    calls = []
    x = fss([1], zero=lambda: calls.append("called") or 0.5)
    assert x.head == 1
    assert x.cons(2).tail.to_list() == [1]
    assert x.drop(1).is_null
    assert (x + x).to_list() == [2]
    assert (x.drop(1) + x.drop(2)).to_list() == []
    assert calls == []
    assert (x[1], x.tail[0], x.cons(2)[5]) == (0.5, 0.5, 0.5)
    assert calls == ["called"]


def test_the_zero_of_nothing_taken_from_a_stream_is_that_of_its_elements():
    read = []
    s = Stream.tabulate(lambda i: read.append(i) or float(i))
    x = fss.from_stream(s, 0)
    assert read == []
    assert type(x.head) is float
    assert read == [0]


def test_what_is_put_in_front_of_nothing_says_what_the_zero_is():
    assert repr(fss().cons(1.5)) == "[1.5,0.0,0.0,0.0,..."
    assert repr(fss() + fss([1.5])) == repr(fss([1.5]) + fss()) == "[1.5,0.0,0.0,0.0,..."
    assert repr(fss([1.5]).tail + fss()) == "[0.0,0.0,0.0,..."


def test_the_zero_follows_the_results_of_a_function():
    assert repr(fss([1, 2]).map(lambda x: x / 2)) == "[0.5,1.0,0.0,0.0,0.0,..."
    assert repr(fss([1, 2]) * sympy.Symbol("x")) == "[x,2*x,0,0,0,..."
    assert repr(fss([1, 2]) * np.array([1.0, 2.0])) == "[[1.,2.],[2.,4.],[0.,0.],[0.,0.],[0.,0.],..."
    assert repr(fss([np.inf]) * np.inf) == "[inf,0.0,0.0,0.0,..."


@pytest.mark.parametrize("item", ["a", None, object(), int], ids=type)
def test_items_without_a_zero_are_an_error_only_where_a_zero_is_needed(item):
    x = fss([item, item])
    assert x.to_list() == [item, item]
    assert x.trim() is x
    assert x.head is item
    assert repr(x).endswith(",...")
    assert x != fss([])
    with pytest.raises(UnsupportedValueError, match=r"nothing says what the zero beside .* is.\n.*zero=…"):
        x[2]


def test_adding_nothing_as_often_as_one_likes_leaves_a_zero_that_can_be_found():
    x = fss([1.5]).tail
    for _ in range(5000):
        x = x + fss()
    assert type(x.zero) is float
    for _ in range(5000):
        x = fss([2.0]).map(lambda e: e).tail + x
    assert type(x.zero) is float
