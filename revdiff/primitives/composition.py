"""Functions in a row.

Imports the core. Differentiable functions compose as functions do, and ``>>`` writes it in the order of the data.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, final, runtime_checkable

from revdiff.core.errors import ArgumentError, describe
from revdiff.core.revdiff import RevDiff


@runtime_checkable
class DifferentiableFunc(Protocol):
    """A function from RevDiffs to RevDiffs. Two of them compose as functions do.

    >>> import math
    >>> from revdiff import RevDiff, init_diff
    >>> def sine(x):
    ...     return RevDiff(math.sin(x.value), x.backprop @ (lambda ct: ct * math.cos(x.value)))
    >>> isinstance(sine, DifferentiableFunc), sine(sine(init_diff(0.0))).backprop(1.0)
    (True, 1.0)
    """

    def __call__(self, x: RevDiff, /) -> RevDiff:
        """Return f(x) with the way back through f."""


def name_of(f: Any) -> str:
    """Return what a function is called in a message."""
    return getattr(f, "__name__", None) or repr(f)


def require_functions(operator: str, *functions: Any) -> None:
    """Raise `ArgumentError` where an operator was given something else than a function."""
    for f in functions:
        if not callable(f):
            msg = f"{operator} takes functions; met {describe(f)}"
            raise ArgumentError(msg)


class Composable:
    """What ``>>`` puts in a row: on one side any function will do."""

    __slots__ = ()

    __array_ufunc__ = None  # an array leaves >> to us, and we refuse it

    def __rshift__(self, other: Any) -> Chain:
        """Return x ↦ other(self(x))."""
        return chain(self, other) if callable(other) else NotImplemented

    def __rrshift__(self, other: Any) -> Chain:
        """Return x ↦ self(other(x))."""
        return chain(other, self) if callable(other) else NotImplemented


@final
@dataclass(frozen=True, slots=True)
class Chain(Composable):
    """Functions in a row, the first of which is applied first: what `chain` and ``>>`` return.

    The first takes what it takes; each of the others takes one value, which may be a structure.

    >>> from revdiff import derivative, exp, sin
    >>> f = Chain((sin, exp))
    >>> f, f(0.0), derivative(f)(0.0)
    (chain(sin, exp), 1.0, 1.0)
    """

    functions: tuple[Callable[..., Any], ...]

    def __call__(self, /, *args: Any, **options: Any) -> Any:
        """Return what the last function makes of what the others have made of the arguments."""
        first, *others = self.functions or (_itself,)
        y = first(*args, **options)
        for f in others:
            y = f(y)
        return y

    @property
    def __name__(self) -> str:
        return " >> ".join(map(name_of, self.functions)) or "chain()"

    def __repr__(self) -> str:
        return f"chain({', '.join(map(name_of, self.functions))})"


def _itself(x: Any, /) -> Any:
    return x


def chain(*functions: Any) -> Chain:
    """Return functions in a row as one.     x ↦ h(g(f(x))) for ``chain(f, g, h)``.

    Its pullback is that of f after that of g after that of h: the chain rule. ``f >> g`` is the same where one of the two is
    a primitive or a chain. Rows in rows are one row, and ``chain()`` changes nothing.

    >>> from revdiff import cos, primitive, sin, simple_derivative, square
    >>> @primitive
    ... def sine(x):
    ...     return sin(x), lambda ct: ct * cos(x)
    >>> f = square >> sine
    >>> f, simple_derivative(f)(0.5) == cos(0.25)
    (chain(square, sine), True)
    >>> chain(square, square)(3.0), simple_derivative(chain(square, square))(3.0)
    (81.0, 108.0)
    """
    require_functions("chain", *functions)
    row: list[Callable[..., Any]] = []
    for f in functions:
        row += f.functions if type(f) is Chain else (f,)
    return Chain(tuple(row))
