"""How values are named in messages."""

from __future__ import annotations

import pytest

from revdiff import LawError
from revdiff.core.errors import describe


def test_short_text_is_quoted_and_long_text_is_not():
    assert describe("x" * 37) == f"{'x' * 37!r} (a str)"
    assert describe("x" * 38) == "a str"


@pytest.mark.parametrize(("length", "is_whole"), [(198, True), (199, False)])
def test_of_a_long_value_both_ends_are_shown(length, is_whole):
    text = "a" + "x" * (length - 2) + "z"
    error = LawError.of("left = right", ("left", text), ("right", ""))
    assert (repr(text) in str(error)) is is_whole
    assert is_whole or f"'a{'x' * 98} … {'x' * 98}z'" in str(error)


def test_the_sides_of_a_law_stand_below_each_other_and_a_bar_takes_no_place():
    error = LawError.of("left = right", ("x̄ + ȳ", 1), ("x + y", 2))
    assert str(error).splitlines()[1:] == ["  x̄ + ȳ:  1", "  x + y:  2"]
