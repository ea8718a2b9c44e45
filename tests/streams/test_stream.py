"""`Stream`: what it computes, and when."""

from __future__ import annotations

import copy
import itertools
import operator
import pickle

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from revdiff import ArgumentError, init_diff
from revdiff.core.errors import InfiniteError
from revdiff.streams.finite import FiniteSupportStream
from revdiff.streams.stream import Stream

naturals = Stream.tabulate(lambda i: i)
numbers = st.integers(-100, 100)
small = st.integers(0, 12)
lines = st.builds(lambda a, b: lambda x: a * x + b, numbers, numbers)
streams = st.one_of(
    st.builds(lambda a, b: Stream.tabulate(lambda i: a + b * i), numbers, numbers),
    st.builds(lambda xs: Stream.from_iterable(itertools.cycle(xs)), st.lists(numbers, min_size=1)),
    st.builds(lambda a, b: Stream.iterate(lambda x: (3 * x + a) % 101, b), numbers, numbers),
    st.builds(lambda a: Stream.unfold(lambda n: (n % 7, n + a), 0), numbers),
    st.builds(Stream.repeat, numbers),
)


class Noted:
    """A function that notes what it was called with."""

    def __init__(self, function=lambda x, *_: x):
        self.function = function
        self.calls = []

    def __call__(self, *args):
        self.calls.append(args[0] if len(args) == 1 else args)
        return self.function(*args)


# ----------------------------------------------------------------------------------- making one


def test_a_stream_of_a_head_and_a_tail():
    s = Stream(1, Stream(2, Stream.repeat(3)))
    assert (s.head, s.tail.head, s.tail.tail.head) == (1, 2, 3)
    assert s.take(5) == [1, 2, 3, 3, 3]


def test_the_function_of_a_tail_is_called_once_and_when_it_is_needed():
    tail = Noted(lambda: naturals)
    s = Stream(-1, tail)
    assert (s.head, s.take(1), next(iter(s))) == (-1, [-1], -1)
    assert tail.calls == []
    assert s.take(3) == s.take(3) == [-1, 0, 1]
    assert s.tail[2] == s[3] == 2
    assert tail.calls == [()]


def test_a_stream_may_be_defined_by_itself():
    fibonacci = Stream(0, lambda: Stream(1, lambda: fibonacci.zip_with(operator.add, fibonacci.tail)))
    assert fibonacci.take(12) == [sympy.fibonacci(n) for n in range(12)]
    assert fibonacci[1000] == sympy.fibonacci(1000)

    def sieve(s):
        return Stream(s.head, lambda: sieve(Stream.from_iterable(n for n in s.tail if n % s.head)))

    assert sieve(naturals.drop(2)).take(20) == list(sympy.primerange(72))


def test_from_iterable_draws_in_order_and_no_further_than_it_is_read():
    source = Noted(lambda x: x * x)
    s = Stream.from_iterable(map(source, itertools.count()))
    assert source.calls == []
    assert s.head == 0
    assert s.take(3) == [0, 1, 4]
    assert source.calls == [0, 1, 2]
    assert s[4] == 16
    rest = s.drop(6)
    assert source.calls == [0, 1, 2, 3, 4, 5]
    assert rest.head == 36
    assert list(itertools.islice(s, 3)) == [0, 1, 4]
    assert source.calls == [0, 1, 2, 3, 4, 5, 6]


def test_iterate_applies_the_function_once_more_for_each_element():
    double = Noted(lambda x: 2 * x)
    s = Stream.iterate(double, 1)
    assert s.head == 1
    assert double.calls == []
    assert s[4] == 16
    assert s.take(5) == [1, 2, 4, 8, 16]
    assert double.calls == [1, 2, 4, 8]


@given(f=lines, x=numbers, n=small)
def test_iterate_begins_with_x_and_goes_on_with_iterate_from_f_of_x(f, x, n):
    s = Stream.iterate(f, x)
    assert s.head == x
    assert s.tail.take(n) == Stream.iterate(f, f(x)).take(n) == s.map(f).take(n)


