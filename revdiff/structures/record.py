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

    >>> from revdiff import array_arg
    >>> mk_record_arg(weight=array_arg)
    record_arg(weight=array_arg)
    """
    return record_arg(*places, **fields)


def mk_record_val(*places: Value, **fields: Value) -> ProductVal:
    """Return the descriptor of a record with descriptors for its fields, in order or by name."""
    return record_val(*places, **fields)


auto_arg.register_recognizer(lambda kind: record_arg if _is_record(kind) else None)
auto_val.register_recognizer(lambda kind: record_val if _is_record(kind) else None)
