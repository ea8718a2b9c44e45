"""Records: dataclasses, named tuples, attrs classes and registered classes, as they are, without ceremony."""

from __future__ import annotations

import copy
import datetime as dt
import enum
import functools
import logging
import math
import pathlib
from dataclasses import KW_ONLY, InitVar, dataclass, field, fields, make_dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

import numpy as np
import pytest
import sympy

import revdiff
from revdiff import (
    ArgumentError,
    RevDiffError,
    array_arg,
    custom_arg_derivative,
    grad,
    gradient,
    hessian,
    hvp,
    init_diff,
    jacobian,
    jvp,
    mk_record_arg,
    mk_record_val,
    record_arg_derivative,
    register_structure,
    scalar_arg,
    scalar_val,
    sin,
    value_and_grad,
    value_grad_hessian,
    vector_arg,
    vjp,
)


@dataclass
class Layer:
    weight: Any
    bias: Any
    name: str = "layer"

    def __call__(self, x):
        return (self.weight * x).sum() + self.bias

    @property
    def size(self):
        return (self.weight**2).sum() + self.bias**2


def layer():
    return Layer(np.array([1.0, 2.0]), 3.0)


def assert_layer(actual, weight, bias):
    assert type(actual) is Layer
    np.testing.assert_allclose(actual.weight, weight)
    np.testing.assert_allclose(actual.bias, bias)
    assert actual.name == "layer"


# ----------------------------------------------------------------- inside the function: the user's own class


def test_the_function_receives_the_users_own_class_with_its_methods_and_properties():
    met = []

    def f(record):
        met.append(record)
        return record(np.array([10.0, 100.0])) * record.size

    # y = (10 w₀ + 100 w₁ + b)(w₀² + w₁² + b²) at (1, 2, 3): 213 · 14
    g = grad(f)(layer())
    assert type(met[0]) is Layer
    assert_layer(g, [10 * 14 + 213 * 2, 100 * 14 + 213 * 4], 14 + 213 * 6)


def test_every_operator_gives_records_of_the_users_class():
    f = lambda p: (p.weight**2).sum() * p.bias**2  # Σw² b²
    x, v = layer(), Layer(np.array([1.0, 1.0]), 1.0)
    assert_layer(grad(f)(x), [18.0, 36.0], 30.0)
    assert_layer(gradient(f)(x), [18.0, 36.0], 30.0)
    assert_layer(record_arg_derivative(f)(x), [18.0, 36.0], 30.0)
    value, g = value_and_grad(f)(x)
    assert value == 45.0
    assert_layer(g, [18.0, 36.0], 30.0)
    assert_layer(vjp(f, x)[1](2.0), [36.0, 72.0], 60.0)
    assert jvp(f, (x,), (v,)) == (45.0, 18.0 + 36.0 + 30.0)
    second = hessian(f)(x)
    assert_layer(second.weight, [[18.0, 0.0], [0.0, 18.0]], [12.0, 24.0])
    assert_layer(second.bias, [12.0, 24.0], 10.0)
    assert_layer(hvp(f, x, v), [18.0 + 12.0, 18.0 + 24.0], 12.0 + 24.0 + 10.0)
    value, g, second = value_grad_hessian(f)(x)
    assert value == 45.0
    assert_layer(g, [18.0, 36.0], 30.0)
    assert_layer(second.bias, [12.0, 24.0], 10.0)


def test_fields_may_be_fractions_symbols_complex_and_float32():
    assert grad(lambda p: p.weight**2 * p.bias)(Layer(Fraction(1, 2), Fraction(1, 3))).weight == Fraction(1, 3)
    x, y = sympy.symbols("x y")
    second = hessian(lambda p: p.weight**2 * sin(p.bias))(Layer(x, y))
    assert second.weight.bias == 2 * x * sympy.cos(y)
    assert grad(lambda p: (p.weight * p.bias).imag)(Layer(1 + 2j, 3.0)) == Layer(-3j, 2.0)
    g = grad(lambda p: (p.weight * 2).sum())(Layer(np.ones(2, np.float32), np.float32(1)))
    assert g.weight.dtype == g.bias.dtype == np.float32


