"""What the command computes: formulas by differentiating on symbols, numbers by differentiating on floats.

Imports the report, the operators, the functions of expressions, and the bound on SymPy's work. Every derivative
is revdiff's own; SymPy shortens the formulas.
"""

from __future__ import annotations

import cmath
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from itertools import combinations_with_replacement
from math import comb
from typing import Any

import sympy

from revdiff.cli.options import Options, UsageError, check_names, shown
from revdiff.cli.report import By, Derivative, Report
from revdiff.cli.simplifier import Simplifier
from revdiff.core.errors import ParseError
from revdiff.derivatives.gradients import grad
from revdiff.derivatives.operators import partial_derivative
from revdiff.symbolic.evaluation.evaluate import from_sympy
from revdiff.symbolic.functions import AppliedSymbolicFunc
from revdiff.symbolic.text.effort import Effort, EffortError
from revdiff.symbolic.text.parse import parse_expression

MAX_WORK = 4_000_000
MAX_DERIVATIVES = 200
MAX_OPERATIONS = 5_000
SECONDS_TO_DIFFERENTIATE = 5.0
SYMBOLIC = ("f", "g", "h")
"""What a formula may call without saying what it computes."""

_TOO_LARGE = "too large for a float"


def calculate(options: Options) -> Report:
    """Compute what the options ask for."""
    expr = parse_expression(options.formula or "", functions=SYMBOLIC)
    variables = sorted(expr.free_symbols, key=_natural)
    names = [v.name for v in variables]
    check_names(options, names)
    values = {name: read_number(name, text) for name, text in options.at}
    wrt = sorted(map(names.index, options.wrt)) if options.wrt else list(range(len(names)))
    texts = dict(options.at)
    point = [(name, texts[name], values[name]) for name in names] if values else []
    report = Report(_name_of(expr, names), expr, variables, wrt, options.order, options.hessian, point)
    _check_work(report)
    report.table = {by: Derivative(by) for by in _all_derivatives(report)}
    _find_formulas(report)
    if report.has_numbers:
        _find_numbers(report)
    return report


def read_number(name: str, text: str) -> float | complex:
    """Read the value of a variable: a formula without variables.

    >>> read_number("x", "pi/2"), read_number("x", "1e-3"), read_number("x", "2*I")
    (1.5707963267948966, 0.001, 2j)
    """
    try:
        expr = parse_expression(text)
    except ParseError as error:
        msg = f"in --at, the value of {shown(name)}: {error}"
        raise UsageError(msg) from None
    if expr.free_symbols:
        names = ", ".join(sorted(map(str, expr.free_symbols)))
        msg = f"--at {name}={text} is no number: it contains {names}"
        raise UsageError(msg)
    value = complex(expr.evalf(30))
    return value if value.imag else value.real


def _name_of(expr: Any, variables: Sequence[str]) -> str:
    """Return f, or another name if a variable or a function in the formula has that one."""
    taken = {*variables, *(f.func.name for f in expr.atoms(AppliedSymbolicFunc))}
    return next(name for name in ("f", "g", "h", *(f"f{i}" for i in range(len(taken)))) if name not in taken)


def _natural(variable: Any) -> tuple[Any, ...]:
    """Sort x2 before x10."""
    letters = variable.name.rstrip("0123456789")
    return letters, int(variable.name[len(letters) :] or -1), variable.name


def _all_derivatives(report: Report) -> Iterator[By]:
    for k in range(1, _highest(report) + 1):
        yield from combinations_with_replacement(report.wrt, k)


def _highest(report: Report) -> int:
    return max(report.order, 2) if report.has_hessian else report.order


def _check_work(report: Report) -> None:
    """Refuse an order that would take too long: each order costs about three times the one before."""
    n, operations = len(report.wrt), max(1, int(report.expr.count_ops()))
    most, count, work = 0, 0, 0
    while most < _highest(report):
        new = comb(n + most, most + 1)
        count += new
        work += new * operations * 3 ** (most + 1)
        if count > MAX_DERIVATIVES or work > MAX_WORK:
            break
        most += 1
    else:
        return
    what = f"--order {report.order}" if report.order > most else "--hessian"
    fewer = "\nWith fewer variables in --wrt it may be more." if n > 1 else ""
    msg = f"{what} is too much for this formula: it can be differentiated up to order {most}.{fewer}"
    raise UsageError(msg)


def _find_formulas(report: Report) -> None:
    """Fill in the formulas, each order from the simplified formulas of the order before."""
    simplify = Simplifier()
    _differentiate(report, report.expr, (), simplify)
    for by, derivative in report.table.items():
        if derivative.formula is None:
            derivative.note = "the formula would take too long"
        elif len(by) < _highest(report):
            _differentiate(report, derivative.simplified, by, simplify)


def _differentiate(report: Report, expr: Any, by: By, simplify: Simplifier) -> None:
    """Fill in the derivatives of an expression by the last of its variables and those after it."""
    places = tuple(i for i in report.wrt if not by or i >= by[-1])
    if not places or expr.count_ops() > MAX_OPERATIONS:
        return
    try:
        with Effort(SECONDS_TO_DIFFERENTIATE):
            formulas = grad(from_sympy(expr, report.variables), argnums=places)(*report.variables)
    except EffortError:
        return
    for i, formula in zip(places, formulas, strict=True):
        derivative = report.table[(*by, i)]
        derivative.formula = formula
        derivative.simplified, derivative.note = simplify(formula)


def _find_numbers(report: Report) -> None:
    """Fill in the numbers: derivatives of derivatives of the formula on floats."""
    values = [value for _, _, value in report.point]
    is_complex = report.expr.has(sympy.I) or any(isinstance(value, complex) for value in values)
    args = [complex(value) if is_complex else value for value in values]
    f: Callable[..., Any] = from_sympy(report.expr, report.variables)
    report.value, report.reason = _number(f, args, is_complex)
    if report.value is not None and cmath.isinf(report.value):
        report.value, report.reason = None, _TOO_LARGE
    if report.reason:
        return
    for by, derivative in report.table.items():
        derivative.value, derivative.reason = _number(reduce(partial_derivative, by, f), args, is_complex)


def _number(f: Callable[..., Any], args: list[Any], is_complex: bool) -> tuple[float | complex | None, str]:
    """Return f(args) as a number, or None with the reason why there is none."""
    try:
        value = f(*args)
        value = complex(value) if isinstance(value, complex) else float(value)
    except ZeroDivisionError:
        return None, "division by zero"
    except OverflowError:
        return None, _TOO_LARGE
    except ValueError:
        return None, "outside of the domain of a function"
    except TypeError:
        return None, "a function in it takes no complex numbers" if is_complex else "no number came out"
    if isinstance(value, complex) and not is_complex:
        return None, "not a real number"
    return (None, "not a number") if cmath.isnan(value) else (value, "")
