"""Solutions of equations and minima as functions of parameters, against closed forms and mpmath."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import scipy.optimize
from hypothesis import given
from hypothesis import strategies as st

import revdiff
from revdiff.scipy import optimize
from revdiff.scipy.optimize import ConvergenceError
from tests.oracles import assert_close

A, B = 2.3, 0.7


def kepler(e, mean=1.1):
    """The E of Kepler's equation E - e sin E = M, with many digits."""
    return mpmath.findroot(lambda x: x - e * mpmath.sin(x) - mean, 1.3)


def keplers(x, e):
    return x - e * np.sin(x) - 1.1


# Each solver, of SciPy's module or of ours, with e in a closure or in args.
ROOTS = {
    "fixed_point": lambda o, e: o.fixed_point(lambda x, e: e * np.sin(x) + 1.1, 1.0, args=(e,), xtol=1e-13),
    "fixed_point by iteration": lambda o, e: o.fixed_point(lambda x: e * np.sin(x) + 1.1, 1.0, xtol=1e-13, method="iteration"),
    "root": lambda o, e: o.root(keplers, [1.0], args=(e,), tol=1e-13).x[0],
    "root of a closure": lambda o, e: o.root(lambda x: [keplers(x[0], e)], [1.0], method="lm", tol=1e-13).x[0],
    "root with jac": lambda o, e: o.root(lambda x: (keplers(x, e), np.diag(1 - e * np.cos(x))), [1.0], jac=True, tol=1e-13).x[0],
    "root_scalar": lambda o, e: o.root_scalar(keplers, args=(e,), bracket=[0, 3], xtol=1e-14).root,
    "root_scalar with slopes": lambda o, e: o.root_scalar(
        lambda x: (keplers(x, e), 1 - e * np.cos(x)), x0=1.0, fprime=True, method="newton", xtol=1e-14
    ).root,
    "newton": lambda o, e: o.newton(lambda x: keplers(x, e), 1.0, tol=1e-14),
    "newton with slopes": lambda o, e: o.newton(lambda x: keplers(x, e), 1.0, lambda x: 1 - e * np.cos(x), tol=1e-14),
    "newton of an array": lambda o, e: o.newton(keplers, np.array([1.0, 1.2]), args=(e,), tol=1e-14)[1],
} | {
    name: lambda o, e, name=name: getattr(o, name)(keplers, 0.0, 3.0, args=(e,), xtol=1e-14)
    for name in ("brentq", "brenth", "bisect", "ridder", "toms748")
}  # fmt: skip