def test_what_nothing_reaches_is_zero_of_the_right_type_shape_and_dtype():
    x = Layer([np.ones((2, 0), np.float32), np.array(1.5), np.ones(2, complex), np.arange(3)], {"n": 7, "f": 2j})
    g = grad(lambda p: 1.0)(x)
    shapes = [(a.shape, a.dtype.name, a.any()) for a in g.weight]
    assert shapes == [
        ((2, 0), "float32", False),
        ((), "float64", False),
        ((2,), "complex128", False),
        ((3,), "float64", False),
    ]
    assert g.bias == {"n": 0, "f": 0j}
    assert type(g.bias["n"]) is int


# ------------------------------------------------------------------------------------- kinds of dataclasses


def test_validation_in_post_init_never_meets_a_revdiff():
    @dataclass(frozen=True, slots=True)
    class Checked:
        x: float
        y: float = 2.0

        def __post_init__(self):
            if type(self.x) is not float:
                raise TypeError

    assert grad(lambda c: c.x**2 * c.y)(Checked(3.0)) == Checked(12.0, 9.0)
    second = hessian(lambda c: c.x**2 * c.y)(Checked(3.0))
    assert (type(second), second.x, second.y) == (Checked, Checked(4.0, 6.0), Checked(6.0, 0.0))
    assert jacobian(lambda c: c)(Checked(3.0)).x == Checked(1.0, 0.0)


def test_keyword_only_class_and_init_variables_are_no_obstacle():
    @dataclass
    class Settings:
        rate: float
        _: KW_ONLY
        decay: float = 0.5
        scale: InitVar[float] = 1.0
        steps: ClassVar[int] = 10

        def __post_init__(self, scale):
            self.rate *= scale

    assert grad(lambda s: s.rate * s.decay * s.steps)(Settings(2.0, decay=3.0)) == Settings(30.0, decay=20.0)
    assert grad(lambda s: s.rate)(Settings(2.0, scale=100.0)) == Settings(1.0, decay=0.0)


def test_inheritance_generics_and_plain_subclasses_keep_their_class_and_what_else_they_hold():
    T = TypeVar("T")

    @dataclass
    class Base:
        x: float

    @dataclass
    class Derived(Base, Generic[T]):
        y: T

    class Plain(Derived):
        def __init__(self, x, y, unit):
            super().__init__(x, y)
            self.unit = unit

        def area(self):
            return self.x * self.y * self.unit["scale"]

    assert grad(lambda p: p.x * p.y)(Derived[float](2.0, 3.0)) == Derived(3.0, 2.0)
    g = grad(lambda p: p.area())(Plain(2.0, 3.0, {"scale": 10.0}))
    assert type(g) is Plain
    assert (g.x, g.y, g.unit) == (30.0, 20.0, {"scale": 10.0})


def test_slots_of_classes_that_are_no_dataclasses_are_carried_along():
    class Tagged:
        __slots__ = ("tag",)

    @dataclass(slots=True)
    class Over(Tagged):
        x: float

        def __post_init__(self):
            self.tag = 7.0

    @dataclass
    class Base:
        x: float

    class Under(Base):
        __slots__ = ("extra",)

        def __init__(self, x, extra):
            super().__init__(x)
            self.extra = extra

    g = grad(lambda p: p.x * p.tag)(Over(2.0))
    assert (g.x, g.tag) == (7.0, 7.0)
    g = grad(lambda p: p.x * p.extra)(Under(2.0, 3.0))
    assert (g.x, g.extra) == (3.0, 3.0)


def test_cached_properties_are_computed_anew():
    @dataclass
    class Circle:
        r: float

        @functools.cached_property
        def area(self):
            return self.r**2

    circle = Circle(3.0)
    assert circle.area == 9.0
    g = grad(lambda c: c.area * c.r)(circle)
    assert g == Circle(27.0)
    assert "area" not in vars(g)
    assert g.area == 27.0**2
    assert hessian(lambda c: c.area * c.r)(circle).r.r == 18.0


