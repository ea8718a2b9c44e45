"""Padding: an array with a border around it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import revdiff
from revdiff import grad, init_diff, simple_derivative, vjp
from tests.oracles import assert_array_rule, assert_same_array, assert_vjp

X = np.sin(np.arange(12.0) * 2.7).reshape(3, 4)
WIDTHS = [1, (2, 1), ((1, 2), (0, 3)), ((4, 5), (9, 2)), 0]
MODES = {
    "constant": {},
    "constant numbers": {"mode": "constant", "constant_values": ((1.5, 2.5), (3.5, -1.0))},
    "edge": {"mode": "edge"},
    "wrap": {"mode": "wrap"},
    "reflect": {"mode": "reflect"},
    "symmetric": {"mode": "symmetric"},
    "reflect odd": {"mode": "reflect", "reflect_type": "odd"},
    "symmetric odd": {"mode": "symmetric", "reflect_type": "odd"},
    "linear_ramp": {"mode": "linear_ramp"},
    "linear_ramp to numbers": {"mode": "linear_ramp", "end_values": (-2.0, 3.0)},
    "maximum": {"mode": "maximum"},
    "maximum of some": {"mode": "maximum", "stat_length": ((2, 1), (3, 2))},
    "minimum": {"mode": "minimum", "stat_length": 2},
    "mean": {"mode": "mean"},
    "mean of some": {"mode": "mean", "stat_length": (1, 9)},
    "median": {"mode": "median"},
    "median of some": {"mode": "median", "stat_length": 3},
}


@pytest.mark.parametrize("width", WIDTHS, ids=str)
@pytest.mark.parametrize("options", MODES.values(), ids=MODES)
def test_every_border_is_numpys_and_its_derivatives_agree_with_central_differences(options, width):
    order = 3 if width == (2, 1) and "m" not in options.get("mode", "m")[:1] else 2
    assert_array_rule(lambda x: np.pad(x, width, **options), X, order=order)


@pytest.mark.parametrize("mode", ["wrap", "edge", "reflect", "symmetric", "maximum", "minimum", "linear_ramp"])
@given(shape=st.lists(st.integers(1, 4), min_size=1, max_size=3), data=st.data())
def test_any_border_is_numpys(mode, shape, data):
    x = np.random.default_rng(0).normal(size=shape)
    pair = st.tuples(st.integers(0, 7), st.integers(0, 7))
    widths = data.draw(st.lists(pair, min_size=len(shape), max_size=len(shape)))
    kinds = data.draw(st.sampled_from(["even", "odd"])) if mode in ("reflect", "symmetric") else ""
    options = {"reflect_type": kinds} if kinds else {}
    value, pullback = vjp(lambda x: np.pad(x, widths, mode, **options), x)
    assert_same_array(value, np.pad(x, widths, mode, **options))
    y_bar = np.random.default_rng(1).normal(size=value.shape)
    assert np.isclose(np.sum(y_bar * value), np.sum(pullback(y_bar) * x))  # the border is linear, or 1-homogeneous


def test_the_numbers_of_the_border_have_cotangents():
    for values in (np.array(2.0), np.array([2.0, 3.0]), np.array([[2.0, 3.0], [4.0, -5.0]]), np.array([[2.0], [-3.0]])):
        for options in ({"mode": "constant", "constant_values": 1}, {"mode": "linear_ramp", "end_values": 1}):
            mode, name = options

            def border(x, v, options=options, mode=mode, name=name):
                return np.pad(x * np.ones_like(v).flat[0], ((1, 2), (3, 0)), **{mode: options[mode], name: v})

            assert_vjp(border, X, values)
            assert_vjp(grad(lambda v, x=X, f=border: np.sum(f(revdiff.const_diff(x), v) ** 3)), values)


def test_numpy_asks_the_array_whether_there_is_a_rule_and_a_constant_revdiff_says_yes():
    assert grad(lambda v: np.sum(np.pad(revdiff.const_diff(np.ones(2)), 3, constant_values=v)))(1.0) == 6.0
    with pytest.raises(ValueError, match="setting an array element") as error:
        grad(lambda v: np.sum(np.pad(np.ones(2), 3, constant_values=v)))(1.0)
    assert isinstance(error.value.__cause__, revdiff.ConversionError)


def test_the_numbers_of_the_border_may_be_a_list_of_revdiffs():
    def f(x):
        return np.sum(np.pad(x, (1, 2), constant_values=[x[0] * x[1], 3.0]) * np.arange(1.0, 6.0))

    # x₀x₁ + 2x₀ + 3x₁ + …
    assert grad(f)(np.array([5.0, 7.0])).tolist() == [7 + 2, 5 + 3]


def test_an_inner_derivative_sees_the_border_of_the_outer_one():
    def f(v):
        return simple_derivative(lambda x: np.sum(np.pad(x * np.ones(2), 1, constant_values=v * x) ** 2))(3.0)

    # Σ = 2x² + 2v²x²,  ∂x = 4x + 4v²x,  ∂v∂x = 8vx
    assert (f(2.0), simple_derivative(f)(2.0)) == (4 * 3 + 4 * 4 * 3, 8 * 2 * 3)


def test_an_empty_border_is_filled_with_something_and_has_no_part_in_the_cotangent():
    value, pullback = vjp(lambda x: np.pad(x, 1, mode="empty"), X)
    np.testing.assert_array_equal(value[1:-1, 1:-1], X)
    assert pullback(np.ones((5, 6))).tolist() == np.ones((3, 4)).tolist()


def test_widths_by_axis():
    widths = {0: (1, 2), -1: 3}
    value, pullback = vjp(lambda x: np.pad(x, widths), X)
    np.testing.assert_array_equal(value, np.pad(X, ((1, 2), (3, 3))))
    assert pullback(np.ones(value.shape)).tolist() == np.ones((3, 4)).tolist()


def test_an_array_without_elements_has_a_border_of_numbers():
    assert grad(lambda v: np.sum(np.pad(v * np.ones((0, 2)), 1, constant_values=v)))(2.0) == 8.0


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (lambda r: np.pad(r, 1, "strange"), ValueError, "mode 'strange' is not supported"),
        (lambda r: np.pad(r, -1), ValueError, "the widths of a border are not negative"),
        (lambda r: np.pad(r, 1.5), TypeError, "the widths of a border are whole numbers; met float64"),
        (
            lambda r: np.pad(r, 1, "reflect", reflect_type="new"),
            ValueError,
            "reflect_type is 'even' or 'odd'; met 'new'",
        ),
        (lambda r: np.pad(r, ((1, 1),) * 3), ValueError, "broadcast"),
        (lambda r: np.pad(r, 1, "edge", constant_values=3), TypeError, "unexpected keyword argument 'constant_values'"),
        (
            lambda r: np.pad(r, 1, lambda v, *_: None),
            revdiff.MissingRuleError,
            "with a function as mode=. It writes into",
        ),
        (
            lambda r: np.pad(np.ones(2, int) * init_diff(np.array([1, 2])), 1, constant_values=init_diff(1.5)),
            revdiff.ConversionError,
            "numpy.pad would make whole numbers of the floats in a RevDiff",
        ),
    ],
)
def test_what_cannot_be_padded_is_refused(call, kind, text):
    with pytest.raises(kind) as error:
        call(init_diff(X))
    assert text in str(error.value)


def test_an_array_without_axes_or_elements_is_padded_as_by_numpy():
    for mode in ("constant", "edge", "linear_ramp", "mean"):
        assert np.pad(init_diff(np.array(2.0)), 1, mode=mode).shape == ()
    assert np.pad(init_diff(np.ones(2)), np.uint8(1)).value.tolist() == [0, 1, 1, 0]
    for mode in ("edge", "mean", "linear_ramp", "reflect", "maximum"):
        assert np.pad(init_diff(np.ones((0, 2))), [(0, 0), (1, 1)], mode=mode).shape == (0, 4)
        with pytest.raises(ValueError, match=r"^axis 0 has no elements from which mode "):
            np.pad(init_diff(np.ones((0, 2))), 1, mode=mode)
