"""Gradient descent, with momentum if one likes, as a pure function of structures.

Imports the core, places and schedules. An optimizer is a record of its settings; what it remembers is a structure too,
which can be saved, compared and differentiated like any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

import numpy as np

from revdiff.core.errors import ArgumentError, describe
from revdiff.core.revdiff import RevDiff, primal
from revdiff.optimize.places import ascent, like, map_places, moved, tangent, zero
from revdiff.optimize.schedules import Rate, rate_at, require_rate, shown


@final
@dataclass(frozen=True)
class SGDState:
    """What `SGD` remembers: how many steps it has made, and with momentum the velocity v, formed like a gradient."""

    step: int
    velocity: Any


@final
@dataclass(frozen=True)
class SGD:
    """Gradient descent, with the rate η and the momentum μ.

        v ← μ v + conj(x̄)
        x ← x - η v,    with ``nesterov`` x ← x - η (μ v + conj(x̄))

    The rate is a number, or a schedule such as `cosine_decay`. Complex numbers go against the conjugate of their
    gradient, which is the steepest descent; points on a manifold go straight ahead, by their method ``moved``, and
    their velocity turns with the tangent space. Everything keeps its dtype, but integers become floats.

    Raises `MismatchError` where the gradients do not have the form of the parameters.

    >>> from revdiff import grad
    >>> f = lambda p: (p["x"] - 3) ** 2 + 10 * (p["y"] + 1) ** 2
    >>> optimizer = SGD(0.02, momentum=0.8, nesterov=True)
    >>> p = {"x": 0.0, "y": 0.0}
    >>> state = optimizer.init(p)
    >>> for _ in range(200):
    ...     p, state = optimizer.step(p, grad(f)(p), state)
    >>> {name: round(value, 6) for name, value in p.items()}, state.step
    ({'x': 3.0, 'y': -1.0}, 200)
    """

    rate: Rate
    momentum: float = 0.0
    nesterov: bool = False

    def __init__(self, rate: Rate, /, *, momentum: float = 0.0, nesterov: bool = False) -> None:
        require_rate(rate)
        require_between("momentum", momentum)
        vars(self).update(rate=rate, momentum=momentum, nesterov=nesterov)

    def init(self, params: Any, /) -> SGDState:
        """Return the state before the first step."""
        return SGDState(0, map_places(zero, params, cotangent=True) if self._has_momentum() else None)

    def step(self, params: Any, grads: Any, state: SGDState, /) -> tuple[Any, SGDState]:
        """Return the parameters after a step against their gradients, and the state after it."""
        require_state(self, state, SGDState)
        if self._has_momentum() is (state.velocity is None):
            msg = f"this state was not made by {self!r}.init: it has {'no' if state.velocity is None else 'a'} velocity"
            raise ArgumentError(msg)
        rate, velocity = rate_at(self.rate, state.step), state.velocity
        along = steepest = map_places(ascent, params, grads, cotangent=True)

        def faster(x: Any, v: Any, g: Any) -> Any:
            return like(v, self.momentum * tangent(x, v) + g)

        if self._has_momentum():
            along = velocity = map_places(faster, params, velocity, steepest, cotangent=True)
            if self.nesterov:
                along = map_places(faster, params, velocity, steepest, cotangent=True)
        params = map_places(lambda x, v: moved(x, -rate * v), params, along)
        return params, SGDState(state.step + 1, velocity)

    def _has_momentum(self) -> bool:
        momentum: Any = self.momentum
        return isinstance(momentum, RevDiff) or momentum != 0


def require_state(optimizer: Any, state: Any, kind: type) -> None:
    """Raise `ArgumentError` unless a state belongs to this kind of optimizer."""
    if not isinstance(state, kind):
        name = type(optimizer).__name__
        msg = f"a step of {name} needs the state that {name}(…).init or the step before returned; met {describe(state)}"
        raise ArgumentError(msg)


def require_between(name: str, value: Any) -> None:
    """Raise `ArgumentError` unless 0 ≤ value < 1."""
    if not (isinstance(primal(value), float | int | np.floating) and 0 <= primal(value) < 1):
        msg = f"{name} is a number from 0 to below 1; met {shown(value)}"
        raise ArgumentError(msg)
