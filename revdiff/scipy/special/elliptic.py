"""Elliptic integrals of Legendre and Carlson, Jacobi's elliptic functions and the arithmetic-geometric mean.

Imports the maker of elementwise rules. The derivatives of all of these are integrals

    J(z) = ∫₀^∞ Π (t + zᵢ)^(-aᵢ) dt     with half-integer exponents, and     ∂J/∂zᵢ = -aᵢ J with aᵢ + 1,

a family that is closed under differentiation. The usual formulas for them divide by differences of the arguments, and
cancel where these meet; the integrals are smooth there.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from revdiff.core.revdiff import primal
from revdiff.rules.selection import where
from revdiff.scipy.special.elementwise import Slope, elementwise, ruled, several


def _trapezoid(exponents: tuple[float, ...], *z: Any) -> Any:
    """Return J(z) by the trapezoidal rule in ln t.

    The integrand decays exponentially on both sides, and is analytic in a strip of half-width π - max |arg zᵢ|; so the
    error is exponentially small too: e⁻³⁹ for real z.
    """
    parts = np.broadcast_arrays(*z)
    sizes = np.concatenate([np.abs(part).ravel() for part in parts])
    sizes = sizes[np.isfinite(sizes) & (sizes > 0)]
    if not sizes.size:
        return np.full(parts[0].shape, np.nan)[()]
    step = 0.2 if any(np.iscomplexobj(part) for part in parts) else 0.5
    total: Any = 0.0
    with np.errstate(all="ignore"):
        for s in np.arange(math.log(sizes.min()) - 80, math.log(sizes.max()) + 80, step):
            t = math.exp(s)
            total = total + t * math.prod((t + part) ** -a for a, part in zip(exponents, parts, strict=True))
    at_zero = sum(np.where(part == 0, a, 0.0) for a, part in zip(exponents, parts, strict=True))
    return np.where(at_zero >= 1, np.inf, step * total)[()]


@cache
def _integral(*exponents: float) -> Callable[..., Any]:
    """Return J with these exponents, as a function of its arguments."""

    def slope(i: int) -> Slope:
        raised = tuple(a + (j == i) for j, a in enumerate(exponents))
        return lambda *args: -exponents[i] * _integral(*raised)(*args[:-1])

    slopes = {f"z{i}": slope(i) for i in range(len(exponents))}
    return ruled("an elliptic integral", lambda *z: _trapezoid(exponents, *z), **slopes)


# Carlson's symmetric integrals. R_F = ½ ∫ Π (t + zᵢ)^(-½), R_D = 3/2 ∫ … (t + z)^(-3/2), R_J = 3/2 ∫ … (t + p)⁻¹.
def _symmetric(slope: Callable[..., Any]) -> dict[str, Slope]:
    """Return the derivatives of a function that is symmetric in x, y and z, from that by x."""
    by_y: Slope = lambda x, y, z, *rest: slope(y, z, x, *rest)  # noqa: E731
    return {"x": slope, "y": by_y, "z": lambda x, y, z, *rest: slope(z, x, y, *rest)}


elliprf = elementwise("elliprf", **_symmetric(lambda x, y, z, r: -elliprd(y, z, x) / 6))
elliprd = elementwise(
    "elliprd",
    x=lambda x, y, z, r: -0.75 * _integral(1.5, 0.5, 1.5)(x, y, z),
    y=lambda x, y, z, r: -0.75 * _integral(0.5, 1.5, 1.5)(x, y, z),
    z=lambda x, y, z, r: -2.25 * _integral(0.5, 0.5, 2.5)(x, y, z),
)
elliprg = elementwise("elliprg", **_symmetric(lambda x, y, z, r: (elliprf(x, y, z) - x / 3 * elliprd(y, z, x)) / 4))


def _principal(z: Any) -> Any:
    """Tell where the last argument is negative, and the integral a principal value. The usual formulas serve there."""
    return (np.real(primal(z)) < 0) & (np.imag(primal(z)) == 0)


def _rc_in_x(x: Any, y: Any, r: Any) -> Any:
    principal = _principal(y)
    closed = (r - 1 / np.sqrt(x)) / (2 * where(principal, y - x, 1))
    return where(principal, closed, -elliprd(where(principal, 1, y), where(principal, 1, y), x) / 6)


def _rc_in_y(x: Any, y: Any, r: Any) -> Any:
    principal = _principal(y)
    closed = -(r / 2 + x * _rc_in_x(x, y, r)) / y
    return where(principal, closed, -elliprd(x, where(principal, 1, y), where(principal, 1, y)) / 3)


elliprc = elementwise("elliprc", x=_rc_in_x, y=_rc_in_y)


def _rj_in_x(x: Any, y: Any, z: Any, p: Any, r: Any) -> Any:
    principal = _principal(p)
    closed = (r - elliprd(y, z, x)) / (2 * where(principal, p - x, 1))
    return where(principal, closed, -0.75 * _integral(1.5, 0.5, 0.5, 1.0)(x, y, z, where(principal, 1, p)))


def _rj_in_p(x: Any, y: Any, z: Any, p: Any, r: Any) -> Any:
    principal = _principal(p)
    rest = x * _rj_in_x(x, y, z, p, r) + y * _rj_in_x(y, z, x, p, r) + z * _rj_in_x(z, x, y, p, r)
    return where(
        principal, -(1.5 * r + rest) / p, -1.5 * _integral(0.5, 0.5, 0.5, 2.0)(x, y, z, where(principal, 1, p))
    )


elliprj = elementwise("elliprj", **_symmetric(_rj_in_x), p=_rj_in_p)


# Legendre's integrals. F(φ, m; p, q) = ∫₀^φ sin²ᵠ θ (1 - m sin²θ)⁻ᵖ dθ, with ∂F/∂m = p F(φ, m; p + 1, q + 1).
@cache
def _complete(p: float, q: int) -> Callable[..., Any]:
    """Return F at φ = π/2 as a function of 1 - m, which is exact where m is near 1."""

    def value(rest: Any) -> Any:
        return _trapezoid((0.5, q + 1 - p, p), 0.0, 1.0, rest) / 2

    return ruled("an elliptic integral", value, rest=lambda rest, y: -p * _complete(p + 1, q + 1)(rest))


@cache
def _incomplete(p: float, q: int) -> Callable[..., Any]:
    """Return F, which is periodic in φ but for twice the complete integral in each period π."""

    def value(phi: Any, m: Any) -> Any:
        periods = np.round(phi / math.pi)
        s, c = np.sin(phi - math.pi * periods), np.cos(phi)
        of_rest = s ** (2 * q + 1) * _trapezoid((0.5, q + 1 - p, p), c * c, 1.0, 1 - m * s * s) / 2
        return of_rest + np.where(periods, 2 * periods * _complete(p, q)(np.where(periods, 1 - m, 1.0)), 0.0)[()]

    return ruled(
        "an elliptic integral",
        value,
        phi=lambda phi, m, y: _integrand(p, q, phi, m),
        m=lambda phi, m, y: p * _incomplete(p + 1, q + 1)(phi, m),
    )


def _integrand(p: float, q: int, phi: Any, m: Any) -> Any:
    s = np.sin(phi)
    return s ** (2.0 * q) * (1 - m * s * s) ** -p


ellipk = elementwise("ellipk", m=lambda m, y: _complete(1.5, 1)(1 - m) / 2)
ellipkm1 = elementwise("ellipkm1", p=lambda p, y: -_complete(1.5, 1)(p) / 2)
ellipe = elementwise("ellipe", m=lambda m, y: -_complete(0.5, 1)(1 - m) / 2)
ellipkinc = elementwise(
    "ellipkinc", phi=lambda phi, m, y: _integrand(0.5, 0, phi, m), m=lambda phi, m, y: _incomplete(1.5, 1)(phi, m) / 2
)
ellipeinc = elementwise(
    "ellipeinc", phi=lambda phi, m, y: _integrand(-0.5, 0, phi, m), m=lambda phi, m, y: -_incomplete(0.5, 1)(phi, m) / 2
)


def _ellipj_in_m(u: Any, m: Any, y: Any) -> Any:
    """Return ∂(sn, cn, dn, φ)/∂m, from that of the amplitude φ: F(φ, m) = u gives ∂φ/∂m = -dn ∂F/∂m."""
    sn, cn, dn, phi = y
    moved = -dn * _incomplete(1.5, 1)(phi, m) / 2
    return cn * moved, -sn * moved, -sn * (sn + 2 * m * cn * moved) / (2 * dn), moved


ellipj = elementwise(
    "ellipj",
    u=several(
        lambda u, m, y: y[1] * y[2],
        lambda u, m, y: -y[0] * y[2],
        lambda u, m, y: -m * y[0] * y[1],
        lambda u, m, y: y[2],
    ),
    m=_ellipj_in_m,
)
agm = elementwise(
    "agm",
    a=lambda a, b, y: y * y * 2 * a / (3 * math.pi) * elliprd(0, b * b, a * a),
    b=lambda a, b, y: y * y * 2 * b / (3 * math.pi) * elliprd(0, a * a, b * b),
)
