"""A long run of random programs: ``python -m benchmarks.soak --programs 100000 --seed 1``.

Each program is drawn, run in one number system and differentiated in one mode, all three at random, and the derivative
is compared with one that none of our code has a part in: for programs of numbers with differences of the same program in
mpmath, at sixty digits; for programs of arrays with differences of the same program in NumPy's longest floats. A program that
disagrees is printed with its seed, and the command exits with 1.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, NamedTuple

import mpmath
import numpy as np
import sympy

import revdiff as rd

DIGITS = 60
STEP = mpmath.mpf(10) ** -10

# Programs of numbers ----------------------------------------------------------------------------

BOUNDED = {"exp", "sinh", "cosh", "tan", "asin", "expm1"}
POSITIVE = {"log", "sqrt", "cbrt", "log1p"}
UNARY = ["neg", "square", "cube", "sin", "cos", "tanh", "atan", "asinh", "abs", *sorted(BOUNDED | POSITIVE)]
BINARY = ["add", "sub", "mul", "div", "max", "where", "hypot", "power"]
RATIONAL = ["neg", "square", "cube"], ["add", "sub", "mul", "div", "where"]
HOLOMORPHIC = [name for name in UNARY if name not in ("abs", "cbrt", "expm1", "log1p")], ["add", "sub", "mul", "div"]
OF_COMPLEX = ("nth_derivative", "simple_derivative", "vjp", "jvp", "linearize", "jacobian")
"""The modes that take complex values; the others want one real number."""


class Step(NamedTuple):
    """One step: the function's name, and which of the numbers so far it is applied to."""

    name: str
    i: int
    j: int


@dataclass(frozen=True)
class Program:
    """A function of several numbers: steps, some of them repeated, each adding a number to those that there are."""

    inputs: int
    steps: tuple[Step, ...]
    turns: int

    def __call__(self, m: Any, xs: Any) -> Any:
        """Run it on numbers, with the functions of m."""
        numbers = [xs[i] for i in range(self.inputs)]
        total = numbers[0] * 0
        for _ in range(self.turns):
            for step in self.steps:
                numbers.append(apply(m, step.name, numbers[step.i], numbers[step.j]))
            total = total + numbers[-1]
            numbers = [*numbers[: self.inputs - 1], squeezed(numbers[-1])]
        return total


def squeezed(x: Any) -> Any:
    """Return a number between -1/2 and 1/2."""
    return x / (1 + x * x)


def apply(m: Any, name: str, x: Any, y: Any) -> Any:
    """Apply one function of m, where it is smooth and of moderate size."""
    match name:
        case "neg":
            return -x
        case "square":
            return x * x
        case "cube":
            return squeezed(x) ** 3
        case "add":
            return x + y
        case "sub":
            return x - y
        case "mul":
            return x * squeezed(y)
        case "div":
            return x / (2 + y * y)
        case "abs":
            return abs(x)
        case "max":
            return m.maximum(x, y)
        case "where":
            return x + squeezed(y - x) ** 4 if x < y else x  # smooth where rounding may decide
        case "hypot":
            return m.sqrt(1 + x * x + y * y)
        case "power":
            return (1 + x * x) ** squeezed(y)
    if name in BOUNDED:
        x = squeezed(x)
    elif name in POSITIVE:
        x = 1 + x * x
    return getattr(m, name)(x)


def drawn_program(draw: random.Random, unary: list[str], binary: list[str], most: int) -> Program:
    """Draw a program."""
    inputs = draw.randint(1, 4)
    steps = []
    for k in range(draw.randint(1, most)):
        name = draw.choice(unary if draw.random() < 0.5 else binary)
        steps.append(Step(name, draw.randrange(inputs + k), draw.randrange(inputs + k)))
    turns = draw.choice((1, 1, 1, 2, 3)) if most > 4 else 1  # formulas and fractions grow
    return Program(inputs, tuple(steps), turns)


def mp_functions() -> Any:
    """Return the functions under the names that programs use, by mpmath alone."""
    names = {name: getattr(mpmath, name) for name in ("exp", "sinh", "cosh", "tan", "asin", "expm1", "log", "sqrt")}
    names |= {name: getattr(mpmath, name) for name in ("sin", "cos", "tanh", "atan", "asinh", "log1p")}
    return SimpleNamespace(**names, cbrt=lambda x: mpmath.root(x, 3), maximum=max)


MPMATH = mp_functions()


