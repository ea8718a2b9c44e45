"""Derivatives written by hand: always right, or a clear error, and never a wrong number in silence."""

from __future__ import annotations

import dataclasses
import math
import pickle
from fractions import Fraction

import numpy as np
import pytest
import sympy

import revdiff
from revdiff import (
    DifferentiableFunc,
    MixedLayersError,
    PullbackError,
    RevDiff,
    RevDiffError,
    args_derivative,
    call,
    const_diff,
    constant,
    cos,
    from_derivative,
    grad,
    hessian,
    init_diff,
    jacobian,
    jvp,
    nth_derivative,
    primal,
    primitive,
    simple_derivative,
    simple_value_and_derivative,
    sin,
    stop_diff,
    stop_gradient,
    vjp,
)

# ---------------------------------------------------------------------- the literal style


def sine(x):
    return RevDiff(sin(x.value), x.backprop @ (lambda ct: ct * cos(x.value)))


def product(x, y):
    return RevDiff(
        x.value * y.value,
        x.backprop @ (lambda ct: ct * y.value) + y.backprop @ (lambda ct: ct * x.value),
    )


@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize(
    "x", [0.3, np.array([0.3, 0.3]), np.float64(0.3), Fraction(3, 10)], ids=lambda x: type(x).__name__
)
def test_a_rule_on_the_two_fields_is_differentiable_to_any_order(order, x):
    expected = float(sympy.diff(sympy.sin(sympy.Symbol("t")), sympy.Symbol("t"), order).subs("t", 0.3))
    np.testing.assert_allclose(nth_derivative(sine, order)(x), np.full(np.shape(x), expected))


def test_a_rule_on_the_two_fields_mixes_with_the_librarys_own():
    f = lambda x: product(sine(x * x), sin(x)) / x
    t = sympy.Symbol("t")
    for order in (1, 2, 3):
        expected = float(sympy.diff(sympy.sin(t**2) * sympy.sin(t) / t, t, order).subs(t, 0.7))
        assert nth_derivative(f, order)(0.7) == pytest.approx(expected, rel=1e-9)


def test_a_rule_of_two_arguments_works_in_every_operator():
    f = product
    assert grad(f, (0, 1))(2.0, 3.0) == (3.0, 2.0)
    assert args_derivative(args_derivative(f))(2.0, 3.0) == ((0.0, 1.0), (1.0, 0.0))
    assert hessian(f, (0, 1))(2.0, 3.0) == ((0.0, 1.0), (1.0, 0.0))
    assert jvp(f, (2.0, 3.0), (1.0, 10.0)) == (6.0, 23.0)
    assert simple_derivative(lambda x: product(x, x))(3.0) == 6.0


def test_a_rule_on_the_two_fields_may_be_used_inside_a_nested_derivative_of_its_own_variable():
    assert simple_derivative(lambda x: x * simple_derivative(lambda y: product(y, y) * x)(x))(2.0) == pytest.approx(
        6 * 4.0
    )


# Functions in the literal style of the ancestors, some right, some with a mistake that a user could make.
# Each claims to be x ↦ x³ of one RevDiff; what comes out must be 3x², or an error.


def with_plain_function(x):
    return RevDiff(x.value**3, lambda ct: x.backprop(ct * 3 * x.value**2))


def with_composition(x):
    return RevDiff(x.value**3, x.backprop @ (lambda ct: ct * 3 * x.value**2))


def with_the_variable_inside_the_local_map(x):
    return RevDiff(x.value**3, x.backprop @ (lambda ct: ct * 3 * x**2))


def with_the_variable_inside_the_value(x):
    return RevDiff(x**3, x.backprop @ (lambda ct: ct * 3 * x.value**2))


def with_the_variable_in_both(x):
    return RevDiff(x**3, x.backprop @ (lambda ct: ct * 3 * x**2))


def with_a_plain_function_and_the_variable_inside_the_value(x):
    return RevDiff(x**3, lambda ct: x.backprop(ct * 3 * x.value**2))


def with_a_sum_of_plain_functions(x):
    y = RevDiff(x.value * x.value, lambda ct: x.backprop(ct * x.value) + x.backprop(ct * x.value))
    return RevDiff(x.value * y.value, lambda ct: x.backprop(ct * y.value) + y.backprop(ct * x.value))


