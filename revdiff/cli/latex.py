r"""A report in LaTeX: one formula a line, to be set between \[ and \].

Imports the report and SymPy's LaTeX printer.
"""

from __future__ import annotations

from collections import Counter

import sympy

from revdiff.cli.report import By, Derivative, Report


def as_latex(report: Report) -> str:
    """Return the report."""
    arguments = rf"\left({', '.join(map(sympy.latex, report.variables))}\right)" if report.variables else ""
    lines = [f"{report.name}{arguments} = {sympy.latex(report.expr)}"]
    lines += [" = ".join([derivative_sign(d.by, report), *_forms(d)]) for d in report.derivatives]
    if report.hessian:
        lines.append(f"{_hessian_sign(report)} = {_matrix([[_forms(d)[-1] for d in row] for row in report.hessian])}")
    if report.has_numbers:
        lines += _numbers(report)
    return "\n".join(lines)


def derivative_sign(by: By, report: Report) -> str:
    r"""Write \frac{\partial^{3} f}{\partial x^{2} \partial y}."""
    d = r"\partial" if len(report.variables) > 1 else "d"

    def power(k: int) -> str:
        return "" if k == 1 else f"^{{{k}}}"

    below = (f"{d} {sympy.latex(report.variables[i])}{power(k)}" for i, k in Counter(by).items())
    return rf"\frac{{{d}{power(len(by))} {report.name}}}{{{' '.join(below)}}}"


def _hessian_sign(report: Report) -> str:
    return rf"\nabla^{{2}} {report.name}"


def _matrix(entries: list[list[str]]) -> str:
    rows = r" \\ ".join(" & ".join(row) for row in entries)
    return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"


def _forms(derivative: Derivative) -> list[str]:
    """Return the formula as it was found and simplified, or dots for one that is too long."""
    if derivative.formula is None:
        return [r"\dots"]
    forms = [sympy.latex(derivative.formula), sympy.latex(derivative.simplified)]
    return forms if forms[0] != forms[1] else forms[:1]


def _numbers(report: Report) -> list[str]:
    there = ", ".join(
        f"{sympy.latex(v)} = {_number(x)}" for v, (_, _, x) in zip(report.variables, report.point, strict=True)
    )

    def at(sign: str) -> str:
        return rf"\left. {sign} \right|_{{{there}}}" if there else sign

    if report.value is None:
        return [rf"{at(report.name)} \text{{ has no value: {report.reason}}}"]
    lines = [f"{at(report.name)} = {_number(report.value)}"]
    lines += [f"{at(derivative_sign(d.by, report))} = {_number(d.value)}" for d in report.derivatives]
    if report.hessian:
        entries = [[_number(d.value) for d in row] for row in report.hessian]
        lines.append(f"{at(_hessian_sign(report))} = {_matrix(entries)}")
    return lines


def _number(value: float | complex | None) -> str:
    if value is None:
        return r"\text{none}"
    if isinstance(value, complex):
        sign = "-" if repr(value.imag).startswith("-") else "+"
        return f"{_number(value.real)} {sign} {_number(abs(value.imag))} i"
    mantissa, _, exponent = repr(value).replace("inf", r"\infty").partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa
