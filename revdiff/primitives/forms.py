"""Primitives in other forms: with residuals, from a derivative, of an isomorphism, and without a derivative.

Imports the core. All of them are functions that return their value and their pullback.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Literal

from revdiff.core.errors import MissingRuleError, PullbackError, describe_form
from revdiff.core.revdiff import primal
from revdiff.primitives.arguments import Static
from revdiff.primitives.composition import name_of, require_functions
from revdiff.primitives.primitive import Pair, Primitive, require_order


def custom_vjp(
    f: Callable[..., Any],
    forward: Callable[..., tuple[Any, Any]],
    backward: Callable[[Any, Any], Any],
    /,
    *,
    static: Static = (),
    order: Literal[1] | None = None,
) -> Primitive:
    """Make a differentiable function of f and of two functions for the two ways, which hand *residuals* to each other.

        forward(x₁, x₂, …) = (f(x₁, x₂, …), residuals),      backward(residuals, ȳ) = (x̄₁, x̄₂, …)

    f           what is called where nothing is differentiated, and nothing has to be kept
    forward     the same with what the way back needs; it is kept as long as something leads back through this call
    backward    the pullback; it returns what that of a `primitive` returns
    static      positions or names of arguments that are not differentiated; ``forward`` is given them, and ``backward`` finds
                those that it needs among the residuals
    order       1 if there are first derivatives only

    Residuals may be anything. For second derivatives they carry the layer of the outer derivative, as do the arguments.

    >>> from revdiff import exp, log, nth_derivative
    >>> def log1pexp_forward(x):
    ...     e = exp(x)
    ...     return log(1 + e), e
    >>> log1pexp = custom_vjp(lambda x: log(1 + exp(x)), log1pexp_forward, lambda e, ct: ct * (1 - 1 / (1 + e)))
    >>> [nth_derivative(log1pexp, n)(0.0) for n in (1, 2, 3)]
    [0.5, 0.25, 0.0]
    """
    require_functions("custom_vjp", f, forward, backward)
    require_order(order)

    def body(*args: Any, **options: Any) -> Pair:
        outcome: Any = forward(*args, **options)
        if not (isinstance(outcome, tuple) and len(outcome) == 2):
            msg = (
                f"the forward function of {name_of(f)} returns (value, residuals); it returned {describe_form(outcome)}"
            )
            raise PullbackError(msg)
        value, residuals = outcome
        return value, partial(backward, residuals)

    return Primitive(f, body, plain=f, static=static, order=order)


def from_derivative(f: Callable[[Any], Any], df: Callable[[Any], Any], /) -> Primitive:
    """Make a differentiable function of a function and its derivative.     x̄ = ȳ · f′(x).

    It can be differentiated as often as df can.

    >>> import math
    >>> from revdiff import cos, simple_derivative, simple_value_and_derivative
    >>> sine = from_derivative(math.sin, cos)
    >>> simple_value_and_derivative(sine)(0.0), simple_derivative(simple_derivative(sine))(math.pi / 2)
    ((0.0, 1.0), -1.0)
    """
    require_functions("from_derivative", f, df)
    return Primitive(f, lambda x: (f(primal(x)), lambda ct: ct * df(x)), plain=f)


def iso(there: Callable[[Any], Any], back: Callable[[Any], Any], /) -> Primitive:
    """Make a differentiable function of two that put the same numbers in another form, and back.     x̄ = back(ȳ).

    For what only renames, regroups or reorders: a tuple as a record, a list of arrays as one long array. A cotangent goes back
    as a value does, and nothing else has to be differentiated. The way in the other direction is ``iso(back, there)``.

    Of functions that compute, as exp and log do, this is not the derivative: `revdiff.testing.check_primitive` tells. For
    those there is ``path.iso``, which is differentiated like any other function.

    >>> from dataclasses import dataclass
    >>> from revdiff import grad
    >>> @dataclass
    ... class Circle:
    ...     radius: float
    ...     weight: float
    >>> circle = iso(lambda pair: Circle(*pair), lambda c: (c.radius, c.weight))
    >>> mass = circle >> (lambda c: 3 * c.radius**2 * c.weight)
    >>> mass((2.0, 5.0)), grad(mass)((2.0, 5.0))
    (60.0, (60.0, 12.0))
    """
    require_functions("iso", there, back)
    return Primitive(there, lambda x: (there(x), back), plain=there)


def no_gradient(f: Callable[..., Any], /, reason: str) -> Primitive:
    """Return f as a function that may be evaluated, and has no derivative for the given reason.

    f sees plain numbers, so it may be anything. Its value may be looked at, and may be among what a function computes. If a
    derivative has to go back through it, that is a `MissingRuleError` which names f and the reason. To say that the derivative
    is zero, take `stop_gradient`.

    >>> import math
    >>> from revdiff import grad, stop_gradient
    >>> digits = no_gradient(lambda x: math.ceil(math.log10(x)), "the number of digits jumps")
    >>> grad(lambda x: x**2 if digits(x) < 3 else x)(30.0)
    60.0
    >>> grad(lambda x: x * digits(x))(30.0)
    Traceback (most recent call last):
        ...
    revdiff.core.errors.MissingRuleError: <lambda> has no derivative: the number of digits jumps.
      To hold it constant:  stop_gradient(f(x))
      To give it one:       @revdiff.primitive
    """
    require_functions("no_gradient", f)
    name = name_of(f)

    def refused(ct: Any) -> Any:
        raise MissingRuleError.refused(name, reason)

    return Primitive(f, lambda *args, **options: (f(*args, **options), refused), plain=f, order=0)
