"""Awkward points: corners, vertical slopes, poles, overflow, and what was not taken. NaN only where it is the honest answer.

Expected values come from mathematics; those of ordinary neighbours in the same array from SymPy.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy

import revdiff
from revdiff import grad, hessian, jacobian, jvp, nth_derivative, simple_derivative, vjp

inf, nan, pi = math.inf, math.nan, math.pi
S = sympy.Symbol("x", real=True)
ORDERS = (1, 2, 3)


def quiet(f: Callable[..., Any]) -> Callable[..., Any]:
    """Return f without NumPy's warnings: that a value is infinite is no news here."""

    def silenced(*args: Any) -> Any:
        with np.errstate(all="ignore"):
            return f(*args)

    return silenced


@dataclass(frozen=True)
class Row:
    """A function, an awkward point with the derivatives of orders 1, 2, 3 there, and what it is at an ordinary point."""

    name: str
    function: Callable[[Any], Any]
    at: float
    expected: tuple[float, float, float]
    near: float
    formula: sympy.Expr
    at_floats: bool = True
    """Whether Python's floats have a value there."""

    def beside(self, order: int) -> float:
        """Return the derivative at the ordinary point."""
        return float(sympy.diff(self.formula, S, order).subs(S, sympy.Rational(self.near)).evalf(30))


def logistic(x: Any) -> Any:
    """1/(1 + e⁻ˣ), spelled out."""
    return 1 / (1 + np.exp(-x))


SIGMOID = 1 / (1 + sympy.exp(-S))
ONE, FLAT, LOST = (1.0, 0.0, 0.0), (0.0, 0.0, 0.0), (nan, nan, nan)

