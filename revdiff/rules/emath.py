"""The functions of `numpy.emath`: real where their results are real, and complex beyond.

Imports NumPy's protocol and shapes. Each is the function of NumPy with the same name. Where one of the elements lies beyond
the domain of the real function, all become complex; that choice is a constant.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from revdiff.arrays.numpy_protocol import stands_for
from revdiff.core.revdiff import primal
from revdiff.rules.shape import gather


def _from(x: Any, is_beyond: Callable[[Any], Any]) -> Any:
    """Return x, as complex numbers if one of its elements lies beyond a domain."""
    x = gather(x)
    is_real = not np.iscomplexobj(primal(x))
    return x + 0j if is_real and np.any(is_beyond(primal(x))) else x


def _is_negative(x: Any) -> Any:
    return np.asarray(x) < 0


def _is_beyond_one(x: Any) -> Any:
    return np.abs(x) > 1


def _extended(name: str, is_beyond: Callable[[Any], Any]) -> None:
    function = getattr(np, name)

    def extended(x: Any, /) -> Any:
        return function(_from(x, is_beyond))

    extended.__name__ = name
    stands_for(getattr(np.emath, name))(extended)


@stands_for(np.emath.logn)
def logn(n: Any, x: Any, /) -> Any:
    """Return the logarithm of x to the base n, log x / log n."""
    return np.log(_from(x, _is_negative)) / np.log(_from(n, _is_negative))


@stands_for(np.emath.power)
def power(x: Any, p: Any, /) -> Any:
    """Return xᵖ."""
    p = gather(p)
    of_floats = np.asarray(primal(p)).dtype.kind not in "fc" and np.any(_is_negative(primal(p)))
    return np.power(_from(x, _is_negative), p * 1.0 if of_floats else p)


for _name in ("sqrt", "log", "log2", "log10"):
    _extended(_name, _is_negative)
for _name in ("arccos", "arcsin", "arctanh"):
    _extended(_name, _is_beyond_one)
