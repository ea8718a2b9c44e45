"""Structures with finitely many parts: what the descriptors of tuples, sequences, mappings and records share.

Imports the core and the descriptor protocol. Such a structure is differentiated part by part; its
cotangent has the same form. A descriptor may name descriptors for the parts; where it does not, the
values say what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, NamedTuple, TypeVar, final

from revdiff.core.errors import ArgumentError, RevDiffError, describe, describe_form
from revdiff.core.parts import parts, structure_of
from revdiff.core.revdiff import RevDiff, primal
from revdiff.core.structure import STRUCTURES, Structure, carried, map_leaves
from revdiff.structures.auto import auto_arg, auto_val
from revdiff.structures.protocol import Argument, Pull, Value

Part = TypeVar("Part", Argument, Value)


class Kind(NamedTuple):
    """A kind of structure, and how descriptors for its parts are given."""

    name: str
    says: str
    holds: Callable[[Any], bool]
    same_for_each: bool = False
    """One descriptor serves all parts, however many there are."""


class _Product(Generic[Part]):
    """A kind of structure, and descriptors for its parts: in order, by name, or the default for all.

    No dataclass: it is made whenever revdiff is imported, and making dataclasses takes its time.
    """

    __slots__ = ("default", "kind", "named", "places", "side")

    def __init__(
        self,
        kind: Kind,
        side: str,
        default: Part,
        places: tuple[Part, ...] | None = None,
        named: Mapping[str, Part] | None = None,
    ) -> None:
        self.kind = kind
        self.side = side
        self.default: Part = default
        self.places: tuple[Part, ...] | None = places
        self.named: Mapping[str, Part] = dict(named or {})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, type(self)):
            return NotImplemented
        return (self.kind, self.places, self.named) == (other.kind, other.places, other.named)

    def __hash__(self) -> int:
        return hash((self.kind, self.places, *self.named))

    def _with(self, places: tuple[Part, ...] | None, named: Mapping[str, Part]) -> Any:
        if self.kind.same_for_each and places is not None and len(places) > 1:
            msg = f"{self._name()} takes one descriptor, for all parts alike; met {len(places)}"
            raise ArgumentError(msg)
        return type(self)(self.kind, self.side, self.default, places if places or not named else None, named)

    def _structure(self, x: Any, met: str) -> Structure:
        plain = primal(x)
        if not self.kind.holds(plain):
            msg = f"{self!r} describes {self.kind.says}; {met} {describe(plain)}"
            raise ArgumentError(msg)
        return structure_of(x)

    def _descriptors(self, structure: Structure, plain: Any) -> Callable[[Any], Part]:
        """Return the function from the key of a part to its descriptor."""
        if self.places is None and not self.named:
            return lambda key: self.default
        if self.kind.same_for_each:
            each = self.places[0] if self.places else self.default
            return lambda key: self.named.get(key, each)
        keys = list(structure.keys.values() if structure.keys else range(len(plain)))
        if self.places is not None and len(self.places) != len(keys):
            msg = f"{self!r} describes {len(self.places)} parts; met {describe_form(plain)}"
            raise ArgumentError(msg)
        unknown = [name for name in self.named if name not in structure.keys]
        if unknown:
            msg = f"{self!r} names {unknown[0]!r}; {describe(plain)} has {', '.join(structure.keys) or 'no names'}"
            raise ArgumentError(msg)
        chosen = dict(zip(keys, self.places or (), strict=False))
        chosen |= {structure.keys[name]: descriptor for name, descriptor in self.named.items()}
        return lambda key: chosen.get(key, self.default)

    def _name(self) -> str:
        return f"{self.kind.name}_{self.side}"

    def __repr__(self) -> str:
        if self.places is None and not self.named:
            return self._name()
        inside = [*map(repr, self.places or ()), *(f"{name}={part!r}" for name, part in self.named.items())]
        return f"{self._name()}({', '.join(inside)})"


@final
class ProductArg(_Product[Argument]):
    """A structure of arguments.

        value      x = (x₁, x₂, …), by place, by name or by key
        cotangent  x̄ = (x̄₁, x̄₂, …), in a structure of the same class
        pairing    Σ x̄ᵢ · xᵢ

    Called with descriptors for the parts it returns a descriptor that uses them.
    """

    def __call__(self, *places: Argument, **named: Argument) -> ProductArg:
        """Return the descriptor with these descriptors for the parts."""
        return self._with(places, named) if places or named else self

    def split(self, x: RevDiff, /) -> Any:
        """Return a structure of the same class with RevDiffs for its parts."""
        structure = self._structure(x, "the argument is")
        plain = primal(x)
        descriptor = self._descriptors(structure, plain)
        handed = {}
        for key, component in parts(x).items():
            try:
                handed[key] = descriptor(key).split(component)
            except RevDiffError as error:
                error.inside(structure.step(plain, key))
                raise
        return structure.build(plain, handed)


@final
class ProductVal(_Product[Value]):
    """A structure of values: its derivative is the structure of their derivatives.

    Called with descriptors for the parts it returns a descriptor that uses them.
    """

    def __call__(self, *places: Value, **named: Value) -> ProductVal:
        """Return the descriptor with these descriptors for the parts."""
        return self._with(places, named) if places or named else self

    def derivatives(self, y: Any, pull: Pull, /) -> Any:
        """Return the derivatives, part by part."""
        structure, plain, described = self._parts(y)
        derived = {}
        for key, (part, value) in described.items():
            try:
                derived[key] = part.derivatives(value, pull)
            except RevDiffError as error:
                error.inside(structure.step(plain, key))
                raise
        carriers = carried(plain, structure) if structure.constants else {}
        return structure.build(
            plain, {**{key: map_leaves(primal, value) for key, value in carriers.items()}, **derived}
        )

    def seeds(self, y: Any, y_bar: Any, /) -> Iterator[tuple[Any, Any]]:
        """Pair part with part."""
        structure, plain, described = self._parts(y)
        cotangents = structure.spread(plain, _opened(y_bar))
        for key, (part, value) in described.items():
            try:
                if key in cotangents:
                    yield from part.seeds(value, cotangents[key])
            except RevDiffError as error:
                error.inside(structure.step(plain, key))
                raise

    def _parts(self, y: Any) -> tuple[Structure, Any, dict[Any, tuple[Value, Any]]]:
        structure = self._structure(y, "the function returned")
        plain = primal(y)
        descriptor = self._descriptors(structure, plain)
        return structure, plain, {key: (descriptor(key), value) for key, value in parts(y).items()}


def _opened(x: Any) -> Any:
    """Return a structure of RevDiffs for one RevDiff of a structure, and anything else as it is."""
    structure = STRUCTURES.find(type(primal(x)))
    return x if type(x) is not RevDiff or structure is None else structure.build(primal(x), parts(x))


def product(kind: Kind) -> tuple[ProductArg, ProductVal]:
    """Return both descriptors of a kind of structure."""
    return ProductArg(kind, "arg", auto_arg), ProductVal(kind, "val", auto_val)
