"""The operators of traced values: each is a primitive that is noted.

Imports the core and the evaluation of primitives.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from revdiff.core.revdiff import RevDiff
from revdiff.core.structure import OUTERMOST
from revdiff.tracing.evaluation import Carrier, Primitive, evaluate, plain, write

SYMBOLS = {
    "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "floor_divide": "//", "remainder": "%", "power": "**",
    "negative": "negate", "absolute": "abs", "mod": "%",
}  # fmt: skip
"""What the primitives that have an operator are called in a trace."""


def binary(name: str, function: Callable[[Any, Any], Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return the methods of an operator between a traced value and anything, on either side."""
    primitive = Primitive(name, function)

    def method(self: Any, other: Any, *modulus: Any) -> Any:
        return NotImplemented if is_outside(other) else evaluate(primitive, (self, other, *modulus))

    def reflected(self: Any, other: Any) -> Any:
        return NotImplemented if is_outside(other) else evaluate(primitive, (other, self))

    return method, reflected


def unary(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the method of an operator of one traced value."""
    primitive = Primitive(name, function)
    return lambda self, *args: evaluate(primitive, (self, *args))


def in_place(name: str, function: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """Return the method of an operator in place: an array changes, a number makes way for another."""
    within, apart = Primitive(f"{name}=", function), Primitive(name, function)

    def method(self: Carrier, other: Any) -> Any:
        if is_outside(other):
            return NotImplemented
        if not isinstance(self.value, np.ndarray):
            return evaluate(apart, (self, other))
        write(within, self, (self, other))
        return self

    return method


def compared(function: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """Return the method of a comparison, which is that of the value and no event."""

    def method(self: Carrier, other: Any) -> Any:
        return NotImplemented if is_outside(other) else function(self.value, plain(other))

    return method


def is_outside(other: Any) -> bool:
    """Tell whether an operand does the operation itself: a RevDiff, a batch, or what declares that NumPy is not to."""
    kind = type(other)
    return kind is RevDiff or kind in OUTERMOST or getattr(other, "__array_ufunc__", ...) is None
