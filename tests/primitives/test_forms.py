"""Primitives with residuals, isomorphisms, and functions without a derivative."""

from __future__ import annotations

import gc
import math
import pickle
import threading
import weakref
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest
import sympy

import revdiff
from revdiff import (
    ArgumentError,
    MissingRuleError,
    Primitive,
    PullbackError,
    RevDiffError,
    checkpoint,
    cos,
    custom_vjp,
    exp,
    grad,
    hessian,
    init_diff,
    iso,
    jacobian,
    jvp,
    log,
    no_gradient,
    nth_derivative,
    primal,
    primitive,
    simple_derivative,
    sin,
    value_and_grad,
    vjp,
)

# ---------------------------------------------------------------------- residuals between the two ways


def logsumexp_forward(x):
    e = np.exp(x - np.max(primal(x)))
    total = e.sum()
    return np.log(total) + np.max(primal(x)), (e, total)


logsumexp = custom_vjp(
    lambda x: np.log(np.exp(x - np.max(primal(x))).sum()) + np.max(primal(x)),
    logsumexp_forward,
    lambda kept, ct: ct * kept[0] / kept[1],
)


def test_first_and_second_derivatives_of_a_primitive_with_residuals_are_those_of_sympy():
    at = [0.9, 0.2, 0.3]
    symbols = sympy.symbols("a b c")
    formula = sympy.log(sum(map(sympy.exp, symbols)))
    there = dict(zip(symbols, at, strict=True))
    gradient = [float(formula.diff(s).subs(there)) for s in symbols]
    rows = np.array(sympy.hessian(formula, symbols).subs(there), float)
    np.testing.assert_allclose(grad(logsumexp)(np.array(at)), gradient, rtol=1e-12)
    np.testing.assert_allclose(hessian(logsumexp)(np.array(at)), rows, rtol=1e-12)
    squared = np.array(sympy.hessian(formula**2, symbols).subs(there), float)
    np.testing.assert_allclose(hessian(lambda x: logsumexp(x) ** 2)(np.array(at)), squared, rtol=1e-12)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_every_order_of_a_primitive_with_residuals(order):
    f = custom_vjp(lambda x: sin(x * x), lambda x: (sin(x * x), x), lambda x, ct: ct * 2 * x * cos(x * x))
    t = sympy.Symbol("t")
    expected = float(sympy.diff(sympy.sin(t**2) * t, t, order).subs(t, 0.7))
    assert nth_derivative(lambda x: f(x) * x, order)(0.7) == pytest.approx(expected, rel=1e-10)


def counted():
    """Return a primitive with residuals, and the list of what was called."""
    calls = []

    def f(x, y):
        calls.append("f")
        return x * y

    def forward(x, y):
        calls.append("forward")
        return x * y, (x, y)

    def backward(kept, ct):
        calls.append("backward")
        x, y = kept
        return ct * y, ct * x

    return custom_vjp(f, forward, backward), calls


def test_where_nothing_is_differentiated_nothing_is_kept():
    product, calls = counted()
    assert product(3.0, 5.0) == 15.0
    assert calls == ["f"]


def test_forward_and_backward_run_once_each():
    product, calls = counted()
    assert value_and_grad(product, (0, 1))(3.0, 5.0) == (15.0, (5.0, 3.0))
    assert calls == ["forward", "backward"]


def test_backward_is_given_the_residuals_themselves():
    kept = object()
    seen = []
    f = custom_vjp(lambda x: x, lambda x: (x, kept), lambda residuals, ct: seen.append(residuals) or ct)
    assert simple_derivative(f)(3.0) == 1.0
    assert seen == [kept]


@pytest.mark.parametrize("returned", [lambda x: x, lambda x: (x,), lambda x: [x, x], lambda x: (x, 1, 2)])
def test_a_forward_function_returns_a_value_and_residuals(returned):
    f = custom_vjp(math.sin, returned, lambda kept, ct: ct)
    with pytest.raises(PullbackError, match=r"forward function of sin returns \(value, residuals\); it returned a"):
        simple_derivative(f)(3.0)


