"""The worked examples of backprop, B1-B54; the long chains, B50, are in `tests/test_linear_cost.py`, paths with paths."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product as pairs
from typing import Any, NamedTuple

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import revdiff
from benchmarks import networks
from benchmarks.libraries import Primal, RevDiffLibrary
from revdiff import (
    FiniteSupportStream,
    RevDiff,
    Stream,
    UnitVector,
    acos,
    acosh,
    add,
    asin,
    asinh,
    atan,
    atanh,
    cosh,
    custom_arg_val_derivative,
    exp,
    extend_map,
    grad,
    init_diff,
    jacobian,
    join,
    log,
    log_base,
    mapping_arg_derivative,
    nth_derivative,
    optional_arg,
    optional_arg_derivative,
    optional_val,
    primal,
    primitive,
    reciprocal,
    record_arg_derivative,
    register_monoid,
    register_structure,
    sequence_arg_derivative,
    sign,
    simple_derivative,
    simple_value_and_derivative,
    sin,
    sinh,
    split,
    sqrt,
    tan,
    tanh,
    value_and_grad,
    vjp,
    zero_like,
)
from tests.oracles import flat, numeric_jacobian, slope


def test_B1_a_square():
    assert simple_derivative(lambda x: x**2 + 3)(9.0) == 18.0
    assert simple_derivative(lambda x: x**2 + 3)(9) == 18


def test_B2_a_number_and_an_array():
    value, (dx, dxs) = value_and_grad(lambda x, xs: (xs**2).sum() / x, (0, 1))(9.0, np.array([1.0, 6.0, 2.0]))
    assert value == pytest.approx(4.555555555555555, rel=1e-12)
    assert dx == pytest.approx(-0.5061728395061729, rel=1e-12)
    np.testing.assert_allclose(dxs, [0.2222222222222222, 1.3333333333333333, 0.4444444444444444], rtol=1e-12)


def test_B2_a_number_and_a_list():
    f = lambda x, xs: sum(y**2 for y in xs) / x
    value, (dx, dxs) = value_and_grad(f, (0, 1))(9.0, [1.0, 6.0, 2.0])
    assert value == pytest.approx(4.555555555555555, rel=1e-12)
    assert dx == pytest.approx(-0.5061728395061729, rel=1e-12)
    assert isinstance(dxs, list)
    assert dxs == pytest.approx([0.2222222222222222, 1.3333333333333333, 0.4444444444444444], rel=1e-12)


def test_B3_a_root():
    value, derivative = simple_value_and_derivative(lambda x: sqrt(4 * x))(9.0)
    assert value == 6.0
    assert derivative == pytest.approx(0.3333333333333333, rel=1e-12)


def test_B4_a_root_of_a_symbol():
    x = sympy.Symbol("x", positive=True)
    value, derivative = simple_value_and_derivative(lambda x: sqrt(x * 4))(x)
    assert sympy.simplify(value - sympy.sqrt(x * 4)) == 0
    assert sympy.simplify(derivative - 1 / sympy.sqrt(x)) == 0


def test_B5_a_structure_unpacked_by_a_pattern():
    def f(xyz):
        x, y, z = xyz
        return sqrt(x / y) * z

    value, gradient = value_and_grad(f)((3.0, 5.0, -2.0))
    assert value == pytest.approx(-1.5491933384829668, rel=1e-12)
    assert gradient == pytest.approx((-0.2581988897471611, 0.15491933384829668, 0.7745966692414834), rel=1e-12)
    array = grad(f)(np.array([3.0, 5.0, -2.0]))
    np.testing.assert_allclose(array, gradient, rtol=1e-12)


def root_times(xyz):
    match split(xyz):
        case [x, y, z]:
            return sqrt(x / y) * z


def root_times_by_unpacking(xyz):
    x, y, z = xyz
    return sqrt(x / y) * z


@pytest.mark.parametrize("f", [root_times, root_times_by_unpacking], ids=["match", "x, y, z ="])
def test_B5_a_list_unpacked_by_a_pattern(f):
    expected = [-0.2581988897471611, 0.15491933384829668, 0.7745966692414834]
    for operator in (grad, sequence_arg_derivative):
        gradient = operator(f)([3.0, 5.0, -2.0])
        assert isinstance(gradient, list)
        assert gradient == pytest.approx(expected, rel=1e-12)
    y = f(init_diff([3.0, 5.0, -2.0]))
    assert y.value == pytest.approx(-1.5491933384829668, rel=1e-12)
    assert y.backprop(1.0) == pytest.approx(expected, rel=1e-12)


@dataclass(frozen=True)
class Triple:
    x: float
    y: float
    z: float


class NamedTriple(NamedTuple):
    x: float
    y: float
    z: float


RECORDS = pytest.mark.parametrize("record", [Triple, NamedTriple])


def by_fields(r):
    return r.x * r.y + r.z


@primitive
def by_hand(r):
    return r.x * r.y + r.z, lambda d: type(r)(d * r.y, d * r.x, d)


@RECORDS
@pytest.mark.parametrize(("case", "f"), [("B6", by_fields), ("B7", by_hand)])
def test_B6_B7_a_record_read_by_field(case, f, record):
    at = record(5.0, 7.0, 2.0)
    for operator in (grad, record_arg_derivative):
        assert operator(f)(at) == record(7.0, 5.0, 1.0)
    assert value_and_grad(f)(at) == (37.0, record(7.0, 5.0, 1.0))
    y = f(init_diff(at))
    assert (y.value, y.backprop(1.0)) == (37.0, record(7.0, 5.0, 1.0))
    assert f(at) == 37.0


@RECORDS
@pytest.mark.parametrize("f", [by_fields, by_hand])
def test_B8_a_root_of_it(f, record):
    expected = [-0.5753964555687505, -0.41099746826339323, -0.08219949365267865]
    at = record(5.0, 7.0, 2.0)
    for gradient in (grad(lambda r: -sqrt(f(r)))(at), (-sqrt(f(init_diff(at)))).backprop(1.0)):
        assert isinstance(gradient, record)
        assert [gradient.x, gradient.y, gradient.z] == pytest.approx(expected, rel=1e-12)


def test_B8_second_derivatives_of_the_record_by_fields_and_by_hand_agree():
    at = Triple(5.0, 7.0, 2.0)
    x, y, z = sympy.symbols("x y z")
    expected = sympy.hessian((x * y + z) ** 2, (x, y, z)).subs({x: 5, y: 7, z: 2})
    rows = Triple(*(Triple(*map(float, row)) for row in expected.tolist()))
    for f in (by_fields, by_hand):
        assert revdiff.hessian(lambda r, f=f: f(r) ** 2)(at) == rows


LOGITS = np.array([0.9, 0.2, 0.3])
TARGET = np.array([1.0, 0.0, 0.0])
EXPECTED = [-0.7314742091958236, 0.3474654731904, 0.38400873600542373]


def softmax(x):
    e = np.exp(x)
    return e / e.sum()


def cross_entropy(target, p):
    return -(target * np.log(p)).sum()


def test_B10_softmax_and_cross_entropy_squared():
    value, gradient = value_and_grad(lambda x: cross_entropy(TARGET, softmax(x)) ** 2)(LOGITS)
    np.testing.assert_allclose(gradient, EXPECTED, rtol=1e-12)
    assert math.sqrt(value) == pytest.approx(0.7155918732927511, rel=1e-12)


def test_B11_the_same_written_as_one_function():
    gradient = grad(lambda x: (-(TARGET * np.log(np.exp(x) / np.exp(x).sum())).sum()) ** 2)(LOGITS)
    np.testing.assert_allclose(gradient, EXPECTED, rtol=1e-12)


@primitive
def fused_loss(x, *, target):
    p = softmax(x)
    return cross_entropy(target, p), lambda ct: ct * (p - target)


def test_B12_the_same_with_a_fused_gradient_written_by_hand():
    gradient = grad(lambda x: fused_loss(x, target=TARGET) ** 2)(LOGITS)
    np.testing.assert_allclose(gradient, [-0.7314742091958235, 0.34746547319040005, 0.38400873600542373], rtol=1e-12)


def test_B13_a_target_that_does_not_sum_to_one():
    target = np.array([1.0, 0.5, 0.0])
    automatic = grad(lambda x: cross_entropy(target, softmax(x)))(LOGITS)
    fused = grad(lambda x: fused_loss(x, target=target))(LOGITS)
    right = target.sum() * softmax(LOGITS) - target
    np.testing.assert_allclose(automatic, right, rtol=1e-12)
    assert not np.allclose(fused, automatic)
    numeric = numeric_jacobian(lambda x: cross_entropy(target, softmax(x)), LOGITS)
    np.testing.assert_allclose(automatic, numeric[0], rtol=1e-9)


@pytest.mark.parametrize(("x", "slope"), [(-2.0, -1.0), (2.0, 1.0), (0.0, 1.0)])
def test_B14_absolute_value_by_branching(x, slope):
    assert simple_derivative(lambda x: -x if x < 0 else x)(x) == slope
    assert simple_derivative(abs)(x) == (slope if x else 0.0)


def test_B15_a_primitive():
    square = primitive(lambda x: (x**2, lambda d: 2 * x * d))
    assert simple_derivative(square)(3.0) == 6.0
    sine = primitive(lambda x: (sin(x), lambda d: d * revdiff.cos(x)))
    assert simple_derivative(sine)(1.0) == pytest.approx(0.5403023058681398, rel=1e-12)


def test_B16_a_primitive_of_two_arguments():
    times = primitive(lambda x, y: (x * y, lambda d: (d * y, d * x)))
    assert value_and_grad(times, (0, 1))(3.0, 5.0) == (15.0, (5.0, 3.0))


def test_B17_a_constant_primitive():
    ten = primitive(lambda x, y, z: (10.0, lambda d: (None, None, None)))
    assert value_and_grad(ten, (0, 1, 2))(1.0, 2.0, 3.0) == (10.0, (0.0, 0.0, 0.0))
    of_triple = primitive(lambda xyz: (10.0, lambda d: zero_like(xyz)))
    assert value_and_grad(of_triple)((1.0, 2.0, 3.0)) == (10.0, (0.0, 0.0, 0.0))


def test_B17_a_primitive_without_arguments_returns_its_value():
    ten = primitive(lambda: (10.0, lambda d: ()))
    assert ten() == 10.0
    assert value_and_grad(ten, ())() == (10.0, ())
    assert value_and_grad(lambda x: x * ten())(3.0) == (30.0, 10.0)


def test_B17_a_primitive_that_returns_its_tuple():
    same = primitive(lambda xyz: (xyz, lambda d: d))
    value, pullback = vjp(same, (1.0, 2.0, 3.0))
    assert (value, pullback((1.0, 1.0, 1.0))) == ((1.0, 2.0, 3.0), (1.0, 1.0, 1.0))
    assert pullback((1.0, 10.0, 100.0)) == (1.0, 10.0, 100.0)
    assert grad(lambda xyz: same(xyz)[0] * same(xyz)[2])((1.0, 2.0, 3.0)) == (3.0, 0.0, 1.0)


@dataclass(frozen=True)
class Wrapped:
    inside: float


def test_B17_a_primitive_that_unwraps_and_one_that_wraps():
    unwrapped = primitive(lambda w: (w.inside, Wrapped))
    assert value_and_grad(unwrapped)(Wrapped(5.0)) == (5.0, Wrapped(1.0))
    wrapped = primitive(lambda x: (Wrapped(x), lambda d: d.inside))
    value, pullback = vjp(wrapped, 5.0)
    assert (value, pullback(Wrapped(1.0))) == (Wrapped(5.0), 1.0)
    assert value_and_grad(lambda x: unwrapped(wrapped(x)) ** 2)(5.0) == (25.0, 10.0)


def test_B18_one_primitive_after_another():
    times = primitive(lambda x, y: (x * y, lambda d: (d * y, d * x)))
    exponential = primitive(lambda x: (exp(x), lambda d: d * exp(x)))
    gradient = grad(lambda x, y: exponential(times(x, y)), (0, 1))(3.0, 0.1)
    assert gradient == pytest.approx((0.13498588075760032, 4.049576422728009), rel=1e-12)


def test_B19_the_sum_of_two_primitives():
    square = primitive(lambda x: (x**2, lambda d: 2 * x * d))
    sine = primitive(lambda x: (sin(x), lambda d: d * revdiff.cos(x)))
    value, derivative = simple_value_and_derivative(lambda x: square(x) + sine(x))(1.0)
    assert (value, derivative) == pytest.approx((1.8414709848078965, 2.5403023058681398), rel=1e-12)


def test_B20_pairs_and_triples():
    assert grad(lambda p: p[0] * p[1] + p[0])((3.0, 4.0)) == (5.0, 3.0)
    assert grad(lambda p: p[0] * p[1] + p[2])((3.0, 4.0, 5.0)) == (4.0, 3.0, 1.0)


def square_or_zero(v):
    return 0.0 if v is None else v * v


def test_B21_a_number_that_may_be_absent():
    assert value_and_grad(square_or_zero)(3.0) == (9.0, 6.0)
    assert value_and_grad(square_or_zero)(None) == (0.0, None)
    assert optional_arg_derivative(square_or_zero)(3.0) == 6.0


def test_B21_as_a_part_of_a_structure():
    f = lambda d: square_or_zero(d["v"]) + 2 * d["w"]
    assert grad(f)({"v": 3.0, "w": 1.0}) == {"v": 6.0, "w": 2.0}
    assert grad(f)({"v": None, "w": 1.0}) == {"v": None, "w": 2.0}


def test_B24_split_and_recombined():
    def recombined(xs):
        a, b = split(xs)
        return join([a * b, a, b * b])

    y = recombined(init_diff([2.0, 3.0]))
    assert y.value == [6.0, 2.0, 9.0]
    assert y.backprop([1.0, 1.0, 1.0]) == [4.0, 8.0]
    assert y.backprop([1.0, 0.0, 0.0]) == [3.0, 2.0]
    assert value_and_grad(lambda xs: sum(recombined(xs)))([2.0, 3.0]) == (17.0, [4.0, 8.0])


CONTAINERS = pytest.mark.parametrize("container", [list, tuple, deque, np.array])


def same_container(actual, expected):
    assert type(actual) is type(expected)
    assert list(actual) == list(expected)


@CONTAINERS
def test_B25_squares_mapped_and_summed(container):
    f = lambda xs: sum(map(revdiff.square, xs))
    same_container(grad(f)(container([1.0, 2.0, 3.0])), container([2.0, 4.0, 6.0]))
    y = f(init_diff(container([1.0, 2.0, 3.0])))
    assert y.value == 14.0
    same_container(y.backprop(1.0), container([2.0, 4.0, 6.0]))


@CONTAINERS
def test_B25_a_product(container):
    same_container(grad(math.prod)(container([2.0, 3.0, 4.0])), container([12.0, 8.0, 6.0]))
    same_container(math.prod(init_diff(container([2.0, 3.0, 4.0]))).backprop(1.0), container([12.0, 8.0, 6.0]))


@CONTAINERS
def test_B25_a_length(container):
    value, gradient = value_and_grad(len)(container([1.0, 2.0, 3.0]))
    assert value == 3
    same_container(gradient, container([0.0, 0.0, 0.0]))
    assert len(init_diff(container([1.0, 2.0, 3.0]))) == 3


@CONTAINERS
def test_B26_a_product_with_a_zero_among_the_factors(container):
    same_container(grad(math.prod)(container([0.0, 2.0, 3.0])), container([6.0, 0.0, 0.0]))
    np.testing.assert_array_equal(grad(np.prod)(np.array([0.0, 2.0, 3.0])), [6.0, 0.0, 0.0])


def test_B27_ties_share_the_cotangent_evenly():
    """The ancestor gives each of them the whole of it: [1, 0, 1] and [0, 1, 1]."""
    np.testing.assert_array_equal(grad(np.max)(np.array([3.0, 1.0, 3.0])), [0.5, 0.0, 0.5])
    np.testing.assert_array_equal(grad(np.min)(np.array([3.0, 1.0, 1.0])), [0.0, 0.5, 0.5])


@CONTAINERS
def test_B28_the_products_of_all_pairs(container):
    f = lambda xs, ys: sum(x * y for x, y in pairs(xs, ys))
    of_xs, of_ys = grad(f, (0, 1))(container([1.0, 2.0]), container([10.0, 20.0, 30.0]))
    same_container(of_xs, container([60.0, 60.0]))
    same_container(of_ys, container([3.0, 3.0, 3.0]))


@CONTAINERS
def test_B28_the_products_of_what_stands_side_by_side(container):
    f = lambda xs, ys: sum(x * y for x, y in zip(xs, ys, strict=True))
    of_xs, of_ys = grad(f, (0, 1))(container([1.0, 2.0]), container([10.0, 20.0]))
    same_container(of_xs, container([10.0, 20.0]))
    same_container(of_ys, container([1.0, 2.0]))


def running(xs):
    """Carry acc + x and emit acc · x, from 0."""
    emitted, acc = [], 0
    for x in xs:
        emitted.append(acc * x)
        acc = acc + x
    return emitted


def test_B29_running_sums():
    assert running([1.0, 2.0, 3.0]) == [0.0, 2.0, 9.0]
    assert value_and_grad(lambda xs: sum(running(xs)))([1.0, 2.0, 3.0]) == (11.0, [5.0, 4.0, 3.0])
    # ∂eᵢ/∂xⱼ is the sum before i for j = i, xᵢ for j < i, and 0 for j > i.
    assert jacobian(running)([1.0, 2.0, 3.0]) == [[0.0, 0.0, 0.0], [2.0, 1.0, 0.0], [3.0, 3.0, 3.0]]


def test_B30_a_straight_through_round():
    through = primitive(lambda x: (round(primal(x)), lambda d: d))
    assert simple_derivative(lambda x: 2 * through(x))(3.7) == 2.0


def test_B31_vjp():
    value, pullback = vjp(lambda x: x**2, 3.0)
    assert (value, pullback(1.0), pullback(10.0)) == (9.0, 6.0, 60.0)


@pytest.mark.parametrize(
    ("powers", "unit", "ones"),
    [
        (lambda x: (x, x**2, x**3), lambda i: tuple(float(i == j) for j in range(3)), (1.0, 1.0, 1.0)),
        (lambda x: np.stack([x, x**2, x**3]), lambda i: np.eye(3)[i], np.ones(3)),
        (lambda x: np.array([x, x**2, x**3]), lambda i: np.eye(3)[i], np.ones(3)),
    ],
    ids=["tuple", "np.stack", "np.array"],
)
def test_B32_three_powers(powers, unit, ones):
    value, pullback = vjp(powers, 2.0)
    assert [float(primal(part)) for part in value] == [2.0, 4.0, 8.0]
    assert [pullback(unit(i)) for i in range(3)] == [1.0, 4.0, 12.0]
    assert pullback(ones) == 17.0
    np.testing.assert_allclose(np.asarray(jacobian(powers)(2.0), float), [1.0, 4.0, 12.0])


def test_B33_the_sum_of_the_values_of_a_dictionary():
    f = lambda d: sum(d.values())
    for operator in (grad, mapping_arg_derivative):
        assert operator(f)({"a": 1.0, "b": 2.0}) == {"a": 1.0, "b": 1.0}
    y = f(init_diff({"a": 1.0, "b": 2.0}))
    assert (y.value, y.backprop(1.0)) == (3.0, {"a": 1.0, "b": 1.0})
    assert grad(lambda d: d["a"] * d["b"] ** 2)({"a": 5.0, "b": 2.0}) == {"a": 4.0, "b": 20.0}


def test_B34_integers_are_exact():
    assert simple_derivative(lambda x: x**3)(3) == 27
    assert isinstance(simple_derivative(lambda x: x**3)(3), int)
    assert simple_derivative(lambda x: x**3)(10**20) == 3 * 10**40


@pytest.mark.parametrize(
    ("f", "x", "expected"),
    [
        (reciprocal, 0.5, -4.0),
        (lambda x: 1 / x, 0.5, -4.0),
        (tan, 0.5, 1.2984464104095248),
        (asin, 0.5, 1.1547005383792517),
        (acos, 0.5, -1.1547005383792517),
        (atan, 0.5, 0.8),
        (sinh, 0.5, 1.1276259652063807),
        (cosh, 0.5, 0.5210953054937474),
        (tanh, 0.5, 0.7864477329659275),
        (asinh, 0.5, 0.8944271909999159),
        (atanh, 0.5, 1.3333333333333333),
        (acosh, 2.0, 0.5773502691896258),
    ],
    ids=lambda f: getattr(f, "__name__", ""),
)
def test_B46_elementary_functions(f, x, expected):
    assert simple_derivative(f)(x) == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(simple_derivative(f)(np.array([x])), [expected], rtol=1e-12)


def test_B46_a_logarithm_to_a_base():
    assert log_base(2.0, 8.0) == pytest.approx(3.0)
    assert grad(log_base, (0, 1))(2.0, 8.0) == pytest.approx((-2.1640425613334453, 0.18033688011112042), rel=1e-12)
    assert grad(lambda b, x: log(x) / log(b), (0, 1))(2.0, 8.0) == pytest.approx(
        (-2.1640425613334453, 0.18033688011112042), rel=1e-12
    )


SYSTEMS = [
    pytest.param(float, id="float"),
    pytest.param(np.float64, id="float64"),
    pytest.param(lambda x: np.array([x]), id="array"),
]


@pytest.mark.parametrize("number", SYSTEMS)
def test_B47_absolute_value_and_sign_at_the_edges(number):
    assert simple_derivative(abs)(number(0.0)) == 0.0
    assert simple_derivative(sign)(number(2.0)) == 0.0
    assert simple_derivative(sign)(number(0.0)) == 0.0


@pytest.mark.parametrize("number", SYSTEMS)
def test_B47_zero_squared_in_both_arguments_is_documented_to_be_zero(number):
    power = lambda x, y: (x**y).sum() if isinstance(primal(x), np.ndarray) else x**y
    assert grad(power, (0, 1))(number(0.0), number(2.0)) == (0.0, 0.0)


@pytest.mark.parametrize("number", SYSTEMS)
def test_B47_a_root_at_zero_follows_ieee(number):
    assert simple_derivative(sqrt)(number(0.0)) == math.inf
    assert np.isnan(simple_derivative(lambda x: sqrt(x * x))(number(0.0)))


@pytest.mark.parametrize("number", SYSTEMS)
@pytest.mark.parametrize("n", [0, 1, 2, 3, 4])
def test_B47_the_derivatives_of_a_power_at_zero_are_right_at_every_order(n, number):
    for order in range(1, 6):
        expected = math.factorial(n) if order == n else 0.0
        assert nth_derivative(lambda x: x**n, order)(number(0.0)) == expected


def test_B48_the_algebra_of_lists():
    assert add([1.0, 2.0, 3.0], [10.0, 20.0, 30.0, 40.0, 50.0]) == [11.0, 22.0, 33.0, 40.0, 50.0]
    assert add([10.0, 20.0, 30.0, 40.0, 50.0], [1.0, 2.0, 3.0]) == [11.0, 22.0, 33.0, 40.0, 50.0]
    assert add([], [1.0]) == add([1.0], []) == [1.0]
    assert add([[1.0], [2.0, 3.0]], [[10.0, 20.0]]) == [[11.0, 20.0], [2.0, 3.0]]


def test_B48_the_algebra_of_dictionaries():
    assert add({"a": 1.0, "b": 2.0}, {"b": 10.0, "c": 20.0}) == {"a": 1.0, "b": 12.0, "c": 20.0}
    assert add({}, {"a": 1.0}) == add({"a": 1.0}, {}) == {"a": 1.0}
    assert add({"a": [1.0]}, {"a": [1.0, 2.0]}) == {"a": [2.0, 2.0]}


def test_B48_the_algebra_of_what_may_be_absent():
    assert add(None, 1.0) == add(1.0, None) == 1.0
    assert add(None, None) is None
    assert zero_like(3.0) == 0.0
    assert zero_like(None) is None
    assert add([None, 1.0], [2.0, None]) == [2.0, 1.0]


@dataclass(frozen=True)
class Settings:
    rate: Any
    bias: Any
    name: str = "Adam"


class Pair(NamedTuple):
    first: Any
    second: Any


class Registered:
    def __init__(self, inside):
        self.inside = inside

    def __eq__(self, other):
        return isinstance(other, Registered) and self.inside == other.inside

    __hash__ = None


class Colour:
    """A kind of value with a monoid of its own."""

    def __init__(self, red):
        self.red = red

    def __add__(self, other):
        return Colour(self.red + other.red)

    def __eq__(self, other):
        return isinstance(other, Colour) and self.red == other.red

    __hash__ = None


register_structure(Registered, lambda x: {"inside": x.inside}, lambda x, parts: Registered(**parts), names=("inside",))
register_monoid(Colour, zero=lambda x: Colour(0), one=lambda x: Colour(1))


# Whole numbers in every number system: their sums are exact, so the laws hold to the last digit.
whole = st.integers(-1000, 1000)
floats = whole.map(float)
arrays = st.lists(floats, min_size=3, max_size=3).map(np.array)
naturals = Stream.tabulate(float)


def same(a, b):
    """Whether two cotangents are equal: arrays in all their entries, streams in the first few."""
    if isinstance(b, Stream | FiniteSupportStream):
        return type(a) is type(b) and all(map(same, a.take(9), b.take(9)))
    if isinstance(b, RevDiff):
        return (a.value, a.backprop(1.0)) == (b.value, b.backprop(1.0))
    if isinstance(b, np.ndarray):
        return type(a) is type(b) and a.dtype == b.dtype and a.shape == b.shape and bool(np.all(a == b))
    if isinstance(b, tuple | list | deque):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and a == b


def spaces():
    """By name: a value, and cotangents of it."""
    x = init_diff(2.0)
    yield "float", 2.0, floats
    yield "int", 2, whole
    yield "complex", 2j, st.builds(complex, whole, whole)
    yield "bool", True, st.booleans()
    yield "Fraction", Fraction(1, 2), st.builds(Fraction, whole, st.just(7))
    yield "Decimal", Decimal(2), whole.map(Decimal)
    yield "mpf", mpmath.mpf(2), whole.map(mpmath.mpf)
    yield "mpc", mpmath.mpc(2, 1), st.builds(mpmath.mpc, whole, whole)
    yield "SymPy", sympy.Symbol("x"), whole.map(lambda n: n * sympy.Symbol("y") + sympy.Rational(n, 3))
    for dtype in (np.float32, np.float64, np.longdouble, np.complex64, np.complex128):
        yield dtype.__name__, dtype(2), whole.map(dtype)
        yield f"array of {dtype.__name__}", np.ones(3, dtype), arrays.map(lambda a, dtype=dtype: a.astype(dtype))
    yield "array of int64", np.arange(3), arrays
    yield (
        "array of objects",
        np.array([Fraction(1, 2)] * 3),
        arrays.map(lambda a: np.array([Fraction(int(n)) for n in a])),
    )
    yield "RevDiff", x, floats.map(lambda c: c * x * x + c)
    yield "tuple", (1.0, (2.0, 3)), st.tuples(floats, st.tuples(floats, whole))
    yield "list", [1.0, 2.0], st.lists(floats, min_size=2, max_size=2)
    yield "list of any length", [], st.lists(floats, max_size=4)
    yield "deque", deque([1.0, 2.0]), st.lists(floats, min_size=2, max_size=2).map(deque)
    yield (
        "dict",
        {"a": 1.0, "b": [2.0]},
        st.fixed_dictionaries({"a": floats, "b": st.lists(floats, min_size=1, max_size=1)}),
    )
    yield "dict with any keys", {}, st.dictionaries(st.sampled_from("abc"), floats)
    yield "optional", None, st.none() | floats
    yield "dataclass", Settings(1.0, (2.0,)), st.builds(Settings, floats, st.tuples(floats))
    yield "named tuple", Pair(1.0, [2.0]), st.builds(Pair, floats, st.lists(floats, min_size=1, max_size=1))
    yield "registered structure", Registered(1.0), st.builds(Registered, floats)
    yield "registered monoid", Colour(2), st.builds(Colour, whole)
    yield "UnitVector", UnitVector([1.0, 0.0, 0.0]), arrays.map(lambda a: a * np.array([0.0, 1.0, 1.0]))
    yield "Stream", naturals, st.lists(floats, max_size=5).map(lambda items: FiniteSupportStream(items, zero=0.0))
    lines = st.builds(lambda a, b: Stream.tabulate(lambda i: a + b * i), floats, floats)
    yield "FiniteSupportStream", FiniteSupportStream([1.0, 2.0]), lines


SPACES = [pytest.param(value, cotangents, id=name) for name, value, cotangents in spaces()]


@pytest.mark.parametrize(("value", "cotangents"), SPACES)
def test_B49_the_sum_of_cotangents_is_a_commutative_monoid(value, cotangents):
    zero = zero_like(value)

    @given(a=cotangents, b=cotangents, c=cotangents)
    @settings(max_examples=20)
    def laws(a, b, c):
        assert same(add(a, b), add(b, a))
        assert same(add(add(a, b), c), add(a, add(b, c)))
        assert same(add(zero, a), a)
        assert same(add(a, zero), a)

    laws()
    assert same(add(zero, zero), zero)


@pytest.mark.parametrize(("value", "cotangents"), SPACES)
def test_B49_summing_leaves_the_summands_alone(value, cotangents):
    @given(a=cotangents, b=cotangents, c=cotangents)
    @settings(max_examples=20)
    def law(a, b, c):
        first = add(a, b)
        add(first, c)
        add(c, first)
        assert same(first, add(a, b))

    law()


DUAL_TO_ANOTHER = {"Stream", "FiniteSupportStream"}
OF_ANY_SIZE = {"list of any length", "dict with any keys", "optional"}


@pytest.mark.parametrize(
    ("value", "cotangents"), [space for space in SPACES if space.id not in DUAL_TO_ANOTHER | OF_ANY_SIZE]
)
def test_B49_a_cotangent_has_the_same_zero_as_the_value(value, cotangents):
    @given(a=cotangents)
    @settings(max_examples=20)
    def law(a):
        assert same(zero_like(a), zero_like(value))
        assert same(zero_like(zero_like(a)), zero_like(a))

    law()


def test_B51_a_function_of_what_may_be_absent_keeps_the_wrapper():
    square = lambda x: None if x is None else x * x
    derivative = custom_arg_val_derivative(optional_arg, optional_val, square)
    assert (square(3.0), derivative(3.0)) == (9.0, 6.0)
    assert (square(None), derivative(None)) == (None, None)


def test_B51_and_so_does_a_function_of_every_element():
    derivative = lambda functor: extend_map(simple_derivative(lambda x: x * x), functor)
    assert derivative([3.0]) == [6.0]
    assert derivative({"just": 3.0, "nothing": None}) == {"just": 6.0, "nothing": None}
    gradient = grad(lambda xs: sum(extend_map(lambda x: x * x, xs)))
    assert gradient([3.0]) == [6.0]
    assert gradient([]) == []


@primitive
def split_at(xs, *, n):
    return (xs[:n], xs[n:]), lambda d: d[0] + d[1]


def ten_times_the_first(xs):
    first, rest = split_at(xs, n=1)
    return 10 * sum(first) + sum(rest)


def test_B52_a_primitive_that_returns_a_pair_of_lists():
    assert split_at([1.0, 2.0, 3.0], n=1) == ([1.0], [2.0, 3.0])
    assert value_and_grad(ten_times_the_first)([1.0, 2.0, 3.0]) == (15.0, [10.0, 1.0, 1.0])
    y = ten_times_the_first(init_diff([1.0, 2.0, 3.0]))
    assert (y.value, y.backprop(1.0)) == (15.0, [10.0, 1.0, 1.0])


def test_B52_its_pullback_and_its_second_derivatives():
    _, pullback = vjp(lambda xs: split_at(xs, n=1), [1.0, 2.0, 3.0])
    assert pullback(([5.0], [6.0, 7.0])) == [5.0, 6.0, 7.0]
    cubes = lambda xs: ten_times_the_first([x**3 for x in xs])
    assert revdiff.hessian(cubes)([1.0, 2.0, 3.0]) == [[60.0, 0.0, 0.0], [0.0, 12.0, 0.0], [0.0, 0.0, 18.0]]


NETWORK = networks.parameters(networks.DIGITS)
ONE_HOT, ANY_TARGET = np.eye(10)[3], np.random.default_rng(1).random(10)
VERSIONS = {
    "automatic": (networks.of_digits, NETWORK),
    "fields of a record": (networks.by_fields, networks.Network(*NETWORK)),
    "a record, split": (networks.by_split, networks.Network(*NETWORK)),
    "layers by hand": (networks.by_layers, NETWORK),
}


@pytest.mark.parametrize("target", [ONE_HOT, ANY_TARGET], ids=["one hot", "any target"])
@pytest.mark.parametrize("version", VERSIONS)
def test_B53_all_versions_of_a_network_have_the_gradient_by_hand(version, target):
    image, _ = networks.digits(0)
    function, parameters = VERSIONS[version]
    value, gradient = value_and_grad(function(RevDiffLibrary(), image, target))(parameters)
    by_hand = networks.network_by_hand(NETWORK, image, lambda z: networks.loss_by_hand(z, target))
    assert value == pytest.approx(by_hand[0], rel=1e-12)
    np.testing.assert_allclose(flat(gradient), flat(by_hand[1]), rtol=0, atol=1e-10)


def test_B53_finite_differences_agree():
    image, _ = networks.digits(0)
    loss = networks.of_digits(Primal(), image, ANY_TARGET)
    _, gradient = networks.network_by_hand(NETWORK, image, lambda z: networks.loss_by_hand(z, ANY_TARGET))
    rng = np.random.default_rng(2)
    for _ in range(3):
        along = [rng.normal(size=part.shape) for part in NETWORK]
        expected = slope(lambda t, v=along: loss(tuple(x + t * y for x, y in zip(NETWORK, v, strict=True))))
        assert flat(gradient) @ flat(along) == pytest.approx(expected, rel=1e-8)