def with_a_plain_function_used_in_operations(x):
    square = RevDiff(x.value**2, lambda ct: x.backprop(ct * 2 * x.value))
    return square * x


def with_a_plain_function_used_alone_in_operations(x):
    return RevDiff(x.value**1.5, lambda ct: x.backprop(ct * 1.5 * x.value**0.5)) ** 2


def with_a_plain_function_that_is_composed(x):
    square = RevDiff(x.value**2, lambda ct: x.backprop(ct * 2 * x.value))
    return RevDiff(
        square.value * x.value,
        square.backprop @ (lambda ct: ct * x.value) + x.backprop @ (lambda ct: ct * square.value),
    )


def with_replace(x):
    return dataclasses.replace(x, value=x.value**3, backprop=x.backprop @ (lambda ct: ct * 3 * x.value**2))


def with_replace_and_plain_function(x):
    return dataclasses.replace(x, value=x.value**3, backprop=lambda ct: x.backprop(ct * 3 * x.value**2))


def with_a_pickled_copy(x):
    return pickle.loads(pickle.dumps(x)) ** 3


def with_a_pickled_copy_beside_the_live_one(x):
    return pickle.loads(pickle.dumps(x)) ** 2 * x


def with_a_pickled_pullback(x):
    return RevDiff(x.value**3, pickle.loads(pickle.dumps(x.backprop)) @ (lambda ct: ct * 3 * x.value**2))


def with_a_fresh_variable(x):
    y = init_diff(x.value)
    return y**3


def with_a_fresh_variable_around_the_old_one(x):
    y = init_diff(x)
    return y**3


def with_a_fresh_variable_and_the_old_pullback(x):
    y = init_diff(x.value) ** 3
    return RevDiff(y.value, lambda ct: x.backprop(y.backprop(ct)))


def with_a_fresh_variable_composed(x):
    y = init_diff(x.value) ** 3
    return RevDiff(y.value, x.backprop @ (lambda ct: y.backprop(ct)))  # noqa: PLW0108


def with_the_pullback_of_a_later_result(x):
    y = x**3
    return RevDiff(x.value**3, y.backprop)


def with_a_primitive_that_is_given_the_variable_as_a_keyword(x):
    @primitive
    def scaled_cube(x, *, factor):
        return x**2 * factor, lambda ct: ct * 2 * x * factor

    return scaled_cube(x, factor=x)


def with_a_primitive_that_closes_over_the_variable(x):
    @primitive
    def times_square(y):
        return y * x**2, lambda ct: ct * x**2

    return times_square(x)


def with_a_primitive_in_whose_pullback_the_variable_hides(x):
    @primitive
    def cube(y):
        return y**3, lambda ct: ct * 3 * x**2

    return cube(x)


def with_a_primitive_of_a_list(x):
    @primitive
    def cube_first(xs):
        return xs[0] ** 3, lambda ct: [ct * 3 * xs[0] ** 2]

    return cube_first([x])


def with_a_numpy_array_of_objects(x):
    return np.prod(np.array([x, x, x]))


def with_an_object_array_value(x):
    return RevDiff(np.array([x, x * x], dtype=object), x.backprop @ (lambda ct: ct[0] + ct[1] * 2 * x.value))[1] * x


def with_a_value_replaced_in_place(x):
    y = x * 1.0
    y.value = x.value**3
    return RevDiff(y.value, x.backprop @ (lambda ct: ct * 3 * x.value**2))


