"""Standing beside SciPy: the same names, the same signatures, and on plain values SciPy's own results.

Imports the core, the rules of shapes and NumPy's protocol. A function here is called as SciPy's is. Without a RevDiff
among its arguments it *is* SciPy's. So the rule of a function may call the function itself for the value: it ends at
SciPy, however many layers of RevDiffs there are above.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import Parameter, ismodule, signature
from types import ModuleType
from typing import Any, NoReturn

import numpy as np
from scipy import __version__

from revdiff.arrays.numpy_protocol import holds_revdiff, plain, refuse_structures
from revdiff.core.errors import MissingRuleError, UnsupportedValueError
from revdiff.core.revdiff import primal
from revdiff.rules.shape import gather

Function = Callable[..., Any]

_NO_MATTER = {"check_finite", "lwork"}  # and overwrite_…: they change no result


def namesake(scipy_function: Any, *, nested: str = "") -> Callable[[Function], Function]:
    """Give a function the signature of SciPy's, and let SciPy compute it where nothing has a derivative.

    The positional-only parameters of the decorated function are its operands, in any order, by SciPy's names; they
    arrive as arrays or RevDiffs, except for one that is ``nested``, a tuple of arrays, which arrives as it was given.
    Its other parameters are the options that it knows. An option that it does not know is a `MissingRuleError`, unless
    it has SciPy's default or makes no difference, as ``overwrite_a`` does. Where the installed SciPy has no such function,
    and None is given, it is `missing`.
    """
    if scipy_function is None:
        return lambda body: missing(f"{'.'.join(body.__module__.split('.')[1:3])}.{body.__name__}")
    parameters = (its := signature(scipy_function)).parameters

    def register(body: Function) -> Function:
        own = signature(body).parameters
        operands = [name.lower() for name, p in own.items() if p.kind is Parameter.POSITIONAL_ONLY]
        rest = [name for name, p in parameters.items() if p.kind is Parameter.VAR_POSITIONAL]

        @wraps(body)
        def function(*args: Any, **kwargs: Any) -> Any:
            if not holds_revdiff((*args, *kwargs.values())):
                return scipy_function(*args, **kwargs)
            try:
                return on_operands(its.bind(*args, **kwargs).arguments)
            except (AttributeError, TypeError, ValueError):
                refuse_structures(full_name(scipy_function), (*args, *kwargs.values()))
                raise

        def on_operands(given: dict[str, Any]) -> Any:
            if rest:
                return body(*map(operand, given[rest[0]]))
            values = {
                p.name.lower(): given.pop(p.name, p.default) for p in parameters.values() if p.name.lower() in operands
            }
            values = {name: x if name == nested or x is None else operand(x) for name, x in values.items()}
            options = {name: x for name, x in given.items() if _is_known(scipy_function, own, parameters[name], x)}
            return body(*[values[name] for name in operands], **options)

        function.__signature__ = its  # type: ignore[attr-defined]
        return function

    return register


def called_as(scipy_function: Any) -> Callable[[Function], Function]:
    """Give a function the signature of SciPy's: it gets its arguments by SciPy's names, those that were given."""
    its = signature(scipy_function)
    spread = [name for name, p in its.parameters.items() if p.kind is Parameter.VAR_KEYWORD]

    def register(body: Function) -> Function:
        @wraps(body)
        def function(*args: Any, **kwargs: Any) -> Any:
            given = its.bind(*args, **kwargs).arguments
            rest = given.pop(spread[0], {}) if spread else {}
            return body(**given, **rest)

        function.__signature__ = its  # type: ignore[attr-defined]
        return function

    return register


def operand(x: Any) -> Any:
    """Return an operand as an array or a RevDiff, in the order of bytes that SciPy's compiled code takes for granted."""
    x = gather(x)
    dtype = getattr(primal(x), "dtype", None)
    return x if dtype is None or dtype.isnative else x.astype(dtype.newbyteorder("="))


