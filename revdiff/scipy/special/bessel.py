"""Bessel functions of all kinds, scaled and spherical.

Imports the maker of elementwise rules. Derivatives are by the argument; the order is constant. They are written with the
neighbouring orders, C′ᵥ = (Cᵥ₋₁ - Cᵥ₊₁)/2, without a division by the argument, and so are right at 0 to every order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special

from revdiff.core.revdiff import OPERATORS, primal
from revdiff.functions.slopes import Overflowing
from revdiff.scipy._namesakes import named
from revdiff.scipy.special.elementwise import behind, elementwise, ruled, stands_for

# The first and the second kind, and Hankel's combinations of them.
jv = elementwise("jv", v=None, z=lambda v, z, y: (jv(v - 1, z) - jv(v + 1, z)) / 2)
yv = elementwise("yv", v=None, z=lambda v, z, y: (yv(v - 1, z) - yv(v + 1, z)) / 2)
jn = jv
yn = elementwise("yn", n=None, x=lambda n, x, y: (yv(n - 1, x) - yv(n + 1, x)) / 2)
j0 = elementwise("j0", x=lambda x, y: -j1(x))
j1 = elementwise("j1", x=lambda x, y: (j0(x) - jv(2, x)) / 2)
y0 = elementwise("y0", x=lambda x, y: -y1(x))
y1 = elementwise("y1", x=lambda x, y: (y0(x) - yv(2, x)) / 2)
hankel1 = elementwise("hankel1", v=None, z=lambda v, z, y: (hankel1(v - 1, z) - hankel1(v + 1, z)) / 2)
hankel2 = elementwise("hankel2", v=None, z=lambda v, z, y: (hankel2(v - 1, z) - hankel2(v + 1, z)) / 2)
hankel1e = elementwise("hankel1e", v=None, z=lambda v, z, y: (hankel1e(v - 1, z) - hankel1e(v + 1, z)) / 2 - 1j * y)
hankel2e = elementwise("hankel2e", v=None, z=lambda v, z, y: (hankel2e(v - 1, z) - hankel2e(v + 1, z)) / 2 + 1j * y)

# Modified functions.
iv = elementwise("iv", v=None, z=Overflowing(lambda v, z, y: (iv(v - 1, z) + iv(v + 1, z)) / 2))
kv = elementwise("kv", v=None, z=lambda v, z, y: -(kv(v - 1, z) + kv(v + 1, z)) / 2)
kn = elementwise("kn", n=None, x=lambda n, x, y: -(kv(n - 1, x) + kv(n + 1, x)) / 2)
i0 = elementwise("i0", x=Overflowing(lambda x, y: i1(x)))
i1 = elementwise("i1", x=Overflowing(lambda x, y: (i0(x) + iv(2, x)) / 2))
k0 = elementwise("k0", x=lambda x, y: -k1(x))
k1 = elementwise("k1", x=lambda x, y: -(k0(x) + kv(2, x)) / 2)
kve = elementwise("kve", v=None, z=lambda v, z, y: y - (kve(v - 1, z) + kve(v + 1, z)) / 2)
k0e = elementwise("k0e", x=lambda x, y: y - k1e(x))
k1e = elementwise("k1e", x=lambda x, y: y - (k0e(x) + kve(2, x)) / 2)


def _scaled(name: str, of_neighbours: Callable[[Any, Any], Any], part: Callable[[Any], Any]) -> Callable[..., Any]:
    """Make the rule of a function that SciPy scales by e^(-|part z|), which is not analytic.

    f(z) = g(z) e^(c - |part z|), where g is scaled by the constant e⁻ᶜ and c is the number |part z|.
    """
    scipys = getattr(special, name)

    def slope(v: Any, z: Any, y: Any) -> Any:
        return of_neighbours(analytic(v - 1, z), analytic(v + 1, z)) / 2

    analytic = ruled(f"scipy.special.{name}", scipys, v=None, z=slope)

    def function(v: Any, z: Any, /, *args: Any, **options: Any) -> Any:
        if args or options:
            return scipys(v, z, *args, **options)
        z = OPERATORS["gather"](z)
        y = analytic(v, z)
        if primal(z) is z:
            return y
        size = abs(part(z))
        return y * np.exp(primal(size) - size)

    return stands_for(
        scipys, name, named(function, name, f"Return what scipy.special.{name} returns, with derivatives in z.")
    )


jve = _scaled("jve", lambda below, above: below - above, np.imag)
yve = _scaled("yve", lambda below, above: below - above, np.imag)
ive = _scaled("ive", lambda below, above: below + above, np.real)
i0e = elementwise("i0e", x=lambda x, y: i1e(x) - np.sign(x) * y)
i1e = elementwise("i1e", x=lambda x, y: (i0e(x) + ive(2, x)) / 2 - np.sign(x) * y)


def _spherical(letter: str, first: int, second: int) -> Callable[..., Any]:
    """Make a spherical function from the signs in its derivative, (± n fₙ₋₁ ± (n + 1) fₙ₊₁)/(2n + 1)."""
    name = f"spherical_{letter}n"
    scipys = getattr(special, name)

    def slope(n: Any, z: Any) -> Any:
        n = np.asarray(primal(n)).astype(int)[()]
        below, above = of_value(n - (n > 0), z), of_value(n + 1, z)
        return (first * n * below + second * (n + 1) * above) / (2 * n + 1)

    of_value = ruled(f"scipy.special.{name}", scipys, n=None, z=lambda n, z, y: slope(n, z))

    def function(n: Any, z: Any, derivative: bool = False) -> Any:
        z = OPERATORS["gather"](z)
        if not derivative:
            return of_value(n, z)
        return scipys(n, z, True) if primal(z) is z else slope(n, z)

    behind(f"_{name}", name, of_value)
    behind(f"_{name}_d", name, slope)
    return named(function, name, f"Return what scipy.special.{name} returns, with derivatives in z.")


spherical_jn = _spherical("j", 1, -1)
spherical_yn = _spherical("y", 1, -1)
spherical_in = _spherical("i", 1, 1)
spherical_kn = _spherical("k", -1, -1)

# SciPy writes these with the functions above, so they have all derivatives already.
jvp = special.jvp
yvp = special.yvp
ivp = special.ivp
kvp = special.kvp
h1vp = special.h1vp
h2vp = special.h2vp
