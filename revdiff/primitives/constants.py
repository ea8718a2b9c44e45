"""What is not differentiated: constants, and values that are cut off.

Imports the core.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from revdiff.core.revdiff import RevDiff, const_diff, primal
from revdiff.core.structure import map_leaves


def stop_diff(c: Any, /) -> Any:
    """Hold c constant for the derivative that is being taken; derivatives that c already carries flow on.

    Plain numbers need nothing of the kind: they mix with RevDiffs as they are.

    >>> from revdiff import simple_derivative
    >>> simple_derivative(lambda x: x * simple_derivative(lambda y: x + y)(stop_diff(1.0)))(2024.0)
    1.0
    """
    return const_diff(c)


def constant(c: Any, like: Any, /) -> Any:
    """Lift c to the layers of ``like``: a RevDiff where that is one, with a pullback that gives zero.

    >>> from revdiff import init_diff
    >>> constant(2.0, init_diff(1.0)).backprop(1.0), constant(2.0, 1.0)
    (0.0, 2.0)
    """
    if type(like) is not RevDiff:
        return c
    return const_diff(constant(c, like.value))


def stop_gradient(x: Any, /, *, innermost: bool = False) -> Any:
    """Cut the derivative: return the plain value of x, constant for every derivative.

    With ``innermost=True`` only the derivative that was asked for last is cut. Structures are cut
    part by part. An array shows the numbers of x, which somebody else may need: it is read-only.

    >>> from revdiff import simple_derivative
    >>> simple_derivative(lambda x: x + stop_gradient(x * x))(3.0)
    1.0
    """
    if innermost:
        return map_leaves(lambda leaf: leaf.value if type(leaf) is RevDiff else leaf, x)
    return map_leaves(_read_only, x)


def _read_only(leaf: Any) -> Any:
    if type(leaf) is not RevDiff or type(primal(leaf)) is not np.ndarray:
        return primal(leaf)
    shown = primal(leaf).view()
    shown.flags.writeable = False
    return shown


def call(f: Callable[[Any], Any], /) -> Callable[[Any], Any]:
    """Return f as a function of plain values, with nothing recorded and nothing in between.

    A function that is written on the two fields of a RevDiff is given a constant.

    >>> import math
    >>> def sine(x):
    ...     return RevDiff(math.sin(x.value), x.backprop @ (lambda ct: ct * math.cos(x.value)))
    >>> call(sine)(0.0), call(lambda x: x * x)(3.0)
    (0.0, 9.0)
    """

    def plainly(*args: Any) -> Any:
        try:
            return f(*args)
        except AttributeError as error:
            if error.name not in ("value", "backprop") or type(error.obj) is RevDiff:
                raise
        return map_leaves(lambda y: y.value if type(y) is RevDiff else y, f(*map(const_diff, args)))

    return plainly
