"""The checks for users: what is lawful passes, and every broken law is named, with its place."""

from __future__ import annotations

import math
import re
from collections import Counter, OrderedDict, defaultdict, deque
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, NamedTuple

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import revdiff
from revdiff import (
    ArgumentError,
    FiniteSupportStream,
    Lens,
    Stream,
    UnitVector,
    UnsupportedValueError,
    array_arg,
    array_val,
    auto_val,
    const_diff,
    cos,
    exp,
    finite_support_stream_arg,
    finite_support_stream_val,
    mapping_arg,
    mapping_val,
    optional_arg,
    optional_val,
    primitive,
    record_arg,
    record_val,
    register_manifold,
    register_monoid,
    register_number_system,
    register_structure,
    register_tangent_type,
    scalar_arg,
    scalar_val,
    sequence_arg,
    sequence_val,
    sin,
    split,
    stop_gradient,
    stream_arg,
    stream_val,
    to_lens,
    tuple_arg,
    tuple_val,
    vector_arg,
    vector_val,
)
from revdiff.core.errors import LawError, MismatchError, RevDiffError
from revdiff.testing import check_descriptor, check_grads, check_lens, check_monoid, register_motion


def broken(law, place, check, *args, **options):
    """Run a check that must fail, and return the text of the error."""
    with pytest.raises(LawError) as caught:
        check(*args, **options)
    text = str(caught.value)
    assert text.startswith(law), text
    assert text.endswith(f"\n  in {place}"), text
    return text


# ---------------------------------------------------------------------- what is lawful passes


class Point(NamedTuple):
    x: Any
    y: Any


@dataclass
class Layer:
    weight: Any
    bias: Any
    name: str = "dense"
    activation: Any = math.tanh


@dataclass(frozen=True)
class Frozen:
    inside: Any
    static: Any = field(default=3.0, metadata={"static": True})


class Colour(Enum):
    RED = 1


class Plain:
    def __init__(self, low, high):
        self.low, self.high = low, high


class Angle:
    def __init__(self, degrees):
        self.degrees = degrees


class Positive:
    """A number whose derivatives are taken by its logarithm: the cotangent is x̄ · x."""

    def __init__(self, x):
        self.x = x


register_structure(Plain, vars, lambda x, parts: Plain(**parts), names=("low", "high"))
register_structure(
    Angle,
    lambda x: {"degrees": x.degrees},
    lambda x, parts: Angle(parts["degrees"]),
    cotangent=lambda x, parts: parts["degrees"],
    spread=lambda x, x_bar: {"degrees": x_bar},
)
register_structure(
    Positive,
    lambda p: {"x": p.x},
    lambda p, parts: Positive(parts["x"]),
    cotangent=lambda p, parts: parts["x"] * p.x,
    spread=lambda p, x_bar: {"x": x_bar / p.x},
)
register_tangent_type(Angle, float)

small = st.integers(-9, 9)
finite = st.floats(-1e3, 1e3)
shapes = st.sampled_from([(), (1,), (3,), (2, 2), (0,), (2, 0, 1)])


def arrays(dtype):
    return st.builds(
        lambda shape, n: (np.arange(math.prod(shape)).reshape(shape) * 0.7 - n).astype(dtype), shapes, small
    )


NUMBERS = {
    "float": finite,
    "int": small,
    "complex": st.builds(complex, finite, finite),
    "Fraction": st.fractions(-9, 9, max_denominator=9),
    "Decimal": small.map(Decimal),
    "mpf": small.map(mpmath.mpf),
    "mpc": st.builds(mpmath.mpc, small, small),
    "float64": finite.map(np.float64),
    "float32": small.map(np.float32),
    "int64": small.map(np.int64),
    "complex64": small.map(np.complex64),
    "longdouble": small.map(np.longdouble),
    "array": arrays(np.float64),
    "float32 array": arrays(np.float32),
    "int array": arrays(np.int64),
    "complex array": arrays(np.complex128),
    "object array": st.lists(st.fractions(-3, 3), min_size=1, max_size=3).map(lambda v: np.array(v, object)),
}
CONSTANTS = st.sampled_from([None, "text", True, math.sin, Colour.RED, b"", int])
HOLDING = [
    lambda x, y: (x, y),
    lambda x, y: [x, y],
    lambda x, y: {"x": x, 3: y},
    lambda x, y: deque([x, y], maxlen=5),
    Point,
    Layer,
    lambda x, y: Frozen((x, y)),
    lambda x, y: Plain((x,), [y]),
    lambda x, y: OrderedDict(y=y, x=x),
    lambda x, y: defaultdict(list, {"x": x, "y": y}),
    lambda x, y: (x,),
    lambda x, y: (x, Angle(2.0), Positive(3.0)),
    lambda x, y: (x, UnitVector([2.0, 1.0])),
]


