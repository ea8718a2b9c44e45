"""Spaces: from the type of a value to the types of its tangents and cotangents.

Imports the core. If values of a type A make up a manifold, the small changes of a value
make up a vector space, its tangents TA, and the linear functions of these another, its cotangents T*A:

    cotangent_type = dual_type ∘ tangent_type

For values the same is done by `revdiff.zero_like`. Both functions on types go through parametrised types part by
part, and are open: `register_tangent_type`, `register_dual_type`.
"""

from __future__ import annotations

import numbers
import typing
from collections import abc
from collections.abc import Callable, Container
from contextlib import suppress
from types import NoneType, UnionType
from typing import Any, TypeAlias, final

import numpy as np

from revdiff.core.errors import RevDiffError, UnknownTypeError, describe
from revdiff.core.registry import TypeRegistry
from revdiff.core.structure import CONSTANT, CONSTANT_MODULES, LEAVES, STRUCTURES

Space: TypeAlias = Any
"""A type as one writes it in an annotation: a class, or ``list[float]``, ``float | None``, ``Annotated[…]``."""

Entry: TypeAlias = Space | Callable[[tuple[Any, ...]], Space]


def tangent_type(kind: Space, /) -> Space:
    """Return the type of the tangents of values of type ``kind``: of their small changes.

        T(float) = float,   T(A × B) = TA × TB,   T(Stream[A]) = Stream[TA]

    Numbers and arrays are their own tangents, whole numbers of NumPy excepted, whose tangents are float64.
    What holds parts has tangents of the same type with tangents in it. What is constant, text or a function, is
    carried along in a structure and stands for itself. Of a type variable and of Any nothing is known.

    Raises `UnsupportedValueError` for a type that nothing is known of.

    >>> import numpy as np
    >>> tangent_type(float), tangent_type(dict[str, tuple[complex, np.int64]])
    (<class 'float'>, dict[str, tuple[complex, numpy.float64]])
    """
    return _tangent(kind)


def dual_type(kind: Space, /) -> Space:
    """Return the type of the linear functions on ``kind``, the type of a vector space.

        V*:   float* = float,   (V × W)* = V* × W*,   Stream[V]* = FiniteSupportStream[V*]

    A pairing of infinitely many numbers must be a finite sum, so the dual of an infinite stream is one with zeros
    from some place on, and the other way round.

    Raises `UnsupportedValueError` for a type that nothing is known of.

    >>> dual_type(list[float] | None)
    list[float] | None
    """
    return _dual(kind)


def cotangent_type(kind: Space, /) -> Space:
    """Return the type of the cotangents of values of type ``kind``: the dual of the type of its tangents.

        T*A = (TA)*

    A derivative by a value of type A is of this type, and so is what goes backward along a computation.

    Raises `UnsupportedValueError` for a type that nothing is known of.

    >>> from revdiff import FiniteSupportStream, Stream
    >>> cotangent_type(tuple[float, Stream[float]]) == tuple[float, FiniteSupportStream[float]]
    True
    """
    return dual_type(tangent_type(kind))


def register_tangent_type(kind: type, tangent: Entry, /) -> None:
    """Let values of ``kind``, and of its subclasses, have tangents of this type.

    tangent     a type, or a function of the tuple of the arguments of ``kind[…]``, empty where there are none

    >>> class Angle: "A point on the circle. The difference of two is a number."
    >>> register_tangent_type(Angle, float)
    >>> cotangent_type(tuple[Angle, float])
    tuple[float, float]
    """
    _tangent.entries.register(kind, (tangent,))


def register_dual_type(kind: type, dual: Entry, /) -> None:
    """Let ``kind``, a type of vectors, and its subclasses have this type of linear functions on them.

    dual        a type, or a function of the tuple of the arguments of ``kind[…]``, empty where there are none

    A matrix is the linear function of the column; a row belongs to it:

    >>> from typing import Generic, TypeVar
    >>> V = TypeVar("V")
    >>> class Column(Generic[V]): "A column of numbers."
    >>> class Row(Generic[V]): "A row of numbers."
    >>> register_tangent_type(Column, lambda args: Column[tuple(map(tangent_type, args))])
    >>> register_dual_type(Column, lambda args: Row[tuple(map(dual_type, args))])
    >>> cotangent_type(Column[float])
    revdiff.spaces.Row[float]
    """
    _dual.entries.register(kind, (dual,))


