"""Gradients beside central differences and beside forward derivatives, of functions that are given and of random ones.

Imports the operators, the descriptors, places and the comparison. The difference is

    f(x - 2v) - 8 f(x - v) + 8 f(x + v) - f(x + 2v) = 12 ⟨∇f(x), v⟩,

exactly, for a polynomial of degree 4 or less; so a random polynomial is checked without small steps, and in exact
arithmetic without a tolerance, in every number system. Any other function takes steps of 10⁻⁴ v.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import reduce
from operator import add, mul
from typing import Any, TypeAlias, final

import numpy as np

from revdiff.core.cotangents import one_like, zero_like
from revdiff.core.errors import ArgumentError
from revdiff.core.structure import MAPS, leaves
from revdiff.derivatives.gradients import grad, linearize
from revdiff.derivatives.operators import custom_arg_val_derivative
from revdiff.structures.auto import auto_arg, auto_val
from revdiff.structures.differentiation import Differentiation
from revdiff.structures.protocol import Argument
from revdiff.structures.scalar import scalar_val
from revdiff.systems import is_complex
from revdiff.testing.comparison import broken, require_same
from revdiff.testing.motion import motion_of
from revdiff.testing.numbers import CONTINUOUS, Draw, agree, bulk, epsilon, group, rounded, size, times, wide
from revdiff.testing.places import (
    Place,
    beside,
    cotangent,
    moved,
    numbers_in,
    one_by_one,
    pairing,
    places,
    random_cotangent,
    random_tangents,
    rebuilt,
    scale,
)
from revdiff.testing.structures import check_cotangent

Function: TypeAlias = Callable[[Any], Any]
Along: TypeAlias = Mapping[int, Any]
"""Tangents of some of the places, by number; the others stand still."""

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
    f: Function,
    x: Any,
    arg: Argument,
    counts: Callable[[Any], bool],
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
            check_gradient(f, x, arg, counts, draw, rtol, exact, law)
        if "fwd" in modes:
            check_forward(f, x, counts, draw, rtol, f"derivatives of order {n} are the same forward and backward")
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


def check_forward(f: Function, x: Any, counts: Callable[[Any], bool], draw: Draw, rtol: float, law: str) -> None:
    """Check that f′(x) v is the pairing of the gradient with v, where all of x is numbers and arrays."""
    there = places(x)
    if any(motion_of(place.value) is not None for place in there) or any(MAPS.find(type(leaf)) for leaf in leaves(x)):
        return
    cotangents = beside(x, grad(f)(x))
    _, pushforward = linearize(f, x)
    zeros = [zero_like(place.value) for place in there]

    def both(along: Along) -> tuple[Any, Any, float]:
        paired = reduce(add, [pairing(there[i].value, cotangents[i], v) for i, v in along.items()])
        terms = sum(bulk(cotangents[i], v) for i, v in along.items())
        pushed = pushforward(cotangent(x, [along.get(i, zero) for i, zero in enumerate(zeros)]))
        return paired, pushed, rtol * terms

    def sides(along: Along) -> list[tuple[str, Any]]:
        paired, pushed, _ = both(along)
        return [("backward, ⟨x̄, v⟩", paired), ("forward, f′(x) v", pushed)]

    chosen = [i for i, place in enumerate(there) if place.counts(counts)]
    tangents = random_tangents(there, draw)
    require_along(law, there, {i: tangents[i] for i in chosen}, both, sides)


def require_along(
    law: str,
    there: Sequence[Place],
    tangents: Along,
    both: Callable[[Along], tuple[Any, Any, float]],
    sides: Callable[[Along], list[tuple[str, Any]]],
) -> None:
    """Raise `LawError` unless two numbers are equal, and find the place, and the element, along which they are not.

    ``both(tangents)`` returns the two, and by how much they may differ; ``sides(tangents)`` is what the error shows.
    """

    def differ(along: Along) -> bool:
        a, b, slack = both(along)
        return not agree(a, b, slack=slack)

    if not differ(tangents):
        return
    for i, v in tangents.items():
        if differ({i: v}):
            step, element = _narrowed(v, _at_place(i, differ))
            raise broken(law, there[i].path + step, *sides({i: element}))
    raise broken(law, "x", *sides(tangents))


def _at_place(i: int, differ: Callable[[Along], bool]) -> Callable[[Any], bool]:
    return lambda v: differ({i: v})


def _narrowed(v: Any, differ: Callable[[Any], bool]) -> tuple[str, Any]:
    """Return the first element of an array along which two numbers differ, and the tangent that moves it alone."""
    if not isinstance(v, np.ndarray) or not v.ndim:
        return "", v
    elements = np.arange(v.size)
    while elements.size > 1:
        wrong = next((half for half in np.array_split(elements, 2) if differ(_only(v, half))), None)
        if wrong is None:  # no half is far enough off by itself
            return "", v
        elements = wrong
    index = np.unravel_index(elements[0], v.shape)
    return f"[{', '.join(map(str, index))}]", _only(v, elements)


def _only(v: Any, elements: Any) -> Any:
    """Return v with zeros in all other elements."""
    kept = v * 0
    kept.flat[elements] = v.flat[elements]
    return kept


def _lone_number(along: Along) -> Any:
    """Return the one real number that moves, None if more than that does."""
    moving = [v for tangent in along.values() for v in one_by_one(numbers_in(tangent)) if v != 0]
    return moving[0] if len(moving) == 1 and not is_complex(moving[0]) else None


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
        tangents = {i: self._tangents[i] for i in chosen}
        require_along(law, self._there, tangents, self._both, self._sides)

    def _sides(self, along: Along) -> list[tuple[str, Any]]:
        paired, quotient, _ = self._both(along)
        if group(quotient) not in CONTINUOUS:
            return [("12 ⟨x̄, v⟩", paired), ("12 ∂f(x + t v)/∂t", quotient)]
        alone = _lone_number(along)
        if alone is None:
            return [("⟨x̄, v⟩", paired / 12), ("∂f(x + t v)/∂t", quotient / 12)]
        return [("x̄", paired / 12 / alone), ("∂f/∂x", quotient / 12 / alone)]

    def _both(self, along: Along) -> tuple[Any, Any, float]:
        paired = reduce(add, [pairing(self._there[i].value, self._cotangents[i], v) for i, v in along.items()])
        terms = sum(bulk(self._cotangents[i], v) for i, v in along.items())
        values = {k: self._at(k, along) for k in DIFFERENCE}
        quotient = reduce(add, [c * values[k] for k, c in DIFFERENCE.items()]) * self._steps
        of_f = self._steps * sum(abs(c) * size(values[k]) * epsilon(values[k]) for k, c in DIFFERENCE.items())
        of_x_bar = 12 * max(map(size, values.values())) * max(epsilon(self._there[i].value) for i in along)
        return 12 * paired, quotient, 12 * self._rtol * terms + 100 * (of_f + of_x_bar)

    def _at(self, k: int, along: Along) -> Any:
        """Return f(x + k v), or f(x + k h v) where steps are small."""
        values = [place.value for place in self._there]
        for i, tangent in along.items():
            x, v = wide(values[i]), wide(tangent)
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
