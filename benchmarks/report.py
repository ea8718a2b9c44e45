"""What a part of the benchmarks hands back, and how it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum


class Style(Enum):
    """How to print."""

    PLAIN = "plain"
    MARKDOWN = "markdown"

    def title(self, text: str) -> str:
        """Set the title of everything."""
        return f"# {text}\n" if self is Style.MARKDOWN else f"{text}\n{'=' * len(text)}\n"

    def heading(self, text: str) -> str:
        """Set the heading of a part."""
        return f"## {text}\n" if self is Style.MARKDOWN else f"{text}\n{'-' * len(text)}"

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
        """Set a table: the first column to the left, numbers to the right."""
        widths = [max(map(len, column)) for column in zip(columns, *rows, strict=True)]
        lines = [
            [row[0].ljust(widths[0]), *[cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]]
            for row in (columns, *rows)
        ]
        if self is Style.PLAIN:
            return "\n".join("  ".join(line).rstrip() for line in lines)
        rule = ["-" * width if i == 0 else "-" * (width - 1) + ":" for i, width in enumerate(widths)]
        return "\n".join("| " + " | ".join(line) + " |" for line in (lines[0], rule, *lines[1:]))


@dataclass(slots=True)
class Report:
    """A table, and notes on what is missing or went wrong."""

    title: str
    says: str
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failed: bool = False

    def fail(self, note: str) -> None:
        """Note what went wrong, and let the command fail."""
        self.notes.append(f"FAILED: {note}")
        self.failed = True

    def render(self, style: Style) -> str:
        """Return the text of the report."""
        parts = [style.heading(self.title), self.says + "\n"]
        if self.rows:
            parts.append(style.table(self.columns, self.rows) + "\n")
        if self.notes:
            parts.append("\n".join(f"- {note}" for note in dict.fromkeys(self.notes)) + "\n")
        return "\n".join(parts)


def duration(seconds: float) -> str:
    """Set a time with three digits.

    >>> duration(0.00001234), duration(1.5)
    ('12.3 µs', '1.50 s')
    """
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{three_digits(seconds / size)} {unit}"
    return f"{three_digits(seconds / 1e-9)} ns"


def times(ratio: float) -> str:
    """Set a ratio with three digits.

    >>> times(12.345), times(1.0249), times(1234.5)
    ('12.3 ×', '1.02 ×', '1 234 ×')
    """
    return f"{three_digits(ratio)} ×"


def three_digits(number: float) -> str:
    """Set a number with three digits, without an exponent."""
    if abs(number) < 10:
        return f"{number:.2f}"
    return f"{number:.1f}" if abs(number) < 100 else thousands(round(number))


def thousands(number: int) -> str:
    """Set a whole number with its thousands apart.

    >>> thousands(1000000)
    '1 000 000'
    """
    return f"{number:,}".replace(",", " ")
