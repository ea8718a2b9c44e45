r"""A report in LaTeX: one formula a line, to be set between \[ and \].

Imports the report and SymPy's LaTeX printer.
"""

from __future__ import annotations

from collections import Counter

import sympy

from revdiff.cli.report import By, Derivative, Report
from revdiff.cli.text import function_name


def as_latex(report: Report) -> str:
    """Return the report."""
    name = function_name(report)
    arguments = rf"\left({', '.join(map(sympy.latex, report.variables))}\right)" if report.variables else ""
    lines = [f"{name}{arguments} = {sympy.latex(report.expr)}"]
    lines += [" = ".join([derivative_sign(name, d.by, report), *_forms(d)]) for d in report.derivatives]
    if report.has_hessian and report.wrt:
        entries = [[_forms(report.second(i, j))[-1] for j in report.wrt] for i in report.wrt]
        lines.append(f"{_hessian_sign(name)} = {_matrix(entries)}")
    if report.point or not report.variables:
        lines += _numbers(report, name)
    return "\n".join(lines)


def derivative_sign(name: str, by: By, report: Report) -> str:
    r"""Write \frac{\partial^{3} f}{\partial x^{2} \partial y}."""
    d = r"\partial" if len(report.variables) > 1 else "d"

    def power(k: int) -> str:
        return "" if k == 1 else f"^{{{k}}}"

    below = (f"{d} {sympy.latex(report.variables[i])}{power(k)}" for i, k in Counter(by).items())
    return rf"\frac{{{d}{power(len(by))} {name}}}{{{' '.join(below)}}}"


def _hessian_sign(name: str) -> str:
    return rf"\nabla^{{2}} {name}"


def _matrix(entries: list[list[str]]) -> str:
    rows = r" \\ ".join(" & ".join(row) for row in entries)
    return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"


def _forms(derivative: Derivative) -> list[str]:
    """Return the formula as it was found and simplified, or dots for one that is too long."""
    if derivative.formula is None:
        return [r"\dots"]
    forms = [sympy.latex(derivative.formula), sympy.latex(derivative.simplified)]
    return forms if forms[0] != forms[1] else forms[:1]


def _numbers(report: Report, name: str) -> list[str]:
    there = ", ".join(
        f"{sympy.latex(v)} = {_number(x)}" for v, (_, _, x) in zip(report.variables, report.point, strict=True)
    )

    def at(sign: str) -> str:
        return rf"\left. {sign} \right|_{{{there}}}" if there else sign

    if report.value is None:
        return [rf"{at(name)} \text{{ has no value: {report.reason}}}"]
    lines = [f"{at(name)} = {_number(report.value)}"]
    lines += [f"{at(derivative_sign(name, d.by, report))} = {_number(d.value)}" for d in report.derivatives]
    if report.has_hessian and report.wrt:
        entries = [[_number(report.second(i, j).value) for j in report.wrt] for i in report.wrt]
        lines.append(f"{at(_hessian_sign(name))} = {_matrix(entries)}")
    return lines


def _number(value: float | complex | None) -> str:
    if value is None:
        return r"\text{none}"
    if isinstance(value, complex):
        sign = "-" if repr(value.imag).startswith("-") else "+"
        return f"{_number(value.real)} {sign} {_number(abs(value.imag))} i"
    mantissa, _, exponent = repr(value).replace("inf", r"\infty").partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa
