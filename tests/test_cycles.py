"""A derivative leaves no reference cycles behind: what it has used is freed at once, and memory does not grow.

Python's garbage collector is off, and then asked what it finds.
"""

from __future__ import annotations

import gc
import math
import tracemalloc
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import sympy

import revdiff as rd
from revdiff import RevDiffError, grad, hessian, jacobian

pytest.importorskip("scipy")


@dataclass
class Layer:
    weight: Any
    bias: Any


A = np.array([[2.0, 0.5], [0.5, 3.0]])
X = np.array([0.3, 0.7])
LAYER = Layer(A, X)
SYMBOL = sympy.Symbol("x")
F = rd.unary_symbolic_func("f")


def model(layer: Layer) -> Any:
    return np.tanh(X @ layer.weight + layer.bias).sum()


def waves(x: Any) -> Any:
    return np.sin(x) * x


@rd.primitive
def cube(x: Any) -> Any:
    return x**3, lambda ct: ct * 3 * x**2


@rd.primitive(order=1)
def sine(x: Any) -> Any:
    return math.sin(x), lambda ct: ct * math.cos(x)


def primitive_made_inside(x: Any) -> Any:
    exponential = rd.custom_vjp(rd.exp, lambda x: (rd.exp(x),) * 2, lambda y, ct: ct * y)
    double = rd.iso(lambda x: x, lambda y: y)
    jump = rd.no_gradient(lambda x: float(int(x)), "it jumps")
    return (exponential >> double >> cube)(x) * (1.0 if jump(x) > 5 else 2.0)


def assigned(x: Any) -> Any:
    out = np.zeros_like(x)
    for i in range(len(x)):
        out[i] = x[i] ** 2
    out[0] += out[1]
    return out.sum()


def products_of_matrices(a: Any) -> Any:
    return (
        np.linalg.det(a)
        + np.linalg.inv(a).sum()
        + np.linalg.solve(a, X).sum()
        + np.linalg.eigvalsh(a).sum()
        + np.linalg.norm(a)
        + np.linalg.cholesky(a + a.T).sum()
        + np.einsum("ij,jk->", a, a)
    )


def choices(x: Any) -> Any:
    return np.where(x > 0.5, np.sqrt(x), 0.0).sum() + np.maximum(x, 0.5).sum() + np.sort(x)[0] + np.sqrt(x)[x > 0].sum()


