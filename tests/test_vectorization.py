"""What is mapped over samples is what a loop over them gives, with one way back."""

from __future__ import annotations

import copy
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

import revdiff as rd
from tests.calls_of_numpy import CALLS, OF_CONSTANTS

N = 3
RNG = np.random.default_rng(0)
W = RNG.normal(size=(3, 4))
X = RNG.normal(size=(5, 4))


def looped(f, *columns):
    """Apply f to one sample after the other, and stack what it returns."""
    results = [f(*samples) for samples in zip(*columns, strict=True)]
    return stacked(results)


def stacked(results):
    first = results[0]
    if isinstance(first, tuple | list):
        return type(first)([stacked([r[i] for r in results]) for i in range(len(first))])
    if isinstance(first, dict):
        return {key: stacked([r[key] for r in results]) for key in first}
    return np.stack(results)


def assert_same(actual, expected):
    if isinstance(expected, tuple | list):
        assert type(actual) is type(expected)
        assert len(actual) == len(expected)
        for one, other in zip(actual, expected, strict=True):
            assert_same(one, other)
    elif isinstance(expected, dict):
        assert actual.keys() == expected.keys()
        for key, other in expected.items():
            assert_same(actual[key], other)
    else:
        assert actual.shape == expected.shape
        assert actual.dtype in (expected.dtype, object)  # a function of Python objects was applied to it
        np.testing.assert_allclose(actual.astype(expected.dtype), expected, rtol=1e-9, atol=1e-9)


def at_once(f, **how):
    return rd.vectorize(f, fallback="error", **how)


# The law, for programs drawn at random.

STEPS = {
    "sin": np.sin,
    "square": lambda x: x * x,
    "shift": lambda x: x - 0.5,
    "reverse": lambda x: x[::-1],
    "pairs": lambda x: x * x[0],
    "cumsum": np.cumsum,
    "sort": np.sort,
    "centre": lambda x: x - x.mean(),
    "softmax": lambda x: np.exp(x) / np.exp(x).sum(),
    "outer": lambda x: np.outer(x, x).sum(axis=-1),
    "matrix": lambda x: np.tanh(MATRIX @ x),
    "where": lambda x: np.where(x > 0, x, x * x),
    "larger": lambda x: np.maximum(x, 0.1),
    "branch": lambda x: x * 2.0 if x[0] > 0 else x + 1.0,
    "fill": lambda x: filled(1.0 * x),
    "join": lambda x: np.concatenate([x[1:], x[:1]]) * x.shape[0],
    "solve": lambda x: np.linalg.solve(np.eye(3) * 4 + np.outer(x, x), x),
}
MATRIX = np.array([[0.3, -0.5, 0.2], [0.1, 0.4, -0.3], [-0.2, 0.6, 0.5]])


def filled(x):
    y = np.zeros_like(x)
    y[0] = x[1] * x[2]
    y[1:] = x[:2]
    y += x
    return y


def program(names):
    def f(x: Any) -> Any:
        for name in names:
            x = STEPS[name](x)
        return x

    return f


programs = st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=4).map(program)
samples = st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).uniform(-1.5, 1.5, (4, 3)))


@settings(max_examples=60, deadline=None)
@given(programs, samples)
def test_the_law(f, xs):
    assert_same(rd.vectorize(f)(xs), looped(f, xs))


@settings(max_examples=40, deadline=None)
@given(programs, samples)
def test_the_law_for_derivatives(f, xs):
    weights = np.array([1.0, -0.5, 0.3])
    of_one = lambda x: (f(x) * weights).sum()
    gradients = looped(rd.grad(of_one), xs)
    assert_same(rd.grad(lambda xs: rd.vectorize(of_one)(xs).sum())(xs), gradients)
    assert_same(rd.vectorize(rd.grad(of_one))(xs), gradients)


