"""NumPy's two protocols: `np.sin(r)` means `revdiff.sin(r)`, whichever side asks.

Imports the core. Rules register themselves here; a NumPy function without a rule is an error that
names it, never a wrong number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from revdiff.core.errors import ConversionError, MissingRuleError
from revdiff.core.revdiff import RevDiff, primal

UFUNCS: dict[np.ufunc, Callable[..., Any]] = {}
"""NumPy's elementwise functions that have a rule, or are constant: `np.sin` → `revdiff.sin`."""

FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {}
"""NumPy's other functions that have a rule, or are constant."""

OPTIONS: dict[Callable[..., Any], frozenset[str]] = {}
"""The options by keyword that each of those takes."""

CONSTANT: set[Callable[..., Any]] = set()
"""Those of NumPy's functions that are constant: their derivative is zero."""

_DECLINED = {
    "works on the bits of whole numbers": "bitwise_and bitwise_or bitwise_xor bitwise_count invert left_shift right_shift",
    "is defined for whole numbers only": "gcd lcm",
    "asks about dates and times": "isnat",
}
DECLINED: dict[np.ufunc, str] = {
    getattr(np, name): reason for reason, names in _DECLINED.items() for name in names.split() if hasattr(np, name)
}
"""NumPy's elementwise functions that revdiff does not differentiate, and why: each "works on the bits …"."""


def stands_for(*numpy_functions: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let NumPy call the decorated function where it would call its own with a RevDiff.

    An elementwise function becomes a method as well, for arrays of RevDiffs: of objects, `np.hypot`
    calls ``x.hypot(y)``.
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        for numpy_function in numpy_functions:
            if isinstance(numpy_function, np.ufunc):
                UFUNCS[numpy_function] = function
                method(numpy_function.__name__, function)
            else:
                FUNCTIONS[numpy_function] = function
                OPTIONS[function] = _parameters(function)
        return function

    return register


def _parameters(function: Any) -> frozenset[str]:
    code = getattr(function, "__wrapped__", function).__code__
    return frozenset(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])


def method(name: str, function: Callable[..., Any]) -> None:
    """Let ``r.name(…)`` mean ``function(r, …)``."""
    setattr(RevDiff, name, function)


def attribute(name: str, function: Callable[[Any], Any]) -> None:
    """Let ``r.name`` mean ``function(r)``."""
    setattr(RevDiff, name, property(function))


def constant(numpy_function: Any) -> Callable[..., Any]:
    """Register a function whose derivative is zero: it is applied to the plain values."""

    def on_values(*args: Any, **kwargs: Any) -> Any:
        return numpy_function(*map(_plain, args), **{key: _plain(value) for key, value in kwargs.items()})

    CONSTANT.add(numpy_function)
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
    if function is None:
        raise MissingRuleError.of(name, f" It {DECLINED[ufunc]}." if ufunc in DECLINED else "")
    met = f"{name}.{how}" if how != "__call__" else f"{name} with {_listed(options)}"
    raise MissingRuleError.of(met, _instead(how, *options))


def _array_function(
    self: RevDiff, numpy_function: Any, types: Sequence[type], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> Any:
    function = FUNCTIONS.get(numpy_function)
    name = f"{numpy_function.__module__}.{numpy_function.__name__}"
    if function is None:
        raise MissingRuleError.of(name)
    if not kwargs or numpy_function in CONSTANT:
        return function(*args, **kwargs)
    known = OPTIONS[function]
    unknown = sorted(option for option, value in kwargs.items() if option not in known and value is not None)
    if unknown:
        met = f"{name} with {_listed(unknown)}"
        raise MissingRuleError.of(met, _instead(*unknown))
    return function(*args, **{option: value for option, value in kwargs.items() if option in known})


def _listed(options: Iterable[str]) -> str:
    return ", ".join(f"{option}=" for option in options)


def _instead(*met: str) -> str:
    """Return the line of an error that says how to do without a ufunc's methods and options."""
    ways = {
        "reduce": "numpy.sum(r, axis=0) for numpy.add.reduce(r)",
        "outer": "numpy.multiply(r[:, None], s) for numpy.multiply.outer(r, s)",
        "where": "revdiff.where(condition, f(r), other) for f(r, where=condition)",
        "dtype": "f(r.astype(dtype)) for f(r, dtype=dtype)",
    }
    known = "; ".join(ways[name] for name in met if name in ways)
    return f"\n  To do without:        {known}." if known else ""


RevDiff.__array_ufunc__ = _array_ufunc
RevDiff.__array_function__ = _array_function
