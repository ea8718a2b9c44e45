"""Derivatives written by hand, and constants.

Imports the core and the descriptors. `primitive` lets a function bring its own pullback; `stop_gradient` and its
relatives say what is not differentiated.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, runtime_checkable

import numpy as np

from revdiff.core.errors import ArgumentError, MismatchError, MixedLayersError, PullbackError, describe
from revdiff.core.lifting import below, top_tag
from revdiff.core.parts import is_structure, joined_from, refuse_carriers
from revdiff.core.revdiff import RevDiff, const_diff, primal
from revdiff.core.structure import MAPS, STRUCTURES, leaves, leaves_beside, map_leaves
from revdiff.structures.auto import auto_arg


@runtime_checkable
class DifferentiableFunc(Protocol):
    """A function from RevDiffs to RevDiffs. Two of them compose as functions do."""

    def __call__(self, x: RevDiff, /) -> RevDiff:
        """Return f(x) with the way back through f."""


def primitive(f: Callable[..., tuple[Any, Callable[[Any], Any]]], /) -> Callable[..., Any]:
    """Make a differentiable function of one that returns its value and its pullback.

    ``f(*args, **static)`` returns ``(value, pullback)``; ``pullback(ct)`` returns the cotangent of
    the argument, or a tuple with one for each argument, None where there is none. Arguments and
    results may be structures, and RevDiffs of structures. Keyword arguments are static. The decorated function takes plain values
    as well, and then returns the plain value.

    Layers are aligned: f sees values one layer down, so it may be differentiated to any order if
    value and pullback are written with functions that can be differentiated; and at each of these
    layers the pullback written here is the one that is used.

    >>> from revdiff import simple_derivative
    >>> @primitive
    ... def rounded(x):
    ...     return round(primal(x)), lambda ct: ct      # straight through
    >>> rounded(3.7), simple_derivative(lambda x: 2 * rounded(x))(3.7)
    (4, 2)
    """

    @wraps(f)
    def with_own_pullback(*args: Any, **static: Any) -> Any:
        args = map_leaves(lambda leaf: leaf, args)  # the caller may change it before the way back
        inside = list(leaves(args))
        _refuse_hidden(f, args, inside, static)
        top = top_tag(inside)
        values = args if top is None else map_leaves(lambda leaf: below(leaf, top), args)
        value, pullback = _outcome(f, f(*values, **static))
        if top is None:
            return value
        if any(type(leaf) is RevDiff and leaf._node[1] >= top > 0 for leaf in leaves(value)):
            raise MixedLayersError.closed_over(f.__name__)
        if any(type(leaf) is RevDiff for leaf in leaves(values)):
            value = with_own_pullback(*values, **static)

        def spread(ct: Any) -> list[Any]:
            return _cotangents_of_leaves(f, args, _for_each_argument(f, len(args), pullback(ct)))

        return auto_arg.split(joined_from(value, inside, top, spread))

    return with_own_pullback


def _outcome(f: Callable[..., Any], returned: Any) -> tuple[Any, Callable[[Any], Any]]:
    if not (isinstance(returned, tuple) and len(returned) == 2 and callable(returned[1])):
        msg = f"a primitive returns (value, pullback); {f.__name__} returned {describe(returned)}"
        raise PullbackError(msg)
    return returned


def _for_each_argument(f: Callable[..., Any], count: int, returned: Any) -> tuple[Any, ...]:
    if count == 1:
        if returned is None:
            raise PullbackError.forgetful()
        return (returned,)
    if not isinstance(returned, tuple) or len(returned) != count:
        many = f" of {len(returned)}" if isinstance(returned, tuple) else ""
        msg = (
            f"the pullback of {f.__name__} returned {describe(returned)}{many}; "
            f"with {count} arguments it must return a tuple of {count} cotangents, None where there is none"
        )
        raise PullbackError(msg)
    return returned


def _cotangents_of_leaves(f: Callable[..., Any], args: tuple[Any, ...], cotangents: tuple[Any, ...]) -> list[Any]:
    """List the cotangents of the leaves of all arguments."""
    try:
        sent = list(leaves_beside(args, cotangents))
    except MismatchError as error:
        msg = f"the pullback of {f.__name__} returned what is no cotangent of its arguments: {error}"
        raise PullbackError(msg) from error
    for leaf, part in zip(leaves(args), sent, strict=True):
        if isinstance(part, tuple | list | dict | str) and not is_structure(leaf):
            msg = f"the pullback of {f.__name__} returned {describe(part)} as the cotangent of {describe(primal(leaf))}"
            raise PullbackError(msg)
    return sent


def _refuse_hidden(f: Callable[..., Any], args: Any, inside: list[Any], static: dict[str, Any]) -> None:
    """Raise `ArgumentError` where a RevDiff stands in a place that the primitive's pullback does not reach."""
    for name, value in static.items():
        if _holds_revdiff(value):
            msg = f"the keyword arguments of a primitive are static; {name} of {f.__name__} is a RevDiff.\n  Make it positional."
            raise ArgumentError(msg)
    refuse_carriers(args)
    for leaf in inside:
        if type(leaf) is not RevDiff and _holds_revdiff(leaf):
            msg = f"a primitive takes numbers, arrays and structures of them; {f.__name__} met {describe(leaf)} of RevDiffs."
            raise ArgumentError(msg)
        if MAPS.find(type(leaf)) is not None:
            msg = (
                f"a primitive cannot look into {describe(leaf)} for RevDiffs; {f.__name__} met one.\n"
                "  Give it the elements that it needs, f(s.take(n)), or a constant stream by keyword."
            )
            raise ArgumentError(msg)


def _holds_revdiff(x: Any) -> bool:
    if isinstance(x, set | frozenset) or (isinstance(x, np.ndarray) and x.dtype == object):
        return any(map(_holds_revdiff, x.flat if isinstance(x, np.ndarray) else x))
    structure = None if type(x) is RevDiff else STRUCTURES.find(type(x))
    return type(x) is RevDiff if structure is None else any(map(_holds_revdiff, structure.parts(x).values()))


def from_derivative(f: Callable[[Any], Any], df: Callable[[Any], Any], /) -> Callable[[Any], Any]:
    """Make a differentiable function of a function and its derivative.     x̄ = ȳ · f′(x).

    It can be differentiated as often as df can.

    >>> import math
    >>> from revdiff import cos, simple_derivative, simple_value_and_derivative
    >>> sine = from_derivative(math.sin, cos)
    >>> simple_value_and_derivative(sine)(0.0), simple_derivative(simple_derivative(sine))(math.pi / 2)
    ((0.0, 1.0), -1.0)
    """

    @primitive
    def with_derivative(x: Any) -> tuple[Any, Callable[[Any], Any]]:
        return f(primal(x)), lambda ct: ct * df(x)

    with_derivative.__name__ = getattr(f, "__name__", "function")
    return with_derivative


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
