"""Cost is linear in the number of operations, never in the number of paths; and nothing recurses.

No clock is read: evaluations are counted. Of local maps written here, every call; of the library's
own work, every call of a function that Python's profiler sees.
"""

from __future__ import annotations

import copy
import gc
import pickle
import sys
import tracemalloc
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, make_dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy

import revdiff
from revdiff import RevDiff, cos, grad, hvp, init_diff, nth_derivative, primal, simple_derivative, sin, vjp
from revdiff.core.collecting import Assembly, Place, Slots
from revdiff.core.structure import leaves

# ---------------------------------------------------------------------- primitives that count


class Counter:
    """Local maps that note when they are called."""

    def __init__(self):
        self.calls = []

    def local(self, name, function):
        def counted(ct):
            self.calls.append(name)
            return function(ct)

        return counted


def product(counter, x, y, i):
    """A primitive of the form RevDiff(v, x.backprop @ local + y.backprop @ local)."""
    return RevDiff(
        x.value * y.value,
        x.backprop @ counter.local((i, 0), lambda ct: ct * y.value)
        + y.backprop @ counter.local((i, 1), lambda ct: ct * x.value),
    )


def halved_sum(counter, x, y, i):
    return RevDiff(
        (x.value + y.value) * 0.5,
        x.backprop @ counter.local((i, 0), lambda ct: ct * 0.5)
        + y.backprop @ counter.local((i, 1), lambda ct: ct * 0.5),
    )


STEPS = {
    "y = y·y": lambda counter, y, i: product(counter, y, y, i),
    "y = (y + y)/2": lambda counter, y, i: halved_sum(counter, y, y, i),
    "y = sin y · cos y": lambda counter, y, i: product(counter, sin(y), cos(y), i),
    "y = (y·y + y)/2": lambda counter, y, i: (product(counter, y, y, i) + y) * 0.5,
}

START = {
    "float": 0.999,
    "int": 1,
    "Fraction": Fraction(1),
    "float64": np.float64(0.999),
    "array": np.array([0.999, 0.5]),
    "SymPy": sympy.Integer(1),
}


@pytest.mark.parametrize("kind", START)
@pytest.mark.parametrize("step", STEPS)
def test_every_local_map_is_called_once_in_a_sweep_over_two_to_the_n_paths(step, kind):
    n = {"SymPy": 4, "Fraction": 8, "int": 8}.get(kind, 64)  # the numbers of the first three grow
    counter = Counter()
    y = init_diff(START[kind])
    for i in range(n):
        y = STEPS[step](counter, y, i)
    assert counter.calls == [], "a local map was called before there was a cotangent"
    one = revdiff.one_like(y)
    y.backprop(one)
    assert sorted(counter.calls) == [(i, side) for i in range(n) for side in (0, 1)]
    y.backprop(one)
    assert len(counter.calls) == 2 * 2 * n, "a second sweep calls every local map once more"


@pytest.mark.parametrize("step", ["y = y·y", "y = (y + y)/2"])
def test_every_local_map_is_called_once_for_expressions_that_grow(step):
    counter = Counter()
    y = init_diff(sympy.Symbol("x"))
    for i in range(40):
        y = STEPS[step](counter, y, i)
    y.backprop(sympy.Integer(1))
    assert len(counter.calls) == 80


@pytest.mark.parametrize("kind", ["float", "array", "float64"])
@pytest.mark.parametrize("step", STEPS)
def test_at_second_order_the_calls_grow_in_proportion_to_the_operations(step, kind):
    def calls(n):
        counter = Counter()

        def chain(x):
            for i in range(n):
                x = STEPS[step](counter, x, i)
            return x

        nth_derivative(chain, 2)(START[kind])
        return len(counter.calls)

    few, many = calls(20), calls(40)
    assert many <= 2 * few + 8, f"{few} calls for 20 steps, {many} for 40"
    assert few <= 20 * 40


