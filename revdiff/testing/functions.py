"""`check_grads` and `check_lens`: the derivatives of functions beside central differences.

Imports the checks of gradients and of pullbacks, and lenses.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from revdiff.core.errors import ArgumentError
from revdiff.optics.lens import Lens
from revdiff.structures.auto import auto_arg
from revdiff.systems import is_complex, is_number
from revdiff.testing.comparison import require_same
from revdiff.testing.directions import after
from revdiff.testing.gradients import Functional, check_orders, value_at
from revdiff.testing.numbers import Draw, counts_as
from revdiff.testing.places import tolerance
from revdiff.testing.pullbacks import check_adjoint, check_linear, require_differences

NEUTRAL = "a lens in a row with the identity is the lens itself"
PULLBACK = "set is the pullback of get, ⟨set(x, ȳ), v⟩ = ∂⟨ȳ, get(x + t v)⟩/∂t"


def check_grads(
    f: Callable[..., Any],
    /,
    *args: Any,
    order: int = 2,
    modes: Collection[str] = ("rev", "fwd"),
    seed: int = 0,
    rtol: float | None = None,
) -> None:
    """Check the derivatives of a function at a point, up to an order: by central differences, and forward by backward.

        ⟨∇f(x), v⟩ = ∂f(x + t v)/∂t,   ⟨∇f(x), v⟩ = f′(x) v,   and the same of the gradient, for random tangents v

    f           a function, or a primitive of your own; smooth near the arguments
    args        where it is evaluated; numbers, arrays and structures of them
    order       how many derivatives are checked
    modes       "rev", the gradient beside central differences; "fwd", the gradient beside `revdiff.jvp`. A primitive whose
                pullback cannot be differentiated itself has "rev" only, and order 1
    seed        of the random numbers
    rtol        how much both may differ, relative to their size; by default, what their precision allows: 10⁻⁶ for
                doubles, 3·10⁻³ for float32

    Raises `revdiff.LawError`, which names the order and the place in the arguments, down to the element of an array, and
    shows both sides. If f returns one real number, they are the derivatives; if not, those of a random sum of the
    results.

    >>> import numpy as np
    >>> from revdiff import LawError, primitive
    >>> @primitive
    ... def total(w):
    ...     return np.sum(w**3), lambda ct: ct * 3 * w**2 * [1.0, 1.0, 1.1]
    >>> try:
    ...     check_grads(lambda layer: total(layer["w"]), {"w": np.array([1.0, 2.0, 10.0])})
    ... except LawError as error:
    ...     print(error)
    derivatives of order 1 agree with central differences. Here that is not so:
      x̄:      np.float64(330.0...)
      ∂f/∂x:  np.float64(299.9999...)
      in x['w'][2]
    """
    x, of_x = (args[0], f) if len(args) == 1 else (args, lambda x: f(*x))
    if isinstance(modes, str) or not set(modes) <= {"rev", "fwd"}:
        msg = f'modes are "rev", "fwd" or both, in a tuple; met {modes!r}'
        raise ArgumentError(msg)
    draw = Draw(seed)
    rtol = tolerance(x) if rtol is None else rtol
    y = value_at(of_x, auto_arg, x)
    for of in require_differences(x, y):
        scalar = of_x if is_one_real_number(y) else after(of_x, Functional(y, counts_as(of), draw, exact=False))
        check_orders(scalar, x, auto_arg, counts_as(of), draw, order, rtol, exact=False, modes=modes)


def is_one_real_number(y: Any) -> bool:
    """Tell whether y is one real number, the value of a function that has a gradient."""
    return is_number(y) and np.shape(y) == () and not is_complex(y)


def check_lens(lens: Lens, x: Any, /, *, pullback: bool = True, seed: int = 0, rtol: float | None = None) -> None:
    """Check a lens at x: that ``set`` is linear in the cotangent, and that it is the pullback of ``get``.

        set(x, a + b) = set(x, a) + set(x, b),   ⟨set(x, ȳ), v⟩ = ∂⟨ȳ, get(x + t v)⟩/∂t

    pullback    whether ``set`` is meant to be the pullback of ``get``; of a lens that carries another cotangent back on
                purpose only the linearity is checked
    seed        of the random numbers
    rtol        how much two numbers may differ, relative to their size; by default, what their precision allows

    Raises `revdiff.LawError`, which names the law and shows both sides.

    >>> from revdiff import Lens
    >>> check_lens(Lens(lambda x: x * x, lambda x, c: 2 * x * c), 3.0)
    >>> check_lens(Lens(lambda x: x * x, lambda x, c: 2 * x), 3.0)  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    revdiff.core.errors.LawError: set takes zero to zero, set(x, 0) = 0. …
    """
    draw = Draw(seed)
    rtol = tolerance(x) if rtol is None else rtol
    y = lens.get(x)
    a, x_bar = check_linear(lambda y_bar: lens.set(x, y_bar), x, y, draw, rtol, name="set", applied="set(x, {})")
    identity = Lens(lambda x: x, lambda x, x_bar: x_bar)
    for row in (identity >> lens, lens >> identity):
        require_same(NEUTRAL, "x", ("get(x)", y), ("get(x) in a row", row.get(x)), rtol)
        require_same(NEUTRAL, "x", ("set(x, ȳ)", x_bar), ("set(x, ȳ) in a row", row.set(x, a)), rtol)
    if pullback:
        check_adjoint(PULLBACK, lens.get, lambda y_bar: lens.set(x, y_bar), x, y, draw, rtol)