def test_odd_classes():
    @dataclass
    class Odd:
        a: float

        def __len__(self):
            return 0

        def __bool__(self):
            return False

        def __eq__(self, other):
            raise RuntimeError

        __hash__ = None

        def __getattr__(self, name):
            raise AttributeError(name)

    assert grad(lambda o: o.a**2)(Odd(3.0)).a == 6.0
    assert hessian(lambda os: os[0].a ** 2)([Odd(3.0)])[0].a[0].a == 2.0


@pytest.mark.parametrize("base", [dict, list, Exception])
def test_a_dataclass_over_a_builtin_class(base):
    @dataclass
    class Over(base):
        x: float = 1.0

        def __reduce__(self):  # an exception is copied by its arguments
            return type(self), (self.x,)

    g = grad(lambda o: o.x**2)(Over(3.0))
    assert type(g) is Over
    assert g.x == 6.0


def test_a_field_that_was_deleted_is_left_out():
    @dataclass(slots=True)
    class Pair:
        x: float
        y: float

    pair = Pair(3.0, 1.0)
    del pair.y
    g = grad(lambda p: p.x**2)(pair)
    assert g.x == 6.0
    assert not hasattr(g, "y")


def test_trees_of_records():
    @dataclass
    class Tree:
        value: float
        children: list = field(default_factory=list)
        parent: Any = None

    def total(tree):
        return tree.value**2 + sum(total(child) for child in tree.children)

    tree = Tree(1.0, [Tree(2.0), Tree(3.0, [Tree(4.0)])])
    assert grad(total)(tree) == Tree(2.0, [Tree(4.0), Tree(6.0, [Tree(8.0)])])
    tree.children[0].parent = tree
    with pytest.raises(ArgumentError, match="nested too deeply, or is a structure that holds itself"):
        grad(total)(tree)


def test_a_union_of_classes_is_told_apart_as_always():
    @dataclass
    class Circle:
        radius: float

    @dataclass
    class Square:
        side: float

    def area(shape):
        match shape:
            case Circle(radius):
                return 3 * radius**2
            case Square(side=side):
                return side**2
            case None:
                return 1.0

    assert grad(area)(Circle(2.0)) == Circle(12.0)
    assert grad(area)(Square(2.0)) == Square(4.0)
    shapes = [Circle(2.0), None, Square(5.0)]
    assert grad(lambda shapes: sum(map(area, shapes)))(shapes) == [Circle(12.0), None, Square(10.0)]
    assert hessian(area)(Circle(2.0)) == Circle(Circle(6.0))


# -------------------------------------------------------------------------------------- what does not vary


class Whole(enum.IntEnum):
    ONE = 1


class Flags(enum.IntFlag):
    A = 1
    B = 2


class Text(enum.StrEnum):
    A = "a"


class Real(float, enum.Enum):
    A = 1.5


CONSTANTS = [
    "text", None, True, lambda x: x, functools.partial(max, 1), Layer, Whole.ONE, Flags.A | Flags.B, Text.A, Real.A,
    dt.date(2020, 1, 1), pathlib.Path(), logging.getLogger("x"), frozenset({"a"}),
]  # fmt: skip


@pytest.mark.parametrize("constant", CONSTANTS, ids=lambda constant: type(constant).__name__)
def test_what_is_no_number_is_carried_along_untouched(constant):
    met = []

    def f(p):
        met.append(p.bias)
        return p.weight**2

    g = grad(f)(Layer(3.0, constant))
    assert g.weight == 6.0
    assert g.bias is constant
    assert met[0] is constant
    assert init_diff(Layer(3.0, constant)).bias is constant
    assert jacobian(lambda t: Layer(t, constant))(1.0).bias is constant
    assert hessian(f)(Layer(3.0, constant)).weight.weight == 2.0


@pytest.mark.parametrize("array", [np.array(["a", "b"]), np.array([True, False]), np.array(["2020"], "M8[D]")], ids=str)
def test_arrays_of_text_truth_values_and_dates_are_constant(array):
    g = grad(lambda p: p.weight**2 * len(p.bias[p.bias == array[0]]))(Layer(3.0, array))
    assert g.weight == 6.0
    np.testing.assert_array_equal(g.bias, array)


def test_a_mask_in_a_record_selects():
    g = grad(lambda p: np.where(p.bias, p.weight, 0.0).sum())(Layer(np.ones(2), np.array([True, False])))
    np.testing.assert_array_equal(g.weight, [1.0, 0.0])


