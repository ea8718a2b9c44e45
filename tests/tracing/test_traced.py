"""Traced values behave like the values that they stand around, and say what was done with them."""

from __future__ import annotations

import asyncio
import copy
import pickle
import threading
import tracemalloc
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy

import revdiff as rd
from revdiff import Event, Stream, Trace, Traced, UnitVector, add_trace, trace, traced, untraced

x = sympy.Symbol("x")


@pytest.mark.parametrize(
    "value",
    [2, 0.5, 0.5 - 1j, Fraction(1, 3), Decimal("0.5"), mpmath.mpf("0.5"), mpmath.mpc(1, 2), x, np.float32(0.5), np.ones(2)],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_any_number_system_can_be_traced(value: Any) -> None:
    y = (Traced(value) * 3 + 1) / 2
    assert type(y.value) is type((value * 3 + 1) / 2)
    assert np.all(y.value == (value * 3 + 1) / 2)
    assert y.traced_by.counts == {"*": 1, "+": 1, "/": 1}


def test_events_say_what_was_done_with_what() -> None:
    t = Trace()
    a, b = Traced(3.0, "a", trace=t), Traced(4.0, "b", trace=t)
    c = rd.hypot(a, b) - 1.0
    number, subtraction = c.number, c.event
    assert number == 3
    assert subtraction is not None
    assert (subtraction.name, subtraction.args, subtraction.parents, subtraction.result) == (
        "-",
        (5.0, 1.0),
        (2, None),
        4.0,
    )
    assert (subtraction.phase, subtraction.depth) == ("forward", 0)
    assert subtraction.seconds >= 0
    assert subtraction.nbytes == (4.0).__sizeof__()
    assert t.events[:2] == [
        Event(0, "a", (), (), 3.0, "input", 0, 0.0, subtraction.nbytes),
        Event(1, "b", (), (), 4.0, "input", 0, 0.0, subtraction.nbytes),
    ]
    assert t.counts == {"hypot": 1, "-": 1}
    assert len(t) == 4


def test_the_backward_pass_is_told_from_the_forward_one() -> None:
    with trace() as t:
        rd.grad(lambda x: rd.sin(x) * 2)(0.5)
    assert [(event.name, event.phase, event.depth) for event in t.events] == [
        ("x", "input", 0), ("sin", "forward", 0), ("*", "forward", 0), ("*", "backward", 1), ("cos", "backward", 1),
        ("*", "backward", 1),
    ]  # fmt: skip


def test_a_backward_pass_inside_another_is_one_deeper() -> None:
    @rd.primitive
    def f(x: Any) -> Any:
        return x * x, lambda ct: ct * rd.simple_derivative(rd.sin)(x)

    with trace() as t:
        rd.grad(f)(0.5)
    assert [(event.name, event.depth) for event in t.events if event.name in ("cos", "sin")] == [("sin", 1), ("cos", 2)]


def test_comparisons_are_those_of_the_value() -> None:
    a = Traced(2.0)
    assert a == 2.0
    assert a != 3.0
    assert a < 3.0 <= Traced(3.0)
    assert a > 1.0
    assert a
    assert not Traced(0.0)
    assert {a: 1}[2.0] == 1
    assert f"{a:.3f} {a}" == "2.000 2.0"
    assert repr(a) == "Traced(2.0)"
    assert Traced(x) + 1 == x + 1
    assert a.traced_by.counts == {}
    assert a.traced_by
    assert 2.0 in Traced(np.array([1.0, 2.0]))
    assert Traced(a) == a


def test_in_place_a_number_makes_way_for_another_and_a_variable_does_the_operation_itself() -> None:
    y = a = Traced(2.0)
    y += 1.0
    assert (y, a, y.traced_by.counts) == (3.0, 2.0, {"+": 1})
    z: Any = Traced(2.0)
    z *= rd.init_diff(3.0)
    assert (type(z), z.backprop(1.0)) == (rd.RevDiff, 2.0)


def test_branches_and_loops_follow_the_value() -> None:
    def f(x: Any) -> Any:
        y = x
        while y < 100:
            y = y * x if y > 0 else -y
        return y

    with trace() as t:
        assert t.call(f, 3.0) == 243.0
        assert rd.grad(f)(3.0) == 405.0
    assert t.counts["*"] >= 8


def test_symbols_on_either_side() -> None:
    y = x + Traced(2) * x
    assert type(y) is Traced
    assert y == 3 * x
    assert type(np.float64(2) * Traced(3.0)) is Traced
    assert type(np.ones(2) * Traced(3.0)) is Traced
    assert Traced(sympy.Integer(3)).is_positive is True
    assert (Traced(x) ** 2).diff(x) == 2 * x
    assert sympy.sin(Traced(x)) == sympy.sin(x)
    assert np.sin(Traced(x)) == rd.sin(x)
    assert np.sin(np.array([Traced(x)], object))[0] == sympy.sin(x)


def test_derivatives_stand_outside() -> None:
    r = rd.init_diff(Traced(3.0, "x"))
    for y in (r * Traced(2.0), Traced(2.0) * r, np.multiply(Traced(2.0), r)):
        assert type(y) is rd.RevDiff
        assert type(y.value) is Traced
        assert y.backprop(1.0) == 2.0
    assert rd.primal(r) == 3.0
    assert type(rd.primal(r)) is float


@dataclass
class Layer:
    weights: Any
    bias: float
    name: str = "tanh"
    size: int = field(default=0, metadata={"static": True})


def model(layer: Layer, batch: Any) -> Any:
    return np.sum(np.tanh(batch @ layer.weights + layer.bias))


def test_whole_structures_are_traced_and_come_back() -> None:
    layer = Layer(np.ones((2, 2)), 0.5, size=3)
    inside = traced(layer, "layer")
    assert type(inside.weights) is type(inside.bias) is Traced
    assert (inside.name, inside.size) == ("tanh", 3)
    assert [event.name for event in inside.bias.traced_by.events] == ["layer.weights", "layer.bias"]
    back = untraced(inside)
    assert type(back) is Layer
    assert type(back.weights) is np.ndarray
    assert back.bias == 0.5
    assert untraced(np.array([Traced(1.0), None], object)[:1]).tolist() == [1.0]


@pytest.mark.parametrize(
    ("operator", "argument"),
    [
        (rd.grad(lambda p: p["a"] * rd.sin(p["b"][0])), {"a": 2.0, "b": [0.5], "c": "text"}),
        (rd.grad(lambda layer: model(layer, np.eye(2))), Layer(np.ones((2, 2)), 0.5)),
        (rd.grad(lambda u: u[0] * u[1] ** 2), UnitVector([0.6, 0.8])),
        (rd.hessian(lambda u: u[0] * u[1] ** 2), UnitVector([0.6, 0.8])),
        (rd.value_and_grad(lambda x: (x * x, {"inside": x}), has_aux=True), 3.0),
        (rd.jacobian(lambda x: np.sin(x) * x[::-1]), np.array([1.0, 2.0, 3.0])),
        (rd.value_grad_hessian(np.prod), np.array([1.0, 2.0, 3.0])),
        (lambda x: rd.jvp(lambda a, b: (a * b, a / b), (x, 3.0), (1.0, 10.0)), 2.0),
        (lambda x: rd.hvp(lambda a: a**4, x, 10.0), 2.0),
        (lambda x: rd.vjp(lambda a: a**4, x)[1](10.0), 2.0),
        (rd.simple_derivative(lambda x: x * rd.simple_derivative(lambda y: x + y)(1.0)), 2024.0),
        (rd.simple_derivative(lambda x: x * rd.simple_derivative(lambda y: y * y)(1.0)), 2024.0),
        (rd.grad(lambda x: rd.checkpoint(lambda y: rd.sin(y) * y)(x) * x), 2.0),
        (rd.elementwise_derivative(lambda x: x**3), np.array([1.0, 2.0])),
        (rd.grad(lambda x: np.sum(x**2)), np.array([1, 2])),
        (rd.simple_derivative(rd.sqrt), 0.0),
        (rd.nth_derivative(lambda x: x**3, 3), 0.0),
        (rd.simple_derivative(lambda x: rd.where(x > 0, x * x, -x)), x),
        (rd.grad(lambda p: p[0] * 2.0 if p[1] is None else 0.0), (1.0, None)),
        (lambda x: rd.stream_val_derivative(lambda x: Stream.iterate(lambda y: y * x, x))(x).take(5), 2.0),
        (lambda x: rd.stream_arg_derivative(lambda s: s[0] * s[2])(Stream.iterate(lambda y: y + 1, x)).take(4), 2.0),
    ],
)
def test_derivatives_are_what_they_are_without_a_trace(operator: Any, argument: Any) -> None:
    expected = operator(argument)
    with trace() as t:
        found = operator(argument)
    assert type(found) is type(expected)
    assert t.counts
    if argument is x:
        assert all(sympy.simplify((found - expected).subs(x, value)) == 0 for value in (2, -3))
    else:
        _assert_close(found, expected)


def _assert_close(found: Any, expected: Any) -> None:
    if isinstance(expected, tuple | list):
        for a, b in zip(found, expected, strict=True):
            _assert_close(a, b)
    elif isinstance(expected, dict | Layer):
        _assert_close(*(list((vars(z) if isinstance(z, Layer) else z).values()) for z in (found, expected)))
    elif isinstance(expected, str | None):
        assert found == expected
    else:
        assert type(found) is type(expected)
        np.testing.assert_allclose(np.asarray(found), np.asarray(expected), rtol=1e-12)


def test_inputs_have_the_names_of_the_arguments() -> None:
    with trace() as t:
        rd.grad(lambda a, b, *, c: a * b[0] * c, argnums=(1, "c"))(2.0, [3.0], c=4.0)
        rd.vjp(lambda u, v: u * v, 2.0, 3.0)
        rd.grad(lambda layer: layer.bias * 2)(Layer(1.0, 2.0))
        rd.simple_derivative(rd.sin)(sympy.Symbol("alpha"))
        t.call(lambda p, *rest, q: p * rest[0] * q["r"], 1.0, 2.0, q={"r": 3.0})
        t.call(max, 1.0, 2.0)
    names = [event.name for event in t.events if event.phase == "input"]
    assert names == [
        "b[0]", "c", "u", "v", "layer.weights", "layer.bias", "alpha", "p", "x2", "q['r']", "x1", "x2",
    ]  # fmt: skip


def test_a_function_of_ones_own_is_differentiated_by_what_it_is_made_of() -> None:
    square = add_trace("square", lambda x: x * x)
    assert square(3.0) == 9.0
    with trace() as t:
        assert t.call(square, 3.0) == 9.0
        assert rd.grad(square)(3.0) == 6.0
    assert t.counts["square"] == 1
    assert add_trace("nothing", lambda x: None)(Traced(3.0)) is None
    with pytest.raises(rd.ArgumentError, match=r"add_trace takes a name and a function; met an int and 'f' \(a str\)"):
        add_trace(3, "f")  # type: ignore[arg-type]


def test_what_is_no_number_is_refused() -> None:
    for value in ("text", True, None, [1.0], np.array(["a"])):
        with pytest.raises(rd.UnknownTypeError, match="what is traced"):
            Traced(value)
    with pytest.raises(rd.UnknownTypeError, match="what is traced"):
        Traced(rd.init_diff(1.0))


def test_an_error_is_that_of_the_value() -> None:
    with pytest.raises(ZeroDivisionError):
        Traced(1.0) / 0.0
    with pytest.raises(AttributeError, match="'float' object has no attribute 'missing'"):
        Traced(1.0).missing  # noqa: B018
    with pytest.raises(TypeError, match="has no len"):
        len(Traced(1.0))
    with pytest.raises(TypeError, match="'float' object is not iterable"):
        list(Traced(1.0))
    with pytest.raises(ValueError, match="array element"):
        Traced(np.zeros(2))[0] = rd.init_diff(1.0)


def test_values_of_two_traces_go_on_in_the_newer_one() -> None:
    old, new = Trace(), Trace()
    a, b = Traced(2.0, "a", trace=old), Traced(3.0, "b", trace=new)
    y = a * b + a
    assert y.traced_by is new
    assert [event.name for event in new.events] == ["b", "a", "*", "+"]
    assert new.events[3].parents == (2, 1)
    assert [event.name for event in old.events] == ["a"]
    assert Traced(4.0, trace=Trace(keep="counts")) * y == 32.0


def test_a_trace_within_a_trace_has_what_happens_in_its_block() -> None:
    with trace() as outer:
        rd.grad(rd.sin)(0.5)
        with trace() as inner:
            rd.grad(rd.exp)(0.5)
        rd.grad(rd.log)(0.5)
    assert inner.counts == {"exp": 1, "*": 1}
    assert outer.counts == {"sin": 1, "cos": 1, "log": 1, "/": 1, "*": 2}


def test_after_an_error_the_block_is_over() -> None:
    with pytest.raises(ZeroDivisionError), trace() as t:
        rd.grad(lambda x: x / 0)(1.0)
    before = len(t)
    rd.grad(rd.sin)(0.5)
    assert len(t) == before


def test_threads_do_not_mix() -> None:
    barrier = threading.Barrier(4)

    def work(i: int) -> Trace:
        with trace() as t:
            for _ in range(20):
                barrier.wait()
                rd.nth_derivative(lambda x: rd.sin(x) ** (i + 2), 2)(0.5)
        return t

    def alone(i: int) -> Trace:
        with trace() as t:
            for _ in range(20):
                rd.nth_derivative(lambda x: rd.sin(x) ** (i + 2), 2)(0.5)
        return t

    with trace() as around, ThreadPoolExecutor(4) as pool:
        together = list(pool.map(work, range(4)))
    for i, t in enumerate(together):
        assert str(t) == str(alone(i))
        assert [event.number for event in t.events] == list(range(len(t)))
    assert len(around) == 0


def test_a_value_in_another_thread_is_noted_where_it_belongs() -> None:
    t = Trace()
    a = Traced(1.0, trace=t)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda i: [a + i for _ in range(500)], range(4)))
    assert t.counts == {"+": 2000}
    assert [event.number for event in t.events] == list(range(2001))


