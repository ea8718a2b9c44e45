"""SymPy's matrices as values, and matrices of variables that compute as they do."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from sympy import ImmutableMatrix, ImmutableSparseMatrix, Matrix, SparseMatrix

import revdiff as rd
from revdiff import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from revdiff.core.errors import ArgumentError, ConversionError, MismatchError, UnknownTypeError, UnsupportedValueError
from revdiff.symbolic import matrix
from revdiff.testing import check_monoid

a, b, c, d, t = sympy.symbols("a b c d t")
M = Matrix([[a, b], [c, d]])
A = Matrix([[1, 2], [3, 5]])
v = Matrix([a, b])
KINDS = [Matrix, ImmutableMatrix, SparseMatrix, ImmutableSparseMatrix]
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


def slopes(expr, m):
    """Return the matrix of SymPy's derivatives by the entries."""
    return Matrix(*m.shape, [sympy.diff(expr, e) for e in m])


def equal(ours, theirs):
    """Tell whether two matrices agree at a point, exactly."""
    primes = map(sympy.prime, range(3, 50))
    symbols = sorted(Matrix(theirs).free_symbols | Matrix(ours).free_symbols, key=str)
    point = dict(zip(symbols, primes, strict=False))
    return ours.shape == theirs.shape and all(
        sympy.simplify(x.subs(point) - y.subs(point)) == 0 for x, y in zip(ours, theirs, strict=True)
    )


# fmt: off
SCALARS = {
    "trace of a square":      lambda m: (m * m).trace(),
    "trace of a cube":        lambda m: (m**3).trace(),
    "determinant":            lambda m: m.det(),
    "trace of the inverse":   lambda m: m.inv().trace(),
    "a negative power":       lambda m: (m**-2)[0, 1],
    "an entry of a solution": lambda m: m.LUsolve(Matrix([1, 2]))[0],
    "the adjugate":           lambda m: (m.adjugate() * A)[1, 0],
    "entries":                lambda m: m[0, 1] * m[-1, -1] + m[2],
    "a row and a column":     lambda m: (m[0, :] * m[:, 1])[0] + m.row(1).dot(m.col(0)),
    "the transpose":          lambda m: (m.T * A * m).trace(),
    "products with another":  lambda m: (A * m - m * A + 2 * m / 3).multiply_elementwise(m)[0, 1],
    "a quadratic form":       lambda m: (Matrix([[1, 2]]) * m * Matrix([3, 4]))[0, 0],
    "@":                      lambda m: (m @ A @ m).trace(),
    "an entrywise function":  lambda m: sum(m.applyfunc(lambda e: e**3)),
    "joined and reshaped":    lambda m: (m.row_join(A).col_join(m.T.row_join(A)) ** 2).trace() * m.reshape(1, 4)[3] * m.vec()[2],
    "the power zero":         lambda m: (m**0 + m).det(),
    "a scalar times":         lambda m: (m.trace() * A + A * m[0, 0] - A / m[1, 1])[1, 0],
    "the diagonal":           lambda m: sum(m.diagonal()) * -m[0],
    "a difference":           lambda m: ((A - m) * (m - A)).trace(),
    "an inverse of one row":  lambda m: m[:1, :1].inv()[0] + m[1:, 1:].adjugate()[0],
}
# fmt: on


@pytest.mark.parametrize("f", SCALARS.values(), ids=SCALARS)
def test_the_gradient_is_a_matrix_of_the_same_shape(f):
    gradient = grad(f)(M)
    assert type(gradient) is Matrix
    assert equal(gradient, slopes(f(M), M))


@pytest.mark.parametrize("f", SCALARS.values(), ids=SCALARS)
def test_the_hessian_is_a_matrix_of_matrices(f):
    second = hessian(f)(M)
    for i in range(2):
        for j in range(2):
            assert equal(second[i, j], slopes(sympy.diff(f(M), M[i, j]), M))


@each_kind
def test_every_kind_of_matrix_stays_what_it_is(kind):
    value, gradient = value_and_grad(lambda m: (m * m.T).det())(kind(M))
    assert type(gradient) is kind
    assert sympy.expand(value - (M * M.T).det()) == 0
    assert equal(gradient, slopes(M.det() ** 2, M))
    assert type(rd.zero_like(kind(M))) is kind


