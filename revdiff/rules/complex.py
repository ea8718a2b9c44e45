"""Functions that are not holomorphic: absolute value, real and imaginary part, conjugate, angle, sign.

Imports lifting, the function maker, memory, shapes, elementary functions, selection and NumPy's protocol. The
convention for complex numbers is that of JAX and autograd: the cotangent z̄ of z means df = Re(z̄ dz). So a
holomorphic f pulls back by z̄ = w̄ f′(z), with no conjugate, and for a real-valued f the gradient is the conjugate of
the direction of steepest ascent: descend with z - η·conj(grad f).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.arrays.broadcasting import NUMPY, broadcast_to, fit_for, real_part
from revdiff.arrays.memory import viewed
from revdiff.arrays.numpy_protocol import attribute, method, stands_for
from revdiff.core.cotangents import ZERO
from revdiff.core.errors import AssignmentError, describe
from revdiff.core.lifting import lift
from revdiff.core.revdiff import OPERATORS, RevDiff, primal, shape_of
from revdiff.functions.elementwise import unary
from revdiff.functions.of_arrays import Moving
from revdiff.functions.rows import FLOATS
from revdiff.functions.slopes import local_map
from revdiff.rules.elementary import atan2, quotient, rad2deg
from revdiff.rules.selection import where
from revdiff.rules.shape import gather
from revdiff.rules.steps import real_sign
from revdiff.systems import is_complex, sympy, system_of


def _phase(x: Any) -> Any:
    """Return x/|x|, conjugated for a complex x, and 0 at 0."""
    return conjugate(sign(x)) if is_complex(x) else real_sign(x)


absolute = unary(
    "absolute",
    lambda x, y: _phase(x),
    "|x|.     x̄ = ȳ sign x, 0 at 0;  for a complex x it is ȳ conj(x)/|x|",
    always=abs,
    at={-3.0: -1.0},
)
fabs = unary(
    "fabs",
    lambda x, y: _phase(x),
    "|x| as a floating-point number.     x̄ = ȳ sign x, 0 at 0",
    formula=abs,
    at={-3.0: -1.0},
)
FLOATS["_phase"] = real_sign


@stands_for(np.sign)
def sign(x: Any, /) -> Any:
    """Return -1, 0 or 1, as x is negative, zero or positive; of a complex x its direction x/|x|, and 0 at 0.

    The derivative is 0 for a real x, at 0 as well.

    >>> from revdiff import derivative
    >>> sign(-2.0), sign(3 + 4j), derivative(sign)(-2.0)
    (-1.0, (0.6+0.8j), 0.0)
    """
    return quotient(x, absolute(x)) if is_complex(x) else real_sign(x)


@stands_for(np.conjugate)
def conjugate(x: Any, /) -> Any:
    """Return the complex conjugate of x.     x̄ = conj(ȳ).

    >>> from revdiff import derivative_op
    >>> conjugate(3 + 4j), derivative_op(conjugate, 3 + 4j)(1j)
    ((3-4j), -1j)
    """
    if not is_complex(x) and system_of(x) != "sympy":
        return +x if type(x) is RevDiff else x
    return lift(lambda x: (x.conjugate(), Moving(conjugate)), x)


@stands_for(np.real)
def real(x: Any, /) -> Any:
    """Return the real part of x.     x̄ = ȳ, because d Re x = Re(1·dx).

    >>> from revdiff import grad, real
    >>> real(3 + 4j), grad(real)(3 + 4j)
    (3.0, (1+0j))
    """
    if system_of(x) == "sympy":
        return lift(lambda x: (_sympy_part("re", real, x), None), x)
    return viewed(x, real_part(x), real) if is_complex(x) or type(x) is not RevDiff else x


@stands_for(np.imag)
def imag(x: Any, /) -> Any:
    """Return the imaginary part of x.     x̄ = -i ȳ, because d Im x = Re(-i·dx); 0 for a real x.

    >>> from revdiff import grad, imag
    >>> imag(3 + 4j), grad(imag)(3 + 4j)
    (4.0, -1j)
    """

    def body(x: Any) -> tuple[Any, Any]:
        if system_of(x) == "sympy":
            return _sympy_part("im", imag, x), _nothing if primal(x).is_real else _times(-sympy.I)
        return x.imag, _times(-1j) if is_complex(x) else _nothing

    return viewed(x, lift(body, x), imag)


def _times(factor: Any) -> Any:
    """Return the local map ct ↦ ct · factor."""
    return local_map("x", (factor,), None, None)


def _nothing(ct: Any) -> Any:
    return ZERO


@stands_for(np.angle)
def angle(x: Any, /, deg: bool = False) -> Any:
    """Return the angle of x in the complex plane, in radians, or in degrees with ``deg=True``.     angle x = atan2(Im x, Re x).

    >>> from revdiff import grad
    >>> angle(2j, deg=True), grad(angle)(2j)
    (90.0, (-0.5+0j))
    """
    turned = atan2(imag(x), real(x))
    return rad2deg(turned) if deg else turned


@stands_for(np.real_if_close)
def real_if_close(x: Any, /, tol: float = 100) -> Any:
    """Return the real part of x if all imaginary parts are close to 0 (``tol`` as in NumPy), and else x.

    >>> import numpy as np
    >>> real_if_close(np.array([1 + 1e-16j, 2])), real_if_close(np.array([1 + 1j, 2]))
    (array([1., 2.]), array([1.+1.j, 2.+0.j]))
    """
    return real(x) if is_complex(x) and not np.iscomplexobj(np.real_if_close(primal(x), tol)) else x


@stands_for(np.nan_to_num)
def nan_to_num(
    x: Any, /, copy: bool = True, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None
) -> Any:
    """Return x with numbers in place of NaN and infinities; those have derivative 0.

    >>> import numpy as np
    >>> from revdiff import grad
    >>> x = np.array([2.0, np.nan, np.inf])
    >>> nan_to_num(x, posinf=9.0), grad(lambda x: nan_to_num(x).sum())(x)
    (array([2., 0., 9.]), array([1., 0., 0.]))
    """
    replaced = np.nan_to_num(primal(x), nan=nan, posinf=posinf, neginf=neginf)
    y = where(np.isfinite(primal(x)), x, replaced)
    if copy or not isinstance(primal(x), np.ndarray):
        return y
    x[...] = y
    return x


def _write_real(r: RevDiff, value: Any) -> None:
    value = _part(value, r)
    r[...] = complex_from(value, r.imag) if is_complex(r) else value


def _write_imag(r: RevDiff, value: Any) -> None:
    if not is_complex(r):
        msg = f"{describe(primal(r))} has no imaginary part to write.\n  A complex array of these numbers:  y = y + 0j"
        raise AssignmentError(msg)
    r[...] = complex_from(r.real, _part(value, r))


def _part(value: Any, r: RevDiff) -> Any:
    """Return what becomes a part of complex numbers, as an array of the shape of r."""
    value = gather(value)
    if is_complex(value):
        raise AssignmentError.of_kind(describe(primal(value)), "real numbers")
    return broadcast_to(value, shape_of(r))


def complex_from(re: Any, im: Any) -> Any:
    """Return re + i im.     r̄e = Re z̄,  īm = Re(i z̄).

    Of NumPy's and Python's numbers no product is formed, in which an infinity would become NaN.
    """
    if RevDiff not in (type(re), type(im)):
        return _complex(re, im)

    def body(re: Any, im: Any) -> tuple[Any, Any, Any]:
        z = complex_from(re, im)
        return z, fit_for(re, z), Moving(np.multiply, 1j, fit=fit_for(im, z))

    return lift(body, re, im)


def _complex(re: Any, im: Any) -> Any:
    if type(re) is type(im) is float:
        return complex(re, im)
    if not (issubclass(type(re), NUMPY) and issubclass(type(im), NUMPY) and re.dtype.kind in "fiu"):
        return re + 1j * im  # numbers of other systems, and batches
    z = np.empty(re.shape, np.result_type(re, im, np.complex64))
    z.real, z.imag = re, im
    return z if isinstance(re, np.ndarray) else z[()]


def _sympy_part(name: str, function: Any, x: Any) -> Any:
    return getattr(sympy, name)(x) if primal(x) is x else function(x)


OPERATORS["abs"] = absolute
for _name in ("conjugate", "conj"):  # the methods, unlike the function, give a real array itself
    method(_name, lambda x: conjugate(x) if is_complex(x) or system_of(x) == "sympy" else x)
attribute("real", real, _write_real)
attribute("imag", imag, _write_imag)
