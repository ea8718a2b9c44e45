"""Derivatives follow IEEE arithmetic in every number system, and whole numbers of NumPy do not wrap around in them.

Imports the core, broadcasting and the number systems.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from revdiff.arrays.broadcasting import cast
from revdiff.core.revdiff import primal
from revdiff.core.structure import LAYERS
from revdiff.systems import system_of

NOT_IEEE = (ArithmeticError, ValueError)
"""What Python's numbers raise where IEEE arithmetic goes on."""


def ieee(slope: Any, *args: Any) -> Any:
    """Evaluate a derivative where Python's numbers raise and IEEE arithmetic goes on: 1/0 is inf.

    √′(0) is inf although 1/(2·√0) is a ZeroDivisionError for Python floats. So the numbers under
    the arguments become NumPy's, which follow IEEE, and the result becomes a Python number again.

    >>> ieee(lambda x, y: 1 / (2 * y), 0.0, 0.0)
    inf
    """
    if any(isinstance(a, np.ndarray) and a.dtype.kind == "O" for a in args):
        return np.frompyfunc(partial(_at_element, slope), len(args), 1)(*args)
    if any(system_of(a) == "decimal" for a in args):
        from decimal import localcontext

        with localcontext() as context:
            context.clear_traps()
            return slope(*args)
    with np.errstate(all="ignore"):
        return _map_primal(_python_number, slope(*[_map_primal(_numpy_number, a) for a in args]))


def _at_element(slope: Any, *args: Any) -> Any:
    try:
        return slope(*args)
    except NOT_IEEE:
        return ieee(slope, *args)


def _map_primal(convert: Callable[[Any], Any], x: Any) -> Any:
    around = LAYERS.get(type(x))
    return convert(x) if around is None else around(x, _map_primal(convert, x.value))


def _numpy_number(x: Any) -> Any:
    if isinstance(x, np.ndarray | np.generic) or not (hasattr(x, "__float__") or isinstance(x, complex)):
        return x
    return np.complex128(x) if isinstance(x, complex) else np.float64(x)


def is_numpy_number(x: Any) -> bool:
    """Tell whether the plain value under x is a number, or an array of numbers, of NumPy."""
    plain = primal(x)
    if type(plain) is float:
        return False
    dtype = getattr(plain, "dtype", None)
    return dtype is not None and dtype.kind in "fciub"


def is_whole(x: Any) -> bool:
    """Tell whether the plain value under x is of whole numbers of NumPy."""
    if type(x) is float:
        return False
    dtype = getattr(primal(x), "dtype", None)
    return dtype is not None and dtype.kind in "iub"


def widened(x: Any) -> Any:
    """Return whole numbers of NumPy as floats: a slope that is computed in a small dtype wraps around."""
    return cast(x, np.float64) if is_whole(x) else x


def narrowed(derivative: Any, y: Any) -> Any:
    """Return a derivative at widened numbers in the dtype of the result, if that is one of floats."""
    plain = primal(y)
    if isinstance(primal(derivative), np.ndarray | np.generic) and plain.dtype.kind in "fc":
        return cast(derivative, plain.dtype)
    return derivative


def _python_number(x: Any) -> Any:
    return x.item() if isinstance(x, np.generic) else x
