"""Manifolds: gradients are tangent, second derivatives follow the curvature, points on a sphere compute as arrays do.

The witnesses are derivatives that SymPy takes in the surrounding space, projected by the textbook's formulas, and
differences of a function along geodesics.
"""

from __future__ import annotations

import copy
import operator
import pickle
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import revdiff as rd
from revdiff import UnitVector, grad, hessian, hvp, jacobian, jvp, register_manifold, vjp
from revdiff.spaces import cotangent_type, tangent_type
from revdiff.structures.auto import auto_val

FORM = np.array([[2.0, -1.0, 0.5], [-1.0, 0.3, 1.5], [0.5, 1.5, -0.7]])
ALONG = np.array([0.7, -1.1, 0.4])

FUNCTIONS = {
    "a component": lambda u: u[0],
    "a quadratic form": lambda u: u @ (FORM @ u),
    "a product": lambda u: u[0] * u[1] * u[2],
    "a sum of waves": lambda u: np.sum(rd.sin(3 * u) * ALONG),
    "an exponential": lambda u: rd.exp(ALONG @ u) / (2 + u[2]),
    "a constant on the sphere": lambda u: (u @ u) ** 2,
}
functions = pytest.mark.parametrize("f", FUNCTIONS.values(), ids=FUNCTIONS.keys())

SYMBOLS = sympy.symbols("x y z", real=True)


@cache
def in_space(f):
    """Return the gradient and the Hessian of f in the surrounding space, as SymPy has them."""
    expression = sympy.sympify(f(np.array(SYMBOLS)))
    gradient = [sympy.diff(expression, s) for s in SYMBOLS]
    second = [[sympy.diff(g, s) for s in SYMBOLS] for g in gradient]
    return tuple(sympy.lambdify([SYMBOLS], part, "numpy") for part in (gradient, second))


def off_the_normal(u):
    """Return P = 1 - u uᵀ."""
    return np.eye(len(u)) - np.outer(u, u)


def on_the_sphere(f, u):
    """Return the gradient and the Hessian of f on the sphere:  P ∂f  and  P ∂²f P - (∂f · u) P."""
    first, second = in_space(f)
    u = np.asarray(u)
    p = off_the_normal(u)
    return p @ first(u), p @ np.array(second(u), float) @ p - (first(u) @ u) * p


def great_circle(u, v, t):
    """Return the point that is reached from u in time t with velocity v."""
    u, v, speed = np.asarray(u, np.longdouble), np.asarray(v, np.longdouble), np.linalg.norm(v)
    return u * np.cos(speed * t) + v / speed * np.sin(speed * t)


def slope(f, step=1e-3):
    """Return f′(0) by differences of the fourth order."""
    return (f(-2 * step) - 8 * f(-step) + 8 * f(step) - f(2 * step)) / (12 * step)


def bend(f, step=1e-3):
    """Return f″(0) by differences of the fourth order."""
    return (-f(-2 * step) + 16 * f(-step) - 30 * f(0) + 16 * f(step) - f(2 * step)) / (12 * step**2)


coordinate = st.floats(-1, 1).map(lambda x: round(x, 3))
vectors = st.tuples(coordinate, coordinate, coordinate).filter(lambda v: np.linalg.norm(v) > 0.1)
units = vectors.map(UnitVector)

U = UnitVector([1.0, 2.0, -2.0])
V = np.array([0.4, 0.1, 0.3])  # perpendicular to U


# ------------------------------------------------------------------- gradients and second derivatives


@functions
def test_the_gradient_is_that_of_the_surrounding_space_without_its_normal_part(f):
    @given(u=units)
    def law(u):
        gradient = grad(f)(u)
        assert type(gradient) is np.ndarray
        np.testing.assert_allclose(gradient, on_the_sphere(f, u)[0], atol=1e-12)
        assert abs(gradient @ u) < 1e-12

    law()


@functions
def test_the_hessian_is_that_of_the_surrounding_space_projected_with_the_curvature(f):
    @given(u=units, v=vectors)
    def law(u, v):
        gradient, second = on_the_sphere(f, u)
        np.testing.assert_allclose(hessian(f)(u), second, atol=1e-11)
        np.testing.assert_allclose(hvp(f, u, np.array(v)), second @ v, atol=1e-11)
        for part, expected in zip(rd.value_grad_hessian(f)(u), (f(u), gradient, second), strict=True):
            np.testing.assert_allclose(part, expected, atol=1e-11)

    law()


