"""Common subexpressions are evaluated once, and nothing else is taken for one."""

from __future__ import annotations

import gc
import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import reduce
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import revdiff as rd
from revdiff import Traced, shared, trace
from revdiff.tracing.keys import key_of


def chain(functions: list[Callable[[Any], Any]]) -> Callable[[Any], Any]:
    return lambda x: reduce(lambda y, f: f(y), functions, x)


def total(f: Callable[[Any], Any], x: Any, order: int) -> int:
    with trace() as t:
        rd.nth_derivative(f, order)(x)
    return t.counts.total()


@pytest.mark.parametrize("order", [2, 3, 4])
def test_the_derivatives_of_a_chain_grow_linearly(order: int) -> None:
    sizes = [total(chain([rd.sin] * n), 0.5, order) for n in (4, 8, 16, 32)]
    steps = np.diff(sizes)
    assert (steps[1:] == 2 * steps[:-1]).all()
    assert sizes[-1] < 100 * 32


@pytest.mark.parametrize("order", [2, 3, 4])
def test_the_derivatives_of_a_chain_of_symbolic_functions_grow_linearly(order: int) -> None:
    functions = [rd.symbolic_func(f"f{i}") for i in range(16)]
    sizes = [total(chain(functions[:n]), sympy.Symbol("x"), order) for n in (4, 8, 16)]
    assert sizes[2] - sizes[1] == 2 * (sizes[1] - sizes[0])
    assert sizes[2] < 100 * 16


@dataclass(frozen=True)
class Counted:
    """A number whose functions count how often they are evaluated."""

    number: float

    def __mul__(self, other: Any) -> Any:
        return Counted(self.number * other.number) if isinstance(other, Counted) else NotImplemented

    def __add__(self, other: Any) -> Any:
        return Counted(self.number + other.number) if isinstance(other, Counted) else NotImplemented

    def __neg__(self) -> Counted:
        return Counted(-self.number)


NAMES: list[str] = []


def noting(name: str) -> Callable[[Counted], Counted]:
    def function(x: Counted) -> Counted:
        NAMES.append(name)
        return Counted(getattr(math, name)(x.number))

    return function


rd.register_number_system(
    Counted,
    {name: noting(name) for name in ("sin", "cos")},
    zero=lambda x: Counted(0.0),
    one=lambda x: Counted(1.0),
)


def test_shared_evaluates_each_function_once_in_the_second_derivative_of_a_composition() -> None:
    second = rd.nth_derivative(lambda x: rd.sin(rd.sin(x)), 2)
    NAMES.clear()
    expected = second(Counted(0.5))
    without = len(NAMES)
    NAMES.clear()
    assert shared(second)(Counted(0.5)).number == pytest.approx(expected.number, rel=1e-14)
    assert sorted(NAMES) == ["cos", "cos", "sin", "sin"]
    assert without > 4


def _precision(x: Any) -> Any:
    return (
        1e-6
        if isinstance(x, np.float32)
        else Fraction(1, 10**13)
        if isinstance(x, Fraction)
        else type(x)(1e-13)
        if isinstance(x, Decimal)
        else 1e-13
    )


@pytest.mark.parametrize("share", [None, True, False])
@pytest.mark.parametrize(
    "x",
    [0.5, 2, 0.5 + 0.25j, Fraction(1, 3), Decimal("0.5"), mpmath.mpf("0.5"), sympy.Symbol("x"), np.float32(0.5),
     np.array([0.5, -0.25]), np.array(0.5), np.array([]), np.array([mpmath.mpf("0.5")], object)],
    ids=lambda x: type(x).__name__,
)  # fmt: skip
def test_results_are_those_without_sharing_in_every_number_system(x: Any, share: bool | None) -> None:
    f = rd.nth_derivative(lambda x: (x * x + 1) / (x * x + 2) * x**3 + 3 * x, 2)
    with trace(share=share):
        result = f(x)
    expected = f(x)
    for found in (result, shared(f)(x)):
        assert type(found) is type(expected)
        assert getattr(found, "dtype", None) == getattr(expected, "dtype", None)
        if isinstance(x, sympy.Basic):
            assert sympy.simplify(found - expected) == 0
        else:
            assert np.all(abs(found - expected) <= abs(expected) * _precision(x))


