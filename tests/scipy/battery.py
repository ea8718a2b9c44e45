"""What the tests of the modules beside SciPy's share: rules against differences, and walks through SciPy's names."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import isclass, ismodule, signature
from itertools import islice
from typing import Any

import numpy as np
import pytest
import scipy.signal

import revdiff
from revdiff.scipy._namesakes import full_name
from tests.oracles import _random_like, assert_forward_is_backward, assert_vjp, derivatives_along

SCIPY = tuple(map(int, scipy.__version__.split(".")[:2]))
"""The version of the installed SciPy, to leave out what older ones do not have or do wrong."""


@dataclass(frozen=True)
class Case:
    """A function of SciPy's name with some options, the operands to call it with, and how many orders to test."""

    name: str
    function: Any
    operands: tuple[Any, ...]
    order: int


def case(name, function, *operands, order=2):
    """Return a row of a table of functions."""
    return Case(name, function, operands, order)


def each(cases):
    """Return the decorator that runs a test for every row."""
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.name)


def assert_derivatives(f, *args, order=2):
    """A function has SciPy's value; its derivatives up to an order agree with differences of the order below, jvp with vjp."""
    expected = f(*args)
    value, _ = revdiff.vjp(f, *args)
    assert np.shape(value) == np.shape(expected)
    assert np.asarray(value).dtype == np.asarray(expected).dtype
    np.testing.assert_allclose(value, expected, rtol=1e-9, atol=1e-11)
    x_bars = assert_vjp(f, *args, wide=np.float64)
    rng = np.random.default_rng(1)
    tangents = tuple(_random_like(x, rng) for x in args)
    y_bar = _random_like(expected, np.random.default_rng(0))
    assert_forward_is_backward(f, args, tangents, y_bar, x_bars, 1e-8)
    for level in islice(derivatives_along(f, tangents, _random_like(expected, rng)), 1, order):
        assert_vjp(level, *args, wide=np.float64, relative=1e-6)


def public_names(module):
    """Return the names of the functions and classes that a module of SciPy offers."""
    names = getattr(module, "__all__", None) or [name for name in dir(module) if not name.startswith("_")]
    return sorted(
        name for name in names if name != "test" and callable(thing := getattr(module, name)) and not ismodule(thing)
    )


def assert_is_a_place_for_every_name(ours, scipys):
    """Each of SciPy's public names is ruled here, constant, or declined with a reason; and nothing else is said to be."""
    for name in public_names(scipys):
        if scipys is scipy.signal and name in dir(scipy.signal.windows):
            continue  # before SciPy 1.13 the windows stood here as well
        ruled, constant, declined = name in vars(ours), name in ours.CONSTANT.split(), name in ours.DECLINED
        assert ruled + constant + declined == 1, f"{scipys.__name__}.{name} has no place, or two"
        assert callable(getattr(ours, name))
    assert all(ours.DECLINED.values())
    assert not set(ours.CONSTANT.split()) & set(ours.DECLINED)


def assert_signatures_are_scipys(ours, scipys):
    """Functions of our own are called as SciPy's are: the same parameters, in the same order."""
    for name in public_names(scipys):
        theirs, function = getattr(scipys, name), vars(ours).get(name)
        if function is None or isclass(theirs):
            continue
        assert list(signature(function).parameters) == list(signature(theirs).parameters), name


def assert_declined_with_a_reason(ours, scipys, calls):
    """A declined function takes plain values, and says for RevDiffs why not."""
    for name, args in calls.items():
        getattr(ours, name)(*args)
        variable = revdiff.init_diff(np.asarray(args[0], float))
        with pytest.raises(revdiff.MissingRuleError) as error:
            getattr(ours, name)(variable, *args[1:])
        assert f"no derivative rule for {full_name(getattr(scipys, name))}. {ours.DECLINED[name]}" in str(error.value)
