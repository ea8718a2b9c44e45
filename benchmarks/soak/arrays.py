"""Programs of arrays, of several dtypes, beside differences of the same programs in long doubles."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

import revdiff as rd
from benchmarks.soak.agreement import DisagreementError, close
from benchmarks.soak.numbers import Mode


def moves(draw: random.Random, shape: tuple[int, ...]) -> Iterator[tuple[str, Callable[[Any, Any], Any]]]:
    """List what can be done with an array y of this shape, made of an x of shape (3, 4): functions of y and x."""
    yield "sin", lambda y, x: np.sin(y)
    yield "tanh times", lambda y, x: np.tanh(y) * y
    yield "exp", lambda y, x: np.exp(-y * y)
    yield "sqrt", lambda y, x: np.sqrt(1 + y**2)
    yield "where", lambda y, x: np.where(y > 0.1, y * y, -y)
    yield "where sqrt", lambda y, x: np.where(y > 0, np.sqrt(np.abs(y)) * y, 0.0)
    yield "clip", lambda y, x: np.clip(y, -0.9, 0.9)
    yield "add a number", lambda y, x: y + x[1, 2]
    yield "mean", lambda y, x: y - np.mean(y)
    yield "array of numbers", lambda y, x: np.array([y.sum(), y.max(), x[0, 0]]) * y.ravel()[0]
    if shape:
        axis = draw.randrange(len(shape))
        yield "in place", in_place
        yield "sum", lambda y, x: y.sum(axis=axis)
        yield "softmax", lambda y, x: np.exp(np.sin(y)) / np.exp(np.sin(y)).sum(axis=axis, keepdims=True)
        yield "cumsum", lambda y, x: np.cumsum(y, axis=axis)
        yield "sort", lambda y, x: np.sort(y, axis=axis)
        yield "flip", lambda y, x: np.flip(y, axis) * y
        yield "roll", lambda y, x: np.roll(y, 1, axis) - y
        yield "max", lambda y, x: np.max(y, axis=axis)
        yield "stack", lambda y, x: np.stack([y, y * y], axis=axis)[(slice(None),) * axis + (1,)]
        yield "concatenate", lambda y, x: np.concatenate([y, -y], axis=axis)
        yield "take", lambda y, x: np.take(y, [0, -1, 0], axis=axis)
        yield "transpose", lambda y, x: y.T
        yield "ravel", lambda y, x: y.reshape(-1)
        yield "slice", lambda y, x: y[..., ::-1] * 0.5
        yield "std", lambda y, x: (y - y.mean(axis=axis, keepdims=True)) / (1 + y.std(axis=axis, keepdims=True))
        yield "norm", lambda y, x: y / np.sqrt(1 + (y * y).sum())
        yield "einsum", lambda y, x: np.einsum("i...,i...->...", y, np.cos(y))
        yield "mask", lambda y, x: np.tanh(y[y > -5.0].sum()) * y
    if len(shape) == 2:
        yield "gram", lambda y, x: y @ y.T / 4
        yield "outer", lambda y, x: np.outer(y[0], y[:, 0])
        yield "trace", lambda y, x: np.trace(y) * y
        yield "diagonal", lambda y, x: np.diagonal(y) ** 2
    if len(shape) == 1:
        yield "dot", lambda y, x: np.dot(y, y) * y
        yield "table", lambda y, x: y[:, None] - y
        yield "convolve", lambda y, x: np.convolve(y, y[:2])
    if not shape:
        yield "times the argument", lambda y, x: y * x


def in_place(y: Any, x: Any) -> Any:
    """Write into an array of y's kind, and through views of it, which are views whatever its order in memory is."""
    z = np.zeros_like(y) + y
    z[...] = z * 0.5
    first, last = z[:1].T, z.T[..., -1:]
    first[...] = first * x[0, 1]
    last += first[:1] * 2
    return z


@dataclass(frozen=True)
class ArrayProgram:
    """A function of an array of shape (3, 4): what is done to it, step by step, and a sum of the result."""

    names: tuple[str, ...]
    moves: tuple[Callable[[Any, Any], Any], ...]
    last: Callable[[Any], Any]

    def __call__(self, x: Any) -> Any:
        """Run it."""
        y = x
        for move in self.moves:
            y = move(y, x)
        return self.last(y)


HOLOMORPHIC = frozenset({
    "sin", "exp", "add a number", "mean", "sum", "softmax", "cumsum", "flip", "roll", "stack", "concatenate", "take",
    "transpose", "ravel", "slice", "einsum", "gram", "outer", "trace", "diagonal", "dot", "table", "convolve", "in place",
    "times the argument",
})  # fmt: skip
RATIONAL = HOLOMORPHIC - {"sin", "exp", "softmax", "einsum", "in place", "slice"} | {"max", "sort", "clip"}
ALL = HOLOMORPHIC | RATIONAL | {
    "tanh times", "sqrt", "where", "where sqrt", "array of numbers", "std", "norm", "mask",
}  # fmt: skip


class Kind(NamedTuple):
    """A kind of arrays: how to make one of an array of floats, what is done with it, and how exact it is."""

    of: Callable[[Any], Any]
    words: frozenset[str] = ALL
    tolerance: tuple[float, float] = (1e-6, 1e-5)
    most: int = 6
    last: Callable[[Any], Any] = lambda y: (np.sin(y) * y).sum()


def fractions(a: Any) -> Any:
    """Return an array of Fractions, of which no two are equal."""
    return np.array([Fraction(round(x * 2**20), 2**20) for x in a.flat], object).reshape(a.shape)


