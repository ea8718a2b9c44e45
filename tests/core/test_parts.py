"""Between one RevDiff of a structure and a structure of RevDiffs."""

from __future__ import annotations

import copy
import pickle
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pytest

from revdiff import (
    ArgumentError,
    MixedLayersError,
    MutatedArrayError,
    PullbackError,
    RevDiff,
    RevDiffError,
    call,
    const_diff,
    constant,
    grad,
    hessian,
    hvp,
    init_diff,
    jacobian,
    join,
    jvp,
    one_like,
    primal,
    primitive,
    simple_derivative,
    sin,
    split,
    stop_gradient,
    value_and_grad,
    vjp,
    zero_like,
)
from revdiff.core.parts import is_structure, part, parts, structure_of


@dataclass
class Layer:
    weight: Any
    bias: Any
    name: str = "layer"


class Point(NamedTuple):
    x: float
    y: float


def layer():
    return Layer(np.array([1.0, 2.0]), 3.0)


TREES = [
    pytest.param(lambda a, b: [a, b], lambda t: (t[0], t[1]), id="list"),
    pytest.param(lambda a, b: (a, (b,)), lambda t: (t[0], t[1][0]), id="tuples"),
    pytest.param(lambda a, b: deque([a, b]), lambda t: (t[0], t[1]), id="deque"),
    pytest.param(lambda a, b: {"a": a, "n": "text", "b": b}, lambda t: (t["a"], t["b"]), id="dict"),
    pytest.param(lambda a, b: OrderedDict(b=b, a=a), lambda t: (t["a"], t["b"]), id="OrderedDict"),
    pytest.param(Layer, lambda t: (t.weight, t.bias), id="dataclass"),
    pytest.param(Point, lambda t: (t.x, t.y), id="named tuple"),
    pytest.param(lambda a, b: Layer([{"a": a}], Point(b, None)), lambda t: (t.weight[0]["a"], t.bias.x), id="nested"),
]


@pytest.mark.parametrize(("tree", "read"), TREES)
def test_splitting_gives_the_users_structure_of_revdiffs_and_joining_undoes_it(tree, read):
    x = tree(2.0, 3.0)
    r = init_diff(x)
    pieces = split(r)
    assert type(pieces) is type(x)
    a, b = read(pieces)
    assert (type(a), type(b), a.value, b.value) == (RevDiff, RevDiff, 2.0, 3.0)
    assert (a**2 * b).backprop(1.0) == tree(12.0, 4.0)
    whole = join(pieces)
    assert whole.value == x
    assert whole.backprop(tree(10.0, 20.0)) == tree(10.0, 20.0)
    a, b = read(split(whole))
    assert (a**2 * b).backprop(1.0) == tree(12.0, 4.0)


@pytest.mark.parametrize(("tree", "read"), TREES)
def test_the_same_at_the_second_order(tree, read):
    def f(x):
        a, b = read(split(join(split(join(x)))))
        return a**2 * sin(b)

    expected = hessian(lambda x: read(x)[0] ** 2 * sin(read(x)[1]))(tree(2.0, 3.0))
    assert hessian(f)(tree(2.0, 3.0)) == expected
    assert read(read(expected)[0])[0] == pytest.approx(2 * np.sin(3.0))


@pytest.mark.parametrize(("tree", "read"), TREES)
def test_a_tree_of_revdiffs_is_taken_wherever_a_revdiff_of_a_tree_is(tree, read):
    """d/dt at t = 3 of functions that receive the tree of t² and t, once in pieces and once joined."""

    def product(x):
        a, b = read(split(x))
        return a * b

    @primitive
    def by_hand(x):
        a, b = read(x)
        return a * b, lambda ct: tree(ct * b, ct * a)

    seen = tree(1.0, 1.0)
    taken = {
        "a function": product,
        "a primitive": by_hand,
        "an argument of grad": lambda x: read(split(grad(product)(x)))[0],  # b = t
        "a cotangent": lambda x: sum(read(split(vjp(lambda y: y, seen)[1](x)))),  # t² + t
        "a tangent": lambda x: jvp(product, (tree(5.0, 7.0),), (x,))[1],  # 7t² + 5t
        "a tangent of hvp": lambda x: read(split(hvp(lambda y: product(y) ** 2, (tree(5.0, 7.0),), (x,))))[0],
        "stop_gradient": lambda x: product(stop_gradient(x)),
        "call": call(product),
    }
    # hvp: the Hessian of (ab)² at (5, 7) has first row (2b², 4ab) = (98, 140).
    slopes = {
        "a function": 27.0,
        "a primitive": 27.0,
        "an argument of grad": 1.0,
        "a cotangent": 7.0,
        "a tangent": 47.0,
        "a tangent of hvp": 98.0 * 6 + 140.0,
        "stop_gradient": 0.0,
        "call": 27.0,
    }
    for name, take in taken.items():
        in_pieces = simple_derivative(lambda t, take=take: take(tree(t * t, t)))(3.0)
        joined = simple_derivative(lambda t, take=take: take(join(tree(t * t, t))))(3.0)
        assert (in_pieces, joined) == (pytest.approx(slopes[name]),) * 2, name


