"""The examples run, and draw what they say."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

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
