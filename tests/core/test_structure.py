"""How values come apart and go together again: the registry, what varies, and the walks through structures."""

from __future__ import annotations

import enum
import math
import threading
from collections import Counter, OrderedDict, defaultdict, deque
from dataclasses import dataclass, field, make_dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import mpmath
import numpy as np
import pytest
import sympy

import revdiff
from revdiff import (
    MismatchError,
    RevDiffError,
    UnknownTypeError,
    grad,
    hessian,
    init_diff,
    jacobian,
    register_structure,
    value_and_grad,
)
from revdiff.core.cotangents import add, one_like, zero_like
from revdiff.core.structure import (
    STRUCTURES,
    leaves,
    leaves_beside,
    map_leaves,
    only_floats,
    over_parts,
    taken_apart,
    varies,
)


@dataclass
class Record:
    x: Any
    y: Any = None
    name: str = "record"


class Point(NamedTuple):
    x: Any
    y: Any = 2.0


class Shelf(list):
    pass


class Color(enum.IntEnum):
    RED = 1


class Size(float, enum.Enum):
    BIG = 1.5


STRUCTURED = [
    [1.0, "a", (2.0, None)],
    (1.0,),
    (),
    deque([1.0, [2.0]], maxlen=4),
    {"a": 1.0, 2: {"b": [3.0]}},
    OrderedDict(b=1.0, a="text"),
    defaultdict(float, a=1.0),
    Counter(a=2),
    Record(1.0, [2.0]),
    Record(None),
    Point(1.0, {"a": (3.0,)}),
    Shelf([1.0]),
]


@pytest.mark.parametrize("x", STRUCTURED, ids=repr)
def test_taking_apart_and_building_undo_each_other(x):
    structure = STRUCTURES.find(type(x))
    built = structure.build(x, structure.parts(x))
    assert built == x
    assert type(built) is type(x)
    assert built is not x or x == ()
    assert structure.build(x, {}) == x
    assert all(structure.get(x, key) is part for key, part in structure.parts(x).items())
    assert structure.spread(x, structure.cotangent(x, structure.parts(x))) == structure.parts(x)


@pytest.mark.parametrize("x", STRUCTURED, ids=repr)
def test_walks_keep_the_classes_and_the_constants(x):
    assert map_leaves(lambda leaf: leaf, x) == x
    assert type(map_leaves(lambda leaf: leaf, x)) is type(x)
    assert getattr(map_leaves(lambda leaf: leaf, x), "maxlen", None) == getattr(x, "maxlen", None)
    assert list(leaves(map_leaves(lambda leaf: leaf * 2, x))) == [leaf * 2 for leaf in leaves(x)]
    assert list(leaves_beside(x, x)) == list(leaves(x))
    assert list(leaves_beside(x, None)) == [None] * len(list(leaves(x)))


@pytest.mark.parametrize("x", STRUCTURED, ids=repr)
def test_what_was_taken_apart_goes_together_again_with_any_leaves(x):
    found, build = taken_apart(x)
    assert found == list(leaves(x))
    assert build(found) == x
    assert type(build(found)) is type(x)
    twice = build([leaf * 2 for leaf in found])
    assert twice == map_leaves(lambda leaf: leaf * 2, x)


def test_a_row_of_revdiffs_is_taken_apart_as_any_other():
    x, y = init_diff(1.0), init_diff(2.0)
    for row in ((x, y), (x, [y]), (x, 3.0), (x, "text")):
        found, build = taken_apart(row)
        assert [id(leaf) for leaf in found] == [id(leaf) for leaf in leaves(row)]
        assert [id(leaf) for leaf in leaves(build(found))] == [id(leaf) for leaf in found]
    assert build(found)[1] == "text"


def test_leaves_come_in_the_order_in_which_they_stand():
    assert list(leaves({"b": [1.0, (2.0,)], "n": "text", "a": Record(3.0, Point(4.0, 5.0))})) == [
        1.0,
        2.0,
        3.0,
        4.0,
        5.0,
    ]
    assert list(leaves(7.0)) == [7.0]
    assert list(leaves("text")) == ["text"]


@pytest.mark.parametrize("x", STRUCTURED, ids=repr)
def test_zeros_ones_and_sums_have_the_form_of_the_value(x):
    assert list(leaves(zero_like(x))) == [0] * len(list(leaves(x)))
    assert list(leaves(one_like(x))) == [1] * len(list(leaves(x)))
    assert type(zero_like(x)) is type(x)
    assert add(x, zero_like(x)) == add(zero_like(x), x) == x
    assert list(leaves(add(x, x))) == [2 * leaf for leaf in leaves(x)]


