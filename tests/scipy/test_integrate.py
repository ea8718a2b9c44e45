"""Integrals and differential equations, against closed forms, mpmath and differences of SciPy's plain functions."""

from __future__ import annotations

import ctypes
import pickle
from fractions import Fraction
from functools import partial

import mpmath
import numpy as np
import pytest
import scipy.integrate

import revdiff
from revdiff.scipy import integrate
from revdiff.scipy.optimize import ConvergenceError
from tests.oracles import assert_array_rule, assert_close
from tests.scipy.battery import assert_derivatives

# ------------------------------------------------------------------------------------ samples

Y = np.random.default_rng(1).normal(size=(3, 6))
T = np.array([0.0, 0.3, 0.7, 1.1, 1.6, 2.5])
SAMPLES = {
    "trapezoid": lambda s, y: s.trapezoid(y),
    "trapezoid along an axis": lambda s, y: s.trapezoid(y, dx=0.3, axis=0),
    "trapezoid at points": lambda s, y: s.trapezoid(y, T),
    "trapezoid by the points": lambda s, y: s.trapezoid(np.sin(Y), y),
    "cumulative_trapezoid": lambda s, y: s.cumulative_trapezoid(y, T, initial=0),
    "cumulative_trapezoid along an axis": lambda s, y: s.cumulative_trapezoid(y, dx=0.4, axis=0),
    "simpson": lambda s, y: s.simpson(y[:, :5], dx=0.2),
    "simpson at points": lambda s, y: s.simpson(y[:, 1:], x=T[1:]),
    "simpson of an even number": lambda s, y: s.simpson(y, x=T),
    "simpson of an even number, dx": lambda s, y: s.simpson(y, dx=0.7),
    "simpson along an axis": lambda s, y: s.simpson(y, axis=0),
    "simpson of two points": lambda s, y: s.simpson(y[:2], axis=0, dx=2.0),
    "simpson by the points": lambda s, y: s.simpson(Y[0], x=T + 0.1 * y[0]),
    "simpson by coinciding points": lambda s, y: s.simpson(y[0, :5], x=[0.0, 0.0, 1.0, 2.0, 3.0]),
    "romb": lambda s, y: s.romb(y[:, :5], dx=0.3),
    "romb along an axis": lambda s, y: s.romb(y, axis=0),
    "cumulative_simpson": lambda s, y: s.cumulative_simpson(y, dx=0.3),
    "cumulative_simpson of distances": lambda s, y: s.cumulative_simpson(y, dx=np.array([[0.3], [0.5], [0.2]])),
    "cumulative_simpson at points": lambda s, y: s.cumulative_simpson(y, x=T, initial=0.5),
    "cumulative_simpson along an axis": lambda s, y: s.cumulative_simpson(y, axis=0, initial=np.ones((1, 6))),
    "cumulative_simpson of two points": lambda s, y: s.cumulative_simpson(y[:, :2], dx=0.3),
    "cumulative_simpson by the points": lambda s, y: s.cumulative_simpson(Y[0], x=T + 0.1 * y[0]),
}
if not hasattr(scipy.integrate, "cumulative_simpson"):  # before SciPy 1.12
    SAMPLES = {name: case for name, case in SAMPLES.items() if not name.startswith("cumulative_simpson")}


@pytest.mark.parametrize("name", SAMPLES)
def test_integrals_of_samples_are_scipys_with_all_derivatives(name):
    case, x = SAMPLES[name], 0.05 * Y if "by the points" in name else Y
    np.testing.assert_array_equal(case(integrate, x), case(scipy.integrate, x))
    assert_derivatives(partial(case, integrate), x)


def test_scipys_errors_about_samples_are_raised_with_revdiffs_too():
    with pytest.raises(ValueError, match=r"one plus a non-negative power of 2"):
        revdiff.grad(integrate.romb)(np.ones(4))
    with pytest.raises(ValueError, match=r"If given, length of x along axis"):
        revdiff.grad(lambda y: integrate.simpson(y, x=np.ones(3)))(np.ones(4))


# ------------------------------------------------------------------------------------ quadrature

