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

        value      x = (x₁, …, xₙ)
        cotangent  x̄ = (x̄₁, …, x̄ₙ), each as its descriptor says
        pairing    Σ x̄ᵢ · xᵢ

    Raises `ArgumentError` for what is no tuple, and for a tuple of another length.

    >>> from revdiff import custom_arg_derivative, scalar_arg
    >>> descriptor = mk_tuple_arg(scalar_arg, mk_tuple_arg(scalar_arg, auto_arg))
    >>> custom_arg_derivative(descriptor, lambda p: p[0] * p[1][0] + p[1][1])((2.0, (3.0, 5.0)))
    (3.0, (2.0, 1.0))
    """
    return ProductArg(tuple_arg.kind, parts)


def mk_tuple_val(*parts: Value) -> ProductVal:
    """Return the descriptor of a tuple with these descriptors for its places.

        value       y = (y₁, …, yₙ)
        derivative  (∂y₁, …, ∂yₙ), each as its descriptor says
        cotangent   ȳ = (ȳ₁, …, ȳₙ)

    Raises `ArgumentError` for what is no tuple, and for a tuple of another length.

    >>> from revdiff import custom_val_derivative, scalar_val
    >>> custom_val_derivative(mk_tuple_val(scalar_val, auto_val), lambda t: (t, [t**2]))(3.0)
    (1.0, [6.0])
    """
    return ProductVal(tuple_val.kind, parts)


auto_arg.register(tuple, tuple_arg)
auto_val.register(tuple, tuple_val)
