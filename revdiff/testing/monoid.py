"""The laws of the additive monoid of cotangents.

Imports the core, places and the comparison.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from revdiff.core.cotangents import add, zero_like
from revdiff.testing.comparison import require_same
from revdiff.testing.numbers import Draw
from revdiff.testing.places import random_cotangent, require_varying, scale, tolerance
from revdiff.testing.structures import require_form

NEUTRAL = "zero is neutral, 0 + a = a = a + 0"
COMMUTATIVE = "add is commutative, a + b = b + a"
ASSOCIATIVE = "add is associative, (a + b) + c = a + (b + c)"
UNCHANGED = "add makes a new value and leaves its operands as they are"

ROUNDS = 5


def check_monoid(x: Any, /, *, seed: int = 0, rtol: float | None = None) -> None:
    """Check that the cotangents of x can be added: that they make up a commutative monoid.

        0 + a = a = a + 0,   a + b = b + a,   (a + b) + c = a + (b + c),

    and that no addition changes its operands, which others may still hold.

    x           a sample value: its cotangents look like ``zero_like(x)``, with random numbers in them
    seed        of the random numbers
    rtol        how much two numbers may differ, relative to their size; by default, what their precision allows

    Raises `revdiff.LawError`, which names the law and the place in x.

    >>> from revdiff import register_monoid
    >>> class Votes(dict): "How many votes for whom."
    >>> def merged(a, b):
    ...     a.update({name: a.get(name, 0) + n for name, n in b.items()})
    ...     return a
    >>> register_monoid(Votes, zero=lambda x: Votes(), one=lambda x: Votes(yes=1), add=merged)
    >>> check_monoid(Votes(yes=2))  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    revdiff.core.errors.LawError: add makes a new value and leaves its operands as they are. …
    """
    require_varying(x)
    draw = Draw(seed)
    rtol = tolerance(x) if rtol is None else rtol
    for _ in range(ROUNDS):
        a, b, c = (random_cotangent(x, draw) for _ in range(3))
        before = deepcopy((a, b))
        total = add(a, b)
        require_same(UNCHANGED, "x", ("a", before[0]), ("a after a + b", a))
        require_same(UNCHANGED, "x", ("b", before[1]), ("b after a + b", b))
        require_form(total, zero_like(x))
        size = scale(a, b, c)
        require_same(NEUTRAL, "x", ("a", a), ("0 + a", add(zero_like(x), a)), rtol, size)
        require_same(NEUTRAL, "x", ("a", a), ("a + 0", add(a, zero_like(x))), rtol, size)
        require_same(COMMUTATIVE, "x", ("a + b", add(a, b)), ("b + a", add(b, a)), rtol, size)
        sums = ("(a + b) + c", add(add(a, b), c)), ("a + (b + c)", add(a, add(b, c)))
        require_same(ASSOCIATIVE, "x", *sums, rtol, size)
