"""Reading the descriptor off the value.

Imports the descriptor protocol, the scalar descriptors and the type registry. Each shape registers
its own descriptor here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, final

from revdiff.core.registry import TypeRegistry
from revdiff.core.revdiff import RevDiff, primal
from revdiff.core.structure import STRUCTURES
from revdiff.structures.protocol import Argument, Descriptor, Pull, Value, WithoutParts
from revdiff.structures.scalar import scalar_arg, scalar_val


class _ByType(WithoutParts, Generic[Descriptor]):
    """A descriptor that leaves the work to the one registered for the type of the value."""

    def __init__(self, scalar: Descriptor) -> None:
        self._scalar = scalar
        self._registry: TypeRegistry[Descriptor] = TypeRegistry()
        self._registry.follow(STRUCTURES)
        self.register = self._registry.register
        self.register_recognizer = self._registry.register_recognizer
        self.register_lazily = self._registry.register_lazily

    def of(self, value: Any) -> Descriptor:
        """Return the descriptor of this value, or of the plain value under a RevDiff."""
        return self._registry.find(type(primal(value))) or self._scalar


@final
class AutoArg(_ByType[Argument]):
    """The argument's own type says how it is split: numbers and arrays stay whole, structures come apart.

        value      x, of a type that is known: a number where nothing is registered for it
        cotangent  x̄, as the descriptor of that type says; of a structure, one like it
        pairing    that of the descriptor

    ``auto_arg.register(kind, descriptor)`` adds a type. Raises `UnsupportedValueError` for what has no descriptor and is no
    number.

    >>> from revdiff import custom_arg_derivative
    >>> custom_arg_derivative(auto_arg, lambda d: d["w"] * d["xs"][0] ** 2)({"w": 5.0, "xs": [3.0, 1.0]})
    {'w': 9.0, 'xs': [30.0, 0.0]}
    """

    name = "auto_arg"

    def split(self, x: RevDiff, /) -> Any:
        """Split x as the type of its value asks."""
        return self.of(x).split(x)


@final
class AutoVal(_ByType[Value]):
    """The value's own type says what its derivative looks like.

        value       y, of a type that is known: a number where nothing is registered for it
        derivative  as the descriptor of that type says; of a structure, one like it with derivatives in it
        cotangent   ȳ, like y

    ``auto_val.register(kind, descriptor)`` adds a type. Raises `UnsupportedValueError` for what has no descriptor and is no
    number.

    >>> from revdiff import custom_val_derivative
    >>> custom_val_derivative(auto_val, lambda t: {"position": [t, t**2], "time": t})(3.0)
    {'position': [1.0, 6.0], 'time': 1.0}
    """

    name = "auto_val"

    def derivatives(self, y: Any, pull: Pull, /) -> Any:
        """Return the derivatives in the structure of y."""
        return self.of(y).derivatives(y, pull)

    def seeds(self, y: Any, y_bar: Any, /) -> Iterator[tuple[Any, Any]]:
        """Pair y with ȳ in the structure of y."""
        return self.of(y).seeds(y, y_bar)


auto_arg = AutoArg(scalar_arg)
auto_val = AutoVal(scalar_val)
