"""SciPy's solvers for structures: they are given vectors, and exact first and second derivatives.

Imports the operators and vectors; SciPy is imported when a solver is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from revdiff.core.errors import ArgumentError, MissingRuleError, describe
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.derivatives.arguments import require_function
from revdiff.derivatives.gradients import hessian, hvp, jacobian, value_and_grad
from revdiff.optimize.places import coordinates, is_point, map_places, zero
from revdiff.optimize.vectors import ravel
from revdiff.systems import is_complex

Func = Callable[..., Any]

WITHOUT_GRADIENT = frozenset({"nelder-mead", "powell", "cobyla", "cobyqa"})
WITH_HESSIAN = frozenset({"dogleg", "trust-exact"})
WITH_PRODUCTS = frozenset({"newton-cg", "trust-ncg", "trust-krylov", "trust-constr"})
"""The methods of `scipy.optimize.minimize` that ask for values alone, for the Hessian, and for its products with
vectors. The others ask for the gradient."""


def minimize(
    f: Func,
    x0: Any,
    /,
    *,
    method: Any = None,
    bounds: Any = None,
    constraints: Any = (),
    tol: float | None = None,
    callback: Func | None = None,
    options: Mapping[str, Any] | None = None,
) -> Any:
    """Return SciPy's result for the minimum of f near x0, its ``x`` a structure like x0.

    f            a function of the structure whose value is one real number
    method       one of `scipy.optimize.minimize`; by default "L-BFGS-B", and "SLSQP" with constraints
    bounds       (lower, upper), each a number or a structure like x0; None is no bound
    constraints  dictionaries of a ``type``, "eq" or "ineq", and a ``fun``; or `scipy.optimize.NonlinearConstraint`
    callback     called with the structure after each step; it may raise ``StopIteration``

    The gradient, the Hessian (for "trust-exact" and "dogleg") and its products with vectors (for "Newton-CG",
    "trust-ncg", "trust-krylov" and "trust-constr") are revdiff's, and so are the Jacobians of constraints. What else
    the result holds, ``jac`` say, is in the coordinates of `ravel`. The minimum is a plain value: for its derivative
    by what the problem depends on, see `revdiff.scipy.optimize.minimize`.

    >>> def bowl(p):
    ...     return (p["x"] - 1) ** 2 + ((p["y"] - p["x"] ** 2) ** 2).sum()
    >>> start = {"x": -1.0, "y": np.zeros(2)}
    >>> best = minimize(bowl, start, method="trust-exact", tol=1e-9)
    >>> {name: np.round(value, 6).tolist() for name, value in best.x.items()}
    {'x': 1.0, 'y': [1.0, 1.0]}
    """
    require_function("minimize", f)
    optimize = _scipy_optimize("minimize")
    start, restore = _vector(x0)
    many = [constraints] if isinstance(constraints, Mapping) or not isinstance(constraints, Iterable) else constraints
    method = method or ("SLSQP" if many else "L-BFGS-B")
    name = method.lower() if isinstance(method, str) else ""
    many = [_constraint(optimize, each, restore, name) for each in many]

    def of_vector(v: Any) -> Any:
        return f(restore(v))

    both = value_and_grad(of_vector)

    def value(v: Any) -> float:
        return float(_plain("minimize", of_vector(v)))

    def with_gradient(v: Any) -> tuple[float, Any]:
        y, gradient = both(v)
        return float(_plain("minimize", y)), np.asarray(gradient)

    result = optimize.minimize(
        value if name in WITHOUT_GRADIENT else with_gradient,
        start,
        method=method,
        jac=None if name in WITHOUT_GRADIENT else True,
        bounds=_bounds(optimize, x0, bounds),
        constraints=many,
        tol=tol,
        callback=None if callback is None else lambda v, *state: callback(restore(v)),
        options=None if options is None else dict(options),
        hess=hessian(of_vector) if name in WITH_HESSIAN else None,
        hessp=(lambda v, along: hvp(of_vector, v, along)) if name in WITH_PRODUCTS or callable(method) else None,
    )
    result.x = restore(result.x)
    return result


def least_squares(f: Func, x0: Any, /, *, method: str = "trf", bounds: Any = None, **options: Any) -> Any:
    """Return SciPy's result for the minimum of ½ Σ rᵢ², r = f(x), near x0; its ``x`` is a structure like x0.

    The residuals r may be an array or a structure. Their Jacobian is revdiff's, all rows in one backward pass.
    ``bounds`` are those of `minimize`; all other options are those of `scipy.optimize.least_squares`.

    >>> t = np.array([0.0, 1.0, 2.0, 3.0])
    >>> curve = lambda p: p["a"] * np.exp(-p["k"] * t)
    >>> data = curve({"a": 2.0, "k": 0.5})
    >>> found = least_squares(lambda p: curve(p) - data, {"a": 1.0, "k": 1.0}).x
    >>> {name: round(value, 9) for name, value in found.items()}
    {'a': 2.0, 'k': 0.5}
    """
    require_function("least_squares", f)
    optimize = _scipy_optimize("least_squares")
    start, restore = _vector(x0)

    def residuals(v: Any) -> Any:
        return ravel(f(restore(v)))[0]

    limits = _bounds(optimize, x0, bounds)
    result = optimize.least_squares(
        lambda v: _plain("least_squares", residuals(v)),
        start,
        jac=jacobian(residuals),
        bounds=(-np.inf, np.inf) if limits is None else (limits.lb, limits.ub),
        method=method,
        **options,
    )
    result.x = restore(result.x)
    return result


def _scipy_optimize(name: str) -> Any:
    try:
        from scipy import optimize
    except ImportError as error:
        msg = (
            f'revdiff.optimize.{name} needs SciPy.\n  To install it:  pip install "revdiff[scipy]"\n'
            "  Without it:     revdiff.optimize.SGD and Adam"
        )
        raise ImportError(msg, name="scipy") from error
    return optimize


def _vector(x0: Any) -> tuple[Any, Any]:
    vector, restore = ravel(x0)
    if not vector.size:
        msg = f"there is no number to optimize in {describe(x0)}"
        raise ArgumentError(msg)
    return _plain("the start", vector).astype(np.float64), restore


def _plain(what: str, value: Any) -> Any:
    """Return a value that no outer derivative depends on."""
    if isinstance(value, RevDiff):
        met = f"revdiff.optimize.{what}" if what != "the start" else "the start of revdiff.optimize"
        raise MissingRuleError.of(met, " The minimum as a function of its problem: revdiff.scipy.optimize.")
    return value


def _bounds(optimize: Any, x0: Any, bounds: Any) -> Any:
    if bounds is None or isinstance(bounds, optimize.Bounds):
        return bounds
    if not isinstance(bounds, tuple | list) or len(bounds) != 2:
        msg = (
            f"bounds are a pair (lower, upper), each a number or a structure like the argument; met {describe(bounds)}"
        )
        raise ArgumentError(msg)
    lower, upper = (_bound(x0, bound, limit) for bound, limit in zip(bounds, (-np.inf, np.inf), strict=True))
    return optimize.Bounds(lower, upper)


def _bound(x0: Any, bound: Any, limit: float) -> Any:
    """Return a bound, None for none, as a vector beside that of x0."""

    def beside(place: Any, its: Any) -> Any:
        if its is not None and (is_point(place) or is_complex(primal(place))):
            msg = f"{describe(primal(place))} has no order, and no bounds"
            raise ArgumentError(msg)
        shape = shape_of(zero(place))
        if its is not None and np.shape(its) not in ((), shape):
            msg = f"a bound is one number, or has the shape {shape} of what it bounds; met shape {np.shape(its)}"
            raise ArgumentError(msg)
        if its is None and is_complex(primal(coordinates(place))):
            return np.full(shape, complex(limit, limit))
        return np.full(shape, limit if its is None else its, float)

    if isinstance(bound, float | int | np.floating | np.integer):  # the same for all
        return ravel(map_places(lambda place: beside(place, bound), x0, cotangent=True))[0]
    return ravel(map_places(beside, x0, bound, cotangent=True))[0]


def _constraint(optimize: Any, constraint: Any, restore: Func, method: str) -> Any:
    """Return a constraint on the structure as one on the vector, with its derivatives."""
    record = optimize.NonlinearConstraint
    if isinstance(constraint, Mapping) and method == "trust-constr":
        constraint = record(constraint["fun"], 0, 0 if constraint["type"] == "eq" else np.inf)
    if not isinstance(constraint, Mapping | record):
        msg = f"a constraint is a dictionary or a NonlinearConstraint of SciPy's; met {describe(constraint)}"
        raise ArgumentError(msg)
    function = constraint["fun"] if isinstance(constraint, Mapping) else constraint.fun

    def values(v: Any) -> Any:
        return ravel(function(restore(v)))[0]

    if isinstance(constraint, Mapping):
        return {**constraint, "fun": values, "jac": jacobian(values)}

    def second(v: Any, multipliers: Any) -> Any:
        return hessian(lambda v: (multipliers * values(v)).sum())(v)

    curved = {"hess": second} if method == "trust-constr" else {}
    return record(
        values, constraint.lb, constraint.ub, jacobian(values), keep_feasible=constraint.keep_feasible, **curved
    )
