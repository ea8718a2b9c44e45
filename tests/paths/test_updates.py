"""x.at[i].set(v) and its relatives, as JAX users know them, on arrays and through structures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import revdiff
from revdiff import At, MismatchError, PathError, RevDiff, at, grad, init_diff, join, path
from tests.oracles import assert_vjp
from tests.paths.values import Layer, Model, close, model, same

X = np.array([1.0, 2.0, 3.0, 4.0])

UPDATES = {
    "set": (lambda a: a.set(7.0), [1.0, 7.0, 7.0, 4.0]),
    "add": (lambda a: a.add(7.0), [1.0, 9.0, 10.0, 4.0]),
    "subtract": (lambda a: a.subtract([1.0, 2.0]), [1.0, 1.0, 1.0, 4.0]),
    "multiply": (lambda a: a.multiply([2.0, 3.0]), [1.0, 4.0, 9.0, 4.0]),
    "divide": (lambda a: a.divide(2.0), [1.0, 1.0, 1.5, 4.0]),
    "power": (lambda a: a.power(2), [1.0, 4.0, 9.0, 4.0]),
    "min": (lambda a: a.min(2.5), [1.0, 2.0, 2.5, 4.0]),
    "max": (lambda a: a.max(2.5), [1.0, 2.5, 3.0, 4.0]),
    "apply": (lambda a: a.apply(lambda part: part[::-1]), [1.0, 3.0, 2.0, 4.0]),
}
updates = pytest.mark.parametrize(("update", "expected"), UPDATES.values(), ids=UPDATES)


@updates
def test_every_update_of_an_array(update, expected):
    assert update(at(X)[1:3]).tolist() == expected
    assert X.tolist() == [1.0, 2.0, 3.0, 4.0]
    y = update(init_diff(X).at[1:3])
    assert isinstance(y, RevDiff)
    assert y.value.tolist() == expected
    assert_vjp(lambda x: update(at(x)[1:3]) ** 2, X)
    assert_vjp(grad(lambda x: (update(at(x)[1:3]) ** 3).sum()), X)


@updates
def test_every_update_in_a_structure_is_that_of_the_array_in_it(update, expected):
    x = Model([Layer(X, 0.0)], 1.0)
    for form in (x, init_diff(x)):
        y = update(at(form).layers[0].weight[1:3])
        assert revdiff.primal(y).layers[0].weight.tolist() == expected
    of_array = grad(lambda a: (update(a.at[1:3]) ** 2).sum())(X)
    of_structure = pulled_back(lambda x: (update(x.at.layers[0].weight[1:3]).layers[0].weight ** 2).sum(), x)
    assert close(of_structure.layers[0].weight, of_array)


def pulled_back(f, x):
    """Return the gradient of f, which is given one RevDiff of a structure."""
    return f(init_diff(x)).backprop(1.0)


def test_it_is_read_as_well():
    assert at(X)[1].get() == 2.0
    assert grad(lambda x: x.at[1].get() ** 2)(X).tolist() == [0.0, 4.0, 0.0, 0.0]
    with pytest.raises(PathError, match="targets"):
        at(X).each.get()


def test_a_revdiff_of_a_structure_has_it_and_so_has_everything_by_the_function():
    def g(m):
        y = m.at.layers[1].bias.set(m.rate * 2.0)
        return y.layers[1].bias * y.layers[1].weight.sum()

    gradient = pulled_back(g, model())
    assert gradient.rate == 2.0
    assert gradient.layers[1].weight.tolist() == [[0.5, 0.5]]
    assert same(at(model()).layers[1].bias.set(3.0).layers[1].bias, 3.0)
    assert at({"w": [1.0, 2.0]})["w"][0].add(1.0) == {"w": [2.0, 2.0]}
    assert at(5.0).multiply(2.0) == 10.0
    assert grad(lambda n: n.at.add(n))(5.0) == 2.0


def test_what_is_named_several_times_is_added_to_several_times():
    assert at(np.zeros(3))[[0, 0, 2]].add([1.0, 2.0, 5.0]).tolist() == [3.0, 0.0, 5.0]
    assert at({"h": np.zeros(3)})["h"][[0, 0, 2]].subtract(1.0)["h"].tolist() == [-2.0, 0.0, -1.0]
    assert_vjp(lambda x, v: at(x)[[0, 0, 2]].add(v * v) ** 2, X, np.array([1.0, 2.0, 3.0]))
    for refused in (lambda a: a.set(1.0), lambda a: a.multiply(2.0), lambda a: a.apply(abs)):
        with pytest.raises(PathError, match="names an element twice"):
            refused(at(X)[[0, 0]])


def test_arithmetic_goes_number_by_number_through_structures():
    x = {"a": [1.0, 2.0], "b": np.array([3.0, 4.0])}
    assert same(at(x).multiply(10.0), {"a": [10.0, 20.0], "b": np.array([30.0, 40.0])})
    assert same(at(x).add(x), {"a": [2.0, 4.0], "b": np.array([6.0, 8.0])})
    assert same(at(x)["a"].add([1.0, 1.0]), {"a": [2.0, 3.0], "b": x["b"]})
    assert at([1.0, 2.0, 3.0])[1:].subtract((1.0, 2.0)) == [1.0, 1.0, 1.0]
    assert at([1.0, 2.0, 3.0])[:2].add(5.0) == [6.0, 7.0, 3.0]
    assert grad(lambda x: sum(join(x).at[:2].multiply(x[2])))([1.0, 2.0, 3.0]) == [3.0, 3.0, 4.0]
    with pytest.raises(MismatchError) as error:
        at([1.0, 2.0, 3.0])[1:].add([1.0])
    assert "a list of 2 is needed here; met a list of 1" in str(error.value)


def test_it_grows_by_every_step_and_by_paths():
    x = [Layer(1.0, None), Layer(2.0, 5.0), "text"]
    assert at(x).each.instance(Layer).bias.present.multiply(2.0) == [Layer(1.0, None), Layer(2.0, 10.0), "text"]
    assert at(x).each.where(lambda layer: layer.weight > 1).weight.set(0.0)[1] == Layer(0.0, 5.0)
    assert at(x)[path[:2].each.weight].multiply(3.0) == at(x)[:2].each.weight.multiply(3.0)
    assert at(x)[path[0].weight & path[1].weight].apply(lambda pair: pair[::-1])[0] == Layer(2.0, None)
    assert at([2.0])[0].iso(revdiff.log, revdiff.exp).apply(lambda u: 0.0) == [1.0]


def test_a_field_that_is_called_like_a_method():
    @dataclass
    class Range:
        min: Any
        set: Any

    assert at(Range(1.0, 2.0)).field("min").set(5.0) == Range(5.0, 2.0)
    assert at(Range(1.0, 2.0)).field("set").max(5.0) == Range(1.0, 5.0)


def test_a_record_with_a_field_called_at_keeps_it():
    @dataclass
    class Place:
        at: Any
        x: Any

    def g(p):
        assert not isinstance(p.at, At)
        return at(p).x.set(p.at * 2.0).x * p.at

    assert pulled_back(g, Place(3.0, 1.0)) == Place(12.0, 0.0)
    assert isinstance(init_diff(X).at, At)
    assert revdiff.view(path.at, Place(3.0, 1.0)) == 3.0


def test_it_says_where_it_is():
    assert repr(at([1.0])[0]) == "At([1.0], path[0])"
    with pytest.raises(TypeError):
        list(at(X))
    with pytest.raises(PathError) as error:
        at({"w": X})["w"][9].add(1.0)
    assert str(error.value) == 'path["w"][9]: index 9 is out of bounds for axis 0 with size 4'
    with pytest.raises(AttributeError, match="_x"):
        at(X)._hidden_x  # noqa: B018
