"""The additive monoid of cotangents, and its laws."""

from __future__ import annotations

from collections import defaultdict, deque
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from revdiff import MismatchError, add, grad, one_like, register_monoid, zero_like

# ---------------------------------------------------------------------- laws

# Sums of these are exact, so associativity holds with ==.
whole = st.integers(-1000, 1000)

LEAVES = {
    "int": whole,
    "float": whole.map(float),
    "complex": st.builds(complex, whole, whole),
    "Fraction": st.fractions(max_denominator=50),
    "Decimal": whole.map(Decimal),
    "mpf": whole.map(mpmath.mpf),
    "float64": whole.map(np.float64),
    "float32": whole.map(np.float32),
    "SymPy": st.builds(lambda a, b: a * sympy.Symbol("x") + b, whole, whole),
    "array": st.lists(whole, min_size=3, max_size=3).map(lambda v: np.array(v, float)),
    "0-d array": whole.map(lambda v: np.array(v, float)),
    "empty array": st.just(np.zeros((0, 2))),
    "object array": st.lists(st.fractions(max_denominator=9), min_size=2, max_size=2).map(
        lambda v: np.array(v, object)
    ),
}


def equal(a, b):
    if isinstance(a, tuple):
        return isinstance(b, tuple) and len(a) == len(b) and all(map(equal, a, b))
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return np.shape(a) == np.shape(b) and bool(np.all(np.asarray(a) == np.asarray(b)))
    return a == b


@st.composite
def triples(draw):
    """Three cotangents of one structure: a leaf, or a nest of tuples of leaves."""
    shape = draw(
        st.recursive(
            st.sampled_from(sorted(LEAVES)), lambda inner: st.lists(inner, max_size=3).map(tuple), max_leaves=5
        )
    )

    def fill(part):
        return tuple(map(fill, part)) if isinstance(part, tuple) else draw(LEAVES[part])

    return fill(shape), fill(shape), fill(shape)


@given(triples())
def test_zero_is_neutral(abc):
    a, _, _ = abc
    assert equal(add(a, zero_like(a)), a)
    assert equal(add(zero_like(a), a), a)


@given(triples())
def test_addition_is_commutative(abc):
    a, b, _ = abc
    assert equal(add(a, b), add(b, a))


@given(triples())
def test_addition_is_associative(abc):
    a, b, c = abc
    assert equal(add(add(a, b), c), add(a, add(b, c)))


@given(triples())
def test_zero_does_not_depend_on_the_numbers(abc):
    a, b, _ = abc
    assert equal(zero_like(a), zero_like(b))
    assert equal(one_like(a), one_like(b))


@given(triples())
def test_addition_changes_neither_operand(abc):
    a, b, _ = abc
    snapshot = repr((a, b))
    add(a, b)
    assert repr((a, b)) == snapshot


class Measured(NamedTuple):
    length: float
    width: float


class Rows(list):
    """A list of a class of its own."""


@pytest.mark.parametrize(
    ("a", "b", "total"),
    [
        (None, 2.0, 2.0),
        (True, False, True),
        (False, False, False),
        ([1.0], [10.0, 20.0], [11.0, 20.0]),
        (deque([1.0]), deque([10.0, 20.0]), deque([11.0, 20.0])),
        (Rows([1.0]), Rows([10.0, 20.0]), Rows([11.0, 20.0])),
        ({"a": 1.0}, {"b": 10.0, "a": 20.0}, {"a": 21.0, "b": 10.0}),
        (defaultdict(float, a=1.0), defaultdict(float, b=10.0), defaultdict(float, a=1.0, b=10.0)),
        (Measured(1.0, 2.0), (10.0, 20.0), Measured(11.0, 22.0)),
    ],
    ids=lambda v: type(v).__name__,
)
def test_what_one_summand_lacks_counts_as_zero_in_either_order(a, b, total):
    for found in (add(a, b), add(b, a)):
        assert found == total
        assert type(found) is type(total)


