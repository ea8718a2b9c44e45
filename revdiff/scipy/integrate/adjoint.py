"""The adjoint equation: how cotangents go back through the solution of a differential equation.

Imports the core, captured values and implicit functions. The adjoint of y′ = f(t, y, θ) is λ′ = -(∂f/∂y)ᵀ λ, solved
backward. It is a differential equation like the first, solved by the same code, and that is all that higher orders
need.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from scipy import integrate

from revdiff.core.errors import ArgumentError, ConvergenceError
from revdiff.core.graph import next_number
from revdiff.core.parts import joined_from
from revdiff.core.revdiff import made, primal, shape_of
from revdiff.core.segments import layers_of
from revdiff.core.structure import map_leaves
from revdiff.rules.shape import gather
from revdiff.scipy.integrate.captured import Captured, at_layer, cotangents_before, has_layer
from revdiff.scipy.optimize.implicit import lent, plainly

Func = Callable[..., Any]

TRUSTED = 100.0
"""By how many tolerances y may miss the point where it was, when it is carried backward together with λ."""


class _AstrayError(Exception):
    """Ends a backward solution that has left the trajectory for good."""


@final
@dataclass(frozen=True)
class Solver:
    """How derivatives are solved for: the method and the tolerances of the solution itself."""

    method: Any
    rtol: Any
    atol: Any
    max_step: float = np.inf

    def __call__(self, f: Func, y: Any, start: float, end: float) -> Any:
        """Return y at the end as plain numbers, or None where the solver fails."""
        if start == end:
            f(start, y)  # which shows what it captures: by the times, there are derivatives
            return y
        rest = np.size(y) - np.size(self.atol)
        atol = np.append(self.atol, np.full(rest, np.min(self.atol))) if np.ndim(self.atol) else self.atol
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings(), lent(f) as slope:
                warnings.simplefilter("ignore")  # what fails is tried in another way, or is an error
                found = integrate.solve_ivp(
                    slope, (start, end), y, self.method, [end], rtol=self.rtol, atol=atol, max_step=self.max_step
                )
        except _AstrayError:
            return None
        return found.y[:, -1] if found.success and np.all(np.isfinite(found.y)) else None

    def is_near(self, y: Any, there: Any) -> bool:
        """Tell whether two plain vectors agree to about the tolerance."""
        return bool(np.all(np.abs(y - there) <= TRUSTED * (self.atol + self.rtol * np.max(np.abs(there), initial=0))))


def _solution(f: Func, y: Any, start: Any, end: Any, solver: Solver) -> Any:
    """Return y at the end, as a function of y at the start, of both times and of what f captures; None for failure."""
    captured = Captured(f)
    found = solver(captured, primal(y), float(primal(start)), float(primal(end)))
    if found is None:
        return None
    return Trajectory(captured, y, start, np.reshape(gather([end]), -1), solver).through(found[None])[0]


@final
class Trajectory:
    """The solution that starts at y0 and was computed at some times, and its derivatives layer by layer.

    ``with_start`` says that the first of the times is the start itself, and the first of the values y0.
    """

    def __init__(
        self, captured: Captured, y0: Any, start: Any, times: Any, solver: Solver, *, with_start: bool = False
    ) -> None:
        self._captured = captured
        self._y0 = y0
        self._start = gather(start)
        self._times = times
        self._solver = solver
        order = np.argsort(np.abs(primal(times) - primal(self._start)), kind="stable").tolist()
        self._order = [i for i in order if i or not with_start]

    def through(self, values: Any) -> Any:
        """Return the values, of shape (times, n), with the derivatives of all layers."""
        given = (self._y0, self._start, self._times)
        tags = {layer._node[1] for x in given for layer in layers_of(x)} | self._captured.forms.keys()
        for tag in sorted(tags):
            values = self._with_layer(values, tag)
        return values

    def _with_layer(self, values: Any, tag: int) -> Any:
        given = [at_layer(x, tag) for x in (self._y0, self._start, self._times)]
        inside = [x for x in given if has_layer(x, tag)] + self._captured.ways_back(tag)
        if not inside:
            return values
        seen = self._seen(values)

        def spread(y_bar: Any) -> list[Any]:
            if not all(map(np.array_equal, seen, self._seen(values))):
                msg = (
                    "the function of a differential equation gives other values now than when the equation was solved.\n"
                    "  Does it use a variable that has another value since?  Give it in args=."
                )
                raise ArgumentError(msg)
            size = float(np.max(np.abs(primal(y_bar)), initial=0)) or 1.0  # tolerances are meant for numbers near 1
            y0, start, times = (at_layer(x, tag - 1) for x in (self._y0, self._start, self._times))
            adjoint = _Adjoint(self._captured, tag, self._solver, y0, start, times, values, self._order)
            back = adjoint.of(y_bar / size)
            sent = [x_bar for x, x_bar in zip(given, back[:3], strict=True) if has_layer(x, tag)]
            return [
                map_leaves(lambda leaf: leaf * size, x_bar) for x_bar in (*sent, *self._captured.shaped(tag, back[3]))
            ]

        return joined_from(values, inside, tag, spread)

    def _seen(self, values: Any) -> list[Any]:
        """Return what the equation gives at both ends: it must not have changed when a cotangent comes by."""
        ends = [(self._start, self._y0), (self._times[-1], values[-1])]
        return [plainly(self._captured.function(float(primal(t)), primal(y))) for t, y in ends]


@final
class _Adjoint:
    """The adjoint equation of one layer. All that it computes with lies in the layers below, except ȳ, which may lie above.

    The points are those at which the solution is known: the start, and the times behind it, in order.
    """

    def __init__(
        self, captured: Captured, tag: int, solver: Solver, y0: Any, start: Any, times: Any, values: Any, order: Any
    ) -> None:
        self._captured = captured
        self._tag = tag
        self._solver = solver
        self._places = order
        self._points = [(start, y0), *((times[i], values[i]) for i in self._places)]
        self._n = np.size(primal(y0))
        self._backward_fails = False

    def of(self, y_bar: Any) -> tuple[Any, Any, Any, Any]:
        """Return the cotangents of y0, of the start, of the times, and of what was captured, as a vector."""
        state = (np.zeros(self._n), self._captured.flat(self._tag, {}))
        of_times: list[Any] = [0.0] * len(y_bar)
        now = len(self._places)
        for point in range(now, 0, -1):
            i = self._places[point - 1]
            if type(y_bar) is np.ndarray and not np.any(y_bar[i]):
                continue
            state = self._carried(point, now, *state)
            of_times[i] = self._along(y_bar[i], point)
            state, now = (state[0] + y_bar[i], state[1]), point
        y_bar_0, rest = self._carried(0, now, *state)
        of_start = -self._along(y_bar_0, 0)
        if len(self._places) < len(y_bar):
            y_bar_0 = y_bar_0 + y_bar[0]
        return y_bar_0, of_start, gather(of_times), rest

    def _along(self, y_bar: Any, point: int) -> Any:
        """Return ȳ · f, by which the time of a point moves the result."""
        f = at_layer(np.ravel(gather(self._captured.function(*self._points[point]))), self._tag - 1)
        return np.real((y_bar * f).sum())

    def _carried(self, since: int, now: int, y_bar: Any, rest: Any) -> tuple[Any, Any]:
        """Carry λ and θ̄ from one point back to another: in one go, or over the points between, or forward."""
        (start, there), (end, y) = self._points[since], self._points[now]
        if since == now or (type(y_bar) is np.ndarray and not np.any(y_bar)):
            return y_bar, rest
        if primal(start) == primal(end) and not (layers_of(start) or layers_of(end)):
            return y_bar, rest
        if not self._backward_fails:
            state = np.concatenate([y, y_bar, rest])
            farthest = max(
                float(np.max(np.abs(primal(value)), initial=0)) for _, value in self._points[since : now + 1]
            )
            found = _solution(
                self._backward(1e3 * (farthest + np.max(self._solver.atol))), state, end, start, self._solver
            )
            if found is not None and self._solver.is_near(primal(found)[: self._n], primal(there)):
                return found[self._n : 2 * self._n], found[2 * self._n :]
            if now - since > 1:
                middle = (since + now) // 2
                return self._carried(since, middle, *self._carried(middle, now, y_bar, rest))
            self._backward_fails = True
        return self._by_sensitivities(start, there, end, y, y_bar, rest)

    def _backward(self, bound: float) -> Func:
        """Return the equation of y, λ and θ̄ together. It ends where y goes astray."""
        n = self._n

        def slope(t: Any, state: Any) -> Any:
            if np.any(np.abs(primal(state)[:n]) > bound):
                raise _AstrayError
            f, (of_y, of_rest) = self._pulled(t, state[:n], [state[n : 2 * n]])
            return np.concatenate([f, -of_y[0], -of_rest[0]])

        return slope

    def _by_sensitivities(self, since: Any, there: Any, now: Any, y: Any, y_bar: Any, rest: Any) -> tuple[Any, Any]:
        """Do the same with S = ∂y/∂(y, θ), solved for forward:  S′ = (∂f/∂y) S + (0, ∂f/∂θ),  λ = Sᵀ ȳ."""
        n, p = self._n, np.size(primal(rest))

        def slope(t: Any, state: Any) -> Any:
            f, (of_y, of_rest) = self._pulled(t, state[:n], list(np.eye(n)))
            s = np.reshape(state[n:], (n, n + p))
            moved = np.stack(of_y) @ s + np.concatenate([np.zeros((n, n)), np.stack(of_rest)], axis=1)
            return np.concatenate([f, np.ravel(moved)])

        unmoved = np.ravel(np.eye(n, n + p))
        found = None
        if not np.iscomplexobj(primal(there)):  # where f is not holomorphic, there is no matrix ∂f/∂y
            found = _solution(slope, np.concatenate([there, unmoved]), since, now, self._solver)
        if found is None or not self._solver.is_near(primal(found)[:n], primal(y)):
            msg = (
                f"the derivatives of a differential equation could not be solved for between t = {primal(since)} and "
                f"{primal(now)}, neither backward nor forward.\n"
                "  Ask for smaller tolerances, for more times between, or use an implicit method such as 'Radau'."
            )
            raise ConvergenceError(msg)
        back = y_bar @ np.reshape(found[n:], (n, n + p))
        return back[:n], rest + back[n:]

    def _pulled(self, t: Any, y: Any, y_bars: list[Any]) -> tuple[Any, tuple[list[Any], list[Any]]]:
        """Return f(t, y), and for each cotangent what f sends back to y and to what it captures."""
        number = next_number()
        variable = made(y, (number, self._tag, None))
        f = at_layer(np.ravel(gather(self._captured.function(t, variable))), self._tag)
        of_y, of_rest = [], []
        for y_bar in y_bars:
            arrived = cotangents_before(self._captured.since, [(f, y_bar)]) if has_layer(f, self._tag) else {}
            of_y.append(arrived.pop(number, np.zeros(shape_of(y))))
            of_rest.append(self._captured.flat(self._tag, arrived))
        return at_layer(f, self._tag - 1), (of_y, of_rest)
