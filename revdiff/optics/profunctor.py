"""Differentiable functions as profunctor optics: steps that act on whatever has a front and a back.

Imports the core and the other forms. A RevDiff is one such thing, and the function on RevDiffs is what
the optic does to it. Others count, write down or redirect what goes by.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias, runtime_checkable

from revdiff.core.errors import ArgumentError, describe
from revdiff.core.parts import join, split
from revdiff.core.revdiff import RevDiff, const_diff
from revdiff.optics.lens import from_lens_ops, named_after, to_lens_ops


@runtime_checkable
class Costrong(Protocol):
    """Something with a value in front, y, and a cotangent behind, ȳ: a profunctor P(ȳ, y) that is costrong.

    ``dimap`` respects the identity and composition. A function h of the note d may be applied on either side:
    ``p.dimap(lambda c: (h(c[0]), c[1]), lambda y: y).unsecond()`` equals
    ``p.dimap(lambda c: c, lambda y: (h(y[0]), y[1])).unsecond()``.
    """

    def dimap(self, before: Callable[[Any], Any], after: Callable[[Any], Any], /) -> Any:
        """Return the same one step further on: ``after`` takes y to z, and ``before`` takes z̄ to ȳ."""

    def unsecond(self) -> Any:
        """Return, where the value is a pair (d, y), the same over y; d goes back beside ȳ, in (d, ȳ)."""


Optic: TypeAlias = Callable[[Any], Any]
"""P(x̄, x) ↦ P(ȳ, y), for every costrong profunctor P."""


def to_profunctor(f: Callable[[Any], Any], /) -> Optic:
    """Return f as a profunctor optic: it takes p over x one step further on, to p over y = f(x).

        t(p) = p.dimap(before, after).unsecond()
        after(x) = (pullback of f at x, f(x)),      before((pullback, ȳ)) = pullback(ȳ)

    Applied to a RevDiff it is f. Applied to anything else with ``dimap`` and ``unsecond`` it is f there. They compose as
    functions do, in the order of functions: first f and then g is ``t_g ∘ t_f``.

    >>> from revdiff import init_diff, sin, square
    >>> through_square, through_sine = to_profunctor(square), to_profunctor(sin)
    >>> through_square(init_diff(3.0)).backprop(1.0)
    6.0
    >>> import sympy
    >>> x, c = sympy.symbols("x c")
    >>> y = through_sine(through_square(init_diff(x)))
    >>> y.value, y.backprop(c)
    (sin(x**2), 2*c*x*cos(x**2))
    """
    ops = to_lens_ops(f)

    def after(x: Any) -> tuple[Any, Any]:
        value, pullback = ops(x)
        return pullback, value

    def before(noted: tuple[Any, Any]) -> Any:
        pullback, ct = noted
        return pullback(ct)

    @named_after(f)
    def through(p: Any, /) -> Any:
        if not isinstance(p, Costrong):
            msg = (
                "a profunctor optic takes a RevDiff, or another object with methods dimap and unsecond; "
                f"met {describe(p)}.\n"
                "  For a function of plain values:  from_profunctor(optic)"
            )
            raise ArgumentError(msg)
        return p.dimap(before, after).unsecond()

    return through


def from_profunctor(optic: Optic, /) -> Callable[[Any], Any]:
    """Return the differentiable function of a profunctor optic, the inverse of `to_profunctor`.

    The optic is applied to a RevDiff of a fresh variable, which is one even where its value is a structure. A function
    written on the two fields of a RevDiff is an optic in that sense, and becomes a function of plain values too.

    >>> from revdiff import RevDiff, cos, simple_derivative, sin
    >>> def sine(x):
    ...     return x.dimap(lambda noted: noted[1] * cos(noted[0]), lambda x: (x, sin(x))).unsecond()
    >>> f = from_profunctor(sine)
    >>> f(0.0), simple_derivative(f)(0.0), simple_derivative(simple_derivative(f))(0.0)
    (0.0, 1.0, -0.0)
    """

    @named_after(optic)
    def of_structure(x: Any) -> Any:
        whole = join(x)
        return split(optic(whole if type(whole) is RevDiff else const_diff(whole)))

    return from_lens_ops(to_lens_ops(of_structure))
