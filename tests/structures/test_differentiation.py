"""One application of an operator: whose variable it is, who watches, what cannot be read from it."""

from __future__ import annotations

import numpy as np
import pytest

from revdiff import (
    BatchError,
    MixedLayersError,
    RevDiff,
    auto_arg,
    auto_val,
    const_diff,
    grad,
    init_diff,
    jacobian,
    scalar_arg,
    vjp,
)
from revdiff.batches.batch import Axis, Batch, dressed
from revdiff.structures.differentiation import RUNNING, WATCHERS, Differentiation


def samples(*values):
    return Batch(np.array(values), Axis.of_samples(len(values)))


def pulled(f, x):
    """Return what 1 is carried back to."""
    differentiation = Differentiation(x)
    return differentiation.pull(differentiation.run(f, auto_arg), 1.0)


# --------------------------------------------------------------------------------------- its own variable


def test_variables_that_are_older_are_constants():
    older = init_diff(2.0)
    assert pulled(lambda x: older, 1.0) == 0.0
    assert pulled(lambda x: older * older, 1.0) == 0.0
    assert pulled(lambda x: const_diff(7.0), 1.0) == pulled(lambda x: 7.0, 1.0) == 0.0
    assert pulled(lambda x: older * x, 1.0).value == 2.0


def test_a_younger_variable_that_has_leaked_is_refused_and_so_is_what_was_made_by_hand():
    with pytest.raises(MixedLayersError, match="one that was started later or was made by hand"):
        pulled(lambda x: init_diff(2.0), 1.0)
    with pytest.raises(MixedLayersError, match="one that was started later or was made by hand"):
        pulled(lambda x: RevDiff(2.0, lambda ct: ct), 1.0)


def test_an_error_says_in_which_structure_it_happened():
    wrong = {"a": [1.0, object()]}
    for where, operation in {
        "argument": lambda: grad(lambda d: 1.0)(wrong),
        "value": lambda: jacobian(lambda t: wrong)(1.0),
        "cotangent": lambda: vjp(lambda t: {"a": [t, t]}, 1.0)[1](wrong),
    }.items():
        with pytest.raises(TypeError, match=rf"an object(?s:.*)\n  in {where}\['a'\]\[1\]$"):
            operation()


# ------------------------------------------------------------------------------------------- who watches


class Watch:
    """Sees ten times the variable, adds a hundred to what the function returns, and turns the sign of every result."""

    def __init__(self, x):
        self.variable = 10.0 * x

    def around(self, f):
        return lambda x: f(x) + 100.0

    def leave(self, result):
        return -result


@pytest.fixture
def watched():
    before = len(WATCHERS)
    WATCHERS.extend([lambda x: pytest.fail("only the last is asked"), lambda x: Watch(x) if x else None])
    yield
    del WATCHERS[before:]


@pytest.mark.usefixtures("watched")
def test_who_watches_may_change_the_variable_the_function_and_the_results():
    differentiation = Differentiation(3.0)
    y = differentiation.run(lambda x: x * x, scalar_arg)
    assert differentiation.value(y) == -(30.0**2 + 100.0)
    assert differentiation.pull(y, 1.0) == -2 * 30.0
    assert differentiation.derivatives(auto_val, y) == 2 * 30.0  # each row leaves, and then the whole


@pytest.mark.usefixtures("watched")
def test_who_watches_may_decline():
    differentiation = Differentiation(0.0)
    y = differentiation.run(lambda x: x + 1.0, scalar_arg)
    assert (differentiation.value(y), differentiation.pull(y, 1.0)) == (1.0, 1.0)
    assert type(differentiation.value({"y": [y]})["y"][0]) is float


def test_while_somebody_needs_it_one_can_see_which_derivative_is_running(monkeypatch):
    monkeypatch.setattr(Differentiation, "watched", True)
    seen = []

    def f(x):
        seen.append(RUNNING.get() == x._node[1])
        inner = grad(lambda y: seen.append(RUNNING.get() == y._node[1]) or y)(2.0)
        seen.append(RUNNING.get() == x._node[1])
        return x * inner

    assert RUNNING.get() == 0
    assert grad(f)(3.0) == 1.0
    assert seen == [True] * 3
    with pytest.raises(ZeroDivisionError):
        grad(lambda x: x * (1 // 0))(3.0)
    assert RUNNING.get() == 0


# ------------------------------------------------------------------------------------- batches of samples


def test_derivatives_of_samples_are_a_batch_and_none_of_them_is_nan():
    good, bad = dressed(samples(2.0, 3.0)), dressed(samples(5.0, np.nan))

    def of_several(p):
        return p["a"] * good + p["b"][0] * bad

    assert pulled(lambda x: x * good, 1.0).value.array.tolist() == [2.0, 3.0]
    for f, x in ((lambda x: x * bad, 1.0), (lambda x: x * bad, 1j), (of_several, {"a": 1.0, "b": [1.0], "n": 7})):
        with pytest.raises(BatchError, match="a derivative of a batch of values is NaN"):
            pulled(f, x)
    differentiation = Differentiation(1.0)
    y = differentiation.run(lambda x: (x * bad, x), auto_arg)
    for values in (y, y[::-1]):
        with pytest.raises(BatchError, match="a derivative of a batch of values is NaN"):
            differentiation.pull_all([(value, 1.0) for value in values])
    assert pulled(lambda p: p["a"] * good, {"a": 1.0, "n": 7, "o": np.array([None])})["n"] == 0
    assert np.isnan(pulled(lambda x: (x * np.nan).sum(), np.ones(2))).all()


def test_a_batch_is_no_value_of_a_function():
    with pytest.raises(BatchError, match="a batch of values is no variable"):
        Differentiation(1.0).run(lambda x: samples(1.0, 2.0), auto_arg)