def test_inside_a_nested_derivative_every_local_map_is_called_once_in_each_sweep():
    counter = Counter()
    n = 64

    def outer(x):
        def inner(y):
            for i in range(n):
                y = product(counter, y, y, i) * x
            return y

        return simple_derivative(inner)(0.9)

    simple_derivative(outer)(0.9)
    per_local = len(counter.calls) / (2 * n)
    assert per_local == 1, f"each local map of the inner chain was called {per_local} times in its one sweep"


# ---------------------------------------------------------------------- the library's own operations


@contextmanager
def counting_calls():
    """Count the calls of Python and C functions."""
    count = [0]

    def profile(frame, event, arg):
        if event in ("call", "c_call"):
            count[0] += 1

    sys.setprofile(profile)
    try:
        yield count
    finally:
        sys.setprofile(None)


CHAINS = {
    "y = y·y rescaled": lambda y: y * y * 1.001 + 0.0,
    "y = y + y rescaled": lambda y: (y + y) * 0.5,
    "y = sin y · cos y": lambda y: sin(y) * cos(y),
    "y = y / y + y - y": lambda y: y / y + y - y,
    "y = y ** 2 · y": lambda y: y**2 * y,
    "y = tuple of y": lambda y: revdiff.primitive(lambda a, b: (a * b, lambda ct: (ct * b, ct * a)))(y, y),
    "y = y[0] · y": lambda y: y[0] * y if np.ndim(primal(y)) else y * y,
    "y = where": lambda y: revdiff.where(primal(y) > 0, y * y, y + y),
    "y = max": lambda y: revdiff.maximum(y, y * y),
}


def chain(name, n):
    step = CHAINS[name]

    def run(x):
        y = x
        for _ in range(n):
            y = step(y)
        return y

    return run


OPERATORS = {
    "order 1": lambda f, x: simple_derivative(f)(x),
    "vjp": lambda f, x: vjp(f, x)[1](revdiff.one_like(x)),
    "order 2": lambda f, x: nth_derivative(f, 2)(x),
    "order 3": lambda f, x: nth_derivative(f, 3)(x),
    "hvp": lambda f, x: hvp(lambda x: f(x).sum() if np.ndim(primal(x)) else f(x), x, x),
}


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("kind", ["float", "array", "float64"])
@pytest.mark.parametrize("name", CHAINS)
@pytest.mark.filterwarnings("ignore:(overflow|underflow|invalid|divide)")
def test_work_grows_in_proportion_to_the_number_of_operations(name, kind, operator):
    def work(n):
        with counting_calls() as count:
            OPERATORS[operator](chain(name, n), START[kind])
        return count[0]

    work(2)  # fills caches
    few, many = work(15), work(30)
    assert many <= 2.1 * few + 50, f"{few} calls for 15 steps and {many} for 30: not linear"


@pytest.mark.parametrize("name", ["y = y + y rescaled", "y = sin y · cos y"])
def test_derivatives_of_shared_expressions_are_right(name):
    n = 12
    x = sympy.Symbol("x")
    step = {"y = y + y rescaled": lambda y: (y + y) / 2, "y = sin y · cos y": lambda y: sympy.sin(y) * sympy.cos(y)}[
        name
    ]
    y, dy = sympy.Float(0.7, 40), sympy.Integer(1)
    for _ in range(n):
        dy *= sympy.diff(step(x), x).subs(x, y)
        y = step(y)
    assert simple_derivative(chain(name, n))(0.7) == pytest.approx(float(dy), rel=1e-12)
    assert simple_derivative(chain(name, n))(np.array([0.7])) == pytest.approx(float(dy), rel=1e-12)


def test_B50_doubling_a_thousand_times_is_two_to_the_thousand():
    def doubled(x):
        for _ in range(1000):
            x = x + x
        return x

    assert simple_derivative(doubled)(1.0) == 2.0**1000 == 1.0715086071862673e301
    assert simple_derivative(doubled)(1) == 2**1000
    np.testing.assert_array_equal(simple_derivative(doubled)(np.ones(2)), [2.0**1000] * 2)