@functions
def test_the_trace_of_the_hessian_has_a_gradient_too(f):
    slopes = grad(lambda u: np.sum(hessian(f)(u) * np.eye(3)))(U)
    along = slope(lambda t: np.trace(hessian(f)(UnitVector(great_circle(U, V, t)))))
    assert slopes @ V == pytest.approx(float(along), abs=1e-8)


@functions
def test_the_gradient_as_an_array_turns_with_the_tangent_plane(f):
    """It is a function to the surrounding space, and its Jacobian there is Hess f - u ∇fᵀ."""
    gradient, second = on_the_sphere(f, U)
    turning = jacobian(grad(f))(U)
    np.testing.assert_allclose(turning, second - np.outer(U, gradient), atol=1e-12)
    differences = [float(slope(lambda t, i=i: grad(f)(UnitVector(great_circle(U, V, t)))[i])) for i in range(3)]
    np.testing.assert_allclose(turning @ V, differences, atol=1e-8)
    for i in range(3):
        np.testing.assert_array_equal(grad(lambda u, i=i: grad(f)(u)[i])(U), turning[i])


@functions
@pytest.mark.parametrize("time", [0.0, 1e-9, 0.5, 4.0])
@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_all_orders_along_a_great_circle(f, order, time):
    with mpmath.workdps(40):
        u, v = (np.array([mpmath.mpf(x) for x in vector]) for vector in (U, V))
        speed = mpmath.sqrt(v @ v)
        circle = lambda t: u * mpmath.cos(speed * t) + v / speed * mpmath.sin(speed * t)
        expected = float(mpmath.diff(lambda t: f(circle(t)), time, order))
    actual = rd.nth_derivative(lambda t: f(U.moved(t * V)), order)(time)
    assert actual == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_several_points_have_a_hessian_of_blocks():
    points = [U, UnitVector([0.0, 0.6, 0.8])]

    def f(points):
        return (points[0] @ points[1]) ** 2

    rows = hessian(f)(points)
    u, w = map(np.asarray, points)
    mixed = 2 * np.outer(w, u) + 2 * (u @ w) * np.eye(3)
    np.testing.assert_allclose(rows[0][1], off_the_normal(u) @ mixed @ off_the_normal(w), atol=1e-12)
    np.testing.assert_allclose(rows[1][0], rows[0][1].T, atol=1e-12)
    second = 2 * np.outer(w, w) - 2 * (u @ w) ** 2 * np.eye(3)
    p = off_the_normal(u)
    np.testing.assert_allclose(rows[0][0], p @ second @ p, atol=1e-12)


# ----------------------------------------------------------------------------- points as values


def test_the_derivative_of_a_curve_is_its_velocity():
    def curve(t):
        return UnitVector([rd.cos(t), rd.sin(t)])

    assert curve(0.3).vector == pytest.approx([np.cos(0.3), np.sin(0.3)])
    velocity = rd.scalar_arg_derivative(curve)(0.3)
    assert velocity == pytest.approx([-np.sin(0.3), np.cos(0.3)], abs=1e-15)
    assert rd.scalar_arg_derivative(rd.scalar_arg_derivative(curve))(0.3) == pytest.approx(
        [-np.cos(0.3), -np.sin(0.3)], abs=1e-15
    )


def test_vjp_and_jvp_of_a_map_between_spheres():
    def f(u):
        return UnitVector(FORM @ u)

    image = FORM @ U / np.linalg.norm(FORM @ U)
    push = off_the_normal(image) @ FORM @ off_the_normal(U) / np.linalg.norm(FORM @ U)
    value, pullback = vjp(f, U)
    assert type(value) is UnitVector
    np.testing.assert_allclose(value, image)
    np.testing.assert_allclose(pullback(ALONG), push.T @ ALONG, atol=1e-15)
    value, tangent = jvp(f, U, ALONG)
    np.testing.assert_allclose(value, image)
    np.testing.assert_allclose(tangent, push @ ALONG, atol=1e-15)
    np.testing.assert_allclose(jacobian(f)(U), push, atol=1e-15)