def witness(program: Program, x: list[Any], v: list[Any], order: int) -> Any:
    """Return dᵏ/dtᵏ f(x + tv) at 0 from central differences."""
    with mpmath.workdps(DIGITS):
        x, v = [mpmath.mpmathify(a) for a in x], [mpmath.mpmathify(a) for a in v]
        far, near, here, further, furthest = (
            program(MPMATH, [a + k * STEP * b for a, b in zip(x, v, strict=True)]) for k in (-2, -1, 0, 1, 2)
        )
        if order == 1:
            return (further - near) / (2 * STEP)
        if order == 2:
            return (further - 2 * here + near) / STEP**2
        return (furthest - 2 * further + 2 * near - far) / (2 * STEP**3)


@dataclass
class Record:
    """A record of up to four numbers, for programs that read them by name."""

    a: Any
    b: Any = 0.0
    c: Any = 0.0
    d: Any = 0.0
    name: str = "record"

    def __getitem__(self, i: int) -> Any:
        return (self.a, self.b, self.c, self.d)[i]


def dot(g: Any, v: Any) -> Any:
    """Return the sum of the products."""
    return sum(a * b for a, b in zip(g, v, strict=True))


Mode = Callable[[Callable[[Any], Any], Any, Any], Any]


def along(f: Callable[[Any], Any], x: list[Any], v: list[Any]) -> Callable[[Any], Any]:
    """Return t ↦ f(x + tv)."""
    return lambda t: f([a + t * b for a, b in zip(x, v, strict=True)])


def by_arguments(f: Callable[[Any], Any], x: list[Any], v: list[Any]) -> Any:
    return dot(rd.grad(lambda *xs: f(xs), argnums=tuple(range(len(x))))(*x), v)


def by_record(f: Callable[[Any], Any], x: list[Any], v: list[Any]) -> Any:
    gradient = rd.grad(f)(Record(*x))
    return dot([gradient[i] for i in range(len(x))], v)


def by_dictionary(f: Callable[[Any], Any], x: list[Any], v: list[Any]) -> Any:
    gradient = rd.grad(lambda d: f(list(d.values())))({f"x{i}": a for i, a in enumerate(x)})
    return dot(gradient.values(), v)


def by_stream(f: Callable[[Any], Any], x: list[Any], v: list[Any]) -> Any:
    stream = rd.Stream.from_iterable([*x, *[0.0] * 3, *x])
    return dot(rd.grad(f)(stream).take(len(x)), v)


FIRST: dict[str, Mode] = {
    "grad of a list": lambda f, x, v: dot(rd.grad(f)(x), v),
    "grad of a tuple": lambda f, x, v: dot(rd.grad(f)(tuple(x)), v),
    "grad by arguments": by_arguments,
    "grad of a record": by_record,
    "grad of a dictionary": by_dictionary,
    "value_and_grad": lambda f, x, v: dot(rd.value_and_grad(f)(x)[1], v),
    "vjp": lambda f, x, v: dot(rd.vjp(f, x)[1](0 * x[0] + 1), v),
    "jvp": lambda f, x, v: rd.jvp(f, x, v)[1],
    "linearize": lambda f, x, v: rd.linearize(f, x)[1](v),
    "jacobian": lambda f, x, v: dot(rd.jacobian(lambda y: (f(y), y[0]))(x)[0], v),
    "checkpoint": lambda f, x, v: dot(rd.grad(rd.checkpoint(f))(x), v),
    "simple_derivative": lambda f, x, v: rd.simple_derivative(along(f, x, v))(0 * x[0]),
}
SECOND: dict[str, Mode] = {
    "nth_derivative": lambda f, x, v: rd.nth_derivative(along(f, x, v), 2)(0 * x[0]),
    "hvp": lambda f, x, v: dot(rd.hvp(f, x, v), v),
    "hessian": lambda f, x, v: dot([dot(row, v) for row in rd.hessian(f)(x)], v),
    "grad of grad": lambda f, x, v: dot(rd.grad(lambda y: dot(rd.grad(f)(y), v))(x), v),
    "jvp of grad": lambda f, x, v: dot(rd.jvp(rd.grad(f), x, v)[1], v),
    "grad of jvp": lambda f, x, v: dot(rd.grad(lambda y: rd.jvp(f, y, v)[1])(x), v),
    "grad of checkpoint": lambda f, x, v: dot(rd.grad(lambda y: dot(rd.grad(rd.checkpoint(f))(y), v))(x), v),
}
THIRD: dict[str, Mode] = {
    "nth_derivative": lambda f, x, v: rd.nth_derivative(along(f, x, v), 3)(0 * x[0]),
    "grad of hvp": lambda f, x, v: dot(rd.grad(lambda y: dot(rd.hvp(f, y, v), v))(x), v),
    "jvp of hvp": lambda f, x, v: dot(rd.jvp(lambda y: rd.hvp(f, y, v), x, v)[1], v),
}
MODES = {1: FIRST, 2: SECOND, 3: THIRD}


class System(NamedTuple):
    """A number system: how to make one of its numbers of a float, what programs it can run, and how exact it is."""

    of: Callable[[float], Any]
    words: tuple[list[str], list[str]]
    tolerance: float
    most: int = 12


