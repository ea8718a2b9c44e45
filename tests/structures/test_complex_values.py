"""Complex values of real arguments: a derivative by a real number has a real and an imaginary part."""

from __future__ import annotations

import numpy as np
import pytest

from revdiff import (
    FiniteSupportStream,
    Stream,
    UnsupportedValueError,
    custom_arg_val_derivative,
    grad,
    jacobian,
    nth_derivative,
    optional_arg,
    scalar_val,
    sin,
    vector_arg,
)
from revdiff.structures.complex_values import whole_derivatives

W = 1 + 2j


@pytest.mark.parametrize("order", range(1, 5))
def test_the_derivative_by_a_real_number_is_complex_at_every_order(order):
    derivative = nth_derivative(lambda t: W * sin(t), order)(0.5)
    assert derivative == pytest.approx(W * np.sin(0.5 + order * np.pi / 2))


def test_by_a_structure_every_real_number_in_it_has_both_parts():
    f = lambda p: W * p["a"] * p["b"][0] * p["b"][1]
    assert jacobian(f)({"a": 2.0, "b": (3.0, 1j), "text": "x"}) == {"a": W * 3j, "b": (W * 2j, W * 6.0), "text": "x"}
    assert jacobian(lambda p: W * p[0])((2.0, [5.0])) == (W, [0.0])
    assert jacobian(jacobian(lambda p: W * p[0] ** 2 * p[1]))((2.0, 3.0)) == ((W * 6.0, W * 4.0), (W * 4.0, 0.0))


def test_of_a_holomorphic_function_the_derivative_is_what_one_brings_back():
    assert jacobian(lambda z: z * z)(W) == 2 * W
    assert jacobian(lambda p: p[0] * p[1])((W, 1j)) == (1j, W)
    assert grad(lambda p: (p[0] * p[1]).imag)((W, 3.0)) == (-3j, 2.0)


@pytest.mark.parametrize(
    ("y", "x_bar", "sweeps"), [(2.0, 3.0, 1), (2j, 3j, 1), (2j, (3j, W), 1), (2j, 3.0, 2), (2j, (3j, 3.0), 2)], ids=str
)
def test_only_a_complex_value_of_something_real_takes_a_second_sweep(y, x_bar, sweeps):
    seeds = []
    whole_derivatives(lambda y, y_bar: seeds.append(y_bar) or x_bar)(y, 1)
    assert seeds == [1, -1j][:sweeps]


@pytest.mark.parametrize("n", [1, 2, 5])
def test_by_an_array_the_jacobian_is_complex_and_what_a_row_did_not_ask_for_stays_absent(n):
    x = np.arange(float(n))
    rows = jacobian(lambda x: np.sqrt(x) * 1j)(x)
    assert rows.dtype == complex
    np.testing.assert_array_equal(rows[1:, 1:], np.diag(0.5j / np.sqrt(x[1:])))
    assert not rows[1:, 0].any()
    assert not rows[0, 1:].any()
    assert rows[0, 0].imag == np.inf
    np.testing.assert_array_equal(jacobian(lambda t: t * W * x)(3.0), W * x)


def test_of_what_is_absent_nothing_is_joined():
    f = lambda x: 1j if x is None else W * x[0]
    derivative = custom_arg_val_derivative(optional_arg(vector_arg), scalar_val, f)
    assert derivative(None) is None
    np.testing.assert_array_equal(derivative(np.ones(2)), [W, 0.0])


@pytest.mark.parametrize("x", [Stream.tabulate(float), FiniteSupportStream([1.0])], ids=["Stream", "finite"])
def test_by_a_stream_of_real_numbers_it_is_refused(x):
    with pytest.raises(
        UnsupportedValueError, match=r"of a complex value by the real numbers in a .*Stream is not supp"
    ):
        jacobian(lambda s: W * s[0])(x)
