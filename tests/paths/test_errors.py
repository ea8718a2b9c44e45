"""What is said where a path does not lead on: the path, the step, and what there is instead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import prod
from types import SimpleNamespace

import numpy as np
import pytest

from revdiff import (
    InfiniteError,
    PathError,
    RevDiffError,
    Stream,
    init_diff,
    over,
    path,
    preview,
    register_structure,
    replace,
    targets,
    view,
)
from tests.paths.values import Layer, Pair, Record, model


@dataclass
class Polynomial:
    roots: list[float]

    def __getitem__(self, x):
        return prod(x - root for root in self.roots)


DICT = {"w": 1.0, "b": 2.0}
MANY = {f"n{i}": 1.0 for i in range(20)}

MISTAKES = [
    (path.layers[7].bias, model(), "path.layers[7].bias: index 7 is out of range for a list of 2"),
    (path.layers[-3], model(), "path.layers[-3]: index -3 is out of range for a list of 2"),
    (path[2], Pair(1.0, 2.0), "path[2]: index 2 is out of range for a Pair of 2"),
    (path[3], Record(1.0, 2.0), "path[3]: index 3 is out of range for a Record of 3"),
    (path.layers[0].wait, model(), "path.layers[0].wait: a Layer has no field 'wait'; its fields are weight, bias, name"),
    (path["wait"], Record(1.0, 2.0), "path[\"wait\"]: a Record has nothing at [\"wait\"]; its fields are x, y, z"),
    (path.w, DICT, "path.w: a dict has no field 'w'; its entries are [\"w\"], [\"b\"]"),
    (path["v"], DICT, "path[\"v\"]: a dict has nothing at [\"v\"]; its entries are [\"w\"], [\"b\"]"),
    (path[1:], DICT, "path[1:]: a dict has nothing at [1:]; its entries are [\"w\"], [\"b\"]"),
    (path[[0]], DICT, "path[[0]]: a dict has nothing at [[0]]; its entries are [\"w\"], [\"b\"]"),
    (path["v"], {}, "path[\"v\"]: a dict has nothing at [\"v\"]; it is empty"),
    (path["w"], [1.0, 2.0], "path[\"w\"]: a list has nothing at [\"w\"]; its elements are [0] to [1]"),
    (path.w, [], "path.w: a list has no field 'w'; it is empty"),
    (path[0], [], "path[0]: index 0 is out of range for a list of 0"),
    (path.rate.x, model(), "path.rate.x: a float has no field 'x'; it has no parts"),
    (path.rate[0], model(), "path.rate[0]: a float has nothing at [0]; it has no parts"),
    (path.rate.each, model(), "path.rate.each: a float has no parts for .each"),
    (path.name[0], Layer(1.0, 2.0), "path.name[0]: 'dense' (a str) has nothing at [0]; it has no parts"),
    (path.each, np.array(1.0), "path.each: an array of dtype float64 has no parts for .each"),
    (path[5], np.zeros(3), "path[5]: index 5 is out of bounds for axis 0 with size 3"),
    (path[0, 1], np.zeros(3), "path[0, 1]: too many indices for array: array is 1-dimensional, but 2 were indexed"),
    (path.x, np.zeros(3), "path.x: an array of dtype float64 has no field 'x'; it has no parts"),
    (path[0], Polynomial([3.0]), "path[0]: the items of a Polynomial are what its own class makes of its parts; its fields are roots"),
    (path["s"][-1], {"s": Stream.repeat(1.0)}, "path[\"s\"][-1]: an index is 0 or more, because there is no end to count from; met -1"),
    (path[0][0][1], [[[1.0]]], "path[0][0][1]: index 1 is out of range for a list of 1"),
    (path[0][1][0], [[[1.0]]], "path[0][1][0]: index 1 is out of range for a list of 1"),
    (path[0][0][0], [[[]]], "path[0][0][0]: index 0 is out of range for a list of 0\n  in path[0][0][0]"),
    (path[0][0][0], [[]], "path[0][0][0]: index 0 is out of range for a list of 0\n  in path[0][0]"),
    (path.x & path.rate.y, Record(1.0, 2.0), "path.x & path.rate.y: a Record has no field 'rate'; its fields are x, y, z"),
]  # fmt: skip


@pytest.mark.parametrize(("p", "x", "says"), MISTAKES, ids=lambda value: repr(value)[:40])
def test_a_path_that_leads_nowhere(p, x, says):
    for form in (x, init_diff(x)):
        for verb in (view, preview, targets, lambda p, x: replace(p, x, 1.0), lambda p, x: over(p, x, abs)):
            with pytest.raises(PathError) as error:
                verb(p, form)
            assert str(error.value) == says


def test_it_is_a_lookup_error_and_one_of_revdiff():
    with pytest.raises(LookupError):
        view(path["x"], {})
    assert issubclass(PathError, RevDiffError)


def test_of_many_names_some_are_listed():
    with pytest.raises(PathError, match=re.escape('["n10"], ["n11"] and 8 more')):
        view(path["x"], MANY)


def test_a_view_needs_one_target():
    with pytest.raises(PathError) as error:
        view(path.each, [1.0, 2.0, 3.0])
    assert str(error.value) == ("path.each: there is not one target here, but 3.\n  For all of them:  targets(path, x)")
    with pytest.raises(PathError) as error:
        view(path["a"].present, {"a": None})
    assert str(error.value) == (
        'path["a"].present: there is no target here.\n  For the target, or None:  preview(path, x)'
    )
    assert view(path.each, [5.0]) == 5.0


@pytest.mark.parametrize("x", [[1.0, 2.0, 3.0], init_diff([1.0, 2.0, 3.0])], ids=["plain", "RevDiff"])
@pytest.mark.parametrize(
    ("v", "met"),
    [([1.0], "a list of 1"), ((1.0, 2.0, 3.0), "a tuple of 3"), (5.0, "a float"), (init_diff([1.0]), "a list of 1")],
    ids=["too few", "too many", "a number", "a RevDiff"],
)
def test_a_slice_is_replaced_by_as_many_values(x, v, met):
    with pytest.raises(PathError) as error:
        replace(path[1:], x, v)
    assert str(error.value) == f"path[1:]: a tuple or list of 2 values is needed here; met {met}"
    with pytest.raises(PathError) as error:
        replace(path[0] & path[1], x, v if met != "a list of 1" else 1.0)
    assert "a tuple or list of 2 values is needed here" in str(error.value)


def test_what_does_not_fit_into_an_array():
    x = {"w": np.zeros((2, 3))}
    with pytest.raises(PathError) as error:
        replace(path["w"][0], x, [1.0, 2.0])
    assert str(error.value) == 'path["w"][0]: a value of shape (2,) does not fit into a place of shape (3,)'
    with pytest.raises(PathError, match="names an element twice"):
        replace(path["w"][[0, 0]], x, 1.0)
    with pytest.raises(PathError, match=re.escape("met 'a' (a str)")):
        replace(path["w"][0], x, "a")


def test_an_infinite_stream_has_no_list_of_targets():
    with pytest.raises(InfiniteError, match=re.escape("path[:n].each")):
        targets(path.each, Stream.repeat(1.0))
    with pytest.raises(PathError, match=re.escape("its elements are .each")):
        replace(path[2:], Stream.repeat(1.0), [])


def test_an_error_of_the_users_own_is_left_as_it_is():
    def fails(x):
        return {}["missing"]

    with pytest.raises(KeyError) as error:
        over(path["w"], DICT, fails)
    assert str(error.value) == "'missing'"
    with pytest.raises(PathError) as inner:
        over(path["w"], DICT, lambda w: view(path.inner, w))
    assert str(inner.value) == "path.inner: a float has no field 'inner'; it has no parts"


def test_a_field_without_a_value():
    class Half:
        pass

    register_structure(Half, vars, lambda h, parts: SimpleNamespace(**parts), names=("x", "y"))
    half = Half()
    half.x = 1.0
    assert view(path.x, half) == 1.0
    with pytest.raises(PathError, match="has no field 'y'"):
        view(path.y, half)


def test_an_object_that_nobody_registered():
    with pytest.raises(PathError) as error:
        view(path.x, SimpleNamespace(x=1.0))
    assert str(error.value) == "path.x: a SimpleNamespace has no field 'x'; it has no parts"