def nested(leaves):
    return st.recursive(
        leaves, lambda inner: st.builds(lambda holding, x, y: holding(x, y), st.sampled_from(HOLDING), inner, inner),
        max_leaves=6,
    )  # fmt: skip


@pytest.mark.parametrize("kind", sorted(NUMBERS))
def test_every_kind_of_number_is_lawful(kind):
    @given(NUMBERS[kind])
    @settings(max_examples=20)
    def check(x):
        check_descriptor(x)

    check()


@pytest.mark.parametrize(
    "x", [np.int8(127), np.array([-128, 127], np.int8), 10**30, Decimal(10) ** 30, 1e30, 1e-30], ids=str
)
def test_large_and_small_numbers_are_lawful(x):
    check_descriptor((x, 1.0))


def test_symbols_are_checked_as_formulas():
    x = sympy.Symbol("x")
    check_descriptor(x, order=3)
    check_descriptor({"x": x, "y": [sympy.sin(x) / x, 2.0]})


@given(nested(st.one_of(CONSTANTS, *NUMBERS.values())).filter(lambda x: isinstance(x, tuple | list | dict | Plain)))
def test_nested_structures_are_lawful(x):
    check_descriptor(x)


def test_structures_nested_six_deep_are_lawful():
    x: Any = 1.5
    for holding in (*HOLDING[:9], *HOLDING[:3]):
        x = holding(x, 2)
    check_descriptor(x, order=3)


@given(nested(st.one_of(finite, small, NUMBERS["complex"], NUMBERS["float32 array"])))
@settings(max_examples=25)
def test_streams_are_lawful(x):
    check_descriptor(Stream.repeat(x))


def test_streams_beside_each_other_are_lawful():
    check_descriptor((FiniteSupportStream([1.0, 2.0]), [Stream.tabulate(float)]))


@pytest.mark.parametrize("x", [(), [], {}, None, Point((), None), Layer(None, "text"), Counter("ab")], ids=str)
def test_where_nothing_or_little_varies_there_is_little_to_check(x):
    check_descriptor(x)
    check_monoid(x)


def test_an_attrs_class_is_lawful():
    attrs = pytest.importorskip("attrs")

    @attrs.define
    class Sample:
        value: Any
        name: str = "sample"

    check_descriptor(Sample(np.ones(2)))


ARGUMENTS = [
    (scalar_arg, 1.5),
    (scalar_arg, Fraction(1, 3)),
    (array_arg, np.ones((2, 3))),
    (vector_arg, np.array([1.5, 2.0, -1.0])),
    (vector_arg, [1.5, (2.0, 1j)]),
    (tuple_arg(scalar_arg, tuple_arg), (1.5, (2.0, 3.0))),
    (tuple_arg(scalar_arg, vector_arg), (1.5, np.ones(3))),
    (sequence_arg(array_arg), [np.ones(2), np.zeros(3)]),
    (mapping_arg(scalar_arg, a=array_arg), {"a": np.ones(2), "b": 2.0}),
    (record_arg(weight=vector_arg), Layer(np.ones(2), 1.0)),
    (optional_arg, None),
    (optional_arg(scalar_arg), 2.0),
    (stream_arg(tuple_arg), Stream.repeat((1.0, 2.0))),
    (finite_support_stream_arg, FiniteSupportStream([1.0, 2.0])),
]
VALUES = [
    (scalar_val, 1.5),
    (array_val, np.ones((2, 3))),
    (vector_val, np.array([1.5, 2.0, -1.0])),
    (vector_val, [1.5, (2.0, 1.0)]),
    (tuple_val(scalar_val, tuple_val), (1.5, (2.0, 3.0))),
    (sequence_val(array_val), [np.ones(2), np.zeros(3)]),
    (mapping_val(scalar_val, a=array_val), {"a": np.ones(2), "b": 2.0}),
    (record_val(weight=vector_val), Layer(np.ones(2), 1.0)),
    (optional_val(scalar_val), 2.0),
    (stream_val(tuple_val), Stream.repeat((1.0, 2.0))),
    (finite_support_stream_val, FiniteSupportStream([1.0, 2.0])),
]