# fmt: off
ROWS = [
    # Corners: the middle of the slopes on both sides.
    Row("|x|",                    abs,                                        0.0, FLAT, -2.0, -S),
    Row("fabs",                   np.fabs,                                    0.0, FLAT, 2.0, S),
    Row("sign",                   np.sign,                                    0.0, FLAT, 2.0, sympy.Integer(1)),
    Row("copysign(x, 1)",         lambda x: np.copysign(x, 1.0),              0.0, FLAT, -2.0, -S),
    Row("heaviside",              lambda x: np.heaviside(x, 0.5),             0.0, FLAT, 2.0, sympy.Integer(1)),
    Row("max(x, 0)",              lambda x: np.maximum(x, 0.0),               0.0, (0.5, 0.0, 0.0), 2.0, S),
    Row("min(x, 0)",              lambda x: np.minimum(x, 0.0),               0.0, (0.5, 0.0, 0.0), -2.0, S),
    Row("fmax(x, 0)",             lambda x: np.fmax(x, 0.0),                  0.0, (0.5, 0.0, 0.0), 2.0, S),
    Row("fmin(x, 0)",             lambda x: np.fmin(x, 0.0),                  0.0, (0.5, 0.0, 0.0), -2.0, S),
    Row("clip at its lower end",  lambda x: np.clip(x, 0.0, 1.0),             0.0, (0.5, 0.0, 0.0), 0.5, S),
    Row("clip at its upper end",  lambda x: np.clip(x, 0.0, 1.0),             1.0, (0.5, 0.0, 0.0), 0.5, S),
    Row("x |x|",                  lambda x: x * abs(x),                       0.0, FLAT, 2.0, S**2),
    Row("x % 1",                  lambda x: x % 1.0,                          2.0, ONE, 2.5, S - 2),
    Row("hypot(x, 0)",            lambda x: np.hypot(x, 0.0),                 0.0, FLAT, 2.0, S),
    Row("hypot(x, x)",            lambda x: np.hypot(x, x),                   0.0, FLAT, 2.0, S * sympy.sqrt(2)),
    Row("hypot(x, 1)",            lambda x: np.hypot(x, 1.0),                 0.0, (0.0, 1.0, 0.0), 2.0, sympy.sqrt(S**2 + 1)),
    Row("arctan2(x, 0)",          lambda x: np.arctan2(x, 0.0),               0.0, FLAT, 2.0, sympy.pi / 2),
    Row("arctan2(0, x)",          lambda x: np.arctan2(0.0, x),               0.0, FLAT, 2.0, sympy.Integer(0)),
    Row("arctan2(x, 1)",          lambda x: np.arctan2(x, 1.0),               0.0, (1.0, 0.0, -2.0), 2.0, sympy.atan(S)),
    Row("sinc",                   np.sinc,                                    0.0, (0.0, -pi**2 / 3, 0.0), 0.25, sympy.sin(sympy.pi * S) / (sympy.pi * S)),
    # Powers: n xⁿ⁻¹ for a constant n, at every order.
    Row("x ** 0",                 lambda x: x**0,                             0.0, FLAT, 2.0, sympy.Integer(1)),
    Row("x ** 0.0",               lambda x: x**0.0,                           0.0, FLAT, 2.0, sympy.Integer(1)),
    Row("x ** 1.0",               lambda x: x**1.0,                           0.0, ONE, 2.0, S),
    Row("x ** 2.0",               lambda x: x**2.0,                           0.0, (0.0, 2.0, 0.0), 2.0, S**2),
    Row("x ** 3",                 lambda x: x**3,                             0.0, (0.0, 0.0, 6.0), 2.0, S**3),
    Row("x ** 0.5",               lambda x: x**0.5,                           0.0, (inf, -inf, inf), 2.0, sympy.sqrt(S)),
    Row("x ** 1.5",               lambda x: x**1.5,                           0.0, (0.0, inf, -inf), 2.0, S * sympy.sqrt(S)),
    Row("0 ** x at 0",            lambda x: 0.0**x,                           0.0, FLAT, 2.0, sympy.Integer(0)),
    Row("0 ** x at 1",            lambda x: 0.0**x,                           1.0, FLAT, 2.0, sympy.Integer(0)),
    # Vertical slopes and poles: the infinity itself; NaN where it meets a zero that was computed.
    Row("√x",                     np.sqrt,                                    0.0, (inf, -inf, inf), 4.0, sympy.sqrt(S)),
    Row("1/x",                    lambda x: 1 / x,                            0.0, (-inf, inf, -inf), 4.0, 1 / S, at_floats=False),
    Row("reciprocal",             np.reciprocal,                              0.0, (-inf, inf, -inf), 4.0, 1 / S),
    Row("ln x",                   np.log,                                     0.0, (inf, -inf, inf), 4.0, sympy.log(S)),
    Row("√x²",                    lambda x: np.sqrt(x**2),                    0.0, LOST, -4.0, -S),
    Row("(∛x)³",                  lambda x: np.cbrt(x) ** 3,                  0.0, LOST, 4.0, S),
    Row("1/(1/x + 1)",            lambda x: 1 / (1 / x + 1),                  0.0, LOST, 4.0, S / (S + 1), at_floats=False),
    Row("1/(1/x + 1) by NumPy",   lambda x: np.reciprocal(np.reciprocal(x) + 1), 0.0, LOST, 4.0, S / (S + 1)),
    Row("x ln x",                 lambda x: x * np.log(x),                    0.0, LOST, 4.0, S * sympy.log(S)),
    # Branches: what was not taken is absent.
    Row("where √",                lambda x: revdiff.where(x > 0, np.sqrt(x), 0.0),          0.0, FLAT, 4.0, sympy.sqrt(S)),
    Row("where √-x",              lambda x: revdiff.where(x >= 0, x, np.sqrt(-x)),          1.0, ONE, -4.0, sympy.sqrt(-S)),
    Row("where x ln x",           lambda x: revdiff.where(x > 0, x * np.log(x), 0.0),       0.0, FLAT, 4.0, S * sympy.log(S)),
    Row("where x/x",              lambda x: revdiff.where(x != 0, np.divide(x, x), 1.0),    0.0, FLAT, 4.0, sympy.Integer(1)),
    Row("where e^(-1/x²)",        lambda x: revdiff.where(x != 0, np.exp(-np.reciprocal(x * x)), 0.0), 0.0, FLAT, 1.0, sympy.exp(-1 / S**2)),
    Row("select √",               lambda x: np.select([x > 0], [np.sqrt(x)], 0.0),          0.0, FLAT, 4.0, sympy.sqrt(S)),
    Row("max(√x, 1)",             lambda x: np.maximum(np.sqrt(x), 1.0),                    0.0, FLAT, 4.0, sympy.sqrt(S)),
    Row("fmax(√x, 1)",            lambda x: np.fmax(np.sqrt(x), 1.0),                       0.0, FLAT, 4.0, sympy.sqrt(S)),
    Row("min(-√x, -1)",           lambda x: np.minimum(-np.sqrt(x), -1.0),                  0.0, FLAT, 4.0, -sympy.sqrt(S)),
    Row("clip √",                 lambda x: np.clip(np.sqrt(x), 1.0, 9.0),                  0.0, FLAT, 4.0, sympy.sqrt(S)),
    Row("√ of a clip",            lambda x: np.sqrt(np.clip(x, 1.0, 9.0)),                  0.0, FLAT, 4.0, sympy.sqrt(S)),
    Row("nan_to_num ln",          lambda x: np.nan_to_num(np.log(x), neginf=0.0),           0.0, FLAT, 4.0, sympy.log(S)),
    # Overflow: what settles far out has slope 0 there.
    Row("logistic",               logistic,                                   -1000.0, FLAT, 1.0, SIGMOID),
    Row("logistic, far right",    logistic,                                   1000.0,  FLAT, 1.0, SIGMOID),
    Row("logistic²",              lambda x: 1 / (1 + np.exp(-x)) ** 2,        -1000.0, FLAT, 1.0, SIGMOID**2),
    Row("x logistic",             lambda x: x / (1 + np.exp(-x)),             -1000.0, FLAT, 1.0, S * SIGMOID),
    Row("1/(x eˣ)",               lambda x: 1 / (x * np.exp(x)),              1000.0,  FLAT, 1.0, sympy.exp(-S) / S),
    Row("x³/(eˣ - 1)",            lambda x: x**3 / np.expm1(x),               1000.0,  FLAT, 1.0, S**3 / (sympy.exp(S) - 1)),
    Row("1/(1 + 2ˣ)",             lambda x: 1 / (1 + np.exp2(x)),             2000.0,  FLAT, 1.0, 1 / (1 + 2**S)),
    Row("1/(1 + 2.0 ** x)",       lambda x: 1 / (1 + np.float64(2.0) ** x),   2000.0,  FLAT, 1.0, 1 / (1 + 2**S), at_floats=False),
    Row("1/cosh x",               lambda x: 1 / np.cosh(x),                   -1000.0, FLAT, 1.0, 1 / sympy.cosh(S)),
    Row("1/sinh x",               lambda x: 1 / np.sinh(x),                   1000.0,  FLAT, 1.0, 1 / sympy.sinh(S)),
    Row("tanh sinh x",            lambda x: np.tanh(np.sinh(x)),              1000.0,  FLAT, 0.5, sympy.tanh(sympy.sinh(S))),
    Row("arctan eˣ",              lambda x: np.arctan(np.exp(x)),             1000.0,  FLAT, 1.0, sympy.atan(sympy.exp(S))),
    Row("e^-eˣ",                  lambda x: np.exp(-np.exp(x)),               1000.0,  FLAT, 1.0, sympy.exp(-sympy.exp(S))),
    Row("e^-x²",                  lambda x: np.exp(-x * x),                   1e200,   FLAT, 1.0, sympy.exp(-(S**2))),
    Row("1/(1 + x²⁰)",            lambda x: 1 / (1 + x**20),                  1e20,    FLAT, 1.0, 1 / (1 + S**20), at_floats=False),
    Row("1/(1 + x²⁰), far left",  lambda x: 1 / (1 + x**20),                  -1e20,   FLAT, 1.0, 1 / (1 + S**20), at_floats=False),
    Row("1/Γ",                    lambda x: 1 / revdiff.gamma(x),             200.0,   FLAT, 1.0, 1 / sympy.gamma(S), at_floats=False),
    Row("ln(eˣ + 1) by its name", lambda x: np.logaddexp(x, 0.0),             1000.0,  ONE,  1.0, sympy.log(1 + sympy.exp(S))),
    # Where the value itself overflows, so may its slope: 0 would be wrong, and 1 is not known.
    Row("ln(1 + eˣ)",             lambda x: np.log(1 + np.exp(x)),            1000.0,  LOST, 1.0, sympy.log(1 + sympy.exp(S))),
    Row("log1p eˣ",               lambda x: np.log1p(np.exp(x)),              1000.0,  LOST, 1.0, sympy.log(1 + sympy.exp(S))),
    Row("√(1 + sinh²x)",          lambda x: np.sqrt(1 + np.sinh(x) ** 2),     1000.0,  LOST, 1.0, sympy.cosh(S)),
    Row("ln eˣ",                  lambda x: np.log(np.exp(x)),                1000.0,  LOST, 1.0, S),
]
# fmt: on
each = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
orders = pytest.mark.parametrize("order", ORDERS)


