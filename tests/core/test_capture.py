"""Arrays that are changed between the forward and the backward pass: right numbers, or MutatedArrayError."""

from __future__ import annotations

import numpy as np
import pytest

import revdiff
from revdiff import MutatedArrayError, RevDiffError, grad, jacobian, vjp
from revdiff.core.capture import shows_one_of

SMALL, LARGE = 5, 20_000
SIZES = [pytest.param(SMALL, id="small"), pytest.param(LARGE, id="large")]


def numbers(n, start=1.0):
    return np.linspace(start, start + 1.0, n)


def right_or_refused(pullback, seed, expected):
    """Apply a pullback whose arrays were changed: it must be right or say that it cannot be."""
    try:
        result = pullback(seed)
    except MutatedArrayError:
        return
    for part, right in zip(
        result if isinstance(result, tuple) else (result,),
        expected if isinstance(expected, tuple) else (expected,),
        strict=True,
    ):
        np.testing.assert_allclose(part, right, err_msg="a changed array gave a wrong derivative in silence")


# Each entry: f(x, c) and the cotangent of x for the seed *one*, from the untouched arrays.
USES = [
    pytest.param(lambda x, c: x * c, lambda x, c: c, id="x * c"),
    pytest.param(lambda x, c: c * x, lambda x, c: c, id="c * x"),
    pytest.param(lambda x, c: x / c, lambda x, c: 1 / c, id="x / c"),
    pytest.param(lambda x, c: c / x, lambda x, c: -c / x**2, id="c / x"),
    pytest.param(lambda x, c: x**c, lambda x, c: c * x ** (c - 1), id="x ** c"),
    pytest.param(lambda x, c: c**x, lambda x, c: c**x * np.log(c), id="c ** x"),
    pytest.param(np.maximum, lambda x, c: np.where(x == c, 0.5, (x > c) * 1.0), id="maximum"),
    pytest.param(np.arctan2, lambda x, c: c / (x * x + c * c), id="arctan2"),
    pytest.param(lambda x, c: np.where(c > 2.2, x, -x), lambda x, c: np.where(c > 2.2, 1.0, -1.0), id="where"),
    pytest.param(lambda x, c: x * x, lambda x, c: 2 * x, id="x * x"),
    pytest.param(lambda x, c: np.sin(x), lambda x, c: np.cos(x), id="sin"),
    pytest.param(lambda x, c: np.exp(x), lambda x, c: np.exp(x), id="exp"),
    pytest.param(lambda x, c: np.tanh(x), lambda x, c: 1 - np.tanh(x) ** 2, id="tanh"),
    pytest.param(lambda x, c: x + c, lambda x, c: np.ones_like(x), id="x + c"),
    pytest.param(lambda x, c: x, lambda x, c: np.ones_like(x), id="x itself"),
]


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize(("f", "df"), USES)
def test_a_constant_array_that_was_changed_gives_no_wrong_derivative(f, df, n):
    x, c = numbers(n), numbers(n, 1.7)
    expected = np.copy(df(x, c))
    _, pullback = vjp(lambda x: f(x, c), x)
    c[...] = -77.0
    right_or_refused(pullback, np.ones(n), expected)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize(("f", "df"), USES)
def test_an_argument_that_was_changed_gives_no_wrong_derivative(f, df, n):
    x, c = numbers(n), numbers(n, 1.7)
    expected = np.copy(df(x, c))
    _, pullback = vjp(lambda x: f(x, c), x)
    x[...] = -77.0
    right_or_refused(pullback, np.ones(n), expected)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("which", [0, 1])
def test_one_of_several_arguments_that_was_changed_gives_no_wrong_derivative(n, which):
    arrays = [numbers(n), numbers(n, 1.7)]
    expected = (arrays[1].copy(), arrays[0].copy())
    _, pullback = vjp(lambda x, y: x * y, *arrays)
    arrays[which][...] = -77.0
    right_or_refused(pullback, np.ones(n), expected)


