"""NumPy's functions by their names."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import numpy as np

import revdiff
from revdiff.arrays.names import of_numpy


def test_names_of_numpy_that_is_not_installed_name_nothing():
    assert of_numpy("sum telepathy linalg.norm linalg.telepathy telepathy.norm") == [np.sum, np.linalg.norm]
    assert of_numpy("") == []


COME_AND_GONE = (
    "alltrue asfarray cumproduct in1d msort product round_ sometrue trapz "  # not since NumPy 2
    "astype cumulative_prod cumulative_sum linalg.cross linalg.diagonal linalg.matmul linalg.matrix_norm "
    "linalg.matrix_transpose linalg.outer linalg.svdvals linalg.tensordot linalg.trace linalg.vecdot linalg.vector_norm "
    "matrix_transpose matvec permute_dims trapezoid unique_all unique_counts unique_inverse unique_values unstack vecdot "
    "vecmat"
)


def test_every_name_in_the_package_is_that_of_some_numpy():
    calls = "".join(path.read_text(encoding="utf-8") for path in Path(revdiff.__file__).parent.rglob("*.py"))
    texts = [ast.literal_eval(f"({text})") for text in re.findall(r'of_numpy\(\s*((?:"[^"]*"\s*)+)\)', calls)]
    names = set(" ".join(texts).split()) - {"telepathy"}  # the one of the documentation
    assert len(names) > 100
    assert {name for name in names if not of_numpy(name)} <= set(COME_AND_GONE.split())
