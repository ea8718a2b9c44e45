"""Local maps: what they multiply by, and what they let go."""

from __future__ import annotations

import pickle
import weakref

import numpy as np
import pytest

from revdiff import MutatedArrayError, grad, init_diff, vjp

SIZE = 1_000


@pytest.mark.parametrize("step", [lambda x: x * x, lambda x: x + x, lambda x: x - 2.0, lambda x: 3.0 * x])
@pytest.mark.parametrize(
    "reduce", [lambda y: y.sum(), lambda y: y.mean(), lambda y: np.nansum(y, 0), lambda y: y + 1.0]
)
def test_an_intermediate_that_no_way_back_needs_is_freed_at_once(step, reduce):
    y = step(init_diff(np.ones(SIZE)))
    there = weakref.ref(y.value)
    result = reduce(y)
    del y
    assert there() is None
    assert result.backprop(np.ones_like(result.value)).shape == (SIZE,)


@pytest.mark.parametrize("size", [3, SIZE])
def test_a_product_of_arrays_goes_back_to_both_factors(size):
    x, y = np.arange(1.0, size + 1), np.linspace(-1.0, 1.0, size)
    x_bar, y_bar = grad(lambda p: (p[0] * p[1]).sum())((x, y))
    np.testing.assert_array_equal(x_bar, y)
    np.testing.assert_array_equal(y_bar, x)


def test_factors_of_other_shapes_and_dtypes_have_cotangents_of_their_own():
    x, y = np.ones((3, 1), np.float32), np.arange(4.0)
    x_bar, y_bar = grad(lambda p: (p[0] * p[1]).sum())((x, y))
    assert (x_bar.dtype, x_bar.tolist()) == (np.float32, [[6.0]] * 3)
    assert (y_bar.dtype, y_bar.tolist()) == (np.float64, [3.0] * 4)


def test_a_constant_factor_that_was_changed_is_noticed():
    constant = np.ones(SIZE)
    y = init_diff(np.ones(SIZE)) * constant
    constant[:] = 2.0
    with pytest.raises(MutatedArrayError):
        y.backprop(np.ones(SIZE))


def test_the_way_back_through_a_product_can_be_pickled():
    y = init_diff(np.array([2.0, 3.0])) * np.array([5.0, 7.0])
    assert pickle.loads(pickle.dumps(y)).backprop(np.ones(2)).tolist() == [5.0, 7.0]


LARGE = 60, 40  # more bytes than arrays that are copied and derivatives that are kept at once
OPERANDS = [(LARGE, LARGE), (LARGE, LARGE[1:]), ((LARGE[0], 1), LARGE), ((1, LARGE[1]), (LARGE[0], 1)), (LARGE, ())]


@pytest.mark.parametrize("dtypes", [(np.float64, np.float64), (np.float32, np.float64), (np.float64, int)])
@pytest.mark.parametrize("shapes", OPERANDS)
@pytest.mark.parametrize(
    "f", [np.add, np.subtract, np.multiply, np.divide, np.power, np.hypot, np.arctan2, np.logaddexp]
)
def test_large_operands_have_the_cotangents_that_small_ones_have(f, shapes, dtypes):
    rng = np.random.default_rng(0)
    args = [
        np.asarray(rng.integers(1, 9, shape) / 4).astype(dtype) + dtype(1)
        for shape, dtype in zip(shapes, dtypes, strict=True)
    ]
    value, pullback = vjp(f, *args)
    seed = rng.normal(size=value.shape).astype(value.dtype)
    first, second = pullback(seed), pullback(seed)
    for x, x_bar, again in zip(args, first, second, strict=True):
        assert x_bar.shape == np.shape(x)
        assert x_bar.dtype == (x.dtype if x.dtype.kind == "f" else np.float64)
        np.testing.assert_array_equal(x_bar, again)
    wide = [np.asarray(x, np.longdouble) for x in args]
    seed = seed.astype(np.longdouble)
    tolerance = 1e-3 if np.float32 in dtypes else 1e-7
    for i, (x, x_bar) in enumerate(zip(wide, first, strict=True)):
        v = np.asarray(rng.normal(size=x.shape), np.longdouble)
        at = lambda t: f(*[w + t * v if i == j else w for j, w in enumerate(wide)])  # noqa: B023
        slope = np.sum(seed * (at(np.longdouble(1e-6)) - at(np.longdouble(-1e-6)))) / 2e-6
        np.testing.assert_allclose(np.sum(x_bar * v), float(slope), rtol=tolerance, atol=tolerance)


