"""Programs of numbers, in every number system, beside differences of the same programs in mpmath."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, NamedTuple

import mpmath
import numpy as np
import sympy

import revdiff as rd
from benchmarks.soak.agreement import DisagreementError, close

DIGITS = 60
STEP = mpmath.mpf(10) ** -10

BOUNDED = {"exp", "sinh", "cosh", "tan", "asin", "expm1"}
POSITIVE = {"log", "sqrt", "cbrt", "log1p"}
UNARY = ["neg", "square", "cube", "sin", "cos", "tanh", "atan", "asinh", "abs", *sorted(BOUNDED | POSITIVE)]
BINARY = ["add", "sub", "mul", "div", "max", "where", "hypot", "power"]
RATIONAL = ["neg", "square", "cube"], ["add", "sub", "mul", "div", "where"]
HOLOMORPHIC = [name for name in UNARY if name not in ("abs", "cbrt", "expm1", "log1p")], ["add", "sub", "mul", "div"]
OF_COMPLEX = ("nth_derivative", "simple_derivative", "vjp", "jvp", "linearize", "jacobian", "jvp of jvp", "shared")
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


Function = Callable[[Any], Any]
Mode = Callable[[Function, Any, Any], Any]
"""From a function, a point x and a direction v to dᵏ/dtᵏ f(x + tv) at 0."""


def along(f: Function, x: list[Any], v: list[Any]) -> Function:
    """Return t ↦ f(x + tv)."""
    return lambda t: f([a + t * b for a, b in zip(x, v, strict=True)])


def by_arguments(f: Function, x: list[Any], v: list[Any]) -> Any:
    return dot(rd.grad(lambda *xs: f(xs), argnums=tuple(range(len(x))))(*x), v)


def by_record(f: Function, x: list[Any], v: list[Any]) -> Any:
    gradient = rd.grad(f)(Record(*x))
    return dot([gradient[i] for i in range(len(x))], v)


def by_dictionary(f: Function, x: list[Any], v: list[Any]) -> Any:
    gradient = rd.grad(lambda d: f(list(d.values())))({f"x{i}": a for i, a in enumerate(x)})
    return dot(gradient.values(), v)


def by_nest(f: Function, x: list[Any], v: list[Any]) -> Any:
    gradient = rd.grad(lambda nest: f([nest["first"], *nest["rest"][0]]))({"first": x[0], "rest": (x[1:], "text")})
    return dot([gradient["first"], *gradient["rest"][0]], v)


def by_stream(f: Function, x: list[Any], v: list[Any]) -> Any:
    return dot(rd.grad(f)(rd.Stream.from_iterable([*x, 0 * x[0], *x])).take(len(x)), v)


def in_a_trace(f: Function, x: list[Any], v: list[Any]) -> Any:
    with rd.trace():
        return dot(rd.grad(f)(x), v)


FIRST: dict[str, Mode] = {
    "grad of a list": lambda f, x, v: dot(rd.grad(f)(x), v),
    "grad of a tuple": lambda f, x, v: dot(rd.grad(f)(tuple(x)), v),
    "grad of an array": lambda f, x, v: dot(rd.grad(f)(np.array(x)), v),
    "grad of a Stream": by_stream,
    "grad of a FiniteSupportStream": lambda f, x, v: dot(rd.grad(f)(rd.FiniteSupportStream(x)).take(len(x)), v),
    "grad of a record": by_record,
    "grad of a dictionary": by_dictionary,
    "grad of a nest": by_nest,
    "grad by arguments": by_arguments,
    "grad of traced values": lambda f, x, v: dot(rd.untraced(rd.grad(f)(rd.traced(x))), v),
    "grad in a trace": in_a_trace,
    "grad, shared": lambda f, x, v: dot(rd.shared(rd.grad(f))(x), v),
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
    "value_grad_hessian": lambda f, x, v: dot([dot(row, v) for row in rd.value_grad_hessian(f)(tuple(x))[2]], v),
    "grad of grad": lambda f, x, v: dot(rd.grad(lambda y: dot(rd.grad(f)(y), v))(x), v),
    "jvp of grad": lambda f, x, v: dot(rd.jvp(rd.grad(f), x, v)[1], v),
    "linearize of grad": lambda f, x, v: dot(rd.linearize(rd.grad(f), x)[1](v), v),
    "grad of jvp": lambda f, x, v: dot(rd.grad(lambda y: rd.jvp(f, y, v)[1])(x), v),
    "jvp of jvp": lambda f, x, v: rd.jvp(lambda y: rd.jvp(f, y, v)[1], x, v)[1],
    "grad of checkpoint": lambda f, x, v: dot(rd.grad(lambda y: dot(rd.grad(rd.checkpoint(f))(y), v))(x), v),
    "traced values": lambda f, x, v: rd.untraced(rd.nth_derivative(along(f, x, v), 2)(rd.traced(0 * x[0]))),
    "shared": lambda f, x, v: rd.shared(rd.nth_derivative(along(f, x, v), 2))(0 * x[0]),
}
THIRD: dict[str, Mode] = {
    "nth_derivative": lambda f, x, v: rd.nth_derivative(along(f, x, v), 3)(0 * x[0]),
    "grad of hvp": lambda f, x, v: dot(rd.grad(lambda y: dot(rd.hvp(f, y, v), v))(x), v),
    "jvp of hvp": lambda f, x, v: dot(rd.jvp(lambda y: rd.hvp(f, y, v), x, v)[1], v),
    "jacobian of hvp": lambda f, x, v: dot([dot(row, v) for row in rd.jacobian(lambda y: rd.hvp(f, y, v))(x)], v),
}
MODES = {1: FIRST, 2: SECOND, 3: THIRD}


class System(NamedTuple):
    """A number system: how to make one of its numbers of a float, what programs it can run, and how exact it is."""

    of: Callable[[float], Any]
    words: tuple[list[str], list[str]]
    tolerance: float = 1e-8
    most: int = 12


REAL = UNARY, BINARY
FORMULAS = [*RATIONAL[0], "sin", "cos", "exp", "log", "sqrt", "atan"], ["add", "sub", "mul", "div"]
DIGITAL = [*RATIONAL[0], "abs", "exp", "log", "sqrt"], [*RATIONAL[1], "max", "hypot", "power"]
SYSTEMS = {
    "float": System(float, REAL),
    "numpy.float64": System(np.float64, REAL),
    "numpy.float32": System(np.float32, REAL, 5e-3, 4),
    "numpy.longdouble": System(np.longdouble, REAL),
    "mpmath": System(mpmath.mpf, REAL, most=6),
    "mpmath, complex": System(lambda a: mpmath.mpc(a, a / 3), HOLOMORPHIC, most=6),
    "complex": System(lambda a: complex(a, a / 3), HOLOMORPHIC),
    "numpy.complex128": System(lambda a: np.complex128(complex(a, a / 3)), HOLOMORPHIC),
    "Fraction": System(lambda a: Fraction(round(a * 64), 64), RATIONAL, most=4),
    "Decimal": System(lambda a: Decimal(round(a * 2**20)) / 2**20, DIGITAL, most=6),
    "sympy": System(sympy.Float, FORMULAS, most=3),
}


def check(draw: random.Random) -> tuple[str, str, int]:
    """Draw a program of numbers, and compare; return the names of the system and the mode, and the order."""
    name = draw.choice(list(SYSTEMS))
    system = SYSTEMS[name]
    order = draw.choice((1, 1, 2, 2, 3)) if name not in ("sympy", "numpy.float32") else draw.choice((1, 2))
    program = drawn_program(draw, *system.words, system.most)
    modes = MODES[order]
    mode = draw.choice([mode for mode in modes if "complex" not in name or mode in OF_COMPLEX])
    x = [system.of(draw.uniform(-2, 2)) for _ in range(program.inputs)]
    v = [system.of(draw.uniform(-1, 1)) for _ in range(program.inputs)]
    found = complex(modes[mode](lambda xs: program(rd, xs), x, v))
    expected = complex(witness(program, list(map(plain, x)), list(map(plain, v)), order))
    if not close(found, expected, system.tolerance):
        raise DisagreementError(name, mode, order, found, expected, program, x, v)
    return name, mode, order


def plain(x: Any) -> Any:
    """Return a number as mpmath takes it."""
    if isinstance(x, Fraction | Decimal):
        return mpmath.fraction(*x.as_integer_ratio())
    if isinstance(x, np.longdouble):
        return mpmath.mpmathify(str(x))
    return mpmath.mpmathify(x.item() if isinstance(x, np.generic) else x)
