"""The law of batches: a function of a batch is the batch of the function of its samples."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import revdiff
from revdiff.batches import (
    calls,
    seeds,  # noqa: F401 (brings in the rules)
)
from revdiff.batches.batch import Axis, Batch
from revdiff.batches.calls import RULES
from tests.batches.functions import CASES, numbers

N = 3


def together(results):
    """Stack results of NumPy, in tuples if they come in tuples or lists."""
    if isinstance(results[0], tuple | list):
        return [together([result[i] for result in results]) for i in range(len(results[0]))]
    return np.stack(results)


def opened(result):
    """Return the arrays of batches, without layers."""
    return [opened(part) for part in result] if isinstance(result, tuple | list) else revdiff.primal(result.array)


def assert_same(actual, expected, dtypes=True):
    if isinstance(expected, list):
        assert len(actual) == len(expected)
        for one, other in zip(actual, expected, strict=True):
            assert_same(one, other, dtypes)
        return
    assert actual.shape == expected.shape
    if dtypes:
        assert actual.dtype == expected.dtype
    np.testing.assert_allclose(actual, expected, rtol=1e-11 if actual.dtype.itemsize % 8 == 0 else 1e-3, atol=1e-12)


def check(function, shapes, batched, dtype=float, wrap=lambda a: a):
    axis = Axis(N)
    arrays = [
        numbers((N, *shape) if is_batched else shape, i, dtype)
        for i, (shape, is_batched) in enumerate(zip(shapes, batched, strict=True))
    ]
    operands = [Batch(wrap(a), axis) if is_batched else a for a, is_batched in zip(arrays, batched, strict=True)]
    result = function(*operands)
    expected = together(
        [
            function(*[a[i] if is_batched else a for a, is_batched in zip(arrays, batched, strict=True)])
            for i in range(N)
        ]
    )
    assert_same(opened(result), expected)


@pytest.mark.parametrize(("function", "shapes", "rules"), CASES)
def test_a_function_of_a_batch_is_the_batch_of_the_function(function, shapes, rules, monkeypatch):
    if rules:  # the rules that are named serve the call, and nothing goes sample by sample
        assert set(rules) <= set(RULES)
        monkeypatch.setattr(calls, "by_samples", lambda *_: pytest.fail("sample by sample"))
    for batched in product([True, False], repeat=len(shapes)):
        if any(batched):
            check(function, shapes, batched)


@pytest.mark.parametrize(("function", "shapes", "rules"), CASES)
def test_without_any_rule_it_is_the_same(function, shapes, rules, monkeypatch):
    monkeypatch.setattr(calls, "RULES", {})
    check(function, shapes, [True] * len(shapes))


@pytest.mark.parametrize("dtype", [np.float32, np.complex128])
@pytest.mark.parametrize(("function", "shapes", "rules"), CASES)
def test_it_is_the_same_for_other_dtypes(function, shapes, rules, dtype):
    try:
        function(*[numbers(shape, 0, dtype) for shape in shapes])
    except (TypeError, np.exceptions.ComplexWarning):
        assert dtype is np.complex128, "every function takes single precision"
        pytest.skip("not for complex numbers")
    check(function, shapes, [True] * len(shapes), dtype)


@pytest.mark.parametrize(("function", "shapes", "rules"), CASES)
def test_a_batch_may_hold_a_revdiff_and_stand_beside_one(function, shapes, rules):
    check(function, shapes, [True] * len(shapes), wrap=revdiff.init_diff)
    if len(shapes) == 2:
        x, y = numbers((N, *shapes[0])), numbers((N, *shapes[1]), 1)
        axis, u, v = Axis(N), revdiff.init_diff(x[0]), revdiff.init_diff(y[0])
        assert_same(opened(function(Batch(x, axis), v)), together([function(a, y[0]) for a in x]))
        assert_same(opened(function(u, Batch(y, axis))), together([function(x[0], b) for b in y]))
