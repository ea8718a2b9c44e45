"""Differentiable functions as Van Laarhoven lenses: one function, whose use the caller chooses by a functor.

Imports the errors and the other forms. T. van Laarhoven, *CPS based functional references*, 2009.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, final, runtime_checkable

from revdiff.core.errors import ArgumentError, describe
from revdiff.optics.lens import from_lens_ops, named_after, to_lens_ops
from revdiff.optics.store import Store


@runtime_checkable
class Functor(Protocol):
    """Something with cotangents in it, to each of which a pullback can be applied.

    ``map`` keeps all else as it is: ``c.map(lambda ct: ct)`` equals c, and ``c.map(g).map(f)`` equals
    ``c.map(lambda ct: f(g(ct)))``.
    """

    def map(self, function: Callable[[Any], Any], /) -> Any:
        """Return the same with ``function`` applied to each cotangent."""


VanLaarhoven: TypeAlias = Callable[[Callable[[Any], Functor]], Callable[[Any], Any]]
"""(y ↦ F ȳ) ↦ (x ↦ F x̄), for every functor F."""


def to_van_laarhoven(f: Callable[[Any], Any], /) -> VanLaarhoven:
    """Return f in Van Laarhoven's form: it takes h: y ↦ F ȳ and returns x ↦ F x̄.

        vl(h)(x) = h(f(x)).map(ȳ ↦ f′(x)ᵀ ȳ)

    h sees the value and answers with cotangents, in a functor that says what becomes of them. f is evaluated once.

    >>> from revdiff import square
    >>> vl = to_van_laarhoven(square)
    >>> vl(Const)(3.0)                              # no cotangent: the value
    Const(value=9.0)
    >>> vl(lambda y: Identity(y - 10.0))(3.0)       # one, made from the value: the gradient of ½(x² - 10)²
    Identity(value=-6.0)
    >>> vl(lambda y: Many((1.0, 10.0, 100.0)))(3.0)
    Many(values=(6.0, 60.0, 600.0))

    They compose as functions do, and one reads them in the order of the data: first f and then g is ``vl_f ∘ vl_g``,

        to_van_laarhoven(g ∘ f)(h) = to_van_laarhoven(f)(to_van_laarhoven(g)(h))
    """
    ops = to_lens_ops(f)

    @named_after(f)
    def vl(h: Callable[[Any], Functor], /) -> Callable[[Any], Any]:
        def through(x: Any, /) -> Any:
            value, pullback = ops(x)
            cotangents: Any = h(value)
            if not isinstance(cotangents, Functor):
                msg = (
                    "a Van Laarhoven form takes a function that returns cotangents in a functor, an object with a "
                    f"method map; it returned {describe(cotangents)}.\n"
                    "  For one cotangent:  Identity(ct)"
                )
                raise ArgumentError(msg)
            return cotangents.map(pullback)

        return through

    return vl


def from_van_laarhoven(vl: VanLaarhoven, /) -> Callable[[Any], Any]:
    """Return the differentiable function of a Van Laarhoven form, the inverse of `to_van_laarhoven`.

    The form is used once for each evaluation, with the functor ``Store``, which keeps the value and the pullback. It
    can be differentiated as often as what it maps can.

    >>> from revdiff import cos, simple_derivative, sin
    >>> sine = from_van_laarhoven(lambda h: lambda x: h(sin(x)).map(lambda ct: ct * cos(x)))
    >>> sine(0.0), simple_derivative(sine)(0.0), simple_derivative(simple_derivative(sine))(0.0)
    (0.0, 1.0, -0.0)
    """
    read = vl(lambda y: Store(y, lambda ct: ct))

    @named_after(vl)
    def function_of_van_laarhoven(x: Any) -> tuple[Any, Callable[[Any], Any]]:
        seen = read(x)
        if not isinstance(seen, Store):
            msg = (
                f"a Van Laarhoven form returns what its function returned, mapped; this one returned {describe(seen)}.\n"
                "  Write:  lambda h: lambda x: h(f(x)).map(pullback)"
            )
            raise ArgumentError(msg)
        return seen.value, seen.backprop

    return from_lens_ops(function_of_van_laarhoven)


@final
@dataclass(frozen=True, slots=True)
class Const:
    """No cotangent at all: what `map` leaves as it is. ``vl(Const)(x)`` is the value."""

    value: Any

    def map(self, function: Callable[[Any], Any], /) -> Const:
        """Return the same: there is nothing in it to apply the function to."""
        return self


@final
@dataclass(frozen=True, slots=True)
class Identity:
    """One cotangent. ``vl(lambda y: Identity(ct))(x)`` is its pullback."""

    value: Any

    def map(self, function: Callable[[Any], Any], /) -> Identity:
        """Apply the function to it."""
        return Identity(function(self.value))


@final
@dataclass(frozen=True, slots=True)
class Many:
    """Several cotangents, which share one forward pass. With a basis of them, their pullbacks are the Jacobian."""

    values: tuple[Any, ...]

    def map(self, function: Callable[[Any], Any], /) -> Many:
        """Apply the function to each."""
        return Many(tuple(map(function, self.values)))
