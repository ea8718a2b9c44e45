"""Two hundred random expressions of three variables, to the third order, beside SymPy's derivatives."""

from __future__ import annotations

import random

import pytest
import sympy

from revdiff import partial_derivative
from revdiff.symbolic import from_sympy

x, y, z = VARIABLES = sympy.symbols("x y z", real=True)
POINT = dict(zip(VARIABLES, map(sympy.Rational, ("0.4", "0.7", "1.3")), strict=True))
UNARY = [
    sympy.sin, sympy.cos, sympy.exp, sympy.tanh, sympy.atan, sympy.asinh, sympy.erf, sympy.Si, sympy.sech,
    lambda e: sympy.log(e**2 + 2), lambda e: sympy.sqrt(e**2 + 1), lambda e: 1 / (e**2 + 3), lambda e: e**3,
    lambda e: sympy.gamma(2 + sympy.tanh(e)), lambda e: sympy.besselj(1, e), lambda e: sympy.Abs(e + 50),
]  # fmt: skip
BINARY = [sympy.Add, sympy.Mul, lambda a, b: a - b, lambda a, b: a / (b**2 + 2), lambda a, b: sympy.atan2(a, b + 50)]


def expression(rng, depth):
    """Return a random expression that is smooth at the point, and not too large there."""
    if depth == 0 or rng.random() < 0.1:
        return rng.choice(
            [*VARIABLES, *VARIABLES, sympy.Integer(rng.randint(1, 3)), sympy.Rational(1, rng.randint(2, 5))]
        )
    if rng.random() < 0.4:
        return rng.choice(UNARY)(expression(rng, depth - 1))
    return rng.choice(BINARY)(expression(rng, depth - 1), expression(rng, depth - 1))


@pytest.mark.parametrize("seed", range(200))
def test_every_mixed_derivative_agrees_with_sympy(seed):
    rng = random.Random(seed)
    expr = expression(rng, 3)
    function = from_sympy(expr, VARIABLES)
    ours, theirs = function, expr
    for i in rng.choices(range(3), k=3):
        ours, theirs = partial_derivative(ours, i), theirs.diff(VARIABLES[i])
        expected = complex(theirs.xreplace(POINT).evalf(20)).real
        assert ours(*map(float, POINT.values())) == pytest.approx(expected, rel=1e-9, abs=1e-12)
    if seed % 4 == 0:
        symbolic = sympy.sympify(ours(*VARIABLES)).xreplace(POINT)
        assert float(symbolic.evalf(20)) == pytest.approx(expected, rel=1e-15, abs=1e-18)