@pytest.mark.parametrize(("arg", "x"), ARGUMENTS, ids=str)
def test_every_argument_descriptor_is_lawful(arg, x):
    check_descriptor(x, arg=arg, order=3 if arg is not finite_support_stream_arg else 1)


@pytest.mark.parametrize(("val", "x"), VALUES, ids=str)
def test_every_value_descriptor_is_lawful(val, x):
    check_descriptor(x, val=val)


def test_every_descriptor_of_the_library_is_in_the_tables():
    public = {name for name in dir(revdiff) if name.endswith(("_arg", "_val")) and not name.startswith("mk_")}
    shown = {repr(descriptor).partition("(")[0] for descriptor, _ in ARGUMENTS + VALUES}
    assert public == shown | {"auto_arg", "auto_val"}


def test_a_descriptor_may_hand_out_something_else():
    class LogArg:
        """A positive number, handed out as its logarithm."""

        def split(self, x):
            return revdiff.log(x)

    class PolarArg:
        """Radius and angle, handed out as the two coordinates."""

        def split(self, x):
            r, angle = split(x)
            return [r * cos(angle), r * sin(angle)]

    check_descriptor(2.5, arg=LogArg())
    check_descriptor((2.5, 0.3), arg=PolarArg(), rtol=1e-7)
    check_descriptor((2.5, sympy.Symbol("x")), arg=PolarArg())  # of symbols there are no differences


def test_the_number_systems_of_users_are_lawful():
    def modulo(function):
        def operator(a, b):
            return Mod7(function(int(a), int(b)) % 7) if isinstance(b, int) else NotImplemented

        return operator

    class Mod7(int):
        __add__ = __radd__ = modulo(lambda a, b: a + b)
        __sub__ = modulo(lambda a, b: a - b)
        __mul__ = __rmul__ = modulo(lambda a, b: a * b)

    register_number_system(Mod7, {})
    check_descriptor(Mod7(5), order=3)
    check_descriptor({"a": Mod7(3), "b": (Mod7(6), 2.0)})


def test_other_seeds_draw_other_numbers():
    class Watching:
        def __init__(self):
            self.met = []

        def split(self, x):
            self.met.append(revdiff.primal(x))
            return x

    runs = [Watching() for _ in range(3)]
    for seed, arg in zip((0, 0, 1), runs, strict=True):
        check_descriptor(2.0, arg=arg, seed=seed)
    assert runs[0].met == runs[1].met != runs[2].met


# ---------------------------------------------------------------------- broken monoids


def number_like(name, **monoid):
    """Return a class of numbers, written as x = Kind(3.0), whose monoid is the one given."""

    def by(function):
        return lambda a, b: kind(function(float(a), float(b))) if isinstance(b, float | int) else NotImplemented

    kind = type(
        name,
        (float,),
        {
            "__add__": by(lambda a, b: a + b),
            "__radd__": by(lambda a, b: a + b),
            "__mul__": by(lambda a, b: a * b),
            "__rmul__": by(lambda a, b: a * b),
        },
    )
    register_number_system(kind, {})
    register_monoid(kind, **{"zero": lambda x: kind(0), "one": lambda x: kind(1), **monoid})
    return kind


def test_an_add_that_is_not_commutative():
    kind = number_like("Forgetful", add=lambda a, b: a if float(a) else b)
    text = broken("add is commutative, a + b = b + a", "x[1]", check_monoid, (1.0, kind(2.0)))
    assert "\n  a + b:  " in text
    assert "\n  b + a:  " in text


def test_an_add_that_is_not_associative():
    def bent(a, b):
        return type(a)(float(a) + float(b) + float(a) * float(b) * (float(a) - float(b)) ** 2)

    kind = number_like("Bent", add=bent)
    broken("add is associative, (a + b) + c = a + (b + c)", "x['w']", check_monoid, {"w": kind(2.0)})


def test_a_zero_that_is_not_neutral():
    kind = number_like("Shifted", zero=lambda x: type(x)(1))
    broken("zero is neutral, 0 + a = a = a + 0", "x", check_descriptor, kind(2.0))


def test_an_add_that_changes_its_operands():
    class Votes(dict):
        pass

    def merged(a, b):
        a.update({name: a.get(name, 0) + n for name, n in b.items()})
        return a

    register_monoid(Votes, zero=lambda x: Votes(), one=lambda x: Votes(yes=1), add=merged)
    text = broken(
        "add makes a new value and leaves its operands", "x.bias['yes']", check_descriptor, Layer(1.0, Votes(yes=2))
    )
    assert "a after a + b:" in text


