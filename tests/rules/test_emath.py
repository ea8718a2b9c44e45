"""The functions of numpy.emath: real where their results are real, and complex beyond."""

from __future__ import annotations

import cmath
import math

import numpy as np
import pytest

from revdiff import grad, init_diff, nth_derivative, simple_derivative, vjp
from tests.oracles import assert_array_rule, assert_dtypes_are_kept, assert_same_array

INSIDE = np.array([[0.3, 0.7], [0.2, 0.9]])
OF_ONE = [
    np.emath.sqrt,
    np.emath.log,
    np.emath.log2,
    np.emath.log10,
    np.emath.arccos,
    np.emath.arcsin,
    np.emath.arctanh,
]


def beyond(f):
    """Return numbers of which some lie beyond the domain of the real function."""
    return INSIDE * np.array([[-1, 1], [1, -1]]) if "arc" not in f.__name__ else INSIDE * np.array([[5, 1], [1, -7]])


@pytest.mark.parametrize("f", OF_ONE, ids=lambda f: f.__name__)
def test_inside_the_domain_and_beyond_it_all_derivatives_agree_with_central_differences(f):
    assert_array_rule(f, INSIDE)
    assert np.iscomplexobj(f(beyond(f)))
    assert_array_rule(f, beyond(f), wide=float)
    assert_array_rule(f, INSIDE + 0.4j, wide=float, order=2)


@pytest.mark.parametrize("f", OF_ONE, ids=lambda f: f.__name__)
def test_dtypes_and_lists(f):
    for x in (INSIDE, beyond(f)):
        assert_dtypes_are_kept(f, x, [np.float32])
        np.testing.assert_allclose(vjp(lambda x: f(x[0]), x)[0], f(x[0]), rtol=1e-14)
    np.testing.assert_allclose(f(init_diff(2.0)).value, f(2.0), rtol=1e-14)


def test_logarithms_to_any_base_and_powers():
    n, x = np.array([2.0, 3.0]), np.array([0.5, 7.0])
    assert_array_rule(np.emath.logn, n, x)
    assert_array_rule(np.emath.logn, n, -x, wide=float, order=2)
    assert_array_rule(np.emath.logn, -n, x, wide=float, order=2)
    assert_array_rule(np.emath.power, x, n)
    assert_array_rule(np.emath.power, -x, np.array([0.5, 2.5]), wide=float, order=2)
    assert_same_array(np.emath.power(init_diff(x), np.array([-1, 2])).value, np.emath.power(x, np.array([-1, 2])))
    assert_same_array(np.emath.power(init_diff(np.array([2, 4])), -1).value, np.emath.power([2, 4], -1))


def test_the_slope_beyond_the_domain_is_that_of_the_principal_branch():
    assert grad(lambda x: np.emath.sqrt(x).imag)(-4.0) == -1 / 4  # Im √x = √-x
    assert grad(lambda x: np.emath.log(x).real)(-4.0) == -1 / 4  # Re log x = log |x|
    assert np.isclose(simple_derivative(lambda x: np.emath.arcsin(x).imag)(2.0), abs(1 / cmath.sqrt(1 - 4)))
    assert np.isclose(nth_derivative(lambda x: np.emath.sqrt(x).imag, 2)(-4.0), -1 / (4 * math.sqrt(64)))
