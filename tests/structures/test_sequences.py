"""Lists, tuples, deques, and subclasses of them: inside a function, and through one RevDiff of the whole."""

from __future__ import annotations

from collections import deque
from fractions import Fraction

import numpy as np
import pytest
import sympy

import revdiff
from revdiff import (
    ArgumentError,
    RevDiffError,
    array_arg,
    auto_arg,
    custom_arg_derivative,
    custom_arg_val_derivative,
    grad,
    hessian,
    hvp,
    init_diff,
    jacobian,
    jvp,
    scalar_val,
    sequence_arg,
    sequence_arg_derivative,
    sequence_val,
    sequence_val_derivative,
    sin,
    vector_arg,
    vjp,
)


class Named(list):
    """A list that knows more."""

    def __init__(self, name, items):
        super().__init__(items)
        self.name = name


class Marked(tuple):
    """A tuple that knows more."""

    def __new__(cls, name, items):
        made = super().__new__(cls, items)
        made.name = name
        return made


SEQUENCES = [
    pytest.param(list, id="list"),
    pytest.param(tuple, id="tuple"),
    pytest.param(lambda items: deque(items, maxlen=3), id="deque"),
    pytest.param(lambda items: Named("n", items), id="subclass of list"),
    pytest.param(lambda items: Marked("m", items), id="subclass of tuple"),
]


def like(x, y):
    """Is it the same class, with all that it knows?"""
    return (
        type(x) is type(y)
        and getattr(x, "name", None) == getattr(y, "name", None)
        and getattr(x, "maxlen", None) == getattr(y, "maxlen", None)
    )


@pytest.mark.parametrize("make", SEQUENCES)
def test_a_gradient_has_the_class_of_the_argument_and_what_else_it_knows(make):
    x = make([2.0, 3.0, 5.0])
    met = []

    def f(xs):
        met.append(xs)
        a, b, c = xs
        return a * b * c + xs[0] ** 2

    g = grad(f)(x)
    assert list(g) == [19.0, 10.0, 6.0]
    assert like(g, x)
    assert like(met[0], x)
    second = hessian(f)(x)
    assert [list(row) for row in second] == [[2.0, 5.0, 3.0], [5.0, 0.0, 2.0], [3.0, 2.0, 0.0]]
    assert like(second, x)
    assert like(second[0], x)


@pytest.mark.parametrize("make", SEQUENCES)
def test_a_value_may_be_such_a_sequence(make):
    f = lambda t: make([t, t * t, 7.0])
    derivative = jacobian(f)(3.0)
    assert list(derivative) == [1.0, 6.0, 0.0]
    assert like(derivative, make([0.0]))
    value, pullback = vjp(f, 3.0)
    assert list(value) == [3.0, 9.0, 7.0]
    assert pullback(make([1.0, 10.0, 100.0])) == 61.0
    assert list(jvp(f, 3.0, 2.0)[1]) == [2.0, 12.0, 0.0]


@pytest.mark.parametrize("make", SEQUENCES)
def test_one_revdiff_of_it_behaves_like_the_sequence(make):
    r = init_diff(make([2.0, 3.0, 5.0]))
    assert len(r) == 3
    assert list((r[0] * r[-1]).backprop(1.0)) == [5.0, 0.0, 2.0]
    a, *rest = r
    assert list((a * rest[1]).backprop(1.0)) == [5.0, 0.0, 2.0]
    assert list(sum(x * x for x in r).backprop(1.0)) == [4.0, 6.0, 10.0]
    assert list(sum(x * x for x in r[1:]).backprop(1.0)) == [0.0, 6.0, 10.0]
    assert list(sum(x * x for x in r[::-2]).backprop(1.0)) == [4.0, 0.0, 10.0]
    assert list(sum(x * x for x in reversed(r)).backprop(1.0)) == [4.0, 6.0, 10.0]
    assert (3.0 in r, 4.0 in r, bool(r)) == (True, False, True)
    assert [x.value for x in sorted(r, reverse=True)] == [5.0, 3.0, 2.0]
    with pytest.raises(IndexError, match="index 3 is out of range: this RevDiff holds"):
        r[3]
    with pytest.raises(IndexError, match="index -4 is out of range"):
        r[-4]


@pytest.mark.parametrize("wrong", [1.5, "a", (0, 1), None, [0]], ids=repr)
def test_an_index_of_another_kind_is_an_error(wrong):
    with pytest.raises((TypeError, KeyError)):
        init_diff([1.0, 2.0])[wrong]


