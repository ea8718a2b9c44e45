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
from revdiff.structures.protocol import Argument, Pull, Value, WithPart
from revdiff.structures.scalar import scalar_arg


@final
class OptionalArg(WithPart[Argument | None]):
    """An argument that may be absent: the function receives None, or what the inner descriptor makes of the value.

        value      None, or x
        cotangent  the zero of what is absent, or x̄
        pairing    0, or x̄ · x

    Called with a descriptor, it returns the one that uses it for x. ``absent=`` is the cotangent of None: 0.0 for a number;
    None where nothing says what is absent. Raises what the inner descriptor raises.

    >>> from revdiff import custom_arg_derivative
    >>> derivative = custom_arg_derivative(optional_arg, lambda x: 1.0 if x is None else x**3)
    >>> derivative(2.0), derivative(None)
    (12.0, 0.0)
    """

    name = "optional_arg"
    default = None

    def __init__(self, part: Argument | None = None, absent: Any = 0.0) -> None:
        super().__init__(part)
        self.absent = absent

    def __call__(self, part: Argument | None = None, /, *, absent: Any = None) -> OptionalArg:
        """Return the descriptor with this one for a value that is present, and this cotangent of None."""
        if part is None and absent is None:
            return self
        part = self.part if part is None else part
        return OptionalArg(part, 0.0 if absent is None and part is scalar_arg else absent)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, OptionalArg):
            return NotImplemented
        return (self.part, self.absent) == (other.part, other.absent)

    __hash__ = WithPart.__hash__

    def split(self, x: RevDiff, /) -> Any:
        """Return None, or the value that is present, split."""
        return None if primal(x) is None else (self.part or auto_arg).split(x)

    def zero(self, x: Any, /) -> Any:
        """Return the cotangent of an x that nothing reached."""
        return self.absent if primal(x) is None else zero_like(x)


@final
class OptionalVal(WithPart[Value]):
    """A value that may be absent.

        value       None, or y
        derivative  None, or ∂y
        cotangent   None, or ȳ

    Called with a descriptor, it returns the one that uses it for y. Raises `MismatchError` for a cotangent of what is
    absent, and what the inner descriptor raises.

    >>> from revdiff import custom_val_derivative
    >>> derivative = custom_val_derivative(optional_val, lambda x: x**2 if x > 0 else None)
    >>> derivative(3.0), derivative(-3.0)
    (6.0, None)
    """

    name = "optional_val"
    default = auto_val

    def derivatives(self, y: Any, pull: Pull, /) -> Any:
        """Return None, or the derivatives of the value that is present."""
        return None if primal(y) is None else self.part.derivatives(y, pull)

    def seeds(self, y: Any, y_bar: Any, /) -> Iterator[tuple[Any, Any]]:
        """Pair nothing with None, or y with ȳ."""
        if primal(y) is not None:
            yield from self.part.seeds(y, y_bar)
        elif y_bar is not None:
            raise MismatchError.of(y_bar, None)


optional_arg = OptionalArg()
optional_val = OptionalVal()


def mk_optional_arg(part: Argument, /) -> OptionalArg:
    """Return the descriptor of an argument that may be absent, with a descriptor for when it is not.

        value      None, or x
        cotangent  None, or x̄, as ``part`` says; of what is absent 0.0, where ``part`` is `scalar_arg`
        pairing    0, or x̄ · x

    Raises what ``part`` raises where the argument is there and does not fit.

    >>> import numpy as np
    >>> from revdiff import array_arg, custom_arg_derivative
    >>> derivative = custom_arg_derivative(mk_optional_arg(array_arg), lambda x: 1.0 if x is None else x @ x)
    >>> derivative(np.array([1.0, 2.0])), derivative(None)
    (array([2., 4.]), None)
    """
    return optional_arg(part)


def mk_optional_val(part: Value, /) -> OptionalVal:
    """Return the descriptor of a value that may be absent, with a descriptor for when it is not.

        value       None, or y
        derivative  None, or ∂y, as ``part`` says
        cotangent   None, or ȳ

    Raises `MismatchError` for a cotangent of what is absent, and what ``part`` raises where the value is there.

    >>> from revdiff import custom_val_derivative, scalar_val
    >>> derivative = custom_val_derivative(mk_optional_val(scalar_val), lambda x: x**2 if x > 0 else None)
    >>> derivative(3.0), derivative(-3.0)
    (6.0, None)
    """
    return optional_val(part)


# Only as an argument: a function that returns None may have forgotten its return.
auto_arg.register(type(None), OptionalArg(absent=None))
