"""What people write into a trace themselves: messages, and functions of their own that count as one primitive.

Imports the core and traced values.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from revdiff.core.errors import ArgumentError, describe
from revdiff.core.revdiff import RevDiff
from revdiff.core.structure import leaves
from revdiff.tracing.evaluation import Primitive, evaluate
from revdiff.tracing.traced import Traced


def add_trace(name: str, f: Callable[..., Any], /) -> Callable[..., Any]:
    """Return f as a primitive of this name: applied to traced values it is one event, whatever it does inside.

    It may have any number of arguments, and is evaluated every time, since nobody knows what it depends on. In a derivative it
    is differentiated, and noted, by what it is made of.

    >>> clamp = add_trace("clamp", lambda low, high, x: max(low, min(high, x)))
    >>> y = clamp(0, 10, Traced(15, "x"))
    >>> print(y.traced_by)
    input     x               = 15
    forward   clamp(0, 10, 15) = 10
    """
    if type(name) is not str or not callable(f):
        msg = f"add_trace takes a name and a function; met {describe(name)} and {describe(f)}"
        raise ArgumentError(msg)
    primitive = Primitive(name, f)

    def noted(*args: Any, **kwargs: Any) -> Any:
        kinds = {type(leaf) for leaf in leaves((args, kwargs))}
        if RevDiff in kinds or Traced not in kinds:
            return f(*args, **kwargs)
        return evaluate(primitive, args, kwargs, identity=None)

    update_wrapper(noted, f)
    return noted


def with_trace(message: str, x: Any, /, *args: Any) -> Any:
    """Write a message to stderr, and return x; or x(*args) if x is a function, evaluated after the message.

    >>> with_trace("three", 3)
    3
    >>> with_trace("doubling", lambda x: 2 * x, 7)
    14
    """
    sys.stderr.write(f"{message}\n")
    return x(*args) if callable(x) else x


def trace_show(x: Any, /) -> Any:
    """Write a value to stderr, as ``print`` shows it, and return it.

    >>> trace_show("Current value: 42")
    'Current value: 42'
    """
    sys.stderr.write(f"{x}\n")
    return x