def test_the_identity_pulls_back_to_the_tangent_plane():
    assert jacobian(lambda u: u)(U) == pytest.approx(off_the_normal(U))
    assert vjp(lambda u: u, U)[1](np.asarray(U)) == pytest.approx([0, 0, 0], abs=1e-15)


def test_dividing_by_the_length_is_differentiated():
    x = np.array([3.0, 0.0, 4.0])
    assert jacobian(UnitVector)(x) == pytest.approx(off_the_normal(x / 5) / 5)
    assert jacobian(UnitVector)(x * 1e200) * 1e200 == pytest.approx(off_the_normal(x / 5) / 5)
    second = rd.nth_derivative(lambda t: UnitVector([1.0, t])[1], 3)(0.0)
    assert second == pytest.approx(-3)  # t/√(1 + t²) = t - t³/2 + …


@dataclass
class Lamp:
    where: Any
    towards: UnitVector
    name: str = "lamp"


def test_unit_vectors_stand_in_structures():
    def brightness(scene):
        lamp, (eye, *_) = scene["lamp"], scene["eyes"]
        return (lamp.towards @ (eye - lamp.where)) ** 2

    lamp, eye = Lamp(np.array([0.0, 1.0, 0.0]), U), UnitVector([0.0, 0.0, 1.0])
    slopes = grad(brightness)({"lamp": lamp, "eyes": [eye, eye], "n": 3})
    way = np.array(eye) - lamp.where
    along = 2 * (np.array(U) @ way)
    assert slopes["lamp"].name == "lamp"
    np.testing.assert_allclose(slopes["lamp"].where, -along * np.array(U))
    np.testing.assert_allclose(slopes["lamp"].towards, off_the_normal(U) @ way * along, atol=1e-15)
    np.testing.assert_allclose(slopes["eyes"][0], off_the_normal(eye) @ U * along, atol=1e-15)
    np.testing.assert_array_equal(slopes["eyes"][1], np.zeros(3))
    assert slopes["n"] == 0


def test_a_primitive_takes_a_revdiff_of_a_unit_vector_apart():
    x = rd.init_diff(U)
    assert x.vector.value == pytest.approx(U.vector)
    assert x[0].backprop(1.0) == pytest.approx(off_the_normal(U)[0])
    assert (UnitVector(x) @ ALONG).backprop(1.0) == pytest.approx(off_the_normal(U) @ ALONG)
    assert rd.join(rd.split(x)).backprop(ALONG) == pytest.approx(off_the_normal(U) @ ALONG)


def test_the_types_of_tangents_and_cotangents_are_registered():
    assert tangent_type(UnitVector) is cotangent_type(UnitVector) is np.ndarray
    assert cotangent_type(dict[str, UnitVector]) == dict[str, np.ndarray]
    np.testing.assert_array_equal(rd.zero_like(U), np.zeros(3))


# ---------------------------------------------------------------------- unit vectors as arrays

MATRIX = np.arange(9.0).reshape(3, 3)

