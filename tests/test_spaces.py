"""Types of tangents and cotangents: a table, the laws over random types, agreement with values, and what is refused."""

# ruff: noqa: UP006, UP007, UP044, UP045 (older spellings of the same types)

from __future__ import annotations

import collections
import collections.abc
import datetime as dt
import numbers
import pathlib
import sys
import typing
from collections import OrderedDict, defaultdict, deque
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Annotated, Any, Generic, NamedTuple, NewType, Optional, TypedDict, TypeVar, Union

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import revdiff
from revdiff import RevDiffError, UnsupportedValueError, register_number_system, register_structure, zero_like
from revdiff.core.cotangents import register_monoid
from revdiff.spaces import (
    cotangent_type,
    dual_type,
    register_dual_type,
    register_tangent_type,
    tangent_type,
)
from revdiff.streams.finite import FiniteSupportStream
from revdiff.streams.stream import Stream

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


@dataclass
class Box(Generic[T]):
    inside: T


class Pair(NamedTuple, Generic[T]):
    first: T
    second: T


class Settings(TypedDict):
    rate: float


class Colour(Enum):
    RED = 1


class Length(float):
    pass


class Table(dict[K, V], Generic[V, K]):
    """A dictionary whose parameters are in another order."""


class Clock:
    """A point on a circle: the difference of two is a number."""


class Unheard:
    """A class that nobody registered."""


Metres = NewType("Metres", float)

register_tangent_type(Clock, float)

SAME = [
    float, int, complex, bool, str, bytes, None, type(None), object, Any, T, typing.LiteralString, Fraction, Decimal,
    mpmath.mpf, mpmath.mpc, np.float64, np.float32, np.complex64, np.longdouble, np.floating[Any], np.bool_, np.str_,
    np.timedelta64, sympy.Expr, np.ndarray, NDArray[np.float32], NDArray[Any], np.dtype, Length, numbers.Real,
    revdiff.RevDiff,
    tuple, tuple[()], tuple[float, ...], tuple[float, complex], tuple[int, *tuple[float, ...]], list, list[float],
    typing.List, typing.List[float], typing.Tuple[float, int], dict[str, float], dict, deque[float], OrderedDict[str, float],
    collections.Counter[str], defaultdict[str, list[float]], collections.abc.Sequence[float], typing.Sequence[float],
    collections.abc.Mapping[str, float], collections.abc.Iterable[float],
    Box, Box[float], Box[Box[float]], Pair[float], Settings, Table[float, str],
    float | None, Optional[float], Union[float, complex], Annotated[float, "metres"], Annotated[list[float], {}],
    collections.abc.Callable[[int], float], collections.abc.Callable, typing.Callable, revdiff.DifferentiableFunc, type[int], type, Colour, slice, range, typing.Literal["a", 1],
    dt.date, pathlib.Path, set[str], frozenset, typing.Self, type(len),
]  # fmt: skip


@pytest.mark.parametrize("function", [tangent_type, dual_type, cotangent_type])
@pytest.mark.parametrize("kind", SAME, ids=str)
def test_its_own_tangents_and_cotangents(kind, function):
    assert function(kind) == kind


@pytest.mark.parametrize(
    ("kind", "tangent", "cotangent"),
    [
        (Stream, Stream, FiniteSupportStream),
        (FiniteSupportStream, FiniteSupportStream, Stream),
        (tuple[float, Stream], tuple[float, Stream], tuple[float, FiniteSupportStream]),
        (dict[Clock, list[Stream]], dict[Clock, list[Stream]], dict[Clock, list[FiniteSupportStream]]),
        (Clock, float, float),
        (tuple[Clock, ...], tuple[float, ...], tuple[float, ...]),
        (typing.List[Clock], list[float], list[float]),
        (Box[Clock], Box[float], Box[float]),
        (Pair[Stream], Pair[Stream], Pair[FiniteSupportStream]),
        (Table[Clock, Clock], Table[float, Clock], Table[float, Clock]),
        (typing.Mapping[Clock, Clock], collections.abc.Mapping[Clock, float], collections.abc.Mapping[Clock, float]),
        (Clock | None, float | None, float | None),
        (Clock | float | None, float | None, float | None),
        (Union[Clock, float], float, float),
        (Annotated[Clock, "local", 3], Annotated[float, "local", 3], Annotated[float, "local", 3]),
        (tuple[int, *tuple[Clock, ...]], tuple[int, *tuple[float, ...]], tuple[int, *tuple[float, ...]]),
        (
            tuple[int, typing.Unpack[tuple[Clock, ...]]],
            tuple[int, typing.Unpack[tuple[float, ...]]],
            tuple[int, typing.Unpack[tuple[float, ...]]],
        ),
        (Metres, float, float),
        (list[Metres], list[float], list[float]),
        (np.int64, np.float64, np.float64),
        (np.integer[Any], np.float64, np.float64),
        (np.matrix, np.ndarray, np.ndarray),
        (np.ma.MaskedArray[Any, np.dtype[np.int8]], *[np.ndarray[Any, np.dtype[np.float64]]] * 2),
        (NDArray[np.uint8], NDArray[np.float64], NDArray[np.float64]),
        (sympy.Symbol, sympy.Expr, sympy.Expr),
        (sympy.Integer, sympy.Expr, sympy.Expr),
    ],
    ids=str,
)
def test_types_whose_tangents_are_of_another_type(kind, tangent, cotangent):
    assert tangent_type(kind) == tangent
    assert cotangent_type(kind) == cotangent


