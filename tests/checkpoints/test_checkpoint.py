"""Checkpoints: the same derivatives, of every order and structure, from less memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import revdiff
from revdiff import (
    FiniteSupportStream,
    RevDiff,
    Stream,
    UnitVector,
    cos,
    exp,
    grad,
    hessian,
    hvp,
    init_diff,
    jacobian,
    jvp,
    linearize,
    primitive,
    sin,
    vjp,
)
from revdiff.checkpoints.checkpoint import checkpoint
from revdiff.core.errors import MixedLayersError, MutatedArrayError, ResultError


@dataclass
class Layer:
    weight: Any
    bias: Any
    name: str = "dense"


class Pair(NamedTuple):
    first: Any
    second: Any


A = np.array([0.5, 1.2, -0.3])
M = np.array([[0.5, -1.0, 2.0], [1.5, 0.3, -0.2]])

FUNCTIONS: list[Any] = [
    pytest.param(lambda x: sin(x) * x, (0.7,), id="a number, one way"),
    pytest.param(lambda x: sin(x) * exp(x * x) / (1 + x), (0.7,), id="a number"),
    pytest.param(lambda x, y: x * sin(y) + y / x, (0.7, 1.3), id="two numbers"),
    pytest.param(lambda x: np.tanh(x) * x[0], (A,), id="an array"),
    pytest.param(lambda x, w: np.tanh(w @ x), (A, M), id="arrays"),
    pytest.param(lambda x: x, (A,), id="the argument itself"),
    pytest.param(lambda x, y: x, (A, 2.0), id="one of the arguments"),
    pytest.param(lambda x: x[1:] * 2.0, (A,), id="a slice"),
    pytest.param(lambda x: (x.sum(), {"all": x * x, "one": [x[0], x[1] * x[2]]}), (A,), id="an array to a structure"),
    pytest.param(lambda p: Pair(p["a"] * p["b"][0], (p["b"][1] * p["a"],)), ({"a": A, "b": [0.3, 0.7]},), id="a dict"),
    pytest.param(
        lambda p, x: Layer(p.weight * 2.0 * p.weight, p.bias + p.weight @ x), (Layer(M, M[:, 0]), A), id="records"
    ),
    pytest.param(lambda x: [np.array([x[0] * x[1], x[2] ** 3]), np.array([1.0, 2.0])], (A,), id="arrays of RevDiffs"),
    pytest.param(lambda x: np.where(x > 0, np.sqrt(1 + x * x), x), (A,), id="a choice"),
    pytest.param(lambda x: 2.0, (A,), id="a constant"),
    pytest.param(lambda x: x * x, (np.zeros((0, 2)),), id="an empty array"),
    pytest.param(lambda x: np.exp(1j * x) * x, (A,), id="complex numbers on the way"),
]
each = pytest.mark.parametrize(("f", "args"), FUNCTIONS)


def flat(x):
    """All numbers of a structure in one array."""
    found = []

    def look(part):
        if isinstance(part, dict):
            part = list(part.values())
        if isinstance(part, Layer):
            part = [part.weight, part.bias]
        if isinstance(part, list | tuple):
            for p in part:
                look(p)
        else:
            found.append(np.ravel(part))

    look(x)
    return np.concatenate(found)


def total(f):
    """f as a function whose value is one real number, with much before and after it."""

    def scalar(*args):
        args = revdiff.extend_map(lambda x: sin(x) + x, args)
        y = f(*args)
        parts: list[Any] = []
        revdiff.extend_map(lambda part: parts.append(part * cos(part)), y)
        return sum((revdiff.real(np.sum(part)) for part in parts), 0.0)

    return scalar


def every(args):
    return tuple(range(len(args)))


@each
def test_a_checkpoint_changes_no_value_and_no_derivative_of_any_order(f, args):
    one, other = total(f), total(checkpoint(f))
    assert other(*args) == one(*args)
    operators: list[Callable[[Any], Any]] = [grad]
    operators += [hessian] if flat(args).size else []
    for operator in operators:
        expected, met = operator(one, every(args))(*args), operator(other, every(args))(*args)
        np.testing.assert_allclose(flat(met), flat(expected), rtol=1e-12, atol=1e-14)


@each
def test_jvp_and_vjp_go_through_a_checkpoint(f, args):
    value, pullback = vjp(f, *args)
    same, through = vjp(checkpoint(f), *args)
    np.testing.assert_array_equal(flat(same), flat(value))
    assert type(same) is type(value)
    y_bar = revdiff.extend_map(lambda y: y * 0 + 0.7, value)
    np.testing.assert_allclose(flat(through(y_bar)), flat(pullback(y_bar)), rtol=1e-13, atol=1e-14)
    v = revdiff.extend_map(lambda x: x * 0 + 0.3, args)
    np.testing.assert_allclose(flat(jvp(checkpoint(f), args, v)), flat(jvp(f, args, v)), rtol=1e-13, atol=1e-14)
    _, pushforward = linearize(checkpoint(f), *args)
    np.testing.assert_allclose(flat(pushforward(*v)), flat(jvp(f, args, v)[1]), rtol=1e-13, atol=1e-14)


def test_third_derivatives_go_through_a_checkpoint():
    x = sympy.Symbol("x")
    f = checkpoint(lambda x: sin(x) * exp(x * x) * (1 + x))
    third = revdiff.nth_derivative(lambda t: f(t * t) * f(t), 3)
    formula = lambda x: sympy.sin(x) * sympy.exp(x**2) * (1 + x)
    expected = sympy.diff(formula(x**2) * formula(x), x, 3).subs(x, 0.4)
    assert third(0.4) == pytest.approx(float(expected), rel=1e-12)


def test_symbols_go_through_a_checkpoint():
    x, y = sympy.symbols("x y")
    f = checkpoint(lambda x, y: (x * sin(y) + y, x / y))
    met = jacobian(f, (0, 1))(x, y)
    expected = sympy.Matrix([x * sympy.sin(y) + y, x / y]).jacobian([x, y])
    assert all(sympy.simplify(met[i][j] - expected[i, j]) == 0 for i in range(2) for j in range(2))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.complex64])
def test_a_checkpoint_keeps_the_dtype(dtype):
    f = lambda x: revdiff.real(np.sum(x * x * 2.5))
    gradient = grad(checkpoint(f))(np.ones(3, dtype))
    assert gradient.dtype == dtype
    np.testing.assert_array_equal(gradient, grad(f)(np.ones(3, dtype)))


def test_a_point_on_a_manifold_goes_through_a_checkpoint():
    f = lambda u: u[0] * u[1]
    u = UnitVector([0.6, 0.8])
    np.testing.assert_allclose(grad(checkpoint(f))(u), grad(f)(u))


def test_streams_go_through_a_checkpoint():
    finite, endless = FiniteSupportStream([1.0, 2.0, 3.0]), Stream.iterate(lambda x: x + 1.0, 1.0)
    assert grad(checkpoint(lambda s: s.sum() * s[0]))(finite).take(4) == [7.0, 1.0, 1.0, 1.0]
    assert grad(lambda s: checkpoint(lambda s: s * 2.0)(s).sum())(finite).take(4) == [2.0] * 4
    assert grad(checkpoint(lambda s: s[0] * s[2]))(endless) == FiniteSupportStream([3.0, 0.0, 1.0])
    assert grad(lambda x: checkpoint(lambda x: Stream.iterate(lambda y: y * x, 1.0))(x)[3])(2.0) == 12.0
    assert grad(grad(lambda x: checkpoint(lambda x: FiniteSupportStream([x, x * x, x**3]))(x).sum()))(2.0) == 14.0


# ---------------------------------------------------------------------- what a function reads without being given it


def test_what_a_function_closes_over_has_its_derivative():
    def f(x, w):
        return checkpoint(lambda x: x * w * sin(w))(x * x)

    x, w = sympy.symbols("x w")
    formula = x**2 * w * sympy.sin(w)
    point = {x: 0.7, w: 1.3}
    assert grad(f, (0, 1))(0.7, 1.3) == pytest.approx([float(formula.diff(v).subs(point)) for v in (x, w)])
    h = hessian(f, (0, 1))(0.7, 1.3)
    assert flat(h) == pytest.approx([float(formula.diff(a, b).subs(point)) for a in (x, w) for b in (x, w)])


def test_a_function_of_nothing_has_the_derivative_of_what_it_closes_over():
    assert grad(lambda x: checkpoint(lambda: x * x * sin(x))())(0.7) == grad(lambda x: x * x * sin(x))(0.7)


def test_keyword_arguments_have_their_derivatives():
    f = checkpoint(lambda x, *, scale, power: (x * scale) ** power)
    assert grad(lambda s: f(3.0, scale=s * s, power=2))(1.5) == pytest.approx(4 * 9 * 1.5**3)


def test_a_derivative_inside_or_outside_a_checkpoint_is_not_confused_with_the_other():
    inner = lambda x: grad(checkpoint(lambda y: x * y * sin(y)))(1.0)
    assert grad(lambda x: x * inner(x))(3.0) == pytest.approx(2 * 3.0 * (np.sin(1.0) + np.cos(1.0)))
    assert grad(lambda x: x * grad(lambda y: checkpoint(lambda: x + y)())(1.0))(2024.0) == 1.0
    outer = checkpoint(lambda x: x * grad(lambda y: x * sin(x * y))(1.0))
    plain = lambda x: x * grad(lambda y: x * sin(x * y))(1.0)
    assert grad(outer)(0.7) == pytest.approx(grad(plain)(0.7), rel=1e-14)
    assert hessian(outer)(0.7) == pytest.approx(hessian(plain)(0.7), rel=1e-13)


def test_an_inner_variable_may_be_closed_over_and_an_outer_one_given():
    f = lambda wrap: lambda x: grad(lambda y: wrap(lambda x: sin(x * y) * y * y)(x * x))(0.9) * x
    for operator in (grad, hessian):
        assert operator(f(checkpoint))(0.7) == pytest.approx(operator(f(lambda g: g))(0.7), rel=1e-13)


def test_a_method_may_be_a_checkpoint():
    @dataclass
    class Model:
        weight: Any

        @checkpoint
        def __call__(self, x):
            return np.tanh(self.weight * x) * self.weight

    model = Model(A)
    plain = lambda model: np.sum(np.tanh(model.weight * 2.0) * model.weight)
    np.testing.assert_allclose(grad(lambda m: np.sum(m(2.0)))(model).weight, grad(plain)(model).weight)


def test_a_primitive_inside_a_checkpoint_keeps_its_own_pullback():
    @primitive
    def clipped(x):
        return np.clip(revdiff.primal(x), -1, 1), lambda ct: 10.0 * ct

    np.testing.assert_array_equal(grad(lambda x: np.sum(checkpoint(lambda x: clipped(x) * 2.0)(x)))(A), [20.0] * 3)


def test_a_mask_goes_into_a_checkpoint_and_out_of_it():
    x = np.array([0.0, 4.0])
    inside = lambda x: np.where(x > 0, checkpoint(lambda x: np.sqrt(x) * 1.0)(x), 0.0).sum()
    outside = lambda x: checkpoint(lambda x, y: np.where(x > 0, y, 0.0))(x, np.sqrt(x)).sum()
    both = lambda x: sum(np.where(x > 0, y, 0.0).sum() for y in checkpoint(lambda x: (np.sqrt(x), 3 * np.sqrt(x)))(x))
    np.testing.assert_array_equal(grad(inside)(x), [0.0, 0.25])
    np.testing.assert_array_equal(grad(outside)(x), [0.0, 0.25])
    np.testing.assert_array_equal(grad(both)(x), [0.0, 1.0])
    np.testing.assert_array_equal(hessian(inside)(x), hessian(lambda x: np.where(x > 0, np.sqrt(x), 0.0).sum())(x))


# ---------------------------------------------------------------------- checkpoints of checkpoints


def test_checkpoints_nest():
    inner = lambda wrap: wrap(lambda x, w: np.tanh(x * w) + x)
    middle = lambda wrap: wrap(lambda x, w: inner(wrap)(inner(wrap)(x, w), w * 2.0) * w)
    whole = lambda wrap: lambda x, w: middle(wrap)(middle(wrap)(x, w), w).sum()
    for operator in (grad, hessian):
        met, expected = (operator(whole(wrap), (0, 1))(A, 0.7) for wrap in (checkpoint, lambda f: f))
        np.testing.assert_allclose(flat(met), flat(expected), rtol=1e-12)


STEPS = {
    "sin": lambda x, y: (sin(x), y),
    "product": lambda x, y: (x * y, y + 1.0),
    "quotient": lambda x, y: (x / (2 + y * y), x),
    "sum": lambda x, y: (x + y.sum(), y * x[0]),
    "swap": lambda x, y: (y, x),
    "choice": lambda x, y: (np.where(x > y, x * x, y), y),
}
programs = st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.booleans()), min_size=1, max_size=6)
vectors = st.lists(st.floats(-1, 1), min_size=2, max_size=2).map(np.array)


@given(programs, programs, st.integers(0, 5), vectors, vectors)
def test_random_programs_have_the_same_derivatives_wherever_the_checkpoints_are(program, inside, place, x, y):
    def run(x, y, wrap):
        def steps(x, y, program):
            for name, kept in program:
                x, y = (STEPS[name] if kept else wrap(STEPS[name]))(x, y)
            return x, y

        x, y = steps(x, y, program[:place])
        x, y = wrap(lambda x, y: steps(x, y, inside))(x, y)
        x, y = steps(x, y, program[place:])
        return (x * y).sum() + sin(x).sum()

    one, other = (lambda x, y, wrap=wrap: run(x, y, wrap) for wrap in (lambda f: f, checkpoint))
    np.testing.assert_allclose(flat(grad(other, (0, 1))(x, y)), flat(grad(one, (0, 1))(x, y)), rtol=1e-9, atol=1e-9)
    v = (y + 0.5, x - 0.3)
    np.testing.assert_allclose(flat(hvp(other, (x, y), v)), flat(hvp(one, (x, y), v)), rtol=1e-8, atol=1e-8)


# ---------------------------------------------------------------------- how often, and how much


def counted(f):
    def counting(*args):
        counting.runs += 1
        return f(*args)

    counting.runs = 0
    return counting


def test_a_function_runs_again_when_its_derivative_is_asked_for_and_not_before():
    f = counted(lambda x: np.sin(x) * x)
    block = checkpoint(f)
    block(A)
    assert f.runs == 1
    _, pullback = vjp(lambda x: block(x).sum(), A)
    assert f.runs == 2
    pullback(1.0)
    assert f.runs == 3
    pullback(1.0)
    assert f.runs == 4


def test_several_results_are_computed_again_together():
    f = counted(lambda x: {"a": np.sin(x), "b": [np.cos(x), x * x]})
    block = checkpoint(f)
    _, pullback = vjp(block, A)
    pullback({"a": A, "b": [A, A]})
    assert f.runs == 2


def test_a_function_is_not_run_again_where_nothing_needs_it():
    f = counted(np.sin)
    block = checkpoint(f)
    grad(lambda x: (x * x).sum() + 0.0 * len(block(x)))(A)
    assert f.runs == 1


def test_outside_of_a_derivative_a_checkpoint_is_the_function():
    block = checkpoint(lambda x, *, n=2: {"y": x * n, "kind": "text"})
    assert block(3.0) == {"y": 6.0, "kind": "text"}
    assert block.__name__ == "<lambda>"


def test_one_step_is_recorded():
    x = init_diff(A)

    def busy(x):
        for _ in range(50):
            x = np.sin(x) * x
        return x

    def size(node, seen):
        if node[0] not in seen:
            seen.add(node[0])
            for parent in node[2::2] if len(node) > 3 else ():
                size(parent, seen)
        return len(seen)

    assert size(busy(x)._node, set()) > 100
    assert size(checkpoint(busy)(x)._node, set()) <= 4


def peak(run):
    """The most bytes that were in use at one time."""
    run()
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def chain(wrap, blocks, steps):
    def block(x):
        for _ in range(steps):
            x = np.sin(x) * 1.01
        return x

    def loss(x):
        for _ in range(blocks):
            x = wrap(block)(x)
        return x.sum()

    return loss


LARGE = np.linspace(0.1, 1.0, 10_000)


@pytest.mark.parametrize("operator", [grad, lambda f: lambda x: hvp(f, x, x)], ids=["grad", "hvp"])
def test_a_chain_in_blocks_holds_as_much_as_one_block_and_the_values_between(operator):
    whole = peak(lambda: operator(chain(lambda f: f, 16, 16))(LARGE))
    blocks = peak(lambda: operator(chain(checkpoint, 16, 16))(LARGE))
    assert blocks < whole / 4


def test_the_memory_of_nested_checkpoints_grows_with_the_logarithm():
    def halves(wrap, n):
        if n == 1:
            return lambda x: np.sin(x) * 1.01
        half = wrap(halves(wrap, n // 2))
        return lambda x: half(half(x))

    whole = peak(lambda: grad(lambda x: halves(lambda f: f, 256)(x).sum())(LARGE))
    nested = peak(lambda: grad(lambda x: halves(checkpoint, 256)(x).sum())(LARGE))
    assert nested < whole / 15


# ---------------------------------------------------------------------- what cannot be right is refused


def test_random_numbers_in_a_checkpoint_are_an_error():
    rng = np.random.default_rng(0)
    dropped = checkpoint(lambda x: x * rng.integers(0, 2, x.shape) * 2.0)
    with pytest.raises(ResultError) as error:
        grad(lambda x: dropped(x).sum())(np.ones(50))
    assert str(error.value) == (
        "checkpoint needs a function that gives the same when it runs again; <lambda> returned an array of dtype "
        "float64 with other numbers.\n"
        "  Random numbers:                     draw them outside, and make them arguments.\n"
        "  A variable that changes in a loop:  make it an argument, or write lambda x, w=w: …"
    )


def test_a_variable_that_has_changed_since_is_an_error_and_as_a_default_it_is_kept():
    def late(x):
        for w in (2.0, 3.0):
            x = checkpoint(lambda x: x * w * x)(x)  # noqa: B023
        return x

    def early(x):
        for w in (2.0, 3.0):
            x = checkpoint(lambda x, w=w: x * w * x)(x)
        return x

    with pytest.raises(ResultError, match="with other numbers"):
        grad(lambda x: late(x).sum())(A)
    np.testing.assert_allclose(grad(lambda x: early(x).sum())(A), 4 * 3.0 * 4.0 * A**3)


@pytest.mark.parametrize(
    ("second", "met"),
    [
        (lambda x, y: (x, x), "1 values and then 2"),
        (lambda x, y: 2.0, "a float with other numbers"),
        (lambda x, y: A * A, "what carries no derivative"),
        (lambda x, y: init_diff(A) ** 2, "what carries no derivative"),
        (lambda x, y: x * y, "what depends on other variables"),
    ],
)
def test_a_function_that_takes_another_way_the_second_time_is_an_error(second, met):
    x = init_diff(A)
    y = x + 0.0
    runs = iter([lambda x: x * x, lambda x: second(x, y)])

    @checkpoint
    def one_after_the_other(x):
        return next(runs)(x)

    result = one_after_the_other(x * 1.0)
    with pytest.raises(ResultError, match=met):
        result.backprop(np.ones(3))


def test_an_argument_that_was_changed_is_an_error_if_it_is_large_and_kept_if_it_is_small():
    def f(x, n):
        constants = np.arange(1.0, n + 1)
        y = checkpoint(lambda x, c: np.sum(np.sin(x * c)))(x, constants)
        constants += 1.0
        return y

    assert grad(f)(0.3, 3) == pytest.approx(sum(c * np.cos(0.3 * c) for c in (1, 2, 3)))
    with pytest.raises(MutatedArrayError):
        grad(f)(0.3, 1000)


def test_a_variable_of_ones_own_does_not_leave_a_checkpoint():
    with pytest.raises(MixedLayersError, match="A variable of an inner derivative must not leave its function"):
        checkpoint(lambda x: init_diff(x) * 2.0)(3.0)
    sine = lambda x: RevDiff(np.sin(x.value), lambda ct: x.backprop(ct * np.cos(x.value)))
    with pytest.raises(MixedLayersError, match="A primitive written by hand reads"):
        grad(checkpoint(sine))(3.0)


def test_results_that_differ_in_their_last_digits_are_the_same():
    noise = iter([0.0, 1e-15])
    f = checkpoint(lambda x: np.sin(x) * (1.0 + next(noise)))
    np.testing.assert_allclose(grad(lambda x: f(x).sum())(A), np.cos(A))


# ---------------------------------------------------------------------- arrays that are written to


def heat(u):
    u = u.copy()
    for _ in range(3):
        u[1:-1] += 0.2 * (u[2:] - 2 * u[1:-1] + u[:-2])
    return u


def in_the_argument(u):
    u[1:] *= u[:-1]
    return np.sin(u)


def through_a_view(u):
    v = u[1:]
    v += u[0]
    return u * v[0]


@pytest.mark.parametrize("step", [heat, in_the_argument, through_a_view])
@pytest.mark.parametrize("operator", [grad, hessian])
@pytest.mark.parametrize(
    "handed", [lambda u: u, lambda u: u[:3], lambda u: u.reshape(2, 2)[1]], ids=["array", "slice", "row"]
)
def test_a_function_may_write_into_its_arrays_and_its_arguments_and_the_caller_into_what_it_gets(
    step, operator, handed
):
    def run(wrap):
        def f(x):
            u = x * 1.5
            y = wrap(step)(handed(u))
            y[0] = y[-1] * u[0]
            u[2] = y[1]
            return (u**3).sum() + (wrap(step)(y) ** 2).sum()

        return f

    x = np.array([0.5, 1.0, 2.0, 0.3])
    np.testing.assert_allclose(operator(run(checkpoint))(x), operator(run(lambda f: f))(x), rtol=1e-12)


def test_a_jacobian_goes_through_a_checkpoint_in_one_sweep_or_several():
    f = lambda x: np.tanh(M.T @ (M @ x)) * x
    np.testing.assert_allclose(jacobian(lambda x: checkpoint(f)(x * x))(A), jacobian(lambda x: f(x * x))(A), rtol=1e-13)
    np.testing.assert_allclose(jacobian(jacobian(checkpoint(f)))(A), jacobian(jacobian(f))(A), rtol=1e-12, atol=1e-15)
