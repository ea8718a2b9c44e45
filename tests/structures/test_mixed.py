"""Structures of all shapes within one another, against central differences that know nothing of structures.

A structure is flattened to its numbers by a walk that is written here. A function of a structure is a
function of these numbers, and of that mpmath takes the differences.
"""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revdiff import (
    FiniteSupportStream,
    Stream,
    grad,
    hessian,
    hvp,
    init_diff,
    jacobian,
    join,
    jvp,
    register_structure,
    sin,
    split,
    value_and_grad,
    value_grad_hessian,
    vjp,
)


@dataclass
class Record:
    left: Any
    right: Any
    name: str = "record"
    _private: float = 7.0


@dataclass(frozen=True, slots=True)
class Frozen:
    value: Any
    kind: Any = field(default=math.sin, metadata={"static": True})


class Pair(NamedTuple):
    first: Any
    second: Any
    label: str = "pair"


class Table(OrderedDict):
    """A dictionary with a class of its own."""


class Shelf(list):
    """A list with a class of its own."""


class Box:
    """A class that is registered."""

    def __init__(self, content, note):
        self.content, self.note = content, note


register_structure(
    Box, lambda b: {"content": b.content}, lambda b, parts: Box(parts["content"], b.note), names=("content",)
)


# --------------------------------------------------------------------------------- the walk, and its way back


def inside(x):
    """List what a structure holds where it may vary."""
    match x:
        case Record():
            return [x.left, x.right]
        case Frozen():
            return [x.value]
        case Box():
            return [x.content]
        case Pair():
            return [x.first, x.second]
        case dict():
            return list(x.values())
        case list() | tuple() | deque():
            return list(x)
    return None


def flat(x):
    """List the numbers in a structure, those of arrays one by one."""
    held = inside(x)
    if held is not None:
        return [number for part in held for number in flat(part)]
    if x is None or isinstance(x, str):
        return []
    return [x[index] for index in np.ndindex(x.shape)] if np.ndim(getattr(x, "value", x)) else [x]


def entry(x, index):
    """Return the structure of what the arrays in a structure hold at an index."""
    held = inside(x)
    return x[index] if held is None else [entry(part, index) for part in held if not isinstance(part, str | None)]


def rows(x, second):
    """List the rows of a Hessian, which has the structure of x and in it the structure of x again."""
    held = inside(x)
    if held is not None:
        return [row for part, of_part in zip(held, inside(second), strict=True) for row in rows(part, of_part)]
    if x is None or isinstance(x, str):
        return []
    return [flat(entry(second, index)) for index in np.ndindex(x.shape)] if np.ndim(x) else [flat(second)]


def assert_same_form(actual, x):
    """The same classes, keys, constants, shapes and dtypes all the way down."""
    assert type(actual) is type(x)
    held = inside(x)
    if held is None:
        if isinstance(x, np.ndarray):
            assert (actual.shape, actual.dtype) == (x.shape, x.dtype)
        elif x is None or isinstance(x, str):
            assert actual == x
        return
    if isinstance(x, dict):
        assert list(actual) == list(x)
    for name in ("name", "_private", "kind", "label", "note"):
        assert getattr(actual, name, None) == getattr(x, name, None)
    for of_actual, of_x in zip(inside(actual), held, strict=True):
        assert_same_form(of_actual, of_x)


def curve(numbers, sine):
    """A function of all numbers, of all orders: Σ sin(xᵢ) xᵢ₊₁² + x₀ Π cos-like terms of its neighbours."""
    total = 0.0 * numbers[0]
    for i, x in enumerate(numbers):
        y = numbers[(i + 1) % len(numbers)]
        total = total + sine(x) * y * y + sine(x * y)
    return total


def of_structure(x):
    return curve(flat(x), sin)


def differences(numbers):
    """Return the gradient and the Hessian of the curve by central differences in many digits."""
    n = len(numbers)
    with mpmath.workdps(50):
        at, h = [mpmath.mpf(float(x)) for x in numbers], mpmath.mpf(10) ** -12

        def f(*steps):
            moved = list(at)
            for i, sign in steps:
                moved[i] += sign * h
            return curve(moved, mpmath.sin)

        gradient = [float((f((i, 1)) - f((i, -1))) / (2 * h)) for i in range(n)]
        second = [
            [
                float((f((i, 1), (j, 1)) - f((i, 1), (j, -1)) - f((i, -1), (j, 1)) + f((i, -1), (j, -1))) / (4 * h * h))
                for j in range(n)
            ]
            for i in range(n)
        ]
    return np.array(gradient), np.array(second)


