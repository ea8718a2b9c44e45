"""Differentiable functions as plain functions: as a lens, or as a function that returns its value and its pullback.

Imports the operators and `primitive`. There is no RevDiff in sight: these are the forms in which to hand a
derivative to other code, or to take one from there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, final

from revdiff.derivatives.gradients import vjp
from revdiff.derivatives.operators import derivative_op
from revdiff.primitives import call, primitive

LensOps: TypeAlias = Callable[[Any], tuple[Any, Callable[[Any], Any]]]
"""x ↦ (y, ȳ ↦ x̄)"""


@final
@dataclass(frozen=True, slots=True)
class Lens:
    """A way to look from x at y, and to send a cotangent of y back to x.

        get   x ↦ y = f(x)
        set   (x, ȳ) ↦ x̄ = f′(x)ᵀ ȳ

    Two lenses in a row are a lens: one looks through the first and then the second, and puts back
    through the second and then the first. That is the chain rule.

    >>> double, square = Lens(lambda x: 2 * x, lambda x, c: 2 * c), Lens(lambda x: x * x, lambda x, c: 2 * x * c)
    >>> both = double >> square                 # x ↦ (2x)², with derivative 8x
    >>> both.get(3), both.set(3, 1)
    (36, 24)
    """

    get: Callable[[Any], Any]
    set: Callable[[Any, Any], Any]

    def __rshift__(self, other: Lens) -> Lens:
        """Return the lens that looks through this one and then through the other."""
        if not isinstance(other, Lens):
            return NotImplemented
        return Lens(
            lambda x: other.get(self.get(x)),
            lambda x, c: self.set(x, other.set(self.get(x), c)),
        )


def to_lens(f: Callable[[Any], Any], /) -> Lens:
    """Return f as a lens: ``get`` is f itself, ``set(x, c)`` carries the cotangent c back to x.

    Good for code that wants a function and its pullback as two plain functions: an optimizer, a
    layer of another library, a test. Every call of ``set`` evaluates f once more; where one value
    serves many cotangents, `to_lens_ops` evaluates it once.

    >>> import sympy
    >>> from revdiff import sin, square
    >>> x, c = sympy.symbols("x c")
    >>> to_lens(sin).get(x), to_lens(sin).set(x, c)
    (sin(x), c*cos(x))
    >>> (to_lens(square) >> to_lens(sin)).get(x)
    sin(x**2)
    """
    return Lens(call(f), lambda x, c: derivative_op(f, x)(c))


def from_lens(lens: Lens, /) -> Callable[[Any], Any]:
    """Return the differentiable function of a lens.     x̄ = set(x, ȳ).

    Good for a function whose derivative somebody else knows. It can be differentiated as often as
    ``set`` can. `revdiff.primitive` does the same for several arguments.

    >>> from revdiff import cos, simple_derivative, sin
    >>> sine = from_lens(Lens(sin, lambda x, c: c * cos(x)))
    >>> sine(0.0), simple_derivative(sine)(0.0), simple_derivative(simple_derivative(sine))(0.0)
    (0.0, 1.0, -0.0)
    """

    @primitive
    def function_of_lens(x: Any) -> tuple[Any, Callable[[Any], Any]]:
        return lens.get(x), lambda c: lens.set(x, c)

    return function_of_lens


def to_lens_ops(f: Callable[[Any], Any], /) -> LensOps:
    """Return x ↦ (f(x), ȳ ↦ f′(x)ᵀ ȳ): the value, and the pullback that belongs to it.

    It is `revdiff.vjp` of one argument, which comes later. One forward pass serves any number of cotangents.

    >>> from revdiff import log
    >>> value, pullback = to_lens_ops(log)(4.0)
    >>> value, pullback(1.0), pullback(8.0)
    (1.3862943611198906, 0.25, 2.0)
    """

    @named_after(f)
    def ops(x: Any, /) -> tuple[Any, Callable[[Any], Any]]:
        return vjp(f, x)

    return ops


def from_lens_ops(ops: LensOps, /) -> Callable[[Any], Any]:
    """Return the differentiable function of one that returns its value and its pullback.

    The inverse of `to_lens_ops`, and `revdiff.primitive` for one argument. It can be differentiated as often as the
    pullback can, so write value and pullback with functions that take RevDiffs.

    >>> from revdiff import nth_derivative, tan
    >>> def tangent(x):
    ...     y = tan(x)
    ...     return y, lambda c: c * (1 + y * y)
    >>> [nth_derivative(from_lens_ops(tangent), n)(0.0) for n in range(6)]
    [0.0, 1.0, 0.0, 2.0, 0.0, 16.0]
    """

    @primitive
    @named_after(ops)
    def function_of_ops(x: Any) -> tuple[Any, Callable[[Any], Any]]:
        return ops(x)

    return function_of_ops


def named_after(f: Callable[..., Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let a function be called in error messages what f is called."""

    def rename(function: Callable[..., Any]) -> Callable[..., Any]:
        function.__name__ = getattr(f, "__name__", function.__name__)
        return function

    return rename
