"""The elementwise functions, family by family: what each must agree with, and where it is smooth.

A line of a table is all that the laws of `test_tables.py` need. The functions of SymPy come from it, or are
written with what it has; ``without`` names the numbers for which a function is not defined.
"""

from __future__ import annotations

import numpy as np
import sympy

import revdiff
from revdiff.rules import arithmetic, elementary, special, steps
from tests.oracles import floor, nint, row, trunc

# fmt: off
TABLES = {
    "arithmetic": [
        #   revdiff              SymPy                     where it is smooth
        row(arithmetic.add,      lambda x, y: x + y,       (1.5, -2.0)),
        row(arithmetic.subtract, lambda x, y: x - y,       (1.5, -2.0)),
        row(arithmetic.multiply, lambda x, y: x * y,       (1.5, -2.0), (0.0, 3.0)),
        row(arithmetic.divide,   lambda x, y: x / y,       (1.5, -2.0), (0.0, 3.0)),
        row(arithmetic.negative, lambda x: -x,             1.5),
        row(arithmetic.positive, lambda x: x,              1.5),
        row(revdiff.power,       lambda x, y: x**y,        (1.5, -2.5), (0.75, 3.0)),
        row(revdiff.float_power, lambda x, y: x**y,        (1.5, -2.5), (0.75, 3.0)),

        row(lambda x, y: +x + y, lambda x, y: x + y,       (1.5, -2.0), name="x + y"),
        row(lambda x, y: x - y,  lambda x, y: x - y,       (1.5, -2.0), name="x - y"),
        row(lambda x, y: x * y,  lambda x, y: x * y,       (1.5, -2.0), name="x * y"),
        row(lambda x, y: x / y,  lambda x, y: x / y,       (1.5, -2.0), name="x / y"),
        row(lambda x, y: x**y,   lambda x, y: x**y,        (1.5, -2.5), name="x ** y"),
        row(lambda x: -x,        lambda x: -x,             1.5,         name="-x"),
        row(lambda x: x**5,      lambda x: x**5,           -1.5, 0.0,   name="x ** 5"),
        row(lambda x: x**-2,     lambda x: x**-2,          -1.5,        name="x ** -2"),
        row(lambda x: x**0.5,    sympy.sqrt,               0.75,        name="x ** 0.5"),
        row(lambda x: 2**x,      lambda x: 2**x,           -1.5, 0.0,   name="2 ** x"),
        row(lambda x: 3 - 2 * (1 / x - x / 4) + x, lambda x: 3 - 2 / x + 3 * x / 2, 0.75, name="numbers on either side"),
    ],
    "elementary": [
        #   revdiff              SymPy                                    where it is smooth
        row(revdiff.square,      lambda x: x**2,                          -1.5, 0.0, 2.0),
        row(revdiff.reciprocal,  lambda x: 1 / x,                         -0.75, 1.5),
        row(revdiff.sqrt,        sympy.sqrt,                              0.25, 3.0),
        row(revdiff.cbrt,        sympy.cbrt,                              0.5),
        row(revdiff.cbrt,        lambda x: -sympy.cbrt(-x),               -2.0, name="cbrt of a negative number", without=["symbols"]),  # SymPy's is complex

        row(revdiff.exp,         sympy.exp,                               -1.25, 0.0, 2.0),
        row(revdiff.exp2,        lambda x: 2**x,                          -1.25, 3.0),
        row(revdiff.expm1,       lambda x: sympy.exp(x) - 1,              -30.0, 1e-9, 1.0),
        row(revdiff.log,         sympy.log,                               0.125, 5.0),
        row(revdiff.log2,        lambda x: sympy.log(x, 2),               0.75, 3.0),
        row(revdiff.log10,       lambda x: sympy.log(x, 10),              0.75, 3.0),
        row(revdiff.log1p,       lambda x: sympy.log(1 + x),              -0.5, 1e-9, 2.0),

        row(revdiff.sin,         sympy.sin,                               -2.0, 0.75),
        row(revdiff.cos,         sympy.cos,                               -2.0, 0.75),
        row(revdiff.tan,         sympy.tan,                               -1.25, 0.75),
        row(revdiff.asin,        sympy.asin,                              -0.75, 0.25, 1 - 2**-30),
        row(revdiff.acos,        sympy.acos,                              -0.75, 0.25, 1 - 2**-30),
        row(revdiff.atan,        sympy.atan,                              -2.0, 0.75),

        row(revdiff.sinh,        sympy.sinh,                              -2.0, 0.75),
        row(revdiff.cosh,        sympy.cosh,                              -2.0, 0.75),
        row(revdiff.tanh,        sympy.tanh,                              -0.5, 1.75, 15.0),
        row(elementary.sech2,    lambda x: 1 / sympy.cosh(x) ** 2,        -1.5, 0.75, 15.0),
        row(revdiff.asinh,       sympy.asinh,                             -2.0, 0.75),
        row(revdiff.acosh,       sympy.acosh,                             1.0625, 3.0),
        row(revdiff.atanh,       sympy.atanh,                             -0.75, 0.25, 1 - 2**-30),

        row(revdiff.sigmoid,     lambda x: 1 / (1 + sympy.exp(-x)),       -30.0, 0.75, 25.0),
        row(revdiff.softplus,    lambda x: sympy.log(1 + sympy.exp(x)),   -30.0, 0.75, 25.0),
        row(revdiff.logaddexp,   lambda x, y: sympy.log(sympy.exp(x) + sympy.exp(y)),  (0.5, -0.25), (-3.0, 2.0)),
        row(revdiff.logaddexp2,  lambda x, y: sympy.log(2**x + 2**y, 2),  (0.5, -0.25), (-3.0, 2.0)),

        row(revdiff.hypot,       lambda x, y: sympy.sqrt(x**2 + y**2),    (3.0, 4.5), (-0.5, 0.75)),
        row(revdiff.atan2,       sympy.atan2,                             (3.0, 4.0), (-0.5, 0.25), (0.5, -2.0)),
        row(revdiff.deg2rad,     lambda x: sympy.pi * x / 180,            30.0),
        row(revdiff.rad2deg,     lambda x: 180 * x / sympy.pi,            0.5),
        row(revdiff.log_base,    lambda b, x: sympy.log(x) / sympy.log(b), (3.0, 5.0), (0.5, 2.0)),
    ],
    "special": [
        #   revdiff                            SymPy                            where it is smooth
        row(revdiff.erf,                       sympy.erf,                       -1.25, 0.0, 0.75,  without=["long doubles"]),
        row(revdiff.erfc,                      sympy.erfc,                      -1.25, 0.75, 5.0,  without=["long doubles"]),
        row(revdiff.gamma,                     sympy.gamma,                     0.75, 3.5,         without=["long doubles"]),
        row(revdiff.lgamma,                    sympy.loggamma,                  0.75, 3.5,         without=["long doubles"]),
        row(revdiff.digamma,                   sympy.digamma,                   0.75, 3.5,         without=["long doubles"]),
        row(lambda x: revdiff.polygamma(1, x), lambda x: sympy.polygamma(1, x), 0.75, 3.5,         without=["long doubles"], name="polygamma(1, ·)"),
        row(lambda x: revdiff.polygamma(3, x), lambda x: sympy.polygamma(3, x), 0.75, 3.5,         without=["long doubles"], name="polygamma(3, ·)"),
        row(revdiff.sinc,                      lambda x: sympy.sin(sympy.pi * x) / (sympy.pi * x), 0.25, -1.125, 2.75, 12.5, 1e-3),
        row(special.i0,                        lambda x: sympy.besseli(0, x),   0.5, -1.75, 6.0,   without=["long doubles"]),
    ],
    "complex": [
        #   revdiff              SymPy                     where it is smooth
        row(revdiff.abs,         sympy.Abs,                -1.25, 2.5),
        row(revdiff.fabs,        sympy.Abs,                -1.25, 2.5),
        row(lambda x: abs(x**3), lambda x: sympy.Abs(x**3), -1.25, 2.5,   name="|x³|"),
        row(revdiff.sign,        sympy.sign,               -1.25, 2.5),
        row(revdiff.conjugate,   sympy.conjugate,          -1.25, 2.5),
        row(revdiff.real,        sympy.re,                 -1.25, 2.5),
        row(lambda x: x + revdiff.imag(x), lambda x: x + sympy.im(x), -1.25, 2.5, name="x + imag(x)"),
    ],
    "selection": [
        #   revdiff           SymPy       where it is smooth
        row(revdiff.maximum,  sympy.Max,  (1.5, -2.0), (-2.0, 0.5)),
        row(revdiff.minimum,  sympy.Min,  (1.5, -2.0), (-2.0, 0.5)),
        row(revdiff.fmax,     sympy.Max,  (1.5, -2.0), (-2.0, 0.5)),
        row(revdiff.fmin,     sympy.Min,  (1.5, -2.0), (-2.0, 0.5)),
        row(lambda x: revdiff.maximum(x, x * x * x), lambda x: sympy.Max(x, x**3),              -0.5, 1.5, name="max(x, x³)"),
        row(lambda x: revdiff.clip(x * x, 1, 2),     lambda x: sympy.Min(sympy.Max(x**2, 1), 2), 0.5, 1.25, 2.0, name="clip(x², 1, 2)"),
        row(lambda x: revdiff.where(x > 0, x**3, -x), lambda x: sympy.Piecewise((x**3, x > 0), (-x, True)), -0.5, 1.5, name="where(x > 0, x³, -x)"),
    ],
    "steps": [
        #   revdiff                           SymPy                                where it is smooth
        row(revdiff.floor,                    floor,                               -1.25, 2.5),
        row(revdiff.ceil,                     lambda x: -floor(-x),                -1.25, 2.5),
        row(revdiff.trunc,                    trunc,                               -1.25, 2.5),
        row(revdiff.heaviside,                lambda x, y: (1 + sympy.sign(x)) / 2, (-1.25, 0.5), (2.5, -1.0)),
        row(revdiff.copysign,                 lambda x, y: sympy.Abs(x) * sympy.sign(y), (1.25, -2.0), (-0.5, -3.0), (-2.0, 1.0)),
        row(revdiff.remainder,                lambda x, y: x - y * floor(x / y),   (7.25, 2.0), (-7.25, 2.0), (7.25, -2.0)),
        row(revdiff.fmod,                     lambda x, y: x - y * trunc(x / y),   (7.25, 2.0), (-7.25, 2.0), (7.25, -2.0)),
        row(steps.floor_divide,               lambda x, y: floor(x / y),           (7.25, 2.0), (-7.25, 2.0)),
        row(lambda x: steps.ldexp(x, 3),      lambda x: 8 * x,                     1.25,                       name="ldexp(·, 3)"),
        row(lambda x: x**2 % 3,               lambda x: x**2 - 3 * floor(x**2 / 3), -1.25, 2.5,                name="x² % 3"),
        row(lambda x: x * revdiff.floor(x),   lambda x: x * floor(x),              -1.25, 2.5,                 name="x ⌊x⌋"),
        row(revdiff.rint,                     nint,                                -1.25, 2.75,                without=["symbols"]),
        row(lambda x: steps.modf(x)[0],       lambda x: x - trunc(x),              -1.25, 2.75,                name="the fraction of modf"),
        row(lambda x: steps.modf(x)[1],       trunc,                               -1.25, 2.75,                name="the rest of modf"),
        row(lambda x: steps.frexp(x)[0],      lambda x: x / 4,                     -2.25, 3.5,                 name="the mantissa of frexp", without=["symbols"]),
        row(lambda x, y: divmod(x, y)[0],     lambda x, y: floor(x / y),           (7.25, 2.0), (-7.25, 2.0),  name="divmod, first"),
        row(lambda x, y: divmod(x, y)[1],     lambda x, y: x - y * floor(x / y),   (7.25, 2.0), (-7.25, 2.0),  name="divmod, second"),
        row(lambda x, y: np.divmod(x, y)[1],  lambda x, y: x - y * floor(x / y),   (7.25, 2.0), (-7.25, 2.0),  name="numpy.divmod, second"),
        row(steps.nextafter,                  lambda x, y: x,                      (-1.25, 2.0), (2.5, -1.0),  without=["symbols", "mpmath"]),
    ],
}
# fmt: on

ROWS = [row for table in TABLES.values() for row in table]
