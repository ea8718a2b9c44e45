"""A RevDiff of a container behaves like the container, and no other RevDiff is changed by that."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pytest
import sympy

import revdiff
from revdiff import RevDiff, hessian, init_diff, join, primal, simple_derivative, split
from revdiff.core.containers import offer_names


@dataclass
class Layer:
    weight: Any
    bias: Any
    name: str = "layer"
    _scale_of_it: float = 7.0


class Point(NamedTuple):
    x: float
    y: float
    label: str = "p"


@dataclass
class Signal:
    """A record with a sequence's methods."""

    samples: Any
    rate: float = 10.0

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, i):
        return self.samples[i] * self.rate

    def __iter__(self):
        return (sample * self.rate for sample in self.samples)


def first_of(first, *_):
    return first


def read(x, *ways):
    """Check that every way of reading a number of x gives a RevDiff with the same way back."""
    r = init_diff(x)
    first, *others = [way(r) for way in ways]
    assert type(first) is RevDiff
    expected = first.backprop(1.0)
    for other in others:
        assert primal(other) == primal(first)
        assert other.backprop(1.0) == expected
    return expected


def test_fields_of_a_dataclass_by_attribute_name_number_and_unpacking():
    weight = read(
        Layer(2.0, 3.0),
        lambda r: r.weight,
        lambda r: r["weight"],
        lambda r: r[0],
        lambda r: r[-4],
        lambda r: r[:1][0],
        lambda r: next(iter(r)),
        lambda r: first_of(*r),
        lambda r: next(iter(r)),
        lambda r: split(r).weight,
    )
    assert weight == Layer(1.0, 0.0)
    r = init_diff(Layer(2.0, 3.0))
    assert (r.name, r["name"], r[2], r[3]) == ("layer", "layer", "layer", 7.0)
    assert r[-1] == r._scale_of_it == 7.0
    assert [value.value for value in r[:2]] == [2.0, 3.0]


def test_fields_of_a_named_tuple_by_attribute_name_number_and_unpacking():
    x = read(
        Point(2.0, 3.0),
        lambda r: r.x,
        lambda r: r["x"],
        lambda r: r[0],
        lambda r: r[-3],
        lambda r: next(iter(r)),
        lambda r: r[0:1][0],
        lambda r: first_of(*r),
    )
    assert x == Point(1.0, 0.0)
    assert len(init_diff(Point(2.0, 3.0))) == 3
    assert init_diff(Point(2.0, 3.0)).label == "p"


def test_elements_and_entries():
    assert read([2.0, 3.0], lambda r: r[1], lambda r: r[-1], lambda r: [*r][1], lambda r: r[1:][0]) == [0.0, 1.0]
    assert read(deque([2.0, 3.0]), lambda r: r[1], lambda r: r[-1], lambda r: [*r][1]) == deque([0.0, 1.0])
    entry = read(
        {"a": 2.0, "b": 3.0},
        lambda r: r["b"],
        lambda r: r.get("b"),
        lambda r: dict(r)["b"],
        lambda r: dict(r.items())["b"],
        lambda r: list(r.values())[1],
        lambda r: {**r}["b"],
    )
    assert entry == {"a": 0.0, "b": 1.0}


def test_a_way_through_many_containers():
    x = {"layers": [Layer(Point(2.0, 3.0), None), Layer((5.0,), deque([7.0]))]}
    r = init_diff(x)
    g = (r["layers"][0].weight.x ** 2 * r["layers"][1].weight[0] * r["layers"][1].bias[-1]).backprop(1.0)
    assert g == {"layers": [Layer(Point(140.0, 0.0), None), Layer((28.0,), deque([20.0]))]}
    outer = init_diff(x)
    inner = init_diff(outer)
    y = inner["layers"][0].weight.x ** 3 * inner["layers"][1].weight[0]
    first = y.backprop(1.0)
    assert first["layers"][0].weight.x.value == 60.0
    assert first["layers"][0].weight.x.backprop(1.0)["layers"][0].weight == (60.0, 0.0, "p")
    assert first["layers"][0].weight.x.backprop(1.0)["layers"][1].weight == (12.0,)


def test_a_class_with_methods_of_a_sequence_is_read_by_them():
    r = init_diff(Signal([2.0, 3.0]))
    assert len(r) == 2
    assert r[1].backprop(1.0) == Signal([0.0, 10.0], 3.0)
    assert sum(r).backprop(1.0) == Signal([10.0, 10.0], 5.0)
    assert r.samples[0].backprop(1.0) == r["samples"][0].backprop(1.0) == Signal([1.0, 0.0], 0.0)


@pytest.mark.parametrize(
    ("x", "index", "error", "says"),
    [
        (Layer(1.0, 2.0), "wrong", KeyError, "a Layer has no field 'wrong'; it has weight, bias, name"),
        (Layer(1.0, 2.0), 4, IndexError, "index 4 is out of range: this RevDiff holds a Layer"),
        (Layer(1.0, 2.0), -5, IndexError, "index -5 is out of range"),
        (Point(1.0, 2.0), "wrong", KeyError, "has no field 'wrong'; it has x, y, label"),
        (Point(1.0, 2.0), 3, IndexError, "index 3 is out of range"),
        ([1.0], 1, IndexError, "index 1 is out of range"),
        ([], 0, IndexError, "index 0 is out of range"),
        ((1.0,), "a", (KeyError, TypeError), "a"),
        ({"a": 1.0}, "b", KeyError, "b"),
        ({"a": 1.0}, 0, KeyError, "0"),
        (deque([1.0]), 1.5, TypeError, "integer"),
    ],
    ids=repr,
)
def test_what_is_not_there_is_the_error_that_python_has_for_it(x, index, error, says):
    with pytest.raises(error, match=says):
        init_diff(x)[index]


