"""NumPy's functions by their names."""

from __future__ import annotations

import numpy as np

from revdiff.arrays.names import of_numpy


def test_names_of_numpy_that_is_not_installed_name_nothing():
    assert of_numpy("sum telepathy linalg.norm linalg.telepathy telepathy.norm") == [np.sum, np.linalg.norm]
    assert of_numpy("") == []