def test_a_thread_that_takes_the_context_along_is_traced() -> None:
    with trace() as t:
        thread = threading.Thread(target=copy_context().run, args=(rd.grad(rd.sin), 0.5))
        thread.start()
        thread.join()
    assert t.counts == {"sin": 1, "cos": 1, "*": 1}


def test_tasks_do_not_mix() -> None:
    async def work(f: Any) -> Trace:
        with trace() as t:
            for _ in range(5):
                await asyncio.sleep(0)
                rd.grad(f)(0.5)
        return t

    async def several() -> list[Trace]:
        return await asyncio.gather(work(rd.sin), work(rd.exp))

    sines, exponentials = asyncio.run(several())
    assert sines.counts == {"sin": 5, "cos": 5, "*": 5}
    assert exponentials.counts == {"exp": 5, "*": 5}


def test_what_is_computed_after_the_block_is_noted_where_it_belongs() -> None:
    with trace() as t:
        slopes = rd.stream_val_derivative(lambda x: Stream.iterate(lambda y: y * x, x))(2.0)
    before = len(t)
    with trace() as other:
        assert slopes.take(4) == [1.0, 4.0, 12.0, 32.0]
    assert len(t) > before
    assert len(other) == 0

    def squares(x: Any) -> Any:
        for i in range(3):
            yield x**i

    values = squares(Traced(3.0, trace=t))
    counts = t.counts["**"]
    assert list(values) == [1.0, 3.0, 9.0]
    assert t.counts["**"] == counts + 3