AS_ARRAYS = {
    "u @ a": lambda u: u @ ALONG,
    "a @ u": lambda u: ALONG @ u,
    "matrix @ u": lambda u: MATRIX @ u,
    "u @ matrix": lambda u: u @ MATRIX,
    "u @ (matrix @ u)": lambda u: u @ (MATRIX @ u),
    "u @ matrix @ u": lambda u: u @ MATRIX @ u,
    "u @ u": lambda u: u @ u,
    "list @ u": lambda u: [1.0, 2.0, 3.0] @ u,
    "np.dot": lambda u: np.dot(u, ALONG),
    "np.dot, from the right": lambda u: np.dot(MATRIX, u),
    "np.vdot": lambda u: np.vdot(u, ALONG),
    "np.inner": lambda u: np.inner(u, ALONG),
    "np.outer": lambda u: np.outer(u, u),
    "np.matmul": lambda u: np.matmul(MATRIX, u),
    "u * number": lambda u: u * 2,
    "number * u": lambda u: 2.5 * u,
    "array * u": lambda u: ALONG * u,
    "NumPy number * u": lambda u: np.float64(2.5) * u,
    "u / array": lambda u: u / ALONG,
    "number / u": lambda u: 1 / u,
    "u + array": lambda u: u + ALONG,
    "array - u": lambda u: ALONG - u,
    "-u": operator.neg,
    "+u": operator.pos,
    "abs(u)": abs,
    "u ** 2": lambda u: u**2,
    "u % 1": lambda u: u % 1,
    "u[1]": lambda u: u[1],
    "u[-1]": lambda u: u[-1],
    "u[:2]": lambda u: u[:2],
    "u[mask]": lambda u: u[np.array([True, False, True])],
    "iteration": lambda u: sum(i * c for i, c in enumerate(u)),
    "unpacking": lambda u: np.stack([*u]),
    "sum(u)": sum,
    "np.sum": np.sum,
    "np.sin": np.sin,
    "np.exp": np.exp,
    "np.square": np.square,
    "np.maximum": lambda u: np.maximum(u, 0.1),
    "np.hypot": lambda u: np.hypot(u, ALONG),
    "np.where": lambda u: np.where(u > 0, u, 2 * u),
    "np.stack": lambda u: np.stack([u, 2 * u]),
    "np.stack of two": lambda u: np.stack([u, u]),
    "np.reshape": lambda u: np.reshape(u, (3, 1)),
    "u.vector": lambda u: getattr(u, "vector", u),
    "UnitVector(u)": lambda u: UnitVector(u).vector,
}


@pytest.mark.parametrize("f", AS_ARRAYS.values(), ids=AS_ARRAYS.keys())
def test_it_computes_as_the_array_of_its_components(f):
    x = np.array(U)
    value, on_array = f(U), f(x)
    assert type(value) is type(on_array)
    np.testing.assert_allclose(value, on_array, rtol=1e-15)
    np.testing.assert_allclose(jacobian(f)(U), jacobian(f)(x) @ off_the_normal(U), atol=1e-14)


BESIDE_A_REVDIFF = {
    "r + u": operator.add,
    "r - u": operator.sub,
    "r * u": operator.mul,
    "r / u": operator.truediv,
    "r @ u": operator.matmul,
    "r ** u": lambda r, u: (r * r) ** u,
    "r % u": operator.mod,
    "number * u": lambda r, u: r[0] * u,
    "outer product @ u": lambda r, u: np.outer(r, r) @ u,
    "np.add": np.add,
    "np.multiply": np.multiply,
    "np.matmul": np.matmul,
    "np.dot": np.dot,
    "np.outer": np.outer,
    "np.vdot": np.vdot,
    "np.stack": lambda r, u: np.stack([r, u]),
    "np.where": lambda r, u: np.where(ALONG > 0, r, u),
    "np.maximum": np.maximum,
    "np.hypot": np.hypot,
    "maximum": rd.maximum,
    "hypot": rd.hypot,
    "where": lambda r, u: rd.where(ALONG > 0, r, u),
    "comparison": lambda r, u: r * (r > u),
}


@pytest.mark.parametrize("f", BESIDE_A_REVDIFF.values(), ids=BESIDE_A_REVDIFF.keys())
@pytest.mark.parametrize("swapped", [False, True])
def test_it_stands_beside_a_revdiff_on_either_side(f, swapped):
    def total(r, u):
        return np.sum(np.sin(f(u, r) if swapped else f(r, u)))

    x = np.array(U)
    if swapped and f in (BESIDE_A_REVDIFF["number * u"], BESIDE_A_REVDIFF["outer product @ u"]):
        return
    on_arrays = grad(total, (0, 1))(ALONG, x)
    on_the_sphere = grad(total, (0, 1))(ALONG, U)
    np.testing.assert_allclose(on_the_sphere[0], on_arrays[0], atol=1e-14)
    np.testing.assert_allclose(on_the_sphere[1], off_the_normal(U) @ on_arrays[1], atol=1e-14)
    np.testing.assert_allclose(grad(total)(ALONG, U), on_arrays[0], atol=1e-14)
    turning = hvp(total, (ALONG, U), (V, V))
    along = [rd.nth_derivative(lambda t: total(ALONG + t * V, U.moved(t * V)), 2)(0.0)]
    assert turning[0] @ V + turning[1] @ V == pytest.approx(along[0], abs=1e-10)


