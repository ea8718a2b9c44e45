"""Shape: the same numbers in another arrangement."""

from __future__ import annotations

import inspect
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest

import revdiff
from revdiff import grad, simple_derivative, vjp
from revdiff.rules.shape import asfarray, gather, reshape, stack, transpose
from tests.oracles import (
    assert_array_rule,
    assert_refused_alike,
    assert_same_array,
    assert_vjp,
)

X = np.arange(24.0).reshape(2, 3, 4) / 8 + 0.5

ARRANGEMENTS = {
    "reshape": lambda x: np.reshape(x, (4, 6)),
    "reshape to one axis": lambda x: np.reshape(x, -1),
    "reshape with a gap": lambda x: x.reshape(3, -1),
    "reshape by a tuple": lambda x: x.reshape((6, 4)),
    "reshape in Fortran's order": lambda x: np.reshape(x, (4, 6), order="F"),
    "reshape to one axis in Fortran's order": lambda x: x.reshape(-1, order="F"),
    "reshape as in memory": lambda x: x.T.reshape(4, -1, order="A"),
    "ravel": lambda x: x.ravel(),
    "ravel in Fortran's order": lambda x: np.ravel(x, "F"),
    "ravel as in memory": lambda x: np.ravel(np.transpose(x, (2, 0, 1)), order="K"),
    "flatten": lambda x: x.flatten(),
    "flatten in Fortran's order": lambda x: x.flatten("F"),
    "squeeze": lambda x: np.squeeze(x[:, :1]),
    "squeeze an axis": lambda x: np.squeeze(x[:1, :1], axis=-2),
    "squeeze axes": lambda x: x[:1, :1].squeeze((0, 1)),
    "expand_dims": lambda x: np.expand_dims(x, 1),
    "expand_dims by axes": lambda x: np.expand_dims(x, (0, -1)),
    "atleast_1d": lambda x: np.atleast_1d(x[0, 0, 0]),
    "atleast_2d": lambda x: np.atleast_2d(x[0, 0]),
    "atleast_3d": lambda x: np.atleast_3d(x[0]),
    "atleast_3d of a vector": lambda x: np.atleast_3d(x[0, 0]),
    "transpose": np.transpose,
    "T": lambda x: x.T,
    "mT": lambda x: getattr(x, "mT", None) if hasattr(np.ndarray, "mT") else np.swapaxes(x, -1, -2),
    "transpose by axes": lambda x: x.transpose(2, 0, 1),
    "transpose by a list": lambda x: x.transpose([1, 0, 2]),
    "transpose by negative axes": lambda x: np.transpose(x, (-1, 0, -2)),
    "swapaxes": lambda x: np.swapaxes(x, 0, -1),
    "swapaxes method": lambda x: x.swapaxes(1, 0),
    "moveaxis": lambda x: np.moveaxis(x, 0, -1),
    "moveaxis of two": lambda x: np.moveaxis(x, (0, 2), (1, 0)),
    "rollaxis": lambda x: np.rollaxis(x, 2),
    "rollaxis before the last": lambda x: np.rollaxis(x, 0, start=2),
    "broadcast_to": lambda x: np.broadcast_to(x, (5, 2, 3, 4)),
    "broadcast_to repeats": lambda x: np.broadcast_to(x[:, :1], (2, 3, 4)),
    "broadcast_arrays": lambda x: np.broadcast_arrays(x[0, 0], x[:, :, :1], 2.0)[1],
    "stack": lambda x: np.stack([x, 2 * x, np.ones_like(x)]),
    "stack along the last axis": lambda x: np.stack([x, x * x], axis=-1),
    "stack along a middle axis": lambda x: np.stack([x, x * x], axis=1),
}
if hasattr(np, "matrix_transpose"):
    ARRANGEMENTS["matrix_transpose"] = np.matrix_transpose
    ARRANGEMENTS["permute_dims"] = lambda x: np.permute_dims(x, (1, 2, 0))


@pytest.mark.parametrize("f", ARRANGEMENTS.values(), ids=ARRANGEMENTS)
def test_every_arrangement_is_numpys_and_all_its_derivatives_agree_with_central_differences(f):
    assert_array_rule(f, X)


@pytest.mark.parametrize("name", [name for name in ARRANGEMENTS if "as in memory" not in name])
def test_every_arrangement_takes_any_layout_of_memory(name):
    f = ARRANGEMENTS[name]
    for x in (np.asfortranarray(X), X[::-1, :, ::-1], np.swapaxes(np.swapaxes(X, 0, 2).copy(), 0, 2)):
        value, pullback = vjp(f, x)
        assert_same_array(value, f(x))
        y_bar = np.arange(float(value.size)).reshape(value.shape)
        np.testing.assert_array_equal(pullback(y_bar), vjp(f, x.copy("C"))[1](y_bar))


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
    assert reshape(np.arange(4), (2, 2)).tolist() == [[0, 1], [2, 3]]
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


def test_asfarray_makes_floats_of_whole_numbers():
    """Its name was np.asfarray before NumPy 2."""
    for x, options, dtype in (
        (np.ones(2), (), np.float64),
        (np.array([1, 2]), (), np.float64),
        (np.ones(2), (np.float32,), np.float32),
        (np.ones(2), (int,), np.float64),
    ):
        assert asfarray(revdiff.init_diff(x), *options).dtype == dtype


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