def test_vectors_and_larger_matrices():
    assert grad(lambda v: (v.T * A * v)[0])(v) == Matrix([2 * a + 5 * b, 5 * a + 10 * b])
    assert grad(lambda v: v.dot(A * v))(v) == Matrix([2 * a + 5 * b, 5 * a + 10 * b])
    w = Matrix(sympy.symbols("x y z"))
    assert grad(lambda w: w.cross(Matrix([1, 2, 3]))[0])(w) == Matrix([0, 3, -2])
    reals = Matrix(sympy.symbols("x y z", positive=True))
    assert equal(grad(lambda w: w.norm())(reals), reals / reals.norm())
    big = Matrix(3, 3, sympy.symbols("m:9"))
    assert equal(grad(lambda m: m.det())(big), big.adjugate().T)
    numbers = Matrix(4, 4, lambda i, j: sympy.Rational(1, i + j + 1) + int(i == j))
    assert equal(grad(lambda m: m.det())(numbers), numbers.det() * numbers.inv().T)
    assert equal(grad(lambda m: m.inv()[0, 3])(numbers), -numbers.inv().row(0).T * numbers.inv().col(3).T)
    assert grad(lambda m: m.trace() + a)(Matrix(0, 0, [])) == Matrix(0, 0, [])


def test_jacobians_and_both_products():
    product = jacobian(lambda m: m * A)(M)
    assert product[0, 1] == Matrix([[2, 5], [0, 0]])
    assert jacobian(lambda t: A * t * t)(t) == 2 * t * A
    y, pullback = vjp(lambda m: m * m, M)
    assert y == M * M
    assert equal(pullback(A), M.T * A + A * M.T)
    assert equal(jvp(lambda m: m * m, (M,), (A,))[1], M * A + A * M)
    cube = slopes((M**3).trace(), M)
    expected = sum((A[k] * cube.diff(e) for k, e in enumerate(M)), sympy.zeros(2, 2))
    assert equal(hvp(lambda m: (m**3).trace(), (M,), (A,)), expected)


def test_matrices_among_the_parts_of_structures():
    @dataclass
    class Layer:
        weight: Any
        bias: Any
        name: str = "layer"

    layer = Layer(M, Matrix([a, c]))
    gradient = grad(lambda layer: (layer.weight * layer.bias).dot(layer.bias))(layer)
    assert type(gradient) is Layer
    w, bias = sympy.symbols("w:4"), sympy.symbols("u:2")
    form = (Matrix(2, 2, w) * Matrix(bias)).dot(Matrix(bias))
    at = dict(zip((*w, *bias), (a, b, c, d, a, c), strict=True))
    assert equal(gradient.weight, slopes(form, Matrix(2, 2, w)).subs(at))
    assert equal(gradient.bias, slopes(form, Matrix(bias)).subs(at))
    assert grad(lambda p: p["m"].det() * p["s"][0])({"m": M, "s": [t]})["s"] == [M.det()]


def test_a_matrix_of_a_variable():
    rotation = lambda t: matrix([[rd.cos(t), -rd.sin(t)], [rd.sin(t), rd.cos(t)]])
    assert jacobian(rotation)(t) == rotation(t).diff(t)
    assert type(rotation(t)) is Matrix
    assert sympy.simplify(grad(lambda t: rotation(t).det())(t)) == 0
    slope = rd.nth_derivative(lambda t: (rotation(t) * A).inv().trace(), 2)
    exact = (rotation(t) * A).inv().trace().diff(t, 2)
    assert slope(0.5) == pytest.approx(float(exact.subs(t, 0.5)))
    assert isinstance(grad(lambda t: rotation(t)[0, 0] * 2)(0.5), float)


@pytest.mark.parametrize(
    ("given", "shape"),
    [
        (([[1, 2], [3, 4]],), (2, 2)),
        (([1, 2, 3],), (3, 1)),
        ((2, 3, range(6)), (2, 3)),
        ((2, 2, lambda i, j: i + j), (2, 2)),
        ((np.ones((2, 3)),), (2, 3)),
        ((A,), (2, 2)),
        (([],), (0, 0)),
    ],
)
def test_the_ways_to_write_a_matrix(given, shape):
    assert matrix(*given).shape == shape


def test_a_matrix_has_the_entries_that_it_was_given():
    assert type(matrix([[1, Fraction(1, 2)]])) is Matrix
    floats = matrix([[0.5, 1.0], [2.0, 3.0]])
    assert type(floats.det()) is float
    assert floats.inv() * floats == matrix([[1.0, 0.0], [0.0, 1.0]])
    assert (np.ones((2, 2)) @ floats)[0, 1] == 4.0
    assert matrix([[mpmath.mpf(1), 2]]).T.shape == (2, 1)
    assert pickle.loads(pickle.dumps(floats)) == floats
    assert repr(floats) == "Matrix([[0.5, 1.0], [2.0, 3.0]])"
    assert floats != A
    assert list(floats) == floats.flat() == [0.5, 1.0, 2.0, 3.0]
    assert floats[1, [1, 0]].tolist() == [[3.0, 2.0]]
    assert floats.H == floats.T == floats.conjugate().transpose()
    assert +floats == floats


