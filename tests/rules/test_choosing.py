"""Choosing elements by their indices or by conditions, and choosing among arrays."""

from __future__ import annotations

import numpy as np
import pytest

import revdiff
from revdiff import grad, init_diff, simple_derivative, vjp
from tests.oracles import (
    assert_array_rule,
    assert_dtypes_are_kept,
    assert_refused_alike,
    assert_same_array,
    assert_vjp,
)

X = np.arange(24.0).reshape(2, 3, 4) / 16 - 0.53125
LARGE = X > 0
ORDER = np.argsort(-np.sin(7 * X), axis=1)

CHOICES = {
    "take": lambda x: np.take(x, [0, 5, 0, -1]),
    "take one": lambda x: np.take(x, 3),
    "take slices": lambda x: np.take(x, [[0, 2], [2, 2]], axis=1),
    "take one slice": lambda x: x.take(-1, axis=2),
    "take truth values for indices": lambda x: np.take(x, [True, False], axis=0),
    "take, counting on": lambda x: np.take(x, [5, -7, 24], axis=1, mode="wrap"),
    "take, stopping at the end": lambda x: np.take(x, [5, -7, 1], 1, None, "clip"),
    "take by the method's options": lambda x: x.take([2, 9], mode="clip", axis=2),
    "take_along_axis": lambda x: np.take_along_axis(x, ORDER, axis=1),
    "take_along_axis that repeats": lambda x: np.take_along_axis(x, ORDER[:, :1] * 0, 1),
    "take_along_axis of all": lambda x: np.take_along_axis(x, np.array([3, 3, 1]), None),
    "take_along_axis, the last": lambda x: np.take_along_axis(x, ORDER, -1),
    "compress": lambda x: np.compress([0, 1, 1, 0, 1], x),
    "compress slices": lambda x: np.compress([True, False, True], x, axis=1),
    "compress method": lambda x: x.compress([False, True], axis=0),
    "extract": lambda x: np.extract(LARGE, x),
    "trim_zeros": lambda x: np.trim_zeros(np.pad(x[0, 0], (2, 1))),
    "trim_zeros in front": lambda x: np.trim_zeros(np.pad(x[0, 0], 1), "f"),
    "trim_zeros behind": lambda x: np.trim_zeros(np.pad(x[0, 0], 1), trim="b"),
}


@pytest.mark.parametrize("f", CHOICES.values(), ids=CHOICES)
def test_every_choice_is_numpys_and_all_its_derivatives_agree_with_central_differences(f):
    assert_array_rule(f, X)


WHICH = np.array([[0, 1, 2, 1], [2, 2, 0, 1], [1, 0, 0, 2]])
AMONG = {
    "choose": lambda a, b, c: np.choose(WHICH, [a, b, c]),
    "choose, counting on": lambda a, b, c: np.choose(WHICH + 3, (a, b, c), mode="wrap"),
    "choose, stopping at the end": lambda a, b, c: np.choose(2 * WHICH - 1, [a, b, c], mode="clip"),
    "choose among numbers": lambda a, b, c: np.choose(WHICH, [a, 7.0, c[0]]),
    "choose among the rows of a matrix": lambda a, b, c: np.choose(np.array([0, 2, 1, 1]), a * b * c),
    "choose by one number": lambda a, b, c: np.choose(1, [a, b, c]),
    "select": lambda a, b, c: np.select([WHICH == 1, WHICH > 0], [a, b], default=c),
    "select without a default": lambda a, b, c: np.select([WHICH == 1, WHICH == 2], [a * b, c]),
    "select numbers": lambda a, b, c: np.select([WHICH == 1, WHICH == 2], [a[0, 0], b], c[1, 1]),
    "select by one condition": lambda a, b, c: np.select([np.array([True, False, True, False])], [a * b], c),
}


@pytest.mark.parametrize("f", AMONG.values(), ids=AMONG)
def test_every_choice_among_arrays_is_numpys_and_its_derivatives_agree_with_central_differences(f):
    a, b, c = X[0] + 1, X[1] * X[1], 2 - X[0]
    assert_array_rule(f, a, b, c)


@pytest.mark.parametrize("f", AMONG.values(), ids=AMONG)
def test_dtypes_are_promoted_as_in_numpy(f):
    a, b, c = (
        (X[0] + 1).astype(np.float32),
        np.arange(12, dtype=np.float32).reshape(3, 4),
        (2 - X[0]).astype(np.float32),
    )
    value, pullback = vjp(f, a, b, c)
    assert_same_array(value, f(a, b, c))
    assert all(x_bar.dtype == np.float32 for x_bar in pullback(np.ones_like(value)))


PIECES = {
    "two pieces": lambda x: np.piecewise(x, [x < 0, x >= 0], [lambda x: x * x, np.sin]),
    "a piece for the rest": lambda x: np.piecewise(x, [x < 0, x > 1], [np.exp, lambda x: -x, lambda x: x * x * x]),
    "numbers for pieces": lambda x: np.piecewise(x, [x < 0, x > 1], [-1, 2.5, np.cos]),
    "pieces that overlap": lambda x: np.piecewise(x, [x > 0, x > 1], [np.sin, np.exp]),
    "nothing for the rest": lambda x: np.piecewise(x, [x > 1], [np.exp]),
    "a condition without a list": lambda x: np.piecewise(x[0, 0], x[0, 0] > 1, [np.exp, np.sin]),
    "further arguments": lambda x: np.piecewise(x, [x > 0], [lambda x, k, *, n: k * x**n], 3.0, n=2),
    "a number": lambda x: np.piecewise(x[0, 1, 2], [x[0, 1, 2] > 9, x[0, 1, 2] <= 9], [np.sin, np.exp]),
    "one array for a piece": lambda x: np.piecewise(x, [x > 2], [np.array(2.0), np.exp]),
}