@settings(max_examples=20, deadline=None)
@given(programs, programs, samples)
def test_the_law_for_structures_and_nested_axes(f, g, xs):
    both = lambda pair: {"f": f(pair[0]), "g": [g(pair[1]), 1.0]}
    assert_same(rd.vectorize(both)((xs, xs[::-1])), looped(lambda a, b: both((a, b)), xs, xs[::-1]))
    table = rd.vectorize(lambda a: rd.vectorize(lambda b: f(a * b).sum() + g(b)[0])(xs))(xs)
    assert_same(table, np.array([[f(a * b).sum() + g(b)[0] for b in xs] for a in xs]))


@settings(max_examples=10, deadline=None)
@given(programs, samples)
def test_the_law_for_second_derivatives(f, xs):
    of_one = lambda x: (f(x) ** 2).sum()
    hessians = looped(rd.hessian(of_one), xs)
    assert_same(rd.vectorize(rd.hessian(of_one))(xs), hessians)
    along = np.ones_like(xs)
    assert_same(rd.hvp(lambda xs: rd.vectorize(of_one)(xs).sum(), xs, along), hessians.sum(axis=-1))


# All of NumPy.


def several(operand):
    """Return samples near an operand of a call, so near that they are smooth where it is."""
    operand = np.asarray(operand)
    return np.stack([operand * (1 + 0.01 * i) if operand.dtype.kind in "fc" else operand for i in range(N)])


OF_NUMBERS = [
    call
    for call in CALLS
    if call.function is not None and all(np.asarray(x).dtype.kind in "fciub" for x in call.operands)
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("call", OF_NUMBERS, ids=lambda call: call.name)
def test_every_function_of_numpy_is_that_of_each_sample(call):
    operands = [several(x) for x in call.operands]
    expected = looped(call, *operands)
    assert_same(rd.vectorize(call)(*operands), expected)
    weights = np.random.default_rng(1).normal(size=expected.shape[1:])
    varying = tuple(i for i, x in enumerate(operands) if x.dtype.kind in "fc")
    of_one = lambda *xs: (call(*xs) * weights).sum()
    try:
        gradients = looped(rd.grad(of_one, argnums=varying), *operands)
    except rd.RevDiffError:
        return
    found = rd.grad(lambda *xs: rd.vectorize(of_one)(*xs).sum(), argnums=varying)(*operands)
    for one, other in zip(found, gradients, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-8, atol=1e-9)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "call", [c for c in OF_CONSTANTS if c.function is not None and "array" not in c.name], ids=lambda call: call.name
)
def test_so_is_every_function_that_is_constant(call):
    if any(np.asarray(x).dtype.kind not in "fciub" for x in call.operands):
        pytest.skip("not of numbers")
    operands = [several(x) for x in call.operands]
    found, expected = rd.vectorize(call)(*operands), looped(call, *operands)
    np.testing.assert_array_equal(found, expected)


LOOPED = {"asarray", "asanyarray", "ascontiguousarray", "asfortranarray", "zeros", "ones", "empty", "copyto", "put", "place",
          "putmask", "put_along_axis", "fill_diagonal"}  # fmt: skip
"""What makes arrays of plain numbers, or writes into them without asking anybody."""

if np.lib.NumpyVersion(np.__version__) < "2.0.0":  # which does not say whether it asks for a copy
    LOOPED.add("array")


@pytest.mark.filterwarnings("ignore")
def test_all_but_a_few_of_them_run_on_all_samples_at_once():
    looped_ones = set()
    for call in OF_NUMBERS:
        try:
            at_once(call)(*[several(x) for x in call.operands])
        except rd.BatchError:
            looped_ones.add(call.name)
    assert looped_ones <= LOOPED


# Gradients of samples.