@given(st.floats(), st.floats())
def test_constants_are_one_only_if_nothing_tells_them_apart(a: float, b: float) -> None:
    is_same = a == b and math.copysign(1, a) == math.copysign(1, b)
    assert (key_of(a) == key_of(b)) is (is_same or (math.isnan(a) and math.isnan(b)))


def test_constants_of_different_types_are_different() -> None:
    alike: list[Any] = [
        1, 1.0, True, 1 + 0j, np.float64(1), np.float32(1), np.int64(1), Fraction(1), Decimal(1), Decimal("1.0"), mpmath.mpf(1),
        sympy.Integer(1), sympy.Float(1), sympy.Float(1, 30), np.array(1.0), np.array([1.0]), (1,), [1], "1", -0.0, 0.0,
        complex(0, -0.0), 0j, sympy.Symbol("x") + 1, sympy.Symbol("x") + 1.0, slice(1), slice(1.0), np.ones(2), np.ones(2)[::-1],
    ]  # fmt: skip
    keys = [key_of(x) for x in alike]
    assert all(keys[i] != keys[j] for i in range(len(keys)) for j in range(i))


def test_a_signed_zero_is_not_shared_with_its_opposite() -> None:
    f = shared(lambda x: (rd.copysign(x, 0.0), rd.copysign(x, -0.0), rd.copysign(x, 0)))
    assert f(3.0) == (3.0, -3.0, 3.0)


def test_random_numbers_are_drawn_every_time() -> None:
    def noisy(x: Any) -> Any:
        rng = np.random.default_rng(1)
        return x * rng.normal(size=3) + x * rng.normal(size=3)

    assert np.array_equal(shared(noisy)(2.0), noisy(2.0))

    draws = iter([1.0, 2.0])
    impure = rd.add_trace("draw", lambda x: x * next(draws))
    assert shared(lambda x: impure(x) + impure(x))(1.0) == 3.0


def test_functions_that_are_called_by_numpy_are_called_every_time() -> None:
    calls = []

    def noting(row: Any) -> Any:
        calls.append(1)
        return row.sum()

    shared(lambda x: np.apply_along_axis(noting, 0, x) + np.apply_along_axis(noting, 0, x))(np.ones((2, 3)))
    assert len(calls) == 6

    draw = np.frompyfunc(lambda x: x * next(numbers), 1, 1)
    numbers = iter([1.0, 2.0])
    assert shared(lambda x: draw(x) + draw(x))(np.ones(1)) == [3.0]


def test_methods_of_unknown_types_are_called_every_time() -> None:
    class Die(Counted):
        rolls = iter([1.0, 2.0])

        def roll(self) -> Counted:
            return Counted(self.number * next(Die.rolls))

    rd.register_number_system(Die, {})
    assert shared(lambda die: die.roll() + die.roll())(Die(1.0)) == Counted(3.0)


def test_results_that_can_be_changed_are_handed_out_as_copies() -> None:
    class Cell(Counted):
        def __mul__(self, other: Any) -> Any:
            return Cell(self.number * other)

    def f(cell: Any) -> Any:
        a, b = cell * 2, cell * 2
        object.__setattr__(a.value, "number", 100.0)
        return b

    rd.register_number_system(Cell, {})
    assert shared(f)(Cell(1.0)).number == 2.0


def writes_into_one(x: Any) -> Any:
    a, b = np.sin(x), np.sin(x)
    a[0] = 100.0
    return a + b


def writes_into_the_argument_of_a_function(x: Any) -> Any:
    y = x * 2.0
    before = np.sin(y)
    y[0] = 7.0
    return before, np.sin(y)


def writes_through_a_view(x: Any) -> Any:
    y = x * 2.0
    row = y[1:]
    before = np.exp(row)
    y += 1.0
    again = y[1:]
    again[0] = 0.0
    return before, np.exp(row), np.exp(y), np.exp(again)