REAL = UNARY, BINARY
SYSTEMS = {
    "float": System(float, REAL, 1e-8),
    "numpy.float64": System(np.float64, REAL, 1e-8),
    "numpy.longdouble": System(np.longdouble, REAL, 1e-8),
    "mpmath": System(mpmath.mpf, REAL, 1e-8, 6),
    "complex": System(lambda a: complex(a, a / 3), HOLOMORPHIC, 1e-8),
    "Fraction": System(lambda a: Fraction(round(a * 64), 64), RATIONAL, 1e-8, 4),
    "sympy": System(
        sympy.Float, (RATIONAL[0] + ["sin", "cos", "exp", "log", "sqrt", "atan"], RATIONAL[1][:4]), 1e-8, 3
    ),
}


def check_numbers(draw: random.Random) -> tuple[str, str]:
    """Draw a program of numbers, and compare; return the names of the system and the mode."""
    name = draw.choice(list(SYSTEMS))
    system = SYSTEMS[name]
    order = draw.choice((1, 1, 2, 2, 3)) if name != "sympy" else draw.choice((1, 2))
    program = drawn_program(draw, *system.words, system.most)
    modes = MODES[order]
    mode = draw.choice([mode for mode in modes if name != "complex" or mode in OF_COMPLEX])
    x = [system.of(draw.uniform(-2, 2)) for _ in range(program.inputs)]
    v = [system.of(draw.uniform(-1, 1)) for _ in range(program.inputs)]
    found = modes[mode](lambda xs: program(rd, xs), x, v)
    expected = complex(witness(program, list(map(plain, x)), list(map(plain, v)), order))
    require(complex(found), expected, system.tolerance, (name, mode, order, program, x, v))
    return name, f"{mode}, order {order}"


def plain(x: Any) -> Any:
    """Return a number as mpmath takes it."""
    if isinstance(x, Fraction):
        return mpmath.mpf(x.numerator) / x.denominator
    return mpmath.mpmathify(str(x)) if isinstance(x, np.longdouble) else mpmath.mpmathify(x)


# Programs of arrays -----------------------------------------------------------------------------


def array_moves(draw: random.Random, shape: tuple[int, ...]) -> Iterator[tuple[str, Callable[[Any, Any], Any]]]:
    """List what can be done with an array y of this shape, made of an argument x of shape (3, 4): functions of y and x."""
    yield "sin", lambda y, x: np.sin(y)
    yield "tanh times", lambda y, x: np.tanh(y) * y
    yield "exp", lambda y, x: np.exp(-y * y)
    yield "sqrt", lambda y, x: np.sqrt(1 + y**2)
    yield "where", lambda y, x: np.where(y > 0.1, y * y, -y)
    yield "where sqrt", lambda y, x: np.where(y > 0, np.sqrt(np.abs(y)) * y, 0.0)
    yield "clip", lambda y, x: np.clip(y, -0.9, 0.9)
    yield "add a number", lambda y, x: y + x[1, 2]
    yield "mean", lambda y, x: y - y.mean()
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
    """Write into an array of y's kind."""
    z = np.zeros_like(y) + y
    z[...] = z * 0.5
    flat = z.reshape(-1)
    flat[0] = x[0, 1]
    flat[-1:] += flat[0] * 2
    return z


@dataclass(frozen=True)
class ArrayProgram:
    """A function of an array of shape (3, 4): what is done to it, step by step, and the weighted sum of the result."""

    names: tuple[str, ...]
    moves: tuple[Callable[[Any, Any], Any], ...]

    def __call__(self, x: Any) -> Any:
        """Run it."""
        y = x
        for move in self.moves:
            y = move(y, x)
        return (np.sin(y) * y).sum()


def drawn_array_program(draw: random.Random, x: Any) -> ArrayProgram:
    """Draw a program that keeps arrays small."""
    names, moves, y = [], [], x
    for _ in range(draw.randint(1, 6)):
        name, move = draw.choice(list(array_moves(draw, np.shape(y))))
        after = move(y, x)
        if np.size(after) <= 64 and np.max(np.abs(after), initial=0.0) < 20:
            names.append(name)
            moves.append(move)
            y = after
    return ArrayProgram(tuple(names), tuple(moves))


