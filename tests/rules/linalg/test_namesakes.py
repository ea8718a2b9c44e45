"""Functions of numpy.linalg that share their names with other functions of NumPy."""

from __future__ import annotations

import numpy as np
import pytest

import revdiff
from tests.oracles import assert_array_rule
from tests.rules.linalg.matrices import SINCE_2, random

pytestmark = SINCE_2


@pytest.mark.parametrize(
    ("name", "options", "shapes"),
    [
        ("trace", {}, [(2, 3, 3)]),
        ("trace", {"offset": 1}, [(3, 4, 2)]),
        ("diagonal", {}, [(2, 3, 3)]),
        ("diagonal", {"offset": -1}, [(3, 4, 2)]),
        ("matrix_transpose", {}, [(3, 4, 2)]),
        ("outer", {}, [(3,), (2,)]),
        ("cross", {}, [(2, 3), (3,)]),
        ("cross", {"axis": 0}, [(3, 2), (3, 2)]),
        ("matmul", {}, [(4, 3, 2), (2, 2)]),
        ("tensordot", {"axes": 1}, [(3, 2), (2, 2)]),
        ("vecdot", {}, [(4, 3), (3,)]),
        ("vecdot", {"axis": 0}, [(3, 2), (3, 2)]),
    ],
)
def test_they_have_the_derivatives_of_the_others(name, options, shapes):
    f = getattr(np.linalg, name)
    assert_array_rule(lambda *operands: f(*operands, **options), *[random(*shape) for shape in shapes], order=2)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            lambda r: np.linalg.outer(r, r),
            r"takes two vectors; met shapes \(2, 2\) and \(2, 2\)\. Or write numpy\.outer",
        ),
        (lambda r: np.linalg.cross(r, [1.0, 2.0, 3.0]), "vectors of three components; met 2 and 3"),
    ],
)
def test_what_they_do_not_take_is_an_error(call, text):
    with pytest.raises(ValueError, match=text):
        call(revdiff.init_diff(np.ones((2, 2))))