def test_an_index_may_be_a_revdiff_of_a_whole_number():
    assert grad(lambda p: p[0][p[1]] ** 2)(([1.0, 3.0], 1)) == ([0.0, 6.0], 0)
    assert init_diff([1.0, 3.0])[init_diff(1)].value == 3.0


def test_the_function_may_change_the_list_that_it_was_given():
    x = [1.0, 2.0]

    def f(xs):
        xs[0] = xs[0] * 3
        xs.append(xs[0] * xs[1])
        return sum(xs)

    assert grad(f)(x) == [3.0 + 6.0, 1.0 + 3.0]
    assert x == [1.0, 2.0]


def test_elements_of_all_kinds_side_by_side():
    x, y = sympy.symbols("x y")
    f = lambda xs: xs[0] ** 2 * xs[1][0] ** 3
    assert grad(f)([Fraction(1, 2), (Fraction(1, 3),)]) == [Fraction(1, 27), (Fraction(1, 12),)]
    assert hessian(f)([x, (y,)])[0][1] == (6 * x * y**2,)
    mixed = [1.5, "name", None, np.ones(2, np.float32), [2j, (3,)], True]
    g = grad(lambda xs: xs[0] * 2)(mixed)
    assert g[:3] == [2.0, "name", None]
    assert (g[3].dtype, g[3].tolist()) == (np.float32, [0.0, 0.0])
    assert g[4:] == [[0j, (0,)], True]


@pytest.mark.parametrize("empty", [[], (), [[], ()], deque()], ids=repr)
def test_empty_sequences(empty):
    assert grad(lambda xs: 1.0)(empty) == empty
    assert jacobian(lambda t: empty)(1.0) == empty
    assert hessian(lambda xs: 1.0)(empty) == empty
    assert vjp(lambda xs: xs, empty)[1](empty) == empty
    assert len(init_diff(empty)) == len(empty)


def test_an_array_of_values_by_a_list_of_arguments_and_empty_arrays():
    jac = jacobian(lambda xs: xs[0] * xs[1])([np.array([1.0, 2.0]), 3.0])
    np.testing.assert_array_equal(jac[0], [[3.0, 0.0], [0.0, 3.0]])
    np.testing.assert_array_equal(jac[1], [1.0, 2.0])
    empty = jacobian(lambda xs: xs[0][:0])([np.ones(2), 3.0])
    assert (empty[0].shape, empty[1].shape) == ((0, 2), (0,))


def test_arrays_of_revdiffs_inside_a_list_are_values_too():
    derivative = jacobian(lambda t: [np.array([t, t * t]), t])(2.0)
    np.testing.assert_array_equal(derivative[0], [1.0, 4.0])
    value, pullback = vjp(lambda t: [np.array([t, t * t]), t], 2.0)
    np.testing.assert_array_equal(value[0], [2.0, 4.0])
    assert pullback([np.array([1.0, 10.0]), 100.0]) == 141.0


@pytest.mark.parametrize("levels", [1, 50, 150])
def test_deep_nesting(levels):
    def nested(x):
        for _ in range(levels):
            x = [x]
        return x

    def inside(xs):
        for _ in range(levels):
            (xs,) = xs
        return xs

    assert grad(lambda xs: inside(xs) ** 2)(nested(3.0)) == nested(6.0)
    assert inside(hvp(lambda xs: inside(xs) ** 3, nested(2.0), nested(1.0))) == 12.0


def test_what_is_nested_deeper_than_python_can_follow_is_right_or_refused():
    x = 3.0
    for _ in range(5_000):
        x = [x]
    with pytest.raises(ArgumentError, match="nested too deeply, or is a structure that holds itself"):
        grad(lambda xs: 1.0)(x)


def test_a_list_that_holds_itself_is_refused_wherever_it_stands():
    x = [1.0]
    x.append(x)
    with pytest.raises(ArgumentError, match="holds itself"):
        grad(lambda xs: xs[0])(x)
    for operator in (jacobian, lambda f: lambda t: vjp(f, t), lambda f: lambda t: jvp(f, t, 1.0)):
        with pytest.raises(RevDiffError, match="holds itself"):
            operator(lambda t: x)(1.0)