def test_an_add_that_loses_the_form():
    kind = number_like("Scalarish", add=lambda a, b: np.array([float(a) + float(b)]))
    broken("a cotangent has the form of zero_like(x)", "x", check_monoid, kind(2.0))


def test_a_monoid_of_objects_that_are_not_numbers():
    class Bag:
        def __init__(self, counts):
            self.counts = counts

        def __add__(self, other):
            return Bag(self.counts + other.counts)

    class Stack(Bag):
        def __add__(self, other):
            return Stack({**self.counts, **other.counts})

    register_monoid(Bag, zero=lambda x: Bag(Counter()), one=lambda x: Bag(Counter(x.counts)))
    check_monoid([Bag(Counter("abca"))])
    register_monoid(
        Stack, zero=lambda x: Stack({}), one=lambda x: Stack({"top": len(x.counts)}),
        add=lambda a, b: Stack({**a.counts, "top": 2 * a.counts.get("top", 0) + b.counts.get("top", 0)}),
    )  # fmt: skip
    broken("zero is neutral", "x[0]", check_monoid, [Stack({"top": 1})])


# ---------------------------------------------------------------------- broken structures


def structure(build, **options):
    """Return a class with parts a and b, registered with this build."""

    class Pair:
        def __init__(self, a, b):
            self.a, self.b = a, b

    register_structure(
        Pair, lambda x: {"a": x.a, "b": x.b}, lambda x, parts: build(Pair, x, parts), names=("a", "b"), **options
    )
    return Pair


RIGHT = staticmethod(lambda pair, x, parts: pair(**parts)).__func__


def test_a_build_that_swaps_parts():
    pair = structure(lambda pair, x, parts: pair(parts["b"], parts["a"]))
    text = broken(
        "build puts every part in its place, parts(build(x, p)) = p", "x[1].a", check_descriptor, (0, pair(1.0, 2.0))
    )
    assert "\n  p:                   " in text


def test_a_build_that_drops_a_part():
    pair = structure(lambda pair, x, parts: pair(parts["a"], x.b))
    broken("build puts every part in its place", "x.b", check_descriptor, pair(1.0, np.ones(2)))


def test_a_build_that_forgets_a_part_altogether():
    class Loose:
        def __init__(self, **parts):
            self.__dict__.update(parts)

    register_structure(Loose, vars, lambda x, parts: Loose(a=parts["a"]))
    text = broken("build puts every part in its place", "x", check_descriptor, Loose(a=1.0, b=2.0))
    assert "['a', 'b']" in text


def test_a_build_of_another_class():
    pair = structure(lambda pair, x, parts: dict(parts))
    broken("build puts every part in its place", "x['pair']", check_descriptor, {"pair": pair(1.0, 2.0)})


def test_a_build_that_changes_the_value():
    def build(pair, x, parts):
        x.a = x.a + 1.0
        return pair(**parts)

    broken("build makes a new value and leaves x as it is", "x.a", check_descriptor, structure(build)(1.0, 2.0))


def test_a_build_that_loses_what_is_constant():
    class Named:
        def __init__(self, weight, name="nobody"):
            self.weight, self.name = weight, name

    register_structure(
        Named, lambda x: {"weight": x.weight}, lambda x, parts: Named(parts["weight"]), names=("weight", "name")
    )
    text = broken("what is constant in a structure is carried along", "x.name", check_descriptor, Named(1.0, "Adam"))
    assert "'Adam'" in text
    assert "'nobody'" in text


def test_a_constant_that_cannot_be_compared_is_not_carried_along():
    class Incomparable:
        def __eq__(self, other):
            raise TypeError

        __hash__ = None

    class Held:
        def __init__(self, weight):
            self.weight, self.held = weight, Incomparable()

    register_structure(Held, lambda x: {"weight": x.weight}, lambda x, parts: Held(**parts), names=("weight", "held"))
    broken("what is constant in a structure is carried along", "x.held", check_descriptor, Held(1.0))


def test_parts_that_are_not_what_is_read_by_their_names():
    class Circle:
        def __init__(self, radius):
            self.radius = radius

    register_structure(
        Circle, lambda x: {"radius": 2 * x.radius}, lambda x, parts: Circle(parts["radius"] / 2), names=("radius",)
    )
    broken("get reads a part, get(x, k) = parts(x)[k]", "x.radius", check_descriptor, Circle(1.0))


