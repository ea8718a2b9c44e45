"""Joining arrays along an axis, and splitting them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import revdiff
from revdiff import grad, init_diff, simple_derivative, vjp
from tests.oracles import assert_array_rule, assert_refused_alike, assert_same_array, assert_vjp

A = np.arange(6.0).reshape(2, 3) / 4 + 0.5
B = np.arange(6.0).reshape(2, 3) / 8 - 1.25
V = np.array([0.75, -0.5, 2.0])

JOINS = {
    "concatenate": lambda a, b: np.concatenate([a, b]),
    "concatenate side by side": lambda a, b: np.concatenate((a, b, a), axis=-1),
    "concatenate everything": lambda a, b: np.concatenate([a, b[0], 1.0], axis=None),
    "concatenate the rows of a matrix": lambda a, b: np.concatenate(a * b),
    "concatenate a list": lambda a, b: np.concatenate([[a[0, 0], 2.0, b[1, 1]], a[0]]),
    "stack": lambda a, b: np.stack([a, b]),
    "stack along the last axis": lambda a, b: np.stack((a, b, b), axis=-1),
    "stack the rows of a matrix": lambda a, b: np.stack(a * b, axis=1),
    "vstack": lambda a, b: np.vstack([a, b[0], V]),
    "vstack vectors": lambda a, b: np.vstack((a[0], b[1])),
    "hstack": lambda a, b: np.hstack([a, b]),
    "hstack vectors": lambda a, b: np.hstack([a[0], b[0, :2], 3.0]),
    "hstack numbers": lambda a, b: np.hstack([a[0, 0], 1.0, b[0, 0]]),
    "dstack": lambda a, b: np.dstack([a, b]),
    "dstack vectors": lambda a, b: np.dstack((a[0], b[0])),
    "column_stack": lambda a, b: np.column_stack([a[:, 0], b, [1.0, 2.0]]),
    "append": np.append,
    "append rows": lambda a, b: np.append(a, b[:1], axis=0),
    "append a number": lambda a, b: np.append(a, b[0, 0]),
    "append a list": lambda a, b: np.append([1.0, b[0, 0]], a),
    "block": lambda a, b: np.block([[a, b], [b, a]]),
    "block of blocks of all sizes": lambda a, b: np.block([[a, b[:, :1]], [b[0], 1.0]]),
    "block of vectors": lambda a, b: np.block([a[0], 1.0, b[1]]),
    "block in three dimensions": lambda a, b: np.block([[[a]], [[b]]]),
    "block of one": lambda a, b: np.block(a * b),
}


@pytest.mark.parametrize("f", JOINS.values(), ids=JOINS)
def test_every_join_is_numpys_and_all_its_derivatives_agree_with_central_differences(f):
    assert_array_rule(f, A, B)


@pytest.mark.parametrize("f", JOINS.values(), ids=JOINS)
@pytest.mark.parametrize(
    ("of_a", "of_b"), [(np.float32, np.float32), (np.float32, float), (int, np.float32), (np.complex64, float)]
)
def test_joined_dtypes_are_promoted_as_in_numpy_and_cotangents_are_not(f, of_a, of_b):
    a, b = (4 * A).astype(of_a), (8 * B).astype(of_b)
    value, pullback = vjp(f, a, b)
    assert_same_array(value, f(a, b))
    a_bar, b_bar = pullback(np.ones_like(value))
    assert a_bar.dtype == (a.dtype if a.dtype.kind in "fc" else np.float64)
    assert b_bar.dtype == b.dtype


SPLITS = {
    "split": lambda x: np.split(x, 2, axis=1),
    "split before indices": lambda x: np.split(x, [1, 3], axis=-1),
    "split beyond the end": lambda x: np.split(x, [1, 9]),
    "split backwards": lambda x: np.split(x, [3, 1], axis=1),
    "array_split": lambda x: np.array_split(x, 3, axis=1),
    "array_split before the last": lambda x: np.array_split(x, [-1], axis=2),
    "hsplit": lambda x: np.hsplit(x, 2),
    "hsplit a vector": lambda x: np.hsplit(x[0, 0], [2]),
    "vsplit": lambda x: np.vsplit(x, 2),
    "dsplit": lambda x: np.dsplit(x, [1, 2]),
}
if hasattr(np, "unstack"):
    SPLITS["unstack"] = np.unstack
    SPLITS["unstack along an axis"] = lambda x: np.unstack(x, axis=-1)
X = np.arange(24.0).reshape(2, 4, 3) / 16 + 0.5


@pytest.mark.parametrize("f", SPLITS.values(), ids=SPLITS)
def test_every_part_is_numpys_and_its_derivatives_agree_with_central_differences(f):
    for i, part in enumerate(f(X)):
        assert_array_rule(lambda x, i=i: f(x)[i], X, order=2)
        assert part.shape == f(init_diff(X))[i].shape
    assert type(f(init_diff(X))) is type(f(X))
    assert_vjp(lambda x: sum(np.sum(part**2) * k for k, part in enumerate(f(x), 2)), X)


@given(st.lists(st.integers(-6, 9), max_size=4), st.integers(-2, 1))
def test_any_split_is_numpys(where, axis):
    x = np.arange(30.0).reshape(5, 6)
    for ours, numpys in zip(np.split(init_diff(x), where, axis), np.split(x, where, axis), strict=True):
        np.testing.assert_array_equal(ours.value, numpys)


def test_reading_every_part_costs_as_much_as_the_whole():
    n = 300
    parts = np.split(init_diff(np.ones(n)), n)
    x_bar = np.sum(np.concatenate([p * i for i, p in enumerate(parts)])).backprop(1.0)
    assert x_bar.tolist() == list(range(n))


def test_parts_of_plain_arrays_are_plain_and_lists_may_be_split():
    x = init_diff(3.0)
    first, second = np.split(np.array([x, 1.0, x * x, 2.0]), 2)
    assert (second[0].value, second[0].backprop(1.0), first[1]) == (9.0, 6.0, 1.0)
    assert [len(part) for part in np.array_split([x, 1.0, x], 2)] == [2, 1]


def test_several_layers_are_joined():
    def mixed(x):
        def inner(y):
            return np.sum(np.concatenate([[x, y], [x * y, 1.0]]) ** 2 * np.array([1.0, 2.0, 3.0, 4.0]))

        return simple_derivative(inner)(3.0)

    # Σ = x² + 2y² + 3x²y² + 4,  ∂y = 4y + 6x²y,  ∂x∂y = 12xy
    assert simple_derivative(mixed)(2.0) == 12 * 2.0 * 3.0
    assert mixed(2.0) == 4 * 3.0 + 6 * 4.0 * 3.0


def test_each_part_has_its_own_kind_of_cotangent():
    x_bar, y_bar, z_bar = grad(lambda x, y, z: np.sum(np.hstack([x, y, z]) ** 2), (0, 1, 2))(2.0, 3, np.float32(4))
    assert (x_bar, y_bar, z_bar) == (4, 6, 8)
    assert isinstance(x_bar, float)
    assert z_bar.dtype == np.float32


@pytest.mark.parametrize("join", [np.concatenate, np.vstack, np.hstack, np.stack], ids=lambda f: f.__name__)
def test_the_dtype_of_the_result_may_be_given(join):
    value, pullback = vjp(lambda x: join([x, x], dtype=np.float32), np.ones(2))
    assert value.dtype == np.float32
    assert pullback(np.ones(value.shape, np.float32)).tolist() == [2, 2]
    with pytest.raises(TypeError, match="Cannot cast"):
        vjp(lambda x: join([x, x], dtype=np.float32, casting="safe"), np.ones(2))
    with pytest.raises(revdiff.ConversionError) as error:
        vjp(lambda x: join([x, x], dtype=int, casting="unsafe"), np.ones(2))
    assert f"{'stack' if join is np.stack else 'concatenate'}(…, dtype=int64) of a RevDiff would drop" in str(
        error.value
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda x: np.concatenate([x, 1.0]),
        lambda x: np.concatenate([x, x[None]]),
        lambda x: np.concatenate([x, x], axis=1),
        lambda x: np.stack([x, x[1:]]),
        lambda x: np.stack([x, x], axis=3),
        lambda x: np.block([[x], x]),
        lambda x: np.block([x, []]),
        lambda x: np.block([(x, x)]),
        lambda x: np.block([[x, x], [x]]),
        lambda x: np.split(x, 2),
        lambda x: np.split(x, 3, axis=1),
        lambda x: np.hsplit(x[0], 1),
        lambda x: np.vsplit(x, 1),
        lambda x: np.dsplit(x, 1),
    ],
)
def test_what_numpy_refuses_is_refused(call):
    assert_refused_alike(call, np.ones(3))


def test_constants_among_the_parts_may_change_afterwards():
    large = np.ones(10_000)
    _, pullback = vjp(lambda x: np.concatenate([x, large]) * 2, np.ones(1))
    large[:] = 0
    assert pullback(np.ones(10_001)).tolist() == [2]