@pytest.mark.parametrize("order", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("name", ROOTS)
def test_roots_have_derivatives_of_any_order(name, order):
    case = ROOTS[name]
    if order == 0:
        assert revdiff.vjp(lambda e: case(optimize, e), 0.4)[0] == case(scipy.optimize, 0.4) == case(optimize, 0.4)
        return
    with mpmath.workdps(40):
        expected = mpmath.diff(kepler, mpmath.mpf(0.4), order)
    assert_close(float(revdiff.nth_derivative(lambda e: case(optimize, e), order)(0.4)), expected, 1e-9)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_an_implicit_function_has_derivatives_of_any_order(order):
    exact = lambda e: float(kepler(float(revdiff.primal(e))))
    f = lambda e: optimize.implicit_function(lambda x: keplers(x, e), exact(e))
    with mpmath.workdps(40):
        assert_close(float(revdiff.nth_derivative(f, order)(0.4)), mpmath.diff(kepler, mpmath.mpf(0.4), order), 1e-9)


def system(x, p):
    return [x[0] ** 2 + p["a"] * x[1] - p["b"][0], np.sin(x[0] * x[1]) + p["b"][1] * x[0]]


def test_systems_of_equations_depend_on_structures():
    p = {"a": 1.3, "b": np.array([2.0, -0.4])}
    solve = lambda s, p: s.root(system, np.array([1.2, 0.4]), args=(p,), tol=1e-13)
    x = solve(scipy.optimize, p).x
    jacobian = revdiff.jacobian(lambda p: solve(optimize, p).x)(p)
    h = 1e-6
    by_a = (solve(scipy.optimize, p | {"a": 1.3 + h}).x - solve(scipy.optimize, p | {"a": 1.3 - h}).x) / (2 * h)
    by_b = (
        solve(scipy.optimize, p | {"b": p["b"] + [0, h]}).x - solve(scipy.optimize, p | {"b": p["b"] - [0, h]}).x
    ) / (2 * h)
    np.testing.assert_allclose(jacobian["a"], by_a, rtol=1e-7)
    np.testing.assert_allclose(jacobian["b"][:, 1], by_b, rtol=1e-7)
    np.testing.assert_array_equal(solve(optimize, p).x, x)
    h = 1e-4
    first = revdiff.grad(lambda a: solve(optimize, p | {"a": a}).x[0])
    np.testing.assert_allclose(revdiff.grad(first)(1.3), (first(1.3 + h) - first(1.3 - h)) / (2 * h), rtol=1e-6)
    _, tangent = revdiff.jvp(lambda a: solve(optimize, p | {"a": a}).x, (1.3,), (1.0,))
    np.testing.assert_allclose(tangent, by_a, rtol=1e-7)


@given(st.integers(1, 5), st.integers(0, 2**31))
def test_the_solution_of_linear_equations_has_the_derivatives_of_the_inverse(n, seed):
    rng = np.random.default_rng(seed)
    matrix, b = rng.normal(size=(n, n)) + 3 * np.eye(n), rng.normal(size=n)
    x = np.linalg.solve(matrix, b)
    solution = lambda b: optimize.implicit_function(lambda x: matrix @ x - b, x)
    np.testing.assert_allclose(revdiff.jacobian(solution)(b), np.linalg.inv(matrix), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(revdiff.hessian(lambda b: solution(b)[0])(b), 0, atol=1e-9)
    of_matrix = revdiff.grad(lambda m: optimize.implicit_function(lambda x: m @ x - b, x).sum())(matrix)
    np.testing.assert_allclose(of_matrix, -np.outer(np.linalg.solve(matrix.T, np.ones(n)), x), rtol=1e-8, atol=1e-9)


def test_implicit_functions_keep_their_shape_and_value():
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    value, pullback = revdiff.vjp(lambda a: optimize.implicit_function(lambda y: y * y - a, x), x * x)
    np.testing.assert_array_equal(value, x)
    np.testing.assert_allclose(pullback(np.ones((2, 2))), 1 / (2 * x))
    each = revdiff.vjp(lambda a: optimize.implicit_function(lambda y: y * y - a, x, elementwise=True), x * x)[1]
    np.testing.assert_allclose(each(np.ones((2, 2))), 1 / (2 * x))
    assert optimize.implicit_function(lambda y: y - 3.0, 3.0) == 3.0


def test_nested_derivatives_of_solutions_are_kept_apart():
    # d/da [a · d/db √(a b)] at a = b = 1: a · √a/(2√b), whose derivative is 3/4
    root = lambda c: optimize.implicit_function(lambda x: x * x - c, 1.0)
    inner = lambda a: revdiff.grad(lambda b: root(a * b))(1.0)
    assert abs(revdiff.grad(lambda a: a * inner(a))(1.0) - 0.75) < 1e-14


def quartic(x, a):
    return (x[0] - a) ** 4 + x[0] ** 2


def its_slope(x, a):
    return np.array([4 * (x[0] - a) ** 3 + 2 * x[0]])


def its_curvature(x, a):
    return np.array([[12 * (x[0] - a) ** 2 + 2]])


SQUARES = {"xtol": 1e-14, "gtol": 1e-14, "ftol": None}
MINIMA = {
    "minimize": lambda o, a: o.minimize(lambda x: np.sum((x - a) ** 4) + np.sum(x * x), [1.0, 1.0], tol=1e-12).x[1],
    "minimize with args": lambda o, a: o.minimize(quartic, [1.0], args=(a,), tol=1e-12, method="Nelder-Mead").x[0],
    "minimize with jac": lambda o, a: o.minimize(lambda x: (quartic(x, a), its_slope(x, a)), [1.0], jac=True, tol=1e-12).x[0],
    "minimize with hess": lambda o, a: o.minimize(
        quartic, [1.0], args=(a,), method="trust-exact", tol=1e-12, jac=its_slope, hess=its_curvature
    ).x[0],
    "minimize with hessp": lambda o, a: o.minimize(
        quartic, [1.0], args=(a,), method="Newton-CG", options={"xtol": 1e-12}, jac=its_slope, hessp=lambda x, p, a: its_curvature(x, a) @ p
    ).x[0],
    "minimize within bounds": lambda o, a: o.minimize(
        lambda x: quartic(x, a) + x[1] ** 2, [1.0, 1.5], bounds=[(None, 5.0), (1.0, None)], method="L-BFGS-B", options={"ftol": 1e-15, "gtol": 1e-12}
    ).x[0],
    "minimize_scalar": lambda o, a: o.minimize_scalar(lambda x: quartic([x], a), (0.0, 2.0), tol=1e-12).x,
    "minimize_scalar within bounds": lambda o, a: o.minimize_scalar(
        lambda x, a: quartic([x], a), args=(a,), bounds=(0, 4), method="bounded", options={"xatol": 1e-11}
    ).x,
    "least_squares": lambda o, a: o.least_squares(lambda x: [(x[0] - a) ** 2, x[0]], 1.0, **SQUARES).x[0],
    "least_squares with jac": lambda o, a: o.least_squares(
        lambda x, a: np.stack([(x[0] - a) ** 2, x[0]]), [1.0], lambda x, a: np.array([[2 * (x[0] - a)], [1.0]]), args=(a,), **SQUARES
    ).x[0],
}  # fmt: skip


@pytest.mark.parametrize("order", [0, 1, 2, 3])
@pytest.mark.parametrize("name", MINIMA)
def test_minima_have_derivatives_of_any_order(name, order):
    case = MINIMA[name]
    if order == 0:
        assert revdiff.vjp(lambda a: case(optimize, a), A)[0] == case(scipy.optimize, A) == case(optimize, A)
        return
    with mpmath.workdps(40):  # 4 (x - a)³ + 2 x = 0; ½ Σ r² has the same minimum
        expected = mpmath.diff(lambda a: mpmath.findroot(lambda x: 4 * (x - a) ** 3 + 2 * x, 1.0), mpmath.mpf(A), order)
    assert_close(float(revdiff.nth_derivative(lambda a: case(optimize, a), order)(A)), expected, 2e-6)


def test_the_minimum_itself_has_the_derivative_of_the_envelope():
    f = lambda a: optimize.minimize(lambda x: np.sum((x - a) ** 4) + np.sum(x * x), [1.0], tol=1e-12)
    result = revdiff.vjp(lambda a: f(a).fun, A)
    x = f(A).x[0]
    assert result[0] == f(A).fun
    assert abs(result[1](1.0) + 4 * (x - A) ** 3) < 1e-6
    scalar = lambda a: optimize.minimize_scalar(lambda x: (x - a) ** 4 + x * x).fun
    assert abs(revdiff.grad(scalar)(A) + 4 * (x - A) ** 3) < 1e-6
    squares = lambda a: optimize.least_squares(lambda x: [(x[0] - a) ** 2, x[0]], 1.0)
    assert abs(revdiff.grad(lambda a: squares(a).cost)(A) + 2 * (x - A) ** 3) < 1e-5
    assert abs(revdiff.grad(lambda a: squares(a).fun[1])(A) - revdiff.grad(lambda a: squares(a).x[0])(A)) < 1e-12


def test_coordinates_at_a_bound_move_with_the_bound():
    rosen = lambda x, a: (1 - x[0]) ** 2 + a * (x[1] - x[0] ** 2) ** 2
    solve = lambda a, low: (
        optimize.minimize(
            rosen,
            [2.0, 2.0],
            args=(a,),
            bounds=[(low, None), (None, None)],
            method="L-BFGS-B",
            options={"ftol": 1e-15, "gtol": 1e-10},
        ).x
    )
    np.testing.assert_allclose(revdiff.jacobian(lambda low: solve(3.0, low))(1.5), [1.0, 3.0], atol=1e-6)  # x₁ = x₀²
    np.testing.assert_allclose(revdiff.jacobian(lambda a: solve(a, 1.5))(3.0), [0.0, 0.0], atol=1e-6)
    box = scipy.optimize.Bounds([1.5, -9.0], [9.0, 9.0])
    held = lambda a: optimize.minimize(rosen, [2.0, 2.0], args=(a,), bounds=box, method="L-BFGS-B").x
    np.testing.assert_allclose(revdiff.jacobian(held)(3.0), [0.0, 0.0], atol=1e-5)
    corner = lambda low: optimize.minimize(np.sum, [2.0, 2.0], bounds=[(low, None), (0.0, None)], method="L-BFGS-B").x
    assert revdiff.jacobian(corner)(1.0).tolist() == [1.0, 0.0]
    fitted = lambda low: (
        optimize.least_squares(
            lambda x: x - np.array([0.0, 3.0]), [2.0, 2.0], bounds=([low, -9.0], 9.0), method="dogbox"
        ).x
    )
    np.testing.assert_allclose(revdiff.jacobian(fitted)(1.0), [1.0, 0.0], atol=1e-9)
    free = lambda a: optimize.least_squares(lambda x: x - a, [2.0, 2.0], bounds=box).x
    np.testing.assert_allclose(revdiff.jacobian(free)(np.array([3.0, 1.0])), np.eye(2), atol=1e-9)


def test_a_coordinate_beside_a_bound_is_held_and_keeps_its_value():
    # SLSQP stops within rounding of the bound; without it the minimum would be close by.
    f = lambda low: optimize.minimize(lambda x: (x[0] - 0.9995) ** 2, [2.0], bounds=[(low, None)], method="SLSQP")
    value, pullback = revdiff.vjp(lambda low: f(low).x[0], 1.0)
    assert value == f(1.0).x[0]
    assert pullback(1.0) == 1.0


def test_curves_fit_with_derivatives_by_the_data():
    x = np.linspace(0.0, 2.0, 6)
    y = 1.5 * np.exp(-0.8 * x) + np.array([0.01, -0.02, 0.015, 0.0, -0.01, 0.02])
    sigma = np.linspace(0.5, 1.0, 6)
    curve = lambda x, a, b: a * np.exp(-b * x)

    def fit(x, y, sigma, absolute):
        p, c = optimize.curve_fit(
            curve, x, y, [1.0, 1.0], sigma=sigma, absolute_sigma=absolute, ftol=1e-14, xtol=1e-14, gtol=1e-14
        )
        return np.concatenate([p, np.ravel(c)])

    def exact(x, y, sigma, absolute):
        """The same with the covariances of the last point; SciPy's are those of the last but one."""
        p, _ = scipy.optimize.curve_fit(curve, x, y, [1.0, 1.0], sigma=sigma, ftol=1e-14, xtol=1e-14, gtol=1e-14)
        slope = np.stack([np.exp(-p[1] * x), -p[0] * x * np.exp(-p[1] * x)], 1) / sigma[:, None]
        squares = np.sum(((curve(x, *p) - y) / sigma) ** 2)
        return np.concatenate([p, np.ravel(np.linalg.inv(slope.T @ slope) * (1 if absolute else squares / 4))])

    y_bar = np.cos(np.arange(6.0))
    for absolute in (False, True):
        value, pullback = revdiff.vjp(lambda *a, k=absolute: fit(*a, k), x, y, sigma)
        np.testing.assert_array_equal(value[:2], exact(x, y, sigma, absolute)[:2])
        np.testing.assert_allclose(value, fit(x, y, sigma, absolute), rtol=1e-4)
        np.testing.assert_allclose(value, exact(x, y, sigma, absolute), rtol=1e-9)
        bars = pullback(y_bar)
        for i in range(3):
            args, v, h = [x, y, sigma], np.sin(np.arange(6.0) + 1), 1e-3
            at = lambda t, i=i, v=v, args=args, k=absolute: y_bar @ exact(*args[:i], args[i] + t * v, *args[i + 1 :], k)
            np.testing.assert_allclose(np.sum(bars[i] * v), (at(h) - at(-h)) / (2 * h), rtol=1e-4, atol=1e-6)
    with pytest.raises(revdiff.MissingRuleError, match=r"curve_fit with bounds=, full_output= or a matrix as sigma="):
        revdiff.grad(lambda y: optimize.curve_fit(curve, x, y, [1.0, 1.0], bounds=(0.0, 5.0))[0].sum())(y)
    assert np.array_equal(optimize.curve_fit(curve, x, y)[0], scipy.optimize.curve_fit(curve, x, y)[0])


def test_the_cheapest_assignment_is_constant_and_its_cost_is_not():
    cost = np.array([[4.0, 1.0, 3.0], [2.0, 0.0, 5.0], [3.0, 2.0, 2.0]])

    def total(c):
        rows, columns = optimize.linear_sum_assignment(c)
        return c[rows, columns].sum()

    assert revdiff.grad(total)(cost).tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 1]]


