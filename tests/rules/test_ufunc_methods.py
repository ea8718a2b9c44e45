"""Methods of elementwise functions: reduce, accumulate, reduceat, outer, at, and calls with options."""

from __future__ import annotations

import math
import time
from functools import reduce

import numpy as np
import pytest

import revdiff
from revdiff import grad, hessian, init_diff, jacobian, simple_derivative, vjp
from tests.oracles import UFUNCS_OF_NUMPY, assert_array_rule, assert_same_array

nan, inf = math.nan, math.inf
RNG = np.random.default_rng(0)
X = RNG.permutation(24).reshape(2, 3, 4) / 16 + 0.53
MASK = RNG.uniform(size=X.shape) < 0.7
MASK[0] = MASK[..., 0] = True

OWN = [np.add, np.multiply, np.maximum, np.minimum, np.fmax, np.fmin, np.logaddexp, np.logaddexp2]
COMBINED = [np.subtract, np.divide, np.hypot, np.copysign, np.fmod, np.remainder]
BY_NAME = {"ids": lambda f: f.__name__}


def ordered(f):
    """Tell whether NumPy reduces along one axis only, because the order matters."""
    return f in (np.subtract, np.divide, np.copysign, np.fmod, np.remainder)


@pytest.mark.parametrize("axis", [0, 1, -1, None, (0, 2), ()])
@pytest.mark.parametrize("f", OWN + COMBINED, **BY_NAME)
def test_reductions_agree_with_central_differences(f, axis):
    if ordered(f) and axis in (None, (0, 2)):
        with pytest.raises(ValueError, match="is not reorderable"):
            f.reduce(init_diff(X), axis=axis)
        return
    for keepdims in (False, True):
        assert_array_rule(lambda x, k=keepdims: f.reduce(x, axis=axis, keepdims=k), X, order=3 if axis == 1 else 2)


@pytest.mark.parametrize("f", OWN + COMBINED, **BY_NAME)
def test_reductions_of_some_elements_from_an_initial_one(f):
    assert_array_rule(lambda x: f.reduce(x, axis=1, initial=1.3, where=MASK), X, order=2)
    assert_array_rule(lambda x, c: f.reduce(x + 0 * c, axis=-1, initial=c), X, np.float64(1.3), order=2)
    if f.identity is not None:
        assert_array_rule(lambda x: f.reduce(x, axis=1, where=MASK), X, order=2)
    else:
        with pytest.raises(ValueError, match="does not have an identity"):
            f.reduce(init_diff(X), where=MASK)


def test_the_order_of_a_reduction_is_that_of_the_elements():
    """Also for np.power and np.arctan2, whose own reduce NumPy gets wrong on some processors."""
    x = np.array([1.2, 0.9, 1.4, 1.1])
    for f in (np.power, np.float_power, np.arctan2, np.subtract):
        value, pullback = vjp(f.reduce, x)
        in_turn = lambda x, f=f: reduce(f, [x[i] for i in range(4)])
        np.testing.assert_allclose(value, in_turn(x), rtol=1e-14)
        np.testing.assert_allclose(pullback(1.0), grad(in_turn)(x), rtol=1e-14)


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("f", OWN + COMBINED, **BY_NAME)
def test_accumulations_agree_with_central_differences(f, axis):
    assert_array_rule(lambda x: f.accumulate(x, axis=axis), X, order=2)


@pytest.mark.parametrize("f", OWN + COMBINED, **BY_NAME)
def test_reductions_between_indices_agree_with_central_differences(f):
    assert_array_rule(lambda x: f.reduceat(x, [0, 3, 1, 2], axis=-1), X, order=2)
    assert_array_rule(lambda x: f.reduceat(x, [1, 0]), X, order=2)


@pytest.mark.parametrize("f", OWN + COMBINED, **BY_NAME)
def test_outer_agrees_with_central_differences(f):
    assert_array_rule(f.outer, X[:, 0], X[0, 0] + 0.013, order=2)
    assert vjp(lambda y: f.outer(2.0, y), X[0])[0].shape == (3, 4)


@pytest.mark.parametrize("f", [f for f in UFUNCS_OF_NUMPY if f.nin == 2 and f.nout == 1 and not f.signature], **BY_NAME)
def test_every_function_of_two_that_has_a_rule_has_these_methods(f):
    if f is np.ldexp:  # takes whole numbers on one side
        return
    x = np.array([1.25, 0.875, 2.5])
    pairs = [np.outer(x, np.ones(3)), np.outer(np.ones(3), x)]
    assert_same_array(vjp(f.outer, x, x)[0], f(*pairs))
    assert vjp(lambda x: f.accumulate(x)[-1], x)[0] == pytest.approx(f(f(x[0], x[1]), x[2]))
    if f is not np.nextafter:
        np.testing.assert_allclose(grad(f.reduce)(x), grad(lambda x: f(f(x[0], x[1]), x[2]))(x), rtol=1e-12, atol=1e-15)