def assert_same(found: Any, expected: Any) -> None:
    """Compare numbers, NaN and infinities among them."""
    np.testing.assert_allclose(np.asarray(found, float), np.asarray(expected, float), rtol=1e-9, atol=1e-12)


@orders
@pytest.mark.parametrize("row", [row for row in ROWS if row.at_floats], ids=lambda row: row.name)
def test_a_float(row, order):
    found = quiet(nth_derivative(row.function, order))(row.at)
    assert isinstance(found, float)
    assert_same(found, row.expected[order - 1])


@orders
@each
def test_a_number_of_numpy(row, order):
    assert_same(quiet(nth_derivative(row.function, order))(np.float64(row.at)), row.expected[order - 1])


@orders
@each
def test_an_array_with_ordinary_neighbours_that_stay_right(row, order):
    x = np.array([[row.near, row.at], [row.at, row.near]])
    here, beside = row.expected[order - 1], row.beside(order)
    assert_same(quiet(nth_derivative(row.function, order))(x), [[beside, here], [here, beside]])


@pytest.mark.parametrize("row", [row for row in ROWS if not math.isnan(row.expected[0])], ids=lambda row: row.name)
def test_a_sum_over_an_array_and_the_derivative_along_a_vector(row):
    x, v = np.array([row.at, row.near]), np.array([1.0, 10.0])
    expected = np.array([row.expected[0], row.beside(1)])
    assert_same(quiet(grad(lambda x: np.sum(row.function(x))))(x), expected)
    assert_same(quiet(lambda: jvp(row.function, x, v)[1])(), expected * v)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.longdouble, np.complex64, np.complex128])
def test_other_dtypes_settle_as_well(dtype):
    far = dtype(-20000)
    found = quiet(grad(lambda x: np.sum(logistic(x).real)))(np.array([far, 0.0], dtype))
    assert found.dtype == dtype
    assert found.tolist() == [0.0, 0.25]


# What was not taken, on its way through other functions. Of √x at (0, 4, 0, 1) only the roots of 4 and 1 are ever used.