@pytest.mark.parametrize(
    ("cotangent", "spread"),
    [
        pytest.param(lambda x, p: {"a": 2 * p["a"], "b": p["b"]}, lambda x, x_bar: x_bar, id="scaled"),
        pytest.param(lambda x, p: dict(p), lambda x, x_bar: {"a": x_bar["b"], "b": x_bar["a"]}, id="swapped"),
        pytest.param(lambda x, p: {"a": 0 * p["a"], "b": p["b"]}, lambda x, x_bar: x_bar, id="dropped"),
    ],
)
def test_a_cotangent_that_is_not_undone(cotangent, spread):
    pair = structure(RIGHT, cotangent=cotangent, spread=spread)
    broken("spread undoes cotangent, spread(x, cotangent(x, p̄)) = p̄", "x.a", check_descriptor, pair(1.0, 2.0))


def test_a_cotangent_that_is_not_of_the_type_that_was_registered():
    def spread(x, x_bar):
        if not isinstance(x_bar, dict):
            raise MismatchError.of(x_bar, {"a": 0.0, "b": 0.0})
        return x_bar

    pair = structure(RIGHT, cotangent=lambda x, p: dict(p), spread=spread)
    check_descriptor(pair(1.0, 2.0))
    register_tangent_type(pair, tuple)
    broken("zero_like(x) is of the type that cotangent_type names", "x", check_descriptor, pair(1.0, 2.0))


def test_a_spread_that_refuses_nothing():
    pair = structure(
        RIGHT,
        cotangent=lambda x, p: (p["a"], p["b"]),
        spread=lambda x, x_bar: dict(zip("ab", x_bar if isinstance(x_bar, tuple) else (0.0, 0.0), strict=False)),
    )
    text = broken("a cotangent of another form is refused with a RevDiffError", "x", check_descriptor, pair(1.0, 2.0))
    assert "'text'" in text
    assert "0.0" in text


def test_a_projection_that_is_none():
    @dataclass
    class Scaled:
        at: np.ndarray

    register_manifold(Scaled, "at", lambda x, v: 2 * v)
    broken("to_tangent is a projection, PPv = Pv", "x", check_descriptor, Scaled(np.ones(2)))


def test_a_projection_that_is_not_orthogonal():
    @dataclass
    class Sheared:
        at: np.ndarray

    register_manifold(Sheared, "at", lambda x, v: np.stack([v[0] + v[1], 0 * v[1]]))
    broken("to_tangent is orthogonal, ⟨Pv, w⟩ = ⟨v, Pw⟩", "x[0]", check_descriptor, (Sheared(np.ones(2)), 1.0))


# ---------------------------------------------------------------------- broken descriptors


def test_a_split_that_leads_back_to_the_wrong_place():
    class Crossed:
        def split(self, x):
            a, b = split(x)
            return revdiff.RevDiff(a.value, b.backprop), revdiff.RevDiff(b.value, a.backprop)

    text = broken(
        "derivatives of order 1 agree with central differences", "x[0]", check_descriptor, (1.0, 2.0), arg=Crossed()
    )
    assert "\n  x̄:" in text
    assert "\n  ∂f/∂x:" in text


def test_a_split_that_drops_a_derivative():
    class Partial:
        def split(self, x):
            a, b = split(x)
            return a, const_diff(b.value)

    broken("derivatives of order 1 agree with central differences", "x[1]", check_descriptor, (1.0, 2.0), arg=Partial())


def test_in_exact_arithmetic_both_sides_are_shown_as_they_were_computed():
    kind = number_like("Exact")

    class Lost:
        def split(self, x):
            return const_diff(x.value)

    text = broken("derivatives of order 1 agree", "x", check_descriptor, kind(2.0), arg=Lost())
    assert "\n  12 ⟨x̄, v⟩:          0.0\n  12 ∂f(x + t v)/∂t:  " in text


def test_a_split_into_a_number_of_parts_that_depends_on_the_value():
    class Digits:
        def split(self, x):
            return [x] * (2 if revdiff.primal(x) == 2.0 else 3)

    with pytest.raises(ArgumentError, match="a structure of 2 numbers is needed, as many for every value"):
        check_descriptor(2.0, arg=Digits())


def test_a_split_into_nothing_has_no_derivative_to_check():
    class Constant:
        def split(self, x):
            return "nothing"

    check_descriptor(2.0, arg=Constant())


def test_a_split_whose_second_derivatives_are_lost():
    class Once:
        """x², of which the derivative is a number."""

        def split(self, x):
            return revdiff.RevDiff(x.value**2, x.backprop @ (lambda ct: ct * 2 * stop_gradient(x.value)))

    check_descriptor(2.0, arg=Once(), order=1)
    broken("derivatives of order 2 agree with central differences", "x", check_descriptor, 2.0, arg=Once())


