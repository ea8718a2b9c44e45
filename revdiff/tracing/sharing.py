"""Common subexpressions: each is evaluated once.

Imports the arguments of operators and traces.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from revdiff.derivatives.arguments import require_function
from revdiff.tracing.trace import Trace


def shared(f: Callable[..., Any], /) -> Callable[..., Any]:
    """Return f as a function that evaluates each common subexpression once.

    Where a primitive is applied to the same values again, the result that it gave is taken. Numbers of any kind are
    shared, and arrays as copies, so that each may be written into. A function of one's own is not a primitive but
    what it is made of; random numbers and whatever else is not computed from the arguments are drawn every time.

    The second derivative of g(f(x)) needs f′(x) twice, and evaluates it once:

    >>> from revdiff import nth_derivative, sin
    >>> second = nth_derivative(lambda x: sin(sin(x)), 2)
    >>> round(shared(second)(0.5), 12) == round(second(0.5), 12)
    True

    It pays where primitives are expensive.
    """
    require_function("shared", f)

    @wraps(f)
    def once_each(*args: Any, **kwargs: Any) -> Any:
        trace = Trace(keep="counts", share=True)
        try:
            return trace.call(f, *args, **kwargs)
        finally:
            trace.forget()

    return once_each
