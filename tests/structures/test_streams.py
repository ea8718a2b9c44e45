"""Derivatives of and by streams: finite support for infinite streams, and infinite streams for finite support."""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from revdiff import (
    ArgumentError,
    FiniteSupportStream,
    InfiniteError,
    MixedLayersError,
    RevDiff,
    RevDiffError,
    Stream,
    const_diff,
    custom_arg_derivative,
    custom_arg_val_derivative,
    custom_val_derivative,
    finite_support_stream_arg,
    finite_support_stream_arg_derivative,
    finite_support_stream_val,
    finite_support_stream_val_derivative,
    grad,
    hessian,
    hvp,
    init_diff,
    jacobian,
    join,
    jvp,
    mk_finite_support_stream_arg,
    mk_stream_arg,
    mk_stream_val,
    primal,
    scalar_val,
    simple_derivative,
    sin,
    split,
    stop_gradient,
    stream_arg,
    stream_arg_derivative,
    stream_val,
    stream_val_derivative,
    value_and_grad,
    value_grad_hessian,
    vector_arg,
    vjp,
)
from revdiff.core.graph import NOWHERE
from revdiff.structures.differentiation import Differentiation


@dataclass
class Site:
    height: Any
    name: str = "site"


def counting():
    """1, 2, 3, …"""
    return Stream.tabulate(lambda i: float(i + 1))


def finite(*items):
    return FiniteSupportStream([float(item) for item in items])


# ---------------------------------------------------------------------------------- by an infinite stream


def test_the_gradient_by_a_stream_ends_behind_the_last_element_that_counts():
    read = []
    s = Stream.tabulate(lambda i: read.append(i) or float(i + 1))
    g = grad(lambda s: (s[5], s[0] * s[2] ** 2)[1])(s)
    assert type(g) is FiniteSupportStream
    assert g.to_list() == [9.0, 0.0, 6.0]
    assert g[100] == 0.0
    assert max(read) == 5
    assert grad(lambda s: 1.0)(counting()).support_length == 0


def test_the_cotangent_of_an_unread_stream_has_no_support_but_zeros_of_the_right_kind():
    g = grad(lambda d: d["x"] * 2)({"x": 1.0, "s": Stream.repeat(np.ones(2, np.float32)), "f": finite(1, 2)})
    assert (g["s"].support_length, g["s"][3].dtype, g["s"][3].tolist()) == (0, np.float32, [0.0, 0.0])
    assert type(g["f"]) is Stream
    assert g["f"].take(4) == [0.0] * 4


def triple(s):
    """Of all orders: Σ xᵢ³ xᵢ₊₁ + sin(x₀) x₃² for i < 4."""
    return sum(s[i] ** 3 * s[i + 1] for i in range(4)) + sin(s[0]) * s[3] ** 2


def test_derivatives_of_orders_one_to_three_agree_with_those_of_the_truncated_list():
    n = 5
    x = counting()
    first, second, third = grad(triple)(x), hessian(triple)(x), jacobian(hessian(triple))(x)
    by_list = x.take(n)
    assert first.take(n) == pytest.approx(grad(triple)(by_list))
    expected = hessian(triple)(by_list)
    for i in range(n):
        assert second[i].take(n) == pytest.approx(expected[i])
    expected = jacobian(hessian(triple))(by_list)
    for i, j in itertools.product(range(n), repeat=2):
        assert third[i][j].take(n) == pytest.approx(expected[i][j])
    assert second[n][n] == second[0][n] == third[n][0][0] == 0.0


def test_second_derivatives_along_a_stream_agree_with_the_hessian():
    v = Stream.tabulate(lambda i: 1.0 / (i + 1))
    expected = [sum(h * d for h, d in zip(row, v.take(5), strict=True)) for row in hessian(triple)(counting().take(5))]
    assert hvp(triple, counting(), v).take(5) == pytest.approx(expected)
    value, g, second = value_grad_hessian(triple)(counting())
    assert value == pytest.approx(triple(counting()))
    assert g.take(5) == pytest.approx(grad(triple)(counting().take(5)))
    assert second[1].take(5) == pytest.approx(hessian(triple)(counting().take(5))[1])


