"""Shape: the same numbers in another arrangement."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest

import revdiff
from revdiff import grad, simple_derivative, vjp
from revdiff.rules.shape import reshape, stack, transpose
from tests.oracles import assert_vjp

X = np.arange(24.0).reshape(2, 3, 4) / 8 + 0.5

ARRANGEMENTS = {
    "reshape": lambda x: np.reshape(x, (4, 6)),
    "reshape to one axis": lambda x: np.reshape(x, -1),
    "reshape with a gap": lambda x: x.reshape(3, -1),
    "reshape by a tuple": lambda x: x.reshape((6, 4)),
    "ravel": lambda x: x.ravel(),
    "flatten": lambda x: x.flatten(),
    "transpose": np.transpose,
    "T": lambda x: x.T,
    "transpose by axes": lambda x: x.transpose(2, 0, 1),
    "transpose by a list": lambda x: x.transpose([1, 0, 2]),
    "broadcast_to": lambda x: np.broadcast_to(x, (5, 2, 3, 4)),
    "stack": lambda x: np.stack([x, 2 * x, np.ones_like(x)]),
    "stack along the last axis": lambda x: np.stack([x, x * x], axis=-1),
    "stack along a middle axis": lambda x: np.stack([x, x * x], axis=1),
}


@pytest.mark.parametrize("f", ARRANGEMENTS.values(), ids=ARRANGEMENTS)
def test_every_arrangement_is_numpys_and_its_cotangents_agree_with_central_differences(f):
    assert_vjp(lambda x: f(x * x), X)
    assert_vjp(lambda x: f(x * x), np.asfortranarray(X))
    value, _ = vjp(f, X)
    np.testing.assert_array_equal(value, f(X))


@pytest.mark.parametrize("f", ARRANGEMENTS.values(), ids=ARRANGEMENTS)
def test_every_arrangement_differentiates_again(f):
    assert_vjp(grad(lambda x: np.sum(f(x * x * x) ** 2)), X)


@pytest.mark.parametrize("f", ARRANGEMENTS.values(), ids=ARRANGEMENTS)
@pytest.mark.parametrize("dtype", [np.float32, np.complex64, np.int64])
def test_dtypes_are_kept(f, dtype):
    x = X.astype(dtype)
    value, pullback = vjp(f, x)
    assert value.dtype == f(x).dtype
    x_bar = pullback(np.ones_like(value))
    assert x_bar.shape == x.shape
    assert dtype is np.int64 or x_bar.dtype == dtype


@pytest.mark.parametrize("axes", [*permutations(range(3)), (-1, 0, 1), (0, -1, -2), (-2, -1, 0)])
def test_every_permutation_of_axes_goes_back_where_it_came_from(axes):
    assert_vjp(lambda x: np.transpose(x, axes), X)


def test_stack_gives_each_part_its_own_kind_of_cotangent():
    x_bar, y_bar, z_bar = grad(lambda x, y, z: np.sum(np.stack([x, y, z]) ** 2), (0, 1, 2))(2.0, 3, np.float32(4))
    assert (x_bar, y_bar, z_bar) == (4, 6, 8)
    assert isinstance(x_bar, float)
    assert isinstance(y_bar, float)
    assert z_bar.dtype == np.float32


def test_stack_of_plain_arrays_is_numpys():
    assert stack([np.ones(2), np.zeros(2)]).tolist() == [[1, 1], [0, 0]]
    assert reshape(np.arange(4), 2, 2).tolist() == [[0, 1], [2, 3]]
    assert transpose(np.arange(4).reshape(2, 2)).tolist() == [[0, 2], [1, 3]]


def test_stack_of_two_layers_keeps_both():
    mixed = simple_derivative(lambda x: simple_derivative(lambda y: np.sum(np.stack([x, y, x * y]) ** 2))(3.0))
    assert mixed(2.0) == 4 * 2.0 * 3.0


def test_a_number_is_broadcast_and_summed_back():
    assert grad(lambda x: np.sum(np.broadcast_to(x, (2, 3)) * 2))(1.5) == 12.0
    assert isinstance(grad(lambda x: np.sum(np.broadcast_to(x, (2, 3))))(1.5), float)
    assert grad(lambda x: np.sum(np.broadcast_to(x, (2, 3))))(np.float32(1.5)).dtype == np.float32


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.longdouble, np.complex64, complex])
def test_astype_converts_and_its_cotangent_is_converted_back(dtype):
    for x in (np.array([1.5, 2.5]), np.array([1.5, 2.5], np.float32), np.array([1, 2])):
        value, pullback = vjp(lambda x: x.astype(dtype), x)
        assert value.dtype == dtype
        x_bar = pullback(np.ones(2, dtype))
        assert x_bar.tolist() == [1, 1]
        assert x_bar.dtype == (x.dtype if x.dtype.kind == "f" else np.float64)
    assert_vjp(grad(lambda x: np.sum(np.abs(x.astype(complex) ** 3))), np.array([1.5, 2.5]))


def test_astype_to_whole_numbers_would_drop_the_derivative():
    with pytest.raises(revdiff.ConversionError) as error:
        revdiff.init_diff(np.ones(2)).astype(int)
    assert str(error.value).startswith("astype(int64) of a RevDiff would drop its derivative.")
    assert "revdiff.primal(r).astype(...)" in str(error.value)


def test_attributes_of_the_array_show_through():
    r = revdiff.init_diff(revdiff.init_diff(np.ones((2, 3), np.float32)))
    assert (r.shape, r.ndim, r.size, r.dtype, len(r)) == ((2, 3), 2, 6, np.float32, 2)
    assert r.T.shape == (3, 2)
    assert np.shape(revdiff.init_diff(2.0)) == ()


def test_objects_are_arranged_too():
    x = np.array([[Fraction(1), Fraction(2)]], object)
    gradient = grad(lambda x: np.sum(np.transpose(x) * np.reshape(x, (2, 1))))(x)
    assert gradient.tolist() == [[2, 4]]
    assert isinstance(gradient[0, 0], Fraction)


def test_reshape_in_another_order_is_declined():
    with pytest.raises(revdiff.MissingRuleError, match=r"no derivative rule for numpy\.reshape with order="):
        np.reshape(revdiff.init_diff(X), (4, 6), order="F")
