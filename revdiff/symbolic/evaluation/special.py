"""Functions that SymPy has and revdiff has not: their values are SymPy's, or SciPy's, and so are their slopes.

Imports SymPy, lifting, the number systems and the constants. SymPy writes the derivative of a Bessel function with Bessel
functions again; that formula, as a function of any kind of number, is the slope here. Who asks for the function says how
functions are made of formulas.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from math import nan
from typing import Any, final

import numpy as np
import sympy

from revdiff.core.errors import UnsupportedValueError
from revdiff.core.revdiff import RevDiff
from revdiff.symbolic.evaluation.bound import Make
from revdiff.symbolic.evaluation.constants import as_decimal, as_float, as_mpf, precision_of
from revdiff.symbolic.lifted import lifted
from revdiff.systems import implementation

Places = tuple[sympy.Dummy, ...]

DIGITS = 30
"""With so many digits SymPy computes what is rounded to a float."""


@cache
def place(i: int) -> Any:
    """Return the symbol that stands for the argument i of a function."""
    return sympy.Dummy(f"x_{i}")


@cache
def special_function(template: Any, places: Places, make: Make) -> SpecialFunction:
    """Return the function that the template is of its places: besselj(0, x₀) of x₀."""
    return SpecialFunction(template, places, make)


@final
class SpecialFunction:
    """A function of SymPy, as a function of numbers of any kind."""

    __slots__ = ("_make", "_places", "_slopes", "_template", "name")

    def __init__(self, template: Any, places: Places, make: Make) -> None:
        self._template = template
        self._places = places
        self._make = make
        self._slopes: dict[int, Callable[..., Any]] = {}
        self.name = template.func.__name__

    def __call__(self, *args: Any) -> Any:
        """Return the value."""
        if any(type(a) is RevDiff for a in args):
            return lifted(self.name, self, self._slope, args)
        columns: dict[str, Any] = dict.fromkeys(("math", "cmath"), self._of_numbers)
        columns |= {"decimal": self._of_decimals, "mpmath": self._of_mpmath}
        columns |= {"numpy": self._of_arrays, "sympy": self._of_expressions}
        return implementation(self.name, columns, *map(type, args), itself=self)(*args)

    def _slope(self, i: int) -> Callable[..., Any]:
        """Return ∂f/∂xᵢ, which is written out when it is needed: of a constant argument it never is."""
        return lambda *values: self._derivative(i)(*values)  # noqa: PLW0108

    def _derivative(self, i: int) -> Callable[..., Any]:
        """Return ∂f/∂xᵢ, as SymPy writes it."""
        if i not in self._slopes:
            written = _SLOPES.get(self.name)
            slope = self._template.diff(self._places[i]) if written is None else written(*self._template.args)
            if slope.has(sympy.Derivative, sympy.Subs):
                args = self._template.args
                counted = len(args) > 1 and all(isinstance(a, sympy.Expr) for a in args)
                which = f" by its argument {args.index(self._places[i]) + 1}" if counted else ""
                msg = (
                    f"SymPy has no derivative of {self.name}{which}.\n"
                    f"  To hold the argument constant:  revdiff.stop_gradient(x), or argnums= of the others\n"
                    f"  If you know the derivative:     from_sympy(expr, args, functions={{{self.name!r}: f}}) "
                    "with a revdiff.primitive f"
                )
                raise UnsupportedValueError(msg)
            self._slopes[i] = self._make(slope, self._places, {})
        return self._slopes[i]

    def _of_expressions(self, *args: Any) -> Any:
        return self._template.xreplace(dict(zip(self._places, map(sympy.sympify, args), strict=True)))

    def _at(self, args: tuple[Any, ...], exactly: Callable[[Any], Any]) -> Any:
        try:
            value = self._of_expressions(*map(exactly, args))
            if value.evalf(DIGITS).is_number and not value.evalf(DIGITS).has(sympy.Function):
                return value
        except (TypeError, ValueError):  # SymPy's functions raise them where they are not defined
            pass
        shown = ", ".join(map(str, args))
        msg = (
            f"SymPy has no numerical value of {self.name} at {shown}.\n"
            f"  If you know it:  from_sympy(expr, args, functions={{{self.name!r}: f}}) takes a function f of yours"
        )
        raise UnsupportedValueError(msg)

    def _of_numbers(self, *args: Any) -> Any:
        if any(a != a for a in args):
            return nan
        fast = self._of_scipy() if all(type(a) in (float, int) for a in args) else None
        y = fast(*args) if fast is not None else nan
        return float(y) if np.isfinite(y) else as_float(self._at(args, _to_many_digits))

    def _of_decimals(self, *args: Any) -> Any:
        return as_decimal(self._at(args, lambda a: sympy.Rational(*a.as_integer_ratio())))

    def _of_mpmath(self, *args: Any) -> Any:
        return as_mpf(self._at(args, sympy.sympify))

    def _of_arrays(self, *args: Any) -> Any:
        arrays = [np.asarray(a) for a in args]
        if any(a.dtype == object for a in arrays):
            return np.frompyfunc(self, len(args), 1)(*args)
        dtype = precision_of(args)
        fast = None if dtype.kind == "c" else self._of_scipy()
        if fast is not None:
            return np.asarray(fast(*arrays)).astype(dtype, copy=False)[()]
        with np.errstate(invalid="ignore"):  # where an element is NaN
            each = np.frompyfunc(self._of_numbers, len(args), 1)(*(a.astype(object) for a in arrays))
        found = np.array(each, np.result_type(dtype, np.complex64))
        return (found if found.imag.any() or dtype.kind == "c" else found.real.astype(dtype))[()]

    def _of_scipy(self) -> Callable[..., Any] | None:
        """Return SciPy's function, which is fast and real."""
        made = _SCIPY.get(self.name)
        if made is None:
            return None
        try:
            special = import_module("scipy.special")
        except ImportError:
            return None
        function = getattr(special, made) if isinstance(made, str) else made(special)
        constants = [None if a in self._places else as_float(a) for a in self._template.args]

        def with_constants(*args: Any) -> Any:
            given = iter(args)
            return function(*[next(given) if c is None else c for c in constants])

        return with_constants


