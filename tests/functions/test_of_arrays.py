"""Rules for functions of arrays that have several results."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

import revdiff
from revdiff import grad, hessian, jvp, vjp
from revdiff.functions.of_arrays import rule


class Parts(NamedTuple):
    square: object
    double: object


def parts_rule(received):
    """Return the rule of x ↦ (x², 2x), which notes which cotangents it was given."""

    @rule()
    def parts(x, /):
        def parts_pullback(square_bar, double_bar):
            received.append((square_bar is not None, double_bar is not None))
            of_square = 0.0 if square_bar is None else 2 * x * square_bar
            return of_square + (0.0 if double_bar is None else 2 * double_bar)

        return Parts(x * x, 2 * x), parts_pullback

    return parts


def test_several_results_come_as_numpys_tuple_of_revdiffs():
    parts = parts_rule([])
    results = parts(revdiff.init_diff(np.ones(2)))
    assert type(results) is Parts
    assert all(type(result) is revdiff.RevDiff for result in results)
    assert type(parts(np.ones(2)).square) is np.ndarray
    assert parts(revdiff.const_diff(np.ones(2))).double.backprop(np.ones(2)).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("f", "expected", "reached"),
    [
        (lambda p: p.square.sum(), 6.0, (True, False)),
        (lambda p: p.double.sum(), 2.0, (False, True)),
        (lambda p: (p.square * p.double).sum(), 54.0, (True, True)),
        (lambda p: p[0].sum() + p[0].sum(), 12.0, (True, False)),
    ],
)
def test_the_pullback_runs_once_with_none_for_what_nothing_came_back_to(f, expected, reached):
    received = []
    parts = parts_rule(received)
    np.testing.assert_array_equal(grad(lambda x: f(parts(x)))(np.full(2, 3.0)), [expected, expected])
    assert received == [reached]


def test_several_results_have_all_derivatives_in_both_directions():
    parts = parts_rule([])
    x = np.array([3.0])
    assert hessian(lambda x: (parts(x).square * parts(x).double).sum())(x).item() == 36.0
    value, tangent = jvp(parts, x, np.ones(1))
    assert (value.square.item(), tangent.square.item(), tangent.double.item()) == (9.0, 6.0, 2.0)
    _, pullback = vjp(parts, x)
    assert pullback((np.ones(1), np.ones(1))).item() == 8.0