def test_values_of_functions_may_be_joined_or_in_pieces():
    for shape in (lambda x: x, join):
        f = lambda t, shape=shape: shape(Layer([t, t * t], 5.0))
        assert jacobian(f)(3.0) == Layer([1.0, 6.0], 0.0)
        value, pullback = vjp(f, 3.0)
        assert value == Layer([3.0, 9.0], 5.0)
        assert pullback(Layer([1.0, 10.0], 100.0)) == 61.0
        assert jvp(f, 3.0, 2.0) == (Layer([3.0, 9.0], 5.0), Layer([2.0, 12.0], 0.0))


def test_constants_in_a_joined_structure():
    x = init_diff(3.0)
    whole = join({"x": x * x, "c": 5.0, "n": "text", "nothing": None, "k": const_diff(7.0)})
    assert whole.value == {"x": 9.0, "c": 5.0, "n": "text", "nothing": None, "k": 7.0}
    assert (whole["n"], whole["nothing"]) == ("text", None)
    assert (whole["x"] * whole["c"] * whole["k"]).backprop(1.0) == 6.0 * 35.0
    assert whole.backprop({"x": 1.0, "c": 1.0, "n": "text", "nothing": None, "k": 1.0}) == 6.0
    assert join({"c": 5.0}) == {"c": 5.0}
    assert join(x) is x
    assert primal(join([const_diff(1.0)])) == [1.0]
    assert join([const_diff(1.0)]).backprop([1.0]) == [0.0]


def test_constants_of_every_layer_are_lifted():
    like = init_diff(init_diff(1.0))
    r = constant(layer(), like)
    assert (primal(r).bias, type(r), type(r.value)) == (3.0, RevDiff, RevDiff)
    assert r.bias.backprop(1.0) == 0.0
    assert (const_diff(layer()).bias * init_diff(2.0)).backprop(1.0) == 3.0
    assert simple_derivative(lambda t: stop_gradient({"a": [t]})["a"][0] * t)(3.0) == 3.0
    x, y = init_diff(init_diff(2.0)), 3.0
    assert type(stop_gradient({"x": x, "y": y}, innermost=True)["x"]) is RevDiff
    assert primal(join([x, y])) == [2.0, 3.0]


def test_parts_of_different_layers():
    outer, inner = init_diff(2.0), init_diff(3.0)
    whole = join([outer, inner])
    assert whole.backprop([1.0, 10.0]) == 10.0
    product = whole[0] * whole[1]
    assert product.value.backprop(1.0) == 3.0
    assert product.backprop(1.0).backprop(1.0) == 1.0
    assert simple_derivative(lambda x: simple_derivative(lambda y: join((x, y))[0] * y * x)(1.0))(3.0) == 6.0


def test_one_part_and_all_parts():
    r = init_diff(layer())
    assert is_structure(r)
    assert not is_structure(r.bias)
    assert list(parts(r)) == ["weight", "bias"]
    assert part(r, "name") == part(layer(), "name") == "layer"
    assert part(layer(), "bias") == 3.0
    assert parts(r)["bias"].backprop(2.0).bias == part(r, "bias").backprop(2.0).bias == 2.0
    with pytest.raises(ArgumentError, match="a float has no parts"):
        structure_of(init_diff(1.0))
    assert split(1.0) == 1.0
    assert split({"a": [1.0]}) == {"a": [1.0]}


