"""check_primitive: right derivatives pass, and each way of being wrong is named, with the two numbers and the place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy

import revdiff
from revdiff import (
    ArgumentError,
    LawError,
    MissingRuleError,
    cos,
    custom_vjp,
    exp,
    from_derivative,
    iso,
    log,
    no_gradient,
    primal,
    primitive,
    sin,
    stop_gradient,
)
from revdiff.testing import check_grads, check_primitive


def objection(f, *args, **options):
    """Return the text of the error of a check that must fail."""
    with pytest.raises(LawError) as caught:
        check_primitive(f, *args, **options)
    return str(caught.value)


@dataclass
class Layer:
    weight: Any
    bias: Any
    name: str = "dense"


RNG = np.random.default_rng(1)
LAYER, INPUT = Layer(RNG.normal(size=(3, 2)), RNG.normal(size=2)), RNG.normal(size=3)

# ---------------------------------------------------------------------- what is right passes


@primitive
def cube(x):
    return x**3, lambda ct: ct * 3 * x**2


@primitive
def affine(layer, x):
    def pullback(ct):
        return Layer(np.outer(x, ct), ct), layer.weight @ ct

    return x @ layer.weight + layer.bias, pullback


@primitive
def polar(point):
    x, y = point
    r = revdiff.hypot(x, y)
    return {"r": r, "angle": revdiff.atan2(y, x)}, lambda ct: (
        ct["r"] * x / r - ct["angle"] * y / (r * r),
        ct["r"] * y / r + ct["angle"] * x / (r * r),
    )


@primitive(static="target")
def fused_loss(logits, target):
    p = np.exp(logits) / np.exp(logits).sum()
    return -(target * np.log(p)).sum(), lambda ct: ct * (target.sum() * p - target)


softplus = custom_vjp(lambda x: log(1 + exp(x)), lambda x: (log(1 + exp(x)), exp(x)), lambda e, ct: ct * e / (1 + e))

RIGHT = {
    "a number": (cube, 1.3),
    "an integer": (cube, 2),
    "a fraction": (cube, Fraction(3, 2)),
    "a decimal": (cube, Decimal("1.5")),
    "an mpmath number": (cube, mpmath.mpf("1.5")),
    "an array": (cube, np.array([1.3, 0.5])),
    "no dimension": (cube, np.array(1.3)),
    "nothing at all": (cube, np.ones((0, 2))),
    "single precision": (cube, np.array([1.3, 0.5], np.float32)),
    "integers": (cube, np.array([1, 2])),
    "complex numbers": (cube, np.array([1.3 + 0.5j, 0.2j])),
    "a record and an array": (affine, LAYER, INPUT),
    "a tuple and a dictionary": (polar, (3.0, 4.0)),
    "static arguments": (fused_loss, np.array([0.9, 0.2, 0.3]), np.array([1.0, 0.5, 0.0])),
    "residuals": (softplus, 0.3),
    "a derivative": (from_derivative(math.sin, cos), 0.3),
    "an isomorphism": (iso(lambda p: Layer(*p), lambda c: (c.weight, c.bias)), (2.0, np.ones(3))),
    "a row": (cube >> sin, 0.3),
    "a function": (lambda x, y: cube(x) * y, 1.3, 2.0),
    "a modulus": (primitive(lambda z: (abs(z), lambda ct: ct * np.conj(z) / abs(z))), 3.0 + 4.0j),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_passes(name):
    f, *args = RIGHT[name]
    check_primitive(f, *args)


@pytest.mark.parametrize("seed", range(5))
def test_what_is_right_passes_with_other_random_numbers(seed):
    check_primitive(affine, LAYER, INPUT, seed=seed, order=3)


# ---------------------------------------------------------------------- what is wrong does not


def test_B13_a_fused_loss_that_forgets_the_sum_of_the_target():
    @primitive
    def wrong(logits, *, target):
        p = np.exp(logits) / np.exp(logits).sum()
        return -(target * np.log(p)).sum(), lambda ct: ct * (p - target)

    logits = np.array([0.9, 0.2, 0.3])
    check_primitive(lambda x: wrong(x, target=np.array([1.0, 0.0, 0.0])), logits)
    text = objection(lambda x: wrong(x, target=np.array([1.0, 0.5, 0.0])), logits)
    p = math.exp(0.9) / (math.exp(0.9) + math.exp(0.2) + math.exp(0.3))
    law, written, numeric, place = text.split("\n")
    assert law == "the pullback of 1 is the gradient, ⟨x̄, v⟩ = ∂f(x + t v)/∂t. Here that is not so:"
    assert written.replace("np.float64(", "").startswith(f"  x̄:      {p - 1:.9f}")
    assert numeric.replace("np.float64(", "").startswith(f"  ∂f/∂x:  {1.5 * p - 1:.6f}")
    assert place == "  in x[0]"


def test_B54_an_isomorphism_of_functions_that_compute():
    law, written, numeric, place = objection(iso(exp, log), 2.0).split("\n")
    assert law == "the pullback of 1 is the gradient, ⟨x̄, v⟩ = ∂f(x + t v)/∂t. Here that is not so:"
    assert written == "  x̄:      0.0"
    assert numeric.startswith("  ∂f/∂x:  7.389056")
    assert place == "  in x"
    assert objection(iso(np.exp, np.log), np.array([2.0, 3.0])).startswith("the pullback takes zero to zero, ")
    text = objection(iso(lambda p: (exp(p[0]), p[1]), lambda p: (log(p[0]), p[1])), (2.0, 3.0))
    assert text.startswith("the pullback is linear in the cotangent, and takes every cotangent of the value.")
    assert "raised:  ValueError" in text


def test_an_isomorphism_that_stretches():
    text = objection(iso(lambda x: 2.0 * x, lambda y: y / 2.0), 3.0)
    assert "\n  x̄:      0.5\n  ∂f/∂x:  2.0" in text


def test_an_isomorphism_that_confuses_two_places():
    swapped = iso(lambda p: (p[1], p[0]), lambda p: p)
    text = objection(swapped, (2.0, 3.0))
    assert text.startswith("the pullback is the adjoint of the derivative, ⟨pullback(ȳ), v⟩ = ∂⟨ȳ, f(x + t v)⟩/∂t")
    assert "\n  x̄:" in text
    assert "\n  ∂f/∂x:" in text


@pytest.mark.parametrize(
    ("pullback", "law"),
    [
        (lambda x: lambda ct: 2 * x, "the pullback takes zero to zero, pullback(0) = 0"),
        (lambda x: lambda ct: 2 * x * ct + 1 - ct, "the pullback takes zero to zero, pullback(0) = 0"),
        (lambda x: lambda ct: 2 * x * ct * ct, "the pullback is linear in the cotangent, pullback(a + b) = "),
        (lambda x: lambda ct: 2 * x * abs(ct), "the pullback is linear in the cotangent, pullback("),
        (lambda x: lambda ct: 2 * x * max(ct, 0.0), "the pullback is linear in the cotangent, pullback("),
    ],
    ids=["forgets the cotangent", "adds a number", "a square", "a modulus", "a part"],
)
def test_a_pullback_that_is_not_linear(pullback, law):
    for seed in range(4):
        text = objection(primitive(lambda x: (x * x, pullback(x))), 3.0, seed=seed)
        assert text.startswith(law)
        assert len(text.split("\n")) == 4  # the law, both sides, the place


def test_the_place_in_a_structure_is_named():
    @primitive
    def wrong(layer, x):
        return x @ layer.weight + layer.bias, lambda ct: (Layer(np.outer(x, ct), 2.0 * ct), layer.weight @ ct)

    text = objection(wrong, LAYER, INPUT)
    assert text.startswith("the pullback is the adjoint of the derivative")
    assert text.endswith("\n  in x[0].bias[0]")


def test_a_pullback_of_the_transposed_matrix():
    a = np.array([[1.0, 2.0], [3.0, 4.0]])
    text = objection(primitive(lambda x: (a @ x, lambda ct: a @ ct)), np.array([1.0, 2.0]))
    assert text.startswith("the pullback is the adjoint of the derivative")


def test_a_complex_pullback_with_a_conjugate_too_many():
    assert objection(primitive(lambda z: (z * z, lambda ct: ct * 2 * np.conj(z))), 3.0 + 4.0j).startswith(
        "the pullback is the adjoint of the derivative"
    )


def test_a_second_derivative_that_holds_something_constant():
    for f in (
        primitive(lambda x: (sin(x), lambda ct: ct * math.cos(primal(x)))),
        primitive(lambda x: (sin(x), lambda ct: ct * stop_gradient(cos(x)))),
    ):
        check_primitive(f, 0.5, order=1)
        assert objection(f, 0.5).startswith("derivatives of order 2 agree with central differences")


@pytest.mark.parametrize(
    "pullback",
    [
        lambda x: lambda ct: float(ct) * math.cos(x),
        lambda x: lambda ct: primal(ct) * cos(primal(x)),
        lambda x: lambda ct: np.asarray(ct * cos(x), dtype=float)[()],
    ],
    ids=["float", "primal", "asarray"],
)
def test_a_pullback_of_plain_numbers_that_does_not_say_so(pullback):
    f = primitive(lambda x: (sin(primal(x)), pullback(x)))
    check_primitive(f, 0.5, order=1)
    text = objection(f, 0.5)
    assert text.startswith(
        "the pullback can be differentiated again; where it is not meant to be, write @primitive(order=1). "
        "Here that is not so:\n  raised:  "
    )
    check_primitive(primitive(lambda x: (sin(primal(x)), pullback(x)), order=1), 0.5)


def test_a_value_that_differs_where_nothing_is_differentiated():
    f = custom_vjp(lambda x: x**3, lambda x: (x**3 + 1, x), lambda x, ct: ct * 3 * x**2)
    text = objection(f, 2.0)
    assert text == (
        "plain values give the same value as RevDiffs. Here that is not so:\n"
        "  of plain values:  8.0\n"
        "  of RevDiffs:      9.0\n"
        "  in f(x)"
    )


@pytest.mark.parametrize(
    ("plain", "of_revdiffs"),
    [
        (lambda x: (x, x), lambda x: [x, x]),
        (lambda x: {"a": x}, lambda x: {"b": x}),
        (lambda x: np.ones(2) * x, lambda x: np.ones(3) * x),
    ],
    ids=["type", "keys", "shape"],
)
def test_a_value_of_another_form_where_nothing_is_differentiated(plain, of_revdiffs):
    f = custom_vjp(plain, lambda x: (of_revdiffs(x), None), lambda _, ct: ct)
    text = objection(f, 2.0)
    assert text.startswith("plain values give the same value as RevDiffs. Here that is not so:\n  of plain values:  ")


def test_arguments_are_left_as_they_are():
    @primitive
    def careless(x):
        x += 1.0
        return x.sum(), lambda ct: ct * np.ones(3)

    assert objection(careless, np.zeros(3)).startswith("a function leaves its arguments as they are")


@pytest.mark.parametrize("n", [3, 3000])
def test_the_pullback_leaves_arguments_and_cotangents_as_they_are(n):
    @primitive
    def first(x):
        def pullback(ct):
            x_bar = ct * 2.0 * x
            if type(x) is np.ndarray:
                x[0] = 7.0
            return x_bar

        return x * x, pullback

    @primitive
    def second(x):
        def pullback(ct):
            ct *= 2.0
            return ct

        return x * 2.0, pullback

    x = np.linspace(1.0, 2.0, n)
    with pytest.raises((LawError, revdiff.MutatedArrayError)):
        check_primitive(first, x)
    assert x[0] == 1.0
    assert objection(second, x).startswith("a pullback leaves as they are the arguments and the cotangent")


def test_a_pullback_that_spends_its_residuals():
    def body(x):
        kept = [2 * x]
        return x * x, lambda ct: ct * kept[0] if len(kept) < 2 and not kept.append(0) else ct * 0.0

    assert objection(primitive(body), 3.0).startswith("a pullback may be called again, and returns the same")


# ---------------------------------------------------------------------- what cannot be checked


def test_where_there_is_nothing_to_check():
    with pytest.raises(ArgumentError, match="not symbols"):
        check_primitive(cube, sympy.Symbol("x"))
    with pytest.raises(ArgumentError, match="give fused_loss arguments that are not static"):
        check_primitive(
            primitive(lambda: (10.0, lambda ct: ())) and primitive(fused_loss.__wrapped__, static=(0, 1)), 1.0, 2.0
        )
    with pytest.raises(ArgumentError, match="finite near the arguments"):
        check_primitive(primitive(lambda x: (np.inf, lambda ct: ct)), 1.0)
    with pytest.raises(MissingRuleError, match="has no derivative: it jumps"):
        check_primitive(no_gradient(lambda x: float(round(x)), "it jumps"), 1.3)


def test_what_is_no_check():
    with pytest.raises(ArgumentError, match=r"^check_primitive takes functions; met an int$"):
        check_primitive(3, 2.0)
    with pytest.raises(ArgumentError, match=r"^order is how many derivatives are checked, 1, 2, …; met 0$"):
        check_primitive(cube, 2.0, order=0)


def test_a_tolerance_and_an_order_may_be_given():
    coarse = primitive(lambda x: (x * x, lambda ct: ct * 2.01 * x))
    check_primitive(coarse, 1.0, rtol=0.1)
    assert objection(coarse, 1.0).startswith("the pullback of 1 is the gradient")
    check_primitive(cube, 1.3, order=4)


@pytest.mark.parametrize("x", [2.0, np.array([2.0, 3.0])], ids=["number", "array"])
@pytest.mark.parametrize("wrong", [np.inf, np.nan])
def test_an_infinite_derivative_is_not_close_to_a_finite_one(x, wrong):
    f = primitive(lambda x: (x * x, lambda ct: ct * 2 * x * wrong))
    assert objection(f, x).startswith("the pullback")
    with pytest.raises(LawError):
        check_grads(f, x, order=1)