def test_expressions_of_symbols_share_their_derivatives():
    counter = Counter()
    y = init_diff(sympy.Symbol("x"))
    for i in range(200):
        y = halved_sum(counter, y, y, i)
    assert y.backprop(sympy.Integer(1)) == pytest.approx(1)
    assert len(counter.calls) == 400


# ---------------------------------------------------------------------- very long chains

MILLION = 1_000_000


def identity_with_a_twist(ct):
    return ct * 1.0000001


@contextmanager
def low_recursion_limit(room=80):
    """Leave room for a few calls only."""
    depth, frame = 0, sys._getframe()
    while frame is not None:
        depth, frame = depth + 1, frame.f_back
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(depth + room)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def two_variables(n):
    """A chain of n nodes: floats of two ways back cannot be collapsed."""
    pair = init_diff((1.0, 1e-7))
    x, y = revdiff.tuple_arg.split(pair)
    z = x
    for _ in range(n):
        z = z + y
    return z


def test_B50_a_float_chain_of_a_million_operations_on_one_variable():
    def f(x):
        y = x
        for _ in range(MILLION):
            y = y * 1.0000001 + 0.0
        return y

    with low_recursion_limit():
        assert simple_derivative(f)(1.0) == pytest.approx(1.1051709126143134, rel=1e-9)


def test_a_graph_of_a_million_nodes_is_swept_shown_copied_and_freed():
    with low_recursion_limit():
        z = two_variables(MILLION)
        gx, gy = z.backprop(1.0)
        assert gx == 1.0
        assert gy == pytest.approx(MILLION)
        assert "RevDiff(1.1" in repr(z)
        assert copy.copy(z).backprop(1.0) == (gx, gy)
        assert copy.deepcopy(z).backprop(1.0) == (gx, gy)
        assert copy.deepcopy(z.backprop)(1.0) == (gx, gy)
        del z
        gc.collect()


def test_a_chain_of_two_hundred_thousand_primitives_written_by_hand_is_swept_pickled_and_freed():
    with low_recursion_limit():
        y = init_diff(1.0)
        for _ in range(200_000):
            y = RevDiff(y.value, y.backprop @ identity_with_a_twist)
        derivative = y.backprop(1.0)
        assert derivative == pytest.approx(1.0000001**200_000, rel=1e-6)
        data = pickle.dumps(y)
        del y
        loaded = pickle.loads(data)
        assert loaded.backprop(1.0) == derivative
        del loaded


def test_two_hundred_thousand_operations_on_arrays():
    x0 = np.full(2, 0.5)

    def f(x):
        y = x
        for _ in range(67_000):
            y = (y * y + x) * 0.3
        return y.sum()

    with low_recursion_limit():
        g = grad(f)(x0)
    # At the fixed point y = 0.3 (y² + x): y′ = 0.3 (2 y y′ + 1).
    y = 0.5
    for _ in range(1000):
        y = 0.3 * (y * y + 0.5)
    np.testing.assert_allclose(g, 0.3 / (1 - 0.6 * y), rtol=1e-9)


@pytest.mark.parametrize("x", [0.5, np.array([0.5, 0.5])], ids=["float", "array"])
def test_ten_thousand_operations_at_second_order(x):
    n = 10_000

    def f(x):
        y = x
        for _ in range(n):
            y = y * y * 0.3 + x * 0.3
        return y

    with low_recursion_limit():
        d1, d2 = simple_derivative(f)(x), nth_derivative(f, 2)(x)
    y, s, t = 0.5, 1.0, 0.0
    for _ in range(n):
        y, s, t = 0.3 * (y * y + 0.5), 0.3 * (2 * y * s + 1), 0.3 * (2 * s * s + 2 * y * t)
    np.testing.assert_allclose(d1, np.full(np.shape(x), s), rtol=1e-9)
    np.testing.assert_allclose(d2, np.full(np.shape(x), t), rtol=1e-9)


