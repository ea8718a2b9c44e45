"""Polynomials: arrays of coefficients, from that of the highest power down."""

from __future__ import annotations

import numpy as np
import pytest

import revdiff
from revdiff import grad, init_diff, jacobian, simple_derivative, vjp
from tests.oracles import assert_array_rule, assert_dtypes_are_kept, assert_same_array, assert_vjp

P = np.array([2.0, -3.0, 0.5, 1.0])
Q = np.array([0.75, 4.0])
X = np.array([[0.5, -1.5], [2.0, 0.0]])

OF_TWO = {
    "polyadd": np.polyadd,
    "polyadd, the longer last": lambda p, q: np.polyadd(q, p),
    "polyadd of a number": lambda p, q: np.polyadd(p, q[0]),
    "polysub": np.polysub,
    "polysub, the longer last": lambda p, q: np.polysub(q, p),
    "polymul": np.polymul,
    "quotient": lambda p, q: np.polydiv(p, q)[0],
    "remainder": lambda p, q: np.polydiv(p, q)[1],
    "remainder of a square": lambda p, q: np.polydiv(p, np.polymul(q, q))[1],
    "quotient by what is longer": lambda p, q: np.polydiv(q, p)[0],
    "remainder by what is longer": lambda p, q: np.polydiv(q, p)[1],
}


@pytest.mark.parametrize("f", OF_TWO.values(), ids=OF_TWO)
def test_arithmetic_is_numpys_and_all_its_derivatives_agree_with_central_differences(f):
    assert_array_rule(f, P, Q)


OF_ONE = {
    "polyder": np.polyder,
    "polyder twice": lambda p: np.polyder(p, 2),
    "polyder more often than the degree": lambda p: np.polyder(p, m=5),
    "polyder not at all": lambda p: np.polyder(p, 0),
    "polyint": np.polyint,
    "polyint twice": lambda p: np.polyint(p, 2, k=[3.0, 4.0]),
    "polyint with one constant": lambda p: np.polyint(p, m=2, k=3.0),
    "poly": np.poly,
    "polyval at numbers": lambda p: np.polyval(p, [1.0, 2.0]),
}


@pytest.mark.parametrize("f", OF_ONE.values(), ids=OF_ONE)
def test_functions_of_one_are_numpys_and_all_derivatives_agree_with_central_differences(f):
    assert_array_rule(f, P)
    assert_dtypes_are_kept(f, P)


def test_polyval():
    assert_array_rule(np.polyval, P, X)
    assert_array_rule(np.polyval, P, np.array(1.5))
    assert_array_rule(np.polyval, P + 1j, X * (1 - 2j), order=2)


def test_horners_scheme_on_numbers():
    # x³ + 2x + x  →  3x² + 3
    assert simple_derivative(lambda x: np.polyval([x, 2.0, x], x))(3.0) == 3 * 9 + 2 * 1 + 1
    for p, x in (([1, 2], 3), (np.float32([1, 2]), np.float32(3)), ([1.0, 2.0], np.float32([1, 2]))):
        assert_same_array(np.polyval(p, init_diff(x)).value, np.polyval(p, x))


def test_the_constants_of_integration_have_cotangents():
    assert_vjp(lambda p, k: np.polyint(p, 2, k), P, np.array([1.0, 2.0]))
    with pytest.raises(ValueError, match="an integral of order 3 has 3 constants; met 2"):
        np.polyint(init_diff(P), 3, [1.0, 2.0])


@pytest.mark.parametrize(
    "p",
    [[1.0, -6.0, 11.0, -6.0], [2.0, 0.0, 3.0, 1.0], [0.0, 1.0, -3.0, 2.0], [1.0, -3.0, 2.0, 0.0], [3.0], [1.0, 2.0]],
)
def test_roots_are_numpys_and_all_their_derivatives_agree_with_central_differences(p):
    p = np.array(p)
    if p[0]:
        assert_array_rule(np.roots, p, wide=float, order=2)
    value, pullback = vjp(np.roots, p)
    assert_same_array(value, np.roots(p))
    assert pullback(np.ones(value.shape, value.dtype)).dtype == np.float64


def test_the_roots_of_complex_polynomials():
    assert_array_rule(np.roots, np.array([1 + 1j, 2.0, -3j, 0.5]), wide=float, order=2)


def test_the_derivative_of_a_root_is_that_of_the_formula():
    # x² + px + q:  x = -p/2 ± √(p²/4 - q)
    p, q = 3.0, -4.0
    slopes = jacobian(lambda c: np.roots([1.0, c[0], c[1]]))(np.array([p, q]))
    root = np.sqrt(p * p / 4 - q)
    expected = {(-0.5 + p / 4 / root, -0.5 / root), (-0.5 - p / 4 / root, 0.5 / root)}
    assert {tuple(row) for row in np.round(slopes, 12)} == {tuple(np.round(row, 12)) for row in expected}


