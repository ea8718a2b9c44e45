"""Polymorphic elementwise functions: one row of mathematics makes one function for every kind of number.

Imports the core, broadcasting, rows, slopes and what may stand beside an operand. A row of the tables in
`revdiff.rules` names a function, what it is called in each number system, and its partial
derivatives; `unary` and `binary` turn it into the public function. On plain values that function is
the system's own. On a RevDiff it also records the way back: for a Python float the partial
derivative is a number and is computed at once, for every other value when a cotangent first comes
by, and only then.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from revdiff.arrays.broadcasting import Fit, are_of_one_space
from revdiff.core.capture import SMALL, Fingerprint, keep
from revdiff.core.errors import UnsupportedValueError
from revdiff.core.graph import NOWHERE, edge, next_number
from revdiff.core.lifting import below, top_tag
from revdiff.core.revdiff import PLAIN, RevDiff, joined, made, primal, scaled
from revdiff.core.structure import LAYERS, STRUCTURED
from revdiff.functions.beside import CONTAINERS, OUTSIDE, beside, is_container
from revdiff.functions.ieee import NOT_IEEE, ieee
from revdiff.functions.rows import Row
from revdiff.functions.slopes import (
    SIGNS,
    Choice,
    Divisor,
    Factor,
    Overflowing,
    Partial,
    Slope,
    fitted_map,
    local_map,
    local_maps_within_a_space,
    number_of,
)

NUMBERS = frozenset({float, int, np.float64})
"""What is a constant number beside an element of an array."""

_FLOAT64 = np.dtype(np.float64)


def unary(name: str, slope: Slope | None, says: str, **columns: Any) -> Callable[[Any], Any]:
    """Make the function y = f(x) from its derivative ``slope(x, y)``; None for one that is piecewise constant.

    ``columns`` gives the function's name, or the function itself, in the systems where it is not
    called ``name``; ``formula`` serves the systems that lack it, ``always`` all systems alike. ``at``, {x: f′(x)}, is shown by
    `help`. ``overflows`` is for a function that grows so fast that its values are soon too large for a float; its slope is never that of a pole.
    """
    if columns.pop("overflows", False) and slope is not None:
        slope = Overflowing(slope)
    row = Row(name, (slope,), columns)
    implementations = row.implementations
    at_float = row.find(float)
    (float_slope,) = row.float_slopes
    at_array = None if slope is None or isinstance(slope, int | str) else row.ufunc

    def function(x: Any, /) -> Any:
        kind = type(x)
        if kind is not RevDiff:
            return (implementations.get(kind) or row.find(kind))(x)
        v = x.value
        if slope is None:
            return function(v)
        if type(v) is float:
            y = at_float(v)
            if type(y) is float:
                try:
                    d = float_slope(v, y)
                except NOT_IEEE:
                    d = ieee(slope, v, y)
                return scaled(y, x, d)
        elif at_array is not None and type(v) is np.ndarray and v.dtype is _FLOAT64 and x._scale == 1.0 and x._node[1]:
            y = at_array(v)
            return made(y, (next_number(), x._node[1], x._node, Partial(slope, (v, y), v, y, None)))
        if type(v) in STRUCTURED:
            raise UnsupportedValueError.of_structure(name, v)
        y = at_lower(v)
        return record(x, slope, v, y, (v, y))

    at_lower = columns.get("always", function)
    return row.finish(function, says, sys._getframe(1).f_globals["__name__"])


def binary(name: str, dx: Slope | None, dy: Slope | None, says: str, **columns: Any) -> Callable[[Any, Any], Any]:
    """Make the function z = f(x, y) from its partial derivatives ``slope(x, y, z)``; None where it is constant.

    ``is_square`` says that f(x, x) is x², of which the derivative 2x costs less than the sum of both, and ``squares`` is the
    number, if any, for which f(x, ``squares``) is. ``divides`` says that f is x/y: to x goes back ct/y, without a product.
    """
    is_square, squares = columns.pop("is_square", False), columns.pop("squares", None)
    divides = columns.pop("divides", False)
    row = Row(name, (dx, dy), columns)
    implementations = row.implementations
    float_dx, float_dy = row.float_slopes
    signs = local_maps_within_a_space(dx, dy)
    is_product = dx == "y" and dy == "x"
    at_arrays: Any = columns.get("always", row.ufunc) if signs or is_product else None
    at_numbers: Any = None if at_arrays is None else (number_of(dx), number_of(dy))
    one_way, both_ways = (_way_of_chosen, _ways_of_chosen) if type(dx) is Choice else (scaled, joined)

    def function(x: Any, y: Any, /) -> Any:
        if type(x) is RevDiff:
            if type(y) is RevDiff:
                node = x._node
                if node[1] != y._node[1]:
                    if not (x._node[1] and y._node[1]):
                        return function(x if x._node[1] else x.value, y if y._node[1] else y.value)
                    top: Any = top_tag((x, y))
                    if x._node[1] == top:
                        return of_first(x, below(y, top))
                    return of_second(below(x, top), y)
                if at_arrays is not None and node[1]:
                    u, v = x.value, y.value
                    if (
                        type(u) is np.ndarray is type(v)
                        and u.dtype is _FLOAT64 is v.dtype
                        and (shape := u.shape)
                        and shape == v.shape
                        and x._scale == 1.0 == y._scale
                    ):
                        number, tag = next_number(), node[1]
                        if is_square and x is y:
                            return made(at_arrays(u, u), (number, tag, node, Factor(u, twice=True)))
                        to_x, to_y = signs or (v, u)
                        return made(at_arrays(u, v), (number, tag, node, to_x, y._node, to_y))
                return of_both(x, y)
            if type(y) is np.ndarray and y.dtype is _FLOAT64:
                return of_first(x, y)
            if type(y) not in NUMBERS and (type(y) in CONTAINERS or is_container(y)):
                if type(y) in OUTSIDE:
                    return OUTSIDE[type(y)](function, x, y)
                y = beside(x, y)
                if y is NotImplemented or type(y) is RevDiff:
                    return y if y is NotImplemented else function(x, y)
            return of_first(x, y)
        if type(y) is RevDiff:
            if type(x) is np.ndarray and x.dtype is _FLOAT64:
                return of_second(x, y)
            if type(x) not in NUMBERS and (type(x) in CONTAINERS or is_container(x)):
                if type(x) in OUTSIDE:
                    return OUTSIDE[type(x)](function, x, y)
                x = beside(y, x)
                if x is NotImplemented or type(x) is RevDiff:
                    return x if x is NotImplemented else function(x, y)
            return of_second(x, y)
        kinds = type(x), type(y)
        return (implementations.get(kinds) or row.find(*kinds))(x, y)

    def of_both(x: RevDiff, y: RevDiff) -> Any:
        u, v = x.value, y.value
        if at_arrays is not None and type(u) is np.ndarray is type(v) and u.dtype is _FLOAT64 is v.dtype and x._node[1]:
            z = at_arrays(u, v)
            shape = z.shape
            if shape and x._scale == 1.0 == y._scale:
                to_x, to_y = signs or (v, u)
                if u.shape != shape:
                    to_x = fitted_map(to_x, Fit(u.shape, _FLOAT64, is_real=True))
                if v.shape != shape:
                    to_y = fitted_map(to_y, Fit(v.shape, _FLOAT64, is_real=True))
                return made(z, (next_number(), x._node[1], x._node, to_x, y._node, to_y))
        if at_numbers is not None and type(u) is np.float64 is type(v) and x._node[1]:
            z = at_arrays(u, v)
            return joined(z, x, at_numbers[0](u, v), y, at_numbers[1](u, v))
        if type(u) in STRUCTURED or type(v) in STRUCTURED:
            raise UnsupportedValueError.of_structure(name, u)
        z = at_lower(u, v)
        if dx is None or dy is None:
            return record(x, dx, u, z, (u, v, z)) if dx else record(y, dy, v, z, (u, v, z)) if dy else z
        if type(z) is float and type(u) in PLAIN and type(v) in PLAIN:
            to_x, to_y = row.partial(float_dx, dx, u, v, z), row.partial(float_dy, dy, u, v, z)
            return both_ways(z, x, to_x, y, to_y)
        node = x._node
        if not node[1]:
            return made(z, NOWHERE)
        values = (u, v, z)
        is_float = type(primal(z)) is float
        if signs and is_float:
            to_x, to_y = signs
        elif at_arrays is not None and are_of_one_space(primal(u), primal(v), primal(z)):
            to_x, to_y = signs or (Factor(v), Factor(u))
        elif is_float:
            to_x, to_y = local_map(dx, values, None, None), local_map(dy, values, None, None)
        elif divides and are_of_one_space(u, v, z) and z.dtype is _FLOAT64:
            to_x, to_y = Divisor(u, v), local_map(dy, values, v, z)
        else:
            to_x, to_y = local_map(dx, values, u, z), local_map(dy, values, v, z)
        if x._scale == 1.0 == y._scale:
            return made(z, (next_number(), node[1], node, to_x, y._node, to_y))
        return made(z, (next_number(), node[1], *edge(node, x._scale, to_x), *edge(y._node, y._scale, to_y)))

    # The next two are mirror images. One function for both would have to ask, at every operation, which side is constant.

    def of_first(x: RevDiff, y: Any) -> Any:
        u = x.value
        if at_numbers is not None and type(y) in NUMBERS and x._node[1]:
            if type(u) is np.float64:
                return scaled(at_arrays(u, y), x, at_numbers[0](u, y))
            if is_array(u):
                return _times(at_lower(u, y), x, at_numbers[0](u, y))
        elif (
            at_arrays is not None
            and type(u) is np.ndarray is type(y)
            and is_array(u)
            and y.dtype is _FLOAT64
            and x._node[1]
        ):
            return _stepped(at_arrays(u, y), x, dx, y)
        elif squares is not None and type(y) in PLAIN and y == squares and is_array(u) and x._node[1]:
            return made(at_lower(u, y), (next_number(), x._node[1], *edge(x._node, x._scale, Factor(u, twice=True))))
        if type(u) in STRUCTURED:
            raise UnsupportedValueError.of_structure(name, u)
        z = at_lower(u, y)
        if type(z) is float and type(u) in PLAIN and type(y) in PLAIN and dx is not None:
            return one_way(z, x, row.partial(float_dx, dx, u, y, z))
        return record(x, dx, u, z, (u, y, z), y)

    def of_second(x: Any, y: RevDiff) -> Any:
        v = y.value
        if at_numbers is not None and type(x) in NUMBERS and y._node[1]:
            if type(v) is np.float64:
                return scaled(at_arrays(x, v), y, at_numbers[1](x, v))
            if is_array(v):
                return _times(at_lower(x, v), y, at_numbers[1](x, v))
        elif (
            at_arrays is not None
            and type(v) is np.ndarray is type(x)
            and is_array(v)
            and x.dtype is _FLOAT64
            and y._node[1]
        ):
            return _stepped(at_arrays(x, v), y, dy, x)
        if type(v) in STRUCTURED:
            raise UnsupportedValueError.of_structure(name, v)
        z = at_lower(x, v)
        if type(z) is float and type(v) in PLAIN and type(x) in PLAIN and dy is not None:
            return one_way(z, y, row.partial(float_dy, dy, x, v, z))
        return record(y, dy, v, z, (x, v, z), x)

    at_lower = columns.get("always", function)
    return row.finish(function, says, sys._getframe(1).f_globals["__name__"])


def _times(z: Any, x: RevDiff, d: float) -> RevDiff:
    """Return the array z = f(x) of which every element has the slope d."""
    return made(z, (next_number(), x._node[1], *edge(x._node, x._scale, None if d == 1.0 else d)))


def is_array(u: Any) -> bool:
    """Tell, quickly, whether a value is an array of float64 that has axes, of other layers perhaps."""
    while type(u) is RevDiff:
        u = u.value
    return type(u) is np.ndarray and u.dtype is _FLOAT64 and u.ndim > 0


def _stepped(z: Any, x: RevDiff, slope: Any, constant: Any) -> RevDiff:
    """Return the array z, which is a sum or a product of the array x and a constant array."""
    fit = None if z.shape == x.value.shape else Fit(x.value.shape, _FLOAT64, is_real=True)
    local: Any
    if slope in SIGNS:
        local = SIGNS[slope] if fit is None else fitted_map(SIGNS[slope], fit)
    elif constant.nbytes > SMALL:
        local = Factor(constant, fit, Fingerprint(constant))
    else:
        local = constant.copy("K") if fit is None else Factor(constant.copy(), fit)
    return made(z, (next_number(), x._node[1], *edge(x._node, x._scale, local)))


def _way_of_chosen(z: float, x: RevDiff, share: float) -> RevDiff:
    """Return z, which is x or a constant: of a constant no way leads back, not even by the factor 0."""
    return scaled(z, x, share) if share else made(z, NOWHERE)


def _ways_of_chosen(z: float, x: RevDiff, x_share: float, y: RevDiff, y_share: float) -> RevDiff:
    """Return z, which is x or y or, where the two tie, both."""
    if x_share and y_share:
        return joined(z, x, x_share, y, y_share)
    return _way_of_chosen(z, x, x_share) if x_share else _way_of_chosen(z, y, y_share)


def record(x: RevDiff, slope: Slope | None, u: Any, y: Any, values: tuple[Any, ...], constant: Any = None) -> Any:
    """Return y = f(x) as a RevDiff, where u is the value of x and ``values`` what the slope is a function of.

    An array among the constants belongs to the caller: a small one is copied, a large one watched.
    """
    if slope is None:
        return y
    node = x._node
    if not node[1]:
        return made(y, NOWHERE)
    guard = None
    if type(constant) is np.ndarray and not isinstance(slope, int):
        if constant.nbytes <= SMALL:
            values = tuple(value.copy() if value is constant else value for value in values)
        else:
            guard = Fingerprint(constant)
    elif type(constant) in LAYERS and type(constant) is not RevDiff:
        values = tuple(keep(value) if value is constant else value for value in values)
    return made(y, (next_number(), node[1], *edge(node, x._scale, local_map(slope, values, u, y, guard))))
