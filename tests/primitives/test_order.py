"""How often a primitive can be differentiated: what is declared, what is noticed, and what cannot be."""

from __future__ import annotations

import math

import numpy as np
import pytest

import revdiff
from revdiff import (
    ConversionError,
    MissingRuleError,
    PullbackError,
    checkpoint,
    custom_vjp,
    grad,
    hessian,
    hvp,
    init_diff,
    jacobian,
    jvp,
    linearize,
    nth_derivative,
    primal,
    primitive,
    simple_derivative,
    vjp,
)

# ---------------------------------------------------------------------- declared


@primitive(order=1)
def sine(x):
    """A sine of plain numbers."""
    return math.sin(x), lambda ct: float(ct) * math.cos(x)


@primitive(order=1)
def total(layer, factor):
    weight = np.asarray(layer["w"], dtype=float)
    return float(factor) * float((weight**2).sum()), lambda ct: (
        {"w": float(ct) * float(factor) * 2 * weight},
        float(ct) * float((weight**2).sum()),
    )


def test_what_is_written_for_plain_numbers_has_first_derivatives():
    assert sine(0.5) == math.sin(0.5)
    assert simple_derivative(lambda x: sine(x * x) * x)(0.5) == pytest.approx(math.sin(0.25) + 0.5 * math.cos(0.25))
    gradient, slope = grad(total, (0, 1))({"w": np.array([1.0, 2.0])}, 3.0)
    assert (gradient["w"].tolist(), slope) == ([6.0, 12.0], 5.0)


SECOND = (
    "sine has first derivatives only: its pullback was written for plain numbers, with order=1, "
    "and second and forward derivatives are derivatives of the pullback.\n"
    "  To have them:  write the pullback with functions that take RevDiffs, and leave out order=1."
)
SECOND_ORDER = {
    "a second derivative": lambda: nth_derivative(sine, 2)(0.5),
    "a third derivative": lambda: nth_derivative(sine, 3)(0.5),
    "a Hessian": lambda: hessian(lambda p: sine(p[0]) * p[1])((0.5, 2.0)),
    "a Hessian of a square": lambda: hessian(lambda x: sine(x) ** 2)(0.5),
    "a product with the Hessian": lambda: hvp(sine, 0.5, 1.0),
    "a forward derivative": lambda: jvp(sine, 0.5, 1.0),
    "a linearization": lambda: linearize(sine, 0.5)[1](1.0),
    "an inner derivative": lambda: grad(lambda x: x * grad(sine)(x))(0.5),
    "a derivative by an inner cotangent": lambda: grad(lambda x: grad(lambda y: sine(y) * x)(0.5))(2.0),
    "a checkpoint": lambda: hessian(checkpoint(sine))(0.5),
    "a pullback": lambda: grad(lambda x: vjp(sine, x)[1](1.0))(0.5),
}


@pytest.mark.parametrize("way", SECOND_ORDER)
def test_beyond_the_first_derivative_it_says_so(way):
    with pytest.raises(MissingRuleError) as error:
        SECOND_ORDER[way]()
    assert str(error.value).startswith(SECOND)


def test_the_residual_form_may_be_declared_too():
    f = custom_vjp(math.sin, lambda x: (math.sin(x), math.cos(x)), lambda slope, ct: float(ct) * slope, order=1)
    assert simple_derivative(f)(0.5) == math.cos(0.5)
    with pytest.raises(MissingRuleError, match=r"^sin has first derivatives only"):
        nth_derivative(f, 2)(0.5)


def test_second_derivatives_that_do_not_need_it_are_right():
    assert nth_derivative(lambda x: x**3 + (0.0 if sine(x) > 2 else x), 2)(0.5) == 3.0
    assert grad(lambda x: x * grad(lambda y: sine(y) * 2)(0.5))(3.0) == 2 * math.cos(0.5)
    assert hessian(lambda p: p[0] ** 2 * p[1] + 0 * sine(primal(p[1])))((2.0, 3.0)) == ((6.0, 4.0), (4.0, 0.0))


def test_the_rows_of_a_jacobian_are_no_second_derivatives():
    @primitive(order=1)
    def waves(x):
        return np.sin(x), lambda ct: ct * np.cos(x)

    x = np.array([0.1, 0.2, 0.3, 0.4])
    np.testing.assert_allclose(jacobian(lambda x: waves(x * x))(x), np.diag(2 * x * np.cos(x * x)), rtol=1e-12)
    with pytest.raises(MissingRuleError, match="waves has first derivatives only"):
        grad(lambda x: jacobian(lambda x: waves(x * x))(x).sum())(x)
    with pytest.raises(MissingRuleError, match="waves has first derivatives only"):
        jacobian(jacobian(waves))(x)
    with pytest.raises(MissingRuleError, match="waves has first derivatives only"):
        hessian(lambda x: (waves(x) ** 2).sum())(x)
    # The pullback above happens to be written with functions that can be differentiated, by the cotangent too.
    assert grad(lambda s: jacobian(lambda x: waves(x) * s)(x).sum())(2.0) == pytest.approx(np.cos(x).sum())