# ------------------------------------------------------------------------------------ refusals


def test_a_number_that_is_no_solution_is_an_error():
    with pytest.raises(ConvergenceError, match=r"the solution is none: Newton's next step from it has length 0.75"):
        revdiff.grad(lambda a: optimize.implicit_function(lambda x: x * x - a, 2.0))(1.0)
    with pytest.raises(ConvergenceError, match=r"2 equations do not determine 1 unknowns"):
        revdiff.grad(lambda a: optimize.implicit_function(lambda x: np.stack([x - a, x]), 1.0))(1.0)
    with pytest.raises(revdiff.MissingRuleError, match=r"an implicit function of complex numbers. Write it for real"):
        revdiff.grad(lambda a: optimize.implicit_function(lambda x: x - a, 1.0 + 0j).real)(1.0)


def test_solutions_that_are_no_functions_of_the_parameters_are_errors():
    with pytest.raises(ConvergenceError, match=r"no function of the parameters: the derivative of the equation"):
        revdiff.grad(lambda a: optimize.implicit_function(lambda x: x * x - a, 0.0))(0.0)
    with pytest.raises(ConvergenceError, match=r"no function of the parameters"):  # a flat valley
        revdiff.grad(lambda a: optimize.minimize(lambda x: (x[0] + x[1] - a) ** 2, [1.0, 1.0]).x[0])(1.0)
    with pytest.raises(ConvergenceError, match=r"no function of the parameters"):  # a kink
        revdiff.grad(lambda a: optimize.minimize_scalar(lambda x: abs(x - a)).x)(1.0)


