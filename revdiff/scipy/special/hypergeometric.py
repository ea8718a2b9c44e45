"""Hypergeometric functions and solutions of differential equations, by their argument; the parameters are constant.

Imports the maker of elementwise rules. SciPy gives many of these functions together with their derivative; the
derivative of that one is read off the differential equation.
"""

# The rows refer to each other in circles, which mypy cannot follow.
# mypy: disable-error-code="has-type"

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special

from revdiff.scipy.special.elementwise import behind, elementwise, ruled, several

hyp0f1 = elementwise("hyp0f1", v=None, z=lambda v, z, y: hyp0f1(v + 1, z) / v)
hyp1f1 = elementwise("hyp1f1", a=None, b=None, x=lambda a, b, x, y: a / b * hyp1f1(a + 1, b + 1, x))
hyp2f1 = elementwise(
    "hyp2f1", a=None, b=None, c=None, z=lambda a, b, c, z, y: a * b / c * hyp2f1(a + 1, b + 1, c + 1, z)
)
hyperu = elementwise("hyperu", a=None, b=None, x=lambda a, b, x, y: -a * hyperu(a + 1, b + 1, x))

# Parabolic cylinder functions: y″ = (x²/4 - v - ½) y, and y″ = (a - x²/4) y for W.
pbdv = elementwise("pbdv", v=None, x=several(lambda v, x, y: y[1], lambda v, x, y: (x * x / 4 - v - 0.5) * y[0]))
pbvv = elementwise("pbvv", v=None, x=several(lambda v, x, y: y[1], lambda v, x, y: (x * x / 4 - v - 0.5) * y[0]))
pbwa = elementwise("pbwa", a=None, x=several(lambda a, x, y: y[1], lambda a, x, y: (a - x * x / 4) * y[0]))

# Mathieu functions of an angle in degrees, y″ = -(a - 2q cos 2x) y, and modified ones, y″ = (a - 2q cosh 2x) y.
DEGREE = math.pi / 180


def _of_degrees(eigenvalue: Callable[..., Any]) -> Any:
    return several(
        lambda m, q, x, y: DEGREE * y[1],
        lambda m, q, x, y: -DEGREE * (eigenvalue(m, q) - 2 * q * np.cos(2 * DEGREE * x)) * y[0],
    )


def _radial_mathieu(eigenvalue: Callable[..., Any]) -> Any:
    return several(
        lambda m, q, x, y: y[1],
        lambda m, q, x, y: (eigenvalue(m, q) - 2 * q * np.cosh(2 * x)) * y[0],
    )


mathieu_cem = elementwise("mathieu_cem", m=None, q=None, x=_of_degrees(special.mathieu_a))
mathieu_sem = elementwise("mathieu_sem", m=None, q=None, x=_of_degrees(special.mathieu_b))
mathieu_modcem1 = elementwise("mathieu_modcem1", m=None, q=None, x=_radial_mathieu(special.mathieu_a))
mathieu_modcem2 = elementwise("mathieu_modcem2", m=None, q=None, x=_radial_mathieu(special.mathieu_a))
mathieu_modsem1 = elementwise("mathieu_modsem1", m=None, q=None, x=_radial_mathieu(special.mathieu_b))
mathieu_modsem2 = elementwise("mathieu_modsem2", m=None, q=None, x=_radial_mathieu(special.mathieu_b))


# Spheroidal wave functions: ((1 - x²) y′)′ = -(λ - c² x² - m²/(1 - x²)) y for prolate ones, angular and radial; for
# oblate ones c is ic, and in the radial equation x is ix as well.
def _second(m: Any, c2: Any, eigenvalue: Any, x: Any, y: Any, s: int) -> Any:
    """Return y″, where s is -1 in the radial equation of oblate functions, and 1 in the others."""
    u = 1 - s * x * x
    return (2 * s * x * y[1] - (s * eigenvalue - c2 * x * x - m * m * s / u) * y[0]) / u


def _spheroidal(name: str, oblate: int, radial: int) -> Callable[..., Any]:
    sign, s = (-1 if oblate else 1), (-1 if oblate and radial else 1)
    eigenvalue = special.obl_cv if oblate else special.pro_cv
    first = several(
        lambda m, n, c, x, y: y[1],
        lambda m, n, c, x, y: _second(m, sign * c * c, eigenvalue(m, n, c), x, y, s),
    )
    return elementwise(name, m=None, n=None, c=None, x=first)


def _spheroidal_cv(name: str, oblate: int, radial: int) -> Callable[..., Any]:
    sign, s = (-1 if oblate else 1), (-1 if oblate and radial else 1)
    first = several(
        lambda m, n, c, cv, x, y: y[1],
        lambda m, n, c, cv, x, y: _second(m, sign * c * c, cv, x, y, s),
    )
    return elementwise(name, m=None, n=None, c=None, cv=None, x=first)


pro_ang1 = _spheroidal("pro_ang1", 0, 0)
pro_rad1 = _spheroidal("pro_rad1", 0, 1)
pro_rad2 = _spheroidal("pro_rad2", 0, 1)
obl_ang1 = _spheroidal("obl_ang1", 1, 0)
obl_rad1 = _spheroidal("obl_rad1", 1, 1)
obl_rad2 = _spheroidal("obl_rad2", 1, 1)
pro_ang1_cv = _spheroidal_cv("pro_ang1_cv", 0, 0)
pro_rad1_cv = _spheroidal_cv("pro_rad1_cv", 0, 1)
pro_rad2_cv = _spheroidal_cv("pro_rad2_cv", 0, 1)
obl_ang1_cv = _spheroidal_cv("obl_ang1_cv", 1, 0)
obl_rad1_cv = _spheroidal_cv("obl_rad1_cv", 1, 1)
obl_rad2_cv = _spheroidal_cv("obl_rad2_cv", 1, 1)

wrightomega = elementwise("wrightomega", z=lambda z, y: y / (1 + y))


def lambertw(z: Any, k: Any = 0, tol: float = 1e-8) -> Any:
    """Return W with W eᵂ = z, on its branch k.     W′ = e⁻ᵂ/(1 + W), undefined where branches meet, at -1/e.

    >>> from revdiff import grad
    >>> grad(lambda x: lambertw(x).real)(0.0)
    1.0
    """
    return _lambertw(z, k, tol)


_lambertw = ruled(
    "scipy.special.lambertw", special.lambertw, z=lambda z, k, tol, w: np.exp(-w) / (1 + w), k=None, tol=None
)
behind("_lambertw", "lambertw", _lambertw)
