"""Functions along an axis: the logarithm of a sum of exponentials, and the shares that the elements have in it.

Imports the rules, and SciPy for the values.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from revdiff.arrays.numpy_protocol import plain
from revdiff.core.revdiff import RevDiff, primal
from revdiff.functions.of_arrays import rule
from revdiff.rules.reductions import Axis, axes_of, same, spread
from revdiff.rules.selection import where
from revdiff.scipy._namesakes import namesake, refuse


def logsumexp(a: Any, axis: Axis = None, b: Any = None, keepdims: bool = False, return_sign: bool = False) -> Any:
    """Return ln Σ b eᵃ along axes, of all elements by default.     ā = ȳ b eᵃ⁻ʸ,  b̄ = ȳ eᵃ⁻ʸ.

    With ``return_sign`` it is ln |Σ b eᵃ|, and the sign beside it. Where the sum is infinite, or empty because all of
    its elements are -inf, those that are equal to the largest share the cotangent, as in a maximum.

    >>> import numpy as np
    >>> from revdiff import grad
    >>> grad(logsumexp)(np.array([1000.0, 1000.0, -np.inf]))
    array([0.5, 0.5, 0. ])
    """
    if return_sign and any(np.iscomplexobj(plain(x)) for x in (a, b)):
        refuse("scipy.special.logsumexp of complex numbers with return_sign=True")
    y, sign = _log_sum(a, 1.0 if b is None else b, axis, b is not None, keepdims, return_sign)
    return (y, sign) if return_sign else y


@rule()
def _log_sum(a: Any, b: Any, /, axis: Axis, weighted: bool, keepdims: bool, signed: bool) -> tuple[Any, ...]:
    if type(a) is RevDiff or type(b) is RevDiff:
        y, sign = _log_sum(a, b, axis, weighted, keepdims, signed)
    else:
        y = special.logsumexp(a, axis, b if weighted else None, keepdims, signed)
        y, sign = y if signed else (y, 1.0)

    dropped = (primal(b) == 0) & np.isinf(primal(a))

    def shares() -> tuple[Any, Any]:
        """Return where the sum is infinite, and eᵃ⁻ʸ elsewhere, with the sign of the sum."""
        heights = np.where(primal(b) == 0, -np.inf, np.real(primal(a)))
        endless = spread(np.isinf(primal(y)), heights, axis)
        top = np.max(heights, axis=axes_of(heights, axis), keepdims=True, initial=-np.inf)
        powers = np.exp(where(endless | dropped, 0, a) - np.where(np.isinf(top), 0, top))
        return endless, powers / np.sum(b * powers, axis=axis, keepdims=True)

    def a_pullback(y_bar: Any, sign_bar: Any) -> Any:
        endless, powers = shares()
        hits = same(np.broadcast_to(primal(a), endless.shape), spread(primal(y), endless, axis)) & endless
        ties = hits / np.maximum(hits.sum(axes_of(endless, axis), keepdims=True), 1)
        return spread(y_bar, endless, axis) * where(endless, ties, b * powers)

    def b_pullback(y_bar: Any, sign_bar: Any) -> Any:
        endless, powers = shares()
        return spread(y_bar, endless, axis) * where(dropped, np.inf, powers)

    return (y, sign), a_pullback, b_pullback


@namesake(special.softmax)
@rule()
def softmax(x: Any, /, axis: Axis = None) -> tuple[Any, Any]:
    """Return eˣ/Σ eˣ along axes, of all elements by default.     x̄ = y (ȳ - Σ y ȳ).

    >>> import numpy as np
    >>> from revdiff import jacobian
    >>> jacobian(softmax)(np.array([0.0, 0.0]))
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    y = softmax(x, axis)

    def softmax_pullback(y_bar: Any) -> Any:
        sent = y * y_bar
        return sent - y * np.sum(sent, axis=axis, keepdims=True)

    return y, softmax_pullback


@namesake(special.log_softmax)
@rule()
def log_softmax(x: Any, /, axis: Axis = None) -> tuple[Any, Any]:
    """Return x - ln Σ eˣ along axes, of all elements by default.     x̄ = ȳ - softmax(x) Σ ȳ.

    >>> import numpy as np
    >>> from revdiff import grad
    >>> grad(lambda x: log_softmax(x)[0])(np.array([0.0, 1000.0]))
    array([ 1., -1.])
    """
    y = log_softmax(x, axis)

    def log_softmax_pullback(y_bar: Any) -> Any:
        return y_bar - np.exp(y) * np.sum(y_bar, axis=axis, keepdims=True)

    return y, log_softmax_pullback