@pytest.mark.parametrize("f", PIECES.values(), ids=PIECES)
def test_every_function_of_pieces_is_numpys_and_its_derivatives_agree_with_central_differences(f):
    assert_array_rule(f, X)
    assert_dtypes_are_kept(f, X, [np.float32])


def test_a_piece_sees_only_the_elements_that_are_its_own():
    def root(x):
        assert np.all(x > 0)
        return np.sqrt(x)

    x = np.array([-1.0, 4.0, 0.0])
    assert grad(lambda x: np.sum(np.piecewise(x, [x > 0], [root, 0.0])))(x).tolist() == [0, 0.25, 0]
    assert simple_derivative(lambda x: np.piecewise(x, [x > 0], [np.sqrt])[()])(4.0) == 0.25


def test_pieces_of_whole_numbers_would_lose_their_fractions():
    with pytest.raises(revdiff.ConversionError, match=r"numpy\.piecewise would make whole numbers of the floats"):
        grad(lambda x: np.sum(np.piecewise(x, [x > 1], [np.sqrt])))(np.array([1, 2]))
    with pytest.raises(ValueError, match=r"2 conditions need as many functions, or one more; met 1"):
        grad(lambda x: np.sum(np.piecewise(x, [x > 1, x < 0], [np.sqrt])))(np.ones(2))


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.take_along_axis(np.sqrt(x), np.array([1, 3]), 0),
        lambda x: np.choose([1, 0, 1, 0], [np.sqrt(x), np.ones(4)]),
        lambda x: np.select([x > 0], [np.sqrt(x)]),
        lambda x: np.piecewise(x, [x > 0], [np.sqrt]),
    ],
    ids=["take_along_axis", "choose", "select", "piecewise"],
)
def test_what_was_not_chosen_is_absent(f):
    assert grad(lambda x: np.sum(f(x)))(np.array([0.0, 1.0, 0.0, 4.0])).tolist() == [0, 0.5, 0, 0.25]


def test_conditions_and_indices_may_be_revdiffs():
    x = np.array([0.5, -1.0, 2.0])
    assert grad(lambda x: np.sum(np.take(x, np.argsort(x)[-2:])))(x).tolist() == [1, 0, 1]
    assert grad(lambda x: np.sum(np.compress(x > 0, x)))(x).tolist() == [1, 0, 1]
    assert grad(lambda x: np.take(x, init_diff(2)))(x).tolist() == [0, 0, 1]
    assert grad(lambda x: np.sum(np.take(x, [init_diff(2), 0])))(x).tolist() == [1, 0, 1]
    assert grad(lambda x: np.sum(x[[init_diff(2), 0]]))(x).tolist() == [1, 0, 1]
    assert grad(lambda x: np.sum(np.select([x > 1, x < 0], [x * x, -x], x)))(x).tolist() == [1, -1, 4]


def test_operands_may_be_lists_and_arrays_of_objects():
    def f(x):
        chosen = np.choose([0, 1, 1], [[x, 1.0, 2.0], [3.0, x * x, x]])
        taken = np.extract([True, False, True], np.array([x, 5.0, x * x]))
        return np.sum(chosen * np.array([1.0, 10.0, 100.0])) + np.sum(taken)

    assert simple_derivative(f)(3.0) == 1 + 10 * 6 + 100 + 1 + 6


def test_a_choice_between_layers_keeps_both():
    def inner(a):
        def f(b):
            arrays = [np.choose([0, 1], [a * b, b]), np.select([[True, False]], [b * np.ones(2)], a * b * b)]
            return np.sum(np.concatenate(arrays) * np.array([1.0, 10.0, 100.0, 1000.0]))

        return simple_derivative(f)(3.0)

    # ab + 10b + 100b + 1000ab²
    assert inner(2.0) == 2 + 110 + 2000 * 2 * 3
    assert simple_derivative(inner)(2.0) == 1 + 2000 * 3
    assert (
        simple_derivative(lambda a: simple_derivative(lambda b: np.select([[False]], [b], a)[0] * b)(3.0))(2.0) == 1.0
    )


def test_many_numbers_taken_one_by_one_cost_as_much_as_the_array():
    n = 2000
    gradient = grad(lambda x: sum(np.take(x, i) for i in range(n)))(np.ones(n))
    assert gradient.tolist() == [1] * n


def test_where_numbers_are_is_asked_of_the_values():
    r = init_diff(np.arange(9.0).reshape(3, 3))
    for f in (np.tril_indices_from, np.triu_indices_from, np.diag_indices_from):
        np.testing.assert_array_equal(f(r), f(r.value))
    assert np.ix_(init_diff(np.array([1, 2])), [0])[0].tolist() == [[1], [2]]
    assert np.unravel_index(init_diff(5), (2, 3)) == (1, 2)
    assert np.ravel_multi_index([init_diff(1), 2], (2, 3)) == 5
    assert_vjp(lambda x: x[np.tril_indices_from(x)] ** 2, np.arange(9.0).reshape(3, 3))


@pytest.mark.parametrize(
    "call",
    [
        lambda x: np.take(x, 3),
        lambda x: np.take(x, np.array([0.5])),
        lambda x: np.take(x, 0, axis=2),
        lambda x: np.take_along_axis(x, np.array([[0]]), 0),
        lambda x: np.compress([[True]], x),
        lambda x: np.compress([False] * 5 + [True], x),
        lambda x: np.choose([0, 2, 1], [x, x]),
    ],
)
def test_what_numpy_refuses_is_refused(call):
    assert_refused_alike(call, np.ones(3))