class Product:
    """A pair of values: what the descriptors below break."""

    def derivatives(self, y, pull):
        return tuple(auto_val.derivatives(part, pull) for part in y)

    def seeds(self, y, y_bar):
        if not isinstance(y_bar, tuple) or len(y_bar) != 2:
            raise MismatchError.of(y_bar, y)
        for part, part_bar in zip(y, y_bar, strict=True):
            yield from auto_val.seeds(part, part_bar)


def test_a_value_descriptor_written_by_hand():
    check_descriptor((1.0, np.ones(2)), val=Product())


def test_a_value_descriptor_that_forgets_a_seed():
    class Forgetful(Product):
        def seeds(self, y, y_bar):
            list(super().seeds(y, y_bar))
            yield from auto_val.seeds(y[0], y_bar[0])

    broken("a cotangent ȳ of x + t v is carried back to ⟨ȳ, v⟩", "x[1]", check_descriptor, (1.0, 2.0), val=Forgetful())

    broken("a cotangent ȳ of x + t v is carried back to ⟨ȳ, v⟩", "x[1]", check_descriptor, (2j, 1.0), val=Forgetful())


def test_a_value_descriptor_that_confuses_the_places():
    class Backwards(Product):
        def derivatives(self, y, pull):
            return super().derivatives(y, pull)[::-1]

    broken("the derivative of t ↦ x + t v is v", "x[0]", check_descriptor, (1.0, 2.0), val=Backwards())


def test_a_value_descriptor_that_loses_a_derivative():
    class First(Product):
        def derivatives(self, y, pull):
            return super().derivatives(y, pull)[:1]

    text = broken("the derivative of t ↦ x + t v is v", "x", check_descriptor, (1.0, 2.0), val=First())
    assert "numbers in the derivative:  1" in text


def test_a_value_descriptor_that_takes_any_cotangent():
    class Lenient(Product):
        def seeds(self, y, y_bar):
            if isinstance(y_bar, tuple):
                yield from zip(y, y_bar, strict=False)

    text = broken("a cotangent of another form is refused", "x", check_descriptor, (1.0, 2.0), val=Lenient())
    assert "'text'" in text


def test_a_value_descriptor_that_fails_with_a_foreign_error():
    class Careless(Product):
        def seeds(self, y, y_bar):
            for part, part_bar in zip(y, y_bar, strict=True):
                yield from auto_val.seeds(part, part_bar)

    text = broken("a cotangent of another form is refused", "x", check_descriptor, (1.0, 2.0), val=Careless())
    assert "raised:" in text


def test_a_registered_value_descriptor_that_forgets_a_seed():
    class Couple(tuple):
        pass

    class OfCouple(Product):
        def seeds(self, y, y_bar):
            yield from auto_val.seeds(y[0], y_bar[0])

    auto_val.register(Couple, OfCouple())
    broken("the pullback of x ↦ x is the identity, x̄ = ȳ", "x[1]", check_descriptor, Couple((1.0, 2.0)))


# ---------------------------------------------------------------------- functions


@given(st.floats(0.5, 3.0), st.floats(0.5, 3.0))
def test_smooth_functions_agree_with_differences_to_the_third_order(x, y):
    check_grads(lambda x, y: sin(x) * exp(y) / x, x, y, order=3)


def test_functions_between_structures_agree_with_differences():
    layer = Layer(np.array([[1.0, 2.0], [3.0, 4.0]], np.float32), np.array([0.5, 1j]))
    check_grads(lambda p: {"y": p.weight @ p.bias, "again": p}, layer)
    check_grads(lambda u: sin(u[0]) * u[1], UnitVector([1.0, 2.0]))
    check_grads(lambda s: s[0] * s[2], Stream.tabulate(lambda i: i + 1.0))
    check_grads(lambda n: n * n * n, 3)
    check_grads(lambda x: exp(x) / x, Decimal("1.5"))


def test_a_primitive_with_a_wrong_pullback():
    @primitive
    def product(x, y):
        return x * y, lambda ct: (ct * y, ct * y)

    text = broken("derivatives of order 1 agree with central differences", "x[1]", check_grads, product, 2.0, 3.0)
    assert "\n  x̄:      3.0\n  ∂f/∂x:  2.00000000" in text