def writes_with_functions(x: Any) -> Any:
    y = x * 1.0
    results = [np.cumsum(y)]
    np.add(y, 1.0, out=y)
    results.append(np.cumsum(y))
    np.multiply(x, y, out=y)
    results.append(np.cumsum(y))
    np.cumsum(x, out=y)
    results.append(np.cumsum(y))
    np.copyto(y, 3.0)
    results.append(np.cumsum(y))
    y.fill(4.0)
    results.append(np.cumsum(y))
    np.add.at(y, [0, 0], 1.0)
    results.append(np.cumsum(y))
    y[::-1].sort()
    results.append(np.cumsum(y))
    np.put(y, [1], 9.0)
    np.fill_diagonal(np.reshape(y, (1, 3)), 5.0)
    results.append(np.cumsum(y))
    return results


@pytest.mark.parametrize(
    "f", [writes_into_one, writes_into_the_argument_of_a_function, writes_through_a_view, writes_with_functions]
)
def test_arrays_that_are_written_into_have_numpys_values(f: Callable[[Any], Any]) -> None:
    x = np.array([1.0, 2.0, 3.0])
    result = shared(f)(x)
    np.testing.assert_array_equal(np.hstack(result), np.hstack(f(x)))
    assert np.array_equal(x, [1.0, 2.0, 3.0])
    for share in (None, False):
        np.testing.assert_array_equal(np.hstack(rd.Trace(share=share).call(f, x)), np.hstack(f(x)))


def test_two_results_are_two_arrays() -> None:
    a, b = shared(lambda x: (np.sin(x), np.sin(x)))(np.ones(3))
    a[0] = 5.0
    assert b[0] == math.sin(1.0)


def test_an_array_that_the_caller_changes_later_changes_nothing() -> None:
    x = np.ones(3)
    traced = Traced(x, trace=rd.Trace(share=True))
    before = np.sin(traced)
    x[0] = 5.0
    assert np.array_equal(np.sin(traced).value, before.value)
    data = np.ones(3)
    first = traced * data
    data[0] = 5.0
    assert (traced * data)[0] == 5.0
    assert first[0] == 1.0


def test_the_precision_that_is_set_is_part_of_what_is_evaluated() -> None:
    traced = Traced(Decimal(1), trace=rd.Trace(share=True))
    short = traced / 3
    with localcontext() as context:
        context.prec = 50
        assert (traced / 3).value == Decimal(1) / 3
    assert short.value == Decimal(1) / 3
    number = Traced(mpmath.mpf(1), trace=rd.Trace(share=True))
    coarse = number / 3
    with mpmath.workdps(50):
        assert (number / 3).value == mpmath.mpf(1) / 3
    assert coarse.value == mpmath.mpf(1) / 3


def test_sharing_is_inside_one_derivative() -> None:
    x = Traced(0.5)
    slope = rd.simple_derivative(rd.sin)
    slope(x)
    slope(x)
    assert x.traced_by.counts["cos"] == 2
    x = Traced(0.5, trace=rd.Trace(share=True))
    slope(x)
    slope(x)
    assert x.traced_by.counts["cos"] == 1


def test_nothing_is_shared_that_shall_not_be() -> None:
    with trace(share=False) as t:
        rd.nth_derivative(lambda x: rd.sin(rd.sin(x)), 2)(0.5)
    with trace() as u:
        rd.nth_derivative(lambda x: rd.sin(rd.sin(x)), 2)(0.5)
    assert t.counts["cos"] > u.counts["cos"] == 2


def test_where_only_counts_are_kept_what_is_still_held_is_shared() -> None:
    with trace(keep="counts") as t:
        rd.nth_derivative(lambda x: rd.sin(rd.sin(x)), 2)(0.5)
    assert t.counts["cos"] == 2


def test_shared_leaves_nothing_behind() -> None:
    f = shared(rd.nth_derivative(lambda x: rd.sin(rd.sin(x)), 2))
    f(0.5)
    gc.collect()
    gc.disable()
    try:
        before = len(gc.get_objects())
        for _ in range(100):
            f(0.5)
        assert len(gc.get_objects()) - before < 100
    finally:
        gc.enable()


def test_an_option_that_is_not_one_says_what_is() -> None:
    with pytest.raises(rd.ArgumentError, match=r"share is True, False, or None .*; met share='yes'"):
        trace(share="yes")  # type: ignore[arg-type]
    with pytest.raises(rd.ArgumentError, match="a trace keeps 'events' or 'counts'; met keep='all'"):
        trace(keep="all")  # type: ignore[arg-type]
