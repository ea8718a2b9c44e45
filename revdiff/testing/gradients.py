"""Gradients beside central differences and beside forward derivatives, of functions that are given and of random ones.

Imports the operators, the descriptors, places and directions.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial, reduce
from operator import add, mul
from typing import Any, final

from revdiff.core.cotangents import zero_like
from revdiff.core.errors import ArgumentError
from revdiff.core.structure import MAPS, leaves
from revdiff.derivatives.gradients import grad, linearize
from revdiff.derivatives.operators import custom_arg_val_derivative
from revdiff.structures.auto import auto_arg, auto_val
from revdiff.structures.differentiation import Differentiation
from revdiff.structures.protocol import Argument
from revdiff.structures.scalar import scalar_val
from revdiff.testing.comparison import require_same
from revdiff.testing.directions import (
    Along,
    Both,
    Counted,
    Function,
    Sides,
    after,
    check_slope,
    paired,
    require_along,
    tangents_of,
)
from revdiff.testing.motion import motion_of
from revdiff.testing.numbers import Draw, rounded, times
from revdiff.testing.places import (
    beside,
    cotangent,
    numbers_in,
    places,
    random_cotangent,
    scale,
)
from revdiff.testing.structures import check_cotangent

IDENTITY = "the pullback of x ↦ x is the identity, x̄ = ȳ"
UNREACHED = "a part that a function does not read has a zero cotangent"


@final
class Functional:
    """A random linear function Σ wᵢ xᵢ of some of the numbers in a structure. Its value is real."""

    def __init__(self, like: Any, counts: Counted, draw: Draw, *, exact: bool = True, first: bool = False) -> None:
        self._weights: list[Any] = []
        for x in numbers_in(like):
            counted = counts(x) and not (first and any(w is not None for w in self._weights))
            self._weights.append(draw.weight(x if exact else rounded(x)) if counted else None)
        self.is_zero = all(w is None for w in self._weights)

    def __call__(self, x: Any) -> Any:
        """Return Σ wᵢ xᵢ."""
        numbers = list(numbers_in(x))
        if len(numbers) != len(self._weights):
            msg = f"a structure of {len(self._weights)} numbers is needed, as many for every value; met one of {len(numbers)}"
            raise ArgumentError(msg)
        return reduce(
            add, [times(w, number) for w, number in zip(self._weights, numbers, strict=True) if w is not None]
        )


def polynomial(like: Any, counts: Counted, draw: Draw, exact: bool) -> Function | None:
    """Return a random polynomial of degree 3 in all the numbers that count; None if there are none."""
    products = [[Functional(like, counts, draw, exact=exact) for _ in range(degree)] for degree in (1, 2, 3)]
    if products[0][0].is_zero:
        return None
    return lambda x: reduce(add, [reduce(mul, [linear(x) for linear in product]) for product in products])


def check_orders(
    f: Function,
    x: Any,
    arg: Argument,
    counts: Counted,
    draw: Draw,
    order: int,
    rtol: float,
    exact: bool,
    modes: Collection[str] = ("rev",),
) -> None:
    """Check the derivatives of f up to an order, each the gradient of a random linear function of the one before."""
    handed = value_at(lambda handed: handed, arg, x)
    inner = arg if type(handed) is type(x) else auto_arg
    for n in range(1, order + 1):
        if "rev" in modes:
            law = f"derivatives of order {n} agree with central differences"
            x_bar = custom_arg_val_derivative(arg, scalar_val, f)(x)
            check_cotangent(x, x_bar, getattr(arg, "zero", zero_like)(x))
            check_slope(partial(value_at, f, arg), x, x_bar, counts, draw, rtol, exact, law)
        if "fwd" in modes:
            check_forward(f, x, counts, draw, rtol, f"derivatives of order {n} are the same forward and backward")
        if n < order:
            gradient = custom_arg_val_derivative(inner, scalar_val, f)
            f = after(gradient, Functional(gradient(handed), counts, draw, exact=exact))


def check_forward(f: Function, x: Any, counts: Counted, draw: Draw, rtol: float, law: str) -> None:
    """Check that f′(x) v is the pairing of the gradient with v, where all of x is numbers and arrays."""
    there = places(x)
    if any(motion_of(place.value) is not None for place in there) or any(MAPS.find(type(leaf)) for leaf in leaves(x)):
        return
    x_bars = beside(x, grad(f)(x))
    _, pushforward = linearize(f, x)
    zeros = [zero_like(place.value) for place in there]

    def both(along: Along) -> Both:
        backward, terms = paired(there, x_bars, along)
        forward = pushforward(cotangent(x, [along.get(i, zero) for i, zero in enumerate(zeros)]))
        return backward, forward, rtol * terms

    def sides(backward: Any, forward: Any, _: Along) -> Sides:
        return [("backward, ⟨x̄, v⟩", backward), ("forward, f′(x) v", forward)]

    require_along(law, there, tangents_of(there, counts, draw), both, sides)


def check_unreached(x: Any, arg: Argument, counts: Counted, draw: Draw) -> None:
    """Check that the cotangents of all the places are zero that a function does not read."""
    handed = value_at(lambda handed: handed, arg, x)
    first = Functional(handed, counts, draw, first=True)
    gradient = custom_arg_val_derivative(arg, scalar_val, first)(x)
    there = places(x)
    reached = next(i for i, place in enumerate(there) if place.counts(counts))
    for i, (place, x_bar) in enumerate(zip(there, beside(x, gradient), strict=True)):
        if i != reached:
            require_same(UNREACHED, place.path, ("zero", zero_like(place.value)), ("x̄", x_bar))


def check_identity(x: Any, arg: Argument, draw: Draw, rtol: float) -> None:
    """Check that what the descriptor hands out leads back to where it came from."""
    differentiation = Differentiation(x)
    handed = differentiation.run(lambda handed: handed, arg)
    y_bar = random_cotangent(x, draw)
    x_bar = differentiation.pull_all(auto_val.seeds(handed, y_bar))
    require_same(IDENTITY, "x", ("ȳ", y_bar), ("x̄", x_bar), rtol, scale(y_bar))


def value_at(f: Function, arg: Argument, x: Any) -> Any:
    """Return f(x), where f is a function of what the descriptor hands out."""
    differentiation = Differentiation(x)
    return differentiation.value(differentiation.run(f, arg))
