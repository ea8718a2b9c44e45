"""NumPy's two protocols: `np.sin(r)` means `revdiff.sin(r)`, whichever side asks.

Imports the core. Rules register themselves here; a NumPy function without a rule is an error that
names it, never a wrong number.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from inspect import CO_VARARGS, CO_VARKEYWORDS
from itertools import takewhile
from operator import is_
from typing import Any

import numpy as np

from revdiff.core.errors import MissingRuleError, UnsupportedValueError
from revdiff.core.revdiff import RevDiff, primal
from revdiff.core.structure import LAYERS, OUTERMOST, STRUCTURED

UFUNCS: dict[np.ufunc, Callable[..., Any]] = {}
"""NumPy's elementwise functions that have a rule, or are constant: `np.sin` → `revdiff.sin`."""

FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {}
"""NumPy's other functions that have a rule, or are constant."""

OPTIONS: dict[Callable[..., Any], frozenset[str] | None] = {}
"""The options by keyword that each of those takes; None where it takes all and hands them on."""

POSITIONS: dict[Callable[..., Any], float] = {}
"""How many arguments by position each of those takes."""

METHODS: dict[str, Callable[..., Any]] = {}
"""What the methods of elementwise functions do, ``np.add.reduce(r)``: given the function, filled by `revdiff.rules`."""

CONSTANT: set[Callable[..., Any]] = set()
"""Those of NumPy's functions that are constant: their derivative is zero."""

_DECLINED = {
    "works on the bits of whole numbers": (
        "bitwise_and bitwise_or bitwise_xor bitwise_count invert left_shift right_shift packbits unpackbits"
    ),
    "is defined for whole numbers only": "gcd lcm",
    "asks about dates and times": "isnat busday_count busday_offset is_busday datetime_as_string",
    "writes numbers to a file, and their derivatives would be lost": "save savez savez_compressed savetxt",
}
DECLINED: dict[Callable[..., Any], str] = {
    getattr(np, name): reason for reason, names in _DECLINED.items() for name in names.split() if hasattr(np, name)
}
"""NumPy's functions that revdiff does not differentiate, and why: each "works on the bits …"."""

NAMES: dict[Any, str] = {}
"""What elementwise functions that are not NumPy's are called in errors: "scipy.special.jv"."""

ELSEWHERE: dict[str, str] = {}
"""Modules that rules for the elementwise functions of a package are in: imported when such a function is first met."""


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
                code = getattr(function, "__wrapped__", function).__code__
                names = code.co_varnames[code.co_posonlyargcount : code.co_argcount + code.co_kwonlyargcount]
                OPTIONS[function] = None if code.co_flags & CO_VARKEYWORDS else frozenset(names)
                POSITIONS[function] = math.inf if code.co_flags & CO_VARARGS else code.co_argcount
        return function

    return register


def method(name: str, function: Callable[..., Any]) -> None:
    """Let ``r.name(…)`` mean ``function(r, …)``."""
    setattr(RevDiff, name, function)


def method_of(numpy_function: Any, name: str = "") -> None:
    """Let ``r.name(…)`` mean ``numpy_function(r, …)``, with the same options and the same errors."""

    def call(self: RevDiff, *args: Any, **kwargs: Any) -> Any:
        return _array_function(self, numpy_function, (), (self, *args), kwargs)

    method(name or numpy_function.__name__, call)


def attribute(name: str, function: Callable[[Any], Any], write: Callable[[Any, Any], None] | None = None) -> None:
    """Let ``r.name`` mean ``function(r)``, and ``r.name = v`` ``write(r, v)``."""
    setattr(RevDiff, name, property(function, write))


def constant(numpy_function: Any) -> Callable[..., Any]:
    """Register a function whose derivative is zero: it is applied to the plain values."""

    def on_values(*args: Any, **kwargs: Any) -> Any:
        return numpy_function(*map(plain, args), **{key: plain(value) for key, value in kwargs.items()})

    CONSTANT.add(numpy_function)
    return stands_for(numpy_function)(on_values)


def plain(x: Any) -> Any:
    """Return the plain value under x, or what stands in a list or tuple without its RevDiffs."""
    return type(x)(map(plain, x)) if isinstance(x, list | tuple) else primal(x)


def holds_revdiff(x: Any) -> bool:
    """Tell whether x is a RevDiff, or a list, tuple or array of objects with one in it: whether `plain` changes it."""
    if isinstance(x, list | tuple):
        return any(type(part) is RevDiff or (isinstance(part, _CONTAINERS) and holds_revdiff(part)) for part in x)
    return type(x) is RevDiff or (isinstance(x, np.ndarray) and x.dtype == object and any(map(holds_revdiff, x.flat)))


_CONTAINERS = (list, tuple, np.ndarray)