QUADS = {
    "a power": (lambda q, m, a: q(lambda x: x**a, 0, 2), -0.5),
    "a limit": (lambda q, m, a: q(lambda x: m.exp(-x * x), -1, a), 0.7),
    "limits and integrand": (lambda q, m, a: q(lambda x: m.sin(a * x * x), -a, 2 * a), 0.8),
    "an infinite range": (lambda q, m, a: q(lambda x: m.exp(-a * x * x), -m.inf, m.inf), 1.3),
    "a half-infinite range": (lambda q, m, a: q(lambda x: x * m.exp(-x), a, m.inf), 0.4),
    "a function of the integral": (lambda q, m, a: m.log(q(lambda x: 1 / (a + x), 0, a * a)), 1.9),
    "an integral in the integrand": (lambda q, m, a: q(lambda x: q(lambda y: m.cos(a * x * y), 0, x), 0, a), 1.1),
}


@pytest.mark.parametrize("order", [0, 1, 2, 3])
@pytest.mark.parametrize("name", QUADS)
def test_integrals_agree_with_mpmath(name, order):
    case, a = QUADS[name]
    if name.startswith("an integral in") and order > 1:
        pytest.skip("nothing new, and slow")
    f = lambda a: case(lambda *args: integrate.quad(*args)[0], np, a)
    with mpmath.workdps(20):
        exact = lambda a: case(lambda g, s, e: mpmath.quad(g, [s, 0, e] if s < 0 else [s, e]), mpmath, a)
        expected = mpmath.diff(exact, mpmath.mpf(a), order) if order else exact(mpmath.mpf(a))
    assert_close(float(revdiff.nth_derivative(f, order)(a)) if order else float(f(a)), expected, 1e-7, 1e-9)


def test_the_value_of_quad_and_its_error_are_scipys():
    f = lambda x, a, b: np.exp(-a * x) * b
    plain = scipy.integrate.quad(f, 0.0, 3.0, (0.5, 2.0), full_output=1)
    ours = integrate.quad(f, 0.0, 3.0, (0.5, 2.0), full_output=1)
    assert ours[:2] == plain[:2]
    assert ours[2].keys() == plain[2].keys()
    value, error, _ = revdiff.vjp(lambda a: (*integrate.quad(f, 0.0, 3.0, (a, 2.0), full_output=1)[:2], 1.0), 0.5)[0]
    assert (value, error) == pytest.approx(plain[:2], rel=1e-14)


def test_integrands_close_over_structures_and_arrays():
    def integral(p):
        return integrate.quad(lambda x: p["a"] * x + p["w"][1] * x**2, 0.0, p["w"][0])[0]

    gradient = revdiff.grad(integral)({"a": 1.0, "w": np.array([2.0, 3.0])})
    assert abs(gradient["a"] - 2.0) < 1e-12  # w0²/2
    np.testing.assert_allclose(gradient["w"], [2.0 + 3 * 4.0, 8 / 3])  # a w0 + w1 w0², w0³/3


def test_the_derivative_is_adaptive_for_itself():
    # The integrand is constant at a = 0, where two points would do; its derivative oscillates.
    f = lambda a: integrate.quad(lambda x: np.exp(a * np.sin(40 * x) ** 2), 0.0, 3.0, limit=200)[0]
    exact = 1.5 - np.sin(240.0) / 160
    assert abs(revdiff.grad(f)(0.0) - exact) < 1e-9


def test_forward_mode_and_hessians_work():
    f = lambda p: integrate.quad(lambda x: np.exp(-p[0] * x * x) * p[1] ** 2, 0, p[2])[0]
    p = np.array([1.0, 2.0, 0.5])
    hessian = revdiff.hessian(f)(p)
    np.testing.assert_allclose(hessian, hessian.T, rtol=1e-12)
    v = np.array([0.3, -1.0, 0.7])
    np.testing.assert_allclose(revdiff.jvp(f, p, v)[1], revdiff.grad(f)(p) @ v)
    h = 1e-5
    difference = (revdiff.grad(f)(p + h * v) - revdiff.grad(f)(p - h * v)) / (2 * h)
    np.testing.assert_allclose(hessian @ v, difference, rtol=1e-8)


