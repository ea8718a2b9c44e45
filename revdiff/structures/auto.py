"""Reading the descriptor off the value.

Imports the descriptor protocol, the scalar descriptors and the type registry. Each shape registers
its own descriptor here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, TypeVar, final

from revdiff.core.registry import TypeRegistry
from revdiff.core.revdiff import RevDiff, primal
from revdiff.core.structure import STRUCTURES
from revdiff.structures.protocol import Argument, Pull, Value
from revdiff.structures.scalar import scalar_arg, scalar_val

Descriptor = TypeVar("Descriptor")


class _ByType(Generic[Descriptor]):
    """A descriptor that leaves the work to the one registered for the type of the value."""

    def __init__(self, name: str, scalar: Descriptor) -> None:
        self._name = name
        self._scalar = scalar
        self._registry: TypeRegistry[Descriptor] = TypeRegistry()

        self._registry.follow(STRUCTURES)
        self.register = self._registry.register
        self.register_recognizer = self._registry.register_recognizer
        self.register_lazily = self._registry.register_lazily

    def of(self, value: Any) -> Descriptor:
        """Return the descriptor of this value."""
        return self._registry.find(type(value)) or self._scalar

    def __repr__(self) -> str:
        return self._name


@final
class AutoArg(_ByType[Argument]):
    """The argument's own type says how it is split: numbers and arrays stay whole, tuples come apart."""

    def __call__(self) -> AutoArg:
        """Return the descriptor itself: with and without parentheses it is the same."""
        return self

    def split(self, x: RevDiff, /) -> Any:
        """Split x as the type of its value asks."""
        return self.of(primal(x)).split(x)


@final
class AutoVal(_ByType[Value]):
    """The value's own type says what its derivative looks like."""

    def __call__(self) -> AutoVal:
        """Return the descriptor itself: with and without parentheses it is the same."""
        return self

    def derivatives(self, y: Any, pull: Pull, /) -> Any:
        """Return the derivatives in the structure of y."""
        return self._of_result(y).derivatives(y, pull)

    def seeds(self, y: Any, y_bar: Any, /) -> Iterator[tuple[Any, Any]]:
        """Pair y with ȳ in the structure of y."""
        return self._of_result(y).seeds(y, y_bar)

    def _of_result(self, y: Any) -> Value:
        return self.of(primal(y))


auto_arg = AutoArg("auto_arg", scalar_arg)
auto_val = AutoVal("auto_val", scalar_val)