X = np.array([0.0, 4.0, 0.0, 1.0])
USED = X > 0


def root(x: Any) -> Any:
    """√x; at 0 its slope is infinite."""
    return np.sqrt(x)


def assigned(x: Any) -> Any:
    y = root(x)
    y[~USED] = 0.0
    return y


def contributions(x: Any) -> Any:
    y = root(x)
    return y[1] + np.sum(y[3:]) + 2 * y[3] - np.sum(y[[3, 3]])


def in_a_record(x: Any) -> Any:
    pair = revdiff.join({"unused": root(x[0]), "used": root(x[1])})
    return pair["used"] + root(x[3])


# fmt: off
CHAINS = {
    "where":                 lambda x: np.where(USED, root(x), 0.0),
    "where in where":        lambda x: np.where(USED, np.where(USED, root(x), np.log(x)), 0.0),
    "where that repeats":    lambda x: np.where(np.broadcast_to(USED, (2, 4)), root(x), 0.0) / 2,
    "select":                lambda x: np.select([USED], [root(x)], 0.0),
    "choose":                lambda x: np.choose(USED.astype(int), [np.zeros(4), root(x)]),
    "piecewise":             lambda x: np.piecewise(x, [USED], [root, 0.0]),
    "piecewise after":       lambda x: np.piecewise(root(x), [USED], [lambda y: y, 0.0]),
    "mask":                  lambda x: root(x)[USED],
    "index":                 lambda x: root(x)[1] + root(x)[3],
    "integers":              lambda x: root(x)[[1, 3, 1]] * [0.5, 1.0, 0.5],
    "slice":                 lambda x: root(x)[1::2],
    "slice of a slice":      lambda x: root(x)[1:][::2],
    "assignment":            assigned,
    "take":                  lambda x: np.take(root(x), [1, 3]),
    "take_along_axis":       lambda x: np.take_along_axis(root(x), np.array([1, 3]), 0),
    "compress":              lambda x: np.compress(USED, root(x)),
    "extract":               lambda x: np.extract(USED, root(x)),
    "split":                 lambda x: np.concatenate(np.split(root(x), 4)[1::2]),
    "iteration":             lambda x: sum(y for i, y in enumerate(root(x)) if i % 2),
    "item":                  lambda x: root(x)[1].item() + root(x).item(3),
    "tolist":                lambda x: sum(root(x).tolist()[1::2]),
    "list of parts":         lambda x: np.array([root(x[0]), root(x[1]), root(x[3])])[1:],
    "stack of parts":        lambda x: np.stack([root(x[0]), root(x[1]), root(x[3])])[1:],
    "array of objects":      lambda x: np.array([root(x[i]) for i in range(4)], object)[USED],
    "record":                in_a_record,
    "if and else":           lambda x: sum(root(x[i]) if x[i] > 0 else 0.0 for i in range(4)),
    "negative":              lambda x: -(-root(x))[USED],
    "sum and difference":    lambda x: (1 - (1 - root(x) + 2) + 2)[USED],
    "elementwise rules":     lambda x: (np.exp(np.log(2 * root(x))) / 2)[USED],
    "broadcasting":          lambda x: (root(x)[:, None] * np.ones(2))[USED] / 2,
    "broadcast_to":          lambda x: np.broadcast_to(root(x), (2, 4))[:, USED] / 2,
    "a sum that repeats":    lambda x: (root(x) + np.zeros((2, 4)))[:, USED] / 2,
    "astype":                lambda x: root(x).astype(np.longdouble)[USED],
    "complex":               lambda x: np.real((root(x) + 0j)[USED]),
    "real":                  lambda x: np.real(root(x) + 0j)[USED],
    "imag":                  lambda x: np.imag(1j * root(x))[USED],
    "conjugate":             lambda x: np.real(np.conj(root(x) + 0j))[USED],
    "reshape":               lambda x: root(x).reshape(2, 2)[:, 1],
    "transpose":             lambda x: root(x).reshape(2, 2).T[1],
    "concatenate":           lambda x: np.concatenate([root(x), x])[:4][USED],
    "stack":                 lambda x: np.stack([root(x), x])[0, USED],
    "flip":                  lambda x: np.flip(root(x))[::2],
    "roll":                  lambda x: np.roll(root(x), 1)[::2],
    "repeat":                lambda x: np.repeat(root(x), 2)[np.repeat(USED, 2)] / 2,
    "pad":                   lambda x: np.pad(root(x), 1)[1:-1][USED],
    "diag":                  lambda x: np.diag(np.diag(root(x)))[USED],
    "sort":                  lambda x: np.sort(root(x))[2:],
    "sum of rows":           lambda x: np.sum(root(x)[:, None], axis=1)[USED],
    "mean of rows":          lambda x: np.mean(root(x)[:, None], axis=1, keepdims=True)[USED],
    "sum where":             lambda x: np.sum(root(x), where=USED),
    "product of rows":       lambda x: np.prod(root(x)[:, None], axis=1)[USED],
    "largest of rows":       lambda x: np.max(root(x)[:, None], axis=1)[USED],
    "largest":               lambda x: np.max(root(x)) + root(x)[3],
    "median":                lambda x: np.median(root(x)[:, None], axis=1)[USED],
    "cumulated sum":         lambda x: np.cumsum(root(x)[[1, 3, 0, 2]])[1],
    "rows of a product":     lambda x: (root(x)[:, None] @ np.ones((1, 2)))[USED] / 2,
    "columns of a product":  lambda x: (np.ones((2, 1)) @ root(x)[None])[:, USED] / 2,
    "nansum":                lambda x: np.nansum(np.where(USED, root(x), nan)),
    "nan_to_num":            lambda x: np.nan_to_num(np.where(USED, root(x), inf), posinf=0.0),
    "maximum":               lambda x: np.maximum(root(x), 0.5),
    "contributions":         contributions,
}
# fmt: on
chains = pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS.keys())


