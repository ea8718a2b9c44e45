"""Products of matrices and vectors: against central differences, in every combination of dimensions."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
import pytest

import revdiff
from revdiff import MutatedArrayError, grad, hessian, jacobian, simple_derivative, vjp
from tests.oracles import assert_array_rule, assert_same_array
from tests.rules.linalg.matrices import random

SINCE_2 = pytest.mark.skipif(not hasattr(np, "vecmat"), reason="NumPy has these functions since 2.2")
DTYPES = pytest.mark.parametrize(
    "dtypes", [(float, float), (complex, float), (complex, complex)], ids=["real", "mixed", "complex"]
)
SHAPES = [
    ((3,), (3,)),
    ((2, 3), (3,)),
    ((3,), (3, 2)),
    ((2, 3), (3, 4)),
    ((5, 2, 3), (3, 4)),
    ((2, 3), (5, 3, 4)),
    ((5, 1, 2, 3), (4, 3, 2)),
    ((4, 5, 2, 3), (3, 2)),
    ((2, 3), (4, 5, 3, 2)),
    ((3,), (5, 3, 2)),
    ((3,), (4, 5, 3, 2)),
    ((5, 2, 3), (3,)),
    ((4, 5, 2, 3), (3,)),
]


@DTYPES
@pytest.mark.parametrize(("shape_a", "shape_b"), SHAPES)
def test_matrix_products_have_all_derivatives(shape_a, shape_b, dtypes):
    assert_array_rule(np.matmul, random(*shape_a, dtype=dtypes[0]), random(*shape_b, dtype=dtypes[1]))
    assert_array_rule(lambda a, b: a @ b, random(*shape_a, dtype=dtypes[0]), random(*shape_b, dtype=dtypes[1]), order=1)


@pytest.mark.parametrize(
    ("f", "shape_a", "shape_b"),
    [
        (np.dot, (3,), (3,)),
        (np.dot, (2, 3), (3, 2)),
        (np.dot, (2, 3), (4, 3, 2)),
        (np.dot, (3,), (4, 3, 2)),
        (np.dot, (2, 4, 3), (3,)),
        (np.dot, (2, 2, 3), (2, 3, 2)),
        (np.inner, (3,), (3,)),
        (np.inner, (2, 3), (3,)),
        (np.inner, (3,), (2, 3)),
        (np.inner, (2, 3), (4, 3)),
        (np.inner, (2, 2, 3), (2, 3)),
        (np.outer, (2,), (3,)),
        (np.outer, (2, 2), (3,)),
        (np.outer, (2,), (2, 2)),
        (np.vdot, (3,), (3,)),
        (np.vdot, (2, 2), (4,)),
    ],
)
@DTYPES
def test_other_products_have_all_derivatives(f, shape_a, shape_b, dtypes):
    assert_array_rule(f, random(*shape_a, dtype=dtypes[0]), random(*shape_b, dtype=dtypes[1]), order=2)


@SINCE_2
@pytest.mark.parametrize(
    ("name", "shape_a", "shape_b"),
    [
        ("vecdot", (4, 3), (3,)),
        ("vecdot", (4, 3), (2, 1, 3)),
        ("matvec", (4, 2, 3), (3,)),
        ("matvec", (2, 3), (4, 3)),
        ("vecmat", (4, 2), (2, 3)),
        ("vecmat", (2,), (4, 2, 3)),
    ],
)
@DTYPES
def test_products_of_stacks_of_vectors_have_all_derivatives(name, shape_a, shape_b, dtypes):
    assert_array_rule(getattr(np, name), random(*shape_a, dtype=dtypes[0]), random(*shape_b, dtype=dtypes[1]), order=2)


@pytest.mark.parametrize("f", [np.dot, np.inner, np.outer], ids=lambda f: f.__name__)
def test_products_of_numbers(f):
    for a, b in ((2.0, 3.0), (np.float32(2), 3.0), (2.0, np.float64(3))):
        gradients = grad(lambda a, b: np.sum(f(a, b)), (0, 1))(a, b)
        assert gradients == (b, a)
        assert [np.asarray(g).dtype for g in gradients] == [np.asarray(a).dtype, np.asarray(b).dtype]
    np.testing.assert_array_equal(grad(lambda a: np.sum(f(a, np.ones(2))))(2.0), 2.0)
    np.testing.assert_array_equal(vjp(lambda b: f(2.0, b), np.ones(2))[1](np.ones_like(f(2.0, np.ones(2)))), [2, 2])


@SINCE_2
@pytest.mark.parametrize(
    "f",
    [
        lambda a, b: np.vecdot(a, b, axis=0),
        lambda a, b: np.vecdot(a, b, axis=1, keepdims=True),
        lambda a, b: np.vecdot(a, b, keepdims=True),
        lambda a, b: np.vecdot(a, b, axes=[0, 0, ()]),
        lambda a, b: np.matmul(a, b, axes=[(0, 1), (1, 0), (2, 0)]),
        lambda a, b: np.matvec(a, b[0], axes=[(-3, -2), -2, -1]),
        lambda a, b: np.vecmat(a[0], b, axes=[0, (0, 1), 0]),
    ],
)
def test_products_along_other_axes_than_the_last(f):
    a, b = random(3, 2, 4), random(3, 2, 4) + 1
    if f.__code__.co_names[1] == "vecmat":
        b = random(2, 3, 4)
    assert_array_rule(f, a, b, order=2)


def test_a_product_with_an_option_that_it_has_no_rule_for_is_refused():
    r = revdiff.init_diff(np.ones((2, 2)))
    with pytest.raises(revdiff.MissingRuleError, match=r"no derivative rule for numpy\.matmul with dtype=\."):
        np.matmul(r, r, dtype=float)
    with pytest.raises(revdiff.ConversionError, match="write a RevDiff into an array"):
        np.matmul(r, r, out=np.zeros((2, 2)))


def test_a_quadratic_form_has_the_symmetric_part_of_its_matrix_as_hessian():
    m = np.array([[1.0, 2.0], [5.0, -3.0]])
    np.testing.assert_allclose(hessian(lambda x: x @ m @ x)(np.array([0.3, 0.7])), m + m.T)
    np.testing.assert_allclose(jacobian(hessian(lambda x: (x @ m @ x) * x[0]))(np.ones(2))[0, 0, 0], 6.0)


@pytest.mark.parametrize(
    ("shape_a", "shape_b"), [((2, 0), (0, 3)), ((0, 2), (2, 3)), ((0,), (0,)), ((0, 2, 3), (3, 2))]
)
def test_products_with_nothing_in_them(shape_a, shape_b):
    a, b = np.ones(shape_a), np.ones(shape_b)
    value, pullback = vjp(np.matmul, a, b)
    assert_same_array(value, a @ b)
    for x, x_bar in zip((a, b), pullback(np.ones_like(value)), strict=True):
        np.testing.assert_array_equal(x_bar, np.zeros_like(x))


def test_lists_are_arrays_and_numbers_are_refused():
    np.testing.assert_array_equal(grad(lambda x: [1.0, 2.0] @ x)(np.ones(2)), [1.0, 2.0])
    assert simple_derivative(lambda x: np.dot([x, 1.0], [x, x]))(3.0) == 7.0
    assert simple_derivative(lambda x: np.array([x, 1.0]) @ np.array([x, x]))(3.0) == 7.0
    with pytest.raises(ValueError, match=r"at least one dimension.* Use \*"):
        grad(lambda x: x @ 2.0)(np.ones(2))


def test_methods_are_the_functions():
    a, b = np.array([1.0, 2.0]), np.array([3.0, 5.0])
    for f in (lambda x: x.dot(b), b.dot, lambda x: np.dot(x, b)):
        np.testing.assert_array_equal(grad(f)(a), b)


def test_factors_of_different_dtypes_keep_theirs():
    a, b = np.ones((2, 3), np.float32), np.ones((3, 2))
    gradient_a, gradient_b = grad(lambda a, b: (a @ b).sum(), (0, 1))(a, b)
    assert (gradient_a.dtype, gradient_b.dtype) == (np.float32, np.float64)
    _, pullback = vjp(lambda a: a @ np.array([1j, 2.0]), np.ones((1, 2)))
    np.testing.assert_array_equal(pullback(np.array([1.0 + 0j])), [[0.0, 2.0]])


def test_objects_stay_exact():
    x = np.array([Fraction(1, 3), Fraction(1, 2)], object)
    assert grad(lambda x: x @ x)(x).tolist() == [Fraction(2, 3), Fraction(1)]
    assert grad(lambda x: np.vdot(x, x))(x).tolist() == [Fraction(2, 3), Fraction(1)]


def test_a_large_constant_matrix_that_was_changed_is_noticed():
    m = np.ones((100, 100))
    _, pullback = vjp(lambda x: m @ x, np.ones(100))
    m *= 2.0
    with pytest.raises(MutatedArrayError):
        pullback(np.ones(100))


@pytest.mark.parametrize(("which", "x"), [(0, np.ones((2, 3))), (1, np.ones((3, 2)))])
def test_the_cotangent_of_a_constant_operand_is_never_formed(which, x, monkeypatch):
    shapes = []
    real = np.matmul

    def watched(a, b):
        shapes.append((np.shape(a), np.shape(b)))
        return real(a, b)

    constant = np.ones((3, 2) if which == 0 else (2, 3))
    _, pullback = vjp(lambda x: x @ constant if which == 0 else constant @ x, x)
    monkeypatch.setattr(np, "matmul", watched)
    pullback(np.ones((2, 2)))
    assert shapes == [((2, 2), (2, 3))] if which == 0 else [((3, 2), (2, 2))]


@SINCE_2
@pytest.mark.parametrize(
    ("name", "a", "b", "met"),
    [
        ("vecdot", (3, 4), (3, 1), "vectors of one length; met shapes (3, 4) and (3, 1)"),
        ("vecdot", (3, 1), (4,), "vectors of one length; met shapes (3, 1) and (4,)"),
        ("vecdot", (), (4,), "vectors and vectors; met shapes () and (4,)"),
        ("matvec", (3, 1), (), "matrices and vectors; met shapes (3, 1) and ()"),
        ("matvec", (3,), (3,), "matrices and vectors; met shapes (3,) and (3,)"),
        ("vecmat", (), (3, 4), "vectors and matrices; met shapes () and (3, 4)"),
        ("vecmat", (3,), (3,), "vectors and matrices; met shapes (3,) and (3,)"),
    ],
)
def test_shapes_that_numpy_refuses_are_not_broadcast(name, a, b, met):
    f = getattr(np, name)
    with pytest.raises(ValueError, match=r"mismatch|not have enough dimensions"):
        f(np.ones(a), np.ones(b))
    with pytest.raises(ValueError, match=re.escape(f"{name} takes {met}")):
        f(revdiff.init_diff(np.ones(a)), np.ones(b))
