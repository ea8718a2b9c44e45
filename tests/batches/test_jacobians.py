"""Jacobians in one sweep: equal to what row after row gives, at every order, and never wrong where that cannot be."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest

import revdiff as rd
from revdiff.batches import batch as batches
from revdiff.core.errors import BatchError, BatchSizeError
from revdiff.structures import rows
from tests.batches.functions import CASES, numbers


@pytest.fixture
def in_one_sweep(monkeypatch):
    """Let nothing go row after row."""
    monkeypatch.setattr(rows, "FEW", 1)
    monkeypatch.setattr(rows, "one_by_one", lambda y, pull: pytest.fail("row after row"))


@pytest.fixture
def row_after_row(monkeypatch):
    """Return the operator that makes a function's Jacobian of an order without batches."""
    one_by_one = rows.one_by_one

    def by_rows(f, order=1):
        def derived(*args):
            with monkeypatch.context() as patch:
                patch.setattr(rows, "together", one_by_one)
                return jacobians(f, order)(*args)

        return derived

    return by_rows


@pytest.fixture
def refusals(monkeypatch):
    """List what went wrong in batches, and was asked of the rows."""
    met = []
    together = rows.together

    def watched(y, pull):
        try:
            return together(y, pull)
        except Exception as error:
            met.append(error)
            raise

    monkeypatch.setattr(rows, "together", watched)
    return met


def jacobians(f, order):
    for _ in range(order):
        f = rd.jacobian(f)
    return f


def assert_same(actual, expected, relative=1e-10):
    """Two structures are alike, in classes, shapes and dtypes, and in their numbers but for rounding."""
    if isinstance(expected, np.ndarray | np.generic | float | int):
        assert type(actual) is type(expected)
        assert np.shape(actual) == np.shape(expected)
        assert np.asarray(actual).dtype == np.asarray(expected).dtype
        np.testing.assert_allclose(actual, expected, rtol=relative, atol=relative)
        return
    assert type(actual) is type(expected)
    if isinstance(expected, str):
        assert actual == expected
        return
    if isinstance(expected, dict):
        assert actual.keys() == expected.keys()
        pairs = [(actual[key], expected[key]) for key in expected]
    elif isinstance(expected, tuple | list):
        assert len(actual) == len(expected)
        pairs = list(zip(actual, expected, strict=True))
    else:
        pairs = [(getattr(actual, name), getattr(expected, name)) for name in vars(expected)]
    for one, other in pairs:
        assert_same(one, other, relative)


def first_part(f):
    """Return a function whose value is the first part of f's, if that has parts."""

    def part(*args):
        y = f(*args)
        return y[0] if isinstance(y, tuple | list) else y

    return part


def small_enough(order):
    """Return the cases whose values are no truth values, and whose derivatives of an order take little time."""
    small = [one for one in CASES if max([1, *map(math.prod, one.values[1])]) ** (order + 1) <= 300]
    return [one for one in small if first_value(*one.values[:2]).dtype.kind != "b"]


def first_value(function, shapes):
    with np.errstate(all="ignore"):
        return np.asarray(first_part(function)(*[numbers(shape, i) for i, shape in enumerate(shapes)]))


@pytest.mark.parametrize(
    ("function", "shapes", "rules", "order"),
    [pytest.param(*one.values, order, id=f"{one.id}-{order}") for order in (1, 2, 3) for one in small_enough(order)],
)
def test_it_is_that_of_the_rows_at_every_order(function, shapes, rules, order, row_after_row, monkeypatch):
    monkeypatch.setattr(rows, "FEW", 1)
    f, args = first_part(function), [numbers(shape, i) for i, shape in enumerate(shapes)]
    assert_same(jacobians(f, order)(*args), row_after_row(f, order)(*args))


def hilly(x):
    return np.sin(x) @ np.arange(1.0, 7.0).reshape(2, 3) + np.exp(-x[0] * x[1])


def test_it_agrees_with_central_differences(in_one_sweep):
    x, step = numbers((2,)), 1e-6
    differences = [(hilly(x + step * e) - hilly(x - step * e)) / (2 * step) for e in np.eye(2)]
    np.testing.assert_allclose(rd.jacobian(hilly)(x), np.transpose(differences), rtol=1e-8, atol=1e-9)