def test_the_arguments_of_streams_are_mapped_too():
    assert cotangent_type(tuple[float, Stream[float]]) == tuple[float, FiniteSupportStream[float]]
    assert tangent_type(Stream[Clock]) == Stream[float]
    assert (
        cotangent_type(Stream[tuple[Clock, Stream[float]]])
        == (FiniteSupportStream[tuple[float, FiniteSupportStream[float]]])
    )
    assert dual_type(FiniteSupportStream[float]) == Stream[float]


def test_annotations_are_kept_as_they_are():
    units = ["metres", {"per": "second"}]
    (kind, *kept) = typing.get_args(cotangent_type(Annotated[Clock, *units]))
    assert kind is float
    assert all(a is b for a, b in zip(kept, units, strict=True))


def test_a_class_of_attrs_is_a_record():
    attrs = pytest.importorskip("attrs")

    @attrs.define
    class Layer(Generic[T]):
        weight: T
        name: str = "dense"

    assert cotangent_type(Layer) is Layer
    assert cotangent_type(Layer[Clock]) == Layer[float]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type statements came with Python 3.12")
def test_a_type_alias_stands_for_its_value():
    names: dict[str, Any] = {"Clock": Clock}
    exec(
        "type Hand = Clock\n"
        "type Point = tuple[float, float]\n"
        "type Both[A, B] = tuple[B, A, list[A]]\n"
        "type Table[K, V] = dict[K, tuple[V, Clock]]\n"
        "type Tree = tuple[float, list[Tree]]",
        names,
    )
    hand, point, both, table = names["Hand"], names["Point"], names["Both"], names["Table"]
    assert tangent_type(list[hand]) == list[float]
    assert cotangent_type(point) is point
    assert cotangent_type(both[Stream, Clock]) == both[FiniteSupportStream, float]
    assert cotangent_type(table[Unheard, float]) == dict[Unheard, tuple[float, float]]
    with pytest.raises(RevDiffError, match="the type alias Tree is defined by itself"):
        tangent_type(names["Tree"])


# ---------------------------------------------------------------------- laws, over random types

LEAVES = [
    float, int, complex, Fraction, Decimal, mpmath.mpf, np.float64, np.float32, np.int16, sympy.Expr, sympy.Symbol, str,
    bool, None, Any, T, Clock, Stream, FiniteSupportStream, NDArray[np.float64], NDArray[np.int64], Metres,
]  # fmt: skip
MAKE = [
    lambda a, b: tuple[a, b],
    lambda a, b: tuple[a, ...],
    lambda a, b: list[b],
    lambda a, b: dict[Unheard, a],
    lambda a, b: deque[a],
    lambda a, b: Box[a],
    lambda a, b: Pair[b],
    lambda a, b: Table[a, Unheard],
    lambda a, b: Union[a, b],
    lambda a, b: Optional[a],
    lambda a, b: Annotated[a, "note"],
    lambda a, b: collections.abc.Sequence[a],
    lambda a, b: typing.Mapping[str, a],
]


def types(leaves=LEAVES):
    return st.recursive(
        st.sampled_from(leaves),
        lambda inner: st.builds(lambda make, a, b: make(a, b), st.sampled_from(MAKE), inner, inner),
        max_leaves=8,
    )


@given(types())
def test_tangents_of_tangents_are_tangents(kind):
    assert tangent_type(tangent_type(kind)) == tangent_type(kind)