def test_two_unit_vectors_compute_with_each_other():
    w = UnitVector([0.0, 0.6, 0.8])
    apart = grad(lambda u, w: 1 / rd.sqrt(np.sum((u - w) ** 2)), (0, 1))(U, w)
    distance = np.linalg.norm(np.array(U) - np.array(w))
    np.testing.assert_allclose(apart[0], off_the_normal(U) @ w / distance**3)
    np.testing.assert_allclose(apart[1], off_the_normal(w) @ U / distance**3)


def test_comparisons_are_those_of_arrays():
    np.testing.assert_array_equal(U > 0, [True, True, False])
    np.testing.assert_array_equal(UnitVector([2.0, 4.0, -4.0]) == U, [True, True, True])
    assert np.array_equal(U, U)
    assert np.allclose(U, U.vector)
    with pytest.raises(ValueError, match="ambiguous"):
        bool(U == U)
    with pytest.raises(TypeError, match="unhashable"):
        hash(U)
    assert grad(lambda u: u[0] if u[0] > u[2] else u[1])(U) == pytest.approx(off_the_normal(U)[0])


def test_numpy_sees_an_array():
    assert (len(U), U.shape, U.dtype) == (3, (3,), np.float64)
    assert np.shape(U) == (3,)
    assert np.ndim(U) == 1
    assert np.asarray(U) is U.vector
    assert np.array(U).flags.writeable
    assert np.array([U, U]).shape == (2, 3)
    assert np.asarray(U, np.float32).dtype == np.float32
    assert np.linalg.norm(U) == pytest.approx(1, abs=1e-15)
    np.testing.assert_array_equal(np.cross(U, ALONG), np.cross(U.vector, ALONG))
    a = np.ones(3)
    a += U
    np.testing.assert_array_equal(a, 1 + U.vector)
    assert U.__array__(copy=False) is U.vector
    with pytest.raises(ValueError, match="only in a copy"):
        U.__array__(np.float32, copy=False)


def test_what_would_drop_a_derivative_is_refused():
    with pytest.raises(rd.ConversionError, match=r"(?s)would drop its derivative.*u\.vector.*np\.stack"):
        grad(lambda u: np.asarray(u).sum())(U)
    with pytest.raises(rd.ConversionError, match="write a RevDiff into an array"):
        grad(lambda u: np.add(ALONG, u, out=np.empty(3)).sum())(U)


# --------------------------------------------------------------------------- numbers of every kind


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_the_dtype_is_kept(dtype):
    u = UnitVector(np.array([3, 0, 4], dtype))
    gradient = grad(lambda u: u[0] * u[2] + u @ u)(u)
    assert u.dtype == gradient.dtype == np.asarray(u).dtype == dtype
    assert u.moved(gradient).dtype == dtype
    assert u.moved(5 * gradient).dtype == dtype
    assert hvp(lambda u: u[0] * u[2], u, gradient).dtype == dtype
    assert gradient.astype(float) == pytest.approx([0.224, 0, -0.168], abs=float(10 * np.finfo(dtype).eps))


def test_whole_numbers_become_float64():
    assert UnitVector([3, 4]).vector == pytest.approx([0.6, 0.8])
    for dtype in (np.int8, np.uint8, np.int64):
        assert UnitVector(np.array([3, 4], dtype)).dtype == np.float64


def test_very_large_and_very_small_vectors_have_a_direction_too():
    for scale in (1e-320, 1e-300, 1e300):
        assert UnitVector([3 * scale, 4 * scale]).vector == pytest.approx(
            [0.6, 0.8], rel=1e-3 if scale < 1e-308 else 1e-15
        )
    assert UnitVector(np.array([3e-30, 4e-30], np.float32)).vector == pytest.approx([0.6, 0.8])


@given(v=vectors)
def test_the_length_is_one(v):
    assert np.linalg.norm(UnitVector(v)) == pytest.approx(1, abs=4e-16)
    np.testing.assert_array_equal(UnitVector(UnitVector(v)), UnitVector(v))


