"""A structure as one vector, and back."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import revdiff as rd
from revdiff.optimize import ravel


@dataclass(frozen=True)
class Layer:
    weight: object
    bias: object
    name: str = "dense"
    units: int = field(default=3, metadata={"static": True})


def test_every_kind_of_leaf_comes_back_as_it_was():
    x = {
        "layers": [Layer(np.arange(6, dtype=np.float32).reshape(2, 3), 0.5), Layer(np.array(2.0), np.float32(1.5))],
        "z": np.array([1 + 2j, 3 - 4j], np.complex64),
        "c": 1j,
        "mask": np.array([True, False]),
        "none": None,
        "f": np.sin,
    }
    vector, restore = ravel(x)
    assert vector.tolist() == [0, 1, 2, 3, 4, 5, 0.5, 2, 1.5, 1, 3, 2, -4, 0, 1]
    assert vector.dtype == np.float64
    back = restore(vector)
    assert back["layers"][0].weight.dtype == np.float32
    assert back["layers"][0].weight.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert type(back["layers"][0].bias) is float
    assert (back["layers"][0].name, back["layers"][0].units) == ("dense", 3)
    assert isinstance(back["layers"][1].weight, np.ndarray)
    assert back["layers"][1].weight.shape == ()
    assert type(back["layers"][1].bias) is np.float32
    assert back["z"].dtype == np.complex64
    assert back["z"].tolist() == [1 + 2j, 3 - 4j]
    assert back["c"] == 1j
    assert type(back["c"]) is complex
    assert back["mask"] is x["mask"]
    assert back["none"] is None
    assert back["f"] is np.sin


NUMBERS = st.floats(-1e6, 1e6)
STRUCTURES = st.recursive(
    NUMBERS | st.builds(complex, NUMBERS, NUMBERS) | st.lists(NUMBERS, max_size=4).map(np.array) | st.text(max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=2), inner, max_size=3)
    ),
    max_leaves=12,
).filter(lambda x: not isinstance(x, str))


@given(STRUCTURES)
def test_what_is_made_a_vector_comes_back(x):
    vector, restore = ravel(x)
    assert vector.ndim == 1
    assert repr(restore(vector)) == repr(x)


def test_the_restored_arrays_are_no_views_of_the_vector():
    vector, restore = ravel([np.ones(2), np.ones((2, 2))])
    first, second = restore(vector)
    vector[:] = 7
    assert first.tolist() == [1, 1]
    assert second.tolist() == [[1, 1], [1, 1]]


def test_integers_become_floats():
    vector, restore = ravel((3, np.array([1, 2], np.int8), np.int64(4)))
    k, n, m = restore(vector + 0.5)
    assert k == 3.5
    assert n.tolist() == [1.5, 2.5]
    assert m == 4.5


@pytest.mark.parametrize(
    ("x", "dtype"),
    [
        (np.ones(2, np.float32), np.float32),
        ([np.ones(2, np.float32), np.ones(2, np.float16)], np.float32),
        ([np.ones(2, np.complex64)], np.float32),
        ([np.ones(2, np.float32), 1.0], np.float64),
        ([np.ones(2, np.longdouble), 1], np.longdouble),
        ([], np.float64),
        (np.zeros((0, 3)), np.float64),
    ],
)
def test_the_vector_is_as_precise_as_the_most_precise_part(x, dtype):
    assert ravel(x)[0].dtype == dtype


def test_derivatives_go_both_ways():
    x = {"w": np.array([[1.0, 2.0]], np.float32), "b": 3.0, "z": 1 + 2j}
    vector, restore = ravel(x)
    f = lambda x: (x["w"] ** 2).sum() * x["b"] + abs(x["z"]) ** 2
    # w̄ = 2 w b, b̄ = Σ w², and by the two parts of z twice the parts
    assert rd.grad(lambda v: f(restore(v)))(vector).tolist() == [6, 12, 5, 2, 4]
    hessian = rd.hessian(lambda v: f(restore(v)))(vector)
    assert hessian.tolist() == [
        [6, 0, 2, 0, 0],
        [0, 6, 4, 0, 0],
        [2, 4, 0, 0, 0],
        [0, 0, 0, 2, 0],
        [0, 0, 0, 0, 2],
    ]
    back = rd.grad(lambda x: (ravel(x)[0] * np.arange(5)).sum())(x)
    assert back["w"].tolist() == [[0, 1]]
    assert back["b"] == 2
    assert back["z"] == 3 - 4j  # df = 3 dx + 4 dy = Re((3 - 4i) dz)


def test_a_point_on_a_manifold_is_a_step_from_where_it_is():
    u = rd.UnitVector([0.6, 0.8])
    vector, restore = ravel({"u": u, "x": 2.0})
    assert vector.tolist() == [0, 0, 2]
    assert np.array_equal(restore(vector)["u"], u)
    turned = restore(np.array([-0.8 * np.pi / 2, 0.6 * np.pi / 2, 2.0]))["u"]
    assert np.allclose(turned, [-0.8, 0.6])
    # along the circle, and nothing across it
    assert np.allclose(rd.grad(lambda v: restore(v)["u"][0])(vector), [0.64, -0.48, 0])


def test_a_vector_of_another_length_is_refused():
    restore = ravel([1.0, 2.0])[1]
    with pytest.raises(rd.ArgumentError, match=r"a vector of shape \(2,\) is needed here; met .* shape \(3,\)"):
        restore(np.ones(3))
    with pytest.raises(rd.ArgumentError, match=r"shape \(2,\)"):
        restore(np.ones((2, 1)))


@pytest.mark.parametrize(
    "x", [[1.0, Fraction(1, 2)], [np.array([Fraction(1, 2)])], np.array(["a"]), [object()], "text"]
)
def test_what_is_no_floating_point_number_is_refused(x):
    with pytest.raises(rd.RevDiffError, match=r"floating-point numbers|must be a number"):
        ravel(x)


def test_streams_have_no_end_and_no_vector():
    with pytest.raises(rd.ArgumentError, match=r"has no end"):
        ravel([rd.Stream.repeat(1.0)])


def test_infinite_complex_numbers_come_back_as_they_were():
    z = np.array([complex(np.inf, 1.0), complex(2.0, -np.inf)])
    v, restore = ravel(z)
    np.testing.assert_array_equal(restore(v), z)
