"""The table that compares revdiff with other libraries says of revdiff what revdiff does."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.abilities import FACTS, Fact, answer

PAGE = Path(__file__).parent.parent / "docs" / "comparison.md"


def cells():
    """Return the answers in the column of revdiff, by question."""
    rows = [line.split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return {row[0].removeprefix("| "): row[1] for row in rows[1:]}


@pytest.mark.parametrize("fact", FACTS, ids=[fact.question for fact in FACTS])
def test_the_page_says_what_revdiff_answers(fact):
    if "scipy" in fact.of("revdiff"):
        pytest.importorskip("scipy")
    assert cells()[fact.question] == answer(fact, "revdiff")


def test_a_wrong_program_is_answered_by_no_and_a_failing_one_by_its_error():
    assert answer(Fact("", revdiff="1 == 2"), "revdiff") == "no"
    assert answer(Fact("", revdiff="rd.grad(1)(2.0)"), "revdiff") not in ("yes", "no")
    assert answer(Fact("", revdiff=""), "revdiff") == "–"