@given(st.lists(st.integers(0, 6), min_size=1, max_size=6))
def test_the_support_ends_behind_the_last_element_that_was_read(places):
    def product(s):
        result = 1.0
        for i in places:
            result = result * s[i]
        return result

    g = grad(product)(counting())
    assert g.support_length == max(places) + 1
    assert g.to_list() == pytest.approx(grad(product)(counting().take(max(places) + 1)))


READERS = {
    "index": lambda s: sum(s[i] ** 2 for i in range(4)),
    "head and tail": lambda s: s.head**2 + s.tail.head**2 + s.tail.tail.head**2 + s.tail.tail.tail.head**2,
    "take": lambda s: sum(x**2 for x in s.take(4)),
    "slice": lambda s: sum(x**2 for x in s[:2]) + sum(x**2 for x in s[2:4]),
    "iteration": lambda s: sum(x**2 for x, _ in zip(s, range(4), strict=False)),
    "islice": lambda s: sum(x**2 for x in itertools.islice(s, 4)),
    "map": lambda s: sum(s.map(lambda x: x**2).take(4)),
    "arithmetic": lambda s: sum((s * s).take(4)),
    "zip": lambda s: sum(x * y for x, y in s.zip(s).take(4)),
    "every second": lambda s: sum(x**2 for x in s[::2].take(2)) + sum(x**2 for x in s[1::2].take(2)),
    "pairing": lambda s: (s * s).convolve(FiniteSupportStream.replicate(4, 1.0)),
    "a stream made of it": lambda s: sum(Stream.from_iterable(iter(s)).map(lambda x: x * x).take(4)),
}


@pytest.mark.parametrize("name", READERS)
def test_every_way_of_reading_a_stream(name):
    assert grad(READERS[name])(counting()).to_list() == [2.0, 4.0, 6.0, 8.0]
    second = hessian(READERS[name])(counting())
    assert [second[i].take(4) for i in range(4)] == (2 * np.eye(4)).tolist()


def test_one_revdiff_of_a_stream_is_read_like_the_stream():
    r = init_diff({"s": counting(), "f": finite(2, 3)})
    assert (r["s"][1] * r["s"][2]).backprop(1.0)["s"].to_list() == [0.0, 3.0, 2.0]
    assert (r["f"][0] * r["f"][4]).backprop(1.0)["f"].take(6) == [0.0, 0.0, 0.0, 0.0, 2.0, 0.0]
    opened = split(r)
    assert (opened["s"].head * opened["f"].sum()).backprop(1.0)["s"].to_list() == [5.0]
    twice = split(init_diff(init_diff(finite(2, 3))))
    slopes = (twice.sum() * twice[0]).backprop(1.0)  # of x₀ Σ xᵢ: 2 x₀ + x₁ + x₂ + …, x₀, x₀, …
    assert [primal(slope) for slope in slopes.take(4)] == [7.0, 2.0, 2.0, 2.0]
    assert slopes[3].backprop(1.0).take(4) == [1.0, 0.0, 0.0, 0.0]
    assert slopes[0].backprop(1.0).take(4) == [2.0, 1.0, 1.0, 1.0]


def test_elements_of_a_constant_are_constants_that_hold_no_way_back():
    for descriptor, x in ((stream_arg, counting()), (finite_support_stream_arg, finite(1, 2))):
        opened = descriptor.split(const_diff(x))
        assert [opened[i].value for i in range(2)] == [1.0, 2.0]
        assert all(opened[i]._node is NOWHERE for i in (0, 1, 5))
    zeros = (opened.drop(1) * opened.drop(2) + opened * const_diff(3.0)).drop(4)
    assert zeros[0]._node is zeros._rest._node is zeros.sum()._node is NOWHERE


# -------------------------------------------------------------------------------- elements of every kind


