"""The examples run, and draw what they say."""

from __future__ import annotations

import runpy
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"


def test_the_picture_of_the_way_back_is_drawn_with_the_right_numbers(tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    example = runpy.run_path(str(EXAMPLES / "way_back.py"))
    values, bars = example["cotangents"](0.8)
    assert values == pytest.approx([0.8, 0.64, 0.597195441362392])
    assert bars == pytest.approx([1.283353225244, 0.802095757884, 1.0])  # 2x cos x², cos x², 1
    picture = tmp_path / "picture.svg"
    monkeypatch.setattr(sys, "argv", ["way_back.py", str(picture)])
    runpy.run_path(str(EXAMPLES / "way_back.py"), run_name="__main__")
    assert picture.read_text(encoding="utf-8").startswith("<?xml")


def test_charges_come_to_rest_as_an_icosahedron_and_never_leave_the_sphere(tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    example = runpy.run_path(str(EXAMPLES / "sphere.py"))
    path, energies = example["descend"](example["crowd"](12), 700, 0.03)
    lengths = np.linalg.norm([np.asarray(u) for charges in path for u in charges], axis=1)
    assert np.abs(lengths - 1).max() < 1e-12
    assert energies[-1] == pytest.approx(49.165253058, abs=1e-6)
    assert all(np.diff(energies) < 1e-9)
    edges = [np.degrees(np.arccos(u @ v)) for u, v in combinations(path[-1], 2)]
    assert sorted(edges)[29] == pytest.approx(63.43494882, abs=1e-3)  # arctan 2, 30 times
    assert sorted(edges)[30] == pytest.approx(116.56505118, abs=1e-3)
    picture = tmp_path / "picture.svg"
    monkeypatch.setattr(sys, "argv", ["sphere.py", str(picture)])
    runpy.run_path(str(EXAMPLES / "sphere.py"), run_name="__main__")
    assert picture.read_text(encoding="utf-8").startswith("<?xml")
