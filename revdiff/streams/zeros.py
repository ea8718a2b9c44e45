"""What comes after the support of a stream: the zero beside its elements, or something that stands for all zeros.

Imports the core, and what containers without an end have in common.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from revdiff.core.cotangents import zero_like
from revdiff.core.errors import UnsupportedValueError, describe
from revdiff.streams.endless import Endless


class Rest(Protocol):
    """What stands behind the stored items in place of plain zeros: values that are zero, and not only that.

    A derivative by a stream of finite support is one by its infinitely many zeros too. Who takes one
    puts a Rest behind the items, and every operation carries it along.
    """

    def element(self, i: int, /) -> Any:
        """Return the i-th zero after the support."""

    def dropped(self, n: int, /) -> Rest:
        """Return what follows the first n of them."""

    def total(self) -> Any:
        """Return the sum of all of them."""

    def combined(self, function: Callable[..., Any], /, *others: Rest | Endless[Any]) -> Rest:
        """Return function(rᵢ, yᵢ, …) for all i, with the elements of others. It is zero where all the rests are."""

    def scaled(self, function: Callable[[Any, Any], Any], c: Any, /) -> Rest:
        """Return function(rᵢ, c) for all i: c rᵢ, or rᵢ/c. It is linear in rᵢ, and c may vary too."""

    def stripped(self, function: Callable[[Any], Any], /) -> Rest | None:
        """Return the zeros on the layer to which ``function`` takes an element, None if they are plain there."""


def zero_beside(x: Any, /) -> Any:
    """Return the zero of the values among which x is one.

    Not a cotangent: the zero beside whole numbers of NumPy is one of them.

    >>> zero_beside((1.5, np.array([1, 2]), True))
    (0.0, array([0, 0]), False)
    """
    if isinstance(x, Endless):
        return x._zeros()
    if type(x) is tuple:
        return tuple(map(zero_beside, x))
    if isinstance(x, np.ndarray | np.generic) and x.dtype.kind in "biu":
        return np.zeros_like(x)[()]
    msg = f"nothing says what the zero beside {describe(x)} is.\n  Give it:  FiniteSupportStream(items, zero=…)"
    try:
        zero = zero_like(x)
    except Exception as error:
        raise UnsupportedValueError(msg) from error
    if zero is x and x != 0:
        raise UnsupportedValueError(msg)
    return zero


def equal(x: Any, y: Any, /) -> bool:
    """Tell whether two elements agree: arrays in all their entries, a number with an array of copies of it.

    >>> equal((0, np.zeros(2)), (0.0, 0.0))
    True
    """
    if isinstance(x, tuple) and isinstance(y, tuple):
        return len(x) == len(y) and all(map(equal, x, y))
    if isinstance(x, np.ndarray) and isinstance(y, np.ndarray) and x.shape != y.shape:
        return False
    return bool(np.all(x == y))