def test_a_double_root_has_no_derivative():
    assert not np.any(np.isfinite(grad(lambda p: np.sum(np.roots(p).real))(np.array([1.0, 0.0, 0.0]))[2:]))


def test_poly_makes_a_polynomial_of_its_roots():
    roots = np.array([1 + 2j, 1 - 2j, 3.0])
    assert_same_array(vjp(np.poly, roots)[0], np.poly(roots))
    assert np.poly(init_diff(roots)).dtype == float
    assert_array_rule(np.poly, np.array([1 + 2j, 3j]), order=2)
    assert_same_array(np.poly(init_diff(np.array([1, 2]))).value, np.poly([1, 2]))
    assert np.poly(init_diff(np.array([]))) == np.poly([]) == 1.0


def test_a_poly1d_makes_the_result_one():
    p, r = np.poly1d([1.0, 2.0]), init_diff(np.array([3.0, 4.0]))
    for f in (np.polyadd, np.polysub, np.polymul):
        result = f(p, r)
        assert isinstance(result, np.poly1d)
        np.testing.assert_array_equal(result.coeffs.value, f(p, r.value).coeffs)
    quotient, remainder = np.polydiv(p, r)
    assert isinstance(quotient, np.poly1d)
    assert isinstance(remainder, np.poly1d)


def test_a_poly1d_may_hold_revdiffs():
    def f(x):
        p = np.poly1d(x)
        return (p * p + p)(2.0) + p.deriv()(1.0) + np.polyval(p, np.poly1d([1.0, 1.0]))(3.0)

    x = np.array([0.5, -2.0, 3.0])
    assert np.isclose(vjp(f, x)[0], f(x))
    assert_vjp(f, x)


def test_leading_zeros_of_a_product_are_left_out_as_in_numpy():
    for p, q in (([0.0, 0.0, 1.0], [2.0, 3.0]), ([0.0, 0.0], [1.0, 2.0])):
        assert_same_array(np.polymul(init_diff(np.array(p)), q).value, np.polymul(p, q))


@pytest.mark.parametrize(
    "options", [{"deg": 1}, {"deg": 2}, {"deg": 2, "w": np.array([1.0, 2.0, 0.5, 1.0, 3.0])}, {"deg": 0}], ids=str
)
@pytest.mark.parametrize("columns", [None, 2])
def test_polyfit_is_numpys_and_its_derivatives_agree_with_central_differences(options, columns):
    x = np.array([0.0, 0.75, 1.5, 2.5, 4.0])
    y = np.cos(x) if columns is None else np.stack([np.cos(x), x * x - 1], 1)
    value, _ = vjp(lambda x, y: np.polyfit(x, y, **options), x, y)
    np.testing.assert_allclose(value, np.polyfit(x, y, **options), rtol=1e-10)
    assert_vjp(lambda x, y: np.polyfit(x, y, **options), x, y, wide=float, relative=1e-6)
    assert_vjp(grad(lambda x, y: np.sum(np.polyfit(x, y, **options) ** 2)), x, y, wide=float, relative=1e-6)


def test_polyfit_of_weights_and_its_covariance():
    x, y, w = (
        np.array([0.0, 0.75, 1.5, 2.5, 4.0]),
        np.array([1.0, 2.0, 0.5, 3.0, -1.0]),
        np.array([1.0, 2.0, 0.5, 1.0, 3.0]),
    )
    assert_vjp(lambda w: np.polyfit(x, y, 2, w=w), w, wide=float, relative=1e-6)
    for cov in (True, "unscaled"):
        ours, numpys = np.polyfit(init_diff(x), y, 2, cov=cov, w=w), np.polyfit(x, y, 2, cov=cov, w=w)
        for a, b in zip(ours, numpys, strict=True):
            np.testing.assert_allclose(a.value, b, rtol=1e-9)
        assert_vjp(lambda x, y, cov=cov: np.polyfit(x, y, 1, cov=cov)[1], x, y, wide=float, relative=1e-6)
    ours, numpys = np.polyfit(init_diff(x), y, 2, full=True), np.polyfit(x, y, 2, full=True)
    assert len(ours) == len(numpys) == 5
    with pytest.raises(ValueError, match="must exceed that of the coefficients"):
        np.polyfit(init_diff(x[:3]), y[:3], 2, cov=True)


def test_operands_by_numpys_names():
    r = init_diff(P)
    assert np.polyval(p=r, x=2.0).value == np.polyval(P, 2.0)
    assert np.polyadd(a1=r, a2=Q).value.tolist() == np.polyadd(P, Q).tolist()
    assert isinstance(np.roots(p=r), revdiff.RevDiff)
