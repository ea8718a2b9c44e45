"""Following a path costs what it looks at, not what stands beside it: evaluations are counted, no clock is read."""

from __future__ import annotations

import sys
from contextlib import contextmanager

import numpy as np
import pytest

from revdiff import init_diff, over, path, replace, targets, view
from revdiff.core.cotangents import MONOIDS


@contextmanager
def counted():
    """Count the calls of functions that Python's profiler sees."""
    calls = [0]

    def note(frame, event, argument):
        calls[0] += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield calls
    finally:
        sys.setprofile(before)


def calls_of(f, n):
    x = init_diff([{"w": 1.0 + i, "b": [2.0, 3.0]} for i in range(n)])
    with counted() as calls:
        y = f(x, n)
        y.backprop(1.0)
    return calls[0]


WORK = {
    "n targets": lambda x, n: sum(targets(path.each["w"], x)),
    "n views": lambda x, n: sum(view(path[i]["w"], x) for i in range(n)),
    "a change of n parts": lambda x, n: sum(targets(path.each["b"][0], over(path.each["b"].each, x, lambda b: b * b))),
    "the replacement of a slice": lambda x, n: view(path[0]["w"], replace(path[1:], x, [x[0]] * (n - 1))),
}


@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
def test_the_cost_is_linear(work):
    calls_of(work, 10)
    assert calls_of(work, 400) <= 4.4 * calls_of(work, 100)


def test_one_view_of_many_parts_costs_the_same_forwards():
    def forwards(n):
        x = init_diff([1.0] * n)
        with counted() as calls:
            view(path[n // 2], x)
        return calls[0]

    forwards(10)
    assert forwards(1000) == forwards(10)


def test_a_replacement_makes_no_zeros_for_what_stands_beside_it():
    made = []
    arrays = MONOIDS.find(np.ndarray)

    def zero(x):
        made.append(x.size)
        return arrays.zero(x)

    x = init_diff({"all": {"large": [np.ones(1000)] * 10, "small": np.ones(3)}})
    MONOIDS.register(np.ndarray, arrays._replace(zero=zero))
    try:
        for _ in range(20):
            x = over(path["all"]["small"], x, lambda s: s * 2.0)
        y = sum((a * a).sum() for a in targets(path["all"]["large"].each, x)) + view(path["all"]["small"], x).sum()
        gradient = y.backprop(1.0)
    finally:
        MONOIDS.register(np.ndarray, arrays)
    assert gradient["all"]["small"].tolist() == [2.0**20] * 3
    assert gradient["all"]["large"][9].tolist() == [2.0] * 1000
    assert 1000 not in made
