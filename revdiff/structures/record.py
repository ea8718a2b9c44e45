"""A record: a dataclass, a named tuple, an attrs class, or a class that was registered as a structure.

Imports the product descriptors. The derivative of a function of a record is a record of the same class.
"""

from __future__ import annotations

from collections import deque

from revdiff.core.structure import STRUCTURES
from revdiff.structures.auto import auto_arg, auto_val
from revdiff.structures.product import Kind, ProductArg, ProductVal, product
from revdiff.structures.protocol import Argument, Value


def _is_record(kind: type) -> bool:
    structure = STRUCTURES.find(kind)
    return structure is not None and (bool(structure.keys) or not issubclass(kind, tuple | list | dict | deque))


record_arg, record_val = product(
    Kind("record", "a dataclass, a named tuple or a registered class", lambda x: _is_record(type(x)))
)


def mk_record_arg(*places: Argument, **fields: Argument) -> ProductArg:
    """Return the descriptor of a record with descriptors for its fields, in order or by name.

        value      x, with fields x₁, x₂, …
        cotangent  x̄, of the same class, with fields x̄₁, x̄₂, …, each as its descriptor says
        pairing    Σ x̄ᵢ · xᵢ

    Raises `ArgumentError` for what is no record, for names that it does not have, and for another number of fields.

    >>> from typing import NamedTuple
    >>> class Line(NamedTuple):
    ...     slope: float
    ...     shift: float
    >>> from revdiff import custom_arg_derivative, scalar_arg
    >>> custom_arg_derivative(mk_record_arg(slope=scalar_arg), lambda line: 3 * line.slope + line.shift)(Line(1.0, 2.0))
    Line(slope=3.0, shift=1.0)
    """
    return record_arg(*places, **fields)


def mk_record_val(*places: Value, **fields: Value) -> ProductVal:
    """Return the descriptor of a record with descriptors for its fields, in order or by name.

        value       y, with fields y₁, y₂, …
        derivative  a record of the same class, with fields ∂y₁, ∂y₂, …, each as its descriptor says
        cotangent   ȳ, of the same class

    Raises `ArgumentError` for what is no record, for names that it does not have, and for another number of fields.

    >>> from typing import NamedTuple
    >>> class Point(NamedTuple):
    ...     x: float
    ...     y: float
    >>> from revdiff import custom_val_derivative, scalar_val
    >>> custom_val_derivative(mk_record_val(scalar_val, scalar_val), lambda t: Point(t, t**2))(3.0)
    Point(x=1.0, y=6.0)
    """
    return record_val(*places, **fields)


auto_arg.register_recognizer(lambda kind: record_arg if _is_record(kind) else None)
auto_val.register_recognizer(lambda kind: record_val if _is_record(kind) else None)