def test_the_shape_of_a_number_changes_as_in_numpy():
    changes = (
        np.squeeze, np.transpose, np.ravel, np.atleast_1d, np.atleast_2d, np.atleast_3d, np.copy,
        lambda x: np.expand_dims(x, 0), lambda x: np.reshape(x, (1, 1)), lambda x: np.broadcast_to(x, (2, 3)),
    )  # fmt: skip
    for f in changes:
        for x in (2.0, 3, np.float32(2.0), np.array(2.0)):
            value, pullback = vjp(f, x)
            assert_same_array(value, f(x))
            assert type(value) is type(f(x))
            x_bar = pullback(np.ones(np.shape(value), float if isinstance(x, int) else getattr(value, "dtype", float)))
            assert x_bar == np.size(value)
            assert type(x_bar) is float if isinstance(x, float | int) else x_bar.dtype == x.dtype


def test_several_arrays_at_once():
    x, y = revdiff.init_diff(2.0), np.ones(2)
    for f in (np.atleast_1d, np.atleast_2d, np.atleast_3d, np.broadcast_arrays):
        ours, numpys = f(x, y, [1.0, 2.0]), f(2.0, y, [1.0, 2.0])
        assert type(ours) is type(numpys)
        for a, b in zip(ours, numpys, strict=True):
            np.testing.assert_array_equal(revdiff.primal(a), b)
        assert np.sum(ours[0]).backprop(1.0) == np.size(numpys[0])


def test_copies_that_cannot_be_avoided_are_refused_where_numpy_refuses_them():
    if "copy" in str(inspect.signature(np.reshape)):
        r = revdiff.init_diff(X)
        assert np.reshape(r, 24, copy=False).shape == (24,)
        assert np.reshape(r, 24, copy=True).shape == (24,)
        with pytest.raises(ValueError, match=r"[Uu]nable to avoid"):
            np.reshape(r.T, 24, copy=False)


def test_the_order_in_memory_of_repeated_elements_is_declined():
    r = revdiff.init_diff(np.ones(3))
    with pytest.raises(revdiff.MissingRuleError, match=r"numpy\.ravel with order='K'.*write order='C'"):
        np.ravel(np.broadcast_to(r, (2, 3)), order="K")
    with pytest.raises(ValueError, match="order must be one of 'C', 'F', or 'A'"):
        np.reshape(r, (3, 1), order="X")


@pytest.mark.parametrize(
    "call",
    [
        lambda x: np.squeeze(x, 0),
        lambda x: np.expand_dims(x, 5),
        lambda x: np.swapaxes(x, 0, 7),
        lambda x: np.moveaxis(x, 0, 9),
        lambda x: np.rollaxis(x, 9),
        lambda x: np.transpose(x, (0, 1)),
        lambda x: np.reshape(x, (5, 5)),
        lambda x: np.broadcast_to(x, (2, 2)),
        lambda x: np.broadcast_arrays(x, np.ones(5)),
    ],
)
def test_what_numpy_refuses_is_refused(call):
    assert_refused_alike(call, X)


def test_a_vector_has_no_matrix_transpose():
    with pytest.raises(ValueError, match=r"a matrix has two axes at least; met an array of shape \(3,\)"):
        revdiff.init_diff(np.ones(3)).mT  # noqa: B018


def test_astype_follows_the_rule_for_casting():
    r = revdiff.init_diff(np.ones(2))
    assert r.astype(np.float32, casting="same_kind", copy=False).dtype == np.float32
    with pytest.raises(TypeError, match=r"Cannot cast array data .* according to the rule 'safe'"):
        r.astype(np.float32, casting="safe")
    if hasattr(np, "astype"):
        assert np.astype(r, np.float32).backprop(np.ones(2, np.float32)).tolist() == [1, 1]


def test_lists_of_revdiffs_are_one_revdiff():
    def f(x):
        nested = [[x[0], 1.0], [np.float64(2.0), x[1] * x[1]], np.array([x[0] * x[1], 3])]
        return np.sum(np.transpose(gather(nested)) * np.arange(6.0).reshape(2, 3))

    assert_vjp(f, np.array([1.5, -0.5]))
    assert gather([[1.0, 2.0], [3.0, 4.0]]).tolist() == [[1, 2], [3, 4]]
    assert gather([revdiff.init_diff(np.float32(1)), np.float32(2)]).dtype == np.float32
    with pytest.raises(ValueError, match="same shape"):
        gather([revdiff.init_diff(1.0), [1.0, 2.0]])


def test_what_is_asked_about_dtypes_is_answered_for_the_values():
    r = revdiff.init_diff(np.ones(2, np.float32))
    assert np.result_type(r, np.float64) == np.float64
    assert np.min_scalar_type(r) == np.common_type(r, r.value) == np.float32
    assert np.can_cast(r, np.float64)
    assert np.shares_memory(r, r.value)
    assert np.may_share_memory(r[:1], r)
    assert np.array_repr(r) == repr(r.value)
    assert np.array_str(r) == np.array2string(r) == str(r.value)


def test_more_attributes_of_the_array_show_through():
    r = revdiff.init_diff(np.ones((2, 3), np.float32))
    assert (r.itemsize, r.nbytes, r.flags.c_contiguous) == (4, 24, True)


def test_nobody_is_told_where_the_numbers_lie_in_memory():
    # numpy.lib.stride_tricks.as_strided would read beyond an array of objects.
    for name in ("strides", "data", "ctypes"):
        assert not hasattr(revdiff.init_diff(np.ones(3)), name)