@pytest.mark.parametrize("n", SIZES)
def test_an_array_inside_a_tuple_that_was_changed_gives_no_wrong_derivative(n):
    a, b = numbers(n), numbers(n, 1.7)
    expected = (b.copy(), (a.copy(),))
    _, pullback = vjp(lambda p: p[0] * p[1][0], (a, (b,)))
    a[...] = -77.0
    try:
        gx, (gy,) = pullback(np.ones(n))
    except MutatedArrayError:
        return
    np.testing.assert_allclose(gx, expected[0])
    np.testing.assert_allclose(gy, expected[1][0])


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("f", [np.exp, np.tanh, np.sqrt, lambda x: x * 1.0, lambda x: x])
def test_writing_to_the_value_that_vjp_returned_gives_no_wrong_derivative(f, n):
    x = numbers(n)
    right = vjp(f, x.copy())[1](np.ones(n))
    value, pullback = vjp(f, x)
    value[...] = -77.0
    right_or_refused(pullback, np.ones(n), right)


@pytest.mark.parametrize("n", SIZES)
def test_an_index_array_that_was_changed_gives_no_wrong_derivative(n):
    x = numbers(n)
    where = np.arange(n)[::2].copy()
    expected = np.zeros(n)
    expected[::2] = 1.0
    _, pullback = vjp(lambda x: x[where], x)
    where[...] = 0
    right_or_refused(pullback, np.ones(len(where)), expected)


@pytest.mark.parametrize("n", SIZES)
def test_a_boolean_index_that_was_changed_gives_no_wrong_derivative(n):
    x = numbers(n)
    mask = np.zeros(n, bool)
    mask[1:3] = True
    expected = mask * 1.0
    _, pullback = vjp(lambda x: x[mask], x)
    mask[...] = False
    mask[:2] = True
    right_or_refused(pullback, np.ones(2), expected)


def test_a_list_used_as_an_index_that_was_changed_gives_no_wrong_derivative():
    where = [0, 1]
    _, pullback = vjp(lambda x: x[where], numbers(4))
    where[:] = [3, 3]
    right_or_refused(pullback, np.ones(2), np.array([1.0, 1.0, 0.0, 0.0]))


def test_a_list_of_numbers_that_was_changed_gives_no_wrong_derivative():
    c = [1.0, 2.0, 3.0]
    _, pullback = vjp(lambda x: x * c, numbers(3))
    c[:] = [9.0, 9.0, 9.0]
    right_or_refused(pullback, np.ones(3), np.array([1.0, 2.0, 3.0]))


@pytest.mark.parametrize("n", SIZES)
def test_a_condition_that_was_changed_gives_no_wrong_derivative(n):
    condition = numbers(n) > 1.5
    expected = condition * 1.0
    _, pullback = vjp(lambda x: revdiff.where(condition, x, 0.0), numbers(n))
    condition[...] = ~condition
    right_or_refused(pullback, np.ones(n), expected)


def test_small_arrays_give_the_right_derivative_because_they_are_copied():
    x, c = numbers(SMALL), numbers(SMALL, 1.7)
    expected = c.copy()
    _, pullback = vjp(lambda x: x * c, x)
    c += 1.0
    x += 1.0
    np.testing.assert_array_equal(pullback(np.ones(SMALL)), expected)


def test_large_arrays_are_an_error_that_shows_what_to_write():
    c = numbers(LARGE)
    _, pullback = vjp(lambda x: x * c, numbers(LARGE))
    c += 1.0
    with pytest.raises(
        MutatedArrayError, match=r"changed after it was used\.\n.*y = y \+ 1 instead of y \+= 1.*f\(a\.copy\(\)\)"
    ) as caught:
        pullback(np.ones(LARGE))
    assert isinstance(caught.value, RevDiffError)
    assert isinstance(caught.value, RuntimeError)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("shape", [(20_000,), (200, 100), (10, 20, 100), (20_000, 1), (1, 20_000), (2,) * 14])