def test_the_order_and_length_of_what_was_joined_may_change_afterwards():
    x, y = split(init_diff((1.0, 2.0)))
    d = {"a": x, "b": y}
    whole = join(d)
    d["a"] = d.pop("a")
    assert whole.backprop({"a": 1.0, "b": 100.0}) == (1.0, 100.0)
    items = [x, [y]]
    whole = join(items)
    items[1].append(x)
    items.reverse()
    assert whole.backprop([1.0, [100.0]]) == (1.0, 100.0)


def test_the_arguments_of_a_primitive_may_change_afterwards():
    @primitive
    def f(d):
        return d["a"] * 3 + d["b"], lambda ct: {"a": ct * 3, "b": ct}

    x, y = split(init_diff((1.0, 2.0)))
    d = {"a": x, "b": y}
    value = f(d)
    d["a"] = d.pop("a")
    assert value.backprop(1.0) == (3.0, 1.0)


@pytest.mark.parametrize("n", [2, 2_000], ids=["small", "large"])
def test_an_array_in_a_structure_that_was_changed_is_no_matter_or_an_error_with_its_place(n):
    x = {"layers": [None, None, Layer(np.full(n, 2.0), np.full(n, 3.0))]}
    _, pullback = vjp(lambda x: (x["layers"][2].weight * x["layers"][2].bias).sum(), x)
    x["layers"][2].bias[...] = 77.0
    if n > 1_000:
        with pytest.raises(MutatedArrayError, match=r"in argument\['layers'\]\[2\]\.bias"):
            pullback(1.0)
    else:
        g = pullback(1.0)["layers"][2]
        np.testing.assert_array_equal([g.weight, g.bias], [[3.0, 3.0], [2.0, 2.0]])


def test_a_large_array_that_was_changed_among_several_arguments():
    x = [np.ones(2_000)]
    _, pullback = vjp(lambda a, xs: (a * xs[0] ** 2).sum(), 1.0, x)
    x[0][::2] = 77.0
    with pytest.raises(MutatedArrayError, match=r"in argument\[1\]\[0\]"):
        pullback(1.0)


def test_arrays_of_revdiffs_among_what_is_joined_are_no_constants():
    assert jacobian(lambda t: join([np.array([t, t * t]), t]))(3.0)[0].tolist() == [1.0, 6.0]


def test_a_hand_made_revdiff_of_a_structure():
    r = RevDiff([2.0, {"a": 3.0}], lambda ct: ct)
    assert (r[0] * r[1]["a"]).backprop(1.0) == [3.0, {"a": 2.0}]
    with pytest.raises(MixedLayersError, match="made by hand"):
        join([r, init_diff(1.0)])
    x = init_diff(2.0)
    with pytest.raises(MixedLayersError, match="must lie below the layer of its pullback"):
        RevDiff([x, 2.0], x.backprop)


WRONG = [
    ({"a": 1.0}, "a dict with 'a', 'b'(?s:.*)met a dict with 'a'"),
    ({"a": 1.0, "b": [1.0]}, r"a list of 2(?s:.*)met a list of 1(?s:.*)\['b'\]"),
    ([1.0, [1.0, 1.0]], "a dict with 'a', 'b'(?s:.*)met a list of 2"),
]


@pytest.mark.parametrize(("wrong", "says"), WRONG, ids=repr)
def test_a_cotangent_of_another_form_is_refused(wrong, says):
    x = init_diff(1.0)
    whole = join({"a": x, "b": [x, x]})
    with pytest.raises(RevDiffError, match=says):
        whole.backprop(wrong)


MISFITS = [
    (Layer(np.ones(3), 1.0), r"shape \(3,\)(?s:.*)of shape \(2,\)(?s:.*)\.weight"),
    (Layer(None, 1.0), r"None(?s:.*)\.weight"),
    (Layer("ab", 1.0), r"'ab'(?s:.*)\.weight"),
    (Layer([1.0, 2.0], 1.0), r"a list(?s:.*)\.weight"),
    (Layer(np.ones(2), np.ones(1)), r"an array(?s:.*)\.bias"),
    (Layer(np.ones(2), (1.0,)), r"a tuple(?s:.*)\.bias"),
    ((np.ones(2), 1.0), "a tuple of 2(?s:.*)a Layer"),
    (1.0, "a float(?s:.*)a Layer"),
    (None, "None(?s:.*)a Layer"),
]


