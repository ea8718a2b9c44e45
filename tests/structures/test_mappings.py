"""Dictionaries and subclasses of them: inside a function, and through one RevDiff of the whole."""

from __future__ import annotations

from collections import Counter, OrderedDict, UserDict, defaultdict

import numpy as np
import pytest

from revdiff import (
    ArgumentError,
    RevDiffError,
    array_arg,
    array_val,
    custom_arg_derivative,
    custom_val_derivative,
    grad,
    hessian,
    hvp,
    init_diff,
    jacobian,
    jvp,
    mapping_arg_derivative,
    mapping_val_derivative,
    mk_mapping_arg,
    mk_mapping_val,
    scalar_arg,
    scalar_val,
    vector_arg,
    vjp,
)


class Table(dict):
    """A dictionary that knows more."""

    def __init__(self, name, entries):
        super().__init__(entries)
        self.name = name


MAPPINGS = [
    pytest.param(dict, id="dict"),
    pytest.param(OrderedDict, id="OrderedDict"),
    pytest.param(lambda entries: defaultdict(float, entries), id="defaultdict"),
    pytest.param(Counter, id="Counter"),
    pytest.param(lambda entries: Table("t", entries), id="subclass"),
]


def twice_w(**entries):
    return entries["w"] * 2


def like(x, y):
    """Is it the same class, with all that it knows?"""
    return (
        type(x) is type(y)
        and list(x) == list(y)
        and getattr(x, "name", None) == getattr(y, "name", None)
        and getattr(x, "default_factory", None) == getattr(y, "default_factory", None)
    )


@pytest.mark.parametrize("make", MAPPINGS)
def test_a_gradient_has_the_class_the_order_and_what_else_the_argument_knows(make):
    x = make({"b": 2.0, "a": 3.0, "c": 5.0})
    met = []

    def f(d):
        met.append(d)
        return d["a"] ** 2 * d["b"]

    g = grad(f)(x)
    assert dict(g) == {"b": 9.0, "a": 12.0, "c": 0.0}
    assert like(g, x)
    assert like(met[0], x)
    second = hessian(f)(x)
    assert dict(second["a"]) == {"b": 6.0, "a": 4.0, "c": 0.0}
    assert like(second, x)
    assert like(second["a"], x)
    assert dict(hvp(f, x, make({"b": 1.0, "a": 0.0, "c": 0.0}))) == {"b": 0.0, "a": 6.0, "c": 0.0}


@pytest.mark.parametrize("make", MAPPINGS)
def test_a_value_may_be_such_a_mapping(make):
    f = lambda t: make({"x": t, "y": t * t})
    derivative = jacobian(f)(3.0)
    assert dict(derivative) == {"x": 1.0, "y": 6.0}
    assert like(derivative, f(0.0))
    value, pullback = vjp(f, 3.0)
    assert dict(value) == {"x": 3.0, "y": 9.0}
    assert pullback(make({"y": 10.0, "x": 1.0})) == 61.0
    assert dict(jvp(f, 3.0, 2.0)[1]) == {"x": 2.0, "y": 12.0}


@pytest.mark.parametrize("make", MAPPINGS)
def test_one_revdiff_of_it_behaves_like_the_mapping(make):
    r = init_diff(make({"w": 2.0, "n": "name", "b": 3.0}))
    assert (len(r), "w" in r, "z" in r, list(r), list(r.keys())) == (3, True, False, ["w", "n", "b"], ["w", "n", "b"])
    assert (r["n"], r.get("n"), r.get("z"), r.get("z", 5.0)) == ("name", "name", None, 5.0)
    assert dict((r["w"] ** 2 * r["b"]).backprop(1.0)) == {"w": 12.0, "n": "name", "b": 4.0}
    assert dict((r.get("w") ** 2).backprop(1.0)) == {"w": 4.0, "n": "name", "b": 0.0}
    total = sum(value**2 for key, value in r.items() if key != "n")
    assert dict(total.backprop(1.0)) == {"w": 4.0, "n": "name", "b": 6.0}
    w, n, b = r.values()
    assert n == "name"
    assert dict((w * b).backprop(1.0)) == {"w": 3.0, "n": "name", "b": 2.0}
    assert twice_w(**r).backprop(1.0)["w"] == 2.0
    match_of = {"w": 1.0, **r}["w"]
    assert match_of.backprop(1.0)["w"] == 1.0


def test_a_missing_key_is_a_key_error_as_always():
    with pytest.raises(KeyError, match="z"):
        init_diff({"a": 1.0})["z"]
    with pytest.raises(KeyError, match="z"):
        grad(lambda d: d["z"])({"a": 1.0})
    with pytest.raises(AttributeError, match="keys"):
        _ = init_diff([1.0]).keys
    with pytest.raises(AttributeError):
        _ = init_diff({"a": 1.0}).append


def test_what_a_defaultdict_makes_is_a_constant_and_the_argument_stays_as_it_was():
    x = defaultdict(float, a=2.0)
    assert grad(lambda d: d["a"] ** 2 + d["z"])(x) == {"a": 4.0}
    assert x == {"a": 2.0}


