"""A tuple, each place with a descriptor of its own.

Imports the product descriptors.
"""

from __future__ import annotations

from revdiff.structures.auto import auto_arg, auto_val
from revdiff.structures.product import Kind, ProductArg, ProductVal, product
from revdiff.structures.protocol import Argument, Value

tuple_arg, tuple_val = product(Kind("tuple", "a tuple", lambda x: isinstance(x, tuple)))


def mk_tuple_arg(*parts: Argument) -> ProductArg:
    """Return the descriptor of a tuple with these descriptors for its places.

    >>> from revdiff import scalar_arg
    >>> mk_tuple_arg(scalar_arg, mk_tuple_arg(scalar_arg, auto_arg))
    tuple_arg(scalar_arg, tuple_arg(scalar_arg, auto_arg))
    """
    return ProductArg(tuple_arg.kind, "arg", auto_arg, parts)


def mk_tuple_val(*parts: Value) -> ProductVal:
    """Return the descriptor of a tuple with these descriptors for its places."""
    return ProductVal(tuple_val.kind, "val", auto_val, parts)


auto_arg.register(tuple, tuple_arg)
auto_val.register(tuple, tuple_val)
