"""Special functions far out, at the ends and at removable singularities: every order against mpmath in 30 digits."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

import revdiff
from revdiff import grad, nth_derivative, simple_derivative
from revdiff.scipy import special as s


def student_with_shift(t):
    def weighed(w):
        return mp.ncdf(t * w - 0.8) * 2 * mp.mpf(1.5) ** 1.5 / mp.gamma(1.5) * w**2 * mp.exp(-1.5 * w * w)

    return mp.quad(weighed, [0, 1, 2, 8])


def chi_square_with_shift(x):
    def weighed(j):
        return mp.exp(-0.75) * mp.mpf(0.75) ** j / mp.factorial(j) * mp.gammainc(1.5 + j, 0, x / 2, regularized=True)

    return mp.nsum(weighed, [0, 40])


def voigt(x):
    z = (x + mp.mpc(0, 0.4)) / (mp.mpf(1.2) * mp.sqrt(2))
    return mp.re(mp.exp(-z * z) * mp.erfc(-1j * z)) / (mp.mpf(1.2) * mp.sqrt(2 * mp.pi))


def owen(a):
    h2 = mp.mpf(0.7) ** 2
    return mp.quad(lambda x: mp.exp(-h2 / 2 * (1 + x * x)) / (1 + x * x), [0, a]) / (2 * mp.pi)


# fmt: off
ROWS = {
    # Bessel functions, at 0 and far from it
    "jv, order 0": (lambda x: s.jv(0, x), lambda x: mp.besselj(0, x), [0.0, 1e-8, -3.3, 50.0]),
    "jv, order 2": (lambda x: s.jv(2, x), lambda x: mp.besselj(2, x), [0.0, 1e-8, -3.3, 50.0]),
    "j1": (s.j1, lambda x: mp.besselj(1, x), [0.0, -2.0, 30.0]),
    "i1": (s.i1, lambda x: mp.besseli(1, x), [0.0, -2.0, 30.0]),
    "kv": (lambda x: s.kv(1.5, x), lambda x: mp.besselk(1.5, x), [0.01, 3.0, 30.0]),
    "i0e": (s.i0e, lambda x: mp.besseli(0, x) * mp.exp(-abs(x)), [3.0, -3.0, 200.0]),
    "ive": (lambda x: s.ive(2, x), lambda x: mp.besseli(2, x) * mp.exp(-abs(x)), [3.0, -3.0, 200.0]),
    "kve": (lambda x: s.kve(1.5, x), lambda x: mp.besselk(1.5, x) * mp.exp(x), [3.0, 200.0]),
    "spherical_jn": (lambda x: s.spherical_jn(2, x), lambda x: mp.sqrt(mp.pi / 2 / x) * mp.besselj(2.5, x), [0.5, 3.0]),
    "airy Ai": (lambda x: s.airy(x)[0], mp.airyai, [0.0, 2.0, -5.0]),
    "airy Bi": (lambda x: s.airy(x)[2], mp.airybi, [0.0, 2.0, -5.0]),
    "airye Ai": (lambda x: s.airye(x)[0], lambda x: mp.airyai(x) * mp.exp(2 * x**1.5 / 3), [2.0, 20.0]),
    "airye Bi": (lambda x: s.airye(x)[2], lambda x: mp.airybi(x) * mp.exp(-2 * x**1.5 / 3), [2.0, 20.0]),
    "bei": (s.bei, lambda x: mp.bei(0, x), [1e-3, 3.0]),
    "ker": (s.ker, lambda x: mp.ker(0, x), [0.5, 3.0]),
    "struve": (lambda x: s.struve(1, x), lambda x: mp.struveh(1, x), [0.0, 0.5, 5.0]),
    "modstruve": (lambda x: s.modstruve(1, x), lambda x: mp.struvel(1, x), [0.0, 0.5, 5.0]),
    "it2j0y0": (lambda x: s.it2j0y0(x)[0], lambda x: mp.quad(lambda t: (1 - mp.besselj(0, t)) / t, [0, x]), [1e-5, 2.0]),
    "it2i0k0": (lambda x: s.it2i0k0(x)[0], lambda x: mp.quad(lambda t: (mp.besseli(0, t) - 1) / t, [0, x]), [1e-5, 2.0]),
    # Error functions, where the usual formulas cancel
    "erfcx": (s.erfcx, lambda x: mp.exp(x * x) * mp.erfc(x), [-2.0, 0.0, 1.0, 5.0, 6.99, 7.01, 30.0, 1e4]),
    "dawsn": (s.dawsn, lambda x: mp.sqrt(mp.pi) / 2 * mp.exp(-x * x) * mp.erfi(x), [-2.0, 0.0, 1.0, 5.0, 6.99, 7.01, 20.0]),
    "log_ndtr": (s.log_ndtr, lambda x: mp.log(mp.ncdf(x)), [-30.0, -5.0, 0.0, 3.0]),
    "ndtri": (s.ndtri, lambda p: mp.sqrt(2) * mp.erfinv(2 * p - 1), [1e-10, 0.3, 0.9]),
    "erfinv": (s.erfinv, mp.erfinv, [-0.99, 0.3, 0.9]),
    "owens_t": (lambda a: s.owens_t(0.7, a), owen, [0.0, 0.4]),
    "voigt_profile": (lambda x: s.voigt_profile(x, 1.2, 0.4), voigt, [0.7]),
    # Gamma functions, at their poles and zeros
    "rgamma": (s.rgamma, mp.rgamma, [-3.0, -2.5, 0.0, 0.2, 1.0, 5.0]),
    "gamma": (s.gamma, mp.gamma, [-2.5, 0.2, 5.0]),
    "psi": (s.psi, lambda x: mp.psi(0, x), [0.1, 3.0, -1.5]),
    "poch": (lambda z: s.poch(z, 3.0), lambda z: z * (z + 1) * (z + 2), [-4.0, -3.0, -2.0, -1.0, 0.0, 1.0, -1.5]),
    "binom in n": (lambda n: s.binom(n, 2.0), lambda n: n * (n - 1) / 2, [0.0, 1.0, 5.0, -0.5, -2.5]),
    "binom in k": (lambda k: s.binom(3.0, k), lambda k: mp.binomial(3, k), [5.0, 1.0, 0.5, -2.0]),
    "gammainc": (lambda x: s.gammainc(2.0, x), lambda x: 1 - (1 + x) * mp.exp(-x), [0.0, 1e-5, 3.0, 30.0]),
    "gammainc, large": (lambda x: s.gammainc(200.0, x), lambda x: mp.gammainc(200, 0, x, regularized=True), [150.0, 700.0]),
    "betainc": (lambda x: s.betainc(2.0, 3.0, x), lambda x: mp.betainc(2, 3, 0, x, regularized=True), [0.0, 0.3, 1.0]),
    "betainc, large": (lambda x: s.betainc(2e3, 3e3, x), lambda x: mp.betainc(2000, 3000, 0, x, regularized=True), [0.4]),
    # Integrals, smooth at 0
    "exprel": (s.exprel, lambda x: (mp.exp(x) - 1) / x, [1e-9, -30.0, 3.0]),
    "spence": (s.spence, lambda x: mp.polylog(2, 1 - x), [0.3, 1.0, 1 + 1e-9, 1.7]),
    "sici": (lambda x: s.sici(x)[0], mp.si, [0.0, 1e-9, 3.0, 30.0]),
    "shichi": (lambda x: s.shichi(x)[0], mp.shi, [0.0, 1e-9, 3.0, 30.0]),
    "expi": (s.expi, mp.ei, [0.01, 3.0, 30.0, -2.0]),
    "expn, order 1": (lambda x: s.expn(1, x), lambda x: mp.expint(1, x), [0.5, 3.0]),
    "expn, order 0": (lambda x: s.expn(0, x), lambda x: mp.exp(-x) / x, [0.5, 3.0]),
    "diric": (lambda x: s.diric(x, 4), lambda x: mp.sin(2 * x) / (4 * mp.sin(x / 2)), [0.5, 7.0]),
    # Elliptic integrals, where arguments meet
    "ellipk": (s.ellipk, mp.ellipk, [0.0, -3.0, 0.5, 0.999]),
    "ellipe": (s.ellipe, mp.ellipe, [0.0, -3.0, 0.5, 0.999]),
    "ellipkm1": (s.ellipkm1, lambda p: mp.ellipk(1 - p), [1e-10, 0.5]),
    "ellipkinc in m": (lambda m: s.ellipkinc(0.8, m), lambda m: mp.ellipf(0.8, m), [0.0, 0.5, -2.0]),
    "ellipkinc in φ": (lambda phi: s.ellipkinc(phi, 0.4), lambda phi: mp.ellipf(phi, 0.4), [0.0, 0.5, -2.0, np.pi / 2, 10.0]),
    "ellipeinc in m": (lambda m: s.ellipeinc(4.0, m), lambda m: mp.ellipe(4.0, m), [0.0, 0.5, -2.0]),
    "elliprf": (lambda x: s.elliprf(x, 1.0, 1.0), lambda x: mp.elliprf(x, 1, 1), [0.5, 1.0, 1 + 1e-7, 3.0]),
    "elliprd": (lambda z: s.elliprd(1.0, 1.0, z), lambda z: mp.elliprd(1, 1, z), [0.5, 1.0, 3.0]),
    "elliprg": (lambda x: s.elliprg(x, 1.0, 1.0), lambda x: mp.elliprg(x, 1, 1), [0.5, 1.0, 3.0]),
    "elliprc in x": (lambda x: s.elliprc(x, 1.0), lambda x: mp.elliprc(x, 1), [0.5, 1.0, 3.0]),
    "elliprc in y": (lambda y: s.elliprc(1.0, y), lambda y: mp.elliprc(1, y), [0.5, 1.0, 3.0, -1.5]),
    "elliprj in p": (lambda p: s.elliprj(1.0, 2.0, 3.0, p), lambda p: mp.elliprj(1, 2, 3, p), [0.5, 1.0, 3.0]),
    "agm": (lambda a: s.agm(a, 2.0), lambda a: mp.agm(a, 2), [0.5, 2.0, 3.0]),
    # Zeta functions, logarithms and transformations
    "zeta": (s.zeta, mp.zeta, [-5.5, -1.0, 0.0, 0.5, 2.0, 20.0]),
    "zeta in x": (lambda x: s.zeta(x, 2.5), lambda x: mp.zeta(x, 2.5), [2.0, 20.0]),
    "zeta in q": (lambda q: s.zeta(3.0, q), lambda q: mp.zeta(3, q), [0.5, 20.0]),
    "zetac": (s.zetac, lambda x: mp.zeta(x) - 1, [-1.0, 2.0, 30.0]),
    "boxcox in λ": (lambda m: s.boxcox(3.0, m), lambda m: (mp.mpf(3) ** m - 1) / m, [1e-6, 0.5, -2.0]),
    "inv_boxcox in λ": (lambda m: s.inv_boxcox(3.0, m), lambda m: (1 + 3 * m) ** (1 / m), [1e-6, 0.5, 2.0]),
    "lambertw": (lambda x: s.lambertw(x).real, mp.lambertw, [0.0, 1.0, -0.2, 1e5]),
    # Hypergeometric functions and polynomials
    "hyp1f1": (lambda x: s.hyp1f1(0.5, 1.5, x), lambda x: mp.hyp1f1(0.5, 1.5, x), [0.0, -3.0, 30.0]),
    "hyp2f1": (lambda x: s.hyp2f1(0.5, 1.5, 2.5, x), lambda x: mp.hyp2f1(0.5, 1.5, 2.5, x), [0.0, -3.0, 0.9]),
    "hyperu": (lambda x: s.hyperu(0.5, 1.5, x), lambda x: mp.hyperu(0.5, 1.5, x), [0.3, 3.0]),
    "pbdv": (lambda x: s.pbdv(0.5, x)[0], lambda x: mp.pcfd(0.5, x), [0.0, 0.9]),
    "eval_legendre": (lambda x: s.eval_legendre(4, x), lambda x: mp.legendre(4, x), [-1.0, 0.0, 1.0, 2.0]),
    "eval_legendre, order -3": (lambda x: s.eval_legendre(-3, x), lambda x: mp.legendre(2, x), [0.4]),
    "eval_legendre, order 2.5": (lambda x: s.eval_legendre(2.5, x), lambda x: mp.legendre(2.5, x), [0.4]),
    "eval_chebyt": (lambda x: s.eval_chebyt(4, x), lambda x: mp.chebyt(4, x), [-1.0, 0.0, 1.0, 2.0]),
    "eval_chebyu, order -5": (lambda x: s.eval_chebyu(-5, x), lambda x: -mp.chebyu(3, x), [0.4]),
    "eval_hermite": (lambda x: s.eval_hermite(1, x), lambda x: mp.hermite(1, x), [0.4]),
    "eval_genlaguerre": (lambda x: s.eval_genlaguerre(2.5, 0.5, x), lambda x: mp.laguerre(2.5, 0.5, x), [0.4]),
    "wright_bessel": (lambda x: s.wright_bessel(0.7, 1.2, x),
                      lambda x: mp.nsum(lambda k: x**k / mp.factorial(k) * mp.rgamma(mp.mpf(0.7) * k + 1.2), [0, 60]), [0.0, 0.9]),
    # Distributions
    "kolmogorov": (s.kolmogorov, lambda y: 2 * mp.nsum(lambda k: (-1) ** (int(k) - 1) * mp.exp(-2 * k * k * y * y), [1, 60]),
                   [0.3, 0.99, 1.01, 3.0]),
    "nctdtr": (lambda t: s.nctdtr(3.0, 0.8, t), student_with_shift, [-1.5, 2.0]),
    "chndtr": (lambda x: s.chndtr(x, 3.0, 1.5), chi_square_with_shift, [0.5, 9.0]),
}
# fmt: on


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("name", ROWS)
def test_derivatives_agree_with_mpmath(name, order):
    f, oracle, points = ROWS[name]
    for x in points:
        with mp.workdps(30):
            expected = mp.diff(oracle, mp.mpf(x), order).real
        actual = nth_derivative(f, order)(x)
        assert abs(actual - expected) <= 1e-9 * abs(expected) + 1e-12, f"at {x}: {actual} is not {expected}"


def test_zero_times_the_logarithm_of_zero_is_zero_and_its_slope_minus_infinity():
    assert grad(lambda x: s.xlogy(x, x))(0.0) == -np.inf
    assert grad(s.xlogy, argnums=(0, 1))(0.0, 0.0) == (-np.inf, 0.0)
    assert grad(s.xlogy, argnums=(0, 1))(0.0, 2.0) == (np.log(2.0), 0.0)
    assert grad(grad(s.xlogy, argnums=1), argnums=0)(0.0, 2.0) == 0.5
    assert grad(s.xlog1py, argnums=(0, 1))(0.0, -1.0) == (-np.inf, 0.0)
    assert grad(s.entr)(0.0) == np.inf
    assert grad(s.rel_entr, argnums=(0, 1))(0.0, 2.0) == (-np.inf, 0.0)
    assert grad(s.kl_div, argnums=(0, 1))(2.0, 2.0) == (0.0, 0.0)


def test_slopes_at_the_ends_of_an_interval_are_infinite_or_zero_without_a_warning():
    assert [grad(s.erfinv)(x) for x in (-1.0, 1.0)] == [np.inf, np.inf]
    assert [grad(s.ndtri)(x) for x in (0.0, 1.0)] == [np.inf, np.inf]
    assert [grad(s.logit)(x) for x in (0.0, 1.0)] == [np.inf, np.inf]
    assert [grad(lambda x, a=a: s.betainc(a, 2.0, x))(0.0) for a in (0.5, 1.0, 2.0)] == pytest.approx(
        [np.inf, 2.0, 0.0]
    )
    assert [grad(lambda x, a=a: s.gammainc(a, x))(0.0) for a in (0.5, 1.0, 2.0)] == pytest.approx([np.inf, 1.0, 0.0])
    assert grad(s.ellipk)(1.0) == np.inf
    assert grad(s.ellipe)(1.0) == -np.inf
    assert grad(s.y0)(0.0) == np.inf


def test_far_out_the_logistic_functions_keep_their_digits():
    assert grad(s.expit)(-800.0) == 0.0
    assert grad(s.expit)(-40.0) == pytest.approx(np.exp(-40.0), rel=1e-13)
    assert grad(s.log_expit)(-1000.0) == 1.0
    assert grad(s.log_ndtr)(-1e5) == pytest.approx(1e5, rel=1e-9)
    assert simple_derivative(simple_derivative(s.log_ndtr))(-1e5) == pytest.approx(-1.0, rel=1e-9)


def test_a_loss_has_the_slopes_of_its_pieces():
    delta, r = 1.0, np.array([-3.0, -0.5, 0.0, 0.5, 3.0])
    assert grad(lambda r: s.huber(delta, r).sum())(r).tolist() == [-1.0, -0.5, 0.0, 0.5, 1.0]
    assert grad(lambda d: s.huber(d, r).sum())(delta) == 4.0


def test_boxcox_has_the_limits_of_its_derivatives():
    assert grad(s.boxcox, argnums=(0, 1))(3.0, 0.0) == pytest.approx((1 / 3, np.log(3) ** 2 / 2), rel=1e-14)
    assert grad(lambda m: s.boxcox(0.0, m))(2.0) == 0.25
    assert nth_derivative(lambda m: s.boxcox(3.0, m), 3)(0.0) == pytest.approx(np.log(3) ** 4 / 4, rel=1e-14)
    assert grad(lambda m: s.inv_boxcox(3.0, m))(0.0) == pytest.approx(-np.exp(3) * 4.5, rel=1e-14)


def test_smirnovs_statistic_is_a_polynomial_between_its_knots():
    assert grad(lambda d: s.smirnov(1, d))(0.3) == pytest.approx(-1.0)
    assert grad(lambda d: s.smirnov(2, d))(0.7) == pytest.approx(-2 * (1 - 0.7))  # (1 - d)² from ½ on
    assert grad(lambda d: s.smirnov(np.array([1, 2]), d).sum())(0.7) == pytest.approx(-1.6)
    assert grad(lambda d: s.smirnov(5, d))(0.3) * grad(lambda p: s.smirnovi(5, p))(s.smirnov(5, 0.3)) == pytest.approx(
        1
    )


def test_modified_fresnel_integrals_are_those_of_the_negative_argument_conjugated():
    f, k = (grad(lambda x, i=i: s.modfresnelp(x)[i].imag)(0.7) for i in (0, 1))
    f_minus, k_minus = (grad(lambda x, i=i: s.modfresnelm(x)[i].imag)(0.7) for i in (0, 1))
    assert (f, k) == pytest.approx((-f_minus, -k_minus))


def test_carlsons_principal_values_agree_with_differences():
    for f in (
        lambda p: s.elliprj(1.0, 2.0, 3.0, p),
        lambda x: s.elliprj(x, 2.0, 3.0, -1.5),
        lambda y: s.elliprc(1.0, y),
    ):
        x = -1.5 if f(-1.5) == f(-1.5) else 0.7
        expected = (f(x + 1e-5) - f(x - 1e-5)) / 2e-5
        assert grad(f)(x) == pytest.approx(expected, rel=1e-7)
        assert nth_derivative(f, 2)(x) == pytest.approx((grad(f)(x + 1e-5) - grad(f)(x - 1e-5)) / 2e-5, rel=1e-7)


def test_several_functions_of_one_argument_share_their_work():
    value, pullback = revdiff.vjp(s.airy, 0.7)
    _, ai_prime, bi, _ = value
    assert pullback((1.0, 0.0, 0.0, 0.0)) == ai_prime
    assert pullback((0.0, 0.0, 0.0, 1.0)) == pytest.approx(0.7 * bi)