@given(types([leaf for leaf in LEAVES if leaf is not Clock]))
def test_the_dual_of_the_dual_is_the_space(kind):
    space = tangent_type(kind)
    assert dual_type(dual_type(space)) == space


@given(types())
def test_a_cotangent_is_a_linear_function_on_tangents(kind):
    assert cotangent_type(kind) == dual_type(tangent_type(kind))


@given(types([float, complex, np.float32, str, bool, None, Any, T, NDArray[np.float64]]))
def test_without_streams_and_whole_numbers_everything_stays(kind):
    assert cotangent_type(kind) == kind


# ---------------------------------------------------------------------- agreement with values

small = st.integers(-9, 9)
Scalar = TypeVar("Scalar", bound=np.generic)
array_of = np.ndarray[Any, np.dtype[Scalar]]
VALUES = {
    float: st.floats(-9, 9),
    int: small,
    complex: st.builds(complex, small, small),
    Fraction: st.fractions(max_denominator=9),
    Decimal: small.map(Decimal),
    mpmath.mpf: small.map(mpmath.mpf),
    np.float64: small.map(np.float64),
    np.float32: small.map(np.float32),
    np.int16: small.map(np.int16),
    sympy.Expr: small.map(lambda n: n * sympy.Symbol("x")),
    sympy.Symbol: st.just(sympy.Symbol("x")),
    str: st.text(max_size=3),
    bool: st.booleans(),
    None: st.none(),
    Any: st.floats(-9, 9),
    Metres: st.floats(-9, 9),
    array_of[np.float64]: small.map(lambda n: np.full(3, n, np.float64)),
    array_of[np.int64]: small.map(lambda n: np.full((2, 2), n, np.int64)),
    array_of[np.complex64]: small.map(lambda n: np.full(2, n, np.complex64)),
}


@st.composite
def typed_values(draw, depth=4):
    """A value and a type that it is of."""
    make = draw(st.integers(0, 8 if depth else 0))
    if make == 0:
        kind = draw(st.sampled_from(list(VALUES)))
        return kind, draw(VALUES[kind])
    a, x = draw(typed_values(depth - 1))
    b, y = draw(typed_values(depth - 1))
    return [
        (tuple[a, b], (x, y)),
        (tuple[a, ...], (x,) * draw(st.integers(0, 3))),
        (list[a], [x, x]),
        (dict[str, a], {"a": x}),
        (deque[b], deque([y])),
        (Box[a], Box(x)),
        (Pair[a], Pair(x, x)),
        (Union[a, b], x),
    ][make - 1]


def belongs(x, kind):
    """Tell whether a value is of a type."""
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if kind is Any:
        return True
    if origin in (Union, type(int | str)):
        return any(belongs(x, arm) for arm in args)
    if origin is np.ndarray:
        return isinstance(x, np.ndarray) and np.dtype(typing.get_args(args[1])[0]) == x.dtype
    if origin is tuple:
        args = (args[0],) * len(x) if len(args) == 2 and args[1] is ... else args
        return type(x) is tuple and len(x) == len(args) and all(map(belongs, x, args))
    if origin in (list, deque):
        return type(x) is origin and all(belongs(e, args[0]) for e in x)
    if origin is dict:
        return type(x) is dict and all(belongs(k, args[0]) and belongs(e, args[1]) for k, e in x.items())
    if origin is Box:
        return type(x) is Box and belongs(x.inside, args[0])
    if origin is Pair:
        return type(x) is Pair and all(belongs(e, args[0]) for e in x)
    return x is None if kind is None else isinstance(x, kind)


@given(typed_values())
def test_zeros_are_of_the_cotangent_type(typed):
    kind, x = typed
    assert belongs(zero_like(x), cotangent_type(kind))


@given(st.lists(typed_values(), min_size=1, max_size=3))
def test_gradients_are_of_the_cotangent_type(typed):
    kind, x = tuple[(float, *[kind for kind, _ in typed])], (2.0, *[x for _, x in typed])
    gradient = revdiff.grad(lambda p: p[0] * p[0])(x)
    assert gradient[0] == 4.0
    assert belongs(gradient, cotangent_type(kind))


# ---------------------------------------------------------------------- registrations


