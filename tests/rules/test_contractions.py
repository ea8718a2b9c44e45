"""Contractions: einsum in every form, tensordot, kron, cross products, traces, chains of matrices."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import revdiff
from revdiff import grad, hessian, simple_derivative, vjp
from tests.oracles import assert_array_rule, assert_same_array, assert_vjp
from tests.rules.linalg.matrices import random

SUBSCRIPTS = [
    ("ij,jk->ik", (2, 3), (3, 2)),
    ("ij,jk", (2, 3), (3, 2)),
    ("ba", (2, 3)),
    ("i,j", (2,), (3,)),
    ("ij->ji", (2, 3)),
    ("ij->", (2, 3)),
    ("ii", (3, 3)),
    ("ii->i", (3, 3)),
    ("iij->j", (3, 3, 2)),
    ("iji->j", (2, 3, 2)),
    ("iii->i", (3, 3, 3)),
    ("ijij->ij", (2, 3, 2, 3)),
    ("ijij->", (2, 3, 2, 3)),
    ("iij,jjk->ik", (2, 2, 3), (3, 3, 2)),
    ("ij,k->ik", (2, 3), (2,)),
    ("ij,k->k", (2, 3), (2,)),
    ("i,i,i->", (3,), (3,), (3,)),
    ("ij,jk,kl->il", (2, 3), (3, 4), (4, 2)),
    ("bij,bjk->ki", (3, 2, 2), (3, 2, 2)),
    ("ij,ij->j", (2, 1), (2, 4)),
    ("ij,ij->i", (1, 3), (2, 3)),
    ("ij,i->i", (1, 3), (2,)),
    ("...ij,...jk->...ik", (4, 2, 3), (1, 3, 2)),
    ("...,...", (2, 3), (3,)),
    ("...", (2, 3)),
    ("...j->...", (2, 3)),
    ("i...", (2, 3)),
    ("i...,ij->j...", (2, 4), (2, 3)),
    ("i...i->i...", (2, 3, 2)),
    ("...a,Z...->Z...", (3, 2), (2, 3)),
    (" i j , j k -> i k ", (2, 3), (3, 2)),
    (",ij", (), (2, 3)),
    (",", (), ()),
]


@pytest.mark.parametrize("optimize", [False, True, "optimal"])
@pytest.mark.parametrize(("subscripts", "shapes"), [(s, shapes) for s, *shapes in SUBSCRIPTS])
def test_every_einsum_has_all_derivatives(subscripts, shapes, optimize):
    def f(*operands):
        return np.einsum(subscripts, *operands, optimize=optimize)

    assert_array_rule(f, *[random(*shape) for shape in shapes], order=3 if optimize is False else 1)
    assert_array_rule(f, *[random(*shape, dtype=complex) for shape in shapes], order=1)


@st.composite
def contractions(draw):
    """Draw an einsum: labels repeat within an operand, stand alone, or meet an axis of length 1."""
    lengths = {"i": 2, "j": 3, "k": 2}
    terms = draw(st.lists(st.text("ijk", max_size=3), min_size=1, max_size=3))
    met = sorted(set("".join(terms)))
    output = "".join(draw(st.permutations(draw(st.lists(st.sampled_from(met), unique=True))))) if met else ""
    shapes = []
    for term in terms:
        stretched = {label for label in term if term.count(label) == 1 and draw(st.booleans())}
        shapes.append([1 if label in stretched else lengths[label] for label in term])
    return f"{','.join(terms)}->{output}", shapes


@settings(max_examples=60, deadline=None)
@given(contractions(), st.booleans())
def test_any_einsum_agrees_with_central_differences(contraction, optimize):
    subscripts, shapes = contraction
    operands = [random(*shape)[()] for shape in shapes]
    assert_vjp(lambda *xs: np.einsum(subscripts, *xs, optimize=optimize), *operands)


@pytest.mark.parametrize(
    "f",
    [
        lambda a, b: np.einsum(a, [0, 1], b, [1, 2], [2, 0]),
        lambda a, b: np.einsum(a, [0, 1], b, [1, 2]),
        lambda a, b: np.einsum(a, [27, 1], b, [1, 0]),
        lambda a, b: np.einsum(a, [..., 1], b, [1, 2], [..., 2]),
        lambda a, b: np.einsum(a, (51, 0), b, np.array([0, 50])),
    ],
)
def test_labels_may_be_numbers(f):
    assert_array_rule(f, random(2, 3), random(3, 2), order=2)


def test_a_path_may_be_given():
    shapes = (2, 3), (3, 4), (4, 2)
    arrays = [random(*shape) for shape in shapes]
    path, _ = np.einsum_path("ij,jk,kl->il", *arrays)
    assert_array_rule(lambda *xs: np.einsum("ij,jk,kl->il", *xs, optimize=path), *arrays)


def test_a_large_einsum_has_the_cotangents_of_the_product():
    a, b, c_bar = random(40, 50), random(50, 60), random(40, 60)
    value, pullback = vjp(lambda a, b: np.einsum("ij,jk->ik", a, b), a, b)
    np.testing.assert_allclose(value, a @ b)
    for cotangent, expected in zip(pullback(c_bar), (c_bar @ b.T, a.T @ c_bar), strict=True):
        np.testing.assert_allclose(cotangent, expected, rtol=1e-10, atol=1e-12)


def test_infinite_cotangents_stay_on_the_diagonal():
    _, pullback = vjp(lambda a: np.einsum("ii->i", a), np.ones((2, 2)))
    np.testing.assert_array_equal(pullback(np.array([np.inf, 1.0])), [[np.inf, 0.0], [0.0, 1.0]])


def test_an_operand_of_an_einsum_may_be_a_number_a_list_or_objects():
    assert grad(lambda x: np.einsum(",", x, 3.0))(2.0) == 3.0
    np.testing.assert_array_equal(grad(lambda x: np.einsum("i,i", x, [1.0, 2.0]))(np.ones(2)), [1.0, 2.0])
    assert simple_derivative(lambda x: np.einsum("i,i", np.array([x, 1.0]), np.array([x, x])))(3.0) == 7.0
    x = np.array([Fraction(1, 3), Fraction(1, 2)], object)
    assert grad(lambda x: np.einsum("i,i", x, x))(x).tolist() == [Fraction(2, 3), Fraction(1)]


@pytest.mark.parametrize("shape", [(0, 3), (3, 0)])
def test_an_einsum_of_nothing(shape):
    value, pullback = vjp(lambda a: np.einsum("ij->i", a), np.ones(shape))
    assert_same_array(value, np.zeros(shape[0]))
    assert_same_array(pullback(np.ones(shape[0])), np.ones(shape))


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda r: np.einsum("ijk->i", r), "too many subscripts"),
        (lambda r: np.einsum("ij,jk", r), "more operands|fewer operands"),
        (lambda r: np.einsum(r, [0, 52]), "from 0 to 51; met 52"),
        (lambda r: np.einsum("ij->k", r), "output subscript"),
    ],
)
def test_subscripts_that_do_not_fit_are_an_error(call, text):
    with pytest.raises(ValueError, match=text):
        call(revdiff.init_diff(np.ones((2, 2))))


@pytest.mark.parametrize("option", [{"out": np.zeros(2)}, {"dtype": float}, {"casting": "unsafe"}])
def test_an_option_of_einsum_without_a_rule_is_an_error(option):
    with pytest.raises(revdiff.MissingRuleError, match=rf"numpy\.einsum with {next(iter(option))}="):
        np.einsum("ij->i", revdiff.init_diff(np.ones((2, 2))), **option)


def test_the_path_of_an_einsum_is_constant():
    r = revdiff.init_diff(np.ones((2, 2)))
    assert np.einsum_path("ij,jk", r, r) == np.einsum_path("ij,jk", r.value, r.value)


@pytest.mark.parametrize(
    ("axes", "shape_a", "shape_b"),
    [
        (2, (2, 3, 4), (3, 4, 2)),
        (0, (2,), (3,)),
        (0, (), (2, 2)),
        (1, (2, 3), (3, 4)),
        ((1, 0), (2, 3), (3, 4)),
        ((-1, -1), (2, 3), (4, 3)),
        (((0, 2), (2, -2)), (2, 3, 4), (3, 4, 2)),
        (([2, 0, 1], [0, 2, 1]), (2, 3, 4), (4, 3, 2, 2)),
        (((), ()), (2,), (2,)),
        (3, (2, 2, 2), (2, 2, 2)),
        (np.array([[1], [0]]), (2, 3), (3, 2)),
    ],
)
def test_tensordot_over_any_axes(axes, shape_a, shape_b):
    assert_array_rule(lambda a, b: np.tensordot(a, b, axes), random(*shape_a), random(*shape_b), order=2)
    assert_array_rule(
        lambda a, b: np.tensordot(a, b, axes=axes), random(*shape_a), random(*shape_b, dtype=complex), order=1
    )


@pytest.mark.parametrize(
    ("shape_a", "shape_b"), [((2, 3), (3, 2)), ((2,), (3,)), ((2, 3), (2,)), ((), (2,)), ((2, 2, 2), (2, 3)), ((), ())]
)
@pytest.mark.parametrize("dtype", [float, complex])
def test_kron_of_any_dimensions(shape_a, shape_b, dtype):
    assert_array_rule(np.kron, random(*shape_a), random(*shape_b, dtype=dtype)[()], order=2)


@pytest.mark.parametrize(
    ("options", "shape_a", "shape_b"),
    [
        ({}, (3,), (3,)),
        ({}, (2, 3), (3,)),
        ({}, (4, 1, 3), (2, 3)),
        ({"axis": 0}, (3, 2), (3, 2)),
        ({"axisa": 0, "axisb": 1, "axisc": 0}, (3, 2), (2, 3)),
        ({"axisc": 0}, (2, 3), (2, 3)),
    ],
)
@pytest.mark.parametrize("dtype", [float, complex])
def test_cross_products_along_any_axes(options, shape_a, shape_b, dtype):
    assert_array_rule(lambda a, b: np.cross(a, b, **options), random(*shape_a), random(*shape_b, dtype=dtype), order=2)


def test_vectors_in_the_plane_have_a_third_component_of_zero():
    a, b, c = random(4, 2), random(4, 2), random(4, 3)
    in_space = np.concatenate([a, np.zeros((4, 1))], axis=1)
    value, pullback = vjp(np.cross, a, c)
    np.testing.assert_array_equal(value, np.cross(in_space, c))
    expected = vjp(np.cross, in_space, c)[1](c)
    np.testing.assert_array_equal(pullback(c)[0], expected[0][:, :2])
    np.testing.assert_array_equal(pullback(c)[1], expected[1])
    value, pullback = vjp(np.cross, a, b)
    np.testing.assert_allclose(value, a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])
    np.testing.assert_array_equal(pullback(np.ones(4))[0], np.stack([b[:, 1], -b[:, 0]], axis=1))


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"offset": 1},
        {"offset": -1, "axis1": 1, "axis2": 2},
        {"axis1": 2, "axis2": 0},
        {"axis1": -1, "axis2": 0, "offset": 5},
    ],
)
def test_traces_along_any_axes(options):
    assert_array_rule(lambda a: np.trace(a, **options), random(3, 4, 2), order=2)
    assert_array_rule(lambda a: a.trace(**options), random(3, 4, 2, dtype=complex), order=1)


def test_the_cotangent_of_a_trace_is_the_identity_even_if_it_is_infinite():
    np.testing.assert_array_equal(grad(np.trace)(np.ones((2, 3))), [[1, 0, 0], [0, 1, 0]])
    np.testing.assert_array_equal(vjp(np.trace, np.ones((2, 2)))[1](np.inf), [[np.inf, 0], [0, np.inf]])


@pytest.mark.parametrize(
    "shapes",
    [
        [(2, 3), (3, 2)],
        [(3,), (3, 2)],
        [(2, 3), (3, 2), (2, 3)],
        [(2, 3), (3, 2), (2, 3), (3,)],
        [(3,), (3, 2), (2, 4), (4,)],
        [(3,), (3, 2), (2,)],
        [(9, 1), (1, 8), (8, 2), (2, 7), (7, 1)],
    ],
)
def test_chains_of_matrices(shapes):
    assert_array_rule(lambda *xs: np.linalg.multi_dot(xs), *[random(*shape) for shape in shapes], order=2)


def test_a_chain_is_multiplied_in_the_cheapest_order(monkeypatch):
    sizes = []
    real = np.matmul

    def watched(a, b):
        sizes.append(a.shape[0] * a.shape[1] * b.shape[-1])
        return real(a, b)

    chain = [random(*shape) for shape in ((50, 2), (2, 60), (60, 3), (3, 40))]
    monkeypatch.setattr(np, "matmul", watched)
    vjp(lambda x: np.linalg.multi_dot([x, *chain[1:]]), chain[0])
    assert sum(sizes) == 2 * 60 * 3 + 2 * 3 * 40 + 50 * 2 * 40


def test_a_chain_of_tensors_and_a_chain_of_one_are_refused():
    r = revdiff.init_diff(np.ones((2, 2)))
    with pytest.raises(ValueError, match="two arrays at least; met 1"):
        np.linalg.multi_dot([r])
    with pytest.raises(np.linalg.LinAlgError, match=r"met an array of shape \(2, 2, 2\)"):
        np.linalg.multi_dot([r, np.ones((2, 2, 2)), r])


def test_a_hessian_by_einsum_is_the_matrix_of_the_form():
    m = random(3, 3)
    np.testing.assert_allclose(hessian(lambda x: np.einsum("i,ij,j", x, m, x))(random(3)), m + m.T)


def test_an_einsum_forms_no_cotangent_of_a_constant(monkeypatch):
    _, pullback = vjp(lambda x: np.einsum("ij,jk,kl->il", np.ones((2, 3)), x, np.ones((3, 4))), np.ones((3, 3)))
    calls = []
    real = np.einsum
    monkeypatch.setattr(np, "einsum", lambda *args, **options: calls.append(args[0]) or real(*args, **options))
    pullback(np.ones((2, 4)))
    assert calls == ["il,ij,kl->jk"]
