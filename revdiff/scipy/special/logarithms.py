"""Logarithms, entropies, transformations of data, losses, and functions of angles in degrees.

Imports the maker of elementwise rules.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from revdiff.core.revdiff import OPERATORS, RevDiff, primal
from revdiff.functions.slopes import Overflowing
from revdiff.rules.elementary import softplus as softplus_of_number
from revdiff.rules.selection import clip, where
from revdiff.scipy.special.elementwise import elementwise, piecewise_constant
from revdiff.scipy.special.hypergeometric import DEGREE, hyp1f1, hyp2f1


def _ratio(x: Any, y: Any) -> Any:
    """Return x/y, and 0 for 0/0: x log y is 0 for x = 0, whatever y is."""
    both = (primal(x) == 0) & (primal(y) == 0)
    return where(both, 0.0, x / where(both, 1.0, y))


# With 0·log 0 = 0.
xlogy = elementwise("xlogy", x=lambda x, y, z: np.log(y), y=lambda x, y, z: _ratio(x, y))
xlog1py = elementwise("xlog1py", x=lambda x, y, z: np.log1p(y), y=lambda x, y, z: _ratio(x, 1 + y))
entr = elementwise("entr", x=lambda x, y: -np.log(x) - 1)
rel_entr = elementwise("rel_entr", x=lambda x, y, z: np.log(x / y) + 1, y=lambda x, y, z: -_ratio(x, y))
kl_div = elementwise("kl_div", x=lambda x, y, z: np.log(x / y), y=lambda x, y, z: 1 - _ratio(x, y))

# Logistic functions.
expit = elementwise("expit", x=lambda x, y: y * expit(-x))
logit = elementwise("logit", x=lambda x, y: 1 / (x * (1 - x)))
log_expit = elementwise("log_expit", x=lambda x, y: expit(-x))

# Powers and exponentials that SciPy has beside NumPy.
cbrt = elementwise("cbrt", x=lambda x, y: 1 / (3 * y * y))
exp2 = elementwise("exp2", x=Overflowing(lambda x, y: y * math.log(2)))
exp10 = elementwise("exp10", x=Overflowing(lambda x, y: y * math.log(10)))
expm1 = elementwise("expm1", x=Overflowing(lambda x, y: np.exp(x)))
log1p = elementwise("log1p", x=lambda x, y: 1 / (1 + x))
powm1 = elementwise("powm1", x=lambda x, y, z: y * x ** (y - 1), y=lambda x, y, z: np.log(x) * x**y)


def box_slope(log: Any, lmbda: Any) -> Any:
    """Return ∂/∂λ (e^(λL) - 1)/λ = L² ₁F₁(2; 3; λL)/2, which is smooth at λ = 0; far below, where L² overflows, 1/λ²."""
    u = lmbda * log
    far = primal(u) < -700
    return where(far, 1 / (lmbda * lmbda), where(far, 0, log) ** 2 * hyp1f1(2, 3, where(far, 0, u)) / 2)


def _unbox_slope(x: Any, lmbda: Any) -> Any:
    """Return ∂/∂λ ln(1 + λx)/λ = -x² ₂F₁(2, 2; 3; -λx)/2, which is smooth at λ = 0."""
    return -x * x * hyp2f1(2, 2, 3, -lmbda * x) / 2


boxcox = elementwise(
    "boxcox", x=lambda x, lmbda, y: x ** (lmbda - 1), lmbda=lambda x, lmbda, y: box_slope(np.log(x), lmbda)
)
boxcox1p = elementwise(
    "boxcox1p",
    x=lambda x, lmbda, y: np.exp((lmbda - 1) * np.log1p(x)),
    lmbda=lambda x, lmbda, y: box_slope(np.log1p(x), lmbda),
)
inv_boxcox = elementwise(
    "inv_boxcox", x=lambda x, lmbda, y: y ** (1 - lmbda), lmbda=lambda x, lmbda, y: y * _unbox_slope(x, lmbda)
)
inv_boxcox1p = elementwise(
    "inv_boxcox1p",
    x=lambda x, lmbda, y: (1 + y) ** (1 - lmbda),
    lmbda=lambda x, lmbda, y: (1 + y) * _unbox_slope(x, lmbda),
)


def _beyond(delta: Any, r: Any) -> Any:
    """Return how far |r| lies beyond δ."""
    beyond = abs(primal(r)) > primal(delta)
    return where(beyond, abs(r) - delta, 0.0)


def _pseudo_huber_in_delta(delta: Any, r: Any, y: Any) -> Any:
    """Return δ (s - 1)²/s, where s = √(1 + (r/δ)²) and s - 1 = (r/δ)²/(1 + s)."""
    s = np.hypot(1.0, r / delta)
    return delta * ((r / delta) ** 2 / (1 + s)) ** 2 / s


# Losses: quadratic near 0, and linear far from it.
huber = elementwise("huber", delta=lambda delta, r, y: _beyond(delta, r), r=lambda delta, r, y: clip(r, -delta, delta))
pseudo_huber = elementwise(
    "pseudo_huber", delta=_pseudo_huber_in_delta, r=lambda delta, r, y: r / np.hypot(1.0, r / delta)
)

# Angles in degrees.
sindg = elementwise("sindg", x=lambda x, y: DEGREE * cosdg(x))
cosdg = elementwise("cosdg", x=lambda x, y: -DEGREE * sindg(x))
tandg = elementwise("tandg", x=lambda x, y: DEGREE * (1 + y * y))
cotdg = elementwise("cotdg", x=lambda x, y: -DEGREE * (1 + y * y))
cosm1 = elementwise("cosm1", x=lambda x, y: -np.sin(x))
radian = elementwise(
    "radian",
    d=lambda d, m, s, y: DEGREE + 0 * d,
    m=lambda d, m, s, y: DEGREE / 60 + 0 * m,
    s=lambda d, m, s, y: DEGREE / 3600 + 0 * s,
)
rounded = piecewise_constant("round")


def softplus(x: Any) -> Any:
    """Return ln(1 + eˣ).     x̄ = ȳ/(1 + e⁻ˣ)."""
    x = OPERATORS["gather"](x)
    return np.logaddexp(0.0, x) if type(x) is not RevDiff else softplus_of_number(x)


def sinc(x: Any) -> Any:
    """Return sin(πx)/(πx), and 1 at 0."""
    return np.sinc(OPERATORS["gather"](x))


def diric(x: Any, n: Any) -> Any:
    """Return the periodic sinc function sin(nx/2)/(n sin(x/2)), for a positive whole number n.

    It is a quotient of two sincs of the distance to the next multiple of 2π, and so is smooth everywhere.

    >>> from revdiff import simple_derivative
    >>> round(simple_derivative(simple_derivative(lambda x: diric(x, 3)))(0.0), 6)    # -(n² - 1)/12
    -0.666667
    """
    x = OPERATORS["gather"](x)
    if type(x) is not RevDiff:
        return special.diric(x, n)
    n = np.asarray(primal(n))[()]
    turns = np.round(primal(x) / (2 * math.pi))
    sign = np.where(turns * (n - 1) % 2 == 0, 1.0, -1.0)[()]
    t = x / (2 * math.pi) - turns
    return where((n > 0) & (np.round(n) == n), sign * sinc(n * t) / sinc(t), math.nan)
