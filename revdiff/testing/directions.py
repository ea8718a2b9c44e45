"""Directions in which a value moves: two numbers that should be equal along all of them, and where they are not.

Imports the core, places and the comparison. The difference is

    f(x - 2v) - 8 f(x - v) + 8 f(x + v) - f(x + 2v) = 12 ⟨∇f(x), v⟩,

exactly, for a polynomial of degree 4 or less; so a random polynomial is checked without small steps, and in exact
arithmetic without a tolerance, in every number system. Any other function takes steps of 10⁻⁴ v.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any, TypeAlias

import numpy as np

from revdiff.core.cotangents import one_like
from revdiff.systems import is_complex
from revdiff.testing.comparison import broken
from revdiff.testing.numbers import CONTINUOUS, Draw, agree, bulk, epsilon, group, rounded, size, wide
from revdiff.testing.places import (
    Place,
    beside,
    moved,
    numbers_in,
    one_by_one,
    pairing,
    places,
    random_tangents,
    rebuilt,
)

Function: TypeAlias = Callable[[Any], Any]
Counted: TypeAlias = Callable[[Any], bool]
"""Whether a number is one of those that a check is about."""
Along: TypeAlias = Mapping[int, Any]
"""Tangents of some of the places, by number; the others stand still."""
Both: TypeAlias = tuple[Any, Any, float]
"""Two numbers, and by how much they may differ."""
Sides: TypeAlias = Sequence[tuple[str, Any]]
"""What an error shows: formulas and their values."""


DIFFERENCE = {-2: 1, -1: -8, 1: 8, 2: -1}
SMALL = 10_000
"""One part in so many is a small step."""


def after(f: Function, g: Function) -> Function:
    """Return x ↦ g(f(x))."""
    return lambda x: g(f(x))


def check_slope(
    f: Function, x: Any, x_bar: Any, counts: Counted, draw: Draw, rtol: float, exact: bool, law: str
) -> None:
    """Check that ⟨x̄, v⟩ is the derivative of a function of plain values along random tangents v, by a difference."""
    there = [place if exact else place._replace(value=rounded(place.value)) for place in places(x)]
    x_bars = beside(x, x_bar)
    steps = 1 if exact else SMALL

    def at(k: int, along: Along) -> Any:
        """Return f(x + k v), or f(x + k h v) where steps are small."""
        values = [place.value for place in there]
        for i, tangent in along.items():
            start, v = wide(values[i]), wide(tangent)
            values[i] = moved(start, v, k if exact else _part(k, start))
        return f(rebuilt(x, values))

    def both(along: Along) -> Both:
        pair, terms = paired(there, x_bars, along)
        values = {k: at(k, along) for k in DIFFERENCE}
        quotient = reduce(add, [c * values[k] for k, c in DIFFERENCE.items()]) * steps
        of_f = steps * sum(abs(c) * size(values[k]) * epsilon(values[k]) for k, c in DIFFERENCE.items())
        of_x_bar = 12 * max(map(size, values.values())) * max(epsilon(there[i].value) for i in along)
        return 12 * pair, quotient, 12 * rtol * terms + 100 * (of_f + of_x_bar)

    def sides(pair: Any, quotient: Any, along: Along) -> Sides:
        if group(quotient) not in CONTINUOUS:
            return [("12 ⟨x̄, v⟩", pair), ("12 ∂f(x + t v)/∂t", quotient)]
        alone = _lone_number(along)
        if alone is None:
            return [("⟨x̄, v⟩", pair / 12), ("∂f(x + t v)/∂t", quotient / 12)]
        return [("x̄", pair / 12 / alone), ("∂f/∂x", quotient / 12 / alone)]

    require_along(law, there, tangents_of(there, counts, draw), both, sides)


def tangents_of(there: Sequence[Place], counts: Counted, draw: Draw) -> Along:
    """Return a random tangent of each of the places that count."""
    drawn = random_tangents(there, draw)
    return {i: drawn[i] for i, place in enumerate(there) if place.counts(counts)}


def paired(there: Sequence[Place], x_bars: Sequence[Any] | Along, along: Along) -> tuple[Any, float]:
    """Return ⟨x̄, v⟩ over the places that have a tangent, and how large its terms are, which may cancel."""
    pairs = [pairing(there[i].value, x_bars[i], v) for i, v in along.items()]
    return reduce(add, pairs), sum(bulk(x_bars[i], v) for i, v in along.items())


def require_along(
    law: str,
    there: Sequence[Place],
    vectors: Along,
    both: Callable[[Along], Both],
    sides: Callable[[Any, Any, Along], Sides],
) -> None:
    """Raise `LawError` unless two numbers are equal, and find the place, and the element, along which they are not.

    ``both(vectors)`` returns the two, and by how much they may differ; ``sides`` says what the error shows of them.
    """

    def differ(along: Along) -> bool:
        a, b, slack = both(along)
        return not agree(a, b, slack=slack)

    if not differ(vectors):
        return
    path, along = "x", vectors
    for i, v in vectors.items():
        if differ({i: v}):
            step, element = _narrowed(v, lambda v, i=i: differ({i: v}))  # type: ignore[misc]
            path, along = there[i].path + step, {i: element}
            break
    raise broken(law, path, *sides(*both(along)[:2], along))


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


def _part(k: int, x: Any) -> Any:
    """Return k small steps, as a number by which a tangent at x can be multiplied."""
    return k / SMALL if group(x) in ("number", "") else one_like(x) * k / SMALL
