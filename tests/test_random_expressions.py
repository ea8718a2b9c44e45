"""Random expressions, with derivative operators inside, agree with SymPy.

An expression is a tree of functions and operators over the variables in scope. A node ``D(body,
argument)`` is a derivative operator inside the expression: d/dv body(v) at v = argument, where the
body may use the outer variables too. A function gets its argument through a simple function
that keeps it where the function is smooth, so every tree means something.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import revdiff
from revdiff import nth_derivative, simple_derivative
from tests.oracles import assert_close

DEPTH = 6


def anywhere(x):
    return x


def bounded(x):
    """From 0 to 1/2. With x only once, so that formulas do not double from level to level."""
    return 1 / (2 + x**2)


def positive(x):
    """From 1 on."""
    return 1 + x**2


def above_one(x):
    """From 2 on."""
    return 2 + x**2


# fmt: off
UNARY = {
    #  node           revdiff              SymPy                                   where it is smooth
    "neg":           (operator.neg,        operator.neg,                           anywhere),
    "square":        (revdiff.square,      lambda x: x**2,                         anywhere),
    "cube":          (lambda x: x**3,      lambda x: x**3,                         bounded),
    "inverse":       (lambda x: x**-1,     lambda x: x**-1,                        positive),
    "reciprocal":    (revdiff.reciprocal,  lambda x: 1 / x,                        positive),
    "power of 2":    (lambda x: 2**x,      lambda x: 2**x,                         bounded),
    "sqrt":          (revdiff.sqrt,        sympy.sqrt,                             positive),
    "cbrt":          (revdiff.cbrt,        sympy.cbrt,                             positive),
    "abs":           (abs,                 sympy.Abs,                              positive),
    "exp":           (revdiff.exp,         sympy.exp,                              bounded),
    "exp2":          (revdiff.exp2,        lambda x: 2**x,                         bounded),
    "expm1":         (revdiff.expm1,       lambda x: sympy.exp(x) - 1,             bounded),
    "log":           (revdiff.log,         sympy.log,                              positive),
    "log2":          (revdiff.log2,        lambda x: sympy.log(x, 2),              positive),
    "log10":         (revdiff.log10,       lambda x: sympy.log(x, 10),             positive),
    "log1p":         (revdiff.log1p,       lambda x: sympy.log(1 + x),             positive),
    "sin":           (revdiff.sin,         sympy.sin,                              anywhere),
    "cos":           (revdiff.cos,         sympy.cos,                              anywhere),
    "tan":           (revdiff.tan,         sympy.tan,                              bounded),
    "asin":          (revdiff.asin,        sympy.asin,                             bounded),
    "acos":          (revdiff.acos,        sympy.acos,                             bounded),
    "atan":          (revdiff.atan,        sympy.atan,                             anywhere),
    "sinh":          (revdiff.sinh,        sympy.sinh,                             bounded),
    "cosh":          (revdiff.cosh,        sympy.cosh,                             bounded),
    "tanh":          (revdiff.tanh,        sympy.tanh,                             anywhere),
    "asinh":         (revdiff.asinh,       sympy.asinh,                            anywhere),
    "acosh":         (revdiff.acosh,       sympy.acosh,                            above_one),
    "atanh":         (revdiff.atanh,       sympy.atanh,                            bounded),
    "sigmoid":       (revdiff.sigmoid,     lambda x: 1 / (1 + sympy.exp(-x)),      bounded),
    "softplus":      (revdiff.softplus,    lambda x: sympy.log(1 + sympy.exp(x)),  bounded),
    "deg2rad":       (revdiff.deg2rad,     lambda x: x * sympy.pi / 180,           anywhere),
    "rad2deg":       (revdiff.rad2deg,     lambda x: x * 180 / sympy.pi,           bounded),
    "erf":           (revdiff.erf,         sympy.erf,                              anywhere),
    "erfc":          (revdiff.erfc,        sympy.erfc,                             bounded),
    "gamma":         (revdiff.gamma,       sympy.gamma,                            lambda x: 2 + bounded(x)),
    "lgamma":        (revdiff.lgamma,      sympy.loggamma,                         lambda x: 2 + bounded(x)),
    "digamma":       (revdiff.digamma,     sympy.digamma,                          lambda x: 2 + bounded(x)),
    "sinc":          (revdiff.sinc,        lambda x: sympy.sinc(sympy.pi * x),     lambda x: 2 + bounded(x)),
}
if tuple(map(int, sympy.__version__.split(".")[:2])) < (1, 13):
    del UNARY["sinc"]  # SymPy 1.12 finds wrong numbers for it
BINARY = {
    "+":             (operator.add,        operator.add,                           anywhere,  anywhere),
    "-":             (operator.sub,        operator.sub,                           anywhere,  anywhere),
    "*":             (operator.mul,        operator.mul,                           anywhere,  anywhere),
    "/":             (operator.truediv,    operator.truediv,                       anywhere,  positive),
    "**":            (operator.pow,        operator.pow,                           positive,  bounded),
    "hypot":         (revdiff.hypot,       lambda x, y: sympy.sqrt(x**2 + y**2),   anywhere,  positive),
    "atan2":         (revdiff.atan2,       sympy.atan2,                            anywhere,  positive),
    "logaddexp":     (revdiff.logaddexp,   lambda x, y: sympy.log(sympy.exp(x) + sympy.exp(y)), bounded, bounded),
    "logaddexp2":    (revdiff.logaddexp2,  lambda x, y: sympy.log(2**x + 2**y, 2), bounded,   bounded),
    "log_base":      (revdiff.log_base,    lambda b, x: sympy.log(x) / sympy.log(b), above_one, positive),
    "maximum":       (revdiff.maximum,     lambda x, y: y,                         bounded,   positive),
    "minimum":       (revdiff.minimum,     lambda x, y: x,                         bounded,   positive),
    "where":         (lambda x, y: revdiff.where(positive(x) > 0, x, y), lambda x, y: x, anywhere, anywhere),
}
# fmt: on


@dataclass(frozen=True)
class Number:
    value: int

    def __call__(self, scope: tuple[Any, ...], library: Library) -> Any:
        return library.number(self.value)


@dataclass(frozen=True)
class Variable:
    """The variable of the n-th operator from within; of the outermost one, where there are fewer."""

    n: int

    def __call__(self, scope: tuple[Any, ...], library: Library) -> Any:
        return scope[-1 - min(self.n, len(scope) - 1)]


@dataclass(frozen=True)
class Apply:
    name: str
    args: tuple[Any, ...]

    def __call__(self, scope: tuple[Any, ...], library: Library) -> Any:
        *functions, of_first, of_second = (*(UNARY | BINARY)[self.name], anywhere)[:4]
        values = [guard(arg(scope, library)) for guard, arg in zip((of_first, of_second), self.args, strict=False)]
        return functions[library.column](*values)


@dataclass(frozen=True)
class D:
    body: Any
    argument: Any

    def __call__(self, scope: tuple[Any, ...], library: Library) -> Any:
        return library.derivative(lambda v: self.body((*scope, v), library), self.argument(scope, library))


@dataclass(frozen=True)
class Library:
    """What the nodes of a tree mean."""

    column: int
    number: Callable[[Any], Any]
    derivative: Callable[[Any, Any], Any]


def derivative_of_sympy(f, at):
    v = sympy.Dummy("v", real=True)
    return sympy.diff(f(v), v).subs(v, at)


SYMPY = Library(1, sympy.Integer, derivative_of_sympy)


def ours(tree, number):
    """Return a tree as a function of one variable, with its numbers of that kind."""
    library = Library(0, number, lambda f, at: simple_derivative(f)(at))
    return lambda x: tree((x,), library)


@st.composite
def trees(draw, depth=DEPTH, derivatives=2):
    """Draw an expression; at most so many operators stand one inside another."""
    if depth == 0 or draw(st.integers(0, 6)) == 0:
        return draw(st.builds(Number, st.integers(-3, 3)) | st.builds(Variable, st.integers(0, 2)))
    kind = draw(st.sampled_from("uuubbbd" if derivatives else "uuubbb"))
    if kind == "u":
        return Apply(draw(st.sampled_from(sorted(UNARY))), (draw(trees(depth - 1, derivatives)),))
    if kind == "b":
        first, second = draw(trees(depth - 1, derivatives)), draw(trees(min(depth - 1, 1), derivatives))
        return Apply(draw(st.sampled_from(sorted(BINARY))), (first, second))
    return D(draw(trees(min(depth - 1, 3), derivatives - 1)), draw(trees(min(depth - 1, 1), 0)))


x = sympy.Symbol("x", real=True)


def expected(tree, order):
    """Return the derivative as SymPy has it, as a number of many digits."""
    formula = sympy.diff(tree((x,), SYMPY), x, order)
    return at_point(formula)


def at_point(formula):
    with mpmath.workdps(60):
        return mpmath.mpmathify(sympy.lambdify(x, formula, "mpmath", cse=True)(mpmath.mpf(5) / 8))


@given(trees(), st.integers(0, 2))
@settings(max_examples=80)
def test_random_expressions_of_long_numbers_agree_with_sympy(tree, order):
    with mpmath.workdps(50):
        actual = nth_derivative(ours(tree, mpmath.mpf), order)(mpmath.mpf(5) / 8)
    assert_close(actual, expected(tree, order), 1e-30, 1e-30)


@given(trees(), st.integers(0, 2))
@settings(max_examples=50)
def test_random_expressions_of_floats_agree_with_sympy(tree, order):
    actual = nth_derivative(ours(tree, float), order)(0.625)
    assert_close(actual, expected(tree, order), 1e-8, 1e-8)


@given(trees(), st.integers(0, 2))
@settings(max_examples=25)
def test_random_expressions_of_symbols_agree_with_sympy(tree, order):
    formula = nth_derivative(ours(tree, sympy.Integer), order)(x)
    assert_close(at_point(formula), expected(tree, order), 1e-30, 1e-30)


def test_every_function_of_the_tables_alone_agrees_with_sympy():
    for name in UNARY | BINARY:
        tree = Apply(name, (Apply("*", (Number(3), Variable(0))), Variable(0))[: 1 if name in UNARY else 2])
        inside = D(tree, Apply("square", (Variable(0),)))
        for expression in (tree, inside):
            assert_close(simple_derivative(ours(expression, int))(0.625), expected(expression, 1))
