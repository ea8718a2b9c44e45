"""The derivative rules, one module per family. Importing this package registers them all."""

from revdiff.rules import (
    arithmetic,
    complex,
    elementary,
    indexing,
    products,
    reductions,
    selection,
    shape,
    special,
    steps,
)

__all__ = [
    "arithmetic",
    "complex",
    "elementary",
    "indexing",
    "products",
    "reductions",
    "selection",
    "shape",
    "special",
    "steps",
]
