"""The laws of a pullback that stands by itself, of a lens or of a primitive: linear, and the adjoint of the derivative.

Imports the core, places, the comparison and difference quotients.
"""

from __future__ import annotations

from functools import partial, reduce
from operator import add as plus
from typing import Any

from revdiff.core.cotangents import add, one_like, zero_like
from revdiff.core.errors import ArgumentError
from revdiff.core.structure import map_leaves
from revdiff.testing.comparison import require_same
from revdiff.testing.directions import Function, after, check_slope
from revdiff.testing.numbers import Draw, counts_as, group, is_finite, times
from revdiff.testing.places import cotangent, numbers_in, places, random_cotangent, random_cotangents, scale
from revdiff.testing.structures import check_cotangent


def check_linear(
    pullback: Function, x: Any, y: Any, draw: Draw, rtol: float, *, name: str, applied: str
) -> tuple[Any, Any]:
    """Check that a pullback takes zero to zero, sums to sums and multiples to multiples.

    Errors call it by a name, and write its application as ``applied`` says, "pullback({})". Returns a random cotangent, and
    what it is pulled back to.
    """
    of = applied.format
    a, b = random_cotangent(y, draw), random_cotangent(y, draw)
    x_bar = pullback(a)
    check_cotangent(x, x_bar, zero_like(x))
    nothing = f"{name} takes zero to zero, {of('0')} = 0"
    require_same(nothing, "x", ("0", zero_like(x)), (of("0"), pullback(zero_like(y))), rtol)
    other = pullback(b)
    linear = f"{name} is linear in the cotangent, {of('a + b')} = {of('a')} + {of('b')}"
    sums = (of("a + b"), pullback(add(a, b))), (f"{of('a')} + {of('b')}", add(x_bar, other))
    require_same(linear, "x", *sums, rtol, scale(x_bar, other))
    homogeneous = f"{name} is linear in the cotangent, {of('-3 a')} = -3 {of('a')}"
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
    beyond = places(y)
    for of in shared_groups(x, y):
        counts = counts_as(of)
        drawn = [one_like(y)] if unit else random_cotangents(beyond, draw)
        weights = [w if place.counts(counts) else None for w, place in zip(drawn, beyond, strict=True)]
        y_bars = [zero_like(place.value) if w is None else w for w, place in zip(weights, beyond, strict=True)]
        weighted = after(f, partial(_weighted, weights))
        check_slope(weighted, x, pullback(cotangent(y, y_bars)), counts, draw, rtol, exact=False, law=law)


def _weighted(weights: list[Any], y: Any) -> Any:
    """Return Σ wᵢ yᵢ, over the places in y that have a weight."""
    weighted = [(w, place) for w, place in zip(weights, places(y), strict=True) if w is not None]
    return reduce(plus, [times(w, number) for w, place in weighted for number in numbers_in(place.value)])


def shared_groups(x: Any, y: Any) -> list[str]:
    """Return the groups of numbers that are both in x and in y. Of symbols there are no differences."""
    return sorted({group(number) for number in numbers_in(x)} & {group(number) for number in numbers_in(y)} - {"sympy"})


def require_differences(x: Any, y: Any) -> list[str]:
    """Return the groups of numbers for which the differences of a function with this argument and value mean something.

    Raises `ArgumentError` where there is none, and where the value is not finite.
    """
    for number in numbers_in(y):
        if not is_finite(number):
            msg = f"a check needs a function that is finite near the arguments; it returned {number!r}"
            raise ArgumentError(msg)
    if shared := shared_groups(x, y):
        return shared
    msg = "central differences need a function that takes numbers and returns numbers of the same kind, not symbols"
    raise ArgumentError(msg)
