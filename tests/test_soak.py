"""The long run of random programs, a short one of it."""

from __future__ import annotations

import random

import numpy as np
import pytest

from benchmarks import soak


def test_random_programs_have_the_derivatives_that_differences_find():
    kinds, wrong = soak.soak(400, seed=2)
    assert wrong == []
    assert {*soak.SYSTEMS, "array"} <= kinds.keys()


def test_a_wrong_derivative_is_found(monkeypatch):
    monkeypatch.setitem(soak.FIRST, "grad of a list", lambda f, x, v: 1e-3 + soak.FIRST["vjp"](f, x, v))
    monkeypatch.setattr(soak, "MODES", {order: {"grad of a list": soak.FIRST["grad of a list"]} for order in (1, 2, 3)})
    with pytest.raises(soak.DisagreementError):
        [soak.check_numbers(random.Random(k)) for k in range(20)]


@pytest.mark.parametrize("order", [1, 2])
def test_the_witness_of_arrays_is_exact(order):
    x = np.linspace(-1.0, 1.0, 12).reshape(3, 4)
    program = soak.ArrayProgram((), ())  # Σ x sin x
    expected = {1: np.sum(np.sin(x) + x * np.cos(x)), 2: np.sum(2 * np.cos(x) - x * np.sin(x))}
    assert soak.array_witness(program, x, np.ones_like(x), order) == pytest.approx(expected[order], rel=1e-12)
