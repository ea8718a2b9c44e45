"""Perturbations are never confused: nested operators, closures, generators, threads and tasks.

Programs that take a derivative operator are run twice: with revdiff's on numbers, and with one that
differentiates SymPy expressions, which cannot confuse anything.
"""

from __future__ import annotations

import asyncio
import functools
import itertools
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import revdiff
from revdiff import (
    FiniteSupportStream,
    MixedLayersError,
    RevDiff,
    Stream,
    args_derivative,
    const_diff,
    custom_arg_derivative,
    derivative_op,
    grad,
    gradient,
    hessian,
    init_diff,
    jacobian,
    join,
    jvp,
    nth_derivative,
    partial_derivative,
    primal,
    scalar_arg_derivative,
    simple_derivative,
    simple_value_and_derivative,
    split,
    stop_diff,
    value_and_grad,
    vjp,
)


def sympy_derivative(f):
    """The derivative operator of the oracle."""

    def derived(p):
        t = sympy.Dummy("t")
        return sympy.diff(f(t), t).subs(t, p)

    return derived


@dataclass
class Held:
    """A record with one field."""

    content: Any


class Unsplit:
    """A descriptor that hands the function one RevDiff of the whole."""

    def split(self, x):
        return x


# Every way that revdiff has to differentiate a function of one number.
OPERATORS = [
    pytest.param(simple_derivative, id="simple_derivative"),
    pytest.param(lambda f: lambda x: simple_value_and_derivative(f)(x)[1], id="simple_value_and_derivative"),
    pytest.param(grad, id="grad"),
    pytest.param(lambda f: lambda x: value_and_grad(f)(x)[1], id="value_and_grad"),
    pytest.param(lambda f: lambda x: grad(lambda *, x: f(x), "x")(x=x), id="grad by keyword"),
    pytest.param(gradient, id="gradient"),
    pytest.param(jacobian, id="jacobian"),
    pytest.param(scalar_arg_derivative, id="scalar_arg_derivative"),
    pytest.param(lambda f: lambda x: vjp(f, x)[1](1), id="vjp"),
    pytest.param(lambda f: lambda x: jvp(f, x, 1)[1], id="jvp"),
    pytest.param(lambda f: lambda x: derivative_op(f, x)(1), id="derivative_op"),
    pytest.param(lambda f: partial_derivative(f, 0), id="partial_derivative"),
    pytest.param(lambda f: lambda x: args_derivative(f)(x)[0], id="args_derivative"),
    pytest.param(lambda f: lambda x: gradient(lambda p: f(p[0]))((x,))[0], id="gradient of a tuple"),
    pytest.param(
        lambda f: lambda x: grad(lambda d: f(d["x"][0]))({"x": [x], "n": "text"})["x"][0], id="grad of a dict"
    ),
    pytest.param(lambda f: lambda x: grad(lambda h: f(h.content))(Held(x)).content, id="grad of a record"),
    pytest.param(
        lambda f: lambda x: jacobian(lambda h: Held([f(h.content)]))(Held(x)).content[0].content, id="records"
    ),
    pytest.param(lambda f: lambda x: jacobian(lambda x: join({"y": f(x)}))(x)["y"], id="joined value"),
    pytest.param(lambda f: grad(lambda x: f(split(join([x]))[0])), id="split of joined"),
    pytest.param(
        lambda f: lambda x: custom_arg_derivative(Unsplit(), lambda r: f(r.content))(Held(x)).content,
        id="part of one RevDiff",
    ),
    pytest.param(lambda f: lambda x: grad(lambda s: f(s[1]))(Stream.repeat(x))[1], id="grad of a Stream"),
    pytest.param(lambda f: lambda x: grad(lambda s: f(s[0]))(FiniteSupportStream([x]))[0], id="finite support"),
    pytest.param(
        lambda f: lambda x: jacobian(lambda x: Stream.tabulate(lambda i: f(x) * i))(x)[1], id="Stream of values"
    ),
]

# ---------------------------------------------------------------------- Siskind and Pearlmutter


@pytest.mark.parametrize("D", OPERATORS)
@pytest.mark.parametrize("x", [2.0, 2, Fraction(2), np.float64(2), sympy.Integer(2)], ids=lambda x: type(x).__name__)
def test_the_example_of_siskind_and_pearlmutter(D, x):
    """D(x ↦ x · D(y ↦ x + y)(1))(x) = 1, and 2 only if the two perturbations are confused."""
    assert D(lambda x: x * D(lambda y: x + y)(1))(x) == 1