@pytest.mark.parametrize(
    "loss",
    [
        lambda w, x: np.tanh(w @ x).sum(),
        lambda w, x: np.log(np.exp(w @ x).sum()) - (w @ x)[0],
        lambda w, x: ((w @ x) ** 2).mean() + w[0, 1] * x[2],
        lambda w, x: np.sqrt((w @ x + 3.0) @ (w @ x + 3.0)) + np.einsum("ij,ij->", w, w),
        lambda w, x: np.linalg.solve(w[:, :3] @ w[:, :3].T + np.eye(3), w @ x).sum() * np.prod(x),
        lambda w, x: np.maximum(w @ x, 0.0).sum() + np.minimum(x, 0.5) @ x,
        lambda w, x: np.where(w @ x > 0, (w @ x) ** 2, w @ x).sum() + np.clip(w @ x, -0.5, 0.5).sum(),
        lambda w, x: (w @ x)[np.argmax(x) % 3] + np.max(w @ x) + np.abs(w @ x).sum(),
    ],
)
def test_the_gradient_of_each_sample_takes_one_sweep(loss):
    expected = np.stack([rd.grad(loss)(W, x) for x in X])
    assert_same(at_once(rd.grad(loss), in_axes=(None, 0))(W, X), expected)
    closed_over = lambda x: rd.grad(lambda w: loss(w, x))(W)
    assert_same(at_once(closed_over)(X), expected)
    assert_same(
        at_once(rd.grad(loss, argnums=1), in_axes=(None, 0))(W, X), np.stack([rd.grad(loss, 1)(W, x) for x in X])
    )


@pytest.mark.parametrize(
    "loss",
    [
        lambda w, x: (w @ x).sum() * (x[0] if x[0] > 0 else 1.0),
        lambda w, x: np.linalg.norm(w @ x) + np.max(w @ x),
        lambda w, x: np.where(w @ x > 0, np.sqrt(np.abs(w @ x)), 0.0).sum(),
        lambda w, x: filled(w @ x).sum(),
    ],
)
def test_what_cannot_take_one_sweep_takes_several(loss):
    expected = np.stack([rd.grad(loss)(W, x) for x in X])
    assert_same(rd.vectorize(rd.grad(loss), in_axes=(None, 0))(W, X), expected)


ROOT_OR_ZERO = [
    lambda t: np.where(t > 0, np.sqrt(t), 0.0).sum() + 3.0 * t.sum(),
    lambda t: np.where(t > 0, t * np.log(t), 0.0).sum(),
    lambda t: (np.maximum(t, 0.0) ** 0.5).sum(),
]


@pytest.mark.parametrize("f", ROOT_OR_ZERO)
@pytest.mark.filterwarnings("ignore")
def test_an_infinite_slope_where_nothing_was_taken_meets_nothing(f):
    points = np.array([[0.0, 1.0, 4.0], [-1.0, 2.0, 0.0], [1.0, 2.0, 3.0]])
    for derivative in (rd.grad(f), rd.hessian(f), lambda t: rd.jvp(f, (t,), (t,))[1], lambda t: rd.vjp(f, t)[1](2.0)):
        for result in (derivative, lambda t, derivative=derivative: np.nan_to_num(derivative(t), nan=7.0)):
            assert_same(rd.vectorize(result)(points), np.stack([result(t) for t in points]))


def test_a_derivative_that_is_nan_stays_nan():
    assert np.isnan(rd.vectorize(rd.grad(lambda t: (t * np.nan).sum()))(X)).all()


@dataclass
class Layer:
    weights: Any
    bias: Any
    name: str = "layer"


def test_parameters_may_be_a_record_that_all_samples_share():
    loss = lambda layer, x: (np.tanh(layer.weights @ x + layer.bias) ** 2).sum()
    layer = Layer(W, np.zeros(3))
    found = at_once(rd.grad(loss), in_axes=(None, 0))(layer, X)
    each = [rd.grad(loss)(layer, x) for x in X]
    assert_same(found.weights, np.stack([one.weights for one in each]))
    assert_same(found.bias, np.stack([one.bias for one in each]))
    assert found.name == "layer"


def test_or_one_for_each_sample():
    f = lambda layer: np.tanh(layer.weights).sum() * layer.bias
    layers = Layer(X, np.arange(5.0))
    expected = looped(lambda w, b: f(Layer(w, b)), X, np.arange(5.0))
    assert_same(at_once(f)(layers), expected)
    found = rd.grad(lambda layers: at_once(f)(layers).sum())(layers)
    assert_same(found.weights, looped(rd.grad(lambda w, b: f(Layer(w, b))), X, np.arange(5.0)))
    assert_same(at_once(rd.grad(f))(layers).weights, found.weights)


