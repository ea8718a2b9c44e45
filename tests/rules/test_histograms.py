"""Histograms: linear in the weights; edges that depend on what is counted."""

from __future__ import annotations

import numpy as np
import pytest

import revdiff
from revdiff import grad, init_diff, vjp
from tests.oracles import assert_array_rule, assert_same_array

RNG = np.random.default_rng(0)
X = RNG.permutation(12).reshape(3, 4) / 8 + RNG.uniform(0, 0.03, (3, 4))
W = RNG.uniform(0.5, 1.5, (3, 4))
EDGES = np.array([-0.1, 0.41, 0.77, 1.6])
BINS = {"by number": 5, "by edges": EDGES, "by name": "sturges"}
DOUBLE = {"wide": np.float64}  # np.bincount knows no other


def test_weights_are_summed_by_number():
    numbers = [0, 2, 2, 4]
    assert_array_rule(lambda w: np.bincount(numbers, w), W[0], **DOUBLE)
    assert_array_rule(lambda w: np.bincount(numbers, weights=w, minlength=7), W[0], **DOUBLE)
    value, pullback = vjp(lambda w: np.bincount(numbers, w), np.ones(4, np.float32))
    assert (value.dtype, pullback(value).dtype) == (np.float64, np.float32)
    assert np.bincount(init_diff(np.array([1, 1, 3]))).tolist() == [0, 2, 0, 1]
    assert grad(lambda w: np.bincount(init_diff(np.array([1, 1])), w)[1])(np.ones(2)).tolist() == [1, 1]


def test_adding_up_by_index_is_what_bincount_does():
    i = np.array([0, 1, 0])
    y = np.zeros(2)
    np.add.at(y, i, [1.0, 2.0, 3.0])
    assert np.bincount(i, weights=[1.0, 2.0, 3.0], minlength=2).tolist() == y.tolist()


@pytest.mark.parametrize("density", [False, True])
@pytest.mark.parametrize("bins", BINS.values(), ids=BINS)
def test_weights_of_a_histogram_agree_with_central_differences(bins, density):
    if isinstance(bins, str):
        assert_same_array(
            vjp(lambda x: np.histogram(x, bins, density=density)[0] * 1.0, X)[0],
            np.histogram(X, bins, density=density)[0] * 1.0,
        )
        return
    assert_array_rule(lambda w: np.histogram(X, bins, density=density, weights=w)[0], W, **DOUBLE)
    assert_array_rule(lambda w: np.histogram(X, bins, (0.2, 1.3), density, w)[0], W, **DOUBLE)


def test_the_density_depends_on_what_is_counted_through_the_edges():
    assert_array_rule(lambda x: np.histogram(x, 3, density=True)[0], X, **DOUBLE)
    assert_array_rule(lambda b: np.histogram(X, b, density=True)[0], EDGES, **DOUBLE)
    assert_array_rule(lambda x, w: np.histogram(x, 3, density=True, weights=w)[0], X, W, order=2, **DOUBLE)


def test_edges_agree_with_central_differences():
    for f in (
        lambda x: np.histogram(x, 4)[1],
        lambda x: np.histogram_bin_edges(x, "sqrt"),
        lambda x: np.histogram_bin_edges(x, 3),
    ):
        assert_array_rule(f, X, order=2, **DOUBLE)
    assert_array_rule(
        lambda x, t: np.histogram_bin_edges(x + 0 * t, 3, (0.0, t)), X, np.float64(2.0), order=2, **DOUBLE
    )
    assert_array_rule(lambda b: np.histogram(X, b)[1], EDGES, order=2, **DOUBLE)
    assert vjp(lambda x: np.histogram_bin_edges(x, 2), np.ones(3))[0].tolist() == [0.5, 1, 1.5]
    assert np.histogram_bin_edges(init_diff(np.zeros(0)), 2).tolist() == [0, 0.5, 1]


def test_counts_are_constant_and_a_number_on_the_last_edge_is_in_the_last_bin():
    counts, edges = np.histogram(init_diff(np.array([0.0, 1.0, 2.0, 3.0])), 3)
    assert counts.tolist() == [1, 1, 2]
    assert edges.value.tolist() == [0, 1, 2, 3]
    x = np.array([0.0, 1.0, 2.0, 3.0])
    assert grad(lambda w: np.histogram(x, [0.0, 1.0, 3.0], weights=w)[0][1])(np.ones(4)).tolist() == [0, 1, 1, 1]
    assert grad(lambda w: np.histogram(x, [1.0, 2.0], weights=w)[0][0])(np.ones(4)).tolist() == [0, 1, 1, 0]


def test_complex_and_whole_weights():
    assert_array_rule(lambda w: np.histogram(X, EDGES, weights=w)[0], W * np.exp(1j * W), wide=np.complex128, order=1)
    value, pullback = vjp(lambda w: np.histogram(X, EDGES, weights=w)[0], np.ones((3, 4), int))
    assert_same_array(value, np.histogram(X, EDGES, weights=np.ones((3, 4), int))[0])
    assert pullback(np.ones(3)).dtype == np.float64


@pytest.mark.parametrize("density", [False, True])
@pytest.mark.parametrize("bins", [3, (2, 3), [EDGES, 2], EDGES], ids=str)
def test_histograms_of_the_plane_agree_with_central_differences(bins, density):
    assert_array_rule(
        lambda x, y, w: np.histogram2d(x, y, bins, density=density, weights=w)[0], X[0], X[1], W[0], order=2, **DOUBLE
    )
    assert_array_rule(lambda x, y: np.histogram2d(x, y, bins)[1] + 0 * y[0], X[0], X[1], order=2, **DOUBLE)


@pytest.mark.parametrize("density", [False, True])
def test_histograms_of_space_agree_with_central_differences(density):
    assert_array_rule(lambda p, w: np.histogramdd(p, 2, density=density, weights=w)[0], X.T, W[0], order=2, **DOUBLE)
    ranges, bins = [(0.0, 1.3), None, None], (2, 3, EDGES)
    assert_array_rule(lambda p, w: np.histogramdd(list(p), bins, ranges, density, w)[0], X, W[0], order=2, **DOUBLE)
    counts, edges = np.histogramdd(init_diff(X.T), 2)
    assert_same_array(counts, np.histogramdd(X.T, 2)[0])
    assert [type(edge).__name__ for edge in edges] == ["RevDiff"] * 3


def test_options_without_a_rule_are_named():
    with pytest.raises(revdiff.MissingRuleError, match=r"no derivative rule for numpy\.histogram with normed="):
        revdiff.arrays.numpy_protocol._array_function(init_diff(X), np.histogram, (), (init_diff(X),), {"normed": True})
