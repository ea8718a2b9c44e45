"""`check_grads` and `check_lens`: the derivatives of functions beside central differences.

Imports the checks of gradients, and lenses.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, reduce
from operator import add as plus
from typing import Any

from revdiff.core.cotangents import add, zero_like
from revdiff.core.errors import ArgumentError
from revdiff.optics.lens import Lens
from revdiff.structures.auto import auto_arg
from revdiff.testing.comparison import require_same
from revdiff.testing.gradients import Functional, Quotient, check_orders, value_at
from revdiff.testing.numbers import Draw, group, times
from revdiff.testing.places import cotangent, numbers_in, places, random_cotangent, random_cotangents, scale, tolerance
from revdiff.testing.structures import check_cotangent

LINEAR = "set is linear in the cotangent, set(x, a + b) = set(x, a) + set(x, b)"
NOTHING = "set takes zero to zero, set(x, 0) = 0"
NEUTRAL = "a lens in a row with the identity is the lens itself"
PULLBACK = "set is the pullback of get, ⟨set(x, ȳ), v⟩ = ∂⟨ȳ, get(x + t v)⟩/∂t"


def check_grads(f: Callable[..., Any], /, *args: Any, order: int = 2, seed: int = 0, rtol: float | None = None) -> None:
    """Check the derivatives of a function at a point, up to an order, beside central differences.

        ⟨∇f(x), v⟩ = ∂f(x + t v)/∂t,   and the same of the gradient, for random tangents v

    f           a function, or a primitive of your own; smooth near the arguments
    args        where it is evaluated; numbers, arrays and structures of them
    order       how many derivatives are checked
    seed        of the random numbers
    rtol        how much both may differ, relative to their size; by default, what their precision allows

    Raises `revdiff.LawError`, which names the order and the place in the arguments, and shows both sides.

    >>> import math
    >>> from revdiff import cos, primitive
    >>> @primitive
    ... def sine(x):
    ...     return math.sin(x), lambda ct: -ct * cos(x)
    >>> check_grads(sine, 0.5)  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    revdiff.core.errors.LawError: derivatives of order 1 agree with central differences. …
    """
    x, of_x = (args[0], f) if len(args) == 1 else (args, lambda x: f(*x))
    draw = Draw(seed)
    rtol = tolerance(x) if rtol is None else rtol
    y = value_at(of_x, auto_arg, x)
    groups = _groups(x) & _groups(y)
    if not groups:
        msg = "central differences need a function that takes numbers and returns numbers of the same kind, not symbols"
        raise ArgumentError(msg)
    for of in sorted(groups):
        scalar = _after(of_x, Functional(y, _counts(of), draw, exact=False))
        check_orders(scalar, x, auto_arg, _counts(of), draw, order, rtol, exact=False)


def check_lens(lens: Lens, x: Any, /, *, pullback: bool = True, seed: int = 0, rtol: float | None = None) -> None:
    """Check a lens at x: that ``set`` is linear in the cotangent, and that it is the pullback of ``get``.

        set(x, a + b) = set(x, a) + set(x, b),   ⟨set(x, ȳ), v⟩ = ∂⟨ȳ, get(x + t v)⟩/∂t

    pullback    whether ``set`` is meant to be the pullback of ``get``; of a lens that carries another cotangent back on
                purpose only the linearity is checked
    seed        of the random numbers
    rtol        how much two numbers may differ, relative to their size; by default, what their precision allows

    Raises `revdiff.LawError`, which names the law and shows both sides.

    >>> from revdiff import Lens
    >>> check_lens(Lens(lambda x: x * x, lambda x, c: 2 * x * c), 3.0)
    >>> check_lens(Lens(lambda x: x * x, lambda x, c: 2 * x), 3.0)  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    revdiff.core.errors.LawError: set takes zero to zero, set(x, 0) = 0. …
    """
    draw = Draw(seed)
    rtol = tolerance(x) if rtol is None else rtol
    y = lens.get(x)
    a, b = random_cotangent(y, draw), random_cotangent(y, draw)
    x_bar = lens.set(x, a)
    check_cotangent(x, x_bar, zero_like(x))
    require_same(NOTHING, "x", ("0", zero_like(x)), ("set(x, 0)", lens.set(x, zero_like(y))), rtol)
    other = lens.set(x, b)
    sums = ("set(x, a + b)", lens.set(x, add(a, b))), ("set(x, a) + set(x, b)", add(x_bar, other))
    require_same(LINEAR, "x", *sums, rtol, scale(x_bar, other))
    identity = Lens(lambda x: x, lambda x, x_bar: x_bar)
    for row in (identity >> lens, lens >> identity):
        require_same(NEUTRAL, "x", ("get(x)", y), ("get(x) in a row", row.get(x)), rtol)
        require_same(NEUTRAL, "x", ("set(x, ȳ)", x_bar), ("set(x, ȳ) in a row", row.set(x, a)), rtol)
    if pullback:
        _check_pullback(lens, x, y, draw, rtol)


def _check_pullback(lens: Lens, x: Any, y: Any, draw: Draw, rtol: float) -> None:
    there, beyond = places(x), places(y)
    for of in sorted(_groups(x) & _groups(y)):
        counts = _counts(of)
        weights = [
            w if place.counts(counts) else None
            for w, place in zip(random_cotangents(beyond, draw), beyond, strict=True)
        ]
        y_bar = cotangent(
            y, [zero_like(place.value) if w is None else w for w, place in zip(weights, beyond, strict=True)]
        )
        quotient = Quotient(_after(lens.get, partial(_paired, weights)), x, lens.set(x, y_bar), draw, rtol, exact=False)
        quotient.require_agreement(PULLBACK, [i for i, place in enumerate(there) if place.counts(counts)])


def _paired(weights: list[Any], y: Any) -> Any:
    """Return Σ wᵢ yᵢ, over the places in y that have a weight."""
    weighted = [(w, place) for w, place in zip(weights, places(y), strict=True) if w is not None]
    return reduce(plus, [times(w, number) for w, place in weighted for number in numbers_in(place.value)])


def _after(f: Callable[[Any], Any], g: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda x: g(f(x))


def _groups(x: Any) -> set[str]:
    """Return the groups of numbers in x. Of symbols there are no differences."""
    return {group(number) for number in numbers_in(x)} - {"sympy"}


def _counts(of: str) -> Callable[[Any], bool]:
    return lambda x: group(x) == of
