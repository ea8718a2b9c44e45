"""Choosing between values: where, and what is larger or smaller.

Imports lifting, the function maker and NumPy's protocol. A branch that is not taken contributes
nothing to a derivative.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.broadcasting import fit_for
from revdiff.core.lifting import lift
from revdiff.core.revdiff import primal
from revdiff.functions import FLOATS, binary
from revdiff.numpy_protocol import stands_for


@stands_for(np.where)
def where(condition: Any, x: Any, y: Any, /) -> Any:
    """Return x where the condition holds and y elsewhere.     x̄ = z̄ where it holds, ȳ = z̄ elsewhere.

    A single truth value chooses one of the two, which need not be numbers at all; an array of them
    chooses element by element; a SymPy condition gives a `Piecewise`.

    >>> from revdiff import simple_derivative
    >>> simple_derivative(lambda x: where(x > 0, x * x, -x))(3.0)
    6.0
    """
    condition = primal(condition)
    if isinstance(condition, bool | np.bool_ | int):
        return x if condition else y
    if not isinstance(condition, np.ndarray):
        return _piecewise(condition, x, y)

    def body(x: Any, y: Any) -> tuple[Any, Any, Any]:
        if primal(x) is x and primal(y) is y:
            z = np.where(condition, x, y)
        else:
            z = where(condition, x, y)
        fit_x, fit_y = _fit_to_broadcast(x, z), _fit_to_broadcast(y, z)
        return z, lambda ct: fit_x(where(condition, ct, 0.0)), lambda ct: fit_y(where(condition, 0.0, ct))

    return lift(body, x, y)


def _fit_to_broadcast(x: Any, z: Any) -> Any:
    return fit_for(x, z) or (lambda ct: ct)


def _piecewise(condition: Any, x: Any, y: Any) -> Any:
    def body(x: Any, y: Any) -> tuple[Any, Any, Any]:
        import sympy

        if primal(x) is x and primal(y) is y:
            z = sympy.Piecewise((x, condition), (y, True))
        else:
            z = _piecewise(condition, x, y)
        return z, lambda ct: _piecewise(condition, ct, 0), lambda ct: _piecewise(condition, 0, ct)

    return lift(body, x, y)


def _float_maximum(x: float, y: float) -> float:
    return x if x >= y or x != x else y


def _float_minimum(x: float, y: float) -> float:
    return x if x <= y or x != x else y


def _sympy_pick(name: str) -> Any:
    def pick(x: Any, y: Any) -> Any:
        import sympy

        return getattr(sympy, name)(x, y)

    return pick


def _share(x: Any, y: Any, z: Any, sign: int) -> Any:
    """Return the part of the cotangent that x gets where z is x or y: 1, 0, or ½ where they tie.

    ``sign`` is 1 for a maximum and -1 for a minimum. The answer has no derivative of its own.
    """
    x, y, z = primal(x), primal(y), primal(z)
    if type(z).__module__.startswith("sympy"):
        import sympy

        return sympy.Heaviside(sign * (x - y), sympy.Rational(1, 2))
    took_x, took_y = x == z, y == z
    if isinstance(took_x, np.ndarray) or isinstance(took_y, np.ndarray):
        return took_x / np.add(took_x, took_y, dtype=float)
    return 0.5 if took_x and took_y else 1 if took_x else 0


def _upper(x: Any, y: Any, z: Any) -> Any:
    return _share(x, y, z, 1)


def _upper_of_second(x: Any, y: Any, z: Any) -> Any:
    return _share(y, x, z, 1)


def _lower(x: Any, y: Any, z: Any) -> Any:
    return _share(x, y, z, -1)


def _lower_of_second(x: Any, y: Any, z: Any) -> Any:
    return _share(y, x, z, -1)


def _float_fmax(x: float, y: float) -> float:
    return y if x != x else x if y != y else max(x, y)


def _float_fmin(x: float, y: float) -> float:
    return y if x != x else x if y != y else min(x, y)


# fmt: off
maximum = binary("maximum", _upper, _upper_of_second, "the larger of x and y; where they tie, each has half of the cotangent",
                 math=_float_maximum, sympy=_sympy_pick("Max"), formula=max)
minimum = binary("minimum", _lower, _lower_of_second, "the smaller of x and y; where they tie, each has half of the cotangent",
                 math=_float_minimum, sympy=_sympy_pick("Min"), formula=min)
fmax    = binary("fmax",    _upper, _upper_of_second, "the larger of x and y, ignoring NaN",
                 math=_float_fmax,    sympy=_sympy_pick("Max"), formula=max)
fmin    = binary("fmin",    _lower, _lower_of_second, "the smaller of x and y, ignoring NaN",
                 math=_float_fmin,    sympy=_sympy_pick("Min"), formula=min)
# fmt: on


@stands_for(np.clip)
def clip(x: Any, low: Any, high: Any, /) -> Any:
    """Return x held between low and high: min(max(x, low), high). At a bound each side gets half of the cotangent.

    >>> from revdiff import simple_derivative
    >>> [simple_derivative(lambda x: clip(x, 0.0, 1.0))(x) for x in (-1.0, 0.5, 1.0)]
    [0.0, 1.0, 0.5]
    """
    return minimum(maximum(x, low), high)


FLOATS.update(where=where, _share=_share)
