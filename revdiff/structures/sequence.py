"""A list or another sequence, of any length.

Imports the product descriptors.
"""

from __future__ import annotations

from collections import deque

from revdiff.structures.auto import auto_arg, auto_val
from revdiff.structures.product import Kind, ProductArg, ProductVal, product
from revdiff.structures.protocol import Argument, Value

sequence_arg, sequence_val = product(
    Kind("sequence", "a list or another sequence", lambda x: isinstance(x, list | tuple | deque), same_for_each=True)
)


def mk_sequence_arg(part: Argument, /) -> ProductArg:
    """Return the descriptor of a sequence with one descriptor for all of its elements.

    >>> from revdiff import scalar_arg
    >>> mk_sequence_arg(scalar_arg)
    sequence_arg(scalar_arg)
    """
    return sequence_arg(part)


def mk_sequence_val(part: Value, /) -> ProductVal:
    """Return the descriptor of a sequence with one descriptor for all of its elements."""
    return sequence_val(part)


for _kind in (list, deque):
    auto_arg.register(_kind, sequence_arg)
    auto_val.register(_kind, sequence_val)