def test_counting_a_hundred_thousand_events_takes_no_memory() -> None:
    def f(x: Any, n: int) -> Any:
        y = x
        for _ in range(n):
            y = y * 0.5 + 1.0
        return y

    t = Trace(keep="counts")
    t.call(lambda x: f(x, 45_000), 1.0)
    tracemalloc.start()
    try:
        t.call(lambda x: f(x, 5_000), 1.0)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert t.counts == {"*": 50_000, "+": 50_000}
    assert peak < 20_000
    with pytest.raises(
        rd.ArgumentError, match=r"kept counts and no events\.\n  For the events:  trace\(keep='events'\)"
    ):
        t.events  # noqa: B018
    with pytest.raises(rd.ArgumentError, match="kept counts and no events"):
        t.tree()


def test_copies_and_pickles() -> None:
    a = Traced(np.ones(2), "a")
    b, c = copy.copy(a), copy.deepcopy(a)
    b += 1.0
    assert np.array_equal(a.value, [1.0, 1.0])
    assert c.number == a.number
    loaded = pickle.loads(pickle.dumps(a))
    assert type(loaded) is Traced
    assert np.array_equal(loaded.value, a.value)


def test_an_array_that_is_written_into_after_it_was_used_gives_the_derivative_of_what_it_was() -> None:
    c = Traced(np.arange(3.0))

    def f(x: Any) -> Any:
        y = x * c
        z = np.sum(np.outer(x, c))
        c[0] = 100.0
        return np.sum(y) + z

    np.testing.assert_array_equal(rd.grad(f)(np.ones(3)), [3.0, 4.0, 5.0])


