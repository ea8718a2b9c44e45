"""Roots and fixed points, as functions of what the equation depends on.

Imports implicit functions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import optimize

from revdiff.scipy._namesakes import called_as, named
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


@called_as(optimize.fixed_point)
def fixed_point(func: Func, x0: Any, args: Any = (), **how: Any) -> Any:
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
    x = optimize.fixed_point(with_plain_values(f), plainly(x0), **how)
    return implicit_function(lambda x: x - f(x), _as_number(x))


@called_as(optimize.root)
def root(fun: Func, x0: Any, args: Any = (), jac: Any = None, **how: Any) -> optimize.OptimizeResult:
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
        result = optimize.root(plain, plainly(x0), jac=derivative_of_x(jac, args), **how)
    f: Func = (lambda x: both(x)[0]) if jac is True else both
    if varies_with_revdiffs(f(result.x)):
        result.x = solution_of("root", result.success, result.message, determined, f, result.x)
        result.fun = f(result.x)
    return result


@called_as(optimize.root_scalar)
def root_scalar(f: Func, args: Any = (), fprime: Any = None, fprime2: Any = None, **how: Any) -> optimize.RootResults:
    """Return SciPy's result, its ``root`` as a function of what f depends on.     dx/dθ = -(∂f/∂θ) / (∂f/∂x).

    The bracket and the starting points are constant. Raises `ConvergenceError` where a derivative is asked for
    and x is no root.

    >>> from revdiff import simple_derivative
    >>> solve = lambda a: root_scalar(lambda x: x**3 - a, bracket=[0.0, 10.0]).root
    >>> round(simple_derivative(solve)(8.0), 12) == round(1 / 12, 12)
    True
    """
    both = with_args(f, args)
    slopes = {"fprime": derivative_of_x(fprime, args), "fprime2": derivative_of_x(fprime2, args)}
    how |= {name: plainly(how[name]) for name in ("bracket", "x0", "x1") if name in how}
    with lent(with_plain_values(both)) as plain:
        result = optimize.root_scalar(plain, **slopes, **how)
    of_x: Func = (lambda x: both(x)[0]) if fprime is True else both
    if varies_with_revdiffs(of_x(result.root)):
        result.root = solution_of("root_scalar", result.converged, result.flag, determined, of_x, result.root)
    return result


def _bracketing(name: str) -> Func:
    """Return one of the methods that look between two points at which a function has different signs."""
    scipys = getattr(optimize, name)

    @called_as(scipys)
    def solve(f: Func, a: Any, b: Any, args: Any = (), full_output: bool = False, **how: Any) -> Any:
        of_x = with_args(f, args)
        with lent(with_plain_values(of_x)) as plain:
            x, found = scipys(plain, plainly(a), plainly(b), full_output=True, **how)
        if varies_with_revdiffs(of_x(x)):
            x = found.root = solution_of(name, found.converged, found.flag, determined, of_x, x)
        return (x, found) if full_output else x

    return named(solve, name, f"""Return a root of f between a and b, as `scipy.optimize.{name}`.     dx/dθ = -(∂f/∂θ) / (∂f/∂x).

    θ is what stands in ``args`` and what f closes over; a and b are constant, because the root does not move with them.
    """)  # fmt: skip


brentq, brenth, bisect, ridder, toms748 = map(_bracketing, ("brentq", "brenth", "bisect", "ridder", "toms748"))


@called_as(optimize.newton)
def newton(
    func: Func, x0: Any, fprime: Any = None, args: Any = (), fprime2: Any = None, x1: Any = None, full_output: bool = False,
    **how: Any,
) -> Any:  # fmt: skip
    """Return a root of f near x0, or an array of them, as `scipy.optimize.newton`.     dx/dθ = -(∂f/∂θ) / (∂f/∂x).

    Where x0 is an array, func works element by element. x0 is constant.

    >>> from revdiff import grad
    >>> import numpy as np
    >>> grad(lambda a: newton(lambda x: x**2 - a, np.array([1.0, 1.0])).sum())(np.array([4.0, 9.0])).round(9)
    array([0.25      , 0.16666667])
    """
    of_x = with_args(func, args)
    slopes = {"fprime": derivative_of_x(fprime, args), "fprime2": derivative_of_x(fprime2, args)}
    found = optimize.newton(with_plain_values(of_x), plainly(x0), x1=plainly(x1), full_output=True, **slopes, **how)
    x = found[0]
    if varies_with_revdiffs(of_x(x)):
        converged = found[1].converged if len(found) == 2 else bool(np.all(found[1]))
        x = solution_of("newton", converged, "it did not converge", determined, of_x, x, elementwise=True)
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
