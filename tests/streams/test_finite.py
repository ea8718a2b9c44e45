"""`FiniteSupportStream`: a stored prefix and zeros after it."""

from __future__ import annotations

import copy
import operator
import pickle

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from revdiff import ArgumentError, init_diff
from revdiff.streams.finite import FiniteSupportStream
from revdiff.streams.stream import Stream

fss = FiniteSupportStream
naturals = Stream.tabulate(lambda i: i)
halves = Stream.iterate(lambda x: x / 2, 1.0)
empty = fss.empty()

numbers = st.integers(-3, 3)
vectors = st.lists(numbers, max_size=8).map(fss)
streams = st.builds(lambda a, b: Stream.tabulate(lambda i: a + b * i), numbers, numbers)
places = st.integers(0, 10)


# -------------------------------------------------------------------------------------- the laws


@given(a=vectors, b=vectors, c=vectors)
def test_addition_is_a_commutative_group(a, b, c):
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert a + empty == empty + a == a
    assert a + -a == a - a == empty
    assert a - b == a + -b


@given(a=vectors, b=vectors, s=streams, t=streams, c=numbers)
def test_the_pairing_is_bilinear(a, b, s, t, c):
    assert (a + b).convolve(s) == a.convolve(s) + b.convolve(s)
    assert a.convolve(s + t) == a.convolve(s) + a.convolve(t)
    assert (c * a).convolve(s) == a.convolve(c * s) == c * a.convolve(s)
    assert a.convolve(s) == s.convolve(a) == a.fold_with_stream(operator.mul, s)
    assert a.convolve(Stream.repeat(1)) == a.sum() == sum(a.to_list())


@given(a=vectors, i=places)
def test_the_pairing_with_a_basis_vector_is_an_element(a, i):
    assert fss.basis(i).convolve(a.to_stream()) == a[i]


@given(a=vectors, x=numbers, n=places, k=st.integers(1, 4))
def test_what_is_put_in_front_dropped_or_skipped_has_finite_support(a, x, n, k):
    assert a.cons(x).to_list() == [x, *a.to_list()]
    assert a.cons(x, trim=True).to_list() == a.cons(x).trim().to_list()
    assert a.drop(n).to_list() == a[n:].to_list() == a.to_list()[n:]
    assert a[n::k].to_list() == a.to_list()[n::k]


@given(a=vectors, b=vectors)
def test_trimming_changes_what_is_stored_and_nothing_else(a, b):
    assert a.trim() == a
    assert a.trim().trim() is a.trim() or a.trim().trim().to_list() == a.trim().to_list()
    assert (a.trim() == b) == (a == b) == (a.trim().to_list() == b.trim().to_list())
    assert a.trim().is_null or a.trim().to_list()[-1] != 0
    assert repr(a.trim()) == repr(a)
    assert (a == empty) == a.trim().is_null


@given(a=vectors, n=places)
def test_it_becomes_a_stream_and_comes_from_one(a, n):
    assert a.to_stream().take(n) == a.take(n)
    assert fss.from_stream(a.to_stream(), 8) == a
    assert fss.from_stream(a.to_stream(), n).to_list() == a.take(n)


@given(items=st.lists(numbers))
def test_what_it_is_made_of_and_what_it_gives_are_not_tied_to_it(items):
    given_items = list(items)
    x = fss(given_items)
    given_items.append(99)
    x.to_list().append(99)
    x.take(3).append(99)
    x[0:3].append(99)
    assert x.to_list() == items


# ------------------------------------------------------------------------------ trimming, equality


x_ = sympy.Symbol("x")


@pytest.mark.parametrize(
    ("items", "kept"),
    [
        ([0.0, -0.0, 0.0], 0),
        ([1.0, float("nan"), 0.0], 2),
        ([x_, x_ - x_, 0 * x_], 1),
        ([x_, sympy.sin(x_) ** 2 + sympy.cos(x_) ** 2 - 1], 2),
        ([sympy.Eq(x_, 0)], 1),
        ([np.ones(2), np.zeros(2)], 1),
        ([np.ones(2), np.array([0.0, 1.0]), np.zeros(2)], 2),
        ([np.array([x_, 0]), np.array([0, 0], dtype=object)], 1),
        ([(1, 0), (0, 1), (0, 0)], 2),
        ([(1, np.ones(2)), (0, np.zeros(2))], 1),
        ([fss([1]), fss([0, 0]), fss([])], 1),
        ([fss([fss([0])]), fss([fss([]), fss([0])])], 0),
        ([1.0, init_diff(0.0)], 2),
        ([1.0, init_diff(0.0), 0.0], 2),
        ([(1.0, 0.0), (0.0, init_diff(0.0))], 2),
        ([np.array([1.0, 2.0], object), np.array([0.0, init_diff(0.0)], object)], 2),
        ([fss([1.0]), fss([init_diff(0.0)])], 2),
        ([True, False, False], 1),
        ([halves, Stream.repeat(0.0)], 2),
    ],
    ids=str,
)
def test_trimming_drops_what_is_zero_and_keeps_what_may_not_be(items, kept):
    assert fss(items).trim().support_length == kept