def test_what_did_not_converge_has_no_derivative():
    with pytest.raises(
        ConvergenceError, match=r"scipy.optimize.root found no solution, and what it returned has no derivative"
    ):
        revdiff.grad(lambda a: optimize.root(lambda x: x**2 + a, [1.0]).x[0])(1.0)
    with pytest.raises(ConvergenceError, match=r"scipy.optimize.minimize found no solution"):
        revdiff.grad(lambda a: optimize.minimize(lambda x: (x[0] - a) ** 4, [9.0], options={"maxiter": 1}).x[0])(1.0)
    with pytest.raises(RuntimeError, match=r"Failed to converge"):  # SciPy's own
        revdiff.grad(lambda a: optimize.newton(lambda x: x * x + a, 1.0))(1.0)
    with pytest.raises(ConvergenceError, match=r"scipy.optimize.brentq found no solution"):
        revdiff.grad(lambda a: optimize.brentq(lambda x: x**3 - a, 0.0, 3.0, maxiter=2, disp=False))(1.0)
    with pytest.raises(ConvergenceError, match=r"scipy.optimize.newton found no solution"):
        revdiff.grad(lambda a: optimize.newton(lambda x: x**3 - a, 3.0, maxiter=2, disp=False))(1.0)
    with pytest.raises(ConvergenceError, match=r"A minimum at a bound is no stationary point"):
        revdiff.grad(lambda a: optimize.minimize_scalar(lambda x: (x - a) ** 2, bounds=(0, 1), method="bounded").x)(3.0)
    assert not optimize.root(lambda x: x**2 + 1.0, [1.0]).success  # plain numbers: SciPy's result