def test_nothing_is_watched_where_nothing_is_traced() -> None:
    with trace() as t:
        pass
    assert rd.grad(rd.sin)(0.0) == 1.0
    assert len(t) == 0
    assert repr(t) == "<trace of 0 events>"
    assert str(t) == ""


def loss(weights: Any, sample: Any) -> Any:
    return np.sum(np.tanh(weights @ sample))


@pytest.mark.parametrize(
    "operator",
    [
        lambda w, xs: rd.grad(lambda w: np.sum(rd.vectorize(lambda sample: loss(w, sample))(xs)))(w),
        lambda w, xs: rd.vectorize(rd.grad(lambda sample: loss(w, sample)))(xs),
        lambda w, xs: rd.vectorize(rd.hessian(lambda sample: loss(w, sample)))(xs),
        rd.vectorize(rd.grad(loss), in_axes=(None, 0)),
        rd.vectorize(rd.grad(loss, argnums=1), in_axes=(None, 0)),
        rd.vectorize(loss, in_axes=(None, 0)),
    ],
)
def test_functions_mapped_over_samples(operator: Any) -> None:
    w, xs = np.arange(6.0).reshape(2, 3) / 10, np.arange(12.0).reshape(4, 3) / 10
    expected = operator(w, xs)
    with trace() as t:
        found = operator(w, xs)
        inside = t.call(operator, w, xs)
    for result in (found, inside, rd.shared(operator)(w, xs)):
        assert type(result) is np.ndarray
        np.testing.assert_allclose(result, expected, rtol=1e-12)


