"""A report as JSON, for programs. The keys are documented, and stay.

Imports the report.
"""

from __future__ import annotations

import cmath
import json
import re
from typing import Any

import sympy

from revdiff.cli.report import Derivative, Report


def as_json(report: Report, *, with_latex: bool) -> str:
    """Return the report; ``with_latex`` adds the formulas in LaTeX.

    Every key is there always, with null where there is nothing.
    """
    hessian = None
    if report.has_hessian:
        hessian = {
            "formula": [[_formula(d.simplified) for d in row] for row in report.hessian],
            "value": [[_number(d.value) for d in row] for row in report.hessian] if report.point else None,
        }
    data = {
        "formula": _formula(report.expr),
        **({"latex": sympy.latex(report.expr)} if with_latex else {}),
        "variables": [v.name for v in report.variables],
        "wrt": [report.variables[i].name for i in report.wrt],
        "at": {name: _number(value) for name, _, value in report.point} or None,
        "value": _number(report.value),
        "reason": report.reason or None,
        "derivatives": [_derivative(d, report, with_latex) for d in report.derivatives],
        "hessian": hessian,
    }
    return _short_lists_on_one_line(json.dumps(data, indent=2, allow_nan=False))


def _short_lists_on_one_line(text: str) -> str:
    return re.sub(r"\[\s+([^\[\]{}]{,60}?)\s+\]", lambda m: f"[{' '.join(m.group(1).split())}]", text)


def _derivative(d: Derivative, report: Report, with_latex: bool) -> dict[str, Any]:
    return {
        "by": [report.variables[i].name for i in d.by],
        "formula": _formula(d.formula),
        "simplified": _formula(d.simplified),
        **({"latex": d.formula and sympy.latex(d.simplified)} if with_latex else {}),
        "value": _number(d.value),
        "note": d.note or None,
        "reason": d.reason or None,
    }


def _formula(expr: Any) -> str | None:
    return None if expr is None else str(expr)


def _number(value: float | complex | None) -> Any:
    """Return a float as a number; "inf" and "-inf", which JSON does not have, as text; a complex as its parts."""
    if isinstance(value, complex):
        return {"real": _number(value.real), "imag": _number(value.imag)}
    return value if value is None or cmath.isfinite(value) else str(value)
