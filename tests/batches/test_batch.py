"""A batch behaves like each of its samples, and does not hand out what only one of them has."""

from __future__ import annotations

import math
import operator

import numpy as np
import pytest

import revdiff as rd
from revdiff.batches import batch as batches
from revdiff.batches import calls
from revdiff.batches.batch import Axis, Batch
from revdiff.batches.calls import batched
from revdiff.batches.seeds import unit_vectors
from revdiff.core.cotangents import add, zero_like
from revdiff.core.errors import BatchError, BatchSizeError


@pytest.fixture
def b():
    return Batch(np.arange(12.0).reshape(2, 3, 2), Axis(2))


def test_it_has_the_form_of_a_sample(b):
    assert (b.shape, b.ndim, b.size, b.dtype, len(b)) == ((3, 2), 2, 6, np.float64, 3)
    assert (np.shape(b), np.ndim(b), np.size(b), np.iscomplexobj(b)) == ((3, 2), 2, 6, False)
    assert np.result_type(b, np.complex64) == np.complex128
    assert repr(b) == "<2 samples of shape (3, 2)>"


@pytest.mark.parametrize(
    "use",
    [
        bool, np.asarray, np.array, np.float64, lambda b: np.array([b, b]), lambda b: np.zeros((3, 2)) .__setitem__(..., b),
        lambda b: np.add(b, 1, out=np.zeros((3, 2))), lambda b: np.sum(b, out=np.zeros(())), lambda b: np.add.at(np.zeros((3, 2)), [0], b),
        lambda b: np.copyto(np.zeros((3, 2)), b), lambda b: operator.iadd(b, 1j), lambda b: operator.setitem(b, 0, np.ones((2, 2))), rd.init_diff, lambda b: len(b[0, 0]),
        lambda b: b * "text", lambda b: b * None, lambda b: b * np.array([object()]), lambda b: list(b[0, 0]),
        lambda b: np.nonzero(b - 5 > 0), np.array2string,
    ],
)  # fmt: skip
def test_what_needs_one_sample_is_refused(use, b):
    with pytest.raises(BatchError):
        use(b)


@pytest.mark.parametrize(
    "use",
    [float, int, complex, math.sin, hash, lambda b: operator.setitem(b, 0, 1.0), round, lambda b: range(3)[b]],
)
def test_a_conversion_to_a_number_of_python_is_no_way_out(use):
    with pytest.raises(TypeError):
        use(Batch(np.ones(2), Axis(2)))


@pytest.mark.parametrize("name", ["tolist", "flat", "strides", "fill", "sort", "_node", "value", "unheard_of"])
def test_an_attribute_that_it_does_not_have_is_an_attribute_error(name, b):
    assert not hasattr(b, name)


def test_a_number_in_place_becomes_another_number():
    b = c = Batch(np.ones(2), Axis(2))
    c += 1.0
    assert b.array.tolist() == [1.0, 1.0]
    assert c.array.tolist() == [2.0, 2.0]


@pytest.mark.parametrize(
    "index", [0, -1, ..., (slice(1), 1), [0, 2], ([0, 1], [1, 1]), np.array([True, False, True])], ids=str
)
def test_writing_into_it_writes_into_each_sample(index, b):
    values = np.arange(2.0)
    for value in (7.0, Batch(values, b.axis)):
        written, added, grown = b.copy(), b.copy(), b.copy()
        written[index] = value
        np.add.at(added, index, value)
        grown[index] += value
        for i in range(2):
            expected, total = b.array[i].copy(), b.array[i].copy()
            expected[index] = value if type(value) is float else values[i]
            np.add.at(total, index, value if type(value) is float else values[i])
            np.testing.assert_array_equal(written.array[i], expected)
            np.testing.assert_array_equal(added.array[i], total)
            np.testing.assert_array_equal(grown.array[i], total)


def test_a_part_is_a_view_and_a_number_is_none(b):
    part, number = b[1:], b[0, 0]
    b[...] = 5.0
    assert set(part.array.flat) == {5.0}
    assert number.array.tolist() == [0.0, 6.0]


def test_arrays_made_like_it_have_room_for_each_sample(b):
    a = np.zeros(2, like=b)
    a[0] = b[0, 0]
    np.testing.assert_array_equal(a.array, [[0.0, 0.0], [6.0, 0.0]])
    assert np.array([1.0, 2.0], like=b).array.tolist() == [[1.0, 2.0], [1.0, 2.0]]


def test_zero_and_sum(b):
    assert zero_like(b).array.tolist() == np.zeros((2, 3, 2)).tolist()
    for total in (add(b, zero_like(b)), add(b, np.zeros((3, 2))), add(np.zeros(2), b), add(0.0, b)):
        np.testing.assert_array_equal(total.array, b.array)


def test_batches_of_different_origin_do_not_meet(b):
    other = Batch(b.array, Axis(2))
    for use in (lambda: b + other, lambda: np.where(True, b, other), lambda: np.stack([b, other]), lambda: b @ other):
        with pytest.raises(BatchError, match="do not belong together"):
            use()


