"""Making arrays: copies, fillings, grids, and points between two ends."""

from __future__ import annotations

import numpy as np
import pytest

import revdiff
from revdiff import grad, init_diff, simple_derivative, vjp
from tests.oracles import assert_array_rule, assert_dtypes_are_kept, assert_same_array, assert_vjp

A = np.array([[0.5, 1.0, 1.5], [2.0, 2.5, 3.0]])
B = np.array([4.0, 7.0, 9.5])

BETWEEN = {
    "linspace": lambda a, b: np.linspace(a, b, 5),
    "linspace without the end": lambda a, b: np.linspace(a, b, num=4, endpoint=False),
    "linspace along the last axis": lambda a, b: np.linspace(a, b, 3, axis=-1),
    "linspace along a middle axis": lambda a, b: np.linspace(a, b, 3, axis=1),
    "linspace of one point": lambda a, b: np.linspace(a, b, 1),
    "linspace of no point": lambda a, b: np.linspace(a, b, 0),
    "linspace and its step": lambda a, b: np.linspace(a, b, 5, retstep=True)[1],
    "linspace from a number": lambda a, b: np.linspace(1.0, a * b[0], 3),
    "logspace": lambda a, b: np.logspace(a / 4, b / 4, 4),
    "logspace by a base": lambda a, b: np.logspace(a, b / 3, 3, endpoint=False, base=2.0),
    "logspace by many bases": lambda a, b: np.logspace(a[:1], 1.5, 3, base=b, axis=1),
    "geomspace": lambda a, b: np.geomspace(a, b, 4),
    "geomspace downwards": lambda a, b: np.geomspace(b, a, 3, axis=-1),
    "geomspace of negative numbers": lambda a, b: np.geomspace(-a[0], -b, 3, endpoint=False),
    "meshgrid": lambda a, b: np.meshgrid(a[0], b[:2])[0] * np.meshgrid(a[0], b[:2])[1],
    "meshgrid by matrix indices": lambda a, b: np.meshgrid(a[0], b[:2], indexing="ij")[1],
    "sparse meshgrid": lambda a, b: np.meshgrid(a[0], b[:2], sparse=True)[0],
    "meshgrid of three": lambda a, b: np.meshgrid(a[0], b[:2], a[1, :1], copy=False)[2],
    "meshgrid of one": lambda a, b: np.meshgrid(a * b)[0],
}


@pytest.mark.parametrize("f", BETWEEN.values(), ids=BETWEEN)
def test_points_are_numpys_and_all_derivatives_agree_with_central_differences(f):
    assert_array_rule(f, A, B)


OF_ONE = {
    "vander": np.vander,
    "rising vander": lambda x: np.vander(x, 5, increasing=True),
    "narrow vander": lambda x: np.vander(x, N=2),
    "vander of ones": lambda x: np.vander(x, 1),
    "empty vander": lambda x: np.vander(x, 0),
    "copy": np.copy,
    "copy method": lambda x: x.copy(),
    "copy in an order": lambda x: np.copy(x, order="F"),
}


@pytest.mark.parametrize("f", OF_ONE.values(), ids=OF_ONE)
def test_arrays_made_of_one_are_numpys_and_all_derivatives_agree_with_central_differences(f):
    assert_array_rule(f, B / 4)
    assert_array_rule(f, np.array([0.0, -1.5, 1.0]))
    assert_dtypes_are_kept(f, B)


@pytest.mark.parametrize("f", [np.linspace, np.logspace, np.geomspace], ids=lambda f: f.__name__)
@pytest.mark.parametrize(
    ("of_a", "of_b"), [(np.float32, np.float32), (np.float32, float), (int, int), (complex, float)]
)
def test_dtypes_of_points_are_numpys(f, of_a, of_b):
    a, b = np.array([1, 2], of_a), np.array([3, 4], of_b)
    value, pullback = vjp(lambda a, b: f(a, b, 3), a, b)
    np.testing.assert_allclose(value, f(a, b, 3), rtol=1e-6)
    if f is not np.logspace:  # of which the dtype depends on the version of NumPy
        assert value.dtype == f(a, b, 3).dtype
    for x, x_bar in zip((a, b), pullback(np.ones_like(value)), strict=True):
        assert x_bar.dtype == (x.dtype if x.dtype.kind in "fc" else np.float64)


