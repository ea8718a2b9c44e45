"""One application of a derivative operator: its variable, the function's run, and the way back.

Imports the core, shapes and the descriptor protocol.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any, Protocol, TypeAlias, final

import numpy as np

from revdiff.core.cotangents import zero_like
from revdiff.core.errors import ArgumentError, BatchError, MixedLayersError, ResultError, RevDiffError
from revdiff.core.lifting import below
from revdiff.core.revdiff import RevDiff, init_diff, primal
from revdiff.core.structure import OUTERMOST, leaves, map_leaves
from revdiff.core.sweep import sweep
from revdiff.rules.shape import gather
from revdiff.structures.complex_values import whole_derivatives
from revdiff.structures.protocol import Argument, Value
from revdiff.systems import is_masked

Function: TypeAlias = Callable[..., Any]


WATCHERS: list[Callable[[Any], Watch | None]] = []
"""Who wants to see what every derivative computes: asked about each variable, filled by `revdiff.tracing`."""

RUNNING: ContextVar[int] = ContextVar("RUNNING", default=0)
"""The variable of the derivative whose function is running now, while somebody watches."""


class Watch(Protocol):
    """What somebody who watches one derivative makes of its variable, of its function and of its results."""

    variable: Any

    def around(self, f: Function) -> Function:
        """Return the function that runs in the place of f."""

    def leave(self, result: Any) -> Any:
        """Return a result as the caller is to see it."""


@final
class Differentiation:
    """One application of a derivative operator: its variable, and the way back to it."""

    watched = False
    """Whether somebody needs to know which derivative is running. To say so takes time, so few do."""

    __slots__ = ("_tag", "_variable", "_watch", "_zero")

    def __init__(self, x: Any) -> None:
        self._watch = None
        try:
            if WATCHERS:
                self._watch = WATCHERS[-1](x)
                x = x if self._watch is None else self._watch.variable
            self._variable = init_diff(x)
        except RecursionError:
            msg = "the argument is nested too deeply, or is a structure that holds itself"
            raise ArgumentError(msg) from None
        self._tag: int = self._variable._node[1]

    def run(self, f: Function, arg: Argument) -> Any:
        """Return what f makes of the variable."""
        try:
            handed = arg.split(self._variable)
            self._zero = getattr(arg, "zero", zero_like)
        except RevDiffError as error:
            error.inside_of("argument")
            raise
        if self._watch is not None:
            f = self._watch.around(f)
        if not Differentiation.watched:
            return _gathered(f(handed))
        token = RUNNING.set(self._tag)
        try:
            return _gathered(f(handed))
        finally:
            RUNNING.reset(token)

    def pull(self, y: Any, y_bar: Any) -> Any:
        """Carry the cotangent of one value back."""
        return self.pull_all([(y, y_bar)])

    def pull_all(self, seeds: Iterable[tuple[Any, Any]]) -> Any:
        """Carry the cotangents of several values back, in one sweep: x̄ = Σ fᵢ′(x)ᵀ ȳᵢ."""
        ways = []
        is_of_samples = False
        for y, y_bar in seeds:
            if type(y) is not RevDiff or 0 <= y._node[1] < self._tag:
                continue
            if y._node[1] != self._tag:
                raise MixedLayersError.leaked()
            ways.append((y._node, y_bar if y._scale == 1.0 else y_bar * y._scale))
            is_of_samples = is_of_samples or type(primal(y.value)) in OUTERMOST
        reached = sweep(ways) if ways else None
        if is_of_samples:
            _refuse_nan(reached)
        return self._left(self._zero(self._variable.value) if reached is None else reached)

    def _left(self, result: Any) -> Any:
        return result if self._watch is None else self._watch.leave(result)

    def derivatives(self, val: Value, y: Any) -> Any:
        """Return the derivatives of a structure of values."""
        try:
            return self._left(val.derivatives(y, whole_derivatives(self.pull)))
        except RevDiffError as error:
            error.inside_of("value")
            raise

    def pull_structure(self, val: Value, y: Any, y_bar: Any, called: str = "cotangent") -> Any:
        """Carry the cotangent of a structure of values back."""
        try:
            seeds = list(val.seeds(y, y_bar))
        except RevDiffError as error:
            error.inside_of(called)
            raise
        return self.pull_all(seeds)

    def value(self, y: Any) -> Any:
        """Return y, a structure or any data of the user's, without the layer of this derivative."""
        return self._left(map_leaves(lambda leaf: below(leaf, self._tag), y))


def _refuse_nan(x_bar: Any) -> None:
    """Raise `BatchError` if there is a NaN in derivatives of samples.

    Zeros stand for what is absent in some of them, and where a zero has met an infinite slope, nobody knows if it should.
    """
    for leaf in leaves(x_bar):
        numbers = primal(leaf)
        while type(numbers) in OUTERMOST:
            numbers = primal(numbers.array)
        if isinstance(numbers, np.ndarray) and numbers.dtype.kind in "fc" and np.isnan(numbers).any():
            raise BatchError.of_nan()


def _one_value(leaf: Any) -> Any:
    if type(leaf) is RevDiff:
        return leaf
    if type(leaf) in OUTERMOST:  # it may hold what the derivative is to be read from
        raise BatchError.as_variable()
    if is_masked(leaf) and leaf.dtype.kind == "O":
        msg = "the function returned a masked array of RevDiffs, which has no derivative.\n  Return r.filled(0.0)."
        raise ResultError(msg)
    return gather(leaf)


def _gathered(y: Any) -> Any:
    """Return a value with each array of RevDiffs in it made one RevDiff."""
    try:
        return map_leaves(_one_value, y)
    except RecursionError:
        msg = "the function returned what is nested too deeply, or a structure that holds itself"
        raise ArgumentError(msg) from None
