"""Structures with finitely many parts: what the descriptors of tuples, sequences, mappings and records share.

Imports the core and the descriptor protocol. Such a structure is differentiated part by part; its
cotangent has the same form. A descriptor may name descriptors for the parts; where it does not, the
values say what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Generic, NamedTuple, Self, final

from revdiff.core.errors import ArgumentError, RevDiffError, describe, describe_form
from revdiff.core.parts import parts, split, structure_of
from revdiff.core.revdiff import RevDiff, primal
from revdiff.core.structure import Structure, carried, map_leaves
from revdiff.structures.auto import auto_arg, auto_val
from revdiff.structures.protocol import Argument, Descriptor, Pull, Value, misfit


class Kind(NamedTuple):
    """A kind of structure, and how descriptors for its parts are given."""

    name: str
    says: str
    holds: Callable[[Any], bool]
    same_for_each: bool = False
    """One descriptor serves all parts, however many there are."""


class _Product(Generic[Descriptor]):
    """A kind of structure, and descriptors for its parts: in order, by name, or the default for all.

    No dataclass: it is made whenever revdiff is imported, and making dataclasses takes its time.
    """

    side: ClassVar[str]
    default: ClassVar[Any]

    def __init__(
        self, kind: Kind, places: tuple[Descriptor, ...] | None = None, named: Mapping[str, Descriptor] | None = None
    ) -> None:
        self.kind = kind
        self.places = places
        self.named = dict(named or {})

    def __call__(self, *places: Descriptor, **named: Descriptor) -> Self:
        """Return the descriptor with these descriptors for the parts."""
        if not places and not named:
            return self
        if self.kind.same_for_each and len(places) > 1:
            msg = f"{self._name()} takes one descriptor, for all parts alike; met {len(places)}"
            raise ArgumentError(msg)
        return type(self)(self.kind, places or None, named)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, type(self)):
            return NotImplemented
        return (self.kind, self.places, self.named) == (other.kind, other.places, other.named)

    def __hash__(self) -> int:
        return hash((self.kind, self.places, *self.named))

    def _structure(self, x: Any) -> Structure:
        if not self.kind.holds(primal(x)):
            raise misfit(self, self.kind.says, x)
        return structure_of(x)

    def _descriptors(self, structure: Structure, plain: Any) -> Callable[[Any], Descriptor]:
        """Return the function from the key of a part to its descriptor."""
        if self.places is None and not self.named:
            return lambda key: self.default
        if self.kind.same_for_each:
            (each,) = self.places or (self.default,)
            return lambda key: self.named.get(key, each)
        unnamed = range(len(plain)) if isinstance(plain, tuple) else structure.parts(plain)
        keys = list(structure.keys.values() or unnamed)
        if self.places is not None and len(self.places) != len(keys):
            msg = f"{self!r} describes {len(self.places)} parts; met {describe_form(plain)}"
            raise ArgumentError(msg)
        chosen = dict(zip(keys, self.places or (), strict=False))
        for name, descriptor in self.named.items():
            if name not in structure.keys:
                msg = f"{self!r} names {name!r}; {describe(plain)} has {', '.join(structure.keys) or 'no names'}"
                raise ArgumentError(msg)
            chosen[structure.keys[name]] = descriptor
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

    The function receives a structure of the same class. Called with descriptors for the parts, it returns the one that uses
    them: `tuple_arg` with one a place, `sequence_arg` with one for all, `mapping_arg` with one for all, by key, or both,
    `record_arg` by name or in the order of the fields. Parts that are not mentioned say themselves what they are.

    Raises `ArgumentError` for what is no such structure, and for one whose parts are others.

    >>> from revdiff import array_arg, custom_arg_derivative, mapping_arg, scalar_arg, sequence_arg, tuple_arg
    >>> custom_arg_derivative(tuple_arg, lambda p: p[0] * p[1])((2.0, 3.0))
    (3.0, 2.0)
    >>> custom_arg_derivative(sequence_arg(scalar_arg), lambda xs: xs[0] * xs[1] ** 2)([2.0, 3.0])
    [9.0, 12.0]
    >>> custom_arg_derivative(mapping_arg(rate=scalar_arg), lambda d: d["rate"] * d["steps"])({"rate": 0.5, "steps": 10.0})
    {'rate': 10.0, 'steps': 0.5}
    """

    side = "arg"
    default = auto_arg

    def split(self, x: RevDiff, /) -> Any:
        """Return a structure of the same class with RevDiffs for its parts."""
        structure = self._structure(x)
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

        value       y = (y₁, y₂, …), by place, by name or by key
        derivative  (∂y₁, ∂y₂, …), in a structure of the same class
        cotangent   ȳ = (ȳ₁, ȳ₂, …), likewise

    Called with descriptors for the parts, it returns the one that uses them: `tuple_val` with one a place, `sequence_val`
    with one for all, `mapping_val` with one for all, by key, or both, `record_val` by name or in the order of the fields.
    Parts that are not mentioned say themselves what they are.

    Raises `ArgumentError` for what is no such structure, and for one whose parts are others; `MismatchError` for a
    cotangent of another form.

    >>> from revdiff import custom_val_derivative, mapping_val, scalar_val, sequence_val, tuple_val
    >>> custom_val_derivative(tuple_val, lambda t: (t, t**2))(3.0)
    (1.0, 6.0)
    >>> custom_val_derivative(sequence_val(scalar_val), lambda t: [t, t**2, t**3])(3.0)
    [1.0, 6.0, 27.0]
    >>> custom_val_derivative(mapping_val(area=scalar_val), lambda t: {"side": t, "area": t**2})(3.0)
    {'side': 1.0, 'area': 6.0}
    """

    side = "val"
    default = auto_val

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
        # A field that was declared constant may hold a derivative all the same: it would leave the operator.
        carriers = {key: map_leaves(primal, value) for key, value in carried(plain, structure).items()}
        return structure.build(plain, {**carriers, **derived})

    def seeds(self, y: Any, y_bar: Any, /) -> Iterator[tuple[Any, Any]]:
        """Pair part with part."""
        structure, plain, described = self._parts(y)
        cotangents = structure.spread(plain, split(y_bar) if type(y_bar) is RevDiff else y_bar)
        for key, (part, value) in described.items():
            try:
                if key in cotangents:
                    yield from part.seeds(value, cotangents[key])
            except RevDiffError as error:
                error.inside(structure.step(plain, key))
                raise

    def _parts(self, y: Any) -> tuple[Structure, Any, dict[Any, tuple[Value, Any]]]:
        structure = self._structure(y)
        plain = primal(y)
        descriptor = self._descriptors(structure, plain)
        return structure, plain, {key: (descriptor(key), value) for key, value in parts(y).items()}


def product(kind: Kind) -> tuple[ProductArg, ProductVal]:
    """Return both descriptors of a kind of structure."""
    return ProductArg(kind), ProductVal(kind)
