"""What the tests of the modules beside SciPy's share: rows of a table, and rules against differences."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import pytest
import scipy

import revdiff
from tests.oracles import _random_like, assert_forward_is_backward, assert_vjp, derivatives_along

SCIPY = tuple(map(int, scipy.__version__.split(".")[:2]))
"""The version of the installed SciPy, to leave out what older ones do not have or do wrong."""


@dataclass(frozen=True)
class Case:
    """A function of SciPy's name with some options, the operands to call it with, and how many orders to test."""

    name: str
    function: Any
    operands: tuple[Any, ...]
    order: int


def case(name, function, *operands, order=2):
    """Return a row of a table of functions."""
    return Case(name, function, operands, order)


def part(f, i):
    """Return a function whose value is one of the results of f."""
    return lambda *args: f(*args)[i]


def each(cases):
    """Return the decorator that runs a test for every row."""
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.name)


def assert_derivatives(f, *args, order=2, step=1e-4):
    """A function has SciPy's value; its derivatives up to an order agree with differences of the order below, jvp with vjp."""
    expected = f(*args)
    value, _ = revdiff.vjp(f, *args)
    assert np.shape(value) == np.shape(expected)
    assert np.asarray(value).dtype == np.asarray(expected).dtype
    np.testing.assert_allclose(value, expected, rtol=1e-9, atol=1e-11)
    x_bars = assert_vjp(f, *args, wide=np.float64, step=step)
    rng = np.random.default_rng(1)
    tangents = tuple(_random_like(x, rng) for x in args)
    y_bar = _random_like(expected, np.random.default_rng(0))
    assert_forward_is_backward(f, args, tangents, y_bar, x_bars, 1e-8)
    for level in islice(derivatives_along(f, tangents, _random_like(expected, rng)), 1, order):
        assert_vjp(level, *args, wide=np.float64, step=step, relative=1e-6)
