"""The functions of scipy.special that are not elementwise in C: sums of exponentials, derivatives, combinatorics."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest
from scipy import special

import revdiff
from revdiff import (
    MissingRuleError,
    UnsupportedValueError,
    grad,
    hessian,
    init_diff,
    jacobian,
    nth_derivative,
    simple_derivative,
)
from revdiff.scipy import special as ours
from revdiff.scipy.special.elementwise import elementwise
from tests.oracles import assert_array_rule, assert_dtypes_are_kept, assert_same_array

RNG = np.random.default_rng(0)
A = RNG.normal(size=(3, 4))
B = RNG.uniform(0.5, 2.0, (3, 4))
AXES = [None, 0, -1, (0, 1)]


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("keepdims", [False, True])
def test_logsumexp_has_all_derivatives_along_all_axes(axis, keepdims):
    assert_array_rule(lambda a: ours.logsumexp(a, axis, keepdims=keepdims), A, wide=float)
    assert_array_rule(lambda a, b: ours.logsumexp(a, axis, b, keepdims), A, B, wide=float)
    assert_array_rule(lambda a, b: ours.logsumexp(a, axis, b, keepdims), A, B[0], wide=float)


@pytest.mark.parametrize("axis", AXES)
def test_logsumexp_of_a_negative_sum_gives_its_sign(axis):
    assert_array_rule(lambda a, b: ours.logsumexp(a, axis=axis, b=-b, return_sign=True)[0], A, B, wide=float)
    value, sign = ours.logsumexp(init_diff(A), axis, -B, return_sign=True)
    expected, expected_sign = special.logsumexp(A, axis, -B, return_sign=True)
    assert_same_array(revdiff.primal(value), expected)
    assert_same_array(revdiff.primal(sign), expected_sign)


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("f", [ours.softmax, ours.log_softmax])
def test_softmax_and_its_logarithm_have_all_derivatives(f, axis):
    assert_array_rule(lambda x: f(x, axis), A, wide=float)
    assert_dtypes_are_kept(lambda x: f(x, axis=axis), A, [np.float32])


def test_logsumexp_keeps_its_dtypes_and_takes_what_scipy_takes():
    assert_dtypes_are_kept(ours.logsumexp, A, [np.float32, np.complex64])
    assert grad(ours.logsumexp)(3.0) == 1.0
    assert grad(lambda x, y: ours.logsumexp([x, y]), argnums=(0, 1))(0.0, 0.0) == (0.5, 0.5)
    assert grad(lambda x: ours.logsumexp(np.array([0.0, 0.0]), b=np.array([x, 1.0])))(1.0) == 0.5
    with pytest.raises(MissingRuleError, match="logsumexp of complex numbers with return_sign=True"):
        ours.logsumexp(init_diff(A + 1j), return_sign=True)


def test_far_out_and_at_infinity_the_shares_are_finite():
    inf = np.inf
    assert grad(ours.logsumexp)(np.array([1000.0, 1000.0])).tolist() == [0.5, 0.5]
    assert grad(ours.logsumexp)(np.array([-1000.0, 1000.0, -inf])).tolist() == [0.0, 1.0, 0.0]
    assert grad(ours.logsumexp)(np.array([-inf, -inf])).tolist() == [0.5, 0.5]
    assert grad(ours.logsumexp)(np.array([inf, 0.0, inf])).tolist() == [0.5, 0.0, 0.5]
    rows = np.array([[-inf, -inf], [0.0, -inf], [inf, 1.0]])
    shares = revdiff.vjp(lambda a: ours.logsumexp(a, axis=1), rows)[1](np.ones(3))
    assert shares.tolist() == [[0.5, 0.5], [1.0, 0.0], [1.0, 0.0]]
    assert grad(lambda a: ours.logsumexp(a, b=np.array([0.0, 1.0])))(np.array([inf, 0.0])).tolist() == [0.0, 1.0]
    assert jacobian(ours.softmax)(np.array([-1000.0, 1000.0])).tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert jacobian(ours.softmax)(np.array([-inf, 0.0])).tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert grad(lambda x: ours.log_softmax(x)[0])(np.array([-1000.0, 1000.0])).tolist() == [1.0, -1.0]
    assert hessian(ours.logsumexp)(np.zeros(2)).tolist() == [[0.25, -0.25], [-0.25, 0.25]]


@pytest.mark.parametrize("name", ["jvp", "yvp", "kvp", "ivp", "h1vp", "h2vp"])
def test_scipys_derivatives_of_bessel_functions_are_the_next_of_their_family(name):
    f = getattr(ours, name)
    if name in ("h1vp", "h2vp"):
        x = 1.3 + 0.2j
        assert grad(lambda z: f(0.5, z, 2).real)(x) == pytest.approx(f(0.5, x, 3), rel=1e-12)
    else:
        for order in (0, 1, 2):
            assert grad(lambda z, order=order: f(2, z, order))(1.3) == pytest.approx(f(2, 1.3, order + 1), rel=1e-11)


@pytest.mark.parametrize("letter", "jyik")
def test_spherical_functions_have_all_derivatives(letter):
    name = f"spherical_{letter}n"
    f, scipys = getattr(ours, name), getattr(special, name)
    for n in (0, 1, 3):
        assert grad(lambda z, n=n: f(n, z))(0.7) == pytest.approx(scipys(n, 0.7, True), rel=1e-12)
        assert_array_rule(lambda z, n=n: f(n, z, derivative=True), np.array([0.7, 1.2]), wide=float, order=2)
    assert_array_rule(lambda z: f(np.array([[0], [2]]), z), np.array([0.7, 1.2]), wide=float)
    assert f(2, 0.7, True) == scipys(2, 0.7, True)


def test_spherical_bessel_functions_are_smooth_at_zero():
    assert [nth_derivative(lambda z: ours.spherical_jn(0, z), k)(0.0) for k in (1, 2)] == pytest.approx([0, -1 / 3])
    assert [nth_derivative(lambda z: ours.spherical_jn(1, z), k)(0.0) for k in (1, 2, 3)] == pytest.approx(
        [1 / 3, 0, -1 / 5]
    )
    assert grad(lambda z: ours.spherical_jn(1, z, derivative=True))(0.0) == 0.0


def test_polygamma_is_differentiated_in_x_for_every_order():
    n = np.array([[0], [1], [2]])
    assert_array_rule(lambda x: ours.polygamma(n, x), np.array([0.7, 2.5]), wide=float)
    assert grad(lambda x: ours.polygamma(0, x))(2.5) == special.polygamma(1, 2.5)
    with pytest.raises(MissingRuleError, match=r"scipy.special.polygamma in n, its argument 1"):
        ours.polygamma(init_diff(1.0), 2.5)


def test_multigammaln_is_a_sum_of_gammaln():
    a = np.array([3.5, 5.0])
    assert_array_rule(lambda a: ours.multigammaln(a, 3), a, wide=float)
    assert_same_array(ours.multigammaln(a, 3), special.multigammaln(a, 3))
    with pytest.raises(ValueError, match="condition a"):
        ours.multigammaln(init_diff(0.5), 3)


def test_counting_functions_are_continued_by_gamma():
    assert_array_rule(ours.factorial, np.array([0.5, 3.0]), wide=float)
    assert_array_rule(ours.comb, np.array([4.5, 5.0]), np.array([1.5, 2.0]), wide=float)
    assert_array_rule(lambda n, k: ours.comb(n, k, repetition=True), np.array([4.5]), np.array([1.5]), wide=float)
    assert_array_rule(ours.perm, np.array([4.5, 5.0]), np.array([1.5, 2.0]), wide=float)
    assert grad(ours.comb)(5.0, 5) == pytest.approx(1 + 1 / 2 + 1 / 3 + 1 / 4 + 1 / 5)


def test_counting_functions_are_zero_where_there_is_nothing_to_count():
    assert (revdiff.primal(ours.comb(init_diff(2.0), 3)), grad(ours.comb)(2.0, 3)) == (0.0, 0.0)
    assert (revdiff.primal(ours.perm(init_diff(2.0), 3)), grad(ours.perm)(2.0, 3)) == (0.0, 0.0)
    assert grad(ours.factorial)(-1.5) == 0.0
    assert grad(lambda n: ours.factorial(n, extend="complex"))(-1.5) == pytest.approx(
        special.gamma(-0.5) * special.psi(-0.5)
    )


def test_counting_functions_of_plain_numbers_are_scipys():
    assert ours.factorial(5, exact=True) == math.factorial(5)
    assert ours.comb(10, 3, exact=True) == 120
    assert ours.perm(5, 2, exact=True) == 20
    for f in (
        ours.factorial,
        lambda n, exact: ours.comb(n, 2, exact=exact),
        lambda n, exact: ours.perm(n, 2, exact=exact),
    ):
        with pytest.raises(MissingRuleError, match=r"with exact=True\. Leave exact=True away"):
            f(init_diff(5.0), exact=True)


@pytest.mark.parametrize("n", [1, 2, 3, 6])
def test_diric_is_smooth_and_periodic_up_to_a_sign(n):
    x = np.array([0.3, 2.0, 6.2, 7.1, -5.0])
    assert_same_array(revdiff.primal(ours.diric(init_diff(x), n)), special.diric(x, n))
    assert_array_rule(lambda x: ours.diric(x, n), x, wide=float)
    second = nth_derivative(lambda x: ours.diric(x, n), 2)
    assert second(0.0) == pytest.approx(-(n * n - 1) / 12)
    assert second(2 * np.pi) == pytest.approx(-((-1) ** (n - 1)) * (n * n - 1) / 12)


def test_scipys_python_functions_that_hand_on_to_an_elementwise_one_work_as_they_are():
    assert grad(lambda q: special.zeta(3.0, q))(2.0) == pytest.approx(-3 * special.zeta(4.0, 2.0))
    assert grad(lambda z: special.lambertw(z).real)(1.0) == grad(lambda z: ours.lambertw(z).real)(1.0)
    assert grad(lambda x: special.jvp(1, x))(1.3) == pytest.approx(special.jvp(1, 1.3, 2))
    assert not hasattr(special, "softplus") or grad(special.softplus)(0.0) == 0.5


def test_branches_of_lamberts_function_are_told_apart():
    for k in (0, -1, 1):
        w = special.lambertw(-0.2, k)
        assert grad(lambda z, k=k: ours.lambertw(z, k).real)(-0.2) == pytest.approx((np.exp(-w) / (1 + w)).real)


def test_second_names_and_numpys_sinc_are_there():
    assert ours.digamma is ours.psi
    assert ours.jn is ours.jv
    assert simple_derivative(special.sinc)(0.25) == simple_derivative(ours.sinc)(0.25)
    assert grad(ours.assoc_laguerre)(3.0, 2, 0.5) == pytest.approx(special.eval_genlaguerre(1, 1.5, 3.0) * -1)
    assert grad(ours.softplus)(0.0) == 0.5


def test_places_for_results_are_handed_to_scipy():
    x, out = np.array([0.7, 1.2]), np.empty(2)
    for f in (partial(ours.jve, 0.5), ours.zeta, lambda x, out: ours.airye(x, out=(out, None, None, None))[0]):
        np.testing.assert_array_equal(f(x, out=out), out)


def test_a_function_that_scipy_does_not_have_yet_says_so():
    with pytest.raises(
        UnsupportedValueError, match=r"^SciPy \d.* has no scipy\.special\.of_tomorrow; a newer one has\.$"
    ):
        elementwise("of_tomorrow", x=None)(1.0)
