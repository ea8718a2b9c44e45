"""view, preview, targets, replace and over, along every kind of step and in every form of a structure."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import sympy

import revdiff
from revdiff import (
    RevDiff,
    Stream,
    UnitVector,
    const_diff,
    constant,
    cos,
    exp,
    grad,
    hessian,
    hypot,
    init_diff,
    join,
    log,
    over,
    path,
    preview,
    primal,
    register_structure,
    replace,
    simple_derivative,
    sin,
    split,
    targets,
    view,
)
from tests.paths.values import Layer, Pair, Record, close, model, same


def f(r):
    return r.x * r.y + r.z


POINT = Record(5.0, 7.0, 2.0)


def as_one(x):
    """Return x, a tree of RevDiffs, as one RevDiff of a record."""
    return join(x)


def as_mixture(x):
    """Return x with RevDiffs in some of its fields, and a RevDiff of a structure in another."""
    return {"p": join({"q": x}), "n": 1.0}


FORMS = {
    "a tree": (lambda x: x, path),
    "one RevDiff": (as_one, path),
    "a mixture": (as_mixture, path["p"]["q"]),
}
forms = pytest.mark.parametrize(("form", "p"), FORMS.values(), ids=FORMS)


# ---------------------------------------------------------------------- the cases


@forms
def test_B6_fields_of_a_record(form, p):
    def g(r):
        x = form(r)
        return view(p.x, x) * view(p.y, x) + view(p.z, x)

    assert g(POINT) == 37.0
    assert grad(g)(POINT) == Record(7.0, 5.0, 1.0)


@forms
def test_B9_a_pair_of_fields_through_one_path(form, p):
    def g(r):
        x, y = view(p / (path.x & path.y), form(r))
        return x * y + view(p.z, form(r))

    assert g(POINT) == 37.0
    assert grad(g)(POINT) == Record(7.0, 5.0, 1.0)


@forms
def test_B22_a_field_is_set(form, p):
    def g(r, v):
        return f(view(p, replace(p.x, form(r), v)))

    assert g(POINT, 10.0) == 72.0
    assert grad(g, (0, 1))(POINT, 10.0) == (Record(0.0, 10.0, 1.0), 7.0)
    assert grad(lambda r: revdiff.set is replace and g(r, 10.0))(POINT) == Record(0.0, 10.0, 1.0)


@forms
def test_B23_a_field_is_modified(form, p):
    def g(r):
        return f(view(p, over(p.x, form(r), lambda x: x * x)))

    assert g(POINT) == 177.0
    assert grad(g)(POINT) == Record(70.0, 25.0, 1.0)
    second = hessian(g)(POINT)  # of x²y + z
    assert second.x == Record(14.0, 10.0, 0.0)
    assert second.y == Record(10.0, 0.0, 0.0)
    assert grad(lambda r: grad(g)(r).x * grad(g)(r).y)(POINT) == Record(6 * 25.0 * 7.0, 2 * 125.0, 0.0)  # of 2x³y


def test_with_symbols_the_derivatives_are_those_of_sympy():
    x, y, z, v = symbols = sympy.symbols("x y z v")
    value = f(over(path.y, replace(path.x, Record(x, y, z), v * y), sin))

    def g(x, y, z, v):
        one = join(Record(x, y, z))
        return f(over(path.y, replace(path.x, one, v * one.y), sin))

    expected = v * y * sympy.sin(y) + z
    assert sympy.simplify(value - expected) == 0
    for first, by_first in zip(symbols, grad(g, (0, 1, 2, 3))(*symbols), strict=True):
        assert sympy.simplify(by_first - sympy.diff(expected, first)) == 0
    mixed = simple_derivative(lambda y: grad(g, 3)(x, y, z, v))(y)
    assert sympy.simplify(mixed - sympy.diff(expected, v, y)) == 0


# ---------------------------------------------------------------------- what goes in, and what comes out


def test_of_one_revdiff_every_verb_gives_revdiffs():
    r = init_diff({"a": [1.0, 2.0], "b": (3.0, {"c": 4.0})})
    assert isinstance(view(path["b"], r), RevDiff)
    assert [type(target) for target in targets(path.each.each, r)] == [RevDiff] * 4
    for y in (
        replace(path["a"][0], r, 7.0),
        over(path.each, r, lambda part: part),
        over(path["a"][:1], r, lambda v: [5.0]),
    ):
        assert isinstance(y, RevDiff)
        assert split(y)["b"][1]["c"].backprop(1.0) == {"a": [0.0, 0.0], "b": (0.0, {"c": 1.0})}


def test_of_plain_values_every_verb_gives_plain_values():
    x = model()
    assert view(path.layers[1].bias[0], x) == 0.5
    y = replace(path.layers[1].bias, x, np.array([9.0]))
    assert same(y.layers[1], Layer(x.layers[1].weight, np.array([9.0]), "out"))
    assert y.layers[0] is x.layers[0]
    assert x.layers[1].bias.tolist() == [0.5]


def test_a_revdiff_may_be_put_into_what_is_plain():
    gradient = grad(lambda v: sum(targets(path.each.x, replace(path[1].x, [POINT, POINT], v * v))))(3.0)
    assert gradient == 6.0


def test_what_is_put_may_be_a_revdiff_of_a_structure():
    def g(layer):
        y = replace(path["layers"][0], const_diff({"layers": [[1.0, 1.0], [5.0]]}), join(layer))
        return view(path["layers"][0][1], y) * layer[0]

    assert grad(g)([2.0, 3.0]) == [3.0, 2.0]


def test_derivatives_of_different_variables_do_not_mix():
    x, y = init_diff([1.0, 2.0]), init_diff(5.0)
    z = replace(path[0], x, y)
    product = view(path[0], z) * view(path[1], z)
    assert product.backprop(1.0) == 2.0
    assert product.value.backprop(1.0) == [0.0, 5.0]


def test_values_may_change_their_kind():
    def g(x):
        y = replace(path["b"], replace(path["a"], join(x), None), {"c": x["a"]})
        assert view(path["a"], y) is None
        return view(path["b"]["c"], y) ** 2

    assert grad(g)({"a": 3.0, "b": None}) == {"a": 6.0, "b": None}
    assert grad(lambda v: view(path["b"], replace(path["b"], const_diff({"a": 3.0, "b": None}), v)) * v)(2.0) == 4.0


def test_of_several_values_some_may_be_constant():
    def g(x):
        y = replace(path[:2], join(x), [None, x[0] * x[0]])
        return y[1] * y[2]

    assert grad(g)([3.0, 4.0, 5.0]) == [30.0, 0.0, 9.0]


def test_constants_of_a_record_are_read_and_replaced():
    r = init_diff(Layer(1.0, 2.0, "hidden"))
    assert view(path.name, r) == "hidden"
    y = replace(path.name, r, "out")
    assert view(path.name, y) == "out"
    assert (y.weight * y.bias).backprop(1.0) == Layer(2.0, 1.0, "hidden")


def test_a_static_field_is_replaced_too():
    @dataclass
    class Scaled:
        w: Any
        factor: Any = field(default=2.0, metadata={"static": True})

    def product(s):
        return s.w * s.factor

    swapped = path.lens(lambda s: s.factor, lambda s, n: Scaled(s.w, n))
    for form in (lambda s: s, join):
        assert grad(lambda s, form=form: product(replace(path.factor, form(s), 10.0)))(Scaled(3.0)) == Scaled(10.0)
        assert grad(lambda s, form=form: product(over(path.factor, form(s), lambda n: n * s.w)))(Scaled(3.0)).w == 12.0
        assert grad(lambda s, form=form: product(replace(swapped, form(s), s.w)))(Scaled(3.0)).w == 6.0
    assert grad(lambda v: product(replace(path.factor, const_diff(Scaled(3.0)), v)))(5.0) == 3.0
    assert grad(lambda v: replace(path.factor, const_diff(Scaled(3.0)), [v]).factor[0] * v)(5.0) == 10.0


# ---------------------------------------------------------------------- steps


def test_sequences_keep_their_class():
    class Stack(list):
        pass

    for x in ([1.0, 2.0, 3.0], (1.0, 2.0, 3.0), deque([1.0, 2.0, 3.0]), Stack([1.0, 2.0, 3.0])):
        y = replace(path[-1], x, 9.0)
        assert type(y) is type(x)
        assert list(y) == [1.0, 2.0, 9.0]
        assert view(path[:2], x) == ((1.0, 2.0) if isinstance(x, tuple) else [1.0, 2.0])
        assert list(replace(path[::2], x, (7.0, 8.0))) == [7.0, 2.0, 8.0]
    assert type(replace(path["a"], OrderedDict(a=1.0, b=2.0), 3.0)) is OrderedDict
    assert replace(path.second, Pair(1.0, 2.0), 3.0) == Pair(1.0, 3.0)


def test_a_field_is_found_by_its_name_in_brackets_and_by_its_number():
    assert view(path["y"], POINT) == view(path[1], POINT) == view(path[-2], POINT) == 7.0
    assert replace(path["y"], POINT, 0.0) == Record(5.0, 0.0, 2.0)
    assert view(path["second"], Pair(1.0, 2.0)) == 2.0


def test_a_registered_class_is_looked_into_by_name():
    class Point:
        def __init__(self, x, y):
            self.x, self.y = x, y

    register_structure(Point, lambda p: {"x": p.x, "y": p.y}, lambda p, parts: Point(**parts), names=("x", "y"))

    def g(p):
        q = over(path.x, join(p), lambda x: x * x * p.y)
        return q.x * q.y

    gradient = grad(g)(Point(3.0, 5.0))  # of x²y²
    assert (gradient.x, gradient.y) == (150.0, 90.0)


def test_the_coordinates_of_a_point_on_a_manifold_are_replaced():
    u = UnitVector([3.0, 4.0])
    gradient = grad(lambda u: over(path.vector, join(u), lambda v: 2.0 * v).vector[0])(u)
    np.testing.assert_allclose(gradient, [2 * 0.64, -2 * 0.48])  # 2 e₁ without its part along u
    gradient = grad(lambda v: replace(path.vector, const_diff(u), v).vector[0] ** 2)(np.array([0.6, 0.8]))
    np.testing.assert_allclose(gradient, [1.2 * 0.64, -1.2 * 0.48])  # only tangents of the sphere are cotangents of u


def test_the_cotangents_of_the_parts_may_depend_on_the_value():
    class Wedge:
        """Cotangents of it are measured by x: (x̄, x ȳ)."""

        def __init__(self, x, y):
            self.x, self.y = x, y

    register_structure(
        Wedge,
        lambda p: {"x": p.x, "y": p.y},
        lambda p, parts: Wedge(**parts),
        cotangent=lambda p, bars: Wedge(bars["x"], bars["y"] * p.x),
        spread=lambda p, p_bar: {"x": p_bar.x, "y": p_bar.y / p.x},
        names=("x", "y"),
    )

    def first(p):
        return grad(lambda p: replace(path.x, join(p), 8.0).y ** 2)(p)

    p = Wedge(4.0, 5.0)
    assert vars(first(p)) == {"x": 0.0, "y": 4.0 * 2 * 5.0}
    assert vars(grad(lambda p: first(p).y)(p)) == {"x": 2 * 5.0, "y": 4.0 * 2 * 4.0}  # of 2xy
    y = view(path.y, replace(path.x, init_diff(init_diff(p)), 8.0))
    assert vars((y * y).backprop(1.0).y.backprop(1.0)) == {"x": 2 * 5.0, "y": 4.0 * 2 * 4.0}


def test_dictionaries_may_have_any_keys():
    x = {("a", 1): 1.0, 2: {None: 3.0}, "b": 4.0}
    assert view(path["a", 1], x) == 1.0
    assert view(path[2][None], x) == 3.0
    assert replace(path[2][None], x, 5.0) == {("a", 1): 1.0, 2: {None: 5.0}, "b": 4.0}


def test_each_goes_through_all_that_varies():
    x = Record([1.0, 2.0], "text", {"a": 3.0, "b": None})
    assert targets(path.each, x) == [[1.0, 2.0], {"a": 3.0, "b": None}]
    assert targets(path.each.each, x) == [1.0, 2.0, 3.0]
    assert over(path.each.each, x, lambda n: -n) == Record([-1.0, -2.0], "text", {"a": -3.0, "b": None})
    assert replace(path.each, x, 0.0) == Record(0.0, "text", 0.0)
    assert targets(path.each, []) == []
    assert over(path.each, {}, abs) == {}


def test_each_goes_along_the_first_axis_of_an_array():
    a = np.arange(6.0).reshape(3, 2)
    assert [row.tolist() for row in targets(path.each, a)] == a.tolist()
    np.testing.assert_array_equal(over(path.each, a, lambda row: row[::-1]), a[:, ::-1])
    np.testing.assert_array_equal(over(path.each.each, a, lambda n: n * n), a * a)
    np.testing.assert_array_equal(replace(path.each, a, 7.0), np.full((3, 2), 7.0))
    assert over(path.each, np.ones(3, np.float32), lambda n: 2.0).dtype == np.float32
    assert over(path.each, np.zeros((0, 2)), lambda row: row).shape == (0, 2)

    def g(a):
        return sum(
            i * row.sum() for i, row in enumerate(targets(path.each, over(path.each, a, lambda row: row * row[0])))
        )

    gradient = grad(g)(a)
    expected = np.array([[i * (2 * x + y), i * x] for i, (x, y) in enumerate(a)])  # of i (x² + xy)
    np.testing.assert_array_equal(gradient, expected)


def test_the_first_of_many_and_whether_there_is_one():
    x = [1.0, -2.0, -3.0]
    assert preview(path.each.where(lambda n: n < 0), x) == -2.0
    assert preview(path.each.where(lambda n: n > 5), x) is None
    assert preview(path.present, None) is None
    assert targets(path.each.present, init_diff([])) == []


@dataclass
class Circle:
    radius: Any


@dataclass
class Square:
    side: Any


@forms
def test_a_prism_lets_through_what_it_asks_for(form, p):
    shapes = [Circle(1.0), Square(2.0), Circle(3.0)]
    circles = p.each.instance(Circle).radius

    def area(shapes):
        doubled = over(circles, form(shapes), lambda r: 2 * r)
        return sum(3 * r * r for r in targets(circles, doubled)) + preview(p.each.instance(Square).side, doubled) ** 2

    assert area(shapes) == 12.0 + 108.0 + 4.0
    assert grad(area)(shapes) == [Circle(24.0), Square(4.0), Circle(72.0)]
    assert targets(path.each.instance(Circle, Square), shapes) == shapes


def test_a_prism_that_misses_leaves_everything_alone():
    shape = Square(2.0)
    assert replace(path.instance(Circle).radius, shape, 5.0) is shape
    assert replace(path.present, None, 5.0) is None
    assert grad(lambda s: replace(path.instance(Circle), join(s), 5.0).side ** 2)(shape) == Square(4.0)


def test_what_is_optional_is_reached_where_it_is_present():
    x = {"w": 2.0, "b": None}
    assert over(path.each.present, x, lambda n: n * n) == {"w": 4.0, "b": None}
    assert over(path["b"].present, x, lambda n: n * n) == x
    assert grad(lambda x: over(path["w"].present, x, lambda n: n * n)["w"])(x) == {"w": 4.0, "b": None}


trees_and_one = pytest.mark.parametrize("form", [lambda x: x, join], ids=["a tree", "one RevDiff"])


@trees_and_one
def test_a_predicate_and_the_functions_of_a_lens_are_given_trees(form):
    class Vector(Record):
        def length(self):
            return hypot(self.x, self.y)

        def longer(self, length):
            return Vector(self.x * length / self.length(), self.y * length / self.length(), self.z)

    v = Vector(3.0, 4.0)
    length = path.lens(Vector.length, Vector.longer)
    assert view(length, v) == 5.0
    assert vars(replace(length, v, 10.0)) == {"x": 6.0, "y": 8.0, "z": 1.0}
    assert targets(path.each.where(lambda v: v.length() > 2), [join(v)]) != []
    gradient = grad(lambda v: view(length, form(v)))(v)
    assert (gradient.x, gradient.y, gradient.z) == (0.6, 0.8, 0.0)
    gradient = grad(lambda v: replace(length, form(v), 10.0).x)(v)  # of 10 x/√(x² + y²)
    assert close([gradient.x, gradient.y], [10 * 16 / 125, -10 * 12 / 125])
    assert grad(lambda n: replace(length, form(v), n).y)(10.0) == 0.8


def test_a_lens_gives_one_revdiff_of_one_revdiff():
    swapped = path.lens(lambda p: (p[1], p[0]), lambda p, q: (q[1], q[0]))
    y = over(swapped, init_diff((1.0, 2.0)), lambda q: (q[0] * q[0], q[1]))
    assert isinstance(y, RevDiff)
    assert y[1].backprop(1.0) == (0.0, 4.0)


@forms
def test_an_isomorphism_is_seen_and_changed_in_the_other_form(form, p):
    rate = p.x.iso(log, exp)

    def g(r):
        return view(p.x, over(rate, form(r), lambda u: 2 * u)) * view(rate, form(r))

    x = 3.0
    gradient = grad(g)(Record(x, 1.0))  # of x² ln x
    assert close(gradient, Record(2 * x * np.log(x) + x, 0.0, 0.0))


@trees_and_one
def test_an_isomorphism_of_structures(form):
    polar = path.iso(lambda p: (hypot(*p), revdiff.atan2(p[1], p[0])), lambda q: (q[0] * cos(q[1]), q[0] * sin(q[1])))

    def turned(p, angle):
        return over(polar[1], p, lambda phi: phi + angle)

    assert close(grad(lambda p: turned(form(p), np.pi / 2)[0])((3.0, 4.0)), (0.0, -1.0))
    assert close(grad(lambda t: turned(form((3.0, 4.0)), t)[0])(0.0), -4.0)


# ---------------------------------------------------------------------- products


def test_a_product_of_three_is_a_triple_and_parentheses_nest():
    assert view(path.x & path.y & path.z, POINT) == (5.0, 7.0, 2.0)
    assert view(path.x & (path.y & path.z), POINT) == (5.0, (7.0, 2.0))
    assert replace(path.x & (path.y & path.z), POINT, (1.0, (2.0, 3.0))) == Record(1.0, 2.0, 3.0)


@forms
def test_a_product_exchanges_two_places(form, p):
    def g(r):
        y = over(p / (path.x & path.z), form(r), lambda pair: (pair[1], pair[0] * pair[1]))
        return view(p.x, y) * view(p.y, y) + view(p.z, y)  # zy + xz

    assert grad(g)(POINT) == Record(2.0, 2.0, 12.0)


def test_a_product_may_be_given_one_revdiff_of_a_tuple():
    assert grad(lambda pair: f(replace(path.x & path.y, POINT, join(pair))))((3.0, 4.0)) == (4.0, 3.0)


def test_a_product_of_elements_of_an_array():
    a = np.array([1.0, 2.0, 3.0, 4.0])
    exchanged = over(path[:2] & path[2:], a, lambda halves: (halves[1], halves[0]))
    assert exchanged.tolist() == [3.0, 4.0, 1.0, 2.0]


# ---------------------------------------------------------------------- streams


def test_elements_of_a_stream():
    x = {"s": Stream.tabulate(float), "w": 2.0}
    assert view(path["s"][3], x) == 3.0
    assert view(path["s"][1:3], x) == [1.0, 2.0]
    assert replace(path["s"][2], x, 9.0)["s"].take(4) == [0.0, 1.0, 9.0, 3.0]
    assert replace(path["s"][1:6:3], x, [7.0, 8.0])["s"].take(6) == [0.0, 7.0, 2.0, 3.0, 8.0, 5.0]
    assert over(path["s"].each, x, lambda n: n * n)["s"].take(4) == [0.0, 1.0, 4.0, 9.0]
    assert targets(path["s"][:3].each, x) == [0.0, 1.0, 2.0]


def test_derivatives_go_through_changed_streams():
    def g(x):
        w = x["w"]
        y = replace(path["s"][1], over(path["s"].each, x, lambda n: n * w), w * w)
        return view(path["s"][1], y) * view(path["s"][3], y) * view(path["s"][0], y)  # w² · w s₃ · w s₀

    x = {"s": Stream.tabulate(lambda i: i + 1.0), "w": 5.0}
    for gradient in (grad(g)(x), g(init_diff(x)).backprop(1.0)):
        assert gradient["s"].take(4) == [4 * 5.0**4, 0.0, 0.0, 5.0**4]
        assert gradient["w"] == 4 * 4 * 5.0**3


# ---------------------------------------------------------------------- many targets


def test_a_traversal_of_a_model():
    x = model()
    biases = path.layers.each.bias
    assert [b.tolist() for b in targets(biases, x)] == [[0.1, 0.2], [0.5]]

    def penalty(x):
        return sum((b * b).sum() for b in targets(biases, x)) + view(path.rate, x)

    for form in (lambda x: x, join):
        gradient = grad(lambda x, form=form: penalty(form(x)))(x)
        assert same([layer.bias for layer in gradient.layers], [np.array([0.2, 0.4]), np.array([1.0])])
        assert not any(layer.weight.any() for layer in gradient.layers)
        assert gradient.rate == 1.0


def test_primal_and_nested_layers():
    r = init_diff(init_diff([1.0, 2.0]))
    y = over(path[0], r, lambda n: n * n * n)
    assert primal(view(path[0], y)) == 1.0
    z = view(path[0], y).backprop(constant(1.0, r.value[0]))
    assert primal(z[0]) == 3.0
    assert z[0].backprop(1.0) == [6.0, 0.0]
