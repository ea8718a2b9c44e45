"""Every function of NumPy that has a derivative has the same one when it is traced."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import revdiff as rd
from revdiff import Traced, trace
from tests.calls_of_numpy import CALLS, A, Call


def weighted(c: Call) -> Any:
    """Return the sum of the numbers of a call, each with a weight of its own."""

    def f(*operands: Any) -> Any:
        y = c(*operands)
        return np.sum(y * np.cos(np.arange(np.size(rd.primal(y)))))

    return f


INSTALLED = [c for c in CALLS if c.function is not None]


@pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")
@pytest.mark.parametrize("c", INSTALLED, ids=lambda c: c.name)
def test_a_traced_gradient_is_the_gradient(c: Call) -> None:
    gradient = rd.grad(weighted(c), argnums=tuple(range(len(c.operands))))
    expected = gradient(*c.operands)
    for share in (None, True):
        with trace(keep="counts", share=share):
            found = gradient(*c.operands)
        for x, y in zip(found, expected, strict=True):
            assert type(x) is type(y)
            assert getattr(x, "dtype", None) == getattr(y, "dtype", None)
            np.testing.assert_allclose(x, y, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("c", INSTALLED[::7], ids=lambda c: c.name)
def test_a_traced_second_derivative_is_the_second_derivative(c: Call) -> None:
    def curvature(*operands: Any) -> Any:
        gradient = rd.grad(lambda *xs: np.sin(weighted(c)(*xs)), argnums=tuple(range(len(operands))))
        value, pullback = rd.vjp(gradient, *operands)
        return pullback(value)

    expected = curvature(*c.operands)
    with trace(keep="counts"):
        found = curvature(*c.operands)
    for x, y in zip(*([z if isinstance(z, tuple) else (z,) for z in (found, expected)]), strict=True):
        np.testing.assert_allclose(x, y, rtol=1e-9, atol=1e-12)


def test_elementwise_functions_have_the_names_of_revdiff() -> None:
    with trace() as t:
        t.call(lambda x: np.arcsin(x) + np.negative(np.multiply(x, 2.0)) @ np.absolute(x), np.array([0.1, 0.2]))
    assert list(t.counts) == ["asin", "*", "negate", "abs", "matmul", "+"]


def test_several_results_are_one_event() -> None:
    with trace() as t:
        (values, vectors) = t.call(np.linalg.eigh, np.eye(2))
        total = t.call(lambda a: np.linalg.eigh(a).eigenvalues.sum() + np.linalg.eigh(a)[1].sum(), np.eye(2))
    assert isinstance(values, np.ndarray)
    assert isinstance(vectors, np.ndarray)
    assert total == 4.0
    assert t.counts == {"eigh": 3, "sum": 2, "+": 1}
    added = t.events[-1]
    sums = [t.events[number] for number in added.parents if number is not None]
    assert [t.events[event.parents[0] or 0].name for event in sums] == ["eigh", "eigh"]
    np.testing.assert_array_equal(sums[0].args[0], [1.0, 1.0])
    np.testing.assert_array_equal(sums[1].args[0], np.eye(2))


def test_values_in_a_list_are_arguments_of_their_own() -> None:
    with trace() as t:
        t.call(lambda x, y: np.stack([x, y * 2]), np.ones(2), np.ones(2))
    stacked = t.events[-1]
    assert (stacked.name, stacked.parents) == ("stack", (0, 2))


def test_what_decides_is_no_event() -> None:
    def f(x: Any) -> Any:
        assert x.shape == np.shape(x) == (3, 4)
        assert (x.ndim, x.size, x.dtype, len(x), x.nbytes) == (2, 12, np.dtype(float), 3, 96)
        assert np.any(x > 0)
        assert not np.isnan(x).any()
        assert np.iscomplexobj(x) is False
        order = np.argsort(x, axis=None)
        assert type(order) is np.ndarray
        return x.ravel()[order] * (x.max() > 0)

    with trace() as t:
        found = t.call(f, A)
    np.testing.assert_array_equal(found, np.sort(A, axis=None))
    assert sorted(t.counts) == ["*", "[]", "max", "ravel"]


def test_whole_numbers_stay_whole() -> None:
    x = Traced(np.array([1, 2, 3]))
    assert np.sum(x).value == 6
    assert np.sum(x).value.dtype == np.dtype(int)
    assert range(10)[Traced(3)] == 3
    assert [10, 20][Traced(np.int64(1))] == 20


def test_where_a_function_takes_numbers_the_trace_ends() -> None:
    x = Traced(2.0)
    assert np.asarray(Traced(np.ones(2))).tolist() == [1.0, 1.0]
    assert np.array([x, 1.0]).tolist() == [2.0, 1.0]
    assert (float(x), int(x), complex(x)) == (2.0, 2, 2 + 0j)
    array = np.zeros(2)
    array[0] = x
    assert array.tolist() == [2.0, 0.0]


def test_arrays_that_are_made_like_a_traced_one_can_be_written_into() -> None:
    def f(x: Any) -> Any:
        y = np.zeros(3, like=x)
        z = np.zeros_like(x)
        for i in range(3):
            y[i] = x[i] * 2
            z[i] = y[i] + x[0]
        y += z
        return np.sum(y)

    x = np.array([1.0, 2.0, 3.0])
    with trace() as t:
        assert t.call(f, x) == f(x)
        np.testing.assert_array_equal(rd.grad(f)(x), [7.0, 4.0, 4.0])


def test_an_event_has_the_array_as_it_was() -> None:
    def f(x: Any) -> Any:
        y = x * 2.0
        y[0] = 100.0
        return y

    with trace() as t:
        t.call(f, np.ones(2))
    assert [list(event.result) for event in t.events] == [[1.0, 1.0], [2.0, 2.0], [100.0, 2.0]]
    assert t.events[2].name == "[]="


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x @ x.T,
        lambda x: x.sum(axis=0) * x.mean() - x.max(),
        lambda x: x.reshape(-1).copy().astype(np.float32),
        lambda x: x.clip(-0.5, 0.5).dot(np.ones(4)),
        lambda x: np.einsum("ij,ik->jk", x, x),
        lambda x: np.where(x > 0, x, -x).cumsum(axis=1),
        lambda x: np.add.reduce(x) + np.multiply.outer(x[0], x[1]).sum(),
        lambda x: [row.sum() for row in x],
        lambda x: divmod(x, 0.5),
        lambda x: (x.real, x.imag, np.ones(4) @ x.T, 2.0**x, 1.0 - x, 3.0 / x, x // 2, x % 2, round(x[0, 0], 2)),
        lambda x: np.divmod(x, 0.3)[0] + np.modf(x)[1],
        lambda x: np.concatenate([x, 2 * x], axis=1)[:, ::2][..., None][[0, 1]],
    ],
)
def test_a_plain_function_has_the_value_that_it_has(f: Any) -> None:
    for share in (None, True, False):
        found, expected = rd.Trace(share=share).call(f, A), f(A)
        assert type(found) is type(expected)
        for x, y in zip(found, expected, strict=True):
            assert type(x) is type(y)
            np.testing.assert_array_equal(x, y)


@pytest.mark.parametrize("share", [None, True])
def test_arrays_lie_in_memory_as_they_do_without_a_trace(share: bool | None) -> None:
    def f(x: Any) -> Any:
        return x.ravel("K"), np.exp(x), np.exp(x), np.copy(x, order="K")

    x = np.asfortranarray(A)
    found = rd.Trace(share=share).call(f, x)
    for a, b in zip(found, f(x), strict=True):
        np.testing.assert_array_equal(a, b)
        assert a.strides == b.strides


def test_an_array_of_objects_on_the_left_multiplies_element_by_element():
    with trace() as t:
        y = np.array([Fraction(1, 2), Fraction(3)]) * Traced(Fraction(1, 2))
    assert rd.untraced(y).tolist() == [Fraction(1, 4), Fraction(3, 2)]
    assert [event.name for event in t.events][-1] == "*"