def test_options_without_derivatives_are_named():
    constraint = {"type": "eq", "fun": lambda x: x[0] - 1}
    with pytest.raises(
        revdiff.MissingRuleError, match=r"scipy.optimize.minimize with constraints=. Write the constraints"
    ):
        revdiff.grad(lambda a: optimize.minimize(lambda x: (x[0] - a) ** 2, [0.0], constraints=constraint).x[0])(1.0)
    with pytest.raises(revdiff.MissingRuleError, match=r"least_squares with loss='soft_l1'. Write the loss"):
        revdiff.grad(lambda a: optimize.least_squares(lambda x: x - a, [0.0], loss="soft_l1").x[0])(1.0)
    assert optimize.minimize(lambda x: (x[0] - 3) ** 2, [0.0], constraints=constraint).x == 1.0


def test_the_start_and_the_bracket_are_constant():
    assert revdiff.grad(lambda x0: optimize.newton(lambda x: x * x - 2, x0))(1.0) == 0.0
    assert revdiff.grad(lambda b: optimize.brentq(lambda x: x * x - 2, 0.0, b))(3.0) == 0.0
    assert revdiff.grad(lambda x0: optimize.minimize(lambda x: x[0] ** 2, [x0]).fun)(1.0) == 0.0


def test_full_output_has_the_root_with_its_derivative():
    for f in (
        lambda a: optimize.brentq(lambda x: x * x - a, 0.0, 9.0, full_output=True),
        lambda a: optimize.newton(lambda x: x * x - a, 1.0, full_output=True),
    ):
        assert abs(revdiff.grad(lambda a, f=f: f(a)[1].root)(4.0) - 0.25) < 1e-9
        assert revdiff.primal(f(4.0)[1].converged)
    several = lambda a: optimize.newton(lambda x: x * x - a, np.array([1.0, 1.0]), full_output=True).root.sum()
    np.testing.assert_allclose(revdiff.grad(several)(np.array([4.0, 9.0])), [1 / 4, 1 / 6])
    positions = optimize.brentq(lambda x: x * x - 2, 0.0, 2.0, (), 1e-3, 1e-3, 50, True)
    assert positions[0] == scipy.optimize.brentq(lambda x: x * x - 2, 0.0, 2.0, (), 1e-3, 1e-3, 50)


