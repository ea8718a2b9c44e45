"""Products of paths that lead to the same place are refused, however the place is written."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from revdiff import PathError, exp, join, log, over, path, replace, view
from tests.paths.values import Pair, Record, looked_into, mapped, numbers_in, ways, with_numbers

X = Record([1.0, 2.0, [3.0, 4.0]], np.arange(6.0).reshape(2, 3), {"a": Pair(5.0, 6.0), 0: 7.0})

SAME = {
    "one path": path.x & path.x,
    "a part of the other": path.z & path.z["a"].first,
    "the structure itself": path & path.x,
    "from the end": path.x[-1] & path.x[2],
    "a name and a number": path.z["a"][1] & path.z["a"].second,
    "a field in brackets": path["x"] & path.x,
    "a number for a field": path[0] & path.x,
    "an element of a slice": path.x[1:] & path.x[2],
    "deep in a slice": path.x[1:] & path.x[2][0],
    "slices": path.x[::2] & path.x[1:],
    "a slice of a slice": path.x[1:][:1] & path.x[1],
    "an element of an array": path.y[0, 1] & path.y[:, 1],
    "rows and columns": path.y[0] & path.y[:, 2],
    "by number and by mask": path.y[[1]] & path.y[np.array([False, True])],
    "step by step": path.y[0][1] & path.y[0, 1],
    "a row and its reverse": path.y[1][::-1][0] & path.y[1, 2],
    "through a prism": path.x.present & path.x,
    "through an isomorphism": path.x[0].iso(log, exp) & path.x[0].iso(log, exp),
    "behind a product": (path.x & path.y) & path.y[0],
    "in a product": path.x & (path.y & path.x[1]),
}

DISJOINT = {
    "fields": path.x & path.y,
    "elements": path.x[0] & path.x[1],
    "slices": path.x[:1] & path.x[1:],
    "an element behind a slice": path.x[1:][0] & path.x[2],
    "parts of an element": path.x[2][0] & path.x[:1] & path.x[-1][-1],
    "entries": path.z["a"] & path.z[0],
    "rows": path.y[0] & path.y[1],
    "cells": path.y[:, 0] & path.y[0, 1:] & path.y[[1, 1], [1, 2]][::-1],
    "products": path.x & (path.y[0] & path.z["a"].first) & path.z["a"].second,
    "no cells": path.y[0:0] & path.y[0],
}


@pytest.mark.parametrize("p", SAME.values(), ids=SAME)
def test_what_overlaps_is_seen_and_not_replaced(p):
    seen = view(p, X)
    with pytest.raises(PathError, match="lead to the same place, where only one value can stand"):
        replace(p, X, seen)


@pytest.mark.parametrize("p", DISJOINT.values(), ids=DISJOINT)
def test_what_is_disjoint_is_replaced_and_found_again(p):
    changed = mapped(lambda n: n * n + 100.0, view(p, X))
    for found in (view(p, replace(p, X, changed)), view(p, over(p, X, lambda _: changed))):
        assert str(found) == str(changed)


@given(looked_into(), st.data())
def test_two_random_paths_are_refused_exactly_if_a_number_lies_behind_both(case, data):
    x, p, _ = case
    q, _ = data.draw(ways(x))
    labelled = with_numbers(
        x, [np.arange(np.size(n)).reshape(np.shape(n))[()] + 100.0 * i for i, n in enumerate(numbers_in(x))]
    )
    behind_p, behind_q = ({label for n in numbers_in(view(r, labelled)) for label in np.ravel(n)} for r in (p, q))
    assume(behind_p and behind_q)
    try:
        replace(p & q, x, view(p & q, x))
    except PathError:
        assert behind_p & behind_q
    else:
        assert not behind_p & behind_q


def test_the_error_names_the_two():
    with pytest.raises(PathError) as error:
        replace(path.y & path.x & path.x[0], join(X), (1.0, 2.0, 3.0))
    assert str(error.value) == (
        "path.y & path.x & path.x[0]: path.x and path.x[0] lead to the same place, where only one value can stand"
    )