@pytest.mark.parametrize("keys", [(1, 2), ((0, 1), None), (np.str_("a"), "b"), (frozenset({1}), 2.5)], ids=repr)
def test_keys_of_every_kind(keys):
    first, second = keys
    assert grad(lambda d: d[first] ** 2 * d[second])({first: 2.0, second: 3.0}) == {first: 12.0, second: 4.0}
    r = init_diff({first: 2.0, second: 3.0})
    assert (r[first] * r[second]).backprop(1.0) == {first: 3.0, second: 2.0}


def test_the_function_may_change_the_dictionary_that_it_was_given():
    x = {"a": 2.0, "b": 3.0}

    def f(d):
        d["c"] = d.pop("a") * d["b"]
        d.setdefault("e", 1.0)
        return sum(d.values())

    assert grad(f)(x) == {"a": 3.0, "b": 3.0}
    assert x == {"a": 2.0, "b": 3.0}


@pytest.mark.parametrize("empty", [{}, OrderedDict(), {"a": {}}, {"name": "x"}], ids=repr)
def test_mappings_without_numbers(empty):
    assert grad(lambda d: 1.0)(empty) == empty
    assert jacobian(lambda t: empty)(1.0) == empty
    assert vjp(lambda d: d, empty)[1](empty) == empty
    assert list(init_diff(empty)) == list(empty)


WRONG = [
    ({"a": 1.0}, "a dict with 'a', 'b' is needed here; met a dict with 'a'"),
    ({"a": 1.0, "b": {"c": 1.0}, "z": 1.0}, "met a dict with 'a', 'b', 'z'"),
    ({"a": 1.0, "b": {}}, r"a dict with 'c' is needed here; met an empty dict(?s:.*)in cotangent\['b'\]"),
    ({"a": 1.0, "b": {"c": "1"}}, r"met '1' \(a str\)(?s:.*)in cotangent\['b'\]\['c'\]"),
    ({"a": np.ones(2), "b": {"c": 1.0}}, r"the cotangent of a number(?s:.*)in cotangent\['a'\]"),
    ([1.0, 2.0], "a dict with 'a', 'b' is needed here; met a list of 2"),
    (None, "met None"),
]


@pytest.mark.parametrize(("wrong", "says"), WRONG, ids=repr)
def test_a_cotangent_of_another_form_is_refused_with_the_place(wrong, says):
    _, pullback = vjp(lambda t: {"a": t, "b": {"c": t * 2}}, 1.0)
    assert pullback({"b": {"c": 10.0}, "a": 1.0}) == 21.0
    with pytest.raises(RevDiffError, match=says):
        pullback(wrong)


def test_changes_between_the_passes_do_not_matter():
    x = {"a": 2.0, "b": [3.0, np.array([1.0, 2.0])]}
    _, pullback = vjp(lambda d: d["a"] * d["b"][0] * d["b"][1].sum(), x)
    x["a"] = 100.0
    x["b"][1][...] = 100.0
    x["b"].clear()
    del x["a"]
    x["z"] = 7.0
    g = pullback(1.0)
    assert (g["a"], g["b"][0], list(g)) == (9.0, 6.0, ["a", "b"])
    np.testing.assert_array_equal(g["b"][1], [6.0, 6.0])


def test_descriptors_are_for_all_entries_and_for_some_by_key():
    x = {"w": np.array([2.0, 3.0]), "b": 5.0}
    f = lambda d: d["w"][0] * d["w"][1] * d["b"]
    g = custom_arg_derivative(mk_mapping_arg(scalar_arg, w=vector_arg), f)(x)
    np.testing.assert_array_equal(g["w"], [15.0, 10.0])
    assert g["b"] == 6.0
    assert custom_val_derivative(mk_mapping_val(scalar_val), lambda t: {"a": t, "b": t * t})(3.0) == {
        "a": 1.0,
        "b": 6.0,
    }
    assert mapping_arg_derivative(lambda d: d["a"] ** 2)({"a": 3.0}) == {"a": 6.0}
    assert mapping_val_derivative(lambda t: {"a": t**2})(3.0) == {"a": 6.0}


def test_a_descriptor_that_does_not_fit_an_entry_is_refused_with_the_place():
    with pytest.raises(ArgumentError, match=r"array_arg describes a NumPy array(?s:.*)in argument\['b'\]"):
        custom_arg_derivative(mk_mapping_arg(b=array_arg), len)({"a": 1.0, "b": 1.0})
    with pytest.raises(ArgumentError, match=r"array_val describes a NumPy array(?s:.*)in value\['b'\]"):
        custom_val_derivative(mk_mapping_val(b=array_val), lambda t: {"a": t, "b": t})(1.0)


def test_a_mapping_that_is_no_dict_is_refused_with_a_way_out():
    with pytest.raises(RevDiffError, match=r"a UserDict(?s:.*)register_structure"):
        grad(lambda d: d["a"])(UserDict(a=1.0))
    with pytest.raises(RevDiffError, match=r"a UserDict(?s:.*)in argument\['d'\]"):
        grad(lambda d: d["a"])({"a": 1.0, "d": UserDict(a=1.0)})