def _to_many_digits(x: Any) -> Any:
    if isinstance(x, float | np.floating):
        return sympy.Float(x, DIGITS)
    return _to_many_digits(x.real) + sympy.I * _to_many_digits(x.imag) if isinstance(x, complex) else sympy.sympify(x)


_SLOPES: dict[str, Callable[..., Any]] = {
    "LambertW": lambda x: sympy.exp(-sympy.LambertW(x)) / (1 + sympy.LambertW(x)),  # where SymPy's is 0/0 at 0
}
"""Slopes in the place of SymPy's."""

# fmt: off
_SCIPY: dict[str, Any] = {
    "besselj": "jv",          "bessely": "yv",          "besseli": "iv",          "besselk": "kv",
    "airyai":      lambda s: lambda x: s.airy(x)[0],    "airyaiprime": lambda s: lambda x: s.airy(x)[1],
    "airybi":      lambda s: lambda x: s.airy(x)[2],    "airybiprime": lambda s: lambda x: s.airy(x)[3],
    "erfi": "erfi",           "erfinv": "erfinv",       "erfcinv": "erfcinv",     "beta": "beta",
    "Ei": "expi",             "Si": lambda s: lambda x: s.sici(x)[0],             "Shi": lambda s: lambda x: s.shichi(x)[0],
    "fresnels": lambda s: lambda x: s.fresnel(x)[0],    "fresnelc": lambda s: lambda x: s.fresnel(x)[1],
    "elliptic_k": "ellipk",
}
# fmt: on
"""SciPy's functions that are the same for real numbers. Where one is NaN or infinite for a float, SymPy is asked."""