def test_a_primitive_whose_second_derivative_is_wrong():
    @primitive
    def sine(x):
        return sin(x), lambda ct: ct * stop_gradient(cos(x))

    check_grads(sine, 0.5, order=1)
    broken("derivatives of order 2 agree with central differences", "x", check_grads, sine, 0.5)


def test_a_small_error_in_one_element_of_an_array_is_found():
    @primitive
    def total(w):
        wrong = np.ones(w.shape)
        wrong[3, 4] = 1.001
        return w.sum(), lambda ct: ct * wrong

    text = broken(
        "derivatives of order 1 agree", "x['w'][3, 4]", check_grads, lambda p: total(p["w"]), {"w": np.ones((10, 10))}
    )
    assert re.search(r"\n  x̄:      (np\.float64\()?1\.001\)?\n  ∂f/∂x:  (np\.float64\()?1\.0000", text)


@pytest.mark.parametrize(
    ("x", "place"),
    [
        (2.0, "x"),
        (np.array(2.0), "x"),
        (np.array([2.0]), "x[0]"),
        (np.array([1.0, 2.0, 2.0, 2.0, 2.0]), "x[1]"),
        (np.full((2, 2, 3), 2.0), "x[0, 0, 0]"),
    ],
    ids=["number", "0-d", "one element", "vector", "three axes"],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128])
def test_the_first_element_with_a_wrong_derivative_is_named(x, place, dtype):
    @primitive
    def square(x):
        plain = revdiff.primal(x)
        return x * x, lambda ct: ct * np.where(plain == 2.0, 2.05 * x, 2 * x).astype(plain.dtype)

    broken("derivatives of order 1 agree", place, check_grads, square, dtype(x) if np.ndim(x) == 0 else x.astype(dtype))


def test_derivatives_that_are_wrong_along_no_place_alone_are_found_all_the_same():
    """x²y/(x² + y²) at 0: both partial derivatives are 0, and those along other directions are not."""

    def f(x, y):
        return 0 * x if x == y == 0 else x * x * y / (x * x + y * y)

    broken("derivatives of order 1 agree", "x", check_grads, f, 0.0, 0.0, order=1)
    broken("derivatives of order 1 agree", "x", check_grads, lambda x: f(x[0], x[1]), np.zeros(2), order=1)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex64])
def test_right_derivatives_pass_in_every_precision(dtype):
    x = np.array([0.5, 1.25, 2.0], dtype)
    check_grads(lambda x: np.sin(x) * x, x)
    check_grads(lambda x: (np.exp(x) / x).sum(), x)


def test_a_pullback_that_is_not_linear_is_found_forward():
    @primitive
    def odd(x):
        return x * 2.0, lambda ct: ct * ct * 2.0  # right for the seed 1

    check_grads(odd, 3.0, order=1, modes=("rev",))
    text = broken("derivatives of order 1 are the same forward and backward", "x", check_grads, odd, 3.0, order=1)
    assert "\n  backward, ⟨x̄, v⟩:  " in text
    assert "\n  forward, f′(x) v:" in text


def test_a_pullback_of_plain_numbers_is_checked_backward_only():
    @primitive
    def sine(x):
        return math.sin(revdiff.primal(x)), lambda ct: float(ct) * math.cos(revdiff.primal(x))

    check_grads(sine, 0.5, order=1, modes=("rev",))
    with pytest.raises(revdiff.ConversionError):
        check_grads(sine, 0.5, order=1)


def test_the_modes_are_named():
    for modes in ("rev", ("reverse",), ("rev", "both")):
        with pytest.raises(ArgumentError, match='modes are "rev", "fwd" or both, in a tuple; met'):
            check_grads(sin, 0.5, modes=modes)


def test_forward_derivatives_alone_may_be_checked():
    @primitive
    def wrong(x):
        return x * x, lambda ct: ct * 3.0 * x

    check_grads(wrong, 2.0, modes=("fwd",))  # wrong, and the same in both directions
    check_grads(
        lambda p: {"y": p["a"] * p["b"][0], "n": "text"}, {"a": np.ones(2), "b": [3.0]}, modes=("fwd",), order=3
    )


@pytest.mark.parametrize(("f", "met"), [(np.log, "np.float64(nan)"), (lambda x: [x, x / 0.0], "inf")])
def test_a_function_is_finite_where_it_is_checked(f, met):
    with np.errstate(all="ignore"), pytest.raises(ArgumentError) as error:
        check_grads(f, np.float64(-1.0) if met.startswith("np") else -1.0 + np.zeros(1))
    assert str(error.value).startswith("a check needs a function that is finite near the arguments; it returned ")