def test_nested_ones_are_shown_nested():
    null = "[0,0,0,..."
    assert repr(fss([fss(), fss([0])])) == f"[{null},{null},{null},..."
    assert repr(fss([fss([1]), fss()])) == f"[[1,0,0,0,...,{null},{null},{null},..."


def test_equality_is_of_all_the_elements():
    assert fss([1]) == fss([1, 0]) == fss([1.0, 0.0, 0.0])
    assert fss([1]) != fss([1, 1])
    assert fss([0, 0]) == fss() == fss.empty(0.0)
    assert fss([(1, 0), (0, 0)]) == fss([(1, 0)])
    assert fss([(0, 0)]) == fss()
    assert fss([(0, 0)]) != fss([(0, 0, 0)])
    assert fss([np.array([1.0, 2.0])]) == fss([np.array([1.0, 2.0]), np.zeros(2)])
    assert fss([np.array([1.0, 2.0])]) != fss([np.array([1.0, 3.0])])
    assert fss([np.ones(2)]) != fss([np.ones((2, 2))])
    assert fss([np.ones(2), 1.0]) == fss([1.0, np.ones(2)])
    assert fss([(1, 0), 1]) != fss([1, (1, 0)])
    assert fss([(1, np.ones(2))]) == fss([(1, np.ones(2))])
    assert fss([fss([1])]) == fss([fss([1, 0]), fss()])
    assert fss([x_]) == fss([x_, x_ - x_])
    assert fss([x_]) != fss([x_ + 1])
    assert fss([init_diff(1.0), init_diff(0.0)]) == fss([1.0])
    assert fss([float("nan")]) != fss([float("nan")])


def test_it_equals_nothing_of_another_kind_and_has_no_hash():
    assert fss([1]) != [1]
    assert fss([1]) != 1
    assert fss([1]) != fss([1]).to_stream()
    assert fss.__hash__ is None
    with pytest.raises(TypeError, match="unhashable"):
        hash(fss())


# ------------------------------------------------------------------------------ elements, objects


def test_elements_that_carry_derivatives_keep_them():
    x = init_diff(3.0)
    y = fss([x, x * x])
    assert y.sum().backprop(1.0) == 1.0 + 2 * 3.0
    assert (y * x)[1].backprop(1.0) == 3 * 3.0**2
    assert (y + y - fss([x]))[0].backprop(1.0) == 1.0
    assert y.convolve(naturals).backprop(1.0) == 2 * 3.0
    assert fss([2.0, 5.0]).convolve(Stream.iterate(lambda p: p * x, x)).backprop(1.0) == 2.0 + 5.0 * 2 * 3.0


def test_sums_of_tuples_are_taken_place_by_place_and_of_truth_values_as_python_does():
    assert fss([(1, (2.0,)), (3, (4.0,))]).sum() == (4, (6.0,))
    assert fss([True, True]).sum() == 2


def test_streams_are_read_no_further_than_the_support():
    read = []
    s = Stream.tabulate(lambda i: read.append(i) or i)
    x = fss([5, 7])
    assert (x * s).to_list() == [0, 7]
    assert x.convolve(s) == 7
    assert x.fold_with_stream(max, s, start=100) == 112
    assert read == [0, 1]


@pytest.mark.parametrize("other", [1, 1.5, "a", None, np.ones(2), [1, 2]], ids=type)
@pytest.mark.parametrize("op", [operator.add, operator.sub, lambda x, y: y + x, lambda x, y: y - x])
def test_a_single_value_is_not_added_and_the_error_says_how(op, other):
    with pytest.raises(ArgumentError, match=r"a FiniteSupportStream is added to one, or to a Stream; met") as error:
        op(fss([1]), other)
    assert "x.map(" in str(error.value)
    assert "x.to_stream() + c" in str(error.value)


def test_nothing_is_divided_by_zeros():
    with pytest.raises(TypeError, match="unsupported operand"):
        1 / fss([1])
    with pytest.raises(TypeError, match="unsupported operand"):
        fss([1]) / fss([1])


def test_what_does_not_fit_is_an_error():
    with pytest.raises(ArgumentError, match="FiniteSupportStream needs its items in a list; met an int"):
        fss(5)
    with pytest.raises(ArgumentError, match=r"is zipped with one; met a Stream(?s:.*)x\.to_stream\(\)\.zip_with"):
        fss([1]).zip(naturals)
    with pytest.raises(
        ArgumentError, match="a Stream is needed beside the FiniteSupportStream; met a FiniteSupportStream"
    ):
        fss([1]).convolve(fss([1]))
    with pytest.raises(ArgumentError, match="a Stream is needed beside the FiniteSupportStream; met a list"):
        fss([1]).fold_with_stream(max, [1])
    with pytest.raises(ArgumentError, match="a number of items is 0 or more"):
        fss.replicate(-1, 0)
    with pytest.raises(ArgumentError, match="a place is 0 or more"):
        fss.basis(-1)


def test_copies_and_pickles_are_equal():
    for x in [fss([1, 2.5]), fss([fss([1])]), fss([]), fss([np.ones(2)]), fss([1.5]).tail, fss(["a"], zero="")]:
        for again in (copy.copy(x), copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
            assert again == x
            assert type(again.zero) is type(x.zero)
            assert again.support_length == x.support_length
