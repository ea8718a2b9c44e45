"""The value side: a function of one number that returns a structure, and the cotangents of what it returns.

Imports the operators, the descriptors, places and the comparison. The function is t ↦ x + t v, at t = 0: its derivative is v,
and a cotangent ȳ of its value is carried back to ⟨ȳ, v⟩.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, final

import numpy as np

from revdiff.core.cotangents import zero_like
from revdiff.core.errors import RevDiffError
from revdiff.derivatives.operators import custom_arg_val_derivative
from revdiff.rules.complex import real
from revdiff.structures.differentiation import Differentiation
from revdiff.structures.protocol import Value
from revdiff.structures.scalar import scalar_arg
from revdiff.testing.comparison import broken
from revdiff.testing.directions import Along, Both, Sides, paired, require_along
from revdiff.testing.numbers import Draw, agree, family
from revdiff.testing.places import (
    beside,
    cotangent,
    moved,
    numbers_in,
    one_by_one,
    places,
    random_cotangent,
    random_tangents,
    rebuilt,
    structure_in,
)

DERIVATIVE = "the derivative of t ↦ x + t v is v"
PULLED = "a cotangent ȳ of x + t v is carried back to ⟨ȳ, v⟩"
REFUSED = "a cotangent of another form is refused with a RevDiffError"


@final
class Line:
    """The function t ↦ x + t v, with v = 0 but for the places whose numbers are of one family."""

    def __init__(self, x: Any, of: str, draw: Draw) -> None:
        self.x = x
        self.places = places(x)
        self.tangents = random_tangents(self.places, draw)
        self.chosen = [i for i, place in enumerate(self.places) if place.family == of]
        self.start = {"real": 0.0, "complex": 0j}.get(of)
        if self.start is None:
            self.start = zero_like(_first_number(self.places[self.chosen[0]].value))

    def __call__(self, t: Any) -> Any:
        """Return x + t v."""
        values = [place.value for place in self.places]
        for i in self.chosen:
            values[i] = moved(values[i], self.tangents[i], t)
        return rebuilt(self.x, values)


def _first_number(x: Any) -> Any:
    number = next(numbers_in(x))
    return number.flat[0] if isinstance(number, np.ndarray) else number


def check_value(x: Any, val: Value, of: str, draw: Draw, rtol: float) -> None:
    """Check the derivatives of a function whose value has the structure of x, and its pullback."""
    line = Line(x, of, draw)
    _check_derivative(line, val, rtol)
    differentiation = Differentiation(line.start)
    y = differentiation.run(line, scalar_arg)
    y_bar = random_cotangent(x, draw)
    _check_pulled(line, val, differentiation, y, y_bar, rtol)
    for misfit in _misfits(x, y_bar, "x"):
        try:
            t_bar = differentiation.pull_all(val.seeds(y, misfit.whole))
        except RevDiffError:
            continue
        except Exception as error:
            if misfit.spread_by_hand:
                continue
            raise broken(REFUSED, misfit.path, ("ȳ", misfit.part), ("raised", error)) from error
        raise broken(REFUSED, misfit.path, ("ȳ", misfit.part), ("t̄", t_bar))


def _check_derivative(line: Line, val: Value, rtol: float) -> None:
    derivative = one_by_one(numbers_in(custom_arg_val_derivative(scalar_arg, val, line)(line.start)))
    expected = [
        (place.path, number if i in line.chosen else 0 * number)
        for i, (place, v) in enumerate(zip(line.places, line.tangents, strict=True))
        for number in one_by_one(numbers_in(v))
    ]
    if len(expected) != len(derivative):
        raise broken(DERIVATIVE, "x", ("numbers in v", len(expected)), ("numbers in the derivative", len(derivative)))
    for (path, v), derived in zip(expected, derivative, strict=True):
        if not agree(derived, v, rtol):
            raise broken(DERIVATIVE, path, ("v", v), ("derivative", derived))


def _check_pulled(line: Line, val: Value, differentiation: Differentiation, y: Any, y_bar: Any, rtol: float) -> None:
    zeros = [zero_like(place.value) for place in line.places]

    def both(y_bars: Along) -> Both:
        whole = cotangent(line.x, [y_bars.get(i, zero) for i, zero in enumerate(zeros)])
        t_bar = real(differentiation.pull_all(val.seeds(y, whole)))
        along = {i: line.tangents[i] for i in line.chosen if i in y_bars}
        if not along:  # no place that moves
            return 0, 0, 0.0
        expected, terms = paired(line.places, y_bars, along)
        return expected, t_bar, rtol * terms

    def sides(expected: Any, t_bar: Any, _: Along) -> Sides:
        return [("⟨ȳ, v⟩", expected), ("t̄", t_bar)]

    require_along(PULLED, line.places, dict(enumerate(beside(line.x, y_bar))), both, sides)


class Misfit(NamedTuple):
    """What is no cotangent: the way to a part, what stands there instead, and the whole."""

    path: str
    part: Any
    whole: Any
    spread_by_hand: bool
    """Whether the function of a user takes it apart, which may fail as it likes."""


def _misfits(x: Any, y_bar: Any, path: str) -> Iterator[Misfit]:
    """Make what is no cotangent of x."""
    structure = structure_in(x)
    by_hand = structure is not None and structure.cotangent is not structure.build
    for part in ("text",) if by_hand else _instead_of(x, y_bar, is_plain=structure is None):
        yield Misfit(path, part, part, by_hand)
    if structure is None or by_hand:
        return
    cotangents = dict(structure.spread(x, y_bar))
    for key, part in structure.parts(x).items():
        for misfit in _misfits(part, cotangents[key], path + structure.step(x, key)):
            yield misfit._replace(whole=structure.cotangent(x, {**cotangents, key: misfit.whole}))


def _instead_of(x: Any, y_bar: Any, *, is_plain: bool) -> Sequence[Any]:
    """Return what is no cotangent of x."""
    if is_plain:
        return ["text", np.zeros((*np.shape(x), 2))] if family(x) else ["text"]
    if type(y_bar) is tuple or type(y_bar) is list:
        return ["text", 1.0, type(y_bar)([*y_bar, 1.0])]
    if type(y_bar) is dict:
        return ["text", 1.0, {**y_bar, "one more": 1.0}, *([{}] if y_bar else [])]
    return ["text", 1.0]
