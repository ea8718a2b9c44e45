"""What a Stream and a FiniteSupportStream have in common: they have no end, and say so instead of looking for it."""

from __future__ import annotations

import itertools
import operator

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from revdiff import ArgumentError, ConversionError, init_diff
from revdiff.core.errors import InfiniteError
from revdiff.streams.finite import FiniteSupportStream
from revdiff.streams.stream import Stream

PREFIX = [3, 1, 4, 1, 5, 9, 2, 6]
LONG = PREFIX + [0] * 40

BOTH = pytest.mark.parametrize(
    "s",
    [
        pytest.param(Stream.from_iterable(itertools.chain(PREFIX, itertools.repeat(0))), id="Stream"),
        pytest.param(FiniteSupportStream(PREFIX), id="FiniteSupportStream"),
    ],
)
places = st.integers(0, 12)


@BOTH
@given(i=places)
def test_an_index_reads_one_element(s, i):
    assert s[i] == s[np.int64(i)] == LONG[i]


@BOTH
@given(start=st.none() | places, stop=places, step=st.none() | st.integers(1, 5))
def test_a_slice_with_an_end_is_that_slice_of_a_long_list(s, start, stop, step):
    assert s[start:stop:step] == LONG[start:stop:step]


@BOTH
@given(start=st.none() | places, step=st.none() | st.integers(1, 5))
def test_a_slice_without_an_end_is_of_the_same_kind(s, start, step):
    endless = s[start::step]
    assert type(endless) is type(s)
    assert endless.take(5) == LONG[start::step][:5]


@BOTH
@given(m=places, n=places)
def test_dropping_and_taking_share_a_container_among_them(s, m, n):
    assert s.take(m) + s.drop(m).take(n) == s.take(m + n)
    assert s.drop(m).drop(n).take(3) == s.drop(m + n).take(3)


@BOTH
@given(x=st.integers())
def test_head_and_tail_undo_cons(s, x):
    longer = s.cons(x)
    assert longer.head == longer[0] == x
    assert longer.tail.take(10) == s.take(10)
    assert s.tail.cons(s.head).take(10) == s.take(10)
    assert longer.take(0) == []


@BOTH
@pytest.mark.parametrize(
    "whole",
    [
        list,
        tuple,
        sorted,
        len,
        reversed,
        lambda s: [*s],
        lambda s: print(*s),
        lambda s: list(iter(s)),
        [0].extend,
        "".join,
        operator.length_hint,
    ],
)
def test_what_needs_all_of_it_is_an_error_that_says_to_take_some(s, whole):
    with pytest.raises(InfiniteError, match=r"has no end.*\n(.*\n)?  The first n elements:  \.take\(n\)"):
        whole(s)


@BOTH
def test_a_search_is_an_error_even_for_what_is_there(s):
    with pytest.raises(InfiniteError, match=r"(?s)cannot be searched to the end.*take\(n\)"):
        3 in s  # noqa: B015
    assert 3 in s.take(1)


def test_a_finite_support_can_be_listed_and_the_error_says_how():
    with pytest.raises(
        InfiniteError, match=r"a FiniteSupportStream has no end(?s:.*)The stored items:      \.to_list\(\)"
    ):
        list(FiniteSupportStream([1]))


@pytest.mark.parametrize("make", [Stream.repeat, lambda x: FiniteSupportStream([x])], ids=["Stream", "finite"])
def test_tuples_are_added_place_by_place_and_truth_values_as_python_does(make):
    pair, true = make((1, (2.0, 3.0))), make(True)
    assert (pair + pair).head == (2, (4.0, 6.0))
    assert (true + true).head == 2
    assert type((true + true).head) is int


@BOTH
def test_loops_that_stop_by_themselves_work(s):
    assert [x for x, _ in zip(s, range(10), strict=False)] == LONG[:10]
    assert list(itertools.islice(s, 10)) == LONG[:10]
    assert list(itertools.takewhile(bool, s)) == PREFIX
    iterator = iter(s)
    assert [next(iterator), next(iterator)] == LONG[:2]
    assert next(iter(iterator)) == LONG[2]


@BOTH
def test_it_is_true(s):
    assert bool(s) is True