@pytest.mark.parametrize(("wrong", "says"), MISFITS, ids=repr)
def test_what_arrives_at_the_variable_must_fit_it(wrong, says):
    with pytest.raises(PullbackError, match=says):
        init_diff(layer()).backprop(wrong)


@pytest.mark.parametrize("wrong", [None, "ab", [1.0], {"a": 1.0}], ids=repr)
def test_a_cotangent_of_an_array_without_axes_must_be_a_number(wrong):
    with pytest.raises(PullbackError):
        init_diff(np.array(1.0)).backprop(wrong)


OPERATIONS = {
    "+": lambda r: r + r,
    "*": lambda r: r * 2,
    "-": lambda r: -r,
    "**": lambda r: r**2,
    "@": lambda r: r @ np.ones(2),
    "abs": abs,
    "np.sin": np.sin,
    "np.sum": np.sum,
    "np.dot": lambda r: np.dot(r, np.ones(2)),
    ".sum": lambda r: r.sum(),
    ".T": lambda r: r.T,
    ".reshape": lambda r: r.reshape(2),
}


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("x", [[1.0, 2.0], Point(1.0, 2.0), Layer(1.0, 2.0), {"a": 1.0}], ids=repr)
def test_arithmetic_of_structures_is_right_or_refused(x, name):
    """A list knows + and a class of the user's may: their meaning is no rule of revdiff."""
    r = init_diff(x)
    try:
        y = OPERATIONS[name](r)
    except (RevDiffError, TypeError, AttributeError, ValueError):
        return
    x_bar = y.backprop(one_like(y))
    assert "sum" in name or name in ("@", "np.dot")
    assert list(x_bar) == [1.0, 1.0]
    assert type(x_bar) is type(x)


@dataclass
class Complex:
    """A class with operators of its own."""

    re: float
    im: float

    def __mul__(self, other):
        return Complex(self.re * other.re - self.im * other.im, self.re * other.im + self.im * other.re)

    def __neg__(self):
        return Complex(-self.re, self.im)


def test_operators_of_the_users_class_are_never_taken_for_those_of_numbers():
    assert grad(lambda z: (z * z).re)(Complex(1.0, 2.0)) == Complex(2.0, -4.0)
    assert grad(lambda z: (-z).im)(Complex(1.0, 2.0)) == Complex(0.0, 1.0)
    r = init_diff(Complex(1.0, 2.0))
    for operation, expected in ((lambda z: (z * z).re, Complex(2.0, -4.0)), (lambda z: (-z).im, Complex(0.0, 1.0))):
        assert operation(split(r)).backprop(1.0) == expected
        try:
            y = operation(r)
        except RevDiffError:
            continue
        assert y.backprop(1.0) == expected


# ------------------------------------------------------------------------------- copies, pickles, texts


STRUCTURES = [[1.0, 2.0], (1.0, 2.0), deque([1.0, 2.0]), {0: 1.0, 1: 2.0}, Point(1.0, 2.0), Layer(1.0, 2.0)]


@pytest.mark.parametrize("x", STRUCTURES, ids=repr)
def test_revdiffs_of_structures_and_of_their_parts_are_copied_and_pickled(x):
    r = init_diff(x)
    for copied in (copy.copy(r), copy.deepcopy(r), pickle.loads(pickle.dumps(r))):
        assert primal(copied) == x
        assert copied.backprop(x) == x
        assert (copied[0] * copied[1]).backprop(1.0) == (r[0] * r[1]).backprop(1.0)
    y = r[0] * r[1]
    for copied in (copy.copy(y), copy.deepcopy(y), pickle.loads(pickle.dumps(y))):
        assert copied.value == 2.0
        assert copied.backprop(1.0) == y.backprop(1.0)
    pieces = copy.deepcopy(split(r))
    assert (pieces[0] if not isinstance(x, Layer) else pieces.weight).backprop(1.0) == r[0].backprop(1.0)


def test_their_texts_show_the_value():
    r = init_diff({"a": [1.0]})
    assert repr(r).startswith("RevDiff({'a': [1.0]}, <identity pullback to variable ")
    assert f"{r}" == repr(r)
    assert repr(r["a"]).startswith("RevDiff([1.0], <pullback to variable ")
    assert (r == {"a": [1.0]}, bool(r), bool(init_diff([]))) == (True, True, False)


# -------------------------------------------------------------- RevDiffs where a class says that nothing varies