def _array_ufunc(self: RevDiff, ufunc: np.ufunc, how: str, *inputs: Any, **options: Any) -> Any:
    if len(inputs) > 1 and not OUTERMOST.isdisjoint(map(type, inputs)):
        return NotImplemented
    function = UFUNCS.get(ufunc) or _from_elsewhere(ufunc)
    if function is not None and how == "__call__" and not options:
        try:
            return function(*inputs)
        except (ArithmeticError, ValueError):
            numbers = list(map(_as_number_of_numpy, inputs))
            if all(map(is_, numbers, inputs)):
                raise
        return function(*numbers)
    if ufunc in CONSTANT and how != "at":
        return getattr(ufunc, how)(*map(plain, inputs), **{key: plain(value) for key, value in options.items()})
    name = NAMES.get(ufunc) or f"numpy.{ufunc.__name__}"
    if options.get("out") is not None:
        return METHODS["out"](ufunc, how, name, inputs, **options)
    if function is None and all(set(loop) <= {*"O->"} for loop in ufunc.types):
        return METHODS["of objects"](ufunc, how, *inputs, **options)
    if function is None:
        raise MissingRuleError.of(name, _reason(ufunc))
    if ufunc.signature is not None and how == "__call__":
        how = "along axes"
    return METHODS[how](ufunc, *inputs, **options)


def _as_number_of_numpy(x: Any) -> Any:
    """Return a number of Python as one of NumPy, which goes on where Python raises: e¹⁰⁰⁰ is inf."""
    around = LAYERS.get(type(x))
    if around is not None:
        value = _as_number_of_numpy(x.value)
        return x if value is x.value else around(x, value)
    return np.float64(x) if type(x) in (float, int) else np.complex128(x) if type(x) is complex else x


def _from_elsewhere(ufunc: np.ufunc) -> Callable[..., Any] | None:
    """Return the rule of an elementwise function of another package, which is there if somebody met the function."""
    for package, rules in ELSEWHERE.items():
        if package in sys.modules and ufunc not in DECLINED:
            import_module(rules)
    return UFUNCS.get(ufunc)


def _reason(numpy_function: Any) -> str:
    """Return what an error adds about a function without a rule."""
    return f" It {DECLINED[numpy_function]}." if numpy_function in DECLINED else ""


def missing_options(function: Any, *options: str) -> MissingRuleError:
    """Return the error for options that a function's rule does not take."""
    met = f"{_name(function)} with {', '.join(f'{option}=' for option in options)}"
    return MissingRuleError.of(met, _instead(*options))


def _name(numpy_function: Any) -> str:
    return (
        NAMES.get(numpy_function)
        or f"{getattr(numpy_function, '__module__', None) or 'numpy'}.{numpy_function.__name__}"
    )


def _array_function(
    self: RevDiff, numpy_function: Any, types: Sequence[type], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> Any:
    if not OUTERMOST.isdisjoint(types):
        return NotImplemented
    function = FUNCTIONS.get(numpy_function)
    if function is None:
        raise MissingRuleError.of(_name(numpy_function), _reason(numpy_function))
    if len(args) > POSITIONS[function]:
        args, kwargs = _options_named(numpy_function, function, args, kwargs)
    known = OPTIONS[function]
    if kwargs and numpy_function not in CONSTANT:
        if known is None or not kwargs.keys() <= known:
            args, kwargs = _operands_first(numpy_function, function, args, kwargs)
        if known is not None:
            unknown = sorted(option for option, value in kwargs.items() if option not in known and value is not None)
            if unknown:
                raise missing_options(numpy_function, *unknown)
            kwargs = {option: value for option, value in kwargs.items() if option in known}
    try:
        return function(*args, **kwargs)
    except (AttributeError, TypeError, ValueError):
        refuse_structures(_name(numpy_function), (*args, *kwargs.values()))
        raise


def refuse_structures(name: str, operands: Iterable[Any]) -> None:
    """Raise `UnsupportedValueError` if one of the operands of a function is a RevDiff of a structure.

    Asked after an error: of a structure some functions are constant, and others hand it on.
    """
    for x in operands:
        if type(x) is RevDiff and type(primal(x)) in STRUCTURED:
            raise UnsupportedValueError.of_structure(name, primal(x)) from None


def _operands_first(
    numpy_function: Any, function: Any, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> tuple[Sequence[Any], Mapping[str, Any]]:
    """Put operands that were given by NumPy's names for them, ``np.sum(a=r)``, in their places."""
    from inspect import signature

    places = getattr(function, "__wrapped__", function).__code__.co_posonlyargcount
    try:
        names = list(signature(numpy_function).parameters)[len(args) : places]
    except ValueError:  # a function written in C does not always tell
        return args, kwargs
    given = list(takewhile(kwargs.__contains__, names))
    return [*args, *map(kwargs.get, given)], {name: value for name, value in kwargs.items() if name not in given}


def _options_named(
    numpy_function: Any, function: Any, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> tuple[Sequence[Any], Mapping[str, Any]]:
    """Give the options that stand after the operands, ``np.sum(r, 0, None, None, True)``, NumPy's names for them."""
    from inspect import signature

    count = int(POSITIONS[function])
    named = dict(zip(list(signature(numpy_function).parameters)[count:], args[count:], strict=False))
    return args[:count], {**named, **kwargs}


def _instead(*met: str) -> str:
    """Return the line of an error that says how to do without options."""
    ways = {
        "where": "revdiff.where(condition, f(r), other) for f(r, where=condition)",
        "dtype": "f(r.astype(dtype)) for f(r, dtype=dtype)",
        "out": "y = f(r) for f(r, out=y)",
    }
    known = "; ".join(ways[name] for name in met if name in ways)
    return f"\n  To do without:        {known}." if known else ""


RevDiff.__array_ufunc__ = _array_ufunc
RevDiff.__array_function__ = _array_function