def test_beside_a_revdiff_the_batch_is_outside(b):
    x = rd.init_diff(np.ones((3, 2)))
    for y in (b * x, x * b, np.multiply(x, b), rd.maximum(x, b), np.where(x > 0, x, b), b @ x.T, x @ b.T, 2.0 * x + b):
        assert type(y) is Batch
        assert type(y.array) is rd.RevDiff
        assert y.value.array is y.array.value
    (z,) = (b * x,)
    np.testing.assert_array_equal(z.array.backprop(np.ones((2, 3, 2))), b.array.sum(axis=0))


def test_where_that_cannot_be_it_is_an_error(b):
    x = rd.init_diff(np.ones((3, 2)))
    f = rd.primitive(lambda x, y: (x * y, lambda ct: (ct * y, ct * x)))
    with pytest.raises(BatchError):
        f(x, b)
    with pytest.raises(BatchError):
        rd.grad(lambda t: (t * b).sum())(1.0)


def test_a_batch_has_room_for_so_many_numbers(monkeypatch):
    monkeypatch.setattr(batches, "MOST", 12)
    b = Batch(np.ones((3, 4)), Axis(3))
    for use in (lambda: b * np.ones((2, 4)), lambda: np.broadcast_to(b, (2, 4)), lambda: np.outer(b, [1.0, 2.0])):
        with pytest.raises(BatchSizeError) as error:
            use()
        assert error.value.size == 8


def test_a_function_that_writes_into_one_array_for_all_samples_is_noticed(b):
    shared = np.zeros(2)

    @batched(np.trim_zeros)
    def declined(*args, **kwargs):
        return NotImplemented

    def writes(sample):
        shared[:] = sample[0]
        return shared

    try:
        with pytest.raises(BatchError, match="is no batch"):
            calls.by_samples(writes, (b,), {})
    finally:
        del calls.RULES[np.trim_zeros]


def test_samples_whose_results_differ_in_shape_are_no_batch():
    b = Batch(np.array([[0.0, 1.0], [2.0, 3.0]]), Axis(2))
    with pytest.raises(BatchError, match="what trim_zeros returns for the values of a batch is no batch"):
        np.trim_zeros(b)


@pytest.mark.parametrize(
    "function", [np.sum, np.cumsum, np.ravel, np.transpose, np.sin, lambda b: b @ b.T, lambda b: b[0]]
)
def test_an_empty_batch_stays_one(function):
    b = Batch(np.ones((0, 2, 3)), Axis(0))
    assert function(b).shape == function(np.ones((2, 3))).shape
    assert function(b).array.shape[0] == 0


def test_unit_vectors():
    np.testing.assert_array_equal(unit_vectors(np.zeros((2, 2)), 0, 4).array, np.eye(4).reshape(4, 2, 2))
    assert unit_vectors(np.zeros(2, np.complex64), 1, 2).array.dtype == np.complex64


# Batches of samples, which a function is mapped over.


@pytest.fixture
def samples():
    return Batch(np.arange(6.0).reshape(3, 2), Axis.of_samples(3))


def test_older_revdiffs_are_inside_of_samples_and_younger_ones_outside():
    older = rd.init_diff(np.ones(2))
    samples = Batch(np.arange(6.0).reshape(3, 2), Axis.of_samples(3))
    younger = rd.init_diff(np.ones(2))
    for f in (np.multiply, operator.mul, rd.maximum, lambda x, y: np.concatenate([x, y]), np.inner):
        for within in (f(older, samples), f(samples, older)):
            assert type(within) is Batch
            assert type(within.array) is rd.RevDiff
        for without in (f(younger, samples), f(samples, younger)):
            assert type(without) is rd.RevDiff
            assert type(rd.primal(without)) is Batch


def test_of_two_axes_the_younger_is_outside(samples):
    others = Batch(np.ones((4, 2)), Axis.of_samples(4))
    for product in (samples * others, others * samples, np.stack([samples, others]).sum(axis=0) * 1.0):
        assert product.axis is others.axis
        assert rd.primal(product.array).axis is samples.axis
    table = rd.primal((samples * others).sum().array)
    np.testing.assert_array_equal(table.array, np.repeat([[1.0], [5.0], [9.0]], 4, axis=1))


def test_cotangents_are_outside_of_samples(samples):
    cotangents = unit_vectors(np.zeros(2), 0, 2)
    for product in (samples * cotangents, cotangents * samples):
        assert product.axis is cotangents.axis


def test_samples_have_the_truth_value_that_all_of_them_have(samples):
    assert samples[0] > -1.0
    assert not samples[0] > 9.0
    assert all(samples >= 0.0)
    for decide in (lambda: samples[0] > 1.0, lambda: samples > -1.0, lambda: Batch(np.ones(0), Axis.of_samples(0))):
        with pytest.raises(BatchError, match="many truth values"):
            bool(decide())


def test_samples_have_no_text(samples):
    for show in (repr, str, "{}".format):
        with pytest.raises(BatchError, match="no text"):
            show(samples)


def test_there_is_room_for_all_samples(monkeypatch, samples):
    monkeypatch.setattr(batches, "MOST", 4)
    axis = Axis.of_samples(3)
    assert (Batch(np.ones((3, 2)), axis) * np.ones((7, 2))).shape == (7, 2)
