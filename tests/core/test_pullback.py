"""Pullbacks: linear maps that can be applied, composed and added, swept once per node."""

from __future__ import annotations

import pickle
import threading

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import revdiff
from revdiff import MixedLayersError, Pullback, PullbackError, RevDiff, const_diff, init_diff

numbers = st.floats(-100, 100)


def times(x, d):
    """A primitive written on the two fields: x·d."""
    return RevDiff(x.value * d, x.backprop @ (lambda ct: ct * d))


def product(x, y):
    """A primitive of two arguments, as it is written on paper."""
    return RevDiff(
        x.value * y.value,
        x.backprop @ (lambda ct: ct * y.value) + y.backprop @ (lambda ct: ct * x.value),
    )


# ---------------------------------------------------------------------- call, compose, add


def test_the_pullback_of_a_variable_is_the_identity():
    assert init_diff(3.0).backprop(7.0) == 7.0


def test_the_pullback_of_a_variable_hands_a_structure_on_as_it_is():
    assert init_diff((1.0, [2.0])).backprop((3.0, [4.0])) == (3.0, [4.0])
    assert Pullback(init_diff({"a": 1.0}).backprop.node)({"a": 3.0}) == {"a": 3.0}


def test_composing_applies_the_local_map_first_and_the_pullback_after_it():
    sent = []
    bp = init_diff(1.0).backprop
    composed = (
        bp @ (lambda ct: sent.append(("inner", ct)) or ct + 1) @ (lambda ct: sent.append(("outer", ct)) or ct * 10)
    )
    assert composed(2.0) == 21.0
    assert sent == [("outer", 2.0), ("inner", 20.0)]


@given(numbers, numbers, numbers, numbers)
def test_composition_is_associative(a, b, c, ct):
    bp = init_diff(1.0).backprop
    one_by_one = bp @ (lambda v: v * a) @ (lambda v: v * b) @ (lambda v: v * c)
    at_once = bp @ (lambda v: v * c * b * a)
    assert one_by_one(ct) == pytest.approx(at_once(ct), rel=1e-12, abs=1e-300)


@given(numbers, numbers, numbers)
def test_addition_of_pullbacks_is_pointwise(a, b, ct):
    bp = init_diff(1.0).backprop
    p, q = bp @ (lambda v: v * a), bp @ (lambda v: v * b)
    assert (p + q)(ct) == pytest.approx(p(ct) + q(ct), rel=1e-12, abs=1e-12)
    assert (p + q)(ct) == (q + p)(ct)


@given(numbers, numbers, numbers, numbers)
def test_composition_distributes_over_addition(a, b, c, ct):
    bp = init_diff(1.0).backprop
    p, q = bp @ (lambda v: v * a), bp @ (lambda v: v * b)
    assert ((p + q) @ (lambda v: v * c))(ct) == pytest.approx(
        (p @ (lambda v: v * c) + q @ (lambda v: v * c))(ct), abs=1e-6
    )


@given(numbers, numbers, numbers, numbers, numbers)
def test_a_pullback_is_linear(x0, u, v, alpha, beta):
    x = init_diff(x0)
    bp = (revdiff.sin(x) * x + product(x, times(x, 3.0)) - 2.0 * x).backprop
    assert bp(alpha * u + beta * v) == pytest.approx(alpha * bp(u) + beta * bp(v), rel=1e-9, abs=1e-6)


def test_a_pullback_may_be_added_to_itself():
    bp = init_diff(1.0).backprop @ (lambda ct: ct * 5.0)
    assert (bp + bp)(1.0) == 10.0
    assert (bp + bp + bp)(2.0) == 30.0


def test_a_pullback_may_be_applied_again_and_again_with_the_same_result():
    x = init_diff(np.array([1.0, 2.0]))
    bp = (revdiff.sin(x) * x * x).backprop
    first = bp(np.ones(2))
    for _ in range(5):
        np.testing.assert_array_equal(bp(np.ones(2)), first)


def test_composing_and_adding_run_nothing():
    def never(ct):
        raise AssertionError("a local map ran although nothing was applied")

    x = init_diff(1.0)
    bp = x.backprop @ never + x.backprop @ never @ never
    repr(bp)
    RevDiff(1.0, bp) * 2.0 + 1.0


def test_composition_keeps_the_order_in_which_matrices_are_multiplied():
    a = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])  # y = A x
    b = np.array([[1.0, 0.5], [2.0, 0.1], [3.0, 7.0]])  # z = B y
    x = init_diff(np.zeros(3))
    y = RevDiff(a @ x.value, x.backprop @ (lambda ct: a.T @ ct))
    z = RevDiff(b @ y.value, y.backprop @ (lambda ct: b.T @ ct))
    ct = np.array([1.0, 10.0, 100.0])
    np.testing.assert_allclose(z.backprop(ct), (b @ a).T @ ct)