numbers = st.floats(-2.0, 2.0, allow_subnormal=False).map(lambda x: round(x, 3))
arrays = st.lists(numbers, min_size=1, max_size=2).map(np.array) | numbers.map(lambda x: np.array([[x]]))
leaves = numbers | numbers | arrays | st.none() | st.just("text")


def containers(parts):
    return st.one_of(
        st.lists(parts, max_size=2),
        st.lists(parts, max_size=2).map(tuple),
        st.lists(parts, max_size=2).map(deque),
        st.lists(parts, min_size=1, max_size=2).map(Shelf),
        st.dictionaries(st.sampled_from(["a", 1, (2, 3)]), parts, max_size=2),
        st.dictionaries(st.sampled_from("xyz"), parts, max_size=2).map(Table),
        st.builds(Record, parts, parts),
        st.builds(Frozen, parts),
        st.builds(Pair, parts, parts),
        st.builds(Box, parts, st.just("note")),
    )


structures = st.recursive(leaves, containers, max_leaves=8).filter(lambda x: inside(x) is not None and flat(x))


@given(structures)
@settings(max_examples=60)
def test_gradient_and_hessian_of_any_structure_agree_with_differences(x):
    gradient, second = differences(flat(x))
    g = grad(of_structure)(x)
    assert_same_form(g, x)
    np.testing.assert_allclose(np.array(flat(g), float), gradient, rtol=1e-9, atol=1e-9)
    value, again, h = value_grad_hessian(of_structure)(x)
    assert float(value) == pytest.approx(float(of_structure(x)))
    np.testing.assert_allclose(np.array(flat(again), float), gradient, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(np.array(rows(x, h), float), second, rtol=1e-8, atol=1e-8)


@given(structures, st.randoms())
@settings(max_examples=40)
def test_derivatives_along_a_direction_agree_with_differences(x, random):
    gradient, second = differences(flat(x))
    direction = [round(random.uniform(-1, 1), 3) for _ in gradient]

    def like(x, taken):
        """Build a tangent for x, by hand."""
        match x:
            case Record():
                return Record(like(x.left, taken), like(x.right, taken))
            case Frozen():
                return Frozen(like(x.value, taken))
            case Box():
                return Box(like(x.content, taken), x.note)
            case Pair():
                return Pair(like(x.first, taken), like(x.second, taken))
            case dict():
                return type(x)((key, like(value, taken)) for key, value in x.items())
            case list() | tuple() | deque():
                return type(x)(like(part, taken) for part in x)
            case np.ndarray():
                return np.array([next(taken) for _ in range(x.size)]).reshape(x.shape)
            case None | str():
                return x
        return next(taken)

    v = like(x, iter(direction))
    moved = hvp(of_structure, (x,), (v,))
    assert_same_form(moved, x)
    np.testing.assert_allclose(np.array(flat(moved), float), second @ direction, rtol=1e-8, atol=1e-8)
    _, slope = jvp(of_structure, (x,), (v,))
    assert float(slope) == pytest.approx(gradient @ direction, rel=1e-9, abs=1e-9)


@given(structures)
@settings(max_examples=40)
def test_splitting_and_joining_undo_each_other(x):
    r = init_diff(x)
    pieces = split(r)
    assert_same_form(join(pieces).value, x)
    g = of_structure(split(join(pieces))).backprop(1.0)
    assert_same_form(g, x)
    np.testing.assert_array_equal(np.array(flat(g), float), np.array(flat(grad(of_structure)(x)), float))
    np.testing.assert_array_equal(np.array(flat(join(pieces).backprop(x)), float), np.array(flat(x), float))


@given(structures)
@settings(max_examples=40)
def test_the_pullback_and_the_jacobian_of_the_identity(x):
    value, pullback = vjp(lambda x: x, x)
    assert_same_form(value, x)
    assert_same_form(pullback(x), x)
    np.testing.assert_array_equal(np.array(flat(pullback(x)), float), np.array(flat(x), float))
    identity = rows(x, jacobian(lambda x: x)(x))
    np.testing.assert_array_equal(np.array(identity, float), np.eye(len(identity)))


# --------------------------------------------------------------------- six levels, with streams and manifolds


def deep():
    return Record(
        [
            {
                "layers": (
                    Frozen(Pair(np.array([0.5, -1.5]), Table(bias=0.25, note="text"))),
                    None,
                    deque([Box([1.25], "note")]),
                ),
                3: -0.75,
            }
        ],
        Shelf([0.3]),
    )


def test_a_structure_of_depth_six_with_all_shapes():
    x = deep()
    gradient, second = differences(flat(x))
    g = grad(of_structure)(x)
    assert_same_form(g, x)
    np.testing.assert_allclose(np.array(flat(g), float), gradient, rtol=1e-9)
    np.testing.assert_allclose(np.array(rows(x, hessian(of_structure)(x)), float), second, rtol=1e-8, atol=1e-8)


def test_the_same_through_one_revdiff_of_the_whole():
    x = deep()
    r = init_diff(x)
    layers = r.left[0]["layers"]
    pair = layers[0]["value"]  # r.value is what the RevDiff holds
    read = [
        pair.first[0], pair.first[1], pair.second["bias"], layers[2][0].content[0], r["left"][0][3], r[1][0]
    ]  # fmt: skip
    g = curve(read, sin).backprop(1.0)
    assert_same_form(g, x)
    np.testing.assert_allclose(np.array(flat(g), float), differences(flat(x))[0], rtol=1e-9)


def with_streams(d):
    """Read two elements of each stream, one level under another."""
    finite, endless = d["model"].left[0]["finite"], d["model"].left[0]["endless"]
    first = finite[1].left["w"]
    beyond = finite[3].left["w"]
    inner = endless[1][2]
    tail = endless.tail.tail.head[0]
    return [first[0], first[1], beyond[0], beyond[1], inner, tail, d["model"].right.first]


def test_streams_of_records_in_records_of_streams():
    def built(numbers):
        a, b, c, d, e, f, g = numbers
        finite = FiniteSupportStream(
            [Record({"w": np.zeros(2)}, 0.0), Record({"w": np.array([a, b])}, 0.0)], Record({"w": np.zeros(2)}, 0.0)
        )
        if c or d:
            raise ValueError
        endless = Stream.tabulate(lambda i: (f if i == 2 else 0.0, "n", e if i == 1 else 0.0))
        return {"model": Record([{"finite": finite, "endless": endless}], Pair(g, None))}

    at = [0.5, -1.0, 0.0, 0.0, 0.75, 1.25, -0.5]
    gradient, second = differences(at)
    f = lambda d: curve(with_streams(d), sin)
    g = grad(f)(built(at))
    assert type(g["model"]) is Record
    finite, endless = g["model"].left[0]["finite"], g["model"].left[0]["endless"]
    assert type(finite) is Stream
    assert type(endless) is FiniteSupportStream
    assert endless.support_length == 3
    np.testing.assert_allclose(np.array(with_streams(g), float), gradient, rtol=1e-9)
    h = hessian(f)(built(at))
    np.testing.assert_allclose(np.array(with_streams(h["model"].right.first), float), second[6], rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(
        np.array(with_streams(h["model"].left[0]["endless"][1][2]), float), second[4], rtol=1e-8, atol=1e-8
    )


def test_values_of_all_shapes_at_once():
    f = lambda t: Record([{"a": (t, Pair(t * t, None))}], Table(b=Box(deque([t**3, "x"]), "note")))
    derivative = jacobian(f)(2.0)
    assert_same_form(derivative, f(1.0))
    assert flat(derivative) == [1.0, 4.0, 12.0]
    second = jacobian(jacobian(f))(2.0)
    assert flat(second) == [0.0, 2.0, 12.0]
    value, pullback = vjp(f, 2.0)
    assert_same_form(value, f(1.0))
    y_bar = Record([{"a": (1.0, Pair(10.0, None))}], Table(b=Box(deque([100.0, "x"]), "note")))
    assert pullback(y_bar) == 1.0 + 40.0 + 1200.0
    (_, aux), g = value_and_grad(lambda t: (t**2, f(t)), has_aux=True)(2.0)
    assert g == 4.0
    assert_same_form(aux, f(1.0))
    assert flat(aux) == [2.0, 4.0, 8.0]
