"""The derivative operators, against SymPy and finite differences; and what it is that they differentiate."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import revdiff
from revdiff import (
    args_derivative,
    array_arg_derivative,
    array_val_derivative,
    auto_arg,
    auto_val,
    const_diff,
    cos,
    custom_arg_derivative,
    custom_arg_val_derivative,
    custom_val_derivative,
    derivative_op,
    exp,
    gradient,
    init_diff,
    log,
    nth_derivative,
    partial_derivative,
    scalar_arg,
    scalar_arg_derivative,
    scalar_val,
    scalar_val_derivative,
    simple_derivative,
    simple_value_and_derivative,
    sin,
    three_args_derivative,
    three_args_derivative_over_x,
    three_args_derivative_over_y,
    three_args_derivative_over_z,
    tuple_arg,
    tuple_arg_derivative,
    tuple_val,
    tuple_val_derivative,
    two_args_derivative,
    two_args_derivative_over_x,
    two_args_derivative_over_y,
)

X, Y, Z = sympy.symbols("x y z", positive=True)
POINT = {X: sympy.Rational(7, 10), Y: sympy.Rational(13, 10), Z: sympy.Rational(2, 5)}


def at_point(expression, digits=20):
    return float(sympy.sympify(expression).subs(POINT).evalf(digits))


# Each works on numbers and on symbols; the oracle applies it to symbols and differentiates with SymPy.
ONE = [
    pytest.param(lambda x: x * x * x - 2 * x + 7, id="polynomial"),
    pytest.param(lambda x: sin(x) * cos(x) / x, id="quotient"),
    pytest.param(lambda x: exp(sin(x) ** 2), id="composition"),
    pytest.param(lambda x: log(x + x**3) ** 2 - 1 / x, id="logarithm"),
    pytest.param(lambda x: x**x, id="x to the x"),
    pytest.param(lambda x: 2**x + x**-2 + x**0.5, id="powers"),
    pytest.param(lambda x: 5 * x - x / 3 - (4 - x), id="linear"),
    pytest.param(lambda x: revdiff.sqrt(1 + x * x) * revdiff.atan(x), id="root and arc"),
]


@pytest.mark.parametrize("order", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("f", ONE)
def test_nth_derivative_agrees_with_sympy(f, order):
    expected = at_point(sympy.diff(f(X), X, order))
    assert nth_derivative(f, order)(0.7) == pytest.approx(expected, rel=1e-9)
    assert nth_derivative(f, order)(np.array([0.7, 0.7])) == pytest.approx(expected, rel=1e-9)
    symbolic = nth_derivative(f, order)(X)
    assert at_point(symbolic) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("f", ONE)
def test_value_and_derivative_gives_both(f):
    value, slope = simple_value_and_derivative(f)(0.7)
    assert value == f(0.7)
    assert slope == simple_derivative(f)(0.7)


@pytest.mark.parametrize("f", ONE)
def test_a_derivative_op_is_the_derivative_times_the_cotangent(f):
    slope = simple_derivative(f)(0.7)
    assert derivative_op(f, 0.7)(3.0) == pytest.approx(3.0 * slope)
    assert derivative_op(f, 0.7)(-1.0) == pytest.approx(-slope)


def test_the_derivative_of_an_array_is_taken_element_by_element():
    x = np.array([[0.1, 0.2], [0.3, 0.4]])
    np.testing.assert_allclose(simple_derivative(lambda x: sin(x) * x)(x), np.cos(x) * x + np.sin(x))


def test_a_derivative_may_be_passed_on_as_a_function():
    assert list(map(simple_derivative(lambda x: x * x), [1.0, 2.0, 3.0])) == [2.0, 4.0, 6.0]


def test_the_aliases_are_the_same_functions():
    assert revdiff.derivative is simple_derivative
    assert gradient is scalar_val_derivative
    assert revdiff.simple_differentiable_func is revdiff.from_derivative


# ---------------------------------------------------------------------- several arguments

TWO = [
    pytest.param(lambda x, y: x * y, id="x y"),
    pytest.param(lambda x, y: sin(x * y) + x / y, id="sin(xy) + x/y"),
    pytest.param(lambda x, y: x**y, id="x to the y"),
    pytest.param(lambda x, y: log(x + y * y) * exp(x), id="log, exp"),
    pytest.param(lambda x, y: x * x, id="of x alone"),
    pytest.param(lambda x, y: sympy.Integer(3) * y if isinstance(y, sympy.Basic) else 3 * y, id="of y alone"),
]


@pytest.mark.parametrize("f", TWO)
def test_two_argument_operators_agree_with_sympy(f):
    x, y = 0.7, 1.3
    e = sympy.sympify(f(X, Y))
    dx, dy = at_point(e.diff(X)), at_point(e.diff(Y))
    for operator in (two_args_derivative, args_derivative):
        assert operator(f)(x, y) == pytest.approx((dx, dy))
    assert two_args_derivative_over_x(f)(x, y) == pytest.approx(dx)
    assert two_args_derivative_over_y(f)(x, y) == pytest.approx(dy)
    assert partial_derivative(f, 0)(x, y) == pytest.approx(dx)
    assert partial_derivative(f, 1)(x, y) == partial_derivative(f, -1)(x, y) == pytest.approx(dy)
    assert tuple_arg_derivative(lambda p: f(*p))((x, y)) == pytest.approx((dx, dy))
    assert gradient(lambda p: f(*p))((x, y)) == pytest.approx((dx, dy))


@pytest.mark.parametrize("f", TWO)
def test_two_argument_operators_nest_to_all_second_and_third_derivatives(f):
    x, y = 0.7, 1.3
    e = sympy.sympify(f(X, Y))
    second = two_args_derivative(two_args_derivative(f))(x, y)
    third = two_args_derivative(two_args_derivative(two_args_derivative(f)))(x, y)
    for i, u in enumerate((X, Y)):
        for j, v in enumerate((X, Y)):
            assert second[i][j] == pytest.approx(at_point(e.diff(u, v)), abs=1e-12)
            for k, w in enumerate((X, Y)):
                assert third[i][j][k] == pytest.approx(at_point(e.diff(u, v, w)), abs=1e-11)
    mixed = two_args_derivative_over_y(two_args_derivative_over_x(f))(x, y)
    assert mixed == pytest.approx(at_point(e.diff(X, Y)), abs=1e-12)


def test_three_argument_operators_agree_with_sympy():
    def f(x, y, z):
        return x * sin(y * z) + z**2 / y

    e = f(X, Y, Z)
    expected = [at_point(e.diff(v)) for v in (X, Y, Z)]
    args = (0.7, 1.3, 0.4)
    assert three_args_derivative(f)(*args) == pytest.approx(tuple(expected))
    for operator, right in zip(
        (three_args_derivative_over_x, three_args_derivative_over_y, three_args_derivative_over_z),
        expected,
        strict=True,
    ):
        assert operator(f)(*args) == pytest.approx(right)
    second = three_args_derivative(three_args_derivative(f))(*args)
    for i, u in enumerate((X, Y, Z)):
        for j, v in enumerate((X, Y, Z)):
            assert second[i][j] == pytest.approx(at_point(e.diff(u, v)), abs=1e-12)


def test_a_partial_derivative_freezes_the_others_for_itself_only():
    f = lambda x, y: x * x * y
    assert partial_derivative(partial_derivative(f, 1), 0)(3.0, 5.0) == 6.0
    assert simple_derivative(lambda x: partial_derivative(f, 1)(x, x))(3.0) == 6.0
    assert simple_derivative(lambda x: partial_derivative(f, 0)(x, x))(3.0) == pytest.approx(12.0)  # d(2x·x)/dx


def test_operators_of_many_arguments_take_structures():
    dx, (dp, dq) = args_derivative(lambda x, pair: (x * pair[0]).sum() * pair[1])(np.array([1.0, 2.0]), (3.0, 4.0))
    np.testing.assert_array_equal(dx, [12.0, 12.0])
    assert (dp, dq) == (12.0, 9.0)


# ---------------------------------------------------------------------- structures on both sides

T, P = sympy.symbols("t p")


def on_sphere(angles):
    t, p = angles
    return cos(t) * cos(p), cos(t) * sin(p), sin(t)


@pytest.mark.parametrize(
    "operator",
    [
        pytest.param(lambda f: custom_arg_val_derivative(tuple_arg, tuple_val, f), id="tuple_arg, tuple_val"),
        pytest.param(
            lambda f: custom_arg_val_derivative(tuple_arg(scalar_arg, scalar_arg), tuple_val, f), id="of scalars"
        ),
        pytest.param(lambda f: custom_arg_val_derivative(auto_arg, auto_val, f), id="auto, auto"),
        pytest.param(lambda f: custom_arg_derivative(tuple_arg, f), id="custom_arg"),
        pytest.param(lambda f: custom_arg_derivative(auto_arg(), f), id="custom_arg auto"),
        pytest.param(lambda f: custom_val_derivative(tuple_val(scalar_val, auto_val, scalar_val), f), id="custom_val"),
        pytest.param(tuple_arg_derivative, id="tuple_arg_derivative"),
        pytest.param(tuple_val_derivative, id="tuple_val_derivative"),
    ],
)
def test_the_structure_of_the_value_is_outside_and_that_of_the_argument_inside(operator):
    point = (0.3, 0.8)
    result = operator(on_sphere)(point)
    expected = sympy.Matrix(on_sphere((T, P))).jacobian([T, P]).subs({T: 0.3, P: 0.8})
    assert isinstance(result, tuple)
    assert isinstance(result[0], tuple)
    np.testing.assert_allclose(np.array(result), np.array(expected, float))


def test_array_operators_keep_arrays_whole():
    a = np.array([1.0, 2.0, 3.0])
    np.testing.assert_allclose(array_arg_derivative(lambda x: (x**3).sum())(a), 3 * a**2)
    np.testing.assert_allclose(array_arg_derivative(lambda x: x**3)(a), np.diag(3 * a**2))
    np.testing.assert_allclose(array_val_derivative(lambda t: t * a)(2.0), a)
    np.testing.assert_allclose(array_val_derivative(lambda x: x * a)(a), np.diag(a))


def test_scalar_operators_take_any_structure_on_the_other_side():
    assert scalar_arg_derivative(lambda t: (t, (t * t, t**3)))(2.0) == (1.0, (4.0, 12.0))
    a = np.array([1.0, 2.0])
    gx, (gy,) = scalar_val_derivative(lambda p: (p[0] * p[1][0]).sum())((a, (3.0,)))
    np.testing.assert_array_equal(gx, [3.0, 3.0])
    assert gy == 3.0


@pytest.mark.parametrize("empty", [(), ((),), (1.0, ())])
def test_empty_tuples_have_empty_derivatives(empty):
    zero = revdiff.zero_like(empty)
    assert gradient(lambda p: 5.0)(empty) == zero
    assert scalar_arg_derivative(lambda x: empty)(2.0) == zero


# ---------------------------------------------------------------------- what is returned is what is differentiated


def other_things(x):
    """Operations that are recorded and not used."""
    for _ in range(3):
        x = cos(x * x) + sin(x)
    return x


KINDS = [
    pytest.param(2.0, id="float"),
    pytest.param(2, id="int"),
    pytest.param(Fraction(2), id="Fraction"),
    pytest.param(np.float64(2.0), id="float64"),
    pytest.param(np.array([2.0, 2.0]), id="array"),
    pytest.param(X, id="SymPy"),
]


def same(a, b):
    return bool(np.all(np.asarray(a == b, dtype=bool)))


@pytest.mark.parametrize("x", KINDS)
@pytest.mark.parametrize("nest", [1, 2], ids=["first order", "inside another derivative"])
def test_an_earlier_intermediate_may_be_returned(x, nest):
    def f(x):
        y = x * x
        y * x * 7
        y + 1
        -y  # noqa: B018
        return y

    if nest == 1:
        assert same(simple_derivative(f)(x), 2 * x)
    else:
        assert same(simple_derivative(simple_derivative(f))(x), 2 * x / x)


@pytest.mark.parametrize("x", KINDS)
def test_the_argument_itself_may_be_returned(x):
    def f(x):
        other_things(x * 0.1 if isinstance(revdiff.primal(x), float | np.ndarray) else x * 0)
        return x

    assert same(simple_derivative(f)(x), x / x)
    assert same(nth_derivative(f, 2)(x), x * 0)


@pytest.mark.parametrize("x", KINDS)
@pytest.mark.parametrize("constant", [5.0, 5, const_diff(5.0)], ids=["float", "int", "const_diff"])
def test_a_constant_may_be_returned(x, constant):
    def f(x):
        x * x * 3
        return constant

    assert same(simple_derivative(f)(x), x * 0)
    assert np.shape(simple_derivative(f)(x)) == np.shape(x)


def test_one_of_two_branches_may_be_returned_while_the_other_was_recorded_after_it():
    def f(x):
        square = x * x
        cube = square * x
        other_things(cube * 0.01)
        return square if x < 3 else cube

    assert simple_derivative(f)(2.0) == 4.0
    assert simple_derivative(f)(4.0) == 48.0


def test_one_intermediate_may_be_returned_twice_and_beside_what_came_later():
    def f(x):
        y = x * x
        z = y * x
        return y, z, y, x, 1.0

    assert scalar_arg_derivative(f)(2.0) == (4.0, 12.0, 4.0, 1.0, 0.0)
    assert derivative_op(f, 2.0)((1.0, 10.0, 100.0, 1000.0, 7.0)) == 4.0 + 120.0 + 400.0 + 1000.0


def test_a_value_that_the_variable_of_an_outer_derivative_made_is_a_constant_of_the_inner_one():
    def f(x):
        y = x * x
        return simple_derivative(lambda z: y)(3.0) + y

    assert simple_derivative(f)(2.0) == 4.0


ARITHMETIC = {
    "add": lambda a, b: a + b,
    "mul": lambda a, b: a * b,
    "sub": lambda a, b: a - b,
    "neg": lambda a, b: -a,
    "half": lambda a, b: a / 2,
}


@given(st.lists(st.sampled_from(sorted(ARITHMETIC)), min_size=1, max_size=12), st.data())
def test_any_intermediate_of_any_computation_may_be_returned(steps, data):
    """Build a list of intermediates and return a random one; SymPy does the same."""

    def intermediates(x, picks):
        made = [x]
        for step, (i, j) in zip(steps, picks, strict=True):
            a, b = made[i % len(made)], made[j % len(made)]
            made.append(ARITHMETIC[step](a, b))
        return made

    picks = data.draw(
        st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=len(steps), max_size=len(steps))
    )
    which = data.draw(st.integers(0, len(steps)))
    expected = sympy.diff(intermediates(X, picks)[which], X).subs(X, sympy.Rational(1, 2))
    x = Fraction(1, 2)
    result = simple_derivative(lambda x: intermediates(x, picks)[which])(0.5)
    assert result == pytest.approx(float(expected), rel=1e-12, abs=1e-12)
    array = simple_derivative(lambda x: intermediates(x, picks)[which])(np.full(3, 0.5))
    np.testing.assert_allclose(array, np.full(3, float(expected)), rtol=1e-12, atol=1e-12)
    assert simple_derivative(lambda x: intermediates(x, picks)[which])(x) == pytest.approx(float(expected), rel=1e-12)


def test_an_object_array_of_revdiffs_may_be_returned():
    f = lambda x: np.array([x, 2.0 * x, x * x])
    np.testing.assert_array_equal(np.array(scalar_arg_derivative(f)(3.0), float), [1.0, 2.0, 6.0])
    np.testing.assert_array_equal(np.array(array_val_derivative(f)(3.0), float), [1.0, 2.0, 6.0])
    assert derivative_op(f, 3.0)(np.array([1.0, 10.0, 100.0])) == 621.0


# ---------------------------------------------------------------------- laziness


def test_no_local_derivative_is_evaluated_before_a_cotangent_arrives():
    def never(ct):
        raise AssertionError("a local derivative was evaluated although nobody asked for it")

    def f(x):
        revdiff.RevDiff(x.value, x.backprop @ never) * x
        return x * 2.0

    assert simple_derivative(f)(3.0) == 2.0


def test_a_primitive_whose_pullback_raises_may_be_used_where_no_derivative_flows():
    @revdiff.primitive
    def locked(x, y):
        def pullback(ct):
            raise AssertionError("the pullback was called although nothing flows through it")

        return x * y, pullback

    assert simple_derivative(lambda x: x + locked(2.0, 3.0))(1.0) == 1.0
    assert simple_derivative(lambda x: x + revdiff.stop_gradient(locked(x, 3.0)))(1.0) == 1.0
    assert simple_derivative(lambda x: x + locked(const_diff(2.0), 3.0))(1.0) == 1.0
    assert simple_derivative(lambda x: (locked(x, x), x * 5.0)[1])(1.0) == 5.0


@pytest.mark.parametrize("x", [0.0, -2.0, 0, -2, np.float64(-2.0), np.array([0.0, -2.0]), np.array([-2, 0])], ids=repr)
def test_a_power_with_a_constant_exponent_takes_no_logarithm(x):
    # NumPy would warn about a logarithm of 0 or -2, math.log would raise; both fail here.
    f = lambda x: x**3
    np.testing.assert_allclose(np.asarray(simple_derivative(f)(x), float), 3.0 * np.asarray(x, float) ** 2)
    np.testing.assert_allclose(np.asarray(nth_derivative(f, 2)(x), float), 6.0 * np.asarray(x, float))
    np.testing.assert_allclose(
        np.asarray(simple_derivative(lambda x: x ** const_diff(3))(x), float), 3.0 * np.asarray(x, float) ** 2
    )


def test_a_local_derivative_is_computed_once_although_the_pullback_is_applied_twice():
    counts = {"sin": 0, "cos": 0}

    class Watched(float):
        def __mul__(self, other):
            return Watched(float(self) * float(other))

        def __add__(self, other):
            return Watched(float(self) + float(other))

        __rmul__, __radd__ = __mul__, __add__

    def counting(name):
        def function(x):
            counts[name] += 1
            return Watched(getattr(math, name)(x))

        return function

    revdiff.register_number_system(Watched, {name: counting(name) for name in counts})
    _, pullback = revdiff.vjp(lambda x: sin(x) + sin(x), Watched(0.5))
    assert counts == {"sin": 2, "cos": 0}, "the derivative was computed before a cotangent arrived"
    assert pullback(Watched(1.0)) == pytest.approx(2 * math.cos(0.5))
    assert counts == {"sin": 2, "cos": 2}
    assert pullback(Watched(10.0)) == pytest.approx(20 * math.cos(0.5))
    assert counts == {"sin": 2, "cos": 2}, "the derivative was computed again"


@pytest.mark.parametrize(
    "f",
    [revdiff.sqrt, lambda x: abs(x) ** 0.5, revdiff.cbrt, lambda x: revdiff.hypot(x, x), lambda x: revdiff.atan2(x, x)],
    ids=["sqrt", "power", "cbrt", "hypot", "atan2"],
)
def test_a_derivative_that_nobody_asks_for_raises_no_exception_and_no_warning(f):
    assert simple_derivative(lambda x: (f(x), x * 2.0)[1])(0.0) == 2.0
    np.testing.assert_array_equal(simple_derivative(lambda x: (f(x), x * 2.0)[1])(np.zeros(2)), [2.0, 2.0])
    assert f(init_diff(0.0)).value == f(0.0)


smooth = st.sampled_from([sin, cos, exp, revdiff.tanh, revdiff.atan, revdiff.square, lambda x: x / (2 + cos(x))])
points = st.floats(-2, 2)


@given(smooth, smooth, smooth, points, points)
def test_mixed_partial_derivatives_do_not_depend_on_the_order(f, g, h, x, y):
    def of_two(x, y):
        return f(x * g(y)) + h(x + y) * g(x) * y

    (_, xy), (yx, _) = two_args_derivative(two_args_derivative(of_two))(x, y)
    assert xy == pytest.approx(yx, rel=1e-8, abs=1e-8)
    over_yx = two_args_derivative_over_x(two_args_derivative_over_y(of_two))(x, y)
    over_xy = two_args_derivative_over_y(two_args_derivative_over_x(of_two))(x, y)
    assert over_xy == pytest.approx(over_yx, rel=1e-8, abs=1e-8)
    assert over_xy == pytest.approx(xy, rel=1e-8, abs=1e-8)
