"""Interpolation between points, and angles without jumps."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import revdiff
from revdiff import grad, init_diff, simple_derivative, vjp
from tests.oracles import assert_array_rule, assert_same_array

XP = np.array([-1.0, 0.5, 1.25, 3.0])
FP = np.array([2.0, -1.0, 0.5, 4.0])
X = np.array([[-0.5, 0.75, 2.0], [2.9, -3.0, 3.5]])


def test_interp_is_numpys_and_all_its_derivatives_agree_with_central_differences():
    assert_array_rule(np.interp, X, XP, FP, wide=float)
    assert_array_rule(
        lambda x, a, b: np.interp(x, XP + 0 * a, FP * b / b, a, b), X, *map(np.array, (7.0, -5.0)), wide=float
    )
    assert_array_rule(lambda x, f: np.interp(x, XP, f), X, FP + 1j * FP[::-1], wide=float, order=2)


def test_interp_of_numbers_and_lists():
    for x in (0.75, np.float32(0.75), 2):
        value, pullback = vjp(lambda x: np.interp(x, XP, FP), x)
        assert_same_array(value, np.interp(x, XP, FP))
        x_bar = pullback(1.0)
        assert np.shape(x_bar) == ()
        assert np.isclose(x_bar, 2.0)  # between the points (½, -1), (5/4, ½) and (3, 4)
    assert grad(lambda f: np.interp(revdiff.const_diff(0.25), [0.0, 1.0], [f, f * f]))(3.0) == 0.75 + 0.25 * 6
    f = lambda p: np.interp(2.0 * p / p, np.array([1.0, p]), [0.0, 1.0])
    assert grad(f)(3.0) == -1 / 4  # (2 - 1)/(p - 1)


def test_interp_with_a_period():
    x, period = np.array([-3.2, 0.1, 7.9, 2.4]), 4.0

    def f(x, p, f, t):
        return np.interp(x, p, f, period=t)

    points = np.array([5.0, 0.25, 1.5]), np.array([1.0, -2.0, 4.0])
    assert_array_rule(lambda *args: f(*args, period), x, *points, wide=float)
    assert_array_rule(lambda x, t: f(x * t, *points, t), x / 4, np.array(period), wide=float)
    assert_same_array(f(init_diff(x), XP, FP, -period).value, f(x, XP, FP, -period))
    narrow = init_diff(x.astype(np.float32))
    assert_same_array(f(narrow, XP, FP, period).value, f(narrow.value, XP, FP, period))
    with pytest.raises(ValueError, match="not 0"):
        np.interp(init_diff(x), XP, FP, period=0)


@pytest.mark.parametrize(
    ("x", "slope"),
    [(-1.0, -2.0), (0.5, 2.0), (1.25, 2.0), (3.0, 2.0), (-1.5, 0.0), (3.5, 0.0), (math.inf, 0.0), (-math.inf, 0.0)],
)
def test_the_slope_at_a_point_is_that_on_its_right_and_at_the_last_on_its_left(x, slope):
    assert simple_derivative(lambda x: np.interp(x, XP, FP))(x) == slope
    weights = grad(lambda f: np.interp(x, XP, f))(FP)
    assert weights.sum() == 1
    assert weights @ FP == np.interp(x, XP, FP)


def test_a_polygon_of_one_point_is_constant():
    for x, weights in ((0.0, (0.0, 7.0)), (1.0, (0.0, 7.0)), (2.0, (0.0, 7.0))):
        assert grad(lambda x, f: np.sum(np.interp(x, [1.0], f) * 7), (0, 1))(x, np.array([3.0]))[1].tolist() == [
            weights[1]
        ]
        assert simple_derivative(lambda x: np.interp(x, [1.0], [3.0]))(x) == 0


def test_the_height_outside_goes_to_the_ends_or_to_what_was_given():
    x = np.array([-5.0, 5.0, 6.0])
    assert grad(lambda f: np.sum(np.interp(x, XP, f)))(FP).tolist() == [1, 0, 0, 2]
    f = lambda a, b: np.sum(np.interp(revdiff.const_diff(x), XP, FP, left=a, right=b))
    assert grad(f, (0, 1))(1.0, 2.0) == (1.0, 2.0)


def test_a_height_outside_of_another_layer():
    def inner(a):
        return simple_derivative(lambda x: np.sum(np.interp(x * np.array([1.0, -9.0]), XP, FP, left=a) ** 2))(0.75)

    # the second is outside: only the slope 2 of the first counts, at the height -½
    assert inner(3.0) == 2 * -0.5 * 2
    assert simple_derivative(inner)(3.0) == 0


ANGLES = np.array([[0.0, 1.0, 6.0, 12.0, 13.0, -4.0], [1.0, 4.5, 8.0, 2.0, 5.5, 0.0]])


@pytest.mark.parametrize(
    "options",
    [{}, {"axis": 0}, {"period": 3.5}, {"discont": 4.0}, {"axis": -2, "discont": 0.5, "period": 1.5}],
    ids=str,
)
def test_unwrap_is_numpys_and_all_its_derivatives_agree_with_central_differences(options):
    assert_array_rule(lambda x: np.unwrap(x, **options), ANGLES + 0.01)


def test_the_period_of_unwrap_has_a_cotangent():
    x, t = ANGLES[0], 4.0
    turns = (np.unwrap(x, period=t) - x) / t
    assert grad(lambda t: np.sum(np.unwrap(revdiff.const_diff(x), period=t)))(t) == turns.sum()
    assert_array_rule(lambda x, t: np.unwrap(x * t, period=t), x, np.array(3.7))


@given(st.lists(st.floats(-30, 30), min_size=1, max_size=8))
def test_unwrapping_adds_whole_turns_only(x):
    value, pullback = vjp(np.unwrap, np.array(x))
    np.testing.assert_array_equal(value, np.unwrap(np.array(x)))
    assert pullback(np.arange(float(len(x)))).tolist() == list(range(len(x)))


def test_unwrap_keeps_dtypes_as_numpy_does():
    for dtype, options in ((np.float32, {}), (int, {"period": 4}), (int, {})):
        x = ANGLES.astype(dtype)
        assert_same_array(vjp(lambda x, options=options: np.unwrap(x, **options), x)[0], np.unwrap(x, **options))


def test_complex_points_are_refused_as_by_numpy():
    for x, xp in ((np.array([0.5j]), [0.0, 1.0]), (np.array([0.5]), np.array([0.0, 1j]))):
        with pytest.raises(TypeError, match="Cannot cast"):
            np.interp(x, xp, [1.0, 2.0])
        with pytest.raises(TypeError, match=r"^the points of numpy\.interp are real numbers; met complex ones$"):
            np.interp(init_diff(x), xp, [1.0, 2.0])
