"""A report as text, for a terminal of 80 columns.

Imports the report.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from revdiff.cli.report import By, Derivative, Report

WIDTH = 80
LONGEST_HEAD = 24
LONGEST_RAW = 60
LONGEST = 300
"""So many operations has the longest formula that is shown as it was found, and that is shown at all."""

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

Row = tuple[str, list[str], list[str]]
"""What stands before the equals sign, what stands behind one equals sign after the other, and remarks."""


def as_text(report: Report, *, fancy: bool) -> str:
    """Return the report; ``fancy`` allows characters beyond ASCII."""
    name = report.name
    head = f"{name}({', '.join(v.name for v in report.variables)})" if report.variables else name
    labels = {by: derivative_sign(by, report, fancy=fancy) for by in report.table}
    formulas = [_formula(labels[d.by], d) for d in report.derivatives]
    rows: list[Row] = [(head if len(head) <= LONGEST_HEAD else name, [str(report.expr)], [])]
    lines = [*_rows([*rows, *formulas])]
    if not report.variables:
        lines.append("There are no variables to differentiate by.")
    if report.hessian:
        lines += ["", f"Hessian of {name}", *_hessian(report, labels)]
    if report.has_numbers:
        lines += ["", *_numbers(report, labels)]
    return "\n".join(lines)


def shown_number(value: float | complex) -> str:
    """Write a number in full, and a complex one with the I of formulas.

    >>> shown_number(2.5), shown_number(1 - 2j)
    ('2.5', '1.0 - 2.0*I')
    """
    if not isinstance(value, complex):
        return repr(value)
    return f"{value.real!r} {'-' if str(value.imag).startswith('-') else '+'} {abs(value.imag)!r}*I"


def derivative_sign(by: By, report: Report, *, fancy: bool) -> str:
    """Write ∂³f/∂x²∂y, or d3f/dx2dy."""
    d = "∂" if fancy and len(report.variables) > 1 else "d"

    def power(k: int) -> str:
        return "" if k == 1 else str(k).translate(_SUPERSCRIPTS) if fancy else str(k)

    below = "".join(f"{d}{report.variables[i].name}{power(k)}" for i, k in Counter(by).items())
    return f"{d}{power(len(by))}{report.name}/{below}"


def _formula(label: str, derivative: Derivative) -> Row:
    """Show a formula as it was found, unless that is long, and simplified."""
    remarks = [derivative.note] if derivative.note else []
    if derivative.formula is None:
        return label, [], remarks
    operations = int(derivative.simplified.count_ops())
    if operations > LONGEST:
        return label, [], [f"too long to be shown here, with {operations} operations; --json prints it", *remarks]
    forms = [str(derivative.simplified)]
    if derivative.formula != derivative.simplified and derivative.formula.count_ops() <= LONGEST_RAW:
        forms.insert(0, str(derivative.formula))
    return label, forms, remarks


def _rows(rows: Sequence[Row]) -> Iterator[str]:
    """Align the equals signs, and break long lines."""
    width = max(len(label) for label, _, _ in rows)
    for label, forms, remarks in rows:
        starts = ["= "] * len(forms) + [": "] * (not forms) + ["  "] * len(remarks)
        texts = [*forms, *(f"({remark})" for remark in remarks)]
        for i, (start, words) in enumerate(zip(starts, texts, strict=False)):
            yield from _wrapped(f"{'' if i else label:{width}} {start}", words)


def _wrapped(start: str, words: str) -> Iterator[str]:
    """Break a long line at blanks, and where there are none, after * and /."""
    indent = " " * len(start)
    room = WIDTH - len(indent)
    pieces: list[str] = []
    for word in re.split(r"(?<= )", words):
        pieces += [word] if len(word) <= room else re.split(r"(?<=[^*][*/])(?=[^*])", word)
    line = start
    for piece in pieces:
        if line not in (start, indent) and len(line) + len(piece.rstrip()) > WIDTH:
            yield line.rstrip()
            line = indent
        line += piece
    yield line.rstrip()


def _matrix(entries: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*entries, strict=True)]
    return ["[ " + "  ".join(entry.rjust(w) for entry, w in zip(row, widths, strict=True)) + " ]" for row in entries]


def _hessian(report: Report, labels: dict[By, str]) -> list[str]:
    """Show the formulas as a matrix, or one after the other where that is too wide."""
    seconds = {by: d for by, d in report.table.items() if len(by) == 2}
    lines = _matrix([[str(d.simplified) for d in row] for row in report.hessian])
    if len(lines[0]) <= WIDTH and all(d.formula is not None for d in seconds.values()):
        return lines
    return [*_rows([_formula(labels[by], d) for by, d in seconds.items()])]


def _numbers(report: Report, labels: dict[By, str]) -> list[str]:
    lines = ["At " + ", ".join(f"{variable} = {text}" for variable, text, _ in report.point)] if report.point else []
    if report.value is None:
        return [*lines, f"{report.name} has no value here: {report.reason}."]
    rows = [(report.name, shown_number(report.value)), *((labels[d.by], _value(d)) for d in report.derivatives)]
    lines += _equations(rows)
    if report.hessian:
        matrix = _matrix([[_value(d) for d in row] for row in report.hessian])
        if len(matrix[0]) > WIDTH:
            matrix = _equations([(labels[by], _value(d)) for by, d in report.table.items() if len(by) == 2])
        lines += ["", f"Hessian of {report.name}", *matrix]
    return lines


def _equations(rows: Sequence[tuple[str, str]]) -> list[str]:
    width = max(len(label) for label, _ in rows)
    return [f"{label:{width}} = {value}" for label, value in rows]


def _value(derivative: Derivative) -> str:
    return f"none ({derivative.reason})" if derivative.value is None else shown_number(derivative.value)
