"""Bringing a cotangent back to the space of its value: shape, dtype, reality, kind of number."""

from __future__ import annotations

import operator
from decimal import Decimal
from fractions import Fraction
from itertools import product

import mpmath
import numpy as np
import pytest
import sympy

import revdiff
from revdiff import RevDiffError, grad, nth_derivative, simple_derivative, vjp
from revdiff.arrays.broadcasting import broadcast_to, cast, fit_for, item, real_part, sum_to
from tests.oracles import UFUNCS_OF_NUMPY, assert_vjp

SHAPES = [
    ((), (3,)),
    ((3,), ()),
    ((1,), (3,)),
    ((2, 3), (3,)),
    ((3,), (2, 3)),
    ((2, 1), (1, 3)),
    ((1, 1), (2, 3)),
    ((2, 1, 3), (4, 1)),
    ((0,), (1,)),
    ((2, 0), (1, 1)),
    ((0, 3), (3,)),
]
OPERATIONS = [
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
    operator.pow,
    np.arctan2,
    np.maximum,
    np.hypot,
]


@pytest.mark.parametrize(("left", "right"), SHAPES, ids=str)
@pytest.mark.parametrize("f", OPERATIONS, ids=lambda f: f.__name__)
def test_operands_of_every_shape_get_cotangents_of_their_own_shape(f, left, right):
    rng = np.random.default_rng(1)
    x, y = rng.uniform(0.5, 1.5, left), rng.uniform(2, 3, right)
    assert_vjp(f, x, y)
    assert_vjp(lambda x: f(x, y), x)
    assert_vjp(lambda y: f(x, y), y)


@pytest.mark.parametrize(("left", "right"), SHAPES, ids=str)
def test_second_derivatives_of_operands_of_every_shape(left, right):
    rng = np.random.default_rng(2)
    x, y = rng.uniform(0.5, 1.5, left), rng.uniform(0.5, 1.5, right)
    assert_vjp(grad(lambda x, y: np.sum((x * y + x / y) ** 2), 0), x, y)
    assert_vjp(grad(lambda x, y: np.sum(x**y), 1), x, y)


DTYPES = [np.float16, np.float32, np.float64, np.longdouble, np.int8, np.uint8, np.int64]


@pytest.mark.parametrize("right", DTYPES, ids=lambda d: d.__name__)
@pytest.mark.parametrize("left", DTYPES, ids=lambda d: d.__name__)
@pytest.mark.parametrize("f", [operator.add, operator.mul, operator.truediv], ids=lambda f: f.__name__)
def test_operands_of_every_dtype_get_cotangents_of_their_own_dtype(f, left, right):
    operands = [(left(1), right(1)), (np.ones(2, left), np.ones((3, 1), right)), (left(1), np.ones(2, right))]
    for x, y in operands:
        gradients = grad(lambda x, y: np.sum(f(x, y) * 1.0), (0, 1))(x, y)
        for value, gradient in zip((x, y), gradients, strict=True):
            assert gradient.dtype == (value.dtype if value.dtype.kind == "f" else np.float64)
            assert gradient.shape == value.shape


@pytest.mark.parametrize("dtype", DTYPES, ids=lambda d: d.__name__)
def test_a_mask_is_a_constant_operand(dtype):
    x, mask = np.ones(2, dtype), np.array([[True], [False], [True]])
    gradient = grad(lambda x: np.sum(x * mask * 1.0))(x)
    np.testing.assert_array_equal(gradient, [2.0, 2.0])
    assert gradient.dtype == (dtype if np.dtype(dtype).kind == "f" else np.float64)
    with pytest.raises(RevDiffError, match="bool"):
        grad(lambda x, mask: np.sum(x * mask * 1.0), (0, 1))(x, mask)
    with pytest.raises(RevDiffError, match=r"x\.astype\(float\)"):
        grad(lambda mask: np.sum(x * mask * 1.0))(mask)


def test_a_sum_over_a_broadcast_is_the_number_of_copies_times_the_slope():
    x_bar, y_bar = grad(lambda x, y: np.sum(x * y), (0, 1))(2.0, np.ones((3, 4)))
    assert (x_bar, y_bar.tolist()) == (12.0, [[2.0] * 4] * 3)
    assert isinstance(x_bar, float)


LAYOUTS = {
    "Fortran order": np.asfortranarray(np.arange(6.0).reshape(2, 3) + 1),
    "a transposed view": (np.arange(6.0).reshape(3, 2) + 1).T,
    "a reversed view": (np.arange(6.0).reshape(2, 3) + 1)[::-1, ::-1],
    "stride 0": np.broadcast_to(np.array([1.0, 2.0, 3.0]), (2, 3)),
    "0-d": np.array(2.0),
    "empty": np.zeros((0, 3)),
    "big-endian": np.arange(6.0).reshape(2, 3).astype(">f8") + 1,
}


@pytest.mark.parametrize("x", LAYOUTS.values(), ids=LAYOUTS)
def test_arrays_of_every_layout(x):
    before = x.copy()
    assert_vjp(lambda x: np.exp(-x) * x + np.sum(x), x.astype(float) if x.dtype.byteorder == ">" else x)
    gradient = grad(lambda x: np.sum(x * x * x))(x)
    np.testing.assert_allclose(gradient, 3 * before**2)
    assert gradient.shape == x.shape
    if gradient.ndim:
        gradient[...] = 0  # the caller's own
    np.testing.assert_array_equal(x, before)


def test_read_only_arrays_are_read_only():
    x = np.arange(3.0)
    x.flags.writeable = False
    gradient = grad(lambda x: np.sum(x * x) + np.sum(x[1:] * x[:-1]))(x)
    assert gradient.tolist() == [1, 4, 5]
    assert gradient.flags.writeable


def test_subclasses_of_arrays_keep_working():
    x = np.arange(3.0).view(np.recarray)
    assert grad(lambda x: np.sum(x * x))(x).tolist() == [0, 2, 4]


# ------------------------------------------------------------------------ kinds of numbers together


NUMBERS = [3.0, 3, np.float64(3), np.float32(3), np.array([3.0]), np.array([3]), Fraction(3)]
OTHERS = [2, 2.0, np.float64(2), np.float32(2), np.array(2.0), np.array([2.0]), np.array([2])]
PAIRS = [  # beside what is of NumPy, a Fraction becomes an object
    (x, other)
    for x, other in product(NUMBERS, OTHERS)
    if not (isinstance(x, Fraction) and isinstance(other, np.ndarray | np.generic))
]


@pytest.mark.parametrize(("x", "other"), PAIRS)
def test_a_cotangent_is_a_number_of_the_arguments_kind(x, other):
    for f in (lambda x: x * other, lambda x: other / x, lambda x: np.sum(other - x)):
        gradient = grad(lambda x, f=f: np.sum(f(x)))(x)
        if isinstance(x, np.ndarray | np.generic):
            assert gradient.dtype == (x.dtype if x.dtype.kind == "f" else np.float64)
            assert gradient.shape == x.shape
        else:
            assert isinstance(gradient, float | int | Fraction)


def test_fractions_times_arrays_of_objects_stay_fractions():
    x, y = np.array([Fraction(1, 2), Fraction(1, 3)], object), Fraction(3)
    x_bar, y_bar = grad(lambda x, y: np.sum(x * y * y), (0, 1))(x, y)
    assert x_bar.tolist() == [9, 9]
    assert y_bar == 5
    assert isinstance(y_bar, Fraction)


@pytest.mark.parametrize(
    "one", [Fraction(1), Decimal(1), mpmath.mpf(1), sympy.Integer(1)], ids=lambda x: type(x).__name__
)
def test_arrays_of_objects_broadcast(one):
    x, y = np.array([[one, 2 * one]], object), np.array([[3 * one], [4 * one]], object)
    x_bar, y_bar = grad(lambda x, y: np.sum(x * y + x), (0, 1))(x, y)
    assert x_bar.tolist() == [[9 * one, 9 * one]]
    assert y_bar.tolist() == [[3 * one], [3 * one]]
    assert grad(lambda x: np.sum(x - 2 * x))(x).tolist() == [[-one, -one]]


# ------------------------------------------------------------------------------- the maps themselves


def test_broadcast_to_and_sum_to_are_each_others_transposes():
    x = np.arange(3.0).reshape(1, 3)
    assert_vjp(lambda x: broadcast_to(x, (4, 2, 3)), x)
    assert_vjp(lambda y: sum_to(y, (1, 3)), np.arange(24.0).reshape(4, 2, 3))
    assert_vjp(lambda y: sum_to(y, ()), np.arange(6.0).reshape(2, 3))
    assert_vjp(grad(lambda x: np.sum(broadcast_to(x * x, (4, 2, 3)) ** 2)), x)
    assert_vjp(grad(lambda y: np.sum(sum_to(y * y, (1, 3)) ** 2)), np.arange(6.0).reshape(2, 3))


def test_cast_item_and_real_part_are_linear_at_every_order():
    x = np.array([1.5, 2.5])
    assert simple_derivative(lambda x: cast(x, np.float32) ** 2)(x).dtype == np.float64
    assert nth_derivative(lambda x: np.sum(cast(x, complex) ** 3).real, 1)(x) == pytest.approx(3 * x**2)
    assert_vjp(grad(lambda x: np.sum(real_part(cast(x, complex) ** 3) ** 2)), x)
    assert simple_derivative(lambda x: item(x * x))(np.float64(3)) == 6.0
    assert isinstance(item(np.float64(3)), float)
    second = nth_derivative(lambda x: item(x * x * x), 2)(np.float64(3))
    assert second == 18.0
    assert_vjp(grad(lambda z: np.sum(real_part(z**3))), np.array([1 + 2j, 0.5j + 0.25]))


def test_values_of_one_space_need_no_fit():
    assert fit_for(1.0, 2.0) is None
    assert fit_for(np.ones(2), np.zeros(2)) is None
    assert fit_for(sympy.Symbol("x"), sympy.Symbol("x")) is None
    assert fit_for(revdiff.init_diff(np.ones(2)), revdiff.init_diff(np.ones(2))) is None
    assert fit_for(np.ones(2), np.ones((1, 2))) is not None
    assert fit_for(np.ones(2), np.ones(2, np.float32)) is not None