@dataclass
class Caching:
    x: Any
    _cache: Any = None


@dataclass
class Square:
    side: Any
    area: Any = field(init=False)

    def __post_init__(self):
        self.area = self.side**2


@dataclass
class Scaled:
    x: Any
    scale: Any = field(default=1.0, metadata={"static": True})


KEPT = {
    "private": (lambda t: Caching(t, t * 2), lambda c: c.x * c._cache, 8.0),  # 2 t²
    "private, in a list": (lambda t: Caching(t, [t * 2]), lambda c: c.x * c._cache[0], 8.0),
    "made in post-init": (Square, lambda s: s.area, 4.0),
    "static": (lambda t: Scaled(t, t), lambda s: s.x**2 * s.scale, 12.0),
}


@pytest.mark.parametrize("name", KEPT)
def test_a_revdiff_in_a_constant_field_is_differentiated_or_refused(name):
    """Inside a function they are ordinary; where a record becomes one RevDiff or a value, nothing may be lost."""
    make, read, slope = KEPT[name]
    assert simple_derivative(lambda t: read(make(t)))(2.0) == slope
    for through in (join, lambda tree: split(join(tree)), lambda tree: join([tree])[0]):
        try:
            actual = simple_derivative(lambda t, through=through: read(through(make(t))))(2.0)
        except RevDiffError:
            continue
        assert actual == slope


@pytest.mark.parametrize("name", KEPT)
def test_no_revdiff_leaves_an_operator_in_a_constant_field(name):
    make, _, _ = KEPT[name]
    (_, aux), _ = value_and_grad(lambda t: (t, {"made": make(t)}), has_aux=True)(2.0)
    for result in (vjp(make, 2.0)[0], jvp(make, 2.0, 1.0)[0], jacobian(make)(2.0), aux["made"]):
        assert "RevDiff" not in repr(result)
    assert vjp(make, 2.0)[0] == aux["made"] == make(2.0)


@pytest.mark.parametrize("name", KEPT)
def test_zero_beside_such_a_value_is_pulled_back_to_zero(name):
    """The plain value carries its constant along, and nothing may take that for a cotangent."""
    value, pullback = vjp(KEPT[name][0], 2.0)
    assert pullback(zero_like(value)) == 0.0


def test_arithmetic_of_a_subclass_of_a_container_is_refused_too():
    class Numbers(list):
        pass

    r = init_diff(Numbers([1.0, 2.0]))
    for operation in (lambda: r + r, lambda: 2 * r, r.sum):
        with pytest.raises(RevDiffError, match=r"split\(r\)"):
            operation()


@pytest.mark.parametrize("of_array", [False, True])
def test_what_is_joined_for_one_derivative_is_constant_for_the_others(of_array):
    one = np.ones(2) if of_array else 1.0

    def product(x, y):
        both = join({"outer": x, "inner": y, "constant": const_diff(3.0)})
        return np.sum(both["outer"] * both["inner"] ** 2 * both["constant"])

    # f = 3 Σ x y², so d/dx (Σ df/dy) = 6y
    np.testing.assert_allclose(grad(lambda x: np.sum(grad(product, argnums=1)(x, 2.0 * one)))(5.0 * one), 12.0 * one)
    np.testing.assert_allclose(grad(lambda y: np.sum(grad(product, argnums=0)(5.0 * one, y)))(2.0 * one), 12.0 * one)


def test_nothing_goes_back_to_a_variable_of_which_nothing_was_read_after_joining():
    def of_outer(x, y):
        return join({"outer": x, "inner": y})["outer"] * 3.0

    assert grad(lambda x: grad(of_outer, argnums=1)(x, 2.0) + x)(5.0) == 1.0
    assert grad(of_outer, argnums=1)(init_diff(5.0), 2.0) == 0.0


def test_a_structure_that_is_read_in_parts_and_as_a_whole_gets_both():
    @primitive
    def total(m):
        return m["a"] + 10.0 * m["b"], lambda ct: {"a": ct, "b": 10.0 * ct}

    def f(x):
        m = join({"a": x, "b": 2.0 * x})
        return m["a"] ** 2 + total(m)

    # x² + x + 20x
    assert simple_derivative(f)(3.0) == 27.0
    assert simple_derivative(lambda x: f(x) + f(2.0 * x))(3.0) == 27.0 + 2.0 * 33.0
