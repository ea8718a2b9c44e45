"""Elementary functions: one row a function, one table for all number systems.

Imports the maker of polymorphic functions. A row reads: name, derivative given (x, y = f(x)), what
the function is, and what it is called where its name differs. The derivatives are written with the
functions of this table, so every row can be differentiated again. Of several ways to write one, the
row has the one that neither cancels nor overflows, and that is right beside a branch cut.
"""

from __future__ import annotations

import cmath
import math
from typing import Any

import numpy as np

from revdiff.arrays.numpy_protocol import stands_for
from revdiff.functions.elementwise import binary, unary
from revdiff.functions.rows import FLOATS
from revdiff.rules.selection import where
from revdiff.systems import exact, is_complex, mpmath, pi_of, sympy, system_of

LN2 = math.log(2)

# -i, of which the real part is 0 and not -0, as it is in -1j.
MINUS_I = complex(0.0, -1.0)


def _plus_one(x: Any) -> Any:
    """Return x + 1.

    The sign of a zero imaginary part says on which side of a branch cut a complex number lies. x + 1
    loses it where x - (-1) does not: -0.0 + 0.0 is 0.0, and -0.0 - 0.0 is -0.0.
    """
    return x - -1 if is_complex(x) else x + 1


def _one_minus_square(x: Any) -> Any:
    """Return 1 - x², by factors: exact near ±1, and for a complex x on x's side of the branch cuts."""
    if system_of(x) == "sympy":
        return 1 - x * x
    return -(x - 1) * _plus_one(x) if is_complex(x) else (1 - x) * (1 + x)


def _root_of_one_plus_square(x: Any) -> Any:
    """Return √(1 + x²). Of a real number it does not overflow; of a complex one it lies on x's side of the cuts."""
    if is_complex(x):
        return sqrt((x - 1j) * (x - MINUS_I))
    return hypot(x, 1)


def quotient(x: Any, r: Any) -> Any:
    """Return x/r, but 0 where r is 0."""
    return where(r == 0, 0, x / where(r == 0, 1, r))


def _over_square(x: Any, y: Any) -> Any:
    """Return x/(x² + y²), but 0 at the origin. No square of a large or a small number is formed."""
    r = hypot(x, y)
    return quotient(quotient(x, r), r)


def _float_over_square(x: float, y: float) -> float:
    r = math.hypot(x, y)
    return x / r / r if r else 0.0


def _sympy_cbrt(x: Any) -> Any:
    return -sympy.cbrt(-x) if x.is_negative else sympy.cbrt(x)


def _mpmath_cbrt(x: Any) -> Any:
    return -mpmath.cbrt(-x) if isinstance(x, mpmath.mpf) and x < 0 else mpmath.cbrt(x)


def _float_sech2(x: float) -> float:
    """Return 1/cosh²x. With e = e⁻ˡˣˡ it is (2e/(1 + e²))², which does not overflow."""
    e = math.exp(-abs(x))
    s = 2 * e / (1 + e * e)
    return s * s


def _sech2(x: Any) -> Any:
    with np.errstate(over="ignore"):  # cosh x is infinite where 1/cosh²x is 0 to all digits
        r = 1 / np.cosh(x)
    return np.multiply(r, r, out=r) if type(r) is np.ndarray and r.dtype.kind == "f" else r * r


def _float_sigmoid(x: float) -> float:
    if x < 0:
        e = math.exp(x)
        return e / (1 + e)
    return 1 / (1 + math.exp(-x))


def _sigmoid(x: Any, exp: Any) -> Any:
    """Return 1/(1 + e⁻ˣ) without overflow: e is eˣ in the left half plane and e⁻ˣ in the right one."""
    left = x.real < 0
    e = exp(where(left, x, x * -1.0))
    return where(left, e, 1) / (1 + e)


def _float_softplus(x: float) -> float:
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def _softplus(x: Any) -> Any:
    return np.log1p(np.exp(x)) if is_complex(x) else np.logaddexp(x, 0)


def _float_logaddexp(x: float, y: float) -> float:
    return x + LN2 if x == y else max(x, y) + math.log1p(math.exp(-abs(x - y)))


def _float_logaddexp2(x: float, y: float) -> float:
    return x + 1.0 if x == y else max(x, y) + math.log1p(2.0 ** -abs(x - y)) / LN2