def test_the_same_array_in_two_places_has_two_cotangents():
    a = np.array([1.0, 2.0])
    g = grad(lambda xs: (xs[0] * xs[1][0] ** 2).sum())([a, [a]])
    np.testing.assert_array_equal(g[0], [1.0, 4.0])
    np.testing.assert_array_equal(g[1][0], [2.0, 8.0])
    assert not np.shares_memory(g[0], g[1][0])
    same = grad(lambda xs: (xs[0] + xs[1][0]).sum())([a, [a]])
    same[0][...] = 77.0
    np.testing.assert_array_equal(same[1][0], [1.0, 1.0])
    np.testing.assert_array_equal(a, [1.0, 2.0])


def test_a_pullback_may_be_applied_again_and_leaves_its_cotangent_as_it_was():
    a = np.array([1.0, 2.0])
    _, pullback = vjp(lambda xs: [xs[0], xs[0], [xs[0]]], [a])
    seed = np.ones(2)
    y_bar = [seed, seed, [seed]]
    for _ in range(2):
        x_bar = pullback(y_bar)
        np.testing.assert_array_equal(x_bar[0], [3.0, 3.0])
        x_bar[0][...] = -77.0
    np.testing.assert_array_equal(seed, [1.0, 1.0])


WRONG = [
    ([1.0, [2.0]], r"a list of 2 is needed here; met a list of 1(?s:.*)in cotangent\[1\]"),
    ([1.0, [2.0, 3.0, 4.0]], r"a list of 2 is needed here; met a list of 3(?s:.*)in cotangent\[1\]"),
    ([1.0, (2.0, 3.0)], r"a list of 2 is needed here; met a tuple of 2(?s:.*)in cotangent\[1\]"),
    ([1.0, 2.0], r"a list of 2 is needed here; met a float(?s:.*)in cotangent\[1\]"),
    ([1.0, [2.0, np.ones(2)]], r"the cotangent of a number(?s:.*)in cotangent\[1\]\[1\]"),
    ([None, [2.0, 3.0]], r"met None(?s:.*)in cotangent\[0\]"),
    (None, "a list of 2 is needed here; met None"),
]


@pytest.mark.parametrize(("wrong", "says"), WRONG, ids=repr)
def test_a_cotangent_of_another_form_is_refused_with_the_place(wrong, says):
    _, pullback = vjp(lambda t: [t, [t * 2, t * 3]], 1.0)
    assert pullback([1.0, [10.0, 100.0]]) == 321.0
    with pytest.raises(RevDiffError, match=says):
        pullback(wrong)


@pytest.mark.parametrize("make", SEQUENCES)
def test_the_descriptors_take_every_sequence_with_a_descriptor_for_its_elements(make):
    x = make([np.array([1.0, 2.0]), np.array([3.0, 4.0])])
    f = lambda xs: xs[0][0] * xs[1][1]
    g = custom_arg_derivative(sequence_arg(vector_arg), f)(x)
    np.testing.assert_array_equal(list(g), [[4.0, 0.0], [0.0, 1.0]])
    assert like(g, x)
    values = custom_arg_val_derivative(auto_arg, sequence_val(scalar_val), lambda t: make([t, sin(t)]))(0.0)
    assert list(values) == [1.0, 1.0]
    assert sequence_arg_derivative(lambda xs: xs[0] * xs[1])([2.0, 3.0]) == [3.0, 2.0]
    assert sequence_val_derivative(lambda t: (t, t * t))(3.0) == (1.0, 6.0)


def test_a_descriptor_that_does_not_fit_an_element_is_refused_with_the_place():
    with pytest.raises(ArgumentError, match=r"array_arg describes a NumPy array(?s:.*)in argument\[1\]"):
        custom_arg_derivative(sequence_arg(array_arg), len)([np.ones(1), 1.0])


def test_a_revdiff_in_a_set_or_as_a_key_is_refused():
    with pytest.raises(revdiff.UnhashableError):
        grad(lambda xs: sum({xs[0], xs[1]}))([1.0, 2.0])
    with pytest.raises(revdiff.UnhashableError):
        grad(lambda xs: {xs[0]: 1.0}[xs[0]])([1.0, 2.0])


def test_a_set_of_numbers_is_no_structure():
    with pytest.raises(RevDiffError, match=r"a set(?s:.*)in argument\[1\]"):
        grad(lambda xs: xs[0])([1.0, {2.0}])