@BOTH
@pytest.mark.parametrize(
    ("index", "says"),
    [
        (-1, "an index is 0 or more, because there is no end to count from; met -1"),
        (slice(-2, None), "the start of a slice is 0 or more, because there is no end to count from; met -2"),
        (slice(None, -1), "the end of a slice is 0 or more, because there is no end to count from; met -1"),
        (slice(None, None, -1), "the step of a slice is 1 or more, because there is no end to count from; met -1"),
        (slice(None, None, 0), "the step of a slice is 1 or more, because there is no end to count from; met 0"),
        (1.5, "an index is a whole number; met a float"),
        ("head", "an index is a whole number; met 'head' (a str)"),
        ((0, 1), "an index is a whole number; met a tuple"),
        (slice(0, 2.0), "the end of a slice is a whole number; met a float"),
    ],
)
def test_an_index_that_makes_no_sense_is_an_error(s, index, says):
    with pytest.raises(ArgumentError) as error:
        s[index]
    assert str(error.value) == says


@BOTH
@pytest.mark.parametrize("method", ["take", "drop"])
def test_a_number_of_elements_is_not_negative(s, method):
    with pytest.raises(ArgumentError, match="a number of elements is 0 or more, because there is no end"):
        getattr(s, method)(-1)


@BOTH
def test_a_revdiff_of_a_fraction_is_no_index(s):
    with pytest.raises(ConversionError, match="index"):
        s[init_diff(0.5)]


@BOTH
def test_numpy_takes_it_for_one_object_and_leaves_arithmetic_to_it(s):
    assert np.asarray(s).shape == ()
    assert np.asarray([s, s], dtype=object).shape == (2,)
    assert (np.float64(2) * s).take(3) == [6.0, 2.0, 8.0]
    scaled = np.array([1, 10]) * s
    assert type(scaled) is type(s)
    np.testing.assert_array_equal(scaled[2], [4, 40])
    with pytest.raises(TypeError, match="does not support ufuncs"):
        np.sin(s)
    assert (np.array([1, 2]) == s) is False


@pytest.mark.filterwarnings("ignore::sympy.utilities.exceptions.SymPyDeprecationWarning")
@BOTH
def test_sympy_leaves_arithmetic_to_it_and_does_not_read_it_to_the_end(s):
    x = sympy.Symbol("x")
    assert (x * s).take(3) == [3 * x, x, 4 * x]
    assert (s * x).take(3) == [3 * x, x, 4 * x]
    assert (sympy.Rational(1, 2) * s).take(3) == [sympy.Rational(3, 2), sympy.Rational(1, 2), 2]
    with pytest.raises(sympy.SympifyError):
        sympy.sin(s)


@BOTH
def test_single_values_of_other_kinds_act_on_it(s):
    from decimal import Decimal
    from fractions import Fraction

    import mpmath

    assert (Fraction(1, 2) * s).take(2) == [Fraction(3, 2), Fraction(1, 2)]
    assert (Decimal("0.5") * s).take(2) == [Decimal("1.5"), Decimal("0.5")]
    assert (mpmath.mpf(2) * s).take(2) == [mpmath.mpf(6), mpmath.mpf(2)]
    assert (2j * s).take(2) == [6j, 2j]
    assert [y.value for y in (s * init_diff(2.0)).take(2)] == [6.0, 2.0]


@pytest.mark.parametrize(
    ("element", "text"),
    [
        (True, "True"),
        (0.5, "0.5"),
        (1 + 2j, "(1+2j)"),
        (np.float64(0.5), "0.5"),
        (np.float32(0.1), "0.1"),
        (np.int64(3), "3"),
        (np.True_, "True"),
        ((1, 4), "(1,4)"),
        ((1,), "(1,)"),
        ((), "()"),
        ((1, (np.float64(2.5), "a b")), "(1,(2.5,'a b'))"),
        ([1, 2], "[1,2]"),
        (np.array([[1.0, 2.5], [3.0, 4.0]]), "[[1.,2.5],[3.,4.]]"),
        (sympy.Symbol("x") + 1, "x + 1"),
        (None, "None"),
        (FiniteSupportStream([1, 2]), "[1,2,0,0,0,..."),
    ],
)
def test_elements_are_shown_without_blanks_and_numbers_of_every_kind_as_numbers(element, text):
    assert repr(Stream.repeat(element)) == str(Stream.repeat(element)) == f"[{5 * (text + ',')}..."
    assert repr(FiniteSupportStream([element, 1], zero=0)) == f"[{text},1,0,0,0,..."