def test_what_one_summand_lacks_counts_as_zero():
    assert add([1.0], [10.0, 20.0]) == [11.0, 20.0]
    assert add(Shelf([1.0, 2.0]), Shelf([10.0])) == Shelf([11.0, 2.0])
    assert add({"a": 1.0}, {"b": 2.0, "a": 10.0}) == {"a": 11.0, "b": 2.0}
    assert add(Record(1.0, None), Record(2.0, 5.0)) == Record(3.0, 5.0)
    assert add([None, 1.0], [2.0, None]) == [2.0, 1.0]
    with pytest.raises(MismatchError, match="the other summand"):
        add((1.0,), (1.0, 2.0))
    with pytest.raises(MismatchError, match="a Record is needed here; met a dict"):
        add(Record(1.0), {"x": 1.0})
    with pytest.raises(MismatchError, match=r"a tuple of 1(?s:.*)\['a'\]\[1\]"):
        add({"a": [0.0, (1.0,)]}, {"a": [0.0, (1.0, 2.0)]})


def test_sums_do_not_change_their_summands():
    a, b = {"w": np.ones(2), "l": [1.0]}, {"w": np.ones(2), "l": [2.0]}
    total = add(a, b)
    total["w"][...] = 77.0
    total["l"].append(5.0)
    assert (a["w"].tolist(), b["w"].tolist(), a["l"], b["l"]) == ([1.0, 1.0], [1.0, 1.0], [1.0], [2.0])


VARYING = [
    1.0, 1, 1j, Fraction(1, 2), Decimal(1), mpmath.mpf(1), sympy.Symbol("x"), np.float32(1), np.int64(1), np.ones(2),
    np.arange(3), np.array(1.0), np.zeros((0, 2)), np.array([1.0, None], object), [], (), {}, Record(1.0),
    init_diff(1.0), revdiff.Stream.repeat(1.0), revdiff.FiniteSupportStream([1.0]),
]  # fmt: skip
CONSTANT = [
    "text", b"", bytearray(), True, np.True_, None, ..., int, slice(1), range(2), math, np.dtype(int), math.sin,
    lambda: 1, np.sin, [].append, Color.RED, Size.BIG, np.array(["a"]), np.array([True]), np.array(["2020"], "M8[D]"),
    np.datetime64("2020"), set(), frozenset({"a", None}), threading.Event(),
]  # fmt: skip
UNKNOWN = [object(), iter([]), memoryview(b""), {1.0, 2.0}, type("Strange", (), {})()]


@pytest.mark.parametrize("x", VARYING, ids=repr)
def test_numbers_and_structures_vary(x):
    assert varies(x)


@pytest.mark.parametrize("x", CONSTANT, ids=lambda x: type(x).__name__)
def test_text_and_the_like_is_constant(x):
    assert not varies(x)


@pytest.mark.parametrize("x", UNKNOWN, ids=lambda x: type(x).__name__)
def test_of_everything_else_nobody_knows_and_it_is_refused_where_a_number_is_needed(x):
    refused = {
        "argument": lambda: grad(lambda d: 1.0)({"a": [1.0, x]}),
        "value": lambda: jacobian(lambda t: {"a": [t, x]})(1.0),
        "": lambda: zero_like({"a": [1.0, x]}),
    }
    for where, operation in refused.items():
        with pytest.raises(UnknownTypeError, match=f"{type(x).__name__}(?s:.*)register_structure") as info:
            operation()
        assert str(info.value).endswith(f"in {where}['a'][1]")
    with pytest.raises(UnknownTypeError, match=type(x).__name__):
        init_diff(Record(1.0, x)).x.backprop(1.0)


@pytest.mark.parametrize("x", UNKNOWN, ids=lambda x: type(x).__name__)
def test_what_nobody_knows_is_carried_along_where_no_number_is_needed(x):
    assert map_leaves(lambda leaf: leaf, [1.0, x])[1] is x
    (_, aux), slope = value_and_grad(lambda t: (t * t, {"data": x, "t": [t]}), has_aux=True)(3.0)
    assert (aux["data"], aux["t"], slope) == (x, [3.0], 6.0)
    static = make_dataclass("Static", [("w", float), ("x", Any, field(metadata={"static": True}))])
    assert grad(lambda s: s.w**2)(static(3.0, x)).x is x


def test_a_quick_look_for_floats():
    assert only_floats([1.0, 2.0])
    assert only_floats(())
    assert not only_floats([1.0, 2])
    assert not only_floats(Shelf([1.0]))
    assert not only_floats([np.float64(1.0)])
    assert not only_floats(Point(1.0))


