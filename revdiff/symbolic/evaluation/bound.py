"""Expressions with a variable of their own: sums, products, integrals, derivatives and substitutions.

Imports SymPy, lifting, the maker of local maps, the number systems, the derivative operators and the constants. Their body
is a function of that variable and of what else is free in it, compiled like any expression.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from importlib import import_module
from math import isfinite, isnan, nan
from operator import add, mul
from typing import Any, TypeAlias, final

import mpmath
import numpy as np
import sympy

from revdiff.broadcasting import broadcast_to
from revdiff.core.cotangents import one_like
from revdiff.core.errors import ArgumentError, ConvergenceError, UnsupportedValueError, describe
from revdiff.core.lifting import lift
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.derivatives import partial_derivative, simple_derivative
from revdiff.slopes import Partial
from revdiff.symbolic.evaluation.constants import kind_of
from revdiff.systems import implementation

Function: TypeAlias = Callable[..., Any]
Reading: TypeAlias = tuple[Function, tuple[Any, ...]]
"""A function, and the expressions that it is applied to."""

Compile: TypeAlias = Callable[[Any, tuple[Any, ...]], Function]
"""Make a function of an expression and its variables."""


def sum_or_product(e: Any, compiled: Compile) -> Reading:
    """Read Σ or Π, from a limit to another."""
    body, (variable, *limits) = _innermost(e)
    if len(limits) != 2:
        raise _unbounded(e, "both limits, (i, 1, n)")
    if any(limit.is_infinite for limit in limits):
        msg = f"the {e.func.__name__} in the expression has infinitely many terms.\n  Instead:  expr.doit(), if SymPy knows its value"
        raise UnsupportedValueError(msg)
    free = _free(body, variable)
    kind = _Sum if isinstance(e, sympy.Sum) else _Product
    return kind(variable, compiled(body, (variable, *free))), (*limits, *free)


def integral(e: Any, compiled: Compile) -> Reading:
    """Read ∫ from a limit to another."""
    body, (variable, *limits) = _innermost(e)
    if len(limits) != 2:
        raise _unbounded(e, "both limits, (t, 0, x)")
    free = _free(body, variable)
    jumps, kinks = (_moving(body, variable, kinds, free) for kinds in (_WITH_JUMPS, _WITH_KINKS))
    return _Integral(variable, compiled(body, (variable, *free)), jumps, kinks), (*limits, *free)


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


def elementwise_partial(function: Function, i: int) -> Function:
    """Return ∂f/∂xᵢ of a function that works element by element; numbers beside arrays are broadcast."""

    def partial(*args: Any) -> Any:
        shape = np.broadcast_shapes(*map(shape_of, args))
        x = broadcast_to(args[i], shape) if shape != shape_of(args[i]) else args[i]
        return simple_derivative(lambda x: function(*args[:i], x, *args[i + 1 :]))(x)

    return partial


def _innermost(e: Any) -> tuple[Any, Any]:
    """Return the body and the limits of the outermost of several sums, with the others in the body."""
    *inner, outer = e.limits
    return (e.func(e.function, *inner) if inner else e.function), outer


def _free(body: Any, *variables: Any) -> tuple[Any, ...]:
    return tuple(sorted(body.free_symbols - set(variables), key=sympy.default_sort_key))


def _unbounded(e: Any, needed: str) -> UnsupportedValueError:
    name = e.func.__name__
    return UnsupportedValueError(
        f"revdiff evaluates a SymPy {name} that has {needed}; met {e}.\n  Instead:  expr.doit()"
    )


class _OverARange:
    """Σ or Π of f(i, …) over whole numbers i, as a function of the limits and of what else is free in f."""

    __slots__ = ("_body", "_variable")

    name: str
    of_sympy: Any

    def __init__(self, variable: Any, body: Function) -> None:
        self._variable = variable
        self._body = body

    def __call__(self, lower: Any, upper: Any, *free: Any) -> Any:
        """Return Σ or Π from lower to upper; an expression where one of the limits is symbolic."""
        if type(lower) is RevDiff or type(upper) is RevDiff:
            msg = (
                f"a {self.name} has no derivative by its limits, which are whole numbers.\n"
                "  To hold a limit constant:  revdiff.stop_gradient(n), or argnums= of the other arguments"
            )
            raise ArgumentError(msg)
        if any(isinstance(limit, sympy.Basic) and not limit.is_number for limit in (lower, upper)):
            return self._symbolically(lower, upper, free)
        first, last = whole(lower, f"limits of a {self.name}"), whole(upper, f"limits of a {self.name}")
        if last < first - 1:  # what is between is taken away, so that Σₐᵇ + Σᵇ⁺¹ᶜ = Σₐᶜ holds everywhere
            return self.inverse(self._over(range(last + 1, first), free))
        return self._over(range(first, last + 1), free)

    def _over(self, numbers: range, free: tuple[Any, ...]) -> Any:
        kind, sample = kind_of(free)
        one: Any = 1 if kind in ("math", "cmath", "numpy", "exact") else one_like(sample)
        return self.folded([self._body(one * i, *free) for i in numbers])

    def _symbolically(self, lower: Any, upper: Any, free: tuple[Any, ...]) -> Any:
        if any(type(x) is RevDiff for x in free):
            return lift(lambda *free: self._with_local_maps(lower, upper, free), *free)
        i = _unused(self._variable, (lower, upper, *free))
        return self.of_sympy(self._body(i, *free), (i, lower, upper))

    def _with_local_maps(self, lower: Any, upper: Any, free: tuple[Any, ...]) -> tuple[Any, ...]:
        y = self(lower, upper, *free)
        return y, *[Partial(self._slope(j, lower, upper), free, x, y, None) for j, x in enumerate(free)]

    def _slope(self, j: int, lower: Any, upper: Any) -> Function:
        raise NotImplementedError

    @staticmethod
    def folded(terms: list[Any]) -> Any:
        raise NotImplementedError

    @staticmethod
    def inverse(x: Any) -> Any:
        raise NotImplementedError


@final
class _Sum(_OverARange):
    __slots__ = ()
    name, of_sympy = "Sum", sympy.Sum

    def _slope(self, j: int, lower: Any, upper: Any) -> Function:
        return lambda *free: _Sum(self._variable, partial_derivative(self._body, j + 1))(lower, upper, *free)

    @staticmethod
    def folded(terms: list[Any]) -> Any:
        return reduce(add, terms) if terms else 0

    @staticmethod
    def inverse(x: Any) -> Any:
        return -x


@final
class _Product(_OverARange):
    __slots__ = ()
    name, of_sympy = "Product", sympy.Product

    def _slope(self, j: int, lower: Any, upper: Any) -> Function:
        relative = lambda i, *free: partial_derivative(self._body, j + 1)(i, *free) / self._body(i, *free)  # noqa: E731
        return lambda *free: self(lower, upper, *free) * _Sum(self._variable, relative)(lower, upper, *free)

    @staticmethod
    def folded(terms: list[Any]) -> Any:
        return reduce(mul, terms) if terms else 1

    @staticmethod
    def inverse(x: Any) -> Any:
        return 1 / x


@final
class _Integral:
    """∫ f(t, …) dt, as a function F(a, b, …) of the limits and of what else is free in f.

    ∂F/∂a = -f(a, …)      ∂F/∂b = f(b, …)      ∂F/∂x = ∫ ∂f/∂x dt

    The last needs an integrand without jumps that move with x. ``jumps`` are the places of such x; ``kinks`` of those
    by which the derivative of f will have one.
    """

    __slots__ = ("_body", "_jumps", "_kinks", "_variable")

    def __init__(self, variable: Any, body: Function, jumps: frozenset[int], kinks: frozenset[int]) -> None:
        self._variable = variable
        self._body = body
        self._jumps = jumps
        self._kinks = kinks

    def __call__(self, a: Any, b: Any, *free: Any) -> Any:
        """Return the integral: a number by quadrature, or an Integral where an argument is symbolic."""
        args = (a, b, *free)
        if any(type(x) is RevDiff for x in args):
            return lift(self._with_local_maps, *args)
        columns = {
            "math": self._of_floats, "cmath": self._of_floats, "mpmath": self._of_mpmath,
            "numpy": self._of_arrays, "sympy": self._of_expressions, "decimal": None,
        }  # fmt: skip
        return implementation("Integral", columns, *map(type, args), itself=self)(*args)

    def _with_local_maps(self, *values: Any) -> tuple[Any, ...]:
        y = self(*values)
        kept = tuple(v.copy() if type(v) is np.ndarray else v for v in values)
        slopes = [
            lambda a, b, *free: -self._body(a, *free),
            lambda a, b, *free: self._body(b, *free),
            *map(self._under_the_integral, range(len(values) - 2)),
        ]
        return y, *[Partial(slope, kept, v, y, None) for slope, v in zip(slopes, kept, strict=True)]

    def _under_the_integral(self, j: int) -> Function:
        if j in self._jumps:
            return self._refuse
        jumps = self._jumps | self._kinks if j in self._kinks else self._jumps
        return _Integral(self._variable, partial_derivative(self._body, j + 1), jumps, self._kinks)

    def _refuse(self, *values: Any) -> Any:
        msg = (
            "the derivative of an Integral is the integral of the derivative where the integrand has no jump, and here one "
            "may move with what the derivative is by.\n  Instead:  split the integral there, so that the place is a limit"
        )
        raise UnsupportedValueError(msg)

    def _of_floats(self, a: Any, b: Any, *free: Any) -> Any:
        if isinstance(a, complex) or isinstance(b, complex):  # along a straight line
            return _quadrature(lambda s: self._body(a + s * (b - a), *free) * (b - a), 0.0, 1.0)
        return _quadrature(lambda t: self._body(t, *free), float(a), float(b))

    def _of_mpmath(self, a: Any, b: Any, *free: Any) -> Any:
        return mpmath.quad(lambda t: self._body(t, *free), [a, b])

    def _of_arrays(self, *args: Any) -> Any:
        each = np.frompyfunc(self, len(args), 1)(*(np.asarray(a).astype(object) for a in args))
        if any(np.asarray(a).dtype == object for a in args):
            return each
        return np.array(each, np.result_type(np.array(np.ravel(each).tolist() or [0.0]), np.float64))[()]

    def _of_expressions(self, a: Any, b: Any, *free: Any) -> Any:
        t = _unused(self._variable, (a, b, *free))
        return sympy.Integral(self._body(t, *free), (t, a, b))


def _quadrature(integrand: Function, a: float, b: float) -> Any:
    """Return the integral by SciPy's adaptive quadrature, or mpmath's where there is no SciPy."""
    if isnan(a) or isnan(b):
        return nan
    at: Function = lambda t: integrand(np.float64(t))  # noqa: E731 - whose functions overflow to infinity and do not raise
    with np.errstate(all="ignore"):
        try:
            quad = import_module("scipy.integrate").quad
        except ImportError:
            by_mpmath: Any = mpmath.fp
            value, error = by_mpmath.quad(lambda t: np.asarray(at(t)).item(), [a, b], error=True)
        else:
            inside = (a + b) / 2 if isfinite(a + b) else a + 1 if isfinite(a) else b - 1 if isfinite(b) else 1.0
            found = quad(
                at, a, b, complex_func=np.iscomplexobj(at(inside)), full_output=1, epsabs=1e-13, epsrel=1e-13, limit=200
            )
            value, error = found[:2]
    if not abs(error) <= 1e-7 * (1 + abs(value)):
        msg = f"the Integral from {a} to {b} does not converge: quadrature arrives at {value:.4g} ± {abs(error):.1g}"
        raise ConvergenceError(msg)
    return value


def _unused(variable: Any, values: tuple[Any, ...]) -> Any:
    """Return the variable, or a new one where it stands in the values already."""
    taken = set().union(*(sympy.sympify(x).free_symbols for x in values))
    return sympy.Dummy(variable.name) if variable in taken else variable


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
