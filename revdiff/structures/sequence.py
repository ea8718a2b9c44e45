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

        value      x₀, …, xₙ₋₁: a list, a tuple or a deque, of any length
        cotangent  x̄₀, …, x̄ₙ₋₁: the same, each as ``part`` says
        pairing    Σ x̄ᵢ · xᵢ

    Raises `ArgumentError` for what is no sequence, and where ``part`` does not fit an element.

    >>> from revdiff import custom_arg_derivative, scalar_arg
    >>> custom_arg_derivative(mk_sequence_arg(scalar_arg), lambda xs: sum(x**2 for x in xs))([1.0, 2.0, 3.0])
    [2.0, 4.0, 6.0]
    """
    return sequence_arg(part)


def mk_sequence_val(part: Value, /) -> ProductVal:
    """Return the descriptor of a sequence with one descriptor for all of its elements.

        value       y₀, …, yₙ₋₁: a list, a tuple or a deque, of any length
        derivative  ∂y₀, …, ∂yₙ₋₁: the same, each as ``part`` says
        cotangent   ȳ₀, …, ȳₙ₋₁: the same

    Raises `ArgumentError` for what is no sequence, and where ``part`` does not fit an element.

    >>> from revdiff import custom_val_derivative, scalar_val
    >>> custom_val_derivative(mk_sequence_val(scalar_val), lambda t: [t**n for n in range(4)])(2.0)
    [0.0, 1.0, 4.0, 12.0]
    """
    return sequence_val(part)


for _kind in (list, deque):
    auto_arg.register(_kind, sequence_arg)
    auto_val.register(_kind, sequence_val)
