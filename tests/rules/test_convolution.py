"""Convolution and correlation of sequences."""

from __future__ import annotations

import numpy as np
import pytest

from revdiff import grad, init_diff, jacobian, vjp
from tests.oracles import assert_array_rule, assert_refused_alike, assert_same_array

A = np.sin(np.arange(1.0, 8.0) * 1.7)
LENGTHS = [(1, 1), (5, 1), (1, 4), (5, 3), (3, 5), (4, 2), (2, 4), (4, 5), (6, 4), (3, 3)]


@pytest.mark.parametrize("f", [np.convolve, np.correlate], ids=lambda f: f.__name__)
@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize(("m", "n"), LENGTHS)
def test_every_mode_is_numpys_and_all_its_derivatives_agree_with_central_differences(f, mode, m, n):
    assert_array_rule(lambda a, v: f(a, v, mode), A[:m], A[-n:], order=3 if (m, n) in LENGTHS[3:5] else 2)


@pytest.mark.parametrize("f", [np.convolve, np.correlate], ids=lambda f: f.__name__)
@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize(("m", "n"), [(5, 2), (2, 4)])
def test_complex_sequences(f, mode, m, n):
    z = A + 1j * A[::-1] ** 2
    assert_array_rule(lambda a, v: f(a, v, mode), z[:m], z[-n:], order=2)
    assert_array_rule(lambda a, v: f(a, v, mode=mode), A[:m], z[-n:], order=2)


@pytest.mark.parametrize("f", [np.convolve, np.correlate], ids=lambda f: f.__name__)
def test_modes_of_numpys_own_and_operands_of_every_kind(f):
    a, v = A[:4], A[:2]
    assert_same_array(vjp(f, a, v)[0], f(a, v))
    for x, y in ((a, [3]), ([1.0, 2.0], v.astype(np.float32)), (a.astype(np.float32), v.astype(np.float32))):
        value = f(x, init_diff(np.asarray(y))).value
        assert_same_array(value, f(x, y))
    assert np.convolve(2.0, init_diff(v)).value.tolist() == np.convolve(2.0, v).tolist()
    f32 = v.astype(np.float32)
    assert vjp(lambda v: f(v, v[::-1]), f32)[1](f(f32, f32)).dtype == np.float32
    assert grad(lambda x: np.sum(f([x, 1.0, x * x], [2.0, x], "full")))(3.0) == grad(
        lambda x: (x + 1 + x * x) * (2 + x)
    )(3.0)


def test_the_jacobian_of_a_convolution_is_a_toeplitz_matrix():
    v = np.array([1.0, 2.0, 3.0])
    expected = [[1, 0, 0], [2, 1, 0], [3, 2, 1], [0, 3, 2], [0, 0, 3]]
    assert jacobian(lambda a: np.convolve(a, v))(np.ones(3)).tolist() == expected


@pytest.mark.parametrize("f", [np.convolve, np.correlate], ids=lambda f: f.__name__)
@pytest.mark.parametrize(
    "args", [(np.ones((2, 2)), np.ones(2)), (np.ones(0), np.ones(2)), (np.ones(2), np.ones(2), "some")]
)
def test_what_numpy_refuses_is_refused(f, args):
    assert_refused_alike(f, *args)


@pytest.mark.parametrize(("a", "v"), [((), (3,)), ((3,), ()), ((), ())])
def test_numbers_are_not_correlated(a, v):
    with pytest.raises(ValueError, match="too small depth"):
        np.correlate(np.ones(a), np.ones(v))
    with pytest.raises(ValueError, match=r"^numpy\.correlate takes two sequences; met shapes "):
        np.correlate(init_diff(np.ones(a)), np.ones(v))