def test_unfold_takes_a_step_for_each_element():
    step = Noted(lambda n: (n * n, n + 1))
    s = Stream.unfold(step, 3)
    assert step.calls == []
    assert s.head == 9
    assert step.calls == [3]
    assert s.take(3) == [9, 16, 25]
    assert step.calls == [3, 4, 5]


@given(f=lines, x=numbers, n=small)
def test_iterate_and_tabulate_are_unfolded(f, x, n):
    assert Stream.unfold(lambda y: (y, f(y)), x).take(n) == Stream.iterate(f, x).take(n)
    assert Stream.unfold(lambda i: (f(i), i + 1), 0).take(n) == Stream.tabulate(f).take(n)


def test_tabulate_computes_each_element_for_itself():
    f = Noted()
    s = Stream.tabulate(f)
    assert (s[5], s[2], s[5], s.drop(5).head) == (5, 2, 5, 5)
    assert f.calls == [5, 2]


def test_repeat_is_one_element_for_ever():
    x = object()
    assert all(element is x for element in Stream.repeat(x).take(5))


# --------------------------------------------------------------------------------- taking it apart


@given(s=streams, m=small, n=small)
def test_drop_is_the_tail_so_many_times(s, m, n):
    tail = s
    for _ in range(m):
        tail = tail.tail
    assert tail is s.drop(m) is s[m:]
    assert s.drop(m)[n] == s[m + n]
    assert s.drop(m).drop(n) is s.drop(m + n)


@given(s=streams, start=small, step=st.integers(1, 5))
def test_slices_of_slices_agree_with_those_of_a_long_list(s, start, step):
    assert s[start::step][::3].take(3) == s.take(100)[start::step][::3][:3]


@given(s=streams, x=numbers)
def test_what_follows_an_element_that_was_put_in_front_is_the_stream_itself(s, x):
    assert s.cons(x).tail is s


def test_a_slice_reads_only_its_elements():
    f = Noted()
    assert Stream.tabulate(f)[1:8:3] == [1, 4, 7]
    assert f.calls == [1, 4, 7]
    every = Stream.tabulate(f)[10::5]
    assert every[2] == 20
    assert f.calls == [1, 4, 7, 20]


# --------------------------------------------------------------------------------- elementwise


def test_map_computes_the_element_that_is_read_and_remembers_it():
    f, source = Noted(lambda x: -x), Noted()
    s = Stream.tabulate(source).map(f)
    assert s[5] == -5
    assert (f.calls, source.calls) == ([5], [5])
    assert (s[5], s.tail[4], s.drop(5).head) == (-5, -5, -5)
    assert (f.calls, source.calls) == ([5], [5])


def test_zip_with_computes_the_element_that_is_read_and_remembers_it():
    f = Noted(lambda x, y, z: x + y + z)
    s = naturals.zip_with(f, naturals.map(lambda x: 10 * x), Stream.repeat(100))
    assert (s[3], s[3], s.tail[2]) == (133, 133, 133)
    assert f.calls == [(3, 30, 100)]


@given(s=streams, f=lines, g=lines, n=small)
def test_mapping_twice_is_mapping_the_composition(s, f, g, n):
    assert s.map(f).map(g).take(n) == s.map(lambda x: g(f(x))).take(n) == [g(f(x)) for x in s.take(n)]
    assert s.map(lambda x: x).take(n) == s.take(n)


@given(s=streams, t=streams, i=small)
def test_zipping_pairs_the_elements(s, t, i):
    assert s.zip(t)[i] == (s[i], t[i])
    assert s.zip(t, s)[i] == (s[i], t[i], s[i])
    assert s.zip_with(max, t)[i] == max(s[i], t[i])


OPERATORS = [operator.add, operator.sub, operator.mul]


@given(s=streams, t=streams, c=numbers, i=small)
@pytest.mark.parametrize("op", OPERATORS)
def test_arithmetic_is_elementwise_with_streams_and_with_single_values_on_either_side(op, s, t, c, i):
    assert op(s, t)[i] == op(s[i], t[i])
    assert op(s, c)[i] == op(s[i], c)
    assert op(c, s)[i] == op(c, s[i])
    assert (-s)[i] == -s[i]