CLAIMS = [value for name, value in sorted(globals().items()) if name.startswith("with_")]
READERS = {
    "simple_derivative": lambda f, x: simple_derivative(f)(x),
    "grad": lambda f, x: grad(f)(x),
    "vjp": lambda f, x: vjp(f, x)[1](1.0),
    "jvp": lambda f, x: jvp(f, x, 1.0)[1],
    "jacobian": lambda f, x: jacobian(f)(x),
    "times two": lambda f, x: simple_derivative(lambda x: f(x) * 2.0)(x) / 2.0,
    "plus x": lambda f, x: simple_derivative(lambda x: f(x) + x)(x) - 1.0,
    "inside sin": lambda f, x: simple_derivative(lambda x: sin(f(x)))(x) / cos(x**3),
    "in a pair": lambda f, x: revdiff.scalar_arg_derivative(lambda x: (x, f(x)))(x)[1],
    "nested, outer": lambda f, x: simple_derivative(lambda x: f(x) * simple_derivative(lambda y: y)(x))(x),
    "nested, inner": lambda f, x: simple_derivative(lambda x: x * simple_derivative(f)(2.0))(x) / 12.0 * 3 * x**2,
    "nested, inner at x": lambda f, x: simple_derivative(lambda x: simple_derivative(f)(x) * x)(x) / 9 * 3,
    "nested, inner over x": lambda f, x: (
        simple_derivative(lambda x: simple_derivative(lambda y: f(y) * x)(x))(x) / 9 * 3
    ),
}


def right_or_refused(result, expected):
    """Run ``result``: it must give this number, as a plain number, or a clear error."""
    try:
        number = result()
    except RevDiffError as error:
        message = str(error)
        assert "\n" in message or len(message) > 40, "an error must say what to do"
        return
    assert not isinstance(number, RevDiff), f"a RevDiff of a derivative that is over came out: {number!r}"
    assert number == pytest.approx(expected, rel=1e-9), "a wrong derivative in silence"


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("f", CLAIMS, ids=lambda f: f.__name__)
def test_a_function_written_by_hand_is_right_or_refused(f, reader):
    right_or_refused(lambda: READERS[reader](f, 1.3), 3 * 1.3**2)