def test_a_change_of_a_whole_large_array_is_noticed_in_every_shape_and_layout(shape, order):
    c = np.asarray(np.random.default_rng(0).normal(size=shape), order=order)
    _, pullback = vjp(lambda x: x * c, np.ones(shape))
    c *= 2.0
    with pytest.raises(MutatedArrayError):
        pullback(np.ones(shape))


def test_a_change_of_a_view_is_noticed():
    base = numbers(2 * LARGE)
    _, pullback = vjp(lambda x: x * base[::2], np.ones(LARGE))
    base[...] = 0.0
    with pytest.raises(MutatedArrayError):
        pullback(np.ones(LARGE))


def test_a_buffer_filled_again_and_again_in_a_loop_is_right_when_small():
    def f(x):
        buffer = np.zeros(SMALL)
        for i in range(1, 4):
            buffer[...] = i
            x = x * buffer
        return x.sum()

    np.testing.assert_array_equal(grad(f)(np.ones(SMALL)), np.full(SMALL, 6.0))


def test_a_large_buffer_filled_again_and_again_in_a_loop_is_an_error():
    def f(x):
        buffer = np.zeros(LARGE)
        for i in range(1, 4):
            buffer[...] = i
            x = x * buffer
        return x.sum()

    with pytest.raises(MutatedArrayError):
        grad(f)(np.ones(LARGE))


def test_a_large_buffer_that_no_derivative_needs_may_be_filled_again():
    def f(x):
        buffer = np.zeros(LARGE)
        for i in range(1, 4):
            buffer[...] = i
            x = x + buffer - 2.0 * buffer
        return (x * 3.0).sum()

    np.testing.assert_array_equal(grad(f)(np.ones(LARGE)), np.full(LARGE, 3.0))


def test_an_array_with_nans_that_nobody_changed_is_no_false_alarm():
    c = numbers(LARGE)
    c[::7] = np.nan
    _, pullback = vjp(lambda x: x * c, np.ones(LARGE))
    np.testing.assert_array_equal(pullback(np.ones(LARGE)), c)


def test_an_array_that_was_changed_and_changed_back_is_right():
    c = numbers(LARGE)
    _, pullback = vjp(lambda x: x * c, np.ones(LARGE))
    c *= 2.0
    c /= 2.0
    np.testing.assert_array_equal(pullback(np.ones(LARGE)), c)


def test_changing_arrays_between_two_derivatives_is_no_mistake():
    x, c = numbers(LARGE), numbers(LARGE)
    f = grad(lambda x: (x * c * x).sum())
    for _ in range(3):
        np.testing.assert_allclose(f(x), 2 * x * c)
        x -= 0.1 * f(x)
        c += 1.0


def test_nested_derivatives_notice_too():
    c = numbers(LARGE)

    def f(x):
        inner = grad(lambda y: (y * y * c).sum() * x)(numbers(LARGE))
        return inner.sum()

    _, pullback = vjp(f, 2.0)
    np.testing.assert_allclose(pullback(1.0), (2 * numbers(LARGE) * c).sum())

    def changes(x):
        _, inner = vjp(lambda y: y * c * x, numbers(LARGE))
        c[...] = 0.0
        return inner(np.ones(LARGE)).sum()

    with pytest.raises(MutatedArrayError):
        grad(changes)(2.0)


def test_a_jacobian_uses_the_numbers_of_the_forward_pass():
    c = numbers(SMALL)
    np.testing.assert_array_equal(jacobian(lambda x: x * c)(np.ones(SMALL)), np.diag(c))
    assert grad(lambda x: (x * c).sum())(np.ones(SMALL)) is not c


def test_a_view_of_an_operand_is_told_from_an_array_of_its_own():
    x, other = np.ones(4), np.zeros(4)
    assert shows_one_of([other, x], x[1:])
    assert shows_one_of([other, x], (x + 1, [x[::2]]))
    assert not shows_one_of([other, x], x + 1)
    assert not shows_one_of([other, x], (x + 1, [x.copy()]))
    assert not shows_one_of([other, x], 1.0)