@pytest.mark.parametrize(
    "derivative",
    [
        rd.jacobian, rd.hessian, lambda f: lambda x: rd.hvp(f, x, np.arange(4.0)),
        lambda f: lambda x: rd.jvp(f, x, np.arange(4.0)), rd.value_and_grad, rd.value_grad_hessian,
        lambda f: lambda x: rd.vjp(f, x)[1](1.0), lambda f: lambda x: rd.grad(lambda t: f(t * x))(0.5),
        lambda f: rd.grad(lambda x: (rd.grad(f)(x) ** 2).sum()),
    ],
)  # fmt: skip
def test_every_operator_can_be_mapped(derivative):
    f = lambda x: np.sin(x[0] * x[1]) + np.exp(x[2:]).sum() ** 2
    assert_same(at_once(derivative(f))(X), looped(derivative(f), X))


@pytest.mark.parametrize("rows", [1, 2, 3, 5])
def test_jacobians_with_few_rows_and_with_many(rows):
    f = lambda x: np.tanh(np.ones((rows, 4)) @ x) * x[:1]
    assert_same(at_once(rd.jacobian(f))(X), looped(rd.jacobian(f), X))


def test_a_map_within_a_map_within_derivatives():
    inner = lambda w, a: at_once(lambda b: np.sin(w * b))(a).sum()
    expected = looped(lambda a: np.cos(1.5 * a) @ a, X)
    assert_same(at_once(lambda a: rd.grad(inner)(1.5, a))(X), expected)
    total = lambda w: at_once(lambda a: inner(w, a))(X).sum()
    np.testing.assert_allclose(rd.grad(rd.grad(total))(1.5), -(X**2 * np.sin(1.5 * X)).sum())


def test_perturbations_are_not_confused():
    # d/dx (x · d/dy (x + y)) = 1 for each sample, however derivatives and maps are nested
    f = rd.grad(lambda x: x * rd.grad(lambda y: x + y)(1.0))
    assert at_once(f)(np.arange(3.0)).tolist() == [1.0, 1.0, 1.0]
    g = lambda x: at_once(lambda y: rd.grad(lambda z: x * y * z * z)(y))(np.arange(3.0)).sum()
    assert rd.grad(g)(7.0) == 2 * (0 + 1 + 4)


# What a sample may be asked.


def test_shapes_are_those_of_a_sample():
    seen = []
    at_once(lambda x: seen.append((x.shape, x.ndim, x.size, len(x), x.dtype, isinstance(x, np.ndarray))) or x)(X)
    at_once(lambda x: seen.append((x.shape, x.ndim, isinstance(x, float))) or x)(X[:, 0])
    assert seen == [((4,), 1, 4, 4, np.dtype(float), True), ((), 0, True)]


def test_a_decision_that_samples_take_alike_is_taken_once():
    f = lambda x: np.sqrt(x) if x > 0 else -x
    assert_same(at_once(f)(np.array([1.0, 4.0])), np.array([1.0, 2.0]))
    assert_same(at_once(f)(np.array([-1.0, -4.0])), np.array([1.0, 4.0]))
    with pytest.raises(rd.BatchError, match="many truth values"):
        at_once(f)(np.array([1.0, -4.0]))
    assert_same(rd.vectorize(f)(np.array([1.0, -4.0])), np.array([1.0, 4.0]))