def test_streams_of_tuples_dictionaries_records_and_arrays():
    s = Stream.tabulate(lambda i: (float(i), {"a": np.ones(2) * i}, Site(float(i))))
    g = grad(lambda s: s[1][0] * (s[2][1]["a"] ** 2).sum() * s[3][2].height)(s)
    assert g.support_length == 4
    assert g[1][0] == 8.0 * 3.0
    np.testing.assert_array_equal(g[2][1]["a"], [12.0, 12.0])
    assert g[3][2] == Site(8.0)
    assert (g[0][0], g[0][1]["a"].tolist(), g[9][2]) == (0.0, [0.0, 0.0], Site(0.0))


def test_streams_of_streams():
    s = Stream.tabulate(lambda i: Stream.tabulate(lambda j: float(i + 10 * j)))
    f = lambda s: s[1][2] ** 2 * s[2][0]
    g = grad(f)(s)
    assert g.support_length == 3
    assert [row.to_list() for row in g.to_list()] == [[], [0.0, 0.0, 2 * 21.0 * 2.0], [441.0]]
    assert hessian(f)(s)[1][2][2].to_list() == [42.0]


def test_finite_streams_in_streams_and_the_other_way_round():
    s = Stream.tabulate(lambda i: finite(i, 2.0))
    g = grad(lambda s: s[1].sum() * s[2][1])(s)
    assert g.support_length == 3
    assert g[1].take(4) == [2.0] * 4
    assert g[2].take(4) == [0.0, 3.0, 0.0, 0.0]
    f = FiniteSupportStream([Stream.repeat(1.0), counting()])
    g = grad(lambda f: f[1][3] ** 2 + f[5][1])(f)
    assert [g[i].take(5) for i in (0, 1, 5)] == [[0.0] * 5, [0.0, 0.0, 0.0, 8.0, 0.0], [0.0, 1.0, 0.0, 0.0, 0.0]]


def test_elements_of_every_number_system():
    f = lambda s: s[0] * s[1] ** 2
    assert grad(f)(Stream.tabulate(lambda i: Fraction(1, i + 1))).to_list() == [Fraction(1, 4), 1]
    x, y = sympy.symbols("x0 x1")
    assert hessian(f)(Stream.tabulate(lambda i: sympy.Symbol(f"x{i}")))[1].to_list() == [2 * y, 2 * x]
    assert grad(f)(Stream.tabulate(np.float32))[1].dtype == np.float32
    assert grad(lambda s: (s[0] * s[1]).imag)(Stream.tabulate(lambda i: 1j * i + 1)).to_list() == [1 - 1j, -1j]


# ---------------------------------------------------------------------------- by a stream of finite support


def test_the_gradient_by_a_finite_support_stream_is_an_infinite_stream():
    x = finite(1, 2, 3)
    g = grad(lambda x: x.sum() ** 2)(x)
    assert type(g) is Stream
    assert g.take(6) == [12.0] * 6
    assert grad(lambda x: (x * x).sum())(x).take(5) == [2.0, 4.0, 6.0, 0.0, 0.0]
    assert grad(lambda x: x.convolve(counting()))(x).take(5) == [1.0, 2.0, 3.0, 4.0, 5.0]


def test_elements_behind_the_support_are_variables():
    x = finite(1, 2, 3)
    assert grad(lambda x: x[5] * x[0] + x[1])(x).take(7) == [0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0]
    assert grad(lambda x: x.drop(2)[3] * x[1])(x).take(7) == [0.0, 0.0, 0.0, 0.0, 0.0, 2.0, 0.0]
    assert grad(lambda x: x.drop(2).sum() * x[0])(x).take(6) == [3.0, 0.0, 1.0, 1.0, 1.0, 1.0]
    assert grad(lambda x: x.map(sin).sum())(finite(0.5)).take(3) == pytest.approx([np.cos(0.5), 1.0, 1.0])
    assert grad(lambda x: x.cons(x[7]).sum())(x).take(9) == [1.0] * 7 + [2.0, 1.0]