def test_the_hessian_of_rosenbrocks_function_is_that_on_paper(in_one_sweep):
    x = np.linspace(-1.2, 1.0, 12)

    def f(x):
        a, b = x[:-1], x[1:]
        return (100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2).sum()

    a, b = x[:-1], x[1:]
    diagonal = np.append(1200 * a**2 - 400 * b + 2, 0.0) + np.append(0.0, np.full(11, 200.0))
    np.testing.assert_allclose(rd.hessian(f)(x), np.diag(diagonal) + np.diag(-400 * a, 1) + np.diag(-400 * a, -1))


def test_it_takes_one_sweep(in_one_sweep):
    """A pullback of the user's is called once, whatever the number of rows."""
    calls = []

    @rd.primitive
    def double(x):
        return 2.0 * x, lambda ct: calls.append(1) or 2.0 * ct

    j = rd.jacobian(lambda x: double(np.outer(x, x)))(np.ones(3))
    assert j.shape == (3, 3, 3)
    assert len(calls) == 1


@dataclass
class Layer:
    weight: np.ndarray
    bias: float
    name: str = "dense"


STRUCTURES = {
    "tuple of arrays": (lambda p: np.tanh(p[0] @ p[1]) * p[1][0], (numbers((4, 2)), numbers((2,), 1))),
    "dictionary with a constant": (
        lambda p: p["w"] * p["s"] + 1.0, {"w": numbers((4,)), "s": 2.0, "name": "Adam", "unused": np.ones(2)},
    ),
    "record": (lambda p: np.exp(p.weight @ np.ones(2)) + p.bias, Layer(numbers((4, 2)), 0.5)),
    "list of numbers": (lambda p: np.array([p[0] * p[1], p[1], p[2] / p[0], 3.0 * p[0]]), [2.0, 3.0, 5.0]),
    "nested": (lambda p: p[0]["a"][0] * p[1] + p[0]["a"][1], ({"a": [numbers((4,)), 2.0]}, numbers((4,), 1))),
    "whole numbers": (lambda p: p[0] * p[1], (np.arange(4), 2)),
    "a number": (lambda x: np.arange(4.0) * x * x, 3.0),
    "a number of NumPy": (lambda x: np.arange(4.0) * x * x, np.float64(3.0)),
}  # fmt: skip


@pytest.mark.parametrize("name", STRUCTURES)
def test_the_argument_may_be_a_structure(name, row_after_row, in_one_sweep, monkeypatch):
    f, x = STRUCTURES[name]
    actual = rd.jacobian(f)(x)
    monkeypatch.undo()
    assert_same(actual, row_after_row(f)(x))


def test_the_value_may_be_a_structure_too(row_after_row):
    f = lambda p: {"sum": p["a"] + p["b"][0], "parts": (p["a"] * p["b"][1], [np.sum(p["a"])])}
    x = {"a": numbers((4,)), "b": (numbers((4,), 1), 2.0)}
    assert_same(rd.jacobian(f)(x), row_after_row(f)(x))


def test_elements_that_were_handed_out_one_by_one_come_together_again(in_one_sweep):
    f = lambda v: np.array([v[0] * v[1], v[1] / v[2], rd.sin(v[2]), v[0]])
    j = rd.custom_arg_derivative(rd.vector_arg, f)(np.array([2.0, 3.0, 5.0]))
    np.testing.assert_allclose(j, [[3, 2, 0], [0, 0.2, -3 / 25], [0, 0, math.cos(5.0)], [1, 0, 0]])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.complex64, np.complex128, int])
@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.exp(x * 0.5) * x,
        lambda x: (x * np.array([1j, 2.0, 3.0])).real,
        lambda x: x.sum() * np.arange(4, dtype=np.float32),
        lambda x: np.abs(x) * x[::-1] + 1j,
        lambda x: np.array([x[0].item() * 2.0, x[1] * x[0], x[2], 1.0]),
    ],
)
def test_dtypes_are_those_of_the_rows(dtype, f, row_after_row, in_one_sweep, monkeypatch):
    x = np.arange(1, 4).astype(dtype)
    actual = rd.jacobian(f)(x)
    monkeypatch.undo()
    assert_same(actual, row_after_row(f)(x), 1e-2 if dtype is np.float16 else 1e-5)