@contextmanager
def without_collection():
    """Let objects be freed by their reference counts alone. What was there before is out of sight of the collector."""
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def test_residuals_are_freed_with_the_last_way_back_through_them():
    class Kept:
        pass

    alive = []

    def forward(x):
        kept = Kept()
        alive.append(weakref.ref(kept))
        return x * 2.0, kept

    f = custom_vjp(lambda x: x * 2.0, forward, lambda kept, ct: ct * 2.0)
    with without_collection():
        assert grad(lambda x: f(x) * 3.0)(1.0) == 6.0
        assert alive.pop()() is None

        y = f(init_diff(1.0))
        assert alive[-1]() is not None
        z = y + 1.0
        del y
        assert alive[-1]() is not None  # z leads back through f
        del z
        assert alive.pop()() is None

        _, pullback = vjp(f, 1.0)
        assert pullback(1.0) == 2.0
        assert alive[-1]() is not None  # it may be called again
        del pullback
        assert alive.pop()() is None

        f(init_diff(1.0)).value  # noqa: B018
        assert alive.pop()() is None


def test_an_argument_that_the_pullback_does_not_keep_is_not_kept():
    f = custom_vjp(np.exp, lambda x: (np.exp(x),) * 2, lambda y, ct: ct * y)
    with without_collection():
        inner = init_diff(np.ones(3000)) * 2.0
        numbers = weakref.ref(inner.value)
        y = f(inner)
        del inner
        assert numbers() is None
        np.testing.assert_allclose(y.backprop(np.ones(3000)), np.full(3000, 2.0 * math.e**2), rtol=1e-12)


def test_a_primitive_that_is_defined_in_a_function_leaves_no_cycle():
    with without_collection():
        for make in (
            lambda: primitive(lambda x: (x * x, lambda ct: ct * 2 * x)),
            lambda: custom_vjp(lambda x: x * x, lambda x: (x * x, x), lambda x, ct: ct * 2 * x),
            lambda: iso(lambda x: x, lambda y: y),
            lambda: no_gradient(lambda x: x, "it is not smooth"),
            lambda: sin >> primitive(lambda x: (x * x, lambda ct: ct * 2 * x)),
        ):
            make()
            assert gc.collect() == 0


# ---------------------------------------------------------------------- structures in and out


@dataclass
class Layer:
    weight: Any
    bias: Any
    name: str = "dense"


class Statistics(NamedTuple):
    mean: Any
    spread: Any


def affine_forward(layer, x):
    return {"out": x @ layer.weight + layer.bias, "name": layer.name}, (x, layer.weight)


def affine_backward(kept, ct):
    x, weight = kept
    return Layer(np.outer(x, ct["out"]), ct["out"]), weight @ ct["out"]


affine = custom_vjp(lambda layer, x: affine_forward(layer, x)[0], affine_forward, affine_backward)


def random_layer():
    rng = np.random.default_rng(0)
    return Layer(rng.normal(size=(3, 2)), rng.normal(size=2)), rng.normal(size=3)


def test_a_record_in_and_a_dictionary_out():
    layer, x = random_layer()
    assert affine(layer, x)["name"] == "dense"
    automatic = lambda layer, x: np.tanh(x @ layer.weight + layer.bias).sum()
    by_hand = lambda layer, x: np.tanh(affine(layer, x)["out"]).sum()
    (a, a_x), (b, b_x) = (grad(f, (0, 1))(layer, x) for f in (automatic, by_hand))
    assert type(b) is Layer
    assert b.name == "dense"
    np.testing.assert_allclose(b.weight, a.weight, rtol=1e-12)
    np.testing.assert_allclose(b.bias, a.bias, rtol=1e-12)
    np.testing.assert_allclose(b_x, a_x, rtol=1e-12)


def test_second_derivatives_through_a_record():
    layer, x = random_layer()
    of_x = lambda f: hessian(lambda x: f(x).sum())(x)
    np.testing.assert_allclose(
        of_x(lambda x: np.tanh(affine(layer, x)["out"])),
        of_x(lambda x: np.tanh(x @ layer.weight + layer.bias)),
        rtol=1e-10,
        atol=1e-14,
    )


def test_one_revdiff_of_a_record_is_taken_too():
    layer, x = random_layer()
    y = affine(init_diff(layer), x)["out"].sum()
    assert isinstance(y.backprop(1.0), Layer)


def test_a_named_tuple_comes_out_and_an_ordered_dictionary_goes_in():
    @primitive
    def statistics(data):
        a, b = data["a"], data["b"]
        return Statistics((a + b) / 2, a - b), lambda ct: OrderedDict(
            a=ct.mean / 2 + ct.spread, b=ct.mean / 2 - ct.spread
        )

    data = OrderedDict(a=3.0, b=5.0)
    assert statistics(data) == Statistics(4.0, -2.0)
    gradient = grad(lambda d: statistics(d).mean * statistics(d).spread)(data)  # (a² - b²)/2
    assert (type(gradient), dict(gradient)) == (OrderedDict, {"a": 3.0, "b": -5.0})


