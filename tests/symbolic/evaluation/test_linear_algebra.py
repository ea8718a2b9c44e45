"""Matrices in expressions, as functions of numbers, arrays and matrices."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import sympy
from sympy import Determinant, Identity, Inverse, Matrix, MatrixSymbol, Sum, Trace, hadamard_product
from sympy.matrices.expressions.special import OneMatrix

from revdiff import grad, hessian, jacobian
from revdiff.core.errors import ArgumentError, UnsupportedValueError
from revdiff.symbolic import from_sympy

x, y, i = sympy.symbols("x y i")
A, B = MatrixSymbol("A", 2, 2), MatrixSymbol("B", 2, 2)
M = Matrix([[x, y], [y, x**2]])
a, b = np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([[2.0, -1.0], [0.5, 1.0]])


def test_a_matrix_of_expressions():
    function = from_sympy(M, (x, y))
    np.testing.assert_array_equal(function(0.5, 2.0), [[0.5, 2.0], [2.0, 0.25]])
    assert function(x, y) == M
    np.testing.assert_array_equal(jacobian(function)(0.5, 2.0), [[1.0, 0.0], [0.0, 1.0]])
    assert jacobian(function)(x, y) == M.diff(x)
    assert function(mpmath.mpf(1), mpmath.mpf(2))[1, 0] == 2


def test_whole_numbers_in_a_matrix_leave_the_precision_of_arrays_as_it_is():
    mixed = Matrix([[x, 1], [sympy.Rational(1, 2), 2 * x]])
    single = np.array([0.5, 2.0], np.float32)
    assert from_sympy(mixed, x)(single).dtype == np.float32
    assert from_sympy(Determinant(mixed), x)(np.float32(2)).dtype == np.float32
    np.testing.assert_allclose(from_sympy(Determinant(mixed), x)(single), 2 * single**2 - 0.5, rtol=1e-6)
    slopes = grad(lambda v: from_sympy(Determinant(mixed), x)(v).sum())(single)
    assert slopes.dtype == np.float32
    np.testing.assert_allclose(slopes, 4 * single, rtol=1e-6)


def test_arrays_give_a_stack_of_matrices():
    xs = np.array([1.0, 2.0, 3.0])
    stack = from_sympy(M, (x, y))(xs, 2.0)
    assert stack.shape == (3, 2, 2)
    np.testing.assert_array_equal(stack[1], [[2.0, 2.0], [2.0, 4.0]])
    np.testing.assert_allclose(from_sympy(Determinant(M), (x, y))(xs, 2.0), xs**3 - 4)
    np.testing.assert_allclose(grad(lambda xs: from_sympy(Determinant(M), (x, y))(xs, 2.0).sum())(xs), 3 * xs**2)
    np.testing.assert_allclose(from_sympy(y * (M * M).as_immutable(), (x, y))(xs, 2.0)[1], 2 * stack[1] @ stack[1])


# fmt: off
SCALARS = [
    Determinant(A), Determinant(A * B), Trace(A * A), Trace(A.I * B), A[0, 1] * x, Trace(A.T * B * A * x), Trace(A**3),
    Trace(A**-2), Trace(hadamard_product(A, B)), Trace(Identity(2) * B + A), Trace(A - 2 * B), Trace(M * A),
    Sum(A[i, i] * i, (i, 0, 1)), Trace(A + sympy.ZeroMatrix(2, 2)), sympy.exp(Trace(A) / 10) * y,
]
# fmt: on


@pytest.mark.parametrize("expr", SCALARS, ids=str)
def test_a_number_made_of_matrices(expr):
    function = from_sympy(expr, (x, y, A, B))
    entries = {e: v for S, s in ((A, a), (B, b)) for e, v in zip(Matrix(S), s.flat, strict=True)}
    explicit = sympy.sympify(expr.subs({A: Matrix(A), B: Matrix(B)}).doit()).doit()
    value = lambda e: float(e.subs(entries).subs({x: 0.5, y: 2.0}))
    assert function(0.5, 2.0, a, b) == pytest.approx(value(explicit), rel=1e-12)
    expected = [[value(explicit.diff(A[i, j])) for j in range(2)] for i in range(2)]
    np.testing.assert_allclose(grad(function, 2)(0.5, 2.0, a, b), expected, rtol=1e-12, atol=1e-14)
    symbolic = function(x, y, Matrix(A), Matrix(B))
    assert abs(value(symbolic - explicit)) < 1e-12


def test_matrices_that_are_known_without_entries():
    blocks = sympy.BlockMatrix([[A, B], [B, A]])
    for expr, entries in [
        (A + 3 * Identity(2), a + 3 * np.eye(2)),
        (OneMatrix(2, 2) * A * B, np.ones((2, 2)) @ a @ b),
        (A * sympy.ZeroMatrix(2, 2) + B, b),
        (blocks, np.block([[a, b], [b, a]])),
    ]:
        np.testing.assert_allclose(from_sympy(expr, (A, B))(a, b), entries)
        det = from_sympy(Determinant(expr), (A, B))
        assert det(a, b) == pytest.approx(np.linalg.det(entries))
        symbolic = det(Matrix(A), Matrix(B)).subs(dict(zip((*Matrix(A), *Matrix(B)), (*a.flat, *b.flat), strict=True)))
        assert float(symbolic) == pytest.approx(np.linalg.det(entries))


def test_second_derivatives_by_a_matrix():
    function = from_sympy(Trace(A * A * B), (A, B))
    second = hessian(function)(a, b)
    explicit = (Matrix(A) * Matrix(A) * Matrix(b)).trace()
    expected = [
        [[[explicit.diff(p, q) for q in Matrix(A).row(k)] for k in range(2)] for p in row] for row in Matrix(A).tolist()
    ]
    np.testing.assert_allclose(second, np.array(expected, float))


def test_results_that_are_matrices():
    np.testing.assert_allclose(from_sympy(Inverse(A) * B, (A, B))(a, b), np.linalg.inv(a) @ b)
    np.testing.assert_allclose(from_sympy((A * B).T + 2 * A, (A, B))(a, b), (a @ b).T + 2 * a)
    np.testing.assert_allclose(from_sympy(sympy.Adjoint(A), A)(a * 1j), (a * 1j).conj().T)
    assert from_sympy(A.I, A)(Matrix(A)) == Matrix(A).inv()
    square = from_sympy(sympy.HadamardPower(A, 2), A)
    np.testing.assert_allclose(square(a), a**2)
    assert square(Matrix(A)) == Matrix(A).applyfunc(lambda e: e**2)


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        (lambda: from_sympy(A[i, 0], (A, i))(a, 0.5), ArgumentError, r"^the indices of a matrix are whole numbers; met 0\.5$"),
        (lambda: from_sympy(sympy.MatPow(A, x), (A, x)), UnsupportedValueError, r"^only whole powers of a matrix are evaluated; met A\*\*x$"),
        (lambda: from_sympy(Trace(A), A)(np.ones((3, 3))), ArgumentError, r"^A is a matrix of 2 rows and 2 columns; met one of 3 rows and 3 columns$"),
        (lambda: from_sympy(Trace(A), A)(2.0), ArgumentError, r"^A is a matrix of 2 rows and 2 columns; met a float$"),
        (lambda: from_sympy(x + 1, x)(M), ArgumentError, r"(?s)^x is a number; met a MutableDenseMatrix\..*sympy\.MatrixSymbol\('x', n, m\)"),
        (lambda: from_sympy(Trace(A * B), A), ArgumentError, r"contains the variable B, which is not among the arguments"),
        (lambda: from_sympy(sympy.KroneckerProduct(A, B), (A, B)), UnsupportedValueError, r"no function for SymPy's KroneckerProduct"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said(wrong, error, says):
    with pytest.raises(error, match=says):
        wrong()