_SAME = (
    Any, Ellipsis, None, NoneType, object, abc.Callable, typing.Literal, typing.LiteralString, typing.Never,
    typing.NoReturn, typing.Self, numbers.Number, numbers.Complex, numbers.Real, numbers.Rational,
    numbers.Integral,
)  # fmt: skip
"""What stands for itself: too general for anything to be known of it, or without anything in it."""

_VARIABLES = (typing.TypeVar, typing.ParamSpec, typing.TypeVarTuple)

_CONTAINERS = (
    abc.Collection, abc.Container, abc.Iterable, abc.Mapping, abc.MutableMapping, abc.MutableSequence, abc.Reversible,
    abc.Sequence, np.ndarray, np.dtype,
)  # fmt: skip
"""What has parts, beside the structures. The type of an array has two: its shape, and its dtype."""


@final
class _OnTypes:
    """A function on types, which goes through what is made of others part by part."""

    def __init__(self, name: str, unknown: str) -> None:
        self._name = name
        self._unknown = unknown
        self.entries: TypeRegistry[tuple[Entry]] = TypeRegistry()

    def __call__(self, kind: Space) -> Space:
        origin: Any = typing.get_origin(kind)
        named = kind if origin is None else origin
        args = typing.get_args(kind)
        if any(named is same for same in _SAME) or isinstance(kind, _VARIABLES):
            return kind
        if origin is typing.Annotated:
            plain = self(args[0])
            return kind if plain == args[0] else typing.Annotated[plain, *kind.__metadata__]
        if origin in (typing.Union, UnionType):
            arms = self._each("Union", args)
            return kind if arms == args else typing.Union[arms]  # noqa: UP007
        if origin is typing.Unpack:
            return typing.Unpack[self(args[0])]
        if isinstance(kind, typing.NewType):
            return self(kind.__supertype__)
        if type(named).__name__ == "TypeAliasType":
            return self._of_alias(kind, named, args)
        if not isinstance(named, type):
            raise self._no_type(kind)
        return self._of_class(kind, named, args)

    def _of_class(self, kind: Space, origin: type, args: tuple[Any, ...]) -> Space:
        entry = self.entries.find(origin)
        if entry is not None:
            return self._registered(entry[0], origin, args)
        structure = STRUCTURES.find(origin)
        if structure is not None and structure.cotangent is not structure.build:
            raise self._unknown_type(origin)
        if structure is not None or origin in _CONTAINERS:
            parts = self._each(origin.__name__, args, _places_of_keys(origin))
            return kind if parts == args else _with_arguments(kind, origin, parts)
        if LEAVES.find(origin) is not None or _is_constant(origin):
            return kind
        if issubclass(origin, abc.Set) and all(isinstance(arg, type) and _is_constant(arg) for arg in args):
            return kind
        raise self._unknown_type(origin)

    def _each(self, name: str, args: tuple[Any, ...], keys: Container[int] = ()) -> tuple[Any, ...]:
        parts = []
        for i, arg in enumerate(args):
            try:
                parts.append(arg if i in keys else self(arg))
            except RevDiffError as error:
                _inside(error, f"{name}[{i}]")
                raise
        return tuple(parts)

    def _registered(self, entry: Entry, origin: type, args: tuple[Any, ...]) -> Space:
        if isinstance(entry, type) or typing.get_origin(entry) is not None or not callable(entry):
            return entry
        try:
            return entry(args)
        except RevDiffError as error:
            _inside(error, origin.__name__)
            raise

    def _of_alias(self, kind: Space, alias: Any, args: tuple[Any, ...]) -> Space:
        """Return what the alias stands for, mapped; under its own name where that still fits."""
        value = _expanded(alias, args)
        try:
            mapped = self(value)
        except RecursionError:
            msg = f"the type alias {alias.__name__} is defined by itself, so its {self._name} cannot be written out"
            raise UnknownTypeError(msg) from None
        if mapped == value:
            return kind
        if args:
            with suppress(UnknownTypeError):
                parts = self._each(alias.__name__, args)
                if _expanded(alias, parts) == mapped:
                    return alias[parts]
        return mapped

    def _no_type(self, met: Any) -> UnknownTypeError:
        if isinstance(met, str | typing.ForwardRef):
            name = met if isinstance(met, str) else met.__forward_arg__
            msg = f"{self._name} takes a type; met the text {name!r}.\n  Give the type itself, or see typing.get_type_hints"
        else:
            shown = met if type(met).__module__ == "typing" else describe(met)
            msg = f"{self._name} takes a type of values; met {shown}.\n  The zero beside a value:  revdiff.zero_like(x)"
        return UnknownTypeError(msg)

    def _unknown_type(self, kind: type) -> UnknownTypeError:
        name = kind.__name__
        if STRUCTURES.find(kind) is not None:
            msg = (
                f"{name} was registered with cotangents of another type, and nothing says what the {self._unknown} {name} are.\n"
                f"  Say it:  revdiff.register_{self._name}({name}, …)"
            )
        else:
            msg = (
                f"nothing says what the {self._unknown} {name} are.\n"
                f"  If it is a type that is known:     revdiff.register_{self._name}({name}, …)\n"
                f"  If it holds numbers:               make {name} a dataclass, or revdiff.register_structure({name}, …)\n"
                f"  If it is a number of a new kind:   revdiff.register_number_system({name}, …)"
            )
        return UnknownTypeError(msg)


