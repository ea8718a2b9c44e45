"""NumPy's two protocols: `np.sin(r)` means `revdiff.sin(r)`, whichever side asks.

Imports the core. Rules register themselves here; a NumPy function without a rule is an error that
names it, never a wrong number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from revdiff.core.errors import ConversionError, MissingRuleError
from revdiff.core.revdiff import RevDiff, primal

UFUNCS: dict[np.ufunc, Callable[..., Any]] = {}
"""NumPy's elementwise functions that have a rule, or are constant: `np.sin` → `revdiff.sin`."""

FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {}
"""NumPy's other functions that have a rule, or are constant."""


def stands_for(*numpy_functions: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let NumPy call the decorated function where it would call its own with a RevDiff."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        for numpy_function in numpy_functions:
            table: dict[Any, Callable[..., Any]] = UFUNCS if isinstance(numpy_function, np.ufunc) else FUNCTIONS
            table[numpy_function] = function
        return function

    return register


def method(name: str, function: Callable[..., Any]) -> None:
    """Let ``r.name(…)`` mean ``function(r, …)``."""
    setattr(RevDiff, name, function)


def attribute(name: str, function: Callable[[Any], Any]) -> None:
    """Let ``r.name`` mean ``function(r)``."""
    setattr(RevDiff, name, property(function))


def constant(numpy_function: Any) -> Callable[..., Any]:
    """Register a function whose derivative is zero: it is applied to the plain values."""

    def on_values(*args: Any, **kwargs: Any) -> Any:
        return numpy_function(*map(_plain, args), **kwargs)

    return stands_for(numpy_function)(on_values)


def _plain(x: Any) -> Any:
    return type(x)(map(_plain, x)) if isinstance(x, list | tuple) else primal(x)


def _array_ufunc(self: RevDiff, ufunc: np.ufunc, how: str, *inputs: Any, **options: Any) -> Any:
    function = UFUNCS.get(ufunc)
    if function is not None and how == "__call__" and not options:
        return function(*inputs)
    name = f"numpy.{ufunc.__name__}"
    if options.get("out") is not None:
        msg = (
            f"{name} was asked to write a RevDiff into an array of numbers, which would drop its derivative.\n"
            "  Write a = a + r instead of a += r, and leave out= away."
        )
        raise ConversionError(msg)
    if how != "__call__":
        raise MissingRuleError.of(f"{name}.{how}")
    if function is None:
        raise MissingRuleError.of(name)
    raise MissingRuleError.of(f"{name} with {', '.join(f'{key}=' for key in options)}")


def _array_function(
    self: RevDiff, numpy_function: Any, types: Sequence[type], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> Any:
    function = FUNCTIONS.get(numpy_function)
    if function is None:
        raise MissingRuleError.of(f"{numpy_function.__module__}.{numpy_function.__name__}")
    return function(*args, **kwargs)


RevDiff.__array_ufunc__ = _array_ufunc
RevDiff.__array_function__ = _array_function
