"""Indexing: every kind of index that NumPy has, and the way back."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

import revdiff
from revdiff import grad, hessian, init_diff, jvp, simple_derivative, vjp
from revdiff.rules.indexing import add_at, put
from tests.oracles import assert_same_array, assert_vjp

X = np.arange(24.0).reshape(2, 3, 4) / 8 + 0.5

INDICES = {
    "a whole number": 1,
    "a negative number": -1,
    "a NumPy number": np.int8(1),
    "a slice": slice(None, None, -1),
    "a pair": (0, 2),
    "a triple": (1, -1, 0),
    "slices": (slice(None), slice(1, None), slice(None, None, 2)),
    "an ellipsis": (..., 1),
    "a new axis": (None, 1),
    "a new axis at the end": (..., None),
    "nothing": (),
    "an empty slice": slice(0, 0),
    "a list": [0, 1, 0],
    "an array that repeats": np.array([0, 0, 1]),
    "two arrays": (np.array([0, 1, 1]), np.array([2, 2, 2])),
    "arrays that broadcast": (np.array([[0], [1]]), slice(None), np.array([1, 1])),
    "an array and a number": (1, np.array([0, 2, 0])),
    "a mask": X > 1.5,
    "a mask of the first axis": np.array([False, True]),
    "a mask and a slice": (slice(None), np.array([True, False, True]), slice(1, 3)),
    "an empty list": [],
    "True": True,
}


@pytest.mark.parametrize("index", INDICES.values(), ids=INDICES)
def test_every_index_reads_what_numpy_reads_and_sends_back_what_came_from_there(index):
    value, _ = vjp(lambda x: x[index], X)
    np.testing.assert_array_equal(value, X[index])
    assert_vjp(lambda x: x[index] ** 2, X)
    assert_vjp(lambda x: x[index] * np.sum(x[0]), X)


@pytest.mark.parametrize("index", INDICES.values(), ids=INDICES)
def test_every_index_differentiates_again(index):
    assert_vjp(grad(lambda x: np.sum(x[index] ** 3) + np.sum(x * x)), X)


@pytest.mark.parametrize("dtype", [np.float32, np.complex64, np.longdouble, np.int64])
@pytest.mark.parametrize("index", [[0], [0, 0], slice(1, None)], ids=str)
def test_dtypes_are_kept(dtype, index):
    x = np.array([1, 0, 1], dtype)
    value, pullback = vjp(lambda x: x[index], x)
    x_bar = pullback(np.ones_like(value, dtype=float if value.dtype.kind == "i" else None))
    assert x_bar.dtype == (x.dtype if x.dtype.kind in "fc" else np.float64)
    assert x_bar.shape == x.shape


def test_several_reads_of_one_place_add_up():
    assert grad(lambda x: x[0] * x[0] + x[1] + x[-2])(np.array([3.0, 5.0])).tolist() == [7, 1]
    assert grad(lambda x: x[0] + np.sum(x) + x[[0, 0]][1])(np.array([3.0, 5.0])).tolist() == [3, 1]


def test_the_hessian_of_neighbours():
    def neighbours(x):
        return sum(a * b for a, b in pairwise([x[i] for i in range(4)]))

    expected = np.diag(np.ones(3), 1) + np.diag(np.ones(3), -1)
    np.testing.assert_array_equal(hessian(neighbours)(np.arange(4.0)), expected)


def test_iteration_and_unpacking_read_one_by_one():
    assert grad(lambda x: sum(a * a for a in x))(np.array([1.0, 2.0])).tolist() == [2, 4]

    def product(x):
        a, b = x
        return a * b

    assert grad(product)(np.array([2.0, 3.0])).tolist() == [3, 2]


def test_an_index_may_be_computed_from_revdiffs():
    assert simple_derivative(lambda x: np.array([1.0, 2.0])[int(revdiff.primal(x))] * x)(1.0) == 2.0
    assert grad(lambda x: x[np.argmax(x)])(np.array([1.0, 5.0, 2.0])).tolist() == [0, 1, 0]
    assert grad(lambda x: np.sum(x[x > 1.5]))(np.array([1.0, 5.0, 2.0])).tolist() == [0, 1, 1]
    assert grad(lambda x: np.sum(x[np.argsort(x)[-2:]]))(np.array([1.0, 5.0, 2.0])).tolist() == [0, 1, 1]


def test_an_index_held_by_a_revdiff_counts_as_its_value():
    assert vjp(lambda i: np.array([1.0, 2.0])[revdiff.primal(i)] * i, 1)[1](1.0) == 2.0
    assert grad(lambda x, i: x[i] * i, 0)(np.array([1.0, 2.0]), 1).tolist() == [0, 1]
    assert grad(lambda x, i: x[i] * i, (0, 1))(np.array([1.0, 2.0]), 1)[1] == 2.0


def test_elements_of_an_array_of_objects():
    x = np.array([Fraction(1, 2), Fraction(1, 3)], object)
    gradient = grad(lambda x: x[0] * x[1] * x[1])(x)
    assert gradient.tolist() == [Fraction(1, 9), Fraction(1, 3)]


def test_nested_reads_reach_through():
    assert_vjp(lambda x: x[1:][0][::2] ** 2, X[0])
    assert_vjp(lambda x: x.T[1][None] * x[0, 0], X[0])


def test_a_float_is_no_index():
    with pytest.raises(revdiff.ArgumentError) as error:
        simple_derivative(lambda x: np.sum(revdiff.init_diff(np.ones(2))[x]))(1.0)
    assert str(error.value) == "an index must be a whole number; this RevDiff holds a float"


def test_a_number_cannot_be_indexed():
    with pytest.raises(revdiff.ArgumentError) as error:
        simple_derivative(lambda x: x[0])(1.0)
    assert str(error.value) == "this RevDiff holds a float, which cannot be indexed"


def test_an_index_that_is_out_of_range_is_numpys_error():
    with pytest.raises(IndexError, match="out of bounds"):
        grad(lambda x: x[5])(np.ones(3))


# ---------------------------------------------------------------------- copies with other elements


REPEATING = {"a list", "an array and a number", "an array that repeats", "two arrays", "arrays that broadcast"}


@pytest.mark.parametrize("name", sorted(INDICES.keys() - REPEATING))
def test_put_writes_what_numpy_writes_and_sends_back_what_came_from_there(name):
    index = INDICES[name]
    there = np.shape(X[index])
    for shape in {there, there[1:], ()}:
        value = np.cos(np.arange(np.prod(shape, dtype=int))).reshape(shape)[()]
        expected, before = X.copy(), X.copy()
        expected[index] = value
        np.testing.assert_array_equal(put(X, index, value), expected)
        np.testing.assert_array_equal(X, before)
        assert_vjp(lambda x, v: put(x, index, v) ** 2, X, value)
        assert_vjp(grad(lambda x, v: np.sum(put(x, index, v * v) ** 3) * np.sum(x)), X, value)


@pytest.mark.parametrize("index", INDICES.values(), ids=INDICES)
def test_add_at_adds_as_often_as_the_index_names_an_element(index):
    there = np.shape(X[index])
    for shape in {there, there[1:], ()}:
        value = np.cos(np.arange(np.prod(shape, dtype=int))).reshape(shape)[()]
        expected = X.copy()
        np.add.at(expected, index, value)
        np.testing.assert_array_equal(add_at(X, index, value), expected)
        assert_vjp(lambda x, v: add_at(x, index, v) ** 2, X, value)


@pytest.mark.parametrize("index", [INDICES[name] for name in sorted(REPEATING)], ids=sorted(REPEATING))
def test_an_index_that_names_an_element_twice_is_refused(index):
    with pytest.raises(revdiff.ArgumentError) as error:
        put(X, index, 1.0)
    assert str(error.value) == "the index names an element twice, and only one value can stand there"


def test_a_list_of_revdiffs_is_put_in_one_by_one():
    assert grad(lambda a, b: np.sum(put(X[0, 0], [0, 2], [a * b, b]) ** 2), (0, 1))(2.0, 3.0) == (36.0, 30.0)
    assert grad(lambda v: np.sum(put(X[0, 0], [0, 2], revdiff.join(v)) ** 2))([2.0, 3.0]) == [4.0, 6.0]
    elements = lambda a: np.array([a, 1.0, a * a], dtype=object)
    assert simple_derivative(lambda a: np.sum(put(elements(a), 1, a) ** 2))(2.0) == 4.0 + 4.0 + 32.0


@pytest.mark.parametrize(
    ("kind", "value", "becomes"),
    [
        (np.float32, 1.5, np.float32),
        (np.float32, np.float64(1.5), np.float32),
        (np.float64, 2, np.float64),
        (np.int64, 2, np.int64),
        (np.int64, 1.5, np.float64),
        (np.float64, 2j, np.complex128),
        (np.complex64, 1.5, np.complex64),
        (bool, True, bool),
        (bool, 2, np.int64),
        (np.float64, Fraction(1, 3), object),
        (object, 1.5, object),
        ("U1", "long", "U4"),
    ],
)
def test_nothing_is_cut_off_what_is_put_in(kind, value, becomes):
    y = put(np.zeros(2, kind), 0, value)
    assert y.dtype == becomes
    assert y[0] == value


def test_cotangents_have_the_dtype_and_the_reality_of_what_they_belong_to():
    x, v = np.array([1, 2, 3], np.float32), np.float64(0.5)
    x_bar, v_bar = vjp(lambda x, v: put(x, 1, v), x, v)[1](np.ones(3, np.float32))
    assert (x_bar.dtype, v_bar.dtype) == (np.float32, np.float64)
    assert x_bar.tolist() == [1.0, 0.0, 1.0]
    z, real = np.array([1 + 1j, 2.0]), 3.0
    z_bar, real_bar = vjp(lambda z, r: put(z, 0, r), z, real)[1](np.array([2 + 5j, 1j]))
    assert z_bar.tolist() == [0.0, 1j]
    assert real_bar == 2.0
    x_bar, z_bar = vjp(lambda x, z: put(x, 0, z), np.ones(2), 1j)[1](np.array([2 + 5j, 7 + 1j]))
    assert x_bar.tolist() == [0.0, 7.0]
    assert z_bar == 2 + 5j
    gradient = grad(lambda x: put(x, 0, x[1] * x[1]).sum())(np.array([Fraction(1, 2), Fraction(1, 3)], object))
    assert gradient.tolist() == [0, Fraction(5, 3)]


def test_what_does_not_fit_is_not_put_in():
    for value, says in [
        ([1.0, 2.0], "a value of shape (2,) does not fit into a place of shape (3, 4)"),
        (np.ones((1, 3, 4)), "a value of shape (1, 3, 4) does not fit into a place of shape (3, 4)"),
    ]:
        with pytest.raises(revdiff.ArgumentError) as error:
            put(X, 0, value)
        assert str(error.value) == says
    with pytest.raises(revdiff.UnsupportedValueError, match="met 'a'"):
        put(X, 0, "a")
    with pytest.raises(revdiff.ArgumentError, match="a float cannot be indexed"):
        put(1.0, 0, 1.0)


def test_a_number_of_numpy_has_the_indices_that_numpy_gives_it():
    for index in ((), ..., None, (None, ...), np.array(True)):
        value, pullback = vjp(lambda x, index=index: x[index], np.float32(2))
        assert_same_array(value, np.float32(2)[index])
        x_bar = pullback(np.ones_like(value))
        assert (x_bar, x_bar.dtype) == (1, np.float32)
    with pytest.raises(IndexError):
        init_diff(np.float64(2))[0]


def test_lists_of_indices_may_hold_revdiffs_of_whole_numbers():
    assert grad(lambda x: np.sum(x[[init_diff(1), 1, 0]]))(np.ones(3)).tolist() == [1, 2, 0]


def test_items_are_numbers_of_python():
    x = np.array([[1.5, 2.5], [3.5, 4.5]], np.float32)
    for f in (lambda x: x.item(2), lambda x: x.item(1, 0), lambda x: x.item((1, 0)), lambda x: x[1, :1].item()):
        value, pullback = vjp(f, x)
        assert type(value) is float
        assert value == f(x) == 3.5
        x_bar = pullback(2.0)
        assert x_bar.dtype == np.float32
        assert x_bar.tolist() == [[0, 0], [2, 0]]
    assert init_diff(np.float64(2.5)).item().backprop(1.0) == 1.0
    with pytest.raises(revdiff.ArgumentError, match=r"r\.item\(\) is for one element; met an array of shape \(2, 2\)"):
        init_diff(x).item()


def test_lists_of_items_are_nested_as_the_array_is():
    x = np.array([[1.5, 2.5], [3.5, 4.5]], np.float32)
    nested = init_diff(x).tolist()
    assert [[type(v.value) for v in row] for row in nested] == [[float, float]] * 2
    assert [[v.value for v in row] for row in nested] == x.tolist()
    assert (nested[0][1] * nested[1][0]).backprop(1.0).tolist() == [[0, 3.5], [2.5, 0]]
    assert init_diff(np.float32(2)).tolist().value == 2.0
    fractions = init_diff(np.array([Fraction(1, 2)], object)).tolist()
    assert fractions[0].value == Fraction(1, 2)


def test_the_elements_in_a_row_are_read_through_flat():
    assert grad(lambda x: x.flat[3] * x.flat[-1] + sum(v for v in x.flat))(np.ones((2, 2))).tolist() == [[1, 1], [1, 3]]
    for name in ("flat", "item", "tolist"):
        with pytest.raises(AttributeError, match=f"a RevDiff of a float has no attribute '{name}'"):
            getattr(init_diff(2.0), name)


def test_forwards_a_number_of_python_goes_through_an_array_without_axes():
    f = lambda x: np.where(np.asarray(True), x * x, 0.0)[()]
    value, slope = revdiff.jvp(f, 3.0, 1.0)
    assert (value, slope) == (9.0, 6.0)
    assert revdiff.jvp(revdiff.grad(f), 3.0, 1.0) == (6.0, 2.0)


def test_a_value_is_added_to_every_element_that_the_index_names():
    places = np.array([[0, 1, 2, 3], [2, 3, 4, 5]])
    assert add_at(np.zeros(6), places, np.ones(4)).tolist() == [1, 1, 2, 2, 1, 1]
    gradient = grad(lambda v: add_at(np.zeros(6), places, v) @ np.arange(6.0))(np.ones(4))
    assert gradient.tolist() == [0 + 2, 1 + 3, 2 + 4, 3 + 5]


PLACES_IN_ROWS = {
    "an element of a row": lambda x: x[1][2][3],
    "an element of a row from behind": lambda x: x[-1][-2],
    "a slice of a row": lambda x: x[1][1:][:, ::2],
    "a row of a slice": lambda x: x[1:][0][2],
    "a new axis": lambda x: x[1][None][..., None],
    "an ellipsis": lambda x: x[0][..., 1],
    "numbers of NumPy": lambda x: x[np.int8(1)][2],
    "an element of a column": lambda x: x[:, 1][1],
    "an array of numbers": lambda x: x[1][[2, 0, 2]],
    "an array of numbers behind a slice": lambda x: x[1][:, [3, 3]],
    "a mask": lambda x: x[0][x[0] > 1.0],
    "a pair": lambda x: x[1, 0][2:],
}


@pytest.mark.parametrize("where", PLACES_IN_ROWS.values(), ids=PLACES_IN_ROWS)
def test_a_place_in_a_row_is_a_place_in_the_array(where):
    numbered = np.arange(X.size).reshape(X.shape)
    expected = np.zeros(X.size)
    np.add.at(expected, where(np.where(X > 1.0, numbered + X.size, numbered)) % X.size, 2.0)
    if where is PLACES_IN_ROWS["a mask"]:
        expected = np.zeros(X.size)
        expected[:12] = 2.0 * (X[0] > 1.0).ravel()
    np.testing.assert_array_equal(grad(lambda x: (2.0 * where(x)).sum())(X), expected.reshape(X.shape))
    np.testing.assert_array_equal(grad(lambda x: (2.0 * where(x * 1.0)).sum())(X), expected.reshape(X.shape))


def test_rows_of_rows_are_collected_in_one_array(monkeypatch):
    made = []
    zeros = np.zeros

    def counted(*args, **options):
        made.append(args)
        return zeros(*args, **options)

    x = init_diff(X)
    total = sum(x[i][j][k] * x[i][j][k] for i in range(2) for j in range(3) for k in range(4))
    monkeypatch.setattr(np, "zeros", counted)
    np.testing.assert_array_equal(total.backprop(1.0), 2 * X)
    assert len(made) == 1


def test_what_is_read_of_a_row_before_it_is_written_keeps_its_place():
    def f(x):
        y = x * 2.0
        row = y[1]
        before = row[0].sum()
        y[1] = x[0]
        return before + 10.0 * row[0].sum()

    expected = np.zeros(X.shape)
    expected[1, 0], expected[0, 0] = 2.0, 10.0
    np.testing.assert_array_equal(grad(f)(X), expected)


def test_indexing_an_array_of_fractions_has_second_derivatives():
    m = np.array([[Fraction(1, 2), Fraction(2)], [Fraction(3), Fraction(5, 2)]])
    v = np.array([[Fraction(1), Fraction(7)], [Fraction(7), Fraction(2)]])
    # f = (tr x)², ∇f = 2 tr x · 1, its derivative along v is 2 tr v · 1
    gradient, along = jvp(grad(lambda x: np.trace(x) ** 2), m, v)
    assert gradient.tolist() == [[6, 0], [0, 6]]
    assert along.tolist() == [[6, 0], [0, 6]]
