"""Gradients beside central differences, of functions that are given and of random ones.

Imports the operators, the descriptors, places and the comparison. The difference is

    f(x - 2v) - 8 f(x - v) + 8 f(x + v) - f(x + 2v) = 12 ⟨∇f(x), v⟩,

exactly, for a polynomial of degree 4 or less; so a random polynomial is checked without small steps, and in exact
arithmetic without a tolerance, in every number system. Any other function takes steps of 10⁻⁴ v.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from operator import add, mul
from typing import Any, TypeAlias, final

from revdiff.core.cotangents import one_like, zero_like
from revdiff.core.errors import ArgumentError
from revdiff.derivatives import custom_arg_val_derivative
from revdiff.structures.auto import auto_arg, auto_val
from revdiff.structures.differentiation import Differentiation
from revdiff.structures.protocol import Argument
from revdiff.structures.scalar import scalar_val
from revdiff.testing.comparison import broken, require_same
from revdiff.testing.numbers import CONTINUOUS, Draw, agree, bulk, epsilon, group, rounded, size, times, wide
from revdiff.testing.places import (
    beside,
    moved,
    numbers_in,
    pairing,
    places,
    random_cotangent,
    random_tangents,
    rebuilt,
    scale,
)
from revdiff.testing.structures import check_cotangent

Function: TypeAlias = Callable[[Any], Any]

IDENTITY = "the pullback of x ↦ x is the identity, x̄ = ȳ"
UNREACHED = "a part that a function does not read has a zero cotangent"

DIFFERENCE = {-2: 1, -1: -8, 1: 8, 2: -1}
SMALL = 10_000
"""One part in so many is a small step."""


@final
class Functional:
    """A random linear function Σ wᵢ xᵢ of some of the numbers in a structure. Its value is real."""

    def __init__(
        self, like: Any, counts: Callable[[Any], bool], draw: Draw, *, exact: bool = True, first: bool = False
    ) -> None:
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


def polynomial(like: Any, counts: Callable[[Any], bool], draw: Draw, exact: bool) -> Function | None:
    """Return a random polynomial of degree 3 in all the numbers that count; None if there are none."""
    products = [[Functional(like, counts, draw, exact=exact) for _ in range(degree)] for degree in (1, 2, 3)]
    if products[0][0].is_zero:
        return None
    return lambda x: reduce(add, [reduce(mul, [linear(x) for linear in product]) for product in products])


def check_orders(
    f: Function, x: Any, arg: Argument, counts: Callable[[Any], bool], draw: Draw, order: int, rtol: float, exact: bool
) -> None:
    """Check the derivatives of f up to an order, each the gradient of a random linear function of the one before."""
    handed = value_at(lambda handed: handed, arg, x)
    inner = arg if type(handed) is type(x) else auto_arg
    for n in range(1, order + 1):
        check_gradient(f, x, arg, counts, draw, rtol, exact, f"derivatives of order {n} agree with central differences")
        if n < order:
            f = _next(f, inner, handed, counts, draw, exact)


def _next(f: Function, arg: Argument, handed: Any, counts: Callable[[Any], bool], draw: Draw, exact: bool) -> Function:
    gradient = custom_arg_val_derivative(arg, scalar_val, f)
    linear = Functional(gradient(handed), counts, draw, exact=exact)
    return lambda x: linear(gradient(x))


def check_gradient(
    f: Function, x: Any, arg: Argument, counts: Callable[[Any], bool], draw: Draw, rtol: float, exact: bool, law: str
) -> None:
    """Check the form of the gradient of f at x, and its pairing with random tangents."""
    gradient = custom_arg_val_derivative(arg, scalar_val, f)(x)
    check_cotangent(x, gradient, getattr(arg, "zero", zero_like)(x))
    quotient = Quotient(lambda x: value_at(f, arg, x), x, gradient, draw, rtol, exact)
    quotient.require_agreement(law, [i for i, place in enumerate(places(x)) if place.counts(counts)])


@final
class Quotient:
    """The derivative of a function f of plain values along random tangents v, by x̄ and by a difference quotient."""

    def __init__(self, f: Function, x: Any, x_bar: Any, draw: Draw, rtol: float, exact: bool) -> None:
        self._f, self._x = f, x
        self._there = [place if exact else place._replace(value=rounded(place.value)) for place in places(x)]
        self._cotangents = beside(x, x_bar)
        self._tangents = random_tangents(self._there, draw)
        self._rtol = rtol
        self._steps = 1 if exact else SMALL

    def require_agreement(self, law: str, chosen: Sequence[int]) -> None:
        """Raise `LawError` unless both are equal along the chosen places, and find the first along which they are not."""
        if self._agrees(chosen):
            return
        for i in chosen:
            if not self._agrees([i]):
                raise broken(law, self._there[i].path, *self._sides([i]))
        raise broken(law, "x", *self._sides(chosen))

    def _agrees(self, chosen: Sequence[int]) -> bool:
        paired, quotient, slack = self._both(chosen)
        return agree(12 * paired, quotient, slack=slack)

    def _sides(self, chosen: Sequence[int]) -> list[tuple[str, Any]]:
        paired, quotient, _ = self._both(chosen)
        if group(quotient) in CONTINUOUS:
            return [("⟨x̄, v⟩", paired), ("∂f(x + t v)/∂t", quotient / 12)]
        return [("12 ⟨x̄, v⟩", 12 * paired), ("12 ∂f(x + t v)/∂t", quotient)]

    def _both(self, chosen: Sequence[int]) -> tuple[Any, Any, float]:
        paired = reduce(add, [pairing(self._there[i].value, self._cotangents[i], self._tangents[i]) for i in chosen])
        terms = sum(bulk(self._cotangents[i], self._tangents[i]) for i in chosen)
        values = {k: self._at(k, chosen) for k in DIFFERENCE}
        quotient = reduce(add, [c * values[k] for k, c in DIFFERENCE.items()]) * self._steps
        of_f = self._steps * sum(abs(c) * size(values[k]) * epsilon(values[k]) for k, c in DIFFERENCE.items())
        of_x_bar = 12 * max(map(size, values.values())) * max(epsilon(self._there[i].value) for i in chosen)
        return paired, quotient, 12 * self._rtol * terms + 100 * (of_f + of_x_bar)

    def _at(self, k: int, chosen: Sequence[int]) -> Any:
        """Return f(x + k v), or f(x + k h v) where steps are small."""
        values = [place.value for place in self._there]
        for i in chosen:
            x, v = wide(values[i]), wide(self._tangents[i])
            values[i] = moved(x, v, k if self._steps == 1 else _part(k, x))
        return self._f(rebuilt(self._x, values))


def _part(k: int, x: Any) -> Any:
    """Return k small steps, as a number by which a tangent at x can be multiplied."""
    return k / SMALL if group(x) in ("number", "") else one_like(x) * k / SMALL


def check_unreached(x: Any, arg: Argument, counts: Callable[[Any], bool], draw: Draw) -> None:
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
