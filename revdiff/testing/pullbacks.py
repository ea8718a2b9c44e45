"""The laws of a pullback that stands by itself, of a lens or of a primitive: linear, and the adjoint of the derivative.

Imports the core, places, the comparison and difference quotients.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, reduce
from operator import add as plus
from typing import Any, NamedTuple

from revdiff.core.cotangents import add, one_like, zero_like
from revdiff.core.structure import map_leaves
from revdiff.testing.comparison import require_same
from revdiff.testing.gradients import Function, Quotient
from revdiff.testing.numbers import Draw, group, times
from revdiff.testing.places import cotangent, numbers_in, places, random_cotangent, random_cotangents, scale
from revdiff.testing.structures import check_cotangent


class Wording(NamedTuple):
    """What a pullback is called in an error, and how its application to a cotangent is written."""

    name: str
    applied: str

    def to(self, cotangent: str) -> str:
        """Return the formula for the pullback of a cotangent."""
        return self.applied.format(cotangent)


def check_linear(pullback: Function, x: Any, y: Any, draw: Draw, rtol: float, called: Wording) -> tuple[Any, Any]:
    """Check that a pullback takes zero to zero, sums to sums and multiples to multiples.

    Returns a random cotangent, and what it is pulled back to.
    """
    of = called.to
    a, b = random_cotangent(y, draw), random_cotangent(y, draw)
    x_bar = pullback(a)
    check_cotangent(x, x_bar, zero_like(x))
    nothing = f"{called.name} takes zero to zero, {of('0')} = 0"
    require_same(nothing, "x", ("0", zero_like(x)), (of("0"), pullback(zero_like(y))), rtol)
    other = pullback(b)
    linear = f"{called.name} is linear in the cotangent, {of('a + b')} = {of('a')} + {of('b')}"
    sums = (of("a + b"), pullback(add(a, b))), (f"{of('a')} + {of('b')}", add(x_bar, other))
    require_same(linear, "x", *sums, rtol, scale(x_bar, other))
    homogeneous = f"{called.name} is linear in the cotangent, {of('-3 a')} = -3 {of('a')}"
    multiples = (
        (of("-3 a"), pullback(map_leaves(_times_minus_3, a))),
        (f"-3 {of('a')}", map_leaves(_times_minus_3, x_bar)),
    )
    require_same(homogeneous, "x", *multiples, rtol, scale(x_bar))
    return a, x_bar


def _times_minus_3(leaf: Any) -> Any:
    return leaf * -3


def check_adjoint(
    law: str, f: Function, pullback: Function, x: Any, y: Any, draw: Draw, rtol: float, *, unit: bool = False
) -> None:
    """Check that ⟨x̄, v⟩ = ∂⟨ȳ, f(x + t v)⟩/∂t, with a random ȳ, or with ȳ = 1."""
    there, beyond = places(x), places(y)
    for of in sorted(groups(x) & groups(y)):
        counts = counts_as(of)
        drawn = [one_like(y)] if unit else random_cotangents(beyond, draw)
        weights = [w if place.counts(counts) else None for w, place in zip(drawn, beyond, strict=True)]
        y_bar = cotangent(
            y, [zero_like(place.value) if w is None else w for w, place in zip(weights, beyond, strict=True)]
        )
        quotient = Quotient(after(f, partial(_paired, weights)), x, pullback(y_bar), draw, rtol, exact=False)
        quotient.require_agreement(law, [i for i, place in enumerate(there) if place.counts(counts)])


def _paired(weights: list[Any], y: Any) -> Any:
    """Return Σ wᵢ yᵢ, over the places in y that have a weight."""
    weighted = [(w, place) for w, place in zip(weights, places(y), strict=True) if w is not None]
    return reduce(plus, [times(w, number) for w, place in weighted for number in numbers_in(place.value)])


def after(f: Function, g: Function) -> Function:
    """Return x ↦ g(f(x))."""
    return lambda x: g(f(x))


def groups(x: Any) -> set[str]:
    """Return the groups of numbers in x. Of symbols there are no differences."""
    return {group(number) for number in numbers_in(x)} - {"sympy"}


def counts_as(of: str) -> Callable[[Any], bool]:
    """Return x ↦ whether x is of that group of numbers."""
    return lambda x: group(x) == of