WAYS: dict[str, Callable[[], Any]] = {
    "a gradient by a float": lambda: grad(lambda x: rd.sin(x) * x + x / (1 + x))(1.0),
    "a gradient by a record": lambda: grad(model)(LAYER),
    "a gradient by a dictionary": lambda: grad(lambda d: d["a"] * d["b"][0])({"a": 1.0, "b": [2.0, 3.0]}),
    "a value and a gradient": lambda: rd.value_and_grad(model)(LAYER),
    "a derivative by several arguments": lambda: rd.args_derivative(lambda x, y: x * y)(1.0, 2.0),
    "elementwise": lambda: rd.elementwise_derivative(np.sin)(X),
    "a Jacobian": lambda: jacobian(waves)(X),
    "a Hessian of an array": lambda: hessian(lambda x: waves(x).sum())(X),
    "a Hessian of a pair": lambda: hessian(lambda p: p[0] ** 2 * p[1])((1.0, 2.0)),
    "vjp": lambda: rd.vjp(waves, X)[1](X),
    "jvp": lambda: rd.jvp(waves, X, X),
    "linearize": lambda: rd.linearize(waves, X)[1](X),
    "hvp": lambda: rd.hvp(lambda x: waves(x).sum(), X, X),
    "nested derivatives": lambda: grad(lambda x: x * grad(lambda y: x * y * y)(x))(2.0),
    "a fifth derivative": lambda: rd.nth_derivative(rd.sin, 5)(1.0),
    "a gradient by a stream": lambda: grad(lambda s: s[0] * s[2])(rd.Stream.iterate(lambda x: x + 1.0, 1.0)),
    "a stream of derivatives": lambda: rd.scalar_arg_derivative(lambda x: rd.Stream.iterate(lambda y: y * x, 1.0))(
        2.0
    ).take(4),
    "a gradient by finitely many": lambda: grad(lambda s: s[0] * s[1])(rd.FiniteSupportStream([1.0, 2.0])),
    "symbols": lambda: rd.nth_derivative(rd.sin, 2)(SYMBOL),
    "a symbolic function": lambda: rd.nth_derivative(F, 2)(SYMBOL),
    "a formula": lambda: grad(rd.from_sympy(SYMBOL**2, [SYMBOL]))(2.0),
    "a primitive": lambda: rd.nth_derivative(cube, 3)(2.0),
    "a primitive of first order": lambda: grad(sine)(2.0),
    "a primitive made inside": lambda: rd.nth_derivative(primitive_made_inside, 2)(0.5),
    "a lens": lambda: grad(rd.from_lens(rd.to_lens(rd.sin)))(1.0),
    "a Van Laarhoven form": lambda: grad(rd.from_van_laarhoven(rd.to_van_laarhoven(rd.sin)))(1.0),
    "a profunctor optic": lambda: grad(rd.from_profunctor(rd.to_profunctor(rd.sin)))(1.0),
    "a path": lambda: grad(lambda r: rd.view(rd.path.weight[0, 0], rd.over(rd.path.bias, r, np.sin)))(LAYER),
    "a unit vector": lambda: grad(lambda u: u.vector[0] ** 2)(rd.UnitVector(np.array([0.6, 0.8]))),
    "a checkpoint": lambda: grad(lambda x: rd.checkpoint(waves)(x).sum())(X),
    "a checkpoint of second order": lambda: hessian(lambda x: rd.checkpoint(waves)(x).sum())(X),
    "assignment": lambda: grad(assigned)(X),
    "assignment of second order": lambda: hessian(assigned)(X),
    "choices": lambda: grad(choices)(X),
    "choices of second order": lambda: hessian(choices)(X),
    "an array of objects": lambda: grad(lambda x: np.array([x, x * x]).sum())(2.0),
    "linear algebra": lambda: grad(products_of_matrices)(A),
    "linear algebra of second order": lambda: hessian(products_of_matrices)(A),
    "a Fourier transform": lambda: grad(lambda x: abs(np.fft.fft(x)).sum())(X),
    "a matrix exponential": lambda: grad(lambda a: rd.scipy.linalg.expm(a).sum())(A),
    "special functions": lambda: grad(lambda x: rd.scipy.special.gammaln(x).sum())(X),
    "a distribution": lambda: grad(lambda x: rd.scipy.stats.norm.logpdf(x).sum())(X),
    "a filter": lambda: grad(lambda x: rd.scipy.signal.convolve(x, x).sum())(X),
    "an integral": lambda: grad(lambda t: rd.scipy.integrate.quad(lambda x: rd.exp(-t * x), 0.0, 1.0)[0])(2.0),
}


@pytest.fixture(scope="module", autouse=True)
def _nothing_old_to_look_through() -> Iterator[None]:
    """Leave out of every collection what was there before: SymPy and SciPy are many objects."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@contextmanager
def no_collection() -> Iterator[None]:
    """Hold the garbage collector back."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@pytest.mark.parametrize("way", WAYS)
def test_a_derivative_leaves_no_cycles(way: str) -> None:
    derivative = WAYS[way]
    derivative()  # what is imported and registered on the first occasion is no matter of this
    with no_collection():
        derivative()
        assert gc.collect() == 0


SOLVERS: dict[str, Callable[[Any, Any], Any]] = {
    "brentq": lambda f, t: rd.scipy.optimize.brentq(lambda x: f(x, t), 0.0, 3.0),
    "root": lambda f, t: rd.scipy.optimize.root(lambda x: f(x, t), np.ones(2)).x.sum(),
    "root_scalar": lambda f, t: rd.scipy.optimize.root_scalar(lambda x: f(x, t), bracket=(0.0, 3.0)).root,
    "minimize": lambda f, t: rd.scipy.optimize.minimize(lambda x: (f(x, t) ** 2).sum(), np.ones(2)).x.sum(),
    "solve_ivp": lambda f, t: rd.scipy.integrate.solve_ivp(lambda s, y: f(y, t), (0.0, 0.5), np.ones(1)).y[0, -1],
    "odeint": lambda f, t: rd.scipy.integrate.odeint(lambda y, s: f(y, t), np.ones(1), np.array([0.0, 0.5]))[-1, 0],
}