@primitive
def square_if_there(x):
    if x is None:
        return 0.0, lambda ct: None
    return x * x, lambda ct: ct * 2 * x


def test_an_optional_argument():
    assert square_if_there(None) == 0.0
    assert value_and_grad(square_if_there)(3.0) == (9.0, 6.0)
    assert value_and_grad(square_if_there)(None) == (0.0, None)
    assert grad(lambda p: square_if_there(p["x"]) + p["y"])({"x": None, "y": 1.0}) == {"x": None, "y": 1.0}


def test_an_optional_result_has_an_absent_cotangent():
    seen = []

    @primitive
    def halves(x):
        return (x / 2, None), lambda ct: seen.append(ct) or ct[0] / 2

    assert grad(lambda x: halves(x)[0] * 4)(3.0) == 2.0
    assert seen == [(4.0, None)]


def test_none_stands_for_the_cotangent_of_any_part():
    @primitive
    def first(layer, pair):
        return layer.bias * 2, lambda ct: (Layer(None, ct * 2), None)

    gradient, of_pair = grad(first, (0, 1))(Layer(np.ones(2), 3.0), (1.0, np.ones(2)))
    assert gradient.bias == 2.0
    np.testing.assert_array_equal(gradient.weight, np.zeros(2))
    assert of_pair[0] == 0.0


def test_a_cotangent_of_another_shape_names_the_primitive():
    @primitive
    def total(x):
        return x.sum(), lambda ct: np.ones((2, 3)) * ct

    with pytest.raises(PullbackError, match=r"pullback of total returned an array of shape \(2, 3\).*of shape \(3,\)"):
        grad(lambda x: total(x * 2.0))(np.ones(3))


def test_a_result_that_is_no_number_is_handed_out_as_it_is():
    @primitive
    def named(x):
        return "text" if x > 0 else None, lambda ct: ct

    assert grad(lambda x: x * len(named(x)))(3.0) == 4.0
    assert grad(lambda x: x if named(x) is None else 0.0)(-3.0) == 1.0


# ---------------------------------------------------------------------- isomorphisms

POINT = iso(lambda pair: Statistics(*pair), tuple)


def flattened(layer):
    return np.concatenate([layer.weight.ravel(), layer.bias])


def layered(flat):
    return Layer(flat[:6].reshape(3, 2), flat[6:])


FLAT, LAYERED = iso(flattened, layered), iso(layered, flattened)


def test_an_isomorphism_of_structures():
    assert POINT((3.0, 5.0)) == Statistics(3.0, 5.0)
    assert grad(lambda p: POINT(p).mean * POINT(p).spread ** 2)((3.0, 5.0)) == (25.0, 30.0)
    assert hessian(lambda p: POINT(p).mean * POINT(p).spread ** 2)((3.0, 5.0)) == ((0.0, 10.0), (10.0, 6.0))
    assert vjp(POINT, (3.0, 5.0))[1](Statistics(1.0, 2.0)) == (1.0, 2.0)
    assert jvp(POINT, ((3.0, 5.0),), ((1.0, 2.0),))[1] == Statistics(1.0, 2.0)


def test_parameters_as_one_vector_and_back():
    layer, x = random_layer()
    f = lambda layer: np.tanh(x @ layer.weight + layer.bias).sum()
    gradient = grad(f)(layer)
    np.testing.assert_allclose(grad(LAYERED >> f)(FLAT(layer)), flattened(gradient), rtol=1e-12)
    by_layer = grad(FLAT >> (lambda flat: (flat**2).sum()))(layer)
    np.testing.assert_allclose(by_layer.weight, 2 * layer.weight)
    by_hand, automatic = hessian(LAYERED >> f)(FLAT(layer)), hessian(lambda v: f(layered(v)))(FLAT(layer))
    np.testing.assert_allclose(by_hand, automatic, rtol=1e-10, atol=1e-12)


def test_B54_the_cotangent_of_an_isomorphism_goes_back_as_a_value_does():
    """Which is wrong of functions that compute: check_primitive objects to it."""
    assert simple_derivative(iso(exp, log))(2.0) == 0.0  # log 1, where e² = 7.38905609893065 would be right


# ---------------------------------------------------------------------- functions without a derivative


def jumps(x):
    return float(int(x))