# ------------------------------------------------------------------------------ ties, conventions


def test_equal_elements_share_evenly():
    x = np.array([2.0, 2.0, 1.0, 2.0])
    for f in (np.maximum, np.fmax):
        np.testing.assert_allclose(grad(f.reduce)(x), [1 / 3, 1 / 3, 0, 1 / 3])
    for f in (np.minimum, np.fmin):
        np.testing.assert_allclose(grad(f.reduce)(-x), [1 / 3, 1 / 3, 0, 1 / 3])
    assert jacobian(lambda x: np.maximum.reduceat(x, [0, 2]))(x).tolist() == [[0.5, 0.5, 0, 0], [0, 0, 0, 1]]


def test_fmax_leaves_nan_out_and_maximum_does_not():
    x = np.array([1.0, nan, 3.0])
    assert grad(np.fmax.reduce)(x).tolist() == [0, 0, 1]
    assert grad(np.maximum.reduce)(x).tolist() == [0, 1, 0]
    assert math.isnan(vjp(np.fmax.reduce, np.array([nan, nan]))[0])


def test_the_weights_of_a_logarithm_of_a_sum():
    x = np.array([1.0, 2.0, 4.0])
    weights = np.exp(x) / np.exp(x).sum()
    np.testing.assert_allclose(grad(np.logaddexp.reduce)(x), weights)
    np.testing.assert_allclose(
        hessian(np.logaddexp.reduce)(x), np.diag(weights) - np.outer(weights, weights), atol=1e-16
    )
    np.testing.assert_allclose(grad(np.logaddexp2.reduce)(x), 2**x / (2**x).sum())
    assert grad(np.logaddexp.reduce)(np.array([1e4, 0.0])).tolist() == [1, 0]


def test_the_logarithm_of_a_sum_at_infinity():
    assert grad(np.logaddexp.reduce)(np.array([-inf, -inf, 0.0])).tolist() == [0, 0, 1]
    assert grad(np.logaddexp.reduce)(np.array([-inf, -inf])).tolist() == [0.5, 0.5]
    assert grad(np.logaddexp.reduce)(np.array([inf, 1.0])).tolist() == [1, 0]
    assert grad(lambda x: np.logaddexp.reduce(x, where=np.array([False, True])))(np.array([inf, 2.0])).tolist() == [
        0,
        1,
    ]


def test_what_is_not_taken_is_absent():
    x = np.array([0.0, 4.0])
    for f in OWN + COMBINED:
        gradient = grad(lambda x, f=f: f.reduce(np.sqrt(x), initial=1.0, where=x > 0))(x)
        assert gradient[0] == 0
        assert np.isfinite(gradient).all()


def test_reductions_of_nothing_and_of_one():
    for f in (np.add, np.multiply, np.hypot, np.logaddexp):
        assert vjp(f.reduce, np.zeros(0))[0] == f.identity
        assert simple_derivative(lambda x, f=f: f.reduce(np.stack([x])))(3.0) == 1.0
    with pytest.raises(ValueError, match="no identity"):
        np.subtract.reduce(init_diff(np.zeros(0)))
    assert simple_derivative(lambda c: np.subtract.reduce(np.zeros(0) * c, initial=c))(3.0) == 1.0
    assert vjp(np.subtract.accumulate, np.zeros((0, 2)))[0].shape == (0, 2)
    assert vjp(lambda x: np.subtract.reduceat(x, np.array([], int)), np.ones(2))[0].shape == (0,)


# -------------------------------------------------------------------------------------- options


@pytest.mark.parametrize("f", [np.add, np.multiply, np.maximum, np.hypot], **BY_NAME)
def test_dtype_says_in_what_to_reduce(f):
    x = X.astype(np.float32)
    for call in (
        lambda x: f.reduce(x, dtype=np.float64),
        lambda x: f.accumulate(x, dtype=np.float64),
        lambda x: f.reduceat(x, [0, 1], dtype=np.float64),
    ):
        value, pullback = vjp(call, x)
        assert_same_array(value, call(x))
        assert pullback(value).dtype == np.float32
    with pytest.raises(
        revdiff.ConversionError, match=rf"{f.__name__}\.reduce\(…, dtype=int64\) of a RevDiff would drop"
    ):
        f.reduce(init_diff(X), dtype=int)


def test_calls_in_another_dtype():
    x = np.array([0.5, 1.5])
    for f, args in ((np.sin, ()), (np.add, (1,)), (np.multiply, (np.arange(2.0),)), (np.power, (2.0,))):
        call = lambda x, f=f, args=args: f(x, *args, dtype=np.float32, casting="unsafe", order="C", subok=True)
        value, pullback = vjp(call, x)
        assert_same_array(value, call(x))
        np.testing.assert_allclose(
            pullback(np.ones(2, np.float32)), vjp(lambda x, f=f, args=args: f(x, *args), x)[1](np.ones(2)), rtol=1e-6
        )
    assert np.sin(init_diff(2.0), dtype=np.float32).value == np.sin(np.float32(2))
    assert vjp(lambda x: np.multiply.outer(x, x, dtype=np.float32), x)[0].dtype == np.float32
    assert grad(lambda x: np.sum(np.add(x, x, where=True, casting="same_kind")))(x).tolist() == [2, 2]


