"""A value that may be absent: None, or a value.

Imports the descriptor protocol and `auto`. Of what is absent there is nothing to differentiate by.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from revdiff.core.cotangents import zero_like
from revdiff.core.errors import MismatchError
from revdiff.core.revdiff import RevDiff, primal
from revdiff.structures.auto import auto_arg, auto_val
from revdiff.structures.protocol import Argument, Pull, Value
from revdiff.structures.scalar import scalar_arg


@final
class OptionalArg:
    """An argument that may be absent. The function receives None, or what the inner descriptor makes of the value.

    ``absent`` is the cotangent of None: 0.0, that of a number; None where nothing says what is absent.

        value      None, or x
        cotangent  the zero of what is absent, or x̄
        pairing    0, or x̄ · x

    >>> optional_arg, optional_arg(auto_arg)
    (optional_arg, optional_arg(auto_arg))
    """

    __slots__ = ("absent", "part")

    def __init__(self, part: Argument | None = None, absent: Any = 0.0) -> None:
        self.part = part
        self.absent = absent

    def __eq__(self, other: object) -> bool:
        return (
            (self.part, self.absent) == (other.part, other.absent) if isinstance(other, OptionalArg) else NotImplemented
        )

    def __hash__(self) -> int:
        return hash((OptionalArg, self.part))

    def __call__(self, part: Argument | None = None, /, *, absent: Any = None) -> OptionalArg:
        """Return the descriptor with this one for a value that is present."""
        if part is None:
            return self
        return OptionalArg(part, 0.0 if absent is None and part is scalar_arg else absent)

    def split(self, x: RevDiff, /) -> Any:
        """Return None, or the value that is present, split."""
        return None if primal(x) is None else (self.part or auto_arg).split(x)

    def zero(self, x: Any, /) -> Any:
        """Return the cotangent of an x that nothing reached."""
        return self.absent if primal(x) is None else zero_like(x)

    def __repr__(self) -> str:
        return "optional_arg" if self.part is None else f"optional_arg({self.part!r})"


@final
class OptionalVal:
    """A value that may be absent: its derivative is None, or the derivative of the value."""

    __slots__ = ("part",)

    def __init__(self, part: Value | None = None) -> None:
        self.part = part

    def __eq__(self, other: object) -> bool:
        return self.part == other.part if isinstance(other, OptionalVal) else NotImplemented

    def __hash__(self) -> int:
        return hash((OptionalVal, self.part))

    def __call__(self, part: Value | None = None, /) -> OptionalVal:
        """Return the descriptor with this one for a value that is present."""
        return self if part is None else OptionalVal(part)

    def derivatives(self, y: Any, pull: Pull, /) -> Any:
        """Return None, or the derivatives of the value that is present."""
        return None if primal(y) is None else (self.part or auto_val).derivatives(y, pull)

    def seeds(self, y: Any, y_bar: Any, /) -> Iterator[tuple[Any, Any]]:
        """Pair nothing with None, or y with ȳ."""
        if primal(y) is not None:
            yield from (self.part or auto_val).seeds(y, y_bar)
        elif y_bar is not None:
            raise MismatchError.of(y_bar, None)

    def __repr__(self) -> str:
        return "optional_val" if self.part is None else f"optional_val({self.part!r})"


optional_arg = OptionalArg()
optional_val = OptionalVal()


def mk_optional_arg(part: Argument, /) -> OptionalArg:
    """Return the descriptor of an argument that may be absent, with a descriptor for when it is not."""
    return optional_arg(part)


def mk_optional_val(part: Value, /) -> OptionalVal:
    """Return the descriptor of a value that may be absent, with a descriptor for when it is not."""
    return optional_val(part)


# Only as an argument: a function that returns None may have forgotten its return.
auto_arg.register(type(None), OptionalArg(absent=None))