def test_what_is_registered_elsewhere_needs_no_second_registration():
    class Interval:
        def __init__(self, low, high):
            self.low, self.high = low, high

    class Clifford:
        pass

    class Counts:
        pass

    for kind in (Interval, Clifford, Counts):
        with pytest.raises(UnsupportedValueError):
            cotangent_type(kind)
    register_structure(Interval, vars, lambda x, parts: Interval(**parts))
    register_number_system(Clifford, {}, zero=lambda x: x, one=lambda x: x)
    register_monoid(Counts, zero=lambda x: x, one=lambda x: x)
    for kind in (Interval, Clifford, Counts):
        assert cotangent_type(kind) is kind


def test_a_registration_counts_for_subclasses_and_may_be_overridden_by_one():
    class Wrist(Clock):
        pass

    class Tower(Clock):
        pass

    register_tangent_type(Tower, complex)
    assert (tangent_type(Wrist), tangent_type(Tower)) == (float, complex)


def test_a_registered_function_receives_the_type_arguments():
    class Curve(Generic[K, V]):
        pass

    class Measure(Generic[K, V]):
        pass

    met = []
    register_tangent_type(Curve, lambda args: met.append(args) or Curve)
    register_dual_type(Curve, lambda args: Measure)
    assert cotangent_type(Curve) is Measure
    assert cotangent_type(Curve[str, Clock]) is Measure
    assert met == [(), (str, Clock)]


@pytest.mark.parametrize("tangent", [list[float], float | None, None, Any, T, Annotated[float, "per day"]])
def test_any_type_that_can_be_written_may_be_registered(tangent):
    class Calendar:
        pass

    register_tangent_type(Calendar, tangent)
    assert tangent_type(list[Calendar]) == list[tangent]


# ---------------------------------------------------------------------- what is refused


@pytest.mark.parametrize("function", [tangent_type, dual_type, cotangent_type])
def test_an_unknown_type_is_named_with_its_place_and_the_ways_out(function):
    with pytest.raises(UnsupportedValueError) as caught:
        function(tuple[float, dict[str, Box[Unheard]]])
    text = str(caught.value)
    assert "Unheard are.\n" in text
    assert "make Unheard a dataclass, or revdiff.register_structure(Unheard, …)" in text
    assert "revdiff.register_number_system(Unheard, …)" in text
    assert text.endswith("\n  in tuple[1], dict[1], Box[0]")
    assert f"revdiff.register_{'dual' if function is dual_type else 'tangent'}_type(Unheard, …)" in text


def test_the_place_within_a_union_and_within_a_stream_is_named():
    with pytest.raises(UnsupportedValueError, match=r"\n  in list\[0\], Union\[1\]$"):
        tangent_type(list[float | Unheard])
    with pytest.raises(UnsupportedValueError, match=r"\n  in tuple\[1\], Stream$"):
        tangent_type(tuple[float, Stream[Unheard]])


def test_a_structure_with_other_cotangents_must_say_which():
    class Angle:
        def __init__(self, degrees):
            self.degrees = degrees

    register_structure(
        Angle,
        lambda x: {"degrees": x.degrees},
        lambda x, parts: Angle(parts["degrees"]),
        cotangent=lambda x, parts: parts["degrees"],
        spread=lambda x, x_bar: {"degrees": x_bar},
    )
    assert zero_like(Angle(90.0)) == 0.0
    with pytest.raises(UnsupportedValueError, match="cotangents of another type") as caught:
        cotangent_type(list[Angle])
    assert "revdiff.register_tangent_type(Angle, …)" in str(caught.value)
    register_tangent_type(Angle, float)
    assert cotangent_type(list[Angle]) == list[float]


@pytest.mark.parametrize("kind", [set[float], set[tuple[str, int]], collections.abc.Iterator[float]])
def test_what_has_no_places_is_refused(kind):
    with pytest.raises(UnsupportedValueError, match="nothing says what the tangents of"):
        tangent_type(kind)


@pytest.mark.parametrize(("kind", "place"), [("list[float]", ""), (list["Box"], "list[0]"), (Box["float"], "Box[0]")])
def test_text_is_no_type(kind, place):
    with pytest.raises(UnsupportedValueError, match="tangent_type takes a type; met the text") as caught:
        tangent_type(kind)
    assert place in str(caught.value)


@pytest.mark.parametrize(
    ("met", "shown"), [(3.0, "a float"), ([float], "a list"), (typing.Final[float], r"typing\.Final\[float\]")]
)
def test_a_value_is_no_type(met, shown):
    with pytest.raises(UnsupportedValueError, match=f"takes a type of values; met {shown}"):
        cotangent_type(met)
