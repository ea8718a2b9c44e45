"""What the command has found: formulas, numbers, and why one of them is missing.

Imports nothing of revdiff.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, final

By = tuple[int, ...]
"""By which variables a derivative was taken, in their order: (0, 0, 1) is ∂³/∂x²∂y."""


@final
@dataclass
class Derivative:
    """One derivative: its formula, as it was found and simplified, and its number.

    A note says what was not done about the formula, a reason why there is no number.
    """

    by: By
    formula: Any = None
    simplified: Any = None
    value: float | complex | None = None
    note: str = ""
    reason: str = ""


@final
@dataclass
class Report:
    """All that there is to print. ``name`` is what the function is called that the formula defines."""

    name: str
    expr: Any
    variables: list[Any]
    wrt: list[int]
    order: int
    has_hessian: bool
    point: list[tuple[str, str, float | complex]]
    value: float | complex | None = None
    reason: str = ""
    table: dict[By, Derivative] = field(default_factory=dict)

    @property
    def derivatives(self) -> list[Derivative]:
        """The derivatives to be listed: all up to the order."""
        return [d for by, d in self.table.items() if len(by) <= self.order]

    @property
    def hessian(self) -> list[list[Derivative]]:
        """The rows of the Hessian, none if it was not asked for."""
        return [[self.table[min(i, j), max(i, j)] for j in self.wrt] for i in self.wrt] if self.has_hessian else []

    @property
    def has_numbers(self) -> bool:
        """Whether the formula has a value: at a point, or because there are no variables in it."""
        return bool(self.point) or not self.variables

    @property
    def is_undefined(self) -> bool:
        """Whether a number is missing."""
        return self.has_numbers and None in [self.value, *(d.value for d in self.table.values())]