def test_an_attribute_that_is_no_field_is_an_attribute_error():
    r = init_diff(Layer(1.0, 2.0))
    for other in (r, init_diff(1.0), init_diff(np.ones(2)), init_diff([1.0])):
        assert not hasattr(other, "no_such_field")
        assert getattr(other, "no_such_field", 5) == 5
    init_diff(Point(1.0, 2.0))
    with pytest.raises(AttributeError, match="a RevDiff of a Layer has no attribute 'label'"):
        _ = r.label
    with pytest.raises(AttributeError, match="a RevDiff of a float has no attribute 'label'"):
        _ = init_diff(1.0).label


def test_nothing_can_be_assigned():
    for x, index in (([1.0], 0), ({"a": 1.0}, "a")):
        with pytest.raises(revdiff.AssignmentError, match="only arrays can be written into"):
            init_diff(x)[index] = 2.0
    r = init_diff(Layer(1.0, 2.0))
    with pytest.raises(AttributeError):
        r.weight = 5.0
    assert r.weight.value == 1.0


def test_reading_does_not_change_the_value():
    table = defaultdict(float, a=1.0)
    r = init_diff(table)
    assert primal(r["z"]) == 0.0
    assert (r["a"] + r["z"]).backprop(1.0)["a"] == 1.0
    assert table == {"a": 1.0}


def test_constant_and_hand_made_revdiffs_are_read_too():
    constant = revdiff.const_diff(Layer([2.0], 3.0))
    assert [type(part) for part in (constant.weight, constant.weight[0], constant.bias)] == [RevDiff] * 3
    assert (constant.weight[0] * init_diff(5.0)).backprop(1.0) == 2.0
    by_hand = RevDiff(Layer([2.0], 3.0), lambda ct: ct)
    assert (by_hand.weight[0] * by_hand.bias).backprop(1.0) == Layer([3.0], 2.0)
    assert (join(split(by_hand)).weight[0] ** 2).backprop(1.0) == Layer([4.0], 0.0)


def test_pattern_matching_on_what_was_split():
    def area(shape):
        match split(shape):
            case Layer(weight=w, bias=b):
                return w * b
            case [x, *_]:
                return x**2
            case {"side": side}:
                return side**3
            case Point(x=x):
                return x
        raise TypeError

    assert area(init_diff(Layer(2.0, 3.0))).backprop(1.0) == Layer(3.0, 2.0)
    assert area(init_diff([5.0, 1.0])).backprop(1.0) == [10.0, 0.0]
    assert area(init_diff({"side": 2.0})).backprop(1.0) == {"side": 12.0}
    assert hessian(area)({"side": 2.0}) == {"side": {"side": 12.0}}


# ------------------------------------------------------------------------------------ names that are offered


def test_a_name_that_revdiff_has_already_means_the_field_in_that_record_alone():
    @dataclass
    class Totals:
        sum: float
        T: float
        shape: float

    r = init_diff(Totals(2.0, 3.0, 5.0))
    assert (r.sum * r.T * r.shape).backprop(1.0) == Totals(15.0, 10.0, 6.0)
    a = init_diff(np.ones((2, 3)))
    assert (a.sum().value, a.T.value.shape, a.shape) == (6.0, (3, 2), (2, 3))
    assert a.sum(axis=0).value.tolist() == [2.0] * 3
    inner = init_diff(init_diff(Totals(2.0, 3.0, 5.0)))
    assert primal(inner.sum * inner.T) == 6.0
    objects = np.array([init_diff(1.0), init_diff(2.0)])
    assert objects.sum().value.value == 3.0
    assert np.sin(objects).shape == (2,)


def test_the_value_and_the_pullback_keep_their_names_and_the_fields_are_read_by_key():
    @dataclass
    class Named:
        value: float
        backprop: float

    r = init_diff(Named(2.0, 3.0))
    assert r.value == Named(2.0, 3.0)
    assert (r["value"] * r["backprop"]).backprop(1.0) == Named(3.0, 2.0)
    assert (r[0] * split(r).backprop).backprop(1.0) == Named(3.0, 2.0)
    assert revdiff.grad(lambda n: n.value**2 * n.backprop)(Named(2.0, 3.0)) == Named(12.0, 4.0)


def test_offering_a_name_again_changes_nothing():
    init_diff(Layer(1.0, 2.0))
    before = vars(RevDiff)["weight"]
    offer_names(["weight", "__len__", "value", "_node", "_scale", "backprop"])
    assert vars(RevDiff)["weight"] is before
    assert init_diff([1.0]).__len__() == 1
    assert simple_derivative(lambda x: x * x)(3.0) == 6.0


def test_private_names_of_records_do_no_harm():
    @dataclass
    class Low:
        _op_priority: float = 1.0
        _node: Any = field(default=None)
        _scale: float = 5.0
        x: float = 2.0

    assert revdiff.grad(lambda low: low.x**2)(Low()).x == 4.0
    assert (init_diff(Low()).x ** 2).backprop(1.0).x == 4.0
    x = init_diff(sympy.Symbol("x"))
    assert (sympy.Symbol("z") * x).backprop(sympy.S.One) == sympy.Symbol("z")
    assert (init_diff(1.5) * 2.0).backprop(1.0) == 2.0