def test_writing_to_a_mask_in_the_gradient_leaves_that_of_the_argument():
    record = Layer(np.ones(2), np.array([True, False]))
    grad(lambda p: p.weight.sum())(record).bias[...] = False
    np.testing.assert_array_equal(record.bias, [True, False])


def test_whole_numbers_may_be_used_as_indices_and_counts():
    g = grad(lambda p: [1.0, 10.0, 100.0][p.bias] * p.weight + len(range(p.bias)) * p.weight)(Layer(3.0, 2))
    assert g == Layer(102.0, 0)


def test_a_structured_array_holds_numbers_and_is_refused():
    table = np.array([(1.0, 2)], dtype=[("a", float), ("b", int)])
    for part in (table, table[0]):
        with pytest.raises(RevDiffError, match=r"argument\.bias"):
            grad(lambda p: p.bias["a"].sum() * p.weight)(Layer(1.0, part))


def test_the_tools_for_dataclasses_and_named_tuples_work_inside_a_function():
    f = lambda p: replace(p, bias=p.bias * 2).bias ** 2
    assert_layer(grad(f)(layer()), [0.0, 0.0], 24.0)
    assert_layer(grad(lambda p: copy.deepcopy(p).bias * copy.copy(p).bias)(layer()), [0.0, 0.0], 6.0)
    assert_layer(grad(lambda p: sum(getattr(p, f.name) for f in fields(p)[1:2]) ** 2)(layer()), [0.0, 0.0], 6.0)
    assert grad(lambda p: p._replace(x=p.y * p.x)[0])(Point(3.0)) == Point(2.0, 3.0)
    assert grad(lambda p: p._asdict()["x"] ** 2)(Point(3.0)) == Point(6.0, 0.0)


def test_private_fields_are_constant_unless_their_metadata_say_otherwise():
    @dataclass
    class Model:
        w: float
        _hidden: float = 3.0
        fixed: float = field(default=5.0, metadata={"static": True})
        _free: float = field(default=7.0, metadata={"static": False})

    f = lambda m: m.w * m._hidden * m.fixed * m._free
    assert grad(f)(Model(2.0)) == Model(105.0, 3.0, 5.0, 30.0)
    r = init_diff(Model(2.0))
    assert (r._hidden, r["fixed"]) == (3.0, 5.0)
    assert (r._free * r.w).backprop(1.0) == Model(7.0, _free=2.0)


def test_a_field_that_init_does_not_take_is_constant_unless_its_metadata_say_otherwise():
    @dataclass
    class Box:
        side: float
        count: int = field(default=0, init=False)
        free: float = field(default=4.0, init=False, metadata={"static": False})

    g = grad(lambda b: b.side**2 * b.free * (b.count + 1))(Box(3.0))
    assert (g.side, g.count, g.free) == (24.0, 0, 9.0)


def test_a_static_field_may_hold_what_nobody_knows():
    @dataclass
    class Model:
        w: float
        device: object = field(metadata={"static": True})

    device = object()
    assert grad(lambda m: m.w**2)(Model(3.0, device)).device is device


def test_a_field_of_unknown_kind_is_an_error_that_says_where_and_what_to_do():
    class Strange:
        pass

    with pytest.raises(RevDiffError, match="a Strange") as info:
        grad(lambda p: p["layers"][1].bias)({"layers": [layer(), Layer(1.0, Strange())]})
    text = str(info.value)
    assert "in argument['layers'][1].bias" in text
    for way_out in ("dataclass", "register_structure", "register_number_system", 'metadata={"static": True}'):
        assert way_out in text


# ------------------------------------------------------------------------- named tuples, attrs, registered


class Point(NamedTuple):
    x: float
    y: float = 2.0
    label: str = "p"

    def product(self):
        return self.x * self.y


def test_a_named_tuple():
    g = grad(lambda p: p.product() * p[0])(Point(3.0))
    assert g == Point(12.0, 9.0)
    assert type(g) is Point
    second = hessian(lambda p: p.x**2 * p.y)(Point(3.0))
    assert second == Point(Point(4.0, 6.0), Point(6.0, 0.0))
    assert type(second.x) is Point
    assert jacobian(lambda t: Point(t * t, t))(3.0) == Point(6.0, 1.0)
    assert vjp(lambda p: p, Point(3.0))[1]((1.0, 10.0, "p")) == Point(1.0, 10.0)