@pytest.mark.parametrize("solver", SOLVERS)
def test_the_cycles_of_scipys_own_solvers_hold_nothing_of_a_derivative(solver: str) -> None:
    """Some of them leave cycles behind, whoever calls them."""

    class Marker:
        def __call__(self, x: Any, t: Any) -> Any:
            return x * x - t

    solve, markers = SOLVERS[solver], []

    def derivative() -> None:
        marker = Marker()
        markers.append(weakref.ref(marker))
        grad(lambda t: solve(marker, t))(2.0)

    derivative()
    with no_collection():
        derivative()
        assert markers[-1]() is None


FAILURES: dict[str, Callable[[], Any]] = {
    "a conversion": lambda: grad(math.sin)(1.0),
    "no derivative": lambda: grad(lambda x: x * rd.no_gradient(lambda x: 1.0, "it jumps")(x))(1.0),
    "no second derivative": lambda: rd.nth_derivative(sine, 2)(1.0),
    "no real result": lambda: grad(lambda x: "text")(1.0),
    "an error of the function": lambda: grad(lambda x: 1 / (x - x))(2),
    "an error on the way back": lambda: grad(rd.primitive(lambda x: (x * 2, lambda ct: ct / 0)))(2.0),
    "a cotangent of another shape": lambda: grad(rd.primitive(lambda x: (x.sum(), lambda ct: np.ones(5))))(X),
    "a wrong cotangent": lambda: rd.vjp(waves, X)[1]("text"),
    "a place in a structure": lambda: grad(lambda p: p["a"][0] * math.sin(p["a"][1]))({"a": [1.0, 2.0]}),
    "rows one by one": lambda: jacobian(rd.primitive(lambda x: (x * 2, lambda ct: float(ct[0]) / 0 * ct)))(X),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_an_error_leaves_no_cycles(failure: str) -> None:
    def fail() -> bool:
        try:
            FAILURES[failure]()
        except (RevDiffError, ZeroDivisionError):
            return True
        return False

    assert fail()
    with no_collection():
        assert fail()
        assert gc.collect() == 0


def test_a_jacobian_whose_rows_go_one_by_one_leaves_no_cycles() -> None:
    """The batch of all rows was tried first, and that was an error inside."""
    f = rd.primitive(lambda x: (x * 2.0, lambda ct: np.array([float(c) * 2.0 for c in ct])))
    f_and_back = lambda: jacobian(lambda x: f(x * x))(X)
    f_and_back()
    with no_collection():
        np.testing.assert_array_equal(f_and_back(), np.diag(4 * X))
        assert gc.collect() == 0


def test_training_does_not_grow() -> None:
    rng = np.random.default_rng(0)
    data, target = rng.normal(size=(200, 16)), rng.normal(size=200)

    @rd.checkpoint
    def hidden(layers: Any, x: Any) -> Any:
        return np.tanh(x @ layers[0].weight + layers[0].bias)

    def loss(layers: Any, x: Any, y: Any) -> Any:
        out = cube(hidden(layers, x)) @ layers[1].weight + layers[1].bias
        return ((out - y) ** 2).mean()

    def epoch(layers: Any) -> Any:
        for i in range(0, 200, 50):
            gradient = grad(loss)(layers, data[i : i + 50], target[i : i + 50])
            layers = rd.add(layers, rd.extend_map(lambda g: -0.01 * g, gradient))
        return layers

    layers = [Layer(rng.normal(size=(16, 8)), np.zeros(8)), Layer(rng.normal(size=8), np.zeros(()))]
    layers = epoch(layers)
    with no_collection():
        tracemalloc.start()
        try:
            layers = epoch(layers)
            gc.collect()  # which also empties Python's own lists of free tuples
            before, _ = tracemalloc.get_traced_memory()
            for _ in range(20):
                layers = epoch(layers)
            assert gc.collect() == 0
            after, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert after - before < 16_000  # bytes: what Python keeps of small objects; one array an epoch would be 64 000
