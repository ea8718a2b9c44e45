"""A report as text, for a terminal of 80 columns.

Imports the report and symbolic functions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from revdiff.cli.report import By, Derivative, Report
from revdiff.symbolic.functions import AppliedSymbolicFunc

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
    name = function_name(report)
    head = f"{name}({', '.join(v.name for v in report.variables)})" if report.variables else name
    labels = {by: derivative_sign(name, by, report, fancy=fancy) for by in report.table}
    formulas = [_formula(labels[d.by], d) for d in report.derivatives]
    rows: list[Row] = [(head if len(head) <= LONGEST_HEAD else name, [str(report.expr)], [])]
    lines = [*_rows([*rows, *formulas])]
    if not report.variables:
        lines.append("There are no variables to differentiate by.")
    if report.has_hessian and report.wrt:
        lines += ["", f"Hessian of {name}", *_hessian(report, labels)]
    if report.point or not report.variables:
        lines += ["", *_numbers(report, name, labels)]
    return "\n".join(lines)


def function_name(report: Report) -> str:
    """Return f, or another name if a variable has that one."""
    taken = {v.name for v in report.variables} | {str(f.func.name) for f in report.expr.atoms(AppliedSymbolicFunc)}
    return next(name for name in ("f", "g", "h", *(f"f{i}" for i in range(9999))) if name not in taken)


def shown_number(value: float | complex) -> str:
    """Write a number in full, and a complex one with the I of formulas.

    >>> shown_number(2.5), shown_number(1 - 2j)
    ('2.5', '1.0 - 2.0*I')
    """
    if not isinstance(value, complex):
        return repr(value)
    return f"{value.real!r} {'-' if str(value.imag).startswith('-') else '+'} {abs(value.imag)!r}*I"


def derivative_sign(name: str, by: By, report: Report, *, fancy: bool) -> str:
    """Write ∂³f/∂x²∂y, or d3f/dx2dy."""
    d = "∂" if fancy and len(report.variables) > 1 else "d"

    def power(k: int) -> str:
        return "" if k == 1 else str(k).translate(_SUPERSCRIPTS) if fancy else str(k)

    below = "".join(f"{d}{report.variables[i].name}{power(k)}" for i, k in Counter(by).items())
    return f"{d}{power(len(by))}{name}/{below}"


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
    lines = _matrix([[str(report.second(i, j).simplified) for j in report.wrt] for i in report.wrt])
    if len(lines[0]) <= WIDTH and all(d.formula is not None for d in seconds.values()):
        return lines
    return [*_rows([_formula(labels[by], d) for by, d in seconds.items()])]


def _numbers(report: Report, name: str, labels: dict[By, str]) -> list[str]:
    lines = ["At " + ", ".join(f"{variable} = {text}" for variable, text, _ in report.point)] if report.point else []
    if report.value is None:
        return [*lines, f"{name} has no value here: {report.reason}."]
    rows = [(name, shown_number(report.value)), *((labels[d.by], _value(d)) for d in report.derivatives)]
    lines += _equations(rows)
    if report.has_hessian and report.wrt:
        matrix = _matrix([[_value(report.second(i, j)) for j in report.wrt] for i in report.wrt])
        if len(matrix[0]) > WIDTH:
            matrix = _equations([(labels[by], _value(d)) for by, d in report.table.items() if len(by) == 2])
        lines += ["", f"Hessian of {name}", *matrix]
    return lines


def _equations(rows: Sequence[tuple[str, str]]) -> list[str]:
    width = max(len(label) for label, _ in rows)
    return [f"{label:{width}} = {value}" for label, value in rows]


def _value(derivative: Derivative) -> str:
    return f"none ({derivative.reason})" if derivative.value is None else shown_number(derivative.value)
