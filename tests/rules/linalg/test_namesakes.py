"""Functions of numpy.linalg that share their names with other functions of NumPy: what they do not take.

Their derivatives are compared in `tests.calls_of_numpy`.
"""

from __future__ import annotations

import numpy as np
import pytest

import revdiff
from tests.rules.linalg.matrices import SINCE_2

pytestmark = SINCE_2


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
