"""Numbers of every kind, as the checks need them: random ones, products of two, and whether two agree.

Imports the core, the number systems and the rule of real parts. Where arithmetic is exact, random numbers are small whole ones,
and so is every sum and product of them: laws can then be checked without any tolerance.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from typing import Any, final

import numpy as np

from revdiff.core.cotangents import add, one_like, zero_like
from revdiff.core.revdiff import primal
from revdiff.rules.complex import real
from revdiff.systems import is_complex, system_of

INEXACT = frozenset({"real", "complex"})
"""The families whose arithmetic is rounded, and whose numbers are drawn on the scale of those that are there."""

CONTINUOUS = frozenset({"number", "decimal", "mpmath"})
"""The groups in which a step may be small."""

EPSILON = float(np.finfo(float).eps)


def family(x: Any) -> str:
    """Return a name for the numbers with which x can be added and multiplied; "" if x is no number.

    >>> [family(x) for x in (1.5, np.arange(3), 1j, 7, np.array([Fraction(1, 3)]))]
    ['real', 'real', 'complex', 'exact', 'exact']
    """
    x = primal(x)
    if isinstance(x, np.ndarray) and x.dtype == object:
        return family(x.flat[0]) if x.size else "exact"
    system = system_of(x)
    if system not in ("math", "cmath", "numpy"):
        return system
    if is_complex(x):
        return "complex"
    return "exact" if isinstance(x, int | Fraction) and not isinstance(x, np.generic) else "real"


def group(x: Any) -> str:
    """Return a name for the numbers that functions may turn into each other: "number" for real, complex and exact ones."""
    of = family(x)
    return "number" if of in INEXACT or of == "exact" else of


def counts_as(of: str, kind: Callable[[Any], str] = group) -> Callable[[Any], bool]:
    """Return x ↦ whether the number x is of that group, or of that family."""
    return lambda x: kind(x) == of


def epsilon(x: Any) -> float:
    """Return the precision of x: 2⁻⁵² for doubles, and for all that is more exact."""
    dtype = getattr(primal(x), "dtype", None)
    return max(EPSILON, float(np.finfo(dtype).eps)) if dtype is not None and dtype.kind in "fc" else EPSILON


def is_finite(x: Any) -> bool:
    """Tell whether there is neither an infinity nor a NaN in x, as far as its kind has such."""
    is_object = isinstance(x, np.ndarray) and x.dtype == object
    return is_object or not isinstance(x, float | complex | np.ndarray | np.generic) or bool(np.all(np.isfinite(x)))


def wide(x: Any) -> Any:
    """Return x in double precision, if it has less."""
    if isinstance(x, np.ndarray | np.generic) and x.dtype != object:
        return x.astype(np.result_type(x.dtype, np.float64))[()]
    return x


def rounded(x: Any) -> Any:
    """Return x as a float, or as an array of floats, if it is exact."""
    if family(x) != "exact":
        return x
    return x.astype(np.float64) if isinstance(x, np.ndarray) else float(x)


def times(a: Any, b: Any) -> Any:
    """Return Re Σ aᵢ bᵢ, one real number. Differentiable in both."""
    with np.errstate(all="ignore"):  # infinities may be among them, and are no error here
        product = a * b
        if isinstance(primal(product), np.ndarray):
            product = product.sum()
    return real(product) if is_complex(product) else product


@final
class Draw:
    """Random numbers, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)

    def like(self, x: Any) -> Any:
        """Return a random cotangent of the number or array x: about 1, or a small whole number."""
        if isinstance(x, np.ndarray) and x.dtype == object:
            drawn = np.empty(x.shape, object)
            for index in np.ndindex(x.shape):
                drawn[index] = self.like(x[index])
            return drawn
        if not family(x):
            return reduce(add, [one_like(x)] * int(self._rng.integers(1, 4)))
        if family(x) not in INEXACT:
            return one_like(x) * (int(self._rng.integers(1, 20)) * int(self._rng.choice([-1, 1])))
        if not isinstance(x, np.ndarray | np.generic):
            return complex(self._real(), self._real()) if is_complex(x) else float(self._real())
        dtype = zero_like(x).dtype
        drawn = self._real(x.shape) + 1j * self._real(x.shape) if dtype.kind == "c" else self._real(x.shape)
        drawn = np.asarray(drawn).astype(dtype)
        return drawn if isinstance(x, np.ndarray) else drawn[()]

    def step(self, x: Any) -> Any:
        """Return a random step away from x, about as large as x."""
        return self.like(x) * _scale(x)

    def weight(self, x: Any) -> Any:
        """Return a random factor for x, such that their `times` is about 1."""
        return self.like(x) / (_scale(x) * max(1, np.size(x))) if family(x) in INEXACT else self.like(x)

    def _real(self, shape: tuple[int, ...] = ()) -> Any:
        """Return numbers of few digits, from ±0.5 to ±1.5: sums of several are exact."""
        return self._rng.integers(512, 1537, shape) * self._rng.choice([-1.0, 1.0], shape) / 1024


def _scale(x: Any) -> Any:
    if family(x) not in INEXACT:
        return 1
    is_whole = isinstance(x, np.ndarray | np.generic) and x.dtype.kind in "iu"
    return 1 + abs(wide(x) if is_whole else x)


def agree(a: Any, b: Any, rtol: float = 0.0, slack: float = 0.0) -> bool:
    """Tell whether two numbers, or arrays of one shape, differ by no more than rtol (|a| + |b|) + slack.

    An infinity agrees with itself and with nothing else, and so does NaN.
    """
    if np.shape(a) != np.shape(b):
        return False
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        if object in (a.dtype, b.dtype):
            return all(agree(x, y, rtol, slack) for x, y in zip(a.flat, b.flat, strict=True))
        with np.errstate(all="ignore"):
            apart, allowed = abs(a - b), rtol * (abs(a) + abs(b)) + slack
        near = (apart <= allowed) & (apart < np.inf)
        return bool(np.all(near | (a == b) | ((a != a) & (b != b))))
    if "sympy" in (system_of(a), system_of(b)):
        return bool((a - b).expand() == 0)
    if bool(a == b) or bool(a != a and b != b):
        return True
    distance = size(a - b, np.inf)
    return distance <= rtol * (size(a) + size(b)) + slack and distance < np.inf


def size(x: Any, otherwise: float = 0.0) -> float:
    """Return |x| as a float, and something else where numbers of this kind have no size."""
    try:
        return float(abs(x))
    except (TypeError, ValueError, OverflowError):
        return otherwise


def largest(x: Any) -> float:
    """Return the size of the number x, or of the largest number in an array."""
    if isinstance(x, np.ndarray):
        return max(map(size, x.flat), default=0.0) if x.dtype == object else float(np.max(abs(x), initial=0.0))
    return size(x)


def bulk(a: Any, b: Any) -> float:
    """Return Σ |aᵢ| |bᵢ| as a float: how large the terms of a product are that may cancel."""
    try:
        with np.errstate(all="ignore"):
            return float(np.sum(abs(a) * abs(b)))
    except (TypeError, ValueError, OverflowError):
        return 0.0
