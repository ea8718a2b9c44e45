"""Choosing between values: where, and what is larger or smaller.

Imports lifting, the function maker and NumPy's protocol. A branch that is not taken contributes
nothing to a derivative.
"""

from __future__ import annotations

from typing import Any, final

import numpy as np

from revdiff.broadcasting import Fit, With, fit_for
from revdiff.core.cotangents import Masked, one_like
from revdiff.core.lifting import lift
from revdiff.core.revdiff import OPERATORS, primal
from revdiff.functions import FLOATS, binary
from revdiff.numpy_protocol import method, stands_for
from revdiff.rules.shape import gather
from revdiff.systems import sympy, system_of


def where(condition: Any, x: Any, y: Any, /) -> Any:
    """Return x where the condition holds and y elsewhere.     x̄ = z̄ where it holds, ȳ = z̄ elsewhere.

    A single truth value chooses one of the two, which need not be numbers at all; an array of them
    chooses element by element; a SymPy condition gives a ``Piecewise``.

    >>> from revdiff import simple_derivative
    >>> simple_derivative(lambda x: where(x > 0, x * x, -x))(3.0)
    6.0
    """
    condition = primal(condition)
    if isinstance(condition, list | tuple | np.ndarray):
        x, y = (gather(np.array(branch)) if isinstance(branch, list | tuple) else gather(branch) for branch in (x, y))
        return _elementwise(np.array(condition), x, y)
    if system_of(condition) == "sympy" and condition not in (sympy.true, sympy.false):
        return _piecewise(condition, x, y)
    return x if condition else y


def _elementwise(condition: Any, x: Any, y: Any) -> Any:
    def body(x: Any, y: Any) -> tuple[Any, Any, Any]:
        z = np.where(condition, x, y) if primal(x) is x and primal(y) is y else _elementwise(condition, x, y)
        return z, _Branch(condition, True, fit_for(x, z)), _Branch(condition, False, fit_for(y, z))

    return lift(body, x, y)


@final
class _Branch:
    """The local pullback of a branch: the part of the cotangent for which it was taken, and absence elsewhere."""

    __slots__ = ("_condition", "_fit", "_taken")

    def __init__(self, condition: Any, taken: bool, fit: Fit | None) -> None:
        self._condition = condition
        self._taken = taken
        self._fit = fit

    def __call__(self, ct: Any) -> Any:
        """Take that part."""
        ct = _elementwise(self._condition, ct, 0) if self._taken else _elementwise(self._condition, 0, ct)
        sent = ct if self._fit is None else self._fit(ct)
        if np.shape(primal(sent)) != np.shape(primal(ct)):
            return sent
        mask = np.broadcast_to(self._condition.astype(bool), np.shape(primal(sent)))
        return Masked(sent, mask if self._taken else ~mask)

    def masked(self, cotangent: Masked) -> Any:
        """Take that part of what is present."""
        sent = self(cotangent.value)
        return Masked(sent.value, sent.mask & cotangent.mask) if type(sent) is Masked else sent


def _piecewise(condition: Any, x: Any, y: Any) -> Any:
    def body(x: Any, y: Any) -> tuple[Any, Any, Any]:
        plain = primal(x) is x and primal(y) is y
        z = sympy.Piecewise((x, condition), (y, True)) if plain else _piecewise(condition, x, y)
        return z, With(_piece, condition, True), With(_piece, condition, False)

    return lift(body, x, y)


def _piece(ct: Any, condition: Any, branch: bool) -> Any:
    return _piecewise(condition, ct, 0) if branch else _piecewise(condition, 0, ct)


@stands_for(np.where)
def _numpy_where(condition: Any, /, *branches: Any) -> Any:
    return where(condition, *branches) if branches else np.where(primal(condition))


def _share(z: Any, x: Any, y: Any) -> Any:
    """Return the part of the cotangent of z = max(x, y) that x gets: 1 where z is x, 0 where it is y, ½ where they tie.

    The answer has no derivative of its own.
    """
    x, y, z = primal(x), primal(y), primal(z)
    if not isinstance(z, np.ndarray):
        return 0 if x != z else one_like(z) / 2 if y == z else 1
    if z.dtype.kind == "O":
        return np.frompyfunc(_share, 3, 1)(z, x, y)
    share = (x == z) * np.where(y == z, 0.5, 1.0)
    return share.astype(z.dtype, copy=False) if z.dtype.kind == "f" else share


def _upper(z: Any, x: Any, y: Any) -> Any:
    return _sympy_share(x, y) if system_of(z) == "sympy" else _share(z, x, y)


def _lower(z: Any, x: Any, y: Any) -> Any:
    return _sympy_share(y, x) if system_of(z) == "sympy" else _share(z, x, y)


def _sympy_share(x: Any, y: Any) -> Any:
    return sympy.Heaviside(primal(x) - primal(y), sympy.Rational(1, 2))


def _float_maximum(x: float, y: float) -> float:
    return x if x >= y or x != x else y


def _float_minimum(x: float, y: float) -> float:
    return x if x <= y or x != x else y


def _float_fmax(x: float, y: float) -> float:
    return y if x != x else x if y != y else max(x, y)


def _float_fmin(x: float, y: float) -> float:
    return y if x != x else x if y != y else min(x, y)


# fmt: off
maximum = binary("maximum", lambda x, y, z: _upper(z, x, y), lambda x, y, z: _upper(z, y, x),
                 "the larger of x and y; where they tie, each has half of the cotangent",
                 math=_float_maximum, sympy="Max", formula=max)
minimum = binary("minimum", lambda x, y, z: _lower(z, x, y), lambda x, y, z: _lower(z, y, x),
                 "the smaller of x and y; where they tie, each has half of the cotangent",
                 math=_float_minimum, sympy="Min", formula=min)
fmax    = binary("fmax",    lambda x, y, z: _upper(z, x, y), lambda x, y, z: _upper(z, y, x),
                 "the larger of x and y, ignoring NaN",
                 math=_float_fmax,    sympy="Max", formula=max)
fmin    = binary("fmin",    lambda x, y, z: _lower(z, x, y), lambda x, y, z: _lower(z, y, x),
                 "the smaller of x and y, ignoring NaN",
                 math=_float_fmin,    sympy="Min", formula=min)
# fmt: on


def clip(x: Any, low: Any = None, high: Any = None, /) -> Any:
    """Return x held between low and high: min(max(x, low), high). None is no bound.

    At a bound each side gets half of the cotangent.

    >>> from revdiff import simple_derivative
    >>> [simple_derivative(lambda x: clip(x, 0.0, 1.0))(x) for x in (-1.0, 0.5, 1.0)]
    [0.0, 1.0, 0.5]
    """
    if low is not None:
        x = maximum(x, low)
    return x if high is None else minimum(x, high)


@stands_for(np.clip)
def _numpy_clip(a: Any, /, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Any:  # noqa: A002
    return clip(a, a_min if min is None else min, a_max if max is None else max)


method("clip", _numpy_clip)
OPERATORS["where"] = where
FLOATS.update(where=where, _upper=_share, _lower=_share)
