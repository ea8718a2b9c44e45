"""The modified Bessel function I₀ and its derivatives."""

from __future__ import annotations

import numpy as np
import pytest
import sympy

import revdiff
from revdiff.rules.bessel import i0
from tests.oracles import assert_digits, assert_order, assert_symbolic, assert_vjp, near, row

ROW = row(i0, lambda x: sympy.besseli(0, x), 0.5, -1.75, 6.0, name="i0")


@pytest.mark.parametrize("order", range(1, 5))
def test_derivatives_are_those_of_sympy(order):
    assert_order(ROW, order)
    assert_digits(ROW, order)


def test_formulas_are_those_of_sympy():
    assert_symbolic(ROW, 1)
    assert_symbolic(ROW, 2)


def test_arrays_of_every_order_agree_with_central_differences():
    (x,) = near(ROW)
    assert_vjp(np.i0, x, wide=float)
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
