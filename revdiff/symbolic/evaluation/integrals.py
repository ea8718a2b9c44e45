"""Integrals of functions of any kind of number, and their derivatives by limits and parameters.

Imports SymPy, lifting, the number systems and the constants. Numbers are integrated by SciPy's
quadrature where there is SciPy, and by mpmath's elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from math import inf, isfinite, isinf, isnan, nan
from typing import Any, TypeAlias, final

import mpmath
import numpy as np
import sympy

from revdiff.core.errors import ConvergenceError, UnsupportedValueError
from revdiff.core.revdiff import RevDiff
from revdiff.symbolic.evaluation.constants import precision_of
from revdiff.symbolic.lifted import elementwise_partial, lifted
from revdiff.systems import implementation

Function: TypeAlias = Callable[..., Any]


@final
class Integral:
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
            return lifted("Integral", self, self._slope, args)
        columns = {
            "math": self._of_floats, "cmath": self._of_floats, "mpmath": self._of_mpmath,
            "numpy": self._of_arrays, "sympy": self._of_expressions, "decimal": None,
        }  # fmt: skip
        return implementation("Integral", columns, *map(type, args), itself=self)(*args)

    def _slope(self, i: int) -> Function:
        if i == 0:
            return lambda a, b, *free: -self._body(a, *free)
        if i == 1:
            return lambda a, b, *free: self._body(b, *free)
        j = i - 2
        if j in self._jumps:
            return self._refuse
        jumps = self._jumps | self._kinks if j in self._kinks else self._jumps
        return Integral(self._variable, elementwise_partial(self._body, j + 1), jumps, self._kinks)

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
        return _by_mpmath(mpmath.mp, lambda t: self._body(t, *free), a, b)

    def _of_arrays(self, *args: Any) -> Any:
        each = np.frompyfunc(self, len(args), 1)(*(np.asarray(a).astype(object) for a in args))
        if any(np.asarray(a).dtype == object for a in args):
            return each
        found = np.array(np.ravel(each).tolist() or [0.0])
        dtype = precision_of(args)
        return np.array(each, np.result_type(dtype, np.complex64) if found.dtype.kind == "c" else dtype)[()]

    def _of_expressions(self, a: Any, b: Any, *free: Any) -> Any:
        t = unused(self._variable, (a, b, *free))
        return sympy.Integral(self._body(t, *free), (t, a, b))


def _quadrature(integrand: Function, a: float, b: float) -> Any:
    """Return the integral by SciPy's adaptive quadrature, or mpmath's where there is no SciPy."""
    if isnan(a) or isnan(b):
        return nan

    def at(t: float) -> Any:
        y = integrand(np.float64(t))  # whose functions overflow to infinity, and do not raise
        return (
            y if np.isfinite(y) else _converged(a, b, y, inf)
        )  # SciPy before 1.12 may crash where there is an infinity

    with np.errstate(all="ignore"):
        try:
            quad = import_module("scipy.integrate").quad
        except ImportError:
            return _by_mpmath(mpmath.fp, lambda t: np.asarray(at(t)).item(), a, b)
        if isinf(a) and isinf(b) and a != b:  # in one piece the halves of ∫ t dt would cancel
            return _quadrature(integrand, a, 0.0) + _quadrature(integrand, 0.0, b)
        inside = (a + b) / 2 if isfinite(a + b) else a + 1 if isfinite(a) else b - 1 if isfinite(b) else 1.0
        is_complex = np.iscomplexobj(at(inside))
        value, error, *details = quad(
            at, a, b, complex_func=is_complex, full_output=1, epsabs=1e-13, epsrel=1e-13, limit=200
        )
    said = [text for part in (details[0].values() if is_complex else [details]) for text in part[1:]]
    diverges = any("divergent" in text for text in said)  # then what QUADPACK has extrapolated is no limit
    return _converged(a, b, value, inf if diverges else error)


def _by_mpmath(arithmetic: Any, integrand: Function, a: Any, b: Any) -> Any:
    """Return the integral by mpmath's quadrature, which may take more nodes than usual: for kinks and waves."""
    pieces = [a, 0, b] if mpmath.isinf(a) and mpmath.isinf(b) and a != b else [a, b]
    most = 10 + int(arithmetic.prec // 53).bit_length()
    size: Any = 1
    try:
        value, error = arithmetic.quad(integrand, pieces, error=True, maxdegree=most)
        if error >= 1 and 1 < abs(value) < inf:  # mpmath's estimates end at 1: measure by the size of the value
            size = abs(value)
            value, error = arithmetic.quad(lambda t: integrand(t) / size, pieces, error=True, maxdegree=most)
    except ZeroDivisionError:  # the integrand has a pole where it was looked at
        value = error = mpmath.inf
    return _converged(a, b, value * size, error * size)


def _converged(a: Any, b: Any, value: Any, error: Any) -> Any:
    """Return the value of an integral, unless it may be off by more than 10⁻⁷."""
    if abs(error) <= 1e-7 * (1 + abs(value)) < inf:
        return value
    arrived = complex(value) if isinstance(value, mpmath.mpc | complex) else float(value)
    found = f"{arrived:.4g} ± {float(abs(error)):.1g}"
    msg = f"the Integral from {a} to {b} does not converge: quadrature arrives at {found}"
    raise ConvergenceError(msg)


def unused(variable: Any, values: tuple[Any, ...]) -> Any:
    """Return the variable, or a new one where it stands in the values already."""
    taken = set().union(*(sympy.sympify(x).free_symbols for x in values))
    return sympy.Dummy(variable.name) if variable in taken else variable