def test_B35_a_function_without_a_gradient_unused_evaluated_and_used():
    f = no_gradient(jumps, "it jumps")

    def unused(x):
        f(x)
        return x**2

    assert grad(unused)(3.0) == 6.0
    assert no_gradient(lambda x: -x, "it is not smooth")(3.0) == -3.0
    assert value_and_grad(lambda x: (x**2, f(x)), has_aux=True)(3.5) == ((12.25, 3.0), 7.0)
    with pytest.raises(MissingRuleError) as error:
        grad(lambda x: f(x) * x)(3.0)
    assert str(error.value) == (
        "jumps has no derivative: it jumps.\n"
        "  To hold it constant:  stop_gradient(f(x))\n"
        "  To give it one:       @revdiff.primitive"
    )


def test_a_value_without_a_gradient_may_be_looked_at():
    f = no_gradient(jumps, "it jumps")
    assert grad(lambda x: x**2 if f(x) > 2 else x)(3.0) == 6.0
    assert grad(lambda x: x * round(f(x)))(3.0) == 3.0
    table = np.array([1.0, 10.0, 100.0])
    assert grad(lambda x: x * table[no_gradient(int, "it jumps")(x)])(2.5) == 100.0
    assert grad(lambda x: revdiff.where(x > 0, x, f(x)))(3.0) == 1.0


@pytest.mark.parametrize("order", [1, 2, 3])
def test_unused_results_do_no_harm_at_any_order(order):
    f = no_gradient(lambda x: {"n": jumps(x), "pair": (x, "text")}, "it jumps")

    def cube(x):
        f(x)["pair"][0] + 1
        return x**3

    assert nth_derivative(cube, order)(2.0) == [12.0, 12.0, 6.0][order - 1]
    with pytest.raises(MissingRuleError, match="<lambda> has no derivative: it jumps"):
        nth_derivative(lambda x: f(x)["pair"][0], order)(2.0)


def test_it_is_the_outer_derivative_too_that_is_missing():
    f = no_gradient(jumps, "it jumps")
    assert simple_derivative(lambda x: simple_derivative(lambda y: x * y * (f(x) > 0))(1.0))(3.0) == 1.0
    with pytest.raises(MissingRuleError):
        simple_derivative(lambda x: simple_derivative(lambda y: y * f(x))(1.0))(3.0)
    with pytest.raises(MissingRuleError):
        jvp(f, 3.0, 1.0)
    with pytest.raises(MissingRuleError):
        jacobian(lambda x: x * no_gradient(lambda a: a.round(), "it jumps")(x))(np.array([1.2, 2.7, 3.0]))


def test_it_sees_plain_numbers_in_arrays_and_structures():
    f = no_gradient(lambda layer, n: float(np.asarray(layer.weight, float).sum()) + math.floor(n), "it jumps")
    layer, _ = random_layer()
    assert grad(lambda layer: layer.bias.sum() if f(layer, layer.bias[0]) > -100 else 0.0)(layer).bias.tolist() == [
        1,
        1,
    ]
    with pytest.raises(MissingRuleError):
        grad(lambda layer: f(layer, 1.0))(layer)


# ---------------------------------------------------------------------- with the other operators


@primitive
def softplus_by_hand(x):
    return np.log1p(np.exp(x)), lambda ct: ct / (1 + np.exp(-x))


X = np.array([0.3, -0.7, 1.1])
SLOPE = 1 / (1 + np.exp(-X))


def test_jacobians_take_a_primitive_in_one_sweep():
    calls = []

    @primitive
    def watched(x):
        return np.log1p(np.exp(x)), lambda ct: calls.append(ct) or ct / (1 + np.exp(-x))

    np.testing.assert_allclose(jacobian(lambda x: watched(x * 2.0))(X), np.diag(2 / (1 + np.exp(-2 * X))), rtol=1e-12)
    assert len(calls) == 1


def test_a_pullback_for_one_cotangent_is_given_the_rows_one_by_one():
    @primitive(order=1)
    def tanh(x):
        y = [math.tanh(v) for v in x]
        return np.array(y), lambda ct: np.array([float(c) * (1 - v * v) for c, v in zip(ct, y, strict=True)])

    np.testing.assert_allclose(jacobian(lambda x: tanh(x * 1.0))(X), np.diag(1 - np.tanh(X) ** 2), rtol=1e-12)