@pytest.mark.parametrize(
    "f",
    [
        lambda x: math.sin(x[0]), lambda x: float(x[0]) * 2.0, lambda x: x[int(x[0]) : int(x[0]) + 1],
        lambda x: (x[0], f"{x[1]:.0f}"[:0]), lambda x: (x, repr(x)[:0]), lambda x: [*x.tolist(), 1.0],
        lambda x: [1.0 for t in x if t > -9.0], lambda x: np.zeros(2) + np.array([float(t) for t in x[:2]]),
    ],
)  # fmt: skip
def test_what_only_one_sample_has_is_asked_of_one_after_the_other(f):
    xs = np.abs(X) % 1.0
    expected = stacked_with_text([f(x) for x in xs])
    found = rd.vectorize(f)(xs)
    if isinstance(found, tuple):
        assert found[1] == expected[1]
        found, expected = found[0], expected[0]
    assert_same(found, expected)


def stacked_with_text(results):
    return (np.stack([a for a, _ in results]), results[0][1]) if isinstance(results[0], tuple) else stacked(results)


def test_what_is_the_same_for_all_samples_is_repeated():
    made = rd.vectorize(lambda x: (1, True, 2.5, np.ones(2), None, "text"))(X)
    assert_same(made[:4], stacked([(1, True, 2.5, np.ones(2))] * 5))
    assert made[4:] == (None, "text")
    found = made[3]
    found[0] = 7.0  # it belongs to the caller
    assert found[1].tolist() == [1.0, 1.0]
    assert rd.grad(lambda w: at_once(lambda x: w * 2.0)(X).sum())(1.0) == 10.0


PICKING = {
    "x[i]": lambda x, i, j: x[i],
    "x[:, j]": lambda x, i, j: x[:, j],
    "x[i, j]": lambda x, i, j: x[i, j],
    "x[i, :, j]": lambda x, i, j: x[i, :, j],
    "x[..., j]": lambda x, i, j: x[..., j],
    "x[:, None, j]": lambda x, i, j: x[:, None, j],
    "x[0, :, j]": lambda x, i, j: x[0, :, j],
    "x[:, [0, 1], j]": lambda x, i, j: x[:, np.array([0, 1]), j],
    "x[i - 3]": lambda x, i, j: x[i - 3],
    "x[[i, i]]": lambda x, i, j: x[[i, i]],
    "take": lambda x, i, j: np.take(x, j, axis=1),
    "take of all": lambda x, i, j: np.take(x, j),
    "along": lambda x, i, j: np.take_along_axis(x, np.argsort(x, axis=1), axis=1),
    "largest": lambda x, i, j: x[0][np.argmax(x[0, :, 0])],
}


@pytest.mark.parametrize("f", PICKING.values(), ids=PICKING)
def test_an_index_may_be_another_for_each_sample(f):
    rng = np.random.default_rng(1)
    xs, i, j = rng.normal(size=(4, 3, 4, 5)), rng.integers(0, 3, 4), rng.integers(0, 4, (4, 2))
    assert_same(at_once(f)(xs, i, j), looped(f, xs, i, j))
    found = rd.grad(lambda xs: (at_once(f)(xs, i, j) ** 2).sum())(xs)
    assert_same(found, np.stack([rd.grad(lambda x, n=n: (f(x, i[n], j[n]) ** 2).sum())(xs[n]) for n in range(4)]))


def test_writing_may_be_in_another_place_for_each_sample():
    def f(x, i, j):
        y = x.copy()
        y[i] = y[i - 1] * 2.0
        y[j] += 1.0
        y[i, 0] = 5.0 * x[0, 1]
        np.add.at(y, j, x[j])
        return y

    rng = np.random.default_rng(1)
    xs, i, j = rng.normal(size=(4, 3, 2)), rng.integers(0, 3, 4), rng.integers(0, 3, (4, 2))
    assert_same(at_once(f)(xs, i, j), looped(f, xs, i, j))
    found = rd.grad(lambda xs: (at_once(f)(xs, i, j) ** 2).sum())(xs)
    assert_same(found, looped(rd.grad(lambda x, i, j: (f(x, i, j) ** 2).sum()), xs, i, j))