@pytest.mark.parametrize("D", OPERATORS)
def test_the_example_with_a_constant_and_with_other_numbers_for_y(D):
    for one in (1, 1.0, const_diff(1.0), stop_diff(1), Fraction(1), sympy.Integer(1), np.float64(1)):
        assert D(lambda x, one=one: x * D(lambda y: x + y)(one))(2024.0) == 1


@pytest.mark.parametrize("D", OPERATORS)
def test_the_inner_derivative_may_be_taken_at_the_outer_variable(D):
    assert D(lambda x: x * D(lambda y: x * y)(x))(3.0) == 6.0  # x·x
    assert D(lambda x: x * D(lambda y: x * y)(2 * x))(3.0) == 6.0
    assert D(lambda x: D(lambda y: x * y * y)(x))(3.0) == 12.0  # 2x²


@pytest.mark.parametrize("D", OPERATORS)
def test_the_inner_derivative_of_something_that_is_constant_for_it_is_zero(D):
    assert D(lambda x: x * D(lambda y: x)(1.0))(3.0) == 0
    assert D(lambda x: x * D(lambda y: x * x)(x))(3.0) == 0
    assert D(lambda x: D(lambda y: x)(1.0) + x)(3.0) == 1


@pytest.mark.parametrize("D", OPERATORS)
def test_the_example_for_arrays(D):
    a = np.array([1.0, 2.0])
    result = grad(lambda x: (x * simple_derivative(lambda y: x + y)(a)).sum())(a)
    np.testing.assert_array_equal(result, [1.0, 1.0])
    total = D(lambda t: (t * grad(lambda y: (t * y * y).sum())(a)).sum())(3.0)  # t² Σ 2a
    assert total == 2 * 3.0 * 6.0


@pytest.mark.parametrize(("outer", "inner"), list(itertools.product(OPERATORS, OPERATORS[:4])))
def test_every_pair_of_operators_may_be_nested(outer, inner):
    outer, inner = (o.values[0] if hasattr(o, "values") else o for o in (outer, inner))
    assert outer(lambda x: x * inner(lambda y: x * x * y**3)(x))(2.0) == pytest.approx(3 * 5 * 2.0**4)  # 3x⁵


# ---------------------------------------------------------------------- the same program for numbers and for SymPy

PROGRAMS = {
    "same variable, order 2": lambda D: D(D(lambda x: x**3)),
    "same variable, order 4": lambda D: D(D(D(D(lambda x: x**5 * 2 - 1 / x)))),
    "same name, fresh meaning": lambda D: D(D(D(D(lambda x: x**6)))),
    "powers between": lambda D: D(lambda x: x * D(lambda x: x * D(lambda x: x * D(lambda x: x**4)(x))(x))(x)),
    "four variables": lambda D: D(
        lambda x: (
            x
            * D(lambda y: x * y * D(lambda z: x * y * z * D(lambda w: x * y * z * w**2)(x * y))(y + z_of(x, y)))(x + 1)
        )
    ),
    "different points": lambda D: D(
        lambda x: D(lambda y: D(lambda z: D(lambda w: w * z**2 * y**3 * x**4)(x))(y))(2 * x)
    ),
    "the inner closes over the outer": lambda D: D(lambda x: with_derivatives(D, lambda y: x * y**3, x)),
    "a closure is differentiated later": lambda D: D(lambda x: at_both(D(lambda y: x * x * y * y), x)),
    "the outer appears in the point only": lambda D: D(lambda x: D(lambda y: y**3)(x * x)),
    "the outer appears in the body only": lambda D: D(lambda x: D(lambda y: x**2 * y)(5)),
    "twice side by side": lambda D: D(lambda x: D(lambda y: x * y)(x) * D(lambda y: y * y * x)(x)),
    "one inside, one beside": lambda D: D(
        lambda x: D(lambda y: y * D(lambda z: z * y * x)(y))(x) + D(lambda z: z**3)(x)
    ),
    "a recursion": lambda D: D(functools.partial(tower, D, 3)),
    "a loop": lambda D: D(lambda x: sum((D(lambda y, k=k: y**k * x)(x) for k in range(1, 6)), 0 * x)),
    "a function of functions": lambda D: D(lambda x: twice(lambda g: D(lambda y: g(y) * x))(lambda y: y**4)(x)),
    "confused by addition": lambda D: D(lambda x: x * D(lambda y: x + D(lambda z: y + z * x)(x))(x)),
    "nothing inside": lambda D: D(lambda x: D(lambda y: 7)(x) + D(lambda y: D(lambda z: y)(x))(x) + x),
}