# fmt: off
# Powers and roots
square     = unary("square",     lambda x, y: 2 * x,                  "x².     x̄ = 2x ȳ",                 formula=lambda x: x * x, at={3.0: 6.0})
reciprocal = unary("reciprocal", lambda x, y: -y * y,                 "1/x.     x̄ = -ȳ/x²",                numpy=lambda x: 1 / x, formula=lambda x: 1 / x, at={2.0: -0.25})
sqrt       = unary("sqrt",       lambda x, y: 1 / (2 * y),            "√x, the square root.     x̄ = ȳ/(2√x)", at={4.0: 0.25})
cbrt       = unary("cbrt",       lambda x, y: 1 / (3 * y * y),        "∛x, the real cube root.     x̄ = ȳ/(3y²)",
                   sympy=_sympy_cbrt, mpmath=_mpmath_cbrt, at={-1.0: 1 / 3})

# Exponentials and logarithms
exp        = unary("exp",        "y",                                 "eˣ.     x̄ = ȳ eˣ",                 overflows=True, at={0.0: 1.0})
exp2       = unary("exp2",       lambda x, y: y * log(exact(2, x)),   "2ˣ.     x̄ = ȳ 2ˣ ln 2",                 overflows=True,
                   formula=lambda x: exact(2, x) ** x, at={0.0: math.log(2)})
expm1      = unary("expm1",      lambda x, y: exp(x),                 "eˣ - 1, exact near 0.     x̄ = ȳ eˣ",  overflows=True,
                   cmath=lambda x: complex(np.expm1(x)), sympy=lambda x: sympy.exp(x) - 1, at={0.0: 1.0})
log        = unary("log",        lambda x, y: 1 / x,                  "ln x, the natural logarithm.     x̄ = ȳ/x", decimal="ln", at={2.0: 0.5})
log2       = unary("log2",       lambda x, y: 1 / (x * log(exact(2, x))),  "the logarithm of x to base 2.     x̄ = ȳ/(x ln 2)",
                   formula=lambda x: log(x) / log(exact(2, x)), at={1.0: 1 / math.log(2)})
log10      = unary("log10",      lambda x, y: 1 / (x * log(exact(10, x))), "the logarithm of x to base 10.     x̄ = ȳ/(x ln 10)",
                   sympy=lambda x: sympy.log(x, 10), at={1.0: 1 / math.log(10)})
log1p      = unary("log1p",      lambda x, y: 1 / (1 + x),            "ln(1 + x), exact near 0.     x̄ = ȳ/(1 + x)",
                   cmath=lambda x: complex(np.log1p(x)), sympy=lambda x: sympy.log(1 + x), at={1.0: 0.5})

# Trigonometric functions
sin        = unary("sin",        lambda x, y: cos(x),                 "the sine of x, in radians.     x̄ = ȳ cos x", at={0.0: 1.0})
cos        = unary("cos",        lambda x, y: -sin(x),                "the cosine of x, in radians.     x̄ = -ȳ sin x", at={math.pi / 2: -1.0})
tan        = unary("tan",        lambda x, y: 1 + y * y,              "the tangent of x, in radians.     x̄ = ȳ (1 + tan²x)", at={0.0: 1.0})
asin       = unary("asin",       lambda x, y: 1 / sqrt(_one_minus_square(x)),  "the inverse sine, in radians.     x̄ = ȳ/√(1 - x²)",    numpy="arcsin", at={0.0: 1.0})
acos       = unary("acos",       lambda x, y: -1 / sqrt(_one_minus_square(x)), "the inverse cosine, in radians.     x̄ = -ȳ/√(1 - x²)",  numpy="arccos", at={0.0: -1.0})
atan       = unary("atan",       lambda x, y: 1 / (1 + x * x),        "the inverse tangent, in radians.     x̄ = ȳ/(1 + x²)", numpy="arctan", at={1.0: 0.5})

# Hyperbolic functions
sinh       = unary("sinh",       lambda x, y: cosh(x),                "the hyperbolic sine.     x̄ = ȳ cosh x",   overflows=True, at={0.0: 1.0})
cosh       = unary("cosh",       lambda x, y: sinh(x),                "the hyperbolic cosine.     x̄ = ȳ sinh x", overflows=True, at={0.0: 0.0})
tanh       = unary("tanh",       lambda x, y: sech2(x),               "the hyperbolic tangent.     x̄ = ȳ/cosh²x", at={0.0: 1.0})
sech2      = unary("sech2",      lambda x, y: -2 * y * tanh(x),       "1/cosh²x, the derivative of tanh; exact also where tanh x is 1",
                   math=_float_sech2, numpy=_sech2, mpmath=lambda x: mpmath.sech(x) ** 2,
                   sympy=lambda x: 1 - sympy.tanh(x) ** 2, formula=lambda x: 1 - tanh(x) * tanh(x))