def test_what_is_dropped_may_reach_behind_the_support():
    f = lambda x: x.drop(3)[1] ** 2 * x[0] + x.drop(4).sum() * x[0]  # x₄² x₀ + x₀ Σ xᵢ for i ≥ 4
    assert grad(f)(finite(5)).take(7) == [0.0, 0.0, 0.0, 0.0, 5.0, 5.0, 5.0]
    second = hessian(f)(finite(5))
    assert [second[i].take(6) for i in (0, 4)] == [[0.0, 0.0, 0.0, 0.0, 1.0, 1.0], [1.0, 0.0, 0.0, 0.0, 10.0, 0.0]]
    g = grad(lambda x: (x.drop(2) * 3.0).sum().sum())(FiniteSupportStream([np.ones(2)]))
    assert [row.tolist() for row in g.take(4)] == [[0.0, 0.0], [0.0, 0.0], [3.0, 3.0], [3.0, 3.0]]


def beyond(x):
    """Of all orders, with elements behind the support."""
    return x[0] ** 2 * x[1] * x[4] + sum(x[i] ** 3 for i in range(6)) + x[4] * x[5]


def test_derivatives_of_orders_one_to_three_agree_with_those_of_the_list_with_zeros():
    x, by_list = finite(1, 2, 3), [1.0, 2.0, 3.0, 0.0, 0.0, 0.0]
    assert grad(beyond)(x).take(6) == pytest.approx(grad(beyond)(by_list))
    second, expected = hessian(beyond)(x), hessian(beyond)(by_list)
    for i in range(6):
        assert second[i].take(6) == pytest.approx(expected[i])
    third, expected = jacobian(hessian(beyond))(x), jacobian(hessian(beyond))(by_list)
    for i, j in itertools.product(range(6), repeat=2):
        assert third[i][j].take(6) == pytest.approx(expected[i][j])


def test_derivatives_of_whole_stream_operations_agree_with_those_of_the_list_with_zeros():
    x, by_list = finite(1, 2, 3), [1.0, 2.0, 3.0, 0.0, 0.0]
    of_stream = lambda x: (x * x * x + x * x - 2 * x).sum() + x.drop(1).sum() * x.sum() ** 2
    of_list = lambda x: sum(e**3 + e**2 - 2 * e for e in x) + sum(x[1:]) * sum(x) ** 2
    assert grad(of_stream)(x).take(5) == pytest.approx(grad(of_list)(by_list))
    second, expected = hessian(of_stream)(x), hessian(of_list)(by_list)
    for i in range(5):
        assert second[i].take(5) == pytest.approx(expected[i])
    v = finite(1, 0, 2, 5)
    along = [row[0] + 2 * row[2] + 5 * row[3] for row in expected]
    assert hvp(of_stream, x, v).take(5) == pytest.approx(along)


def test_the_value_of_an_operation_on_all_the_zeros_varies_one_layer_down():
    second = hessian(lambda x: x.map(sin).sum() ** 2)(finite(0.5))  # of (Σ sin xᵢ)²
    assert second[0].take(3) == pytest.approx([2 * np.cos(1.0), 2 * np.cos(0.5), 2 * np.cos(0.5)])
    assert second[5].take(7) == pytest.approx([2 * np.cos(0.5), *[2.0] * 6])


def test_a_factor_and_a_stream_vary_together():
    f = lambda p: (p[0] * p[1]).sum() * p[0]
    g = grad(f)((2.0, finite(1, 2)))
    assert (g[0], g[1].take(4)) == (12.0, [4.0] * 4)
    second = hessian(f)((2.0, finite(1, 2)))
    assert second[0][0] == 6.0
    assert second[0][1].take(4) == [4.0] * 4
    assert [second[1][i][0] for i in (0, 1, 7)] == [4.0, 4.0, 4.0]
    assert second[1][7][1].take(3) == [0.0] * 3


def test_a_long_chain_of_operations_needs_no_recursion():
    def f(x):
        for _ in range(1_000):
            x = x - x * 0.5 - x * 0.5 + x
        return x.sum()

    assert grad(f)(finite(1)).take(3) == [1.0, 1.0, 1.0]


# -------------------------------------------------------------------------------------- streams as values


def test_the_derivative_of_a_stream_is_a_stream_that_is_computed_when_it_is_read():
    read = []

    def powers(t):
        return Stream.tabulate(lambda i: read.append(i) or t**i)

    derivative = jacobian(powers)(2.0)
    assert type(derivative) is Stream
    assert read == []
    assert derivative.take(4) == [0.0, 1.0, 4.0, 12.0]
    assert set(read) == {0, 1, 2, 3}
    second = jacobian(jacobian(powers))(2.0)
    assert second.take(4) == [0.0, 0.0, 2.0, 12.0]