@pytest.mark.parametrize("f", [np.linspace, np.logspace, np.geomspace], ids=lambda f: f.__name__)
def test_points_between_numbers(f):
    for a, b in ((1.0, 3.0), (1, 3), (np.float32(1), 3.0), (1.5, np.array([2.0, 3.0]))):
        assert_same_array(vjp(lambda a, b: f(a, b, 4), a, b)[0], f(a, b, 4))
        assert_vjp(lambda a, b: f(a, b, 4), float(a), b)
    assert f(init_diff(1.0), 3.0, 4, dtype=np.float32).dtype == np.float32
    with pytest.raises(revdiff.ConversionError, match=r"dtype=int64\)|astype\(int64\)"):
        f(init_diff(1.0), 3.0, 4, dtype=int)


def test_geomspace_of_complex_numbers():
    assert_array_rule(
        lambda a, b: np.geomspace(a, b, 4), np.array([1 + 2j, 0.5j]), np.array([2 - 1j, -1 + 1j]), order=2
    )


def test_points_along_a_logarithm_know_their_base():
    # y = c^((1-t) a + t b) at t = ½:  dy/dc = e c^(e-1) with e = (a+b)/2
    assert np.isclose(simple_derivative(lambda c: np.logspace(init_diff(1.0), 2.0, 3, base=c)[1].value)(4.0), 1.5 * 2.0)


def test_the_step_between_points():
    assert grad(lambda a, b: np.linspace(a, b, 5, retstep=True)[1], (0, 1))(1.0, 3.0) == (-0.25, 0.25)
    assert np.isnan(np.linspace(init_diff(1.0), 2.0, 1, retstep=True)[1])
    assert np.linspace(init_diff(1.0), 3.0, 1, endpoint=False, retstep=True)[1].value == 2.0


def test_meshgrids_are_tuples_as_in_numpy():
    x, y = init_diff(np.arange(3.0)), np.arange(2)
    for options in ({}, {"indexing": "ij"}, {"sparse": True}):
        ours, numpys = np.meshgrid(x, y, 5.0, **options), np.meshgrid(x.value, y, 5.0, **options)
        assert [np.shape(a) for a in ours] == [a.shape for a in numpys]
        for a, b in zip(ours, numpys, strict=True):
            np.testing.assert_array_equal(revdiff.primal(a), b)
    with pytest.raises(ValueError, match="indexing is 'xy' or 'ij'; met 'yx'"):
        np.meshgrid(x, y, indexing="yx")


def test_full_like():
    for x, v in (
        (2.0, 3.0),
        (np.float32(1), 2.5),
        (np.ones(2, np.float32), 2.5),
        (np.ones((2, 2)), np.array([1.0, 2.0])),
    ):
        value, pullback = vjp(np.full_like, x, v)
        assert_same_array(value, np.full_like(x, v))
        x_bar, v_bar = pullback(np.ones_like(value))
        assert np.all(x_bar == 0)
        np.testing.assert_array_equal(v_bar, np.size(x) / np.size(v))
    assert np.full_like(init_diff(np.ones(2)), 7).tolist() == [7, 7]
    assert np.full_like(init_diff(np.ones(2)), init_diff(7.0), shape=(3, 1), dtype=np.float32).shape == (3, 1)
    with pytest.raises(revdiff.ConversionError, match=r"numpy\.full_like would make whole numbers of the floats"):
        np.full_like(init_diff(np.ones(2, int)), init_diff(1.5))


def test_an_array_that_is_filled_with_a_revdiff_is_one_of_objects():
    def f(x):
        filled = np.full((2, 3), x)
        filled[0, 1] = x * x
        return np.sum(filled * np.ones(3)) + np.sum(np.full(2, np.array([x, 1.0])))

    assert simple_derivative(f)(3.0) == 5 + 6.0 + 1
    assert np.sum(np.full((2, 2), init_diff(np.array([1.0, 2.0])))).value == 6.0


