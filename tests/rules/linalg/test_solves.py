"""Linear equations: exactly, by least squares, and of tensors."""

from __future__ import annotations

import numpy as np
import pytest

import revdiff
from revdiff import MutatedArrayError, grad, vjp
from tests.oracles import assert_array_rule
from tests.rules.linalg.matrices import BOTH, SINCE_2, random, regular


@BOTH
@pytest.mark.parametrize(
    ("shape_a", "shape_b"),
    [
        ((3, 3), (3,)),
        ((3, 3), (3, 2)),
        ((3, 3), (2, 3, 2)),
        ((4, 1, 3, 3), (4, 2, 3, 2)),
        ((1, 1), (1,)),
        pytest.param((2, 3, 3), (3, 2), marks=SINCE_2),
        pytest.param((2, 3, 3), (3,), marks=SINCE_2),
    ],
)
def test_solutions_have_all_derivatives(shape_a, shape_b, dtype):
    assert_array_rule(np.linalg.solve, regular(*shape_a, dtype=dtype), random(*shape_b), wide=np.float64)


def test_a_solution_is_the_inverse_times_the_right_side():
    a, b = regular(3, 3), random(3)
    by_solve, by_inv = (
        grad(lambda a, f=f: (f(a) ** 2).sum())(a)
        for f in (lambda a: np.linalg.solve(a, b), lambda a: np.linalg.inv(a) @ b)
    )
    np.testing.assert_allclose(by_solve, by_inv)


@BOTH
@pytest.mark.parametrize(
    ("axes", "shape_a", "shape_b"), [(None, (2, 3, 6), (2, 3)), ((0, 2), (2, 6, 3), (6,)), (None, (4, 2, 2), (4,))]
)
def test_solutions_of_tensor_equations_have_all_derivatives(axes, shape_a, shape_b, dtype):
    a, b = random(*shape_a, dtype=dtype), random(*shape_b)
    assert_array_rule(lambda a, b: np.linalg.tensorsolve(a, b, axes=axes), a, b, wide=np.float64, order=2)


@BOTH
@pytest.mark.parametrize("part", [0, 1, 3], ids=["x", "residuals", "s"])
@pytest.mark.parametrize(
    ("shape_a", "shape_b"), [((4, 2), (4,)), ((4, 2), (4, 3)), ((2, 4), (2,)), ((2, 4), (2, 3)), ((3, 3), (3, 2))]
)
def test_least_squares_have_all_derivatives(shape_a, shape_b, part, dtype):
    a, b = random(*shape_a, dtype=dtype), random(*shape_b)
    assert_array_rule(lambda a, b: np.linalg.lstsq(a, b, rcond=None)[part], a, b, wide=np.float64)


def test_least_squares_by_all_parts_together():
    def f(a, b):
        x, residuals, rank, s = np.linalg.lstsq(a, b, rcond=None)
        return (x * s).sum() * residuals * rank

    assert_array_rule(f, random(4, 2), random(4), wide=np.float64)


@BOTH
def test_least_squares_are_differentiated_among_matrices_of_the_same_rank(dtype):
    a, b, c = random(4, 2, dtype=dtype), random(2, 3, dtype=dtype), random(4)
    assert_array_rule(lambda a, b, c: np.linalg.lstsq(a @ b, c, None)[0], a, b, c, wide=np.float64, order=2)


@pytest.mark.parametrize("rcond", [None, -1, 1e-10, 0.5])
def test_the_rank_is_numpys_and_constant(rcond):
    a, b = random(4, 2) @ random(2, 3), random(4)
    value, _ = vjp(lambda a: np.linalg.lstsq(a, b, rcond)[2] * a[0, 0], a)
    assert value == np.linalg.lstsq(a, b, rcond)[2] * a[0, 0]
    r = revdiff.init_diff(a)
    assert np.linalg.matrix_rank(r) == np.linalg.matrix_rank(a) == 2


def test_least_squares_with_singular_values_cut_off():
    a, b = random(4, 3), random(4)
    s = np.linalg.svd(a, compute_uv=False)
    assert_array_rule(lambda a, b: np.linalg.lstsq(a, b, (s[1] + s[2]) / 2 / s[0])[0], a, b, wide=np.float64, order=2)


def test_lists_are_right_sides():
    gradient = grad(lambda a: np.linalg.solve(a, [2.0, 4.0]).sum())(np.diag([1.0, 2.0]))
    np.testing.assert_array_equal(gradient, [[-2.0, -2.0], [-1.0, -1.0]])


def test_a_right_side_that_is_constant_has_no_cotangent_formed(monkeypatch):
    a, b = regular(3, 3), random(3)
    _, pullback = vjp(lambda b: np.linalg.solve(a, b), b)
    calls = []
    real = np.linalg.solve
    monkeypatch.setattr(np.linalg, "solve", lambda *args: calls.append(1) or real(*args))
    monkeypatch.setattr(np, "matmul", None)
    pullback(np.ones(3))
    assert calls == [1]


def test_a_large_matrix_that_was_changed_is_noticed():
    a = regular(100, 100)
    _, pullback = vjp(lambda b: np.linalg.solve(a, b), np.ones(100))
    a += 1.0
    with pytest.raises(MutatedArrayError):
        pullback(np.ones(100))