def test_what_a_mask_left_out_stays_absent(in_one_sweep):
    x = np.array([0.0, 4.0, 9.0, 0.0])
    roots = lambda x: np.where(x > 0, np.sqrt(x), 0.0)
    expected = np.diag([0.0, 0.25, 1 / 6, 0.0])
    np.testing.assert_allclose(rd.jacobian(roots)(x), expected)
    np.testing.assert_allclose(rd.jacobian(lambda x: roots(x)[[3, 1, 1, 0]])(x), expected[[3, 1, 1, 0]])
    second = np.zeros((4, 4, 4))
    second[1, 1, 1], second[2, 2, 2] = -1 / 32, -1 / 108
    np.testing.assert_allclose(rd.jacobian(rd.jacobian(roots))(x), second)


def test_an_array_that_is_written_into_takes_one_sweep_too(in_one_sweep):
    def f(x):
        y = np.sqrt(x)
        y[0] = x[0] * x[1]
        y[[2, 1]] *= 3.0
        return y + x

    x = np.array([0.0, 4.0, 9.0])
    np.testing.assert_allclose(rd.jacobian(f)(x), [[5, 0, 0], [0, 1.75, 0], [0, 0, 1.5]])


def test_elements_read_in_any_way_share_one_cotangent(in_one_sweep):
    x = numbers((3, 4))

    def f(x):
        return x[0] * x[1, 2] + x[[0, 2, 2], [1, 1, 3]].sum() + x[:, [True, False, True, False]][1, 0] * x[-1, ::-1]

    expected = np.zeros((4, 3, 4))
    for i in range(4):
        expected[i, 0, i] += x[1, 2]
        expected[i, 1, 2] += x[0, i]
        for place in ((0, 1), (2, 1), (2, 3)):
            expected[i][place] += 1
        expected[i, 1, 0] += x[-1, 3 - i]
        expected[i, -1, 3 - i] += x[1, 0]
    np.testing.assert_allclose(rd.jacobian(f)(x), expected)


def test_the_derivatives_may_be_written_to_and_share_nothing(in_one_sweep):
    f = lambda p: p[0] + p[1]
    a, b = rd.jacobian(f)((np.ones(4), np.ones(4)))
    a[:] = 7.0
    np.testing.assert_array_equal(b, np.eye(4))
    rd.jacobian(lambda x: x)(np.ones(4))[:] = 7.0
    np.testing.assert_array_equal(rd.jacobian(lambda x: x)(np.ones(4)), np.eye(4))


def test_what_does_not_depend_on_the_argument_has_zero_rows():
    assert_same(rd.jacobian(lambda x: np.arange(4.0))(np.ones(2)), np.zeros((4, 2)))
    assert_same(rd.jacobian(lambda x: np.append(x[0], np.arange(4.0)))((2.0,))[0], np.array([1.0, 0, 0, 0, 0]))


# Pullbacks that were written for one cotangent.


def written(g):
    g[0] *= 1.0
    g[1:] = g[1:] * WEIGHTS[1:]
    return g


def written_from(ct):
    g = np.zeros(3)
    g[:] = ct * WEIGHTS
    return g


def stretched(a, b, c):
    return np.stack([a, b + b, 3 * c])


def with_elements(ct, dtype):
    g = np.zeros(3, dtype)
    for i in range(3):
        g[i] = ct[i] * WEIGHTS[i]
    return g


def copied(ct):
    g = np.zeros(3)
    np.copyto(g, ct * WEIGHTS)
    return g


def added_in_place(ct):
    g = ct * WEIGHTS
    h = g
    h += ct
    return g - ct


def pulled_by(pullback):
    """Return a function of three numbers with a pullback of the user's."""

    @rd.primitive
    def f(x):
        return x * np.array([1.0, 2.0, 3.0]), pullback

    return f


