"""Implicit functions: what solves an equation, as a function of everything else in the equation.

Imports derivative operators and rules of arrays. All solvers of this package end here: SciPy finds the solution with
plain numbers, and the equation says how it moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import numpy as np

from revdiff.core.errors import ConvergenceError
from revdiff.core.revdiff import primal
from revdiff.core.segments import layers_of
from revdiff.core.structure import map_leaves
from revdiff.derivatives.gradients import jacobian, vjp
from revdiff.rules.shape import gather
from revdiff.scipy._namesakes import refuse

NEAR = 1e-3
"""A solution is one if Newton's next step is shorter than this, relative to 1 + |x|."""

EXACT = 1e-5
"""The same, where SciPy doubts that it is one."""


def implicit_function(f: Callable[[Any], Any], x: Any, /, *, elementwise: bool = False) -> Any:
    """Return the solution x of f(x) = 0 as a function of all that f depends on: its closure is its parameter.

        f(x, θ) = 0   ⟹   dx/dθ = -(∂f/∂x)⁻¹ ∂f/∂θ

    ``x`` is a number or an array of any shape, found by whatever solver, and f returns as many numbers. The value stays
    x as it was given; what carries derivatives is θ, the RevDiffs that f closes over. With A the matrix ∂f/∂x at the
    given x, as plain numbers, and r₀ the number that f(x) misses zero by, each step of

        x ← x - A⁻¹ (f(x, θ) - r₀)

    leaves the value alone and makes the derivatives of one more order right, so there are as many steps as there are
    nested derivatives. ``elementwise`` says that each element of f(x) depends on the same element of x only.

    Raises `ConvergenceError` where x is no solution, or where A is singular. The error of the derivatives
    is in proportion to that of x.

    >>> from revdiff import nth_derivative
    >>> root = lambda a: implicit_function(lambda x: x * x - a, 3.0)
    >>> [nth_derivative(root, n)(9.0) for n in (1, 2)] == [1 / 6, -1 / 108]        # √a at 9
    True
    """
    x = plainly(x)
    return determined(f, x, elementwise=elementwise) if varies_with_revdiffs(f(x)) else x


def determined(f: Callable[[Any], Any], x: Any, /, *, elementwise: bool = False, near: float = NEAR) -> Any:
    """Return the same, and raise the same errors also where f(x) carries no derivative: then x must be a regular solution.

    Newton's next step is at most ``near``, relative to 1 + |x|.
    """
    remains = gather(f(x))
    if np.iscomplexobj(x):
        refuse("an implicit function of complex numbers", "Write it for real and imaginary parts.")
    require_one_each(x, remains)
    solve = _division(f, x) if elementwise or not np.ndim(x) else _linear_solve(f, x)
    _require_near(solve(primal(remains)), x, near)
    solution = x
    for order in range(len(layers_of(remains))):
        remains = remains if order == 0 else gather(f(solution))
        solution = solution - solve(remains - primal(remains))
    return solution


def solution_of(name: str, success: bool, message: Any, solve: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Return the x that SciPy found. Where it reports no success, x must solve the equation more exactly than otherwise.

    A solver that has lost the last digits, for want of an exact gradient, says so, and is right about the others.
    """
    if success:
        return solve(*args, near=NEAR, **options)
    try:
        return solve(*args, near=EXACT, **options)
    except ConvergenceError as error:
        msg = f"scipy.optimize.{name} found no solution, and what it returned has no derivative: {message}"
        raise ConvergenceError(msg) from error


def plainly(value: Any) -> Any:
    """Return plain numbers for a value or a structure of values: what SciPy's own functions are given."""
    return map_leaves(lambda leaf: primal(gather(leaf)), value)


def with_plain_values(f: Callable[..., Any]) -> Callable[..., Any]:
    """Return f as SciPy may call it: without RevDiffs in what it returns."""

    @wraps(f)
    def plain(*args: Any, **options: Any) -> Any:
        return plainly(f(*args, **options))

    return plain


@contextmanager
def lent(f: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """Return f for the time of a call of SciPy.

    Some of its solvers leave reference cycles behind, with the function in them. That would keep alive all that f closes
    over, graphs of derivatives among it, until the garbage collector comes by.
    """
    held = [f]

    def borrowed(*args: Any) -> Any:
        return held[0](*args)

    try:
        yield borrowed
    finally:
        held.clear()


def varies_with_revdiffs(*values: Any) -> bool:
    """Tell whether a derivative depends on any of these results of functions."""
    return any(layers_of(gather(value)) for value in values)


def require_one_each(x: Any, remains: Any) -> None:
    """Raise `ConvergenceError` unless there are as many equations as unknowns."""
    if np.size(primal(remains)) != np.size(x):
        msg = f"{np.size(primal(remains))} equations do not determine {np.size(x)} unknowns"
        raise ConvergenceError(msg)


def _linear_solve(f: Callable[[Any], Any], x: Any) -> Callable[[Any], Any]:
    """Return r ↦ A⁻¹ r, where A = ∂f/∂x as plain numbers."""
    matrix = primal(jacobian(lambda x: np.ravel(gather(f(x))))(x)).reshape(np.size(x), -1)
    if not np.all(np.isfinite(matrix)) or np.linalg.cond(matrix) * np.finfo(matrix.dtype).eps > 1:
        raise _singular()
    return lambda remains: np.reshape(np.linalg.solve(matrix, np.ravel(remains)), np.shape(x))


def _division(f: Callable[[Any], Any], x: Any) -> Callable[[Any], Any]:
    """Return r ↦ r / (∂f/∂x), element by element."""
    value, pullback = vjp(f, x)
    slope = np.asarray(primal(pullback(np.ones_like(primal(value)) if np.ndim(primal(value)) else 1.0)))
    if not np.all(np.isfinite(slope)) or np.any(slope == 0):
        raise _singular()
    slope = slope if slope.ndim else slope.item()
    return lambda remains: np.reshape(remains, np.shape(x))[()] / slope if np.ndim(x) else _number(remains) / slope


def _number(remains: Any) -> Any:
    return remains if np.ndim(primal(remains)) == 0 else np.reshape(remains, ())[()]


def _singular() -> ConvergenceError:
    return ConvergenceError(
        "the solution is no function of the parameters: the derivative of the equation by the unknown is singular there.\n"
        "  Of a minimum: the second derivatives vanish along some direction, or do not exist."
    )


def _require_near(step: Any, x: Any, near: float) -> None:
    length, size = np.max(np.abs(step), initial=0), 1 + np.max(np.abs(x), initial=0)
    if not length <= near * size:
        msg = (
            f"what was given as the solution is none: Newton's next step from it has length {length:.3g}.\n"
            "  Ask the solver for a smaller tolerance or for more iterations. A minimum at a bound is no stationary point."
        )
        raise ConvergenceError(msg)
