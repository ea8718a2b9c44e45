"""Roots and fixed points, as functions of what the equation depends on.

Imports implicit functions.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np
from scipy import optimize

from revdiff.scipy.optimize.implicit import (
    determined,
    implicit_function,
    lent,
    plainly,
    solution_of,
    varies_with_revdiffs,
    with_plain_values,
)

Func = Callable[..., Any]


def fixed_point(
    func: Func, x0: Any, args: Any = (), xtol: float = 1e-8, maxiter: int = 500, method: str = "del2"
) -> Any:
    """Return the x with f(x, θ) = x.     dx/dθ = (1 - ∂f/∂x)⁻¹ ∂f/∂θ.

    As SciPy's. θ is what stands in ``args`` and what func closes over; the x0 from which the search began is
    constant. Raises SciPy's RuntimeError where it does not converge.

    >>> from revdiff import simple_value_and_derivative
    >>> half = lambda x, a: (x + a / x) / 2                       # Heron's step towards √a
    >>> root, slope = simple_value_and_derivative(lambda a: fixed_point(half, 1.0, args=(a,)))(4.0)
    >>> round(float(root), 12), round(slope, 12)
    (2.0, 0.25)
    """
    f = with_args(func, args)
    x = optimize.fixed_point(with_plain_values(f), plainly(x0), (), xtol, maxiter, method)
    return implicit_function(lambda x: x - f(x), _as_number(x))


def root(
    fun: Func,
    x0: Any,
    args: Any = (),
    method: str = "hybr",
    jac: Any = None,
    tol: float | None = None,
    callback: Any = None,
    options: Any = None,
) -> optimize.OptimizeResult:
    """Return SciPy's result, its ``x`` and ``fun`` as functions of what the equations depend on.

        f(x, θ) = 0   ⟹   dx/dθ = -(∂f/∂x)⁻¹ ∂f/∂θ

    θ is what stands in ``args`` and what fun closes over; x0 is constant. Derivatives of f are revdiff's own,
    ``jac`` only helps SciPy. Raises `ConvergenceError` where a derivative is asked for and x is no root.

    >>> from revdiff import grad
    >>> import numpy as np
    >>> circle_and_line = lambda x, r: np.array([x[0] ** 2 + x[1] ** 2 - r * r, x[0] - x[1]])
    >>> slope = grad(lambda r: root(circle_and_line, [1.0, 1.0], args=(r,)).x.sum())(3.0)
    >>> round(slope, 9) == round(2**0.5, 9)
    True
    """
    both = with_args(fun, args)
    with lent(with_plain_values(both)) as plain:
        result = optimize.root(plain, plainly(x0), (), method, derivative_of_x(jac, args), tol, callback, options)
    f: Func = (lambda x: both(x)[0]) if jac is True else both
    return with_solution(result, f, "root")


def with_solution(result: Any, f: Func, name: str) -> Any:
    """Return a result of SciPy with x as an implicit function of f(x) = 0, and f(x) in ``fun``."""
    if varies_with_revdiffs(f(result.x)):
        x = result.x
        result.x = solution_of(result.success, result.message, name, lambda near: determined(f, x, near=near))
        result.fun = f(result.x)
    return result


def root_scalar(
    f: Func,
    args: Any = (),
    method: str | None = None,
    bracket: Any = None,
    fprime: Any = None,
    fprime2: Any = None,
    x0: Any = None,
    x1: Any = None,
    xtol: float | None = None,
    rtol: float | None = None,
    maxiter: int | None = None,
    options: Any = None,
) -> optimize.RootResults:
    """Return SciPy's result, its ``root`` as a function of what f depends on.     dx/dθ = -(∂f/∂θ) / (∂f/∂x).

    The bracket and the starting points are constant. Raises `ConvergenceError` where a derivative is asked for
    and x is no root.

    >>> from revdiff import simple_derivative
    >>> solve = lambda a: root_scalar(lambda x: x**3 - a, bracket=[0.0, 10.0]).root
    >>> round(simple_derivative(solve)(8.0), 12) == round(1 / 12, 12)
    True
    """
    args = args if isinstance(args, tuple) else (args,)
    both = with_args(f, args)
    with lent(with_plain_values(both)) as plain:
        result = optimize.root_scalar(
            plain, (), method, plainly(bracket), derivative_of_x(fprime, args), derivative_of_x(fprime2, args),
            plainly(x0), plainly(x1), xtol, rtol, maxiter, options,
        )  # fmt: skip
    of_x: Func = (lambda x: both(x)[0]) if fprime is True else both
    if varies_with_revdiffs(of_x(result.root)):
        x = result.root
        result.root = solution_of(
            result.converged, result.flag, "root_scalar", lambda near: determined(of_x, x, near=near)
        )
    return result


def _bracketing(name: str) -> Func:
    """Return one of the methods that look between two points at which a function has different signs."""
    scipys = getattr(optimize, name)

    def solve(f: Func, a: Any, b: Any, args: Any = (), *positions: Any, **options: Any) -> Any:
        names = ("k", *_OPTIONS) if name == "toms748" else _OPTIONS
        options = {**dict(zip(names, positions, strict=False)), **options}
        full_output, disp = options.pop("full_output", False), options.pop("disp", True)
        of_x = with_args(f, args)
        with lent(with_plain_values(of_x)) as plain_f:
            x, found = scipys(plain_f, plainly(a), plainly(b), full_output=True, disp=disp, **options)
        if varies_with_revdiffs(of_x(x)):
            plain = x
            x = found.root = solution_of(
                found.converged, found.flag, name, lambda near: determined(of_x, plain, near=near)
            )
        return (x, found) if full_output else x

    solve.__name__ = solve.__qualname__ = name
    solve.__signature__ = signature(scipys)  # type: ignore[attr-defined]
    solve.__doc__ = f"""Return a root of f between a and b, as `scipy.optimize.{name}`.     dx/dθ = -(∂f/∂θ) / (∂f/∂x).

    θ is what stands in ``args`` and what f closes over; a and b are constant, because the root does not move with them.
    """
    return solve


_OPTIONS = ("xtol", "rtol", "maxiter", "full_output", "disp")
brentq, brenth, bisect, ridder, toms748 = map(_bracketing, ("brentq", "brenth", "bisect", "ridder", "toms748"))


def newton(
    func: Func,
    x0: Any,
    fprime: Any = None,
    args: Any = (),
    tol: float = 1.48e-8,
    maxiter: int = 50,
    fprime2: Any = None,
    x1: Any = None,
    rtol: float = 0.0,
    full_output: bool = False,
    disp: bool = True,
) -> Any:
    """Return a root of f near x0, or an array of them, as `scipy.optimize.newton`.     dx/dθ = -(∂f/∂θ) / (∂f/∂x).

    Where x0 is an array, func works element by element. x0 is constant.

    >>> from revdiff import grad
    >>> import numpy as np
    >>> grad(lambda a: newton(lambda x: x**2 - a, np.array([1.0, 1.0])).sum())(np.array([4.0, 9.0])).round(9)
    array([0.25      , 0.16666667])
    """
    of_x = with_args(func, args)
    found = optimize.newton(
        with_plain_values(of_x), plainly(x0), derivative_of_x(fprime, args), (), tol, maxiter, derivative_of_x(fprime2, args),
        plainly(x1), rtol, True, disp,
    )  # fmt: skip
    x = found[0]
    if varies_with_revdiffs(of_x(x)):
        converged = found[1].converged if len(found) == 2 else bool(np.all(found[1]))
        plain = x
        x = solution_of(
            converged, "it did not converge", "newton",
            lambda near: determined(of_x, plain, elementwise=True, near=near),
        )  # fmt: skip
    if not full_output:
        return x
    if len(found) == 3:
        return type(found)(x, *found[1:]) if hasattr(found, "_fields") else (x, *found[1:])
    found[1].root = x
    return x, found[1]


def with_args(func: Func, args: Any) -> Func:
    """Return a function of x alone."""
    args = args if isinstance(args, tuple) else (args,)
    return lambda x: func(x, *args)


def derivative_of_x(jac: Any, args: Any) -> Any:
    """Return the derivative that the user gave to SciPy, as a function of x alone."""
    return with_plain_values(with_args(jac, args)) if callable(jac) else jac


def _as_number(x: Any) -> Any:
    return x if np.ndim(x) else np.asarray(x)[()]
