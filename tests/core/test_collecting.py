"""Collecting cotangents: accumulation that nobody can observe, and slots without zeros for the others."""

from __future__ import annotations

import numpy as np
import pytest

import revdiff
from revdiff import RevDiff, args_derivative, grad, init_diff, vjp
from revdiff.core.collecting import can_take


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


def test_what_a_pullback_keeps_is_not_added_to():
    kept = []

    @revdiff.primitive
    def keeping(x):
        def pullback(ct):
            kept.append(ct * 1.0)
            return kept[-1]

        return x * 1.0, pullback

    x = np.ones(3)
    gradient = grad(lambda x: (x * 3.0 + keeping(x) + x * 5.0 + keeping(x)).sum())(x)
    np.testing.assert_array_equal(gradient, [10.0] * 3)
    np.testing.assert_array_equal(kept, np.ones((2, 3)))
    assert all(not np.shares_memory(gradient, array) for array in kept)


LARGE = 20_000


def test_what_a_pullback_keeps_is_not_multiplied_in_place():
    kept = []

    @revdiff.primitive
    def keeping(x):
        def pullback(ct):
            kept.append(ct)
            return ct

        return x, pullback

    x, y = np.linspace(1.0, 2.0, LARGE), np.linspace(-1.0, 3.0, LARGE)
    x_bar, y_bar = grad(lambda p: (keeping(p[0] * p[1]) * p[1]).sum())((x, y))
    np.testing.assert_array_equal(kept[0], y)
    np.testing.assert_array_equal(x_bar, y * y)
    np.testing.assert_array_equal(y_bar, x * y + y * x)


def test_large_products_leave_the_seed_and_each_other_alone():
    x, y, seed = np.linspace(1.0, 2.0, LARGE), np.linspace(-1.0, 3.0, LARGE), np.linspace(2.0, 5.0, LARGE)

    def f(x, y):
        z = x * y
        return z * x + z, z

    _, pullback = vjp(f, x, y)
    for _ in range(2):
        before = seed.copy()
        x_bar, y_bar = pullback((seed, seed))
        np.testing.assert_array_equal(seed, before)
        np.testing.assert_allclose(x_bar, seed * (2 * x * y + 2 * y), rtol=1e-14)
        np.testing.assert_allclose(y_bar, seed * (x * x + 2 * x), rtol=1e-14)
        x_bar[:] = y_bar[:] = np.nan


def test_a_part_that_is_read_again_and_again_collects_all_contributions():
    x = init_diff(((2.0, 3.0), 5.0))
    assert (x[1] * x[1] * x[1]).backprop(1.0) == ((0.0, 0.0), 75.0)
    y = x[0][1] * x[0][0] * x[0][1] * x[1]  # 2·3²·5: every x[0] is a way of its own to the inner pair
    assert y.backprop(1.0) == ((45.0, 60.0), 18.0)


def test_an_array_that_is_read_in_part_and_as_a_whole_collects_both():
    x = np.array([2.0, 3.0, 5.0])

    def f(x):
        y = x * x
        return y[0] * y[1] + y.sum() + y[0]

    # f = x₀²x₁² + x₀² + x₁² + x₂² + x₀²
    np.testing.assert_array_equal(grad(f)(x), [2 * 2 * 9 + 4 * 2, 2 * 3 * 4 + 2 * 3, 2 * 5])


@pytest.mark.parametrize("n", [1, 2, 6, 7, 8, 40])
def test_a_join_of_any_number_of_values_sends_every_cotangent_back(n):
    x = init_diff(3.0)
    joined = revdiff.join([x * float(i) for i in range(n)])
    assert joined.backprop([10.0] * n) == 10.0 * sum(range(n))


def read_only_zeros():
    a = np.zeros(2)
    a.flags.writeable = False
    return a


@pytest.mark.parametrize(
    ("cotangent", "other", "expected"),
    [
        pytest.param(np.zeros(2), np.ones(2), True, id="its like"),
        pytest.param(np.zeros(2, np.float32), np.ones(2), False, id="a narrower dtype"),
        pytest.param(np.zeros(2), np.ones(2, complex), False, id="the real beside the complex"),
        pytest.param(np.zeros(1), np.ones(2), False, id="another shape"),
        pytest.param(np.zeros(4)[:2], np.ones(2), False, id="a view"),
        pytest.param(read_only_zeros(), np.ones(2), False, id="read-only"),
        pytest.param(np.float64(0.0), np.ones(()), False, id="a number"),
    ],
)
def test_a_result_takes_the_place_of_an_array_only_if_it_fits_and_the_array_owns_its_memory(cotangent, other, expected):
    assert can_take(cotangent, other) is expected


def test_a_gradient_that_is_part_of_a_large_array_does_not_keep_the_rest_alive():
    x = init_diff(np.ones(2))
    y = RevDiff(1.0, x.backprop @ (lambda ct: np.full(10**5, ct)[:2]))
    x_bar = y.backprop(3.0)
    np.testing.assert_array_equal(x_bar, [3.0, 3.0])
    assert x_bar.base is None