@pytest.mark.parametrize("f", CLAIMS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("order", [2, 3])
def test_a_function_written_by_hand_is_right_or_refused_at_higher_orders(f, order):
    right_or_refused(lambda: nth_derivative(f, order)(1.3), {2: 6 * 1.3, 3: 6.0}[order])


DOCUMENTED = [with_composition, with_replace, with_the_pullback_of_a_later_result]
READ = [(f, reader) for f in DOCUMENTED for reader in READERS if f is not DOCUMENTED[-1] or "nested" not in reader]


@pytest.mark.parametrize(("f", "reader"), READ)
def test_the_documented_style_is_never_refused(f, reader):
    assert READERS[reader](f, 1.3) == pytest.approx(3 * 1.3**2, rel=1e-9)


def test_the_plain_function_style_names_what_to_write():
    with pytest.raises(MixedLayersError, match=r"RevDiff\(v, x\.backprop @ \(lambda ct: …\)\)") as caught:
        simple_derivative(with_plain_function)(1.3)
    assert "lambda ct: x.backprop(" in str(caught.value)
    with pytest.raises(MixedLayersError, match=r"write: +RevDiff\(v, x\.backprop @ \(lambda ct: d \* ct\)\)"):
        simple_derivative(with_a_plain_function_used_in_operations)(1.3)


def test_a_value_above_its_pullback_names_what_to_write():
    with pytest.raises(MixedLayersError, match=r"write: +RevDiff\(f\(x\.value\), x\.backprop @ …\)"):
        simple_derivative(with_the_variable_inside_the_value)(1.3)


def test_a_plain_function_is_right_where_it_is_read_by_itself():
    x = init_diff(1.3)
    y = with_plain_function(x)
    assert y.backprop(1.0) == pytest.approx(3 * 1.3**2)
    assert (y * y + 2.0 * y).backprop(1.0) == pytest.approx((2 * 1.3**3 + 2) * 3 * 1.3**2)
    assert with_a_sum_of_plain_functions(x).backprop(1.0) == pytest.approx(3 * 1.3**2)


def test_the_pullback_of_an_inner_variable_under_an_outer_value_is_refused():
    def f(x):
        def inner(y):
            return RevDiff(x.value * y.value, y.backprop @ (lambda ct: ct * x) + x.backprop @ (lambda ct: ct * y))

        return simple_derivative(inner)(3.0)

    with pytest.raises(MixedLayersError, match="different variables"):
        simple_derivative(f)(2.0)


def test_an_outer_value_over_an_inner_pullback_is_right():
    def f(x):
        return simple_derivative(lambda y: RevDiff(x * y.value, y.backprop @ (lambda ct: ct * x)))(3.0)

    assert f(init_diff(2.0)).backprop(1.0) == 1.0
    assert simple_derivative(lambda x: f(x) * x)(2.0) == 4.0


def test_an_inner_value_over_an_outer_pullback_is_refused():
    def f(x):
        simple_derivative(lambda y: RevDiff(x.value * y, x.backprop @ (lambda ct: ct * y)))(3.0)
        return x

    with pytest.raises(MixedLayersError, match="below the layer of its pullback"):
        simple_derivative(f)(2.0)


def test_a_local_map_that_forgets_its_return_is_no_silent_zero():
    def forgetful(ct):
        ct * 2.0

    with pytest.raises(RevDiffError):
        simple_derivative(lambda x: RevDiff(x.value * 2.0, x.backprop @ forgetful))(3.0)
    with pytest.raises(RevDiffError):
        simple_derivative(primitive(lambda x: (x * 2.0, forgetful)))(3.0)


@pytest.mark.parametrize("wrong", ["text", [1.0], {"a": 1}, (1.0,)], ids=repr)
def test_a_pullback_that_returns_no_cotangent_is_no_silent_result(wrong):
    """What comes back for a number must be a number."""
    for f in (
        lambda x: RevDiff(x.value * 2.0, x.backprop @ (lambda ct: wrong)),
        primitive(lambda x: (x * 2.0, lambda ct: wrong)),
    ):
        with pytest.raises((RevDiffError, TypeError)):
            simple_derivative(f)(3.0)


def test_a_pullback_of_the_wrong_shape_is_no_silent_result():
    with pytest.raises((RevDiffError, ValueError)):
        grad(lambda x: primitive(lambda x: (x * 2.0, lambda ct: np.ones(2)))(x).sum())(np.ones(3))


# ---------------------------------------------------------------------- pickles beside live RevDiffs


def test_pickles_are_right_by_themselves_and_refused_beside_the_living():
    x = init_diff(2.0)
    y = x * x
    loaded = pickle.loads(pickle.dumps(y))
    assert (loaded * 3.0).backprop(1.0) == 12.0
    for mix in (lambda: loaded * x, lambda: y + loaded, lambda: revdiff.maximum(loaded, y)):
        with pytest.raises(MixedLayersError, match="pickled and loaded"):
            mix()


def test_two_revdiffs_of_one_pickle_are_right_or_refused_together():
    x = init_diff(2.0)
    a, b = pickle.loads(pickle.dumps((x * x, x * x * x)))
    right_or_refused(lambda: (a * b).backprop(1.0), 5 * 2.0**4)


def test_a_pickle_of_a_nested_revdiff_is_right_or_refused():
    inner = init_diff(2.0)
    outer = init_diff(inner)
    data = pickle.dumps(outer * outer * outer)
    right_or_refused(lambda: pickle.loads(data).backprop(1.0).backprop(1.0), 12.0)


def test_differentiating_at_a_loaded_revdiff_is_right_or_refused():
    loaded = pickle.loads(pickle.dumps(init_diff(2.0)))
    right_or_refused(lambda: simple_derivative(lambda x: x * x * x)(loaded).backprop(1.0), 12.0)
    right_or_refused(lambda: simple_derivative(lambda x: x * x * loaded)(3.0).backprop(1.0), 6.0)


# ---------------------------------------------------------------------- primitive


@primitive
def cube(x):
    return x**3, lambda ct: ct * 3 * x**2


@primitive
def times(x, y):
    return x * y, lambda ct: (ct * y, ct * x)


@primitive
def polar(pair):
    x, y = pair
    r = revdiff.sqrt(x * x + y * y)
    return (r, (revdiff.atan2(y, x),)), lambda ct: (
        ct[0] * x / r - ct[1][0] * y / (r * r),
        ct[0] * y / r + ct[1][0] * x / (r * r),
    )


@pytest.mark.parametrize("order", [0, 1, 2, 3, 4])
@pytest.mark.parametrize(
    "x",
    [1.3, 2, Fraction(1, 2), np.float64(1.3), np.array([1.3, 0.5]), sympy.Symbol("x")],
    ids=lambda x: type(x).__name__,
)
def test_a_primitive_is_differentiable_to_any_order_in_every_number_system(x, order):
    expected = [x**3, 3 * x**2, 6 * x, 6 * x / x, 0 * x][order]
    result = nth_derivative(cube, order)(x)
    if isinstance(x, sympy.Basic):
        assert sympy.simplify(result - expected) == 0
    else:
        np.testing.assert_allclose(np.asarray(result, float), np.asarray(expected, float), rtol=1e-12)


def test_a_primitive_of_plain_values_gives_plain_values():
    assert cube(2.0) == 8.0
    assert times(2, 3) == 6
    assert not isinstance(cube(const_diff(2.0)).backprop(1.0), RevDiff)


def test_a_primitive_of_several_arguments():
    assert grad(times, (0, 1))(2.0, 3.0) == (3.0, 2.0)
    assert simple_derivative(lambda x: times(x, x))(3.0) == 6.0
    assert simple_derivative(lambda x: times(x, 5.0))(3.0) == 5.0
    assert simple_derivative(lambda x: times(5, x))(3.0) == 5.0
    assert hessian(times, (0, 1))(2.0, 3.0) == ((0.0, 1.0), (1.0, 0.0))


def test_a_primitive_of_structures():
    j = jacobian(polar)((3.0, 4.0))
    assert j[0] == pytest.approx((0.6, 0.8))
    assert j[1][0] == pytest.approx((-4 / 25, 3 / 25))
    t = sympy.symbols("x y")
    expected = sympy.sqrt(t[0] ** 2 + t[1] ** 2)
    h = hessian(lambda p: polar(p)[0])((3.0, 4.0))
    for i in range(2):
        for k in range(2):
            assert h[i][k] == pytest.approx(float(expected.diff(t[i], t[k]).subs(dict(zip(t, (3, 4), strict=True)))))


def test_a_structured_argument_may_hold_constants_and_variables():
    assert simple_derivative(lambda x: polar((x, 4.0))[0])(3.0) == pytest.approx(0.6)
    assert simple_derivative(lambda x: polar((3.0, x))[1][0])(4.0) == pytest.approx(3 / 25)
    assert simple_derivative(lambda x: polar((x, x))[0])(3.0) == pytest.approx(math.sqrt(2))
    assert simple_derivative(lambda x: polar((const_diff(3.0), x))[0])(4.0) == pytest.approx(0.8)


def test_none_stands_for_no_cotangent_of_an_argument():
    first = primitive(lambda x, label: (x * 2.0, lambda ct: (ct * 2.0, None)))
    assert simple_derivative(lambda x: first(x, "name"))(3.0) == 2.0
    assert grad(first, (0, 1))(3.0, 4.0) == (2.0, 0.0)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_the_layers_of_nested_derivatives_are_aligned(order):
    f = lambda x: x * simple_derivative(lambda y: times(x, cube(y)))(x)  # 3 x⁴
    t = sympy.Symbol("t")
    assert nth_derivative(f, order)(1.5) == pytest.approx(float(sympy.diff(3 * t**4, t, order).subs(t, 1.5)))


def test_the_pullback_written_by_hand_is_the_one_that_is_used_at_every_layer():
    """A straight-through round: derivative 1 in the outer and in the inner derivative."""
    through = primitive(lambda x: (round(primal(x)), lambda ct: ct))
    assert simple_derivative(lambda x: 2 * through(x))(3.7) == 2
    assert simple_derivative(lambda x: simple_derivative(lambda y: y * through(x))(1.0))(3.7) == 1.0
    assert simple_derivative(lambda x: through(x * through(x)))(3.0) == 6.0


def test_a_pullback_that_lies_is_believed():
    liar = primitive(lambda x: (x * x, lambda ct: ct * 1000.0))
    assert simple_derivative(liar)(3.0) == 1000.0
    assert nth_derivative(lambda x: x * liar(x), 2)(3.0) == pytest.approx(2000.0)


def test_the_pullback_of_a_primitive_runs_once_in_a_sweep():
    calls = []

    @primitive
    def pair(x):
        def pullback(ct):
            calls.append(ct)
            return ct[0] * 2.0 + ct[1] * 3.0

        return (x * 2.0, x * 3.0), pullback

    def f(x):
        a, b = pair(x)
        return a * b + a + b

    assert simple_derivative(f)(1.0) == 2 * 2 * 3 * 1.0 + 5.0
    assert calls == [(4.0, 3.0)]


def test_unused_results_of_a_primitive_arrive_as_zeros():
    seen = []
    pair = primitive(lambda x: ((x, np.ones(2) * primal(x)), lambda ct: seen.append(ct) or ct[0]))
    assert simple_derivative(lambda x: pair(x)[0])(2.0) == 1.0
    np.testing.assert_array_equal(seen[0][1], np.zeros(2))


def test_a_primitive_keeps_name_and_documentation():
    @primitive
    def named(x):
        """Say something."""
        return x, lambda ct: ct

    assert named.__name__ == "named"
    assert named.__doc__ == "Say something."


def test_arguments_of_other_types_pass_through_a_primitive():
    def f(x, text, table, *, flag):
        assert (text, table, flag) == ("abc", {"k": 1}, None)
        return x * len(text), lambda ct: (ct * len(text), None, None)

    assert simple_derivative(lambda x: primitive(f)(x, "abc", {"k": 1}, flag=None))(2.0) == 3.0


# ---------------------------------------------------------------------- from_derivative


def test_from_derivative_is_differentiable_as_often_as_its_derivative():
    f = from_derivative(math.sin, cos)
    assert simple_value_and_derivative(f)(0.5) == pytest.approx((math.sin(0.5), math.cos(0.5)))
    assert nth_derivative(f, 3)(0.5) == pytest.approx(-math.cos(0.5))
    assert simple_derivative(lambda x: f(f(x)) * x)(0.5) == pytest.approx(
        math.sin(math.sin(0.5)) + 0.5 * math.cos(math.sin(0.5)) * math.cos(0.5)
    )


def test_two_functions_may_be_each_others_derivative():
    f = from_derivative(math.sin, lambda x: g(x))  # noqa: PLW0108
    g = from_derivative(math.cos, lambda x: -f(x))
    for n, expected in enumerate([math.sin(0.5), math.cos(0.5), -math.sin(0.5), -math.cos(0.5), math.sin(0.5)]):
        assert nth_derivative(f, n)(0.5) == pytest.approx(expected)


def test_from_derivative_works_on_arrays_and_expressions():
    np.testing.assert_allclose(
        simple_derivative(from_derivative(np.sin, cos))(np.array([0.1, 0.2])), np.cos([0.1, 0.2])
    )
    x = sympy.Symbol("x")
    assert nth_derivative(from_derivative(sympy.sin, cos), 2)(x) == -sympy.sin(x)


def test_from_derivative_at_plain_values_is_the_function():
    assert from_derivative(math.sin, cos)(0.5) == math.sin(0.5)
    assert from_derivative(math.sin, cos).__name__ == "sin"


# ---------------------------------------------------------------------- constants and cuts


def test_stop_diff_is_a_constant_of_the_derivative_being_taken():
    assert simple_derivative(lambda x: x * stop_diff(5.0))(2.0) == 5.0
    assert simple_derivative(lambda x: x * stop_diff(5.0) * stop_diff(2))(2.0) == 10.0
    np.testing.assert_array_equal(
        simple_derivative(lambda x: x * stop_diff(np.array([1.0, 2.0])))(np.ones(2)), [1.0, 2.0]
    )


def test_derivatives_that_a_stopped_value_carries_flow_on():
    for f in (
        lambda x: simple_derivative(lambda y: stop_diff(x) * y * y)(3.0),  # 6 x
        lambda x: simple_derivative(lambda y: stop_diff(x * 2.0) * y)(3.0) * 3.0,
    ):
        assert simple_derivative(f)(2.0) == 6.0
    # A point that was stopped before the inner derivative began is held for the outer one too, or it flows.
    assert simple_derivative(lambda x: simple_derivative(lambda y: x * y * y)(stop_diff(x)))(3.0) in {6.0, 12.0}


@pytest.mark.parametrize("lift", [stop_diff, const_diff])
def test_stopping_the_variable_itself_gives_a_plain_number(lift):
    for f, allowed in (
        (lambda x: x * lift(x), {3.0, 6.0}),
        (lambda x: x + lift(x), {1.0, 2.0}),
        (lambda x: lift(x) * lift(x) * x, {9.0, 27.0}),
        (lambda x: x * lift(lift(x)), {3.0, 6.0}),
    ):
        result = simple_derivative(f)(3.0)
        assert not isinstance(result, RevDiff), f"a layer of the derivative came out: {result!r}"
        assert result in allowed


@pytest.mark.parametrize("lift", [stop_diff, const_diff])
def test_a_stopped_inner_variable_beside_an_outer_one_gives_a_plain_number(lift):
    result = simple_derivative(lambda x: x * simple_derivative(lambda y: x * lift(y) * y)(2.0))(3.0)
    assert not isinstance(result, RevDiff), f"a layer of the derivative came out: {result!r}"
    assert result in {12.0, 24.0}  # y held, or not: d(2 x²)/dx or d(4 x²)/dx


def test_constant_lifts_to_the_layers_of_another_value():
    x = init_diff(init_diff(2.0))
    c = constant(5.0, x)
    assert isinstance(c, RevDiff)
    assert isinstance(c.value, RevDiff)
    assert primal(c) == 5.0
    assert primal(c.backprop(1.0)) == 0.0
    assert primal((c * x).backprop(1.0)) == 5.0
    assert constant(5.0, 2.0) == 5.0
    assert nth_derivative(lambda x: constant(5.0, x) * x * x, 2)(3.0) == 10.0


def test_stop_gradient_cuts_every_layer():
    assert simple_derivative(lambda x: x * stop_gradient(x))(3.0) == 3.0
    assert nth_derivative(lambda x: x * x * stop_gradient(x), 2)(3.0) == 6.0
    assert simple_derivative(lambda x: simple_derivative(lambda y: stop_gradient(x) * y * y)(x))(3.0) == 6.0
    assert simple_derivative(lambda x: stop_gradient((x, (x,)))[1][0] * x)(3.0) == 3.0
    assert stop_gradient(5.0) == 5.0


def test_stop_gradient_of_the_innermost_lets_the_outer_flow():
    f = lambda x: simple_derivative(lambda y: stop_gradient(x * y, innermost=True) * y)(3.0)  # 3 x
    assert simple_derivative(f)(2.0) == 3.0


def test_nothing_flows_through_a_stopped_value_in_arrays_and_structures():
    a = np.array([1.0, 2.0])
    np.testing.assert_array_equal(grad(lambda x: (x * stop_gradient(x * x)).sum())(a), a * a)
    assert grad(lambda p: p[0] * stop_gradient(p)[1])((3.0, 5.0)) == (5.0, 0.0)


# ---------------------------------------------------------------------- call, composition


def test_call_evaluates_plainly():
    assert call(lambda x: x * x)(3.0) == 9.0
    assert call(sine)(0.5) == pytest.approx(math.sin(0.5))
    assert call(product)(2.0, 3.0) == 6.0
    assert not isinstance(call(sine)(0.5), RevDiff)


def test_call_does_not_hide_errors_of_the_function():
    with pytest.raises(AttributeError, match="nothing"):
        call(lambda x: x.nothing)(3.0)
    with pytest.raises(ZeroDivisionError):
        call(lambda x: 1 / x)(0)

    class Thing:
        pass

    with pytest.raises(AttributeError):
        call(lambda x: Thing().value)(3.0)


def test_call_does_not_run_a_function_with_effects_twice_unless_it_must():
    runs = []
    call(lambda x: runs.append(x) or x * x)(3.0)
    assert len(runs) == 1


def test_differentiable_functions_compose_as_functions_do():
    assert isinstance(sine, DifferentiableFunc)
    assert isinstance(sin, DifferentiableFunc)
    both = lambda x: sine(cube(sin(x)))
    expected = math.cos(math.sin(0.5) ** 3) * 3 * math.sin(0.5) ** 2 * math.cos(0.5)
    assert simple_derivative(both)(0.5) == pytest.approx(expected)


# ---------------------------------------------------------------------- what a primitive must return


@pytest.mark.parametrize(
    "returned",
    [
        pytest.param(lambda x: x * 2, id="a value alone"),
        pytest.param(lambda x: None, id="nothing"),
        pytest.param(lambda x: (x, x), id="two values"),
        pytest.param(lambda x: (x, lambda ct: ct, 1), id="three"),
        pytest.param(lambda x: [x, lambda ct: ct], id="a list"),
        pytest.param(lambda x: (), id="an empty tuple"),
    ],
)
def test_a_primitive_must_return_a_value_and_a_pullback(returned):
    for use in (lambda: primitive(returned)(3.0), lambda: simple_derivative(primitive(returned))(3.0)):
        with pytest.raises(PullbackError, match=r"a primitive returns \(value, pullback\); <lambda> returned"):
            use()


@pytest.mark.parametrize(
    "cotangents",
    [lambda ct: ct, lambda ct: (ct,), lambda ct: (ct, ct, ct), lambda ct: [ct, ct], lambda ct: None],
    ids=["one", "a tuple of one", "a tuple of three", "a list", "nothing"],
)
def test_the_pullback_of_a_primitive_of_two_arguments_must_return_two_cotangents(cotangents):
    wrong = primitive(lambda x, y: (x * y, cotangents))
    with pytest.raises(
        PullbackError, match="with 2 arguments it must return a tuple of 2 cotangents, None where there is none"
    ):
        grad(wrong, (0, 1))(2.0, 3.0)


@pytest.mark.parametrize(
    "cotangents",
    [lambda ct: ct, lambda ct: (ct,), lambda ct: (ct, ct, ct), lambda ct: (ct, (ct,))],
    ids=["one", "a tuple of one", "a tuple of three", "too deep"],
)
def test_the_cotangent_of_a_structured_argument_must_have_its_structure(cotangents):
    wrong = primitive(lambda pair: (pair[0] * pair[1], cotangents))
    with pytest.raises(RevDiffError):
        grad(lambda x: wrong((x, x)))(2.0)


@pytest.mark.parametrize(
    ("x", "cotangent", "met"),
    [
        (2.0, lambda ct: True, r"True \(a bool\) as the cotangent of a float"),
        (2.0, lambda ct: object(), "an object as the cotangent of a float"),
        (2.0, lambda ct: {ct}, "a set as the cotangent of a float"),
        (2.0, lambda ct: (ct,), r"a tuple as the cotangent of a float\.\n  One cotangent, and no tuple, belongs to one argument"),
        (Fraction(1, 2), lambda ct: "ct", r"'ct' \(a str\) as the cotangent of a Fraction"),
        (2.0, lambda ct: ct * 1j, r"a complex number as the cotangent of a float\.\n  The cotangent of what is real is real:  revdiff\.real"),
        (np.ones(2), lambda ct: np.full(2, 1j), r"an array of complex numbers as the cotangent of an array of shape \(2,\)"),
        (np.ones(2), lambda ct: np.array(["a", "b"]), r"an array of dtype <U1 as the cotangent of an array of shape \(2,\)"),
        (np.ones(2), lambda ct: np.ones(3), r"an array of shape \(3,\) as the cotangent of an array of shape \(2,\)"),
    ],
)  # fmt: skip
def test_what_is_no_number_of_the_arguments_kind_is_no_cotangent(x, cotangent, met):
    wrong = primitive(lambda x: (np.sum(x), cotangent))
    with pytest.raises(PullbackError, match=f"^the pullback of <lambda> returned {met}"):
        grad(wrong)(x)


def test_a_function_as_the_value_of_a_primitive_has_no_derivative():
    curried = primitive(lambda x: ((lambda y: x * y), lambda ct: ct))
    assert curried(2.0)(3.0) == 6.0
    with pytest.raises(
        PullbackError, match=r"^the value of the primitive <lambda> is a function, of which there is no derivative$"
    ):
        grad(lambda x: curried(x)(3.0))(2.0)


def test_what_stands_in_the_place_of_the_pullback_is_said():
    with pytest.raises(PullbackError, match=r"returned a float in place of the pullback$"):
        primitive(lambda x: (x, x))(3.0)
    with pytest.raises(PullbackError, match=r"returned a tuple of 3$"):
        primitive(lambda x: (x, x, x))(3.0)


def test_what_is_cut_off_shows_the_numbers_and_cannot_change_them():
    y = init_diff(np.ones(2)) * 2
    shown = stop_gradient(y)
    with pytest.raises(ValueError, match="read-only"):
        shown[0] = 5.0
    y[0] = 7.0
    assert shown.tolist() == [2, 2]