def test_the_jacobian_from_streams_to_streams():
    f = lambda s: s.map(lambda x: x * x).zip_with(lambda a, b: a * b, s.tail)  # yᵢ = xᵢ² xᵢ₊₁
    rows = jacobian(f)(counting())
    assert [rows[i].to_list() for i in range(3)] == [[4.0, 1.0], [0.0, 12.0, 4.0], [0.0, 0.0, 24.0, 9.0]]
    value, pullback = vjp(f, counting())
    assert value.take(3) == [2.0, 12.0, 36.0]
    assert pullback(finite(1, 10)).to_list() == [4.0, 1.0 + 120.0, 40.0]
    assert pullback(FiniteSupportStream((), 0.0)).support_length == 0


def test_the_derivative_of_a_finite_support_stream():
    assert jacobian(lambda t: FiniteSupportStream([t**3, t, 1.0]))(2.0).to_list() == [12.0, 1.0, 0.0]
    rows = jacobian(lambda x: x * 2.0)(finite(1, 2))
    assert [rows[i].take(6) for i in (0, 4)] == [[2.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 2.0, 0.0]]
    value, pullback = vjp(lambda x: x * 2.0, finite(1, 2))
    assert value == finite(2, 4)
    assert pullback(counting()).take(4) == [2.0, 4.0, 6.0, 8.0]


class Whole:
    """A descriptor that hands out the argument as one RevDiff."""

    def split(self, x, /):
        return x


