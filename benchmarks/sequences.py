"""Long sequences: ADBench's LSTM, whose state goes through many small operations, and products of neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np

from benchmarks.comparison import Case, gradient, part
from benchmarks.libraries import Library
from benchmarks.report import thousands
from benchmarks.timing import Options

Parameters: TypeAlias = tuple[Any, Any, Any]
"""Weights and biases of the gates of L layers, of shape (L, 2, 4, b); factors and offset around them, of shape (3, b);
the hidden and the cell state of the layers, of shape (L, 2, b)."""

LAYERS, BITS = 2, 14


def text(length: int) -> Any:
    """Return the bits of random characters."""
    return np.random.default_rng(1).integers(0, 2, (length, BITS)).astype(float)


def parameters() -> Parameters:
    """Return random parameters."""
    rng = np.random.default_rng(0)
    shapes = (LAYERS, 2, 4, BITS), (3, BITS), (LAYERS, 2, BITS)
    return tuple(rng.standard_normal(shape) for shape in shapes)  # type: ignore[return-value]


def lstm(library: Library, characters: Any) -> Callable[[Parameters], Any]:
    """Return the loss as a function of the parameters: how badly each character predicts the next."""
    m, characters = library.arrays, [library.constant(character) for character in characters]

    def sigmoid(x: Any) -> Any:
        return 1.0 / (1.0 + m.exp(-x))

    def layer(weight: Any, bias: Any, hidden: Any, cell: Any, x: Any) -> tuple[Any, Any]:
        forget = sigmoid(x * weight[0] + bias[0])
        ingate = sigmoid(hidden * weight[1] + bias[1])
        outgate = sigmoid(x * weight[2] + bias[2])
        change = m.tanh(hidden * weight[3] + bias[3])
        cell = cell * forget + ingate * change
        return outgate * m.tanh(cell), cell

    def loss(parameters: Parameters) -> Any:
        main, around, start = parameters
        state = [(start[i][0], start[i][1]) for i in range(LAYERS)]
        total = 0.0
        for character, following in pairwise(characters):
            x = character * around[0]
            for i in range(LAYERS):
                state[i] = layer(main[i][0], main[i][1], *state[i], x)
                x = state[i][0]
            x = x * around[1] + around[2]
            total = total + (following * (x - m.log(m.exp(x).sum() + 2.0))).sum()
        return -total / ((len(characters) - 1) * BITS)

    return loss


def lstm_by_hand(parameters: Parameters, characters: Any) -> tuple[Any, Parameters]:
    """Return value and gradient as one writes them by hand."""
    main, around, start = parameters
    steps, total = [], 0.0
    state = [(start[i, 0], start[i, 1]) for i in range(LAYERS)]
    for character, following in pairwise(characters):
        x, layers = character * around[0], []
        for i in range(LAYERS):
            (w0, w1, w2, w3), (b0, b1, b2, b3) = main[i]
            hidden, cell = state[i]
            forget = 1.0 / (1.0 + np.exp(-(x * w0 + b0)))
            ingate = 1.0 / (1.0 + np.exp(-(hidden * w1 + b1)))
            outgate = 1.0 / (1.0 + np.exp(-(x * w2 + b2)))
            change = np.tanh(hidden * w3 + b3)
            after = cell * forget + ingate * change
            t = np.tanh(after)
            layers.append((x, hidden, cell, forget, ingate, outgate, change, t))
            x = outgate * t
            state[i] = x, after
        y = x * around[1] + around[2]
        e = np.exp(y)
        s = e.sum() + 2.0
        total += (following * (y - np.log(s))).sum()
        steps.append((character, following, layers, x, e / s))
    scale = -1.0 / ((len(characters) - 1) * BITS)
    main_bar, around_bar = np.zeros_like(main), np.zeros_like(around)
    state_bar = [(np.zeros(BITS), np.zeros(BITS)) for _ in range(LAYERS)]
    for character, following, layers, above, p in reversed(steps):
        y_bar = scale * (following - p * following.sum())
        around_bar[1] += y_bar * above
        around_bar[2] += y_bar
        x_bar = y_bar * around[1]
        for i in reversed(range(LAYERS)):
            x, hidden, cell, forget, ingate, outgate, change, t = layers[i]
            w0, w1, w2, w3 = main[i, 0]
            hidden_bar, cell_bar = state_bar[i]
            out_bar = x_bar + hidden_bar
            cell_bar = cell_bar + out_bar * outgate * (1 - t * t)
            z0 = cell_bar * cell * forget * (1 - forget)
            z1 = cell_bar * change * ingate * (1 - ingate)
            z2 = out_bar * t * outgate * (1 - outgate)
            z3 = cell_bar * ingate * (1 - change * change)
            for gate, z_bar, gate_input in ((0, z0, x), (1, z1, hidden), (2, z2, x), (3, z3, hidden)):
                main_bar[i, 0, gate] += z_bar * gate_input
                main_bar[i, 1, gate] += z_bar
            state_bar[i] = z1 * w1 + z3 * w3, cell_bar * forget
            x_bar = z0 * w0 + z2 * w2
        around_bar[0] += x_bar * character
    return total * scale, (main_bar, around_bar, np.array(state_bar))


def of_text(length: int) -> Case:
    """Return the case of an LSTM on a text."""
    at, characters = parameters(), text(length)
    return gradient(
        f"LSTM, {LAYERS} layers, {length} characters",
        lambda library: lstm(library, characters), at, lambda: lstm_by_hand(at, characters),
    )  # fmt: skip


def neighbours(n: int) -> Callable[[Any], Any]:
    """Return Σ xᵢ xᵢ₊₁, element by element."""

    def f(x: Any) -> Any:
        total = 0.0
        for i in range(n - 1):
            total = total + x[i] * x[i + 1]
        return total

    return f


def neighbours_by_hand(x: Any) -> tuple[Any, Any]:
    """Return value and gradient, element by element."""
    total, x_bar = 0.0, np.zeros_like(x)
    for i in range(len(x) - 1):
        total += x[i] * x[i + 1]
        x_bar[i] += x[i + 1]
        x_bar[i + 1] += x[i]
    return total, x_bar


def of_neighbours(n: int, *left_out: str) -> Case:
    """Return the case of products of neighbours in an array."""
    x = np.linspace(-1.0, 1.0, n)
    name = f"Σ x[i] x[i+1], array of {thousands(n)}"
    return gradient(name, lambda _: neighbours(n), x, lambda: neighbours_by_hand(x), *left_out)


def cases(options: Options) -> Iterator[Case]:
    """List the workloads of this part."""
    yield of_text(11 if options.quick else 101)
    yield of_neighbours(1_000)
    yield of_neighbours(10_000, "jax", *["autograd", "torch"] * options.quick)


run = part("Sequences", "Gradients. The LSTM is that of ADBench; of an array, elements are read one by one.", cases)
