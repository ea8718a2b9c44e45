"""Choosing: where, maximum and minimum, clip. What is not taken contributes nothing; ties share evenly."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy

import revdiff
from revdiff import grad, nth_derivative, simple_derivative, vjp
from tests.oracles import assert_vjp

nan = math.nan


# ----------------------------------------------------------------------------------------- ties

PAIRS = [revdiff.maximum, revdiff.minimum, revdiff.fmax, revdiff.fmin, np.maximum, np.minimum, np.fmax, np.fmin]
ONES = [1.0, 1, Fraction(1), Decimal(1), mpmath.mpf(1), np.float32(1), np.float64(1), np.longdouble(1)]


@pytest.mark.parametrize("f", PAIRS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("one", ONES, ids=lambda one: type(one).__name__)
def test_a_tie_gives_each_half_and_keeps_the_kind_of_number(f, one):
    shares = revdiff.grad(f, (0, 1))(one, one)
    assert shares == (0.5, 0.5)
    assert all(isinstance(share, float if isinstance(one, int) else type(one)) for share in shares)


@pytest.mark.parametrize("f", PAIRS, ids=lambda f: f.__name__)
def test_a_tie_of_a_value_with_itself_counts_once(f):
    assert simple_derivative(lambda x: f(x, x))(1.0) == 1.0


def test_ties_in_arrays_share_element_by_element():
    x, y = np.array([1.0, 1.0, 0.0]), np.array([1.0, 0.0, 1.0])
    of_max = revdiff.grad(lambda x, y: np.sum(np.maximum(x, y)), (0, 1))(x, y)
    of_min = revdiff.grad(lambda x, y: np.sum(np.minimum(x, y)), (0, 1))(x, y)
    assert [g.tolist() for g in of_max] == [[0.5, 1, 0], [0.5, 0, 1]]
    assert [g.tolist() for g in of_min] == [[0.5, 0, 1], [0.5, 1, 0]]


def test_ties_in_arrays_of_objects_keep_the_kind_of_number():
    x = np.array([Fraction(1), Fraction(2)], object)
    gradient = revdiff.grad(lambda x: np.sum(np.maximum(x, Fraction(1))))(x)
    assert gradient.tolist() == [Fraction(1, 2), Fraction(1)]
    assert all(isinstance(g, Fraction) for g in gradient)
    gradient = revdiff.grad(lambda x: np.sum(np.minimum(x, Decimal(2))))(np.array([Decimal(1), Decimal(2)], object))
    assert gradient.tolist() == [Decimal(1), Decimal("0.5")]


def test_nan_wins_in_maximum_and_loses_in_fmax():
    assert math.isnan(revdiff.maximum(nan, 1.0))
    assert math.isnan(revdiff.maximum(1.0, nan))
    assert math.isnan(revdiff.minimum(1.0, nan))
    assert revdiff.fmax(nan, 1.0) == revdiff.fmax(1.0, nan) == 1.0
    assert revdiff.fmin(nan, 1.0) == revdiff.fmin(1.0, nan) == 1.0
    assert revdiff.grad(revdiff.fmax, (0, 1))(nan, 1.0) == (0.0, 1.0)
    assert revdiff.grad(revdiff.fmin, (0, 1))(1.0, nan) == (1.0, 0.0)


def test_B47_the_sympy_formula_of_a_tie_is_a_step_of_height_one_half():
    x = sympy.Symbol("x", real=True)
    formula = simple_derivative(lambda x: revdiff.maximum(x, 0))(x)
    assert [formula.subs(x, at) for at in (-1, 0, 1)] == [0, sympy.Rational(1, 2), 1]


# ----------------------------------------------------------------------------------------- clip


def test_the_bounds_of_clip_get_the_other_half():
    assert revdiff.grad(revdiff.clip, (0, 1, 2))(0.0, 0.0, 1.0) == (0.5, 0.5, 0.0)
    assert revdiff.grad(revdiff.clip, (0, 1, 2))(3.0, 0.0, 1.0) == (0.0, 0.0, 1.0)


def test_clip_takes_one_bound_or_none_and_all_of_numpys_spellings():
    x = np.array([-1.0, 0.5, 2.0])
    spellings = [
        lambda x: np.clip(x, 0, None),
        lambda x: np.clip(x, a_min=0, a_max=None),
        lambda x: x.clip(0),
        lambda x: x.clip(min=0),
        lambda x: revdiff.clip(x, 0),
    ]
    if np.lib.NumpyVersion(np.__version__) >= "2.1.0":
        spellings.append(lambda x: np.clip(x, min=0))
    for f in spellings:
        value, pullback = vjp(f, x)
        assert value.tolist() == [0, 0.5, 2]
        assert pullback(np.ones(3)).tolist() == [0, 1, 1]
    assert simple_derivative(lambda x: np.clip(x, None, 1))(x).tolist() == [1, 1, 0]
    assert simple_derivative(lambda x: revdiff.clip(x, None, None))(x).tolist() == [1, 1, 1]


def test_arrays_of_bounds_receive_their_cotangents():
    x, low = np.array([[-1.0, 0.5], [2.0, 3.0]]), np.array([0.0, 1.0])
    x_bar, low_bar = revdiff.grad(lambda x, low: np.sum(np.clip(x, low, 2.5)), (0, 1))(x, low)
    assert x_bar.tolist() == [[0, 0], [1, 0]]
    assert low_bar.tolist() == [1, 1]


# ---------------------------------------------------------------------------------------- where


def test_where_by_a_single_truth_value_evaluates_to_the_branch_itself():
    assert simple_derivative(lambda x: revdiff.where(x > 0, x * x, -x))(3.0) == 6.0
    assert simple_derivative(lambda x: revdiff.where(x > 0, revdiff.sqrt(abs(x)), 0.0))(0.0) == 0.0
    assert revdiff.where(True, "anything", None) == "anything"
    assert revdiff.where(np.bool_(False), 1, 2) == 2
    assert revdiff.where(0.0, 1, 2) == 2
    assert revdiff.where(sympy.true, 1, 2) == 1


def test_where_of_numpy_makes_an_array_of_its_numbers():
    """A number of Python stays one, so that functions for several kinds of numbers can use it."""
    taken, left = (revdiff.primal(np.where(r > 0, r, 0.0)) for r in map(revdiff.init_diff, np.array([2.0, -2.0])))
    assert (type(taken), taken, type(left), left) == (np.ndarray, 2.0, np.ndarray, 0.0)
    np.testing.assert_array_equal(grad(lambda x: np.where(x.sum() > 0, x.sum(), 0.0).mean())(np.ones(2)), [1.0, 1.0])


def test_where_by_an_array_takes_element_by_element():
    x = np.array([-2.0, 3.0])
    assert_vjp(lambda x: np.where(x > 0, x * x, -x), x)
    assert_vjp(lambda x, y: np.where([True, False], x, y), x, x + 1)
    assert_vjp(lambda x: revdiff.where([True, False], x, 1.0), x)


def test_where_broadcasts_in_both_directions():
    condition = np.array([[True], [False]])
    x, y = np.array([1.0, 2.0, 3.0]), 5.0
    x_bar, y_bar = revdiff.grad(lambda x, y: np.sum(np.where(condition, x, y)), (0, 1))(x, y)
    assert x_bar.tolist() == [1, 1, 1]
    assert y_bar == 3.0
    assert isinstance(y_bar, float)
    assert_vjp(lambda x, y: np.where(condition, x, y) ** 2, x, np.ones((1, 1)))


def test_where_keeps_dtypes():
    condition = np.array([True, False])
    x32, y64 = np.ones(2, np.float32), np.ones(2)
    value, pullback = vjp(lambda x: np.where(condition, x, 0), x32)
    assert value.dtype == pullback(x32).dtype == np.float32
    x_bar, y_bar = revdiff.grad(lambda x, y: np.sum(np.where(condition, x, y)), (0, 1))(x32, y64)
    assert (x_bar.dtype, y_bar.dtype) == (np.float32, np.float64)
    z_bar = revdiff.grad(lambda z: np.sum(np.abs(np.where(condition, z, 1.0))))(np.array([3 + 4j, 1j]))
    np.testing.assert_allclose(z_bar, [0.6 - 0.8j, 0])


def test_where_differentiates_again():
    def f(x):
        return np.where(x > 1, x**3, np.exp(x))

    x = np.array([0.5, 2.0])
    np.testing.assert_allclose(nth_derivative(f, 3)(x), [math.exp(0.5), 6.0])
    assert_vjp(simple_derivative(f), x)


def test_where_with_one_argument_finds_places_and_has_no_derivative():
    places = []
    simple_derivative(lambda x: places.append(np.where(x)) or x)(np.array([0.0, 2.0]))
    assert places[0][0].tolist() == [1]


def test_a_symbolic_condition_gives_a_piecewise_formula():
    x, y = sympy.symbols("x y", real=True)
    formula = simple_derivative(lambda x: revdiff.where(x > 0, x**2, x * y))(x)
    assert sympy.piecewise_fold(formula) == sympy.Piecewise((2 * x, x > 0), (y, True))
    second = nth_derivative(lambda x: revdiff.where(x > 0, x**3, x * y), 2)(x)
    assert second.subs(x, 2) == 12
    assert second.subs(x, -2) == 0


def test_a_condition_may_hold_a_revdiff():
    assert simple_derivative(lambda x: revdiff.where(x, x * x, x))(3.0) == 6.0
    mask = np.array([1.0, 0.0])
    assert simple_derivative(lambda x: np.where(x, 2 * x, 3 * x))(mask).tolist() == [2, 3]


@pytest.mark.parametrize("size", [2, 10_000])
def test_a_mask_may_be_changed_after_it_was_used(size):
    mask = np.ones(size, bool)
    _, pullback = vjp(lambda x: np.where(mask, x, 0.0), np.ones(size))
    mask[:] = False
    assert pullback(np.ones(size)).all()


def test_rules_that_send_nothing_or_move_elements_work_under_a_mask():
    gradient = simple_derivative(lambda x: np.where(x > 0, np.imag(x) + x, 0.0))(np.array([-1.0, 2.0]))
    assert gradient.tolist() == [0.0, 1.0]
    gradient = grad(lambda x: np.where(x > 0, x[::-1] * np.sqrt(x), 0.0).sum())(np.array([0.0, 4.0]))
    assert gradient.tolist() == [2.0, 0.0]


@pytest.mark.parametrize("factor", [1.0, 2.0])
def test_what_an_outer_choice_leaves_out_stays_out_of_an_inner_one(factor):
    x = np.array([-1.0, 0.0, 4.0])

    def f(x):
        inner = np.where(x < 5, np.sqrt(x), 0.0)
        return np.where(x > 0, inner * factor, 0.0).sum()

    with np.errstate(invalid="ignore"):
        np.testing.assert_array_equal(revdiff.grad(f)(x), [0.0, 0.0, 0.25 * factor])


def test_what_is_absent_is_shared_by_equal_elements_like_a_cotangent():
    x = np.array([0.3, -0.2, 0.5, -0.7])  # two zeros, the lesser of which is taken: each has the half of it
    f = lambda x: np.sort(np.where(x > 0, x * x, 0.0 * x))[[0, 2]].sum()
    np.testing.assert_allclose(grad(lambda x: f(np.where(x < 0.4, x, 0.5)))(x), [0.6, 0.0, 0.0, 0.0])
    np.testing.assert_allclose(revdiff.hvp(f, x, np.ones(4)), [2.0, 0.0, 0.0, 0.0])
