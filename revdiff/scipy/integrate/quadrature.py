"""Integrals of functions: adaptive quadrature, differentiated under the integral sign.

Imports captured values and rules of arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from scipy import integrate

from revdiff.arrays.numpy_protocol import holds_revdiff
from revdiff.core.parts import joined_from
from revdiff.core.revdiff import primal
from revdiff.core.segments import layers_of
from revdiff.core.structure import map_leaves
from revdiff.rules.shape import gather
from revdiff.scipy._namesakes import called_as, refuse
from revdiff.scipy.integrate.captured import Captured, at_layer, cotangents_before, has_layer

Func = Callable[..., Any]


@called_as(integrate.quad)
def quad(func: Any, a: Any, b: Any, args: Any = (), full_output: int = 0, **how: Any) -> tuple[Any, ...]:
    """Return ∫ₐᵇ f(x, θ) dx and SciPy's estimate of its error, as `scipy.integrate.quad`.

        ā = -f(a) ȳ,    b̄ = f(b) ȳ,    θ̄ = ȳ ∫ₐᵇ ∂f/∂θ dx

    θ is what stands in ``args`` and what func closes over. Each of its numbers costs an integral of its own, which
    is adaptive and as exact as the first: the derivative may vary where f does not. Limits may be infinite.
    There are no derivatives by the limits of an integral with a ``weight``, by ``wvar``, or of complex functions.

    >>> from revdiff import grad
    >>> import numpy as np
    >>> gaussian = lambda a: quad(lambda x: np.exp(-a * x * x), -np.inf, np.inf)[0]      # √(π/a)
    >>> round(grad(gaussian)(1.0), 10) == round(-(np.pi**0.5) / 2, 10)
    True
    """
    args = args if isinstance(args, tuple) else (args,)
    how["points"] = map_leaves(primal, how.get("points"))
    if not callable(func):
        return _compiled(func, a, b, args, full_output, **how)
    if layers_of(gather(how.get("wvar"))):
        refuse("scipy.integrate.quad by wvar=", "Multiply func by the weight instead.")
    return _integral(lambda x: func(x, *args), a, b, Captured, how, full_output)


def _compiled(func: Any, a: Any, b: Any, args: Any, full_output: int, **how: Any) -> tuple[Any, ...]:
    if holds_revdiff((a, b, *args)):
        refuse("scipy.integrate.quad of a compiled function", "Write it in Python.")
    return integrate.quad(func, a, b, args, full_output, **how)  # type: ignore[no-any-return]


def _integral(f: Func, a: Any, b: Any, watch: Func, how: dict[str, Any], full_output: int = 0) -> tuple[Any, ...]:
    captured: Captured = watch(f)
    found = integrate.quad(captured, primal(a), primal(b), full_output=full_output, **how)
    limits = layers_of(a) + layers_of(b)
    if limits and how.get("weight") is not None:
        refuse("the limits of scipy.integrate.quad with weight=", "Multiply func by the weight instead.")
    tags = sorted({limit._node[1] for limit in limits} | captured.forms.keys())
    if how.get("complex_func") and tags:
        refuse("scipy.integrate.quad with complex_func=True", "Integrate the real and the imaginary part.")
    value = found[0]
    for tag in tags:
        value = _with_layer(value, tag, captured, a, b, how)
    return (value, *found[1:])


def _with_layer(value: Any, tag: int, captured: Captured, a: Any, b: Any, how: dict[str, Any]) -> Any:
    """Return the integral with the derivatives of one more layer. ``value`` has those of the layers below.

    They are computed at once: f may be another function when a cotangent comes by.
    """
    start, end = at_layer(a, tag), at_layer(b, tag)
    below_start, below_end = at_layer(a, tag - 1), at_layer(b, tag - 1)
    slopes, inside = [], []
    for limit, below, sign in ((start, below_start, -1.0), (end, below_end, 1.0)):
        if has_layer(limit, tag):
            inside.append(limit)
            slopes.append(sign * at_layer(gather(captured.function(below)), tag - 1))

    def derivative(x: Any) -> Any:
        y = at_layer(gather(captured.function(x)), tag)
        arrived = cotangents_before(captured.since, [(y, 1.0)]) if has_layer(y, tag) else {}
        return captured.flat(tag, arrived)

    kept = cache(derivative)

    def watch(f: Func) -> Captured:
        watching = Captured(f)
        watching.since = captured.since  # the derivatives are kept from one component to the next
        return watching

    size = np.size(captured.flat(tag, {}))
    if size:
        parts = [
            _integral(
                lambda x, i=i: (kept if type(x) is float else derivative)(x)[i], below_start, below_end, watch, how
            )[0]
            for i in range(size)
        ]
        slopes += captured.shaped(tag, gather(parts))
        inside += captured.ways_back(tag)
    if not inside:
        return value
    return joined_from(value, inside, tag, lambda ct: [map_leaves(lambda d: ct * d, slope) for slope in slopes])


@called_as(integrate.dblquad)
def dblquad(func: Func, a: Any, b: Any, gfun: Any, hfun: Any, args: Any = (), **errors: Any) -> Any:
    """Return ∫ₐᵇ dx ∫ dy f(y, x) for y between gfun(x) and hfun(x), as `scipy.integrate.dblquad`: `quad` within `quad`.

    The limits of y are numbers or functions of x. The error is the estimate of the outer integral.

    >>> from revdiff import grad
    >>> round(grad(lambda r: dblquad(lambda y, x: 1.0, 0.0, r, 0.0, lambda x: x)[0])(3.0), 10)        # r²/2
    3.0
    """
    lower, upper = _function(gfun), _function(hfun)
    return quad(lambda x: quad(lambda y: func(y, x, *args), lower(x), upper(x), **errors)[0], a, b, **errors)


@called_as(integrate.tplquad)
def tplquad(
    func: Func, a: Any, b: Any, gfun: Any, hfun: Any, qfun: Any, rfun: Any, args: Any = (), **errors: Any
) -> Any:
    """Return ∫ dx ∫ dy ∫ dz f(z, y, x), as `scipy.integrate.tplquad`: `quad` within `quad` within `quad`.

    y lies between gfun(x) and hfun(x), z between qfun(x, y) and rfun(x, y), numbers or functions.
    """
    lower, upper = _function(qfun), _function(rfun)
    innermost = lambda y, x: quad(lambda z: func(z, y, x, *args), lower(x, y), upper(x, y), **errors)[0]  # noqa: E731
    return dblquad(innermost, a, b, gfun, hfun, **errors)


def fixed_quad(func: Func, a: Any, b: Any, args: Any = (), n: int = 5) -> tuple[Any, None]:
    """Return ∫ₐᵇ f(x) dx by Gauss's rule with n points, and None, as `scipy.integrate.fixed_quad`.

    func is given an array of points and returns the values along its last axis. It is a weighted sum of them, and
    differentiated as such, by the limits and by whatever func depends on.

    >>> from revdiff import grad
    >>> round(grad(lambda b: fixed_quad(lambda x: x**3, 0.0, b)[0])(2.0), 12)
    8.0
    """
    points, weights = np.polynomial.legendre.leggauss(n)
    if not np.all(np.isfinite([primal(a), primal(b)])):
        msg = "Gaussian quadrature is only available for finite limits."
        raise ValueError(msg)
    values = gather(func((b - a) * (points + 1) / 2.0 + a, *args))
    return (b - a) / 2.0 * (weights * values).sum(-1), None


def _function(limit: Any) -> Func:
    return limit if callable(limit) else lambda *_: limit