def test_a_variable_of_a_loop_is_the_one_of_its_turn():
    def total(a):
        parts = []
        for k in (1.0, 2.0, 3.0):
            parts.append(integrate.quad(lambda x: a * x**k, 0.0, 1.0)[0])  # noqa: B023 - that is the point
        return sum(parts)

    assert abs(revdiff.grad(total)(1.0) - (1 / 2 + 1 / 3 + 1 / 4)) < 1e-12


def test_an_integrand_of_nested_derivatives_keeps_them_apart():
    inner = lambda a: revdiff.grad(lambda b: integrate.quad(lambda x: a * b * b * x, 0.0, 2.0)[0])(3.0)  # 2 b a ∫x
    assert abs(revdiff.grad(lambda a: a * inner(a))(5.0) - 2 * 5 * 12.0) < 1e-10


def test_a_weight_is_no_obstacle_but_by_the_limits():
    f = lambda a: integrate.quad(lambda x: np.exp(a * x), 0.0, 1.0, weight="cos", wvar=3.0)[0]
    plain = lambda a: scipy.integrate.quad(lambda x: np.exp(a * x), 0.0, 1.0, weight="cos", wvar=3.0)[0]
    assert abs(revdiff.grad(f)(0.5) - (plain(0.5 + 1e-5) - plain(0.5 - 1e-5)) / 2e-5) < 1e-9
    with pytest.raises(revdiff.MissingRuleError, match=r"the limits of scipy.integrate.quad with weight=. Multiply"):
        revdiff.grad(lambda b: integrate.quad(np.cos, 0.0, b, weight="cos", wvar=3.0)[0])(1.0)
    with pytest.raises(revdiff.MissingRuleError, match=r"scipy.integrate.quad by wvar="):
        revdiff.grad(lambda w: integrate.quad(np.cos, 0.0, 1.0, weight="cos", wvar=w)[0])(1.0)
    with pytest.raises(revdiff.MissingRuleError, match=r"complex_func=True. Integrate the real and"):
        revdiff.grad(lambda a: integrate.quad(lambda x: a * x, 0.0, 1.0, complex_func=True)[0])(1.0)


def test_what_only_the_derivative_would_find_is_an_error_and_not_silence():
    # At a = 0 the integrand is constant, and SciPy looks at 21 points; its derivative has a kink, and needs more.
    f = lambda p: integrate.quad(
        lambda x: np.exp(p[0] * abs(x - 1 / 3)) + (p[1] if 0.29 < x < 0.35 else 0.0), 0.0, 1.0
    )[0]
    with pytest.raises(revdiff.ArgumentError, match=r"of which it made no use where SciPy evaluated it"):
        revdiff.grad(f)((0.0, 1.0))


def test_compiled_integrands_are_left_to_scipy():
    kind = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_int, ctypes.POINTER(ctypes.c_double))
    one = scipy.LowLevelCallable(kind(lambda n, x: x[0] ** 2))
    assert integrate.quad(one, 0.0, 1.0) == scipy.integrate.quad(one, 0.0, 1.0)
    with pytest.raises(revdiff.MissingRuleError, match=r"quad of a compiled function. Write it in Python"):
        revdiff.grad(lambda b: integrate.quad(one, 0.0, b)[0])(1.0)


def test_double_and_triple_integrals_agree_with_closed_forms():
    volume = lambda r: integrate.dblquad(lambda y, x: x * y, 0.0, r, 0.0, lambda x: x)[0]  # r⁴/8
    assert abs(volume(2.0) - scipy.integrate.dblquad(lambda y, x: x * y, 0.0, 2.0, 0.0, lambda x: x)[0]) < 1e-14
    assert abs(revdiff.grad(volume)(2.0) - 4.0) < 1e-10
    triple = lambda a: integrate.tplquad(
        lambda z, y, x, k: k * x * y * z, 0.0, 1.0, 0.0, lambda x: x, 0.0, lambda x, y: y, args=(a,)
    )[0]
    assert abs(revdiff.grad(triple)(2.0) - 1 / 48) < 1e-10