WEIGHTS = np.array([1.0, 2.0, 3.0])
UNDERSTOOD = {
    "its elements": lambda ct: np.stack([ct[0], 2 * ct[1], ct[2] * 3]),
    "its shape": lambda ct: ct * WEIGHTS.reshape(ct.shape) * (ct.ndim == 1) * (ct.size == 3) * len(ct) / 3,
    "another shape": lambda ct: (ct.reshape(-1, 1) * WEIGHTS[:, None]).reshape(-1),
    "its sum": lambda ct: (np.sum(ct) - ct[0] - ct[1]) * np.array([0.0, 0, 3]) + ct * np.array([1.0, 2, 0]),
    "a loop": lambda ct: np.stack([c * w for c, w in zip(ct, WEIGHTS, strict=True)]),
    "an unpacking": lambda ct: stretched(*ct),
    "sum": lambda ct: np.stack([sum(ct) - ct[1] - ct[2], 2 * ct[1], 3 * ct[2]]),
    "its kind": lambda ct: ct * WEIGHTS if isinstance(ct, np.ndarray) else np.cumsum(ct),
    "the kind of its elements": lambda ct: np.stack(
        [c * w if isinstance(c, float) else c for c, w in zip(ct, WEIGHTS, strict=True)]
    ),
    "a matrix": lambda ct: np.diag(WEIGHTS) @ ct,
    "a vector-Jacobian product": lambda ct: rd.vjp(lambda x: x * WEIGHTS**2, np.ones(3))[1](ct) / WEIGHTS,
    "a Jacobian-vector product": lambda ct: rd.jvp(lambda x: x * WEIGHTS, np.ones(3), ct)[1],
    "a Jacobian": lambda ct: ct @ rd.jacobian(lambda x: x * WEIGHTS)(np.ones(3)),
    "writing into it": lambda ct: written(ct.copy()),
    "another name for it": added_in_place,
    "a function without a rule": lambda ct: np.convolve(ct * WEIGHTS, [1.0]),
}
REFUSED = {
    "math": lambda ct: np.array([math.fsum([w * c]) for w, c in zip(WEIGHTS, ct, strict=True)]),
    "float": lambda ct: np.array([float(c) for c in ct]) * WEIGHTS,
    "asarray": lambda ct: np.asarray(ct) * WEIGHTS,
    "array": lambda ct: np.array([ct[0], ct[1], ct[2]]) * WEIGHTS,
    "a decision": lambda ct: ct * WEIGHTS if ct[0] > 0 else WEIGHTS * ct,
    "is there any": lambda ct: ct * WEIGHTS if np.any(ct) else np.zeros(3),
    "writing it": written_from,
    "writing its elements": lambda ct: with_elements(ct, float),
    "an array of objects": lambda ct: with_elements(ct, object),
    "out=": lambda ct: np.multiply(ct, WEIGHTS, out=np.empty(3)),
    "out= of a function": lambda ct: np.take(ct * WEIGHTS, [0, 1, 2], out=np.empty(3)),
    "copyto": copied,
    "a dictionary": lambda ct: {tuple(ct): ct}.popitem()[1] * WEIGHTS,
    "its numbers as a list": lambda ct: np.array(ct.tolist()) * WEIGHTS,
    "the type": lambda ct: ct * WEIGHTS if type(ct) is np.ndarray else 1 / 0,
    "a closure over it": lambda ct: np.diagonal(rd.jacobian(lambda t: t * ct)(WEIGHTS)) * WEIGHTS,
    "a hidden closure over it": lambda ct: np.diagonal(rd.jacobian(hiding(ct))(WEIGHTS)) * WEIGHTS,
    "its square": lambda ct: rd.grad(lambda t: (t * t).sum())(ct) * WEIGHTS / 2,
    "its variable": lambda ct: (rd.init_diff(ct) * WEIGHTS).value,
}


def hiding(ct):
    @rd.primitive
    def f(t):
        return t * 1.0, lambda v: v * ct

    return f


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_a_pullback_that_takes_a_cotangent_apart_does_so_with_each(name, in_one_sweep):
    j = rd.jacobian(pulled_by(UNDERSTOOD[name]))(np.ones(3))
    np.testing.assert_allclose(j, np.diag(WEIGHTS))


@pytest.mark.parametrize("name", REFUSED)
def test_a_pullback_that_needs_one_cotangent_gets_one_after_the_other(name, refusals):
    j = rd.jacobian(pulled_by(REFUSED[name]))(np.ones(3))
    assert refusals
    np.testing.assert_allclose(np.asarray(j, float), np.diag(WEIGHTS))