def with_derivatives(D, g, x):
    return g(x) + D(g)(x) + D(D(g))(2 * x)


def at_both(h, x):
    return h(x) * h(3)


def z_of(x, y):
    return x - y


def tower(D, n, x):
    """x ↦ D(y ↦ y² · tower(n-1, x·y))(x)."""
    return x**3 if n == 0 else D(lambda y: y * y * tower(D, n - 1, x * y))(x)


def twice(transform):
    return lambda g: transform(transform(g))


@pytest.mark.parametrize("D", [o for o in OPERATORS if o.id != "jvp"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_nested_programs_agree_with_sympy(name, D):
    exact = sympy.Rational(3, 2)
    expected = float(PROGRAMS[name](sympy_derivative)(exact))
    assert float(PROGRAMS[name](D)(1.5)) == pytest.approx(expected, rel=1e-9)


# Each level of a jvp differentiates twice, so these cost 4ⁿ.
@pytest.mark.parametrize("name", [n for n in PROGRAMS if n not in {"a recursion", "powers between", "four variables"}])
def test_nested_programs_agree_with_sympy_by_jvp_too(name):
    expected = float(PROGRAMS[name](sympy_derivative)(sympy.Rational(3, 2)))
    result = PROGRAMS[name](lambda f: lambda x: jvp(f, x, 1)[1])(1.5)
    assert float(result) == pytest.approx(expected, rel=1e-9)


# At a number, the derivative of an array is summed over its elements: these take derivatives at numbers.
AT_NUMBERS = {"a closure is differentiated later", "the outer appears in the body only"}


@pytest.mark.parametrize("name", [n for n in PROGRAMS if n not in AT_NUMBERS])
def test_nested_programs_agree_with_sympy_on_arrays(name):
    points = [Fraction(3, 2), Fraction(1, 2), Fraction(2)]
    oracle = PROGRAMS[name](sympy_derivative)
    expected = [float(oracle(sympy.Rational(p))) for p in points]
    np.testing.assert_allclose(PROGRAMS[name](simple_derivative)(np.array(points, float)), expected, rtol=1e-9)


@pytest.mark.parametrize("name", PROGRAMS)
def test_nested_programs_agree_with_sympy_on_symbols(name):
    x = sympy.Symbol("x")
    assert sympy.simplify(PROGRAMS[name](simple_derivative)(x) - PROGRAMS[name](sympy_derivative)(x)) == 0


@st.composite
def nested_programs(draw, depth=3):
    """A random expression in the variables in scope, in which derivatives of further variables are taken."""

    def expression(variables, budget, depth):
        kinds = ["variable", "number"]
        if budget > 0:
            kinds += ["add", "mul", "mul", "sub"]
            if depth > 0:
                kinds += ["D", "D", "D"]
        kind = draw(st.sampled_from(kinds))
        if kind == "variable":
            return ("variable", draw(st.integers(0, variables - 1)))
        if kind == "number":
            return ("number", draw(st.integers(-2, 3)))
        if kind == "D":
            return (
                "D",
                expression(variables + 1, budget - 1, depth - 1),
                expression(variables, budget // 2, depth - 1),
            )
        return (kind, expression(variables, budget - 1, depth), expression(variables, budget - 1, depth))

    return expression(1, 4, depth)


def evaluate(tree, D, variables):
    kind = tree[0]
    if kind == "variable":
        return variables[tree[1]]
    if kind == "number":
        return tree[1]
    if kind == "D":
        return D(lambda v: evaluate(tree[1], D, [*variables, v]))(evaluate(tree[2], D, variables))
    a, b = (evaluate(part, D, variables) for part in tree[1:])
    return a + b if kind == "add" else a * b if kind == "mul" else a - b


@given(nested_programs())
def test_random_nested_programs_agree_with_sympy_exactly(tree):
    x = Fraction(3, 2)

    def zero_or(D):
        return lambda f: D(lambda v: f(v) + 0 * v)

    expected = evaluate(tree, sympy_derivative, [sympy.Rational(3, 2)])
    outer = sympy_derivative(lambda v: evaluate(tree, sympy_derivative, [v]))(sympy.Rational(3, 2))
    assert evaluate(tree, simple_derivative, [x]) == Fraction(str(expected))
    assert simple_derivative(lambda v: evaluate(tree, simple_derivative, [v]))(x) == Fraction(str(outer))
    assert zero_or(grad)(lambda v: evaluate(tree, zero_or(grad), [v]))(1.5) == pytest.approx(
        float(outer), rel=1e-9, abs=1e-9
    )


# ---------------------------------------------------------------------- higher-order functions


def test_a_derivative_operator_that_shifts_its_argument_may_be_nested():
    """Manzyuk et al.: d̂ f x = D(u ↦ f(x + u))(0), applied twice to exp at 1, is e; confusion gives 0 or 2e."""
    shift = lambda f: lambda x: simple_derivative(lambda u: f(x + u))(0.0)
    assert shift(shift(revdiff.exp))(1.0) == pytest.approx(np.e)
    assert shift(shift(shift(lambda x: x**4)))(2.0) == pytest.approx(48.0)


def test_a_function_cannot_be_returned_and_kept_for_later():
    """The derivative of a function-valued function has no answer here, so it must be no wrong answer."""
    with pytest.raises(revdiff.ResultError, match="a function"):
        simple_derivative(lambda u: lambda f: lambda x: f(x + u))(0.0)


def test_a_function_that_escaped_from_its_derivative_is_a_constant_of_the_next():
    kept = []
    simple_derivative(lambda u: kept.append(lambda x: x * u) or u)(5.0)
    result = simple_derivative(kept[0])(3.0)  # d(x·u)/dx = u, and u is the old variable
    assert primal(result) == 5.0
    assert result.backprop(1.0) == 1.0, "what escaped is still a variable, and the result depends on it"


# ---------------------------------------------------------------------- object arrays of variables


def test_an_object_array_that_holds_an_inner_variable_is_no_constant_of_it():
    r = np.array([1.0, 10.0])
    inner = lambda r: simple_derivative(lambda y: (r * np.array([y, 2.0 * y])).sum())(3.0)
    assert inner(r) == 21.0
    np.testing.assert_array_equal(grad(inner)(r), [1.0, 2.0])


def test_an_object_array_that_holds_another_argument_is_no_constant():
    gx, gr = grad(lambda x, r: (r * np.array([x, 2.0 * x])).sum(), (0, 1))(3.0, np.array([1.0, 10.0]))
    assert gx == 21.0
    np.testing.assert_array_equal(np.asarray(gr, float), [3.0, 6.0])
    gx, gr = grad(lambda x, r: (np.array([x, 2.0 * x]) + r).sum(), (0, 1))(3.0, np.array([1.0, 10.0]))
    assert gx == 3.0
    np.testing.assert_array_equal(np.asarray(gr, float), [1.0, 1.0])


def test_an_object_array_that_holds_an_outer_variable_keeps_it():
    def f(x):
        c = np.array([x, x * x])
        return grad(lambda r: (r * r * c).sum())(np.array([1.0, 2.0]))

    np.testing.assert_array_equal(np.asarray(jacobian(lambda x: f(x).sum())(3.0), float), 2.0 + 4.0 * 6.0)


@pytest.mark.parametrize("wrap", [list, tuple, np.array], ids=["list", "tuple", "np.array"])
@pytest.mark.parametrize(
    ("f", "expected"),
    [
        pytest.param(lambda x, xs: (x * xs).sum(), [2.0, 4.0, 6.0], id="x * xs"),
        pytest.param(lambda x, xs: (xs * x).sum(), [2.0, 4.0, 6.0], id="xs * x"),
        pytest.param(lambda x, xs: (x + xs).sum(), [2.0, 2.0, 2.0], id="x + xs"),
        pytest.param(lambda x, xs: (xs - x).sum(), [0.0, 0.0, 0.0], id="xs - x"),
        pytest.param(lambda x, xs: np.multiply(xs, x).sum(), [2.0, 4.0, 6.0], id="np.multiply"),
        pytest.param(lambda x, xs: np.where([True, False, True], xs, x * x).sum(), [1.0, 4.0, 1.0], id="where"),
        pytest.param(lambda x, xs: np.sin(xs).sum(), [np.cos(1.0), np.cos(2.0), np.cos(3.0)], id="np.sin(xs)"),
        pytest.param(lambda x, xs: np.stack(xs).sum() * x[0], [7.0, 1.0, 1.0], id="np.stack(xs)"),
    ],
)
def test_a_sequence_of_revdiffs_is_no_constant_beside_its_own_variable(f, expected, wrap):
    """Right, or a clear error; but not a sum in which the sequence was held constant."""
    try:
        result = grad(lambda x: f(x, wrap([x[0], x[1], x[2]])))(np.array([1.0, 2.0, 3.0]))
    except revdiff.RevDiffError:
        return
    assert result.dtype == float, f"RevDiffs of a derivative that is over came out: {result!r}"
    np.testing.assert_allclose(result, expected)


# ---------------------------------------------------------------------- generators


def powers(x):
    """x, x², x³, … one at a time."""
    y = x
    while True:
        yield y
        y = y * x


def test_a_generator_may_be_forced_after_its_operator_has_returned():
    kept = []

    def f(x):
        kept.append(powers(x))
        return next(kept[0])

    assert simple_derivative(f)(2.0) == 1.0
    square, cube = itertools.islice(kept[0], 2)
    assert (square.value, square.backprop(1.0)) == (4.0, 4.0)
    assert (cube.value, cube.backprop(1.0)) == (8.0, 12.0)


def test_a_generator_forced_inside_another_derivative_is_a_constant_of_it():
    kept = []
    simple_derivative(lambda x: (kept.append(powers(x)), next(kept[0]))[1])(2.0)

    def g(y):
        square = next(kept[0])  # made now, by the old variable
        return y * y * square

    result = simple_derivative(g)(3.0)
    assert primal(result) == 6.0 * 4.0
    assert result.backprop(1.0) == 6.0 * 4.0  # d(2y x²)/dx at 2


def test_generators_of_two_derivatives_may_be_interleaved():
    def stream(x):
        y = 1.0
        for k in itertools.count(1):
            y = y * x
            yield k, y

    kept = {}

    def start(name, x):
        kept[name] = stream(x)
        return x

    simple_derivative(lambda x: start("a", x))(2.0)
    simple_derivative(lambda x: start("b", x))(3.0)
    for _ in range(5):
        for name, at in (("a", 2.0), ("b", 3.0)):
            k, y = next(kept[name])
            assert y.backprop(1.0) == k * at ** (k - 1)


def test_derivatives_in_a_lazy_stream_that_close_over_an_outer_variable():
    def f(x):
        derivatives = (simple_derivative(lambda y, k=k: x * y**k)(2.0) for k in itertools.count())
        return sum(itertools.islice(derivatives, 1, 4), 0.0)  # x (1 + 4 + 12)

    assert simple_derivative(f)(5.0) == 17.0
    assert simple_derivative(lambda x: f(x) * x)(5.0) == 170.0


def test_an_outer_generator_that_is_advanced_by_an_inner_derivative_stays_outer():
    def f(x):
        stream = powers(x)
        inner = simple_derivative(lambda y: y * y * next(stream))(3.0)  # 6 x
        return inner * next(stream)  # 6 x · x²

    assert simple_derivative(f)(2.0) == 6 * 3 * 4.0


def test_what_an_inner_generator_made_may_not_be_passed_off_as_an_outer_value():
    def f(x):
        kept = []
        simple_derivative(lambda y: (kept.append(powers(x * y)), y)[1])(3.0)
        return next(kept[0]) * x  # depends on y, whose derivative is over

    with pytest.raises(MixedLayersError, match="must not leave its function"):
        simple_derivative(f)(2.0)


def test_the_plain_value_of_what_an_inner_generator_made_may_be_used():
    def f(x):
        kept = []
        simple_derivative(lambda y: (kept.append(y * 2.0), y)[1])(3.0)
        return primal(kept[0]) * x

    assert simple_derivative(f)(2.0) == 6.0


# ---------------------------------------------------------------------- RevDiffs that leave their function


LEAKS = [
    pytest.param(lambda y: y, id="the variable"),
    pytest.param(lambda y: y * y, id="a result"),
    pytest.param(lambda y: y - y + 1.0, id="a result that does not depend on it any more"),
    pytest.param(lambda y: init_diff(y.value), id="a variable made by hand"),
    pytest.param(lambda y: RevDiff(3.0, lambda ct: ct), id="a plain function as pullback"),
    pytest.param(lambda y: RevDiff(3.0, lambda ct: y.backprop(ct)), id="a plain function around a pullback"),  # noqa: PLW0108
]

USES = [
    pytest.param(lambda x, leak: leak, id="returned"),
    pytest.param(lambda x, leak: x * leak, id="times x"),
    pytest.param(lambda x, leak: leak + x, id="plus x"),
    pytest.param(revdiff.atan2, id="atan2"),
    pytest.param(lambda x, leak: revdiff.sin(leak), id="sin"),
]


@pytest.mark.parametrize("leak", LEAKS)
@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize(
    "operator", [simple_derivative, grad, jacobian, lambda f: lambda x: vjp(f, x)[1](1.0), args_derivative]
)
def test_a_variable_of_an_inner_derivative_that_leaks_is_an_error_and_no_wrong_number(leak, use, operator):
    def f(x):
        kept = []
        simple_derivative(lambda y: (kept.append(leak(y)), y)[1])(3.0)
        return use(x, kept[0])

    with pytest.raises(MixedLayersError):
        operator(f)(2.0)


def test_a_leak_inside_a_structure_is_an_error_too():
    def f(x):
        kept = []
        simple_derivative(lambda y: (kept.append(y * x), y)[1])(3.0)
        return x, (x * 2.0, kept[0])

    for operator in (scalar_arg_derivative, jacobian):
        with pytest.raises(MixedLayersError):
            operator(f)(2.0)
    with pytest.raises(MixedLayersError):
        vjp(f, 2.0)[1]((1.0, (1.0, 1.0)))


def test_structures_that_hold_an_outer_variable_are_arguments_of_inner_derivatives():
    assert grad(lambda x: grad(lambda p: p[0] * p[0] * p[1])((x, 3.0))[0])(2.0) == 6.0
    assert grad(lambda x: grad(lambda p: p[0] * p[1][0])((3.0, (x,)))[0])(2.0) == 1.0
    a = np.array([1.0, 2.0, 3.0])
    assert grad(lambda x: jacobian(lambda p: p * p)(x * a).sum())(2.0) == 12.0
    assert grad(lambda x: hessian(lambda p: (p**3).sum())(x * a).sum())(2.0) == 36.0
    assert grad(lambda x: jvp(lambda p, q: p * q * q, (x, 3.0), (1.0, x))[1])(2.0) == 24.0  # 9 + 6 x²


def test_a_variable_from_an_older_derivative_is_a_constant():
    kept = []
    simple_derivative(lambda y: (kept.append(y), y)[1])(3.0)
    result = simple_derivative(lambda x: x * x * kept[0])(2.0)
    assert primal(result) == 12.0


def test_two_independent_variables_made_by_hand_keep_apart():
    x, y, z = init_diff(2.0), init_diff(3.0), init_diff(5.0)
    w = x * y * z + z * z
    dz = w.backprop(1.0)  # x y + 2 z, with x and y still variables
    assert primal(dz) == 16.0
    assert primal(dz.backprop(1.0)) == 2.0  # ∂²w/∂y∂z = x
    assert dz.backprop(1.0).backprop(1.0) == 1.0


def test_tags_are_never_used_again():
    seen = set()
    for _ in range(1000):
        x = init_diff(1.0)
        name = repr(x.backprop)
        assert name not in seen
        seen.add(name)
        del x


# ---------------------------------------------------------------------- threads


def serial_and_parallel(work, jobs, threads=16):
    """Run all jobs in turn, then all at once."""
    expected = [work(job) for job in jobs]
    barrier = threading.Barrier(threads)

    def with_start(job):
        return work(job)

    with ThreadPoolExecutor(threads, initializer=barrier.wait) as pool:
        got = list(pool.map(with_start, jobs))
    return expected, got


def nested_work(seed):
    """Nested derivatives of a program that depends on the seed."""
    rng = random.Random(seed)
    a, b = rng.uniform(0.5, 1.5), rng.uniform(0.5, 1.5)
    D = rng.choice([simple_derivative, grad, lambda f: lambda x: vjp(f, x)[1](1.0)])
    name = sorted(PROGRAMS)[seed % len(PROGRAMS)]
    scalar = float(PROGRAMS[name](D)(a))
    array = simple_derivative(lambda x: x * simple_derivative(lambda y: revdiff.sin(x * y) * y)(b * x))(
        np.array([a, b])
    )
    h = hessian(lambda x, y: x**3 * revdiff.exp(x * y), (0, 1))(a, b)
    return scalar, array.tolist(), h


def test_sixteen_threads_of_nested_derivatives_equal_the_serial_result():
    expected, got = serial_and_parallel(nested_work, range(160))
    assert got == expected


def test_threads_that_differentiate_through_a_shared_outer_variable_agree():
    """All threads take inner derivatives of functions that close over one variable of the main thread."""

    def f(x):
        with ThreadPoolExecutor(16) as pool:
            parts = list(pool.map(lambda k: simple_derivative(lambda y: x * y**k)(x), range(1, 33)))
        return sum(parts, 0.0)

    expected = sum(k * k * 1.1 ** (k - 1) for k in range(1, 33))  # Σ d(k xᵏ)/dx
    assert simple_derivative(f)(1.1) == pytest.approx(expected)


def test_an_operator_started_in_one_thread_may_be_pulled_back_in_another():
    _, pullback = vjp(lambda x: revdiff.sin(x) * x * grad(lambda y: y * y * x)(x), 1.3)
    expected = pullback(1.0)
    results = []
    threads = [threading.Thread(target=lambda: results.append(pullback(1.0))) for _ in range(16)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert results == [expected] * 16


# ---------------------------------------------------------------------- asyncio


async def interleaved(a, b):
    """Build d²(x² y³)/dx dy step by step, giving way to other tasks between all steps."""
    x = init_diff(a)
    await asyncio.sleep(0)
    y = init_diff(b)
    await asyncio.sleep(0)
    z = x * x
    await asyncio.sleep(0)
    z = z * y
    await asyncio.sleep(0)
    z = z * y * y
    by_y = z.backprop(1.0)
    await asyncio.sleep(0)
    inner = simple_derivative(lambda t: t * t * x)(a)  # 2 a x
    await asyncio.sleep(0)
    return (by_y * 1.0).backprop(1.0), (inner * x).backprop(1.0)


def test_interleaved_tasks_do_not_confuse_their_variables():
    async def main(points):
        return await asyncio.gather(*(interleaved(a, b) for a, b in points))

    points = [(1.0 + 0.1 * i, 2.0 - 0.05 * i) for i in range(50)]
    for (a, b), (mixed, second) in zip(points, asyncio.run(main(points)), strict=True):
        assert mixed == pytest.approx(6 * a * b * b)
        assert second == pytest.approx(4 * a * a)


def test_tasks_may_hold_a_pullback_while_others_differentiate():
    async def task(k):
        value, pullback = vjp(lambda x: x**k * grad(lambda y: y * y * x)(x), 1.5)  # 2 xᵏ⁺²
        for _ in range(3):
            await asyncio.sleep(0)
            assert grad(lambda x: x**k)(2.0) == pytest.approx(k * 2.0 ** (k - 1))
        return value, pullback(1.0)

    async def main():
        return await asyncio.gather(*map(task, range(1, 30)))

    for k, (value, slope) in enumerate(asyncio.run(main()), start=1):
        assert value == pytest.approx(2 * 1.5 ** (k + 2))
        assert slope == pytest.approx(2 * (k + 2) * 1.5 ** (k + 1))


def test_order_four_of_everything_at_once():
    f = lambda x: revdiff.sin(x) * revdiff.exp(x)
    expected = -4 * np.sin(0.7) * np.exp(0.7)
    assert nth_derivative(f, 4)(0.7) == pytest.approx(expected)
    assert grad(jacobian(grad(simple_derivative(f))))(0.7) == pytest.approx(expected)
    assert jvp(lambda x: jvp(lambda x: jvp(lambda x: jvp(f, x, 1.0)[1], x, 1.0)[1], x, 1.0)[1], 0.7, 1.0)[
        1
    ] == pytest.approx(expected)
    assert hessian(hessian(f))(0.7) == pytest.approx(expected)


# ---------------------------------------------------------------------- structures that hold variables of many layers


def test_a_structure_with_variables_of_three_derivatives_in_it():
    # ∂³/∂x∂y∂z of x² y³ z⁴ where each inner function sees all three in one record, one list and one dict.
    def volume(held):
        return held.content["x"] ** 2 * held.content["yz"][0] ** 3 * held.content["yz"][1] ** 4

    of = lambda x: grad(lambda y: grad(lambda z: volume(Held({"x": x, "yz": [y, z]})))(1.5))(2.0)
    assert grad(of)(3.0) == pytest.approx(2 * 3.0 * 3 * 2.0**2 * 4 * 1.5**3)
    joined = lambda x: grad(lambda y: grad(lambda z: volume(join(Held({"x": x, "yz": [y, z]}))))(1.5))(2.0)
    assert grad(joined)(3.0) == pytest.approx(2 * 3.0 * 3 * 2.0**2 * 4 * 1.5**3)


def test_an_inner_derivative_by_a_structure_that_carries_the_outer_variables():
    # g = ∇_d (d.a² d.b) at (a, b) is (2ab, a²); the outer function is a · g_a + b · g_b = 3a²b.
    def outer(d):
        inner = grad(lambda e: e["a"] ** 2 * e["b"][0])(d)
        return d["a"] * inner["a"] + d["b"][0] * inner["b"][0]

    assert grad(outer)({"a": 2.0, "b": [5.0]}) == {"a": 60.0, "b": [12.0]}
    second = hessian(outer)({"a": 2.0, "b": [5.0]})
    assert second == {"a": {"a": 30.0, "b": [12.0]}, "b": [{"a": 12.0, "b": [0.0]}]}
    r = init_diff({"a": 2.0, "b": [5.0]})
    assert outer(r).backprop(1.0) == outer(split(r)).backprop(1.0) == {"a": 60.0, "b": [12.0]}


def test_an_inner_derivative_of_one_field_while_the_other_fields_belong_to_the_outer_one():
    def outer(held):
        inner = grad(lambda w: (w * held.content[1]) ** 2)(held.content[0])  # 2 w b²
        return inner * held.content[0]

    assert grad(outer)(Held([3.0, 5.0])) == Held([4 * 3.0 * 25.0, 4 * 9.0 * 5.0])


def test_a_structure_that_leaves_an_inner_derivative_is_refused():
    left = []

    def outer(d):
        grad(lambda e: (left.append(e), e["a"])[1])(d)
        return left[-1]["a"] * d["a"]

    with pytest.raises(MixedLayersError, match="must not leave its function"):
        grad(outer)({"a": 2.0})
    with pytest.raises(MixedLayersError, match="must not leave its function"):
        jacobian(lambda d: (outer(d), join([left[-1]["a"], d["a"]]))[1])({"a": 2.0})


def test_closures_and_generators_over_structures_outlive_their_operators():
    kept = []
    value, pullback = vjp(lambda d: (kept.append(lambda: d["a"] ** 3), d["a"] ** 2)[1], {"a": 2.0})
    assert (value, pullback(1.0)) == (4.0, {"a": 4.0})
    assert grad(lambda x: x * primal(kept[0]()))(5.0) == 8.0
    # A generator of fields, drained inside another derivative.
    fields = lambda held: (part * factor for factor, part in enumerate(held.content, start=1))
    mixed = lambda x: sum(fields(Held([x, x * x])))
    assert grad(lambda x: x * grad(mixed)(x))(3.0) == 1 + 8 * 3.0  # x (1 + 4x)


def test_streams_read_in_turns_keep_their_variables_apart():
    a = jacobian(lambda x: Stream.tabulate(lambda i: x**i))(2.0)
    b = jacobian(lambda y: Stream.tabulate(lambda i: grad(lambda z: z * y)(1.0) * a[i]))(3.0)
    assert [(a[i], b[i]) for i in range(4)] == [(0.0, 0.0), (1.0, 1.0), (4.0, 4.0), (12.0, 12.0)]


def test_threads_share_one_revdiff_of_a_structure():
    r = init_diff({"w": [float(i) for i in range(50)], "held": Held(2.0)})

    def slope(k):
        y = sum(w**k for w in r["w"]) * r["held"].content
        return y.backprop(1.0)

    with ThreadPoolExecutor(8) as pool:
        for k, g in zip(range(1, 20), pool.map(slope, range(1, 20)), strict=True):
            assert g["w"] == pytest.approx([2.0 * k * float(i) ** (k - 1) for i in range(50)])
            assert g["held"].content == pytest.approx(sum(float(i) ** k for i in range(50)))