def test_a_long_graph_of_second_order_is_shown_copied_pickled_and_freed():
    with low_recursion_limit():
        inner = init_diff(0.5)
        x = init_diff(inner)
        y = x
        for _ in range(10_000):
            y = y * y * 0.3 + x * 0.3
        first = y.backprop(1.0)
        second = first.backprop(1.0)
        assert repr(y).startswith("RevDiff(RevDiff(")
        for z in (copy.copy(y), copy.deepcopy(y)):
            assert z.backprop(1.0).backprop(1.0) == second
        del z, first, x, inner
        gc.collect()
        del y
        gc.collect()


def test_a_graph_of_second_order_can_be_pickled_or_is_refused_when_it_is_used():
    def built(n):
        inner = init_diff(0.5)
        x = init_diff(inner)
        y = x
        for _ in range(n):
            y = y * y * 0.3 + x * 0.3
        return y

    y = built(100)
    with low_recursion_limit():
        loaded = pickle.loads(pickle.dumps(y))
    assert primal(loaded) == primal(y)
    try:
        second = loaded.backprop(1.0).backprop(1.0)
    except revdiff.MixedLayersError:
        return  # its two layers were loaded one by one, so they count as strangers
    assert second == y.backprop(1.0).backprop(1.0)


def test_a_wide_graph_is_summed_without_recursion():
    with low_recursion_limit():
        x = revdiff.tuple_arg.split(init_diff(tuple(float(i) for i in range(100_000))))
        total = x[0]
        for part in x[1:]:
            total = total + part
        assert total.backprop(1.0) == (1.0,) * 100_000


def test_a_deep_nest_of_derivatives_uses_few_calls_for_each_level():
    f = lambda x: x**12
    assert nth_derivative(f, 6)(1.0) == pytest.approx(12 * 11 * 10 * 9 * 8 * 7)


# ---------------------------------------------------------------------- structures


@dataclass
class Layer:
    w: Any
    b: Any


@dataclass
class Net:
    layers: list
    k: float


class Weighed:
    """A number that notes when it is added to another one, and when a zero of it is made."""

    additions = 0
    zeros = 0

    def __init__(self, x):
        self.x = x

    def __add__(self, other):
        Weighed.additions += 1
        return Weighed(self.x + other.x)

    def __mul__(self, c):
        return Weighed(self.x * c)

    @classmethod
    def zero(cls):
        cls.zeros += 1
        return cls(0.0)


revdiff.register_number_system(Weighed, {}, zero=lambda x: Weighed.zero(), one=lambda x: Weighed(1.0))

CONTAINERS = {
    "list": list,
    "tuple": tuple,
    "deque": deque,
    "dict": lambda items: dict(enumerate(items)),
    "dataclass": lambda items: make_dataclass(f"Record{len(items)}", [f"f{i}" for i in range(len(items))])(*items),
}


@pytest.mark.parametrize("kind", CONTAINERS)
@pytest.mark.parametrize(("n", "m"), [(1, 8), (10, 1), (10, 7), (40, 3)])
def test_reading_n_fields_m_times_takes_n_times_m_less_1_additions_and_no_zeros(kind, n, m):
    x = CONTAINERS[kind]([Weighed(float(i)) for i in range(n)])
    r = init_diff(x)
    total = init_diff(Weighed(0.0)) if not n else r[0]
    for _ in range(m):
        for i in range(n):
            total = total + r[i]
    Weighed.additions = Weighed.zeros = 0
    g = total.backprop(Weighed(1.0))
    assert (Weighed.additions, Weighed.zeros) == (n * (m - 1) + 1, 0)
    assert [part.x for part in leaves(g)] == [m + 1.0] + [float(m)] * (n - 1)


