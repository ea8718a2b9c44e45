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

        value      x = {k: xₖ, …}
        cotangent  x̄ = {k: x̄ₖ, …}, each as its descriptor says
        pairing    Σ x̄ₖ · xₖ

    Raises `ArgumentError` for what is no dictionary, and for more than one descriptor for all entries.

    >>> import numpy as np
    >>> from revdiff import array_arg, custom_arg_derivative, scalar_arg
    >>> descriptor = mk_mapping_arg(array_arg, rate=scalar_arg)
    >>> custom_arg_derivative(descriptor, lambda d: d["rate"] * d["w"].sum())({"rate": 0.5, "w": np.array([1.0, 2.0])})
    {'rate': 3.0, 'w': array([0.5, 0.5])}
    """
    return mapping_arg(*each, **entries)


def mk_mapping_val(*each: Value, **entries: Value) -> ProductVal:
    """Return the descriptor of a dictionary: one descriptor for all entries, or one by key, or both.

        value       y = {k: yₖ, …}
        derivative  {k: ∂yₖ, …}, each as its descriptor says
        cotangent   ȳ = {k: ȳₖ, …}

    Raises `ArgumentError` for what is no dictionary, and for more than one descriptor for all entries.

    >>> from revdiff import custom_val_derivative, scalar_val
    >>> custom_val_derivative(mk_mapping_val(scalar_val), lambda t: {"side": t, "area": t**2})(3.0)
    {'side': 1.0, 'area': 6.0}
    """
    return mapping_val(*each, **entries)


auto_arg.register(dict, mapping_arg)
auto_val.register(dict, mapping_val)