def test_an_array_of_numbers_cannot_be_filled_with_a_revdiff():
    for call in (lambda r: np.full(2, r, dtype=float), lambda r: np.full_like(np.ones(2), r)):
        with pytest.raises(revdiff.ConversionError) as error:
            call(init_diff(2.0))
        assert str(error.value) == (
            "numpy.copyto was asked to write a RevDiff into an array of numbers, which would drop its derivative.\n"
            "  Make the array with room for derivatives:  np.zeros_like(r)  or  np.zeros(n, like=r)"
        )


def test_arrays_like_a_revdiff_are_constants():
    r = init_diff(np.ones((2, 3), np.float32))
    assert np.zeros_like(r).tolist() == [[0, 0, 0]] * 2
    assert np.empty_like(r).dtype == np.float32
    assert np.ones_like(r, shape=2).tolist() == [1, 1]


def test_copies():
    assert isinstance(init_diff(2.0).copy().value, float)
    r = init_diff(np.arange(4.0).reshape(2, 2))
    assert np.copy(r, order="F").value.flags.f_contiguous
    assert r.copy().value is not r.value
    assert np.copy(init_diff(2.0)).value.shape == ()


ARRAYS_OF_OBJECTS = {
    "ascontiguousarray": np.ascontiguousarray,
    "asfortranarray": np.asfortranarray,
    "asarray": np.asarray,
    "asanyarray": np.asanyarray,
    "require": lambda x: np.require(x, None, ["C"]),
    "array": np.array,
    "array of a list": lambda x: np.array([x[0], x[1] * 2]),
    "array of nested lists": lambda x: np.array([[x[0, 0], 1.0], [x[1, 1], x[0, 1]]]),
    "array of arrays": lambda x: np.array([x[0], np.ones(2)]),
    "r_": lambda x: np.r_[x[0], 1.0, x[1]],
    "c_": lambda x: np.c_[x, x * x],
    "ndenumerate": lambda x: np.array([v * i[0] for i, v in np.ndenumerate(x)]),
    "fromfunction": lambda x: np.fromfunction(lambda i, j: x * i + j, (2, 2)),
    "vectorize": np.vectorize(lambda v: v * v),
    "frompyfunc": lambda x: np.frompyfunc(lambda v: v * v, 1, 1)(np.asarray(x)),
    "fromiter": lambda x: np.fromiter(iter(x[0] * x[1]), object),
    "block of lists": lambda x: np.block([[x[0, 0], x[0, 1]], [1.0, 2.0]]),
}


@pytest.mark.parametrize("f", ARRAYS_OF_OBJECTS.values(), ids=ARRAYS_OF_OBJECTS)
def test_arrays_that_numpy_makes_by_itself_keep_the_derivatives(f):
    x = np.array([[1.5, -0.5], [0.25, 2.0]])
    expected = np.asarray(f(x), float)
    weights = np.arange(1.0, 1.0 + expected.size).reshape(expected.shape)
    assert np.isclose(np.sum(f(init_diff(x)) * weights).value, np.sum(expected * weights))
    assert_vjp(
        lambda x: np.sum(np.asarray(f(x)) ** 2 * weights) if isinstance(x, np.ndarray) else np.sum(f(x) ** 2 * weights),
        x,
    )


def test_what_would_make_numbers_of_revdiffs_is_refused():
    r = init_diff(np.ones(2))
    calls = (
        lambda: np.asarray(r, dtype=float), lambda: np.array([r, r], float), lambda: np.require(r, float),
        lambda: np.arange(r[0]), lambda: np.arange(0, 3, r[0]), lambda: np.r_[r[0] : 5 : 3j],
        lambda: np.fromiter(iter(r), float), lambda: np.vectorize(lambda x: x, otypes=[float])(r),
        lambda: np.nditer(r), lambda: np.full(2, r, np.float32),
    )  # fmt: skip
    for call in calls:
        with pytest.raises((TypeError, ValueError)):
            call()
