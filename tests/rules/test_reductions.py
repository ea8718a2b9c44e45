"""Reductions: sums, products, means, extremes, with every axis and option; what is not taken is absent."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import revdiff
from revdiff import grad, hessian, nth_derivative, simple_derivative, vjp
from tests.oracles import assert_array_rule, assert_same_array, assert_vjp

nan, inf = math.nan, math.inf

X = np.random.default_rng(0).permutation(24).reshape(2, 3, 4) / 16 + 0.5
MASK = np.random.default_rng(1).uniform(size=X.shape) < 0.7
MASK[..., 0] = MASK[0] = True
HOLES = np.where(MASK, X, nan)

PLAIN = {"sum": np.sum, "mean": np.mean, "prod": np.prod, "max": np.max, "min": np.min}
SKIPPING = {"nansum": np.nansum, "nanmean": np.nanmean, "nanprod": np.nanprod, "nanmax": np.nanmax, "nanmin": np.nanmin}
ALL = PLAIN | SKIPPING
AXES = [None, 0, 1, -1, (0, 2), (-1, 0), (), (0, 1, 2)]
BY_NAME = {"ids": lambda f: f.__name__}


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("f", [*ALL.values(), np.ptp], **BY_NAME)
def test_every_axis_is_numpys_and_all_derivatives_agree_with_central_differences(f, axis, keepdims):
    assert_array_rule(lambda x: f(x, axis=axis, keepdims=keepdims), X, order=3 if axis in (None, 1) else 2)


OPTIONS = {
    "where": {"where": MASK, "axis": 1},
    "where of one axis": {"where": np.array([True, False, True, True]), "axis": (0, 2)},
    "where of everything": {"where": True, "keepdims": True},
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
@pytest.mark.parametrize("f", [np.sum, np.mean, np.prod], **BY_NAME)
def test_where_takes_some_elements(f, options):
    assert_array_rule(lambda x: f(x, **options), X)


@pytest.mark.parametrize("options", [{}, {"axis": -1}, {"axis": (0, 1), "where": MASK, "keepdims": True}])
@pytest.mark.parametrize("f", [np.sum, np.prod, np.max, np.min], **BY_NAME)
def test_initial_is_one_more_element_with_a_cotangent_of_its_own(f, options):
    for initial in (np.float64(0.9), np.float64(5.0), np.float64(-3.0)):
        assert_array_rule(lambda x, c=initial: f(x, initial=c, **options), X, order=2)
        assert_array_rule(lambda x, c: f(x + 0 * c, initial=c, **options), X, initial, order=2)


@pytest.mark.parametrize("f", [np.nansum, np.nanprod, np.nanmax, np.nanmin], **BY_NAME)
def test_initial_and_where_of_reductions_that_skip_nan(f):
    where = np.array([True, False, True, True])
    assert_array_rule(lambda x: f(x, axis=0, initial=0.75, where=where), X, order=2)
    gradient = grad(lambda x: f(x, initial=f(X) * 1.0, where=MASK))(HOLES)
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize("f", SKIPPING.values(), **BY_NAME)
@pytest.mark.parametrize("axis", [None, 1, (0, 2)])
def test_what_is_nan_is_not_taken(f, axis):
    """The derivative is that of the same function of the numbers alone."""
    value, pullback = vjp(lambda x: f(x, axis=axis), HOLES)
    assert_same_array(value, f(HOLES, axis=axis))
    x_bar = pullback(np.ones_like(value)[()])
    assert not x_bar[~MASK].any()

    def of_numbers(numbers):
        filled = np.full(HOLES.shape, nan)
        filled[MASK] = numbers
        return np.sum(f(filled, axis=axis))

    steps = np.eye(MASK.sum()) * 1e-6
    slopes = [(of_numbers(HOLES[MASK] + h) - of_numbers(HOLES[MASK] - h)) / 2e-6 for h in steps]
    np.testing.assert_allclose(x_bar[MASK], slopes, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("f", PLAIN.values(), **BY_NAME)
def test_where_derivatives_are_those_of_the_elements_taken(f):
    options = {"initial": 1.0} if f in (np.max, np.min) else {}
    x = np.array([3.0, 5.0, 2.0])
    gradient = grad(lambda x: f(x, where=[True, False, True], **options))(x)
    of_two = grad(lambda x: f(x, **options))(x[[0, 2]])
    assert gradient.tolist() == [of_two[0], 0.0, of_two[1]]


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.sum(np.sqrt(x), where=x > 0),
        lambda x: np.mean(np.sqrt(x), where=x > 0),
        lambda x: np.prod(np.sqrt(x), where=x > 0),
        lambda x: np.max(np.sqrt(x)),
        lambda x: -np.min(-np.sqrt(x)),
        lambda x: np.nansum(np.where(x > 0, np.sqrt(x), nan)),
        lambda x: np.nanmax(np.sqrt(x)),
        lambda x: np.nanprod(np.where(x > 0, np.sqrt(x), nan)),
    ],
)
def test_an_infinite_slope_of_what_is_not_taken_is_never_asked_for(f):
    x = np.array([0.0, 4.0])
    assert grad(f)(x).tolist() == [0.0, 0.25]
    assert hessian(f)(x).tolist() == [[0.0, 0.0], [0.0, -1 / 32]]


# ------------------------------------------------------------------------------------- products


def test_the_product_of_all_others_is_right_beside_infinities():
    assert grad(np.prod)(np.array([inf, 2.0])).tolist() == [2, inf]
    tiny, huge = 2.0**-700, 2.0**800
    assert grad(np.prod)(np.array([tiny, tiny, huge])).tolist() == [tiny * huge, tiny * huge, 0.0]


@given(st.lists(st.sampled_from([0, 0, 1, 2, -3]), min_size=1, max_size=7))
def test_derivatives_of_a_product_agree_with_sympy_wherever_there_are_zeros(numbers):
    x = sympy.symbols(f"x:{len(numbers)}")
    product, at = sympy.prod(x), dict(zip(x, numbers, strict=True))
    array = np.array(numbers, float)
    assert grad(np.prod)(array).tolist() == [float(sympy.diff(product, a).subs(at)) for a in x]
    second = [[float(sympy.diff(product, a, b).subs(at)) for b in x] for a in x]
    assert hessian(np.prod)(array).tolist() == second


# ----------------------------------------------------------------------------------------- ties


@pytest.mark.parametrize(
    "f", [np.max, np.amax, np.nanmax, lambda x: -np.min(-x), lambda x: -np.amin(-x), lambda x: x.max()]
)
def test_equal_elements_share_the_cotangent_of_an_extreme(f):
    assert grad(f)(np.array([1.0, 1.0, 0.0])).tolist() == [0.5, 0.5, 0]
    assert grad(f)(np.array([2.0, 2.0, 2.0, 1.0])).tolist() == [1 / 3, 1 / 3, 1 / 3, 0]
    assert hessian(f)(np.ones(2)).tolist() == [[0, 0], [0, 0]]


def test_initial_shares_too():
    assert grad(lambda x, c: np.max(x, initial=c), (0, 1))(np.array([2.0, 1.0, 2.0]), 2.0)[1] == 1 / 3
    gradient, share = grad(lambda x, c: np.min(x, initial=c), (0, 1))(np.array([2.0, 1.0]), 1.0)
    assert (gradient.tolist(), share) == ([0, 0.5], 0.5)


def test_a_nan_that_was_met_is_the_extreme():
    assert grad(np.max)(np.array([1.0, nan, 3.0])).tolist() == [0, 1, 0]
    with pytest.warns(RuntimeWarning, match="All-NaN"):
        assert grad(np.nanmin)(np.array([nan, nan])).tolist() == [0.5, 0.5]


# --------------------------------------------------------------------------- dtypes and numbers


@pytest.mark.parametrize("f", [np.sum, np.mean, np.prod, np.nansum, np.nanmean, np.nanprod], **BY_NAME)
def test_dtype_says_in_what_to_compute(f):
    x = X.astype(np.float32)
    for dtype in (np.float64, np.complex64):
        value, pullback = vjp(lambda x, dtype=dtype: f(x, axis=2, dtype=dtype), x)
        assert_same_array(value, f(x, axis=2, dtype=dtype))
        x_bar = pullback(np.ones_like(value))
        assert x_bar.dtype == np.float32
        np.testing.assert_allclose(x_bar, vjp(lambda x: f(x, axis=2), X)[1](np.ones((2, 3))), rtol=1e-6)
    assert vjp(lambda n: f(n, dtype=np.float32), np.array([1, 2]))[0].dtype == np.float32


@pytest.mark.parametrize("f", [np.sum, np.mean, np.prod], **BY_NAME)
@pytest.mark.parametrize("options", [{}, {"axis": 1}, {"axis": (0, 2), "keepdims": True, "where": MASK}])
def test_complex_numbers(f, options):
    z = X * np.exp(1j * X)
    assert_array_rule(lambda z: f(z, **options), z)


@pytest.mark.parametrize("f", PLAIN.values(), **BY_NAME)
def test_the_shapes_of_small_things(f):
    assert grad(f)(np.array(3.0)) == 1.0
    assert grad(f)(np.array(3.0)).shape == ()
    assert grad(f)(np.array([3.0])).tolist() == [1]
    assert grad(f)(3.0) == 1.0
    assert isinstance(grad(f)(3.0), float)
    assert nth_derivative(lambda x: f(x * x), 2)(2.0) == 2.0
    assert vjp(lambda x: f(x, axis=0), np.zeros((2, 0)))[1](np.zeros(0)).shape == (2, 0)


def test_a_number_that_is_not_taken_has_a_zero_of_its_own_kind():
    for x in (2.0, np.float32(2), np.longdouble(2)):
        for f in (
            lambda x: np.sum(x, where=False),
            lambda x: np.max(x, where=False, initial=1.0),
            lambda x: np.max(x * 0 + 7, initial=x),
        ):
            value, pullback = vjp(f, x)
            x_bar = pullback(np.ones_like(value)[()])
            assert type(x_bar) is type(x)
            assert x_bar == 0


def test_reductions_of_nothing_are_numpys():
    empty = np.zeros((0, 3))
    for f, value in ((np.sum, 0), (np.prod, 1), (np.nansum, 0), (np.nanprod, 1)):
        met, pullback = vjp(f, empty)
        assert met == value
        assert pullback(1.0).shape == (0, 3)
    assert grad(lambda x, c: np.max(x * c, initial=c), 1)(np.zeros(0), 2.0) == 1.0
    for f in (np.max, np.min, np.ptp):
        with pytest.raises(ValueError, match="zero-size array"):
            grad(f)(empty)
    with pytest.warns(RuntimeWarning, match="Mean of empty slice|invalid value"):
        value, pullback = vjp(np.mean, empty)
    assert math.isnan(value)
    assert pullback(1.0).shape == (0, 3)


def test_half_precision_means_do_not_overflow():
    x = np.full(1000, 1000, np.float16)
    value, pullback = vjp(np.mean, x)
    assert value == 1000
    assert pullback(np.float16(1))[0] == np.float16(0.001)


def test_arrays_of_objects_stay_exact():
    for one in (Fraction(1), Decimal(1), sympy.Integer(1)):
        x = np.array([one, 2 * one], object)
        gradient = grad(lambda x: np.sum(x * x))(x)
        assert gradient.tolist() == [2 * one, 4 * one]
        assert all(isinstance(g, type(one)) for g in gradient if not isinstance(g, sympy.Basic))
    x = np.array([Fraction(1, 2), Fraction(0), Fraction(3), Fraction(3)], object)
    for f, expected in (
        (np.mean, [Fraction(1, 4)] * 4),
        (np.prod, [0, Fraction(9, 2), 0, 0]),
        (np.max, [0, 0, Fraction(1, 2), Fraction(1, 2)]),
        (np.min, [0, 1, 0, 0]),
    ):
        assert grad(f)(x).tolist() == expected
    a, b, c = sympy.symbols("a b c")
    assert grad(np.prod)(np.array([a, b, c], object)).tolist() == [b * c, a * c, a * b]


@pytest.mark.parametrize("f", PLAIN.values(), **BY_NAME)
def test_a_list_of_revdiffs_is_reduced_like_an_array(f):
    assert simple_derivative(lambda x: f([x, x * x, 7.0 * x]))(2.0) == pytest.approx(
        {"sum": 12.0, "mean": 4.0, "prod": 7 * 32.0, "max": 7.0, "min": 1.0}[f.__name__]
    )


# -------------------------------------------------------------------------------------- options


@pytest.mark.parametrize("name", PLAIN)
def test_the_method_is_the_function(name):
    f = PLAIN[name]
    spellings = [
        lambda x: getattr(x, name)(1),
        lambda x: getattr(x, name)(axis=1),
        lambda x: f(a=x, axis=1),
        lambda x: f(x, 1, keepdims=True)[:, 0],
    ]
    for spelling in spellings:
        value, pullback = vjp(spelling, X)
        np.testing.assert_array_equal(value, f(X, axis=1))
        np.testing.assert_array_equal(pullback(np.ones((2, 4))), vjp(lambda x: f(x, axis=1), X)[1](np.ones((2, 4))))


def test_options_may_stand_where_numpy_has_them():
    for f in (np.sum, np.mean, np.prod):
        assert vjp(lambda x, f=f: f(x, 1, None, None, True), X)[0].shape == (2, 1, 4)
    assert vjp(lambda x: np.max(x, 1, None, True), X)[0].shape == (2, 1, 4)
    assert vjp(lambda x: x.sum(1, None, None, True), X)[0].shape == (2, 1, 4)


def test_options_that_say_nothing_are_accepted():
    assert grad(lambda x: np.sum(x, axis=None, dtype=None, out=None))(np.ones(2)).tolist() == [1, 1]


def test_out_is_refused_with_a_way_to_do_without():
    with pytest.raises(revdiff.MissingRuleError) as error:
        np.sum(revdiff.init_diff(np.ones(2)), out=np.zeros(()))
    assert str(error.value) == (
        "no derivative rule for numpy.sum with out=.\n"
        "  To do without:        y = f(r) for f(r, out=y).\n"
        "  To write one:         @revdiff.primitive (docs: Writing a primitive)\n"
        "  To hold it constant:  pass revdiff.stop_gradient(x) instead of x."
    )


def test_a_dtype_that_would_drop_the_derivative_is_refused():
    r = revdiff.init_diff(np.ones(2))
    for f in (np.sum, np.mean, np.prod, np.nansum):
        with pytest.raises(revdiff.ConversionError) as error:
            f(r, dtype=int)
        assert str(error.value).startswith(f"{f.__name__}(…, dtype=int64) of a RevDiff would drop its derivative.")


def test_a_mask_may_be_changed_after_it_was_used():
    mask = np.array([True, False])
    _, pullback = vjp(lambda x: np.sum(x, where=mask), np.ones(2))
    mask[:] = False
    assert pullback(1.0).tolist() == [1, 0]


def test_whether_any_or_all_are_true_is_constant():
    r = revdiff.init_diff(np.array([[0.0, 2.0], [1.0, 3.0]]))
    assert np.any(r) is np.True_
    assert np.all(r, axis=1).tolist() == [False, True]
    assert r.any(axis=0).tolist() == [True, True]
    assert r.all() is np.False_


def test_a_reduction_of_a_constant_costs_nothing_and_an_unused_one_is_never_pulled_back(monkeypatch):
    calls = []
    monkeypatch.setattr("revdiff.rules.reductions._products_of_others", lambda *args: calls.append(args))
    assert type(np.prod(np.ones(3))) is np.float64
    assert grad(lambda x: np.sum(x) + 0 * revdiff.stop_gradient(np.prod(x)))(np.ones(3)).tolist() == [1, 1, 1]
    vjp(np.prod, np.ones(3))
    assert calls == []


@given(
    st.lists(st.integers(0, 4), min_size=0, max_size=3).map(tuple),
    st.sampled_from(["sum", "mean", "prod", "max", "min"]),
    st.data(),
)
def test_random_shapes_and_axes(shape, name, data):
    axes = data.draw(st.sets(st.integers(0, len(shape) - 1)) if shape else st.just(set()))
    axis = data.draw(st.sampled_from([tuple(axes), tuple(i - len(shape) for i in axes)]))
    x = np.random.default_rng(len(shape)).permutation(math.prod(shape)).reshape(shape) / 8 + 0.25
    if math.prod(shape[i] for i in axes) == 0 and name in ("mean", "max", "min"):
        return
    f = PLAIN[name]
    assert_vjp(lambda x: f(x, axis=axis), x)