@pytest.mark.parametrize("show", [lambda y: y[:2], lambda y: y.reshape(3, 1), np.ravel, lambda y: y[::-1]])
def test_a_view_that_was_used_before_a_write_gives_the_derivative_of_what_it_was(show: Any) -> None:
    def f(x: Any) -> Any:
        y = x * 1.0
        view = show(y)
        before = np.sin(view)
        y[0] = 9.0
        return before.sum() + np.sin(view).sum()

    x = np.array([0.5, 1.5, 2.5])
    with rd.trace():
        slope = rd.grad(f)(x)
    np.testing.assert_allclose(slope, rd.grad(f)(x))


@pytest.mark.parametrize("convert", [np.asarray, np.asanyarray, np.ascontiguousarray, np.require])
def test_who_writes_into_the_array_of_a_traced_value_changes_it(convert: Any) -> None:
    def f(x: Any) -> Any:
        y = x * 1.0
        before = np.sin(y)
        convert(y)[0] = 1.0
        return before, np.sin(y), y

    x = np.array([0.5, 1.5, 2.5])
    for g in (rd.shared(f), lambda x: rd.trace().call(f, x)):
        np.testing.assert_array_equal(g(x), f(x))


def test_parts_of_an_array_can_be_set() -> None:
    def f(x: Any) -> Any:
        y = x * 1j
        y.real, y.flat[0] = x, 5.0
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # since NumPy 2.5
            y.shape = (3, 1)
        return y

    x = np.array([0.5, 1.5, 2.5])
    np.testing.assert_array_equal(rd.trace().call(f, x), f(x))


def test_arrays_of_objects_stay_what_they_are() -> None:
    def f(x: Any) -> Any:
        y = np.empty(2, dtype=object)
        y[0], y[1] = x, x * 2.0
        return y

    result = rd.trace().call(f, 0.5)
    assert (result.dtype, result.tolist()) == (np.dtype(object), [0.5, 1.0])


def test_a_solver_of_scipys_gets_plain_arrays() -> None:
    def nearest(x: Any) -> Any:
        return rd.optimize.minimize(lambda u: ((u - x) ** 2).sum(), np.zeros(3)).x.round(4)

    x = np.array([0.5, 1.5, 2.5])
    np.testing.assert_allclose(rd.trace().call(nearest, x), x)