def test_components_may_be_symbols():
    a = sympy.Symbol("a", real=True)
    u = UnitVector([sympy.cos(a), sympy.sin(a)])
    gradient = grad(lambda u: u[0])(u)
    expected = [sympy.sin(a) ** 2, -sympy.sin(a) * sympy.cos(a)]
    assert [sympy.simplify(g - e) for g, e in zip(gradient, expected, strict=True)] == [0, 0]
    assert (
        sympy.simplify(rd.grad(lambda a: UnitVector([sympy.S(1), a])[1])(a) - (1 + a**2) ** sympy.Rational(-3, 2)) == 0
    )
    moved = UnitVector([sympy.S(1), sympy.S(0)]).moved([sympy.S(0), a])
    assert moved[1].subs(a, sympy.pi / 6) == sympy.Rational(1, 2)
    assert list(UnitVector([sympy.S(1), sympy.S(0)]).moved([sympy.S(0), sympy.S(0)])) == [1, 0]
    assert list(UnitVector([sympy.S(3), sympy.S(4)])) == [sympy.Rational(3, 5), sympy.Rational(4, 5)]


def test_components_may_have_fifty_digits():
    with mpmath.workdps(50):
        u = UnitVector([mpmath.mpf(1), mpmath.mpf(2)])
        gradient = grad(lambda u: u[0])(u)
        assert abs(gradient[0] - mpmath.mpf(4) / 5) < mpmath.mpf(10) ** -48
        moved = u.moved(gradient * mpmath.mpf(10) ** -20)
        assert abs(moved @ moved - 1) < mpmath.mpf(10) ** -48


# -------------------------------------------------------------------------- the value of a class


def test_it_reads_as_it_is_written():
    assert repr(UnitVector([3.0, 4.0])) == "UnitVector([0.6, 0.8])"
    assert repr(UnitVector(np.array([3, 4], np.float32))) == "UnitVector([0.6, 0.8])"
    assert repr(UnitVector(np.ones(2000))).count("...") == 1
    assert repr(UnitVector([sympy.Symbol("x", positive=True), 0])) == "UnitVector([1, 0])"
    assert "RevDiff(array(" in repr(rd.split(rd.init_diff(U)))


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda u: pickle.loads(pickle.dumps(u))])
def test_copies_are_equal_and_read_only(copied):
    other = copied(U)
    assert type(other) is UnitVector
    np.testing.assert_array_equal(other, U)
    assert not other.vector.flags.writeable


def test_it_does_not_change():
    components = np.array([3.0, 4.0])
    u = UnitVector(components)
    components[0] = 100.0
    assert u.vector == pytest.approx([0.6, 0.8])
    with pytest.raises(ValueError, match="read-only"):
        u.vector[0] = 1.0
    with pytest.raises(AttributeError, match="cannot assign to field 'vector'"):
        u.vector = components
    with pytest.raises(TypeError, match="item assignment"):
        u[0] = 1.0
    with pytest.raises(rd.ArgumentError, match=r"(?s)change a UnitVector in place.*u \+ step.*u\.moved\(step\)"):
        u += components
    value, _ = vjp(lambda u: u, u)
    with pytest.raises(ValueError, match="read-only"):
        value.vector[0] = 1.0
    unit = np.array([0.0, 1.0])
    assert UnitVector(unit).vector is not unit
    rd.replace(rd.path.vector, u, unit)
    assert unit.flags.writeable


@pytest.mark.parametrize(
    ("met", "shown"),
    [
        ([0.0, 0.0], r"\[0.0, 0.0\]"),
        ([], r"\[\]"),
        ([np.nan, 1.0], r"\[nan, 1.0\]"),
        ([np.inf, 1.0], r"\[inf, 1.0\]"),
        ([1.0, 1j], r"\[\(1\+0j\), 1j\]"),
        (["a", "b"], r"\['a', 'b'\]"),
        ([True, False], r"\[True, False\]"),
        ([None, 1.0], r"\[None, 1.0\]"),
        ([sympy.S(0), sympy.S(0)], r"\[0, 0\]"),
        (np.zeros(20), r"an array of dtype float64 and shape \(20,\)"),
        (np.eye(4), r"an array of dtype float64 and shape \(4, 4\)"),
        (2.0, "2.0"),
        (None, "None"),
    ],
)
def test_what_has_no_direction_is_refused(met, shown):
    with pytest.raises(rd.ArgumentError, match=f"a vector with a direction: of finite real numbers, .*; met {shown}$"):
        UnitVector(met)