def test_a_number_given_for_the_cotangent_of_an_array_is_spread():
    value, pullback = vjp(np.sum, np.ones((2, 2)))
    assert value == 4
    assert pullback(3.0).tolist() == [[3, 3], [3, 3]]


# -------------------------------------------------------------- whole numbers and truth values in arrays

OF_ONE = [f for f in UFUNCS_OF_NUMPY if f.nin == f.nout == 1 and f not in (np.arctanh, np.arcsin, np.arccos)]


@pytest.mark.parametrize("dtype", [np.int64, np.int32, np.uint8, np.int8])
@pytest.mark.parametrize("f", OF_ONE, ids=lambda f: f.__name__)
def test_arrays_of_whole_numbers_have_the_slopes_of_floats(f, dtype):
    x = np.array([1, 2, 3]) + (f is np.arccosh)
    with np.errstate(over="ignore"):
        slopes = simple_derivative(f)(x.astype(dtype))
    assert slopes.dtype == np.float64
    expected = simple_derivative(f)(x.astype(float))
    np.testing.assert_allclose(slopes, expected, rtol=1e-12 if x.astype(dtype).itemsize > 1 else 2e-2)


@pytest.mark.parametrize(
    ("f", "slope", "x"),
    [
        pytest.param(f, slope, x, id=f"{name}-{x.dtype}")
        for name, f, slope in [
            ("arctan", np.arctan, lambda x: 1 / (1 + x**2)),
            ("square", np.square, lambda x: 2 * x),
            ("hypot", lambda x: x / 3 + np.hypot(x, 4), lambda x: 1 / 3 + x / np.hypot(x, 4)),
            ("product", lambda x: x * x * 1.0, lambda x: 2 * x),
            ("quotient", lambda x: 1 / x, lambda x: -1 / x**2),
            ("arcsinh", np.arcsinh, lambda x: 1 / np.sqrt(1 + x**2)),
        ]
        for x in (np.array([5_000_000_000]), np.array([-100_000], np.int32), np.array([200], np.uint8))
    ],
)
def test_slopes_of_whole_numbers_do_not_wrap_around(f, slope, x):
    with np.errstate(over="ignore"):
        np.testing.assert_allclose(simple_derivative(f)(x), slope(x.astype(float)), rtol=5e-3)


def test_a_real_number_beside_complex_objects_has_a_real_cotangent():
    a = np.array([1 + 1j, 2], object)
    assert grad(lambda s: revdiff.real((a * s).sum() * 1j))(1.5) == -1.0  # Re(i (3 + i) s)


COPIES = [
    ((4, 3), (3,)),
    ((5, 4, 3), (3,)),
    ((5, 4, 3), (1, 3)),
    ((5, 4, 3), (5, 1, 3)),
    ((5, 4, 3), (1, 4, 1)),
    ((5, 4, 3), (5, 4, 1)),
    ((5, 4, 3), ()),
    ((4, 0, 3), (1, 3)),
    ((0, 3), (3,)),
    ((1, 3), (3,)),
    ((4, 3), (4, 3)),
    ((0, 4, 3), (0, 1, 3)),
]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex128, np.longdouble])
@pytest.mark.parametrize(("shape", "to"), COPIES)
def test_the_copies_of_an_operand_are_summed_in_every_dtype(dtype, shape, to):
    x = (np.arange(np.prod(shape)) % 7).reshape(shape).astype(dtype)
    axes = tuple(
        i
        for i, n in enumerate(shape)
        if (1,) * (len(shape) - len(to)) + to != shape
        and (i < len(shape) - len(to) or to[i - len(shape) + len(to)] == 1 != n)
    )
    for array in (x, np.asfortranarray(x)):
        total = sum_to(array, to)
        assert total.shape == to
        assert total.dtype == dtype
        np.testing.assert_array_equal(total, np.sum(x, axis=axes).reshape(to))


def test_infinities_and_nan_among_the_copies_stay_in_their_column():
    x = np.ones((6, 4))
    x[2, 1], x[3, 2], x[4, 2] = np.inf, np.nan, np.inf
    np.testing.assert_array_equal(sum_to(x, (4,)), [6.0, np.inf, np.nan, 6.0])


@pytest.mark.parametrize(
    "x", [2.5, np.float64(2.5), np.ones(()), np.arange(3.0), np.arange(6.0).reshape(2, 1, 3)[:, :, ::2]]
)
def test_repeating_is_numpys(x):
    shape = (2, 4, 3) if np.shape(x)[-1:] != (2,) else (2, 4, 2)
    repeated, expected = broadcast_to(x, shape), np.broadcast_to(x, shape)
    np.testing.assert_array_equal(repeated, expected)
    assert repeated.strides == expected.strides
    assert not repeated.flags.writeable


def test_what_does_not_fit_is_numpys_error():
    with pytest.raises(ValueError, match="could not be broadcast"):
        broadcast_to(np.ones(3), (2, 4))
