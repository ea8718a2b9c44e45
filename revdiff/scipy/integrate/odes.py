"""Differential equations: SciPy's solutions, and their derivatives by times, starting values and parameters.

Imports the adjoint equation and captured values.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import wraps
from typing import Any, final

import numpy as np
from scipy import integrate

from revdiff.core.capture import own
from revdiff.core.errors import ConvergenceError
from revdiff.core.revdiff import primal
from revdiff.core.segments import layers_of
from revdiff.rules.shape import gather
from revdiff.scipy._namesakes import called_as, refuse
from revdiff.scipy.integrate.adjoint import Solver, Trajectory
from revdiff.scipy.integrate.captured import Captured
from revdiff.scipy.optimize.implicit import lent, plainly, with_plain_values

Func = Callable[..., Any]


@called_as(integrate.solve_ivp)
def solve_ivp(
    fun: Func, t_span: Any, y0: Any, method: Any = "RK45", t_eval: Any = None, events: Any = None, vectorized: bool = False,
    args: Any = None, **options: Any,
) -> Any:  # fmt: skip
    """Return SciPy's solution of y′ = f(t, y, θ), its ``y`` as a function of y0, the times and θ.

        λ′ = -(∂f/∂y)ᵀ λ,   θ̄′ = -(∂f/∂θ)ᵀ λ,   λ jumps by ȳᵢ at tᵢ,   ȳ₀ = λ(t₀),   t̄ᵢ = ȳᵢ · f(tᵢ, yᵢ)

    θ is what stands in ``args`` and what fun closes over. y0, t_span and t_eval may be RevDiffs; the times that SciPy
    chooses between the ends are constant. With ``dense_output`` the result's ``sol`` is differentiable as well.

    The adjoint is solved with the same method, ``rtol``, ``atol`` and ``max_step``, so the relative error of
    the derivatives is of the order of ``rtol``, 1e-3 by default, and they belong to the exact solution rather than to
    SciPy's steps. y is carried backward together with λ. Where it does not arrive where it was at the times of the
    result, as in stiff systems, which forget their past, the derivatives are solved for forward instead:
    n + p equations for each of n, where p is how many numbers θ has.

    Raises `ConvergenceError` where neither succeeds. There are no derivatives with ``events``.

    >>> from revdiff import grad
    >>> import numpy as np
    >>> decay = lambda k: solve_ivp(lambda t, y, k: -k * y, (0.0, 2.0), [1.0], args=(k,), rtol=1e-8, atol=1e-8).y[0, -1]
    >>> bool(abs(grad(decay)(0.5) + 2 * np.exp(-1.0)) < 1e-7)
    True
    """
    y0, start, end, times = own(gather(y0)), t_span[0], t_span[1], own(gather(t_eval))
    f = (lambda t, y: fun(t, y, *args)) if args is not None else fun
    captured = Captured(f)
    if "jac" in options and callable(options["jac"]):
        jac = options["jac"]
        options["jac"] = with_plain_values((lambda t, y: jac(t, y, *args)) if args is not None else jac)
    if events is not None and args is not None:
        events = [_without_args(event, args) for event in (events if isinstance(events, list | tuple) else [events])]
    with lent(captured) as rhs:
        result = integrate.solve_ivp(
            rhs,
            plainly((start, end)),
            primal(y0),
            method,
            primal(times),
            events=events,
            vectorized=vectorized,
            **options,
        )
    solver = Solver(
        method, np.min(options.get("rtol", 1e-3)), options.get("atol", 1e-6), options.get("max_step", np.inf)
    )
    if vectorized:
        captured.function = _of_one_vector(f)
    if result.sol is not None:
        result.sol = _Dense(result.sol, captured, y0, start, solver)
    if not (captured.forms or any(map(layers_of, (y0, gather(start), gather(end), times)))):
        return result
    if events is not None:
        hint = "Find the time with revdiff.scipy.optimize.brentq, from a solution up to it."
        refuse("scipy.integrate.solve_ivp with events=", hint)
    result.t = _times_of(result, start, end, times)
    result.y = Trajectory(captured, y0, start, result.t, solver, with_start=times is None).through(result.y.T).T
    return result


def _of_one_vector(f: Func) -> Func:
    """Return a vectorized function as one of a vector."""
    return lambda t, y: np.ravel(gather(f(t, y[:, None])))


def _without_args(event: Any, args: Any) -> Any:
    """Return an event as a function of t and y alone, with what it says about itself."""

    @wraps(event)
    def of_t_and_y(t: Any, y: Any) -> Any:
        return plainly(event(t, y, *args))

    return of_t_and_y


def _times_of(result: Any, start: Any, end: Any, times: Any) -> Any:
    """Return the times of a result, with their derivatives."""
    if times is not None:
        return times[: result.t.size]
    ends = end if result.status == 0 else result.t[-1]
    return gather([start, *result.t[1:-1], ends])


@final
class _Dense(integrate.OdeSolution):  # type: ignore[misc]
    """A solution between the steps: SciPy's, with derivatives by t, y0 and what the equation captures.

    t may be all that varies, and nobody knows before it is given. So this stands in every result.
    """

    def __init__(self, sol: Any, captured: Captured, y0: Any, start: Any, solver: Solver) -> None:
        self.__dict__.update(vars(sol))
        self._sol = sol
        self._given = (captured, y0, start)
        self._solver = solver

    def _varies_by(self, *others: Any) -> bool:
        captured, *given = self._given
        return bool(captured.forms) or any(layers_of(gather(x)) for x in (*given, *others))

    def __call__(self, t: Any) -> Any:
        """Return y(t), of shape (n,), or (n, len(t)) for several times."""
        t = gather(t)
        if not self._varies_by(t):
            return self._sol(primal(t))
        times = np.reshape(t, -1)
        y = Trajectory(*self._given, times, self._solver).through(self._sol(primal(times)).T).T
        return y if np.ndim(primal(t)) else y[:, 0]

    def __reduce_ex__(self, protocol: Any) -> Any:
        # Of plain numbers SciPy's own is pickled: a function, that of the equation, often cannot be.
        return super().__reduce_ex__(protocol) if self._varies_by() else (copy, (self._sol,))


@called_as(integrate.odeint)
def odeint(
    func: Func, y0: Any, t: Any, args: Any = (), Dfun: Any = None, full_output: int = 0, rtol: Any = None, atol: Any = None,  # noqa: N803 (SciPy's name)
    tcrit: Any = None, hmax: float = 0.0, tfirst: bool = False, **how: Any,
) -> Any:  # fmt: skip
    """Return the solution of y′ = f(y, t, θ) at the times t, a row for each, as a function of y0, t and θ.

    As `scipy.integrate.odeint`; θ is what stands in ``args`` and what func closes over. The derivatives are those of
    `solve_ivp` with method "LSODA" and the same tolerances, about 1.5e-8 by default, which is the order of their
    relative error. Raises `ConvergenceError` where a derivative is asked for and SciPy does not reach the last time.

    >>> from revdiff import grad
    >>> import numpy as np
    >>> falling = lambda g: odeint(lambda y, t, g: [y[1], -g], [0.0, 0.0], np.array([0.0, 2.0]), args=(g,))[-1, 0]
    >>> round(grad(falling)(9.81), 6)                                                 # -t²/2
    -2.0
    """
    args = args if isinstance(args, tuple) else (args,)
    y0, t = own(gather(y0)), own(gather(t))
    flat = np.atleast_1d(y0)
    f: Func = (lambda t, y: func(t, y, *args)) if tfirst else (lambda t, y: func(y, t, *args))
    captured = Captured(f)
    jacobian = Dfun and with_plain_values(
        (lambda t, y: Dfun(t, y, *args)) if tfirst else (lambda t, y: Dfun(y, t, *args))
    )
    how |= {"full_output": True, "rtol": rtol, "atol": atol, "tcrit": plainly(tcrit), "hmax": hmax, "tfirst": True}
    y, report = integrate.odeint(captured, primal(flat), primal(t), Dfun=jacobian, **how)
    if captured.forms or layers_of(flat) or layers_of(t):
        if "successful" not in report["message"]:
            msg = f"scipy.integrate.odeint did not reach the last time, and there is no derivative: {report['message']}"
            raise ConvergenceError(msg)
        rtol, atol = (1.49012e-8 if tolerance is None else tolerance for tolerance in (rtol, atol))
        solver = Solver("LSODA", np.min(rtol), atol, hmax or np.inf)
        y = Trajectory(captured, flat, t[0], t, solver, with_start=True).through(y)
    return (y, report) if full_output else y
