"""Minima, as functions of what is minimized depends on.

Imports the operators, implicit functions and roots. At a minimum the gradient is zero: that is the equation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import optimize

from revdiff.core.revdiff import primal
from revdiff.derivatives.gradients import grad, jacobian
from revdiff.rules.shape import gather
from revdiff.scipy._namesakes import called_as, refuse
from revdiff.scipy.optimize.implicit import (
    determined,
    lent,
    plainly,
    solution_of,
    varies_with_revdiffs,
    with_plain_values,
)
from revdiff.scipy.optimize.roots import derivative_of_x, with_args

Func = Callable[..., Any]

AT_BOUND = 1e-6
"""How near to a bound, relative to 1 + |bound|, a coordinate counts as held by it."""


@called_as(optimize.minimize)
def minimize(
    fun: Func, x0: Any, args: Any = (), jac: Any = None, hess: Any = None, hessp: Any = None, bounds: Any = None,
    constraints: Any = (), **how: Any,
) -> optimize.OptimizeResult:  # fmt: skip
    """Return SciPy's result, its ``x`` and ``fun`` as functions of what is minimized depends on.

        ∇f(x, θ) = 0   ⟹   dx/dθ = -H⁻¹ ∂∇f/∂θ,    H = ∂²f/∂x²

    θ is what stands in ``args`` and what fun closes over; x0 is constant. The gradient and H are revdiff's own: fun is
    written with functions that have rules, and ``jac`` and ``hess`` only help SciPy. A coordinate that ended at one of
    its ``bounds`` stays there: its derivative is that of the bound, 0 for a number, and H is that of the others. There
    are no derivatives with ``constraints=``.

    The error of the derivatives is in proportion to that of x, which is about 1e-5 by default: give a small
    ``tol`` for more digits. Raises `ConvergenceError` where a derivative is asked for and x is no minimum, or where H is
    singular: where the minimum is flat, or has a kink.

    >>> from revdiff import jacobian
    >>> import numpy as np
    >>> ridge = lambda w, k: ((w - np.array([1.0, 2.0])) ** 2).sum() + k * (w**2).sum()
    >>> jacobian(lambda k: minimize(ridge, [0.0, 0.0], args=(k,), tol=1e-10).x)(1.0).round(6)     # (1, 2) / (1 + k)
    array([-0.25, -0.5 ])
    """
    args = args if isinstance(args, tuple) else (args,)
    both = with_args(fun, args)
    f: Func = (lambda x: both(x)[0]) if jac is True else both
    lower, upper = _pairs(bounds, np.size(plainly(x0)))
    if bounds is not None:
        how["bounds"] = optimize.Bounds(*map(plainly, (lower, upper)))
    if callable(hessp):
        how["hessp"] = with_plain_values(lambda x, p: hessp(x, p, *args))
    slopes = {"jac": derivative_of_x(jac, args), "hess": derivative_of_x(hess, args)}
    with lent(with_plain_values(both)) as plain:
        result = optimize.minimize(plain, plainly(x0), constraints=constraints, **slopes, **how)
    if varies_with_revdiffs(f(result.x), lower, upper):
        if len(np.atleast_1d(constraints)):
            hint = "Write the constraints into the coordinates, or as a penalty."
            refuse("scipy.optimize.minimize with constraints=", hint)
        result.x = solution_of("minimize", result.success, result.message, _minimum, f, result.x, lower, upper)
        result.fun = f(result.x)
    return result


@called_as(optimize.minimize_scalar)
def minimize_scalar(
    fun: Func, bracket: Any = None, bounds: Any = None, args: Any = (), **how: Any
) -> optimize.OptimizeResult:
    """Return SciPy's result, its ``x`` and ``fun`` as functions of θ.     dx/dθ = -(∂²f/∂x∂θ) / (∂²f/∂x²).

    θ is what stands in ``args`` and what fun closes over; bracket and bounds are constant. Raises
    `ConvergenceError` where a derivative is asked for and the minimum is no stationary point, as at a bound.

    >>> from revdiff import simple_derivative
    >>> round(simple_derivative(lambda a: minimize_scalar(lambda x: (x - a) ** 4 + x * x).x)(3.0), 6)
    0.857143
    """
    f = with_args(fun, args)
    result = optimize.minimize_scalar(with_plain_values(f), plainly(bracket), plainly(bounds), **how)
    if varies_with_revdiffs(f(result.x)):
        message = getattr(result, "message", "it did not converge")
        result.x = solution_of("minimize_scalar", result.success, message, determined, grad(f), float(result.x))
        result.fun = f(result.x)
    return result


@called_as(optimize.least_squares)
def least_squares(
    fun: Func, x0: Any, jac: Any = "2-point", bounds: Any = (-np.inf, np.inf), args: Any = (), kwargs: Any = None, **how: Any
) -> optimize.OptimizeResult:  # fmt: skip
    """Return SciPy's result, its ``x``, ``fun`` and ``cost`` as functions of what the residuals r(x, θ) depend on.

        ∂/∂x ½ Σ r² = 0   ⟹   dx/dθ = -H⁻¹ ∂(Jᵀ r)/∂θ,    H = JᵀJ + Σ rᵢ ∂²rᵢ/∂x²

    All other options are SciPy's. Coordinates at ``bounds`` stay there, as in `minimize`. There are no derivatives with
    another ``loss`` than "linear".

    >>> from revdiff import grad
    >>> import numpy as np
    >>> mean = lambda data: least_squares(lambda m: m - data, [0.0]).x[0]
    >>> grad(mean)(np.array([1.0, 2.0, 6.0])).round(9)
    array([0.33333333, 0.33333333, 0.33333333])
    """
    kwargs = kwargs or {}

    def residuals(x: Any) -> Any:
        return np.ravel(gather(fun(x, *args, **kwargs)))

    start = np.atleast_1d(plainly(x0))
    low, high = (bounds.lb, bounds.ub) if isinstance(bounds, optimize.Bounds) else bounds
    lower, upper = _vectors(low, high, start.size)
    slopes = with_plain_values(lambda x: jac(x, *args, **kwargs)) if callable(jac) else jac

    def cost(x: Any) -> Any:
        return 0.5 * (residuals(x) ** 2).sum()

    bounded = plainly(lower), plainly(upper)
    result = optimize.least_squares(with_plain_values(residuals), start, slopes, bounded, **how)
    if varies_with_revdiffs(residuals(result.x), lower, upper):
        if how.get("loss", "linear") != "linear":
            hint = "Write the loss into the function, and use minimize."
            refuse(f"scipy.optimize.least_squares with loss={how['loss']!r}", hint)
        result.x = solution_of("least_squares", result.success, result.message, _minimum, cost, result.x, lower, upper)
        result.fun, result.cost = residuals(result.x), cost(result.x)
    return result


@called_as(optimize.curve_fit)
def curve_fit(
    f: Func, xdata: Any, ydata: Any, p0: Any = None, sigma: Any = None, absolute_sigma: bool = False, **how: Any
) -> tuple[Any, Any]:
    """Return the parameters p of the curve f(x, *p) that fits the data best, and their covariances.

    They are functions of ``xdata``, ``ydata``, ``sigma`` and what f closes over; p0 is constant. There are no derivatives
    with ``bounds=``, with ``full_output=`` or with a matrix as ``sigma``.

        p = argmin ½ Σ ((f(xᵢ, p) - yᵢ)/σᵢ)²,    C = s² (JᵀJ)⁻¹,    s² = Σ r²/(m - n), and 1 with ``absolute_sigma``

    >>> from revdiff import jacobian
    >>> import numpy as np
    >>> slope = lambda y: curve_fit(lambda x, a: a * x, np.array([1.0, 2.0]), y, [1.0])[0]
    >>> jacobian(slope)(np.array([1.0, 2.0])).round(9)                        # x / Σ x²
    array([[0.2, 0.4]])
    """
    xdata, ydata, sigma = map(gather, (xdata, ydata, sigma))

    def residuals(p: Any) -> Any:
        r = f(xdata, *[p[i] for i in range(np.size(primal(p)))]) - ydata
        return np.ravel(r if sigma is None else r / sigma)

    data = map(plainly, (xdata, ydata, p0, sigma))
    found = optimize.curve_fit(with_plain_values(f), *data, absolute_sigma=absolute_sigma, **how)
    fitted = found[0]
    if not varies_with_revdiffs(residuals(fitted)):
        return found  # type: ignore[no-any-return]
    if np.ndim(primal(sigma)) > 1 or how.get("full_output") or np.any(np.isfinite(plainly(how.get("bounds", np.inf)))):
        hint = "Use revdiff.scipy.optimize.least_squares."
        refuse("scipy.optimize.curve_fit with bounds=, full_output= or a matrix as sigma=", hint)
    p = determined(grad(lambda p: 0.5 * (residuals(p) ** 2).sum()), fitted)
    of_p = jacobian(residuals)(p)
    covariance = np.linalg.inv(of_p.T @ of_p)
    count = np.size(primal(ydata)) - fitted.size
    return p, covariance if absolute_sigma else covariance * ((residuals(p) ** 2).sum() / count)


def linear_sum_assignment(cost_matrix: Any, maximize: bool = False) -> tuple[Any, Any]:
    """Return the rows and columns of the cheapest assignment, as SciPy's. They are whole numbers, and constant.

    The cost ``cost_matrix[rows, columns].sum()`` is not.
    """
    return optimize.linear_sum_assignment(plainly(gather(cost_matrix)), maximize)  # type: ignore[no-any-return]


def _minimum(f: Func, x: Any, lower: Any, upper: Any, near: float) -> Any:
    """Return the minimum x of f as a function of what f depends on; coordinates at a bound move with it."""
    at_lower, at_upper = (_is_at(x, primal(bound)) for bound in (lower, upper))
    free = np.flatnonzero(~(at_lower | at_upper))
    bound = np.where(at_lower, lower, np.where(at_upper, upper, 0.0))
    held = x + (bound - primal(bound))
    if free.size == x.size:
        return determined(grad(f), x, near=near)
    places = np.eye(x.size)[:, free]

    def of_free(part: Any) -> Any:
        return f(held + places @ (part - x[free]))

    return held + places @ (determined(grad(of_free), x[free], near=near) - x[free]) if free.size else held


def _is_at(x: Any, bound: Any) -> Any:
    """Tell which coordinates ended at a bound, or as near to it as a solver may stop."""
    return np.isfinite(bound) & (np.abs(x - bound) <= AT_BOUND * (1 + np.abs(bound)))


def _pairs(bounds: Any, count: int) -> tuple[Any, Any]:
    """Return the bounds of `minimize`, pairs or a Bounds, as two vectors. A bound may be a RevDiff, None is no bound."""
    if bounds is None:
        return np.full(count, -np.inf), np.full(count, np.inf)
    if isinstance(bounds, optimize.Bounds):
        return _vectors(bounds.lb, bounds.ub, count)
    lower = [-np.inf if low is None else low for low, _ in bounds]
    return _vectors(lower, [np.inf if high is None else high for _, high in bounds], count)


def _vectors(lower: Any, upper: Any, count: int) -> tuple[Any, Any]:
    return np.broadcast_to(gather(lower), (count,)), np.broadcast_to(gather(upper), (count,))
