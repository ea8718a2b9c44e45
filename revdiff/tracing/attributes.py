"""The methods and attributes of traced values: those of the value, which note what they do.

Imports the number systems, NumPy's functions, keys and the evaluation of primitives.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Hashable
from typing import Any

import numpy as np

from revdiff.arrays.numpy_protocol import UFUNCS
from revdiff.systems import is_number
from revdiff.tracing.evaluation import Carrier, Primitive, evaluate, write
from revdiff.tracing.keys import KEYS
from revdiff.tracing.operators import SYMBOLS

_LOOKS = frozenset({"itemsize", "nbytes", "ndim", "size", "base"})
"""Attributes that say something about an array, and are no part of it."""

_WRITING = frozenset({"fill", "itemset", "partition", "put", "resize", "setfield", "sort"})
"""Methods of arrays that change them."""


def attribute(traced: Carrier, name: str) -> Any:
    """Return what the value has under this name."""
    if name.startswith("__"):
        raise AttributeError(name)
    value = traced.value
    try:
        found = getattr(value, name)
    except AttributeError:
        ufunc = getattr(np, name, None)
        if isinstance(ufunc, np.ufunc) and ufunc in UFUNCS:  # an array of objects calls its elements' methods
            return lambda *args: UFUNCS[ufunc](traced, *args)
        raise
    if found is value:
        return traced
    if callable(found) and not is_number(found):
        return _method(traced, name)
    if not is_number(found) or name in _LOOKS:
        return found
    return evaluate(Primitive(name, operator.attrgetter(name)), (traced,), identity=_of_known(value, "attribute", name))


def settable(name: str) -> property:
    """Return an attribute of an array that may be assigned to, which changes the array."""
    primitive = Primitive(f"{name}=", lambda x, value: setattr(x, name, value))
    return property(lambda self: attribute(self, name), lambda self, value: write(primitive, self, (self, value)))


def _method(traced: Carrier, name: str) -> Callable[..., Any]:
    bound = Primitive(SYMBOLS.get(name, name), lambda x, *args, **kwargs: getattr(x, name)(*args, **kwargs))

    def method(*args: Any, **kwargs: Any) -> Any:
        if isinstance(traced.value, np.ndarray) and name in _WRITING:
            return write(bound, traced, (traced, *args), kwargs)
        return evaluate(bound, (traced, *args), kwargs, identity=_of_known(traced.value, "method", name))

    return method


def _of_known(value: Any, *what: str) -> Hashable:
    """Return the identity of a method or an attribute. None for a type of which nobody knows what its methods do."""
    return None if KEYS.find(type(value)) is None else (type(value), *what)