@pytest.mark.parametrize("other", [[1.0, 2.0], (1.0, 2.0, 3.0), {0: 1.0, 1: 2.0}, 1.0], ids=repr)
def test_a_tuple_is_added_only_to_a_tuple_of_as_many(other):
    for a, b in (((1.0, 2.0), other), (Measured(1.0, 2.0), other)):
        with pytest.raises(MismatchError, match=r"the other summand has the form of its value: .* is needed here; met"):
            add(a, b)


# ---------------------------------------------------------------------- zero and one


@pytest.mark.parametrize(
    ("x", "zero", "one"),
    [
        (True, False, True),
        (3, 0, 1),
        (3.5, 0.0, 1.0),
        (3j, 0j, 1 + 0j),
        (Fraction(1, 3), Fraction(0), Fraction(1)),
        (Decimal("1.5"), Decimal(0), Decimal(1)),
        (mpmath.mpf(2), mpmath.mpf(0), mpmath.mpf(1)),
        (np.float32(2), np.float32(0), np.float32(1)),
        (np.float64(2), np.float64(0), np.float64(1)),
        (np.complex64(2), np.complex64(0), np.complex64(1)),
        (sympy.Symbol("x"), sympy.S.Zero, sympy.S.One),
        (sympy.Integer(7), sympy.S.Zero, sympy.S.One),
    ],
    ids=lambda v: type(v).__name__,
)
def test_zero_and_one_are_of_the_kind_of_the_number(x, zero, one):
    for made, expected in ((zero_like(x), zero), (one_like(x), one)):
        assert made == expected
        assert isinstance(made, type(expected)), f"{made!r} is no {type(expected).__name__}"


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "c8", "c16"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0), (2, 3)])
def test_zero_and_one_of_an_array_keep_shape_and_dtype(dtype, shape):
    x = np.full(shape, 7, dtype)
    for made, number in ((zero_like(x), 0), (one_like(x), 1)):
        assert (made.shape, made.dtype) == (shape, np.dtype(dtype))
        assert np.all(made == number)


@pytest.mark.parametrize("dtype", ["i1", "u1", "i8", "?"])
def test_the_cotangent_of_an_integer_array_is_float64(dtype):
    x = np.ones(3, dtype)
    assert zero_like(x).dtype == one_like(x).dtype == np.float64
    assert zero_like(x[0]).dtype == np.float64


def test_zero_of_an_object_array_is_made_element_by_element():
    zero = zero_like(np.array([Fraction(1, 2), 1.5, sympy.Symbol("x")], object))
    assert [type(part) for part in zero] == [Fraction, float, type(sympy.S.Zero)]


def test_the_zero_of_what_was_not_taken_is_of_the_kind_of_its_neighbours():
    x, slope = np.array([Fraction(1, 2), Fraction(3)], object), np.array([Fraction(1, 3), Fraction(5)], object)
    x_bar = grad(lambda x: np.where([True, False], x * slope, Fraction(0)).sum())(x)
    assert x_bar.tolist() == [Fraction(1, 3), 0]
    assert all(type(part) is Fraction for part in x_bar)


def test_zero_of_a_tuple_keeps_the_structure():
    assert zero_like((1.5, (2, (), (3j,)))) == (0.0, (0, (), (0j,)))


def test_zero_is_a_fresh_array_every_time():
    x = np.ones(3)
    zero_like(x)[0] = 5.0
    np.testing.assert_array_equal(zero_like(x), np.zeros(3))
    np.testing.assert_array_equal(x, np.ones(3))


def test_a_type_of_ones_own_enters_with_its_monoid():
    class Money:
        def __init__(self, cents):
            self.cents = cents

    register_monoid(
        Money,
        zero=lambda m: Money(0),
        one=lambda m: Money(100),
        add=lambda a, b: Money(a.cents + b.cents),
    )
    assert add(Money(5), zero_like(Money(7))).cents == 5
    assert one_like((Money(3), 1.0))[0].cents == 100


def test_a_monoid_makes_a_variable_of_what_is_otherwise_a_constant():
    class Strokes(str):
        """A number in strokes, III say. Text without a monoid is a constant."""

    register_monoid(Strokes, zero=lambda n: Strokes(""), one=lambda n: Strokes("I"))
    assert zero_like((Strokes("III"), "name")) == ("", "name")
    assert one_like([Strokes("III"), 2.0]) == ["I", 1.0]
