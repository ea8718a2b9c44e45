"""Lifting: of several RevDiffs the one with the largest tag differentiates, the others are its constants."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import revdiff
from revdiff import MixedLayersError, RevDiff, UnsupportedValueError, const_diff, init_diff, primal
from revdiff.core.lifting import below, lift, top_tag


def multiply(x, y):
    """A rule in the form that `lift` takes."""
    return lift(lambda u, v: (u * v, lambda ct: ct * v, lambda ct: ct * u), x, y)


def test_without_a_revdiff_the_rule_is_evaluated_plainly():
    assert top_tag((1.0, "a", None)) is None
    assert multiply(2.0, 3.0) == 6.0


def test_the_later_variable_differentiates():
    outer, inner = init_diff(2.0), init_diff(3.0)
    for args in ((outer, inner), (inner, outer)):
        assert top_tag(args) == inner.backprop.node[1]
    z = multiply(outer, inner)
    by_inner = z.backprop(1.0)
    assert primal(by_inner) == 2.0
    assert by_inner.backprop(1.0) == 1.0


def test_constants_lie_below_every_variable():
    c, x = const_diff(5.0), init_diff(2.0)
    assert top_tag((c, 1.0)) == 0
    assert top_tag((c, x)) == top_tag((x, c)) == x.backprop.node[1]
    assert multiply(c, x).backprop(1.0) == 5.0
    assert multiply(c, 2.0).backprop(1.0) == 0.0


def test_below_takes_off_one_layer_only():
    outer = init_diff(2.0)
    inner = init_diff(outer)
    tag = inner.backprop.node[1]
    assert below(inner, tag) is outer
    assert below(outer, tag) is outer
    assert below(const_diff(7.0), tag) == 7.0
    assert below("text", tag) == "text"


def test_a_rule_sees_no_layer_of_the_derivative_that_is_taken_even_inside_a_constant():
    seen = []

    def body(u, v):
        seen.append((u, v))
        return u * v, lambda ct: ct * v, lambda ct: ct * u

    x = init_diff(3.0)
    z = lift(body, x, const_diff(x))  # a constant that holds the variable itself
    assert seen == [(3.0, 3.0)]
    assert not isinstance(z.value, RevDiff)
    assert z.backprop(1.0) in {3.0, 6.0}, "a constant that holds the variable itself: a plain number, held or not"


def test_no_local_pullback_of_a_constant_argument_is_ever_called():
    def never(ct):
        raise AssertionError("the local pullback of a constant was called")

    x = init_diff(3.0)
    for c in (4.0, const_diff(4.0), 4):
        assert lift(lambda u, v: (u * v, lambda ct: ct * v, never), x, c).backprop(1.0) == 4.0
        assert lift(lambda v, u: (u * v, never, lambda ct: ct * v), c, x).backprop(1.0) == 4.0


def test_a_constant_that_holds_a_variable_has_the_tag_of_the_variable():
    earlier, x = init_diff(1.0), init_diff(3.0)
    tag = x.backprop.node[1]
    for later in (x, multiply(x, x)):  # a variable, whose number is its tag, and a step from it
        assert top_tag((const_diff(later), 2.0)) == tag
        assert top_tag((earlier, const_diff(later))) == top_tag((const_diff(later), earlier)) == tag


def test_a_result_of_constants_keeps_no_graph():
    c = const_diff(5.0)
    for z in (multiply(c, 2.0), multiply(c, c), multiply(multiply(c, c), c)):
        assert z.backprop.node is c.backprop.node


def test_a_rule_of_numbers_refuses_a_structure_under_its_own_name():
    with pytest.raises(UnsupportedValueError, match=r"^multiply of a RevDiff that holds a tuple has no derivative"):
        multiply(2.0, init_diff((1.0, 2.0)))


def test_the_wrong_number_of_local_pullbacks_is_an_error():
    with pytest.raises(ValueError, match="zip"):
        lift(lambda u, v: (u * v, None), init_diff(1.0), init_diff(2.0))


def hand_made():
    return RevDiff(3.0, lambda ct: ct)


def loaded():
    return pickle.loads(pickle.dumps(init_diff(3.0)))


@pytest.mark.parametrize("stranger", [hand_made, loaded])
@pytest.mark.parametrize(
    "use",
    [
        pytest.param(lambda x, s: x * s, id="x * s"),
        pytest.param(lambda x, s: s * x, id="s * x"),
        pytest.param(lambda x, s: s + (x - x), id="s + 0"),
        pytest.param(lambda x, s: x**s, id="x ** s"),
        pytest.param(lambda x, s: s / x, id="s / x"),
        pytest.param(lambda x, s: x % s, id="x % s"),
        pytest.param(revdiff.maximum, id="maximum"),
        pytest.param(lambda x, s: revdiff.atan2(s, x), id="atan2"),
        pytest.param(revdiff.hypot, id="hypot"),
        pytest.param(multiply, id="lift"),
        pytest.param(revdiff.primitive(lambda a, b: (a * b, lambda ct: (ct * b, ct * a))), id="primitive"),
    ],
)
def test_a_pullback_of_unknown_destination_cannot_be_mixed_with_a_variable(stranger, use):
    with pytest.raises(MixedLayersError, match=r"x\.backprop @ \(lambda ct: d \* ct\)"):
        use(init_diff(2.0), stranger())


@pytest.mark.parametrize("stranger", [hand_made, loaded])
def test_two_pullbacks_of_unknown_destinations_cannot_be_mixed(stranger):
    with pytest.raises(MixedLayersError, match="made by hand"):
        stranger() * stranger()


@pytest.mark.parametrize("stranger", [hand_made, loaded])
def test_a_pullback_of_unknown_destination_is_right_by_itself(stranger):
    s = stranger()
    assert (s * s * 2.0 + 1.0).backprop(1.0) == 12.0
    assert revdiff.sin(s * const_diff(0.0)).backprop(1.0) == 0.0


@pytest.mark.parametrize("stranger", [hand_made, loaded])
def test_a_pullback_of_unknown_destination_takes_part_in_rules_of_two_arguments(stranger):
    s = stranger()
    assert multiply(s, s).backprop(1.0) == 6.0
    for c in (2.0, const_diff(2.0)):
        assert multiply(s, c).backprop(1.0) == multiply(c, s).backprop(1.0) == 2.0


def test_comparisons_and_copies_of_a_loaded_revdiff_are_harmless():
    assert loaded() == 3.0
    assert loaded() < init_diff(4.0)


def test_a_layer_made_by_hand_around_a_variable_is_no_constant():
    x = init_diff(np.array([1.0, 2.0]))
    r = RevDiff(x, lambda ct: 10.0 * ct)
    y = np.concatenate([r, np.array([3.0]), r])
    assert_array_equal(primal(y.backprop(np.arange(5.0))), [30.0, 50.0])
    assert_array_equal(y.value.backprop(np.arange(5.0)), [3.0, 5.0])