def test_forward_derivatives_and_hessian_products_go_through_a_primitive():
    value, along = jvp(softplus_by_hand, X, np.ones(3))
    np.testing.assert_allclose(value, np.log1p(np.exp(X)), rtol=1e-12)
    np.testing.assert_allclose(along, SLOPE, rtol=1e-12)
    product = revdiff.hvp(lambda x: softplus_by_hand(x).sum(), X, np.ones(3))
    np.testing.assert_allclose(product, SLOPE * (1 - SLOPE), rtol=1e-12)


@pytest.mark.parametrize("f", [softplus_by_hand, logsumexp], ids=["value and pullback", "residuals"])
def test_a_checkpoint_over_a_primitive_changes_nothing(f):
    inner = lambda x: f(x * x).sum()
    for operator in (grad, hessian):
        np.testing.assert_allclose(operator(checkpoint(inner))(X), operator(inner)(X), rtol=1e-12)


def test_primitives_in_many_threads():
    results = {}

    def work(i):
        x = X + i
        results[i] = [hessian(lambda x: softplus_by_hand(x).sum())(x), grad(logsumexp)(x)]

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for i in range(8):
        slope = 1 / (1 + np.exp(-X - i))
        np.testing.assert_allclose(results[i][0], np.diag(slope * (1 - slope)), rtol=1e-10)
        np.testing.assert_allclose(results[i][1], np.exp(X) / np.exp(X).sum(), rtol=1e-10)


def test_a_primitive_is_pickled_by_its_name():
    assert pickle.loads(pickle.dumps(softplus_by_hand)) is softplus_by_hand


def test_a_primitive_is_a_method_where_it_stands_in_a_class():
    class Scale:
        factor = 3.0

        @primitive(static=0)
        def times(self, x):
            return self.factor * x, lambda ct: self.factor * ct

    assert Scale().times(2.0) == 6.0
    assert simple_derivative(Scale().times)(2.0) == 3.0
    assert isinstance(Scale.times, Primitive)


def test_a_primitive_of_a_callable_without_a_name():
    class Squared:
        def __call__(self, x):
            return x * x, lambda ct: ct * 2 * x

        def __repr__(self):
            return "Squared()"

    assert simple_derivative(primitive(Squared()))(3.0) == 6.0
    assert repr(primitive(Squared())) == "<primitive Squared()>"


def test_what_a_primitive_shows():
    assert repr(softplus_by_hand) == "<primitive softplus_by_hand>"
    for form in (
        lambda: primitive(lambda x: (x, lambda ct: ct), order=2),
        lambda: custom_vjp(sin, sin, sin, order=2),
    ):
        with pytest.raises(
            RevDiffError, match="order is 1, for first derivatives only, or None, for every order; met 2"
        ):
            form()


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("primitive", primitive),
        ("custom_vjp", lambda x: custom_vjp(sin, sin, x)),
        ("from_derivative", lambda x: revdiff.from_derivative(sin, x)),
        ("iso", lambda x: iso(sin, x)),
        ("no_gradient", lambda x: no_gradient(x, "it jumps")),
        ("chain", lambda x: revdiff.chain(sin, x)),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_what_is_no_function_is_refused_at_once(name, form):
    with pytest.raises(ArgumentError, match=f"^{name} takes functions; met a float"):
        form(sin(0.5))


# ---------------------------------------------------------------------- arrays that change, and many cotangents at once


@pytest.mark.parametrize("n", [3, 3000])
def test_a_constant_array_that_is_changed_before_the_way_back(n):
    """Small arrays are copied, and of large ones a change is noticed."""
    weighted = primitive(lambda w, data: ((w * data).sum(), lambda ct: (ct * data, ct * w)))
    data = np.ones(n)
    _, pullback = vjp(lambda w: weighted(w, data), np.full(n, 2.0))
    data[:] = 7.0
    if n > 1000:
        with pytest.raises(revdiff.MutatedArrayError):
            pullback(1.0)
    else:
        np.testing.assert_array_equal(pullback(1.0), np.ones(n))


def test_a_primitive_in_a_pullback_keeps_its_own_way_back_for_the_rows_of_a_jacobian():
    through = primitive(lambda x: (np.round(primal(x)), lambda ct: ct))
    doubled = primitive(lambda x: (2.0 * x, lambda ct: 2.0 * through(ct)))
    x = np.array([1.0, 2.0, 3.0])
    rows = lambda s: jacobian(lambda x: doubled(x) * s)(x).sum()
    assert (rows(2.0), grad(rows)(2.0)) == (12.0, 6.0)