def test_fixed_quad_is_a_weighted_sum():
    f = lambda a, b: integrate.fixed_quad(lambda x: np.exp(a * x), 0.0, b, n=4)[0]
    plain = lambda a, b: scipy.integrate.fixed_quad(lambda x: np.exp(a * x), 0.0, b, n=4)[0]
    assert_array_rule(
        lambda a, b: f(a, b) if type(a) is revdiff.RevDiff or type(b) is revdiff.RevDiff else plain(a, b),
        np.float64(0.7),
        np.float64(1.3),
        wide=np.float64,
    )
    with pytest.raises(ValueError, match=r"finite limits"):
        integrate.fixed_quad(np.exp, 0.0, np.inf)


# ------------------------------------------------------------------------------------ equations

METHODS = ["RK23", "RK45", "DOP853", "Radau", "BDF", "LSODA"]


def logistic_growth(t, r, k, y0):
    """The closed solution of y′ = r y (1 - y/k)."""
    return k / (1 + (k / y0 - 1) * mpmath.exp(-r * t))


def at_end(f, span, y0, tolerance=1e-9, s=integrate, **how):
    """Return the first component of a solution at the end."""
    return s.solve_ivp(f, span, y0, rtol=tolerance, atol=tolerance, **how).y[0, -1]


def grown(t, r, k, y0, method="DOP853", tolerance=1e-10, s=integrate):
    return at_end(lambda t, y, r: r * y * (1 - y / k), (0.0, t), [y0], tolerance, s, args=(r,), method=method)


def decay(t, y, k):
    return -k * y


POINT = (1.5, 0.8, 2.0, 0.3)


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("place", range(4))
def test_solutions_have_all_derivatives_by_times_arguments_closures_and_starting_values(place, order):
    f = lambda x: grown(*POINT[:place], x, *POINT[place + 1 :])
    with mpmath.workdps(30):
        expected = mpmath.diff(lambda x: logistic_growth(*POINT[:place], x, *POINT[place + 1 :]), POINT[place], order)
    assert_close(float(revdiff.nth_derivative(f, order)(POINT[place])), expected, 1e-7)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_has_derivatives_as_exact_as_its_tolerance(method):
    f = lambda p: grown(*[p[i] for i in range(4)], method, 1e-6)
    value, gradient = revdiff.value_and_grad(f)(np.array(POINT))
    assert value == grown(*POINT, method, 1e-6, scipy.integrate)
    for i in range(4):
        expected = mpmath.diff(logistic_growth, POINT, tuple(int(i == j) for j in range(4)))
        assert_close(float(gradient[i]), expected, 1e-4)


def test_mixed_second_derivatives_agree_with_mpmath():
    hessian = revdiff.hessian(lambda p: grown(*[p[i] for i in range(4)]))(np.array(POINT))
    for i in range(4):
        for j in range(4):
            expected = mpmath.diff(logistic_growth, POINT, tuple((i == k) + (j == k) for k in range(4)))
            assert_close(float(hessian[i, j]), expected, 1e-6, 1e-8)


def test_forward_mode_and_reverse_mode_mix_in_any_order():
    f = lambda p: grown(p[0], p[1], 2.0, 0.3, tolerance=1e-8)
    p, v, w = np.array(POINT[:2]), np.array([0.3, -0.2]), np.array([-0.1, 0.4])
    along = lambda u: lambda f: lambda p: revdiff.jvp(f, p, u)[1]
    slope = lambda f: lambda p: revdiff.grad(f)(p) @ v
    second = w @ revdiff.hessian(f)(p) @ v
    for mixed in (along(w)(along(v)(f)), along(w)(slope(f)), lambda p: revdiff.grad(along(v)(f))(p) @ w):
        np.testing.assert_allclose(mixed(p), second, rtol=1e-6)
    with mpmath.workdps(30):
        third = mpmath.diff(lambda s: logistic_growth(p[0] + s * v[0], p[1] + s * v[1], 2, mpmath.mpf(0.3)), 0, 3)
    rough = lambda p: grown(p[0], p[1], 2.0, 0.3, "RK45", 1e-4)
    assert_close(float(along(v)(along(v)(along(v)(rough)))(p)), third, 1e-2)


def orbit(t, y, mass):
    r3 = (y[0] ** 2 + y[1] ** 2) ** 1.5
    return [y[2], y[3], -mass * y[0] / r3, -mass * y[1] / r3]


TIMES = np.array([0.0, 0.4, 0.9, 1.0, 1.7])
START = np.array([1.0, 0.0, 0.1, 0.9])


