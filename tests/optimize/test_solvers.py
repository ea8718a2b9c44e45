"""SciPy's solvers, with structures and exact derivatives."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
import pytest

import revdiff as rd
from revdiff.optimize import least_squares, minimize, ravel

optimize = pytest.importorskip("scipy.optimize")


@dataclass(frozen=True)
class Point:
    x: object
    y: object
    name: str = "p"


def rosenbrock(p):
    return (1 - p.x) ** 2 + 100 * ((p.y - p.x**2) ** 2).sum()


START = Point(-1.2, np.array([1.0, 0.5]))


@pytest.mark.parametrize(
    "method",
    [
        "CG",
        "BFGS",
        "Newton-CG",
        "L-BFGS-B",
        "TNC",
        "SLSQP",
        "dogleg",
        "trust-constr",
        "trust-ncg",
        "trust-exact",
        "trust-krylov",
    ],
)
def test_every_method_with_derivatives_finds_the_minimum(method):
    bowl = lambda p: (p.x - 1) ** 2 + ((p.y - p.x) ** 2).sum()
    f = bowl if method in ("dogleg", "TNC") else rosenbrock
    with np.errstate(invalid="ignore"):  # trust-krylov computes 0 · ∞ at the minimum
        found = minimize(f, START, method=method, tol=1e-8)
    assert isinstance(found.x, Point)
    assert type(found.x.x) is float
    assert found.x.x == pytest.approx(1, abs=1e-4)
    assert found.x.y == pytest.approx([1, 1], abs=1e-4)
    assert found.x.name == "p"


@pytest.mark.parametrize("method", ["Nelder-Mead", "Powell", "COBYLA"])
def test_methods_without_derivatives_are_given_none(method):
    calls = []

    def f(p):
        calls.append(type(p.x))
        return (p.x - 1) ** 2 + ((p.y - p.x) ** 2).sum()

    found = minimize(f, START, method=method)
    assert found.x.x == pytest.approx(1, abs=1e-3)
    assert set(calls) == {float}


def test_a_method_of_ones_own_is_given_the_gradient_and_products_with_the_hessian():
    def newton(fun, x0, args, jac, hessp, **options):
        columns = np.stack([hessp(x0, e) for e in np.eye(x0.size)])
        return optimize.OptimizeResult(x=x0 - np.linalg.solve(columns, jac(x0)))

    found = minimize(lambda p: (p[0] - 3) ** 2 + (p[1] + p[0]) ** 2, (0.0, 0.0), method=newton)
    assert found.x == pytest.approx((3, -3))


def test_float32_complex_numbers_and_directions_come_back_as_they_are():
    A = np.diag([3.0, 2.0, 1.0])

    def f(p):
        return (p["w"] ** 2).sum() + abs(p["z"] - 1j) ** 2 + p["u"] @ (A @ p["u"])

    start = {"w": np.ones((2, 2), np.float32), "z": 1 + 1j, "u": rd.UnitVector([1.0, 1.0, 1.0])}
    for method in ("BFGS", "trust-exact"):
        x = minimize(f, start, method=method, tol=1e-9).x
        assert x["w"].dtype == np.float32
        assert x["w"] == pytest.approx(0, abs=1e-4)
        assert x["z"] == pytest.approx(1j, abs=1e-5)
        assert np.abs(x["u"]) == pytest.approx([0, 0, 1], abs=1e-4)
        assert np.linalg.norm(x["u"]) == pytest.approx(1, abs=1e-12)


def test_bounds_are_numbers_or_structures_and_none_is_no_bound():
    f = lambda p: ((p.y + 5) ** 2).sum() + (p.x - 5) ** 2
    found = minimize(f, START, bounds=(0, 2)).x
    assert (found.x, found.y.tolist()) == (2, [0, 0])
    found = minimize(f, START, bounds=(Point(None, np.array([-1.0, -7.0])), Point(3, None))).x
    assert found.x == pytest.approx(3)
    assert found.y == pytest.approx([-1, -5], abs=1e-4)
    found = minimize(f, START, bounds=(None, optimize.Bounds([0, 0, 0], [1, 1, 1]).ub[0])).x
    assert found.x == pytest.approx(1)
    assert minimize(f, START, bounds=optimize.Bounds([0, 0, 0], [1, 1, 1])).x.y.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        ((0.0,), r"bounds are a pair \(lower, upper\)"),
        (3.0, r"bounds are a pair \(lower, upper\)"),
        (
            ({"u": None, "z": None, "w": np.zeros(3)}, None),
            r"(?s)has the shape \(2,\) of what it bounds; met shape \(3,\).*in \['w'\]",
        ),
        (({"u": None, "z": 0.0, "w": None}, None), r"(?s)a complex has no order, and no bounds.*in \['z'\]"),
        (({"u": 0.0, "z": None, "w": None}, None), r"(?s)a UnitVector .*has no order, and no bounds.*in \['u'\]"),
        (([1.0], None), r"has the form of its value"),
    ],
)
def test_bounds_that_do_not_fit_are_refused(bounds, message):
    start = {"u": rd.UnitVector([1.0, 0.0]), "z": 1j, "w": np.ones(2)}
    with pytest.raises(rd.ArgumentError, match=message):
        minimize(lambda p: p["w"].sum(), start, bounds=bounds)


@pytest.mark.parametrize("method", [None, "trust-constr"])
def test_constraints_are_functions_of_the_structure_with_their_jacobians(method):
    f = lambda p: p.x**2 + (p.y**2).sum()
    on_plane = {"type": "eq", "fun": lambda p: p.x + p.y.sum() - 3}
    far = optimize.NonlinearConstraint(lambda p: p.y[:1] ** 2, 1.5**2, np.inf)
    found = minimize(f, START, method=method, constraints=[on_plane, far], tol=1e-9)
    assert found.x.x == pytest.approx(0.75, abs=1e-4)
    assert found.x.y == pytest.approx([1.5, 0.75], abs=1e-4)
    assert minimize(f, START, constraints=on_plane, tol=1e-12).x.x == pytest.approx(1, abs=1e-6)
    with pytest.raises(rd.ArgumentError, match="a constraint is a dictionary or a NonlinearConstraint"):
        minimize(f, START, constraints=[lambda p: p.x])


def test_the_callback_sees_the_structure_and_can_stop():
    seen = []

    def callback(p):
        seen.append(p)
        if len(seen) == 3:
            raise StopIteration

    for method in ("L-BFGS-B", "trust-ncg"):
        seen.clear()
        minimize(rosenbrock, START, method=method, callback=callback)
        assert len(seen) == 3
        assert all(isinstance(p, Point) for p in seen)


def test_least_squares_takes_structures_of_residuals_and_finds_the_truth():
    t = np.linspace(0, 3, 20)
    truth = {"a": np.array([2.0, 1.0]), "k": 0.7}
    curve = lambda p: {"first": p["a"][0] * np.exp(-p["k"] * t), "rest": [p["a"].sum()]}
    data = curve(truth)

    def residuals(p):
        c = curve(p)
        return {"first": c["first"] - data["first"], "rest": [c["rest"][0] - data["rest"][0]]}

    for method in ("trf", "lm", "dogbox"):
        found = least_squares(residuals, {"a": np.array([1.0, 0.0]), "k": 0.1}, method=method)
        assert found.x["a"] == pytest.approx([2, 1])
        assert found.x["k"] == pytest.approx(0.7)
        assert found.jac.shape == (21, 3)
    held = least_squares(residuals, {"a": np.array([1.0, 0.0]), "k": 0.1}, bounds=(None, {"a": None, "k": 0.5}))
    assert held.x["k"] == pytest.approx(0.5)
    robust = least_squares(residuals, {"a": np.array([1.0, 0.0]), "k": 0.1}, loss="soft_l1", x_scale="jac")
    assert robust.x["k"] == pytest.approx(0.7)


def test_what_cannot_be_minimized_is_refused():
    with pytest.raises(rd.ArgumentError, match="there is no number to optimize in a dict"):
        minimize(lambda p: 1.0, {"name": "a"})
    with pytest.raises(rd.ArgumentError, match="minimize"):
        minimize(np.ones(2), lambda p: 1.0)
    with pytest.raises(rd.ResultError, match="one real number"):
        minimize(lambda p: p, np.ones(2))
    with pytest.raises(rd.MissingRuleError, match=r"revdiff\.optimize\.minimize.*revdiff\.scipy\.optimize"):
        rd.grad(lambda k: minimize(lambda x: (x - k) ** 2, 1.0).x)(2.0)
    with pytest.raises(rd.MissingRuleError, match=r"revdiff\.optimize\.least_squares"):
        rd.grad(lambda k: least_squares(lambda x: x - k, 1.0).x)(2.0)
    with pytest.raises(rd.MissingRuleError, match=r"the start of revdiff\.optimize"):
        rd.grad(lambda k: minimize(lambda x: x**2, k).x)(2.0)


def test_without_scipy_the_solvers_say_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy", None)
    with pytest.raises(
        ImportError, match=r'(?s)revdiff\.optimize\.minimize needs SciPy.*pip install "revdiff\[scipy\]".*SGD'
    ):
        minimize(rosenbrock, START)
    assert ravel(START)[0].size == 3
