"""The long run of random programs, a short one of it."""

from __future__ import annotations

import random

import mpmath
import numpy as np
import pytest

from benchmarks.soak import arrays, numbers, soak
from benchmarks.soak.agreement import DisagreementError


def test_random_programs_have_the_derivatives_that_differences_find():
    met, wrong = soak(600, seed=3)
    assert wrong == []
    assert {kind for kind, _, _ in met} == {*numbers.SYSTEMS, *arrays.KINDS}


@pytest.mark.parametrize("module", [numbers, arrays], ids=["numbers", "arrays"])
def test_a_wrong_derivative_is_found(module, monkeypatch):
    right = {order: module.MODES[order]["jvp of jvp" if order == 2 else "jvp"] for order in (1, 2)}
    wrong = {order: {"jvp": lambda f, x, v, right=right[order]: 2 * right(f, x, v) + 1} for order in (1, 2)}
    monkeypatch.setattr(module, "MODES", {3: wrong[2], **wrong})
    for k in range(20):
        with pytest.raises(DisagreementError):
            module.check(random.Random(k))


@pytest.mark.parametrize("order", [1, 2, 3])
def test_the_witness_of_numbers_is_exact(order):
    program = numbers.Program(1, (numbers.Step("sin", 0, 0),), 1)
    expected = [mpmath.cos(1), -mpmath.sin(1), -mpmath.cos(1)][order - 1]
    assert float(numbers.witness(program, [1.0], [2.0], order)) == pytest.approx(float(2**order * expected), rel=1e-12)


@pytest.mark.parametrize("order", [1, 2])
def test_the_witness_of_arrays_is_exact(order):
    x = np.linspace(-1.0, 1.0, 12).reshape(3, 4)
    program = arrays.ArrayProgram((), (), lambda y: (np.sin(y) * y).sum())
    expected = {1: np.sum(np.sin(x) + x * np.cos(x)), 2: np.sum(2 * np.cos(x) - x * np.sin(x))}
    for scale in (1, 1e-2):
        found, rounding = arrays.witness(program, x, np.ones_like(x), order, scale)
        assert rounding < 1e-6
        assert found == pytest.approx(expected[order], rel=1e-12, abs=rounding)
