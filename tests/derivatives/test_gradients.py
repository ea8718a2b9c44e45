"""grad, vjp, jvp, jacobian, hessian and their kin, against finite differences and SymPy."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import revdiff
from revdiff import (
    args_derivative,
    cos,
    exp,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    linearize,
    sin,
    value_and_grad,
    value_grad_hessian,
    vjp,
)
from revdiff.core.errors import ArgumentError, ResultError
from tests.oracles import flat, numeric_jacobian, slope, unflat


def flat_jacobian(structured, value, x):
    """Make a matrix of a Jacobian whose structure is that of the value outside and of x inside."""

    def rows(part, y):
        if isinstance(y, tuple):
            return np.concatenate([rows(p, q) for p, q in zip(part, y, strict=True)])
        return columns(part, x, np.shape(y))

    def columns(part, x, outer):
        if isinstance(x, tuple):
            assert isinstance(part, tuple)
            return np.concatenate([columns(p, q, outer) for p, q in zip(part, x, strict=True)], axis=1)
        assert np.shape(part) == (*outer, *np.shape(x)), f"{np.shape(part)} for {outer} by {np.shape(x)}"
        return np.reshape(part, (int(np.prod(outer)), int(np.prod(np.shape(x)))))

    return rows(structured, value)


A = np.array([1.0, 2.0, 3.0])
M = np.array([[0.5, -1.0, 2.0], [1.5, 0.3, -0.2]])

# One argument of each structure, and a function whose value is one number.
SCALAR_VALUED: list[Any] = [
    pytest.param(lambda x: sin(x) * x, (0.7,), id="number"),
    pytest.param(lambda x: (sin(x) * x).sum(), (A,), id="vector"),
    pytest.param(lambda x: (x[0] * x[1]).sum() + exp(x).mean(), (M,), id="matrix"),
    pytest.param(lambda x: cos(x) * x, (np.array(0.7),), id="0-d array"),
    pytest.param(lambda x: x.sum() * 2.0, (np.zeros((0, 3)),), id="empty array"),
    pytest.param(lambda p: sin(p[0]) * p[1], ((0.7, 1.3),), id="pair"),
    pytest.param(lambda p: (p[0] * p[1][0]).sum() * sin(p[1][1][0]), ((A, (A + 1, (0.3,))),), id="nested tuple"),
    pytest.param(lambda x, y: x * sin(y) * x, (0.7, 1.3), id="two numbers"),
    pytest.param(lambda x, y: (x * y * x).sum(), (A, M), id="vector and matrix"),
    pytest.param(lambda x, y, z: (x * y).sum() * z[0] * z[1], (A, 0.3, (0.5, 0.7)), id="vector, number, pair"),
]

STRUCTURE_VALUED: list[Any] = [
    pytest.param(lambda x: x * A, (0.7,), id="number to vector"),
    pytest.param(lambda x: (x, sin(x) * A, (x * M,)), (0.7,), id="number to nested tuple"),
    pytest.param(lambda x: sin(x) * x[0], (A,), id="vector to vector"),
    pytest.param(lambda x: x * M, (A,), id="vector to matrix"),
    pytest.param(lambda x: (x.sum(), x * x), (M,), id="matrix to pair"),
    pytest.param(lambda p: (p[0] * p[1], p[1] * p[1]), ((A, 0.3),), id="pair to pair"),
    pytest.param(lambda x, y: (x * y, (y * y,), 5.0), (A, 0.3), id="two arguments to nested tuple"),
    pytest.param(lambda x: x, (A,), id="vector to itself"),
    pytest.param(lambda x: np.ones(2), (A,), id="vector to a constant"),
    pytest.param(lambda x: (1.0, A), (M,), id="matrix to constants"),
    pytest.param(lambda x: x, (np.zeros((0, 2)),), id="empty to empty"),
    pytest.param(lambda x: x * np.zeros(0), (0.7,), id="number to empty"),
]

EVERY = SCALAR_VALUED + STRUCTURE_VALUED


def of_all(f, args):
    """f as a function of one structure, the structure, and argnums that choose it."""
    return (lambda x: f(*x)), args, tuple(range(len(args)))


@pytest.mark.parametrize(("f", "args"), SCALAR_VALUED)
def test_grad_agrees_with_finite_differences(f, args):
    g, x, argnums = of_all(f, args)
    gradient = grad(f, argnums)(*args)
    np.testing.assert_allclose(flat(gradient), numeric_jacobian(g, x).ravel(), rtol=1e-6, atol=1e-8)
    value, same = value_and_grad(f, argnums)(*args)
    assert value == f(*args)
    np.testing.assert_array_equal(flat(same), flat(gradient))
    np.testing.assert_allclose(flat(args_derivative(f)(*args)), flat(gradient))


@pytest.mark.parametrize(("f", "args"), SCALAR_VALUED)
def test_a_gradient_has_the_structure_shapes_and_dtypes_of_the_argument(f, args):
    for i, x in enumerate(args):

        def check(g, x):
            if isinstance(x, tuple):
                assert isinstance(g, tuple)
                for p, q in zip(g, x, strict=True):
                    check(p, q)
            else:
                assert np.shape(g) == np.shape(x)
                assert np.asarray(g).dtype == np.asarray(x).dtype

        check(grad(f, i)(*args), x)
        check(grad(lambda *args: 1.0, i)(*args), x)


@pytest.mark.parametrize(("f", "args"), EVERY)
def test_jacobian_agrees_with_finite_differences(f, args):
    g, x, argnums = of_all(f, args)
    value = g(x)
    j = jacobian(f, argnums)(*args)
    matrix = flat_jacobian(j, value, x)
    np.testing.assert_allclose(matrix, numeric_jacobian(g, x), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(("f", "args"), EVERY)
def test_vjp_is_the_transposed_jacobian_times_the_cotangent(f, args):
    g, x, _ = of_all(f, args)
    rng = np.random.default_rng(1)
    value, pullback = vjp(f, *args)
    np.testing.assert_array_equal(flat(value), flat(f(*args)))
    u = unflat(value, rng.normal(size=flat(value).size))
    x_bar = pullback(u)
    expected = numeric_jacobian(g, x).T @ flat(u)
    np.testing.assert_allclose(flat(x_bar), expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(("f", "args"), EVERY)
def test_jvp_is_the_jacobian_times_the_tangent(f, args):
    g, x, _ = of_all(f, args)
    rng = np.random.default_rng(2)
    v = unflat(x, rng.normal(size=flat(x).size))
    value, tangent = jvp(f, args, v)
    np.testing.assert_array_equal(flat(value), flat(f(*args)))
    expected = numeric_jacobian(g, x) @ flat(v)
    np.testing.assert_allclose(flat(tangent), expected, rtol=1e-6, atol=1e-8)
    assert np.shape(flat(tangent)) == np.shape(flat(value))


@pytest.mark.parametrize(("f", "args"), EVERY)
def test_jvp_and_vjp_are_adjoint(f, args):
    """⟨u, J v⟩ = ⟨Jᵀ u, v⟩."""
    rng = np.random.default_rng(3)
    value, pullback = vjp(f, *args)
    u = unflat(value, rng.normal(size=flat(value).size))
    v = unflat(args, rng.normal(size=flat(args).size))
    _, jv = jvp(f, args, v)
    assert flat(u) @ flat(jv) == pytest.approx(flat(pullback(u)) @ flat(v), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(("f", "args"), SCALAR_VALUED)
def test_hessian_agrees_with_finite_differences_of_the_gradient_and_is_symmetric(f, args):
    g, x, argnums = of_all(f, args)
    h = hessian(f, argnums)(*args)
    matrix = flat_jacobian(h, x, x)
    numeric = numeric_jacobian(grad(g), x)
    np.testing.assert_allclose(matrix, numeric, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(matrix, matrix.T, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("f", "args"), SCALAR_VALUED)
def test_hvp_is_the_hessian_times_the_vector(f, args):
    _, x, argnums = of_all(f, args)
    v = unflat(x, np.random.default_rng(4).normal(size=flat(x).size))
    matrix = flat_jacobian(hessian(f, argnums)(*args), x, x)
    np.testing.assert_allclose(flat(hvp(f, args, v)), matrix @ flat(v), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(("f", "args"), SCALAR_VALUED)
def test_value_grad_hessian_gives_all_three(f, args):
    _, x, argnums = of_all(f, args)
    value, gradient, h = value_grad_hessian(f, argnums)(*args)
    assert value == f(*args)
    np.testing.assert_array_equal(flat(gradient), flat(grad(f, argnums)(*args)))
    np.testing.assert_allclose(flat_jacobian(h, x, x), flat_jacobian(hessian(f, argnums)(*args), x, x))


def test_a_hessian_of_symbols_is_that_of_sympy():
    x, y = sympy.symbols("x y")
    f = lambda x, y: revdiff.log(x * y) * sin(x) + y**3
    h = hessian(f, (0, 1))(x, y)
    expected = sympy.hessian(sympy.log(x * y) * sympy.sin(x) + y**3, (x, y))
    for i in range(2):
        for j in range(2):
            assert sympy.simplify(h[i][j] - expected[i, j]) == 0


def test_third_order_tensors_from_nested_jacobians():
    t = jacobian(hessian(lambda x: (x**3).sum() * x[0]))(A)
    assert t.shape == (3, 3, 3)
    e = sympy.symbols("a b c")
    s = sum(v**3 for v in e) * e[0]
    for i in range(3):
        for j in range(3):
            for k in range(3):
                assert t[i, j, k] == pytest.approx(float(s.diff(e[i], e[j], e[k]).subs(dict(zip(e, A, strict=True)))))


# ---------------------------------------------------------------------- argnums and has_aux


def f3(x, y, *, z=1.0, w=2.0):
    return x * y**2 * z**3 * w**4


# At x, y = 2, 3 and z, w = 1, 2 (f = 288).
PARTIALS = {0: 144.0, 1: 192.0, "z": 864.0, "w": 576.0}


@pytest.mark.parametrize(
    ("argnums", "expected"),
    [
        (0, 144.0),
        (1, 192.0),
        (-1, 192.0),
        (-2, 144.0),
        ("z", 864.0),
        ("w", 576.0),
        ((0,), (144.0,)),
        ((0, 1), (144.0, 192.0)),
        ((1, 0), (192.0, 144.0)),
        ((-1, -2), (192.0, 144.0)),
        (("w",), (576.0,)),
        (("w", 0), (576.0, 144.0)),
        ((0, "z", 1, "w"), (144.0, 864.0, 192.0, 576.0)),
        ((), ()),
    ],
    ids=str,
)
def test_argnums_choose_the_arguments(argnums, expected):
    args, kwargs = (2.0, 3.0), {"z": 1.0, "w": 2.0}
    assert grad(f3, argnums)(*args, **kwargs) == expected
    assert grad(f3, argnums=argnums)(*args, **kwargs) == expected
    assert value_and_grad(f3, argnums)(*args, **kwargs) == (288.0, expected)
    assert jacobian(f3, argnums)(*args, **kwargs) == expected
    value, gradient, h = value_grad_hessian(f3, argnums)(*args, **kwargs)
    assert (value, gradient) == (288.0, expected)
    assert h == hessian(f3, argnums)(*args, **kwargs)


def test_mixed_second_derivatives_follow_argnums():
    h = hessian(f3, (1, "z"))(2.0, 3.0, z=1.0, w=2.0)
    assert h == ((2 * 2.0 * 16, 2 * 2.0 * 3 * 3 * 16), (2 * 2.0 * 3 * 3 * 16, 2 * 9.0 * 6 * 16))


def test_arguments_that_are_not_chosen_reach_the_function_untouched():
    marker = object()

    def f(x, other, *, flag):
        assert other is marker
        assert flag == "text"
        return x * x

    assert grad(f)(3.0, marker, flag="text") == 6.0
    assert grad(lambda text, x: x * len(text), 1)("abc", 2.0) == 3.0


def test_a_keyword_that_shares_its_name_with_an_option_is_no_trouble():
    assert grad(lambda argnums, has_aux: argnums * has_aux, "has_aux")(3.0, has_aux=2.0) == 3.0


def test_aux_comes_back_beside_the_gradient():
    def f(x):
        return x * x, "note"

    assert grad(f, has_aux=True)(3.0) == (6.0, "note")
    assert value_and_grad(f, has_aux=True)(3.0) == ((9.0, "note"), 6.0)


class Point(NamedTuple):
    x: Any
    y: Any


def test_a_named_tuple_in_the_value_or_the_aux_keeps_its_type():
    _, aux = grad(lambda x: (x * x, Point(x, "note")), has_aux=True)(3.0)
    assert aux == Point(3.0, "note")
    assert isinstance(aux, Point)
    value, pullback = vjp(lambda x: Point(x, x * x), 3.0)
    assert value == Point(3.0, 9.0)
    assert pullback((1.0, 10.0)) == 61.0


class Box:
    """An object that nobody knows."""

    def __init__(self, content):
        self.content = content


@pytest.mark.parametrize(
    ("wrap", "expected"),
    [
        pytest.param(lambda y: y, 27.0, id="itself"),
        pytest.param(lambda y: (y, ("text", y)), (27.0, ("text", 27.0)), id="tuple"),
        pytest.param(lambda y: [y, 1], [27.0, 1], id="list"),
        pytest.param(lambda y: {"loss": y, "deep": [{"y": (y,)}]}, {"loss": 27.0, "deep": [{"y": (27.0,)}]}, id="dict"),
        pytest.param(lambda y: None, None, id="None"),
        pytest.param(lambda y: {1, 2}, {1, 2}, id="set"),
    ],
)
def test_aux_is_plain_values_without_a_layer_of_the_derivative(wrap, expected):
    _, aux = grad(lambda x: (x * x, wrap(x**3)), has_aux=True)(3.0)
    assert repr(aux) == repr(expected)
    (_, aux), _ = value_and_grad(lambda x: (x * x, wrap(x**3)), has_aux=True)(3.0)
    assert repr(aux) == repr(expected)


def test_aux_keeps_the_layers_of_outer_derivatives():
    def inner(y):
        _, aux = grad(lambda x: (x * x * y, {"k": x * y}), has_aux=True)(3.0)
        return aux["k"] * y

    assert grad(inner)(2.0) == 12.0  # d(3 y²)/dy


def test_aux_of_an_unknown_type_is_passed_through():
    box = Box(7)
    assert grad(lambda x: (x * x, box), has_aux=True)(3.0)[1] is box


# ---------------------------------------------------------------------- dtypes


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("shape", [(), (3,), (2, 0)])
@pytest.mark.parametrize(
    "f",
    [
        pytest.param(lambda x: (x * x).sum(), id="x x"),
        pytest.param(lambda x: (x * 2.5 + 1).sum(), id="Python constants"),
        pytest.param(lambda x: (x * np.float64(2.5)).sum(), id="float64 scalar"),
        pytest.param(lambda x: (x * np.ones((), np.float64)).sum(), id="float64 0-d array"),
        pytest.param(lambda x: (x * np.ones((4, 1, 1)) * x).sum(), id="float64 array"),
        pytest.param(lambda x: (sin(x) / (2 + cos(x)) + abs(x) ** 3).sum(), id="functions"),
        pytest.param(lambda x: 1.0, id="unreached"),
    ],
)
@pytest.mark.filterwarnings("ignore:overflow")
def test_gradients_keep_dtype_and_shape(f, dtype, shape):
    x = np.full(shape, 0.5, dtype)
    for result in (grad(f)(x), grad(f, (0,))(x)[0], vjp(f, x)[1](1.0), hvp(f, x, x)):
        assert (np.shape(result), result.dtype) == (shape, dtype)
    h = hessian(f)(x)
    assert (h.shape, h.dtype) == ((*shape, *shape), dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_numpy_scalar_has_a_gradient_of_its_dtype(dtype):
    result = grad(lambda x: x * x * 1.5 + sin(x))(dtype(2))
    assert (result.dtype, np.shape(result)) == (dtype, ())


@pytest.mark.parametrize("seed_dtype", [np.float32, np.float64, int])
def test_the_dtype_of_a_seed_does_not_decide_about_that_of_the_gradient(seed_dtype):
    for f in (lambda x: x, lambda x: x + 1, lambda x: x * 2, lambda x: x * x):
        assert vjp(f, np.ones(3, np.float32))[1](np.ones(3, seed_dtype)).dtype == np.float32


@pytest.mark.parametrize("dtype", ["i1", "u1", "i4", "i8"])
def test_an_integer_array_has_a_float64_gradient_and_nothing_is_truncated(dtype):
    x = np.array([1, 0, 1], dtype)
    g = grad(lambda x: (x * 0.25 + x * 0.5).sum())(x)
    assert g.dtype == np.float64
    np.testing.assert_array_equal(g, [0.75, 0.75, 0.75])
    assert grad(lambda x: 1.0)(x).dtype == np.float64
    assert jacobian(lambda x: x * 0.5)(x).dtype == np.float64


def test_a_python_int_is_the_exact_number_that_it_is():
    assert grad(lambda x: x * x)(3) == 6
    assert grad(lambda x: x * 0.5)(3) == 0.5
    assert grad(lambda x: x / 4)(3) == 0.25
    assert grad(lambda x, n: x * n, (0, 1))(2.0, 3) == (3.0, 2.0)
    assert jacobian(lambda x: (x, x // 2))(7) == (1, 0)
    assert jvp(lambda x: x**3, 3, 1) == (27, 27)


def test_an_object_array_returned_is_differentiated():
    f = lambda x: np.array([x[0], x[0] * x[1], 3.0])
    expected = [[1.0, 0.0], [5.0, 2.0], [0.0, 0.0]]
    np.testing.assert_array_equal(np.array(jacobian(f)(np.array([2.0, 5.0])), float), expected)
    np.testing.assert_array_equal(vjp(f, np.array([2.0, 5.0]))[1](np.array([1.0, 10.0, 100.0])), [51.0, 20.0])
    _, tangent = jvp(f, np.array([2.0, 5.0]), np.array([1.0, 10.0]))
    np.testing.assert_array_equal(np.array(tangent, float), [1.0, 25.0, 0.0])


# ---------------------------------------------------------------------- complex numbers

COMPLEX = [
    pytest.param(lambda z: abs(z) ** 2, id="|z|²"),
    pytest.param(lambda z: z.real * z.imag, id="Re z · Im z"),
    pytest.param(lambda z: revdiff.real(z * z * (1 + 2j)), id="Re (1+2i) z²"),
    pytest.param(lambda z: revdiff.imag(exp(z)), id="Im exp z"),
    pytest.param(lambda z: abs(sin(z) - 1j * z) ** 2, id="|sin z - i z|²"),
    pytest.param(lambda z: revdiff.real(revdiff.conjugate(z) * z * 3), id="Re 3 z̄ z"),
    pytest.param(revdiff.angle, id="angle"),
]


@pytest.mark.parametrize("f", COMPLEX)
@pytest.mark.parametrize("z", [0.7 + 0.4j, -1.2 + 0.3j, 2.0 - 1.0j], ids=str)
def test_the_gradient_of_a_real_function_is_the_conjugate_of_the_steepest_ascent(f, z):
    expected = slope(lambda t: f(z + t)) - 1j * slope(lambda t: f(z + 1j * t))
    assert grad(f)(z) == pytest.approx(expected, rel=1e-7)
    assert grad(f)(np.complex128(z)) == pytest.approx(expected, rel=1e-7)
    array = grad(lambda z: f(z).sum())(np.array([z, z]))
    np.testing.assert_allclose(array, [expected, expected], rtol=1e-7)


@pytest.mark.parametrize("start", [0j, 5 + 5j, np.array([1 - 1j, 3j])], ids=["0", "5+5i", "array"])
def test_gradient_descent_converges_with_the_documented_update(start):
    target = 2 - 3j

    def loss(z):
        r = z * (1 + 1j) - target
        size = revdiff.real(r * revdiff.conjugate(r))
        return size.sum() if isinstance(start, np.ndarray) else size

    z = start
    for _ in range(200):
        z = z - 0.1 * np.conj(grad(loss)(z))
    np.testing.assert_allclose(z, np.full(np.shape(z), target / (1 + 1j)), atol=1e-8)


@pytest.mark.parametrize(
    ("f", "df"),
    [(lambda z: z * z * 1j, lambda z: 2j * z), (exp, np.exp), (sin, np.cos), (lambda z: 1 / z, lambda z: -1 / z**2)],
    ids=["i z²", "exp", "sin", "1/z"],
)
def test_a_holomorphic_function_pulls_back_by_its_complex_derivative(f, df):
    z = 0.7 + 0.4j
    assert revdiff.simple_derivative(f)(z) == pytest.approx(df(z))
    assert vjp(f, z)[1](1j) == pytest.approx(1j * df(z))
    np.testing.assert_allclose(revdiff.simple_derivative(f)(np.array([z])), [df(z)])


def test_a_real_argument_of_a_complex_computation_has_a_real_gradient():
    f = lambda x: revdiff.real((x * 1j + 2) * (x - 3j))  # Re (2x + 3x + i(…)) = 5x
    assert grad(f)(2.0) == pytest.approx(5.0)
    assert isinstance(grad(f)(2.0), float)
    g = grad(lambda x: f(x).sum())(np.ones(3))
    assert g.dtype == np.float64


# ---------------------------------------------------------------------- properties on random functions

STEPS = {
    "sin": lambda x, y: sin(x),
    "tanh": lambda x, y: revdiff.tanh(x + y),
    "product": lambda x, y: x * y,
    "sum": lambda x, y: x + y * 0.5,
    "difference": lambda x, y: y - x,
    "quotient": lambda x, y: x / (2 + y * y),
    "mean": lambda x, y: x * y.mean(),
    "reverse": lambda x, y: x[::-1] + y,
    "first": lambda x, y: x * y[0],
    "swap": lambda x, y: np.where(revdiff.primal(x) > revdiff.primal(y), y, x * x),
}

programs = st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=6)
vectors = st.lists(st.floats(-1, 1), min_size=3, max_size=3).map(np.array)


def run(program, x, y):
    for step in program:
        x, y = y, STEPS[step](x, y)
    return x + y


@given(programs, vectors, vectors, vectors, vectors, st.floats(-3, 3), st.floats(-3, 3))
def test_pullbacks_of_random_programs_are_linear(program, x, y, u, v, a, b):
    _, pullback = vjp(lambda x, y: run(program, x, y), x, y)
    left = pullback(a * u + b * v)
    for part, pu, pv in zip(left, pullback(u), pullback(v), strict=True):
        np.testing.assert_allclose(part, a * pu + b * pv, rtol=1e-9, atol=1e-9)


@given(programs, vectors, vectors, vectors, vectors, vectors)
def test_jvp_and_vjp_of_random_programs_are_adjoint(program, x, y, u, v, w):
    f = lambda x, y: run(program, x, y)
    _, pullback = vjp(f, x, y)
    gx, gy = pullback(u)
    _, tangent = jvp(f, (x, y), (v, w))
    assert np.dot(u, tangent) == pytest.approx(np.dot(gx, v) + np.dot(gy, w), rel=1e-9, abs=1e-9)


@given(programs, programs, vectors, vectors)
def test_the_pullback_of_a_composition_is_the_composition_of_the_pullbacks(first, second, x, u):
    f = lambda x: run(first, x, x * 0.5)
    g = lambda y: run(second, y, 1.0 - y)
    y, f_pullback = vjp(f, x)
    _, g_pullback = vjp(g, y)
    _, both = vjp(lambda x: g(f(x)), x)
    np.testing.assert_allclose(both(u), f_pullback(g_pullback(u)), rtol=1e-9, atol=1e-9)


@given(programs, vectors, vectors)
def test_hessians_of_random_programs_are_symmetric_and_agree_with_hvp(program, x, v):
    f = lambda x: run(program, x, x * x).sum()
    h = hessian(f)(x)
    np.testing.assert_allclose(h, h.T, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(hvp(f, x, v), h @ v, rtol=1e-9, atol=1e-9)


@given(programs, vectors, vectors)
def test_a_tuple_argument_and_two_arguments_have_the_same_gradients(program, x, y):
    f = lambda x, y: run(program, x, y).sum()
    for a, b in zip(grad(lambda p: f(*p))((x, y)), grad(f, (0, 1))(x, y), strict=True):
        np.testing.assert_array_equal(a, b)


# ---------------------------------------------------------------------- linearize


@pytest.mark.parametrize(("f", "args"), EVERY)
def test_linearize_gives_the_value_and_every_jvp(f, args):
    rng = np.random.default_rng(5)
    value, pushforward = linearize(f, *args)
    np.testing.assert_array_equal(flat(value), flat(f(*args)))
    for _ in range(3):
        v = unflat(args, rng.normal(size=flat(args).size))
        np.testing.assert_array_equal(flat(pushforward(*v)), flat(jvp(f, args, v)[1]))


def test_linearize_runs_the_function_once():
    runs = []

    def f(x):
        runs.append(x)
        return sin(x) * x

    _, pushforward = linearize(f, A)
    rows = [pushforward(e) for e in np.eye(3)]
    np.testing.assert_allclose(np.transpose(rows), jacobian(lambda x: sin(x) * x)(A), rtol=1e-14)
    assert len(runs) == 1


def test_a_linearized_function_is_linear_and_leaves_its_tangents_alone():
    _, pushforward = linearize(lambda p: {"y": sin(p["a"]) * p["b"]}, {"a": A, "b": 0.7})
    u, v = {"a": A * 2, "b": 1.0}, {"a": A - 1, "b": -3.0}
    both = pushforward({"a": 2 * u["a"] + v["a"], "b": 2 * u["b"] + v["b"]})["y"]
    np.testing.assert_allclose(both, 2 * pushforward(u)["y"] + pushforward(v)["y"], rtol=1e-13)
    np.testing.assert_array_equal(u["a"], A * 2)


def test_linearize_nests_and_the_derivative_of_a_linearized_function_is_that_of_the_jvp():
    f = lambda x: sin(x * x)
    x = sympy.Symbol("x")
    third = sympy.diff(sympy.sin(x**2), x, 3)
    point = 0.4
    along = lambda g: lambda x: linearize(g, x)[1](1.0)
    assert along(along(along(f)))(point) == pytest.approx(float(third.subs(x, point)), rel=1e-13)
    assert grad(along(grad(f)))(point) == pytest.approx(float(third.subs(x, point)), rel=1e-13)
    _, pushforward = linearize(f, point)
    assert grad(lambda v: pushforward(v) * v)(3.0) == pytest.approx(
        2 * 3.0 * float(sympy.diff(sympy.sin(x**2), x).subs(x, point))
    )


def test_a_linearized_function_of_an_outer_variable_has_its_derivative():
    f = lambda x: linearize(lambda y: x * y * y, 3.0)[1](x)  # 2 · 3 x²
    assert grad(f)(5.0) == 60.0


def test_linearize_says_what_it_needs():
    with pytest.raises(ArgumentError, match=r"give the function's arguments, linearize\(f, x, …\)"):
        linearize(sin)
    _, pushforward = linearize(lambda x, y: x * y, 2.0, A)
    with pytest.raises(ArgumentError, match="give a tangent for each argument: 2; met 1"):
        pushforward((1.0, A))
    with pytest.raises(
        ArgumentError, match=r"the tangent of an array has its shape \(3,\); met \(2, 3\)\n  in tangent\[1\]"
    ):
        pushforward(1.0, M)


# ---------------------------------------------------------------------- what comes beside the value


def test_every_operator_hands_out_what_else_the_function_returned():
    def f(x):
        return (x * x).sum(), {"first": x[0], "n": len(x)}

    aux = {"first": 1.0, "n": 3}
    assert value_and_grad(f, has_aux=True)(A)[0] == (14.0, aux)
    assert grad(f, has_aux=True)(A)[1] == aux
    assert jacobian(f, has_aux=True)(A)[1] == aux
    np.testing.assert_array_equal(jacobian(f, has_aux=True)(A)[0], 2 * A)
    assert hessian(f, has_aux=True)(A)[1] == aux
    np.testing.assert_array_equal(hessian(f, has_aux=True)(A)[0], 2 * np.eye(3))
    value, gradient, _ = value_grad_hessian(f, has_aux=True)(A)
    assert value == (14.0, aux)
    np.testing.assert_array_equal(gradient, 2 * A)
    value, pullback, same = vjp(f, A, has_aux=True)
    assert (value, same) == (14.0, aux)
    np.testing.assert_array_equal(pullback(0.5), A)
    assert jvp(f, A, A, has_aux=True) == (14.0, 28.0, aux)
    value, pushforward, same = linearize(f, A, has_aux=True)
    assert (value, pushforward(A), same) == (14.0, 28.0, aux)


OPERATORS_WITH_AUX = {
    "grad": grad,
    "value_and_grad": value_and_grad,
    "jacobian": jacobian,
    "hessian": hessian,
    "value_grad_hessian": value_grad_hessian,
    "vjp": lambda f, **options: lambda x: vjp(f, x, **options),
    "jvp": lambda f, **options: lambda x: jvp(f, x, x, **options),
    "linearize": lambda f, **options: lambda x: linearize(f, x, **options),
}


@pytest.mark.parametrize("name", OPERATORS_WITH_AUX)
def test_every_operator_asks_for_a_pair_by_its_own_name(name):
    with pytest.raises(ResultError) as error:
        OPERATORS_WITH_AUX[name](lambda x: x * x, has_aux=True)(2.0)
    assert str(error.value) == (
        f"{name} with has_aux=True needs a function that returns a pair (value, auxiliary data); it returned a float."
    )


def test_a_pair_where_one_number_is_needed_points_to_has_aux():
    with pytest.raises(ResultError, match=r"For data beside the value: hessian\(f, has_aux=True\)"):
        hessian(lambda x: (x * x, "note"))(1.0)


# ---------------------------------------------------------------------- complex values, and what does not fit


COMPLEX_VALUES: list[Any] = [
    pytest.param(lambda x: exp(1j * x), 0.3, lambda x: 1j * np.exp(1j * x), id="number"),
    pytest.param(lambda x: x * 1j + x * x, A, lambda x: np.diag(1j + 2 * x), id="array"),
    pytest.param(lambda x: exp(1j * x), np.zeros(0), lambda x: np.zeros((0, 0), complex), id="empty"),
    pytest.param(lambda x: (x * 2.0, x * 1j), 0.5, lambda x: (2.0, 1j), id="real and complex"),
    pytest.param(lambda p: p["z"] * p["x"], {"z": 1 + 2j, "x": 3.0}, lambda p: {"z": 3 + 0j, "x": 1 + 2j}, id="dict"),
    pytest.param(
        lambda p: sin(p[0]) * p[1], (A, 1 - 2j), lambda p: (np.diag(np.cos(A)) * (1 - 2j), np.sin(A) + 0j), id="pair"
    ),
]


@pytest.mark.parametrize(("f", "x", "expected"), COMPLEX_VALUES)
def test_the_jacobian_of_a_complex_value_by_a_real_argument_is_complex(f, x, expected):
    met = jacobian(f)(x)
    if isinstance(x, dict):
        assert met == expected(x)
        return
    for part, should in zip(*((p if isinstance(p, tuple) else (p,)) for p in (met, expected(x))), strict=True):
        np.testing.assert_allclose(part, should, rtol=1e-14)
        assert np.asarray(part).dtype == np.asarray(should).dtype


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_jacobian_of_a_complex_value_keeps_the_precision(dtype):
    x = np.ones(3, dtype)
    assert jacobian(lambda x: exp(x * 1j))(x).dtype == np.result_type(dtype, np.complex64)


def test_second_derivatives_by_real_and_complex_arguments_belong_together():
    """f = x Re(z²) = x (a² - b²): ∂²f/∂x∂z̄ in the convention df = Re(z̄ dz) is 2 z, and the other way round."""
    f = lambda x, z: x * revdiff.real(z * z)
    (xx, xz), (zx, _) = hessian(f, (0, 1))(3.0, 1 + 2j)
    assert xx == 0.0
    assert xz == zx == 2 * (1 + 2j)


@pytest.mark.parametrize(
    "operator", [lambda f, v: jvp(f, A, v), lambda f, v: linearize(f, A)[1](v), lambda f, v: hvp(f, A, v)]
)
def test_a_complex_tangent_of_a_real_argument_is_refused(operator):
    with pytest.raises(ArgumentError) as error:
        operator(lambda x: (x * x).sum(), A * 1j)
    assert str(error.value) == (
        "the tangent of a real number is real; met an array of dtype complex128.\n"
        "  Take its real and its imaginary part, one after the other."
    )


def test_a_complex_cotangent_of_a_real_value_is_refused_with_the_place():
    _, pullback = vjp(lambda x: {"y": [x, x.sum()]}, A)
    with pytest.raises(
        ArgumentError, match=r"(?s)the cotangent of a real number is real; met a complex\..*in cotangent\['y'\]\[1\]"
    ):
        pullback({"y": [A, 1j]})


@pytest.mark.parametrize(
    "name", ["grad", "value_and_grad", "jacobian", "hessian", "value_grad_hessian", "vjp", "jvp", "linearize", "hvp"]
)
def test_a_value_where_a_function_belongs_is_refused_at_once(name):
    operator = getattr(revdiff, name)
    args = {"vjp": (A,), "linearize": (A,), "jvp": (A, A), "hvp": (A, A)}.get(name, ())
    with pytest.raises(ArgumentError) as error:
        operator(A, *args)
    assert str(error.value) == (
        f"{name} takes a function; met an array of dtype float64.\n  Write {name}(f), not {name}(f(x))."
    )


EMPTY = np.zeros((0, 3))


def test_empty_arrays_have_empty_derivatives():
    f = lambda x: (x * x).sum()
    assert grad(f)(EMPTY).shape == (0, 3)
    assert hessian(f)(EMPTY).shape == (0, 3, 0, 3)
    assert hvp(f, EMPTY, EMPTY).shape == (0, 3)
    assert jacobian(lambda x: x[:0])(A).shape == (0, 3)
    assert jacobian(lambda x: x.sum() * np.ones(2))(EMPTY).shape == (2, 0, 3)
    assert jvp(lambda x: x[:0], A, A)[1].shape == (0,)
    assert linearize(lambda x: x * 2.0, EMPTY)[1](EMPTY).shape == (0, 3)


@pytest.mark.parametrize(
    "x",
    [
        True,
        "text",
        np.True_,
        np.array([True]),
        np.array(["a"]),
        np.array([b"a"]),
        np.array(["2020-01-01"], "datetime64[D]"),
        np.array([1], "timedelta64[s]"),
        np.datetime64("2020-01-01"),
        np.zeros(2, [("a", float)]),
        np.zeros(2, [("a", float)])[0],
        np.ma.masked_array([1.0, 2.0], [False, True]),
    ],
    ids=lambda x: f"{type(x).__name__} {getattr(x, 'dtype', '')}",
)
@pytest.mark.parametrize(
    "operator", [grad, jacobian, hessian, lambda f: lambda x: vjp(f, x), lambda f: lambda x: linearize(f, x)]
)
def test_what_has_no_derivative_is_refused_as_an_argument(operator, x):
    with pytest.raises(revdiff.RevDiffError, match=r"has no derivative; |must be a number of some kind; met"):
        operator(lambda x: x)(x)


def test_whole_numbers_have_derivatives_and_stay_whole_or_become_floats():
    assert grad(lambda x: x * x)(3) == 6
    np.testing.assert_array_equal(grad(lambda x: (x * x).sum())(np.array([1, 2])), [2.0, 4.0])
    assert jvp(lambda x: x * x, 3, 1) == (9, 6)
