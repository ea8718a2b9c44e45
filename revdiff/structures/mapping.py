"""A dictionary.

Imports the product descriptors.
"""

from __future__ import annotations

from revdiff.structures.auto import auto_arg, auto_val
from revdiff.structures.product import Kind, ProductArg, ProductVal, product
from revdiff.structures.protocol import Argument, Value

mapping_arg, mapping_val = product(Kind("mapping", "a dictionary", lambda x: isinstance(x, dict), same_for_each=True))


def mk_mapping_arg(*each: Argument, **entries: Argument) -> ProductArg:
    """Return the descriptor of a dictionary: one descriptor for all entries, or one by key, or both.

    >>> from revdiff import array_arg, scalar_arg
    >>> mk_mapping_arg(array_arg, rate=scalar_arg)
    mapping_arg(array_arg, rate=scalar_arg)
    """
    return mapping_arg(*each, **entries)


def mk_mapping_val(*each: Value, **entries: Value) -> ProductVal:
    """Return the descriptor of a dictionary: one descriptor for all entries, or one by key, or both."""
    return mapping_val(*each, **entries)


auto_arg.register(dict, mapping_arg)
auto_val.register(dict, mapping_val)
