"""RevDiff as a profunctor: steps whose two halves, forward and back, are given apart.

Imports RevDiff and errors, and adds the methods `dimap`, `unfirst` and `unsecond` to RevDiff. A RevDiff has a value
in front and a cotangent behind, and so two ends to which a function can be joined: that is a profunctor. One that
can leave a note on the way forward for the way back is called *costrong*.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from revdiff.core.errors import ArgumentError, describe
from revdiff.core.revdiff import RevDiff, primal


def dimap(self: RevDiff, before: Callable[[Any], Any], after: Callable[[Any], Any], /) -> RevDiff:
    """Return the RevDiff one step further on, given both halves of the step.

        RevDiff(v, bp).dimap(before, after) = RevDiff(after(v), ȳ ↦ bp(before(ȳ)))

    ``after`` sees the value one layer down, which in a nested derivative is a RevDiff itself; ``before`` takes the
    new cotangent to the old one. The result carries the derivative of ``after`` only if ``before`` is the pullback
    of ``after`` at v. Nothing can check that; a step for which it does not hold is one that changes the way back on
    purpose.

    >>> from revdiff import init_diff
    >>> x = init_diff(3.0)
    >>> cube = x.dimap(lambda ct: ct * 3 * x.value**2, lambda v: v**3)
    >>> cube.value, cube.backprop(1.0)
    (27.0, 27.0)
    >>> reversed = cube.dimap(lambda ct: -ct, lambda v: v)      # the value as it is, the cotangent turned round
    >>> reversed.value, reversed.backprop(1.0)
    (27.0, -27.0)
    """
    _require_function("before", before)
    _require_function("after", after)
    return RevDiff(after(self.value), self.backprop @ before)


def unfirst(self: RevDiff, /) -> RevDiff:
    """Return the RevDiff of the first place of a pair; the second place goes back as the second part of the cotangent.

        RevDiff((v, d), bp).unfirst() = RevDiff(v, v̄ ↦ bp((v̄, d)))

    So d is a note that the way forward leaves for the way back. It may be anything, and it is not differentiated:
    where (v, d) is a pair of variables, this is *not* the projection ``r[0]``, whose pullback is v̄ ↦ bp((v̄, 0)).

    >>> from revdiff import init_diff
    >>> square = init_diff(3.0).dimap(lambda noted: noted[0] * 2 * noted[1], lambda v: (v * v, v)).unfirst()
    >>> square.value, square.backprop(1.0)
    (9.0, 6.0)
    """
    first, second = _pair("unfirst", self.value)
    return RevDiff(first, self.backprop @ (lambda ct: (ct, second)))


def unsecond(self: RevDiff, /) -> RevDiff:
    """Return the RevDiff of the second place of a pair; the first place goes back as the first part of the cotangent.

        RevDiff((d, v), bp).unsecond() = RevDiff(v, v̄ ↦ bp((d, v̄)))

    It is ``unfirst`` with the places exchanged. With a pullback for the note, a step is made of one forward pass:

    >>> from revdiff import init_diff, sin, vjp
    >>> def with_note(v):
    ...     value, pullback = vjp(sin, v)
    ...     return pullback, value
    >>> sine = init_diff(0.0).dimap(lambda noted: noted[0](noted[1]), with_note).unsecond()
    >>> sine.value, sine.backprop(1.0)
    (0.0, 1.0)
    """
    first, second = _pair("unsecond", self.value)
    return RevDiff(second, self.backprop @ (lambda ct: (first, ct)))


def _require_function(name: str, met: object) -> None:
    if not callable(met):
        msg = (
            f"dimap takes two functions; {name} is {describe(met)}.\n"
            "  Write:  r.dimap(before, after), where before takes the new cotangent to the old one, "
            "and after the old value to the new one"
        )
        raise ArgumentError(msg)


def _pair(method: str, value: Any) -> Any:
    plain = primal(value)
    if not isinstance(plain, tuple) or len(plain) != 2:
        many = f" of {len(plain)}" if isinstance(plain, tuple) else ""
        msg = f"{method} takes a RevDiff of a pair; its value is {describe(plain)}{many}"
        raise ArgumentError(msg)
    return value


for _method in (dimap, unfirst, unsecond):
    setattr(RevDiff, _method.__name__, _method)