def test_the_gradient_of_each_sample_by_its_label():
    chosen = lambda w, x, label: np.log(np.exp(w @ x).sum()) - (w @ x * (np.arange(3) == label)).sum()
    by_index = lambda w, x, label: np.log(np.exp(w @ x).sum()) - (w @ x)[label]
    labels = np.array([0, 2, 1, 1, 0])
    expected = np.stack([rd.grad(by_index)(W, x, label) for x, label in zip(X, labels, strict=True)])
    assert_same(at_once(rd.grad(chosen), in_axes=(None, 0, 0))(W, X, labels), expected)
    assert_same(rd.vectorize(rd.grad(by_index), in_axes=(None, 0, 0))(W, X, labels), expected)
    total = lambda w: at_once(by_index, in_axes=(None, 0, 0))(w, X, labels).sum()
    np.testing.assert_allclose(rd.grad(total)(W), expected.sum(axis=0))


def test_keyword_arguments_and_closures_are_shared():
    scale = np.array([1.0, 2.0, 3.0, 4.0])
    assert_same(at_once(lambda x, *, by: x * by + scale)(X, by=scale), X * scale + scale)
    found = rd.grad(lambda by: at_once(lambda x, *, by: (x * by).sum())(X, by=by).sum())(scale)
    assert_same(found, X.sum(axis=0))


def test_axes_are_where_they_are_said_to_be():
    a, b = RNG.normal(size=(2, 5)), RNG.normal(size=(5, 3, 2))
    f = lambda p, b: (p["a"] * p["k"], b.T)
    axes = ({"a": -1, "k": None}, 0)
    found = at_once(f, in_axes=axes, out_axes=(1, -1))({"a": a, "k": 2.0}, b)
    assert_same(found, (2.0 * a, np.moveaxis(b, 0, -1).swapaxes(0, 1)))


def test_truth_values_and_whole_numbers_may_be_samples():
    data = {"x": X, "mask": X[:, 0] > 0, "n": np.arange(5), "label": "kept"}
    f = lambda d: {"y": np.where(d["mask"], d["x"], 0.0) * d["n"], "label": d["label"]}
    found = at_once(f)(data)
    assert_same(found["y"], np.where(data["mask"][:, None], X, 0.0) * np.arange(5)[:, None])
    assert found["label"] == "kept"


@pytest.mark.parametrize("dtype", [np.float32, np.complex128, np.int64, np.bool_])
def test_dtypes_stay(dtype):
    xs = (X > 0).astype(dtype)
    f = lambda x: (x + x, x.sum(), x * 2)
    assert_same(at_once(f)(xs), looped(f, xs))


def test_random_numbers_are_drawn_once_for_all_samples():
    rng = np.random.default_rng(0)
    noisy = at_once(lambda x: x * 0.0 + rng.normal(size=x.shape))(X)
    assert (noisy == noisy[0]).all()