def test_a_revdiff_without_a_direction_is_refused():
    with pytest.raises(rd.ArgumentError, match=r"met \[0.0, 0.0\]$"):
        grad(lambda x: UnitVector(x)[0])(np.zeros(2))
    with pytest.raises(rd.ArgumentError, match=r"met a tuple of 2$"):
        UnitVector(rd.init_diff((1.0, 2.0)))


# --------------------------------------------------------------------------------- straight ahead


@given(u=units, v=vectors, t=st.floats(0, 10))
def test_moving_goes_along_the_great_circle(u, v, t):
    v = off_the_normal(u) @ v
    if np.linalg.norm(v) > 1e-3:
        np.testing.assert_allclose(u.moved(t * v), great_circle(u, v, t).astype(float), atol=1e-13)
        np.testing.assert_allclose(u.moved(0 * v), u, atol=1e-15)


@given(u=units, v=vectors)
def test_moving_ignores_what_leads_off_the_sphere(u, v):
    np.testing.assert_allclose(u.moved(v), u.moved(off_the_normal(u) @ v), atol=1e-14)
    assert np.linalg.norm(u.moved(v)) == pytest.approx(1, abs=4e-16)


def test_a_step_is_a_vector_of_any_kind():
    east = UnitVector([1.0, 0.0, 0.0])
    north = [0.0, 0.0, 1.0]
    for step in ([0, 0, np.pi / 2], (0.0, 0.0, np.pi / 2), UnitVector(north) * (np.pi / 2)):
        np.testing.assert_allclose(east.moved(step), north, atol=1e-15)
    assert east.moved(UnitVector(north))[2] == pytest.approx(np.sin(1))
    for step in (V.tolist(), tuple(V)):
        np.testing.assert_array_equal(jacobian(lambda u, v=step: u.moved(v))(U), jacobian(lambda u: u.moved(V))(U))
        along = rd.nth_derivative(lambda t, v=step: U.moved([t * x for x in v])[0], 1)(0.0)
        assert along == pytest.approx(V[0])
    for step in (0.1, [0.1, 0.2], np.eye(3)):
        with pytest.raises(rd.ArgumentError, match=r"a step from a point of shape \(3,\) has that shape; met"):
            east.moved(step)


@pytest.mark.parametrize("step", [0 * V, 1e-9 * V, V, 20 * V])
def test_moving_is_differentiated_by_the_point_and_by_the_step(step):
    by_step, by_point = jacobian(U.moved)(step), jacobian(lambda u: u.moved(step))(U)
    for e in off_the_normal(U):
        there = slope(lambda h, e=e: np.asarray(U.moved(step + h * e)))
        np.testing.assert_allclose(by_step @ e, there, atol=1e-8)
        there = slope(lambda h, e=e: np.asarray(UnitVector(U + h * e).moved(step)))
        np.testing.assert_allclose(by_point @ e, there, atol=1e-8)


# ------------------------------------------------------------------------- manifolds of one's own


@dataclass(frozen=True)
class Rotation:
    """A rotation of space: R Rᵀ = 1, det R = 1. Its tangents are R times the antisymmetric matrices."""

    matrix: Any
    name: str = field(default="R", metadata={"static": True})

    @cached_property
    def inverse(self):
        return self.matrix.T

    def __post_init__(self):
        assert np.allclose(self.matrix @ self.matrix.T, np.eye(3))


def along_rotation(r, v):
    seen = r.inverse @ v
    return r.matrix @ (seen - seen.T) / 2


register_manifold(Rotation, "matrix", along_rotation)


def exponential(a):
    """Return the exponential of a matrix, by its series."""
    term = total = np.eye(len(a))
    for n in range(1, 30):
        term = term @ a / n
        total = total + term
    return total


def skew(w):
    x, y, z = w
    return np.array([[0, -z, y], [z, 0, -x], [-y, x, 0.0]])