@pytest.mark.parametrize("kind", CONTAINERS)
def test_zeros_are_made_once_and_only_for_what_nothing_reached(kind):
    n = 30
    r = init_diff(CONTAINERS[kind]([Weighed(float(i)) for i in range(n)]))
    total = r[3]
    for i in (3, 5, 7, 3, 5):
        total = total + r[i]
    Weighed.additions = Weighed.zeros = 0
    g = total.backprop(Weighed(1.0))
    assert (Weighed.additions, Weighed.zeros) == (3, n - 3)
    assert [part.x for part in leaves(g)][3:8] == [3.0, 0.0, 2.0, 0.0, 1.0]


def zeros_made(monkeypatch):
    """Count the arrays that NumPy fills with zeros."""
    made, zeros = [0], np.zeros

    def counted(*args, **options):
        made[0] += 1
        return zeros(*args, **options)

    monkeypatch.setattr(np, "zeros", counted)
    return made


def test_arrays_of_zeros_are_made_only_for_what_nothing_reached(monkeypatch):
    n, size = 60, 10_000
    x = {"layers": [Layer(np.ones(size), np.ones(size)) for _ in range(n)]}
    r = init_diff(x)
    total = 0.0
    for _ in range(5):
        for i in range(0, n, 2):
            total = total + r["layers"][i].w.sum()

    made = zeros_made(monkeypatch)
    tracemalloc.start()
    g = total.backprop(1.0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert made[0] <= n // 2 + n, f"{made[0]} arrays of zeros for {n // 2 + n} that nothing reached"
    assert g["layers"][0].w[0] == 5.0
    assert not g["layers"][1].w.any()
    assert peak < 4 * (2 * n * size * 8), f"{peak / (2 * n * size * 8):.1f} times the gradient"


def test_elements_of_arrays_in_structures_are_collected_in_one_array(monkeypatch):
    r = init_diff({"a": [np.arange(50.0)], "b": np.arange(3.0)})
    total = sum(r["a"][0][i] * r["a"][0][i] for i in range(50))

    made = zeros_made(monkeypatch)
    g = total.backprop(1.0)
    assert made[0] == 2
    np.testing.assert_array_equal(g["a"][0], 2 * np.arange(50.0))


def test_the_cotangent_of_each_structure_is_put_together_once(monkeypatch):
    assembled = []
    call = Assembly.__call__

    def counted(self, slots):
        assembled.append(len(slots))
        return call(self, slots)

    monkeypatch.setattr(Assembly, "__call__", counted)
    n = 50
    r = init_diff(Net([Layer(float(i), 2.0) for i in range(n)], 1.5))
    total = 0.0
    for _ in range(3):
        for i in range(n):
            total = total + r.layers[i].w * r.layers[i].b * r.k
    g = total.backprop(1.0)
    assert sorted(assembled) == [2] * (n + 1) + [n]
    assert g.layers[7] == Layer(9.0, 3 * 7.0 * 1.5)


def test_local_maps_of_parts_are_called_once(monkeypatch):
    calls = []
    call, take = Place.__call__, Slots.take

    def counted(self, ct):
        calls.append(self.key)
        return call(self, ct)

    def taken(self, place, ct):  # what the sweep does in place of a call where the slots are there already
        calls.append(place.key)
        return take(self, place, ct)

    monkeypatch.setattr(Place, "__call__", counted)
    monkeypatch.setattr(Slots, "take", taken)
    r = init_diff([float(i) for i in range(40)])
    y = product(Counter(), r[0], r[1], 0)
    for i in range(40):
        y = y * r[i] + y
    y.backprop(1.0)
    assert sorted(calls) == sorted([0, 1, *range(40)])


def floats(n):
    return [1.0 + i / n for i in range(n)]


def by_index(r):
    total = 0.0
    for i in range(len(primal(r))):
        total = total + r[i] * r[i]
    return total


def by_iteration(r):
    total = 0.0
    for x in r:
        total = total + x * x
    return total


def of_net(r):
    total = 0.0
    for i in range(len(primal(r.layers))):
        total = total + r.layers[i].w * r.layers[i].b * r.k
    return total


READS = {
    "list by index": (by_index, floats),
    "list by iteration": (by_iteration, floats),
    "slice of a list": (lambda r: by_iteration(r[1:]), floats),
    "tuple by index": (by_index, lambda n: tuple(floats(n))),
    "deque by iteration": (by_iteration, lambda n: deque(floats(n))),
    "dict by key": (by_index, lambda n: dict(enumerate(floats(n)))),
    "dict by items": (lambda r: by_iteration([x for _, x in r.items()]), lambda n: dict(enumerate(floats(n)))),
    "fields of records in a list": (of_net, lambda n: Net([Layer(x, 2.0) for x in floats(n)], 1.5)),
    "one element again and again": (lambda r: by_iteration([r[0] for _ in range(len(primal(r)))]), floats),
    "elements of an array": (lambda r: by_index(r["a"]), lambda n: {"a": np.array(floats(n))}),
    "split and joined": (lambda r: by_index(revdiff.join(revdiff.split(r))), floats),
}

SEVERAL_ORDERS = {
    "one RevDiff": lambda f, x: f(init_diff(x)).backprop(1.0),
    "grad": lambda f, x: grad(f)(x),
    "hvp": lambda f, x: hvp(f, (x,), (x,)),
    "one RevDiff, order 2": lambda f, x: sum(
        np.sum(part * part) for part in leaves(f(init_diff(init_diff(x))).backprop(1.0))
    ).backprop(1.0),
    "jvp": lambda f, x: revdiff.jvp(f, (x,), (x,)),
}


@pytest.mark.parametrize("order", SEVERAL_ORDERS)
@pytest.mark.parametrize("read", READS)
def test_reading_a_structure_costs_in_proportion_to_the_number_of_reads(read, order):
    f, make = READS[read]

    def work(n):
        x = make(n)
        with counting_calls() as count:
            SEVERAL_ORDERS[order](f, x)
        return count[0]

    work(3)  # fills caches
    few, many = work(40), work(80)
    assert many <= 2.1 * few + 50, f"{few} calls for 40 reads and {many} for 80: not linear"


STREAMS = {
    "index": lambda n: lambda s: sum(s[i] * s[i] for i in range(n)),
    "iteration": lambda n: lambda s: sum(x * x for x, _ in zip(s, range(n), strict=False)),
    "take": lambda n: lambda s: sum(x * x for x in s.take(n)),
    "map": lambda n: lambda s: sum((s * s).take(n)),
}


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("name", STREAMS)
@pytest.mark.parametrize("finite", [False, True], ids=["Stream", "FiniteSupportStream"])
def test_reading_a_stream_costs_in_proportion_to_the_number_of_elements(name, order, finite):
    def work(n):
        f = STREAMS[name](n)
        s = revdiff.Stream.tabulate(float)
        x = revdiff.FiniteSupportStream(s.take(n)) if finite else s
        with counting_calls() as count:
            derivative = grad(f)(x) if order == 1 else hvp(f, (x,), (x,))
            result = derivative.take(n)
        assert result == [2.0 * i for i in range(n)]
        return count[0]

    work(3)
    few, many = work(100), work(200)
    assert many <= 2.1 * few + 100, f"{few} calls for 100 elements and {many} for 200: not linear"


@pytest.mark.parametrize("order", [1, 2])
def test_ten_thousand_elements_of_a_stream(order):
    n = 10_000
    f = STREAMS["iteration"](n)
    s = revdiff.Stream.tabulate(float)
    with low_recursion_limit(120):
        derivative = grad(f)(s) if order == 1 else hvp(f, s, s)
        assert derivative.support_length == n
        assert derivative[n - 1] == 2.0 * (n - 1)


def test_a_hundred_thousand_parts_without_recursion():
    n = 100_000
    with low_recursion_limit(120):
        assert grad(sum)([1.0] * n) == [1.0] * n
        r = init_diff({"xs": [1.0] * n})
        total = 0.0
        for i in range(n):
            total = total + r["xs"][i]
        assert total.backprop(1.0)["xs"] == [1.0] * n