def written_through(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Write through what may be a view, and return the array behind it; then the other way round."""

    def f(x):
        y = x * 1.0
        make(y)[0] = 5.0
        z = x * 2.0
        other = make(z)
        z[0] = 7.0
        return y, other * 1.0

    return f


@pytest.mark.parametrize(
    "make",
    [
        lambda y: y[:2], lambda y: y[[0, 1]], lambda y: y.reshape(2, 2), lambda y: y.reshape(2, 2, order="F"),
        lambda y: np.ravel(y, order="F"), lambda y: y.T, np.flipud, lambda y: np.hsplit(y, 2)[0], np.real_if_close,
        np.trim_zeros, lambda y: np.nan_to_num(y, copy=False), lambda y: y.conj(), lambda y: y.astype(float, copy=False),
        copy.copy, copy.deepcopy, lambda y: y.copy(), lambda y: y.real, np.fft.fftshift, lambda y: np.split(y, 2)[1],
        np.asarray, np.require, np.array,
    ],
)  # fmt: skip
def test_what_is_written_is_seen_where_numpy_shows_it(make):
    f = written_through(make)
    for g in (f, lambda x: rd.jvp(f, (x,), (x,))[1]):
        assert_same(rd.vectorize(g)(X), looped(g, X))


def test_in_place_operators_change_the_array_for_all_names():
    def f(x):
        y = x * 1.0
        alias, view = y, y[::2]
        y += 1.0
        view *= 3.0
        return (alias**2).sum()

    for derivative in (rd.grad(f), rd.hessian(f)):
        assert_same(rd.vectorize(derivative)(X), np.stack([derivative(x) for x in X]))


def test_results_belong_to_the_caller():
    before = X.copy()
    for f in (lambda x: x, lambda x: x[::-1], lambda x: np.broadcast_to(x, (2, 4)), lambda x: W):
        result = rd.vectorize(f)(X)
        expected = np.stack([f(x) for x in X])
        expected[0, 0] = result[0, 0] = 7.0
        np.testing.assert_array_equal(result, expected)
    one, two = rd.vectorize(lambda x: (x, x))(X)
    one[0] = 7.0
    np.testing.assert_array_equal(two, before)
    np.testing.assert_array_equal(X, before)


@dataclass
class Summed:
    terms: Any
    total: Any = field(init=False)

    def __post_init__(self):
        self.total = self.terms.sum()


@pytest.mark.parametrize("f", [Summed, lambda x: Summed(x if x[0] > 0 else -x)])
def test_what_a_record_computes_is_that_of_each_sample(f):
    np.testing.assert_allclose(rd.vectorize(f)(X).total, [f(x).total for x in X])


@pytest.mark.parametrize(
    ("f", "met"),
    [
        (lambda x: lambda y: x * y, "<function"),
        (lambda x: (x for _ in range(3)), "<generator"),
        (lambda x: SimpleNamespace(x=x), "namespace"),
        (lambda x: rd.Stream.iterate(lambda t: t + 1.0, x[0]), r"\["),
    ],
)
def test_what_may_hold_samples_is_not_returned_unopened(f, met):
    with pytest.raises(rd.ResultError, match=f"the result is {met}.* for sample 0, .* for 1"):
        rd.vectorize(f)(X)


def test_what_is_the_same_function_for_all_samples_is_returned():
    assert rd.vectorize(lambda x: (x, math.sin, "text", None, {1, 2}))(X)[1:] == (math.sin, "text", None, {1, 2})


def test_objects_that_hold_samples_are_joined_one_by_one():
    def f(x):
        out = np.empty(2, dtype=object)
        out[0], out[1] = x[0], x[1]
        return out

    result = rd.vectorize(f)(X)
    assert result.dtype == object
    np.testing.assert_array_equal(result.astype(float), X[:, :2])


def test_arguments_are_not_written_into():
    def f(x):
        x[0] = 0.0
        return x

    before = X.copy()
    with pytest.raises(ValueError, match="read-only") as error:
        rd.vectorize(f)(X)
    assert error.value.__notes__ == ["in sample 0 of 5"]
    np.testing.assert_array_equal(X, before)


def test_threads_do_not_meet():
    results = {}

    def work(k):
        results[k] = [
            at_once(rd.grad(lambda w, x: np.tanh(k * w @ x).sum()), in_axes=(None, 0))(W, X) for _ in range(5)
        ]

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k in range(4):
        expected = np.stack([rd.grad(lambda w, x, k=k: np.tanh(k * w @ x).sum())(W, x) for x in X])
        for found in results[k]:
            assert_same(found, expected)


def test_a_primitive_by_hand_and_a_checkpoint_are_mapped():
    sine = rd.primitive(lambda t: (np.sin(t), lambda ct: ct * np.cos(t)))
    for f in (lambda x: sine(x).sum(), rd.checkpoint(lambda t: np.sin(t).sum())):
        assert_same(rd.vectorize(f)(X), np.sin(X).sum(axis=1))
        assert_same(rd.grad(lambda xs, f=f: rd.vectorize(f)(xs).sum())(X), np.cos(X))
        assert_same(rd.vectorize(rd.grad(f))(X), np.cos(X))


# No samples, and what cannot be.


def test_no_samples_are_mapped_to_none():
    assert at_once(lambda x: np.sin(x).sum())(np.zeros((0, 2))).shape == (0,)
    assert at_once(lambda x: (W @ x, 1.0))(np.zeros((0, 4)))[0].shape == (0, 3)
    assert rd.vectorize(math.sin)(np.zeros(0)).shape == (0,)
    none = np.zeros((0, 3))
    assert rd.vectorize(rd.hessian(lambda x: np.maximum(x, 0.0).sum() ** 2))(none).shape == (0, 3, 3)
    assert rd.grad(lambda x: rd.vectorize(lambda x: x if x[0] > 0 else -x)(x).sum())(none).shape == (0, 3)
    with pytest.raises(rd.BatchError, match=r"there are no samples, and acos cannot tell without one"):
        rd.vectorize(math.acos)(np.zeros((0, 2)))


@pytest.mark.parametrize(
    ("use", "says"),
    [
        (lambda: rd.vectorize(3.0), r"vectorize takes a function; met a float"),
        (lambda: rd.vectorize(abs, fallback="never"), r"fallback is \"loop\" or \"error\"; met 'never'"),
        (lambda: rd.vectorize(lambda x: x, in_axes=None)(X), r"there are no samples to map over"),
        (rd.vectorize(lambda: 1.0), r"there are no samples to map over"),
        (lambda: rd.vectorize(np.sum)(np.ma.masked_array(X, X > 0)), r"argument 0 is a MaskedArray .*\n  Write x.filled"),
        (lambda: rd.vectorize(lambda x: np.ma.masked_array(x, x > 0))(X), r"MaskedArray .*\n  Return r.filled\(0.0\)"),
        (lambda: rd.vectorize(lambda x: (x, x), out_axes=(0, 0, 1))(X), r"3 axes were given for the 2 parts of the result"),
        (lambda: rd.vectorize(rd.grad(math.sin), fallback="error")(X), r"^grad\(…\) cannot run on all samples at once"),
        (lambda: rd.vectorize(lambda x, y: x)(X, W), r"different numbers of samples: 5 in argument 0, 3 in argument 1"),
        (lambda: rd.vectorize(lambda x, y: x)(X, 1.0), r"argument 1 is a float: there is no axis 0"),
        (lambda: rd.vectorize(lambda x: x)([1.0, 2.0]), r"argument 0\[0\] is a float.*\n.*\n.*np\.array"),
        (lambda: rd.vectorize(lambda x: x, in_axes=2)(X), r"argument 0 has shape \(5, 4\): there is no axis 2"),
        (lambda: rd.vectorize(lambda x: x, in_axes=(0, 1))(X), r"it has 2, and the function was called with 1 positional"),
        (lambda: rd.vectorize(lambda x: x, in_axes="x")(X), r"an axis is a whole number, None.*met 'x' \(a str\)"),
        (lambda: rd.vectorize(lambda d: d, in_axes=({"a": 0},))({"a": X, "b": X}), r"none for argument 0\['b'\]"),
        (lambda: rd.vectorize(lambda x: x, out_axes=2)(X), r"out_axes puts samples along axis 2 of the result"),
        (lambda: rd.vectorize(lambda x: np.ones(int(x)))(np.arange(2.0)), r"shape \(0,\) for sample 0, .* \(1,\) for 1"),
        (lambda: rd.vectorize(lambda x: x if float(x) else (x,))(np.arange(2.0)), r"a tuple of 1 for sample 0"),
        (lambda: rd.vectorize(lambda x: str(float(x)))(np.arange(2.0)), r"the result is '0.0' for sample 0, '1.0' for 1"),
        (lambda: at_once(math.sin)(np.arange(2.0)), r"sin cannot run on all samples at once\.  TypeError: must be real"),
    ],
)  # fmt: skip
def test_errors_say_what_was_met(use, says):
    with pytest.raises(rd.RevDiffError, match=says):
        use()


def test_an_error_of_the_function_is_its_own():
    with pytest.raises(ZeroDivisionError) as error:
        rd.vectorize(lambda x: 1 / int(x))(np.array([1.0, 0.0]))
    assert error.value.__notes__ == ["in sample 1 of 2"]
