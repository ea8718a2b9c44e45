"""What a primitive is given: static arguments, and RevDiffs in places that its pullback does not reach."""

from __future__ import annotations

import numpy as np
import pytest

from revdiff import ArgumentError, RevDiffError, custom_vjp, grad, nth_derivative, primal, primitive, simple_derivative


def test_static_arguments_by_position_and_by_name():
    for static in (1, "n", (1,), ("n",)):
        power = primitive(lambda x, n: (x**n, lambda ct: ct * n * x ** (n - 1)), static=static)
        assert power(2.0, 3) == 8.0
        assert nth_derivative(lambda x, power=power: power(x, 3), 2)(2.0) == 12.0
        assert simple_derivative(lambda x, power=power: power(x, n=3))(2.0) == 12.0


def test_a_static_argument_may_be_anything_anywhere():
    @primitive(static=(0, 2))
    def apply(f, x, table, y):
        return f(x) * table["k"] * y, lambda ct: (ct * table["k"] * y * 2 * x, ct * table["k"] * f(x))

    assert grad(lambda x, y: apply(lambda x: x * x, x, {"k": 5.0}, y), (0, 1))(3.0, 2.0) == (60.0, 45.0)


def test_the_residual_form_takes_static_arguments_too():
    power = custom_vjp(
        lambda x, n: x**n,
        lambda x, n: (x**n, (x, n)),
        lambda kept, ct: ct * kept[1] * kept[0] ** (kept[1] - 1),
        static=1,
    )
    assert nth_derivative(lambda x: power(x, 3), 3)(2.0) == 6.0


def test_a_revdiff_in_a_static_place_is_refused():
    power = primitive(lambda x, n: (x**n, lambda ct: ct * n * x ** (n - 1)), static="n")
    for wrong in (lambda x: power(2.0, x), lambda x: power(x, (1.0, x)), lambda x: power(2.0, n=x)):
        with pytest.raises(ArgumentError, match="static"):
            simple_derivative(wrong)(3.0)


@pytest.mark.parametrize(
    ("static", "text"),
    [
        ("m", r"static names 'm', and <lambda> has no such positional argument; it has x, n"),
        (-1, "static is a position, a name, or a tuple of these; met an int"),
        (1.5, "met a float"),
        ((0, True), "met True"),
    ],
)
def test_what_static_may_be(static, text):
    with pytest.raises(ArgumentError, match=text):
        primitive(lambda x, n: (x, lambda ct: ct), static=static)


def test_keyword_arguments_are_static():
    @primitive
    def power(x, *, n):
        return x**n, lambda ct: ct * n * x ** (n - 1)

    assert nth_derivative(lambda x: power(x, n=3), 2)(2.0) == 12.0
    with pytest.raises(RevDiffError, match=r"keyword|static"):
        simple_derivative(lambda x: power(2.0, n=x))(3.0)


def test_a_revdiff_inside_an_argument_does_not_bypass_the_primitive():
    straight = primitive(lambda xs: (float(round(primal(min(xs)))), lambda ct: type(xs)([ct])))
    assert simple_derivative(lambda x: straight([x]))(3.7) == 1.0
    with pytest.raises(RevDiffError, match="structures of them"):
        simple_derivative(lambda x: straight(np.array([x])))(3.7)


def test_static_arguments_may_be_left_to_their_defaults():
    scaled = primitive(lambda x, a=2.0, b=3.0: (a * b * x, lambda ct: ct * a * b), static=(1, 2))
    assert [simple_derivative(f)(1.0) for f in (scaled, lambda x: scaled(x, 5.0))] == [6.0, 15.0]


def test_a_static_argument_is_one_that_there_is():
    for position in (1, 5):
        with pytest.raises(
            ArgumentError, match=rf"^static names position {position}, from 0, and <lambda> has no such"
        ):
            primitive(lambda x: (x, lambda ct: ct), static=position)
    assert primitive(lambda *xs: (xs[0] * xs[1], lambda ct: ct * xs[1]), static=1)(2.0, 3.0) == 6.0