def _expanded(alias: Any, args: tuple[Any, ...]) -> Space:
    """Return the type that an alias, made by a ``type`` statement, stands for."""
    chosen = dict(zip(alias.__type_params__, args, strict=False))
    value = alias.__value__
    return value[tuple(chosen[parameter] for parameter in value.__parameters__)] if chosen else value


def _with_arguments(kind: Space, origin: Any, args: tuple[Any, ...]) -> Space:
    made = origin[args]
    return next(iter(made)) if getattr(kind, "__unpacked__", False) else made


def _inside(error: RevDiffError, step: str) -> None:
    error.inside(f"{step}, " if error.where else step)


def _is_constant(kind: type) -> bool:
    is_of_functions = getattr(kind, "_is_protocol", False) and "__call__" in vars(kind)
    return is_of_functions or issubclass(kind, CONSTANT) or kind.__module__.partition(".")[0] in CONSTANT_MODULES


def _places_of_keys(kind: type) -> set[int]:
    """Return which arguments of a type stand for the keys of a mapping: those do not vary.

    In a class of the user's, ``class Table(dict[K, V], Generic[V, K])``, they need not come first.
    """
    if not issubclass(kind, abc.Mapping):
        return set()
    parameters = getattr(kind, "__parameters__", None)
    if parameters is None:
        return {0}
    places = set()
    for base in getattr(kind, "__orig_bases__", ()):
        args = typing.get_args(base)
        if isinstance(typing.get_origin(base), type):
            places |= {
                parameters.index(args[i]) for i in _places_of_keys(typing.get_origin(base)) if args[i] in parameters
            }
    return places


_tangent = _OnTypes("tangent_type", "tangents of")
_dual = _OnTypes("dual_type", "linear functions on")


def _parametrised(kind: Any, of_argument: Callable[[Space], Space]) -> Callable[[tuple[Any, ...]], Space]:
    return lambda args: kind[tuple(map(of_argument, args))] if args else kind


def _register_streams() -> None:
    from revdiff.streams.finite import FiniteSupportStream
    from revdiff.streams.stream import Stream

    for kind, dual in ((Stream, FiniteSupportStream), (FiniteSupportStream, Stream)):
        register_tangent_type(kind, _parametrised(kind, tangent_type))
        register_dual_type(kind, _parametrised(dual, dual_type))


def _register_sympy() -> None:
    from sympy import Expr, ImmutableMatrix, ImmutableSparseMatrix, Matrix, SparseMatrix

    for kind in (Expr, Matrix, ImmutableMatrix, SparseMatrix, ImmutableSparseMatrix):
        register_tangent_type(kind, kind)


register_tangent_type(np.ndarray, _parametrised(np.ndarray, tangent_type))
register_tangent_type(np.integer, np.float64)
register_tangent_type(np.timedelta64, np.timedelta64)
_tangent.entries.register_lazily("sympy", _register_sympy)
for _function in (_tangent, _dual):
    _function.entries.register_lazily("revdiff.streams", _register_streams)
