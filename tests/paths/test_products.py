"""Products of paths that lead to the same place are refused, however the place is written."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from revdiff import PathError, exp, join, log, over, path, replace, view
from tests.paths.values import Pair, Record, looked_into, mapped, numbers_in, with_numbers

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
    "of nothing": path.x[3:] & path.x,
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
def test_two_random_paths_are_refused_exactly_if_one_spoils_the_other(case, data):
    x, p, _ = case
    q = data.draw(st.just(x).flatmap(lambda x: looked_into_again(x)))
    x = with_numbers(x, [n * 0.0 + np.arange(np.size(n)).reshape(np.shape(n)) + 100.0 * i for i, n in enumerate(numbers_in(x))])
    first, second = labels(view(p, x)), labels(view(q, x))
    if not first or not second:
        return
    try:
        replace(p & q, x, view(p & q, x))
    except PathError:
        assert first & second
    else:
        assert not first & second


def looked_into_again(x):
    from tests.paths.values import ways

    return ways(x).map(lambda way: way[0])


def labels(x):
    return {float(label) for n in numbers_in(x) for label in np.ravel(n)}


def test_the_error_names_the_two():
    with pytest.raises(PathError) as error:
        replace(path.y & path.x & path.x[0], join(X), (1.0, 2.0, 3.0))
    assert str(error.value) == (
        "path.y & path.x & path.x[0]: path.x and path.x[0] lead to the same place, where only one value can stand"
    )
