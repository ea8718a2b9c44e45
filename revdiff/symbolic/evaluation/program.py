"""A program: the steps that compute an expression, one after the other, on values of any kind.

Imports the core and the derivative operators. Values stand in a row: first the inputs, then the result
of each step. A step names a function and the places of its operands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import nan
from typing import Any, TypeAlias, final

import numpy as np
import sympy

from revdiff.arrays.broadcasting import broadcast_to, fit_for
from revdiff.core.lifting import lift
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.derivatives.operators import partial_derivative
from revdiff.symbolic.evaluation.constants import common_dtype, precision_of
from revdiff.symbolic.lifted import lifted

Function: TypeAlias = Callable[..., Any]
Step: TypeAlias = tuple[Function, tuple[int, ...]]


@final
@dataclass(frozen=True, slots=True)
class Program:
    """Steps, and the place where the result will stand.

    >>> from operator import add, mul
    >>> twice_the_sum = Program(((add, (0, 1)), (mul, (2, 3))), 4)
    >>> twice_the_sum(3, 4, 2)        # the inputs: x, y and the constant 2
    14
    """

    steps: tuple[Step, ...]
    result: int

    def __call__(self, *inputs: Any) -> Any:
        """Return the result."""
        values = [*inputs]
        append = values.append
        for function, operands in self.steps:
            if len(operands) == 2:
                append(function(values[operands[0]], values[operands[1]]))
            elif len(operands) == 1:
                append(function(values[operands[0]]))
            else:
                append(function(*[values[i] for i in operands]))
        return values[self.result]


@final
@dataclass(frozen=True, slots=True)
class Choice:
    """A step of several branches: the first whose condition holds. The others are not computed.

    An array of conditions sends each element through its own branch alone, so that neither a
    warning nor a NaN comes from a branch that was not taken. SymPy's conditions give a Piecewise.
    Where no condition holds, the result is NaN.
    """

    pieces: tuple[tuple[Function, Function], ...]

    def __call__(self, *inputs: Any) -> Any:
        """Return the value of the branch."""
        for condition, branch in self.pieces:
            holds = _decided(condition(*inputs))
            if isinstance(holds, np.ndarray) and holds.dtype == bool:
                return self._element_by_element(inputs)
            if not isinstance(holds, bool):
                return lifted("Piecewise", self._symbolically, self._slope, inputs)
            if holds:
                return branch(*inputs)
        return _undefined(inputs)

    def _symbolically(self, *inputs: Any) -> Any:
        """Return a Piecewise, or an array of them."""
        if any(type(x) is RevDiff for x in inputs):
            return self(*inputs)
        if any(isinstance(x, np.ndarray) for x in inputs):
            return np.frompyfunc(self, len(inputs), 1)(*inputs)
        pairs: list[tuple[Any, Any]] = []
        for condition, branch in self.pieces:
            holds = _decided(condition(*inputs))
            if holds is not False:
                pairs.append((branch(*inputs), holds))
            if holds is True:
                break
        return sympy.Piecewise(*pairs)

    def _slope(self, i: int) -> Choice:
        """Return the Piecewise of the derivatives of the branches."""
        return Choice(tuple((condition, partial_derivative(branch, i)) for condition, branch in self.pieces))

    def _element_by_element(self, inputs: tuple[Any, ...]) -> Any:
        shape = np.broadcast_shapes(*(shape_of(x) for x in inputs))
        rest = np.ones(shape, bool)
        parts: list[tuple[Any, Any]] = []
        for condition, branch in self.pieces:
            if rest.any():
                holds = np.zeros(shape, bool)
                holds[rest] = _decided(condition(*_at(rest, inputs)))
                if holds.any():
                    parts.append((holds, branch(*_at(holds, inputs))))
                rest &= ~holds
        if rest.any() or not parts:
            parts.append((rest, _undefined(_at(rest, inputs))))
        masks = tuple(mask for mask, _ in parts)
        return _assembled(masks, common_dtype(value for _, value in parts), *(_spread(v, mask) for mask, v in parts))


def _decided(condition: Any) -> Any:
    """Return a truth value as a bool, and arrays and SymPy's conditions as they are."""
    condition = primal(condition)
    if isinstance(condition, np.ndarray) and condition.ndim:
        known = condition.dtype != object or all(isinstance(each, bool | np.bool_) for each in condition.flat)
        return condition.astype(bool) if known else condition
    if isinstance(condition, bool | np.ndarray | np.bool_) or condition in (True, False):
        return bool(condition)
    return condition


def _undefined(inputs: Iterable[Any]) -> Any:
    """Return NaN, of which the derivatives are NaN too: for points at which no condition holds."""
    args = tuple(inputs)
    shape = np.broadcast_shapes(*map(shape_of, args))
    nothing = np.full(shape, nan, precision_of(args)) if shape else nan
    return lifted("Piecewise", lambda *values: nothing, lambda i: lambda *values: _undefined(values), args)


def _at(mask: Any, inputs: tuple[Any, ...]) -> list[Any]:
    """Return the inputs where the mask is set: arrays in one dimension, numbers as they are."""
    return [broadcast_to(x, mask.shape)[mask] if shape_of(x) else x for x in inputs]


def _spread(x: Any, mask: Any) -> Any:
    """Return one value, or the array of the values, for the places that the mask sets."""
    return x if np.ndim(primal(x)) else broadcast_to(x, (int(mask.sum()),))


def _assembled(masks: tuple[Any, ...], dtype: Any, *parts: Any) -> Any:
    """Return the array that has each part where its mask is set.     Each part gets its places of ȳ."""

    def body(*parts: Any) -> tuple[Any, ...]:
        if any(type(part) is RevDiff for part in parts):
            whole = _assembled(masks, dtype, *parts)
        else:
            whole = np.zeros(masks[0].shape, dtype)
            for mask, part in zip(masks, parts, strict=True):
                whole[mask] = part
        return whole, *[_taking(mask, fit_for(part, whole)) for mask, part in zip(masks, parts, strict=True)]

    return lift(body, *parts)


def _taking(mask: Any, fit: Any) -> Function:
    return lambda ct: ct[mask] if fit is None else fit(ct[mask])
