"""Interpolation of SciPy's: by places, by values, by points and by knots."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import scipy.interpolate

from revdiff import MissingRuleError, grad, hessian, init_diff, jacobian, vjp
from revdiff.scipy import interpolate
from tests.rules.linalg.matrices import random
from tests.scipy.battery import SCIPY, assert_derivatives, case, each

X = np.array([0.0, 1.0, 1.7, 3.0, 4.2, 5.0])
Q = np.array([-0.5, 0.3, 1.2, 1.7, 2.5, 4.6, 5.4]) + 0.01
INSIDE = Q[1:-1]
TCK = scipy.interpolate.splrep(X, random(6))


def periodic(y):
    """Return data whose last element is the first."""
    return np.concatenate([y[:-1], y[:1]])


def values_of(curve, *args, **options):
    """Return the function that makes a curve of points and evaluates it."""
    return lambda x, y, t: curve(x, y, **options)(t, *args)


def piecewise(dtype):
    """Return piecewise polynomials and cubic curves."""
    y, y2 = random(6, dtype=dtype), random(6, 2, dtype=dtype)
    spline = interpolate.CubicSpline
    ends = ["not-a-knot", "natural", "clamped", ((1, 0.5), (2, 0.3)), ("not-a-knot", (1, 2.0)), ("natural", "clamped")]
    for i, bc in enumerate(ends):
        yield case(f"CubicSpline {i}", values_of(spline, bc_type=bc), X, y, Q, order=3 if i == 0 else 2)
        if i < 3:
            yield case(f"CubicSpline {i} of columns", values_of(spline, bc_type=bc), X, y2, Q, order=1)
        for nu in (1, 2, 3, 4):
            yield case(f"CubicSpline {i} derivative {nu}", values_of(spline, nu, bc_type=bc), X, y, Q, order=1)
        for n in (2, 3):
            yield case(f"CubicSpline {i} of {n} points", values_of(spline, bc_type=bc), X[:n], y[:n], Q, order=1)
        f = lambda x, y, a, b, bc=bc: spline(x, y, bc_type=bc).integrate(a, b)
        yield case(f"CubicSpline {i} integral", f, X, y, 0.3, 4.5, order=1)
        f = lambda x, y, t, bc=bc: spline(x, y, bc_type=bc).antiderivative(2)(t)
        yield case(f"CubicSpline {i} antiderivative", f, X, y, Q, order=1)
    f = lambda y, t: spline(X, y, axis=1)(t)
    yield case("CubicSpline along an axis", f, random(2, 6, 3, dtype=dtype), Q[:2, None], order=1)
    yield case(
        "CubicSpline by slopes at ends", lambda y, v: spline(X, y, bc_type=((1, v), (2, 2 * v)))(Q), y, 0.4 + 0 * y[0]
    )
    for n in (2, 3, 4, 6):
        f = lambda x, y, t: spline(x, periodic(y), bc_type="periodic")(t)
        yield case(f"CubicSpline periodic {n}", f, X[:n], y[:n], Q)
        f = lambda x, y, a, b: spline(x, periodic(y), bc_type="periodic").integrate(a, b)
        yield case(f"CubicSpline periodic integral {n}", f, X[:n], y[:n], -7.3, 9.5, order=1)
    yield case("CubicSpline inside", values_of(spline, extrapolate=False), X, y, INSIDE)
    yield case(
        "CubicHermiteSpline", lambda x, y, s, t: interpolate.CubicHermiteSpline(x, y, s)(t), X, y, y[::-1].copy(), Q
    )
    yield case("PPoly", lambda c, x, t: interpolate.PPoly(c, x)(t, 1), random(3, 5, dtype=dtype), X, Q)
    yield case("PPoly at a number", lambda c, x, t: interpolate.PPoly(c, x)(t), random(3, 5, dtype=dtype), X, 1.3)
    f = lambda c: interpolate.PPoly(c, X, axis=1)(Q)
    yield case("PPoly along an axis", f, random(2, 3, 5, dtype=dtype))
    for name in ("PchipInterpolator", "Akima1DInterpolator") if dtype is float else ():
        curve = getattr(interpolate, name)
        rising = X**2 + np.arange(6) ** 3
        for i, data in enumerate((y, y2, rising)):
            yield case(f"{name} {i}", values_of(curve), X, data, INSIDE)
        if SCIPY >= (1, 14) or name != "Akima1DInterpolator":  # before, three points were needed and not asked for
            yield case(f"{name} of two points", values_of(curve), X[:2], y[:2], INSIDE[:1])
        yield case(f"{name} of three points", values_of(curve), X[:3], y[:3], INSIDE[:2])
    if dtype is float and SCIPY >= (1, 13):
        yield case("makima", values_of(interpolate.Akima1DInterpolator, method="makima"), X, y, INSIDE)
        yield case("pchip_interpolate", lambda y: interpolate.pchip_interpolate(X, y, Q, 1), y)


def splines(dtype):
    """Return B-splines."""
    y = random(6, dtype=dtype)
    for k in range(6):
        t = np.concatenate([[0.0] * k, [0.0, 0.9, 2.1, 3.3, 5.0], [5.0] * k])
        n = len(t) - k - 1
        c = random(n, dtype=dtype)
        yield case(
            f"BSpline {k}",
            lambda c, x, t=t, k=k: interpolate.BSpline(t, c, k)(x),
            random(n, 2, dtype=dtype),
            Q,
            order=1,
        )
        if k:
            knots = np.arange(n + k + 1) + 0.1 * random(n + k + 1)
            f = lambda t, c, x, k=k: interpolate.BSpline(t, c, k)(x)
            yield case(f"BSpline {k} by knots", f, knots, c, Q + k)
        for nu in (1, 2):
            f = lambda c, x, t=t, k=k, nu=nu: interpolate.BSpline(t, c, k)(x, nu)
            yield case(f"BSpline {k} derivative {nu}", f, c, Q, order=1)
        for extrapolate in (True, False, "periodic") if dtype is float else ():
            f = lambda c, a, b, t=t, k=k, e=extrapolate: interpolate.BSpline(t, c, k).integrate(a, b, e)
            yield case(f"BSpline {k} integral {extrapolate}", f, c, 0.3, 5.6, order=1)
            f = lambda c, x, t=t, k=k, e=extrapolate: interpolate.BSpline(t, c, k, e)(x)
            yield case(f"BSpline {k} extrapolate {extrapolate}", f, c, Q if extrapolate else INSIDE, order=1)
        if k < 6 and (SCIPY >= (1, 15) or k in (0, 1, 2, 3, 5)):
            yield case(f"make_interp_spline {k}", values_of(interpolate.make_interp_spline, k=k), X, y, Q)
    for i, bc in enumerate(["natural", "clamped", ([(1, 0.5)], [(2, 0.3)])]):
        yield case(f"make_interp_spline {i} at ends", values_of(interpolate.make_interp_spline, bc_type=bc), X, y, Q)
    knots = np.concatenate([[0.0] * 4, [1.5, 3.1], [5.0] * 4])
    yield case("make_interp_spline of knots", lambda y: interpolate.make_interp_spline(X, y, t=knots)(Q), y)
    f = lambda y, v: interpolate.make_interp_spline(X, y, bc_type=([(1, v)], [(2, v)]))(Q)
    yield case("make_interp_spline by slopes at ends", f, y, 0.4 + 0 * y[0])
    if dtype is float:
        for ext in (0, 1, 3):
            for der in (0, 1):
                f = lambda c, x, e=ext, d=der: interpolate.splev(x, (TCK[0], c, 3), d, e)
                yield case(f"splev {ext} {der}", f, TCK[1], Q, order=1)
        yield case("splrep", lambda x, y, t: interpolate.splev(t, interpolate.splrep(x, y)), X, y, Q)
        yield case("splrep coefficients", lambda y: interpolate.splrep(X, y)[1], y)
        yield case("splint", lambda c, a, b: interpolate.splint(a, b, (TCK[0], c, 3)), TCK[1], 0.2, 5.7)
        for f in (interpolate.splder, interpolate.splantider):
            yield case(f.__name__, lambda c, f=f: f((TCK[0], c, 3))[1], TCK[1])


def grids(dtype):
    """Return interpolation on lines, grids, by polynomials and by radial functions."""
    y, y2 = random(6, dtype=dtype), random(6, 2, dtype=dtype)
    kinds = ("linear", "nearest", "nearest-up", "previous", "next", "zero", "slinear", "quadratic", "cubic", 5)
    for kind in kinds:
        for fill in ("extrapolate", (1.0, 2.0), 7.0):
            at = INSIDE if kind in ("previous", "next") else Q
            f = lambda x, y, t, k=kind, v=fill: interpolate.interp1d(x, y, k, fill_value=v, bounds_error=False)(t)
            yield case(f"interp1d {kind} {fill}", f, X[::-1].copy(), y, at, order=2 if fill == 7.0 else 1)
        f = lambda y, k=kind: interpolate.interp1d(X, y, k, axis=0)(INSIDE[:, None])
        yield case(f"interp1d {kind} of columns", f, y2, order=1)
    first, second, values = np.array([0.0, 1, 3]), np.array([0.0, 0.5, 2, 2.5]), random(3, 4, dtype=dtype)
    places = np.array([[0.3, 0.7], [2.2, 2.1], [-0.5, 1.2]])
    grid = interpolate.RegularGridInterpolator
    for method in ("linear", "nearest"):
        for fill in (None, 3.0):
            f = lambda a, b, v, x, m=method, z=fill: grid((a, b), v, m, False, z)(x)
            yield case(f"RegularGridInterpolator {method} {fill}", f, first, second, values, places)
        f = lambda v, x, m=method: grid((first[::-1], second), v, m)(x)
        yield case(f"RegularGridInterpolator {method} descending", f, random(3, 4, 2, dtype=dtype), places[:2])
        f = partial(interpolate.interpn, (first, second), method=method)
        yield case(f"interpn {method}", f, values, places[:2])
        yield case(f"interpn {method} at one place", f, values, places[0])
        g = lambda v, x, f=f: f(v, (x, x + 0.1))
        yield case(f"interpn {method} by coordinates", g, values, np.array([0.2, 1.1]))
    for name in ("BarycentricInterpolator", "KroghInterpolator"):
        curve = getattr(interpolate, name)
        yield case(name, values_of(curve), X, y, np.append(Q, X[2]))
        f = lambda x, y, t, p=curve: p(x, y).derivative(t, 2)
        if hasattr(getattr(scipy.interpolate, name), "derivative"):  # SciPy's barycentric one has it since 1.12
            yield case(f"{name} derivative", f, X, y, np.append(Q, X[2]), order=1)
        f = lambda y, p=curve: p(X, y, axis=1)(Q[:, None])
        yield case(f"{name} along an axis", f, y2.T.copy(), order=1)
    f = lambda y: interpolate.krogh_interpolate(X, y, Q, [0, 2])
    yield case("krogh_interpolate", f, y, order=1)
    yield case("barycentric_interpolate", interpolate.barycentric_interpolate, X, y, Q, order=1)
    if dtype is float:
        points, data, at = random(8, 2), random(8), random(3, 2)
        for kernel in interpolate.polynomials._KERNELS:
            f = lambda y, d, x, s, e, k=kernel: interpolate.RBFInterpolator(y, d, smoothing=s, kernel=k, epsilon=e)(x)
            yield case(f"RBFInterpolator {kernel}", f, points, data, at, 0.1, 0.8, order=1)
            f = lambda x, k=kernel: interpolate.RBFInterpolator(points, data, kernel=k, epsilon=1.1, degree=2)(x)
            yield case(f"RBFInterpolator {kernel} by places", f, at)


TABLES = [piecewise, splines, grids]


@each([c for table in TABLES for c in table(float)])
def test_interpolation_of_real_data_has_scipys_values_and_all_derivatives(case):
    assert_derivatives(case.function, *case.operands, order=case.order)


@each([c for table in TABLES for c in table(complex)])
def test_interpolation_of_complex_data_has_scipys_values_and_derivatives(case):
    assert_derivatives(case.function, *case.operands, order=1)


SAME_NAMES = [
    ("CubicSpline", {}), ("CubicSpline", {"bc_type": "natural"}), ("CubicSpline", {"extrapolate": False}),
    ("PchipInterpolator", {}), ("Akima1DInterpolator", {}), ("make_interp_spline", {"k": 5}), ("interp1d", {"axis": 0}), ("interp1d", {"axis": 0, "assume_sorted": True}),
    ("BarycentricInterpolator", {}), ("KroghInterpolator", {}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "options"), SAME_NAMES)
def test_curves_of_scipys_names_have_the_values_of_scipys_curves(name, options):
    y = random(6, 2)
    expected = getattr(scipy.interpolate, name)(X, y, **options)(INSIDE)
    ours = getattr(interpolate, name)
    np.testing.assert_allclose(ours(X, y, **options)(INSIDE), expected, rtol=1e-14, atol=1e-14)
    np.testing.assert_allclose(vjp(lambda y: ours(X, y, **options)(INSIDE), y)[0], expected, atol=1e-12)
    np.testing.assert_allclose(vjp(ours(X, y, **options), INSIDE)[0], expected, atol=1e-12)


@pytest.mark.parametrize("method", ["derivative", "antiderivative"])
@pytest.mark.parametrize("nu", [1, 2])
def test_derivatives_and_integrals_of_curves_are_scipys(method, nu):
    y = random(6, 2)
    for name in ("CubicSpline", "make_interp_spline"):
        expected = getattr(getattr(scipy.interpolate, name)(X, y), method)(nu)(Q)
        actual, _ = vjp(lambda y, name=name: getattr(getattr(interpolate, name)(X, y), method)(nu)(Q), y)
        np.testing.assert_allclose(actual, expected, atol=1e-12)
        plain = getattr(interpolate, name)(X, y)
        np.testing.assert_allclose(getattr(plain, method)(nu)(Q), expected, atol=1e-12)
        np.testing.assert_allclose(
            plain.integrate(0.1, 3.3), getattr(scipy.interpolate, name)(X, y).integrate(0.1, 3.3)
        )


def test_splines_as_objects_serve_where_their_parts_do():
    t, c, k = TCK
    for f in (partial(interpolate.splev, Q, der=1), partial(interpolate.splint, 0.2, 3.7)):
        of_object = jacobian(lambda c, f=f: f(interpolate.BSpline(t, c, k)))(c[:6])
        np.testing.assert_allclose(of_object, jacobian(lambda c, f=f: f((t, c, k)))(c)[..., :6], atol=1e-12)
    for f in (interpolate.splder, interpolate.splantider):
        of_object = jacobian(lambda c, f=f: f(interpolate.BSpline(t, c, k))(Q))(c[:6])
        of_parts = jacobian(lambda c, f=f: interpolate.splev(Q, f((t, c, k))))(c)[:, :6]
        np.testing.assert_allclose(of_object, of_parts, atol=1e-12)


def test_the_derivative_of_negative_order_is_the_integral_and_the_reverse():
    spline = interpolate.CubicSpline(X, init_diff(random(6)))
    for one, other in (
        (spline.derivative(-1), spline.antiderivative()),
        (spline.antiderivative(-1), spline.derivative()),
    ):
        np.testing.assert_array_equal(one(Q).value, other(Q).value)


def test_options_without_a_rule_are_named():
    y = init_diff(random(6))
    with pytest.raises(MissingRuleError, match=r"bc_type='periodic'\. Write CubicSpline\(bc_type='periodic'\)"):
        interpolate.make_interp_spline(X, np.concatenate([y[:5], y[:1]]), bc_type="periodic")
    with pytest.raises(MissingRuleError, match=r"splrep with s > 0\. Write splrep\(x, y, k=k\)"):
        interpolate.splrep(X, y, s=0.1)
    with pytest.raises(MissingRuleError, match=r"method='cubic'\. Write method='linear'"):
        interpolate.RegularGridInterpolator((np.arange(6.0),), y, "cubic")(np.array([[0.5]]))
    with pytest.raises(MissingRuleError, match=r"neighbors=\. Without it, all points are used"):
        interpolate.RBFInterpolator(X[:, None], y, neighbors=3)
    with pytest.raises(MissingRuleError, match=r"neighbors="):
        interpolate.RBFInterpolator(X[:, None], random(6), neighbors=3)(init_diff(X[:1, None]))
    with pytest.raises(MissingRuleError, match=r"points that are repeated\. Write CubicHermiteSpline"):
        interpolate.KroghInterpolator([0.0, 0.0, 1.0], y[:3])(0.5)


def test_places_outside_are_errors_or_not_numbers():
    y = init_diff(random(6))
    for place, side in ((-1.0, "below"), (9.0, "above")):
        with pytest.raises(ValueError, match=f"A value in x_new is {side} the interpolation range"):
            interpolate.interp1d(X, y)(place)
    with pytest.raises(ValueError, match="One of the requested xi is out of bounds"):
        interpolate.RegularGridInterpolator((X,), y)([[9.0]])
    with pytest.raises(ValueError, match="xi have dimension 2 but this RegularGridInterpolator has dimension 1"):
        interpolate.RegularGridInterpolator((X,), y)(np.zeros((3, 2)))
    with pytest.raises(ValueError, match="splev"):
        interpolate.splev(9.0, (TCK[0], init_diff(TCK[1]), 3), ext=2)
    value = interpolate.CubicSpline(X, y, extrapolate=False)(np.array([-1.0, 1.0])).value
    assert np.isnan(value).tolist() == [True, False]


def test_a_spline_reproduces_cubics_and_their_derivatives():
    f = interpolate.CubicSpline(X, X**3)
    np.testing.assert_allclose(grad(f)(2.0), 12.0)
    np.testing.assert_allclose(hessian(f)(2.0), 12.0)
    np.testing.assert_allclose(grad(hessian(f))(2.0), 6.0)


def test_the_weights_of_a_linear_interpolation_sum_to_one():
    weights = jacobian(lambda y: interpolate.interp1d(X, y)(INSIDE))(np.zeros(6))
    np.testing.assert_allclose(weights.sum(axis=1), 1.0)
    np.testing.assert_allclose(weights @ X, INSIDE)


def test_moving_a_point_along_the_curve_changes_nothing():
    def moved(t):
        points = X + t * np.eye(6)[2]
        return interpolate.CubicSpline(points, points**3)(2.2)

    np.testing.assert_allclose(grad(moved)(0.0), 0.0, atol=1e-12)


def test_single_precision_data_have_single_precision_cotangents():
    y = random(6).astype(np.float32)
    for f in (interpolate.CubicSpline, interpolate.interp1d, interpolate.make_interp_spline):
        assert grad(lambda y, f=f: np.sum(f(X, y)(INSIDE)))(y).dtype == np.float32


@pytest.mark.parametrize("k", [0, 1, 3])
def test_derivatives_of_a_spline_beyond_its_degree_are_zero(k):
    """SciPy 1.11 reads and writes beyond its memory there."""
    t = np.concatenate([[0.0] * k, [0.0, 0.9, 2.1, 3.3, 5.0], [5.0] * k])
    spline = interpolate.BSpline(t, random(len(t) - k - 1), k)
    for nu in range(k + 1, k + 6):
        assert not spline(Q, nu).any()
        assert not vjp(lambda x, nu=nu: spline(x, nu), Q)[0].any()