def test_a_plain_tuple_may_serve_as_the_cotangent_of_a_named_tuple_however_many_there_are():
    @revdiff.primitive
    def area(p):
        return p.x * p.y, lambda ct: (ct * p.y, ct * p.x, "p")

    assert grad(lambda p: area(p) + p.x)(Point(3.0)) == Point(3.0, 3.0)
    r = init_diff(Point(3.0))
    for y in (area(r) + r.x + area(r), r.x + area(r) + area(r)):
        g = y.backprop(1.0)
        assert g == Point(5.0, 6.0)
        assert type(g) is Point


def test_a_subclass_of_a_named_tuple_keeps_its_class_and_attributes():
    class Labelled(Point):
        pass

    point = Labelled(3.0)
    point.note = "north"
    g = grad(lambda p: p.product())(point)
    assert type(g) is Labelled
    assert (g, g.note) == ((2.0, 3.0, "p"), "north")


class Attribute:
    """What attrs says about a field."""

    def __init__(self, name, *, init=True, metadata=None):
        self.name = name
        self.init = init
        self.metadata = metadata or {}


class Attrs:
    """A class as attrs makes them."""

    __attrs_attrs__ = (
        Attribute("w"),
        Attribute("_hidden"),
        Attribute("fixed", metadata={"static": True}),
        Attribute("late", init=False),
    )

    def __init__(self, w):
        self.w, self._hidden, self.fixed, self.late = w, 3.0, 5.0, 7.0


def test_an_attrs_class():
    g = grad(lambda a: a.w**2 * a._hidden * a.fixed * a.late)(Attrs(2.0))
    assert type(g) is Attrs
    assert vars(g) == {"w": 420.0, "_hidden": 3.0, "fixed": 5.0, "late": 7.0}
    assert (init_diff(Attrs(2.0)).w ** 2).backprop(1.0).w == 4.0


def test_an_attrs_class_made_by_attrs():
    attrs = pytest.importorskip("attrs")
    Pair = attrs.make_class("Pair", {"x": attrs.field(), "y": attrs.field(default=2.0), "_z": attrs.field(default=1.0)})
    assert grad(lambda p: p.x**2 * p.y)(Pair(3.0)) == Pair(12.0, 9.0)


class Vector:
    """A class that is registered, with names for its parts."""

    def __init__(self, x, y, frame="here"):
        self.x, self.y, self.frame = x, y, frame

    def __eq__(self, other):
        return (self.x, self.y, self.frame) == (other.x, other.y, other.frame)

    __hash__ = None


class Bag:
    """A class that is registered without names."""

    def __init__(self, x, y):
        self.x, self.y = x, y


class Rising:
    """A class with cotangents of another type: pairs."""

    def __init__(self, x, y):
        self.x, self.y = x, y


@pytest.fixture(scope="module", autouse=True)
def registered():
    register_structure(
        Vector,
        lambda v: {"x": v.x, "y": v.y},
        lambda v, parts: Vector(parts.get("x", v.x), parts.get("y", v.y), v.frame),
        names=("x", "y"),
    )
    register_structure(Bag, lambda b: {"x": b.x, "y": b.y}, lambda b, parts: Bag(**parts))
    register_structure(
        Rising,
        lambda p: {"x": p.x, "y": p.y},
        lambda p, parts: Rising(**parts),
        cotangent=lambda p, parts: (parts["x"], parts["y"]),
        spread=lambda p, p_bar: {"x": p_bar[0], "y": p_bar[1]},
        names=("x", "y"),
    )


def test_a_registered_class():
    f = lambda v: v.x**2 * v.y
    assert grad(f)(Vector(2.0, 3.0)) == Vector(12.0, 4.0)
    assert hessian(f)(Vector(2.0, 3.0)) == Vector(Vector(6.0, 4.0), Vector(4.0, 0.0))
    r = init_diff(Vector(2.0, 3.0))
    assert (r.x**2 * r[1]).backprop(1.0) == Vector(12.0, 4.0)
    with pytest.raises(
        ArgumentError, match="a cotangent has the form of its value: a Vector is needed here; met a tuple"
    ):
        vjp(lambda v: v, Vector(2.0, 3.0))[1]((1.0, 1.0))


