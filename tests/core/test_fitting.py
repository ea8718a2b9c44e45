"""Whether a cotangent belongs to a value: what reaches a variable is looked at."""

from __future__ import annotations

import re

import numpy as np
import pytest

from revdiff import PullbackError, RevDiff, init_diff

MISFITS = {
    "text for a number": (1.5, "one", "'one' (a str)", "a number, like 1.5"),
    "a list for a number": (1.5, [1.0], "a list of 1", "a number, like 1.5"),
    "an array for a number": (1.5, np.ones(1), "an array of dtype float64 and shape (1,)", "a number, like 1.5"),
    "text for an array": (np.ones(2), "ones", "'ones' (a str)", "an array of shape (2,)"),
    "a list for an array": (np.ones(2), [1.0, 1.0], "a list of 2", "an array of shape (2,)"),
    "another shape": (np.ones(2), np.ones(3), "an array of dtype float64 and shape (3,)", "an array of shape (2,)"),
    "too few parts": ((np.ones(2), 1.0), (np.ones(2),), "a tuple of 1", "a tuple of 2"),
    "too many parts": ((np.ones(2),), (np.ones(2), 1.0), "a tuple of 2", "a tuple of 1"),
    "another key": ({"a": np.ones(2)}, {"a": np.ones(2), "b": 1.0}, "a dict with 'a', 'b'", "a dict with 'a'"),
    "too many floats": ((1.0,), (1.0, 2.0), "a tuple of 2", "a tuple of 1"),
    "too few floats": ((1.0, 2.0), (1.0,), "a tuple of 1", "a tuple of 2"),
}


@pytest.mark.parametrize(("value", "cotangent", "met", "needed"), MISFITS.values(), ids=MISFITS)
def test_what_is_no_cotangent_of_the_variable_is_refused_by_what_it_is(value, cotangent, met, needed):
    x = init_diff(value)
    y = RevDiff(1.0, x.backprop @ (lambda ct: cotangent))
    with pytest.raises(PullbackError, match=f"is {re.escape(met)}, but its cotangent is {re.escape(needed)}"):
        y.backprop(1.0)


@pytest.mark.parametrize("part", [None, "ones", [1.0], np.ones(3)], ids=["None", "text", "a list", "another shape"])
def test_the_place_of_a_misfit_in_a_structure_is_named(part):
    x = init_diff({"w": (1.0, np.ones(2))})
    y = RevDiff(1.0, x.backprop @ (lambda ct: {"w": (1.0, part)}))
    with pytest.raises(PullbackError, match=r"in .*\['w'\]\[1\]"):
        y.backprop(1.0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64, np.complex128, ">f8"])
@pytest.mark.parametrize("met", [np.float32, np.float64])
def test_a_cotangent_takes_the_dtype_of_its_place(dtype, met):
    x = init_diff({"w": np.ones(2, dtype), "n": 1.0})
    y = RevDiff(1.0, x.backprop @ (lambda ct: {"w": np.full(2, 3, met), "n": 1.0}))
    gradient = y.backprop(1.0)["w"]
    assert gradient.tolist() == [3.0, 3.0]
    assert gradient.dtype == (dtype if np.dtype(dtype).kind == "f" else met)
