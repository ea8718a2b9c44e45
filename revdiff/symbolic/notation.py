"""Two ways to write the derivative of an unknown function: f'(x), and SymPy's Derivative(f(x), x).

Imports SymPy and symbolic functions. SymPy's form is what its solvers of differential equations read.
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy.core.function import AppliedUndef

from revdiff.symbolic.expressions import through
from revdiff.symbolic.functions import AppliedSymbolicFunc, symbolic_func


def to_sympy_derivative(x: Any, /) -> Any:
    """Write f'(x) as SymPy does, Derivative(f(x), x), with SymPy's undefined function f.

    Works through structures and functions as `revdiff.simplify` does.

    >>> f = symbolic_func("f")
    >>> x = sympy.Symbol("x")
    >>> to_sympy_derivative(f(x).diff(x))
    Derivative(f(x), x)
    >>> to_sympy_derivative(f(x**2).diff(x))
    2*x*Subs(Derivative(f(_xi_1), _xi_1), _xi_1, x**2)
    >>> sympy.dsolve(to_sympy_derivative(f(x).diff(x) - f(x)))
    Eq(f(x), C1*exp(x))
    """
    return through(_to_sympy, x)


def from_sympy_derivative(x: Any, /) -> Any:
    """Write SymPy's Derivative(f(x), x) as f'(x), with the symbolic function f.

    Works through structures and functions as `revdiff.simplify` does.

    >>> f, x = sympy.Function("f"), sympy.Symbol("x")
    >>> from_sympy_derivative(f(x**2).diff(x, 2))
    4*x**2*f''(x**2) + 2*f'(x**2)
    """
    return through(_from_sympy, x)


def _to_sympy(expr: Any) -> Any:
    return expr.replace(lambda e: isinstance(e, AppliedSymbolicFunc), _derivative)


def _derivative(applied: Any) -> Any:
    """Return Derivative(f(x, …), x, …), at a dummy in place of each x that is not a symbol by itself."""
    args = list(applied.args)
    points = {}

    def put_dummy(i: int) -> None:
        dummy = sympy.Dummy(f"xi_{i}", dummy_index=hash(args[i - 1]))
        points[dummy], args[i - 1] = args[i - 1], dummy

    places = sorted(set(applied.indices))
    for i in places:
        if not args[i - 1].is_Symbol:
            put_dummy(i)
    for i in places:
        if any(args[i - 1] in other.free_symbols for j, other in enumerate(args, 1) if j != i):
            put_dummy(i)
    result = sympy.Function(applied.func.name)(*args)
    if places:
        result = sympy.Derivative(result, *[args[i - 1] for i in sorted(applied.indices)])
    return sympy.Subs(result, tuple(points), tuple(points.values())) if points else result


def _from_sympy(expr: Any) -> Any:
    return expr.replace(lambda e: isinstance(e, AppliedUndef | sympy.Derivative | sympy.Subs), _primed)


def _primed(e: Any) -> Any:
    if isinstance(e, sympy.Subs):  # whose own doit() goes variable by variable, and (x, y) ↦ (y, x) would make (x, x)
        points = dict(zip(e.variables, e.point, strict=True))
        return e.expr.subs(points, simultaneous=True) if e.has(AppliedSymbolicFunc) else e
    if isinstance(e, sympy.Derivative):
        return e.doit(deep=False) if e.has(AppliedSymbolicFunc) else e
    return e if isinstance(e, AppliedSymbolicFunc) else symbolic_func(e.func.__name__, len(e.args))(*e.args)