def test_a_square_is_doubled_without_an_overflow_of_its_own():
    gradient = grad(lambda x: (x * x).sum() * 1.5e308)(np.array([1e-10, 2e-10]))
    np.testing.assert_allclose(gradient, [3e298, 6e298])


@pytest.mark.parametrize(
    ("f", "x", "expected"),
    [
        (lambda s: 1 / (1 + np.exp(-s)), -1000.0, 0.0),
        (np.sqrt, 0.0, np.inf),
        (lambda s: 1 / s, 0.0, -np.inf),
        (lambda s: s ** (1 / 3), -8.0, np.nan),
        (lambda s: np.ldexp(s, 3), 2.0, 8.0),
        (lambda s: np.log(s) * s**2, 1.0, 1.0),
    ],
)
def test_a_number_of_numpy_has_the_slopes_of_arrays(f, x, expected):
    with np.errstate(all="ignore"):
        of_array = grad(lambda x: f(x).sum())(np.array([x]))
        np.testing.assert_array_equal(grad(lambda x: f(x.sum()))(np.array([x])), of_array)
        np.testing.assert_array_equal(grad(lambda x: f(x[0]))(np.array([x])), [expected])


@pytest.mark.parametrize(
    ("x", "y", "x_bar", "y_bar"),
    [
        (3.0, -2.0, -0.5, -0.75),
        (1.0, 0.0, np.inf, -np.inf),
        (0.0, 0.0, np.inf, np.nan),
        (3.0, np.inf, 0.0, 0.0),
        (np.inf, 2.0, 0.5, -np.inf),
        (0.0, 1e-310, np.inf, 0.0),
    ],
)
@pytest.mark.parametrize("size", [1, SIZE * 10])
def test_a_quotient_of_arrays_goes_back_to_both(x, y, x_bar, y_bar, size):
    with np.errstate(all="ignore"):
        both = grad(lambda p: (p[0] / p[1]).sum())((np.full(size, x), np.full(size, y)))
    np.testing.assert_array_equal(both, [np.full(size, x_bar), np.full(size, y_bar)])


def test_a_quotient_that_was_not_taken_sends_nothing_back():
    x, y = np.array([1.0, 1.0, np.inf]), np.array([0.0, 2.0, 4.0])
    with np.errstate(all="ignore"):
        x_bar, y_bar = grad(lambda p: np.where(p[1] == 2.0, p[0] / p[1], 0.0).sum())((x, y))
    assert (x_bar.tolist(), y_bar.tolist()) == ([0.0, 0.5, 0.0], [0.0, -0.25, 0.0])


def test_a_quotient_is_divided_by_numbers_of_which_the_reciprocal_overflows():
    x, y = np.array([1e-200]), np.array([1e-310])
    x_bar, _ = grad(lambda p: (1 / (1 + p[0] / p[1])).sum())((x, y))
    np.testing.assert_allclose(x_bar, [-1e90], rtol=1e-9)  # -y/(x + y)²


@pytest.mark.parametrize("two", [2, 2.0])
def test_a_square_has_the_slope_of_a_product(two):
    x = np.array([-np.inf, -3.0, 0.0, 1e100, np.inf])
    np.testing.assert_array_equal(grad(lambda x: (x**two).sum())(x), 2 * x)
    np.testing.assert_array_equal(grad(lambda x: grad(lambda x: (x**two).sum())(x).sum())(x[1:-1]), [2.0] * 3)
    np.testing.assert_array_equal(grad(lambda x: np.where(x > 0, (x**two) ** 0.25, 0.0).sum())(np.zeros(2)), [0.0, 0.0])
