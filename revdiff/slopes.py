"""Partial derivatives as local maps: ct ↦ ct · ∂f, computed when a cotangent first comes by.

Imports the core and broadcasting. A derivative follows IEEE arithmetic in every number system, and
whole numbers of NumPy are widened before it is computed, so that it neither raises nor wraps around.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import is_, neg
from typing import Any, TypeAlias, final

import numpy as np

from revdiff.broadcasting import Fit, cast, fit_for
from revdiff.core.capture import Fingerprint
from revdiff.core.cotangents import Masked
from revdiff.core.graph import Local
from revdiff.core.revdiff import OPERATORS, RevDiff, made, primal
from revdiff.systems import system_of

Slope: TypeAlias = Callable[..., Any] | int | str
"""A partial derivative: a function of the arguments and the result; 1 or -1; or "x", "y", "z", one of them itself."""

PLACES = {"x": 0, "y": 1, "z": 2}
"""Where the arguments and the result stand among the values that a slope is a function of."""

SIGNS: dict[Any, Local] = {1: None, -1: neg}
"""The local maps of the slopes 1 and -1, where no cotangent has to be brought to another space."""

NOT_IEEE = (ArithmeticError, ValueError)
"""What Python's numbers raise where IEEE arithmetic goes on."""

_UNKNOWN: Any = object()


def local_map(slope: Slope, values: tuple[Any, ...], x: Any, y: Any, guard: Fingerprint | None = None) -> Local:
    """Return the local map of one argument x of y = f(…); None for x and y where both are Python numbers."""
    if type(slope) is str:
        return Partial(None, values[PLACES[slope]], x, y, guard)
    if not isinstance(slope, int):
        return Partial(slope, values, x, y, guard)
    fit = fit_for(x, y)
    if fit is None:
        return SIGNS[slope]
    return fit if slope == 1 else _Negated(fit)


@final
class _Negated:
    """The local map ct ↦ -ct, fitted."""

    __slots__ = ("_fit",)

    def __init__(self, fit: Fit) -> None:
        self._fit = fit

    def __call__(self, cotangent: Any) -> Any:
        """Negate and fit."""
        return self._fit(-cotangent)


@final
class Partial:
    """The local map ct ↦ ct · ∂f. The derivative is computed when a cotangent first arrives, and kept."""

    __slots__ = ("_derivative", "_fit", "_guard", "_slope", "_values", "_x", "_y")

    def __init__(self, slope: Any, values: Any, x: Any, y: Any, guard: Fingerprint | None) -> None:
        self._slope = slope
        self._values = values
        self._x = x
        self._y = y
        self._guard = guard
        self._derivative = _UNKNOWN

    def __call__(self, cotangent: Any) -> Any:
        """Multiply by the derivative, and bring the product to the space of the operand."""
        if self._derivative is _UNKNOWN:
            self._evaluate()
        derivative = self._derivative
        if type(cotangent) is float and cotangent == 1.0 and type(derivative) is RevDiff:
            sent = derivative
        else:
            sent = cotangent * derivative
        return sent if self._fit is None else self._fit(sent)

    def masked(self, cotangent: Masked) -> Any:
        """Multiply where something is present, and nowhere else."""
        if self._derivative is _UNKNOWN:
            self._evaluate()
        sent = OPERATORS["where"](cotangent.mask, cotangent.value * self._derivative, 0)
        return Masked(sent, cotangent.mask) if self._fit is None else self._fit(sent)

    def _evaluate(self) -> None:
        """Compute the derivative, then let go of what it was computed from.

        Of two threads that come at once, both compute it. What is let go first is read last.
        """
        x, y, values = self._x, self._y, self._values
        if values is None:
            return
        if self._guard is not None:
            self._guard.check()
        self._fit = None if x is None else fit_for(x, y)
        if self._slope is None:
            self._derivative = values
        else:
            wide = tuple(map(_widened, values)) if _is_numpy_number(y) else values
            try:
                derivative = self._slope(*wide)
            except NOT_IEEE:
                derivative = ieee(self._slope, *wide)
            as_given = wide is values or all(map(is_, wide, values))
            self._derivative = derivative if as_given else _narrowed(derivative, y)
        self._values = self._x = self._y = None

    def __getstate__(self) -> tuple[Any, Any]:
        if self._derivative is _UNKNOWN:
            self._evaluate()
        return self._derivative, self._fit

    def __setstate__(self, state: tuple[Any, Any]) -> None:
        self._derivative, self._fit = state


def ieee(slope: Any, *args: Any) -> Any:
    """Evaluate a derivative where Python's numbers raise and IEEE arithmetic goes on: 1/0 is inf.

    √′(0) is inf although 1/(2·√0) is a ZeroDivisionError for Python floats. So the numbers under
    the arguments become NumPy's, which follow IEEE, and the result becomes a Python number again.

    >>> ieee(lambda x, y: 1 / (2 * y), 0.0, 0.0)
    inf
    """
    if any(system_of(a) == "decimal" for a in args):
        from decimal import localcontext

        with localcontext() as context:
            context.clear_traps()
            return slope(*args)
    with np.errstate(all="ignore"):
        return _map_primal(_python_number, slope(*[_map_primal(_numpy_number, a) for a in args]))


def _map_primal(convert: Callable[[Any], Any], x: Any) -> Any:
    if type(x) is RevDiff:
        return made(_map_primal(convert, x.value), x._node, x._scale)
    return convert(x)


def _numpy_number(x: Any) -> Any:
    if isinstance(x, np.ndarray | np.generic) or not (hasattr(x, "__float__") or isinstance(x, complex)):
        return x
    return np.complex128(x) if isinstance(x, complex) else np.float64(x)


def _is_numpy_number(x: Any) -> bool:
    plain = primal(x)
    if type(plain) is float:
        return False
    dtype = getattr(plain, "dtype", None)
    return dtype is not None and dtype.kind in "fciub"


def _widened(x: Any) -> Any:
    """Return whole numbers of NumPy as floats: a slope that is computed in a small dtype wraps around."""
    kind = getattr(primal(x), "dtype", None)
    return x if kind is None or kind.kind not in "iub" else cast(x, np.float64)


def _narrowed(derivative: Any, y: Any) -> Any:
    """Return a derivative at widened numbers in the dtype of the result, if that is one of floats."""
    plain = primal(y)
    if isinstance(primal(derivative), np.ndarray | np.generic) and plain.dtype.kind in "fc":
        return cast(derivative, plain.dtype)
    return derivative


def _python_number(x: Any) -> Any:
    return x.item() if isinstance(x, np.generic) else x