def test_a_tolerance_may_be_given():
    @primitive
    def coarse(x):
        return x * x, lambda ct: ct * 2.01 * x

    check_grads(coarse, 1.0, order=1, rtol=0.1)
    broken("derivatives of order 1 agree", "x", check_grads, coarse, 1.0)


# ---------------------------------------------------------------------- lenses


def test_lenses_of_functions_are_lawful():
    check_lens(to_lens(sin), 0.5)
    check_lens(to_lens(lambda p: (p[0] * p[1], {"a": p[1].sum()})), (2.0, np.ones(3)))
    check_lens(to_lens(lambda p: p), (Fraction(1, 3), Decimal(2), 1j))
    check_lens(Lens(math.sin, lambda x, c: c * math.cos(x)), 0.5)
    check_lens(to_lens(lambda x: x), sympy.Symbol("x"))


def test_a_set_that_is_not_linear():
    squared = Lens(lambda x: x, lambda x, c: c * c)
    broken("set is linear in the cotangent, set(x, a + b) = set(x, a) + set(x, b)", "x", check_lens, squared, 2.0)


def test_a_set_that_sends_something_back_for_nothing():
    broken("set takes zero to zero, set(x, 0) = 0", "x", check_lens, Lens(lambda x: x * x, lambda x, c: 2 * x + c), 3.0)


def test_a_set_of_another_form():
    first = Lens(lambda p: p[0], lambda p, c: [c, 0.0])
    broken("a cotangent has the form of zero_like(x)", "x", check_lens, first, (1.0, 2.0))
    one_key = Lens(lambda d: d["a"], lambda d, c: {"a": c})
    text = broken("a cotangent has the form of zero_like(x)", "x['b']", check_lens, one_key, {"a": 1.0, "b": 2.0})
    assert "\n  x̄:             nothing" in text


def test_a_set_that_is_no_pullback():
    swapped = Lens(lambda p: p[0] * p[1], lambda p, c: (c * p[0], c * p[1]))
    broken("set is the pullback of get", "x[0]", check_lens, swapped, (2.0, 3.0))
    straight_through = Lens(round, lambda x, c: c)
    check_lens(straight_through, 3.7, pullback=False)
    broken("set is the pullback of get", "x", check_lens, straight_through, 3.7)


# ---------------------------------------------------------------------- what cannot be checked


def test_a_law_error_is_an_assertion_error_too():
    assert issubclass(LawError, RevDiffError)
    assert issubclass(LawError, AssertionError)
    assert str(LawError.of("a = a")) == "a = a. Here that is not so."


@pytest.mark.parametrize("x", ["text", True, math.sin, np.array([True])], ids=str)
def test_a_constant_has_nothing_to_check(x):
    with pytest.raises(ArgumentError, match="there is nothing to differentiate by in"):
        check_descriptor(x)


@pytest.mark.parametrize("x", [math.nan, np.array([1.0, math.inf]), complex(0, math.nan)], ids=str)
def test_a_sample_value_is_finite(x):
    with pytest.raises(ArgumentError, match=r"a check needs a sample value of finite numbers; met .* at x\['w'\]"):
        check_descriptor({"w": x})


def test_a_value_of_an_unknown_class_is_refused():
    class Unknown:
        pass

    with pytest.raises(UnsupportedValueError, match="Unknown"):
        check_descriptor({"a": 1.0, "b": Unknown()})


def test_symbols_have_no_differences():
    with pytest.raises(ArgumentError, match="central differences need a function that takes numbers"):
        check_grads(sin, sympy.Symbol("x"))


# ---------------------------------------------------------------------- other motions


def test_a_kind_of_value_may_say_how_it_moves():
    class Circle:
        """A point on a circle, with its angle as the coordinate and complex numbers to compute with."""

        def __init__(self, angle):
            self.angle = angle

    register_structure(
        Circle,
        lambda x: {"angle": x.angle},
        lambda x, parts: Circle(parts["angle"]),
        cotangent=lambda x, parts: parts["angle"],
        spread=lambda x, x_bar: {"angle": x_bar},
    )
    register_motion(
        Circle,
        tangent=lambda x, draw: draw.like(x.angle),
        moved=lambda x, v, t: Circle((x.angle + v * t) % (2 * math.pi)),
        cotangent=lambda x, draw: draw.like(x.angle),
        pairing=lambda x, x_bar, v: x_bar * v,
        read=lambda x: (x.angle,),
    )
    check_descriptor((Circle(1.0), 2.0))