@pytest.mark.parametrize("where", ["y0", "t", "mass"])
def test_odeint_agrees_with_differences_of_scipys(where):
    def run(s, **changed):
        given = {"y0": START, "t": TIMES, "mass": 1.1} | changed
        return s.odeint(orbit, given["y0"], given["t"], args=(given["mass"],), tfirst=True, rtol=1e-11, atol=1e-11)

    x = {"y0": START, "t": TIMES, "mass": 1.1}[where]
    value, pullback = revdiff.vjp(lambda x: run(integrate, **{where: x}), x)
    np.testing.assert_array_equal(value, run(scipy.integrate))
    y_bar = np.cos(np.arange(value.size)).reshape(value.shape)
    v = np.array([0.0, 0.2, -0.1, 0.3, 0.5])[: np.size(x)] if where != "mass" else 1.0
    above, below = (run(scipy.integrate, **{where: x + h * v}) for h in (1e-4, -1e-4))
    expected = np.sum(y_bar * (above - below)) / 2e-4
    np.testing.assert_allclose(np.sum(pullback(y_bar) * v), expected, rtol=1e-6)
    _, tangent = revdiff.jvp(lambda x: run(integrate, **{where: x}), (x,), (v,))
    np.testing.assert_allclose(np.sum(y_bar * tangent), expected, rtol=1e-6)


def test_moving_all_times_alike_moves_nothing_in_an_autonomous_system():
    jacobian = revdiff.jacobian(lambda t: integrate.odeint(orbit, START, t, args=(1.1,), tfirst=True))(TIMES)
    np.testing.assert_allclose(jacobian.sum(-1), 0, atol=1e-5)
    np.testing.assert_allclose(jacobian[0], 0, atol=1e-9)  # the first row is y0


def test_odeint_takes_functions_of_y_and_t_and_numbers_as_y0():
    f = lambda k: integrate.odeint(lambda y, t: -k * y * t, 2.0, np.array([0.0, 1.0, 2.0]))[-1, 0]
    assert abs(revdiff.grad(f)(0.3) + 4 * np.exp(-0.6)) < 1e-6
    g = lambda k: integrate.odeint(lambda y, t: [-k * y[0]], [1.0], TIMES, full_output=1)[0]
    np.testing.assert_allclose(revdiff.jacobian(g)(0.3)[:, 0], -TIMES * np.exp(-0.3 * TIMES), atol=1e-6)


def test_times_may_be_given_or_left_to_scipy_or_asked_for_later():
    system = lambda t, y: np.array([y[1], -y[0]])

    def run(s, a, **how):
        return s.solve_ivp(system, (0.0, 2.0), [a, 0.0], rtol=1e-9, atol=1e-9, **how)

    chosen = revdiff.vjp(lambda a: run(integrate, a).y, 1.0)
    np.testing.assert_array_equal(chosen[0], run(scipy.integrate, 1.0).y)
    at = np.array([0.5, 1.0, 2.0])
    given = revdiff.jacobian(lambda a: run(integrate, a, t_eval=at).y)(1.0)
    np.testing.assert_allclose(given, [np.cos(at), -np.sin(at)], atol=1e-7)
    by_times = revdiff.jacobian(lambda t: run(integrate, 1.0, t_eval=t).y[0])(at)
    np.testing.assert_allclose(by_times, np.diag(-np.sin(at)), atol=1e-7)
    later = revdiff.jacobian(lambda p: run(integrate, p[0], dense_output=True).sol(p[1]))(np.array([1.0, 0.7]))
    np.testing.assert_allclose(later, [[np.cos(0.7), -np.sin(0.7)], [-np.sin(0.7), -np.cos(0.7)]], atol=1e-6)
    several = revdiff.jacobian(lambda a: run(integrate, a, dense_output=True).sol(np.array([1.0, 0.3])))(1.0)
    np.testing.assert_allclose(several[0], np.cos([1.0, 0.3]), atol=1e-6)


