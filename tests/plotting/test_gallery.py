"""The pictures of the gallery are drawn, and show what they say."""

from __future__ import annotations

import runpy
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

import revdiff as rd

EXAMPLE = Path(__file__).parents[2] / "examples" / "gallery.py"


@pytest.fixture(scope="module")
def gallery():
    return runpy.run_path(str(EXAMPLE))


def test_every_picture_is_written(tmp_path, gallery):
    gallery["main"](str(tmp_path))
    assert {path.stem for path in tmp_path.iterdir()} == set(gallery["PICTURES"])
    for path in tmp_path.iterdir():
        assert ET.parse(path).getroot().tag == "{http://www.w3.org/2000/svg}svg"


def test_the_curves_are_those_of_hermite(gallery):
    lines = [ax.lines[-1] for ax in gallery["orders"]().axes]
    for n, line in enumerate(lines):
        xs, ys = line.get_data()
        expected = (-1) ** n * np.polynomial.hermite_e.hermeval(xs, [0] * n + [1]) * np.exp(-(xs**2) / 2)
        assert ys == pytest.approx(expected, abs=1e-12)


def test_the_heat_map_is_a_matrix_of_three_diagonals(gallery):
    [image] = gallery["hessian_map"]().axes[0].images
    matrix = np.asarray(image.get_array())
    assert np.allclose(matrix, np.triu(np.tril(matrix, 1), -1))
    x = np.linspace(-1.2, 1.2, 8)
    assert np.diag(matrix, 1) == pytest.approx(-400 * x[:-1])


def test_the_gradient_of_the_stream_is_the_sum_of_neighbours_and_then_zero(gallery):
    s = np.sin(0.6 * np.arange(20))
    gradient = rd.grad(gallery["neighbours"])(rd.Stream.tabulate(lambda n: float(s[n]))).take(16)
    expected = [s[1], *(s[:11] + s[2:13]), s[11], 0, 0, 0]
    assert gradient == pytest.approx(expected)
