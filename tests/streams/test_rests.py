"""The operations of streams of finite support agree with those of the elements, and carry a rest behind them along.

The rest used here is a sequence that is written out. Its values are not zero, so that they can be
seen; a function that is zero at zeros is nothing special to it.
"""

from __future__ import annotations

import copy
import itertools
import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revdiff import ArgumentError
from revdiff.streams.finite import FiniteSupportStream
from revdiff.streams.stream import Stream

FAR = 60


class Explicit:
    """A rest whose i-th element is f(i), and f(i) = 0 from i = FAR on."""

    def __init__(self, f):
        self.f = f

    def element(self, i, /):
        return self.f(i)

    def dropped(self, n, /):
        return Explicit(lambda i: self.f(i + n))

    def total(self):
        return sum(map(self.f, range(FAR)))

    def combined(self, function, /, *others):
        assert all(isinstance(other, Explicit | Stream) for other in others)
        at = [other.element if isinstance(other, Explicit) else other.__getitem__ for other in others]
        return Explicit(lambda i: function(self.f(i), *[f(i) for f in at]) if i < FAR else 0)

    def scaled(self, function, c, /):
        return self.combined(lambda x: function(x, c))


numbers = st.integers(-5, 5)
items = st.lists(numbers, max_size=5)
slopes = st.integers(1, 9)


def with_rest(items, slope):
    return FiniteSupportStream._of(tuple(items), lambda: 0, Explicit(lambda i: slope * (i + 1) if i < FAR else 0))


plain = items.map(FiniteSupportStream)
rested = st.builds(with_rest, items, slopes)
either = plain | rested
streams = st.builds(lambda a, b: Stream.tabulate(lambda i: a + b * i), numbers, numbers)
places = st.integers(0, 12)

xs = with_rest([5, 7], 10)  # 5, 7, 10, 20, 30, …


def test_an_ordinary_one_has_no_rest():
    x = FiniteSupportStream([1, 2])
    for y in (x, x + x, -x, x * Stream.repeat(2), x.map(abs), x.cons(1), x.drop(1), x.trim(), x.zip(x), x[::2]):
        assert y._rest is None


def test_elements_behind_the_support_are_those_of_the_rest():
    assert xs.take(5) == xs[0:5] == list(itertools.islice(xs, 5)) == xs.to_stream().take(5) == [5, 7, 10, 20, 30]
    assert (xs[1], xs[2], xs[4]) == (7, 10, 30)
    assert with_rest([], 3).head == 3
    assert xs.to_list() == [5, 7]
    assert xs.support_length == 2
    assert xs.zero == 0
    assert repr(xs) == "[5,7,10,20,30,..."


@given(x=rested, n=places, i=places)
def test_dropping_goes_on_into_the_rest(x, n, i):
    assert x.drop(n)[i] == x[n:][i] == x[n + i]
    assert x.drop(n).support_length == max(0, x.support_length - n)
    assert x.tail[i] == x[i + 1]
    assert x.cons(42)[i + 1] == x[i]
    assert x.cons(42, trim=True).tail[i] == x[i]


@given(x=either, c=numbers, s=streams, i=places)
def test_elementwise_operations_reach_the_rest(x, c, s, i):
    assert x.map(lambda e: e**3)[i] == x[i] ** 3
    assert (c * x)[i] == (x * c)[i] == c * x[i]
    assert (x / 4)[i] == x[i] / 4
    assert (-x)[i] == -x[i]
    assert (x * s)[i] == (s * x)[i] == x[i] * s[i]
    assert (x / (s * s + 1))[i] == x[i] / (s[i] ** 2 + 1)


def test_the_order_of_the_operands_is_kept():
    words = FiniteSupportStream._of(("a",), str, Explicit(lambda i: "r" if i < FAR else ""))
    more = FiniteSupportStream(["b", "b", "b"], "")
    pair = lambda x, y: f"<{x}|{y}>"
    assert words.zip_with(more, pair).take(5) == ["<a|b>", "<r|b>", "<r|b>", "<r|>", "<r|>"]
    assert more.zip_with(words, pair).take(5) == ["<b|a>", "<b|r>", "<b|r>", "<|r>", "<|r>"]
    assert more.zip_with(words, pair, right=lambda y: f"right {y}").take(4)[3] == "right r"
    assert words.zip_with(more, pair, left=lambda x: f"left {x}").take(4)[3] == "left r"


@given(x=either, y=either, i=places)
def test_operations_with_another_one_align_items_and_rests(x, y, i):
    assert (x + y)[i] == x[i] + y[i]
    assert (x - y)[i] == x[i] - y[i]
    assert (x * y)[i] == x[i] * y[i]
    assert x.zip_with(y, lambda a, b: 3 * a - 5 * b + a * b)[i] == 3 * x[i] - 5 * y[i] + x[i] * y[i]
    assert x.zip(y)[i] == (x[i], y[i])
    assert (x + y).support_length == max(x.support_length, y.support_length)


@given(x=either, s=streams, i=places)
def test_beside_a_stream_they_become_one(x, s, i):
    assert (x + s)[i] == (s + x)[i] == x[i] + s[i]
    assert (x - s)[i] == -(s - x)[i] == x[i] - s[i]


@given(x=rested, s=streams, c=numbers)
def test_sums_reach_to_the_end_of_the_rest(x, s, c):
    end = x.support_length + FAR
    assert x.sum() == sum(x.take(end))
    pairing = sum(a * b for a, b in zip(x.take(end), s.take(end), strict=True))
    assert x.convolve(s) == s.convolve(x) == pairing
    assert x.fold_with_stream(operator.mul, s, start=c) == c + pairing
    assert x.fold_with_stream(lambda a, b: a * b * b, s) == sum(
        a * b * b for a, b in zip(x.take(end), s.take(end), strict=True)
    )


def test_what_has_a_rest_is_not_trimmed():
    x = with_rest([1, 0, 0], 2)
    assert x.trim() is x
    assert FiniteSupportStream([1, with_rest([], 2)]).trim().support_length == 2
    assert FiniteSupportStream([1, (0, with_rest([], 2))]).trim().support_length == 2


def test_a_copy_keeps_the_rest():
    assert copy.copy(xs).take(5) == copy.deepcopy(xs).take(5) == xs.take(5)


def test_equality_is_of_the_items_and_says_nothing_of_the_rest():
    assert with_rest([1, 2, 0], 3) == FiniteSupportStream([1, 2]) == with_rest([1, 2], 4)
    assert with_rest([1, 2], 3) != FiniteSupportStream([1])


def test_a_stride_would_lose_the_rest_and_says_what_does_not():
    assert xs[1::1].take(2) == [7, 10]
    with pytest.raises(ArgumentError, match=r"x\[a::k\] would lose the derivative(?s:.*)x\.to_stream\(\)\[a::k\]"):
        xs[::2]
    assert xs.to_stream()[::2].take(3) == [5, 10, 30]
    assert xs[0:6:2] == [5, 10, 30]


def test_the_rest_may_find_the_zero_when_it_is_first_needed():
    asked = []
    x = FiniteSupportStream._of((1,), lambda: asked.append("zero") or 0, Explicit(lambda i: i))
    assert (x + x).take(3) == [2, 0, 2]
    assert x.drop(2).take(2) == [1, 2]
    assert asked == []
    assert x.zero == 0
    assert asked == ["zero"]
