"""`check_primitive`: whether what was written by hand is a derivative.

Imports the checks of functions and of pullbacks, and primitives.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from revdiff.core.capture import own
from revdiff.core.errors import ArgumentError, LawError, RevDiffError
from revdiff.derivatives.gradients import vjp
from revdiff.primitives.composition import name_of, require_functions
from revdiff.primitives.primitive import Primitive
from revdiff.structures.auto import auto_arg
from revdiff.testing.comparison import broken, require_same
from revdiff.testing.directions import Function, after
from revdiff.testing.functions import is_one_real_number
from revdiff.testing.gradients import Functional, check_orders
from revdiff.testing.numbers import Draw, counts_as
from revdiff.testing.places import random_cotangent, scale, tolerance
from revdiff.testing.pullbacks import check_adjoint, check_linear, require_differences, shared_groups

ADJOINT = "the pullback is the adjoint of the derivative, ⟨pullback(ȳ), v⟩ = ∂⟨ȳ, f(x + t v)⟩/∂t"
GRADIENT = "the pullback of 1 is the gradient, ⟨x̄, v⟩ = ∂f(x + t v)/∂t"
DEFINED = "the pullback is linear in the cotangent, and takes every cotangent of the value"
PLAIN = "plain values give the same value as RevDiffs"
UNCHANGED = "a function leaves its arguments as they are"
UNCHANGED_BACK = "a pullback leaves as they are the arguments and the cotangent"
AGAIN = "a pullback may be called again, and returns the same"
FURTHER = "the pullback can be differentiated again; where it is not meant to be, write @primitive(order=1)"


def check_primitive(
    f: Callable[..., Any], /, *args: Any, order: int | None = None, seed: int = 0, rtol: float | None = None
) -> None:
    """Check a derivative written by hand, at a point.

        pullback(a + b) = pullback(a) + pullback(b),   ⟨pullback(ȳ), v⟩ = ∂⟨ȳ, f(x + t v)⟩/∂t,   for random ȳ and v

    and that it can be differentiated again, with the right result; that plain values give the value that RevDiffs give; that
    nothing is changed which is not the function's own; and that the pullback has the form of the arguments.

    f           what `primitive`, `custom_vjp` or the like returns, or a function that calls such a thing; smooth near
                the arguments. Keyword arguments: ``lambda x: f(x, n=3)``
    args        where it is checked; numbers, arrays and structures of them, not close to zero
    order       how many derivatives are checked; by default 2, or 1 where the primitive says so
    seed        of the random numbers
    rtol        how much two numbers may differ, relative to their size; by default, what their precision allows: 10⁻⁶ for
                doubles, 3·10⁻³ for float32

    Raises `revdiff.LawError`, which names the law and the place in the arguments that are not static, and shows both sides; and
    `revdiff.PullbackError` where what comes back has not the form of a cotangent. What it cannot see is what happens elsewhere:
    other branches, special points, other shapes. Check at several points.

    >>> import numpy as np
    >>> from revdiff import LawError, primitive
    >>> @primitive(static="target")
    ... def cross_entropy(logits, target):
    ...     p = np.exp(logits) / np.exp(logits).sum()
    ...     return -(target * np.log(p)).sum(), lambda ct: ct * (p - target)
    >>> logits = np.array([0.9, 0.2, 0.3])
    >>> check_primitive(cross_entropy, logits, np.array([1.0, 0.0, 0.0]))
    >>> try:                                        # right only where the target sums to 1
    ...     check_primitive(cross_entropy, logits, np.array([1.0, 0.5, 0.0]))
    ... except LawError as error:
    ...     print(error)
    the pullback of 1 is the gradient, ⟨x̄, v⟩ = ∂f(x + t v)/∂t. Here that is not so:
      x̄:      np.float64(-0.5110...)
      ∂f/∂x:  np.float64(-0.2666...)
      in x[0]
    """
    require_functions("check_primitive", f)
    if order is not None and order < 1:
        msg = f"order is how many derivatives are checked, 1, 2, …; met {order!r}"
        raise ArgumentError(msg)
    x, of_x = _of_varying(f, args)
    draw = Draw(seed)
    rtol = tolerance(x) if rtol is None else rtol
    y = _check_untouched(of_x, x)
    require_differences(x, y)
    value, pulled_back = vjp(of_x, own(x))
    pullback = _of_every_cotangent(pulled_back)
    require_same(PLAIN, "f(x)", ("of plain values", y), ("of RevDiffs", value), rtol, scale(y))
    _check_untouched_on_the_way_back(f, args, pullback, y, draw)
    if is_one_real_number(y):
        check_adjoint(GRADIENT, of_x, pullback, x, y, draw, rtol, unit=True)
    check_linear(pullback, x, y, draw, rtol, name="the pullback", applied="pullback({})")
    if not is_one_real_number(y):
        check_adjoint(ADJOINT, of_x, pullback, x, y, draw, rtol)
    orders = 2 if order is None else order
    if isinstance(f, Primitive) and f.order is not None and order is None:
        orders = f.order
    if orders > 1:
        _check_further(of_x, x, y, draw, orders, rtol)


def _of_varying(f: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Any, Function]:
    """Return the arguments that are not static, as one value, and f as a function of that."""
    static = f.static if isinstance(f, Primitive) else frozenset()
    given = tuple(a for i, a in enumerate(args) if i not in static)
    if not given:
        msg = f"there is nothing to differentiate by: give {name_of(f)} arguments that are not static"
        raise ArgumentError(msg)

    def of_given(*given: Any) -> Any:
        others = iter(given)
        return f(*[a if i in static else next(others) for i, a in enumerate(args)])

    return (given[0], of_given) if len(given) == 1 else (given, lambda x: of_given(*x))


def _of_every_cotangent(pullback: Function) -> Function:
    """Return the pullback, with an error of its own, as of a logarithm at 0, reported as what it is: it is not linear."""

    def applied(y_bar: Any) -> Any:
        try:
            return pullback(y_bar)
        except RevDiffError:
            raise
        except Exception as error:
            raise broken(DEFINED, "x", ("ȳ", y_bar), ("raised", error)) from error

    return applied


def _check_untouched(of_x: Function, x: Any) -> Any:
    """Return the value at plain arguments, after a look at whether they are what they were."""
    handed = own(x)
    y = own(of_x(handed))
    require_same(UNCHANGED, "x", ("before", x), ("after", handed))
    return y


def _check_untouched_on_the_way_back(f: Any, args: tuple[Any, ...], pullback: Function, y: Any, draw: Draw) -> None:
    y_bar = random_cotangent(y, draw)
    handed = own(y_bar)
    x_bar = pullback(handed)
    require_same(UNCHANGED_BACK, "ȳ", ("before", y_bar), ("after", handed))
    require_same(AGAIN, "x", ("pullback(ȳ)", x_bar), ("the second time", pullback(own(y_bar))))
    if isinstance(f, Primitive):
        plain = own(args)
        by_hand = _of_every_cotangent(f.value_and_pullback(*plain)[1])
        with np.errstate(all="ignore"):  # as in a sweep
            by_hand(own(y_bar))
        before, after_it = (args, plain) if len(args) > 1 else (args[0], plain[0])
        require_same(UNCHANGED_BACK, "x", ("before", before), ("after", after_it))


def _check_further(of_x: Function, x: Any, y: Any, draw: Draw, orders: int, rtol: float) -> None:
    """Check higher derivatives of a square of the value, for which the pullback has to be differentiated by ȳ as well."""
    for of in shared_groups(x, y):
        counts = counts_as(of)
        linear = Functional(y, counts, draw, exact=False)
        squared = after(of_x, after(linear, lambda number: number + number * number))
        try:
            check_orders(squared, x, auto_arg, counts, draw, orders, rtol, exact=False, modes=("rev", "fwd"))
        except LawError:
            raise
        except Exception as error:
            raise broken(FURTHER, "x", ("raised", error)) from error
