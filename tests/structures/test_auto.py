"""Reading the descriptor off the value, and types of one's own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from revdiff import (
    array_arg,
    array_val,
    auto_arg,
    auto_val,
    grad,
    hessian,
    init_diff,
    jacobian,
    jvp,
    record_arg,
    record_val,
    register_monoid,
    register_structure,
    scalar_arg,
    scalar_val,
    tuple_arg,
    tuple_val,
    vjp,
)
from revdiff.core.collecting import Slots
from revdiff.core.revdiff import RevDiff


def test_the_type_of_the_value_decides():
    assert auto_arg.of(1.0) is scalar_arg
    assert auto_arg.of((1.0,)) == tuple_arg
    assert auto_arg.of(np.ones(2)) == array_arg
    assert auto_val.of(1.0) is scalar_val
    assert auto_val.of((1.0,)) == tuple_val
    assert auto_val.of(np.ones(2)) == array_val
    assert auto_arg.of(init_diff(1.0)) is scalar_arg


def test_a_class_may_become_a_structure_after_it_was_met():
    class Late:
        def __init__(self, x):
            self.x = x

    assert auto_arg.of(Late(1.0)) is scalar_arg
    assert auto_val.of(Late(1.0)) is scalar_val
    register_structure(Late, vars, lambda late, parts: Late(**parts))
    assert auto_arg.of(Late(1.0)) is record_arg
    assert auto_val.of(Late(1.0)) is record_val


@dataclass(frozen=True)
class Interval:
    """A type that revdiff does not know."""

    low: object
    high: object


class IntervalArg:
    def split(self, x):
        bp = x.backprop
        zero = Interval(0.0, 0.0)
        return Interval(
            RevDiff(x.value.low, bp @ (lambda ct: Interval(ct, zero.high))),
            RevDiff(x.value.high, bp @ (lambda ct: Interval(zero.low, ct))),
        )


class IntervalVal:
    def derivatives(self, y, pull):
        return Interval(auto_val.derivatives(y.low, pull), auto_val.derivatives(y.high, pull))

    def seeds(self, y, y_bar):
        yield y.low, y_bar.low
        yield y.high, y_bar.high


@pytest.fixture(autouse=True)
def _registered():
    register_monoid(
        Interval,
        zero=lambda i: Interval(i.low * 0.0, i.high * 0.0),
        one=lambda i: Interval(i.low * 0.0 + 1.0, i.high * 0.0 + 1.0),
        add=lambda a, b: Interval(a.low + b.low, a.high + b.high),
    )
    auto_arg.register(Interval, IntervalArg())
    auto_val.register(Interval, IntervalVal())


def test_a_type_of_ones_own_is_an_argument():
    assert grad(lambda i: i.high * i.high - i.low)(Interval(2.0, 5.0)) == Interval(-1.0, 10.0)
    assert grad(lambda i: 1.0)(Interval(2.0, 5.0)) == Interval(0.0, 0.0)


def test_a_type_of_ones_own_is_a_value():
    assert jacobian(lambda x: Interval(x, x * x))(3.0) == Interval(1.0, 6.0)
    assert vjp(lambda x: Interval(x, x * x), 3.0)[1](Interval(1.0, 10.0)) == 61.0


def test_a_type_of_ones_own_inside_tuples_and_at_second_order():
    h = hessian(lambda i: i.low * i.low * i.high)(Interval(2.0, 5.0))
    assert h == Interval(Interval(10.0, 4.0), Interval(4.0, 0.0))
    g = grad(lambda p: p[0].low * p[1])((Interval(2.0, 5.0), 7.0))
    assert g == (Interval(7.0, 0.0), 2.0)


def test_the_value_of_a_vjp_of_ones_own_type_has_no_layer_of_the_derivative():
    value, _ = vjp(lambda x: Interval(x, x * x), 3.0)
    assert value == Interval(3.0, 9.0)
    assert not isinstance(value.low, RevDiff)


def test_a_jvp_passes_through_a_type_of_ones_own():
    value, tangent = jvp(lambda i: Interval(i.low * i.high, i.high), Interval(2.0, 5.0), Interval(1.0, 10.0))
    assert (value, tangent) == (Interval(10.0, 5.0), Interval(25.0, 10.0))


def test_sparse_contributions_of_a_type_of_ones_own_are_collected_once():
    built = []

    def assemble(slots):
        built.append(dict(slots))
        return Interval(slots.get("low", 0.0), slots.get("high", 0.0))

    x = init_diff(Interval(2.0, 5.0))
    low = RevDiff(2.0, x.backprop @ (lambda ct: Slots(assemble, "low", ct)))
    high = RevDiff(5.0, x.backprop @ (lambda ct: Slots(assemble, "high", ct)))
    assert (low * low * high + high).backprop(1.0) == Interval(20.0, 5.0)
    assert built == [{"low": 20.0, "high": 5.0}]


def test_a_mix_of_sparse_and_whole_contributions_is_summed():
    x = init_diff((2.0, 5.0))
    first, _ = tuple_arg.split(x)
    whole = RevDiff(7.0, x.backprop @ (lambda ct: (ct * 10.0, ct * 100.0)))
    for y, expected in (
        (first + whole, (11.0, 100.0)),
        (whole + first, (11.0, 100.0)),
        (first + whole + first, (12.0, 100.0)),
        (whole + whole + first, (21.0, 200.0)),
        (first + first * 2.0 + whole, (13.0, 100.0)),
    ):
        assert y.backprop(1.0) == expected