def test_a_class_that_is_registered_without_names_is_read_by_the_keys_of_its_parts():
    g = grad(lambda b: b.x**2 * b.y)(Bag(2.0, 3.0))
    assert (g.x, g.y) == (12.0, 4.0)
    r = init_diff(Bag(2.0, 3.0))
    g = (r["x"] ** 2 * r["y"]).backprop(1.0)
    assert (g.x, g.y) == (12.0, 4.0)
    x, y = r
    assert vars((x * y).backprop(1.0)) == {"x": 3.0, "y": 2.0}


def test_a_class_whose_cotangents_are_of_another_type():
    f = lambda p: p.x**2 * p.y
    x = Rising(2.0, 3.0)
    assert grad(f)(x) == (12.0, 4.0)
    assert hessian(f)(x) == ((6.0, 4.0), (4.0, 0.0))
    assert jacobian(hessian(f))(x) == (((0.0, 2.0), (2.0, 0.0)), ((2.0, 0.0), (0.0, 0.0)))
    assert vjp(lambda p: p, x)[1]((1.0, 10.0)) == (1.0, 10.0)
    assert grad(lambda d: d["p"].x * d["q"][0].y)({"p": x, "q": [x]}) == {"p": (3.0, 0.0), "q": [(0.0, 2.0)]}
    assert (init_diff(x).x ** 2).backprop(1.0) == (4.0, 0.0)


def test_a_cotangent_may_say_nothing_of_some_parts():
    class Wind:
        """Only its strength is measured."""

        def __init__(self, strength, angle):
            self.strength, self.angle = strength, angle

    register_structure(
        Wind,
        vars,
        lambda w, parts: Wind(**parts),
        cotangent=lambda w, parts: parts["strength"],
        spread=lambda w, w_bar: {"strength": w_bar},
        names=("strength", "angle"),
    )
    assert vjp(lambda t: Wind(t * t, t), 3.0)[1](10.0) == 60.0


# ---------------------------------------------------------------------------------------- names of fields


