"""NumPy's functions of traced values, as its two protocols ask for them.

Imports the core, NumPy's functions and the evaluation of primitives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from revdiff.arrays.numpy_protocol import NAMES, UFUNCS
from revdiff.core.revdiff import RevDiff
from revdiff.core.structure import OUTERMOST
from revdiff.tracing.evaluation import TRACED, Carrier, Primitive, evaluate, holds_traced, like, plain, write
from revdiff.tracing.operators import SYMBOLS
from revdiff.tracing.trace import CONSTANT

_NUMPYS = (np.ndarray, np.generic, float, int, complex, list, tuple)


def of_ufunc(ufunc: np.ufunc, how: str, inputs: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
    """Call a ufunc, or one of its methods."""
    if _is_for_others(map(type, inputs)):
        return NotImplemented
    name = getattr(UFUNCS.get(ufunc), "__name__", None) or NAMES.get(ufunc) or ufunc.__name__
    name = SYMBOLS.get(name, name)
    primitive = Primitive(name if how == "__call__" else f"{name}.{how}", getattr(ufunc, how))
    if how == "at":
        _into(primitive, inputs[:1], inputs, options)
        return None
    if options.get("out") is not None:
        return _into(primitive, options["out"], inputs, options)
    polymorphic = UFUNCS.get(ufunc) if how == "__call__" and not options else None
    kinds = [type(plain(x)) for x in inputs]
    if polymorphic is not None and np.ndarray not in kinds and not all(issubclass(kind, _NUMPYS) for kind in kinds):
        return polymorphic(*inputs)
    is_of_python = all(set(loop) <= {*"O->"} for loop in ufunc.types)  # np.frompyfunc knows what it does
    return evaluate(primitive, inputs, options, identity=None if is_of_python else (ufunc, how))


def of_function(
    traced: Carrier, function: Any, types: Iterable[type], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> Any:
    """Call a function of NumPy that is no ufunc."""
    if _is_for_others(types):
        return NotImplemented
    if not any(map(holds_traced, (*args, *kwargs.values()))):  # np.zeros(3, like=x)
        return like(traced, function(*args, **kwargs), CONSTANT)
    primitive = Primitive(function.__name__, function, whole_numbers=False)
    if type(kwargs.get("out")) in TRACED:
        return _into(primitive, (kwargs["out"],), args, kwargs)
    return evaluate(primitive, tuple(args), kwargs, identity=function)


def _is_for_others(types: Iterable[type]) -> bool:
    return any(kind is RevDiff or kind in OUTERMOST for kind in types)


def _into(primitive: Primitive, out: tuple[Any, ...], inputs: Sequence[Any], options: Mapping[str, Any]) -> Any:
    """Evaluate a function of NumPy that writes its result into arrays."""
    target = next((array for array in out if type(array) in TRACED), None)
    if target is None:  # the result goes into an array that nobody traces
        return primitive.function(*map(plain, inputs), **{name: plain(value) for name, value in options.items()})
    write(primitive, target, tuple(inputs), options)
    return target