def test_one_that_closes_over_an_outer_variable_is_right_or_refused():
    def outer(s):
        scaled = primitive(lambda x: (math.sin(x) * s, lambda ct: ct * math.cos(x) * s), order=1)
        return simple_derivative(scaled)(0.5)

    assert simple_derivative(outer)(2.0) == pytest.approx(math.cos(0.5))


# ---------------------------------------------------------------------- not declared, and noticed


def test_a_conversion_that_a_second_derivative_meets_says_what_to_declare():
    @primitive
    def undeclared(x):
        return math.sin(primal(x)), lambda ct: float(ct) * math.cos(x)

    assert simple_derivative(undeclared)(0.5) == math.cos(0.5)
    for second in (lambda: nth_derivative(undeclared, 2)(0.5), lambda: jvp(undeclared, 0.5, 1.0)):
        with pytest.raises(ConversionError) as error:
            second()
        assert error.value.__notes__[-1] == (
            "In the primitive undeclared: for second and forward derivatives its pullback is differentiated.\n"
            "  If there are to be first derivatives only:  @primitive(order=1)"
        )


def test_a_conversion_of_the_users_own_is_not_explained_by_what_it_is_not():
    with pytest.raises(ConversionError) as error:
        primitive(lambda x: (float(init_diff(2.0)), lambda ct: ct))(3.0)
    assert not hasattr(error.value, "__notes__")


DROPPED = {
    "primal": primitive(lambda x: (np.sin(primal(x)), lambda ct: primal(ct) * np.cos(primal(x)))),
    "a constant": primitive(lambda x: (2.0 * x, lambda ct: np.ones(np.shape(primal(x))) * 2.0)),
    "in a pair": primitive(lambda x: ((x, x), lambda ct: primal(ct[0]) + primal(ct[1]))),
}


@pytest.mark.parametrize("name", DROPPED)
@pytest.mark.parametrize("x", [0.5, np.array([0.5, 1.0])], ids=["number", "array"])
def test_a_cotangent_that_loses_its_derivative_is_noticed(name, x):
    f = DROPPED[name] if name != "in a pair" else lambda x: DROPPED[name](x)[0] + DROPPED[name](x)[1]
    of_x = lambda x: np.sum(f(x) ** 2)
    grad(of_x)(x)
    text = "met a cotangent that carries a derivative, and returned plain numbers"
    with pytest.raises(PullbackError, match=text) as error:
        hessian(of_x)(x)
    assert "without primal(ct)" in str(error.value)
    assert str(error.value).endswith("@primitive(order=1)")
    with pytest.raises(PullbackError, match=text):
        jvp(f, x, x * 0 + 1)


def test_a_pullback_that_is_zero_or_linear_is_no_mistake():
    nothing = primitive(lambda x: (np.round(primal(x)), lambda ct: np.zeros(2)))
    through = primitive(lambda x: (np.round(primal(x)), lambda ct: ct))
    x = np.array([1.2, 2.7])
    np.testing.assert_array_equal(hessian(lambda x: (nothing(x) * x).sum())(x), np.zeros((2, 2)))
    np.testing.assert_array_equal(jvp(nothing, x, np.ones(2))[1], np.zeros(2))
    np.testing.assert_array_equal(hessian(lambda x: (through(x) ** 2).sum())(x), 2 * np.eye(2))
    ten = primitive(lambda x, y: (10.0, lambda ct: (None, None)))
    assert hessian(lambda p: ten(p[0], p[1]) * p[0] ** 2)((2.0, 3.0)) == ((20.0, 0.0), (0.0, 0.0))


def test_what_depends_on_a_part_of_the_cotangent_may_be_plain():
    """Only one of two results is used further in a way that gives its cotangent a derivative."""
    pair = primitive(lambda x: ((x * x, 3.0 * x), lambda ct: ct[0] * 2 * x + ct[1] * 3.0))
    assert nth_derivative(lambda x: pair(x)[0] ** 2 + pair(x)[1], 2)(2.0) == 48.0


def test_a_pullback_that_holds_its_arguments_constant_is_not_noticed():
    """Nothing tells it from a function whose derivative is constant. `revdiff.testing.check_primitive` finds it."""
    constant = primitive(lambda x: (revdiff.sin(x), lambda ct: ct * math.cos(primal(x))))
    assert nth_derivative(constant, 2)(0.5) == 0.0