def test_float_collapse_and_composition_may_be_mixed():
    x = init_diff(2.0)
    y = times(x * 3.0, 5.0) * 7.0  # collapsed, by hand, collapsed
    z = product(y * 2.0, -x) + y / 4.0
    expected = sympy.Symbol("x")
    e_y = expected * 105
    e_z = e_y * 2 * -expected + e_y / 4
    assert z.value == pytest.approx(float(e_z.subs(expected, 2)))
    assert z.backprop(1.0) == pytest.approx(float(e_z.diff(expected).subs(expected, 2)))
    assert z.backprop(-2.0) == pytest.approx(-2 * float(e_z.diff(expected).subs(expected, 2)))


# ---------------------------------------------------------------------- constants


def test_the_pullback_of_a_constant_gives_zero():
    assert const_diff(42.0).backprop(1.0) == 0.0
    zero = const_diff(np.ones(3)).backprop(np.ones(3))
    np.testing.assert_array_equal(zero, np.zeros(3))


def test_adding_the_pullback_of_a_constant_changes_nothing_and_never_calls_its_local_map():
    def never(ct):
        raise AssertionError("the local map of a constant operand was called")

    x, c = init_diff(3.0), const_diff(5.0)
    assert (x.backprop @ (lambda ct: ct * 2.0) + c.backprop @ never)(1.0) == 2.0
    assert (c.backprop @ never + x.backprop @ (lambda ct: ct * 2.0))(1.0) == 2.0


def test_a_product_written_by_hand_may_have_a_constant_factor():
    assert revdiff.simple_derivative(lambda x: product(x, const_diff(4.0)))(3.0) == 4.0
    assert revdiff.simple_derivative(lambda x: product(const_diff(4.0), x))(3.0) == 4.0


# ---------------------------------------------------------------------- the sweep


def test_every_local_map_is_called_once_however_many_paths_lead_through_it():
    calls = []

    def doubled(y, i):
        def local(ct):
            calls.append(i)
            return ct

        return RevDiff(y.value + y.value, y.backprop @ local + y.backprop @ local)

    y = init_diff(1.0)
    for i in range(60):  # 2⁶⁰ paths
        y = doubled(y, i)
    assert y.backprop(1.0) == 2.0**60
    assert calls == [i for i in reversed(range(60)) for _ in range(2)], (
        "each of the two edges of a node, once, in order"
    )


def test_a_node_is_visited_after_all_of_its_children():
    order = []

    def step(name, *parents):
        def local(ct):
            order.append(name)
            return ct

        bp = parents[0].backprop @ local
        for p in parents[1:]:
            bp = bp + p.backprop
        return RevDiff(sum(p.value for p in parents), bp)

    x = init_diff(1.0)
    a = step("a", x)
    b = step("b", a)
    c = step("c", a, b)
    d = step("d", a, c)  # a is reached at once and also by long ways round
    assert d.backprop(1.0) == 3.0
    assert order == ["d", "c", "b", "a"]


def test_contributions_of_all_children_are_summed_before_a_local_map_sees_them():
    seen = []
    x = init_diff(1.0)
    y = RevDiff(1.0, x.backprop @ (lambda ct: seen.append(ct) or ct))
    z = y * 2.0 + y * 3.0 + product(y, y)
    assert z.backprop(1.0) == 7.0
    assert seen == [7.0]


def test_branches_that_the_result_does_not_use_are_not_walked():
    def never(ct):
        raise AssertionError("an operation that the result does not depend on was walked")

    x = init_diff(1.0)
    for _ in range(5):
        RevDiff(1.0, x.backprop @ never) * x
    assert (x * 2.0).backprop(1.0) == 2.0


def test_an_exception_in_a_local_map_reaches_the_caller_and_leaves_the_pullback_usable():
    fail = [True]

    def sometimes(ct):
        if fail:
            raise ZeroDivisionError("once")
        return ct * 3.0

    y = RevDiff(1.0, init_diff(1.0).backprop @ sometimes) * 2.0
    with pytest.raises(ZeroDivisionError, match="once"):
        y.backprop(1.0)
    fail.clear()
    assert y.backprop(1.0) == 6.0


def test_one_pullback_may_be_applied_by_many_threads_at_once():
    x = init_diff(np.linspace(0.1, 1.0, 10))
    y = x
    for _ in range(50):
        y = revdiff.sin(y) * revdiff.cos(y) + y
    expected = y.backprop(np.ones(10))
    wrong = []

    def work():
        for _ in range(20):
            if not np.array_equal(y.backprop(np.ones(10)), expected):
                wrong.append(True)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not wrong