def test_positions_are_scipys():
    f = lambda x, a: x - a
    by_position = optimize.least_squares(f, [1.0], "2-point", (-np.inf, np.inf), "trf", 1e-10, args=(3.0,))
    assert by_position.x == scipy.optimize.least_squares(f, [1.0], ftol=1e-10, args=(3.0,)).x


@pytest.mark.parametrize("shape", [(2,), (5,), (4, 3)])
def test_rosenbrocks_function_and_its_derivatives_by_hand_agree(shape):
    x = np.random.default_rng(0).normal(size=shape)
    np.testing.assert_allclose(optimize.rosen(revdiff.init_diff(x)).value, scipy.optimize.rosen(x))
    total = lambda x: np.sum(optimize.rosen(x))
    np.testing.assert_allclose(revdiff.grad(total)(x), scipy.optimize.rosen_der(x))
    np.testing.assert_allclose(optimize.rosen_der(revdiff.init_diff(x)).value, scipy.optimize.rosen_der(x))
    if len(shape) == 1:
        hessian = scipy.optimize.rosen_hess(x)
        np.testing.assert_allclose(revdiff.hessian(total)(x), hessian)
        np.testing.assert_allclose(revdiff.jacobian(optimize.rosen_der)(x), hessian)
        p = np.arange(1.0, 1 + len(x))
        third = revdiff.jacobian(lambda x: optimize.rosen_hess(x) @ p)(x)
        np.testing.assert_allclose(revdiff.jacobian(lambda x: optimize.rosen_hess_prod(x, p))(x), third)
        np.testing.assert_allclose(third, revdiff.jacobian(lambda x: revdiff.jacobian(optimize.rosen_der)(x) @ p)(x))