rotations = vectors.map(lambda w: Rotation(exponential(skew(w))))
matrices = st.lists(coordinate, min_size=9, max_size=9).map(lambda x: np.reshape(x, (3, 3)))
ON_ROTATIONS = {
    "an entry": lambda r: r.matrix[0, 1],
    "linear": lambda r: np.sum(r.matrix * MATRIX),
    "quadratic": lambda r: np.sum((r.matrix @ FORM) ** 2 * MATRIX),
    "waves": lambda r: np.sum(np.sin(2 * r.matrix + MATRIX)),
}


@pytest.mark.parametrize("f", ON_ROTATIONS.values(), ids=ON_ROTATIONS.keys())
def test_both_orders_on_rotations_agree_with_differences_along_geodesics(f):
    @given(r=rotations, w=vectors)
    def law(r, w):
        v = r.matrix @ skew(w)
        along = {h: Rotation(r.matrix @ exponential(skew(np.multiply(h, w)))) for h in np.arange(-2, 3) * 1e-3}
        gradient = grad(f)(r)
        np.testing.assert_allclose(r.matrix.T @ gradient, -(r.matrix.T @ gradient).T, atol=1e-12)
        assert np.sum(gradient * v) == pytest.approx(slope(lambda h: f(along[h])), abs=1e-6)
        again = hvp(f, r, v)
        np.testing.assert_allclose(along_rotation(r, again), again, atol=1e-12)
        assert np.sum(again * v) == pytest.approx(bend(lambda h: f(along[h])), abs=1e-5)

    law()


@given(r=rotations, u=units, a=matrices, b=matrices)
def test_to_tangent_is_an_orthogonal_projection(r, u, a, b):
    for point, v, w in ((r, a, b), (u, a[0], b[0])):
        once = vjp(lambda x: x, point)[1]
        np.testing.assert_allclose(once(once(v)), once(v), atol=1e-13)
        assert np.sum(once(v) * w) == pytest.approx(np.sum(v * once(w)), abs=1e-12)


def test_a_point_is_copied_without_its_constructor_and_without_what_it_has_cached():
    r = Rotation(exponential(skew([1.0, 2.0, 3.0])), "mine")
    assert r.inverse is not None  # now it is cached
    seen = []

    def f(r):
        seen.append((r.name, type(r)))
        return r.inverse[0, 1]

    expected = grad(lambda r: r.matrix[1, 0])(r)
    np.testing.assert_array_equal(grad(f)(r), expected)
    assert seen == [("mine", Rotation)]


def test_build_may_be_given():
    class Angle:
        def __init__(self, degrees):
            self.degrees = degrees
            self.radians = degrees * (np.pi / 180)

    register_manifold(Angle, "radians", lambda x, v: v, build=lambda x, radians: Angle(radians * (180 / np.pi)))
    assert grad(lambda a: rd.sin(a.degrees * (np.pi / 180)))(Angle(60.0)) == pytest.approx(0.5)


def test_points_of_ones_own_are_values_of_functions_too():
    class Circle:
        __slots__ = ("at",)

        def __init__(self, at):
            self.at = at

    register_manifold(Circle, "at", lambda x, v: v - (v @ x.at) * x.at)
    velocity = rd.scalar_arg_derivative(lambda t: Circle(np.stack([rd.cos(t), rd.sin(t)])))(0.3)
    assert velocity == pytest.approx([-np.sin(0.3), np.cos(0.3)])
    value, pullback = vjp(lambda x: x, Circle(np.array([0.6, 0.8])))
    assert type(value) is Circle
    assert pullback(np.array([1.0, 0.0])) == pytest.approx([0.64, -0.48])
    assert auto_val.of(value).coordinates == "at"
    assert tangent_type(Circle) is np.ndarray


def test_a_projection_to_another_shape_is_refused():
    class Wrong:
        def __init__(self, at):
            self.at = at

    register_manifold(Wrong, "at", lambda x, v: v[:1])
    with pytest.raises(
        rd.PullbackError, match=r"is an array .*shape \(1,\), but its cotangent is an array of shape \(2,\)"
    ):
        grad(lambda x: x.at[0])(Wrong(np.ones(2)))
