"""The modified Bessel function I₀ and its derivatives."""

from __future__ import annotations

import numpy as np

import revdiff
from tests.oracles import assert_vjp


def test_second_derivatives_of_arrays_agree_with_central_differences():
    x = np.array([0.5, -1.75, 6.0])
    assert_vjp(revdiff.grad(lambda x: np.sum(np.i0(x) ** 2)), x, wide=float)
    np.testing.assert_array_equal(np.i0(revdiff.init_diff(x)).value, np.i0(x))


def test_numbers_and_small_dtypes():
    for x in (np.float32(0.75), np.float64(0.75), np.array([0.75, -1.0], np.float32)):
        value, pullback = revdiff.vjp(np.i0, x)
        assert value.dtype == np.i0(x).dtype
        assert pullback(np.ones_like(value)).dtype == x.dtype
    assert revdiff.simple_derivative(np.i0)(0.0) == 0.0


def test_without_scipy_the_numbers_are_mpmaths(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "scipy", None)
    x = np.array([0.5, 2.0])
    i1 = revdiff.grad(lambda x: np.sum(np.i0(x)))(x)
    np.testing.assert_allclose(i1, [0.2578943053908963, 1.5906368546373291], rtol=1e-14)  # I₁(½), I₁(2)