def test_the_time_alone_may_vary_in_a_solution_between_the_steps():
    solution = integrate.solve_ivp(falling, (0.0, 2.0), [1.0, 2.0], rtol=1e-9, atol=1e-9, dense_output=True).sol
    at = np.array([0.5, 1.5])
    slope, bend = revdiff.jacobian(solution)(at), revdiff.nth_derivative(lambda t: solution(t)[1], 2)(0.7)
    exact = np.outer([1.0, 2.0], -at * np.exp(-(at**2) / 2))
    np.testing.assert_allclose(np.diagonal(slope, axis1=1, axis2=2), exact, atol=1e-7)
    assert abs(bend - 2 * (0.7**2 - 1) * np.exp(-(0.7**2) / 2)) < 1e-6


def test_a_solution_of_plain_numbers_is_scipys_own_and_can_be_pickled():
    solution = integrate.solve_ivp(lambda t, y: -y, (0.0, 2.0), [1.0], dense_output=True).sol
    assert isinstance(solution, scipy.integrate.OdeSolution)
    again = pickle.loads(pickle.dumps(solution))
    assert (again.t_max, again(0.3).tolist()) == (2.0, solution(0.3).tolist())


def falling(t, y):
    return -t * y


def test_time_may_run_backward():
    f = lambda p: at_end(lambda t, y: p[0] * y, (1.0, p[1]), [2.0], 1e-10)
    exact = 2 * np.exp(0.5 * (-0.5 - 1.0))
    np.testing.assert_allclose(revdiff.grad(f)(np.array([0.5, -0.5])), [-1.5 * exact, 0.5 * exact], rtol=1e-7)


def test_the_starting_time_has_a_derivative_of_any_order():
    f = lambda t0: at_end(lambda t, y: t * y, (t0, 2.0), [1.0], 1e-10)
    with mpmath.workdps(30):
        for order in (1, 2, 3):
            expected = mpmath.diff(lambda s: mpmath.exp((4 - s * s) / 2), 0.6, order)
            assert_close(float(revdiff.nth_derivative(f, order)(0.6)), expected, 1e-7)


def test_complex_solutions_have_derivatives():
    f = lambda w: at_end(lambda t, y: 1j * w * y, (0.0, 1.2), [1.0 + 0j]).real
    assert abs(revdiff.grad(f)(2.0) + 1.2 * np.sin(2.4)) < 1e-7
    of_start = revdiff.grad(lambda z: at_end(lambda t, y: 1j * y, (0.0, 1.2), np.array([1.0]) * z).real)(1 + 0j)
    assert abs(of_start - np.exp(1.2j)) < 1e-7


@pytest.mark.parametrize("method", ["LSODA", "Radau", "BDF"])
def test_stiff_systems_are_differentiated_forward(method):
    # It forgets where it began within 1/1000, and backward in time it explodes.
    system = lambda t, y, a: -1000.0 * (y - a * np.cos(t)) - a * np.sin(t)
    f = lambda p: at_end(system, (0.0, 1.0), np.array([1.0]) * p[0], 1e-7, method=method, args=(p[1],))
    gradient = revdiff.grad(f)(np.array([0.5, 1.5]))
    np.testing.assert_allclose(gradient, [0.0, np.cos(1.0)], atol=1e-5)


def test_stiff_systems_have_second_derivatives():
    system = lambda t, y, a: -300.0 * (y - a * a * np.cos(t))
    f = lambda a: at_end(system, (0.0, 0.3), [1.0], 1e-6, method="LSODA", args=(a,), t_eval=[0.3])
    exact = 300 / (300**2 + 1) * (300 * np.cos(0.3) + np.sin(0.3))
    np.testing.assert_allclose(revdiff.nth_derivative(f, 2)(1.5), 2 * exact, rtol=1e-4)


def test_unused_parameters_and_constant_functions_have_zero_gradients():
    f = lambda p: at_end(lambda t, y: np.zeros(1), (0.0, 1.0), np.array([1.0]) * p["y0"])
    gradient = revdiff.grad(f)({"y0": 2.0, "unused": 3.0})
    assert gradient == {"y0": 1.0, "unused": 0.0}


def test_a_function_that_is_another_one_later_is_an_error():
    def total(a):
        parts = []
        for k in (1.0, 2.0):
            parts.append(at_end(lambda t, y: -a * k * y, (0.0, 1.0), [1.0]))  # noqa: B023
        return sum(parts)

    text = r"gives other values now than when the equation was solved.\n.*Give it in args="
    with pytest.raises(revdiff.ArgumentError, match=text):
        revdiff.grad(total)(1.0)


