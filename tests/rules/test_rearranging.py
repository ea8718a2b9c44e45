"""Rearranging: functions that move elements, copy them, and leave some of them out."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import revdiff
from revdiff import grad, init_diff, jacobian, primal, vjp
from revdiff.functions.of_arrays import rule
from revdiff.rules.rearranging import moved
from tests.oracles import assert_array_rule, assert_same_array

X = np.arange(24.0).reshape(2, 3, 4) / 16 + 0.5

MOVES = {
    "flip": np.flip,
    "flip one axis": lambda x: np.flip(x, -1),
    "flip two axes": lambda x: np.flip(x, axis=(0, 2)),
    "flipud": np.flipud,
    "fliplr": np.fliplr,
    "rot90": np.rot90,
    "rot90 by three": lambda x: np.rot90(x, 3, axes=(2, 0)),
    "rot90 back": lambda x: np.rot90(x, k=-1, axes=(1, 2)),
    "roll": lambda x: np.roll(x, 5),
    "roll an axis": lambda x: np.roll(x, -1, axis=1),
    "roll axes": lambda x: np.roll(x, (1, 2), axis=(0, -1)),
    "roll axes by one": lambda x: np.roll(x, shift=1, axis=(0, 0)),
    "repeat": lambda x: np.repeat(x, 2),
    "repeat along an axis": lambda x: np.repeat(x, 3, axis=1),
    "repeat each as often": lambda x: np.repeat(x, [2, 0, 1], axis=-2),
    "repeat method": lambda x: x.repeat(2, axis=0),
    "tile": lambda x: np.tile(x, 2),
    "tile axes": lambda x: np.tile(x, (2, 1, 3)),
    "tile new axes": lambda x: np.tile(x[0], (2, 1, 1, 2)),
    "resize larger": lambda x: np.resize(x, (5, 7)),
    "resize smaller": lambda x: np.resize(x, 5),
    "diag of a matrix": lambda x: np.diag(x[0], 1),
    "diag of a vector": lambda x: np.diag(x[0, 0], k=-1),
    "diagflat": lambda x: np.diagflat(x[0], 2),
    "diagonal": np.diagonal,
    "diagonal off": lambda x: np.diagonal(x, 1, axis1=1, axis2=2),
    "diagonal method": lambda x: x.diagonal(-1, 2, 0),
    "tril": np.tril,
    "tril off": lambda x: np.tril(x, -1),
    "tril of a vector": lambda x: np.tril(x[0, 0]),
    "triu": lambda x: np.triu(x, k=1),
    "delete": lambda x: np.delete(x, [0, 5, -1]),
    "delete a slice": lambda x: np.delete(x, slice(1, None), axis=2),
    "delete by a mask": lambda x: np.delete(x, np.array([True, False, True]), axis=1),
    "delete a row": lambda x: np.delete(x, 1, axis=0),
    "insert numbers": lambda x: np.insert(x, [1, 1, 5], 7.0),
    "insert a row": lambda x: np.insert(x, 1, np.arange(4.0), axis=1),
    "windows": lambda x: np.lib.stride_tricks.sliding_window_view(x, 3, axis=2),
    "windows of two axes": lambda x: np.lib.stride_tricks.sliding_window_view(x, (2, 2), axis=(1, 2)),
}


@pytest.mark.parametrize("f", MOVES.values(), ids=MOVES)
def test_every_move_is_numpys_and_all_its_derivatives_agree_with_central_differences(f):
    assert_array_rule(f, X)


def test_the_move_of_a_number_is_that_of_numpy():
    for f in (np.ravel, lambda x: np.repeat(x, 3), lambda x: np.tile(x, (2, 2)), lambda x: np.resize(x, 4),
              lambda x: np.roll(x, 1), np.diagflat):  # fmt: skip
        for x in (2.0, np.float32(2.0), np.array(2.0)):
            value, pullback = vjp(f, x)
            assert_same_array(value, f(x))
            x_bar = pullback(np.ones_like(value))
            assert x_bar == np.count_nonzero(value)
            assert type(x_bar) is float or (type(x) is not float and x_bar.dtype == x.dtype)


@given(st.data())
def test_any_repeats_sum_their_copies(data):
    n = data.draw(st.integers(0, 5))
    repeats = data.draw(st.lists(st.integers(0, 4), min_size=n, max_size=n))
    x = np.arange(1.0, n + 1)
    assert grad(lambda x: np.sum(np.repeat(x, repeats)))(x).tolist() == repeats


@given(st.lists(st.integers(0, 3), min_size=1, max_size=3), st.data())
def test_any_indices_are_deleted_and_inserted(shape, data):
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    x = np.arange(float(np.prod(shape))).reshape(shape) + 1
    places = data.draw(st.lists(st.integers(0, max(0, x.shape[axis] - 1)), max_size=3)) if x.shape[axis] else []
    places = np.array(places, int)

    def deleted(x):
        return np.delete(x, places, axis)

    def inserted(x, v):
        return np.insert(x, places, v, axis)

    v = np.arange(1.0, 1.0 + len(places)).reshape([-1 if i == axis % len(shape) else 1 for i in range(len(shape))])
    for f, args in ((deleted, (x,)), (inserted, (x, v))):
        value, pullback = vjp(f, *args)
        np.testing.assert_array_equal(value, f(*args))
        y_bar = np.arange(float(value.size)).reshape(value.shape) + 1
        x_bars = pullback(y_bar) if len(args) > 1 else (pullback(y_bar),)
        paired = sum(np.sum(x_bar * x) for x_bar, x in zip(x_bars, args, strict=True))
        assert paired == np.sum(y_bar * value)  # f is linear, and so ⟨ȳ, f(x)⟩ = ⟨x̄, x⟩


@pytest.mark.parametrize(
    ("place", "values", "axis"),
    [
        (1, np.array(7.0), None),
        ([1, 3], np.array([1.0, 2.0]), None),
        (slice(0, 2), np.array([[1.0], [2.0]]), 0),
        (2, np.array([1.0, 2.0]), 1),
        ([0, 2], np.array([[1.0, 2.0]]), 1),
    ],
)
def test_inserted_values_have_cotangents(place, values, axis):
    x = np.arange(6.0).reshape(2, 3)
    assert_array_rule(lambda x, v: np.insert(x, place, v, axis), x, values)
    assert_array_rule(lambda v: np.insert(x, place, v, axis), values)


def test_a_list_of_revdiffs_and_numbers_may_be_inserted_and_inserted_into():
    assert grad(lambda x: np.sum(np.insert([x, 1.0, x * x], 1, [x, 2.0]) * np.arange(5.0)))(3.0) == 1 + 4 * 2 * 3.0
    assert grad(lambda x: np.insert(np.zeros(3), 1, x)[1] * x)(3.0) == 6.0


def test_a_float_among_whole_numbers_would_lose_its_derivative():
    with pytest.raises(revdiff.ConversionError) as error:
        grad(lambda x: np.sum(np.insert(np.array([1, 2]), 1, x)))(2.5)
    assert str(error.value) == (
        "numpy.insert would make whole numbers of the floats in a RevDiff, which would drop its derivative.\n"
        "  Give it an array of floats:  a.astype(float)"
    )
    assert grad(lambda n: np.sum(np.insert(np.array([1, 2]), 1, n) * 1.5))(3) == 1.5


def test_counts_and_places_may_be_revdiffs_of_whole_numbers_and_no_others():
    x, n = np.array([1.0, 2.0, 3.0]), init_diff(2)
    assert grad(lambda x: np.sum(np.repeat(x, n)))(x).tolist() == [2, 2, 2]
    assert grad(lambda x: np.roll(x, n)[0])(x).tolist() == [0, 1, 0]
    with pytest.raises(revdiff.ConversionError, match=r"the use as an option of a RevDiff would drop its derivative"):
        np.roll(init_diff(x), init_diff(2.0))


def test_what_was_left_out_is_absent():
    x = np.array([[0.0, 1.0], [4.0, 0.0]])
    for f in (lambda x: np.delete(x, [0, 3]), lambda x: np.diag(x, -1), lambda x: np.triu(x, 1)):
        assert np.all(np.isfinite(grad(lambda x, f=f: np.sum(f(np.sqrt(x))))(x)))


def test_objects_are_moved_too():
    x = np.array([Fraction(1, 2), Fraction(1, 3)], object)
    gradient = grad(lambda x: np.sum(np.repeat(x, [3, 1]) * np.array([1, 2, 3, 4])))(x)
    assert gradient.tolist() == [Fraction(6), Fraction(4)]
    assert isinstance(gradient[0], Fraction)


def test_arrays_of_objects_are_gathered():
    def f(x):
        return np.sum(np.flip(np.array([x[0], x[1] * x[1]])) * np.array([1.0, 10.0]))

    assert grad(f)(np.array([3.0, 5.0])).tolist() == [10, 10]


def test_the_places_are_found_once_for_all_rows_of_a_jacobian():
    met = []

    def turned(x):
        met.append(x)
        return x[::-1]

    @rule(linear=True)
    def turn(x, /):
        return moved(turned, x)

    np.testing.assert_array_equal(jacobian(turn)(np.ones(9)), np.eye(9)[::-1])
    assert len(met) == 2  # the values once, and the numbers of their places


def test_what_was_done_is_remembered_even_if_the_caller_changes_the_counts():
    repeats = np.array([1, 2])
    _, pullback = vjp(lambda x: np.repeat(x, repeats), np.ones(2))
    repeats[:] = 2
    assert pullback(np.ones(3)).tolist() == [1, 2]


def test_the_operand_may_change_afterwards():
    large = np.ones(10_000)
    value, pullback = vjp(lambda x: np.insert(x, 0, large), np.ones(2))
    large[:] = 0
    assert value.sum() == 10_002
    assert pullback(np.ones(10_002)).tolist() == [1, 1]


@pytest.mark.parametrize(
    ("f", "options"),
    [
        (np.roll, {"a": X, "shift": 1}),
        (np.repeat, {"a": X, "repeats": 2}),
        (np.insert, {"arr": X, "obj": 1, "values": 7.0, "axis": 0}),
        (np.take, {"a": X, "indices": [0, 1], "axis": 2}),
        (np.moveaxis, {"a": X, "source": 0, "destination": 1}),
        (np.stack, {"arrays": [X, X], "axis": 1}),
        (np.pad, {"array": X, "pad_width": 1}),
        (np.linspace, {"start": X, "stop": 2.0, "num": 3}),
        (np.interp, {"x": X, "xp": [0.0, 1.0], "fp": [2.0, 5.0]}),
        (np.select, {"condlist": [X > 1], "choicelist": [X], "default": 3.0}),
        (np.compress, {"condition": [True, False], "a": X, "axis": 0}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_operands_may_be_given_by_numpys_names(f, options):
    lifted = {
        name: [init_diff(X), X] if name == "arrays" else [init_diff(X)] if name == "choicelist" else value
        for name, value in options.items()
    }
    lifted = {name: init_diff(X) if value is X else value for name, value in lifted.items()}
    np.testing.assert_array_equal(primal(f(**lifted)), f(**options))
    assert isinstance(f(**lifted), revdiff.RevDiff)


def test_a_mask_moves_along_with_the_elements():
    x, mask = np.array([[0.0, 1.0], [4.0, 0.0]]), np.array([[False, True], [True, False]])
    moves = (
        np.transpose, np.ravel, np.flip, np.rot90, np.copy, lambda a: np.roll(a, 1), lambda a: np.tile(a, 2),
        lambda a: np.repeat(a, 2, axis=0), lambda a: np.concatenate([a, np.zeros((1, 2), a.dtype)]), lambda a: np.stack([a, a], 1),
        lambda a: np.expand_dims(a, 1), np.diagflat, lambda a: np.delete(np.ravel(a), [0]),
    )  # fmt: skip
    for f in moves:
        gradient = grad(lambda x, f=f: np.sum(np.where(f(mask), f(np.sqrt(x)), 0)))(x)
        assert np.all(np.isfinite(gradient)), f
        assert np.all(gradient[mask] % 0.25 == 0)