def total(chain: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return the sum of all that a chain returns."""
    return quiet(lambda x: np.sum(chain(x)))


@orders
@chains
def test_absence_survives(chain, order):
    coefficient = float(sympy.ff(sympy.Rational(1, 2), order))
    expected = [0.0, coefficient * 4.0 ** (0.5 - order), 0.0, coefficient]
    f = total(chain)
    for _ in range(order - 1):
        f = total(grad(f))
    assert_same(quiet(grad(f))(X), expected)


@chains
def test_absence_survives_in_the_hessian_and_along_a_vector(chain):
    assert_same(hessian(total(chain))(X), np.diag([0.0, -1 / 32, 0.0, -1 / 4]))
    assert_same(quiet(lambda: jvp(total(chain), X, np.array([1.0, 8.0, 1.0, 2.0]))[1])(), 3.0)


def test_what_is_present_beside_what_is_absent_is_present():
    """Of √x at 0 the mask takes nothing, and the sum takes it: the slope is infinite."""

    def some(x: Any) -> Any:
        y = root(x)
        return np.sum(y[USED]) + y[0]

    def all_of_them(x: Any) -> Any:
        y = root(x)
        return np.sum(np.where(USED, y, 0)) + np.sum(y)

    assert_same(grad(some)(X), [inf, 0.25, 0.0, 0.5])
    assert_same(grad(all_of_them)(X), [inf, 0.5, inf, 1.0])


def test_a_zero_that_was_computed_is_present():
    assert_same(quiet(grad(lambda x: np.sum(root(x) * USED)))(X), [nan, 0.25, nan, 0.5])


def test_every_row_of_a_jacobian_leaves_out_what_it_does_not_use():
    assert_same(quiet(jacobian(root))(X)[USED], [[0, 0.25, 0, 0], [0, 0, 0, 0.5]])
    assert_same(quiet(jacobian(lambda x: root(x)[USED]))(X), [[0, 0.25, 0, 0], [0, 0, 0, 0.5]])


def test_pullbacks_of_float32_and_of_complex_arrays_leave_out_what_was_not_taken():
    f = quiet(lambda x: root(x)[USED])
    for dtype in (np.float16, np.float32, np.longdouble, np.complex64, np.complex128):
        gradient = vjp(f, X.astype(dtype))[1](np.ones(2, dtype))
        assert gradient.dtype == dtype
        assert gradient.tolist() == [0.0, 0.25, 0.0, 0.5]


@pytest.mark.parametrize("number", [mpmath.mpf, Fraction])
def test_arrays_of_other_numbers_leave_out_what_was_not_taken(number):
    x = np.array([number(0), number(4)])
    f = lambda x: np.sum((1 / np.where(x == 0, 1, x))[x != 0]) + np.sum(np.where(x > 0, x * x, x))
    assert grad(f)(x).tolist() == [number(1), number(8) - number(1) / 16]
    slopes = grad(lambda x: np.sum((x * x)[x > 0]))(x).tolist()
    assert slopes == [0, 8]
    assert all(type(slope) is number for slope in slopes)


def test_the_root_of_an_mpmath_zero_in_an_array_is_left_out():
    x = np.array([mpmath.mpf(0), mpmath.mpf(4)])
    assert grad(lambda x: np.sum(np.sqrt(x)[x > 0]))(x).tolist() == [0, mpmath.mpf("0.25")]


def test_nothing_taken_at_all_is_zero():
    assert grad(lambda x: np.sum(root(x)[x > 9]))(X).tolist() == [0.0] * 4
    assert grad(lambda x: np.sum(np.where(x > 9, root(x), 0)))(X).tolist() == [0.0] * 4
    assert grad(lambda x: np.sum(np.maximum(root(x), 9)))(X).tolist() == [0.0] * 4
    assert jacobian(lambda x: root(x)[x > 9])(X).shape == (0, 4)


def test_empty_arrays_have_empty_gradients():
    for f in (np.sum, np.prod, lambda x: np.sum(root(x)[x > 0]), lambda x: np.sum(logistic(x))):
        assert grad(f)(np.zeros(0)).shape == (0,)
    assert hessian(lambda x: np.sum(root(x)[x > 0]))(np.zeros(0)).shape == (0, 0)


@orders
def test_a_symbolic_branch_is_right_where_the_other_has_an_infinite_slope(order):
    formula = nth_derivative(lambda x: revdiff.where(x > 0, revdiff.sqrt(x), 0), order)(S)
    assert formula.subs(S, 0) == 0
    assert formula.subs(S, 4) == sympy.diff(sympy.sqrt(S), S, order).subs(S, 4)
    formula = nth_derivative(lambda x: revdiff.where(x > 0, x**3, revdiff.sqrt(-x)), order)(S)
    assert formula.subs(S, 2) == sympy.diff(S**3, S, order).subs(S, 2)
    assert formula.subs(S, -4) == sympy.diff(sympy.sqrt(-S), S, order).subs(S, -4)


def test_a_symbolic_branch_within_a_branch():
    f = lambda x: revdiff.where(x < 4, revdiff.where(x > 0, revdiff.sqrt(x), 0), 2) * 2
    formula = simple_derivative(f)(S)
    assert [formula.subs(S, x) for x in (-1, 0, 1, 4, 9)] == [0, 0, 1, 0, 0]


# Overflow.


def test_overflow_leaves_neighbours_alone_in_sums_and_products():
    """Rows of exp in one array: one overflows, and with it everything that is divided by its sum."""
    x = np.array([[1000.0, 1.0], [0.5, 0.25]])
    e = np.exp(x[1])
    slope = -e / (1 + e.sum()) ** 2
    assert_same(quiet(grad(lambda x: np.sum(1 / (1 + np.sum(np.exp(x), axis=1)))))(x), [[0, 0], slope])
    assert_same(quiet(grad(lambda x: np.sum(1 / (1 + np.exp(x) @ np.ones(2)))))(x), [[0, 0], slope])
    assert_same(quiet(grad(lambda x: 1 / (1 + np.einsum("ij->", np.exp(x)))))(x), np.zeros((2, 2)))


def test_a_pole_is_no_overflow():
    """1/x at 0 and e¹⁰⁰⁰ are both inf, but 1/(1 + 1/x) = x/(1 + x) has slope 1 at 0: nobody knows, and nobody says 0."""
    x = np.array([0.0, 1000.0])
    slopes = quiet(grad(lambda x: np.sum(1 / (1 + np.stack([1 / x[0], np.exp(x[1])])))))(x)
    assert_same(slopes, [nan, 0.0])
    assert_same(quiet(grad(lambda x: 1 / (1 / x[0] + 1 / x[1])))(np.array([0.0, 2.0])), [nan, 0.0])
    assert_same(quiet(simple_derivative(lambda x: 1 / revdiff.gamma(x)))(np.array([-3.0])), [nan])


def test_a_zero_from_elsewhere_is_not_taken_for_a_faint_one():
    """c eˣ at c = 0 and x = 1000 is 0·inf."""
    slopes = quiet(grad(lambda c, x: np.sum(c * np.exp(x)), argnums=(0, 1)))(np.zeros(1), np.full(1, 1000.0))
    assert slopes[0] == [inf]
    assert np.isnan(slopes[1])


@pytest.mark.parametrize(
    "f", [np.log, np.sqrt, np.arctan, np.tanh, np.reciprocal, lambda x: 1 / x, lambda x: np.exp(-x)]
)
def test_slopes_at_infinity_are_zero(f):
    assert quiet(simple_derivative(f))(np.array([inf])) == [0.0]


def test_the_log_of_a_sum_of_exponentials():
    x = np.array([1000.0, 0.0, 1000.0])

    def shifted(x: Any) -> Any:
        top = np.max(x)
        return top + np.log(np.sum(np.exp(x - top)))

    assert_same(grad(shifted)(x), [0.5, 0.0, 0.5])
    assert_same(hessian(shifted)(x), [[0.25, 0, -0.25], [0, 0, 0], [-0.25, 0, 0.25]])
    assert_same(grad(np.logaddexp.reduce)(x), [0.5, 0.0, 0.5])
    assert_same(quiet(grad(lambda x: np.log(np.sum(np.exp(x)))))(np.array([1000.0, 0.0])), [nan, 0.0])


def test_softmax_far_out():
    def softmax(x: Any) -> Any:
        e = np.exp(x - np.max(x))
        return e / np.sum(e)

    expected = [[0.25, 0, -0.25], [0, 0, 0], [-0.25, 0, 0.25]]
    assert_same(jacobian(softmax)(np.array([1000.0, 0.0, 1000.0])), expected)
    assert np.isfinite(jacobian(jacobian(softmax))(np.array([1000.0, -1000.0, 0.0]))).all()


def test_numpy_on_a_float_goes_on_where_math_raises():
    with pytest.warns(RuntimeWarning, match="overflow"):
        assert simple_derivative(logistic)(-1000.0) == 0.0
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        assert simple_derivative(np.log)(0.0) == inf
    with pytest.warns(RuntimeWarning, match="invalid value"):
        assert math.isnan(simple_derivative(np.arccos)(2.0))
    with pytest.raises(OverflowError):
        simple_derivative(revdiff.exp)(1000.0)
    with pytest.raises(ValueError, match="math domain error"):
        simple_derivative(revdiff.log)(0.0)


# Reductions, ties and NaN.


@dataclass(frozen=True)
class Reduction:
    """A function of an array with a number as its result, a point, and its gradient and Hessian there."""

    name: str
    function: Callable[[Any], Any]
    at: Any
    gradient: Any
    hessian: Any = None


def rows(function: Callable[..., Any]) -> Callable[[Any], Any]:
    """Return the sum over all rows."""
    return lambda x: np.sum(function(x, axis=1))


norm = np.linalg.norm


Z2, Z3 = np.zeros((2, 2)), np.zeros((3, 3))

# fmt: off
REDUCTIONS = [
    Reduction("norm at 0",                  norm,                                [0, 0], [0, 0], Z2),
    Reduction("norm²at 0",                  lambda x: norm(x) ** 2,              [0, 0], [0, 0]),
    Reduction("norm of a zero row",         rows(norm),                          [[0, 0], [3, 4]], [[0, 0], [0.6, 0.8]]),
    Reduction("1-norm",                     lambda x: norm(x, 1),                [0, -2], [0, -1], Z2),
    Reduction("3-norm at 0",                lambda x: norm(x, 3),                [0, 0], [0, 0], Z2),
    Reduction("Frobenius norm at 0",        norm,                                Z2, Z2),
    Reduction("std of equal numbers",       np.std,                              [1, 1, 1], [0, 0, 0], Z3),
    Reduction("std of equal rows",          rows(np.std),                        [[1, 1], [3, 5]], [[0, 0], [-0.5, 0.5]]),
    Reduction("var of equal numbers",       np.var,                              [1, 1], [0, 0], [[0.5, -0.5], [-0.5, 0.5]]),
    Reduction("product with one zero",      np.prod,                             [1, 0, 3], [0, 3, 0], [[0, 3, 0], [3, 0, 1], [0, 1, 0]]),
    Reduction("product with two zeros",     np.prod,                             [0, 0, 3], [0, 0, 0], [[0, 3, 0], [3, 0, 0], [0, 0, 0]]),
    Reduction("product of zeros",           np.prod,                             [0, 0, 0], [0, 0, 0], Z3),
    Reduction("cumulated product",          lambda x: np.sum(np.cumprod(x)),     [2, 0, 3], [1, 8, 0], [[0, 4, 0], [4, 0, 2], [0, 2, 0]]),
    Reduction("cumulated product of zeros", lambda x: np.sum(np.cumprod(x)),     [0, 0, 3], [1, 0, 0], [[0, 4, 0], [4, 0, 0], [0, 0, 0]]),
    Reduction("max of a tie",               np.max,                              [1, 1, 0], [0.5, 0.5, 0], Z3),
    Reduction("min of a tie",               np.min,                              [1, 0, 0], [0, 0.5, 0.5], Z3),
    Reduction("max over an axis",           lambda x: np.sum(np.max(x, axis=0)), [[1, 2], [1, 0]], [[0.5, 1], [0.5, 0]]),
    Reduction("max over both axes",         lambda x: np.max(x, axis=(0, 1)),    [[2, 2], [2, 0]], [[1 / 3, 1 / 3], [1 / 3, 0]]),
    Reduction("max of a NaN",               np.max,                              [1, nan, 2], [0, 1, 0]),
    Reduction("max of rows, one of NaN",    lambda x: np.max(x, axis=1)[1],      [[1, nan], [1, 0]], [[0, 0], [1, 0]]),
    Reduction("maximum of a NaN",           lambda x: np.sum(np.maximum(x, 1)),  [nan, 2, 0], [1, 1, 0]),
    Reduction("fmax of a NaN",              lambda x: np.sum(np.fmax(x, 1)),     [nan, 2, 0], [0, 1, 0]),
    Reduction("ptp of a tie",               np.ptp,                              [1, 1, 3], [-0.5, -0.5, 1]),
    Reduction("median of two in the middle", np.median,                          [1, 2, 3, 4], [0, 0.5, 0.5, 0]),
    Reduction("median of a tie",            np.median,                           [1, 2, 2], [0, 0.5, 0.5]),
    Reduction("median of equal numbers",    np.median,                           [2, 2, 2], [1 / 3, 1 / 3, 1 / 3]),
    Reduction("percentile of a tie",        lambda x: np.percentile(x, 25),      [1, 1, 2, 2, 3], [0.5, 0.5, 0, 0, 0]),
    Reduction("sort of a tie",              lambda x: np.sort(x)[0],             [2, 1, 1], [0, 0.5, 0.5], Z3),
    Reduction("nansum",                     lambda x: np.nansum(x * x),          [1, nan], [2, 0], [[2, 0], [0, 0]]),
    Reduction("nansum of roots",            lambda x: np.nansum(np.sqrt(x)),     [4, -1], [0.25, 0], [[-1 / 32, 0], [0, 0]]),
    Reduction("nansum of a row of NaN",     rows(np.nansum),                     [[nan, nan], [1, 2]], [[0, 0], [1, 1]]),
    Reduction("nanmean",                    lambda x: np.nanmean(x * x),         [1, nan, 3], [1, 0, 3], np.diag([1.0, 0, 1])),
    Reduction("nanprod",                    lambda x: np.nanprod(x * x),         [1, nan, 3], [18, 0, 6]),
    Reduction("nanvar",                     np.nanvar,                           [1, nan, 3], [-1, 0, 1]),
    Reduction("nanstd",                     np.nanstd,                           [1, nan, 3], [-0.5, 0, 0.5]),
    Reduction("nanmax",                     lambda x: np.nanmax(x * x),          [1, nan, 3], [0, 0, 6]),
    Reduction("nanmedian",                  np.nanmedian,                        [1, nan, 3], [0.5, 0, 0.5]),
    Reduction("nancumsum",                  lambda x: np.sum(np.nancumsum(x * x)), [1, nan, 3], [6, 0, 6]),
    Reduction("0/0 in a branch",            lambda x: np.sum(np.where(x != 0, x * x / x, 0)), [0, 2], [0, 1], Z2),
    Reduction("a row scaled to length 1",   lambda x: np.sum(np.where(norm(x, axis=1, keepdims=True) > 0, x / norm(x, axis=1, keepdims=True), 0)),
              [[0, 0], [3, 4]], [[0, 0], [4 / 125, -3 / 125]]),
    Reduction("interp at and beyond ends",  lambda x: np.sum(np.interp(x, [0, 1, 2], [0, 1, 4])), [-1, 0.5, 1.5, 3], [0, 1, 3, 0]),
    Reduction("hypot at the origin",        lambda p: np.hypot(p[0], p[1]),      [0, 0], [0, 0], Z2),
    Reduction("arctan2 at the origin",      lambda p: np.arctan2(p[0], p[1]),    [0, 0], [0, 0], Z2),
]
# fmt: on


@pytest.mark.parametrize("case", REDUCTIONS, ids=lambda case: case.name)
def test_reductions(case):
    x = np.array(case.at, float)
    assert_same(quiet(grad(case.function))(x), case.gradient)
    if case.hessian is not None:
        assert_same(quiet(hessian(case.function))(x), case.hessian)


def test_a_product_of_zeros_has_all_its_third_derivatives():
    third = jacobian(hessian(np.prod))(np.zeros(3))
    assert_same(third, [[[float({i, j, k} == {0, 1, 2}) for k in range(3)] for j in range(3)] for i in range(3)])


@pytest.mark.parametrize(("y", "slopes"), [(0.0, (0, 0)), (0.5, (inf, 0)), (1.0, (1, 0)), (1.5, (0, 0)), (2.0, (0, 0))])
def test_zero_to_a_power_that_varies(y, slopes):
    assert grad(lambda x, y: x**y, argnums=(0, 1))(0.0, y) == slopes
    found = grad(lambda x, y: np.sum(x**y), argnums=(0, 1))(np.array([0.0, 2.0]), np.array([y, 1.0]))
    assert_same([d[0] for d in found], slopes)
    assert_same([d[1] for d in found], [1.0, 2 * math.log(2)])


def test_a_slope_at_a_corner_is_a_convention_which_a_second_derivative_does_not_see():
    """|x|² is x², but its second derivative is made of that of |x|, which is 0 at 0."""
    assert nth_derivative(lambda x: abs(x) ** 2, 2)(0.0) == 0.0
    assert nth_derivative(lambda x: abs(x) ** 2, 2)(1.0) == 2.0


@pytest.mark.parametrize(
    "f",
    [
        lambda x: 1 / (1 + 1 / np.sin(x)),  # sin x/(1 + sin x), whose slope at 0 is 1
        lambda x: 1 / (1 + 1 / (x * np.cos(x))),
        lambda x: 1 / (1 + np.exp(x) / np.sin(x)),
        lambda x: 1 / (1 + 1 / (2 * np.sinh(x))),
    ],
)
def test_a_pole_behind_another_function_is_never_zero_in_silence(f):
    """What a faint zero and a pole have made is NaN, and stays it through the steps before."""
    with np.errstate(all="ignore"):
        slopes = grad(lambda x: f(x).sum())(np.array([0.0, 0.5]))
        of_sum = grad(lambda x: f(x.sum()))(np.array([0.25, -0.25]))
    assert np.isnan(slopes[0])
    assert np.isfinite(slopes[1])
    assert np.isnan(of_sum).all()


def test_a_faint_zero_that_meets_an_overflow_in_a_quotient_is_zero_and_at_a_pole_nan():
    f = lambda x, y: (1 / (1 + np.exp(x) / y)).sum()
    with np.errstate(all="ignore"):
        by_x, by_y = grad(f, (0, 1))(np.array([1e5, 1.0, 0.5]), np.array([0.0, 0.0, 2.0]))
    expected = -np.exp(0.5) / 2 / (1 + np.exp(0.5) / 2) ** 2
    np.testing.assert_allclose(by_x, [0.0, np.nan, expected])
    np.testing.assert_allclose(by_y, [0.0, np.nan, -expected / 2])
