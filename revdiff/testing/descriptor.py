"""`check_descriptor`: all the laws at once, for a sample value.

Imports the checks of one law each.
"""

from __future__ import annotations

from typing import Any

from revdiff.structures.auto import auto_arg, auto_val
from revdiff.structures.protocol import Argument, Value
from revdiff.testing.gradients import check_identity, check_orders, check_unreached, polynomial, value_at
from revdiff.testing.monoid import check_monoid
from revdiff.testing.numbers import CONTINUOUS, Draw, agree, counts_as, family, group
from revdiff.testing.places import is_straight, numbers_in, one_by_one, places, require_varying, tolerance
from revdiff.testing.structures import check_split, check_structure, check_zero
from revdiff.testing.values import check_value


def check_descriptor(
    x: Any,
    /,
    *,
    arg: Argument = auto_arg,
    val: Value = auto_val,
    order: int = 2,
    seed: int = 0,
    rtol: float | None = None,
) -> None:
    """Check that values like x are differentiated as they should be.

    x           a sample value, a small one: of a class of your own, or anything that your descriptors describe
    arg         the descriptor of an argument like x
    val         the descriptor of a value like x
    order       how many derivatives are checked
    seed        of the random numbers
    rtol        how much two numbers may differ, relative to their size; by default, what their precision allows

    What is checked, place by place, with random numbers:

        structure    parts(build(x, p)) = p, and the same of cotangents; constants are carried along
        monoid       0 + a = a, a + b = b + a, (a + b) + c = a + (b + c), and no operand is changed
        split, join  undo each other, and the way back through both is x̄ = ȳ
        argument     the pullback of x ↦ x is the identity;
                     ⟨∇f(x), v⟩ = ∂f(x + t v)/∂t for polynomials f and tangents v, and so for higher orders
        value        the derivative of t ↦ x + t v is v, and ȳ is carried back to ⟨ȳ, v⟩
        errors       a cotangent of another form is refused

    Raises `revdiff.LawError` for the first law that does not hold. It names the law and the place in x, and shows both sides.

    >>> import numpy as np
    >>> check_descriptor({"weights": np.ones((2, 3), np.float32), "name": "dense", "rate": (0.1, 2j)})

    A class that confuses its parts:

    >>> class Pair:
    ...     def __init__(self, a, b): self.a, self.b = a, b
    >>> from revdiff import register_structure
    >>> register_structure(Pair, lambda x: {"a": x.a, "b": x.b}, lambda x, parts: Pair(parts["b"], parts["a"]))
    >>> check_descriptor(Pair(1.0, 2.0))  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    revdiff.core.errors.LawError: build puts every part in its place, parts(build(x, p)) = p. …
    """
    require_varying(x)
    draw = Draw(seed)
    there = places(x)
    if rtol is None:
        rtol = tolerance(x)
    check_structure(x, draw, rtol)
    check_monoid(x, seed=seed, rtol=rtol)
    if not there:
        return
    check_zero(x)
    check_split(x, draw, rtol)
    _check_argument(x, arg, draw, order, rtol)
    for of in sorted({place.family for place in there} - {""}):
        check_value(x, val, of, draw, rtol)


def _check_argument(x: Any, arg: Argument, draw: Draw, order: int, rtol: float) -> None:
    """Check derivatives by x, of functions of what the descriptor hands out."""
    handed = value_at(lambda handed: handed, arg, x)
    as_it_is = _same_numbers(x, handed)
    exact = as_it_is and all(is_straight(place.value) for place in places(x))
    kind = family if exact else group
    for of in sorted(set(map(kind, numbers_in(x)))):
        if not exact and of not in CONTINUOUS:
            continue
        counts = counts_as(of, kind)
        f = polynomial(handed, counts, draw, exact)
        if f is None:
            continue
        check_orders(f, x, arg, counts, draw, order, rtol, exact)
        if as_it_is:
            check_unreached(x, arg, counts, draw)
    if as_it_is and type(handed) is type(x):
        check_identity(x, arg, draw, rtol)


def _same_numbers(x: Any, handed: Any) -> bool:
    a, b = one_by_one(numbers_in(x)), one_by_one(numbers_in(handed))
    return len(a) == len(b) and all(map(agree, a, b))