def array_witness(program: ArrayProgram, x: Any, v: Any, order: int) -> float:
    """Return dᵏ/dtᵏ f(x + tv) at 0 from differences of the eighth order in long doubles."""
    x, v = x.astype(np.longdouble), v.astype(np.longdouble)
    if order == 1:
        weights, h = (
            {1: 4 / np.longdouble(5), 2: -1 / np.longdouble(5), 3: 4 / np.longdouble(105), 4: -1 / np.longdouble(280)},
            2e-3,
        )
        return float(sum(w * (program(x + k * h * v) - program(x - k * h * v)) for k, w in weights.items()) / h)
    weights, h = (
        {1: 8 / np.longdouble(5), 2: -1 / np.longdouble(5), 3: 8 / np.longdouble(315), 4: -1 / np.longdouble(560)},
        4e-3,
    )
    total = sum(w * (program(x + k * h * v) + program(x - k * h * v)) for k, w in weights.items())
    return float((total - np.longdouble(205) / 72 * program(x)) / h**2)


ARRAY_MODES: dict[int, dict[str, Mode]] = {
    1: {
        "grad": lambda f, x, v: (rd.grad(f)(x) * v).sum(),
        "vjp": lambda f, x, v: (rd.vjp(f, x)[1](1.0) * v).sum(),
        "jvp": lambda f, x, v: rd.jvp(f, x, v)[1],
        "linearize": lambda f, x, v: rd.linearize(f, x)[1](v),
        "grad by a dictionary": lambda f, x, v: (rd.grad(lambda d: f(d["x"]))({"x": x, "n": 1.0})["x"] * v).sum(),
        "grad of rows": lambda f, x, v: sum(
            (a * b).sum() for a, b in zip(rd.grad(lambda r: f(np.stack(r)))(list(x)), v, strict=True)
        ),
        "checkpoint": lambda f, x, v: (rd.grad(rd.checkpoint(f))(x) * v).sum(),
        "jacobian": lambda f, x, v: (rd.jacobian(lambda y: np.stack([f(y), f(y) * 2.0]))(x)[1] * v).sum() / 2,
        "vectorize": lambda f, x, v: (rd.vectorize(rd.grad(f))(np.stack([x, x + 1]))[0] * v).sum(),
    },
    2: {
        "hvp": lambda f, x, v: (rd.hvp(f, x, v) * v).sum(),
        "hessian": lambda f, x, v: np.tensordot(np.tensordot(rd.hessian(f)(x), v), v),
        "grad of grad": lambda f, x, v: (rd.grad(lambda y: (rd.grad(f)(y) * v).sum())(x) * v).sum(),
        "jvp of grad": lambda f, x, v: (rd.jvp(rd.grad(f), x, v)[1] * v).sum(),
    },
}


def check_arrays(draw: random.Random) -> tuple[str, str]:
    """Draw a program of arrays, and compare; return the names of the kind and the mode."""
    x = np.array([draw.uniform(-1, 1) for _ in range(12)]).reshape(3, 4)
    v = np.array([draw.uniform(-1, 1) for _ in range(12)]).reshape(3, 4)
    program = drawn_array_program(draw, x)
    order = draw.choice((1, 1, 2))
    mode = draw.choice(list(ARRAY_MODES[order]))
    found = ARRAY_MODES[order][mode](program, x, v)
    for scale in (1.0, 1e-2, 1e-4):  # a kink nearby disappears for a smaller step
        expected = array_witness(program, x, v * scale, order) / scale**order
        tolerance = 1e-6 / scale if order == 1 else 1e-5 / scale**2
        if close(float(found), expected, tolerance):
            return "array", f"{mode}, order {order}"
    raise DisagreementError(("array", mode, order, program.names, found, expected, x, v))


# Both --------------------------------------------------------------------------------------------


class DisagreementError(Exception):
    """A derivative is not what it should be."""


def close(found: complex, expected: complex, tolerance: float) -> bool:
    return abs(found - expected) <= tolerance * (1 + abs(expected))


def require(found: complex, expected: complex, tolerance: float, what: object) -> None:
    """Raise `DisagreementError` unless both are close."""
    if not close(found, expected, tolerance):
        raise DisagreementError((found, expected, what))


def soak(programs: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Check that many programs; return how many there were of each kind, and what disagreed."""
    kinds: Counter[str] = Counter()
    wrong = []
    with np.errstate(all="ignore"):
        for k in range(programs):
            draw = random.Random(f"{seed}/{k}")
            check = check_arrays if draw.random() < 0.4 else check_numbers
            try:
                kinds.update(check(draw))
            except Exception as error:  # an error is a disagreement too
                wrong.append(f"seed {seed}/{k}: {type(error).__name__}: {error}")
    return kinds, wrong


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__.splitlines()[0])
    parser.add_argument("--programs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parsed = parser.parse_args()
    start = time.perf_counter()
    kinds, wrong = soak(parsed.programs, parsed.seed)
    for kind, count in sorted(kinds.items()):
        print(f"{count:8} {kind}")
    print(*wrong, sep="\n")
    print(
        f"{parsed.programs} programs of seed {parsed.seed}: {len(wrong)} disagree; {time.perf_counter() - start:.0f} s."
    )
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
