"""Hypergeometric functions and solutions of differential equations, by their argument; the parameters are constant.

Imports the maker of elementwise rules. SciPy gives many of these functions together with their derivative; the
derivative of that one is read off the differential equation.
"""

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
_OF_PARABOLA = several(lambda v, x, y: y[1], lambda v, x, y: (x * x / 4 - v - 0.5) * y[0])
pbdv = elementwise("pbdv", v=None, x=_OF_PARABOLA)
pbvv = elementwise("pbvv", v=None, x=_OF_PARABOLA)
pbwa = elementwise("pbwa", a=None, x=several(lambda a, x, y: y[1], lambda a, x, y: (a - x * x / 4) * y[0]))

DEGREE = math.pi / 180


def _mathieu(name: str) -> Callable[..., Any]:
    """Make a Mathieu function of an angle in degrees, y″ = -(a - 2q cos 2x) y, or a modified one, y″ = (a - 2q cosh 2x) y."""
    eigenvalue = special.mathieu_a if "cem" in name else special.mathieu_b
    unit, sign, cosine = (1.0, 1, np.cosh) if "mod" in name else (DEGREE, -1, np.cos)
    slopes = several(
        lambda m, q, x, y: unit * y[1],
        lambda m, q, x, y: sign * unit * (eigenvalue(m, q) - 2 * q * cosine(2 * unit * x)) * y[0],
    )
    return elementwise(name, m=None, q=None, x=slopes)


mathieu_cem, mathieu_sem = map(_mathieu, ("mathieu_cem", "mathieu_sem"))
mathieu_modcem1, mathieu_modcem2 = map(_mathieu, ("mathieu_modcem1", "mathieu_modcem2"))
mathieu_modsem1, mathieu_modsem2 = map(_mathieu, ("mathieu_modsem1", "mathieu_modsem2"))


# Spheroidal wave functions: ((1 - x²) y′)′ = -(λ - c² x² - m²/(1 - x²)) y for prolate ones, angular and radial; for
# oblate ones c is ic, and in the radial equation x is ix as well.
def _second(m: Any, c2: Any, eigenvalue: Any, x: Any, y: Any, s: int) -> Any:
    """Return y″, where s is -1 in the radial equation of oblate functions, and 1 in the others."""
    u = 1 - s * x * x
    return (2 * s * x * y[1] - (s * eigenvalue - c2 * x * x - m * m * s / u) * y[0]) / u


def _spheroidal(name: str) -> Callable[..., Any]:
    """Make the function of this name, which says the kind, and whether the eigenvalue λ is given."""
    is_oblate, is_given = name.startswith("obl"), name.endswith("_cv")
    sign, s = (-1 if is_oblate else 1), (-1 if is_oblate and "rad" in name else 1)
    eigenvalue = special.obl_cv if is_oblate else special.pro_cv

    def second(m: Any, n: Any, c: Any, *rest: Any) -> Any:
        *given, x, y = rest
        return _second(m, sign * c * c, given[0] if is_given else eigenvalue(m, n, c), x, y, s)

    parameters = ("m", "n", "c", "cv") if is_given else ("m", "n", "c")
    return elementwise(name, **dict.fromkeys(parameters), x=several(lambda *args: args[-1][1], second))


pro_ang1, pro_rad1, pro_rad2 = map(_spheroidal, ("pro_ang1", "pro_rad1", "pro_rad2"))
obl_ang1, obl_rad1, obl_rad2 = map(_spheroidal, ("obl_ang1", "obl_rad1", "obl_rad2"))
pro_ang1_cv, pro_rad1_cv, pro_rad2_cv = map(_spheroidal, ("pro_ang1_cv", "pro_rad1_cv", "pro_rad2_cv"))
obl_ang1_cv, obl_rad1_cv, obl_rad2_cv = map(_spheroidal, ("obl_ang1_cv", "obl_rad1_cv", "obl_rad2_cv"))

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
