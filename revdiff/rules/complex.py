"""Functions that are not holomorphic: absolute value, real and imaginary part, conjugate, angle.

Imports lifting, the function maker and NumPy's protocol. The convention for complex numbers is that
of JAX and autograd: the cotangent z̄ of z means df = Re(z̄ dz). So a holomorphic f pulls back by
z̄ = w̄ f′(z), with no conjugate, and for a real-valued f the gradient is the conjugate of the
direction of steepest ascent: descend with z - η·conj(grad f).
"""

from __future__ import annotations

import cmath
from typing import Any

import numpy as np

from revdiff.broadcasting import real_part
from revdiff.core.lifting import lift
from revdiff.core.revdiff import OPERATORS, primal
from revdiff.functions import unary
from revdiff.numpy_protocol import attribute, method, stands_for
from revdiff.rules.elementary import atan2
from revdiff.rules.selection import where
from revdiff.rules.steps import sign


def _is_complex(x: Any) -> bool:
    x = primal(x)
    return isinstance(x, complex) or type(x).__name__ == "mpc" or (isinstance(x, np.ndarray) and x.dtype.kind == "c")


def _phase(x: Any) -> Any:
    """Return the conjugate of x/|x|, which is the sign of a real x, and 0 at 0."""
    if not _is_complex(x):
        return sign(x)
    size = absolute(x)
    return conjugate(x) / where(size == 0, 1, size)


absolute = unary(
    "absolute",
    lambda x, y: _phase(x),
    "|x|. The derivative at 0 is 0; at a complex z it is conj(z)/|z|",
    always=abs,
)
OPERATORS["abs"] = absolute
stands_for(np.fabs)(absolute)


@stands_for(np.conjugate)
def conjugate(x: Any, /) -> Any:
    """Return the complex conjugate of x.     x̄ = conj(ȳ)."""
    return lift(lambda x: (x.conjugate(), conjugate), x)


@stands_for(np.real)
def real(x: Any, /) -> Any:
    """Return the real part of x.     x̄ = ȳ, because d Re x = Re(1·dx)."""
    if type(primal(x)).__module__.startswith("sympy"):
        return lift(lambda x: (_sympy_part("re", x), None), x)
    return real_part(x)


@stands_for(np.imag)
def imag(x: Any, /) -> Any:
    """Return the imaginary part of x.     x̄ = -i ȳ, because d Im x = Re(-i·dx); 0 for a real x."""

    def imag_pullback(ct: Any) -> Any:
        return ct * -1j if _is_complex(x) else None

    return lift(lambda x: (x.imag, imag_pullback), x)


@stands_for(np.angle)
def angle(x: Any, /, deg: bool = False) -> Any:
    """Return the angle of x in the complex plane, in radians, or in degrees with ``deg=True``."""
    turned = atan2(imag(x), real(x))
    return turned * (180 / cmath.pi) if deg else turned


def _sympy_part(name: str, x: Any) -> Any:
    import sympy

    return getattr(sympy, name)(x)


for _name, _function in (("conjugate", conjugate), ("conj", conjugate)):
    method(_name, _function)
attribute("real", real)
attribute("imag", imag)