asinh      = unary("asinh",      lambda x, y: 1 / _root_of_one_plus_square(x),    "the inverse hyperbolic sine.     x̄ = ȳ/√(1 + x²)",    numpy="arcsinh", at={0.0: 1.0})
acosh      = unary("acosh",      lambda x, y: 1 / (sqrt(x - 1) * sqrt(_plus_one(x))), "the inverse hyperbolic cosine.     x̄ = ȳ/√(x² - 1)",  numpy="arccosh", at={1.25: 4 / 3})
atanh      = unary("atanh",      lambda x, y: 1 / _one_minus_square(x),        "the inverse hyperbolic tangent.     x̄ = ȳ/(1 - x²)", numpy="arctanh", at={0.5: 4 / 3})

# Smooth steps
sigmoid    = unary("sigmoid",    lambda x, y: y * sigmoid(-x),        "1/(1 + e⁻ˣ), the logistic function.     x̄ = ȳ y (1 - y)",
                   math=_float_sigmoid, cmath=lambda x: _sigmoid(x, cmath.exp), numpy=lambda x: _sigmoid(x, np.exp),
                   formula=lambda x: 1 / (1 + exp(-x)), at={0.0: 0.25})
softplus   = unary("softplus",   lambda x, y: sigmoid(x),             "ln(1 + eˣ).     x̄ = ȳ/(1 + e⁻ˣ)",
                   math=_float_softplus, numpy=_softplus, mpmath=lambda x: mpmath.log1p(mpmath.exp(x)),
                   formula=lambda x: log(1 + exp(x)), at={0.0: 0.5})
logaddexp  = binary("logaddexp",  lambda x, y, z: sigmoid(x - y), lambda x, y, z: sigmoid(y - x), "ln(eˣ + eʸ).     x̄ = z̄ eˣ/(eˣ + eʸ),  ȳ = z̄ eʸ/(eˣ + eʸ)",
                    math=_float_logaddexp, formula=lambda x, y: log(exp(x) + exp(y)), at={(1.0, 1.0): (0.5, 0.5)})
logaddexp2 = binary("logaddexp2", lambda x, y, z: sigmoid((x - y) * log(exact(2, z))), lambda x, y, z: sigmoid((y - x) * log(exact(2, z))),
                    "log₂(2ˣ + 2ʸ).     x̄ = z̄ 2ˣ/(2ˣ + 2ʸ),  ȳ = z̄ 2ʸ/(2ˣ + 2ʸ)",
                    math=_float_logaddexp2, formula=lambda x, y: log2(exp2(x) + exp2(y)), at={(1.0, 1.0): (0.5, 0.5)})

# The plane
hypot      = binary("hypot",     lambda x, y, z: quotient(x, z), lambda x, y, z: quotient(y, z), "z = √(x² + y²).     x̄ = z̄ x/z,  ȳ = z̄ y/z;  0 at the origin",
                    sympy=lambda x, y: sympy.sqrt(x * x + y * y), formula=lambda x, y: sqrt(x * x + y * y), at={(3.0, 4.0): (0.6, 0.8)})
atan2      = binary("atan2",     lambda y, x, z: _over_square(x, y),   lambda y, x, z: -_over_square(y, x),
                    "the angle z of the point (x, y), given as atan2(y, x).     ȳ = z̄ x/(x² + y²),  x̄ = -z̄ y/(x² + y²);  0 at the origin", numpy="arctan2", at={(3.0, 4.0): (0.16, -0.12)})

# Angles
deg2rad    = unary("deg2rad",    lambda x, y: pi_of(x) / 180,         "x degrees in radians.     x̄ = ȳ π/180",
                   math="radians", mpmath="radians", sympy=lambda x: x * sympy.pi / 180, at={60.0: math.pi / 180})
rad2deg    = unary("rad2deg",    lambda x, y: 180 / pi_of(x),         "x radians in degrees.     x̄ = ȳ 180/π",
                   math="degrees", mpmath="degrees", sympy=lambda x: x * 180 / sympy.pi, at={1.0: 180 / math.pi})
# fmt: on

stands_for(np.reciprocal)(reciprocal)
stands_for(np.radians)(deg2rad)
stands_for(np.degrees)(rad2deg)


def log_base(base: Any, x: Any, /) -> Any:
    """Return the logarithm of x to the given base, ln x / ln b.

    >>> from revdiff import grad
    >>> log_base(2.0, 8.0)
    3.0
    >>> grad(log_base, argnums=(0, 1))(2.0, 8.0)
    (-2.1640425613334453, 0.18033688011112042)
    """
    return log(x) / log(base)


# In the derivatives of Python floats the names mean these.
FLOATS.update(
    _plus_one=lambda x: x + 1,
    exact=lambda n, x: n,
    pi_of=lambda x: math.pi,
    _one_minus_square=lambda x: (1 - x) * (1 + x),
    _root_of_one_plus_square=lambda x: math.hypot(x, 1),
    quotient=lambda x, r: x / r if r else 0.0,
    _over_square=_float_over_square,
)