def test_an_error_in_a_part_says_in_which():
    def refuse(part):
        if part == 5.0:
            raise RevDiffError("here")
        return map_leaves(refuse, part) if isinstance(part, list | dict) else part

    x = {"a": [1.0, {3: 5.0}]}
    with pytest.raises(RevDiffError, match=r"here(?s:.*)in \['a'\]") as info:
        over_parts(refuse, x, STRUCTURES.find(dict))
    assert info.value.where.startswith("['a']")


def test_a_cotangent_with_other_parts_is_refused():
    for x, wrong in [
        ([1.0], (1.0,)), ([1.0], [1.0, 2.0]), ((1.0,), [1.0]), ({"a": 1.0}, {"b": 1.0}), (Record(1.0), Point(1.0)),
        (Point(1.0), (1.0,)), (deque([1.0]), [1.0]), ({"a": [1.0]}, {"a": 1.0}), (Record([1.0]), Record([])),
    ]:  # fmt: skip
        with pytest.raises(MismatchError, match="a cotangent has the form of its value"):
            list(leaves_beside(x, wrong))
    assert list(leaves_beside(Point(1.0), (5.0, 6.0))) == [5.0, 6.0]


def test_a_registered_structure_is_one_in_every_walk():
    class Span:
        def __init__(self, low, high, unit):
            self.low, self.high, self.unit = low, high, unit

        def __eq__(self, other):
            return vars(self) == vars(other)

        __hash__ = None

    register_structure(
        Span,
        lambda s: {"low": s.low, "high": s.high},
        lambda s, parts: Span(parts["low"], parts["high"], s.unit),
        names=("low", "high"),
    )
    x = Span(1.0, [2.0], "m")
    assert list(leaves(x)) == [1.0, 2.0]
    assert zero_like(x) == Span(0.0, [0.0], "m")
    assert add(x, x) == Span(2.0, [4.0], "m")
    assert grad(lambda s: s.low * s.high[0])(x) == Span(2.0, [1.0], "m")
    with pytest.raises(RevDiffError, match=r"an object(?s:.*)in argument\.high\[0\]"):
        grad(lambda s: s.low)(Span(1.0, [object()], "m"))


@pytest.mark.parametrize("content", [None, "text", True])
def test_what_is_constant_in_a_registered_structure_is_constant(content):
    class Slot:
        def __init__(self, content):
            self.content = content

    register_structure(Slot, lambda s: {"content": s.content}, lambda s, parts: Slot(parts["content"]))
    x = [2.0, Slot(content)]
    assert grad(lambda p: p[0] ** 2)(x)[1].content is content
    assert hessian(lambda p: p[0] ** 2)(x)[0][1].content is content
    assert jacobian(lambda t: [t, Slot(content)])(1.0)[1].content is content
    assert revdiff.vjp(lambda p: p, x)[1](x)[1].content is content
    assert revdiff.join(revdiff.split(init_diff(x))).value[1].content is content


def test_a_cotangent_of_another_type_needs_both_directions():
    with pytest.raises(TypeError, match="give both cotangent= and spread=, or neither"):
        register_structure(type("T", (), {}), dict, dict, cotangent=dict)


def test_a_class_may_be_registered_after_it_was_met_and_subclasses_follow():
    class Late:
        def __init__(self, x):
            self.x = x

    class Later(Late):
        pass

    with pytest.raises(UnknownTypeError, match="a Later"):
        grad(lambda s: s.x)(Later(1.0))
    register_structure(Late, lambda s: {"x": s.x}, lambda s, parts: type(s)(parts["x"]), names=("x",))
    g = grad(lambda s: s.x**2)(Later(3.0))
    assert (type(g), g.x) == (Later, 6.0)


def test_a_dataclass_that_is_registered_is_taken_apart_as_it_was_registered():
    kind = make_dataclass("Half", [("x", float), ("y", float)])
    register_structure(kind, lambda h: {"x": h.x}, lambda h, parts: kind(parts["x"], h.y), names=("x",))
    assert grad(lambda h: h.x**2 * h.y)(kind(3.0, 5.0)) == kind(30.0, 5.0)


def test_a_record_keeps_what_it_was_given_beside_its_fields():
    @dataclass
    class Noted:
        x: float
        tags: list = field(default_factory=list, metadata={"static": True})

    x = Noted(3.0, ["a", 1.0])
    x.note = {"deep": object()}
    built = map_leaves(lambda leaf: leaf * 2, x)
    assert (built.x, built.tags, built.note) == (6.0, ["a", 1.0], x.note)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble, np.complex64, np.complex128])
def test_zeros_in_structures_keep_shape_and_dtype(dtype):
    zero = zero_like({"a": [np.ones((2, 0, 3), dtype), dtype(1)]})["a"]
    assert (zero[0].shape, zero[0].dtype, zero[1].dtype, zero[1]) == ((2, 0, 3), dtype, dtype, 0)
