"""The additive monoid of cotangents, its laws, and accumulation that nobody can observe."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import revdiff
from revdiff import add, args_derivative, grad, init_diff, one_like, register_monoid, vjp, zero_like

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


# ---------------------------------------------------------------------- zero and one


@pytest.mark.parametrize(
    ("x", "zero", "one"),
    [
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


# ---------------------------------------------------------------------- accumulation is never observable


def read_only(*shape):
    """An array that raises if anybody writes to it."""
    a = np.linspace(1.0, 2.0, int(np.prod(shape))).reshape(shape)
    a.flags.writeable = False
    return a


def busy(x, y, c):
    """Many ways from each of x, y to the result, some of them identities."""
    z = x + y
    for _ in range(5):
        z = z + x
        z = z * c + z + y
        z = z + (x - y) + z[::-1]
    return z


def test_nobody_writes_to_arrays_of_the_caller():
    x, y, c, seed = (read_only(6) for _ in range(4))
    value, pullback = vjp(lambda x, y: busy(x, y, c), x, y)
    once = pullback(seed)
    twice = pullback(seed)
    for a, b in zip(once, twice, strict=True):
        np.testing.assert_array_equal(a, b)
    assert value.shape == (6,)


def test_nobody_writes_to_large_arrays_of_the_caller():
    x, y, c, seed = (read_only(3000) for _ in range(4))
    vjp(lambda x, y: busy(x, y, c), x, y)[1](seed)


def test_a_gradient_does_not_change_when_the_pullback_is_applied_again():
    _, pullback = vjp(lambda x, y: busy(x, y, 2.0), read_only(4), read_only(4))
    first = pullback(np.ones(4))
    snapshot = [part.copy() for part in first]
    pullback(np.full(4, 100.0))
    for part, before in zip(first, snapshot, strict=True):
        np.testing.assert_array_equal(part, before)


def test_writing_to_a_gradient_changes_nothing():
    seed = np.ones(4)
    x, y = np.ones(4), np.ones(4)
    value, pullback = vjp(lambda x, y: busy(x, y, 2.0), x, y)
    before = [part.copy() for part in pullback(seed)]
    for part in pullback(seed):
        part[...] = -1e9
    np.testing.assert_array_equal(seed, np.ones(4))
    np.testing.assert_array_equal(x, np.ones(4))
    for part, expected in zip(pullback(seed), before, strict=True):
        np.testing.assert_array_equal(part, expected)
    assert value.max() < 1e9


IDENTITIES = [
    pytest.param(lambda x, y: x + y, id="sum"),
    pytest.param(lambda x, y: (x + y) + (x + y), id="sum of sums"),
    pytest.param(lambda x, y: x.reshape(4) + y.reshape(4), id="reshaped"),
    pytest.param(lambda x, y: np.transpose(x) + y.T, id="transposed"),
    pytest.param(lambda x, y: (x + y)[...], id="indexed"),
    pytest.param(revdiff.primitive(lambda a, b: (a + b, lambda ct: (ct, ct))), id="primitive"),
    pytest.param(
        lambda x, y: revdiff.RevDiff(x.value + y.value, x.backprop @ (lambda ct: ct) + y.backprop), id="written by hand"
    ),
]


@pytest.mark.parametrize("f", IDENTITIES)
def test_gradients_of_two_arguments_share_no_memory_with_each_other_or_the_seed(f):
    x, y, seed = np.ones(4), np.ones(4), np.ones(4)
    _, pullback = vjp(f, x, y)
    gx, gy = pullback(seed)
    for a, b in [(gx, gy), (gx, seed), (gy, seed), (gx, x), (gy, y)]:
        assert not np.shares_memory(a, b)
    gx += 5.0
    gy -= 5.0
    np.testing.assert_array_equal(seed, np.ones(4))


@pytest.mark.parametrize("f", IDENTITIES)
@pytest.mark.parametrize("operator", [grad, args_derivative], ids=["grad", "args_derivative"])
def test_results_of_the_operators_can_be_written_to_and_share_no_memory(f, operator):
    def total(x, y):
        return f(x, y).sum()

    x, y = np.ones(4), np.ones(4)
    gx, gy = grad(total, (0, 1))(x, y) if operator is grad else args_derivative(total)(x, y)
    assert gx.flags.writeable
    assert gy.flags.writeable
    assert not np.shares_memory(gx, gy)
    assert not np.shares_memory(gx, x)


def test_one_array_given_twice_has_two_gradients():
    a = np.ones(3)
    gx, gy = grad(lambda x, y: (x + y).sum(), (0, 1))(a, a)
    assert not np.shares_memory(gx, gy)
    (gx, (gy,)) = grad(lambda p: (p[0] + p[1][0]).sum())((a, (a,)))
    assert not np.shares_memory(gx, gy)


def test_rows_of_a_jacobian_are_independent_of_each_other():
    j = revdiff.jacobian(lambda x: x)(np.ones(3))
    j[0, 0] = 100.0
    np.testing.assert_array_equal(j[1:], np.eye(3)[1:])
    pair = revdiff.jacobian(lambda x: (x.sum(), x.sum()))(np.ones(3))
    assert not np.shares_memory(pair[0], pair[1])


@pytest.mark.parametrize("f", IDENTITIES)
def test_writing_to_what_a_raw_pullback_returned_does_not_change_the_seed(f):
    seed = np.ones(4)
    x = init_diff(np.ones(4))
    returned = f(x, x).backprop(seed)
    assert returned.flags.writeable
    returned += 100.0
    np.testing.assert_array_equal(seed, np.ones(4))


def test_a_raw_pullback_of_a_tuple_returns_arrays_that_share_no_memory():
    pair = init_diff((np.ones(3), np.ones(3)))
    x, y = revdiff.tuple_arg.split(pair)
    gx, gy = (x + y).backprop(np.ones(3))
    assert not np.shares_memory(gx, gy)


def test_a_cotangent_that_a_local_map_kept_does_not_change_afterwards():
    kept = []

    def remember(ct):
        kept.append((ct, ct.copy()))
        return ct

    x = init_diff(np.ones(3))
    y = x
    for _ in range(4):
        y = revdiff.RevDiff(y.value, y.backprop @ remember + y.backprop @ remember + x.backprop)
        y = y + y * 2.0
    y.backprop(np.ones(3))
    for ct, snapshot in kept:
        np.testing.assert_array_equal(ct, snapshot, "a cotangent was summed in place after a local map had received it")


# ---------------------------------------------------------------------- sparse contributions


def test_reading_one_place_of_a_long_tuple_sends_no_zeros_to_the_others():
    class Loud:
        """A number whose zeros and sums count."""

        zeros = sums = 0

        def __init__(self, v):
            self.v = v

        def __add__(self, other):
            Loud.sums += 1
            return Loud(self.v + other.v)

        def __mul__(self, other):
            return Loud(self.v * (other.v if isinstance(other, Loud) else other))

    def zero(x):
        Loud.zeros += 1
        return Loud(0.0)

    revdiff.register_number_system(Loud, {}, zero=zero, one=lambda x: Loud(1.0))
    n = 100
    gradient = revdiff.tuple_arg_derivative(lambda t: t[3] + t[3] + t[5])(tuple(Loud(float(i)) for i in range(n)))
    assert [part.v for part in gradient[:7]] == [0, 0, 0, 2, 0, 1, 0]
    assert Loud.zeros <= n, f"{Loud.zeros} zeros for {n} places"
    assert Loud.sums <= 6, f"{Loud.sums} sums, although only two places were read"


def test_the_gradient_of_reading_every_place_is_linear_in_the_number_of_places():
    for n in (10, 1000):
        gradient = revdiff.tuple_arg_derivative(sum)(tuple(float(i) for i in range(n)))
        assert gradient == (1.0,) * n


def test_the_accumulated_dtype_is_the_widest_that_was_sent():
    x = init_diff(np.ones(3))
    small, large = np.full(3, 1, np.float32), np.full(3, 1e-12)
    y = revdiff.RevDiff(
        x.value, x.backprop @ (lambda ct: small) + x.backprop @ (lambda ct: small) + x.backprop @ (lambda ct: large)
    )
    assert y.backprop(np.ones(3)) == pytest.approx(np.full(3, 2 + 1e-12), rel=1e-15)
