"""Expressions with a variable of their own: sums, products, integrals, derivatives and substitutions.

Imports SymPy, lifting, the derivative operators, the constants and integrals. Their body is a function of that variable and
of what else is free in it, compiled like any expression.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial, reduce
from operator import add, mul
from typing import Any, TypeAlias, final

import numpy as np
import sympy

from revdiff.core.cotangents import one_like
from revdiff.core.errors import ArgumentError, UnsupportedValueError, describe
from revdiff.core.revdiff import RevDiff, primal
from revdiff.derivatives.operators import partial_derivative
from revdiff.symbolic.evaluation.constants import kind_of
from revdiff.symbolic.evaluation.integrals import Function, Integral, unused
from revdiff.symbolic.lifted import elementwise_partial, lifted

Reading: TypeAlias = tuple[Function, tuple[Any, ...]]
"""A function, and the expressions that it is applied to."""

Compile: TypeAlias = Callable[[Any, tuple[Any, ...]], Function]
"""Make a function of an expression and its variables."""

Make: TypeAlias = Callable[[Any, tuple[Any, ...], Mapping[str, Any]], Function]
"""Make a function of an expression, its variables, and what the functions in it are that are known by name."""


def sum_or_product(e: Any, compiled: Compile) -> Reading:
    """Read Σ or Π, from a limit to another."""
    body, (variable, *limits) = _innermost(e)
    if any(limit.is_infinite for limit in limits):
        msg = f"the {e.func.__name__} in the expression has infinitely many terms.\n  Instead:  expr.doit(), if SymPy knows its value"
        raise UnsupportedValueError(msg)
    free = _free(body, variable)
    return _OverARange(e.func, variable, compiled(body, (variable, *free))), (*limits, *free)


def integral(e: Any, compiled: Compile) -> Reading:
    """Read ∫ from a limit to another."""
    body, (variable, *limits) = _innermost(e)
    if len(limits) != 2:
        msg = f"revdiff evaluates a SymPy Integral that has both limits, (t, 0, x); met {e}.\n  Instead:  expr.doit()"
        raise UnsupportedValueError(msg)
    free = _free(body, variable)
    jumps, kinks = (_moving(body, variable, kinds, free) for kinds in (_WITH_JUMPS, _WITH_KINKS))
    return Integral(variable, compiled(body, (variable, *free)), jumps, kinks), (*limits, *free)


def derivative(e: Any, compiled: Compile) -> Reading:
    """Read a derivative that SymPy was not asked to take."""
    variables, orders = zip(*e.variable_count, strict=True)
    if not all(v.is_Symbol and n.is_Integer for v, n in e.variable_count):
        msg = f"{e} has no numerical value: revdiff differentiates by symbols, a given number of times"
        raise UnsupportedValueError(msg)
    free = _free(e.expr, *variables)
    function = compiled(e.expr, (*variables, *free))
    for i, n in enumerate(orders):
        for _ in range(int(n)):
            function = elementwise_partial(function, i)
    return function, (*variables, *free)


def substitution(e: Any, compiled: Compile) -> Reading:
    """Read an expression at a point."""
    free = _free(e.expr, *e.variables)
    return compiled(e.expr, (*e.variables, *free)), (*e.point, *free)


_WITH_JUMPS = (
    sympy.Piecewise, sympy.Heaviside, sympy.sign, sympy.floor, sympy.ceiling, sympy.frac, sympy.Mod, sympy.DiracDelta,
)  # fmt: skip
_WITH_KINKS = (sympy.Abs, sympy.Max, sympy.Min)


def _moving(body: Any, variable: Any, kinds: tuple[Any, ...], free: tuple[Any, ...]) -> frozenset[int]:
    """Return by which of the free symbols, by place, a jump or a kink of the integrand moves."""
    moved: set[Any] = set()
    for e in body.atoms(*kinds):
        where = [condition for _, condition in e.args] if isinstance(e, sympy.Piecewise) else [e]
        for part in where:
            if variable in part.free_symbols:
                moved |= part.free_symbols
    return frozenset(j for j, symbol in enumerate(free) if symbol in moved)


def _innermost(e: Any) -> tuple[Any, Any]:
    """Return the body and the limits of the outermost of several sums, with the others in the body."""
    *inner, outer = e.limits
    return (e.func(e.function, *inner) if inner else e.function), outer


def _free(body: Any, *variables: Any) -> tuple[Any, ...]:
    return tuple(sorted(body.free_symbols - set(variables), key=sympy.default_sort_key))


@final
class _OverARange:
    """Σ or Π of f(i, …) over whole numbers i, as a function of the limits and of what else is free in f."""

    __slots__ = ("_body", "_kind", "_variable")

    def __init__(self, kind: Any, variable: Any, body: Function) -> None:
        self._kind = kind
        self._variable = variable
        self._body = body

    def __call__(self, lower: Any, upper: Any, *free: Any) -> Any:
        """Return Σ or Π from lower to upper; an expression where one of the limits is symbolic."""
        name = self._kind.__name__
        if type(lower) is RevDiff or type(upper) is RevDiff:
            msg = (
                f"a {name} has no derivative by its limits, which are whole numbers.\n"
                "  To hold a limit constant:  revdiff.stop_gradient(n), or argnums= of the other arguments"
            )
            raise ArgumentError(msg)
        if any(isinstance(limit, sympy.Basic) and not limit.is_number for limit in (lower, upper)):
            return self._symbolically(lower, upper, free)
        first, last = whole(lower, f"limits of a {name}"), whole(upper, f"limits of a {name}")
        if last >= first - 1:
            return self._over(range(first, last + 1), free)
        # What is between is taken away, so that Σₐᵇ + Σᵇ⁺¹ᶜ = Σₐᶜ holds everywhere.
        between = self._over(range(last + 1, first), free)
        return -between if self._kind is sympy.Sum else 1 / between

    def _over(self, numbers: range, free: tuple[Any, ...]) -> Any:
        kind, sample = kind_of(free)
        one: Any = 1 if kind in ("math", "cmath", "numpy", "exact") else one_like(sample)
        join, of_none = (add, 0) if self._kind is sympy.Sum else (mul, 1)
        return reduce(join, [self._body(one * i, *free) for i in numbers]) if numbers else of_none

    def _symbolically(self, lower: Any, upper: Any, free: tuple[Any, ...]) -> Any:
        if any(type(x) is RevDiff for x in free):
            of_free = partial(self, lower, upper)
            return lifted(self._kind.__name__, of_free, lambda j: partial(self._slope(j), lower, upper), free)
        if any(isinstance(x, np.ndarray) for x in free):
            return np.frompyfunc(partial(self, lower, upper), len(free), 1)(*free)
        i = unused(self._variable, (lower, upper, *free))
        return self._kind(self._body(i, *free), (i, lower, upper))

    def _slope(self, j: int) -> Function:
        """Return ∂Σ/∂xⱼ = Σ ∂f/∂xⱼ, or ∂Π/∂xⱼ = Π · Σ (∂f/∂xⱼ)/f."""
        slope = partial_derivative(self._body, j + 1)
        if self._kind is sympy.Sum:
            return _OverARange(sympy.Sum, self._variable, slope)
        relative = _OverARange(sympy.Sum, self._variable, lambda *args: slope(*args) / self._body(*args))
        return lambda *args: self(*args) * relative(*args)


def whole(n: Any, what: str) -> int:
    """Return a whole number as an int. Of ``what`` it is one, the error for any other says."""
    plain = primal(n)
    try:
        if not isinstance(plain, np.ndarray) and plain == int(plain):
            return int(plain)
    except (TypeError, ValueError, OverflowError):  # a symbol, NaN or an infinity
        pass
    shown = describe(plain) if isinstance(plain, np.ndarray) else plain
    msg = f"the {what} are whole numbers; met {shown}"
    raise ArgumentError(msg)
