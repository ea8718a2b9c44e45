"""Networks: products of matrices, where NumPy's kernels do the work, for one sample and for many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np

from benchmarks.comparison import Case, gradient, part
from benchmarks.libraries import Library, Primal
from benchmarks.report import thousands
from benchmarks.timing import Options

Parameters: TypeAlias = tuple[Any, ...]
"""A matrix and a vector for each layer: w₁, b₁, w₂, b₂, …"""

PEERS = ("torch", "autograd", "jax")

DIGITS = (784, 300, 100, 10)
CURVE = (1, 1_000, 20, 1)


def parameters(sizes: tuple[int, ...]) -> Parameters:
    """Return random parameters of a network with layers of these sizes."""
    rng = np.random.default_rng(0)
    shapes = [shape for m, n in pairwise(sizes) for shape in ((m, n), (n,))]
    return tuple(rng.standard_normal(shape) / np.sqrt(shape[0]) for shape in shapes)


def digits(batch: int) -> tuple[Any, Any]:
    """Return random images and one-hot labels; of a batch of 0, one sample without an axis for the batch."""
    rng = np.random.default_rng(1)
    lead = (batch,) if batch else ()
    return rng.random((*lead, DIGITS[0])), np.eye(DIGITS[-1])[rng.integers(DIGITS[-1], size=lead or None)]


def outputs(m: Any, x: Any, parameters: Parameters) -> Any:
    """Return what the network makes of x: tanh after each layer but the last."""
    *hidden, w, b = parameters
    for w_hidden, b_hidden in zip(hidden[::2], hidden[1::2], strict=True):
        x = m.tanh(x @ w_hidden + b_hidden)
    return x @ w + b


def cross_entropy(m: Any, z: Any, labels: Any) -> Any:
    """Return -Σ log softmax(z) at the labels."""
    return m.log(m.exp(z).sum(-1)).sum() - (labels * z).sum()


def of_digits(library: Library, images: Any, labels: Any) -> Callable[[Parameters], Any]:
    """Return the loss as a function of the parameters."""
    m, (images, labels) = library.arrays, map(library.constant, (images, labels))
    return lambda parameters: cross_entropy(m, outputs(m, images, parameters), labels)


@dataclass
class Network:
    """The parameters of three layers as a record."""

    w1: Any
    b1: Any
    w2: Any
    b2: Any
    w3: Any
    b3: Any


def by_fields(library: Library, images: Any, labels: Any) -> Callable[[Network], Any]:
    """Return the loss as a function of a record, of which it reads one field after the other."""
    m = library.arrays
    return lambda net: cross_entropy(
        m, m.tanh(m.tanh(images @ net.w1 + net.b1) @ net.w2 + net.b2) @ net.w3 + net.b3, labels
    )


def by_split(library: Library, images: Any, labels: Any) -> Callable[[Network], Any]:
    """Return the loss as a function of a record, which it takes apart first."""
    of_fields, split = by_fields(library, images, labels), getattr(library.functions, "split", lambda net: net)
    return lambda net: of_fields(split(net))


def by_layers(library: Library, images: Any, labels: Any) -> Callable[[Parameters], Any]:
    """Return the same loss from layers that bring their own pullbacks, as a user of revdiff writes them."""
    if library.name != "revdiff":
        return of_digits(library, images, labels)
    primitive: Callable[[Callable[..., Any]], Callable[..., Any]] = library.functions.primitive

    @primitive
    def first(w: Any, b: Any) -> Any:
        y = np.tanh(images @ w + b)
        return y, lambda y_bar: layer_bar(images, y_bar * (1 - y * y))

    @primitive
    def middle(x: Any, w: Any, b: Any) -> Any:
        y = np.tanh(x @ w + b)

        def pullback(y_bar: Any) -> Any:
            z_bar = y_bar * (1 - y * y)
            return z_bar @ w.T, *layer_bar(x, z_bar)

        return y, pullback

    @primitive
    def last(x: Any, w: Any, b: Any) -> Any:
        value, z_bar = loss_by_hand(x @ w + b, labels)
        return value, lambda ct: (ct * z_bar @ w.T, *layer_bar(x, ct * z_bar))

    def loss(parameters: Parameters) -> Any:
        w1, b1, w2, b2, w3, b3 = parameters
        return last(middle(first(w1, b1), w2, b2), w3, b3)

    return loss


def layer_bar(x: Any, z_bar: Any) -> tuple[Any, Any]:
    """Return the cotangents of w and b in z = x @ w + b, for one sample or for many."""
    return (x.T @ z_bar, z_bar.sum(0)) if x.ndim > 1 else (np.outer(x, z_bar), z_bar)


def loss_by_hand(z: Any, labels: Any) -> tuple[Any, Any]:
    """Return the `cross_entropy` and its gradient by z:  softmax(z) - labels."""
    e = np.exp(z)
    sums = e.sum(-1, keepdims=True)
    return np.log(sums).sum() - (labels * z).sum(), e / sums - labels


def network_by_hand(
    parameters: Parameters, x: Any, of_outputs: Callable[[Any], tuple[Any, Any]]
) -> tuple[Any, Parameters]:
    """Return value and gradient as one writes them by hand; ``of_outputs`` returns the loss and its gradient."""
    w1, b1, w2, b2, w3, b3 = parameters
    h1 = np.tanh(x @ w1 + b1)
    h2 = np.tanh(h1 @ w2 + b2)
    value, z3_bar = of_outputs(h2 @ w3 + b3)
    z2_bar = z3_bar @ w3.T * (1 - h2 * h2)
    z1_bar = z2_bar @ w2.T * (1 - h1 * h1)
    return value, (*layer_bar(x, z1_bar), *layer_bar(h1, z2_bar), *layer_bar(h2, z3_bar))


def points(count: int) -> tuple[Any, Any]:
    """Return points of a curve."""
    x = np.linspace(-1.0, 1.0, count)
    return x, np.sin(3.0 * x)


def one_by_one(library: Library, count: int) -> Callable[[Parameters], Any]:
    """Return the sum of squares of a network that maps one number to one, called for one after the other."""
    m, (xs, ys) = library.arrays, points(count)
    pairs = list(zip(xs.tolist(), ys.tolist(), strict=True))

    def loss(parameters: Parameters) -> Any:
        w1, b1, w2, b2, w3, b3 = parameters
        total = 0.0
        for x, y in pairs:
            residual = m.tanh(m.tanh(x * w1 + b1) @ w2 + b2) @ w3 + b3 - y
            total = total + residual * residual
        return total

    return loss


def one_by_one_by_hand(parameters: Parameters, count: int) -> tuple[Any, Parameters]:
    """Return value and gradient, adding up the outer products as they come."""
    w1, b1, w2, b2, w3, b3 = parameters
    gradient = w1_bar, b1_bar, w2_bar, b2_bar, w3_bar, _ = tuple(map(np.zeros_like, parameters))
    total, b3_bar = 0.0, 0.0
    for x, y in zip(*map(np.ndarray.tolist, points(count)), strict=True):
        h1 = np.tanh(x * w1 + b1)
        h2 = np.tanh(h1 @ w2 + b2)
        residual = h2 @ w3 + b3 - y
        total += residual * residual
        z3_bar = 2.0 * residual
        z2_bar = z3_bar * w3 * (1 - h2 * h2)
        z1_bar = w2 @ z2_bar * (1 - h1 * h1)
        b3_bar += z3_bar
        w3_bar += z3_bar * h2
        b2_bar += z2_bar
        w2_bar += np.outer(h1, z2_bar)
        b1_bar += z1_bar
        w1_bar += x * z1_bar
    return total, (*gradient[:-1], b3_bar)


def all_at_once(library: Library, count: int) -> Callable[[Parameters], Any]:
    """Return the same loss with all numbers in one array."""
    m, (x, y) = library.arrays, [library.constant(a[:, None]) for a in points(count)]

    def loss(parameters: Parameters) -> Any:
        residual = outputs(m, x, parameters) - y
        return (residual * residual).sum()

    return loss


def mapped(library: Library, count: int) -> Callable[[Parameters], Any]:
    """Return the same loss from a function of one number, mapped over all of them."""
    m, (xs, ys) = library.arrays, map(library.constant, points(count))

    def squared(parameters: Parameters, x: Any, y: Any) -> Any:
        w1, b1, w2, b2, w3, b3 = parameters
        residual = m.tanh(m.tanh(x * w1 + b1) @ w2 + b2) @ w3 + b3 - y
        return residual * residual

    if library.name == "primal":
        at_once = all_at_once(library, count)
        return lambda p: at_once((p[0][None], p[1], p[2], p[3], p[4][:, None], p[5]))
    if library.name == "revdiff":
        of_all = library.functions.vectorize(squared, in_axes=(None, 0, 0), fallback="error")
    else:
        vmap = import_module(library.name).vmap
        of_all = vmap(squared, (None, 0, 0))
    return lambda parameters: of_all(parameters, xs, ys).sum()


def all_at_once_by_hand(parameters: Parameters, count: int) -> tuple[Any, Parameters]:
    """Return value and gradient."""
    x, y = (a[:, None] for a in points(count))
    return network_by_hand(parameters, x, lambda z: (((z - y) ** 2).sum(), 2.0 * (z - y)))


def mapped_by_hand(parameters: Parameters, count: int) -> tuple[Any, Parameters]:
    """Return value and gradient of the loss that is mapped: by hand one writes it for all numbers at once."""
    w1, b1, w2, b2, w3, b3 = parameters
    value, (w1_bar, b1_bar, w2_bar, b2_bar, w3_bar, b3_bar) = all_at_once_by_hand(
        (w1[None], b1, w2, b2, w3[:, None], np.array([b3])), count
    )
    return value, (w1_bar[0], b1_bar, w2_bar, b2_bar, w3_bar[:, 0], float(b3_bar[0]))


def evaluation(name: str, function: Callable[[Library], Callable[[Parameters], Any]], at: Parameters) -> Case:
    """Return the case of the loss itself, without a derivative."""

    def task(library: Library) -> Callable[[], Any]:
        f, parameters = function(library), tuple(map(library.constant, at))
        return lambda: f(parameters)

    return Case(name=name, task=task, expected=lambda: function(Primal())(at))


def cases(options: Options) -> Iterator[Case]:
    """List the workloads of this part."""
    at = parameters(DIGITS)
    for batch in (0, 64, 256):
        images, labels = digits(batch)
        by_hand = partial(network_by_hand, at, images, partial(loss_by_hand, labels=labels))
        of_batch, of_layers = (partial(f, images=images, labels=labels) for f in (of_digits, by_layers))
        confirmed = partial(lambda by_hand: by_hand()[1], by_hand)  # by the first of these cases
        name = f"{'-'.join(map(str, DIGITS))}, {f'batch of {batch}' if batch else 'one sample'}"
        yield gradient(name, of_batch, at, by_hand)
        yield gradient(f"{name}, layers by hand", of_layers, at, by_hand, *PEERS, expected=confirmed)
        for how, of_record in (("fields of a record", by_fields), ("a record, split", by_split)):
            of_batch_and_record = partial(of_record, images=images, labels=labels)
            yield gradient(f"{name}, {how}", of_batch_and_record, Network(*at), by_hand, *PEERS, expected=confirmed)
        yield evaluation(f"{name}, evaluated", of_batch, at)
        yield evaluation(f"{name}, layers by hand, evaluated", of_layers, at)
    at_curve = parameters(CURVE)
    w1, b1, w2, b2, w3, b3 = at_curve
    single = (w1[0], b1, w2, b2, w3[:, 0], float(b3[0]))
    few, many = (100, 1_000) if options.quick else (1_000, 10_000)
    name = "-".join(map(str, CURVE))
    yield gradient(
        f"{name}, {thousands(few)} numbers one by one",
        lambda library: one_by_one(library, few), single, lambda: one_by_one_by_hand(single, few),
    )  # fmt: skip
    yield gradient(
        f"{name}, batch of {thousands(many)}",
        lambda library: all_at_once(library, many), at_curve, lambda: all_at_once_by_hand(at_curve, many),
    )  # fmt: skip
    yield gradient(
        f"{name}, {thousands(many)} numbers, mapped",
        lambda library: mapped(library, many), single, lambda: mapped_by_hand(single, many), "autograd",
    )  # fmt: skip


run = part(
    "Networks",
    "Gradients by all parameters. *manual* is value and gradient written by hand in NumPy; with layers by hand,\n"
    "revdiff is given the pullback of each layer by `revdiff.primitive`. *Evaluated* is the loss itself, called as it\n"
    "is; *mapped* the loss of one number under `revdiff.vectorize`, and `vmap` of the peers that have it.",
    cases,
)
