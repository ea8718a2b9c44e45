"""Cotangents of which a part is absent, or faint."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from revdiff.core.masks import Masked


@pytest.mark.parametrize("factor", [2.0, np.inf, -np.inf, np.nan])
def test_a_faint_zero_stays_zero_under_an_infinite_factor(factor):
    mask, firm = np.array([True, True]), np.array([False, True])
    with np.errstate(invalid="ignore"):  # as in a sweep
        product = Masked(np.array([0.0, 1.0]), mask, firm) * factor
    assert_array_equal(product.value, [0.0, factor])
    assert_array_equal(product.firm, firm)


def test_an_array_of_objects_keeps_its_own_zero_where_a_product_is_faint():
    firm = np.array([False, True])
    with np.errstate(invalid="ignore"):
        product = Masked(np.array([Fraction(0), Fraction(2)]), np.array([True, True]), firm) * np.array(
            [math.inf, 3], object
        )
    assert list(map(repr, product.value)) == ["0.0", "Fraction(6, 1)"]