def test_the_cotangent_may_be_a_revdiff_because_a_pullback_is_a_function_like_any_other():
    x = init_diff(2.0)
    bp = (x * x * x).backprop
    assert revdiff.simple_derivative(lambda ct: ct * bp(ct))(5.0) == 2 * 5.0 * 12.0


def test_a_local_map_may_return_an_array_that_it_goes_on_using():
    kept = np.ones(3)
    x = init_diff(np.zeros(3))
    y = RevDiff(
        np.zeros(3), x.backprop @ (lambda ct: kept) + x.backprop @ (lambda ct: kept) + x.backprop @ (lambda ct: kept)
    )
    np.testing.assert_array_equal(y.backprop(np.ones(3)), [3.0, 3.0, 3.0])
    np.testing.assert_array_equal(kept, np.ones(3))


# ---------------------------------------------------------------------- errors


def test_adding_pullbacks_of_different_variables_is_an_error_that_names_the_way_out():
    with pytest.raises(MixedLayersError, match=r"lead to different variables.*\n.*@revdiff\.primitive"):
        init_diff(1.0).backprop + init_diff(2.0).backprop


@pytest.mark.parametrize("wrong", [2.0, None, "sin", [1.0], np.ones(2)])
def test_composing_with_something_that_is_no_function_is_an_error_that_shows_what_to_write(wrong):
    with pytest.raises(
        PullbackError, match=r"bp @ local needs a function of the cotangent(.|\n)*bp @ \(lambda ct: ct \* d\)"
    ):
        init_diff(1.0).backprop @ wrong


def test_composing_a_pullback_with_a_pullback_is_an_error():
    with pytest.raises(PullbackError, match="needs a function of the cotangent"):
        init_diff(1.0).backprop @ init_diff(1.0).backprop


@pytest.mark.parametrize("other", [1.0, None, abs, "p"])
def test_a_pullback_can_only_be_added_to_a_pullback(other):
    bp = init_diff(1.0).backprop
    with pytest.raises(TypeError):
        bp + other
    with pytest.raises(TypeError):
        other + bp


@pytest.mark.parametrize("wrong", [2.0, None, "sin", [1.0]])
def test_a_revdiff_needs_a_pullback_or_a_function(wrong):
    with pytest.raises(PullbackError, match="backprop must be a pullback or a function of the cotangent; met"):
        RevDiff(1.0, wrong)


# ---------------------------------------------------------------------- looks and copies


def test_the_repr_tells_variables_steps_constants_and_hand_made_pullbacks_apart():
    x = init_diff(1.0)
    assert "identity pullback to variable" in repr(x.backprop)
    assert repr((x * 2.0).backprop).startswith("<pullback to variable")
    assert repr(const_diff(1.0).backprop) == "<pullback of a constant>"
    assert "hand-made" in repr(RevDiff(1.0, lambda ct: ct).backprop)


def test_a_step_from_a_constant_is_shown_as_a_constant():
    assert repr(const_diff(2.0).backprop @ (lambda ct: ct * 3.0)) == "<pullback of a constant>"


def test_two_variables_show_different_names():
    assert repr(init_diff(1.0).backprop) != repr(init_diff(1.0).backprop)


def tripled(ct):
    return ct * 3.0


def test_a_pickled_pullback_leads_where_it_led():
    x = init_diff(2.0)
    y = RevDiff(6.0, x.backprop @ tripled) * 2.0 + x * x
    loaded = pickle.loads(pickle.dumps(y.backprop))
    assert isinstance(loaded, Pullback)
    assert loaded(1.0) == y.backprop(1.0) == 10.0
    assert pickle.loads(pickle.dumps(loaded))(1.0) == 10.0


def test_a_pickled_pullback_keeps_shared_nodes_shared():
    y = init_diff(1.0)
    for _ in range(40):
        y = RevDiff(y.value * 2, y.backprop @ tripled + y.backprop)
    assert pickle.loads(pickle.dumps(y.backprop))(1.0) == y.backprop(1.0) == 4.0**40


def test_a_pickled_pullback_of_a_constant_is_the_pullback_of_a_constant():
    loaded = pickle.loads(pickle.dumps(const_diff(5.0)))
    assert (loaded * init_diff(2.0)).backprop(1.0) == 5.0


def test_a_loaded_pullback_cannot_be_added_to_a_live_one():
    x = init_diff(2.0)
    loaded = pickle.loads(pickle.dumps(x.backprop))
    with pytest.raises(MixedLayersError):
        loaded + x.backprop
