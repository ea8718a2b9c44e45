"""The guided tour: a short session with Python, in which every answer is computed while it is shown.

Imports nothing until the tour begins.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import redirect_stdout
from doctest import DocTestParser, Example

TOUR = """\
revdiff differentiates functions as you write them.
    >>> from revdiff import derivative, grad, hessian, log, nth_derivative, symbolic_func
    >>> f = lambda x: log(x**2 + x**3)
    >>> f(1.0), derivative(f)(1.0)

Of a symbol the derivative is a formula, and a function needs only a name.
    >>> import sympy
    >>> x, y = sympy.symbols("x y")
    >>> derivative(lambda x: x**3 + symbolic_func("g")(x))(x)

A derivative is a function like any other: nesting gives all orders.
    >>> [nth_derivative(f, n)(1.0) for n in range(5)]
    >>> hessian(lambda p: p[0]**2 * p[1])((x, y))

NumPy is written as ever.
    >>> import numpy as np
    >>> grad(lambda w: np.sum(np.sin(w) ** 2))(np.array([0.0, 0.5, 1.0]))

Derivatives inside of derivatives are never confused: d/dx [x * d/dy (x + y)] = 1.
    >>> derivative(lambda x: x * derivative(lambda y: x + y)(1.0))(2024.0)

The cost grows with the number of steps, not of ways: here 2**1000 ways lead back.
    >>> def doubled(x):
    ...     for _ in range(1000):
    ...         x = x + x
    ...     return x
    >>> derivative(doubled)(1.0) == 2.0**1000

Now a formula of your own:  revdiff "x*sin(x*y)" --at x=1,y=2
"""


def give_tour(show: Callable[[str], object]) -> None:
    """Show the tour, line by line, running the examples as they come."""
    names: dict[str, object] = {}
    for piece in DocTestParser().parse(TOUR):
        if not isinstance(piece, Example):
            if piece.strip():
                show("\n" * bool(names) + piece.strip())
            continue
        first, *others = piece.source.splitlines()
        show("\n".join([f"    >>> {first}", *(f"    ... {line}" for line in others)]))
        printed = io.StringIO()
        with redirect_stdout(printed):
            exec(compile(piece.source, "<tour>", "single"), names)
        for line in printed.getvalue().splitlines():
            show(f"    {line}")