def test_a_dtype_that_does_not_fit_is_numpys_error():
    r = init_diff(np.array([0.5, 1.5]))
    for call in (lambda x: np.sin(x, dtype=int), lambda x: np.add(x, x, dtype=np.float32, casting="safe")):
        with pytest.raises(TypeError) as met:
            call(r)
        with pytest.raises(TypeError) as expected:
            call(revdiff.primal(r))
        assert str(met.value) == str(expected.value)


WAYS_OUT = (
    "\n  To write one:         @revdiff.primitive (docs: Writing a primitive)"
    "\n  To hold it constant:  pass revdiff.stop_gradient(x) instead of x."
)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            lambda r: np.sin(r, where=np.array([True, False])),
            "no derivative rule for numpy.sin with where=.\n"
            "  To do without:        revdiff.where(condition, f(r), other) for f(r, where=condition)." + WAYS_OUT,
        ),
        (
            lambda r: np.absolute(r * 1j, dtype=float),
            "no derivative rule for numpy.absolute with dtype=.\n"
            "  To do without:        f(r.astype(dtype)) for f(r, dtype=dtype)." + WAYS_OUT,
        ),
        (lambda r: np.sin(r, signature="d->d"), "no derivative rule for numpy.sin with signature=." + WAYS_OUT),
        (
            lambda r: np.add.at(np.zeros(2), [0, 0], r),
            "numpy.add.at writes into its first operand, which would drop a derivative.\n"
            "  Make that with room for derivatives:  np.zeros_like(r)  or  np.zeros(n, like=r)\n"
            "  To add up by index:                   np.bincount(indices, weights=r, minlength=n)",
        ),
        (
            lambda r: np.add.reduce(r, out=np.zeros(())),
            "numpy.add was asked to write a RevDiff into an array of numbers, which would drop its derivative.\n"
            "  Write a = a + r instead of a += r, and leave out= away; or make a with np.zeros_like(r).",
        ),
    ],
)
def test_what_is_refused_names_itself_and_the_way_around(call, text):
    with pytest.raises(revdiff.RevDiffError) as error:
        call(init_diff(np.array([1.0, 2.0])))
    assert str(error.value) == text


@pytest.mark.parametrize(
    "call",
    [
        np.add.accumulate,
        np.sin.reduce,
        np.divmod.reduce,
        lambda x: np.subtract.reduceat(x, [7]),
    ],
)
def test_what_numpy_refuses_is_numpys_error(call):
    with pytest.raises((TypeError, ValueError, IndexError)) as expected:
        call(np.float64(2.0))
    with pytest.raises(expected.type) as met:
        call(init_diff(np.float64(2.0)))
    assert str(met.value) == str(expected.value)


def test_methods_of_constant_functions_see_the_plain_values():
    r = init_diff(np.array([[1.0, 0.0], [2.0, 3.0]]))
    assert np.logical_and.reduce(r).tolist() == [True, False]
    assert np.logical_or.accumulate(r, axis=1).tolist() == [[True, True], [True, True]]
    assert np.less.outer(r, 1.5).tolist() == [[True, True], [False, False]]
    mask = np.zeros((2, 2), bool)
    assert np.greater(r, 1, out=mask) is mask
    assert mask.tolist() == [[False, False], [True, True]]


def test_the_cost_of_a_reduction_one_by_one_is_linear():
    def seconds(n):
        x = np.linspace(1.0, 2.0, n)
        start = time.process_time()
        grad(np.hypot.reduce)(x)
        grad(lambda x: np.sum(np.subtract.accumulate(x)))(x)
        return time.process_time() - start

    seconds(10)
    assert min(seconds(4_000) for _ in range(3)) < 40 * min(seconds(400) for _ in range(3))


def test_out_and_where_compute_nothing_elsewhere():
    def f(x):
        y = np.divide(1.0, x, out=np.zeros_like(x), where=x != 0)
        np.log(x, out=y, where=x > 2)
        return np.sum(y)

    np.testing.assert_allclose(grad(f)(np.array([0.0, 2.0, 4.0, -1.0])), [0, -1 / 4, 1 / 4, -1])
    sums = lambda x: np.add.reduce(x, out=np.zeros_like(x[0]), where=x > 1)
    np.testing.assert_allclose(jacobian(sums)(np.array([[1.0, 2.0], [3.0, 4.0]]))[1], [[0, 1], [0, 1]])