def test_a_variable_of_a_matrix_is_split_by_hand():
    r = rd.init_diff(M)
    assert rd.primal(r[0, 1]) == b
    product = rd.split(r) * A
    assert product[0, 0].backprop(sympy.Integer(1)) == Matrix([[1, 3], [0, 0]])
    assert matrix(r).trace().backprop(1) == sympy.eye(2)


def test_cotangents_of_matrices_are_a_monoid():
    check_monoid(M)


@pytest.mark.parametrize(("product", "number"), [("t * A", "t"), ("A * t", "2.0")])
def test_a_number_beside_the_first_matrix_of_a_program(product, number):
    program = "import revdiff, sympy; A = sympy.Matrix([[1, 2], [3, 4]]); t = sympy.Symbol('t')"
    program += f"; print(revdiff.grad(lambda t: ({product}).trace())({number}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "5"


def test_as_an_array_it_has_rows_and_columns():
    assert grad(lambda m: np.trace(np.asarray(m)) * np.array(m)[0, 1])(M) == slopes((a + d) * b, M)
    assert np.asarray(matrix([[0.5, 1.0], [2.0, 3.0]]), float).tolist() == [[0.5, 1.0], [2.0, 3.0]]
    assert np.shape(np.asarray(matrix([[0.5], [2.0]]))) == (2, 1)


def test_functions_of_sympys_take_a_matrix_without_variables():
    assert sympy.trace(matrix([[0.5, 1.0], [2.0, 3.0]])) == 3.5


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        (lambda: grad(sympy.trace)(M), ConversionError, r"(?s)^a function of SymPy's cannot compute with a matrix of variables.*M\.trace\(\) for"),
        (lambda: grad(lambda m: (m**0.5)[0, 0])(M), ArgumentError, r"^only whole powers of a matrix are computed; met a float$"),
        (lambda: grad(lambda m: m * Matrix([1, 2, 3]))(M), ArgumentError, r"^a matrix of 2 rows and 2 columns and one of 3 rows and 1 columns cannot be multiplied$"),
        (lambda: grad(lambda m: m + Matrix([1, 2, 3]))(M), ArgumentError, r"cannot be added$"),
        (lambda: grad(lambda m: m.row_join(Matrix([1, 2, 3])))(M), ArgumentError, r"cannot be joined$"),
        (lambda: grad(lambda m: m.dot(Matrix([1, 2])))(M), ArgumentError, r"cannot have a dot product$"),
        (lambda: grad(lambda m: m.cross([1, 2]))(v), ArgumentError, r"^a matrix of 2 rows and 1 columns and one of 2 entries cannot have a vector product$"),
        (lambda: grad(lambda m: m.det())(v), ArgumentError, r"^only a square matrix has a determinant; this one has 2 rows and 1 columns$"),
        (lambda: grad(lambda m: m[2, 0])(M), IndexError, r"^index 2 is out of range: there are 2$"),
        (lambda: grad(lambda m: m.eigenvals())(M), AttributeError, r"^a matrix of variables has no attribute 'eigenvals'; it has C, H, LUsolve"),
        (lambda: grad(lambda m: A.row_join(m).trace())(M), AttributeError, r"^one of SymPy's own methods met a matrix of variables"),
        (lambda: grad(lambda m: m.__setitem__((0, 0), 1))(M), ArgumentError, r"^the entries of a matrix of variables are not assigned to.*revdiff\.matrix\(rows\)$"),
        (lambda: grad(lambda t: rd.power(t, A))(t), UnsupportedValueError, r"^power of a RevDiff and a MutableDenseMatrix has no derivative"),
        (lambda: grad(lambda m: m + 1)(M), TypeError, r"unsupported operand"),
        (lambda: vjp(lambda m: m * m, M)[1](v), MismatchError, r"needed here; met a MutableDenseMatrix and shape \(2, 1\)"),
        (lambda: grad(lambda m: m.trace())(sympy.MatrixSymbol("X", 2, 2)), UnknownTypeError, r"met a MatrixSymbol"),
        (lambda: matrix([[1, 2], [3]]), ArgumentError, r"^the rows of a matrix are of one length; these have 2, 1 entries$"),
        (lambda: matrix(2, 2, [1]), ArgumentError, r"^a matrix of 2 rows and 2 columns has 4 entries; met 1$"),
        (lambda: matrix(3), ArgumentError, r"^matrix takes the rows of a matrix; met an int$"),
        (lambda: matrix(3, 4), ArgumentError, r"it was given 2 arguments$"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said(wrong, error, says):
    with pytest.raises(error, match=says):
        wrong()