def test_one_revdiff_of_a_stream_is_a_value_like_the_stream():
    rows = custom_arg_val_derivative(Whole(), stream_val, lambda s: s)(counting())
    assert [rows[i].to_list() for i in (0, 2)] == [[1.0], [0.0, 0.0, 1.0]]
    rows = custom_arg_val_derivative(Whole(), finite_support_stream_val, lambda x: x)(finite(1, 2))
    assert [rows[i].take(4) for i in (1, 3)] == [[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
    seeds = [(primal(y), y_bar) for y, y_bar in stream_val.seeds(init_diff(counting()), finite(10, 20))]
    assert seeds == [(1.0, 10.0), (2.0, 20.0)]
    seeds = list(finite_support_stream_val.seeds(init_diff(finite(1, 2)), counting()))
    assert [(primal(y), y_bar) for y, y_bar in seeds[:2]] == [(1.0, 1.0), (2.0, 2.0)]
    assert seeds[2][1].take(2) == [3.0, 4.0]


def test_streams_inside_structures_on_both_sides():
    f = lambda d: {"s": d["s"].map(lambda x: x * d["k"]), "y": d["f"].sum() * d["k"]}
    result = jacobian(f)({"s": counting(), "f": finite(1, 2), "k": 3.0})
    assert (result["y"]["k"], result["y"]["f"].take(3)) == (3.0, [3.0] * 3)
    assert result["s"][1]["s"].to_list() == [0.0, 3.0]
    assert result["s"][1]["k"] == 2.0
    (value, aux), g = value_and_grad(lambda s: (s[0] ** 2, [s, s.map(lambda x: 2 * x)]), has_aux=True)(counting())
    assert (value, g.to_list()) == (1.0, [2.0])
    assert aux[0].take(2) == [1.0, 2.0]
    assert [type(x) for x in aux[1].take(2)] == [float, float]


def test_the_derivative_along_a_direction_of_numbers_made_of_streams():
    assert jvp(lambda s: s[1] * s[2], (counting(),), (counting(),)) == (6.0, 12.0)
    assert jvp(lambda x: (x * x).sum(), (finite(1, 2),), (finite(10, 0, 5),)) == (5.0, 20.0)


def test_the_derivative_along_a_direction_of_a_finite_support_stream():
    value, tangent = jvp(lambda x: x * x, (finite(1, 2),), (finite(10, 100),))
    assert value == finite(1, 4)
    assert tangent.take(3) == [20.0, 400.0, 0.0]


def test_the_derivative_along_a_direction_of_an_infinite_stream_says_what_to_do():
    with pytest.raises(InfiniteError, match="take"):
        jvp(lambda s: s * s, (counting(),), (Stream.repeat(1.0),))
    assert jvp(lambda s: (s * s).take(2), (counting(),), (Stream.repeat(1.0),)) == ([1.0, 4.0], [2.0, 4.0])


# ------------------------------------------------------------------------------------------- what is kept


@pytest.mark.parametrize("n", [2, 2_000], ids=["small", "large"])
def test_arrays_in_a_stream_may_change_after_they_were_read(n):
    arrays = [np.full(n, i + 1.0) for i in range(3)]
    _, pullback = vjp(lambda s: (s[0] * s[1]).sum(), Stream.tabulate(lambda i: arrays[i]))
    arrays[1][...] = 77.0
    np.testing.assert_array_equal(pullback(1.0)[0], np.full(n, 2.0))


@pytest.mark.parametrize("n", [2, 2_000], ids=["small", "large"])
def test_arrays_in_a_finite_support_stream_may_change(n):
    arrays = [np.full(n, i + 1.0) for i in range(3)]
    _, pullback = vjp(lambda x: (x[0] * x[1]).sum(), FiniteSupportStream(arrays))
    arrays[1][...] = 77.0
    np.testing.assert_array_equal(pullback(1.0)[0], np.full(n, 2.0))


def test_writing_to_an_element_of_a_gradient_changes_nothing_else():
    arrays = [np.ones(2), np.ones(2)]
    g = grad(lambda s: (s[0] + s[1]).sum())(Stream.tabulate(lambda i: arrays[i]))
    g[0][...] = 77.0
    g[5][...] = 77.0
    assert [g[i].tolist() for i in (1, 6)] == [[1.0, 1.0], [0.0, 0.0]]
    g = grad(lambda x: x.sum().sum())(FiniteSupportStream(arrays))
    g[0][...] = 77.0
    g[5][...] = 77.0
    assert [g[i].tolist() for i in (1, 4, 6)] == [[1.0, 1.0]] * 3
    assert [a.tolist() for a in arrays] == [[1.0, 1.0]] * 2


def test_stopping_the_gradient_of_a_stream():
    assert grad(lambda s: stop_gradient(s)[0] * s[1])(counting()).to_list() == [0.0, 1.0]
    assert grad(lambda x: stop_gradient(x).sum() * x[1])(finite(1, 2)).take(3) == [0.0, 3.0, 0.0]


def test_a_stream_of_revdiffs_cannot_be_joined_in_silence():
    for stream in (lambda t: Stream.tabulate(lambda i: t**i), lambda t: FiniteSupportStream([t, t * t])):
        assert jacobian(lambda t, stream=stream: [stream(t), t])(3.0)[0].take(2) in ([0.0, 1.0], [1.0, 6.0])
        with pytest.raises(ArgumentError, match="cannot be joined"):
            jacobian(lambda t, stream=stream: join([stream(t), t]))(3.0)


# ---------------------------------------------------------------------------------------- errors and ends


def test_what_has_no_end_is_not_listed():
    for g in (grad(lambda s: s[0] * 2)(counting()), grad(lambda x: x.sum())(finite(1))):
        with pytest.raises(InfiniteError, match="has no end"):
            list(g)
        with pytest.raises(InfiniteError, match="has no end"):
            len(g)
    with pytest.raises(InfiniteError):
        grad(lambda s: sum([*s]))(counting())
    with pytest.raises(RevDiffError, match="one real number; it returned a Stream"):
        grad(lambda s: s)(counting())


def test_errors_say_which_element():
    with pytest.raises(RevDiffError, match=r"an object(?s:.*)in (argument)?\[3\]\[1\]"):
        grad(lambda s: s[3][1])(Stream.tabulate(lambda i: (1.0, object())))
    with pytest.raises(RevDiffError, match=r"an object(?s:.*)in (argument)?\[0\]"):
        grad(lambda s: s[0])(Stream.repeat(object()))
    with pytest.raises(RevDiffError, match=r"an object(?s:.*)in (argument)?\[1\]\['a'\]"):
        grad(lambda x: x[0]["a"])(FiniteSupportStream([{"a": 1.0}, {"a": object()}], {"a": 0.0}))


def test_cotangents_of_the_other_kind_are_needed():
    with pytest.raises(ArgumentError, match="a FiniteSupportStream is needed here; met a Stream"):
        vjp(lambda s: s * 2.0, counting())[1](counting())
    with pytest.raises(ArgumentError, match="a Stream is needed here; met a FiniteSupportStream"):
        vjp(lambda x: x * 2.0, finite(1))[1](finite(1))
    with pytest.raises(RevDiffError, match=r"a Stream(?s:.*)a FiniteSupportStream"):
        init_diff(counting()).backprop(counting())


def test_a_second_derivative_that_is_not_known_is_refused():
    f = lambda p: p[0].map(lambda x: x * x * p[1]).sum()
    with pytest.raises(MixedLayersError, match="zeros after the support"):
        hessian(f)((finite(1, 2), 3.0))[0][5][0].take(7)


def test_a_variable_of_an_inner_derivative_in_a_function_of_all_the_zeros_is_refused(monkeypatch):
    monkeypatch.setattr(Differentiation, "watched", False)  # as long as nobody has met zeros that are variables
    inner = lambda g: grad(lambda x: grad(lambda c: g(x, c))(3.0) * x[0])(finite(1, 2))
    with pytest.raises(MixedLayersError, match=r"may depend on the variable of an inner derivative(?s:.*)c \* x"):
        inner(lambda x, c: x.map(lambda e: e * c).sum())
    assert inner(lambda x, c: (x * c).sum()).take(4) == [4.0, 1.0, 1.0, 1.0]


def test_elements_may_have_a_descriptor_of_their_own():
    s = Stream.tabulate(lambda i: np.array([i + 1.0, 2.0]))
    g = custom_arg_derivative(mk_stream_arg(vector_arg), lambda s: s[0][0] * s[1][1])(s)
    assert [x.tolist() for x in g.to_list()] == [[2.0, 0.0], [0.0, 1.0]]
    g = custom_arg_derivative(mk_finite_support_stream_arg(vector_arg), lambda x: x[0][0] * x[1][1])(
        FiniteSupportStream(s.take(2))
    )
    assert [x.tolist() for x in g.take(3)] == [[2.0, 0.0], [0.0, 1.0], [0.0, 0.0]]
    assert custom_val_derivative(mk_stream_val(scalar_val), lambda t: Stream.tabulate(lambda i: t**i))(2.0)[3] == 12.0
    assert stream_arg_derivative(lambda s: s[1] ** 2)(counting()).to_list() == [0.0, 4.0]
    assert stream_val_derivative(lambda t: Stream.repeat(t * t))(3.0)[9] == 6.0
    assert finite_support_stream_arg_derivative(lambda x: x.sum())(finite(1)).take(2) == [1.0, 1.0]
    assert finite_support_stream_val_derivative(lambda t: FiniteSupportStream([t * t]))(3.0)[0] == 6.0


INTERRUPTED = """
    import resource, signal
    from revdiff import Stream, grad

    read = 0
    def interrupt(*_):
        raise KeyboardInterrupt
    signal.signal(signal.SIGALRM, interrupt)

    def f(s):
        global read
        total = 0.0
        for x in s:
            read += 1
            if read == 20_000:
                signal.setitimer(signal.ITIMER_REAL, 0.01)
            total = total + x * x
        return total

    s = Stream.tabulate(float)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        grad(f)(s)
    except KeyboardInterrupt:
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        print(used * 1024 < 5_000 * read, grad(lambda s: s[1] * s[2])(s).to_list())
"""


@pytest.mark.skipif(not hasattr(signal, "SIGALRM") or sys.platform == "darwin", reason="needs an alarm, and KiB")
def test_a_function_that_never_stops_reading_can_be_interrupted_and_holds_what_it_has_read():
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(INTERRUPTED)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.split("\n")[0] == "True [0.0, 2.0, 1.0]", done.stderr


# ------------------------------------------------------------------------------- later, nested, elsewhere


def test_derivatives_that_are_read_after_the_operator_has_returned():
    late = jacobian(lambda y: Stream.from_iterable(y**i for i in itertools.count()))(3.0)
    assert late.take(4) == [0.0, 1.0, 6.0, 27.0]
    nested = jacobian(
        lambda y: Stream.from_iterable(simple_derivative(lambda z: z * y)(1.0) * y for _ in itertools.count())
    )(3.0)
    assert nested.take(3) == [6.0, 6.0, 6.0]


def test_an_inner_derivative_by_a_stream_that_carries_an_outer_variable():
    # ∂/∂s₀ of s₀² s₁ at s = 1, t, t², … is 2t.
    inner = lambda t: grad(lambda s: s[0] ** 2 * s[1])(Stream.iterate(lambda x: x * t, 1.0))[0]
    assert simple_derivative(inner)(2.0) == 2.0
    # ∂/∂x₁ of t Σ xᵢ² at (t, t²) is 2t³, and of t Σ t xᵢ behind the support t².
    assert (
        simple_derivative(lambda t: grad(lambda x: (x * x).sum() * t)(FiniteSupportStream([t, t * t]))[1])(2.0) == 24.0
    )
    assert simple_derivative(lambda t: grad(lambda x: (x * t).sum() * t)(FiniteSupportStream([t]))[7])(2.0) == 4.0


def test_an_inner_derivative_by_the_same_stream():
    # s₀ · ∂/∂u₁ (u₀ u₁ s₁) at u = s is s₀² s₁.
    assert grad(lambda s: s[0] * grad(lambda u: u[0] * u[1] * s[1])(s)[1])(counting()).to_list() == [4.0, 1.0]
    # s₀ · ∂/∂u₄ (s₁ Σ uᵢ²) at u = s is 2 s₀ s₁ s₄.
    f = lambda s: s[0] * grad(lambda u: (u * u).sum() * s[1])(s)[4]
    assert grad(f)(finite(1, 2)).take(6) == [0.0, 0.0, 0.0, 0.0, 4.0, 0.0]
    # s₁ · ∂/∂u₄ Σ uᵢ sᵢ at u = s is s₁ s₄, and so it is with the operands exchanged.
    for product in (lambda u, s: u * s, lambda u, s: s * u):
        f = lambda s, product=product: s[1] * grad(lambda u: product(u, s).sum())(s)[4]
        assert grad(f)(finite(1, 2)).take(6) == [0.0, 0.0, 0.0, 0.0, 2.0, 0.0]


def test_streams_of_derivatives_of_streams():
    # ∂/∂y (y t)ⁱ = i t (y t)ⁱ⁻¹, and of that ∂/∂t at (t, y) = (2, 3): i² (t y)ⁱ⁻¹.
    inner = lambda t: jacobian(lambda y: Stream.tabulate(lambda i: (y * t) ** i))(3.0)
    assert jacobian(inner)(2.0).take(4) == pytest.approx([0.0, 1.0, 24.0, 324.0])


def test_an_element_that_leaves_its_derivative_keeps_its_layer():
    left = []
    grad(lambda s: (left.append(s), s[0])[1])(counting())
    assert isinstance(left[0][3], RevDiff)
    assert simple_derivative(lambda t: t * t)(left[0][3].value) == 8.0


def test_elements_that_are_structures_vary_behind_the_support_too():
    value, pullback = vjp(lambda x: x, FiniteSupportStream([(1.0, 2.0)]))
    assert value == FiniteSupportStream([(1.0, 2.0)])
    assert pullback(Stream.repeat((5.0, 6.0))).take(3) == [(5.0, 6.0)] * 3


def test_trimming_keeps_what_carries_a_derivative_inside_a_structure():
    assert grad(lambda x: FiniteSupportStream([{"a": 3.0 * x}]).trim()[0]["a"])(0.0) == 3.0
    for wrap in (lambda x: {"a": x}, lambda x: [x], lambda x: (x, [x]), lambda x: {"a": [x]}):
        assert FiniteSupportStream([wrap(init_diff(0.0))]).trim().support_length == 1