def _is_known(scipy_function: Any, own: Mapping[str, Any], parameter: Parameter, value: Any) -> bool:
    """Say whether an option is handed on; raise an error if it is not and should be."""
    name = parameter.name
    if name in _NO_MATTER or name.startswith("overwrite"):
        return False
    if name in own or any(p.kind is Parameter.VAR_KEYWORD for p in own.values()):
        if holds_revdiff(value) and np.asarray(plain(value)).dtype.kind not in "iub":
            refuse(f"{full_name(scipy_function)} by its option {name}=")
        return True
    if not (value is parameter.default or _equal(value, parameter.default)):
        refuse(f"{full_name(scipy_function)} with {name}={plain(value)!r}", "Without that option there is one.")
    return False


def _equal(value: Any, default: Any) -> bool:
    return isinstance(value, bool | int | float | str) and bool(value == default)


def refuse(what: str, hint: str = "") -> NoReturn:
    """Raise the error about something that has no derivative: what it is, and what to write instead."""
    raise MissingRuleError.of(what, hint and f" {hint}")


def missing(name: str) -> Function:
    """Return what stands for a function that the installed SciPy does not have."""

    def function(*args: Any, **options: Any) -> NoReturn:
        msg = f"SciPy {__version__} has no {name}; a newer one has."
        raise UnsupportedValueError(msg)

    return named(function, name.rpartition(".")[2], f"Raise an error, because the installed SciPy has no {name}.")


def named(function: Function, name: str, doc: str) -> Function:
    """Return a function that was made, under a name and with a docstring."""
    function.__name__ = function.__qualname__ = name
    function.__doc__ = doc
    return function


def full_name(scipy_function: Any) -> str:
    """Return the name under which SciPy offers a function: ``scipy.linalg.expm``."""
    public = str(scipy_function.__module__).partition("._")[0]
    return f"{public}.{scipy_function.__name__}"


def constant(scipy_function: Any) -> Function:
    """Return a function of SciPy's whose derivative is zero: it is applied to the plain values."""

    @wraps(scipy_function, updated=())
    def on_values(*args: Any, **kwargs: Any) -> Any:
        return scipy_function(*map(plain, args), **{name: plain(value) for name, value in kwargs.items()})

    return on_values


def declined(scipy_function: Any, reason: str) -> Function:
    """Return a function of SciPy's that takes plain values only, and says why."""

    @wraps(scipy_function, updated=())
    def on_values(*args: Any, **kwargs: Any) -> Any:
        if holds_revdiff((*args, *kwargs.values())):
            refuse(full_name(scipy_function), reason)
        return scipy_function(*args, **kwargs)

    return on_values


def remaining(module: ModuleType, constants: str, reasons: Mapping[str, str]) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a module of namesakes: its constant functions, and those that are declined."""
    constant_names = constants.split()

    def __getattr__(name: str) -> Any:  # noqa: N807
        if name in constant_names and hasattr(module, name):
            return constant(getattr(module, name))
        if name in reasons and hasattr(module, name):
            return declined(getattr(module, name), reasons[name])
        msg = f"module 'revdiff.{module.__name__}' has no attribute {name!r}"
        raise AttributeError(msg, name=name)

    return __getattr__


def absent(
    module: ModuleType, here: Mapping[str, Any], instead: Mapping[str, str] | None = None, hint: str = ""
) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a module with a part of SciPy's names: an error that says which, and what instead."""

    def __getattr__(name: str) -> Any:  # noqa: N807
        there = "is not differentiated" if hasattr(module, name) else "does not exist"
        way = f" {instead[name]}" if instead and name in instead else ""
        names = ", ".join(sorted(n for n, thing in here.items() if not (n.startswith("_") or ismodule(thing))))
        msg = f"{module.__name__}.{name} {there}.{way}\n  Here are:  {names}.{hint}"
        raise AttributeError(msg, name=name)

    return __getattr__
