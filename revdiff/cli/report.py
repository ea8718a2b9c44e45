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
    """All that there is to print."""

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
    def is_undefined(self) -> bool:
        """Whether a number is missing."""
        numbers = [self.value, *(d.value for d in self.table.values())]
        return (bool(self.point) or not self.variables) and None in numbers

    def second(self, i: int, j: int) -> Derivative:
        """Return the entry of the Hessian."""
        return self.table[min(i, j), max(i, j)]