KINDS = {
    "array": Kind(np.array),
    "array in Fortran's order": Kind(np.asfortranarray),
    "array of float32": Kind(np.float32, tolerance=(2e-3, 2e-2), most=4),
    "array of complex128": Kind(lambda a: a * (1 + 0.5j), HOLOMORPHIC, last=lambda y: np.real((np.sin(y) * y).sum())),
    "array of Fractions": Kind(fractions, RATIONAL, most=3, last=lambda y: (y * y * y).sum()),
}


def drawn_program(draw: random.Random, x: Any, kind: Kind) -> ArrayProgram:
    """Draw a program that keeps arrays small."""
    names, chosen, y = [], [], x
    for _ in range(draw.randint(1, kind.most)):
        name, move = draw.choice([each for each in moves(draw, np.shape(y)) if each[0] in kind.words])
        after = move(y, x)
        if np.size(after) <= 64 and np.max(np.abs(after), initial=0.0) < 20:
            names.append(name)
            chosen.append(move)
            y = after
    return ArrayProgram(tuple(names), tuple(chosen), kind.last)


WEIGHTS = {
    1: [np.longdouble(n) / d for n, d in ((4, 5), (-1, 5), (4, 105), (-1, 280))],
    2: [np.longdouble(n) / d for n, d in ((8, 5), (-1, 5), (8, 315), (-1, 560))],
}
"""Those of f(x + khv), k = 1, 2, 3, 4, in differences of the eighth order, for the first and the second derivative."""


def witness(program: ArrayProgram, x: Any, v: Any, order: int, scale: float = 1) -> tuple[float, float]:
    """Return dᵏ/dtᵏ f(x + tv) at 0 from differences in long doubles, and by how much rounding may have changed it."""
    wide = np.result_type(np.longdouble, x.dtype if x.dtype != object else float)
    x, v, h = x.astype(wide), v.astype(wide), (2e-3, 4e-3)[order - 1] * scale
    here = program(x)
    total = sum(
        w * (program(x + k * h * v) + (-1) ** order * program(x - k * h * v) - 2 * (order - 1) * here)
        for k, w in enumerate(WEIGHTS[order], 1)
    )
    return float(total / h**order), 1e-17 * float(1 + abs(here)) / h**order


def pairing(g: Any, v: Any) -> Any:
    """Return Re Σ gᵢ vᵢ."""
    return np.real((g * v).sum())


def by_rows(f: Callable[[Any], Any], x: Any, v: Any) -> Any:
    return sum(pairing(a, b) for a, b in zip(rd.grad(lambda rows: f(np.stack(rows)))(list(x)), v, strict=True))


MODES: dict[int, dict[str, Mode]] = {
    1: {
        "grad": lambda f, x, v: pairing(rd.grad(f)(x), v),
        "vjp": lambda f, x, v: pairing(rd.vjp(f, x)[1](1), v),
        "jvp": lambda f, x, v: rd.jvp(f, x, v)[1],
        "linearize": lambda f, x, v: rd.linearize(f, x)[1](v),
        "grad by a dictionary": lambda f, x, v: pairing(rd.grad(lambda d: f(d["x"]))({"x": x, "n": 1.0})["x"], v),
        "grad of rows": by_rows,
        "grad of traced arrays": lambda f, x, v: pairing(rd.untraced(rd.grad(f)(rd.traced(x))), v),
        "grad, shared": lambda f, x, v: pairing(rd.shared(rd.grad(f))(x), v),
        "checkpoint": lambda f, x, v: pairing(rd.grad(rd.checkpoint(f))(x), v),
        "jacobian": lambda f, x, v: pairing(rd.jacobian(lambda y: np.stack([f(y), f(y) * 2]))(x)[1], v) / 2,
        "vectorize": lambda f, x, v: pairing(rd.vectorize(rd.grad(f))(np.stack([x, x + 1]))[0], v),
        "grad of vectorize": lambda f, x, v: pairing(rd.grad(lambda z: rd.vectorize(f)(z)[0])(np.stack([x, x]))[0], v),
    },
    2: {
        "hvp": lambda f, x, v: pairing(rd.hvp(f, x, v), v),
        "hessian": lambda f, x, v: pairing((rd.hessian(f)(x) * v).sum((2, 3)), v),
        "grad of grad": lambda f, x, v: pairing(rd.grad(lambda y: pairing(rd.grad(f)(y), v))(x), v),
        "jvp of grad": lambda f, x, v: pairing(rd.jvp(rd.grad(f), x, v)[1], v),
        "jvp of jvp": lambda f, x, v: rd.jvp(lambda y: rd.jvp(f, y, v)[1], x, v)[1],
        "grad of checkpoint": lambda f, x, v: pairing(
            rd.grad(lambda y: pairing(rd.grad(rd.checkpoint(f))(y), v))(x), v
        ),
        "traced arrays": lambda f, x, v: pairing(rd.untraced(rd.hvp(f, rd.traced(x), v)), v),
    },
}


def check(draw: random.Random) -> tuple[str, str, int]:
    """Draw a program of arrays, and compare; return the names of the kind and the mode, and the order."""
    name = draw.choice(list(KINDS))
    kind = KINDS[name]
    x, v = (kind.of(np.array([draw.uniform(-1, 1) for _ in range(12)]).reshape(3, 4)) for _ in range(2))
    program = drawn_program(draw, x, kind)
    order = draw.choice((1, 1, 2))
    mode = draw.choice(list(MODES[order]))
    found = float(MODES[order][mode](program, x, v))
    for scale in (1, 1e-2, 1e-4):  # a kink nearby disappears for a smaller step
        expected, rounding = witness(program, x, v, order, scale)
        if close(found, expected, kind.tolerance[order - 1], rounding):
            return name, mode, order
    raise DisagreementError(name, mode, order, program.names, found, expected, x, v)
