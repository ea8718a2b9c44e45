"""Choosing between values: where, and what is larger or smaller.

Imports lifting, the function maker, shapes and NumPy's protocol. A branch that is not taken contributes nothing to a
derivative.
"""

from __future__ import annotations

from functools import partial
from typing import Any, final

import numpy as np

from revdiff.arrays.broadcasting import Fit, Shape, fit_for
from revdiff.arrays.numpy_protocol import method_of, stands_for
from revdiff.core.cotangents import ZERO, one_like
from revdiff.core.lifting import lift
from revdiff.core.masks import Masked
from revdiff.core.revdiff import OPERATORS, RevDiff, primal, shape_of
from revdiff.functions.elementwise import binary
from revdiff.functions.of_arrays import only
from revdiff.functions.rows import FLOATS
from revdiff.functions.slopes import Choice, zero_outside
from revdiff.rules.shape import gather
from revdiff.systems import applied, sympy, system_of


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
        return _elementwise(np.copy(condition), x, y)
    if system_of(condition) == "sympy" and condition not in (sympy.true, sympy.false):
        return _piecewise(condition, x, y)
    return x if condition else y


def _elementwise(condition: Any, x: Any, y: Any) -> Any:
    def body(x: Any, y: Any) -> tuple[Any, Any, Any]:
        z = _elementwise(condition, x, y) if RevDiff in (type(x), type(y)) else np.where(condition, x, y)
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
        return self._fitted(only(self._taken_in(shape_of(ct)), ct))

    def masked(self, cotangent: Masked) -> Any:
        """Take that part of what is present."""
        taken = self._taken_in(cotangent.mask.shape)
        return self._fitted(cotangent.moved(zero_outside(taken, cotangent.value), lambda mask: mask & taken))

    def _taken_in(self, shape: Shape) -> Any:
        condition = np.broadcast_to(self._condition.astype(bool), shape)
        return condition if self._taken else ~condition

    def _fitted(self, sent: Any) -> Any:
        if self._fit is None or sent is ZERO:
            return sent
        return self._fit.masked(sent) if type(sent) is Masked else self._fit(sent)


def _piecewise(condition: Any, x: Any, y: Any) -> Any:
    if isinstance(condition, sympy.Not):
        return _piecewise(condition.args[0], y, x)

    def body(x: Any, y: Any) -> tuple[Any, Any, Any]:
        if RevDiff in (type(x), type(y)):
            z = _piecewise(condition, x, y)
        else:
            z = applied("where", partial(_pieces, condition), x, y)
        return z, _Piece(condition), _Piece(sympy.Not(condition, evaluate=False))

    return lift(body, x, y)


def _pieces(condition: Any, x: Any, y: Any) -> Any:
    return sympy.Piecewise((_given(condition, True, x), condition), (_given(condition, False, y), True))


def _given(condition: Any, truth: bool, x: Any) -> Any:
    """Return an expression with the pieces in it decided that have this condition."""
    x = sympy.sympify(x)
    return x.replace(
        lambda part: isinstance(part, sympy.Piecewise) and part.args[0].cond == condition and len(part.args) == 2,
        lambda part: part.args[0 if truth else 1].expr,
    )


@final
class _Piece:
    """The local pullback of a branch that was taken under a symbolic condition: absence where it does not hold."""

    __slots__ = ("_condition",)

    def __init__(self, condition: Any) -> None:
        self._condition = condition

    def __call__(self, ct: Any) -> Any:
        """Take the cotangent under the condition."""
        return Masked(_piecewise(self._condition, ct, 0), self._condition)

    def masked(self, cotangent: Masked) -> Any:
        """Take it under both conditions."""
        return Masked(_piecewise(self._condition, cotangent.value, 0), cotangent.mask & self._condition)


@stands_for(np.where)
def _numpy_where(condition: Any, /, *branches: Any) -> Any:
    condition = primal(condition)
    if any(isinstance(primal(branch), np.generic) for branch in branches):  # the result is an array, as NumPy has it
        condition = np.array(condition)
    return where(condition, *branches) if branches else np.where(condition)


def _share(z: Any, x: Any, y: Any) -> Any:
    """Return the part of the cotangent of z = max(x, y) that x gets: 1 where z is x, 0 where it is y, ½ where they tie.

    The answer has no derivative of its own.
    """
    x, y, z = primal(x), primal(y), primal(z)
    if not isinstance(z, np.ndarray):
        return 0 if not _same(x, z) else one_like(z) / 2 if _same(y, z) else 1
    if z.dtype.kind == "O":
        return np.frompyfunc(_share, 3, 1)(z, x, y)
    is_x, is_y = x == z, y == z
    if np.count_nonzero(is_x | is_y) < z.size:
        is_x, is_y = _same(x, z), _same(y, z)
    share = is_x * np.where(is_y, 0.5, 1.0)
    return share.astype(z.real.dtype, copy=False) if z.dtype.kind in "fc" else share


def _float_share(z: float, x: float, y: float) -> float:
    if _same(x, z):
        return 0.5 if _same(y, z) else 1.0
    return 0.0


def _same(x: Any, z: Any) -> Any:
    """Tell where x and z are equal, or both NaN."""
    return (x == z) | ((x != x) & (z != z))


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


_OF_LARGER = Choice(lambda x, y, z: _upper(z, x, y)), Choice(lambda x, y, z: _upper(z, y, x))
_OF_SMALLER = Choice(lambda x, y, z: _lower(z, x, y)), Choice(lambda x, y, z: _lower(z, y, x))

# fmt: off
maximum = binary("maximum", *_OF_LARGER,  "the larger of x and y; where they tie, each has half of the cotangent",
                 math=_float_maximum, sympy="Max", formula=max, at={(2.0, 2.0): (0.5, 0.5)})
minimum = binary("minimum", *_OF_SMALLER, "the smaller of x and y; where they tie, each has half of the cotangent",
                 math=_float_minimum, sympy="Min", formula=min, at={(2.0, 3.0): (1.0, 0.0)})
fmax    = binary("fmax",    *_OF_LARGER,  "the larger of x and y, ignoring NaN",  math=_float_fmax, sympy="Max", formula=max, at={(2.0, 3.0): (0.0, 1.0)})
fmin    = binary("fmin",    *_OF_SMALLER, "the smaller of x and y, ignoring NaN", math=_float_fmin, sympy="Min", formula=min, at={(2.0, 3.0): (1.0, 0.0)})
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


method_of(np.clip)
OPERATORS["where"] = where
FLOATS.update(where=where, _upper=_float_share, _lower=_float_share)