def test_arrays_may_be_reused_after_the_solution():
    start = np.array([1.0])
    _, pullback = revdiff.vjp(lambda k: at_end(decay, (0.0, 1.0), start, args=(k,)), 0.5)
    expected = pullback(1.0)
    start[:] = 7.0
    assert pullback(1.0) == expected
    np.testing.assert_allclose(expected, -np.exp(-0.5), rtol=1e-5)


def test_a_solution_that_has_not_begun_moves_with_its_times_and_its_start():
    f = lambda t, y0: integrate.solve_ivp(decay, (0.0, 1.0), [y0], t_eval=np.array([t]), args=(0.5,)).y[0, 0]
    np.testing.assert_allclose(revdiff.grad(f, (0, 1))(0.0, 3.0), (-1.5, 1.0))
    np.testing.assert_allclose(
        revdiff.hessian(lambda p: f(p[0], p[1]))(np.array([0.0, 3.0])), [[0.75, -0.5], [-0.5, 0.0]]
    )


def test_a_complex_system_that_forgets_where_it_began_has_no_derivative_here():
    f = lambda a: at_end(lambda t, y: -1000.0 * (y - a), (0.0, 1.0), [1.0 + 0j], 1e-6, method="BDF").real
    with pytest.raises(ConvergenceError, match=r"solved for between t = .* and 1.0, neither backward nor forward"):
        revdiff.grad(f)(2.0)


def test_an_integrand_that_closes_over_other_than_numbers_is_an_error():
    f = lambda a: integrate.quad(lambda x: x * a[0], 0.0, 1.0)[0]
    with pytest.raises(revdiff.ArgumentError, match="an integral cannot be differentiated by an array of dtype object"):
        revdiff.grad(f)(np.array([Fraction(1, 2)], object))


def test_tiny_and_huge_cotangents_are_as_exact_as_others():
    _, pullback = revdiff.vjp(lambda k: at_end(decay, (0.0, 1.0), [1.0], args=(k,)), 0.5)
    for size in (1e-12, 1e12):
        np.testing.assert_allclose(pullback(size), size * pullback(1.0), rtol=1e-12)


def test_events_are_declined_and_failure_is_an_error():
    with pytest.raises(revdiff.MissingRuleError, match=r"solve_ivp with events=. Find the time with"):
        revdiff.grad(lambda k: at_end(decay, (0.0, 1.0), [1.0], args=(k,), events=lambda t, y, k: y[0] - 2))(1.0)
    text = "did not reach the last time"
    with pytest.warns(Warning, match="Excess work done"), pytest.raises(ConvergenceError, match=text):
        revdiff.grad(lambda a: integrate.odeint(lambda y, t: a * y**2, 1.0, [0.0, 2.0], mxstep=20)[-1, 0])(1.0)


def test_plain_arguments_give_scipys_own_results():
    how = {"args": (1.1,), "dense_output": True, "events": lambda t, y, mass: y[0]}
    ours, plain = (s.solve_ivp(orbit, (0.0, 3.0), START, **how) for s in (integrate, scipy.integrate))
    assert np.array_equal(ours.y, plain.y)
    assert np.array_equal(ours.t_events[0], plain.t_events[0])
    assert np.array_equal(ours.sol(0.3), plain.sol(0.3))
    rows = [s.odeint(lambda y, t: -t * y, START, TIMES) for s in (integrate, scipy.integrate)]
    assert np.array_equal(*rows)


@pytest.mark.parametrize(
    "how", [{"method": "BDF", "vectorized": True}, {"method": "Radau", "jac": lambda t, y, k: np.array([[-k]])}]
)
def test_a_function_may_be_vectorized_and_have_a_jacobian_that_depends_on_parameters(how):
    f = lambda k, s=integrate: at_end(decay, (0.0, 1.0), [1.0], 1e-7, s, args=(k,), **how)
    assert f(0.3) == f(0.3, scipy.integrate)
    assert abs(revdiff.grad(f)(0.3) + np.exp(-0.3)) < 1e-5