@pytest.mark.parametrize(
    "name",
    [name for name in UNDERSTOOD if "kind" not in name]
    + ["a decision", "is there any", "a closure over it", "a hidden closure over it"],
)
def test_the_second_order_goes_through_such_pullbacks_as_well(name):
    f = pulled_by({**UNDERSTOOD, **REFUSED}[name])
    np.testing.assert_allclose(rd.hessian(lambda x: (f(x) ** 2).sum() / 2)(np.ones(3)), np.diag(WEIGHTS**2))
    np.testing.assert_allclose(rd.jacobian(rd.jacobian(lambda x: f(x) * x))(np.ones(3)), twice_on_the_diagonal())


def twice_on_the_diagonal():
    """Return the second derivatives of wᵢ xᵢ²."""
    expected = np.zeros((3, 3, 3))
    expected[range(3), range(3), range(3)] = 2 * WEIGHTS
    return expected


def test_ways_back_written_by_hand_are_pulled_together(in_one_sweep):
    def sine(x):
        return rd.RevDiff(np.sin(x.value), x.backprop @ (lambda ct: ct * np.cos(x.value)))

    np.testing.assert_allclose(rd.jacobian(lambda x: sine(x) * 2.0)(WEIGHTS), np.diag(2 * np.cos(WEIGHTS)))


def test_a_pullback_that_reads_the_variable_loses_its_layer(in_one_sweep):
    def square(x):
        return rd.RevDiff(x.value**2, x.backprop @ (lambda ct: ct * 2 * x))

    np.testing.assert_allclose(rd.jacobian(square)(WEIGHTS), np.diag(2 * WEIGHTS))


def test_an_error_is_that_of_a_row():
    @rd.primitive
    def wrong(x):
        return x * 1.0, lambda ct: ct[:2]

    with pytest.raises(rd.PullbackError, match=r"shape \(2,\) as the cotangent of an array of shape \(3,\)"):
        rd.jacobian(wrong)(np.ones(3))

    @rd.primitive
    def forgetful(x):
        return x * 1.0, lambda ct: None

    with pytest.raises(rd.PullbackError, match="returned None instead of a cotangent"):
        rd.jacobian(forgetful)(np.ones(3))


def test_a_changed_array_is_noticed():
    a = np.ones(1000)

    def f(x):
        y = a * x
        a[:] = 2.0
        return y[:5]

    with pytest.raises(rd.MutatedArrayError):
        rd.jacobian(f)(np.ones(1000))


# Memory.


@pytest.fixture
def sizes(monkeypatch):
    """List how many numbers each batch has."""
    met = []
    init = batches.Batch.__init__

    def watched(self, array, axis):
        init(self, array, axis)
        met.append(array.size)

    monkeypatch.setattr(batches.Batch, "__init__", watched)
    return met


@pytest.mark.parametrize("most", [40, 100, 1000])
def test_large_batches_are_divided(most, monkeypatch, in_one_sweep, sizes):
    """Nothing on the way back has more numbers than allowed, and the rows come out in order."""
    monkeypatch.setattr(batches, "MOST", most)
    monkeypatch.setattr(rows, "MOST", most)
    a = numbers((7, 10))
    np.testing.assert_allclose(rd.jacobian(lambda x: a @ x)(np.ones(10)), a)
    of_x, of_s = rd.jacobian(lambda p: a @ p[0] * p[1])((np.ones(10), 2.0))
    np.testing.assert_allclose(of_x, 2 * a)
    np.testing.assert_allclose(of_s, a.sum(axis=1))
    assert 0 < max(sizes) <= most


def test_cotangents_so_large_that_batches_save_nothing_go_row_after_row(monkeypatch, refusals):
    monkeypatch.setattr(batches, "MOST", 25)
    monkeypatch.setattr(rows, "MOST", 25)
    a = numbers((5, 20))
    np.testing.assert_allclose(rd.jacobian(lambda x: a @ x)(np.ones(20)), a)
    assert any(type(error) is BatchSizeError for error in refusals)


def test_batches_of_different_origin_do_not_meet():
    b, c = (batches.Batch(np.ones((3, 2)), batches.Axis(3)) for _ in range(2))
    with pytest.raises(BatchError, match="do not belong together"):
        b + c
