"""Differences, slopes on a grid, and the trapezoidal rule: values, coordinates and distances all have cotangents."""

from __future__ import annotations

import numpy as np
import pytest

import revdiff
from revdiff import grad, init_diff, jacobian, simple_derivative, vjp
from tests.oracles import assert_array_rule

RNG = np.random.default_rng(0)
X = RNG.permutation(60).reshape(3, 4, 5) / 16 + 0.5
PLACES = np.array([0.0, 0.3, 0.7, 1.5, 2.1])
trapezoid = np.trapezoid if hasattr(np, "trapezoid") else np.trapz  # noqa: NPY201


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_differences_agree_with_central_differences(n, axis):
    assert_array_rule(lambda x: np.diff(x, n, axis), X)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_what_is_put_before_and_behind_has_cotangents(axis):
    edge = np.take(X, [0, 1], axis) + 1.0
    assert_array_rule(lambda x, p, c: np.diff(x, axis=axis, prepend=p, append=c), X, edge, np.float64(2.0), order=2)
    assert_array_rule(lambda x, c: np.diff(x, 2, axis, c), X, np.float64(2.0), order=2)


def test_differences_between_what_they_begin_and_end_with():
    assert_array_rule(np.ediff1d, X, order=2)
    assert_array_rule(lambda x, a, b: np.ediff1d(x, to_end=a, to_begin=b), X, PLACES, np.float64(3.0), order=2)
    assert vjp(lambda x: np.ediff1d(x, [1.0]), X.astype(np.float32))[0].dtype == np.float32
    with pytest.raises(TypeError, match="must be of that kind; met complex128"):
        np.ediff1d(init_diff(X), to_end=1j)


@pytest.mark.parametrize("edge_order", [1, 2])
@pytest.mark.parametrize("axis", [None, 0, -1, (1, 2)])
def test_slopes_agree_with_central_differences(axis, edge_order):
    def f(x, *spacings):
        slopes = np.gradient(x, *spacings, axis=axis, edge_order=edge_order)
        return slopes if axis in (0, -1) else np.stack(slopes)

    assert_array_rule(f, X)
    assert_array_rule(f, X, np.float64(0.3), order=2)


@pytest.mark.parametrize("edge_order", [1, 2])
@pytest.mark.parametrize("places", [PLACES, np.arange(5.0)], ids=["uneven", "even"])
def test_slopes_on_a_grid_of_coordinates_agree_with_central_differences(places, edge_order):
    """Also where coordinates are evenly spaced: they are not any more when one of them moves."""
    assert_array_rule(lambda x, t: np.gradient(x, t, axis=2, edge_order=edge_order), X, places, order=2)
    assert_array_rule(lambda x: np.gradient(x, places, axis=-1, edge_order=edge_order), X, order=2)
    assert_array_rule(
        lambda x, t, h: np.stack(np.gradient(x, h, t, axis=(1, -1), edge_order=edge_order)),
        X,
        places,
        np.float64(2.0),
        order=2,
    )


def test_slopes_of_a_parabola_are_its_derivative():
    t = PLACES
    slopes = jacobian(lambda c: np.gradient(c * t**2, t, edge_order=2))(3.0)
    np.testing.assert_allclose(slopes, 2 * t, atol=1e-14)


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda r: np.gradient(r, edge_order=3), ValueError, "edge_order=, is 1 or 2; met 3"),
        (lambda r: np.gradient(r[:2], edge_order=2), ValueError, "edge_order=2 need 3 values along an axis; met 2"),
        (lambda r: np.gradient(r, 1.0, 2.0), TypeError, "gradient along 1 axes takes no spacing, one, or 1; met 2"),
        (lambda r: np.gradient(r, [1.0, 2.0]), ValueError, r"axis of length 5 have shape \(5,\); met \(2,\)"),
        (lambda r: np.diff(r, -1), ValueError, "n is 0 or more; met -1"),
        (lambda r: np.diff(r[0]), ValueError, "a number has none"),
        (lambda r: np.diff(r, axis=1), np.exceptions.AxisError, "axis 1 is out of bounds"),
        (lambda r: np.gradient(r, axis=1), np.exceptions.AxisError, "axis 1 is out of bounds"),
    ],
)
def test_arguments_that_do_not_fit(call, error, text):
    with pytest.raises(error, match=text):
        call(init_diff(PLACES))


# -------------------------------------------------------------------------- the trapezoidal rule


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_the_trapezoidal_rule_agrees_with_central_differences(axis):
    """np.trapezoid, which was np.trapz before NumPy 2."""
    coordinates = np.sqrt(np.arange(1.0, X.shape[axis] + 1))
    assert_array_rule(lambda y: trapezoid(y, axis=axis), X)
    assert_array_rule(lambda y, x: trapezoid(y, x, axis=axis), X, coordinates, order=2)
    assert_array_rule(lambda y, x: trapezoid(y, x=x, axis=axis), X, X**2, order=2)
    assert_array_rule(lambda y, h: trapezoid(y, dx=h, axis=axis), X, np.float64(0.3), order=2)


def test_lists_of_revdiffs():
    assert jacobian(lambda x: np.array(list(np.diff([x, x**2, x**3])), object)[1])(2.0) == 8.0
    assert simple_derivative(lambda h: trapezoid([1.0, 2.0, 4.0], dx=h))(1.0) == 4.5
    assert grad(lambda x: np.sum(np.diff(x, prepend=[0.0])))(np.ones(3)).tolist() == [0, 0, 1]


def test_options_without_a_rule_are_named():
    with pytest.raises(revdiff.MissingRuleError, match=r"no derivative rule for numpy\.diff with step="):
        revdiff.arrays.numpy_protocol._array_function(init_diff(X), np.diff, (), (init_diff(X),), {"step": 2})