def test_division_and_powers_are_elementwise():
    s = Stream.tabulate(lambda i: i + 1)
    assert (s / s).take(3) == [1.0, 1.0, 1.0]
    assert (s / 2).take(3) == [0.5, 1.0, 1.5]
    assert (6 / s).take(3) == [6.0, 3.0, 2.0]
    assert (s**s).take(4) == [1, 4, 27, 256]
    assert (s**2).take(4) == [1, 4, 9, 16]
    assert (2**s).take(4) == [2, 4, 8, 16]


def test_a_single_tuple_is_added_to_every_element():
    s = naturals.zip(Stream.repeat((1.0, 2.0)))
    assert (s + s.head)[3] == (3, (2.0, 4.0))


def test_elements_that_carry_derivatives_keep_them():
    x = init_diff(3.0)
    powers = Stream.iterate(lambda y: y * x, x)
    assert (powers * naturals)[2].backprop(1.0) == 2 * 3 * 3.0**2
    assert (powers * x)[1].backprop(1.0) == 3 * 3.0**2
    assert (powers + powers)[1].backprop(1.0) == 2 * 2 * 3.0


def test_beside_a_finite_support_the_sum_is_a_stream_and_the_product_has_finite_support():
    finite = FiniteSupportStream([10, 20])
    assert type(naturals + finite) is type(finite + naturals) is Stream
    assert (naturals + finite).take(4) == (finite + naturals).take(4) == [10, 21, 2, 3]
    assert (naturals - finite).take(4) == [-10, -19, 2, 3]
    assert (finite - naturals).take(4) == [10, 19, -2, -3]
    assert (naturals * finite).to_list() == (finite * naturals).to_list() == [0, 20]
    with pytest.raises(TypeError, match="unsupported operand"):
        naturals / finite
    with pytest.raises(TypeError, match="unsupported operand"):
        naturals**finite
    with pytest.raises(TypeError, match="unsupported operand"):
        finite**naturals


@pytest.mark.parametrize(("other", "met"), [(naturals, "a Stream"), (3, "an int"), ([0, 1], "a list")])
def test_only_a_finite_support_pairs_with_a_stream(other, met):
    with pytest.raises(ArgumentError, match=f"a Stream is paired with a FiniteSupportStream.*; met {met}"):
        naturals.convolve(other)


@pytest.mark.parametrize(("other", "met"), [(3, "an int"), (FiniteSupportStream([1]), "a FiniteSupportStream")])
def test_what_is_no_stream_cannot_be_zipped(other, met):
    with pytest.raises(ArgumentError, match=f"zip_with needs Streams beside this one; met {met}") as error:
        naturals.zip(other)
    assert "Stream.repeat(x)" in str(error.value)
    assert "x.to_stream()" in str(error.value)


# ---------------------------------------------------------------------------------- as an object


def test_it_shows_its_first_five_elements():
    assert repr(naturals) == str(naturals) == f"{naturals}" == "[0,1,2,3,4,..."
    assert repr(Stream.tabulate(float)) == "[0.0,1.0,2.0,3.0,4.0,..."
    assert repr(Stream.repeat(naturals)) == f"[{5 * '[0,1,2,3,4,...,'}..."


def test_it_shows_what_is_before_an_element_that_cannot_be_computed():
    assert repr(Stream.tabulate(lambda i: 1 // (2 - i))) == "[0,1,..."
    assert repr(Stream.tabulate(lambda i: 1 // i)) == "[..."
    with pytest.raises(KeyboardInterrupt):
        repr(Stream.tabulate(lambda i: (_ for _ in ()).throw(KeyboardInterrupt)))


def test_two_streams_are_equal_if_they_are_the_same_object():
    s = Stream.repeat(1)
    assert s == s
    assert s != Stream.repeat(1)
    assert s != 1
    assert {s: "found"}[s] == "found"


def test_a_copy_is_the_stream_itself():
    s = Stream.iterate(lambda x: x + 1, 0)
    assert copy.copy(s) is s
    assert copy.deepcopy([s])[0] is s


def test_it_cannot_be_pickled_and_says_what_can():
    with pytest.raises(InfiniteError, match=r"a Stream has no end: it cannot be pickled(?s:.*)take\(n\)"):
        pickle.dumps(naturals)