NAMES = [
    "sum", "T", "shape", "real", "imag", "at", "items", "keys", "values", "get", "dtype", "ndim", "size", "conj",
    "sin", "mean", "dot", "reshape", "copy", "is_zero", "_op_priority", "_node", "_scale", "index", "count",
    "value", "backprop", "__len", "tag", "number",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_field_may_have_any_name(name):
    kind = make_dataclass("Named", [(name, float, field(metadata={"static": False})), ("other", Any)])
    x = kind(2.0, np.array([3.0, 4.0]))
    g = grad(lambda p: getattr(p, name) ** 2 * p.other.sum())(x)
    assert type(g) is kind
    assert getattr(g, name) == 28.0
    r = init_diff(x)
    g = (r[name] ** 2 * r.other.sum()).backprop(1.0)
    assert getattr(g, name) == 28.0
    np.testing.assert_array_equal(g.other, [4.0, 4.0])
    if name not in ("value", "backprop", "_node", "_scale", "__len"):
        assert getattr((getattr(r, name) * 3.0).backprop(1.0), name) == 3.0


def test_afterwards_numbers_arrays_and_dictionaries_have_all_their_own_attributes():
    for name in NAMES:
        init_diff(make_dataclass("Named", [(name, float)])(2.0))
    a = init_diff(np.array([[1.0, 2.0]]))
    assert a.shape == (1, 2)
    assert (a.ndim, a.size, a.dtype) == (2, 2, np.float64)
    assert a.sum().value == 3.0
    np.testing.assert_array_equal(a.T.backprop(np.array([[3.0], [4.0]])), [[3.0, 4.0]])
    assert a.reshape(2).shape == (2,)
    x = init_diff(1.5)
    assert (x.real.value, x.sin().value) == (1.5, math.sin(1.5))
    d = init_diff({"a": 2.0})
    assert [key for key, _ in d.items()] == list(d.keys()) == ["a"]
    assert d.get("a").backprop(1.0) == {"a": 1.0}
    z = sympy.Symbol("z") * init_diff(sympy.Symbol("x"))
    assert z.backprop(sympy.S.One) == sympy.Symbol("z")
    with pytest.raises(AttributeError, match="tag"):
        _ = x.tag


# ------------------------------------------------------------------------------------------- descriptors


def test_fields_may_have_descriptors_of_their_own_by_name_or_in_order():
    f = lambda p: p.weight[0] * p.weight[1] * p.bias
    for descriptor in (mk_record_arg(weight=vector_arg), mk_record_arg(vector_arg, scalar_arg, scalar_arg)):
        assert_layer(custom_arg_derivative(descriptor, f)(layer()), [6.0, 3.0], 2.0)
    g = custom_arg_derivative(mk_record_arg(scalar_arg, vector_arg), lambda b: b.x * b.y[1])(Bag(2.0, [3.0, 5.0]))
    assert vars(g) == {"x": 5.0, "y": [0.0, 2.0]}
    per_field = revdiff.custom_val_derivative(mk_record_val(bias=scalar_val), lambda t: Layer(t, t * t))(3.0)
    assert per_field == Layer(1.0, 6.0)


def test_descriptors_that_do_not_fit_are_refused():
    f = lambda p: p.bias
    with pytest.raises(ArgumentError, match="names 'missing'; a Layer has weight, bias, name"):
        custom_arg_derivative(mk_record_arg(bias=scalar_arg, missing=scalar_arg, gone=scalar_arg), f)(layer())
    with pytest.raises(ArgumentError, match=r"record_arg\(scalar_arg\) describes 1 parts; met a Bag"):
        custom_arg_derivative(mk_record_arg(scalar_arg), f)(Bag(1.0, 2.0))
    with pytest.raises(ArgumentError, match="names 'x'; a Bag has no names"):
        custom_arg_derivative(mk_record_arg(x=scalar_arg), f)(Bag(1.0, 2.0))
    with pytest.raises(ArgumentError, match="describes 1 parts; met a Layer"):
        custom_arg_derivative(mk_record_arg(scalar_arg), f)(layer())
    with pytest.raises(ArgumentError, match=r"array_arg describes a NumPy array(?s:.*)in argument\.bias"):
        custom_arg_derivative(mk_record_arg(bias=array_arg), f)(layer())


WRONG = [
    ({"weight": np.ones(2), "bias": 1.0}, "a Layer is needed here; met a dict with 'weight', 'bias'"),
    (Layer(np.ones(3), 1.0), r"its shape \(2,\); met \(3,\)(?s:.*)\.weight"),
    (Layer(np.ones(2), np.ones(2)), r"tangent of a number is a number(?s:.*)\.bias"),
    (Layer(np.ones(2), [1.0]), r"met a list(?s:.*)\.bias"),
    (Layer(np.ones(2), "1"), r"met '1' \(a str\)(?s:.*)\.bias"),
    (None, "a Layer is needed here; met None"),
]


@pytest.mark.parametrize(("wrong", "says"), WRONG, ids=repr)
def test_a_cotangent_or_tangent_of_another_form_is_refused_with_the_place(wrong, says):
    _, pullback = vjp(lambda p: p, layer())
    with pytest.raises(RevDiffError, match=says):
        pullback(wrong)
    with pytest.raises(RevDiffError, match=says):
        jvp(lambda p: p.bias, (layer(),), (wrong,))


def test_a_revdiff_in_a_private_field_leaves_no_operator():
    """A cache that a method fills is private, and so constant; but a derivative is in it."""

    @dataclass
    class Caching:
        x: Any
        _cache: Any = None

    assert jacobian(lambda t: Caching(t, [t * 2]))(3.0) == Caching(1.0, [6.0])


def test_a_record_without_fields():
    @dataclass
    class Empty:
        pass

    assert grad(lambda e: 1.0)(Empty()) == Empty()
    assert jacobian(lambda t: Empty())(1.0) == Empty()
    assert hessian(lambda e: 1.0)(Empty()) == Empty()
    assert list(init_diff(Empty())) == []
