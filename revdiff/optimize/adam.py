"""Adam, with decoupled weight decay if one likes, as a pure function of structures.

Imports the core, rules, places, schedules, and what it shares with descent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

import numpy as np

from revdiff.core.errors import ArgumentError
from revdiff.core.revdiff import primal
from revdiff.optimize.descent import require_between, require_state
from revdiff.optimize.places import ascent, is_point, like, map_places, moved, tangent, zero
from revdiff.optimize.schedules import Rate, rate_at, require_rate
from revdiff.rules.complex import absolute
from revdiff.rules.elementary import sqrt
from revdiff.systems import is_complex


@final
@dataclass(frozen=True)
class AdamState:
    """What `Adam` remembers: how many steps it has made, and the running means of gradients and of their squares."""

    step: int
    mean: Any
    square: Any


@final
@dataclass(frozen=True)
class Adam:
    """Steps that are about as large as the rate, whatever the size of the gradients (Kingma and Ba, 2015).

        g = conj(x̄),    m ← β₁ m + (1 - β₁) g,    s ← β₂ s + (1 - β₂) |g|²
        x ← x - η (m̂ / (√ŝ + ε) + λ x),    m̂ = m / (1 - β₁ᵗ),    ŝ = s / (1 - β₂ᵗ)

    λ is the weight decay; with it, this is AdamW (Loshchilov and Hutter, 2019). The rate η is a number, or a schedule such
    as `cosine_decay`. A point on a manifold has one s for all its coordinates, which does not depend on how they were
    chosen; it goes straight ahead by its method ``moved``, its m turns with the tangent space, and it does not
    decay. Everything keeps its dtype, but integers become floats.

    >>> from revdiff import grad
    >>> f = lambda w: ((w - np.array([1.0, -2.0])) ** 2 * np.array([1.0, 1e6])).sum()
    >>> optimizer = Adam(0.1)
    >>> w = np.zeros(2)
    >>> state = optimizer.init(w)
    >>> for _ in range(500):
    ...     w, state = optimizer.step(w, grad(f)(w), state)
    >>> w.round(3)
    array([ 1., -2.])
    """

    rate: Rate = 1e-3
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    weight_decay: float = 0.0

    def __init__(
        self,
        rate: Rate = 1e-3,
        /,
        *,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        require_rate(rate)
        require_between("beta1", beta1)
        require_between("beta2", beta2)
        for name, value in (("epsilon", epsilon), ("weight_decay", weight_decay)):
            if not primal(value) >= 0:
                msg = f"{name} is a number that is not negative; met {value!r}"
                raise ArgumentError(msg)
        vars(self).update(rate=rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay)

    def init(self, params: Any, /) -> AdamState:
        """Return the state before the first step."""
        return AdamState(0, map_places(zero, params, cotangent=True), map_places(_no_square, params, cotangent=True))

    def step(self, params: Any, grads: Any, state: AdamState, /) -> tuple[Any, AdamState]:
        """Return the parameters after a step against their gradients, and the state after it."""
        require_state(self, state, AdamState)
        t, rate = state.step + 1, rate_at(self.rate, state.step)
        unbiased1, unbiased2 = 1 - self.beta1**t, 1 - self.beta2**t
        steepest = map_places(ascent, params, grads, cotangent=True)

        def mean_of(x: Any, m: Any, g: Any) -> Any:
            return like(m, self.beta1 * tangent(x, m) + (1 - self.beta1) * g)

        def square_of(x: Any, s: Any, g: Any) -> Any:
            return like(s, self.beta2 * s + (1 - self.beta2) * _square(x, g))

        def after(x: Any, m: Any, s: Any) -> Any:
            along = (m / unbiased1) / (sqrt(s / unbiased2) + self.epsilon)
            return moved(x, -rate * (along if is_point(x) else along + self.weight_decay * x))

        mean = map_places(mean_of, params, state.mean, steepest, cotangent=True)
        square = map_places(square_of, params, state.square, steepest, cotangent=True)
        return map_places(after, params, mean, square), AdamState(t, mean, square)


def _square(x: Any, g: Any) -> Any:
    """Return |g|², one number at a point on a manifold."""
    size = absolute(g) if is_complex(primal(g)) else g
    square = size * size
    return square.sum() if is_point(x) else square


def _no_square(x: Any) -> Any:
    """Return the zero of `_square`."""
    nothing = zero(x)
    return nothing.dtype.type(0) if is_point(x) else np.abs(nothing) if is_complex(nothing) else nothing
