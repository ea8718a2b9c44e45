"""Polynomials: arrays of coefficients, from that of the highest power down.

Imports rules of arrays, joining and convolution. An argument that is a ``poly1d`` makes the result one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from revdiff.arrays.numpy_protocol import plain, stands_for
from revdiff.core.revdiff import primal
from revdiff.functions.of_arrays import rule
from revdiff.rules.choosing import trim_zeros
from revdiff.rules.complex import real
from revdiff.rules.convolution import convolve
from revdiff.rules.joining import concatenate
from revdiff.rules.shape import atleast_1d, gather, stack


def _of_polynomials(numpy_function: Any, count: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let a rule have arrays of coefficients for its first arguments, and return what NumPy would."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        @stands_for(numpy_function)
        @wraps(function)
        def on_coefficients(*args: Any, **options: Any) -> Any:
            polynomials = [atleast_1d(p.coeffs if isinstance(p, np.poly1d) else p) for p in args[:count]]
            result = function(*polynomials, *args[count:], **options)
            if not any(isinstance(p, np.poly1d) for p in args[:count]):
                return result
            return tuple(map(np.poly1d, result)) if isinstance(result, tuple) else np.poly1d(result)

        return on_coefficients

    return register


@stands_for(np.polyval)
def polyval(p: Any, x: Any, /) -> Any:
    """Return the polynomial at x, by Horner's scheme; at a polynomial, the composition."""
    if isinstance(x, np.poly1d):
        y: Any = 0
    else:
        x = gather(x)
        y = np.zeros_like(primal(x))
    for coefficient in atleast_1d(p.coeffs if isinstance(p, np.poly1d) else p):
        y = y * x + coefficient
    return y


@_of_polynomials(np.polyadd, 2)
def polyadd(p: Any, q: Any, /) -> Any:
    """Return the sum of two polynomials."""
    p, q = _as_long(p, q), _as_long(q, p)
    return p + q


@_of_polynomials(np.polysub, 2)
def polysub(p: Any, q: Any, /) -> Any:
    """Return the difference of two polynomials."""
    p, q = _as_long(p, q), _as_long(q, p)
    return p - q


def _as_long(p: Any, q: Any) -> Any:
    """Put zeros in front of p until it is as long as q."""
    missing = len(q) - len(p)
    return concatenate([np.zeros(missing, primal(p).dtype), p]) if missing > 0 else p


@_of_polynomials(np.polymul, 2)
def polymul(p: Any, q: Any, /) -> Any:
    """Return the product of two polynomials."""
    return convolve(_without_leading_zeros(p), _without_leading_zeros(q))


def _without_leading_zeros(p: Any) -> Any:
    """Return a polynomial from its first coefficient that is not 0, but one at least."""
    return trim_zeros(p, "f") if np.any(primal(p) != 0) else p[-1:]


@_of_polynomials(np.polydiv, 2)
def polydiv(p: Any, q: Any, /) -> tuple[Any, Any]:
    """Return the quotient and the remainder of two polynomials, by long division."""
    rest, q = p + 0.0, q + 0.0
    steps = len(p) - len(q) + 1
    digits = []
    for k in range(steps):
        digits.append(1 / q[0] * rest[k])
        rest = rest - np.pad(digits[-1] * q, (k, steps - 1 - k))
    while len(rest) > 1 and np.allclose(primal(rest[0]), 0, rtol=1e-14):
        rest = rest[1:]
    return stack(digits or [0 * (rest[0] + q[0])]), rest


@_of_polynomials(np.polyder, 1)
def polyder(p: Any, /, m: int = 1) -> Any:
    """Return the derivative of order m."""
    for _ in range(plain(m)):
        p = p[:-1] * np.arange(len(p) - 1, 0, -1)
    return p


@_of_polynomials(np.polyint, 1)
def polyint(p: Any, /, m: int = 1, k: Any = None) -> Any:
    """Return the integral of order m, with the constants of integration k, or one for all."""
    constants = atleast_1d(np.zeros(m) if k is None else k)
    constants = np.repeat(constants, m) if len(constants) == 1 else constants
    if len(constants) < m:
        msg = f"an integral of order {m} has {m} constants; met {len(constants)}"
        raise ValueError(msg)
    for i in range(plain(m)):
        p = concatenate([p / np.arange(len(p), 0, -1), constants[i : i + 1]])
    return p


@stands_for(np.poly)
def poly(roots: Any, /) -> Any:
    """Return the polynomial Π (x - rᵢ), or the characteristic polynomial of a square matrix."""
    roots = atleast_1d(roots)
    if np.ndim(primal(roots)) == 2:
        roots = np.linalg.eigvals(roots)
    if not len(roots):
        return 1.0
    dtype = primal(roots).dtype
    one = np.ones(1, dtype if dtype.kind == "O" else np.mintypecode(dtype.char))
    p: Any = one
    for root in roots:
        p = convolve(p, concatenate([one, -root[None]]))
    values = np.asarray(primal(roots), complex)
    if np.iscomplexobj(primal(p)) and np.array_equal(np.sort(values), np.sort(values.conj())):
        return real(p)
    return p


@rule(np.roots)
def roots(p: Any, /) -> tuple[Any, ...]:
    """Return the roots of a polynomial.     p̄ₖ = -Σᵢ r̄ᵢ rᵢⁿ⁻ᵏ/p′(rᵢ).

    From p(r) = 0:  p′(r) dr + Σₖ rⁿ⁻ᵏ dpₖ = 0. At a multiple root p′ is 0, and there is no derivative.
    """
    r = np.roots(p)

    def roots_pullback(r_bar: Any) -> Any:
        return -(r_bar / np.polyval(np.polyder(p), r)) @ np.vander(r, len(primal(p)))

    return r, roots_pullback


@stands_for(np.polyfit)
def polyfit(x: Any, y: Any, /, deg: int, rcond: Any = None, full: bool = False, w: Any = None, cov: Any = False) -> Any:
    """Return the polynomial of a degree that fits points best: the solution p of V p ≈ y by least squares.

    V is the Vandermonde matrix of x. With weights, V and y are multiplied by them. The columns of V are scaled first.
    """
    x, y = gather(x) + 0.0, gather(y) + 0.0
    matrix, right = np.vander(x, deg + 1), y
    if w is not None:
        w = gather(w)
        matrix = matrix * w[:, None]
        right = (right.T * w).T
    scale = np.sqrt(np.sum(matrix * matrix, axis=0))
    matrix = matrix / scale
    if rcond is None:
        rcond = len(x) * np.finfo(primal(x).dtype).eps
    solution, residuals, rank, singular_values = np.linalg.lstsq(matrix, right, rcond)
    p = (solution.T / scale).T
    if full:
        return p, residuals, rank, singular_values, rcond
    if not cov:
        return p
    covariance = np.linalg.inv(matrix.T @ matrix) / np.outer(scale, scale)
    if cov != "unscaled":
        if len(x) <= deg + 1:
            msg = "the number of points must exceed that of the coefficients to scale the covariance matrix"
            raise ValueError(msg)
        variance = np.sum((right - matrix @ solution) ** 2, axis=0) / (len(x) - deg - 1)
        covariance = covariance[..., None] * variance if np.ndim(primal(y)) == 2 else covariance * variance
    return p, covariance
