"""The laws of every elementwise function, for all the lines of the tables."""

from __future__ import annotations

import numpy as np
import pytest

from tests.oracles import (
    DIRECTIONS,
    assert_digits,
    assert_dtype_is_kept,
    assert_order,
    assert_symbolic,
    assert_vjp,
    derivatives,
    each,
    near,
    rows_and_orders,
)
from tests.rules.tables import ROWS

# `divmod` of plain numbers is Python's own, or NumPy's.
VALUED = [row for row in ROWS if "divmod" not in row.name]
DTYPES = [(np.float16, 1e-2), (np.float32, 1e-5), (np.float64, 1e-14)]


def defined_for(numbers):
    return [row for row in ROWS if numbers not in row.without]


@each(VALUED)
def test_values_agree_with_sympy_for_floats_numbers_of_numpy_and_arrays(row):
    assert_order(row, 0)
    for point in row.points:
        expected, _ = derivatives(row, point, DIRECTIONS[row.arity][0], 0)
        for numbers in (np.float64, lambda x: np.full(2, x)):
            np.testing.assert_allclose(row.function(*map(numbers, point)), float(expected), rtol=1e-12)


@each([row for row in VALUED if "symbols" not in row.without])
def test_values_of_symbols_agree_with_sympy(row):
    assert_symbolic(row, 0)


@each([row for row in VALUED if "mpmath" not in row.without])
def test_values_of_mpmath_numbers_keep_their_fifty_digits(row):
    assert_digits(row, 0)


@rows_and_orders(ROWS)
def test_every_order_agrees_with_sympy_and_with_mpmath(row, order):
    assert_order(row, order)


@pytest.mark.parametrize("order", [1, 2, 3])
@each(defined_for("symbols"))
def test_formulas_agree_with_sympy(row, order):
    assert_symbolic(row, order)


@pytest.mark.parametrize("order", [1, 2, 3])
@each(defined_for("mpmath"))
def test_mpmath_numbers_keep_their_fifty_digits(row, order):
    assert_digits(row, order)


@each(ROWS)
def test_cotangents_of_arrays_agree_with_central_differences(row):
    assert_vjp(row.function, *near(row), wide=np.float64 if "long doubles" in row.without else np.longdouble)


@pytest.mark.parametrize(("dtype", "relative"), DTYPES)
@each(ROWS)
def test_numpy_numbers_and_arrays_keep_their_dtype(row, dtype, relative):
    assert_dtype_is_kept(row, dtype, relative)


@each(defined_for("long doubles"))
def test_long_doubles_keep_their_digits(row):
    assert_dtype_is_kept(row, np.longdouble, 1e-17)
